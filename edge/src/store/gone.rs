//! Deleting from the library: what stands in the way, what goes, what the sweep still has to erase, and the register of consents,
//! which stays. Separate from `library`: what is there is found without any of this.

use domain::{ConsentId, MediaId, Moment, OrganisationId, consent::Consent};
use serde::Deserialize;
use wire::library::{Gone, Register};

use super::{
    Db, StoreError, Unit, consents, id,
    library::{New, THESE},
};
use crate::binds;

/// So many of those that name an asset are said.
const MOST_NAMES: usize = 5;
/// So many that were deleted are listed.
const MOST_LISTED: usize = 50;

/// SQL: what names `?2`, or what was cut from it, and is called something, in the order in which it is said.
fn names() -> String {
    format!(
        "SELECT o.heading AS name, o.changed_at AS at FROM ({THESE}) t CROSS JOIN media_use u ON u.org = ?1 AND u.media = t.media
           CROSS JOIN post o ON o.id = u.post AND o.org = ?1
         UNION SELECT o.heading, o.changed_at FROM ({THESE}) t CROSS JOIN media_named n ON n.org = ?1 AND n.media = t.media
           CROSS JOIN post o ON o.id = n.post AND o.org = ?1
         UNION SELECT k.title, k.changed_at FROM task k
           WHERE k.org = ?1 AND k.over = 0 AND k.about ->> '$.media' IN ({THESE})"
    )
}

/// SQL: the organisation's crest is one of those.
fn crest() -> String {
    format!("SELECT 1 FROM organisation WHERE id = ?1 AND crest IN ({THESE})")
}

/// SQL: the brand kit has one of those.
fn kit() -> String {
    format!(
        "SELECT 1 FROM brand b, json_each(b.kit, '$.pieces') j WHERE b.org = ?1 AND j.value ->> '$.media' IN ({THESE})"
    )
}

/// What stands in the way of deleting an asset.
pub struct InTheWay {
    /// What posts and open tasks that name it are called, what changed last first.
    pub names: Vec<String>,
    /// Whether there are more.
    pub more: bool,
    /// Whether it is the crest.
    pub crest: bool,
    /// Whether the brand kit has it.
    pub kit: bool,
}

/// Reads what stands in the way.
///
/// # Errors
/// `Down`, `Row`.
pub async fn in_the_way(db: &Db, org: &OrganisationId, media: &MediaId) -> Result<InTheWay, StoreError> {
    #[derive(Deserialize)]
    struct Named {
        name: String,
    }
    #[derive(Deserialize)]
    struct Ours {
        crest: f64,
        kit: f64,
    }
    let named = format!("SELECT name FROM ({}) GROUP BY name ORDER BY MAX(at) DESC LIMIT {}", names(), MOST_NAMES + 1);
    let ours = format!("SELECT EXISTS ({}) AS crest, EXISTS ({}) AS kit", crest(), kit());
    let answers = db.many(vec![(named, binds![org, media]), (ours, binds![org, media])]).await?;
    let [named, ours] = answers.as_slice() else { return Err(StoreError::Row("an answer is missing".to_owned())) };
    let mut names: Vec<String> = named.results::<Named>()?.into_iter().map(|row| row.name).collect();
    let more = names.len() > MOST_NAMES;
    names.truncate(MOST_NAMES);
    let (crest, kit) = ours.results::<Ours>()?.first().map_or((false, false), |row| (row.crest > 0.0, row.kit > 0.0));
    Ok(InTheWay { names, more, crest, kit })
}

/// Adds to a unit of work that an asset is deleted, with its versions and what was cut from them; nothing is written if anything names one of them. The
/// row that says so refuses whoever has read them and names them a moment later.
pub fn delete(unit: &mut Unit, org: &OrganisationId, media: &MediaId, now: Moment) {
    unit.expect("EXISTS (SELECT 1 FROM asset WHERE org = ?1 AND media = ?2 AND made_of IS NULL)", binds![org, media]);
    unit.expect(
        &format!("NOT EXISTS ({}) AND NOT EXISTS ({}) AND NOT EXISTS ({})", names(), crest(), kit()),
        binds![org, media],
    );
    // A notice that is up is a post that has it, and stands here as well: what citizens see is no matter of what a trigger counted.
    unit.expect(
        &format!(
            "NOT EXISTS (SELECT 1 FROM ({THESE}) t CROSS JOIN notice_media n ON n.org = ?1 AND n.media = t.media)"
        ),
        binds![org, media],
    );
    unit.then(
        format!(
            "INSERT INTO asset_gone (org, media, root, hash, video, at)
             SELECT ?1, t.media, ?2, COALESCE(m.hash, v.hash, ''), m.id IS NULL, ?3 FROM ({THESE}) t
             LEFT JOIN media m ON m.id = t.media AND m.org = ?1 LEFT JOIN video v ON v.id = t.media AND v.org = ?1"
        ),
        binds![org, media, now],
    );
    for (table, column) in
        [("thumbnail", "media"), ("asset_word", "media"), ("media", "id"), ("video_part", "video"), ("video", "id")]
    {
        // By its key, and not through all of the organisation.
        let of = if column == "media" { "org" } else { "+org" };
        unit.then(format!("DELETE FROM {table} WHERE {of} = ?1 AND {column} IN ({THESE})"), binds![org, media]);
    }
    unit.then("DELETE FROM asset WHERE org = ?1 AND made_of = ?2", binds![org, media]);
    unit.then("DELETE FROM asset WHERE org = ?1 AND media = ?2", binds![org, media]);
}

/// Adds to a unit of work that, where bytes were deleted once and are stored anew, what was consented to holds for them again: else
/// that would be the way around who took their word back. Of several versions that were deleted together the first one that comes
/// back takes it all; whichever comes later is a version of that one, and known by it.
pub fn come_back(unit: &mut Unit, org: &OrganisationId, new: &New<'_>) {
    let New { media, hash, by, at, .. } = *new;
    // Only then there is an asset of this name: what is deleted never has its own again.
    let taken = "SELECT g.root FROM asset_gone g CROSS JOIN asset l ON l.org = ?1 AND l.media = g.root
      WHERE g.org = ?1 AND g.hash = ?3 AND g.root <> ?2 AND l.made_of IS NULL
        AND EXISTS (SELECT 1 FROM consent c WHERE c.org = ?1 AND c.media = g.root) LIMIT 1";
    unit.then(
        format!(
            "UPDATE asset SET made_of = ({taken}), version = version + 1, version_at = ?4, version_by = ?5
             WHERE org = ?1 AND media = ?2 AND kind = 'picture' AND version = 1 AND newest IS NULL AND version_at IS NULL
               AND NOT EXISTS (SELECT 1 FROM asset k WHERE k.org = ?1 AND k.made_of = ?2)
               AND EXISTS ({taken}) AND made_of IS NOT ({taken})"
        ),
        binds![org, media, hash, at, by],
    );
    unit.then(
        "DELETE FROM asset_word WHERE org = ?1 AND media = ?2
         AND EXISTS (SELECT 1 FROM asset WHERE org = ?1 AND media = ?2 AND made_of IS NOT NULL)",
        binds![org, media],
    );
    let root = "(SELECT COALESCE(made_of, media) FROM asset WHERE org = ?1 AND media = ?2)";
    let dead = "NOT EXISTS (SELECT 1 FROM asset l WHERE l.org = ?1 AND l.media = g.root)";
    let kept = format!(
        "SELECT c.id FROM asset_gone g CROSS JOIN consent c ON c.org = ?1 AND c.media = g.root
         WHERE g.org = ?1 AND g.hash = ?3 AND {dead}"
    );
    unit.then(
        format!(
            "UPDATE asset SET version = version + 1, shows = 'persons', said = json_set(said, '$.shows', 'persons')
             WHERE org = ?1 AND media = {root} AND EXISTS ({kept})"
        ),
        binds![org, media, hash],
    );
    unit.then(
        format!(
            "INSERT OR IGNORE INTO asset_word (org, word, added_at, media)
             SELECT ?1, '!persons', added_at, media FROM asset WHERE org = ?1 AND media = {root} AND EXISTS ({kept})"
        ),
        binds![org, media, hash],
    );
    unit.then(
        format!("UPDATE consent SET media = {root} WHERE org = ?1 AND id IN ({kept}) AND {root} IS NOT NULL"),
        binds![org, media, hash],
    );
    unit.then(
        format!(
            "UPDATE asset_gone SET root = {root} WHERE org = ?1 AND {root} IS NOT NULL
               AND root IN (SELECT g.root FROM asset_gone g WHERE g.org = ?1 AND g.hash = ?3 AND {dead})"
        ),
        binds![org, media, hash],
    );
}

/// What was deleted and stands in the bucket yet.
pub struct Waiting {
    /// Of which organisation.
    pub org: OrganisationId,
    /// Which.
    pub media: MediaId,
    /// Whether it is a video.
    pub video: bool,
}

/// What was deleted before a moment and is not erased yet. No organisation is named: the engine cleans up after all of them.
///
/// # Errors
/// `Down`, `Row`.
pub async fn waiting(db: &Db, before: Moment, most: u32) -> Result<Vec<Waiting>, StoreError> {
    #[derive(Deserialize)]
    struct Row {
        org: String,
        media: String,
        video: f64,
    }
    // What has a row again is a picture again.
    let sql = "SELECT g.org, g.media, g.video FROM asset_gone g WHERE g.erased = 0 AND g.at < ?1
      AND NOT EXISTS (SELECT 1 FROM media m WHERE m.id = g.media AND m.org = g.org)
      AND NOT EXISTS (SELECT 1 FROM video v WHERE v.id = g.media AND v.org = g.org)
      ORDER BY g.at LIMIT ?2";
    let rows: Vec<Row> = db.all(sql, binds![before, most]).await?;
    rows.iter().map(|row| Ok(Waiting { org: id(&row.org)?, media: id(&row.media)?, video: row.video > 0.0 })).collect()
}

/// Adds to a unit of work that the objects of what was deleted are erased.
pub fn erased(unit: &mut Unit, gone: &[&Waiting]) {
    for Waiting { org, media, .. } in gone {
        unit.then("UPDATE asset_gone SET erased = 1 WHERE org = ?1 AND media = ?2", binds![org, media]);
    }
}

/// Adds to a unit of work that what is erased is forgotten, but for that of which consents are kept.
pub fn sweep(unit: &mut Unit) {
    unit.then(
        "DELETE FROM asset_gone WHERE erased = 1
         AND NOT EXISTS (SELECT 1 FROM consent c WHERE c.org = asset_gone.org AND c.media = asset_gone.root)",
        binds![],
    );
}

/// What was consented to for what is deleted.
///
/// # Errors
/// `Down`, `Row`.
pub async fn register(db: &Db, org: &OrganisationId) -> Result<Register, StoreError> {
    #[derive(Deserialize)]
    struct Row {
        gone: String,
        hash: String,
        at: f64,
        kept: consents::Row,
    }
    let sql = format!(
        "SELECT g.media AS gone, g.hash, g.at, {} FROM (
           SELECT media, hash, at FROM asset_gone WHERE org = ?1
             AND EXISTS (SELECT 1 FROM consent k WHERE k.org = ?1 AND k.media = asset_gone.media)
             ORDER BY at DESC, media LIMIT {}) g
         CROSS JOIN consent c ON c.org = ?1 AND c.media = g.media ORDER BY g.at DESC, g.media, c.created_at, c.id",
        consents::COLUMNS,
        MOST_LISTED + 1
    );
    let mut gone: Vec<(String, Gone)> = Vec::new();
    for row in db.all::<Row>(&sql, binds![org]).await? {
        if gone.last().is_none_or(|(last, _)| *last != row.gone) {
            let one = Gone { hash: row.hash, at: Moment(row.at as i64), consents: Vec::new() };
            gone.push((row.gone, one));
        }
        if let (Some((_, last)), Some(consent)) = (gone.last_mut(), row.kept.read()?) {
            last.consents.push(consent);
        }
    }
    let more = gone.len() > MOST_LISTED;
    gone.truncate(MOST_LISTED);
    Ok(Register { gone: gone.into_iter().map(|(_, one)| one).collect(), more })
}

/// What was consented to for the deleted asset that a consent is of, and which that is.
///
/// # Errors
/// `Down`, `Row`.
pub async fn with_consent(
    db: &Db,
    org: &OrganisationId,
    consent: &ConsentId,
) -> Result<Option<(MediaId, Vec<Consent>)>, StoreError> {
    #[derive(Deserialize)]
    struct Row {
        gone: String,
        kept: consents::Row,
    }
    let sql = format!(
        "SELECT g.media AS gone, {} FROM consent k CROSS JOIN asset_gone g ON g.org = ?1 AND g.media = k.media
         CROSS JOIN consent c ON c.org = ?1 AND c.media = g.media WHERE k.org = ?1 AND k.id = ?2 ORDER BY c.created_at, c.id",
        consents::COLUMNS
    );
    let rows: Vec<Row> = db.all(&sql, binds![org, consent]).await?;
    let Some(media) = rows.first().map(|row| id(&row.gone)).transpose()? else { return Ok(None) };
    let kept: Result<Vec<_>, _> = rows.into_iter().filter_map(|row| row.kept.read().transpose()).collect();
    Ok(Some((media, kept?)))
}

/// Adds a guard: of what was consented to for it nothing has changed since it was read.
pub fn still(unit: &mut Unit, org: &OrganisationId, media: &MediaId, all: &[Consent]) {
    let versions: u64 = all.iter().map(|one| one.version).sum();
    let same = "(SELECT COALESCE(SUM(version), 0) FROM consent WHERE org = ?1 AND media = ?2) = ?3";
    unit.expect(same, binds![org, media, versions]);
}
