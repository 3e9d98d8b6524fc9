//! A post that comes again: what stands where it would come, its drafts, and those of a series.

use chrono::NaiveDate;
use domain::{Act, Moment, PostId, StageName, series::Recurrence, shift::Mind};
use serde::{Deserialize, Serialize};

use crate::{Endpoint, Listed, Method::*, Nothing, Who};

/// What stands on the days on which a post would come again. Changes nothing.
pub const LOOK: Endpoint<Recurrence, Vec<Beside>> =
    Endpoint::new(Post, "/api/posts/{post}/occurrences", Who::May(Act::Publish));
/// Makes the drafts of a series from a post, each planned for its hour, under an identity that the desk drew. So many as fit
/// into one call: the same is sent again until all are made, and makes none twice.
pub const MAKE: Endpoint<Make, Made> = Endpoint::new(Put, "/api/posts/{post}/series/{series}", Who::May(Act::Publish));
/// The posts of a series, in its order.
pub const SERIES: Endpoint<Nothing, Vec<Member>> = Endpoint::new(Get, "/api/series/{series}", Who::May(Act::Read));
/// Gives up what is still a draft of a series, from one of it on. So many as fit into one call: the same is sent again until
/// none is left.
pub const GIVE_UP: Endpoint<GiveUp, GivenUp> =
    Endpoint::new(Post, "/api/series/{series}/cancellations", Who::May(Act::Write));

/// All of them.
pub const LISTED: &[Listed] = &[LOOK.listed(), MAKE.listed(), SERIES.listed(), GIVE_UP.listed()];

/// What stands on one of the days.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Beside {
    /// The day.
    #[serde(with = "domain::slot::day")]
    pub day: NaiveDate,
    /// Whether the house is closed on it by its own calendar.
    #[serde(default)]
    pub holiday: bool,
    /// What it would get in the way of.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mind: Option<Mind>,
}

/// A series as it is to be.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Make {
    /// The version of the post that was seen: all of a series say the same.
    pub version: u64,
    /// When it comes.
    pub rule: Recurrence,
}

/// How far it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Made {
    /// So many drafts are made.
    pub made: u32,
    /// So many it will be.
    pub of: u32,
}

/// A post of a series.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Member {
    /// Which.
    pub post: PostId,
    /// Which of the series, from 1.
    pub number: u32,
    /// Its version.
    pub version: u64,
    /// A name for it.
    pub heading: String,
    /// Where it is.
    pub stage: StageName,
    /// When it goes out, or is wished to.
    pub slot: Option<Moment>,
}

/// From which of the series on, and why.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GiveUp {
    /// The number of the first.
    pub from: u32,
    /// Why.
    pub reason: String,
}

/// How far it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct GivenUp {
    /// So many were given up by this call.
    pub given_up: u32,
    /// So many are left.
    pub left: u32,
}
