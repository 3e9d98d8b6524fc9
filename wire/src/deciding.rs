//! Deciding away from the desk: all that waits for somebody, with everything that is needed to read it and to sign it,
//! in one answer. Separate from `posts`: there a post is read to work on it, here to decide, perhaps hours later and
//! where there is no coverage.

use domain::{
    Act, Channel, Content, MemberId, Moment, PostId,
    guidance::Guide,
    matter::{Remark, Sighting},
    policy::{Finding, Waiver},
    round::Waiting,
};
use serde::{Deserialize, Serialize};

use crate::{
    Endpoint, Listed,
    Method::*,
    Who,
    posts::{Decided, Item},
};

/// What waits for a decision of who asks. It draws the number of each item once: asked again, it answers the same, so
/// that a page that follows what waits leaves no trail of numbers behind.
pub const DECIDING: Endpoint<Query, Deciding> = Endpoint::new(Get, "/api/deciding", Who::May(Act::Decide));

/// What of one series waits for a decision of who asks, in the order of the series: to be read together, and decided on under one
/// signature where it says the same (`domain::sheaf`). At most twenty an answer; the numbers are drawn as for [`DECIDING`].
pub const OF_SERIES: Endpoint<After, OfSeries> =
    Endpoint::new(Get, "/api/series/{series}/deciding", Who::May(Act::Decide));

/// All of them.
pub const LISTED: &[Listed] = &[DECIDING.listed(), OF_SERIES.listed()];

/// Where the answer before ended.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct After {
    /// After which of the series; 0 from its beginning on.
    pub after: u32,
}

/// What of a series waits.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct OfSeries {
    /// The items, in the order of the series. None is no end: what was changed while it was looked up is left out.
    pub items: Vec<Occurrence>,
    /// After which of the series more of them wait; none where that is all.
    pub next: Option<u32>,
    /// The channels that the items go to.
    pub channels: Vec<Channel>,
    /// The names of everybody.
    pub names: Vec<(MemberId, String)>,
}

/// One of a series.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Occurrence {
    /// Which of it, from 1.
    pub number: u32,
    /// When it goes out, or is wished to.
    pub at: Option<Moment>,
    /// Whether there are comments on it that are not dealt with, as far as who asks may read them.
    pub commented: bool,
    /// What is decided on.
    pub waits: Waits,
}

/// What to answer.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Query {
    /// The post that a notice named: first, if it waits.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub post: Option<PostId>,
}

/// What waits.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Deciding {
    /// The items, the one that a notice named first, then what is due first: at most twenty.
    pub items: Vec<Waits>,
    /// How many more wait; at least, where more than a hundred do.
    pub more: u32,
    /// The channels that the items go to.
    pub channels: Vec<Channel>,
    /// The names of everybody.
    pub names: Vec<(MemberId, String)>,
}

/// One item.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Waits {
    /// The post.
    pub post: PostId,
    /// What is decided on, and what signs it. The number works for 72 hours from `drawn`.
    pub item: Item,
    /// When the number was drawn.
    pub drawn: Moment,
    /// Exactly what would go out.
    pub content: Content,
    /// What it was: of what is out if this corrects it, else of the last round, if it was another.
    pub before: Option<Content>,
    /// Why what is out is corrected, if this is a correction.
    pub correction: Option<String>,
    /// What the rules find in it.
    pub findings: Vec<Finding>,
    /// What was waived.
    pub waivers: Vec<Waiver>,
    /// What it speaks of, by which words.
    pub sightings: Vec<Sighting>,
    /// What people said of that.
    pub remarks: Vec<Remark>,
    /// What the organisation asks of who decides.
    pub guide: Guide,
    /// Every decision of every round, oldest first.
    pub decisions: Vec<Decided>,
    /// Who can agree, how many must, and by when.
    pub waiting: Option<Waiting>,
}
