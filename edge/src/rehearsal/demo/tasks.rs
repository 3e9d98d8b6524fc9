//! The tasks of the demo, lived through the rules too: one overdue, one under way, one that waits, one done, one asked of
//! a unit and not taken yet.

use domain::{
    Bylaws, MemberId, Millis, Refusal, TaskId, json,
    people::{Colleague, People},
    record::Subject,
    task::{About, Assignee, Request, State, Task, Urgency},
};

use super::{Town, keep};
use crate::store::{Unit, tasks};

/// Asks for them, into the unit of work.
///
/// # Errors
/// Whatever a rule refuses: then the script is wrong.
pub fn ask(town: &Town<'_>, bylaws: &Bylaws, unit: &mut Unit) -> Result<(), Refusal> {
    let waits = State::Waiting { reason: "El museo todavía no ha dado permiso.".to_owned() };
    let scenes = [
        (
            "alcaldesa",
            "tecnico",
            "Pedir a Obras la fecha del corte de la calle Mayor",
            "Hace falta el tramo exacto y si habrá paso para vecinos.",
            Some(-1),
            Urgency::High,
            vec![],
        ),
        (
            "tecnico",
            "diseno",
            "Foto de la fuente restaurada",
            "Horizontal, con la plaza al fondo y sin caras reconocibles.",
            Some(2),
            Urgency::Normal,
            vec![State::Doing],
        ),
        (
            "tecnico",
            "traductora",
            "Inglés de la agenda de la feria",
            "",
            Some(5),
            Urgency::Low,
            vec![State::Doing, waits],
        ),
        (
            "secretaria",
            "tecnico",
            "Revisar las cuentas que figuran en el registro público",
            "Comprobar que los enlaces abren y que no sobra ninguna.",
            None,
            Urgency::Normal,
            vec![State::Doing, State::Done],
        ),
    ];
    let people =
        People { colleagues: town.people.iter().map(|(_, member)| colleague(member)).collect(), ..People::default() };
    for (by, to, title, instructions, due, urgency, states) in scenes {
        let (by, to) = (town.person(by)?, town.person(to)?);
        let at = town.now.minus(Millis::hours(50));
        let request = Request {
            title: title.to_owned(),
            instructions: instructions.to_owned(),
            about: About::Nothing,
            assignee: Assignee::Member { member: to.clone() },
            due: due.map(|days| town.now.plus(Millis::days(days))),
            urgency,
        };
        let mut task = Task::ask(TaskId::from_bits(town.app.bits()), request, by, &people, at)?;
        let body =
            json!({ "what": "task_asked", "task": task.id, "by": by, "title": task.title, "assignee": task.assignee });
        keep(town, unit, Subject::Task, &body, at);
        for (state, hours) in states.into_iter().zip(1_i64..) {
            let at = at.plus(Millis::hours(9 * hours));
            task = task.advance(state, to, &people, at)?;
            let body = json!({ "what": "task_moved", "task": task.id, "by": to, "state": task.state() });
            keep(town, unit, Subject::Task, &body, at);
        }
        tasks::insert(unit, &town.org, &task, None);
    }
    let Some(works) = bylaws.units.first() else { return Ok(()) };
    let by = town.person("secretaria")?;
    let request = Request {
        title: "Fotos de la obra del parque antes y después".to_owned(),
        instructions: "Desde el mismo sitio las dos, sin vecinos ni matrículas.".to_owned(),
        about: About::Nothing,
        assignee: Assignee::Unit { unit: works.id.clone() },
        due: Some(town.now.plus(Millis::days(4))),
        urgency: Urgency::Normal,
    };
    let people = bylaws.people(town.seated.colleagues.clone());
    let at = town.now.minus(Millis::hours(30));
    let task = Task::ask(TaskId::from_bits(town.app.bits()), request, by, &people, at)?;
    let body =
        json!({ "what": "task_asked", "task": task.id, "by": by, "title": task.title, "assignee": task.assignee });
    keep(town, unit, Subject::Task, &body, at);
    tasks::insert(unit, &town.org, &task, None);
    Ok(())
}

fn colleague(member: &MemberId) -> Colleague {
    let (role, access) = (domain::Role::Author, domain::Access::Everywhere);
    Colleague { id: member.clone(), role, units: Vec::new(), access, mailbox: None }
}
