//! Campaigns, pillars, audiences and messages: rows.

use domain::{Audience, Campaign, Message, Moment, OrganisationId, Pillar, PostId, Themes};
use serde::Deserialize;

use super::{Answer, Bind, Db, StoreError, Unit, id, json};
use crate::binds;

/// Everything that an organisation keeps, in the order of its names. The first column says which list a row is of.
pub const ALL: &str = "SELECT 0 AS list, id, version, name, archived, first_day, last_day, NULL AS who, NULL AS found,
    NULL AS languages, NULL AS needs, goal, basis, budget, NULL AS pillar, NULL AS audiences FROM campaign WHERE org = ?1
  UNION ALL SELECT 1, id, version, name, archived, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL
    FROM pillar WHERE org = ?1
  UNION ALL SELECT 2, id, version, name, archived, NULL, NULL, who, found, languages, needs, NULL, NULL, NULL, NULL, NULL
    FROM audience WHERE org = ?1
  UNION ALL SELECT 3, id, version, name, archived, first_day, last_day, NULL, NULL, NULL, NULL, NULL, NULL, NULL, pillar,
    audiences FROM message WHERE org = ?1
  ORDER BY 1, 4 COLLATE NOCASE";

/// What a post belongs to; `?2` is the post.
pub const OF_POST: &str = "SELECT 0 AS list, c.id, c.version, c.name, c.archived, c.first_day, c.last_day, NULL AS who,
    NULL AS found, NULL AS languages, NULL AS needs, c.goal, c.basis, c.budget, NULL AS pillar, NULL AS audiences
    FROM post p JOIN campaign c ON c.org = p.org AND c.id = p.campaign WHERE p.org = ?1 AND p.id = ?2
  UNION ALL SELECT 1, s.id, s.version, s.name, s.archived, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL
    FROM post p JOIN pillar s ON s.org = p.org AND s.id = p.pillar WHERE p.org = ?1 AND p.id = ?2
  UNION ALL SELECT 2, a.id, a.version, a.name, a.archived, NULL, NULL, a.who, a.found, a.languages, a.needs,
    NULL, NULL, NULL, NULL, NULL
    FROM post p JOIN audience a ON a.org = p.org AND a.id = p.audience WHERE p.org = ?1 AND p.id = ?2
  UNION ALL SELECT 3, m.id, m.version, m.name, m.archived, m.first_day, m.last_day, NULL, NULL, NULL, NULL, NULL, NULL,
    NULL, m.pillar, m.audiences
    FROM post p JOIN message m ON m.org = p.org AND m.id = p.message WHERE p.org = ?1 AND p.id = ?2";

#[derive(Deserialize)]
struct Row {
    list: f64,
    id: String,
    version: f64,
    name: String,
    archived: f64,
    first_day: Option<String>,
    last_day: Option<String>,
    who: Option<String>,
    found: Option<String>,
    languages: Option<String>,
    needs: Option<String>,
    goal: Option<String>,
    basis: Option<String>,
    budget: Option<f64>,
    pillar: Option<String>,
    audiences: Option<String>,
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
        match row.list as u8 {
            0 => {
                let (first, last) = (day(row.first_day)?, day(row.last_day)?);
                let (goal, basis) = (row.goal.unwrap_or_default(), row.basis.unwrap_or_default());
                let (id, budget) = (id(&row.id)?, row.budget.map(|budget| budget as u32));
                themes.campaigns.push(Campaign { id, version, name, first, last, goal, basis, budget, archived });
            }
            1 => themes.pillars.push(Pillar { id: id(&row.id)?, version, name, archived }),
            2 => themes.audiences.push(Audience {
                id: id(&row.id)?,
                version,
                name,
                who: row.who.unwrap_or_default(),
                found: row.found.unwrap_or_default(),
                languages: row.languages.as_deref().map(json).transpose()?.unwrap_or_default(),
                needs: row.needs.unwrap_or_default(),
                archived,
            }),
            _ => {
                let pillar = row.pillar.as_deref().map(id).transpose()?;
                let pillar = pillar.ok_or_else(|| StoreError::Row("pillar".to_owned()))?;
                let audiences = row.audiences.as_deref().map(json).transpose()?.unwrap_or_default();
                let (id, first, last) = (id(&row.id)?, day(row.first_day)?, day(row.last_day)?);
                themes.messages.push(Message { id, version, pillar, name, audiences, first, last, archived });
            }
        }
    }
    Ok(themes)
}

/// All campaigns, pillars, audiences and messages.
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
        "INSERT INTO campaign (org, id, version, name, first_day, last_day, archived, created_at, goal, basis, budget)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)
         ON CONFLICT (org, id) DO UPDATE SET version = ?3, name = ?4, first_day = ?5, last_day = ?6, archived = ?7,
           goal = ?9, basis = ?10, budget = ?11",
        binds![
            org,
            &campaign.id,
            campaign.version,
            &campaign.name,
            first,
            last,
            campaign.archived,
            now,
            &campaign.goal,
            &campaign.basis,
            campaign.budget.map(u64::from)
        ],
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

/// Adds an audience, likewise.
pub fn keep_audience(unit: &mut Unit, org: &OrganisationId, audience: &Audience, now: Moment) {
    let before = "COALESCE((SELECT version FROM audience WHERE org = ?1 AND id = ?2), 0) = ?3";
    unit.expect(before, binds![org, &audience.id, audience.version.saturating_sub(1)]);
    let Audience { id, version, name, who, found, languages, needs, archived } = audience;
    unit.then(
        "INSERT INTO audience (org, id, version, name, who, found, languages, needs, archived, created_at)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)
         ON CONFLICT (org, id) DO UPDATE SET version = ?3, name = ?4, who = ?5, found = ?6, languages = ?7, needs = ?8,
           archived = ?9",
        binds![org, id, *version, name, who, found, Bind::json(languages), needs, *archived, now],
    );
}

/// Adds a message, likewise.
pub fn keep_message(unit: &mut Unit, org: &OrganisationId, message: &Message, now: Moment) {
    let before = "COALESCE((SELECT version FROM message WHERE org = ?1 AND id = ?2), 0) = ?3";
    unit.expect(before, binds![org, &message.id, message.version.saturating_sub(1)]);
    let Message { id, version, pillar, name, audiences, first, last, archived } = message;
    let (first, last) = (first.map(|day| day.to_string()), last.map(|day| day.to_string()));
    unit.then(
        "INSERT INTO message (org, id, version, pillar, name, audiences, first_day, last_day, archived, created_at)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)
         ON CONFLICT (org, id) DO UPDATE SET version = ?3, name = ?5, audiences = ?6, first_day = ?7, last_day = ?8,
           archived = ?9",
        binds![org, id, *version, pillar, name, Bind::json(audiences), first, last, *archived, now],
    );
}

/// Adds to a unit of work what a post belongs to. Apart from the post's other columns: it changes at no other time.
pub fn belong(unit: &mut Unit, org: &OrganisationId, post: &PostId, belongs: &domain::Belonging) {
    let sql = "UPDATE post SET campaign = ?3, pillar = ?4, audience = ?5, message = ?6 WHERE org = ?1 AND id = ?2";
    let domain::Belonging { campaign, pillar, audience, message } = belongs;
    unit.then(sql, binds![org, post, campaign.as_ref(), pillar.as_ref(), audience.as_ref(), message.as_ref()]);
}
