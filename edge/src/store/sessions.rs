//! Sessions: opened in the batch of what signs in, ended one by one or all at once.

use axum::http::{HeaderMap, header};
use domain::{
    MemberId, Moment, OrganisationId, SessionId, json,
    record::{self, Actor, Subject},
};

use super::{Unit, records};
use crate::{
    app::App,
    binds,
    caller::{self, Caller, IDLE, LONGEST},
};

/// Says that a member acts who has no session yet: it is known by `how`.
pub fn known_by(app: &App, member: &MemberId, how: &str, headers: &HeaderMap) {
    let (member, device, how) = (member.clone(), caller::device(headers), how.to_owned());
    app.act_as(Actor::Member { member, role: None, session: None, device, how });
}

/// Adds a new session to a unit of work, with its entry in the record, and answers the secret for its cookie. D1 keeps
/// only the hash. From here on the member of the session acts.
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
    let (device, how) = (caller::device(headers), how.to_owned());
    app.act_as(Actor::Member { member: member.clone(), role: None, session: Some(session.clone()), device, how });
    let body = json!({ "what": "signed_in", "member": member, "session": session });
    records::keep(app, unit, org, Subject::Access, &body);
    token
}

/// Adds to a unit of work that a session of the caller's ends, with its entry in the record.
pub fn end(app: &App, unit: &mut Unit, caller: &Caller, session: &SessionId) {
    let sql = "DELETE FROM session WHERE org = ?1 AND member = ?2 AND id = ?3";
    unit.then(sql, binds![caller.org(), &caller.member, session]);
    let what = if *session == caller.session { "signed_out" } else { "session_ended" };
    let body = json!({ "what": what, "member": caller.member, "session": session });
    records::keep_if(app, unit, caller.org(), Subject::Access, &body, "changes() > 0");
}

/// Adds to a unit of work that every session of a member ends.
pub fn end_all(unit: &mut Unit, org: &OrganisationId, member: &MemberId) {
    unit.then("DELETE FROM session WHERE org = ?1 AND member = ?2", binds![org, member]);
}

/// The moment since which a session must have been seen to be alive.
pub fn alive_since(now: Moment) -> Moment {
    now.minus(IDLE)
}
