//! Campaigns and pillars: rows.

use domain::{Campaign, Moment, OrganisationId, Pillar, PostId, Themes};
use serde::Deserialize;

use super::{Answer, Bind, Db, StoreError, Unit, id};
use crate::binds;

/// Everything that an organisation keeps, in the order of its names.
const ALL: &str = "SELECT 0 AS pillar, id, version, name, first_day, last_day, archived FROM campaign WHERE org = ?1
  UNION ALL SELECT 1, id, version, name, NULL, NULL, archived FROM pillar WHERE org = ?1 ORDER BY 1, 4 COLLATE NOCASE";

/// What a post belongs to; `?2` is the post.
pub const OF_POST: &str = "SELECT 0 AS pillar, c.id, c.version, c.name, c.first_day, c.last_day, c.archived
    FROM post p JOIN campaign c ON c.org = p.org AND c.id = p.campaign WHERE p.org = ?1 AND p.id = ?2
  UNION ALL SELECT 1, s.id, s.version, s.name, NULL, NULL, s.archived
    FROM post p JOIN pillar s ON s.org = p.org AND s.id = p.pillar WHERE p.org = ?1 AND p.id = ?2";

#[derive(Deserialize)]
struct Row {
    pillar: f64,
    id: String,
    version: f64,
    name: String,
    first_day: Option<String>,
    last_day: Option<String>,
    archived: f64,
}

/// Reads the answer to either query.
///
/// # Errors
/// `Row`.
pub fn themes(answer: &Answer) -> Result<Themes, StoreError> {
    let mut themes = Themes::default();
    let day =
        |text: Option<String>| text.map(|text| text.parse().map_err(|_| StoreError::Row("day".to_owned()))).transpose();
    for row in answer.results::<Row>()? {
        let (version, name, archived) = (row.version as u64, row.name, row.archived != 0.0);
        if row.pillar != 0.0 {
            themes.pillars.push(Pillar { id: id(&row.id)?, version, name, archived });
        } else {
            let (first, last) = (day(row.first_day)?, day(row.last_day)?);
            themes.campaigns.push(Campaign { id: id(&row.id)?, version, name, first, last, archived });
        }
    }
    Ok(themes)
}

/// All campaigns and pillars.
///
/// # Errors
/// `Down`, `Row`.
pub async fn read(db: &Db, org: &OrganisationId) -> Result<Themes, StoreError> {
    let answers = db.many(vec![(ALL.to_owned(), binds![org])]).await?;
    themes(answers.first().ok_or_else(|| StoreError::Row("an answer is missing".to_owned()))?)
}

/// Adds a campaign as it is to be to a unit of work; nothing of it is written if somebody changed it meanwhile.
pub fn keep_campaign(unit: &mut Unit, org: &OrganisationId, campaign: &Campaign, now: Moment) {
    let before = "COALESCE((SELECT version FROM campaign WHERE org = ?1 AND id = ?2), 0) = ?3";
    unit.expect(before, binds![org, &campaign.id, campaign.version.saturating_sub(1)]);
    let day = |day: Option<chrono::NaiveDate>| day.map(|day| day.to_string());
    let (first, last) = (day(campaign.first), day(campaign.last));
    unit.then(
        "INSERT INTO campaign (org, id, version, name, first_day, last_day, archived, created_at)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
         ON CONFLICT (org, id) DO UPDATE SET version = ?3, name = ?4, first_day = ?5, last_day = ?6, archived = ?7",
        binds![org, &campaign.id, campaign.version, &campaign.name, first, last, campaign.archived, now],
    );
}

/// Adds a pillar, likewise.
pub fn keep_pillar(unit: &mut Unit, org: &OrganisationId, pillar: &Pillar, now: Moment) {
    let before = "COALESCE((SELECT version FROM pillar WHERE org = ?1 AND id = ?2), 0) = ?3";
    unit.expect(before, binds![org, &pillar.id, pillar.version.saturating_sub(1)]);
    unit.then(
        "INSERT INTO pillar (org, id, version, name, archived, created_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6)
         ON CONFLICT (org, id) DO UPDATE SET version = ?3, name = ?4, archived = ?5",
        binds![org, &pillar.id, pillar.version, &pillar.name, pillar.archived, now],
    );
}

/// Adds to a unit of work what a post belongs to. Apart from the post's other columns: it changes at no other time.
pub fn belong(unit: &mut Unit, org: &OrganisationId, post: &PostId, belongs: &domain::Belonging) {
    let sql = "UPDATE post SET campaign = ?3, pillar = ?4 WHERE org = ?1 AND id = ?2";
    let binds: Vec<Bind> = binds![org, post, belongs.campaign.as_ref(), belongs.pillar.as_ref()];
    unit.then(sql, binds);
}
