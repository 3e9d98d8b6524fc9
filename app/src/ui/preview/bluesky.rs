//! Bluesky. The link becomes a card, so it is not in the text.

use leptos::prelude::*;

use super::{Shown, body};

pub(super) fn draw(shown: &Shown<'_>) -> AnyView {
    let handle = format!("@{}", shown.channel.handle.trim_start_matches('@'));
    view! {
        <article class="preview-bluesky">
            {body::avatar(shown)}
            <div class="preview-column">
                <p class="preview-who">
                    <strong>{shown.organisation.to_owned()}</strong>
                    <span>{handle}</span>
                    <span>{shown.lang.compose_preview_now()}</span>
                </p>
                {body::text(shown)}
                {body::pictures(shown.rendition, 4)}
                {body::card(shown.rendition)}
                <p class="preview-acts" aria-hidden="true"><i>"↩"</i><i>"⇄"</i><i>"♡"</i><i>"⋯"</i></p>
            </div>
        </article>
    }
    .into_any()
}
