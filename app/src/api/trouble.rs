//! Why the engine said no: how that is read, and its sentence. Separate because it is a tenth of the desk, all refusals
//! in all languages, and most visits meet none: it is fetched with the first refusal, or once the page stands.

use std::{cell::Cell, future::Future, pin::Pin};

use domain::Refusal;
use wire::Fault;
use words::{Lang, Sentence};

use super::Problem;

/// What is fetched.
#[derive(Debug, Clone, Copy)]
pub struct Trouble {
    /// Reads the engine's answer.
    pub read: fn(&str) -> Option<Fault>,
    /// Says it.
    pub say: fn(Lang, &Refusal) -> Sentence,
}

/// Where it comes from: only the page that is shown knows how it was cut.
pub type Fetch = fn() -> Pin<Box<dyn Future<Output = Option<Trouble>>>>;

thread_local! {
    static BROUGHT: Cell<Option<Trouble>> = const { Cell::new(None) };
    static FROM: Cell<Option<Fetch>> = const { Cell::new(None) };
}

/// Says where it comes from. Once, before anything is asked.
pub fn comes_from(fetch: Fetch) {
    FROM.set(Some(fetch));
}

/// It came with something else that was fetched.
pub fn came(trouble: Trouble) {
    BROUGHT.set(Some(trouble));
}

/// Fetches it, unless it is here. Nothing when there is no way to it.
pub async fn bring() -> Option<Trouble> {
    if let Some(trouble) = BROUGHT.get() {
        return Some(trouble);
    }
    let trouble = FROM.get()?().await?;
    BROUGHT.set(Some(trouble));
    Some(trouble)
}

/// A refusal of this device's own rules as a problem. Pages that are drawn without its words ask here, so that they are
/// there by the time it is shown.
pub async fn refused(refusal: Refusal) -> Problem {
    bring().await;
    refusal.into()
}

/// The sentence of a refusal that stands in an answer as it came.
pub fn sentence_of(lang: Lang, refusal: &serde_json::Value) -> Sentence {
    let read = BROUGHT.get().and_then(|trouble| (trouble.read)(&refusal.to_string()));
    sentence(lang, &read.map_or(Refusal::Unavailable, |fault| fault.refusal))
}

/// The sentence of a refusal. Without its words what is left is true as well: something did not answer, and nothing is
/// lost.
pub fn sentence(lang: Lang, refusal: &Refusal) -> Sentence {
    match BROUGHT.get() {
        Some(trouble) => (trouble.say)(lang, refusal),
        None => Sentence { what: lang.refusal_unavailable_what().into(), next: lang.refusal_unavailable_next().into() },
    }
}
