//! Handlers of `wire::records`.

use domain::{
    Access, Moment, OrganisationId, RecordId, Refusal, json,
    record::{Break, GENESIS, Subject, export::Stretch, verify},
};
use serde::Deserialize;
use wire::{
    Nothing,
    records::{self, Begun, Erase, Export, Exported, Found, From, Onward, Records, Search, Stand, Verified},
};

use crate::{
    answer::Refused,
    ask::{Api, Ask, mount},
    binds,
    caller::Caller,
    store::{
        Answer, StoreError, Unit, id, json as parse,
        records::{
            self as rows,
            search::{self, Which, to_cursor},
        },
        revisions,
    },
};

/// Entries of one answer, and of one stretch of verification: at some kilobytes each, what 10 ms can hash.
const PAGE: u32 = 50;

/// Entries of one page of an export: they are not hashed.
const EXPORTED: u32 = 100;

/// Entries of one stretch without what they hold, some 90 bytes each.
const LINKS: u32 = 500;

/// The longest reason that is kept.
const MOST_REASON: usize = 2_000;

/// The longest words that are looked for.
const MOST_TEXT: usize = 200;

/// Mounts them.
pub fn mount_all(api: Api) -> Api {
    let api = mount(api, &records::RECORDS, page);
    let api = mount(api, &records::VERIFY, verification);
    let api = mount(api, &records::SEARCH, search);
    let api = mount(api, &records::EXPORT, export);
    let api = mount(api, &records::EXPORTED, exported);
    let api = mount(api, &records::LINKS, links);
    mount(api, &records::ERASE, erasure)
}

/// Who reads the record reads all of it: somebody who may only see some channels may not.
fn reader<Q>(ask: &Ask<Q>) -> Result<&Caller, Refusal> {
    let caller = ask.caller()?;
    match caller.access {
        Access::Everywhere => Ok(caller),
        Access::Limited { .. } => Err(Refusal::OutOfReach),
    }
}

async fn page(ask: Ask<From>) -> Result<Records, Refused> {
    let (db, org, after) = (&ask.app.db, reader(&ask)?.org(), ask.body.after);
    let head = rows::head(db, org, after).await?;
    let entries = rows::after(db, org, after, PAGE).await?;
    Ok(Records {
        before: before(after, head.before)?,
        entries,
        head: head.seq.unwrap_or_default() as u64,
        head_chain: head.chain.unwrap_or_else(|| GENESIS.to_owned()),
        head_at: head.at.map(|at| Moment(at as i64)),
        unsealed: head.unsealed as u64,
    })
}

async fn verification(ask: Ask<From>) -> Result<Verified, Refused> {
    let (db, org, after) = (&ask.app.db, reader(&ask)?.org(), ask.body.after);
    let head = rows::head(db, org, after).await?;
    let entries = rows::after(db, org, after, PAGE).await?;
    let start = before(after, head.before)?;
    let sealed = head.seq.unwrap_or_default() as u64;
    Ok(match verify((after, &start), &entries) {
        // The entries end where the head says, or the last ones are missing.
        Ok((upto, chain)) if upto < sealed && entries.len() < PAGE as usize => {
            Verified { upto, chain, broken: Some(Break::Gap { expected: upto + 1, found: sealed }), more: false }
        }
        Ok((upto, chain)) if upto == sealed && head.chain.is_some_and(|head| head != chain) => {
            Verified { upto, chain, broken: Some(Break::Link { seq: upto }), more: false }
        }
        Ok((upto, chain)) => Verified { upto, chain, broken: None, more: upto < sealed },
        Err(broken) => Verified { upto: after, chain: start, broken: Some(broken), more: false },
    })
}

/// What is looked for, if it can be.
fn understood(search: &Search) -> Result<Which, Refusal> {
    let length = search.text.as_ref().map_or(0, String::len);
    if length > MOST_TEXT {
        return Err(Refusal::TooLarge { field: "text".to_owned(), limit: MOST_TEXT as u64, length: length as u64 });
    }
    Which::of(search).ok_or_else(|| Refusal::Malformed { field: "search".to_owned() })
}

async fn search(ask: Ask<Search>) -> Result<Found, Refused> {
    let (db, org) = (&ask.app.db, reader(&ask)?.org());
    let which = understood(&ask.body)?;
    let named = |table: &str| (format!("SELECT id, name FROM {table} WHERE org = ?1 ORDER BY name, id"), binds![org]);
    let queries = vec![
        which.query(org, PAGE),
        named("member"),
        named("channel"),
        rows::head_query(org, 0),
        rows::brought_query(org),
    ];
    let answers = db.many(queries).await?;
    let [hits, members, channels, head, brought] = answers.as_slice() else { return Err(Refusal::Unavailable.into()) };
    let page = search::page(db, org, &which, PAGE, hits).await?;
    let head = rows::head_of(head)?;
    Ok(Found {
        entries: page.entries,
        next: page.next.map(to_cursor),
        looked_back_to: page.looked_back_to,
        members: names(members)?,
        channels: names(channels)?,
        head: head.seq.unwrap_or_default() as u64,
        head_at: head.at.map(|at| Moment(at as i64)),
        unsealed: head.unsealed as u64,
        brought: rows::brought(brought)?,
    })
}

fn names<T: std::str::FromStr>(answer: &Answer) -> Result<Vec<(T, String)>, StoreError> {
    #[derive(Deserialize)]
    struct Row {
        id: String,
        name: String,
    }
    answer.results()?.into_iter().map(|row: Row| Ok((id(&row.id)?, row.name))).collect()
}

/// Who takes entries out says so first: what the pages then give is what was kept, and for nobody else.
async fn export(ask: Ask<Export>) -> Result<Begun, Refused> {
    let (app, caller) = (&ask.app, reader(&ask)?);
    let Export { search, format } = &ask.body;
    understood(search)?;
    let upto = rows::head(&app.db, caller.org(), 0).await?.seq.unwrap_or_default() as u64;
    let mut unit = Unit::new();
    let body = json!({ "what": "exported", "by": caller.member, "search": search, "format": format, "upto": upto });
    let export = RecordId::from_bits(app.bits());
    rows::keep_as(app, &mut unit, caller.org(), Subject::Export, (&export, &body), "1");
    app.db.commit(unit).await?;
    Ok(Begun { export, upto })
}

async fn exported(ask: Ask<Onward>) -> Result<Exported, Refused> {
    /// What was kept of it, as far as it is needed.
    #[derive(Deserialize)]
    struct Asked {
        search: Search,
        upto: u64,
    }
    let (db, caller) = (&ask.app.db, reader(&ask)?);
    let export: RecordId = ask.part("export")?;
    let body = rows::export(db, caller.org(), &export, &caller.member).await?.ok_or(Refusal::NotFound)?;
    let asked: Asked = parse(&body)?;
    let search = Search { cursor: ask.body.cursor.clone(), ..asked.search };
    let which = understood(&search)?;
    let answers = db.many(vec![which.query(caller.org(), EXPORTED)]).await?;
    let hits = answers.first().ok_or(Refusal::Unavailable)?;
    let page = search::page(db, caller.org(), &which, EXPORTED, hits).await?;
    let mut entries: Vec<_> = page.entries.into_iter().map(|kept| kept.entry).collect();
    entries.retain(|entry| entry.seq <= asked.upto);
    Ok(Exported { entries, next: page.next.map(to_cursor) })
}

async fn links(ask: Ask<Stand>) -> Result<Stretch, Refused> {
    let org: &OrganisationId = reader(&ask)?.org();
    if ask.body.from == 0 {
        return Err(Refusal::Malformed { field: "from".to_owned() }.into());
    }
    Ok(rows::stretch(&ask.app.db, org, ask.body.from, LINKS).await?)
}

async fn erasure(ask: Ask<Erase>) -> Result<Nothing, Refused> {
    let (app, caller) = (&ask.app, reader(&ask)?);
    let (seq, reason) = (ask.body.seq, ask.body.reason.trim());
    if reason.is_empty() {
        return Err(Refusal::ReasonWanted.into());
    }
    if reason.len() > MOST_REASON {
        let (limit, length) = (MOST_REASON as u64, reason.len() as u64);
        return Err(Refusal::TooLarge { field: "reason".to_owned(), limit, length }.into());
    }
    let mut unit = Unit::new();
    revisions::erase(&mut unit, caller.org(), seq);
    rows::erase(&mut unit, caller.org(), seq);
    let body = json!({ "seq": seq, "by": caller.member, "reason": reason });
    rows::keep(app, &mut unit, caller.org(), Subject::Erasure, &body);
    match app.db.commit(unit).await {
        Ok(_) => Ok(Nothing {}),
        // Not sealed yet, or erased before.
        Err(StoreError::Guard) => Err(Refusal::NotFound.into()),
        Err(error) => Err(error.into()),
    }
}

/// The chain's value after an entry; before the first there is none.
fn before(after: u64, chain: Option<String>) -> Result<String, Refusal> {
    if after == 0 { Ok(GENESIS.to_owned()) } else { chain.ok_or(Refusal::NotFound) }
}
