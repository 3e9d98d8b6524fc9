//! Recovering access.

use leptos::prelude::*;

/// Recovering access.
#[component]
pub fn Recover() -> impl IntoView {
    ().into_any()
}
