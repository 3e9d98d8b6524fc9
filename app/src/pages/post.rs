//! A post and its whole life.

use leptos::prelude::*;

/// A post and its whole life.
#[component]
pub fn PostPage() -> impl IntoView {
    ().into_any()
}
