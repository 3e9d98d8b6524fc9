//! The circuit: the steps that a post goes through before it may go out, as the organisation drew them.
//! Separate from `round`: the circuit is the rule, versioned; the round is what happened under one version of it.

pub mod choice;
pub mod flaw;

use serde::{Deserialize, Serialize};

use crate::{
    ChannelId, CircuitId, Content, Language, Refusal, Role, StepId, hours::WorkMinutes, party::Party, text::line,
};

pub use choice::{Chosen, Clause, Facet, Facts, Holds, Matter, Rules};
pub use flaw::Flaw;

/// One version of a circuit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Circuit {
    /// Its identity, the same in every version.
    pub id: CircuitId,
    /// Counts its versions. A post keeps the one that it was submitted under.
    pub version: u32,
    /// Its name ("Ordinario", "Con intervención").
    pub name: String,
    /// Its steps, in order.
    pub steps: Vec<Step>,
    /// What the organisation wants besides.
    pub options: Options,
}

/// A step: some people of whom some must agree.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Step {
    /// Its identity, the same in every version: decrees and statements name it.
    pub id: StepId,
    /// Its name ("Intervención").
    pub name: String,
    /// Who sits in it.
    pub seats: Vec<Seat>,
    /// How many of the seats must be taken by somebody who agrees.
    pub quorum: Quorum,
    /// When it is asked for: all must hold. Empty: always.
    #[serde(default)]
    pub when: Vec<Clause>,
    /// By when, and what if nobody says anything.
    pub deadline: Option<Deadline>,
    /// What it answers for.
    pub sight: Sight,
}

/// A seat, or several alike: "two of the councillors" is one party with two places.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Seat {
    /// Who may sit there.
    pub party: Party,
    /// How many places it has.
    pub places: u8,
    /// In which language somebody outside is spoken to; the organisation's first if nothing is said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub language: Option<Language>,
}

impl From<Party> for Seat {
    /// One place.
    fn from(party: Party) -> Self {
        Self { party, places: 1, language: None }
    }
}

/// How many places of a step must be taken. A place is taken by one person, and a person takes one place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "quorum", deny_unknown_fields)]
pub enum Quorum {
    /// One.
    Any,
    /// Every one.
    All,
    /// Some of them.
    AtLeast {
        /// How many.
        count: u8,
    },
}

/// By when a step should be through.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Deadline {
    /// How much working time the step has.
    pub within: WorkMinutes,
    /// When people are reminded, in working time after the step began.
    #[serde(default)]
    pub reminders: Vec<WorkMinutes>,
    /// What happens when it has passed.
    pub silence: Silence,
}

/// What happens when nobody decides in time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "silence", deny_unknown_fields)]
pub enum Silence {
    /// It stays where it is and gives its slot up.
    Hold,
    /// It stays where it is, and takes the next free slot.
    Replan,
    /// More people may sit in it, one rung after the other. Never fewer must agree.
    Escalate {
        /// The ladder.
        ladder: Vec<Rung>,
    },
}

/// A rung of the ladder.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rung {
    /// How much working time after the deadline, or after the rung before.
    pub after: WorkMinutes,
    /// Who may sit in any place of the step from then on.
    pub party: Party,
}

/// What the people of a step answer for: with `Again::OnlyChanged`, their word lives on while this does not change.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "sight", deny_unknown_fields)]
pub enum Sight {
    /// Everything that goes out.
    Everything,
    /// The words in some languages, and everything that is not words.
    Languages {
        /// Which.
        these: Vec<Language>,
    },
    /// What goes to some channels.
    Channels {
        /// Which.
        these: Vec<ChannelId>,
    },
}

impl Sight {
    /// The hash of what is seen. For `Everything` it is the content's own.
    pub fn hash(&self, content: &Content) -> String {
        match self {
            Sight::Everything => content.hash(),
            Sight::Languages { these } => in_languages(content, these).hash(),
            Sight::Channels { these } => to_channels(content, these).hash(),
        }
    }
}

fn in_languages(content: &Content, these: &[Language]) -> Content {
    let mut seen = content.clone();
    seen.titles.retain(|language, _| these.contains(language));
    seen.texts.retain(|language, _| these.contains(language));
    seen.comments.retain(|language, _| these.contains(language));
    seen.versions.retain(|version| these.contains(&version.language));
    for picture in &mut seen.pictures {
        picture.alt.retain(|language, _| these.contains(language));
    }
    if let Some(video) = &mut seen.video {
        video.alt.retain(|language, _| these.contains(language));
    }
    if let Some(poll) = &mut seen.poll {
        poll.answers.retain(|language, _| these.contains(language));
    }
    if let Some(document) = &mut seen.document {
        document.title.retain(|language, _| these.contains(language));
    }
    for target in &mut seen.targets {
        target.languages.retain(|language| these.contains(language));
    }
    seen.targets.retain(|target| !target.languages.is_empty());
    seen
}

fn to_channels(content: &Content, these: &[ChannelId]) -> Content {
    let mut seen = content.clone();
    seen.versions.retain(|version| these.contains(&version.channel));
    seen.targets.retain(|target| these.contains(&target.channel));
    seen
}

/// What an organisation chooses once for a whole circuit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Default)]
#[serde(deny_unknown_fields)]
pub struct Options {
    /// How often one person may decide.
    pub hats: Hats,
    /// Whether whoever wrote or agreed may also publish.
    pub duties: Duties,
    /// What needs agreement again after a change.
    pub again: Again,
}

/// How often one person may decide in a round. Somebody and their substitute are one person here.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Default)]
#[serde(rename_all = "snake_case")]
pub enum Hats {
    /// Once.
    #[default]
    OnceARound,
    /// Once in each step (in a town of three people the secretary is also the intervener).
    OnceAStep,
}

/// Who may publish what was agreed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Default)]
#[serde(rename_all = "snake_case")]
pub enum Duties {
    /// Whoever has the role for it.
    #[default]
    Shared,
    /// Only who neither wrote nor agreed.
    Apart,
}

/// What needs agreement again in the next round.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Default)]
#[serde(rename_all = "snake_case")]
pub enum Again {
    /// Everything.
    #[default]
    Everything,
    /// Only the steps of which something that they answer for changed.
    OnlyChanged,
}

impl Step {
    /// The places, one party for each.
    pub fn places(&self) -> Vec<&Party> {
        self.seats.iter().flat_map(|seat| std::iter::repeat_n(&seat.party, seat.places.into())).collect()
    }

    /// How many places must be taken. Never none: a step without places is one that nobody can get through, not one
    /// that everybody may skip.
    pub fn needed(&self) -> usize {
        let places = self.seats.iter().map(|seat| usize::from(seat.places)).sum::<usize>();
        let needed = match self.quorum {
            Quorum::Any => 1,
            Quorum::All => places,
            Quorum::AtLeast { count } => count.into(),
        };
        needed.max(1)
    }

    /// The rungs of its ladder, if it has one.
    pub fn ladder(&self) -> &[Rung] {
        match self.deadline.as_ref().map(|deadline| &deadline.silence) {
            Some(Silence::Escalate { ladder }) => ladder,
            _ => &[],
        }
    }

    /// Whether it is asked for, given what is known of the post.
    pub fn applies(&self, facts: &Facts) -> bool {
        self.when.iter().all(|clause| clause.holds(facts))
    }
}

/// Ceilings far above what a body of any size draws, so that looking at a circuit stays cheap.
mod ceiling {
    use crate::hours::WorkMinutes;

    /// A name, in bytes.
    pub const NAME: usize = 200;
    /// Steps.
    pub const STEPS: usize = 12;
    /// Places of one step.
    pub const PLACES: usize = 30;
    /// Conditions of one step or rule.
    pub const CLAUSES: usize = 12;
    /// Things that one condition lists.
    pub const LISTED: usize = 100;
    /// Reminders, and rungs.
    pub const BELLS: usize = 10;
    /// The time of a step: half a year of working hours.
    pub const TIME: WorkMinutes = WorkMinutes::hours(1_000);
    /// Rules.
    pub const RULES: usize = 100;
}

fn bounded(field: &str, limit: usize, length: usize) -> Result<(), Refusal> {
    let (limit, length) = (limit as u64, length as u64);
    if length > limit { Err(Refusal::TooLarge { field: field.to_owned(), limit, length }) } else { Ok(()) }
}

fn named(name: &str) -> Result<String, Refusal> {
    line::name(name, "name", ceiling::NAME)
}

fn clauses(when: &[Clause]) -> Result<(), Refusal> {
    bounded("conditions", ceiling::CLAUSES, when.len())?;
    when.iter().try_for_each(|clause| bounded("conditions", ceiling::LISTED, clause.facet.len()))
}

impl Rules {
    /// Refuses more rules than anybody could read.
    ///
    /// # Errors
    /// `TooLarge`.
    pub fn parse(self) -> Result<Self, Refusal> {
        bounded("rules", ceiling::RULES, self.rules.len())?;
        self.rules.iter().try_for_each(|rule| clauses(&rule.when))?;
        Ok(self)
    }
}

impl Circuit {
    /// Refuses what is too large to be looked at. What is wrong with it is left to `flaw`.
    ///
    /// # Errors
    /// `TooLarge`, `Malformed` without a name or where something hides in one.
    pub fn parse(mut self) -> Result<Self, Refusal> {
        self.name = named(&self.name)?;
        bounded("steps", ceiling::STEPS, self.steps.len())?;
        for step in &mut self.steps {
            step.name = named(&step.name)?;
            clauses(&step.when)?;
            bounded("seats", ceiling::PLACES, step.seats.len())?;
            bounded("seats", ceiling::PLACES, step.seats.iter().map(|seat| usize::from(seat.places)).sum())?;
            let Some(deadline) = &step.deadline else { continue };
            bounded("reminders", ceiling::BELLS, deadline.reminders.len())?;
            bounded("ladder", ceiling::BELLS, step.ladder().len())?;
            for time in step.ladder().iter().map(|rung| rung.after).chain([deadline.within]) {
                bounded("deadline", ceiling::TIME.0 as usize, time.0 as usize)?;
            }
        }
        Ok(self)
    }

    /// What every organisation has until it draws circuits of its own: one who approves, or administers, agrees. Its
    /// name is empty; `words` has one.
    pub fn usual() -> Self {
        let seat = |role: Role| Seat::from(Party::Role { role });
        let step = Step {
            id: StepId::from_bits(1),
            name: String::new(),
            seats: vec![seat(Role::Approver), seat(Role::Administrator)],
            quorum: Quorum::Any,
            when: Vec::new(),
            deadline: None,
            sight: Sight::Everything,
        };
        let id = CircuitId::from_bits(1);
        Self { id, version: 1, name: String::new(), steps: vec![step], options: Options::default() }
    }

    /// The steps that a post with these facts goes through.
    pub fn path(&self, facts: &Facts) -> Vec<Step> {
        self.steps.iter().filter(|step| step.applies(facts)).cloned().collect()
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::{Kind, MemberId, Role, Target, Version};

    pub(crate) fn step(n: u128, quorum: Quorum, seats: Vec<Seat>) -> Step {
        let (id, name) = (StepId::from_bits(n), format!("step {n}"));
        Step { id, name, seats, quorum, when: Vec::new(), deadline: None, sight: Sight::Everything }
    }

    pub(crate) fn seat(party: Party, places: u8) -> Seat {
        Seat { places, ..Seat::from(party) }
    }

    fn notice() -> Content {
        let (es, en) = (Language::spanish(), Language::english());
        let target = |n| Target::new(ChannelId::from_bits(n), vec![es.clone(), en.clone()]);
        Content {
            texts: BTreeMap::from([(es.clone(), "Sin agua".to_owned()), (en.clone(), "No water".to_owned())]),
            targets: vec![target(1), target(2)],
            ..Content::default()
        }
    }

    #[test]
    fn a_step_without_places_is_not_one_to_skip() {
        assert_eq!(step(1, Quorum::All, vec![]).needed(), 1);
        assert_eq!(step(1, Quorum::AtLeast { count: 0 }, vec![]).needed(), 1);
        let councillors = seat(Party::Role { role: Role::Approver }, 2);
        let step = step(1, Quorum::All, vec![councillors, seat(Party::Member { member: MemberId::from_bits(1) }, 1)]);
        assert_eq!((step.needed(), step.places().len()), (3, 3));
    }

    #[test]
    fn who_answers_for_a_language_is_not_asked_again_for_another() {
        let sight = Sight::Languages { these: vec![Language::english()] };
        let before = sight.hash(&notice());
        let mut content = notice();
        content.texts.insert(Language::spanish(), "Mañana sin agua".to_owned());
        assert_eq!(sight.hash(&content), before);
        content.kind = Kind::Legal;
        assert_ne!(sight.hash(&content), before);
    }

    #[test]
    fn who_answers_for_a_channel_is_asked_again_when_its_words_change() {
        let sight = Sight::Channels { these: vec![ChannelId::from_bits(1)] };
        let before = sight.hash(&notice());
        let version = |n| Version {
            channel: ChannelId::from_bits(n),
            language: Language::spanish(),
            text: "Corte".to_owned(),
            warning: None,
        };
        let other = Content { versions: vec![version(2)], ..notice() };
        assert_eq!(sight.hash(&other), before);
        let own = Content { versions: vec![version(1)], ..notice() };
        assert_ne!(sight.hash(&own), before);
    }

    #[test]
    fn what_answers_for_everything_sees_the_contents_own_hash() {
        assert_eq!(Sight::Everything.hash(&notice()), notice().hash());
    }

    #[test]
    fn a_circuit_that_is_too_large_to_look_at_is_refused() {
        let circuit = |steps: Vec<Step>| {
            let (id, name) = (CircuitId::from_bits(1), "Ordinario".to_owned());
            Circuit { id, version: 1, name, steps, options: Options::default() }.parse()
        };
        let of = |places| step(1, Quorum::All, vec![seat(Party::Role { role: Role::Approver }, places)]);
        assert!(circuit(vec![of(30)]).is_ok());
        let refusal = |field: &str, limit, length| Err(Refusal::TooLarge { field: field.to_owned(), limit, length });
        assert_eq!(circuit(vec![of(31)]), refusal("seats", 30, 31));
        assert_eq!(circuit(vec![of(1); 13]), refusal("steps", 12, 13));
        let nameless = Step { name: " ".to_owned(), ..of(1) };
        assert_eq!(circuit(vec![nameless]), Err(Refusal::Malformed { field: "name".to_owned() }));
        let hides = Step { name: "Secre\u{202E}taría".to_owned(), ..step(1, Quorum::Any, vec![]) };
        assert_eq!(circuit(vec![hides]), Err(Refusal::Malformed { field: "name".to_owned() }));
        let within = WorkMinutes::hours(1_001);
        let endless = Step { deadline: Some(Deadline { within, reminders: vec![], silence: Silence::Hold }), ..of(1) };
        assert_eq!(circuit(vec![endless]), refusal("deadline", 60_000, 60_060));
    }

    #[test]
    fn a_circuit_crosses_as_json_and_nothing_unknown_gets_in() {
        let circuit = Circuit {
            id: CircuitId::from_bits(1),
            version: 1,
            name: "Ordinario".to_owned(),
            steps: vec![step(1, Quorum::AtLeast { count: 2 }, vec![seat(Party::Role { role: Role::Approver }, 2)])],
            options: Options::default(),
        };
        let json = serde_json::to_string(&circuit).unwrap();
        assert_eq!(serde_json::from_str::<Circuit>(&json).unwrap(), circuit);
        assert!(serde_json::from_str::<Circuit>(&json.replacen('{', r#"{"admin":true,"#, 1)).is_err());
    }
}
