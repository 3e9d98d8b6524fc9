//! A month: whole weeks, a line for each post, as many as a day has room for; on a phone how many there are.

use chrono::{Datelike, NaiveDate};
use domain::window::{View, Window};
use leptos::prelude::*;
use words::Lang;

use super::super::{
    Board, Shown, address,
    card::{Room, cards},
    days::marks,
};
use crate::{
    platform::time::{self, Form},
    state::lang,
    ui::{Plain, el, live},
};

/// So many lines a day has; the rest is in the day itself.
const LINES: usize = 4;

/// The month.
pub fn month(board: Board) -> AnyView {
    live(move || {
        let lang = lang();
        board.shown.with(|shown| {
            let days = board.by_day(&shown.rows);
            let columns = days.iter().take(7).map(|(day, _)| {
                let name = time::date(*day, lang.tag(), Form::Weekday);
                let short = time::date(*day, lang.tag(), Form::Column);
                el("th", "")
                    .with("scope", "col")
                    .put(el("span", "unseen").put(name))
                    .put(el("span", "").with("aria-hidden", "true").put(short))
            });
            let week = el("td", "month-week").put(el("span", "unseen").put(lang.calendar_week()));
            let head = el("thead", "").put(el("tr", "").put(week).put(columns.collect::<Vec<_>>()));
            let weeks = days.chunks(7).map(|days| line(board, lang, shown, days)).collect::<Vec<_>>();
            el("table", "month").put(head).put(el("tbody", "").put(weeks)).into_any()
        })
    })
}

fn line(board: Board, lang: Lang, shown: &Shown, days: &[(NaiveDate, Vec<usize>)]) -> Plain {
    let week = days.first().map(|(monday, _)| {
        let number = monday.iso_week().week().to_string();
        let to = address(Window::around(View::Week, *monday), &board.sieve.get_untracked());
        let name = lang.calendar_to_week(number.clone());
        let link = el("a", "month-link").with("href", to).with("aria-label", name).put(number);
        el("th", "month-week").with("scope", "row").put(link)
    });
    let cells = days.iter().map(|(day, of)| cell(board, lang, shown, *day, of)).collect::<Vec<_>>();
    el("tr", "").put(week).put(cells)
}

fn cell(board: Board, lang: Lang, shown: &Shown, day: NaiveDate, of: &[usize]) -> Plain {
    let own = board.window.get_untracked().holds(day);
    let to = address(Window::around(View::Day, day), &board.sieve.get_untracked());
    let long = time::date(day, lang.tag(), Form::DayLong);
    let number = el("a", "month-link month-day")
        .with("href", to.as_str())
        .with("aria-label", lang.calendar_posts_on(of.len(), long))
        .put(day.day().to_string());
    // On a phone it stands where the lines have no room; the number above says the same to whoever hears it.
    let count = (!of.is_empty()).then(|| {
        el("a", "month-count")
            .with("href", to.as_str())
            .with("aria-hidden", "true")
            .with("tabindex", "-1")
            .put(of.len().to_string())
    });
    let room = if of.len() > LINES { LINES - 1 } else { LINES };
    let lines = el("ul", "month-lines").put(cards(lang, shown, &of[..of.len().min(room)], Room::Line, board.may));
    let more =
        (of.len() > room).then(|| el("a", "month-more").with("href", to).put(lang.calendar_more(of.len() - room)));
    let class = match (own, day == board.today) {
        (_, true) => "month-cell day-today",
        (true, false) => "month-cell",
        (false, false) => "month-cell month-beside",
    };
    let mut cell = el("td", class).with("data-day", day.to_string());
    if day == board.today {
        cell = cell.with("aria-current", "date");
    }
    cell.put(number).put(count).put(marks(board, day)).put(lines).put(more)
}
