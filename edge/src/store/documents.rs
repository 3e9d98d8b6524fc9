//! Documents: the row, how far each is looked through, and which of them nobody has any more.

use domain::{
    Document, MediaId, MemberId, Moment, OrganisationId,
    document::{Facts, Scan},
    video::Part,
};
use serde::Deserialize;

use super::{Answer, Bind, Db, StoreError, Unit, id, json};
use crate::{binds, videos::Source};

/// A document, looked through or not.
#[derive(Debug, Clone)]
pub struct Kept {
    /// Its bytes, as one part: it is sent and served as videos are.
    pub source: Source,
    /// SHA-256 of them.
    pub hash: String,
    /// How many there are.
    pub bytes: u32,
    /// The name of the file that was brought.
    pub name: String,
    /// How far it is looked through.
    pub scan: Scan,
    /// What it is, once it is.
    pub facts: Option<Facts>,
}

impl Kept {
    /// Whether a document of a content is this one: all that stands about it there is what was found.
    fn is(&self, document: &Document) -> bool {
        let Document { media, hash, bytes, pages, tagged, .. } = document;
        let same = self.facts == Some(Facts { pages: *pages, tagged: *tagged });
        same && self.source.media == *media && self.hash == *hash && self.bytes == *bytes
    }
}

#[derive(Deserialize)]
struct Row {
    id: String,
    org: String,
    name: String,
    bytes: f64,
    hash: String,
    scan: String,
    facts: Option<String>,
}

const COLUMNS: &str = "d.id, d.org, d.name, d.bytes, d.hash, d.scan, d.facts";

/// Where the bytes of a document are.
pub fn source(org: &OrganisationId, media: &MediaId, hash: &str, bytes: u32) -> Source {
    let parts = vec![Part { place: 0, hash: hash.to_owned(), bytes }];
    Source { org: org.clone(), media: media.clone(), parts }
}

fn read(row: Option<Row>) -> Result<Option<Kept>, StoreError> {
    let Some(Row { id: media, org, name, bytes, hash, scan, facts }) = row else { return Ok(None) };
    let bytes = bytes as u32;
    let source = source(&id(&org)?, &id(&media)?, &hash, bytes);
    let facts = facts.as_deref().map(json).transpose()?;
    Ok(Some(Kept { source, hash, bytes, name, scan: json(&scan)?, facts }))
}

/// What asks for a document of an organisation.
pub fn query(org: &OrganisationId, media: &MediaId) -> (String, Vec<Bind>) {
    (format!("SELECT {COLUMNS} FROM document d WHERE d.org = ?1 AND d.id = ?2"), binds![org, media])
}

/// A document of an organisation.
///
/// # Errors
/// `Down`, `Row`.
pub async fn find(db: &Db, org: &OrganisationId, media: &MediaId) -> Result<Option<Kept>, StoreError> {
    let (sql, binds) = query(org, media);
    read(db.first(&sql, binds).await?)
}

/// Whether a document in a content is an organisation's own, and looked through, by the answer to [`query`].
///
/// # Errors
/// `Row`.
pub fn is_owned(answer: Option<&Answer>, document: &Document) -> Result<bool, StoreError> {
    let Some(answer) = answer else { return Ok(false) };
    Ok(read(answer.results()?.pop())?.is_some_and(|kept| kept.is(document)))
}

/// The document of these bytes, if the organisation has it, and how much it keeps of them all. What is brought again counts as
/// brought now: whoever does has it in a draft next.
///
/// # Errors
/// `Down`, `Row`.
pub async fn brought(
    db: &Db,
    org: &OrganisationId,
    hash: &str,
    now: Moment,
) -> Result<(Option<Kept>, u64), StoreError> {
    #[derive(Deserialize)]
    struct Sum {
        kept: f64,
    }
    let again = "UPDATE document SET brought_at = ?3 WHERE org = ?1 AND hash = ?2".to_owned();
    let found = format!("SELECT {COLUMNS} FROM document d WHERE d.org = ?1 AND d.hash = ?2");
    let kept = "SELECT COALESCE(SUM(bytes), 0) AS kept FROM document WHERE org = ?1".to_owned();
    let queries = vec![(again, binds![org, hash, now]), (found, binds![org, hash]), (kept, binds![org])];
    let answers = db.many(queries).await?;
    let [_, found, sum] = answers.as_slice() else { return Err(StoreError::Row("an answer is missing".to_owned())) };
    let sum = sum.results::<Sum>()?.first().map_or(0.0, |sum| sum.kept);
    Ok((read(found.results::<Row>()?.into_iter().next())?, sum as u64))
}

/// A document that a notice which is up shows.
///
/// # Errors
/// `Down`, `Row`.
pub async fn public(db: &Db, slug: &str, media: &MediaId) -> Result<Option<Kept>, StoreError> {
    let sql = format!(
        "SELECT {COLUMNS} FROM organisation o JOIN document d ON d.org = o.id AND d.id = ?2
         WHERE o.slug = ?1 AND EXISTS (SELECT 1 FROM notice_media n WHERE n.org = o.id AND n.media = d.id)"
    );
    read(db.first(&sql, binds![slug, media]).await?)
}

/// Adds to a unit of work that a document is there, and not looked through yet. The unit is `Unique` if the organisation has these
/// bytes already.
pub fn add(unit: &mut Unit, source: &Source, (name, hash, bytes): (&str, &str, u32), by: &MemberId, at: Moment) {
    let sql = "INSERT INTO document (id, org, name, bytes, hash, by, brought_at, scan) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)";
    let scan = Bind::json(&Scan::over(bytes));
    unit.then(sql, binds![&source.media, &source.org, name, bytes, hash, by, at, scan]);
}

/// Notes how far a document is looked through, and what it is once it is. Two that look at once write the same.
///
/// # Errors
/// `Down`.
pub async fn note(
    db: &Db,
    org: &OrganisationId,
    media: &MediaId,
    scan: &Scan,
    facts: Option<&Facts>,
) -> Result<(), StoreError> {
    let sql = "UPDATE document SET scan = ?3, facts = ?4 WHERE org = ?1 AND id = ?2 AND facts IS NULL";
    let facts = facts.map_or(Bind::Null, Bind::json);
    db.run(sql, binds![org, media, Bind::json(scan), facts]).await.map(drop)
}

/// Forgets one that was refused; whether it was there.
///
/// # Errors
/// `Down`.
pub async fn forget(db: &Db, org: &OrganisationId, media: &MediaId) -> Result<bool, StoreError> {
    let sql = "DELETE FROM document WHERE org = ?1 AND id = ?2 AND facts IS NULL";
    Ok(db.run(sql, binds![org, media]).await? == 1)
}

/// Adds to a unit of work that documents which nothing names are deleted: those that were never looked through, brought before one
/// moment, and the others before another. As with what is deleted from the library, the row that stays says that nothing may name
/// them any more, also who read them a moment before; what erases those erases them (`gone`). No organisation is named: the engine
/// cleans up after all of them.
pub fn sweep(unit: &mut Unit, coming: Moment, unused: Moment, now: Moment, most: u32) {
    unit.then(
        "INSERT OR IGNORE INTO asset_gone (org, media, root, hash, video, at)
         SELECT d.org, d.id, d.id, d.hash, 1, ?3 FROM document d
         WHERE d.brought_at < ?1 AND NOT EXISTS (SELECT 1 FROM arrival a WHERE a.org = d.org) AND (d.facts IS NULL OR d.brought_at < ?2)
           AND NOT EXISTS (SELECT 1 FROM media_use u WHERE u.org = d.org AND u.media = d.id)
           AND NOT EXISTS (SELECT 1 FROM media_named n WHERE n.org = d.org AND n.media = d.id)
           AND NOT EXISTS (SELECT 1 FROM notice_media n WHERE n.org = d.org AND n.media = d.id)
         ORDER BY d.brought_at LIMIT ?4",
        binds![coming, unused, now, most],
    );
    // Those of this moment, and not the few that the bucket has not let go of yet.
    let gone = "DELETE FROM document WHERE brought_at < ?1
      AND EXISTS (SELECT 1 FROM asset_gone g WHERE g.org = document.org AND g.media = document.id AND g.at = ?2)";
    unit.then(gone, binds![coming, now]);
}
