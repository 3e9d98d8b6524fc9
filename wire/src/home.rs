//! The home page: what needs me now. And the engine's own health, for whoever watches it.

use chrono::NaiveDate;
use domain::{Channel, ChannelId, Language, MemberId, Moment, beginning::Stride, custody::Need, watch::Outlook};
use serde::{Deserialize, Serialize};

use crate::{
    Endpoint, Listed, Method::*, Nothing, Who, emergencies::Pending, posts::PostRow, session::RecoveryRow,
    tasks::Pressing,
};

/// What needs me now.
pub const HOME: Endpoint<Nothing, Home> = Endpoint::new(Get, "/api/home", Who::Member);
/// Whether the engine lives: for a watchdog outside, so without a session.
pub const HEALTH: Endpoint<Nothing, Vitals> = Endpoint::new(Get, "/api/health", Who::Anybody);

/// All of them.
pub const LISTED: &[Listed] = &[HOME.listed(), HEALTH.listed()];

/// What needs me now, each with the one thing to do about it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Home {
    /// Wait for my decision.
    pub to_decide: Vec<PostRow>,
    /// Publications that need a person: failed, held, unknown, or to be published by hand.
    pub troubled: Vec<PostRow>,
    /// Mine that came back, and my drafts.
    pub to_finish: Vec<PostRow>,
    /// Approved without a slot.
    pub to_place: Vec<PostRow>,
    /// My tasks that are overdue or due soon ([`domain::task::presses_until`]), and those that I asked for and nobody will do.
    pub tasks: Vec<Pressing>,
    /// Goes out in the next seven days.
    pub coming: Vec<PostRow>,
    /// Channels that cannot send, or soon cannot.
    pub channels: Vec<Channel>,
    /// What is placed on them and will not go out.
    #[serde(default)]
    pub outlooks: Vec<Outlook>,
    /// Channels on which nothing has gone out for long, for who may publish.
    #[serde(default)]
    pub silent: Vec<Channel>,
    /// Accounts for which nobody answers any more, or too few, for who says who does.
    #[serde(default)]
    pub custody: Vec<Need>,
    /// Recoveries that I may confirm.
    pub recoveries: Vec<RecoveryRow>,
    /// Emergencies that wait for my word; for who administers, what is overdue too.
    pub emergencies: Vec<Pending>,
    /// Contracts that end soon or have just ended, for who manages people.
    pub windows: Vec<Window>,
    /// Drafts that lack a text in another language than the main one, for who translates.
    #[serde(default)]
    pub to_translate: Vec<Untold>,
    /// So many proposals wait for somebody to take them up, for who may.
    #[serde(default)]
    pub proposals: u32,
    /// Consents, licences, templates and replies that are good for two weeks more at most, each for who keeps such.
    #[serde(default)]
    pub ending: Vec<Ending>,
    /// So many posts are missing this week of what is promised, for who writes.
    #[serde(default)]
    pub missing: u32,
    /// The first steps of a house, for who can bring a post out; nothing once they are taken.
    #[serde(default)]
    pub first: Option<First>,
}

/// The first steps.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct First {
    /// Where a first notice goes: it needs no account.
    pub noticeboard: ChannelId,
    /// Those that the reader may take, in their order.
    pub steps: Vec<Stride>,
}

/// A draft that lacks texts.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Untold {
    /// The post.
    pub row: PostRow,
    /// In which languages.
    pub lacks: Vec<Language>,
}

/// What is good no more after a day.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Ending {
    /// What it is.
    pub what: EndingKind,
    /// Which: of a consent and a licence the picture or video, else the text itself.
    pub id: String,
    /// What it is called.
    pub name: String,
    /// The last day.
    #[serde(with = "domain::slot::day")]
    pub day: NaiveDate,
}

/// What can end.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EndingKind {
    /// What somebody who is seen consented to.
    Consent,
    /// The terms of a picture or a video.
    Licence,
    /// A template.
    Template,
    /// A standard reply.
    Reply,
}

/// A contract that ends.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Window {
    /// Whose.
    pub member: MemberId,
    /// Their name.
    pub name: String,
    /// When (exclusive).
    pub until: Moment,
}

/// Signs of life.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Vitals {
    /// Whether any organisation exists.
    pub set_up: bool,
    /// The last tick of the cron.
    pub cron: Option<Moment>,
    /// The last tick of the queue's own clock.
    pub wake: Option<Moment>,
    /// Whether publications are overdue by more than two minutes.
    pub overdue: bool,
    /// The engine's clock.
    pub now: Moment,
    /// The engine's version.
    pub version: String,
}
