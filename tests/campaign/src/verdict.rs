//! What a campaign holds against the engine, judged from the networks' side. Pure but for the counting: it reads what
//! the ledger says and what stands on the networks, and names every contradiction.

use std::fmt;

use domain::delivery::{ActState, Deed, FailureKind, Hold};
use wire::publications::{ActView, PublicationView};

/// A broken promise.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Violation {
    /// The ledger says that it is out, the network does not have it.
    Lost,
    /// The network has it so many times.
    Twice(usize),
    /// The ledger says that it is not out, the network has it.
    Stray,
    /// It needs a person, and no person is shown it.
    Silent,
    /// It moves no more, and has not come to rest.
    Restless,
    /// The network saw more calls than attempts were written down.
    Unwritten {
        /// Calls that the network saw.
        calls: usize,
        /// Attempts in the ledger.
        attempts: usize,
    },
    /// It did not go out, and nothing that was done to it explains why.
    Unexplained,
}

impl fmt::Display for Violation {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Violation::Lost => to.write_str("lost: done in the ledger, not on the network"),
            Violation::Twice(times) => write!(to, "twice: on the network {times} times"),
            Violation::Stray => to.write_str("stray: not out in the ledger, but on the network"),
            Violation::Silent => to.write_str("silent: needs a person, and none is shown it"),
            Violation::Restless => to.write_str("restless: never came to rest"),
            Violation::Unwritten { calls, attempts } => {
                write!(to, "unwritten: the network saw {calls} calls of {attempts} attempts")
            }
            Violation::Unexplained => to.write_str("unexplained: did not go out without a fault that explains it"),
        }
    }
}

/// What was done to a run that may keep a publication from going out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Excuses {
    /// No fault at all was armed: everything must be done.
    pub none: bool,
}

/// Whether an act moves no more by itself.
pub const fn is_at_rest(state: &ActState) -> bool {
    matches!(
        state,
        ActState::Done { .. }
            | ActState::Failed { .. }
            | ActState::Held { .. }
            | ActState::InHand { .. }
            | ActState::Cancelled { .. }
            | ActState::Unknown { asked: true, .. }
    )
}

/// Whether an act waits behind one that only a person can settle: it goes on when they have, and not before. A part of a thread
/// waits until the one before is out; a takedown waits for its own part, and for the other takedowns.
pub fn waits_for_a_person(acts: &[ActView], place: usize) -> bool {
    behind(acts, place).any(|act| is_at_rest(&act.state))
}

/// Whether an act waits behind another one, whoever has that: its own time is no time to wait for.
pub fn waits_behind(acts: &[ActView], place: usize) -> bool {
    behind(acts, place).next().is_some()
}

/// What an act waits for: those before it that do not let it go.
fn behind(acts: &[ActView], place: usize) -> impl Iterator<Item = &ActView> {
    let waiting = &acts[place];
    let over = |act: &ActView| match (waiting.deed, &act.state) {
        (_, ActState::Done { .. }) => true,
        // Nothing waits for a first comment, and it waits for all of the post.
        _ if act.deed == Deed::Comment => true,
        (Deed::Create | Deed::Comment, _) => false,
        (_, ActState::Failed { .. } | ActState::Cancelled { .. }) => true,
        (Deed::Delete, _) => act.deed != Deed::Delete && act.part != waiting.part,
        _ => false,
    };
    acts[..place].iter().filter(move |act| !over(act))
}

/// How a publication stands on its network.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Counted {
    /// How many times it is there.
    pub there: usize,
    /// How many calls wanted to make it, where the network counts them.
    pub calls: Option<usize>,
}

/// Judges a part of a publication (the first is all of what is no thread); `by_hand` for a channel without a server, `shown` if
/// home shows its post.
pub fn judge(
    view: &PublicationView,
    part: u32,
    counted: Counted,
    by_hand: bool,
    shown: bool,
    excuses: Excuses,
) -> Vec<Violation> {
    let mut broken = Vec::new();
    let act = |deed| view.acts.iter().rfind(|act: &&ActView| act.deed == deed && act.part == part);
    let Some(create) = act(Deed::Create) else { return vec![Violation::Lost] };
    let delete = act(Deed::Delete).map(|act| &act.state);
    let moves = |place: usize| {
        let is_its = view.acts[place].part == part;
        is_its && !is_at_rest(&view.acts[place].state) && !waits_for_a_person(&view.acts, place)
    };
    if (0..view.acts.len()).any(moves) {
        broken.push(Violation::Restless);
    }
    let there = counted.there;
    if there > 1 {
        broken.push(Violation::Twice(there));
    }
    match (&create.state, delete) {
        _ if by_hand => {}
        (_, Some(ActState::Done { .. })) if there > 0 => broken.push(Violation::Stray),
        (_, Some(_)) => {}
        (ActState::Done { .. }, None) if there == 0 => broken.push(Violation::Lost),
        (ActState::Failed { .. } | ActState::Held { .. } | ActState::Cancelled { .. }, None) if there > 0 => {
            broken.push(Violation::Stray);
        }
        _ => {}
    }
    if let Some(calls) = counted.calls.filter(|calls| *calls > create.attempts.len()) {
        broken.push(Violation::Unwritten { calls, attempts: create.attempts.len() });
    }
    if view.acts.iter().any(|act| act.state.needs_a_person()) && !shown {
        broken.push(Violation::Silent);
    }
    let waits =
        view.acts.iter().position(|act| act.id == create.id).is_some_and(|at| waits_for_a_person(&view.acts, at));
    let explained = match &create.state {
        // Whatever explains the part before it.
        _ if part > 1 && waits => true,
        ActState::Done { .. } | ActState::InHand { .. } | ActState::Cancelled { .. } => true,
        _ if excuses.none => false,
        // Nothing else that is armed may end an act for good.
        ActState::Held { reason } => matches!(reason, Hold::Late | Hold::ChannelUnfit),
        ActState::Failed { failure } => {
            matches!(failure.kind, FailureKind::AccessRefused | FailureKind::Throttled | FailureKind::Unreachable)
        }
        _ => true,
    };
    if !explained {
        broken.push(Violation::Unexplained);
    }
    broken
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::{
        ActId, ChannelId, Language, Moment, Network, PublicationId,
        delivery::{PublicationState, Receipt},
    };

    fn view(state: ActState) -> PublicationView {
        let act = ActView {
            id: ActId::from_bits(1),
            deed: Deed::Create,
            part: 1,
            state,
            due: Moment(0),
            ends: Moment(0),
            waits: None,
            attempts: Vec::new(),
        };
        PublicationView {
            id: PublicationId::from_bits(1),
            channel: ChannelId::from_bits(1),
            network: Network::Mastodon,
            language: Language::spanish(),
            state: PublicationState::Waiting,
            acts: vec![act],
            pin: None,
        }
    }

    fn done() -> ActState {
        let receipt =
            Receipt { at: Moment(0), native_id: "1".to_owned(), address: None, revision: None, by: None, poster: None };
        ActState::Done { receipt }
    }

    const SOME: Excuses = Excuses { none: false };

    fn judged(state: ActState, there: usize) -> Vec<Violation> {
        judge(&view(state), 1, Counted { there, calls: None }, false, true, SOME)
    }

    #[test]
    fn once_is_what_is_promised() {
        assert_eq!(judged(done(), 1), []);
        assert_eq!(judged(done(), 0), [Violation::Lost]);
        assert_eq!(judged(done(), 2), [Violation::Twice(2)]);
    }

    #[test]
    fn what_is_held_is_nowhere_and_is_shown() {
        let held = || ActState::Held { reason: Hold::Late };
        assert_eq!(judged(held(), 0), []);
        assert_eq!(judged(held(), 1), [Violation::Stray]);
        assert_eq!(judge(&view(held()), 1, Counted { there: 0, calls: None }, false, false, SOME), [Violation::Silent]);
    }

    #[test]
    fn a_call_that_nobody_wrote_down_is_held_against_it() {
        let broken = judge(&view(done()), 1, Counted { there: 1, calls: Some(1) }, false, true, SOME);
        assert_eq!(broken, [Violation::Unwritten { calls: 1, attempts: 0 }]);
    }

    #[test]
    fn what_waits_for_a_person_rests_and_what_waits_for_the_network_does_not() {
        let attempt = domain::AttemptId::from_bits(1);
        let behind = |asked| {
            let mut view = view(ActState::Unknown { attempt: attempt.clone(), looks: 1, asked });
            let delete = ActView { deed: Deed::Delete, state: ActState::Waiting, ..view.acts[0].clone() };
            view.acts.push(delete);
            judge(&view, 1, Counted { there: 0, calls: None }, true, true, SOME)
        };
        assert_eq!(behind(true), []);
        assert!(behind(false).contains(&Violation::Restless));
    }

    #[test]
    fn a_part_behind_one_that_failed_rests_until_a_person_comes_and_each_is_counted_alone() {
        let failure =
            domain::delivery::Failure { kind: FailureKind::Unreachable, message: String::new(), status: None };
        let mut thread = view(done());
        let part = |id: u128, part: u32, state: ActState| ActView {
            id: ActId::from_bits(id),
            part,
            state,
            ..thread.acts[0].clone()
        };
        let behind = [part(2, 2, ActState::Failed { failure }), part(3, 3, ActState::Waiting)];
        thread.acts.extend(behind);
        let judged = |part, there| judge(&thread, part, Counted { there, calls: None }, false, true, SOME);
        assert_eq!((judged(1, 1), judged(2, 0), judged(3, 0)), (vec![], vec![], vec![]));
        assert_eq!((judged(1, 2), judged(2, 1)), (vec![Violation::Twice(2)], vec![Violation::Stray]));
    }

    #[test]
    fn waiting_for_ever_is_no_rest_and_without_a_fault_nothing_fails() {
        assert!(judged(ActState::Waiting, 0).contains(&Violation::Restless));
        let held = ActState::Held { reason: Hold::Late };
        let broken = judge(&view(held), 1, Counted { there: 0, calls: None }, false, true, Excuses { none: true });
        assert_eq!(broken, [Violation::Unexplained]);
    }
}
