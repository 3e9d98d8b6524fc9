//! Pictures: stored once, never changed.

use std::collections::BTreeMap;

use domain::{Act, Language, MediaId, PictureType};
use serde::{Deserialize, Serialize};

use crate::{Endpoint, Listed, Method::*, Nothing, Who};

/// Stores a picture. The body is its bytes; `Content-Type` its type; `x-pregon-sha256` the hash that the browser
/// reckoned over them, which R2 verifies; `x-pregon-name` the file's name, percent-encoded. The same bytes stored
/// again answer the same picture. Without the hash the engine reckons it. It comes into the library, unless
/// `x-pregon-aside` is there (a picture within a comment); `x-pregon-of` names the one that it was cut from.
pub const STORE: Endpoint<Nothing, Stored> = Endpoint::new(Post, "/api/media", Who::May(Act::Upload));
/// The bytes of a picture of the organisation.
pub const PICTURE: Endpoint<Nothing, Nothing> = Endpoint::new(Get, "/api/media/{media}", Who::May(Act::Read));
/// Keeps a thumbnail of a picture that the caller brought: its first one, which stays. The body is its bytes, at most
/// `domain::media::THUMBNAIL_BYTES`; `Content-Type` its type; `x-pregon-look` what the picture looks like, 16 hexadecimal
/// digits (`domain::look`), where it has a shape. It is shown within the desk only: nobody approves it, and nothing goes out
/// of it.
pub const KEEP_THUMBNAIL: Endpoint<Nothing, Nothing> =
    Endpoint::new(Put, "/api/media/{media}/thumbnail", Who::May(Act::Upload));
/// The bytes of a picture's thumbnail; where there is none, those of the picture.
pub const THUMBNAIL: Endpoint<Nothing, Nothing> =
    Endpoint::new(Get, "/api/media/{media}/thumbnail", Who::May(Act::Read));

/// All of them.
pub const LISTED: &[Listed] = &[STORE.listed(), PICTURE.listed(), KEEP_THUMBNAIL.listed(), THUMBNAIL.listed()];

/// A stored picture.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Stored {
    /// Its identity.
    pub id: MediaId,
    /// SHA-256 of its bytes.
    pub hash: String,
    /// Its type.
    pub mime: PictureType,
    /// Its size in bytes.
    pub bytes: u32,
    /// Pixels across.
    pub width: u32,
    /// Pixels down.
    pub height: u32,
    /// Whether a position (EXIF GPS) or other hidden data was found in the file and left out. The browser leaves it
    /// out before it sends; what still comes is left out by the engine, and the hash is that of what was stored.
    pub stripped: bool,
    /// What the library says that it shows, if it is known there.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub alt: BTreeMap<Language, String>,
}

/// The most bytes of one picture that are taken.
pub const MOST_BYTES: u64 = 10_000_000;
/// The most pixels that a header may declare: a decompression bomb declares more.
pub const MOST_PIXELS: u64 = 50_000_000;
