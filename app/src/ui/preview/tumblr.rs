//! A blog of Tumblr: the account's name above, and below the tags, which are the hashtags of the text.

use domain::{Network, text};

use super::{Shown, body};
use crate::ui::{Plain, el};

pub(super) fn draw(shown: &Shown<'_>) -> Plain {
    let name = el("strong", "").put(shown.channel.handle.trim_start_matches('@'));
    let who = el("p", "preview-who").put(name).put(el("span", "").put(shown.lang.compose_preview_now()));
    let tags: Vec<_> = text::tags(&shown.rendition.as_sent(Network::Tumblr))
        .into_iter()
        .map(|tag| el("span", "preview-tag").put(["#", tag.as_str(), " "].concat()))
        .collect();
    el("article", "preview-facebook")
        .put(el("div", "preview-head").put(body::avatar(shown)).put(who))
        .put(body::text(shown))
        .put(body::pictures(shown.rendition, shown.channel.limits.pictures))
        .put(body::card(shown.rendition))
        .put((!tags.is_empty()).then(|| el("p", "preview-text").put(tags)))
        .put(body::acts(["↩", "⇄", "♡", "⋯"]))
        .put(shown.channel.assisted.then(|| body::note(shown.lang.compose_preview_by_hand())))
}
