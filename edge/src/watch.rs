//! Asks networks whether they still let us in: when somebody wants to know, and by itself before a post fails for it. Separate
//! from `networks`: that asks one, this writes down what came of it and tells people.

use domain::{
    Channel, ChannelId, HealthState, Moment, Notice, OrganisationId, Refusal, json,
    record::Subject,
    watch::{AHEAD, Outlook},
};
use serde_json::Value;

use crate::{
    app::App,
    clock,
    networks::{self, Checked},
    store::{StoreError, Unit, channels, records},
    zones,
};

/// Asks one network, writes down what came of it and when it is asked again, and answers the channel as it is then.
///
/// # Errors
/// `Unavailable`; `NotFound` if it is gone meanwhile.
pub async fn look(
    app: &App,
    org: &OrganisationId,
    (channel, settings, at): &(Channel, Value, Option<Moment>),
) -> Result<Channel, Refusal> {
    let (id, now) = (&channel.id, app.now());
    let mut unit = Unit::new();
    channels::still(&mut unit, org, id, *at);
    let mut after = channel.clone();
    match networks::check(app, org, channel, settings).await? {
        Checked::Works { handle, limits, expires, settings } => {
            channels::learn(&mut unit, org, id, &handle, limits.as_ref(), expires, &settings);
            channels::note_success(&mut unit, org, id, now);
            after.health.state = HealthState::Working;
        }
        Checked::Refused { message } => {
            channels::note_refusal(&mut unit, org, id, &message);
            after.health.state = HealthState::Refused;
            if channel.health.state != HealthState::Refused {
                let Channel { network, name, handle, address, assisted, .. } = channel;
                let body = json!({
                    "change": "refused", "channel": id, "network": network, "name": name, "handle": handle,
                    "address": address, "assisted": assisted,
                });
                records::keep(app, &mut unit, org, Subject::Channel, &body);
            }
        }
        Checked::Troubled { message } => channels::note_trouble(&mut unit, org, id, &message),
    }
    channels::watch_again(&mut unit, org, id, after.asked_again().map(|after| now.plus(after)));
    // Read back in the same trip.
    let (sql, binds) = channels::query(org);
    unit.then(sql, binds);
    let all = match app.db.commit(unit).await {
        Ok(answers) => answers.last().map(channels::read).transpose()?.unwrap_or_default(),
        // It was connected again, or somebody else has just asked: what they wrote stands.
        Err(StoreError::Guard) => channels::of_organisation(&app.db, org).await?,
        Err(error) => return Err(error.into()),
    };
    all.into_iter().find(|found| found.id == *id).ok_or(Refusal::NotFound)
}

/// What will not go out on a channel, where it is known from when on nothing does.
///
/// # Errors
/// `Down`, `Row`.
pub async fn outlook(app: &App, org: &OrganisationId, channel: &Channel) -> Result<Option<Outlook>, StoreError> {
    let Some(from) = channel.falls_silent(app.now()) else { return Ok(None) };
    let placed = channels::placed(&app.db, org, &channel.id, from).await?;
    Ok(Some(Outlook { channel: channel.id.clone(), from, placed }))
}

/// Looks after a channel: asks its network, and tells people if nothing goes out there any more, or soon nothing will.
///
/// # Errors
/// `Down`: it is looked after again in an hour.
pub async fn watch(app: &App, org: &OrganisationId, id: &ChannelId) -> Result<(), StoreError> {
    let Some(found) = channels::find_to_watch(&app.db, org, id).await? else { return Ok(()) };
    let (channel, now) = (&found.0, app.now());
    let Some(every) = channel.asked_again() else {
        let mut unit = Unit::new();
        channels::watch_again(&mut unit, org, id, None);
        return app.db.commit(unit).await.map(drop);
    };
    // What went out a moment ago has asked already, if nothing went wrong since.
    let works = channel.health.state == HealthState::Working;
    let proven = channel.health.last_success.filter(|at| works && now.since(*at) < every);
    let channel = match proven {
        Some(at) => {
            let mut unit = Unit::new();
            channels::watch_again(&mut unit, org, id, Some(at.plus(every)));
            app.db.commit(unit).await?;
            channel.clone()
        }
        // Nobody could be asked: what the lease is for. Or somebody else has.
        None => match look(app, org, &found).await {
            Ok(channel) => channel,
            Err(_) => return Ok(()),
        },
    };
    let near = channel.falls_silent(now).is_some_and(|from| from.since(now) <= AHEAD);
    let outlook = if near { outlook(app, org, &channel).await? } else { None };
    let Some(Outlook { from, placed, .. }) = outlook else { return Ok(()) };
    let Some(warning) = channel.warning(placed, now) else { return Ok(()) };
    let Some(organisation) = clock::organisation(app, org).await? else { return Ok(()) };
    let of = if channel.health.state.may_send() { channel.health.expires } else { channel.health.last_success };
    let civil = zones::civil(&organisation.zone, from);
    let notice = Notice::ChannelEnds { channel: channel.id, name: channel.name, civil, placed, warning, of };
    let mut unit = Unit::new();
    clock::tell(app, &mut unit, &organisation, &notice).await;
    app.db.commit(unit).await.map(drop)
}
