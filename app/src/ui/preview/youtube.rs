//! A channel of YouTube: the video, its title, whose channel it is, and the text as its description.

use domain::showing;

use super::{Shown, body};
use crate::ui::{Plain, el};

pub(super) fn draw(shown: &Shown<'_>) -> Plain {
    let who = body::who(shown, &shown.channel.handle);
    el("article", "preview-facebook")
        .put(body::pictures(shown.rendition, 0))
        .put(el("h3", "").with("lang", shown.language()).put(showing::title(shown.rendition)))
        .put(el("div", "preview-head").put(body::avatar(shown)).put(who))
        .put(body::text(shown))
        .put(body::said(shown))
        .put(body::by_hand(shown))
}
