//! The calendar besides its posts: what stands on the days, where there is still room.

use std::collections::BTreeSet;

use chrono::NaiveDate;
use domain::{
    Act, Moment, PostId, Refusal,
    ics::read::Happening,
    mark::{Mark, MarkKind},
    shift::{Mind, Wanted},
    views::Views,
    zone::Zone,
};
use serde::{Deserialize, Serialize};

use crate::{Endpoint, Listed, Method::*, Nothing, Who};

/// What stands on some days besides posts.
pub const MARKS: Endpoint<Days, Marks> = Endpoint::new(Get, "/api/marks", Who::May(Act::Read));
/// Keeps a mark, a new one (version 0, under an identity that the desk drew) or a changed one.
pub const KEEP_MARK: Endpoint<KeepMark, Mark> = Endpoint::new(Put, "/api/marks/{mark}", Who::May(Act::Write));
/// Takes a mark away.
pub const DROP_MARK: Endpoint<Nothing, Nothing> = Endpoint::new(Delete, "/api/marks/{mark}", Who::May(Act::Write));
/// Where a post would still have room on its channels, within working hours: the first hole of each of the next days, but
/// those of mourning for what can wait.
pub const HOLES: Endpoint<After, Vec<Moment>> = Endpoint::new(Get, "/api/posts/{post}/holes", Who::May(Act::Publish));
/// What would become of a campaign's posts if all were moved by some days. Changes nothing.
pub const SHIFT: Endpoint<Shift, Shifted> =
    Endpoint::new(Get, "/api/campaigns/{campaign}/shift", Who::May(Act::Publish));
/// Moves several posts, all of them or none.
pub const REARRANGE: Endpoint<Rearrange, Vec<Moved>> = Endpoint::new(Put, "/api/slots", Who::May(Act::Publish));
/// The views that one keeps under names.
pub const VIEWS: Endpoint<Nothing, Views> = Endpoint::new(Get, "/api/views", Who::May(Act::Read));
/// Keeps one's views as they are to be, with the version that was seen.
pub const KEEP_VIEWS: Endpoint<Views, Views> = Endpoint::new(Put, "/api/views", Who::May(Act::Read));
/// When the clocks of any zone of the world change, for who wants to see a second clock beside the town's. It names nothing of an
/// organisation, and may be kept for a day.
pub const ZONE: Endpoint<Named, Zone> = Endpoint::new(Get, "/api/zone", Who::Member);

/// All of them.
pub const LISTED: &[Listed] = &[
    MARKS.listed(),
    KEEP_MARK.listed(),
    DROP_MARK.listed(),
    HOLES.listed(),
    SHIFT.listed(),
    REARRANGE.listed(),
    VIEWS.listed(),
    KEEP_VIEWS.listed(),
    ZONE.listed(),
];

/// Some days, both ends included: at most 62.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Days {
    /// The first.
    #[serde(with = "domain::slot::day")]
    pub first: NaiveDate,
    /// The last.
    #[serde(with = "domain::slot::day")]
    pub last: NaiveDate,
}

/// A zone, by its name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Named {
    /// The name ("Atlantic/Canary").
    pub name: String,
}

/// What stands on some days.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Marks {
    /// Marks, the earliest first.
    pub marks: Vec<Mark>,
    /// The holidays of the organisation's working hours among these days.
    #[serde(deserialize_with = "domain::hours::days")]
    pub holidays: BTreeSet<NaiveDate>,
    /// What stands in calendars of others.
    pub others: Vec<Others>,
}

/// A calendar of others, and what of it stands on some days.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Others {
    /// What it is called here.
    pub name: String,
    /// Of when what is kept of it is, where that is long ago (`domain::foreign::as_of`).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub as_of: Option<Moment>,
    /// What stands in it, the earliest first.
    pub happenings: Vec<Happening>,
}

/// A mark as it is to be.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct KeepMark {
    /// The version the change started from; 0 creates.
    pub version: u64,
    /// What it is about.
    pub kind: MarkKind,
    /// What it says.
    pub text: String,
    /// The first day.
    #[serde(with = "domain::slot::day")]
    pub first: NaiveDate,
    /// The last day.
    #[serde(with = "domain::slot::day")]
    pub last: NaiveDate,
}

/// From when on holes are looked for; from now on where nothing is said or it is over.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct After {
    /// The moment.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub after: Option<i64>,
}

/// By how many days, and which of a campaign's posts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Shift {
    /// So many days on; back where it is negative.
    pub days: i32,
    /// Only what goes out from this moment on; what went out in the last month is told of too where nothing is said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<i64>,
    /// Only what goes out before this moment.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<i64>,
}

/// What would become of them.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Shifted {
    /// Those that may move, the earliest first.
    pub moves: Vec<Moving>,
    /// Those that may not.
    pub stays: Vec<Staying>,
}

/// A post that may move.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Moving {
    /// Which.
    pub post: PostId,
    /// The version that was looked at.
    pub version: u64,
    /// A name for it.
    pub heading: String,
    /// When it goes out now.
    pub from: Moment,
    /// When it would.
    pub to: Moment,
    /// What is to be minded there.
    pub minds: Vec<Mind>,
}

/// A post that may not.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Staying {
    /// Which.
    pub post: PostId,
    /// A name for it.
    pub heading: String,
    /// When it goes out, or went.
    pub at: Moment,
    /// Why not.
    pub why: Refusal,
}

/// Several posts, and where each is to be.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rearrange {
    /// Which, and where to.
    pub moves: Vec<Wanted>,
    /// What it is done for.
    pub because: Because,
}

/// What several posts are moved for: the record says it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Because {
    /// A campaign is moved by some days.
    Shift,
    /// What is left of a series is moved.
    Series,
    /// Two change places.
    Swap,
    /// One of these is undone.
    Undo,
}

/// A post that was moved.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Moved {
    /// Which.
    pub post: PostId,
    /// Its version now.
    pub version: u64,
}
