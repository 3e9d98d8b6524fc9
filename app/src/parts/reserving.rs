//! Approving with a reservation: it may go out, and something is to be known of it.

use domain::Choice;
use leptos::prelude::*;

use crate::{
    state::lang,
    ui::{Button, TextArea, Tone},
};

/// The form.
#[component]
pub fn Reserving(
    /// Whether it is being sent.
    #[prop(into)]
    busy: Signal<bool>,
    /// Sends the decision.
    decide: Callback<Choice>,
    /// Goes back to the buttons.
    #[prop(into)]
    close: Callback<()>,
) -> AnyView {
    let lang = lang();
    let comment = RwSignal::new(String::new());
    let empty = Signal::derive(move || comment.with(|comment| comment.trim().is_empty()));
    let send = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        if !empty.get_untracked() {
            decide.run(Choice::Reserve { comment: comment.get_untracked().trim().to_owned() });
        }
    };
    view! {
        <form class="returning stack" on:submit=send>
            <TextArea label=lang.approvals_reservation() hint=lang.approvals_reservation_hint() value=comment required=true first=true />
            <div class="decision-buttons">
                <Button tone=Tone::Primary submit=true busy disabled=empty>{lang.approvals_reserve_do()}</Button>
                <Button on_press=move || close.run(())>{lang.general_cancel()}</Button>
            </div>
        </form>
    }
    .into_any()
}
