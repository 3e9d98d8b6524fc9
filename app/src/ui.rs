//! The parts a page is made of: buttons, fields, dialogs, menus. No word of the domain, no word of any language: texts
//! come in from the page. Separate so that a part is made accessible once, for every page.

mod button;
mod chip;
mod dialog;
mod empty;
mod field;
mod icon;
mod menu;
mod notice;
mod plain;
pub mod preview;
mod qr;
mod toast;

use std::cell::Cell;

pub use button::{Button, LinkButton, Tone};
pub use chip::{Chip, Hue};
pub use dialog::{ConfirmDialog, ConfirmTexts, Dialog, ReasonDialog, ReasonTexts};
pub use empty::{Empty, Skeleton, skeleton};
pub use field::{Checkbox, Select, TextArea, TextField};
pub use icon::{Glyph, Icon, icon};
pub use menu::{Menu, MenuItem};
pub use notice::{Gravity, Notice};
pub use plain::{Inside, Plain, el, live, svg};
pub use qr::Qr;
pub use toast::{Toast, Toasts};

thread_local! {
    static NEXT: Cell<u32> = const { Cell::new(0) };
}

/// An `id` that no other element of the page has.
pub fn unique(stem: &str) -> String {
    let number = NEXT.get();
    NEXT.set(number + 1);
    [stem, &number.to_string()].join("-")
}
