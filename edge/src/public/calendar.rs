//! The agenda as iCalendar (RFC 5545): for everybody's own calendar, as a subscription or one event at a time.

use axum::{
    body::Body,
    http::{HeaderValue, Response, header},
};
use chrono::{Datelike, Timelike};
use domain::{Millis, Moment, PostId};

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

const KIND: &str = "text/calendar; charset=utf-8";

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
    let mut sheet = Sheet::default();
    let name = site.lang.public_agenda_named(&site.organisation.name);
    sheet.line("BEGIN", "VCALENDAR");
    sheet.line("VERSION", "2.0");
    sheet.line("PRODID", "-//Pregon//Noticeboard//EN");
    sheet.line("CALSCALE", "GREGORIAN");
    sheet.text("NAME", &name); // RFC 7986
    sheet.text("X-WR-CALNAME", &name);
    sheet.line("REFRESH-INTERVAL;VALUE=DURATION", "PT1H");
    for post in posts {
        let up: Languages = post.iter().filter(|notice| notice.withdrawn.is_none()).cloned().collect();
        if let Some(notice) = site.choose(if up.is_empty() { post } else { &up }) {
            event(&mut sheet, site, notice);
        }
    }
    sheet.line("END", "VCALENDAR");
    sheet.0
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

fn utc(at: Moment) -> String {
    let at = chrono::DateTime::from_timestamp_millis(at.0).unwrap_or_default();
    let (date, time) = ((at.year(), at.month(), at.day()), (at.hour(), at.minute(), at.second()));
    format!("{:04}{:02}{:02}T{:02}{:02}{:02}Z", date.0, date.1, date.2, time.0, time.1, time.2)
}

/// Content lines, folded.
#[derive(Default)]
struct Sheet(String);

impl Sheet {
    /// A value that is no text: dates, addresses, names of the standard.
    fn line(&mut self, name: &str, value: &str) {
        // 75 octets a line, the leading space of a continuation included, never inside a character (3.1).
        let mut room = 75;
        for c in format!("{name}:{value}").chars() {
            if c.len_utf8() > room {
                self.0.push_str("\r\n ");
                room = 74;
            }
            room -= c.len_utf8();
            self.0.push(c);
        }
        self.0.push_str("\r\n");
    }

    /// A text: escaped (3.3.11), without control characters.
    fn text(&mut self, name: &str, value: &str) {
        let mut escaped = String::with_capacity(value.len());
        for c in value.trim().chars() {
            match c {
                '\\' | ';' | ',' => escaped.extend(['\\', c]),
                '\n' => escaped.push_str("\\n"),
                c if c.is_control() && c != '\t' => {}
                c => escaped.push(c),
            }
        }
        self.line(name, &escaped);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn unfolded(text: &str) -> String {
        text.replace("\r\n ", "")
    }

    #[test]
    fn long_lines_are_folded_between_characters_and_come_back_whole() {
        let text =
            "Música en la plaza 🎺 con la banda municipal y chocolate para quien venga, hasta que se acabe. ".repeat(4);
        let mut sheet = Sheet::default();
        sheet.line("SUMMARY", text.trim());
        assert!(sheet.0.split("\r\n").all(|line| line.len() <= 75), "{}", sheet.0);
        assert_eq!(unfolded(&sheet.0), format!("SUMMARY:{}\r\n", text.trim()));
    }

    #[test]
    fn a_text_cannot_add_a_line() {
        let mut sheet = Sheet::default();
        sheet.text("LOCATION", "Plaza; 1, bajo\\\r\nEND:VCALENDAR\u{7}");
        assert_eq!(sheet.0, "LOCATION:Plaza\\; 1\\, bajo\\\\\\nEND:VCALENDAR\r\n");
    }

    #[test]
    fn a_moment_is_in_utc() {
        assert_eq!(utc(Moment(1_774_746_000_000)), "20260329T010000Z");
    }
}
