//! Before the frame: the first answer of the engine, its absence, or the sign-in; and the sign-in over a page whose
//! session lapsed. Separate from the sign-in itself, which is also a page.

use leptos::{prelude::*, task::spawn_local};
use leptos_router::components::Redirect;

use crate::{
    chunks,
    parts::ProblemNotice,
    routes,
    state::{lang, session},
    ui::{Button, Dialog, Skeleton, Tone},
};

/// What stands there until somebody is signed in.
#[component]
pub fn Gate() -> impl IntoView {
    let (lang, session) = (lang(), session());
    let set_up = Memo::new(move |_| session.boot.with(|boot| boot.as_ref().map(|boot| boot.set_up)));
    move || match set_up.get() {
        Some(true) => chunks::sign_in(),
        Some(false) => view! { <Redirect path=routes::SET_UP/> }.into_any(),
        None => view! {
            <main class="alone">
                {move || match session.problem.with(Option::is_some) {
                    true => {
                        view! {
                            <ProblemNotice problem=session.problem/>
                            <Button tone=Tone::Primary on_press=move || spawn_local(session.ask())>
                                {lang.general_retry()}
                            </Button>
                        }
                            .into_any()
                    }
                    false => view! { <Skeleton label=lang.general_loading()/> }.into_any(),
                }}
            </main>
        }
        .into_any(),
    }
}

/// The sign-in over a page whose session lapsed: nothing on the page is lost.
#[component]
pub fn Lapsed() -> impl IntoView {
    let (lang, session) = (lang(), session());
    view! {
        <Dialog open=session.lapsed title=lang.frame_lapsed_title() close=lang.general_close()>
            <p>{lang.frame_lapsed_text()}</p>
            {move || session.lapsed.get().then(chunks::sign_in_form)}
        </Dialog>
    }
    .into_any()
}
