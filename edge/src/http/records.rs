//! Handlers of `wire::records`.

use domain::{
    Moment, Refusal, json,
    record::{GENESIS, Subject, verify},
};
use wire::{
    Nothing,
    records::{self, Erase, From, Records, Verified},
};

use crate::{
    answer::Refused,
    ask::{Api, Ask, mount},
    store::{StoreError, Unit, records as rows},
};

/// Entries of one answer, and of one stretch of verification: at some kilobytes each, what 10 ms can hash.
const PAGE: u32 = 50;

/// The longest reason that is kept.
const MOST_REASON: usize = 2_000;

/// Mounts them.
pub fn mount_all(api: Api) -> Api {
    let api = mount(api, &records::RECORDS, page);
    let api = mount(api, &records::VERIFY, verification);
    mount(api, &records::ERASE, erasure)
}

async fn page(ask: Ask<From>) -> Result<Records, Refused> {
    let (db, org, after) = (&ask.app.db, ask.caller()?.org(), ask.body.after);
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
    let (db, org, after) = (&ask.app.db, ask.caller()?.org(), ask.body.after);
    let head = rows::head(db, org, after).await?;
    let entries = rows::after(db, org, after, PAGE).await?;
    let start = before(after, head.before)?;
    let sealed = head.seq.unwrap_or_default() as u64;
    Ok(match verify((after, &start), &entries) {
        // The entries end where the head says, or the last ones are missing.
        Ok((upto, chain)) if upto < sealed && entries.len() < PAGE as usize => Verified {
            upto,
            chain,
            broken: Some(domain::record::Break::Gap { expected: upto + 1, found: sealed }),
            more: false,
        },
        Ok((upto, chain)) if upto == sealed && head.chain.is_some_and(|head| head != chain) => {
            Verified { upto, chain, broken: Some(domain::record::Break::Link { seq: upto }), more: false }
        }
        Ok((upto, chain)) => Verified { upto, chain, broken: None, more: upto < sealed },
        Err(broken) => Verified { upto: after, chain: start, broken: Some(broken), more: false },
    })
}

async fn erasure(ask: Ask<Erase>) -> Result<Nothing, Refused> {
    let (app, caller) = (&ask.app, ask.caller()?);
    let (seq, reason) = (ask.body.seq, ask.body.reason.trim());
    if reason.is_empty() {
        return Err(Refusal::ReasonWanted.into());
    }
    if reason.len() > MOST_REASON {
        let (limit, length) = (MOST_REASON as u64, reason.len() as u64);
        return Err(Refusal::TooLarge { field: "reason".to_owned(), limit, length }.into());
    }
    let mut unit = Unit::new();
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
