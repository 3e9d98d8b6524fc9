//! Posts: writing, submitting, deciding, placing, correcting, taking down.

pub mod asking;
pub mod decide;
pub mod deciding;
mod earlier;
mod emergency;
mod history;
mod links;
mod planning;
pub mod receipt;
mod search;
mod series;
mod together;

use std::collections::HashMap;

use domain::{
    Access, Act, Bylaws, ChannelId, Content, HealthState, MediaId, MemberId, Millis, Network, Notice, Organisation,
    OrganisationId, Post, PostId, PublicationId, Refusal, Rendition, Role, Slot, Stage, StageName, Step,
    circuit::{Facts, choice::Past},
    delivery::{ActState, Deed, Hold, PublicationState},
    guidance::Side,
    history::Standing,
    json,
    people::People,
    policy::{self, Finding, Waiver},
    post::{Law, parse_reason},
    record::Subject,
    translation::Behind,
};
use wire::{
    Nothing, Page, calendar, campaigns, deciding as contract, emergencies, history as kept, posts,
    publications::{ActView, PublicationView},
    series as again,
};

use crate::{
    answer::Refused,
    app::App,
    ask::{Api, Ask, mount},
    binds,
    caller::Caller,
    clock, faults, mail, perform,
    rights::{Rights, findings, held_back, of_library},
    settle::Court,
    store::{
        Bind, StoreError, Unit,
        acts::{self, FollowUp},
        bylaws, consents, contacts,
        posts::{self as store, Bench, Stored, Which, Whole},
        records, revisions, sittings, telling,
    },
    zones,
};

/// Mounts them.
pub fn mount_all(api: Api) -> Api {
    let api = mount(api, &posts::LIST, list);
    let api = mount(api, &posts::SEARCH, search::search);
    let api = mount(api, &posts::READ, read);
    let api = mount(api, &posts::SAVE, save);
    let api = mount(api, &posts::CANCEL, cancel);
    let api = mount(api, &posts::CHECK, check);
    let api = mount(api, &posts::SUBMIT, submit);
    let api = mount(api, &posts::WITHDRAW, withdraw);
    let api = mount(api, &posts::SUBMITTED, earlier::submitted);
    let api = mount(api, &kept::VERSIONS, history::versions);
    let api = mount(api, &kept::RESTORE, history::restore);
    let api = mount(api, &posts::NONCE, decide::nonce);
    let api = mount(api, &posts::DECIDE, decide::decide);
    let api = mount(api, &posts::CODE, decide::code);
    let api = mount(api, &posts::CONFIRM, decide::confirm);
    let api = mount(api, &posts::LINKS, links::list);
    let api = mount(api, &posts::SEND_LINK, links::send_again);
    let api = mount(api, &posts::REVOKE_LINK, links::revoke);
    let api = mount(api, &contract::DECIDING, deciding::deciding);
    let api = mount(api, &contract::OF_SERIES, deciding::of_series);
    let api = mount(api, &posts::RECEIPT, receipt::receipt);
    let api = mount(api, &posts::WAIVE, waive);
    let api = mount(api, &posts::REMARK, asking::remark);
    let api = mount(api, &posts::TRANSLATED, asking::translated);
    let api = mount(api, &campaigns::BELONG, asking::belong);
    let api = mount(api, &posts::PLACE, place);
    let api = mount(api, &posts::UNPLACE, unplace);
    let api = mount(api, &calendar::SHIFT, together::shift);
    let api = mount(api, &calendar::REARRANGE, together::rearrange);
    let api = mount(api, &posts::NARROW, planning::narrow);
    let api = mount(api, &again::LOOK, series::look);
    let api = mount(api, &again::MAKE, series::make);
    let api = mount(api, &again::SERIES, series::members);
    let api = mount(api, &again::GIVE_UP, series::give_up);
    let api = mount(api, &posts::RELEASE, release);
    let api = mount(api, &posts::CORRECT, correct);
    let api = mount(api, &posts::TAKE_DOWN, take_down);
    let api = mount(api, &emergencies::PENDING, emergency::pending);
    let api = mount(api, &emergencies::NONCE, emergency::nonce);
    let api = mount(api, &emergencies::ASK, emergency::ask);
    let api = mount(api, &emergencies::ANSWER, emergency::answer);
    mount(api, &emergencies::RECEIPT, receipt::of_word)
}

/// A list shows so many at a time.
const PAGE: u32 = 50;

/// A calendar spans at most two months and its edges.
const LONGEST_SPAN: Millis = Millis::days(62);

/// Everybody who is there, for the questions of who can decide. One trip.
///
/// # Errors
/// `Unavailable`, `UnknownZone`.
pub async fn bench<Q>(ask: &Ask<Q>, caller: &Caller) -> Result<Bench, Refused> {
    let ((_, bylaws), rows) = bylaws::read(&ask.app.db, caller.org()).await?;
    let people = bylaws::people(&bylaws, &rows)?;
    seated(&ask.app, caller, bylaws, people)
}

fn seated(app: &App, caller: &Caller, bylaws: Bylaws, people: People) -> Result<Bench, Refused> {
    let at = app.now();
    let zone = zones::zone(&caller.organisation.zone, at)?;
    Ok(Bench { member: caller.member.clone(), at, bylaws, people, zone })
}

pub(super) fn bench_of(app: &App, caller: &Caller, whole: &Whole) -> Result<Bench, Refused> {
    seated(app, caller, whole.bylaws.clone(), whole.people.clone())
}

async fn list(ask: Ask<posts::Query>) -> Result<Page<posts::PostRow>, Refused> {
    let caller = ask.caller()?;
    let deciding = ask.body.waiting == Some(true);
    let bench = if deciding { Some(bench(&ask, caller).await?) } else { None };
    let moment = |at: Option<i64>| at.map(domain::Moment);
    let span = (moment(ask.body.from), moment(ask.body.until));
    let which = match (&ask.body, span.0, span.1) {
        (_, None, None) if let Some(bench) = &bench => Which::ToDecide(bench),
        (query, None, None) if query.unplaced == Some(true) => Which::Unplaced(behind(query)?),
        (query, Some(from), Some(until)) if until.since(from) <= LONGEST_SPAN && from <= until => {
            let after = before(query)?;
            // A cursor of another span is none of this one.
            if after.as_ref().is_some_and(|(at, _)| !(from..until).contains(at)) {
                return Err(Refusal::Malformed { field: "cursor".to_owned() }.into());
            }
            let most = if faults::point("calendar_cut").is_err() { 3 } else { store::MOST };
            Which::Span { from, until, after, most, compared: true }
        }
        (_, Some(_), Some(_)) => return Err(Refusal::Malformed { field: "until".to_owned() }.into()),
        (query, ..) => Which::Newest(query.stage, before(query)?, PAGE),
    };
    let mut items =
        store::lists(&ask.app.db, caller.org(), std::slice::from_ref(&which)).await?.pop().unwrap_or_default();
    let cursor = |at: domain::Moment, row: &posts::PostRow| format!("{}-{}", at.0, row.id);
    let mut last = None;
    let next = match which {
        Which::Newest(..) => {
            items.last().filter(|_| items.len() == PAGE as usize).map(|last| cursor(last.changed, last))
        }
        Which::Span { most, .. } if items.len() > most => {
            items.truncate(most);
            items.last().and_then(|last| Some(cursor(last.slot?, last)))
        }
        Which::Unplaced(_) if items.len() > store::TRAY => {
            items.truncate(store::TRAY);
            last = items.last().map(|row| (row.stage != StageName::Approved, row.changed, row.id.clone()));
            last.as_ref().map(|(open, at, post)| format!("{}-{}-{post}", u8::from(*open), at.0))
        }
        _ => None,
    };
    // Whoever does not see every channel is not told of how many others speak.
    let left = match last.filter(|_| caller.access == Access::Everywhere) {
        Some(last) => Some(store::unplaced_behind(&ask.app.db, caller.org(), &last).await?),
        None => None,
    };
    Ok(Page { items: within_sight(caller, items), next, left })
}

/// Where the page before of what has no hour ended.
fn behind(query: &posts::Query) -> Result<Option<store::Unplaced>, Refusal> {
    let read = |cursor: &str| {
        let (open, rest) = cursor.split_once('-')?;
        let (at, post) = from_cursor(rest)?;
        Some((open.parse::<u8>().ok()? > 0, at, post))
    };
    let malformed = || Refusal::Malformed { field: "cursor".to_owned() };
    query.cursor.as_deref().map(|cursor| read(cursor).ok_or_else(malformed)).transpose()
}

/// Where the page before ended.
fn before(query: &posts::Query) -> Result<Option<(domain::Moment, PostId)>, Refusal> {
    let malformed = || Refusal::Malformed { field: "cursor".to_owned() };
    query.cursor.as_deref().map(|cursor| from_cursor(cursor).ok_or_else(malformed)).transpose()
}

/// The rows that the caller may see.
pub fn within_sight(caller: &Caller, mut rows: Vec<posts::PostRow>) -> Vec<posts::PostRow> {
    rows.retain(|row| caller.sees(row.going.iter().map(|going| &going.channel)));
    rows
}

/// The moment and the identity of the last row of the page before.
fn from_cursor(cursor: &str) -> Option<(domain::Moment, PostId)> {
    let (at, post) = cursor.split_once('-')?;
    Some((domain::Moment(at.parse().ok()?), post.parse().ok()?))
}

async fn read(ask: Ask<Nothing>) -> Result<posts::PostView, Refused> {
    let caller = ask.caller()?;
    let whole = whole(&ask, caller).await?;
    before_them(&ask.app, caller, &whole.stored.post.id);
    view(&ask.app, caller, whole)
}

/// Whoever has a post before them has read what they were told of it.
fn before_them(app: &App, caller: &Caller, post: &PostId) {
    let seen = telling::Read::Post(post);
    let (sql, binds) = telling::read_query(caller.org(), &caller.member, seen, app.now());
    let later = app.clone();
    app.afterwards(async move {
        if let Err(trouble) = later.db.run(&sql, binds).await {
            worker::console_error!("notices: {trouble}");
        }
    });
}

pub(super) async fn whole<Q>(ask: &Ask<Q>, caller: &Caller) -> Result<Whole, Refused> {
    let post: PostId = ask.part("post")?;
    let whole = store::whole(&ask.app.db, caller.org(), &post, ask.app.now()).await?.ok_or(Refusal::NotFound)?;
    if !caller.sees(whole.stored.post.content.targets.iter().map(|target| &target.channel)) {
        return Err(Refusal::OutOfReach.into());
    }
    Ok(whole)
}

/// A post as the desk shows it.
///
/// # Errors
/// `NotFound`, `Unavailable`.
pub async fn shown(app: &App, caller: &Caller, post: &PostId) -> Result<posts::PostView, Refused> {
    let whole = store::whole(&app.db, caller.org(), post, app.now()).await?.ok_or(Refusal::NotFound)?;
    view(app, caller, whole)
}

/// What is looked at: the correction's content if one waits, else the post's.
fn current(post: &Post) -> &Content {
    match &post.stage {
        Stage::Out { correction: Some(correction), .. } => &correction.content,
        _ => &post.content,
    }
}

fn view(app: &App, caller: &Caller, mut whole: Whole) -> Result<posts::PostView, Refused> {
    let waiting = match whole.stored.post.round() {
        Ok(round) => round.waiting(bench_of(app, caller, &whole)?.now()),
        Err(_) => None,
    };
    let content = current(&whole.stored.post);
    let at = app.now();
    let rights = whole.rights(None, at);
    let (content_hash, findings) = (content.hash(), findings(&caller.organisation, content, &whole.channels, rights));
    let (urgent, publishers) = (emergency::urgent(caller, &whole, at), emergency::publishers(&whole, at));
    // The post's own content: it is never a correction that goes out in an emergency.
    let (stage, own) = (whole.stored.post.stage.name(), whole.stored.post.content.hash());
    let seen = asking::Seen::of(&whole, content);
    let guide = whole.bylaws.guidance.guide(seen.look(&caller.organisation, &whole, content, &findings));
    let emergencies = std::mem::take(&mut whole.emergencies)
        .into_iter()
        .map(|one| one.shown(stage, &own, &whole.people, at))
        .collect();
    Ok(posts::PostView {
        urgent,
        emergencies,
        publishers,
        content_hash,
        findings,
        waiting,
        guide,
        sightings: seen.sightings,
        remarks: whole.remarks,
        checks: whole.checks,
        campaign: whole.themes.campaigns.into_iter().next(),
        pillar: whole.themes.pillars.into_iter().next(),
        audience: whole.themes.audiences.into_iter().next(),
        message: whole.themes.messages.into_iter().next(),
        waivers: whole.stored.waivers,
        behind: whole.stored.behind,
        decisions: whole.decisions,
        publications: whole.publications,
        names: whole.names,
        created: whole.stored.created,
        changed: whole.stored.changed,
        writer: Some(whole.written.by),
        written: Some(whole.written.at),
        links: whole.links,
        editors: whole.editors.into_iter().filter(|editor| editor.member != caller.member).collect(),
        placers: planning::placers(&whole.stored.post, &whole.people),
        post: whole.stored.post,
    })
}

/// Whether the content names only channels of the organisation that live, within the caller's reach, and only its
/// pictures, its video and its document.
async fn vouch<Q>(
    ask: &Ask<Q>,
    caller: &Caller,
    content: &Content,
    channels: &[domain::Channel],
) -> Result<(), Refused> {
    fit(caller, content, channels)?;
    if !store::owns_media(&ask.app.db, caller.org(), content).await? {
        return Err(Refusal::NotFound.into());
    }
    Ok(())
}

/// The same of a content that is to stand in place of another, which answers it with the accounts of whom it names: as the book has
/// them, or as they stood there already. Whoever sends it names people, and brings no accounts.
async fn admitted<Q>(
    ask: &Ask<Q>,
    caller: &Caller,
    before: Option<&Content>,
    content: Content,
    channels: &[domain::Channel],
) -> Result<Content, Refused> {
    fit(caller, &content, channels)?;
    let stood = before.and_then(|before| before.contacts.as_ref());
    let names = content.unsettled(stood);
    let book = store::vouched(&ask.app.db, caller.org(), &content, &names).await?.ok_or(Refusal::NotFound)?;
    Ok(content.settled(stood, &book))
}

/// Whether what is sent stands there already; whoever sends no accounts means those that stand.
fn stands(stored: &Content, sent: &Content) -> bool {
    let meant = || Content { contacts: stored.contacts.clone(), ..sent.clone() };
    stored == sent || (sent.contacts.is_none() && stored.contacts.is_some() && *stored == meant())
}

/// What [`vouch`] says of the channels alone, where the pictures, its video and its document stand in a stored content already.
fn fit(caller: &Caller, content: &Content, channels: &[domain::Channel]) -> Result<(), Refusal> {
    for target in &content.targets {
        let channel = channels.iter().find(|channel| channel.id == target.channel).ok_or(Refusal::NotFound)?;
        if channel.health.state == HealthState::Disconnected {
            return Err(Refusal::ChannelUnfit);
        }
        if !caller.access.reaches(&channel.id) {
            return Err(Refusal::OutOfReach);
        }
    }
    Ok(())
}

/// An agency only touches posts of its own channels; a translator only words, a designer only pictures.
fn within_reach(caller: &Caller, before: &Content, after: &Content) -> Result<(), Refusal> {
    if !before.targets.iter().all(|target| caller.access.reaches(&target.channel)) {
        return Err(Refusal::OutOfReach);
    }
    let fits = match caller.role {
        Role::Translator => before.changes_only_words(after),
        Role::Designer => before.changes_only_pictures(after),
        _ => true,
    };
    if fits { Ok(()) } else { Err(Refusal::NotAllowed { act: Act::Write }) }
}

async fn save(ask: Ask<posts::Save>) -> Result<posts::PostView, Refused> {
    let caller = ask.caller()?;
    let id: PostId = ask.part("post")?;
    let content = ask.body.content.clone().parse()?;
    let now = ask.app.now();
    let stored = store::whole(&ask.app.db, caller.org(), &id, now).await?;
    let mut unit = Unit::new();
    match stored {
        None if ask.body.version == 0 => {
            caller.needs(Act::Write)?;
            let channels = crate::store::channels::of_organisation(&ask.app.db, caller.org()).await?;
            caller.organisation.policy.utm.admit(None, content.utm.as_ref())?;
            let content = admitted(&ask, caller, None, content, &channels).await?;
            let stored = Stored {
                post: Post::new(id.clone(), caller.member.clone(), content),
                waivers: Vec::new(),
                behind: Behind::default(),
                created: now,
                changed: now,
                round_due: None,
            };
            store::insert(&mut unit, caller.org(), &stored, &channels);
            let hash = stored.post.content.hash();
            let body = json!({ "what": "created", "post": id, "content_hash": hash });
            records::keep(&ask.app, &mut unit, caller.org(), Subject::Drafting, &body);
            sittings::note(&ask.app, &mut unit, caller, &id, None, &hash);
        }
        None => return Err(Refusal::NotFound.into()),
        // The same autosave, sent twice.
        Some(whole) if stands(&whole.stored.post.content, &content) => return view(&ask.app, caller, whole),
        Some(whole) => {
            let current = whole.stored.post.version;
            if ask.body.version != current {
                return Err(Refusal::Stale { current }.into());
            }
            let before = &whole.stored.post.content;
            within_reach(caller, before, &content)?;
            caller.organisation.policy.utm.admit(before.utm.as_ref(), content.utm.as_ref())?;
            let content = admitted(&ask, caller, Some(before), content, &whole.channels).await?;
            if *before == content {
                return view(&ask.app, caller, whole);
            }
            edited(&ask, caller, &mut unit, &whole, content, None).await?;
        }
    }
    put_down(&ask, caller, unit).await
}

/// Adds to a unit of work that a post says something else, and what goes with that: the record, the sitting, what goes out no
/// more, and what is kept of what it said. `restoring` is the version that is brought back, if one is.
async fn edited<Q>(
    ask: &Ask<Q>,
    caller: &Caller,
    unit: &mut Unit,
    whole: &Whole,
    content: Content,
    restoring: Option<u64>,
) -> Result<(), Refused> {
    let (post, now) = (&whole.stored.post, ask.app.now());
    let placed = post.stage.slot().is_some();
    let before = post.content.hash();
    let was = post.stage.name();
    let step = post.clone().edit(content, &caller.member, now)?;
    let after = step.post.content.hash();
    if was != StageName::Draft {
        // A word in it, and what was asked for or agreed to is void: that is told at once.
        let body = json!({ "what": "reopened", "post": post.id, "was": was, "before": before });
        records::keep(&ask.app, unit, caller.org(), Subject::Drafting, &body);
    }
    let written = &whole.written;
    let (first, submitted) = (written.first, post.is_submitted());
    let standing = Standing { by: &written.by, at: written.at, kept: written.kept, first, submitted };
    let is_kept = match restoring {
        Some(version) => {
            let body =
                json!({ "what": "restored", "post": post.id, "of": version, "before": before, "content_hash": after });
            records::keep(&ask.app, unit, caller.org(), Subject::Drafting, &body);
            standing.is_worth_keeping_whole()
        }
        None => standing.is_worth_keeping(&caller.member, now),
    };
    if is_kept {
        revisions::keep(unit, caller.org(), &post.id);
    }
    sittings::note(&ask.app, unit, caller, &post.id, Some(&before), &after);
    write(ask, caller, unit, whole, step).await?;
    if placed {
        acts::take_back(unit, caller.org(), &post.id);
    }
    Ok(())
}

/// Writes what was changed, and answers the post as it then is.
async fn put_down<Q>(ask: &Ask<Q>, caller: &Caller, unit: Unit) -> Result<posts::PostView, Refused> {
    match ask.app.db.commit(unit).await {
        Ok(_) => view(&ask.app, caller, whole(ask, caller).await?),
        // Another organisation's identity, or the same one created at the same time: neither is told apart.
        Err(StoreError::Unique) => Err(Refusal::Stale { current: 0 }.into()),
        Err(error) => Err(stale_or(ask, caller, error).await),
    }
}

/// Adds a step's post and effects to a unit of work, guarded by the version that was read.
async fn write<Q>(ask: &Ask<Q>, caller: &Caller, unit: &mut Unit, whole: &Whole, step: Step) -> Result<(), Refused> {
    let bench = bench_of(&ask.app, caller, whole)?;
    let court = Court { app: &ask.app, organisation: &caller.organisation, whole, bench: &bench };
    write_by(&court, Some(&caller.member), unit, step).await
}

/// The same, by a member or by nobody who is one.
///
/// # Errors
/// `Unavailable`.
pub async fn write_by(
    court: &Court<'_>,
    by: Option<&domain::MemberId>,
    unit: &mut Unit,
    step: Step,
) -> Result<(), Refused> {
    let Court { app, organisation, whole, bench } = court;
    let before = whole.stored.post.version;
    let step = planning::land(court, unit, step).await?;
    let round_due = step.post.next_ring(bench.now());
    let (was, is) = (&whole.stored.post.content, &step.post.content);
    let behind = whole.stored.behind.followed(was, is, &organisation.languages);
    let stored = Stored { post: step.post, behind, changed: app.now(), round_due, ..whole.stored.clone() };
    store::update(unit, &organisation.id, &stored, before, by, &whole.channels);
    perform::apply(app, unit, organisation, step.effects).await
}

/// A guard that did not hold means that somebody was faster: says which version is there now.
async fn stale_or<Q>(ask: &Ask<Q>, caller: &Caller, error: StoreError) -> Refused {
    if !matches!(error, StoreError::Guard) {
        return error.into();
    }
    match whole(ask, caller).await {
        Ok(whole) => Refusal::Stale { current: whole.stored.post.version }.into(),
        Err(refused) => refused,
    }
}

/// Whatever is done with a post, who was writing in it has come to an end.
async fn finish<Q>(ask: &Ask<Q>, caller: &Caller, mut unit: Unit) -> Result<posts::PostView, Refused> {
    sittings::end(&mut unit, caller.org(), &ask.part("post")?);
    match ask.app.db.commit(unit).await {
        Ok(_) => afterwards(ask, caller).await,
        Err(error) => Err(stale_or(ask, caller, error).await),
    }
}

/// The post as it then is. What is due within the claim's reach need not wait for the next minute.
async fn afterwards<Q>(ask: &Ask<Q>, caller: &Caller) -> Result<posts::PostView, Refused> {
    let view = view(&ask.app, caller, whole(ask, caller).await?)?;
    if let Stage::Placed { slot, .. } = &view.post.stage
        && slot.at <= ask.app.now().plus(domain::delivery::CLAIM_AHEAD)
    {
        clock::hand_over(&ask.app, 1).await?;
    }
    Ok(view)
}

fn at_version(whole: &Whole, version: u64) -> Result<(), Refusal> {
    let current = whole.stored.post.version;
    if version == current { Ok(()) } else { Err(Refusal::Stale { current }) }
}

async fn cancel(ask: Ask<posts::Reason>) -> Result<posts::PostView, Refused> {
    let caller = ask.caller()?;
    let whole = whole(&ask, caller).await?;
    at_version(&whole, ask.body.version)?;
    within_reach(caller, &whole.stored.post.content, &whole.stored.post.content)?;
    let step = whole.stored.post.clone().cancel(&caller.member, ask.app.now(), &ask.body.reason)?;
    let mut unit = Unit::new();
    write(&ask, caller, &mut unit, &whole, step).await?;
    acts::take_back(&mut unit, caller.org(), &whole.stored.post.id);
    finish(&ask, caller, unit).await
}

async fn check(ask: Ask<Content>) -> Result<Vec<Finding>, Refused> {
    let caller = ask.caller()?;
    let mut content: Content = ask.body.clone().parse()?;
    if content.contacts.is_none() {
        // Whoever sends none means those of the book, as when it is stored.
        let names = content.unsettled(None);
        let book = contacts::named(&ask.app.db, caller.org(), &names).await?;
        content = content.settled(None, &book);
    }
    let channels = crate::store::channels::of_organisation(&ask.app.db, caller.org()).await?;
    let known = consents::of_media(&ask.app.db, caller.org(), &media_of(&content)).await?;
    let rights = Rights::at(&known, None, None, ask.app.now());
    Ok(findings(&caller.organisation, &content, &channels, rights))
}

/// The pictures and the video of a content, with its poster.
fn media_of(content: &Content) -> Vec<&MediaId> {
    let pictures = content.pictures.iter().map(|picture| &picture.media);
    let poster = content.video.iter().filter_map(|video| video.poster.as_ref());
    pictures.chain(content.video.iter().map(|video| &video.media)).chain(poster.map(|poster| &poster.media)).collect()
}

/// What is known of a content when it is submitted.
fn facts(whole: &Whole, content: &Content, found: &[Finding], seen: &asking::Seen) -> Facts {
    let author = whole.people.colleague(&whole.stored.post.author).map_or(Role::Author, |colleague| colleague.role);
    Facts::of(content, &whole.stored.post.belongs, author, found, seen.matters.clone())
}

async fn submit(ask: Ask<posts::Submit>) -> Result<posts::PostView, Refused> {
    let caller = ask.caller()?;
    let whole = whole(&ask, caller).await?;
    at_version(&whole, ask.body.version)?;
    let post = whole.stored.post.clone();
    vouch(&ask, caller, &post.content, &whole.channels).await?;
    let rights = whole.rights(None, ask.app.now());
    let found = findings(&caller.organisation, &post.content, &whole.channels, rights);
    let verdict = policy::verdict(&found, &whole.stored.waivers);
    let declared = caller.organisation.policy.declared(post.content.kind);
    let bench = bench_of(&ask.app, caller, &whole)?;
    let seen = asking::Seen::of(&whole, &post.content);
    let facts = facts(&whole, &post.content, &found, &seen);
    let circuit = whole.bylaws.circuit(&facts);
    let law = Law { circuit: &circuit, facts: &facts, verdict, declared };
    let checked = ask.body.checked.as_ref();
    let look = seen.look(&caller.organisation, &whole, &post.content, &found);
    let ticked = asking::go_through(&caller.organisation, &whole, look, Side::Author, checked, true);
    let step = post.submit(&caller.member, law, bench.now());
    let mut step =
        step.map_err(|refusal| if refusal == Refusal::Blocked { Refused::blocked(found) } else { refusal.into() })?;
    // After what is wrong with the post itself, which is mended first.
    let checks =
        asking::kept(ticked?, &whole, Side::Author, caller.member.clone().into(), rounds(&step.post), bench.at);
    let mut unit = Unit::new();
    asking::keep(&mut unit, caller.org(), &whole, &mut step.effects, Subject::Submission, checks.as_ref());
    let past = Past { post: step.post.id.clone(), facts, circuit: circuit.id };
    write(&ask, caller, &mut unit, &whole, step).await?;
    bylaws::remember(&mut unit, caller.org(), &past);
    let view = finish(&ask, caller, unit).await?;
    // Whoever has a device that listens is told within seconds.
    mail::soon(&ask.app);
    Ok(view)
}

/// The round a post is in, and the content that it is over.
fn rounds(post: &Post) -> (u32, String) {
    (post.rounds, current(post).hash())
}

async fn withdraw(ask: Ask<posts::AtVersion>) -> Result<posts::PostView, Refused> {
    let caller = ask.caller()?;
    let whole = whole(&ask, caller).await?;
    at_version(&whole, ask.body.version)?;
    within_reach(caller, &whole.stored.post.content, &whole.stored.post.content)?;
    let step = whole.stored.post.clone().withdraw(&caller.member, ask.app.now())?;
    let mut unit = Unit::new();
    write(&ask, caller, &mut unit, &whole, step).await?;
    finish(&ask, caller, unit).await
}

async fn waive(ask: Ask<posts::Waive>) -> Result<posts::PostView, Refused> {
    let caller = ask.caller()?;
    let whole = whole(&ask, caller).await?;
    let reason = parse_reason(&ask.body.reason)?;
    if ask.body.rule.is_fixed() {
        return Err(Refusal::NotWaivable.into());
    }
    let rights = whole.rights(None, ask.app.now());
    let found = findings(&caller.organisation, current(&whole.stored.post), &whole.channels, rights);
    let named =
        found.iter().find(|finding| finding.rule == ask.body.rule && finding.fingerprint() == ask.body.fingerprint);
    let finding = named.ok_or(Refusal::NotFound)?;
    let waiver = Waiver {
        fingerprint: finding.fingerprint(),
        rule: finding.rule,
        reason,
        by: caller.member.clone(),
        at: ask.app.now(),
    };
    let mut unit = Unit::new();
    let body = json!({ "post": whole.stored.post.id, "finding": finding, "waiver": waiver });
    records::keep(&ask.app, &mut unit, caller.org(), Subject::Waiver, &body);
    let post = Post { version: whole.stored.post.version + 1, ..whole.stored.post.clone() };
    let mut waivers = whole.stored.waivers.clone();
    waivers.retain(|old| old.fingerprint != waiver.fingerprint);
    waivers.push(waiver);
    let round_due = post.next_ring(bench_of(&ask.app, caller, &whole)?.now());
    let stored = Stored { post, waivers, changed: ask.app.now(), round_due, ..whole.stored.clone() };
    store::update(&mut unit, caller.org(), &stored, whole.stored.post.version, &caller.member, &whole.channels);
    finish(&ask, caller, unit).await
}

fn networks(channels: &[domain::Channel]) -> HashMap<ChannelId, Network> {
    channels.iter().map(|channel| (channel.id.clone(), channel.network)).collect()
}

/// Places at a slot: the approval is checked by the step, the content once more by the rules (the policy may have
/// changed since it was submitted).
async fn put_at<Q>(ask: &Ask<Q>, caller: &Caller, whole: &Whole, slot: Slot) -> Result<posts::PostView, Refused> {
    let post = whole.stored.post.clone();
    let rights = whole.rights(Some(&slot), ask.app.now());
    let found = findings(&caller.organisation, &post.content, &whole.channels, rights);
    if policy::verdict(&found, &whole.stored.waivers) == policy::Verdict::Block {
        return Err(Refused::blocked(found));
    }
    vouch(ask, caller, &post.content, &whole.channels).await?;
    let step = post.place(slot, &caller.member, caller.organisation.pause.is_some())?;
    let mut unit = Unit::new();
    lay_down(&ask.app, &mut unit, caller.org(), whole, &step.post);
    write(ask, caller, &mut unit, whole, step).await?;
    finish(ask, caller, unit).await
}

/// Lays down the publications of what is placed now, however it came to be.
fn lay_down(app: &App, unit: &mut Unit, org: &OrganisationId, whole: &Whole, post: &Post) {
    let Stage::Placed { approval, slot } = &post.stage else { return };
    // The pause may have come since the caller was read: the guard asks again, inside the batch.
    unit.expect("(SELECT paused_at FROM organisation WHERE id = ?1) IS NULL", binds![org]);
    // And a consent may have been taken back.
    consents::still(unit, org, &whole.known);
    acts::take_back(unit, org, &post.id);
    // Nothing goes out after the times that were agreed to, though its window be longer.
    let slot = Slot { window: approval.latest(slot).since(slot.at), ..slot.clone() };
    acts::lay_down(app, unit, org, &networks(&whole.channels), &[(&post.id, &post.content, slot)]);
}

async fn place(ask: Ask<posts::Place>) -> Result<posts::PostView, Refused> {
    let caller = ask.caller()?;
    let whole = whole(&ask, caller).await?;
    at_version(&whole, ask.body.version)?;
    let now = ask.app.now();
    let zone = zones::zone(&caller.organisation.zone, now)?;
    let slot = Slot::place(ask.body.civil, ask.body.fold, &zone, caller.organisation.policy.window, now)?;
    match whole.stored.post.stage {
        Stage::Draft { .. } | Stage::InReview { .. } => planning::wish(&ask, caller, &whole, slot).await,
        _ => put_at(&ask, caller, &whole, slot).await,
    }
}

async fn release(ask: Ask<posts::AtVersion>) -> Result<posts::PostView, Refused> {
    let caller = ask.caller()?;
    let whole = whole(&ask, caller).await?;
    at_version(&whole, ask.body.version)?;
    let now = ask.app.now();
    let zone = zones::zone(&caller.organisation.zone, now)?;
    put_at(&ask, caller, &whole, Slot::now(&zone, caller.organisation.policy.window, now)).await
}

async fn unplace(ask: Ask<posts::AtVersion>) -> Result<posts::PostView, Refused> {
    let caller = ask.caller()?;
    let whole = whole(&ask, caller).await?;
    at_version(&whole, ask.body.version)?;
    let step = whole.stored.post.clone().unplace(&caller.member)?;
    let mut unit = Unit::new();
    acts::take_back(&mut unit, caller.org(), &step.post.id);
    write(&ask, caller, &mut unit, &whole, step).await?;
    finish(&ask, caller, unit).await
}

/// Lays an edit on every publication that is out, or may be, and whose network can replace it. `by` is whose word lets it out; nobody
/// of the house if it was somebody outside.
pub fn send_correction(
    app: &App,
    organisation: &Organisation,
    unit: &mut Unit,
    (whole, after): (&Whole, &Post),
    by: Option<&MemberId>,
) {
    let corrected = |publication: &PublicationView| {
        let parts = |content: &Content| {
            let rendition = content.rendition(&publication.channel, &publication.language);
            rendition.map(|rendition| rendition.parts(publication.network)).unwrap_or_default()
        };
        let (before, after) = (parts(&whole.stored.post.content), parts(&after.content));
        let edits = |part: u32| publication.acts.iter().filter(move |act| act.deed == Deed::Edit && act.part == part);
        // What an earlier correction has not brought is in this one too, which alone is agreed to now.
        let is_owed =
            |part: u32| edits(part).any(|act| !matches!(act.state, ActState::Done { .. } | ActState::Cancelled { .. }));
        let stale = faults::planted("stale_edit");
        let parts = after.into_iter().enumerate().filter_map(|(place, rendition)| {
            let (part, was) = (place as u32 + 1, before.get(place));
            let is_new = was != Some(&rendition) || is_owed(part);
            let rendition = was.filter(|_| stale).cloned().unwrap_or(rendition);
            is_new.then(|| (publication.id.clone(), part, rendition))
        });
        parts.collect::<Vec<_>>()
    };
    let what: Vec<(PublicationId, u32, Rendition)> = whole
        .publications
        .iter()
        // Also where the rest of a thread is still to come, or will not: what readers see of it is corrected. And where nobody knows
        // yet what they see: which parts may be there is asked where it is written.
        .filter(|publication| !publication.is_leaving() && publication.network.can_edit())
        .flat_map(corrected)
        .collect();
    let window = organisation.policy.window;
    let content_hash = after.content.hash();
    // Whoever agreed to it sends it, unless that is to be somebody else's: then it is held until they let it out.
    let apart = after.stage.approval().is_some_and(|approval| match by {
        Some(member) => approval.may_publish(member).is_err(),
        None => approval.keeps_apart(),
    });
    // Since it was submitted, somebody in a new picture may have taken their consent back; or does while this is written.
    consents::still(unit, &organisation.id, &whole.known);
    let rights = Rights::at(&whole.known, after.belongs.campaign.as_ref(), None, app.now());
    let found = of_library(organisation, &after.content, &whole.channels, rights);
    let back = held_back(&found, &whole.stored.waivers).next().is_some();
    let held = back.then_some(Hold::Rights).or(apart.then_some(Hold::DutiesApart));
    let tell = what.first().map(|(publication, ..)| publication.clone()).filter(|_| held.is_some());
    acts::doubt_told(unit, &organisation.id, &after.id, app.now());
    acts::supersede(unit, &organisation.id, &after.id);
    let follow = FollowUp { deed: Deed::Edit, content_hash: &content_hash, what, window, held, is_owed: false };
    acts::follow_up(app, unit, &organisation.id, &after.id, follow);
    acts::cover_comments(unit, &organisation.id, &after.id, &content_hash);
    if let Some(publication) = tell {
        let notice = Notice::NeedsAPerson { post: after.id.clone(), publication };
        mail::notify(app, unit, &organisation.id, &notice);
    }
}

async fn correct(ask: Ask<posts::Correct>) -> Result<posts::PostView, Refused> {
    let caller = ask.caller()?;
    let whole = whole(&ask, caller).await?;
    at_version(&whole, ask.body.version)?;
    let content = ask.body.content.clone().parse()?;
    // What went out where is a fact: a correction changes what is said, not to whom.
    // How a video is shown there may be corrected, and who is mentioned; where it went may not.
    let places = |content: &Content| {
        content
            .targets
            .iter()
            .map(|one| {
                let invited = one.collaborators.clone();
                (one.channel.clone(), one.languages.clone(), one.topic.clone(), invited, one.guise(), one.pin)
            })
            .collect::<Vec<_>>()
    };
    if places(&content) != places(&whole.stored.post.content) {
        return Err(Refusal::Malformed { field: "targets".to_owned() }.into());
    }
    let known = networks(&whole.channels);
    if !whole.stored.post.content.keeps_its_parts(&content, |channel| known.get(channel).copied()) {
        return Err(Refusal::OtherParts.into());
    }
    // X cannot change it, and what was said to readers when it came out holds for what they answered.
    if content.replies != whole.stored.post.content.replies {
        return Err(Refusal::OtherReplies.into());
    }
    // Mastodon forgets every vote of a poll whose answers change (`UpdateStatusService`), and X cannot change it.
    if content.poll != whole.stored.post.content.poll {
        return Err(Refusal::OtherPoll.into());
    }
    // Instagram cannot change it, and people may have answered it.
    if content.comments != whole.stored.post.content.comments {
        return Err(Refusal::OtherComment.into());
    }
    caller.organisation.policy.utm.admit(whole.stored.post.content.utm.as_ref(), content.utm.as_ref())?;
    let content = admitted(&ask, caller, Some(&whole.stored.post.content), content, &whole.channels).await?;
    let known = consents::of_media(&ask.app.db, caller.org(), &media_of(&content)).await?;
    let rights = Rights::at(&known, whole.stored.post.belongs.campaign.as_ref(), None, ask.app.now());
    let found = findings(&caller.organisation, &content, &whole.channels, rights);
    let verdict = policy::verdict(&found, &whole.stored.waivers);
    let declared = caller.organisation.policy.declared(content.kind);
    let bench = bench_of(&ask.app, caller, &whole)?;
    let seen = asking::Seen::of(&whole, &content);
    let facts = facts(&whole, &content, &found, &seen);
    let circuit = whole.bylaws.circuit(&facts);
    let law = Law { circuit: &circuit, facts: &facts, verdict, declared };
    let checked = ask.body.checked.as_ref();
    let look = seen.look(&caller.organisation, &whole, &content, &found);
    let ticked = asking::go_through(&caller.organisation, &whole, look, Side::Author, checked, true);
    let step = whole.stored.post.clone().correct(content, &ask.body.reason, &caller.member, law, bench.now());
    let mut step =
        step.map_err(|refusal| if refusal == Refusal::Blocked { Refused::blocked(found) } else { refusal.into() })?;
    let checks =
        asking::kept(ticked?, &whole, Side::Author, caller.member.clone().into(), rounds(&step.post), bench.at);
    let mut unit = Unit::new();
    // What was just looked at, which the post may not have yet.
    consents::still(&mut unit, caller.org(), &known);
    // A correction is written into the record when it is agreed to; what was ticked for it, now.
    if !asking::keep(&mut unit, caller.org(), &whole, &mut step.effects, Subject::Correction, checks.as_ref()) {
        let body = json!({ "post": step.post.id, "round": step.post.rounds, "by": caller.member, "correcting": true, "checks": checks });
        records::keep(&ask.app, &mut unit, caller.org(), Subject::Submission, &body);
    }
    // What readers saw until then, whether this replaces it now or when somebody agrees: out, nothing else changes it.
    revisions::keep_once(&mut unit, caller.org(), &step.post.id);
    let at_once = step.post.content != whole.stored.post.content;
    if at_once {
        send_correction(&ask.app, &caller.organisation, &mut unit, (&whole, &step.post), Some(&caller.member));
    }
    write(&ask, caller, &mut unit, &whole, step).await?;
    let view = finish(&ask, caller, unit).await?;
    if at_once {
        clock::hand_over(&ask.app, 1).await?;
    }
    Ok(view)
}

/// The parts of a publication that are not being taken down yet, in the order in which they are: of a thread the last first, so
/// that no part is ever seen without what it answers; and at the end what may not be out at all, for which nothing else waits.
fn to_take_down(publication: &PublicationView) -> Vec<u32> {
    let is_going = |part: u32| {
        let goes = |state: &ActState| !matches!(state, ActState::Failed { .. } | ActState::Cancelled { .. });
        publication.acts.iter().any(|act| act.deed == Deed::Delete && act.part == part && goes(&act.state))
    };
    let created = publication.acts.iter().rev().filter(|act| act.deed == Deed::Create && !is_going(act.part));
    let (out, doubtful): (Vec<&ActView>, Vec<&ActView>) =
        created.partition(|act| matches!(act.state, ActState::Done { .. }));
    out.into_iter().chain(doubtful).map(|act| act.part).collect()
}

/// How long a takedown goes on trying by itself.
const TAKEDOWN_WINDOW: Millis = Millis::hours(24);

async fn take_down(ask: Ask<posts::Reason>) -> Result<posts::PostView, Refused> {
    let caller = ask.caller()?;
    let whole = whole(&ask, caller).await?;
    let reason = parse_reason(&ask.body.reason)?;
    if !matches!(whole.stored.post.stage, Stage::Out { .. }) {
        return Err(Refusal::WrongStage.into());
    }
    let (org, post) = (caller.org(), &whole.stored.post);
    let mut unit = Unit::new();
    let body = json!({ "post": post.id, "by": caller.member, "role": caller.role, "reason": reason });
    records::keep(&ask.app, &mut unit, org, Subject::Takedown, &body);
    let cancelled = ActState::Cancelled { by: Some(caller.member.clone()), reason: reason.clone() };
    acts::doubt_told(&mut unit, org, &post.id, ask.app.now());
    // What has not gone out will not: a claim that a worker holds finds another state at the point of no return.
    unit.then(
        "UPDATE act SET state = 'cancelled', data = ?3, lease_at = NULL
         WHERE org = ?1 AND post = ?2 AND deed <> 'delete' AND (state IN ('waiting', 'claimed', 'held', 'failed', 'in_hand')
           -- A first comment of which nobody knows goes with the post.
           OR (state = 'unknown' AND deed = 'comment'))",
        binds![org, &post.id, Bind::json(&cancelled)],
    );
    // What is out, or may be, is taken down; a deletion waits until an unknown one is settled.
    let gone = [PublicationState::TakenDown, PublicationState::Cancelled];
    // What waits may be sent while this is written: whether anything was ever tried is asked there.
    let left = whole.publications.iter().filter(|publication| !gone.contains(&publication.state));
    let what = left.flat_map(|publication| {
        let rendition = post.content.rendition(&publication.channel, &publication.language);
        let parts = rendition.map(|rendition| rendition.parts(publication.network)).unwrap_or_default();
        let parts = to_take_down(publication).into_iter().filter_map(|part| {
            let rendition = parts.get(part as usize - 1)?;
            Some((publication.id.clone(), part, rendition.clone()))
        });
        parts.collect::<Vec<_>>()
    });
    let content_hash = post.content.hash();
    let follow = FollowUp {
        deed: Deed::Delete,
        content_hash: &content_hash,
        what: what.collect(),
        window: TAKEDOWN_WINDOW,
        held: None,
        is_owed: false,
    };
    acts::follow_up(&ask.app, &mut unit, org, &post.id, follow);
    unit.then(
        "UPDATE post SET version = version + 1, changed_at = ?3, changed_by = ?4 WHERE org = ?1 AND id = ?2",
        binds![org, &post.id, ask.app.now(), &caller.member],
    );
    let view = finish(&ask, caller, unit).await?;
    clock::hand_over(&ask.app, 1).await?;
    Ok(view)
}
