//! What stands where there is nothing: an empty state that says what to do next, and the shape of what is coming.

use leptos::prelude::*;

use super::{Glyph, Icon};

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
    let title = if whole {
        view! { <h1 class="empty-title">{title}</h1> }.into_any()
    } else {
        view! { <p class="empty-title">{title}</p> }.into_any()
    };
    view! {
        <div class="empty">
            <Icon glyph=glyph.unwrap_or(Glyph::Horn)/>
            {title}
            <p>{text}</p>
            {children.map(|children| view! { <div class="actions">{children()}</div> })}
        </div>
    }
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
    view! {
        <div class="skeleton" role="status">
            <span class="unseen">{label}</span>
            {(0..lines).map(|_| view! { <i></i> }).collect_view()}
        </div>
    }
    .into_any()
}
