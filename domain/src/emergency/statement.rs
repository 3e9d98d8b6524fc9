//! What is signed in an emergency. Not a decision and never to be taken for one: it has a domain of its own, and says
//! of itself which act it is.

use serde::{Deserialize, Serialize};

use super::{Before, Emergency};
use crate::{
    EmergencyId, MemberId, Millis, Moment, OrganisationId, PostId, Refusal, Role, record,
    statement::{Nonce, SKEW, challenge_in},
};

/// What stands before the statement in the challenge.
pub const DOMAIN: &str = "pregon/emergency/1";

/// The format of a receipt over one; `tests/verifier/` knows it by this name.
pub const RECEIPT: &str = "pregon/emergency-receipt/1";

/// How long a number may be signed and sent. An emergency is not kept on a phone until there is coverage again.
pub const LIFETIME: Millis = Millis::minutes(30);

/// A statement is a few hundred bytes.
const STATEMENT_BYTES: usize = 2_000;

/// What somebody says in an emergency.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Said {
    /// Publish it now: it is an emergency.
    Ask,
    /// The second agrees.
    Agree,
    /// The second says no.
    Decline,
    /// It was right.
    Ratify,
    /// It was not.
    Disown,
}

impl Said {
    /// Every word.
    pub const ALL: [Said; 5] = [Said::Ask, Said::Agree, Said::Decline, Said::Ratify, Said::Disown];

    /// As addresses and what is signed write it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Said::Ask => "ask",
            Said::Agree => "agree",
            Said::Decline => "decline",
            Said::Ratify => "ratify",
            Said::Disown => "disown",
        }
    }

    /// The word of a name.
    pub fn of_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|said| said.as_str() == name)
    }
}

/// What is signed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Statement {
    /// Whose post it is.
    pub organisation: OrganisationId,
    /// The post.
    pub post: PostId,
    /// The emergency.
    pub emergency: EmergencyId,
    /// What is said.
    pub said: Said,
    /// `Content::hash`: over the texts, the pictures' hashes, the alt texts, the channels and the languages.
    pub content: String,
    /// Whether one publishes or two.
    pub form: Before,
    /// SHA-256 over the canonical JSON of the reason, if there is one.
    pub reason: Option<String>,
    /// When, by the device.
    pub at: Moment,
    /// Who.
    pub by: MemberId,
    /// As what.
    pub role: Role,
    /// The number that makes it once only.
    pub nonce: Nonce,
}

/// All of a statement that the one who signs does not say: who they are, where, and on what.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Setting {
    /// Whose post it is.
    pub organisation: OrganisationId,
    /// The post.
    pub post: PostId,
    /// The emergency.
    pub emergency: EmergencyId,
    /// The content.
    pub content: String,
    /// Whether one publishes or two.
    pub form: Before,
    /// Who.
    pub by: MemberId,
    /// As what.
    pub role: Role,
}

impl Setting {
    /// Of an emergency that runs, for who answers.
    pub fn of(organisation: &OrganisationId, emergency: &Emergency, by: &MemberId, role: Role) -> Self {
        Self {
            organisation: organisation.clone(),
            post: emergency.post.clone(),
            emergency: emergency.id.clone(),
            content: emergency.content_hash.clone(),
            form: emergency.protocol.before,
            by: by.clone(),
            role,
        }
    }

    /// What is signed in it. The reason is hashed as it is kept: without spaces around it.
    pub fn write(self, said: Said, reason: Option<&str>, nonce: Nonce, at: Moment) -> Statement {
        let Setting { organisation, post, emergency, content, form, by, role } = self;
        let reason = reason.map(|reason| record::sha256_hex(record::canonical(&reason.trim()).as_bytes()));
        Statement { organisation, post, emergency, said, content, form, reason, at, by, role, nonce }
    }
}

impl Statement {
    /// The bytes that are signed over and kept.
    pub fn canonical(&self) -> String {
        record::canonical(self)
    }

    /// Reads a statement back, byte for byte the one that `canonical` writes.
    ///
    /// # Errors
    /// `Malformed`, `TooLarge`.
    pub fn parse(text: &str) -> Result<Self, Refusal> {
        if text.len() > STATEMENT_BYTES {
            let (limit, length) = (STATEMENT_BYTES as u64, text.len() as u64);
            return Err(Refusal::TooLarge { field: "statement".to_owned(), limit, length });
        }
        let malformed = || Refusal::Malformed { field: "statement".to_owned() };
        let statement: Statement = serde_json::from_str(text).map_err(|_| malformed())?;
        if statement.canonical() == text { Ok(statement) } else { Err(malformed()) }
    }

    /// What the passkey signs: `SHA-256("pregon/emergency/1" ‖ statement)`.
    pub fn challenge(&self) -> [u8; 32] {
        challenge_in(DOMAIN, &self.canonical())
    }

    /// Whether it says exactly what is being done, by who does it, at a time that can be (the number was drawn at
    /// `issued`).
    ///
    /// # Errors
    /// `OtherContent`, `SpentLink`, `ClockOff`; `Malformed` when it says anything else than what is done.
    pub fn vouches(
        &self,
        setting: Setting,
        said: Said,
        reason: Option<&str>,
        issued: Moment,
        now: Moment,
    ) -> Result<(), Refusal> {
        if self.content != setting.content {
            return Err(Refusal::OtherContent);
        }
        if now.since(issued) > LIFETIME {
            return Err(Refusal::SpentLink);
        }
        if self.at < issued.minus(SKEW) {
            return Err(Refusal::ClockOff { by: self.at.since(issued) });
        }
        if self.at > now.plus(SKEW) {
            return Err(Refusal::ClockOff { by: self.at.since(now) });
        }
        if setting.write(said, reason, self.nonce.clone(), self.at) == *self {
            Ok(())
        } else {
            Err(Refusal::Malformed { field: "statement".to_owned() })
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        emergency::tests::{ONE, asked},
        round::tests::{content, member},
        statement,
    };

    const ISSUED: Moment = Moment(10_000_000);

    fn setting() -> Setting {
        Setting::of(&OrganisationId::from_bits(7), &asked(ONE), &member(3), Role::Approver)
    }

    fn ratification() -> Statement {
        setting().write(Said::Ratify, None, Nonce::from_bits(9), ISSUED)
    }

    #[test]
    fn the_bytes_are_the_ones_that_another_language_would_write() {
        let hash = content(0, 0).hash();
        let expected = format!(
            concat!(
                r#"{{"at":10000000,"by":"00000000000000000000000003","content":"{}","#,
                r#""emergency":"00000000000000000000000001","form":{{"before":"one","within":100}},"#,
                r#""nonce":"00000000000000000000000000000009","organisation":"00000000000000000000000007","#,
                r#""post":"00000000000000000000000001","reason":null,"role":"approver","said":"ratify"}}"#
            ),
            hash
        );
        assert_eq!(ratification().canonical(), expected);
        assert_eq!(Statement::parse(&expected), Ok(ratification()));
        let malformed = Err(Refusal::Malformed { field: "statement".to_owned() });
        for other in [expected.replacen(',', ", ", 1), expected.replacen('{', r#"{"more":1,"#, 1), String::new()] {
            assert_eq!(Statement::parse(&other), malformed, "{other}");
        }
        assert!(matches!(Statement::parse(&" ".repeat(2_001)), Err(Refusal::TooLarge { length: 2_001, .. })));
    }

    #[test]
    fn a_word_is_called_as_it_is_written() {
        for said in Said::ALL {
            assert_eq!(crate::json!(said), crate::json!(said.as_str()));
            assert_eq!(Said::of_name(said.as_str()), Some(said));
        }
        assert_eq!(Said::of_name("approve"), None);
    }

    #[test]
    fn it_can_never_pass_for_a_decision() {
        let text = ratification().canonical();
        assert_ne!(ratification().challenge(), statement::challenge(&text));
        assert!(statement::Statement::parse(&text).is_err());
    }

    #[test]
    fn it_vouches_for_the_one_thing_that_it_says() {
        let vouches =
            |statement: &Statement, said, reason, now| statement.vouches(setting(), said, reason, ISSUED, Moment(now));
        let malformed = Err(Refusal::Malformed { field: "statement".to_owned() });
        let signed = ratification();
        assert_eq!(vouches(&signed, Said::Ratify, None, ISSUED.0 + 5), Ok(()));
        assert_eq!(vouches(&signed, Said::Disown, None, ISSUED.0), malformed);
        assert_eq!(vouches(&signed, Said::Ratify, Some("because"), ISSUED.0), malformed);
        let other = Setting { by: member(4), ..setting() };
        assert_eq!(signed.vouches(other, Said::Ratify, None, ISSUED, ISSUED), malformed);
        let edited = Setting { content: content(1, 0).hash(), ..setting() };
        assert_eq!(signed.vouches(edited, Said::Ratify, None, ISSUED, ISSUED), Err(Refusal::OtherContent));
        assert_eq!(vouches(&signed, Said::Ratify, None, ISSUED.0 + LIFETIME.0 + 1), Err(Refusal::SpentLink));
        let early = setting().write(Said::Ratify, None, Nonce::from_bits(9), ISSUED.minus(Millis::days(1)));
        assert!(matches!(vouches(&early, Said::Ratify, None, ISSUED.0), Err(Refusal::ClockOff { .. })));
        let late = setting().write(Said::Ratify, None, Nonce::from_bits(9), ISSUED.plus(Millis::days(1)));
        assert!(matches!(vouches(&late, Said::Ratify, None, ISSUED.0), Err(Refusal::ClockOff { .. })));
        let said = setting().write(Said::Disown, Some(" No "), Nonce::from_bits(9), ISSUED);
        assert_eq!(vouches(&said, Said::Disown, Some("No"), ISSUED.0), Ok(()));
    }
}
