//! What is known of the pictures and videos of posts: the rows of consents, and what every check of a post asks of them.

use chrono::NaiveDate;
use domain::{
    ConsentId, MediaId, MemberId, Moment, OrganisationId,
    consent::{Consent, Facts, KEPT},
};
use serde::Deserialize;
use wire::library::Registered;

use super::{Answer, Bind, Db, StoreError, Unit, id, json, name, name_of};
use crate::binds;

/// A row of a consent, where there is one.
#[derive(Deserialize)]
pub struct Row {
    consent: Option<String>,
    consent_version: Option<f64>,
    who: Option<String>,
    age: Option<String>,
    giver: Option<String>,
    scope: Option<String>,
    campaign: Option<String>,
    first_day: Option<String>,
    last_day: Option<String>,
    proof: Option<String>,
    withdrawn_at: Option<f64>,
}

/// The columns of [`Row`]; the table is `c`.
pub const COLUMNS: &str = "c.id AS consent, c.version AS consent_version, c.who, c.age, c.giver, c.scope, c.campaign,
  c.first_day, c.last_day, c.proof, c.withdrawn_at";

/// A day as it stands in a column.
///
/// # Errors
/// `Row`.
pub fn day(text: &str) -> Result<NaiveDate, StoreError> {
    text.parse().map_err(|_| StoreError::Row("day".to_owned()))
}

impl Row {
    /// The consent, if there is one.
    ///
    /// # Errors
    /// `Row`.
    pub fn read(self) -> Result<Option<Consent>, StoreError> {
        let Some(consent) = self.consent else { return Ok(None) };
        let named = |text: Option<String>| text.unwrap_or_default();
        Ok(Some(Consent {
            id: id(&consent)?,
            version: self.consent_version.unwrap_or_default() as u64,
            who: named(self.who),
            age: name(&named(self.age))?,
            giver: name(&named(self.giver))?,
            scope: name(&named(self.scope))?,
            campaign: self.campaign.as_deref().map(id).transpose()?,
            first: day(&named(self.first_day))?,
            last: day(&named(self.last_day))?,
            proof: named(self.proof),
            withdrawn: self.withdrawn_at.map(|at| Moment(at as i64)),
        }))
    }
}

#[derive(Deserialize)]
struct FactRow {
    media: String,
    version: f64,
    shows: String,
    until: Option<String>,
    kept: Row,
}

/// The query of [`facts`] over a table of media. What was cut from another is known by that one.
fn query(these: &str) -> String {
    format!(
        "SELECT u.media, r.version, r.shows, r.until, {COLUMNS}
         FROM ({these}) u JOIN asset f ON f.org = ?1 AND f.media = u.media
         JOIN asset r ON r.org = ?1 AND r.media = COALESCE(f.made_of, f.media)
         LEFT JOIN consent c ON c.org = ?1 AND c.media = r.media AND r.shows = 'persons'
         ORDER BY u.media, c.created_at, c.id"
    )
}

/// A column of a post: of what it has, that of a correction which waits too; `?2` is the post. A column and no query of its own:
/// nearly every act reads a post twice, and an invocation has fifty.
pub fn of_post_column() -> String {
    let known = query("SELECT media FROM media_use WHERE org = ?1 AND post = ?2");
    format!(
        "(SELECT json_group_array(json_object('media', k.media, 'version', k.version, 'shows', k.shows, 'until', k.until,
           'kept', json_object('consent', k.consent, 'consent_version', k.consent_version, 'who', k.who, 'age', k.age,
             'giver', k.giver, 'scope', k.scope, 'campaign', k.campaign, 'first_day', k.first_day, 'last_day', k.last_day,
             'proof', k.proof, 'withdrawn_at', k.withdrawn_at))) FROM ({known}) k)"
    )
}

/// Reads such a column.
///
/// # Errors
/// `Row`.
pub fn in_column(text: &str) -> Result<Vec<Facts>, StoreError> {
    fold(json(text)?)
}

/// Of what several posts have; `?2` is their list.
pub fn of_posts_query() -> String {
    query("SELECT DISTINCT m.media FROM json_each(?2) j CROSS JOIN media_use m ON m.org = ?1 AND m.post = j.value")
}

/// Reads what is known.
///
/// # Errors
/// `Row`.
pub fn facts(answer: &Answer) -> Result<Vec<Facts>, StoreError> {
    fold(answer.results()?)
}

fn fold(rows: Vec<FactRow>) -> Result<Vec<Facts>, StoreError> {
    let mut all: Vec<Facts> = Vec::new();
    for row in rows {
        let media: MediaId = id(&row.media)?;
        if all.last().is_none_or(|last| last.media != media) {
            all.push(Facts {
                media,
                version: row.version as u64,
                shows: name(&row.shows)?,
                until: row.until.as_deref().map(day).transpose()?,
                consents: Vec::new(),
            });
        }
        if let (Some(last), Some(consent)) = (all.last_mut(), row.kept.read()?) {
            last.consents.push(consent);
        }
    }
    Ok(all)
}

/// What is known of some pictures and videos.
///
/// # Errors
/// `Down`, `Row`.
pub async fn of_media(db: &Db, org: &OrganisationId, media: &[&MediaId]) -> Result<Vec<Facts>, StoreError> {
    if media.is_empty() {
        return Ok(Vec::new());
    }
    let sql = query("SELECT DISTINCT value AS media FROM json_each(?2)");
    let answers = db.many(vec![(sql, binds![org, Bind::json(&media)])]).await?;
    answers.first().map_or(Ok(Vec::new()), facts)
}

/// A page of the register.
pub const PAGE: usize = 100;

/// A page of all that was consented to, one more than a page if there are more, behind the last one of the page before.
///
/// # Errors
/// `Down`, `Row`.
pub async fn register(
    db: &Db,
    org: &OrganisationId,
    after: Option<&(MediaId, ConsentId)>,
) -> Result<Vec<Registered>, StoreError> {
    #[derive(Deserialize)]
    struct Line {
        media: String,
        asset_name: Option<String>,
        kept: Row,
    }
    let (media, consent) = after.map_or(("", ""), |(media, consent)| (media.as_str(), consent.as_str()));
    let sql = format!(
        "SELECT c.media, a.name AS asset_name, {COLUMNS} FROM consent c LEFT JOIN asset a ON a.org = c.org AND a.media = c.media
         WHERE c.org = ?1 AND (c.media, c.id) > (?2, ?3) ORDER BY c.media, c.id LIMIT {}",
        PAGE + 1
    );
    let rows: Vec<Line> = db.all(&sql, binds![org, media, consent]).await?;
    let mut all = Vec::with_capacity(rows.len());
    for Line { media, asset_name, kept } in rows {
        if let Some(consent) = kept.read()? {
            all.push(Registered { media: id(&media)?, name: asset_name, consent });
        }
    }
    Ok(all)
}

/// Adds a guard: nothing of what was known of them has changed since it was read. A consent may be taken back while somebody
/// places.
pub fn still(unit: &mut Unit, org: &OrganisationId, facts: &[Facts]) {
    if facts.is_empty() {
        return;
    }
    let media: Vec<&MediaId> = facts.iter().map(|one| &one.media).collect();
    let versions: u64 = facts.iter().map(|one| one.version).sum();
    let same =
        "(SELECT COALESCE(SUM(r.version), 0) FROM json_each(?2) j JOIN asset f ON f.org = ?1 AND f.media = j.value
      JOIN asset r ON r.org = ?1 AND r.media = COALESCE(f.made_of, f.media)) = ?3";
    unit.expect(same, binds![org, Bind::json(&media), versions]);
}

/// Writes a consent, a new one or a changed one.
pub fn keep(unit: &mut Unit, org: &OrganisationId, media: &MediaId, consent: &Consent, by: &MemberId, now: Moment) {
    let Consent { id, version, who, age, giver, scope, campaign, first, last, proof, withdrawn } = consent;
    unit.then(
        "INSERT INTO consent (org, id, media, version, who, age, giver, scope, campaign, first_day, last_day, proof,
           withdrawn_at, by, created_at)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15)
         ON CONFLICT (org, media, id) DO UPDATE SET version = ?4, who = ?5, age = ?6, giver = ?7, scope = ?8, campaign = ?9,
           first_day = ?10, last_day = ?11, proof = ?12, withdrawn_at = ?13",
        binds![
            org,
            id,
            media,
            *version,
            who,
            name_of(age),
            name_of(giver),
            name_of(scope),
            campaign.as_ref(),
            first.to_string(),
            last.to_string(),
            proof,
            *withdrawn,
            by,
            now
        ],
    );
}

/// Adds a guard: an identity that was drawn is no consent of something else already.
pub fn is_its_own(unit: &mut Unit, org: &OrganisationId, consent: &ConsentId, media: &MediaId) {
    let sql = "NOT EXISTS (SELECT 1 FROM consent WHERE org = ?1 AND id = ?2 AND media <> ?3)";
    unit.expect(sql, binds![org, consent, media]);
}

/// SQL: a consent is over, and for long enough that nobody can be held to account for it any more. SQLite's `date` counts from
/// seconds; a day more or less at the edge of a zone is no matter after three years.
fn long_over(table: &str) -> String {
    format!("({table}.last_day < date(?1 / 1000, 'unixepoch') OR {table}.withdrawn_at < ?1)")
}

/// Forgets whose it was of what is over. The row stays and bars as long as another one of the same picture is not as old, or the
/// consent of somebody else would let out whom it does not show; but for one whose words stand at another one too, which says
/// where they stand. That it was there stands in the record.
pub fn sweep(unit: &mut Unit, now: Moment) {
    let over = now.minus(KEPT);
    let (mine, theirs) = (long_over("consent"), long_over("b"));
    let others = "SELECT 1 FROM consent b WHERE b.org = consent.org AND b.media = consent.media AND b.id <> consent.id";
    unit.then(
        format!("DELETE FROM consent WHERE {mine} AND lower(who) IN (SELECT lower(b.who) FROM consent b WHERE b.org = consent.org
          AND b.media = consent.media AND b.id <> consent.id AND b.created_at > consent.created_at AND b.who <> '')"),
        binds![over],
    );
    // Without any of them nobody's consent is known, which bars just as well.
    unit.then(
        format!("DELETE FROM consent WHERE {mine} AND NOT EXISTS ({others} AND NOT COALESCE({theirs}, 0))"),
        binds![over],
    );
    unit.then(format!("UPDATE consent SET who = '', proof = '' WHERE {mine} AND who <> ''"), binds![over]);
}
