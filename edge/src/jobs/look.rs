//! Looks an unknown act up on its network. Reads only, until the settlement: one conditional update, so two looks at
//! once settle once.

use domain::{
    ActId, Millis, Notice, OrganisationId,
    delivery::{self, ActState, Deed, Failure, Outcome, Settled},
    repeats::{self, Repeats},
};

use super::{
    Job,
    deliver::{ended, errand, keep, read_back},
};
use crate::{
    app::App,
    clock, faults,
    networks::{self, mastodon},
    store::{
        StoreError, Unit,
        acts::{self, Loaded},
    },
};

/// Looks.
///
/// # Errors
/// `Down`: the next tick looks again.
pub async fn look(app: &App, org: &OrganisationId, act: &ActId) -> Result<(), StoreError> {
    let Some(loaded) = acts::load(&app.db, org, act).await? else { return Ok(()) };
    look_up(app, org, &loaded).await
}

/// Looks an act up that was read already.
///
/// # Errors
/// `Down`: the next tick looks again.
pub async fn look_up(app: &App, org: &OrganisationId, loaded: &Loaded) -> Result<(), StoreError> {
    let ActState::Unknown { attempt, looks, .. } = loaded.state.clone() else { return Ok(()) };
    let sighting = networks::look(&errand(app, org, loaded), loaded.deed).await;
    if faults::point("after_look").is_err() {
        return Ok(());
    }
    let now = app.now();
    let looks = looks + 1;
    let repeats = Repeats::of(loaded.network, loaded.deed, loaded.settings[mastodon::VERSION].as_str());
    // It stands there, and an older one may still be written over it: it is read once more when that is over.
    let older = loaded.unanswered.filter(|sent| {
        let is_ours = loaded.deed == Deed::Edit && !loaded.assisted;
        is_ours && repeats::may_be_overtaken(loaded.network, Some(*sent), now)
    });
    let (state, due) = match delivery::settle(sighting, looks, loaded.made, now, loaded.ends, repeats) {
        Settled::Done(receipt) => match older {
            Some(sent) => {
                let over = sent.plus(repeats::LATE).plus(Millis(1));
                // As often as that is found, nothing was looked for in vain.
                (ActState::Unknown { attempt: attempt.clone(), looks: looks - 1, asked: false }, Some(over))
            }
            None => (ActState::Done { receipt }, None),
        },
        Settled::Failed(failure) => (ActState::Failed { failure }, None),
        Settled::SendAgain => (ActState::Waiting, Some(now)),
        Settled::Held(reason) => (ActState::Held { reason }, None),
        Settled::LookAgain(at) => (ActState::Unknown { attempt: attempt.clone(), looks, asked: false }, Some(at)),
        Settled::Ask => (ActState::Unknown { attempt: attempt.clone(), looks, asked: true }, None),
    };
    let mut unit = Unit::new();
    if let ActState::Failed { failure } = &state {
        // What nobody had heard is heard now: the attempt says it too, with the network's answer.
        acts::end_attempt(&mut unit, org, &attempt, &ended(app, loaded, &refused(failure)), now);
        acts::drop_container(&mut unit, org, &loaded.act, &attempt);
    }
    if let (ActState::Done { receipt }, Deed::Create | Deed::Comment) = (&state, loaded.deed) {
        let since = loaded.made.minus(acts::LONG_DUE);
        acts::still_free(&mut unit, org, (&loaded.channel, &loaded.act), &receipt.native_id, since);
    }
    acts::finish(&mut unit, org, &loaded.act, &attempt, &state, due);
    if matches!((&state, loaded.deed), (ActState::Failed { .. }, Deed::Create)) {
        acts::nothing_to_correct(&mut unit, org, &loaded.publication, loaded.part);
    }
    if !matches!(state, ActState::Unknown { asked: false, .. }) {
        keep(app, &mut unit, org, loaded, &state);
    }
    // Given up, disowned, or with somebody in it who took their word back: whoever can take it down hears that readers see it.
    let is_unwanted = matches!(state, ActState::Done { .. }) && loaded.deed == Deed::Create && loaded.barred;
    if state.needs_a_person() || is_unwanted {
        ask(app, &mut unit, org, loaded).await?;
    }
    app.db.commit(unit).await?;
    if state == ActState::Waiting {
        // A message and not a claim here: a person who asked for the look waits for the answer, not for the sending.
        clock::send(app, vec![(Job::Tick, Millis(0))]).await;
    }
    clock::hand_on(app, org, loaded, &state).await;
    read_back(app, org, loaded, &attempt, &state).await;
    Ok(())
}

/// The outcome that a failure which is heard by a look would have been.
fn refused(failure: &Failure) -> Outcome {
    let Failure { kind, message, status } = failure;
    Outcome::Refused { kind: *kind, message: message.clone(), status: status.unwrap_or_default() }
}

async fn ask(app: &App, unit: &mut Unit, org: &OrganisationId, loaded: &Loaded) -> Result<(), StoreError> {
    if let Some(organisation) = clock::organisation(app, org).await? {
        let notice = Notice::NeedsAPerson { post: loaded.post.clone(), publication: loaded.publication.clone() };
        clock::tell(app, unit, &organisation, &notice).await;
    }
    Ok(())
}
