//! What stands where there is nothing: an empty state that says what to do next, and the shape of what is coming.

use leptos::prelude::*;

use super::{Glyph, Plain, el, icon::icon};

/// Nothing here, and what to do about it.
#[component]
pub fn Empty(
    /// What would be here.
    #[prop(into)]
    title: String,
    /// What to do next.
    #[prop(into)]
    text: String,
    /// A picture.
    #[prop(optional)]
    glyph: Option<Glyph>,
    /// Whether it is all that the page has: then its title is the page's heading.
    #[prop(optional)]
    whole: bool,
    /// The button that does it.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    el("div", "empty")
        .put(icon(glyph.unwrap_or(Glyph::Horn)))
        .put(el(if whole { "h1" } else { "p" }, "empty-title").put(title))
        .put(el("p", "").put(text))
        .put(children.map(|children| el("div", "actions").put(children())))
        .into_any()
}

/// The shape of what is being loaded; `label` is spoken.
#[component]
pub fn Skeleton(
    /// "Loading…"
    #[prop(into)]
    label: String,
    /// How many lines.
    #[prop(default = 3)]
    lines: u32,
) -> impl IntoView {
    skeleton(&label, lines).into_any()
}

/// The same, to be put into another.
pub fn skeleton(label: &str, lines: u32) -> Plain {
    el("div", "skeleton")
        .with("role", "status")
        .put(el("span", "unseen").put(label))
        .put((0..lines).map(|_| el("i", "")).collect::<Vec<_>>())
}
