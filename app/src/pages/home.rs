//! What needs me now.

use leptos::prelude::*;

/// What needs me now.
#[component]
pub fn Home() -> impl IntoView {
    ().into_any()
}
