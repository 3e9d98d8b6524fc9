//! Emergencies: rows, what waits for a word, and the changes that follow one.

use domain::{
    EmergencyId, MemberId, Moment, OrganisationId, PostId, StageName,
    emergency::{Emergency, Owed, Said},
    json as value,
    people::People,
};
use serde::Deserialize;
use serde_json::Value;
use wire::emergencies::{Pending, Story};

use super::{Answer, Bind, StoreError, Unit, json, name};
use crate::binds;

/// The emergencies of a post (`?1` organisation, `?2` post), oldest first.
pub const OF_POST: &str =
    "SELECT data, signed, rights FROM emergency WHERE org = ?1 AND post = ?2 ORDER BY asked_at, id";

/// More than that is no list of emergencies.
const OPEN: &str = "SELECT e.data, p.heading, p.stage, p.content_hash,
    (SELECT name FROM member m WHERE m.org = e.org AND m.id = e.data ->> '$.first.by') AS by
  FROM emergency e INDEXED BY emergency_open JOIN post p ON p.org = e.org AND p.id = e.post
  WHERE e.org = ?1 AND e.state <> 'over' ORDER BY e.asked_at LIMIT 50";

/// An emergency with the words that were signed.
#[derive(Debug, Clone)]
pub struct Stored {
    /// The emergency.
    pub emergency: Emergency,
    /// Which words a passkey signed.
    pub signed: Vec<Said>,
    /// What the library held back when it was asked for, as fingerprints: the reason that was given is for that.
    pub rights: Vec<String>,
}

#[derive(Deserialize)]
struct Row {
    data: String,
    signed: String,
    rights: String,
}

/// What is read back of a signature here: the evidence itself stands in the record, too.
#[derive(Deserialize)]
struct Signed {
    said: Said,
}

/// Reads the answer to [`OF_POST`].
///
/// # Errors
/// `Row`.
pub fn of_post(answer: &Answer) -> Result<Vec<Stored>, StoreError> {
    let rows: Vec<Row> = answer.results()?;
    rows.into_iter()
        .map(|row| {
            let signed: Vec<Signed> = json(&row.signed)?;
            let signed = signed.into_iter().map(|one| one.said).collect();
            Ok(Stored { emergency: json(&row.data)?, signed, rights: json(&row.rights)? })
        })
        .collect()
}

/// Whether what was asked for is still what the post says, and the post still where it can go out from. What went out
/// stands, whatever became of the post.
fn stands(emergency: &Emergency, owed: Owed, stage: StageName, content_hash: &str) -> bool {
    let waits = matches!(stage, StageName::Draft | StageName::InReview);
    !matches!(owed, Owed::Second { .. }) || (waits && content_hash == emergency.content_hash)
}

impl Stored {
    /// As the page of its post shows it.
    pub fn shown(self, stage: StageName, content_hash: &str, people: &People, at: Moment) -> Story {
        let owed = self.emergency.owed(at);
        let stands = stands(&self.emergency, owed, stage, content_hash);
        let answerers = if stands { self.emergency.answerers(people, at) } else { Default::default() };
        let (emergency, signed) = (self.emergency, self.signed);
        Story { owed, stands, answerers: answerers.into_iter().collect(), emergency, signed }
    }
}

/// The query of [`pending`].
pub fn pending_query(org: &OrganisationId) -> (String, Vec<Bind>) {
    (OPEN.to_owned(), binds![org])
}

/// What waits for a member's word; with `overdue`, whatever is late too.
///
/// # Errors
/// `Row`.
pub fn pending(
    answer: &Answer,
    member: &MemberId,
    overdue: bool,
    people: &People,
    at: Moment,
) -> Result<Vec<Pending>, StoreError> {
    #[derive(Deserialize)]
    struct Row {
        data: String,
        heading: String,
        stage: String,
        content_hash: String,
        by: Option<String>,
    }
    let rows: Vec<Row> = answer.results()?;
    let mut found = Vec::new();
    for row in rows {
        let emergency: Emergency = json(&row.data)?;
        let owed = emergency.owed(at);
        let stands = stands(&emergency, owed, name(&row.stage)?, &row.content_hash);
        let mine = stands && emergency.answerers(people, at).contains(member);
        if mine || (overdue && matches!(owed, Owed::Overdue { .. })) {
            found.push(Pending {
                id: emergency.id,
                post: emergency.post,
                heading: row.heading,
                by: row.by.unwrap_or_default(),
                reason: emergency.reason,
                owed,
                mine,
            });
        }
    }
    Ok(found)
}

/// The state that a row is found by.
const fn state(owed: Owed) -> &'static str {
    match owed {
        Owed::Second { .. } => "asked",
        Owed::Ratification { .. } | Owed::Overdue { .. } => "owing",
        Owed::Dropped | Owed::Nothing { .. } => "over",
    }
}

fn signature(said: Said, kept: Option<&Value>) -> Bind {
    kept.map_or(Bind::Null, |kept| Bind::json(&value!({ "said": said, "kept": kept })))
}

/// Adds a new one to a unit of work. Whatever was asked before for this post, and not answered, is over with that.
pub fn insert(
    unit: &mut Unit,
    org: &OrganisationId,
    emergency: &Emergency,
    rights: &[String],
    signed: Option<&Value>,
    now: Moment,
) {
    let over = "UPDATE emergency SET state = 'over', due_at = NULL WHERE org = ?1 AND post = ?2 AND state = 'asked'";
    unit.then(over, binds![org, &emergency.post]);
    let sql = "INSERT INTO emergency (id, org, post, state, data, signed, due_at, asked_at, rights)
      VALUES (?1, ?2, ?3, ?4, ?5, CASE WHEN ?6 IS NULL THEN '[]' ELSE json_array(json(?6)) END, ?7, ?8, ?9)";
    let (state, data) = (state(emergency.owed(now)), Bind::json(emergency));
    let signed = signature(Said::Ask, signed);
    let due = emergency.strikes(now);
    let (asked, rights) = (emergency.first.at, Bind::json(&rights));
    unit.then(sql, binds![&emergency.id, org, &emergency.post, state, data, signed, due, asked, rights]);
}

/// Adds a word to a unit of work; nothing of it is written if another word, or the clock, was first.
pub fn update(
    unit: &mut Unit,
    org: &OrganisationId,
    before: Owed,
    emergency: &Emergency,
    (said, signed): (Said, Option<&Value>),
    now: Moment,
) {
    let open = "(SELECT state FROM emergency WHERE org = ?1 AND id = ?2) = ?3";
    unit.expect(open, binds![org, &emergency.id, state(before)]);
    let sql = "UPDATE emergency SET state = ?3, data = ?4, due_at = ?5,
        signed = CASE WHEN ?6 IS NULL THEN signed ELSE json_insert(signed, '$[#]', json(?6)) END
      WHERE org = ?1 AND id = ?2";
    let (state, data) = (state(emergency.owed(now)), Bind::json(emergency));
    let signed = signature(said, signed);
    unit.then(sql, binds![org, &emergency.id, state, data, emergency.strikes(now), signed]);
}

/// One that the clock has something to say of.
#[derive(Deserialize)]
pub struct Due {
    /// The organisation.
    pub org: String,
    /// Its identity.
    pub id: String,
    /// The emergency.
    pub data: String,
    /// When it was to strike.
    pub due_at: f64,
}

/// The emergencies whose time is over (`?1` now, `?2` how many): of each organisation the first, then of each the second.
pub const DUE: &str = "SELECT org, id, data, due_at FROM emergency INDEXED BY emergency_due WHERE due_at <= ?1
  AND NOT EXISTS (SELECT 1 FROM arrival a WHERE a.org = emergency.org)
  ORDER BY ROW_NUMBER() OVER (PARTITION BY org ORDER BY due_at), due_at LIMIT ?2";

/// Adds to a unit of work that the clock has said it: once, and not if a word came first.
pub fn struck(unit: &mut Unit, org: &OrganisationId, id: &EmergencyId, owed: Owed, due: Moment) {
    unit.expect("(SELECT due_at FROM emergency WHERE org = ?1 AND id = ?2) = ?3", binds![org, id, due]);
    let sql = "UPDATE emergency SET due_at = NULL, state = ?3 WHERE org = ?1 AND id = ?2";
    unit.then(sql, binds![org, id, state(owed)]);
}

/// Adds to a unit of work that whatever of a post has not gone out will not: its ground was disowned. What is on its
/// way already is for the takedown.
pub fn stop(unit: &mut Unit, org: &OrganisationId, post: &PostId, by: &MemberId, reason: &str) {
    let state = domain::delivery::ActState::Cancelled { by: Some(by.clone()), reason: reason.to_owned() };
    unit.then(
        "UPDATE act SET state = 'cancelled', data = ?3, lease_at = NULL
         WHERE org = ?1 AND post = ?2 AND state IN ('waiting', 'claimed', 'held', 'failed', 'in_hand') AND deed IN ('create', 'comment')",
        binds![org, post, Bind::json(&state)],
    );
}
