//! Bylaws: one row an organisation, and what is asked together with it.

use domain::{
    Bylaws, MemberId, Moment, OrganisationId,
    circuit::choice::Past,
    people::{Colleague, People},
};
use serde::Deserialize;

use super::{Answer, Bind, Db, StoreError, Unit, id, json, name};
use crate::binds;

/// The bylaws and their version; 0 where nobody changed them yet.
pub type Standing = (u64, Bylaws);

/// The query of the bylaws.
pub const STANDING: &str = "SELECT version, data FROM bylaws WHERE org = ?1";

/// The query of everybody who was ever there.
pub const MEMBERS: &str = "SELECT id, name, role, access, email, removed_at FROM member WHERE org = ?1";

#[derive(Deserialize)]
struct Row {
    version: f64,
    data: String,
}

/// Reads the answer to [`STANDING`].
///
/// # Errors
/// `Row`.
pub fn standing(answer: &Answer) -> Result<Standing, StoreError> {
    match answer.results::<Row>()?.first() {
        Some(row) => Ok((row.version as u64, json(&row.data)?)),
        None => Ok((0, Bylaws::default())),
    }
}

/// A row of [`MEMBERS`].
#[derive(Debug, Deserialize)]
pub struct MemberRow {
    /// Their identity.
    pub id: String,
    /// Their name.
    pub name: String,
    role: String,
    access: String,
    email: Option<String>,
    removed_at: Option<f64>,
}

/// Those of them who are there.
///
/// # Errors
/// `Row`.
pub fn colleagues<'a>(rows: impl Iterator<Item = &'a MemberRow>) -> Result<Vec<Colleague>, StoreError> {
    let there = rows.filter(|row| row.removed_at.is_none());
    there
        .map(|row| {
            let mailbox = row.email.as_deref().and_then(|email| email.parse().ok());
            let (role, access) = (name(&row.role)?, json(&row.access)?);
            Ok(Colleague { id: id(&row.id)?, role, units: Vec::new(), access, mailbox })
        })
        .collect()
}

/// Bylaws and members, in one trip.
///
/// # Errors
/// `Down`, `Row`.
pub async fn read(db: &Db, org: &OrganisationId) -> Result<(Standing, Vec<MemberRow>), StoreError> {
    let queries = [STANDING, MEMBERS].map(|sql| (sql.to_owned(), binds![org]));
    let answers = db.many(queries.into()).await?;
    let [bylaws, members] = &answers[..] else { return Err(StoreError::Row("an answer is missing".to_owned())) };
    Ok((standing(bylaws)?, members.results()?))
}

/// Everybody who is there as the rules see them.
///
/// # Errors
/// `Row`.
pub fn people(bylaws: &Bylaws, rows: &[MemberRow]) -> Result<People, StoreError> {
    Ok(bylaws.people(colleagues(rows.iter())?))
}

/// The names of everybody.
///
/// # Errors
/// `Row`.
pub fn names(rows: Vec<MemberRow>) -> Result<Vec<(MemberId, String)>, StoreError> {
    rows.into_iter().map(|row| Ok((id(&row.id)?, row.name))).collect()
}

/// Adds new bylaws to a unit of work; nothing of it is written unless the version that stands is still `before`.
pub fn write(unit: &mut Unit, org: &OrganisationId, before: u64, bylaws: &Bylaws, now: Moment) {
    unit.expect("COALESCE((SELECT version FROM bylaws WHERE org = ?1), 0) = ?2", binds![org, before]);
    let sql = "INSERT INTO bylaws (org, version, data, changed_at) VALUES (?1, ?2, ?3, ?4)
      ON CONFLICT (org) DO UPDATE SET version = ?2, data = ?3, changed_at = ?4";
    unit.then(sql, binds![org, before + 1, Bind::json(bylaws), now]);
}

/// Adds to a unit of work what was known of a post when it was submitted, and what was submitted: the next round shows
/// what changed since.
pub fn remember(unit: &mut Unit, org: &OrganisationId, past: &Past) {
    let sql = "UPDATE post SET facts = ?3, before = submitted, submitted = content WHERE org = ?1 AND id = ?2";
    unit.then(sql, binds![org, &past.post, Bind::json(past)]);
}

/// The last posts that were submitted.
///
/// # Errors
/// `Down`, `Row`.
pub async fn past(db: &Db, org: &OrganisationId) -> Result<Vec<Past>, StoreError> {
    #[derive(Deserialize)]
    struct Row {
        facts: String,
    }
    let sql = "SELECT facts FROM post WHERE org = ?1 AND facts IS NOT NULL ORDER BY changed_at DESC LIMIT 200";
    let rows: Vec<Row> = db.all(sql, binds![org]).await?;
    rows.iter().map(|row| json(&row.facts)).collect()
}
