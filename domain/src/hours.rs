//! The organisation's working hours, and what is a number of working hours after an instant.
//! Separate from `slot`: a post may go out at any hour, but nobody is late for not deciding at night.

use std::collections::BTreeSet;

use chrono::{Datelike, NaiveDate, NaiveTime};
use serde::{Deserialize, Deserializer, Serialize, de::Error as _};

use crate::{
    Millis, Moment, Refusal, slot,
    zone::{Resolved, Zone},
};

/// A span of working time, in minutes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct WorkMinutes(pub u32);

impl WorkMinutes {
    /// A span of whole working hours.
    pub const fn hours(hours: u32) -> Self {
        Self(hours.saturating_mul(60))
    }

    const fn span(self) -> Millis {
        Millis::minutes(self.0 as i64)
    }
}

/// A stretch of a day in which somebody is there, in minutes after midnight on the wall. Two of them are a split day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Shift {
    /// The first minute.
    pub from: u16,
    /// The first minute after it; 1440 is midnight.
    pub until: u16,
}

/// The week and the holidays.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Hours {
    /// The shifts of each weekday, Monday first.
    pub week: [Vec<Shift>; 7],
    /// The days on which nobody is there: national, regional and the two local ones.
    #[serde(deserialize_with = "days")]
    pub holidays: BTreeSet<NaiveDate>,
}

/// Reads days, as `slot::day` reads one.
///
/// # Errors
/// What is no such day.
pub fn days<'de, D: Deserializer<'de>>(from: D) -> Result<BTreeSet<NaiveDate>, D::Error> {
    let texts = Vec::<String>::deserialize(from)?;
    // One by one: to collect them is to sort them first, which is 3 KB of the first load.
    let mut days = BTreeSet::new();
    for text in &texts {
        days.insert(slot::read_day(text).ok_or_else(|| D::Error::custom("a day is written 2026-12-24"))?);
    }
    Ok(days)
}

/// A day has 24 hours of 60 minutes on the wall, whatever the clocks do.
const DAY_MINUTES: u16 = 1_440;
/// More stretches than this are no working day.
const SHIFTS: usize = 6;
/// Twenty years of holidays; each year has fourteen in Spain.
const HOLIDAYS: usize = 300;
/// Where the reckoning of a deadline gives up: a year of holidays on end is a mistake in the calendar.
const DAYS: usize = 400;

impl Default for Hours {
    /// Monday to Friday from eight to three: the hours of most town halls in Spain.
    fn default() -> Self {
        let open = vec![Shift { from: 480, until: 900 }];
        let week = [open.clone(), open.clone(), open.clone(), open.clone(), open, Vec::new(), Vec::new()];
        Self { week, holidays: BTreeSet::new() }
    }
}

impl Hours {
    /// Refuses hours that no deadline could be reckoned with.
    ///
    /// # Errors
    /// `Malformed` when a shift is empty, outside the day, out of order or over another, or there is none at all;
    /// `TooLarge`.
    pub fn parse(self) -> Result<Self, Refusal> {
        let malformed = || Refusal::Malformed { field: "hours".to_owned() };
        let bounded = |field: &str, limit: usize, length: usize| {
            let (limit, length) = (limit as u64, length as u64);
            if length > limit { Err(Refusal::TooLarge { field: field.to_owned(), limit, length }) } else { Ok(()) }
        };
        bounded("holidays", HOLIDAYS, self.holidays.len())?;
        for day in &self.week {
            bounded("hours", SHIFTS, day.len())?;
            let sound = day.iter().all(|shift| shift.from < shift.until && shift.until <= DAY_MINUTES);
            let ordered = day.windows(2).all(|two| two[0].until <= two[1].from);
            if !sound || !ordered {
                return Err(malformed());
            }
        }
        if self.week.iter().all(Vec::is_empty) { Err(malformed()) } else { Ok(self) }
    }

    fn shifts(&self, day: NaiveDate) -> &[Shift] {
        let open = !self.holidays.contains(&day);
        let place = day.weekday().num_days_from_monday() as usize;
        self.week.get(place).filter(|_| open).map_or(&[], Vec::as_slice)
    }
}

/// Working hours on the wall of a zone.
#[derive(Debug, Clone, Copy)]
pub struct Calendar<'a> {
    /// The hours.
    pub hours: &'a Hours,
    /// The zone.
    pub zone: &'a Zone,
}

impl Calendar<'_> {
    /// The instant at which this much working time has passed. `None` if the calendar has no more of it within 400
    /// days.
    pub fn after(&self, from: Moment, span: WorkMinutes) -> Option<Moment> {
        let mut left = span.span();
        for (start, end) in self.stretches(from, DAYS) {
            let room = end.since(start);
            if left <= room {
                return Some(start.plus(left));
            }
            left = Millis(left.0 - room.0);
        }
        None
    }

    /// The working time between two instants.
    pub fn between(&self, from: Moment, until: Moment) -> Millis {
        let days = until.since(from).0.div_euclid(Millis::days(1).0) + 3;
        let worked = self.stretches(from, usize::try_from(days).unwrap_or_default());
        Millis(worked.map(|(start, end)| end.min(until).since(start).0.max(0)).sum())
    }

    /// Whether somebody is there.
    pub fn is_open(&self, at: Moment) -> bool {
        self.stretches(at, 1).next().is_some_and(|(start, _)| start == at)
    }

    /// The stretches of work from an instant on, over some days, each cut to what is left of it.
    pub(crate) fn stretches(&self, from: Moment, days: usize) -> impl Iterator<Item = (Moment, Moment)> {
        let first = self.zone.civil(from).date();
        let shifts = first.iter_days().take(days).flat_map(move |day| {
            self.hours
                .shifts(day)
                .iter()
                .map(move |shift| (instant(day, shift.from, self.zone), instant(day, shift.until, self.zone)))
        });
        shifts.map(move |(start, end)| (start.max(from), end)).filter(|(start, end)| start < end)
    }
}

/// When the wall shows this minute of a day: the first time if twice, the next minute there is if never.
pub fn instant(day: NaiveDate, minute: u16, zone: &Zone) -> Moment {
    let (day, minute) = match minute {
        DAY_MINUTES.. => (day.succ_opt().unwrap_or(day), 0),
        _ => (day, u32::from(minute)),
    };
    let time = NaiveTime::from_num_seconds_from_midnight_opt(minute * 60, 0).unwrap_or_default();
    match zone.resolve(day.and_time(time)) {
        Resolved::One(at) | Resolved::Fold { first: at, .. } | Resolved::Gap { after: at, .. } => at,
    }
}

/// The first instant of a day.
pub fn midnight(day: NaiveDate, zone: &Zone) -> Moment {
    instant(day, 0, zone)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::slot::parse_civil;
    use crate::zone::bench::madrid;
    use proptest::prelude::*;

    fn at(civil: &str) -> Moment {
        match madrid().resolve(parse_civil(civil).unwrap()) {
            Resolved::One(at) => at,
            other => panic!("{other:?}"),
        }
    }

    /// Nine to two and four to seven, not on Fridays' afternoon; the 6th of April 2026 is a holiday.
    fn split() -> Hours {
        let (morning, afternoon) = (Shift { from: 540, until: 840 }, Shift { from: 960, until: 1_140 });
        let whole = vec![morning, afternoon];
        let week = [whole.clone(), whole.clone(), whole.clone(), whole, vec![morning], vec![], vec![]];
        Hours { week, holidays: BTreeSet::from(["2026-04-06".parse().unwrap()]) }
    }

    fn after(from: &str, hours: u32) -> String {
        let (hours_of, zone) = (split(), madrid());
        let calendar = Calendar { hours: &hours_of, zone: &zone };
        zone.civil(calendar.after(at(from), WorkMinutes::hours(hours)).unwrap()).to_string()
    }

    #[test]
    fn a_deadline_skips_the_siesta_the_night_the_weekend_and_the_holiday() {
        assert_eq!(after("2026-04-01T13:00", 2), "2026-04-01 17:00:00"); // over the siesta
        assert_eq!(after("2026-04-01T18:00", 2), "2026-04-02 10:00:00"); // over the night
        assert_eq!(after("2026-04-03T13:00", 2), "2026-04-07 10:00:00"); // Friday; Monday is a holiday
        assert_eq!(after("2026-04-04T23:30", 1), "2026-04-07 10:00:00"); // from the middle of the weekend
        assert_eq!(after("2026-04-01T13:00", 1), "2026-04-01 14:00:00"); // to the last minute
    }

    #[test]
    fn a_night_shift_counts_the_hours_that_there_are() {
        let night = vec![Shift { from: 0, until: 360 }];
        let week = std::array::from_fn(|_| night.clone());
        let (hours, zone) = (Hours { week, holidays: BTreeSet::new() }, madrid());
        let calendar = Calendar { hours: &hours, zone: &zone };
        let night = |day: &str, next: &str| calendar.between(at(day), at(next));
        assert_eq!(night("2026-03-28T12:00", "2026-03-29T12:00"), Millis::hours(5));
        assert_eq!(night("2026-10-24T12:00", "2026-10-25T12:00"), Millis::hours(7));
        assert_eq!(night("2026-10-25T12:00", "2026-10-26T12:00"), Millis::hours(6));
    }

    #[test]
    fn a_holiday_is_a_day_in_one_form() {
        let text = serde_json::to_string(&split()).unwrap();
        assert_eq!(serde_json::from_str::<Hours>(&text).unwrap(), split());
        for wrong in ["2026-4-6", "2026-04-31", "2026-04-06T00:00", "06/04/2026", ""] {
            assert!(serde_json::from_str::<Hours>(&text.replace("2026-04-06", wrong)).is_err(), "{wrong}");
        }
    }

    #[test]
    fn hours_that_nothing_can_be_reckoned_with_are_refused() {
        let with = |day: Vec<Shift>| Hours { week: std::array::from_fn(|_| day.clone()), holidays: BTreeSet::new() };
        for day in [
            vec![],
            vec![Shift { from: 600, until: 600 }],
            vec![Shift { from: 600, until: 1_441 }],
            vec![Shift { from: 600, until: 700 }, Shift { from: 699, until: 800 }],
        ] {
            assert_eq!(with(day).parse(), Err(Refusal::Malformed { field: "hours".to_owned() }));
        }
        assert!(split().parse().is_ok());
        assert!(Hours::default().parse().is_ok());
    }

    #[test]
    fn a_calendar_without_working_days_has_no_deadline() {
        let first: NaiveDate = "2026-01-01".parse().unwrap();
        let hours = Hours { holidays: first.iter_days().take(900).collect(), ..Hours::default() };
        let zone = madrid();
        let calendar = Calendar { hours: &hours, zone: &zone };
        assert_eq!(calendar.after(at("2026-02-01T10:00"), WorkMinutes::hours(1)), None);
    }

    proptest! {
        #[test]
        fn a_deadline_is_that_much_work_away_and_never_at_night(minute in 0_i64..500_000, span in 1_u32..6_000) {
            let (hours, zone) = (split(), madrid());
            let calendar = Calendar { hours: &hours, zone: &zone };
            let from = Moment(1_767_225_600_000).plus(Millis::minutes(minute));
            let due = calendar.after(from, WorkMinutes(span)).unwrap();
            prop_assert_eq!(calendar.between(from, due), Millis::minutes(i64::from(span)));
            prop_assert!(calendar.is_open(due.minus(Millis(1))));
        }
    }
}
