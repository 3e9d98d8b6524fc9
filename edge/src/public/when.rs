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

/// "lunes, 23 de noviembre".
pub fn long(lang: Lang, date: NaiveDate) -> String {
    let weekday = nth(lang.public_weekdays(), date.weekday().num_days_from_monday());
    lang.public_date_long(date.day(), nth(lang.public_months(), date.month0()), weekday)
}

/// "lunes, 23 de noviembre, 18:30"; with the year if it is not this one.
fn written_near(lang: Lang, civil: NaiveDateTime, year: i32) -> String {
    if civil.year() != year {
        return written(lang, civil);
    }
    lang.public_date_time(long(lang, civil.date()), clock(civil))
}

/// "18:30".
pub fn clock(civil: NaiveDateTime) -> String {
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
        let (lang, start, year) = (self.lang, self.civil(event.start), self.civil(self.now).year());
        html! {
            time itemprop="startDate" datetime=(event.start.to_rfc3339()) { (written_near(lang, start, year)) }
            @if let Some(end) = event.end {
                @let civil = self.civil(end);
                " " time itemprop="endDate" datetime=(end.to_rfc3339()) {
                    @if civil.date() == start.date() { (lang.public_event_until_hour(clock(civil))) }
                    @else { (lang.public_event_until_day(written_near(lang, civil, year))) }
                }
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
        assert_eq!(written_near(Lang::Es, civil, 2026), "lunes, 23 de noviembre, 18:05");
        assert_eq!(written_near(Lang::En, civil, 2026), "Monday 23 November, 18:05");
        assert_eq!(written_near(Lang::En, civil, 2025), "23 November 2026, 18:05");
    }
}
