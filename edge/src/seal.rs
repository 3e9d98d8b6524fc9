//! The sealer: numbers and chains what the business wrote unsealed.
//! Separate because only one hand may extend a chain: a thousand parallel acts write rows, and one batch an
//! organisation, guarded by the head it read, puts them in order. Two sealers at once: one writes, the other finds the
//! head moved and writes nothing.

use domain::{
    Moment, OrganisationId, RecordId,
    record::{GENESIS, digest, link},
};
use serde::{Deserialize, Serialize};

use crate::{
    app::App,
    binds,
    store::{Bind, StoreError, Unit, id},
    zones,
};

/// Entries of one run, over all organisations. The rest waits for the next tick.
const MOST: u32 = 100;

/// Bytes of bodies of one run: hashing them is what the 10 ms of an invocation are spent on.
const MOST_BYTES: u32 = 200_000;

#[derive(Deserialize)]
struct Row {
    org: String,
    zone: String,
    id: String,
    at: f64,
    body: Option<String>,
    salt: Option<String>,
    head_seq: Option<f64>,
    head_chain: Option<String>,
}

/// An entry's seal, as the batch writes it.
#[derive(Serialize)]
struct Seal {
    id: RecordId,
    seq: u64,
    digest: String,
    chain: String,
}

/// Where a copy is brought in, the chain of that copy comes first: what is kept meanwhile is sealed behind it.
///
/// In order of their moment. A row that is committed later with an earlier moment gets a later number: the chain says
/// in which order entries were sealed, `at` when they happened.
const UNSEALED: &str = "SELECT * FROM (
    SELECT r.*, SUM(LENGTH(body)) OVER (ORDER BY org, at, id) - LENGTH(body) AS ahead FROM (
      SELECT r.org, o.zone, r.id, r.at, r.body, r.salt, h.seq AS head_seq, h.chain AS head_chain
      FROM record r INDEXED BY record_unsealed JOIN organisation o ON o.id = r.org LEFT JOIN chain_head h ON h.org = r.org
      WHERE r.seq IS NULL AND (?3 IS NULL OR r.org = ?3)
        AND NOT EXISTS (SELECT 1 FROM arrival a WHERE a.org = r.org) ORDER BY r.org, r.at, r.id LIMIT ?1) r)
  WHERE ahead < ?2 ORDER BY org, at, id";

/// Seals what waits, a bounded number of entries. Idempotent: what is sealed is no longer unsealed, and the head that
/// was read is guarded on.
///
/// # Errors
/// `Down`, `Row`.
pub async fn seal_due(app: &App) -> Result<(), StoreError> {
    seal_of(app, None).await
}

/// The same of one organisation alone, for who cannot wait for the clock.
///
/// # Errors
/// `Down`, `Row`.
pub async fn seal_of(app: &App, org: Option<&OrganisationId>) -> Result<(), StoreError> {
    let rows: Vec<Row> = app.db.all(UNSEALED, binds![MOST, MOST_BYTES, org]).await?;
    for chunk in rows.chunk_by(|one, next| one.org == next.org) {
        if !app.ledger().affords(4) {
            break;
        }
        match seal(app, chunk).await {
            // Another sealer was first: it has done what was to be done.
            Ok(()) | Err(StoreError::Guard | StoreError::Unique) => {}
            // One organisation's trouble does not stop the others (house rule 7).
            Err(error) => worker::console_error!("seal: {error}"),
        }
    }
    Ok(())
}

async fn seal(app: &App, rows: &[Row]) -> Result<(), StoreError> {
    let Some(first) = rows.first() else { return Ok(()) };
    let org: OrganisationId = id(&first.org)?;
    let head = first.head_seq.map(|seq| seq as u64);
    let mut seq = head.unwrap_or_default();
    let mut chain = first.head_chain.clone().unwrap_or_else(|| GENESIS.to_owned());
    let mut seals = Vec::with_capacity(rows.len());
    for row in rows {
        seq += 1;
        let digest = digest(row.salt.as_deref().unwrap_or_default(), row.body.as_deref().unwrap_or_default());
        chain = link(&chain, seq, Moment(row.at as i64), &digest);
        seals.push(Seal { id: id(&row.id)?, seq, digest, chain: chain.clone() });
    }
    let (now, count) = (app.now(), seals.len() as u64);
    let day = zones::civil(&first.zone, now).date().to_string();

    let mut unit = Unit::new();
    // Nor where a copy began to come meanwhile: before the first seal there is no head to tell.
    let standing =
        "(SELECT seq FROM chain_head WHERE org = ?1) IS ?2 AND NOT EXISTS (SELECT 1 FROM arrival WHERE org = ?1)";
    unit.expect(standing, binds![&org, head]);
    // One statement for all: each would count as a query of the 50.
    let sql = "UPDATE record SET seq = s.value ->> 'seq', digest = s.value ->> 'digest', chain = s.value ->> 'chain'
      FROM json_each(?2) s WHERE record.id = s.value ->> 'id' AND record.org = ?1 AND record.seq IS NULL";
    unit.then(sql, binds![&org, Bind::json(&seals)]);
    unit.expect("changes() = ?1", binds![count]);
    let sql = "INSERT INTO chain_head (org, seq, chain, at) VALUES (?1, ?2, ?3, ?4)
      ON CONFLICT (org) DO UPDATE SET seq = ?2, chain = ?3, at = ?4";
    unit.then(sql, binds![&org, seq, &chain, now]);
    let sql = "INSERT INTO chain_day (org, day, seq, chain) VALUES (?1, ?2, ?3, ?4)
      ON CONFLICT (org, day) DO UPDATE SET seq = ?3, chain = ?4";
    unit.then(sql, binds![&org, day, seq, &chain]);
    app.db.commit(unit).await.map(|_| ())
}
