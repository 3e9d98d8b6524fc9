//! Planning before anybody agreed: the hour that is wished, narrower times, and the landing of what was agreed on.
//! Separate from placing: nothing here lets anything out that `domain` has not landed.

use domain::{
    MemberId, Moment, Organisation, Post, Slot, Stage, Step,
    people::People,
    plan::{Missed, SEARCH},
    policy,
    post::Runway,
};
use wire::posts::{self, Narrow};

use super::{at_version, findings, finish, lay_down, whole, within_reach, write};
use crate::{
    answer::Refused,
    ask::Ask,
    caller::Caller,
    rights::Rights,
    settle::Court,
    store::{
        Unit,
        posts::{self as store, Whole},
    },
    zones,
};

/// Wishes an hour for what is being written or decided on.
pub async fn wish<Q>(ask: &Ask<Q>, caller: &Caller, whole: &Whole, slot: Slot) -> Result<posts::PostView, Refused> {
    let post = whole.stored.post.clone();
    within_reach(caller, &post.content, &post.content)?;
    let zone = zones::zone(&caller.organisation.zone, ask.app.now())?;
    let step = post.wish(slot, &caller.member, &zone)?;
    let mut unit = Unit::new();
    write(ask, caller, &mut unit, whole, step).await?;
    finish(ask, caller, unit).await
}

/// Asks for narrower times.
pub async fn narrow(ask: Ask<Narrow>) -> Result<posts::PostView, Refused> {
    let caller = ask.caller()?;
    let whole = whole(&ask, caller).await?;
    at_version(&whole, ask.body.version)?;
    let post = whole.stored.post.clone();
    within_reach(caller, &post.content, &post.content)?;
    let now = ask.app.now();
    let zone = zones::zone(&caller.organisation.zone, now)?;
    let step = post.narrow(ask.body.margin.clone(), &zone, now)?;
    let mut unit = Unit::new();
    write(&ask, caller, &mut unit, &whole, step).await?;
    finish(&ask, caller, unit).await
}

/// Lands what was agreed on with this very step, in the batch of the step: a decision and what it puts in the calendar
/// stand together or not at all. Nothing more is read, but where the next free hole is wanted.
///
/// # Errors
/// `Unavailable`.
pub async fn land(court: &Court<'_>, unit: &mut Unit, step: Step) -> Result<Step, Refused> {
    let Court { app, organisation, whole, bench } = court;
    let agreed = |post: &Post| matches!(post.stage, Stage::Approved { .. });
    if !agreed(&step.post) || agreed(&whole.stored.post) || step.post.plan.is_none() {
        return Ok(step);
    }
    let room = step.post.wants_room(bench.at);
    let channels: Vec<_> = step.post.content.targets.iter().map(|target| target.channel.clone()).collect();
    let (org, id) = (&organisation.id, step.post.id.clone());
    let standing = match room {
        Some(from) => store::room(&app.db, org, &id, &channels, from).await?,
        None => store::Standing::default(),
    };
    // Where the next free hole is wanted, it may be as far away as one is looked for.
    let last = room.map(|from| from.plus(SEARCH));
    let stopped = stopped(organisation, whole, &step.post, (bench.at, last));
    let step = step.land(Runway { stopped, room: standing.room() }, bench.now());
    lay_down(app, unit, org, whole, &step.post);
    if let (Some(_), Stage::Placed { slot, .. }) = (room, &step.post.stage) {
        store::still_free(unit, org, &id, &channels, slot.at);
    }
    Ok(step)
}

/// Why nothing may be placed now: what placing by hand would refuse.
fn stopped(
    organisation: &Organisation,
    whole: &Whole,
    post: &Post,
    (now, last): (Moment, Option<Moment>),
) -> Option<Missed> {
    if organisation.pause.is_some() {
        return Some(Missed::Paused);
    }
    let rights = whole.rights(post.slot(), now);
    let rights = Rights { until: last.map_or(rights.until, |last| last.max(rights.until)), ..rights };
    let found = findings(organisation, &post.content, &whole.channels, rights);
    let blocked = policy::verdict(&found, &whole.stored.waivers) == policy::Verdict::Block;
    let connected = |channel: &domain::Channel| channel.health.state != domain::HealthState::Disconnected;
    let known = |id: &domain::ChannelId| whole.channels.iter().any(|channel| channel.id == *id && connected(channel));
    let unfit = !post.content.targets.iter().all(|target| known(&target.channel));
    (blocked || unfit).then_some(Missed::Blocked)
}

/// Who may place it, where that is not whoever planned it.
pub fn placers(post: &Post, people: &People) -> Vec<MemberId> {
    match (&post.stage, post.missed()) {
        (Stage::Approved { .. }, Some((_, Missed::DutiesApart | Missed::PlannerGone))) => {
            post.placers(people).into_iter().collect()
        }
        _ => Vec::new(),
    }
}
