//! The head of a day, the same in every view: its name, and what stands on it besides posts.

use chrono::{NaiveDate, NaiveTime};
use domain::window;
use leptos::prelude::*;
use words::{Lang, mark_kind_name};

use super::Board;
use crate::{
    platform::time::{self, Form},
    state::lang,
    ui::{Plain, el},
};

/// The name of a day, and its marks.
pub fn head(board: Board, day: NaiveDate) -> Vec<Plain> {
    let lang = lang();
    let (long, short) = (time::date(day, lang.tag(), Form::DayLong), time::date(day, lang.tag(), Form::DayShort));
    let name = el("h2", "day-name")
        .put(el("span", "unseen").put(long))
        .put(el("span", "").with("aria-hidden", "true").put(short));
    std::iter::once(name).chain(marks(board, day)).collect()
}

/// What stands on a day besides posts: holidays, marks, a change of the clocks.
pub fn marks(board: Board, day: NaiveDate) -> Vec<Plain> {
    let lang = lang();
    board.marks.with(|marks| {
        let holiday = marks.holidays.contains(&day).then(|| note("holiday").put(lang.calendar_holiday()));
        let clocks = board.zone.with_value(|zone| {
            let change = window::change_on(day, zone)?;
            Some(note("clocks").put(clocks(lang, zone.civil(change.at).time(), change.by)))
        });
        let marks = marks.marks.iter().filter(|mark| mark.is_on(day)).map(|mark| {
            let text = el("span", "").put([mark_kind_name(lang, mark.kind), ": ", &mark.text].concat());
            if !board.may.write {
                return note(mark.kind.as_str()).put(text);
            }
            let button = el("button", "day-mark-change")
                .with("type", "button")
                .with("data-mark", mark.id.as_str())
                .with("title", lang.calendar_mark_change())
                .put(text);
            note(mark.kind.as_str()).put(button)
        });
        holiday.into_iter().chain(clocks).chain(marks).collect()
    })
}

fn note(kind: &'static str) -> Plain {
    el("p", "day-mark").with("data-kind", kind)
}

/// What the clocks do, at the hour that they show afterwards.
fn clocks(lang: Lang, shown: NaiveTime, by: i32) -> String {
    let at = time::civil(NaiveDate::default().and_time(shown), lang.tag(), Form::Time);
    let minutes = by.unsigned_abs().to_string();
    if by > 0 { lang.calendar_clocks_forward(at, minutes) } else { lang.calendar_clocks_back(at, minutes) }
}
