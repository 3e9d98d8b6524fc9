//! The bylaws of an organisation: its circuits, the rules that choose between them, its hours, its units, who substitutes
//! whom and who is away. All that agreeing depends on and that is not in a post.
//! Separate from `organisation`: that is who it is, this is how it agrees; it is changed by other people and kept as one
//! value, so that a round is always judged by rules that were in force together.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::{
    CircuitId, DelegationId, MemberId, Moment, Refusal, StepId, UnitId,
    circuit::{
        Circuit, Facts, Flaw, Rules,
        choice::{Past, choose},
        flaw::{flaws, rule_flaws},
    },
    delegation::Delegation,
    emergency::Protocol,
    guidance::Guidance,
    hours::Hours,
    people::{Absence, Colleague, People},
    text::line,
};

/// A unit: members who are asked together ("Urbanismo").
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Unit {
    /// Its identity: circuits name it.
    pub id: UnitId,
    /// Its name.
    pub name: String,
    /// Who belongs to it.
    pub members: Vec<MemberId>,
}

/// Whether a member may confirm a decision with a code by mail. It proves less than a passkey: that somebody who is signed
/// in also has the mailbox.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Default)]
#[serde(rename_all = "snake_case")]
pub enum Codes {
    /// They may, where they have no passkey at hand; the receipt says so.
    #[default]
    Allowed,
    /// Members decide with a passkey or not at all.
    Forbidden,
}

/// How an organisation agrees.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Bylaws {
    /// Its circuits, each in its newest version. A round carries the version that it runs under.
    pub circuits: Vec<Circuit>,
    /// Which of them a post goes through.
    pub rules: Rules,
    /// When somebody is there.
    pub hours: Hours,
    /// Its units.
    pub units: Vec<Unit>,
    /// Who acts for whom, those that are over too: a decision names its decree.
    pub delegations: Vec<Delegation>,
    /// Who is away.
    pub absences: Vec<Absence>,
    /// Whether members may confirm with a code.
    #[serde(default)]
    pub codes: Codes,
    /// How something goes out in an emergency. None: there is no such way.
    #[serde(default)]
    pub emergency: Option<Protocol>,
    /// What it asks of whoever writes and decides.
    #[serde(default)]
    pub guidance: Guidance,
}

impl Default for Bylaws {
    /// The usual circuit for everything, and the hours of most town halls.
    fn default() -> Self {
        let usual = Circuit::usual();
        Self {
            rules: Rules { rules: Vec::new(), otherwise: usual.id.clone() },
            circuits: vec![usual],
            hours: Hours::default(),
            units: Vec::new(),
            delegations: Vec::new(),
            absences: Vec::new(),
            codes: Codes::default(),
            emergency: None,
            guidance: Guidance::default(),
        }
    }
}

/// Circuits and rules as somebody wants to have them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Draft {
    /// The circuits; their versions are not theirs to say.
    pub circuits: Vec<Circuit>,
    /// The rules.
    pub rules: Rules,
}

/// A town draws a handful.
const CIRCUITS: usize = 30;
/// More units than any body has that this is made for.
const UNITS: usize = 100;
/// Members of a unit.
const MEMBERS: usize = 300;
/// A unit's name, in bytes.
const NAME: usize = 200;
/// Decrees and absences that are kept at hand; the record keeps all.
const ENTRIES: usize = 200;

fn bounded(field: &str, limit: usize, length: usize) -> Result<(), Refusal> {
    let (limit, length) = (limit as u64, length as u64);
    if length > limit { Err(Refusal::TooLarge { field: field.to_owned(), limit, length }) } else { Ok(()) }
}

impl Draft {
    /// Everything that is wrong with it, given who is there.
    pub fn flaws(&self, people: &People) -> Vec<Flaw> {
        let names: Vec<CircuitId> = self.circuits.iter().map(|circuit| circuit.id.clone()).collect();
        let mut found: Vec<Flaw> = self.circuits.iter().flat_map(|circuit| flaws(circuit, people)).collect();
        found.extend(rule_flaws(&self.rules, &names));
        found
    }

    /// The circuit of this name, and the steps of it that a post with these facts would be asked for.
    fn asked(&self, circuit: &CircuitId, facts: &Facts) -> Vec<StepId> {
        let found = self.circuits.iter().find(|one| one.id == *circuit);
        let steps = found.into_iter().flat_map(|circuit| &circuit.steps).filter(|step| step.applies(facts));
        steps.map(|step| step.id.clone()).collect()
    }

    /// What it would have done with the past that went through `stands`: another circuit, or other steps of the same.
    pub fn trial(&self, stands: &Draft, past: &[Past]) -> Trial {
        let mut trial = Trial { of: past.len(), ..Trial::default() };
        for before in past {
            let chosen = choose(&self.rules, &before.facts);
            if let Some(rule) = chosen.rule {
                *trial.caught.entry(rule).or_default() += 1;
            }
            let asked = self.asked(chosen.circuit, &before.facts);
            let same = *chosen.circuit == before.circuit && asked == stands.asked(&before.circuit, &before.facts);
            trial.changed += usize::from(!same);
            for step in asked {
                *trial.asked.entry(step).or_default() += 1;
            }
        }
        trial
    }
}

/// What a draft would have done with the last posts.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Trial {
    /// How many posts were looked at.
    pub of: usize,
    /// How many would have gone another way.
    pub changed: usize,
    /// How many each rule would have caught; one that caught none may be misspelt.
    pub caught: BTreeMap<usize, usize>,
    /// How many would have been asked of each step.
    pub asked: BTreeMap<StepId, usize>,
}

impl Bylaws {
    /// Whether nobody has said yet how this house agrees. Who stands in for whom, or is away, says nothing of that.
    pub fn is_usual(&self) -> bool {
        let (delegations, absences) = (self.delegations.clone(), self.absences.clone());
        *self == Self { delegations, absences, ..Self::default() }
    }

    /// The circuit of a post with these facts.
    pub fn circuit(&self, facts: &Facts) -> Circuit {
        let chosen = choose(&self.rules, facts).circuit;
        self.circuits.iter().find(|circuit| circuit.id == *chosen).cloned().unwrap_or_else(Circuit::usual)
    }

    /// Everybody, with what the bylaws say of them.
    pub fn people(&self, mut colleagues: Vec<Colleague>) -> People {
        for colleague in &mut colleagues {
            let theirs = self.units.iter().filter(|unit| unit.members.contains(&colleague.id));
            colleague.units = theirs.map(|unit| unit.id.clone()).collect();
        }
        People { colleagues, delegations: self.delegations.clone(), absences: self.absences.clone() }
    }

    /// Takes over circuits and rules. A circuit that changed becomes a new version of itself; what runs goes on under
    /// the old one.
    ///
    /// # Errors
    /// `TooLarge`, `Malformed`, `Doubled`; `FlawedCircuit` when something is wrong that may not be saved
    /// (`Draft::flaws` says what).
    pub fn draw(self, draft: Draft, people: &People) -> Result<Self, Refusal> {
        bounded("circuits", CIRCUITS, draft.circuits.len())?;
        let mut circuits: Vec<Circuit> = Vec::new();
        for circuit in draft.circuits {
            if circuits.iter().any(|other| other.id == circuit.id) {
                return Err(Refusal::Doubled { field: "circuits".to_owned() });
            }
            let before = self.circuits.iter().find(|before| before.id == circuit.id);
            let version = |circuit: &Circuit| {
                before.map_or(1, |before| {
                    let same = Circuit { version: before.version, ..circuit.clone() } == *before;
                    before.version + u32::from(!same)
                })
            };
            let circuit = usual_or_parsed(Circuit { version: version(&circuit), ..circuit })?;
            // A blank more in a name is no other version of it.
            circuits.push(Circuit { version: version(&circuit), ..circuit });
        }
        let draft = Draft { circuits, rules: draft.rules.parse()? };
        if draft.flaws(people).iter().any(Flaw::stops) {
            return Err(Refusal::FlawedCircuit);
        }
        Ok(Self { circuits: draft.circuits, rules: draft.rules, ..self })
    }

    /// Takes over the hours.
    ///
    /// # Errors
    /// What `Hours::parse` refuses.
    pub fn open(self, hours: Hours) -> Result<Self, Refusal> {
        Ok(Self { hours: hours.parse()?, ..self })
    }

    /// Takes over the protocol for emergencies, or gives it up. What runs goes on under the one that it began with.
    ///
    /// # Errors
    /// What `Protocol::parse` refuses.
    pub fn prepare(self, protocol: Option<Protocol>, people: &People) -> Result<Self, Refusal> {
        Ok(Self { emergency: protocol.map(|protocol| protocol.parse(people)).transpose()?, ..self })
    }

    /// Takes over the units. One that a circuit names may not go.
    ///
    /// # Errors
    /// `TooLarge`, `Malformed` without a name, `Doubled`; `FlawedCircuit` when a circuit would be left without anybody,
    /// `FlawedProtocol` when the protocol for emergencies would.
    pub fn group(self, mut units: Vec<Unit>, colleagues: Vec<Colleague>) -> Result<Self, Refusal> {
        bounded("units", UNITS, units.len())?;
        for unit in &mut units {
            unit.name = line::name(&unit.name, "name", NAME)?;
        }
        for (place, unit) in units.iter().enumerate() {
            bounded("members", MEMBERS, unit.members.len())?;
            if units[..place].iter().any(|other| other.id == unit.id) {
                return Err(Refusal::Doubled { field: "units".to_owned() });
            }
        }
        let grouped = Self { units, ..self };
        let draft = Draft { circuits: grouped.circuits.clone(), rules: grouped.rules.clone() };
        let people = grouped.people(colleagues);
        if draft.flaws(&people).iter().any(Flaw::stops) {
            return Err(Refusal::FlawedCircuit);
        }
        if let Some(protocol) = grouped.emergency.clone() {
            protocol.parse(&people)?;
        }
        Ok(grouped)
    }

    /// Takes over dos and don'ts, the checklist and the office-holders. What was ticked stays ticked under its version.
    ///
    /// # Errors
    /// What `Guidance::become_new` refuses.
    pub fn guide(self, guidance: Guidance) -> Result<Self, Refusal> {
        Ok(Self { guidance: self.guidance.clone().become_new(guidance)?, ..self })
    }

    /// Takes a substitute.
    ///
    /// # Errors
    /// What `Delegation::admit` refuses; `TooLarge`.
    pub fn substitute(mut self, delegation: Delegation, now: Moment) -> Result<Self, Refusal> {
        let delegation = delegation.admit(&self.delegations, now)?;
        self.forget(now);
        bounded("delegations", ENTRIES, self.delegations.len() + 1)?;
        self.delegations.push(delegation);
        Ok(self)
    }

    /// Ends a substitution now.
    ///
    /// # Errors
    /// `NotFound` when there is none, or it is over.
    pub fn revoke(mut self, delegation: &DelegationId, now: Moment) -> Result<Self, Refusal> {
        let found = self.delegations.iter_mut().find(|one| one.id == *delegation && one.end() > now);
        found.ok_or(Refusal::NotFound)?.revoked = Some(now);
        Ok(self)
    }

    /// Takes an absence.
    ///
    /// # Errors
    /// `TermBackwards`, `TooLarge`.
    pub fn excuse(mut self, absence: Absence, now: Moment) -> Result<Self, Refusal> {
        if absence.term.until <= absence.term.from {
            return Err(Refusal::TermBackwards);
        }
        self.forget(now);
        bounded("absences", ENTRIES, self.absences.len() + 1)?;
        self.absences.push(absence);
        Ok(self)
    }

    /// Takes an absence back.
    ///
    /// # Errors
    /// `NotFound`.
    pub fn recall(mut self, absence: &Absence) -> Result<Self, Refusal> {
        let place = self.absences.iter().position(|one| one == absence).ok_or(Refusal::NotFound)?;
        self.absences.remove(place);
        Ok(self)
    }

    /// What is over is in the record. Here it would only be in the way.
    fn forget(&mut self, now: Moment) {
        self.delegations.retain(|delegation| delegation.end() > now);
        self.absences.retain(|absence| absence.term.until > now);
    }
}

/// The usual circuit has no names: it is ours, and `words` names it.
fn usual_or_parsed(circuit: Circuit) -> Result<Circuit, Refusal> {
    if circuit == Circuit::usual() { Ok(circuit) } else { circuit.parse() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        Role, StepId,
        circuit::{Options, Quorum},
        delegation::Term,
        party::Party,
        round::tests::{circuit, delegation, facts, member, named, people, step},
    };

    fn draft(circuits: Vec<Circuit>) -> Draft {
        let otherwise = circuits[0].id.clone();
        Draft { circuits, rules: Rules { rules: Vec::new(), otherwise } }
    }

    #[test]
    fn what_everybody_begins_with_has_no_flaw() {
        let bylaws = Bylaws::default();
        let whole = Draft { circuits: bylaws.circuits.clone(), rules: bylaws.rules.clone() };
        assert_eq!(whole.flaws(&people()).into_iter().filter(Flaw::stops).collect::<Vec<_>>(), []);
        assert_eq!(bylaws.circuit(&facts()), Circuit::usual());
        let same = bylaws.clone().draw(whole, &people()).unwrap();
        assert_eq!(same, bylaws, "drawing the same again is no new version");
    }

    #[test]
    fn a_circuit_that_changed_is_a_new_version_of_itself() {
        let one = circuit(vec![step(1, Quorum::Any, &[named(3), named(4)])], Options::default());
        let drawn = Bylaws::default().draw(draft(vec![one.clone()]), &people()).unwrap();
        // Its identity is the usual circuit's: it goes on counting from there.
        assert_eq!(drawn.circuits[0].version, 2);
        let other = Circuit { name: "Urgente".to_owned(), version: 77, ..one };
        let again = drawn.draw(draft(vec![other]), &people()).unwrap();
        assert_eq!(again.circuits[0].version, 3, "nobody says their own version");
    }

    #[test]
    fn a_draft_is_tried_on_the_past_with_its_conditions() {
        use crate::{
            Kind, PostId,
            circuit::{Clause, Facet, Holds, choice::Past},
        };
        let always = step(1, Quorum::Any, &[named(3)]);
        let stands = draft(vec![circuit(vec![always.clone(), step(2, Quorum::Any, &[named(4)])], Options::default())]);
        let id = stands.circuits[0].id.clone();
        let legal = Clause { holds: Holds::Any, facet: Facet::Kinds([Kind::Legal].into()) };
        let second = crate::circuit::Step { when: vec![legal], ..step(2, Quorum::Any, &[named(4)]) };
        let wanted = draft(vec![Circuit { steps: vec![always, second], ..stands.circuits[0].clone() }]);
        let past = |n: u128, kind| Past {
            post: PostId::from_bits(n),
            facts: crate::circuit::Facts { kind, ..facts() },
            circuit: id.clone(),
        };
        let past = [past(1, Kind::Routine), past(2, Kind::Legal), past(3, Kind::Event)];
        let trial = wanted.trial(&stands, &past);
        assert_eq!((trial.of, trial.changed), (3, 2));
        assert_eq!(trial.asked, [(StepId::from_bits(1), 3), (StepId::from_bits(2), 1)].into());
        assert_eq!(stands.trial(&stands, &past).changed, 0);
    }

    #[test]
    fn bylaws_from_before_there_was_guidance_are_read() {
        let mut stored = serde_json::to_value(Bylaws::default()).unwrap();
        stored.as_object_mut().unwrap().remove("guidance");
        assert_eq!(serde_json::from_value::<Bylaws>(stored).unwrap(), Bylaws::default());
    }

    #[test]
    fn what_nobody_could_get_through_is_not_saved() {
        let nobody = circuit(vec![step(1, Quorum::Any, &[named(99)])], Options::default());
        let drawn = draft(vec![nobody]);
        assert!(!drawn.flaws(&people()).is_empty());
        assert_eq!(Bylaws::default().draw(drawn, &people()), Err(Refusal::FlawedCircuit));
        let missing = Draft {
            rules: Rules { rules: vec![], otherwise: CircuitId::from_bits(9) },
            ..draft(vec![Circuit::usual()])
        };
        assert_eq!(Bylaws::default().draw(missing, &people()), Err(Refusal::FlawedCircuit));
        let doubled = draft(vec![Circuit::usual(), Circuit::usual()]);
        assert!(matches!(Bylaws::default().draw(doubled, &people()), Err(Refusal::Doubled { .. })));
    }

    #[test]
    fn a_unit_sits_in_a_circuit_and_does_not_leave_it_empty() {
        let unit = |members: &[u128]| Unit {
            id: UnitId::from_bits(7),
            name: "Urbanismo".to_owned(),
            members: members.iter().map(|n| member(*n)).collect(),
        };
        let colleagues = people().colleagues;
        let bylaws = Bylaws::default().group(vec![unit(&[3, 4])], colleagues.clone()).unwrap();
        let seats = [Party::Unit { unit: UnitId::from_bits(7) }];
        let drawn = draft(vec![circuit(vec![step(1, Quorum::Any, &seats)], Options::default())]);
        let bylaws = bylaws.clone().draw(drawn, &bylaws.people(colleagues.clone())).unwrap();
        assert_eq!(bylaws.clone().group(vec![unit(&[])], colleagues.clone()), Err(Refusal::FlawedCircuit));
        let hides = Unit { name: "Guar\u{202E}dia".to_owned(), ..unit(&[3, 4]) };
        let refused = bylaws.clone().group(vec![hides], colleagues.clone());
        assert_eq!(refused, Err(Refusal::Malformed { field: "name".to_owned() }));
        assert_eq!(bylaws.group(vec![], colleagues), Err(Refusal::FlawedCircuit));
    }

    #[test]
    fn a_protocol_for_emergencies_is_drawn_and_given_up_and_its_units_stay() {
        let unit = |members: &[u128]| Unit {
            id: UnitId::from_bits(7),
            name: "Guardia".to_owned(),
            members: members.iter().map(|n| member(*n)).collect(),
        };
        let colleagues = people().colleagues;
        let bylaws = Bylaws::default().group(vec![unit(&[1, 2])], colleagues.clone()).unwrap();
        let guard = Party::Unit { unit: UnitId::from_bits(7) };
        let protocol = Protocol { publish: vec![guard], ratify: vec![], before: crate::emergency::Before::Two };
        let before = Bylaws::default().prepare(Some(protocol.clone()), &people());
        assert_eq!(before, Err(Refusal::FlawedProtocol), "nobody is in that unit yet");
        let town = bylaws.people(colleagues.clone());
        let bylaws = bylaws.prepare(Some(protocol.clone()), &town).unwrap();
        assert_eq!(bylaws.emergency, Some(protocol));
        assert_eq!(bylaws.clone().group(vec![unit(&[1])], colleagues), Err(Refusal::FlawedProtocol));
        assert_eq!(bylaws.prepare(None, &town).unwrap().emergency, None);
        // What was stored before there were protocols has none.
        let old = serde_json::to_string(&Bylaws::default()).unwrap().replace(r#","emergency":null"#, "");
        assert!(!old.contains("emergency"));
        assert_eq!(serde_json::from_str::<Bylaws>(&old).unwrap(), Bylaws::default());
    }

    #[test]
    fn a_substitute_comes_and_goes_and_what_is_over_is_forgotten() {
        let (now, late) = (Moment(10), Moment(2_000));
        let bylaws = Bylaws::default().substitute(delegation(3, 4, 10, 1_000), now).unwrap();
        let overlapping = delegation(3, 5, 500, 1_500);
        assert!(matches!(bylaws.clone().substitute(overlapping, now), Err(Refusal::DelegationOverlaps { .. })));
        let id = bylaws.delegations[0].id.clone();
        let revoked = bylaws.clone().revoke(&id, Moment(20)).unwrap();
        assert_eq!(revoked.clone().revoke(&id, Moment(30)), Err(Refusal::NotFound), "once");
        assert_eq!(revoked.delegations[0].end(), Moment(20));
        let later = bylaws.substitute(delegation(5, 4, 2_000, 3_000), late).unwrap();
        assert_eq!(later.delegations.len(), 1);
    }

    #[test]
    fn an_absence_is_known_and_taken_back() {
        let absence = Absence { member: member(3), term: Term { from: Moment(5), until: Moment(50) } };
        let bylaws = Bylaws::default().excuse(absence.clone(), Moment(1)).unwrap();
        assert_eq!(bylaws.people(people().colleagues).away(&member(3), Moment(6)), Some(Moment(50)));
        let back = bylaws.recall(&absence).unwrap();
        assert_eq!(back.clone().recall(&absence), Err(Refusal::NotFound));
        let backwards = Absence { member: member(3), term: Term { from: Moment(5), until: Moment(5) } };
        assert_eq!(back.excuse(backwards, Moment(1)), Err(Refusal::TermBackwards));
    }

    #[test]
    fn the_usual_circuit_is_whoever_approves_or_administers() {
        let steps = Circuit::usual().steps;
        assert_eq!((steps.len(), steps[0].id.clone()), (1, StepId::from_bits(1)));
        let roles: Vec<&Party> = steps[0].places();
        assert_eq!(roles, [&Party::Role { role: Role::Approver }, &Party::Role { role: Role::Administrator }]);
    }
}
