//! What one acts with: signing, sending, signing in, the menu, and what stands beside a text. Fetched once what waits can
//! be read, while somebody reads it, and kept by the service worker from its installation on. Separate because this is
//! the border: `cargo xtask` cuts the program along `fetch`, and one name of these rooms used elsewhere puts its code
//! before the text that somebody waits for.

mod beside;
mod enter;
mod news;
mod outgoing;
mod own;
mod refusals;
mod signing;
mod talk;

use std::{cell::Cell, future::Future, pin::Pin};

use gloo_timers::future::TimeoutFuture;
use leptos::{prelude::*, task::spawn_local};
use wasm_split_helpers::{SplitLoaderError, wasm_split};

use super::item::Deciding;
use crate::{
    api::trouble::{self, Trouble},
    platform::{page, worker},
    state::{lang, toasts},
    ui::{Button, Gravity, Notice, Skeleton, el, live},
};

/// The scope of this page and of its service worker.
const HERE: &str = wire::entry::DECIDE;

/// What crosses the border: plain functions.
#[derive(Clone, Copy)]
pub struct Hands {
    /// Signing in.
    pub enter: fn() -> AnyView,
    /// The menu of who is signed in.
    pub own: fn() -> AnyView,
    /// What was signed and has not arrived, and what was not taken.
    pub news: fn() -> AnyView,
    /// Short words about what just happened.
    pub toasts: fn() -> AnyView,
    /// What changed, if it was another before.
    pub changed: fn(Deciding) -> AnyView,
    /// What the rules say of it.
    pub findings: fn(Deciding) -> AnyView,
    /// What is said of it among those who decide.
    pub talk: fn(Deciding) -> AnyView,
    /// What the organisation asks of who decides.
    pub asked: fn(Deciding) -> AnyView,
    /// Signs what is decided, and the forms of what is said besides yes.
    pub signing: fn(Deciding) -> AnyView,
    /// Sends what can be sent.
    pub send: fn() -> Pin<Box<dyn Future<Output = ()>>>,
    /// Why the engine said no.
    trouble: Trouble,
    /// What is done once, when they have come.
    begin: fn(),
}

#[wasm_split(hands, fallible)]
fn fetch() -> Result<Hands, SplitLoaderError> {
    Ok(Hands {
        enter: enter::draw,
        own: own::draw,
        news: news::draw,
        toasts: news::toasts,
        changed: beside::changed,
        findings: beside::findings,
        talk: talk::draw,
        asked: beside::asked,
        signing: signing::draw,
        send: || Box::pin(outgoing::outgoing().send()),
        trouble: refusals::TROUBLE,
        begin,
    })
}

/// What is done once, when they have come.
fn begin() {
    // Made here, of no owner, so that no drawing takes it along.
    toasts::list();
    outgoing::outgoing().start();
    spawn_local(worker::register(HERE, || {
        let again = || spawn_local(worker::take_over(HERE));
        toasts::offer(lang().frame_new_version(), lang().general_reload(), again);
    }));
}

thread_local! {
    // Made once under the root owner, which is never disposed.
    static BROUGHT: Cell<Option<RwSignal<Option<Option<Hands>>>>> = const { Cell::new(None) };
}

/// Nothing until they were asked for and have come, or could not be had.
pub fn brought() -> RwSignal<Option<Option<Hands>>> {
    BROUGHT.get().unwrap_or_else(|| {
        let brought = RwSignal::new(None);
        BROUGHT.set(Some(brought));
        brought
    })
}

/// Fetches them, unless they are here.
async fn bring() -> Option<Hands> {
    if let Some(Some(hands)) = brought().get_untracked() {
        return Some(hands);
    }
    let hands = fetch().await.ok();
    // Somebody else may have waited for the same.
    if !matches!(brought().get_untracked(), Some(Some(_))) {
        // First, for what was not taken is drawn with its words.
        if let Some(hands) = hands {
            trouble::came(hands.trouble);
            (hands.begin)();
        }
        brought().set(Some(hands));
    }
    hands
}

/// Has them fetched after what is being drawn now.
pub fn follow() {
    spawn_local(async {
        TimeoutFuture::new(0).await;
        bring().await;
    });
}

/// Why the engine said no: whoever asks waits for it.
pub async fn words() -> Option<Trouble> {
    bring().await.map(|hands| hands.trouble)
}

/// Sends what can be sent, once there is something to send with.
pub async fn send() {
    if let Some(Some(hands)) = brought().get_untracked() {
        (hands.send)().await;
    }
}

/// Whether they are needed now, by what is shown until they have come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Meanwhile {
    /// Nothing: nobody waits for it.
    Nothing,
    /// The shape of what is coming.
    Lines,
}

/// Draws what they draw, or what stands there until they have come.
pub fn drawn(meanwhile: Meanwhile, draw: impl Fn(Hands) -> AnyView + Send + 'static) -> AnyView {
    live(move || match (brought().get(), meanwhile) {
        (Some(Some(hands)), _) => draw(hands),
        (None, Meanwhile::Lines) => view! { <Skeleton label=lang().general_loading()/> }.into_any(),
        _ => ().into_any(),
    })
}

/// That they could not be had: without a network, or when the page was updated since it was opened and the file has gone.
pub fn lost() -> AnyView {
    let again = || {
        brought().set(None);
        follow();
    };
    live(move || {
        if !matches!(brought().get(), Some(None)) {
            return ().into_any();
        }
        let (lang, again, anew) = (lang(), Callback::new(move |()| again()), Callback::new(|()| page::reload()));
        let ways = el("div", "row")
            .put(view! { <Button on_press=again>{lang.general_retry()}</Button> }.into_any())
            .put(view! { <Button on_press=anew>{lang.general_reload()}</Button> }.into_any());
        view! {
            <Notice gravity=Gravity::Bad spoken=true title=lang.trouble_not_fetched_what()>
                {el("p", "").put(lang.trouble_not_fetched_next())}
                {ways}
            </Notice>
        }
        .into_any()
    })
}
