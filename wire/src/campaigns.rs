//! Campaigns, pillars, audiences and messages: the lists that the organisation keeps, and what a post belongs to.

use chrono::NaiveDate;
use domain::{Act, AudienceId, Belonging, Language, PillarId, Themes};
use serde::{Deserialize, Serialize};

use crate::{Endpoint, Listed, Method::*, Nothing, Who, posts::PostView};

/// All campaigns, pillars, audiences and messages, those that are over too.
pub const THEMES: Endpoint<Nothing, Themes> = Endpoint::new(Get, "/api/campaigns", Who::May(Act::Read));
/// Keeps a campaign, a new one (version 0, under an identity that the desk drew) or a changed one.
pub const KEEP_CAMPAIGN: Endpoint<KeepCampaign, Themes> =
    Endpoint::new(Put, "/api/campaigns/{campaign}", Who::May(Act::ManageOrganisation));
/// Keeps a pillar, likewise.
pub const KEEP_PILLAR: Endpoint<KeepPillar, Themes> =
    Endpoint::new(Put, "/api/pillars/{pillar}", Who::May(Act::ManageOrganisation));
/// Keeps an audience, likewise.
pub const KEEP_AUDIENCE: Endpoint<KeepAudience, Themes> =
    Endpoint::new(Put, "/api/audiences/{audience}", Who::May(Act::ManageOrganisation));
/// Keeps a message, likewise.
pub const KEEP_MESSAGE: Endpoint<KeepMessage, Themes> =
    Endpoint::new(Put, "/api/messages/{message}", Who::May(Act::ManageOrganisation));
/// Says what a post belongs to. Only of a draft: rules look at it when a circuit is chosen.
pub const BELONG: Endpoint<Belong, PostView> = Endpoint::new(Put, "/api/posts/{post}/belonging", Who::May(Act::Write));

/// All of them.
pub const LISTED: &[Listed] = &[
    THEMES.listed(),
    KEEP_CAMPAIGN.listed(),
    KEEP_PILLAR.listed(),
    KEEP_AUDIENCE.listed(),
    KEEP_MESSAGE.listed(),
    BELONG.listed(),
];

/// A campaign as it is to be.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct KeepCampaign {
    /// The version the change started from; 0 creates.
    pub version: u64,
    /// Its name.
    pub name: String,
    /// The first day.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub first: Option<NaiveDate>,
    /// The last day.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last: Option<NaiveDate>,
    /// What is to be different after it; empty where nobody said.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub goal: String,
    /// The power by which the organisation says it: a law, an ordinance, an agreement.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub basis: String,
    /// What it may cost, in whole euros; nothing where that is not settled, 0 where it is to cost nothing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub budget: Option<u32>,
    /// Whether it is over.
    #[serde(default)]
    pub archived: bool,
}

/// A pillar as it is to be.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct KeepPillar {
    /// The version the change started from; 0 creates.
    pub version: u64,
    /// Its name.
    pub name: String,
    /// Whether it was given up.
    #[serde(default)]
    pub archived: bool,
}

/// An audience as it is to be.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct KeepAudience {
    /// The version the change started from; 0 creates.
    pub version: u64,
    /// Its name.
    pub name: String,
    /// Who they are.
    #[serde(default)]
    pub who: String,
    /// Where they are.
    #[serde(default)]
    pub found: String,
    /// The languages that they read.
    #[serde(default)]
    pub languages: Vec<Language>,
    /// What they need to be reached.
    #[serde(default)]
    pub needs: String,
    /// Whether it was given up.
    #[serde(default)]
    pub archived: bool,
}

/// A message as it is to be.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct KeepMessage {
    /// The version the change started from; 0 creates.
    pub version: u64,
    /// The pillar that it is of; of a message that is there, the same as before.
    pub pillar: PillarId,
    /// The sentence.
    pub name: String,
    /// Whom it is for; everybody where nobody is named.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub audiences: Vec<AudienceId>,
    /// The first day.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub first: Option<NaiveDate>,
    /// The last day.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last: Option<NaiveDate>,
    /// Whether it was given up.
    #[serde(default)]
    pub archived: bool,
}

/// What a post belongs to from now on.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Belong {
    /// The version.
    pub version: u64,
    /// That.
    pub belongs: Belonging,
}
