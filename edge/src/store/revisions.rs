//! Revisions: the earlier contents of a post, for people to look at, compare and bring back (`domain::history`). Separate from
//! `submissions`, which keeps what the open round is compared with and keeps its pictures from being deleted.

use domain::{Content, MediaId, Moment, OrganisationId, PostId, history};
use serde::Deserialize;
use serde_json::Value;
use wire::history::Kept;

use super::{Answer, Bind, Db, StoreError, Unit, id, json};
use crate::binds;

/// Adds to a unit of work that the content which stands now is kept before it is overwritten; call it before the post is written.
/// It is copied where it stands: nothing of it crosses the border. What is too old to be among those that are kept goes.
pub fn keep(unit: &mut Unit, org: &OrganisationId, post: &PostId) {
    // Sent twice: the guard of the post's version lets one batch through.
    let sql = "INSERT INTO revision (org, post, version, round, by, at, hash, content)
      SELECT org, id, version, NULL, COALESCE(written_by, author), COALESCE(written_at, created_at), content_hash, content
      FROM post WHERE org = ?1 AND id = ?2 ON CONFLICT (org, post, version) DO NOTHING";
    unit.then(sql, binds![org, post]);
    let sql = "DELETE FROM revision WHERE org = ?1 AND post = ?2 AND round IS NULL AND version <= (
      SELECT version FROM revision WHERE org = ?1 AND post = ?2 AND round IS NULL ORDER BY version DESC LIMIT 1 OFFSET ?3)";
    unit.then(sql, binds![org, post, history::MOST_DRAFTS]);
}

/// The same of what is out and about to be corrected, unless it is kept already, as what was submitted is. Call it before the post is
/// written, also where the correction still has to be agreed to: that one comes under the version that the post has then.
pub fn keep_once(unit: &mut Unit, org: &OrganisationId, post: &PostId) {
    let sql = "INSERT INTO revision (org, post, version, round, by, at, hash, content)
      SELECT org, id, version, NULL, COALESCE(written_by, author), COALESCE(written_at, created_at), content_hash, content
      FROM post p WHERE org = ?1 AND id = ?2
        AND NOT EXISTS (SELECT 1 FROM revision r WHERE r.org = ?1 AND r.post = ?2 AND r.hash = p.content_hash)
      ON CONFLICT (org, post, version) DO NOTHING";
    unit.then(sql, binds![org, post]);
}

/// Adds what a submission's entry in the record tells to a unit of work, under the version that the post has by then.
pub fn submitted(unit: &mut Unit, org: &OrganisationId, body: &Value, at: Moment) {
    let text = |name: &str| body[name].as_str().unwrap_or_default().to_owned();
    let round = body["round"].as_u64().unwrap_or_default();
    let sql = "INSERT INTO revision (org, post, version, round, by, at, hash, content)
      SELECT org, id, version, ?3, ?4, ?5, ?6, ?7 FROM post WHERE org = ?1 AND id = ?2
      ON CONFLICT (org, post, version) DO NOTHING";
    let content = Bind::json(&body["content"]);
    unit.then(sql, binds![org, text("post"), round, text("by"), at, text("content_hash"), content]);
}

/// Versions of a post, the newest first.
#[derive(Debug, Clone, Copy)]
pub enum Which {
    /// Before this one, as many as are listed at a time.
    Before(u64),
    /// This one.
    This(u64),
}

/// What was found.
#[derive(Debug, Clone)]
pub struct Found {
    /// The contents.
    pub kept: Vec<Kept>,
    /// Whether there are older ones.
    pub more: bool,
    /// Which of their pictures, videos, posters and documents are not there any more.
    pub gone: Vec<MediaId>,
    /// What the post says now.
    pub now: Content,
}

/// Contents are read together until they have so many characters, and at least one: what is read is parsed within the 10 ms of an
/// invocation. The usual ten have a fifth of it.
const MOST_CHARACTERS: u32 = 100_000;

/// SQL: the revisions of `?1` and `?2` that were asked for, each with the characters of those before it.
const ASKED: &str = "SELECT version, round, by, at, content, COUNT(*) OVER () AS found,
    SUM(LENGTH(content)) OVER (ORDER BY version DESC) - LENGTH(content) AS before
  FROM (SELECT * FROM revision WHERE org = ?1 AND post = ?2 AND version >= ?3 AND version < ?4 ORDER BY version DESC LIMIT ?5)";

/// Reads some, and what the post says now; nothing if there is no such post. One trip.
///
/// # Errors
/// `Down`, `Row`.
pub async fn read(db: &Db, org: &OrganisationId, post: &PostId, which: Which) -> Result<Option<Found>, StoreError> {
    #[derive(Deserialize)]
    struct Now {
        content: String,
    }
    let (from, before) = match which {
        Which::Before(version) => (0, version),
        Which::This(version) => (version, version.saturating_add(1)),
    };
    // One more than a page, to know whether there are older ones.
    let asked = || binds![org, post, from, before, history::PAGE + 1, MOST_CHARACTERS, history::PAGE];
    let some = format!("SELECT * FROM ({ASKED}) WHERE before < ?6 ORDER BY version DESC LIMIT ?7");
    let gone = format!(
        "WITH some AS ({some}), named AS (
           SELECT j.value ->> '$.media' AS media FROM some, json_each(some.content, '$.pictures') j
           UNION SELECT content ->> '$.video.media' FROM some
           -- A poster is written as a text that begins with its media.id, 26 letters.
           UNION SELECT substr(content ->> '$.video.poster', 1, 26) FROM some
           UNION SELECT content ->> '$.document.media' FROM some)
         SELECT media FROM named WHERE media IS NOT NULL
           AND NOT EXISTS (SELECT 1 FROM media m WHERE m.org = ?1 AND m.id = named.media)
           AND NOT EXISTS (SELECT 1 FROM video v WHERE v.org = ?1 AND v.id = named.media AND v.hash IS NOT NULL)
           AND NOT EXISTS (SELECT 1 FROM document d WHERE d.org = ?1 AND d.id = named.media AND d.facts IS NOT NULL)"
    );
    let answers = db
        .many(vec![
            ("SELECT content FROM post WHERE org = ?1 AND id = ?2".to_owned(), binds![org, post]),
            (some, asked()),
            (gone, asked()),
        ])
        .await?;
    let [now, rows, gone] = answers.as_slice() else { return Err(StoreError::Row("an answer is missing".to_owned())) };
    let Some(now) = now.results::<Now>()?.pop() else { return Ok(None) };
    let (kept, more) = kept(rows)?;
    Ok(Some(Found { kept, more, gone: media(gone)?, now: json(&now.content)? }))
}

fn kept(answer: &Answer) -> Result<(Vec<Kept>, bool), StoreError> {
    #[derive(Deserialize)]
    struct Row {
        version: f64,
        round: Option<f64>,
        by: String,
        at: f64,
        content: String,
        found: f64,
    }
    let rows: Vec<Row> = answer.results()?;
    let more = rows.first().is_some_and(|row| row.found as usize > rows.len());
    let one = |row: Row| {
        let why = row.round.map_or(history::Why::Written, |round| history::Why::Submitted { round: round as u32 });
        let (version, at) = (row.version as u64, Moment(row.at as i64));
        Ok(Kept { version, why, by: id(&row.by)?, at, content: json(&row.content)? })
    };
    Ok((rows.into_iter().map(one).collect::<Result<_, StoreError>>()?, more))
}

fn media(answer: &Answer) -> Result<Vec<MediaId>, StoreError> {
    #[derive(Deserialize)]
    struct Row {
        media: String,
    }
    answer.results::<Row>()?.iter().map(|row| id(&row.media)).collect()
}

/// Adds to a unit of work that what an entry of the record says is erased here too: whoever has personal data erased means all of it.
/// What was only written on the way to it says much of the same, and nobody can tell which does: all of it goes. Call it before the
/// entry is.
pub fn erase(unit: &mut Unit, org: &OrganisationId, seq: u64) {
    let sql = "DELETE FROM revision WHERE org = ?1
        AND post = (SELECT body ->> '$.post' FROM record WHERE org = ?1 AND seq = ?2)
        AND (round IS NULL OR hash = (SELECT body ->> '$.content_hash' FROM record WHERE org = ?1 AND seq = ?2)
          OR round = (SELECT body ->> '$.round' FROM record WHERE org = ?1 AND seq = ?2 AND subject = 'submission'))";
    unit.then(sql, binds![org, seq]);
    // What a translation was made from is such a text too.
    let sql = "UPDATE post SET behind = NULL WHERE org = ?1 AND behind IS NOT NULL
        AND id = (SELECT body ->> '$.post' FROM record WHERE org = ?1 AND seq = ?2)";
    unit.then(sql, binds![org, seq]);
}

/// Adds to a unit of work that what has served goes: of a post that nobody touched since one moment, what was only written before
/// it; and of one that is out or cancelled, what was submitted before another.
pub fn sweep(unit: &mut Unit, now: Moment) {
    let over = |kind: &str, stages: &str| {
        format!(
            "DELETE FROM revision WHERE at < ?1 AND round IS {kind} AND EXISTS (SELECT 1 FROM post p
               WHERE p.id = revision.post AND p.org = revision.org AND p.changed_at < ?1{stages})"
        )
    };
    unit.then(over("NULL", ""), binds![now.minus(history::DRAFTS)]);
    unit.then(over("NOT NULL", " AND p.stage IN ('out', 'cancelled')"), binds![now.minus(history::SUBMITTED)]);
}
