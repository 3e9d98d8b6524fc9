//! A zone as data: when its clocks change, and by how much.
//! Separate because the desk carries no zone database (400 KB): the engine looks the transitions up and sends them.

use chrono::{DateTime, NaiveDateTime};
use serde::{Deserialize, Serialize};

use crate::{Millis, Moment};

/// A zone between two moments that whoever filled it chose. Outside of them its first and last offsets go on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Zone {
    /// Its name ("Europe/Madrid").
    pub name: String,
    /// Seconds east of UTC before the first transition.
    pub initial: i32,
    /// From each moment on, the seconds east of UTC. In order.
    pub transitions: Vec<(Moment, i32)>,
}

/// The instants that a civil time can be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Resolved {
    /// Exactly one.
    One(Moment),
    /// None: clocks go forward over it.
    Gap {
        /// The last minute before the clocks change.
        before: Moment,
        /// The first minute after it.
        after: Moment,
    },
    /// Two: clocks go back over it.
    Fold {
        /// The earlier (summer time, nearly always).
        first: Moment,
        /// The later.
        second: Moment,
    },
}

impl Zone {
    /// A zone without transitions.
    pub fn utc() -> Self {
        Self { name: "UTC".to_owned(), initial: 0, transitions: Vec::new() }
    }

    /// Reads a zone off a function that knows the offset at any moment, from one moment to another. Looks once a
    /// week, which keeps it cheap, and then halves the week: nobody changes the clocks and changes them back within
    /// one (the shortest known is Morocco's Ramadan, four weeks).
    pub fn observe(name: &str, from: Moment, to: Moment, offset_at: impl Fn(Moment) -> i32) -> Self {
        let mut offset = offset_at(from);
        let mut zone = Self { name: name.to_owned(), initial: offset, transitions: Vec::new() };
        let mut at = from;
        while at < to {
            let next = at.plus(Millis::days(7)).min(to);
            let then = offset_at(next);
            if then != offset {
                let (mut old, mut new) = (at, next);
                while new.since(old).0 > 1 {
                    let middle = old.plus(Millis(new.since(old).0 / 2));
                    if offset_at(middle) == offset { old = middle } else { new = middle }
                }
                zone.transitions.push((new, offset_at(new)));
                offset = then;
            }
            at = next;
        }
        zone
    }

    /// Seconds east of UTC at a moment.
    pub fn offset_at(&self, at: Moment) -> i32 {
        self.offset_before(self.transitions.partition_point(|(from, _)| *from <= at))
    }

    /// What the clock on the wall shows at a moment.
    pub fn civil(&self, at: Moment) -> NaiveDateTime {
        wall(at, self.offset_at(at))
    }

    /// The instant, or instants, at which the clock on the wall shows this.
    pub fn resolve(&self, civil: NaiveDateTime) -> Resolved {
        let shown = Moment(civil.and_utc().timestamp_millis());
        // An offset is less than a day, so only stretches within a day of the time can hold it.
        let first = self.transitions.partition_point(|(from, _)| *from < shown.minus(Millis::days(1)));
        let last = self.transitions.partition_point(|(from, _)| *from <= shown.plus(Millis::days(1)));
        let mut found: Option<(Moment, Moment)> = None;
        for stretch in first..=last {
            let at = shown.minus(seconds(self.offset_before(stretch)));
            let begun = stretch == 0 || self.transitions[stretch - 1].0 <= at;
            let over = self.transitions.get(stretch).is_some_and(|(end, _)| *end <= at);
            if begun && !over {
                found = Some((found.map_or(at, |(earliest, _)| earliest), at));
            }
        }
        match found {
            Some((one, same)) if one == same => Resolved::One(one),
            Some((first, second)) => Resolved::Fold { first, second },
            None => {
                let change = (first..last)
                    .find(|&place| {
                        let (at, offset) = self.transitions[place];
                        at.plus(seconds(self.offset_before(place))) <= shown && shown < at.plus(seconds(offset))
                    })
                    .map_or(shown, |place| self.transitions[place].0);
                Resolved::Gap { before: change.minus(Millis::minutes(1)), after: change }
            }
        }
    }

    /// The offset of the stretch before the transition of this index.
    fn offset_before(&self, place: usize) -> i32 {
        match place {
            0 => self.initial,
            _ => self.transitions.get(place - 1).map_or(self.initial, |(_, offset)| *offset),
        }
    }
}

const fn seconds(offset: i32) -> Millis {
    Millis::seconds(offset as i64)
}

fn wall(at: Moment, offset: i32) -> NaiveDateTime {
    // Out of chrono's 262,000 years only if somebody sent such a moment; the epoch is as good an answer as any.
    DateTime::from_timestamp_millis(at.plus(seconds(offset)).0).unwrap_or_default().naive_utc()
}

/// The clock that the tests of the rules are read on.
#[cfg(test)]
pub(crate) mod bench {
    use super::*;

    /// Madrid in 2026.
    pub fn madrid() -> Zone {
        Zone {
            name: "Europe/Madrid".to_owned(),
            initial: 3_600,
            transitions: vec![(Moment(1_774_746_000_000), 7_200), (Moment(1_792_890_000_000), 3_600)],
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::{LocalResult, Offset, TimeDelta, TimeZone};
    use chrono_tz::Tz;
    use proptest::prelude::*;

    /// 1950 to 2050: a century with war time's end, decrees, two reforms and the present rule.
    const FROM: Moment = Moment(-631_152_000_000);
    const TO: Moment = Moment(2_524_608_000_000);
    const ZONES: [Tz; 3] = [Tz::Europe__Madrid, Tz::Atlantic__Canary, Tz::America__New_York];

    fn observed(tz: Tz) -> Zone {
        Zone::observe(tz.name(), FROM, TO, |at| offset(tz, at))
    }

    fn offset(tz: Tz, at: Moment) -> i32 {
        let utc = chrono::DateTime::from_timestamp_millis(at.0).unwrap().naive_utc();
        tz.offset_from_utc_datetime(&utc).fix().local_minus_utc()
    }

    /// What the zone database itself says of a civil time.
    fn judged(tz: Tz, civil: NaiveDateTime) -> LocalResult<Moment> {
        tz.from_local_datetime(&civil).map(|at| Moment(at.timestamp_millis()))
    }

    fn agrees(tz: Tz, zone: &Zone, civil: NaiveDateTime) {
        match (zone.resolve(civil), judged(tz, civil)) {
            (Resolved::One(at), LocalResult::Single(same)) => {
                assert_eq!(at, same, "{tz} {civil}");
                assert_eq!(zone.civil(at), civil, "{tz} {civil}");
            }
            (Resolved::Fold { first, second }, LocalResult::Ambiguous(early, late)) => {
                assert_eq!((first, second), (early, late), "{tz} {civil}");
                assert!(first < second);
                assert_eq!((zone.civil(first), zone.civil(second)), (civil, civil), "{tz} {civil}");
            }
            (Resolved::Gap { before, after }, LocalResult::None) => {
                assert_eq!(before.plus(Millis::minutes(1)), after);
                assert!(zone.civil(before) < civil && civil < zone.civil(after).max(civil + TimeDelta::minutes(1)));
                assert!(zone.offset_at(before) < zone.offset_at(after), "{tz} {civil}");
            }
            (ours, theirs) => panic!("{tz} {civil}: {ours:?} against {theirs:?}"),
        }
    }

    #[test]
    fn every_minute_around_every_change_of_a_century_agrees_with_the_zone_database() {
        for tz in ZONES {
            let zone = observed(tz);
            assert!(zone.transitions.len() > 100, "{tz}: {}", zone.transitions.len());
            for (at, _) in &zone.transitions {
                for minute in -150..=150 {
                    let moment = at.plus(Millis::minutes(minute));
                    assert_eq!(zone.offset_at(moment), offset(tz, moment), "{tz} {moment:?}");
                    // The wall of before and the wall of after: gaps are only on the one, folds on both.
                    for offset in [zone.offset_at(at.minus(Millis(1))), zone.offset_at(*at)] {
                        agrees(tz, &zone, wall(moment, offset));
                    }
                }
            }
        }
    }

    #[test]
    fn the_night_without_a_second_hour() {
        let zone = observed(Tz::Europe__Madrid);
        let civil = "2026-03-29T02:30:00".parse().unwrap();
        let after = Moment(1_774_746_000_000);
        assert_eq!(zone.resolve(civil), Resolved::Gap { before: after.minus(Millis::minutes(1)), after });
        assert_eq!(zone.civil(after), "2026-03-29T03:00:00".parse().unwrap());
    }

    #[test]
    fn the_night_with_two_second_hours() {
        let zone = observed(Tz::Europe__Madrid);
        let Resolved::Fold { first, second } = zone.resolve("2026-10-25T02:30:00".parse().unwrap()) else {
            panic!("not a fold")
        };
        assert_eq!(second.since(first), Millis::hours(1));
        assert_eq!((zone.offset_at(first), zone.offset_at(second)), (7_200, 3_600));
    }

    #[test]
    fn a_zone_crosses_as_json() {
        let zone = Zone { transitions: vec![(Moment(5), 3_600)], ..Zone::utc() };
        let json = serde_json::to_string(&zone).unwrap();
        assert_eq!(json, r#"{"name":"UTC","initial":0,"transitions":[[5,3600]]}"#);
        assert_eq!(serde_json::from_str::<Zone>(&json).unwrap(), zone);
    }

    proptest! {
        #[test]
        fn what_the_wall_shows_resolves_to_the_moment(at in FROM.0 / 1_000..TO.0 / 1_000, place in 0_usize..3) {
            let zone = observed_once(place);
            let moment = Moment(at * 1_000);
            match zone.resolve(zone.civil(moment)) {
                Resolved::One(same) => prop_assert_eq!(same, moment),
                Resolved::Fold { first, second } => prop_assert!(moment == first || moment == second),
                Resolved::Gap { .. } => prop_assert!(false, "a wall never shows a gap"),
            }
        }

        #[test]
        fn any_civil_time_is_what_the_zone_database_says(at in FROM.0 / 60_000..TO.0 / 60_000, place in 0_usize..3) {
            agrees(ZONES[place], observed_once(place), wall(Moment(at * 60_000), 0));
        }
    }

    fn observed_once(place: usize) -> &'static Zone {
        static OBSERVED: std::sync::OnceLock<Vec<Zone>> = std::sync::OnceLock::new();
        &OBSERVED.get_or_init(|| ZONES.into_iter().map(observed).collect())[place]
    }
}
