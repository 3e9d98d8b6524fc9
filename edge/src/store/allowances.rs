//! How much the networks let through, and who waits for that. Written only where an end is near: everything here costs an
//! ordinary publication nothing but two look-ups by key in the point of no return.

use domain::{
    ActId, ChannelId, Millis, Moment, Network, OrganisationId,
    budget::{Allowance, Queued, Turn, Urgency, Waits, Whose, turn},
    delivery::{Deed, LEASE},
};
use serde::Deserialize;

use super::{Bind, Db, StoreError, Unit, acts::ITS_TURN, id, json, name, name_of};
use crate::binds;

/// SQL: the allowances over `act`: of its channel, and of the app at its network.
const OVER: &str = "w.org = act.org AND w.whose IN (act.channel,
  (SELECT 'app:' || p.network FROM publication p WHERE p.id = act.publication))";

/// SQL: whether an act may pass the point of no return (`now` is the parameter). One that was not told whose turn it is
/// passes where nothing is near its end; one that was, as long as something is left.
pub fn guard(is_its_turn: bool, now: &str) -> String {
    let stops = match is_its_turn {
        false => format!("w.until_at + w.span > {now}"),
        true => format!("w.until_at > {now} AND w.remaining < 1"),
    };
    format!("NOT EXISTS (SELECT 1 FROM allowance w WHERE {OVER} AND {stops})")
}

fn key(whose: Whose, channel: &ChannelId, network: Network) -> String {
    match whose {
        Whose::Account => channel.to_string(),
        Whose::App => ["app:", &name_of(&network)].concat(),
    }
}

/// Whose allowances are over a channel.
fn keys(channel: &ChannelId, network: Network) -> [String; 2] {
    [Whose::Account, Whose::App].map(|whose| key(whose, channel, network))
}

/// Takes one from what is left, in the batch in which an attempt begins (`begun` says whether it did): a count that is over
/// begins anew, as [`Allowance::at`] says.
pub fn take(
    unit: &mut Unit,
    org: &OrganisationId,
    (channel, network): (&ChannelId, Network),
    now: Moment,
    (begun, act, attempt): (&str, &ActId, &domain::AttemptId),
) {
    let [account, app] = keys(channel, network);
    // `begun` speaks of ?1 to ?3.
    unit.then(
        format!(
            "UPDATE allowance SET
               remaining = CASE WHEN until_at <= ?4 THEN quantity ELSE MAX(remaining, 1) END - 1,
               until_at = CASE WHEN until_at <= ?4 THEN until_at + span * ((CAST(?4 AS INTEGER) - until_at) / span + 1) ELSE until_at END
             WHERE org = ?1 AND whose IN (?5, ?6) AND until_at + span > ?4 AND {begun}"
        ),
        binds![org, act, attempt, now, account, app],
    );
}

/// Gives one back: it was taken for an attempt that surely sent nothing.
pub fn give_back(unit: &mut Unit, org: &OrganisationId, channel: &ChannelId, network: Network, now: Moment) {
    let [account, app] = keys(channel, network);
    unit.then(
        "UPDATE allowance SET remaining = remaining + 1 WHERE org = ?1 AND whose IN (?2, ?3) AND until_at > ?4",
        binds![org, account, app, now],
    );
}

/// Keeps what a network said. What is known already is not written again: of the same count the least counts, for answers
/// overtake each other.
pub fn learn(
    unit: &mut Unit,
    org: &OrganisationId,
    (channel, network): (&ChannelId, Network),
    (whose, allowance): (Whose, Allowance),
    now: Moment,
) {
    let Allowance { left, until, full, span } = allowance;
    unit.then(
        "INSERT INTO allowance (org, whose, remaining, until_at, quantity, span) VALUES (?1, ?2, ?3, ?4, ?5, ?6)
         ON CONFLICT (org, whose) DO UPDATE SET remaining = excluded.remaining, until_at = excluded.until_at,
           quantity = excluded.quantity, span = excluded.span
         WHERE until_at <= ?7 OR excluded.until_at > until_at + 2000
           OR (excluded.until_at >= until_at - 2000 AND excluded.remaining < remaining)",
        binds![org, key(whose, channel, network), left, until, full, span, now],
    );
}

/// Forgets what a network said of an account: it is asked again.
pub fn ask_again(unit: &mut Unit, org: &OrganisationId, channel: &ChannelId) {
    unit.then("DELETE FROM allowance WHERE org = ?1 AND whose = ?2", binds![org, channel]);
}

/// Forgets what is over.
pub fn forget(unit: &mut Unit, now: Moment) {
    unit.then("DELETE FROM allowance WHERE until_at + span < ?1", binds![now]);
}

/// The turn of a claimed act whose way was barred: by all that is due beside it, on its channel and by its app.
///
/// # Errors
/// `Down`, `Row`.
pub async fn whose_turn(
    db: &Db,
    org: &OrganisationId,
    act: &ActId,
    (channel, network): (&ChannelId, Network),
    now: Moment,
) -> Result<Turn, StoreError> {
    #[derive(Deserialize)]
    struct Row {
        whose: String,
        remaining: f64,
        until_at: f64,
        quantity: f64,
        span: f64,
    }
    #[derive(Deserialize)]
    struct Due {
        id: String,
        channel: String,
        deed: String,
        kind: String,
        due_at: f64,
        ends_at: f64,
        waits: Option<String>,
    }
    let [account, app] = keys(channel, network);
    // Three lists, each by its own index: what waits and is due, what waits for its turn, and what is claimed.
    let beside = "c.org = ?1 AND (c.id = ?2 OR (?3 AND c.network = ?4))";
    let of = |from: &str, is: &str| {
        format!(
            "SELECT a.id, a.channel, a.deed, o.kind, a.due_at, a.ends_at, a.waits FROM {from}
             JOIN post o ON o.id = a.post AND o.org = a.org WHERE a.org = ?1 AND {is}"
        )
    };
    let channels = |index: &str| format!("channel c CROSS JOIN act a INDEXED BY {index} ON a.channel = c.id");
    let sql = [
        of(
            &channels("act_waiting"),
            // Of a thread, only the part whose turn it is: the others cannot go before it.
            &format!("{beside} AND a.state = 'waiting' AND a.due_at <= ?5 AND a.waits IS NULL AND {ITS_TURN}"),
        ),
        of(
            &channels("act_waits"),
            &format!("{beside} AND a.waits IS NOT NULL AND a.state IN ('waiting', 'claimed') AND {ITS_TURN}"),
        ),
        of(
            "act a INDEXED BY act_lease JOIN channel c ON c.id = a.channel",
            &format!("{beside} AND a.state = 'claimed' AND a.due_at <= ?5 AND a.waits IS NULL"),
        ),
    ]
    .join(" UNION ALL ");
    let by_app: Vec<Row> = {
        let sql =
            "SELECT whose, remaining, until_at, quantity, span FROM allowance WHERE org = ?1 AND whose IN (?2, ?3)";
        db.all(sql, binds![org, account, app.clone()]).await?
    };
    let has_app = by_app.iter().any(|row| row.whose == app);
    let queued: Vec<Due> =
        db.all(&format!("{sql} LIMIT 1000"), binds![org, channel, has_app, name_of(&network), now]).await?;
    let mut own = Vec::new();
    let mut all = Vec::new();
    for due in queued {
        let waits: Option<Waits> = due.waits.as_deref().map(json).transpose()?;
        let urgency = match (due.kind.as_str(), name(&due.deed)?) {
            ("emergency", _) => Urgency::Emergency,
            (_, Deed::Delete) => Urgency::Takedown,
            _ => Urgency::Routine,
        };
        let since = waits.map_or(Moment(due.due_at as i64), |waits| waits.since);
        let one = Queued { act: id(&due.id)?, urgency, ends: Moment(due.ends_at as i64), since };
        if due.channel == channel.as_str() {
            own.push(one.clone());
        }
        all.push(one);
    }
    let queues: Vec<(Allowance, &[Queued])> = by_app
        .iter()
        .map(|row| {
            let allowance = Allowance {
                left: row.remaining as u32,
                until: Moment(row.until_at as i64),
                full: row.quantity as u32,
                span: Millis(row.span as i64),
            };
            (allowance, if row.whose == app { all.as_slice() } else { own.as_slice() })
        })
        .collect();
    Ok(turn(act, &queues, now))
}

/// A claimed act waits for its turn: soon, and the claim is kept until then (`keeps`); or later, and it is claimed again.
pub fn wait(unit: &mut Unit, org: &OrganisationId, act: &ActId, fence: u32, waits: Waits, keeps: bool) {
    let set = match keeps {
        true => {
            "lease_at = ?4 + ?6, data = json_object('state', 'claimed', 'lease', CAST(?4 + ?6 AS INTEGER), 'fence', fence)"
        }
        false => "state = 'waiting', lease_at = NULL, data = '{\"state\":\"waiting\"}'",
    };
    let mut values = binds![org, act, fence, waits.until, Bind::json(&waits)];
    values.extend(keeps.then_some(LEASE).map(Into::into));
    unit.then(
        format!(
            "UPDATE act SET due_at = ?4, waits = ?5, {set} WHERE org = ?1 AND id = ?2 AND state = 'claimed' AND fence = ?3"
        ),
        values,
    );
}

/// Keeps why an act waits, with one that was just refused and is tried again, or that is held because its turn would come
/// too late.
pub fn explain(unit: &mut Unit, org: &OrganisationId, act: &ActId, waits: Waits) {
    unit.then(
        "UPDATE act SET waits = ?3 WHERE org = ?1 AND id = ?2 AND state IN ('waiting', 'held')",
        binds![org, act, Bind::json(&waits)],
    );
}
