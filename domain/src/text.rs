//! Counting text as each network counts it, and finding in it what the networks make clickable.
//! Separate because the composer's counter, the rules, the previews and the adapters must all see the same text and
//! the same number.

pub mod chain;
pub mod emoji;
pub mod handles;
pub mod hidden;
pub mod line;
pub mod little;
pub mod reading;
pub mod spans;
pub mod syllables;
pub mod weighted;

use std::borrow::Cow;

use unicode_segmentation::UnicodeSegmentation;

use crate::{Counting, Limits, Network, Rendition};

pub use spans::{Span, SpanKind, spans};

/// The grapheme clusters of a text: what a reader calls its characters.
pub fn graphemes(text: &str) -> u32 {
    // Between two ASCII characters there is always a boundary, but for CR LF. Only what is around the others is looked
    // up: this runs at each key, for each channel.
    let bytes = text.as_bytes();
    let plain = |place: usize| match (bytes.get(place), bytes.get(place + 1)) {
        (Some(b'\r'), Some(b'\n')) => false,
        (Some(one), next) => one.is_ascii() && next.is_none_or(u8::is_ascii),
        (None, _) => true,
    };
    let (mut count, mut place) = (0_usize, 0);
    while place < bytes.len() {
        let start = place;
        while !plain(place) {
            place += 1;
        }
        if place > start {
            place = (place + 1).min(bytes.len());
            count += text[start..place].graphemes(true).count();
        } else {
            (count, place) = (count + 1, place + 1);
        }
    }
    u32::try_from(count).unwrap_or(u32::MAX)
}

/// What a text counts on a network, its content warning included.
pub fn count(text: &str, warning: Option<&str>, limits: &Limits) -> u32 {
    // A warning is plain text to Mastodon: addresses in it are not shortened.
    let ahead = warning.map_or(0, |warning| weight(warning, limits.counting));
    let own = match limits.counting {
        Counting::Graphemes | Counting::Utf16 | Counting::EmojiBytes => weight(text, limits.counting),
        Counting::GraphemesWithFixedLinks | Counting::Weighted => {
            let counted = |piece: &Piece| piece.fixed.unwrap_or_else(|| weight(piece.of(text), limits.counting));
            pieces(text, limits).iter().fold(0_u32, |sum, piece| sum.saturating_add(counted(piece)))
        }
    };
    ahead.saturating_add(own)
}

/// What a stretch counts that is no address.
fn weight(text: &str, counting: Counting) -> u32 {
    match counting {
        Counting::Utf16 => u32::try_from(text.encode_utf16().count()).unwrap_or(u32::MAX),
        Counting::Weighted => weighted::weight(text),
        Counting::EmojiBytes => {
            let more = emoji::emoji(text).map(|(_, one)| one.len() - one.chars().count());
            u32::try_from(text.chars().count() + more.sum::<usize>()).unwrap_or(u32::MAX)
        }
        Counting::Graphemes | Counting::GraphemesWithFixedLinks => graphemes(text),
    }
}

/// The UTF-8 bytes that a network measures against `Limits::text_bytes`.
pub fn bytes(text: &str, warning: Option<&str>) -> u32 {
    u32::try_from(text.len() + warning.map_or(0, str::len)).unwrap_or(u32::MAX)
}

/// Whether a network takes the text.
pub fn fits(text: &str, warning: Option<&str>, limits: &Limits) -> bool {
    count(text, warning, limits) <= limits.text && limits.text_bytes.is_none_or(|most| bytes(text, warning) <= most)
}

/// The byte of `text` from which on it no longer fits, for a mark under what is too much. `None` if it fits.
pub fn overflow(text: &str, warning: Option<&str>, limits: &Limits) -> Option<usize> {
    let ahead = warning.map_or(0, |warning| weight(warning, limits.counting));
    if ahead > limits.text {
        return Some(0);
    }
    let mut room = limits.text - ahead;
    let most = limits.text_bytes.unwrap_or(u32::MAX).saturating_sub(warning.map_or(0, |w| bytes(w, None)));
    let too_heavy = |end: usize| u32::try_from(end).unwrap_or(u32::MAX) > most;
    for piece in pieces(text, limits) {
        if let Some(weight) = piece.fixed {
            if weight > room || too_heavy(piece.end) {
                return Some(piece.start);
            }
            room -= weight;
        } else {
            for (offset, grapheme) in text[piece.start..piece.end].grapheme_indices(true) {
                let start = piece.start + offset;
                let weight = match limits.counting {
                    Counting::Graphemes | Counting::GraphemesWithFixedLinks => 1,
                    Counting::Utf16 | Counting::EmojiBytes => weight(grapheme, limits.counting),
                    Counting::Weighted => weighted::of_grapheme(grapheme),
                };
                if weight > room || too_heavy(start + grapheme.len()) {
                    return Some(start);
                }
                room -= weight;
            }
        }
    }
    None
}

/// A stretch of text, and what it counts if that is not its graphemes.
struct Piece {
    start: usize,
    end: usize,
    fixed: Option<u32>,
}

impl Piece {
    fn of<'a>(&self, text: &'a str) -> &'a str {
        &text[self.start..self.end]
    }
}

fn pieces(text: &str, limits: &Limits) -> Vec<Piece> {
    let mut fixed = match limits.counting {
        Counting::Graphemes | Counting::Utf16 | Counting::EmojiBytes => Vec::new(),
        Counting::GraphemesWithFixedLinks | Counting::Weighted => fixed_spans(text, limits),
    };
    if limits.counting == Counting::Weighted {
        // Where X does not know the domain, it counts what is written.
        let bare = weighted::bare_addresses(text)
            .into_iter()
            .filter(|bare| !fixed.iter().any(|one| one.end > bare.start && one.start < bare.end));
        let bare = bare.map(|bare| Piece {
            start: bare.start,
            end: bare.end,
            fixed: Some(limits.link_counts.max(weighted::weight(&text[bare]))),
        });
        // Each in its place: a sort is 3 KB of the page on which one decides.
        for piece in bare.collect::<Vec<_>>() {
            let place = fixed.partition_point(|other| other.start <= piece.start);
            fixed.insert(place, piece);
        }
    }
    let (mut pieces, mut done) = (Vec::new(), 0);
    for piece in fixed {
        pieces.push(Piece { start: done, end: piece.start, fixed: None });
        done = piece.end;
        pieces.push(piece);
    }
    pieces.push(Piece { start: done, end: text.len(), fixed: None });
    pieces
}

/// The spans of a text that count a fixed number.
fn fixed_spans(text: &str, limits: &Limits) -> Vec<Piece> {
    let fixed = |span: Span| {
        let fixed = match span.kind {
            SpanKind::Link if spans::has_public_host(span.of(text)) => limits.link_counts,
            // Mastodon counts `@user@host` as `@user`; both are ASCII, so bytes are graphemes.
            SpanKind::Mention if limits.counting == Counting::GraphemesWithFixedLinks => {
                u32::try_from(span.of(text)[1..].find('@')? + 1).unwrap_or(u32::MAX)
            }
            _ => return None,
        };
        let end = match (span.kind, limits.counting) {
            (SpanKind::Link, Counting::Weighted) => span.start + weighted::clickable(span.of(text)),
            _ => span.end,
        };
        Some(Piece { start: span.start, end, fixed: Some(fixed) })
    };
    spans(text).into_iter().filter_map(fixed).collect()
}

impl Rendition {
    /// The text as it leaves: with the address behind it where the network makes no card of it. Counters, previews
    /// and adapters all use this one, and byte ranges in `text` hold in it.
    pub fn as_sent(&self, network: Network) -> String {
        sent(&self.text, self.link.as_deref(), self.is_pictured(), network).into_owned()
    }

    /// What the rendition counts on a channel of this network with these limits.
    pub fn count(&self, network: Network, limits: &Limits) -> u32 {
        count(&sent(&self.text, self.link.as_deref(), self.is_pictured(), network), self.warning.as_deref(), limits)
    }
}

/// The text as it leaves, of a text and an address, with pictures (or a video) or without. See [`Rendition::as_sent`].
pub fn sent<'a>(text: &'a str, link: Option<&str>, pictured: bool, network: Network) -> Cow<'a, str> {
    // Networks trim the end themselves; what they count is what is left. Where it is not cut into parts, these are paragraphs.
    let text = match chain::joined(text) {
        Cow::Borrowed(text) => Cow::Borrowed(text.trim_end()),
        joined => joined,
    };
    // Some hang one thing below a text: pictures, or else a card of the address.
    // To a website the address goes in a field of its own.
    let has_card = network == Network::Website
        || matches!(network, Network::Bluesky | Network::Threads | Network::Linkedin | Network::Tumblr) && !pictured;
    match link {
        Some(link) if !has_card && !carries(&text, link) => {
            if text.is_empty() {
                return Cow::Owned(link.to_owned());
            }
            let mut whole = String::with_capacity(text.len() + 2 + link.len());
            whole.push_str(&text);
            whole.push_str("\n\n");
            whole.push_str(link);
            Cow::Owned(whole)
        }
        _ => text,
    }
}

/// The tags of a text: its hashtags without their sign, each once, as first written. Two that differ by an accented capital are
/// two: the tables that know better are four kilobytes of what a phone fetches to read a post.
pub fn tags(text: &str) -> Vec<String> {
    let mut tags: Vec<String> = Vec::new();
    for span in spans(text).into_iter().filter(|span| span.kind == SpanKind::Hashtag) {
        let tag = span.name(text);
        if !tags.iter().any(|known| known.eq_ignore_ascii_case(tag)) {
            tags.push(tag.to_owned());
        }
    }
    tags
}

/// The page of an address and what stands behind it, each without the stroke at its end: one more leads to the same.
pub fn unstroked(address: &str) -> (&str, &str) {
    let (page, rest) = address.split_at(address.find(['?', '#']).unwrap_or(address.len()));
    (page.trim_end_matches('/'), rest.trim_end_matches('/'))
}

/// Whether the text has this very address in it (a longer one that begins like it is another).
pub fn carries(text: &str, link: &str) -> bool {
    let is_it = |span: &Span| span.kind == SpanKind::Link && unstroked(span.of(text)) == unstroked(link);
    spans(text).iter().any(is_it)
}

/// Whether nothing of the text can be seen: only blanks and invisible characters.
pub fn is_blank(text: &str) -> bool {
    let shows = |c: char| {
        let dresses = matches!(c, '\u{200D}' | '\u{FE00}'..='\u{FE0F}' | '\u{E0100}'..='\u{E01EF}');
        !(c.is_whitespace() || c.is_control() || is_invisible(c) || dresses)
    };
    !text.chars().any(shows)
}

/// Whether a character shows nothing of itself, or turns the direction of what follows. U+200D and the variation
/// selectors are not among them: emoji are made with those.
pub const fn is_invisible(c: char) -> bool {
    matches!(c,
        '\u{AD}' | '\u{34F}' | '\u{61C}' | '\u{115F}' | '\u{1160}' | '\u{17B4}' | '\u{17B5}' | '\u{180E}'
        | '\u{200B}' | '\u{200C}' | '\u{200E}' | '\u{200F}' | '\u{2028}'..='\u{202E}' | '\u{2060}'..='\u{206F}'
        | '\u{2800}' | '\u{3164}' | '\u{FEFF}' | '\u{FFA0}' | '\u{FFF9}'..='\u{FFFB}'
        | '\u{1D173}'..='\u{1D17A}' | '\u{E0000}'..='\u{E007F}')
}

#[cfg(test)]
mod tests {
    #[test]
    fn a_tag_is_named_once_as_it_was_first_written() {
        assert_eq!(super::tags("#Pleno y #Fiesta, otra vez #pleno: C# no lo es"), ["Pleno", "Fiesta"]);
    }

    use super::*;
    use proptest::prelude::*;

    const FAMILY: &str = "👨‍👩‍👧‍👦";

    #[test]
    fn what_a_reader_sees_as_one_counts_one() {
        for one in [FAMILY, "🇪🇸", "🏴󠁧󠁢󠁳󠁣󠁴󠁿", "e\u{301}", "👍🏽", "1️⃣", "ñ", "n\u{303}", "\r\n", "नि"]
        {
            assert_eq!(graphemes(one), 1, "{one:?}");
        }
        assert_eq!(graphemes(""), 0);
        assert_eq!(graphemes("Mañana"), 6);
    }

    #[test]
    fn a_text_over_by_one_grapheme_does_not_fit() {
        let limits = Network::Bluesky.limits();
        for one in ["a", "🇪🇸", "o\u{308}\u{323}", "👩🏽‍🚒"] {
            let full = one.repeat(300);
            // 25 bytes a family: three hundred of them break the other ceiling, which has its own test.
            assert_eq!(count(&full, None, &limits), 300, "{one}");
            let over = full.clone() + one;
            assert_eq!(count(&over, None, &limits), 301, "{one}");
            assert!(!fits(&over, None, &limits), "{one}");
        }
        assert!(fits(&"🇪🇸".repeat(300), None, &limits));
    }

    #[test]
    fn a_text_may_fit_in_characters_and_not_in_bytes() {
        let limits = Network::Bluesky.limits();
        let families = FAMILY.repeat(121);
        assert_eq!((count(&families, None, &limits), bytes(&families, None)), (121, 3_025));
        assert!(!fits(&families, None, &limits));
        assert_eq!(overflow(&families, None, &limits), Some(3_000));
    }

    #[test]
    fn exactly_the_limit_fits_everywhere_and_one_more_of_whatever_it_is_does_not() {
        let all = ["ñ", "日", "n\u{303}", "🇪🇸", FAMILY];
        // What each of them counts.
        for (network, counts) in [
            (Network::Noticeboard, [1, 1, 1, 1, 1]),
            (Network::Mastodon, [1, 1, 1, 1, 1]),
            (Network::Telegram, [1, 1, 2, 4, 11]),
            (Network::Instagram, [1, 1, 2, 4, 11]),
            (Network::Linkedin, [1, 1, 2, 4, 11]),
            (Network::Tumblr, [1, 1, 2, 4, 11]),
            (Network::Tiktok, [1, 1, 2, 4, 11]),
            (Network::Threads, [1, 1, 2, 8, 25]),
            (Network::X, [1, 2, 2, 2, 2]),
        ] {
            let limits = network.limits();
            for (one, counts) in all.into_iter().zip(counts) {
                let (times, rest) = (limits.text / counts, limits.text % counts);
                let full = one.repeat(times as usize) + &"a".repeat(rest as usize);
                assert_eq!(count(&full, None, &limits), limits.text, "{network:?} {one}");
                assert!(fits(&full, None, &limits) && overflow(&full, None, &limits).is_none(), "{network:?} {one}");
                for more in ["a", "ñ", "日", "🎉"] {
                    let over = full.clone() + more;
                    assert!(!fits(&over, None, &limits), "{network:?} {one} {more}");
                    assert_eq!(overflow(&over, None, &limits), Some(full.len()), "{network:?} {one} {more}");
                }
            }
        }
    }

    #[test]
    fn mastodon_s_limit_holds_with_an_address_and_a_mention_at_its_edge() {
        let limits = Network::Mastodon.limits();
        let end = format!("{FAMILY} @bomberos@social.example https://villa.example/una/ruta?con=preguntas");
        let full = format!("{} {end}", "ñ".repeat(500 - 1 - 1 - 1 - 9 - 1 - 23));
        assert_eq!(count(&full, None, &limits), 500);
        assert!(fits(&full, None, &limits) && !fits(&format!("ñ{full}"), None, &limits));
        // It is the address that no longer fits: as a whole.
        let link = full.find("https").unwrap();
        assert_eq!(overflow(&format!("ñ{full}"), None, &limits), Some(link + "ñ".len()));
    }

    #[test]
    fn mastodon_counts_any_address_as_23() {
        let limits = Network::Mastodon.limits();
        assert_eq!(count("https://town.example/a/very/long/path?with=a&query=of#its-own", None, &limits), 23);
        assert_eq!(count("Ver https://a.es.", None, &limits), 4 + 23 + 1);
        // Its own extractor knows no host without a dot.
        assert_eq!(count("http://localhost/", None, &limits), 17);
    }

    #[test]
    fn mastodon_counts_only_the_local_part_of_a_mention() {
        let limits = Network::Mastodon.limits();
        assert_eq!(count("Gracias, @bomberos@social.example", None, &limits), 9 + 9);
        assert_eq!(count("@bomberos", None, &limits), 9);
    }

    #[test]
    fn a_warning_counts_too() {
        let limits = Network::Mastodon.limits();
        assert_eq!(count("Hola", Some("Ojo: https://town.example"), &limits), 4 + 25);
        assert!(!fits(&"a".repeat(500), Some("!"), &limits));
        assert_eq!(overflow(&"a".repeat(500), Some("!"), &limits), Some(499));
    }

    #[test]
    fn the_address_goes_behind_the_text_unless_it_is_in_it() {
        let link = Some("https://town.example/a");
        assert_eq!(sent("Hola \n", link, false, Network::Mastodon), "Hola\n\nhttps://town.example/a");
        assert_eq!(sent("Hola", link, false, Network::Bluesky), "Hola");
        assert_eq!(sent("Hola", link, true, Network::Bluesky), "Hola\n\nhttps://town.example/a");
        assert_eq!(sent("En https://town.example/a.", link, false, Network::Mastodon), "En https://town.example/a.");
        let longer = "En https://town.example/abc";
        assert!(sent(longer, link, false, Network::Facebook).ends_with("\n\nhttps://town.example/a"));
        assert_eq!(sent(" ", link, false, Network::Noticeboard), "https://town.example/a");
    }

    #[test]
    fn telegram_counts_as_javascript_does_and_gives_a_caption_less_room() {
        let limits = Network::Telegram.limits();
        assert_eq!(count("ñ👨\u{200D}👩\u{200D}👧", None, &limits), 9);
        let long = "a".repeat(1_025);
        assert!(fits(&long, None, &limits.beside(false)));
        assert_eq!(overflow(&long, None, &limits.beside(true)), Some(1_024));
        // Half of a letter does not fit.
        let odd = "a".repeat(4_095) + "👍";
        assert_eq!(overflow(&odd, None, &limits), Some(4_095));
    }

    #[test]
    fn x_counts_scripts_emoji_and_addresses_by_weight() {
        let limits = Network::X.limits();
        assert_eq!(
            count("Mañana https://town.es/a/long/path?with=query y www.villa.es", None, &limits),
            7 + 23 + 3 + 23
        );
        assert_eq!(count("日本 👍🏽", None, &limits), 4 + 1 + 2);
        assert!(fits(&"ñ".repeat(280), None, &limits));
        assert_eq!(overflow(&("ñ".repeat(279) + "👍"), None, &limits), Some(279 * 2));
    }

    #[test]
    fn invisible_characters_alone_are_no_text() {
        assert!(is_blank(" \u{200B}\u{FEFF}\n\u{202E}\u{200D}\u{FE0F}"));
        assert!(!is_blank("\u{200B}."));
    }

    proptest! {
        #[test]
        fn a_text_fits_exactly_when_nothing_overflows(text in "\\PC{0,60}", most in 0_u32..40, weight in 1_u32..30) {
            let mut limits = Network::Mastodon.limits();
            limits.text = most;
            limits.link_counts = weight;
            for counting in [
                Counting::Graphemes, Counting::GraphemesWithFixedLinks, Counting::Utf16, Counting::EmojiBytes, Counting::Weighted,
            ] {
                limits.counting = counting;
                let at = overflow(&text, None, &limits);
                prop_assert_eq!(at.is_none(), fits(&text, None, &limits));
                if let Some(at) = at {
                    prop_assert!(text.is_char_boundary(at));
                }
            }
        }

        #[test]
        fn the_short_cut_through_ascii_counts_the_same(text in "([a-z ]{0,3}|\\r|\\n|\u{301}|\u{600}|🇪|🇸|👨\u{200D}|\\PC){0,30}") {
            prop_assert_eq!(graphemes(&text) as usize, text.graphemes(true).count());
        }

        #[test]
        fn without_addresses_or_mentions_both_ways_of_counting_agree(text in "[a-zñé🎉 \u{301}#.]{0,80}") {
            let fixed = count(&text, None, &Network::Mastodon.limits());
            prop_assert_eq!(fixed, graphemes(&text));
        }
    }
}
