//! Links, mentions and hashtags in a text, with their bytes.
//! Separate because two networks and four rules read them, and Bluesky wants offsets in UTF-8 bytes.

use std::ops::Range;

use serde::{Deserialize, Serialize};

/// What a span is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SpanKind {
    /// A web address with its scheme.
    Link,
    /// `@user`, `@user.host` or `@user@host`.
    Mention,
    /// `#word`.
    Hashtag,
}

/// A part of a text that a network makes clickable.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Span {
    /// What it is.
    pub kind: SpanKind,
    /// Its first byte.
    pub start: usize,
    /// The byte after its last.
    pub end: usize,
}

impl Span {
    /// The part of the text, sign included.
    pub fn of<'a>(&self, text: &'a str) -> &'a str {
        &text[self.start..self.end]
    }

    /// The part without its sign: the tag of a hashtag, the handle of a mention, the whole of a link.
    pub fn name<'a>(&self, text: &'a str) -> &'a str {
        match self.kind {
            SpanKind::Link => self.of(text),
            SpanKind::Mention | SpanKind::Hashtag => self.of(text).trim_start_matches(['@', '#', '＃']),
        }
    }

    /// The bytes.
    pub const fn range(&self) -> Range<usize> {
        self.start..self.end
    }
}

/// Every link, mention and hashtag, in order, none inside another.
pub fn spans(text: &str) -> Vec<Span> {
    let mut found = Vec::new();
    let mut before = None;
    let mut rest_from = 0;
    while let Some(c) = text[rest_from..].chars().next() {
        let start = rest_from;
        let rest = &text[start..];
        let span = match c {
            'h' | 'H' if !before.is_some_and(|b| is_word(b) || b == '@') => link(rest).map(|n| (SpanKind::Link, n)),
            '@' if !before.is_some_and(|b| is_word(b) || matches!(b, '=' | '/' | '@')) => {
                mention(rest).map(|n| (SpanKind::Mention, n))
            }
            '#' | '＃' if !before.is_some_and(|b| is_word(b) || matches!(b, '=' | '/' | '&' | '#')) => {
                hashtag(rest).map(|n| (SpanKind::Hashtag, n))
            }
            _ => None,
        };
        let length = match span {
            Some((kind, length)) => {
                found.push(Span { kind, start, end: start + length });
                length
            }
            None => c.len_utf8(),
        };
        rest_from = start + length;
        before = text[start..rest_from].chars().next_back();
    }
    found
}

/// A walk along a text beside its spans: asked in order, it looks at each span once.
pub(crate) struct Beside<'a>(&'a [Span]);

impl<'a> Beside<'a> {
    pub(crate) const fn of(spans: &'a [Span]) -> Self {
        Self(spans)
    }

    /// Whether a stretch, further on than the last one asked for, has part of a span in it.
    pub(crate) fn touches(&mut self, start: usize, end: usize) -> bool {
        while let [first, rest @ ..] = self.0
            && first.end <= start
        {
            self.0 = rest;
        }
        self.0.first().is_some_and(|span| span.start < end)
    }
}

/// Letters, digits, underscore and marks that go on a letter, in any script.
pub(crate) fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_' || matches!(c, '\u{300}'..='\u{36F}' | '\u{1AB0}'..='\u{1AFF}' | '\u{94D}')
}

/// The length of the address that the text begins with.
fn link(text: &str) -> Option<usize> {
    let scheme = ["https://", "http://"]
        .into_iter()
        .find(|scheme| text.get(..scheme.len()).is_some_and(|head| head.eq_ignore_ascii_case(scheme)))?
        .len();
    // First, so that a row of broken ones is not read to its end again and again.
    if !text[scheme..].chars().next().is_some_and(char::is_alphanumeric) {
        return None;
    }
    let stops = |c: char| {
        c.is_whitespace() || c.is_control() || matches!(c, '<' | '>' | '"' | '«' | '»' | '“' | '”' | '「' | '」' | '\\')
    };
    let end = text[scheme..].find(stops).map_or(text.len(), |length| scheme + length);
    Some(scheme + without_tail(&text[scheme..end]))
}

/// The length without the punctuation at the end, which belongs to the sentence; a closing bracket does too, unless
/// the address opened it.
fn without_tail(address: &str) -> usize {
    const PAIRS: [(char, char); 3] = [('(', ')'), ('[', ']'), ('{', '}')];
    let mut opened = PAIRS.map(|(open, close)| {
        let count = |sign: char| isize::try_from(address.matches(sign).count()).unwrap_or(isize::MAX);
        count(open) - count(close)
    });
    let mut end = address.len();
    while let Some(last) = address[..end].chars().next_back() {
        let bracket = PAIRS.iter().position(|(open, close)| *open == last || *close == last);
        match bracket {
            Some(kind) if PAIRS[kind].1 == last && opened[kind] >= 0 => break,
            Some(kind) => opened[kind] += if PAIRS[kind].1 == last { 1 } else { -1 },
            None if ".,;:!?'’‘…*|。，¿¡".contains(last) => {}
            None => break,
        }
        end -= last.len_utf8();
    }
    end
}

/// Whether the host of an address has a dot and a last label of letters: what a network's extractor knows as one.
pub(super) fn has_public_host(link: &str) -> bool {
    let rest = link.split_once("://").map_or(link, |(_, rest)| rest);
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let host = authority.split(':').next().unwrap_or_default();
    host.rsplit_once('.').is_some_and(|(name, last)| {
        !name.is_empty()
            && last.chars().count() >= 2
            && (last.chars().all(char::is_alphabetic) || last.to_ascii_lowercase().starts_with("xn--"))
    })
}

/// The length of `@name`, with `@host` behind it if there is one.
fn mention(text: &str) -> Option<usize> {
    let user = 1 + dotted(&text[1..]);
    if user == 1 || text[user..].chars().next().is_some_and(is_word) {
        return None;
    }
    if text[user..].starts_with('@') {
        let host = dotted(&text[user + 1..]);
        if text[user + 1..user + 1 + host].contains('.') {
            return Some(user + 1 + host);
        }
    }
    Some(user)
}

/// The length of ASCII words joined by dots or hyphens; a dot at the end is not part of it.
fn dotted(text: &str) -> usize {
    let mut end = 0;
    for (place, byte) in text.bytes().enumerate() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'_' => end = place + 1,
            b'.' | b'-' if place > 0 => {}
            _ => break,
        }
    }
    end
}

/// The length of `#word`: letters, digits and underscores, not digits only. A middle dot may stand between letters
/// (`#Paral·lel`).
fn hashtag(text: &str) -> Option<usize> {
    let mut end = 0;
    let mut speaks = false;
    for (place, c) in text.char_indices().skip(1) {
        if is_word(c) {
            end = place + c.len_utf8();
            speaks |= c.is_alphabetic();
        } else if !(matches!(c, '·' | '・') && end == place) {
            break;
        }
    }
    // A keycap (`#️⃣`) has no word behind its sign.
    speaks.then_some(end)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn of(kind: SpanKind, text: &str) -> Vec<&str> {
        spans(text).into_iter().filter(|span| span.kind == kind).map(|span| span.of(text)).collect()
    }

    #[test]
    fn punctuation_behind_an_address_is_not_part_of_it() {
        for (text, link) in [
            ("Ver https://town.example/agenda.", "https://town.example/agenda"),
            ("(https://town.example/a)", "https://town.example/a"),
            ("https://town.example/Pleno_(2026)", "https://town.example/Pleno_(2026)"),
            ("(ver https://town.example/Pleno_(2026)).", "https://town.example/Pleno_(2026)"),
            ("https://town.example/a?b=c&d=é#x, y más", "https://town.example/a?b=c&d=é#x"),
            ("«https://town.example»", "https://town.example"),
            ("¡HTTPS://TOWN.example/A!", "HTTPS://TOWN.example/A"),
            ("https://town.example/…", "https://town.example/"),
        ] {
            assert_eq!(of(SpanKind::Link, text), [link], "{text}");
        }
    }

    #[test]
    fn what_only_looks_like_an_address_is_none() {
        for text in ["http://", "https://.", "xhttps://a.es", "town.example", "mailto:a@town.example", "https: //a"] {
            assert_eq!(of(SpanKind::Link, text), [""; 0], "{text}");
        }
    }

    #[test]
    fn mentions_of_both_networks_are_found() {
        assert_eq!(of(SpanKind::Mention, "Hola @town.bsky.social."), ["@town.bsky.social"]);
        assert_eq!(of(SpanKind::Mention, "(@fire_dept@social.example)"), ["@fire_dept@social.example"]);
        assert_eq!(of(SpanKind::Mention, "@user@ y @otro"), ["@user", "@otro"]);
        assert_eq!(of(SpanKind::Mention, "info@town.example https://a.es/@user @ñu"), [""; 0]);
    }

    #[test]
    fn hashtags_are_words_in_any_script() {
        let text = "#Peñíscola #2026 #Fiestas2026, ＃日本 #a_b ##x a#b #Paral·lel · #️⃣ https://a.es/#top #Ma\u{301}s";
        assert_eq!(
            of(SpanKind::Hashtag, text),
            ["#Peñíscola", "#Fiestas2026", "＃日本", "#a_b", "#Paral·lel", "#Ma\u{301}s"]
        );
    }

    #[test]
    fn ranges_are_bytes() {
        let text = "📢 ¡Mañana! #Fiesta";
        let span = spans(text)[0];
        assert_eq!((span.start, span.end), (16, 23));
        assert_eq!(&text.as_bytes()[16..23], b"#Fiesta");
        assert_eq!(span.name(text), "Fiesta");
    }

    proptest! {
        #[test]
        fn spans_are_in_order_apart_and_on_characters(text in "(https?://|@|#|[a-zñ.)/]|🎉| |[0-9]|\\PC){0,40}") {
            let mut done = 0;
            for span in spans(&text) {
                prop_assert!(span.start >= done && span.end > span.start);
                prop_assert!(text.is_char_boundary(span.start) && text.is_char_boundary(span.end));
                done = span.end;
            }
        }
    }
}
