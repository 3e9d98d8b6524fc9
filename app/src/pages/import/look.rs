//! What would come of each row, in the rules' own words, before anything is written. Read in slices: the page stays
//! usable while two thousand rows are looked at.

use std::sync::Arc;

use chrono::NaiveDateTime;
use domain::{
    Channel, PostId,
    import::{self, Drafted, Flaw, Reader, Table},
    policy::{self, Context, Mode},
};
use gloo_timers::future::TimeoutFuture;
use leptos::{prelude::*, task::spawn_local};
use words::Lang;

use super::{Desk, Ground};
use crate::{
    parts::channel_name,
    platform::time::{self, Form},
    state::lang,
    ui::{Button, Chip, Hue, Skeleton},
};

/// So many rows are read between two frames.
const SLICE: usize = 25;
/// So many are shown at a time.
const PAGE: usize = 50;

/// What would come of a row.
#[derive(Debug, Clone)]
pub struct Looked {
    /// Its number in the sheet.
    pub number: usize,
    /// Where it stands in the table.
    pub place: usize,
    /// What it comes to, or why it comes to nothing.
    pub outcome: Result<Ready, Vec<String>>,
}

/// A draft that is ready to be written.
#[derive(Debug, Clone)]
pub struct Ready {
    /// The identity it will have, of what the row says: written twice, it is one.
    pub post: PostId,
    /// What is written.
    pub drafted: Drafted,
    /// What the rules find in it. It is a draft: that may be mended later.
    pub findings: Vec<String>,
    /// Whether something of that stops it from being sent to whoever decides.
    pub stopped: bool,
}

/// Which rows are shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Shown {
    All,
    Flawed,
    Minded,
}

/// Reads the rows anew whenever what they are read by changes, and shows what would come of them.
pub fn look(desk: Desk) -> AnyView {
    let lang = lang();
    let asked = StoredValue::new(0_u32);
    Effect::new(move |_| {
        desk.columns.track();
        desk.usual.track();
        let Some((sheet, ground)) = desk.sheet.get().zip(desk.ground.get()) else { return };
        desk.looked.set(None);
        asked.update_value(|asked| *asked += 1);
        let own = asked.get_value();
        spawn_local(async move {
            if let Some(all) = looked(desk, lang, &sheet, &ground, move || asked.try_get_value() == Some(own)).await {
                let _ = desk.looked.try_set(Some(Arc::new(all)));
            }
        });
    });
    let shown = RwSignal::new(Shown::All);
    let pages = RwSignal::new(1_usize);
    view! {
        <section class="card stack" aria-labelledby="import-look">
            <h2 id="import-look">{lang.import_look()}</h2>
            {move || match desk.looked.get() {
                None => view! { <Skeleton label=lang.import_looking()/> }.into_any(),
                Some(all) => rows(lang, desk, &all, shown, pages),
            }}
        </section>
    }
    .into_any()
}

async fn looked(
    desk: Desk,
    lang: Lang,
    sheet: &Table,
    ground: &Ground,
    wanted: impl Fn() -> bool,
) -> Option<Vec<Looked>> {
    let (columns, usual) = (desk.columns.get_untracked(), desk.usual.get_untracked());
    let me = desk.me.get_value();
    let languages = &me.organisation.languages;
    let read_by = import::Ground {
        channels: &ground.channels,
        names: &ground.names,
        languages,
        usual: &usual,
        zone: &me.zone,
        now: time::now(),
    };
    let mut reader = Reader::new(&columns, read_by);
    let mut all = Vec::with_capacity(sheet.rows.len());
    for (place, row) in sheet.rows.iter().enumerate() {
        if place % SLICE == 0 {
            TimeoutFuture::new(0).await;
            if !wanted() {
                return None;
            }
        }
        let outcome = match reader.read(row) {
            Ok(mut drafted) => {
                let campaign = ground.tags.iter().find(|(id, _)| Some(id) == drafted.belongs.campaign.as_ref());
                let called = campaign.and_then(|(_, tag)| tag.clone());
                drafted.content.utm = me.organisation.policy.utm.begun(called);
                let context = Context { channels: &ground.channels, languages, rules: &me.organisation.policy.rules };
                let found = policy::check(&drafted.content, context);
                let stopped = found.iter().any(|one| one.mode == Mode::Block);
                let mut findings: Vec<String> =
                    found.iter().map(|one| words::finding(lang, one).what.into_owned()).collect();
                findings.sort_unstable();
                findings.dedup();
                let post = import::identity(&me.organisation.id, &columns, &usual, row);
                Ok(Ready { post, drafted, findings, stopped })
            }
            Err(flaws) => Err(flaws.iter().map(|flaw: &Flaw| words::import_flaw(lang, flaw)).collect()),
        };
        all.push(Looked { number: row.number, place, outcome });
    }
    Some(all)
}

fn rows(lang: Lang, desk: Desk, all: &Arc<Vec<Looked>>, shown: RwSignal<Shown>, pages: RwSignal<usize>) -> AnyView {
    let flawed = all.iter().filter(|one| one.outcome.is_err()).count();
    let minded = all.iter().filter(|one| one.outcome.as_ref().is_ok_and(|ready| !ready.findings.is_empty())).count();
    let choices = [
        (Shown::All, lang.import_show_all(all.len())),
        (Shown::Flawed, lang.import_show_flawed(flawed)),
        (Shown::Minded, lang.import_show_minded(minded)),
    ];
    let choices = choices.map(|(which, name)| {
        let choose = move |_| {
            pages.set(1);
            shown.set(which);
        };
        view! {
            <button type="button" class="toggle" aria-pressed=move || (shown.get() == which).to_string() on:click=choose>
                {name}
            </button>
        }
    });
    let listed = all.clone();
    let lines = move || {
        let (which, most) = (shown.get(), pages.get() * PAGE);
        let fit = listed.iter().filter(|one| match which {
            Shown::All => true,
            Shown::Flawed => one.outcome.is_err(),
            Shown::Minded => one.outcome.as_ref().is_ok_and(|ready| !ready.findings.is_empty()),
        });
        let mut fit = fit.peekable();
        let lines: Vec<_> = fit.by_ref().take(most).map(|one| line(lang, desk, one)).collect();
        let more = fit.peek().is_some();
        view! {
            <ol class="lines import-rows">{lines}</ol>
            {more.then(|| view! {
                <div class="actions"><Button on_press=move || pages.update(|pages| *pages += 1)>{lang.import_more()}</Button></div>
            })}
        }
    };
    view! {
        <p role="status"><b>{lang.import_come(all.len() - flawed)}</b>" "{(flawed > 0).then(|| lang.import_come_not(flawed))}</p>
        <div class="row" role="group" aria-label=lang.import_show()>{choices.into_iter().collect::<Vec<_>>()}</div>
        {lines}
    }
    .into_any()
}

fn line(lang: Lang, desk: Desk, looked: &Looked) -> AnyView {
    let number = lang.import_row(looked.number);
    let (heading, going, chip, said) = match &looked.outcome {
        Ok(ready) => {
            let chip = match (ready.findings.is_empty(), ready.stopped) {
                (true, _) => (Hue::Good, lang.import_ready()),
                (false, false) => (Hue::Info, lang.import_minded()),
                (false, true) => (Hue::Warn, lang.import_stopped()),
            };
            (ready.drafted.content.heading(), going(lang, desk, &ready.drafted), chip, ready.findings.clone())
        }
        Err(flaws) => {
            let cells = desk.sheet.with_untracked(|sheet| {
                let row = sheet.as_ref().and_then(|sheet| sheet.rows.get(looked.place));
                row.map(|row| row.cells.iter().filter(|cell| !cell.is_empty()).cloned().collect::<Vec<_>>().join(" · "))
            });
            let heading: String = cells.unwrap_or_default().chars().take(90).collect();
            (heading, String::new(), (Hue::Bad, lang.import_flawed()), flaws.clone())
        }
    };
    let said: Vec<_> = said.into_iter().map(|what| view! { <li>{what}</li> }).collect();
    let hue = chip.0;
    view! {
        <li>
            <div class="line-main">
                <p class="hint">{number}{(!going.is_empty()).then(|| [" · ", &going].concat())}</p>
                <strong class="import-heading">{heading}</strong>
                {(!said.is_empty()).then(|| view! { <ul class="import-said">{said}</ul> })}
            </div>
            <Chip hue text=chip.1/>
        </li>
    }
    .into_any()
}

/// Where and when, in words.
fn going(lang: Lang, desk: Desk, drafted: &Drafted) -> String {
    let channels = desk.ground.with_untracked(|ground| {
        let all: &[Channel] = ground.as_ref().map_or(&[], |ground| &ground.channels);
        let names = drafted.content.targets.iter().map(|target| channel_name(all, &target.channel));
        names.collect::<Vec<_>>().join(", ")
    });
    let at = |at: NaiveDateTime| time::civil(at, lang.tag(), Form::Full);
    let at = drafted.at.map_or_else(|| lang.import_no_hour().to_owned(), at);
    [channels, at].join(" · ")
}
