//! Networks that a person publishes on: close enough to judge the text and the pictures, and no closer.

use domain::Network;

use super::{Shown, body};
use crate::ui::{Plain, el};

pub(super) fn draw(shown: &Shown<'_>) -> Plain {
    let class = match shown.channel.network {
        Network::Whatsapp => "preview-whatsapp",
        _ => "preview-other",
    };
    el("article", class)
        .put(el("div", "preview-head").put(body::avatar(shown)).put(body::who(shown, &shown.channel.name)))
        .put(body::text(shown))
        .put(body::pictures(shown.rendition, shown.channel.limits.pictures))
        .put(body::document(shown))
        .put(el("p", "preview-by-hand").put(shown.lang.compose_preview_by_hand()))
}
