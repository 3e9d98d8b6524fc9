//! Where an asset is used: each post with what became of it on each channel. Where it may not be any more, what is to be done
//! stands beside it, with the way there.

use domain::delivery::PublicationState;
use leptos::prelude::*;
use wire::library::{Out, Use};
use words::{network_name, publication_state_name, rights, stage_name};

use super::asset::{View, part};
use crate::{
    pages::around,
    platform::time::Form,
    routes,
    state::lang,
    ui::{Gravity, Notice},
};

/// The heading, for who has just taken back a consent.
pub const TITLE: &str = "uses";

/// The section.
#[component]
pub fn Uses(view: View) -> AnyView {
    let lang = lang();
    let uses = part(view, |view| (view.uses.clone(), view.more));
    let draw = move || {
        let (uses, more) = uses.get()?;
        let wrong = uses.iter().filter(|one| is_wrong(one)).count();
        let alarm = (wrong > 0).then(|| {
            let title = lang.library_uses_remove(wrong);
            view! { <Notice gravity=Gravity::Warn title/> }
        });
        let none = uses.is_empty().then(|| view! { <p>{lang.library_uses_none()}</p> });
        let more = more.then(|| view! { <p class="hint">{lang.library_uses_more()}</p> });
        Some(view! {
            <div role="status">{alarm}</div>
            {none}
            <ul class="lines">{uses.into_iter().map(one).collect_view()}</ul>
            {more}
        })
    };
    view! {
        <section class="card">
            <h2 id=TITLE tabindex="-1">{lang.library_uses()}</h2>
            {draw}
        </section>
    }
    .into_any()
}

fn is_out(state: PublicationState) -> bool {
    matches!(state, PublicationState::Out | PublicationState::Unknown | PublicationState::InHand)
}

fn is_over(state: PublicationState) -> bool {
    matches!(state, PublicationState::TakenDown | PublicationState::Cancelled)
}

fn is_wrong(one: &Use) -> bool {
    if one.going.is_empty() {
        return one.flaw.is_some() && one.stage != domain::StageName::Cancelled;
    }
    one.going.iter().any(|out| out.flaw.is_some() && !is_over(out.state))
}

fn one(one: Use) -> AnyView {
    let lang = lang();
    let out = one.going.iter().any(|out| is_out(out.state) && out.flaw.is_some());
    let when = one.slot.map(|at| around::when(at, Form::Full));
    let unplaced = one.flaw.filter(|_| one.going.is_empty() && is_wrong(&one));
    let unplaced =
        unplaced.map(|flaw| view! { <p class="library-flaw">{rights(lang, flaw)}" "{lang.library_use_other()}</p> });
    let open = out.then(|| view! { <a class="button" href=routes::post(&one.post)>{lang.library_use_open()}</a> });
    view! {
        <li>
            <div class="line-main">
                <a href=routes::post(&one.post)><strong>{one.heading}</strong></a>
                <p class="hint">{stage_name(lang, one.stage)}{when.map(|when| [" · ", &when].concat())}</p>
                {unplaced}
                <ul class="library-outs">{one.going.into_iter().map(place).collect_view()}</ul>
            </div>
            {open}
        </li>
    }
    .into_any()
}

fn place(out: Out) -> AnyView {
    let lang = lang();
    let network = network_name(lang, out.network);
    let flaw = out.flaw.filter(|_| !is_over(out.state)).map(|flaw| {
        let what = match out.state {
            PublicationState::Held => lang.library_use_held(),
            state if is_out(state) => lang.library_use_out(),
            _ => lang.library_use_other(),
        };
        view! { <span class="library-flaw">" "{rights(lang, flaw)}" "{what}</span> }
    });
    let look = out.address.filter(|_| is_out(out.state)).map(|address| {
        view! { " " <a href=address target="_blank" rel="noopener noreferrer">{lang.library_use_look(network)}</a> }
    });
    view! { <li>{network}": "{publication_state_name(lang, out.state)}{flaw}{look}</li> }.into_any()
}
