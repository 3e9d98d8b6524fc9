//! Sends a claimed act: the point of no return, the network, what follows. Twice, late or stale, it sends nothing,
//! because the fence no longer matches.

use domain::{
    ActId, AttemptId, Millis, Moment, Notice, OrganisationId,
    budget::{self, Turn, Waits, Whose},
    delivery::{self, ActState, CLAIM_AHEAD, Deed, Hold, LEASE, Next, Outcome},
    edits, errors, json, pin,
    record::Subject,
    repeats, story,
};
use wire::publications::Came;

use crate::{
    app::App,
    clock, faults,
    jobs::Job,
    mail,
    networks::{self, Errand},
    outbound::Heard,
    store::{
        StoreError, Unit,
        acts::{self, Ended, Loaded},
        allowances, channels, pins, records,
    },
};

/// Delivers.
///
/// # Errors
/// `Down`: the lease tells the rest.
pub async fn deliver(app: &App, org: &OrganisationId, act: &ActId, fence: u32) -> Result<(), StoreError> {
    if faults::point("before_begin").is_err() {
        return Ok(());
    }
    let attempt = AttemptId::from_bits(app.bits());
    let now = app.now();
    let late = faults::planted("late_attempt");
    let begun = if late {
        acts::load(&app.db, org, act).await?
    } else {
        acts::begin(&app.db, org, act, fence, &attempt, now, None).await?
    };
    let Some(mut loaded) = begun else { return Ok(()) };
    let is_sending =
        |loaded: &Loaded| matches!(&loaded.state, ActState::Sending { attempt: mine, .. } if *mine == attempt);
    let mut took = false;
    if !is_sending(&loaded) && !late {
        let over = (&loaded.channel.clone(), loaded.network);
        match barred(&loaded, fence, now) {
            Bar::NotOurs => return Ok(()),
            Bar::Early => {
                // The queue's grain is a second and its clock is not ours.
                let job = Job::Deliver { org: org.clone(), act: act.clone(), fence };
                clock::send(app, vec![(job, loaded.due.since(now))]).await;
                return Ok(());
            }
            Bar::Holds(reason) => return hold(app, org, &loaded, fence, reason, None).await,
            Bar::Turn => match allowances::whose_turn(&app.db, org, act, over, now).await? {
                Turn::Waits { until, before } => return wait(app, org, &loaded, fence, until, before).await,
                Turn::Goes => match acts::begin(&app.db, org, act, fence, &attempt, now, Some(over)).await? {
                    Some(begun) if is_sending(&begun) => {
                        (loaded, took) = (begun, true);
                    }
                    // Somebody took the last one in between: asked once more, in a moment, whose turn it is.
                    _ => return wait(app, org, &loaded, fence, now.plus(AGAIN), 0).await,
                },
            },
        }
    }
    if faults::point("after_begin").is_err() {
        return Ok(());
    }
    if loaded.deed != Deed::Create && loaded.out.is_none() {
        return nothing_out(app, org, &loaded, &attempt).await;
    }
    let outcome = networks::deliver(&errand(app, org, &loaded), loaded.deed).await;
    let sent = if loaded.deed == Deed::Comment { "after_comment" } else { "after_send" };
    if faults::point(sent).is_err() {
        return Ok(());
    }
    if late {
        acts::begin(&app.db, org, act, fence, &attempt, now, None).await?;
    }
    conclude(app, org, &loaded, &attempt, outcome, took).await
}

/// How long one waits that was told that it is its turn, and came too late.
const AGAIN: Millis = Millis::seconds(2);

/// What the adapter is given.
pub fn errand<'a>(app: &'a App, org: &'a OrganisationId, loaded: &'a Loaded) -> Errand<'a> {
    Errand {
        app,
        org,
        channel: &loaded.channel,
        network: loaded.network,
        assisted: loaded.assisted,
        settings: &loaded.settings,
        post: &loaded.post,
        publication: &loaded.publication,
        act: &loaded.act,
        made: loaded.made,
        rendition: &loaded.rendition,
        out: loaded.out.as_ref(),
        part: loaded.part,
        above: loaded.above.as_ref(),
        container: loaded.container.as_ref(),
    }
}

/// Why the guards of the point of no return did not let an act through.
enum Bar {
    /// Somebody else holds it now.
    NotOurs,
    /// It is not due yet.
    Early,
    /// It is not to go out by itself.
    Holds(Hold),
    /// The network lets few through, and it is not known whose turn it is.
    Turn,
}

fn barred(loaded: &Loaded, fence: u32, now: Moment) -> Bar {
    let mine = matches!(&loaded.state, ActState::Claimed { fence: stored, .. } if *stored == fence);
    let deletes = loaded.deed == Deed::Delete;
    if !mine {
        Bar::NotOurs
    } else if now < loaded.due {
        Bar::Early
    } else if loaded.paused && !deletes {
        Bar::Holds(Hold::Paused)
    } else if !loaded.approved && !deletes {
        Bar::Holds(Hold::ApprovalVoid)
    } else if loaded.barred && !deletes {
        Bar::Holds(Hold::Rights)
    } else if !loaded.channel_fit {
        Bar::Holds(Hold::ChannelUnfit)
    } else if now > loaded.ends && !deletes {
        Bar::Holds(Hold::Late)
    } else {
        Bar::Turn
    }
}

/// It waits for its turn. What would go out after its window is held at once, while a person can still do something.
async fn wait(
    app: &App,
    org: &OrganisationId,
    loaded: &Loaded,
    fence: u32,
    until: Moment,
    before: u32,
) -> Result<(), StoreError> {
    let now = app.now();
    let waits = Waits { until, before, since: loaded.waits.map_or(loaded.due, |waits| waits.since) };
    if loaded.deed != Deed::Delete && until > loaded.ends {
        return hold(app, org, loaded, fence, Hold::Late, Some(waits)).await;
    }
    let keeps = until.since(now) <= CLAIM_AHEAD;
    let mut unit = Unit::new();
    allowances::wait(&mut unit, org, &loaded.act, fence, waits, keeps);
    app.db.commit(unit).await?;
    if keeps {
        let job = Job::Deliver { org: org.clone(), act: loaded.act.clone(), fence };
        clock::send(app, vec![(job, until.since(now))]).await;
    }
    Ok(())
}

/// The guards did not let it: says why.
async fn hold(
    app: &App,
    org: &OrganisationId,
    loaded: &Loaded,
    fence: u32,
    reason: Hold,
    waits: Option<Waits>,
) -> Result<(), StoreError> {
    let mut unit = Unit::new();
    acts::hold(&mut unit, org, &loaded.act, fence, reason);
    if let Some(waits) = waits {
        allowances::explain(&mut unit, org, &loaded.act, waits);
    }
    let body = json!({ "post": loaded.post, "publication": loaded.publication, "act": loaded.act, "held": reason });
    let held = acts::reached(&loaded.act, &ActState::Held { reason });
    records::keep_if(app, &mut unit, org, Subject::Incident, &body, &held);
    tell(
        app,
        &mut unit,
        org,
        Notice::NeedsAPerson { post: loaded.post.clone(), publication: loaded.publication.clone() },
    )
    .await?;
    app.db.commit(unit).await.map(drop)
}

async fn tell(app: &App, unit: &mut Unit, org: &OrganisationId, notice: Notice) -> Result<(), StoreError> {
    if let Some(organisation) = clock::organisation(app, org).await? {
        clock::tell(app, unit, &organisation, &notice).await;
    }
    Ok(())
}

/// What was to be corrected or taken down never came out: there is nothing to do, and nothing is sent.
async fn nothing_out(app: &App, org: &OrganisationId, loaded: &Loaded, attempt: &AttemptId) -> Result<(), StoreError> {
    let mut unit = Unit::new();
    let state = ActState::Cancelled { by: None, reason: String::new() };
    let ended =
        Ended { came: Came::NotSent, status: None, message: String::new(), code: None, meaning: None, answer: None };
    acts::end_attempt(&mut unit, org, attempt, &ended, app.now());
    acts::finish(&mut unit, org, &loaded.act, attempt, &state, None);
    app.db.commit(unit).await.map(drop)
}

/// Writes down what came of it, and what follows, in one batch.
async fn conclude(
    app: &App,
    org: &OrganisationId,
    loaded: &Loaded,
    attempt: &AttemptId,
    outcome: Outcome,
    took: bool,
) -> Result<(), StoreError> {
    let now = app.now();
    let mut unit = Unit::new();
    let over = (&loaded.channel, loaded.network);
    for learned in budget::learned(loaded.network, &app.spoken(), now) {
        allowances::learn(&mut unit, org, over, learned, now);
    }
    let throttled = if let Outcome::Throttled { until, alone, .. } = &outcome { Some((*until, *alone)) } else { None };
    if took && matches!(outcome, Outcome::NotSent { .. } | Outcome::Preparing { .. } | Outcome::Unauthorised { .. }) {
        allowances::give_back(&mut unit, org, &loaded.channel, loaded.network, now);
    }
    acts::end_attempt(&mut unit, org, attempt, &ended(app, loaded, &outcome), now);
    match &outcome {
        Outcome::Accepted(_) => channels::note_success(&mut unit, org, &loaded.channel, now),
        Outcome::NotSent { message } | Outcome::NoAnswer { message, .. } => {
            channels::note_trouble(&mut unit, org, &loaded.channel, message);
        }
        Outcome::Unauthorised { message, .. } => {
            channels::note_refusal(&mut unit, org, &loaded.channel, message);
        }
        Outcome::Refused { message, .. } if outcome.doubts_the_channel(loaded.deed) => {
            channels::note_trouble(&mut unit, org, &loaded.channel, message);
        }
        Outcome::Handed | Outcome::Preparing { .. } | Outcome::Throttled { .. } | Outcome::Refused { .. } => {}
    }
    if outcome.doubts_the_channel(loaded.deed) {
        // It is asked once more at once, and people hear of all that is placed there, not of this one alone.
        channels::watch_again(&mut unit, org, &loaded.channel, Some(now));
    }
    let next = if faults::planted("retry_timeout") && matches!(outcome, Outcome::NoAnswer { .. }) {
        Next::RetryAt(now.plus(domain::Millis::seconds(1)))
    } else {
        let tried = delivery::counted(&outcome, loaded.tried, loaded.prepared);
        delivery::judge(outcome, tried, now, loaded.ends, loaded.network)
    };
    // It was taken, and an older one may still be written over it: what stands is read once that is over, before it is said to be out.
    let is_read_back = matches!(next, Next::Done(_))
        && loaded.deed == Deed::Edit
        && !loaded.assisted
        && repeats::may_be_overtaken(loaded.network, loaded.unanswered, now);
    let (state, due) = match next {
        Next::Done(_) if is_read_back => {
            (ActState::Unknown { attempt: attempt.clone(), looks: 0, asked: false }, Some(now.plus(LEASE)))
        }
        Next::Done(receipt) => (ActState::Done { receipt }, None),
        Next::InHand => (ActState::InHand { since: now }, None),
        Next::RetryAt(at) => (ActState::Waiting, Some(at)),
        Next::Failed { failure, .. } => (ActState::Failed { failure }, None),
        Next::Held(reason) => (ActState::Held { reason }, None),
        Next::Unknown { look_at } => {
            (ActState::Unknown { attempt: attempt.clone(), looks: 0, asked: false }, Some(look_at))
        }
    };
    acts::finish(&mut unit, org, &loaded.act, attempt, &state, due);
    if let Some((until, alone)) = throttled {
        let until = due.or(until).unwrap_or(now.plus(delivery::back_off(loaded.tried)));
        // Whoever is due there as well waits from now on, and asks for nothing that would be refused.
        if !alone {
            allowances::learn(&mut unit, org, over, (Whose::Account, budget::refused(loaded.network, until)), now);
        }
        if matches!(state, ActState::Waiting | ActState::Held { .. }) {
            let waits = Waits { until, before: 0, since: loaded.waits.map_or(loaded.due, |waits| waits.since) };
            allowances::explain(&mut unit, org, &loaded.act, waits);
        }
    }
    if !is_read_back {
        keep(app, &mut unit, org, loaded, &state);
    }
    let named = || (loaded.post.clone(), loaded.publication.clone());
    match &state {
        ActState::InHand { .. } => {
            let (post, publication) = named();
            tell(app, &mut unit, org, Notice::KitDue { post, publication }).await?;
        }
        state if state.needs_a_person() => {
            let named = (&loaded.post, &loaded.publication);
            mail::tell_of_trouble(app, &mut unit, org, named, acts::reached(&loaded.act, state));
        }
        _ => {}
    }
    let pinned = match (&state, loaded.deed) {
        (ActState::Done { receipt }, Deed::Create) if loaded.rendition.pin && pin::is_offered(loaded.network) => {
            let what = (&loaded.publication, &loaded.channel);
            pins::want(&mut unit, org, what, &receipt.native_id, (&loaded.act, &state), now);
            true
        }
        (ActState::Done { .. }, Deed::Delete) if pin::is_offered(loaded.network) => {
            pins::forget(&mut unit, org, &loaded.publication, (&loaded.act, &state));
            false
        }
        _ => false,
    };
    if faults::point("before_conclude").is_err() {
        return Ok(());
    }
    app.db.commit(unit).await?;
    if pinned {
        // What gets lost here, the tick finds.
        let job = Job::Pin { org: org.clone(), publication: loaded.publication.clone() };
        clock::send(app, vec![(job, Millis(0))]).await;
    }
    clock::hand_on(app, org, loaded, &state).await;
    read_back(app, org, loaded, attempt, &state).await;
    Ok(())
}

/// What reading back spends: the access, the call, keeping it.
const READING_BACK: u32 = 4;

/// Reads what readers can see of earlier versions once a correction is out, where a network shows that. A step of its own behind it:
/// the correction stands, whatever comes of this, and the next one reads all of them again.
pub async fn read_back(app: &App, org: &OrganisationId, loaded: &Loaded, attempt: &AttemptId, state: &ActState) {
    let ActState::Done { receipt } = state else { return };
    let is_shown = matches!(edits::shown(loaded.network), (edits::Shown::Versions, _));
    if loaded.deed != Deed::Edit || loaded.assisted || !is_shown || !app.ledger().affords(READING_BACK) {
        return;
    }
    let versions = match networks::history(&errand(app, org, loaded), receipt).await {
        Ok(versions) if !versions.is_empty() => edits::kept(versions),
        _ => return,
    };
    if let Err(error) = acts::keep_history(&app.db, org, attempt, &versions).await {
        worker::console_error!("what readers see of a correction: {error}");
    }
}

/// Keeps what an act came to, if it came to something that lasts.
pub fn keep(app: &App, unit: &mut Unit, org: &OrganisationId, loaded: &Loaded, state: &ActState) {
    let subject = match (state, loaded.deed) {
        // A comment is something that was said, as the post is; its deed tells them apart.
        (ActState::Done { .. }, Deed::Create | Deed::Comment) => Subject::Publication,
        (ActState::Done { .. }, Deed::Edit) => Subject::Correction,
        (ActState::Done { .. }, Deed::Delete) => Subject::Takedown,
        (ActState::Failed { .. } | ActState::Held { .. } | ActState::Unknown { .. }, _) => Subject::Incident,
        _ => return,
    };
    let mut body = json!({
        "post": loaded.post,
        "publication": loaded.publication,
        "act": loaded.act,
        "channel": loaded.channel,
        "network": loaded.network,
        "deed": loaded.deed,
        "rendition": loaded.rendition,
        "state": state,
    });
    if let (ActState::Done { receipt }, true, Deed::Create) =
        (state, loaded.rendition.is_story(loaded.network), loaded.deed)
    {
        body["seen_until"] = json!(receipt.at.plus(story::LASTS));
    }
    if loaded.parts > 1 {
        (body["part"], body["parts"]) = (loaded.part.into(), loaded.parts.into());
    }
    records::keep_if(app, unit, org, subject, &body, &acts::reached(&loaded.act, state));
}

/// The end of an attempt for the ledger: what it came to, and what the network answered last.
pub fn ended(app: &App, loaded: &Loaded, outcome: &Outcome) -> Ended {
    let (came, status, message) = told(outcome);
    let heard = app.heard();
    let (code, answer) = heard.as_ref().map(Heard::told).unwrap_or_default();
    let status = heard.map_or(status, |heard| Some(heard.status));
    let error = status.filter(|status| !matches!(status, 200..=299));
    Ended {
        came,
        status,
        message: delivery::short(message),
        meaning: error.map(|status| errors::class(loaded.network, status, &code)),
        code: Some(code).filter(|code| !code.is_empty()),
        answer: Some(answer).filter(|answer| !answer.is_empty()),
    }
}

fn told(outcome: &Outcome) -> (Came, Option<u16>, &str) {
    match outcome {
        Outcome::Accepted(receipt) => (Came::Accepted, None, &receipt.native_id),
        Outcome::Handed => (Came::Handed, None, ""),
        Outcome::NotSent { message } => (Came::NotSent, None, message),
        Outcome::Preparing { message } => (Came::Preparing, None, message),
        Outcome::Throttled { message, .. } => (Came::Throttled, Some(429), message),
        Outcome::Unauthorised { message, status } => (Came::Unauthorised, Some(*status), message),
        Outcome::Refused { message, status, .. } => (Came::Refused, Some(*status), message),
        Outcome::NoAnswer { message, status } => (Came::NoAnswer, *status, message),
    }
}
