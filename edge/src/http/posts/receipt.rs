//! The receipt of a decision: what was decided, and either whose key signed it, vouched for by the organisation, or that
//! a code by mail confirmed it, which the organisation attests.

use domain::{
    Decision, DecisionId, OrganisationId, PostId, Refusal,
    attestation::{Attestation, FORMAT as ATTESTED, How, digest},
    json, record,
};
use serde::Deserialize;
use wire::{
    Nothing,
    posts::{self, AttestedReceipt, SignedReceipt},
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
    let (credential, enrolled_at) = row.credential.as_deref().zip(row.enrolled_at).ok_or(Refusal::NotFound)?;
    let Kept { statement, assertion, party, .. } = parse(signed)?;
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
    let (format, organisation_key, choice) = (FORMAT.to_owned(), key.public, decision.choice);
    Ok(SignedReceipt { format, statement, choice, assertion, enrolment, enrolment_signature, organisation_key })
}
