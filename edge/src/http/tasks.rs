//! Handlers of `wire::tasks`: asking, moving on, handing on, and the report.

use std::collections::BTreeSet;

use axum::{
    body::{Body, Bytes},
    http::{HeaderValue, Response, header},
    response::IntoResponse,
};
use domain::{
    Access, MemberId, Millis, Moment, Refusal, TaskId, csv, json,
    people::People,
    record::Subject,
    task::{self, Assignee, Request, StateName, Task},
    text::line,
};
use wire::tasks::{self, Advance, HandOn, Line, Query, Report, Span, TaskRow, Tasks};
use words::Lang;

use crate::{
    answer::Refused,
    ask::{Api, Ask, mount, mount_raw},
    caller::Caller,
    mail,
    store::{
        StoreError, Unit, records,
        tasks::{self as store, Cursor, Found, Stored, Which},
    },
};

/// Mounts them.
pub fn mount_all(api: Api) -> Api {
    let api = mount(api, &tasks::LIST, list);
    let api = mount(api, &tasks::ASK, ask_for);
    let api = mount(api, &tasks::ADVANCE, advance);
    let api = mount(api, &tasks::HAND_ON, hand_on);
    let api = mount(api, &tasks::REPORT, report);
    mount_raw(api, &tasks::REPORT_FILE, 0, report_file)
}

/// A list shows so many at a time.
const PAGE: u32 = 50;

/// A report looks at so many tasks at most: what 10 ms can count.
const MOST_REPORTED: u32 = 2_000;

/// A report spans a year, and the edges of its days.
const LONGEST: Millis = Millis::days(367);

/// The most bytes of a title; the rule's own limit, met first so that nothing invisible is stored.
const TITLE: usize = 300;

/// Whether somebody only sees what they are to do or asked for.
fn sees_own(caller: &Caller) -> bool {
    matches!(caller.access, Access::Limited { .. })
}

async fn list(ask: Ask<Query>) -> Result<Tasks, Refused> {
    let caller = ask.caller()?;
    let malformed = || Refusal::Malformed { field: "cursor".to_owned() };
    let after = ask.body.cursor.as_deref().map(|text| from_cursor(text).ok_or_else(malformed)).transpose()?;
    let (member, own) = (&caller.member, sees_own(caller));
    let which = Which { whose: ask.body.whose, own, member, state: ask.body.state, after, most: PAGE };
    let found = store::list(&ask.app.db, caller.org(), &which, ask.app.now()).await?;
    let units = found.unit_rows(&caller.member);
    let Found { tasks, persons, people, .. } = found;
    let next = tasks.last().filter(|_| tasks.len() == PAGE as usize).map(|last| to_cursor(&Cursor::behind(&last.task)));
    let items = tasks.into_iter().map(|task| task.shown(caller, &people)).collect();
    Ok(Tasks { items, next, people: persons, units })
}

fn to_cursor(Cursor(rank, at, task): &Cursor) -> String {
    format!("{rank}-{}-{task}", at.0)
}

fn from_cursor(text: &str) -> Option<Cursor> {
    let (rank, rest) = text.split_once('-')?;
    let (at, task) = rest.split_once('-')?;
    Some(Cursor(rank.parse().ok()?, Moment(at.parse().ok()?), task.parse().ok()?))
}

async fn ask_for(ask: Ask<Request>) -> Result<TaskRow, Refused> {
    let (caller, app, id) = (ask.caller()?, &ask.app, ask.part::<TaskId>("task")?);
    let (org, now) = (caller.org(), app.now());
    let mut request = ask.body.clone();
    request.title = line::name(&request.title, "title", TITLE)?;
    let mut found = store::read(&app.db, org, &id, now).await?;
    if let Some(stored) = found.tasks.pop() {
        // The same request, sent twice.
        return again(stored, caller, &found).map_err(Into::into);
    }
    let (post, channels) = store::about(&app.db, org, &request.about).await?.ok_or(Refusal::NotFound)?;
    if !caller.sees(channels.iter()) {
        return Err(Refusal::OutOfReach.into());
    }
    let task = Task::ask(id.clone(), request, &caller.member, &found.people, now)?;
    let mut unit = Unit::new();
    store::insert(&mut unit, org, &task, post.as_ref());
    let body = json!({
        "what": "task_asked", "task": id, "by": caller.member, "title": task.title, "assignee": task.assignee,
        "due": task.due, "urgency": task.urgency, "about": task.about,
    });
    records::keep(app, &mut unit, org, Subject::Task, &body);
    tell_assignee(&ask, caller, &mut unit, &task, 1, &found.people);
    match app.db.commit(unit).await {
        Ok(_) => mail::soon(app),
        // Another organisation's identity, which is not told, or the same request at the same time.
        Err(StoreError::Unique) => {}
        Err(error) => return Err(error.into()),
    }
    let mut found = store::read(&app.db, org, &id, now).await?;
    let stored = found.tasks.pop().ok_or(Refusal::NotFound)?;
    Ok(again(stored, caller, &found)?)
}

/// What stands under an identity that a member drew, if it is what they asked for.
fn again(stored: Stored, caller: &Caller, found: &Found) -> Result<TaskRow, Refusal> {
    if stored.task.by == caller.member {
        Ok(stored.shown(caller, &found.people))
    } else {
        Err(Refusal::Doubled { field: "task".to_owned() })
    }
}

/// Whoever is given a task by somebody else is told; of a unit, everybody in it, until one takes it.
fn tell_assignee<Q>(ask: &Ask<Q>, caller: &Caller, unit: &mut Unit, task: &Task, version: u64, people: &People) {
    let asked = people.colleagues.iter().map(|colleague| &colleague.id);
    let to: BTreeSet<MemberId> =
        asked.filter(|member| task.is_of(member, people) && **member != caller.member).cloned().collect();
    if !to.is_empty() {
        mail::tell_of_task(&ask.app, unit, caller.org(), (task, version), to, &caller.member);
    }
}

/// A task of the organisation that the caller may see.
async fn read<Q>(ask: &Ask<Q>, caller: &Caller) -> Result<(Stored, Found), Refused> {
    let mut found = store::read(&ask.app.db, caller.org(), &ask.part("task")?, ask.app.now()).await?;
    let stored = found.tasks.pop().ok_or(Refusal::NotFound)?;
    let own = stored.task.by == caller.member || stored.task.is_of(&caller.member, &found.people);
    if sees_own(caller) && !own {
        return Err(Refusal::NotFound.into());
    }
    Ok((stored, found))
}

async fn advance(ask: Ask<Advance>) -> Result<TaskRow, Refused> {
    let caller = ask.caller()?;
    let (stored, found) = read(&ask, caller).await?;
    let before = stored.version;
    let task = stored.task.clone().advance(ask.body.state.clone(), &caller.member, &found.people, ask.app.now())?;
    let mut unit = Unit::new();
    store::update(&mut unit, caller.org(), &task, before);
    let body = json!({ "what": "task_moved", "task": task.id, "by": caller.member, "state": task.state() });
    records::keep(&ask.app, &mut unit, caller.org(), Subject::Task, &body);
    if task.state().name().is_over() && task.by != caller.member {
        mail::tell_of_end(&ask.app, &mut unit, caller.org(), (&task, before + 1));
    }
    finish(&ask, caller, unit, stored.after(task), &found).await
}

async fn hand_on(ask: Ask<HandOn>) -> Result<TaskRow, Refused> {
    let caller = ask.caller()?;
    let (stored, found) = read(&ask, caller).await?;
    let before = stored.version;
    let task = stored.task.clone().hand_on(ask.body.to.clone(), &caller.member, &found.people, ask.app.now())?;
    let mut unit = Unit::new();
    store::update(&mut unit, caller.org(), &task, before);
    let body = json!({ "what": "task_handed_on", "task": task.id, "by": caller.member, "to": task.assignee });
    records::keep(&ask.app, &mut unit, caller.org(), Subject::Task, &body);
    tell_assignee(&ask, caller, &mut unit, &task, before + 1, &found.people);
    finish(&ask, caller, unit, stored.after(task), &found).await
}

async fn finish<Q>(
    ask: &Ask<Q>,
    caller: &Caller,
    unit: Unit,
    stored: Stored,
    found: &Found,
) -> Result<TaskRow, Refused> {
    match ask.app.db.commit(unit).await {
        Ok(_) => {
            mail::soon(&ask.app);
            Ok(stored.shown(caller, &found.people))
        }
        // Somebody was faster.
        Err(StoreError::Guard) => Err(Refusal::TaskElsewhere.into()),
        Err(error) => Err(error.into()),
    }
}

async fn report(ask: Ask<Span>) -> Result<Report, Refused> {
    let caller = ask.caller()?;
    reckon(&ask, caller, ask.body).await
}

async fn reckon<Q>(ask: &Ask<Q>, caller: &Caller, span: Span) -> Result<Report, Refused> {
    if span.from >= span.until || span.until.since(span.from) > LONGEST {
        return Err(Refusal::Malformed { field: "span".to_owned() }.into());
    }
    let (now, most) = (ask.app.now(), MOST_REPORTED + 1);
    let (tasks, persons, units) = store::of_span(&ask.app.db, caller.org(), (span.from, span.until), most, now).await?;
    if tasks.len() > MOST_REPORTED as usize {
        let (limit, length) = (u64::from(MOST_REPORTED), tasks.len() as u64);
        return Err(Refusal::TooLarge { field: "span".to_owned(), limit, length }.into());
    }
    let line = |(assignee, tally): (Assignee, task::Tally)| {
        let count = |state: StateName| tally.states.get(&state).copied().unwrap_or_default() as u32;
        let name = match &assignee {
            Assignee::Member { member } => {
                persons.iter().find(|person| person.member == *member).map(|person| person.name.clone())
            }
            Assignee::Unit { unit } => units.iter().find(|one| one.id == *unit).map(|one| one.name.clone()),
        };
        Line {
            name: name.unwrap_or_default(),
            open: count(StateName::Open),
            doing: count(StateName::Doing),
            waiting: count(StateName::Waiting),
            done: count(StateName::Done),
            not_done: count(StateName::NotDone),
            overdue: tally.overdue as u32,
            late: tally.late as u32,
            assignee,
        }
    };
    let mut lines: Vec<Line> = task::report(&tasks, now).into_iter().map(line).collect();
    let is_unit = |line: &Line| matches!(line.assignee, Assignee::Unit { .. });
    lines.sort_by(|one, other| (is_unit(one), &one.name).cmp(&(is_unit(other), &other.name)));
    Ok(Report { lines })
}

async fn report_file(ask: Ask<Bytes>) -> Result<Response<Body>, Refused> {
    let caller = ask.caller()?;
    let report = reckon(&ask, caller, ask.query()?).await?;
    let english = caller.organisation.languages.first().is_some_and(|first| first.as_str().starts_with("en"));
    let lang = if english { Lang::En } else { Lang::Es };
    let state = |name| words::task_state_name(lang, name);
    let mut head = vec![lang.task_report_who(), lang.task_report_what()];
    head.extend(StateName::ALL.map(state));
    head.extend([lang.task_report_overdue(), lang.task_report_late()]);
    let mut lines = vec![head.into_iter().map(str::to_owned).collect::<Vec<_>>()];
    lines.extend(report.lines.into_iter().map(|line| {
        let Line { assignee, name, open, doing, waiting, done, not_done, overdue, late } = line;
        let what = match assignee {
            Assignee::Member { .. } => lang.task_report_person(),
            Assignee::Unit { .. } => lang.task_report_unit(),
        };
        let mut cells = vec![name, what.to_owned()];
        cells.extend([open, doing, waiting, done, not_done, overdue, late].map(|count| count.to_string()));
        cells
    }));
    let mut response = csv::file(&lines).into_response();
    let own = response.headers_mut();
    own.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/csv; charset=utf-8"));
    own.insert(header::CONTENT_DISPOSITION, HeaderValue::from_static("attachment; filename=\"pregon-tareas.csv\""));
    Ok(response)
}
