//! Channels: the row, and what turns it into the domain's type.

use domain::{Channel, ChannelId, Health, Moment, OrganisationId, delivery};
use serde::Deserialize;

use super::{Db, StoreError, Unit, id, json, name};
use crate::binds;

/// The columns of a channel.
#[derive(Debug, Deserialize)]
pub struct Row {
    id: String,
    network: String,
    name: String,
    handle: String,
    address: Option<String>,
    languages: String,
    limits: String,
    health: String,
    last_success: Option<f64>,
    expires_at: Option<f64>,
    last_error: Option<String>,
}

/// The columns, for a SELECT.
pub const COLUMNS: &str =
    "id, network, name, handle, address, languages, limits, health, last_success, expires_at, last_error";

impl TryFrom<Row> for Channel {
    type Error = StoreError;
    fn try_from(row: Row) -> Result<Self, StoreError> {
        Ok(Channel {
            id: id(&row.id)?,
            network: name(&row.network)?,
            name: row.name,
            handle: row.handle,
            address: row.address,
            languages: json(&row.languages)?,
            limits: json(&row.limits)?,
            health: Health {
                state: name(&row.health)?,
                last_success: row.last_success.map(|at| Moment(at as i64)),
                expires: row.expires_at.map(|at| Moment(at as i64)),
                last_error: row.last_error,
            },
        })
    }
}

/// Every channel of an organisation, the noticeboard first. Disconnected ones too: posts still name them.
///
/// # Errors
/// `Down`, `Row`.
pub async fn of_organisation(db: &Db, org: &OrganisationId) -> Result<Vec<Channel>, StoreError> {
    let sql = format!("SELECT {COLUMNS} FROM channel WHERE org = ?1 ORDER BY network <> 'noticeboard', created_at, id");
    let rows: Vec<Row> = db.all(&sql, binds![org]).await?;
    rows.into_iter().map(TryInto::try_into).collect()
}

/// It worked: as far as we know the channel is well.
pub fn note_success(unit: &mut Unit, org: &OrganisationId, channel: &ChannelId, now: Moment) {
    unit.then(
        "UPDATE channel SET health = 'working', last_success = ?3, last_error = NULL WHERE org = ?1 AND id = ?2 AND health IN ('working', 'troubled')",
        binds![org, channel, now],
    );
}

/// It did not work, but not for lack of access.
pub fn note_trouble(unit: &mut Unit, org: &OrganisationId, channel: &ChannelId, message: &str) {
    unit.then(
        "UPDATE channel SET health = 'troubled', last_error = ?3 WHERE org = ?1 AND id = ?2 AND health IN ('working', 'troubled')",
        binds![org, channel, delivery::short(message)],
    );
}

/// The access was refused: nothing more is sent until it is connected again.
pub fn note_refusal(unit: &mut Unit, org: &OrganisationId, channel: &ChannelId, message: &str) {
    unit.then(
        "UPDATE channel SET health = 'refused', last_error = ?3 WHERE org = ?1 AND id = ?2 AND health IN ('working', 'troubled')",
        binds![org, channel, delivery::short(message)],
    );
}
