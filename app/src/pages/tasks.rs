//! Tasks: what I am to do, what I asked for, what everybody does, and the report of it. The address says which.

mod line;
mod new;
mod report;

use domain::{
    Act, MemberId, UnitId,
    task::{Assignee, StateName},
};
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;
use wire::tasks::{LIST, Person, Query, TaskRow, Tasks, UnitRow, Whose};
use words::task_state_name;

use self::{line::Line, new::NewTask, report::ReportCard};
use super::{
    around::{self, Fetched},
    leaving::{Leave, List},
};
use crate::{
    api,
    parts::ProblemNotice,
    parts::Work,
    routes,
    state::{lang, session},
    ui::{Button, Empty, Glyph, Select, Tone},
};

/// What the page shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum View {
    Of(Whose),
    Report,
}

impl View {
    fn named(name: Option<&str>) -> Self {
        match name {
            Some("unit") => View::Of(Whose::Unit),
            Some("asked") => View::Of(Whose::Asked),
            Some("all") => View::Of(Whose::All),
            Some("report") => View::Report,
            _ => View::Of(Whose::Mine),
        }
    }
}

/// The page.
#[component]
pub fn TasksPage() -> AnyView {
    let (lang, session, query) = (lang(), session(), use_query_map());
    around::title(lang.task_title());
    let view = Memo::new(move |_| View::named(query.with(|query| query.get("view")).as_deref()));
    let asked_about = query.with_untracked(|query| query.get("about"));
    let has = |act: Act| session.me.with_untracked(|me| me.as_ref().is_some_and(|me| domain::may(me.role, act)));
    let (may_ask, may_report) = (has(Act::Task), has(Act::ReadRecord));
    let state = RwSignal::new(String::new());
    let more = RwSignal::new(Vec::<TaskRow>::new());
    let next = RwSignal::new(None::<String>);
    let work = Work::new();
    let wanted = move |cursor| Query {
        whose: match view.get_untracked() {
            View::Of(whose) => whose,
            View::Report => Whose::Mine,
        },
        state: state.with_untracked(|place| state_at(place)),
        cursor,
    };
    let list = Fetched::new(move || {
        let query = wanted(None);
        async move { api::call(&LIST, &[], &query).await }
    });
    let again = move || {
        more.set(Vec::new());
        list.again();
    };
    Effect::watch(move || (view.get(), state.get()), move |_, _, _| again(), false);
    Effect::new(move |_| {
        if let around::Load::Here(tasks) = list.state.get() {
            next.set(tasks.next);
        }
    });
    let show_more = move || {
        let query = wanted(next.get_untracked());
        work.run(async move { api::call(&LIST, &[], &query).await }, move |page: Tasks| {
            more.update(|rows| rows.extend(page.items));
            next.set(page.next);
        });
    };
    let asking = RwSignal::new(may_ask && asked_about.is_some());
    let people = Memo::new(move |_| match list.state.get() {
        around::Load::Here(tasks) => Everybody { people: tasks.people, units: tasks.units },
        _ => Everybody::default(),
    });
    let changed = Callback::new(move |()| again());
    let mut states = vec![(String::new(), lang.task_filter_live().to_owned())];
    states.extend(
        StateName::ALL
            .iter()
            .enumerate()
            .map(|(place, state)| (place.to_string(), task_state_name(lang, *state).to_owned())),
    );
    let link = move |name: &'static str, text: &'static str, here: View| {
        let href = if name.is_empty() { routes::TASKS.to_owned() } else { format!("{}?view={name}", routes::TASKS) };
        view! {
            <a class="tab" href=href aria-current=move || (view.get() == here).then_some("page")>{text}</a>
        }
    };
    view! {
        <div class="tasks">
            <header class="page-head">
                <div>
                    <h1>{lang.task_title()}</h1>
                    <p>{lang.task_lead()}</p>
                </div>
                {may_ask.then(|| view! {
                    <Button tone=Tone::Primary glyph=Glyph::Plus on_press=move || asking.set(true)>{lang.task_new()}</Button>
                })}
            </header>
            <nav class="tabs" aria-label=lang.task_views()>
                {link("", lang.task_mine(), View::Of(Whose::Mine))}
                {link("unit", lang.task_units(), View::Of(Whose::Unit))}
                {link("asked", lang.task_asked(), View::Of(Whose::Asked))}
                {link("all", lang.task_all(), View::Of(Whose::All))}
                {may_report.then(|| link("report", lang.task_report(), View::Report))}
            </nav>
            {move || if view.get() == View::Report && may_report {
                view! { <ReportCard/> }.into_any()
            } else {
                let states = states.clone();
                view! {
                    <div class="tasks-filter"><Select label=lang.task_filter() value=state options=states/></div>
                    {list.draw(move |tasks| {
                        let whose = match view.get_untracked() {
                            View::Of(whose) if state.with_untracked(String::is_empty) => whose,
                            _ => Whose::All,
                        };
                        draw(tasks, more, people, changed, whose)
                    })}
                    <ProblemNotice problem=work.problem/>
                    <div class="actions">
                        {move || next.get().map(|_| view! {
                            <Button busy=work.busy on_press=show_more>{lang.general_show_more()}</Button>
                        })}
                        <Leave lists=move || vec![List::Tasks(wanted(None))]/>
                    </div>
                }
                .into_any()
            }}
            {may_ask.then(|| view! { <NewTask open=asking people about=asked_about on_asked=changed/> })}
        </div>
    }
    .into_any()
}

fn draw(
    tasks: Tasks,
    more: RwSignal<Vec<TaskRow>>,
    people: Memo<Everybody>,
    changed: Callback<()>,
    whose: Whose,
) -> AnyView {
    let lang = lang();
    if tasks.items.is_empty() {
        let (title, text) = match whose {
            Whose::Mine => (lang.task_empty_mine_title(), lang.task_empty_mine_text()),
            Whose::Unit if tasks.units.iter().any(|unit| unit.mine) => {
                (lang.task_empty_unit_title(), lang.task_empty_unit_text())
            }
            Whose::Unit => (lang.task_empty_unit_title(), lang.task_no_unit_text()),
            _ => (lang.task_empty_title(), lang.task_empty_text()),
        };
        return view! { <Empty glyph=Glyph::Check title text/> }.into_any();
    }
    let line = move |row: TaskRow| view! { <Line row people changed/> };
    view! {
        <ul class="task-list">
            {tasks.items.into_iter().map(line).collect_view()}
            {move || more.get().into_iter().map(line).collect_view()}
        </ul>
    }
    .into_any()
}

fn state_at(place: &str) -> Option<StateName> {
    StateName::ALL.get(place.parse::<usize>().ok()?).copied()
}

/// The name of somebody among those that came with the tasks.
fn name_of(people: &[Person], member: &MemberId) -> String {
    let found = people.iter().find(|person| person.member == *member);
    found.map_or_else(|| lang().general_unknown().to_owned(), |person| person.name.clone())
}

/// Everybody that the tasks speak of.
#[derive(Debug, Clone, PartialEq, Default)]
struct Everybody {
    people: Vec<Person>,
    units: Vec<UnitRow>,
}

/// The name of a unit among them.
fn unit_name(units: &[UnitRow], unit: &UnitId) -> String {
    let found = units.iter().find(|row| row.unit == *unit);
    found.map_or_else(|| lang().general_unknown().to_owned(), |row| row.name.clone())
}

/// Those who can be asked for something, as a choice: units first, for there are few.
fn choices(all: &Everybody) -> Vec<(String, String)> {
    let nobody = (String::new(), lang().task_who_choose().to_owned());
    let units = all.units.iter().filter(|unit| unit.takes);
    let units = units.map(|row| (["unit:", row.unit.as_str()].concat(), lang().task_of_unit(&row.name)));
    let takers = all.people.iter().filter(|person| person.takes);
    let takers = takers.map(|person| (person.member.to_string(), person.name.clone()));
    std::iter::once(nobody).chain(units).chain(takers).collect()
}

/// Who was chosen.
fn chosen(word: &str) -> Option<Assignee> {
    match word.strip_prefix("unit:") {
        Some(unit) => Some(Assignee::Unit { unit: unit.parse().ok()? }),
        None => Some(Assignee::Member { member: word.parse().ok()? }),
    }
}
