//! What was promised for the week that is shown, network by network: the numbers beside the table's sums, and what was
//! promised where nothing stands. Fetched when the week is drawn, for nobody waits for it before the week can be read.

use domain::{
    Channel, Network,
    delivery::PublicationState,
    window::{View, Window},
};
use leptos::{prelude::*, task::spawn_local};
use wire::plan::{Around, PLAN, Plan};
use words::network_name;

use super::Board;
use crate::{
    api,
    parts::arrange,
    routes,
    state::{cache, lang},
};

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

/// Fetches them, and draws what has no row in the table.
#[component]
pub fn Promised() -> AnyView {
    let Some(board) = use_context::<Board>() else { return ().into_any() };
    // This one is made anew with the table; the numbers may be of a week before.
    board.promised.set(Vec::new());
    // Whoever promised nothing is not asked again and again.
    let nothing = StoredValue::new(false);
    let ask = move |week: Window| {
        spawn_local(async move {
            let (Ok(plan), Ok(channels)) =
                (api::call(&PLAN, &[], &Around { day: week.first() }).await, cache::channels().await)
            else {
                // Without them the week is there all the same.
                return;
            };
            if board.window.try_with_untracked(|window| week_of(window) == week) == Some(true) {
                nothing.set_value(plan.promises.is_empty());
                board.promised.set(by_network(&plan, &channels));
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
    silent.into_any()
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
