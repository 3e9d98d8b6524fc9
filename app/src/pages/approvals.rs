//! What waits for a decision.

use leptos::prelude::*;

/// What waits for a decision.
#[component]
pub fn Approvals() -> impl IntoView {
    ().into_any()
}
