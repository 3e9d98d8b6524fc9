//! Invisible characters, control characters and ones that turn the direction of the text: they hide words from the
//! person who approves, break searching, and count against the limit. Trojan Source (CVE-2021-42574) is the known case.

use super::{
    Evidence,
    draft::{Piece, Seen},
};
use crate::text::{emoji::is_emoji, is_invisible};

pub(super) fn look(piece: &Piece<'_>) -> Vec<Seen> {
    let text = piece.text;
    let mut found: Vec<Seen> = Vec::new();
    let mut known: Vec<char> = Vec::new();
    let both_ways = !text.is_ascii() && text.chars().any(|c| matches!(c, '\u{590}'..='\u{8FF}') && c.is_alphabetic());
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

fn is_hidden(text: &str, place: usize, c: char, both_ways: bool) -> bool {
    let before = || text[..place].chars().next_back();
    let after = || text[place + c.len_utf8()..].chars().next();
    match c {
        '\n' | '\t' => false,
        '\r' => after() != Some('\n'),
        // Between the parts of an emoji it makes them one; between Arabic or Indic letters it is spelling.
        '\u{200D}' => {
            !(joins_emoji(text, place) || (before().is_some_and(is_joining) && after().is_some_and(is_joining)))
        }
        '\u{200C}' => !(before().is_some_and(is_joining) && after().is_some_and(is_joining)),
        // Marks of direction belong into a text that has both directions.
        '\u{200E}' | '\u{200F}' | '\u{61C}' => !both_ways,
        // The flags of Scotland and its like are written with at most six tags and an end behind a black flag.
        '\u{E0020}'..='\u{E007F}' => {
            text[..place].chars().rev().take(7).find(|c| !matches!(c, '\u{E0020}'..='\u{E007E}')) != Some('\u{1F3F4}')
        }
        // Selectors that no text needs, used to smuggle bytes.
        '\u{E0100}'..='\u{E01EF}' => true,
        _ => c.is_control() || is_invisible(c),
    }
}

fn joins_emoji(text: &str, place: usize) -> bool {
    let part = |c: char| is_emoji(c.encode_utf8(&mut [0; 4]));
    let dressing = |c: &char| matches!(c, '\u{FE0F}' | '\u{1F3FB}'..='\u{1F3FF}');
    let before = text[..place].chars().rev().take(3).find(|c| !dressing(c)).is_some_and(part);
    // ♀, ♂, ⚕, ➡, ⬛ … follow: signs that are emoji only there.
    let after = text[place..].chars().nth(1).is_some_and(|c| part(c) || matches!(c, '\u{2190}'..='\u{2BFF}'));
    before && after
}

fn is_joining(c: char) -> bool {
    c >= '\u{600}' && c.is_alphabetic() || matches!(c, '\u{94D}' | '\u{9CD}' | '\u{D4D}')
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
