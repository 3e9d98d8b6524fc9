//! The agenda as iCalendar (`domain::ics`): for everybody's own calendar, as a subscription or one event at a time.

use axum::{
    body::Body,
    http::{HeaderValue, Response, header},
};
use domain::{
    Millis, PostId,
    ics::{KIND, Sheet, utc},
};

use super::{
    board::heading,
    feeds::uuid,
    site::Site,
    visit::{Trouble, Visit},
};
use crate::store::notices::{self, Languages, Notice};

/// How far back the calendar goes: who subscribes wants last month's too, not last year's.
const BACK: Millis = Millis::days(92);
/// Events in the calendar.
const MOST: u32 = 300;

/// Every event, past a little and coming; what was taken down is called off.
pub async fn all(visit: Visit) -> Result<Response<Body>, Trouble> {
    let site = Site::open(&visit).await?;
    let posts = notices::events_from(&visit.app.db, &site.organisation.id, site.now.minus(BACK), MOST).await?;
    Ok(visit.feed(KIND, calendar(&site, &posts)))
}

/// One event.
pub async fn one(visit: Visit) -> Result<Response<Body>, Trouble> {
    let site = Site::open(&visit).await?;
    let post: PostId = visit.part("post")?;
    let languages = notices::of_post(&visit.app.db, &site.organisation.id, &post).await?;
    if languages.iter().all(|notice| notice.rendition.event.is_none()) {
        return Err(Trouble::NotFound);
    }
    let mut response = visit.feed(KIND, calendar(&site, &[languages]));
    let name = HeaderValue::from_static("attachment; filename=\"event.ics\"");
    response.headers_mut().insert(header::CONTENT_DISPOSITION, name);
    Ok(response)
}

fn calendar(site: &Site, posts: &[Languages]) -> String {
    let mut sheet = Sheet::new("Noticeboard", &site.lang.public_agenda_named(&site.organisation.name));
    for post in posts {
        let up: Languages = post.iter().filter(|notice| notice.withdrawn.is_none()).cloned().collect();
        if let Some(notice) = site.choose(if up.is_empty() { post } else { &up }) {
            event(&mut sheet, site, notice);
        }
    }
    sheet.end()
}

fn event(sheet: &mut Sheet, site: &Site, notice: &Notice) {
    let rendition = &notice.rendition;
    let Some(event) = &rendition.event else { return };
    let address = site.address(&format!("posts/{}", notice.post));
    let called_off = event.cancelled || notice.withdrawn.is_some();
    // What was taken down must not be read here either.
    let withdrawn = notice.withdrawn.is_some();
    sheet.line("BEGIN", "VEVENT");
    sheet.line("UID", &uuid(notice.post.as_str()));
    sheet.line("DTSTAMP", &utc(notice.changed()));
    sheet.line("LAST-MODIFIED", &utc(notice.changed()));
    // Grows with every change, as it must; nobody else counts them.
    sheet.line("SEQUENCE", &(notice.changed().since(notice.published).0 / 1_000).to_string());
    sheet.line("DTSTART", &utc(event.start));
    if let Some(end) = event.end {
        sheet.line("DTEND", &utc(end));
    }
    let summary = if withdrawn { site.lang.public_withdrawn_title().to_owned() } else { heading(rendition) };
    sheet.text(&format!("SUMMARY;LANGUAGE={}", rendition.language), &summary);
    if !withdrawn {
        sheet.text("DESCRIPTION", &rendition.text);
        if !event.place.trim().is_empty() {
            sheet.text("LOCATION", &event.place);
        }
    }
    sheet.line("URL", &address);
    sheet.line("STATUS", if called_off { "CANCELLED" } else { "CONFIRMED" });
    sheet.line("END", "VEVENT");
}
