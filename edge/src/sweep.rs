//! The sweep: what has served its purpose is deleted, once a day. A period for everything, each with its reason.
//! Twice: deletes what is still there to delete, harmless.

use domain::{Millis, statement::LIFETIME};

use crate::{
    app::App,
    binds,
    caller::IDLE,
    clock,
    jobs::Job,
    store::{StoreError, Unit, comments, submissions, videos},
};

/// What a person did to sign in is of no use a day later.
const TRACES: Millis = Millis::days(1);

/// A mail names people; a month is enough to find out why one did not arrive.
const MAILS: Millis = Millis::days(30);

/// An invitation that was used or lapsed stands in the record; its row with the name goes.
const INVITATIONS: Millis = Millis::days(30);

/// Who was sent a link, opened it and decided stands in the record; the row with the address goes a month after the link
/// has lapsed.
const LINKS: Millis = Millis::days(30);
/// What a comment said before it was taken away: long enough for somebody to ask what became of it.
const TAKEN_AWAY: Millis = Millis::days(30);

/// A round that nobody opened again within a year is compared with nothing.
const SUBMISSIONS: Millis = Millis::days(366);
/// A video that was begun and not ended: its member can take it up again for two days.
const COMING: Millis = Millis::days(2);
/// As many of those as fit an invocation, two calls each; the rest goes in another.
const MOST_COMING: u32 = 5;
/// What somebody was told is of use for a season; what became of it stands in the record.
const NOTICES: Millis = Millis::days(90);

/// Deletes what has served its purpose.
///
/// # Errors
/// `Down`: the next day deletes what this one could not.
pub async fn sweep(app: &App) -> Result<(), StoreError> {
    let now = app.now();
    let day_ago = now.minus(TRACES);
    let mut unit = Unit::new();
    unit.then("DELETE FROM challenge WHERE expires_at < ?1", binds![now]);
    unit.then("DELETE FROM offer WHERE drawn_at < ?1", binds![now.minus(LIFETIME)]);
    unit.then("DELETE FROM oauth_flow WHERE expires_at < ?1", binds![now]);
    unit.then("DELETE FROM mail_code WHERE expires_at < ?1", binds![day_ago]);
    unit.then("DELETE FROM throttle WHERE since < ?1", binds![day_ago]);
    unit.then("DELETE FROM presence WHERE seen_at < ?1", binds![day_ago]);
    unit.then("DELETE FROM session WHERE ends_at < ?1 OR seen_at < ?2", binds![now, now.minus(IDLE)]);
    unit.then("DELETE FROM mail WHERE state <> 'waiting' AND created_at < ?1", binds![now.minus(MAILS)]);
    unit.then("DELETE FROM decision_code WHERE expires_at < ?1", binds![now]);
    unit.then("DELETE FROM outside_session WHERE ends_at < ?1", binds![now]);
    unit.then("DELETE FROM outside_code WHERE expires_at < ?1", binds![now]);
    // What hangs on a link goes before it.
    let lapsed = now.minus(LINKS);
    for table in ["outside_session", "outside_code", "outside_token"] {
        let sql = format!("DELETE FROM {table} WHERE link IN (SELECT id FROM outside_link WHERE expires_at < ?1)");
        unit.then(sql, binds![lapsed]);
    }
    unit.then("DELETE FROM outside_link WHERE expires_at < ?1", binds![lapsed]);
    unit.then("DELETE FROM invitation WHERE expires_at < ?1", binds![now.minus(INVITATIONS)]);
    comments::sweep(&mut unit, now.minus(TAKEN_AWAY));
    submissions::sweep(&mut unit, now.minus(SUBMISSIONS));
    unit.then("DELETE FROM told WHERE at < ?1", binds![now.minus(NOTICES)]);
    let gone = "DELETE FROM subscription WHERE member IN (SELECT id FROM member WHERE removed_at IS NOT NULL)";
    unit.then(gone, binds![]);
    app.db.commit(unit).await?;
    let lapsed = videos::lapsed(&app.db, now.minus(COMING), MOST_COMING).await?;
    for (org, video) in &lapsed {
        crate::videos::remove(app, org, video).await;
    }
    if lapsed.len() == MOST_COMING as usize {
        clock::send(app, vec![(Job::Sweep, Millis(0))]).await;
    }
    Ok(())
}
