//! What was submitted: the content of the last two rounds of each post, for people to see what changed between them.
//! Separate from `posts`: the content of a post is what it is now.

use domain::{Content, MemberId, Moment, OrganisationId, PostId};
use serde::Deserialize;
use serde_json::Value;
use wire::posts::Submitted;

use super::{Bind, Db, StoreError, Unit, id, json};
use crate::binds;

/// Adds what a submission's entry in the record tells to a unit of work, and takes away what no round is compared with
/// any more.
pub fn remember(unit: &mut Unit, org: &OrganisationId, body: &Value, at: Moment) {
    let text = |name: &str| body[name].as_str().unwrap_or_default().to_owned();
    let (post, round) = (text("post"), body["round"].as_u64().unwrap_or_default());
    // Sent twice: the guard of the post's version lets one batch through.
    let sql = "INSERT INTO submission (org, post, round, by, at, content) VALUES (?1, ?2, ?3, ?4, ?5, ?6)
      ON CONFLICT (org, post, round) DO NOTHING";
    unit.then(sql, binds![org, &post, round, text("by"), at, Bind::json(&body["content"])]);
    let sql = "DELETE FROM submission WHERE org = ?1 AND post = ?2 AND round < ?3";
    unit.then(sql, binds![org, &post, round.saturating_sub(1)]);
}

/// What was submitted last before a round, and where the post goes now. Nothing if there is no such post.
///
/// # Errors
/// `Down`, `Row`.
pub async fn before(
    db: &Db,
    org: &OrganisationId,
    post: &PostId,
    round: u32,
) -> Result<Option<(Content, Option<Submitted>)>, StoreError> {
    #[derive(Deserialize)]
    struct Now {
        content: String,
    }
    #[derive(Deserialize)]
    struct Row {
        round: f64,
        by: String,
        at: f64,
        content: String,
    }
    let sql = "SELECT round, by, at, content FROM submission WHERE org = ?1 AND post = ?2 AND round < ?3
      ORDER BY round DESC LIMIT 1";
    let answers = db
        .many(vec![
            ("SELECT content FROM post WHERE org = ?1 AND id = ?2".to_owned(), binds![org, post]),
            (sql.to_owned(), binds![org, post, round]),
        ])
        .await?;
    let [now, last] = answers.as_slice() else { return Err(StoreError::Row("an answer is missing".to_owned())) };
    let Some(now) = now.results::<Now>()?.pop() else { return Ok(None) };
    let submitted = last.results::<Row>()?.pop().map(|row| -> Result<Submitted, StoreError> {
        let by: MemberId = id(&row.by)?;
        Ok(Submitted { round: row.round as u32, by, at: Moment(row.at as i64), content: json(&row.content)? })
    });
    Ok(Some((json(&now.content)?, submitted.transpose()?)))
}

/// Adds to a unit of work that what was submitted before a moment goes.
pub fn sweep(unit: &mut Unit, before: Moment) {
    unit.then("DELETE FROM submission WHERE at < ?1", binds![before]);
}
