//! The ledger: publications, acts, attempts. An act's state moves only by the conditional updates below.

use std::collections::HashMap;

use domain::{
    ActId, AttemptId, ChannelId, Content, Language, Millis, Moment, Network, OrganisationId, PostId, PublicationId,
    Rendition, Slot,
    delivery::{ActState, CLAIM_AHEAD, Container, Deed, Hold, LEASE, PublicationState, Receipt, publication_state},
    errors::Class,
};
use serde::{Deserialize, Serialize};
use wire::publications::{ActView, AttemptView, Came, PublicationView};

use super::{Bind, Db, StoreError, Unit, id, json, name, name_of};
use crate::{app::App, binds};

/// The acts of a post with their attempts (`?1` organisation, `?2` post).
pub const OF_POST: &str = "SELECT p.id AS publication, p.channel, p.network, p.language, a.id AS act, a.deed, a.data,
    a.due_at, a.ends_at, t.id AS attempt, t.number, t.started_at, t.ended_at, t.status, t.outcome, t.message,
    t.sent, t.code, t.meaning, t.answer
  FROM publication p JOIN act a ON a.publication = p.id AND a.org = p.org AND a.post = p.post
  LEFT JOIN attempt t ON t.act = a.id AND t.org = a.org
  WHERE p.org = ?1 AND p.post = ?2 ORDER BY p.created_at, p.id, a.seq, t.number";

/// A row of [`OF_POST`].
#[derive(Debug, Deserialize)]
pub struct ViewRow {
    publication: String,
    channel: String,
    network: String,
    language: String,
    act: String,
    deed: String,
    data: String,
    due_at: f64,
    ends_at: f64,
    attempt: Option<String>,
    number: Option<f64>,
    started_at: Option<f64>,
    ended_at: Option<f64>,
    status: Option<f64>,
    outcome: Option<String>,
    message: Option<String>,
    sent: Option<String>,
    code: Option<String>,
    meaning: Option<String>,
    answer: Option<String>,
}

fn moment(at: f64) -> Moment {
    Moment(at as i64)
}

/// Folds the rows of [`OF_POST`] into publications.
///
/// # Errors
/// `Row`.
pub fn views(rows: Vec<ViewRow>) -> Result<Vec<PublicationView>, StoreError> {
    let mut views: Vec<PublicationView> = Vec::new();
    for row in rows {
        let publication: PublicationId = id(&row.publication)?;
        if views.last().is_none_or(|view| view.id != publication) {
            views.push(PublicationView {
                id: publication,
                channel: id(&row.channel)?,
                network: name(&row.network)?,
                language: name(&row.language)?,
                state: PublicationState::Waiting,
                acts: Vec::new(),
            });
        }
        let Some(view) = views.last_mut() else { continue };
        let act: ActId = id(&row.act)?;
        if view.acts.last().is_none_or(|last| last.id != act) {
            view.acts.push(ActView {
                id: act,
                deed: name(&row.deed)?,
                state: json(&row.data)?,
                due: moment(row.due_at),
                ends: moment(row.ends_at),
                attempts: Vec::new(),
            });
        }
        if let (Some(last), Some(attempt)) = (view.acts.last_mut(), row.attempt) {
            last.attempts.push(AttemptView {
                id: id(&attempt)?,
                number: row.number.unwrap_or_default() as u32,
                started: moment(row.started_at.unwrap_or_default()),
                ended: row.ended_at.map(moment),
                status: row.status.map(|status| status as u16),
                outcome: row.outcome.as_deref().map(name).transpose()?,
                message: row.message.unwrap_or_default(),
                sent: row.sent,
                code: row.code,
                meaning: row.meaning.as_deref().map(name).transpose()?,
                answer: row.answer,
            });
        }
    }
    for view in &mut views {
        view.state = publication_state(view.acts.iter().map(|act| (act.deed, &act.state)));
    }
    Ok(views)
}

/// States by post, channel and language.
pub type States = HashMap<(String, String, String), PublicationState>;

/// What became of posts, for lists.
///
/// # Errors
/// `Down`, `Row`.
pub async fn states(db: &Db, org: &OrganisationId, posts: &[&String]) -> Result<States, StoreError> {
    #[derive(Deserialize)]
    struct Row {
        post: String,
        channel: String,
        language: String,
        deed: String,
        data: String,
    }
    let sql =
        "SELECT a.post, a.channel, p.language, a.deed, a.data FROM act a JOIN publication p ON p.id = a.publication
      WHERE a.org = ?1 AND a.post IN (SELECT value FROM json_each(?2)) ORDER BY a.publication, a.seq";
    let rows: Vec<Row> = db.all(sql, binds![org, Bind::json(&posts)]).await?;
    let mut acts: HashMap<(String, String, String), Vec<(Deed, ActState)>> = HashMap::new();
    for row in rows {
        acts.entry((row.post, row.channel, row.language)).or_default().push((name(&row.deed)?, json(&row.data)?));
    }
    let state = |acts: Vec<(Deed, ActState)>| publication_state(acts.iter().map(|(deed, state)| (*deed, state)));
    Ok(acts.into_iter().map(|(key, acts)| (key, state(acts))).collect())
}

/// Takes back every act of a post that nothing was tried of: an edit, a move or a cancellation. A worker that holds a
/// claim on one finds no row at the point of no return. The guard refuses when something is on its way already.
pub fn take_back(unit: &mut Unit, org: &OrganisationId, post: &PostId) {
    unit.expect("NOT EXISTS (SELECT 1 FROM act WHERE org = ?1 AND post = ?2 AND tried > 0)", binds![org, post]);
    unit.then("DELETE FROM act WHERE org = ?1 AND post = ?2", binds![org, post]);
    unit.then("DELETE FROM publication WHERE org = ?1 AND post = ?2", binds![org, post]);
}

/// Lays down the acts that bring a content out at a slot: one publication for each channel and language.
pub fn lay_down(
    app: &App,
    unit: &mut Unit,
    org: &OrganisationId,
    post: &PostId,
    content: &Content,
    networks: &HashMap<ChannelId, Network>,
    slot: &Slot,
) {
    #[derive(Serialize)]
    struct Laid {
        publication: PublicationId,
        act: ActId,
        channel: ChannelId,
        network: String,
        language: Language,
        rendition: String,
        hash: String,
    }
    let laid: Vec<Laid> = content
        .destinations()
        .filter_map(|(channel, language)| {
            let rendition = content.rendition(channel, language)?;
            Some(Laid {
                publication: PublicationId::from_bits(app.bits()),
                act: ActId::from_bits(app.bits()),
                channel: channel.clone(),
                network: name_of(networks.get(channel)?),
                language: language.clone(),
                hash: rendition.hash(),
                rendition: serde_json::to_string(&rendition).unwrap_or_default(),
            })
        })
        .collect();
    let all = Bind::json(&laid);
    unit.then(
        "INSERT INTO publication (id, org, post, channel, network, language, created_at)
         SELECT json_extract(value, '$.publication'), ?1, ?2, json_extract(value, '$.channel'),
           json_extract(value, '$.network'), json_extract(value, '$.language'), ?3 FROM json_each(?4)",
        binds![org, post, app.now(), all.clone()],
    );
    unit.then(
        "INSERT INTO act (id, org, publication, post, channel, seq, deed, state, data, content_hash, rendition, rendition_hash, due_at, ends_at, created_at)
         SELECT json_extract(value, '$.act'), ?1, json_extract(value, '$.publication'), ?2, json_extract(value, '$.channel'),
           1, 'create', 'waiting', '{\"state\":\"waiting\"}', ?3, json_extract(value, '$.rendition'),
           json_extract(value, '$.hash'), ?4, ?5, ?6 FROM json_each(?7)",
        binds![org, post, content.hash(), slot.at, slot.ends(), app.now(), all],
    );
}

/// What follows what is out: the deed, the content it carries out, and how long it goes on trying by itself.
pub struct FollowUp<'a> {
    /// An edit or a delete.
    pub deed: Deed,
    /// The hash of the content.
    pub content_hash: &'a str,
    /// Renditions by publication; for a delete what was out stays as the rendition.
    pub what: Vec<(PublicationId, Rendition)>,
    /// How long.
    pub window: Millis,
    /// Why it is not due at once, if it is not: somebody lets it out.
    pub held: Option<Hold>,
}

/// Adds an edit or a delete to publications of a post that are out, due at once.
pub fn follow_up(app: &App, unit: &mut Unit, org: &OrganisationId, post: &PostId, follow: FollowUp<'_>) {
    let FollowUp { deed, content_hash, what, window, held } = follow;
    #[derive(Serialize)]
    struct Laid {
        publication: PublicationId,
        act: ActId,
        rendition: String,
        hash: String,
    }
    let laid: Vec<Laid> = what
        .into_iter()
        .map(|(publication, rendition)| Laid {
            publication,
            act: ActId::from_bits(app.bits()),
            hash: rendition.hash(),
            rendition: serde_json::to_string(&rendition).unwrap_or_default(),
        })
        .collect();
    let now = app.now();
    let state = held.map_or(ActState::Waiting, |reason| ActState::Held { reason });
    unit.then(
        "INSERT INTO act (id, org, publication, post, channel, seq, deed, state, data, asked, content_hash, rendition, rendition_hash, due_at, ends_at, created_at)
         SELECT json_extract(j.value, '$.act'), ?1, p.id, ?2, p.channel,
           (SELECT MAX(seq) + 1 FROM act WHERE publication = p.id), ?3, ?8, ?9, ?10, ?4,
           json_extract(j.value, '$.rendition'), json_extract(j.value, '$.hash'), ?5, ?6, ?5
         FROM json_each(?7) j JOIN publication p ON p.id = json_extract(j.value, '$.publication') AND p.org = ?1 AND p.post = ?2",
        binds![org, post, name_of(&deed), content_hash, now, now.plus(window), Bind::json(&laid), state.name(),
            Bind::json(&state), state.needs_a_person()],
    );
}

/// A claim: what the queue's message names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Claim {
    /// The organisation.
    pub org: OrganisationId,
    /// The act.
    pub act: ActId,
    /// The fence.
    pub fence: u32,
    /// When it is due.
    pub due: Moment,
}

/// Claims at most `most` acts that are due within [`CLAIM_AHEAD`], by one conditional update (house rule 2). An act
/// waits for those before it in its publication; a paused organisation's are not touched, but for takedowns.
///
/// # Errors
/// `Down`, `Row`.
pub async fn claim(db: &Db, now: Moment, most: u32) -> Result<Vec<Claim>, StoreError> {
    #[derive(Deserialize)]
    struct Row {
        id: String,
        org: String,
        fence: f64,
        due_at: f64,
    }
    let sql = "UPDATE act SET state = 'claimed', fence = fence + 1, lease_at = MAX(?1, due_at) + ?3,
        data = json_object('state', 'claimed', 'lease', CAST(MAX(?1, due_at) + ?3 AS INTEGER), 'fence', fence + 1)
      WHERE id IN (
        SELECT a.id FROM act a JOIN organisation o ON o.id = a.org
        WHERE a.state = 'waiting' AND a.due_at <= ?2 AND (o.paused_at IS NULL OR a.deed = 'delete')
          AND NOT EXISTS (SELECT 1 FROM act b WHERE b.publication = a.publication AND b.seq < a.seq
            AND b.state NOT IN ('done', 'cancelled', 'failed'))
        ORDER BY a.due_at LIMIT ?4)
      AND +state = 'waiting' -- the plus: by these identities, not through all that waits
      RETURNING id, org, fence, due_at";
    let rows: Vec<Row> = db.all(sql, binds![now, now.plus(CLAIM_AHEAD), LEASE, most]).await?;
    rows.into_iter()
        .map(|row| {
            Ok(Claim { org: id(&row.org)?, act: id(&row.id)?, fence: row.fence as u32, due: moment(row.due_at) })
        })
        .collect()
}

/// What every tick does first: a lapsed claim waits again (nothing was sent); a lapsed sending is unknown (it may have
/// been); what was due and is past its window is held, never sent by itself (house rule 5). Answers the held ones.
///
/// # Errors
/// `Down`, `Row`.
pub async fn lapse(db: &Db, now: Moment) -> Result<Vec<(OrganisationId, PostId, PublicationId)>, StoreError> {
    #[derive(Deserialize)]
    struct Row {
        org: String,
        post: String,
        publication: String,
    }
    let mut unit = Unit::new();
    unit.then(
        "UPDATE act SET state = 'waiting', data = '{\"state\":\"waiting\"}', lease_at = NULL WHERE state = 'claimed' AND lease_at < ?1",
        binds![now],
    );
    unit.then(
        "UPDATE act SET state = 'unknown', lease_at = NULL, due_at = ?1, asked = 0,
           data = json_object('state', 'unknown', 'attempt', json_extract(data, '$.attempt'), 'looks', 0, 'asked', json('false'))
         WHERE state = 'sending' AND lease_at < ?1",
        binds![now],
    );
    unit.then(
        "UPDATE act SET state = 'held', asked = 1, data = '{\"state\":\"held\",\"reason\":\"late\"}'
         WHERE state = 'waiting' AND due_at < ?1 AND ends_at < ?1 AND deed <> 'delete' RETURNING org, post, publication",
        binds![now],
    );
    let answers = db.commit(unit).await?;
    let rows: Vec<Row> = answers.last().map(|answer| answer.results()).transpose()?.unwrap_or_default();
    rows.into_iter().map(|row| Ok((id(&row.org)?, id(&row.post)?, id(&row.publication)?))).collect()
}

/// Takes the unknown acts that are due for a look: their next look moves a lease ahead, so that two ticks look once.
///
/// # Errors
/// `Down`, `Row`.
pub async fn to_look_up(db: &Db, now: Moment, most: u32) -> Result<Vec<(OrganisationId, ActId)>, StoreError> {
    #[derive(Deserialize)]
    struct Row {
        id: String,
        org: String,
    }
    let sql = "UPDATE act SET due_at = ?1 + ?2 WHERE id IN (
        SELECT id FROM act WHERE state = 'unknown' AND asked = 0 AND due_at <= ?1 ORDER BY due_at LIMIT ?3)
      AND +state = 'unknown' RETURNING id, org";
    let rows: Vec<Row> = db.all(sql, binds![now, LEASE, most]).await?;
    rows.into_iter().map(|row| Ok((id(&row.org)?, id(&row.id)?))).collect()
}

/// An act with all that its delivery needs.
#[derive(Debug, Clone)]
pub struct Loaded {
    /// The act.
    pub act: ActId,
    /// Its publication.
    pub publication: PublicationId,
    /// Its post.
    pub post: PostId,
    /// Its channel.
    pub channel: ChannelId,
    /// The network.
    pub network: Network,
    /// What the adapter keeps about the channel.
    pub settings: serde_json::Value,
    /// Whether the channel may send.
    pub channel_fit: bool,
    /// Whether a person publishes there by hand.
    pub assisted: bool,
    /// What it does.
    pub deed: Deed,
    /// Its state.
    pub state: ActState,
    /// How often it was tried since a person last asked for it.
    pub tried: u32,
    /// When it is due.
    pub due: Moment,
    /// Until when it may go out by itself.
    pub ends: Moment,
    /// When the first attempt began that may have posted.
    pub made: Moment,
    /// Whether the approval is over what it carries.
    pub approved: bool,
    /// Whether everything is paused.
    pub paused: bool,
    /// What goes out.
    pub rendition: Rendition,
    /// The receipt of what is out.
    pub out: Option<Receipt>,
    /// When the last attempt began.
    pub sent: Option<Moment>,
    /// What the network was given to prepare.
    pub container: Option<Container>,
}

/// The query of [`Loaded`] (`?1` organisation, `?2` act).
const LOAD: &str = "SELECT a.id, a.publication, a.post, a.channel, p.network, c.settings,
    c.health IN ('working', 'troubled') AS fit, c.assisted, a.deed, a.data, a.tried - a.tried_before AS tried, a.due_at, a.ends_at,
    -- The first attempt that may have posted: what the networks' handles are made of stays the same as long as a repeat
    -- could double something, and is as fresh as can be otherwise.
    COALESCE((SELECT MIN(started_at) FROM attempt t WHERE t.act = a.id AND (t.outcome IS NULL OR t.outcome = 'no_answer')),
      a.due_at) AS made_at,
    (o.approved_hash = a.content_hash AND o.stage IN ('placed', 'out')) AS approved, g.paused_at IS NOT NULL AS paused, a.rendition,
    (SELECT b.data FROM act b WHERE b.publication = a.publication AND b.seq < a.seq AND b.state = 'done' ORDER BY b.seq DESC LIMIT 1) AS out_data,
    (SELECT MAX(started_at) FROM attempt t WHERE t.act = a.id) AS sent_at, a.container
  FROM act a JOIN publication p ON p.id = a.publication JOIN channel c ON c.id = a.channel AND c.org = a.org
  JOIN post o ON o.id = a.post AND o.org = a.org JOIN organisation g ON g.id = a.org
  WHERE a.org = ?1 AND a.id = ?2";

#[derive(Deserialize)]
struct LoadRow {
    id: String,
    publication: String,
    post: String,
    channel: String,
    network: String,
    settings: String,
    fit: f64,
    assisted: f64,
    deed: String,
    data: String,
    tried: f64,
    due_at: f64,
    ends_at: f64,
    made_at: f64,
    approved: Option<f64>,
    paused: f64,
    rendition: String,
    out_data: Option<String>,
    sent_at: Option<f64>,
    container: Option<String>,
}

impl TryFrom<LoadRow> for Loaded {
    type Error = StoreError;
    fn try_from(row: LoadRow) -> Result<Self, StoreError> {
        let out = match row.out_data.as_deref().map(json).transpose()? {
            Some(ActState::Done { receipt }) => Some(receipt),
            _ => None,
        };
        Ok(Loaded {
            act: id(&row.id)?,
            publication: id(&row.publication)?,
            post: id(&row.post)?,
            channel: id(&row.channel)?,
            network: name(&row.network)?,
            settings: json(&row.settings)?,
            channel_fit: row.fit > 0.0,
            assisted: row.assisted > 0.0,
            deed: name(&row.deed)?,
            state: json(&row.data)?,
            tried: row.tried as u32,
            due: moment(row.due_at),
            ends: moment(row.ends_at),
            made: moment(row.made_at),
            approved: row.approved.is_some_and(|approved| approved > 0.0),
            paused: row.paused > 0.0,
            rendition: json(&row.rendition)?,
            out,
            sent: row.sent_at.map(moment),
            container: row.container.as_deref().map(json).transpose()?,
        })
    }
}

/// Reads an act with all that its delivery needs.
///
/// # Errors
/// `Down`, `Row`.
pub async fn load(db: &Db, org: &OrganisationId, act: &ActId) -> Result<Option<Loaded>, StoreError> {
    let row: Option<LoadRow> = db.first(LOAD, binds![org, act]).await?;
    row.map(TryInto::try_into).transpose()
}

/// Reads the act of a publication that decides its state: the first that is not over, else the last.
///
/// # Errors
/// `Down`, `Row`.
pub async fn load_open(
    db: &Db,
    org: &OrganisationId,
    publication: &PublicationId,
) -> Result<Option<Loaded>, StoreError> {
    let sql = LOAD.replace(
        "a.id = ?2",
        "a.id = (SELECT id FROM act WHERE org = ?1 AND publication = ?2 ORDER BY state IN ('done', 'cancelled'), seq LIMIT 1)",
    );
    let row: Option<LoadRow> = db.first(&sql, binds![org, publication]).await?;
    row.map(TryInto::try_into).transpose()
}

/// The point of no return: `Claimed → Sending`, one more conditional update that carries the claim's fence and repeats
/// every guard, and writes the attempt down before anything is sent (house rule 2). Answers the act as it is after;
/// only if its state is `Sending` with this very attempt may anything be sent.
///
/// # Errors
/// `Down` (then nobody knows whether it was written: the lease will tell), `Row`.
pub async fn begin(
    db: &Db,
    org: &OrganisationId,
    act: &ActId,
    fence: u32,
    attempt: &AttemptId,
    now: Moment,
) -> Result<Option<Loaded>, StoreError> {
    let lease = now.plus(LEASE);
    let fenced = if crate::faults::planted("no_fence") { "1" } else { "state = 'claimed' AND fence = ?3" };
    let mut unit = Unit::new();
    unit.then(
        format!(
            "UPDATE act SET state = 'sending', tried = tried + 1, lease_at = ?6,
               data = json_object('state', 'sending', 'attempt', ?4, 'lease', CAST(?6 AS INTEGER))
             WHERE org = ?1 AND id = ?2 AND {fenced} AND due_at <= ?5
               AND (deed = 'delete' OR (ends_at >= ?5
                 AND EXISTS (SELECT 1 FROM organisation o WHERE o.id = act.org AND o.paused_at IS NULL)
                 AND EXISTS (SELECT 1 FROM post p WHERE p.id = act.post AND p.org = act.org
                   AND p.approved_hash = act.content_hash AND p.stage IN ('placed', 'out'))))
               AND EXISTS (SELECT 1 FROM channel c WHERE c.id = act.channel AND c.org = act.org AND c.health IN ('working', 'troubled'))"
        ),
        binds![org, act, fence, attempt, now, lease],
    );
    let begun = "EXISTS (SELECT 1 FROM act a WHERE a.org = ?1 AND a.id = ?2 AND a.state = 'sending' AND json_extract(a.data, '$.attempt') = ?3)";
    unit.then(
        format!(
            "INSERT INTO attempt (id, org, act, number, fence, started_at, sent)
             SELECT ?3, ?1, ?2, tried, ?4, ?5, rendition_hash FROM act WHERE org = ?1 AND id = ?2 AND {begun}"
        ),
        binds![org, act, attempt, fence, now],
    );
    unit.then(
        format!(
            "UPDATE post SET stage = 'out', version = version + 1, changed_at = ?4,
               stage_data = json_set(stage_data, '$.stage', 'out', '$.correction', json('null'))
             WHERE org = ?1 AND stage = 'placed' AND id = (SELECT post FROM act WHERE id = ?2) AND {begun}"
        ),
        binds![org, act, attempt, now],
    );
    unit.then(LOAD, binds![org, act]);
    let answers = db.commit(unit).await?;
    let rows: Vec<LoadRow> = answers.last().map(|answer| answer.results()).transpose()?.unwrap_or_default();
    rows.into_iter().next().map(TryInto::try_into).transpose()
}

/// Keeps what a network was given to prepare, before anything else is done with it; or that there is nothing.
///
/// # Errors
/// `Down`.
pub async fn keep_container(
    db: &Db,
    org: &OrganisationId,
    act: &ActId,
    container: Option<&Container>,
) -> Result<(), StoreError> {
    let kept = container.map_or(Bind::Null, Bind::json);
    db.run("UPDATE act SET container = ?3 WHERE org = ?1 AND id = ?2", binds![org, act, kept]).await.map(drop)
}

/// SQL: the act is still in this attempt (or was given up as unknown with it: a late answer still counts).
const IN_ATTEMPT: &str =
    "org = ?1 AND id = ?2 AND state IN ('sending', 'unknown') AND json_extract(data, '$.attempt') = ?3";

/// A condition for entries of the record that go with [`finish`]: `act` reached `state`.
pub fn reached(act: &ActId, state: &ActState) -> String {
    // Both are ours: an identity of 26 base-32 characters and the name of a variant.
    format!("EXISTS (SELECT 1 FROM act WHERE id = '{act}' AND state = '{}')", state.name())
}

/// How an attempt ended, as the ledger keeps it.
#[derive(Debug, Clone)]
pub struct Ended {
    /// What came of it.
    pub came: Came,
    /// The status that the network answered with last.
    pub status: Option<u16>,
    /// A few of its words.
    pub message: String,
    /// Its own code, if it has any.
    pub code: Option<String>,
    /// What that means, if it was an error.
    pub meaning: Option<Class>,
    /// Its answer as it may be kept.
    pub answer: Option<String>,
}

/// Adds the end of an attempt to a unit of work.
pub fn end_attempt(unit: &mut Unit, org: &OrganisationId, attempt: &AttemptId, ended: &Ended, now: Moment) {
    let Ended { came, status, message, code, meaning, answer } = ended;
    unit.then(
        "UPDATE attempt SET ended_at = ?3, outcome = ?4, status = ?5, message = ?6, code = ?7, meaning = ?8, answer = ?9
         WHERE org = ?1 AND id = ?2",
        binds![org, attempt, now, name_of(came), *status, message, code.as_deref(), meaning.as_ref().map(name_of), answer.as_deref()],
    );
}

/// Adds what follows an attempt to a unit of work: the act's next state and when it is due next.
pub fn finish(
    unit: &mut Unit,
    org: &OrganisationId,
    act: &ActId,
    attempt: &AttemptId,
    state: &ActState,
    due: Option<Moment>,
) {
    unit.then(
        format!(
            "UPDATE act SET state = ?4, data = ?5, due_at = COALESCE(?6, due_at), lease_at = NULL, asked = ?7 WHERE {IN_ATTEMPT}"
        ),
        binds![org, act, attempt, state.name(), Bind::json(state), due, state.needs_a_person()],
    );
}

/// Holds a claimed act whose guards did not let it go out.
pub fn hold(unit: &mut Unit, org: &OrganisationId, act: &ActId, fence: u32, reason: Hold) {
    let state = ActState::Held { reason };
    unit.then(
        "UPDATE act SET state = 'held', data = ?4, lease_at = NULL, asked = 1 WHERE org = ?1 AND id = ?2 AND state = 'claimed' AND fence = ?3",
        binds![org, act, fence, Bind::json(&state)],
    );
}

/// Moves an act by a person's hand or a look, if it is still in one of the states (given as SQL literals of ours). What a
/// network was given to prepare is forgotten: whoever says that it is not out wants it made anew.
pub fn move_on(
    unit: &mut Unit,
    org: &OrganisationId,
    act: &ActId,
    from: &[&str],
    state: &ActState,
    due: Option<Moment>,
    ends: Option<Moment>,
) {
    let states: Vec<String> = from.iter().map(|state| format!("'{state}'")).collect();
    let states = states.join(", ");
    unit.expect(&format!("(SELECT state FROM act WHERE org = ?1 AND id = ?2) IN ({states})"), binds![org, act]);
    unit.then(
        format!(
            "UPDATE act SET state = ?3, data = ?4, due_at = COALESCE(?5, due_at), ends_at = COALESCE(?6, ends_at), lease_at = NULL, tried_before = tried,
               container = NULL, asked = ?7 WHERE org = ?1 AND id = ?2 AND state IN ({states})"
        ),
        binds![org, act, state.name(), Bind::json(state), due, ends, state.needs_a_person()],
    );
}

/// What an act carries is replaced by what is approved now (a retry after a correction).
pub fn carry(unit: &mut Unit, org: &OrganisationId, act: &ActId, content_hash: &str, rendition: &Rendition) {
    unit.then(
        "UPDATE act SET content_hash = ?3, rendition = ?4, rendition_hash = ?5 WHERE org = ?1 AND id = ?2",
        binds![org, act, content_hash, Bind::json(rendition), rendition.hash()],
    );
}
