//! The frame around every page of who is signed in: where one is, where one can go, what is wrong with the whole.
//! Separate from the pages: it stays while they change, and while a session lapses.

mod banners;
mod bar;
mod gate;
mod pause;

use leptos::{html, prelude::*};
use leptos_router::hooks::use_location;

use crate::{
    platform::page,
    routes::{self, PageHere},
    state::{lang, session},
};

use banners::Banners;
use bar::{Bar, Head};
use gate::{Gate, Lapsed};

/// The frame, or the gate while nobody is signed in: the address stays, so that one arrives where one wanted to go.
#[component]
pub fn Frame() -> impl IntoView {
    let session = session();
    // A memo: the frame must not be drawn anew whenever a counter of `me` changes.
    let inside = Memo::new(move |_| session.me.with(Option::is_some));
    move || if inside.get() { view! { <Inside/> }.into_any() } else { view! { <Gate/> }.into_any() }
}

/// The tab's title: the place, then the organisation, so that the place is read first.
fn name_tab(path: &str) {
    let organisation = session().me.with_untracked(|me| me.as_ref().map(|me| me.organisation.name.clone()));
    let names = [Some(routes::title(lang(), path).to_owned()), organisation];
    page::set_title(&names.into_iter().flatten().collect::<Vec<_>>().join(" · "));
}

#[component]
fn Inside() -> impl IntoView {
    let main = NodeRef::<html::Main>::new();
    let path = use_location().pathname;
    // A new page is a new place: the focus goes to its start, or a screen reader stays on the link that was pressed.
    Effect::new(move |before: Option<String>| {
        let here = path.get();
        name_tab(&here);
        if before.is_some_and(|before| before != here)
            && let Some(main) = main.get_untracked()
        {
            let _ = main.focus();
            if let Some(window) = web_sys::window() {
                window.scroll_to_with_x_and_y(0.0, 0.0);
            }
        }
        here
    });
    view! {
        <a class="skip" href="#main">{lang().frame_skip()}</a>
        <div class="frame">
            <Head/>
            <Bar/>
            <div class="frame-page">
                <Banners/>
                // Its name is what is heard when the focus comes: the page's own heading is not there yet.
                <main id="main" class="page" tabindex="-1" node_ref=main
                    aria-label=move || path.with(|path| routes::title(lang(), path))>
                    <PageHere/>
                </main>
            </div>
        </div>
        <Lapsed/>
    }
    .into_any()
}
