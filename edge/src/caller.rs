//! Who is asking: the session cookie, one query, a member of one organisation.
//! Separate because it is the only way to a [`Caller`], and every query of a handler starts from one.

use axum::http::{HeaderMap, header};
use domain::{
    Access, Act, ChannelId, MemberId, Millis, Moment, Organisation, OrganisationId, Refusal, Role, SessionId, may,
    record::{self, Actor},
};
use serde::Deserialize;

use crate::{
    app::App,
    binds, clock,
    store::{StoreError, id, json, name, organisations},
};

/// The cookie. `__Host-` binds it to this host, to https (or localhost) and to the whole site.
pub const COOKIE: &str = "__Host-pregon";

/// Without a request for so long, a session ends. Towns share computers; a working day has pauses.
pub const IDLE: Millis = Millis::hours(12);

/// After so long a session ends whatever happens.
pub const LONGEST: Millis = Millis::days(30);

/// How often `seen_at` is written: a write each request would spend the free plan's 100,000 rows a day.
const SEEN_EVERY: Millis = Millis::minutes(5);

/// A member who is signed in.
#[derive(Debug, Clone)]
pub struct Caller {
    /// The member.
    pub member: MemberId,
    /// Their name.
    pub name: String,
    /// As what they act.
    pub role: Role,
    /// Where and when.
    pub access: Access,
    /// This session.
    pub session: SessionId,
    /// What opened it (`sign_in::opened_with`).
    pub how: String,
    /// From which device: browser and system.
    pub device: String,
    /// Their organisation, whole: nearly every handler needs its policy, zone or pause.
    pub organisation: Organisation,
    /// The last sign of life of the clock that publishes.
    pub heartbeat: Option<Moment>,
}

#[derive(Deserialize)]
struct Row {
    session: String,
    how: String,
    device: String,
    seen_at: f64,
    member: String,
    member_name: String,
    role: String,
    access: String,
    beat: Option<f64>,
    organisation: organisations::Row,
}

const SQL: &str =
    "SELECT s.id AS session, s.how, s.device, s.seen_at, m.id AS member, m.name AS member_name, m.role, m.access,
  (SELECT MAX(COALESCE(cron_at, 0), COALESCE(wake_at, 0)) FROM heartbeat WHERE id = 1) AS beat,
  o.id, o.slug, o.name, o.kind, o.zone, o.languages, o.colour, o.crest, o.policy, o.paused_at, o.paused_by,
  o.pause_reason, o.version
FROM session s
JOIN member m ON m.id = s.member AND m.org = s.org AND m.removed_at IS NULL
JOIN organisation o ON o.id = s.org
WHERE s.token_hash = ?1 AND s.ends_at > ?2 AND s.seen_at > ?3";

impl Caller {
    /// Looks for the session of the cookie.
    ///
    /// # Errors
    /// `Down`, `Row`.
    pub async fn find(app: &App, headers: &HeaderMap) -> Result<Option<Caller>, StoreError> {
        match cookie(headers) {
            Some(token) => Self::of_token(app, &token).await,
            None => Ok(None),
        }
    }

    /// Looks for the session of a secret: a cookie's, or one that was made this moment.
    ///
    /// # Errors
    /// `Down`, `Row`.
    pub async fn of_token(app: &App, token: &str) -> Result<Option<Caller>, StoreError> {
        let hash = record::sha256_hex(token.as_bytes());
        let now = app.now();
        let row: Option<Row> = app.db.first(SQL, binds![&hash, now, now.minus(IDLE)]).await?;
        let Some(row) = row else { return Ok(None) };
        let seen = Moment(row.seen_at as i64);
        if now.since(seen) > SEEN_EVERY {
            let sql = "UPDATE session SET seen_at = ?2 WHERE token_hash = ?1";
            app.db.run(sql, binds![&hash, now]).await?;
        }
        let heartbeat = row.beat.map(|at| Moment(at as i64)).filter(|at| at.0 > 0);
        clock::mind_the_beat(app, heartbeat);
        let caller = Caller {
            member: id(&row.member)?,
            name: row.member_name,
            role: name(&row.role)?,
            access: json(&row.access)?,
            session: id(&row.session)?,
            how: row.how,
            device: shortened(&row.device),
            organisation: row.organisation.try_into()?,
            heartbeat,
        };
        if !caller.access.is_open(now) {
            return Ok(None);
        }
        app.act_as(caller.actor());
        Ok(Some(caller))
    }

    /// As the record names them.
    fn actor(&self) -> Actor {
        Actor::Member {
            member: self.member.clone(),
            role: Some(self.role),
            session: Some(self.session.clone()),
            device: self.device.clone(),
            how: self.how.clone(),
        }
    }

    /// Refuses unless the role includes the act.
    ///
    /// # Errors
    /// `NotAllowed`.
    pub fn needs(&self, act: Act) -> Result<(), Refusal> {
        if may(self.role, act) { Ok(()) } else { Err(Refusal::NotAllowed { act }) }
    }

    /// Whether a post that goes to these channels is any of the caller's business: an agency sees what goes to its own
    /// channels only, and what goes nowhere yet.
    pub fn sees<'a>(&self, channels: impl Iterator<Item = &'a ChannelId>) -> bool {
        self.access.sees(channels)
    }

    /// The organisation every query of this request names.
    pub fn org(&self) -> &OrganisationId {
        &self.organisation.id
    }
}

/// The session's secret in the request.
pub fn cookie(headers: &HeaderMap) -> Option<String> {
    let all = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
    let pairs = all.flat_map(|value| value.split(';')).filter_map(|pair| pair.trim().split_once('='));
    pairs.filter(|(name, _)| *name == COOKIE).map(|(_, value)| value.to_owned()).next()
}

/// `Set-Cookie` for a new session.
pub fn set_cookie(token: &str) -> String {
    format!("{COOKIE}={token}; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age={}", LONGEST.0 / 1_000)
}

/// `Set-Cookie` that removes it.
pub fn clear_cookie() -> String {
    format!("{COOKIE}=; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age=0")
}

/// The browser and the system that a request says it comes from.
pub fn device(headers: &HeaderMap) -> String {
    shortened(headers.get(header::USER_AGENT).and_then(|value| value.to_str().ok()).unwrap_or_default())
}

/// A browser and a system out of a user agent: enough to know one's own phone again.
pub fn shortened(agent: &str) -> String {
    let first = |names: &[(&'static str, &'static str)]| {
        names.iter().find(|(mark, _)| agent.contains(mark)).map(|(_, name)| *name)
    };
    // Order matters: Edge says Chrome too, Chrome says Safari too, Android says Linux too.
    let browser = first(&[
        ("Edg", "Edge"),
        ("OPR/", "Opera"),
        ("SamsungBrowser", "Samsung Internet"),
        ("Firefox/", "Firefox"),
        ("FxiOS", "Firefox"),
        ("CriOS", "Chrome"),
        ("Chrome/", "Chrome"),
        ("Safari/", "Safari"),
    ]);
    let system = first(&[
        ("Windows", "Windows"),
        ("Android", "Android"),
        ("iPhone", "iPhone"),
        ("iPad", "iPad"),
        ("Macintosh", "macOS"),
        ("CrOS", "ChromeOS"),
        ("Linux", "Linux"),
    ]);
    match (browser, system) {
        (Some(browser), Some(system)) => format!("{browser}, {system}"),
        (Some(one), None) | (None, Some(one)) => one.to_owned(),
        (None, None) => agent.chars().filter(|letter| !letter.is_control()).take(40).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::shortened;

    #[test]
    fn a_device_is_known_again() {
        let edge = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130 Safari/537.36 Edg/130";
        assert_eq!(shortened(edge), "Edge, Windows");
        let phone = "Mozilla/5.0 (Linux; Android 14; Pixel 8) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130 Mobile Safari/537.36";
        assert_eq!(shortened(phone), "Chrome, Android");
        assert_eq!(shortened("curl/8"), "curl/8");
    }
}
