//! Bluesky. The link becomes a card, so it is not in the text.

use super::{Shown, body};
use crate::ui::Plain;

pub(super) fn draw(shown: &Shown<'_>) -> Plain {
    let who = body::who(shown, &body::handle(shown));
    body::beside(shown, who, body::pictures(shown.rendition, 4), true, ["↩", "⇄", "♡", "⋯"])
}
