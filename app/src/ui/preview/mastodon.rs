//! Mastodon. A content warning hides everything else until it is opened; so does the preview.

use super::{Shown, body};
use crate::ui::{Plain, el};

pub(super) fn draw(shown: &Shown<'_>) -> Plain {
    let inside = |into: Plain| {
        let into = into.put(body::text(shown)).put(body::poll(shown)).put(body::pictures(shown.rendition, 4));
        into.put(body::card(shown.rendition))
    };
    let head = el("div", "preview-head").put(body::avatar(shown)).put(body::who(shown, &body::handle(shown)));
    let post = el("article", "preview-mastodon").put(head);
    let post = match &shown.rendition.warning {
        Some(warning) => {
            let more = el("span", "").put(shown.lang.compose_preview_more());
            let summary = el("summary", "").put(warning.as_str()).put(more);
            post.put(inside(el("details", "preview-warning").put(summary)))
        }
        None => inside(post),
    };
    post.put(body::acts(["↩", "⇄", "☆", "⚑"]))
}
