//! Sessions: opened in the batch of what signs in, ended one by one or all at once.

use axum::http::{HeaderMap, header};
use domain::{MemberId, Moment, OrganisationId, SessionId, record};

use super::{Db, StoreError, Unit};
use crate::{
    app::App,
    binds,
    caller::{IDLE, LONGEST},
};

/// Adds a new session to a unit of work and answers the secret for its cookie. D1 keeps only the hash.
pub fn open(
    app: &App,
    unit: &mut Unit,
    org: &OrganisationId,
    member: &MemberId,
    how: &str,
    headers: &HeaderMap,
) -> String {
    let (token, now) = (app.secret(), app.now());
    let session = SessionId::from_bits(app.bits());
    let agent = headers.get(header::USER_AGENT).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let device: String = agent.chars().take(200).collect();
    let hash = record::sha256_hex(token.as_bytes());
    let sql = "INSERT INTO session (token_hash, id, org, member, began_at, seen_at, ends_at, how, device)
      VALUES (?1, ?2, ?3, ?4, ?5, ?5, ?6, ?7, ?8)";
    unit.then(sql, binds![hash, &session, org, member, now, now.plus(LONGEST), how, device]);
    token
}

/// Ends the session of a cookie.
///
/// # Errors
/// `Down`.
pub async fn end_by_token(db: &Db, token: &str) -> Result<(), StoreError> {
    let hash = record::sha256_hex(token.as_bytes());
    db.run("DELETE FROM session WHERE token_hash = ?1", binds![hash]).await.map(drop)
}

/// Adds to a unit of work that every session of a member ends.
pub fn end_all(unit: &mut Unit, org: &OrganisationId, member: &MemberId) {
    unit.then("DELETE FROM session WHERE org = ?1 AND member = ?2", binds![org, member]);
}

/// The moment since which a session must have been seen to be alive.
pub fn alive_since(now: Moment) -> Moment {
    now.minus(IDLE)
}
