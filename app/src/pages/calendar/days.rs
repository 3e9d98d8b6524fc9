//! The head of a day, the same in every view: its name, and what stands on it besides posts.

use chrono::{NaiveDate, NaiveTime};
use domain::{
    ics::read::Happening,
    slot,
    window::{self, View},
};
use leptos::prelude::*;
use wire::calendar::Others;
use words::{Lang, mark_kind_name};

use super::{super::around, Board, sieve::Layer};
use crate::{
    platform::time::{self, Form},
    routes,
    state::{lang, second},
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
    let shows_clocks = board.sieve.with(|sieve| !sieve.hides(Layer::Clocks));
    board.seen.with(|all| {
        let holiday = all.holidays.contains(&day).then(|| note("holiday").put(lang.calendar_holiday()));
        let clocks = board.zone.with_value(|zone| {
            let change = window::change_on(day, zone)?;
            Some(note("clocks").put(clocks(lang, zone.civil(change.at).time(), change.by)))
        });
        let elsewhere = second::change(day).map(|told| note("clocks").put(told));
        let clocks = clocks.into_iter().chain(elsewhere).filter(|_| shows_clocks);
        let marks = all.marks.iter().filter(|mark| mark.is_on(day)).map(|mark| {
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
        holiday.into_iter().chain(clocks).chain(marks).chain(others(board, &all.others, day)).collect()
    })
}

/// So many of others' a day shows beside one's own; the rest is in the day itself.
const FEW: usize = 3;

/// What stands on a day in calendars of others: to be seen, and for who writes to be written about.
fn others(board: Board, all: &[Others], day: NaiveDate) -> Vec<Plain> {
    let lang = lang();
    let on_day = |of: &Others| {
        let here = of.happenings.iter().filter(|one| one.is_on(day));
        let name = named(lang, of);
        here.map(|one| other(board, &name, one, day)).collect::<Vec<_>>()
    };
    let mut drawn: Vec<Plain> = all.iter().flat_map(on_day).collect();
    let is_few = !matches!(board.window.get().view, View::Day | View::List);
    if is_few && drawn.len() > FEW {
        let more = drawn.len() - FEW;
        drawn.truncate(FEW);
        drawn.push(note("other").put(el("span", "").put(lang.calendar_more(more))));
    }
    drawn
}

/// What a calendar of others is called; one that could not be read for long, with of when it is.
pub fn named(lang: Lang, of: &Others) -> String {
    match of.as_of {
        Some(at) => lang.calendar_other_as_of(&of.name, around::when(at, Form::Date)),
        None => of.name.clone(),
    }
}

fn other(board: Board, calendar: &str, one: &Happening, day: NaiveDate) -> Plain {
    let lang = lang();
    let at = one.minute.and_then(|minute| {
        let time = NaiveTime::from_num_seconds_from_midnight_opt(u32::from(minute) * 60, 0)?;
        Some(one.first.and_time(time))
    });
    let begins = at.filter(|_| one.first == day).map(|at| [&time::civil(at, lang.tag(), Form::Time), " "].concat());
    let title = if one.title.is_empty() { lang.post_untitled().to_owned() } else { one.title.clone() };
    let head = [calendar, ": ", begins.as_deref().unwrap_or_default()].concat();
    // Whatever way their letters run, it does not turn what stands around them.
    let title = el("bdi", "").put(title);
    if !board.may.write || one.title.is_empty() {
        return note("other").put(el("span", "").put(head).put(title));
    }
    let at = at.map(slot::civil_text);
    let write = el("a", "day-mark-change")
        .with("href", routes::compose_about(&one.title, at.as_deref()))
        .with("title", lang.calendar_other_write())
        .put(head)
        .put(title)
        .put(el("span", "unseen").put([" · ", lang.calendar_other_write()].concat()));
    note("other").put(write)
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
