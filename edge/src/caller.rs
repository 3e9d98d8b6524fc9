//! Who is asking: the session cookie, one query, a member of one organisation.
//! Separate because it is the only way to a [`Caller`], and every query of a handler starts from one.

use axum::http::{HeaderMap, header};
use domain::{
    Access, Act, ChannelId, MemberId, Millis, Moment, Organisation, OrganisationId, Refusal, Role, SessionId, may,
    record,
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
    /// Their organisation, whole: nearly every handler needs its policy, zone or pause.
    pub organisation: Organisation,
    /// The last sign of life of the clock that publishes.
    pub heartbeat: Option<Moment>,
}

#[derive(Deserialize)]
struct Row {
    session: String,
    how: String,
    seen_at: f64,
    member: String,
    member_name: String,
    role: String,
    access: String,
    beat: Option<f64>,
    organisation: organisations::Row,
}

const SQL: &str = "SELECT s.id AS session, s.how, s.seen_at, m.id AS member, m.name AS member_name, m.role, m.access,
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
            organisation: row.organisation.try_into()?,
            heartbeat,
        };
        Ok(caller.access.is_open(now).then_some(caller))
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
    pub fn sees<'a>(&self, mut channels: impl Iterator<Item = &'a ChannelId>) -> bool {
        channels.all(|channel| self.access.reaches(channel))
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
