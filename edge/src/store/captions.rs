//! Captions: the text itself, under the hash of its words. Separate from the videos: a file is the same whatever video it goes with.

use domain::{
    MemberId, Moment, OrganisationId,
    captions::{Name, Said, Track},
};
use serde::Deserialize;

use super::{Answer, Bind, Db, StoreError};
use crate::binds;

/// How an organisation stands before one more is kept.
#[derive(Debug, Clone, Copy, Deserialize)]
struct Room {
    there: f64,
    kept: f64,
}

/// Whether these words are kept already, and the bytes of all that are.
///
/// # Errors
/// `Down`, `Row`.
pub async fn room(db: &Db, org: &OrganisationId, name: &Name) -> Result<(bool, u64), StoreError> {
    let sql = "SELECT EXISTS (SELECT 1 FROM caption WHERE org = ?1 AND hash = ?2) AS there,
      (SELECT COALESCE(SUM(bytes), 0) FROM caption WHERE org = ?1) AS kept";
    let room: Option<Room> = db.first(sql, binds![org, name.hash.as_str()]).await?;
    Ok(room.map_or((false, 0), |room| (room.there > 0.0, room.kept as u64)))
}

/// Keeps one. The same words twice are once.
///
/// # Errors
/// `Down`.
pub async fn keep(
    db: &Db,
    org: &OrganisationId,
    (name, track): (&Name, &Track),
    by: &MemberId,
    at: Moment,
) -> Result<(), StoreError> {
    let sql = "INSERT OR IGNORE INTO caption (org, hash, vtt, bytes, ends, by, created_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)";
    let (hash, vtt) = (name.hash.as_str(), track.vtt());
    db.run(sql, binds![org, hash, vtt.as_str(), name.bytes, track.until(), by, at]).await.map(drop)
}

#[derive(Deserialize)]
struct Row {
    vtt: String,
}

/// The clean WebVTT of an organisation's captions.
///
/// # Errors
/// `Down`, `Row`.
pub async fn find(db: &Db, org: &OrganisationId, hash: &str) -> Result<Option<String>, StoreError> {
    let row: Option<Row> = db.first("SELECT vtt FROM caption WHERE org = ?1 AND hash = ?2", binds![org, hash]).await?;
    Ok(row.map(|row| row.vtt))
}

/// Captions that a notice which is up shows.
///
/// # Errors
/// `Down`, `Row`.
pub async fn public(db: &Db, slug: &str, hash: &str) -> Result<Option<String>, StoreError> {
    let sql = "SELECT c.vtt FROM organisation o JOIN caption c ON c.org = o.id AND c.hash = ?2
      WHERE o.slug = ?1 AND EXISTS (SELECT 1 FROM notice_media n WHERE n.org = o.id AND n.media = c.hash)";
    let row: Option<Row> = db.first(sql, binds![slug, hash]).await?;
    Ok(row.map(|row| row.vtt))
}

/// How many of the files that are named, and end by the end of a video of so many milliseconds, are an organisation's own.
pub fn owned_query(org: &OrganisationId, names: &[Name], millis: u32) -> (String, Vec<Bind>) {
    let written: Vec<String> = names.iter().map(|name| Said::File(name.clone()).written()).collect();
    let sql = "SELECT COUNT(*) AS count FROM json_each(?2) j JOIN caption c ON c.org = ?1
      AND c.hash = substr(j.value, 1, 64) AND j.value = c.hash || '-' || c.bytes AND c.ends <= ?3";
    (sql.to_owned(), binds![org, Bind::json(&written), millis])
}

/// Reads the answer of [`owned_query`].
///
/// # Errors
/// `Row`.
pub fn owned(answer: &Answer) -> Result<usize, StoreError> {
    #[derive(Deserialize)]
    struct Count {
        count: f64,
    }
    let rows: Vec<Count> = answer.results()?;
    Ok(rows.first().map_or(0, |row| row.count as usize))
}
