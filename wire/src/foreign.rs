//! Calendars of others: which there are and how each fares. What stands in them comes with the marks of the days
//! (`calendar::MARKS`), for everybody who reads.

use domain::{Act, Foreign, foreign::Stand};
use serde::{Deserialize, Serialize};

use crate::{Endpoint, Listed, Method::*, Nothing, Who};

/// Every one, with its address.
pub const FOREIGN: Endpoint<Nothing, Vec<ForeignView>> =
    Endpoint::new(Get, "/api/foreign", Who::May(Act::ManageOrganisation));
/// Keeps one, a new one (version 0, under an identity that the desk drew) or a changed one, and asks for it at once.
pub const KEEP_FOREIGN: Endpoint<KeepForeign, Vec<ForeignView>> =
    Endpoint::new(Put, "/api/foreign/{foreign}", Who::May(Act::ManageOrganisation));
/// Takes one away, with what stands in it.
pub const DROP_FOREIGN: Endpoint<Nothing, Vec<ForeignView>> =
    Endpoint::new(Delete, "/api/foreign/{foreign}", Who::May(Act::ManageOrganisation));
/// Asks for one now.
pub const FETCH_FOREIGN: Endpoint<Nothing, Vec<ForeignView>> =
    Endpoint::new(Post, "/api/foreign/{foreign}/fetches", Who::May(Act::ManageOrganisation));

/// All of them.
pub const LISTED: &[Listed] = &[FOREIGN.listed(), KEEP_FOREIGN.listed(), DROP_FOREIGN.listed(), FETCH_FOREIGN.listed()];

/// A calendar of others, and how it fares.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ForeignView {
    /// The calendar.
    pub foreign: Foreign,
    /// How it fares.
    pub stand: Stand,
}

/// A calendar of others as it is to be.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct KeepForeign {
    /// The version the change started from; 0 creates.
    pub version: u64,
    /// What it is called here.
    pub name: String,
    /// Where it is.
    pub address: String,
    /// Whether it is looked at and shown.
    pub on: bool,
}
