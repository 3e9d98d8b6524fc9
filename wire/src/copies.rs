//! A copy of the whole organisation: taken out, table by table, and brought into another deployment.

use domain::{
    Act, Organisation, RecordId,
    copy::{Head, Manifest},
};
use serde::{Deserialize, Serialize};

use crate::{Endpoint, Listed, Method::*, Nothing, Who};

/// Begins to copy: keeps it in the record, and answers by which name everything is asked for.
pub const BEGIN: Endpoint<Nothing, Begun> =
    Endpoint::new(Post, "/api/organisation/copies", Who::May(Act::ManageOrganisation));
/// Rows of a table: for whoever began it.
pub const ROWS: Endpoint<Onward, Rows> =
    Endpoint::new(Get, "/api/organisation/copies/{copy}/{table}", Who::May(Act::ManageOrganisation));
/// Stored bytes that a row names.
pub const OBJECT: Endpoint<Nothing, Nothing> =
    Endpoint::new(Get, "/api/organisation/copies/{copy}/objects/{media}/{hash}", Who::May(Act::ManageOrganisation));

/// All of them.
pub const LISTED: &[Listed] = &[BEGIN.listed(), ROWS.listed(), OBJECT.listed()];

/// What is copied.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Begun {
    /// The entry that says so.
    pub copy: RecordId,
    /// The organisation.
    pub organisation: Organisation,
    /// Where its record stands: nothing after it is in the copy.
    pub head: Option<Head>,
    /// How many entries wait for their seal, but the one that tells of this copy.
    pub unsealed: u64,
}

/// The next rows.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Onward {
    /// Behind which key: what the page before said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub after: Option<String>,
}

/// Rows of a table, in the order of its key.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rows {
    /// Each is an object of JSON, written in one line.
    pub rows: Vec<String>,
    /// Behind which key the next ones are; nothing after the last.
    pub next: Option<String>,
}
