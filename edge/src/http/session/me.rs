//! Who is signed in, with all that the desk needs to draw its frame.
//! Separate because signing in, enrolling and the first request all answer it.

use domain::{Act, Refusal, may};
use serde::Deserialize;
use wire::session::Me;

use crate::{
    answer::Refused,
    app::App,
    binds,
    caller::Caller,
    store::{
        bylaws,
        posts::{self, Bench},
        telling,
    },
    zones,
};

/// What is in trouble. The bound index holds only such rows, so the count costs what it shows.
const TROUBLED: &str = "SELECT COUNT(DISTINCT publication) AS troubled FROM act WHERE org = ?1
  AND state IN ('failed', 'held', 'unknown', 'in_hand') AND (state <> 'unknown' OR asked = 1)";

/// Who is signed in, what waits for them, and what is in trouble. One trip.
///
/// # Errors
/// `Unavailable`, `UnknownZone`.
pub async fn me(app: &App, caller: &Caller) -> Result<Me, Refused> {
    #[derive(Deserialize)]
    struct Row {
        troubled: u32,
    }
    let now = app.now();
    let zone = zones::zone(&caller.organisation.zone, now)?;
    let org = || binds![caller.org()];
    let mut queries = vec![(TROUBLED.to_owned(), org()), telling::unread_query(caller.org(), &caller.member)];
    if may(caller.role, Act::Decide) {
        queries.extend([
            (posts::waiting_query(), org()),
            (bylaws::STANDING.to_owned(), org()),
            (bylaws::MEMBERS.to_owned(), org()),
        ]);
    }
    let answers = app.db.many(queries).await?;
    let troubled = answers.first().map(|answer| answer.results::<Row>()).transpose()?.unwrap_or_default();
    let waiting = match answers.get(2..5) {
        Some([rows, standing, members]) => {
            let (_, bylaws) = bylaws::standing(standing)?;
            let people = bylaws::people(&bylaws, &members.results()?)?;
            let bench = Bench { member: caller.member.clone(), at: now, bylaws, people, zone: zone.clone() };
            posts::count_waiting(&bench, rows.results()?)?
        }
        _ => 0,
    };
    Ok(Me {
        member: caller.member.clone(),
        name: caller.name.clone(),
        role: caller.role,
        access: caller.access.clone(),
        session: caller.session.clone(),
        organisation: caller.organisation.clone(),
        zone,
        heartbeat: caller.heartbeat,
        waiting,
        unread: answers.get(1).map(telling::unread).transpose()?.unwrap_or_default(),
        troubled: troubled.first().map_or(0, |row| row.troubled),
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
