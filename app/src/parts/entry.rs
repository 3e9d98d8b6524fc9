//! The sheet on which everything before the desk happens: sign-in, set-up, invitation, recovery. With the mark above
//! and the languages below, for nobody has chosen one yet.

use leptos::prelude::*;
use words::Lang;

use crate::{
    state::{lang, preferences::Preferences},
    ui::{Button, Glyph, Icon, Tone},
};

/// The sheet.
#[component]
pub fn Entry(
    /// What is on it.
    children: Children,
) -> impl IntoView {
    let (here, preferences) = (lang(), use_context::<Preferences>());
    let languages = Lang::ALL.into_iter().filter(move |lang| *lang != here).map(move |lang| {
        let speak = move || {
            if let Some(preferences) = preferences {
                preferences.speak(lang);
            }
        };
        view! { <Button tone=Tone::Quiet on_press=speak><span lang=lang.tag()>{lang.name()}</span></Button> }
    });
    view! {
        <main class="alone entry" id="main">
            <p class="entry-mark"><Icon glyph=Glyph::Horn/><strong>{here.frame_product()}</strong></p>
            <div class="card">{children()}</div>
            <div class="entry-foot">{languages.collect_view()}</div>
        </main>
    }
    .into_any()
}
