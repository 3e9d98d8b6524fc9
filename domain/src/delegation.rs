//! Delegation: a substitute by decree, from one day to another, for all or part of what somebody decides.
//! Separate from `absence`s (see `people`): an absence says who is not asked, a decree says who may answer instead.
//!
//! A substitute has no substitute: what is exercised by delegation cannot be delegated again (in Spain, article 9.5 of
//! Ley 40/2015). So who acts for whom is one look, never a chain.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::{ChannelId, CircuitId, DelegationId, MemberId, Moment, Refusal, StepId, hours, text::line, zone::Zone};

/// From one moment until before another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Term {
    /// The first moment.
    pub from: Moment,
    /// The first moment after it.
    pub until: Moment,
}

impl Term {
    /// The term of a decree, which speaks of days, the last one included. A decree of today is in force from now on,
    /// not since midnight.
    ///
    /// # Errors
    /// `TermBackwards`, `DelegationInThePast`.
    pub fn of_days(first: NaiveDate, last: NaiveDate, zone: &Zone, now: Moment) -> Result<Self, Refusal> {
        if last < first {
            return Err(Refusal::TermBackwards);
        }
        if first < zone.civil(now).date() {
            return Err(Refusal::DelegationInThePast);
        }
        let after = last.succ_opt().ok_or(Refusal::TooFar)?;
        Ok(Self { from: hours::midnight(first, zone).max(now), until: hours::midnight(after, zone) })
    }

    /// Whether it runs at a moment.
    pub fn runs(&self, at: Moment) -> bool {
        self.from <= at && at < self.until
    }

    /// Whether two terms share a moment.
    pub fn meets(&self, other: &Term) -> bool {
        self.from < other.until && other.from < self.until
    }
}

/// All of a kind of thing, or only some. Not a list where "empty" means all: a list that lost its last line must not
/// open every door.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "of", deny_unknown_fields)]
pub enum Share<T> {
    /// All.
    All,
    /// Only these.
    Only {
        /// Which.
        these: Vec<T>,
    },
}

impl<T: PartialEq> Share<T> {
    /// Whether it holds one.
    pub fn holds(&self, one: &T) -> bool {
        match self {
            Share::All => true,
            Share::Only { these } => these.contains(one),
        }
    }

    fn meets(&self, other: &Share<T>) -> bool {
        match (self, other) {
            (Share::All, Share::All) => true,
            (Share::All, Share::Only { these }) | (Share::Only { these }, Share::All) => !these.is_empty(),
            (Share::Only { these }, Share::Only { these: those }) => these.iter().any(|one| those.contains(one)),
        }
    }
}

/// What a substitute may decide on: all three must hold.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Scope {
    /// In which circuits.
    pub circuits: Share<CircuitId>,
    /// In which steps.
    pub steps: Share<StepId>,
    /// For which channels; a post is within only if all of its channels are.
    pub channels: Share<ChannelId>,
}

impl Scope {
    /// Everything.
    pub const ALL: Scope = Scope { circuits: Share::All, steps: Share::All, channels: Share::All };

    fn meets(&self, other: &Scope) -> bool {
        self.circuits.meets(&other.circuits) && self.steps.meets(&other.steps) && self.channels.meets(&other.channels)
    }
}

/// What is to be decided, as a scope sees it.
#[derive(Debug, Clone, Copy)]
pub struct Errand<'a> {
    /// The circuit.
    pub circuit: &'a CircuitId,
    /// The step.
    pub step: &'a StepId,
    /// The channels of the post.
    pub channels: &'a [ChannelId],
}

/// A substitute.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Delegation {
    /// Its identity.
    pub id: DelegationId,
    /// Who is substituted.
    pub of: MemberId,
    /// Who acts.
    pub to: MemberId,
    /// The decree ("Decreto 2026/114").
    pub reference: String,
    /// When.
    pub term: Term,
    /// For what.
    pub scope: Scope,
    /// Since when it no longer is, if it was ended before its time.
    #[serde(default)]
    pub revoked: Option<Moment>,
}

/// A decree's number and date fit in a line.
const REFERENCE_BYTES: usize = 300;

impl Delegation {
    /// Takes a new one beside those that there are.
    ///
    /// # Errors
    /// `OwnSubstitute`, `TermBackwards`, `DelegationInThePast`, `ReasonWanted` (without a reference), `Malformed`
    /// (where something hides in it), `TooLarge`, `DelegationOverlaps`.
    pub fn admit(mut self, others: &[Delegation], now: Moment) -> Result<Self, Refusal> {
        if self.of == self.to {
            return Err(Refusal::OwnSubstitute);
        }
        if self.term.until <= self.term.from {
            return Err(Refusal::TermBackwards);
        }
        if self.term.from < now.minus(crate::slot::GRACE) {
            return Err(Refusal::DelegationInThePast);
        }
        self.reference = line::line(&self.reference, "reference", REFERENCE_BYTES)?;
        if self.reference.is_empty() {
            return Err(Refusal::ReasonWanted);
        }
        // Two substitutes of one person for the same thing at the same time: which of them is the lawful one?
        match others.iter().find(|other| other.clashes(&self)) {
            Some(other) => Err(Refusal::DelegationOverlaps { reference: other.reference.clone() }),
            None => Ok(self),
        }
    }

    fn clashes(&self, other: &Delegation) -> bool {
        let term = Term { until: self.end(), ..self.term };
        self.id != other.id && self.of == other.of && term.meets(&other.term) && self.scope.meets(&other.scope)
    }

    /// When it ends: at the end of its term, or when it was revoked.
    pub fn end(&self) -> Moment {
        self.revoked.map_or(self.term.until, |revoked| revoked.min(self.term.until))
    }

    /// Whether it is in force for something at a moment.
    pub fn covers(&self, errand: Errand<'_>, at: Moment) -> bool {
        self.term.runs(at)
            && at < self.end()
            && self.scope.circuits.holds(errand.circuit)
            && self.scope.steps.holds(errand.step)
            && errand.channels.iter().all(|channel| self.scope.channels.holds(channel))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn delegation(of: u128, to: u128, from: i64, until: i64) -> Delegation {
        Delegation {
            id: DelegationId::from_bits((of << 64) + (to << 32) + from as u128),
            of: MemberId::from_bits(of),
            to: MemberId::from_bits(to),
            reference: "Decreto 2026/114".to_owned(),
            term: Term { from: Moment(from), until: Moment(until) },
            scope: Scope::ALL,
            revoked: None,
        }
    }

    fn only<T>(one: T) -> Share<T> {
        Share::Only { these: vec![one] }
    }

    #[test]
    fn a_delegation_that_starts_in_the_past_is_refused() {
        let now = Moment(1_000_000);
        let late = delegation(1, 2, 1_000_000 - 60_001, 2_000_000);
        assert_eq!(late.admit(&[], now), Err(Refusal::DelegationInThePast));
        assert!(delegation(1, 2, 1_000_000 - 60_000, 2_000_000).admit(&[], now).is_ok());
    }

    #[test]
    fn two_substitutes_of_one_person_for_the_same_thing_are_refused() {
        let first = delegation(1, 2, 10, 20);
        let clash = Err(Refusal::DelegationOverlaps { reference: first.reference.clone() });
        assert_eq!(delegation(1, 3, 19, 30).admit(std::slice::from_ref(&first), Moment(0)), clash);
        // One after the other, or of another person, or for another step: no clash.
        assert!(delegation(1, 3, 20, 30).admit(std::slice::from_ref(&first), Moment(0)).is_ok());
        assert!(delegation(4, 3, 10, 30).admit(std::slice::from_ref(&first), Moment(0)).is_ok());
        let step = |n| Scope { steps: only(StepId::from_bits(n)), ..Scope::ALL };
        let first = Delegation { scope: step(1), ..first };
        let second = Delegation { scope: step(2), ..delegation(1, 3, 10, 20) };
        assert!(second.clone().admit(std::slice::from_ref(&first), Moment(0)).is_ok());
        let third = Delegation { scope: step(1), ..second };
        assert!(third.admit(&[first], Moment(0)).is_err());
    }

    #[test]
    fn a_revoked_one_leaves_room_for_the_next() {
        let first = Delegation { revoked: Some(Moment(12)), ..delegation(1, 2, 10, 20) };
        assert!(delegation(1, 3, 12, 20).admit(&[first], Moment(0)).is_ok());
    }

    #[test]
    fn nobody_is_their_own_substitute_and_a_decree_has_a_number() {
        assert_eq!(delegation(1, 1, 10, 20).admit(&[], Moment(0)), Err(Refusal::OwnSubstitute));
        assert_eq!(delegation(1, 2, 20, 20).admit(&[], Moment(0)), Err(Refusal::TermBackwards));
        let nameless = Delegation { reference: " ".to_owned(), ..delegation(1, 2, 10, 20) };
        assert_eq!(nameless.admit(&[], Moment(0)), Err(Refusal::ReasonWanted));
        let hides = Delegation { reference: "Decreto 4\u{202E}11".to_owned(), ..delegation(1, 2, 10, 20) };
        assert_eq!(hides.admit(&[], Moment(0)), Err(Refusal::Malformed { field: "reference".to_owned() }));
    }

    #[test]
    fn it_covers_its_term_and_its_scope_and_nothing_else() {
        let (circuit, step) = (CircuitId::from_bits(1), StepId::from_bits(1));
        let (here, there) = (ChannelId::from_bits(1), ChannelId::from_bits(2));
        let scope = Scope { channels: only(here.clone()), ..Scope::ALL };
        let delegation = Delegation { scope, ..delegation(1, 2, 10, 20) };
        let covers = |channels: &[ChannelId], at| {
            delegation.covers(Errand { circuit: &circuit, step: &step, channels }, Moment(at))
        };
        assert!(covers(std::slice::from_ref(&here), 10));
        assert!(!covers(std::slice::from_ref(&here), 9));
        assert!(!covers(std::slice::from_ref(&here), 20));
        assert!(!covers(&[here, there], 10));
    }

    #[test]
    fn a_decree_of_today_is_in_force_from_now_and_through_its_last_day() {
        let zone = Zone { initial: 3_600, ..Zone::utc() };
        let day = |text: &str| text.parse::<NaiveDate>().unwrap();
        let now = Moment(1_772_323_200_000); // 2026-03-01T00:00Z, one in the morning there
        let term = Term::of_days(day("2026-03-01"), day("2026-03-02"), &zone, now).unwrap();
        assert_eq!(term, Term { from: now, until: Moment(1_772_492_400_000) }); // 2026-03-02T23:00Z
        assert_eq!(Term::of_days(day("2026-02-28"), day("2026-03-02"), &zone, now), Err(Refusal::DelegationInThePast));
        assert_eq!(Term::of_days(day("2026-03-02"), day("2026-03-01"), &zone, now), Err(Refusal::TermBackwards));
    }
}
