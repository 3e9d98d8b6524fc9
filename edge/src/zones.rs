//! The zone database lives only here; the desk and the rules are given the transitions they need.

use chrono::{Offset, TimeZone};
use domain::{Millis, Moment, Refusal, zone::Zone};

/// The transitions of a zone from five years before `now` to ten years after: further than any slot or archive page
/// of the desk reaches.
///
/// # Errors
/// `UnknownZone`.
pub fn zone(name: &str, now: Moment) -> Result<Zone, Refusal> {
    let tz: chrono_tz::Tz = name.parse().map_err(|_| Refusal::UnknownZone)?;
    let offset = |at: Moment| {
        let at = chrono::DateTime::from_timestamp_millis(at.0).unwrap_or_default().naive_utc();
        tz.offset_from_utc_datetime(&at).fix().local_minus_utc()
    };
    Ok(Zone::observe(name, now.minus(Millis::days(5 * 366)), now.plus(Millis::days(10 * 366)), offset))
}

/// What the clock on the wall shows there at a moment; UTC's where the zone is not known.
pub fn civil(name: &str, at: Moment) -> chrono::NaiveDateTime {
    let utc = chrono::DateTime::from_timestamp_millis(at.0).unwrap_or_default();
    name.parse::<chrono_tz::Tz>().map_or(utc.naive_utc(), |tz| utc.with_timezone(&tz).naive_local())
}
