//! The plan: the promises' rows, and what there is of the posts of a span to hold against them.

use std::collections::HashMap;

use chrono::NaiveDate;
use domain::{
    Channel, ChannelId, Language, Moment, Network, OrganisationId, Promise, Themes,
    delivery::Deed,
    promise::{Reach, Saying, is_laid_down, reach},
};
use serde::Deserialize;

use super::{Answer, Bind, Db, StoreError, Unit, campaigns, channels, id, json, name};
use crate::binds;

/// Posts of a span. A calendar never shows more; the plan says that there are more.
const MOST: usize = 1_000;

/// Every promise, in the order in which they were made.
const ALL: &str = "SELECT id, version, channel, count, per, pillar, audience, first_day, last_day FROM promise
  WHERE org = ?1 ORDER BY created_at, id";

/// The posts of the organisation `?1` from `?2` until before `?3`: one more than are counted, to know that there are more.
const SPAN: &str =
    "org = ?1 AND slot_at >= ?2 AND slot_at < ?3 AND stage <> 'cancelled' ORDER BY slot_at, id LIMIT 1001";

#[derive(Deserialize)]
struct Row {
    id: String,
    version: f64,
    channel: String,
    count: f64,
    per: String,
    pillar: Option<String>,
    audience: Option<String>,
    first_day: String,
    last_day: Option<String>,
}

impl TryFrom<Row> for Promise {
    type Error = StoreError;
    fn try_from(row: Row) -> Result<Self, StoreError> {
        let day = |text: &str| text.parse::<NaiveDate>().map_err(|_| StoreError::Row("day".to_owned()));
        Ok(Promise {
            id: id(&row.id)?,
            version: row.version as u64,
            channel: id(&row.channel)?,
            count: row.count as u32,
            per: name(&row.per)?,
            pillar: row.pillar.as_deref().map(id).transpose()?,
            audience: row.audience.as_deref().map(id).transpose()?,
            first: day(&row.first_day)?,
            last: row.last_day.as_deref().map(day).transpose()?,
        })
    }
}

fn read(rows: Vec<Row>) -> Result<Vec<Promise>, StoreError> {
    rows.into_iter().map(TryInto::try_into).collect()
}

/// What a promise is kept against.
#[derive(Debug, Clone)]
pub struct Ground {
    /// Every promise.
    pub promises: Vec<Promise>,
    /// What there is to promise about.
    pub themes: Themes,
    /// Where.
    pub channels: Vec<Channel>,
}

/// Reads it, in one trip.
///
/// # Errors
/// `Down`, `Row`.
pub async fn ground(db: &Db, org: &OrganisationId) -> Result<Ground, StoreError> {
    let queries = vec![(ALL.to_owned(), binds![org]), (campaigns::ALL.to_owned(), binds![org]), channels::query(org)];
    let answers = db.many(queries).await?;
    let [promises, themes, channels] = &answers[..] else {
        return Err(StoreError::Row("an answer is missing".to_owned()));
    };
    let (themes, channels) = (campaigns::themes(themes)?, channels::read(channels)?);
    Ok(Ground { promises: read(promises.results()?)?, themes, channels })
}

/// The promises, the posts of a span as far as a plan asks after them, and whether there are more than are read. In one
/// trip: what became of the posts is asked for by the same span, not by their identities.
///
/// # Errors
/// `Down`, `Row`.
pub async fn stand(
    db: &Db,
    org: &OrganisationId,
    from: Moment,
    until: Moment,
) -> Result<(Vec<Promise>, Vec<Saying>, bool), StoreError> {
    read_stand(&db.many(stand_queries(org, from, until, "").into()).await?)
}

/// The queries of [`stand`], for who asks other things in the same trip. Whoever asks after nothing but what is missing reads no posts
/// where nothing is promised.
pub fn missing_queries(org: &OrganisationId, from: Moment, until: Moment) -> [(String, Vec<Bind>); 3] {
    stand_queries(org, from, until, "EXISTS (SELECT 1 FROM promise WHERE org = ?1) AND ")
}

fn stand_queries(org: &OrganisationId, from: Moment, until: Moment, only: &str) -> [(String, Vec<Bind>); 3] {
    let here = || binds![org, from, until];
    let posts =
        format!("SELECT id, stage, slot_at, destinations, pillar, audience, message FROM post WHERE {only}{SPAN}");
    let acts = format!(
        "SELECT post, publication, channel, deed, state FROM act
         WHERE org = ?1 AND post IN (SELECT id FROM post WHERE {only}{SPAN}) ORDER BY +publication, +seq"
    );
    [(ALL.to_owned(), binds![org]), (posts, here()), (acts, here())]
}

/// Reads the answers to [`missing_queries`].
///
/// # Errors
/// `Row`.
pub fn read_stand(answers: &[Answer]) -> Result<(Vec<Promise>, Vec<Saying>, bool), StoreError> {
    #[derive(Deserialize)]
    struct PostRow {
        id: String,
        stage: String,
        slot_at: f64,
        destinations: String,
        pillar: Option<String>,
        audience: Option<String>,
        message: Option<String>,
    }
    #[derive(Deserialize)]
    struct ActRow {
        post: String,
        publication: String,
        channel: String,
        deed: String,
        state: String,
    }
    let [promises, posts, acts] = answers else {
        return Err(StoreError::Row("an answer is missing".to_owned()));
    };
    let mut posts: Vec<PostRow> = posts.results()?;
    let more = posts.len() > MOST;
    posts.truncate(MOST);
    let acts: Vec<ActRow> = acts.results()?;
    let mut reached: HashMap<&str, Vec<(ChannelId, Reach)>> = HashMap::new();
    // The acts of a publication stand beside each other, in order.
    for publication in acts.chunk_by(|one, other| one.publication == other.publication) {
        let Some(first) = publication.first() else { continue };
        let deeds = publication.iter().map(|act| Ok((name::<Deed>(&act.deed)?, act.state.as_str())));
        if let Some(reach) = reach(deeds.collect::<Result<Vec<_>, StoreError>>()?) {
            reached.entry(first.post.as_str()).or_default().push((id(&first.channel)?, reach));
        }
    }
    let mut sayings = Vec::with_capacity(posts.len());
    for post in &posts {
        let on = match is_laid_down(name(&post.stage)?) {
            Some(true) => reached.remove(post.id.as_str()).unwrap_or_default(),
            Some(false) => {
                let wished: Vec<(ChannelId, Network, Language)> = json(&post.destinations)?;
                wished.into_iter().map(|(channel, ..)| (channel, Reach::Wished)).collect()
            }
            None => continue,
        };
        let mut saying = Saying {
            at: Moment(post.slot_at as i64),
            on: Vec::new(),
            pillar: post.pillar.as_deref().map(id).transpose()?,
            audience: post.audience.as_deref().map(id).transpose()?,
            message: post.message.as_deref().map(id).transpose()?,
        };
        for (channel, reach) in on {
            saying.put(&channel, reach);
        }
        sayings.push(saying);
    }
    Ok((read(promises.results()?)?, sayings, more))
}

/// Adds a promise as it is to be to a unit of work; nothing of it is written if somebody changed it meanwhile, or
/// promised the same: two who do so at once would each see that nobody has.
pub fn keep(unit: &mut Unit, org: &OrganisationId, promise: &Promise, now: Moment) {
    let Promise { id, version, channel, count, per, pillar, audience, first, last } = promise;
    let before = "COALESCE((SELECT version FROM promise WHERE org = ?1 AND id = ?2), 0) = ?3";
    unit.expect(before, binds![org, id, version.saturating_sub(1)]);
    let (first, last) = (first.to_string(), last.map(|day| day.to_string()));
    // Days are text of one length: their order is that of the calendar.
    let alone = "NOT EXISTS (SELECT 1 FROM promise WHERE org = ?1 AND id <> ?2 AND channel = ?3 AND per = ?4
      AND pillar IS ?5 AND audience IS ?6 AND (last_day IS NULL OR last_day >= ?7) AND (?8 IS NULL OR first_day <= ?8))";
    let (pillar, audience) = (pillar.as_ref(), audience.as_ref());
    unit.expect(alone, binds![org, id, channel, per.as_str(), pillar, audience, first.as_str(), last.as_deref()]);
    let binds: Vec<Bind> = binds![org, id, *version, channel, *count, per.as_str(), pillar, audience, first, last, now];
    unit.then(
        "INSERT INTO promise (org, id, version, channel, count, per, pillar, audience, first_day, last_day, created_at)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)
         ON CONFLICT (org, id) DO UPDATE SET version = ?3, channel = ?4, count = ?5, per = ?6, pillar = ?7, audience = ?8,
           first_day = ?9, last_day = ?10",
        binds,
    );
}

/// Adds the end of a promise to a unit of work; nothing of it is written if somebody changed it meanwhile.
pub fn drop(unit: &mut Unit, org: &OrganisationId, promise: &Promise) {
    let here = "EXISTS (SELECT 1 FROM promise WHERE org = ?1 AND id = ?2 AND version = ?3)";
    unit.expect(here, binds![org, &promise.id, promise.version]);
    unit.then("DELETE FROM promise WHERE org = ?1 AND id = ?2", binds![org, &promise.id]);
}
