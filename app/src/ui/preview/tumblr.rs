//! A blog of Tumblr: the account's name above, and below the tags, which are the hashtags of the text.

use domain::{Network, text};

use super::{Shown, body};
use crate::ui::{Plain, el};

pub(super) fn draw(shown: &Shown<'_>) -> Plain {
    let tags: Vec<_> = text::tags(&shown.rendition.as_sent(Network::Tumblr))
        .into_iter()
        .map(|tag| el("span", "preview-tag").put(["#", tag.as_str(), " "].concat()))
        .collect();
    let tags = (!tags.is_empty()).then(|| el("p", "preview-text").put(tags));
    let who = (shown.channel.handle.trim_start_matches('@'), shown.lang.compose_preview_now());
    body::stacked(shown, who, tags, Some(["↩", "⇄", "♡", "⋯"]))
}
