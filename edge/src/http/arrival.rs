//! Handlers of `wire::copies` that bring a copy in. Nothing of it goes out until an administrator says so: all stays paused, and
//! what was still to go out over there is held here, so that two deployments never say one thing twice. Rounds that wait go on
//! reminding once it is there, as they do in any pause.

use axum::{
    body::{Body, Bytes},
    http::{Response, StatusCode},
};
use domain::{
    Access, MediaId, Organisation, Refusal,
    copy::{FORMAT, Head, LEVEL, Manifest, TABLES, Table, of_name},
    json,
    record::{self, Subject},
};
use wire::{
    Nothing,
    copies::{self, Arrive, Arriving, GivenUp, Standing},
};
use words::Lang;

use super::media::{from_hex, hash_of, text};
use crate::{
    answer::{Refused, json as answered},
    app::App,
    ask::{Api, Ask, mount, mount_raw},
    binds,
    caller::Caller,
    http::organisations::parse_data,
    store::{
        self, StoreError, Unit,
        arrivals::{self as rows, Judged},
        copies as places, records,
    },
    videos::{self, Unkept},
};

/// The most bytes of rows in one request: one that is larger than the desk sends at once comes alone.
const MOST_ROWS: usize = 1_900_000;

/// The most objects that the bucket lists, and deletes, at once.
const AT_ONCE: u32 = 1_000;

/// Mounts them.
pub fn mount_all(api: Api) -> Api {
    let api = mount(api, &copies::ARRIVAL, arrival);
    let api = mount(api, &copies::ARRIVE, arrive);
    let api = mount_raw(api, &copies::BRING, MOST_ROWS, bring);
    // Its bytes never reach our memory: the body was laid aside.
    let api = mount_raw(api, &copies::BRING_OBJECT, usize::MAX, bring_object);
    let api = mount(api, &copies::ARRIVED, arrived);
    mount(api, &copies::GIVE_UP, give_up)
}

/// Who fills all of it sees all of it.
fn whole<Q>(ask: &Ask<Q>) -> Result<&Caller, Refusal> {
    let caller = ask.caller()?;
    match caller.access {
        Access::Everywhere => Ok(caller),
        Access::Limited { .. } => Err(Refusal::OutOfReach),
    }
}

fn malformed(field: &str) -> Refusal {
    Refusal::Malformed { field: field.to_owned() }
}

fn told(standing: &rows::Standing) -> Standing {
    let arriving = standing.arrival.as_ref().map(|arrival| Arriving {
        name: arrival.manifest.organisation.name.clone(),
        copied_at: arrival.manifest.at,
        digest: arrival.digest.clone(),
        rows: TABLES.iter().zip(&standing.rows).map(|(table, rows)| (table.name.to_owned(), *rows)).collect(),
    });
    Standing { empty: arriving.is_none() && standing.is_empty(), arriving }
}

async fn arrival(ask: Ask<Nothing>) -> Result<Standing, Refused> {
    Ok(told(&rows::standing(&ask.app.db, whole(&ask)?.org()).await?))
}

/// What the copy says of itself is looked at as whatever comes in by hand.
fn understood(app: &App, manifest: &Manifest) -> Result<(), Refusal> {
    if manifest.format != FORMAT {
        return Err(malformed("format"));
    }
    // Rows that a migration would have changed have not been.
    if manifest.level != LEVEL {
        return Err(malformed("level"));
    }
    let Organisation { name, zone, languages, .. } = &manifest.organisation;
    // As it is written, it is kept.
    if parse_data(app, name, zone, languages)? == *name { Ok(()) } else { Err(malformed("name")) }
}

async fn arrive(ask: Ask<Arrive>) -> Result<Standing, Refused> {
    let (app, caller) = (&ask.app, whole(&ask)?);
    let (org, manifest) = (caller.org(), &ask.body.manifest);
    understood(app, manifest)?;
    let written = record::canonical(manifest);
    let digest = record::sha256_hex(written.as_bytes());
    let standing = rows::standing(&app.db, org).await?;
    if let Some(arrival) = &standing.arrival {
        // Broken off: the same copy goes on.
        return if arrival.digest == digest { Ok(told(&standing)) } else { Err(Refusal::Arriving.into()) };
    }
    if !standing.is_empty() {
        return Err(Refusal::NotEmpty.into());
    }
    if rows::is_here(&app.db, manifest).await? {
        return Err(Refusal::HereAlready.into());
    }
    let tag = caller.organisation.languages.first().and_then(|language| Lang::of_tag(language.as_str()));
    let reason = tag.unwrap_or_default().copy_pause();
    let mut unit = Unit::new();
    rows::begin(&mut unit, org, &standing, (&written, &digest), (&caller.member, app.now(), reason));
    records::keep(
        app,
        &mut unit,
        org,
        Subject::Export,
        &kept("arrival_begun", caller, manifest, standing.head.as_ref()),
    );
    match app.db.commit(unit).await {
        // The sealer was quicker, or somebody else: asked again, it is known which.
        Err(StoreError::Guard | StoreError::Unique) => Err(Refusal::Unavailable.into()),
        Err(error) => Err(error.into()),
        Ok(_) => Ok(told(&rows::standing(&app.db, org).await?)),
    }
}

/// What the record says of it: whose copy, from when and up to which entry, and where the record stood that was here.
fn kept(what: &str, caller: &Caller, manifest: &Manifest, here: Option<&Head>) -> serde_json::Value {
    let Manifest { at, organisation, head, .. } = manifest;
    let copied = json!({ "organisation": organisation.id, "name": organisation.name, "at": at, "head": head });
    json!({ "what": what, "by": caller.member, "copied": copied, "here": here })
}

async fn bring(ask: Ask<Bytes>) -> Result<Response<Body>, Refused> {
    let (app, org) = (&ask.app, whole(&ask)?.org());
    let table = of_name(&ask.part::<String>("table")?).ok_or(Refusal::NotFound)?;
    let body = str::from_utf8(&ask.body).map_err(|_| malformed("body"))?;
    let judged = match rows::judge(&app.db, org, table, body).await {
        // What is no JSON.
        Err(StoreError::Guard) => return Err(malformed("body").into()),
        judged => judged?,
    };
    sound(table, &judged)?;
    let mut unit = Unit::new();
    rows::bring(&mut unit, org, table, body, app.now());
    match app.db.commit(unit).await {
        Ok(_) => Ok(answered(StatusCode::OK, &Nothing {})),
        // Given up meanwhile; or a row holds what a trigger cannot read, or what was deleted.
        Err(StoreError::Guard) => Err(malformed(table.name).into()),
        // A row names what is not there, lacks what must be there, or has a text where a number stands.
        Err(StoreError::Down(words)) if ["constraint failed", "cannot store"].iter().any(|no| words.contains(no)) => {
            worker::console_error!("copy: {words}");
            Err(malformed(table.name).into())
        }
        Err(error) => Err(error.into()),
    }
}

fn sound(table: &Table, judged: &Judged) -> Result<(), Refusal> {
    let column = |name: &str| malformed(&[table.name, ".", name].concat());
    if judged.idle > 0.0 {
        return Err(Refusal::NotFound);
    }
    if let Some(name) = judged.unknown.as_deref().or(judged.wrong.as_deref()) {
        return Err(column(name.get(..40).unwrap_or(name)));
    }
    if judged.short > 0.0 {
        return Err(malformed(table.name));
    }
    if let Some(name) = judged.nameless.as_deref().or(judged.broken.as_deref()) {
        return Err(column(name));
    }
    if judged.theirs > 0.0 { Err(Refusal::HereAlready) } else { Ok(()) }
}

async fn bring_object(ask: Ask<Bytes>) -> Result<Response<Body>, Refused> {
    let (app, org) = (&ask.app, whole(&ask)?.org());
    let (media, hash): (MediaId, String) = (ask.part("media")?, hash_of(&ask.part::<String>("hash")?)?);
    rows::find(&app.db, org).await?.filter(|arrival| !arrival.is_given_up()).ok_or(Refusal::NotFound)?;
    let place = places::place(&app.db, org, &media, &hash).await?.ok_or(Refusal::NotFound)?;
    let length: Option<u32> = text(&ask.headers, "content-length").and_then(|text| text.parse().ok());
    let stream = app.take_upload().filter(|_| length.is_none_or(|length| length == place.bytes));
    let stream = stream.ok_or_else(|| malformed("body"))?;
    let digest = from_hex(&hash).ok_or_else(|| malformed("hash"))?;
    match videos::keep_at(app, place.key, place.bytes, digest, stream).await {
        Ok(()) => Ok(answered(StatusCode::OK, &Nothing {})),
        Err(Unkept::Otherwise) => Err(malformed("hash").into()),
        Err(Unkept::Down(words)) => {
            worker::console_error!("bucket: {words}");
            Err(Refusal::Unavailable.into())
        }
    }
}

async fn arrived(ask: Ask<Nothing>) -> Result<Organisation, Refused> {
    let (app, caller) = (&ask.app, whole(&ask)?);
    let org = caller.org();
    let standing = rows::standing(&app.db, org).await?;
    let arrival = standing.arrival.as_ref().filter(|arrival| !arrival.is_given_up()).ok_or(Refusal::NotFound)?;
    let fewer = TABLES.iter().zip(&standing.rows).find(|(table, rows)| **rows < arrival.manifest.rows(table));
    if let Some((table, _)) = fewer {
        return Err(Refusal::CopyIncomplete { table: table.name.to_owned() }.into());
    }
    let pairs = rows::matched(&app.db, org).await?;
    let own = pairs.iter().find(|(here, _)| here == caller.member.as_str());
    let by = own.map_or(caller.member.as_str(), |(_, copied)| copied.as_str());
    let mut unit = Unit::new();
    if let Some(head) = &arrival.manifest.head {
        // No number is missing, and none lies ahead: the sealer would meet it, time and again.
        let stands = "(SELECT chain FROM record WHERE org = ?1 AND seq = ?2) = ?3
          AND (SELECT COUNT(*) = ?2 AND MIN(seq) = 1 AND MAX(seq) = ?2 FROM record WHERE org = ?1 AND seq IS NOT NULL)";
        unit.expect(stands, binds![org, head.seq, &head.chain]);
    } else {
        unit.expect("NOT EXISTS (SELECT 1 FROM record WHERE org = ?1 AND seq IS NOT NULL)", binds![org]);
    }
    // The heads that are published are those of these entries.
    let published = "NOT EXISTS (SELECT 1 FROM chain_day d WHERE d.org = ?1
      AND d.chain IS NOT (SELECT r.chain FROM record r WHERE r.org = d.org AND r.seq = d.seq))";
    unit.expect(published, binds![org]);
    records::keep(
        app,
        &mut unit,
        org,
        Subject::Export,
        &kept("copied_in", caller, &arrival.manifest, arrival.head.as_ref()),
    );
    rows::end(&mut unit, org, arrival, by, &pairs, app.now());
    match app.db.commit(unit).await {
        // The record does not lead to where the copy says; or it is over already, and that is found by asking again.
        Err(StoreError::Guard) => Err(Refusal::CopyIncomplete { table: "record".to_owned() }.into()),
        Err(error) => Err(error.into()),
        Ok(_) => Ok(store::organisations::read(&app.db, org).await?.ok_or(Refusal::NotFound)?),
    }
}

/// First nothing more may come; then the objects go, which only the rows tell of, then the rows, and only then what says that a copy
/// is being brought in.
async fn give_up(ask: Ask<Nothing>) -> Result<GivenUp, Refused> {
    let (app, caller) = (&ask.app, whole(&ask)?);
    let org = caller.org();
    let standing = rows::standing(&app.db, org).await?;
    let arrival = standing.arrival.as_ref().ok_or(Refusal::NotFound)?;
    if !arrival.is_given_up() {
        // What was counted a moment ago is not what there is, if somebody still sends it.
        rows::stop(&app.db, org).await?;
        return Ok(GivenUp { more: true });
    }
    if forget(app, &format!("{org}/")).await? {
        return Ok(GivenUp { more: true });
    }
    let mut unit = Unit::new();
    let more = rows::take_away(&mut unit, org, &standing.rows);
    if !more {
        records::keep(
            app,
            &mut unit,
            org,
            Subject::Export,
            &kept("arrival_given_up", caller, &arrival.manifest, arrival.head.as_ref()),
        );
        rows::give_up(&mut unit, org);
    }
    app.db.commit(unit).await?;
    Ok(GivenUp { more })
}

/// Deletes objects of the bucket under a prefix, as many as it lists at once; whether there may be more.
async fn forget(app: &App, prefix: &str) -> Result<bool, Refusal> {
    let forgotten = async {
        app.ledger().call();
        let bucket = app.env.bucket("MEDIA")?;
        let found = bucket.list().prefix(prefix).limit(AT_ONCE).execute().await?;
        let keys: Vec<String> = found.objects().iter().map(worker::Object::key).collect();
        if !keys.is_empty() {
            app.ledger().call();
            bucket.delete_multiple(keys).await?;
        }
        Ok::<_, worker::Error>(found.truncated())
    };
    forgotten.await.map_err(|error| {
        worker::console_error!("bucket: {error}");
        Refusal::Unavailable
    })
}
