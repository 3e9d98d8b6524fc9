//! What of the calendar is fetched when it is asked for: the views besides the week, the panel of the sieve, the form of a
//! mark, the dialogs.

mod clock;
mod day;
mod duplicate;
mod export;
mod kept;
mod lanes;
mod list;
mod marking;
mod month;
mod out;
mod panel;
mod shift;
mod swap;
mod together;

use domain::window::View;
use leptos::prelude::*;

use super::{Asked, Board};
use crate::pages::repeat::{self, Repeated};

pub use clock::{Clock, begin};
pub use marking::Marking;
pub use panel::Panel;

/// The dialog that was asked for.
#[component]
pub fn Asking() -> AnyView {
    let Some(board) = use_context::<Board>() else { return ().into_any() };
    match board.asked.get_untracked() {
        Some(Asked::Out) => out::out(board),
        Some(Asked::Shift) => shift::shift(board),
        Some(Asked::Swap(row)) => swap::swap(board, row),
        Some(Asked::Copy(row)) => duplicate::duplicate(board, row),
        Some(Asked::Repeat(row)) => {
            let of = Repeated { post: row.id, heading: row.heading, at: row.slot };
            let close = Callback::new(move |()| board.asked.set(None));
            repeat::dialog(of, close, board.again)
        }
        None => ().into_any(),
    }
}

/// The view that the address names, where it is not the week.
#[component]
pub fn Far() -> AnyView {
    let Some(board) = use_context::<Board>() else { return ().into_any() };
    (move || match board.window.get().view {
        View::Month => month::month(board),
        View::Day => day::day(board),
        View::List => list::list(board),
        View::Lanes => lanes::lanes(board),
        // Drawn by who asked.
        View::Week => ().into_any(),
    })
    .into_any()
}
