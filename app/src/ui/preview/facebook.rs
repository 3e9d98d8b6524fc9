//! A Facebook page. It speaks under its own name, which is the channel's, not the organisation's.

use super::{Shown, body};
use crate::ui::{Plain, el};

pub(super) fn draw(shown: &Shown<'_>) -> Plain {
    let name = el("strong", "").put(shown.channel.name.as_str());
    let who = el("p", "preview-who").put(name).put(el("span", "").put(shown.channel.handle.as_str()));
    let by_hand = shown.channel.assisted;
    el("article", "preview-facebook")
        .put(el("div", "preview-head").put(body::avatar(shown)).put(who))
        .put(body::text(shown))
        .put(body::pictures(shown.rendition, shown.channel.limits.pictures))
        .put(body::card(shown.rendition))
        .put(by_hand.then(|| body::note(shown.lang.compose_preview_by_hand())))
}
