//! Words of a text, pointed at. They are selected in a field that can be read and not written: selecting works there
//! with a finger, a mouse and the keyboard alike. Separate: whoever returns a post and whoever comments on it do so.

use domain::{Language, approval::TextPlace};
use leptos::{html::Textarea, prelude::*};
use words::language_name;

use crate::{state::lang, ui::unique};

/// A quote longer than this would be the text again.
const MOST_QUOTED: usize = 200;

/// A place in a text with the words there, cut if there are many.
pub fn place(language: &Language, text: &str, start: usize, end: usize) -> Option<TextPlace> {
    let words = text.get(start..end).filter(|words| !words.trim().is_empty())?;
    let quote = words.chars().take(MOST_QUOTED).collect();
    Some(TextPlace { language: language.clone(), start, end, quote })
}

/// A text whose words can be selected.
pub fn quotable(language: Language, text: String, chosen: Callback<TextPlace>) -> AnyView {
    let lang = lang();
    let area = NodeRef::<Textarea>::new();
    let id = unique("quote");
    let (tag, name) = (language.to_string(), language_name(lang, &language));
    let whole = text.clone();
    let select = move |_| {
        let Some(area) = area.get_untracked() else { return };
        let (Ok(Some(start)), Ok(Some(end))) = (area.selection_start(), area.selection_end()) else { return };
        if let Some(found) = place(&language, &whole, byte_at(&whole, start), byte_at(&whole, end)) {
            chosen.run(found);
        }
    };
    let rows = (text.lines().count() + text.len() / 60).clamp(2, 10).to_string();
    view! {
        <div class="field">
            <label for=id.clone()>{name}</label>
            <textarea id=id class="input" readonly rows=rows lang=tag node_ref=area prop:value=text on:select=select></textarea>
        </div>
    }
    .into_any()
}

/// Text areas count in UTF-16, the rules in bytes.
pub fn byte_at(text: &str, unit: u32) -> usize {
    let mut units = 0;
    for (byte, letter) in text.char_indices() {
        if units >= unit {
            return byte;
        }
        units += if letter.len_utf16() == 2 { 2 } else { 1 };
    }
    text.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_behind_an_emoji_is_found() {
        let text = "🎉 Fiesta ñ";
        assert_eq!(&text[byte_at(text, 3)..byte_at(text, 9)], "Fiesta");
        assert_eq!(byte_at(text, 99), text.len());
    }

    #[test]
    fn a_long_quote_is_cut_and_its_place_is_not() {
        let text = "ñ".repeat(300);
        let found = place(&Language::spanish(), &text, 0, text.len()).unwrap();
        assert_eq!((found.quote.chars().count(), found.end), (200, 600));
        assert_eq!(place(&Language::spanish(), " a", 0, 1), None);
    }
}
