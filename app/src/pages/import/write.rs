//! Writes the drafts, one after the other, each through the door through which a draft that was typed comes. What was written
//! stays; what was not can be gone on with, and nothing is written twice, be it in another tab or on another day.

use std::sync::Arc;

use domain::{
    Act, Belonging, Moment, Refusal, Slot, Stage, may,
    window::{View, Window},
    workbook::Cell,
};
use leptos::{prelude::*, task::spawn_local};
use wire::{
    Nothing,
    campaigns::{BELONG, Belong},
    posts::{PLACE, Place, PostView, READ, SAVE, Save},
};

use super::{
    super::handing::{Form, hand_over},
    Desk,
    look::{Looked, Ready},
};
use crate::{
    api::{self, Answer, Problem},
    parts::problem_sentence,
    platform::time,
    routes,
    state::lang,
    ui::{Button, Glyph, Gravity, LinkButton, Notice, Tone},
};

/// What became of the rows so far.
#[derive(Debug, Clone, Default)]
struct Course {
    /// When it began: what is older was written by another.
    begun: Option<Moment>,
    /// Written or found, by their place among those that were looked at.
    done: Vec<usize>,
    /// Those of them that were there already.
    there: usize,
    /// Those of them that were there, and that somebody cancelled.
    cancelled: Vec<usize>,
    /// Not written, and why.
    failed: Vec<(usize, String)>,
    /// What broke off the whole.
    broken: Option<Problem>,
}

impl Course {
    /// How many of them it wrote itself.
    fn written(&self) -> usize {
        self.done.len() - self.there - self.cancelled.len()
    }

    fn took(&mut self, place: usize, found: Found) {
        self.done.push(place);
        match found {
            Found::New => {}
            Found::There => self.there += 1,
            Found::Cancelled => self.cancelled.push(place),
        }
    }
}

/// What stood under the identity of a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Found {
    /// Nothing: it was written.
    New,
    /// The row, brought before. Whatever was done with it since stays.
    There,
    /// The row, brought before, and given up since.
    Cancelled,
}

/// The button, how far it has come, and what is left.
pub fn write(desk: Desk) -> AnyView {
    let lang = lang();
    let course = RwSignal::new(Course::default());
    let stop = RwSignal::new(false);
    // Other rows: another course.
    Effect::watch(move || desk.looked.track(), move |(), _, _| course.set(Course::default()), false);
    let ready = Memo::new(move |_| {
        desk.looked.with(|all| all.as_ref().map_or(0, |all| all.iter().filter(|one| one.outcome.is_ok()).count()))
    });
    let left = move || ready.get() - course.with(|course| course.done.len());
    let places = desk.me.with_value(|me| may(me.role, Act::Publish));
    let hours = move || {
        !places
            && desk.looked.with(|all| {
                let wishes = |one: &Looked| one.outcome.as_ref().is_ok_and(|ready| ready.drafted.at.is_some());
                all.as_ref().is_some_and(|all| all.iter().any(wishes))
            })
    };
    let begin = move || {
        let Some(all) = desk.looked.get_untracked() else { return };
        if desk.writing.get_untracked() {
            return;
        }
        desk.writing.set(true);
        stop.set(false);
        course.update(|course| {
            course.begun.get_or_insert_with(time::now);
            course.failed.clear();
            course.broken = None;
        });
        spawn_local(async move {
            go_on(&all, places, course, stop, desk).await;
            let _ = desk.writing.try_set(false);
        });
    };
    // What is half written is worth a question.
    let guard = window_event_listener(leptos::ev::beforeunload, move |event| {
        if desk.writing.get_untracked() {
            event.prevent_default();
        }
    });
    on_cleanup(move || guard.remove());
    view! {
        <section class="card stack" aria-labelledby="import-write">
            <h2 id="import-write">{lang.import_write()}</h2>
            <p class="hint">{lang.import_write_hint()}</p>
            {move || hours().then(|| view! { <p class="notice" data-hue="info">{lang.import_no_hours()}</p> })}
            <div class="row">
                {move || if desk.writing.get() {
                    view! { <Button on_press=move || stop.set(true)>{lang.import_stop()}</Button> }.into_any()
                } else {
                    let again = course.with(|course| !course.done.is_empty() || !course.failed.is_empty());
                    let name = if again { lang.import_go_on(left()) } else { lang.import_do(left()) };
                    view! { <Button tone=Tone::Primary disabled=Signal::derive(move || left() == 0) on_press=begin>{name}</Button> }
                        .into_any()
                }}
            </div>
            {move || {
                let (done, written, there) = course.with(|course| (course.done.len(), course.written(), course.there));
                (desk.writing.get() || done > 0).then(|| view! {
                    <label class="import-progress">
                        <span role="status">
                            {lang.import_written(ready.get(), written)}
                            {(there > 0).then(|| [" ", &lang.import_there(there)].concat())}
                        </span>
                        <progress max=ready.get().to_string() value=done.to_string()></progress>
                    </label>
                })
            }}
            {move || course.with(|course| course.broken.clone()).map(|problem| {
                let said = problem_sentence(&problem);
                view! { <Notice gravity=Gravity::Bad spoken=true title=said.what><p>{said.next}</p></Notice> }
            })}
            {move || after(desk, course)}
        </section>
    }
    .into_any()
}

async fn go_on(all: &Arc<Vec<Looked>>, places: bool, course: RwSignal<Course>, stop: RwSignal<bool>, desk: Desk) {
    for (place, looked) in all.iter().enumerate() {
        let Ok(ready) = &looked.outcome else { continue };
        if stop.try_get_untracked() != Some(false) {
            return;
        }
        if course.try_with_untracked(|course| course.done.contains(&place)) != Some(false) {
            continue;
        }
        let Some(Some(begun)) = course.try_with_untracked(|course| course.begun) else { return };
        let said = match written(ready, places, begun, desk).await {
            Ok(found) => course.try_update(|course| course.took(place, found)),
            Err(Problem::Fault(fault)) => {
                let why = problem_sentence(&Problem::Fault(fault)).to_string();
                course.try_update(|course| course.failed.push((place, why)))
            }
            // Without a connection or a session the next would fail too.
            Err(problem) => {
                course.try_update(|course| course.broken = Some(problem));
                return;
            }
        };
        if said.is_none() {
            return;
        }
    }
}

/// Writes a draft, unless it is there. Its identity is of what the row says, so one whose answer was lost is found, and so is one
/// that was brought in a tab that is closed by now.
async fn written(ready: &Ready, places: bool, begun: Moment, desk: Desk) -> Answer<Found> {
    let (post, content) = (ready.post.as_str(), &ready.drafted.content);
    let save = Save { version: 0, content: content.clone() };
    let view: PostView = match api::call(&SAVE, &[post], &save).await {
        Err(Problem::Fault(fault)) if matches!(fault.refusal, Refusal::Stale { .. } | Refusal::Doubled { .. }) => {
            // Somebody has written in it since; or two write the same at once.
            let view = api::call(&READ, &[post], &Nothing {}).await?;
            if !is_cancelled(&view) && view.post.content != *content {
                return Ok(Found::There);
            }
            view
        }
        answer => answer?,
    };
    if is_cancelled(&view) {
        return Ok(Found::Cancelled);
    }
    let found = if view.created < begun { Found::There } else { Found::New };
    finish(ready, view, places, desk).await?;
    Ok(found)
}

fn is_cancelled(view: &PostView) -> bool {
    matches!(view.post.stage, Stage::Cancelled { .. })
}

/// What is done to a draft once it is written. Where somebody has done more to it, nothing is: it is theirs by now.
async fn finish(ready: &Ready, mut view: PostView, places: bool, desk: Desk) -> Answer<()> {
    let (post, belongs) = (ready.post.as_str(), &ready.drafted.belongs);
    let unwritten = *belongs != Belonging::default() && view.post.belongs != *belongs;
    // As it is saved first, and as it then is put where it belongs: what broke off there is gone on with.
    let untouched = view.post.version == 1
        || (view.post.version == 2 && *belongs != Belonging::default() && view.post.belongs == *belongs);
    if !untouched || !matches!(view.post.stage, Stage::Draft { .. }) {
        return Ok(());
    }
    if unwritten {
        view = api::call(&BELONG, &[post], &Belong { version: view.post.version, belongs: belongs.clone() }).await?;
    }
    let Some(at) = ready.drafted.at.filter(|_| places) else { return Ok(()) };
    let Some(me) = desk.me.try_get_value() else { return Ok(()) };
    // The rule first: an hour that has passed meanwhile leaves a draft without one.
    if Slot::place(at, None, &me.zone, me.organisation.policy.window, time::now()).is_err() {
        return Ok(());
    }
    let place = Place { version: view.post.version, civil: at, fold: None };
    api::call(&PLACE, &[post], &place).await.map(drop)
}

/// What there is to do then: look at what was written, and take what is left back to the sheet.
fn after(desk: Desk, course: RwSignal<Course>) -> Option<AnyView> {
    let lang = lang();
    let now = course.get();
    let all = desk.looked.get_untracked()?;
    if desk.writing.get() || (now.done.is_empty() && now.failed.is_empty()) {
        return None;
    }
    let first = now.done.iter().filter_map(|place| all.get(*place)?.outcome.as_ref().ok()?.drafted.at).min();
    let href = first.map_or_else(
        || routes::HOME.to_owned(),
        |at| [routes::CALENDAR, "?week=", &Window::around(View::Week, at.date()).name()].concat(),
    );
    let failed: Vec<_> = now
        .failed
        .iter()
        .filter_map(|(place, why)| {
            let number = all.get(*place)?.number;
            Some(view! { <li><b>{lang.import_row(number)}</b>": "{why.clone()}</li> })
        })
        .collect();
    let save = move |form| {
        hand_over(lang.import_left_file().to_owned(), lang.import_title().to_owned(), left(desk, course), form);
    };
    let cancelled: Vec<_> = now
        .cancelled
        .iter()
        .filter_map(|place| {
            let looked = all.get(*place)?;
            let href = routes::post(&looked.outcome.as_ref().ok()?.post);
            Some(view! { <li><a href=href>{lang.import_row(looked.number)}</a></li> })
        })
        .collect();
    let any_left = all.len() > now.done.len();
    Some(
        view! {
            {(!failed.is_empty()).then(|| view! {
                <Notice gravity=Gravity::Warn spoken=true title=lang.import_failed(failed.len())><ul>{failed}</ul></Notice>
            })}
            {(!cancelled.is_empty()).then(|| view! {
                <Notice gravity=Gravity::Warn spoken=true title=lang.import_cancelled(cancelled.len())>
                    <p>{lang.import_cancelled_next()}</p>
                    <ul>{cancelled}</ul>
                </Notice>
            })}
            <div class="row">
                {(!now.done.is_empty()).then(|| view! { <LinkButton href=href tone=Tone::Primary>{lang.import_see()}</LinkButton> })}
                {any_left.then(|| view! {
                    <Button glyph=Glyph::Out on_press=move || save(Form::Text)>{lang.import_left()}</Button>
                    <Button glyph=Glyph::Out on_press=move || save(Form::Workbook)>{lang.import_left_workbook()}</Button>
                })}
            </div>
        }
        .into_any(),
    )
}

/// The rows that were not written, as they stand in the sheet, each with why.
fn left(desk: Desk, course: RwSignal<Course>) -> Vec<Vec<Cell>> {
    let (Some(sheet), Some(all)) = (desk.sheet.get_untracked(), desk.looked.get_untracked()) else {
        return Vec::new();
    };
    let with = |cells: &[String], last: String| cells.iter().cloned().chain([last]).map(Cell::from).collect::<Vec<_>>();
    let mut lines = vec![with(&sheet.heads, lang().import_why().to_owned())];
    course.with_untracked(|course| {
        for (place, looked) in all.iter().enumerate().filter(|(place, _)| !course.done.contains(place)) {
            let failed = course.failed.iter().find(|(other, _)| *other == place).map(|(_, why)| why.clone());
            let why = match &looked.outcome {
                Ok(_) => failed.unwrap_or_default(),
                Err(flaws) => flaws.join(" "),
            };
            if let Some(row) = sheet.rows.get(looked.place) {
                lines.push(with(&row.cells, why));
            }
        }
    });
    lines
}
