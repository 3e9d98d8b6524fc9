//! A page at LinkedIn. It speaks under its own name, which is the channel's. Of a link without pictures it makes a card,
//! so it is not in the text.

use super::{Shown, body};
use crate::ui::Plain;

pub(super) fn draw(shown: &Shown<'_>) -> Plain {
    let who = (shown.channel.name.as_str(), shown.lang.compose_preview_now());
    body::stacked(shown, who, body::mentioned(shown), Some(["👍", "💬", "⇄", "➤"]))
}
