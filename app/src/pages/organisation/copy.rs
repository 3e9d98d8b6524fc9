//! All of the organisation as one file, for whoever leaves or keeps a copy: fetched table by table and put together here, then read
//! once more and held against what it says of itself. Separate from the export of the record, which is one table for verifiers.

mod bring;
mod check;

pub use bring::BringIn;

use std::collections::BTreeMap;

use domain::{
    Refusal,
    copy::{
        FORMAT, File, LEVEL, MANIFEST, Manifest, Object, TABLES, object,
        reading::{Labels, Reading as Told, page, table},
    },
};
use gloo_timers::future::TimeoutFuture;
use leptos::{prelude::*, task::spawn_local};
use wire::{
    Nothing,
    copies::{self, Onward},
};

use self::check::check;
use crate::{
    api::{self, Answer, Problem},
    parts::ProblemNotice,
    platform::{
        bundle::{Filling, Writing},
        hand, time,
    },
    state::{lang, session},
    ui::{Button, Glyph, Gravity, Notice},
};

/// How often a request is sent that had no answer, with a pause that doubles before each.
const TRIES: u32 = 6;
/// The first pause, in milliseconds.
const PAUSE: u32 = 500;

/// How far it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Standing {
    /// Rows are fetched: so many.
    Rows(u64),
    /// Pictures, videos and documents are: so many of all.
    Objects(usize, usize),
    /// It is read once more: so many files of all.
    Checked(usize, usize),
}

impl Standing {
    fn said(self) -> String {
        let lang = lang();
        match self {
            Standing::Rows(many) => lang.copy_rows(many),
            Standing::Objects(done, all) => lang.copy_objects(all, done),
            Standing::Checked(done, all) => lang.copy_checked(all, done),
        }
    }
}

/// What came of it.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Outcome {
    /// It is with the reader: rows, objects, what the store had no more, entries of the record without a seal.
    Taken { rows: u64, objects: u64, missing: usize, unsealed: u64 },
    /// The browser could not make the file, or read it back.
    Failed,
}

/// The card.
#[component]
pub fn TakeAlong() -> impl IntoView {
    let lang = lang();
    let (running, outcome, problem) = (RwSignal::new(None::<Standing>), RwSignal::new(None), RwSignal::new(None));
    // Grows with each that is stopped.
    let turn = StoredValue::new(0_u32);
    let stop = move || {
        turn.update_value(|turn| *turn += 1);
        running.set(None);
    };
    let start = move || {
        let ours = turn.get_value();
        let goes_on =
            move |standing: Standing| turn.try_get_value() == Some(ours) && running.try_set(Some(standing)).is_none();
        problem.set(None);
        outcome.set(None);
        running.set(Some(Standing::Rows(0)));
        spawn_local(async move {
            match take_along(&goes_on).await {
                Ok(Some(taken)) => {
                    let _ = running.try_set(None);
                    let _ = outcome.try_set(Some(taken));
                }
                // Stopped, or the page is gone.
                Ok(None) => {}
                Err(why) => {
                    let _ = running.try_set(None);
                    let _ = problem.try_set(Some(why));
                }
            }
        });
    };
    let said = move || {
        outcome.get().map(|outcome| match outcome {
            Outcome::Taken { rows, objects, missing, unsealed } => view! {
                <Notice gravity=Gravity::Good spoken=true title=lang.copy_taken()>
                    <p>{lang.copy_taken_what(objects, rows)}</p>
                    {(missing > 0).then(|| view! { <p>{lang.copy_missing(missing)}</p> })}
                    {(unsealed > 0).then(|| view! { <p>{lang.copy_unsealed(unsealed)}</p> })}
                </Notice>
            }
            .into_any(),
            Outcome::Failed => view! {
                <Notice gravity=Gravity::Bad spoken=true title=lang.copy_failed_what()>
                    <p>{lang.copy_failed_next()}</p>
                </Notice>
            }
            .into_any(),
        })
    };
    view! {
        <section class="card" aria-labelledby="copy-title">
            <h2 id="copy-title">{lang.copy_title()}</h2>
            <p class="soft">{lang.copy_text()}</p>
            <p class="soft">{lang.copy_left()}</p>
            <ProblemNotice problem=problem/>
            {said}
            <div class="actions end">
                {move || match running.get() {
                    Some(standing) => view! {
                        <span role="status">{standing.said()}</span>
                        <Button on_press=stop>{lang.copy_stop()}</Button>
                    }
                    .into_any(),
                    None => view! { <Button glyph=Glyph::Out on_press=start>{lang.copy_take()}</Button> }.into_any(),
                }}
            </div>
        </section>
    }
    .into_any()
}

/// Asks until there is an answer, a few times: a copy of a large organisation is thousands of requests.
async fn patiently<A, F: Future<Output = Answer<A>>>(ask: impl Fn() -> F) -> Answer<A> {
    let mut pause = PAUSE;
    for _ in 1..TRIES {
        match ask().await {
            Err(Problem::Offline) => {}
            Err(problem) if problem.refusal() == Some(&Refusal::Unavailable) => {}
            answered => return answered,
        }
        TimeoutFuture::new(pause).await;
        pause *= 2;
    }
    ask().await
}

/// Fetches all of it, puts it together, reads it back and hands it out; `goes_on` is told how far it is, and says whether anybody still
/// waits for it.
async fn take_along(goes_on: &impl Fn(Standing) -> bool) -> Answer<Option<Outcome>> {
    let begun = api::call(&copies::BEGIN, &[], &Nothing {}).await?;
    let at = time::now();
    let (mut bundle, mut files, mut told) = (Writing::default(), Vec::new(), Told::default());
    let (mut objects, mut all) = (BTreeMap::<String, Object>::new(), 0_u64);
    // From the last to the first: what a row names is read after it.
    for one in TABLES.iter().rev() {
        let (mut file, mut rows, mut after) = (Filling::default(), 0_u64, None);
        loop {
            let parts = [begun.copy.as_str(), one.name];
            let onward = Onward { after };
            let page = patiently(|| api::call(&copies::ROWS, &parts, &onward)).await?;
            rows += page.rows.len() as u64;
            all += page.rows.len() as u64;
            let mut text = String::new();
            for row in &page.rows {
                told.take(one.name, row);
                objects.extend(object(one.name, row).map(|object| (object.hash.clone(), object)));
                text.push_str(row);
                text.push('\n');
            }
            file.text(&text);
            if !goes_on(Standing::Rows(all)) {
                return Ok(None);
            }
            match page.next {
                Some(next) => after = Some(next),
                None => break,
            }
        }
        if bundle.add(&one.file(), &file).is_none() {
            return Ok(Some(Outcome::Failed));
        }
        files.push(described(one.file(), rows, &file));
    }
    // As they are brought in: what is named stands before what names it.
    files.reverse();
    let (many, mut missing) = (objects.len(), Vec::new());
    for (place, object) in objects.into_values().enumerate() {
        if !goes_on(Standing::Objects(place, many)) {
            return Ok(None);
        }
        let mut file = Filling::default();
        match patiently(|| api::copied(&begun.copy, &object)).await {
            Ok(bytes) => file.bytes(&bytes),
            Err(problem) if problem.refusal() == Some(&Refusal::NotFound) => {
                missing.push(object);
                continue;
            }
            Err(problem) => return Err(problem),
        }
        if file.sum.hash() != object.hash || bundle.add(&object.file(), &file).is_none() {
            return Ok(Some(Outcome::Failed));
        }
    }
    let lang = lang();
    let (tag, zone) = (lang.tag(), begun.organisation.zone.clone());
    let when = |at| time::moment(at, &zone, tag, time::Form::Exact);
    let stage = |stage| words::stage_name(lang, stage).to_owned();
    let title = [begun.organisation.name.as_str(), " · ", &when(at)].concat();
    let labels = Labels {
        tag,
        title: &title,
        text: lang.copy_page_text(),
        out: lang.copy_page_out(),
        down: lang.copy_page_down(),
        not_out: lang.copy_page_not_out(),
        columns: [
            lang.copy_column_heading(),
            lang.copy_column_stage(),
            lang.copy_column_at(),
            lang.copy_column_language(),
            lang.copy_column_text(),
            lang.copy_column_channel(),
            lang.copy_column_out(),
            lang.copy_column_address(),
            lang.copy_column_down(),
        ],
    };
    let posts = told.told();
    let readable =
        [("index.html", page(&labels, &posts, &when, &stage)), ("posts.csv", table(&labels, &posts, &when, &stage))];
    for (name, lines) in readable {
        let mut file = Filling::default();
        lines.iter().for_each(|line| file.text(line));
        if bundle.add(name, &file).is_none() {
            return Ok(Some(Outcome::Failed));
        }
        files.push(described(name.to_owned(), posts.len() as u64, &file));
    }
    let slug = begun.organisation.slug.to_string();
    let day = session().me.with_untracked(|me| me.as_ref().map(|me| me.zone.civil(at).date().to_string()));
    let day = day.unwrap_or_default();
    let manifest = Manifest {
        format: FORMAT.to_owned(),
        level: LEVEL.to_owned(),
        at,
        organisation: begun.organisation,
        head: begun.head,
        unsealed: begun.unsealed,
        files,
        objects: (many - missing.len()) as u64,
        missing,
    };
    let mut file = Filling::default();
    file.text(&serde_json::to_string(&manifest).unwrap_or_default());
    let whole = match bundle.add(MANIFEST, &file) {
        Some(()) => bundle.end(),
        None => None,
    };
    let Some(whole) = whole else { return Ok(Some(Outcome::Failed)) };
    let checked = check(whole.clone(), |done, all| goes_on(Standing::Checked(done, all))).await;
    match checked {
        Some(Ok((_, found)))
            if found == manifest && hand::download_blob(&["pregon-", &slug, "-", &day, ".zip"].concat(), &whole) =>
        {
            let (objects, missing, unsealed) = (manifest.objects, manifest.missing.len(), manifest.unsealed);
            Ok(Some(Outcome::Taken { rows: all, objects, missing, unsealed }))
        }
        Some(_) => Ok(Some(Outcome::Failed)),
        None => Ok(None),
    }
}

fn described(name: String, rows: u64, file: &Filling) -> File {
    File { name, rows, bytes: file.sum.bytes(), hash: file.sum.hash() }
}
