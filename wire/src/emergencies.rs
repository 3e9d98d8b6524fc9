//! Emergencies: publishing now on the words that the organisation's protocol asks for, and answering for it.
//! Who may is the protocol's to say; the endpoints only name who may be in one at all.

use domain::{
    Act, EmergencyId, PostId, Role,
    emergency::{Emergency, Owed, Said},
    statement::Nonce,
};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::{
    Endpoint, Listed,
    Method::*,
    Nothing, Who,
    posts::{Assertion, PostView, Signed},
};

/// What waits for a word of who asks, the oldest first; for who administers, what is overdue too.
pub const PENDING: Endpoint<Nothing, Vec<Pending>> = Endpoint::new(Get, "/api/emergencies", Who::May(Act::Emergency));
/// Asks for what is needed to sign: an identity for a new emergency, a number that works once within half an hour, and
/// the browser's options.
pub const NONCE: Endpoint<Nothing, Item> =
    Endpoint::new(Post, "/api/posts/{post}/emergencies/nonces", Who::May(Act::Emergency));
/// Publishes now, or asks a second person to agree to it.
pub const ASK: Endpoint<Ask, PostView> = Endpoint::new(Post, "/api/posts/{post}/emergencies", Who::May(Act::Emergency));
/// Gives the word that is owed: the second one before, or the last one after.
pub const ANSWER: Endpoint<Answer, PostView> =
    Endpoint::new(Post, "/api/posts/{post}/emergencies/{emergency}/words", Who::May(Act::Emergency));

/// The receipt of a word that a passkey signed: verifies without access to this engine. `{said}` is the word's name.
pub const RECEIPT: Endpoint<Nothing, WordReceipt> =
    Endpoint::new(Get, "/api/posts/{post}/emergencies/{emergency}/words/{said}/receipt", Who::May(Act::Read));

/// All of them.
pub const LISTED: &[Listed] = &[PENDING.listed(), NONCE.listed(), ASK.listed(), ANSWER.listed(), RECEIPT.listed()];

/// An emergency as it stands with its post.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Story {
    /// The emergency.
    pub emergency: Emergency,
    /// What is owed now.
    pub owed: Owed,
    /// The words that a passkey signed.
    pub signed: Vec<Said>,
    /// Whether what was asked is still what the post says, and the post still where it can go out from.
    pub stands: bool,
    /// Who can give the word that is owed.
    pub answerers: Vec<domain::MemberId>,
}

/// An emergency in a list.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Pending {
    /// Its identity.
    pub id: EmergencyId,
    /// The post.
    pub post: PostId,
    /// A name for it.
    pub heading: String,
    /// Who asked.
    pub by: String,
    /// Why it could not wait.
    pub reason: String,
    /// What is owed.
    pub owed: Owed,
    /// Whether whoever looks can give the word.
    pub mine: bool,
}

/// What is needed to sign.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Item {
    /// The identity of the emergency, if this becomes one.
    pub emergency: EmergencyId,
    /// As what the member acts.
    pub role: Role,
    /// The number.
    pub nonce: Nonce,
    /// The options for the browser, with an empty `challenge`: it is the statement's. Nothing where a rehearsal signed
    /// the member in without a passkey.
    pub options: Option<Value>,
}

/// Asks.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Ask {
    /// The version that was seen.
    pub version: u64,
    /// Why it cannot wait.
    pub reason: String,
    /// The signature; without it only where a rehearsal signed the member in without a passkey.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub signed: Option<Signed>,
}

/// Answers.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Answer {
    /// What.
    pub said: Said,
    /// Why; wanted for a no.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// The signature, as in [`Ask`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub signed: Option<Signed>,
}

/// The receipt of a word in an emergency: as that of a decision that a passkey signed, and never to be taken for one. Its
/// statement is signed under `pregon/emergency/1`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct WordReceipt {
    /// `domain::emergency::statement::RECEIPT`.
    pub format: String,
    /// The statement, byte for byte what was signed over.
    pub statement: String,
    /// Why, where the word is given for a reason: the statement carries its hash.
    pub reason: Option<String>,
    /// The passkey's answer.
    pub assertion: Assertion,
    /// As in `wire::posts::SignedReceipt`.
    pub enrolment: String,
    /// As there.
    pub enrolment_signature: String,
    /// As there.
    pub organisation_key: Value,
}
