//! Pictures: the row beside the object in the bucket.

use domain::{MediaId, MemberId, Moment, OrganisationId, PictureType};
use serde::Deserialize;

use super::{Db, StoreError, Unit, id, name, name_of};
use crate::binds;

/// A stored picture.
#[derive(Debug, Clone, PartialEq)]
pub struct Media {
    /// Its identity.
    pub id: MediaId,
    /// SHA-256 of its bytes.
    pub hash: String,
    /// Its type.
    pub mime: PictureType,
    /// Its size.
    pub bytes: u32,
    /// Pixels across.
    pub width: u32,
    /// Pixels down.
    pub height: u32,
}

/// Its place in the bucket.
pub fn key(org: &OrganisationId, media: &MediaId) -> String {
    format!("{org}/{media}")
}

/// A row of one.
#[derive(Deserialize)]
pub(super) struct Row {
    id: String,
    hash: String,
    mime: String,
    bytes: f64,
    width: f64,
    height: f64,
}

impl TryFrom<Row> for Media {
    type Error = StoreError;
    fn try_from(row: Row) -> Result<Self, StoreError> {
        Ok(Media {
            id: id(&row.id)?,
            hash: row.hash,
            mime: name(&row.mime)?,
            bytes: row.bytes as u32,
            width: row.width as u32,
            height: row.height as u32,
        })
    }
}

const COLUMNS: &str = "id, hash, mime, bytes, width, height";

/// The picture of an organisation with these bytes, if it is stored.
///
/// # Errors
/// `Down`, `Row`.
pub async fn by_hash(db: &Db, org: &OrganisationId, hash: &str) -> Result<Option<Media>, StoreError> {
    let sql = format!("SELECT {COLUMNS} FROM media WHERE org = ?1 AND hash = ?2");
    let row: Option<Row> = db.first(&sql, binds![org, hash]).await?;
    row.map(TryInto::try_into).transpose()
}

/// A picture of an organisation.
///
/// # Errors
/// `Down`, `Row`.
pub async fn find(db: &Db, org: &OrganisationId, media: &MediaId) -> Result<Option<Media>, StoreError> {
    let sql = format!("SELECT {COLUMNS} FROM media WHERE org = ?1 AND id = ?2");
    let row: Option<Row> = db.first(&sql, binds![org, media]).await?;
    row.map(TryInto::try_into).transpose()
}

/// A picture that anybody may see: a notice that is up shows it, or it is the crest.
///
/// # Errors
/// `Down`, `Row`.
pub async fn public(db: &Db, slug: &str, media: &MediaId) -> Result<Option<(OrganisationId, Media)>, StoreError> {
    #[derive(Deserialize)]
    struct Public {
        org: String,
        row: Row,
    }
    let sql = "SELECT m.org, m.id, m.hash, m.mime, m.bytes, m.width, m.height
      FROM organisation o JOIN media m ON m.org = o.id AND m.id = ?2
      WHERE o.slug = ?1 AND (o.crest = m.id OR EXISTS (SELECT 1 FROM notice_media n WHERE n.org = o.id AND n.media = m.id))";
    let found: Option<Public> = db.first(sql, binds![slug, media]).await?;
    found.map(|Public { org, row }| Ok((id(&org)?, row.try_into()?))).transpose()
}

/// Adds a picture. The unit fails as `Unique` if one with these bytes stands already.
pub fn add(unit: &mut Unit, org: &OrganisationId, media: &Media, file_name: &str, by: &MemberId, at: Moment) {
    let sql = "INSERT INTO media (id, org, hash, mime, bytes, width, height, name, by, created_at)
      VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)";
    let Media { id, hash, mime, bytes, width, height } = media;
    let binds = binds![id, org, hash, name_of(mime), *bytes, *width, *height, file_name, by, at];
    unit.then(sql, binds);
}
