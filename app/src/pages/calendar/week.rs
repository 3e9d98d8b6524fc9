//! The week: seven days side by side where there is room, one below the other on a phone; and the tray of what has no
//! slot yet.

use leptos::prelude::*;
use wire::posts::PostRow;

use super::{
    Board,
    card::{self, Room, cards},
    days::head,
    is_agreed,
};
use crate::{
    state::lang,
    ui::{el, live},
};

/// Seven days.
pub fn strip(board: Board) -> AnyView {
    live(move || {
        let lang = lang();
        board.shown.with(|shown| {
            let day = |(day, of): (chrono::NaiveDate, Vec<usize>)| {
                let none = of.is_empty().then(|| el("p", "day-empty").put(lang.calendar_day_empty()));
                let mut sheet = el("li", if day == board.today { "day day-today" } else { "day" });
                if day == board.today {
                    sheet = sheet.with("aria-current", "date");
                }
                sheet
                    .with("data-day", day.to_string())
                    .put(head(board, day))
                    .put(el("ul", "day-cards").put(cards(lang, shown, &of, Room::Slip, board.may)))
                    .put(none)
            };
            let days = board.by_day(&shown.rows).into_iter().map(day).collect::<Vec<_>>();
            el("ol", "week").put(days).into_any()
        })
    })
}

/// What has no slot: first what is approved, then what can be planned.
pub fn tray(board: Board, waiting: Signal<Vec<PostRow>>) -> AnyView {
    live(move || {
        let lang = lang();
        let rows = waiting.get();
        let of = |agreed: bool| {
            let some = rows.iter().filter(|row| is_agreed(row.stage) == agreed);
            some.map(|row| card::card(lang, row, None, Room::Slip, board.may)).collect::<Vec<_>>()
        };
        let (agreed, open) = (of(true), of(false));
        let hint = if agreed.is_empty() { lang.calendar_tray_empty() } else { lang.calendar_tray_hint() };
        let plan = (!open.is_empty()).then(|| {
            let head = el("h3", "").put(lang.plan_tray());
            let hint = el("p", "hint").put(lang.plan_tray_hint());
            vec![head, hint, el("ul", "tray-cards").put(open)]
        });
        let class = if rows.is_empty() { "stack tray-empty" } else { "stack" };
        el("div", class)
            .put(el("p", "hint").put(hint))
            .put(el("ul", "tray-cards").put(agreed))
            .put(plan.unwrap_or_default())
            .into_any()
    })
}
