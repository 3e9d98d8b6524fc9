//! Rate limits that must hold: one row a purpose and a hash of who asks, counted before any work is done.
//! In D1 and not in KV: a limit that may be a minute old is none (house rule 1).

use axum::http::HeaderMap;
use domain::{Millis, Moment, Refusal, record};
use serde::Deserialize;

use crate::{answer::Refused, app::App, binds};

/// A limit: so many within a span that begins with the first.
#[derive(Debug, Clone, Copy)]
pub struct Limit {
    /// What for.
    pub purpose: &'static str,
    /// How many.
    pub most: u32,
    /// Within how long.
    pub span: Millis,
}

/// Challenges for one network address: a whole town hall may share one.
pub const CHALLENGES: Limit = Limit { purpose: "challenge", most: 120, span: Millis::minutes(10) };
/// Links and tokens tried from one network address. Each has 256 bits: this only keeps the noise down.
pub const TOKENS: Limit = Limit { purpose: "token", most: 60, span: Millis::minutes(10) };
/// Codes asked for one mail address.
pub const CODES: Limit = Limit { purpose: "code", most: 3, span: Millis::minutes(15) };
/// Codes asked from one network address.
pub const CODES_FROM: Limit = Limit { purpose: "code_from", most: 20, span: Millis::minutes(15) };
/// Codes tried for one mail address, over all the codes that it was sent.
pub const CODE_TRIES: Limit = Limit { purpose: "code_try", most: 10, span: Millis::minutes(30) };
/// Codes that confirm decisions, asked for one mail address: somebody without a passkey may have ten posts before them.
/// Each may be tried five times, so that a guess has one chance in two million.
pub const DECISION_CODES: Limit = Limit { purpose: "decision_code", most: 10, span: Millis::minutes(15) };
/// Codes that open a link, asked for one link.
pub const OPENING_CODES: Limit = Limit { purpose: "opening_code", most: 5, span: Millis::minutes(15) };
/// Comments of somebody outside: each may be a mail to whoever submitted.
pub const OUTSIDE_COMMENTS: Limit = Limit { purpose: "outside_comment", most: 20, span: Millis::hours(1) };
/// Proposals from one network address: a town hall may share one, and its people a good day.
pub const PROPOSALS_FROM: Limit = Limit { purpose: "proposal_from", most: 15, span: Millis::hours(1) };
/// Proposals by one link, from anywhere: a link that got about must not bury what is meant.
pub const PROPOSALS: Limit = Limit { purpose: "proposal", most: 60, span: Millis::days(1) };
/// Printed codes tried from one network address.
pub const RECOVERIES: Limit = Limit { purpose: "recovery", most: 10, span: Millis::minutes(30) };
/// Invitations of one member: each may be a mail to somebody who did not ask for it.
pub const INVITATIONS: Limit = Limit { purpose: "invitation", most: 60, span: Millis::hours(1) };
/// Pushes of one member to their own devices, to see whether they come: each is a call to an address that they gave.
pub const PUSH_TESTS: Limit = Limit { purpose: "push_test", most: 10, span: Millis::minutes(10) };
/// How often somebody may have one calendar of others asked for: each is a call to a server that did not ask for it.
pub const FETCHES: Limit = Limit { purpose: "fetch", most: 6, span: Millis::minutes(10) };
/// How often an organisation may have calendars of others asked for somewhere else: each is a call to wherever somebody typed.
pub const PLACES: Limit = Limit { purpose: "place", most: 40, span: Millis::minutes(10) };
/// Pages that one member may have read to begin a post with: each is a call to wherever they say, or two.
pub const PAGES: Limit = Limit { purpose: "webpage", most: 30, span: Millis::minutes(10) };

/// Sign-ins with one member's passkey that are kept in the record for having been refused.
pub const REFUSED_SIGN_INS: Limit = Limit { purpose: "refused", most: 10, span: Millis::hours(1) };

/// Counts one more of `limit` for `who`.
///
/// # Errors
/// `TooMany`, `Unavailable`.
pub async fn count(app: &App, limit: Limit, who: &str) -> Result<(), Refused> {
    #[derive(Deserialize)]
    struct Row {
        since: f64,
        count: u32,
    }
    let now = app.now();
    let key = format!("{}:{}", limit.purpose, record::sha256_hex(who.as_bytes()));
    let sql = "INSERT INTO throttle (key, since, count) VALUES (?1, ?2, 1) ON CONFLICT (key) DO UPDATE SET
      count = CASE WHEN since <= ?3 THEN 1 ELSE count + 1 END, since = CASE WHEN since <= ?3 THEN ?2 ELSE since END
      RETURNING since, count";
    let row: Option<Row> = app.db.first(sql, binds![key, now, now.minus(limit.span)]).await?;
    match row {
        Some(row) if row.count > limit.most => {
            Err(Refusal::TooMany { until: Moment(row.since as i64).plus(limit.span) }.into())
        }
        Some(_) => Ok(()),
        None => Err(Refusal::Unavailable.into()),
    }
}

/// The network address that a request came from, as the platform (never the client) says.
pub fn address(headers: &HeaderMap) -> &str {
    headers.get("cf-connecting-ip").and_then(|value| value.to_str().ok()).unwrap_or_default()
}
