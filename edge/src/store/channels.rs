//! Channels: the row, what turns it into the domain's type, and what is written when one is connected or troubled.

use domain::{Channel, ChannelId, Health, Language, Limits, MemberId, Moment, Network, OrganisationId, delivery};
use serde::Deserialize;
use serde_json::Value;

use super::{Answer, Bind, Db, StoreError, Unit, id, json, name, name_of};
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
    assisted: f64,
}

/// The columns, for a SELECT.
pub const COLUMNS: &str =
    "id, network, name, handle, address, languages, limits, health, last_success, expires_at, last_error, assisted";

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
            assisted: row.assisted > 0.0,
        })
    }
}

/// The query of [`of_organisation`], for a trip with others.
pub fn query(org: &OrganisationId) -> (String, Vec<Bind>) {
    let sql = format!("SELECT {COLUMNS} FROM channel WHERE org = ?1 ORDER BY network <> 'noticeboard', created_at, id");
    (sql, binds![org])
}

/// Reads the answer of [`query`].
///
/// # Errors
/// `Row`.
pub fn read(answer: &Answer) -> Result<Vec<Channel>, StoreError> {
    answer.results::<Row>()?.into_iter().map(TryInto::try_into).collect()
}

/// Every channel of an organisation, the noticeboard first. Disconnected ones too: posts still name them.
///
/// # Errors
/// `Down`, `Row`.
pub async fn of_organisation(db: &Db, org: &OrganisationId) -> Result<Vec<Channel>, StoreError> {
    let (sql, binds) = query(org);
    let rows: Vec<Row> = db.all(&sql, binds).await?;
    rows.into_iter().map(TryInto::try_into).collect()
}

/// A channel of an organisation, with what its adapter keeps about it.
///
/// # Errors
/// `Down`, `Row`.
pub async fn find(db: &Db, org: &OrganisationId, channel: &ChannelId) -> Result<Option<(Channel, Value)>, StoreError> {
    #[derive(Deserialize)]
    struct Whole {
        settings: String,
        row: Row,
    }
    let sql = format!("SELECT {COLUMNS}, settings FROM channel WHERE org = ?1 AND id = ?2");
    let found: Option<Whole> = db.first(&sql, binds![org, channel]).await?;
    found.map(|Whole { settings, row }| Ok((row.try_into()?, json(&settings)?))).transpose()
}

/// The channel of an account that was connected before, so that it keeps its history. `account` is what the adapter
/// knows it by for ever (`settings.account`).
///
/// # Errors
/// `Down`, `Row`.
pub async fn of_account(
    db: &Db,
    org: &OrganisationId,
    network: Network,
    account: &str,
) -> Result<Option<Channel>, StoreError> {
    let sql = format!(
        "SELECT {COLUMNS} FROM channel WHERE org = ?1 AND network = ?2 AND json_extract(settings, '$.account') = ?3"
    );
    let row: Option<Row> = db.first(&sql, binds![org, name_of(&network), account]).await?;
    row.map(TryInto::try_into).transpose()
}

/// Adds a channel, or writes over the one with this identity what a new connection says; its history stays.
pub fn connect(unit: &mut Unit, org: &OrganisationId, channel: &Channel, settings: &Value, now: Moment, by: &MemberId) {
    let sql = "INSERT INTO channel (id, org, network, name, handle, address, languages, limits, health, last_success,
        settings, created_at, created_by, assisted, expires_at)
      VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15)
      ON CONFLICT (id) DO UPDATE SET name = excluded.name, handle = excluded.handle, address = excluded.address,
        limits = excluded.limits, health = excluded.health, last_success = excluded.last_success, last_error = NULL,
        settings = excluded.settings, assisted = excluded.assisted, expires_at = excluded.expires_at
        WHERE channel.org = excluded.org";
    let Channel { id, network, name, handle, address, languages, limits, health, assisted } = channel;
    let binds = binds![
        id,
        org,
        name_of(network),
        name,
        handle,
        address.as_deref(),
        Bind::json(languages),
        Bind::json(limits),
        name_of(&health.state),
        health.last_success,
        Bind::json(settings),
        now,
        by,
        *assisted,
        health.expires
    ];
    unit.then(sql, binds);
}

/// Changes what people see of a channel.
pub fn change(
    unit: &mut Unit,
    org: &OrganisationId,
    channel: &ChannelId,
    name: &str,
    languages: &[Language],
    address: Option<&str>,
) {
    let sql = "UPDATE channel SET name = ?3, languages = ?4, address = ?5 WHERE org = ?1 AND id = ?2";
    unit.then(sql, binds![org, channel, name, Bind::json(&languages), address]);
}

/// Marks a channel as disconnected.
pub fn disconnect(unit: &mut Unit, org: &OrganisationId, channel: &ChannelId) {
    let sql = "UPDATE channel SET health = 'disconnected', last_error = NULL, expires_at = NULL
      WHERE org = ?1 AND id = ?2";
    unit.then(sql, binds![org, channel]);
}

/// What a check learned of an account: it may have changed its name or its limits, and its access ends at another day.
pub fn learn(
    unit: &mut Unit,
    org: &OrganisationId,
    channel: &ChannelId,
    handle: &str,
    limits: Option<&Limits>,
    expires: Option<Moment>,
    settings: &Value,
) {
    let sql = "UPDATE channel SET handle = ?3, limits = COALESCE(?4, limits), expires_at = ?5, settings = ?6
      WHERE org = ?1 AND id = ?2";
    let limits = limits.map_or(Bind::Null, Bind::json);
    unit.then(sql, binds![org, channel, handle, limits, expires, Bind::json(settings)]);
}

/// Notes until when a renewed access lasts.
///
/// # Errors
/// `Down`.
pub async fn lasts(db: &Db, org: &OrganisationId, channel: &ChannelId, until: Moment) -> Result<(), StoreError> {
    let sql = "UPDATE channel SET expires_at = ?3 WHERE org = ?1 AND id = ?2";
    db.run(sql, binds![org, channel, until]).await.map(drop)
}

/// The channels of a network whose access ends before a moment, of every organisation, by their identity and behind one, with
/// what their adapter keeps. More than one invocation can do anything about.
///
/// # Errors
/// `Down`, `Row`.
pub async fn lasting_until(
    db: &Db,
    network: Network,
    until: Moment,
    behind: &str,
) -> Result<Vec<(OrganisationId, ChannelId, Value)>, StoreError> {
    #[derive(Deserialize)]
    struct Due {
        org: String,
        id: String,
        settings: String,
    }
    let sql = "SELECT org, id, settings FROM channel WHERE network = ?1 AND expires_at <= ?2 AND assisted = 0
      AND health IN ('working', 'troubled') AND id > ?3 ORDER BY id LIMIT 20";
    let rows: Vec<Due> = db.all(sql, binds![name_of(&network), until, behind]).await?;
    rows.into_iter().map(|row| Ok((id(&row.org)?, id(&row.id)?, json(&row.settings)?))).collect()
}

/// Notes that something surely worked. What a person disconnected stays so.
pub fn note_success(unit: &mut Unit, org: &OrganisationId, channel: &ChannelId, now: Moment) {
    let sql = "UPDATE channel SET last_success = ?3, last_error = NULL,
        health = CASE health WHEN 'disconnected' THEN health ELSE 'working' END
      WHERE org = ?1 AND id = ?2";
    unit.then(sql, binds![org, channel, now]);
}

/// Notes that something did not work, but not for lack of access: the channel may still send.
pub fn note_trouble(unit: &mut Unit, org: &OrganisationId, channel: &ChannelId, message: &str) {
    let sql = "UPDATE channel SET last_error = ?3, health = CASE health WHEN 'working' THEN 'troubled' ELSE health END
      WHERE org = ?1 AND id = ?2 AND health <> 'disconnected'";
    unit.then(sql, binds![org, channel, delivery::short(message)]);
}

/// Notes that the access was refused: nothing is sent until it is connected again.
pub fn note_refusal(unit: &mut Unit, org: &OrganisationId, channel: &ChannelId, message: &str) {
    let sql = "UPDATE channel SET last_error = ?3, health = 'refused'
      WHERE org = ?1 AND id = ?2 AND health <> 'disconnected'";
    unit.then(sql, binds![org, channel, delivery::short(message)]);
}
