//! Which characters of a text hide: they show nothing, turn the direction of what follows, or are controls, and what is
//! spelled there does not need them. Separate because the rule that names them in a post and whatever keeps a name or a line
//! must agree: what emoji, Persian and a text in two directions are made of hides nothing.

use super::{emoji::is_emoji, is_invisible};

/// Whether a text has letters that run from right to left: marks of direction belong into it.
pub fn is_both_ways(text: &str) -> bool {
    !text.is_ascii() && text.chars().any(|c| matches!(c, '\u{590}'..='\u{8FF}') && c.is_alphabetic())
}

/// Whether anything in a text hides. An end of line and a tab do not.
pub fn hides(text: &str) -> bool {
    let both_ways = is_both_ways(text);
    let plain = |c: char| c.is_ascii_graphic() || c == ' ';
    text.char_indices().any(|(place, c)| !plain(c) && is_hidden(text, place, c, both_ways))
}

/// The name of a file or of an account, as it may be shown: without what hides and without ends of lines, at most so many
/// characters. Nobody typed it here, so nobody is asked to mend it.
pub fn shown(name: &str, most: usize) -> String {
    let name: String = name.chars().take(most).collect();
    let both_ways = is_both_ways(&name);
    let shows = |&(place, c): &(usize, char)| !c.is_control() && !is_hidden(&name, place, c, both_ways);
    name.char_indices().filter(shows).map(|(_, c)| c).collect()
}

/// Whether a character turns the direction of what follows, or is a control: nobody has it from what they copied, and without it
/// the text would read differently.
pub fn turns(c: char) -> bool {
    c.is_control() || matches!(c, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
}

/// Whether a character of a text, at this byte, shows nothing and is not needed where it stands. `both_ways` is
/// [`is_both_ways`] of the text.
pub fn is_hidden(text: &str, place: usize, c: char, both_ways: bool) -> bool {
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_spelling_needs_hides_nothing_and_what_it_does_not_need_does() {
        for text in ["👨‍👩‍👧‍👦 y 🏳️‍🌈", "🏴󠁧󠁢󠁳󠁣󠁴󠁿", "می‌خواهم", "שלום\u{200F}!", "uno\r\n\tdos", "n\u{303}andú"]
        {
            assert!(!hides(text), "{text}");
        }
        for c in
            ['\u{202E}', '\u{200B}', '\u{200C}', '\u{200D}', '\u{200F}', '\u{AD}', '\u{FEFF}', '\0', '\r', '\u{85}']
        {
            assert!(hides(&format!("a{c}b")), "{c:?}");
        }
    }

    #[test]
    fn a_name_that_nobody_typed_loses_what_hides_and_keeps_what_shows() {
        assert_eq!(shown("\u{200E}foto\u{202E}gpj.\n👨‍👩‍👧.png", 200), "fotogpj.👨‍👩‍👧.png");
        assert_eq!(shown("می‌خواهم\u{0}.png", 200), "می‌خواهم.png");
        assert_eq!(shown("ñandú", 3), "ñan");
    }
}
