//! The calendar out of the house: a member's own address for their calendar program, and links for somebody without an
//! account. The secret of each is in one answer, once.

use chrono::NaiveDate;
use domain::{Act, CampaignId, ChannelId, Moment, ShareId, share::Share};
use serde::{Deserialize, Serialize};

use crate::{Endpoint, Listed, Method::*, Nothing, Who};

/// Whether whoever asks has an address for their calendar program.
pub const FEED: Endpoint<Nothing, Feed> = Endpoint::new(Get, "/api/feed", Who::May(Act::Read));
/// Makes one, or a new one in its place: the one of before leads nowhere from then on.
pub const RENEW_FEED: Endpoint<Nothing, Address> = Endpoint::new(Post, "/api/feed", Who::May(Act::Read));
/// Takes it back.
pub const REVOKE_FEED: Endpoint<Nothing, Nothing> = Endpoint::new(Delete, "/api/feed", Who::May(Act::Read));
/// The links of the organisation, those that are over for less than a month too, newest first.
pub const SHARES: Endpoint<Nothing, Vec<Shared>> = Endpoint::new(Get, "/api/shares", Who::May(Act::Share));
/// Makes a link.
pub const MAKE_SHARE: Endpoint<MakeShare, Made> = Endpoint::new(Post, "/api/shares", Who::May(Act::Share));
/// Takes a link back.
pub const REVOKE_SHARE: Endpoint<Nothing, Nothing> = Endpoint::new(Delete, "/api/shares/{share}", Who::May(Act::Share));

/// All of them.
pub const LISTED: &[Listed] = &[
    FEED.listed(),
    RENEW_FEED.listed(),
    REVOKE_FEED.listed(),
    SHARES.listed(),
    MAKE_SHARE.listed(),
    REVOKE_SHARE.listed(),
];

/// A member's address.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Feed {
    /// When it was made, if there is one.
    pub made: Option<Moment>,
}

/// An address with its secret. It is told in this answer and never again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Address {
    /// From the slash on: the desk knows which site it is on.
    pub path: String,
}

/// Whom a link is for, how long, and what passes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MakeShare {
    /// Whom it is for.
    pub name: String,
    /// How many days it lasts.
    pub days: u16,
    /// Only what goes to this channel.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub channel: Option<ChannelId>,
    /// Only what is of this campaign.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub campaign: Option<CampaignId>,
}

/// A new link.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Made {
    /// Its identity.
    pub id: ShareId,
    /// Where it leads.
    pub address: Address,
}

/// A link, and on which days it was opened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Shared {
    /// The link.
    pub share: Share,
    /// Each day on which it was opened, the newest first. By whom is not known.
    pub opened: Vec<Opened>,
}

/// How often a link was opened on a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Opened {
    /// The day, by the organisation's clock.
    #[serde(with = "domain::slot::day")]
    pub day: NaiveDate,
    /// How often.
    pub times: u32,
}
