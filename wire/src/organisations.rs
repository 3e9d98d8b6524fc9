//! The organisation: founding, data, policy, pause.

use domain::{
    Act, BodyKind, Colour, Kind, Language, MediaId, MemberId, Millis, Organisation, policy::RuleSet, utm::Sites,
};
use serde::{Deserialize, Serialize};

use crate::{Endpoint, Listed, Method::*, Nothing, Who};

/// The organisation.
pub const ORGANISATION: Endpoint<Nothing, Organisation> = Endpoint::new(Get, "/api/organisation", Who::May(Act::Read));
/// Changes its data.
pub const CHANGE: Endpoint<ChangeOrganisation, Organisation> =
    Endpoint::new(Put, "/api/organisation", Who::May(Act::ManageOrganisation));
/// Changes its policy: modes of the rules, window, who is told. Each declaration is adopted on its own.
pub const CHANGE_POLICY: Endpoint<ChangePolicy, Organisation> =
    Endpoint::new(Put, "/api/organisation/policy", Who::May(Act::ManageOrganisation));
/// Decides which websites are its own, and whether the links to them are marked.
pub const CHANGE_UTM: Endpoint<ChangeUtm, Organisation> =
    Endpoint::new(Put, "/api/organisation/utm", Who::May(Act::ManageOrganisation));
/// Adopts or withdraws a declaration that a kind needs no approval.
pub const DECLARE: Endpoint<Declare, Organisation> =
    Endpoint::new(Put, "/api/organisation/declarations", Who::May(Act::ManageOrganisation));
/// Pauses everything: nothing placed or new goes out.
pub const PAUSE: Endpoint<PauseAll, Organisation> = Endpoint::new(Put, "/api/pause", Who::May(Act::Pause));
/// Ends the pause. What was placed meanwhile or before stays held until it is released post by post.
pub const RESUME: Endpoint<Nothing, Organisation> = Endpoint::new(Delete, "/api/pause", Who::May(Act::Resume));

/// All of them.
pub const LISTED: &[Listed] = &[
    ORGANISATION.listed(),
    CHANGE.listed(),
    CHANGE_POLICY.listed(),
    CHANGE_UTM.listed(),
    DECLARE.listed(),
    PAUSE.listed(),
    RESUME.listed(),
];

/// What founds an organisation.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Founding {
    /// Its name.
    pub name: String,
    /// What it is.
    pub kind: BodyKind,
    /// Its zone.
    pub zone: String,
    /// Its languages, the main one first.
    pub languages: Vec<Language>,
    /// Its colour.
    pub colour: Colour,
    /// The first administrator's name.
    pub administrator: String,
    /// The first administrator's address for mail.
    pub email: Option<String>,
    /// Whether nobody else is there yet to approve: what every day brings then needs no approval
    /// (`domain::Declaration::of_one`).
    #[serde(default)]
    pub alone: bool,
}

/// A change of the organisation's data.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ChangeOrganisation {
    /// The version the change started from.
    pub version: u64,
    /// Its name.
    pub name: String,
    /// What it is.
    pub kind: BodyKind,
    /// Its zone.
    pub zone: String,
    /// Its languages, the main one first.
    pub languages: Vec<Language>,
    /// Its colour.
    pub colour: Colour,
    /// Its crest, a stored picture.
    pub crest: Option<MediaId>,
}

/// A change of the policy.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ChangePolicy {
    /// The version the change started from.
    pub version: u64,
    /// The modes that differ from the defaults.
    pub rules: RuleSet,
    /// How long after its slot a publication may still go out by itself (1 minute to 24 hours).
    pub window: Millis,
    /// Who is told when something needs a person.
    pub alert: Vec<MemberId>,
    /// Who publishes by hand.
    pub duty: Vec<MemberId>,
}

/// A change of how links are marked.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ChangeUtm {
    /// The version the change started from.
    pub version: u64,
    /// The websites, and whether new posts mark the links to them.
    pub sites: Sites,
}

/// Adopts (`reason` given) or withdraws (`reason` absent) a declaration.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Declare {
    /// The kind.
    pub kind: Kind,
    /// Why it needs no approval.
    pub reason: Option<String>,
}

/// Pauses everything.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PauseAll {
    /// Why.
    pub reason: String,
}
