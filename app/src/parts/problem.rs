//! A problem in words: what happened and what to do. One place, so that no page says "error".

use leptos::prelude::*;
use words::Sentence;

use crate::{
    api::{Problem, trouble},
    state::lang,
    ui::{Gravity, Notice, el, live},
};

/// What a problem says to a person.
pub fn problem_sentence(problem: &Problem) -> Sentence {
    let lang = lang();
    match problem {
        // Not what the banner says of what is being written: nobody but who pressed tries this again.
        Problem::Offline => {
            Sentence { what: lang.trouble_offline_what().into(), next: lang.trouble_offline_again().into() }
        }
        // Not `words::refusal`: one mention here, and all of them are in the first load.
        Problem::SignedOut => {
            Sentence { what: lang.refusal_signed_out_what().into(), next: lang.refusal_signed_out_next().into() }
        }
        Problem::Fault(fault) => trouble::sentence(lang, &fault.refusal),
    }
}

/// A problem, where it happened. Nothing while there is none.
#[component]
pub fn ProblemNotice(
    /// The problem.
    #[prop(into)]
    problem: Signal<Option<Problem>>,
) -> impl IntoView {
    live(move || match problem.with(|problem| problem.as_ref().map(problem_sentence)) {
        Some(Sentence { what, next }) => {
            view! { <Notice gravity=Gravity::Bad spoken=true title=what>{el("p", "").put(&*next)}</Notice> }.into_any()
        }
        None => ().into_any(),
    })
}
