//! The report: how everybody's tasks of a span stand, and the same as a file.

use domain::{
    Millis,
    task::{Assignee, StateName},
    workbook::Cell,
};
use leptos::prelude::*;
use wire::tasks::{Line, REPORT, REPORT_FILE, Report, Span};
use words::task_state_name;

use super::new::start_of;
use crate::{
    api,
    pages::{
        around::Fetched,
        handing::{Form, hand_over},
    },
    platform::time,
    state::{lang, session},
    ui::{Button, Empty, Glyph, Icon, TextField},
};

/// What is offered first: the last thirty days.
const USUAL: Millis = Millis::days(30);

fn day_of(at: domain::Moment) -> String {
    let zone = session().me.with_untracked(|me| me.as_ref().map(|me| me.zone.clone()));
    zone.map(|zone| zone.civil(at).date().to_string()).unwrap_or_default()
}

/// The report.
#[component]
pub fn ReportCard() -> AnyView {
    let lang = lang();
    let now = time::now();
    let (from, until) = (RwSignal::new(day_of(now.minus(USUAL))), RwSignal::new(day_of(now)));
    let span = Memo::new(move |_| {
        let (from, until) = (from.with(|day| start_of(day, 0)), until.with(|day| start_of(day, 1)));
        from.zip(until).map(|(from, until)| Span { from, until })
    });
    let report = Fetched::new(move || {
        let span = span.get_untracked().unwrap_or(Span { from: now, until: now });
        async move { api::call(&REPORT, &[], &span).await }
    });
    Effect::watch(
        move || span.get(),
        move |span, _, _| {
            if span.is_some() {
                report.again()
            }
        },
        false,
    );
    let file = move || {
        let query = span.get().map(|Span { from, until }| format!("?from={}&until={}", from.0, until.0));
        [REPORT_FILE.path(&[]), query.unwrap_or_default()].concat()
    };
    // What is shown, and not asked for again.
    let save = move || {
        if let Some(report) = report.now() {
            hand_over("pregon-tareas".to_owned(), lang.task_report().to_owned(), lines(report), Form::Workbook);
        }
    };
    view! {
        <section class="card" aria-labelledby="task-report">
            <h2 id="task-report">{lang.task_report()}</h2>
            <p class="hint">{lang.task_report_text()}</p>
            <div class="columns">
                <TextField label=lang.task_report_from() kind="date" value=from required=true/>
                <TextField label=lang.task_report_until() kind="date" value=until required=true/>
            </div>
            {report.draw(table)}
            <div class="actions">
                <a class="button" href=file download="pregon-tareas.csv" rel="external">
                    <Icon glyph=Glyph::Out/>{lang.task_report_file()}
                </a>
                <Button glyph=Glyph::Out on_press=save>{lang.task_report_workbook()}</Button>
            </div>
        </section>
    }
    .into_any()
}

/// The lines of the file, as the engine writes them.
fn lines(report: Report) -> Vec<Vec<Cell>> {
    let lang = lang();
    let mut head = vec![lang.task_report_who(), lang.task_report_what()];
    head.extend(StateName::ALL.map(|state| task_state_name(lang, state)));
    head.extend([lang.task_report_overdue(), lang.task_report_late()]);
    let line = |line: Line| -> Vec<Cell> {
        let Line { assignee, name, open, doing, waiting, done, not_done, overdue, late } = line;
        let what = match assignee {
            Assignee::Member { .. } => lang.task_report_person(),
            Assignee::Unit { .. } => lang.task_report_unit(),
        };
        let counts = [open, doing, waiting, done, not_done, overdue, late];
        [Cell::from(name), what.into()].into_iter().chain(counts.map(|count| Cell::Number(count.into()))).collect()
    };
    std::iter::once(head.into_iter().map(Cell::from).collect::<Vec<_>>())
        .chain(report.lines.into_iter().map(line))
        .collect()
}

fn table(report: Report) -> AnyView {
    let lang = lang();
    if report.lines.is_empty() {
        return view! { <Empty glyph=Glyph::Check title=lang.task_report_empty_title() text=lang.task_report_empty_text()/> }
            .into_any();
    }
    let is_unit = |line: &Line| matches!(line.assignee, Assignee::Unit { .. });
    let (units, people): (Vec<Line>, Vec<Line>) = report.lines.into_iter().partition(is_unit);
    view! {
        {one_table(people, lang.task_report_people(), lang.task_report_person())}
        {one_table(units, lang.task_report_units(), lang.task_report_unit())}
    }
    .into_any()
}

fn one_table(lines: Vec<Line>, caption: &'static str, who: &'static str) -> Option<AnyView> {
    let lang = lang();
    if lines.is_empty() {
        return None;
    }
    let mut heads: Vec<&'static str> = StateName::ALL.iter().map(|state| task_state_name(lang, *state)).collect();
    heads.extend([lang.task_report_overdue(), lang.task_report_late()]);
    let line = |line: Line| {
        let counts = [line.open, line.doing, line.waiting, line.done, line.not_done, line.overdue, line.late];
        let cells: Vec<_> =
            counts.iter().zip(&heads).map(|(count, head)| view! { <td data-label=*head>{*count}</td> }).collect();
        // A unit that was dissolved since has no name any more.
        let name = Some(line.name).filter(|name| !name.is_empty());
        let name = name.unwrap_or_else(|| lang.general_unknown().to_owned());
        view! { <tr><th scope="row">{name}</th>{cells}</tr> }
    };
    let lines: Vec<_> = lines.into_iter().map(line).collect();
    let heads: Vec<_> = heads.iter().map(|head| view! { <th scope="col">{*head}</th> }).collect();
    let table = view! {
        <table class="table">
            <caption>{caption}</caption>
            <thead><tr><th scope="col">{who}</th>{heads}</tr></thead>
            <tbody>{lines}</tbody>
        </table>
    };
    Some(table.into_any())
}
