//! One's own keys, sessions and codes: seen, ended, renewed. Every query names the caller's member beside their
//! organisation: nobody touches another's.

use domain::{Moment, PasskeyId, RecoveryId, Refusal, SessionId, json, record::Subject};
use serde::Deserialize;
use wire::{
    Nothing,
    session::{Devices, PasskeyRow, RecoveryCodes, RecoveryRow, SessionRow},
};

use super::{
    enrol::{codes, hash_printed},
    sign_in::opened_with,
};
use crate::{
    answer::Refused,
    ask::{Ask, Reply},
    binds,
    caller::{clear_cookie, shortened},
    store::{Bind, StoreError, Unit, changes, id, name, records, sessions},
};

#[derive(Deserialize)]
struct Key {
    id: String,
    label: String,
    enrolled_how: String,
    enrolled_at: f64,
    used_at: Option<f64>,
    codes_left: u32,
}

#[derive(Deserialize)]
struct Session {
    id: String,
    began_at: f64,
    seen_at: f64,
    device: String,
}

/// A recovery as it stands in D1.
#[derive(Deserialize)]
pub struct Recovery {
    id: String,
    member: String,
    name: String,
    asked_at: f64,
    ready_at: f64,
    confirmed_by: Option<String>,
}

/// The columns of a recovery and its member, before the WHERE.
pub const RECOVERY: &str = "SELECT r.id, r.member, m.name, r.asked_at, r.ready_at, r.confirmed_by FROM recovery r
  JOIN member m ON m.id = r.member AND m.org = r.org AND m.removed_at IS NULL";

impl TryFrom<Recovery> for RecoveryRow {
    type Error = StoreError;
    fn try_from(row: Recovery) -> Result<Self, StoreError> {
        let recovery: RecoveryId = id(&row.id)?;
        Ok(RecoveryRow {
            id: recovery,
            member: id(&row.member)?,
            name: row.name,
            asked: Moment(row.asked_at as i64),
            ready_at: Moment(row.ready_at as i64),
            confirmed: row.confirmed_by.is_some(),
        })
    }
}

pub async fn devices(ask: Ask<Nothing>) -> Result<Devices, Refused> {
    let (caller, app) = (ask.caller()?, &ask.app);
    let (org, member, now) = (caller.org(), &caller.member, app.now());
    // Left-joined to one row, so that the codes are counted even for a member without a passkey (a rehearsal's).
    let sql = "SELECT COALESCE(p.id, '') AS id, COALESCE(p.label, '') AS label,
        COALESCE(p.enrolled_how, 'session') AS enrolled_how, COALESCE(p.enrolled_at, 0) AS enrolled_at, p.used_at,
        (SELECT COUNT(*) FROM recovery_code WHERE org = ?1 AND member = ?2 AND used_at IS NULL) AS codes_left
      FROM (SELECT 1) LEFT JOIN passkey p ON p.org = ?1 AND p.member = ?2 AND p.removed_at IS NULL
      ORDER BY p.enrolled_at";
    let keys: Vec<Key> = app.db.all(sql, binds![org, member]).await?;
    let sql = "SELECT id, began_at, seen_at, device FROM session
      WHERE org = ?1 AND member = ?2 AND ends_at > ?3 AND seen_at > ?4 ORDER BY seen_at DESC";
    let open: Vec<Session> = app.db.all(sql, binds![org, member, now, sessions::alive_since(now)]).await?;
    let sql = format!("{RECOVERY} WHERE r.org = ?1 AND r.member = ?2 AND r.ended_at IS NULL");
    let recovery: Option<Recovery> = app.db.first(&sql, binds![org, member]).await?;

    let codes_left = keys.first().map_or(0, |key| key.codes_left);
    let passkey = |key: Key| -> Result<_, StoreError> {
        Ok(PasskeyRow {
            id: id(&key.id)?,
            label: key.label,
            how: name(&key.enrolled_how)?,
            at: Moment(key.enrolled_at as i64),
            used: key.used_at.map(|at| Moment(at as i64)),
        })
    };
    let session = |row: Session| -> Result<_, StoreError> {
        let (began, seen) = (Moment(row.began_at as i64), Moment(row.seen_at as i64));
        Ok(SessionRow { id: id(&row.id)?, began, seen, device: shortened(&row.device) })
    };
    Ok(Devices {
        passkeys: keys.into_iter().filter(|key| !key.id.is_empty()).map(passkey).collect::<Result<_, _>>()?,
        sessions: open.into_iter().map(session).collect::<Result<_, _>>()?,
        codes_left,
        recovery: recovery.map(TryInto::try_into).transpose()?,
    })
}

pub async fn end_session(ask: Ask<Nothing>) -> Result<Reply<Nothing>, Refused> {
    let (caller, session) = (ask.caller()?, ask.part::<SessionId>("session")?);
    let mut unit = Unit::new();
    sessions::end(&ask.app, &mut unit, caller, &session);
    let results = ask.app.db.commit(unit).await?;
    if results.first().is_none_or(|result| changes(result) == 0) {
        return Err(Refusal::NotFound.into());
    }
    let cookie = (session == caller.session).then(clear_cookie);
    Ok(Reply { body: Nothing {}, cookie })
}

/// The sessions that the passkey opened end with it, but the one that removes it.
pub async fn remove_passkey(ask: Ask<Nothing>) -> Result<Nothing, Refused> {
    let (caller, passkey, app) = (ask.caller()?, ask.part::<PasskeyId>("passkey")?, &ask.app);
    let (org, member, now) = (caller.org(), &caller.member, app.now());
    let theirs = "FROM passkey WHERE org = ?1 AND member = ?2 AND removed_at IS NULL";
    let mut unit = Unit::new();
    unit.then(
        format!(
            "UPDATE passkey SET removed_at = ?4 WHERE org = ?1 AND member = ?2 AND id = ?3 AND removed_at IS NULL
          AND (SELECT COUNT(*) {theirs}) > 1"
        ),
        binds![org, member, &passkey, now],
    );
    unit.then(format!("SELECT id {theirs} AND id = ?3"), binds![org, member, &passkey]);
    let opened = "DELETE FROM session WHERE org = ?1 AND member = ?2 AND how = ?3 AND id <> ?4
      AND EXISTS (SELECT 1 FROM passkey WHERE org = ?1 AND id = ?5 AND removed_at = ?6)";
    unit.then(opened, binds![org, member, opened_with(passkey.as_str()), &caller.session, &passkey, now]);
    let removed = format!(
        "EXISTS (SELECT 1 FROM passkey WHERE id = '{passkey}' AND org = '{org}' AND member = '{member}'
      AND removed_at = {})",
        now.0
    );
    let body = json!({ "what": "passkey_removed", "passkey": passkey, "member": member });
    records::keep_if(app, &mut unit, org, Subject::Access, &body, &removed);
    let results = app.db.commit(unit).await?;
    if results.first().is_some_and(|result| changes(result) > 0) {
        return Ok(Nothing {});
    }
    let stands = results.get(1).and_then(|result| result.results::<serde_json::Value>().ok());
    let stands = stands.is_some_and(|rows| !rows.is_empty());
    Err(if stands { Refusal::LastPasskey } else { Refusal::NotFound }.into())
}

pub async fn renew_codes(ask: Ask<Nothing>) -> Result<RecoveryCodes, Refused> {
    let (caller, app) = (ask.caller()?, &ask.app);
    let (org, member, codes) = (caller.org(), &caller.member, codes(app));
    let hashes: Vec<String> = codes.iter().map(|code| hash_printed(code)).collect();
    let mut unit = Unit::new();
    unit.then("DELETE FROM recovery_code WHERE org = ?1 AND member = ?2", binds![org, member]);
    let sql = "INSERT INTO recovery_code (org, member, code_hash, created_at)
      SELECT ?1, ?2, value, ?4 FROM json_each(?3)";
    unit.then(sql, binds![org, member, Bind::json(&hashes), app.now()]);
    records::keep(app, &mut unit, org, Subject::Access, &json!({ "what": "codes_renewed", "member": member }));
    app.db.commit(unit).await?;
    Ok(RecoveryCodes { codes })
}
