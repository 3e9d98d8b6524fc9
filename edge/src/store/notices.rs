//! What the noticeboard shows. Written by the noticeboard's adapter, read by the public pages.
//! Separate from the ledger: this is the far side of a network whose server we are, and the ledger knows only its
//! receipts.

use domain::{MediaId, Moment, OrganisationId, PostId, PublicationId, RenderedVideo, Rendition, story};
use serde::Deserialize;

use super::{Bind, Db, StoreError, Unit, id, json};
use crate::binds;

/// Makes a rendition visible. Idempotent: the row's identity is the publication's, and one that stands is left alone.
pub fn publish(
    unit: &mut Unit,
    org: &OrganisationId,
    publication: &PublicationId,
    post: &PostId,
    rendition: &Rendition,
    at: Moment,
) {
    // Listed only if no other language of the post is: the lists go over posts.
    let sql = "INSERT INTO notice (id, org, post, language, rendition, event_at, published_at, listed)
      VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7,
        NOT EXISTS (SELECT 1 FROM notice WHERE org = ?2 AND post = ?3 AND listed = 1))
      ON CONFLICT (id) DO NOTHING";
    let event_at = rendition.event.as_ref().map(|event| event.start);
    let language = rendition.language.as_str();
    unit.then(sql, binds![publication, org, post, language, Bind::json(rendition), event_at, at]);
    show_pictures(unit, org, publication, rendition);
}

/// Replaces what is visible. What was withdrawn stays withdrawn.
pub fn correct(unit: &mut Unit, org: &OrganisationId, publication: &PublicationId, rendition: &Rendition, at: Moment) {
    let sql = "UPDATE notice SET rendition = ?3, event_at = ?4, corrected_at = ?5
      WHERE org = ?1 AND id = ?2 AND withdrawn_at IS NULL";
    let event_at = rendition.event.as_ref().map(|event| event.start);
    unit.then(sql, binds![org, publication, Bind::json(rendition), event_at, at]);
    unit.then("DELETE FROM notice_media WHERE org = ?1 AND notice = ?2", binds![org, publication]);
    show_pictures(unit, org, publication, rendition);
}

/// Takes it down: the page says that something stood there and since when it does not. What is down stays as it is.
pub fn withdraw(unit: &mut Unit, org: &OrganisationId, publication: &PublicationId, at: Moment) {
    let sql = "UPDATE notice SET withdrawn_at = ?3, listed = 0 WHERE org = ?1 AND id = ?2 AND withdrawn_at IS NULL";
    unit.then(sql, binds![org, publication, at]);
    // Another language of the post that is still up takes its place in the lists.
    let sql = "UPDATE notice SET listed = 1 WHERE id = (
        SELECT other.id FROM notice gone CROSS JOIN notice other INDEXED BY notice_by_post ON other.org = gone.org AND other.post = gone.post
        WHERE gone.org = ?1 AND gone.id = ?2 AND other.withdrawn_at IS NULL ORDER BY other.published_at, other.id LIMIT 1)
      AND NOT EXISTS (SELECT 1 FROM notice gone CROSS JOIN notice other INDEXED BY notice_by_post ON other.org = gone.org AND other.post = gone.post
        WHERE gone.org = ?1 AND gone.id = ?2 AND other.listed = 1)";
    unit.then(sql, binds![org, publication]);
    unit.then("DELETE FROM notice_media WHERE org = ?1 AND notice = ?2", binds![org, publication]);
}

/// Only the pictures, the video, its poster and its captions (by their hash), and the document of a notice that is up: `correct` of a withdrawn one must not bring them back.
fn show_pictures(unit: &mut Unit, org: &OrganisationId, publication: &PublicationId, rendition: &Rendition) {
    let captions = rendition.video.as_ref().and_then(RenderedVideo::captioned);
    let media = rendition.pictures.iter().map(|picture| &picture.media);
    let poster = rendition.video.iter().filter_map(|video| video.poster.as_ref()).map(|poster| &poster.media);
    let media = media.chain(rendition.video.iter().map(|video| &video.media)).chain(poster);
    let media = media.chain(rendition.document.iter().map(|document| &document.media)).map(MediaId::as_str);
    let media: Vec<&str> = media.chain(captions.iter().map(|name| name.hash.as_str())).collect();
    let sql = "INSERT OR IGNORE INTO notice_media (org, media, notice)
      SELECT notice.org, shown.value, notice.id FROM notice, json_each(?3) AS shown
      WHERE notice.org = ?1 AND notice.id = ?2 AND notice.withdrawn_at IS NULL";
    unit.then(sql, binds![org, publication, Bind::json(&media)]);
}

/// A notice: one language of a post on the noticeboard.
#[derive(Debug, Clone)]
pub struct Notice {
    /// The publication.
    pub id: PublicationId,
    /// The post.
    pub post: PostId,
    /// What is shown.
    pub rendition: Rendition,
    /// When it went up.
    pub published: Moment,
    /// When it was last corrected.
    pub corrected: Option<Moment>,
    /// When it was taken down.
    pub withdrawn: Option<Moment>,
}

impl Notice {
    /// When it last changed in any way.
    pub fn changed(&self) -> Moment {
        [Some(self.published), self.corrected, self.withdrawn].into_iter().flatten().max().unwrap_or(self.published)
    }
}

#[derive(Deserialize)]
struct Row {
    id: String,
    post: String,
    rendition: String,
    published_at: f64,
    corrected_at: Option<f64>,
    withdrawn_at: Option<f64>,
}

const COLUMNS: &str = "n.id, n.post, n.rendition, n.published_at, n.corrected_at, n.withdrawn_at";

impl TryFrom<Row> for Notice {
    type Error = StoreError;
    fn try_from(row: Row) -> Result<Self, StoreError> {
        let moment = |at: f64| Moment(at as i64);
        Ok(Notice {
            id: id(&row.id)?,
            post: id(&row.post)?,
            rendition: json(&row.rendition)?,
            published: moment(row.published_at),
            corrected: row.corrected_at.map(moment),
            withdrawn: row.withdrawn_at.map(moment),
        })
    }
}

/// Where a page of the noticeboard starts: after the notice that went up then, with that identity.
pub type Cursor = (Moment, PublicationId);

/// The languages of one post, in the order in which they went up.
pub type Languages = Vec<Notice>;

/// The posts that went up before a cursor, newest first, each with all its languages that are up. `CROSS JOIN` and the
/// name of the index keep D1 from reading the whole archive to find the languages of twelve posts, as it did.
///
/// # Errors
/// `Down`, `Row`.
pub async fn page(
    db: &Db,
    org: &OrganisationId,
    before: Option<&Cursor>,
    most: u32,
) -> Result<Vec<Languages>, StoreError> {
    let (at, id) = before.map_or((Moment(i64::MAX >> 11), String::new()), |(at, id)| (*at, id.to_string()));
    let sql = format!(
        "SELECT {COLUMNS} FROM (SELECT post, published_at, id FROM notice INDEXED BY notice_listed
           WHERE org = ?1 AND listed = 1 AND published_at <= ?2 AND (published_at < ?2 OR id < ?3)
           ORDER BY published_at DESC, id DESC LIMIT ?4) l
         CROSS JOIN notice n INDEXED BY notice_by_post ON n.org = ?1 AND n.post = l.post AND n.withdrawn_at IS NULL
         ORDER BY l.published_at DESC, l.id DESC, n.published_at, n.id"
    );
    grouped(db.all(&sql, binds![org, at, id, most]).await?)
}

/// The posts whose event is not over at `now`, soonest first.
///
/// # Errors
/// `Down`, `Row`.
pub async fn upcoming(db: &Db, org: &OrganisationId, now: Moment, most: u32) -> Result<Vec<Languages>, StoreError> {
    let sql = format!(
        "SELECT {COLUMNS} FROM (SELECT post, event_at, id FROM notice INDEXED BY notice_upcoming
           WHERE org = ?1 AND listed = 1 AND event_at IS NOT NULL AND event_until >= ?2
           ORDER BY event_until LIMIT ?3) l
         CROSS JOIN notice n INDEXED BY notice_by_post ON n.org = ?1 AND n.post = l.post AND n.withdrawn_at IS NULL
         ORDER BY l.event_at, l.id, n.published_at, n.id"
    );
    grouped(db.all(&sql, binds![org, now, most]).await?)
}

/// The posts whose event starts at `from` or later, those that were taken down too: a calendar must hear of it.
///
/// # Errors
/// `Down`, `Row`.
pub async fn events_from(db: &Db, org: &OrganisationId, from: Moment, most: u32) -> Result<Vec<Languages>, StoreError> {
    let sql = format!(
        "SELECT {COLUMNS} FROM notice n INDEXED BY notice_by_event WHERE n.org = ?1 AND n.event_at >= ?2
         ORDER BY n.event_at, n.id LIMIT ?3"
    );
    grouped(db.all(&sql, binds![org, from, most]).await?)
}

/// Every language of a post, those that were taken down too.
///
/// # Errors
/// `Down`, `Row`.
pub async fn of_post(db: &Db, org: &OrganisationId, post: &PostId) -> Result<Languages, StoreError> {
    let sql = format!(
        "SELECT {COLUMNS} FROM notice n WHERE n.org = ?1 AND n.post = ?2 ORDER BY n.published_at, n.id LIMIT 20"
    );
    let rows: Vec<Row> = db.all(&sql, binds![org, post]).await?;
    rows.into_iter().map(TryInto::try_into).collect()
}

/// A copy of a post on a network, as its receipt tells.
#[derive(Debug, Deserialize)]
pub struct Copy {
    /// The network's name in the domain.
    pub network: String,
    /// Where it is.
    pub address: String,
    /// Whether it was asked for as a story, where the network has them.
    story: f64,
}

impl Copy {
    /// Whether a link to it leads nowhere after a day.
    fn is_story(&self) -> bool {
        self.story > 0.0 && super::name(&self.network).is_ok_and(story::are_told)
    }
}

/// Where else a post is out: the networks are copies of the noticeboard, and a citizen can check both ways. Not as a story, which is
/// gone after a day.
///
/// # Errors
/// `Down`.
pub async fn copies(db: &Db, org: &OrganisationId, post: &PostId) -> Result<Vec<Copy>, StoreError> {
    let sql = "SELECT c.network, json_extract(a.data, '$.receipt.address') AS address,
        COALESCE(json_extract(a.rendition, '$.story'), 0) AS story
      FROM act a JOIN channel c ON c.id = a.channel AND c.org = a.org
      WHERE a.org = ?1 AND a.post = ?2 AND a.deed = 'create' AND a.part = 1 AND a.state = 'done' AND c.network <> 'noticeboard'
        AND json_extract(a.data, '$.receipt.address') IS NOT NULL
        AND NOT EXISTS (SELECT 1 FROM act d WHERE d.publication = a.publication AND d.deed = 'delete' AND d.state = 'done')
      ORDER BY c.created_at, c.id, a.created_at LIMIT 40";
    let mut copies: Vec<Copy> = db.all(sql, binds![org, post]).await?;
    copies.retain(|copy| !copy.is_story());
    Ok(copies)
}

/// The notice of a publication, whatever its state: what a look at the noticeboard finds.
///
/// # Errors
/// `Down`, `Row`.
pub async fn of_publication(
    db: &Db,
    org: &OrganisationId,
    publication: &PublicationId,
) -> Result<Option<Notice>, StoreError> {
    let sql = format!("SELECT {COLUMNS} FROM notice n WHERE n.org = ?1 AND n.id = ?2");
    let row: Option<Row> = db.first(&sql, binds![org, publication]).await?;
    row.map(TryInto::try_into).transpose()
}

fn grouped(rows: Vec<Row>) -> Result<Vec<Languages>, StoreError> {
    let mut posts: Vec<Languages> = Vec::new();
    for row in rows {
        let notice = Notice::try_from(row)?;
        // A search, not a look at the last: two posts of the same millisecond could alternate.
        match posts.iter_mut().find(|post| post.first().is_some_and(|first| first.post == notice.post)) {
            Some(post) if post.iter().all(|other| other.id != notice.id) => post.push(notice),
            Some(_) => {}
            None => posts.push(vec![notice]),
        }
    }
    Ok(posts)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_story_is_no_copy_to_link_to_where_there_are_stories() {
        let copy = |network: &str, story: f64| Copy {
            network: network.to_owned(),
            address: "https://www.instagram.com/stories/villa/1".to_owned(),
            story,
        };
        assert!(copy("instagram", 1.0).is_story() && copy("facebook", 1.0).is_story());
        assert!(!copy("instagram", 0.0).is_story() && !copy("bluesky", 1.0).is_story());
    }
}
