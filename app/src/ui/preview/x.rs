//! X: who says it in one line, the text with the address in it, the pictures, and below it what X charges.

use domain::price;

use super::{Shown, body};
use crate::ui::{Plain, el};

pub(super) fn draw(shown: &Shown<'_>) -> Plain {
    let below = match shown.channel.assisted {
        true => shown.lang.compose_preview_by_hand().to_owned(),
        false => shown.lang.compose_preview_price(dollars(shown)),
    };
    let who = body::who(shown, &body::handle(shown));
    let post = body::beside(shown, who, body::pictures(shown.rendition, 4), false, ["↩", "⇄", "♡", "⋯"]);
    el("div", "preview-x").put(post).put(el("p", "preview-by-hand").put(below))
}

/// What it costs, in dollars: `0.2`, `0,015`.
fn dollars(shown: &Shown<'_>) -> String {
    let sent = shown.rendition.as_sent(shown.channel.network);
    let described = shown.rendition.pictures.iter().filter(|picture| !picture.alt.trim().is_empty()).count();
    let thousandths = price::of(shown.channel.network, &sent, u32::try_from(described).unwrap_or_default());
    let amount = format!("{:04}", thousandths.unwrap_or_default());
    let (whole, rest) = amount.split_at(amount.len() - 3);
    let point = if shown.lang.tag() == "es" { "," } else { "." };
    [whole, point, rest.trim_end_matches('0')].concat()
}
