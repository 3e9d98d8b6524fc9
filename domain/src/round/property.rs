//! The proof over random towns: circuits, people, absences, substitutes, edits and every order of events.
//! Separate from the unit tests because it carries a judge of its own: it keeps a diary of what happened and judges a
//! publication from the diary, with none of the round's own reckoning.

use std::collections::BTreeSet;

use proptest::{
    prelude::*,
    test_runner::{Config, TestRunner},
};

use super::tests::{content, delegation, facts, member};
use super::*;
use crate::{
    Access, Approval, DelegationId, Kind, Language, Millis, Plan, Post, Role, Slot, Stage, UnitId,
    circuit::{Clause, Deadline, Facet, Holds, Quorum, Seat, Silence},
    delegation::{Delegation, Scope, Share, Term},
    hours::{Hours, Shift, WorkMinutes},
    party::Party,
    people::{Absence, Colleague},
    plan::Missed,
    post::Runway,
    zone::Zone,
};

const HOUR: i64 = 3_600_000;
/// The end of the envelope of the unit tests is at 1,000 s; here everything takes hours.
const END: Moment = Moment(60 * HOUR);

#[derive(Debug, Clone)]
enum Event {
    Edit {
        by: u128,
        es: u8,
        en: u8,
    },
    Submit {
        by: u128,
    },
    /// Anybody, for anybody, in any step, having seen this content or an older one.
    Try {
        by: u128,
        acting_for: Option<u128>,
        step: u128,
        choice: Choice,
        stale: bool,
    },
    /// One of those who can, as the round says.
    Nudge {
        which: usize,
        choice: Choice,
    },
    Withdraw,
    Wait {
        hours: i64,
    },
    Revoke {
        which: usize,
    },
    Leave {
        who: u128,
    },
    Redraw,
    Publish {
        after: i64,
    },
    /// Somebody plans it for so many half hours from now; soon, so that many are overtaken.
    Wish {
        by: u128,
        after: i64,
    },
}

#[derive(Debug, Clone)]
struct World {
    people: People,
    circuit: Circuit,
    events: Vec<Event>,
}

fn somebody() -> impl Strategy<Value = u128> {
    1..=6_u128
}

fn outside() -> Person {
    Person::Outside { mailbox: "a@agency.example".parse().unwrap() }
}

fn party() -> impl Strategy<Value = Party> {
    let roles = prop::sample::select(vec![Role::Author, Role::Approver, Role::Administrator]);
    prop_oneof![
        4 => somebody().prop_map(|n| Party::Member { member: member(n) }),
        2 => roles.prop_map(|role| Party::Role { role }),
        2 => (1..=2_u128).prop_map(|n| Party::Unit { unit: UnitId::from_bits(n) }),
        1 => Just(Party::Outside { mailbox: "a@agency.example".parse().unwrap() }),
    ]
}

fn step() -> impl Strategy<Value = Step> {
    let seat = (party(), 1..=2_u8).prop_map(|(party, places)| Seat { places, ..Seat::from(party) });
    let quorum =
        prop_oneof![Just(Quorum::Any), Just(Quorum::All), (1..=3_u8).prop_map(|count| Quorum::AtLeast { count }),];
    let never = Clause { holds: Holds::Any, facet: Facet::Kinds(BTreeSet::from([Kind::Legal])) };
    let when = prop_oneof![6 => Just(vec![]), 1 => Just(vec![never])];
    let ladder = prop::collection::vec(party(), 1..3).prop_map(|parties| {
        let rung = |party| Rung { after: WorkMinutes::hours(1), party };
        let silence = Silence::Escalate { ladder: parties.into_iter().map(rung).collect() };
        Some(Deadline { within: WorkMinutes::hours(2), reminders: vec![], silence })
    });
    let calm = prop::sample::select(vec![Silence::Hold, Silence::Replan, Silence::Replan]);
    let calm = calm.prop_map(|silence| Some(Deadline { within: WorkMinutes::hours(2), reminders: vec![], silence }));
    let deadline = prop_oneof![1 => Just(None), 2 => ladder, 3 => calm];
    let english = Sight::Languages { these: vec![Language::english()] };
    let sight = prop_oneof![Just(Sight::Everything), Just(english)];
    (prop::collection::vec(seat, 1..=2), quorum, when, deadline, sight).prop_map(
        |(seats, quorum, when, deadline, sight)| {
            let (id, name) = (StepId::from_bits(0), String::new());
            Step { id, name, seats, quorum, when, deadline, sight }
        },
    )
}

fn circuit() -> impl Strategy<Value = Circuit> {
    let hats = prop::sample::select(vec![Hats::OnceARound, Hats::OnceAStep]);
    let again = prop::sample::select(vec![Again::Everything, Again::OnlyChanged]);
    let duties = prop::sample::select(vec![crate::circuit::Duties::Shared, crate::circuit::Duties::Apart]);
    (prop::collection::vec(step(), 1..=3), hats, again, duties).prop_map(|(mut steps, hats, again, duties)| {
        for (step, n) in steps.iter_mut().zip(1..) {
            step.id = StepId::from_bits(n);
        }
        super::tests::circuit(steps, Options { hats, duties, again })
    })
}

fn people() -> impl Strategy<Value = People> {
    let roles = prop::sample::select(vec![Role::Author, Role::Approver, Role::Approver, Role::Administrator]);
    let access = prop_oneof![
        6 => Just(Access::Everywhere),
        1 => (0..40_i64).prop_map(|end| Access::Limited {
            channels: vec![ChannelId::from_bits(1)], from: Moment(0), until: Moment(end * HOUR),
        }),
    ];
    let units = prop::collection::btree_set((1..=2_u128).prop_map(UnitId::from_bits), 0..=2);
    let colleague = (roles, access, units);
    let hours = || (0..30_i64, 1..30_i64);
    let scope = prop_oneof![
        2 => Just(Scope::ALL),
        1 => (1..=3_u128).prop_map(|n| Scope {
            steps: Share::Only { these: vec![StepId::from_bits(n)] }, ..Scope::ALL
        }),
    ];
    (
        prop::collection::vec(colleague, 6),
        prop::collection::vec((somebody(), hours()), 0..4),
        prop::collection::vec((somebody(), somebody(), (0..4_i64, 10..60_i64), scope), 2..8),
    )
        .prop_map(|(colleagues, absences, delegations)| {
            let mut people = People::default();
            for ((role, access, units), n) in colleagues.into_iter().zip(1..) {
                let (id, units) = (member(n), units.into_iter().collect());
                people.colleagues.push(Colleague { id, role, units, access, mailbox: None });
            }
            let term =
                |(from, long): (i64, i64)| Term { from: Moment(from * HOUR), until: Moment((from + long) * HOUR) };
            let absence = |(n, hours)| Absence { member: member(n), term: term(hours) };
            people.absences = absences.into_iter().map(absence).collect();
            for ((of, to, hours, scope), id) in delegations.into_iter().zip(1..) {
                let one = Delegation {
                    id: DelegationId::from_bits(id),
                    term: term(hours),
                    scope,
                    ..delegation(of, to, 0, 1)
                };
                // As the engine does: what is refused is not there.
                people.delegations.extend(one.admit(&people.delegations, Moment(0)).ok());
            }
            people
        })
}

fn event() -> impl Strategy<Value = Event> {
    let comment = || "por esto".to_owned();
    let choice = prop_oneof![
        4 => Just(Choice::Approve),
        1 => Just(Choice::Reserve { comment: comment() }),
        1 => Just(Choice::Return { comment: comment(), place: None }),
    ];
    let nudged = prop_oneof![
        12 => Just(Choice::Approve),
        1 => Just(Choice::Reserve { comment: comment() }),
        1 => Just(Choice::Return { comment: comment(), place: None }),
    ];
    let tried = (somebody(), prop::option::of(somebody()), 1..=3_u128, choice, prop::bool::weighted(0.1));
    prop_oneof![
        2 => (somebody(), 0..3_u8, 0..3_u8).prop_map(|(by, es, en)| Event::Edit { by, es, en }),
        4 => somebody().prop_map(|by| Event::Submit { by }),
        5 => tried.prop_map(|(by, acting_for, step, choice, stale)| Event::Try { by, acting_for, step, choice, stale }),
        12 => (0..20_usize, nudged).prop_map(|(which, choice)| Event::Nudge { which, choice }),
        1 => Just(Event::Withdraw),
        4 => (1..4_i64).prop_map(|hours| Event::Wait { hours }),
        1 => (0..6_usize).prop_map(|which| Event::Revoke { which }),
        1 => somebody().prop_map(|who| Event::Leave { who }),
        1 => Just(Event::Redraw),
        6 => (0..80_i64).prop_map(|after| Event::Publish { after }),
        6 => (1..=18_u128, prop_oneof![Just(0), 0..8_i64]).prop_map(|(by, after)| Event::Wish { by, after }),
    ]
}

fn world() -> impl Strategy<Value = World> {
    (people(), circuit(), prop::collection::vec(event(), 1..60)).prop_map(|(people, circuit, events)| World {
        people,
        circuit,
        events,
    })
}

/// What the judge knows: a word, as it was given.
#[derive(Debug, Clone)]
struct Word {
    round: u32,
    step: u128,
    by: Person,
    acting_for: Option<u128>,
    yes: bool,
    at: Moment,
    texts: (u8, u8),
    /// The town as it was then.
    people: People,
}

/// A submission, as it was made.
#[derive(Debug, Clone)]
struct Submitted {
    round: u32,
    texts: (u8, u8),
    hands: BTreeSet<u128>,
    version: u32,
    at: Moment,
}

#[derive(Debug, Default, Clone)]
struct Diary {
    words: Vec<Word>,
    submitted: Vec<Submitted>,
    /// The last submission was taken back or overtaken by an edit.
    over: bool,
}

fn number(step: &Step) -> u128 {
    (1..=3).find(|n| step.id == StepId::from_bits(*n)).unwrap()
}

impl Word {
    fn heads(&self) -> Vec<Person> {
        let other = self.acting_for.map(|n| Person::from(member(n)));
        std::iter::once(self.by.clone()).chain(other).collect()
    }

    fn whom(&self) -> Person {
        self.acting_for.map_or_else(|| self.by.clone(), |n| member(n).into())
    }

    fn colleague<'a>(&'a self, person: &Person) -> Option<&'a Colleague> {
        self.people.colleagues.iter().find(|colleague| Some(&colleague.id) == person.member())
    }

    fn fits(&self, party: &Party) -> bool {
        let whom = self.whom();
        match party {
            Party::Outside { .. } => whom == outside(),
            Party::Member { member } => whom.member() == Some(member),
            Party::Role { role } => self.colleague(&whom).is_some_and(|colleague| colleague.role == *role),
            Party::Unit { unit } => self.colleague(&whom).is_some_and(|colleague| colleague.units.contains(unit)),
        }
    }

    /// Whether this person could lawfully speak for whom they spoke for, there and then.
    fn is_lawful(&self) -> bool {
        let there = self.heads().iter().all(|head| match head {
            Person::Outside { .. } => true,
            Person::Member { .. } => self.colleague(head).is_some_and(|colleague| match &colleague.access {
                Access::Everywhere => true,
                Access::Limited { until, .. } => self.at < *until,
            }),
        });
        there
            && self.acting_for.is_none_or(|of| {
                self.people.delegations.iter().any(|one| {
                    one.of == member(of)
                        && Some(&one.to) == self.by.member()
                        && one.term.from <= self.at
                        && self.at < one.term.until
                        && one.revoked.is_none_or(|revoked| self.at < revoked)
                        && match &one.scope.steps {
                            Share::All => true,
                            Share::Only { these } => these.contains(&StepId::from_bits(self.step)),
                        }
                })
            })
    }
}

impl Diary {
    /// The words that count for a step of the last submission.
    fn counted(&self, step: &Step, options: Options) -> Vec<&Word> {
        let last = self.submitted.last().unwrap();
        let stands = |word: &&Word| {
            let later = self.submitted.iter().filter(|later| later.round >= word.round);
            let first = self.submitted.iter().find(|one| one.round == word.round).unwrap();
            let mut later = later;
            let seen = |texts: (u8, u8)| match step.sight {
                Sight::Everything => texts,
                _ => (0, texts.1),
            };
            let heads: Vec<u128> = (1..=6).filter(|n| word.heads().contains(&Person::from(member(*n)))).collect();
            word.yes
                && word.step == number(step)
                && (word.round == last.round || options.again == Again::OnlyChanged)
                && later.all(|one| {
                    seen(one.texts) == seen(word.texts)
                        && one.version == first.version
                        && !heads.iter().any(|head| one.hands.contains(head))
                })
        };
        self.words.iter().filter(stands).collect()
    }

    /// Judges a publication of these texts at this moment.
    fn judge(&self, circuit: &Circuit, texts: (u8, u8), slot: Moment) -> Result<(), String> {
        let wrong = |what: &str| Err(format!("published {what}"));
        let Some(last) = self.submitted.last() else { return wrong("without a submission") };
        if self.over || last.texts != texts {
            return wrong("another content");
        }
        if slot > END {
            return wrong("outside its times");
        }
        if self.words.iter().any(|word| word.round == last.round && !word.yes) {
            return wrong("what was returned");
        }
        let steps: Vec<&Step> = circuit.steps.iter().filter(|step| step.when.is_empty()).collect();
        if steps.is_empty() {
            return wrong("without a step");
        }
        let mut heads: BTreeSet<Person> = BTreeSet::new();
        let mut begun = last.at;
        for step in steps {
            if circuit.options.hats == Hats::OnceAStep {
                heads.clear();
            }
            let words = self.counted(step, circuit.options);
            let places: Vec<&Party> =
                step.seats.iter().flat_map(|seat| (0..seat.places).map(|_| &seat.party)).collect();
            let needed = match step.quorum {
                Quorum::Any => 1,
                Quorum::All => places.len(),
                Quorum::AtLeast { count } => count.into(),
            };
            if words.len() != needed {
                return Err(format!("published with {} words where {needed} are needed", words.len()));
            }
            for word in &words {
                if !word.is_lawful() {
                    return wrong("on the word of somebody who could not give it");
                }
                if !word.heads().into_iter().collect::<BTreeSet<_>>().into_iter().all(|head| heads.insert(head)) {
                    return wrong("with somebody counted twice");
                }
            }
            if !seated(&words, &places, &mut Vec::new(), &|word, party| {
                word.fits(party) || self.on_ladder(step, word, begun)
            }) {
                return wrong("with people who do not fit the places");
            }
            begun = words.iter().map(|word| word.at).fold(begun, Moment::max);
        }
        Ok(())
    }

    /// Whether the ladder let somebody in. A word of an earlier round was judged by that round's clock: it is taken.
    fn on_ladder(&self, step: &Step, word: &Word, begun: Moment) -> bool {
        let earlier = self.submitted.last().is_some_and(|last| word.round != last.round);
        let Some(Silence::Escalate { ladder }) = step.deadline.as_ref().map(|deadline| &deadline.silence) else {
            return false;
        };
        (3..)
            .zip(ladder)
            .any(|(hours, rung)| word.fits(&rung.party) && (earlier || begun.plus(Millis::hours(hours)) <= word.at))
    }
}

/// Whether every word finds a place of its own; tries everything.
fn seated(words: &[&Word], places: &[&Party], taken: &mut Vec<usize>, fits: &dyn Fn(&Word, &Party) -> bool) -> bool {
    let Some((word, rest)) = words.split_first() else { return true };
    (0..places.len()).any(|place| {
        if taken.contains(&place) || !fits(word, places[place]) {
            return false;
        }
        taken.push(place);
        let all = seated(rest, places, taken, fits);
        taken.pop();
        all
    })
}

/// Whether those who can move a round could bring the step that is open to its end, one after the other.
fn can_end(round: &Round, now: Now<'_>, step: &StepId) -> bool {
    let Some(waiting) = round.waiting(now).filter(|waiting| waiting.step == *step) else { return true };
    waiting.movers.iter().any(|mover| can_end(&agree(round, mover, step, now).unwrap(), now, step))
}

fn agree(round: &Round, mover: &Mover, step: &StepId, now: Now<'_>) -> Result<Round, Refusal> {
    say(round, mover, step, Choice::Approve, now)
}

fn say(round: &Round, mover: &Mover, step: &StepId, choice: Choice, now: Now<'_>) -> Result<Round, Refusal> {
    let ballot = Ballot {
        by: mover.person.clone(),
        acting_for: mover.acting_for.clone(),
        step: step.clone(),
        content_hash: round.content_hash.clone(),
        choice,
    };
    round.clone().decide(ballot, now)
}

/// How often the things that the proof is about happened: a proof over nothing proves nothing.
#[derive(Debug, Default, Clone, Copy)]
struct Seen {
    published: usize,
    refused: usize,
    by_delegation: usize,
    survived: usize,
    escalated: usize,
    missing: usize,
    landed: usize,
    replanned: usize,
    held: usize,
    passed_over: usize,
}

fn live(world: World, seen: &mut Seen) -> Result<(), TestCaseError> {
    let World { mut people, mut circuit, events } = world;
    let open = vec![Shift { from: 0, until: 1_440 }];
    let hours = Hours { week: std::array::from_fn(|_| open.clone()), holidays: BTreeSet::new() };
    let zone = Zone::utc();
    let (mut at, mut texts, mut hands) = (Moment(0), (0_u8, 0_u8), BTreeSet::from([1_u128]));
    let mut round: Option<Round> = None;
    let mut diary = Diary::default();
    let mut wish: Option<(u128, Slot)> = None;
    let mut law = circuit.clone();

    for event in events {
        at = at.plus(Millis::minutes(1));
        let town = people.clone();
        let now = Now { at, people: &town, calendar: Calendar { hours: &hours, zone: &zone } };
        let before = round.clone();
        let mut word = None;
        match event {
            Event::Edit { by, es, en } => {
                if texts != (es, en) {
                    hands.insert(by);
                    diary.over = true;
                }
                texts = (es, en);
                round = round.map(|round| round.edited(&content(es, en), &member(by), at));
            }
            Event::Submit { by } => {
                let mut all: BTreeSet<MemberId> = hands.iter().copied().map(member).collect();
                all.insert(member(by));
                let submission = Submission {
                    post: &PostId::from_bits(1),
                    content: &content(texts.0, texts.1),
                    hands: all,
                    by: &member(by),
                    circuit: &circuit,
                    facts: &facts(),
                    envelope: Envelope::Times { from: Moment(0), until: END },
                };
                if let Ok(opened) = Round::open(submission, round.as_ref(), at) {
                    let hands = hands.iter().copied().chain([by]).collect();
                    let (version, number) = (circuit.version, opened.number);
                    diary.submitted.push(Submitted { round: number, texts, hands, version, at });
                    diary.over = false;
                    law = circuit.clone();
                    seen.survived += opened.decisions.len();
                    round = Some(opened);
                }
            }
            Event::Try { by, acting_for, step, choice, stale } => {
                if let Some(open) = round.clone() {
                    let by: Person = if by == 6 && acting_for.is_none() { outside() } else { member(by).into() };
                    let content_hash = if stale { content(9, 9).hash() } else { content(texts.0, texts.1).hash() };
                    let yes = choice.agrees();
                    let ballot = Ballot {
                        by: by.clone(),
                        acting_for: acting_for.map(member),
                        step: StepId::from_bits(step),
                        content_hash,
                        choice,
                    };
                    if let Ok(decided) = open.decide(ballot, now) {
                        prop_assert!(!stale);
                        word = Some((step, by, acting_for, yes));
                        round = Some(decided);
                    }
                }
            }
            Event::Nudge { which, choice } => {
                let waiting = round.as_ref().and_then(|round| round.waiting(now));
                if let Some((waiting, open)) = waiting.zip(round.clone())
                    && !waiting.movers.is_empty()
                {
                    let mover = &waiting.movers[which % waiting.movers.len()];
                    let yes = choice.agrees();
                    let decided = say(&open, mover, &waiting.step, choice, now);
                    prop_assert!(decided.is_ok(), "{mover:?} cannot: {decided:?}");
                    let for_whom = (1..=6).find(|n| Some(member(*n)) == mover.acting_for);
                    let step = (1..=3).find(|n| waiting.step == StepId::from_bits(*n)).unwrap();
                    word = Some((step, mover.person.clone(), for_whom, yes));
                    round = decided.ok();
                }
            }
            Event::Withdraw => {
                if let Some(Ok(withdrawn)) = round.clone().map(|round| round.withdraw(&member(1), at)) {
                    diary.over = true;
                    round = Some(withdrawn);
                }
            }
            Event::Wait { hours } => at = at.plus(Millis::hours(hours)),
            Event::Revoke { which } => {
                if let Some(one) = people.delegations.get_mut(which) {
                    one.revoked.get_or_insert(at);
                }
            }
            Event::Leave { who } => people.colleagues.retain(|colleague| colleague.id != member(who)),
            Event::Redraw => circuit.version += 1,
            Event::Wish { by, after } => wish = Some((by, slot(at.plus(Millis::minutes(30 * after))))),
            Event::Publish { after } => {
                let slot = slot(at.plus(Millis::hours(after)));
                let ground = round.as_ref().map_or(Err(Refusal::NotApproved), Round::ground);
                match ground.and_then(|ground| ground.covers(&content(texts.0, texts.1), &slot)) {
                    Ok(()) => {
                        seen.published += 1;
                        if let Err(wrong) = diary.judge(&law, texts, slot.at) {
                            return Err(TestCaseError::fail(format!("{wrong}: {diary:#?} {round:#?}")));
                        }
                    }
                    Err(_) => {
                        seen.refused += 1;
                        prop_assert!(diary.judge(&law, texts, slot.at).is_err(), "refused what is in order");
                    }
                }
            }
        }
        if let Some((step, by, acting_for, yes)) = word {
            let number = before.as_ref().map_or(0, |round| round.number);
            seen.by_delegation += usize::from(acting_for.is_some());
            let word = Word { round: number, step, by, acting_for, yes, at, texts, people: town.clone() };
            let law_step = law.steps.iter().find(|one| one.id == StepId::from_bits(step)).unwrap();
            seen.escalated += usize::from(!law_step.seats.iter().any(|seat| word.fits(&seat.party)));
            diary.words.push(word);
            if let Some(round) = round.as_ref()
                && matches!(round.state(), State::Agreed { .. })
            {
                let planner = wish.as_ref().map_or(7, |(planner, _)| *planner);
                // What was wished, and an hour on either side of the last word.
                let (late, ahead) = (slot(round.begun(round.steps.len() - 1)), slot(at.plus(Millis::hours(2))));
                for slot in wish.iter().map(|(_, slot)| slot.clone()).chain([late, ahead]) {
                    land(round, texts, &(planner, slot), now, (&diary, &law), seen)?;
                }
            }
        }
        invariants(round.as_ref(), Now { at, people: &people, ..now }, seen)?;
    }
    Ok(())
}

fn slot(at: Moment) -> Slot {
    let civil = chrono::NaiveDateTime::default();
    Slot { civil, zone: "UTC".to_owned(), at, window: Millis::minutes(30) }
}

/// The last word was given over what somebody had planned: it is placed at an hour that is still ahead and that everybody
/// agreed to, or nowhere, for a reason that is true.
fn land(
    round: &Round,
    texts: (u8, u8),
    (planner, wished): &(u128, Slot),
    now: Now<'_>,
    (diary, law): (&Diary, &Circuit),
    seen: &mut Seen,
) -> Result<(), TestCaseError> {
    // Mostly somebody who publishes.
    let publishers = || now.people.colleagues.iter().filter(|one| crate::may(one.role, crate::Act::Publish));
    let by = match *planner {
        n @ 1..=6 => member(n),
        n => publishers().nth(n as usize % 2).map_or_else(|| member(1), |one| one.id.clone()),
    };
    let slot = wished.clone();
    let post = Post {
        plan: Some(Plan::Wished { slot, by: by.clone() }),
        stage: Stage::Approved { approval: Approval::Agreed { round: Box::new(round.clone()) } },
        ..Post::new(PostId::from_bits(1), member(1), content(texts.0, texts.1))
    };
    let taken = [now.at.plus(Millis::minutes(40))];
    let runway = Runway { stopped: None, room: crate::plan::Room { taken: &taken, marks: &[] } };
    let post = crate::Step { post, effects: Vec::new() }.land(runway, now).post;
    let publishes = now.people.colleague(&by).is_some_and(|one| crate::may(one.role, crate::Act::Publish));
    let hats = round.decisions.iter().any(|decision| decision.hats.contains(&by.clone().into()));
    let mixed = round.options.duties == crate::circuit::Duties::Apart && (hats || round.hands.contains(&by));
    match (&post.stage, post.missed()) {
        (Stage::Placed { slot, .. }, None) => {
            seen.landed += 1;
            prop_assert!(slot.at >= now.at, "goes out at once");
            prop_assert!(publishes && !mixed, "published by somebody who may not");
            if let Err(wrong) = diary.judge(law, texts, slot.at) {
                return Err(TestCaseError::fail(format!("landed, {wrong}: {diary:#?} {round:#?}")));
            }
            if slot != wished {
                seen.replanned += 1;
                prop_assert!(wished.at < now.at && slot.at > now.at);
                prop_assert!(taken.iter().all(|other| (other.0 - slot.at.0).abs() >= crate::plan::APART.0));
            }
        }
        (Stage::Approved { .. }, Some((lost, why))) => {
            seen.held += 1;
            prop_assert_eq!(lost, wished);
            let is_true = match why {
                Missed::Passed => wished.at < now.at,
                Missed::NoRoom => wished.at < now.at && now.at.plus(Millis::hours(2)) > END,
                Missed::DutiesApart => mixed,
                Missed::PlannerGone => !publishes,
                // An hour after the times that are agreed to is not planned for a post that is in review.
                Missed::Blocked => wished.at > END,
                Missed::GivenUp | Missed::Paused => false,
            };
            prop_assert!(is_true, "{why:?}");
        }
        other => prop_assert!(false, "{other:?}"),
    }
    Ok(())
}

/// What holds after whatever happened.
fn invariants(round: Option<&Round>, now: Now<'_>, seen: &mut Seen) -> Result<(), TestCaseError> {
    let Some(round) = round else { return Ok(()) };
    for (place, one) in round.decisions.iter().enumerate() {
        for other in &round.decisions[..place] {
            let counted = round.options.hats == Hats::OnceARound || one.step == other.step;
            prop_assert!(!counted || one.hats.is_disjoint(&other.hats), "counted twice: {one:?} {other:?}");
        }
    }
    for (step, _) in &round.steps {
        let rows = round.rows(&step.id);
        prop_assert_eq!(seating::filled(&rows, step.places().len()), rows.len(), "a word without a place");
    }
    let Some(waiting) = round.waiting(now) else {
        let open = matches!(round.state(), State::Open { .. });
        prop_assert!(!open);
        return Ok(());
    };
    prop_assert!(!waiting.movers.is_empty() || !waiting.missing.is_empty(), "waits in silence");
    for absence in now.people.absences.iter().filter(|one| one.term.from <= now.at && now.at < one.term.until) {
        let asked = waiting.movers.iter().any(|mover| mover.person.member() == Some(&absence.member));
        prop_assert!(!asked, "asks who is away: {absence:?}");
    }
    seen.missing += usize::from(!waiting.missing.is_empty());
    // Whoever can move it is found by whom it asks; and it is not found for everybody.
    let asked = round.asks().ok_or_else(|| TestCaseError::fail("it waits, and asks nobody"))?;
    for by in (1..=6_u128).map(member) {
        let found = asked.finds(&by, now);
        prop_assert!(found || round.moves_of(&by, now).is_empty(), "{by} is passed over: {asked:?}");
        seen.passed_over += usize::from(!found);
    }
    // Everybody there who is not said to be able to move it cannot, in any hat.
    for by in (1..=6_u128).filter(|n| now.people.away(&member(*n), now.at).is_none()) {
        for acting_for in std::iter::once(None).chain((1..=6).map(|n| Some(member(n)))) {
            let mover = Mover { person: member(by).into(), acting_for };
            let can = agree(round, &mover, &waiting.step, now).is_ok();
            prop_assert_eq!(can, waiting.movers.contains(&mover), "{:?}", mover);
        }
    }
    // Nobody is missing exactly when those who are there can bring the step to its end.
    if waiting.needed - waiting.taken <= 2 {
        prop_assert_eq!(can_end(round, now, &waiting.step), waiting.missing.is_empty(), "{:?}", waiting);
    }
    Ok(())
}

#[test]
fn nothing_is_published_without_exactly_the_words_it_needs_and_nothing_waits_in_silence() {
    let mut runner = TestRunner::new(Config { cases: 400, failure_persistence: None, ..Config::default() });
    let seen = std::cell::Cell::new(Seen::default());
    let outcome = runner.run(&world(), |world| {
        let mut now = seen.get();
        let lived = live(world, &mut now);
        seen.set(now);
        lived
    });
    if let Err(wrong) = outcome {
        panic!("{wrong}");
    }
    let seen = seen.get();
    assert!(seen.published > 20 && seen.refused > 500, "{seen:?}");
    assert!(seen.landed > 30 && seen.replanned > 5 && seen.held > 30, "{seen:?}");
    assert!(seen.by_delegation > 0 && seen.survived > 0 && seen.escalated > 0 && seen.missing > 500, "{seen:?}");
    assert!(seen.passed_over > 500, "{seen:?}");
}
