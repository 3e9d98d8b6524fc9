//! Signing in.

use leptos::prelude::*;

/// Signing in, as a page.
#[component]
pub fn SignIn() -> impl IntoView {
    view! { <main class="alone"><SignInForm/></main> }.into_any()
}

/// Signing in, wherever it is needed.
#[component]
pub fn SignInForm() -> impl IntoView {
    ().into_any()
}
