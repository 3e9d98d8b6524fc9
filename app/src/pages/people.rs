//! The people.

use leptos::prelude::*;

/// The people.
#[component]
pub fn People() -> impl IntoView {
    ().into_any()
}
