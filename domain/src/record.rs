//! The record: canonical JSON, salted digests, and a chain over the digests that anyone can check.
//! Separate because the desk verifies with the very functions that the engine seals with.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use sha2::{Digest, Sha256};

use crate::{MemberId, Moment, RecordId, Role, SessionId, party::Mailbox};

pub mod export;

/// Canonical JSON: objects sorted by key (as `serde_json` keeps them), no spaces, UTF-8; numbers are integers here,
/// so the form is that of RFC 8785 for what we write.
pub fn canonical<T: Serialize>(value: &T) -> String {
    // Through `Value`: its map is ordered by key, whatever the order of the struct's fields. And to `Value` through
    // text: a second way to write each type would be a second copy of its code.
    let text = serde_json::to_string(value).unwrap_or_default();
    serde_json::from_str(&text).unwrap_or(Value::Null).to_string()
}

/// SHA-256 as 64 lower-case hexadecimal digits.
pub fn sha256_hex(bytes: &[u8]) -> String {
    to_hex(&Sha256::digest(bytes))
}

/// Lower-case hexadecimal.
pub fn to_hex(bytes: &[u8]) -> String {
    bytes.iter().flat_map(|byte| [byte >> 4, byte & 15]).filter_map(|half| char::from_digit(half.into(), 16)).collect()
}

/// The digest of a body under its salt: `SHA-256(salt ‖ "\n" ‖ canonical body)`. The salt (32 hexadecimal digits)
/// keeps an erased body from being guessed back.
pub fn digest(salt: &str, body: &str) -> String {
    sha256_hex(format!("{salt}\n{body}").as_bytes())
}

/// The chain's value after an entry: `SHA-256(previous ‖ "\n" ‖ seq ‖ "\n" ‖ at ‖ "\n" ‖ digest)`.
pub fn link(previous: &str, seq: u64, at: Moment, digest: &str) -> String {
    sha256_hex(format!("{previous}\n{seq}\n{}\n{digest}", at.0).as_bytes())
}

/// What stands before the first entry of every chain.
pub const GENESIS: &str = "0000000000000000000000000000000000000000000000000000000000000000";

/// What an entry tells of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Subject {
    /// A post was submitted for approval.
    Submission,
    /// A decision was taken.
    Decision,
    /// A kind was declared to need no approval, or no longer so.
    Declaration,
    /// The organisation's data or policy changed.
    Policy,
    /// How the organisation agrees changed: circuits, hours, units, substitutes, absences.
    Bylaws,
    /// A blocking finding was waived.
    Waiver,
    /// Somebody said that a post speaks of something, or that it does not.
    Matter,
    /// A post was placed, moved or cancelled.
    Placement,
    /// Something went out.
    Publication,
    /// What was out was corrected.
    Correction,
    /// What was out was taken down.
    Takedown,
    /// A publication failed, was held or could not be proven.
    Incident,
    /// Everything was paused, or resumed.
    Pause,
    /// A key, a member or a role changed.
    Access,
    /// A channel was connected, disconnected or refused.
    Channel,
    /// A body was erased.
    Erasure,
    /// A task was asked for, moved or handed on.
    Task,
    /// A post was begun, or somebody wrote in it for a while.
    Drafting,
    /// Entries were taken out of the record as a file, or the whole organisation was copied.
    Export,
    /// A link for somebody outside: sent, opened, taken back.
    Outside,
    /// A comment was written, worded anew, resolved, opened again or taken away.
    Comment,
    /// Something was asked for, published, answered or left unanswered in an emergency.
    Emergency,
    /// What may be done with a stored picture or video: who is seen, what they consented to, its licence.
    Library,
}

impl Subject {
    /// Every subject, in the order in which a filter offers them.
    pub const ALL: &[Subject] = &[
        Subject::Drafting,
        Subject::Submission,
        Subject::Comment,
        Subject::Outside,
        Subject::Decision,
        Subject::Emergency,
        Subject::Waiver,
        Subject::Matter,
        Subject::Placement,
        Subject::Publication,
        Subject::Correction,
        Subject::Takedown,
        Subject::Incident,
        Subject::Pause,
        Subject::Declaration,
        Subject::Policy,
        Subject::Bylaws,
        Subject::Access,
        Subject::Channel,
        Subject::Library,
        Subject::Task,
        Subject::Export,
        Subject::Erasure,
    ];

    /// As it is stored and written in addresses.
    pub const fn name(self) -> &'static str {
        match self {
            Subject::Submission => "submission",
            Subject::Comment => "comment",
            Subject::Outside => "outside",
            Subject::Emergency => "emergency",
            Subject::Decision => "decision",
            Subject::Declaration => "declaration",
            Subject::Policy => "policy",
            Subject::Bylaws => "bylaws",
            Subject::Waiver => "waiver",
            Subject::Matter => "matter",
            Subject::Library => "library",
            Subject::Placement => "placement",
            Subject::Publication => "publication",
            Subject::Correction => "correction",
            Subject::Takedown => "takedown",
            Subject::Incident => "incident",
            Subject::Pause => "pause",
            Subject::Access => "access",
            Subject::Channel => "channel",
            Subject::Erasure => "erasure",
            Subject::Task => "task",
            Subject::Drafting => "drafting",
            Subject::Export => "export",
        }
    }

    /// The subject of a name; nothing for one that this version does not know.
    pub fn of_name(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|subject| subject.name() == name)
    }
}

/// Who did what an entry tells of: with which device, and how it is known that it was they. It stands in the body, and so
/// inside of the digest. Entries of before it was kept have none.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "who")]
pub enum Actor {
    /// A member of the organisation.
    Member {
        /// Who.
        member: MemberId,
        /// As what, if that was known.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        role: Option<Role>,
        /// In which session, if in one.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        session: Option<SessionId>,
        /// Browser and system.
        device: String,
        /// What opened the session, or what was shown instead of one: `passkey …`, `invitation`, `recovery`.
        how: String,
    },
    /// Somebody without an account.
    Outside {
        /// The address that they answered from.
        mailbox: Mailbox,
        /// Browser and system.
        device: String,
        /// How it is known that it was they: `mail_code`.
        how: String,
    },
    /// Nobody who is known: an attempt to sign in.
    Stranger {
        /// Browser and system.
        device: String,
    },
    /// The engine by itself.
    Engine {
        /// Which of its jobs.
        job: String,
    },
}

impl Actor {
    /// The actor of an entry's body, if it says one.
    pub fn of(body: &Value) -> Option<Self> {
        Self::deserialize(body.get("actor")?).ok()
    }
}

/// One sealed entry. `body` is absent once it was lawfully erased; the chain still verifies. Where an entry is only read,
/// and a subject of another version is no trouble, `S` is its name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry<S = Subject> {
    /// Its identity.
    pub id: RecordId,
    /// Its place in the organisation's chain, from 1.
    pub seq: u64,
    /// When it happened.
    pub at: Moment,
    /// What it tells of.
    pub subject: S,
    /// The canonical JSON of what happened.
    pub body: Option<String>,
    /// The salt, erased with the body.
    pub salt: Option<String>,
    /// The salted digest of the body.
    pub digest: String,
    /// The chain's value after this entry.
    pub chain: String,
}

/// Where and why a chain breaks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "break")]
pub enum Break {
    /// A number is missing or stands twice.
    Gap {
        /// The number that was expected.
        expected: u64,
        /// The number that was found.
        found: u64,
    },
    /// A body is not the one that was sealed.
    Body {
        /// The entry's number.
        seq: u64,
    },
    /// The chain's value does not follow from what stands before.
    Link {
        /// The entry's number.
        seq: u64,
    },
}

/// Checks entries in order, starting after `previous` (the chain's value and number before the first of them).
///
/// # Errors
/// The first break.
pub fn verify<S>(previous: (u64, &str), entries: &[Entry<S>]) -> Result<(u64, String), Break> {
    let (mut seq, mut chain) = (previous.0, previous.1.to_owned());
    for entry in entries {
        if entry.seq != seq + 1 {
            return Err(Break::Gap { expected: seq + 1, found: entry.seq });
        }
        if let (Some(salt), Some(body)) = (&entry.salt, &entry.body)
            && digest(salt, body) != entry.digest
        {
            return Err(Break::Body { seq: entry.seq });
        }
        if link(&chain, entry.seq, entry.at, &entry.digest) != entry.chain {
            return Err(Break::Link { seq: entry.seq });
        }
        seq = entry.seq;
        chain.clone_from(&entry.chain);
    }
    Ok((seq, chain))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_subject_is_found_by_the_name_that_is_stored() {
        for subject in Subject::ALL.iter().copied() {
            assert_eq!(serde_json::to_string(&subject).unwrap(), format!("\"{}\"", subject.name()));
            assert_eq!(Subject::of_name(subject.name()), Some(subject));
        }
        assert_eq!(Subject::of_name("of_tomorrow"), None);
    }

    #[test]
    fn who_did_it_is_read_back_and_older_entries_have_nobody() {
        let member = Actor::Member {
            member: MemberId::from_bits(3),
            role: Some(Role::Author),
            session: Some(SessionId::from_bits(4)),
            device: "Firefox, Linux".to_owned(),
            how: "passkey 7".to_owned(),
        };
        for actor in [member, Actor::Engine { job: "seal".to_owned() }, Actor::Stranger { device: String::new() }] {
            assert_eq!(Actor::of(&crate::json!({ "post": 1, "actor": actor })), Some(actor));
        }
        assert_eq!(Actor::of(&crate::json!({ "by": MemberId::from_bits(3) })), None);
    }

    fn chain_of(bodies: &[&str]) -> Vec<Entry> {
        let mut previous = GENESIS.to_owned();
        let entries = bodies.iter().zip(1_u64..).map(|(body, seq)| {
            let digest = digest("salt", body);
            let at = Moment(i64::try_from(seq).unwrap() * 1_000);
            let chain = link(&previous, seq, at, &digest);
            previous.clone_from(&chain);
            Entry {
                id: RecordId::from_bits(seq.into()),
                seq,
                at,
                subject: Subject::Publication,
                body: Some((*body).to_owned()),
                salt: Some("salt".to_owned()),
                digest,
                chain,
            }
        });
        entries.collect()
    }

    #[test]
    fn keys_are_sorted_whatever_the_struct_says() {
        #[derive(Serialize)]
        struct Unsorted {
            b: u8,
            a: u8,
        }
        assert_eq!(canonical(&Unsorted { b: 1, a: 2 }), r#"{"a":2,"b":1}"#);
    }

    #[test]
    fn the_digest_is_the_one_of_the_standard() {
        let abc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        assert_eq!(sha256_hex(b"abc"), abc); // FIPS 180-4, example B.1
    }

    #[test]
    fn a_whole_chain_verifies_in_pages() {
        let entries = chain_of(&["a", "b", "c"]);
        let (seq, chain) = verify((0, GENESIS), &entries[..2]).unwrap();
        assert_eq!(verify((seq, &chain), &entries[2..]).unwrap().0, 3);
    }

    #[test]
    fn an_erased_body_does_not_break_the_chain() {
        let mut entries = chain_of(&["a", "b"]);
        entries[0].body = None;
        entries[0].salt = None;
        assert!(verify((0, GENESIS), &entries).is_ok());
    }

    #[test]
    fn a_changed_body_a_gap_and_a_moved_entry_are_found_where_they_are() {
        let mut changed = chain_of(&["a", "b", "c"]);
        changed[1].body = Some("B".to_owned());
        assert_eq!(verify((0, GENESIS), &changed), Err(Break::Body { seq: 2 }));
        let mut missing = chain_of(&["a", "b", "c"]);
        missing.remove(1);
        assert_eq!(verify((0, GENESIS), &missing), Err(Break::Gap { expected: 2, found: 3 }));
        let mut redated = chain_of(&["a", "b"]);
        redated[1].at = Moment(1);
        assert_eq!(verify((0, GENESIS), &redated), Err(Break::Link { seq: 2 }));
    }
}
