//! Networks that a person publishes on: close enough to judge the text and the pictures, and no closer. A screen and a paper have a
//! heading instead of an account, and nothing to press.

use domain::{Network, kit, text};

use super::{Shown, body};
use crate::ui::{Plain, el};

pub(super) fn draw(shown: &Shown<'_>) -> Plain {
    let network = shown.channel.network;
    let class = match network {
        Network::Whatsapp => "preview-whatsapp",
        Network::Screen => "preview-screen",
        Network::Paper => "preview-paper",
        _ => "preview-other",
    };
    let pictures = body::pictures(shown.rendition, shown.channel.limits.pictures);
    let drawn = el("article", class);
    let drawn = if network.is_online() {
        let head = el("div", "preview-head").put(body::avatar(shown)).put(body::who(shown, &shown.channel.name));
        drawn.put(head).put(body::text(shown)).put(pictures)
    } else {
        let title = shown.rendition.title.as_deref();
        let title = title.map(|title| el("h3", "").with("lang", shown.language()).put(title));
        drawn.put(pictures).put(title).put(body::text(shown)).put(unpressed(shown))
    };
    drawn
        .put(body::document(shown))
        .put(seconds(shown))
        .put(el("p", "preview-by-hand").put(shown.lang.compose_preview_by_hand()))
}

/// That nothing can be pressed, where something looks as if it could.
fn unpressed(shown: &Shown<'_>) -> Option<Plain> {
    let has_any = !text::spans(&shown.rendition.as_sent(shown.channel.network)).is_empty();
    has_any.then(|| body::note(shown.lang.kit_unpressed()))
}

/// How long it takes to read, where nobody stops for it.
fn seconds(shown: &Shown<'_>) -> Option<Plain> {
    let seconds = kit::seconds(shown.rendition, shown.channel.network)?;
    let said = match seconds > kit::GLANCE {
        true => shown.lang.kit_seconds_over(kit::GLANCE, seconds),
        false => shown.lang.kit_seconds(seconds),
    };
    Some(el("p", "preview-by-hand").put(said))
}
