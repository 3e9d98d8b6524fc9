//! A round: one exact content on its way through one version of a circuit, and who said what.
//! Separate from `circuit`: this is what happened. It carries the law it runs under (the steps that apply, the options),
//! so that a circuit changed meanwhile, or one looked up by mistake, changes nothing.
//!
//! What a round is (open, agreed, returned) is not stored: it follows from the decisions. A decision, once lawfully
//! taken, stands, even if the substitute's term ends or somebody leaves; what voids it is another content.

mod decision;
mod envelope;
mod ground;
#[cfg(test)]
mod property;
mod waiting;

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::{
    ChannelId, CircuitId, Content, MemberId, Moment, PostId, Refusal, StepId,
    circuit::{Again, Circuit, Facts, Hats, Options, Rung, Sight, Silence, Step},
    delegation::Errand,
    hours::Calendar,
    party::Person,
    people::People,
    seating,
};

pub use decision::{Ballot, Choice, Decision};
pub use envelope::{Envelope, LONGEST_AGREED, Margin};
pub use ground::{Ground, Landing};
pub use waiting::{Asked, Expected, Missing, Mover, Waiting, Why, expected};

/// What is true at the moment when somebody asks: the rules themselves know neither a clock nor a directory.
#[derive(Debug, Clone, Copy)]
pub struct Now<'a> {
    /// The moment.
    pub at: Moment,
    /// Who is there.
    pub people: &'a People,
    /// When they work.
    pub calendar: Calendar<'a>,
}

/// Why a round ended without a decision.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "ending", deny_unknown_fields)]
pub enum Ending {
    /// Somebody took it back.
    Withdrawn {
        /// Who.
        by: MemberId,
        /// When.
        at: Moment,
    },
    /// The content was changed.
    Edited {
        /// Who.
        by: MemberId,
        /// When.
        at: Moment,
    },
}

/// A round.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Round {
    /// The post.
    pub post: PostId,
    /// From 1.
    pub number: u32,
    /// The content that is decided on.
    pub content_hash: String,
    /// Where it goes: what a substitute's scope and an agency's contract are held against.
    pub channels: Vec<ChannelId>,
    /// The times that are agreed to with it.
    pub envelope: Envelope,
    /// Whoever wrote in it, and whoever submitted it. None of them decides.
    pub hands: BTreeSet<MemberId>,
    /// Who submitted.
    pub by: MemberId,
    /// When.
    pub at: Moment,
    /// The circuit.
    pub circuit: CircuitId,
    /// Its version.
    pub version: u32,
    /// The steps that apply, each with the hash of what it answers for.
    pub steps: Vec<(Step, String)>,
    /// The circuit's options.
    pub options: Options,
    /// What was decided, in order.
    pub decisions: Vec<Decision>,
    /// Why it ended, if nobody decided.
    pub ending: Option<Ending>,
}

/// What opens a round.
#[derive(Debug, Clone)]
pub struct Submission<'a> {
    /// The post.
    pub post: &'a PostId,
    /// The content.
    pub content: &'a Content,
    /// Whoever wrote in it.
    pub hands: BTreeSet<MemberId>,
    /// Who submits.
    pub by: &'a MemberId,
    /// The circuit that was chosen.
    pub circuit: &'a Circuit,
    /// What is known of the post.
    pub facts: &'a Facts,
    /// The times that are asked for.
    pub envelope: Envelope,
}

/// Where a round is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State<'a> {
    /// Waits in this step.
    Open {
        /// Its place in `Round::steps`.
        step: usize,
    },
    /// Every step is through.
    Agreed {
        /// Since when.
        at: Moment,
    },
    /// It went back.
    Returned {
        /// By this decision.
        decision: &'a Decision,
    },
    /// It ended.
    Ended {
        /// Why.
        ending: &'a Ending,
    },
}

impl Round {
    /// Opens the first round of a post, or the next one after `previous`.
    ///
    /// # Errors
    /// `FlawedCircuit` when no step applies or one can never be through; `WrongStage` when the previous round is still open; `NotFound` when it is
    /// another post's; what `Envelope::parse` refuses.
    pub fn open(submission: Submission<'_>, previous: Option<&Round>, at: Moment) -> Result<Self, Refusal> {
        let Submission { post, content, mut hands, by, circuit, facts, envelope } = submission;
        if let Some(previous) = previous {
            if previous.post != *post {
                return Err(Refusal::NotFound);
            }
            if matches!(previous.state(), State::Open { .. }) {
                return Err(Refusal::WrongStage);
            }
        }
        let content_hash = content.hash();
        // Most steps see everything: that hash is reckoned once.
        let seen = |step: &Step| match step.sight {
            Sight::Everything => content_hash.clone(),
            _ => step.sight.hash(content),
        };
        let steps: Vec<(Step, String)> =
            circuit.path(facts).into_iter().map(|step| (step.clone(), seen(&step))).collect();
        // A step that wants more places than it has could only wait for ever.
        if steps.is_empty() || steps.iter().any(|(step, _)| step.needed() > step.places().len()) {
            return Err(Refusal::FlawedCircuit);
        }
        hands.insert(by.clone());
        let mut round = Round {
            post: post.clone(),
            number: previous.map_or(1, |previous| previous.number + 1),
            channels: content.targets.iter().map(|target| target.channel.clone()).collect(),
            envelope: envelope.parse(at)?,
            hands,
            by: by.clone(),
            at,
            circuit: circuit.id.clone(),
            version: circuit.version,
            steps,
            options: circuit.options,
            decisions: Vec::new(),
            ending: None,
            content_hash,
        };
        round.decisions = previous.map(|previous| round.survivors(previous)).unwrap_or_default();
        Ok(round)
    }

    /// The decisions of the last round that still stand in this one: the organisation wants it so, circuit, version and
    /// times are the same, what they answer for did not change, and none of their people wrote in it since.
    fn survivors(&self, previous: &Round) -> Vec<Decision> {
        let same_law = self.options.again == Again::OnlyChanged
            && (&self.circuit, self.version) == (&previous.circuit, previous.version)
            && self.envelope == previous.envelope;
        let stands = |decision: &&Decision| {
            decision.choice.agrees()
                && self.steps.iter().any(|(step, seen)| step.id == decision.step && *seen == decision.seen)
                && !self.wrote(&decision.hats)
        };
        previous.decisions.iter().filter(|_| same_law).filter(stands).cloned().collect()
    }

    fn wrote(&self, hats: &BTreeSet<Person>) -> bool {
        hats.iter().filter_map(Person::member).any(|member| self.hands.contains(member))
    }

    /// The places that each agreeing decision of a step can take.
    fn rows(&self, step: &StepId) -> Vec<Vec<usize>> {
        let agreeing = self.decisions.iter().filter(|decision| decision.step == *step && decision.choice.agrees());
        agreeing.map(|decision| decision.places.clone()).collect()
    }

    fn is_through(&self, step: &Step) -> bool {
        seating::filled(&self.rows(&step.id), step.places().len()) >= step.needed()
    }

    /// Where it is.
    pub fn state(&self) -> State<'_> {
        if let Some(ending) = &self.ending {
            return State::Ended { ending };
        }
        if let Some(decision) = self.decisions.iter().find(|decision| !decision.choice.agrees()) {
            return State::Returned { decision };
        }
        match self.steps.iter().position(|(step, _)| !self.is_through(step)) {
            Some(step) => State::Open { step },
            None => State::Agreed { at: self.begun(self.steps.len()) },
        }
    }

    /// When a step (by its place) began: when all those before it were through.
    pub fn begun(&self, step: usize) -> Moment {
        let before = self.steps.iter().take(step).map(|(step, _)| &step.id);
        let times = before.flat_map(|id| self.decisions.iter().filter(move |decision| decision.step == *id));
        times.map(|decision| decision.at).fold(self.at, Moment::max)
    }

    fn errand<'a>(&'a self, step: &'a Step) -> Errand<'a> {
        Errand { circuit: &self.circuit, step: &step.id, channels: &self.channels }
    }

    /// The rungs of the ladder that have been reached.
    fn rungs<'a>(&self, place: usize, step: &'a Step, now: Now<'_>) -> &'a [Rung] {
        let reached = self.rung_times(place, step, now.calendar).iter().filter(|at| **at <= now.at).count();
        step.ladder().get(..reached).unwrap_or_default()
    }

    fn rung_times(&self, place: usize, step: &Step, calendar: Calendar<'_>) -> Vec<Moment> {
        let deadline = step.deadline.as_ref().filter(|_| !step.ladder().is_empty());
        let mut last = deadline.and_then(|deadline| calendar.after(self.begun(place), deadline.within));
        let next = |rung: &Rung| {
            last = last.and_then(|at| calendar.after(at, rung.after));
            last
        };
        step.ladder().iter().map_while(next).collect()
    }

    /// The places of a step that somebody fits, themselves or through the ladder.
    fn places_of(&self, whom: &Person, step: &Step, rungs: &[Rung], people: &People) -> Vec<usize> {
        let escalated = rungs.iter().any(|rung| people.fits(whom, &rung.party));
        let places = step.places();
        let fitting = places.iter().enumerate().filter(|(_, party)| escalated || people.fits(whom, party));
        fitting.map(|(place, _)| place).collect()
    }

    fn used_hats(&self, step: &StepId) -> BTreeSet<&Person> {
        let counted = self.decisions.iter().filter(|decision| match self.options.hats {
            Hats::OnceARound => true,
            Hats::OnceAStep => decision.step == *step,
        });
        counted.flat_map(|decision| &decision.hats).collect()
    }

    /// What a decision by somebody, for themselves or for another, would be in the step that is open. Everything about
    /// who may, and nothing about what they say.
    fn admit(
        &self,
        by: &Person,
        acting_for: Option<&MemberId>,
        place: usize,
        now: Now<'_>,
    ) -> Result<Decision, Refusal> {
        let Some((step, seen)) = self.steps.get(place) else { return Err(Refusal::StepClosed) };
        let whom = acting_for.map_or_else(|| by.clone(), |member| member.clone().into());
        let hats: BTreeSet<Person> = [by, &whom].map(|person| now.people.identity(person)).into();
        if self.wrote(&hats) {
            return Err(Refusal::OwnPost);
        }
        if !hats.is_disjoint(&self.used_hats(&step.id).into_iter().cloned().collect()) {
            return Err(Refusal::TwoHats);
        }
        if hats.iter().any(|hat| !now.people.reaches(hat, &self.channels, now.at)) {
            return Err(Refusal::OutOfReach);
        }
        let delegation = match (by, acting_for) {
            (_, None) => None,
            (Person::Member { member }, Some(of)) => {
                let found = now.people.delegation(of, member, self.errand(step), now.at);
                Some((of.clone(), found.ok_or(Refusal::NoDelegation)?.id.clone()))
            }
            (Person::Outside { .. }, Some(_)) => return Err(Refusal::NoDelegation),
        };
        let places = self.places_of(&whom, step, self.rungs(place, step, now), now.people);
        if places.is_empty() {
            return Err(Refusal::NotYourTurn);
        }
        Ok(Decision {
            round: self.number,
            step: step.id.clone(),
            by: by.clone(),
            acting_for: delegation,
            hats,
            places,
            content_hash: self.content_hash.clone(),
            seen: seen.clone(),
            choice: Choice::Approve,
            at: now.at,
        })
    }

    /// Whether one more to agree, who fits these places, brings the step nearer to its end.
    fn helps(&self, step: &Step, places: &[usize]) -> bool {
        let (mut rows, count) = (self.rows(&step.id), step.places().len());
        let before = seating::filled(&rows, count);
        rows.push(places.to_vec());
        seating::filled(&rows, count) > before
    }

    /// Takes a decision.
    ///
    /// # Errors
    /// `OtherContent`, `WrongStage` (the round ended), `StepClosed`, `OwnPost`, `TwoHats`, `OutOfReach`, `NoDelegation`,
    /// `NotYourTurn`, `ReasonWanted`, `TooLarge`.
    pub fn decide(mut self, ballot: Ballot, now: Now<'_>) -> Result<Self, Refusal> {
        if ballot.content_hash != self.content_hash {
            return Err(Refusal::OtherContent);
        }
        let place = match self.state() {
            State::Open { step } => step,
            State::Ended { .. } => return Err(Refusal::WrongStage),
            State::Agreed { .. } | State::Returned { .. } => return Err(Refusal::StepClosed),
        };
        let Some((step, _)) = self.steps.get(place).filter(|(step, _)| step.id == ballot.step) else {
            return Err(Refusal::StepClosed);
        };
        let decision = self.admit(&ballot.by, ballot.acting_for.as_ref(), place, now)?;
        let choice = ballot.choice.parse()?;
        // Whoever fits a place that is taken has nothing to add to a yes, but may still say no.
        if choice.agrees() && !self.helps(step, &decision.places) {
            return Err(Refusal::NotYourTurn);
        }
        self.decisions.push(Decision { choice, ..decision });
        Ok(self)
    }

    /// Takes it back before it is agreed.
    ///
    /// # Errors
    /// `WrongStage` when it is not open.
    pub fn withdraw(mut self, by: &MemberId, at: Moment) -> Result<Self, Refusal> {
        match self.state() {
            State::Open { .. } => {
                self.ending = Some(Ending::Withdrawn { by: by.clone(), at });
                Ok(self)
            }
            _ => Err(Refusal::WrongStage),
        }
    }

    /// The content is another one now. The same content again changes nothing.
    #[must_use]
    pub fn edited(mut self, content: &Content, by: &MemberId, at: Moment) -> Self {
        if self.ending.is_none() && content.hash() != self.content_hash {
            self.ending = Some(Ending::Edited { by: by.clone(), at });
        }
        self
    }

    /// What is to happen if nobody decides, as the step that was open at a moment has it. `None`: nothing was said.
    pub fn silence_at(&self, at: Moment) -> Option<&Silence> {
        // What comes after the step that is open has not begun, whatever its time would be.
        let last = match self.state() {
            State::Open { step } => step,
            _ => self.steps.len().saturating_sub(1),
        };
        let open = (0..=last).rev().find(|place| self.begun(*place) <= at)?;
        self.steps.get(open)?.0.deadline.as_ref().map(|deadline| &deadline.silence)
    }

    /// The ground on which the post may go out.
    ///
    /// # Errors
    /// `NotApproved` until every step is through, and `ApprovalVoid` once the content was changed.
    pub fn ground(&self) -> Result<Ground, Refusal> {
        match self.state() {
            State::Agreed { at } => Ok(Ground {
                post: self.post.clone(),
                round: self.number,
                circuit: self.circuit.clone(),
                version: self.version,
                content_hash: self.content_hash.clone(),
                envelope: self.envelope.clone(),
                duties: self.options.duties,
                hands: self.hands.clone(),
                decisions: self.decisions.clone(),
                at,
            }),
            State::Ended { ending: Ending::Edited { .. } } => Err(Refusal::ApprovalVoid),
            _ => Err(Refusal::NotApproved),
        }
    }

    /// What the clock will do in the step that is open, in order. The engine keeps the next of them; each is known by
    /// its round, step and kind, so that doing it twice can be told from doing it once.
    pub fn agenda(&self, calendar: Calendar<'_>) -> Vec<(Moment, Due)> {
        let State::Open { step: place } = self.state() else { return Vec::new() };
        let Some((step, _)) = self.steps.get(place) else { return Vec::new() };
        let Some(deadline) = &step.deadline else { return Vec::new() };
        let begun = self.begun(place);
        let reminders = (0..)
            .zip(&deadline.reminders)
            .filter_map(|(reminder, after)| Some((calendar.after(begun, *after)?, Due::Reminder { reminder })));
        let end = calendar.after(begun, deadline.within).map(|at| (at, Due::Deadline));
        let rungs = self.rung_times(place, step, calendar).into_iter().zip(0..);
        let mut agenda: Vec<_> = reminders.chain(end).chain(rungs.map(|(at, rung)| (at, Due::Rung { rung }))).collect();
        agenda.sort_by_key(|(at, _)| *at);
        agenda
    }
}

/// What the clock does to a round.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "due", deny_unknown_fields)]
pub enum Due {
    /// Whoever can move it is reminded.
    Reminder {
        /// Which, from 0.
        reminder: usize,
    },
    /// The time is over: `Silence` says what happens.
    Deadline,
    /// More people are asked.
    Rung {
        /// Which, from 0.
        rung: usize,
    },
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use crate::{
        Access, Belonging, Kind, Language, Role, Target, UnitId,
        circuit::{Deadline, Quorum, Seat},
        delegation::{Delegation, Scope, Term},
        hours::{Hours, WorkMinutes},
        party::Party,
        people::{Absence, Colleague},
        zone::Zone,
    };

    pub(crate) fn member(n: u128) -> MemberId {
        MemberId::from_bits(n)
    }

    pub(crate) fn named(n: u128) -> Party {
        Party::Member { member: member(n) }
    }

    pub(crate) fn role(role: Role) -> Party {
        Party::Role { role }
    }

    pub(crate) fn step(n: u128, quorum: Quorum, parties: &[Party]) -> Step {
        let seats = parties.iter().cloned().map(Seat::from).collect();
        let (id, name) = (StepId::from_bits(n), format!("step {n}"));
        Step { id, name, seats, quorum, when: Vec::new(), deadline: None, sight: Sight::Everything }
    }

    pub(crate) fn circuit(steps: Vec<Step>, options: Options) -> Circuit {
        Circuit { id: CircuitId::from_bits(1), version: 1, name: "Ordinario".to_owned(), steps, options }
    }

    pub(crate) fn content(es: u8, en: u8) -> Content {
        let text = |language: Language, n: u8| (language, format!("text {n}"));
        let languages = vec![Language::spanish(), Language::english()];
        Content {
            texts: [text(Language::spanish(), es), text(Language::english(), en)].into(),
            targets: vec![Target::new(ChannelId::from_bits(1), languages)],
            ..Content::default()
        }
    }

    pub(crate) fn facts() -> Facts {
        Facts::of(&content(0, 0), &Belonging::default(), Role::Author, &[], BTreeSet::new())
    }

    /// 1 and 2 write; 3, 4 and 5 approve (5 is in unit 5 too); 6 administers.
    pub(crate) fn people() -> People {
        let roles = [Role::Author, Role::Author, Role::Approver, Role::Approver, Role::Approver, Role::Administrator];
        let colleague = |(n, role): (u128, Role)| Colleague {
            id: member(n),
            role,
            units: vec![UnitId::from_bits(n)],
            access: Access::Everywhere,
            mailbox: Some(format!("m{n}@town.example").parse().unwrap()),
        };
        People { colleagues: (1..).zip(roles).map(colleague).collect(), ..People::default() }
    }

    pub(crate) fn delegation(of: u128, to: u128, from: i64, until: i64) -> Delegation {
        Delegation {
            id: crate::DelegationId::from_bits((of << 64) + to),
            of: member(of),
            to: member(to),
            reference: "Decreto 1".to_owned(),
            term: Term { from: Moment(from), until: Moment(until) },
            scope: Scope::ALL,
            revoked: None,
        }
    }

    pub(crate) struct Town {
        pub people: People,
        pub hours: Hours,
        pub zone: Zone,
    }

    impl Town {
        pub fn new(people: People) -> Self {
            Self { people, hours: Hours::default(), zone: Zone::utc() }
        }

        pub fn at(&self, at: i64) -> Now<'_> {
            let calendar = Calendar { hours: &self.hours, zone: &self.zone };
            Now { at: Moment(at), people: &self.people, calendar }
        }
    }

    pub(crate) fn envelope() -> Envelope {
        Envelope::Times { from: Moment(0), until: Moment(1_000_000) }
    }

    pub(crate) fn submit(
        circuit: &Circuit,
        content: &Content,
        last: Option<&Round>,
        at: i64,
    ) -> Result<Round, Refusal> {
        let submission = Submission {
            post: &PostId::from_bits(1),
            content,
            hands: BTreeSet::from([member(1)]),
            by: &member(2),
            circuit,
            facts: &facts(),
            envelope: envelope(),
        };
        Round::open(submission, last, Moment(at))
    }

    fn open(steps: Vec<Step>, options: Options) -> Round {
        submit(&circuit(steps, options), &content(0, 0), None, 1).unwrap()
    }

    fn ballot(round: &Round, by: u128, acting_for: Option<u128>, step: u128, choice: Choice) -> Ballot {
        let content_hash = round.content_hash.clone();
        let (by, step) = (member(by).into(), StepId::from_bits(step));
        Ballot { by, acting_for: acting_for.map(member), step, content_hash, choice }
    }

    fn yes(round: Round, by: u128, acting_for: Option<u128>, step: u128, now: Now<'_>) -> Result<Round, Refusal> {
        let ballot = ballot(&round, by, acting_for, step, Choice::Approve);
        round.decide(ballot, now)
    }

    fn back() -> Choice {
        Choice::Return { comment: "Falta la hora".to_owned(), place: None }
    }

    fn approvers(quorum: Quorum, places: u8) -> Step {
        Step { seats: vec![Seat { places, ..Seat::from(role(Role::Approver)) }], ..step(1, quorum, &[]) }
    }

    #[test]
    fn an_author_never_approves_their_own_nor_who_submitted_nor_an_administrator_who_wrote() {
        let town = Town::new(people());
        let round = open(vec![step(1, Quorum::Any, &[named(1), named(2), named(3)])], Options::default());
        for by in [1, 2] {
            assert_eq!(yes(round.clone(), by, None, 1, town.at(2)), Err(Refusal::OwnPost));
        }
        assert!(yes(round.clone(), 3, None, 1, town.at(2)).unwrap().ground().is_ok());
        let wrote = Round { hands: BTreeSet::from([member(6)]), ..round };
        assert_eq!(yes(wrote, 6, None, 1, town.at(2)), Err(Refusal::OwnPost));
    }

    #[test]
    fn a_substitute_of_the_author_does_not_approve_for_the_author() {
        let town = Town::new(People { delegations: vec![delegation(1, 3, 0, 9)], ..people() });
        let round = open(vec![step(1, Quorum::Any, &[named(1)])], Options::default());
        assert_eq!(yes(round, 3, Some(1), 1, town.at(2)), Err(Refusal::OwnPost));
    }

    #[test]
    fn steps_come_in_order_and_a_settled_one_is_closed() {
        let town = Town::new(people());
        let round = open(
            vec![step(1, Quorum::Any, &[named(3), named(4)]), step(2, Quorum::All, &[named(5)])],
            Options::default(),
        );
        assert_eq!(yes(round.clone(), 5, None, 2, town.at(2)), Err(Refusal::StepClosed));
        assert_eq!(yes(round.clone(), 5, None, 1, town.at(2)), Err(Refusal::NotYourTurn));
        let round = yes(round, 3, None, 1, town.at(2)).unwrap();
        assert_eq!(round.ground(), Err(Refusal::NotApproved));
        assert_eq!(yes(round.clone(), 4, None, 1, town.at(3)), Err(Refusal::StepClosed));
        let round = yes(round, 5, None, 2, town.at(4)).unwrap();
        assert_eq!(round.ground().unwrap().at, Moment(4));
        assert_eq!(yes(round, 4, None, 2, town.at(5)), Err(Refusal::StepClosed));
    }

    #[test]
    fn two_of_three_are_two_different_people() {
        let town = Town::new(people());
        let round = open(vec![approvers(Quorum::AtLeast { count: 2 }, 3)], Options::default());
        let round = yes(round, 3, None, 1, town.at(2)).unwrap();
        assert_eq!(yes(round.clone(), 3, None, 1, town.at(2)), Err(Refusal::TwoHats));
        assert!(yes(round, 4, None, 1, town.at(3)).unwrap().ground().is_ok());
    }

    #[test]
    fn somebody_and_their_substitute_are_one_hat() {
        let town = Town::new(People { delegations: vec![delegation(3, 4, 0, 9)], ..people() });
        let round = open(vec![approvers(Quorum::All, 3)], Options::default());
        let by_delegation = yes(round.clone(), 4, Some(3), 1, town.at(2)).unwrap();
        assert_eq!(by_delegation.decisions[0].acting_for.as_ref().map(|(of, _)| of.clone()), Some(member(3)));
        for by in [3, 4] {
            assert_eq!(yes(by_delegation.clone(), by, None, 1, town.at(3)), Err(Refusal::TwoHats));
        }
        let by_itself = yes(round, 3, None, 1, town.at(2)).unwrap();
        assert_eq!(yes(by_itself, 4, Some(3), 1, town.at(3)), Err(Refusal::TwoHats));
    }

    #[test]
    fn a_circuit_may_let_one_person_decide_in_two_steps_but_never_twice_in_one() {
        let town = Town::new(people());
        let steps = || vec![approvers(Quorum::All, 2), step(2, Quorum::All, &[named(3)])];
        let options = Options { hats: Hats::OnceAStep, ..Options::default() };
        let both = |options| {
            let round = yes(open(steps(), options), 3, None, 1, town.at(2)).unwrap();
            assert_eq!(yes(round.clone(), 3, None, 1, town.at(2)), Err(Refusal::TwoHats));
            let round = yes(round, 4, None, 1, town.at(3)).unwrap();
            yes(round, 3, None, 2, town.at(4))
        };
        assert!(both(options).unwrap().ground().is_ok());
        assert_eq!(both(Options::default()), Err(Refusal::TwoHats));
    }

    #[test]
    fn a_substitutes_word_stands_after_the_term_ends_and_none_is_taken_after() {
        let town = Town::new(People { delegations: vec![delegation(3, 6, 0, 5)], ..people() });
        let round = open(vec![step(1, Quorum::All, &[named(3), named(4)])], Options::default());
        assert_eq!(yes(round.clone(), 6, Some(3), 1, town.at(5)), Err(Refusal::NoDelegation));
        let round = yes(round, 6, Some(3), 1, town.at(4)).unwrap();
        assert!(yes(round, 4, None, 1, town.at(9)).unwrap().ground().is_ok());
    }

    #[test]
    fn one_return_sends_it_back_even_from_a_place_that_is_taken() {
        let town = Town::new(people());
        let round = open(vec![step(1, Quorum::All, &[role(Role::Approver), named(6)])], Options::default());
        let round = yes(round, 3, None, 1, town.at(2)).unwrap();
        assert_eq!(yes(round.clone(), 4, None, 1, town.at(3)), Err(Refusal::NotYourTurn));
        let ballot = ballot(&round, 4, None, 1, back());
        let round = round.decide(ballot, town.at(3)).unwrap();
        assert!(matches!(round.state(), State::Returned { .. }));
        assert_eq!(round.ground(), Err(Refusal::NotApproved));
    }

    #[test]
    fn a_decision_on_another_content_is_refused_and_an_edit_voids() {
        let town = Town::new(people());
        let round = open(vec![approvers(Quorum::Any, 1)], Options::default());
        let stale = Ballot { content_hash: content(9, 9).hash(), ..ballot(&round, 3, None, 1, Choice::Approve) };
        assert_eq!(round.clone().decide(stale, town.at(2)), Err(Refusal::OtherContent));
        let agreed = yes(round, 3, None, 1, town.at(2)).unwrap();
        assert!(agreed.clone().edited(&content(0, 0), &member(1), Moment(3)).ground().is_ok());
        assert_eq!(agreed.edited(&content(1, 0), &member(1), Moment(3)).ground(), Err(Refusal::ApprovalVoid));
    }

    #[test]
    fn only_what_changed_needs_agreement_again_if_the_organisation_says_so() {
        let town = Town::new(people());
        let english =
            Step { sight: Sight::Languages { these: vec![Language::english()] }, ..step(1, Quorum::Any, &[named(3)]) };
        let steps = vec![english, step(2, Quorum::Any, &[named(4)])];
        let again = |again| circuit(steps.clone(), Options { again, ..Options::default() });
        let last = |circuit: &Circuit| {
            let round = submit(circuit, &content(0, 0), None, 1).unwrap();
            let round = yes(round, 3, None, 1, town.at(2)).unwrap();
            let ballot = ballot(&round, 4, None, 2, back());
            round.decide(ballot, town.at(3)).unwrap()
        };
        let changed = again(Again::OnlyChanged);
        let next = submit(&changed, &content(1, 0), Some(&last(&changed)), 4).unwrap();
        assert_eq!((next.number, next.state()), (2, State::Open { step: 1 }));
        // The same person may not decide again on top of the word that lives on.
        assert_eq!(yes(next.clone(), 3, None, 2, town.at(5)), Err(Refusal::TwoHats));
        assert!(yes(next, 4, None, 2, town.at(5)).unwrap().ground().is_ok());
        let english = submit(&changed, &content(0, 1), Some(&last(&changed)), 4).unwrap();
        assert_eq!(english.state(), State::Open { step: 0 });
        let everything = again(Again::Everything);
        let all = submit(&everything, &content(1, 0), Some(&last(&everything)), 4).unwrap();
        assert_eq!(all.state(), State::Open { step: 0 });
        let redrawn = Circuit { version: 2, ..changed.clone() };
        assert_eq!(submit(&redrawn, &content(1, 0), Some(&last(&changed)), 4).unwrap().decisions, []);
    }

    #[test]
    fn a_round_that_is_open_is_not_opened_again_and_one_without_a_step_never() {
        let sound = circuit(vec![approvers(Quorum::Any, 1)], Options::default());
        let round = submit(&sound, &content(0, 0), None, 1).unwrap();
        assert_eq!(submit(&sound, &content(0, 0), Some(&round), 2), Err(Refusal::WrongStage));
        let withdrawn = round.withdraw(&member(1), Moment(2)).unwrap();
        assert_eq!(submit(&sound, &content(0, 0), Some(&withdrawn), 3).map(|round| round.number), Ok(2));
        assert_eq!(withdrawn.withdraw(&member(1), Moment(3)), Err(Refusal::WrongStage));
        let legal = crate::circuit::Clause {
            holds: crate::circuit::Holds::Any,
            facet: crate::circuit::Facet::Kinds(BTreeSet::from([Kind::Legal])),
        };
        let optional = Step { when: vec![legal], ..approvers(Quorum::Any, 1) };
        let nobody = circuit(vec![optional], Options::default());
        assert_eq!(submit(&nobody, &content(0, 0), None, 1), Err(Refusal::FlawedCircuit));
        let too_many = circuit(vec![approvers(Quorum::AtLeast { count: 4 }, 3)], Options::default());
        assert_eq!(submit(&too_many, &content(0, 0), None, 1), Err(Refusal::FlawedCircuit));
    }

    #[test]
    fn who_waits_is_told_who_can_move_it_or_who_is_missing() {
        let away = |n, until| Absence { member: member(n), term: Term { from: Moment(0), until: Moment(until) } };
        let town = Town::new(People { absences: vec![away(3, 50)], ..people() });
        let round = open(vec![step(1, Quorum::All, &[named(3), named(4), named(1)])], Options::default());
        let waiting = round.waiting(town.at(2)).unwrap();
        assert_eq!(waiting.movers, [Mover { person: member(4).into(), acting_for: None }]);
        let missing = |n, why| Missing { party: named(n), people: vec![(member(n).into(), why)] };
        assert_eq!(waiting.missing, [missing(3, Why::Away { until: Moment(50) }), missing(1, Why::Wrote)]);
        // With a substitute, who is away is not missing.
        let town = Town::new(People { delegations: vec![delegation(3, 5, 0, 9)], ..town.people });
        let waiting = round.waiting(town.at(2)).unwrap();
        assert!(waiting.movers.contains(&Mover { person: member(5).into(), acting_for: Some(member(3)) }));
        assert_eq!(waiting.missing, [missing(1, Why::Wrote)]);
    }

    #[test]
    fn the_ladder_lets_more_people_sit_and_never_fewer_agree() {
        let hour = 3_600_000;
        let ladder = vec![Rung { after: WorkMinutes::hours(1), party: named(6) }];
        let silence = Silence::Escalate { ladder };
        let deadline = Deadline { within: WorkMinutes::hours(2), reminders: vec![WorkMinutes::hours(1)], silence };
        let step = Step { deadline: Some(deadline), ..step(1, Quorum::All, &[named(3), named(4)]) };
        let town = Town::new(people());
        let round = submit(&circuit(vec![step], Options::default()), &content(0, 0), None, 0).unwrap();
        // The epoch is a Thursday's midnight; the day begins at eight.
        let agenda = round.agenda(town.at(0).calendar);
        assert_eq!(
            agenda,
            [
                (Moment(9 * hour), Due::Reminder { reminder: 0 }),
                (Moment(10 * hour), Due::Deadline),
                (Moment(11 * hour), Due::Rung { rung: 0 })
            ]
        );
        assert_eq!(yes(round.clone(), 6, None, 1, town.at(11 * hour - 1)), Err(Refusal::NotYourTurn));
        let round = yes(round, 6, None, 1, town.at(11 * hour)).unwrap();
        assert_eq!(round.ground(), Err(Refusal::NotApproved));
        let round = yes(round, 4, None, 1, town.at(12 * hour)).unwrap();
        assert!(round.ground().is_ok());
        assert_eq!(round.agenda(town.at(0).calendar), []);
    }

    #[test]
    fn an_approver_outside_decides_by_their_address_and_a_member_is_no_outsider() {
        let outside = |text: &str| Person::Outside { mailbox: text.parse().unwrap() };
        let party = |text: &str| Party::Outside { mailbox: text.parse().unwrap() };
        let town = Town::new(people());
        let round = open(
            vec![step(1, Quorum::All, &[party("a@agency.example"), party("m1@town.example")])],
            Options::default(),
        );
        let by = |person| Ballot { by: person, ..ballot(&round, 3, None, 1, Choice::Approve) };
        assert!(round.clone().decide(by(outside("a@agency.example")), town.at(2)).is_ok());
        assert_eq!(round.clone().decide(by(outside("b@agency.example")), town.at(2)), Err(Refusal::NotYourTurn));
        // The author by another door.
        assert_eq!(round.clone().decide(by(outside("m1@town.example")), town.at(2)), Err(Refusal::OwnPost));
    }

    #[test]
    fn an_agency_decides_only_while_its_contract_runs_and_for_its_channels() {
        let agency = |channel| {
            let access =
                Access::Limited { channels: vec![ChannelId::from_bits(channel)], from: Moment(0), until: Moment(10) };
            let mut people = people();
            people.colleagues[2].access = access;
            Town::new(people)
        };
        let round = open(vec![step(1, Quorum::Any, &[named(3)])], Options::default());
        assert!(yes(round.clone(), 3, None, 1, agency(1).at(9)).is_ok());
        assert_eq!(yes(round.clone(), 3, None, 1, agency(1).at(10)), Err(Refusal::OutOfReach));
        assert_eq!(yes(round.clone(), 3, None, 1, agency(2).at(9)), Err(Refusal::OutOfReach));
        let missing = round.waiting(agency(1).at(10)).unwrap().missing;
        assert_eq!(missing, [Missing { party: named(3), people: vec![(member(3).into(), Why::OutOfReach)] }]);
    }

    #[test]
    fn while_one_writes_one_sees_who_will_have_to_agree_and_by_when() {
        let deadline = Deadline { within: WorkMinutes::hours(2), reminders: vec![], silence: Silence::Hold };
        let first = Step { deadline: Some(deadline.clone()), ..step(1, Quorum::Any, &[named(1), named(3)]) };
        let second = Step { deadline: Some(deadline), ..step(2, Quorum::Any, &[named(4)]) };
        let town = Town::new(people());
        let circuit = circuit(vec![first, second], Options::default());
        let hands = BTreeSet::from([member(1)]);
        let expected = expected(&circuit, &facts(), &hands, &town.people, town.at(0).calendar, Moment(0));
        let by: Vec<_> = expected.iter().map(|one| one.by.unwrap().0 / 3_600_000).collect();
        assert_eq!(by, [10, 12]);
        assert_eq!(expected[0].people, [(member(3).into(), None)]);
    }

    #[test]
    fn a_round_asks_who_fits_a_free_place_of_its_step_and_nobody_of_a_later_one() {
        let town = Town::new(people());
        let steps = vec![step(1, Quorum::All, &[named(3), role(Role::Approver)]), step(2, Quorum::Any, &[named(6)])];
        let round = open(steps, Options::default());
        let asked = round.asks().unwrap();
        assert_eq!(asked.whom, BTreeSet::from([named(3), role(Role::Approver)]));
        assert_eq!(asked.never, BTreeSet::from([member(1), member(2)]));
        assert!(asked.finds(&member(4), town.at(2)) && !asked.finds(&member(6), town.at(2)));
        // Whoever has said yes is asked no more, and their place by nobody else.
        let half = yes(round, 4, None, 1, town.at(2)).unwrap();
        let asked = half.asks().unwrap();
        assert_eq!(asked.whom, BTreeSet::from([named(3)]));
        assert!(asked.never.contains(&member(4)) && !asked.finds(&member(5), town.at(3)));
        let whole = yes(half, 3, None, 1, town.at(3)).unwrap();
        assert_eq!(whole.asks().unwrap().whom, BTreeSet::from([named(6)]));
        assert_eq!(yes(whole, 6, None, 2, town.at(4)).unwrap().asks(), None);
    }

    #[test]
    fn a_round_crosses_as_json_and_is_the_same() {
        let town = Town::new(people());
        let round = yes(open(vec![approvers(Quorum::All, 2)], Options::default()), 3, None, 1, town.at(2)).unwrap();
        let json = serde_json::to_string(&round).unwrap();
        assert_eq!(serde_json::from_str::<Round>(&json).unwrap(), round);
    }
}
