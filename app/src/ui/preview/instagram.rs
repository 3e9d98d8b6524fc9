//! Instagram: the pictures first, then the account's name and the text beside it. Addresses cannot be pressed there.

use domain::{Network, text};

use super::{Shown, body};
use crate::ui::{Plain, el};

pub(super) fn draw(shown: &Shown<'_>) -> Plain {
    let (lang, pictures) = (shown.lang, &shown.rendition.pictures);
    let name = || el("strong", "").put(shown.channel.handle.trim_start_matches('@'));
    let sent = shown.rendition.as_sent(Network::Instagram);
    let links = text::spans(&sent).iter().any(|span| span.kind == text::SpanKind::Link);
    // Across one by down the other, either way round.
    let same = |one: (u32, u32), other: (u32, u32)| {
        u64::from(one.0) * u64::from(other.1) == u64::from(other.0) * u64::from(one.1)
    };
    let clip = shown.rendition.video.iter().map(|video| (video.width, video.height));
    let sizes: Vec<_> = clip.chain(pictures.iter().map(|one| (one.width, one.height))).collect();
    let differ = sizes.windows(2).any(|two| !same(two[0], two[1]));
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
