//! Documents: brought in one piece, verified by the bucket, looked through a stretch at a time; never changed.

use domain::{Act, MediaId, document::Facts};
use serde::{Deserialize, Serialize};

use crate::{Endpoint, Listed, Method::*, Nothing, Who};

/// Brings a document. The body is its bytes, `x-pregon-bytes` how many they are, `x-pregon-sha256` their hash, which the bucket
/// verifies, `x-pregon-name` the name of the file. The same document brought again answers the first.
pub const STORE: Endpoint<Nothing, Coming> = Endpoint::new(Put, "/api/documents", Who::May(Act::Upload));
/// Looks at the next stretch of it, until it is looked through: then it is stored, or refused and gone.
pub const LOOK: Endpoint<Nothing, Looked> =
    Endpoint::new(Post, "/api/documents/{document}/inspection", Who::May(Act::Upload));
/// The bytes of a document of the organisation; a stretch of them, if one is asked for.
pub const DOCUMENT: Endpoint<Nothing, Nothing> = Endpoint::new(Get, "/api/documents/{document}", Who::May(Act::Read));

/// All of them.
pub const LISTED: &[Listed] = &[STORE.listed(), LOOK.listed(), DOCUMENT.listed()];

/// The header that says how many bytes there are: who pours them into the bucket has to know before.
pub const BYTES: &str = "x-pregon-bytes";

/// A document that is there.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Coming {
    /// Its identity.
    pub id: MediaId,
}

/// How far it is looked through.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Looked {
    /// So many bytes are looked at.
    pub seen: u32,
    /// What it is, once it is through.
    pub stored: Option<Stored>,
}

/// A stored document.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stored {
    /// Its identity.
    pub id: MediaId,
    /// SHA-256 of its bytes.
    pub hash: String,
    /// Its size.
    pub bytes: u32,
    /// What it is.
    pub facts: Facts,
}
