//! Prepared texts: rows of templates and of standard replies. What is proposed has a room of its own.

use domain::{
    Channel, MemberId, Moment, OrganisationId, ReplyId, Template, TemplateId, Themes,
    reply::{self, Agreed, Reply},
    template,
};
use serde::Deserialize;

use super::{Answer, Bind, Db, StoreError, Unit, campaigns, channels, id, json};
use crate::binds;

/// Every template, in the order of their names.
const TEMPLATES: &str = "SELECT id, version, body FROM template WHERE org = ?1 ORDER BY name, id";

#[derive(Deserialize)]
struct TemplateRow {
    id: String,
    version: f64,
    body: String,
}

impl TryFrom<TemplateRow> for Template {
    type Error = StoreError;
    fn try_from(row: TemplateRow) -> Result<Self, StoreError> {
        Ok(Template { id: id(&row.id)?, version: row.version as u64, body: json(&row.body)? })
    }
}

fn read_templates(rows: Vec<TemplateRow>) -> Result<Vec<Template>, StoreError> {
    rows.into_iter().map(TryInto::try_into).collect()
}

/// Every template of an organisation.
///
/// # Errors
/// `Down`, `Row`.
pub async fn templates(db: &Db, org: &OrganisationId) -> Result<Vec<Template>, StoreError> {
    read_templates(db.all(TEMPLATES, binds![org]).await?)
}

/// What a template is kept against.
#[derive(Debug, Clone)]
pub struct Ground {
    /// Every template.
    pub templates: Vec<Template>,
    /// What it may belong to.
    pub themes: Themes,
    /// Where it may go.
    pub channels: Vec<Channel>,
    /// Who may answer for it: whoever is there.
    pub members: Vec<MemberId>,
}

const MEMBERS: &str = "SELECT id FROM member WHERE org = ?1 AND removed_at IS NULL";

fn members(answer: &Answer) -> Result<Vec<MemberId>, StoreError> {
    #[derive(Deserialize)]
    struct Row {
        id: String,
    }
    answer.results::<Row>()?.iter().map(|row| id(&row.id)).collect()
}

/// Reads it, in one trip.
///
/// # Errors
/// `Down`, `Row`.
pub async fn ground(db: &Db, org: &OrganisationId) -> Result<Ground, StoreError> {
    let queries = vec![
        (TEMPLATES.to_owned(), binds![org]),
        (campaigns::ALL.to_owned(), binds![org]),
        channels::query(org),
        (MEMBERS.to_owned(), binds![org]),
    ];
    let answers = db.many(queries).await?;
    let [templates, themes, channels, people] = &answers[..] else {
        return Err(StoreError::Row("an answer is missing".to_owned()));
    };
    Ok(Ground {
        templates: read_templates(templates.results()?)?,
        themes: campaigns::themes(themes)?,
        channels: channels::read(channels)?,
        members: members(people)?,
    })
}

/// Adds a template as it is to be to a unit of work; nothing of it is written if somebody changed it meanwhile, or made
/// one too many.
pub fn keep_template(unit: &mut Unit, org: &OrganisationId, template: &Template, now: Moment) {
    let Template { id, version, body } = template;
    let before = "COALESCE((SELECT version FROM template WHERE org = ?1 AND id = ?2), 0) = ?3";
    unit.expect(before, binds![org, id, version.saturating_sub(1)]);
    let room = "(SELECT COUNT(*) FROM template WHERE org = ?1 AND id <> ?2) < ?3";
    unit.expect(room, binds![org, id, template::MOST as u32]);
    unit.then(
        "INSERT INTO template (org, id, version, name, body, created_at, changed_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?6)
         ON CONFLICT (org, id) DO UPDATE SET version = ?3, name = ?4, body = ?5, changed_at = ?6",
        binds![org, id, *version, &body.name, Bind::json(body), now],
    );
}

/// Adds new templates to a unit of work, all by one statement: an invocation has only so many.
pub fn add_templates(unit: &mut Unit, org: &OrganisationId, templates: &[Template], now: Moment) {
    let room = "(SELECT COUNT(*) FROM template WHERE org = ?1) + ?2 <= ?3";
    unit.expect(room, binds![org, templates.len() as u32, template::MOST as u32]);
    let rows = templates.iter().map(|one| {
        // The body as text: it is stored as it was written, and not as SQLite would write it.
        domain::json!({ "id": one.id, "name": one.body.name, "body": serde_json::to_string(&one.body).unwrap_or_default() })
    });
    unit.then(
        "INSERT INTO template (org, id, version, name, body, created_at, changed_at)
         SELECT ?1, value ->> '$.id', 1, value ->> '$.name', value ->> '$.body', ?2, ?2 FROM json_each(?3)",
        binds![org, now, Bind::json(&rows.collect::<Vec<_>>())],
    );
}

/// Adds the end of a template to a unit of work; nothing of it is written if somebody changed it meanwhile.
pub fn drop_template(unit: &mut Unit, org: &OrganisationId, id: &TemplateId, version: u64) {
    let here = "EXISTS (SELECT 1 FROM template WHERE org = ?1 AND id = ?2 AND version = ?3)";
    unit.expect(here, binds![org, id, version]);
    unit.then("DELETE FROM template WHERE org = ?1 AND id = ?2", binds![org, id]);
}

const REPLY: &str = "id, version, body, hands, agreed_by, agreed_at";

#[derive(Deserialize)]
struct ReplyRow {
    id: String,
    version: f64,
    body: String,
    hands: String,
    agreed_by: Option<String>,
    agreed_at: Option<f64>,
}

impl TryFrom<ReplyRow> for Reply {
    type Error = StoreError;
    fn try_from(row: ReplyRow) -> Result<Self, StoreError> {
        let agreed = match row.agreed_by.as_deref().zip(row.agreed_at) {
            Some((by, at)) => Some(Agreed { by: id(by)?, at: Moment(at as i64) }),
            None => None,
        };
        Ok(Reply {
            id: id(&row.id)?,
            version: row.version as u64,
            body: json(&row.body)?,
            hands: json(&row.hands)?,
            agreed,
        })
    }
}

/// Replies that have `text` (folded), after another one, one more than `most`: to know whether there are more.
///
/// # Errors
/// `Down`, `Row`.
pub async fn replies(
    db: &Db,
    org: &OrganisationId,
    text: Option<&str>,
    after: Option<&ReplyId>,
    most: u32,
) -> Result<Vec<Reply>, StoreError> {
    // `instr` and not LIKE: a percent sign that somebody looks for is a percent sign.
    let sql = format!(
        "SELECT {REPLY} FROM reply WHERE org = ?1 AND (?2 IS NULL OR instr(searched, ?2) > 0)
           AND (?3 IS NULL OR (heading, id) > (SELECT heading, id FROM reply WHERE org = ?1 AND id = ?3))
         ORDER BY heading, id LIMIT ?4"
    );
    let rows: Vec<ReplyRow> = db.all(&sql, binds![org, text, after, most + 1]).await?;
    rows.into_iter().map(TryInto::try_into).collect()
}

/// One reply, and who is there to answer for it.
///
/// # Errors
/// `Down`, `Row`.
pub async fn reply(db: &Db, org: &OrganisationId, id: &ReplyId) -> Result<(Option<Reply>, Vec<MemberId>), StoreError> {
    let sql = format!("SELECT {REPLY} FROM reply WHERE org = ?1 AND id = ?2");
    let answers = db.many(vec![(sql, binds![org, id]), (MEMBERS.to_owned(), binds![org])]).await?;
    let [found, people] = &answers[..] else { return Err(StoreError::Row("an answer is missing".to_owned())) };
    let row = found.results::<ReplyRow>()?.into_iter().next();
    Ok((row.map(TryInto::try_into).transpose()?, members(people)?))
}

/// Adds a reply as it is to be to a unit of work; nothing of it is written if somebody changed it meanwhile, or wrote one
/// too many.
pub fn keep_reply(unit: &mut Unit, org: &OrganisationId, reply: &Reply, now: Moment) {
    let Reply { id, version, body, hands, agreed } = reply;
    let before = "COALESCE((SELECT version FROM reply WHERE org = ?1 AND id = ?2), 0) = ?3";
    unit.expect(before, binds![org, id, version.saturating_sub(1)]);
    let room = "(SELECT COUNT(*) FROM reply WHERE org = ?1 AND id <> ?2) < ?3";
    unit.expect(room, binds![org, id, reply::MOST as u32]);
    let (by, at) = (agreed.as_ref().map(|agreed| &agreed.by), agreed.as_ref().map(|agreed| agreed.at));
    let (heading, searched) = (reply::folded(&body.situation), body.searched());
    unit.then(
        "INSERT INTO reply (org, id, version, heading, searched, body, hands, agreed_by, agreed_at, created_at, changed_at)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?10)
         ON CONFLICT (org, id) DO UPDATE SET version = ?3, heading = ?4, searched = ?5, body = ?6, hands = ?7,
           agreed_by = ?8, agreed_at = ?9, changed_at = ?10",
        binds![org, id, *version, heading, searched, Bind::json(body), Bind::json(hands), by, at, now],
    );
}

/// Adds the end of a reply to a unit of work; nothing of it is written if somebody changed it meanwhile.
pub fn drop_reply(unit: &mut Unit, org: &OrganisationId, reply: &Reply) {
    let here = "EXISTS (SELECT 1 FROM reply WHERE org = ?1 AND id = ?2 AND version = ?3)";
    unit.expect(here, binds![org, &reply.id, reply.version]);
    unit.then("DELETE FROM reply WHERE org = ?1 AND id = ?2", binds![org, &reply.id]);
}
