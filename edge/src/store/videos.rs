//! Videos: the row, and the parts that are there.

use domain::{
    MediaId, MemberId, Moment, OrganisationId, Video,
    video::{Facts, Part},
};
use serde::Deserialize;

use super::{Answer, Bind, Db, StoreError, Unit, captions, id, json};
use crate::{binds, videos::Source};

/// A video, ended or not.
#[derive(Debug, Clone)]
pub struct Kept {
    /// Its bytes.
    pub source: Source,
    /// The name of its file.
    pub name: String,
    /// Its size.
    pub bytes: u32,
    /// What names it and what it is, once it is ended.
    pub ended: Option<(String, Facts)>,
}

impl Kept {
    /// Whether a video of a content is this one: all that stands about it there is what was found.
    pub fn is(&self, video: &Video) -> bool {
        let Video { media, hash, mime, codec, bytes, width, height, millis, rate, sound, .. } = video;
        let facts = Facts {
            mime: *mime,
            codec: *codec,
            sound: *sound,
            width: *width,
            height: *height,
            millis: *millis,
            rate: *rate,
        };
        let same = self.ended.as_ref().is_some_and(|(name, found)| name == hash && *found == facts);
        same && self.source.media == *media && self.bytes == *bytes
    }
}

#[derive(Deserialize)]
struct Row {
    id: String,
    org: String,
    name: String,
    bytes: f64,
    hash: Option<String>,
    facts: Option<String>,
    place: Option<f64>,
    part_hash: Option<String>,
    part_bytes: Option<f64>,
}

/// One row a part; one without a part where none is there.
const COLUMNS: &str =
    "v.id, v.org, v.name, v.bytes, v.hash, v.facts, p.place, p.hash AS part_hash, p.bytes AS part_bytes";
const PARTS: &str = "LEFT JOIN video_part p ON p.video = v.id AND p.org = v.org";

fn read(rows: Vec<Row>) -> Result<Option<Kept>, StoreError> {
    let Some(first) = rows.first() else { return Ok(None) };
    let ended = first.hash.clone().zip(first.facts.as_deref());
    let ended = ended.map(|(hash, facts)| Ok::<_, StoreError>((hash, json(facts)?))).transpose()?;
    let part = |row: &Row| {
        let (place, bytes) = (row.place? as u32, row.part_bytes? as u32);
        Some(Part { place, hash: row.part_hash.clone()?, bytes })
    };
    let source = Source { org: id(&first.org)?, media: id(&first.id)?, parts: rows.iter().filter_map(part).collect() };
    Ok(Some(Kept { source, name: first.name.clone(), bytes: first.bytes as u32, ended }))
}

/// A video of an organisation, ended or not.
///
/// # Errors
/// `Down`, `Row`.
pub async fn find(db: &Db, org: &OrganisationId, media: &MediaId) -> Result<Option<Kept>, StoreError> {
    let sql = format!("SELECT {COLUMNS} FROM video v {PARTS} WHERE v.org = ?1 AND v.id = ?2 ORDER BY p.place");
    read(db.all(&sql, binds![org, media]).await?)
}

/// What is asked about a video in a content: whether it is an organisation's own, and its captions are ([`is_owned`]).
pub fn owned_queries(org: &OrganisationId, video: &Video) -> Vec<(String, Vec<Bind>)> {
    let sql = format!("SELECT {COLUMNS} FROM video v {PARTS} WHERE v.org = ?1 AND v.id = ?2 ORDER BY p.place");
    let files = domain::captions::files(&video.captions);
    let mut asked = vec![(sql, binds![org, &video.media])];
    asked.extend((!files.is_empty()).then(|| captions::owned_query(org, &files, video.millis)));
    asked
}

/// Whether they are, by the answers to [`owned_queries`].
///
/// # Errors
/// `Row`.
pub fn is_owned(answers: &[Answer], video: &Video) -> Result<bool, StoreError> {
    let files = domain::captions::files(&video.captions);
    let Some((kept, owned)) = answers.split_first() else { return Ok(false) };
    let all = owned.first().map(captions::owned).transpose()?.is_none_or(|count| count == files.len());
    Ok(all && read(kept.results()?)?.is_some_and(|kept| kept.is(video)))
}

/// The ended video of an organisation with this name, if there is one.
///
/// # Errors
/// `Down`, `Row`.
pub async fn by_hash(db: &Db, org: &OrganisationId, hash: &str) -> Result<Option<Kept>, StoreError> {
    let sql = format!("SELECT {COLUMNS} FROM video v {PARTS} WHERE v.org = ?1 AND v.hash = ?2 ORDER BY p.place");
    read(db.all(&sql, binds![org, hash]).await?)
}

/// A video that a notice which is up shows.
///
/// # Errors
/// `Down`, `Row`.
pub async fn public(db: &Db, slug: &str, media: &MediaId) -> Result<Option<Kept>, StoreError> {
    let sql = format!(
        "SELECT {COLUMNS} FROM organisation o JOIN video v ON v.org = o.id AND v.id = ?2 AND v.hash IS NOT NULL {PARTS}
         WHERE o.slug = ?1 AND EXISTS (SELECT 1 FROM notice_media n WHERE n.org = o.id AND n.media = v.id)
         ORDER BY p.place"
    );
    read(db.all(&sql, binds![slug, media]).await?)
}

/// What one member began under a name and a size and did not end, and how much the organisation keeps already.
///
/// # Errors
/// `Down`, `Row`.
pub async fn begun(
    db: &Db,
    org: &OrganisationId,
    by: &MemberId,
    name: &str,
    bytes: u32,
) -> Result<(Option<Kept>, u64), StoreError> {
    #[derive(Deserialize)]
    struct Sum {
        kept: f64,
    }
    let sql = format!(
        "SELECT {COLUMNS} FROM (SELECT * FROM video WHERE org = ?1 AND by = ?2 AND name = ?3 AND bytes = ?4 AND hash IS NULL
           ORDER BY created_at DESC LIMIT 1) v {PARTS} ORDER BY p.place"
    );
    let kept = "SELECT COALESCE(SUM(bytes), 0) AS kept FROM video WHERE org = ?1";
    let answers = db.many(vec![(sql, binds![org, by, name, bytes]), (kept.to_owned(), binds![org])]).await?;
    let [found, sum] = answers.as_slice() else { return Err(StoreError::Row("two answers".to_owned())) };
    let sum = sum.results::<Sum>()?.first().map_or(0.0, |sum| sum.kept);
    Ok((read(found.results()?)?, sum as u64))
}

/// Begins one.
///
/// # Errors
/// `Down`.
pub async fn begin(
    db: &Db,
    org: &OrganisationId,
    media: &MediaId,
    (name, bytes): (&str, u32),
    by: &MemberId,
    at: Moment,
) -> Result<(), StoreError> {
    let sql = "INSERT INTO video (id, org, name, bytes, by, created_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6)";
    db.run(sql, binds![media, org, name, bytes, by, at]).await.map(drop)
}

/// Notes a part that the bucket has verified. One that stands is left as it is.
///
/// # Errors
/// `Down`.
pub async fn note(db: &Db, org: &OrganisationId, media: &MediaId, part: &Part) -> Result<(), StoreError> {
    let sql = "INSERT INTO video_part (org, video, place, hash, bytes)
      SELECT org, id, ?3, ?4, ?5 FROM video WHERE org = ?1 AND id = ?2 AND hash IS NULL ON CONFLICT DO NOTHING";
    let Part { place, hash, bytes } = part;
    db.run(sql, binds![org, media, *place, hash, *bytes]).await.map(drop)
}

/// Adds to a unit of work that it is ended, if it is still coming. The unit is `Unique` if the organisation has this video
/// already.
pub fn end(unit: &mut Unit, org: &OrganisationId, media: &MediaId, hash: &str, facts: &Facts) {
    unit.expect("EXISTS (SELECT 1 FROM video WHERE org = ?1 AND id = ?2 AND hash IS NULL)", binds![org, media]);
    let sql = "UPDATE video SET hash = ?3, facts = ?4 WHERE org = ?1 AND id = ?2 AND hash IS NULL";
    unit.then(sql, binds![org, media, hash, super::Bind::json(facts)]);
}

/// Takes one back that is not ended; whether there was one.
///
/// # Errors
/// `Down`.
pub async fn forget(db: &Db, org: &OrganisationId, media: &MediaId) -> Result<bool, StoreError> {
    let mut unit = Unit::new();
    let coming = "SELECT id FROM video WHERE org = ?1 AND id = ?2 AND hash IS NULL";
    unit.then(format!("DELETE FROM video_part WHERE org = ?1 AND video IN ({coming})"), binds![org, media]);
    unit.then("DELETE FROM video WHERE org = ?1 AND id = ?2 AND hash IS NULL", binds![org, media]);
    let answers = db.commit(unit).await?;
    Ok(answers.last().is_some_and(|answer| answer.changes() == 1))
}

/// Takes back what was begun before a moment and never ended, at most `most`; answers which.
///
/// # Errors
/// `Down`, `Row`.
pub async fn lapsed(db: &Db, before: Moment, most: u32) -> Result<Vec<(OrganisationId, MediaId)>, StoreError> {
    #[derive(Deserialize)]
    struct Gone {
        id: String,
        org: String,
    }
    // No organisation is named: the engine cleans up after all of them.
    let these = "SELECT id FROM video WHERE hash IS NULL AND created_at < ?1 ORDER BY created_at LIMIT ?2";
    let mut unit = Unit::new();
    unit.then(format!("DELETE FROM video_part WHERE video IN ({these})"), binds![before, most]);
    unit.then(format!("DELETE FROM video WHERE id IN ({these}) RETURNING id, org"), binds![before, most]);
    let answers = db.commit(unit).await?;
    let gone = answers.last().map(|answer| answer.results::<Gone>()).transpose()?.unwrap_or_default();
    gone.iter().map(|gone| Ok((id(&gone.org)?, id(&gone.id)?))).collect()
}
