//! An account of TikTok: the video, or the pictures one after another, then the account's name and the text.

use super::{Shown, body};
use crate::ui::{Plain, el};

pub(super) fn draw(shown: &Shown<'_>) -> Plain {
    el("article", "preview-instagram")
        .put(body::carousel(shown))
        .put(el("p", "preview-who").put(el("strong", "").put(body::handle(shown))))
        .put(body::text(shown))
        .put(body::said(shown))
        .put(body::replies(shown))
        .put(body::by_hand(shown))
}
