//! A post in the calendar: when, what, where, how it is, and what can be done with it.

use domain::{Moment, StageName, delivery::PublicationState};
use leptos::prelude::*;
use wire::posts::PostRow;
use words::{Lang, network_name, publication_state_name, stage_name};

use crate::{
    pages::around,
    parts::arrange,
    platform::time::{self, Form},
    routes,
    state::session,
    ui::Hue,
};

/// How a post is, in one word and one mood: what went wrong counts most.
pub fn condition(lang: Lang, row: &PostRow) -> (&'static str, Hue) {
    if row.stage != StageName::Out {
        let hue = match row.stage {
            StageName::Placed => Hue::Info,
            StageName::Approved => Hue::Good,
            StageName::InReview => Hue::Warn,
            _ => Hue::Neutral,
        };
        return (stage_name(lang, row.stage), hue);
    }
    let mut states: Vec<_> = row.going.iter().filter_map(|going| going.state).collect();
    arrange(&mut states, |state| weight(*state));
    match states.last() {
        Some(state) => (publication_state_name(lang, *state), mood(*state)),
        None => (stage_name(lang, row.stage), Hue::Good),
    }
}

/// How much a state wants to be seen.
const fn weight(state: PublicationState) -> u8 {
    match state {
        PublicationState::Failed => 9,
        PublicationState::Unknown => 8,
        PublicationState::Held => 7,
        PublicationState::InHand => 6,
        PublicationState::Going => 5,
        PublicationState::Waiting => 4,
        PublicationState::Out => 3,
        PublicationState::TakenDown => 2,
        PublicationState::Cancelled => 1,
    }
}

/// The mood of a state.
pub const fn mood(state: PublicationState) -> Hue {
    match state {
        PublicationState::Failed => Hue::Bad,
        PublicationState::Unknown | PublicationState::Held | PublicationState::InHand => Hue::Warn,
        PublicationState::Going | PublicationState::Waiting => Hue::Info,
        PublicationState::Out => Hue::Good,
        PublicationState::TakenDown | PublicationState::Cancelled => Hue::Neutral,
    }
}

/// The marks of its networks, each once, named for whoever does not see them.
pub fn marks(lang: Lang, row: &PostRow) -> AnyView {
    let mut networks: Vec<_> = row.going.iter().map(|going| going.network).collect();
    arrange(&mut networks, |network| *network);
    networks.dedup();
    let names = networks.iter().map(|network| network_name(lang, *network)).collect::<Vec<_>>().join(", ");
    view! {
        <span class="marks" role="img" aria-label=names>
            {networks.into_iter().map(around::mark).collect::<Vec<_>>()}
        </span>
    }
    .into_any()
}

/// The time of a slot.
pub fn clock(lang: Lang, at: Option<Moment>) -> String {
    at.map(|at| time::moment(at, &session().zone(), lang.tag(), Form::Time)).unwrap_or_default()
}

/// The heading's `id`: the focus goes there after a move, for the card was made anew.
pub fn slip_id(post: &domain::PostId) -> String {
    format!("slip-{post}")
}

/// What is on a card, without what moves it.
pub fn face(lang: Lang, row: &PostRow) -> AnyView {
    let (state, hue) = condition(lang, row);
    let heading = if row.heading.is_empty() { lang.post_untitled().to_owned() } else { row.heading.clone() };
    let time = clock(lang, row.slot);
    let planned = row.slot.is_some() && matches!(row.stage, StageName::Draft | StageName::InReview);
    let missed = row.missed.map(|miss| words::missed(lang, miss.why, around::when(miss.at, Form::Full)));
    view! {
        <p class="slip-top">
            <time class="slip-time">{time}</time>
            {marks(lang, row)}
        </p>
        <a href=routes::post(&row.id) id=slip_id(&row.id) class="slip-heading" draggable="false">{heading}</a>
        <p class="slip-state">
            <span class="chip" data-hue=hue.name()>{state}</span>
            {planned.then(|| view! { <span class="slip-wish">{lang.plan_chip()}</span> })}
        </p>
        {missed.map(|text| view! { <p class="slip-missed">{text}</p> })}
    }
    .into_any()
}
