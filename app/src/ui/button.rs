//! A button, and a link that looks like one. Separate from `menu`: an item of a menu closes it.

use leptos::{ev, prelude::*};

use super::{Glyph, Icon};

/// How much a button wants to be pressed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Tone {
    /// One among others.
    #[default]
    Plain,
    /// The one thing to do here.
    Primary,
    /// Hardly there: in lists and bars.
    Quiet,
    /// It takes something away.
    Danger,
}

impl Tone {
    const fn class(self) -> &'static str {
        match self {
            Tone::Plain => "button",
            Tone::Primary => "button primary",
            Tone::Quiet => "button quiet",
            Tone::Danger => "button danger",
        }
    }
}

/// A button. While `busy` it says so and cannot be pressed again.
#[component]
pub fn Button(
    /// How much it wants to be pressed.
    #[prop(optional)]
    tone: Tone,
    /// A picture in front of the text.
    #[prop(optional)]
    glyph: Option<Glyph>,
    /// Whether what it does is under way.
    #[prop(optional, into)]
    busy: Signal<bool>,
    /// Whether it cannot be pressed now.
    #[prop(optional, into)]
    disabled: Signal<bool>,
    /// Whether it submits its form.
    #[prop(optional)]
    submit: bool,
    /// The name, where the text alone does not say it.
    #[prop(optional, into)]
    label: Option<String>,
    /// Whether only the picture is shown; `label` is then the name.
    #[prop(optional)]
    bare: bool,
    /// What it does.
    #[prop(optional, into)]
    on_press: Option<Callback<()>>,
    /// Its text.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    let press = move |_: ev::MouseEvent| {
        if let Some(on_press) = on_press
            && !busy.get_untracked()
        {
            on_press.run(());
        }
    };
    view! {
        <button
            class=tone.class()
            class:bare=bare
            type=if submit { "submit" } else { "button" }
            disabled=move || disabled.get()
            aria-busy=move || busy.get().then_some("true")
            aria-label=label.clone()
            title=bare.then_some(label).flatten()
            on:click=press
        >
            {glyph.map(|glyph| view! { <Icon glyph/> })}
            {children.map(|children| children())}
        </button>
    }
    .into_any()
}

/// A link to a place of the desk that looks like a button.
#[component]
pub fn LinkButton(
    /// Where to.
    #[prop(into)]
    href: String,
    /// How much it wants to be pressed.
    #[prop(optional)]
    tone: Tone,
    /// A picture in front of the text.
    #[prop(optional)]
    glyph: Option<Glyph>,
    /// Its text.
    children: Children,
) -> impl IntoView {
    view! {
        <a href=href class=tone.class()>
            {glyph.map(|glyph| view! { <Icon glyph/> })}
            {children()}
        </a>
    }
    .into_any()
}
