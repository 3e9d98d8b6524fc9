//! The earlier contents of a post: listed, and brought back. Separate from `posts`: a page asks for them only when somebody wants
//! to see them.

use domain::{
    Act, Content, MediaId, MemberId, Moment,
    history::{LeftOut, Why},
};
use serde::{Deserialize, Serialize};

use crate::{Endpoint, Listed, Method::*, Who, posts::PostView};

/// The contents that a post had before, newest first, some at a time, with what they say: whoever looks compares any two. What a
/// version went to that whoever asks does not see is left out.
pub const VERSIONS: Endpoint<Older, Versions> = Endpoint::new(Get, "/api/posts/{post}/versions", Who::May(Act::Read));
/// Writes a content that the post had before: an edit like any other, by whoever may make it, that voids what an edit voids. What
/// is not there any more is left out, and said.
pub const RESTORE: Endpoint<Restore, Restored> =
    Endpoint::new(Post, "/api/posts/{post}/restorations", Who::May(Act::Contribute));

/// All of them.
pub const LISTED: &[Listed] = &[VERSIONS.listed(), RESTORE.listed()];

/// From where on.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Older {
    /// Only what is older than this version; from the page before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub before: Option<u64>,
}

/// Some of the earlier contents.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Versions {
    /// Those.
    pub kept: Vec<Kept>,
    /// Where the next page goes on; nothing if there are no older ones.
    pub next: Option<u64>,
    /// Which of their pictures and videos were deleted since.
    pub gone: Vec<MediaId>,
}

/// A content that a post had.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Kept {
    /// The version of the post that had it.
    pub version: u64,
    /// Why it was kept.
    pub why: Why,
    /// Who wrote it, or submitted it.
    pub by: MemberId,
    /// When.
    pub at: Moment,
    /// The content.
    pub content: Content,
}

/// Which content is brought back.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Restore {
    /// The version that the post has now.
    pub version: u64,
    /// The one whose content it is.
    pub of: u64,
}

/// What came of it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Restored {
    /// The post as it is now.
    pub post: PostView,
    /// What was left out.
    pub left_out: Vec<LeftOut>,
}
