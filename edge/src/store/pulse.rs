//! Whether anything has moved: marks of an organisation and of a post, and who has it open to write in it. Separate from what
//! they are marks of: an open desk asks for these all day, and for that only when they have moved.

use domain::{
    ChannelId, Language, MemberId, Millis, Moment, Network, OrganisationId, PostId,
    comment::{Audience, External},
    rhythm::GONE,
};
use serde::Deserialize;
use wire::{posts::Editor, pulse::Look};

use super::{Answer, Db, StoreError, Unit, id, json, telling};
use crate::binds;

/// What is due within this is about to go out.
const SOON: Millis = Millis::minutes(1);

/// What has moved.
#[derive(Debug)]
pub struct Beat {
    /// How often anything that a calendar shows has changed, what stands in calendars of others among it.
    pub beats: u64,
    /// How often anything was written in the record.
    pub kept: u64,
    /// How many notices are unread.
    pub unread: u32,
    /// What has moved of the post that is looked at, if there is such a post.
    pub post: Option<Marks>,
}

/// What has moved of a post.
#[derive(Debug)]
pub struct Marks {
    /// Its version.
    pub version: u64,
    /// A mark of its acts and of its entries in the record.
    pub ledger: String,
    /// A mark of its comments.
    pub comments: u64,
    /// Whether anything of it is on its way out, or about to be.
    pub going: bool,
    /// Where it goes.
    pub channels: Vec<ChannelId>,
    /// Who has it open to write in it, whoever asks among them.
    pub open: Vec<Editor>,
}

/// A record is sealed in one batch: what is no longer unsealed is counted by the head from then on, and the sum stands.
const ORGANISATION: &str = "SELECT COALESCE((SELECT beats + others FROM pulse WHERE org = ?1), 0) AS beats,
  COALESCE((SELECT seq FROM chain_head WHERE org = ?1), 0)
    + (SELECT COUNT(*) FROM record INDEXED BY record_unsealed WHERE org = ?1 AND seq IS NULL) AS kept";

/// The acts of a post are few: one or two for each of its destinations, and one for each part of a thread. Whatever moves one
/// moves a sum of them. An entry of the record keeps its moment when it is sealed: that moves nothing. Its comments have a mark of
/// their own, by which nobody learns of those that they do not read.
const POST: &str = "SELECT p.version, p.changed_at, p.destinations, a.acts, a.going,
    MAX(COALESCE((SELECT r.at FROM record r INDEXED BY record_by_post
        WHERE r.org = ?1 AND r.post = ?2 AND r.seq IS NOT NULL AND r.subject <> 'comment'
        ORDER BY r.at DESC, r.seq DESC LIMIT 1), 0),
      COALESCE((SELECT MAX(r.at) FROM record r INDEXED BY record_unsealed
        WHERE r.org = ?1 AND r.seq IS NULL AND r.post = ?2 AND r.subject <> 'comment'), 0)) AS kept,
    (SELECT COALESCE(SUM(c.version), 0) FROM comment c
      WHERE c.org = ?1 AND c.post = ?2 AND (?4 OR c.audience = ?5)) AS comments
  FROM post p, (SELECT COUNT(*) || '.' || COALESCE(SUM(fence), 0) || '.' || COALESCE(SUM(tried), 0)
      || '.' || COALESCE(SUM(asked), 0) || '.' || COALESCE(SUM(due_at), 0) || '.' || COALESCE(SUM(lease_at), 0)
      || '.' || COALESCE(SUM(INSTR('waiting claimed sending unknown held in_hand failed done cancelled', state)), 0)
      || '.' || COALESCE(SUM(LENGTH(data)), 0) AS acts,
      COALESCE(MAX(state IN ('claimed', 'sending') OR (state IN ('waiting', 'unknown') AND due_at <= ?3)), 0) AS going
    FROM act WHERE org = ?1 AND post = ?2) a
  WHERE p.org = ?1 AND p.id = ?2";

const OPEN: &str = "SELECT m.id, m.name, p.seen_at FROM presence p JOIN member m ON m.id = p.member AND m.org = p.org
  WHERE p.org = ?1 AND p.post = ?2 AND p.seen_at > ?3 AND m.removed_at IS NULL ORDER BY m.name, m.id";

/// Reads what has moved for a member who looks at something, in one trip; `inside` says whether they read the comments of the
/// house. Whoever left a post is no longer there.
///
/// # Errors
/// `Down`, `Row`.
pub async fn hear(
    db: &Db,
    org: &OrganisationId,
    member: &MemberId,
    inside: bool,
    look: &Look,
    now: Moment,
) -> Result<Beat, StoreError> {
    #[derive(Deserialize)]
    struct Row {
        beats: f64,
        kept: f64,
    }
    let mut unit = Unit::new();
    unit.then(ORGANISATION, binds![org]);
    let (sql, values) = telling::unread_query(org, member);
    unit.then(sql, values);
    if let Some(post) = &look.post {
        unit.then(POST, binds![org, post, now.plus(SOON), inside, External::NAME]);
        unit.then(OPEN, binds![org, post, now.minus(GONE)]);
    }
    if let Some(left) = &look.left {
        unit.then("DELETE FROM presence WHERE org = ?1 AND post = ?2 AND member = ?3", binds![org, left, member]);
    }
    let answers = db.commit(unit).await?;
    let [organisation, unread, rest @ ..] = answers.as_slice() else { return Err(missing()) };
    let Some(row) = organisation.results::<Row>()?.pop() else { return Err(missing()) };
    let post = match (&look.post, rest) {
        (Some(_), [found, open, ..]) => marks(found, open)?,
        _ => None,
    };
    Ok(Beat { beats: row.beats as u64, kept: row.kept as u64, unread: telling::unread(unread)?, post })
}

fn missing() -> StoreError {
    StoreError::Row("an answer is missing".to_owned())
}

fn marks(found: &Answer, open: &Answer) -> Result<Option<Marks>, StoreError> {
    #[derive(Deserialize)]
    struct Row {
        version: f64,
        changed_at: f64,
        destinations: String,
        acts: String,
        going: f64,
        kept: f64,
        comments: f64,
    }
    #[derive(Deserialize)]
    struct Seen {
        id: String,
        name: String,
        seen_at: f64,
    }
    let Some(row) = found.results::<Row>()?.pop() else { return Ok(None) };
    let going: Vec<(ChannelId, Network, Language)> = json(&row.destinations)?;
    let editor = |seen: Seen| {
        let Seen { id: member, name, seen_at } = seen;
        Ok(Editor { member: id(&member)?, name, seen: Moment(seen_at as i64) })
    };
    Ok(Some(Marks {
        version: row.version as u64,
        ledger: format!("{}.{}.{}", row.acts, row.kept as u64, row.changed_at as u64),
        comments: row.comments as u64,
        going: row.going > 0.0,
        channels: going.into_iter().map(|(channel, ..)| channel).collect(),
        open: open.results::<Seen>()?.into_iter().map(editor).collect::<Result<_, StoreError>>()?,
    }))
}

/// Writes down that a member has a post open to write in it.
///
/// # Errors
/// `Down`.
pub async fn be_there(
    db: &Db,
    org: &OrganisationId,
    post: &PostId,
    member: &MemberId,
    now: Moment,
) -> Result<(), StoreError> {
    let sql = "INSERT INTO presence (org, post, member, seen_at) VALUES (?1, ?2, ?3, ?4)
      ON CONFLICT (org, post, member) DO UPDATE SET seen_at = ?4";
    db.run(sql, binds![org, post, member, now]).await.map(drop)
}
