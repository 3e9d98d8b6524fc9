//! The clock: what is due is claimed and handed to the queue. Two sources wind it (cron, queue), and any request that
//! finds it still runs it too (house rule 6). A tick is harmless twice: every step is one conditional update.

use domain::{Millis, Moment, Notice, Organisation, OrganisationId, delivery::ActState};
use worker::{BatchMessageBuilder, MessageBuilder};

use crate::{
    app::{App, delay_seconds},
    binds,
    jobs::Job,
    perform,
    store::{StoreError, Unit, acts, channels, foreign, organisations, pins, posts::search, sittings},
    vault,
};

/// What wound the clock.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Source {
    /// The platform's cron, each minute.
    Cron,
    /// The queue's self-renewing message.
    Wake,
    /// A request that found the clock still.
    Request,
}

/// After so long without a tick, a request runs one.
const STILL: Millis = Millis::minutes(2);

/// How far apart the queue's own ticks are. Every 150 s is 576 messages a day: 1,728 of the free plan's 10,000 operations.
const WAKE_EVERY: Millis = Millis::seconds(150);

/// If the queue's own clock has not spoken for so long, its message was lost (a restart loses them): the cron sends
/// another.
const WAKE_LOST: Millis = Millis::minutes(6);

/// A claim takes so many acts: one sub-request of the queue carries 100 messages.
const CLAIM: u32 = 100;

/// One tick claims at most so often, to stay within 50 queries; what is left is claimed by the next, sent at once.
const CLAIMS: usize = 14;

/// One tick sends so many to be pinned; the next sends the rest.
const PINS: u32 = 50;

/// Runs a tick after the answer if the last one is too long ago.
pub fn mind_the_beat(app: &App, beat: Option<Moment>) {
    if beat.is_none_or(|beat| app.now().since(beat) > STILL) {
        let later = app.clone();
        app.afterwards(async move {
            if let Err(trouble) = tick(&later, Source::Request).await {
                worker::console_error!("tick: {trouble}");
            }
        });
    }
}

/// One tick: lapse, claim, look, seal, mail, and the second clock.
///
/// # Errors
/// `Down`: the next tick does what this one could not.
pub async fn tick(app: &App, source: Source) -> Result<(), StoreError> {
    // A request may have wound it, and a person may be behind that: what is done here is not theirs.
    let app = &app.job("tick");
    let now = app.now();
    let column = if source == Source::Wake { "wake_at" } else { "cron_at" };
    #[derive(serde::Deserialize)]
    struct Beat {
        before: Option<f64>,
        wake_queued_at: Option<f64>,
        keys: Option<String>,
        unsealed: f64,
        mails: f64,
        rounds: f64,
        sittings: f64,
        told: f64,
        watched: f64,
        others: f64,
        pins: f64,
        unworded: f64,
    }
    let sql = format!(
        "SELECT MAX(COALESCE(cron_at, 0), COALESCE(wake_at, 0)) AS before, wake_queued_at, keys,
           EXISTS (SELECT 1 FROM record INDEXED BY record_unsealed WHERE seq IS NULL) AS unsealed,
           EXISTS (SELECT 1 FROM post WHERE round_due_at <= ?1)
             OR EXISTS (SELECT 1 FROM emergency WHERE due_at <= ?1) AS rounds,
           EXISTS (SELECT 1 FROM sitting WHERE last_at < ?2) AS sittings,
           EXISTS (SELECT 1 FROM told WHERE due_at <= ?1) AS told,
           EXISTS (SELECT 1 FROM channel WHERE watch_at <= ?1) AS watched,
           EXISTS (SELECT 1 FROM foreign_calendar WHERE due_at <= ?1) AS others,
           EXISTS (SELECT 1 FROM pin WHERE due_at <= ?1) AS pins,
           {} AS unworded,
           EXISTS (SELECT 1 FROM mail WHERE state = 'waiting' AND due_at <= ?1) AS mails FROM heartbeat WHERE id = 1",
        search::UNREAD
    );
    let mut binds = binds![now, now.minus(sittings::PAUSE)];
    binds.extend(search::unread(now));
    let beat: Option<Beat> = app.db.first(&sql, binds).await?;
    app.db.run(&format!("UPDATE heartbeat SET {column} = ?1 WHERE id = 1"), binds![now]).await?;
    let late = acts::lapse(&app.db, now).await?;
    tell_of_late(app, late).await?;
    if hand_over(app, CLAIMS).await? {
        send(app, vec![(Job::Tick, Millis(0))]).await;
    }
    let looks = acts::to_look_up(&app.db, now, 50).await?;
    send(app, looks.into_iter().map(|(org, act)| (Job::Look { org, act }, Millis(0))).collect()).await;
    if let Some(beat) = beat {
        if beat.sittings > 0.0 {
            sittings::end_lapsed(&app.db, now).await?;
        }
        let mut jobs = Vec::new();
        if beat.unsealed > 0.0 {
            jobs.push((Job::Seal, Millis(0)));
        }
        if beat.rounds > 0.0 {
            jobs.push((Job::Rounds, Millis(0)));
        }
        if beat.told > 0.0 {
            jobs.push((Job::Tell, Millis(0)));
        }
        if beat.mails > 0.0 {
            jobs.push((Job::Mail, Millis(0)));
        }
        if beat.unworded > 0.0 {
            jobs.push((Job::Words, Millis(0)));
        }
        if beat.pins > 0.0 {
            let due = pins::due(&app.db, now, PINS).await?;
            jobs.extend(due.into_iter().map(|(org, publication)| (Job::Pin { org, publication }, Millis(0))));
        }
        if beat.watched > 0.0 {
            let due = channels::to_watch(&app.db, now, WATCH_LEASE).await?;
            jobs.extend(due.into_iter().map(|(org, channel)| (Job::Watch { org, channel }, Millis(0))));
        }
        if beat.others > 0.0 {
            let due = foreign::to_fetch(&app.db, now, WATCH_LEASE).await?;
            jobs.extend(due.into_iter().map(|(org, foreign)| (Job::Foreign { org, foreign }, Millis(0))));
        }
        let queued = beat.wake_queued_at.map(|at| Moment(at as i64));
        if source == Source::Wake || queued.is_none_or(|at| now.since(at) > WAKE_LOST) {
            app.db.run("UPDATE heartbeat SET wake_queued_at = ?1 WHERE id = 1", binds![now]).await?;
            jobs.push((Job::Wake, WAKE_EVERY));
        }
        let before = beat.before.map(|at| Moment(at as i64)).filter(|at| at.0 > 0);
        let is_new_day = before.is_none_or(|before| before.0 / DAY != now.0 / DAY);
        if is_new_day {
            jobs.extend([(Job::Sweep, Millis(0)), (Job::Renew { behind: String::new() }, Millis(0))]);
        }
        // The keys were changed; or something was sealed under an old one after all.
        if vault::known(app).is_some_and(|keys| is_new_day || beat.keys.as_deref() != Some(&keys)) {
            jobs.push((Job::Reseal, Millis(0)));
        }
        send(app, jobs).await;
        if let Some(since) = before.filter(|before| now.since(*before) > SILENCE) {
            tell_of_silence(app, since).await?;
        }
    }
    Ok(())
}

/// A network or a calendar that was to be asked and was not is asked again after so long: its message was lost.
const WATCH_LEASE: Millis = Millis::minutes(20);

/// The first tick of a day (UTC) sends for the sweep.
const DAY: i64 = Millis::days(1).0;

/// A gap in the beat longer than this is told to people: something may have gone out late or be held.
const SILENCE: Millis = Millis::minutes(10);

/// Claims what is due and hands it to the queue. Answers whether there may be more.
///
/// # Errors
/// `Down`.
pub async fn hand_over(app: &App, claims: usize) -> Result<bool, StoreError> {
    for _ in 0..claims {
        let claimed = acts::claim(&app.db, app.now(), CLAIM).await?;
        let full = claimed.len() == CLAIM as usize;
        if crate::faults::point("after_claim").is_err() {
            return Ok(false);
        }
        hand(app, claimed).await;
        if !full {
            return Ok(false);
        }
    }
    Ok(true)
}

/// What [`hand_on`] spends: a claim, and its message.
const HANDED_ON: u32 = 2;

/// Hands on what comes behind an act that is over, where its publication has more than one: the parts of a thread and a first
/// comment go out one after the other, not one a minute. What is not handed on here, for whatever reason, the next tick finds.
pub async fn hand_on(app: &App, org: &OrganisationId, loaded: &acts::Loaded, state: &ActState) {
    let is_over = matches!(state, ActState::Done { .. } | ActState::Failed { .. } | ActState::Cancelled { .. });
    if (loaded.parts < 2 && !loaded.comments) || !is_over || !app.ledger().affords(HANDED_ON) {
        return;
    }
    match acts::claim_next(&app.db, org, &loaded.publication, app.now()).await {
        Ok(claimed) => hand(app, claimed).await,
        Err(trouble) => worker::console_error!("hand on: {trouble}"),
    }
}

async fn hand(app: &App, claimed: Vec<acts::Claim>) {
    let now = app.now();
    let jobs = claimed.into_iter().map(|claim| {
        let wait = claim.due.since(now);
        (Job::Deliver { org: claim.org, act: claim.act, fence: claim.fence }, wait)
    });
    send(app, jobs.collect()).await;
}

/// Sends jobs to the queue. What cannot be sent is found again in D1 when its lease lapses (house rule 1), so a
/// failure is only noted.
pub async fn send(app: &App, jobs: Vec<(Job, Millis)>) {
    let Ok(queue) = app.env.queue("JOBS") else {
        worker::console_error!("queue: no binding");
        return;
    };
    for jobs in jobs.chunks(100) {
        #[cfg(feature = "rehearsal")]
        if crate::rehearsal::queue::loses(jobs) {
            continue;
        }
        #[cfg(feature = "rehearsal")]
        let jobs = &crate::rehearsal::queue::misdeliver(jobs);
        app.ledger().call();
        let message = |(job, wait): &(Job, Millis)| {
            let text = serde_json::to_string(job).unwrap_or_default();
            MessageBuilder::new(text).delay_seconds(delay_seconds(*wait)).build()
        };
        let batch = BatchMessageBuilder::new().messages(jobs.iter().map(message).collect::<Vec<_>>()).build();
        // Noted before: the queue may deliver before it has answered.
        #[cfg(feature = "rehearsal")]
        crate::rehearsal::queue::sent(jobs);
        if let Err(trouble) = queue.send_batch(batch).await {
            worker::console_error!("queue: {trouble}");
        }
    }
}

async fn tell_of_late(
    app: &App,
    late: Vec<(OrganisationId, domain::PostId, domain::PublicationId)>,
) -> Result<(), StoreError> {
    // A long silence may have made hundreds late; one notice an organisation and tick is enough to wake somebody.
    let mut told: Vec<OrganisationId> = Vec::new();
    for (org, post, publication) in late {
        if told.contains(&org) || told.len() >= 5 {
            continue;
        }
        if let Some(organisation) = organisation(app, &org).await? {
            let mut unit = Unit::new();
            let body = domain::json!({ "post": post, "publication": publication, "held": "late" });
            crate::store::records::keep(app, &mut unit, &org, domain::record::Subject::Incident, &body);
            let notice = Notice::NeedsAPerson { post, publication };
            tell(app, &mut unit, &organisation, &notice).await;
            app.db.commit(unit).await?;
        }
        told.push(org);
    }
    Ok(())
}

async fn tell_of_silence(app: &App, since: Moment) -> Result<(), StoreError> {
    let sql = format!("SELECT {} FROM organisation LIMIT 5", organisations::COLUMNS);
    let rows: Vec<organisations::Row> = app.db.all(&sql, binds![]).await?;
    for row in rows {
        let organisation: Organisation = row.try_into()?;
        let mut unit = Unit::new();
        tell(app, &mut unit, &organisation, &Notice::Silence { since }).await;
        app.db.commit(unit).await?;
    }
    Ok(())
}

/// Telling may fail without failing what it tells of (house rule 5).
pub async fn tell(app: &App, unit: &mut Unit, organisation: &Organisation, notice: &Notice) {
    if perform::tell(app, unit, organisation, notice).await.is_err() {
        worker::console_error!("notice: not told");
    }
}

/// Reads an organisation.
///
/// # Errors
/// `Down`, `Row`.
pub async fn organisation(app: &App, org: &OrganisationId) -> Result<Option<Organisation>, StoreError> {
    let sql = format!("SELECT {} FROM organisation WHERE id = ?1", organisations::COLUMNS);
    let row: Option<organisations::Row> = app.db.first(&sql, binds![org]).await?;
    row.map(TryInto::try_into).transpose()
}
