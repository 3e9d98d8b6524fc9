//! Emergencies: the number to sign with, publishing now or asking for the second word, and answering. Separate from
//! deciding: nothing here is an approval, and what goes out this way is owed something.

use std::collections::BTreeSet;

use domain::{
    Act, Effect, EmergencyId, HealthState, MemberId, Millis, Moment, Notice, Post, PostId, Refusal, Role, Slot, Stage,
    circuit::Duties,
    emergency::{
        Before, Emergency, Owed, Request, Said,
        statement::{LIFETIME, Setting, Statement},
    },
    json,
    policy::{Finding, Mode, Waiver},
    post::parse_reason,
    record::Subject,
};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use wire::{
    Nothing, emergencies,
    posts::{PostView, Signed},
};

use super::{
    asking::Seen, at_version, bench, bench_of, decide, facts, findings, finish, networks, shown, whole, within_reach,
    write,
};
use crate::{
    answer::Refused,
    app::App,
    ask::Ask,
    binds,
    caller::Caller,
    clock,
    jobs::Job,
    perform,
    rights::held_back,
    store::{
        StoreError, Unit, acts,
        challenges::{self, Purpose},
        consents, emergencies as store,
        posts::{Bench, Stored, Whole},
        records,
    },
    zones,
};

/// What is remembered with a nonce: for whom and what it was drawn, and when.
#[derive(Serialize, Deserialize)]
struct Drawn {
    post: PostId,
    member: MemberId,
    emergency: EmergencyId,
    at: Moment,
}

/// Lists what waits for a word of the caller.
pub async fn pending(ask: Ask<Nothing>) -> Result<Vec<emergencies::Pending>, Refused> {
    let caller = ask.caller()?;
    let bench = bench(&ask, caller).await?;
    let answers = ask.app.db.many(vec![store::pending_query(caller.org())]).await?;
    let answer = answers.first().ok_or(Refusal::Unavailable)?;
    Ok(store::pending(answer, &caller.member, caller.role == Role::Administrator, &bench.people, bench.at)?)
}

/// Draws a number for one word in an emergency, and the identity of one that may come of it. Who may say what is asked
/// when it is said.
pub async fn nonce(ask: Ask<Nothing>) -> Result<emergencies::Item, Refused> {
    let (caller, app) = (ask.caller()?, &ask.app);
    let post = whole(&ask, caller).await?.stored.post.id;
    let (nonce, emergency) = (crate::codes::draw(), EmergencyId::from_bits(app.bits()));
    let options = decide::options(&ask, caller).await?;
    if options.is_some() {
        let drawn = Drawn { post, member: caller.member.clone(), emergency: emergency.clone(), at: app.now() };
        challenges::remember_as(app, Purpose::Emergency, nonce.as_str(), LIFETIME, &drawn).await?;
    }
    Ok(emergencies::Item { emergency, role: caller.role, nonce, options })
}

/// Everybody who wrote in it or submitted it.
fn hands(post: &Post) -> BTreeSet<MemberId> {
    let mut hands = post.hands.clone();
    if let Stage::InReview { round } = &post.stage {
        hands.insert(round.by.clone());
    }
    hands
}

/// Whether the circuit that it is in, or would go through, keeps writing, agreeing and publishing apart.
fn duties(whole: &Whole, found: &[Finding]) -> Duties {
    match &whole.stored.post.stage {
        Stage::InReview { round } => round.options.duties,
        _ => {
            let content = &whole.stored.post.content;
            whole.bylaws.circuit(&facts(whole, content, found, &Seen::of(whole, content))).options.duties
        }
    }
}

/// How the caller may publish it as an emergency now, if they may.
pub fn urgent(caller: &Caller, whole: &Whole, at: Moment) -> Option<Before> {
    let (protocol, post) = (whole.bylaws.emergency.as_ref()?, &whole.stored.post);
    if !matches!(post.stage, Stage::Draft { .. } | Stage::InReview { .. }) {
        return None;
    }
    let channels: Vec<_> = post.content.targets.iter().map(|target| target.channel.clone()).collect();
    if channels.is_empty() || protocol.lets_publish(&caller.member, &channels, &whole.people, at).is_err() {
        return None;
    }
    let wrote = hands(post).contains(&caller.member);
    let apart = wrote
        && duties(whole, &findings(&caller.organisation, &post.content, &whole.channels, whole.rights(None, at)))
            == Duties::Apart;
    (!apart).then_some(protocol.before)
}

/// What a network would refuse is refused in an emergency too, and a channel that is gone is gone.
fn check(caller: &Caller, whole: &Whole, at: Moment) -> Result<Vec<Finding>, Refused> {
    let content = &whole.stored.post.content;
    within_reach(caller, content, content)?;
    for target in &content.targets {
        let channel = whole.channels.iter().find(|channel| channel.id == target.channel).ok_or(Refusal::NotFound)?;
        if channel.health.state == HealthState::Disconnected {
            return Err(Refusal::ChannelUnfit.into());
        }
    }
    let found = findings(&caller.organisation, content, &whole.channels, whole.rights(None, at));
    if found.iter().any(|finding| finding.rule.is_physical()) {
        return Err(Refused::blocked(found));
    }
    Ok(found)
}

/// Publishes now, or asks for the second word. Six trips, the claim included.
pub async fn ask(ask: Ask<emergencies::Ask>) -> Result<PostView, Refused> {
    let (caller, app) = (ask.caller()?, &ask.app);
    let mut whole = whole(&ask, caller).await?;
    at_version(&whole, ask.body.version)?;
    let protocol = whole.bylaws.emergency.clone().ok_or(Refusal::NoProtocol)?;
    let post = whole.stored.post.clone();
    let bench = bench_of(app, caller, &whole)?;
    if !matches!(post.stage, Stage::Draft { .. } | Stage::InReview { .. }) {
        return Err(Refusal::WrongStage.into());
    }
    // The organisation's stop stops this too, and before anybody is called out of bed for it.
    if caller.organisation.pause.is_some() {
        return Err(Refusal::Paused.into());
    }
    let found = check(caller, &whole, bench.at)?;
    if post.content.destinations().next().is_none() {
        return Err(Refusal::Empty.into());
    }
    let asked = |one: &store::Stored| {
        let emergency = &one.emergency;
        matches!(emergency.owed(bench.at), Owed::Second { .. }) && emergency.content_hash == post.content.hash()
    };
    if whole.emergencies.iter().any(asked) {
        return Err(Refusal::Doubled { field: "emergency".to_owned() }.into());
    }
    let mut unit = Unit::new();
    let said =
        Saying { said: Said::Ask, reason: Some(parse_reason(&ask.body.reason)?), signed: ask.body.signed.as_ref() };
    let new = |id: EmergencyId| {
        let (hands, duties) = (hands(&post), duties(&whole, &found));
        let request = Request { id, post: &post.id, content: &post.content, hands, duties, reason: &ask.body.reason };
        Emergency::ask(&protocol, request, &caller.member, &bench.people, bench.at)
    };
    let (emergency, kept) = match &ask.body.signed {
        Some(signed) => {
            let (statement, drawn, key) = signature(app, caller, &post.id, signed).await?;
            let emergency = new(drawn.emergency.clone())?;
            let kept = prove(&ask, caller, &emergency, &said, (&statement, &drawn, key), &mut unit).await?;
            (emergency, Some(kept))
        }
        None if decide::is_excused(caller) => (new(EmergencyId::from_bits(app.bits()))?, None),
        None => return Err(Refusal::SignatureWanted.into()),
    };
    let rights: Vec<String> = held_back(&found, &whole.stored.waivers).map(Finding::fingerprint).collect();
    store::insert(&mut unit, caller.org(), &emergency, &rights, kept.as_ref(), bench.at);
    let body = json!({
        "what": "asked", "emergency": emergency, "content": post.content, "findings": found, "signed": kept,
    });
    records::keep(app, &mut unit, caller.org(), Subject::Emergency, &body);
    let to = emergency.answerers(&bench.people, bench.at);
    let out = emergency.covers(&emergency.content_hash).is_ok();
    if out {
        publish(&ask, caller, &mut unit, &mut whole, &emergency, found).await?;
        tell(&ask, caller, &mut unit, Notice::Ratification { post: post.id.clone(), to }).await?;
    } else {
        // The post counts it as a change: of two who ask at once, one is told that somebody was faster.
        let stored = Stored {
            post: Post { version: post.version + 1, ..post.clone() },
            changed: bench.at,
            round_due: post.next_ring(bench.now()),
            ..whole.stored.clone()
        };
        super::store::update(&mut unit, caller.org(), &stored, post.version, &caller.member, &whole.channels);
        tell(&ask, caller, &mut unit, Notice::Emergency { post: post.id.clone(), to }).await?;
    }
    let view = finish(&ask, caller, unit).await?;
    write_soon(app).await;
    if out {
        clock::hand_over(app, 1).await?;
    }
    Ok(view)
}

/// Gives the word that is owed.
pub async fn answer(ask: Ask<emergencies::Answer>) -> Result<PostView, Refused> {
    let (caller, app) = (ask.caller()?, &ask.app);
    let mut whole = whole(&ask, caller).await?;
    let id: EmergencyId = ask.part("emergency")?;
    let found = whole.emergencies.iter().find(|one| one.emergency.id == id).ok_or(Refusal::NotFound)?;
    let (before, known) = (found.emergency.clone(), found.rights.clone());
    let bench = bench_of(app, caller, &whole)?;
    let reason = ask.body.reason.as_deref();
    let no = || reason.ok_or(Refusal::ReasonWanted);
    let (by, people, at) = (&caller.member, &bench.people, bench.at);
    let hash = whole.stored.post.content.hash();
    let after = match ask.body.said {
        // It was asked already: asking is not answering.
        Said::Ask => return Err(Refusal::Malformed { field: "said".to_owned() }.into()),
        Said::Agree => before.clone().join(&hash, by, people, at)?,
        Said::Decline => before.clone().decline(by, no()?, people, at)?,
        Said::Ratify => before.clone().answer(by, None, people, at)?,
        Said::Disown => before.clone().answer(by, Some(no()?), people, at)?,
    };
    let spoken = match ask.body.said {
        Said::Decline | Said::Disown => reason.map(str::to_owned),
        _ => None,
    };
    let agreeing = ask.body.said == Said::Agree;
    if agreeing && caller.organisation.pause.is_some() {
        return Err(Refusal::Paused.into());
    }
    let mut unit = Unit::new();
    let said = Saying { said: ask.body.said, reason: spoken, signed: ask.body.signed.as_ref() };
    let kept = match said.signed {
        Some(signed) => {
            let (statement, drawn, key) = signature(app, caller, &whole.stored.post.id, signed).await?;
            Some(prove(&ask, caller, &before, &said, (&statement, &drawn, key), &mut unit).await?)
        }
        None if decide::is_excused(caller) => None,
        None => return Err(Refusal::SignatureWanted.into()),
    };
    let post = whole.stored.post.id.clone();
    store::update(&mut unit, caller.org(), before.owed(at), &after, (said.said, kept.as_ref()), at);
    let body = json!({
        "what": said.said, "emergency": after.id, "post": post, "by": by, "role": caller.role, "reason": said.reason,
        "content_hash": after.content_hash, "late": after.owed(at) == Owed::Nothing { late: true }, "signed": kept,
    });
    records::keep(app, &mut unit, caller.org(), Subject::Emergency, &body);
    let mut to = BTreeSet::from([after.first.by.clone()]);
    match said.said {
        Said::Agree => {
            let found = check(caller, &whole, bench.at)?;
            // The reason was written for what was held back then: a consent that was taken back since is not waived by it.
            let since = |finding: &Finding| !known.contains(&finding.fingerprint());
            if held_back(&found, &whole.stored.waivers).any(since) {
                return Err(Refused::blocked(found));
            }
            publish(&ask, caller, &mut unit, &mut whole, &after, found).await?;
        }
        Said::Disown => {
            to.extend(administrators(&bench));
            let step = whole.stored.post.clone().disown(&after)?;
            write(&ask, caller, &mut unit, &whole, step).await?;
            // What was told to be shown may be out: that is looked up, and taken down by whoever sees it then.
            acts::doubt_told(&mut unit, caller.org(), &post, app.now());
            acts::unwanted(&mut unit, caller.org(), &post);
            store::stop(&mut unit, caller.org(), &post, by, said.reason.as_deref().unwrap_or_default());
        }
        Said::Ask | Said::Decline | Said::Ratify => {}
    }
    to.remove(by);
    tell(&ask, caller, &mut unit, Notice::Answered { post: post.clone(), to }).await?;
    let view = match app.db.commit(unit).await {
        Ok(_) => shown(app, caller, &post).await?,
        Err(StoreError::Guard) => return Err(faster(&ask, caller, &before).await),
        Err(error) => return Err(error.into()),
    };
    write_soon(app).await;
    if agreeing {
        clock::hand_over(app, 1).await?;
    }
    Ok(view)
}

/// Why a guard did not hold: another word (or the clock) was first, or the post was changed meanwhile.
async fn faster<Q>(ask: &Ask<Q>, caller: &Caller, before: &Emergency) -> Refused {
    match whole(ask, caller).await {
        Ok(now) if now.emergencies.iter().any(|one| one.emergency == *before) => {
            Refusal::Stale { current: now.stored.post.version }.into()
        }
        Ok(_) => Refusal::WrongStage.into(),
        Err(refused) => refused,
    }
}

fn administrators(bench: &Bench) -> impl Iterator<Item = MemberId> {
    let colleagues = bench.people.colleagues.iter();
    colleagues.filter(|colleague| colleague.role == Role::Administrator).map(|colleague| colleague.id.clone())
}

/// Whoever is to answer is written to now and not with the next tick; by the queue, for this request has spent its trips.
async fn write_soon(app: &App) {
    clock::send(app, vec![(Job::Tell, Millis(0)), (Job::Mail, Millis(0))]).await;
}

async fn tell<Q>(ask: &Ask<Q>, caller: &Caller, unit: &mut Unit, notice: Notice) -> Result<(), Refused> {
    perform::apply(&ask.app, unit, &caller.organisation, vec![Effect::Notify(notice)]).await
}

/// What somebody says, as it is to be signed.
struct Saying<'a> {
    said: Said,
    reason: Option<String>,
    signed: Option<&'a Signed>,
}

type Signature = (Statement, Drawn, Option<decide::PasskeyRow>);

/// The statement, what was drawn with its number, and the passkey it names. Nothing is believed yet, but that the
/// number was drawn for this member and this post.
async fn signature(app: &App, caller: &Caller, post: &PostId, signed: &Signed) -> Result<Signature, Refused> {
    let statement = Statement::parse(&signed.statement)?;
    // A word in an emergency is said by itself.
    if !signed.together.is_empty() {
        return Err(Refusal::Malformed { field: "together".to_owned() }.into());
    }
    let number = (Purpose::Emergency, statement.nonce.as_str());
    let (drawn, key): (Drawn, _) = decide::drawn(app, caller, number, signed).await?;
    if (&drawn.post, &drawn.member) != (post, &caller.member) {
        return Err(Refusal::SpentLink.into());
    }
    Ok((statement, drawn, key))
}

/// Checks that the statement says what is being done and that the passkey signed it; answers what is kept of it.
async fn prove<Q>(
    ask: &Ask<Q>,
    caller: &Caller,
    emergency: &Emergency,
    saying: &Saying<'_>,
    (statement, drawn, key): (&Statement, &Drawn, Option<decide::PasskeyRow>),
    unit: &mut Unit,
) -> Result<Value, Refused> {
    let setting = Setting::of(caller.org(), emergency, &caller.member, caller.role);
    statement.vouches(setting, saying.said, saying.reason.as_deref(), drawn.at, ask.app.now())?;
    let number = (Purpose::Emergency, statement.nonce.as_str());
    let signed = saying.signed.ok_or(Refusal::SignatureWanted)?;
    let kept = decide::prove(ask, caller, (number, &statement.challenge()), signed, (key, false), unit).await?;
    Ok(json!(kept))
}

/// Adds to a unit of work that it goes out now: the waivers that the words carry, the slot, the acts.
async fn publish<Q>(
    ask: &Ask<Q>,
    caller: &Caller,
    unit: &mut Unit,
    whole: &mut Whole,
    emergency: &Emergency,
    found: Vec<Finding>,
) -> Result<(), Refused> {
    let (app, org, now) = (&ask.app, caller.org(), ask.app.now());
    let zone = zones::zone(&caller.organisation.zone, now)?;
    let slot = Slot::now(&zone, caller.organisation.policy.window, now);
    let step = whole.stored.post.clone().urge(emergency, slot.clone(), caller.organisation.pause.is_some())?;
    // The pause may have come since the caller was read: the guard asks again, inside the batch.
    unit.expect("(SELECT paused_at FROM organisation WHERE id = ?1) IS NULL", binds![org]);
    for finding in found.into_iter().filter(|finding| finding.mode == Mode::Block) {
        let fingerprint = finding.fingerprint();
        if whole.stored.waivers.iter().any(|waiver| waiver.fingerprint == fingerprint) {
            continue;
        }
        let (reason, by) = (emergency.reason.clone(), emergency.first.by.clone());
        let waiver = Waiver { fingerprint, rule: finding.rule, reason, by, at: now };
        let body = json!({ "post": step.post.id, "finding": finding, "waiver": waiver, "emergency": emergency.id });
        records::keep(app, unit, org, Subject::Waiver, &body);
        whole.stored.waivers.push(waiver);
    }
    let id = step.post.id.clone();
    // And a consent may have been taken back.
    consents::still(unit, org, &whole.known);
    acts::take_back(unit, org, &id);
    acts::lay_down(app, unit, org, &networks(&whole.channels), &[(&id, &step.post.content, slot)]);
    write(ask, caller, unit, whole, step).await
}

/// Who may let it out, where writing, agreeing and publishing are kept apart.
pub fn publishers(whole: &Whole, at: Moment) -> Option<Vec<MemberId>> {
    let approval = whole.stored.post.stage.approval().filter(|approval| approval.keeps_apart())?;
    let colleagues = whole.people.colleagues.iter();
    let may = colleagues.filter(|colleague| {
        domain::may(colleague.role, Act::Publish)
            && colleague.access.is_open(at)
            && approval.may_publish(&colleague.id).is_ok()
    });
    Some(may.map(|colleague| colleague.id.clone()).collect())
}
