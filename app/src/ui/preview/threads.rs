//! Threads. Of a link without pictures it makes a card, so it is not in the text.

use super::{Shown, body};
use crate::ui::{Plain, el};

pub(super) fn draw(shown: &Shown<'_>) -> Plain {
    let name = el("strong", "").put(shown.channel.handle.trim_start_matches('@'));
    let who = el("p", "preview-who").put(name);
    let post = body::beside(shown, who, body::carousel(shown), true, ["♡", "↩", "⇄", "➤"]);
    let topic = shown.rendition.topic.as_ref();
    let topic = topic.map(|topic| el("p", "preview-by-hand").put(shown.lang.topic_said(topic.as_str())));
    el("div", "preview-x").put(post).put(topic).put(body::by_hand(shown))
}
