//! Short words about what just happened. Separate from `ui::Toasts`: anybody may say something, the frame shows it.

use std::cell::Cell;

use gloo_timers::future::TimeoutFuture;
use leptos::{prelude::*, task::spawn_local};

use crate::{
    api::Problem,
    parts,
    ui::{Gravity, Toast},
};

/// Long enough to be read twice; what is wrong or can be acted on stays until it is closed.
const STAYS_MS: u32 = 6_000;

thread_local! {
    static NEXT: Cell<u32> = const { Cell::new(0) };
    // Made once under the root owner, which is never disposed.
    static LIST: Cell<Option<RwSignal<Vec<Toast>>>> = const { Cell::new(None) };
}

/// The toasts that are shown now.
pub fn list() -> RwSignal<Vec<Toast>> {
    LIST.get().unwrap_or_else(|| {
        let list = RwSignal::new(Vec::new());
        LIST.set(Some(list));
        list
    })
}

/// Says something.
pub fn say(gravity: Gravity, text: impl Into<String>) {
    show(gravity, text.into(), None, gravity != Gravity::Bad);
}

/// Says what whoever is here has to know: it stays until it is closed.
pub fn mind(text: impl Into<String>) {
    show(Gravity::Warn, text.into(), None, false);
}

/// Says that something went well.
pub fn done(text: impl Into<String>) {
    say(Gravity::Good, text);
}

/// Says what went wrong and what to do. Nothing for an ended session: the frame asks for it already.
pub fn trouble(problem: &Problem) {
    if !matches!(problem, Problem::SignedOut) {
        say(Gravity::Bad, parts::problem_sentence(problem).to_string());
    }
}

/// Says something that can be acted on.
pub fn offer(text: impl Into<String>, name: impl Into<String>, act: impl Into<Callback<()>>) {
    show(Gravity::Info, text.into(), Some((name.into(), act.into())), false);
}

/// Takes one away.
pub fn close(id: u32) {
    list().update(|toasts| toasts.retain(|toast| toast.id != id));
}

fn show(gravity: Gravity, text: String, act: Option<(String, Callback<()>)>, goes: bool) {
    let id = NEXT.get();
    NEXT.set(id + 1);
    list().update(|toasts| toasts.push(Toast { id, gravity, text, act }));
    if goes {
        spawn_local(async move {
            TimeoutFuture::new(STAYS_MS).await;
            close(id);
        });
    }
}
