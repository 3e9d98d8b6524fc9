//! What a campaign holds against the engine, judged from the networks' side. Pure but for the counting: it reads what
//! the ledger says and what stands on the networks, and names every contradiction.

use std::fmt;

use domain::{
    delivery::{ActState, Deed, FailureKind, Hold, PublicationState},
    pin,
};
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
    /// So many times it is there without what was to hang there: a document, a poll, a video; or it is a post and not a story, or a
    /// later part of a thread and answers nothing.
    Bare(usize),
    /// All of the post is out, and for its first comment it is called something else.
    Dragged(PublicationState),
    /// It is to stand at the head of its channel, and neither does it nor is anybody told.
    Unpinned,
    /// It stands at the head of its channel, and nobody agreed to that.
    Pinned,
    /// It is out, other words were agreed to, and nobody wrote down that they are to be sent.
    Uncorrected,
    /// The ledger says that it was corrected, and so many times the network has other words.
    Stale(usize),
    /// The ledger says that it was not corrected, and the network has the new words.
    Early,
    /// So many times it was given the new words in place of others.
    Undone(usize),
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
            Violation::Bare(times) => write!(to, "bare: {times} times without what was agreed to hang there"),
            Violation::Dragged(state) => write!(to, "dragged: out, and called {state:?} for its first comment"),
            Violation::Unpinned => to.write_str("unpinned: to be pinned, is not, and nobody is told"),
            Violation::Pinned => to.write_str("pinned: nobody agreed to that"),
            Violation::Uncorrected => {
                to.write_str("uncorrected: other words were agreed to, and nobody is to send them")
            }
            Violation::Stale(times) => {
                write!(to, "stale: corrected in the ledger, {times} times in other words on the network")
            }
            Violation::Early => to.write_str("early: not corrected in the ledger, but on the network"),
            Violation::Undone(times) => write!(to, "undone: given the new words in place of others {times} times"),
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

/// Whether an act waits behind one that only a person can settle, or that waits so itself: it goes on when they have, and not before. A
/// part of a thread waits until the one before is out; a takedown waits for its own part, and for the other takedowns.
pub fn waits_for_a_person(acts: &[ActView], place: usize) -> bool {
    behind(acts, place).any(|(before, act)| is_at_rest(&act.state) || waits_for_a_person(acts, before))
}

/// Whether an act waits behind another one, whoever has that: its own time is no time to wait for.
pub fn waits_behind(acts: &[ActView], place: usize) -> bool {
    behind(acts, place).next().is_some()
}

/// What an act waits for: those before it that do not let it go, each with its place.
fn behind(acts: &[ActView], place: usize) -> impl Iterator<Item = (usize, &ActView)> {
    let waiting = &acts[place];
    let over = |act: &ActView| match (waiting.deed, &act.state) {
        (_, ActState::Done { .. }) => true,
        // Nothing waits for a first comment, and it waits for all of the post.
        _ if act.deed == Deed::Comment => true,
        (Deed::Create | Deed::Comment, _) => false,
        (_, ActState::Failed { .. } | ActState::Cancelled { .. }) => true,
        // A correction waits for its own part alone.
        (Deed::Edit, _) => act.part != waiting.part,
        (Deed::Delete, _) => act.deed != Deed::Delete && act.part != waiting.part,
    };
    acts[..place].iter().enumerate().filter(move |(_, act)| !over(act))
}

/// How a publication stands on its network.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Counted {
    /// How many times it is there.
    pub there: usize,
    /// How many of them are without what was to hang there.
    pub bare: usize,
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
    if counted.bare > 0 {
        broken.push(Violation::Bare(counted.bare));
    }
    match (&create.state, delete) {
        _ if by_hand => {}
        (_, Some(ActState::Done { .. })) if there > 0 => broken.push(Violation::Stray),
        (_, Some(_)) => {}
        (ActState::Done { .. }, None) if there == 0 => broken.push(Violation::Lost),
        // A part that waits for the one before was never sent.
        (ActState::Waiting | ActState::Failed { .. } | ActState::Held { .. } | ActState::Cancelled { .. }, None)
            if there > 0 =>
        {
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
    // Whatever explains the part before it.
    let explained = (part > 1 && waits) || is_explained(&create.state, excuses);
    if !explained {
        broken.push(Violation::Unexplained);
    }
    broken
}

/// Whether what was done to a run explains what an act came to.
fn is_explained(state: &ActState, excuses: Excuses) -> bool {
    match state {
        ActState::Done { .. } | ActState::InHand { .. } | ActState::Cancelled { .. } => true,
        _ if excuses.none => false,
        // Nothing else that is armed may end an act for good.
        ActState::Held { reason } => matches!(reason, Hold::Late | Hold::ChannelUnfit),
        ActState::Failed { failure } => {
            matches!(failure.kind, FailureKind::AccessRefused | FailureKind::Throttled | FailureKind::Unreachable)
        }
        _ => true,
    }
}

/// Whether readers see all of a publication, and it was not decided that they no longer shall.
fn is_out(view: &PublicationView) -> bool {
    let is_done = |act: &ActView| act.deed != Deed::Create || matches!(act.state, ActState::Done { .. });
    !view.is_leaving() && view.acts.iter().all(is_done)
}

/// Whether what readers see of it is what was agreed to last: no correction is still to come, or will not come.
fn is_as_agreed(view: &PublicationView) -> bool {
    let is_over = |act: &ActView| matches!(act.state, ActState::Done { .. } | ActState::Cancelled { .. });
    view.acts.iter().filter(|act| act.deed == Deed::Edit).all(is_over)
}

/// Judges the first comment of a publication, which was agreed to or not (`asked`): it is there once or a person knows, and the
/// post is out whatever becomes of it. That it rests, and is shown to somebody, is judged with the post.
pub fn judge_comment(view: &PublicationView, asked: bool, counted: Counted, excuses: Excuses) -> Vec<Violation> {
    let mut broken = Vec::new();
    let there = counted.there;
    let act = view.acts.iter().find(|act| act.deed == Deed::Comment);
    if there > 1 {
        broken.push(Violation::Twice(there));
    }
    let Some(act) = act.filter(|_| asked) else {
        broken.extend((there > 0).then_some(Violation::Stray));
        broken.extend(asked.then_some(Violation::Lost));
        return broken;
    };
    match &act.state {
        // What is taken down takes it along, and only with what stands there is it known where it is.
        _ if view.is_leaving() => {
            let is_gone = view.state == PublicationState::TakenDown;
            broken.extend((is_gone && there > 0).then_some(Violation::Stray));
        }
        ActState::Done { .. } if there == 0 => broken.push(Violation::Lost),
        ActState::Waiting | ActState::Failed { .. } | ActState::Held { .. } | ActState::Cancelled { .. }
            if there > 0 =>
        {
            broken.push(Violation::Stray);
        }
        _ => {}
    }
    if let Some(calls) = counted.calls.filter(|calls| *calls > act.attempts.len()) {
        broken.push(Violation::Unwritten { calls, attempts: act.attempts.len() });
    }
    if is_out(view) {
        let is_dragged = is_as_agreed(view) && view.state != PublicationState::Out;
        broken.extend(is_dragged.then_some(Violation::Dragged(view.state)));
        broken.extend((!is_explained(&act.state, excuses)).then_some(Violation::Unexplained));
    }
    broken
}

/// How a part of a publication that was corrected stands on its network.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Corrected {
    /// How many times in other words than were agreed to last.
    pub stale: usize,
    /// How many times in those.
    pub fresh: usize,
    /// How often it was given those in place of others, where the network counts that.
    pub given: usize,
    /// How many calls wanted to give it those, where the network counts them.
    pub calls: Option<usize>,
}

/// Judges a part of a publication whose post was corrected: readers see the words that were agreed to last, or the act says that they do
/// not, or that nobody knows; and a person is shown it (which is judged with the post). `can`: whether the network's posts can be
/// changed.
pub fn judge_correction(
    view: &PublicationView,
    part: u32,
    can: bool,
    stands: Corrected,
    excuses: Excuses,
) -> Vec<Violation> {
    let mut broken = Vec::new();
    let act = |deed| view.acts.iter().rfind(|act: &&ActView| act.deed == deed && act.part == part);
    let is_there = act(Deed::Create).is_some_and(|act| matches!(act.state, ActState::Done { .. }));
    if stands.given > 1 {
        broken.push(Violation::Undone(stands.given));
    }
    // What is to be taken down need not be put right before.
    if view.is_leaving() || !is_there {
        return broken;
    }
    let Some(edit) = act(Deed::Edit) else {
        broken.extend(can.then_some(Violation::Uncorrected));
        return broken;
    };
    match &edit.state {
        ActState::Done { .. } if stands.stale > 0 => broken.push(Violation::Stale(stands.stale)),
        ActState::Failed { .. } | ActState::Held { .. } | ActState::Cancelled { .. } | ActState::InHand { .. }
            if stands.fresh > 0 =>
        {
            broken.push(Violation::Early);
        }
        _ => {}
    }
    if let Some(calls) = stands.calls.filter(|calls| *calls > edit.attempts.len()) {
        broken.push(Violation::Unwritten { calls, attempts: edit.attempts.len() });
    }
    if !is_explained(&edit.state, excuses) {
        broken.push(Violation::Unexplained);
    }
    broken
}

/// Judges whether a publication stands at the head of its channel as it was agreed to (`asked`), or it is told that it does not.
/// `times`: how many messages of it stand there; `fit`: whether the channel lets anybody in.
pub fn judge_pin(view: &PublicationView, asked: bool, times: usize, fit: bool, excuses: Excuses) -> Option<Violation> {
    if view.is_leaving() {
        return None;
    }
    if !asked || !is_out(view) {
        return (times > 0).then_some(Violation::Pinned);
    }
    match view.pin.as_ref().map(|pin| pin.state) {
        Some(pin::State::Done) => (times == 0).then_some(Violation::Unpinned),
        Some(pin::State::Failed) => excuses.none.then_some(Violation::Unexplained),
        // Nobody can be pinned where nobody is let in; it waits until somebody connects the channel again.
        Some(pin::State::Waiting) => fit.then_some(Violation::Restless),
        None => Some(Violation::Unpinned),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::{ActId, ChannelId, Language, Moment, Network, PublicationId, delivery::Receipt};

    fn view(state: ActState) -> PublicationView {
        let act = ActView {
            id: ActId::from_bits(1),
            deed: Deed::Create,
            part: 1,
            state,
            due: Moment(0),
            ends: Moment(0),
            waits: None,
            sent: None,
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
        let receipt = Receipt {
            at: Moment(0),
            native_id: "1".to_owned(),
            address: None,
            revision: None,
            by: None,
            poster: None,
            unmentioned: Vec::new(),
        };
        ActState::Done { receipt }
    }

    const SOME: Excuses = Excuses { none: false };

    fn counted(there: usize) -> Counted {
        Counted { there, bare: 0, calls: None }
    }

    fn judged(state: ActState, there: usize) -> Vec<Violation> {
        judge(&view(state), 1, counted(there), false, true, SOME)
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
        assert_eq!(judge(&view(held()), 1, counted(0), false, false, SOME), [Violation::Silent]);
    }

    #[test]
    fn a_call_that_nobody_wrote_down_is_held_against_it() {
        let broken = judge(&view(done()), 1, Counted { calls: Some(1), ..counted(1) }, false, true, SOME);
        assert_eq!(broken, [Violation::Unwritten { calls: 1, attempts: 0 }]);
    }

    #[test]
    fn what_waits_for_a_person_rests_and_what_waits_for_the_network_does_not() {
        let attempt = domain::AttemptId::from_bits(1);
        let behind = |asked| {
            let mut view = view(ActState::Unknown { attempt: attempt.clone(), looks: 1, asked });
            let delete = ActView { deed: Deed::Delete, state: ActState::Waiting, ..view.acts[0].clone() };
            // The other parts of a thread are taken down behind that one.
            let second = ActView { part: 2, state: done(), ..view.acts[0].clone() };
            let other = ActView { part: 2, ..delete.clone() };
            view.acts.extend([second, delete, other]);
            [1, 2].map(|part| judge(&view, part, counted(0), true, true, SOME).contains(&Violation::Restless))
        };
        assert_eq!((behind(true), behind(false)), ([false; 2], [true; 2]));
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
        let judged = |part, there| judge(&thread, part, counted(there), false, true, SOME);
        assert_eq!((judged(1, 1), judged(2, 0), judged(3, 0)), (vec![], vec![], vec![]));
        assert_eq!((judged(1, 2), judged(2, 1)), (vec![Violation::Twice(2)], vec![Violation::Stray]));
    }

    #[test]
    fn a_later_part_is_promised_once_and_is_nowhere_while_it_waits_for_the_one_before() {
        let thread = |second: ActState, third: ActState| {
            let mut thread = view(done());
            let first = thread.acts[0].clone();
            let part = |part: u32, state: ActState| ActView {
                id: ActId::from_bits(u128::from(part)),
                part,
                state,
                ..first.clone()
            };
            thread.acts.extend([part(2, second), part(3, third)]);
            thread
        };
        let of = |view: &PublicationView, part, counted| judge(view, part, counted, false, true, SOME);
        let out = thread(done(), done());
        let (lost, twice) = (of(&out, 2, counted(0)), of(&out, 3, counted(2)));
        assert_eq!((of(&out, 2, counted(1)), lost, twice), (vec![], vec![Violation::Lost], vec![Violation::Twice(2)]));
        // As by an engine that sends again what was not answered, and forgets that it did.
        let again = of(&out, 2, Counted { calls: Some(2), ..counted(2) });
        assert_eq!(again, [Violation::Twice(2), Violation::Unwritten { calls: 2, attempts: 0 }]);
        assert_eq!(of(&out, 2, Counted { bare: 1, ..counted(1) }), [Violation::Bare(1)], "it answers nothing");
        let behind = thread(failed(FailureKind::Unreachable), ActState::Waiting);
        assert_eq!((of(&behind, 3, counted(0)), of(&behind, 3, counted(1))), (vec![], vec![Violation::Stray]));
    }

    /// A post that is out, and its first comment.
    fn commented(comment: ActState) -> PublicationView {
        let mut view = PublicationView { state: PublicationState::Out, ..view(done()) };
        let comment = ActView { id: ActId::from_bits(2), deed: Deed::Comment, state: comment, ..view.acts[0].clone() };
        view.acts.push(comment);
        view
    }

    fn failed(kind: FailureKind) -> ActState {
        let failure = domain::delivery::Failure { kind, message: String::new(), status: None };
        ActState::Failed { failure }
    }

    #[test]
    fn a_first_comment_is_there_once_or_a_person_knows() {
        let of = |state: ActState, there| judge_comment(&commented(state), true, counted(there), SOME);
        assert_eq!((of(done(), 1), of(done(), 0)), (vec![], vec![Violation::Lost]));
        assert_eq!(of(done(), 2), [Violation::Twice(2)]);
        let held = || ActState::Held { reason: Hold::Late };
        assert_eq!((of(held(), 0), of(held(), 1)), (vec![], vec![Violation::Stray]));
        assert_eq!(of(failed(FailureKind::Gone), 0), [Violation::Unexplained]);
        let attempt = domain::AttemptId::from_bits(1);
        let unknown = |asked| ActState::Unknown { attempt: attempt.clone(), looks: 2, asked };
        assert_eq!((of(unknown(true), 0), of(unknown(true), 1)), (vec![], vec![]));
        let asked = commented(unknown(true));
        assert_eq!(judge(&asked, 1, counted(1), false, false, SOME), [Violation::Silent], "and is shown to them");
        assert!(judge(&commented(unknown(false)), 1, counted(1), false, true, SOME).contains(&Violation::Restless));
        let calls = Counted { calls: Some(2), ..counted(1) };
        let unwritten = Violation::Unwritten { calls: 2, attempts: 0 };
        assert_eq!(judge_comment(&commented(done()), true, calls, SOME), [unwritten]);
        assert_eq!(judge_comment(&view(done()), true, counted(0), SOME), [Violation::Lost], "nobody wrote it down");
        assert_eq!(judge_comment(&view(done()), false, counted(1), SOME), [Violation::Stray], "nobody agreed to it");
    }

    #[test]
    fn a_post_is_out_whatever_becomes_of_its_first_comment() {
        let refused = || failed(FailureKind::AccessRefused);
        assert_eq!(judge_comment(&commented(refused()), true, counted(0), SOME), []);
        let dragged = PublicationView { state: PublicationState::Failed, ..commented(refused()) };
        let broken = judge_comment(&dragged, true, counted(0), SOME);
        assert_eq!(broken, [Violation::Dragged(PublicationState::Failed)]);
    }

    #[test]
    fn what_is_taken_down_takes_its_comment_along() {
        let cancelled = || ActState::Cancelled { by: None, reason: String::new() };
        let down = |delete: ActState, state, there| {
            let mut view = PublicationView { state, ..commented(cancelled()) };
            let delete = ActView { deed: Deed::Delete, state: delete, ..view.acts[0].clone() };
            view.acts.push(delete);
            judge_comment(&view, true, counted(there), SOME)
        };
        assert_eq!(down(done(), PublicationState::TakenDown, 0), []);
        assert_eq!(down(done(), PublicationState::TakenDown, 1), [Violation::Stray]);
        assert_eq!(down(failed(FailureKind::Throttled), PublicationState::Failed, 1), [], "it stands with the post");
    }

    /// A post that is out, and a correction of it.
    fn revised(edit: ActState) -> PublicationView {
        let mut view = PublicationView { state: PublicationState::Out, ..view(done()) };
        let edit = ActView { id: ActId::from_bits(2), deed: Deed::Edit, state: edit, ..view.acts[0].clone() };
        view.acts.push(edit);
        view
    }

    #[test]
    fn readers_see_what_was_agreed_to_last_or_it_is_said_that_they_do_not() {
        let (old, new) =
            (Corrected { stale: 1, ..Corrected::default() }, Corrected { fresh: 1, ..Corrected::default() });
        let of = |state: ActState, stands| judge_correction(&revised(state), 1, true, stands, SOME);
        assert_eq!((of(done(), new), of(done(), old)), (vec![], vec![Violation::Stale(1)]));
        let held = || ActState::Held { reason: Hold::Late };
        assert_eq!((of(held(), old), of(held(), new)), (vec![], vec![Violation::Early]));
        let unknown = || ActState::Unknown { attempt: domain::AttemptId::from_bits(1), looks: 2, asked: true };
        assert_eq!((of(unknown(), old), of(unknown(), new)), (vec![], vec![]));
        assert_eq!(of(failed(FailureKind::ContentRefused), old), [Violation::Unexplained]);
        assert_eq!(of(done(), Corrected { given: 2, ..new }), [Violation::Undone(2)]);
        let calls = Corrected { calls: Some(1), ..new };
        assert_eq!(of(done(), calls), [Violation::Unwritten { calls: 1, attempts: 0 }]);
    }

    #[test]
    fn a_correction_that_nobody_wrote_down_is_missed_where_there_can_be_one() {
        let old = Corrected { stale: 1, ..Corrected::default() };
        let of = |state: ActState, can| judge_correction(&view(state), 1, can, old, SOME);
        assert_eq!((of(done(), true), of(done(), false)), (vec![Violation::Uncorrected], vec![]));
        let held = ActState::Held { reason: Hold::Late };
        assert_eq!(of(held, true), [], "what is not out has nothing to be corrected");
        let mut leaving = view(done());
        leaving.acts.push(ActView { deed: Deed::Delete, state: ActState::Waiting, ..leaving.acts[0].clone() });
        assert_eq!(judge_correction(&leaving, 1, true, old, SOME), []);
    }

    #[test]
    fn a_correction_waits_for_its_own_part_alone() {
        let mut thread = revised(ActState::Waiting);
        let in_hand = || ActState::InHand { since: Moment(0) };
        let second = ActView { part: 2, state: in_hand(), ..thread.acts[0].clone() };
        thread.acts.insert(1, second);
        assert!(!waits_behind(&thread.acts, 2), "the part before it is somebody's");
        thread.acts[1].part = 1;
        assert!(waits_behind(&thread.acts, 2) && waits_for_a_person(&thread.acts, 2));
    }

    #[test]
    fn what_came_without_its_document_or_its_poll_is_not_what_was_agreed_to() {
        let bare = Counted { bare: 1, ..counted(1) };
        assert_eq!(judge(&view(done()), 1, bare, false, true, SOME), [Violation::Bare(1)]);
    }

    #[test]
    fn a_pin_is_right_or_told() {
        let of = |state: Option<pin::State>, times, fit| {
            let pin = state.map(|state| pin::Pin { state, message: String::new() });
            let view = PublicationView { pin, ..view(done()) };
            judge_pin(&view, true, times, fit, SOME)
        };
        use pin::State::{Done, Failed, Waiting};
        assert_eq!((of(Some(Done), 1, true), of(Some(Done), 0, true)), (None, Some(Violation::Unpinned)));
        assert_eq!((of(Some(Failed), 0, true), of(None, 0, true)), (None, Some(Violation::Unpinned)));
        assert_eq!((of(Some(Waiting), 0, true), of(Some(Waiting), 0, false)), (Some(Violation::Restless), None));
        assert_eq!(judge_pin(&view(done()), false, 1, true, SOME), Some(Violation::Pinned));
        let calm = Excuses { none: true };
        let failed = pin::Pin { state: Failed, message: String::new() };
        let failed = PublicationView { pin: Some(failed), ..view(done()) };
        assert_eq!(judge_pin(&failed, true, 0, true, calm), Some(Violation::Unexplained));
    }

    #[test]
    fn waiting_for_ever_is_no_rest_and_without_a_fault_nothing_fails() {
        assert!(judged(ActState::Waiting, 0).contains(&Violation::Restless));
        let held = ActState::Held { reason: Hold::Late };
        let broken = judge(&view(held), 1, counted(0), false, true, Excuses { none: true });
        assert_eq!(broken, [Violation::Unexplained]);
    }
}
