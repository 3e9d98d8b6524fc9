//! Members, their roles, and the one table of who may do what.
//! Separate because every door asks it: the desk to show, the engine to obey.

use serde::{Deserialize, Serialize};

use crate::{ChannelId, Moment};

/// As what a person acts in an organisation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Runs the organisation's desk: people, channels, policy.
    Administrator,
    /// Writes, places and publishes.
    Author,
    /// Decides.
    Approver,
    /// Writes the texts in other languages; cannot submit or place.
    Translator,
    /// Brings pictures and alt text; cannot submit or place.
    Designer,
    /// Answers citizens; writes and takes down in an emergency.
    Community,
    /// Reads everything and keeps the record.
    Records,
    /// An outside agency: an author on named channels between two dates.
    Agency,
    /// Reads.
    Observer,
}

impl Role {
    /// Every role, in the order in which the desk lists them.
    pub const ALL: [Role; 9] = [
        Role::Administrator,
        Role::Author,
        Role::Approver,
        Role::Translator,
        Role::Designer,
        Role::Community,
        Role::Records,
        Role::Agency,
        Role::Observer,
    ];
}

/// What can be done in an organisation and may be refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Act {
    /// See posts, the calendar, channels.
    Read,
    /// Write or change a post's text, languages, links, event.
    Write,
    /// Change only the texts of a post in other languages, or only its pictures (translator, designer).
    Contribute,
    /// Store a picture.
    Upload,
    /// Submit for approval.
    Submit,
    /// Approve or return.
    Decide,
    /// Place, move, publish now, cancel, retry, settle; report an assisted publication.
    Publish,
    /// Correct what is out (with a named approval).
    Correct,
    /// Take down what is out.
    TakeDown,
    /// Waive a blocking finding, with a reason.
    Waive,
    /// Pause everything.
    Pause,
    /// Lift the pause, post by post.
    Resume,
    /// Connect, check and disconnect channels.
    ManageChannels,
    /// Be one of the two who answer for the account behind a channel.
    HoldCustody,
    /// Name them, and hand over from one to another.
    NameCustodians,
    /// Invite, change and remove members; confirm recoveries.
    ManagePeople,
    /// Change the organisation, its policy and what needs no approval.
    ManageOrganisation,
    /// Read the record and verify it.
    ReadRecord,
    /// Erase the body of a record where the law asks it.
    EraseRecord,
    /// Ask somebody for a task, be asked for one, and move it on.
    Task,
    /// Write in the threads of a post, and say that something is dealt with.
    Comment,
    /// Publish, agree and ratify in an emergency, if the organisation's protocol names them.
    Emergency,
    /// Give a link to somebody without an account, to see the calendar or to propose, take it back, and answer for what
    /// comes by it.
    Share,
    /// Register what people who are seen in pictures consented to, change it, and take it back for them.
    KeepConsents,
}

impl Act {
    /// Every act.
    pub const ALL: [Act; 24] = [
        Act::Read,
        Act::Write,
        Act::Contribute,
        Act::Upload,
        Act::Submit,
        Act::Decide,
        Act::Publish,
        Act::Correct,
        Act::TakeDown,
        Act::Waive,
        Act::Pause,
        Act::Resume,
        Act::ManageChannels,
        Act::HoldCustody,
        Act::NameCustodians,
        Act::ManagePeople,
        Act::ManageOrganisation,
        Act::ReadRecord,
        Act::EraseRecord,
        Act::Task,
        Act::Comment,
        Act::Emergency,
        Act::Share,
        Act::KeepConsents,
    ];
}

/// The one table of who may do what. Everything that it does not grant is refused.
pub const fn may(role: Role, act: Act) -> bool {
    use Act::*;
    match role {
        Role::Administrator => !matches!(act, EraseRecord),
        Role::Author => matches!(
            act,
            Read | Write
                | Contribute
                | Upload
                | Submit
                | Publish
                | Correct
                | TakeDown
                | Waive
                | Pause
                | ReadRecord
                | Task
                | Comment
                | Emergency
                | HoldCustody
                | Share
                | KeepConsents
        ),
        Role::Approver => {
            matches!(
                act,
                Read | Decide
                    | Upload
                    | TakeDown
                    | Pause
                    | ReadRecord
                    | Task
                    | Comment
                    | Emergency
                    | HoldCustody
                    | KeepConsents
            )
        }
        Role::Translator => matches!(act, Read | Contribute | Upload | Task | Comment),
        Role::Designer => matches!(act, Read | Contribute | Upload | Task | Comment),
        Role::Community => {
            matches!(
                act,
                Read | Write
                    | Contribute
                    | Upload
                    | Submit
                    | TakeDown
                    | Pause
                    | ReadRecord
                    | Task
                    | Comment
                    | Emergency
                    | HoldCustody
                    | KeepConsents
            )
        }
        // In a small house it is they who have the envelope in the safe.
        Role::Records => {
            matches!(act, Read | ReadRecord | EraseRecord | Upload | Task | Comment | HoldCustody | KeepConsents)
        }
        // Its channels and dates are checked besides: see `Access`.
        Role::Agency => matches!(act, Read | Write | Contribute | Upload | Submit | Task | Comment | HoldCustody),
        Role::Observer => matches!(act, Read),
    }
}

/// Where and when a member may act, besides the role. Only an agency is limited today.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "reach")]
pub enum Access {
    /// Every channel, no end.
    Everywhere,
    /// Only these channels, from the first moment until before the second.
    Limited {
        /// The channels it may write for.
        channels: Vec<ChannelId>,
        /// The contract's start.
        from: Moment,
        /// The contract's end (exclusive).
        until: Moment,
    },
}

impl Access {
    /// Whether the contract runs at `at`.
    pub fn is_open(&self, at: Moment) -> bool {
        match self {
            Access::Everywhere => true,
            Access::Limited { from, until, .. } => *from <= at && at < *until,
        }
    }
    /// The end of the contract, if there is one.
    pub const fn until(&self) -> Option<Moment> {
        match self {
            Access::Everywhere => None,
            Access::Limited { until, .. } => Some(*until),
        }
    }
    /// Whether it takes nothing away from who had `before`: a contract that is prolonged ends nobody's session.
    pub fn widens(&self, before: &Access) -> bool {
        match (before, self) {
            (_, Access::Everywhere) => true,
            (Access::Everywhere, Access::Limited { .. }) => false,
            (
                Access::Limited { channels, from, until },
                Access::Limited { channels: now, from: begins, until: ends },
            ) => begins <= from && until <= ends && channels.iter().all(|channel| now.contains(channel)),
        }
    }
    /// Whether a post that goes to these channels is any business of theirs: who is limited sees what goes to their own
    /// channels only, and what goes nowhere yet.
    pub fn sees<'a>(&self, mut channels: impl Iterator<Item = &'a ChannelId>) -> bool {
        channels.all(|channel| self.reaches(channel))
    }
    /// Whether `channel` is within reach.
    pub fn reaches(&self, channel: &ChannelId) -> bool {
        match self {
            Access::Everywhere => true,
            Access::Limited { channels, .. } => channels.contains(channel),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_records_may_erase_and_only_people_who_answer_for_it_decide() {
        for role in Role::ALL {
            assert_eq!(may(role, Act::EraseRecord), role == Role::Records);
            assert_eq!(may(role, Act::Decide), matches!(role, Role::Administrator | Role::Approver));
        }
    }

    #[test]
    fn everybody_reads_and_nobody_outside_publishes() {
        for role in Role::ALL {
            assert!(may(role, Act::Read));
        }
        for role in [Role::Agency, Role::Translator, Role::Designer, Role::Observer, Role::Records] {
            assert!(!may(role, Act::Publish));
        }
    }

    #[test]
    fn whoever_does_anything_may_be_asked_for_something() {
        for role in Role::ALL {
            assert_eq!(may(role, Act::Task), role != Role::Observer);
            assert_eq!(may(role, Act::Comment), role != Role::Observer);
            assert_eq!(may(role, Act::Upload), may(role, Act::Comment), "a comment may show what it means");
        }
    }

    #[test]
    fn whoever_runs_the_house_says_who_answers_for_an_account_and_who_only_helps_does_not() {
        let only_help = [Role::Translator, Role::Designer, Role::Observer];
        for role in Role::ALL {
            assert_eq!(may(role, Act::NameCustodians), role == Role::Administrator, "{role:?}");
            assert_eq!(may(role, Act::HoldCustody), !only_help.contains(&role), "{role:?}");
        }
    }

    #[test]
    fn only_who_plans_for_the_house_shows_its_calendar_to_others() {
        for role in Role::ALL {
            assert_eq!(may(role, Act::Share), matches!(role, Role::Administrator | Role::Author), "{role:?}");
        }
    }

    #[test]
    fn who_reads_the_record_keeps_the_consents_and_nobody_else_sees_who_gave_them() {
        for role in Role::ALL {
            assert_eq!(may(role, Act::KeepConsents), may(role, Act::ReadRecord), "{role:?}");
        }
    }

    #[test]
    fn an_agency_loses_access_at_the_end_of_its_contract() {
        let access = Access::Limited { channels: vec![], from: Moment(10), until: Moment(20) };
        assert!(!access.is_open(Moment(9)));
        assert!(access.is_open(Moment(10)));
        assert!(!access.is_open(Moment(20)));
        assert_eq!((access.until(), Access::Everywhere.until()), (Some(Moment(20)), None));
    }

    #[test]
    fn a_longer_contract_takes_nothing_away_and_a_narrower_one_does() {
        let access = |channels: &[u128], from, until| Access::Limited {
            channels: channels.iter().map(|n| ChannelId::from_bits(*n)).collect(),
            from: Moment(from),
            until: Moment(until),
        };
        let before = access(&[1, 2], 10, 20);
        for wider in [before.clone(), access(&[1, 2], 10, 30), access(&[2, 1, 3], 5, 20), Access::Everywhere] {
            assert!(wider.widens(&before), "{wider:?}");
        }
        for narrower in [access(&[1], 10, 30), access(&[1, 2], 10, 19), access(&[1, 2], 11, 30)] {
            assert!(!narrower.widens(&before), "{narrower:?}");
        }
        assert!(!before.widens(&Access::Everywhere));
    }

    #[test]
    fn whoever_acts_in_an_emergency_is_of_the_house_and_answers_for_what_is_said() {
        let acts = [Role::Administrator, Role::Author, Role::Approver, Role::Community];
        for role in Role::ALL {
            assert_eq!(may(role, Act::Emergency), acts.contains(&role), "{role:?}");
        }
    }
}
