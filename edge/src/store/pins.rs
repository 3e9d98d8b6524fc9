//! What is to be pinned, and what became of it.

use domain::{
    ActId, ChannelId, Millis, Moment, OrganisationId, PublicationId,
    delivery::ActState,
    pin::{Next, State},
};
use serde::Deserialize;

use super::{Bind, Db, StoreError, Unit, acts, id, json};
use crate::binds;

/// Whoever took it and says nothing for so long is believed to be gone: it is asked for at the network first anyway.
const LEASE: Millis = Millis::minutes(2);

fn name_of(state: State) -> &'static str {
    match state {
        State::Waiting => "waiting",
        State::Done => "done",
        State::Failed => "failed",
    }
}

/// Adds to a unit of work that what an act made visible is to be pinned, if the act came to that in this unit.
pub fn want(
    unit: &mut Unit,
    org: &OrganisationId,
    (publication, channel): (&PublicationId, &ChannelId),
    message: &str,
    (act, state): (&ActId, &ActState),
    now: Moment,
) {
    let sql = format!(
        "INSERT OR IGNORE INTO pin (org, publication, channel, message, state, due_at)
         SELECT ?1, ?2, ?3, ?4, 'waiting', ?5 WHERE {}",
        acts::reached(act, state)
    );
    unit.then(sql, binds![org, publication, channel, message, now]);
}

/// Adds to a unit of work that there is nothing to pin any more: it was taken down, if the act came to that in this unit.
pub fn forget(unit: &mut Unit, org: &OrganisationId, publication: &PublicationId, (act, state): (&ActId, &ActState)) {
    let sql = format!("DELETE FROM pin WHERE org = ?1 AND publication = ?2 AND {}", acts::reached(act, state));
    unit.then(sql, binds![org, publication]);
}

/// A pin that somebody took.
#[derive(Debug)]
pub struct Claimed {
    /// On which channel.
    pub channel: ChannelId,
    /// What the adapter keeps of it.
    pub settings: serde_json::Value,
    /// What the network calls what is out.
    pub message: String,
    /// Which try it is, from 1.
    pub tried: u32,
}

/// Takes a pin that is due, for as long as a lease. `None` where it is not, or where somebody else did.
///
/// # Errors
/// `Down`, `Row`.
pub async fn claim(
    db: &Db,
    org: &OrganisationId,
    publication: &PublicationId,
    now: Moment,
) -> Result<Option<Claimed>, StoreError> {
    #[derive(Deserialize)]
    struct Row {
        channel: String,
        settings: String,
        message: String,
        tried: f64,
    }
    let sql = "UPDATE pin SET tried = tried + 1, due_at = ?4 WHERE org = ?1 AND publication = ?2 AND due_at <= ?3
      RETURNING channel, message, tried,
        (SELECT c.settings FROM channel c WHERE c.org = pin.org AND c.id = pin.channel) AS settings";
    let row: Option<Row> = db.first(sql, binds![org, publication, now, now.plus(LEASE)]).await?;
    let Some(Row { channel, settings, message, tried }) = row else { return Ok(None) };
    Ok(Some(Claimed { channel: id(&channel)?, settings: json(&settings)?, message, tried: tried as u32 }))
}

/// Writes down what follows a try, if nothing else was tried meanwhile.
///
/// # Errors
/// `Down`.
pub async fn settle(
    db: &Db,
    org: &OrganisationId,
    publication: &PublicationId,
    tried: u32,
    next: &Next,
) -> Result<(), StoreError> {
    let (state, due, said) = match next {
        Next::Done => (State::Done, Bind::Null, ""),
        Next::At(at, said) => (State::Waiting, Bind::from(*at), said.as_str()),
        Next::Failed(said) => (State::Failed, Bind::Null, said.as_str()),
    };
    let said = domain::delivery::short(said);
    let sql = "UPDATE pin SET state = ?4, due_at = ?5, said = ?6 WHERE org = ?1 AND publication = ?2 AND tried = ?3
      AND state = 'waiting'";
    db.run(sql, binds![org, publication, tried, name_of(state), due, said]).await.map(drop)
}

/// What is due. No organisation is named: the clock winds all of them.
///
/// # Errors
/// `Down`, `Row`.
pub async fn due(db: &Db, now: Moment, most: u32) -> Result<Vec<(OrganisationId, PublicationId)>, StoreError> {
    #[derive(Deserialize)]
    struct Row {
        org: String,
        publication: String,
    }
    let sql = "SELECT org, publication FROM pin WHERE due_at <= ?1 ORDER BY due_at LIMIT ?2";
    let rows: Vec<Row> = db.all(sql, binds![now, most]).await?;
    rows.iter().map(|row| Ok((id(&row.org)?, id(&row.publication)?))).collect()
}
