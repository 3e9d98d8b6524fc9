//! The library: what is said of each stored picture and video, the words it is found by, where it is used, and what of that
//! waits to go out.

use domain::{
    CampaignId, ChannelId, Language, MediaId, MemberId, Moment, Network, OrganisationId, Picture, PostId,
    PublicationId, Video,
    consent::{Consent, Facts, Shows},
    delivery::{ActState, Hold},
    library::{Asset, FOLDER_SIGN, Mark, Said, TAG_SIGN, Wanted},
    look::Look,
};
use serde::Deserialize;
use wire::library::{Body, Filed, Named, Shelves, Superseded, Used, Version};

use super::{Answer, Bind, Db, StoreError, Unit, consents, gone, id, json, name, name_of, thumbnails};
use crate::binds;

/// A page of the list.
pub const PAGE: usize = 30;
/// A beginning of a word that is so common finds so many, whichever they are: one more letter tells them apart.
const MOST_BEGUN: u32 = 2_000;
/// A page of them, and one more: [`PAGE`].
const NEWEST: &str = " ORDER BY added_at DESC, media DESC LIMIT 31";
/// So many folders, and tags, are offered.
const MOST_SHELVES: u32 = 200;
/// So many posts that use one are listed.
pub const MOST_USES: usize = 50;
/// So much that waits to go out is looked at when something changes.
const MOST_PLACED: u32 = 1_000;

/// A row of an asset, as it is listed: in its newest version.
#[derive(Deserialize)]
pub(super) struct Row {
    media: String,
    /// The first version, by which all of it is known.
    pub(super) first: String,
    version: f64,
    said: String,
    by: String,
    added_at: f64,
    uncovered: f64,
    hash: Option<String>,
    mime: Option<String>,
    bytes: Option<f64>,
    width: Option<f64>,
    height: Option<f64>,
    file_name: Option<String>,
    facts: Option<String>,
}

/// The columns of a row; `today` is the number of a bind.
pub(super) fn columns(today: usize) -> String {
    format!(
        "COALESCE(a.newest, a.media) AS media, a.media AS first, a.version, a.said, a.by, a.added_at, COALESCE(m.hash, v.hash) AS hash, m.mime, COALESCE(m.bytes, v.bytes) AS bytes,
         m.width, m.height, COALESCE(m.name, v.name) AS file_name, v.facts,
         (a.shows = 'persons' AND NOT EXISTS (SELECT 1 FROM consent c WHERE c.org = a.org AND c.media = a.media
           AND c.withdrawn_at IS NULL AND c.first_day <= ?{today} AND c.last_day >= ?{today})) AS uncovered"
    )
}

/// The tables of its file, beside `asset a`. Only pictures have versions.
pub(super) const FILES: &str = "LEFT JOIN media m ON m.id = COALESCE(a.newest, a.media) AND m.org = a.org
  LEFT JOIN video v ON v.id = a.media AND v.org = a.org";

impl TryFrom<Row> for Filed {
    type Error = StoreError;
    fn try_from(row: Row) -> Result<Self, StoreError> {
        let media: MediaId = id(&row.media)?;
        let said: Said = json(&row.said)?;
        let lost = || StoreError::Row("an asset without its file".to_owned());
        let (hash, bytes) = (row.hash.ok_or_else(lost)?, row.bytes.ok_or_else(lost)? as u32);
        let (file_name, alt) = (row.file_name.unwrap_or_default(), said.alt.clone());
        let body = match row.facts {
            Some(facts) => {
                let domain::video::Facts { mime, codec, sound, width, height, millis, rate } = json(&facts)?;
                let media = media.clone();
                let video = Video {
                    media,
                    hash,
                    mime,
                    codec,
                    bytes,
                    width,
                    height,
                    millis,
                    rate,
                    sound,
                    file_name,
                    alt,
                    captions: Default::default(),
                    poster: None,
                };
                Body::Video { video }
            }
            None => {
                let (width, height) = (row.width.unwrap_or_default() as u32, row.height.unwrap_or_default() as u32);
                let mime = name(&row.mime.ok_or_else(lost)?)?;
                let picture =
                    Picture { media: media.clone(), hash, mime, bytes, width, height, file_name, alt, focus: None };
                Body::Picture { picture }
            }
        };
        Ok(Filed {
            asset: Asset { media, version: row.version as u64, said },
            body,
            by: id(&row.by)?,
            added: Moment(row.added_at as i64),
            uncovered: row.uncovered > 0.0,
        })
    }
}

/// What a list is sifted by.
pub struct Sifted<'a> {
    /// By words and marks.
    pub wanted: &'a Wanted,
    /// Only what is over at this day.
    pub ended: bool,
    /// Only what this member brought.
    pub by: Option<&'a MemberId>,
    /// The last one of the page before.
    pub after: Option<(Moment, MediaId)>,
    /// Today, in the organisation's calendar.
    pub today: String,
}

/// The query of a page, the newest first, one more than a page if there are more. One index leads: the rarest word's, in the
/// order of the list, so that a page reads little more than it shows; the rest is looked up by key.
fn list_query(org: &OrganisationId, sifted: &Sifted<'_>) -> (String, Vec<Bind>) {
    let (at, last) = match &sifted.after {
        Some((at, media)) => (*at, media.as_str()),
        None => (Moment(i64::MAX >> 12), ""),
    };
    let mut binds = binds![org, at, last, sifted.today.as_str()];
    let mut bind = |value: Bind| {
        binds.push(value);
        binds.len()
    };
    let (mut whole, begun) = (sifted.wanted.whole.iter(), sifted.wanted.begun.as_ref());
    // No word has this sign: behind the beginning it stands after all that begin so.
    let mut range = |begun: &String| (bind(begun.into()), bind(Bind::Text(format!("{begun}\u{10FFFF}"))));
    let (from, mut rest, key) = match (whole.next(), begun) {
        (Some(word), begun) => {
            let rest = begun.map(|begun| {
                let (low, high) = range(begun);
                format!(
                    " AND EXISTS (SELECT 1 FROM asset_word x WHERE x.org = ?1 AND x.media = a.media AND x.word >= ?{low} AND x.word < ?{high})"
                )
            });
            let word = bind(word.into());
            let from = format!(
                "asset_word w CROSS JOIN asset a ON a.org = ?1 AND a.media = w.media AND w.org = ?1 AND w.word = ?{word}"
            );
            (from, rest.unwrap_or_default(), "w")
        }
        (None, Some(begun)) => {
            let (low, high) = range(begun);
            // Where nothing more is asked of them, no more are looked up than are shown.
            let newest = if sifted.ended || sifted.by.is_some() { "" } else { NEWEST };
            let from = format!(
                "(SELECT DISTINCT media, added_at FROM (SELECT media, added_at FROM asset_word
                   WHERE org = ?1 AND word >= ?{low} AND word < ?{high} LIMIT {MOST_BEGUN})
                   WHERE added_at <= ?2 AND (added_at < ?2 OR media < ?3){newest}) w
                 CROSS JOIN asset a ON a.org = ?1 AND a.media = w.media"
            );
            (from, String::new(), "w")
        }
        // Few have an end, and those stand in an index of their own.
        (None, None) if sifted.ended => ("asset a INDEXED BY asset_until".to_owned(), String::new(), "a"),
        (None, None) => ("asset a".to_owned(), String::new(), "a"),
    };
    for word in whole {
        let word = bind(word.into());
        rest.push_str(&format!(
            " AND EXISTS (SELECT 1 FROM asset_word x WHERE x.org = ?1 AND x.media = a.media AND x.word = ?{word})"
        ));
    }
    if sifted.ended {
        rest.push_str(" AND a.until IS NOT NULL AND a.until < ?4");
    }
    if let Some(by) = sifted.by {
        let by = bind(by.into());
        rest.push_str(&format!(" AND a.by = ?{by}"));
    }
    let sql = format!(
        "SELECT {} FROM {from} {FILES}
         WHERE a.org = ?1 AND a.made_of IS NULL AND {key}.added_at <= ?2 AND ({key}.added_at < ?2 OR {key}.media < ?3){rest}
         ORDER BY {key}.added_at DESC, {key}.media DESC LIMIT {}",
        columns(4),
        PAGE + 1
    );
    (sql, binds)
}

/// A page of the list, one more than a page if there are more, each with its first version, by which the list goes on.
///
/// # Errors
/// `Down`, `Row`.
pub async fn list(db: &Db, org: &OrganisationId, sifted: &Sifted<'_>) -> Result<Vec<(MediaId, Filed)>, StoreError> {
    let (sql, binds) = list_query(org, sifted);
    let rows: Vec<Row> = db.all(&sql, binds).await?;
    rows.into_iter()
        .map(|row| {
            let first = id(&row.first)?;
            Ok((first, Filed::try_from(row)?))
        })
        .collect()
}

/// The most posts that are said of each where a page is listed with them.
const MOST_NAMED: usize = 20;

/// The posts that have some assets, or what was cut from them, or another of their versions; `?2` is the list of those. For each by its key, and no further than is
/// said: one that stands in a thousand posts takes nothing from the others.
fn named_query() -> String {
    format!(
        "SELECT j.value AS media, (SELECT json_group_array(json_object('post', o.id, 'heading', o.heading, 'destinations', o.destinations))
           FROM (SELECT DISTINCT u.post FROM media_use u WHERE u.org = ?1 AND u.media IN (
             SELECT j.value UNION ALL SELECT c.media FROM asset c WHERE c.org = ?1 AND c.made_of = j.value) LIMIT {}) d
           CROSS JOIN post o ON o.id = d.post AND o.org = ?1) AS uses
         FROM json_each(?2) j",
        MOST_NAMED + 1
    )
}

/// Adds to a page of the list where each is used, in whichever of its versions; `sees` is whether whoever asks sees a post that goes to these channels.
///
/// # Errors
/// `Down`, `Row`.
pub async fn used(
    db: &Db,
    org: &OrganisationId,
    items: Vec<(MediaId, Filed)>,
    sees: impl Fn(&[ChannelId]) -> bool,
) -> Result<Vec<Used>, StoreError> {
    #[derive(Deserialize)]
    struct Uses {
        media: String,
        uses: String,
    }
    #[derive(Deserialize)]
    struct One {
        post: String,
        heading: String,
        destinations: String,
    }
    if items.is_empty() {
        return Ok(Vec::new());
    }
    let these: Vec<&MediaId> = items.iter().map(|(first, _)| first).collect();
    let found: Vec<Uses> = db.all(&named_query(), binds![org, Bind::json(&these)]).await?;
    let mut used = Vec::with_capacity(items.len());
    for (first, filed) in items {
        let of = found.iter().find(|row| row.media == first.as_str());
        let mut all: Vec<One> = of.map(|row| json(&row.uses)).transpose()?.unwrap_or_default();
        let more = all.len() > MOST_NAMED;
        all.truncate(MOST_NAMED);
        let mut uses = Vec::new();
        for one in all {
            let going: Vec<(ChannelId, Network, Language)> = json(&one.destinations)?;
            let channels: Vec<ChannelId> = going.into_iter().map(|(channel, ..)| channel).collect();
            if sees(&channels) {
                uses.push(Named { post: id(&one.post)?, heading: one.heading });
            }
        }
        used.push(Used { filed, uses, more });
    }
    Ok(used)
}

/// The folders and tags that there are; those of one member only, for who sees no others. From one to the next in the index,
/// not through all that stand there.
///
/// # Errors
/// `Down`, `Row`.
pub async fn shelves(db: &Db, org: &OrganisationId, by: Option<&MemberId>) -> Result<Shelves, StoreError> {
    #[derive(Deserialize)]
    struct Word {
        word: String,
    }
    let sql = match by {
        None => format!(
            "WITH RECURSIVE shelf(word) AS (
               SELECT (SELECT MIN(word) FROM asset_word WHERE org = ?1 AND word > ?2 AND word < ?3)
               UNION ALL SELECT (SELECT MIN(word) FROM asset_word WHERE org = ?1 AND word > shelf.word AND word < ?3)
                 FROM shelf WHERE shelf.word IS NOT NULL LIMIT {MOST_SHELVES})
             SELECT word FROM shelf WHERE word IS NOT NULL"
        ),
        Some(_) => format!(
            "SELECT DISTINCT w.word FROM asset a JOIN asset_word w ON w.org = ?1 AND w.media = a.media
             WHERE a.org = ?1 AND a.by = ?4 AND w.word > ?2 AND w.word < ?3 ORDER BY w.word LIMIT {MOST_SHELVES}"
        ),
    };
    let behind = |sign: char| char::from_u32(sign as u32 + 1).unwrap_or(sign).to_string();
    let one = |sign: char| {
        let mut binds = binds![org, sign.to_string(), behind(sign)];
        binds.extend(by.map(Bind::from));
        (sql.clone(), binds)
    };
    let answers = db.many(vec![one(FOLDER_SIGN), one(TAG_SIGN)]).await?;
    let words = |answer: Option<&Answer>| -> Result<Vec<String>, StoreError> {
        let rows = answer.map(|answer| answer.results::<Word>()).transpose()?.unwrap_or_default();
        Ok(rows.into_iter().filter_map(|row| row.word.get(1..).map(str::to_owned)).collect())
    };
    Ok(Shelves { folders: words(answers.first())?, tags: words(answers.get(1))? })
}

/// A post that uses an asset, and one act of it; none where it was not placed.
#[derive(Deserialize)]
pub struct UseRow {
    /// The post.
    pub post: String,
    /// What it is called.
    pub heading: String,
    /// Its stage.
    pub stage: String,
    /// When it goes out.
    pub slot_at: Option<f64>,
    /// Where it goes.
    pub destinations: String,
    /// What it belongs to.
    pub campaign: Option<String>,
    /// What of the asset it has, as JSON.
    pub has: String,
    /// The publication.
    pub publication: Option<String>,
    /// Where.
    pub channel: Option<String>,
    /// On which network.
    pub network: Option<String>,
    /// What the act does.
    pub deed: Option<String>,
    /// Of which part of a thread.
    pub part: Option<f64>,
    /// How far it is.
    pub data: Option<String>,
    /// When it is due.
    pub due_at: Option<f64>,
    /// Until when it may go out.
    pub ends_at: Option<f64>,
}

/// An asset with all that stands about it.
pub struct Whole {
    /// As in the list.
    pub filed: Filed,
    /// Its first version: by this one it stands in the tables.
    pub first: MediaId,
    /// The name of who brought it.
    pub brought_by: String,
    /// What was consented to, the oldest first.
    pub consents: Vec<Consent>,
    /// Where it is used.
    pub uses: Vec<UseRow>,
    /// What it looks like, if that is known.
    pub look: Option<Look>,
    /// Its versions, the oldest first.
    pub versions: Vec<Version>,
}

impl Whole {
    /// What is said of it, as it stands in the tables.
    pub fn asset(&self) -> Asset {
        Asset { media: self.first.clone(), ..self.filed.asset.clone() }
    }

    /// What the rules ask of it.
    pub fn facts(&self) -> Facts {
        let Asset { media, version, said } = self.asset();
        Facts { media, version, shows: said.shows, until: said.until, consents: self.consents.clone() }
    }
}

/// `?2` and what was cut from it, with its versions.
pub(super) const THESE: &str = "SELECT ?2 AS media UNION ALL SELECT media FROM asset WHERE org = ?1 AND made_of = ?2";

/// The first version of what `?2` is a version of; it itself where it is none.
const FIRST: &str =
    "(SELECT CASE WHEN version_at IS NULL THEN media ELSE made_of END FROM asset WHERE org = ?1 AND media = ?2)";

/// The queries of [`whole`], in one trip: whichever version is asked for, the asset is found.
fn whole_queries(org: &OrganisationId, media: &MediaId, today: &str) -> Vec<(String, Vec<Bind>)> {
    let these = THESE.replace("?2", FIRST);
    let asset = format!(
        "SELECT {}, {}, (SELECT b.name FROM member b WHERE b.org = a.org AND b.id = a.by) AS brought_by
         FROM asset a {FILES} LEFT JOIN thumbnail t ON t.org = a.org AND t.media = COALESCE(a.newest, a.media)
         WHERE a.org = ?1 AND a.media = {FIRST} AND a.made_of IS NULL",
        columns(3),
        thumbnails::LOOK
    );
    let uses = format!(
        "SELECT o.id AS post, o.heading, o.stage, o.slot_at, o.destinations, o.campaign, p.id AS publication, p.channel,
           p.network, a.deed, a.part, a.data, a.due_at, a.ends_at,
           (SELECT json_group_array(u.media) FROM media_use u WHERE u.org = ?1 AND u.post = o.id AND u.media IN ({these})) AS has
         FROM (SELECT id, heading, stage, slot_at, destinations, campaign, changed_at FROM post
           WHERE +org = ?1 AND id IN (SELECT u.post FROM ({these}) t JOIN media_use u ON u.org = ?1 AND u.media = t.media)
           ORDER BY changed_at DESC, id LIMIT {}) o
         LEFT JOIN publication p ON p.org = ?1 AND p.post = o.id
         LEFT JOIN act a ON a.org = ?1 AND a.publication = p.id
         ORDER BY o.changed_at DESC, o.id, p.created_at, p.id, a.seq",
        MOST_USES + 1
    );
    // Of each its own file, and not the one that is shown.
    let versions = format!(
        "SELECT a.media, a.media AS first, a.version, a.said, a.by, COALESCE(a.version_at, a.added_at) AS added_at, 0 AS uncovered,
           COALESCE(m.hash, v.hash) AS hash, m.mime, COALESCE(m.bytes, v.bytes) AS bytes, m.width, m.height,
           COALESCE(m.name, v.name) AS file_name, v.facts,
           (SELECT b.name FROM member b WHERE b.org = ?1 AND b.id = COALESCE(a.version_by, a.by)) AS made_by
         FROM ({these}) t CROSS JOIN asset a ON a.org = ?1 AND a.media = t.media
         LEFT JOIN media m ON m.id = a.media AND m.org = a.org LEFT JOIN video v ON v.id = a.media AND v.org = a.org
         WHERE a.made_of IS NULL OR a.version_at IS NOT NULL ORDER BY (a.version_at IS NOT NULL), a.version_at, a.media"
    );
    vec![
        (asset, binds![org, media, today]),
        (consents_query(FIRST), binds![org, media]),
        (uses, binds![org, media]),
        (versions, binds![org, media]),
    ]
}

/// The query of the consents of one asset.
fn consents_query(of: &str) -> String {
    format!(
        "SELECT {} FROM consent c WHERE c.org = ?1 AND c.media = {of} ORDER BY c.created_at, c.id",
        consents::COLUMNS
    )
}

fn consents_of(answer: &Answer) -> Result<Vec<Consent>, StoreError> {
    answer.results::<consents::Row>()?.into_iter().filter_map(|row| row.read().transpose()).collect()
}

/// Reads the answers to [`whole_queries`].
fn whole_of(answers: &[Answer]) -> Result<Option<Whole>, StoreError> {
    #[derive(Deserialize)]
    struct Named {
        brought_by: Option<String>,
        look_high: Option<f64>,
        look_low: Option<f64>,
        filed: Row,
    }
    #[derive(Deserialize)]
    struct Made {
        made_by: Option<String>,
        filed: Row,
    }
    let [asset, kept, uses, versions] = answers else {
        return Err(StoreError::Row("an answer is missing".to_owned()));
    };
    let Some(named) = asset.results::<Named>()?.into_iter().next() else { return Ok(None) };
    let Named { brought_by, look_high, look_low, filed } = named;
    let first = id(&filed.first)?;
    let filed: Filed = filed.try_into()?;
    let version = |Made { made_by, filed: row }: Made| -> Result<Version, StoreError> {
        let Filed { mut body, added, .. } = Filed::try_from(row)?;
        // What it shows is said of all of them.
        if let Body::Picture { picture } = &mut body {
            picture.alt.clone_from(&filed.asset.said.alt);
        }
        Ok(Version { body, by: made_by.unwrap_or_default(), at: added })
    };
    let versions = versions.results::<Made>()?.into_iter().map(version).collect::<Result<Vec<_>, _>>()?;
    Ok(Some(Whole {
        filed,
        first,
        brought_by: brought_by.unwrap_or_default(),
        consents: consents_of(kept)?,
        uses: uses.results()?,
        look: thumbnails::look(look_high, look_low),
        versions,
    }))
}

/// Reads an asset whole, in one trip.
///
/// # Errors
/// `Down`, `Row`.
pub async fn whole(db: &Db, org: &OrganisationId, media: &MediaId, today: &str) -> Result<Option<Whole>, StoreError> {
    whole_of(&db.many(whole_queries(org, media, today)).await?)
}

/// What is to be the newest version of something, as it stands in the library.
pub struct Heir {
    /// What is said of it.
    pub asset: Asset,
    /// Whether it is a video.
    pub film: bool,
    /// What it was cut from, or is a version of.
    pub of: Option<MediaId>,
    /// Whether there are several versions of it.
    pub has_versions: bool,
    /// Who brought it.
    pub by: MemberId,
    /// What was consented to in it.
    pub consents: Vec<Consent>,
}

/// Reads an asset whole, and what is to be its newest version, in one trip.
///
/// # Errors
/// `Down`, `Row`.
pub async fn with_heir(
    db: &Db,
    org: &OrganisationId,
    media: &MediaId,
    heir: &MediaId,
    today: &str,
) -> Result<(Option<Whole>, Option<Heir>), StoreError> {
    #[derive(Deserialize)]
    struct Standing {
        kind: String,
        version: f64,
        said: String,
        made_of: Option<String>,
        by: String,
        several: f64,
    }
    let mut queries = whole_queries(org, media, today);
    let standing = "SELECT kind, version, said, made_of, by, (newest IS NOT NULL OR version_at IS NOT NULL
        OR EXISTS (SELECT 1 FROM asset v WHERE v.org = ?1 AND v.made_of = ?2 AND v.version_at IS NOT NULL)) AS several
      FROM asset WHERE org = ?1 AND media = ?2";
    queries.push((standing.to_owned(), binds![org, heir]));
    queries.push((consents_query("?2"), binds![org, heir]));
    let answers = db.many(queries).await?;
    let [whole @ .., standing, kept] = answers.as_slice() else {
        return Err(StoreError::Row("an answer is missing".to_owned()));
    };
    let Some(row) = standing.results::<Standing>()?.into_iter().next() else { return Ok((whole_of(whole)?, None)) };
    let heir = Heir {
        asset: Asset { media: heir.clone(), version: row.version as u64, said: json(&row.said)? },
        film: row.kind == "video",
        of: row.made_of.as_deref().map(id).transpose()?,
        has_versions: row.several > 0.0,
        by: id(&row.by)?,
        consents: consents_of(kept)?,
    };
    Ok((whole_of(whole)?, Some(heir)))
}

/// Adds to a unit of work that something joins an asset as its newest version, with what was cut from it and with what its people
/// consented to; and what is said of all of them from now on. Its own row has another version from then on: whoever read it before is
/// told so, and does not write to a row that says nothing any more, nor has it join a second asset.
pub fn join(unit: &mut Unit, org: &OrganisationId, heir: &MediaId, asset: &Asset, by: &MemberId, at: Moment) {
    let first = &asset.media;
    unit.then("UPDATE consent SET media = ?2 WHERE org = ?1 AND media = ?3", binds![org, first, heir]);
    unit.then("UPDATE asset SET made_of = ?2 WHERE org = ?1 AND made_of = ?3", binds![org, first, heir]);
    // What was deleted and is known by it, if it comes back.
    unit.then("UPDATE asset_gone SET root = ?2 WHERE org = ?1 AND root = ?3", binds![org, first, heir]);
    unit.then("DELETE FROM asset_word WHERE org = ?1 AND media = ?2", binds![org, heir]);
    unit.then(
        "UPDATE asset SET made_of = ?2, version = version + 1, version_at = ?4, version_by = ?5 WHERE org = ?1 AND media = ?3",
        binds![org, first, heir, at, by],
    );
    unit.then("UPDATE asset SET newest = ?3 WHERE org = ?1 AND media = ?2", binds![org, first, heir]);
    describe(unit, org, asset);
}

/// Adds to a unit of work that one of its versions is shown again.
pub fn show(unit: &mut Unit, org: &OrganisationId, first: &MediaId, version: &MediaId) {
    unit.then(
        "UPDATE asset SET newest = NULLIF(?3, media), version = version + 1 WHERE org = ?1 AND media = ?2",
        binds![org, first, version],
    );
}

/// Of some pictures, those of which another version is shown, and that one; only those of one member, for who sees no others.
///
/// # Errors
/// `Down`, `Row`.
pub async fn newer(
    db: &Db,
    org: &OrganisationId,
    media: &[MediaId],
    by: Option<&MemberId>,
    today: &str,
) -> Result<Vec<Superseded>, StoreError> {
    #[derive(Deserialize)]
    struct Asked {
        asked: String,
        filed: Row,
    }
    let mine = if by.is_some() { " AND a.by = ?4" } else { "" };
    let sql = format!(
        "SELECT j.value AS asked, {} FROM json_each(?2) j CROSS JOIN asset f ON f.org = ?1 AND f.media = j.value
         CROSS JOIN asset a ON a.org = ?1 AND a.media = COALESCE(f.made_of, f.media) {FILES}
         WHERE (f.made_of IS NULL OR f.version_at IS NOT NULL) AND COALESCE(a.newest, a.media) <> j.value{mine} ORDER BY j.key",
        columns(3)
    );
    let mut binds = binds![org, Bind::json(&media), today];
    binds.extend(by.map(Bind::from));
    let mut all = Vec::new();
    for Asked { asked, filed } in db.all::<Asked>(&sql, binds).await? {
        if let Body::Picture { picture } = Filed::try_from(filed)?.body {
            all.push(Superseded { media: id(&asked)?, by: picture });
        }
    }
    Ok(all)
}

/// What the library says that a picture shows, if it is known there.
///
/// # Errors
/// `Down`, `Row`.
pub async fn alt_of(
    db: &Db,
    org: &OrganisationId,
    media: &MediaId,
) -> Result<std::collections::BTreeMap<domain::Language, String>, StoreError> {
    #[derive(Deserialize)]
    struct Known {
        said: String,
    }
    let sql = &format!("SELECT said FROM asset WHERE org = ?1 AND media = {FIRST}");
    let row: Option<Known> = db.first(sql, binds![org, media]).await?;
    Ok(row.map(|row| json::<Said>(&row.said)).transpose()?.map(|said| said.alt).unwrap_or_default())
}

/// What comes into the library.
pub struct New<'a> {
    /// The stored object.
    pub media: &'a MediaId,
    /// What names its bytes: SHA-256, or that of a video's parts.
    pub hash: &'a str,
    /// Whether it is a video.
    pub video: bool,
    /// The name of the file.
    pub file_name: &'a str,
    /// What it was cut from, if it was.
    pub made_of: Option<&'a MediaId>,
    /// Who brought it.
    pub by: &'a MemberId,
    /// When.
    pub at: Moment,
}

/// Adds what was stored to the library; what is there stays as it is. The unit is `Guard` if it was deleted meanwhile: it was
/// found by its bytes, and then it was gone.
pub fn file(unit: &mut Unit, org: &OrganisationId, new: &New<'_>) {
    let name = match new.file_name.trim() {
        "" => new.media.as_str(),
        name => name,
    };
    let said = Said { name: name.to_owned(), ..Said::default() };
    let (kind, table) = if new.video { ("video", "video") } else { ("picture", "media") };
    unit.expect(&format!("EXISTS (SELECT 1 FROM {table} WHERE id = ?2 AND +org = ?1)"), binds![org, new.media]);
    // What a cut was cut from may be a cut itself.
    unit.then(
        "INSERT OR IGNORE INTO asset (org, media, kind, version, name, said, shows, until, made_of, by, added_at)
         VALUES (?1, ?2, ?3, 1, ?4, ?5, ?6, NULL, (SELECT COALESCE(made_of, media) FROM asset WHERE org = ?1 AND media = ?7), ?8, ?9)",
        binds![
            org,
            new.media,
            kind,
            name,
            Bind::json(&said),
            name_of(&Shows::Unsaid),
            new.made_of,
            new.by,
            new.at
        ],
    );
    let asset = Asset { media: new.media.clone(), version: 1, said };
    unit.then(
        "INSERT OR IGNORE INTO asset_word (org, word, added_at, media)
         SELECT ?1, j.value, a.added_at, a.media FROM asset a, json_each(?3) j
         WHERE a.org = ?1 AND a.media = ?2 AND a.made_of IS NULL AND a.version = 1",
        binds![org, new.media, Bind::json(&asset.words())],
    );
    gone::come_back(unit, org, new);
}

/// Adds a guard: an asset is still as it was read.
pub fn expect(unit: &mut Unit, org: &OrganisationId, media: &MediaId, version: u64) {
    unit.expect("(SELECT version FROM asset WHERE org = ?1 AND media = ?2) = ?3", binds![org, media, version]);
}

/// Writes what is said of an asset now, and the words it is found by.
pub fn describe(unit: &mut Unit, org: &OrganisationId, asset: &Asset) {
    let Asset { media, version, said } = asset;
    unit.then(
        "UPDATE asset SET version = ?3, name = ?4, said = ?5, shows = ?6, until = ?7 WHERE org = ?1 AND media = ?2",
        binds![
            org,
            media,
            *version,
            &said.name,
            Bind::json(said),
            name_of(&said.shows),
            said.until.map(|day| day.to_string())
        ],
    );
    let words = Bind::json(&asset.words());
    unit.then(
        "DELETE FROM asset_word WHERE org = ?1 AND media = ?2 AND word NOT IN (SELECT value FROM json_each(?3))",
        binds![org, media, words.clone()],
    );
    unit.then(
        "INSERT OR IGNORE INTO asset_word (org, word, added_at, media)
         SELECT ?1, j.value, a.added_at, a.media FROM asset a, json_each(?3) j WHERE a.org = ?1 AND a.media = ?2",
        binds![org, media, words],
    );
}

/// How far an act is that can still bring an asset out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Course {
    /// It waits: it is held.
    Waits,
    /// It is on its way, or nobody knows whether it is out: it is barred, and not tried again by itself.
    Goes,
    /// Somebody has it in hand: they are told.
    InHand,
}

/// An act that may still go out with an asset.
pub struct Placed {
    /// It.
    pub act: String,
    /// How far it is.
    pub course: Course,
    /// Its post.
    pub post: PostId,
    /// Its publication.
    pub publication: PublicationId,
    /// Where it goes.
    pub network: Network,
    /// What its post belongs to.
    pub campaign: Option<CampaignId>,
    /// When it is due.
    pub due: Moment,
    /// Until when it may go out.
    pub ends: Moment,
}

/// SQL: an act `a` waits.
const WAITS: &str = "a.state IN ('waiting', 'claimed')";

/// What may still go out with an asset, or with what was cut from it: what is on its way too, for it may come back and be tried
/// again. In this order: by the posts that have it, not through all acts of the organisation.
fn going(these: &str) -> String {
    format!(
        "FROM ({these}) t CROSS JOIN media_use u ON u.org = ?1 AND u.media = t.media
         CROSS JOIN act a ON a.org = ?1 AND a.post = u.post JOIN publication p ON p.id = a.publication AND p.org = ?1
         JOIN post o ON o.id = a.post AND o.org = ?1
         WHERE a.state IN ('waiting', 'claimed', 'sending', 'unknown', 'in_hand') AND a.deed <> 'delete'"
    )
}

/// What may still go out with an asset, and with what joins it.
///
/// # Errors
/// `Down`, `Row`.
pub async fn placed(
    db: &Db,
    org: &OrganisationId,
    media: &MediaId,
    joins: Option<&MediaId>,
) -> Result<Vec<Placed>, StoreError> {
    #[derive(Deserialize)]
    struct Row {
        act: String,
        state: String,
        post: String,
        publication: String,
        network: String,
        campaign: Option<String>,
        due_at: f64,
        ends_at: f64,
    }
    let mut binds = binds![org, media];
    binds.extend(joins.map(Bind::from));
    let these = match joins {
        Some(_) => [THESE, " UNION ALL ", &THESE.replace("?2", "?3")].concat(),
        None => THESE.to_owned(),
    };
    let sql = format!(
        "SELECT DISTINCT a.id AS act, a.state, a.post, a.publication, p.network, o.campaign, a.due_at, a.ends_at {} LIMIT {MOST_PLACED}",
        going(&these)
    );
    let rows: Vec<Row> = db.all(&sql, binds).await?;
    let one = |row: Row| {
        Ok(Placed {
            act: row.act,
            course: match row.state.as_str() {
                "waiting" | "claimed" => Course::Waits,
                "in_hand" => Course::InHand,
                _ => Course::Goes,
            },
            post: id(&row.post)?,
            publication: id(&row.publication)?,
            network: name(&row.network)?,
            campaign: row.campaign.as_deref().map(id).transpose()?,
            due: Moment(row.due_at as i64),
            ends: Moment(row.ends_at as i64),
        })
    };
    rows.into_iter().map(one).collect()
}

/// Holds some of what waits, and bars it and some of what is on its way: the point of no return lets none of it through until a
/// person who is asked anew does. If all of it is still where it was read: somebody may place, and the clock may send, while a
/// consent is taken back.
pub fn hold(unit: &mut Unit, org: &OrganisationId, media: &MediaId, read: &[Placed], held: &[&Placed]) {
    let same = format!(
        "(SELECT COUNT(*), COUNT(CASE WHEN waits THEN 1 END) FROM (SELECT DISTINCT a.id, {WAITS} AS waits {} LIMIT {MOST_PLACED}))
           = (?3, ?4)",
        going(THESE)
    );
    let waiting = read.iter().filter(|one| one.course == Course::Waits).count();
    unit.expect(&same, binds![org, media, read.len() as u32, waiting as u32]);
    let of = |course: Course| -> Vec<&str> {
        held.iter().filter(|one| one.course == course).map(|one| one.act.as_str()).collect()
    };
    let (waits, goes) = (of(Course::Waits), of(Course::Goes));
    if !waits.is_empty() {
        let state = ActState::Held { reason: Hold::Rights };
        unit.then(
            "UPDATE act SET state = 'held', data = ?3, barred = 1, lease_at = NULL, asked = 1, waits = NULL
             WHERE +org = ?1 AND id IN (SELECT value FROM json_each(?2)) AND state IN ('waiting', 'claimed')",
            binds![org, Bind::json(&waits), Bind::json(&state)],
        );
    }
    if !goes.is_empty() {
        unit.then(
            "UPDATE act SET barred = 1
             WHERE +org = ?1 AND id IN (SELECT value FROM json_each(?2)) AND state IN ('sending', 'unknown')",
            binds![org, Bind::json(&goes)],
        );
    }
}

/// The marks of what a list is sifted by.
pub fn marks(tag: Option<&String>, folder: Option<&String>) -> Vec<Mark> {
    let tag = tag.filter(|tag| !tag.is_empty()).map(|tag| Mark::Tag(tag.clone()));
    let folder = folder.filter(|folder| !folder.is_empty()).map(|folder| Mark::Folder(folder.clone()));
    tag.into_iter().chain(folder).collect()
}
