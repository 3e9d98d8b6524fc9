//! Posts: rows, lists, the unit of work of a step.

use std::collections::HashMap;

use domain::{
    Belonging, Bylaws, Channel, ChannelId, Content, Language, MemberId, Moment, Network, OrganisationId, Plan, Post,
    PostId, Stage, StageName, Themes,
    guidance::Checks,
    hours::Calendar,
    matter::Remark,
    outside::Link,
    people::People,
    plan::{APART, SEARCH},
    policy::Waiver,
    record,
    round::Now,
    zone::Zone,
};
use serde::Deserialize;
use wire::{
    posts::{Decided, Editor, Going, Miss, PostRow},
    publications::PublicationView,
};

use super::{
    Answer, Bind, Db, StoreError, Unit, acts,
    bylaws::{self, MemberRow},
    campaigns, channels, emergencies, guidance, id, json, name, name_of, outside,
};
use crate::binds;

/// A post with what stands beside it.
#[derive(Debug, Clone)]
pub struct Stored {
    /// The post.
    pub post: Post,
    /// What was waived.
    pub waivers: Vec<Waiver>,
    /// When it was created.
    pub created: Moment,
    /// Last change.
    pub changed: Moment,
    /// When the clock strikes next in its round. Reckoned at each change; not read.
    pub round_due: Option<Moment>,
}

/// Everything about a post, read in one trip.
#[derive(Debug, Clone)]
pub struct Whole {
    /// The post.
    pub stored: Stored,
    /// Every decision, oldest first.
    pub decisions: Vec<Decided>,
    /// What became of it.
    pub publications: Vec<PublicationView>,
    /// The organisation's channels.
    pub channels: Vec<Channel>,
    /// The organisation's members by name, those who left too.
    pub names: Vec<(MemberId, String)>,
    /// How the organisation agrees.
    pub bylaws: Bylaws,
    /// The version of that.
    pub law: u64,
    /// Who is there.
    pub people: People,
    /// Who has it open.
    pub editors: Vec<Editor>,
    /// Who outside was sent a link.
    pub links: Vec<Link>,
    /// The emergencies it was in.
    pub emergencies: Vec<emergencies::Stored>,
    /// What was said of what it speaks of.
    pub remarks: Vec<Remark>,
    /// The checklists that were gone through, oldest first.
    pub checks: Vec<Checks>,
    /// The campaign and the pillar that it belongs to, if any.
    pub themes: Themes,
}

#[derive(Deserialize)]
struct Row {
    id: String,
    author: String,
    version: f64,
    rounds: f64,
    hands: String,
    stage_data: String,
    plan: Option<String>,
    margin: Option<String>,
    content: String,
    campaign: Option<String>,
    pillar: Option<String>,
    waivers: String,
    created_at: f64,
    changed_at: f64,
}

impl TryFrom<Row> for Stored {
    type Error = StoreError;
    fn try_from(row: Row) -> Result<Self, StoreError> {
        Ok(Stored {
            post: Post {
                id: id(&row.id)?,
                author: id(&row.author)?,
                version: row.version as u64,
                rounds: row.rounds as u32,
                hands: json(&row.hands)?,
                content: json(&row.content)?,
                belongs: Belonging {
                    campaign: row.campaign.as_deref().map(id).transpose()?,
                    pillar: row.pillar.as_deref().map(id).transpose()?,
                },
                stage: json(&row.stage_data)?,
                plan: row.plan.as_deref().map(json).transpose()?,
                margin: row.margin.as_deref().map(json).transpose()?,
            },
            waivers: json(&row.waivers)?,
            created: Moment(row.created_at as i64),
            changed: Moment(row.changed_at as i64),
            round_due: None,
        })
    }
}

#[derive(Deserialize)]
struct DecisionRow {
    id: String,
    data: String,
    proof: String,
}

impl TryFrom<DecisionRow> for Decided {
    type Error = StoreError;
    fn try_from(row: DecisionRow) -> Result<Self, StoreError> {
        Ok(Decided { id: id(&row.id)?, decision: json(&row.data)?, proof: name(&row.proof)? })
    }
}

#[derive(Deserialize)]
struct NameRow {
    member: MemberRow,
    seen_at: Option<f64>,
}

/// An editor who was not heard of for so long has gone: the composer speaks every 20 s.
const GONE: domain::Millis = domain::Millis::seconds(50);

/// Reads a post with everything about it, in one trip.
///
/// # Errors
/// `Down`, `Row`.
pub async fn whole(db: &Db, org: &OrganisationId, post: &PostId, now: Moment) -> Result<Option<Whole>, StoreError> {
    let here = || binds![org, post];
    let mut answers = db
        .many(vec![
            (
                "SELECT id, author, version, rounds, hands, stage_data, plan, margin, content, campaign, pillar,
                   waivers, created_at, changed_at
                 FROM post WHERE org = ?1 AND id = ?2"
                    .to_owned(),
                here(),
            ),
            (
                "SELECT id, data, CASE WHEN signed IS NOT NULL THEN 'passkey' WHEN attested IS NOT NULL THEN 'code'
                   ELSE 'nothing' END AS proof FROM decision WHERE org = ?1 AND post = ?2 ORDER BY at, id"
                    .to_owned(),
                here(),
            ),
            (acts::OF_POST.to_owned(), here()),
            (
                format!(
                    "SELECT {} FROM channel WHERE org = ?1 ORDER BY network <> 'noticeboard', created_at, id",
                    channels::COLUMNS
                ),
                binds![org],
            ),
            (
                "SELECT m.id, m.name, m.role, m.access, m.email, m.removed_at, p.seen_at FROM member m
                 LEFT JOIN presence p ON p.org = m.org AND p.post = ?2 AND p.member = m.id AND p.seen_at > ?3
                 WHERE m.org = ?1"
                    .to_owned(),
                binds![org, post, now.minus(GONE)],
            ),
            (bylaws::STANDING.to_owned(), binds![org]),
            (outside::of_post_query(), here()),
            (emergencies::OF_POST.to_owned(), here()),
            (guidance::REMARKS.to_owned(), here()),
            (guidance::CHECKS.to_owned(), here()),
            (campaigns::OF_POST.to_owned(), here()),
        ])
        .await?
        .into_iter();
    let mut next = || answers.next().ok_or_else(|| StoreError::Row("an answer is missing".to_owned()));
    let Some(row) = next()?.results::<Row>()?.into_iter().next() else { return Ok(None) };
    let decisions: Vec<DecisionRow> = next()?.results()?;
    let publications = acts::views(next()?.results()?)?;
    let channel_rows: Vec<channels::Row> = next()?.results()?;
    let name_rows: Vec<NameRow> = next()?.results()?;
    let (law, bylaws) = bylaws::standing(&next()?)?;
    let links = outside::links(next()?.results()?)?;
    let emergencies = emergencies::of_post(&next()?)?;
    let (remarks, checks) = (guidance::remarks(&next()?)?, guidance::checks(&next()?)?);
    let themes = campaigns::themes(&next()?)?;
    let people = bylaws.people(bylaws::colleagues(name_rows.iter().map(|row| &row.member))?);
    let (mut names, mut editors) = (Vec::new(), Vec::new());
    for NameRow { member: row, seen_at } in name_rows {
        let member: MemberId = id(&row.id)?;
        if let Some(seen) = seen_at {
            editors.push(Editor { member: member.clone(), name: row.name.clone(), seen: Moment(seen as i64) });
        }
        names.push((member, row.name));
    }
    Ok(Some(Whole {
        stored: row.try_into()?,
        decisions: decisions.into_iter().map(TryInto::try_into).collect::<Result<_, _>>()?,
        publications,
        channels: channel_rows.into_iter().map(TryInto::try_into).collect::<Result<_, _>>()?,
        names,
        bylaws,
        law,
        people,
        editors,
        links,
        emergencies,
        remarks,
        checks,
        themes,
    }))
}

/// The destinations as the lists need them: channel, network, language, without reading the content.
fn destinations(content: &Content, channels: &[Channel]) -> Vec<(ChannelId, Network, Language)> {
    let network =
        |channel: &ChannelId| channels.iter().find(|one| one.id == *channel).map_or(Network::Other, |one| one.network);
    content.destinations().map(|(channel, language)| (channel.clone(), network(channel), language.clone())).collect()
}

fn columns(stored: &Stored, channels: &[Channel]) -> Vec<Bind> {
    let post = &stored.post;
    let correcting = matches!(&post.stage, Stage::Out { correction: Some(_), .. });
    binds![
        post.version,
        post.rounds,
        Bind::json(&post.hands),
        post.stage.name().as_str(),
        Bind::json(&post.stage),
        record::canonical(&post.content),
        post.content.hash(),
        post.stage.approval().and_then(|approval| approval.live_hash()),
        correcting,
        name_of(&post.content.kind),
        post.content.heading(),
        Bind::json(&destinations(&post.content, channels)),
        post.slot().map(|slot| slot.at),
        Bind::json(&stored.waivers),
        stored.round_due,
        post.plan.as_ref().map(Bind::json),
        post.margin.as_ref().map(Bind::json),
    ]
}

/// Adds a new post to a unit of work. `Unique` when the identity stands already.
pub fn insert(unit: &mut Unit, org: &OrganisationId, stored: &Stored, channels: &[Channel]) {
    let mut binds = binds![&stored.post.id, org, &stored.post.author, stored.created];
    binds.extend(columns(stored, channels));
    unit.then(
        "INSERT INTO post (id, org, author, created_at, changed_at, changed_by, version, rounds, hands, stage, stage_data,
           content, content_hash, approved_hash, correcting, kind, heading, destinations, slot_at, waivers,
           round_due_at, plan, margin)
         VALUES (?1, ?2, ?3, ?4, ?4, ?3, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20, ?21)",
        binds,
    );
}

/// Adds a changed post to a unit of work; nothing of the unit is written unless the stored version is still `before`.
/// `by` is nobody where somebody outside decided: the last member who changed it stays the one.
pub fn update<'a>(
    unit: &mut Unit,
    org: &OrganisationId,
    stored: &Stored,
    before: u64,
    by: impl Into<Option<&'a MemberId>>,
    channels: &[Channel],
) {
    let post = &stored.post.id;
    unit.expect("(SELECT version FROM post WHERE org = ?1 AND id = ?2) = ?3", binds![org, post, before]);
    let mut binds = binds![post, org, stored.changed, by.into()];
    binds.extend(columns(stored, channels));
    unit.then(
        "UPDATE post SET changed_at = ?3, changed_by = COALESCE(?4, changed_by), version = ?5, rounds = ?6, hands = ?7, stage = ?8,
           stage_data = ?9, content = ?10, content_hash = ?11, approved_hash = ?12, correcting = ?13, kind = ?14,
           heading = ?15, destinations = ?16, slot_at = ?17, waivers = ?18, round_due_at = ?19,
           plan = ?20, margin = ?21
         WHERE id = ?1 AND org = ?2",
        binds,
    );
}

#[derive(Deserialize)]
struct ListRow {
    id: String,
    version: f64,
    heading: String,
    kind: String,
    stage: String,
    author: String,
    slot_at: Option<f64>,
    destinations: String,
    changed_at: f64,
    correcting: f64,
    /// Only of what has no hour.
    plan: Option<String>,
    /// Only where it is asked who can decide.
    #[serde(default)]
    stage_data: Option<String>,
}

/// The columns of a list.
const LIST: &str = "id, version, heading, kind, stage, author, slot_at, destinations, changed_at, correcting,
  CASE WHEN slot_at IS NULL THEN plan END AS plan";

/// What to list.
#[derive(Debug, Clone)]
pub enum Which<'a> {
    /// Slots within a span.
    Span(Moment, Moment),
    /// Newest change first, of one stage or any; after the last one of the page before; so many.
    Newest(Option<StageName>, Option<(Moment, PostId)>, u32),
    /// Waiting for a decision that this member can take.
    ToDecide(&'a Bench),
    /// Drafts of this member.
    ToFinish(&'a MemberId),
    /// Without an hour, and not out: to be planned or placed.
    Unplaced,
    /// Publications that need a person.
    Troubled,
}

/// What waits for a decision, the longest first. More than that nobody has before them at a time.
const WAITING: &str = "WHERE org = ?1 AND (stage = 'in_review' OR correcting = 1) ORDER BY changed_at LIMIT 100";

impl Which<'_> {
    /// The query; `?1` is the organisation.
    pub fn query(&self, org: &OrganisationId) -> (String, Vec<Bind>) {
        // A calendar never shows more; a list says so and goes on with a cursor.
        const MOST: &str = "LIMIT 1000";
        match self {
            Which::Span(from, until) => (
                format!("SELECT {LIST} FROM post WHERE org = ?1 AND slot_at >= ?2 AND slot_at < ?3 ORDER BY slot_at, id {MOST}"),
                binds![org, *from, *until],
            ),
            Which::Newest(stage, before, count) => {
                // Two changes can share a millisecond: the identity tells them apart, or a page would lose one.
                let (at, post) = match before {
                    Some((at, post)) => (*at, post.as_str()),
                    None => (Moment(i64::MAX >> 12), ""),
                };
                let of_stage = if stage.is_some() { "AND stage = ?5" } else { "" };
                let mut binds = binds![org, at, post, *count];
                binds.extend(stage.map(|stage| Bind::from(stage.as_str())));
                (
                    format!(
                        "SELECT {LIST} FROM post WHERE org = ?1 {of_stage} AND changed_at <= ?2 AND (changed_at < ?2 OR id < ?3)
                         ORDER BY changed_at DESC, id DESC LIMIT ?4"
                    ),
                    binds,
                )
            }
            Which::ToDecide(_) => (format!("SELECT {LIST}, stage_data FROM post {WAITING}"), binds![org]),
            Which::ToFinish(member) => (
                format!("SELECT {LIST} FROM post WHERE org = ?1 AND stage = 'draft' AND author = ?2 ORDER BY changed_at DESC LIMIT 20"),
                binds![org, *member],
            ),
            // The list of stages is that of the index, word for word.
            Which::Unplaced => (
                format!(
                    "SELECT {LIST} FROM post INDEXED BY post_unplaced
                     WHERE org = ?1 AND slot_at IS NULL AND stage IN ('draft', 'in_review', 'approved')
                     ORDER BY changed_at DESC LIMIT 100"
                ),
                binds![org],
            ),
            Which::Troubled => (
                format!(
                    // The plus: by the identities that were found, not through all posts of the organisation. The list of
                    // states is that of the index, word for word, or the index is not used.
                    "SELECT {LIST} FROM post WHERE +org = ?1 AND id IN (
                       SELECT post FROM act INDEXED BY act_troubled
                       WHERE org = ?1 AND state IN ('failed', 'held', 'unknown', 'in_hand') AND (state <> 'unknown' OR asked = 1)
                       ORDER BY due_at DESC LIMIT 50)
                     ORDER BY slot_at DESC"
                ),
                binds![org],
            ),
        }
    }
}

/// Reads lists, each with what became of its posts: two trips for all of them together.
///
/// # Errors
/// `Down`, `Row`.
pub async fn lists(db: &Db, org: &OrganisationId, which: &[Which<'_>]) -> Result<Vec<Vec<PostRow>>, StoreError> {
    let answers = db.many(which.iter().map(|which| which.query(org)).collect()).await?;
    let mut rows: Vec<Vec<ListRow>> = answers.iter().map(|answer| answer.results()).collect::<Result<_, _>>()?;
    for (which, rows) in which.iter().zip(&mut rows) {
        if let Which::ToDecide(bench) = which {
            bench.keep(rows, |row| row.stage_data.as_deref())?;
        }
    }
    let placed: Vec<&String> = rows.iter().flatten().filter(|row| row.slot_at.is_some()).map(|row| &row.id).collect();
    let states = if placed.is_empty() { HashMap::new() } else { acts::states(db, org, &placed).await? };
    rows.into_iter().map(|rows| rows.into_iter().map(|row| row.shown(&states)).collect()).collect()
}

/// Who decides, and all that the rules ask besides: who is there, and when they work.
#[derive(Debug, Clone)]
pub struct Bench {
    /// Who.
    pub member: MemberId,
    /// When.
    pub at: Moment,
    /// How the organisation agrees.
    pub bylaws: Bylaws,
    /// Who is there.
    pub people: People,
    /// By which clock.
    pub zone: Zone,
}

impl Bench {
    /// As the rules ask for it.
    pub fn now(&self) -> Now<'_> {
        Now { at: self.at, people: &self.people, calendar: Calendar { hours: &self.bylaws.hours, zone: &self.zone } }
    }

    /// Keeps what the member can decide on.
    fn keep<R>(&self, rows: &mut Vec<R>, stage: impl Fn(&R) -> Option<&str>) -> Result<(), StoreError> {
        let mut broken = None;
        rows.retain(|row| match stage(row).map(json::<Stage>) {
            Some(Ok(Stage::InReview { round })) => !round.moves_of(&self.member, self.now()).is_empty(),
            Some(Ok(Stage::Out { correction: Some(correction), .. })) => {
                !correction.round.moves_of(&self.member, self.now()).is_empty()
            }
            Some(Err(error)) => {
                broken = Some(error);
                false
            }
            _ => false,
        });
        broken.map_or(Ok(()), Err)
    }
}

/// The query of what waits in an organisation, for [`mine`].
pub fn rounds_query(org: &OrganisationId) -> (String, Vec<Bind>) {
    (format!("SELECT id, stage_data FROM post {WAITING}"), binds![org])
}

#[derive(Deserialize)]
struct RoundRow {
    id: String,
    stage_data: String,
}

/// A round that waits, and the correction that it is about, if it is about one: its content and its reason.
pub type Open = (Box<domain::Round>, Option<(Content, String)>);

/// Of the answer to [`rounds_query`], what the member of a bench can decide on now.
///
/// # Errors
/// `Row`.
pub fn mine(bench: &Bench, answer: &Answer) -> Result<Vec<(PostId, Open)>, StoreError> {
    let mut rows: Vec<RoundRow> = answer.results()?;
    bench.keep(&mut rows, |row| Some(&row.stage_data))?;
    let open = |row: RoundRow| -> Result<_, StoreError> {
        let open = match json(&row.stage_data)? {
            Stage::InReview { round } => Some((round, None)),
            Stage::Out { correction: Some(correction), .. } => {
                Some((correction.round, Some((correction.content, correction.reason))))
            }
            _ => None,
        };
        Ok(open.zip(Some(id(&row.id)?)).map(|(open, post)| (post, open)))
    };
    rows.into_iter().filter_map(|row| open(row).transpose()).collect()
}

/// What is decided on, and what stands beside it.
#[derive(Debug, Clone)]
pub struct Leaf {
    /// The post's content.
    pub content: Content,
    /// What it was in the round before.
    pub before: Option<Content>,
    /// What was waived.
    pub waivers: Vec<Waiver>,
    /// What was said of what it speaks of.
    pub remarks: Vec<Remark>,
    /// Every decision, oldest first.
    pub decisions: Vec<Decided>,
}

/// Reads the leaves of some posts, in one trip. Who was given what is told apart by the posts' identities.
///
/// # Errors
/// `Down`, `Row`.
pub async fn leaves(db: &Db, org: &OrganisationId, posts: &[&PostId]) -> Result<HashMap<PostId, Leaf>, StoreError> {
    #[derive(Deserialize)]
    struct Row {
        id: String,
        content: String,
        before: Option<String>,
        waivers: String,
    }
    #[derive(Deserialize)]
    struct Said {
        post: String,
        decision: DecisionRow,
    }
    #[derive(Deserialize)]
    struct Remarked {
        post: String,
        data: String,
    }
    let here = || binds![org, Bind::json(&posts)];
    let answers = db
        .many(vec![
            (
                "SELECT id, content, before, waivers FROM post
                 WHERE org = ?1 AND id IN (SELECT value FROM json_each(?2))"
                    .to_owned(),
                here(),
            ),
            (
                // The plus: by the posts that were named, not through all decisions of the organisation.
                "SELECT post, id, data, CASE WHEN signed IS NOT NULL THEN 'passkey' WHEN attested IS NOT NULL THEN 'code' ELSE 'nothing' END AS proof
                 FROM decision
                 WHERE org = ?1 AND post IN (SELECT value FROM json_each(?2)) ORDER BY +at, +id"
                    .to_owned(),
                here(),
            ),
            (
                "SELECT post, data FROM remark WHERE org = ?1 AND post IN (SELECT value FROM json_each(?2)) ORDER BY at, matter"
                    .to_owned(),
                here(),
            ),
        ])
        .await?;
    let [contents, said, remarked] = &answers[..] else {
        return Err(StoreError::Row("an answer is missing".to_owned()));
    };
    let mut leaves = HashMap::new();
    for row in contents.results::<Row>()? {
        let before = row.before.as_deref().map(json).transpose()?;
        let (content, waivers) = (json(&row.content)?, json(&row.waivers)?);
        leaves.insert(id(&row.id)?, Leaf { content, before, waivers, remarks: Vec::new(), decisions: Vec::new() });
    }
    for said in said.results::<Said>()? {
        if let Some(leaf) = leaves.get_mut(&id::<PostId>(&said.post)?) {
            leaf.decisions.push(said.decision.try_into()?);
        }
    }
    for one in remarked.results::<Remarked>()? {
        if let Some(leaf) = leaves.get_mut(&id::<PostId>(&one.post)?) {
            leaf.remarks.push(json(&one.data)?);
        }
    }
    Ok(leaves)
}

/// How many posts wait for a decision of a member.
///
/// # Errors
/// `Row`.
pub fn count_waiting(bench: &Bench, mut rows: Vec<WaitingRow>) -> Result<u32, StoreError> {
    bench.keep(&mut rows, |row| Some(&row.stage_data))?;
    Ok(rows.len() as u32)
}

/// The query of [`count_waiting`].
pub fn waiting_query() -> String {
    format!("SELECT stage_data FROM post {WAITING}")
}

/// A post that waits.
#[derive(Deserialize)]
pub struct WaitingRow {
    stage_data: String,
}

impl ListRow {
    fn shown(self, states: &acts::States) -> Result<PostRow, StoreError> {
        let destinations: Vec<(ChannelId, Network, Language)> = json(&self.destinations)?;
        let going = destinations.into_iter().map(|(channel, network, language)| Going {
            state: states.get(&(self.id.clone(), channel.to_string(), language.to_string())).copied(),
            network,
            channel,
            language,
        });
        Ok(PostRow {
            going: going.collect(),
            id: id(&self.id)?,
            version: self.version as u64,
            heading: self.heading,
            kind: name(&self.kind)?,
            stage: name(&self.stage)?,
            author: id(&self.author)?,
            slot: self.slot_at.map(|at| Moment(at as i64)),
            changed: Moment(self.changed_at as i64),
            correcting: self.correcting > 0.0,
            missed: match self.plan.as_deref().map(json::<Plan>).transpose()? {
                Some(Plan::Missed { slot, why, .. }) => Some(Miss { at: slot.at, why }),
                _ => None,
            },
        })
    }
}

/// Says that a member has a post open, and answers who else has.
///
/// # Errors
/// `Down`, `Row`.
pub async fn present(
    db: &Db,
    org: &OrganisationId,
    post: &PostId,
    member: &MemberId,
    now: Moment,
) -> Result<Vec<Editor>, StoreError> {
    let mut unit = Unit::new();
    unit.then(
        "INSERT INTO presence (org, post, member, seen_at)
         SELECT ?1, ?2, ?3, ?4 WHERE EXISTS (SELECT 1 FROM post WHERE org = ?1 AND id = ?2)
         ON CONFLICT (org, post, member) DO UPDATE SET seen_at = ?4",
        binds![org, post, member, now],
    );
    unit.then(
        "SELECT m.id, m.name, m.role, m.access, m.email, m.removed_at, p.seen_at FROM presence p JOIN member m ON m.id = p.member AND m.org = p.org
         WHERE p.org = ?1 AND p.post = ?2 AND p.member <> ?3 AND p.seen_at > ?4",
        binds![org, post, member, now.minus(GONE)],
    );
    let answers = db.commit(unit).await?;
    let rows: Vec<NameRow> = answers.last().map(|answer| answer.results()).transpose()?.unwrap_or_default();
    let editor = |row: NameRow| {
        let NameRow { member: row, seen_at } = row;
        let seen = Moment(seen_at.unwrap_or_default() as i64);
        Ok(Editor { member: id(&row.id)?, name: row.name, seen })
    };
    rows.into_iter().map(editor).collect()
}

/// Whether every picture of a content is one of the organisation's, as it was stored.
///
/// # Errors
/// `Down`, `Row`.
pub async fn owns_pictures(db: &Db, org: &OrganisationId, content: &Content) -> Result<bool, StoreError> {
    if content.pictures.is_empty() {
        return Ok(true);
    }
    #[derive(Deserialize)]
    struct Row {
        count: f64,
    }
    let sql = "SELECT COUNT(*) AS count FROM json_each(?2) j JOIN media m ON m.org = ?1
      AND m.id = json_extract(j.value, '$.media') AND m.hash = json_extract(j.value, '$.hash')
      AND m.mime = json_extract(j.value, '$.mime') AND m.bytes = json_extract(j.value, '$.bytes')
      AND m.width = json_extract(j.value, '$.width') AND m.height = json_extract(j.value, '$.height')";
    let row: Option<Row> = db.first(sql, binds![org, Bind::json(&content.pictures)]).await?;
    Ok(row.is_some_and(|row| row.count as usize == content.pictures.len()))
}

/// When else something goes out, or is wished to, on some channels, in order: what whoever looks for a hole between two
/// instants must know.
///
/// # Errors
/// `Down`, `Row`.
pub async fn taken(
    db: &Db,
    org: &OrganisationId,
    post: &PostId,
    channels: &[ChannelId],
    from: Moment,
) -> Result<Vec<Moment>, StoreError> {
    #[derive(Deserialize)]
    struct Row {
        slot_at: f64,
    }
    // Both ends with the distance that is kept.
    let (from, until) = (from.minus(APART), from.plus(SEARCH).plus(APART));
    let sql = format!("SELECT slot_at FROM post WHERE {ON_CHANNELS} ORDER BY slot_at LIMIT 3000");
    let rows: Vec<Row> = db.all(&sql, binds![org, post, from, until, Bind::json(&channels)]).await?;
    Ok(rows.into_iter().map(|row| Moment(row.slot_at as i64)).collect())
}

/// Other posts of the organisation between two instants on some channels.
const ON_CHANNELS: &str = "org = ?1 AND id <> ?2 AND slot_at > ?3 AND slot_at < ?4 AND EXISTS (
  SELECT 1 FROM json_each(destinations) d, json_each(?5) c WHERE json_extract(d.value, '$[0]') = c.value)";

/// Adds a guard: the hole is still free when this is written. Two who look at once would see the same one.
pub fn still_free(unit: &mut Unit, org: &OrganisationId, post: &PostId, channels: &[ChannelId], at: Moment) {
    let sql = format!("NOT EXISTS (SELECT 1 FROM post WHERE {ON_CHANNELS})");
    unit.expect(&sql, binds![org, post, at.minus(APART), at.plus(APART), Bind::json(&channels)]);
}
