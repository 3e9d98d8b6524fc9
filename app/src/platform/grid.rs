//! A grid of things to press, of which Tab reaches one and the arrows the others (ARIA Authoring Practices, *Grid*). Separate from
//! `page::walk_focus`, which knows one direction.

use leptos::ev;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement};

const CELLS: &str = "[role=gridcell]";
/// Which one a cell is, by its attribute.
pub const PLACE: &str = "data-place";

/// Where a key leads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Walk {
    /// To this cell.
    To(usize),
    /// Out of the grid, above its first row.
    Above,
    /// Nowhere: the key means something else.
    Not,
}

/// Where a key leads from a cell, in a grid of so many cells in rows of so many; `all` is whether Control was held.
pub fn walk(here: usize, count: usize, columns: usize, key: &str, all: bool) -> Walk {
    let Some(last) = count.checked_sub(1) else { return Walk::Not };
    let row = here - here % columns;
    match key {
        "ArrowRight" => Walk::To((here + 1).min(last)),
        "ArrowLeft" => Walk::To(here.saturating_sub(1)),
        // The last row may be shorter: what has nothing below it leads to the end.
        "ArrowDown" => Walk::To((here + columns).min(last)),
        "ArrowUp" => here.checked_sub(columns).map_or(Walk::Above, Walk::To),
        "Home" if all => Walk::To(0),
        "End" if all => Walk::To(last),
        "Home" => Walk::To(row),
        "End" => Walk::To((row + columns - 1).min(last)),
        _ => Walk::Not,
    }
}

fn cells(grid: &Element) -> Vec<HtmlElement> {
    let Ok(all) = grid.query_selector_all(CELLS) else { return Vec::new() };
    (0..all.length()).filter_map(|place| all.get(place)?.dyn_into().ok()).collect()
}

/// Does what a key means in a grid that has the focus; answers where it led.
pub fn press(grid: &Element, columns: usize, event: &ev::KeyboardEvent) -> Walk {
    let cells = cells(grid);
    let active = event.target().and_then(|target| target.dyn_into::<HtmlElement>().ok());
    let Some(here) = cells.iter().position(|cell| Some(cell) == active.as_ref()) else { return Walk::Not };
    let led = walk(here, cells.len(), columns, &event.key(), event.ctrl_key() || event.meta_key());
    if led != Walk::Not {
        event.prevent_default();
    }
    if let Walk::To(place) = led
        && let Some(cell) = cells.get(place)
    {
        // Fails only for what is gone.
        let _ = cell.focus();
    }
    led
}

/// Puts the focus on the cell that Tab reaches; answers whether there is one.
pub fn enter(grid: &Element) -> bool {
    let cells = cells(grid);
    let held = cells.iter().find(|cell| cell.tab_index() == 0).or(cells.first());
    held.is_some_and(|cell| cell.focus().is_ok())
}

/// Tab reaches the first: others are drawn than before, and the one that it reached may be gone.
pub fn begin(grid: &Element) {
    for (place, cell) in cells(grid).iter().enumerate() {
        cell.set_tab_index(if place == 0 { 0 } else { -1 });
    }
}

/// The cell that has the focus now is the one that Tab reaches.
pub fn hold(grid: &Element, event: &ev::FocusEvent) {
    let Some(now) = event.target().and_then(|target| target.dyn_into::<HtmlElement>().ok()) else { return };
    for cell in cells(grid) {
        if cell.tab_index() == 0 && cell != now {
            cell.set_tab_index(-1);
        }
    }
    now.set_tab_index(0);
}

/// Which cell was pressed.
pub fn pressed(event: &ev::MouseEvent) -> Option<usize> {
    let target = event.target()?.dyn_into::<Element>().ok()?;
    target.closest(CELLS).ok()??.get_attribute(PLACE)?.parse().ok()
}

/// Whether the focus goes from a part of the page to elsewhere in it. To nowhere is not elsewhere: the window lost it, or what had it
/// is gone.
pub fn is_left(part: &Element, event: &ev::FocusEvent) -> bool {
    let to = event.related_target().and_then(|target| target.dyn_into::<Element>().ok());
    to.is_some_and(|to| !part.contains(Some(&to)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_arrows_walk_rows_and_columns_and_stop_at_the_ends() {
        // Rows of eight, and one of three.
        let at = |here, key| walk(here, 19, 8, key, false);
        assert_eq!([at(0, "ArrowRight"), at(7, "ArrowRight"), at(18, "ArrowRight")], [1, 8, 18].map(Walk::To));
        assert_eq!([at(0, "ArrowLeft"), at(8, "ArrowLeft")], [0, 7].map(Walk::To));
        assert_eq!([at(2, "ArrowDown"), at(15, "ArrowDown"), at(17, "ArrowDown")], [10, 18, 18].map(Walk::To));
        assert_eq!((at(10, "ArrowUp"), at(2, "ArrowUp")), (Walk::To(2), Walk::Above));
        assert_eq!([at(10, "Home"), at(10, "End"), at(17, "End")], [8, 15, 18].map(Walk::To));
        assert_eq!([walk(10, 19, 8, "Home", true), walk(10, 19, 8, "End", true)], [0, 18].map(Walk::To));
        assert_eq!((at(3, "a"), walk(0, 0, 8, "End", false)), (Walk::Not, Walk::Not));
    }
}
