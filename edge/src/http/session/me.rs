//! Who is signed in, with all that the desk needs to draw its frame.
//! Separate because signing in, enrolling and the first request all answer it.

use domain::{Act, Refusal, may};
use serde::Deserialize;
use wire::session::Me;

use crate::{answer::Refused, app::App, binds, caller::Caller, zones};

/// What waits for this member, and what is in trouble. The bound indexes hold only such rows, so the count costs what
/// it shows.
const COUNTS: &str = "SELECT
  CASE WHEN ?3 THEN
    (SELECT COUNT(*) FROM post WHERE org = ?1 AND stage = 'in_review' AND author <> ?2
      AND json_extract(stage_data, '$.round.by') <> ?2)
    + (SELECT COUNT(*) FROM post WHERE org = ?1 AND correcting = 1 AND author <> ?2
      AND json_extract(stage_data, '$.correction.round.by') <> ?2)
  ELSE 0 END AS waiting,
  (SELECT COUNT(DISTINCT publication) FROM act WHERE org = ?1
    AND state IN ('failed', 'held', 'unknown', 'in_hand') AND (state <> 'unknown' OR asked = 1)) AS troubled";

/// Who is signed in.
///
/// # Errors
/// `Unavailable`, `UnknownZone`.
pub async fn me(app: &App, caller: &Caller) -> Result<Me, Refused> {
    #[derive(Deserialize)]
    struct Row {
        waiting: u32,
        troubled: u32,
    }
    let decides = may(caller.role, Act::Decide);
    let row: Option<Row> = app.db.first(COUNTS, binds![caller.org(), &caller.member, decides]).await?;
    let row = row.ok_or(Refusal::Unavailable)?;
    Ok(Me {
        member: caller.member.clone(),
        name: caller.name.clone(),
        role: caller.role,
        access: caller.access.clone(),
        session: caller.session.clone(),
        organisation: caller.organisation.clone(),
        zone: zones::zone(&caller.organisation.zone, app.now())?,
        heartbeat: caller.heartbeat,
        waiting: row.waiting,
        troubled: row.troubled,
    })
}

/// Who was just signed in with a session's secret.
///
/// # Errors
/// `OutOfReach` when the contract has not begun or is over; `Unavailable`.
pub async fn me_of(app: &App, token: &str) -> Result<Me, Refused> {
    let caller = Caller::of_token(app, token).await?.ok_or(Refusal::OutOfReach)?;
    me(app, &caller).await
}
