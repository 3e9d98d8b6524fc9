//! Toasts: short words about what just happened, spoken politely and gone by themselves. The list comes from outside.

use leptos::prelude::*;

use super::{Button, Glyph, Gravity, Icon, Tone};

/// One toast.
#[derive(Debug, Clone)]
pub struct Toast {
    /// Tells it from the others.
    pub id: u32,
    /// How grave.
    pub gravity: Gravity,
    /// Its words.
    pub text: String,
    /// A button with its name, if something can be done.
    pub act: Option<(String, Callback<()>)>,
}

/// Where toasts appear. It is always in the page, for only then are they spoken.
#[component]
pub fn Toasts(
    /// The toasts.
    #[prop(into)]
    toasts: Signal<Vec<Toast>>,
    /// The name of the button that closes one.
    #[prop(into)]
    close: String,
    /// Takes one away.
    #[prop(into)]
    on_close: Callback<u32>,
) -> impl IntoView {
    view! {
        <div class="toasts" role="status" aria-live="polite">
            <For each=move || toasts.get() key=|toast| toast.id let:toast>
                <div class="toast" data-hue=toast.gravity.name()>
                    <Icon glyph=toast.gravity.glyph()/>
                    <span>{toast.text.clone()}</span>
                    {toast
                        .act
                        .map(|(name, act)| view! { <Button tone=Tone::Primary on_press=act>{name}</Button> })}
                    <Button
                        tone=Tone::Quiet
                        bare=true
                        glyph=Glyph::Cross
                        label=close.clone()
                        on_press=move || on_close.run(toast.id)
                    />
                </div>
            </For>
        </div>
    }
    .into_any()
}
