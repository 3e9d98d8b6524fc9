//! The book of who is mentioned: its rows, and what names one of them.

use domain::{
    Contact, ContactId, Moment, OrganisationId,
    contacts::{self, Entry},
};
use serde::Deserialize;
use wire::contacts::{MOST_USES, Use, Uses};

use super::{Answer, Bind, Db, StoreError, Unit, id, json};
use crate::binds;

/// Every entry, in the order of their names.
const BOOK: &str = "SELECT id, version, body FROM contact WHERE org = ?1 ORDER BY name, id";

#[derive(Deserialize)]
struct Row {
    id: String,
    version: f64,
    body: String,
}

impl TryFrom<Row> for Contact {
    type Error = StoreError;
    fn try_from(row: Row) -> Result<Self, StoreError> {
        Ok(Contact { id: id(&row.id)?, version: row.version as u64, body: json(&row.body)? })
    }
}

/// The whole book of an organisation.
///
/// # Errors
/// `Down`, `Row`.
pub async fn book(db: &Db, org: &OrganisationId) -> Result<Vec<Contact>, StoreError> {
    let rows: Vec<Row> = db.all(BOOK, binds![org]).await?;
    rows.into_iter().map(TryInto::try_into).collect()
}

/// Asks for the entries of these names; also for those that differ by a capital, which whoever asked tells apart.
pub fn query(org: &OrganisationId, names: &[String]) -> (String, Vec<Bind>) {
    let sql = "SELECT body FROM contact WHERE org = ?1 AND name IN (SELECT value FROM json_each(?2))";
    (sql.to_owned(), binds![org, Bind::json(&names)])
}

/// Reads the answer to [`query`].
///
/// # Errors
/// `Row`.
pub fn read(answer: &Answer) -> Result<Vec<Entry>, StoreError> {
    #[derive(Deserialize)]
    struct Said {
        body: String,
    }
    answer.results::<Said>()?.iter().map(|row| json(&row.body)).collect()
}

/// The entries of these names; without any, nobody is asked.
///
/// # Errors
/// `Down`, `Row`.
pub async fn named(db: &Db, org: &OrganisationId, names: &[String]) -> Result<Vec<Entry>, StoreError> {
    if names.is_empty() {
        return Ok(Vec::new());
    }
    let answers = db.many(vec![query(org, names)]).await?;
    answers.first().map(read).transpose().map(Option::unwrap_or_default)
}

/// Adds an entry as it is to be to a unit of work; nothing of it is written if somebody changed it meanwhile, or made one too many.
pub fn keep(unit: &mut Unit, org: &OrganisationId, contact: &Contact, now: Moment) {
    let Contact { id, version, body } = contact;
    let before = "COALESCE((SELECT version FROM contact WHERE org = ?1 AND id = ?2), 0) = ?3";
    unit.expect(before, binds![org, id, version.saturating_sub(1)]);
    let room = "(SELECT COUNT(*) FROM contact WHERE org = ?1 AND id <> ?2) < ?3";
    unit.expect(room, binds![org, id, contacts::MOST as u32]);
    unit.then(
        "INSERT INTO contact (org, id, version, name, body, created_at, changed_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?6)
         ON CONFLICT (org, id) DO UPDATE SET version = ?3, name = ?4, body = ?5, changed_at = ?6",
        binds![org, id, *version, &body.name, Bind::json(body), now],
    );
}

/// Adds the end of an entry to a unit of work; nothing of it is written if somebody changed it meanwhile.
pub fn drop_one(unit: &mut Unit, org: &OrganisationId, id: &ContactId, version: u64) {
    let here = "EXISTS (SELECT 1 FROM contact WHERE org = ?1 AND id = ?2 AND version = ?3)";
    unit.expect(here, binds![org, id, version]);
    unit.then("DELETE FROM contact WHERE org = ?1 AND id = ?2", binds![org, id]);
}

/// What names an entry and is not out yet; nothing where there is no such entry.
///
/// # Errors
/// `Down`, `Row`.
pub async fn uses(db: &Db, org: &OrganisationId, contact: &ContactId) -> Result<Option<Uses>, StoreError> {
    #[derive(Deserialize)]
    struct Name {
        name: String,
    }
    #[derive(Deserialize)]
    struct Post {
        id: String,
        heading: String,
    }
    // As the mark stands in what is stored, which is JSON.
    let mark = "'@[' || (SELECT substr(json_quote(name), 2, length(json_quote(name)) - 2) FROM contact \
                WHERE org = ?1 AND id = ?2) || ']'";
    let posts = format!(
        "SELECT id, heading FROM post WHERE org = ?1 AND stage IN ('draft', 'in_review', 'approved', 'placed')
           AND instr(content, {mark}) > 0 ORDER BY changed_at DESC, id DESC LIMIT {}",
        MOST_USES + 1
    );
    let templates = format!("SELECT name FROM template WHERE org = ?1 AND instr(body, {mark}) > 0 ORDER BY name, id");
    let known = "SELECT name FROM contact WHERE org = ?1 AND id = ?2".to_owned();
    let queries = [known, posts, templates].map(|sql| (sql, binds![org, contact]));
    let answers = db.many(queries.into()).await?;
    let [known, posts, templates] = &answers[..] else {
        return Err(StoreError::Row("an answer is missing".to_owned()));
    };
    if known.results::<Name>()?.is_empty() {
        return Ok(None);
    }
    let mut posts = posts.results::<Post>()?;
    let more = posts.len() > MOST_USES;
    posts.truncate(MOST_USES);
    let posts = posts.into_iter().map(|post| id(&post.id).map(|id| Use { id, heading: post.heading }));
    let templates = templates.results::<Name>()?.into_iter().map(|one| one.name).collect();
    Ok(Some(Uses { posts: posts.collect::<Result<_, StoreError>>()?, templates, more }))
}
