//! Calendars of others: rows of which there are, and a row a month of what stands in each.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use domain::{
    Foreign, ForeignId, Millis, Moment, OrganisationId,
    foreign::{EVERY, MOST, Stand, Trouble, as_of},
    ics::read::{Happening, Read, month_name, month_named},
};
use serde::Deserialize;
use wire::{calendar::Others, foreign::ForeignView};

use super::{Answer, Bind, Db, StoreError, Unit, id, json};
use crate::binds;

const COLUMNS: &str =
    "id, version, name, address, active, read_at, trouble, trouble_at, etag, edition, kept, shortfall";

#[derive(Deserialize)]
struct Row {
    id: String,
    version: f64,
    name: String,
    address: String,
    active: f64,
    read_at: Option<f64>,
    trouble: Option<String>,
    trouble_at: Option<f64>,
    etag: Option<String>,
    edition: String,
    kept: f64,
    shortfall: String,
}

/// A calendar of others with what is known of it.
#[derive(Debug, Clone)]
pub struct Kept {
    /// The calendar.
    pub foreign: Foreign,
    /// How it fares.
    pub stand: Stand,
    /// What its server called what it said last.
    pub etag: Option<String>,
    /// What that was read for.
    pub edition: String,
}

impl Kept {
    /// One of which nothing is known yet.
    pub fn new(foreign: Foreign) -> Self {
        Self { foreign, stand: Stand::default(), etag: None, edition: String::new() }
    }

    /// As it is shown.
    pub fn view(self) -> ForeignView {
        ForeignView { foreign: self.foreign, stand: self.stand }
    }
}

impl TryFrom<Row> for Kept {
    type Error = StoreError;
    fn try_from(row: Row) -> Result<Self, StoreError> {
        let moment = |at: Option<f64>| at.map(|at| Moment(at as i64));
        Ok(Kept {
            foreign: Foreign {
                id: id(&row.id)?,
                version: row.version as u64,
                name: row.name,
                address: row.address,
                on: row.active > 0.0,
            },
            stand: Stand {
                read: moment(row.read_at),
                trouble: row.trouble.as_deref().map(json::<Trouble>).transpose()?,
                since: moment(row.trouble_at),
                kept: row.kept as u32,
                shortfall: json(&row.shortfall)?,
            },
            etag: row.etag,
            edition: row.edition,
        })
    }
}

/// The query of [`all`], for a trip with others.
pub fn query(org: &OrganisationId) -> (String, Vec<Bind>) {
    (format!("SELECT {COLUMNS} FROM foreign_calendar WHERE org = ?1 ORDER BY name, id"), binds![org])
}

/// Reads the answer of [`query`].
///
/// # Errors
/// `Row`.
pub fn read(answer: &Answer) -> Result<Vec<Kept>, StoreError> {
    answer.results::<Row>()?.into_iter().map(TryInto::try_into).collect()
}

/// Every one of an organisation, by name.
///
/// # Errors
/// `Down`, `Row`.
pub async fn all(db: &Db, org: &OrganisationId) -> Result<Vec<Kept>, StoreError> {
    let (sql, binds) = query(org);
    let rows: Vec<Row> = db.all(&sql, binds).await?;
    rows.into_iter().map(TryInto::try_into).collect()
}

/// One of them that is on, with the zone of its organisation.
///
/// # Errors
/// `Down`, `Row`.
pub async fn find(db: &Db, org: &OrganisationId, foreign: &ForeignId) -> Result<Option<(Kept, String)>, StoreError> {
    #[derive(Deserialize)]
    struct Whole {
        zone: String,
        row: Row,
    }
    let sql = format!(
        "SELECT {COLUMNS}, (SELECT zone FROM organisation WHERE id = ?1) AS zone FROM foreign_calendar
         WHERE org = ?1 AND id = ?2 AND active = 1"
    );
    let found: Option<Whole> = db.first(&sql, binds![org, foreign]).await?;
    found.map(|Whole { zone, row }| Ok((row.try_into()?, zone))).transpose()
}

/// Adds one as it is to be to a unit of work; nothing is written if somebody changed it meanwhile, or if two at once made one too
/// many. Where it is `anew`, nothing is known of it and nothing kept: it was switched, or is somewhere else.
pub fn keep(unit: &mut Unit, org: &OrganisationId, foreign: &Foreign, anew: bool, now: Moment) {
    let before = "COALESCE((SELECT version FROM foreign_calendar WHERE org = ?1 AND id = ?2), 0) = ?3";
    unit.expect(before, binds![org, &foreign.id, foreign.version.saturating_sub(1)]);
    if !anew {
        let sql = "UPDATE foreign_calendar SET version = ?3, name = ?4 WHERE org = ?1 AND id = ?2";
        unit.then(sql, binds![org, &foreign.id, foreign.version, &foreign.name]);
        return;
    }
    let room = "(SELECT COUNT(*) FROM foreign_calendar WHERE org = ?1 AND id <> ?2) < ?3";
    unit.expect(room, binds![org, &foreign.id, MOST as u64]);
    // Whoever keeps it asks for it, and if they do not get so far a tick does. Not a tick at once: it would ask a second time.
    let due = foreign.on.then(|| now.plus(Millis::minutes(1)));
    let binds: Vec<Bind> = binds![org, &foreign.id, foreign.version, &foreign.name, &foreign.address, foreign.on, due];
    unit.then(
        "INSERT INTO foreign_calendar (org, id, version, name, address, active, due_at, edition, kept, shortfall)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, '', 0, '{}')
         ON CONFLICT (org, id) DO UPDATE SET version = ?3, name = ?4, address = ?5, active = ?6, due_at = ?7,
           read_at = NULL, trouble = NULL, trouble_at = NULL, etag = NULL, edition = '', kept = 0, shortfall = '{}'",
        binds,
    );
    forget(unit, org, &foreign.id);
}

/// Adds to a unit of work that nothing is kept of what stands in one.
fn forget(unit: &mut Unit, org: &OrganisationId, foreign: &ForeignId) {
    unit.then("DELETE FROM foreign_month WHERE org = ?1 AND calendar = ?2", binds![org, foreign]);
}

/// Adds to a unit of work that each one that is on is asked for with the next tick.
pub fn hurry(unit: &mut Unit, org: &OrganisationId) {
    unit.then("UPDATE foreign_calendar SET due_at = 0 WHERE org = ?1 AND active = 1", binds![org]);
}

/// Adds the end of one to a unit of work.
pub fn drop(unit: &mut Unit, org: &OrganisationId, foreign: &ForeignId) {
    forget(unit, org, foreign);
    unit.then("DELETE FROM foreign_calendar WHERE org = ?1 AND id = ?2", binds![org, foreign]);
}

/// Fails the unit of work if it was changed or taken away meanwhile: what was read is of another address then.
pub fn still(unit: &mut Unit, org: &OrganisationId, foreign: &Foreign) {
    let same = "EXISTS (SELECT 1 FROM foreign_calendar WHERE org = ?1 AND id = ?2 AND version = ?3 AND active = 1)";
    unit.expect(same, binds![org, &foreign.id, foreign.version]);
}

/// Adds what was read to a unit of work, in place of all that was kept. A month that says the same is not written.
pub fn replace(
    unit: &mut Unit,
    org: &OrganisationId,
    foreign: &ForeignId,
    read: &Read,
    (etag, edition): (Option<&str>, &str),
    now: Moment,
) {
    // One text for all months: a hundred kilobytes in a usual year's worst, and two statements.
    let months = serde_json::to_string(&read.months).unwrap_or_default();
    let gone =
        "DELETE FROM foreign_month WHERE org = ?1 AND calendar = ?2 AND month NOT IN (SELECT key FROM json_each(?3))";
    unit.then(gone, binds![org, foreign, &months]);
    let sql = "INSERT INTO foreign_month (org, calendar, month, happenings)
      SELECT ?1, ?2, key, value FROM json_each(?3) WHERE true
      ON CONFLICT (org, month, calendar) DO UPDATE SET happenings = excluded.happenings
        WHERE foreign_month.happenings IS NOT excluded.happenings";
    unit.then(sql, binds![org, foreign, months]);
    let sql = "UPDATE foreign_calendar SET read_at = ?3, due_at = ?4, trouble = NULL, trouble_at = NULL, etag = ?5,
      edition = ?6, kept = ?7, shortfall = ?8 WHERE org = ?1 AND id = ?2";
    let shortfall = Bind::json(&read.shortfall);
    unit.then(sql, binds![org, foreign, now, now.plus(EVERY), etag, edition, read.kept, shortfall]);
}

/// Adds to a unit of work that it says to be as it was.
pub fn unchanged(unit: &mut Unit, org: &OrganisationId, foreign: &ForeignId, now: Moment) {
    let sql = "UPDATE foreign_calendar SET read_at = ?3, due_at = ?4, trouble = NULL, trouble_at = NULL
      WHERE org = ?1 AND id = ?2";
    unit.then(sql, binds![org, foreign, now, now.plus(EVERY)]);
}

/// Adds to a unit of work that it could not be read. What was read before stays, but for what is before the `first` day that is
/// kept: of a calendar that never answers again nothing is kept for ever.
pub fn troubled(
    unit: &mut Unit,
    org: &OrganisationId,
    foreign: &ForeignId,
    trouble: Trouble,
    first: NaiveDate,
    now: Moment,
) {
    let over = "DELETE FROM foreign_month WHERE org = ?1 AND calendar = ?2 AND month < ?3";
    unit.then(over, binds![org, foreign, month_name(first)]);
    let sql = "UPDATE foreign_calendar SET trouble = ?3, trouble_at = COALESCE(trouble_at, ?4), due_at = ?5
      WHERE org = ?1 AND id = ?2";
    unit.then(sql, binds![org, foreign, Bind::json(&trouble), now, now.plus(EVERY)]);
}

/// Those that are to be asked for, of every organisation: each is given out once, and comes again after `lease` if nobody says
/// otherwise.
///
/// # Errors
/// `Down`, `Row`.
pub async fn to_fetch(db: &Db, now: Moment, lease: Millis) -> Result<Vec<(OrganisationId, ForeignId)>, StoreError> {
    #[derive(Deserialize)]
    struct Due {
        org: String,
        id: String,
    }
    let sql = "UPDATE foreign_calendar SET due_at = ?2 WHERE rowid IN
        (SELECT rowid FROM foreign_calendar INDEXED BY foreign_calendar_due WHERE due_at <= ?1 ORDER BY due_at LIMIT 20)
      RETURNING org, id";
    let rows: Vec<Due> = db.all(sql, binds![now, now.plus(lease)]).await?;
    rows.into_iter().map(|row| Ok((id(&row.org)?, id(&row.id)?))).collect()
}

/// The queries of what stands in them on some days, for a trip with others: which there are, and their months.
pub fn stands_queries(org: &OrganisationId, first: NaiveDate, last: NaiveDate) -> [(String, Vec<Bind>); 2] {
    let names = "SELECT id, name, read_at FROM foreign_calendar WHERE org = ?1 AND active = 1 ORDER BY name, id";
    let months = "SELECT month, calendar, happenings FROM foreign_month
      WHERE org = ?1 AND month >= ?2 AND month <= ?3 ORDER BY month";
    [(names.to_owned(), binds![org]), (months.to_owned(), binds![org, month_name(first), month_name(last)])]
}

/// Reads the answers of [`stands_queries`]. One of which nothing stands there is named only where what is kept of it is old: then that
/// nothing does is not sure either.
///
/// # Errors
/// `Row`.
pub fn stands(
    [names, months]: [&Answer; 2],
    first: NaiveDate,
    last: NaiveDate,
    now: Moment,
) -> Result<Vec<Others>, StoreError> {
    #[derive(Deserialize)]
    struct Named {
        id: String,
        name: String,
        read_at: Option<f64>,
    }
    #[derive(Deserialize)]
    struct Month {
        month: String,
        calendar: String,
        happenings: String,
    }
    let mut found: BTreeMap<String, Vec<Happening>> = BTreeMap::new();
    for row in months.results::<Month>()? {
        let month = month_named(&row.month).ok_or_else(|| StoreError::Row("month".to_owned()))?;
        let all: Vec<Happening> = json(&row.happenings)?;
        let taken = all.into_iter().filter(|one| one.is_taken(month, first, last));
        found.entry(row.calendar).or_default().extend(taken);
    }
    let named = names.results::<Named>()?.into_iter();
    let others = named.map(|Named { id, name, read_at }| Others {
        name,
        as_of: as_of(read_at.map(|at| Moment(at as i64)), now),
        happenings: found.remove(&id).unwrap_or_default(),
    });
    Ok(others.filter(|one| !one.happenings.is_empty() || one.as_of.is_some()).collect())
}
