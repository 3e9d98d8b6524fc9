//! Sending a post back: what is to be changed, and the words it speaks of.

use domain::{Choice, Language, approval::TextPlace};
use leptos::prelude::*;

use super::quoting::quotable;
use crate::{
    state::lang,
    ui::{Button, TextArea, Tone},
};

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
    let chosen = Callback::new(move |found| place.set(Some(found)));
    let areas = texts.into_iter().map(|(language, text)| quotable(language, text, chosen)).collect::<Vec<_>>();
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
