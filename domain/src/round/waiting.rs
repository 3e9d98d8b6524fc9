//! Who can move a round now, and who is missing if nobody can bring its step to an end.
//! Separate from taking decisions: these are the questions of the people who wait.
//!
//! A round that waits always has an answer: somebody who can move it, or the places that nobody there can take, each
//! with the reason of everybody who would fit it.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::{Now, Round, State};
use crate::{
    ChannelId, MemberId, Moment, StepId,
    circuit::{Circuit, Facts, Step},
    delegation::Delegation,
    hours::Calendar,
    party::{Party, Person},
    people::People,
    seating,
};

/// A round that waits.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Waiting {
    /// In which step.
    pub step: StepId,
    /// How many of its places must be taken.
    pub needed: usize,
    /// How many are.
    pub taken: usize,
    /// By when it should be through.
    pub deadline: Option<Moment>,
    /// Who is there and can bring it nearer to its end now.
    pub movers: Vec<Mover>,
    /// The places that keep it from its end though everybody there agreed. Empty: those who are there suffice.
    pub missing: Vec<Missing>,
}

/// Somebody who can decide now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mover {
    /// Who.
    pub person: Person,
    /// By delegation of whom.
    pub acting_for: Option<MemberId>,
}

/// Whom the step that is open asks, whatever the day: a store finds by it what waits for somebody, without reading what
/// waits for others. Not who can move it: that takes the directory and the clock, and is asked of what was found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Asked {
    /// Who may take a place that brings it nearer to its end.
    pub whom: BTreeSet<Party>,
    /// Who may once the ladder has come to them.
    pub later: BTreeSet<Party>,
    /// Who has no word in it, whatever they fit: they wrote in it, or decided already.
    pub never: BTreeSet<MemberId>,
}

impl Asked {
    /// Whether a member, for themselves or for somebody, may be asked: what the engine's query says, for the tests.
    pub fn finds(&self, member: &MemberId, now: Now<'_>) -> bool {
        let runs = |one: &&Delegation| one.term.runs(now.at) && one.revoked.is_none_or(|revoked| now.at < revoked);
        let lent = now.people.delegations.iter().filter(|one| one.to == *member).filter(runs);
        let mut hats = lent.map(|one| &one.of).chain([member]);
        let fits = |hat: &MemberId| {
            let hat = Person::from(hat.clone());
            self.whom.union(&self.later).any(|party| now.people.fits(&hat, party))
        };
        !self.never.contains(member) && hats.any(fits)
    }
}

/// A place that nobody who is there can take.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Missing {
    /// Whom the circuit names for it.
    pub party: Party,
    /// Everybody who fits it, and why they cannot now. Empty: nobody fits it any more.
    pub people: Vec<(Person, Why)>,
}

/// Why somebody cannot take a place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "why")]
pub enum Why {
    /// They wrote in it.
    Wrote,
    /// They decided already, or somebody did for them, or they for somebody.
    Decided,
    /// They are away.
    Away {
        /// Until when.
        until: Moment,
    },
    /// Their contract is over, or does not reach every channel of the post.
    OutOfReach,
    /// They could, but are needed for another place of the same step.
    NeededElsewhere,
}

impl Round {
    /// Who can move it and who is missing. `None` when it does not wait.
    pub fn waiting(&self, now: Now<'_>) -> Option<Waiting> {
        let State::Open { step: place } = self.state() else { return None };
        let (step, _) = self.steps.get(place)?;
        let deadline = step.deadline.as_ref();
        Some(Waiting {
            step: step.id.clone(),
            needed: step.needed(),
            taken: seating::filled(&self.rows(&step.id), step.places().len()),
            deadline: deadline.and_then(|deadline| now.calendar.after(self.begun(place), deadline.within)),
            movers: self.movers(place, step, now),
            missing: self.missing(place, step, now),
        })
    }

    /// Whom the step that is open asks. `None` when none is.
    pub fn asks(&self) -> Option<Asked> {
        let State::Open { step: place } = self.state() else { return None };
        let (step, _) = self.steps.get(place)?;
        // Who fits several places helps if one of them does.
        let open = step.places().into_iter().enumerate().filter(|(place, _)| self.helps(step, &[*place]));
        let decided = self.used_hats(&step.id).into_iter().filter_map(Person::member);
        Some(Asked {
            whom: open.map(|(_, party)| party.clone()).collect(),
            later: step.ladder().iter().map(|rung| rung.party.clone()).collect(),
            never: self.hands.iter().chain(decided).cloned().collect(),
        })
    }

    /// Whether somebody, for themselves, can bring the open step nearer to its end now.
    pub fn lets_in(&self, person: &Person, now: Now<'_>) -> bool {
        let State::Open { step: place } = self.state() else { return false };
        let Some((step, _)) = self.steps.get(place) else { return false };
        self.admit(person, None, place, now).is_ok_and(|decision| self.helps(step, &decision.places))
    }

    /// The ways in which a member can decide now: for themselves, and for those whose substitute they are.
    pub fn moves_of(&self, member: &MemberId, now: Now<'_>) -> Vec<Mover> {
        let State::Open { step: place } = self.state() else { return Vec::new() };
        let Some((step, _)) = self.steps.get(place) else { return Vec::new() };
        let others = now.people.acts_for(member, self.errand(step), now.at).into_iter();
        let hats = std::iter::once(None).chain(others.map(|delegation| Some(delegation.of.clone())));
        let person = Person::from(member.clone());
        let can = |acting_for: &Option<MemberId>| {
            self.admit(&person, acting_for.as_ref(), place, now)
                .is_ok_and(|decision| self.helps(step, &decision.places))
        };
        hats.filter(can).map(|acting_for| Mover { person: person.clone(), acting_for }).collect()
    }

    /// Everybody who is there and could be let in, each way they could: for themselves, and for others.
    fn candidates(&self, place: usize, step: &Step, now: Now<'_>) -> Vec<(Mover, Vec<usize>)> {
        let errand = self.errand(step);
        let there = |member: &MemberId| now.people.away(member, now.at).is_none();
        let colleagues = now.people.colleagues.iter().filter(|colleague| there(&colleague.id));
        let inside = colleagues.flat_map(|colleague| {
            let others = now.people.acts_for(&colleague.id, errand, now.at).into_iter();
            let hats = std::iter::once(None).chain(others.map(|delegation| Some(delegation.of.clone())));
            hats.map(|acting_for| Mover { person: colleague.id.clone().into(), acting_for })
        });
        let rungs = self.rungs(place, step, now).iter().map(|rung| &rung.party);
        let parties: BTreeSet<&Party> = step.seats.iter().map(|seat| &seat.party).chain(rungs).collect();
        let outside = parties.into_iter().filter_map(|party| match party {
            Party::Outside { mailbox } => Some(Person::Outside { mailbox: mailbox.clone() }),
            _ => None,
        });
        // An address that is a member's is as absent as the member.
        let outside = outside.filter(|person| now.people.identity(person).member().is_none_or(there));
        let all = inside.chain(outside.map(|person| Mover { person, acting_for: None }));
        all.filter_map(|mover| {
            let decision = self.admit(&mover.person, mover.acting_for.as_ref(), place, now).ok()?;
            Some((mover, decision.places))
        })
        .collect()
    }

    fn movers(&self, place: usize, step: &Step, now: Now<'_>) -> Vec<Mover> {
        let candidates = self.candidates(place, step, now).into_iter();
        candidates.filter(|(_, places)| self.helps(step, places)).map(|(mover, _)| mover).collect()
    }

    fn missing(&self, place: usize, step: &Step, now: Now<'_>) -> Vec<Missing> {
        // One row a head. That a substitute takes the place of somebody who is there never helps: the two are one hat,
        // and the one who is there can take that place and leave the substitute free. So only for those who are away.
        let mut heads: BTreeMap<Person, BTreeSet<usize>> = BTreeMap::new();
        for (mover, places) in self.candidates(place, step, now) {
            let idle = mover.acting_for.as_ref().is_some_and(|of| now.people.away(of, now.at).is_none());
            if !idle {
                heads.entry(now.people.identity(&mover.person)).or_default().extend(places);
            }
        }
        let mut rows = self.rows(&step.id);
        rows.extend(heads.into_values().map(|places| places.into_iter().collect()));
        let places = step.places();
        let taken = seating::fill(&rows, places.len());
        if taken.iter().flatten().count() >= step.needed() {
            return Vec::new();
        }
        let used: BTreeSet<Person> = self.used_hats(&step.id).into_iter().cloned().collect();
        let why = |person: Person| {
            let head = now.people.identity(&person);
            let away = head.member().and_then(|member| now.people.away(member, now.at));
            let why = match away {
                _ if self.wrote(&BTreeSet::from([head.clone()])) => Why::Wrote,
                _ if used.contains(&head) => Why::Decided,
                _ if !now.people.reaches(&head, &self.channels, now.at) => Why::OutOfReach,
                Some(until) => Why::Away { until },
                None => Why::NeededElsewhere,
            };
            (person, why)
        };
        let empty = places.iter().zip(taken).filter(|(_, taken)| taken.is_none()).map(|(party, _)| *party);
        let missing = empty.map(|party| Missing {
            party: party.clone(),
            people: now.people.holders(party).into_iter().map(why).collect(),
        });
        missing.collect()
    }
}

/// What is to be expected of a step, while the post is still being written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Expected {
    /// The step.
    pub step: StepId,
    /// How many must agree.
    pub needed: usize,
    /// Who could, and did not write in it; those who are away then with until when.
    pub people: Vec<(Person, Option<Moment>)>,
    /// By when at the latest, if everybody before takes all the time they have.
    pub by: Option<Moment>,
}

/// Who will have to agree, and by when, if this were submitted now.
pub fn expected(
    circuit: &Circuit,
    facts: &Facts,
    hands: &BTreeSet<MemberId>,
    people: &People,
    calendar: Calendar<'_>,
    at: Moment,
) -> Vec<Expected> {
    let channels: Vec<ChannelId> = facts.channels.iter().cloned().collect();
    let mut begins = Some(at);
    let expect = |step: Step| {
        let holders: BTreeSet<Person> = step.seats.iter().flat_map(|seat| people.holders(&seat.party)).collect();
        let free = holders.into_iter().filter(|person| {
            let head = people.identity(person);
            head.member().is_none_or(|member| !hands.contains(member)) && people.reaches(&head, &channels, at)
        });
        let people = free.map(|person| {
            let until = person.member().and_then(|member| people.away(member, at));
            (person, until)
        });
        let within = step.deadline.as_ref().map(|deadline| deadline.within);
        let by = within.zip(begins).and_then(|(within, begins)| calendar.after(begins, within));
        if within.is_some() {
            begins = by;
        }
        Expected { step: step.id.clone(), needed: step.needed(), people: people.collect(), by }
    };
    circuit.path(facts).into_iter().map(expect).collect()
}
