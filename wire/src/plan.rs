//! The plan: what the organisation promises to say, and how a week and its month stand against that.

use chrono::NaiveDate;
use domain::{
    Act, AudienceId, ChannelId, PillarId, Promise,
    promise::{Coverage, Per, Progress},
};
use serde::{Deserialize, Serialize};

use crate::{Endpoint, Listed, Method::*, Nothing, Who};

/// The promises, and how the week of a day and the month of that week stand.
pub const PLAN: Endpoint<Around, Plan> = Endpoint::new(Get, "/api/plan", Who::May(Act::Read));
/// Keeps a promise, a new one (version 0, under an identity that the desk drew) or a changed one.
pub const KEEP_PROMISE: Endpoint<KeepPromise, Promise> =
    Endpoint::new(Put, "/api/promises/{promise}", Who::May(Act::ManageOrganisation));
/// Takes a promise back. One that was kept for a while is ended instead: what was promised then was promised.
pub const DROP_PROMISE: Endpoint<Nothing, Nothing> =
    Endpoint::new(Delete, "/api/promises/{promise}", Who::May(Act::ManageOrganisation));

/// All of them.
pub const LISTED: &[Listed] = &[PLAN.listed(), KEEP_PROMISE.listed(), DROP_PROMISE.listed()];

/// Which week: that of a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Around {
    /// The day.
    #[serde(with = "domain::slot::day")]
    pub day: NaiveDate,
}

/// The plan, of the channels that whoever asks reaches.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Plan {
    /// Every promise, those that are over or to come too.
    pub promises: Vec<Promise>,
    /// The week.
    pub week: Stand,
    /// The month that it is shown with (`domain::promise::month_of`).
    pub month: Stand,
    /// Whether there are more posts than are counted.
    pub more: bool,
}

/// How a week or a month stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stand {
    /// The promises about such a time that hold in it.
    pub promises: Vec<Progress>,
    /// What is spoken of, and whom it is for.
    pub covers: Coverage,
}

/// A promise as it is to be.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct KeepPromise {
    /// The version the change started from; 0 creates.
    pub version: u64,
    /// Where.
    pub channel: ChannelId,
    /// So many.
    pub count: u32,
    /// In which time.
    pub per: Per,
    /// What they are about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pillar: Option<PillarId>,
    /// Whom they are for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub audience: Option<AudienceId>,
    /// The first day on which it holds.
    #[serde(with = "domain::slot::day")]
    pub first: NaiveDate,
    /// The last one, if it ends.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last: Option<NaiveDate>,
}
