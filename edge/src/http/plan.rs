//! Handlers of `wire::plan`. What audiences there are is kept with the other lists, in `campaigns`.

use chrono::Days;
use domain::{
    Promise, Refusal, hours, json,
    promise::{self, Saying, coverage, month_of, progress},
    record::Subject,
    window::{View, Window},
};
use wire::{
    Nothing,
    plan::{self, Around, KeepPromise, Plan, Stand},
};

use crate::{
    answer::Refused,
    ask::{Api, Ask, mount},
    store::{StoreError, Unit, plan as store, records},
    zones,
};

/// Mounts them.
pub fn mount_all(api: Api) -> Api {
    let api = mount(api, &plan::PLAN, stands);
    let api = mount(api, &plan::KEEP_PROMISE, keep);
    mount(api, &plan::DROP_PROMISE, take_back)
}

async fn stands(ask: Ask<Around>) -> Result<Plan, Refused> {
    let caller = ask.caller()?;
    let week = Window::around(View::Week, ask.body.day);
    let month = month_of(week);
    let zone = zones::zone(&caller.organisation.zone, ask.app.now())?;
    let (first, last) = (week.first().min(month.first()), week.last().max(month.last()));
    let (from, until) = (hours::midnight(first, &zone), hours::midnight(last + Days::new(1), &zone));
    let (mut promises, mut sayings, more) = store::stand(&ask.app.db, caller.org(), from, until).await?;
    // An agency is told of its own channels. All that stands there counts, also what goes elsewhere besides and is not
    // before its eyes: half a count would be a wrong one, and it tells no more than that the channel speaks.
    promises.retain(|promise| caller.access.reaches(&promise.channel));
    for Saying { on, .. } in &mut sayings {
        on.retain(|(channel, _)| caller.access.reaches(channel));
    }
    let stand = |window| Stand {
        promises: progress(&promises, &sayings, window, &zone),
        covers: coverage(&sayings, window, &zone),
    };
    Ok(Plan { week: stand(week), month: stand(month), promises, more })
}

async fn keep(ask: Ask<KeepPromise>) -> Result<Promise, Refused> {
    let caller = ask.caller()?;
    let before = store::ground(&ask.app.db, caller.org()).await?;
    let KeepPromise { version, channel, count, per, pillar, audience, first, last } = ask.body.clone();
    let wanted = Promise { id: ask.part("promise")?, version, channel, count, per, pillar, audience, first, last };
    let promise = promise::keep(&before.promises, &before.themes, &before.channels, wanted.clone())?;
    // The same form, sent twice.
    if before.promises.contains(&promise) {
        return Ok(promise);
    }
    let mut unit = Unit::new();
    store::keep(&mut unit, caller.org(), &promise, ask.app.now());
    let kept = json!({
        "what": "promise_kept", "promise": promise, "channel": promise.channel, "count": promise.count,
        "per": promise.per, "by": caller.member,
    });
    records::keep(&ask.app, &mut unit, caller.org(), Subject::Policy, &kept);
    match ask.app.db.commit(unit).await {
        Ok(_) => Ok(promise),
        // Somebody was faster, with a change of the same or with another of the kind: the rule says which.
        Err(StoreError::Guard) => {
            let now = store::ground(&ask.app.db, caller.org()).await?;
            let again = promise::keep(&now.promises, &now.themes, &now.channels, wanted);
            Err(again.err().unwrap_or(Refusal::Stale { current: promise.version }).into())
        }
        Err(error) => Err(error.into()),
    }
}

async fn take_back(ask: Ask<Nothing>) -> Result<Nothing, Refused> {
    let caller = ask.caller()?;
    let id = ask.part("promise")?;
    let before = store::ground(&ask.app.db, caller.org()).await?;
    let promise = before.promises.into_iter().find(|one| one.id == id).ok_or(Refusal::NotFound)?;
    let mut unit = Unit::new();
    store::drop(&mut unit, caller.org(), &promise);
    let kept = json!({
        "what": "promise_dropped", "promise": promise, "channel": promise.channel, "count": promise.count,
        "per": promise.per, "by": caller.member,
    });
    records::keep(&ask.app, &mut unit, caller.org(), Subject::Policy, &kept);
    match ask.app.db.commit(unit).await {
        Ok(_) => Ok(Nothing {}),
        Err(StoreError::Guard) => Err(Refusal::Stale { current: promise.version + 1 }.into()),
        Err(error) => Err(error.into()),
    }
}
