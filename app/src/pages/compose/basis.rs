//! By what right the post says what it says: as the template brought it, or as whoever writes puts it. Where no template said
//! anything it is asked of what has legal effect alone: of a concert nobody needs a law.

use domain::{Kind, basis::Basis};
use leptos::prelude::*;

use super::editor::Editor;

/// The field.
#[component]
pub fn Grounds(editor: Editor, locked: bool) -> AnyView {
    let lang = editor.lang;
    let stands = Memo::new(move |_| editor.seen.with(|content| content.basis.clone()));
    let asked =
        Memo::new(move |_| stands.with(Option::is_some) || editor.seen.with(|content| content.kind == Kind::Legal));
    // It stays once it is there: who empties it goes on typing in it.
    let shown = RwSignal::new(false);
    Effect::new(move |_| {
        if asked.get() {
            shown.set(true);
        }
    });
    let text = move || stands.with(|basis| basis.as_ref().map(|basis| basis.text.clone()).unwrap_or_default());
    let set = move |event| {
        let text = event_target_value(&event);
        editor.content.update(|content| {
            let from = content.basis.take().and_then(|basis| basis.from);
            content.basis = Basis::said(text, from);
        });
    };
    let from = move || {
        let from = stands.with(|basis| basis.as_ref().and_then(|basis| basis.from.clone()))?;
        Some(view! { <p class="hint">{lang.basis_from(from.name, from.version)}</p> })
    };
    view! {
        <Show when=move || shown.get()>
            <div class="field">
                <label for="basis">{lang.basis_title()}" "<span class="hint">{lang.general_optional()}</span></label>
                <p class="hint" id="basis-hint">{lang.basis_hint()}</p>
                <input id="basis" class="input" maxlength="300" readonly=locked aria-describedby="basis-hint"
                    prop:value=text on:input=set />
                {from}
            </div>
        </Show>
    }
    .into_any()
}
