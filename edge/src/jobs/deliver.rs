//! Sends a claimed act: the point of no return, the network, what follows. Twice, late or stale, it sends nothing,
//! because the fence no longer matches.

use domain::{
    ActId, AttemptId, Moment, Notice, OrganisationId,
    delivery::{self, ActState, Deed, Hold, Next, Outcome},
    errors, json,
    record::Subject,
};
use wire::publications::Came;

use crate::{
    app::App,
    clock, faults,
    jobs::Job,
    networks::{self, Errand},
    outbound::Heard,
    store::{
        StoreError, Unit,
        acts::{self, Ended, Loaded},
        channels, records,
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
        acts::begin(&app.db, org, act, fence, &attempt, now).await?
    };
    let Some(loaded) = begun else { return Ok(()) };
    let sending = matches!(&loaded.state, ActState::Sending { attempt: mine, .. } if *mine == attempt);
    if !sending && !late {
        return not_begun(app, org, &loaded, fence, now).await;
    }
    if faults::point("after_begin").is_err() {
        return Ok(());
    }
    if loaded.deed != Deed::Create && loaded.out.is_none() {
        return nothing_out(app, org, &loaded, &attempt).await;
    }
    let outcome = networks::deliver(&errand(app, org, &loaded), loaded.deed).await;
    if faults::point("after_send").is_err() {
        return Ok(());
    }
    if late {
        acts::begin(&app.db, org, act, fence, &attempt, now).await?;
    }
    conclude(app, org, &loaded, &attempt, outcome).await
}

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
        container: loaded.container.as_ref(),
    }
}

/// The guards did not let it: says why, or leaves it to whoever holds it now.
async fn not_begun(
    app: &App,
    org: &OrganisationId,
    loaded: &Loaded,
    fence: u32,
    now: Moment,
) -> Result<(), StoreError> {
    let mine = matches!(&loaded.state, ActState::Claimed { fence: stored, .. } if *stored == fence);
    if !mine {
        return Ok(());
    }
    if now < loaded.due {
        // The queue's grain is a second and its clock is not ours.
        let job = Job::Deliver { org: org.clone(), act: loaded.act.clone(), fence };
        clock::send(app, vec![(job, loaded.due.since(now))]).await;
        return Ok(());
    }
    let reason = if loaded.paused && loaded.deed != Deed::Delete {
        Hold::Paused
    } else if !loaded.approved && loaded.deed != Deed::Delete {
        Hold::ApprovalVoid
    } else if !loaded.channel_fit {
        Hold::ChannelUnfit
    } else {
        Hold::Late
    };
    let mut unit = Unit::new();
    acts::hold(&mut unit, org, &loaded.act, fence, reason);
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
) -> Result<(), StoreError> {
    let now = app.now();
    let mut unit = Unit::new();
    acts::end_attempt(&mut unit, org, attempt, &ended(app, loaded, &outcome), now);
    match &outcome {
        Outcome::Accepted(_) => channels::note_success(&mut unit, org, &loaded.channel, now),
        Outcome::NotSent { message } | Outcome::NoAnswer { message, .. } => {
            channels::note_trouble(&mut unit, org, &loaded.channel, message);
        }
        Outcome::Unauthorised { message, .. } => {
            channels::note_refusal(&mut unit, org, &loaded.channel, message);
            // It is asked once more at once, and people hear of all that is placed there, not of this one alone.
            channels::watch_again(&mut unit, org, &loaded.channel, Some(now));
        }
        Outcome::Handed | Outcome::Preparing { .. } | Outcome::Throttled { .. } | Outcome::Refused { .. } => {}
    }
    let next = if faults::planted("retry_timeout") && matches!(outcome, Outcome::NoAnswer { .. }) {
        Next::RetryAt(now.plus(domain::Millis::seconds(1)))
    } else {
        delivery::judge(outcome, loaded.tried, now, loaded.ends, loaded.network)
    };
    let (state, due) = match next {
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
    keep(app, &mut unit, org, loaded, &state);
    let named = || (loaded.post.clone(), loaded.publication.clone());
    match &state {
        ActState::InHand { .. } => {
            let (post, publication) = named();
            tell(app, &mut unit, org, Notice::KitDue { post, publication }).await?;
        }
        state if state.needs_a_person() => {
            let (post, publication) = named();
            tell(app, &mut unit, org, Notice::NeedsAPerson { post, publication }).await?;
        }
        _ => {}
    }
    if faults::point("before_conclude").is_err() {
        return Ok(());
    }
    app.db.commit(unit).await?;
    Ok(())
}

/// Keeps what an act came to, if it came to something that lasts.
pub fn keep(app: &App, unit: &mut Unit, org: &OrganisationId, loaded: &Loaded, state: &ActState) {
    let subject = match (state, loaded.deed) {
        (ActState::Done { .. }, Deed::Create) => Subject::Publication,
        (ActState::Done { .. }, Deed::Edit) => Subject::Correction,
        (ActState::Done { .. }, Deed::Delete) => Subject::Takedown,
        (ActState::Failed { .. } | ActState::Held { .. } | ActState::Unknown { .. }, _) => Subject::Incident,
        _ => return,
    };
    let body = json!({
        "post": loaded.post,
        "publication": loaded.publication,
        "act": loaded.act,
        "channel": loaded.channel,
        "network": loaded.network,
        "deed": loaded.deed,
        "rendition": loaded.rendition,
        "state": state,
    });
    records::keep_if(app, unit, org, subject, &body, &acts::reached(&loaded.act, state));
}

/// The end of an attempt for the ledger: what it came to, and what the network answered last.
fn ended(app: &App, loaded: &Loaded, outcome: &Outcome) -> Ended {
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
