//! Every test door, behind the one feature: the moved clock, the fault points, the demo sign-in.
//! A production build has none of this; `xtask test` proves it.

mod circuits;
mod demo;
mod mailbox;
mod people;
pub mod queue;
pub mod spending;

use std::sync::{
    Mutex,
    atomic::{AtomicI64, Ordering},
};

use axum::{
    body::{Body, Bytes},
    http::{Response, StatusCode, header},
};
use domain::{Millis, Network, OrganisationId};
use serde::{Serialize, de::DeserializeOwned};
use wire::{Endpoint, Nothing, rehearsal};

use crate::{
    answer::Refused,
    ask::{Api, Ask, Reply, mount, mount_raw},
    clock,
    store::Bind,
};

static AHEAD: AtomicI64 = AtomicI64::new(0);

static KEYS: Mutex<Option<(String, String)>> = Mutex::new(None);

/// The vault's keys, if they were changed: the one to seal with, and those that only open, as the settings write them.
pub fn keys() -> Option<(String, String)> {
    KEYS.lock().ok().and_then(|keys| keys.clone())
}

async fn change_keys(ask: Ask<rehearsal::Keys>) -> Result<Nothing, Refused> {
    let own = ask.app.setting(crate::vault::KEY).unwrap_or_default();
    let key = |text: &String| if text.is_empty() { own.clone() } else { text.clone() };
    let old: Vec<String> = ask.body.old.iter().map(key).collect();
    *KEYS.lock().map_err(|_| domain::Refusal::Unavailable)? = Some((key(&ask.body.key), old.join(",")));
    Ok(Nothing {})
}

/// A point where a fault can be armed.
#[derive(Debug, Clone)]
struct Point {
    name: String,
    left: u64,
    reached: u64,
    fired: u64,
}

static POINTS: Mutex<Vec<Point>> = Mutex::new(Vec::new());

/// How far the clock is moved.
pub fn ahead() -> Millis {
    Millis(AHEAD.load(Ordering::Relaxed))
}

/// Notes that a point was reached; answers whether a fault is armed there (and spends it).
pub fn fires(name: &str) -> bool {
    let Ok(mut points) = POINTS.lock() else { return false };
    match points.iter_mut().find(|point| point.name == name) {
        Some(point) => {
            point.reached += 1;
            let fires = point.left > 0;
            if fires {
                point.left -= 1;
                point.fired += 1;
            }
            fires
        }
        None => {
            points.push(Point { name: name.to_owned(), left: 0, reached: 1, fired: 0 });
            false
        }
    }
}

/// The invocation of the queue that has spent most since the last look: the free plan allows 50.
static HEAVIEST: Mutex<rehearsal::Heaviest> = Mutex::new(rehearsal::Heaviest { spent: 0, work: String::new() });

/// Notes what an invocation of the queue spent so far, and on which jobs (`deliver 31, look 38`: each with the sum
/// behind it).
pub fn note_spent(ledger: &crate::app::Ledger, job: &str, before: &mut String) {
    let spent = ledger.queries.load(Ordering::Relaxed) + ledger.calls.load(Ordering::Relaxed);
    let comma = if before.is_empty() { "" } else { ", " };
    before.push_str(&format!("{comma}{job} {spent}"));
    if let Ok(mut heaviest) = HEAVIEST.lock()
        && u64::from(spent) > heaviest.spent
    {
        *heaviest = rehearsal::Heaviest { spent: spent.into(), work: before.clone() };
    }
}

/// Whether a known bug was planted (`bug_…` armed): unlike a fault it is not spent.
pub fn planted(name: &str) -> bool {
    is_on(&format!("bug_{name}"))
}

/// A rehearsal need not wait as long for a network that never answers.
pub fn patience(usual: Millis) -> Millis {
    if is_on("impatient") { Millis::seconds(1) } else { usual }
}

/// Whether a mode is armed: unlike a fault it is not spent.
fn is_on(name: &str) -> bool {
    POINTS.lock().is_ok_and(|points| points.iter().any(|point| point.name == name && point.left > 0))
}

static ASKED: Mutex<Vec<rehearsal::Trip>> = Mutex::new(Vec::new());

/// Notes a round trip to the database, if somebody wants to know.
pub fn asked<'a>(statements: impl Iterator<Item = (&'a str, &'a [Bind])>) {
    if is_on("statements")
        && let Ok(mut asked) = ASKED.lock()
    {
        let plain = |bind: &Bind| match bind {
            Bind::Text(text) => text.clone().into(),
            Bind::Number(number) => (*number).into(),
            Bind::Null => serde_json::Value::Null,
        };
        asked.push(statements.map(|(sql, binds)| (sql.to_owned(), binds.iter().map(plain).collect())).collect());
    }
}

static STAND_INS: Mutex<Vec<rehearsal::StandIn>> = Mutex::new(Vec::new());

/// What stands for a network, if something does.
pub fn stand_in(org: &OrganisationId, network: Network) -> Option<String> {
    let all = STAND_INS.lock().ok()?;
    let stands = |one: &&rehearsal::StandIn| {
        one.network == network && one.organisation.as_ref().is_none_or(|organisation| organisation == org)
    };
    let found = all.iter().rev().find(stands);
    found.map(|one| one.server.clone())
}

async fn put_stand_in(ask: Ask<rehearsal::StandIn>) -> Result<Nothing, Refused> {
    STAND_INS.lock().map_err(|_| domain::Refusal::Unavailable)?.push(ask.body);
    Ok(Nothing {})
}

/// Leads a browser on from the machine's number to its name, where it has its session.
async fn back_by_name(ask: Ask<Bytes>) -> Result<Response<Body>, Refused> {
    let origin = ask.app.setting("ORIGIN").ok_or(domain::Refusal::NotFound)?;
    let to = [&*origin, wire::channels::BLUESKY_RETURN.pattern, "?", ask.uri.query().unwrap_or_default()].concat();
    let response = Response::builder().status(StatusCode::SEE_OTHER).header(header::LOCATION, to).body(Body::empty());
    response.map_err(|_| domain::Refusal::Unavailable.into())
}

async fn statements(_: Ask<Nothing>) -> Result<Vec<rehearsal::Trip>, Refused> {
    Ok(ASKED.lock().map(|mut asked| std::mem::take(&mut *asked)).unwrap_or_default())
}

/// Mounts the test doors.
pub fn mount_all(api: Api) -> Api {
    let api = people::mount_all(api);
    let api = mailbox::mount_all(api);
    let api = demo::mount_all(api);
    // A town that is set up on this machine in earnest signs in at servers too: no door is to be opened for it.
    let api = mount_raw(api, &rehearsal::BLUESKY_BACK, 0, back_by_name);
    let api = door(api, &rehearsal::CLOCK, move_clock);
    let api = door(api, &rehearsal::TICK, tick);
    let api = door(api, &rehearsal::WORK, queue::work);
    let api = door(api, &rehearsal::CIRCUITS, circuits::evaluate);
    let api = door(api, &rehearsal::STAND_IN, put_stand_in);
    let api = door(api, &rehearsal::STATEMENTS, statements);
    let api = door(api, &rehearsal::SPENDING, spending::read);
    let api = door(api, &rehearsal::KEYS, change_keys);
    let api = door(api, &rehearsal::HITS, hits);
    door(api, &rehearsal::FAULTS, arm)
}

/// Mounts a door that opens only where the engine was told so: by the tests and by `--demo`. A town that is set up on
/// this machine in earnest has the mailbox and nothing else of a rehearsal.
pub fn door<Q, A, R, H, F>(api: Api, endpoint: &Endpoint<Q, A>, handler: H) -> Api
where
    Q: DeserializeOwned + 'static,
    A: Serialize + 'static,
    R: Into<Reply<A>> + 'static,
    H: Fn(Ask<Q>) -> F + Clone + Send + Sync + 'static,
    F: Future<Output = Result<R, Refused>> + 'static,
{
    mount(api, endpoint, move |ask: Ask<Q>| {
        let handler = handler.clone();
        async move {
            if ask.app.setting("REHEARSAL_DOORS").is_none() {
                return Err(domain::Refusal::NotFound.into());
            }
            handler(ask).await
        }
    })
}

async fn move_clock(ask: Ask<rehearsal::Clock>) -> Result<rehearsal::Clock, Refused> {
    AHEAD.store(ask.body.ahead, Ordering::Relaxed);
    Ok(ask.body)
}

async fn tick(ask: Ask<Nothing>) -> Result<Nothing, Refused> {
    clock::tick(&ask.app, clock::Source::Cron).await?;
    Ok(Nothing {})
}

async fn arm(ask: Ask<rehearsal::Faults>) -> Result<rehearsal::Hits, Refused> {
    let mut points = POINTS.lock().map_err(|_| domain::Refusal::Unavailable)?;
    points.iter_mut().for_each(|point| point.left = 0);
    for armed in ask.body.armed.split(',').map(str::trim).filter(|armed| !armed.is_empty()) {
        let (name, count) = armed.split_once('=').unwrap_or((armed, "1"));
        let left = count.parse().map_err(|_| domain::Refusal::Malformed { field: "armed".to_owned() })?;
        match points.iter_mut().find(|point| point.name == name) {
            Some(point) => point.left = left,
            None => points.push(Point { name: name.to_owned(), left, reached: 0, fired: 0 }),
        }
    }
    let heaviest = std::mem::take(&mut *HEAVIEST.lock().map_err(|_| domain::Refusal::Unavailable)?);
    Ok(rehearsal::Hits { hits: told(&points), heaviest })
}

async fn hits(_: Ask<Nothing>) -> Result<rehearsal::Hits, Refused> {
    let points = POINTS.lock().map_err(|_| domain::Refusal::Unavailable)?;
    let heaviest = HEAVIEST.lock().map_err(|_| domain::Refusal::Unavailable)?.clone();
    Ok(rehearsal::Hits { hits: told(&points), heaviest })
}

fn told(points: &[Point]) -> Vec<(String, u64, u64)> {
    points.iter().map(|point| (point.name.clone(), point.reached, point.fired)).collect()
}
