//! The record's daily heads, published so that nobody can rewrite what was kept without anyone noticing.

use axum::{
    body::Body,
    http::{Response, StatusCode},
};
use domain::json;
use maud::html;

use super::{
    frame::{Page, Section, empty, frame},
    site::Site,
    visit::{Trouble, Visit},
    when,
};
use crate::store::records::{self, Day};

/// Days on a page.
const PAGE: usize = 60;

/// Sorts behind every day.
const END: &str = "9999-12-31";

/// The heads for people.
pub async fn page(visit: Visit) -> Result<Response<Body>, Trouble> {
    let site = Site::open(&visit).await?;
    let before = before(&visit)?;
    let mut days = records::days(&visit.app.db, &site.organisation.id, &before, PAGE as u32 + 1).await?;
    let more = days.len() > PAGE;
    days.truncate(PAGE);
    let lang = site.lang;
    let today = site.civil(site.now).date().to_string();
    let older = days.last().filter(|_| more).map(|day| site.path_with("record", "before", &day.day));
    let body = html! {
        div.head {
            h1 { (lang.public_record()) }
            p.lead { (lang.public_record_lead()) }
        }
        @if days.is_empty() { (empty(lang.public_record_empty(), lang.public_record_empty_next())) }
        @else {
            div.table tabindex="0" role="region" aria-label=(lang.public_record()) {
                table {
                    thead { tr {
                        th scope="col" { (lang.public_record_day()) }
                        th scope="col" { (lang.public_record_entries()) }
                        th scope="col" { (lang.public_record_link()) }
                    } }
                    tbody {
                        @for day in &days {
                            tr {
                                th scope="row" {
                                    time datetime=(day.day) { (written(&site, day)) }
                                    @if day.day == today { " (" (lang.public_record_so_far()) ")" }
                                }
                                td { (day.seq) }
                                td { code { (day.chain) } }
                            }
                        }
                    }
                }
            }
            nav.pages { @if let Some(older) = older { a.button href=(older) rel="next" { (lang.public_record_older()) } } }
        }
        section.how {
            h2 { (lang.public_record_how()) }
            ol {
                li { (lang.public_record_how_1()) }
                li { (lang.public_record_how_2()) }
                li { (lang.public_record_how_3()) }
            }
            p { a href=(site.path("record.json")) { "record.json" } }
        }
    };
    let page = Page {
        site: &site,
        section: Section::Record,
        path: "record".to_owned(),
        title: lang.public_record().to_owned(),
        description: lang.public_record_lead().to_owned(),
        image: None,
    };
    Ok(visit.html(StatusCode::OK, frame(&page, body), None))
}

fn written(site: &Site, day: &Day) -> String {
    match day.day.parse() {
        Ok(date) => when::day(site.lang, date),
        Err(_) => day.day.clone(),
    }
}

/// The heads for programs, a year at most.
pub async fn list(visit: Visit) -> Result<Response<Body>, Trouble> {
    let site = Site::open(&visit).await?;
    let days = records::days(&visit.app.db, &site.organisation.id, &before(&visit)?, 366).await?;
    let body = json!({
        "version": 1,
        "name": site.organisation.name,
        "url": site.address("record"),
        "zone": site.organisation.zone,
        "link": "SHA-256(previous LF seq LF at LF digest)",
        "digest": "SHA-256(salt LF body)",
        "genesis": domain::record::GENESIS,
        "days": days,
    });
    Ok(visit.feed("application/json", body.to_string()))
}

fn before(visit: &Visit) -> Result<String, Trouble> {
    let Some(text) = visit.query("before") else { return Ok(END.to_owned()) };
    let date: chrono::NaiveDate = text.parse().map_err(|_| Trouble::NotFound)?;
    Ok(date.to_string())
}
