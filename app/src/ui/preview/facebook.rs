//! A Facebook page. It speaks under its own name, which is the channel's, not the organisation's.

use leptos::prelude::*;

use super::{Shown, body};

pub(super) fn draw(shown: &Shown<'_>) -> AnyView {
    let (name, handle) = (shown.channel.name.clone(), shown.channel.handle.clone());
    view! {
        <article class="preview-facebook">
            <div class="preview-head">
                {body::avatar(shown)}
                <p class="preview-who">
                    <strong>{name}</strong>
                    <span>{handle}</span>
                </p>
            </div>
            {body::text(shown)}
            {body::pictures(shown.rendition, shown.channel.limits.pictures)}
            {body::card(shown.rendition)}
            {shown.channel.assisted.then(|| view! { <p class="preview-by-hand">{shown.lang.compose_preview_by_hand()}</p> })}
        </article>
    }
    .into_any()
}
