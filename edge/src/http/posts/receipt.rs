//! The receipt of a signed decision: what was signed, and whose key it was, vouched for by the organisation.

use domain::{Decision, DecisionId, Refusal, json, record};
use serde::Deserialize;
use wire::{Nothing, posts};

use super::{decide::Kept, whole};
use crate::{
    answer::Refused,
    ask::Ask,
    binds, organisation_key,
    passkeys::{self, Passkey},
    store::json as parse,
};

/// What `wire::posts::Receipt` is called; `tests/verifier/` knows it by this name.
const FORMAT: &str = "pregon/receipt/1";

/// What the organisation's signature is over, before the enrolment: so that it can pass for no other signature of it.
const ENROLMENT: &str = "pregon/enrolment/1";

#[derive(Deserialize)]
struct Row {
    data: String,
    signed: String,
    member: String,
    name: String,
    credential: String,
    enrolled_at: f64,
    enrolled_how: String,
    confirmed_by: Option<String>,
}

/// Removed members and passkeys too: what they decided stays decided.
const SIGNED: &str =
    "SELECT d.data, d.signed, p.member, m.name, p.credential, p.enrolled_at, p.enrolled_how, p.confirmed_by
  FROM decision d
  JOIN passkey p ON p.org = d.org AND p.id = d.signed ->> 'passkey'
  JOIN member m ON m.org = d.org AND m.id = p.member
  WHERE d.org = ?1 AND d.post = ?2 AND d.id = ?3 AND d.signed IS NOT NULL";

/// Makes it. The organisation's key is made with the first one.
pub async fn receipt(ask: Ask<Nothing>) -> Result<posts::Receipt, Refused> {
    let (caller, app) = (ask.caller()?, &ask.app);
    // Who may not see the post may not see what was decided on it.
    let post = whole(&ask, caller).await?.stored.post.id;
    let decision: DecisionId = ask.part("decision")?;
    let row: Option<Row> = app.db.first(SIGNED, binds![caller.org(), &post, &decision]).await?;
    let row = row.ok_or(Refusal::NotFound)?;
    let Decision { choice, .. } = parse(&row.data)?;
    let Kept { statement, assertion, party, .. } = parse(&row.signed)?;
    let passkey: Passkey = parse(&row.credential)?;
    let enrolment = record::canonical(&json!({
        "credential": passkey.id,
        "public_key": passkeys::described(&passkey.key).0,
        "organisation": caller.org(),
        "member": row.member,
        "name": row.name,
        "enrolled_at": row.enrolled_at as i64,
        "how": row.enrolled_how,
        "confirmed_by": row.confirmed_by,
        "rp": party.id,
        "origin": party.origin,
    }));
    let key = organisation_key::of(app, caller.org()).await?;
    let enrolment_signature = key.sign(format!("{ENROLMENT}{enrolment}").as_bytes()).await?;
    let (format, organisation_key) = (FORMAT.to_owned(), key.public);
    Ok(posts::Receipt { format, statement, choice, assertion, enrolment, enrolment_signature, organisation_key })
}
