//! Writes down when the clocks of every zone change, from [`FIRST`] to [`LAST`], for `src/zones.rs`.
//! Here, and not in the engine: the zone database has two centuries and the name of each summer time (1.2 MB of the
//! engine); what a post can be placed by is a tenth of that, and the engine then looks changes up instead of searching
//! them for each request.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::PathBuf;

use chrono::{Offset, TimeZone};
use domain::{Moment, zone::Zone};

/// 2020-01-01: nothing in any organisation's calendar is older than Pregón.
const FIRST: Moment = Moment(1_577_836_800_000);

/// 2045-01-01: a slot reaches ten years ahead, and laws about clocks seldom stand as long as a build is kept.
const LAST: Moment = Moment(2_366_841_600_000);

const MINUTE: i64 = 60_000;

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    let text = match generate() {
        Ok(text) => text,
        Err(fault) => {
            println!("cargo::error={fault}");
            return;
        }
    };
    let out = std::env::var_os("OUT_DIR").map(PathBuf::from).unwrap_or_default().join("zones.rs");
    if let Err(error) = std::fs::write(&out, text) {
        println!("cargo::error=cannot write {}: {error}", out.display());
    }
}

/// Two tables: the different courses of clocks (Madrid's is Paris's too), and the course of each name. A change stands as
/// the minutes since the one before: most of them repeat, and what repeats compresses to a fifth.
fn generate() -> Result<String, String> {
    let mut courses: BTreeMap<Vec<(u32, i16)>, usize> = BTreeMap::new();
    let mut names = BTreeMap::new();
    for tz in chrono_tz::TZ_VARIANTS {
        let zone = Zone::observe(tz.name(), FIRST, LAST, |at| {
            let at = chrono::DateTime::from_timestamp_millis(at.0).unwrap_or_default().naive_utc();
            tz.offset_from_utc_datetime(&at).fix().local_minus_utc()
        });
        let course: Option<Vec<(u32, i16)>> =
            zone.transitions.iter().map(|&(at, offset)| Some((minute(at)?, minutes(offset)?))).collect();
        let (Some(course), Some(initial)) = (course, minutes(zone.initial)) else {
            return Err(format!("the clocks of {} change within a minute", tz.name()));
        };
        let next = courses.len();
        names.insert(tz.name(), (initial, *courses.entry(course).or_insert(next)));
    }
    let mut text = format!("static COURSES: [&[(u32, i16)]; {}] = [\n", courses.len());
    let mut ordered: Vec<(Vec<(u32, i16)>, usize)> = courses.into_iter().collect();
    ordered.sort_by_key(|(_, place)| *place);
    for (course, _) in ordered {
        let mut last = 0;
        let steps: Vec<(u32, i16)> =
            course.into_iter().map(|(at, offset)| (at - std::mem::replace(&mut last, at), offset)).collect();
        let _ = writeln!(text, "    &{steps:?},");
    }
    let _ = writeln!(text, "];\nstatic NAMES: [(&str, i16, u16); {}] = [", names.len());
    for (name, (initial, course)) in names {
        let _ = writeln!(text, "    ({name:?}, {initial}, {course}),");
    }
    text.push_str("];\n");
    Ok(text)
}

/// A moment in minutes since 1970, if it is a whole one.
fn minute(at: Moment) -> Option<u32> {
    (at.0 % MINUTE == 0).then(|| u32::try_from(at.0 / MINUTE).ok())?
}

/// An offset in minutes, if it is a whole number of them: it has been one everywhere since 1972.
fn minutes(offset: i32) -> Option<i16> {
    (offset % 60 == 0).then(|| i16::try_from(offset / 60).ok())?
}
