//! Threads. Of a link without pictures it makes a card, so it is not in the text.

use super::{Shown, body};
use crate::ui::{Plain, el};

pub(super) fn draw(shown: &Shown<'_>) -> Plain {
    let name = el("strong", "").put(shown.channel.handle.trim_start_matches('@'));
    let who = el("p", "preview-who").put(name).put(el("span", "").put(shown.lang.compose_preview_now()));
    let column = el("div", "preview-column")
        .put(who)
        .put(body::text(shown))
        .put(body::carousel(shown))
        .put(body::card(shown.rendition))
        .put(body::acts(["♡", "↩", "⇄", "➤"]))
        .put(shown.channel.assisted.then(|| body::note(shown.lang.compose_preview_by_hand())));
    el("article", "preview-bluesky").put(body::avatar(shown)).put(column)
}
