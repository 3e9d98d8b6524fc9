//! The record's rows: written unsealed in the batch of the business (house: a thousand parallel acts cannot fork the
//! chain), sealed later by one job an organisation.

use domain::{
    Moment, OrganisationId, RecordId,
    record::{Entry, Subject},
};
use serde::Deserialize;
use serde_json::Value;

use super::{Db, StoreError, Unit, id, name, name_of};
use crate::{app::App, binds};

/// Adds an entry to a unit of work.
pub fn keep(app: &App, unit: &mut Unit, org: &OrganisationId, subject: Subject, body: &Value) {
    keep_if(app, unit, org, subject, body, "1");
}

/// Adds an entry that is only written where `condition` (SQL over ids that we made) holds at that point of the batch.
pub fn keep_if(app: &App, unit: &mut Unit, org: &OrganisationId, subject: Subject, body: &Value, condition: &str) {
    let id = RecordId::from_bits(app.bits());
    let sql = format!(
        "INSERT INTO record (id, org, at, subject, body, salt) SELECT ?1, ?2, ?3, ?4, ?5, ?6 WHERE {condition}"
    );
    let binds = binds![&id, org, app.now(), name_of(&subject), domain::record::canonical(body), app.salt()];
    unit.then(sql, binds);
}

/// Adds an entry of another time: only the demo has a past to tell.
#[cfg(feature = "rehearsal")]
pub fn keep_at(app: &App, unit: &mut Unit, org: &OrganisationId, subject: Subject, body: &Value, at: Moment) {
    let id = RecordId::from_bits(app.bits());
    let sql = "INSERT INTO record (id, org, at, subject, body, salt) VALUES (?1, ?2, ?3, ?4, ?5, ?6)";
    unit.then(sql, binds![&id, org, at, name_of(&subject), domain::record::canonical(body), app.salt()]);
}

#[derive(Deserialize)]
struct Row {
    id: String,
    seq: f64,
    at: f64,
    subject: String,
    body: Option<String>,
    salt: Option<String>,
    digest: String,
    chain: String,
}

impl TryFrom<Row> for Entry {
    type Error = StoreError;
    fn try_from(row: Row) -> Result<Self, StoreError> {
        Ok(Entry {
            id: id(&row.id)?,
            seq: row.seq as u64,
            at: Moment(row.at as i64),
            subject: name(&row.subject)?,
            body: row.body,
            salt: row.salt,
            digest: row.digest,
            chain: row.chain,
        })
    }
}

/// Sealed entries after a number, in order.
///
/// # Errors
/// `Down`, `Row`.
pub async fn after(db: &Db, org: &OrganisationId, seq: u64, most: u32) -> Result<Vec<Entry>, StoreError> {
    let sql = "SELECT id, seq, at, subject, body, salt, digest, chain FROM record
      WHERE org = ?1 AND seq > ?2 ORDER BY seq LIMIT ?3";
    let rows: Vec<Row> = db.all(sql, binds![org, seq, most]).await?;
    rows.into_iter().map(TryInto::try_into).collect()
}

/// Where a chain stands.
#[derive(Debug, Deserialize)]
pub struct Head {
    /// The chain's value after the entry that was asked about.
    pub before: Option<String>,
    /// The number of the last sealed entry.
    pub seq: Option<f64>,
    /// The chain's value there.
    pub chain: Option<String>,
    /// When it was sealed.
    pub at: Option<f64>,
    /// How many entries wait.
    pub unsealed: f64,
}

/// The head of an organisation's chain, and its value after an entry.
///
/// # Errors
/// `Down`, `Row`.
pub async fn head(db: &Db, org: &OrganisationId, seq: u64) -> Result<Head, StoreError> {
    let sql = "SELECT (SELECT chain FROM record WHERE org = ?1 AND seq = ?2) AS before, h.seq, h.chain, h.at,
        (SELECT COUNT(*) FROM record WHERE org = ?1 AND seq IS NULL) AS unsealed
      FROM (SELECT 1) LEFT JOIN chain_head h ON h.org = ?1";
    db.first(sql, binds![org, seq]).await?.ok_or(StoreError::Row("head".to_owned()))
}

/// Adds the erasure of a body to a unit of work. The digest stays, so the chain still verifies. `Guard` if there is no
/// such body.
pub fn erase(unit: &mut Unit, org: &OrganisationId, seq: u64) {
    let condition = "EXISTS (SELECT 1 FROM record WHERE org = ?1 AND seq = ?2 AND body IS NOT NULL)";
    unit.expect(condition, binds![org, seq]);
    unit.then("UPDATE record SET body = NULL, salt = NULL WHERE org = ?1 AND seq = ?2", binds![org, seq]);
}

/// The head of a day's chain, as the public page shows it.
#[derive(Debug, Clone, Deserialize, serde::Serialize)]
pub struct Day {
    /// The civil day of the organisation.
    pub day: String,
    /// The number of the last entry that was sealed on it.
    pub seq: u64,
    /// The chain's value there.
    pub chain: String,
}

/// The heads of the days before one, newest first.
///
/// # Errors
/// `Down`, `Row`.
pub async fn days(db: &Db, org: &OrganisationId, before: &str, most: u32) -> Result<Vec<Day>, StoreError> {
    let sql = "SELECT day, seq, chain FROM chain_day WHERE org = ?1 AND day < ?2 ORDER BY day DESC LIMIT ?3";
    db.all(sql, binds![org, before, most]).await
}
