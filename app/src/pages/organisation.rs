//! The organisation and its policy.

use leptos::prelude::*;

/// The organisation and its policy.
#[component]
pub fn OrganisationPage() -> impl IntoView {
    ().into_any()
}
