//! Handlers of `wire::library`. Whatever changes what is known of an asset looks at what waits to go out with it, and holds in
//! the same batch what may not any more.

use std::collections::HashMap;

use chrono::NaiveDate;
use domain::{
    Access, ChannelId, ConsentId, Language, MediaId, MemberId, Millis, Moment, Network, Notice, Refusal,
    consent::{self, Consent, Days, Facts, Shows},
    delivery::{ActState, Deed, publication_state},
    json,
    library::{Asset, Mark, Wanted},
    may,
    record::Subject,
    succession::{self, Line, Step},
};
use serde_json::Value;
use wire::{
    Nothing, Page,
    library::{
        self as contract, Alike, AssetView, Body, Describe, Filed, Held, KeepConsent, Like, Out, Query, Register,
        Registered, Replace, Shelves, Sift, Superseded, TakeOut, Use, Used, Withdraw,
    },
};

use crate::{
    answer::Refused,
    app::App,
    ask::{Api, Ask, mount},
    binds,
    caller::Caller,
    mail,
    store::{
        StoreError, Unit, consents,
        gone::{self, InTheWay},
        id, json as read_json,
        library::{self as store, Course as Going, Sifted, UseRow, Whole},
        name, records, thumbnails,
    },
    zones,
};

/// Mounts them.
pub fn mount_all(api: Api) -> Api {
    let api = mount(api, &contract::LIST, list);
    let api = mount(api, &contract::USED, used);
    let api = mount(api, &contract::SHELVES, shelves);
    let api = mount(api, &contract::ALIKE, alike);
    let api = mount(api, &contract::NEWER, newer);
    let api = mount(api, &contract::REGISTER, register);
    let api = mount(api, &contract::TAKE_OUT, take_out);
    let api = mount(api, &contract::FORGET, forget);
    let api = mount(api, &contract::ASSET, asset);
    let api = mount(api, &contract::DELETE, delete);
    let api = mount(api, &contract::REPLACE, replace);
    let api = mount(api, &contract::DESCRIBE, describe);
    let api = mount(api, &contract::KEEP_CONSENT, keep_consent);
    mount(api, &contract::WITHDRAW, withdraw)
}

/// So many posts are told of at once; all of them are listed where the consent is.
const MOST_TOLD: usize = 10;

/// Whose assets somebody sees: an outside agency only what it brought itself.
fn only(caller: &Caller) -> Option<&MemberId> {
    match caller.access {
        Access::Everywhere => None,
        Access::Limited { .. } => Some(&caller.member),
    }
}

fn today(app: &App, caller: &Caller) -> NaiveDate {
    zones::civil(&caller.organisation.zone, app.now()).date()
}

async fn list(ask: Ask<Query>) -> Result<Page<Filed>, Refused> {
    let (rows, next) = page_of(&ask, ask.caller()?).await?;
    Ok(Page { items: rows.into_iter().map(|(_, filed)| filed).collect(), next, left: None })
}

async fn used(ask: Ask<Query>) -> Result<Page<Used>, Refused> {
    let caller = ask.caller()?;
    let (rows, next) = page_of(&ask, caller).await?;
    let sees = |channels: &[ChannelId]| caller.sees(channels.iter());
    Ok(Page { items: store::used(&ask.app.db, caller.org(), rows, sees).await?, next, left: None })
}

/// A page of the list, each asset with its first version, under which it is kept; and where the next one begins.
async fn page_of(ask: &Ask<Query>, caller: &Caller) -> Result<(Vec<(MediaId, Filed)>, Option<String>), Refused> {
    let Query { words, tag, folder, sift, cursor } = &ask.body;
    let mut marks = store::marks(tag.as_ref(), folder.as_ref());
    marks.extend(match sift {
        Some(Sift::NoAlt) => Some(Mark::NoAlt),
        Some(Sift::Persons) => Some(Mark::Persons),
        Some(Sift::Ended) | None => None,
    });
    let after = cursor.as_deref().map(|cursor| {
        let read = |(at, media): (&str, &str)| Some((Moment(at.parse().ok()?), media.parse().ok()?));
        cursor.split_once('-').and_then(read).ok_or(Refusal::Malformed { field: "cursor".to_owned() })
    });
    let sifted = Sifted {
        wanted: &Wanted::of(words.as_deref().unwrap_or_default(), marks),
        ended: *sift == Some(Sift::Ended),
        by: only(caller),
        after: after.transpose()?,
        today: today(&ask.app, caller).to_string(),
    };
    let mut rows = store::list(&ask.app.db, caller.org(), &sifted).await?;
    let more = rows.len() > store::PAGE;
    rows.truncate(store::PAGE);
    let next = rows.last().filter(|_| more).map(|(first, last)| format!("{}-{first}", last.added.0));
    Ok((rows, next))
}

async fn shelves(ask: Ask<Nothing>) -> Result<Shelves, Refused> {
    let caller = ask.caller()?;
    Ok(store::shelves(&ask.app.db, caller.org(), only(caller)).await?)
}

async fn alike(ask: Ask<Alike>) -> Result<Vec<Like>, Refused> {
    let (app, caller) = (&ask.app, ask.caller()?);
    let day = today(app, caller).to_string();
    let sees = |channels: &[ChannelId]| caller.sees(channels.iter());
    Ok(thumbnails::alike(&app.db, caller.org(), ask.body.look, only(caller), &day, sees).await?)
}

/// So many pictures are looked at: more than any post has.
const MOST_HELD: usize = 60;

async fn newer(ask: Ask<Held>) -> Result<Vec<Superseded>, Refused> {
    let (app, caller) = (&ask.app, ask.caller()?);
    let named = ask.body.media.split(',').filter(|text| !text.is_empty());
    let media: Result<Vec<MediaId>, _> = named.take(MOST_HELD).map(str::parse).collect();
    let media = media.map_err(|_| Refusal::Malformed { field: "media".to_owned() })?;
    let day = today(app, caller).to_string();
    Ok(store::newer(&app.db, caller.org(), &media, only(caller), &day).await?)
}

/// A file is taken out within this time: a page behind the first one needs no entry of its own so long.
const ONE_FILE: Millis = Millis::minutes(60);

/// Whoever has the file has what the register says of people: the record keeps who took it out, once for each file. Also of who begins
/// in the middle: where a page goes on is a place that anybody can make up.
async fn take_out(ask: Ask<TakeOut>) -> Result<Page<Registered>, Refused> {
    let (app, caller) = (&ask.app, ask.caller()?);
    let after = ask.body.cursor.as_deref().map(|cursor| {
        let read = |(media, consent): (&str, &str)| -> Option<(MediaId, ConsentId)> {
            Some((media.parse().ok()?, consent.parse().ok()?))
        };
        cursor.split_once('-').and_then(read).ok_or(Refusal::Malformed { field: "cursor".to_owned() })
    });
    let after = after.transpose()?;
    let mut unit = Unit::new();
    let body = json!({ "what": "consents_exported", "by": caller.member });
    let condition = match after {
        None => "1".to_owned(),
        Some(_) => unrecorded(&caller.member, app.now().minus(ONE_FILE)),
    };
    records::keep_if(app, &mut unit, caller.org(), Subject::Library, &body, &condition);
    app.db.commit(unit).await?;
    let mut items = consents::register(&app.db, caller.org(), after.as_ref()).await?;
    let more = items.len() > consents::PAGE;
    items.truncate(consents::PAGE);
    let next = items.last().filter(|_| more).map(|last| [last.media.as_str(), "-", last.consent.id.as_str()].concat());
    Ok(Page { items, next, left: None })
}

/// SQL: of nothing that somebody took out since then there is an entry. Twice, for what is sealed has indices of its own.
fn unrecorded(member: &MemberId, since: Moment) -> String {
    let (subject, since) = (Subject::Library.name(), since.0);
    let none = |which: &str| {
        format!(
            "NOT EXISTS (SELECT 1 FROM record r WHERE r.org = ?2 AND r.at >= {since} AND r.subject = '{subject}' AND r.seq {which}
               AND r.body ->> '$.what' = 'consents_exported' AND r.body ->> '$.by' = '{member}')"
        )
    };
    [none("IS NULL"), none("IS NOT NULL")].join(" AND ")
}

async fn register(ask: Ask<Nothing>) -> Result<Register, Refused> {
    Ok(gone::register(&ask.app.db, ask.caller()?.org()).await?)
}

/// Whoever takes their word back, or asks to be forgotten, can do so when the picture is gone.
async fn forget(ask: Ask<Nothing>) -> Result<Register, Refused> {
    let (app, caller) = (&ask.app, ask.caller()?);
    let (org, now) = (caller.org(), app.now());
    let consent: ConsentId = ask.part("consent")?;
    let (media, all) = gone::with_consent(&app.db, org, &consent).await?.ok_or(Refusal::NotFound)?;
    let kept = consent::forget(&all, &consent, now)?;
    if !kept.is_empty() {
        let mut unit = Unit::new();
        gone::still(&mut unit, org, &media, &all);
        for one in &kept {
            consents::keep(&mut unit, org, &media, one, &caller.member, now);
        }
        let of = kept.iter().map(|one| &one.id).collect::<Vec<_>>();
        let body = json!({ "what": "consent_forgotten", "media": media, "consents": of, "by": caller.member });
        records::keep(app, &mut unit, org, Subject::Library, &body);
        match app.db.commit(unit).await {
            Ok(_) => {}
            // Somebody else took one back, or the file came back.
            Err(StoreError::Guard) => {
                let current = all.iter().find(|one| one.id == consent).map_or(0, |one| one.version);
                return Err(Refusal::Stale { current }.into());
            }
            Err(error) => return Err(error.into()),
        }
    }
    Ok(gone::register(&app.db, org).await?)
}

/// The asset that is named, if it is any of the caller's business.
async fn find<Q>(ask: &Ask<Q>, caller: &Caller) -> Result<Whole, Refused> {
    let media: MediaId = ask.part("media")?;
    let day = today(&ask.app, caller).to_string();
    let whole = store::whole(&ask.app.db, caller.org(), &media, &day).await?;
    Ok(whole.filter(|whole| is_theirs(caller, &whole.filed.by)).ok_or(Refusal::NotFound)?)
}

/// Whether what somebody brought is any of the caller's business.
fn is_theirs(caller: &Caller, by: &MemberId) -> bool {
    only(caller).is_none_or(|member| member == by)
}

async fn asset(ask: Ask<Nothing>) -> Result<AssetView, Refused> {
    let caller = ask.caller()?;
    let whole = find(&ask, caller).await?;
    shown(&ask.app, caller, whole)
}

fn shown(app: &App, caller: &Caller, whole: Whole) -> Result<AssetView, Refused> {
    let (facts, day) = (whole.facts(), today(app, caller));
    let flaw = facts.flaw(None, None, Days { first: day, last: day });
    // One for a campaign holds in it: without a post nobody can say that it does not.
    let flaw = flaw.filter(|flaw| *flaw != consent::Flaw::Campaign);
    let (uses, more) = uses(app, caller, &facts, whole.uses)?;
    let keeps = may(caller.role, domain::Act::KeepConsents);
    let Whole { filed, brought_by, consents, look, versions, .. } = whole;
    Ok(AssetView { filed, brought_by, flaw, consents: keeps.then_some(consents), uses, more, look, versions })
}

/// A publication on its way: of which post, its acts, and when the last of them is due, and until when.
struct Course {
    place: usize,
    acts: Vec<(Deed, u32, ActState)>,
    due: Option<(Moment, Moment)>,
}

/// Folds the rows of acts into posts, those that the caller sees, and says of each whether it may have the asset.
fn uses(app: &App, caller: &Caller, facts: &Facts, rows: Vec<UseRow>) -> Result<(Vec<Use>, bool), StoreError> {
    let now = app.now();
    let day = |at: Moment| zones::civil(&caller.organisation.zone, at).date();
    let today = Days { first: day(now), last: day(now) };
    let mut posts: Vec<(Use, bool)> = Vec::new();
    let mut acts: HashMap<String, Course> = HashMap::new();
    let mut order: Vec<(String, ChannelId, Network)> = Vec::new();
    let mut campaigns = Vec::new();
    for row in rows {
        let post = id(&row.post)?;
        if posts.last().is_none_or(|(last, _)| last.post != post) {
            let going: Vec<(ChannelId, Network, Language)> = read_json(&row.destinations)?;
            let sees = caller.sees(going.iter().map(|(channel, ..)| channel));
            let campaign = row.campaign.as_deref().map(id).transpose()?;
            let slot = row.slot_at.map(|at| Moment(at as i64));
            let days = slot.filter(|at| *at > now).map_or(today, |at| Days { first: day(at), last: day(at) });
            // Where it goes to several kinds of channels, each of them is one to answer for.
            let networks = going.iter().map(|(_, network, _)| Some(*network)).chain(going.is_empty().then_some(None));
            let flaw = networks.filter_map(|network| facts.flaw(network, campaign.as_ref(), days)).next();
            let stage = name(&row.stage)?;
            let has = read_json(&row.has)?;
            posts.push((Use { post, heading: row.heading, stage, slot, going: Vec::new(), flaw, has }, sees));
            campaigns.push(campaign);
        }
        let (Some(publication), Some(channel), Some(network)) = (row.publication, row.channel, row.network) else {
            continue;
        };
        let place = posts.len() - 1;
        if !acts.contains_key(&publication) {
            order.push((publication.clone(), id(&channel)?, name(&network)?));
        }
        let course = acts.entry(publication).or_insert(Course { place, acts: Vec::new(), due: None });
        if let (Some(deed), Some(part), Some(data)) = (row.deed, row.part, row.data) {
            course.acts.push((name(&deed)?, part as u32, read_json(&data)?));
            course.due = row.due_at.zip(row.ends_at).map(|(due, ends)| (Moment(due as i64), Moment(ends as i64)));
        }
    }
    for (publication, channel, network) in order {
        let Some(Course { place, acts, due }) = acts.remove(&publication) else { continue };
        let state = publication_state(acts.iter().map(|(deed, part, state)| (*deed, *part, state)));
        let address = acts.iter().rev().find_map(|(deed, _, state)| match state {
            ActState::Done { receipt } if !matches!(deed, Deed::Delete | Deed::Comment) => receipt.address.clone(),
            _ => None,
        });
        let waits = acts.iter().any(|(.., state)| matches!(state, ActState::Waiting | ActState::Claimed { .. }));
        let days =
            due.filter(|_| waits).map_or(today, |(due, ends)| Days { first: day(due.max(now)), last: day(ends) });
        let (Some((one, _)), Some(campaign)) = (posts.get_mut(place), campaigns.get(place)) else { continue };
        let flaw = facts.flaw(Some(network), campaign.as_ref(), days);
        one.going.push(Out { channel, network, state, address, flaw });
    }
    let more = posts.len() > store::MOST_USES;
    posts.truncate(store::MOST_USES);
    Ok((posts.into_iter().filter(|(_, sees)| *sees).map(|(one, _)| one).collect(), more))
}

/// Adds to a unit of work that what waits to go out and may not any more is held, that what is on its way is not sent again, and
/// that people are told, whoever has a kit in hand too. Answers how much was held and what the record says of it. What joins it in
/// this very unit has joined it there by then, and is looked at as well.
async fn hold_back(
    app: &App,
    caller: &Caller,
    unit: &mut Unit,
    facts: &Facts,
    joins: Option<&MediaId>,
) -> Result<(usize, Vec<(Subject, Value)>), Refused> {
    let (org, now) = (caller.org(), app.now());
    let placed = store::placed(&app.db, org, &facts.media, joins).await?;
    let day = |at: Moment| zones::civil(&caller.organisation.zone, at).date();
    let held: Vec<_> = placed
        .iter()
        .filter(|one| {
            let days = Days { first: day(one.due.max(now)), last: day(one.ends.max(now)) };
            facts.flaw(Some(one.network), one.campaign.as_ref(), days).is_some()
        })
        .collect();
    store::hold(unit, org, &facts.media, &placed, &held);
    // What is on its way says so itself, if it comes back.
    let held: Vec<_> = held.into_iter().filter(|one| one.course != Going::Goes).collect();
    let mut entries: Vec<(Subject, Value)> = Vec::new();
    let mut told = Vec::new();
    for one in &held {
        if told.contains(&&one.post) {
            continue;
        }
        told.push(&one.post);
        if held.iter().any(|other| other.post == one.post && other.course == Going::Waits) {
            entries.push((Subject::Incident, json!({ "post": one.post, "held": "rights", "media": facts.media })));
        }
        if told.len() <= MOST_TOLD {
            let notice = Notice::NeedsAPerson { post: one.post.clone(), publication: one.publication.clone() };
            mail::notify(app, unit, org, &notice);
        }
    }
    Ok((held.iter().filter(|one| one.course == Going::Waits).count(), entries))
}

/// Writes, and answers the asset as it is then.
async fn commit<Q>(ask: &Ask<Q>, caller: &Caller, unit: Unit, before: u64) -> Result<AssetView, Refused> {
    match ask.app.db.commit(unit).await {
        Ok(_) => {}
        // Somebody described it, registered a consent or placed a post with it meanwhile.
        Err(StoreError::Guard) => return Err(Refusal::Stale { current: before }.into()),
        Err(error) => return Err(error.into()),
    }
    mail::soon(&ask.app);
    let whole = find(ask, caller).await?;
    shown(&ask.app, caller, whole)
}

async fn describe(ask: Ask<Describe>) -> Result<AssetView, Refused> {
    let (caller, app) = (ask.caller()?, &ask.app);
    let whole = find(&ask, caller).await?;
    let before = &whole.asset();
    let keeps = may(caller.role, domain::Act::KeepConsents);
    let after = before.describe(ask.body.version, ask.body.said.clone(), keeps, &whole.consents)?;
    if after == *before {
        return shown(app, caller, whole);
    }
    let (org, mut unit) = (caller.org(), Unit::new());
    store::expect(&mut unit, org, &after.media, before.version);
    // How it is called and found is no matter of the record; what may be done with it is.
    let terms = |asset: &Asset| (asset.said.licence, asset.said.until, asset.said.shows, asset.said.author.clone());
    if terms(before) != terms(&after) {
        let facts = Facts { shows: after.said.shows, until: after.said.until, version: after.version, ..whole.facts() };
        let (held, mut entries) = hold_back(app, caller, &mut unit, &facts, None).await?;
        let said = &after.said;
        let body = json!({
            "what": "asset_described", "media": after.media, "name": said.name, "shows": said.shows, "licence": said.licence,
            "until": said.until, "author": said.author, "held": held, "by": caller.member,
        });
        entries.push((Subject::Library, body));
        records::keep_all(app, &mut unit, org, &entries);
    }
    store::describe(&mut unit, org, &after);
    let version = before.version;
    commit(&ask, caller, unit, version).await
}

/// Takes an uploaded picture as the newest version, or shows an older one again.
async fn replace(ask: Ask<Replace>) -> Result<AssetView, Refused> {
    let (caller, app) = (ask.caller()?, &ask.app);
    let (org, now, by) = (caller.org(), app.now(), &ask.body.by);
    let at: MediaId = ask.part("media")?;
    let day = today(app, caller).to_string();
    let (whole, heir) = store::with_heir(&app.db, org, &at, by, &day).await?;
    let whole = whole.filter(|whole| is_theirs(caller, &whole.filed.by)).ok_or(Refusal::NotFound)?;
    let heir = heir.ok_or(Refusal::NotFound)?;
    let before = whole.asset();
    let versions: Vec<MediaId> = whole.versions.iter().map(|version| version.body.media().clone()).collect();
    let line = Line {
        first: &whole.first,
        newest: &whole.filed.asset.media,
        versions: &versions,
        film: matches!(whole.filed.body, Body::Video { .. }),
        asset: &before,
        consents: &whole.consents,
    };
    let candidate = succession::Heir {
        media: by,
        film: heir.film,
        of: heir.of.as_ref(),
        has_versions: heir.has_versions,
        asset: &heir.asset,
        consents: &heir.consents,
    };
    // Somebody from outside gives no version of what they did not bring, and is told nothing of it.
    if !versions.contains(by) && !is_theirs(caller, &heir.by) {
        return Err(Refusal::NotFound.into());
    }
    let step = succession::replace(line, &at, candidate, may(caller.role, domain::Act::KeepConsents))?;
    let mut unit = Unit::new();
    store::expect(&mut unit, org, &before.media, before.version);
    let body = |what: &str, held: usize| {
        let name = &before.said.name;
        json!({ "what": what, "media": before.media, "name": name, "version": by, "held": held, "by": caller.member })
    };
    match step {
        Step::Nothing => return shown(app, caller, whole),
        Step::Back => {
            store::show(&mut unit, org, &before.media, by);
            records::keep(app, &mut unit, org, Subject::Library, &body("asset_brought_back", 0));
        }
        Step::Joins(after) => {
            store::expect(&mut unit, org, by, heir.asset.version);
            store::join(&mut unit, org, by, &after, &caller.member, now);
            let consents = [whole.consents, heir.consents].concat();
            let Asset { media, version, said } = &*after;
            let (media, version) = (media.clone(), *version);
            let facts = Facts { media, version, shows: said.shows, until: said.until, consents };
            // A cut of it was looked at as one before.
            let joins = heir.of.is_none().then_some(by);
            let (held, mut entries) = hold_back(app, caller, &mut unit, &facts, joins).await?;
            entries.push((Subject::Library, body("asset_replaced", held)));
            records::keep_all(app, &mut unit, org, &entries);
        }
    }
    let version = before.version;
    commit(&ask, caller, unit, version).await
}

/// Deletes what nothing names. Asked of the database in the batch that deletes, for somebody may place it in a post meanwhile.
async fn delete(ask: Ask<Nothing>) -> Result<Nothing, Refused> {
    let (caller, app) = (ask.caller()?, &ask.app);
    let Whole { filed, first, consents, .. } = find(&ask, caller).await?;
    let (org, media) = (caller.org(), &first);
    let mut unit = Unit::new();
    gone::delete(&mut unit, org, media, app.now());
    let hash = match &filed.body {
        Body::Picture { picture } => &picture.hash,
        Body::Video { video } => &video.hash,
    };
    // Which one it was, anybody who has the file can tell; how it was called and what it showed is gone.
    let body = json!({
        "what": "asset_deleted", "media": media, "hash": hash, "consents": consents.len(), "by": caller.member,
    });
    records::keep(app, &mut unit, org, Subject::Library, &body);
    match app.db.commit(unit).await {
        Ok(_) => Ok(Nothing {}),
        Err(StoreError::Guard) => {
            let InTheWay { names, more, crest, kit } = gone::in_the_way(&app.db, org, media).await?;
            Err(match (names.is_empty(), crest, kit) {
                (false, ..) => Refusal::AssetInUse { names, more },
                (true, true, _) => Refusal::AssetIsCrest,
                (true, false, true) => Refusal::AssetInKit,
                // Somebody was faster.
                (true, false, false) => Refusal::NotFound,
            }
            .into())
        }
        Err(error) => Err(error.into()),
    }
}

async fn keep_consent(ask: Ask<KeepConsent>) -> Result<AssetView, Refused> {
    let (caller, app) = (ask.caller()?, &ask.app);
    let whole = find(&ask, caller).await?;
    let KeepConsent { version, who, age, giver, scope, campaign, first, last, proof } = ask.body.clone();
    let wanted = Consent {
        id: ask.part("consent")?,
        version,
        who,
        age,
        giver,
        scope,
        campaign,
        first,
        last,
        proof,
        withdrawn: None,
    };
    let kept = consent::keep(&whole.consents, wanted)?;
    if whole.consents.contains(&kept) {
        return shown(app, caller, whole);
    }
    let what = match kept.version {
        1 => "consent_registered",
        _ if kept.who.is_empty() => "consent_erased",
        _ => "consent_changed",
    };
    write(&ask, caller, whole, vec![kept], what).await
}

async fn withdraw(ask: Ask<Withdraw>) -> Result<AssetView, Refused> {
    let (caller, app) = (ask.caller()?, &ask.app);
    let whole = find(&ask, caller).await?;
    let consent: ConsentId = ask.part("consent")?;
    let kept = consent::withdraw(&whole.consents, &consent, ask.body.version, app.now())?;
    if kept.is_empty() {
        return shown(app, caller, whole);
    }
    write(&ask, caller, whole, kept, "consent_withdrawn").await
}

/// Writes consents: the rows, what is held for them, and an entry of the record for each. Who they are of stands in the register only, which
/// forgets it; the record does not.
async fn write<Q>(
    ask: &Ask<Q>,
    caller: &Caller,
    whole: Whole,
    kept: Vec<Consent>,
    what: &str,
) -> Result<AssetView, Refused> {
    let (app, org) = (&ask.app, caller.org());
    let asset = &whole.asset();
    // Whoever registers that somebody consented has said that they are seen.
    let mut after = asset.clone();
    after.version += 1;
    after.said.shows = Shows::Persons;
    let mut all = whole.consents.clone();
    for kept in &kept {
        match all.iter_mut().find(|one| one.id == kept.id) {
            Some(before) => *before = kept.clone(),
            None => all.push(kept.clone()),
        }
    }
    let facts = Facts {
        media: asset.media.clone(),
        version: after.version,
        shows: Shows::Persons,
        until: asset.said.until,
        consents: all,
    };
    let mut unit = Unit::new();
    store::expect(&mut unit, org, &asset.media, asset.version);
    for kept in &kept {
        consents::is_its_own(&mut unit, org, &kept.id, &asset.media);
        // Nobody deletes a campaign: only who makes one up is told that it has changed.
        if let Some(campaign) = &kept.campaign {
            unit.expect("EXISTS (SELECT 1 FROM campaign WHERE org = ?1 AND id = ?2)", binds![org, campaign]);
        }
    }
    let (held, mut entries) = hold_back(app, caller, &mut unit, &facts, None).await?;
    store::describe(&mut unit, org, &after);
    for (place, kept) in kept.iter().enumerate() {
        consents::keep(&mut unit, org, &asset.media, kept, &caller.member, app.now());
        // What is held is held once, however many words are taken back with one.
        let held = if place == 0 { held } else { 0 };
        let Consent { id, age, giver, scope, campaign, first, last, withdrawn, .. } = kept;
        let body = json!({
            "what": what, "media": asset.media, "name": asset.said.name, "consent": id, "age": age, "giver": giver, "scope": scope,
            "campaign": campaign, "first": first, "last": last, "withdrawn": withdrawn, "held": held, "by": caller.member,
        });
        entries.push((Subject::Library, body));
    }
    records::keep_all(app, &mut unit, org, &entries);
    let version = asset.version;
    commit(ask, caller, unit, version).await
}
