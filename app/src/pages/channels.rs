//! The channels.

use leptos::prelude::*;

/// The channels.
#[component]
pub fn Channels() -> impl IntoView {
    ().into_any()
}
