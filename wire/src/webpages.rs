//! Web pages that a post begins with: read when somebody names one, and kept nowhere.

use domain::{Act, webpage::Page};
use serde::{Deserialize, Serialize};

use crate::{Endpoint, Listed, Method::*, Who};

/// What a page says of itself.
pub const READ_PAGE: Endpoint<ReadPage, Page> = Endpoint::new(Post, "/api/webpages", Who::May(Act::Write));

/// All of them.
pub const LISTED: &[Listed] = &[READ_PAGE.listed()];

/// The page that is to be read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReadPage {
    /// Where it is, as somebody typed it.
    pub address: String,
}
