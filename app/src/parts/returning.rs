//! Sending a post back: what is to be changed, and the words it speaks of. The words are selected in a field that can
//! be read and not written: selecting works there with a finger, a mouse and the keyboard alike.

use domain::{Choice, Language, approval::TextPlace};
use leptos::{html::Textarea, prelude::*};
use words::language_name;

use crate::{
    state::lang,
    ui::{Button, TextArea, Tone, unique},
};

/// A quote longer than this would be the text again.
const MOST_QUOTED: usize = 200;

/// The form.
#[component]
pub fn Returning(
    /// The texts that can be quoted.
    texts: Vec<(Language, String)>,
    /// Whether it is being sent.
    #[prop(into)]
    busy: Signal<bool>,
    /// Sends the decision.
    decide: Callback<Choice>,
    /// Goes back to the two buttons.
    #[prop(into)]
    close: Callback<()>,
) -> AnyView {
    let lang = lang();
    let comment = RwSignal::new(String::new());
    let place = RwSignal::new(None::<TextPlace>);
    let areas = texts.into_iter().map(|(language, text)| quotable(language, text, place)).collect::<Vec<_>>();
    let empty = Signal::derive(move || comment.with(|comment| comment.trim().is_empty()));
    let send = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        if empty.get_untracked() {
            return;
        }
        decide.run(Choice::Return { comment: comment.get_untracked().trim().to_owned(), place: place.get_untracked() });
    };
    view! {
        <form class="returning stack" on:submit=send>
            <TextArea label=lang.approvals_comment() hint=lang.approvals_comment_hint() value=comment required=true first=true />
            {move || place.get().map(|found| view! {
                <p class="returning-quote">
                    <q lang=found.language.to_string()>{found.quote}</q>
                    <Button tone=Tone::Quiet on_press=move || place.set(None)>{lang.general_remove()}</Button>
                </p>
            })}
            <details class="returning-texts">
                <summary>{lang.approvals_quote()}</summary>
                <p class="hint">{lang.approvals_quote_hint()}</p>
                {areas}
            </details>
            <div class="decision-buttons">
                <Button tone=Tone::Danger submit=true busy disabled=empty>{lang.approvals_return_do()}</Button>
                <Button on_press=move || close.run(())>{lang.general_cancel()}</Button>
            </div>
        </form>
    }
    .into_any()
}

fn quotable(language: Language, text: String, place: RwSignal<Option<TextPlace>>) -> AnyView {
    let lang = lang();
    let area = NodeRef::<Textarea>::new();
    let id = unique("quote");
    let (tag, name) = (language.to_string(), language_name(lang, &language));
    let whole = text.clone();
    let select = move |_| {
        let Some(area) = area.get_untracked() else { return };
        let (Ok(Some(start)), Ok(Some(end))) = (area.selection_start(), area.selection_end()) else { return };
        let (start, end) = (byte_at(&whole, start), byte_at(&whole, end));
        if let Some(quote) = whole.get(start..end).filter(|quote| !quote.trim().is_empty()) {
            let quote = quote.chars().take(MOST_QUOTED).collect();
            place.set(Some(TextPlace { language: language.clone(), start, end, quote }));
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
fn byte_at(text: &str, unit: u32) -> usize {
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
}
