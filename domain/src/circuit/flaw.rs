//! What is wrong with a circuit, with the rules that choose it, or with the substitutes: found before it is saved.
//! Separate from the circuit: a flaw depends on who is there, and a circuit outlives the people in it, so it is looked
//! for again whenever somebody leaves.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::{Circuit, Hats, Quorum, Rules, Silence, Step, choice::Constant};
use crate::{
    Act, CircuitId, MemberId, Moment, StepId,
    delegation::Delegation,
    hours::WorkMinutes,
    may,
    party::{Mailbox, Party, Person},
    people::People,
    seating,
};

/// A flaw. `words` has the sentence and the next step for each.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "flaw")]
pub enum Flaw {
    /// There is no step: nobody would have to agree.
    NoStep,
    /// Every step has a condition: a post that meets none would need nobody.
    EveryStepConditional,
    /// Two steps have the same identity.
    DoubledStep {
        /// Which.
        step: StepId,
    },
    /// The condition of a step can never hold.
    NeverApplies {
        /// Which.
        step: StepId,
    },
    /// A step asks for more (or for none) of its places than there are.
    BadCount {
        /// Which.
        step: StepId,
        /// How many are asked for.
        count: usize,
        /// How many places there are.
        places: usize,
    },
    /// Nobody has the role, nobody is in the unit, or the member left.
    NobodyFits {
        /// Which step.
        step: StepId,
        /// Whom it names.
        party: Party,
    },
    /// An address outside is a member's: they would have two hats.
    OutsideIsInside {
        /// Which step.
        step: StepId,
        /// The address.
        mailbox: Mailbox,
    },
    /// There are not enough different people for a step.
    TooFewPeople {
        /// Which.
        step: StepId,
        /// How many must agree.
        needed: usize,
        /// How many could.
        possible: usize,
    },
    /// There are enough people for each step but not for all of them, as nobody may decide twice.
    TooFewHats {
        /// How many different people are needed.
        needed: usize,
        /// How many could agree.
        possible: usize,
    },
    /// When this member writes, nobody is left to agree.
    StuckWhenWriting {
        /// Who.
        member: MemberId,
    },
    /// A step has no time at all, or reminds people after its end.
    BadTime {
        /// Which.
        step: StepId,
    },
    /// Nobody stands on a rung, or the ladder has none.
    NobodyOnRung {
        /// Which step.
        step: StepId,
        /// Which rung, from 0.
        rung: usize,
    },
    /// A rung leads back to people who have been asked already.
    LadderCycle {
        /// Which step.
        step: StepId,
        /// Which rung, from 0.
        rung: usize,
    },
    /// Substitutes of each other: whoever is away, the other one's substitute is away too.
    SubstituteCycle {
        /// Who.
        members: BTreeSet<MemberId>,
    },
    /// A rule matches every post: nothing after it, nor the default, is ever reached.
    MatchesEverything {
        /// Which rule, from 0.
        rule: usize,
    },
    /// A rule can never match.
    NeverMatches {
        /// Which rule, from 0.
        rule: usize,
    },
    /// Every post that a rule matches is caught by an earlier one.
    Shadowed {
        /// Which rule, from 0.
        rule: usize,
        /// The earlier one.
        by: usize,
    },
    /// A rule, or the default, names a circuit that does not exist.
    UnknownCircuit {
        /// Which rule, from 0; none is the default.
        rule: Option<usize>,
        /// The circuit.
        circuit: CircuitId,
    },
}

impl Flaw {
    /// Whether nothing may be saved with it. The others are said: they come and go with the people.
    pub const fn stops(&self) -> bool {
        !matches!(self, Flaw::StuckWhenWriting { .. } | Flaw::SubstituteCycle { .. } | Flaw::OutsideIsInside { .. })
    }
}

/// Everything that is wrong with a circuit, given who is there.
pub fn flaws(circuit: &Circuit, people: &People) -> Vec<Flaw> {
    let mut found = Vec::new();
    if circuit.steps.is_empty() {
        return vec![Flaw::NoStep];
    }
    let always = |step: &&Step| step.when.iter().all(|clause| clause.constant() == Some(Constant::Always));
    if circuit.steps.iter().find(always).is_none() {
        found.push(Flaw::EveryStepConditional);
    }
    for (place, step) in circuit.steps.iter().enumerate() {
        if circuit.steps[..place].iter().any(|other| other.id == step.id) {
            found.push(Flaw::DoubledStep { step: step.id.clone() });
        }
        if step.when.iter().any(|clause| clause.constant() == Some(Constant::Never)) {
            found.push(Flaw::NeverApplies { step: step.id.clone() });
        }
        seats_of(step, people, &mut found);
        clock_of(step, people, &mut found);
    }
    if !found.iter().any(Flaw::stops) {
        let unconditional: Vec<&Step> = circuit.steps.iter().filter(always).collect();
        hats_of(circuit, &unconditional, people, &mut found);
    }
    found
}

fn seats_of(step: &Step, people: &People, found: &mut Vec<Flaw>) {
    let places = step.places().len();
    let count = match step.quorum {
        Quorum::Any => 1,
        Quorum::All => places,
        Quorum::AtLeast { count } => count.into(),
    };
    if count == 0 || count > places {
        found.push(Flaw::BadCount { step: step.id.clone(), count, places });
        return;
    }
    let known = found.len();
    for seat in &step.seats {
        if people.holders(&seat.party).is_empty() {
            found.push(Flaw::NobodyFits { step: step.id.clone(), party: seat.party.clone() });
        }
        if let Party::Outside { mailbox } = &seat.party {
            let person = Person::Outside { mailbox: mailbox.clone() };
            if people.identity(&person) != person {
                found.push(Flaw::OutsideIsInside { step: step.id.clone(), mailbox: mailbox.clone() });
            }
        }
    }
    let possible = possible(&[step], people, None);
    if possible < count && found[known..].iter().all(|flaw| !matches!(flaw, Flaw::NobodyFits { .. })) {
        found.push(Flaw::TooFewPeople { step: step.id.clone(), needed: count, possible });
    }
}

fn clock_of(step: &Step, people: &People, found: &mut Vec<Flaw>) {
    let Some(deadline) = &step.deadline else { return };
    if deadline.within == WorkMinutes(0) || deadline.reminders.iter().any(|after| *after >= deadline.within) {
        found.push(Flaw::BadTime { step: step.id.clone() });
    }
    let Silence::Escalate { ladder } = &deadline.silence else { return };
    if ladder.is_empty() {
        found.push(Flaw::NobodyOnRung { step: step.id.clone(), rung: 0 });
    }
    let mut asked: BTreeSet<Person> = step.seats.iter().flat_map(|seat| people.holders(&seat.party)).collect();
    for (rung, one) in ladder.iter().enumerate() {
        let holders = people.holders(&one.party);
        if holders.is_empty() {
            found.push(Flaw::NobodyOnRung { step: step.id.clone(), rung });
        } else if holders.is_subset(&asked) {
            found.push(Flaw::LadderCycle { step: step.id.clone(), rung });
        }
        asked.extend(holders);
    }
}

fn hats_of(circuit: &Circuit, steps: &[&Step], people: &People, found: &mut Vec<Flaw>) {
    let stuck = |without: Option<&MemberId>| match circuit.options.hats {
        Hats::OnceARound => {
            let needed = steps.iter().map(|step| step.needed()).sum::<usize>();
            let possible = possible(steps, people, without);
            (possible < needed).then_some((needed, possible))
        }
        Hats::OnceAStep => steps.iter().find_map(|step| {
            let possible = possible(&[step], people, without);
            (possible < step.needed()).then_some((step.needed(), possible))
        }),
    };
    if let Some((needed, possible)) = stuck(None) {
        found.push(Flaw::TooFewHats { needed, possible });
        return;
    }
    let writers = people.colleagues.iter().filter(|colleague| may(colleague.role, Act::Submit));
    let stuck = writers.filter(|colleague| stuck(Some(&colleague.id)).is_some());
    found.extend(stuck.map(|colleague| Flaw::StuckWhenWriting { member: colleague.id.clone() }));
}

/// How many of the places that are needed in these steps together could be taken, each person taking one.
fn possible(steps: &[&Step], people: &People, without: Option<&MemberId>) -> usize {
    let places: Vec<(usize, &Party)> = steps
        .iter()
        .enumerate()
        .flat_map(|(step, one)| one.places().into_iter().map(move |party| (step, party)))
        .collect();
    let members = people.colleagues.iter().map(|colleague| Person::from(colleague.id.clone()));
    let outside = places.iter().filter_map(|(_, party)| match party {
        Party::Outside { mailbox } => Some(Person::Outside { mailbox: mailbox.clone() }),
        _ => None,
    });
    let persons: BTreeSet<Person> = members.chain(outside).collect();
    let asked = persons.iter().filter(|person| person.member().is_none_or(|member| Some(member) != without));
    let fitting = |person: &Person| {
        places.iter().enumerate().filter(|(_, (_, party))| people.fits(person, party)).map(|(place, _)| place).collect()
    };
    let mut rows: Vec<Vec<usize>> = asked.map(fitting).collect();
    // A step that needs fewer than its places gets as many straw men as may stay empty: then all must be taken.
    let mut straw = 0;
    for (step, one) in steps.iter().enumerate() {
        let own: Vec<usize> =
            places.iter().enumerate().filter(|(_, (of, _))| *of == step).map(|(place, _)| place).collect();
        let spare = own.len().saturating_sub(one.needed());
        straw += spare;
        rows.extend(std::iter::repeat_n(own, spare));
    }
    seating::filled(&rows, places.len()).saturating_sub(straw)
}

/// Everything that is wrong with the rules, given the circuits that there are.
pub fn rule_flaws(rules: &Rules, circuits: &[CircuitId]) -> Vec<Flaw> {
    let mut found = Vec::new();
    let unknown = |rule: Option<usize>, circuit: &CircuitId| {
        (!circuits.contains(circuit)).then(|| Flaw::UnknownCircuit { rule, circuit: circuit.clone() })
    };
    for (place, rule) in rules.rules.iter().enumerate() {
        let constants: Vec<_> = rule.when.iter().map(super::Clause::constant).collect();
        if constants.contains(&Some(Constant::Never)) {
            found.push(Flaw::NeverMatches { rule: place });
        } else if constants.iter().all(|constant| *constant == Some(Constant::Always)) {
            found.push(Flaw::MatchesEverything { rule: place });
        }
        // An earlier rule catches all of this one's if each of its clauses follows from one of these.
        let shadow = rules.rules[..place].iter().position(|earlier| {
            earlier.when.iter().all(|wide| {
                wide.constant() == Some(Constant::Always) || rule.when.iter().any(|narrow| narrow.implies(wide))
            })
        });
        found.extend(shadow.map(|by| Flaw::Shadowed { rule: place, by }));
        found.extend(unknown(Some(place), &rule.circuit));
    }
    found.extend(unknown(None, &rules.otherwise));
    found
}

/// Members who are each other's substitutes, now or when a substitution begins.
pub fn substitute_cycles(delegations: &[Delegation], now: Moment) -> Vec<Flaw> {
    let mut found: Vec<Flaw> = Vec::new();
    for start in delegations {
        let at = start.term.from.max(now);
        let live = |one: &&Delegation| one.term.runs(at) && at < one.end();
        if !live(&start) {
            continue;
        }
        let reaches = |from: &MemberId, to: &MemberId| {
            let mut reached = BTreeSet::from([from]);
            while let Some(next) =
                delegations.iter().filter(live).find(|one| reached.contains(&one.of) && !reached.contains(&one.to))
            {
                reached.insert(&next.to);
            }
            reached.contains(to)
        };
        // On the ring is whom the substitute leads to and who leads back to the one substituted.
        let on_ring = |member: &&MemberId| reaches(&start.to, member) && reaches(member, &start.of);
        let members: BTreeSet<MemberId> = delegations.iter().map(|one| &one.of).filter(on_ring).cloned().collect();
        let flaw = Flaw::SubstituteCycle { members };
        if reaches(&start.to, &start.of) && !found.contains(&flaw) {
            found.push(flaw);
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        Access, DelegationId, Kind, Language, Role,
        circuit::{
            Again, Clause, Deadline, Facet, Holds, Options, Rung,
            choice::Rule,
            tests::{seat, step},
        },
        delegation::{Scope, Term},
        people::Colleague,
    };

    fn member(n: u128) -> MemberId {
        MemberId::from_bits(n)
    }

    fn people(roles: &[Role]) -> People {
        let colleague = |(n, role): (u128, &Role)| Colleague {
            id: member(n),
            role: *role,
            units: vec![],
            access: Access::Everywhere,
            mailbox: (n == 1).then(|| "alcaldia@town.example".parse().unwrap()),
        };
        People { colleagues: (1..).zip(roles).map(colleague).collect(), ..People::default() }
    }

    fn circuit(steps: Vec<Step>) -> Circuit {
        Circuit {
            id: CircuitId::from_bits(1),
            version: 1,
            name: "Ordinario".to_owned(),
            steps,
            options: Options::default(),
        }
    }

    fn approvers(places: u8) -> Vec<super::super::Seat> {
        vec![seat(Party::Role { role: Role::Approver }, places)]
    }

    fn id(n: u128) -> StepId {
        StepId::from_bits(n)
    }

    const TOWN: [Role; 4] = [Role::Administrator, Role::Author, Role::Approver, Role::Approver];

    #[test]
    fn a_sound_circuit_has_no_flaw() {
        let circuit = circuit(vec![step(1, Quorum::Any, approvers(1))]);
        assert_eq!(flaws(&circuit, &people(&TOWN)), []);
    }

    #[test]
    fn no_step_at_all_or_only_conditional_ones_would_need_nobody() {
        assert_eq!(flaws(&circuit(vec![]), &people(&TOWN)), [Flaw::NoStep]);
        let legal = Clause { holds: Holds::Any, facet: Facet::Kinds(BTreeSet::from([Kind::Legal])) };
        let conditional = Step { when: vec![legal], ..step(1, Quorum::Any, approvers(1)) };
        assert_eq!(flaws(&circuit(vec![conditional]), &people(&TOWN)), [Flaw::EveryStepConditional]);
    }

    #[test]
    fn more_than_there_are_places_or_people_is_said() {
        let of = |quorum, places| flaws(&circuit(vec![step(1, quorum, approvers(places))]), &people(&TOWN));
        assert_eq!(of(Quorum::AtLeast { count: 3 }, 2), [Flaw::BadCount { step: id(1), count: 3, places: 2 }]);
        assert_eq!(of(Quorum::AtLeast { count: 0 }, 2), [Flaw::BadCount { step: id(1), count: 0, places: 2 }]);
        assert_eq!(of(Quorum::All, 3), [Flaw::TooFewPeople { step: id(1), needed: 3, possible: 2 }]);
        assert_eq!(of(Quorum::AtLeast { count: 2 }, 3), []);
    }

    #[test]
    fn a_step_for_an_empty_role_is_said() {
        let party = Party::Role { role: Role::Records };
        let flawed = circuit(vec![step(1, Quorum::Any, vec![seat(party.clone(), 1)])]);
        assert_eq!(flaws(&flawed, &people(&TOWN)), [Flaw::NobodyFits { step: id(1), party }]);
    }

    #[test]
    fn two_steps_for_the_same_person_need_two_hats() {
        let mayor = || vec![seat(Party::Member { member: member(3) }, 1)];
        let mut circuit = circuit(vec![step(1, Quorum::All, mayor()), step(2, Quorum::All, mayor())]);
        assert_eq!(flaws(&circuit, &people(&TOWN)), [Flaw::TooFewHats { needed: 2, possible: 1 }]);
        circuit.options = Options { hats: Hats::OnceAStep, again: Again::Everything, ..Options::default() };
        assert_eq!(flaws(&circuit, &people(&TOWN)), []);
    }

    #[test]
    fn who_writes_and_is_the_only_one_to_agree_is_stuck_and_that_is_said() {
        let circuit = circuit(vec![step(1, Quorum::Any, vec![seat(Party::Role { role: Role::Administrator }, 1)])]);
        let found = flaws(&circuit, &people(&TOWN));
        assert_eq!(found, [Flaw::StuckWhenWriting { member: member(1) }]);
        assert!(!found[0].stops());
    }

    #[test]
    fn an_address_outside_that_is_a_members_is_said() {
        let mailbox: Mailbox = "alcaldia@town.example".parse().unwrap();
        let circuit = circuit(vec![step(1, Quorum::Any, vec![seat(Party::Outside { mailbox: mailbox.clone() }, 1)])]);
        assert!(flaws(&circuit, &people(&TOWN)).contains(&Flaw::OutsideIsInside { step: id(1), mailbox }));
    }

    #[test]
    fn a_ladder_that_leads_back_or_to_nobody_is_said() {
        let rung = |role| Rung { after: WorkMinutes::hours(1), party: Party::Role { role } };
        let with = |ladder| {
            let deadline =
                Deadline { within: WorkMinutes::hours(4), reminders: vec![], silence: Silence::Escalate { ladder } };
            let step = Step { deadline: Some(deadline), ..step(1, Quorum::Any, approvers(1)) };
            flaws(&circuit(vec![step]), &people(&TOWN))
        };
        assert_eq!(with(vec![rung(Role::Administrator)]), []);
        let step = id(1);
        assert_eq!(
            with(vec![rung(Role::Administrator), rung(Role::Approver)]),
            [Flaw::LadderCycle { step: step.clone(), rung: 1 }]
        );
        assert_eq!(with(vec![rung(Role::Records)]), [Flaw::NobodyOnRung { step: step.clone(), rung: 0 }]);
        assert_eq!(with(vec![]), [Flaw::NobodyOnRung { step, rung: 0 }]);
    }

    #[test]
    fn a_rule_that_matches_everything_shadows_the_rest() {
        let rule = |when: Vec<Clause>| Rule { when, circuit: CircuitId::from_bits(1) };
        let kinds = |these: &[Kind]| Clause { holds: Holds::Any, facet: Facet::Kinds(these.iter().copied().collect()) };
        let english = Clause { holds: Holds::Any, facet: Facet::Languages(BTreeSet::from([Language::english()])) };
        let of = |rules: Vec<Rule>| {
            rule_flaws(&Rules { rules, otherwise: CircuitId::from_bits(1) }, &[CircuitId::from_bits(1)])
        };
        assert_eq!(
            of(vec![rule(vec![kinds(&Kind::ALL)]), rule(vec![kinds(&[Kind::Legal])])]),
            [Flaw::MatchesEverything { rule: 0 }, Flaw::Shadowed { rule: 1, by: 0 }]
        );
        assert_eq!(
            of(vec![
                rule(vec![kinds(&[Kind::Legal, Kind::Event])]),
                rule(vec![kinds(&[Kind::Legal]), english.clone()])
            ]),
            [Flaw::Shadowed { rule: 1, by: 0 }]
        );
        assert_eq!(of(vec![rule(vec![kinds(&[Kind::Legal]), english]), rule(vec![kinds(&[Kind::Legal])])]), []);
        assert_eq!(of(vec![rule(vec![kinds(&[])])]), [Flaw::NeverMatches { rule: 0 }]);
    }

    #[test]
    fn a_rule_to_a_circuit_that_is_gone_is_said() {
        let gone = CircuitId::from_bits(9);
        let rules = Rules { rules: vec![], otherwise: gone.clone() };
        assert_eq!(rule_flaws(&rules, &[]), [Flaw::UnknownCircuit { rule: None, circuit: gone }]);
    }

    #[test]
    fn substitutes_of_each_other_are_said_when_they_are_so_at_the_same_time() {
        let delegation = |of, to, from, until| Delegation {
            id: DelegationId::from_bits((of << 8) + to),
            of: member(of),
            to: member(to),
            reference: "Decreto 1".to_owned(),
            term: Term { from: Moment(from), until: Moment(until) },
            scope: Scope::ALL,
            revoked: None,
        };
        let ring =
            [delegation(1, 2, 10, 20), delegation(2, 3, 12, 20), delegation(3, 1, 15, 30), delegation(3, 4, 0, 30)];
        let members = [1, 2, 3].map(member).into();
        assert_eq!(substitute_cycles(&ring, Moment(0)), [Flaw::SubstituteCycle { members }]);
        assert_eq!(substitute_cycles(&ring, Moment(20)), []);
        let line = [delegation(1, 2, 10, 20), delegation(2, 1, 20, 30)];
        assert_eq!(substitute_cycles(&line, Moment(0)), []);
    }
}
