//! The root: language and look, the session, toasts, and the router. Drawn anew when the language changes, so that
//! every text below is a plain string.

use leptos::{prelude::*, task::spawn_local};

use crate::{
    platform::worker,
    routes::Desk,
    state::{lang, preferences::Preferences, session, toasts},
    ui::Toasts,
};

/// The whole desk.
#[component]
pub fn App() -> impl IntoView {
    let preferences = Preferences::load();
    provide_context(preferences);
    // Both are made here, under the root owner, so that they are never disposed.
    let toasts = toasts::list();
    session().start();
    spawn_local(worker::register(move || {
        let again = || spawn_local(worker::take_over());
        toasts::offer(lang().frame_new_version(), lang().general_reload(), again);
    }));
    move || {
        let lang = preferences.lang.get();
        view! {
            <Desk/>
            <Toasts toasts=toasts close=lang.general_close() on_close=toasts::close/>
        }
    }
}
