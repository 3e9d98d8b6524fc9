//! Seven days in lanes: a row for each network that the organisation speaks on, also where it says nothing.

use domain::{Network, window::Window};
use leptos::{prelude::*, task::spawn_local};
use wire::{Nothing, channels::CHANNELS};
use words::network_name;

use super::super::{
    Board,
    card::{Room, cards},
    days::head,
};
use crate::{
    api,
    parts::{arrange, letters},
    state::lang,
    ui::{el, live},
};

/// The lanes.
pub fn lanes(board: Board) -> AnyView {
    let connected = RwSignal::new(Vec::<Network>::new());
    spawn_local(async move {
        // Without the list there are the lanes of what is planned.
        if let Ok(channels) = api::call(&CHANNELS, &[], &Nothing {}).await {
            let _ = connected.try_set(channels.into_iter().map(|channel| channel.network).collect());
        }
    });
    live(move || {
        let lang = lang();
        let window: Window = board.window.get();
        board.shown.with(|shown| {
            let mut networks = connected.get();
            networks.extend(
                shown
                    .rows
                    .iter()
                    .filter(|row| row.slot.is_some())
                    .flat_map(|row| row.going.iter().map(|going| going.network)),
            );
            arrange(&mut networks, |network| *network);
            networks.dedup();
            let days = board.by_day(&shown.rows);
            let heads = window.days().map(|day| {
                let mut cell = el("th", if day == board.today { "day-today" } else { "" }).with("scope", "col");
                if day == board.today {
                    cell = cell.with("aria-current", "date");
                }
                cell.put(head(board, day))
            });
            let top = el("tr", "").put(el("td", "")).put(heads.collect::<Vec<_>>());
            let lanes =
                networks.into_iter().map(|network| {
                    let name = el("th", "lane-name")
                        .with("scope", "row")
                        .put(letters(network))
                        .put(el("span", "").put(network_name(lang, network)));
                    let cells =
                        days.iter().map(|(day, of)| {
                            let goes = |place: &&usize| {
                                shown
                                    .rows
                                    .get(**place)
                                    .is_some_and(|row| row.going.iter().any(|going| going.network == network))
                            };
                            let here: Vec<_> = of.iter().filter(goes).copied().collect();
                            el("td", "lane-cell")
                                .with("data-day", day.to_string())
                                .put(el("ul", "lane-cards").put(cards(lang, shown, &here, Room::Line, board.may)))
                        });
                    el("tr", "").put(name).put(cells.collect::<Vec<_>>())
                });
            let lanes = lanes.collect::<Vec<_>>();
            let table = el("table", "lanes").put(el("thead", "").put(top)).put(el("tbody", "").put(lanes));
            // It is wider than a phone: whoever has no mouse scrolls it with the keys.
            el("div", "lanes-frame")
                .with("tabindex", "0")
                .with("role", "region")
                .with("aria-label", lang.calendar_view_lanes())
                .put(table)
                .into_any()
        })
    })
}
