//! One's own keys and sessions.

use leptos::prelude::*;

/// One's own keys and sessions.
#[component]
pub fn Devices() -> impl IntoView {
    ().into_any()
}
