//! Handlers of `wire::campaigns`. What a post belongs to is set in `posts`, with the other acts on one.

use domain::{Audience, Campaign, Message, Pillar, Refusal, Themes, json, record::Subject};
use serde_json::Value;
use wire::{
    Nothing,
    campaigns::{self, KeepAudience, KeepCampaign, KeepMessage, KeepPillar},
};

use crate::{
    answer::Refused,
    ask::{Api, Ask, mount},
    caller::Caller,
    store::{StoreError, Unit, campaigns as store, records},
};

/// Mounts them.
pub fn mount_all(api: Api) -> Api {
    let api = mount(api, &campaigns::THEMES, themes);
    let api = mount(api, &campaigns::KEEP_CAMPAIGN, keep_campaign);
    let api = mount(api, &campaigns::KEEP_PILLAR, keep_pillar);
    let api = mount(api, &campaigns::KEEP_AUDIENCE, keep_audience);
    mount(api, &campaigns::KEEP_MESSAGE, keep_message)
}

async fn themes(ask: Ask<Nothing>) -> Result<Themes, Refused> {
    Ok(store::read(&ask.app.db, ask.caller()?.org()).await?)
}

async fn keep_campaign(ask: Ask<KeepCampaign>) -> Result<Themes, Refused> {
    let caller = ask.caller()?;
    let mut themes = store::read(&ask.app.db, caller.org()).await?;
    let KeepCampaign { version, name, first, last, goal, basis, budget, archived } = ask.body.clone();
    let id = ask.part("campaign")?;
    let wanted = Campaign { id, version, name, first, last, goal, basis, budget, archived };
    let campaign = themes.campaign(wanted)?;
    let place = themes.campaigns.iter().position(|one| one.id == campaign.id);
    // The same form, sent twice.
    if place.is_some_and(|place| themes.campaigns.get(place) == Some(&campaign)) {
        return Ok(themes);
    }
    let mut unit = Unit::new();
    store::keep_campaign(&mut unit, caller.org(), &campaign, ask.app.now());
    let kept = json!({ "what": "campaign_kept", "campaign": campaign, "name": campaign.name });
    write(&ask, caller, unit, kept, campaign.version).await?;
    put(&mut themes.campaigns, place, campaign);
    themes.campaigns.sort_by_key(|one| one.name.to_lowercase());
    Ok(themes)
}

async fn keep_pillar(ask: Ask<KeepPillar>) -> Result<Themes, Refused> {
    let caller = ask.caller()?;
    let mut themes = store::read(&ask.app.db, caller.org()).await?;
    let KeepPillar { version, name, archived } = ask.body.clone();
    let pillar = themes.pillar(Pillar { id: ask.part("pillar")?, version, name, archived })?;
    let place = themes.pillars.iter().position(|one| one.id == pillar.id);
    if place.is_some_and(|place| themes.pillars.get(place) == Some(&pillar)) {
        return Ok(themes);
    }
    let mut unit = Unit::new();
    store::keep_pillar(&mut unit, caller.org(), &pillar, ask.app.now());
    let kept = json!({ "what": "pillar_kept", "pillar": pillar, "name": pillar.name });
    write(&ask, caller, unit, kept, pillar.version).await?;
    put(&mut themes.pillars, place, pillar);
    themes.pillars.sort_by_key(|one| one.name.to_lowercase());
    Ok(themes)
}

async fn keep_audience(ask: Ask<KeepAudience>) -> Result<Themes, Refused> {
    let caller = ask.caller()?;
    let mut themes = store::read(&ask.app.db, caller.org()).await?;
    let KeepAudience { version, name, who, found, languages, needs, archived } = ask.body.clone();
    let wanted = Audience { id: ask.part("audience")?, version, name, who, found, languages, needs, archived };
    let audience = themes.audience(wanted)?;
    let place = themes.audiences.iter().position(|one| one.id == audience.id);
    if place.is_some_and(|place| themes.audiences.get(place) == Some(&audience)) {
        return Ok(themes);
    }
    let mut unit = Unit::new();
    store::keep_audience(&mut unit, caller.org(), &audience, ask.app.now());
    let kept = json!({ "what": "audience_kept", "audience": audience, "name": audience.name });
    write(&ask, caller, unit, kept, audience.version).await?;
    put(&mut themes.audiences, place, audience);
    themes.audiences.sort_by_key(|one| one.name.to_lowercase());
    Ok(themes)
}

async fn keep_message(ask: Ask<KeepMessage>) -> Result<Themes, Refused> {
    let caller = ask.caller()?;
    let mut themes = store::read(&ask.app.db, caller.org()).await?;
    let KeepMessage { version, pillar, name, audiences, first, last, archived } = ask.body.clone();
    let id = ask.part("message")?;
    let message = themes.message(Message { id, version, pillar, name, audiences, first, last, archived })?;
    let place = themes.messages.iter().position(|one| one.id == message.id);
    if place.is_some_and(|place| themes.messages.get(place) == Some(&message)) {
        return Ok(themes);
    }
    let mut unit = Unit::new();
    store::keep_message(&mut unit, caller.org(), &message, ask.app.now());
    let kept = json!({ "what": "message_kept", "message": message, "name": message.name });
    write(&ask, caller, unit, kept, message.version).await?;
    put(&mut themes.messages, place, message);
    themes.messages.sort_by_key(|one| one.name.to_lowercase());
    Ok(themes)
}

fn put<T>(all: &mut Vec<T>, place: Option<usize>, one: T) {
    match place.and_then(|place| all.get_mut(place)) {
        Some(before) => *before = one,
        None => all.push(one),
    }
}

async fn write<Q>(ask: &Ask<Q>, caller: &Caller, mut unit: Unit, mut kept: Value, version: u64) -> Result<(), Refused> {
    kept["by"] = json!(caller.member);
    records::keep(&ask.app, &mut unit, caller.org(), Subject::Policy, &kept);
    match ask.app.db.commit(unit).await {
        Ok(_) => Ok(()),
        // Somebody was faster: with a change of the same, or with another one of that name.
        Err(StoreError::Guard) => Err(Refusal::Stale { current: version }.into()),
        Err(StoreError::Unique) => Err(Refusal::Doubled { field: "name".to_owned() }.into()),
        Err(error) => Err(error.into()),
    }
}
