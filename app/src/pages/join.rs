//! Joining by invitation.

use leptos::prelude::*;

/// Joining by invitation.
#[component]
pub fn Join() -> impl IntoView {
    ().into_any()
}
