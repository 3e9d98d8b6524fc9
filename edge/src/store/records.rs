//! The record's rows: written unsealed in the batch of the business (house: a thousand parallel acts cannot fork the
//! chain), sealed later by one job an organisation.

use domain::{OrganisationId, RecordId, record::Subject};
use serde_json::Value;

use super::{Unit, name_of};
use crate::{app::App, binds};

/// Adds an entry to a unit of work.
pub fn keep(app: &App, unit: &mut Unit, org: &OrganisationId, subject: Subject, body: &Value) {
    keep_if(app, unit, org, subject, body, "1");
}

/// Adds an entry that is only written where `condition` (SQL over ids that we made) holds at that point of the batch.
pub fn keep_if(app: &App, unit: &mut Unit, org: &OrganisationId, subject: Subject, body: &Value, condition: &str) {
    let id = RecordId::from_bits(app.bits());
    let sql = format!(
        "INSERT INTO record (id, org, at, subject, body, salt) SELECT ?1, ?2, ?3, ?4, ?5, ?6 WHERE {condition}"
    );
    let binds = binds![&id, org, app.now(), name_of(&subject), domain::record::canonical(body), app.salt()];
    unit.then(sql, binds);
}
