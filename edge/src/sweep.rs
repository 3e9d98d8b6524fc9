//! The sweep: what has served its purpose is deleted, once a day. A period for everything, each with its reason.
//! Twice: deletes what is still there to delete, harmless.

use domain::{Millis, proposal::KEPT, statement::LIFETIME};

use crate::{
    app::App,
    binds,
    caller::IDLE,
    clock,
    jobs::Job,
    store::{
        StoreError, Unit, allowances, comments, consents, documents, gone, proposals, revisions, sharing, submissions,
        videos,
    },
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
/// A photo of a proposal that nothing names: whoever sends it may still be on their way, or whoever dealt with it.
const LOOSE: Millis = Millis::days(1);
/// As many of those as fit, a call each; the rest goes in another.
const MOST_LOOSE: u32 = 8;
/// What was deleted from the library stays unreachable for a day before it is erased: whoever had read of it is done by then.
const GONE: Millis = Millis::days(1);
/// As many of those as fit, two calls each; the rest goes in another.
const MOST_GONE: u32 = 5;
/// A document that no post has: whoever brought it has a draft that is not stored yet, or changed their mind.
const UNUSED: Millis = Millis::days(30);
/// As many of those as are taken at once; the next day takes the rest.
const MOST_UNUSED: u32 = 100;
/// A note in the calendar: whoever plans a week looks at the same week of last year, and not further back.
const NOTES: Millis = Millis::days(2 * 366);
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
    allowances::forget(&mut unit, now);
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
    sharing::sweep(&mut unit, lapsed);
    proposals::sweep(&mut unit, lapsed, now.minus(KEPT));
    consents::sweep(&mut unit, now);
    gone::sweep(&mut unit);
    documents::sweep(&mut unit, now.minus(COMING), now.minus(UNUSED), now, MOST_UNUSED);
    submissions::sweep(&mut unit, now.minus(SUBMISSIONS));
    revisions::sweep(&mut unit, now);
    unit.then("DELETE FROM told WHERE at < ?1", binds![now.minus(NOTICES)]);
    // SQLite's `date` counts from seconds; a day more or less at the edge of a zone is no matter after two years.
    unit.then("DELETE FROM mark WHERE last_day < date(?1 / 1000, 'unixepoch')", binds![now.minus(NOTES)]);
    let devices = "DELETE FROM subscription WHERE member IN (SELECT id FROM member WHERE removed_at IS NOT NULL)";
    unit.then(devices, binds![]);
    app.db.commit(unit).await?;
    // What it takes is nearly all that an invocation may spend.
    clock::send(app, vec![(Job::Erase, Millis(0))]).await;
    Ok(())
}

/// Erases the bytes of what no row speaks of any more, and of what was deleted.
///
/// # Errors
/// `Down`: the next day erases what this one could not.
pub async fn erase(app: &App) -> Result<(), StoreError> {
    let now = app.now();
    let lapsed = videos::lapsed(&app.db, now.minus(COMING), MOST_COMING).await?;
    for (org, video) in &lapsed {
        crate::videos::remove(app, org, video).await;
    }
    let loose = proposals::loose_photos(&app.db, now.minus(LOOSE), MOST_LOOSE).await?;
    let mut photos = Vec::new();
    for (org, photo) in &loose {
        // Where the bucket does not answer, the next day takes it away.
        if crate::http::media::forget(app, org, photo).await {
            photos.push(photo);
        }
    }
    let deleted = gone::waiting(&app.db, now.minus(GONE), MOST_GONE).await?;
    let mut erased = Vec::new();
    for one in &deleted {
        let done = match one.video {
            true => crate::videos::remove(app, &one.org, &one.media).await,
            false => crate::http::media::forget(app, &one.org, &one.media).await,
        };
        if done {
            erased.push(one);
        }
    }
    let mut unit = Unit::new();
    if !photos.is_empty() {
        proposals::photos_gone(&mut unit, &photos);
    }
    gone::erased(&mut unit, &erased);
    app.db.commit(unit).await?;
    let more = [(lapsed.len(), MOST_COMING), (photos.len(), MOST_LOOSE), (erased.len(), MOST_GONE)];
    if more.iter().any(|(count, most)| *count == *most as usize) {
        clock::send(app, vec![(Job::Erase, Millis(0))]).await;
    }
    Ok(())
}
