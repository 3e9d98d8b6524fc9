//! Tasks, line by line. Their names come with each page: tasks speak of people who have left, too.

use domain::{
    MemberId, UnitId,
    listing::{Column, Datum, Event, Row},
    task::{Assignee, Task},
};
use wire::tasks::{TaskRow, Tasks};
use words::{task_state_name, urgency_name};

use super::{
    Known,
    known::{column, hidden, thing},
};
use crate::state::lang;

/// The columns.
pub fn columns() -> Vec<Column> {
    let lang = lang();
    vec![
        hidden("id"),
        column("title", lang.task_what()),
        column("instructions", lang.task_instructions()),
        column("state", lang.task_filter()),
        column("urgency", lang.task_how_urgent()),
        column("due", lang.task_due()),
        column("assignee", lang.task_who()),
        column("unit", lang.leaving_column_unit()),
        column("by", lang.leaving_column_by()),
        column("at", lang.leaving_column_at()),
        column("post", lang.leaving_column_post()),
    ]
}

/// A page of them.
pub fn rows(known: &Known, tasks: &Tasks) -> Vec<Row> {
    tasks.items.iter().map(|one| row(known, tasks, one)).collect()
}

fn row(known: &Known, tasks: &Tasks, TaskRow { task, post, .. }: &TaskRow) -> Row {
    let lang = lang();
    let Task { id, title, instructions, by, at, assignee, unit, due, urgency, .. } = task;
    let member = |member: &MemberId| tasks.people.iter().find(|one| one.member == *member).map(|one| one.name.clone());
    let named = |unit: &UnitId| tasks.units.iter().find(|one| one.unit == *unit).map(|one| one.name.clone());
    let state = task.state().name();
    let day = due.and_then(|due| known.day(due));
    let data = vec![
        Datum::text(id.as_str()),
        Datum::text(title),
        Datum::text(instructions),
        Datum::code(&state, task_state_name(lang, state)),
        Datum::code(urgency, urgency_name(lang, *urgency)),
        known.when(*due),
        match assignee {
            Assignee::Member { member: one } => thing(Some(one), member),
            Assignee::Unit { unit: one } => thing(Some(one), named),
        },
        thing(unit.as_ref(), named),
        thing(Some(by), member),
        known.when(Some(*at)),
        thing(post.as_ref().map(|post| &post.post), |_| post.as_ref().map(|post| post.heading.clone())),
    ];
    let event = day.map(|day| Event::Days {
        uid: ["task-", id.as_str()].concat(),
        first: day,
        last: day,
        text: lang.leaving_days_task(title),
    });
    Row { data, event }
}
