//! What is good for some days more and then no longer: consents and licences of the library, templates, replies. Separate from
//! each of those: they are told of together.

use domain::OrganisationId;
use serde::Deserialize;
use wire::home::{Ending, EndingKind};

use super::{Answer, Bind, StoreError, consents, name};
use crate::binds;

/// So many are told of.
const MOST: u32 = 20;

/// The query of what of some kinds ends between two days, both included, the soonest first; nothing where no kind is asked for.
pub fn query(org: &OrganisationId, kinds: &[EndingKind], first: &str, last: &str) -> Option<(String, Vec<Bind>)> {
    let one = |kind: &EndingKind| {
        match kind {
        // Of what is still there: a consent outlives its picture.
        EndingKind::Consent => {
            "SELECT 'consent' AS what, c.media AS id, a.name AS name, c.last_day AS day FROM consent c
               JOIN asset a ON a.org = c.org AND a.media = c.media
             WHERE c.org = ?1 AND c.withdrawn_at IS NULL AND c.last_day >= ?2 AND c.last_day <= ?3"
        }
        EndingKind::Licence => {
            "SELECT 'licence' AS what, media AS id, name, until AS day FROM asset INDEXED BY asset_until
             WHERE org = ?1 AND until IS NOT NULL AND made_of IS NULL AND until >= ?2 AND until <= ?3"
        }
        EndingKind::Template => {
            "SELECT 'template' AS what, id, name, body ->> '$.last' AS day FROM template
             WHERE org = ?1 AND body ->> '$.last' IS NOT NULL AND body ->> '$.last' >= ?2 AND body ->> '$.last' <= ?3"
        }
        EndingKind::Reply => {
            "SELECT 'reply' AS what, id, body ->> '$.situation' AS name, body ->> '$.until' AS day FROM reply
             WHERE org = ?1 AND body ->> '$.until' IS NOT NULL AND body ->> '$.until' >= ?2 AND body ->> '$.until' <= ?3"
        }
    }
    };
    let all: Vec<&str> = kinds.iter().map(one).collect();
    let sql = format!("{} ORDER BY day, name, id LIMIT {MOST}", all.join(" UNION ALL "));
    (!all.is_empty()).then(|| (sql, binds![org, first, last]))
}

/// Reads the answer to [`query`].
///
/// # Errors
/// `Row`.
pub fn read(answer: &Answer) -> Result<Vec<Ending>, StoreError> {
    #[derive(Deserialize)]
    struct Row {
        what: String,
        id: String,
        name: String,
        day: String,
    }
    let one =
        |row: Row| Ok(Ending { what: name(&row.what)?, id: row.id, name: row.name, day: consents::day(&row.day)? });
    answer.results::<Row>()?.into_iter().map(one).collect()
}
