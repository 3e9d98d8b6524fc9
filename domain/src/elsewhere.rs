//! What a second clock shows beside the town's: an island's, a consulate's. Separate from `zone`, which is data about
//! clocks: this is only told, and nothing is ever placed by it.

use chrono::NaiveDateTime;

use crate::{
    Moment,
    zone::{Resolved, Zone},
};

/// An instant, as the clock of another zone shows it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Elsewhere {
    /// What stands on the wall there.
    pub civil: NaiveDateTime,
    /// Whether that is another day than on the wall here: the hour alone would be misread.
    pub other_day: bool,
    /// The seconds east of UTC there, where its clock shows this twice that night: nothing else tells the two apart.
    pub twice: Option<i32>,
}

impl Elsewhere {
    /// What the clock there shows at an instant, for somebody who lives by the clock here.
    pub fn at(at: Moment, here: &Zone, there: &Zone) -> Self {
        let civil = there.civil(at);
        let twice = matches!(there.resolve(civil), Resolved::Fold { .. }).then(|| there.offset_at(at));
        Self { civil, other_day: civil.date() != here.civil(at).date(), twice }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::OnceLock;

    use chrono::{DateTime, LocalResult, Offset, TimeDelta, TimeZone};
    use chrono_tz::Tz;
    use proptest::prelude::*;

    use super::*;
    use crate::Millis;

    /// 2021 to the end of 2043.
    const FROM: Moment = Moment(1_609_459_200_000);
    const TO: Moment = Moment(2_335_219_200_000);

    /// From eleven hours west to fourteen east, by quarters of an hour too, in both halves of the world, with nights of
    /// half an hour, and with none.
    const ZONES: [Tz; 11] = [
        Tz::Europe__Madrid,
        Tz::Atlantic__Canary,
        Tz::Pacific__Pago_Pago,
        Tz::America__St_Johns,
        Tz::America__New_York,
        Tz::Atlantic__Azores,
        Tz::Africa__Casablanca,
        Tz::Asia__Kathmandu,
        Tz::Australia__Lord_Howe,
        Tz::Pacific__Chatham,
        Tz::Pacific__Kiritimati,
    ];

    fn zones() -> &'static Vec<(Tz, Zone)> {
        static OBSERVED: OnceLock<Vec<(Tz, Zone)>> = OnceLock::new();
        OBSERVED.get_or_init(|| {
            ZONES.into_iter().map(|tz| (tz, Zone::observe(tz.name(), FROM, TO, |at| offset(tz, at)))).collect()
        })
    }

    fn zone(tz: Tz) -> &'static Zone {
        zones().iter().find(|(other, _)| *other == tz).map(|(_, zone)| zone).unwrap()
    }

    fn offset(tz: Tz, at: Moment) -> i32 {
        tz.offset_from_utc_datetime(&utc(at)).fix().local_minus_utc()
    }

    fn utc(at: Moment) -> NaiveDateTime {
        DateTime::from_timestamp_millis(at.0).unwrap().naive_utc()
    }

    fn moment(utc: &str) -> Moment {
        Moment(utc.parse::<NaiveDateTime>().unwrap().and_utc().timestamp_millis())
    }

    /// What the clock of `there` shows at an instant in UTC, for Madrid; its offset where it shows it twice.
    fn from_madrid(utc: &str, there: Tz) -> (String, bool, Option<i32>) {
        let told = Elsewhere::at(moment(utc), zone(Tz::Europe__Madrid), zone(there));
        (told.civil.to_string(), told.other_day, told.twice)
    }

    /// It is what the zone database says of both.
    fn agrees(at: Moment, (here, here_zone): &(Tz, Zone), (there, there_zone): &(Tz, Zone)) {
        let told = Elsewhere::at(at, here_zone, there_zone);
        let wall = |tz: Tz| utc(at) + TimeDelta::seconds(offset(tz, at).into());
        assert_eq!(told.civil, wall(*there), "{there} at {at:?}");
        assert_eq!(told.other_day, wall(*there).date() != wall(*here).date(), "{here} and {there} at {at:?}");
        let twice = matches!(there.from_local_datetime(&told.civil), LocalResult::Ambiguous(..));
        assert_eq!(told.twice, twice.then(|| offset(*there, at)), "{there} at {at:?}");
    }

    #[test]
    fn the_islands_are_an_hour_behind_on_both_sides_of_each_change() {
        let (here, there) = (zone(Tz::Europe__Madrid), zone(Tz::Atlantic__Canary));
        assert!(here.transitions.len() > 40);
        for (change, _) in &here.transitions {
            for minute in -180..=180 {
                let at = change.plus(Millis::minutes(minute));
                let told = Elsewhere::at(at, here, there);
                assert_eq!(told.civil, here.civil(at) - TimeDelta::hours(1), "{at:?}");
            }
        }
    }

    #[test]
    fn the_same_hour_of_a_town_is_another_elsewhere_between_two_changes() {
        let at_ten = |day: &str, utc: &str| from_madrid(&format!("{day}T{utc}:00"), Tz::America__New_York).0;
        assert_eq!(at_ten("2026-03-07", "09:00"), "2026-03-07 04:00:00");
        // New York has changed on the 8th, Madrid will on the 29th.
        assert_eq!(at_ten("2026-03-08", "09:00"), "2026-03-08 05:00:00");
        assert_eq!(at_ten("2026-03-28", "09:00"), "2026-03-28 05:00:00");
        assert_eq!(at_ten("2026-03-29", "08:00"), "2026-03-29 04:00:00");
    }

    #[test]
    fn the_day_is_said_where_it_is_another() {
        // Half past midnight in Madrid is half past eleven of the day before in the islands.
        assert_eq!(
            from_madrid("2026-06-01T22:30:00", Tz::Atlantic__Canary),
            ("2026-06-01 23:30:00".to_owned(), true, None)
        );
        assert_eq!(
            from_madrid("2026-06-01T23:00:00", Tz::Atlantic__Canary),
            ("2026-06-02 00:00:00".to_owned(), false, None)
        );
        let noon = "2026-06-01T10:00:00";
        assert_eq!(from_madrid(noon, Tz::Pacific__Kiritimati), ("2026-06-02 00:00:00".to_owned(), true, None));
        assert_eq!(from_madrid(noon, Tz::Pacific__Pago_Pago), ("2026-05-31 23:00:00".to_owned(), true, None));
    }

    #[test]
    fn what_a_clock_shows_twice_is_told_apart() {
        let new_york = |utc: &str| from_madrid(utc, Tz::America__New_York);
        let shown = |hour: &str, twice| (format!("2026-11-01 {hour}:00"), false, twice);
        assert_eq!(new_york("2026-11-01T04:59:00"), shown("00:59", None));
        assert_eq!(new_york("2026-11-01T05:30:00"), shown("01:30", Some(-14_400)));
        assert_eq!(new_york("2026-11-01T06:30:00"), shown("01:30", Some(-18_000)));
        assert_eq!(new_york("2026-11-01T07:00:00"), shown("02:00", None));
    }

    proptest! {
        #[test]
        fn any_instant_is_told_as_the_zone_database_says(
            at in FROM.0 / 60_000..TO.0 / 60_000,
            here in 0..ZONES.len(),
            there in 0..ZONES.len(),
        ) {
            agrees(Moment(at * 60_000), &zones()[here], &zones()[there]);
        }

        #[test]
        fn so_is_every_minute_around_a_change_of_either(
            change in 0..1_000_usize,
            minute in -200..200_i64,
            here in 0..ZONES.len(),
            there in 0..ZONES.len(),
        ) {
            let (here, there) = (&zones()[here], &zones()[there]);
            for changing in [here, there] {
                let changes = &changing.1.transitions;
                if let Some((at, _)) = changes.get(change % changes.len().max(1)) {
                    agrees(at.plus(Millis::minutes(minute)), here, there);
                }
            }
        }

        #[test]
        fn the_clock_of_the_town_itself_is_never_another_day(
            at in FROM.0 / 60_000..TO.0 / 60_000,
            here in 0..ZONES.len(),
        ) {
            let (_, here) = &zones()[here];
            let told = Elsewhere::at(Moment(at * 60_000), here, here);
            prop_assert_eq!((told.civil, told.other_day), (here.civil(Moment(at * 60_000)), false));
        }
    }
}
