//! The week: seven days side by side where there is room, one below the other on a phone; the same cards as a list;
//! and the tray of what has no slot yet.

use chrono::{Days, NaiveDate};
use domain::{StageName, slot};
use leptos::{ev::PointerEvent, prelude::*};
use wire::posts::PostRow;

use super::{Board, card, is_agreed, nothing, wanted};
use crate::{
    parts::arrange,
    platform::time::{self, Form},
    routes,
    state::lang,
    ui::{Glyph, Menu, MenuItem},
};

/// Seven days.
#[component]
pub fn Strip(board: Board, monday: NaiveDate, today: NaiveDate) -> AnyView {
    let days = (0..7).map(|offset| monday + Days::new(offset));
    view! {
        <ol class="week">
            {days.map(|day| view! { <Day board day is_today=day == today /> }).collect::<Vec<_>>()}
        </ol>
    }
    .into_any()
}

#[component]
fn Day(board: Board, day: NaiveDate, is_today: bool) -> AnyView {
    let lang = lang();
    let name = day.to_string();
    let here = Memo::new(move |_| {
        board.rows.with(|rows| {
            rows.iter().filter(|row| row.slot.is_some_and(|at| board.day_of(at) == day)).cloned().collect::<Vec<_>>()
        })
    });
    let over = {
        let name = name.clone();
        move || board.drag.is_over(&name)
    };
    let label = time::date(day, lang.tag(), Form::DayLong);
    let short = time::date(day, lang.tag(), Form::DayShort);
    view! {
        <li class="day" class:day-today=is_today class:day-over=over data-day=name aria-current=is_today.then_some("date")>
            <h2 class="day-name"><span class="unseen">{label}</span><span aria-hidden="true">{short}</span></h2>
            <ul class="day-cards">
                <For each=move || here.get() key=move |row| (row.id.clone(), row.version, row.slot, card::condition(lang, row).0) let:row>
                    <Card board row />
                </For>
            </ul>
            <Show when=move || here.with(Vec::is_empty)>
                <p class="day-empty">{lang.calendar_day_empty()}</p>
            </Show>
        </li>
    }
    .into_any()
}

/// A card that can be moved by pointer, by menu and by date.
#[component]
fn Card(board: Board, row: PostRow) -> AnyView {
    let lang = lang();
    let movable = board.may_place && !matches!(row.stage, StageName::Out | StageName::Cancelled);
    let planned = !is_agreed(row.stage);
    let key = row.id.to_string();
    let held = {
        let key = key.clone();
        move || board.drag.is_held(&key)
    };
    let begin = move |event: PointerEvent| {
        if movable {
            board.drag.begin(&event, &key);
        }
    };
    let dropped = row.clone();
    let end = move |event: PointerEvent| {
        if let Some((_, day)) = board.drag.end(&event)
            && let Some(day) = slot::read_day(&day)
        {
            board.move_to_day(&dropped, day);
        }
    };
    let menu = movable.then(|| menu(board, &row));
    view! {
        <li class="slip" class:slip-movable=movable class:slip-held=held class:slip-planned=planned
            on:pointerdown=begin on:pointermove=move |event| board.drag.follow(&event)
            on:pointerup=end on:pointercancel=move |event| board.drag.cancel(&event)>
            {movable.then(|| view! { <span class="slip-handle" aria-hidden="true"></span> })}
            {card::face(lang, &row)}
            {menu}
        </li>
    }
    .into_any()
}

fn menu(board: Board, row: &PostRow) -> AnyView {
    let lang = lang();
    let ask = {
        let row = row.clone();
        move || board.placing.ask(wanted(&row))
    };
    let by_days = |days: i64| {
        let row = row.clone();
        move || {
            if let Some(at) = row.slot {
                board.move_to_day(&row, board.day_of(at) + chrono::Duration::days(days));
            }
        }
    };
    let unplace = {
        let row = row.clone();
        move || board.placing.unplace(wanted(&row))
    };
    let placed = row.slot.is_some();
    let label = lang.calendar_menu(row.heading.clone());
    let href = routes::post(&row.id);
    let ask_name = match (placed, is_agreed(row.stage)) {
        (true, true) => lang.calendar_move(),
        (false, true) => lang.calendar_place(),
        (true, false) => lang.plan_move(),
        (false, false) => lang.plan_place(),
    };
    let unplace_name = if is_agreed(row.stage) { lang.calendar_unplace() } else { lang.plan_remove() };
    let moves = placed.then(|| {
        view! {
            <MenuItem on_press=by_days(-1)>{lang.calendar_move_before()}</MenuItem>
            <MenuItem on_press=by_days(1)>{lang.calendar_move_after()}</MenuItem>
            <MenuItem on_press=by_days(7)>{lang.calendar_move_week()}</MenuItem>
            <MenuItem danger=true on_press=unplace>{unplace_name}</MenuItem>
        }
    });
    view! {
        <Menu label glyph=Glyph::Dots>
            <MenuItem glyph=Glyph::Clock on_press=ask>{ask_name}</MenuItem>
            {moves}
            <a class="button quiet" href=href>{lang.calendar_open()}</a>
        </Menu>
    }
    .into_any()
}

/// The week as a list: only days that have something.
#[component]
pub fn List(board: Board, monday: NaiveDate, today: NaiveDate) -> AnyView {
    let lang = lang();
    let days = Memo::new(move |_| {
        board.rows.with(|rows| {
            let mut days: Vec<_> = rows.iter().filter_map(|row| row.slot).map(|at| board.day_of(at)).collect();
            arrange(&mut days, |day| *day);
            days.dedup();
            days.retain(|day| (monday..monday + Days::new(7)).contains(day));
            days
        })
    });
    let one = move |day: NaiveDate| {
        let here = move || {
            board.rows.with(|rows| {
                rows.iter()
                    .filter(|row| row.slot.is_some_and(|at| board.day_of(at) == day))
                    .cloned()
                    .collect::<Vec<_>>()
            })
        };
        view! {
            <section class="agenda-day" data-day=day.to_string()>
                <h2 aria-current=(day == today).then_some("date")>{time::date(day, lang.tag(), Form::DayLong)}</h2>
                <ul class="agenda">
                    <For each=here key=move |row| (row.id.clone(), row.version, row.slot, card::condition(lang, row).0) let:row>
                        <Card board row />
                    </For>
                </ul>
            </section>
        }
    };
    (move || {
        let days = days.get();
        if days.is_empty() { nothing() } else { days.into_iter().map(one).collect::<Vec<_>>().into_any() }
    })
    .into_any()
}

/// What has no slot: first what is approved, then what can be planned.
pub fn tray(board: Board, waiting: Signal<Vec<PostRow>>) -> AnyView {
    let lang = lang();
    let none = Memo::new(move |_| waiting.with(Vec::is_empty));
    let of = move |agreed: bool| {
        waiting.with(|rows| rows.iter().filter(|row| is_agreed(row.stage) == agreed).cloned().collect::<Vec<_>>())
    };
    let cards = move |agreed: bool| {
        view! {
            <ul class="tray-cards">
                <For each=move || of(agreed) key=|row| (row.id.clone(), row.version) let:row>
                    <Card board row />
                </For>
            </ul>
        }
    };
    let hint = move || if of(true).is_empty() { lang.calendar_tray_empty() } else { lang.calendar_tray_hint() };
    view! {
        <div class="stack" class:tray-empty=move || none.get()>
            <p class="hint">{hint}</p>
            {cards(true)}
            <Show when=move || !of(false).is_empty()>
                <h3>{lang.plan_tray()}</h3>
                <p class="hint">{lang.plan_tray_hint()}</p>
                {cards(false)}
            </Show>
        </div>
    }
    .into_any()
}
