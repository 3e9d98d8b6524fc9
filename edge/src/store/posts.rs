//! Posts: rows, lists, the unit of work of a step.

pub mod search;

use std::collections::HashMap;

use domain::{
    Belonging, Bylaws, CampaignId, Channel, ChannelId, Content, Language, MemberId, Millis, Moment, Network,
    OrganisationId, Picture, Plan, Post, PostId, Poster, Round, SeriesId, Slot, Stage, StageName, Themes, UnitId,
    clash::{Gist, Said, Words},
    consent::Facts,
    contacts::Entry,
    guidance::Checks,
    hours::Calendar,
    mark::Mark,
    matter::Remark,
    outside::Link,
    people::People,
    plan::{APART, Room, SEARCH},
    policy::Waiver,
    record,
    rhythm::GONE,
    round::Now,
    series::Turn,
    translation::Behind,
    zone::Zone,
};
use serde::{Deserialize, Serialize};
use wire::{
    home::Untold,
    posts::{Decided, Editor, Going, Miss, PostRow},
    publications::PublicationView,
};

use super::{
    Answer, Bind, Db, StoreError, Unit, acts,
    bylaws::{self, MemberRow},
    campaigns, channels, consents, contacts, documents, emergencies, guidance, id, json, name, name_of, outside,
    videos,
};
use crate::{binds, rights::Rights};

/// A post with what stands beside it.
#[derive(Debug, Clone)]
pub struct Stored {
    /// The post.
    pub post: Post,
    /// What was waived.
    pub waivers: Vec<Waiver>,
    /// Which of its translations are older than their source.
    pub behind: Behind,
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
    /// The campaign, the pillar, the audience and the message that it belongs to, if any.
    pub themes: Themes,
    /// What the library knows of its pictures and its video, those of a correction that waits too.
    pub known: Vec<Facts>,
    /// Who wrote what it says.
    pub written: Written,
}

/// Who wrote what a post says: not always who changed it last, for an hour or an agreement changes it too.
#[derive(Debug, Clone)]
pub struct Written {
    /// Who.
    pub by: MemberId,
    /// When.
    pub at: Moment,
    /// When the earlier content that was kept last was written, or if none was, when the post was begun.
    pub kept: Moment,
    /// Whether that one was submitted, or there is none.
    pub first: bool,
}

impl Whole {
    /// What is asked of the library before it goes out at a slot; without one, when it goes out as things are.
    pub fn rights<'a>(&'a self, slot: Option<&Slot>, now: Moment) -> Rights<'a> {
        let post = &self.stored.post;
        Rights::at(&self.known, post.belongs.campaign.as_ref(), slot.or(post.slot()), now)
    }
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
    audience: Option<String>,
    message: Option<String>,
    waivers: String,
    behind: Option<String>,
    series: Option<String>,
    turn: Option<f64>,
    created_at: f64,
    changed_at: f64,
}

/// The columns of a post.
const COLUMNS: &str =
    "id, author, version, rounds, hands, stage_data, plan, margin, content, campaign, pillar, audience, message, waivers,
  behind, series, turn, created_at, changed_at";

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
                    audience: row.audience.as_deref().map(id).transpose()?,
                    message: row.message.as_deref().map(id).transpose()?,
                },
                stage: json(&row.stage_data)?,
                plan: row.plan.as_deref().map(json).transpose()?,
                margin: row.margin.as_deref().map(json).transpose()?,
                series: match (row.series, row.turn) {
                    (Some(series), Some(number)) => Some(Turn { series: id(&series)?, number: number as u32 }),
                    _ => None,
                },
            },
            waivers: json(&row.waivers)?,
            behind: row.behind.as_deref().map(json).transpose()?.unwrap_or_default(),
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
    brought_at: Option<f64>,
}

impl TryFrom<DecisionRow> for Decided {
    type Error = StoreError;
    fn try_from(row: DecisionRow) -> Result<Self, StoreError> {
        let brought = row.brought_at.map(|at| Moment(at as i64));
        Ok(Decided { id: id(&row.id)?, decision: json(&row.data)?, proof: name(&row.proof)?, brought })
    }
}

#[derive(Deserialize)]
struct NameRow {
    member: MemberRow,
    seen_at: Option<f64>,
}

/// Reads a post with everything about it, in one trip.
///
/// # Errors
/// `Down`, `Row`.
pub async fn whole(db: &Db, org: &OrganisationId, post: &PostId, now: Moment) -> Result<Option<Whole>, StoreError> {
    let here = || binds![org, post];
    let mut answers = db
        .many(vec![
            (
                format!(
                    "SELECT {COLUMNS}, {} AS known, COALESCE(written_by, author) AS wrote,
                       COALESCE(written_at, created_at) AS wrote_at, COALESCE((SELECT r.at FROM revision r
                         WHERE r.org = ?1 AND r.post = ?2 ORDER BY r.version DESC LIMIT 1), created_at) AS kept_at,
                       COALESCE((SELECT r.round IS NOT NULL FROM revision r
                         WHERE r.org = ?1 AND r.post = ?2 ORDER BY r.version DESC LIMIT 1), 1) AS is_first
                     FROM post WHERE org = ?1 AND id = ?2",
                    consents::of_post_column()
                ),
                here(),
            ),
            (
                "SELECT id, data, CASE WHEN signed IS NOT NULL THEN 'passkey' WHEN attested IS NOT NULL THEN 'code'
                   ELSE 'nothing' END AS proof, brought_at FROM decision WHERE org = ?1 AND post = ?2 ORDER BY at, id"
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
    #[derive(Deserialize)]
    struct Known {
        known: String,
        wrote: String,
        wrote_at: f64,
        kept_at: f64,
        is_first: f64,
        row: Row,
    }
    let Some(found) = next()?.results::<Known>()?.into_iter().next() else { return Ok(None) };
    let Known { known, wrote, wrote_at, kept_at, is_first, row } = found;
    let (at, kept) = (Moment(wrote_at as i64), Moment(kept_at as i64));
    let written = Written { by: id(&wrote)?, at, kept, first: is_first > 0.0 };
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
        known: consents::in_column(&known)?,
        written,
    }))
}

/// The destinations as the lists need them: channel, network, language, without reading the content.
pub(super) fn destinations(content: &Content, channels: &[Channel]) -> Vec<(ChannelId, Network, Language)> {
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
        (!stored.behind.is_empty()).then(|| Bind::json(&stored.behind)),
        post.round().ok().and_then(Round::asks).as_ref().map(Bind::json),
    ]
}

/// Adds a new post to a unit of work. `Unique` when the identity stands already.
pub fn insert(unit: &mut Unit, org: &OrganisationId, stored: &Stored, channels: &[Channel]) {
    let mut binds = binds![&stored.post.id, org, &stored.post.author, stored.created];
    binds.extend(columns(stored, channels));
    unit.then(
        "INSERT INTO post (id, org, author, created_at, changed_at, changed_by, version, rounds, hands, stage, stage_data,
           content, content_hash, approved_hash, correcting, kind, heading, destinations, slot_at, waivers,
           round_due_at, plan, margin, behind, movers)
         VALUES (?1, ?2, ?3, ?4, ?4, ?3, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20, ?21,
           ?22, ?23)",
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
           stage_data = ?9, written_by = CASE WHEN content_hash = ?11 THEN written_by ELSE COALESCE(?4, written_by) END,
           written_at = CASE WHEN content_hash = ?11 THEN written_at ELSE ?3 END,
           content = ?10, content_hash = ?11, approved_hash = ?12, correcting = ?13, kind = ?14,
           heading = ?15, destinations = ?16, slot_at = ?17, waivers = ?18, round_due_at = ?19,
           plan = ?20, margin = ?21, behind = ?22, movers = ?23,
           unworded = CASE WHEN content_hash = ?11 THEN unworded ELSE 1 END
         WHERE id = ?1 AND org = ?2",
        binds,
    );
}

/// Adds to a unit of work which translations are still behind; nothing of the unit is written unless the stored version is still
/// the post's. It is counted as a change: whoever saves at the same time reads it first.
pub fn catch_up(unit: &mut Unit, org: &OrganisationId, post: &Post, behind: &Behind, by: &MemberId, now: Moment) {
    let standing = "(SELECT version FROM post WHERE org = ?1 AND id = ?2) = ?3";
    unit.expect(standing, binds![org, &post.id, post.version]);
    let sql = "UPDATE post SET behind = ?3, version = version + 1, changed_at = ?4, changed_by = ?5 WHERE org = ?1 AND id = ?2";
    let kept = (!behind.is_empty()).then(|| Bind::json(behind));
    unit.then(sql, binds![org, &post.id, kept, now, by]);
}

/// Several posts, with all that the rules ask of each when it is moved.
#[derive(Debug, Clone)]
pub struct Several {
    /// The posts, in the order in which they were asked for.
    pub stored: Vec<Stored>,
    /// The organisation's channels.
    pub channels: Vec<Channel>,
    /// How the organisation agrees.
    pub bylaws: Bylaws,
    /// Who is there.
    pub people: People,
    /// Those of them of which something was tried.
    pub tried: Vec<PostId>,
    /// What the library knows of their pictures and videos.
    pub known: Vec<Facts>,
}

/// Reads several posts of an organisation, in one trip of six queries. What is not there is left out.
///
/// # Errors
/// `Down`, `Row`.
pub async fn several(db: &Db, org: &OrganisationId, posts: &[&PostId]) -> Result<Several, StoreError> {
    let these = || binds![org, Bind::json(&posts)];
    let answers = db
        .many(vec![
            // The plus: by the identities that were named, not through all posts of the organisation.
            (
                format!("SELECT {COLUMNS} FROM post WHERE +org = ?1 AND id IN (SELECT value FROM json_each(?2))"),
                these(),
            ),
            channels::query(org),
            (bylaws::STANDING.to_owned(), binds![org]),
            (bylaws::MEMBERS.to_owned(), binds![org]),
            (acts::TRIED.to_owned(), these()),
            (consents::of_posts_query(), these()),
        ])
        .await?;
    let [rows, channels, law, members, tried, known] = &answers[..] else {
        return Err(StoreError::Row("an answer is missing".to_owned()));
    };
    let mut stored: Vec<Stored> =
        rows.results::<Row>()?.into_iter().map(TryInto::try_into).collect::<Result<_, _>>()?;
    stored.sort_by_key(|one| posts.iter().position(|post| **post == one.post.id));
    let channels = channels.results::<channels::Row>()?.into_iter().map(TryInto::try_into).collect::<Result<_, _>>()?;
    let (_, bylaws) = bylaws::standing(law)?;
    let people = bylaws::people(&bylaws, &members.results::<MemberRow>()?)?;
    Ok(Several { stored, channels, bylaws, people, tried: acts::tried(tried)?, known: consents::facts(known)? })
}

/// Adds posts that were moved to a unit of work, each with the version that it had; nothing of the unit is written unless
/// all still have it. Only an hour has changed: content, approvals and destinations stand.
pub fn move_all(unit: &mut Unit, org: &OrganisationId, moved: &[(Stored, u64)], by: &MemberId, now: Moment) {
    #[derive(Serialize)]
    struct Moved<'a> {
        id: &'a PostId,
        before: u64,
        version: u64,
        stage_data: String,
        slot_at: Option<Moment>,
        plan: Option<String>,
        round_due_at: Option<Moment>,
    }
    let text = |value: &Plan| serde_json::to_string(value).unwrap_or_default();
    let moved: Vec<Moved<'_>> = moved
        .iter()
        .map(|(stored, before)| Moved {
            id: &stored.post.id,
            before: *before,
            version: stored.post.version,
            stage_data: serde_json::to_string(&stored.post.stage).unwrap_or_default(),
            slot_at: stored.post.slot().map(|slot| slot.at),
            plan: stored.post.plan.as_ref().map(text),
            round_due_at: stored.round_due,
        })
        .collect();
    let all = Bind::json(&moved);
    // The plus: by the identities that were named, not through all posts of the organisation.
    let same = "(SELECT COUNT(*) FROM json_each(?2) j CROSS JOIN post p ON p.id = json_extract(j.value, '$.id') AND +p.org = ?1
      WHERE p.version = json_extract(j.value, '$.before')) = ?3";
    unit.expect(same, binds![org, all.clone(), moved.len() as u32]);
    unit.then(
        "UPDATE post SET changed_at = ?3, changed_by = ?4, version = json_extract(j.value, '$.version'),
           stage_data = json_extract(j.value, '$.stage_data'), slot_at = json_extract(j.value, '$.slot_at'),
           plan = json_extract(j.value, '$.plan'), round_due_at = json_extract(j.value, '$.round_due_at')
         FROM json_each(?2) j WHERE post.id = json_extract(j.value, '$.id') AND +post.org = ?1",
        binds![org, all, now, by],
    );
}

/// A post of a campaign, without what it says.
#[derive(Debug, Clone)]
pub struct OfCampaign {
    /// Which.
    pub id: PostId,
    /// Where it is.
    pub stage: StageName,
    /// What it is called.
    pub heading: String,
    /// When it goes out, or went.
    pub at: Moment,
    /// Where it goes.
    pub channels: Vec<ChannelId>,
}

/// More of a campaign nobody looks at in one go.
const MOST_OF_CAMPAIGN: u32 = 200;

/// What of a campaign has an hour within a span, the earliest first; nothing where there is no such campaign. One trip.
///
/// # Errors
/// `Down`, `Row`.
pub async fn of_campaign(
    db: &Db,
    org: &OrganisationId,
    campaign: &CampaignId,
    (from, until): (Moment, Moment),
) -> Result<Option<Vec<OfCampaign>>, StoreError> {
    #[derive(Deserialize)]
    struct Row {
        id: String,
        stage: String,
        heading: String,
        slot_at: f64,
        destinations: String,
    }
    #[derive(Deserialize)]
    struct Known {}
    let sql = format!(
        "SELECT id, stage, heading, slot_at, destinations FROM post
         WHERE org = ?1 AND slot_at >= ?2 AND slot_at < ?3 AND campaign = ?4
         ORDER BY stage IN ('out', 'cancelled'), slot_at, id LIMIT {MOST_OF_CAMPAIGN}"
    );
    let answers = db
        .many(vec![
            ("SELECT 1 AS known FROM campaign WHERE org = ?1 AND id = ?2".to_owned(), binds![org, campaign]),
            (sql, binds![org, from, until, campaign]),
        ])
        .await?;
    let [known, rows] = &answers[..] else { return Err(StoreError::Row("an answer is missing".to_owned())) };
    if known.results::<Known>()?.is_empty() {
        return Ok(None);
    }
    let one = |row: Row| {
        let going: Vec<(ChannelId, Network, Language)> = json(&row.destinations)?;
        let channels = going.into_iter().map(|(channel, ..)| channel).collect();
        let at = Moment(row.slot_at as i64);
        Ok(OfCampaign { id: id(&row.id)?, stage: name(&row.stage)?, heading: row.heading, at, channels })
    };
    rows.results::<Row>()?.into_iter().map(one).collect::<Result<_, _>>().map(Some)
}

/// A post among others: when, where, what it is called and what it says.
#[derive(Debug, Clone)]
pub struct Beside {
    /// Which.
    pub id: PostId,
    /// When it goes out.
    pub at: Moment,
    /// Where, in which languages, and what it says there.
    pub on: Vec<((ChannelId, Language), Option<Gist>)>,
    /// What it is called.
    pub heading: String,
    /// The series that it is of.
    pub series: Option<SeriesId>,
}

/// So many others are looked at for what gets in the way: it is a warning, and it costs.
const MOST_BESIDE: u32 = 500;

/// What else is still to go out between two instants, as far as it is so near to one of others.
///
/// # Errors
/// `Down`, `Row`.
pub async fn beside(
    db: &Db,
    org: &OrganisationId,
    (from, until): (Moment, Moment),
    near: &[Moment],
    within: Millis,
) -> Result<Vec<Beside>, StoreError> {
    #[derive(Deserialize)]
    struct Row {
        id: String,
        slot_at: f64,
        destinations: String,
        heading: String,
        series: Option<String>,
        said: Option<String>,
    }
    let sql = format!(
        "SELECT id, slot_at, destinations, heading, series, {SAID} FROM post
         WHERE org = ?1 AND slot_at >= ?2 AND slot_at <= ?3 AND stage IN ('draft', 'in_review', 'approved', 'placed')
           AND EXISTS (SELECT 1 FROM json_each(?4) j WHERE ABS(j.value - slot_at) <= ?5)
         ORDER BY slot_at, id LIMIT {MOST_BESIDE}"
    );
    let rows: Vec<Row> = db.all(&sql, binds![org, from, until, Bind::json(&near), within.0]).await?;
    let one = |row: Row| {
        let going: Vec<(ChannelId, Network, Language)> = json(&row.destinations)?;
        let said = said(row.said.as_deref());
        let on = going.into_iter().map(|(channel, _, language)| {
            let says = said.on(&channel, &language);
            ((channel, language), says)
        });
        let (on, series) = (on.collect(), row.series.as_deref().map(id).transpose()?);
        Ok(Beside { id: id(&row.id)?, at: Moment(row.slot_at as i64), on, heading: row.heading, series })
    };
    rows.into_iter().map(one).collect()
}

/// What a post that is still to go out says, as it is compared with others (`domain::clash`): so many characters of it as are compared
/// there (`clash::COMPARED`), or one text would be another here than where the whole of it is read.
const SAID: &str = "CASE WHEN stage IN ('draft', 'in_review', 'approved', 'placed') THEN json_object(
    'texts', json((SELECT json_group_object(t.key, substr(t.value, 1, 4000)) FROM json_each(content, '$.texts') t)),
    'versions', json((SELECT json_group_array(json_array(t.value ->> '$.channel', t.value ->> '$.language',
        substr(t.value ->> '$.text', 1, 4000)))
      FROM (SELECT value FROM json_each(content, '$.versions') WHERE type = 'object') t))) END AS said";

/// What cannot be read says the same as nothing, and keeps nobody from seeing the others.
fn said(column: Option<&str>) -> Said {
    column.and_then(|words| json::<Words>(words).ok()).map(|words| Said::from(&words)).unwrap_or_default()
}

/// The query of who belongs to which unit.
fn hands_query(org: &OrganisationId) -> (String, Vec<Bind>) {
    let sql = "SELECT m.value AS member, u.value ->> '$.id' AS unit FROM bylaws b, json_each(b.data, '$.units') u,
      json_each(u.value, '$.members') m WHERE b.org = ?1";
    (sql.to_owned(), binds![org])
}

/// Tells each post of a campaign or a message that is still to go out of which units its author is: whether two who speak of one
/// thing plan together.
fn tell_units(rows: &mut [PostRow], hands: &Answer) -> Result<(), StoreError> {
    #[derive(Deserialize)]
    struct Hand {
        member: String,
        unit: String,
    }
    let hands: Vec<Hand> = hands.results()?;
    let open = |row: &PostRow| !matches!(row.stage, StageName::Out | StageName::Cancelled);
    for row in rows.iter_mut().filter(|row| open(row) && (row.campaign.is_some() || row.message.is_some())) {
        let own = hands.iter().filter(|hand| hand.member == row.author.as_str());
        row.units = own.map(|hand| id::<UnitId>(&hand.unit)).collect::<Result<_, _>>()?;
    }
    Ok(())
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
    campaign: Option<String>,
    pillar: Option<String>,
    audience: Option<String>,
    message: Option<String>,
    /// Only of what has no hour.
    plan: Option<String>,
    /// Only where it is asked who can decide.
    #[serde(default)]
    stage_data: Option<String>,
    /// The same, and in a span.
    #[serde(default)]
    series: Option<String>,
    /// Only in a span.
    #[serde(default)]
    said: Option<String>,
}

/// The columns of a list.
const LIST: &str =
    "id, version, heading, kind, stage, author, slot_at, destinations, changed_at, correcting, campaign, pillar,
  audience, message, CASE WHEN slot_at IS NULL THEN plan END AS plan";

/// A calendar shows so many of a span at once; it says so where there are more, and goes on with a cursor.
pub const MOST: usize = 1_000;

/// What to list.
#[derive(Debug, Clone)]
pub enum Which<'a> {
    /// Slots within a span: one more than `most`, if there are more.
    Span {
        /// From when on.
        from: Moment,
        /// Before when.
        until: Moment,
        /// The last one of the page before.
        after: Option<(Moment, PostId)>,
        /// So many.
        most: usize,
        /// Whether they are told what they say and by whose unit: it is reckoned of every text, for who plans.
        compared: bool,
    },
    /// Newest change first, of one stage or any; after the last one of the page before; so many.
    Newest(Option<StageName>, Option<(Moment, PostId)>, u32),
    /// Waiting for a decision that this member can take.
    ToDecide(&'a Bench),
    /// Drafts of this member.
    ToFinish(&'a MemberId),
    /// Without an hour, and not out: to be planned or placed. What is agreed to first; after the last one of the page before; one
    /// more than a page, if there are more.
    Unplaced(Option<Unplaced>),
    /// Publications that need a person.
    Troubled,
}

/// So much of what waits for a member is looked at in one go: each is judged by every rule within the engine's 10 ms, and
/// nobody has more before them at a time. Where there is more, that is said.
const MOST_WAITING: usize = 100;

/// What waits for a member, the longest first, one more than is looked at if there is more. Found by whom the rounds ask
/// (`domain::round::Asked`), so that what waits for others takes nobody's place; by what the directory and the decrees say
/// now, which is looked up here: that changes without the posts. What they are asked for themselves comes before what they are
/// asked for others or by a ladder, which may not have come to them yet. Where it is not written whom a round asks (the engine of
/// before wrote it, between a migration and its successor), it may be anybody: the rules say.
fn waiting_for(columns: &str, org: &OrganisationId, member: &MemberId, now: Moment) -> (String, Vec<Bind>) {
    let asks = |list: &str, own: &str| {
        format!(
            "EXISTS (SELECT 1 FROM json_each(post.movers, '$.{list}') j WHERE j.value IN (SELECT party FROM fits{own}))"
        )
    };
    let (own, whom, later) = (asks("whom", " WHERE own = 1"), asks("whom", ""), asks("later", ""));
    // By two indexes: one "or" over both would be looked for in all posts of the organisation.
    let sql = format!(
        "WITH law(data) AS (SELECT data FROM bylaws WHERE org = ?1),
           hat(who, own) AS (
             SELECT ?2, 1
             UNION ALL SELECT d.value ->> '$.of', 0 FROM law, json_each(law.data, '$.delegations') d
               WHERE d.value ->> '$.to' = ?2 AND d.value ->> '$.term.from' <= ?3 AND d.value ->> '$.term.until' > ?3
                 AND (d.value ->> '$.revoked' IS NULL OR d.value ->> '$.revoked' > ?3)),
           fits(party, own) AS (
             SELECT json_object('party', 'member', 'member', h.who), h.own FROM hat h
             UNION ALL SELECT json_object('party', 'role', 'role', m.role), h.own
               FROM hat h CROSS JOIN member m ON m.id = h.who AND +m.org = ?1
             UNION ALL SELECT json_object('party', 'unit', 'unit', u.value ->> '$.id'), h.own
               FROM law, json_each(law.data, '$.units') u, json_each(u.value, '$.members') x, hat h WHERE h.who = x.value)
         SELECT {columns} FROM post
         WHERE +org = ?1 AND id IN (SELECT id FROM post WHERE org = ?1 AND stage = 'in_review'
             UNION ALL SELECT id FROM post WHERE org = ?1 AND correcting = 1)
           AND (post.movers IS NULL OR {whom} OR {later})
           AND NOT EXISTS (SELECT 1 FROM json_each(post.movers, '$.never') j WHERE j.value = ?2)
         ORDER BY {own} DESC, changed_at, id LIMIT {}",
        MOST_WAITING + 1
    );
    (sql, binds![org, member, now])
}

/// A post in the list of what has no hour: whether it still has to be agreed to, its last change, and which it is.
pub type Unplaced = (bool, Moment, PostId);

/// So many of what has no hour are listed at once.
pub const TRAY: usize = 100;

/// What has no hour, behind one of it. The conditions are those of the index, word for word, or it is not used.
const UNPLACED: &str = "post INDEXED BY post_unplaced
  WHERE org = ?1 AND slot_at IS NULL AND stage IN ('draft', 'in_review', 'approved') AND (stage <> 'approved') >= ?2
    AND ((stage <> 'approved') > ?2 OR changed_at <= ?3 AND (changed_at < ?3 OR id < ?4))";

/// The binds of [`UNPLACED`].
fn behind(org: &OrganisationId, after: Option<&Unplaced>) -> Vec<Bind> {
    let (open, at, post) = match after {
        Some((open, at, post)) => (*open, *at, post.as_str()),
        None => (false, Moment(i64::MAX >> 12), ""),
    };
    binds![org, open, at, post]
}

/// How many have no hour behind one of them.
///
/// # Errors
/// `Down`, `Row`.
pub async fn unplaced_behind(db: &Db, org: &OrganisationId, last: &Unplaced) -> Result<u32, StoreError> {
    #[derive(Deserialize)]
    struct Row {
        count: f64,
    }
    let sql = format!("SELECT COUNT(*) AS count FROM {UNPLACED}");
    let row: Option<Row> = db.first(&sql, behind(org, Some(last))).await?;
    Ok(row.map_or(0, |row| row.count as u32))
}

impl Which<'_> {
    /// The query; `?1` is the organisation.
    pub fn query(&self, org: &OrganisationId) -> (String, Vec<Bind>) {
        match self {
            Which::Span { from, until, after, most, compared } => {
                // Two posts can share an instant: the identity tells them apart.
                let (at, post) = after.as_ref().map_or((*from, ""), |(at, post)| (*at, post.as_str()));
                let said = if *compared { SAID } else { "NULL AS said" };
                (
                    format!(
                        "SELECT {LIST}, series, {said} FROM post WHERE org = ?1 AND slot_at >= ?2 AND slot_at < ?3
                         AND (slot_at > ?2 OR id > ?4) ORDER BY slot_at, id LIMIT {}",
                        most + 1
                    ),
                    binds![org, at, *until, post],
                )
            }
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
            Which::ToDecide(bench) => {
                waiting_for(&format!("{LIST}, stage_data, series"), org, &bench.member, bench.at)
            }
            Which::ToFinish(member) => (
                format!("SELECT {LIST} FROM post WHERE org = ?1 AND stage = 'draft' AND author = ?2 ORDER BY changed_at DESC LIMIT 20"),
                binds![org, *member],
            ),
            Which::Unplaced(after) => {
                let sql = format!(
                    "SELECT {LIST} FROM {UNPLACED} ORDER BY (stage <> 'approved'), changed_at DESC, id DESC LIMIT {}",
                    TRAY + 1
                );
                (sql, behind(org, after.as_ref()))
            }
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
    let mut asked: Vec<_> = which.iter().map(|which| which.query(org)).collect();
    let is_compared = |which: &Which<'_>| matches!(which, Which::Span { compared: true, .. });
    if which.iter().any(is_compared) {
        asked.push(hands_query(org));
    }
    let answers = db.many(asked).await?;
    let (answers, hands) = answers.split_at_checked(which.len()).unwrap_or_default();
    let mut rows: Vec<Vec<ListRow>> = answers.iter().map(|answer| answer.results()).collect::<Result<_, _>>()?;
    for (which, rows) in which.iter().zip(&mut rows) {
        if let Which::ToDecide(bench) = which {
            rows.truncate(MOST_WAITING);
            bench.keep(rows, |row| row.stage_data.as_deref())?;
        }
    }
    let placed: Vec<&String> = rows.iter().flatten().filter(|row| row.slot_at.is_some()).map(|row| &row.id).collect();
    let states = if placed.is_empty() { HashMap::new() } else { acts::states(db, org, &placed).await? };
    let shown = |rows: Vec<ListRow>| rows.into_iter().map(|row| row.shown(&states)).collect::<Result<Vec<_>, _>>();
    let mut lists = rows.into_iter().map(shown).collect::<Result<Vec<_>, _>>()?;
    if let Some(hands) = hands.first() {
        for (_, list) in which.iter().zip(&mut lists).filter(|(which, _)| is_compared(which)) {
            tell_units(list, hands)?;
        }
    }
    Ok(lists)
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

/// The query of what waits for a member, for [`mine`].
pub fn rounds_query(org: &OrganisationId, member: &MemberId, now: Moment) -> (String, Vec<Bind>) {
    waiting_for("id, stage_data", org, member, now)
}

/// The same of a series, behind one of it, in its order.
pub fn rounds_of_query(org: &OrganisationId, series: &SeriesId, after: u32) -> (String, Vec<Bind>) {
    let sql = "SELECT id, stage_data, turn FROM post
      WHERE org = ?1 AND series = ?2 AND turn > ?3 AND (stage = 'in_review' OR correcting = 1) ORDER BY turn LIMIT 100";
    (sql.to_owned(), binds![org, series, after])
}

/// The query whether there is a series of that identity.
pub fn one_of_query(org: &OrganisationId, series: &SeriesId) -> (String, Vec<Bind>) {
    let sql = "SELECT 1 AS known FROM post WHERE org = ?1 AND series = ?2 LIMIT 1";
    (sql.to_owned(), binds![org, series])
}

/// Reads the answer to [`one_of_query`].
///
/// # Errors
/// `Row`.
pub fn is_there(answer: &Answer) -> Result<bool, StoreError> {
    #[derive(Deserialize)]
    struct Known {}
    Ok(!answer.results::<Known>()?.is_empty())
}

#[derive(Deserialize)]
struct RoundRow {
    id: String,
    stage_data: String,
    turn: Option<f64>,
}

/// A round that waits, and the correction that it is about, if it is about one: its content and its reason.
pub type Open = (Box<domain::Round>, Option<(Content, String)>);

/// Of the answer to [`rounds_query`], what the member of a bench can decide on now; with which of the series it is, where one was asked
/// for, and 0 else.
///
/// # Errors
/// `Row`.
pub fn mine(bench: &Bench, answer: &Answer) -> Result<Vec<(PostId, u32, Open)>, StoreError> {
    let mut rows: Vec<RoundRow> = answer.results()?;
    rows.truncate(MOST_WAITING);
    bench.keep(&mut rows, |row| Some(&row.stage_data))?;
    let open = |row: RoundRow| -> Result<_, StoreError> {
        let open = match json(&row.stage_data)? {
            Stage::InReview { round } => Some((round, None)),
            Stage::Out { correction: Some(correction), .. } => {
                Some((correction.round, Some((correction.content, correction.reason))))
            }
            _ => None,
        };
        let turn = row.turn.unwrap_or_default() as u32;
        Ok(open.zip(Some(id(&row.id)?)).map(|(open, post)| (post, turn, open)))
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
    /// What it belongs to.
    pub campaign: Option<CampaignId>,
    /// When it goes out, if that is known.
    pub slot: Option<Moment>,
    /// Which of its series it is; 0 for what is of none.
    pub turn: u32,
}

/// Reads the leaves of some posts, and what the library knows of what is in them, in one trip. Who was given what is told
/// apart by the posts' identities.
///
/// # Errors
/// `Down`, `Row`.
pub async fn leaves(
    db: &Db,
    org: &OrganisationId,
    posts: &[&PostId],
) -> Result<(HashMap<PostId, Leaf>, Vec<Facts>), StoreError> {
    #[derive(Deserialize)]
    struct Row {
        id: String,
        content: String,
        before: Option<String>,
        waivers: String,
        campaign: Option<String>,
        slot_at: Option<f64>,
        turn: Option<f64>,
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
                "SELECT id, content, before, waivers, campaign, slot_at, turn FROM post
                 WHERE org = ?1 AND id IN (SELECT value FROM json_each(?2))"
                    .to_owned(),
                here(),
            ),
            (
                // The plus: by the posts that were named, not through all decisions of the organisation.
                "SELECT post, id, data, CASE WHEN signed IS NOT NULL THEN 'passkey' WHEN attested IS NOT NULL THEN 'code' ELSE 'nothing' END AS proof,
                   brought_at
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
            (consents::of_posts_query(), here()),
        ])
        .await?;
    let [contents, said, remarked, known] = &answers[..] else {
        return Err(StoreError::Row("an answer is missing".to_owned()));
    };
    let mut leaves = HashMap::new();
    for row in contents.results::<Row>()? {
        let before = row.before.as_deref().map(json).transpose()?;
        let (content, waivers) = (json(&row.content)?, json(&row.waivers)?);
        let campaign = row.campaign.as_deref().map(id).transpose()?;
        let (slot, turn) = (row.slot_at.map(|at| Moment(at as i64)), row.turn.unwrap_or_default() as u32);
        let (remarks, decisions) = (Vec::new(), Vec::new());
        leaves.insert(id(&row.id)?, Leaf { content, before, waivers, remarks, decisions, campaign, slot, turn });
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
    Ok((leaves, consents::facts(known)?))
}

/// How many posts wait for a decision of a member, and whether there are more than were counted.
///
/// # Errors
/// `Row`.
pub fn count_waiting(bench: &Bench, mut rows: Vec<WaitingRow>) -> Result<(u32, bool), StoreError> {
    let more = rows.len() > MOST_WAITING;
    rows.truncate(MOST_WAITING);
    bench.keep(&mut rows, |row| Some(&row.stage_data))?;
    Ok((rows.len() as u32, more))
}

/// The query of [`count_waiting`].
pub fn waiting_query(org: &OrganisationId, member: &MemberId, now: Moment) -> (String, Vec<Bind>) {
    waiting_for("stage_data", org, member, now)
}

/// A post that waits.
#[derive(Deserialize)]
pub struct WaitingRow {
    stage_data: String,
}

impl ListRow {
    fn shown(self, states: &acts::States) -> Result<PostRow, StoreError> {
        let destinations: Vec<(ChannelId, Network, Language)> = json(&self.destinations)?;
        let said = said(self.said.as_deref());
        let going = destinations.into_iter().map(|(channel, network, language)| Going {
            says: said.on(&channel, &language),
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
            series: self.series.as_deref().map(id).transpose()?,
            campaign: self.campaign.as_deref().map(id).transpose()?,
            pillar: self.pillar.as_deref().map(id).transpose()?,
            audience: self.audience.as_deref().map(id).transpose()?,
            message: self.message.as_deref().map(id).transpose()?,
            units: Vec::new(),
            missed: match self.plan.as_deref().map(json::<Plan>).transpose()? {
                Some(Plan::Missed { slot, why, .. }) => Some(Miss { at: slot.at, why }),
                _ => None,
            },
        })
    }
}

/// So many of the newest drafts are looked at for what they lack; so many are said.
const MOST_LOOKED_AT: u32 = 200;
const MOST_UNTOLD: u32 = 20;

/// The query of drafts that have a text in the organisation's main language, its first, and lack one in another of its languages,
/// the newest change first.
pub fn untold_query(org: &OrganisationId, languages: &[Language]) -> (String, Vec<Bind>) {
    let text = |language: &str| {
        format!("trim(COALESCE((SELECT t.value FROM json_each(content, '$.texts') t WHERE t.key = {language}), ''))")
    };
    let sql = format!(
        "SELECT * FROM (SELECT {LIST}, (SELECT json_group_array(l.value) FROM json_each(?2) l WHERE {} = '') AS lacks
           FROM (SELECT * FROM post WHERE org = ?1 AND stage = 'draft' ORDER BY changed_at DESC LIMIT {MOST_LOOKED_AT})
           WHERE {} <> '')
         WHERE lacks <> '[]' ORDER BY changed_at DESC, id LIMIT {MOST_UNTOLD}",
        text("l.value"),
        text("?3")
    );
    let (main, others) = match languages {
        [main, others @ ..] => (main.as_str(), others),
        [] => ("", languages),
    };
    (sql, binds![org, Bind::json(&others), main])
}

/// Reads the answer to [`untold_query`].
///
/// # Errors
/// `Row`.
pub fn untold(answer: &Answer) -> Result<Vec<Untold>, StoreError> {
    #[derive(Deserialize)]
    struct Lacking {
        lacks: String,
        row: ListRow,
    }
    // Nothing became of a draft yet.
    let states = HashMap::new();
    let one = |one: Lacking| Ok(Untold { lacks: json(&one.lacks)?, row: one.row.shown(&states)? });
    answer.results::<Lacking>()?.into_iter().map(one).collect()
}

/// Whether every picture of a content, a video's poster among them, its video with its captions and its document are the
/// organisation's, as they were stored. One trip; none where it has nothing of all that.
///
/// # Errors
/// `Down`, `Row`.
pub async fn owns_media(db: &Db, org: &OrganisationId, content: &Content) -> Result<bool, StoreError> {
    Ok(vouched(db, org, content, &[]).await?.is_some())
}

/// The same, and the entries of the book of these names, in one trip; nothing where something is not the organisation's.
///
/// # Errors
/// `Down`, `Row`.
pub async fn vouched(
    db: &Db,
    org: &OrganisationId,
    content: &Content,
    names: &[String],
) -> Result<Option<Vec<Entry>>, StoreError> {
    #[derive(Deserialize)]
    struct Row {
        count: f64,
    }
    let bare = content.pictures.is_empty() && content.video.is_none() && content.document.is_none();
    let mut asked = Vec::new();
    if !names.is_empty() {
        asked.push(contacts::query(org, names));
    }
    if bare && asked.is_empty() {
        return Ok(Some(Vec::new()));
    }
    if bare {
        let answers = db.many(asked).await?;
        return answers.first().map(contacts::read).transpose();
    }
    let poster = content.video.iter().filter_map(|video| video.poster.as_ref()).map(Poster::as_picture);
    let pictures: Vec<Picture> = content.pictures.iter().cloned().chain(poster).collect();
    // Of the library: what was stored for a comment is known to nobody who asks whom it shows.
    let sql = "SELECT COUNT(*) AS count FROM json_each(?2) j JOIN media m ON m.org = ?1
      AND m.id = json_extract(j.value, '$.media') AND m.hash = json_extract(j.value, '$.hash')
      AND m.mime = json_extract(j.value, '$.mime') AND m.bytes = json_extract(j.value, '$.bytes')
      AND m.width = json_extract(j.value, '$.width') AND m.height = json_extract(j.value, '$.height')
      AND EXISTS (SELECT 1 FROM asset f WHERE f.org = ?1 AND f.media = m.id)";
    asked.push((sql.to_owned(), binds![org, Bind::json(&pictures)]));
    asked.extend(content.document.as_ref().map(|document| documents::query(org, &document.media)));
    asked.extend(content.video.iter().flat_map(|video| videos::owned_queries(org, video)));
    let answers = db.many(asked).await?;
    let mut answers = answers.iter();
    let named = if names.is_empty() { None } else { answers.next() };
    let book = named.map(contacts::read).transpose()?.unwrap_or_default();
    let counted = answers.next().map(|answer| answer.results::<Row>()).transpose()?.unwrap_or_default();
    if counted.first().map_or(0, |row| row.count as usize) != pictures.len() {
        return Ok(None);
    }
    if let Some(document) = &content.document
        && !documents::is_owned(answers.next(), document)?
    {
        return Ok(None);
    }
    let owned = content.video.as_ref().map_or(Ok(true), |video| videos::is_owned(answers.as_slice(), video))?;
    Ok(owned.then_some(book))
}

/// What stands where whoever looks for a hole looks.
#[derive(Debug, Clone, Default)]
pub struct Standing {
    taken: Vec<Moment>,
    marks: Vec<Mark>,
}

impl Standing {
    /// As the rule takes it.
    pub fn room(&self) -> Room<'_> {
        Room { taken: &self.taken, marks: &self.marks }
    }
}

/// When else something goes out, or is wished to, on some channels, and what stands in the calendar on the days: what whoever looks
/// for a hole from an instant on must know. In one query.
///
/// # Errors
/// `Down`, `Row`.
pub async fn room(
    db: &Db,
    org: &OrganisationId,
    post: &PostId,
    channels: &[ChannelId],
    from: Moment,
) -> Result<Standing, StoreError> {
    #[derive(Deserialize)]
    struct Row {
        slot_at: Option<f64>,
        mark: Option<String>,
    }
    // Both ends with the distance that is kept.
    let (from, until) = (from.minus(APART), from.plus(SEARCH).plus(APART));
    // Days of any zone: a day more on either side.
    let day = |at: Moment, more: Millis| Zone::utc().civil(at.plus(more)).date().to_string();
    let (first, last) = (day(from, Millis::days(-1)), day(until, Millis::days(1)));
    let sql = format!(
        "SELECT slot_at, NULL AS mark FROM (SELECT slot_at FROM post WHERE {ON_CHANNELS} ORDER BY slot_at LIMIT 3000)
         UNION ALL SELECT NULL, json_object('id', id, 'version', version, 'kind', kind, 'text', text, 'first', first_day,
             'last', last_day)
           FROM (SELECT * FROM mark WHERE org = ?1 AND last_day >= ?6 AND first_day <= ?7 ORDER BY first_day LIMIT 500)"
    );
    let rows: Vec<Row> = db.all(&sql, binds![org, post, from, until, Bind::json(&channels), first, last]).await?;
    let mut taken: Vec<_> = rows.iter().filter_map(|row| row.slot_at).map(|at| Moment(at as i64)).collect();
    taken.sort();
    let marks = rows.iter().filter_map(|row| row.mark.as_deref()).map(json).collect::<Result<_, _>>()?;
    Ok(Standing { taken, marks })
}

/// Other posts of the organisation between two instants on some channels.
const ON_CHANNELS: &str = "org = ?1 AND id <> ?2 AND slot_at > ?3 AND slot_at < ?4 AND EXISTS (
  SELECT 1 FROM json_each(destinations) d, json_each(?5) c WHERE json_extract(d.value, '$[0]') = c.value)";

/// Adds a guard: the hole is still free when this is written. Two who look at once would see the same one.
pub fn still_free(unit: &mut Unit, org: &OrganisationId, post: &PostId, channels: &[ChannelId], at: Moment) {
    let sql = format!("NOT EXISTS (SELECT 1 FROM post WHERE {ON_CHANNELS})");
    unit.expect(&sql, binds![org, post, at.minus(APART), at.plus(APART), Bind::json(&channels)]);
}
