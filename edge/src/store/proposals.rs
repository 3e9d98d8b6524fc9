//! What the house's own people propose: rows of links and of what waits. A photo is an object of the bucket under the key
//! of a picture; its row among the pictures is only written when it is taken up. While neither a proposal nor a picture names
//! the object it stands among the loose ones: the sweep finds by them what broke off.

use domain::{
    MediaId, MemberId, Moment, Organisation, OrganisationId, ProposalId, ProposalLinkId,
    party::Mailbox,
    proposal::{LINKS, Link, Proposal, Said, WAITING},
    record::sha256_hex,
};
use serde::Deserialize;
use words::Lang;

use super::{Answer, Bind, Db, StoreError, Unit, id, media::Media, name, name_of, organisations};
use crate::binds;

#[derive(Deserialize)]
struct LinkRow {
    link_id: String,
    link_name: String,
    made_by: String,
    made_at: f64,
    expires_at: f64,
    revoked_at: Option<f64>,
}

/// The columns of a link. Two have names of their own, so that they stand beside an organisation's.
const LINK: &str = "l.id AS link_id, l.name AS link_name, l.made_by, l.made_at, l.expires_at, l.revoked_at";

impl TryFrom<LinkRow> for Link {
    type Error = StoreError;
    fn try_from(row: LinkRow) -> Result<Self, StoreError> {
        Ok(Link {
            id: id(&row.link_id)?,
            name: row.link_name,
            by: id(&row.made_by)?,
            made: Moment(row.made_at as i64),
            expires: Moment(row.expires_at as i64),
            revoked: row.revoked_at.map(|at| Moment(at as i64)),
        })
    }
}

/// The link that has this secret, and whose it is.
///
/// # Errors
/// `Down`, `Row`.
pub async fn of_secret(db: &Db, secret: &str) -> Result<Option<(Link, Organisation)>, StoreError> {
    #[derive(Deserialize)]
    struct Row {
        link: LinkRow,
        organisation: organisations::Row,
    }
    let columns = organisations::COLUMNS.split(", ").map(|column| format!("o.{column}")).collect::<Vec<_>>().join(", ");
    let sql = format!(
        "SELECT {columns}, {LINK} FROM proposal_link l JOIN organisation o ON o.id = l.org WHERE l.token_hash = ?1"
    );
    let row: Option<Row> = db.first(&sql, binds![sha256_hex(secret.as_bytes())]).await?;
    row.map(|row| Ok((row.link.try_into()?, row.organisation.try_into()?))).transpose()
}

/// The links of an organisation: every open one, then those that are over, newest first.
///
/// # Errors
/// `Down`, `Row`.
pub async fn links(db: &Db, org: &OrganisationId, now: Moment) -> Result<Vec<Link>, StoreError> {
    let sql = format!(
        "SELECT {LINK} FROM proposal_link l WHERE l.org = ?1
         ORDER BY (l.revoked_at IS NULL AND l.expires_at > ?2) DESC, l.made_at DESC, l.id LIMIT {}",
        LINKS * 3
    );
    let rows: Vec<LinkRow> = db.all(&sql, binds![org, now]).await?;
    rows.into_iter().map(TryInto::try_into).collect()
}

/// One link.
///
/// # Errors
/// `Down`, `Row`.
pub async fn link(db: &Db, org: &OrganisationId, link: &ProposalLinkId) -> Result<Option<Link>, StoreError> {
    let sql = format!("SELECT {LINK} FROM proposal_link l WHERE l.org = ?1 AND l.id = ?2");
    let row: Option<LinkRow> = db.first(&sql, binds![org, link]).await?;
    row.map(TryInto::try_into).transpose()
}

/// Adds a new link to a unit of work; nothing is written if there are enough of them.
pub fn make_link(unit: &mut Unit, org: &OrganisationId, link: &Link, secret: &str) {
    let room = "(SELECT COUNT(*) FROM proposal_link WHERE org = ?1 AND revoked_at IS NULL AND expires_at > ?2) < ?3";
    unit.expect(room, binds![org, link.made, LINKS as u32]);
    unit.then(
        "INSERT INTO proposal_link (org, id, token_hash, name, made_by, made_at, expires_at)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
        binds![org, &link.id, sha256_hex(secret.as_bytes()), &link.name, &link.by, link.made, link.expires],
    );
}

/// Adds to a unit of work that a link is taken back.
pub fn revoke_link(unit: &mut Unit, org: &OrganisationId, link: &ProposalLinkId, now: Moment) {
    let sql = "UPDATE proposal_link SET revoked_at = ?3 WHERE org = ?1 AND id = ?2 AND revoked_at IS NULL";
    unit.then(sql, binds![org, link, now]);
}

/// The query of how many proposals wait.
pub fn count_query(org: &OrganisationId) -> (String, Vec<Bind>) {
    ("SELECT COUNT(*) AS count FROM proposal WHERE org = ?1".to_owned(), binds![org])
}

/// Reads the answer to [`count_query`].
///
/// # Errors
/// `Row`.
pub fn counted(answer: &Answer) -> Result<u32, StoreError> {
    #[derive(Deserialize)]
    struct Row {
        count: f64,
    }
    Ok(answer.results::<Row>()?.first().map_or(0, |row| row.count as u32))
}

/// A proposal with all that an answer to it needs.
#[derive(Debug, Clone)]
pub struct Waiting {
    /// The proposal.
    pub proposal: Proposal,
    /// Where they would read what became of it, and in which language.
    pub mailbox: Option<(Mailbox, Lang)>,
    /// The photo.
    pub photo: Option<Media>,
}

#[derive(Deserialize)]
struct Row {
    id: String,
    link_name: String,
    line: String,
    name: Option<String>,
    email: Option<String>,
    language: String,
    media: Option<String>,
    hash: Option<String>,
    mime: Option<String>,
    bytes: Option<f64>,
    width: Option<f64>,
    height: Option<f64>,
    at: f64,
}

const COLUMNS: &str = "id, link_name, line, name, email, language, media, hash, mime, bytes, width, height, at";

impl TryFrom<Row> for Waiting {
    type Error = StoreError;
    fn try_from(row: Row) -> Result<Self, StoreError> {
        let photo = match (row.media, row.hash, row.mime) {
            (Some(media), Some(hash), Some(mime)) => Some(Media {
                id: id(&media)?,
                hash,
                mime: name(&mime)?,
                bytes: row.bytes.unwrap_or_default() as u32,
                width: row.width.unwrap_or_default() as u32,
                height: row.height.unwrap_or_default() as u32,
            }),
            _ => None,
        };
        let lang = Lang::of_tag(&row.language).unwrap_or_default();
        let mailbox = row.email.map(|email| email.parse().map_err(|_| StoreError::Row("email".to_owned())));
        let mailbox = mailbox.transpose()?.map(|mailbox| (mailbox, lang));
        let proposal = Proposal {
            id: id(&row.id)?,
            link: row.link_name,
            line: row.line,
            name: row.name,
            answers: mailbox.is_some(),
            pictured: photo.is_some(),
            at: Moment(row.at as i64),
        };
        Ok(Waiting { proposal, mailbox, photo })
    }
}

/// What waits before another one, newest first, one more than `most`: to know whether there is more.
///
/// # Errors
/// `Down`, `Row`.
pub async fn waiting(
    db: &Db,
    org: &OrganisationId,
    before: Option<&ProposalId>,
    most: u32,
) -> Result<Vec<Waiting>, StoreError> {
    let sql = format!(
        "SELECT {COLUMNS} FROM proposal WHERE org = ?1
           AND (?2 IS NULL OR (at, id) < (SELECT at, id FROM proposal WHERE org = ?1 AND id = ?2))
         ORDER BY at DESC, id DESC LIMIT ?3"
    );
    let rows: Vec<Row> = db.all(&sql, binds![org, before, most + 1]).await?;
    rows.into_iter().map(TryInto::try_into).collect()
}

/// One that waits.
///
/// # Errors
/// `Down`, `Row`.
pub async fn find(db: &Db, org: &OrganisationId, proposal: &ProposalId) -> Result<Option<Waiting>, StoreError> {
    let sql = format!("SELECT {COLUMNS} FROM proposal WHERE org = ?1 AND id = ?2");
    let row: Option<Row> = db.first(&sql, binds![org, proposal]).await?;
    row.map(TryInto::try_into).transpose()
}

/// Adds what somebody proposes to a unit of work. Nothing is written if the link was taken back a moment ago, or so much
/// waits that nobody reads it.
pub fn propose(
    unit: &mut Unit,
    (org, link): (&OrganisationId, &Link),
    (proposal, said): (&ProposalId, &Said),
    photo: Option<&Media>,
    lang: Lang,
    now: Moment,
) {
    let open =
        "EXISTS (SELECT 1 FROM proposal_link WHERE org = ?1 AND id = ?2 AND revoked_at IS NULL AND expires_at > ?3)
      AND (SELECT COUNT(*) FROM proposal WHERE org = ?1) < ?4";
    unit.expect(open, binds![org, &link.id, now, WAITING as u32]);
    let (hash, mime) = (photo.map(|photo| &photo.hash), photo.map(|photo| name_of(&photo.mime)));
    let size = |of: fn(&Media) -> u32| photo.map(of);
    unit.then(
        "INSERT INTO proposal (org, id, link, link_name, line, name, email, language, media, hash, mime, bytes, width, height, at)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15)",
        binds![
            org,
            proposal,
            &link.id,
            &link.name,
            &said.line,
            said.name.as_deref(),
            said.mailbox.as_ref().map(Mailbox::as_str),
            lang.tag(),
            photo.map(|photo| &photo.id),
            hash,
            mime,
            size(|photo| photo.bytes),
            size(|photo| photo.width),
            size(|photo| photo.height),
            now
        ],
    );
    if let Some(photo) = photo {
        bind_photo(unit, org, &photo.id);
    }
}

/// Adds to a unit of work that a proposal is dealt with; nothing of it is written if somebody else was faster. Its photo is
/// loose then.
pub fn done(unit: &mut Unit, org: &OrganisationId, proposal: &ProposalId) {
    unit.expect("EXISTS (SELECT 1 FROM proposal WHERE org = ?1 AND id = ?2)", binds![org, proposal]);
    unit.then(
        "INSERT OR IGNORE INTO loose_photo (org, media, at)
         SELECT org, media, at FROM proposal WHERE org = ?1 AND id = ?2 AND media IS NOT NULL",
        binds![org, proposal],
    );
    unit.then("DELETE FROM proposal WHERE org = ?1 AND id = ?2", binds![org, proposal]);
}

/// Adds a photo whose object is about to be stored: until something names it, it is one that the sweep takes away.
pub fn loosen_photo(unit: &mut Unit, org: &OrganisationId, media: &MediaId, now: Moment) {
    unit.then("INSERT INTO loose_photo (org, media, at) VALUES (?1, ?2, ?3)", binds![org, media, now]);
}

/// Adds to a unit of work that a photo is loose no more: something names it, or its object is gone.
pub fn bind_photo(unit: &mut Unit, org: &OrganisationId, media: &MediaId) {
    unit.then("DELETE FROM loose_photo WHERE org = ?1 AND media = ?2", binds![org, media]);
}

/// Photos that nothing has named for a while. No organisation is named: the engine cleans up after all of them.
///
/// # Errors
/// `Down`, `Row`.
pub async fn loose_photos(db: &Db, before: Moment, most: u32) -> Result<Vec<(OrganisationId, MediaId)>, StoreError> {
    #[derive(Deserialize)]
    struct Loose {
        org: String,
        media: String,
    }
    let sql = "SELECT org, media FROM loose_photo WHERE at < ?1 ORDER BY at LIMIT ?2";
    let loose: Vec<Loose> = db.all(sql, binds![before, most]).await?;
    loose.iter().map(|loose| Ok((id(&loose.org)?, id(&loose.media)?))).collect()
}

/// Adds the photo of a proposal to the organisation's pictures, in the name of who takes it up.
pub fn take_photo(unit: &mut Unit, org: &OrganisationId, photo: &Media, by: &MemberId, now: Moment) {
    let Media { id, hash, mime, bytes, width, height } = photo;
    unit.then(
        "INSERT INTO media (id, org, hash, mime, bytes, width, height, name, by, created_at)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, '', ?8, ?9)",
        binds![id, org, hash, name_of(mime), *bytes, *width, *height, by, now],
    );
    bind_photo(unit, org, id);
}

/// Adds to a unit of work that the objects of loose photos are gone.
pub fn photos_gone(unit: &mut Unit, gone: &[&MediaId]) {
    unit.then("DELETE FROM loose_photo WHERE media IN (SELECT value FROM json_each(?1))", binds![Bind::json(&gone)]);
}

/// Adds to a unit of work that links which have been over for a while go, and what nobody dealt with in time, whose photos
/// are loose then.
pub fn sweep(unit: &mut Unit, since: Moment, lapsed: Moment) {
    unit.then("DELETE FROM proposal_link WHERE expires_at < ?1", binds![since]);
    unit.then(
        "INSERT OR IGNORE INTO loose_photo (org, media, at)
         SELECT org, media, at FROM proposal WHERE at < ?1 AND media IS NOT NULL",
        binds![lapsed],
    );
    unit.then("DELETE FROM proposal WHERE at < ?1", binds![lapsed]);
}
