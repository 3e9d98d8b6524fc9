//! A link that does not say where it leads: "click here", nothing around it, or an address without `https://`, which
//! not every network makes clickable. GSA and UK Government Communication Service: a clear onward journey.

use super::{
    Evidence,
    draft::{Piece, Seen, shorten},
};
use crate::text::{SpanKind, reading::words, spans::Beside};

/// "Pincha aquí" in the languages of Spain and in English: one of these before one of `HERE`.
const PRESS: [&str; 22] = [
    "pincha",
    "pinche",
    "pinchad",
    "pinchar",
    "pinchando",
    "clica",
    "clique",
    "clicad",
    "clicar",
    "clicando",
    "clic",
    "click",
    "pulsa",
    "pulse",
    "pulsad",
    "pulsar",
    "pulsando",
    "preme",
    "prema",
    "klik",
    "tap",
    "press",
];
const HERE: [&str; 7] = ["aquí", "aqui", "ací", "aci", "acá", "here", "hemen"];

/// The ends of addresses that a town writes without thinking of them as addresses.
const ENDS: [&str; 15] =
    ["es", "com", "org", "net", "eu", "cat", "eus", "gal", "info", "gov", "uk", "edu", "pt", "fr", "app"];

pub(super) fn look(piece: &Piece<'_>) -> Vec<Seen> {
    let text = piece.text;
    let words = words(text);
    let mut found = Vec::new();
    for pair in words.windows(2) {
        let [press, here] = pair else { continue };
        if HERE.contains(&here.of(text).to_lowercase().as_str())
            && PRESS.contains(&press.of(text).to_lowercase().as_str())
        {
            found.push(Seen::words(text, press.start, here.end));
        }
    }
    let mut spans = Beside::of(&piece.spans);
    let mut says_something = false;
    for word in &words {
        if spans.touches(word.start, word.end) {
            continue;
        }
        says_something = true;
        if is_bare(word.of(text)) {
            let evidence = Evidence::Address { words: shorten(word.of(text)) };
            found.push(Seen { range: Some((word.start, word.end)), evidence });
        }
    }
    let mut links = piece.spans.iter().filter(|span| span.kind == SpanKind::Link);
    if !says_something && let Some(link) = links.next_back() {
        found.push(Seen { range: Some((link.start, link.end)), evidence: Evidence::Missing });
    }
    found
}

fn is_bare(word: &str) -> bool {
    if word.contains('@') || !word.is_ascii() {
        return false;
    }
    let lower = word.to_ascii_lowercase();
    let host = lower.split(['/', '?', '#', ':']).next().unwrap_or_default();
    let label =
        |label: &str| !label.is_empty() && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
    let Some((name, end)) = host.rsplit_once('.') else { return false };
    let long_enough = name.strip_prefix("www.").unwrap_or(name).len() >= 2;
    name.split('.').all(label) && label(end) && long_enough && (host.starts_with("www.") || ENDS.contains(&end))
}

#[cfg(test)]
mod tests {
    use super::super::draft::seen;
    use super::*;

    #[test]
    fn click_here_says_nothing() {
        let pressed = |words: &str| Evidence::Words { words: words.to_owned() };
        assert_eq!(seen(look, "¡Pincha aquí! https://a.es"), [(pressed("Pincha aquí"), "Pincha aquí")]);
        assert_eq!(seen(look, "To know more, CLICK HERE: https://a.es"), [(pressed("CLICK HERE"), "CLICK HERE")]);
        assert_eq!(seen(look, "Aquí se vive bien. La prensa here."), []);
    }

    #[test]
    fn an_address_without_its_scheme_is_found() {
        for address in ["www.villar.example", "villar.es/agenda", "sede.villar.gob.es", "WWW.VILLAR.ES"] {
            let text = format!("Más en {address}.");
            assert_eq!(seen(look, &text), [(Evidence::Address { words: address.to_owned() }, address)], "{address}");
        }
    }

    #[test]
    fn what_has_a_dot_is_not_always_an_address() {
        for text in
            ["Son 10.500 personas", "a las 14.30", "info@villar.es", "@town.bsky.social", "bases.pdf", "p.es", "Sr.D."]
        {
            assert_eq!(seen(look, text), [], "{text}");
        }
    }

    #[test]
    fn a_link_alone_says_not_where_it_leads() {
        assert_eq!(seen(look, "👉 https://a.es #Villar"), [(Evidence::Missing, "https://a.es")]);
        assert_eq!(seen(look, "Bases: https://a.es"), []);
        assert_eq!(seen(look, "#Villar"), []);
    }
}
