//! A copy of the whole organisation: taken out, table by table, and brought into another deployment.

use domain::{
    Act, Moment, Organisation, RecordId,
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

/// Whether a copy is being brought in, or could be.
pub const ARRIVAL: Endpoint<Nothing, Standing> =
    Endpoint::new(Get, "/api/organisation/arrival", Who::May(Act::ManageOrganisation));
/// Begins to bring in a copy, or goes on with the same one: everything is paused until it is there.
pub const ARRIVE: Endpoint<Arrive, Standing> =
    Endpoint::new(Post, "/api/organisation/arrival", Who::May(Act::ManageOrganisation));
/// Brings rows of a table: a list of objects, as the copy has them. Sent twice they are there once.
pub const BRING: Endpoint<Nothing, Nothing> =
    Endpoint::new(Put, "/api/organisation/arrival/{table}", Who::May(Act::ManageOrganisation));
/// Brings stored bytes that a row names which is there already; the path says their hash.
pub const BRING_OBJECT: Endpoint<Nothing, Nothing> =
    Endpoint::new(Put, "/api/organisation/arrival/objects/{media}/{hash}", Who::May(Act::ManageOrganisation));
/// Ends it: counts what has come, and makes the organisation the one of the copy. It stays paused.
pub const ARRIVED: Endpoint<Nothing, Organisation> =
    Endpoint::new(Post, "/api/organisation/arrival/end", Who::May(Act::ManageOrganisation));
/// Gives it up: takes away what has come, as much as one request can.
pub const GIVE_UP: Endpoint<Nothing, GivenUp> =
    Endpoint::new(Delete, "/api/organisation/arrival", Who::May(Act::ManageOrganisation));

/// All of them.
pub const LISTED: &[Listed] = &[
    BEGIN.listed(),
    ROWS.listed(),
    OBJECT.listed(),
    ARRIVAL.listed(),
    ARRIVE.listed(),
    BRING.listed(),
    BRING_OBJECT.listed(),
    ARRIVED.listed(),
    GIVE_UP.listed(),
];

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

/// Brings in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Arrive {
    /// What the copy says of itself.
    pub manifest: Manifest,
}

/// Whether a copy is being brought in, or could be.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Standing {
    /// Whether there is nothing yet that a copy would meet.
    pub empty: bool,
    /// What is being brought in.
    pub arriving: Option<Arriving>,
}

/// What is being brought in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Arriving {
    /// Of which organisation.
    pub name: String,
    /// When the copy was made.
    pub copied_at: Moment,
    /// Which copy it is.
    pub digest: String,
    /// How many rows of each table have come.
    pub rows: Vec<(String, u64)>,
}

/// What is left of what has come.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct GivenUp {
    /// Whether it is to be asked again.
    pub more: bool,
}
