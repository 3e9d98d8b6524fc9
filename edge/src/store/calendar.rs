//! The calendar besides its posts: rows.

use chrono::NaiveDate;
use domain::{
    MarkId, MemberId, Moment, OrganisationId,
    mark::{Mark, MarkKind},
    views::Views,
};
use serde::Deserialize;

use super::{Answer, Bind, Db, StoreError, Unit, id, json};
use crate::binds;

/// Marks of a span. More than eight a day nobody reads.
const MOST: u32 = 500;

const COLUMNS: &str = "id, version, kind, text, first_day, last_day, changed_at";

#[derive(Deserialize)]
struct Row {
    id: String,
    version: f64,
    kind: String,
    text: String,
    first_day: String,
    last_day: String,
    changed_at: f64,
}

impl Row {
    fn mark(self) -> Result<Mark, StoreError> {
        let day = |text: &str| text.parse::<NaiveDate>().map_err(|_| StoreError::Row("day".to_owned()));
        Ok(Mark {
            id: id(&self.id)?,
            version: self.version as u64,
            kind: MarkKind::of_name(&self.kind).ok_or_else(|| StoreError::Row("kind".to_owned()))?,
            first: day(&self.first_day)?,
            last: day(&self.last_day)?,
            text: self.text,
        })
    }
}

/// The query of the marks that stand on any of some days, the earliest first, for a trip with others.
pub fn marks_query(org: &OrganisationId, first: NaiveDate, last: NaiveDate) -> (String, Vec<Bind>) {
    let sql = format!(
        "SELECT {COLUMNS} FROM mark
         WHERE org = ?1 AND last_day >= ?2 AND first_day <= ?3 ORDER BY first_day, id LIMIT {MOST}"
    );
    (sql, binds![org, first.to_string(), last.to_string()])
}

/// What it answers.
///
/// # Errors
/// `Row`.
pub fn read(answer: &Answer) -> Result<Vec<Mark>, StoreError> {
    answer.results::<Row>()?.into_iter().map(Row::mark).collect()
}

/// The same, each with when it last changed.
///
/// # Errors
/// `Row`.
pub fn stamped(answer: &Answer) -> Result<Vec<(Mark, Moment)>, StoreError> {
    let rows: Vec<Row> = answer.results()?;
    let stamped = |row: Row| {
        let changed = Moment(row.changed_at as i64);
        Ok((row.mark()?, changed))
    };
    rows.into_iter().map(stamped).collect()
}

/// One mark.
///
/// # Errors
/// `Down`, `Row`.
pub async fn mark(db: &Db, org: &OrganisationId, mark: &MarkId) -> Result<Option<Mark>, StoreError> {
    let sql = format!("SELECT {COLUMNS} FROM mark WHERE org = ?1 AND id = ?2");
    let row: Option<Row> = db.first(&sql, binds![org, mark]).await?;
    row.map(Row::mark).transpose()
}

/// Adds a mark as it is to be to a unit of work; nothing of it is written if somebody changed it meanwhile.
pub fn keep(unit: &mut Unit, org: &OrganisationId, mark: &Mark, now: Moment) {
    let before = "COALESCE((SELECT version FROM mark WHERE org = ?1 AND id = ?2), 0) = ?3";
    unit.expect(before, binds![org, &mark.id, mark.version.saturating_sub(1)]);
    let binds: Vec<Bind> = binds![
        org,
        &mark.id,
        mark.version,
        mark.kind.as_str(),
        &mark.text,
        mark.first.to_string(),
        mark.last.to_string(),
        now
    ];
    unit.then(
        "INSERT INTO mark (org, id, version, kind, text, first_day, last_day, changed_at)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
         ON CONFLICT (org, id) DO UPDATE SET version = ?3, kind = ?4, text = ?5, first_day = ?6, last_day = ?7, changed_at = ?8",
        binds,
    );
}

/// Adds the end of a mark to a unit of work.
pub fn drop(unit: &mut Unit, org: &OrganisationId, mark: &MarkId) {
    unit.then("DELETE FROM mark WHERE org = ?1 AND id = ?2", binds![org, mark]);
}

/// The views that a member keeps; none before the first.
///
/// # Errors
/// `Down`, `Row`.
pub async fn views(db: &Db, org: &OrganisationId, member: &MemberId) -> Result<Views, StoreError> {
    #[derive(Deserialize)]
    struct Row {
        version: f64,
        views: String,
    }
    let sql = "SELECT version, views FROM saved_view WHERE org = ?1 AND member = ?2";
    let row: Option<Row> = db.first(sql, binds![org, member]).await?;
    row.map_or_else(|| Ok(Views::default()), |row| Ok(Views { version: row.version as u64, views: json(&row.views)? }))
}

/// Adds a member's views as they are to be to a unit of work; nothing of it is written if they changed meanwhile.
pub fn keep_views(unit: &mut Unit, org: &OrganisationId, member: &MemberId, views: &Views) {
    let before = "COALESCE((SELECT version FROM saved_view WHERE org = ?1 AND member = ?2), 0) = ?3";
    unit.expect(before, binds![org, member, views.version.saturating_sub(1)]);
    let sql = "INSERT INTO saved_view (org, member, version, views) VALUES (?1, ?2, ?3, ?4)
      ON CONFLICT (org, member) DO UPDATE SET version = ?3, views = ?4";
    unit.then(sql, binds![org, member, views.version, Bind::json(&views.views)]);
}
