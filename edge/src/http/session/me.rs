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
        bylaws, emergencies,
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
    let (decides, answers_urgent) = (may(caller.role, Act::Decide), may(caller.role, Act::Emergency));
    if decides || answers_urgent {
        queries.extend([
            (bylaws::STANDING.to_owned(), org()),
            (bylaws::MEMBERS.to_owned(), org()),
            posts::waiting_query(caller.org(), &caller.member, now),
            emergencies::pending_query(caller.org()),
        ]);
    }
    let answers = app.db.many(queries).await?;
    let troubled = answers.first().map(|answer| answer.results::<Row>()).transpose()?.unwrap_or_default();
    let (mut waiting, mut waiting_more) = (0, false);
    if let Some([standing, members, rows, urgent]) = answers.get(2..6) {
        let (_, bylaws) = bylaws::standing(standing)?;
        let people = bylaws::people(&bylaws, &members.results()?)?;
        if answers_urgent {
            let urgent = emergencies::pending(urgent, &caller.member, false, &people, now)?;
            waiting += urgent.iter().filter(|pending| pending.mine).count() as u32;
        }
        if decides {
            let bench = Bench { member: caller.member.clone(), at: now, bylaws, people, zone: zone.clone() };
            let (posts, more) = posts::count_waiting(&bench, rows.results()?)?;
            waiting += posts;
            waiting_more = more;
        }
    }
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
        waiting_more,
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
