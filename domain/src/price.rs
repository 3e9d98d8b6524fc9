//! What a network charges for a post, as data: whoever plans one is told before it is sent.

use crate::{Network, text};

/// What X charges for one that is made through its interface, in thousandths of a dollar (<https://docs.x.com>, prices as of
/// 2026-11: 0.015 each, 0.20 with an address in it).
const X_POST: u32 = 15;
const X_POST_WITH_ADDRESS: u32 = 200;

/// What X charges for the alternative text of a picture, in thousandths of a dollar (the same page: 0.005).
const X_ALT_TEXT: u32 = 5;

/// What a text with so many described pictures costs, in thousandths of a US dollar; `None` where nothing is charged.
/// `sent` is the text as it leaves ([`crate::Rendition::as_sent`]).
pub fn of(network: Network, sent: &str, described: u32) -> Option<u32> {
    (network == Network::X).then(|| {
        let post = if has_address(sent) { X_POST_WITH_ADDRESS } else { X_POST };
        post + described * X_ALT_TEXT
    })
}

fn has_address(sent: &str) -> bool {
    text::spans(sent).iter().any(|span| span.kind == text::SpanKind::Link)
        || !text::weighted::bare_addresses(sent).is_empty()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_makes_it_dear() {
        assert_eq!(of(Network::X, "Mañana no hay agua.", 0), Some(15));
        assert_eq!(of(Network::X, "Mañana no hay agua. https://villa.es/a", 0), Some(200));
        assert_eq!(of(Network::X, "Ver www.villa.es", 2), Some(210));
        assert_eq!(of(Network::Mastodon, "https://villa.es/a", 2), None);
    }
}
