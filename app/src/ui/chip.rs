//! A chip: a state in one or two words. Its hue is never the only sign of it: the word stands there.

use leptos::prelude::*;

/// The mood of a chip.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Hue {
    /// Nothing to say about it.
    #[default]
    Neutral,
    /// It waits or moves.
    Info,
    /// It is well.
    Good,
    /// Look at it.
    Warn,
    /// It is not well.
    Bad,
}

impl Hue {
    /// As the style sheet calls it.
    pub const fn name(self) -> &'static str {
        match self {
            Hue::Neutral => "neutral",
            Hue::Info => "info",
            Hue::Good => "good",
            Hue::Warn => "warn",
            Hue::Bad => "bad",
        }
    }
}

/// A chip.
#[component]
pub fn Chip(
    /// Its mood.
    #[prop(optional)]
    hue: Hue,
    /// Its words.
    #[prop(into)]
    text: String,
) -> impl IntoView {
    view! { <span class="chip" data-hue=hue.name()>{text}</span> }.into_any()
}
