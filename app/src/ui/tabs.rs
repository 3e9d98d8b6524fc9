//! Tabs: several views of one thing, one at a time. The arrow keys move between them, as WAI-ARIA wants it.

use leptos::{ev, prelude::*, wasm_bindgen::JsCast};

use crate::platform::page;

/// The row of tabs; the page draws what belongs to `chosen` beneath.
#[component]
pub fn Tabs(
    /// What the tabs are about.
    #[prop(into)]
    label: String,
    /// Keys and names.
    #[prop(into)]
    tabs: Signal<Vec<(String, String)>>,
    /// The key of the one that is shown.
    chosen: RwSignal<String>,
) -> impl IntoView {
    let walk = move |event: ev::KeyboardEvent| {
        let step = match event.key().as_str() {
            "ArrowRight" => 1,
            "ArrowLeft" => -1,
            _ => return,
        };
        event.prevent_default();
        let list = event.current_target().and_then(|target| target.dyn_into().ok());
        if let Some(tab) = list.and_then(|list| page::walk_focus(&list, step)) {
            tab.click();
        }
    };
    view! {
        <div class="tabs" role="tablist" aria-label=label on:keydown=walk>
            {move || tabs.get().into_iter().map(|(key, name)| tab(key, name, chosen)).collect_view()}
        </div>
    }
    .into_any()
}

fn tab(key: String, name: String, chosen: RwSignal<String>) -> AnyView {
    let (own, set) = (key.clone(), key);
    let is_chosen = Memo::new(move |_| chosen.with(|chosen| *chosen == own));
    view! {
        <button
            type="button"
            role="tab"
            class="tab"
            aria-selected=move || if is_chosen.get() { "true" } else { "false" }
            tabindex=move || if is_chosen.get() { "0" } else { "-1" }
            on:click=move |_| chosen.set(set.clone())
        >
            {name}
        </button>
    }
    .into_any()
}
