//! The calendar out of the house: rows of addresses and links, and the posts that either shows.

use chrono::NaiveDate;
use domain::{
    Access, CampaignId, ChannelId, Language, MemberId, Moment, Network, Organisation, OrganisationId, PostId, Role,
    ShareId, StageName,
    record::sha256_hex,
    share::{MOST, Share},
};
use serde::Deserialize;
use wire::sharing::{Opened, Shared};

use super::{Answer, Bind, Db, StoreError, Unit, bylaws, calendar, id, json, name, organisations};
use crate::binds;

/// Whoever opens an address or a link is not counted further than this: somebody who loads a page without end must not
/// spend the day's writes.
const COUNTED: u32 = 1_000;

/// Days on which links were opened that a list shows.
const OPENED: u32 = 1_000;

/// Whose calendar an address shows.
#[derive(Debug, Clone)]
pub struct Holder {
    /// The organisation.
    pub organisation: Organisation,
    /// As what they act.
    pub role: Role,
    /// Where and when.
    pub access: Access,
    /// Moves with everything that a calendar shows.
    pub edition: Edition,
    /// The last sign of life of the clock that publishes.
    pub beat: Option<Moment>,
}

/// What a calendar was made of. Who has seen the same has seen all.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Edition {
    member: String,
    beats: i64,
    law: i64,
    organisation: u64,
}

impl Edition {
    /// A tag for it, with what else goes into the calendar.
    pub fn tag(&self, beside: &[&str]) -> String {
        let Self { member, beats, law, organisation } = self;
        let text =
            [&format!("pregon/calendar/1 {member} {beats} {law} {organisation}"), beside.join(" ").as_str()].join(" ");
        sha256_hex(text.as_bytes())[..32].to_owned()
    }
}

/// The query around what is held: `held` answers it with its organisation (`held_by`) and its member (`holder`).
fn of_holder(held: &str) -> String {
    // The columns of the organisation stand under their own names: what is joined has none of them.
    format!(
        "SELECT {}, h.*, (SELECT beats FROM pulse WHERE org = o.id) AS beats,
           (SELECT version FROM bylaws WHERE org = o.id) AS law,
           (SELECT MAX(COALESCE(cron_at, 0), COALESCE(wake_at, 0)) FROM heartbeat WHERE id = 1) AS beat
         FROM ({held}) h JOIN organisation o ON o.id = h.held_by",
        organisations::COLUMNS.split(", ").map(|column| format!("o.{column}")).collect::<Vec<_>>().join(", ")
    )
}

#[derive(Deserialize)]
struct HolderRow {
    organisation: organisations::Row,
    holder: String,
    holder_role: String,
    holder_access: String,
    beats: Option<f64>,
    law: Option<f64>,
    beat: Option<f64>,
}

impl TryFrom<HolderRow> for Holder {
    type Error = StoreError;
    fn try_from(row: HolderRow) -> Result<Self, StoreError> {
        let organisation: Organisation = row.organisation.try_into()?;
        let number = |number: Option<f64>| number.unwrap_or_default() as i64;
        let edition = Edition {
            member: row.holder,
            beats: number(row.beats),
            law: number(row.law),
            organisation: organisation.version,
        };
        Ok(Self {
            organisation,
            role: name(&row.holder_role)?,
            access: json(&row.holder_access)?,
            edition,
            beat: row.beat.map(|at| Moment(at as i64)).filter(|at| at.0 > 0),
        })
    }
}

/// Whose address has this secret, if they are still there.
///
/// # Errors
/// `Down`, `Row`.
pub async fn of_address(db: &Db, secret: &str) -> Result<Option<Holder>, StoreError> {
    let sql = of_holder(
        "SELECT f.org AS held_by, m.id AS holder, m.role AS holder_role, m.access AS holder_access
         FROM calendar_feed f JOIN member m ON m.id = f.member AND m.org = f.org AND m.removed_at IS NULL
         WHERE f.token_hash = ?1",
    );
    let row: Option<HolderRow> = db.first(&sql, binds![sha256_hex(secret.as_bytes())]).await?;
    row.map(TryInto::try_into).transpose()
}

#[derive(Deserialize)]
struct ShareRow {
    share: String,
    share_name: String,
    made_by: String,
    channel: Option<String>,
    campaign: Option<String>,
    made_at: f64,
    expires_at: f64,
    revoked_at: Option<f64>,
}

/// The columns of a link. Its identity and its name have names of their own, so that it stands beside an organisation's.
const SHARE: &str =
    "s.id AS share, s.name AS share_name, s.made_by, s.channel, s.campaign, s.made_at, s.expires_at, s.revoked_at";

impl TryFrom<ShareRow> for Share {
    type Error = StoreError;
    fn try_from(row: ShareRow) -> Result<Self, StoreError> {
        Ok(Share {
            id: id(&row.share)?,
            name: row.share_name,
            by: id(&row.made_by)?,
            channel: row.channel.as_deref().map(id).transpose()?,
            campaign: row.campaign.as_deref().map(id).transpose()?,
            made: Moment(row.made_at as i64),
            expires: Moment(row.expires_at as i64),
            revoked: row.revoked_at.map(|at| Moment(at as i64)),
        })
    }
}

/// A link, as whoever opens it needs it.
#[derive(Debug, Clone)]
pub struct Link {
    /// The link.
    pub share: Share,
    /// Who made it: it shows no more than they may see, and as long as they are there.
    pub of: Holder,
    /// The name of the channel that it is limited to.
    pub channel: Option<String>,
    /// The name of the campaign that it is limited to.
    pub campaign: Option<String>,
}

/// The link that has this secret, if who made it is still there.
///
/// # Errors
/// `Down`, `Row`.
pub async fn of_link(db: &Db, secret: &str) -> Result<Option<Link>, StoreError> {
    #[derive(Deserialize)]
    struct Row {
        link: ShareRow,
        of: HolderRow,
        channel_name: Option<String>,
        campaign_name: Option<String>,
    }
    let sql = of_holder(&format!(
        "SELECT s.org AS held_by, m.id AS holder, m.role AS holder_role, m.access AS holder_access, {SHARE},
           (SELECT c.name FROM channel c WHERE c.org = s.org AND c.id = s.channel) AS channel_name,
           (SELECT c.name FROM campaign c WHERE c.org = s.org AND c.id = s.campaign) AS campaign_name
         FROM calendar_share s JOIN member m ON m.id = s.made_by AND m.org = s.org AND m.removed_at IS NULL
         WHERE s.token_hash = ?1"
    ));
    let row: Option<Row> = db.first(&sql, binds![sha256_hex(secret.as_bytes())]).await?;
    let link = |row: Row| {
        let Row { link, of, channel_name: channel, campaign_name: campaign } = row;
        Ok(Link { share: link.try_into()?, of: of.try_into()?, channel, campaign })
    };
    row.map(link).transpose()
}

/// When a member's address was made, if they have one.
///
/// # Errors
/// `Down`, `Row`.
pub async fn feed_made(db: &Db, org: &OrganisationId, member: &MemberId) -> Result<Option<Moment>, StoreError> {
    #[derive(Deserialize)]
    struct Row {
        made_at: f64,
    }
    let sql = "SELECT made_at FROM calendar_feed WHERE org = ?1 AND member = ?2";
    let row: Option<Row> = db.first(sql, binds![org, member]).await?;
    Ok(row.map(|row| Moment(row.made_at as i64)))
}

/// Adds a member's address to a unit of work, in the place of the one of before.
pub fn renew_feed(unit: &mut Unit, org: &OrganisationId, member: &MemberId, secret: &str, now: Moment) {
    unit.then(
        "INSERT INTO calendar_feed (org, member, token_hash, made_at) VALUES (?1, ?2, ?3, ?4)
         ON CONFLICT (org, member) DO UPDATE SET token_hash = ?3, made_at = ?4",
        binds![org, member, sha256_hex(secret.as_bytes()), now],
    );
}

/// Adds the end of a member's address to a unit of work.
pub fn revoke_feed(unit: &mut Unit, org: &OrganisationId, member: &MemberId) {
    unit.then("DELETE FROM calendar_feed WHERE org = ?1 AND member = ?2", binds![org, member]);
}

/// The links of an organisation, newest first, each with the days on which it was opened.
///
/// # Errors
/// `Down`, `Row`.
pub async fn shares(db: &Db, org: &OrganisationId, now: Moment) -> Result<Vec<Shared>, StoreError> {
    #[derive(Deserialize)]
    struct Row {
        share: String,
        day: String,
        times: u32,
    }
    let answers = db
        .many(vec![
            // Every open one, or nobody could take it back; then those that are over, as far as there is room.
            (
                format!(
                    "SELECT {SHARE} FROM calendar_share s WHERE s.org = ?1
                     ORDER BY (s.revoked_at IS NULL AND s.expires_at > ?2) DESC, s.made_at DESC, s.id LIMIT {}",
                    MOST * 2
                ),
                binds![org, now],
            ),
            (
                format!(
                    "SELECT share, day, times FROM calendar_opening WHERE org = ?1 ORDER BY day DESC LIMIT {OPENED}"
                ),
                binds![org],
            ),
        ])
        .await?;
    let [shares, opened] = &answers[..] else { return Err(StoreError::Row("an answer is missing".to_owned())) };
    let opened: Vec<Row> = opened.results()?;
    let one = |row: ShareRow| {
        let share: Share = row.try_into()?;
        let days = opened.iter().filter(|row| row.share == share.id.as_str()).map(|row| {
            let day = row.day.parse::<NaiveDate>().map_err(|_| StoreError::Row("day".to_owned()))?;
            Ok(Opened { day, times: row.times })
        });
        let opened = days.collect::<Result<_, StoreError>>()?;
        Ok(Shared { share, opened })
    };
    shares.results::<ShareRow>()?.into_iter().map(one).collect()
}

/// One link.
///
/// # Errors
/// `Down`, `Row`.
pub async fn share(db: &Db, org: &OrganisationId, share: &ShareId) -> Result<Option<Share>, StoreError> {
    let sql = format!("SELECT {SHARE} FROM calendar_share s WHERE s.org = ?1 AND s.id = ?2");
    let row: Option<ShareRow> = db.first(&sql, binds![org, share]).await?;
    row.map(TryInto::try_into).transpose()
}

/// Adds a new link to a unit of work. What it names is the organisation's, and there is an end to how many are open: else
/// nothing is written.
pub fn make_share(unit: &mut Unit, org: &OrganisationId, share: &Share, secret: &str) {
    let named = "(?2 IS NULL OR EXISTS (SELECT 1 FROM channel WHERE org = ?1 AND id = ?2))
      AND (?3 IS NULL OR EXISTS (SELECT 1 FROM campaign WHERE org = ?1 AND id = ?3))
      AND (SELECT COUNT(*) FROM calendar_share WHERE org = ?1 AND revoked_at IS NULL AND expires_at > ?4) < ?5";
    unit.expect(named, binds![org, share.channel.as_ref(), share.campaign.as_ref(), share.made, MOST as u32]);
    unit.then(
        "INSERT INTO calendar_share (org, id, token_hash, name, made_by, channel, campaign, made_at, expires_at)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
        binds![
            org,
            &share.id,
            sha256_hex(secret.as_bytes()),
            &share.name,
            &share.by,
            share.channel.as_ref(),
            share.campaign.as_ref(),
            share.made,
            share.expires
        ],
    );
}

/// Adds to a unit of work that a link leads nowhere from now on.
pub fn revoke_share(unit: &mut Unit, org: &OrganisationId, share: &ShareId, now: Moment) {
    let sql = "UPDATE calendar_share SET revoked_at = ?3 WHERE org = ?1 AND id = ?2 AND revoked_at IS NULL";
    unit.then(sql, binds![org, share, now]);
}

/// Notes that a link was opened on a day.
///
/// # Errors
/// `Down`.
pub async fn note_opening(db: &Db, org: &OrganisationId, share: &ShareId, day: NaiveDate) -> Result<(), StoreError> {
    let sql = format!(
        "INSERT INTO calendar_opening (org, share, day, times) VALUES (?1, ?2, ?3, 1)
         ON CONFLICT (org, share, day) DO UPDATE SET times = times + 1 WHERE times < {COUNTED}"
    );
    db.run(&sql, binds![org, share, day.to_string()]).await.map(drop)
}

/// Adds to a unit of work that links which are over since a moment go, with when they were opened.
pub fn sweep(unit: &mut Unit, since: Moment) {
    unit.then(
        "DELETE FROM calendar_opening WHERE (org, share) IN (SELECT org, id FROM calendar_share WHERE expires_at < ?1)",
        binds![since],
    );
    unit.then("DELETE FROM calendar_share WHERE expires_at < ?1", binds![since]);
}

/// Adds to a unit of work that a member is gone: their address, and the links that they made.
pub fn let_go(unit: &mut Unit, org: &OrganisationId, member: &MemberId, now: Moment) {
    let sql = "UPDATE calendar_share SET revoked_at = ?3 WHERE org = ?1 AND made_by = ?2 AND revoked_at IS NULL";
    unit.then(sql, binds![org, member, now]);
    revoke_feed(unit, org, member);
}

/// A post as it is shown outside the desk.
#[derive(Debug, Clone)]
pub struct Line {
    /// Its identity.
    pub id: PostId,
    /// Its version.
    pub version: u64,
    /// A name for it.
    pub heading: String,
    /// Where it is.
    pub stage: StageName,
    /// When it goes out, went, or would have.
    pub at: Moment,
    /// When it last changed.
    pub changed: Moment,
    /// Where it goes.
    pub going: Vec<(ChannelId, Network, Language)>,
}

#[derive(Deserialize)]
struct LineRow {
    id: String,
    version: f64,
    heading: String,
    stage: String,
    at: f64,
    changed_at: f64,
    destinations: String,
}

impl TryFrom<LineRow> for Line {
    type Error = StoreError;
    fn try_from(row: LineRow) -> Result<Self, StoreError> {
        Ok(Line {
            id: id(&row.id)?,
            version: row.version as u64,
            heading: row.heading,
            stage: name(&row.stage)?,
            at: Moment(row.at as i64),
            changed: Moment(row.changed_at as i64),
            going: json(&row.destinations)?,
        })
    }
}

/// What of a calendar is wanted.
#[derive(Debug, Clone, Copy)]
pub struct Wanted<'a> {
    /// From when on.
    pub from: Moment,
    /// Before when.
    pub until: Moment,
    /// What is nearest to this comes first: it is the last to be left out.
    pub near: Moment,
    /// Only what goes to this channel.
    pub channel: Option<&'a ChannelId>,
    /// Only what is of this campaign.
    pub campaign: Option<&'a CampaignId>,
    /// Only what is before these eyes: what goes to their channels only, or nowhere yet.
    pub access: &'a Access,
    /// The first and the last day, for what stands on days.
    pub days: (NaiveDate, NaiveDate),
    /// At most so many.
    pub most: u32,
}

/// What a calendar shows.
#[derive(Debug, Clone)]
pub struct Sheet {
    /// Posts, the earliest first.
    pub posts: Vec<Line>,
    /// Whether there are more.
    pub more: bool,
    /// Marks, and when each last changed.
    pub marks: Vec<(domain::mark::Mark, Moment)>,
    /// Holidays.
    pub holidays: Vec<NaiveDate>,
}

/// Reads posts and what stands on the days, in one trip. What was called off is there too, at the hour that it had.
///
/// # Errors
/// `Down`, `Row`.
pub async fn sheet(db: &Db, org: &OrganisationId, wanted: Wanted<'_>) -> Result<Sheet, StoreError> {
    const COLUMNS: &str = "id, version, heading, stage, changed_at, destinations";
    const SIEVE: &str = "(?5 IS NULL OR campaign = ?5)
      AND (?6 IS NULL OR EXISTS (SELECT 1 FROM json_each(destinations) d WHERE json_extract(d.value, '$[0]') = ?6))
      AND (?8 IS NULL OR NOT EXISTS (SELECT 1 FROM json_each(destinations) d
        WHERE json_extract(d.value, '$[0]') NOT IN (SELECT value FROM json_each(?8))))";
    let posts = format!(
        "SELECT * FROM (
           SELECT {COLUMNS}, slot_at AS at FROM post WHERE org = ?1 AND slot_at >= ?2 AND slot_at < ?3 AND {SIEVE}
           UNION ALL
           SELECT {COLUMNS}, was_at AS at FROM post
           WHERE org = ?1 AND was_at >= ?2 AND was_at < ?3 AND stage = 'cancelled' AND {SIEVE})
         ORDER BY ABS(at - ?4), id LIMIT ?7"
    );
    // Before they are counted: else somebody with one channel would see few of their own, and be told of the rest.
    let within = match wanted.access {
        Access::Everywhere => None,
        Access::Limited { channels, .. } => Some(Bind::json(channels)),
    };
    let Wanted { from, until, near, campaign, channel, most, .. } = wanted;
    let binds: Vec<Bind> = binds![org, from, until, near, campaign, channel, most + 1, within];
    let (first, last) = wanted.days;
    let queries =
        vec![(posts, binds), calendar::marks_query(org, first, last), (bylaws::STANDING.to_owned(), binds![org])];
    let answers: Vec<Answer> = db.many(queries).await?;
    let [posts, marks, law] = &answers[..] else { return Err(StoreError::Row("an answer is missing".to_owned())) };
    let mut posts: Vec<Line> =
        posts.results::<LineRow>()?.into_iter().map(TryInto::try_into).collect::<Result<_, _>>()?;
    let more = posts.len() > wanted.most as usize;
    posts.truncate(wanted.most as usize);
    posts.sort_by_key(|line| (line.at, line.version));
    let (_, law) = bylaws::standing(law)?;
    let holidays = law.hours.holidays.range(first..=last).copied().collect();
    Ok(Sheet { posts, more, marks: calendar::stamped(marks)?, holidays })
}
