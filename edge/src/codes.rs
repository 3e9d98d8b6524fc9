//! Codes by mail that confirm one decision: asked for with the statement in view, tried a few times, given back once.
//! Separate from `http`: members use them where no passkey is at hand, and whoever is outside always.
//!
//! A code is bound to its statement, which carries the post, the round, the person and a number that works once. Giving it
//! back takes what was asked for then: nothing of the decision can be another by then.

use domain::{
    Choice, Language, Moment, OrganisationId, PostId, Refusal,
    attestation::{self, CODE_LIVES, CODE_TRIES},
    guidance::Checked,
    party::{Mailbox, Person},
    statement::{Statement, Verdict},
};
use serde::Deserialize;
use words::Lang;

use crate::{
    answer::Refused,
    app::{self, App},
    binds, mail,
    passkeys::Party,
    settle::Attested,
    store::{Bind, Unit, json, outside::lang, throttle},
};

/// Eight digits, each code as likely as the other: drawn from 64 bits, where the remainder favours none by more than
/// one in 10¹¹.
pub fn eight_digits() -> String {
    let mut bytes = [0; 8];
    app::fill(&mut bytes);
    format!("{:08}", u64::from_be_bytes(bytes) % 100_000_000)
}

/// As rows name a person: a member's identity, or an address.
pub fn name_of(person: &Person) -> &str {
    match person {
        Person::Member { member } => member.as_str(),
        Person::Outside { mailbox } => mailbox.as_str(),
    }
}

/// What a mail with a code says, besides the digits.
pub struct Letter<'a> {
    /// Whose organisation it is.
    pub org: &'a OrganisationId,
    /// Its name.
    pub organisation: &'a str,
    /// Where to.
    pub mailbox: &'a Mailbox,
    /// In which language.
    pub language: &'a Language,
}

/// Adds to a unit of work that a code over a statement is kept and sent, with what was ticked beside it. The one before is
/// no code any more.
///
/// # Errors
/// `TooMany`, `Unavailable`.
pub async fn send(
    app: &App,
    unit: &mut Unit,
    letter: &Letter<'_>,
    (statement, choice, checked): (&Statement, &Choice, Option<&Checked>),
    party: &Party,
) -> Result<Moment, Refused> {
    let Letter { org, organisation, mailbox, language } = letter;
    throttle::count(app, throttle::DECISION_CODES, mailbox.as_str()).await?;
    let (now, text, code) = (app.now(), statement.canonical(), eight_digits());
    let expires = now.plus(CODE_LIVES);
    let sql = "INSERT INTO decision_code
        (org, post, person, round, statement, choice, code_hash, mailbox, party, asked_at, expires_at, checked)
      VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)
      ON CONFLICT (org, post, person) DO UPDATE SET round = ?4, statement = ?5, choice = ?6, code_hash = ?7, mailbox = ?8,
        party = ?9, asked_at = ?10, expires_at = ?11, checked = ?12, tries = 0";
    let binds = binds![
        *org,
        &statement.post,
        name_of(&statement.by),
        statement.round,
        &text,
        Bind::json(choice),
        attestation::hash_code(&text, &code),
        mailbox.masked(),
        Bind::json(party),
        now,
        expires,
        checked.map(Bind::json),
    ];
    unit.then(sql, binds);
    let l = lang(language);
    let (subject, body) = (
        l.mail_decision_code_subject(organisation),
        l.mail_decision_code_text(code, verdict(l, statement.decision), fingerprint(&statement.content)),
    );
    mail::post_one(app, unit, org, &format!("code:{}", app.salt()), mailbox.as_str(), (&subject, &body));
    Ok(expires)
}

/// What is decided, in words.
pub const fn verdict(l: Lang, verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Approve => l.verify_approve(),
        Verdict::Reserve => l.verify_reserve(),
        Verdict::Return => l.verify_return(),
    }
}

/// The beginning of a content's hash, as people compare it: `1a2b 3c4d 5e6f 7081`.
pub fn fingerprint(content: &str) -> String {
    let groups: Vec<&str> = (0..4).filter_map(|group| content.get(group * 4..group * 4 + 4)).collect();
    groups.join(" ")
}

/// What waits for its code.
pub struct Pending {
    /// What is confirmed.
    pub statement: Statement,
    /// With its words.
    pub choice: Choice,
    /// What was ticked beside it.
    pub checked: Option<Checked>,
    /// What is kept of the confirmation.
    pub attested: Attested,
    /// How often it was tried.
    pub tries: u32,
    code_hash: String,
}

#[derive(Deserialize)]
struct Row {
    statement: String,
    choice: String,
    checked: Option<String>,
    code_hash: String,
    mailbox: String,
    party: String,
    asked_at: f64,
    tries: u32,
}

fn pending(row: Row) -> Result<Pending, Refused> {
    let statement = Statement::parse(&row.statement)?;
    let (asked_at, party) = (Moment(row.asked_at as i64), json(&row.party)?);
    let attested = Attested { statement: row.statement, mailbox: row.mailbox, asked_at, party };
    let checked = row.checked.as_deref().map(json).transpose()?;
    Ok(Pending { statement, choice: json(&row.choice)?, checked, attested, tries: row.tries, code_hash: row.code_hash })
}

const COLUMNS: &str = "statement, choice, checked, code_hash, mailbox, party, asked_at, tries";

/// What waits for a code of somebody, without trying one.
///
/// # Errors
/// `Unavailable`.
pub async fn waiting(
    app: &App,
    org: &OrganisationId,
    post: &PostId,
    person: &Person,
) -> Result<Option<Pending>, Refused> {
    let sql = format!(
        "SELECT {COLUMNS} FROM decision_code WHERE org = ?1 AND post = ?2 AND person = ?3 AND expires_at > ?4 AND tries < ?5"
    );
    let row: Option<Row> = app.db.first(&sql, binds![org, post, name_of(person), app.now(), CODE_TRIES]).await?;
    row.map(pending).transpose()
}

/// Tries a code. Each look costs one of its five tries, right or wrong, before anything is compared.
///
/// # Errors
/// `SpentLink` when there is none that may still be tried; `WrongCode`.
pub async fn give_back(
    app: &App,
    org: &OrganisationId,
    post: &PostId,
    person: &Person,
    code: &str,
) -> Result<Pending, Refused> {
    let sql = format!(
        "UPDATE decision_code SET tries = tries + 1 WHERE org = ?1 AND post = ?2 AND person = ?3 AND expires_at > ?4
         AND tries < ?5 RETURNING {COLUMNS}"
    );
    let row: Option<Row> = app.db.first(&sql, binds![org, post, name_of(person), app.now(), CODE_TRIES]).await?;
    let found = pending(row.ok_or(Refusal::SpentLink)?)?;
    if attestation::hash_code(&found.attested.statement, code) == found.code_hash {
        Ok(found)
    } else {
        Err(Refusal::WrongCode { left: CODE_TRIES.saturating_sub(found.tries) }.into())
    }
}

/// Adds to a unit of work that the code is used up; if somebody used it meanwhile, nothing of the unit is written.
pub fn take_within(unit: &mut Unit, org: &OrganisationId, pending: &Pending) {
    let (post, person) = (&pending.statement.post, name_of(&pending.statement.by));
    let standing =
        "EXISTS (SELECT 1 FROM decision_code WHERE org = ?1 AND post = ?2 AND person = ?3 AND code_hash = ?4)";
    unit.expect(standing, binds![org, post, person, &pending.code_hash]);
    let sql = "DELETE FROM decision_code WHERE org = ?1 AND post = ?2 AND person = ?3";
    unit.then(sql, binds![org, post, person]);
}

/// A new single-use number.
pub fn draw() -> domain::statement::Nonce {
    let mut bits = [0; 16];
    app::fill(&mut bits);
    domain::statement::Nonce::from_bits(u128::from_be_bytes(bits))
}

/// The secret of a form: whoever can write it has read the page that it stands on.
pub fn csrf(secret: &str) -> String {
    domain::record::sha256_hex(["pregon/csrf/1", secret].concat().as_bytes())
}
