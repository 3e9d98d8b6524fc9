//! A link that shows the calendar to somebody without an account: what it is called, how long it lasts, what passes it.
//! Separate from `outside`, whose links lead to one decision of one person: this one is read only, and by whoever has it.

use serde::{Deserialize, Serialize};

use crate::{Access, Act, CampaignId, ChannelId, MemberId, Millis, Moment, Refusal, Role, ShareId, may, text::line};

/// A season; who needs it longer asks again, and somebody looks whether they still should.
pub const LONGEST: u16 = 90;

/// More links at a time than anybody can answer for.
pub const MOST: usize = 50;

/// A name, in bytes.
const NAME: usize = 120;

/// A link.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Share {
    /// Its identity; the secret in the address is another thing.
    pub id: ShareId,
    /// Whom it is for.
    pub name: String,
    /// Who made it.
    pub by: MemberId,
    /// Only what goes to this channel.
    pub channel: Option<ChannelId>,
    /// Only what is of this campaign.
    pub campaign: Option<CampaignId>,
    /// When it was made.
    pub made: Moment,
    /// When it is over.
    pub expires: Moment,
    /// When it was taken back.
    pub revoked: Option<Moment>,
}

impl Share {
    /// Whether it shows anything now.
    pub fn is_open(&self, at: Moment) -> bool {
        self.revoked.is_none() && at < self.expires
    }
}

/// Whether a link of a member's stands: it lives no longer than their right to make one.
pub fn stands(role: Role, access: &Access, at: Moment) -> bool {
    may(role, Act::Share) && access.is_open(at)
}

/// Whom a link is for, on one line.
///
/// # Errors
/// `Malformed` without words or with characters that hide, `TooLarge`.
pub fn parse_name(name: &str) -> Result<String, Refusal> {
    line::name(name, "name", NAME)
}

/// When a link is over that lasts so many days.
///
/// # Errors
/// `Malformed` for none, `TooLarge`.
pub fn expires(days: u16, now: Moment) -> Result<Moment, Refusal> {
    match days {
        0 => Err(Refusal::Malformed { field: "days".to_owned() }),
        1..=LONGEST => Ok(now.plus(Millis::days(days.into()))),
        _ => Err(Refusal::TooLarge { field: "days".to_owned(), limit: LONGEST.into(), length: days.into() }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_open_until_it_is_over_or_taken_back() {
        let (made, expires) = (Moment(0), expires(1, Moment(0)).unwrap());
        let (id, by) = (ShareId::from_bits(1), MemberId::from_bits(1));
        let name = "Alcaldía".to_owned();
        let share = Share { id, name, by, channel: None, campaign: None, made, expires, revoked: None };
        assert!(share.is_open(made) && share.is_open(expires.minus(Millis(1))) && !share.is_open(expires));
        assert!(!Share { revoked: Some(Moment(5)), ..share }.is_open(Moment(6)));
    }

    #[test]
    fn it_lasts_from_a_day_to_a_season() {
        assert_eq!(expires(90, Moment(0)), Ok(Moment(0).plus(Millis::days(90))));
        assert_eq!(expires(0, Moment(0)), Err(Refusal::Malformed { field: "days".to_owned() }));
        assert_eq!(expires(91, Moment(0)), Err(Refusal::TooLarge { field: "days".to_owned(), limit: 90, length: 91 }));
    }

    #[test]
    fn it_says_whom_it_is_for() {
        assert_eq!(parse_name("  Gabinete \n de alcaldía ").as_deref(), Ok("Gabinete de alcaldía"));
        for name in ["", " \t", "a\u{7}b", "a\u{202E}b", "\u{200B}"] {
            assert_eq!(parse_name(name), Err(Refusal::Malformed { field: "name".to_owned() }), "{name:?}");
        }
        assert!(matches!(parse_name(&"ñ".repeat(61)), Err(Refusal::TooLarge { length: 122, .. })));
    }

    #[test]
    fn whoever_may_not_make_one_any_more_shows_nothing_by_it() {
        let now = Moment(10);
        let over = Access::Limited { channels: vec![], from: Moment(0), until: Moment(10) };
        assert!(stands(Role::Author, &Access::Everywhere, now));
        assert!(!stands(Role::Author, &over, now) && !stands(Role::Observer, &Access::Everywhere, now));
    }
}
