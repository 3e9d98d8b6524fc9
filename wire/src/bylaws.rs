//! The bylaws: circuits and the rules that choose them, hours, units, substitutes, absences. Every change names the
//! version it started from. What is wrong with a draft, what it would have changed, and who will have to agree, the
//! desk finds out by itself, with the very rules that the engine obeys.

use chrono::NaiveDate;
use domain::{
    Act, Bylaws, DelegationId, MemberId,
    bylaws::{Codes, Draft, Unit},
    circuit::choice::Past,
    delegation::Scope,
    emergency::Protocol,
    guidance::Guidance,
    hours::Hours,
    people::{Absence, Colleague},
};
use serde::{Deserialize, Serialize};

use crate::{Endpoint, Listed, Method::*, Nothing, Who};

/// The bylaws, and who is there.
pub const BYLAWS: Endpoint<Nothing, Standing> = Endpoint::new(Get, "/api/bylaws", Who::May(Act::Read));
/// Draws circuits and rules.
pub const DRAW: Endpoint<Draw, Standing> =
    Endpoint::new(Put, "/api/bylaws/circuits", Who::May(Act::ManageOrganisation));
/// What was known of the last 200 posts that were submitted: to try rules on.
pub const PAST: Endpoint<Nothing, Vec<Past>> =
    Endpoint::new(Get, "/api/bylaws/past", Who::May(Act::ManageOrganisation));
/// Changes the hours.
pub const OPEN: Endpoint<Open, Standing> = Endpoint::new(Put, "/api/bylaws/hours", Who::May(Act::ManageOrganisation));
/// Changes the units.
pub const GROUP: Endpoint<Group, Standing> = Endpoint::new(Put, "/api/bylaws/units", Who::May(Act::ManageOrganisation));
/// Draws the protocol for emergencies, or gives it up.
pub const PREPARE: Endpoint<Prepare, Standing> =
    Endpoint::new(Put, "/api/bylaws/emergency", Who::May(Act::ManageOrganisation));
/// Changes the dos and don'ts, the checklist and the office-holders. Their version is the engine's to count.
pub const GUIDE: Endpoint<Guide, Standing> =
    Endpoint::new(Put, "/api/bylaws/guidance", Who::May(Act::ManageOrganisation));
/// Registers a substitute.
pub const SUBSTITUTE: Endpoint<Substitute, Standing> =
    Endpoint::new(Post, "/api/bylaws/delegations", Who::May(Act::ManageOrganisation));
/// Ends a substitution before its time.
pub const REVOKE: Endpoint<Nothing, Standing> =
    Endpoint::new(Delete, "/api/bylaws/delegations/{delegation}", Who::May(Act::ManageOrganisation));
/// Says that somebody is away: everybody for themselves, who manages people for anybody.
pub const EXCUSE: Endpoint<Excuse, Standing> = Endpoint::new(Post, "/api/bylaws/absences", Who::May(Act::Read));
/// Takes that back.
pub const RECALL: Endpoint<Absence, Standing> = Endpoint::new(Delete, "/api/bylaws/absences", Who::May(Act::Read));

/// Says whether members may confirm decisions with a code by mail.
pub const CODES: Endpoint<AllowCodes, Standing> =
    Endpoint::new(Put, "/api/bylaws/codes", Who::May(Act::ManageOrganisation));

/// All of them.
pub const LISTED: &[Listed] = &[
    BYLAWS.listed(),
    DRAW.listed(),
    PAST.listed(),
    OPEN.listed(),
    GROUP.listed(),
    PREPARE.listed(),
    GUIDE.listed(),
    SUBSTITUTE.listed(),
    REVOKE.listed(),
    EXCUSE.listed(),
    RECALL.listed(),
    CODES.listed(),
];

/// The bylaws as they stand.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Standing {
    /// Counts the changes.
    pub version: u64,
    /// The bylaws.
    pub bylaws: Bylaws,
    /// Who is there. Their addresses only for who manages the organisation.
    pub colleagues: Vec<Colleague>,
    /// Their names, and those of members who left.
    pub names: Vec<(MemberId, String)>,
}

/// New circuits and rules.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Draw {
    /// The version the change started from.
    pub version: u64,
    /// What is drawn.
    pub draft: Draft,
}

/// New hours.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Open {
    /// The version the change started from.
    pub version: u64,
    /// The hours.
    pub hours: Hours,
}

/// New units.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Group {
    /// The version the change started from.
    pub version: u64,
    /// The units.
    pub units: Vec<Unit>,
}

/// New dos and don'ts, checklist and office-holders.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Guide {
    /// The version the change started from.
    pub version: u64,
    /// What is asked from now on.
    pub guidance: Guidance,
}

/// A substitute by decree, for whole days.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Substitute {
    /// Its identity, drawn by whoever registers it: sent twice, it is one.
    pub id: DelegationId,
    /// Who is substituted.
    pub of: MemberId,
    /// Who acts.
    pub to: MemberId,
    /// The decree.
    pub reference: String,
    /// The first day.
    pub first: NaiveDate,
    /// The last day.
    pub last: NaiveDate,
    /// For what.
    pub scope: Scope,
}

/// An absence, of whole days.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Excuse {
    /// Who.
    pub member: MemberId,
    /// The first day.
    pub first: NaiveDate,
    /// The last day.
    pub last: NaiveDate,
}

/// Whether members may confirm with a code.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AllowCodes {
    /// The version that it started from.
    pub version: u64,
    /// Whether they may.
    pub codes: Codes,
}

/// Draws the protocol for emergencies.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Prepare {
    /// The version that it started from.
    pub version: u64,
    /// The protocol; none: there is no such way any more.
    #[serde(default)]
    pub protocol: Option<Protocol>,
}
