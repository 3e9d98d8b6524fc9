//! The envelope: within which times an approved post may be moved without asking again.
//! Separate from the slot: the slot is the hour that somebody chose, the envelope the hours that somebody agreed to.

use chrono::{Datelike, NaiveDate, NaiveDateTime, Timelike, Weekday};
use serde::{Deserialize, Serialize};

use crate::{
    Millis, Moment, Refusal, Slot,
    hours::midnight,
    slot::HORIZON,
    zone::{Resolved, Zone},
};

/// The times that were agreed to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "envelope", deny_unknown_fields)]
pub enum Envelope {
    /// From one moment to another, both included.
    Times {
        /// The first.
        from: Moment,
        /// The last.
        until: Moment,
    },
    /// The rule of a series: on these weekdays, between these minutes of the wall, from one day to another.
    Series {
        /// The weekdays.
        days: Vec<Weekday>,
        /// The first minute after midnight.
        from: u16,
        /// The last minute.
        until: u16,
        /// The first day.
        first: NaiveDate,
        /// The last day.
        last: NaiveDate,
        /// The zone of that wall.
        zone: String,
    },
}

/// A span longer than this is no time that anybody agreed to: it goes out whenever it is placed.
pub const LONGEST_AGREED: Millis = Millis::days(120);

impl Envelope {
    /// Refuses an envelope that nothing fits in, or that promises more than can be.
    ///
    /// # Errors
    /// `TermBackwards`, `TooFar`, `Malformed`.
    pub fn parse(self, now: Moment) -> Result<Self, Refusal> {
        match &self {
            Envelope::Times { from, until } => {
                if until < from {
                    return Err(Refusal::TermBackwards);
                }
                if *until > now.plus(HORIZON) {
                    return Err(Refusal::TooFar);
                }
            }
            Envelope::Series { days, from, until, first, last, .. } => {
                if last < first || until < from {
                    return Err(Refusal::TermBackwards);
                }
                if days.is_empty() || *until >= 1_440 {
                    return Err(Refusal::Malformed { field: "envelope".to_owned() });
                }
                let end = last.and_time(chrono::NaiveTime::default()).and_utc().timestamp_millis();
                if Moment(end) > now.plus(HORIZON) {
                    return Err(Refusal::TooFar);
                }
            }
        }
        Ok(self)
    }

    /// Whether a slot is within.
    pub fn covers(&self, slot: &Slot) -> bool {
        match self {
            Envelope::Times { from, until } => (*from..=*until).contains(&slot.at),
            Envelope::Series { days, from, until, first, last, zone } => {
                let (day, time) = (slot.civil.date(), slot.civil.time());
                // By the second: a slot at 12:00:59 is not within "until 12:00".
                let second = time.num_seconds_from_midnight();
                slot.zone == *zone
                    && days.contains(&day.weekday())
                    && (*first..=*last).contains(&day)
                    && (u32::from(*from) * 60..=u32::from(*until) * 60).contains(&second)
            }
        }
    }

    /// The last moment at which a slot may still go out by itself: the end of its window, or that of the envelope if it
    /// comes first. Of a series only the slot is bound; its window is the organisation's patience.
    pub fn latest(&self, slot: &Slot) -> Moment {
        match self {
            Envelope::Times { until, .. } => slot.ends().min(*until),
            Envelope::Series { .. } => slot.ends(),
        }
    }
}

/// Narrower times than the usual, as whoever writes asks for them on the wall. They become an [`Envelope`] when the post
/// is submitted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "margin", deny_unknown_fields)]
pub enum Margin {
    /// On this day only.
    Day {
        /// Which.
        day: NaiveDate,
    },
    /// Between these, both included.
    Between {
        /// The first.
        from: NaiveDateTime,
        /// The last.
        until: NaiveDateTime,
    },
}

impl Margin {
    /// The times that it is. On a night when clocks change it is read as wide as it can be: whoever agrees to "until half
    /// past two" has not said which of the two.
    pub fn envelope(&self, zone: &Zone) -> Envelope {
        match self {
            Margin::Day { day } => {
                let next = day.succ_opt().unwrap_or(*day);
                Envelope::Times { from: midnight(*day, zone), until: midnight(next, zone).minus(Millis(1)) }
            }
            Margin::Between { from, until } => {
                let from = match zone.resolve(*from) {
                    Resolved::One(at) | Resolved::Fold { first: at, .. } | Resolved::Gap { before: at, .. } => at,
                };
                let until = match zone.resolve(*until) {
                    Resolved::One(at) | Resolved::Fold { second: at, .. } | Resolved::Gap { after: at, .. } => at,
                };
                Envelope::Times { from, until }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Millis, slot::parse_civil};

    fn slot(civil: &str) -> Slot {
        let civil = parse_civil(civil).unwrap();
        let at = Moment(civil.and_utc().timestamp_millis());
        Slot { civil, zone: "UTC".to_owned(), at, window: Millis::minutes(30) }
    }

    #[test]
    fn a_move_inside_keeps_and_one_outside_does_not() {
        let (from, until) = (slot("2026-06-01T10:00").at, slot("2026-06-01T12:00").at);
        let envelope = Envelope::Times { from, until };
        assert!(envelope.covers(&slot("2026-06-01T10:00")));
        assert!(envelope.covers(&slot("2026-06-01T12:00")));
        assert!(!envelope.covers(&slot("2026-06-01T12:00:01")));
        assert!(!envelope.covers(&slot("2026-06-01T09:59:59")));
        assert_eq!(envelope.latest(&slot("2026-06-01T11:45")), until);
        assert_eq!(envelope.latest(&slot("2026-06-01T11:00")), slot("2026-06-01T11:30").at);
    }

    #[test]
    fn a_series_covers_its_days_and_hours_on_its_own_wall() {
        let envelope = Envelope::Series {
            days: vec![Weekday::Mon],
            from: 600,
            until: 720,
            first: "2026-06-01".parse().unwrap(),
            last: "2026-06-15".parse().unwrap(),
            zone: "UTC".to_owned(),
        };
        assert!(envelope.covers(&slot("2026-06-01T10:00")));
        assert!(envelope.covers(&slot("2026-06-15T12:00")));
        for outside in ["2026-06-02T10:00", "2026-06-22T10:00", "2026-06-01T12:00:59", "2026-06-01T09:59"] {
            assert!(!envelope.covers(&slot(outside)), "{outside}");
        }
        let elsewhere = Slot { zone: "Europe/Madrid".to_owned(), ..slot("2026-06-01T10:00") };
        assert!(!envelope.covers(&elsewhere));
    }

    #[test]
    fn a_narrower_margin_is_its_day_or_its_hours_on_the_wall() {
        // Madrid on the day in October that has 25 hours.
        let zone = Zone {
            name: "Europe/Madrid".to_owned(),
            initial: 7_200,
            transitions: vec![(Moment(1_792_890_000_000), 3_600)],
        };
        let day: NaiveDate = "2026-10-25".parse().unwrap();
        let Envelope::Times { from, until } = Margin::Day { day }.envelope(&zone) else { panic!("a day is times") };
        assert_eq!(until.since(from), Millis::hours(25).0.checked_sub(1).map(Millis).unwrap());
        assert_eq!((zone.civil(from).date(), zone.civil(until).date()), (day, day));
        let half_past_two = parse_civil("2026-10-25T02:30").unwrap();
        let between = Margin::Between { from: half_past_two, until: half_past_two };
        let Envelope::Times { from, until } = between.envelope(&zone) else { panic!("two hours are times") };
        assert_eq!(until.since(from), Millis::hours(1), "both of them");
    }

    #[test]
    fn an_envelope_that_nothing_fits_in_is_refused() {
        let now = slot("2026-06-01T10:00").at;
        let times = |from: i64, until: i64| {
            Envelope::Times { from: now.plus(Millis(from)), until: now.plus(Millis(until)) }.parse(now)
        };
        assert!(times(0, 0).is_ok());
        assert_eq!(times(1, 0), Err(Refusal::TermBackwards));
        assert_eq!(times(0, HORIZON.0 + 1), Err(Refusal::TooFar));
    }
}
