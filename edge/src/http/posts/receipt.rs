//! The receipt of a decision: what was decided, and either whose key signed it, vouched for by the organisation, or that
//! a code by mail confirmed it, which the organisation attests. And the receipt of a word in an emergency, which a key
//! always signed.

use domain::{
    Decision, DecisionId, EmergencyId, OrganisationId, PostId, Refusal,
    attestation::{Attestation, FORMAT as ATTESTED, How, digest},
    emergency::{Emergency, Said, statement::RECEIPT},
    json, record,
};
use serde::Deserialize;
use serde_json::Value;
use wire::{
    Nothing,
    emergencies::WordReceipt,
    posts::{self, Assertion, AttestedReceipt, SignedReceipt},
};

use super::{decide::Kept, whole};
use crate::{
    answer::Refused,
    app::App,
    ask::Ask,
    binds, organisation_key,
    passkeys::{self, Passkey},
    settle::Attested,
    store::json as parse,
};

/// What `wire::posts::SignedReceipt` is called; `tests/verifier/` knows it by this name.
const FORMAT: &str = "pregon/receipt/1";

/// The same, where one signature covers several decisions.
const OF_SEVERAL: &str = "pregon/series-receipt/1";

/// What the organisation's signature is over, before the enrolment: so that it can pass for no other signature of it.
const ENROLMENT: &str = "pregon/enrolment/1";

#[derive(Deserialize)]
struct Row {
    data: String,
    signed: Option<String>,
    attested: Option<String>,
    member: Option<String>,
    name: Option<String>,
    credential: Option<String>,
    enrolled_at: Option<f64>,
    enrolled_how: Option<String>,
    confirmed_by: Option<String>,
}

/// Removed members and passkeys too: what they decided stays decided.
const PROVEN: &str =
    "SELECT d.data, d.signed, d.attested, p.member, m.name, p.credential, p.enrolled_at, p.enrolled_how,
    p.confirmed_by
  FROM decision d
  LEFT JOIN passkey p ON p.org = d.org AND p.id = d.signed ->> 'passkey'
  LEFT JOIN member m ON m.org = d.org AND m.id = COALESCE(p.member, d.by)
  WHERE d.org = ?1 AND d.post = ?2 AND d.id = ?3";

/// Makes it for a member.
pub async fn receipt(ask: Ask<Nothing>) -> Result<posts::Receipt, Refused> {
    let caller = ask.caller()?;
    // Who may not see the post may not see what was decided on it.
    let post = whole(&ask, caller).await?.stored.post.id;
    let decision: DecisionId = ask.part("decision")?;
    make(&ask.app, caller.org(), &post, &decision).await
}

/// Makes it. The organisation's key is made with the first one.
///
/// # Errors
/// `NotFound` where there is no proof; `Unavailable`.
pub async fn make(
    app: &App,
    org: &OrganisationId,
    post: &PostId,
    decision: &DecisionId,
) -> Result<posts::Receipt, Refused> {
    let row: Option<Row> = app.db.first(PROVEN, binds![org, post, decision]).await?;
    let row = row.ok_or(Refusal::NotFound)?;
    let decision: Decision = parse(&row.data)?;
    match (&row.signed, &row.attested) {
        (Some(signed), _) => Ok(posts::Receipt::Signed(of_signature(app, org, &row, signed, decision).await?)),
        (None, Some(attested)) => Ok(posts::Receipt::Attested(of_code(app, org, &row, attested, decision).await?)),
        (None, None) => Err(Refusal::NotFound.into()),
    }
}

async fn of_code(
    app: &App,
    org: &OrganisationId,
    row: &Row,
    attested: &str,
    decision: Decision,
) -> Result<AttestedReceipt, Refused> {
    let Attested { statement, mailbox, asked_at, party } = parse(attested)?;
    let attestation = Attestation {
        asked_at,
        confirmed_at: decision.at,
        how: How::MailCode,
        mailbox,
        // A name is a member's only: an address outside has none that we know of.
        name: decision.by.member().and(row.name.clone()),
        organisation: org.clone(),
        origin: party.origin,
        person: decision.by,
        rp: party.id,
        statement: digest(&statement),
    };
    let key = organisation_key::of(app, org).await?;
    Ok(AttestedReceipt {
        format: ATTESTED.to_owned(),
        statement,
        choice: decision.choice,
        attestation_signature: key.sign(&attestation.signed_bytes()).await?,
        attestation: attestation.canonical(),
        organisation_key: key.public,
    })
}

async fn of_signature(
    app: &App,
    org: &OrganisationId,
    row: &Row,
    signed: &str,
    decision: Decision,
) -> Result<SignedReceipt, Refused> {
    let Vouched { statement, assertion, together, enrolment, enrolment_signature, organisation_key } =
        vouched(app, org, row, signed).await?;
    let format = if together.is_empty() { FORMAT } else { OF_SEVERAL }.to_owned();
    let choice = decision.choice;
    Ok(SignedReceipt {
        format,
        statement,
        together,
        choice,
        assertion,
        enrolment,
        enrolment_signature,
        organisation_key,
    })
}

/// What was signed, with the organisation's word for whose key it is.
struct Vouched {
    statement: String,
    assertion: Assertion,
    together: Vec<String>,
    enrolment: String,
    enrolment_signature: String,
    organisation_key: Value,
}

async fn vouched(app: &App, org: &OrganisationId, row: &Row, signed: &str) -> Result<Vouched, Refused> {
    let (credential, enrolled_at) = row.credential.as_deref().zip(row.enrolled_at).ok_or(Refusal::NotFound)?;
    let Kept { statement, assertion, together, party, .. } = parse(signed)?;
    let passkey: Passkey = parse(credential)?;
    let enrolment = record::canonical(&json!({
        "credential": passkey.id,
        "public_key": passkeys::described(&passkey.key).0,
        "organisation": org,
        "member": row.member,
        "name": row.name,
        "enrolled_at": enrolled_at as i64,
        "how": row.enrolled_how,
        "confirmed_by": row.confirmed_by,
        "rp": party.id,
        "origin": party.origin,
    }));
    let key = organisation_key::of(app, org).await?;
    let enrolment_signature = key.sign(format!("{ENROLMENT}{enrolment}").as_bytes()).await?;
    Ok(Vouched { statement, assertion, together, enrolment, enrolment_signature, organisation_key: key.public })
}

/// A word of an emergency with the passkey that signed it.
const WORD: &str = "SELECT e.data, s.value ->> '$.kept' AS signed, NULL AS attested, p.member, m.name, p.credential,
    p.enrolled_at, p.enrolled_how, p.confirmed_by
  FROM emergency e JOIN json_each(e.signed) s
  JOIN passkey p ON p.org = e.org AND p.id = s.value ->> '$.kept.passkey'
  LEFT JOIN member m ON m.org = e.org AND m.id = p.member
  WHERE e.org = ?1 AND e.post = ?2 AND e.id = ?3 AND s.value ->> '$.said' = ?4 LIMIT 1";

/// Makes the receipt of a word in an emergency. Nobody says such a word with a code, so there is one kind.
pub async fn of_word(ask: Ask<Nothing>) -> Result<WordReceipt, Refused> {
    let (caller, app) = (ask.caller()?, &ask.app);
    let post = whole(&ask, caller).await?.stored.post.id;
    let emergency: EmergencyId = ask.part("emergency")?;
    let said = Said::of_name(&ask.part::<String>("said")?).ok_or(Refusal::NotFound)?;
    let row: Option<Row> = app.db.first(WORD, binds![caller.org(), &post, &emergency, said.as_str()]).await?;
    let row = row.ok_or(Refusal::NotFound)?;
    let emergency: Emergency = parse(&row.data)?;
    let signed = row.signed.as_deref().ok_or(Refusal::NotFound)?;
    let Vouched { statement, assertion, enrolment, enrolment_signature, organisation_key, .. } =
        vouched(app, caller.org(), &row, signed).await?;
    let (format, reason) = (RECEIPT.to_owned(), emergency.reason_of(said).map(str::to_owned));
    Ok(WordReceipt { format, statement, reason, assertion, enrolment, enrolment_signature, organisation_key })
}
