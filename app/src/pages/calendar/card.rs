//! A post in the calendar: when, what, where, how it is, and what can be done with it.

use domain::{
    CampaignId, MessageId, Moment, Network, PostId, SeriesId, StageName,
    clash::{About, Clash, Planned, clashes},
    delivery::PublicationState,
};
use leptos::prelude::*;
use wire::posts::PostRow;
use words::{Lang, network_name, publication_state_name, stage_name};

use super::{DEEDS, May, Shown, is_agreed};
use crate::{
    pages::around,
    parts::{arrange, letters},
    platform::time::{self, Form},
    routes,
    state::{second, session},
    ui::{Hue, Plain, el},
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

/// The networks that it goes to, each once.
fn networks(row: &PostRow) -> Vec<Network> {
    let mut networks: Vec<_> = row.going.iter().map(|going| going.network).collect();
    arrange(&mut networks, |network| *network);
    networks.dedup();
    networks
}

/// The marks of its networks, named for whoever does not see them.
pub fn marks(lang: Lang, row: &PostRow) -> AnyView {
    marked(lang, row).into_any()
}

fn marked(lang: Lang, row: &PostRow) -> Plain {
    let letters = networks(row).into_iter().map(letters).collect::<Vec<_>>();
    el("span", "marks").with("role", "img").with("aria-label", named(lang, row)).put(letters)
}

/// Its networks in words.
fn named(lang: Lang, row: &PostRow) -> String {
    networks(row).into_iter().map(|network| network_name(lang, network)).collect::<Vec<_>>().join(", ")
}

/// What is heard where the focus comes to its heading: all that whoever sees the card has seen by then. It begins with the
/// words that are seen there, for whoever says them aloud to press it (WCAG 2.5.3).
fn heard(lang: Lang, row: &PostRow, heading: &str, state: &[Option<&str>]) -> String {
    let civil = |at: Moment| session().me.with_untracked(|me| me.as_ref().map(|me| me.zone.civil(at).date()));
    let day = row.slot.and_then(civil).map(|day| time::date(day, lang.tag(), Form::DayLong));
    let hour = row.slot.map_or_else(|| lang.calendar_tray().to_owned(), |at| clock(lang, Some(at)));
    let networks = Some(named(lang, row)).filter(|names| !names.is_empty());
    let about = [Some(heading), day.as_deref(), Some(hour.as_str()), networks.as_deref()];
    about.iter().chain(state).flatten().copied().collect::<Vec<_>>().join(", ")
}

/// The time of a slot.
pub fn clock(lang: Lang, at: Option<Moment>) -> String {
    at.map(|at| time::moment(at, &session().zone(), lang.tag(), Form::Time)).unwrap_or_default()
}

/// The same on the second clock, where somebody wants to see one.
pub fn there(at: Moment) -> Option<Plain> {
    second::hour(at).map(|told| el("span", "slip-there").put(told))
}

/// How the `id` of every heading begins.
pub const SLIP: &str = "slip-";

/// The heading's `id`: the focus goes there after a move, for the card may have been made anew.
pub fn slip_id(post: &domain::PostId) -> String {
    [SLIP, post.as_str()].concat()
}

/// What a card says besides the post itself.
#[derive(Debug, Clone, PartialEq)]
pub struct Beside {
    /// What it gets in the way of: in words, and which post that is.
    clash: Option<(String, PostId)>,
}

/// What stands beside each post of a calendar: by its place. `beyond` are posts of the days before and after it, which
/// clash as well.
pub fn beside<'r>(lang: Lang, rows: &'r [PostRow], beyond: &'r [PostRow]) -> Vec<Beside> {
    let still = |row: &PostRow| !matches!(row.stage, StageName::Out | StageName::Cancelled);
    let all_of = || rows.iter().chain(beyond);
    let planned = |row: &'r PostRow| {
        let on = row.going.iter().map(|going| ((going.channel.as_str(), going.language.as_str()), going.says));
        let topics = [row.message.as_ref().map(MessageId::as_str), row.campaign.as_ref().map(CampaignId::as_str)];
        Some(Planned {
            at: row.slot?,
            on: on.collect(),
            heading: &row.heading,
            series: row.series.as_ref().map(SeriesId::as_str),
            about: Some(About { topics, by: row.author.as_str(), units: &row.units }),
        })
    };
    let at_work: Vec<(usize, Planned<'r, (&str, &str)>)> = all_of()
        .enumerate()
        .filter(|(_, row)| still(row))
        .filter_map(|(place, row)| Some((place, planned(row)?)))
        .collect();
    let (places, planned): (Vec<usize>, Vec<_>) = at_work.into_iter().unzip();
    let mut all = vec![Beside { clash: None }; rows.len()];
    for (place, clash) in places.iter().zip(clashes(&planned)) {
        let (Some((how, with)), Some(one)) = (clash, all.get_mut(*place)) else { continue };
        let Some(row) = all_of().nth(places[with]) else { continue };
        let (other, when) = (heading(lang, row), || around::when(planned[with].at, Form::Full));
        let text = match how {
            Clash::Near => lang.calendar_clash_near(other),
            Clash::Again => lang.calendar_clash_again(when()),
            Clash::Same => lang.calendar_clash_same(other, when()),
            Clash::Topic => lang.calendar_clash_topic(other, when()),
        };
        one.clash = Some((text, row.id.clone()));
    }
    all
}

/// What it is called.
pub fn heading(lang: Lang, row: &PostRow) -> String {
    if row.heading.is_empty() { lang.post_untitled().to_owned() } else { row.heading.clone() }
}

/// How much room a card has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Room {
    /// A slip of paper: all that is to be said of it.
    Slip,
    /// One line among many.
    Line,
}

/// A post in the calendar. It carries names only, no listeners: those of the page serve all cards (`data-card`).
pub fn card(lang: Lang, row: &PostRow, beside: Option<&Beside>, room: Room, may: May) -> Plain {
    let (state, hue) = condition(lang, row);
    let movable = may.moves(row);
    let planned = row.slot.is_some() && !is_agreed(row.stage);
    let name = heading(lang, row);
    let class = match (room, movable, is_agreed(row.stage)) {
        (Room::Slip, true, true) => "slip slip-movable",
        (Room::Slip, true, false) => "slip slip-movable slip-planned",
        (Room::Slip, false, true) => "slip",
        (Room::Slip, false, false) => "slip slip-planned",
        (Room::Line, true, true) => "line slip-movable",
        (Room::Line, true, false) => "line slip-movable slip-planned",
        (Room::Line, false, true) => "line",
        (Room::Line, false, false) => "line slip-planned",
    };
    let mut card = el("li", class).with("data-hue", hue.name());
    if movable {
        // Who may not move it drags nothing.
        card = card.with("data-card", row.id.as_str()).put(el("span", "slip-handle").with("aria-hidden", "true"));
    }
    let time = el("time", "slip-time").put(clock(lang, row.slot));
    let top = el("p", "slip-top").put(time).put(row.slot.and_then(there)).put(marked(lang, row));
    let wished = planned.then(|| lang.plan_chip());
    let link = el("a", "slip-heading")
        .with("href", routes::post(&row.id))
        .with("id", slip_id(&row.id))
        .with("aria-label", heard(lang, row, &name, &[Some(state), wished]))
        .with("data-post", row.id.as_str())
        .with("draggable", "false")
        .put(name.as_str());
    let chip = el("span", "chip").with("data-hue", hue.name()).put(state);
    let wish = wished.map(|text| el("span", "slip-wish").put(text));
    let missed = row.missed.map(|miss| words::missed(lang, miss.why, around::when(miss.at, Form::Full)));
    let missed = missed.map(|text| el("p", "slip-missed").put(text));
    let clash = beside.and_then(|beside| beside.clash.as_ref()).map(|(text, with)| {
        let said = el("p", "slip-missed");
        match room {
            Room::Slip => {
                let there = el("a", "slip-clash").with("href", routes::post(with)).with("draggable", "false");
                said.put(there.put(text.as_str()))
            }
            // In a line the words are for whoever hears them: what nobody sees takes no focus.
            Room::Line => said.put(text.as_str()),
        }
    });
    let menu = (movable || may.write).then(|| {
        let dots = crate::ui::icon(crate::ui::Glyph::Dots);
        let button = el("button", "button quiet bare")
            .with("type", "button")
            .with("popovertarget", DEEDS)
            .with("data-of", row.id.as_str())
            .with("aria-label", lang.calendar_menu(name))
            .put(dots);
        el("span", "menu").put(button)
    });
    card.put(top).put(link).put(el("p", "slip-state").put(chip).put(wish)).put(missed).put(clash).put(menu)
}

/// The cards of a day.
pub fn cards(lang: Lang, shown: &Shown, of: &[usize], room: Room, may: May) -> Vec<Plain> {
    let one = |place: &usize| {
        let row = shown.rows.get(*place)?;
        Some(card(lang, row, shown.beside.get(*place), room, may))
    };
    of.iter().filter_map(one).collect()
}
