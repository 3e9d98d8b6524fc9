//! A month as a list: only days that have something.

use leptos::prelude::*;

use super::super::{
    Board,
    card::{Room, cards},
    days::marks,
    nothing,
};
use crate::{
    platform::time::{self, Form},
    state::lang,
    ui::{el, live},
};

/// The list.
pub fn list(board: Board) -> AnyView {
    live(move || {
        let lang = lang();
        board.shown.with(|shown| {
            let days = board.by_day(&shown.rows).into_iter().filter_map(|(day, of)| {
                let marks = marks(board, day);
                if of.is_empty() && marks.is_empty() {
                    return None;
                }
                let mut name = el("h2", "").put(time::date(day, lang.tag(), Form::DayLong));
                if day == board.today {
                    name = name.with("aria-current", "date");
                }
                let cards = el("ul", "agenda").put(cards(lang, shown, &of, Room::Slip, board.may));
                Some(el("section", "agenda-day").with("data-day", day.to_string()).put(name).put(marks).put(cards))
            });
            let days = days.collect::<Vec<_>>();
            if days.is_empty() { nothing(board) } else { el("div", "agenda-days").put(days).into_any() }
        })
    })
}
