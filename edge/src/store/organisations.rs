//! Organisations: the row, and what turns it into the domain's type.

use domain::{BodyKind, ChannelId, Colour, Language, Moment, Organisation, OrganisationId, Pause, Slug};
use serde::Deserialize;
use words::Lang;

use super::{Bind, Db, StoreError, Unit, id, json, name, name_of};
use crate::{app::App, binds};

/// The columns of an organisation, under their own names.
#[derive(Debug, Deserialize)]
pub struct Row {
    id: String,
    slug: String,
    name: String,
    kind: String,
    zone: String,
    languages: String,
    colour: String,
    crest: Option<String>,
    policy: String,
    paused_at: Option<f64>,
    paused_by: Option<String>,
    pause_reason: Option<String>,
    version: f64,
}

/// The columns, for a SELECT.
pub const COLUMNS: &str =
    "id, slug, name, kind, zone, languages, colour, crest, policy, paused_at, paused_by, pause_reason, version";

impl TryFrom<Row> for Organisation {
    type Error = StoreError;
    fn try_from(row: Row) -> Result<Self, StoreError> {
        let pause = match (row.paused_at, row.paused_by) {
            (Some(since), Some(by)) => {
                Some(Pause { since: Moment(since as i64), by: id(&by)?, reason: row.pause_reason.unwrap_or_default() })
            }
            _ => None,
        };
        Ok(Organisation {
            id: id(&row.id)?,
            slug: name(&row.slug)?,
            name: row.name,
            kind: name(&row.kind)?,
            zone: row.zone,
            languages: json(&row.languages)?,
            colour: name(&row.colour)?,
            crest: row.crest.as_deref().map(id).transpose()?,
            policy: json(&row.policy)?,
            pause,
            version: row.version as u64,
        })
    }
}

/// What the whole deployment has.
#[derive(Debug, Clone, Copy)]
pub struct Any {
    /// Whether any organisation exists.
    pub set_up: bool,
    /// Whether one of them is the demo's.
    pub demo: bool,
}

/// Whether any organisation exists, and a demo one.
///
/// # Errors
/// `Down`.
pub async fn any(db: &Db) -> Result<Any, StoreError> {
    #[derive(Deserialize)]
    struct Row {
        set_up: u8,
        demo: u8,
    }
    let sql = "SELECT EXISTS (SELECT 1 FROM organisation) AS set_up,
      EXISTS (SELECT 1 FROM organisation WHERE demo = 1) AS demo";
    let row: Option<Row> = db.first(sql, binds![]).await?;
    row.map(|row| Any { set_up: row.set_up == 1, demo: row.demo == 1 })
        .ok_or_else(|| StoreError::Row("no answer".to_owned()))
}

/// An organisation as it stands now.
///
/// # Errors
/// `Down`, `Row`.
pub async fn read(db: &Db, org: &OrganisationId) -> Result<Option<Organisation>, StoreError> {
    let row: Option<Row> = db.first(&format!("SELECT {COLUMNS} FROM organisation WHERE id = ?1"), binds![org]).await?;
    row.map(TryInto::try_into).transpose()
}

/// A short name for a new organisation that nobody has yet.
///
/// # Errors
/// `Down`.
pub async fn free_slug(db: &Db, name: &str) -> Result<String, StoreError> {
    #[derive(Deserialize)]
    struct Row {
        slug: String,
    }
    let wanted = Slug::suggest(name).map_or_else(|| "entidad".to_owned(), String::from);
    let wanted: String = wanted.chars().take(36).collect();
    let wanted = wanted.trim_end_matches('-');
    let rows: Vec<Row> =
        db.all("SELECT slug FROM organisation WHERE slug = ?1 OR slug GLOB ?1 || '-*'", binds![wanted]).await?;
    let free = |slug: &String| rows.iter().all(|row| row.slug != *slug);
    let numbered = (2..1_000).map(|number| format!("{wanted}-{number}"));
    Ok(std::iter::once(wanted.to_owned()).chain(numbered).find(free).unwrap_or_default())
}

/// What a new organisation is made of.
pub struct New<'a> {
    /// Its identity.
    pub id: &'a OrganisationId,
    /// Its free short name.
    pub slug: &'a str,
    /// Its name.
    pub name: &'a str,
    /// What it is.
    pub kind: BodyKind,
    /// Its zone.
    pub zone: &'a str,
    /// Its languages.
    pub languages: &'a [Language],
    /// Its colour.
    pub colour: &'a Colour,
    /// Its policy.
    pub policy: &'a domain::Policy,
    /// Whether it is the demo's.
    pub demo: bool,
}

/// Adds a new organisation and its noticeboard, which is always there, to a unit of work; answers the noticeboard.
pub fn found(app: &App, unit: &mut Unit, new: &New<'_>) -> ChannelId {
    let now = app.now();
    let sql = "INSERT INTO organisation (id, slug, name, kind, zone, languages, colour, policy, demo, created_at)
      VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)";
    let (languages, colour) = (Bind::json(&new.languages), new.colour.to_string());
    let kind = name_of(&new.kind);
    unit.then(
        sql,
        binds![
            new.id,
            new.slug,
            new.name,
            kind,
            new.zone,
            languages.clone(),
            colour,
            Bind::json(new.policy),
            new.demo,
            now
        ],
    );
    let channel = ChannelId::from_bits(app.bits());
    let lang = new.languages.first().and_then(|language| Lang::of_tag(language.as_str())).unwrap_or_default();
    let sql =
        "INSERT INTO channel (id, org, network, name, handle, languages, limits, health, created_at, connected_at)
      VALUES (?1, ?2, 'noticeboard', ?3, '', ?4, ?5, 'working', ?6, ?6)";
    let limits = Bind::json(&domain::Network::Noticeboard.limits());
    unit.then(sql, binds![&channel, new.id, lang.founding_noticeboard(), languages, limits, now]);
    channel
}
