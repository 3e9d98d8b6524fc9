//! What waits for somebody, whole: to be read and signed on a phone, with coverage or without. Separate from the nonce of
//! one decision: that one is drawn when the decision is taken, these are taken along.

use std::{cmp::Reverse, collections::HashSet};

use domain::{
    Channel, MemberId, PostId, Refusal, SeriesId,
    comment::{Audience, Internal},
    guidance::Look,
    matter,
    statement::Nonce,
};
use wire::{
    deciding::{After, Deciding, Occurrence, OfSeries, Query, Waits},
    posts::Item,
};

use super::{
    before_them,
    decide::{self, Drawn},
    findings, seated,
};
use crate::{
    answer::Refused,
    app::App,
    ask::Ask,
    caller::Caller,
    passkeys::Party,
    rights::Rights,
    store::{
        Unit, bylaws, channels, comments,
        offers::{self, New},
        posts::{self as store, Open},
    },
};

/// What one answer carries: more than that nobody decides between two looks, and each is checked by every rule within
/// the free plan's 10 ms.
const MOST: usize = 20;

/// Contents may be long; a phone on a thin line waits for all of them.
const MOST_BYTES: usize = 300_000;

/// What waits for who asks. Four trips: who asks, what waits and who is there, the contents, and the numbers that are
/// drawn for what is new.
pub async fn deciding(ask: Ask<Query>) -> Result<Deciding, Refused> {
    let party = Party::of(&ask.app, &ask.uri, &ask.headers)?;
    waiting(&ask.app, ask.caller()?, &party, ask.body.post.as_ref()).await
}

/// What of a series waits for who asks. Four trips, as for all that waits.
pub async fn of_series(ask: Ask<After>) -> Result<OfSeries, Refused> {
    let caller = ask.caller()?;
    let party = Party::of(&ask.app, &ask.uri, &ask.headers)?;
    let series: SeriesId = ask.part("series")?;
    let Found { items, next, channels, names, .. } =
        find(&ask.app, caller, &party, Wanted::Series(&series, ask.body.after)).await?;
    Ok(OfSeries { items, next, channels, names })
}

/// What waits for somebody, and first what they were told of.
///
/// # Errors
/// `Unavailable`.
pub async fn waiting(app: &App, caller: &Caller, party: &Party, named: Option<&PostId>) -> Result<Deciding, Refused> {
    let Found { items, more, channels, names, .. } = find(app, caller, party, Wanted::All(named)).await?;
    let items: Vec<Waits> = items.into_iter().map(|one| one.waits).collect();
    // The first is what the page shows; the others are only taken along.
    if let Some(first) = items.first() {
        before_them(app, caller, &first.post);
    }
    Ok(Deciding { items, more, channels, names })
}

/// What is looked for.
#[derive(Clone, Copy)]
enum Wanted<'a> {
    /// All that waits: first the post that a notice named, then what is due first.
    All(Option<&'a PostId>),
    /// What waits of a series, behind one of it.
    Series(&'a SeriesId, u32),
}

/// What was found.
struct Found {
    items: Vec<Occurrence>,
    more: u32,
    /// After which of a series the next look goes on, where there is more of it.
    next: Option<u32>,
    channels: Vec<Channel>,
    names: Vec<(MemberId, String)>,
}

async fn find(app: &App, caller: &Caller, party: &Party, wanted: Wanted<'_>) -> Result<Found, Refused> {
    let (org, now) = (caller.org(), app.now());
    let rounds = match wanted {
        Wanted::All(_) => store::rounds_query(org, &caller.member, now),
        Wanted::Series(series, after) => store::rounds_of_query(org, series, after),
    };
    let also = match wanted {
        Wanted::All(_) => Vec::new(),
        Wanted::Series(series, _) => {
            vec![
                comments::open_in_series_query(org, series, Internal::opens_to(caller.role)),
                store::one_of_query(org, series),
            ]
        }
    };
    let asked = [
        rounds,
        (bylaws::STANDING.to_owned(), crate::binds![org]),
        (bylaws::MEMBERS.to_owned(), crate::binds![org]),
        channels::query(org),
        decide::passkeys_query(caller),
        offers::query(org, &caller.member, now),
    ];
    let answers = app.db.many(asked.into_iter().chain(also).collect()).await?;
    let [rounds, standing, members, channels, keys, offered, also @ ..] = &answers[..] else {
        return Err(Refusal::Unavailable.into());
    };
    let spoken_of = match also {
        [spoken_of, known] if store::is_there(known)? => comments::spoken_of(spoken_of)?,
        [_, _] => return Err(Refusal::NotFound.into()),
        _ => HashSet::new(),
    };
    let ((_, bylaws), members) = (bylaws::standing(standing)?, members.results()?);
    let people = bylaws::people(&bylaws, &members)?;
    let bench = seated(app, caller, bylaws, people)?;
    let mut open = store::mine(&bench, rounds)?;
    open.retain(|(_, _, (round, _))| caller.sees(round.channels.iter()));
    if let Wanted::All(named) = wanted {
        let due = |(post, _, (round, _)): &(PostId, u32, Open)| {
            let deadline = round.waiting(bench.now()).and_then(|waiting| waiting.deadline);
            (Reverse(named == Some(post)), deadline.is_none(), deadline, round.at)
        };
        open.sort_by_cached_key(due);
    }
    let waiting = open.len();
    open.truncate(MOST);
    // Behind the last that is looked at, and not behind the last that is answered: there may be none of those.
    let mut next = open.last().filter(|_| waiting > MOST).map(|(_, turn, _)| *turn);

    let posts: Vec<&PostId> = open.iter().map(|(post, ..)| post).collect();
    let (mut leaves, known) =
        if posts.is_empty() { Default::default() } else { store::leaves(&app.db, org, &posts).await? };
    let channels = channels::read(channels)?;
    let offered = offers::read(offered)?;
    let allowed = decide::allowed(keys)?;
    let excused = allowed.is_empty() && decide::is_excused(caller);
    let options = decide::dressed(party, &allowed);
    let (mut items, mut bytes) = (Vec::<Occurrence>::new(), 0);
    for (post, turn, (round, correction)) in open {
        let Some(leaf) = leaves.remove(&post) else { continue };
        let (content, before, reason) = match correction {
            Some((content, reason)) => (content, Some(leaf.content), Some(reason)),
            None => (leaf.content, leaf.before, None),
        };
        // Changed between the two looks: the next one has it.
        if content.hash() != round.content_hash {
            continue;
        }
        bytes +=
            content.texts.values().chain(content.versions.iter().map(|one| &one.text)).map(String::len).sum::<usize>();
        if bytes > MOST_BYTES && !items.is_empty() {
            next = Some(turn.saturating_sub(1));
            break;
        }
        let step = decide::step_of(&round);
        let seats = decide::seats(&round, &step, &bench)?;
        let given = offered.get(&post).filter(|offer| offer.fits(&round, &step));
        let (nonce, drawn) = match given {
            Some(offer) => (offer.nonce.clone(), offer.drawn),
            // Nobody signs, and nobody looks at the number: it is the same one each time, for all.
            None if excused => (Nonce::from_bits(0), round.at),
            None => (crate::codes::draw(), now),
        };
        let out = leaf.slot.filter(|at| *at > now).unwrap_or(now);
        let until = leaf.slot.filter(|at| *at > now).map_or(now, |at| at.plus(caller.organisation.policy.window));
        let rights = Rights { facts: &known, campaign: leaf.campaign.as_ref(), from: out, until };
        let found = findings(&caller.organisation, &content, &channels, rights);
        let guidance = &bench.bylaws.guidance;
        let sightings = matter::spoken_of(&content, &guidance.officers);
        let matters = matter::counted(&sightings, &leaf.remarks);
        let rules = &caller.organisation.policy.rules;
        let look = Look { content: &content, findings: &found, waivers: &leaf.waivers, rules, matters: &matters };
        let guide = guidance.guide(look);
        let waits = Waits {
            before: before.filter(|before| *before != content),
            sightings,
            remarks: leaf.remarks,
            guide,
            findings: found,
            waiting: round.waiting(bench.now()),
            correction: reason,
            waivers: leaf.waivers,
            decisions: leaf.decisions,
            item: Item { round: *round, seats, nonce, options: (!excused).then(|| options.clone()), code: None },
            drawn,
            content,
            post,
        };
        let commented = spoken_of.contains(&waits.post);
        items.push(Occurrence { number: leaf.turn, at: leaf.slot, commented, waits });
    }

    let state = |post: &PostId| {
        let drawn = Drawn { post: post.clone(), member: caller.member.clone(), at: now };
        serde_json::to_string(&drawn).unwrap_or_default()
    };
    let is_new =
        |waits: &&Waits| !excused && offered.get(&waits.post).is_none_or(|offer| offer.nonce != waits.item.nonce);
    let new: Vec<New<'_>> = items
        .iter()
        .map(|one| &one.waits)
        .filter(is_new)
        .filter_map(|Waits { post, item, .. }| {
            let step = &item.seats.first()?.step;
            Some(New { round: &item.round, step, nonce: &item.nonce, state: state(post) })
        })
        .collect();
    if !new.is_empty() {
        let mut unit = Unit::new();
        offers::make(&mut unit, org, &caller.member, &new, now);
        app.db.commit(unit).await?;
    }
    let mentioned = |channel: &Channel| {
        let mut all = items.iter().flat_map(|one| &one.waits.content.targets);
        all.any(|target| target.channel == channel.id)
    };
    Ok(Found {
        more: (waiting - items.len()) as u32,
        next,
        channels: channels.into_iter().filter(mentioned).collect(),
        names: bylaws::names(members)?,
        items,
    })
}
