//! Invisible characters, control characters and ones that turn the direction of the text: they hide words from the
//! person who approves, break searching, and count against the limit. Trojan Source (CVE-2021-42574) is the known case.

use super::{
    Evidence,
    draft::{Piece, Seen},
};
use crate::text::hidden::{is_both_ways, is_hidden};

pub(super) fn look(piece: &Piece<'_>) -> Vec<Seen> {
    let text = piece.text;
    let mut found: Vec<Seen> = Vec::new();
    let mut known: Vec<char> = Vec::new();
    let both_ways = is_both_ways(text);
    for (place, c) in text.char_indices() {
        // Each character once: they come in hundreds.
        if c.is_ascii_graphic() || c == ' ' || known.contains(&c) || !is_hidden(text, place, c, both_ways) {
            continue;
        }
        known.push(c);
        let evidence = Evidence::Words { words: code(c) };
        found.push(Seen { range: Some((place, place + c.len_utf8())), evidence });
    }
    found
}

/// "U+202E".
fn code(c: char) -> String {
    let mut code = "U+".to_owned();
    let number = u32::from(c);
    let digits = if number > 0xFFFF { 5 } else { 4 };
    code.extend(
        (0..digits)
            .rev()
            .filter_map(|place| char::from_digit(number >> (place * 4) & 0xF, 16))
            .map(|c| c.to_ascii_uppercase()),
    );
    code
}

#[cfg(test)]
mod tests {
    use super::super::draft::seen;
    use super::*;

    #[test]
    fn what_hides_or_turns_is_found() {
        for (c, name) in [
            ('\u{200B}', "U+200B"),
            ('\u{202E}', "U+202E"),
            ('\u{2066}', "U+2066"),
            ('\u{AD}', "U+00AD"),
            ('\u{FEFF}', "U+FEFF"),
            ('\u{0}', "U+0000"),
            ('\u{7F}', "U+007F"),
            ('\u{85}', "U+0085"),
            ('\u{1B}', "U+001B"),
            ('\u{200D}', "U+200D"),
            ('\u{200C}', "U+200C"),
            ('\u{200F}', "U+200F"),
            ('\u{3164}', "U+3164"),
            ('\u{E0041}', "U+E0041"),
            ('\u{E0101}', "U+E0101"),
            ('\r', "U+000D"),
            ('\u{2028}', "U+2028"),
        ] {
            let text = format!("Ma{c}ñana{c}");
            let found = seen(look, &text);
            assert_eq!(found, [(Evidence::Words { words: name.to_owned() }, c.to_string().as_str())], "{name}");
        }
    }

    #[test]
    fn what_emoji_and_other_scripts_are_made_of_passes() {
        for text in
            ["👨‍👩‍👧‍👦 ❤️‍🔥 🏳️‍🌈 👩🏽‍⚕️ 🏃🏻‍♀️ 1️⃣ 🧑‍🦽‍➡️ 🐦‍⬛", "🏴󠁧󠁢󠁳󠁣󠁴󠁿 🇪🇸", "uno\r\n\tdos", "می‌خواهم", "שלום\u{200F}!", "n\u{303}andú", "10 000 €"]
        {
            assert_eq!(seen(look, text), [], "{text}");
        }
    }
}
