//! Several posts moved by one command: a campaign by some days, two that change places. Looked at first, then written in one
//! batch, all of it or nothing. Separate from placing one: each is read, judged and written with the others, so that the
//! queries do not grow with the posts.

use chrono::{NaiveDate, TimeDelta};
use domain::{
    CampaignId, Effect, HealthState, Millis, Moment, Refusal, SeriesId, Slot, Stage, StageName, Step,
    clash::{Planned, SAME, Said, clashes},
    json,
    mark::Mark,
    policy::{self, Verdict},
    record::Subject,
    shift::{self, Hand, Mind, Wanted},
    slot::HORIZON,
    zone::Zone,
};
use wire::calendar::{Because, Moved, Moving, Rearrange, Shift, Shifted, Staying};

use super::{findings, networks, seated, within_reach};
use crate::{
    answer::Refused,
    app::App,
    ask::Ask,
    binds,
    caller::Caller,
    clock, perform,
    rights::Rights,
    store::{
        StoreError, Unit, acts, calendar, consents,
        posts::{self as store, Several, Stored},
        records, sittings,
    },
    zones,
};

/// What went out within so long is told of as what stays: whoever moves a campaign wants to see that it has begun.
const BEGUN: Millis = Millis::days(31);

/// What would become of a campaign's posts.
pub async fn shift(ask: Ask<Shift>) -> Result<Shifted, Refused> {
    let caller = ask.caller()?;
    let campaign: CampaignId = ask.part("campaign")?;
    let (days, now) = (shift::parse_days(ask.body.days)?, ask.app.now());
    let from = ask.body.from.map_or(now.minus(BEGUN), Moment);
    let until = ask.body.until.map_or(now.plus(HORIZON).plus(Millis::days(1)), Moment);
    let rows = store::of_campaign(&ask.app.db, caller.org(), &campaign, (from, until)).await?;
    let mut rows = rows.ok_or(Refusal::NotFound)?;
    rows.retain(|row| caller.sees(row.channels.iter()));
    // What is out is not read whole to be told that it is out.
    let (fixed, open): (Vec<_>, Vec<_>) =
        rows.iter().partition(|row| matches!(row.stage, StageName::Out | StageName::Cancelled));
    if open.len() > shift::MOST {
        let (field, limit) = ("posts".to_owned(), shift::MOST as u64);
        return Err(Refusal::TooLarge { field, limit, length: open.len() as u64 }.into());
    }
    let ids: Vec<_> = open.iter().map(|row| &row.id).collect();
    let several = store::several(&ask.app.db, caller.org(), &ids).await?;
    let zone = zones::zone(&caller.organisation.zone, now)?;
    let hand = hand(caller, &zone, now);
    let all = || several.stored.iter().filter_map(|stored| stored.post.slot()).map(|slot| zone.civil(slot.at).date());
    let far = TimeDelta::days(days.into());
    let to = |day: NaiveDate| day.checked_add_signed(far).unwrap_or(day);
    let marks = match all().min().zip(all().max()) {
        Some((first, last)) => marks(&ask.app, caller, to(first), to(last)).await?,
        None => Vec::new(),
    };
    let mut shifted = Shifted { moves: Vec::new(), stays: Vec::new() };
    let mut steps = Vec::new();
    for stored in &several.stored {
        let (post, heading) = (&stored.post, stored.post.content.heading());
        let Some(slot) = post.slot() else { continue };
        let wanted = Wanted::by_days(post.id.clone(), post.version, slot.at, days, &zone);
        let step = wanted.ok_or(Refusal::TooFar).and_then(|wanted| judged(caller, &several, stored, &wanted, hand));
        match step.and_then(|step| shift::lands(&step, &marks).map(|()| step)) {
            Ok(step) => steps.push((step, slot.at, heading)),
            Err(why) => shifted.stays.push(Staying { post: post.id.clone(), heading, at: slot.at, why }),
        }
    }
    for row in fixed {
        let (post, heading, why) = (row.id.clone(), row.heading.clone(), Refusal::WrongStage);
        shifted.stays.push(Staying { post, heading, at: row.at, why });
    }
    let bench = seated(&ask.app, caller, several.bylaws.clone(), several.people.clone())?;
    let in_the_way = in_the_way(&ask, caller, &steps).await?;
    for ((step, from, heading), clash) in steps.into_iter().zip(in_the_way) {
        let minds = clash.into_iter().chain(shift::minds(&step, bench.now().calendar)).collect();
        let to = step.post.slot().map_or(from, |slot| slot.at);
        let (post, version) = (step.post.id, step.post.version - 1);
        shifted.moves.push(Moving { post, version, heading, from, to, minds });
    }
    shifted.stays.sort_by_key(|stay| stay.at);
    Ok(shifted)
}

/// What stands in the calendar on some days.
async fn marks(app: &App, caller: &Caller, first: NaiveDate, last: NaiveDate) -> Result<Vec<Mark>, StoreError> {
    let answers = app.db.many(vec![calendar::marks_query(caller.org(), first, last)]).await?;
    Ok(answers.first().map(calendar::read).transpose()?.unwrap_or_default())
}

fn hand<'a>(caller: &'a Caller, zone: &'a Zone, now: Moment) -> Hand<'a> {
    let organisation = &caller.organisation;
    Hand { by: &caller.member, zone, window: organisation.policy.window, now, paused: organisation.pause.is_some() }
}

/// Moves one post among several, held against all that placing it alone is held against. Its pictures and its video are not
/// looked for again: what was agreed to is what was stored, and nothing takes that away.
fn judged(
    caller: &Caller,
    several: &Several,
    stored: &Stored,
    wanted: &Wanted,
    hand: Hand<'_>,
) -> Result<Step, Refusal> {
    let post = &stored.post;
    within_reach(caller, &post.content, &post.content)?;
    let step = shift::put(post, wanted, several.tried.contains(&post.id), hand)?;
    if let Stage::Placed { .. } = &step.post.stage {
        let campaign = post.belongs.campaign.as_ref();
        let rights = Rights::at(&several.known, campaign, step.post.slot(), hand.now);
        let found = findings(&caller.organisation, &post.content, &several.channels, rights);
        if policy::verdict(&found, &stored.waivers) == Verdict::Block {
            return Err(Refusal::Blocked);
        }
        for target in &post.content.targets {
            let channel = several.channels.iter().find(|channel| channel.id == target.channel);
            if channel.ok_or(Refusal::NotFound)?.health.state == HealthState::Disconnected {
                return Err(Refusal::ChannelUnfit);
            }
        }
    }
    Ok(step)
}

/// What each of the moved would come to stand beside.
async fn in_the_way(
    ask: &Ask<Shift>,
    caller: &Caller,
    steps: &[(Step, Moment, String)],
) -> Result<Vec<Option<Mind>>, Refused> {
    let at = |step: &Step| step.post.slot().map(|slot| slot.at);
    let all = || steps.iter().filter_map(|(step, ..)| at(step));
    let Some((first, last)) = all().min().zip(all().max()) else { return Ok(vec![None; steps.len()]) };
    let near: Vec<Moment> = all().collect();
    let mut others =
        store::beside(&ask.app.db, caller.org(), (first.minus(SAME), last.plus(SAME)), &near, SAME).await?;
    others.retain(|other| steps.iter().all(|(step, ..)| step.post.id != other.id));
    let moved = steps.iter().map(|(step, _, heading)| {
        let said = Said::from(&step.post.content);
        let to = step.post.content.destinations();
        let on = to.map(|(channel, language)| ((channel.clone(), language.clone()), said.on(channel, language)));
        let series = step.post.series.as_ref().map(|turn| turn.series.as_str());
        Planned { at: at(step).unwrap_or(first), on: on.collect(), heading, series, about: None }
    });
    let stand = others.iter().map(|other| Planned {
        at: other.at,
        on: other.on.clone(),
        heading: &other.heading,
        series: other.series.as_ref().map(SeriesId::as_str),
        about: None,
    });
    let planned: Vec<_> = moved.chain(stand).collect();
    let found = clashes(&planned).into_iter().take(steps.len()).map(|clash| {
        let (how, with) = clash?;
        let other = planned.get(with)?;
        Mind::of(how, other.heading, other.at)
    });
    Ok(found.collect())
}

/// Moves several posts: if one of them may not be moved any more, none is.
pub async fn rearrange(ask: Ask<Rearrange>) -> Result<Vec<Moved>, Refused> {
    let caller = ask.caller()?;
    let Rearrange { moves, because } = &ask.body;
    shift::parse(moves)?;
    let now = ask.app.now();
    let ids: Vec<_> = moves.iter().map(|wanted| &wanted.post).collect();
    let several = store::several(&ask.app.db, caller.org(), &ids).await?;
    if several.stored.len() < ids.len() {
        return Err(Refusal::NotFound.into());
    }
    let zone = zones::zone(&caller.organisation.zone, now)?;
    let hand = hand(caller, &zone, now);
    let bench = seated(&ask.app, caller, several.bylaws.clone(), several.people.clone())?;
    // Who moves a campaign names no day; who swaps two, or brings one back, does.
    let days = || moves.iter().map(|wanted| wanted.civil.date()).filter(|_| *because == Because::Shift);
    let marks = match days().min().zip(days().max()) {
        Some((first, last)) => marks(&ask.app, caller, first, last).await?,
        None => Vec::new(),
    };
    let (mut written, mut entries, mut effects) = (Vec::new(), Vec::new(), Vec::new());
    let mut told = Vec::new();
    for (stored, wanted) in several.stored.iter().zip(moves) {
        if !caller.sees(stored.post.content.targets.iter().map(|target| &target.channel)) {
            return Err(Refusal::OutOfReach.into());
        }
        let step = judged(caller, &several, stored, wanted, hand)?;
        shift::lands(&step, &marks)?;
        for effect in step.effects {
            match effect {
                Effect::Keep { subject, body } => entries.push((subject, body)),
                other => effects.push(other),
            }
        }
        let at = |post: &domain::Post| post.slot().map(|slot| slot.at);
        told.push(json!({ "post": stored.post.id, "from": at(&stored.post), "to": at(&step.post) }));
        let round_due = step.post.next_ring(bench.now());
        let moved = Stored { post: step.post, changed: now, round_due, ..stored.clone() };
        written.push((moved, stored.post.version));
    }
    entries.push((Subject::Placement, entry(*because, &written, told, caller)));

    let mut unit = Unit::new();
    let placed: Vec<_> = written.iter().filter_map(|(stored, _)| placed(&stored.post)).collect();
    if !placed.is_empty() {
        // The pause may have come since the caller was read: the guard asks again, inside the batch.
        unit.expect("(SELECT paused_at FROM organisation WHERE id = ?1) IS NULL", binds![caller.org()]);
        // And a consent may have been taken back.
        consents::still(&mut unit, caller.org(), &several.known);
        acts::take_back_all(&mut unit, caller.org(), &placed.iter().map(|(post, ..)| *post).collect::<Vec<_>>());
        acts::lay_down(&ask.app, &mut unit, caller.org(), &networks(&several.channels), &placed);
    }
    store::move_all(&mut unit, caller.org(), &written, &caller.member, now);
    records::keep_all(&ask.app, &mut unit, caller.org(), &entries);
    perform::apply(&ask.app, &mut unit, &caller.organisation, effects).await?;
    sittings::end_all(&mut unit, caller.org(), &ids);
    match ask.app.db.commit(unit).await {
        Ok(_) => {}
        // Somebody was faster with one of them. Which, whoever asks sees when they look again.
        Err(StoreError::Guard) => return Err(Refusal::Stale { current: written[0].0.post.version }.into()),
        Err(error) => return Err(error.into()),
    }
    let soon = now.plus(domain::delivery::CLAIM_AHEAD);
    if placed.iter().any(|(_, _, slot)| slot.at <= soon) {
        clock::hand_over(&ask.app, 1).await?;
    }
    Ok(written.iter().map(|(stored, _)| Moved { post: stored.post.id.clone(), version: stored.post.version }).collect())
}

/// What is laid down for a post that goes out at its slot; nothing for one that is only wished for.
fn placed(post: &domain::Post) -> Option<(&domain::PostId, &domain::Content, Slot)> {
    let Stage::Placed { approval, slot } = &post.stage else { return None };
    // Nothing goes out after the times that were agreed to, though its window be longer.
    Some((&post.id, &post.content, Slot { window: approval.latest(slot).since(slot.at), ..slot.clone() }))
}

/// What the record says of all of them together; each has an entry of its own besides.
fn entry(
    because: Because,
    written: &[(Stored, u64)],
    told: Vec<domain::json::Value>,
    caller: &Caller,
) -> domain::json::Value {
    let mut campaigns = written.iter().map(|(stored, _)| &stored.post.belongs.campaign);
    let first = campaigns.next().cloned().flatten();
    let campaign = first.filter(|first| campaigns.all(|other| other.as_ref() == Some(first)));
    json!({
        "what": "rearranged", "because": because, "count": told.len(), "campaign": campaign, "posts": told,
        "by": caller.member,
    })
}
