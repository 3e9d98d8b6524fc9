//! What a house has begun with, as far as no other answer tells it: whether anything was ever written, and who is invited.

use domain::{Moment, OrganisationId, Role};
use serde::Deserialize;

use super::{Answer, Bind, StoreError, json};
use crate::binds;

/// What is asked.
#[derive(Debug)]
pub struct Beginning {
    /// Whether anything was ever written.
    pub written: bool,
    /// As what people are invited who have not come yet.
    pub invited: Vec<Role>,
}

/// The query of it.
pub fn query(org: &OrganisationId, now: Moment) -> (String, Vec<Bind>) {
    let sql = "SELECT EXISTS (SELECT 1 FROM post WHERE org = ?1) AS written,
      (SELECT json_group_array(role) FROM invitation WHERE org = ?1 AND used_at IS NULL AND expires_at > ?2) AS invited";
    (sql.to_owned(), binds![org, now])
}

/// Reads the answer to [`query`].
///
/// # Errors
/// `Row`.
pub fn read(answer: &Answer) -> Result<Beginning, StoreError> {
    #[derive(Deserialize)]
    struct Row {
        written: f64,
        invited: String,
    }
    let row = answer.results::<Row>()?.into_iter().next();
    let row = row.ok_or_else(|| StoreError::Row("an answer is missing".to_owned()))?;
    Ok(Beginning { written: row.written > 0.0, invited: json(&row.invited)? })
}
