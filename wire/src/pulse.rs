//! The one question that an open desk repeats: whether anything has moved. It says what is looked at, and hears of that too, so
//! that no page asks by itself. How often it is asked stands in `domain::rhythm`.

use std::ops::Not;

use domain::{Act, Moment, PostId};
use serde::{Deserialize, Serialize};

use crate::{Endpoint, Listed, Method::*, Who, posts::Editor};

/// Asks whether anything has moved, for the price of a few rows. It is read, though it may leave a trace: who says that they
/// write in a post is told to the others who have it open, for as long as they say so.
pub const PULSE: Endpoint<Look, Pulse> = Endpoint::new(Get, "/api/pulse", Who::May(Act::Read));

/// All of them.
pub const LISTED: &[Listed] = &[PULSE.listed()];

/// What the desk looks at.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Look {
    /// The post that is open, if one is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub post: Option<PostId>,
    /// Whether it is open to be written in.
    #[serde(default, skip_serializing_if = "Not::not")]
    pub writing: bool,
    /// A post that was open to be written in, and is no longer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub left: Option<PostId>,
}

/// What has moved. Each mark says nothing by itself: whoever sees the one of before needs to ask for nothing else.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pulse {
    /// How often anything that a calendar shows has changed in the organisation.
    pub beats: u64,
    /// How often anything was written in its record: whatever is decided, asked or said about anything.
    pub kept: u64,
    /// How many notices are unread (as far as a bell counts).
    pub unread: u32,
    /// The engine's clock.
    pub now: Moment,
    /// The last sign of life of the clock that publishes.
    #[serde(default)]
    pub heartbeat: Option<Moment>,
    /// What has moved of the post that is looked at; nothing where it is none of who asks.
    #[serde(default)]
    pub post: Option<Looked>,
}

/// What has moved of a post.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Looked {
    /// Which.
    pub post: PostId,
    /// Its version.
    pub version: u64,
    /// A mark of its ledger, and of what was decided and asked about it.
    pub ledger: String,
    /// A mark of its comments, of those that whoever asks reads.
    pub comments: u64,
    /// Whether anything of it is on its way out at this moment, or about to be.
    pub going: bool,
    /// Who else has it open to write in it.
    pub others: Vec<Editor>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_desk_that_looks_at_nothing_asks_for_nothing_else() {
        assert_eq!(serde_json::to_string(&Look::default()).unwrap(), "{}");
        let post = PostId::from_bits(1);
        let written = format!(r#"{{"post":"{post}","writing":true}}"#);
        let look = Look { post: Some(post), writing: true, left: None };
        assert_eq!(serde_json::to_string(&look).unwrap(), written);
        assert_eq!(serde_json::from_str::<Look>(&written).unwrap(), look);
    }
}
