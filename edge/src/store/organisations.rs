//! Organisations: the row, and what turns it into the domain's type.

use domain::{Moment, Organisation, Pause};
use serde::Deserialize;

use super::{StoreError, id, json, name};

/// The columns of an organisation, under their own names.
#[derive(Debug, Deserialize)]
pub struct Row {
    id: String,
    slug: String,
    name: String,
    kind: String,
    zone: String,
    languages: String,
    colour: String,
    crest: Option<String>,
    policy: String,
    paused_at: Option<f64>,
    paused_by: Option<String>,
    pause_reason: Option<String>,
    version: f64,
}

/// The columns, for a SELECT.
pub const COLUMNS: &str =
    "id, slug, name, kind, zone, languages, colour, crest, policy, paused_at, paused_by, pause_reason, version";

impl TryFrom<Row> for Organisation {
    type Error = StoreError;
    fn try_from(row: Row) -> Result<Self, StoreError> {
        let pause = match (row.paused_at, row.paused_by) {
            (Some(since), Some(by)) => {
                Some(Pause { since: Moment(since as i64), by: id(&by)?, reason: row.pause_reason.unwrap_or_default() })
            }
            _ => None,
        };
        Ok(Organisation {
            id: id(&row.id)?,
            slug: name(&row.slug)?,
            name: row.name,
            kind: name(&row.kind)?,
            zone: row.zone,
            languages: json(&row.languages)?,
            colour: name(&row.colour)?,
            crest: row.crest.as_deref().map(id).transpose()?,
            policy: json(&row.policy)?,
            pause,
            version: row.version as u64,
        })
    }
}
