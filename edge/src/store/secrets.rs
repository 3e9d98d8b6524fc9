//! Sealed secrets and connections on their way. What is in them only `vault` can read.

use domain::{ChannelId, MemberId, Moment, OrganisationId, SessionId};
use serde::Deserialize;

use super::{Bind, Db, StoreError, Unit};
use crate::{binds, vault::Sealed};

/// A sealed secret of a channel.
#[derive(Debug, Clone)]
pub struct Row {
    /// What it is for.
    pub kind: String,
    /// The sealed bytes.
    pub sealed: Sealed,
    /// It grows with each writing, and a row that is made anew begins at the moment of its making: a refresh writes only over the
    /// version it read, and whoever read one of before a channel was disconnected finds none of now.
    pub version: u64,
}

/// Adds the storing of a secret to a unit of work.
pub fn put(unit: &mut Unit, org: &OrganisationId, channel: &ChannelId, kind: &str, sealed: &Sealed, now: Moment) {
    // A version that began at one each time would stand twice for different accesses of a channel.
    let sql = "INSERT INTO secret (org, channel, kind, key_id, nonce, sealed, version, updated_at)
      VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?7)
      ON CONFLICT (org, channel, kind) DO UPDATE SET key_id = excluded.key_id, nonce = excluded.nonce,
        sealed = excluded.sealed, version = version + 1, updated_at = excluded.updated_at, renewing_until = NULL";
    unit.then(sql, binds![org, channel, kind, &sealed.key_id, &sealed.nonce, &sealed.sealed, now]);
}

/// Replaces a secret if it still is the version that was read; answers whether it was.
///
/// # Errors
/// `Down`.
pub async fn replace(
    db: &Db,
    org: &OrganisationId,
    channel: &ChannelId,
    kind: &str,
    sealed: &Sealed,
    over: u64,
    now: Moment,
) -> Result<bool, StoreError> {
    let sql = "UPDATE secret SET key_id = ?4, nonce = ?5, sealed = ?6, version = version + 1, updated_at = ?8,
        renewing_until = NULL
      WHERE org = ?1 AND channel = ?2 AND kind = ?3 AND version = ?7";
    let binds = binds![org, channel, kind, &sealed.key_id, &sealed.nonce, &sealed.sealed, over, now];
    Ok(db.run(sql, binds).await? == 1)
}

/// Every secret of a channel.
///
/// # Errors
/// `Down`, `Row`.
pub async fn of_channel(db: &Db, org: &OrganisationId, channel: &ChannelId) -> Result<Vec<Row>, StoreError> {
    #[derive(Deserialize)]
    struct Columns {
        kind: String,
        key_id: String,
        nonce: String,
        sealed: String,
        version: f64,
    }
    let sql = "SELECT kind, key_id, nonce, sealed, version FROM secret WHERE org = ?1 AND channel = ?2";
    let rows: Vec<Columns> = db.all(sql, binds![org, channel]).await?;
    let row = |Columns { kind, key_id, nonce, sealed, version }| Row {
        kind,
        sealed: Sealed { key_id, nonce, sealed },
        version: version as u64,
    };
    Ok(rows.into_iter().map(row).collect())
}

/// Takes the renewing of a secret until a moment, if it still is the version that was read and nobody is at it: one
/// conditional update, so that of many who find it expired one renews it. Answers whether it was taken.
///
/// # Errors
/// `Down`.
pub async fn take_renewal(
    db: &Db,
    (org, channel, kind): (&OrganisationId, &ChannelId, &str),
    over: u64,
    now: Moment,
    until: Moment,
) -> Result<bool, StoreError> {
    let sql = "UPDATE secret SET renewing_until = ?6 WHERE org = ?1 AND channel = ?2 AND kind = ?3 AND version = ?4
      AND (renewing_until IS NULL OR renewing_until < ?5)";
    Ok(db.run(sql, binds![org, channel, kind, over, now, until]).await? == 1)
}

/// Gives the renewing back that was taken until a moment and came to nothing.
///
/// # Errors
/// `Down`.
pub async fn give_renewal_back(
    db: &Db,
    (org, channel, kind): (&OrganisationId, &ChannelId, &str),
    over: u64,
    until: Moment,
) -> Result<(), StoreError> {
    let sql = "UPDATE secret SET renewing_until = NULL WHERE org = ?1 AND channel = ?2 AND kind = ?3 AND version = ?4
      AND renewing_until = ?5";
    db.run(sql, binds![org, channel, kind, over, until]).await.map(drop)
}

/// Destroys every secret of a channel.
pub fn destroy(unit: &mut Unit, org: &OrganisationId, channel: &ChannelId) {
    unit.then("DELETE FROM secret WHERE org = ?1 AND channel = ?2", binds![org, channel]);
}

/// Destroys the secrets of a channel that are of none of these kinds.
pub fn destroy_but(unit: &mut Unit, org: &OrganisationId, channel: &ChannelId, kinds: &[&str]) {
    let sql = "DELETE FROM secret WHERE org = ?1 AND channel = ?2 AND kind NOT IN (SELECT value FROM json_each(?3))";
    unit.then(sql, binds![org, channel, Bind::json(&kinds)]);
}

/// A connection that waits for the person to come back from the network.
#[derive(Debug, Clone)]
pub struct Flow {
    /// The server's address.
    pub server: String,
    /// What we keep of it meanwhile, sealed.
    pub sealed: Sealed,
}

/// Keeps a connection on its way, and forgets those that never came back.
///
/// # Errors
/// `Down`.
pub async fn keep_flow(
    db: &Db,
    state_hash: &str,
    by: (&OrganisationId, &MemberId, &SessionId),
    flow: &Flow,
    now: Moment,
    ends: Moment,
) -> Result<(), StoreError> {
    let (org, member, session) = by;
    let mut unit = Unit::new();
    unit.then("DELETE FROM oauth_flow WHERE expires_at < ?1", binds![now]);
    let sql = "INSERT INTO oauth_flow (state_hash, org, member, session, server, key_id, nonce, sealed, expires_at)
      VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)";
    let Sealed { key_id, nonce, sealed } = &flow.sealed;
    unit.then(sql, binds![state_hash, org, member, session, &flow.server, key_id, nonce, sealed, ends]);
    db.commit(unit).await.map(|_| ())
}

/// Takes a connection on its way: once, and only in the session that began it.
///
/// # Errors
/// `Down`, `Row`.
pub async fn take_flow(
    db: &Db,
    state_hash: &str,
    by: (&OrganisationId, &MemberId, &SessionId),
    now: Moment,
) -> Result<Option<Flow>, StoreError> {
    flow(db, &format!("DELETE FROM oauth_flow WHERE {ON_ITS_WAY} RETURNING {FLOW}"), state_hash, by, now).await
}

/// Reads a connection on its way, and leaves it: there is something to choose first.
///
/// # Errors
/// `Down`, `Row`.
pub async fn see_flow(
    db: &Db,
    state_hash: &str,
    by: (&OrganisationId, &MemberId, &SessionId),
    now: Moment,
) -> Result<Option<Flow>, StoreError> {
    flow(db, &format!("SELECT {FLOW} FROM oauth_flow WHERE {ON_ITS_WAY}"), state_hash, by, now).await
}

const FLOW: &str = "server, key_id, nonce, sealed";
const ON_ITS_WAY: &str = "state_hash = ?1 AND org = ?2 AND member = ?3 AND session = ?4 AND expires_at > ?5";

async fn flow(
    db: &Db,
    sql: &str,
    state_hash: &str,
    (org, member, session): (&OrganisationId, &MemberId, &SessionId),
    now: Moment,
) -> Result<Option<Flow>, StoreError> {
    #[derive(Deserialize)]
    struct Columns {
        server: String,
        key_id: String,
        nonce: String,
        sealed: String,
    }
    let row: Option<Columns> = db.first(sql, binds![state_hash, org, member, session, now]).await?;
    Ok(row.map(|row| Flow {
        server: row.server,
        sealed: Sealed { key_id: row.key_id, nonce: row.nonce, sealed: row.sealed },
    }))
}
