//! Videos: brought in parts, each verified by the bucket; never changed.

use domain::{
    Act, MediaId,
    video::{Facts, Part as Kept},
};
use serde::{Deserialize, Serialize};

use crate::{Endpoint, Listed, Method::*, Nothing, Who};

/// Begins to bring a video, or goes on with one of the same name and size that the same member began.
pub const BEGIN: Endpoint<Begin, Coming> = Endpoint::new(Post, "/api/videos", Who::May(Act::Upload));
/// What of a video is there already.
pub const PARTS: Endpoint<Nothing, Coming> = Endpoint::new(Get, "/api/videos/{video}/parts", Who::May(Act::Upload));
/// Brings a part. The body is its bytes, as many as `domain::video::length` says; `x-pregon-sha256` their hash, which the
/// bucket verifies. A part that is there is never replaced.
pub const PART: Endpoint<Nothing, Nothing> =
    Endpoint::new(Put, "/api/videos/{video}/parts/{place}", Who::May(Act::Upload));
/// Ends it: the parts are all there, and what they are is looked at. The same video brought again answers the first.
pub const FINISH: Endpoint<Nothing, Stored> =
    Endpoint::new(Post, "/api/videos/{video}/inspection", Who::May(Act::Upload));
/// Gives one up that is not ended.
pub const GIVE_UP: Endpoint<Nothing, Nothing> = Endpoint::new(Delete, "/api/videos/{video}", Who::May(Act::Upload));
/// Brings captions for an ended video. The body is the file, WebVTT or SubRip; what is kept is what `domain::captions` reads of
/// it. The same words again answer the same.
pub const CAPTION: Endpoint<Nothing, Captioned> =
    Endpoint::new(Post, "/api/videos/{video}/captions", Who::May(Act::Upload));
/// Captions of the organisation, by the hash of their words: clean WebVTT, or SubRip with `?kind=srt`.
pub const CAPTIONS: Endpoint<Nothing, Nothing> = Endpoint::new(Get, "/api/captions/{captions}", Who::May(Act::Read));
/// The bytes of a video of the organisation; a stretch of them, if one is asked for.
pub const VIDEO: Endpoint<Nothing, Nothing> = Endpoint::new(Get, "/api/videos/{video}", Who::May(Act::Read));

/// All of them.
pub const LISTED: &[Listed] = &[
    BEGIN.listed(),
    PARTS.listed(),
    PART.listed(),
    FINISH.listed(),
    GIVE_UP.listed(),
    VIDEO.listed(),
    CAPTION.listed(),
    CAPTIONS.listed(),
];

/// Captions that are kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Captioned {
    /// As a content says it: `domain::captions::Said`.
    pub said: String,
    /// How many captions there are.
    pub cues: u32,
}

/// In which form captions are wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Wanted {
    /// As what.
    #[serde(default)]
    pub kind: Kind,
}

/// A form of captions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// WebVTT.
    #[default]
    Vtt,
    /// SubRip.
    Srt,
}

/// What is to be brought.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Begin {
    /// The file's name.
    pub name: String,
    /// Its size.
    pub bytes: u64,
}

/// A video that is not ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Coming {
    /// Its identity.
    pub id: MediaId,
    /// Its size.
    pub bytes: u32,
    /// The parts that are there, in order.
    pub parts: Vec<Kept>,
}

/// A stored video.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stored {
    /// Its identity.
    pub id: MediaId,
    /// What names its bytes: `domain::video::identity`.
    pub hash: String,
    /// Its size.
    pub bytes: u32,
    /// What it is.
    pub facts: Facts,
}
