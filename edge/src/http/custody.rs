//! Handlers of `wire::custody`.
//! A change is an entry of the record for each channel: whoever asks about one account reads of it there.

use std::collections::BTreeSet;

use domain::{
    ChannelId, Refusal,
    custody::{Custody, Handed, Handover},
    json,
    record::Subject,
};
use serde_json::Value;
use wire::{
    Nothing,
    custody::{self, Appoint, HandOver},
};

use crate::{
    answer::Refused,
    app::App,
    ask::{Api, Ask, mount},
    caller::Caller,
    store::{StoreError, Unit, custody as store, records},
};

/// Mounts them.
pub fn mount_all(api: Api) -> Api {
    let api = mount(api, &custody::CUSTODY, list);
    let api = mount(api, &custody::APPOINT, appoint);
    mount(api, &custody::HAND_OVER, hand_over)
}

async fn list(ask: Ask<Nothing>) -> Result<Vec<Custody>, Refused> {
    Ok(store::of_organisation(&ask.app.db, ask.caller()?.org(), ask.app.now()).await?.all)
}

async fn appoint(ask: Ask<Appoint>) -> Result<Vec<Custody>, Refused> {
    let (caller, app, id) = (ask.caller()?, &ask.app, ask.part::<ChannelId>("channel")?);
    let kept = store::of_organisation(&app.db, caller.org(), app.now()).await?;
    let custody = kept.all.iter().find(|custody| custody.channel == id).ok_or(Refusal::NotFound)?;
    let Appoint { before, custodians: after } = ask.body.clone();
    custody.appoint(&after, &kept.keepers, app.now())?;
    let stands: Vec<_> = custody.custodians.iter().map(|one| one.member.clone()).collect();
    // The same form, sent twice; who comes first means nothing.
    if same(&stands, &after) {
        return Ok(kept.all);
    }
    if !same(&stands, &before) {
        return Err(Refusal::CustodyElsewhere.into());
    }
    let Custody { channel, name, network, .. } = custody.clone();
    let named = Handed { channel, name, network, before, after, again: false };
    write(app, caller, &[named], "custodians_named", &Value::Null).await
}

async fn hand_over(ask: Ask<HandOver>) -> Result<Vec<Custody>, Refused> {
    let (caller, app) = (ask.caller()?, &ask.app);
    let kept = store::of_organisation(&app.db, caller.org(), app.now()).await?;
    let HandOver { handover, channels } = ask.body.clone();
    let mut handed = handover.list(&kept.all, &kept.keepers, app.now())?;
    handed.retain(Handed::moves);
    let moved: Vec<ChannelId> = handed.iter().map(|one| one.channel.clone()).collect();
    // What is agreed to is what was shown.
    if !same(&moved, &channels) {
        return Err(Refusal::CustodyElsewhere.into());
    }
    if handed.is_empty() {
        return Ok(kept.all);
    }
    let leaves = match &handover {
        Handover::One { from, .. } => json!(from),
        Handover::All { .. } => Value::Null,
    };
    write(app, caller, &handed, "handed_over", &leaves).await
}

/// Whether two lists name the same, in whatever order.
fn same<T: Ord>(one: &[T], other: &[T]) -> bool {
    one.len() == other.len() && one.iter().collect::<BTreeSet<_>>() == other.iter().collect::<BTreeSet<_>>()
}

/// Writes who answers from now on and an entry for each channel, and answers how it is then.
async fn write(
    app: &App,
    caller: &Caller,
    handed: &[Handed],
    change: &str,
    leaves: &Value,
) -> Result<Vec<Custody>, Refused> {
    let (org, now, mut unit) = (caller.org(), app.now(), Unit::new());
    store::write(&mut unit, org, handed, &caller.member, now);
    let entries = handed.iter().map(|Handed { channel, name, network, before, after, .. }| {
        let body = json!({
            "change": change, "channel": channel, "name": name, "network": network, "before": before,
            "custodians": after, "leaves": leaves, "by": caller.member,
        });
        (Subject::Channel, body)
    });
    records::keep_all(app, &mut unit, org, &entries.collect::<Vec<_>>());
    let queries = store::queries(org);
    let count = queries.len();
    for (sql, binds) in queries {
        unit.then(sql, binds);
    }
    match app.db.commit(unit).await {
        Ok(answers) => Ok(store::read(&answers[answers.len().saturating_sub(count)..], now)?.all),
        Err(StoreError::Guard) => Err(Refusal::CustodyElsewhere.into()),
        Err(error) => Err(error.into()),
    }
}
