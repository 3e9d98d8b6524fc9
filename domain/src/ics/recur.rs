//! On which days something repeats (RFC 5545, 3.3.10), as far as calendars of towns, schools and clubs say it. What of a rule is
//! not understood is no rule: half of one would show days on which nothing is.

use chrono::{Datelike, Days, NaiveDate, NaiveDateTime, Weekday};

use super::read::{Time, day, time};
use crate::Moment;

/// Every so often.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Often {
    Daily,
    Weekly,
    Monthly,
    Yearly,
}

/// When it is over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Until {
    /// With this day.
    Day(NaiveDate),
    /// With this hour on the wall of the event.
    Wall(NaiveDateTime),
    /// With this instant.
    Instant(Moment),
}

/// A rule that is understood whole.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Rule {
    often: Often,
    /// Every so many days, weeks, months or years.
    every: i64,
    /// So many in all, the first counted.
    count: Option<u32>,
    pub(super) until: Option<Until>,
    /// Days of the week, each with which one of the month it is: 0 is every one, -1 the last.
    weekdays: Vec<(i8, Weekday)>,
    /// Days of the month; from its end where negative.
    days: Vec<i8>,
    /// Months, a bit each, January at 1; none is all of them.
    months: u16,
    /// Where a week begins: it matters for every other week.
    monday: Weekday,
}

/// More than a thousand weeks between two is no series.
const EVERY: i64 = 1_000;
/// A rule in bytes: one that names every day of a month from both ends has two hundred. What is longer is written to be
/// reckoned for hours.
const LONGEST: usize = 600;

impl Rule {
    /// Reads one that is understood whole.
    pub fn read(text: &str) -> Option<Self> {
        if text.len() > LONGEST {
            return None;
        }
        let mut often = None;
        let (mut every, mut count, mut until) = (1_i64, None, None);
        let (mut weekdays, mut days, mut months, mut monday) = (Vec::new(), Vec::new(), 0_u16, Weekday::Mon);
        for part in text.split(';').map(str::trim).filter(|part| !part.is_empty()) {
            let (name, value) = part.split_once('=')?;
            match name.to_ascii_uppercase().as_str() {
                "FREQ" => {
                    often = Some(match value.to_ascii_uppercase().as_str() {
                        "DAILY" => Often::Daily,
                        "WEEKLY" => Often::Weekly,
                        "MONTHLY" => Often::Monthly,
                        "YEARLY" => Often::Yearly,
                        _ => return None,
                    });
                }
                "INTERVAL" => every = value.parse::<i64>().ok().filter(|every| (1..=EVERY).contains(every))?,
                "COUNT" => count = Some(value.parse::<u32>().ok().filter(|count| *count > 0)?),
                "UNTIL" => until = Some(read_until(value)?),
                "WKST" => monday = weekday(value)?,
                "BYDAY" => weekdays = once_each(value, of_week)?,
                "BYMONTHDAY" => days = once_each(value, of_month)?,
                "BYMONTH" => {
                    for month in value.split(',') {
                        let month = month.parse::<u16>().ok().filter(|month| (1..=12).contains(month))?;
                        months |= 1_u16 << month;
                    }
                }
                // Hours, seconds, places in a set, weeks of a year: told, not guessed.
                _ => return None,
            }
        }
        let rule = Self { often: often?, every, count, until, weekdays, days, months, monday };
        rule.is_plain().then_some(rule)
    }

    /// Whether it asks nothing that is not reckoned here.
    fn is_plain(&self) -> bool {
        let nth = self.weekdays.iter().any(|(place, _)| *place != 0);
        match self.often {
            Often::Daily | Often::Weekly => !nth && self.days.is_empty(),
            Often::Monthly => self.weekdays.is_empty() || self.days.is_empty(),
            // The twentieth Monday of a year, or every Monday of it, nobody writes: without months it is no day of a month.
            Often::Yearly => self.weekdays.is_empty() || (self.days.is_empty() && self.months != 0),
        }
    }

    /// Gives `take` the day on which it begins and then each on which it repeats, in order, until `take` wants no more, `last`
    /// is past, or the rule is over. What is before `from` may be passed over. Each step takes one of `steps`; answers whether
    /// they were enough.
    pub fn each(
        &self,
        start: NaiveDate,
        (from, last): (NaiveDate, NaiveDate),
        steps: &mut u32,
        mut take: impl FnMut(NaiveDate) -> bool,
    ) -> bool {
        let mut given = 1;
        // It begins where it begins, also where the rule does not name that day (3.8.5.3).
        if !take(start) || self.count == Some(1) {
            return true;
        }
        let mut turn = if self.count.is_some() { 0 } else { self.turns_before(start, from) };
        let mut more = |day: NaiveDate| {
            if day <= start {
                return true;
            }
            given += 1;
            day <= last && take(day) && self.count.is_none_or(|count| given < count)
        };
        loop {
            if *steps == 0 {
                return false;
            }
            *steps -= 1;
            let Some(done) = self.turn(start, turn, last, steps, &mut more) else { return true };
            if done {
                return true;
            }
            turn += 1;
        }
    }

    /// How many turns of the rule surely lie before a day.
    fn turns_before(&self, start: NaiveDate, from: NaiveDate) -> i64 {
        let apart = match self.often {
            Often::Daily => (from - start).num_days(),
            Often::Weekly => (from - start).num_days() / 7,
            Often::Monthly => month_of(from) - month_of(start),
            Often::Yearly => i64::from(from.year() - start.year()),
        };
        (apart / self.every - 1).max(0)
    }

    /// The days of one turn: a day, a week, a month, a year. Nothing where the calendar ends; else whether it is over.
    fn turn(
        &self,
        start: NaiveDate,
        turn: i64,
        last: NaiveDate,
        steps: &mut u32,
        more: &mut impl FnMut(NaiveDate) -> bool,
    ) -> Option<bool> {
        let by = turn.checked_mul(self.every)?;
        match self.often {
            Often::Daily => {
                let day = start.checked_add_days(Days::new(u64::try_from(by).ok()?))?;
                let is_one = self.is_in(day) && (self.weekdays.is_empty() || self.is_on(day));
                Some(day > last || (is_one && !more(day)))
            }
            Often::Weekly => {
                let into = days_since(start.weekday(), self.monday);
                let first = start.checked_sub_days(Days::new(into))?;
                let first = first.checked_add_days(Days::new(u64::try_from(by.checked_mul(7)?).ok()?))?;
                if first > last {
                    return Some(true);
                }
                for day in first.iter_days().take(7) {
                    let is_one =
                        if self.weekdays.is_empty() { day.weekday() == start.weekday() } else { self.is_on(day) };
                    if is_one && self.is_in(day) && !more(day) {
                        return Some(true);
                    }
                }
                Some(false)
            }
            Often::Monthly => self.month(start, month_of(start).checked_add(by)?, last, more),
            Often::Yearly => {
                let year = i64::from(start.year()).checked_add(by)?;
                for month in 1..=12_u32 {
                    let wanted = match (self.months, self.days.is_empty()) {
                        (0, true) => month == start.month(),
                        (0, false) => true,
                        (months, _) => months & (1_u16 << month) != 0,
                    };
                    if wanted {
                        *steps = steps.saturating_sub(1);
                        if self.month(start, year * 12 + i64::from(month) - 1, last, more)? {
                            return Some(true);
                        }
                    }
                }
                Some(false)
            }
        }
    }

    /// The days of a month, counted in months since year 0. As [`Rule::turn`].
    fn month(
        &self,
        start: NaiveDate,
        month: i64,
        last: NaiveDate,
        more: &mut impl FnMut(NaiveDate) -> bool,
    ) -> Option<bool> {
        let (year, of_year) =
            (i32::try_from(month.div_euclid(12)).ok()?, u32::try_from(month.rem_euclid(12)).ok()? + 1);
        let first = NaiveDate::from_ymd_opt(year, of_year, 1)?;
        if first > last {
            return Some(true);
        }
        if !self.is_in(first) {
            return Some(false);
        }
        let length = u32::from(first.num_days_in_month());
        let mut wanted = 0_u64;
        for place in &self.days {
            if let Some(day) = from_either_end(i32::from(*place), length) {
                wanted |= 1_u64 << day;
            }
        }
        for (place, weekday) in &self.weekdays {
            let one = 1 + u32::try_from(days_since(*weekday, first.weekday())).ok()?;
            let count = (length - one) / 7 + 1;
            match place {
                0 => (0..count).for_each(|week| wanted |= 1 << (one + 7 * week)),
                place => {
                    if let Some(week) = from_either_end(i32::from(*place), count) {
                        wanted |= 1 << (one + 7 * (week - 1));
                    }
                }
            }
        }
        if self.days.is_empty() && self.weekdays.is_empty() {
            // The 31st of a shorter month is no day, and none beside it (3.3.10).
            wanted |= 1 << start.day();
        }
        for day in (1..=length).filter(|day| wanted & (1 << day) != 0) {
            if let Some(day) = first.with_day(day)
                && !more(day)
            {
                return Some(true);
            }
        }
        Some(false)
    }

    fn is_in(&self, day: NaiveDate) -> bool {
        self.months == 0 || self.months & (1_u16 << day.month()) != 0
    }

    fn is_on(&self, day: NaiveDate) -> bool {
        self.weekdays.iter().any(|(_, weekday)| *weekday == day.weekday())
    }
}

fn month_of(day: NaiveDate) -> i64 {
    i64::from(day.year()) * 12 + i64::from(day.month0())
}

/// How many days a weekday is after another, 0 to 6.
fn days_since(weekday: Weekday, other: Weekday) -> u64 {
    u64::from((weekday.num_days_from_monday() + 7 - other.num_days_from_monday()) % 7)
}

/// The place that counts from 1, or from the end where it is negative, of so many.
fn from_either_end(place: i32, of: u32) -> Option<u32> {
    let of = i32::try_from(of).ok()?;
    let place = if place < 0 { of + 1 + place } else { place };
    u32::try_from(place).ok().filter(|_| (1..=of).contains(&place))
}

fn read_until(text: &str) -> Option<Until> {
    if let Some(day) = day(text) {
        return Some(Until::Day(day));
    }
    Some(match time(text)? {
        Time::Utc(at) => Until::Instant(at),
        Time::Wall(civil) => Until::Wall(civil),
    })
}

fn weekday(text: &str) -> Option<Weekday> {
    Some(match text.to_ascii_uppercase().as_str() {
        "MO" => Weekday::Mon,
        "TU" => Weekday::Tue,
        "WE" => Weekday::Wed,
        "TH" => Weekday::Thu,
        "FR" => Weekday::Fri,
        "SA" => Weekday::Sat,
        "SU" => Weekday::Sun,
        _ => return None,
    })
}

/// "2TU", "-1FR", "MO".
fn of_week(text: &str) -> Option<(i8, Weekday)> {
    let text = text.trim();
    let split = text.len().checked_sub(2)?;
    let (place, name) = (text.get(..split)?, text.get(split..)?);
    let place = match place {
        "" => 0,
        place => place.parse::<i8>().ok().filter(|place| *place != 0 && (-5..=5).contains(place))?,
    };
    Some((place, weekday(name)?))
}

/// Each thing of a list, however often it is named: every turn of the rule goes through them.
fn once_each<T: PartialEq>(list: &str, read: impl Fn(&str) -> Option<T>) -> Option<Vec<T>> {
    let mut all = Vec::new();
    for one in list.split(',') {
        let one = read(one)?;
        if !all.contains(&one) {
            all.push(one);
        }
    }
    Some(all)
}

fn of_month(text: &str) -> Option<i8> {
    text.trim().parse::<i8>().ok().filter(|day| *day != 0 && (-31..=31).contains(day))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn date(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn days(rule: &str, start: &str, last: &str) -> Vec<String> {
        let (start, last, mut steps) = (date(start), date(last), 10_000);
        let mut found = Vec::new();
        let enough = Rule::read(rule).unwrap().each(start, (start, last), &mut steps, |day| {
            found.push(day.to_string());
            true
        });
        assert!(enough);
        found
    }

    #[test]
    fn each_kind_of_rule_names_its_days() {
        assert_eq!(days("FREQ=DAILY;INTERVAL=10", "2026-05-01", "2026-05-31").len(), 4);
        assert_eq!(
            days("FREQ=DAILY;BYDAY=SA,SU;COUNT=3", "2026-05-02", "2027-01-01"),
            ["2026-05-02", "2026-05-03", "2026-05-09"]
        );
        assert_eq!(
            days("FREQ=WEEKLY;INTERVAL=2;BYDAY=TU,TH", "2026-05-05", "2026-05-21"),
            ["2026-05-05", "2026-05-07", "2026-05-19", "2026-05-21"]
        );
        // The standard's own example of where a week begins (3.8.5.3).
        let of = |wkst: &str| {
            days(&format!("FREQ=WEEKLY;INTERVAL=2;COUNT=4;BYDAY=TU,SU;WKST={wkst}"), "1997-08-05", "1998-01-01")
        };
        assert_eq!(of("MO"), ["1997-08-05", "1997-08-10", "1997-08-19", "1997-08-24"]);
        assert_eq!(of("SU"), ["1997-08-05", "1997-08-17", "1997-08-19", "1997-08-31"]);
        assert_eq!(days("FREQ=MONTHLY", "2026-01-31", "2026-05-31"), ["2026-01-31", "2026-03-31", "2026-05-31"]);
        assert_eq!(
            days("FREQ=MONTHLY;BYDAY=-1FR", "2026-01-30", "2026-03-31"),
            ["2026-01-30", "2026-02-27", "2026-03-27"]
        );
        assert_eq!(days("FREQ=MONTHLY;BYDAY=2TU,4TU", "2026-01-13", "2026-02-28").len(), 4);
        assert_eq!(
            days("FREQ=MONTHLY;BYMONTHDAY=-1", "2026-01-31", "2026-03-31"),
            ["2026-01-31", "2026-02-28", "2026-03-31"]
        );
        assert_eq!(days("FREQ=YEARLY", "2024-02-29", "2032-12-31"), ["2024-02-29", "2028-02-29", "2032-02-29"]);
        assert_eq!(days("FREQ=YEARLY;BYMONTH=5;BYDAY=2SU", "2026-05-10", "2027-12-31"), ["2026-05-10", "2027-05-09"]);
    }

    #[test]
    fn it_begins_where_it_begins_and_what_is_long_past_is_passed_over() {
        assert_eq!(days("FREQ=WEEKLY;BYDAY=MO", "2026-05-06", "2026-05-12"), ["2026-05-06", "2026-05-11"]);
        let (start, span) = (date("1990-01-01"), (date("2026-05-01"), date("2026-05-31")));
        let (mut steps, mut seen) = (100, Vec::new());
        assert!(Rule::read("FREQ=DAILY").unwrap().each(start, span, &mut steps, |day| {
            seen.push(day);
            true
        }));
        assert_eq!((seen.first(), seen.last(), seen.len() < 40), (Some(&start), Some(&span.1), true));
        // What is counted cannot be passed over: there are only so many steps.
        let mut steps = 100;
        assert!(!Rule::read("FREQ=DAILY;COUNT=50000").unwrap().each(start, span, &mut steps, |_| true));
        assert_eq!(steps, 0);
    }

    #[test]
    fn what_is_named_again_and_again_is_reckoned_once() {
        let rule = Rule::read(&["FREQ=WEEKLY;BYDAY=", &"MO,TU,".repeat(90), "MO"].concat()).unwrap();
        assert_eq!(rule, Rule::read("FREQ=WEEKLY;BYDAY=MO,TU").unwrap());
        let rule = Rule::read(&["FREQ=MONTHLY;BYMONTHDAY=", &"1,-1,".repeat(90), "1"].concat()).unwrap();
        assert_eq!(rule, Rule::read("FREQ=MONTHLY;BYMONTHDAY=1,-1").unwrap());
    }

    #[test]
    fn what_is_not_understood_is_no_rule() {
        for text in [
            "",
            "FREQ=HOURLY",
            "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1",
            "FREQ=DAILY;BYHOUR=9,17",
            "FREQ=WEEKLY;BYDAY=1MO",
            "FREQ=YEARLY;BYWEEKNO=20",
            "FREQ=YEARLY;BYDAY=20MO",
            "FREQ=MONTHLY;BYDAY=FR;BYMONTHDAY=13",
            "FREQ=DAILY;INTERVAL=0",
            "FREQ=DAILY;COUNT=0",
            "FREQ=DAILY;UNTIL=mañana",
            "FREQ=WEEKLY;BYDAY=ñO",
            "RSCALE=CHINESE;FREQ=YEARLY",
            &["FREQ=MONTHLY;BYDAY=", &"MO,".repeat(LONGEST / 3), "TU"].concat(),
        ] {
            assert_eq!(Rule::read(text), None, "{text}");
        }
    }
}
