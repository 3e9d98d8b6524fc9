//! Mastodon. A content warning hides everything else until it is opened; so does the preview.

use leptos::prelude::*;

use super::{Shown, body};

pub(super) fn draw(shown: &Shown<'_>) -> AnyView {
    let inside = view! {
        {body::text(shown)}
        {body::pictures(shown.rendition, 4)}
        {body::card(shown.rendition)}
    }
    .into_any();
    let content = match shown.rendition.warning.clone() {
        Some(warning) => view! {
            <details class="preview-warning">
                <summary>{warning}<span>{shown.lang.compose_preview_more()}</span></summary>
                {inside}
            </details>
        }
        .into_any(),
        None => inside,
    };
    let handle = format!("@{}", shown.channel.handle.trim_start_matches('@'));
    view! {
        <article class="preview-mastodon">
            <div class="preview-head">
                {body::avatar(shown)}
                <p class="preview-who">
                    <strong>{shown.organisation.to_owned()}</strong>
                    <span>{handle}</span>
                </p>
            </div>
            {content}
            <p class="preview-acts" aria-hidden="true"><i>"↩"</i><i>"⇄"</i><i>"☆"</i><i>"⚑"</i></p>
        </article>
    }
    .into_any()
}
