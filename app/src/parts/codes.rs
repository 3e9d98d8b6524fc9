//! Recovery codes, shown once: to be printed, copied or downloaded, and not left before the person says they have
//! them. Shared by every way in and by the page of one's devices.

use leptos::{prelude::*, task::spawn_local};

use crate::{
    platform::hand,
    state::{lang, toasts},
    ui::{Button, Checkbox, Glyph, Gravity, Notice, Tone},
};

/// The codes, and the way on.
#[component]
pub fn Codes(
    /// The codes.
    codes: Vec<String>,
    /// Goes on.
    #[prop(into)]
    on_done: Callback<()>,
) -> impl IntoView {
    let lang = lang();
    let kept = RwSignal::new(false);
    let text = StoredValue::new(codes.join("\n"));
    let copy = move || {
        spawn_local(async move {
            let said =
                if hand::copy(&text.get_value()).await { lang.general_copied() } else { lang.entry_not_copied() };
            toasts::say(Gravity::Info, said);
        });
    };
    let download = move || {
        hand::download("pregon-codigos.txt", &text.get_value());
    };
    view! {
        <h1>{lang.entry_codes_title()}</h1>
        <p>{lang.entry_codes_text()}</p>
        <ol class="codes">{codes.into_iter().map(|code| view! { <li>{code}</li> }).collect_view()}</ol>
        <Notice gravity=Gravity::Warn title=lang.entry_codes_once()><p>{lang.entry_codes_where()}</p></Notice>
        <div class="actions">
            <Button glyph=Glyph::Book on_press=hand::print>{lang.general_print()}</Button>
            <Button glyph=Glyph::Copy on_press=copy>{lang.general_copy()}</Button>
            <Button glyph=Glyph::Out on_press=download>{lang.general_download()}</Button>
        </div>
        <Checkbox label=lang.entry_codes_kept() checked=kept on_change=move |now| kept.set(now)/>
        <div class="wide-button">
            <Button tone=Tone::Primary disabled=Signal::derive(move || !kept.get()) on_press=on_done>
                {lang.entry_go_on()}
            </Button>
        </div>
    }
    .into_any()
}
