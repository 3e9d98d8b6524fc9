//! What was promised for the week that is shown, network by network: the numbers beside the table's sums, what was
//! promised where nothing stands, and what of the tray could fill the gaps. Fetched when the week is drawn, for nobody
//! waits for it before the week can be read.

use domain::{
    Channel, Network, Promise, Themes,
    delivery::PublicationState,
    window::{View, Window},
};
use leptos::{prelude::*, task::spawn_local};
use wire::{
    Nothing,
    campaigns::THEMES,
    plan::{Around, PLAN, Plan},
};
use words::network_name;

use super::{Board, is_agreed, wanted};
use crate::{
    api,
    parts::{self, arrange},
    routes,
    state::{cache, lang},
    ui::{Button, Glyph, LinkButton, Tone},
};

/// So many posts are offered for a gap: who wants others sees the tray.
const OFFERED: usize = 3;

/// What was promised on a network in a week, about whatever and to whomever.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Owed {
    /// The network.
    pub network: Network,
    /// So many posts stand there, each counted once a channel.
    pub there: u32,
    /// So many were promised.
    pub promised: u32,
}

impl Owed {
    /// "2 de 3".
    pub fn said(self) -> String {
        lang().promise_even(self.promised, self.there)
    }
}

/// A promise of which something is missing.
#[derive(Debug, Clone, PartialEq)]
struct Gap {
    promise: Promise,
    /// The promise, in words.
    said: String,
    missing: u32,
}

/// Fetches them, and draws what has no row in the table and what could fill the gaps.
#[component]
pub fn Promised() -> AnyView {
    let Some(board) = use_context::<Board>() else { return ().into_any() };
    // This one is made anew with the table; the numbers may be of a week before.
    board.promised.set(Vec::new());
    // Whoever promised nothing is not asked again and again.
    let nothing = StoredValue::new(false);
    let gaps = RwSignal::new(Vec::<Gap>::new());
    let ask = move |week: Window| {
        spawn_local(async move {
            let (Ok(plan), Ok(channels)) =
                (api::call(&PLAN, &[], &Around { day: week.first() }).await, cache::channels().await)
            else {
                // Without them the week is there all the same.
                return;
            };
            let is_narrow = |one: &Promise| one.pillar.is_some() || one.audience.is_some();
            let themes = match plan.promises.iter().any(is_narrow) {
                // Without them a gap is said with its channel alone.
                true => api::call(&THEMES, &[], &Nothing {}).await.unwrap_or_default(),
                false => Themes::default(),
            };
            if board.window.try_with_untracked(|window| week_of(window) == week) == Some(true) {
                nothing.set_value(plan.promises.is_empty());
                board.promised.set(by_network(&plan, &channels));
                // The table may have been made anew meanwhile.
                let _ = gaps.try_set(missing(&plan, &channels, &themes));
            }
        });
    };
    // What moves the numbers: another week, another version of a post, one that has gone out.
    let moved = Memo::new(move |_| {
        let rows = board.all.with(|rows| {
            let out = rows.iter().flat_map(|row| &row.going).filter(|one| one.state == Some(PublicationState::Out));
            (rows.len(), rows.iter().map(|row| row.version).sum::<u64>(), out.count())
        });
        (board.window.with(week_of), rows)
    });
    Effect::new(move |before: Option<Window>| {
        let week = moved.get().0;
        if before.is_some_and(|before| before != week) {
            board.promised.set(Vec::new());
            gaps.set(Vec::new());
        }
        if !nothing.get_value() {
            ask(week);
        }
        week
    });
    let silent = move || {
        let lang = lang();
        let promised = board.promised.get();
        let shown = board.shown.with(|shown| {
            let rows = shown.rows.iter().flat_map(|row| &row.going);
            rows.map(|going| going.network).collect::<Vec<_>>()
        });
        let lines = promised.iter().filter(|one| !shown.contains(&one.network));
        let lines = lines.map(|one| {
            let text = [network_name(lang, one.network), ": ", &one.said()].concat();
            view! { <li>{text}</li> }
        });
        let lines = lines.collect::<Vec<_>>();
        (!promised.is_empty()).then(|| {
            view! {
                <ul class="even-silent">{lines}</ul>
                <p class="hint">{lang.promise_even_hint()}" "<a href=routes::PLAN>{lang.promise_title()}</a></p>
            }
        })
    };
    let filling = move || {
        let week = board.window.with(week_of);
        if week.last() < board.today {
            return None;
        }
        let lines = gaps.get().into_iter().filter_map(|gap| offers(board, week, gap)).collect::<Vec<_>>();
        (!lines.is_empty()).then(|| {
            view! {
                <details class="even-fill">
                    <summary>{lang().promise_fill()}</summary>
                    <ul class="lines">{lines}</ul>
                </details>
            }
        })
    };
    view! {
        {silent}
        {filling}
    }
    .into_any()
}

/// What of the tray could fill a gap, each to be placed at the first hole of the week; where there is nothing, to write it.
fn offers(board: Board, week: Window, Gap { promise, said, missing }: Gap) -> Option<AnyView> {
    let lang = lang();
    let mut fitting = board.loose.with(|rows| {
        let fits = rows.iter().filter(|row| {
            let on = row.going.iter().map(|going| &going.channel);
            board.may.moves(row) && promise.is_filled_by(on, row.pillar.as_ref(), row.audience.as_ref())
        });
        fits.cloned().collect::<Vec<_>>()
    });
    // What is agreed needs nothing but its hour.
    arrange(&mut fitting, |row| !is_agreed(row.stage));
    fitting.truncate(OFFERED);
    let first = board.zone.with_value(|zone| week.span(zone).0);
    let write = (fitting.is_empty() && board.may.write).then(|| {
        let href = routes::compose_for(&promise.channel, promise.pillar.as_ref(), promise.audience.as_ref());
        view! {
            <LinkButton href tone=Tone::Quiet glyph=Glyph::Plus>{lang.promise_write()}</LinkButton>
        }
    });
    if fitting.is_empty() && write.is_none() {
        return None;
    }
    let buttons = fitting.into_iter().map(|row| {
        let name = if row.heading.is_empty() { lang.post_untitled().to_owned() } else { row.heading.clone() };
        let place = move || board.placing.ask_from(wanted(&row), Some(first));
        view! { <Button glyph=Glyph::Clock on_press=place>{name}</Button> }
    });
    let buttons = buttons.collect::<Vec<_>>();
    let text = [&said, ": ", &lang.promise_missing(missing)].concat();
    let line = view! {
        <li>
            <div class="line-main">
                <p>{text}</p>
                <div class="row" role="group" aria-label=said>{buttons}{write}</div>
            </div>
        </li>
    };
    Some(line.into_any())
}

/// The promises of the week of which something is missing.
fn missing(plan: &Plan, channels: &[Channel], themes: &Themes) -> Vec<Gap> {
    let lang = lang();
    let gaps = plan.week.promises.iter().filter(|progress| progress.missing() > 0).filter_map(|progress| {
        let promise = plan.promises.iter().find(|one| one.id == progress.promise)?;
        let pillar = themes.pillars.iter().find(|one| Some(&one.id) == promise.pillar.as_ref());
        let audience = themes.audiences.iter().find(|one| Some(&one.id) == promise.audience.as_ref());
        let said = words::promised(
            lang,
            words::Promised {
                count: promise.count,
                per: promise.per,
                channel: &parts::channel_name(channels, &promise.channel),
                pillar: pillar.map(|one| one.name.as_str()),
                audience: audience.map(|one| one.name.as_str()),
            },
        );
        Some(Gap { promise: promise.clone(), said, missing: progress.missing() })
    });
    gaps.collect()
}

fn week_of(window: &Window) -> Window {
    Window::around(View::Week, window.first())
}

/// The promises of the week that are about whatever and to whomever: those that are narrower are among them.
fn by_network(plan: &Plan, channels: &[Channel]) -> Vec<Owed> {
    let mut owed: Vec<Owed> = Vec::new();
    for progress in &plan.week.promises {
        let promise = plan.promises.iter().find(|one| one.id == progress.promise);
        let Some(promise) = promise.filter(|one| one.pillar.is_none() && one.audience.is_none()) else { continue };
        let channel = channels.iter().find(|channel| channel.id == promise.channel);
        let (Some(channel), Some(promised)) = (channel, progress.promised) else { continue };
        match owed.iter_mut().find(|one| one.network == channel.network) {
            Some(one) => (one.there, one.promised) = (one.there + progress.all(), one.promised + promised),
            None => owed.push(Owed { network: channel.network, there: progress.all(), promised }),
        }
    }
    arrange(&mut owed, |one| one.network);
    owed
}
