//! A post that comes again: the drafts of a series, made from one post by as many calls as they take, each call a batch that is
//! written whole or not at all. Separate from writing one: nothing is typed here, and nothing is sent.

use domain::{
    Effect, Moment, PostId, Refusal, SeriesId, StageName,
    clash::{Planned, SAME, Said, clashes},
    json, record,
    record::Subject,
    series::{self, BATCH, BATCH_BYTES, Pattern, Recurrence, Turn},
    shift::Mind,
};
use wire::{
    Nothing,
    series::{Beside, GiveUp, GivenUp, Made, Make, Member},
};

use super::{at_version, fit, stale_or, whole, within_reach};
use crate::{
    answer::Refused,
    ask::Ask,
    binds,
    caller::Caller,
    perform,
    store::{
        StoreError, Unit,
        posts::{self, Stored},
        records,
        series::{self as store, Series},
        sittings,
    },
    zones,
};

/// What stands on each day of a rule, those that are left out too.
pub async fn look(ask: Ask<Recurrence>) -> Result<Vec<Beside>, Refused> {
    let caller = ask.caller()?;
    let all = ask.body.every_one()?;
    let whole = whole(&ask, caller).await?;
    let (now, source) = (ask.app.now(), &whole.stored.post);
    let zone = zones::zone(&caller.organisation.zone, now)?;
    let pattern = Pattern { source, rule: &ask.body, zone: &zone };
    let window = caller.organisation.policy.window;
    let usual = (source.content.heading(), Said::from(&source.content));
    let dated = series::is_dated(&source.content);
    // What cannot be placed gets in nobody's way.
    let mine = all.iter().filter_map(|one| {
        let at = pattern.rule.slot(one, &zone, window, now).ok()?.at;
        let written = || pattern.content(one.civil.date()).map(|content| (content.heading(), Said::from(&content)));
        let says = if dated { written().unwrap_or_default() } else { usual.clone() };
        Some((one.civil.date(), at, says))
    });
    let mine: Vec<_> = mine.collect();
    let near: Vec<Moment> = mine.iter().map(|(_, at, _)| *at).collect();
    let others = match (near.first(), near.last()) {
        (Some(first), Some(last)) => {
            let span = (first.minus(SAME), last.plus(SAME));
            posts::beside(&ask.app.db, caller.org(), span, &near, SAME).await?
        }
        _ => Vec::new(),
    };
    let on = |said: &Said| {
        let to = source.content.destinations();
        to.map(|(channel, language)| ((channel.clone(), language.clone()), said.on(channel, language)))
            .collect::<Vec<_>>()
    };
    // They repeat each other, and what they are made of, on purpose: until they are made, they are known by that.
    let series = Some(source.id.as_str());
    let would =
        mine.iter().map(|(_, at, (heading, said))| Planned { at: *at, on: on(said), heading, series, about: None });
    let stand = others.iter().map(|other| Planned {
        at: other.at,
        on: other.on.clone(),
        heading: &other.heading,
        series: if other.id == source.id { series } else { other.series.as_ref().map(SeriesId::as_str) },
        about: None,
    });
    let planned: Vec<_> = would.chain(stand).collect();
    let found = clashes(&planned);
    let mind = |day| {
        let place = mine.iter().position(|(on, ..)| *on == day)?;
        let (how, with) = (*found.get(place)?)?;
        let other = planned.get(with)?;
        Mind::of(how, other.heading, other.at)
    };
    let holidays = &whole.bylaws.hours.holidays;
    let days = all.iter().map(|one| one.civil.date());
    Ok(days.map(|day| Beside { day, holiday: holidays.contains(&day), mind: mind(day) }).collect())
}

/// How many of a series are made, if it is the one that is asked for.
async fn progress(ask: &Ask<Make>, caller: &Caller, id: &SeriesId, wanted: &Series) -> Result<usize, Refused> {
    let (stands, made) = store::standing(&ask.app.db, caller.org(), id).await?;
    if stands.is_some_and(|stands| stands != *wanted) {
        return Err(Refusal::Doubled { field: "series".to_owned() }.into());
    }
    Ok(made)
}

/// Makes the next drafts of a series. What is made already is counted and not made again, so that the same request may be sent
/// as often as answers are lost.
pub async fn make(ask: Ask<Make>) -> Result<Made, Refused> {
    let caller = ask.caller()?;
    let id: SeriesId = ask.part("series")?;
    let Make { version, rule } = &ask.body;
    let all = rule.occurrences()?;
    let whole = whole(&ask, caller).await?;
    let source = &whole.stored.post;
    let wanted = Series { source: source.id.clone(), version: *version, rule: rule.clone() };
    let done = progress(&ask, caller, &id, &wanted).await?;
    let of = all.len() as u32;
    let left = all.get(done..).unwrap_or_default();
    if left.is_empty() {
        return Ok(Made { made: of, of });
    }
    at_version(&whole, *version)?;
    within_reach(caller, &source.content, &source.content)?;
    fit(caller, &source.content, &whole.channels)?;
    let now = ask.app.now();
    let zone = zones::zone(&caller.organisation.zone, now)?;
    let (pattern, window) = (Pattern { source, rule, zone: &zone }, caller.organisation.policy.window);
    // All of them before the first: a series that could not be finished is not begun.
    left.iter().try_for_each(|one| pattern.check(one, window, now))?;

    let behind = &whole.stored.behind;
    let size = (record::canonical(&source.content).len() + record::canonical(behind).len()).max(1);
    let (mut drafts, mut entries, mut effects) = (Vec::new(), Vec::new(), Vec::new());
    if done == 0 {
        let body = json!({
            "what": "series_made", "post": source.id, "series": id, "count": of, "rule": rule, "by": caller.member,
        });
        entries.push((Subject::Drafting, body));
    }
    for (place, on) in left.iter().enumerate().take((BATCH_BYTES / size).clamp(1, BATCH)) {
        let turn = Turn { series: id.clone(), number: (done + place) as u32 + 1 };
        let post = PostId::from_bits(ask.app.bits());
        let made = series::Made {
            id: post.clone(),
            turn: turn.clone(),
            on: *on,
            by: &caller.member,
            window,
            now,
            themes: &whole.themes,
        };
        let step = pattern.draft(made)?;
        let body = json!({
            "what": "created", "post": post, "content_hash": step.post.content.hash(), "series": id, "turn": turn.number,
        });
        entries.push((Subject::Drafting, body));
        for effect in step.effects {
            match effect {
                Effect::Keep { subject, body } => entries.push((subject, body)),
                other => effects.push(other),
            }
        }
        // What is behind in the one is behind in all of them.
        let (waivers, behind) = (Vec::new(), behind.clone());
        drafts.push(Stored { post: step.post, waivers, behind, created: now, changed: now, round_due: None });
    }
    let mut unit = Unit::new();
    // Somebody may have written in it meanwhile: all of a series say the same.
    let same = "(SELECT version FROM post WHERE org = ?1 AND id = ?2) = ?3";
    unit.expect(same, binds![caller.org(), &source.id, *version]);
    store::keep(&mut unit, caller.org(), (&id, &wanted), &caller.member, now);
    store::draft_all(&mut unit, caller.org(), &drafts, &whole.channels, &caller.member, now);
    records::keep_all(&ask.app, &mut unit, caller.org(), &entries);
    perform::apply(&ask.app, &mut unit, &caller.organisation, effects).await?;
    match ask.app.db.commit(unit).await {
        Ok(_) => Ok(Made { made: (done + drafts.len()) as u32, of }),
        // The same request, sent twice at once: the other one made them.
        Err(StoreError::Unique) => Ok(Made { made: (progress(&ask, caller, &id, &wanted).await? as u32).min(of), of }),
        Err(error) => Err(stale_or(&ask, caller, error).await),
    }
}

/// The posts of a series that whoever asks may see.
pub async fn members(ask: Ask<Nothing>) -> Result<Vec<Member>, Refused> {
    let caller = ask.caller()?;
    let series: SeriesId = ask.part("series")?;
    let mut rows = store::members(&ask.app.db, caller.org(), &series).await?;
    rows.retain(|(_, channels)| caller.sees(channels.iter()));
    if rows.is_empty() {
        return Err(Refusal::NotFound.into());
    }
    Ok(rows.into_iter().map(|(member, _)| member).collect())
}

/// Gives up what is still a draft, from one of the series on: what was sent, agreed to or out stays as it is.
pub async fn give_up(ask: Ask<GiveUp>) -> Result<GivenUp, Refused> {
    let caller = ask.caller()?;
    let series: SeriesId = ask.part("series")?;
    let GiveUp { from, reason } = &ask.body;
    domain::post::parse_reason(reason)?;
    let mut rows = store::members(&ask.app.db, caller.org(), &series).await?;
    rows.retain(|(_, channels)| caller.sees(channels.iter()));
    if rows.is_empty() {
        return Err(Refusal::NotFound.into());
    }
    let drafts: Vec<&PostId> = rows
        .iter()
        .filter(|(member, _)| member.stage == StageName::Draft && member.number >= *from)
        .map(|(member, _)| &member.post)
        .collect();
    let now_given: Vec<&PostId> = drafts.iter().copied().take(BATCH).collect();
    if now_given.is_empty() {
        return Ok(GivenUp { given_up: 0, left: 0 });
    }
    let several = posts::several(&ask.app.db, caller.org(), &now_given).await?;
    let now = ask.app.now();
    let (mut written, mut entries, mut effects) = (Vec::new(), Vec::new(), Vec::new());
    for stored in &several.stored {
        within_reach(caller, &stored.post.content, &stored.post.content)?;
        // One that was sent since stays.
        if stored.post.stage.name() != StageName::Draft {
            continue;
        }
        let step = stored.post.clone().cancel(&caller.member, now, reason)?;
        for effect in step.effects {
            match effect {
                Effect::Keep { subject, body } => entries.push((subject, body)),
                other => effects.push(other),
            }
        }
        written.push((Stored { post: step.post, changed: now, ..stored.clone() }, stored.post.version));
    }
    let given_up = written.len() as u32;
    let mut unit = Unit::new();
    store::give_up_all(&mut unit, caller.org(), &written, &caller.member, now);
    records::keep_all(&ask.app, &mut unit, caller.org(), &entries);
    perform::apply(&ask.app, &mut unit, &caller.organisation, effects).await?;
    sittings::end_all(&mut unit, caller.org(), &now_given);
    match ask.app.db.commit(unit).await {
        Ok(_) => Ok(GivenUp { given_up, left: (drafts.len() - now_given.len()) as u32 }),
        // Somebody was faster with one of them. Which, whoever asks sees when they look again.
        Err(StoreError::Guard) => {
            Err(Refusal::Stale { current: written.first().map_or(0, |(_, before)| *before) }.into())
        }
        Err(error) => Err(error.into()),
    }
}
