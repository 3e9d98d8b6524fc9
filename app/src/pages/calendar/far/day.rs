//! A day, hour by hour: 24 of them, and 23 or 25 on the nights when clocks change.

use domain::{Moment, slot::civil_text, window::hours_of};
use leptos::prelude::*;

use super::super::{
    Board,
    card::{Room, cards, there},
    days::marks,
};
use crate::{
    platform::time::{self, Form},
    state::lang,
    ui::{el, live},
};

/// The day.
pub fn day(board: Board) -> AnyView {
    live(move || {
        let lang = lang();
        let day = board.window.get().first();
        let hours = board.zone.with_value(|zone| hours_of(day, zone));
        board.shown.with(|shown| {
            let of = board.by_day(&shown.rows).into_iter().next().map(|(_, of)| of).unwrap_or_default();
            let at = |place: &usize| shown.rows.get(*place).and_then(|row| row.slot);
            let now = time::now();
            let within =
                |from: Moment, until: Option<Moment>, at: Moment| at >= from && until.is_none_or(|until| at < until);
            let lines = hours.iter().enumerate().map(|(number, from)| {
                let until = hours.get(number + 1).copied();
                let here: Vec<_> =
                    of.iter().copied().filter(|place| at(place).is_some_and(|at| within(*from, until, at))).collect();
                let civil = board.zone.with_value(|zone| zone.civil(*from));
                // The hour that exists twice is told apart by its distance from Greenwich.
                let twice =
                    hours.iter().filter(|other| board.zone.with_value(|zone| zone.civil(**other)) == civil).count() > 1;
                let name = time::civil(civil, lang.tag(), Form::Time);
                let name = if twice {
                    [name, board.zone.with_value(|zone| offset(zone.offset_at(*from)))].join(" ")
                } else {
                    name
                };
                let is_now = day == board.today && within(*from, until, now);
                let class = match (is_now, here.is_empty()) {
                    (true, _) => "hour hour-now",
                    (false, true) => "hour hour-free",
                    (false, false) => "hour",
                };
                let mut line = el("li", class).with("data-day", civil_text(civil)).with("data-at", from.0.to_string());
                if is_now {
                    line = line.with("aria-current", "time");
                }
                let head = el("h2", "hour-name").put(name).put(" ").put(there(*from));
                let cards = cards(lang, shown, &here, Room::Slip, board.may);
                line.put(head).put(el("ul", "hour-cards").put(cards))
            });
            let lines = lines.collect::<Vec<_>>();
            el("div", "hours-page").put(marks(board, day)).put(el("ol", "hours").put(lines)).into_any()
        })
    })
}

/// "(UTC+02:00)".
pub fn offset(seconds: i32) -> String {
    let (hours, minutes) = (seconds.abs() / 3_600, seconds.abs() / 60 % 60);
    format!("(UTC{}{hours:02}:{minutes:02})", if seconds < 0 { '-' } else { '+' })
}
