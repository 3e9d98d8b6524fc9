//! The slot: a civil date and time in a zone, the instant it resolves to, and how late it may still go out.
//! Separate from `zone`: a zone is data about clocks, a slot is a promise.

use chrono::{Datelike, NaiveDate, NaiveDateTime, Timelike};
use serde::{Deserialize, Serialize};

use crate::{
    Millis, Moment, Refusal,
    zone::{Resolved, Zone},
};

/// A slot this much in the past is "now": the minute passed while somebody pressed the button.
pub const GRACE: Millis = Millis::seconds(60);

/// Nothing is promised further ahead: nobody can say today what the law makes of the clocks then.
pub const HORIZON: Millis = Millis::days(731);

/// When a post goes out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Slot {
    /// What the clock on the wall shows ("2026-03-29T10:00:00").
    pub civil: NaiveDateTime,
    /// The zone of that clock.
    pub zone: String,
    /// The instant it is.
    pub at: Moment,
    /// How long after `at` it may still go out by itself. Later it is held.
    pub window: Millis,
}

/// Which of the two times is meant on the night when clocks go back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Fold {
    /// The first (summer time still).
    First,
    /// The second (winter time already).
    Second,
}

impl Slot {
    /// The slot at which the clock of a zone shows `civil`. Which of two times is meant is asked (`fold`), never
    /// guessed; where there is only one, `fold` says nothing.
    ///
    /// # Errors
    /// `InAGap`, `InAFold`, `InThePast`, `TooFar`.
    pub fn place(
        civil: NaiveDateTime,
        fold: Option<Fold>,
        zone: &Zone,
        window: Millis,
        now: Moment,
    ) -> Result<Self, Refusal> {
        let at = match (zone.resolve(civil), fold) {
            (Resolved::One(at), _) => at,
            (Resolved::Fold { first, .. }, Some(Fold::First)) => first,
            (Resolved::Fold { second, .. }, Some(Fold::Second)) => second,
            // Far and past nights are refused for what they are, before anybody is asked about their hours.
            (Resolved::Fold { first, second }, None) => {
                within(first, now)?;
                return Err(Refusal::InAFold { first, second });
            }
            (Resolved::Gap { before, after }, _) => {
                within(after, now)?;
                return Err(Refusal::InAGap { before, after });
            }
        };
        within(at, now)?;
        Ok(Self { civil, zone: zone.name.clone(), at, window })
    }

    /// The slot that is due at once.
    pub fn now(zone: &Zone, window: Millis, now: Moment) -> Self {
        Self { civil: zone.civil(now), zone: zone.name.clone(), at: now, window }
    }

    /// The last moment at which it may still go out by itself.
    pub fn ends(&self) -> Moment {
        self.at.plus(self.window)
    }
}

fn within(at: Moment, now: Moment) -> Result<(), Refusal> {
    if at < now.minus(GRACE) {
        Err(Refusal::InThePast)
    } else if at > now.plus(HORIZON) {
        Err(Refusal::TooFar)
    } else {
        Ok(())
    }
}

/// Reads a civil time as a date field gives it: `2026-03-29T10:00`, with or without whole seconds, and nothing else
/// (no offset: an offset would be a second opinion about the zone).
///
/// # Errors
/// `Malformed` with the field `civil`.
pub fn parse_civil(text: &str) -> Result<NaiveDateTime, Refusal> {
    read_civil(text).ok_or_else(|| Refusal::Malformed { field: "civil".to_owned() })
}

/// What a date and time field of a browser shows: to the minute.
pub fn civil_text(civil: NaiveDateTime) -> String {
    // Not `format("%Y…")`: what reads such a pattern weighs more than the rest of this file.
    let (year, month, day) = (civil.year(), civil.month(), civil.day());
    format!("{year:04}-{month:02}-{day:02}T{:02}:{:02}", civil.hour(), civil.minute())
}

/// A day as `2026-12-24`, and in no other form.
pub fn read_day(text: &str) -> Option<NaiveDate> {
    (text.len() == 10).then(|| read_civil(&[text, "T00:00"].concat()))?.map(|civil| civil.date())
}

/// How a day crosses between the desk and the engine. Not by `chrono`: its reader of dates knows every form there is, and
/// the desk would carry it into the first load.
pub mod day {
    use chrono::NaiveDate;
    use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error};

    /// As `2026-12-24`.
    ///
    /// # Errors
    /// Those of the serializer.
    pub fn serialize<S: Serializer>(day: &NaiveDate, to: S) -> Result<S::Ok, S::Error> {
        day.serialize(to)
    }

    /// From that form and no other.
    ///
    /// # Errors
    /// What is no such day.
    pub fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<NaiveDate, D::Error> {
        let text = String::deserialize(from)?;
        super::read_day(&text).ok_or_else(|| D::Error::custom("a day is written 2026-12-24"))
    }
}

fn read_civil(text: &str) -> Option<NaiveDateTime> {
    let form = text.bytes().enumerate().all(|(place, byte)| match place {
        4 | 7 => byte == b'-',
        10 => byte == b'T',
        13 | 16 => byte == b':',
        _ => byte.is_ascii_digit(),
    });
    if !form || !matches!(text.len(), 16 | 19) {
        return None;
    }
    let number = |from: usize, to: usize| text.get(from..to)?.parse::<u32>().ok();
    let second = if text.len() == 19 { number(17, 19)? } else { 0 };
    let year = i32::try_from(number(0, 4)?).ok()?;
    NaiveDate::from_ymd_opt(year, number(5, 7)?, number(8, 10)?)?.and_hms_opt(number(11, 13)?, number(14, 16)?, second)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::zone::bench::madrid;
    use proptest::prelude::*;

    const WINDOW: Millis = Millis::minutes(30);
    /// 2026-03-01T00:00Z.
    const NOW: Moment = Moment(1_772_323_200_000);

    fn place(civil: &str, fold: Option<Fold>) -> Result<Slot, Refusal> {
        Slot::place(parse_civil(civil)?, fold, &madrid(), WINDOW, NOW)
    }

    #[test]
    fn a_slot_is_where_the_wall_shows_it() {
        let slot = place("2026-06-01T10:00", None).unwrap();
        assert_eq!(slot.at.to_rfc3339(), "2026-06-01T08:00:00.000Z");
        assert_eq!(slot.ends(), slot.at.plus(WINDOW));
        assert_eq!(slot.zone, "Europe/Madrid");
    }

    #[test]
    fn an_hour_that_does_not_exist_is_refused_with_its_neighbours() {
        let after = Moment(1_774_746_000_000);
        let refusal = Refusal::InAGap { before: after.minus(Millis::minutes(1)), after };
        assert_eq!(place("2026-03-29T02:00", None), Err(refusal.clone()));
        assert_eq!(place("2026-03-29T02:59:59", Some(Fold::First)), Err(refusal));
        assert!(place("2026-03-29T03:00", None).is_ok());
        assert!(place("2026-03-29T01:59", None).is_ok());
    }

    #[test]
    fn an_hour_that_is_twice_is_asked_and_then_taken() {
        let Err(Refusal::InAFold { first, second }) = place("2026-10-25T02:30", None) else { panic!("not asked") };
        assert_eq!(place("2026-10-25T02:30", Some(Fold::First)).map(|slot| slot.at), Ok(first));
        assert_eq!(place("2026-10-25T02:30", Some(Fold::Second)).map(|slot| slot.at), Ok(second));
        assert!(place("2026-10-25T03:00", None).is_ok());
    }

    #[test]
    fn the_past_and_2099_are_refused() {
        assert_eq!(place("2026-02-28T23:59", None), Err(Refusal::InThePast));
        assert_eq!(place("2099-01-01T10:00", None), Err(Refusal::TooFar));
        assert!(place("2028-02-29T10:00", None).is_ok());
    }

    #[test]
    fn a_minute_that_passed_meanwhile_is_now() {
        // 01:00 in Madrid is NOW.
        assert!(place("2026-03-01T00:59", None).is_ok());
        assert_eq!(place("2026-03-01T00:58:59", None), Err(Refusal::InThePast));
    }

    #[test]
    fn now_is_due_now() {
        let slot = Slot::now(&madrid(), WINDOW, NOW);
        assert_eq!((slot.at, slot.civil), (NOW, parse_civil("2026-03-01T01:00").unwrap()));
    }

    #[test]
    fn a_date_field_reads_what_it_shows() {
        assert_eq!(civil_text(parse_civil("2026-03-09T07:05:59").unwrap()), "2026-03-09T07:05");
    }

    #[test]
    fn what_is_no_civil_time_is_refused_at_the_door() {
        for text in [
            "",
            "2026-02-30T10:00",
            "2026-03-29",
            "2026-03-29 10:00",
            "2026-03-29T10:00Z",
            "2026-03-29T10:00:00+02:00",
            "2026-03-29T24:00",
            "2026-03-29T10:00:60",
            "2026-3-29T10:00:0",
            "2026-03-29T10:00:00.5",
            "２０２６-03-29T10:00",
            "+026-03-29T10:00",
        ] {
            assert_eq!(parse_civil(text), Err(Refusal::Malformed { field: "civil".to_owned() }), "{text}");
        }
    }

    proptest! {
        #[test]
        fn a_placed_slot_shows_its_civil_time(minutes in 0_i64..400_000, fold in any::<bool>()) {
            let zone = madrid();
            let civil = zone.civil(NOW).checked_add_signed(chrono::TimeDelta::minutes(minutes)).unwrap();
            let fold = if fold { Fold::First } else { Fold::Second };
            match Slot::place(civil, Some(fold), &zone, WINDOW, NOW) {
                Ok(slot) => prop_assert_eq!(zone.civil(slot.at), civil),
                Err(Refusal::InAGap { .. }) => prop_assert_eq!(civil.format("%dT%H").to_string(), "29T02"),
                Err(other) => prop_assert!(false, "{:?}", other),
            }
        }
    }
}
