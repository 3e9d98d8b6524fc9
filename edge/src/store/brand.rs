//! The brand kit: one row an organisation, and the pictures that it names.

use domain::{MediaId, Moment, OrganisationId, Picture, brand::Kit, library::Said};
use serde::Deserialize;
use wire::brand::View;

use super::{Answer, Bind, Db, StoreError, Unit, id, json, name};
use crate::binds;

const STANDING: &str = "SELECT version, kit FROM brand WHERE org = ?1";

/// Reads the answer to [`STANDING`]; 0 where nobody has kept one.
fn standing(answer: &Answer) -> Result<(u32, Kit), StoreError> {
    #[derive(Deserialize)]
    struct Row {
        version: f64,
        kit: String,
    }
    match answer.results::<Row>()?.first() {
        Some(row) => Ok((row.version as u32, json(&row.kit)?)),
        None => Ok((0, Kit::default())),
    }
}

/// A picture of the kit.
#[derive(Deserialize)]
struct Row {
    media: String,
    hash: String,
    mime: String,
    bytes: f64,
    width: f64,
    height: f64,
    file_name: String,
    said: String,
}

impl TryFrom<Row> for Picture {
    type Error = StoreError;
    fn try_from(row: Row) -> Result<Self, StoreError> {
        Ok(Picture {
            media: id(&row.media)?,
            hash: row.hash,
            mime: name(&row.mime)?,
            bytes: row.bytes as u32,
            width: row.width as u32,
            height: row.height as u32,
            file_name: row.file_name,
            alt: json::<Said>(&row.said)?.alt,
            focus: None,
        })
    }
}

/// The kit with its pictures, in one trip.
///
/// # Errors
/// `Down`, `Row`.
pub async fn read(db: &Db, org: &OrganisationId) -> Result<View, StoreError> {
    // What it shows is known by the first version, as all that is said of it.
    let pictures = "SELECT m.id AS media, m.hash, m.mime, m.bytes, m.width, m.height, m.name AS file_name, r.said
      FROM brand b, json_each(b.kit, '$.pieces') j CROSS JOIN media m ON m.id = j.value ->> '$.media' AND m.org = ?1
      CROSS JOIN asset f ON f.org = ?1 AND f.media = m.id
      CROSS JOIN asset r ON r.org = ?1 AND r.media = COALESCE(f.made_of, f.media)
      WHERE b.org = ?1 ORDER BY j.key";
    let answers = db.many(vec![(STANDING.to_owned(), binds![org]), (pictures.to_owned(), binds![org])]).await?;
    let [kept, found] = answers.as_slice() else { return Err(StoreError::Row("an answer is missing".to_owned())) };
    let (version, kit) = standing(kept)?;
    let mut pictures: Vec<Picture> = Vec::new();
    for row in found.results::<Row>()? {
        let picture = Picture::try_from(row)?;
        if pictures.iter().all(|one| one.media != picture.media) {
            pictures.push(picture);
        }
    }
    Ok(View { version, kit, pictures })
}

/// The kit as it stands, and how many of some pictures the library has.
///
/// # Errors
/// `Down`, `Row`.
pub async fn before(db: &Db, org: &OrganisationId, media: &[&MediaId]) -> Result<((u32, Kit), usize), StoreError> {
    #[derive(Deserialize)]
    struct Known {
        known: f64,
    }
    let known = "SELECT COUNT(*) AS known FROM json_each(?2) j CROSS JOIN media m ON m.id = j.value AND m.org = ?1
      CROSS JOIN asset a ON a.org = ?1 AND a.media = m.id";
    let queries = vec![(STANDING.to_owned(), binds![org]), (known.to_owned(), binds![org, Bind::json(&media)])];
    let answers = db.many(queries).await?;
    let [kept, found] = answers.as_slice() else { return Err(StoreError::Row("an answer is missing".to_owned())) };
    let known = found.results::<Known>()?.first().map_or(0, |row| row.known as usize);
    Ok((standing(kept)?, known))
}

/// Adds a new kit to a unit of work; nothing of it is written unless the version that stands is still `before`, nor if one of its
/// pictures was deleted meanwhile (a trigger: `0063_brand.sql`).
pub fn write(unit: &mut Unit, org: &OrganisationId, before: u32, kit: &Kit, now: Moment) {
    unit.expect("COALESCE((SELECT version FROM brand WHERE org = ?1), 0) = ?2", binds![org, before]);
    let sql = "INSERT INTO brand (org, version, kit, changed_at) VALUES (?1, ?2, ?3, ?4)
      ON CONFLICT (org) DO UPDATE SET version = ?2, kit = ?3, changed_at = ?4";
    unit.then(sql, binds![org, before + 1, Bind::json(kit), now]);
}
