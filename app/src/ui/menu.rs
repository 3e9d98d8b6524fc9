//! A menu: a button that opens a list of things to do. The browser's popover closes it on Escape and outside; the
//! arrow keys walk it. Separate from `button`: its items close it.

use leptos::{ev, prelude::*, wasm_bindgen::JsCast};

use super::{Button, Glyph, Icon, Tone, unique};
use crate::platform::page;

/// A button with a list of things to do behind it.
#[component]
pub fn Menu(
    /// The name of the button.
    #[prop(into)]
    label: String,
    /// The picture on the button; the name is then not shown.
    #[prop(optional)]
    glyph: Option<Glyph>,
    /// Whether the name is shown all the same.
    #[prop(optional)]
    spelled: bool,
    /// The items: `MenuItem`s.
    children: Children,
) -> impl IntoView {
    let id = unique("menu");
    let walk = move |event: ev::KeyboardEvent| {
        let step = match event.key().as_str() {
            "ArrowDown" => 1,
            "ArrowUp" => -1,
            _ => return,
        };
        event.prevent_default();
        if let Some(list) = event.current_target().and_then(|target| target.dyn_into().ok()) {
            page::walk_focus(&list, step);
        }
    };
    let named = (spelled || glyph.is_none()).then(|| view! { <span>{label.clone()}</span> });
    view! {
        <div class="menu" on:keydown=walk>
            <button
                type="button"
                class=match (glyph.is_some(), spelled) {
                    (true, false) => "button quiet bare",
                    (true, true) => "button quiet",
                    (false, _) => "button",
                }
                popovertarget=id.clone()
                aria-label=label.clone()
                title=glyph.map(|_| label)
            >
                {glyph.map(|glyph| view! { <Icon glyph/> })}
                {named}
            </button>
            <div class="menu-list" popover="auto" id=id on:click=page::close_popover>
                {children()}
            </div>
        </div>
    }
    .into_any()
}

/// One thing to do.
#[component]
pub fn MenuItem(
    /// Its picture.
    #[prop(optional)]
    glyph: Option<Glyph>,
    /// Whether it takes something away.
    #[prop(optional)]
    danger: bool,
    /// Whether it cannot be done now.
    #[prop(optional, into)]
    disabled: Signal<bool>,
    /// What it does.
    #[prop(into)]
    on_press: Callback<()>,
    /// Its text.
    children: Children,
) -> impl IntoView {
    let tone = if danger { Tone::Danger } else { Tone::Quiet };
    match glyph {
        Some(glyph) => view! { <Button tone glyph disabled on_press>{children()}</Button> }.into_any(),
        None => view! { <Button tone disabled on_press>{children()}</Button> }.into_any(),
    }
}
