//! The way out in an emergency: now, on the word of two people, or of one and a ratification within some hours.
//! Separate from `round`: nothing is skipped in silence here. What is published this way is owed something, and what is
//! owed is said until it is paid.

#[cfg(test)]
mod property;
pub mod protocol;
pub mod statement;

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::{
    ChannelId, Content, EmergencyId, MemberId, Millis, Moment, PostId, Refusal, circuit::Duties, people::People,
    post::parse_reason,
};

pub use protocol::{Before, Gap, Protocol};
pub use statement::{Said, Statement};

/// How long the second of two may think. Whatever can wait half a day for a word can go the usual way.
pub const PATIENCE: Millis = Millis::hours(12);

/// How long the words of an emergency carry what could not go out at once (a channel that was down, a pause).
pub const LASTS: Millis = Millis::hours(24);

/// A publication in an emergency.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Emergency {
    /// Its identity.
    pub id: EmergencyId,
    /// The post.
    pub post: PostId,
    /// The content.
    pub content_hash: String,
    /// Where it goes: what an agency's contract is held against.
    pub channels: Vec<ChannelId>,
    /// Whoever wrote in it: none of them gives the second word.
    pub hands: BTreeSet<MemberId>,
    /// Whether writing, agreeing and publishing are kept apart for it.
    pub duties: Duties,
    /// Why it could not wait.
    pub reason: String,
    /// Who asked for it.
    pub first: Word,
    /// What the second of two said.
    pub second: Option<Second>,
    /// What was decided afterwards.
    pub afterwards: Option<Afterwards>,
    /// The protocol it runs under, as it was then.
    pub protocol: Protocol,
}

/// Somebody's word.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Word {
    /// Who.
    pub by: MemberId,
    /// When.
    pub at: Moment,
}

/// What the second of two said.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "second", deny_unknown_fields)]
pub enum Second {
    /// It goes out.
    Agreed {
        /// By whom.
        word: Word,
    },
    /// It does not go out this way.
    Declined {
        /// By whom.
        word: Word,
        /// Why.
        reason: String,
    },
}

/// What was said of it afterwards. Either way it is on the record; what was disowned is then taken down or corrected
/// by whoever answers for it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "afterwards", deny_unknown_fields)]
pub enum Afterwards {
    /// It was right.
    Ratified {
        /// By whom.
        word: Word,
    },
    /// It was not.
    Disowned {
        /// By whom.
        word: Word,
        /// Why.
        reason: String,
    },
}

/// What is owed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "owed")]
pub enum Owed {
    /// A second word, before anything goes out.
    Second {
        /// Until when it may be given.
        until: Moment,
    },
    /// A ratification, by this moment.
    Ratification {
        /// The moment.
        by: Moment,
    },
    /// A ratification that did not come in time. It is put on the record once and told to the administrators; it may
    /// still be given, and stays late.
    Overdue {
        /// Since when.
        since: Moment,
    },
    /// Nothing: the second said no, or said nothing in time. Nothing went out.
    Dropped,
    /// Nothing more.
    Nothing {
        /// Whether what was owed came after its time.
        late: bool,
    },
}

/// What is asked for.
#[derive(Debug, Clone)]
pub struct Request<'a> {
    /// Its identity.
    pub id: EmergencyId,
    /// The post.
    pub post: &'a PostId,
    /// What is to go out.
    pub content: &'a Content,
    /// Whoever wrote in it.
    pub hands: BTreeSet<MemberId>,
    /// Whether the post's circuit keeps writing, agreeing and publishing apart.
    pub duties: Duties,
    /// Why it cannot wait.
    pub reason: &'a str,
}

impl Emergency {
    /// Asks for it. The author may, if they are one of those who may publish: at night there is nobody else. It is the
    /// second word, before or after, that is never theirs. Where duties are kept apart they stay apart here.
    ///
    /// # Errors
    /// `NotYourTurn`, `OutOfReach`, `DutiesApart`, `ReasonWanted`, `TooLarge`.
    pub fn ask(
        protocol: &Protocol,
        request: Request<'_>,
        by: &MemberId,
        people: &People,
        at: Moment,
    ) -> Result<Self, Refusal> {
        let Request { id, post, content, hands, duties, reason } = request;
        let channels: Vec<_> = content.targets.iter().map(|target| target.channel.clone()).collect();
        protocol.lets_publish(by, &channels, people, at)?;
        if duties == Duties::Apart && hands.contains(by) {
            return Err(Refusal::DutiesApart);
        }
        Ok(Self {
            id,
            post: post.clone(),
            content_hash: content.hash(),
            channels,
            hands,
            duties,
            reason: parse_reason(reason)?,
            first: Word { by: by.clone(), at },
            second: None,
            afterwards: None,
            protocol: protocol.clone(),
        })
    }

    /// The second of two agrees to exactly this content.
    ///
    /// # Errors
    /// `WrongStage`, `ApprovalVoid`, `TwoHats`, `OwnPost`, `NotYourTurn`, `OutOfReach`.
    pub fn join(mut self, content_hash: &str, by: &MemberId, people: &People, at: Moment) -> Result<Self, Refusal> {
        if content_hash != self.content_hash {
            return Err(Refusal::ApprovalVoid);
        }
        self.second_word(by, people, at)?;
        self.second = Some(Second::Agreed { word: Word { by: by.clone(), at } });
        Ok(self)
    }

    /// The second of two says no: nothing goes out this way.
    ///
    /// # Errors
    /// As [`Emergency::join`], but for the content: a no is a no to whatever it is now. `ReasonWanted`, `TooLarge`.
    pub fn decline(mut self, by: &MemberId, reason: &str, people: &People, at: Moment) -> Result<Self, Refusal> {
        self.second_word(by, people, at)?;
        let reason = parse_reason(reason)?;
        self.second = Some(Second::Declined { word: Word { by: by.clone(), at }, reason });
        Ok(self)
    }

    fn second_word(&self, by: &MemberId, people: &People, at: Moment) -> Result<(), Refusal> {
        if !matches!(self.owed(at), Owed::Second { .. }) {
            return Err(Refusal::WrongStage);
        }
        self.another(by)?;
        self.protocol.lets_publish(by, &self.channels, people, at)
    }

    /// Somebody else ratifies or disowns what went out.
    ///
    /// # Errors
    /// `WrongStage`, `TwoHats`, `OwnPost`, `NotYourTurn`, `OutOfReach`, `ReasonWanted`, `TooLarge`.
    pub fn answer(
        mut self,
        by: &MemberId,
        disowned: Option<&str>,
        people: &People,
        at: Moment,
    ) -> Result<Self, Refusal> {
        self.last_word(by, people, at)?;
        let word = Word { by: by.clone(), at };
        self.afterwards = Some(match disowned {
            None => Afterwards::Ratified { word },
            Some(reason) => Afterwards::Disowned { word, reason: parse_reason(reason)? },
        });
        Ok(self)
    }

    fn last_word(&self, by: &MemberId, people: &People, at: Moment) -> Result<(), Refusal> {
        if !matches!(self.owed(at), Owed::Ratification { .. } | Owed::Overdue { .. }) {
            return Err(Refusal::WrongStage);
        }
        self.another(by)?;
        self.protocol.lets_ratify(by, &self.channels, people, at)
    }

    /// Another head than the first, and not one of those who wrote.
    fn another(&self, by: &MemberId) -> Result<(), Refusal> {
        if *by == self.first.by {
            return Err(Refusal::TwoHats);
        }
        if self.hands.contains(by) { Err(Refusal::OwnPost) } else { Ok(()) }
    }

    /// The reason that was given with a word, where the word is given for one.
    pub fn reason_of(&self, said: Said) -> Option<&str> {
        match (said, &self.second, &self.afterwards) {
            (Said::Ask, ..) => Some(&self.reason),
            (Said::Decline, Some(Second::Declined { reason, .. }), _)
            | (Said::Disown, _, Some(Afterwards::Disowned { reason, .. })) => Some(reason),
            _ => None,
        }
    }

    /// Everybody who could give the word that is owed.
    pub fn answerers(&self, people: &People, at: Moment) -> BTreeSet<MemberId> {
        let members = people.colleagues.iter().map(|colleague| &colleague.id);
        let can = |member: &&MemberId| {
            self.second_word(member, people, at).is_ok() || self.last_word(member, people, at).is_ok()
        };
        members.filter(can).cloned().collect()
    }

    /// Whether this content may go out now.
    ///
    /// # Errors
    /// `SecondPersonWanted`, `ApprovalVoid`.
    pub fn covers(&self, content_hash: &str) -> Result<(), Refusal> {
        if self.protocol.before == Before::Two && !matches!(self.second, Some(Second::Agreed { .. })) {
            return Err(Refusal::SecondPersonWanted);
        }
        let disowned = matches!(self.afterwards, Some(Afterwards::Disowned { .. }));
        if content_hash == self.content_hash && !disowned { Ok(()) } else { Err(Refusal::ApprovalVoid) }
    }

    /// Who agreed before it went out, besides the first.
    pub fn agreed(&self) -> Option<&MemberId> {
        match &self.second {
            Some(Second::Agreed { word }) => Some(&word.by),
            _ => None,
        }
    }

    /// What is owed at a moment.
    pub fn owed(&self, at: Moment) -> Owed {
        let Before::One { within } = self.protocol.before else {
            let until = self.first.at.plus(PATIENCE);
            return match &self.second {
                Some(Second::Agreed { .. }) => Owed::Nothing { late: false },
                None if at <= until => Owed::Second { until },
                Some(Second::Declined { .. }) | None => Owed::Dropped,
            };
        };
        let by = self.first.at.plus(within);
        match &self.afterwards {
            Some(Afterwards::Ratified { word } | Afterwards::Disowned { word, .. }) => {
                Owed::Nothing { late: word.at > by }
            }
            None if at > by => Owed::Overdue { since: by },
            None => Owed::Ratification { by },
        }
    }

    /// When the clock has something to say of it: the first moment at which what is owed now is owed no more, or late.
    pub fn strikes(&self, at: Moment) -> Option<Moment> {
        match self.owed(at) {
            Owed::Second { until: end } | Owed::Ratification { by: end } => Some(end.plus(Millis(1))),
            Owed::Overdue { .. } | Owed::Dropped | Owed::Nothing { .. } => None,
        }
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use crate::{
        Role,
        round::tests::{content, member, named, people, role},
    };

    pub(crate) fn protocol(before: Before) -> Protocol {
        Protocol { publish: vec![named(1), named(2), named(6)], ratify: vec![role(Role::Approver), named(1)], before }
    }

    pub(crate) const ONE: Before = Before::One { within: Millis(100) };

    fn request(duties: Duties, content: &Content) -> Request<'_> {
        static POST: std::sync::LazyLock<PostId> = std::sync::LazyLock::new(|| PostId::from_bits(1));
        let hands = BTreeSet::from([member(1)]);
        Request { id: EmergencyId::from_bits(1), post: &POST, content, hands, duties, reason: " Riada " }
    }

    fn ask(before: Before, by: u128, duties: Duties) -> Result<Emergency, Refusal> {
        Emergency::ask(&protocol(before), request(duties, &content(0, 0)), &member(by), &people(), Moment(10))
    }

    pub(crate) fn asked(before: Before) -> Emergency {
        ask(before, 1, Duties::Shared).unwrap()
    }

    fn join(emergency: Emergency, by: u128) -> Result<Emergency, Refusal> {
        emergency.join(&content(0, 0).hash(), &member(by), &people(), Moment(11))
    }

    fn answer(emergency: Emergency, by: u128, at: i64) -> Result<Emergency, Refusal> {
        emergency.answer(&member(by), None, &people(), Moment(at))
    }

    #[test]
    fn two_people_are_two_people_and_the_second_did_not_write() {
        let emergency = asked(Before::Two);
        let hash = content(0, 0).hash();
        assert_eq!(emergency.reason, "Riada");
        assert_eq!(emergency.covers(&hash), Err(Refusal::SecondPersonWanted));
        assert_eq!(join(emergency.clone(), 1), Err(Refusal::TwoHats));
        let wrote = Emergency { hands: BTreeSet::from([member(2)]), ..emergency.clone() };
        assert_eq!(join(wrote, 2), Err(Refusal::OwnPost));
        assert_eq!(join(emergency.clone(), 3), Err(Refusal::NotYourTurn));
        assert_eq!(emergency.answerers(&people(), Moment(11)), BTreeSet::from([member(2), member(6)]));
        let joined = join(emergency, 6).unwrap();
        assert_eq!(joined.covers(&hash), Ok(()));
        assert_eq!(joined.covers(&content(1, 0).hash()), Err(Refusal::ApprovalVoid));
        assert_eq!((joined.owed(Moment(1_000)), joined.strikes(Moment(12))), (Owed::Nothing { late: false }, None));
        assert_eq!(join(joined, 2), Err(Refusal::WrongStage), "twice");
    }

    #[test]
    fn the_second_agrees_to_the_same_content_and_within_half_a_day() {
        let other = content(1, 0).hash();
        let joined = asked(Before::Two).join(&other, &member(6), &people(), Moment(11));
        assert_eq!(joined, Err(Refusal::ApprovalVoid));
        let late = Moment(11).plus(PATIENCE);
        let joined = asked(Before::Two).join(&content(0, 0).hash(), &member(6), &people(), late);
        assert_eq!(joined, Err(Refusal::WrongStage));
        assert_eq!(asked(Before::Two).owed(late), Owed::Dropped);
        assert_eq!(asked(Before::Two).strikes(Moment(11)), Some(late));
    }

    #[test]
    fn the_second_may_say_no_and_says_why() {
        let decline = |by: u128, why: &str| asked(Before::Two).decline(&member(by), why, &people(), Moment(11));
        assert_eq!(decline(6, " "), Err(Refusal::ReasonWanted));
        assert_eq!(decline(1, "no"), Err(Refusal::TwoHats));
        let declined = decline(6, "No es para tanto").unwrap();
        assert_eq!(declined.owed(Moment(12)), Owed::Dropped);
        assert_eq!(declined.covers(&content(0, 0).hash()), Err(Refusal::SecondPersonWanted));
        assert_eq!(join(declined, 2), Err(Refusal::WrongStage), "a no is not outvoted");
    }

    #[test]
    fn one_may_publish_and_owes_a_ratification_by_somebody_else() {
        let emergency = asked(ONE);
        assert_eq!(emergency.covers(&content(0, 0).hash()), Ok(()));
        assert_eq!(emergency.owed(Moment(110)), Owed::Ratification { by: Moment(110) });
        assert_eq!(emergency.strikes(Moment(50)), Some(Moment(111)));
        assert_eq!(answer(emergency.clone(), 1, 50), Err(Refusal::TwoHats));
        assert_eq!(answer(emergency.clone(), 6, 50), Err(Refusal::NotYourTurn));
        assert!(emergency.answerers(&people(), Moment(50)).contains(&member(3)));
        let ratified = answer(emergency, 3, 50).unwrap();
        assert_eq!(ratified.owed(Moment(1_000)), Owed::Nothing { late: false });
        assert_eq!(answer(ratified.clone(), 4, 60), Err(Refusal::WrongStage));
        assert!(ratified.answerers(&people(), Moment(60)).is_empty());
    }

    #[test]
    fn what_is_not_ratified_in_time_is_overdue_and_stays_late() {
        let emergency = asked(ONE);
        assert_eq!(emergency.owed(Moment(111)), Owed::Overdue { since: Moment(110) });
        assert_eq!(answer(emergency, 3, 200).unwrap().owed(Moment(300)), Owed::Nothing { late: true });
    }

    #[test]
    fn disowning_says_why_and_nothing_more_goes_out_on_it() {
        let disown = |why| asked(ONE).answer(&member(3), Some(why), &people(), Moment(20));
        assert_eq!(disown(" "), Err(Refusal::ReasonWanted));
        let disowned = disown("No era el cauce").unwrap();
        assert!(matches!(disowned.afterwards, Some(Afterwards::Disowned { .. })));
        assert_eq!(disowned.covers(&content(0, 0).hash()), Err(Refusal::ApprovalVoid));
    }

    #[test]
    fn where_duties_are_apart_whoever_wrote_does_not_publish_in_an_emergency_either() {
        assert_eq!(ask(ONE, 1, Duties::Apart), Err(Refusal::DutiesApart));
        assert!(ask(ONE, 2, Duties::Apart).is_ok());
        assert_eq!(ask(ONE, 3, Duties::Shared), Err(Refusal::NotYourTurn));
    }
}
