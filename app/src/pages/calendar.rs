//! The week.

use leptos::prelude::*;

/// The week.
#[component]
pub fn Calendar() -> impl IntoView {
    ().into_any()
}
