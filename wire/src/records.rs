//! The record: pages of the chain, its head, lawful erasure.

use domain::{Act, Moment, record::Entry};
use serde::{Deserialize, Serialize};

use crate::{Endpoint, Listed, Method::*, Nothing, Who};

/// A page of the record, from a number on.
pub const RECORDS: Endpoint<From, Records> = Endpoint::new(Get, "/api/records", Who::May(Act::ReadRecord));
/// Verifies a stretch of the chain in the engine (the desk can do the same by itself).
pub const VERIFY: Endpoint<From, Verified> = Endpoint::new(Get, "/api/records/verification", Who::May(Act::ReadRecord));
/// Erases the body of an entry, with the reason; the chain still verifies and the erasure is itself kept.
pub const ERASE: Endpoint<Erase, Nothing> = Endpoint::new(Post, "/api/records/erasures", Who::May(Act::EraseRecord));

/// All of them.
pub const LISTED: &[Listed] = &[RECORDS.listed(), VERIFY.listed(), ERASE.listed()];

/// From where.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct From {
    /// Entries after this number.
    #[serde(default)]
    pub after: u64,
}

/// A page of the record.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Records {
    /// The chain's value before the first entry of the page.
    pub before: String,
    /// At most 100 entries.
    pub entries: Vec<Entry>,
    /// The number of the last sealed entry.
    pub head: u64,
    /// The chain's value after it.
    pub head_chain: String,
    /// When it was sealed.
    pub head_at: Option<Moment>,
    /// How many entries wait for their seal.
    pub unsealed: u64,
}

/// What a verification found.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Verified {
    /// The number of the last entry that was checked.
    pub upto: u64,
    /// The chain's value there.
    pub chain: String,
    /// Where it breaks, if it does.
    pub broken: Option<domain::record::Break>,
    /// Whether there is more to check after `upto`.
    pub more: bool,
}

/// Erases.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Erase {
    /// The entry's number.
    pub seq: u64,
    /// Why, with the legal ground.
    pub reason: String,
}
