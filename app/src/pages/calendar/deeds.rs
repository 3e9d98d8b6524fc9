//! What can be done with a card: one list for all of them, opened beside whichever was asked. Separate from the card: a
//! month has hundreds, and a list of buttons in each was what made it slow.

use leptos::{ev, prelude::*};
use wasm_bindgen::JsCast;
use wire::posts::PostRow;

use super::{Asked, Board, DEEDS, card, is_agreed, wanted};
use crate::{
    platform::page,
    routes,
    state::lang,
    ui::{Glyph, MenuItem},
};

/// The list, of the post that was asked about last.
pub fn deeds(board: Board) -> AnyView {
    let walk = move |event: ev::KeyboardEvent| {
        let step = match event.key().as_str() {
            "ArrowDown" => 1,
            "ArrowUp" => -1,
            _ => return,
        };
        event.prevent_default();
        event.stop_propagation();
        if let Some(list) = event.current_target().and_then(|target| target.dyn_into().ok()) {
            page::walk_focus(&list, step);
        }
    };
    let items = move || board.chosen.get().map(|row| items(board, &row));
    // One list for all cards: whoever comes into it hears of which it is.
    let name = move || {
        let lang = lang();
        board.chosen.with(|row| row.as_ref().map(|row| lang.calendar_menu(card::heading(lang, row))))
    };
    view! {
        <div class="menu-list" popover="auto" id=DEEDS role="group" aria-label=name on:click=page::close_popover on:keydown=walk>
            {items}
        </div>
    }
    .into_any()
}

fn items(board: Board, row: &PostRow) -> AnyView {
    let lang = lang();
    let agreed = is_agreed(row.stage);
    let placing = board.may.moves(row).then(|| {
        let ask = {
            let row = row.clone();
            move || board.placing.ask(wanted(&row))
        };
        let name = match (row.slot.is_some(), agreed) {
            (true, true) => lang.calendar_move(),
            (false, true) => lang.calendar_place(),
            (true, false) => lang.plan_move(),
            (false, false) => lang.plan_place(),
        };
        view! { <MenuItem glyph=Glyph::Clock on_press=ask>{name}</MenuItem> }
    });
    let moves = (board.may.moves(row) && row.slot.is_some()).then(|| {
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
        let swap = {
            let row = row.clone();
            move || board.asked.set(Some(Asked::Swap(row.clone())))
        };
        let unplace_name = if agreed { lang.calendar_unplace() } else { lang.plan_remove() };
        view! {
            <MenuItem on_press=by_days(-1)>{lang.calendar_move_before()}</MenuItem>
            <MenuItem on_press=by_days(1)>{lang.calendar_move_after()}</MenuItem>
            <MenuItem on_press=by_days(7)>{lang.calendar_move_week()}</MenuItem>
            <MenuItem on_press=swap>{lang.calendar_swap()}</MenuItem>
            <MenuItem danger=true on_press=unplace>{unplace_name}</MenuItem>
        }
    });
    let copy = board.may.write.then(|| {
        let row = row.clone();
        let copy = move || board.asked.set(Some(Asked::Copy(row.clone())));
        view! { <MenuItem glyph=Glyph::Copy on_press=copy>{lang.calendar_duplicate()}</MenuItem> }
    });
    let again = board.may.place.then(|| {
        let row = row.clone();
        let again = move || board.asked.set(Some(Asked::Repeat(row.clone())));
        view! { <MenuItem on_press=again>{lang.series_open()}</MenuItem> }
    });
    let href = routes::post(&row.id);
    view! {
        {placing}
        {moves}
        {copy}
        {again}
        <a class="button quiet" href=href>{lang.calendar_open()}</a>
    }
    .into_any()
}
