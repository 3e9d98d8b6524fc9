//! Delivery: the acts of a publication, their states, and what follows from each answer of a network.
//! Separate from `post`: here the unit is one act at one network, and the point of no return.

use serde::{Deserialize, Serialize};

use crate::{AttemptId, MemberId, Millis, Moment, Network, mentions::Missed, poster::Given, repeats::Repeats};

/// How far ahead of its slot an act may be claimed (house rule 2). More would let a pause come too late.
pub const CLAIM_AHEAD: Millis = Millis::seconds(90);

/// How long a claim or a sending is believed in without a sign of life. Longer than the 30 s that we wait for a
/// network, so that a live attempt is never taken for a dead one.
pub const LEASE: Millis = Millis::minutes(2);

/// How long we wait for a network's answer. After it the outcome is unknown.
pub const PATIENCE: Millis = Millis::seconds(30);

/// How long after its lease an unknown act is looked up where no idempotency handle covers it, and again between the
/// two looks (house rule 3): networks show a post late more often than never.
pub const SECOND_LOOK: Millis = Millis::minutes(15);

/// The longest wait between two looks at what a network prepares: Meta advises one a minute.
const PREPARES: Millis = Millis::minutes(1);

/// What a network was given to prepare, and does not show yet. It is kept with the act: whoever goes on later publishes this
/// and makes no second one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Container {
    /// When it was begun: what came out of it cannot be older.
    pub made: Moment,
    /// The rendition it was made of ([`Rendition::hash`](crate::Rendition::hash)): another one needs another.
    pub of: String,
    /// The pictures of a carousel, each by the network's own identity.
    pub children: Vec<String>,
    /// All of it, once it is made.
    pub whole: Option<String>,
    /// How far it is, where it is sent in pieces. Not written where it is not: what was kept before is read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sent: Option<Sent>,
    /// What came of giving it the poster of the video, once that was tried: whoever goes on does not try it again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub poster: Option<Given>,
    /// Whether the network was told to show it, in this try or an earlier one. Kept before it is: from then on it may be out, whatever
    /// was answered. Where a repeat is harmless ([`Network::has_a_handle`]) it is not kept: what was given is told once more.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub told: bool,
}

impl Container {
    /// Nothing yet, of a rendition.
    pub const fn begun(made: Moment, of: String) -> Self {
        Self { made, of, children: Vec::new(), whole: None, sent: None, poster: None, told: false }
    }
}

/// How far something is that goes up in pieces.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sent {
    /// The bytes that the network has.
    pub bytes: u64,
    /// Whether it was told that these are all.
    pub is_all: bool,
}

/// What a network says of a container.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Prepared {
    /// Not yet.
    Going,
    /// It can be published.
    Ready,
    /// It is out.
    Published,
    /// It cannot be prepared.
    Broken,
    /// It is too old, or no longer there.
    Expired,
}

impl Prepared {
    /// As Meta's networks write it; what is none of their words is not believed.
    pub fn read(word: &str) -> Option<Self> {
        Some(match word {
            "IN_PROGRESS" => Prepared::Going,
            "FINISHED" => Prepared::Ready,
            "PUBLISHED" => Prepared::Published,
            "ERROR" => Prepared::Broken,
            "EXPIRED" => Prepared::Expired,
            _ => return None,
        })
    }
}

/// How many of an account's posts look like ours.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Likeness<T> {
    /// One, and no other.
    One(T),
    /// None.
    None,
    /// Several: which is ours cannot be proven.
    Several,
}

/// With fewer letters and digits a text proves nothing: networks change or drop signs, and an exclamation is anybody's.
const TELLING: usize = 3;

impl<T> Likeness<T> {
    /// What those come to that say what was sent, and were made then. Where there are no words (a picture alone, a story), or next to
    /// none, whatever has none is like it, of whomever it is: one of them proves no more than several.
    pub fn by_words(alike: impl IntoIterator<Item = T>, sent: &str) -> Self {
        let mut alike = alike.into_iter();
        match (alike.next(), alike.next()) {
            (None, _) => Likeness::None,
            (Some(one), None) if sent.chars().filter(|c| c.is_alphanumeric()).count() >= TELLING => Likeness::One(one),
            (Some(_), _) => Likeness::Several,
        }
    }
}

/// What a look comes to where the network also says how its container is (`None`: it does not). Of two witnesses who
/// contradict each other neither is believed.
pub fn sighted(found: Likeness<Receipt>, container: Option<Prepared>) -> Sighting {
    match (found, container) {
        (Likeness::One(receipt), Some(Prepared::Published) | None) => Sighting::Found(receipt),
        (Likeness::One(_) | Likeness::Several, _) => Sighting::ForAPerson,
        // It is out, and the list is late.
        (Likeness::None, Some(Prepared::Published)) => Sighting::Unclear,
        (Likeness::None, _) => Sighting::NotFound,
    }
}

/// How often an act may be tried by itself. With the back-off below this spans about 25 minutes, inside the window.
pub const TRIES: u32 = 6;

/// What an act does at the network.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Deed {
    /// Makes the post visible.
    Create,
    /// Replaces what is visible.
    Edit,
    /// Takes it down.
    Delete,
    /// Writes the first comment below what is out. Whatever becomes of it, the post is out.
    Comment,
}

/// The state of an act. The name and the times stand in columns of their own, for the claim's one conditional update.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "state")]
pub enum ActState {
    /// Not due, or to be tried again at its due moment.
    Waiting,
    /// Taken by one worker until the lease ends; nothing was sent.
    Claimed {
        /// When the claim lapses.
        lease: Moment,
        /// Grows with each claim: an older worker's update no longer matches.
        fence: u32,
    },
    /// Beyond the point of no return: the attempt is written, the network may have it.
    Sending {
        /// The attempt.
        attempt: AttemptId,
        /// When it is no longer believed in.
        lease: Moment,
    },
    /// A person has the kit and publishes by hand.
    InHand {
        /// Since when.
        since: Moment,
    },
    /// The network has it.
    Done {
        /// Its proof.
        receipt: Receipt,
    },
    /// The network surely does not have it and will not get it by itself.
    Failed {
        /// Why.
        failure: Failure,
    },
    /// It may or may not be there; it is being looked up.
    Unknown {
        /// The attempt whose outcome is not known.
        attempt: AttemptId,
        /// How often it was looked up without an answer.
        looks: u32,
        /// Whether a person is asked.
        asked: bool,
    },
    /// Not sent, and not to be sent by itself: a person decides.
    Held {
        /// Why.
        reason: Hold,
    },
    /// Not to be sent any more.
    Cancelled {
        /// By whom; nobody if the rules did it.
        by: Option<MemberId>,
        /// Why.
        reason: String,
    },
}

impl ActState {
    /// As the database writes it.
    pub const fn name(&self) -> &'static str {
        match self {
            ActState::Waiting => "waiting",
            ActState::Claimed { .. } => "claimed",
            ActState::Sending { .. } => "sending",
            ActState::InHand { .. } => "in_hand",
            ActState::Done { .. } => "done",
            ActState::Failed { .. } => "failed",
            ActState::Unknown { .. } => "unknown",
            ActState::Held { .. } => "held",
            ActState::Cancelled { .. } => "cancelled",
        }
    }
    /// Whether a person has to do something about it.
    pub const fn needs_a_person(&self) -> bool {
        matches!(
            self,
            ActState::Failed { .. }
                | ActState::Held { .. }
                | ActState::InHand { .. }
                | ActState::Unknown { asked: true, .. }
        )
    }
}

/// The proof that a network has it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Receipt {
    /// When the network answered (or a person said so).
    pub at: Moment,
    /// The network's own identity of it.
    pub native_id: String,
    /// Where everybody can see it.
    pub address: Option<String>,
    /// What else a later edit needs (Bluesky: the record's `cid`).
    #[serde(default)]
    pub revision: Option<String>,
    /// Who said so, if it was published by hand or settled by hand.
    #[serde(default)]
    pub by: Option<MemberId>,
    /// What came of giving the network the poster of the video, where that was a call of its own. Not written where there was none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub poster: Option<Given>,
    /// The pages that it was to lead to and does not, where a mention is a name. Not written where there are none.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub unmentioned: Vec<Missed>,
}

/// Why an act surely failed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Failure {
    /// The kind, which has the sentence and the next step.
    pub kind: FailureKind,
    /// The network's own words, at most 300 characters.
    pub message: String,
    /// The status it answered with, if it answered.
    pub status: Option<u16>,
}

/// The kinds of sure failure.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FailureKind {
    /// The network refuses this content.
    ContentRefused,
    /// The access was revoked or has expired: connect the channel again.
    AccessRefused,
    /// The account may not do this, or is blocked.
    Forbidden,
    /// What was to be edited or deleted is not there.
    Gone,
    /// The network could not be reached in all the tries.
    Unreachable,
    /// The network kept asking us to wait.
    Throttled,
    /// It said no, with a code or in words that are in no table of ours.
    Nonsense,
    /// The person on duty did not publish it.
    NotDone,
}

/// Why an act is held.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Hold {
    /// Its window passed.
    Late,
    /// Everything was paused.
    Paused,
    /// The channel cannot send.
    ChannelUnfit,
    /// The approval is not over this content.
    ApprovalVoid,
    /// It was agreed to, and whoever wrote or agreed does not let it out where duties are kept apart.
    DutiesApart,
    /// A picture or the video may not be used any more: a consent was taken back or changed, or a licence.
    Rights,
    /// The takedown was given up that had put this correction aside: readers see what is not agreed to any more.
    StaysUp,
    /// The takedown was given up that had put this aside, the rest of a thread or a first comment: readers see less than was agreed to.
    LeftOut,
    /// It came with a copy of another deployment, where it had still to go out or might be out already.
    BroughtIn,
}

/// What came of a call, as the network's adapter tells it. Nothing here is a guess: when in doubt, `NoAnswer`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// The network has it.
    Accepted(Receipt),
    /// A person has to do it.
    Handed,
    /// It surely did not post and may be tried again: never connected, or a safe step before the visible call failed.
    NotSent {
        /// What happened.
        message: String,
    },
    /// It surely did not post: the network still prepares what it was given (fetches the pictures), and is asked again.
    Preparing {
        /// What it said.
        message: String,
    },
    /// It surely did not post: the network asks us to wait.
    Throttled {
        /// Until when, if it said.
        until: Option<Moment>,
        /// Whether it asks that of what is like this alone: a day that is full of reels is full of nothing else. Otherwise whatever the
        /// account has waits too.
        alone: bool,
        /// What it said.
        message: String,
    },
    /// It surely did not post: the access was refused, after a refresh where there is one.
    Unauthorised {
        /// What it said.
        message: String,
        /// The status.
        status: u16,
    },
    /// It surely did not post: an explicit refusal.
    Refused {
        /// Why.
        kind: FailureKind,
        /// What it said.
        message: String,
        /// The status.
        status: u16,
    },
    /// A timeout, a reset, a 5xx or nonsense on the call that makes it visible: nobody knows.
    NoAnswer {
        /// What happened.
        message: String,
        /// The status, if there was one.
        status: Option<u16>,
    },
}

impl Outcome {
    /// Whether it speaks of the account, so that the channel is asked at once: the access is refused, or there is nothing any more on
    /// which something could be made. What is gone of a correction, a takedown or a comment is the post.
    pub fn doubts_the_channel(&self, deed: Deed) -> bool {
        match self {
            Outcome::Unauthorised { .. } => true,
            Outcome::Refused { kind: FailureKind::Gone, .. } => deed == Deed::Create,
            _ => false,
        }
    }
}

/// What follows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Next {
    /// It is there.
    Done(Receipt),
    /// A person has the kit.
    InHand,
    /// Try again, at this moment.
    RetryAt(Moment),
    /// It failed for good. `channel_unfit` says whether the channel as a whole must stop.
    Failed {
        /// Why.
        failure: Failure,
        /// Whether the channel must be connected again.
        channel_unfit: bool,
    },
    /// Its window passed while it was being tried.
    Held(Hold),
    /// Look for it on the network at this moment.
    Unknown {
        /// When to look.
        look_at: Moment,
    },
}

/// How long to wait before try number `tried + 1`: 15 s doubling, at most 10 minutes.
pub fn back_off(tried: u32) -> Millis {
    let doubled = 15_000_i64.saturating_mul(1 << tried.saturating_sub(1).min(10));
    Millis(doubled.min(Millis::minutes(10).0))
}

/// Which number of attempt an outcome is judged by, of so many that were made (`tried`, this one too) while the network was still
/// preparing in `prepared` of them before: how long is waited for that grows with all of them, and what failed counts its own only.
pub const fn counted(outcome: &Outcome, tried: u32, prepared: u32) -> u32 {
    match outcome {
        Outcome::Preparing { .. } => tried,
        _ => {
            let own = tried.saturating_sub(prepared);
            if own == 0 { 1 } else { own }
        }
    }
}

/// Judges the outcome of attempt number `tried` (from 1) of an act that may go out by itself until `ends`.
///
/// Only what surely did not post is tried again; a silence on the visible call is `Unknown` (house rule 3).
pub fn judge(outcome: Outcome, tried: u32, now: Moment, ends: Moment, network: Network) -> Next {
    let again = |at: Moment, kind: FailureKind, message: String, status: Option<u16>| {
        if at > ends {
            Next::Held(Hold::Late)
        } else if tried >= TRIES {
            Next::Failed { failure: Failure { kind, message: short(&message), status }, channel_unfit: false }
        } else {
            Next::RetryAt(at)
        }
    };
    match outcome {
        Outcome::Accepted(receipt) => Next::Done(receipt),
        Outcome::Handed => Next::InHand,
        Outcome::NotSent { message } => again(now.plus(back_off(tried)), FailureKind::Unreachable, message, None),
        // Not a failure, so the tries do not count: what ends it is the window.
        Outcome::Preparing { .. } => {
            let at = now.plus(Millis(back_off(tried).0.min(PREPARES.0)));
            if at > ends { Next::Held(Hold::Late) } else { Next::RetryAt(at) }
        }
        Outcome::Throttled { until, message, .. } => {
            let earliest = now.plus(back_off(tried));
            let at = until.map_or(earliest, |until| until.max(earliest));
            again(at, FailureKind::Throttled, message, Some(429))
        }
        Outcome::Unauthorised { message, status } => Next::Failed {
            failure: Failure { kind: FailureKind::AccessRefused, message: short(&message), status: Some(status) },
            channel_unfit: true,
        },
        Outcome::Refused { kind, message, status } => Next::Failed {
            failure: Failure { kind, message: short(&message), status: Some(status) },
            channel_unfit: false,
        },
        Outcome::NoAnswer { .. } => Next::Unknown { look_at: now.plus(first_look(network)) },
    }
}

/// Where there is a handle that may make a repeat harmless, the look is soon; elsewhere the network is given time to show the post.
pub fn first_look(network: Network) -> Millis {
    if network.has_a_handle() { Millis::seconds(20) } else { LEASE.plus(SECOND_LOOK) }
}

impl Millis {
    const fn plus(self, other: Millis) -> Millis {
        Millis(self.0 + other.0)
    }
}

/// What a look at the network for an unknown act found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Sighting {
    /// It is there.
    Found(Receipt),
    /// It is not there.
    NotFound,
    /// It is not there and will not come by itself: the network says no, and why.
    Refused(Failure),
    /// The network could not be asked.
    Unclear,
    /// Only a person can tell: there is nothing to ask, or what it answers proves nothing.
    ForAPerson,
}

/// What follows from a look.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Settled {
    /// It is there.
    Done(Receipt),
    /// It surely is not there: the network said no.
    Failed(Failure),
    /// It is not there and a repeat is harmless: back to waiting, now.
    SendAgain,
    /// Its window passed meanwhile and it is not there.
    Held(Hold),
    /// Look again at this moment.
    LookAgain(Moment),
    /// Ask a person.
    Ask,
}

/// How often a network that cannot be asked is asked.
const LOOKS: u32 = 8;

/// Judges look number `looks` (from 1) for an act whose first attempt that may have been heard started at `made`, and which may be
/// repeated as `repeats` says.
pub fn settle(sighting: Sighting, looks: u32, made: Moment, now: Moment, ends: Moment, repeats: Repeats) -> Settled {
    match sighting {
        Sighting::Found(receipt) => Settled::Done(receipt),
        // A second look would hear the same.
        Sighting::Refused(failure) => Settled::Failed(failure),
        Sighting::NotFound => match repeats.after(now.since(made)) {
            None if looks < 2 => Settled::LookAgain(now.plus(SECOND_LOOK)),
            None => Settled::Ask,
            Some(wait) if wait > Millis(0) => Settled::LookAgain(now.plus(wait)),
            Some(_) if now > ends => Settled::Held(Hold::Late),
            Some(_) => Settled::SendAgain,
        },
        // A second look would know no more.
        Sighting::ForAPerson => Settled::Ask,
        Sighting::Unclear if looks < LOOKS => Settled::LookAgain(now.plus(back_off(looks))),
        Sighting::Unclear => Settled::Ask,
    }
}

/// At most 300 characters of what a network said: enough to understand, too little to flood the ledger.
pub fn short(message: &str) -> String {
    message.chars().filter(|c| !c.is_control()).take(300).collect()
}

/// The state of a publication, derived from its acts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PublicationState {
    /// Waits for its slot.
    Waiting,
    /// On its way.
    Going,
    /// With the person on duty.
    InHand,
    /// Out.
    Out,
    /// Taken down.
    TakenDown,
    /// It failed.
    Failed,
    /// Held.
    Held,
    /// Not known yet.
    Unknown,
    /// Will not go out.
    Cancelled,
}

/// The state of a publication from its acts in order, each with the part of a thread that it is of (from 1): the first that is
/// not done decides; if all are, the last one. What is out of a thread is out, whatever became of the parts behind, and it is
/// taken down when each of its parts is. A first comment says nothing of it: a post without one is out all the same, and who has to
/// do something about it is asked by its own act.
pub fn publication_state<'a>(acts: impl IntoIterator<Item = (Deed, u32, &'a ActState)>) -> PublicationState {
    let mut state = PublicationState::Waiting;
    // The parts that readers see.
    let mut seen = Vec::new();
    for (deed, part, act) in acts.into_iter().filter(|(deed, ..)| *deed != Deed::Comment) {
        let is_out = matches!(state, PublicationState::Out | PublicationState::TakenDown);
        state = match act {
            ActState::Done { .. } if deed == Deed::Delete => {
                seen.retain(|one| *one != part);
                if seen.is_empty() { PublicationState::TakenDown } else { PublicationState::Out }
            }
            ActState::Done { .. } => {
                seen.extend((deed == Deed::Create).then_some(part));
                PublicationState::Out
            }
            ActState::Waiting if deed == Deed::Create && !is_out => PublicationState::Waiting,
            ActState::Waiting | ActState::Claimed { .. } | ActState::Sending { .. } => PublicationState::Going,
            ActState::InHand { .. } => PublicationState::InHand,
            ActState::Failed { .. } => PublicationState::Failed,
            ActState::Unknown { .. } => PublicationState::Unknown,
            ActState::Held { .. } => PublicationState::Held,
            ActState::Cancelled { .. } if deed == Deed::Create && !is_out => PublicationState::Cancelled,
            // A correction or a takedown that was given up, or the rest of a thread, leaves what was out as it was.
            ActState::Cancelled { .. } => state,
        };
        if !matches!(act, ActState::Done { .. } | ActState::Cancelled { .. }) {
            return state;
        }
    }
    state
}

/// How far a thread is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress {
    /// The parts that readers see.
    pub out: usize,
    /// All of them.
    pub of: usize,
    /// Whether the rest will not come, and what is out ends in the middle.
    pub is_cut_short: bool,
}

/// How far the thread of a publication is, from its acts in order, each with the part that it is of (from 1); `None` where it
/// is none.
pub fn progress<'a>(acts: impl IntoIterator<Item = (Deed, u32, &'a ActState)>) -> Option<Progress> {
    let (mut out, mut of, mut is_cut_short) = (Vec::new(), 0, false);
    for (deed, part, act) in acts {
        let is_done = matches!(act, ActState::Done { .. });
        match deed {
            Deed::Create => {
                of += 1;
                is_cut_short |= matches!(act, ActState::Cancelled { .. });
                if is_done {
                    out.push(part);
                }
            }
            Deed::Delete if is_done => out.retain(|one| *one != part),
            Deed::Edit | Deed::Delete | Deed::Comment => {}
        }
    }
    (of > 1).then_some(Progress { out: out.len(), of, is_cut_short })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const NOW: Moment = Moment(1_000_000_000);
    const ENDS: Moment = NOW.plus(Millis::minutes(30));

    fn no_answer() -> Outcome {
        Outcome::NoAnswer { message: "timeout".to_owned(), status: None }
    }

    #[test]
    fn a_silence_is_never_tried_again_blindly() {
        for network in Network::ALL {
            assert!(matches!(judge(no_answer(), 1, NOW, ENDS, network), Next::Unknown { .. }));
        }
    }

    #[test]
    fn what_surely_did_not_post_is_tried_again_until_the_window_ends() {
        let outcome = || Outcome::NotSent { message: "refused".to_owned() };
        assert_eq!(judge(outcome(), 1, NOW, ENDS, Network::Bluesky), Next::RetryAt(NOW.plus(Millis::seconds(15))));
        assert_eq!(judge(outcome(), 1, NOW, NOW, Network::Bluesky), Next::Held(Hold::Late));
        assert!(matches!(judge(outcome(), TRIES, NOW, ENDS, Network::Bluesky), Next::Failed { .. }));
    }

    #[test]
    fn a_network_that_asks_us_to_wait_is_given_what_it_asks() {
        let until = Some(NOW.plus(Millis::minutes(5)));
        let outcome = Outcome::Throttled { until, alone: false, message: String::new() };
        assert_eq!(judge(outcome, 1, NOW, ENDS, Network::Mastodon), Next::RetryAt(NOW.plus(Millis::minutes(5))));
    }

    #[test]
    fn what_is_being_prepared_is_asked_about_until_the_window_ends_however_often() {
        let outcome = || Outcome::Preparing { message: String::new() };
        assert_eq!(judge(outcome(), 1, NOW, ENDS, Network::Instagram), Next::RetryAt(NOW.plus(Millis::seconds(15))));
        let again = judge(outcome(), TRIES * 5, NOW, ENDS, Network::Instagram);
        assert_eq!(again, Next::RetryAt(NOW.plus(Millis::minutes(1))));
        assert_eq!(judge(outcome(), 1, NOW, NOW, Network::Instagram), Next::Held(Hold::Late));
    }

    #[test]
    fn a_failure_after_long_preparing_is_the_first_failure() {
        let not_sent = || Outcome::NotSent { message: "refused".to_owned() };
        let preparing = || Outcome::Preparing { message: String::new() };
        let long = TRIES * 2;
        assert_eq!(counted(&preparing(), long, long - 1), long, "it is asked about less and less often");
        assert_eq!(counted(&not_sent(), long + 1, long), 1);
        let tried = counted(&not_sent(), long + 1, long);
        assert_eq!(
            judge(not_sent(), tried, NOW, ENDS, Network::Instagram),
            Next::RetryAt(NOW.plus(Millis::seconds(15)))
        );
        assert_eq!(counted(&not_sent(), long + TRIES, long), TRIES, "and those of its own still end");
        assert_eq!(counted(&not_sent(), 1, 1), 1);
    }

    #[test]
    fn of_two_witnesses_who_contradict_each_other_neither_is_believed() {
        let receipt = || Receipt {
            at: NOW,
            native_id: "1".to_owned(),
            address: None,
            revision: None,
            by: None,
            poster: None,
            unmentioned: Vec::new(),
        };
        let (one, several, none) = (|| Likeness::One(receipt()), || Likeness::Several, || Likeness::None);
        assert_eq!(sighted(one(), Some(Prepared::Published)), Sighting::Found(receipt()));
        assert_eq!(sighted(one(), None), Sighting::Found(receipt()));
        assert_eq!(sighted(none(), Some(Prepared::Published)), Sighting::Unclear, "it is out, and the list is late");
        assert_eq!(sighted(none(), None), Sighting::NotFound);
        for said in [Prepared::Going, Prepared::Ready, Prepared::Broken, Prepared::Expired] {
            assert_eq!(
                sighted(one(), Some(said)),
                Sighting::ForAPerson,
                "{said:?}: somebody else's of the same words?"
            );
            assert_eq!(sighted(none(), Some(said)), Sighting::NotFound, "{said:?}");
        }
        assert_eq!(sighted(several(), Some(Prepared::Published)), Sighting::ForAPerson);
        assert_eq!(Prepared::read("finished"), None);
    }

    #[test]
    fn what_has_no_words_is_known_by_none() {
        let receipt = || Receipt {
            at: NOW,
            native_id: "1".to_owned(),
            address: None,
            revision: None,
            by: None,
            poster: None,
            unmentioned: Vec::new(),
        };
        let alike = |times: usize, sent: &str| Likeness::by_words(vec![receipt(); times], sent);
        assert_eq!(alike(1, "Sin agua mañana"), Likeness::One(receipt()));
        assert_eq!(alike(2, "Sin agua mañana"), Likeness::Several);
        for sent in ["", " ", "🎉🎉🎉🎉", "¡Sí!"] {
            for said in [Some(Prepared::Published), Some(Prepared::Ready), None] {
                assert_eq!(sighted(alike(1, sent), said), Sighting::ForAPerson, "{said:?}: of somebody else?");
            }
            assert_eq!(alike(0, sent), Likeness::None);
        }
    }

    #[test]
    fn an_account_that_is_gone_is_asked_after_and_a_post_is_not() {
        let gone = Outcome::Refused { kind: FailureKind::Gone, message: String::new(), status: 400 };
        let doubts = [Deed::Create, Deed::Edit, Deed::Delete, Deed::Comment].map(|deed| gone.doubts_the_channel(deed));
        assert_eq!(doubts, [true, false, false, false]);
        let shut_out = Outcome::Unauthorised { message: String::new(), status: 401 };
        assert!(shut_out.doubts_the_channel(Deed::Delete) && !no_answer().doubts_the_channel(Deed::Create));
    }

    #[test]
    fn a_revoked_access_stops_the_channel() {
        let outcome = Outcome::Unauthorised { message: "revoked".to_owned(), status: 401 };
        assert!(matches!(judge(outcome, 1, NOW, ENDS, Network::Bluesky), Next::Failed { channel_unfit: true, .. }));
    }

    /// What holds where nothing makes a repeat harmless.
    const NO_HANDLE: Repeats = Repeats::Never;

    #[test]
    fn not_found_is_sent_again_only_where_a_handle_covers_it() {
        let sent = NOW.minus(Millis::minutes(1));
        let not_found = |looks, sent, repeats| settle(Sighting::NotFound, looks, sent, NOW, ENDS, repeats);
        let mastodon = |version| Repeats::of(Network::Mastodon, Deed::Create, version);
        assert_eq!(not_found(1, sent, mastodon(Some("4.6.0"))), Settled::SendAgain);
        let again = Settled::LookAgain(NOW.plus(Millis::minutes(16)));
        assert_eq!(not_found(1, sent, mastodon(Some("4.5.0"))), again, "the first may still be worked on");
        let old = NOW.minus(Millis::hours(1));
        for (sent, version) in [(sent, None), (old, Some("4.6.0"))] {
            assert_eq!(not_found(1, sent, mastodon(version)), Settled::LookAgain(NOW.plus(SECOND_LOOK)), "{version:?}");
            assert_eq!(not_found(2, sent, mastodon(version)), Settled::Ask, "{version:?}");
        }
        let website = Repeats::of(Network::Website, Deed::Create, None);
        assert_eq!(not_found(1, old, website), Settled::SendAgain);
        let late = settle(Sighting::NotFound, 1, old, ENDS.plus(Millis(1)), ENDS, website);
        assert_eq!(late, Settled::Held(Hold::Late));
        let facebook = Repeats::of(Network::Facebook, Deed::Create, None);
        assert!(matches!(not_found(1, sent, facebook), Settled::LookAgain(_)));
        assert_eq!(not_found(2, sent, facebook), Settled::Ask);
    }

    #[test]
    fn what_only_a_person_can_see_is_asked_at_once() {
        assert_eq!(settle(Sighting::ForAPerson, 1, NOW, NOW, ENDS, NO_HANDLE), Settled::Ask);
        assert!(matches!(settle(Sighting::Unclear, 1, NOW, NOW, ENDS, NO_HANDLE), Settled::LookAgain(_)));
    }

    #[test]
    fn what_the_network_says_no_to_is_settled_at_the_first_look() {
        let no = || Failure { kind: FailureKind::ContentRefused, message: "format".to_owned(), status: Some(400) };
        for network in Network::ALL {
            let repeats = Repeats::of(network, Deed::Create, None);
            assert_eq!(settle(Sighting::Refused(no()), 1, NOW, NOW, ENDS, repeats), Settled::Failed(no()));
        }
        assert!(ActState::Failed { failure: no() }.needs_a_person());
    }

    #[test]
    fn a_receipt_from_before_there_were_mentions_is_read_and_written_as_it_was() {
        let old = r#"{"at":1,"native_id":"1","address":null,"revision":null,"by":null}"#;
        let mut receipt: Receipt = serde_json::from_str(old).unwrap();
        assert_eq!((receipt.unmentioned.len(), &*serde_json::to_string(&receipt).unwrap()), (0, old));
        receipt.unmentioned.push(Missed { page: "Villa".to_owned(), renamed: true, message: String::new() });
        let written = serde_json::to_string(&receipt).unwrap();
        assert_eq!(serde_json::from_str::<Receipt>(&written).unwrap(), receipt);
    }

    #[test]
    fn what_was_told_to_be_shown_says_so_as_the_ledger_asks_for_it() {
        let mut container = Container::begun(NOW, String::new());
        let untold = serde_json::to_value(&container).unwrap();
        assert_eq!(untold.get("told"), None, "as it was kept before there was such a mark");
        container.told = true;
        let told = serde_json::to_value(&container).unwrap();
        assert_eq!(told["told"], true);
        assert_eq!(serde_json::from_value::<Container>(told).unwrap(), container);
        assert!(!serde_json::from_value::<Container>(untold).unwrap().told);
    }

    #[test]
    fn a_correction_that_was_given_up_leaves_the_publication_out() {
        let receipt = Receipt {
            at: NOW,
            native_id: "1".to_owned(),
            address: None,
            revision: None,
            by: None,
            poster: None,
            unmentioned: Vec::new(),
        };
        let acts = [
            (Deed::Create, ActState::Done { receipt }),
            (Deed::Edit, ActState::Cancelled { by: None, reason: String::new() }),
        ];
        let state = publication_state(acts.iter().map(|(deed, act)| (*deed, 1, act)));
        assert_eq!(state, PublicationState::Out);
    }

    #[test]
    fn a_post_is_out_whatever_becomes_of_its_first_comment() {
        let receipt = || Receipt {
            at: NOW,
            native_id: "1".to_owned(),
            address: None,
            revision: None,
            by: None,
            poster: None,
            unmentioned: Vec::new(),
        };
        let failure = || Failure { kind: FailureKind::Forbidden, message: String::new(), status: Some(403) };
        let attempt = || AttemptId::from_bits(1);
        let state = |acts: &[(Deed, ActState)]| publication_state(acts.iter().map(|(deed, act)| (*deed, 1, act)));
        let (create, comment) = (Deed::Create, Deed::Comment);
        for after in [
            ActState::Waiting,
            ActState::Sending { attempt: attempt(), lease: NOW },
            ActState::Done { receipt: receipt() },
            ActState::Failed { failure: failure() },
            ActState::Unknown { attempt: attempt(), looks: 2, asked: true },
            ActState::Held { reason: Hold::Late },
            ActState::InHand { since: NOW },
            ActState::Cancelled { by: None, reason: String::new() },
        ] {
            let out = (create, ActState::Done { receipt: receipt() });
            assert_eq!(state(&[out.clone(), (comment, after.clone())]), PublicationState::Out, "{after:?}");
            let down = (Deed::Delete, ActState::Done { receipt: receipt() });
            assert_eq!(state(&[out, (comment, after), down]), PublicationState::TakenDown);
        }
        let waiting = [(create, ActState::Waiting), (comment, ActState::Waiting)];
        assert_eq!(state(&waiting), PublicationState::Waiting);
        let far = progress(waiting.iter().map(|(deed, act)| (*deed, 1, act)));
        assert_eq!(far, None, "one part and its comment are no thread");
    }

    #[test]
    fn half_a_thread_is_out_and_says_how_far_it_is() {
        let done = || ActState::Done {
            receipt: Receipt {
                at: NOW,
                native_id: "1".to_owned(),
                address: None,
                revision: None,
                by: None,
                poster: None,
                unmentioned: Vec::new(),
            },
        };
        let cancelled = || ActState::Cancelled { by: None, reason: String::new() };
        let failed = || ActState::Failed {
            failure: Failure { kind: FailureKind::ContentRefused, message: String::new(), status: None },
        };
        let of = |acts: &[(Deed, u32, ActState)]| {
            let state = publication_state(acts.iter().map(|(deed, part, state)| (*deed, *part, state)));
            let far = progress(acts.iter().map(|(deed, part, state)| (*deed, *part, state)));
            (state, far.map(|far| (far.out, far.of, far.is_cut_short)))
        };
        let (create, delete) = (Deed::Create, Deed::Delete);
        use PublicationState::{Cancelled, Failed, Going, Out, TakenDown, Waiting};
        let waiting = [(create, 1, ActState::Waiting), (create, 2, ActState::Waiting)];
        assert_eq!(of(&waiting), (Waiting, Some((0, 2, false))));
        assert_eq!(of(&[(create, 1, done()), (create, 2, ActState::Waiting)]), (Going, Some((1, 2, false))));
        let stuck = [(create, 1, done()), (create, 2, failed()), (create, 3, ActState::Waiting)];
        assert_eq!(of(&stuck), (Failed, Some((1, 3, false))));
        let short = [(create, 1, done()), (create, 2, cancelled()), (create, 3, cancelled())];
        assert_eq!(of(&short), (Out, Some((1, 3, true))));
        assert_eq!(of(&[(create, 1, cancelled()), (create, 2, cancelled())]), (Cancelled, Some((0, 2, true))));
        let mut down =
            vec![(create, 1, done()), (create, 2, done()), (delete, 2, done()), (delete, 1, ActState::Waiting)];
        assert_eq!(of(&down), (Going, Some((1, 2, false))));
        down[3].2 = done();
        assert_eq!(of(&down), (TakenDown, Some((0, 2, false))));
        // A takedown that is given up in the midst leaves a part that readers see: it can be taken down again.
        let two = [(create, 1, done()), (create, 2, done())];
        let given_up =
            |first: ActState, second: ActState| [&two[..], &[(delete, 2, first), (delete, 1, second)]].concat();
        assert_eq!(of(&given_up(done(), cancelled())), (Out, Some((1, 2, false))));
        assert_eq!(of(&given_up(cancelled(), done())), (Out, Some((1, 2, false))));
        assert_eq!(of(&[(create, 1, done())]), (Out, None), "one part is no thread");
    }

    proptest! {
        #[test]
        fn a_retry_is_never_after_the_window_and_never_before_now(tried in 1..20_u32, late in -3_600_000..3_600_000_i64, wait in 0..7_200_000_i64) {
            let ends = NOW.plus(Millis(late));
            for outcome in [
                Outcome::NotSent { message: String::new() },
                Outcome::Throttled { until: Some(NOW.plus(Millis(wait))), alone: false, message: String::new() },
            ] {
                if let Next::RetryAt(at) = judge(outcome, tried, NOW, ends, Network::Bluesky) {
                    prop_assert!(at > NOW && at <= ends && tried < TRIES);
                }
            }
        }

        #[test]
        fn every_unknown_ends(looks in 1..50_u32) {
            for network in Network::ALL {
                let next = settle(Sighting::Unclear, looks, NOW, NOW, ENDS, Repeats::of(network, Deed::Create, None));
                prop_assert!(looks < LOOKS || next == Settled::Ask);
            }
        }
    }
}
