//! Who is meant: a person, and what a circuit names instead of persons (a role, a unit, an address outside).
//! Separate from `member`: an approver outside has no account, and a circuit outlives the people in it.

use serde::{Deserialize, Serialize};

use crate::{MemberId, Role, UnitId};

/// A mail address, folded to lower case: the only name that an approver without an account has.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Mailbox(String);

/// Why a text is not a mail address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NotAMailbox;

impl std::fmt::Display for NotAMailbox {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("not a mail address")
    }
}

/// The longest address that SMTP can carry (RFC 5321 §4.5.3.1.3, less the angle brackets).
const MAILBOX_BYTES: usize = 254;

impl Mailbox {
    /// The address.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The address so that whoever has it knows it again, and nobody else learns it: `a•••@agency.example`.
    pub fn masked(&self) -> String {
        let (local, domain) = self.0.split_once('@').unwrap_or((&self.0, ""));
        let first: String = local.chars().take(1).collect();
        [&first, "•••@", domain].concat()
    }
}

impl TryFrom<String> for Mailbox {
    type Error = NotAMailbox;
    fn try_from(text: String) -> Result<Self, NotAMailbox> {
        // Folding the local part too is against the letter of RFC 5321 and what every mail system does: two hats
        // must not fit on one head for a capital letter.
        let text = text.trim().to_lowercase();
        let clean = !text.chars().any(|c| c.is_whitespace() || c.is_control() || matches!(c, '<' | '>' | ',' | '"'));
        let Some((local, domain)) = text.split_once('@') else { return Err(NotAMailbox) };
        let hosted = domain.split('.').count() > 1 && domain.split('.').all(|label| !label.is_empty());
        let fits = text.len() <= MAILBOX_BYTES && !local.is_empty() && !domain.contains('@');
        if clean && hosted && fits { Ok(Self(text)) } else { Err(NotAMailbox) }
    }
}

impl From<Mailbox> for String {
    fn from(mailbox: Mailbox) -> String {
        mailbox.0
    }
}

impl std::str::FromStr for Mailbox {
    type Err = NotAMailbox;
    fn from_str(text: &str) -> Result<Self, NotAMailbox> {
        Self::try_from(text.to_owned())
    }
}

/// Somebody who acts.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "person", deny_unknown_fields)]
pub enum Person {
    /// A member of the organisation.
    Member {
        /// Which.
        member: MemberId,
    },
    /// An approver outside, without an account.
    Outside {
        /// Their address.
        mailbox: Mailbox,
    },
}

impl Person {
    /// The member, if it is one.
    pub const fn member(&self) -> Option<&MemberId> {
        match self {
            Person::Member { member } => Some(member),
            Person::Outside { .. } => None,
        }
    }
}

impl From<MemberId> for Person {
    fn from(member: MemberId) -> Self {
        Person::Member { member }
    }
}

/// Whom a circuit names.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "party", deny_unknown_fields)]
pub enum Party {
    /// One member.
    Member {
        /// Which.
        member: MemberId,
    },
    /// Whoever has a role.
    Role {
        /// Which.
        role: Role,
    },
    /// Whoever belongs to a unit.
    Unit {
        /// Which.
        unit: UnitId,
    },
    /// Somebody outside.
    Outside {
        /// Their address.
        mailbox: Mailbox,
    },
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whom_a_circuit_names_is_written_as_the_engine_looks_for_it() {
        // `json_object` of SQLite writes the same: `store/posts.rs` compares the two as texts.
        let written = |party: Party| serde_json::to_string(&party).unwrap();
        assert_eq!(written(Party::Role { role: Role::Approver }), r#"{"party":"role","role":"approver"}"#);
        let (member, unit) = (MemberId::from_bits(1), UnitId::from_bits(2));
        let (wanted, whole) =
            (format!(r#"{{"party":"member","member":"{member}"}}"#), format!(r#"{{"party":"unit","unit":"{unit}"}}"#));
        assert_eq!((written(Party::Member { member }), written(Party::Unit { unit })), (wanted, whole));
    }

    #[test]
    fn one_address_is_one_person_whatever_its_capitals() {
        let parse = |text: &str| text.parse::<Mailbox>().unwrap();
        assert_eq!(parse(" Asesoria@Town.example "), parse("asesoria@town.example"));
    }

    #[test]
    fn a_masked_address_is_known_again_and_tells_nothing_of_its_length() {
        let masked = |text: &str| text.parse::<Mailbox>().unwrap().masked();
        assert_eq!(masked("ana@agency.example"), "a•••@agency.example");
        assert_eq!(masked("ñ@agency.example"), "ñ•••@agency.example");
    }

    #[test]
    fn what_is_no_address_is_refused() {
        let long = format!("{}@town.example", "a".repeat(250));
        for text in ["", "a", "@town.example", "a@town", "a@b@c.d", "a b@c.d", "a@.example", "<a@c.d>", &long] {
            assert_eq!(text.parse::<Mailbox>(), Err(NotAMailbox), "{text}");
        }
    }
}
