//! Telegram: the channel's name, the pictures, and below them the text as their caption.

use super::{Shown, body};
use crate::ui::{Plain, el};

pub(super) fn draw(shown: &Shown<'_>) -> Plain {
    let described = shown.rendition.video.is_some()
        || shown.rendition.pictures.iter().any(|picture| !picture.alt.trim().is_empty());
    el("article", "preview-telegram")
        .put(el("p", "preview-who").put(el("strong", "").put(shown.channel.name.as_str())))
        .put(body::pictures(shown.rendition, shown.channel.limits.pictures))
        .put(body::document(shown))
        .put(body::text(shown))
        .put(shown.rendition.pin.then(|| body::note(shown.lang.pin_said())))
        .put(described.then(|| body::note(shown.lang.compose_preview_no_alt())))
}
