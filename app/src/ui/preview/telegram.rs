//! Telegram: the channel's name, the pictures, and below them the text as their caption.

use leptos::prelude::*;

use super::{Shown, body};

pub(super) fn draw(shown: &Shown<'_>) -> AnyView {
    let described = shown.rendition.pictures.iter().any(|picture| !picture.alt.trim().is_empty());
    view! {
        <article class="preview-telegram">
            <p class="preview-who"><strong>{shown.channel.name.clone()}</strong></p>
            {body::pictures(shown.rendition, shown.channel.limits.pictures)}
            {body::text(shown)}
            {described.then(|| view! { <p class="preview-by-hand">{shown.lang.compose_preview_no_alt()}</p> })}
        </article>
    }
    .into_any()
}
