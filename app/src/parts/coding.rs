//! Confirming a decision with a code by mail, where the passkey is not at hand: the weaker way, and it says so.

use domain::{Choice, PostId, guidance::Checked};
use leptos::prelude::*;
use wire::posts::{self, CodeSent, Confirm, PostView};

use super::ceremony::{Ceremony, CeremonyNotice, ask_code};
use crate::{
    api,
    state::lang,
    ui::{Button, TextField, Tone},
};

/// The offer, and after it the field for the code.
#[component]
pub fn Coding(
    /// The post.
    post: PostId,
    /// The content that was seen.
    content_hash: String,
    /// What is decided.
    choice: Choice,
    /// What was ticked.
    checked: Option<Checked>,
    /// Where the code would go, masked.
    mailbox: String,
    /// The decision was taken.
    done: Callback<PostView>,
) -> AnyView {
    let lang = lang();
    let ceremony = Ceremony::new();
    let sent = RwSignal::new(None::<CodeSent>);
    let code = RwSignal::new(String::new());
    let asked = StoredValue::new((post, content_hash, choice, checked));
    let ask = move || {
        let (post, content_hash, choice, _) = asked.get_value();
        ceremony.run(ask_code(post, content_hash, choice), move |answer| {
            code.set(String::new());
            sent.set(Some(answer));
        });
    };
    let confirm = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let (post, _, _, checked) = asked.get_value();
        let given = Confirm { code: code.get_untracked(), checked };
        ceremony.run(async move { Ok(api::call(&posts::CONFIRM, &[post.as_str()], &given).await?) }, move |view| {
            done.run(view);
        });
    };
    let empty = Signal::derive(move || code.with(|code| code.trim().is_empty()));
    let mailbox = StoredValue::new(mailbox);
    view! {
        <div class="stack">
            <CeremonyNotice ceremony />
            {move || match sent.get() {
                None => view! {
                    <p class="hint">{lang.outside_code_offer_hint(mailbox.get_value())}</p>
                    <div class="decision-buttons">
                        <Button busy=ceremony.busy on_press=ask>{lang.outside_code_offer()}</Button>
                    </div>
                }
                .into_any(),
                Some(sent) => view! {
                    <form class="stack" on:submit=confirm>
                        <p role="status">{lang.outside_code_sent(sent.mailbox)}</p>
                        <TextField label=lang.outside_code_label() value=code required=true most=12 autocomplete="one-time-code" first=true />
                        <div class="decision-buttons">
                            <Button tone=Tone::Primary submit=true busy=ceremony.busy disabled=empty>{lang.outside_confirm()}</Button>
                            <Button tone=Tone::Quiet busy=ceremony.busy on_press=ask>{lang.outside_code_again()}</Button>
                        </div>
                    </form>
                }
                .into_any(),
            }}
        </div>
    }
    .into_any()
}
