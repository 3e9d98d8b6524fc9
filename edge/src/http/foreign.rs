//! Handlers of `wire::foreign`. What stands in the calendars of others is answered with the marks of the days, in `calendar`.

use domain::{Foreign, ForeignId, Refusal, json, record::Subject};
use wire::{
    Nothing,
    foreign::{self, ForeignView, KeepForeign},
};

use crate::{
    answer::Refused,
    ask::{Api, Ask, mount},
    foreign::fetch,
    outbound::Address,
    store::{
        StoreError, Unit,
        foreign::{self as store, Kept},
        records,
        throttle::{self, FETCHES, PLACES},
    },
};

/// Mounts them.
pub fn mount_all(api: Api) -> Api {
    let api = mount(api, &foreign::FOREIGN, list);
    let api = mount(api, &foreign::KEEP_FOREIGN, keep);
    let api = mount(api, &foreign::DROP_FOREIGN, take_away);
    mount(api, &foreign::FETCH_FOREIGN, fetch_now)
}

fn shown(all: Vec<Kept>) -> Vec<ForeignView> {
    all.into_iter().map(Kept::view).collect()
}

async fn list(ask: Ask<Nothing>) -> Result<Vec<ForeignView>, Refused> {
    Ok(shown(store::all(&ask.app.db, ask.caller()?.org()).await?))
}

async fn keep(ask: Ask<KeepForeign>) -> Result<Vec<ForeignView>, Refused> {
    let (caller, app) = (ask.caller()?, &ask.app);
    let org = caller.org();
    let before = store::all(&app.db, org).await?;
    let there: Vec<Foreign> = before.iter().map(|one| one.foreign.clone()).collect();
    let KeepForeign { version, name, address, on } = ask.body.clone();
    let address = Address::typed(&domain::foreign::address(&address)?)?;
    let wanted = Foreign { id: ask.part("foreign")?, version, name, address: address.as_str().to_owned(), on };
    let Some(foreign) = wanted.over(&there)? else {
        // The same form, sent twice.
        return Ok(shown(before));
    };
    let is_same = |one: &Foreign| one.id == foreign.id && one.address == foreign.address && one.on == foreign.on;
    let anew = !there.iter().any(is_same);
    if anew && foreign.on {
        throttle::count(app, PLACES, org.as_str()).await?;
    }
    let mut unit = Unit::new();
    store::keep(&mut unit, org, &foreign, anew, app.now());
    // The host alone: some addresses open their calendar to whoever knows them, and the record is for ever.
    let kept = json!({
        "what": "foreign_kept", "foreign": foreign.id, "version": foreign.version, "name": foreign.name,
        "host": address.host(), "on": foreign.on, "by": caller.member,
    });
    records::keep(app, &mut unit, org, Subject::Policy, &kept);
    match app.db.commit(unit).await {
        Ok(_) if anew && foreign.on => {
            Ok(shown(fetch(app, org, &caller.organisation.zone, &Kept::new(foreign)).await?))
        }
        Ok(_) => Ok(shown(store::all(&app.db, org).await?)),
        // Somebody was faster.
        Err(StoreError::Guard) => Err(Refusal::Stale { current: foreign.version }.into()),
        Err(StoreError::Unique) => Err(Refusal::Doubled { field: "name".to_owned() }.into()),
        Err(error) => Err(error.into()),
    }
}

async fn take_away(ask: Ask<Nothing>) -> Result<Vec<ForeignView>, Refused> {
    let (caller, app) = (ask.caller()?, &ask.app);
    let (org, id) = (caller.org(), ask.part::<ForeignId>("foreign")?);
    let mut all = store::all(&app.db, org).await?;
    let place = all.iter().position(|one| one.foreign.id == id).ok_or(Refusal::NotFound)?;
    let Foreign { name, .. } = all.remove(place).foreign;
    let mut unit = Unit::new();
    store::drop(&mut unit, org, &id);
    let kept = json!({ "what": "foreign_dropped", "foreign": id, "name": name, "by": caller.member });
    records::keep(app, &mut unit, org, Subject::Policy, &kept);
    app.db.commit(unit).await?;
    Ok(shown(all))
}

async fn fetch_now(ask: Ask<Nothing>) -> Result<Vec<ForeignView>, Refused> {
    let (caller, app) = (ask.caller()?, &ask.app);
    let id = ask.part::<ForeignId>("foreign")?;
    let (kept, zone) = store::find(&app.db, caller.org(), &id).await?.ok_or(Refusal::NotFound)?;
    throttle::count(app, FETCHES, id.as_str()).await?;
    Ok(shown(fetch(app, caller.org(), &zone, &kept).await?))
}
