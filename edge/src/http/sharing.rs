//! Handlers of `wire::sharing`. What the addresses and links show is in `public::out`.

use domain::{
    Refusal, ShareId, json,
    record::Subject,
    share::{MOST, Share, expires, parse_name},
};
use wire::{
    Nothing,
    sharing::{self, Address, Feed, Made, MakeShare, Shared},
};

use crate::{
    answer::Refused,
    ask::{Api, Ask, mount},
    public::out,
    store::{StoreError, Unit, records, sharing as store},
};

/// Mounts them.
pub fn mount_all(api: Api) -> Api {
    let api = mount(api, &sharing::FEED, feed);
    let api = mount(api, &sharing::RENEW_FEED, renew_feed);
    let api = mount(api, &sharing::REVOKE_FEED, revoke_feed);
    let api = mount(api, &sharing::SHARES, shares);
    let api = mount(api, &sharing::MAKE_SHARE, make_share);
    mount(api, &sharing::REVOKE_SHARE, revoke_share)
}

async fn feed(ask: Ask<Nothing>) -> Result<Feed, Refused> {
    let caller = ask.caller()?;
    Ok(Feed { made: store::feed_made(&ask.app.db, caller.org(), &caller.member).await? })
}

async fn renew_feed(ask: Ask<Nothing>) -> Result<Address, Refused> {
    let caller = ask.caller()?;
    let secret = ask.app.secret();
    let mut unit = Unit::new();
    store::renew_feed(&mut unit, caller.org(), &caller.member, &secret, ask.app.now());
    let kept = json!({ "what": "feed_renewed", "by": caller.member });
    records::keep(&ask.app, &mut unit, caller.org(), Subject::Access, &kept);
    ask.app.db.commit(unit).await?;
    Ok(Address { path: out::feed_path(&secret) })
}

async fn revoke_feed(ask: Ask<Nothing>) -> Result<Nothing, Refused> {
    let caller = ask.caller()?;
    // Sent twice, it is told once.
    if store::feed_made(&ask.app.db, caller.org(), &caller.member).await?.is_some() {
        let mut unit = Unit::new();
        store::revoke_feed(&mut unit, caller.org(), &caller.member);
        let kept = json!({ "what": "feed_revoked", "by": caller.member });
        records::keep(&ask.app, &mut unit, caller.org(), Subject::Access, &kept);
        ask.app.db.commit(unit).await?;
    }
    Ok(Nothing {})
}

async fn shares(ask: Ask<Nothing>) -> Result<Vec<Shared>, Refused> {
    Ok(store::shares(&ask.app.db, ask.caller()?.org(), ask.app.now()).await?)
}

async fn make_share(ask: Ask<MakeShare>) -> Result<Made, Refused> {
    let caller = ask.caller()?;
    let (now, secret) = (ask.app.now(), ask.app.secret());
    let MakeShare { name, days, channel, campaign } = ask.body.clone();
    let share = Share {
        id: ShareId::from_bits(ask.app.bits()),
        name: parse_name(&name)?,
        by: caller.member.clone(),
        channel,
        campaign,
        made: now,
        expires: expires(days, now)?,
        revoked: None,
    };
    let mut unit = Unit::new();
    store::make_share(&mut unit, caller.org(), &share, &secret);
    let kept = json!({ "what": "calendar_shared", "share": share, "name": share.name, "by": caller.member });
    records::keep(&ask.app, &mut unit, caller.org(), Subject::Outside, &kept);
    match ask.app.db.commit(unit).await {
        Ok(_) => Ok(Made { id: share.id, address: Address { path: out::link_path(&secret) } }),
        // What it names is not there, or there are too many: which of the two is read.
        Err(StoreError::Guard) => Err(why_not(&ask, now).await?.into()),
        Err(error) => Err(error.into()),
    }
}

async fn why_not(ask: &Ask<MakeShare>, now: domain::Moment) -> Result<Refusal, Refused> {
    let all = store::shares(&ask.app.db, ask.caller()?.org(), now).await?;
    let open = all.iter().filter(|one| one.share.is_open(now)).count();
    let too_many = Refusal::TooLarge { field: "shares".to_owned(), limit: MOST as u64, length: open as u64 + 1 };
    Ok(if open < MOST { Refusal::NotFound } else { too_many })
}

async fn revoke_share(ask: Ask<Nothing>) -> Result<Nothing, Refused> {
    let caller = ask.caller()?;
    let id: ShareId = ask.part("share")?;
    let share = store::share(&ask.app.db, caller.org(), &id).await?.ok_or(Refusal::NotFound)?;
    if share.revoked.is_none() {
        let mut unit = Unit::new();
        store::revoke_share(&mut unit, caller.org(), &id, ask.app.now());
        let kept = json!({ "what": "calendar_share_revoked", "share": id, "name": share.name, "by": caller.member });
        records::keep(&ask.app, &mut unit, caller.org(), Subject::Outside, &kept);
        ask.app.db.commit(unit).await?;
    }
    Ok(Nothing {})
}
