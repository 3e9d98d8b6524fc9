//! Publications: what a person may do about one that failed, is held, in hand or unknown.

use domain::{
    Channel, Moment, PublicationId, Refusal, Rendition, Slot, StageName,
    delivery::{ActState, Deed, Failure, FailureKind, Hold, Receipt},
    json, pin,
    policy::Finding,
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
    rights::{Rights, findings, held_back},
    store::{
        StoreError, Unit,
        acts::{self, FollowUp},
        allowances, consents, id, pins,
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

/// The publication that is named, its post, and the act that a person may do something about.
async fn find<Q>(ask: &Ask<Q>, caller: &Caller) -> Result<(Whole, PublicationView, ActView), Refused> {
    let (whole, view, act, _) = find_sent(ask, caller).await?;
    Ok((whole, view, act))
}

/// The same, with what that act carries: whatever is agreed to by now, of what was sent this is what may be out.
async fn find_sent<Q>(
    ask: &Ask<Q>,
    caller: &Caller,
) -> Result<(Whole, PublicationView, ActView, Option<Rendition>), Refused> {
    #[derive(Deserialize)]
    struct Row {
        post: String,
        act: Option<String>,
        rendition: Option<String>,
    }
    let publication: PublicationId = ask.part("publication")?;
    let sql = [
        "SELECT p.post, a.id AS act, a.rendition FROM publication p LEFT JOIN act a ON a.org = p.org AND a.id = (",
        acts::OPEN,
        ") WHERE p.org = ?1 AND p.id = ?2",
    ];
    let row: Option<Row> = ask.app.db.first(&sql.concat(), binds![caller.org(), &publication]).await?;
    let row = row.ok_or(Refusal::NotFound)?;
    let post = id(&row.post)?;
    let whole = store::whole(&ask.app.db, caller.org(), &post, ask.app.now()).await?.ok_or(Refusal::NotFound)?;
    if !caller.sees(whole.stored.post.content.targets.iter().map(|target| &target.channel)) {
        return Err(Refusal::OutOfReach.into());
    }
    let view = whole.publications.iter().find(|view| view.id == publication).cloned().ok_or(Refusal::NotFound)?;
    let act = view.open().cloned().ok_or(Refusal::NotFound)?;
    // In between, another may have become the one that is asked about.
    let sent = row.rendition.filter(|_| row.act.as_deref() == Some(act.id.as_str()));
    let sent: Option<Rendition> = sent.as_deref().map(crate::store::json).transpose()?;
    Ok((whole, view, act, sent))
}

/// What goes out by a publication.
struct Going {
    /// Part by part.
    parts: Vec<Rendition>,
    /// The first comment.
    comment: Option<Rendition>,
}

impl Going {
    fn of(whole: &Whole, view: &PublicationView) -> Self {
        let rendition = whole.stored.post.content.rendition(&view.channel, &view.language);
        let parts = rendition.as_ref().map(|rendition| rendition.parts(view.network)).unwrap_or_default();
        Self { parts, comment: rendition.and_then(|rendition| rendition.first_comment(view.network)) }
    }

    /// What an act brings out.
    fn by(&self, act: &ActView) -> Option<&Rendition> {
        match act.deed {
            Deed::Comment => self.comment.as_ref(),
            _ => self.parts.get((act.part as usize).checked_sub(1)?),
        }
    }
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
        let slot = Slot::now(&zone, window, due);
        approval.lets(&post.content.hash(), &slot, &caller.member)?;
        // Nor what somebody in a picture took back.
        free(caller, &whole, &view, whole.rights(Some(&slot), now))?;
    }
    let mut unit = Unit::new();
    if act.deed != Deed::Delete {
        consents::still(&mut unit, caller.org(), &whole.known);
        // Nor what is being taken down.
        unit.expect(
            "NOT EXISTS (SELECT 1 FROM act WHERE org = ?1 AND publication = ?2 AND deed = 'delete' AND state <> 'cancelled')",
            binds![caller.org(), &view.id],
        );
    }
    acts::move_on(
        &mut unit,
        caller.org(),
        &act.id,
        &["failed", "held"],
        &ActState::Waiting,
        Some(due),
        Some(due.plus(window)),
    );
    let going = Going::of(&whole, &view);
    if act.deed != Deed::Delete && (view.parts() > 1 || view.has_comment()) {
        // Before what is carried: a correction is known by the content that it had.
        acts::follow_on(&mut unit, caller.org(), &view.id, &act.id, due, due.plus(window));
        let is_behind = |one: &&ActView| match one.deed {
            Deed::Comment => act.deed == Deed::Create,
            deed => deed == act.deed && one.part > act.part,
        };
        let behind = view.acts.iter().filter(is_behind);
        let behind: Vec<_> = behind.filter_map(|one| Some((&one.id, going.by(one)?))).collect();
        acts::carry_all(&mut unit, caller.org(), &post.content.hash(), &behind);
    }
    if let Some(rendition) = going.by(&act) {
        acts::carry(&mut unit, caller.org(), &act.id, &post.content.hash(), rendition);
    }
    // Whoever asks again wants the network's answer of now, not ours from what it said before.
    allowances::ask_again(&mut unit, caller.org(), &view.channel);
    keep(&ask, caller, &mut unit, (&whole, &view, &act), json!({ "retry": reason }));
    let answer = commit(&ask, caller, &whole, unit).await?;
    hand_over(&ask).await;
    Ok(answer)
}

/// What waits now goes out at once. It is decided and written: what is not handed over here, the next tick finds.
async fn hand_over<Q>(ask: &Ask<Q>) {
    if let Err(trouble) = clock::hand_over(&ask.app, 1).await {
        worker::console_error!("hand over: {trouble}");
    }
}

/// Whether the library holds nothing of it back on that channel.
fn free(caller: &Caller, whole: &Whole, view: &PublicationView, rights: Rights<'_>) -> Result<(), Refused> {
    let found = findings(&caller.organisation, &whole.stored.post.content, &whole.channels, rights);
    let here = |finding: &&Finding| finding.place.channel.as_ref().is_none_or(|channel| *channel == view.channel);
    let is_free = held_back(&found, &whole.stored.waivers).all(|finding| !here(&finding));
    if is_free { Ok(()) } else { Err(Refused::blocked(found)) }
}

async fn give_up(ask: Ask<publications::Why>) -> Result<PostView, Refused> {
    let caller = ask.caller()?;
    let reason = parse_reason(&ask.body.reason)?;
    let (whole, view, act) = find(&ask, caller).await?;
    let state = ActState::Cancelled { by: Some(caller.member.clone()), reason: reason.clone() };
    let mut unit = Unit::new();
    acts::give_up(&mut unit, caller.org(), &act.id, &state, ask.app.now());
    if act.deed != Deed::Delete {
        acts::give_up_behind(&mut unit, caller.org(), &view.id, &act.id, &state);
    } else {
        stays_up(&ask, caller, &mut unit, (&whole, &view));
    }
    keep(&ask, caller, &mut unit, (&whole, &view, &act), json!({ "given_up": reason }));
    commit(&ask, caller, &whole, unit).await
}

/// What readers go on seeing after all is what is agreed to, and all of it, or a person is asked: a takedown puts aside what was still to
/// come and corrections, and none is laid down while it stands.
fn stays_up<Q>(ask: &Ask<Q>, caller: &Caller, unit: &mut Unit, (whole, view): (&Whole, &PublicationView)) {
    let now = ask.app.now();
    acts::ask_about_the_rest(unit, caller.org(), &view.id, (now, now.plus(caller.organisation.policy.window)));
    if !view.network.can_edit() {
        return;
    }
    let parts = Going::of(whole, view).parts;
    let content_hash = whole.stored.post.content.hash();
    let follow = FollowUp {
        deed: Deed::Edit,
        content_hash: &content_hash,
        what: (1..).zip(parts).map(|(part, rendition)| (view.id.clone(), part, rendition)).collect(),
        window: caller.organisation.policy.window,
        held: Some(Hold::StaysUp),
        is_owed: true,
    };
    acts::follow_up(&ask.app, unit, caller.org(), &whole.stored.post.id, follow);
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

/// Whether an act is a correction behind which a newer one of the same part stands.
fn is_superseded(view: &PublicationView, act: &ActView) -> bool {
    let mut edits = view.acts.iter().filter(|one| one.deed == Deed::Edit && one.part == act.part);
    let last = edits.rfind(|one| !matches!(one.state, ActState::Cancelled { .. }));
    act.deed == Deed::Edit && last.is_some_and(|last| last.id != act.id)
}

/// What the network calls what a correction was made of, where somebody says that it stands at the same address still: what follows
/// is done to that. Of what stands elsewhere, and was put there anew, only the link is known.
fn known_as(view: &PublicationView, act: &ActView, address: Option<&str>) -> Option<String> {
    let same = |one: &str, other: &str| one.trim_end_matches('/') == other.trim_end_matches('/');
    let before = view.acts.iter().rev().find_map(|one| match &one.state {
        ActState::Done { receipt } if one.part == act.part && matches!(one.deed, Deed::Create | Deed::Edit) => {
            Some(receipt)
        }
        _ => None,
    })?;
    let stands = before.address.as_deref().zip(address).is_some_and(|(was, is)| same(was, is));
    (act.deed == Deed::Edit && stands).then(|| before.native_id.clone())
}

async fn settle(ask: Ask<Settle>) -> Result<PostView, Refused> {
    let caller = ask.caller()?;
    let (whole, view, act, sent) = find_sent(&ask, caller).await?;
    let channel = whole.channels.iter().find(|channel| channel.id == view.channel).ok_or(Refusal::NotFound)?;
    let now = ask.app.now();
    // By hand is publishing too: where writing, agreeing and publishing are kept apart, the hand is another's.
    if matches!(
        (&ask.body, &act.state, act.deed),
        (Settle::Out { .. }, ActState::InHand { .. }, Deed::Create | Deed::Edit | Deed::Comment)
    ) {
        whole.stored.post.stage.approval().map_or(Ok(()), |approval| approval.may_publish(&caller.member))?;
    }
    let going = Going::of(&whole, &view);
    // What a person put there by hand; what is taken down says nothing any more.
    let by_hand = going.by(&act).filter(|_| matches!(act.state, ActState::InHand { .. }) && act.deed != Deed::Delete);
    let state = match &ask.body {
        Settle::Out { address, kit } => {
            // A newer correction is in the kit of now. What is out is theirs to put right: the engine changes nothing there.
            if by_hand.zip(kit.as_ref()).is_some_and(|(now, had)| now.hash() != *had) {
                return Err(Refusal::OtherKit.into());
            }
            let address = channel.said_to_be_at(address).ok_or(Refusal::ForeignLink)?.map(ToOwned::to_owned);
            // What has no address has no name either but ours.
            let native_id = known_as(&view, &act, address.as_deref())
                .or_else(|| address.clone())
                .unwrap_or_else(|| act.id.to_string());
            ActState::Done {
                receipt: Receipt {
                    at: now,
                    native_id,
                    address,
                    revision: None,
                    by: Some(caller.member.clone()),
                    poster: None,
                    unmentioned: Vec::new(),
                },
            }
        }
        // It was to be taken down, and there is nothing to take down.
        Settle::NotOut { reason } if act.deed != Deed::Delete && view.is_leaving() => {
            ActState::Cancelled { by: Some(caller.member.clone()), reason: parse_reason(reason)? }
        }
        // A newer correction stands behind it, and goes now.
        Settle::NotOut { reason } if is_superseded(&view, &act) => {
            ActState::Cancelled { by: Some(caller.member.clone()), reason: parse_reason(reason)? }
        }
        Settle::NotOut { reason } => {
            let message = parse_reason(reason)?;
            ActState::Failed { failure: Failure { kind: FailureKind::NotDone, message, status: None } }
        }
    };
    let mut unit = Unit::new();
    acts::move_on(&mut unit, caller.org(), &act.id, &["unknown", "in_hand"], &state, None, None);
    // Somebody has just put it there by hand: what comes behind it has its whole window from now on.
    if let (ActState::Done { .. }, Some(rendition)) = (&state, by_hand) {
        let content_hash = whole.stored.post.content.hash();
        // Unless a correction was agreed to while they said so.
        unit.expect(
            "(SELECT content_hash FROM post WHERE org = ?1 AND id = ?2) = ?3",
            binds![caller.org(), &whole.stored.post.id, &content_hash],
        );
        let window = caller.organisation.policy.window;
        acts::follow_on(&mut unit, caller.org(), &view.id, &act.id, now, now.plus(window));
        // The kit says what is agreed to now, whatever it was when it was handed over.
        acts::carry(&mut unit, caller.org(), &act.id, &content_hash, rendition);
    }
    if matches!((&state, act.deed), (ActState::Failed { .. }, Deed::Create)) {
        acts::nothing_to_correct(&mut unit, caller.org(), &view.id, act.part);
    }
    // Of what nobody knew, the record says what was sent, and not what is agreed to by now.
    let said = match act.state {
        ActState::InHand { .. } => going.by(&act),
        _ => sent.as_ref(),
    };
    let subject = if matches!(state, ActState::Done { .. }) { Subject::Publication } else { Subject::Incident };
    let mut body = json!({
        "post": whole.stored.post.id, "publication": view.id, "act": act.id, "channel": view.channel, "network": view.network,
        "deed": act.deed, "rendition": said, "state": state, "by": caller.member,
    });
    pinned(&mut unit, caller, (&view, &act), channel, (said, &state), now);
    let is_thread = view.parts() > 1;
    if is_thread {
        (body["part"], body["parts"]) = (act.part.into(), view.parts().into());
    }
    records::keep(&ask.app, &mut unit, caller.org(), subject, &body);
    let answer = commit(&ask, caller, &whole, unit).await?;
    if is_thread || view.has_comment() {
        hand_over(&ask).await;
    }
    Ok(answer)
}

/// What was put there by hand is pinned all the same, where its link says what it is called and we are let in; what was taken down by
/// hand is pinned no more. The next tick sends it.
fn pinned(
    unit: &mut Unit,
    caller: &Caller,
    (view, act): (&PublicationView, &ActView),
    channel: &Channel,
    (said, state): (Option<&Rendition>, &ActState),
    now: Moment,
) {
    let ActState::Done { receipt } = state else { return };
    if !pin::is_offered(view.network) {
        return;
    }
    let (what, reached) = ((&view.id, &view.channel), (&act.id, state));
    match act.deed {
        Deed::Create if said.is_some_and(|rendition| rendition.pin) => {
            // Where a person publishes by hand, the kit asked them to pin it: nothing is known of whether they did.
            match pin::message_of(&receipt.native_id) {
                _ if channel.assisted => {}
                Some(message) => pins::want(unit, caller.org(), what, message, reached, now),
                None => pins::miss(unit, caller.org(), what, &receipt.native_id, reached),
            }
        }
        Deed::Delete => pins::forget(unit, caller.org(), &view.id, reached),
        _ => {}
    }
}

async fn kit(ask: Ask<Nothing>) -> Result<publications::Kit, Refused> {
    let caller = ask.caller()?;
    let (whole, view, act) = find(&ask, caller).await?;
    let ActState::InHand { since } = act.state else { return Err(Refusal::WrongState.into()) };
    if act.deed != Deed::Delete {
        free(caller, &whole, &view, whole.rights(None, ask.app.now()))?;
    }
    let channel = whole.channels.iter().find(|channel| channel.id == view.channel).ok_or(Refusal::NotFound)?;
    let going = Going::of(&whole, &view);
    let rendition = going.by(&act).cloned().ok_or(Refusal::NotFound)?;
    let is_comment = act.deed == Deed::Comment;
    let before = if is_comment { act.part } else { act.part - 1 };
    let above = view.acts.iter().rev().find_map(|one| match &one.state {
        ActState::Done { receipt } if one.part == before && matches!(one.deed, Deed::Create | Deed::Edit) => {
            receipt.address.clone()
        }
        _ => None,
    });
    // It is told before, so that whoever publishes by hand knows that more is coming.
    let comment = going.comment.filter(|_| act.deed == Deed::Create).map(|comment| comment.as_sent(view.network));
    Ok(publications::Kit {
        post: whole.stored.post.id.clone(),
        channel: channel.name.clone(),
        network: view.network,
        address: channel.address.clone(),
        hash: rendition.hash(),
        text: rendition.as_sent(view.network),
        rendition,
        since,
        part: (view.parts() > 1).then(|| (act.part, view.parts())),
        above,
        is_comment,
        comment,
        duty: caller.organisation.policy.duty.clone(),
    })
}
