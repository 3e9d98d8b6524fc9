//! Notices: what one was told, how one wants to be told, and the devices that listen (Web Push).

use std::collections::BTreeSet;

use domain::{
    Act, Moment, NoticeId, Organisation, PostId, SubscriptionId,
    telling::{Allowance, Choices, Kind, Way},
};
use serde::{Deserialize, Serialize};

use crate::{Endpoint, Listed, Method::*, Nothing, Page, Who};

/// What one was told, the newest first.
pub const LIST: Endpoint<Query, Page<NoticeRow>> = Endpoint::new(Get, "/api/notices", Who::Member);
/// One was read.
pub const READ: Endpoint<Nothing, Unread> = Endpoint::new(Put, "/api/notices/{notice}/read", Who::Member);
/// All were read that had come by a moment: what came since was not on the screen.
pub const READ_ALL: Endpoint<Until, Unread> = Endpoint::new(Put, "/api/notices/read", Who::Member);
/// How one is told.
pub const CHOICES: Endpoint<Nothing, Chosen> = Endpoint::new(Get, "/api/notices/choices", Who::Member);
/// Chooses.
pub const CHOOSE: Endpoint<Choices, Chosen> = Endpoint::new(Put, "/api/notices/choices", Who::Member);
/// What a device needs to listen, and the devices that do.
pub const PUSH: Endpoint<Nothing, Push> = Endpoint::new(Get, "/api/push", Who::Member);
/// A device listens from now on.
pub const SUBSCRIBE: Endpoint<Subscribe, Push> = Endpoint::new(Post, "/api/push/subscriptions", Who::Member);
/// It does no more.
pub const UNSUBSCRIBE: Endpoint<Nothing, Push> =
    Endpoint::new(Delete, "/api/push/subscriptions/{subscription}", Who::Member);
/// Sends a push to every device of one's own, to see whether it comes.
pub const TEST: Endpoint<Nothing, Tested> = Endpoint::new(Post, "/api/push/tests", Who::Member);
/// What the organisation allows in telling people.
pub const ALLOW: Endpoint<Allow, Organisation> =
    Endpoint::new(Put, "/api/organisation/telling", Who::May(Act::ManageOrganisation));

/// All of them.
pub const LISTED: &[Listed] = &[
    LIST.listed(),
    READ.listed(),
    READ_ALL.listed(),
    CHOICES.listed(),
    CHOOSE.listed(),
    PUSH.listed(),
    SUBSCRIBE.listed(),
    UNSUBSCRIBE.listed(),
    TEST.listed(),
    ALLOW.listed(),
];

/// Which page.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Query {
    /// Where it starts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cursor: Option<String>,
}

/// Something that one was told.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct NoticeRow {
    /// Its identity.
    pub id: NoticeId,
    /// What.
    pub kind: Kind,
    /// When.
    pub at: Moment,
    /// When it was read.
    pub read: Option<Moment>,
    /// The post that it is about.
    pub post: Option<PostId>,
    /// The post's heading, as it is now.
    pub heading: String,
    /// The name of who it speaks of.
    pub name: String,
    /// A task's title, a device's name, a date: as its kind says.
    pub what: String,
    /// By which ways it was told besides.
    pub ways: BTreeSet<Way>,
}

/// How many are unread: as many as a bell shows, and not more.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Unread {
    /// So many, at most [`MOST_UNREAD`].
    pub unread: u32,
}

/// A bell counts so far. Each is a row that is read every minute.
pub const MOST_UNREAD: u32 = 10;

/// Until when.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Until {
    /// The newest that was shown.
    pub until: Moment,
}

/// How one is told, and what can be chosen.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Chosen {
    /// What one chose.
    pub choices: Choices,
    /// What the organisation allows.
    pub allowed: BTreeSet<Allowance>,
    /// By which ways one can be reached now.
    pub reach: BTreeSet<Way>,
}

/// What a device needs, and those that listen.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Push {
    /// The organisation's public key (an uncompressed point, base64url): `applicationServerKey`.
    pub key: String,
    /// One's own devices.
    pub devices: Vec<Device>,
}

/// A device that listens.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Device {
    /// Its identity.
    pub id: SubscriptionId,
    /// What its holder calls it.
    pub label: String,
    /// SHA-256 over its address: a browser finds itself in the list, and nobody else learns the address.
    pub endpoint: String,
    /// Since when.
    pub at: Moment,
    /// When a push last reached its service.
    pub used: Option<Moment>,
}

/// A device asks to listen: what its browser gave it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Subscribe {
    /// The push service's address for it.
    pub endpoint: String,
    /// The browser's public key (an uncompressed point, base64url).
    pub p256dh: String,
    /// Its secret (16 bytes, base64url).
    pub auth: String,
    /// What its holder calls it.
    pub label: String,
    /// The language of what it shows (`es`, `en`).
    pub lang: String,
}

/// What became of a test.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Tested {
    /// Each device, and whether its service took the push.
    pub devices: Vec<(Device, Delivery)>,
}

/// What a push service answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Delivery {
    /// It took it.
    Taken,
    /// It knows the device no more: the device was removed from the list.
    Gone,
    /// It cannot take it now.
    Later,
    /// It refuses it.
    Refused,
}

/// Allows.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Allow {
    /// The organisation's version that the change started from.
    pub version: u64,
    /// What is allowed from now on.
    pub allowed: BTreeSet<Allowance>,
}
