//! An address that leads nowhere, and the way home.

use leptos::prelude::*;

use crate::{
    routes,
    state::lang,
    ui::{Empty, Glyph, LinkButton, Tone},
};

/// Nothing here.
#[component]
pub fn Lost() -> impl IntoView {
    let lang = lang();
    view! {
        <main class="alone">
            <Empty whole=true title=lang.frame_lost_title() text=lang.frame_lost_text() glyph=Glyph::Hall>
                <LinkButton href=routes::HOME tone=Tone::Primary>{lang.frame_home()}</LinkButton>
            </Empty>
        </main>
    }
    .into_any()
}
