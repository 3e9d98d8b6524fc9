//! Publications: what a person may do about one that failed, is held, in hand or unknown.

use domain::{
    Moment, PublicationId, Refusal, Slot, StageName,
    delivery::{ActState, Deed, Failure, FailureKind, Receipt},
    json,
    post::parse_reason,
    record::Subject,
};
use serde::Deserialize;
use wire::{
    Nothing,
    posts::PostView,
    publications::{self, ActView, PublicationView, Settle},
};

use super::posts::shown;
use crate::{
    answer::Refused,
    ask::{Api, Ask, mount},
    binds,
    caller::Caller,
    clock, jobs,
    store::{
        StoreError, Unit, acts, id,
        posts::{self as store, Whole},
        records,
    },
    zones,
};

/// Mounts them.
pub fn mount_all(api: Api) -> Api {
    let api = mount(api, &publications::RETRY, retry);
    let api = mount(api, &publications::GIVE_UP, give_up);
    let api = mount(api, &publications::LOOK, look);
    let api = mount(api, &publications::SETTLE, settle);
    mount(api, &publications::KIT, kit)
}

/// The publication that is named, its post, and the act that decides its state.
async fn find<Q>(ask: &Ask<Q>, caller: &Caller) -> Result<(Whole, PublicationView, ActView), Refused> {
    #[derive(Deserialize)]
    struct Row {
        post: String,
    }
    let publication: PublicationId = ask.part("publication")?;
    let sql = "SELECT post FROM publication WHERE org = ?1 AND id = ?2";
    let row: Option<Row> = ask.app.db.first(sql, binds![caller.org(), &publication]).await?;
    let post = id(&row.ok_or(Refusal::NotFound)?.post)?;
    let whole = store::whole(&ask.app.db, caller.org(), &post, ask.app.now()).await?.ok_or(Refusal::NotFound)?;
    if !caller.sees(whole.stored.post.content.targets.iter().map(|target| &target.channel)) {
        return Err(Refusal::OutOfReach.into());
    }
    let view = whole.publications.iter().find(|view| view.id == publication).cloned().ok_or(Refusal::NotFound)?;
    let open = |act: &&ActView| !matches!(act.state, ActState::Done { .. } | ActState::Cancelled { .. });
    let act = view.acts.iter().find(open).or(view.acts.last()).cloned().ok_or(Refusal::NotFound)?;
    Ok((whole, view, act))
}

async fn commit<Q>(ask: &Ask<Q>, caller: &Caller, whole: &Whole, unit: Unit) -> Result<PostView, Refused> {
    match ask.app.db.commit(unit).await {
        Ok(_) => shown(&ask.app, caller, &whole.stored.post.id).await,
        // Somebody, or the clock, was faster.
        Err(StoreError::Guard) => Err(Refusal::WrongState.into()),
        Err(error) => Err(error.into()),
    }
}

fn keep<Q>(
    ask: &Ask<Q>,
    caller: &Caller,
    unit: &mut Unit,
    (whole, view, act): (&Whole, &PublicationView, &ActView),
    did: serde_json::Value,
) {
    let body = json!({
        "post": whole.stored.post.id, "publication": view.id, "act": act.id, "channel": view.channel,
        "by": caller.member, "did": did,
    });
    records::keep(&ask.app, unit, caller.org(), Subject::Placement, &body);
}

/// Tries again what failed or was held: what is approved now, at its slot if that is still to come, else at once.
async fn retry(ask: Ask<publications::Why>) -> Result<PostView, Refused> {
    let caller = ask.caller()?;
    let reason = parse_reason(&ask.body.reason)?;
    let (whole, view, act) = find(&ask, caller).await?;
    if caller.organisation.pause.is_some() {
        return Err(Refusal::Paused.into());
    }
    let post = &whole.stored.post;
    if !matches!(post.stage.name(), StageName::Placed | StageName::Out) {
        return Err(Refusal::WrongStage.into());
    }
    let now = ask.app.now();
    let window = caller.organisation.policy.window;
    let slot = post.stage.slot().map_or(now, |slot| slot.at);
    let due: Moment = slot.max(now);
    // A retry publishes: whoever may not place it now may not retry it now either. Taking down needs nobody's leave.
    if act.deed != Deed::Delete {
        let approval = post.stage.approval().ok_or(Refusal::NotApproved)?;
        let zone = zones::zone(&caller.organisation.zone, now)?;
        approval.lets(&post.content.hash(), &Slot::now(&zone, window, due), &caller.member)?;
    }
    let mut unit = Unit::new();
    acts::move_on(
        &mut unit,
        caller.org(),
        &act.id,
        &["failed", "held"],
        &ActState::Waiting,
        Some(due),
        Some(due.plus(window)),
    );
    if let Some(rendition) = post.content.rendition(&view.channel, &view.language) {
        acts::carry(&mut unit, caller.org(), &act.id, &post.content.hash(), &rendition);
    }
    keep(&ask, caller, &mut unit, (&whole, &view, &act), json!({ "retry": reason }));
    let answer = commit(&ask, caller, &whole, unit).await?;
    clock::hand_over(&ask.app, 1).await?;
    Ok(answer)
}

async fn give_up(ask: Ask<publications::Why>) -> Result<PostView, Refused> {
    let caller = ask.caller()?;
    let reason = parse_reason(&ask.body.reason)?;
    let (whole, view, act) = find(&ask, caller).await?;
    let state = ActState::Cancelled { by: Some(caller.member.clone()), reason: reason.clone() };
    let mut unit = Unit::new();
    acts::move_on(&mut unit, caller.org(), &act.id, &["waiting", "failed", "held"], &state, None, None);
    keep(&ask, caller, &mut unit, (&whole, &view, &act), json!({ "given_up": reason }));
    commit(&ask, caller, &whole, unit).await
}

/// Only the act that decides the publication's state is read before: the whole post is read once, afterwards.
async fn look(ask: Ask<Nothing>) -> Result<PostView, Refused> {
    let caller = ask.caller()?;
    let publication: PublicationId = ask.part("publication")?;
    let loaded = acts::load_open(&ask.app.db, caller.org(), &publication).await?.ok_or(Refusal::NotFound)?;
    if !matches!(loaded.state, ActState::Unknown { .. }) {
        return Err(Refusal::WrongState.into());
    }
    jobs::look_now(&ask.app, caller.org(), &loaded).await?;
    shown(&ask.app, caller, &loaded.post).await
}

async fn settle(ask: Ask<Settle>) -> Result<PostView, Refused> {
    let caller = ask.caller()?;
    let (whole, view, act) = find(&ask, caller).await?;
    let channel = whole.channels.iter().find(|channel| channel.id == view.channel).ok_or(Refusal::NotFound)?;
    let now = ask.app.now();
    // By hand is publishing too: where writing, agreeing and publishing are kept apart, the hand is another's.
    if matches!(
        (&ask.body, &act.state, act.deed),
        (Settle::Out { .. }, ActState::InHand { .. }, Deed::Create | Deed::Edit)
    ) {
        whole.stored.post.stage.approval().map_or(Ok(()), |approval| approval.may_publish(&caller.member))?;
    }
    let state = match &ask.body {
        Settle::Out { address } => {
            if !channel.owns_link(address) {
                return Err(Refusal::ForeignLink.into());
            }
            let (native_id, address) = (address.clone(), Some(address.clone()));
            ActState::Done {
                receipt: Receipt { at: now, native_id, address, revision: None, by: Some(caller.member.clone()) },
            }
        }
        Settle::NotOut { reason } => {
            let message = parse_reason(reason)?;
            ActState::Failed { failure: Failure { kind: FailureKind::NotDone, message, status: None } }
        }
    };
    let mut unit = Unit::new();
    acts::move_on(&mut unit, caller.org(), &act.id, &["unknown", "in_hand"], &state, None, None);
    let subject = if matches!(state, ActState::Done { .. }) { Subject::Publication } else { Subject::Incident };
    let rendition = whole.stored.post.content.rendition(&view.channel, &view.language);
    let body = json!({
        "post": whole.stored.post.id, "publication": view.id, "act": act.id, "channel": view.channel, "network": view.network,
        "deed": act.deed, "rendition": rendition, "state": state, "by": caller.member,
    });
    records::keep(&ask.app, &mut unit, caller.org(), subject, &body);
    commit(&ask, caller, &whole, unit).await
}

async fn kit(ask: Ask<Nothing>) -> Result<publications::Kit, Refused> {
    let caller = ask.caller()?;
    let (whole, view, act) = find(&ask, caller).await?;
    let ActState::InHand { since } = act.state else { return Err(Refusal::WrongState.into()) };
    let channel = whole.channels.iter().find(|channel| channel.id == view.channel).ok_or(Refusal::NotFound)?;
    let rendition = whole.stored.post.content.rendition(&view.channel, &view.language).ok_or(Refusal::NotFound)?;
    Ok(publications::Kit {
        post: whole.stored.post.id.clone(),
        channel: channel.name.clone(),
        network: view.network,
        address: channel.address.clone(),
        text: rendition.as_sent(view.network),
        rendition,
        since,
        duty: caller.organisation.policy.duty.clone(),
    })
}
