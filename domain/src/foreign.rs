//! Calendars of others: the town hall's agenda, the school, the sports club. What stands in them is seen by whoever plans, and is
//! neither a post nor a note. Separate from `ics`, which reads one: this is which there are, and how each of them fares.

use serde::{Deserialize, Serialize};

use crate::{
    ForeignId, Millis, Moment, Refusal,
    campaign::{named, next},
    ics::read::Shortfall,
};

/// A calendar of others that is looked at.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Foreign {
    /// Its identity.
    pub id: ForeignId,
    /// Counts its changes; 0 is not kept yet.
    pub version: u64,
    /// What it is called here.
    pub name: String,
    /// Where it is. Some addresses open their calendar to whoever knows them: only who manages the organisation is told.
    pub address: String,
    /// Whether it is looked at and shown.
    pub on: bool,
}

/// So many an organisation keeps: what five calendars say of a week is as much as anybody reads beside their own.
pub const MOST: usize = 5;
/// An address, in bytes.
pub const ADDRESS: usize = 2_048;
/// How often each is asked for.
pub const EVERY: Millis = Millis::hours(6);
/// What was last read longer ago may have changed since: whoever plans beside it is told of when it is. Eight tries have failed by then, or
/// nobody made any.
const STALE: Millis = Millis::days(2);
/// A tag by which a server knows what it said last, in bytes.
const TAG: usize = 200;

impl Foreign {
    /// What is kept of it beside all there are: itself with the next version, or nothing where it says the same.
    ///
    /// # Errors
    /// `Malformed` without a name or an address, `TooLarge`, `Doubled` when another has the name, `Stale`, `NotFound`.
    pub fn over(self, all: &[Foreign]) -> Result<Option<Self>, Refusal> {
        let before = all.iter().find(|one| one.id == self.id);
        let others = all.iter().filter(|one| one.id != self.id).map(|one| one.name.as_str());
        let name = named(&self.name, others, ("foreign", MOST))?;
        let address = address(&self.address)?;
        let wanted = Self { name, address, ..self };
        if before.is_some_and(|before| (Self { version: before.version, ..wanted.clone() }) == *before) {
            return Ok(None);
        }
        let version = next(before.map(|one| one.version), wanted.version)?;
        Ok(Some(Self { version, ..wanted }))
    }
}

/// An address as it is asked: what calendar programs call `webcal:` is `https:`. Whether it may be called the engine says.
///
/// # Errors
/// `Malformed`, `TooLarge`.
pub fn address(address: &str) -> Result<String, Refusal> {
    let address = address.trim();
    if address.is_empty() || address.chars().any(char::is_whitespace) {
        return Err(Refusal::Malformed { field: "address".to_owned() });
    }
    if address.len() > ADDRESS {
        let (limit, length) = (ADDRESS as u64, address.len() as u64);
        return Err(Refusal::TooLarge { field: "address".to_owned(), limit, length });
    }
    Ok(match address.split_once("://") {
        Some((scheme, rest)) if ["webcal", "webcals"].iter().any(|one| scheme.eq_ignore_ascii_case(one)) => {
            ["https://", rest].concat()
        }
        _ => address.to_owned(),
    })
}

/// A tag that may be said again to the server that said it; nothing where it is none, or is no text that a header carries.
pub fn tag(text: Option<String>) -> Option<String> {
    text.filter(|text| !text.is_empty() && text.len() <= TAG && text.bytes().all(|byte| (b' '..=b'~').contains(&byte)))
}

/// Of when it is what is kept of a calendar, where that is too long ago to be taken for what stands in it now.
pub fn as_of(read: Option<Moment>, now: Moment) -> Option<Moment> {
    read.filter(|read| now.since(*read) > STALE)
}

/// Why a calendar could not be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Trouble {
    /// Nobody answered, or not to the end.
    Unreached,
    /// Its address, or one to which it sent on, may not be called.
    Inward,
    /// What it answers is longer than is read.
    TooLarge,
    /// What it answers is no calendar, or half of one.
    NoCalendar,
    /// It says no.
    Says {
        /// The status of HTTP.
        status: u16,
    },
}

/// How a calendar fares.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Stand {
    /// When it was last read, or said that it is as it was.
    pub read: Option<Moment>,
    /// Why it could not be read the last time.
    pub trouble: Option<Trouble>,
    /// Since when it cannot.
    pub since: Option<Moment>,
    /// How much of it is kept.
    pub kept: u32,
    /// What of it is not shown as it was meant.
    pub shortfall: Shortfall,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn foreign(n: u128, name: &str, address: &str) -> Foreign {
        let id = ForeignId::from_bits(n);
        Foreign { id, version: 0, name: name.to_owned(), address: address.to_owned(), on: true }
    }

    fn refused(one: Foreign, all: &[Foreign]) -> Refusal {
        one.over(all).unwrap_err()
    }

    #[test]
    fn it_is_kept_once_however_often_it_is_sent() {
        let sent = || foreign(1, " Colegio \n Público ", " WebCal://colegio.es/a.ics?x=://y ");
        let kept = sent().over(&[]).unwrap().unwrap();
        assert_eq!((kept.version, kept.name.as_str()), (1, "Colegio Público"));
        assert_eq!(kept.address, "https://colegio.es/a.ics?x=://y");
        let all = [kept.clone()];
        assert_eq!(sent().over(&all), Ok(None));
        let off = Foreign { on: false, ..kept.clone() };
        assert_eq!(off.clone().over(&all).unwrap().unwrap().version, 2);
        assert_eq!(refused(Foreign { version: 0, ..off.clone() }, &all), Refusal::Stale { current: 1 });
        assert_eq!(refused(off, &[]), Refusal::NotFound, "somebody took it away");
    }

    #[test]
    fn what_cannot_be_asked_or_told_apart_is_refused() {
        let malformed = |field: &str| Refusal::Malformed { field: field.to_owned() };
        assert_eq!(refused(foreign(1, " ", "https://a.es"), &[]), malformed("name"));
        assert_eq!(refused(foreign(1, "a", " "), &[]), malformed("address"));
        assert_eq!(refused(foreign(1, "a", "https://a.es/x y"), &[]), malformed("address"));
        assert!(matches!(refused(foreign(1, "a", &"x".repeat(ADDRESS + 1)), &[]), Refusal::TooLarge { .. }));
        let mut all: Vec<_> = (1..=MOST as u128).map(|n| foreign(n, &format!("Agenda {n}"), "https://a.es")).collect();
        assert!(
            matches!(refused(foreign(9, "Otra", "https://a.es"), &all), Refusal::TooLarge { field, .. } if field == "foreign")
        );
        all.truncate(1);
        assert_eq!(
            refused(foreign(9, "AGENDA 1", "https://a.es"), &all),
            Refusal::Doubled { field: "name".to_owned() }
        );
    }

    #[test]
    fn what_was_read_two_days_ago_says_of_when_it_is() {
        let read = Moment(1_000);
        assert_eq!(as_of(None, read), None, "nothing is kept of it");
        assert_eq!(as_of(Some(read), read.plus(STALE)), None);
        assert_eq!(as_of(Some(read), read.plus(STALE).plus(Millis(1))), Some(read));
        assert_eq!(as_of(Some(read), Moment(0)), None, "a clock that was set back makes nothing old");
    }

    #[test]
    fn a_tag_is_said_again_only_if_a_header_can_carry_it() {
        let of = |text: &str| tag(Some(text.to_owned()));
        assert_eq!(of("W/\"5-a\"").as_deref(), Some("W/\"5-a\""));
        for bad in ["", "\"ñ\"", "\"a\r\nx: y\"", "x".repeat(TAG + 1).as_str()] {
            assert_eq!(of(bad), None, "{bad:?}");
        }
    }
}
