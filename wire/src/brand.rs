//! The brand kit: the colours, crests and frames that everybody draws with, kept by who manages the organisation.

use domain::{Act, Picture, brand::Kit};
use serde::{Deserialize, Serialize};

use crate::{Endpoint, Listed, Method::*, Nothing, Who};

/// The kit, for everybody who reads: whoever draws on a picture draws with it.
pub const READ: Endpoint<Nothing, View> = Endpoint::new(Get, "/api/brand", Who::May(Act::Read));
/// Keeps it, with the version that was seen.
pub const KEEP: Endpoint<Keep, View> = Endpoint::new(Put, "/api/brand", Who::May(Act::ManageOrganisation));

/// All of them.
pub const LISTED: &[Listed] = &[READ.listed(), KEEP.listed()];

/// The kit as it stands.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct View {
    /// Counts its changes; 0 where nobody has kept one.
    pub version: u32,
    /// The kit.
    pub kit: Kit,
    /// The pictures of its pieces, each once, in the order in which they are named; one that is lost is not among them.
    pub pictures: Vec<Picture>,
}

/// The kit as it is to be.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Keep {
    /// The version the change started from.
    pub version: u32,
    /// The kit.
    pub kit: Kit,
}
