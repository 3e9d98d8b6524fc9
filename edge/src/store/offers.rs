//! Offers: which number a member was given for which item. Separate from the challenges: a challenge is taken once and
//! only its hash is known; an offer is made again each time somebody looks at what waits for them.

use std::collections::HashMap;

use domain::{MemberId, Millis, Moment, OrganisationId, PostId, Round, StepId, json, statement::Nonce};
use serde::Deserialize;

use super::{
    Answer, Bind, StoreError, Unit,
    challenges::{self, Purpose},
    id,
};
use crate::binds;

/// A number is given again for half a day: what is taken along today can still be signed for two days and a half.
const AGAIN: Millis = Millis::hours(12);

/// A number that was given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Offer {
    /// The number.
    pub nonce: Nonce,
    /// When it was drawn.
    pub drawn: Moment,
    step: String,
    round: u32,
    content_hash: String,
}

impl Offer {
    /// Whether it was made for this step of this round, over this content.
    pub fn fits(&self, round: &Round, step: &StepId) -> bool {
        (self.round, self.step.as_str(), &self.content_hash) == (round.number, step.as_str(), &round.content_hash)
    }
}

/// The query of the offers of a member that nobody took and that can be made again.
pub fn query(org: &OrganisationId, member: &MemberId, now: Moment) -> (String, Vec<Bind>) {
    let sql = "SELECT o.post, o.step, o.round, o.content_hash, o.nonce, o.drawn_at
      FROM offer o JOIN challenge c ON c.id = o.challenge AND c.expires_at > ?3
      WHERE o.org = ?1 AND o.member = ?2 AND o.drawn_at > ?4 LIMIT 200";
    (sql.to_owned(), binds![org, member, now, now.minus(AGAIN)])
}

/// Reads the answer to [`query`].
///
/// # Errors
/// `Row`.
pub fn read(answer: &Answer) -> Result<HashMap<PostId, Offer>, StoreError> {
    #[derive(Deserialize)]
    struct Row {
        post: String,
        step: String,
        round: f64,
        content_hash: String,
        nonce: String,
        drawn_at: f64,
    }
    let offer = |row: Row| -> Result<_, StoreError> {
        let nonce = row.nonce.try_into().map_err(|_| StoreError::Row("nonce".to_owned()))?;
        let (round, drawn) = (row.round as u32, Moment(row.drawn_at as i64));
        let offer = Offer { nonce, drawn, step: row.step, round, content_hash: row.content_hash };
        Ok((id(&row.post)?, offer))
    };
    answer.results::<Row>()?.into_iter().map(offer).collect()
}

/// A number that is given for the first time.
#[derive(Debug, Clone)]
pub struct New<'a> {
    /// The round.
    pub round: &'a Round,
    /// The step.
    pub step: &'a StepId,
    /// The number.
    pub nonce: &'a Nonce,
    /// What is remembered with it, as JSON text.
    pub state: String,
}

/// Adds new offers to a unit of work, each with its challenge: two statements, however many there are.
pub fn make(unit: &mut Unit, org: &OrganisationId, member: &MemberId, new: &[New<'_>], now: Moment) {
    let row = |one: &New<'_>| {
        json!({
            "challenge": challenges::hash(one.nonce.as_str()), "state": one.state, "nonce": one.nonce,
            "post": one.round.post, "round": one.round.number, "step": one.step, "content": one.round.content_hash,
        })
    };
    let rows: Vec<serde_json::Value> = new.iter().map(row).collect();
    let rows = serde_json::Value::from(rows).to_string();
    let sql = "INSERT INTO challenge (id, purpose, state, expires_at)
      SELECT json_extract(value, '$.challenge'), ?2, json_extract(value, '$.state'), ?3 FROM json_each(?1)";
    unit.then(sql, binds![&rows, Purpose::Decision.name(), now.plus(domain::statement::LIFETIME)]);
    // `WHERE true`: or SQLite takes ON for a part of the join.
    let sql = "INSERT INTO offer (org, member, post, step, round, content_hash, nonce, challenge, drawn_at)
      SELECT ?1, ?2, json_extract(value, '$.post'), json_extract(value, '$.step'), json_extract(value, '$.round'),
        json_extract(value, '$.content'), json_extract(value, '$.nonce'), json_extract(value, '$.challenge'), ?4
      FROM json_each(?3) WHERE true
      ON CONFLICT (org, member, post) DO UPDATE SET step = excluded.step, round = excluded.round,
        content_hash = excluded.content_hash, nonce = excluded.nonce, challenge = excluded.challenge,
        drawn_at = excluded.drawn_at";
    unit.then(sql, binds![org, member, rows, now]);
}
