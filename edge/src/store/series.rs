//! Series: the rule by which drafts were made, and the drafts of one, written and given up by one statement however many.

use domain::{
    ChannelId, Language, MemberId, Moment, Network, OrganisationId, PostId, SeriesId, record, series::Recurrence,
};
use serde::{Deserialize, Serialize};
use wire::series::Member;

use super::{
    Bind, Db, StoreError, Unit, id, json, name, name_of,
    posts::{Stored, destinations},
};
use crate::binds;

/// What a series was made from.
#[derive(Debug, Clone, PartialEq)]
pub struct Series {
    /// The post.
    pub source: PostId,
    /// Its version then.
    pub version: u64,
    /// The rule.
    pub rule: Recurrence,
}

/// A series, if there is one, and how many of it are made. One trip.
///
/// # Errors
/// `Down`, `Row`.
pub async fn standing(db: &Db, org: &OrganisationId, series: &SeriesId) -> Result<(Option<Series>, usize), StoreError> {
    #[derive(Deserialize)]
    struct Row {
        source: String,
        version: f64,
        rule: String,
    }
    #[derive(Deserialize)]
    struct Count {
        count: f64,
    }
    let here = || binds![org, series];
    let answers = db
        .many(vec![
            ("SELECT source, version, rule FROM series WHERE org = ?1 AND id = ?2".to_owned(), here()),
            ("SELECT COUNT(*) AS count FROM post WHERE org = ?1 AND series = ?2".to_owned(), here()),
        ])
        .await?;
    let [series, count] = &answers[..] else { return Err(StoreError::Row("an answer is missing".to_owned())) };
    let read = |row: Row| -> Result<Series, StoreError> {
        Ok(Series { source: id(&row.source)?, version: row.version as u64, rule: json(&row.rule)? })
    };
    let series = series.results::<Row>()?.pop().map(read).transpose()?;
    let count = count.results::<Count>()?.pop().map_or(0.0, |row| row.count);
    Ok((series, count as usize))
}

/// Adds a series to a unit of work, once.
pub fn keep(unit: &mut Unit, org: &OrganisationId, (id, series): (&SeriesId, &Series), by: &MemberId, now: Moment) {
    unit.then(
        "INSERT INTO series (org, id, source, version, rule, by, created_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
         ON CONFLICT (org, id) DO NOTHING",
        binds![org, id, &series.source, series.version, Bind::json(&series.rule), by, now],
    );
}

/// Adds the drafts of a series to a unit of work. `Unique` when one of them stands already: somebody sends the same at the
/// same time.
pub fn draft_all(
    unit: &mut Unit,
    org: &OrganisationId,
    drafts: &[Stored],
    channels: &[domain::Channel],
    by: &MemberId,
    now: Moment,
) {
    #[derive(Serialize)]
    struct Draft<'a> {
        id: &'a PostId,
        version: u64,
        hands: String,
        stage: &'a str,
        stage_data: String,
        content: String,
        content_hash: String,
        kind: String,
        heading: String,
        destinations: String,
        slot_at: Option<Moment>,
        plan: Option<String>,
        campaign: Option<&'a domain::CampaignId>,
        pillar: Option<&'a domain::PillarId>,
        audience: Option<&'a domain::AudienceId>,
        message: Option<&'a domain::MessageId>,
        series: Option<&'a SeriesId>,
        turn: Option<u32>,
        behind: Option<String>,
    }
    fn text<T: Serialize>(value: &T) -> String {
        serde_json::to_string(value).unwrap_or_default()
    }
    let rows: Vec<Draft<'_>> = drafts
        .iter()
        .map(|Stored { post, behind, .. }| Draft {
            id: &post.id,
            version: post.version,
            hands: text(&post.hands),
            stage: post.stage.name().as_str(),
            stage_data: text(&post.stage),
            content: record::canonical(&post.content),
            content_hash: post.content.hash(),
            kind: name_of(&post.content.kind),
            heading: post.content.heading(),
            destinations: text(&destinations(&post.content, channels)),
            slot_at: post.slot().map(|slot| slot.at),
            plan: post.plan.as_ref().map(text),
            campaign: post.belongs.campaign.as_ref(),
            pillar: post.belongs.pillar.as_ref(),
            audience: post.belongs.audience.as_ref(),
            message: post.belongs.message.as_ref(),
            series: post.series.as_ref().map(|turn| &turn.series),
            turn: post.series.as_ref().map(|turn| turn.number),
            behind: (!behind.is_empty()).then(|| text(behind)),
        })
        .collect();
    unit.then(
        "INSERT INTO post (id, org, author, created_at, changed_at, changed_by, version, rounds, hands, stage, stage_data,
           content, content_hash, kind, heading, destinations, slot_at, plan, campaign, pillar, audience, message, series, turn,
           behind)
         SELECT value ->> '$.id', ?1, ?2, ?3, ?3, ?2, value ->> '$.version', 0, value ->> '$.hands', value ->> '$.stage',
           value ->> '$.stage_data', value ->> '$.content', value ->> '$.content_hash', value ->> '$.kind',
           value ->> '$.heading', value ->> '$.destinations', value ->> '$.slot_at', value ->> '$.plan',
           value ->> '$.campaign', value ->> '$.pillar', value ->> '$.audience', value ->> '$.message', value ->> '$.series',
           value ->> '$.turn', value ->> '$.behind'
         FROM json_each(?4)",
        binds![org, by, now, Bind::json(&rows)],
    );
}

/// The posts of a series in its order, each with the channels that it goes to.
///
/// # Errors
/// `Down`, `Row`.
pub async fn members(
    db: &Db,
    org: &OrganisationId,
    series: &SeriesId,
) -> Result<Vec<(Member, Vec<ChannelId>)>, StoreError> {
    #[derive(Deserialize)]
    struct Row {
        id: String,
        turn: f64,
        version: f64,
        heading: String,
        stage: String,
        slot_at: Option<f64>,
        destinations: String,
    }
    let sql = "SELECT id, turn, version, heading, stage, slot_at, destinations FROM post
      WHERE org = ?1 AND series = ?2 ORDER BY turn";
    let rows: Vec<Row> = db.all(sql, binds![org, series]).await?;
    let one = |row: Row| {
        let going: Vec<(ChannelId, Network, Language)> = json(&row.destinations)?;
        let member = Member {
            post: id(&row.id)?,
            number: row.turn as u32,
            version: row.version as u64,
            heading: row.heading,
            stage: name(&row.stage)?,
            slot: row.slot_at.map(|at| Moment(at as i64)),
        };
        Ok((member, going.into_iter().map(|(channel, ..)| channel).collect()))
    };
    rows.into_iter().map(one).collect()
}

/// Adds drafts that were given up to a unit of work, each with the version that it had; nothing of the unit is written
/// unless all still have it.
pub fn give_up_all(unit: &mut Unit, org: &OrganisationId, drafts: &[(Stored, u64)], by: &MemberId, now: Moment) {
    #[derive(Serialize)]
    struct GivenUp<'a> {
        id: &'a PostId,
        before: u64,
        version: u64,
        stage: &'a str,
        stage_data: String,
    }
    let rows: Vec<GivenUp<'_>> = drafts
        .iter()
        .map(|(Stored { post, .. }, before)| GivenUp {
            id: &post.id,
            before: *before,
            version: post.version,
            stage: post.stage.name().as_str(),
            stage_data: serde_json::to_string(&post.stage).unwrap_or_default(),
        })
        .collect();
    let all = Bind::json(&rows);
    // The plus: by the identities that were named, not through all posts of the organisation.
    let same = "(SELECT COUNT(*) FROM json_each(?2) j CROSS JOIN post p ON p.id = json_extract(j.value, '$.id') AND +p.org = ?1
      WHERE p.version = json_extract(j.value, '$.before')) = ?3";
    unit.expect(same, binds![org, all.clone(), rows.len() as u32]);
    unit.then(
        "UPDATE post SET changed_at = ?3, changed_by = ?4, version = json_extract(j.value, '$.version'),
           stage = json_extract(j.value, '$.stage'), stage_data = json_extract(j.value, '$.stage_data'),
           slot_at = NULL, plan = NULL, round_due_at = NULL
         FROM json_each(?2) j WHERE post.id = json_extract(j.value, '$.id') AND +post.org = ?1",
        binds![org, all, now, by],
    );
}
