//! The zone database lives only here; the desk and the rules are given the transitions they need.

use chrono::{Offset, TimeZone};
use domain::{Millis, Moment, Refusal, zone::Zone};

/// The transitions of a zone from five years before `now` to ten years after.
///
/// # Errors
/// `UnknownZone`.
pub fn zone(name: &str, now: Moment) -> Result<Zone, Refusal> {
    let tz: chrono_tz::Tz = name.parse().map_err(|_| Refusal::UnknownZone)?;
    let offset = |at: i64| {
        let at = chrono::DateTime::from_timestamp_millis(at).unwrap_or_default().naive_utc();
        tz.offset_from_utc_datetime(&at).fix().local_minus_utc()
    };
    let (mut at, end) = (now.minus(Millis::days(5 * 366)).0, now.plus(Millis::days(10 * 366)).0);
    let initial = offset(at);
    let (mut current, mut transitions) = (initial, Vec::new());
    // No zone changes twice within three weeks, bar a Ramadan pause of DST (Morocco: four weeks): look every ten
    // days, then halve down to the second.
    let stride = Millis::days(10).0;
    while at < end {
        let next = at + stride;
        let there = offset(next);
        if there != current {
            let (mut low, mut high) = (at, next);
            while high - low > 1_000 {
                let middle = low + (high - low) / 2;
                if offset(middle) == current { low = middle } else { high = middle }
            }
            transitions.push((Moment(high - high.rem_euclid(1_000)), there));
            current = there;
        }
        at = next;
    }
    Ok(Zone { name: name.to_owned(), initial, transitions })
}
