//! Members: rows, and the SQL of the people's pages.

use domain::{Access, MemberId, Moment, OrganisationId, Role};
use serde::Deserialize;
use wire::{home::Window, people::MemberRow};

use super::{Answer, Bind, Db, StoreError, Unit, id, json, name, name_of};
use crate::{app::App, binds};

/// The columns of a member in a list.
#[derive(Debug, Deserialize)]
pub struct Row {
    id: String,
    name: String,
    email: Option<String>,
    role: String,
    access: String,
    passkeys: u32,
    seen: Option<f64>,
}

const SELECT: &str = "SELECT m.id, m.name, m.email, m.role, m.access,
  (SELECT COUNT(*) FROM passkey p WHERE p.org = m.org AND p.member = m.id AND p.removed_at IS NULL) AS passkeys,
  MAX(COALESCE((SELECT MAX(s.seen_at) FROM session s WHERE s.org = m.org AND s.member = m.id), 0),
    COALESCE((SELECT MAX(p.used_at) FROM passkey p WHERE p.org = m.org AND p.member = m.id), 0)) AS seen
FROM member m WHERE m.org = ?1 AND m.removed_at IS NULL";

impl TryFrom<Row> for MemberRow {
    type Error = StoreError;
    fn try_from(row: Row) -> Result<Self, StoreError> {
        Ok(MemberRow {
            id: id(&row.id)?,
            name: row.name,
            email: row.email,
            role: name(&row.role)?,
            access: json(&row.access)?,
            passkeys: row.passkeys,
            seen: row.seen.map(|at| Moment(at as i64)).filter(|at| at.0 > 0),
        })
    }
}

/// Every member who was not removed, in the order in which they came.
///
/// # Errors
/// `Down`, `Row`.
pub async fn of_organisation(db: &Db, org: &OrganisationId) -> Result<Vec<MemberRow>, StoreError> {
    let rows: Vec<Row> = db.all(&format!("{SELECT} ORDER BY m.created_at, m.id"), binds![org]).await?;
    rows.into_iter().map(TryInto::try_into).collect()
}

/// One member who was not removed.
///
/// # Errors
/// `Down`, `Row`.
pub async fn read(db: &Db, org: &OrganisationId, member: &MemberId) -> Result<Option<MemberRow>, StoreError> {
    let row: Option<Row> = db.first(&format!("{SELECT} AND m.id = ?2"), binds![org, member]).await?;
    row.map(TryInto::try_into).transpose()
}

/// A new member.
pub struct New<'a> {
    /// Their identity.
    pub id: &'a MemberId,
    /// Their name.
    pub name: &'a str,
    /// Where mail goes.
    pub email: Option<&'a str>,
    /// As what they act.
    pub role: Role,
    /// Where and when.
    pub access: &'a Access,
}

/// Adds a member to a unit of work.
pub fn add(app: &App, unit: &mut Unit, org: &OrganisationId, new: &New<'_>) {
    let sql = "INSERT INTO member (id, org, name, email, role, access, created_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)";
    let access = Bind::json(new.access);
    unit.then(sql, binds![new.id, org, new.name, new.email, name_of(&new.role), access, app.now()]);
}

/// The contracts that end between two moments (the second exclusive), the soonest first.
pub fn windows_query(org: &OrganisationId, from: Moment, until: Moment) -> (String, Vec<Bind>) {
    let sql = "SELECT id, name, access ->> '$.until' AS until FROM member
      WHERE org = ?1 AND removed_at IS NULL AND role = 'agency' AND access ->> '$.until' >= ?2 AND access ->> '$.until' < ?3
      ORDER BY until LIMIT 20";
    (sql.to_owned(), binds![org, from, until])
}

/// Reads the answer to [`windows_query`].
///
/// # Errors
/// `Row`.
pub fn windows(answer: &Answer) -> Result<Vec<Window>, StoreError> {
    #[derive(Deserialize)]
    struct Row {
        id: String,
        name: String,
        until: f64,
    }
    let rows: Vec<Row> = answer.results()?;
    rows.into_iter()
        .map(|row| Ok(Window { member: id(&row.id)?, name: row.name, until: Moment(row.until as i64) }))
        .collect()
}
