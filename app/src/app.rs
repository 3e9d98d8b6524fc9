//! The root: language and look, the session, toasts, and the router. Drawn anew when the language changes, so that
//! every text below is a plain string.

use gloo_timers::future::TimeoutFuture;
use leptos::{prelude::*, task::spawn_local};

use crate::{
    api,
    platform::worker,
    routes::{self, Desk},
    state::{lang, preferences::Preferences, second, session, toasts},
    ui::Toasts,
};

/// By then the page stands, on a thin line too: what follows would take turns with what it is drawn from.
const STANDS_MS: u32 = 2_500;

/// The whole desk.
#[component]
pub fn App() -> impl IntoView {
    let preferences = Preferences::load();
    provide_context(preferences);
    // All are made here, under the root owner, so that they are never disposed.
    let toasts = toasts::list();
    second::shown();
    session().start();
    spawn_local(async {
        TimeoutFuture::new(STANDS_MS).await;
        worker::register(routes::HOME, || {
            let again = || spawn_local(worker::take_over(routes::HOME));
            toasts::offer(lang().frame_new_version(), lang().general_reload(), again);
        })
        .await;
        api::trouble::bring().await;
    });
    move || {
        let lang = preferences.lang.get();
        view! {
            <Desk/>
            <Toasts toasts=toasts close=lang.general_close() on_close=toasts::close/>
        }
    }
}
