//! The menu of who is signed in, and what leaving takes off the device.

use leptos::{prelude::*, task::spawn_local};

use super::outgoing::outgoing;
use crate::{
    api, keep,
    page::DESK,
    parts::OwnMenu,
    pile::pile,
    state::{lang, session, toasts},
    ui::{ConfirmDialog, ConfirmTexts, Glyph, Icon},
};

/// The menu of who is signed in: the desk, language, look, leaving.
pub fn draw() -> AnyView {
    let lang = lang();
    let asking = RwSignal::new(false);
    let go = move || {
        asking.set(false);
        spawn_local(leave());
    };
    let wish = move || if outgoing().parcels.with_untracked(Vec::is_empty) { go() } else { asking.set(true) };
    let texts = ConfirmTexts {
        title: lang.decide_leave_title().to_owned(),
        text: lang.decide_leave_text().to_owned(),
        act: lang.decide_leave_do().to_owned(),
        close: lang.general_cancel().to_owned(),
    };
    view! {
        <OwnMenu leave=wish>
            <a href=DESK class="button quiet"><Icon glyph=Glyph::Home/>{lang.decide_desk()}</a>
        </OwnMenu>
        <ConfirmDialog open=asking texts=Signal::stored(texts) on_confirm=go />
    }
    .into_any()
}

/// Signs out, and leaves nothing on the device.
async fn leave() {
    match api::call(&wire::session::SIGN_OUT, &[], &wire::Nothing {}).await {
        Ok(_) => {
            pile().wipe();
            outgoing().empty();
            keep::forget_all().await;
            session().forget();
        }
        Err(problem) => toasts::trouble(&problem),
    }
}
