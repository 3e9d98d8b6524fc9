//! Handlers of `wire::brand`. Each change is one new value of the whole, guarded by the version that it started from.

use domain::{MediaId, Refusal, json, record::Subject};
use wire::{
    Nothing,
    brand::{self as contract, Keep, View},
};

use crate::{
    answer::Refused,
    ask::{Api, Ask, mount},
    store::{StoreError, Unit, brand as store, records},
};

/// Mounts them.
pub fn mount_all(api: Api) -> Api {
    let api = mount(api, &contract::READ, read);
    mount(api, &contract::KEEP, keep)
}

async fn read(ask: Ask<Nothing>) -> Result<View, Refused> {
    Ok(store::read(&ask.app.db, ask.caller()?.org()).await?)
}

async fn keep(ask: Ask<Keep>) -> Result<View, Refused> {
    let (app, caller) = (&ask.app, ask.caller()?);
    let org = caller.org();
    let Keep { version, kit } = ask.body.clone();
    let kit = kit.parse()?;
    let mut media: Vec<&MediaId> = kit.pieces.iter().map(|piece| &piece.media).collect();
    media.sort();
    media.dedup();
    let ((current, standing), known) = store::before(&app.db, org, &media).await?;
    // The same form, sent twice.
    if standing == kit {
        return Ok(store::read(&app.db, org).await?);
    }
    if version != current {
        return Err(Refusal::Stale { current: current.into() }.into());
    }
    if known < media.len() {
        return Err(Refusal::NotFound.into());
    }
    let mut unit = Unit::new();
    store::write(&mut unit, org, current, &kit, app.now());
    let kept = json!({ "what": "brand_kept", "by": caller.member, "version": current + 1, "kit": kit });
    records::keep(app, &mut unit, org, Subject::Policy, &kept);
    match app.db.commit(unit).await {
        Ok(_) => Ok(store::read(&app.db, org).await?),
        // Somebody was faster: with another kit, or with deleting one of its pictures.
        Err(StoreError::Guard) => Err(Refusal::Stale { current: u64::from(current) + 1 }.into()),
        Err(error) => Err(error.into()),
    }
}
