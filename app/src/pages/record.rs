//! The record.

use leptos::prelude::*;

/// The record.
#[component]
pub fn RecordPage() -> impl IntoView {
    ().into_any()
}
