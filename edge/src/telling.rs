//! Telling people by the ways and at the hours that they chose: the rows of the desk that are due are looked at
//! (`domain::telling` says what is to be done), pushed, mailed, put into a digest, and brought before other people where
//! they stay unread. What goes by mail the moment it happens never comes here: `mail.rs` has written it already.
//!
//! Twice: a row is leased before anything is done, a mail has its row's key, and a push replaces the one before it.

use std::collections::{BTreeMap, BTreeSet};

use domain::{
    Millis, Moment, OrganisationId, PostId, Round, Stage,
    hours::Calendar,
    people::People,
    telling::{Addressee, Allowance, Kind, Way},
    zone::Zone,
};
use wire::notices::Delivery;
use words::Lang;

use crate::{
    app::App,
    clock,
    jobs::Job,
    mail,
    push::{self, Message, Sender, Urgency},
    store::{
        StoreError, Unit, bylaws, json,
        posts::Bench,
        telling::{self as store, Due, Listener},
    },
    zones,
};

/// Rows of one run; for what is left another run is sent for. Each takes a trip or two, and a call for each device.
const AT_ONCE: u32 = 6;

/// How long a row that was taken is left alone: longer than the slowest run.
const LEASE: Millis = Millis::minutes(5);

/// How often a push is tried: within a quarter of an hour; then it is a mail.
pub const TRIES: u32 = 3;

/// Devices of one person.
pub const MOST_DEVICES: usize = 8;

/// A digest lists so many; the rest is in the desk.
const MOST_LINES: u32 = 60;

/// The most characters of a line that a device shows.
const MOST_SHOWN: usize = 160;

/// What is the same for all rows of a run.
#[derive(Default)]
struct Run {
    senders: BTreeMap<OrganisationId, Sender>,
    towns: BTreeMap<OrganisationId, (domain::Bylaws, People)>,
    digested: BTreeSet<String>,
}

/// Tells what is due, a bounded number.
///
/// # Errors
/// `Down`: the next tick does what this one could not.
pub async fn tell_due(app: &App) -> Result<(), StoreError> {
    if !app.ledger().affords(8) {
        return Ok(());
    }
    let now = app.now();
    let due = store::lease(&app.db, now, now.plus(LEASE), AT_ONCE).await?;
    let (mut run, full) = (Run::default(), due.len() == AT_ONCE as usize);
    for due in due {
        if !app.ledger().affords(8 + if due.devices { MOST_DEVICES as u32 } else { 0 }) {
            // Its lease lapses, and the next tick finds it.
            break;
        }
        // One row's trouble does not stop the others (house rule 7).
        if let Err(error) = tell(app, &mut run, due, now).await {
            worker::console_error!("telling: {error}");
        }
    }
    if full {
        clock::send(app, vec![(Job::Tell, Millis(0))]).await;
    }
    Ok(())
}

/// The round that somebody waits in.
fn round_of(stage: Stage) -> Option<Box<Round>> {
    match stage {
        Stage::InReview { round } => Some(round),
        Stage::Out { correction, .. } => correction.map(|correction| correction.round),
        _ => None,
    }
}

async fn tell(app: &App, run: &mut Run, mut due: Due, now: Moment) -> Result<(), StoreError> {
    let mut unit = Unit::new();
    let zone = zones::zone(&due.zone, now).map_err(|_| StoreError::Row("zone".to_owned()))?;
    let mut next = BTreeSet::new();
    if due.item.stands
        && let Some(round) = due.stage.as_deref().map(json).transpose()?.and_then(round_of)
    {
        let (bylaws, people) = town(app, run, &due.org).await?;
        let (member, bylaws, people) = (due.member.clone(), bylaws.clone(), people.clone());
        let bench = Bench { member, at: now, bylaws, people, zone: zone.clone() };
        // Who has decided, or was overtaken by a colleague, is waited for no more.
        due.item.stands = !round.moves_of(&due.member, bench.now()).is_empty();
        next = domain::telling::next_people(&round, &bench.people);
    }
    let mut push_works = due.devices && due.tried < TRIES;
    // Twice at most: a push that fails for good is a mail at once.
    for _ in 0..2 {
        let step = look(app, &due, &zone, push_works, now);
        if step.tell.contains(&Way::Push) {
            match by_push(app, run, &mut unit, &due, now).await? {
                Delivery::Taken => done(&mut due, Way::Push, now),
                Delivery::Later if due.tried + 1 < TRIES => {
                    due.tried += 1;
                    let again = push::backoff(now, due.tried);
                    if step.tell.contains(&Way::Mail) {
                        by_mail(app, &mut unit, &mut due, now);
                    }
                    store::keep(&mut unit, &due, Some(again));
                    return app.db.commit(unit).await.map(drop);
                }
                Delivery::Gone | Delivery::Later | Delivery::Refused => {
                    (push_works, due.tried) = (false, TRIES);
                    continue;
                }
            }
        }
        if step.tell.contains(&Way::Mail) {
            by_mail(app, &mut unit, &mut due, now);
        }
        if step.tell.contains(&Way::Digest) {
            by_digest(app, run, &mut unit, &mut due, now).await?;
        }
        if step.raise {
            due.item.raised = true;
            mail::tell_the_next(app, &mut unit, &due.org, (&due.id, due.post.as_ref()), &due.member, next);
        }
        store::keep(&mut unit, &due, step.again);
        break;
    }
    app.db.commit(unit).await.map(drop)
}

fn done(due: &mut Due, way: Way, now: Moment) {
    due.item.done.insert(way);
    due.item.told = Some(now);
}

fn look(app: &App, due: &Due, zone: &Zone, push_works: bool, now: Moment) -> domain::telling::Step {
    if !due.here {
        return domain::telling::Step::default();
    }
    let mut reach = BTreeSet::new();
    if push_works {
        reach.insert(Way::Push);
    }
    if due.email.is_some() && mail::is_there(app) {
        reach.insert(Way::Mail);
    }
    let calendar = Calendar { hours: &due.hours, zone };
    Addressee { choices: &due.choices, reach, calendar }.step(&due.item, now)
}

async fn town<'a>(
    app: &App,
    run: &'a mut Run,
    org: &OrganisationId,
) -> Result<&'a (domain::Bylaws, People), StoreError> {
    if !run.towns.contains_key(org) {
        let ((_, bylaws), members) = bylaws::read(&app.db, org).await?;
        let people = bylaws::people(&bylaws, &members)?;
        run.towns.insert(org.clone(), (bylaws, people));
    }
    run.towns.get(org).ok_or_else(|| StoreError::Row("town".to_owned()))
}

/// The organisation's main language, in which it writes.
fn lang(due: &Due) -> Lang {
    due.languages.first().and_then(|language| Lang::of_tag(language.as_str())).unwrap_or_default()
}

fn names(due: &Due) -> mail::Names<'_> {
    mail::Names { organisation: &due.organisation, heading: &due.heading, name: &due.name, what: &due.what }
}

fn by_mail(app: &App, unit: &mut Unit, due: &mut Due, now: Moment) {
    let (subject, text) = mail::said(app, lang(due), due.item.kind, due.post.as_ref(), &names(due));
    mail::post_one(app, unit, &due.org, &due.key, due.email.as_deref().unwrap_or_default(), (&subject, &text));
    done(due, Way::Mail, now);
}

/// One mail for all that waits for it; whoever comes next in this run finds it done.
async fn by_digest(app: &App, run: &mut Run, unit: &mut Unit, due: &mut Due, now: Moment) -> Result<(), StoreError> {
    done(due, Way::Digest, now);
    if !run.digested.insert(due.member.to_string()) {
        return Ok(());
    }
    let digest = |kind: &Kind| due.choices.ways(kind.group()).contains(&Way::Digest);
    let kinds = Kind::ALL.into_iter().filter(digest).collect();
    let until = now.plus(LEASE);
    let lines = store::for_digest(&app.db, &due.org, &due.member, until, &kinds, MOST_LINES).await?;
    let (l, organisation) = (lang(due), due.organisation.as_str());
    let said = lines.iter().map(|line| {
        let names = mail::Names { organisation, heading: &line.heading, name: &line.name, what: &line.what };
        let (subject, _) = mail::said(app, l, line.kind, None, &names);
        format!("- {subject}")
    });
    let said = said.collect::<Vec<_>>().join("\n");
    let (subject, text) =
        (l.mail_digest_subject(organisation), l.mail_digest_text(said, mail::link(app, "/desk/notices")));
    let key = format!("digest:{}:{}", due.member, due.id);
    mail::post_one(app, unit, &due.org, &key, due.email.as_deref().unwrap_or_default(), (&subject, &text));
    let ids: Vec<_> = lines.iter().map(|line| &line.id).filter(|id| **id != due.id).collect();
    store::digested(unit, &due.org, &ids, now);
    Ok(())
}

async fn by_push(app: &App, run: &mut Run, unit: &mut Unit, due: &Due, now: Moment) -> Result<Delivery, StoreError> {
    let devices = store::listeners_of(&app.db, &due.org, &due.member).await?;
    if devices.is_empty() {
        return Ok(Delivery::Gone);
    }
    if !run.senders.contains_key(&due.org) {
        let sender = Sender::of(app, &due.org).await;
        let sender = sender.map_err(|_| StoreError::Down("no key to push with".to_owned()))?;
        run.senders.insert(due.org.clone(), sender);
    }
    let Some(sender) = run.senders.get_mut(&due.org) else { return Ok(Delivery::Later) };
    let mut deliveries = Vec::new();
    for device in devices.iter().take(MOST_DEVICES) {
        let message = message(app, due, Lang::of_tag(&device.lang).unwrap_or_default());
        deliveries.push((device, sender.send(app, device, &message).await));
    }
    Ok(settle(app, unit, (&due.org, &due.member), &deliveries, now))
}

/// Writes what became of pushes: who was reached, and whose device is gone, which its holder is told. Answers the best.
pub fn settle(
    app: &App,
    unit: &mut Unit,
    (org, member): (&OrganisationId, &domain::MemberId),
    deliveries: &[(&Listener, Delivery)],
    now: Moment,
) -> Delivery {
    let of = |wanted: Delivery| {
        deliveries.iter().filter(move |(_, delivery)| *delivery == wanted).map(|(device, _)| *device)
    };
    let taken: Vec<_> = of(Delivery::Taken).map(|device| &device.id).collect();
    store::reached(unit, org, &taken, now);
    for device in of(Delivery::Gone) {
        let (sql, binds) = store::forget_query(org, member, &device.id);
        unit.then(sql, binds);
        mail::tell_of_lost_push(app, unit, org, member, (&device.id, &device.label));
    }
    let best = [Delivery::Taken, Delivery::Later, Delivery::Refused];
    best.into_iter().find(|best| of(*best).next().is_some()).unwrap_or(Delivery::Gone)
}

/// What a device shows: that something waits, and more only where the organisation allows it.
fn message(app: &App, due: &Due, l: Lang) -> Message {
    let kind = due.item.kind;
    let (title, body) = if due.policy.telling.contains(&Allowance::Headings) {
        let (subject, _) = mail::said(app, l, kind, due.post.as_ref(), &names(due));
        (subject, due.organisation.clone())
    } else {
        (l.notices_push_title().to_owned(), l.notices_push_body().to_owned())
    };
    let shown = |text: String| text.chars().take(MOST_SHOWN).collect();
    Message {
        title: shown(title),
        body: shown(body),
        path: kind.path(due.post.as_ref()),
        topic: topic(due.post.as_ref(), kind),
        urgency: if kind.is_urgent() { Urgency::High } else { Urgency::Normal },
    }
}

/// What is said of a post replaces what was said of it before; of the rest, each kind itself.
fn topic(post: Option<&PostId>, kind: Kind) -> String {
    post.map_or_else(|| crate::store::name_of(&kind), ToString::to_string)
}
