//! Channels: the row, what turns it into the domain's type, and what is written when one is connected or troubled.

use domain::{
    Channel, ChannelId, Health, Language, Limits, MemberId, Millis, Moment, Network, OrganisationId, delivery,
    silence::{Patience, Voice},
    watch::{FAILURES, Outlook},
};
use serde::Deserialize;
use serde_json::Value;
use wire::channels::Failed;

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
    connected_at: Option<f64>,
    published_at: Option<f64>,
    patience: Option<f64>,
}

/// The columns, for a SELECT.
pub const COLUMNS: &str = "id, network, name, handle, address, languages, limits, health, last_success, expires_at,
  last_error, assisted, connected_at, published_at, patience";

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
            voice: Voice {
                connected: row.connected_at.map(|at| Moment(at as i64)),
                published: row.published_at.map(|at| Moment(at as i64)),
                patience: match row.patience.map(|days| days as u16) {
                    None => Patience::Usual,
                    Some(0) => Patience::Endless,
                    Some(days) => Patience::Days { days },
                },
            },
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
    Ok(find_to_watch(db, org, channel).await?.map(|(channel, settings, _)| (channel, settings)))
}

/// The same, with when its network is asked next: what was connected again meanwhile has another, so that an answer to the
/// access of before is not taken for one to the new ([`still`]).
///
/// # Errors
/// `Down`, `Row`.
pub async fn find_to_watch(
    db: &Db,
    org: &OrganisationId,
    channel: &ChannelId,
) -> Result<Option<(Channel, Value, Option<Moment>)>, StoreError> {
    #[derive(Deserialize)]
    struct Whole {
        settings: String,
        watch_at: Option<f64>,
        row: Row,
    }
    let sql = format!("SELECT {COLUMNS}, settings, watch_at FROM channel WHERE org = ?1 AND id = ?2");
    let found: Option<Whole> = db.first(&sql, binds![org, channel]).await?;
    let read = |Whole { settings, watch_at, row }: Whole| {
        Ok((row.try_into()?, json(&settings)?, watch_at.map(|at| Moment(at as i64))))
    };
    found.map(read).transpose()
}

/// Fails the unit of work if the channel was connected, disconnected or asked meanwhile.
pub fn still(unit: &mut Unit, org: &OrganisationId, channel: &ChannelId, watch_at: Option<Moment>) {
    let same = "EXISTS (SELECT 1 FROM channel WHERE org = ?1 AND id = ?2 AND watch_at IS ?3)";
    unit.expect(same, binds![org, channel, watch_at]);
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
        settings, created_at, created_by, assisted, expires_at, watch_at, connected_at, connected_by)
      VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?12, ?13)
      ON CONFLICT (id) DO UPDATE SET name = excluded.name, handle = excluded.handle, address = excluded.address,
        limits = excluded.limits, health = excluded.health, last_success = excluded.last_success, last_error = NULL,
        settings = excluded.settings, assisted = excluded.assisted, expires_at = excluded.expires_at,
        watch_at = excluded.watch_at, connected_at = excluded.connected_at, connected_by = excluded.connected_by
        WHERE channel.org = excluded.org";
    let Channel { id, network, name, handle, address, languages, limits, health, assisted, .. } = channel;
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
        health.expires,
        channel.asked_again().map(|after| now.plus(after))
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
    patience: Patience,
) {
    let sql = "UPDATE channel SET name = ?3, languages = ?4, address = ?5, patience = ?6 WHERE org = ?1 AND id = ?2";
    let patience = match patience {
        Patience::Usual => None,
        Patience::Days { days } => Some(days),
        Patience::Endless => Some(0),
    };
    unit.then(sql, binds![org, channel, name, Bind::json(&languages), address, patience]);
}

/// Marks a channel as disconnected.
pub fn disconnect(unit: &mut Unit, org: &OrganisationId, channel: &ChannelId) {
    let sql = "UPDATE channel SET health = 'disconnected', last_error = NULL, expires_at = NULL, watch_at = NULL
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
    until: Moment,
    behind: &str,
) -> Result<Vec<(Network, OrganisationId, ChannelId, Value)>, StoreError> {
    #[derive(Deserialize)]
    struct Due {
        network: String,
        org: String,
        id: String,
        settings: String,
    }
    let sql = "SELECT network, org, id, settings FROM channel
      WHERE (network = 'threads' OR network = 'instagram' AND json_extract(settings, '$.login') = 'instagram')
        AND expires_at <= ?1 AND assisted = 0 AND health IN ('working', 'troubled') AND id > ?2 ORDER BY id LIMIT 20";
    let rows: Vec<Due> = db.all(sql, binds![until, behind]).await?;
    rows.into_iter().map(|row| Ok((name(&row.network)?, id(&row.org)?, id(&row.id)?, json(&row.settings)?))).collect()
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

/// The channels whose networks are to be asked whether they still let us in, of every organisation: each is given out once,
/// and comes again after `lease` if nobody says otherwise.
///
/// # Errors
/// `Down`, `Row`.
pub async fn to_watch(db: &Db, now: Moment, lease: Millis) -> Result<Vec<(OrganisationId, ChannelId)>, StoreError> {
    #[derive(Deserialize)]
    struct Due {
        org: String,
        id: String,
    }
    let sql = "UPDATE channel SET watch_at = ?2 WHERE id IN
        (SELECT id FROM channel INDEXED BY channel_watch WHERE watch_at <= ?1 ORDER BY watch_at LIMIT 20)
      RETURNING org, id";
    let rows: Vec<Due> = db.all(sql, binds![now, now.plus(lease)]).await?;
    rows.into_iter().map(|row| Ok((id(&row.org)?, id(&row.id)?))).collect()
}

/// Notes when the network of a channel is asked next; never, if it is not to be.
pub fn watch_again(unit: &mut Unit, org: &OrganisationId, channel: &ChannelId, at: Option<Moment>) {
    unit.then("UPDATE channel SET watch_at = ?3 WHERE org = ?1 AND id = ?2", binds![org, channel, at]);
}

/// How much is placed on a channel from a moment on.
///
/// # Errors
/// `Down`, `Row`.
pub async fn placed(db: &Db, org: &OrganisationId, channel: &ChannelId, from: Moment) -> Result<u32, StoreError> {
    #[derive(Deserialize)]
    struct Count {
        placed: f64,
    }
    let sql = "SELECT COUNT(DISTINCT publication) AS placed FROM act INDEXED BY act_waiting
      WHERE channel = ?2 AND state = 'waiting' AND due_at >= ?3 AND org = ?1";
    let count: Option<Count> = db.first(sql, binds![org, channel, from]).await?;
    Ok(count.map_or(0, |count| count.placed as u32))
}

/// What will not go out on the channels of an organisation whose access is lost or ends before a moment.
pub fn outlooks_query(org: &OrganisationId, now: Moment, until: Moment) -> (String, Vec<Bind>) {
    let sql = "SELECT c.id AS channel, c.from_at, COUNT(DISTINCT a.publication) AS placed
      FROM (SELECT id, CASE health WHEN 'refused' THEN ?2 ELSE MAX(?2, expires_at) END AS from_at FROM channel
            WHERE org = ?1 AND (health = 'refused' OR (health IN ('working', 'troubled') AND expires_at < ?3))) c
      JOIN act a INDEXED BY act_waiting ON a.channel = c.id AND a.state = 'waiting' AND a.due_at >= c.from_at
      WHERE a.org = ?1 GROUP BY c.id";
    (sql.to_owned(), binds![org, now, until])
}

/// Reads the answer of [`outlooks_query`].
///
/// # Errors
/// `Row`.
pub fn outlooks(answer: &Answer) -> Result<Vec<Outlook>, StoreError> {
    #[derive(Deserialize)]
    struct Found {
        channel: String,
        from_at: f64,
        placed: f64,
    }
    let found = answer.results::<Found>()?.into_iter();
    let read = |row: Found| {
        Ok(Outlook { channel: id(&row.channel)?, from: Moment(row.from_at as i64), placed: row.placed as u32 })
    };
    found.map(read).collect()
}

/// The last tries of a channel that came to nothing, the newest first; of the organisation's newest thousand.
///
/// # Errors
/// `Down`, `Row`.
pub async fn failures(db: &Db, org: &OrganisationId, channel: &ChannelId) -> Result<Vec<Failed>, StoreError> {
    #[derive(Deserialize)]
    struct Found {
        post: String,
        heading: String,
        started_at: f64,
        status: Option<f64>,
        code: Option<String>,
        meaning: Option<String>,
        message: String,
    }
    let sql = "SELECT a.post, p.heading, t.started_at, t.status, t.code, t.meaning, t.message
      FROM (SELECT * FROM attempt INDEXED BY attempt_failed
            WHERE org = ?1 AND outcome IN ('not_sent', 'throttled', 'unauthorised', 'refused', 'no_answer')
            ORDER BY started_at DESC LIMIT 1000) t
      JOIN act a ON a.id = t.act AND a.org = ?1 JOIN post p ON p.id = a.post AND p.org = ?1
      WHERE a.channel = ?2 ORDER BY t.started_at DESC LIMIT ?3";
    let rows: Vec<Found> = db.all(sql, binds![org, channel, FAILURES]).await?;
    let read = |row: Found| {
        Ok(Failed {
            post: id(&row.post)?,
            heading: row.heading,
            at: Moment(row.started_at as i64),
            status: row.status.map(|status| status as u16),
            code: row.code,
            meaning: row.meaning.as_deref().map(name).transpose()?,
            message: row.message,
        })
    };
    rows.into_iter().map(read).collect()
}
