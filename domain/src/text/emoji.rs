//! Which graphemes are emoji.
//! Separate because it is an approximation: ranges instead of Unicode's table (60 KB), wrong at most for a few signs
//! that print as text or picture depending on the font.

use unicode_segmentation::UnicodeSegmentation;

/// The emoji of a text with the byte each starts at. Families, flags, keycaps and skin tones are one each.
pub fn emoji(text: &str) -> impl Iterator<Item = (usize, &str)> {
    // Plain text has none (a keycap and © need a sign from beyond), and that is nearly every call.
    let text = if text.chars().any(|c| c >= '\u{2000}') { text } else { "" };
    text.grapheme_indices(true).filter(|(_, grapheme)| is_emoji(grapheme))
}

/// Whether a grapheme is an emoji.
pub fn is_emoji(grapheme: &str) -> bool {
    let mut chars = grapheme.chars();
    let Some(first) = chars.next() else { return false };
    is_pictographic(first)
        || matches!(first, '\u{1F1E6}'..='\u{1F1FF}')
        // A sign made an emoji (©️), or a digit in a keycap.
        || (!first.is_alphabetic() && chars.any(|c| matches!(c, '\u{FE0F}' | '\u{20E3}')))
}

/// An emoji without skin tone and variation: the same picture to whoever hears it read.
pub fn plain(grapheme: &str) -> String {
    grapheme.chars().filter(|c| !matches!(c, '\u{FE0E}' | '\u{FE0F}' | '\u{1F3FB}'..='\u{1F3FF}')).collect()
}

/// Extended_Pictographic, nearly: what prints as a picture by itself.
const fn is_pictographic(c: char) -> bool {
    matches!(c,
        '\u{1F300}'..='\u{1FAFF}'
        | '\u{2600}'..='\u{2767}' | '\u{2794}'..='\u{27BF}'
        | '\u{231A}' | '\u{231B}' | '\u{23E9}'..='\u{23FA}'
        | '\u{2B1B}' | '\u{2B1C}' | '\u{2B50}' | '\u{2B55}'
        | '\u{1F004}' | '\u{1F0CF}' | '\u{1F170}' | '\u{1F171}' | '\u{1F17E}' | '\u{1F17F}' | '\u{1F18E}'
        | '\u{1F191}'..='\u{1F19A}' | '\u{1F201}'..='\u{1F265}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_is_one_however_it_is_made() {
        let text = "👨‍👩‍👧‍👦 🇪🇸 👍🏽 1️⃣ ⚠️ ☀ 🏴󠁧󠁢󠁳󠁣󠁴󠁿 ❤️‍🔥 🅰 ⏰";
        assert_eq!(emoji(text).count(), 10);
        assert_eq!(emoji(text).next(), Some((0, "👨‍👩‍👧‍👦")));
    }

    #[test]
    fn letters_digits_and_signs_are_none() {
        assert_eq!(emoji("Año 2026 · 10 € — 5 % «hola» © → № 𝐀 ① ñ n\u{303} 日本").count(), 0);
    }

    #[test]
    fn skin_tones_are_the_same_picture() {
        assert_eq!(plain("👍🏽"), plain("👍"));
        assert_eq!(plain("⚠️"), "⚠");
    }
}
