//! Handlers of `wire::notices`: what one was told, how one wants to be told, and the devices that listen.

use std::collections::BTreeSet;

use domain::{
    Moment, NoticeId, Organisation, Refusal, SubscriptionId, json,
    record::Subject,
    telling::{Choices, Way},
    text::line,
};
use serde::Deserialize;
use wire::{
    Nothing, Page,
    notices::{self, Allow, Chosen, Delivery, NoticeRow, Push, Query, Subscribe, Tested, Unread, Until},
};
use words::Lang;

use super::organisations::write_policy;
use crate::{
    answer::Refused,
    app::App,
    ask::{Api, Ask, mount},
    caller::Caller,
    mail,
    push::{self, Message, Sender, Urgency},
    store::{
        StoreError, Unit,
        telling::{self as store, Cursor, Listener, Read},
        throttle,
    },
    telling,
};

/// Mounts them.
pub fn mount_all(api: Api) -> Api {
    let api = mount(api, &notices::LIST, list);
    let api = mount(api, &notices::READ, read);
    let api = mount(api, &notices::READ_ALL, read_all);
    let api = mount(api, &notices::CHOICES, choices);
    let api = mount(api, &notices::CHOOSE, choose);
    let api = mount(api, &notices::PUSH, push);
    let api = mount(api, &notices::SUBSCRIBE, subscribe);
    let api = mount(api, &notices::UNSUBSCRIBE, unsubscribe);
    let api = mount(api, &notices::TEST, test);
    mount(api, &notices::ALLOW, allow)
}

/// A list shows so many at a time.
const PAGE: u32 = 30;

/// What a holder may call a device.
const LABEL: usize = 60;

async fn list(ask: Ask<Query>) -> Result<Page<NoticeRow>, Refused> {
    let caller = ask.caller()?;
    let malformed = || Refusal::Malformed { field: "cursor".to_owned() };
    let after = ask.body.cursor.as_deref().map(|text| from_cursor(text).ok_or_else(malformed)).transpose()?;
    let items = store::list(&ask.app.db, caller.org(), &caller.member, after.as_ref(), PAGE).await?;
    let next = items.last().filter(|_| items.len() == PAGE as usize);
    let next = next.map(|last| format!("{}-{}", last.at.0, last.id));
    Ok(Page { items, next, left: None })
}

fn from_cursor(text: &str) -> Option<Cursor> {
    let (at, notice) = text.split_once('-')?;
    Some(Cursor(Moment(at.parse().ok()?), notice.parse().ok()?))
}

async fn read(ask: Ask<Nothing>) -> Result<Unread, Refused> {
    #[derive(Deserialize)]
    struct Found {
        found: u8,
    }
    let (caller, notice) = (ask.caller()?, ask.part::<NoticeId>("notice")?);
    let (org, member) = (caller.org(), &caller.member);
    let queries = vec![
        store::found_query(org, member, &notice),
        store::read_query(org, member, Read::One(&notice), ask.app.now()),
        store::unread_query(org, member),
    ];
    let answers = ask.app.db.many(queries).await?;
    let [found, _, unread] = answers.as_slice() else { return Err(Refusal::Unavailable.into()) };
    if found.results::<Found>()?.iter().all(|row| row.found == 0) {
        return Err(Refusal::NotFound.into());
    }
    Ok(Unread { unread: store::unread(unread)? })
}

async fn read_all(ask: Ask<Until>) -> Result<Unread, Refused> {
    let caller = ask.caller()?;
    let (org, member) = (caller.org(), &caller.member);
    let queries = vec![
        store::read_query(org, member, Read::Until(ask.body.until), ask.app.now()),
        store::unread_query(org, member),
    ];
    let answers = ask.app.db.many(queries).await?;
    Ok(Unread { unread: answers.get(1).map(store::unread).transpose()?.unwrap_or_default() })
}

async fn choices(ask: Ask<Nothing>) -> Result<Chosen, Refused> {
    let caller = ask.caller()?;
    chosen(&ask.app, caller).await
}

async fn chosen(app: &App, caller: &Caller) -> Result<Chosen, Refused> {
    let (choices, address, devices) = store::chosen(&app.db, caller.org(), &caller.member).await?;
    let reach = [(Way::Mail, address && mail::is_there(app)), (Way::Push, devices)];
    let reach: BTreeSet<Way> = reach.into_iter().filter(|(_, there)| *there).map(|(way, _)| way).collect();
    Ok(Chosen { choices, allowed: caller.organisation.policy.telling.clone(), reach })
}

async fn choose(ask: Ask<Choices>) -> Result<Chosen, Refused> {
    let (caller, app) = (ask.caller()?, &ask.app);
    let choices = ask.body.clone().parse(&caller.organisation.policy.telling)?;
    let mut unit = Unit::new();
    store::choose(&mut unit, caller.org(), &caller.member, &choices, app.now());
    app.db.commit(unit).await?;
    chosen(app, caller).await
}

async fn push(ask: Ask<Nothing>) -> Result<Push, Refused> {
    let caller = ask.caller()?;
    shown(&ask.app, caller).await
}

async fn shown(app: &App, caller: &Caller) -> Result<Push, Refused> {
    let key = Sender::of(app, caller.org()).await?.public()?;
    let devices = store::listeners_of(&app.db, caller.org(), &caller.member).await?;
    Ok(Push { key, devices: devices.iter().map(Listener::shown).collect() })
}

async fn subscribe(ask: Ask<Subscribe>) -> Result<Push, Refused> {
    let (caller, app, body) = (ask.caller()?, &ask.app, &ask.body);
    let malformed = |field: &str| Refusal::Malformed { field: field.to_owned() };
    push::check(&body.endpoint, &body.p256dh, &body.auth).await?;
    let lang = Lang::of_tag(&body.lang).ok_or_else(|| malformed("lang"))?;
    let new = Listener {
        id: SubscriptionId::from_bits(app.bits()),
        endpoint: body.endpoint.clone(),
        p256dh: body.p256dh.clone(),
        auth: body.auth.clone(),
        label: line::name(&body.label, "label", LABEL)?,
        lang: lang.tag().to_owned(),
        at: app.now(),
        used: None,
    };
    let (org, member) = (caller.org(), &caller.member);
    let devices = store::listeners_of(&app.db, org, member).await?;
    let others = devices.iter().filter(|device| device.endpoint != new.endpoint).count();
    if others >= telling::MOST_DEVICES {
        let limit = telling::MOST_DEVICES as u64;
        return Err(Refusal::TooLarge { field: "devices".to_owned(), limit, length: limit + 1 }.into());
    }
    let mut unit = Unit::new();
    store::listen(&mut unit, org, member, &new);
    match app.db.commit(unit).await {
        Ok(_) => shown(app, caller).await,
        Err(StoreError::Guard) => Err(Refusal::Doubled { field: "endpoint".to_owned() }.into()),
        Err(error) => Err(error.into()),
    }
}

async fn unsubscribe(ask: Ask<Nothing>) -> Result<Push, Refused> {
    let (caller, device) = (ask.caller()?, ask.part::<SubscriptionId>("subscription")?);
    let (sql, binds) = store::forget_query(caller.org(), &caller.member, &device);
    if ask.app.db.run(&sql, binds).await? == 0 {
        return Err(Refusal::NotFound.into());
    }
    shown(&ask.app, caller).await
}

/// A test says what every push says, so that whoever tries it sees what others will.
async fn test(ask: Ask<Nothing>) -> Result<Tested, Refused> {
    let (caller, app) = (ask.caller()?, &ask.app);
    throttle::count(app, throttle::PUSH_TESTS, caller.member.as_str()).await?;
    let (org, member, now) = (caller.org(), &caller.member, app.now());
    let devices = store::listeners_of(&app.db, org, member).await?;
    if devices.is_empty() {
        return Ok(Tested { devices: Vec::new() });
    }
    let mut sender = Sender::of(app, org).await?;
    let mut deliveries: Vec<(&Listener, Delivery)> = Vec::new();
    for device in devices.iter().take(telling::MOST_DEVICES) {
        let l = Lang::of_tag(&device.lang).unwrap_or_default();
        let message = Message {
            title: l.notices_push_test_title().to_owned(),
            body: l.notices_push_test_body().to_owned(),
            path: "/desk/notices".to_owned(),
            topic: "test".to_owned(),
            urgency: Urgency::High,
        };
        deliveries.push((device, sender.send(app, device, &message).await));
    }
    let mut unit = Unit::new();
    telling::settle(app, &mut unit, (org, member), &deliveries, now);
    app.db.commit(unit).await?;
    mail::soon(app);
    Ok(Tested { devices: deliveries.into_iter().map(|(device, delivery)| (device.shown(), delivery)).collect() })
}

async fn allow(ask: Ask<Allow>) -> Result<Organisation, Refused> {
    let (caller, app, body) = (ask.caller()?, &ask.app, &ask.body);
    let mut policy = caller.organisation.policy.clone();
    policy.telling = body.allowed.clone();
    let kept = json!({
        "what": "telling_changed", "by": caller.member, "version": body.version + 1, "allowed": body.allowed,
    });
    write_policy(app, caller, body.version, &policy, Subject::Policy, &kept).await
}
