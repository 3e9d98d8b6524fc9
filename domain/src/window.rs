//! What a calendar shows: which days, from which instant to which, and on which of them each thing stands.
//! Separate from the desk, and one for every view: a month, a week, a day, a list and the lanes of the networks ask the
//! same questions here, so none of them can show another day than the next.

use chrono::{Datelike, Days, Months, NaiveDate};

use crate::{Millis, Moment, hours::midnight, slot::read_day, zone::Zone};

/// How days are shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum View {
    /// Whole weeks, from that of the first of the month to that of its last.
    Month,
    /// Seven days beside each other.
    Week,
    /// One, hour by hour.
    Day,
    /// A month, one thing below the other.
    List,
    /// Seven days, a row for each network.
    Lanes,
}

impl View {
    /// Every one, in the order in which they are offered.
    pub const ALL: [View; 5] = [View::Month, View::Week, View::Day, View::List, View::Lanes];

    /// As an address calls it.
    pub const fn name(self) -> &'static str {
        match self {
            View::Month => "month",
            View::Week => "week",
            View::Day => "day",
            View::List => "list",
            View::Lanes => "lanes",
        }
    }

    /// By that name.
    pub fn of_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|view| view.name() == name)
    }
}

/// A stretch of days in a view. Its first day is the one that names it: the Monday, the first of the month, the day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Window {
    /// How it is shown.
    pub view: View,
    first: NaiveDate,
}

impl Window {
    /// The one that a day is in.
    pub fn around(view: View, day: NaiveDate) -> Self {
        let first = match view {
            View::Month | View::List => first_of_month(day),
            View::Week | View::Lanes => monday(day),
            View::Day => day,
        };
        Self { view, first }
    }

    /// By its name: `2026-W48`, `2026-11` or `2026-11-29`, whichever the view asks for, and also by a day in it.
    pub fn named(view: View, name: &str) -> Option<Self> {
        let number = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit()).then(|| text.parse().ok())?;
        let day = match (name.split_once("-W"), name.len()) {
            (Some((year, week)), 8) => {
                let (year, week) = (i32::try_from(number(year)?).ok()?, number(week)?);
                NaiveDate::from_isoywd_opt(year, week, chrono::Weekday::Mon)?
            }
            (None, 7) => read_day(&[name, "-01"].concat())?,
            _ => read_day(name)?,
        };
        Some(Self::around(view, day))
    }

    /// Its name in an address.
    pub fn name(&self) -> String {
        let (year, month, day) = (self.first.year(), self.first.month(), self.first.day());
        match self.view {
            View::Month | View::List => format!("{year:04}-{month:02}"),
            View::Day => format!("{year:04}-{month:02}-{day:02}"),
            View::Week | View::Lanes => {
                let week = self.first.iso_week();
                format!("{:04}-W{:02}", week.year(), week.week())
            }
        }
    }

    /// The day that names it.
    pub const fn first(&self) -> NaiveDate {
        self.first
    }

    /// The last day that belongs to it.
    pub fn last(&self) -> NaiveDate {
        match self.view {
            View::Month | View::List => last_of_month(self.first),
            View::Week | View::Lanes => self.first + Days::new(6),
            View::Day => self.first,
        }
    }

    /// Whether a day belongs to it. A month also draws the days that fill its first and its last week.
    pub fn holds(&self, day: NaiveDate) -> bool {
        (self.first..=self.last()).contains(&day)
    }

    /// Every day that is drawn, in order: whole weeks of a month, 28 to 42.
    pub fn days(&self) -> impl Iterator<Item = NaiveDate> + use<> {
        let (first, last) = self.drawn();
        first.iter_days().take_while(move |day| *day <= last)
    }

    fn drawn(&self) -> (NaiveDate, NaiveDate) {
        match self.view {
            View::Month => (monday(self.first), monday(self.last()) + Days::new(6)),
            _ => (self.first, self.last()),
        }
    }

    /// From which instant on, and before which, what it draws goes out.
    pub fn span(&self, zone: &Zone) -> (Moment, Moment) {
        let (first, last) = self.drawn();
        (midnight(first, zone), midnight(last + Days::new(1), zone))
    }

    /// The next one, or the one so many further; back with a negative number. Where the calendar ends it stays.
    pub fn turned(&self, by: i32) -> Self {
        let moved = match self.view {
            View::Month | View::List => {
                let months = Months::new(by.unsigned_abs());
                if by < 0 { self.first.checked_sub_months(months) } else { self.first.checked_add_months(months) }
            }
            View::Week | View::Lanes => self.first.checked_add_signed(chrono::Duration::weeks(by.into())),
            View::Day => self.first.checked_add_signed(chrono::Duration::days(by.into())),
        };
        moved.map_or(*self, |day| Self::around(self.view, day))
    }

    /// The same time in another view: around today where this one holds it, else around its own middle, so that there and
    /// back again is where one was.
    pub fn seen_as(&self, view: View, today: NaiveDate) -> Self {
        let middle = match self.view {
            // A week belongs to the month of its Thursday (ISO 8601).
            View::Week | View::Lanes => self.first + Days::new(3),
            View::Month | View::List | View::Day => self.first,
        };
        Self::around(view, if self.holds(today) { today } else { middle })
    }

    /// Which of the things with these instants stand on which day that is drawn: by their places, in the order of their
    /// instants. What has no instant, or one outside, stands on none; everything else on exactly one.
    pub fn by_day(&self, zone: &Zone, at: impl Iterator<Item = Option<Moment>>) -> Vec<(NaiveDate, Vec<usize>)> {
        let mut days: Vec<_> = self.days().map(|day| (day, Vec::new())).collect();
        let until = self.span(zone).1;
        // By where the days begin, not by what the wall shows: where clocks go back over midnight, it shows an hour of
        // the day before once more.
        let begin: Vec<_> = days.iter().map(|(day, _)| midnight(*day, zone)).collect();
        let mut placed: Vec<_> = at.enumerate().filter_map(|(place, at)| at.map(|at| (at, place))).collect();
        placed.sort_unstable();
        for (at, place) in placed.into_iter().filter(|(at, _)| *at < until) {
            let begun = begin.partition_point(|begin| *begin <= at);
            if let Some((_, things)) = begun.checked_sub(1).and_then(|day| days.get_mut(day)) {
                things.push(place);
            }
        }
        days
    }
}

/// The Monday on or before a day.
pub fn monday(day: NaiveDate) -> NaiveDate {
    day - Days::new(day.weekday().num_days_from_monday().into())
}

fn first_of_month(day: NaiveDate) -> NaiveDate {
    day.with_day(1).unwrap_or(day)
}

fn last_of_month(first: NaiveDate) -> NaiveDate {
    first.checked_add_months(Months::new(1)).and_then(|next| next.pred_opt()).unwrap_or(first)
}

/// A change of the clocks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Change {
    /// The first instant of the new time.
    pub at: Moment,
    /// By how many minutes they go forward; back where it is negative.
    pub by: i32,
}

/// The change of the clocks on a day, if there is one.
pub fn change_on(day: NaiveDate, zone: &Zone) -> Option<Change> {
    change_there(day, zone, zone)
}

/// The change of another zone's clocks while this day lasts here, if there is one.
pub fn change_there(day: NaiveDate, here: &Zone, there: &Zone) -> Option<Change> {
    let (from, until) = (midnight(day, here), midnight(day + Days::new(1), here));
    let (at, _) = there.transitions.iter().find(|(at, _)| *at >= from && *at < until)?;
    let by = (there.offset_at(*at) - there.offset_at(at.minus(Millis(1)))) / 60;
    (by != 0).then_some(Change { at: *at, by })
}

/// The instants at which the hours of a day begin: 24 of them, 23 or 25 where clocks change by one.
pub fn hours_of(day: NaiveDate, zone: &Zone) -> Vec<Moment> {
    let (from, until) = (midnight(day, zone), midnight(day + Days::new(1), zone));
    let mut hours = vec![from];
    let mut at = from;
    loop {
        // To the next full hour on the wall: there are changes by half an hour, and days that begin at one.
        let shown = at.plus(Millis::seconds(zone.offset_at(at).into())).0;
        at = at.plus(Millis(HOUR - shown.rem_euclid(HOUR)));
        if at >= until {
            return hours;
        }
        hours.push(at);
    }
}

/// Where something goes that is put into an hour which begins at `start` (as [`hours_of`] says): at the minute that it had,
/// if it had one. By instants: the hour that the wall shows twice is two hours.
pub fn in_hour(start: Moment, had: Option<Moment>, zone: &Zone) -> Moment {
    let past = |at: Moment| at.plus(Millis::seconds(zone.offset_at(at).into())).0.rem_euclid(HOUR);
    had.map_or(start, |at| start.plus(Millis((past(at) - past(start)).rem_euclid(HOUR))))
}

const HOUR: i64 = Millis::minutes(60).0;

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::slot::parse_civil;
    use crate::zone::Resolved;
    use crate::zone::bench::madrid;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn at(civil: &str) -> Moment {
        match madrid().resolve(parse_civil(civil).unwrap()) {
            Resolved::One(at) => at,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn a_month_draws_whole_weeks_and_knows_which_days_are_its_own() {
        let november = Window::around(View::Month, day("2026-11-29"));
        let days: Vec<_> = november.days().collect();
        assert_eq!((days[0], days[days.len() - 1], days.len()), (day("2026-10-26"), day("2026-12-06"), 42));
        assert!(november.holds(day("2026-11-30")) && !november.holds(day("2026-12-01")));
        // Four weeks to the day: February of 2027 begins on a Monday.
        assert_eq!(Window::around(View::Month, day("2027-02-10")).days().count(), 28);
    }

    #[test]
    fn the_weeks_around_new_year_are_those_of_the_standard() {
        for (date, name) in [
            ("2026-12-31", "2026-W53"),
            ("2027-01-01", "2026-W53"),
            ("2027-01-04", "2027-W01"),
            ("2024-12-30", "2025-W01"),
            ("2025-12-28", "2025-W52"),
        ] {
            let week = Window::around(View::Week, day(date));
            assert_eq!(week.name(), name, "{date}");
            assert!(week.holds(day(date)));
            assert_eq!(Window::named(View::Week, name), Some(week));
        }
        assert_eq!(Window::named(View::Week, "2027-W53"), None, "2027 has no such week");
    }

    #[test]
    fn only_what_an_address_would_say_names_a_window() {
        for name in
            ["", "2026", "2026-13", "2026-11-31", "2026-W00", "+026-W01", "2026-W1", "nonsense", "2026-11-29T10:00"]
        {
            assert_eq!(Window::named(View::Month, name), None, "{name}");
        }
        assert_eq!(Window::named(View::Month, "2026-W48"), Window::named(View::Month, "2026-11"));
    }

    #[test]
    fn another_view_is_of_the_same_time() {
        let today = day("2026-11-29");
        let month = Window::around(View::Month, today);
        assert_eq!(month.seen_as(View::Week, today).name(), "2026-W48");
        assert_eq!(month.turned(1).seen_as(View::Day, today).name(), "2026-12-01");
        // Monday the 30th of November: its Thursday is in December.
        let week = Window::named(View::Week, "2026-W49").unwrap();
        assert_eq!(week.seen_as(View::Month, today).name(), "2026-12");
    }

    #[test]
    fn turning_a_month_never_leaves_one_out() {
        let january = Window::around(View::Month, day("2027-01-31"));
        assert_eq!([january.turned(1).name(), january.turned(2).name()], ["2027-02", "2027-03"]);
        assert_eq!(january.turned(-1).name(), "2026-12");
        let end = Window::around(View::Day, NaiveDate::MAX);
        assert_eq!(end.turned(1), end);
    }

    #[test]
    fn a_night_when_clocks_change_has_an_hour_more_or_less() {
        let zone = madrid();
        assert_eq!(hours_of(day("2026-03-28"), &zone).len(), 24);
        let spring = hours_of(day("2026-03-29"), &zone);
        assert_eq!((spring.len(), zone.civil(spring[2]).to_string()), (23, "2026-03-29 03:00:00".to_owned()));
        let autumn = hours_of(day("2026-10-25"), &zone);
        assert_eq!(autumn.len(), 25);
        assert_eq!(zone.civil(autumn[2]), zone.civil(autumn[3]));
        assert_eq!(change_on(day("2026-03-29"), &zone), Some(Change { at: spring[2], by: 60 }));
        assert_eq!(change_on(day("2026-10-25"), &zone), Some(Change { at: autumn[3], by: -60 }));
        assert_eq!(change_on(day("2026-10-26"), &zone), None);
    }

    #[test]
    fn a_change_elsewhere_stands_on_the_day_that_it_is_here() {
        let utc = |text: &str| Moment(parse_civil(text).unwrap().and_utc().timestamp_millis());
        // At two in the morning of the 27th of September in Auckland, which is four in the afternoon of the 26th in Madrid.
        let (forward, back) = (utc("2026-09-26T14:00"), utc("2027-04-03T14:00"));
        let transitions = vec![(forward, 46_800), (back, 43_200)];
        let auckland = Zone { name: "Pacific/Auckland".to_owned(), initial: 43_200, transitions };
        let on = |date: &str| change_there(day(date), &madrid(), &auckland);
        assert_eq!(on("2026-09-26"), Some(Change { at: forward, by: 60 }));
        assert_eq!(on("2027-04-03"), Some(Change { at: back, by: -60 }));
        assert_eq!([on("2026-09-25"), on("2026-09-27"), on("2026-10-25")], [None; 3]);
    }

    #[test]
    fn the_last_minute_of_a_day_is_not_of_the_next() {
        let week = Window::named(View::Week, "2026-W48").unwrap();
        let found =
            week.by_day(&madrid(), [Some(at("2026-11-29T23:59")), None, Some(at("2026-11-30T00:00"))].into_iter());
        let placed: Vec<_> = found.iter().filter(|(_, things)| !things.is_empty()).collect();
        assert_eq!(placed, [&(day("2026-11-29"), vec![0])]);
    }

    fn any_zone() -> impl Strategy<Value = Zone> {
        // From eleven hours west to fourteen east, by quarters, with two changes of half an hour to two within the years
        // that are tried.
        let offset = || (-44..=56_i32).prop_map(|quarters| quarters * 900);
        let change = || prop_oneof![Just(-7_200), Just(-3_600), Just(-1_800), Just(1_800), Just(3_600), Just(7_200)];
        (offset(), change(), 0..180_i64, change(), 180..360_i64).prop_map(|(initial, first, on, second, off)| {
            let at = |days: i64| Moment(1_767_225_600_000).plus(Millis::days(days)).plus(Millis::minutes(60));
            let transitions = vec![(at(on), initial + first), (at(off), initial + first + second)];
            Zone { name: "Any/Where".to_owned(), initial, transitions }
        })
    }

    #[test]
    fn the_hour_that_is_twice_is_two_places() {
        let zone = madrid();
        let autumn = hours_of(day("2026-10-25"), &zone);
        let half_past = |at: Moment| in_hour(at, Some(autumn[2].plus(Millis::minutes(30))), &zone);
        assert_eq!(zone.civil(half_past(autumn[2])), zone.civil(half_past(autumn[3])));
        assert_eq!(half_past(autumn[3]).since(half_past(autumn[2])), Millis::minutes(60));
        assert_eq!(in_hour(autumn[3], None, &zone), autumn[3]);
    }

    proptest! {
        #[test]
        fn everything_in_a_span_stands_on_one_day_and_nothing_else_does(
            zone in any_zone(),
            offset in 0..400_u64,
            minutes in proptest::collection::vec(0..600_000_i64, 0..40),
        ) {
            let on = day("2026-01-01") + Days::new(offset);
            let at: Vec<_> = minutes.iter().map(|minute| Moment(1_766_000_000_000).plus(Millis::minutes(*minute))).collect();
            for view in View::ALL {
                let window = Window::around(view, on);
                let (from, until) = window.span(&zone);
                let days = window.by_day(&zone, at.iter().copied().map(Some));
                let mut shown: Vec<_> = days.iter().flat_map(|(_, things)| things.iter().copied()).collect();
                shown.sort_unstable();
                let within: Vec<_> = (0..at.len()).filter(|place| at[*place] >= from && at[*place] < until).collect();
                prop_assert_eq!(&shown, &within, "{:?}", view);
                for (date, things) in &days {
                    let (begins, ends) = (midnight(*date, &zone), midnight(*date + Days::new(1), &zone));
                    prop_assert!(things.iter().all(|place| at[*place] >= begins && at[*place] < ends));
                    prop_assert!(things.windows(2).all(|two| at[two[0]] <= at[two[1]]));
                }
            }
        }

        #[test]
        fn every_view_shows_a_day_alike(zone in any_zone(), offset in 0..400_u64, minutes in proptest::collection::vec(0..600_000_i64, 0..40)) {
            let on = day("2026-01-01") + Days::new(offset);
            let at: Vec<_> = minutes.iter().map(|minute| Some(Moment(1_766_000_000_000).plus(Millis::minutes(*minute)))).collect();
            let of = |view| {
                let days = Window::around(view, on).by_day(&zone, at.iter().copied());
                days.into_iter().find(|(date, _)| *date == on).map(|(_, things)| things)
            };
            for view in View::ALL {
                prop_assert_eq!(of(view), of(View::Day), "{:?}", view);
            }
        }

        #[test]
        fn a_window_survives_its_name_and_turning_there_and_back(offset in 0..4_000_u64, by in -20..20_i32) {
            for view in View::ALL {
                let window = Window::around(view, day("2020-01-01") + Days::new(offset));
                prop_assert_eq!(Window::named(view, &window.name()), Some(window));
                prop_assert_eq!(window.turned(by).turned(-by), window);
            }
        }

        #[test]
        fn what_is_put_into_an_hour_keeps_its_minutes(zone in any_zone(), offset in 0..400_u64, minute in 0..60_i64) {
            use chrono::Timelike;

            let on = day("2026-01-01") + Days::new(offset);
            let had = hours_of(on, &zone)[5].plus(Millis::minutes(minute));
            for start in hours_of(on + Days::new(1), &zone) {
                let there = in_hour(start, Some(had), &zone);
                prop_assert!((0..HOUR).contains(&there.since(start).0));
                if zone.offset_at(there) == zone.offset_at(start) {
                    prop_assert_eq!(zone.civil(there).minute(), zone.civil(had).minute());
                }
            }
        }

        #[test]
        fn the_hours_of_a_day_fill_it(zone in any_zone(), offset in 0..400_u64) {
            let on = day("2026-01-01") + Days::new(offset);
            let hours = hours_of(on, &zone);
            prop_assert!(hours.windows(2).all(|two| two[0] < two[1] && two[1].since(two[0]).0 <= HOUR));
            let (from, until) = (midnight(on, &zone), midnight(on + Days::new(1), &zone));
            prop_assert!(hours[0] == from && hours.iter().all(|at| *at < until));
            prop_assert!(until.since(hours[hours.len() - 1]).0 <= HOUR);
        }
    }
}
