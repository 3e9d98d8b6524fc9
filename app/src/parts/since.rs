//! What changed since the round before, who said what in it, and what still stands of it. Separate from the difference
//! itself: this knows rounds.

use std::cell::RefCell;

use domain::{Channel, Choice, Content, PostId, Stage, party::Person};
use leptos::prelude::*;
use wire::posts::{self, Before, Decided, PostView, Submitted};

use super::{changed, name_of, when};
use crate::{api, platform::time::Form, state::lang};

/// What was asked for last, and what was answered: what was submitted never changes, and a page asks again and again.
type Kept = ((PostId, u32), Option<Submitted>);

thread_local! {
    static LAST: RefCell<Option<Kept>> = const { RefCell::new(None) };
}

/// What is looked at now: the correction that waits, else the post's content.
fn current(view: &PostView) -> &Content {
    match &view.post.stage {
        Stage::Out { correction: Some(correction), .. } => &correction.content,
        _ => &view.post.content,
    }
}

/// The number of the round that comes after what this is compared with; nothing if there is nothing to compare.
fn next_round(view: &PostView) -> Option<u32> {
    match &view.post.stage {
        Stage::Draft { last: Some(_) } => Some(view.post.rounds + 1),
        Stage::InReview { round } => Some(round.number),
        Stage::Out { correction: Some(correction), .. } => Some(correction.round.number),
        _ => None,
    }
    .filter(|number| *number > 1)
}

/// What was submitted in the round before, if there was one.
///
/// # Errors
/// As `api::call`.
pub async fn earlier(view: &PostView) -> api::Answer<Option<Submitted>> {
    let Some(before) = next_round(view) else { return Ok(None) };
    let asked = (view.post.id.clone(), before);
    if let Some(known) = LAST.with_borrow(|last| last.as_ref().filter(|(of, _)| *of == asked).map(|(_, it)| it.clone()))
    {
        return Ok(known);
    }
    let found = api::call(&posts::SUBMITTED, &[view.post.id.as_str()], &Before { before }).await?.submitted;
    LAST.set(Some((asked, found.clone())));
    Ok(found)
}

/// Since that round: what was said in it, what still stands of it, and what changed.
pub fn since(view: &PostView, channels: &[Channel], submitted: &Submitted) -> AnyView {
    let lang = lang();
    let person = |person: &Person| match person {
        Person::Member { member } => name_of(&view.names, member),
        Person::Outside { mailbox } => mailbox.as_str().to_owned(),
    };
    let said = view.decisions.iter().filter(|decided| decided.decision.round == submitted.round);
    let said: Vec<_> = said.map(|decided| line(decided, &person(&decided.decision.by))).collect();
    let said = (!said.is_empty()).then(|| view! { <ul class="since-said">{said}</ul> });
    let standing = view.post.round().ok().map(|round| {
        let lived = round.decisions.iter().filter(|decision| decision.round < round.number);
        let mut names: Vec<String> = lived.map(|decision| person(&decision.by)).collect();
        names.dedup();
        names.join(", ")
    });
    let standing = standing.filter(|names| !names.is_empty());
    let by = lang.since_by(when(submitted.at, Form::Full), name_of(&view.names, &submitted.by));
    view! {
        <section class="since" aria-labelledby="since">
            <h2 id="since">{lang.since_title(submitted.round)}</h2>
            <p class="hint">{by}</p>
            {said}
            {standing.map(|names| view! { <p class="since-standing">{lang.since_standing(names)}</p> })}
            {changed(lang, channels, &submitted.content, current(view))}
        </section>
    }
    .into_any()
}

fn line(decided: &Decided, by: &str) -> AnyView {
    let lang = lang();
    let (hue, text, quote) = match &decided.decision.choice {
        Choice::Approve => ("good", lang.since_approved(by), None),
        Choice::Reserve { comment } => ("good", lang.since_reserved(by, comment), None),
        Choice::Return { comment, place } => ("warn", lang.since_returned(by, comment), place.clone()),
    };
    view! {
        <li data-hue=hue>
            {quote.map(|place| view! { <q lang=place.language.to_string()>{place.quote}</q> " " })}
            {text}
            {decided.brought.map(|at| view! {
                " " <span class="hint">{lang.copy_brought_decision(when(at, Form::Full))}</span>
            })}
        </li>
    }
    .into_any()
}
