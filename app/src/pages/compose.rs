//! The composer.

use leptos::prelude::*;

/// The composer.
#[component]
pub fn Compose() -> impl IntoView {
    ().into_any()
}
