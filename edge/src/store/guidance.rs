//! What stands beside a post for the eyes of people: words on what it speaks of, and the checklists that were gone
//! through. Separate from `posts`: neither changes the post, both are kept with it.

use domain::{OrganisationId, PostId, guidance::Checks, matter::Remark};
use serde::Deserialize;

use super::{Answer, Bind, StoreError, Unit, json, name_of};
use crate::binds;

/// The query of what was said of a post's matters; `?2` is the post.
pub const REMARKS: &str = "SELECT data FROM remark WHERE org = ?1 AND post = ?2 ORDER BY at, matter";

/// The query of a post's checklists; `?2` is the post.
pub const CHECKS: &str = "SELECT data FROM checks WHERE org = ?1 AND post = ?2 ORDER BY at, rowid";

#[derive(Deserialize)]
struct Row {
    data: String,
}

fn rows<T: serde::de::DeserializeOwned>(answer: &Answer) -> Result<Vec<T>, StoreError> {
    answer.results::<Row>()?.iter().map(|row| json(&row.data)).collect()
}

/// Reads the answer to [`REMARKS`].
///
/// # Errors
/// `Row`.
pub fn remarks(answer: &Answer) -> Result<Vec<Remark>, StoreError> {
    rows(answer)
}

/// Reads the answer to [`CHECKS`].
///
/// # Errors
/// `Row`.
pub fn checks(answer: &Answer) -> Result<Vec<Checks>, StoreError> {
    rows(answer)
}

/// Adds a word on a matter to a unit of work, in the place of what was said of it before.
pub fn remark(unit: &mut Unit, org: &OrganisationId, post: &PostId, remark: &Remark) {
    let sql = "INSERT INTO remark (org, post, matter, at, data) VALUES (?1, ?2, ?3, ?4, ?5)
      ON CONFLICT (org, post, matter) DO UPDATE SET at = ?4, data = ?5";
    unit.then(sql, binds![org, post, name_of(&remark.matter), remark.at, Bind::json(remark)]);
}

/// Adds to a unit of work that a word is taken back.
pub fn take_back(unit: &mut Unit, org: &OrganisationId, post: &PostId, remark: &Remark) {
    let sql = "DELETE FROM remark WHERE org = ?1 AND post = ?2 AND matter = ?3";
    unit.then(sql, binds![org, post, name_of(&remark.matter)]);
}

/// Adds a checklist that was gone through to a unit of work.
pub fn keep(unit: &mut Unit, org: &OrganisationId, post: &PostId, checks: &Checks) {
    let sql = "INSERT INTO checks (org, post, at, data) VALUES (?1, ?2, ?3, ?4)";
    unit.then(sql, binds![org, post, checks.at, Bind::json(checks)]);
}
