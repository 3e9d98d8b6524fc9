//! The record's rows: written unsealed in the batch of the business (house: a thousand parallel acts cannot fork the
//! chain), sealed later by one job an organisation. How they are looked for is in the room below.

pub mod search;

use domain::{
    MemberId, Moment, OrganisationId, RecordId, json,
    record::{Actor, Entry, Subject, export},
};
use serde::Deserialize;
use serde_json::Value;
use wire::records::Brought;

use super::{Answer, Bind, Db, StoreError, Unit, id, name};
use crate::{app::App, binds};

/// The text of a body, with who acted. It goes in here and not where the body is made: nobody can forget it.
fn written(actor: &Actor, body: &Value) -> String {
    let mut body = body.clone();
    if let Value::Object(fields) = &mut body {
        fields.insert("actor".to_owned(), json!(actor));
    }
    // As ordered and as tight as `domain::record::canonical`: it is a `Value` already.
    body.to_string()
}

/// Adds an entry to a unit of work.
pub fn keep(app: &App, unit: &mut Unit, org: &OrganisationId, subject: Subject, body: &Value) {
    keep_if(app, unit, org, subject, body, "1");
}

/// Adds an entry that is only written where `condition` (SQL over ids that we made) holds at that point of the batch.
pub fn keep_if(app: &App, unit: &mut Unit, org: &OrganisationId, subject: Subject, body: &Value, condition: &str) {
    keep_as(app, unit, org, subject, (&RecordId::from_bits(app.bits()), body), condition);
}

/// The same under an identity that is asked for later.
pub fn keep_as(
    app: &App,
    unit: &mut Unit,
    org: &OrganisationId,
    subject: Subject,
    (id, body): (&RecordId, &Value),
    condition: &str,
) {
    let sql = format!(
        "INSERT INTO record (id, org, at, subject, body, salt) SELECT ?1, ?2, ?3, ?4, ?5, ?6 WHERE {condition}"
    );
    unit.then(sql, binds![id, org, app.now(), subject.name(), written(&app.actor(), body), app.salt()]);
}

/// Adds several entries by one statement: an invocation has only so many.
pub fn keep_all(app: &App, unit: &mut Unit, org: &OrganisationId, entries: &[(Subject, Value)]) {
    let actor = app.actor();
    let rows = entries.iter().map(|(subject, body)| {
        let (id, body) = (RecordId::from_bits(app.bits()), written(&actor, body));
        json!({ "id": id, "subject": subject.name(), "body": body, "salt": app.salt() })
    });
    let sql = "INSERT INTO record (id, org, at, subject, body, salt)
      SELECT value ->> '$.id', ?1, ?2, value ->> '$.subject', value ->> '$.body', value ->> '$.salt' FROM json_each(?3)";
    unit.then(sql, binds![org, app.now(), Bind::json(&rows.collect::<Vec<_>>())]);
}

/// Adds an entry of another time and of somebody else: only the demo has a past to tell.
#[cfg(feature = "rehearsal")]
pub fn keep_at(
    app: &App,
    unit: &mut Unit,
    org: &OrganisationId,
    (subject, body): (Subject, &Value),
    at: Moment,
    actor: &Actor,
) {
    let id = RecordId::from_bits(app.bits());
    let sql = "INSERT INTO record (id, org, at, subject, body, salt) VALUES (?1, ?2, ?3, ?4, ?5, ?6)";
    unit.then(sql, binds![&id, org, at, subject.name(), written(actor, body), app.salt()]);
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

/// The same where a subject that this version does not know is no trouble.
fn entry(row: Row) -> Result<Entry<String>, StoreError> {
    let Row { id: entry, seq, at, subject, body, salt, digest, chain } = row;
    let (seq, at) = (seq as u64, Moment(at as i64));
    Ok(Entry { id: id(&entry)?, seq, at, subject, body, salt, digest, chain })
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
    let (sql, binds) = head_query(org, seq);
    db.first(&sql, binds).await?.ok_or(StoreError::Row("head".to_owned()))
}

/// The query of [`head`].
pub fn head_query(org: &OrganisationId, seq: u64) -> (String, Vec<Bind>) {
    let sql = "SELECT (SELECT chain FROM record WHERE org = ?1 AND seq = ?2) AS before, h.seq, h.chain, h.at,
        (SELECT COUNT(*) FROM record INDEXED BY record_unsealed WHERE org = ?1 AND seq IS NULL) AS unsealed
      FROM (SELECT 1) LEFT JOIN chain_head h ON h.org = ?1";
    (sql.to_owned(), binds![org, seq])
}

/// What it answered.
///
/// # Errors
/// `Row`.
pub fn head_of(answer: &Answer) -> Result<Head, StoreError> {
    answer.results()?.pop().ok_or(StoreError::Row("head".to_owned()))
}

/// The query of [`brought`].
pub fn brought_query(org: &OrganisationId) -> (String, Vec<Bind>) {
    let sql = "SELECT brought_upto, brought_at FROM organisation WHERE id = ?1 AND brought_upto IS NOT NULL";
    (sql.to_owned(), binds![org])
}

/// Up to which entry the record came along with a copy, and when.
///
/// # Errors
/// `Row`.
pub fn brought(answer: &Answer) -> Result<Option<Brought>, StoreError> {
    #[derive(Deserialize)]
    struct Row {
        brought_upto: f64,
        brought_at: f64,
    }
    let row = answer.results::<Row>()?.into_iter().next();
    Ok(row.map(|row| Brought { upto: row.brought_upto as u64, at: Moment(row.brought_at as i64) }))
}

/// What was kept of an export of a member's, if it was one.
///
/// # Errors
/// `Down`.
pub async fn export(
    db: &Db,
    org: &OrganisationId,
    export: &RecordId,
    member: &MemberId,
) -> Result<Option<String>, StoreError> {
    #[derive(Deserialize)]
    struct Kept {
        body: String,
    }
    let sql = "SELECT body FROM record WHERE org = ?1 AND id = ?2 AND subject = 'export' AND body ->> '$.by' = ?3";
    let row: Option<Kept> = db.first(sql, binds![org, export, member]).await?;
    Ok(row.map(|row| row.body))
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

/// The chain from an entry on, at most so many entries, without what they hold; and the heads of days among them.
///
/// # Errors
/// `Down`, `Row`.
pub async fn stretch(db: &Db, org: &OrganisationId, from: u64, most: u32) -> Result<export::Stretch, StoreError> {
    #[derive(Deserialize)]
    struct Before {
        chain: String,
    }
    #[derive(Deserialize)]
    struct Linked {
        seq: f64,
        at: f64,
        digest: String,
    }
    #[derive(Deserialize)]
    struct Last {
        day: String,
        seq: f64,
        chain: String,
    }
    let until = from.saturating_add(most.into());
    let before = "SELECT chain FROM record WHERE org = ?1 AND seq = ?2 - 1";
    let links = "SELECT seq, at, digest FROM record WHERE org = ?1 AND seq >= ?2 AND seq < ?3 ORDER BY seq";
    let heads = "SELECT day, seq, chain FROM chain_day INDEXED BY chain_day_by_seq
      WHERE org = ?1 AND seq >= ?2 AND seq < ?3 ORDER BY seq";
    let answers = db
        .many(vec![
            (before.to_owned(), binds![org, from]),
            (links.to_owned(), binds![org, from, until]),
            (heads.to_owned(), binds![org, from, until]),
        ])
        .await?;
    let [before, links, heads] = answers.as_slice() else { return Err(StoreError::Row("an answer".to_owned())) };
    let before = before.results::<Before>()?.pop().map_or_else(|| domain::record::GENESIS.to_owned(), |row| row.chain);
    let links = links.results()?.into_iter().map(|row: Linked| (row.seq as u64, Moment(row.at as i64), row.digest));
    let head = |row: Last| export::Head { day: row.day, seq: row.seq as u64, chain: row.chain };
    Ok(export::Stretch { before, links: links.collect(), heads: heads.results()?.into_iter().map(head).collect() })
}

/// The heads of the days before one, newest first.
///
/// # Errors
/// `Down`, `Row`.
pub async fn days(db: &Db, org: &OrganisationId, before: &str, most: u32) -> Result<Vec<Day>, StoreError> {
    let sql = "SELECT day, seq, chain FROM chain_day WHERE org = ?1 AND day < ?2 ORDER BY day DESC LIMIT ?3";
    db.all(sql, binds![org, before, most]).await
}
