//! Text as X counts it: configuration 3 of twitter-text (<https://github.com/twitter/twitter-text>, `config/v3.json`).
//! Separate because nothing else counts so; written out because no library for Rust is kept up. Where X's own answer
//! depends on tables that are not here (its list of domains, composed letters), this counts the more, never the less: what
//! fits here fits there.

use std::ops::Range;

use unicode_segmentation::UnicodeSegmentation;

use super::emoji::is_emoji;

/// What a text without addresses counts.
pub fn weight(text: &str) -> u32 {
    text.graphemes(true).fold(0, |sum, one| sum.saturating_add(of_grapheme(one)))
}

/// What one character of a reader's counts: an emoji two, however many code points it is made of.
pub fn of_grapheme(grapheme: &str) -> u32 {
    if is_emoji(grapheme) { 2 } else { grapheme.chars().map(of_char).sum() }
}

/// The ranges of the configuration, with a weight of 100; all others have 200, and the scale is 100.
const fn of_char(c: char) -> u32 {
    match c as u32 {
        0..=4351 | 8192..=8205 | 8208..=8223 | 8242..=8247 => 1,
        _ => 2,
    }
}

/// The addresses without a scheme that X may make clickable (`www.town.example/a`), in order: hosts of two labels or
/// more whose last is letters, with what path follows. Which domains exist X knows by a list; here each counts.
pub fn bare_addresses(text: &str) -> Vec<Range<usize>> {
    let is_host = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.');
    let (bytes, mut found, mut at) = (text.as_bytes(), Vec::new(), 0);
    while at < bytes.len() {
        if !bytes[at].is_ascii_alphanumeric() {
            at += 1;
            continue;
        }
        let start = at;
        while at < bytes.len() && is_host(bytes[at]) {
            at += 1;
        }
        let end = start + text[start..at].trim_end_matches(['.', '-']).len();
        let before = text[..start].chars().next_back();
        let stands_free =
            !before.is_some_and(|c| c.is_alphanumeric() || matches!(c, '@' | '#' | '$' | '_' | '/' | '.' | '-'));
        // A letter beyond ASCII goes on with the word, and `@` makes it the start of a mail address.
        let is_cut = text[at..].chars().next().is_some_and(|c| c.is_alphanumeric() || matches!(c, '@' | '_'));
        if stands_free && !is_cut && is_domain(&text[start..end]) {
            let path = if end == at { path(&text[at..]) } else { 0 };
            found.push(start..end + path);
            at += path;
        }
    }
    found
}

/// How many bytes of an address with a scheme X makes clickable: what it asks ends before a letter beyond ASCII
/// (`validUrlQueryChars` of twitter-text), and what is behind that counts as it is written.
pub fn clickable(link: &str) -> usize {
    let asked = link.find('?').unwrap_or(link.len());
    link[asked..].find(|c: char| !c.is_ascii()).map_or(link.len(), |more| asked + more)
}

/// `EE.UU` and `p.m` are none.
fn is_domain(host: &str) -> bool {
    let Some((ahead, last)) = host.rsplit_once('.') else { return false };
    last.len() >= 2
        && last.bytes().all(|byte| byte.is_ascii_alphabetic())
        && ahead.split('.').all(|label| !label.is_empty())
        && host.bytes().any(|byte| byte.is_ascii_lowercase())
}

/// How many bytes of path follow a host.
fn path(rest: &str) -> usize {
    if !rest.starts_with('/') {
        return 0;
    }
    let end = rest.find(char::is_whitespace).unwrap_or(rest.len());
    rest[..end].trim_end_matches(['.', ',', ';', ':', '!', '?', ')', '"', '\'', '»', '”']).len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_script_has_its_weight() {
        assert_eq!(weight("Mañana, ¿vienes? «Sí» — 10 …"), 28 + 1, "the ellipsis (8230) has two");
        assert_eq!(weight("日本"), 4);
        assert_eq!(weight("👨‍👩‍👧‍👦🇪🇸👍🏽"), 6);
        assert_eq!(weight("10 €"), 5);
    }

    /// What X counts, by configuration 3 of twitter-text, and what that shows. Its own library composes letters first (NFC).
    const WEIGHED: [(&str, u32, &str); 36] = [
        ("This is a test.", 15, "Latin, blanks and points have one each"),
        ("Mañana, ¿vendrás?", 17, "letters with accents have one, composed"),
        ("a\nb\tc", 5, "the end of a line is a character"),
        ("Привет", 6, "Cyrillic"),
        ("שלום", 4, "Hebrew"),
        ("مرحبا", 5, "Arabic"),
        ("สวัสดี", 6, "Thai, of each code point"),
        ("\u{10FF}", 1, "the last of the first range (0 to 4351)"),
        ("\u{1100}", 2, "the first that is beyond it"),
        ("가", 2, "a syllable of Hangul"),
        ("ế", 2, "a letter of Vietnamese is beyond the range (U+1EBF)"),
        ("日本語", 6, "Chinese characters"),
        ("ひらがな", 8, "kana"),
        ("ＡＢ", 4, "letters of full width"),
        ("𝐀", 2, "one code point, not two halves"),
        ("a\u{200D}b", 3, "the joiner is the last of the second range (8192 to 8205)"),
        ("a\u{200E}b", 4, "the mark of direction behind it has two"),
        ("a\u{200F}b", 4, "and its other"),
        ("‐–—", 3, "dashes begin the third range (8208 to 8223)"),
        ("‘’“”", 4, "quotation marks are in it"),
        ("\u{201F}", 1, "its last"),
        ("†•…", 6, "what is behind it has two"),
        ("′\u{2037}", 2, "the fourth range (8242 to 8247), from first to last"),
        ("‹›", 4, "what is behind that"),
        ("€™", 4, "signs of money and of trade"),
        ("😷👾😡🔥💩", 10, "an emoji has two"),
        ("H🐱☺👨\u{200D}👩\u{200D}👧\u{200D}👦", 7, "a family has no more than one emoji"),
        ("👍🏽", 2, "nor a skin tone"),
        ("🇪🇸🇪🇺", 4, "a flag is of two code points, and has two"),
        ("1\u{FE0F}\u{20E3}", 2, "a digit in a keycap"),
        ("https://villa.example/una/ruta/que/es/bastante/mas/larga?con=mas", 23, "a long address"),
        ("http://a.es", 23, "a short one has as much"),
        ("(https://villa.es), y https://villa.es.", 1 + 23 + 5 + 23 + 1, "what stands around it is counted by itself"),
        ("日本 https://villa.es/peña 👍", 4 + 1 + 23 + 1 + 2, "all in one"),
        ("villa.es", 23, "an address needs no scheme"),
        ("#Pleno @villa pleno@villa.es", 6 + 1 + 6 + 1 + 14, "a hashtag, a mention and a mail address are words"),
    ];

    #[test]
    fn what_twitter_text_weighs_is_weighed_here() {
        let limits = crate::Network::X.limits();
        for (text, weighs, what) in WEIGHED {
            assert_eq!(super::super::count(text, None, &limits), weighs, "{text:?}: {what}");
        }
    }

    #[test]
    fn what_x_composes_first_counts_more_here_and_never_less() {
        let limits = crate::Network::X.limits();
        for (apart, composed) in [("n\u{303}", "ñ"), ("e\u{302}\u{301}", "ế"), ("\u{1112}\u{1161}\u{11AB}", "한")] {
            let weigh = |text: &str| super::super::count(text, None, &limits);
            assert!(weigh(apart) > weigh(composed), "{composed}");
        }
    }

    #[test]
    fn what_an_address_asks_ends_before_a_letter_that_x_does_not_take() {
        let (whole, cut) = ("https://villa.es/peña?b=%C3%B1#c", "https://villa.es/?b=ñ&utm_source=x");
        assert_eq!((clickable(whole), clickable(cut)), (whole.len(), "https://villa.es/?b=".len()));
        let limits = crate::Network::X.limits();
        let counted = |text: &str| super::super::count(text, None, &limits);
        assert_eq!((counted(whole), counted(cut)), (23, 23 + 14));
    }

    #[test]
    fn an_address_needs_no_scheme() {
        let found = |text: &'static str| bare_addresses(text).into_iter().map(|range| &text[range]).collect::<Vec<_>>();
        assert_eq!(found("Ver www.villa.es/pleno, y villa.es."), ["www.villa.es/pleno", "villa.es"]);
        assert_eq!(found("(sede.villa.es)"), ["sede.villa.es"]);
        for none in ["EE.UU. a las 10.30 p.m.", "pleno@villa.es", "#villa.es @villa.es", "fin...", "villa.é", "a..es"]
        {
            assert_eq!(found(none), [""; 0], "{none}");
        }
    }
}
