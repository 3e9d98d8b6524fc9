//! Instagram: the pictures first, then the account's name and the text beside it. Addresses cannot be pressed there.

use domain::{Network, text};

use super::{Shown, body};
use crate::ui::{Plain, el};

pub(super) fn draw(shown: &Shown<'_>) -> Plain {
    let (lang, pictures) = (shown.lang, &shown.rendition.pictures);
    let name = || el("strong", "").put(shown.channel.handle.trim_start_matches('@'));
    let sent = shown.rendition.as_sent(Network::Instagram);
    let links = text::spans(&sent).iter().any(|span| span.kind == text::SpanKind::Link);
    let same = |one: &domain::RenderedPicture, other: &domain::RenderedPicture| {
        u64::from(one.width) * u64::from(other.height) == u64::from(other.width) * u64::from(one.height)
    };
    let differ = pictures.windows(2).any(|two| !same(&two[0], &two[1]));
    el("article", "preview-instagram")
        .put(el("div", "preview-head").put(body::avatar(shown)).put(el("p", "preview-who").put(name())))
        .put(body::carousel(shown))
        .put(el("p", "preview-who").put(name()))
        .put(body::text(shown))
        .put(links.then(|| body::note(lang.compose_preview_no_links())))
        .put(differ.then(|| body::note(lang.compose_preview_same_shape())))
        .put(body::invited(shown))
        .put(body::by_hand(shown))
}
