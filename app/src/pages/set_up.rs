//! The first visit.

use leptos::prelude::*;

/// The first visit.
#[component]
pub fn SetUp() -> impl IntoView {
    ().into_any()
}
