//! Circuits in bulk, without a database: what a spreadsheet of posts would cost the engine. A worker's clock stands still
//! while it reckons, so the measure looks at the runtime from outside.

use std::collections::{BTreeMap, BTreeSet};

use domain::{
    Access, Belonging, Bylaws, ChannelId, CircuitId, Content, Kind, Language, MemberId, PostId, Refusal, Role, Round,
    StepId, Target,
    circuit::{
        Circuit, Clause, Deadline, Facet, Facts, Holds, Matter, Options, Quorum, Rules, Seat, Silence, Step,
        choice::Rule,
    },
    hours::{Calendar, WorkMinutes},
    party::Party,
    people::{Colleague, People},
    round::{Envelope, Now, Submission},
    slot::HORIZON,
};
use wire::rehearsal::{Bulk, Gone};

use crate::{answer::Refused, ask::Ask, zones};

/// Evaluates it.
pub async fn evaluate(ask: Ask<Bulk>) -> Result<Gone, Refused> {
    let Bulk { posts, rules } = ask.body;
    let (bylaws, people) = (bylaws(rules), people());
    let at = ask.app.now();
    let zone = zones::zone("Europe/Madrid", at)?;
    let now = Now { at, people: &people, calendar: Calendar { hours: &bylaws.hours, zone: &zone } };
    let (mut rounds, mut movers, mut circuits) = (0, 0, BTreeSet::new());
    for n in 0..posts {
        let content = content(n);
        let facts = Facts::of(&content, &Belonging::default(), Role::Author, &[], BTreeSet::new());
        let circuit = bylaws.circuit(&facts);
        circuits.insert(circuit.id.clone());
        let (post, by) = (PostId::from_bits(u128::from(n) + 1), MemberId::from_bits(1));
        let submission = Submission {
            post: &post,
            content: &content,
            hands: BTreeSet::from([by.clone()]),
            by: &by,
            circuit: &circuit,
            facts: &facts,
            envelope: Envelope::Times { from: at, until: at.plus(HORIZON) },
        };
        let round = Round::open(submission, None, at)?;
        let waiting = round.waiting(now).ok_or(Refusal::WrongStage)?;
        movers += waiting.movers.len() as u32;
        rounds += 1;
    }
    Ok(Gone { rounds, circuits: circuits.len() as u32, movers })
}

/// Every rule has two conditions, and most posts come to the last ones.
fn bylaws(rules: u32) -> Bylaws {
    let circuits: Vec<Circuit> = (1..=10).map(circuit).collect();
    let rule = |n: u32| {
        let channels = (0..10).map(|one| ChannelId::from_bits(u128::from(n * 10 + one) + 100)).collect();
        let matters = Matter::ALL.into_iter().collect();
        let when = vec![
            Clause { holds: Holds::Any, facet: Facet::Channels(channels) },
            Clause { holds: Holds::None, facet: Facet::Matters(matters) },
        ];
        Rule { when, circuit: CircuitId::from_bits(u128::from(n % 10) + 1) }
    };
    let rules = Rules { rules: (0..rules).map(rule).collect(), otherwise: CircuitId::from_bits(1) };
    Bylaws { circuits, rules, ..Bylaws::default() }
}

fn circuit(n: u128) -> Circuit {
    let step = |id: u128, role: Role| Step {
        id: StepId::from_bits(id),
        name: format!("Paso {id}"),
        seats: vec![Seat { places: 2, ..Seat::from(Party::Role { role }) }],
        quorum: Quorum::Any,
        when: Vec::new(),
        deadline: Some(Deadline { within: WorkMinutes::hours(8), reminders: Vec::new(), silence: Silence::Replan }),
        sight: domain::circuit::Sight::Everything,
    };
    let steps = vec![step(1, Role::Approver), step(2, Role::Administrator), step(3, Role::Approver)];
    Circuit {
        id: CircuitId::from_bits(n),
        version: 1,
        name: format!("Circuito {n}"),
        steps,
        options: Options::default(),
    }
}

/// A town hall of thirty.
fn people() -> People {
    let roles = [Role::Author, Role::Approver, Role::Administrator];
    let colleague = |n: u128| Colleague {
        id: MemberId::from_bits(n),
        role: roles[n as usize % roles.len()],
        units: Vec::new(),
        access: Access::Everywhere,
        mailbox: None,
    };
    People { colleagues: (1..=30).map(colleague).collect(), ..People::default() }
}

/// Two languages, on three channels that one of the last ten rules names.
fn content(n: u32) -> Content {
    let languages = vec![Language::spanish(), Language::english()];
    let target =
        |one: u32| Target::new(ChannelId::from_bits(u128::from((40 + n % 10) * 10 + one) + 100), languages.clone());
    let text = format!("Aviso número {n}: mañana, de nueve a once, no habrá agua en la calle del Olmo.");
    let texts: BTreeMap<Language, String> = languages.iter().map(|one| (one.clone(), text.clone())).collect();
    Content { kind: Kind::Service, texts, targets: (0..3).map(target).collect(), ..Content::default() }
}
