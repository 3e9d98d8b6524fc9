//! The ledger: publications, acts, attempts. An act's state moves only by the conditional updates below.

use std::collections::{HashMap, HashSet};

use domain::{
    ActId, AttemptId, ChannelId, Content, Language, Millis, Moment, Network, OrganisationId, PostId, PublicationId,
    Rendition, Slot,
    budget::Waits,
    delivery::{ActState, CLAIM_AHEAD, Container, Deed, Hold, LEASE, PublicationState, Receipt, publication_state},
    edits::Version,
    errors::Class,
};
use serde::{Deserialize, Serialize};
use wire::publications::{ActView, AttemptView, Came, PublicationView};

use super::{Answer, Bind, Db, StoreError, Unit, allowances, id, json, name, name_of};
use crate::{app::App, binds};

/// The acts of a post with their attempts (`?1` organisation, `?2` post).
pub const OF_POST: &str =
    "SELECT p.id AS publication, p.channel, p.network, p.language, a.id AS act, a.deed, a.part, a.data,
    a.due_at, a.ends_at, a.waits, CASE WHEN a.state = 'unknown' THEN a.rendition END AS carried,
    t.id AS attempt, t.number, t.started_at, t.ended_at, t.status, t.outcome, t.message,
    t.sent, t.code, t.meaning, t.answer, t.history,
    (SELECT json_object('state', n.state, 'message', n.said) FROM pin n WHERE n.org = p.org AND n.publication = p.id) AS pin
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
    part: f64,
    data: String,
    due_at: f64,
    ends_at: f64,
    waits: Option<String>,
    carried: Option<String>,
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
    history: Option<String>,
    pin: Option<String>,
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
                pin: row.pin.as_deref().map(json).transpose()?,
            });
        }
        let Some(view) = views.last_mut() else { continue };
        let act: ActId = id(&row.act)?;
        if view.acts.last().is_none_or(|last| last.id != act) {
            view.acts.push(ActView {
                id: act,
                deed: name(&row.deed)?,
                part: row.part as u32,
                state: json(&row.data)?,
                due: moment(row.due_at),
                ends: moment(row.ends_at),
                waits: row.waits.as_deref().map(json).transpose()?,
                sent: row.carried.as_deref().map(json).transpose()?,
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
                history: row.history.as_deref().map(json).transpose()?.unwrap_or_default(),
            });
        }
    }
    for view in &mut views {
        view.state = publication_state(view.acts.iter().map(|act| (act.deed, act.part, &act.state)));
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
        part: f64,
        data: String,
    }
    let sql =
        "SELECT a.post, a.channel, p.language, a.deed, a.part, a.data FROM act a JOIN publication p ON p.id = a.publication
      WHERE a.org = ?1 AND a.post IN (SELECT value FROM json_each(?2)) ORDER BY a.publication, a.seq";
    let rows: Vec<Row> = db.all(sql, binds![org, Bind::json(&posts)]).await?;
    let mut acts: HashMap<_, Vec<(Deed, u32, ActState)>> = HashMap::new();
    for row in rows {
        let act = (name(&row.deed)?, row.part as u32, json(&row.data)?);
        acts.entry((row.post, row.channel, row.language)).or_default().push(act);
    }
    let state = |acts: Vec<(Deed, u32, ActState)>| {
        publication_state(acts.iter().map(|(deed, part, state)| (*deed, *part, state)))
    };
    Ok(acts.into_iter().map(|(key, acts)| (key, state(acts))).collect())
}

/// Takes back every act of a post that nothing was tried of: an edit, a move or a cancellation. A worker that holds a
/// claim on one finds no row at the point of no return. The guard refuses when something is on its way already.
pub fn take_back(unit: &mut Unit, org: &OrganisationId, post: &PostId) {
    unit.expect("NOT EXISTS (SELECT 1 FROM act WHERE org = ?1 AND post = ?2 AND tried > 0)", binds![org, post]);
    unit.then("DELETE FROM act WHERE org = ?1 AND post = ?2", binds![org, post]);
    unit.then("DELETE FROM publication WHERE org = ?1 AND post = ?2", binds![org, post]);
}

/// The same of several posts, in as many statements.
pub fn take_back_all(unit: &mut Unit, org: &OrganisationId, posts: &[&PostId]) {
    let these = Bind::json(&posts);
    unit.expect(&format!("NOT EXISTS ({TRIED})"), binds![org, these.clone()]);
    for table in ["act", "publication"] {
        let sql = format!("DELETE FROM {table} WHERE org = ?1 AND post IN (SELECT value FROM json_each(?2))");
        unit.then(sql, binds![org, these.clone()]);
    }
}

/// Which of some posts something was tried of.
///
/// # Errors
/// `Row`.
pub fn tried(answer: &Answer) -> Result<Vec<PostId>, StoreError> {
    #[derive(Deserialize)]
    struct Row {
        post: String,
    }
    answer.results::<Row>()?.into_iter().map(|row| id(&row.post)).collect()
}

/// The query of [`tried`]; `?1` is the organisation, `?2` a list of posts. In this order: by the posts, not through all acts
/// of the organisation.
pub const TRIED: &str = "SELECT DISTINCT a.post FROM json_each(?2) j
  CROSS JOIN act a ON a.org = ?1 AND a.post = j.value WHERE a.tried > 0";

/// Lays down the acts that bring contents out, each of a post at its slot: one publication for each channel and language, one
/// act for each part of a thread, and one for the first comment behind them.
pub fn lay_down(
    app: &App,
    unit: &mut Unit,
    org: &OrganisationId,
    networks: &HashMap<ChannelId, Network>,
    what: &[(&PostId, &Content, Slot)],
) {
    #[derive(Serialize)]
    struct Laid {
        post: PostId,
        publication: PublicationId,
        channel: ChannelId,
        network: String,
        language: Language,
    }
    #[derive(Serialize)]
    struct Part {
        post: PostId,
        content_hash: String,
        due_at: Moment,
        ends_at: Moment,
        publication: PublicationId,
        channel: ChannelId,
        act: ActId,
        seq: usize,
        part: usize,
        deed: String,
        rendition: String,
        hash: String,
    }
    let (mut laid, mut parts): (Vec<Laid>, Vec<Part>) = (Vec::new(), Vec::new());
    for (post, content, slot) in what {
        let content_hash = content.hash();
        for (channel, language) in content.destinations() {
            let Some((rendition, network)) = content.rendition(channel, language).zip(networks.get(channel)) else {
                continue;
            };
            let publication = PublicationId::from_bits(app.bits());
            let going =
                rendition.parts(*network).into_iter().enumerate().map(|(place, one)| (Deed::Create, place + 1, one));
            let comment = rendition.first_comment(*network).map(|comment| (Deed::Comment, 1, comment));
            parts.extend(going.chain(comment).enumerate().map(|(place, (deed, part, rendition))| Part {
                post: (*post).clone(),
                content_hash: content_hash.clone(),
                due_at: slot.at,
                ends_at: slot.ends(),
                publication: publication.clone(),
                channel: channel.clone(),
                act: ActId::from_bits(app.bits()),
                seq: place + 1,
                part,
                deed: name_of(&deed),
                hash: rendition.hash(),
                rendition: serde_json::to_string(&rendition).unwrap_or_default(),
            }));
            laid.push(Laid {
                post: (*post).clone(),
                publication,
                channel: channel.clone(),
                network: name_of(network),
                language: language.clone(),
            });
        }
    }
    unit.then(
        "INSERT INTO publication (id, org, post, channel, network, language, created_at)
         SELECT json_extract(value, '$.publication'), ?1, json_extract(value, '$.post'), json_extract(value, '$.channel'),
           json_extract(value, '$.network'), json_extract(value, '$.language'), ?2 FROM json_each(?3)",
        binds![org, app.now(), Bind::json(&laid)],
    );
    unit.then(
        "INSERT INTO act (id, org, publication, post, channel, seq, part, deed, state, data, content_hash, rendition, rendition_hash, due_at, ends_at, created_at)
         SELECT json_extract(value, '$.act'), ?1, json_extract(value, '$.publication'), json_extract(value, '$.post'),
           json_extract(value, '$.channel'), json_extract(value, '$.seq'), json_extract(value, '$.part'), json_extract(value, '$.deed'), 'waiting',
           '{\"state\":\"waiting\"}', json_extract(value, '$.content_hash'), json_extract(value, '$.rendition'),
           json_extract(value, '$.hash'), json_extract(value, '$.due_at'), json_extract(value, '$.ends_at'), ?2 FROM json_each(?3)",
        binds![org, app.now(), Bind::json(&parts)],
    );
}

/// What follows what is out: the deed, the content it carries out, and how long it goes on trying by itself.
pub struct FollowUp<'a> {
    /// An edit or a delete.
    pub deed: Deed,
    /// The hash of the content.
    pub content_hash: &'a str,
    /// Renditions by publication and part, in the order in which they are to be done; for a delete what was out stays as the
    /// rendition.
    pub what: Vec<(PublicationId, u32, Rendition)>,
    /// How long.
    pub window: Millis,
    /// Why it is not due at once, if it is not: somebody lets it out.
    pub held: Option<Hold>,
    /// Only where readers go on seeing it, and see something else than this: what a takedown put aside that was given up.
    pub is_owed: bool,
}

/// SQL: the network was told to show what this act gave it: it may be out, whatever an answer said ([`Container::told`]).
const IS_TOLD: &str = "(act.deed = 'create' AND json_extract(act.container, '$.told') IS 1)";

/// SQL: what is not known of an act, to be looked up anew: by the attempt that was the last.
const DOUBTFUL: &str = "json_object('state', 'unknown', 'looks', 0, 'asked', json('false'), 'attempt',
  (SELECT t.id FROM attempt t WHERE t.org = act.org AND t.act = act.id ORDER BY t.number DESC LIMIT 1))";

/// What was told to be shown, and waits, failed or is held all the same, may be out. Where it is corrected or taken down that is looked
/// up before anything follows: to make it anew of what is agreed to now would be to show a second one, and to give it up would be to
/// forget one that readers see.
pub fn doubt_told(unit: &mut Unit, org: &OrganisationId, post: &PostId, now: Moment) {
    unit.then(
        format!(
            "UPDATE act SET state = 'unknown', due_at = ?3, lease_at = NULL, waits = NULL, asked = 0,
               data = {DOUBTFUL}
             WHERE org = ?1 AND post = ?2 AND state IN ('waiting', 'claimed', 'held', 'failed') AND {IS_TOLD}"
        ),
        binds![org, post, now],
    );
}

/// Bars what was told to be shown, and is not known of, of a post that nobody stands by any more: where it turns out to be out, somebody is
/// told of it. Behind [`doubt_told`].
pub fn unwanted(unit: &mut Unit, org: &OrganisationId, post: &PostId) {
    unit.then(
        format!(
            "UPDATE act SET barred = 1, fence = fence + 1 WHERE org = ?1 AND post = ?2 AND state = 'unknown' AND {IS_TOLD}"
        ),
        binds![org, post],
    );
}

/// Gives up the corrections of a post that surely were not sent: a newer one says what is agreed to now. One that is on its way is given
/// up once it is known not to be out ([`finish`]).
pub fn supersede(unit: &mut Unit, org: &OrganisationId, post: &PostId) {
    unit.then(
        "UPDATE act SET state = 'cancelled', data = '{\"state\":\"cancelled\",\"by\":null,\"reason\":\"\"}', lease_at = NULL,
           waits = NULL, asked = 0
         WHERE org = ?1 AND post = ?2 AND deed = 'edit' AND state IN ('waiting', 'claimed', 'held', 'failed')",
        binds![org, post],
    );
}

/// Gives up the corrections of a part that surely is not out, and failed: whoever tries it again sends what is agreed to by then.
pub fn nothing_to_correct(unit: &mut Unit, org: &OrganisationId, publication: &PublicationId, part: u32) {
    unit.then(
        "UPDATE act SET state = 'cancelled', data = '{\"state\":\"cancelled\",\"by\":null,\"reason\":\"\"}', lease_at = NULL,
           waits = NULL, asked = 0
         WHERE org = ?1 AND publication = ?2 AND part = ?3 AND deed = 'edit' AND state IN ('waiting', 'claimed', 'held')
           AND EXISTS (SELECT 1 FROM act b WHERE b.publication = act.publication AND b.org = act.org AND b.part = act.part
             AND b.deed = 'create' AND b.state = 'failed')",
        binds![org, publication, part],
    );
}

/// Adds an edit or a delete to publications of a post that are out, or may be, due at once.
pub fn follow_up(app: &App, unit: &mut Unit, org: &OrganisationId, post: &PostId, follow: FollowUp<'_>) {
    let FollowUp { deed, content_hash, what, window, held, is_owed } = follow;
    #[derive(Serialize)]
    struct Laid {
        publication: PublicationId,
        part: u32,
        behind: usize,
        act: ActId,
        rendition: String,
        hash: String,
    }
    let laid: Vec<Laid> = what
        .into_iter()
        .enumerate()
        .map(|(place, (publication, part, rendition))| Laid {
            publication,
            part,
            behind: place + 1,
            act: ActId::from_bits(app.bits()),
            hash: rendition.hash(),
            rendition: serde_json::to_string(&rendition).unwrap_or_default(),
        })
        .collect();
    let now = app.now();
    let state = held.map_or(ActState::Waiting, |reason| ActState::Held { reason });
    unit.then(
        "INSERT INTO act (id, org, publication, post, channel, seq, part, deed, state, data, asked, content_hash, rendition, rendition_hash, due_at, ends_at, created_at)
         SELECT json_extract(j.value, '$.act'), ?1, p.id, ?2, p.channel,
           (SELECT MAX(seq) FROM act WHERE publication = p.id) + json_extract(j.value, '$.behind'), json_extract(j.value, '$.part'),
           ?3, ?8, ?9, ?10, ?4,
           json_extract(j.value, '$.rendition'), json_extract(j.value, '$.hash'), ?5, ?6, ?5
         FROM json_each(?7) j JOIN publication p ON p.id = json_extract(j.value, '$.publication') AND p.org = ?1 AND p.post = ?2
         -- What was never sent needs no correction and, of a thread, no takedown; asked here, where nothing can be sent meanwhile.
         WHERE ((?3 = 'delete' AND (SELECT MAX(part) FROM act WHERE publication = p.id) = 1)
           OR EXISTS (SELECT 1 FROM act b WHERE b.publication = p.id AND b.deed = 'create'
             AND b.part = json_extract(j.value, '$.part') AND b.state IN ('done', 'sending', 'unknown'))
           -- Whoever has the kit of a correction reads in it what is agreed to now, and is not asked twice.
           AND (?3 <> 'edit' OR NOT EXISTS (SELECT 1 FROM act b WHERE b.publication = p.id AND b.deed = 'edit'
             AND b.part = json_extract(j.value, '$.part') AND b.state = 'in_hand')))
           -- What was never tried needs no takedown either.
           AND (?3 <> 'delete' OR EXISTS (SELECT 1 FROM act b JOIN attempt t ON t.act = b.id AND t.org = b.org
             WHERE b.publication = p.id AND b.org = ?1))
           AND (?11 = 0 OR (
             NOT EXISTS (SELECT 1 FROM act b WHERE b.publication = p.id AND b.org = ?1 AND (b.deed = 'delete' AND b.state <> 'cancelled'
               OR b.deed = 'edit' AND b.part = json_extract(j.value, '$.part') AND b.state NOT IN ('done', 'cancelled')))
             AND (SELECT b.rendition_hash FROM act b WHERE b.publication = p.id AND b.org = ?1 AND b.part = json_extract(j.value, '$.part')
               AND b.deed IN ('create', 'edit') AND b.state = 'done' ORDER BY b.seq DESC LIMIT 1) <> json_extract(j.value, '$.hash')))",
        binds![org, post, name_of(&deed), content_hash, now, now.plus(window), Bind::json(&laid), state.name(),
            Bind::json(&state), state.needs_a_person(), is_owed],
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

/// SQL: what an act `a` waits for in its publication. A part of a thread waits until each before it is out: it answers the last.
/// A correction or a takedown waits for what may still come of its own part; a takedown also for those of the parts behind that
/// are on their way, not for one that nobody knows of: the others need not stay up with it. Nor does it wait for a correction that is
/// looked up on Mastodon, for up to a quarter of an hour: whatever was written last, the same status is taken away. A first comment waits
/// until all of the post is out, and nothing waits for it: a correction does not touch it, and it goes with what is taken down.
pub const ITS_TURN: &str =
    "NOT EXISTS (SELECT 1 FROM act b WHERE b.publication = a.publication AND b.org = a.org AND b.seq < a.seq AND b.deed <> 'comment' AND CASE
      WHEN a.deed IN ('create', 'comment') THEN b.state <> 'done'
      WHEN b.part = a.part AND a.deed = 'delete' AND b.deed = 'edit' AND b.state = 'unknown'
        THEN NOT EXISTS (SELECT 1 FROM publication p WHERE p.id = a.publication AND p.org = a.org AND p.network = 'mastodon')
      WHEN b.part = a.part THEN b.state NOT IN ('done', 'cancelled', 'failed')
      ELSE a.deed = 'delete' AND b.deed = 'delete' AND b.state IN ('waiting', 'claimed', 'sending') END)";

/// Claims at most `most` acts that are due within [`CLAIM_AHEAD`], by one conditional update (house rule 2). An act
/// waits for those before it in its publication; a paused organisation's are not touched, but for takedowns.
///
/// # Errors
/// `Down`, `Row`.
pub async fn claim(db: &Db, now: Moment, most: u32) -> Result<Vec<Claim>, StoreError> {
    claim_of(db, now, "a.state = 'waiting'", "ORDER BY a.due_at LIMIT ?4", binds![most]).await
}

/// Claims what is next in a publication, in the same way.
///
/// # Errors
/// `Down`, `Row`.
pub async fn claim_next(
    db: &Db,
    org: &OrganisationId,
    publication: &PublicationId,
    now: Moment,
) -> Result<Vec<Claim>, StoreError> {
    // The plus: by the publication, not through all that waits.
    let is_its = "a.org = ?5 AND a.publication = ?4 AND +a.state = 'waiting'";
    claim_of(db, now, is_its, "ORDER BY a.seq LIMIT 1", binds![publication, org]).await
}

async fn claim_of(db: &Db, now: Moment, among: &str, most: &str, more: Vec<Bind>) -> Result<Vec<Claim>, StoreError> {
    #[derive(Deserialize)]
    struct Row {
        id: String,
        org: String,
        fence: f64,
        due_at: f64,
    }
    let sql = format!(
        "UPDATE act SET state = 'claimed', fence = fence + 1, lease_at = MAX(?1, due_at) + ?3,
           data = json_object('state', 'claimed', 'lease', CAST(MAX(?1, due_at) + ?3 AS INTEGER), 'fence', fence + 1)
         WHERE id IN (
           SELECT a.id FROM act a JOIN organisation o ON o.id = a.org
           WHERE {among} AND a.due_at <= ?2 AND (o.paused_at IS NULL OR a.deed = 'delete') AND {ITS_TURN} {most})
         AND +state = 'waiting' -- the plus: by these identities, not through all that waits
         RETURNING id, org, fence, due_at"
    );
    let mut binds = binds![now, now.plus(CLAIM_AHEAD), LEASE];
    binds.extend(more);
    let rows: Vec<Row> = db.all(&sql, binds).await?;
    rows.into_iter()
        .map(|row| {
            Ok(Claim { org: id(&row.org)?, act: id(&row.id)?, fence: row.fence as u32, due: moment(row.due_at) })
        })
        .collect()
}

/// What every tick does first: a lapsed claim waits again (nothing was sent); a lapsed sending is unknown (it may have
/// been); what was due and is past its window is held, never sent by itself (house rule 5). Answers the held ones.
///
/// What lapsed is looked up at once, although its worker may be slow and not dead: a look reads, and a late answer still counts
/// ([`IN_ATTEMPT`]). Nothing is sent a second time for that: without a handle the second look comes 15 minutes later and asks a
/// person; with one both workers say the same thing under the same name (an upload that goes on has one before its first byte).
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
        "UPDATE act SET state = 'held', asked = 1, waits = NULL, data = '{\"state\":\"held\",\"reason\":\"late\"}'
         WHERE state = 'waiting' AND due_at < ?1 AND ends_at < ?1 AND deed <> 'delete'
           -- The part of a thread whose turn was not yet is not late: somebody has the one before in hand, or nobody knows of it.
           AND NOT EXISTS (SELECT 1 FROM act b WHERE b.publication = act.publication AND b.org = act.org AND b.seq < act.seq
             AND b.state IN ('claimed', 'sending', 'unknown', 'in_hand'))
           -- Nor is the first comment of what is not out.
           AND (deed <> 'comment' OR NOT EXISTS (SELECT 1 FROM act b WHERE b.publication = act.publication AND b.org = act.org
             AND b.seq < act.seq AND b.state <> 'done'))
         RETURNING org, post, publication",
        binds![now],
    );
    let answers = db.commit(unit).await?;
    let rows: Vec<Row> = answers.last().map(|answer| answer.results()).transpose()?.unwrap_or_default();
    // Of a thread, each part comes: who is told, is told once.
    let mut told = HashSet::new();
    let once = rows.into_iter().filter(|row| told.insert(row.publication.clone()));
    once.map(|row| Ok((id(&row.org)?, id(&row.post)?, id(&row.publication)?))).collect()
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
    /// In how many of these tries the network was still preparing it.
    pub prepared: u32,
    /// When it is due.
    pub due: Moment,
    /// Until when it may go out by itself.
    pub ends: Moment,
    /// When the first attempt began that may have posted.
    pub made: Moment,
    /// When an older correction of the same was sent, last, whose answer never came.
    pub unanswered: Option<Moment>,
    /// Whether the approval is over what it carries.
    pub approved: bool,
    /// Whether everything is paused.
    pub paused: bool,
    /// Whether somebody in it took their word back after it was begun.
    pub barred: bool,
    /// What goes out.
    pub rendition: Rendition,
    /// The receipt of what is out of this part.
    pub out: Option<Receipt>,
    /// Which part of a thread it is of, from 1.
    pub part: u32,
    /// How many parts there are.
    pub parts: u32,
    /// Whether a first comment waits behind it.
    pub comments: bool,
    /// What it answers, if it is of a thread and not its first part.
    pub above: Option<Above>,
    /// What the network was given to prepare.
    pub container: Option<Container>,
    /// Why it waited, before this attempt.
    pub waits: Option<Waits>,
}

/// What a part of a thread answers.
#[derive(Debug, Clone)]
pub struct Above {
    /// The first part.
    pub root: Receipt,
    /// The one before.
    pub parent: Receipt,
}

/// The query of [`Loaded`] (`?1` organisation, `?2` act).
const LOAD: &str = "SELECT a.id, a.publication, a.post, a.channel, p.network, c.settings,
    c.health IN ('working', 'troubled') AS fit, c.assisted, a.deed, a.data, a.tried - a.tried_before AS tried, a.due_at, a.ends_at,
    (SELECT COUNT(*) FROM attempt t WHERE t.act = a.id AND t.outcome = 'preparing' AND t.number > a.tried_before) AS prepared,
    -- The first attempt that may have posted: what the networks' handles are made of stays the same as long as a repeat
    -- could double something, and is as fresh as can be otherwise.
    COALESCE((SELECT MIN(started_at) FROM attempt t WHERE t.act = a.id AND (t.outcome IS NULL OR t.outcome IN ('no_answer', 'accepted'))),
      a.due_at) AS made_at,
    -- The last attempt of an older correction whose answer never came, where nothing says that it is over: what was found was the last
    -- one of its act.
    (SELECT MAX(t.started_at) FROM act b JOIN attempt t ON t.act = b.id AND t.org = b.org
     WHERE a.deed = 'edit' AND b.publication = a.publication AND b.org = a.org AND b.part = a.part AND b.deed = 'edit' AND b.seq < a.seq
       AND (t.outcome IS NULL OR t.outcome = 'no_answer') AND (b.state <> 'done' OR t.number < b.tried)) AS unanswered_at,
    (o.approved_hash = a.content_hash AND o.stage IN ('placed', 'out')) AS approved, g.paused_at IS NOT NULL AS paused,
    a.barred, a.rendition,
    (SELECT b.data FROM act b WHERE b.publication = a.publication AND b.seq < a.seq AND b.part = a.part AND b.deed <> 'comment' AND b.state = 'done' ORDER BY b.seq DESC LIMIT 1) AS out_data,
    a.part, (SELECT COUNT(*) FROM act b WHERE b.publication = a.publication AND b.deed = 'create') AS parts,
    EXISTS (SELECT 1 FROM act b WHERE b.publication = a.publication AND b.deed = 'comment' AND b.state = 'waiting' AND b.id <> a.id) AS comments,
    (SELECT b.data FROM act b WHERE b.publication = a.publication AND a.part > 1 AND b.part = 1 AND b.deed <> 'delete'
       AND b.state = 'done' ORDER BY b.seq DESC LIMIT 1) AS root_data,
    (SELECT b.data FROM act b WHERE b.publication = a.publication AND b.part = a.part - 1 AND b.deed <> 'delete'
       AND b.state = 'done' ORDER BY b.seq DESC LIMIT 1) AS parent_data,
    a.container, a.waits
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
    prepared: f64,
    due_at: f64,
    ends_at: f64,
    made_at: f64,
    unanswered_at: Option<f64>,
    approved: Option<f64>,
    paused: f64,
    barred: f64,
    rendition: String,
    out_data: Option<String>,
    part: f64,
    parts: f64,
    comments: f64,
    root_data: Option<String>,
    parent_data: Option<String>,
    container: Option<String>,
    waits: Option<String>,
}

impl TryFrom<LoadRow> for Loaded {
    type Error = StoreError;
    fn try_from(row: LoadRow) -> Result<Self, StoreError> {
        let receipt = |data: Option<&str>| {
            Ok::<_, StoreError>(match data.map(json).transpose()? {
                Some(ActState::Done { receipt }) => Some(receipt),
                _ => None,
            })
        };
        let (root, parent) = (receipt(row.root_data.as_deref())?, receipt(row.parent_data.as_deref())?);
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
            prepared: row.prepared as u32,
            due: moment(row.due_at),
            ends: moment(row.ends_at),
            made: moment(row.made_at),
            unanswered: row.unanswered_at.map(moment),
            approved: row.approved.is_some_and(|approved| approved > 0.0),
            paused: row.paused > 0.0,
            barred: row.barred > 0.0,
            rendition: json(&row.rendition)?,
            out: receipt(row.out_data.as_deref())?,
            part: row.part as u32,
            parts: row.parts as u32,
            comments: row.comments > 0.0,
            above: root.zip(parent).map(|(root, parent)| Above { root, parent }),
            container: row.container.as_deref().map(json).transpose()?,
            waits: row.waits.as_deref().map(json).transpose()?,
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

/// SQL: the act of a publication (`?2`, of the organisation `?1`) that a person may do something about, as `PublicationView::open`: the
/// first that is not over, a first comment behind all else.
pub const OPEN: &str = "SELECT id FROM act WHERE org = ?1 AND publication = ?2
  ORDER BY state IN ('done', 'cancelled'), deed = 'comment', seq LIMIT 1";

/// Reads the act of a publication that a person may do something about ([`OPEN`]).
///
/// # Errors
/// `Down`, `Row`.
pub async fn load_open(
    db: &Db,
    org: &OrganisationId,
    publication: &PublicationId,
) -> Result<Option<Loaded>, StoreError> {
    let sql = LOAD.replace("a.id = ?2", &format!("a.id = ({OPEN})"));
    let row: Option<LoadRow> = db.first(&sql, binds![org, publication]).await?;
    row.map(TryInto::try_into).transpose()
}

/// What the network calls what other acts have a receipt of on a channel, due since a moment; the newest, and more than anybody
/// publishes by hand in a day.
///
/// # Errors
/// `Down`, `Row`.
pub async fn taken(
    db: &Db,
    org: &OrganisationId,
    channel: &ChannelId,
    act: &ActId,
    since: Moment,
) -> Result<Vec<String>, StoreError> {
    #[derive(Deserialize)]
    struct Row {
        native_id: String,
    }
    let sql = format!(
        "SELECT {NATIVE_ID} AS native_id FROM act INDEXED BY act_done
         WHERE channel = ?2 AND state = 'done' AND due_at >= ?4 AND org = ?1 AND id <> ?3 AND {NATIVE_ID} IS NOT NULL
         ORDER BY due_at DESC LIMIT 500"
    );
    let rows: Vec<Row> = db.all(&sql, binds![org, channel, act, since]).await?;
    Ok(rows.into_iter().map(|row| row.native_id).collect())
}

/// So long before it came out an act was due, at most: whoever asks what came since a moment asks for what was due since then.
pub const LONG_DUE: Millis = Millis::days(2);

/// SQL: what the network calls what an act has a receipt of.
const NATIVE_ID: &str = "json_extract(data, '$.receipt.native_id')";

/// Fails the unit of work if another act has a receipt of this already, due since a moment: two looks at once found the same.
pub fn still_free(
    unit: &mut Unit,
    org: &OrganisationId,
    (channel, act): (&ChannelId, &ActId),
    native_id: &str,
    since: Moment,
) {
    let sql = format!(
        "NOT EXISTS (SELECT 1 FROM act INDEXED BY act_done
         WHERE channel = ?2 AND state = 'done' AND due_at >= ?4 AND org = ?1 AND id <> ?3 AND {NATIVE_ID} = ?5)"
    );
    unit.expect(&sql, binds![org, channel, act, since, native_id]);
}

/// The point of no return: `Claimed → Sending`, one more conditional update that carries the claim's fence and repeats
/// every guard, and writes the attempt down before anything is sent (house rule 2). Answers the act as it is after;
/// only if its state is `Sending` with this very attempt may anything be sent. `its_turn`: it was told that it is next
/// where a network lets few through ([`allowances`]), and takes one of them.
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
    its_turn: Option<(&ChannelId, Network)>,
) -> Result<Option<Loaded>, StoreError> {
    let lease = now.plus(LEASE);
    let lets_through = allowances::guard(its_turn.is_some(), "?5");
    let fenced = if crate::faults::planted("no_fence") { "1" } else { "state = 'claimed' AND fence = ?3" };
    let mut unit = Unit::new();
    unit.then(
        format!(
            "UPDATE act SET state = 'sending', tried = tried + 1, lease_at = ?6,
               data = json_object('state', 'sending', 'attempt', ?4, 'lease', CAST(?6 AS INTEGER))
             WHERE org = ?1 AND id = ?2 AND {fenced} AND due_at <= ?5
               AND (deed = 'delete' OR (ends_at >= ?5 AND barred = 0
                 AND EXISTS (SELECT 1 FROM organisation o WHERE o.id = act.org AND o.paused_at IS NULL)
                 AND EXISTS (SELECT 1 FROM post p WHERE p.id = act.post AND p.org = act.org
                   AND p.approved_hash = act.content_hash AND p.stage IN ('placed', 'out'))
                 AND NOT EXISTS (SELECT 1 FROM act b WHERE b.publication = act.publication AND b.org = act.org
                   AND b.deed = 'delete' AND b.state <> 'cancelled')
                 AND (deed NOT IN ('create', 'comment') OR NOT EXISTS (SELECT 1 FROM act b WHERE b.publication = act.publication
                   AND b.seq < act.seq AND b.state <> 'done'))))
               AND EXISTS (SELECT 1 FROM channel c WHERE c.id = act.channel AND c.org = act.org AND c.health IN ('working', 'troubled'))
               AND {lets_through}"
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
    if let Some(over) = its_turn {
        allowances::take(&mut unit, org, over, now, (begun, act, attempt));
    }
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

/// Forgets what a network was given to prepare, and said no to, in the unit of work that says so; before [`finish`].
pub fn drop_container(unit: &mut Unit, org: &OrganisationId, act: &ActId, attempt: &AttemptId) {
    unit.then(format!("UPDATE act SET container = NULL WHERE {IN_ATTEMPT}"), binds![org, act, attempt]);
}

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

/// Keeps what readers can see of earlier versions with the attempt that corrected. What was kept with the corrections before it says no
/// more, and goes: all of them are read whenever the post is.
///
/// # Errors
/// `Down`.
pub async fn keep_history(
    db: &Db,
    org: &OrganisationId,
    attempt: &AttemptId,
    versions: &[Version],
) -> Result<(), StoreError> {
    let sql = "UPDATE attempt SET history = CASE WHEN id = ?2 THEN ?3 END WHERE org = ?1 AND act IN (
        SELECT b.id FROM attempt t JOIN act a ON a.id = t.act AND a.org = t.org
        JOIN act b ON b.publication = a.publication AND b.org = a.org AND b.part = a.part AND b.seq <= a.seq
        WHERE t.org = ?1 AND t.id = ?2)
      AND (id = ?2 OR history IS NOT NULL)";
    db.run(sql, binds![org, attempt, Bind::json(&versions)]).await.map(drop)
}

/// SQL: what would be made visible once more (`?4` is its state) after it was decided that all of it is taken down; or what a
/// person might then try again. A first comment of which nobody knows goes with the post that it stands below: there is nothing to
/// look for any more.
const TAKEN_DOWN: &str = "(?4 IN ('waiting', 'held', 'failed') OR (?4 = 'unknown' AND deed = 'comment'))
  AND deed <> 'delete' AND EXISTS (SELECT 1 FROM act b
  WHERE b.publication = act.publication AND b.deed = 'delete' AND b.state <> 'cancelled')";

/// SQL: a correction that surely was not made (`?4` is its state), where a newer one of the same part stands behind it: that one says
/// what is agreed to now. What would be handed to a person is handed once, by the newer one.
const SUPERSEDED: &str = "?4 IN ('waiting', 'held', 'failed', 'in_hand') AND deed = 'edit' AND EXISTS (SELECT 1 FROM act b
  WHERE b.publication = act.publication AND b.part = act.part AND b.deed = 'edit' AND b.seq > act.seq AND b.state <> 'cancelled')";

/// SQL: an act that would wait, fail or be held (`?4`), where it was decided meanwhile to correct it or to take it down. Where it was told
/// to be shown ([`IS_TOLD`], behind this), it is looked up instead, as in [`doubt_told`].
const DOUBTED: &str = "?4 IN ('waiting', 'held', 'failed') AND EXISTS (SELECT 1 FROM act b
  WHERE b.publication = act.publication AND b.org = act.org AND b.part = act.part AND b.seq > act.seq
    AND b.deed IN ('edit', 'delete') AND b.state <> 'cancelled')
  AND ";

/// Adds what follows an attempt to a unit of work: the act's next state and when it is due next. What surely is not out, and
/// whose publication is being taken down or corrected anew, is not tried again.
pub fn finish(
    unit: &mut Unit,
    org: &OrganisationId,
    act: &ActId,
    attempt: &AttemptId,
    state: &ActState,
    due: Option<Moment>,
) {
    let doubted = [DOUBTED, IS_TOLD].concat();
    let given_up = format!("({TAKEN_DOWN}) OR ({SUPERSEDED})");
    unit.then(
        format!(
            "UPDATE act SET state = CASE WHEN {doubted} THEN 'unknown' WHEN {given_up} THEN 'cancelled' ELSE ?4 END,
               data = CASE WHEN {doubted} THEN json_object('state', 'unknown', 'attempt', ?3, 'looks', 0, 'asked', json('false'))
                 WHEN {given_up} THEN '{{\"state\":\"cancelled\",\"by\":null,\"reason\":\"\"}}' ELSE ?5 END,
               due_at = COALESCE(?6, due_at), lease_at = NULL, waits = NULL,
               asked = ?7 AND NOT ({given_up}) AND NOT ({doubted}) WHERE {IN_ATTEMPT}"
        ),
        binds![org, act, attempt, state.name(), Bind::json(state), due, state.needs_a_person()],
    );
}

/// Holds a claimed act whose guards did not let it go out.
pub fn hold(unit: &mut Unit, org: &OrganisationId, act: &ActId, fence: u32, reason: Hold) {
    let state = ActState::Held { reason };
    unit.then(
        "UPDATE act SET state = 'held', data = ?4, lease_at = NULL, asked = 1, waits = NULL WHERE org = ?1 AND id = ?2 AND state = 'claimed' AND fence = ?3",
        binds![org, act, fence, Bind::json(&state)],
    );
}

/// Moves an act by a person's hand or a look, if it is still in one of the states (given as SQL literals of ours). What a
/// network was given to prepare is forgotten: whoever says that it is not out wants it made anew. But what failed or was held after the
/// network was told to show it ([`Container::told`]) may be out all the same: whoever tries it again goes on with that, and makes no second
/// one. A bar is lifted: whoever lets it out by hand is asked anew what those who are seen in it say.
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
               container = CASE WHEN state IN ('held', 'failed') AND {IS_TOLD} THEN container END,
               waits = NULL, barred = 0, asked = ?7 WHERE org = ?1 AND id = ?2 AND state IN ({states})"
        ),
        binds![org, act, state.name(), Bind::json(state), due, ends, state.needs_a_person()],
    );
}

/// Gives up an act of which nothing is on its way. What was told to be shown may be out, and is looked up at once instead: given up, it
/// would be one that readers see and nobody here knows of. Where it is not found, a person says so, and may give it up then. Where it is
/// out all the same, somebody is told of it (`barred`), even if they were told already that it failed: that is what the fence is for.
pub fn give_up(unit: &mut Unit, org: &OrganisationId, act: &ActId, state: &ActState, now: Moment) {
    unit.expect(
        "(SELECT state FROM act WHERE org = ?1 AND id = ?2) IN ('waiting', 'failed', 'held')",
        binds![org, act],
    );
    unit.then(
        format!(
            "UPDATE act SET state = CASE WHEN {IS_TOLD} THEN 'unknown' ELSE ?3 END, data = CASE WHEN {IS_TOLD} THEN {DOUBTFUL} ELSE ?4 END,
               due_at = CASE WHEN {IS_TOLD} THEN ?5 ELSE due_at END, container = CASE WHEN {IS_TOLD} THEN container END,
               lease_at = NULL, tried_before = tried, waits = NULL, barred = {IS_TOLD}, fence = fence + 1, asked = 0
             WHERE org = ?1 AND id = ?2 AND state IN ('waiting', 'failed', 'held')"
        ),
        binds![org, act, state.name(), Bind::json(state), now],
    );
}

/// What a takedown that was given up had put aside is asked about: the parts of a thread behind what readers see, and the first comment.
/// Who gave these up before the takedown is not written with them, and whoever did is asked once more.
pub fn ask_about_the_rest(
    unit: &mut Unit,
    org: &OrganisationId,
    publication: &PublicationId,
    window: (Moment, Moment),
) {
    let state = ActState::Held { reason: Hold::LeftOut };
    let (now, ends) = window;
    unit.then(
        "UPDATE act SET state = 'held', data = ?3, asked = 1, due_at = ?4, ends_at = ?5, lease_at = NULL, waits = NULL
         WHERE org = ?1 AND publication = ?2 AND state = 'cancelled' AND (deed = 'comment' OR (deed = 'create' AND part > 1))
           -- Only below what stays: none of it is being taken down, or was.
           AND EXISTS (SELECT 1 FROM act b WHERE b.publication = act.publication AND b.org = act.org
             AND b.deed = 'create' AND b.part = 1 AND b.state = 'done')
           AND NOT EXISTS (SELECT 1 FROM act b WHERE b.publication = act.publication AND b.org = act.org
             AND b.deed = 'delete' AND b.state <> 'cancelled')",
        binds![org, publication, Bind::json(&state), now, ends],
    );
}

/// What an act carries is replaced by what is approved now (a retry after a correction).
pub fn carry(unit: &mut Unit, org: &OrganisationId, act: &ActId, content_hash: &str, rendition: &Rendition) {
    unit.then(
        "UPDATE act SET content_hash = ?3, rendition = ?4, rendition_hash = ?5 WHERE org = ?1 AND id = ?2",
        binds![org, act, content_hash, Bind::json(rendition), rendition.hash()],
    );
}

/// The same of several acts that wait; what is carried anew was judged anew, and is not barred any more.
pub fn carry_all(unit: &mut Unit, org: &OrganisationId, content_hash: &str, what: &[(&ActId, &Rendition)]) {
    #[derive(Serialize)]
    struct Carried {
        rendition: String,
        hash: String,
    }
    let carried: HashMap<&str, Carried> = what
        .iter()
        .map(|(act, rendition)| {
            let hash = rendition.hash();
            (act.as_str(), Carried { rendition: serde_json::to_string(rendition).unwrap_or_default(), hash })
        })
        .collect();
    unit.then(
        "UPDATE act SET content_hash = ?2, rendition = json_extract(?3, '$.\"' || id || '\".rendition'),
           rendition_hash = json_extract(?3, '$.\"' || id || '\".hash'), barred = 0
         WHERE org = ?1 AND id IN (SELECT key FROM json_each(?3)) AND state = 'waiting'",
        binds![org, content_hash, Bind::json(&carried)],
    );
}

/// What was agreed to anew covers the first comments of a post that are still to come: a correction changes none of them
/// (`Refusal::OtherComment`).
pub fn cover_comments(unit: &mut Unit, org: &OrganisationId, post: &PostId, content_hash: &str) {
    let sql = "UPDATE act SET content_hash = ?3 WHERE org = ?1 AND post = ?2 AND deed = 'comment'
      AND state IN ('waiting', 'claimed', 'sending', 'unknown', 'held', 'failed')";
    unit.then(sql, binds![org, post, content_hash]);
}

/// What stands behind an act (`?3`) in its publication and was not sent: the parts of a thread behind it, and the first comment of all
/// of it; of a correction, those of the same correction.
const BEHIND: &str = "act.org = ?1 AND act.publication = ?2 AND act.state IN ('waiting', 'held', 'failed')
  AND EXISTS (SELECT 1 FROM act o WHERE o.id = ?3 AND o.org = act.org AND o.publication = act.publication
    AND CASE WHEN act.deed = 'comment' THEN o.deed = 'create'
      ELSE o.deed = act.deed AND o.part < act.part AND (o.deed = 'create' OR o.content_hash = act.content_hash) END)";

/// The parts behind one that a person lets out wait again, each until its turn.
pub fn follow_on(
    unit: &mut Unit,
    org: &OrganisationId,
    publication: &PublicationId,
    act: &ActId,
    due: Moment,
    ends: Moment,
) {
    unit.then(
        format!(
            "UPDATE act SET state = 'waiting', data = '{{\"state\":\"waiting\"}}', due_at = ?4, ends_at = ?5, lease_at = NULL,
               tried_before = tried, waits = NULL, asked = 0 WHERE {BEHIND}"
        ),
        binds![org, publication, act, due, ends],
    );
}

/// The parts behind one that a person gave up are given up with it: they would answer what is not there.
pub fn give_up_behind(
    unit: &mut Unit,
    org: &OrganisationId,
    publication: &PublicationId,
    act: &ActId,
    state: &ActState,
) {
    unit.then(
        format!("UPDATE act SET state = ?4, data = ?5, lease_at = NULL, waits = NULL, asked = 0 WHERE {BEHIND}"),
        binds![org, publication, act, state.name(), Bind::json(state)],
    );
}
