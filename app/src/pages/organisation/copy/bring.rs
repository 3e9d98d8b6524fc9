//! A copy of another deployment, brought into an organisation in which there is nothing yet: checked before anything is written, said
//! what is in it and what is not, then sent table by table. Separate from taking it out: here the engine is the one that doubts.

use std::collections::BTreeSet;

use domain::{
    Refusal,
    copy::{Flaw, Manifest, Object, TABLES, object},
};
use leptos::{prelude::*, task::spawn_local};
use web_sys::{Blob, HtmlInputElement};
use wire::{
    Nothing,
    copies::{self, Arrive, Arriving, Standing as There},
};

use super::{Standing, check::check, patiently};
use crate::{
    api::{self, Answer, Problem},
    parts::{ProblemNotice, Work},
    platform::{bundle::Reading, page, time},
    state::{lang, session},
    ui::{Button, ConfirmDialog, ConfirmTexts, Gravity, Notice, Tone},
};

/// Letters of one request: what the engine takes in its time.
const MOST_LETTERS: usize = 150_000;

/// What came of it.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Outcome {
    /// The file is no copy that can be brought in.
    Flawed(Flaw),
    /// Of what the copy has, all is there.
    There,
}

/// Why a file is no copy that can be brought in, and what to do.
fn flawed(flaw: &Flaw) -> (String, &'static str) {
    let lang = lang();
    match flaw {
        Flaw::Other => (lang.copy_flaw_other_what().to_owned(), lang.copy_flaw_other_next()),
        Flaw::Level => (lang.copy_flaw_level_what().to_owned(), lang.copy_flaw_level_next()),
        Flaw::Lacks { name } => (lang.copy_flaw_lacks_what(name), lang.copy_flaw_again()),
        Flaw::Altered { name } => (lang.copy_flaw_altered_what(name), lang.copy_flaw_again()),
    }
}

/// The card; nothing where a copy would meet something.
#[component]
pub fn BringIn() -> impl IntoView {
    let there = RwSignal::new(None::<There>);
    let loading = Work::new();
    loading.run(api::call(&copies::ARRIVAL, &[], &Nothing {}), move |found| there.set(Some(found)));
    let card = move || {
        let There { empty, arriving } = there.get()?;
        (empty || arriving.is_some()).then(|| view! { <Card arriving/> })
    };
    view! {
        <ProblemNotice problem=loading.problem/>
        {card}
    }
    .into_any()
}

#[component]
fn Card(arriving: Option<Arriving>) -> impl IntoView {
    let lang = lang();
    let begun = arriving.is_some();
    let (running, problem) = (RwSignal::new(None::<Standing>), RwSignal::new(None::<Problem>));
    let (outcome, ready) = (RwSignal::new(None::<Outcome>), RwSignal::new(None::<Manifest>));
    // What the browser keeps of it is of this thread alone.
    let kept = StoredValue::new_local(None::<Reading>);
    let turn = StoredValue::new(0_u32);
    let goes_on = move || {
        let ours = turn.get_value();
        move |standing: Standing| turn.try_get_value() == Some(ours) && running.try_set(Some(standing)).is_none()
    };
    let stop = move || {
        turn.update_value(|turn| *turn += 1);
        running.set(None);
    };
    let look = move |file: Blob| {
        let goes_on = goes_on();
        problem.set(None);
        outcome.set(None);
        ready.set(None);
        running.set(Some(Standing::Checked(0, 0)));
        spawn_local(async move {
            let checked = check(file, |done, all| goes_on(Standing::Checked(done, all))).await;
            // Stopped, or the page is gone.
            let Some(checked) = checked else { return };
            let _ = running.try_set(None);
            match checked {
                Ok((reading, manifest)) => {
                    let _ = kept.try_set_value(Some(reading));
                    let _ = ready.try_set(Some(manifest));
                }
                Err(flaw) => {
                    let _ = outcome.try_set(Some(Outcome::Flawed(flaw)));
                }
            }
        });
    };
    let chosen = move |event: leptos::ev::Event| {
        let input: HtmlInputElement = event_target(&event);
        if let Some(file) = input.files().and_then(|files| files.get(0)) {
            look(file.into());
        }
        // The same file may be chosen again.
        input.set_value("");
    };
    let start = move || {
        let (Some(reading), Some(manifest)) = (kept.get_value(), ready.get_untracked()) else { return };
        let goes_on = goes_on();
        problem.set(None);
        running.set(Some(Standing::Rows(0)));
        spawn_local(async move {
            let brought = bring(&reading, manifest, &goes_on).await;
            match brought {
                Ok(true) => {
                    let _ = running.try_set(None);
                    let _ = outcome.try_set(Some(Outcome::There));
                }
                // Stopped, or the page is gone.
                Ok(false) => {}
                Err(why) => {
                    let _ = running.try_set(None);
                    let _ = problem.try_set(Some(why));
                }
            }
        });
    };
    let (giving_up, open) = (Work::new(), RwSignal::new(false));
    let give_up = move || {
        stop();
        giving_up.run(taken_away(), |()| page::reload());
    };
    let texts = ConfirmTexts {
        title: lang.copy_give_up().to_owned(),
        text: lang.copy_give_up_text().to_owned(),
        act: lang.copy_give_up().to_owned(),
        close: lang.copy_keep_on().to_owned(),
    };
    let idle = move || running.with(Option::is_none) && outcome.with(|outcome| *outcome != Some(Outcome::There));
    let came = move || {
        outcome.get().map(|outcome| match outcome {
            Outcome::Flawed(flaw) => {
                let (what, next) = flawed(&flaw);
                view! { <Notice gravity=Gravity::Bad spoken=true title=what><p>{next}</p></Notice> }.into_any()
            }
            Outcome::There => view! {
                <Notice gravity=Gravity::Good spoken=true title=lang.copy_there()>
                    <p>{lang.copy_there_paused()}</p>
                    <p>{lang.copy_there_next()}</p>
                    <Button tone=Tone::Primary on_press=page::reload>{lang.copy_go_on()}</Button>
                </Notice>
            }
            .into_any(),
        })
    };
    let described = move || {
        ready.get().filter(|_| idle()).map(|manifest| {
            view! {
                <div class="stack">
                    <h3>{manifest.organisation.name.clone()}</h3>
                    <p>{described(&manifest)}</p>
                    <p>{lang.copy_not_in_it()}</p>
                    <p>{lang.copy_held()}</p>
                    <div class="actions end">
                        <Button tone=Tone::Primary on_press=start>{lang.copy_bring()}</Button>
                    </div>
                </div>
            }
        })
    };
    view! {
        <section class="card stack" aria-labelledby="bring-title">
            <h2 id="bring-title">{lang.copy_bring_title()}</h2>
            <p class="soft">{lang.copy_bring_text()}</p>
            {arriving.map(|arriving| {
                let at = time::moment(arriving.copied_at, &session().zone(), lang.tag(), time::Form::Exact);
                view! {
                    <Notice gravity=Gravity::Warn title=lang.copy_arriving(at, arriving.name)>
                        <p>{lang.copy_arriving_next()}</p>
                    </Notice>
                }
            })}
            <label class="drop" hidden=move || !idle()>
                <input type="file" class="unseen" accept=".zip,application/zip" on:change=chosen/>
                <b>{lang.copy_choose()}</b>
                <span class="hint">{lang.copy_choose_hint()}</span>
            </label>
            <ProblemNotice problem=problem/>
            <ProblemNotice problem=giving_up.problem/>
            {came}
            {described}
            <div class="actions end">
                {move || running.get().map(|standing| view! {
                    <span role="status">{standing.said()}</span>
                    <Button on_press=stop>{lang.copy_stop()}</Button>
                })}
                {begun.then(|| view! {
                    <Button tone=Tone::Danger on_press=move || open.set(true)>{lang.copy_give_up()}</Button>
                })}
            </div>
            <ConfirmDialog open=open texts=Signal::stored(texts) busy=giving_up.busy on_confirm=give_up/>
        </section>
    }
    .into_any()
}

/// What is in a copy, in a sentence.
fn described(manifest: &Manifest) -> String {
    let lang = lang();
    let rows = |name: &str| domain::copy::of_name(name).map_or(0, |table| manifest.rows(table));
    let at = time::moment(manifest.at, &manifest.organisation.zone, lang.tag(), time::Form::Exact);
    lang.copy_in_it(at, rows("record"), rows("member"), manifest.objects, rows("post"))
}

/// Sends all of it; `goes_on` is told how far it is, and says whether anybody still waits for it. Whether all is there.
async fn bring(reading: &Reading, manifest: Manifest, goes_on: &impl Fn(Standing) -> bool) -> Answer<bool> {
    let wanted = Arrive { manifest };
    let there = patiently(|| api::call(&copies::ARRIVE, &[], &wanted)).await?;
    let there = there.arriving.map(|arriving| arriving.rows).unwrap_or_default();
    let (mut objects, mut all) = (BTreeSet::<Object>::new(), 0_u64);
    for table in TABLES {
        let text = text(reading, &wanted.manifest, &table.file()).await?;
        objects.extend(text.lines().filter_map(|row| object(table.name, row)));
        // Broken off before: what is there already is not sent again.
        let came = there.iter().find(|(name, _)| name == table.name).map_or(0, |(_, rows)| *rows);
        if came > 0 && came >= wanted.manifest.rows(table) {
            all += came;
            continue;
        }
        let mut rest = text.lines().peekable();
        while rest.peek().is_some() {
            let (mut some, mut many) = (String::from("["), 0_u64);
            while let Some(row) = rest.next_if(|row| many == 0 || some.len() + row.len() < MOST_LETTERS) {
                if many > 0 {
                    some.push(',');
                }
                some.push_str(row);
                many += 1;
            }
            some.push(']');
            patiently(|| api::bring_rows(table.name, &some)).await?;
            all += many;
            if !goes_on(Standing::Rows(all)) {
                return Ok(false);
            }
        }
    }
    let many = objects.len();
    for (place, object) in objects.into_iter().enumerate() {
        if !goes_on(Standing::Objects(place, many)) {
            return Ok(false);
        }
        // One that the store over there did not have any more is not in the copy.
        let Some(entry) = reading.find(&object.file()) else { continue };
        let bytes = reading.read(entry).await.ok_or_else(api::nonsense)?;
        patiently(|| api::bring_object(&object, &bytes)).await?;
    }
    let arrived = patiently(|| api::call(&copies::ARRIVED, &[], &Nothing {})).await;
    over(arrived.map(|_| ()), |there| !there.empty).await?;
    Ok(true)
}

/// What was to be ended is not there any more: it may have been, and the answer was lost on its way. Then nothing is being brought in
/// now, and what stands is as it should be after that.
async fn over(answered: Answer<()>, is_so: impl Fn(&There) -> bool) -> Answer<()> {
    match answered {
        Err(problem) if problem.refusal() == Some(&Refusal::NotFound) => {
            let there = patiently(|| api::call(&copies::ARRIVAL, &[], &Nothing {})).await?;
            if there.arriving.is_none() && is_so(&there) { Ok(()) } else { Err(problem) }
        }
        answered => answered,
    }
}

/// The text of a file, if it still is the one that was checked a moment ago: somebody may have written over it meanwhile.
async fn text(reading: &Reading, manifest: &Manifest, name: &str) -> Answer<String> {
    let bytes = match reading.find(name) {
        Some(entry) => reading.read(entry).await,
        None => None,
    };
    let bytes = bytes.filter(|bytes| manifest.check(name, bytes).is_ok());
    bytes.and_then(|bytes| String::from_utf8(bytes).ok()).ok_or_else(api::nonsense)
}

/// Takes away what has come, until nothing is left.
async fn taken_away() -> Answer<()> {
    loop {
        match patiently(|| api::call(&copies::GIVE_UP, &[], &Nothing {})).await {
            Ok(given_up) if given_up.more => {}
            answered => return over(answered.map(|_| ()), |there| there.empty).await,
        }
    }
}
