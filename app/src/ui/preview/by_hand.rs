//! Networks that a person publishes on: close enough to judge the text and the pictures, and no closer.

use domain::Network;
use leptos::prelude::*;

use super::{Shown, body};

pub(super) fn draw(shown: &Shown<'_>) -> AnyView {
    let class = match shown.channel.network {
        Network::Whatsapp => "preview-whatsapp",
        _ => "preview-other",
    };
    let most = shown.channel.limits.pictures;
    view! {
        <article class=class>
            <div class="preview-head">
                {body::avatar(shown)}
                <p class="preview-who">
                    <strong>{shown.organisation.to_owned()}</strong>
                    <span>{shown.channel.name.clone()}</span>
                </p>
            </div>
            {body::text(shown)}
            {body::pictures(shown.rendition, most)}
            <p class="preview-by-hand">{shown.lang.compose_preview_by_hand()}</p>
        </article>
    }
    .into_any()
}
