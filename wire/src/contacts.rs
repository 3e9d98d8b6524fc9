//! The book of who is mentioned, with the account of each on every network.

use domain::{Act, Contact, PostId, contacts::Entry};
use serde::{Deserialize, Serialize};

use crate::{Endpoint, Listed, Method::*, Nothing, Who};

/// Every entry, in the order of their names: whoever writes names them.
pub const BOOK: Endpoint<Nothing, Vec<Contact>> = Endpoint::new(Get, "/api/contacts", Who::May(Act::Read));
/// Keeps an entry, a new one (version 0, under an identity that the desk drew) or a changed one.
pub const KEEP_CONTACT: Endpoint<KeepContact, Contact> =
    Endpoint::new(Put, "/api/contacts/{contact}", Who::May(Act::Write));
/// Takes an entry away. What names it keeps the accounts that it has.
pub const DROP_CONTACT: Endpoint<Nothing, Nothing> =
    Endpoint::new(Delete, "/api/contacts/{contact}", Who::May(Act::Write));
/// What names an entry and is not out yet.
pub const CONTACT_USES: Endpoint<Nothing, Uses> =
    Endpoint::new(Get, "/api/contacts/{contact}/uses", Who::May(Act::Write));

/// All of them.
pub const LISTED: &[Listed] = &[BOOK.listed(), KEEP_CONTACT.listed(), DROP_CONTACT.listed(), CONTACT_USES.listed()];

/// An entry as it is to be.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct KeepContact {
    /// The version the change started from; 0 creates.
    pub version: u64,
    /// What it says.
    pub body: Entry,
}

/// What names an entry and is not out yet.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Uses {
    /// Posts, the last changed first; at most [`MOST_USES`].
    pub posts: Vec<Use>,
    /// Templates, by their names.
    pub templates: Vec<String>,
    /// Whether there are more posts.
    pub more: bool,
}

/// The most posts of an answer: whoever has more looks for them.
pub const MOST_USES: usize = 20;

/// A post that names an entry.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Use {
    /// Its identity.
    pub id: PostId,
    /// A name for it.
    pub heading: String,
}
