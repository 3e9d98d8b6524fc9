//! Bluesky. The link becomes a card, so it is not in the text.

use super::{Shown, body};
use crate::ui::{Plain, el};

pub(super) fn draw(shown: &Shown<'_>) -> Plain {
    let who = body::who(shown, &body::handle(shown)).put(el("span", "").put(shown.lang.compose_preview_now()));
    let column = el("div", "preview-column")
        .put(who)
        .put(body::text(shown))
        .put(body::pictures(shown.rendition, 4))
        .put(body::card(shown.rendition))
        .put(body::acts(["↩", "⇄", "♡", "⋯"]));
    el("article", "preview-bluesky").put(body::avatar(shown)).put(column)
}
