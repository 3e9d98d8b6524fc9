//! The earlier contents of a post: listed for whoever compares them, and brought back. Separate from the post's own page, which is
//! asked for every few seconds and seldom needs them.

use domain::{Content, HealthState, PostId, Refusal, Utm, history::restored};
use wire::history::{Older, Restore, Restored, Versions};

use super::{at_version, edited, fit, view, whole, within_reach};
use crate::{
    answer::Refused,
    ask::Ask,
    caller::Caller,
    store::{
        Unit,
        revisions::{self, Found, Which},
    },
};

/// Beyond every version: what a database keeps as an integer is told exactly up to here.
const BEYOND: u64 = 1 << 52;

fn sees(caller: &Caller, content: &Content) -> bool {
    caller.sees(content.targets.iter().map(|target| &target.channel))
}

/// Those that whoever asks may see: where a post was going then is told to nobody who would not see it there.
pub async fn versions(ask: Ask<Older>) -> Result<Versions, Refused> {
    let caller = ask.caller()?;
    let before = ask.body.before.map_or(BEYOND, |before| before.min(BEYOND));
    let post: PostId = ask.part("post")?;
    let found = revisions::read(&ask.app.db, caller.org(), &post, Which::Before(before)).await?;
    let Found { mut kept, more, gone, now } = found.ok_or(Refusal::NotFound)?;
    if !sees(caller, &now) {
        return Err(Refusal::OutOfReach.into());
    }
    let next = kept.last().filter(|_| more).map(|last| last.version);
    kept.retain(|one| sees(caller, &one.content));
    Ok(Versions { kept, next, gone })
}

/// Writes an earlier content over the one that stands, which is kept. Its pictures, its video and its document stand in a stored content
/// already, so those that are there are the organisation's; one that is deleted while this is written refuses it, as at any edit.
/// Marks on links to websites that were given up stay away.
pub async fn restore(ask: Ask<Restore>) -> Result<Restored, Refused> {
    let caller = ask.caller()?;
    let whole = whole(&ask, caller).await?;
    at_version(&whole, ask.body.version)?;
    let stored = &whole.stored.post;
    let found = revisions::read(&ask.app.db, caller.org(), &stored.id, Which::This(ask.body.of.min(BEYOND))).await?;
    let Found { mut kept, gone, .. } = found.ok_or(Refusal::NotFound)?;
    let kept = kept.pop().ok_or(Refusal::NotFound)?;
    if !sees(caller, &kept.content) {
        return Err(Refusal::OutOfReach.into());
    }
    let goes = |channel: &domain::ChannelId| {
        let fit = |one: &domain::Channel| one.id == *channel && one.health.state != HealthState::Disconnected;
        whole.channels.iter().any(fit)
    };
    let (sites, before) = (&caller.organisation.policy.utm, stored.content.utm.as_ref());
    let marks = |utm: &Utm| sites.part(before, utm);
    let (content, left_out) = restored(&kept.content, |media| !gone.contains(media), marks, goes);
    let content = content.parse()?;
    if content == stored.content {
        return Ok(Restored { post: view(&ask.app, caller, whole)?, left_out });
    }
    within_reach(caller, &stored.content, &content)?;
    fit(caller, &content, &whole.channels)?;
    let mut unit = Unit::new();
    edited(&ask, caller, &mut unit, &whole, content, Some(kept.version)).await?;
    Ok(Restored { post: super::put_down(&ask, caller, unit).await?, left_out })
}
