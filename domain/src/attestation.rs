//! The attestation: what stands in a receipt where a signature of one's own would be, when somebody confirmed a decision
//! with a code that was sent to their mailbox. It is the organisation that says so, with its own key.
//! Separate from the statement, which is the same whichever way it was confirmed: this is the weaker proof of the two, and
//! must never be taken for the other.

use serde::{Deserialize, Serialize};

use crate::{Millis, Moment, OrganisationId, party::Person, record, statement};

/// What a receipt over an attestation is called.
pub const FORMAT: &str = "pregon/code-receipt/1";

/// What stands before the attestation in what the organisation signs: so that it can pass for no other signature of it.
pub const DOMAIN: &str = "pregon/attestation/1";

/// How long a code works (ASVS 6.5.5: at most ten minutes).
pub const CODE_LIVES: Millis = Millis::minutes(10);

/// How often one code may be tried. Five of a hundred million.
pub const CODE_TRIES: u32 = 5;

/// How somebody confirmed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum How {
    /// With a code that was sent to their mailbox.
    MailCode,
}

/// What the organisation says of a confirmation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Attestation {
    /// When the code was asked for, with the statement in view.
    pub asked_at: Moment,
    /// When it was given back.
    pub confirmed_at: Moment,
    /// How.
    pub how: How,
    /// Where the code was sent, masked (`Mailbox::masked`).
    pub mailbox: String,
    /// The member's name; nothing outside.
    pub name: Option<String>,
    /// Which organisation says so.
    pub organisation: OrganisationId,
    /// On which site.
    pub origin: String,
    /// Who.
    pub person: Person,
    /// For which service.
    pub rp: String,
    /// What was confirmed: [`digest`] of the statement.
    pub statement: String,
}

impl Attestation {
    /// The bytes that are kept and signed.
    pub fn canonical(&self) -> String {
        record::canonical(self)
    }

    /// What the organisation signs.
    pub fn signed_bytes(&self) -> Vec<u8> {
        [DOMAIN, &self.canonical()].concat().into_bytes()
    }
}

/// The hash by which an attestation names its statement: the very one that a passkey would sign.
pub fn digest(statement: &str) -> String {
    record::to_hex(&statement::challenge(statement))
}

/// The hash of a code, bound to its statement: the same digits over another one are another code.
pub fn hash_code(statement: &str, code: &str) -> String {
    let digits: String = code.chars().filter(char::is_ascii_digit).collect();
    record::sha256_hex(["pregon/code/1", statement, &digits].concat().as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::MemberId;

    #[test]
    fn the_bytes_are_the_ones_that_another_language_would_write() {
        let attestation = Attestation {
            asked_at: Moment(1),
            confirmed_at: Moment(2),
            how: How::MailCode,
            mailbox: "a•••@agency.example".to_owned(),
            name: None,
            organisation: OrganisationId::from_bits(7),
            origin: "https://desk.example".to_owned(),
            person: Person::Outside { mailbox: "ana@agency.example".parse().unwrap() },
            rp: "desk.example".to_owned(),
            statement: digest("{}"),
        };
        let expected = format!(
            concat!(
                r#"{{"asked_at":1,"confirmed_at":2,"how":"mail_code","mailbox":"a•••@agency.example","name":null,"#,
                r#""organisation":"00000000000000000000000007","origin":"https://desk.example","#,
                r#""person":{{"mailbox":"ana@agency.example","person":"outside"}},"rp":"desk.example","#,
                r#""statement":"{}"}}"#
            ),
            record::sha256_hex(b"pregon/decision/1{}")
        );
        assert_eq!(attestation.canonical(), expected);
        assert!(attestation.signed_bytes().starts_with(b"pregon/attestation/1{"));
        let member = Attestation { person: MemberId::from_bits(1).into(), ..attestation.clone() };
        assert_ne!(member.canonical(), attestation.canonical());
    }

    #[test]
    fn a_code_is_of_one_statement_however_it_is_typed() {
        assert_eq!(hash_code("a", "1234 5678"), hash_code("a", "12345678"));
        assert_ne!(hash_code("a", "12345678"), hash_code("b", "12345678"));
        assert_ne!(hash_code("a", "12345678"), hash_code("a", "12345679"));
        // What is no digit is nothing: an empty code has a hash, and no row has that one (codes have eight digits).
        assert_eq!(hash_code("a", ""), hash_code("a", "abc"));
    }
}
