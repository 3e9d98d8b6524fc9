//! Telling: what each member was told, what they chose, and the devices that listen.

use std::collections::BTreeSet;

use domain::{
    Language, MemberId, Moment, NoticeId, OrganisationId, Policy, PostId, SubscriptionId,
    hours::Hours,
    record,
    telling::{Choices, Item, Kind, Way},
};
use serde::Deserialize;
use wire::notices::{Device, MOST_UNREAD, NoticeRow};

use super::{Answer, Bind, Db, StoreError, Unit, id, json, name};
use crate::binds;

/// How many a member has not read, as far as a bell counts: `unread`.
pub fn unread_query(org: &OrganisationId, member: &MemberId) -> (String, Vec<Bind>) {
    let sql = "SELECT COUNT(*) AS unread FROM (SELECT 1 FROM told INDEXED BY told_unread
      WHERE org = ?1 AND member = ?2 AND read_at IS NULL LIMIT ?3)";
    (sql.to_owned(), binds![org, member, MOST_UNREAD])
}

/// Reads the answer to [`unread_query`].
///
/// # Errors
/// `Row`.
pub fn unread(answer: &Answer) -> Result<u32, StoreError> {
    #[derive(Deserialize)]
    struct Row {
        unread: u32,
    }
    Ok(answer.results::<Row>()?.first().map_or(0, |row| row.unread))
}

/// The last one of a page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cursor(pub Moment, pub NoticeId);

#[derive(Deserialize)]
struct ListRow {
    id: String,
    kind: String,
    at: f64,
    read_at: Option<f64>,
    post: Option<String>,
    heading: Option<String>,
    name: Option<String>,
    what: String,
    ways: String,
}

/// What a member was told, the newest first.
///
/// # Errors
/// `Down`, `Row`.
pub async fn list(
    db: &Db,
    org: &OrganisationId,
    member: &MemberId,
    after: Option<&Cursor>,
    most: u32,
) -> Result<Vec<NoticeRow>, StoreError> {
    let mut sql = "SELECT n.id, n.kind, n.at, n.read_at, n.post, p.heading, a.name, n.what, n.ways FROM told n
      LEFT JOIN post p ON p.org = n.org AND p.id = n.post LEFT JOIN member a ON a.org = n.org AND a.id = n.about
      WHERE n.org = ?1 AND n.member = ?2"
        .to_owned();
    let mut binds = binds![org, member, most];
    if let Some(Cursor(at, notice)) = after {
        sql += " AND (n.at, n.id) < (?4, ?5)";
        binds.extend(binds![*at, notice]);
    }
    sql += " ORDER BY n.at DESC, n.id DESC LIMIT ?3";
    let row = |row: ListRow| {
        Ok(NoticeRow {
            id: id(&row.id)?,
            kind: name(&row.kind)?,
            at: Moment(row.at as i64),
            read: row.read_at.map(|at| Moment(at as i64)),
            post: row.post.as_deref().map(id).transpose()?,
            heading: row.heading.unwrap_or_default(),
            name: row.name.unwrap_or_default(),
            what: row.what,
            ways: json(&row.ways)?,
        })
    };
    db.all::<ListRow>(&sql, binds).await?.into_iter().map(row).collect()
}

/// Which of a member's notices were read.
#[derive(Debug, Clone, Copy)]
pub enum Read<'a> {
    /// This one.
    One(&'a NoticeId),
    /// All that had come by then.
    Until(Moment),
    /// All about a post.
    Post(&'a PostId),
}

/// What is read is chased no more.
pub fn read_query(org: &OrganisationId, member: &MemberId, which: Read<'_>, now: Moment) -> (String, Vec<Bind>) {
    let mine = "UPDATE told SET read_at = ?3, due_at = NULL WHERE org = ?1 AND member = ?2 AND read_at IS NULL";
    let (condition, value): (&str, Bind) = match which {
        Read::One(notice) => ("id = ?4", notice.into()),
        Read::Until(until) => ("at <= ?4", until.into()),
        Read::Post(post) => ("post = ?4", post.into()),
    };
    let mut binds = binds![org, member, now];
    binds.push(value);
    (format!("{mine} AND {condition}"), binds)
}

/// Whether a member has such a notice: `found`.
pub fn found_query(org: &OrganisationId, member: &MemberId, notice: &NoticeId) -> (String, Vec<Bind>) {
    let sql = "SELECT 1 AS found FROM told WHERE org = ?1 AND member = ?2 AND id = ?3";
    (sql.to_owned(), binds![org, member, notice])
}

/// What a member chose, whether they have an address, and how many devices listen.
///
/// # Errors
/// `Down`, `Row`.
pub async fn chosen(db: &Db, org: &OrganisationId, member: &MemberId) -> Result<(Choices, bool, bool), StoreError> {
    #[derive(Deserialize)]
    struct Row {
        choices: Option<String>,
        address: u8,
        devices: u32,
    }
    let sql = "SELECT t.data AS choices, m.email IS NOT NULL AS address,
        (SELECT COUNT(*) FROM subscription s WHERE s.org = m.org AND s.member = m.id) AS devices
      FROM member m LEFT JOIN telling t ON t.org = m.org AND t.member = m.id WHERE m.org = ?1 AND m.id = ?2";
    let row: Option<Row> = db.first(sql, binds![org, member]).await?;
    let row = row.ok_or_else(|| StoreError::Row("no member".to_owned()))?;
    let choices = row.choices.as_deref().map(json).transpose()?.unwrap_or_default();
    Ok((choices, row.address == 1, row.devices > 0))
}

/// Adds a member's choices to a unit of work. The kinds that go out at once are kept beside them, so that whoever writes
/// them need not ask anybody.
pub fn choose(unit: &mut Unit, org: &OrganisationId, member: &MemberId, choices: &Choices, now: Moment) {
    let sql = "INSERT INTO telling (org, member, data, at_once, changed_at) VALUES (?1, ?2, ?3, ?4, ?5)
      ON CONFLICT (org, member) DO UPDATE SET data = ?3, at_once = ?4, changed_at = ?5";
    unit.then(sql, binds![org, member, Bind::json(choices), Bind::json(&choices.at_once()), now]);
}

/// A device that listens.
#[derive(Debug, Clone)]
pub struct Listener {
    /// Which.
    pub id: SubscriptionId,
    /// The push service's address for it.
    pub endpoint: String,
    /// Its public key.
    pub p256dh: String,
    /// Its secret.
    pub auth: String,
    /// What its holder calls it.
    pub label: String,
    /// In which language it shows things.
    pub lang: String,
    /// Since when.
    pub at: Moment,
    /// When a push last reached its service.
    pub used: Option<Moment>,
}

impl Listener {
    /// As its holder sees it.
    pub fn shown(&self) -> Device {
        Device {
            id: self.id.clone(),
            label: self.label.clone(),
            endpoint: record::sha256_hex(self.endpoint.as_bytes()),
            at: self.at,
            used: self.used,
        }
    }
}

#[derive(Deserialize)]
struct ListenerRow {
    id: String,
    endpoint: String,
    p256dh: String,
    auth: String,
    label: String,
    lang: String,
    created_at: f64,
    used_at: Option<f64>,
}

/// The devices of a member.
pub fn listeners_query(org: &OrganisationId, member: &MemberId) -> (String, Vec<Bind>) {
    let sql = "SELECT id, endpoint, p256dh, auth, label, lang, created_at, used_at FROM subscription
      WHERE org = ?1 AND member = ?2 ORDER BY created_at, id";
    (sql.to_owned(), binds![org, member])
}

/// Reads the answer to [`listeners_query`].
///
/// # Errors
/// `Row`.
pub fn listeners(answer: &Answer) -> Result<Vec<Listener>, StoreError> {
    let row = |row: ListenerRow| {
        Ok(Listener {
            id: id(&row.id)?,
            endpoint: row.endpoint,
            p256dh: row.p256dh,
            auth: row.auth,
            label: row.label,
            lang: row.lang,
            at: Moment(row.created_at as i64),
            used: row.used_at.map(|at| Moment(at as i64)),
        })
    };
    answer.results::<ListenerRow>()?.into_iter().map(row).collect()
}

/// The devices of a member, in one trip.
///
/// # Errors
/// `Down`, `Row`.
pub async fn listeners_of(db: &Db, org: &OrganisationId, member: &MemberId) -> Result<Vec<Listener>, StoreError> {
    let answers = db.many(vec![listeners_query(org, member)]).await?;
    answers.first().map(listeners).transpose().map(Option::unwrap_or_default)
}

/// Adds a device to a unit of work. A browser has one address: whoever signs in on it next takes it over, and proves by
/// its secrets that it is the same browser. With other secrets the unit fails (`Guard`): that is somebody else's device.
pub fn listen(unit: &mut Unit, org: &OrganisationId, member: &MemberId, new: &Listener) {
    let free = "NOT EXISTS (SELECT 1 FROM subscription WHERE endpoint = ?1 AND (p256dh <> ?2 OR auth <> ?3)
      AND (org <> ?4 OR member <> ?5))";
    unit.expect(free, binds![&new.endpoint, &new.p256dh, &new.auth, org, member]);
    let sql = "INSERT INTO subscription (id, org, member, endpoint, p256dh, auth, label, lang, created_at)
      VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)
      ON CONFLICT (endpoint) DO UPDATE SET id = ?1, org = ?2, member = ?3, p256dh = ?5, auth = ?6, label = ?7, lang = ?8,
        created_at = ?9, used_at = NULL";
    let Listener { id, endpoint, p256dh, auth, label, lang, at, .. } = new;
    unit.then(sql, binds![id, org, member, endpoint, p256dh, auth, label, lang, *at]);
}

/// Removes a device of a member.
pub fn forget_query(org: &OrganisationId, member: &MemberId, device: &SubscriptionId) -> (String, Vec<Bind>) {
    let sql = "DELETE FROM subscription WHERE org = ?1 AND member = ?2 AND id = ?3";
    (sql.to_owned(), binds![org, member, device])
}

/// Adds to a unit of work that a push reached the services of these devices.
pub fn reached(unit: &mut Unit, org: &OrganisationId, devices: &[&SubscriptionId], now: Moment) {
    if !devices.is_empty() {
        let sql = "UPDATE subscription SET used_at = ?2 WHERE org = ?1 AND id IN (SELECT value FROM json_each(?3))";
        unit.then(sql, binds![org, now, Bind::json(&devices)]);
    }
}

/// A notice that somebody must look at.
pub struct Due {
    /// Which.
    pub id: NoticeId,
    /// Whose organisation.
    pub org: OrganisationId,
    /// Its name.
    pub organisation: String,
    /// Its languages.
    pub languages: Vec<Language>,
    /// Its zone.
    pub zone: String,
    /// Its policy.
    pub policy: Policy,
    /// Its working hours.
    pub hours: Hours,
    /// Who was told.
    pub member: MemberId,
    /// Where their mail goes.
    pub email: Option<String>,
    /// Whether they may still be told: they are here, and their contract runs.
    pub here: bool,
    /// What they chose.
    pub choices: Choices,
    /// Whether a device of theirs listens.
    pub devices: bool,
    /// The key of the row, and of its mail.
    pub key: String,
    /// How far it has come.
    pub item: Item,
    /// Failed pushes in a row.
    pub tried: u32,
    /// The post.
    pub post: Option<PostId>,
    /// Its heading.
    pub heading: String,
    /// Its stage, where somebody waits in it.
    pub stage: Option<String>,
    /// The name of who it speaks of.
    pub name: String,
    /// What no row says.
    pub what: String,
}

#[derive(Deserialize)]
struct DueRow {
    id: String,
    org: String,
    organisation: String,
    languages: String,
    zone: String,
    policy: String,
    hours: Option<String>,
    member: String,
    email: Option<String>,
    access: String,
    removed_at: Option<f64>,
    choices: Option<String>,
    devices: u32,
    key: String,
    kind: String,
    at: f64,
    read_at: Option<f64>,
    stands: u8,
    ways: String,
    told_at: Option<f64>,
    raised: u8,
    tried: u32,
    post: Option<String>,
    heading: Option<String>,
    stage: Option<String>,
    name: Option<String>,
    what: String,
}

impl DueRow {
    fn read(self, now: Moment) -> Result<Due, StoreError> {
        let access: domain::Access = json(&self.access)?;
        let kind: Kind = name(&self.kind)?;
        let ways: BTreeSet<Way> = json(&self.ways)?;
        Ok(Due {
            id: id(&self.id)?,
            org: id(&self.org)?,
            organisation: self.organisation,
            languages: json(&self.languages)?,
            zone: self.zone,
            policy: json(&self.policy)?,
            hours: self.hours.as_deref().map(json).transpose()?.unwrap_or_default(),
            member: id(&self.member)?,
            email: self.email,
            here: self.removed_at.is_none() && access.is_open(now),
            choices: self.choices.as_deref().map(json).transpose()?.unwrap_or_default(),
            devices: self.devices > 0,
            key: self.key,
            item: Item {
                kind,
                at: Moment(self.at as i64),
                read: self.read_at.is_some(),
                stands: self.stands == 1,
                done: ways,
                told: self.told_at.map(|at| Moment(at as i64)),
                raised: self.raised == 1,
            },
            tried: self.tried,
            post: self.post.as_deref().map(id).transpose()?,
            heading: self.heading.unwrap_or_default(),
            stage: self.stage,
            name: self.name.unwrap_or_default(),
            what: self.what,
        })
    }
}

/// Leases what is due, at most so many, until `until`: two at once never tell the same thing.
///
/// # Errors
/// `Down`, `Row`.
pub async fn lease(db: &Db, now: Moment, until: Moment, most: u32) -> Result<Vec<Due>, StoreError> {
    #[derive(Deserialize)]
    struct Leased {
        id: String,
    }
    let sql =
        "UPDATE told SET due_at = ?2 WHERE id IN (SELECT id FROM told WHERE due_at <= ?1 ORDER BY due_at LIMIT ?3)
      AND due_at <= ?1 RETURNING id";
    let leased: Vec<Leased> = db.all(sql, binds![now, until, most]).await?;
    if leased.is_empty() {
        return Ok(Vec::new());
    }
    let ids: Vec<String> = leased.into_iter().map(|row| row.id).collect();
    let sql = "SELECT n.id, n.org, o.name AS organisation, o.languages, o.zone, o.policy,
        json_extract(b.data, '$.hours') AS hours, n.member, m.email, m.access, m.removed_at, t.data AS choices,
        (SELECT COUNT(*) FROM subscription s WHERE s.org = n.org AND s.member = n.member) AS devices,
        n.key, n.kind, n.at, n.read_at, n.ways, n.told_at, n.raised, n.tried, n.post, p.heading, n.what, a.name,
        CASE WHEN n.kind IN ('waiting', 'reminder') THEN p.stage_data END AS stage,
        CASE WHEN n.kind IN ('waiting', 'reminder') THEN COALESCE(p.stage = 'in_review' OR p.correcting = 1, 0)
          WHEN n.kind IN ('person', 'kit') THEN EXISTS (SELECT 1 FROM act WHERE org = n.org AND post = n.post
            -- Or what nobody wanted any more is out, and nobody takes it down.
            AND (state IN ('failed', 'held', 'unknown', 'in_hand') OR (state = 'done' AND deed = 'create' AND barred = 1
              AND NOT EXISTS (SELECT 1 FROM act b WHERE b.publication = act.publication AND b.org = act.org
                AND b.deed = 'delete' AND b.state <> 'cancelled'))))
          ELSE 1 END AS stands
      FROM told n JOIN organisation o ON o.id = n.org JOIN member m ON m.org = n.org AND m.id = n.member
      LEFT JOIN telling t ON t.org = n.org AND t.member = n.member LEFT JOIN bylaws b ON b.org = n.org
      LEFT JOIN post p ON p.org = n.org AND p.id = n.post LEFT JOIN member a ON a.org = n.org AND a.id = n.about
      WHERE n.id IN (SELECT value FROM json_each(?1)) ORDER BY n.at, n.id";
    let rows: Vec<DueRow> = db.all(sql, binds![Bind::json(&ids)]).await?;
    rows.into_iter().map(|row| row.read(now)).collect()
}

/// Adds to a unit of work how far a notice has come.
pub fn keep(unit: &mut Unit, due: &Due, again: Option<Moment>) {
    let sql = "UPDATE told SET ways = ?3, told_at = ?4, raised = ?5, tried = ?6,
      due_at = CASE WHEN read_at IS NULL THEN ?7 END WHERE org = ?1 AND id = ?2";
    let Item { done, told, raised, .. } = &due.item;
    unit.then(sql, binds![&due.org, &due.id, Bind::json(done), *told, *raised, due.tried, again]);
}

/// Something that a digest lists.
pub struct Line {
    /// Which.
    pub id: NoticeId,
    /// What.
    pub kind: Kind,
    /// The post's heading.
    pub heading: String,
    /// The name of who it speaks of.
    pub name: String,
    /// What no row says.
    pub what: String,
}

/// What of a member waits for the digest that is due: unread, and told by no mail yet. `until` is the lease of those
/// that were just taken.
///
/// # Errors
/// `Down`, `Row`.
pub async fn for_digest(
    db: &Db,
    org: &OrganisationId,
    member: &MemberId,
    until: Moment,
    kinds: &BTreeSet<Kind>,
    most: u32,
) -> Result<Vec<Line>, StoreError> {
    #[derive(Deserialize)]
    struct Row {
        id: String,
        kind: String,
        heading: Option<String>,
        name: Option<String>,
        what: String,
    }
    let sql = "SELECT n.id, n.kind, p.heading, a.name, n.what FROM told n INDEXED BY told_unread
      LEFT JOIN post p ON p.org = n.org AND p.id = n.post LEFT JOIN member a ON a.org = n.org AND a.id = n.about
      WHERE n.org = ?1 AND n.member = ?2 AND n.read_at IS NULL AND n.due_at <= ?3
        AND n.kind IN (SELECT value FROM json_each(?4))
        AND NOT EXISTS (SELECT 1 FROM json_each(n.ways) WHERE value IN ('mail', 'digest'))
      ORDER BY n.at LIMIT ?5";
    let rows: Vec<Row> = db.all(sql, binds![org, member, until, Bind::json(kinds), most]).await?;
    let line = |row: Row| {
        Ok(Line {
            id: id(&row.id)?,
            kind: name(&row.kind)?,
            heading: row.heading.unwrap_or_default(),
            name: row.name.unwrap_or_default(),
            what: row.what,
        })
    };
    rows.into_iter().map(line).collect()
}

/// Adds to a unit of work that a digest told these.
pub fn digested(unit: &mut Unit, org: &OrganisationId, notices: &[&NoticeId], now: Moment) {
    let sql = "UPDATE told SET ways = json_insert(ways, '$[#]', 'digest'), told_at = ?2, due_at = NULL
      WHERE org = ?1 AND id IN (SELECT value FROM json_each(?3))";
    unit.then(sql, binds![org, now, Bind::json(&notices)]);
}
