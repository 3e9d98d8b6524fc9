//! The ways back: a code by mail for a further device, a printed code for who has none left.
//!
//! A recovery is no weaker than the passkey it replaces: the printed code alone opens nothing. Somebody else of the
//! organisation who manages people confirms it, or 24 hours pass in which every device of the member, their mail and
//! every administrator were told and could stop it. A code by mail alone is weaker than that, so it is only sent to a
//! member who is signed in on another device right now: it enrols a *further* device and never replaces a lost one.

use domain::{Act, Millis, Notice, OrganisationId, RecoveryId, Refusal, json, may, record::Subject};
use serde::Deserialize;
use wire::{
    Nothing,
    session::{MailCode, Recover, Recovering, RecoveryRow},
};

use super::{
    devices::{RECOVERY, Recovery},
    enrol::hash_printed,
    grounds::{CODE_LIVES, hash_code},
};
use crate::{
    answer::Refused,
    ask::Ask,
    binds,
    codes::eight_digits,
    http::people,
    mail,
    store::{Db, StoreError, Unit, changes, id, records, sessions, throttle},
};

/// How long everybody has to notice a recovery that nobody confirmed.
const WAIT: Millis = Millis::hours(24);

/// The same work and the same answer whether the address is anybody's or not: one look, one batch.
///
/// Of several members with one address (one person in several organisations) the one that was seen last gets the code.
pub async fn mail_code(ask: Ask<MailCode>) -> Result<Nothing, Refused> {
    #[derive(Deserialize)]
    struct Row {
        id: String,
        org: String,
    }
    let app = &ask.app;
    let email = people::parse_email(Some(&ask.body.email))?.unwrap_or_default();
    throttle::count(app, throttle::CODES_FROM, throttle::address(&ask.headers)).await?;
    throttle::count(app, throttle::CODES, &email).await?;
    let now = app.now();
    let sql = "SELECT m.id, m.org FROM member m WHERE m.email = ?1 AND m.removed_at IS NULL AND EXISTS
        (SELECT 1 FROM session s WHERE s.org = m.org AND s.member = m.id AND s.ends_at > ?2 AND s.seen_at > ?3)
      ORDER BY (SELECT MAX(s.seen_at) FROM session s WHERE s.org = m.org AND s.member = m.id) DESC, m.created_at DESC
      LIMIT 1";
    let row: Option<Row> = app.db.first(sql, binds![&email, now, sessions::alive_since(now)]).await?;
    // For an address of nobody the batch below runs over a member that does not exist, and writes nothing.
    let nobody = (domain::MemberId::from_bits(0), domain::OrganisationId::from_bits(0));
    let (member, org) = match &row {
        Some(row) => (id(&row.id)?, id(&row.org)?),
        None => nobody,
    };
    let code = eight_digits();
    let mut unit = Unit::new();
    let theirs = "DELETE FROM mail_code WHERE member IN (SELECT id FROM member WHERE email = ?1)";
    unit.then(theirs, binds![&email]);
    let sql = "INSERT INTO mail_code (org, member, code_hash, created_at, expires_at)
      SELECT org, id, ?3, ?4, ?5 FROM member WHERE org = ?1 AND id = ?2";
    unit.then(sql, binds![&org, &member, hash_code(&member, &code), now, now.plus(CODE_LIVES)]);
    mail::send_code(app, &mut unit, &org, &member, &code);
    app.db.commit(unit).await?;
    mail::soon(app);
    Ok(Nothing {})
}

pub async fn recover(ask: Ask<Recover>) -> Result<Recovering, Refused> {
    #[derive(Deserialize)]
    struct Row {
        org: String,
        member: String,
    }
    let app = &ask.app;
    throttle::count(app, throttle::RECOVERIES, throttle::address(&ask.headers)).await?;
    let (hash, now) = (hash_printed(&ask.body.code), app.now());
    let sql = "SELECT c.org, c.member FROM recovery_code c
      JOIN member m ON m.id = c.member AND m.org = c.org AND m.removed_at IS NULL
      WHERE c.code_hash = ?1 AND c.used_at IS NULL";
    let row: Option<Row> = app.db.first(sql, binds![&hash]).await?;
    let row = row.ok_or(Refusal::SpentLink)?;
    let (org, member): (domain::OrganisationId, domain::MemberId) = (id(&row.org)?, id(&row.member)?);

    sessions::known_by(app, &member, "printed_code", &ask.headers);
    let (recovery, token, ready_at) = (RecoveryId::from_bits(app.bits()), app.secret(), now.plus(WAIT));
    let mut unit = Unit::new();
    let unused = "EXISTS (SELECT 1 FROM recovery_code WHERE org = ?1 AND code_hash = ?2 AND used_at IS NULL)";
    unit.expect(unused, binds![&org, &hash]);
    unit.then("UPDATE recovery_code SET used_at = ?3 WHERE org = ?1 AND code_hash = ?2", binds![&org, &hash, now]);
    // A second one replaces the first: its hours begin anew, and so does the notice.
    let sql = "UPDATE recovery SET ended_at = ?3 WHERE org = ?1 AND member = ?2 AND ended_at IS NULL";
    unit.then(sql, binds![&org, &member, now]);
    let sql = "INSERT INTO recovery (id, org, member, token_hash, asked_at, ready_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6)";
    let token_hash = domain::record::sha256_hex(token.as_bytes());
    unit.then(sql, binds![&recovery, &org, &member, token_hash, now, ready_at]);
    let body = json!({ "what": "recovery_asked", "recovery": recovery, "member": member, "ready_at": ready_at });
    records::keep(app, &mut unit, &org, Subject::Access, &body);
    mail::notify(app, &mut unit, &org, &Notice::Recovery { member: member.clone() });
    app.db.commit(unit).await.map_err(|error| match error {
        StoreError::Guard => Refusal::SpentLink,
        other => other.into(),
    })?;
    mail::soon(app);
    Ok(Recovering { recovery, token, ready_at })
}

pub async fn recoveries(ask: Ask<Nothing>) -> Result<Vec<RecoveryRow>, Refused> {
    Ok(running(&ask.app.db, ask.caller()?.org()).await?)
}

/// The recoveries that run in an organisation, the oldest first.
///
/// # Errors
/// `Down`, `Row`.
pub async fn running(db: &Db, org: &OrganisationId) -> Result<Vec<RecoveryRow>, StoreError> {
    let sql = format!("{RECOVERY} WHERE r.org = ?1 AND r.ended_at IS NULL ORDER BY r.asked_at");
    let rows: Vec<Recovery> = db.all(&sql, binds![org]).await?;
    rows.into_iter().map(TryInto::try_into).collect()
}

pub async fn confirm(ask: Ask<Nothing>) -> Result<Nothing, Refused> {
    let (caller, recovery, app) = (ask.caller()?, ask.part::<RecoveryId>("recovery")?, &ask.app);
    let sql = format!("{RECOVERY} WHERE r.org = ?1 AND r.id = ?2 AND r.ended_at IS NULL");
    let row: Option<Recovery> = app.db.first(&sql, binds![caller.org(), &recovery]).await?;
    let row: RecoveryRow = row.ok_or(Refusal::NotFound)?.try_into()?;
    if row.member == caller.member {
        return Err(Refusal::OwnRecovery.into());
    }
    if row.confirmed {
        return Ok(Nothing {});
    }
    let (mut unit, now) = (Unit::new(), app.now());
    let sql = "UPDATE recovery SET confirmed_by = ?3, confirmed_at = ?4
      WHERE org = ?1 AND id = ?2 AND ended_at IS NULL AND confirmed_by IS NULL AND member <> ?3";
    unit.then(sql, binds![caller.org(), &recovery, &caller.member, now]);
    let body = json!({
        "what": "recovery_confirmed", "recovery": recovery, "member": row.member, "by": caller.member,
    });
    let confirmed = format!(
        "EXISTS (SELECT 1 FROM recovery WHERE id = '{recovery}' AND org = '{}'
      AND confirmed_by = '{}' AND confirmed_at = {})",
        caller.org(),
        caller.member,
        now.0
    );
    records::keep_if(app, &mut unit, caller.org(), Subject::Access, &body, &confirmed);
    app.db.commit(unit).await?;
    Ok(Nothing {})
}

/// One's own, or anybody's by who manages people.
pub async fn stop(ask: Ask<Nothing>) -> Result<Nothing, Refused> {
    let (caller, recovery, app) = (ask.caller()?, ask.part::<RecoveryId>("recovery")?, &ask.app);
    let manages = may(caller.role, Act::ManagePeople);
    let now = app.now();
    let mut unit = Unit::new();
    let sql = "UPDATE recovery SET ended_at = ?3 WHERE org = ?1 AND id = ?2 AND ended_at IS NULL
      AND (member = ?4 OR ?5)";
    unit.then(sql, binds![caller.org(), &recovery, now, &caller.member, manages]);
    let body = json!({ "what": "recovery_stopped", "recovery": recovery, "by": caller.member });
    let stopped = format!(
        "EXISTS (SELECT 1 FROM recovery WHERE id = '{recovery}' AND org = '{}' AND ended_at = {}
      AND (member = '{}' OR {}))",
        caller.org(),
        now.0,
        caller.member,
        u8::from(manages)
    );
    records::keep_if(app, &mut unit, caller.org(), Subject::Access, &body, &stopped);
    let results = app.db.commit(unit).await?;
    if results.first().is_some_and(|result| changes(result) > 0) {
        Ok(Nothing {})
    } else {
        Err(Refusal::NotFound.into())
    }
}
