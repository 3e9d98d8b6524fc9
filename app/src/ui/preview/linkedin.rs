//! A page at LinkedIn. It speaks under its own name, which is the channel's. Of a link without pictures it makes a card,
//! so it is not in the text.

use super::{Shown, body};
use crate::ui::{Plain, el};

pub(super) fn draw(shown: &Shown<'_>) -> Plain {
    let name = el("strong", "").put(shown.channel.name.as_str());
    let who = el("p", "preview-who").put(name).put(el("span", "").put(shown.lang.compose_preview_now()));
    el("article", "preview-facebook")
        .put(el("div", "preview-head").put(body::avatar(shown)).put(who))
        .put(body::text(shown))
        .put(body::pictures(shown.rendition, shown.channel.limits.pictures))
        .put(body::card(shown.rendition))
        .put(body::acts(["👍", "💬", "⇄", "➤"]))
        .put(shown.channel.assisted.then(|| body::note(shown.lang.compose_preview_by_hand())))
}
