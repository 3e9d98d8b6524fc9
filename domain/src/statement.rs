//! The statement: exactly what is signed when somebody decides, and the challenge that their passkey signs.
//! Separate from the decision: a decision is what the engine took down, the statement is what the person put their name
//! to. It is canonical JSON (`record::canonical`), so that anybody can write the same bytes again in another language.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use sha2::{Digest, Sha256};

use crate::{
    CircuitId, DelegationId, MemberId, Millis, Moment, OrganisationId, PostId, Refusal, Role, StepId,
    delegation::Errand,
    party::Person,
    people::People,
    record,
    round::{Ballot, Choice, Envelope, Round},
};

/// What stands before the statement in the challenge: a signature over a decision can never pass for a sign-in (whose
/// challenge is random), nor for another kind of statement.
pub const DOMAIN: &str = "pregon/decision/1";

/// The same before the list of several statements that are signed together: one signature, and each decision its own
/// statement.
pub const SEVERAL: &str = "pregon/decisions/1";

/// So many decisions go under one signature: all of a series. Each of them is kept with the whole list.
pub const MOST_TOGETHER: usize = crate::series::MOST;

/// How far the device's clock may be from the engine's. Phones keep time to the second; five minutes is a computer
/// that nobody looks after.
pub const SKEW: Millis = Millis::minutes(5);

/// How long a fetched item may be signed and sent: what a phone keeps without coverage.
pub const LIFETIME: Millis = Millis::hours(72);

/// A statement of a decision is a few hundred bytes and an envelope.
const STATEMENT_BYTES: usize = 4_000;

/// A number that the engine drew for one decision and takes once: 128 bits as 32 lower-case hexadecimal digits.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Nonce(String);

impl Nonce {
    /// From 128 bits that the caller drew.
    pub fn from_bits(bits: u128) -> Self {
        Self(format!("{bits:032x}"))
    }
    /// The digits.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for Nonce {
    type Error = &'static str;
    fn try_from(text: String) -> Result<Self, Self::Error> {
        let digits = text.bytes().all(|byte| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte));
        if digits && text.len() == 32 { Ok(Self(text)) } else { Err("not a nonce") }
    }
}

impl From<Nonce> for String {
    fn from(nonce: Nonce) -> String {
        nonce.0
    }
}

/// What is decided, without the words (those are bound by their hash).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// It may go out.
    Approve,
    /// It may go out, and something is to be known of it.
    Reserve,
    /// It goes back.
    Return,
}

impl From<&Choice> for Verdict {
    fn from(choice: &Choice) -> Self {
        match choice {
            Choice::Approve => Verdict::Approve,
            Choice::Reserve { .. } => Verdict::Reserve,
            Choice::Return { .. } => Verdict::Return,
        }
    }
}

/// By delegation of whom, and by which decree.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Authority {
    /// The substitution.
    pub delegation: DelegationId,
    /// Who is substituted.
    pub of: MemberId,
    /// The decree.
    pub reference: String,
}

/// As what somebody decides in a step.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sitting {
    /// Their role; none outside.
    pub role: Option<Role>,
    /// By delegation of whom, if it is not for themselves.
    pub authority: Option<Authority>,
}

impl Sitting {
    /// As what `by` decides in a step of a round, for themselves or for another.
    ///
    /// # Errors
    /// `NoDelegation` when they act for somebody without a substitution in force.
    pub fn of(
        round: &Round,
        by: &Person,
        acting_for: Option<&MemberId>,
        step: &StepId,
        people: &People,
        at: Moment,
    ) -> Result<Self, Refusal> {
        let authority = match (acting_for, by.member()) {
            (None, _) => None,
            (Some(of), Some(to)) => {
                let errand = Errand { circuit: &round.circuit, step, channels: &round.channels };
                let found = people.delegation(of, to, errand, at).ok_or(Refusal::NoDelegation)?;
                let (delegation, reference) = (found.id.clone(), found.reference.clone());
                Some(Authority { delegation, of: of.clone(), reference })
            }
            (Some(_), None) => return Err(Refusal::NoDelegation),
        };
        let role = by.member().and_then(|member| people.colleague(member)).map(|colleague| colleague.role);
        Ok(Self { role, authority })
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
    /// The round.
    pub round: u32,
    /// The circuit.
    pub circuit: CircuitId,
    /// Its version.
    pub version: u32,
    /// The step.
    pub step: StepId,
    /// `Content::hash`: over the texts, the pictures' hashes, the alt texts, the channels and the languages.
    pub content: String,
    /// The times within which it may go out.
    pub envelope: Envelope,
    /// What is decided.
    pub decision: Verdict,
    /// `comment_hash`, if there is a comment.
    pub comment: Option<String>,
    /// When, by the device.
    pub at: Moment,
    /// Who.
    pub by: Person,
    /// As what; none outside.
    pub role: Option<Role>,
    /// By delegation of whom, if it is not for themselves.
    pub authority: Option<Authority>,
    /// The number that makes it once only.
    pub nonce: Nonce,
}

/// The hash of a comment and its place: SHA-256 over the canonical JSON of `[comment, place]`.
pub fn comment_hash(choice: &Choice) -> Option<String> {
    let place = match choice {
        Choice::Return { place, .. } => place.as_ref(),
        Choice::Approve | Choice::Reserve { .. } => None,
    };
    choice.comment().map(|comment| record::sha256_hex(record::canonical(&(comment, place)).as_bytes()))
}

impl Statement {
    /// What would be signed for a ballot.
    ///
    /// # Errors
    /// `NoDelegation` when they act for somebody without a substitution in force; `ReasonWanted`, `TooLarge`.
    pub fn of(
        organisation: &OrganisationId,
        round: &Round,
        ballot: &Ballot,
        people: &People,
        nonce: Nonce,
        at: Moment,
    ) -> Result<Self, Refusal> {
        let Ballot { by, acting_for, step, .. } = ballot;
        let sitting = Sitting::of(round, by, acting_for.as_ref(), step, people, at)?;
        Self::write(organisation, round, ballot, sitting, nonce, at)
    }

    /// The same, by somebody who was told as what they sit: the desk.
    ///
    /// # Errors
    /// `ReasonWanted`, `TooLarge`.
    pub fn write(
        organisation: &OrganisationId,
        round: &Round,
        ballot: &Ballot,
        sitting: Sitting,
        nonce: Nonce,
        at: Moment,
    ) -> Result<Self, Refusal> {
        // The words as the round will take them down: trimmed. Their hash must be theirs.
        let choice = ballot.choice.clone().parse()?;
        Ok(Self {
            organisation: organisation.clone(),
            post: round.post.clone(),
            round: round.number,
            circuit: round.circuit.clone(),
            version: round.version,
            step: ballot.step.clone(),
            content: ballot.content_hash.clone(),
            envelope: round.envelope.clone(),
            decision: Verdict::from(&choice),
            comment: comment_hash(&choice),
            at,
            by: ballot.by.clone(),
            role: sitting.role,
            authority: sitting.authority,
            nonce,
        })
    }

    /// The bytes that are signed over and kept.
    pub fn canonical(&self) -> String {
        record::canonical(self)
    }

    /// Reads a statement back, byte for byte the one that `canonical` writes: another order, a space or a field that is
    /// not known would be another statement with the same look.
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

    /// What the passkey signs: `SHA-256("pregon/decision/1" ‖ statement)`.
    pub fn challenge(&self) -> [u8; 32] {
        challenge(&self.canonical())
    }

    /// The ballot that this statement puts a name to, if it speaks of this round and says what was true. What the step
    /// allows is then for `Round::decide`; the signature and the nonce are the engine's.
    ///
    /// # Errors
    /// `NotFound` for another organisation or post; `OtherContent` for another round, content or other times;
    /// `SpentLink` when the nonce (drawn at `issued`) is too old; `ClockOff`; `Malformed` when role, authority or
    /// comment are not what they say.
    pub fn ballot(
        &self,
        organisation: &OrganisationId,
        round: &Round,
        choice: Choice,
        people: &People,
        issued: Moment,
        now: Moment,
    ) -> Result<Ballot, Refusal> {
        if (&self.organisation, &self.post) != (organisation, &round.post) {
            return Err(Refusal::NotFound);
        }
        // Another round is another content, or the same one on other terms: what was signed is not what waits now.
        let seen = (self.round, &self.circuit, self.version, &self.content, &self.envelope);
        if seen != (round.number, &round.circuit, round.version, &round.content_hash, &round.envelope) {
            return Err(Refusal::OtherContent);
        }
        if now.since(issued) > LIFETIME {
            return Err(Refusal::SpentLink);
        }
        // It was signed between the moment the item was fetched and now, give or take the clock.
        let (early, late) = (issued.minus(SKEW).since(self.at), self.at.since(now.plus(SKEW)));
        if early.0 > 0 {
            return Err(Refusal::ClockOff { by: self.at.since(issued) });
        }
        if late.0 > 0 {
            return Err(Refusal::ClockOff { by: self.at.since(now) });
        }
        let acting_for = self.authority.as_ref().map(|authority| authority.of.clone());
        let ballot = Ballot {
            by: self.by.clone(),
            acting_for,
            step: self.step.clone(),
            content_hash: self.content.clone(),
            choice,
        };
        // Signed while it was in force is not enough: `decide` asks again now. Here it is only that nothing was invented.
        let same = Statement::of(organisation, round, &ballot, people, self.nonce.clone(), now)?;
        if (Statement { at: self.at, ..same }) == *self {
            Ok(ballot)
        } else {
            Err(Refusal::Malformed { field: "statement".to_owned() })
        }
    }
}

/// The text of a statement and the words that it binds, from a round and a seat as the engine answered them in JSON. For
/// a page that carries none of their types: to read them would be a third of it. Byte for byte what `Statement::write` and
/// `canonical` make; a test holds the two together.
///
/// # Errors
/// `ReasonWanted`, `TooLarge`.
pub fn of_answers(
    (organisation, by): (&OrganisationId, &MemberId),
    (round, seat, nonce): (&Value, &Value, &str),
    choice: Choice,
    at: Moment,
) -> Result<(String, Choice), Refusal> {
    let choice = choice.parse()?;
    let decision = match &choice {
        Choice::Approve => "approve",
        Choice::Reserve { .. } => "reserve",
        Choice::Return { .. } => "return",
    };
    let by = [("member", by.as_str()), ("person", "member")].map(|(name, value)| (name.to_owned(), value.into()));
    // A map of `serde_json` is in the order of its keys.
    let fields: [(&str, Value); 15] = [
        ("at", at.0.into()),
        ("authority", seat["sitting"]["authority"].clone()),
        ("by", Value::Object(by.into_iter().collect())),
        ("circuit", round["circuit"].clone()),
        ("comment", comment_hash(&choice).map_or(Value::Null, Value::from)),
        ("content", round["content_hash"].clone()),
        ("decision", decision.into()),
        ("envelope", round["envelope"].clone()),
        ("nonce", nonce.into()),
        ("organisation", organisation.as_str().into()),
        ("post", round["post"].clone()),
        ("role", seat["sitting"]["role"].clone()),
        ("round", round["number"].clone()),
        ("step", seat["step"].clone()),
        ("version", round["version"].clone()),
    ];
    let text = Value::Object(fields.into_iter().map(|(name, value)| (name.to_owned(), value)).collect());
    Ok((text.to_string(), choice))
}

/// The challenge over the text of a statement.
pub fn challenge(statement: &str) -> [u8; 32] {
    challenge_in(DOMAIN, statement)
}

/// What the passkey signs for several statements: `SHA-256("pregon/decisions/1" ‖ list)`, where the list is the canonical JSON of
/// their hashes ([`crate::attestation::digest`]) in the order in which they were shown. Each hash covers a number of its own, so
/// whoever reads the list in the receipt of one learns nothing of the others.
pub fn challenge_together(digests: &[String]) -> [u8; 32] {
    challenge_in(SEVERAL, &record::canonical(&digests))
}

/// The same, for a statement that must be in the list: once, among others that are each there once.
///
/// # Errors
/// `Malformed`.
pub fn challenge_within(statement: &str, digests: &[String]) -> Result<[u8; 32], Refusal> {
    let own = record::to_hex(&challenge(statement));
    let digit = |byte: u8| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte);
    let is_hash = |text: &String| text.len() == 64 && text.bytes().all(digit);
    let is_once = |(place, one): (usize, &String)| !digests[..place].contains(one);
    // How many there are comes first: a list without end is not looked through.
    let fits = (2..=MOST_TOGETHER).contains(&digests.len())
        && digests.contains(&own)
        && digests.iter().all(is_hash)
        && digests.iter().enumerate().all(is_once);
    if fits { Ok(challenge_together(digests)) } else { Err(Refusal::Malformed { field: "together".to_owned() }) }
}

/// The challenge over the text of a statement of some kind: no two kinds share their domain.
pub(crate) fn challenge_in(domain: &str, statement: &str) -> [u8; 32] {
    let mut hasher = Sha256::new();
    hasher.update(domain.as_bytes());
    hasher.update(statement.as_bytes());
    hasher.finalize().into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        circuit::{Options, Quorum},
        round::tests::{circuit, content, delegation, member, named, people, step, submit},
    };

    const ISSUED: Moment = Moment(10_000_000);

    fn organisation() -> OrganisationId {
        OrganisationId::from_bits(7)
    }

    fn round() -> Round {
        let circuit = circuit(vec![step(1, Quorum::Any, &[named(3)])], Options::default());
        submit(&circuit, &content(0, 0), None, 1).unwrap()
    }

    fn ballot(by: u128, acting_for: Option<u128>, choice: Choice) -> Ballot {
        Ballot {
            by: member(by).into(),
            acting_for: acting_for.map(member),
            step: StepId::from_bits(1),
            content_hash: content(0, 0).hash(),
            choice,
        }
    }

    fn statement(ballot: &Ballot, people: &People) -> Result<Statement, Refusal> {
        Statement::of(&organisation(), &round(), ballot, people, Nonce::from_bits(9), ISSUED)
    }

    fn approval() -> Statement {
        statement(&ballot(3, None, Choice::Approve), &people()).unwrap()
    }

    fn back(statement: &Statement, choice: Choice, now: Moment) -> Result<Ballot, Refusal> {
        statement.ballot(&organisation(), &round(), choice, &people(), ISSUED, now)
    }

    #[test]
    fn the_bytes_are_the_ones_that_another_language_would_write() {
        let hash = content(0, 0).hash();
        let expected = format!(
            concat!(
                r#"{{"at":10000000,"authority":null,"by":{{"member":"00000000000000000000000003","person":"member"}},"#,
                r#""circuit":"00000000000000000000000001","comment":null,"content":"{}","decision":"approve","#,
                r#""envelope":{{"envelope":"times","from":0,"until":1000000}},"nonce":"00000000000000000000000000000009","#,
                r#""organisation":"00000000000000000000000007","post":"00000000000000000000000001","role":"approver","#,
                r#""round":1,"step":"00000000000000000000000001","version":1}}"#
            ),
            hash
        );
        assert_eq!(approval().canonical(), expected);
        assert_eq!(Statement::parse(&expected), Ok(approval()));
    }

    #[test]
    fn the_challenge_is_the_hash_over_the_domain_and_the_bytes() {
        let text = approval().canonical();
        let joined = format!("pregon/decision/1{text}");
        assert_eq!(record::to_hex(&approval().challenge()), record::sha256_hex(joined.as_bytes()));
        assert_ne!(approval().challenge(), <[u8; 32]>::from(Sha256::digest(text.as_bytes())));
    }

    #[test]
    fn several_are_signed_as_the_list_of_what_each_would_be_signed_as() {
        let own = approval();
        let other = Statement { post: PostId::from_bits(2), nonce: Nonce::from_bits(10), ..own.clone() };
        let list = [&own, &other].map(|statement| record::to_hex(&statement.challenge()));
        let joined = format!(r#"pregon/decisions/1["{}","{}"]"#, list[0], list[1]);
        let together = challenge_together(&list);
        assert_eq!(record::to_hex(&together), record::sha256_hex(joined.as_bytes()));
        for statement in [&own, &other] {
            assert_eq!(challenge_within(&statement.canonical(), &list), Ok(together));
            assert_ne!(statement.challenge(), together, "what is signed for all is not what is signed for one");
        }
        let swapped = [list[1].clone(), list[0].clone()];
        assert_ne!(challenge_within(&own.canonical(), &swapped), Ok(together), "in this order");
        let malformed = Err(Refusal::Malformed { field: "together".to_owned() });
        let stranger = Statement { round: 2, ..own.clone() };
        assert_eq!(challenge_within(&stranger.canonical(), &list), malformed, "it is not in the list");
        let text = own.canonical();
        let doubled = [&list[..], &list[..1]].concat();
        let loud = [list[0].clone(), list[1].to_uppercase()];
        let many: Vec<String> =
            (0..MOST_TOGETHER).map(|n| record::sha256_hex(&[n as u8])).chain([list[0].clone()]).collect();
        for bad in [&list[..1], &[], &doubled[..], &loud[..], &many[..]] {
            assert_eq!(challenge_within(&text, bad), malformed, "{bad:?}");
        }
        assert!(challenge_within(&text, &many[1..]).is_ok(), "as many as that are taken");
    }

    #[test]
    fn from_answers_in_json_the_same_bytes_are_written() {
        let place = crate::approval::TextPlace {
            language: crate::Language::spanish(),
            start: 0,
            end: 2,
            quote: "ñ".to_owned(),
        };
        let choices = [
            Choice::Approve,
            Choice::Reserve { comment: " Que conste «la hora» ".to_owned() },
            Choice::Return { comment: "Falta la hora".to_owned(), place: Some(place) },
        ];
        let people = people();
        let authority = Authority {
            delegation: DelegationId::from_bits(1),
            of: member(4),
            reference: "Decreto 2026/114".to_owned(),
        };
        for choice in choices {
            for authority in [None, Some(authority.clone())] {
                let ballot = ballot(3, None, choice.clone());
                let sitting = Sitting {
                    authority,
                    ..Sitting::of(&round(), &ballot.by, None, &ballot.step, &people, ISSUED).unwrap()
                };
                let nonce = Nonce::from_bits(9);
                let whole =
                    Statement::write(&organisation(), &round(), &ballot, sitting.clone(), nonce.clone(), ISSUED)
                        .unwrap();
                let value = |text: String| -> Value { serde_json::from_str(&text).unwrap() };
                let seat = format!(
                    r#"{{"step":"{}","acting_for":null,"sitting":{}}}"#,
                    ballot.step,
                    serde_json::to_string(&sitting).unwrap()
                );
                let (round, seat) = (value(serde_json::to_string(&round()).unwrap()), value(seat));
                let (organisation, by) = (organisation(), member(3));
                let (text, said) =
                    of_answers((&organisation, &by), (&round, &seat, nonce.as_str()), choice.clone(), ISSUED).unwrap();
                assert_eq!(text, whole.canonical());
                assert_eq!(Ok(said), choice.clone().parse());
            }
        }
    }

    #[test]
    fn another_look_of_the_same_statement_is_refused() {
        let text = approval().canonical();
        let malformed = Err(Refusal::Malformed { field: "statement".to_owned() });
        for other in [
            text.replacen(',', ", ", 1),
            text.replacen(r#""at":10000000,"#, "", 1),
            text.replacen(r#""at":10000000"#, r#""at":1e7"#, 1),
            text.replacen('{', r#"{"admin":true,"#, 1),
            text.replacen(r#""at":10000000"#, r#""at":10000000,"at":10000000"#, 1),
            text.replace("00000000000000000000000000000009", "9"),
            format!("{text}\n"),
            String::new(),
        ] {
            assert_eq!(Statement::parse(&other), malformed, "{other}");
        }
        let long = " ".repeat(4_001);
        assert!(matches!(Statement::parse(&long), Err(Refusal::TooLarge { length: 4_001, .. })));
    }

    #[test]
    fn a_statement_becomes_the_ballot_that_it_signs() {
        let choice = Choice::Return { comment: " Falta la hora ".to_owned(), place: None };
        let ballot = ballot(3, None, choice.clone());
        let statement = statement(&ballot, &people()).unwrap();
        assert_eq!(back(&statement, choice, ISSUED), Ok(ballot));
        let other = Choice::Return { comment: "Otra cosa".to_owned(), place: None };
        assert_eq!(back(&statement, other, ISSUED), Err(Refusal::Malformed { field: "statement".to_owned() }));
        assert_eq!(
            back(&statement, Choice::Approve, ISSUED),
            Err(Refusal::Malformed { field: "statement".to_owned() })
        );
    }

    #[test]
    fn any_field_that_is_changed_is_noticed() {
        let own = approval();
        let changed = [
            Statement { organisation: OrganisationId::from_bits(8), ..own.clone() },
            Statement { post: PostId::from_bits(2), ..own.clone() },
            Statement { round: 2, ..own.clone() },
            Statement { circuit: CircuitId::from_bits(2), ..own.clone() },
            Statement { version: 2, ..own.clone() },
            Statement { content: content(1, 0).hash(), ..own.clone() },
            Statement { envelope: Envelope::Times { from: Moment(0), until: Moment(2_000_000) }, ..own.clone() },
            Statement { decision: Verdict::Reserve, ..own.clone() },
            Statement { comment: Some(own.content.clone()), ..own.clone() },
            Statement { role: Some(Role::Administrator), ..own.clone() },
            Statement { role: None, ..own.clone() },
            Statement { by: member(4).into(), role: Some(Role::Author), ..own.clone() },
        ];
        for statement in changed {
            assert!(back(&statement, Choice::Approve, ISSUED).is_err(), "{statement:?}");
            assert_ne!(statement.challenge(), own.challenge());
        }
        assert!(back(&own, Choice::Approve, ISSUED).is_ok());
    }

    #[test]
    fn an_invented_decree_is_refused_and_a_true_one_is_named() {
        let town = People { delegations: vec![delegation(3, 4, 0, 20_000_000)], ..people() };
        let ballot = ballot(4, Some(3), Choice::Approve);
        assert_eq!(statement(&ballot, &people()), Err(Refusal::NoDelegation));
        let own = statement(&ballot, &town).unwrap();
        assert_eq!(own.authority.as_ref().map(|authority| authority.reference.as_str()), Some("Decreto 1"));
        let read =
            |statement: &Statement| statement.ballot(&organisation(), &round(), Choice::Approve, &town, ISSUED, ISSUED);
        assert!(read(&own).is_ok());
        let authority = own.authority.clone().map(|one| Authority { reference: "Decreto 2".to_owned(), ..one });
        assert!(read(&Statement { authority, ..own }).is_err());
    }

    #[test]
    fn a_day_without_coverage_is_taken_and_a_clock_a_day_off_is_not() {
        let signed = |at| Statement { at, ..approval() };
        let day = Millis::days(1);
        let now = ISSUED.plus(day);
        assert!(back(&signed(ISSUED.plus(Millis::minutes(1))), Choice::Approve, now).is_ok());
        assert_eq!(
            back(&signed(ISSUED.minus(day)), Choice::Approve, ISSUED),
            Err(Refusal::ClockOff { by: Millis(-day.0) })
        );
        assert_eq!(back(&signed(now), Choice::Approve, ISSUED), Err(Refusal::ClockOff { by: day }));
        let late = ISSUED.plus(LIFETIME).plus(Millis(1));
        assert_eq!(back(&signed(ISSUED), Choice::Approve, late), Err(Refusal::SpentLink));
    }
}
