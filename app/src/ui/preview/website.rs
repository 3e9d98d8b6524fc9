//! A page of the town's own website, as close as can be said without knowing its look: title, event, text, pictures, link.

use super::{Shown, body, noticeboard};
use crate::ui::{Plain, el};

pub(super) fn draw(shown: &Shown<'_>) -> Plain {
    let page = noticeboard::draw(shown);
    el("div", "preview-website")
        .put(el("p", "preview-who").put(el("span", "").put(shown.channel.handle.as_str())))
        .put(page)
        .put(body::note(shown.lang.compose_preview_website()))
}
