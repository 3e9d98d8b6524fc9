//! Links for approvers outside: rows, and the SQL of sending them, opening them and taking them back.

use domain::{
    ChannelId, Language, LinkId, MemberId, Moment, Network, Organisation, OrganisationId, PostId, json as value,
    outside::{Invitation, LINK_LIVES, Link, VISIT},
    party::Mailbox,
    record::{Subject, sha256_hex},
};
use serde::{Deserialize, Serialize};
use wire::posts::OutsideLink;
use words::Lang;

use super::{Bind, Db, StoreError, Unit, id, json, name, organisations, records};
use crate::{app::App, binds, mail};

/// The columns of a link. Its identity has a name of its own, so that it stands beside an organisation's.
const COLUMNS: &str = "l.id AS link, l.round, l.step, l.content_hash, l.mailbox, l.language, l.sent_at, l.times,
  l.expires_at, l.opened_at, l.decided_at, l.revoked_at";

/// A row of them.
#[derive(Debug, Deserialize)]
pub struct Row {
    link: String,
    round: u32,
    step: String,
    content_hash: String,
    mailbox: String,
    language: String,
    sent_at: f64,
    times: u32,
    expires_at: f64,
    opened_at: Option<f64>,
    decided_at: Option<f64>,
    revoked_at: Option<f64>,
}

impl TryFrom<Row> for Link {
    type Error = StoreError;
    fn try_from(row: Row) -> Result<Self, StoreError> {
        let moment = |at: f64| Moment(at as i64);
        Ok(Link {
            id: id(&row.link)?,
            round: row.round,
            step: id(&row.step)?,
            content_hash: row.content_hash,
            mailbox: id(&row.mailbox)?,
            language: name(&row.language)?,
            sent: moment(row.sent_at),
            times: row.times,
            expires: moment(row.expires_at),
            opened: row.opened_at.map(moment),
            decided: row.decided_at.map(moment),
            revoked: row.revoked_at.map(moment),
        })
    }
}

/// The links of a post, oldest first. `?1` is the organisation, `?2` the post.
pub fn of_post_query() -> String {
    format!("SELECT {COLUMNS} FROM outside_link l WHERE l.org = ?1 AND l.post = ?2 ORDER BY l.sent_at, l.id LIMIT 200")
}

/// What it answers.
///
/// # Errors
/// `Row`.
pub fn links(rows: Vec<Row>) -> Result<Vec<Link>, StoreError> {
    rows.into_iter().map(TryInto::try_into).collect()
}

/// The links of the rounds that wait, for who submitted them: with the channels that each post goes to.
///
/// # Errors
/// `Down`, `Row`.
pub async fn of_asker(
    db: &Db,
    org: &OrganisationId,
    member: &MemberId,
) -> Result<Vec<(OutsideLink, Vec<ChannelId>)>, StoreError> {
    #[derive(Deserialize)]
    struct OfPost {
        post: String,
        heading: String,
        destinations: String,
        row: Row,
    }
    // The round that waits is the post's, or its correction's; a link of another leads nowhere any more.
    let sql = format!(
        "SELECT p.id AS post, p.heading, p.destinations, {COLUMNS}
         FROM post p JOIN outside_link l ON l.org = p.org AND l.post = p.id AND l.round = p.rounds
         WHERE p.org = ?1 AND (p.stage = 'in_review' OR p.correcting = 1)
           AND COALESCE(p.stage_data ->> '$.round.by', p.stage_data ->> '$.correction.round.by') = ?2
         ORDER BY l.sent_at DESC, l.id LIMIT 100"
    );
    let rows: Vec<OfPost> = db.all(&sql, binds![org, member]).await?;
    rows.into_iter()
        .map(|OfPost { post, heading, destinations, row }| {
            let going: Vec<(ChannelId, Network, Language)> = json(&destinations)?;
            let link = OutsideLink { post: id(&post)?, heading, link: row.try_into()? };
            Ok((link, going.into_iter().map(|(channel, ..)| channel).collect()))
        })
        .collect()
}

/// Who writes: what a mail to somebody outside says of the organisation.
pub struct Host<'a> {
    /// Which.
    pub org: &'a OrganisationId,
    /// Its name.
    pub name: &'a str,
    /// Its first language.
    pub language: Language,
    /// Its zone.
    pub zone: &'a str,
}

impl<'a> Host<'a> {
    /// An organisation.
    pub fn of(organisation: &'a Organisation) -> Self {
        let language = organisation.languages.first().cloned().unwrap_or_else(Language::spanish);
        Self { org: &organisation.id, name: &organisation.name, language, zone: &organisation.zone }
    }
}

/// The language of our own words for somebody.
pub fn lang(language: &Language) -> Lang {
    Lang::of_tag(language.as_str()).unwrap_or_default()
}

/// One of those who are let in, as the statements below unpack it.
#[derive(Serialize)]
struct Guest {
    link: String,
    mailbox: String,
    language: String,
    token_hash: String,
    key: String,
    subject: String,
    text: String,
}

/// Adds links and their mails to a unit of work: four statements, however many people there are. Whoever's link was taken
/// back is not written to again by the clock.
///
/// Without mail nobody is: there would be no code either.
///
/// # Errors
/// `Down`.
pub async fn invite(app: &App, unit: &mut Unit, host: &Host<'_>, invited: &Invitation) -> Result<(), StoreError> {
    #[derive(Deserialize)]
    struct Revoked {
        mailbox: String,
    }
    if !mail::is_there(app) {
        return Ok(());
    }
    let Invitation { post, round, step, content_hash, to, reminder } = invited;
    let sql = "SELECT mailbox FROM outside_link WHERE org = ?1 AND post = ?2 AND round = ?3 AND revoked_at IS NOT NULL";
    let revoked: Vec<Revoked> = app.db.all(sql, binds![host.org, post, *round]).await?;
    let welcome = to.iter().filter(|(mailbox, _)| revoked.iter().all(|row| row.mailbox != mailbox.as_str()));
    let expires = app.now().plus(LINK_LIVES);
    let guests: Vec<Guest> = welcome
        .map(|(mailbox, language)| {
            let language = language.clone().unwrap_or_else(|| host.language.clone());
            // Told again when the clock strikes again or another step opens, not when the batch is sent twice.
            let turn = reminder.map_or_else(|| step.to_string(), |at| at.0.to_string());
            let key = format!("outside:{post}:{round}:{turn}:{mailbox}", mailbox = mailbox.as_str());
            guest(app, host, mailbox, &language, key, expires, reminder.is_some())
        })
        .collect();
    if guests.is_empty() {
        return Ok(());
    }
    let whose: Vec<&str> = guests.iter().map(|guest| guest.mailbox.as_str()).collect();
    let what = if reminder.is_some() { "link_sent_again" } else { "link_sent" };
    let body = value!({ "what": what, "post": post, "round": round, "step": step, "to": whose });
    records::keep(app, unit, host.org, Subject::Outside, &body);
    let (now, packed) = (app.now(), Bind::json(&guests));
    let sql = "INSERT INTO outside_link (id, org, post, round, step, content_hash, mailbox, language, sent_at, times, expires_at)
      SELECT value ->> 'link', ?1, ?2, ?3, ?4, ?5, value ->> 'mailbox', value ->> 'language', ?6, 1, ?7
      FROM json_each(?8) WHERE 1
      ON CONFLICT (org, post, round, mailbox) DO UPDATE SET step = ?4, times = times + 1, expires_at = ?7";
    let binds = binds![host.org, post, *round, step, content_hash, now, expires, packed.clone()];
    unit.then(sql, binds);
    let sql = "INSERT INTO outside_token (token_hash, org, link) SELECT g.value ->> 'token_hash', ?1, l.id
      FROM json_each(?4) g JOIN outside_link l
        ON l.org = ?1 AND l.post = ?2 AND l.round = ?3 AND l.mailbox = g.value ->> 'mailbox'";
    unit.then(sql, binds![host.org, post, *round, packed.clone()]);
    let sql = "INSERT INTO mail (id, org, key, address, subject, text, state, due_at, created_at)
      SELECT lower(hex(randomblob(13))), ?1, value ->> 'key', value ->> 'mailbox', value ->> 'subject', value ->> 'text',
        'waiting', ?2, ?2 FROM json_each(?3) WHERE 1 ON CONFLICT (key) DO NOTHING";
    unit.then(sql, binds![host.org, now, packed]);
    Ok(())
}

fn guest(
    app: &App,
    host: &Host<'_>,
    mailbox: &Mailbox,
    language: &Language,
    key: String,
    expires: Moment,
    again: bool,
) -> Guest {
    let (token, l) = (app.secret(), lang(language));
    let link = mail::link(app, &format!("/review/{token}"));
    let until = crate::public::day(l, host.zone, expires);
    let (subject, text) = if again {
        (l.mail_outside_again_subject(host.name), l.mail_outside_again_text(link, host.name, until))
    } else {
        (l.mail_outside_subject(host.name), l.mail_outside_text(link, host.name, until))
    };
    Guest {
        link: LinkId::from_bits(app.bits()).to_string(),
        mailbox: mailbox.as_str().to_owned(),
        language: language.to_string(),
        token_hash: sha256_hex(token.as_bytes()),
        key,
        subject,
        text,
    }
}

/// Adds to a unit of work that a link is sent once more. What was in the mails of one that was taken back stays shut.
pub fn send_again(app: &App, unit: &mut Unit, host: &Host<'_>, link: &Link) {
    let expires = app.now().plus(LINK_LIVES);
    let key = format!("outside:{}:{}", link.id, app.salt());
    let guest = guest(app, host, &link.mailbox, &link.language, key, expires, true);
    if link.revoked.is_some() {
        unit.then("DELETE FROM outside_token WHERE org = ?1 AND link = ?2", binds![host.org, &link.id]);
    }
    let sql =
        "UPDATE outside_link SET times = times + 1, expires_at = ?3, revoked_at = NULL WHERE org = ?1 AND id = ?2";
    unit.then(sql, binds![host.org, &link.id, expires]);
    let sql = "INSERT INTO outside_token (token_hash, org, link) VALUES (?1, ?2, ?3)";
    unit.then(sql, binds![guest.token_hash, host.org, &link.id]);
    mail::post_one(app, unit, host.org, &guest.key, &guest.mailbox, (&guest.subject, &guest.text));
}

/// Adds to a unit of work that a link is taken back: whoever is in is out. Its secrets stay, so that whoever comes with
/// one is told.
pub fn revoke(app: &App, unit: &mut Unit, org: &OrganisationId, link: &LinkId) {
    let sql = "UPDATE outside_link SET revoked_at = ?3 WHERE org = ?1 AND id = ?2 AND revoked_at IS NULL";
    unit.then(sql, binds![org, link, app.now()]);
    for table in ["outside_session", "outside_code"] {
        unit.then(format!("DELETE FROM {table} WHERE org = ?1 AND link = ?2"), binds![org, link]);
    }
}

/// Whoever stands at the door: the link of their secret, whose it is, and whether they were let in already.
pub struct Door {
    /// The link.
    pub link: Link,
    /// The post.
    pub post: PostId,
    /// The organisation.
    pub organisation: Organisation,
    /// The hash of the session's secret, if one of those that came along is of this link and runs.
    pub session: Option<String>,
    /// The last sign of life of the clock.
    pub beat: Option<Moment>,
}

/// Finds it. One trip.
///
/// # Errors
/// `Down`, `Row`.
pub async fn door(app: &App, token: &str, sessions: &[String]) -> Result<Option<Door>, StoreError> {
    #[derive(Deserialize)]
    struct Whole {
        post: String,
        session: Option<String>,
        beat: Option<f64>,
        row: Row,
        organisation: organisations::Row,
    }
    let sql = format!(
        "SELECT {COLUMNS}, l.post, o.id, o.slug, o.name, o.kind, o.zone, o.languages, o.colour, o.crest, o.policy,
           o.paused_at, o.paused_by, o.pause_reason, o.version,
           (SELECT MAX(COALESCE(cron_at, 0), COALESCE(wake_at, 0)) FROM heartbeat WHERE id = 1) AS beat,
           (SELECT s.token_hash FROM outside_session s WHERE s.org = l.org AND s.link = l.id AND s.ends_at > ?3
              AND s.token_hash IN (SELECT value FROM json_each(?2)) LIMIT 1) AS session
         FROM outside_token t JOIN outside_link l ON l.id = t.link AND l.org = t.org
         JOIN organisation o ON o.id = l.org WHERE t.token_hash = ?1"
    );
    let binds = binds![sha256_hex(token.as_bytes()), Bind::json(&sessions), app.now()];
    let found: Option<Whole> = app.db.first(&sql, binds).await?;
    found
        .map(|found| {
            Ok(Door {
                link: found.row.try_into()?,
                post: id(&found.post)?,
                organisation: found.organisation.try_into()?,
                session: found.session,
                beat: found.beat.map(|at| Moment(at as i64)).filter(|at| at.0 > 0),
            })
        })
        .transpose()
}

/// The hash of a code that opens a link.
pub fn hash_code(link: &LinkId, code: &str) -> String {
    let digits: String = code.chars().filter(char::is_ascii_digit).collect();
    sha256_hex(format!("{link}:{digits}").as_bytes())
}

/// Adds to a unit of work that a code opens a link; the one before does no longer.
pub fn keep_code(app: &App, unit: &mut Unit, org: &OrganisationId, link: &LinkId, code: &str) {
    let expires = app.now().plus(domain::attestation::CODE_LIVES);
    let sql = "INSERT INTO outside_code (link, org, code_hash, expires_at) VALUES (?1, ?2, ?3, ?4)
      ON CONFLICT (link) DO UPDATE SET code_hash = ?3, expires_at = ?4, tries = 0";
    unit.then(sql, binds![link, org, hash_code(link, code), expires]);
}

/// A code that was tried.
#[derive(Deserialize)]
pub struct Tried {
    /// Its hash.
    pub code_hash: String,
    /// How often it was tried, this time included.
    pub tries: u32,
}

/// Counts a try before anything is compared. Nothing if there is no code that may still be tried.
///
/// # Errors
/// `Down`.
pub async fn try_code(app: &App, org: &OrganisationId, link: &LinkId) -> Result<Option<Tried>, StoreError> {
    let sql =
        "UPDATE outside_code SET tries = tries + 1 WHERE org = ?1 AND link = ?2 AND expires_at > ?3 AND tries < ?4
      RETURNING code_hash, tries";
    app.db.first(sql, binds![org, link, app.now(), domain::attestation::CODE_TRIES]).await
}

/// Adds to a unit of work that a link is opened with a code, which is used up; answers the secret of the session.
pub fn open(app: &App, unit: &mut Unit, org: &OrganisationId, link: &LinkId, code_hash: &str) -> String {
    let (token, now) = (app.secret(), app.now());
    let standing = "EXISTS (SELECT 1 FROM outside_code WHERE org = ?1 AND link = ?2 AND code_hash = ?3)
      AND EXISTS (SELECT 1 FROM outside_link WHERE org = ?1 AND id = ?2 AND revoked_at IS NULL)";
    unit.expect(standing, binds![org, link, code_hash]);
    unit.then("DELETE FROM outside_code WHERE org = ?1 AND link = ?2", binds![org, link]);
    let sql = "UPDATE outside_link SET opened_at = COALESCE(opened_at, ?3) WHERE org = ?1 AND id = ?2";
    unit.then(sql, binds![org, link, now]);
    let sql = "INSERT INTO outside_session (token_hash, org, link, ends_at) VALUES (?1, ?2, ?3, ?4)";
    unit.then(sql, binds![sha256_hex(token.as_bytes()), org, link, now.plus(VISIT)]);
    token
}

/// Ends a visit.
///
/// # Errors
/// `Down`.
pub async fn leave(db: &Db, org: &OrganisationId, session: &str) -> Result<(), StoreError> {
    db.run("DELETE FROM outside_session WHERE org = ?1 AND token_hash = ?2", binds![org, session]).await.map(drop)
}

/// Adds to a unit of work that somebody decided through their link, which must not have been taken back meanwhile.
pub fn decided(app: &App, unit: &mut Unit, org: &OrganisationId, link: &LinkId) {
    let standing = "EXISTS (SELECT 1 FROM outside_link WHERE org = ?1 AND id = ?2 AND revoked_at IS NULL)";
    unit.expect(standing, binds![org, link]);
    unit.then("UPDATE outside_link SET decided_at = ?3 WHERE org = ?1 AND id = ?2", binds![org, link, app.now()]);
}

/// The last decision of an address in a round: whose receipt its link leads to.
///
/// # Errors
/// `Down`, `Row`.
pub async fn decision_of(
    db: &Db,
    org: &OrganisationId,
    post: &PostId,
    link: &Link,
) -> Result<Option<domain::DecisionId>, StoreError> {
    #[derive(Deserialize)]
    struct Row {
        id: String,
    }
    let sql =
        "SELECT id FROM decision WHERE org = ?1 AND post = ?2 AND round = ?3 AND by = ?4 ORDER BY at DESC LIMIT 1";
    let row: Option<Row> = db.first(sql, binds![org, post, link.round, link.mailbox.as_str()]).await?;
    row.map(|row| id(&row.id)).transpose()
}
