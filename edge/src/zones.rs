//! When clocks change, in every zone of the world; the desk and the rules are given the changes that they need.
//! Separate because this is all that the engine keeps of the zone database: `build.rs` reads it and writes two tables.

use domain::{Millis, Moment, Refusal, zone::Zone};

include!(concat!(env!("OUT_DIR"), "/zones.rs"));

/// The transitions of a zone from five years before `now` to ten years after: further than any slot or archive page
/// of the desk reaches.
///
/// # Errors
/// `UnknownZone`.
pub fn zone(name: &str, now: Moment) -> Result<Zone, Refusal> {
    let (initial, course) = find(name).ok_or(Refusal::UnknownZone)?;
    let course: Vec<(u32, i16)> = course.collect();
    let (from, to) = (now.minus(Millis::days(5 * 366)), now.plus(Millis::days(10 * 366)));
    let first = course.partition_point(|change| moment(change) < from);
    let past = course.partition_point(|change| moment(change) < to);
    Ok(Zone {
        name: name.to_owned(),
        initial: seconds(first.checked_sub(1).map_or(initial, |before| course[before].1)),
        transitions: course[first..past].iter().map(|change| (moment(change), seconds(change.1))).collect(),
    })
}

/// What the clock on the wall shows there at a moment; UTC's where the zone is not known.
pub fn civil(name: &str, at: Moment) -> chrono::NaiveDateTime {
    let offset = find(name).map_or(0, |(initial, course)| {
        seconds(course.take_while(|change| moment(change) <= at).last().map_or(initial, |last| last.1))
    });
    let wall = at.plus(Millis::seconds(i64::from(offset)));
    chrono::DateTime::from_timestamp_millis(wall.0).unwrap_or_default().naive_utc()
}

/// The offset in minutes before the first change, and the changes.
fn find(name: &str) -> Option<(i16, impl Iterator<Item = (u32, i16)>)> {
    let place = NAMES.binary_search_by(|(known, ..)| (*known).cmp(name)).ok()?;
    let (_, initial, course) = NAMES[place];
    let mut at = 0;
    // Each change is written as the minutes since the one before.
    let course = COURSES[usize::from(course)].iter().map(move |&(step, offset)| {
        at += step;
        (at, offset)
    });
    Some((initial, course))
}

fn moment(change: &(u32, i16)) -> Moment {
    Moment(i64::from(change.0) * 60_000)
}

fn seconds(minutes: i16) -> i32 {
    i32::from(minutes) * 60
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::{Offset, TimeZone};

    #[test]
    fn every_zone_shows_what_the_database_says() {
        for tz in chrono_tz::TZ_VARIANTS {
            for week in (1_600_000_000..2_366_000_000).step_by(7 * 86_400) {
                let utc = chrono::DateTime::from_timestamp(week, 0).unwrap_or_default();
                let offset = tz.offset_from_utc_datetime(&utc.naive_utc()).fix();
                let shown = (utc + offset).naive_utc();
                assert_eq!(civil(tz.name(), Moment(week * 1000)), shown, "{} at {week}", tz.name());
                if week % 40 == 0 {
                    let zone = zone(tz.name(), Moment(week * 1000)).unwrap_or_else(|_| Zone::utc());
                    assert_eq!(zone.civil(Moment(week * 1000)), shown, "{} at {week}", tz.name());
                }
            }
        }
    }

    #[test]
    fn what_is_no_zone_is_refused() {
        for name in ["", "Europe/Madri", "europe/madrid", "Mars/Olympus"] {
            assert_eq!(zone(name, Moment(1_800_000_000_000)), Err(Refusal::UnknownZone), "{name}");
        }
    }
}
