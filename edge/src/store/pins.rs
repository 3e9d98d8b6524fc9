//! What is to be pinned, and what became of it.

use domain::{
    ActId, ChannelId, Millis, Moment, Network, OrganisationId, PostId, PublicationId,
    delivery::ActState,
    pin::{Next, State},
    record::Subject,
};
use serde::Deserialize;

use super::{Bind, Db, StoreError, Unit, acts, id, json, records};
use crate::{app::App, binds};

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

/// Adds to a unit of work that it is not pinned, and a person does it there: what is out is known by a link that does not say what the
/// network calls it, or nobody but they may. If the act came to that in this unit.
pub fn miss(
    unit: &mut Unit,
    org: &OrganisationId,
    (publication, channel): (&PublicationId, &ChannelId),
    link: &str,
    (act, state): (&ActId, &ActState),
) {
    let sql = format!(
        "INSERT OR IGNORE INTO pin (org, publication, channel, message, state, due_at)
         SELECT ?1, ?2, ?3, ?4, 'failed', NULL WHERE {}",
        acts::reached(act, state)
    );
    unit.then(sql, binds![org, publication, channel, link]);
}

/// SQL: nothing is pinned that may not be now. What everything was paused for waits, as does a channel that lets nobody in; and what is
/// being taken down is not put at the head of it meanwhile.
const MAY: &str = "EXISTS (SELECT 1 FROM organisation o WHERE o.id = pin.org AND o.paused_at IS NULL)
  AND EXISTS (SELECT 1 FROM channel c WHERE c.org = pin.org AND c.id = pin.channel AND c.health IN ('working', 'troubled'))
  AND NOT EXISTS (SELECT 1 FROM act b WHERE b.org = pin.org AND b.publication = pin.publication
    AND b.deed = 'delete' AND b.state <> 'cancelled')";

/// A pin that somebody took.
#[derive(Debug)]
pub struct Claimed {
    /// Of which post.
    pub post: PostId,
    /// On which channel.
    pub channel: ChannelId,
    /// What the adapter keeps of it.
    pub settings: serde_json::Value,
    /// What the network calls what is out.
    pub message: String,
    /// Which try it is, from 1.
    pub tried: u32,
}

/// Takes a pin that is due, for as long as a lease. `None` where it is not or may not be, or where somebody else did.
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
        post: String,
        channel: String,
        settings: String,
        message: String,
        tried: f64,
    }
    let sql = format!(
        "UPDATE pin SET tried = tried + 1, due_at = ?4 WHERE org = ?1 AND publication = ?2 AND due_at <= ?3 AND {MAY}
         RETURNING channel, message, tried,
           (SELECT p.post FROM publication p WHERE p.org = pin.org AND p.id = pin.publication) AS post,
           (SELECT c.settings FROM channel c WHERE c.org = pin.org AND c.id = pin.channel) AS settings"
    );
    let row: Option<Row> = db.first(&sql, binds![org, publication, now, now.plus(LEASE)]).await?;
    let Some(Row { post, channel, settings, message, tried }) = row else { return Ok(None) };
    let (post, channel, settings) = (id(&post)?, id(&channel)?, json(&settings)?);
    Ok(Some(Claimed { post, channel, settings, message, tried: tried as u32 }))
}

/// Writes down what follows a try, if nothing else was tried meanwhile; and in the record, once that is the last of it.
///
/// # Errors
/// `Down`.
pub async fn settle(
    app: &App,
    org: &OrganisationId,
    publication: &PublicationId,
    claimed: &Claimed,
    next: &Next,
) -> Result<(), StoreError> {
    let (state, due, said) = match next {
        Next::Done => (State::Done, Bind::Null, ""),
        Next::At(at, said) => (State::Waiting, Bind::from(*at), said.as_str()),
        Next::Failed(said) => (State::Failed, Bind::Null, said.as_str()),
    };
    let said = domain::delivery::short(said);
    let Claimed { post, channel, message, tried, .. } = claimed;
    let mut body = domain::json!({
        "post": post, "publication": publication, "channel": channel, "network": Network::Telegram, "message": message,
    });
    let told = match state {
        State::Waiting => None,
        State::Done => Some((Subject::Publication, "pinned")),
        State::Failed => {
            body["said"] = said.as_str().into();
            Some((Subject::Incident, "not_pinned"))
        }
    };
    let mut unit = Unit::new();
    let sql = "UPDATE pin SET state = ?4, due_at = ?5, said = ?6 WHERE org = ?1 AND publication = ?2 AND tried = ?3
      AND state = 'waiting'";
    unit.then(sql, binds![org, publication, *tried, name_of(state), due, said]);
    if let Some((subject, what)) = told {
        body["what"] = what.into();
        // Both are ours: an identity of 26 base-32 characters and the name of a variant. Each number of a try is claimed once.
        let reached = format!(
            "EXISTS (SELECT 1 FROM pin WHERE publication = '{publication}' AND state = '{}' AND tried = {tried})",
            name_of(state)
        );
        records::keep_if(app, &mut unit, org, subject, &body, &reached);
    }
    app.db.commit(unit).await.map(drop)
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
    let sql = format!("SELECT org, publication FROM pin WHERE due_at <= ?1 AND {MAY} ORDER BY due_at LIMIT ?2");
    let rows: Vec<Row> = db.all(&sql, binds![now, most]).await?;
    rows.iter().map(|row| Ok((id(&row.org)?, id(&row.publication)?))).collect()
}
