//! Dates as people write them, in the organisation's zone. The engine has no `Intl`; the words are in the locale files.

use chrono::{Datelike, NaiveDate, NaiveDateTime, Timelike};
use domain::{Event, Moment};
use maud::{Markup, html};
use words::Lang;

use super::site::Site;
use crate::zones;

/// A word of a list in a locale file, by its number from nought.
fn nth(words: &'static str, number: u32) -> &'static str {
    words.split_whitespace().nth(number as usize).unwrap_or_default()
}

/// "23 de noviembre de 2026, 18:30".
pub fn written(lang: Lang, civil: NaiveDateTime) -> String {
    lang.public_date_time(day(lang, civil.date()), clock(civil))
}

/// "23 de noviembre de 2026".
pub fn day(lang: Lang, date: NaiveDate) -> String {
    lang.public_date(date.day(), nth(lang.public_months(), date.month0()), date.year())
}

/// "lunes, 23 de noviembre de 2026, 18:30".
fn written_long(lang: Lang, civil: NaiveDateTime) -> String {
    let weekday = nth(lang.public_weekdays(), civil.weekday().num_days_from_monday());
    let month = nth(lang.public_months(), civil.month0());
    lang.public_date_time(lang.public_date_long(civil.day(), month, weekday, civil.year()), clock(civil))
}

fn clock(civil: NaiveDateTime) -> String {
    format!("{}:{:02}", civil.hour(), civil.minute())
}

impl Site {
    /// What the clock on the town hall shows.
    pub fn civil(&self, at: Moment) -> NaiveDateTime {
        zones::civil(&self.organisation.zone, at)
    }

    /// A moment as text.
    pub fn written(&self, at: Moment) -> String {
        written(self.lang, self.civil(at))
    }

    /// A moment for people and programs.
    pub fn time(&self, at: Moment) -> Markup {
        html! { time datetime=(at.to_rfc3339()) { (self.written(at)) } }
    }

    /// When an event is, from its weekday to its end; the end without its date if it is the same day.
    pub fn event_time(&self, event: &Event) -> Markup {
        let start = self.civil(event.start);
        html! {
            time itemprop="startDate" datetime=(event.start.to_rfc3339()) { (written_long(self.lang, start)) }
            @if let Some(end) = event.end {
                @let civil = self.civil(end);
                @let text = if civil.date() == start.date() { clock(civil) } else { written_long(self.lang, civil) };
                " " time itemprop="endDate" datetime=(end.to_rfc3339()) { (self.lang.public_event_until(text)) }
            }
        }
    }

    /// A leaf of a wall calendar: the day in large, the month, the weekday. For eyes; the date is said beside it.
    pub fn leaf(&self, at: Moment) -> Markup {
        let civil = self.civil(at);
        let weekday = nth(self.lang.public_weekdays(), civil.weekday().num_days_from_monday());
        html! {
            span.leaf aria-hidden="true" {
                span.leaf-month { (nth(self.lang.public_months_short(), civil.month0())) }
                span.leaf-day { (civil.day()) }
                span.leaf-weekday { (weekday.chars().take(3).collect::<String>()) }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_date_is_written_as_people_write_it() {
        let civil: NaiveDateTime = "2026-11-23T18:05:00".parse().unwrap();
        assert_eq!(written(Lang::Es, civil), "23 de noviembre de 2026, 18:05");
        assert_eq!(written_long(Lang::Es, civil), "lunes, 23 de noviembre de 2026, 18:05");
        assert_eq!(written_long(Lang::En, civil), "Monday 23 November 2026, 18:05");
    }
}
