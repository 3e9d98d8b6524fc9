//! The agenda: what is coming, and an event's facts wherever one is shown.

use axum::{
    body::Body,
    http::{Response, StatusCode},
};
use domain::{Event, Moment};
use maud::{Markup, html};

use super::{
    board::heading,
    frame::{Page, Section, empty, frame},
    prose,
    site::Site,
    visit::{Trouble, Visit},
};
use crate::store::notices::{self, Languages, Notice};

/// Events on the page. A town that has more at once is a fair; the calendar feed has them all.
const MOST: u32 = 50;

/// The agenda.
pub async fn page(visit: Visit) -> Result<Response<Body>, Trouble> {
    let site = Site::open(&visit).await?;
    let lang = site.lang;
    let posts = notices::upcoming(&visit.app.db, &site.organisation.id, site.now, MOST).await?;
    let body = html! {
        div.head {
            h1 { (lang.public_events()) }
            p.lead { (lang.public_agenda_lead()) }
        }
        div.agenda {
            @for post in &posts { (line(&site, post, false)) }
            @if posts.is_empty() { (empty(lang.public_no_events(), lang.public_no_events_next())) }
        }
        p.pages { a.button href=(site.path("events.ics")) { (lang.public_feed_calendar()) } }
    };
    let page = Page {
        site: &site,
        section: Section::Agenda,
        path: "events".to_owned(),
        title: lang.public_events().to_owned(),
        description: lang.public_agenda_lead().to_owned(),
        image: None,
    };
    Ok(visit.html(StatusCode::OK, frame(&page, body), None))
}

/// An event in a list, on its own page or `beside` the board: its leaf, its name, when and where.
pub fn line(site: &Site, post: &Languages, beside: bool) -> Markup {
    let Some(notice) = site.choose(post) else { return html! {} };
    let Some(event) = &notice.rendition.event else { return html! {} };
    let path = site.path(&format!("posts/{}", notice.post));
    html! {
        article.event.cancelled[event.cancelled] itemscope itemtype="https://schema.org/Event" {
            (site.leaf(event.start))
            div {
                @let name = html! {
                    a itemprop="url" href=(path) lang=(notice.rendition.language) dir="auto" {
                        span itemprop="name" { (heading(&notice.rendition)) }
                    }
                };
                @if beside { h3 { (name) } } @else { h2 { (name) } }
                (facts_in_line(site, event))
            }
        }
    }
}

/// When and where in two short lines, and whether it was called off.
pub fn facts_in_line(site: &Site, event: &Event) -> Markup {
    let lang = site.lang;
    html! {
        p.facts lang=(lang.tag()) {
            @if event.cancelled { (cancelled(site)) " " }
            @else if is_over(event, site.now) { span.mark { (lang.public_event_over()) } " " }
            (site.event_time(event))
            @if !event.place.trim().is_empty() { br; (place(event)) }
        }
    }
}

/// The facts of an event on its own page.
pub fn facts(site: &Site, notice: &Notice, event: &Event) -> Markup {
    let lang = site.lang;
    let calendar = site.path(&format!("posts/{}/event.ics", notice.post));
    html! {
        div.event.big.cancelled[event.cancelled] {
            (site.leaf(event.start))
            dl {
                @if event.cancelled { div { dd { (cancelled(site)) } } }
                @else if is_over(event, site.now) { div { dd { span.mark { (lang.public_event_over()) } } } }
                div { dt { (lang.public_event_when()) } dd { (site.event_time(event)) } }
                @if !event.place.trim().is_empty() {
                    div { dt { (lang.public_event_where()) } dd { (place(event)) } }
                }
            }
            @if !event.cancelled && !is_over(event, site.now) {
                a.button href=(calendar) { (lang.public_add_to_calendar()) }
            }
        }
    }
}

fn place(event: &Event) -> Markup {
    html! {
        span itemprop="location" itemscope itemtype="https://schema.org/Place" {
            span itemprop="name" {
                @if domain::content::is_web_address(&event.place) {
                    a href=(event.place) rel="noopener" { (prose::shown(&event.place)) }
                } @else { (event.place) }
            }
        }
    }
}

fn cancelled(site: &Site) -> Markup {
    html! {
        link itemprop="eventStatus" href="https://schema.org/EventCancelled";
        strong.mark.stop { (site.lang.public_event_cancelled()) }
    }
}

/// Three hours where nobody said an end, as the table's `event_until`.
fn is_over(event: &Event, now: Moment) -> bool {
    event.end.unwrap_or(event.start.plus(domain::Millis::hours(3))) < now
}
