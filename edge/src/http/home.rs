//! The home page, and the engine's health.

use domain::{Act, HealthState, Millis, Moment, Role, StageName, custody::needs, may, task::presses_until};
use serde::Deserialize;
use wire::{Nothing, home, posts::PostRow};

use crate::{
    answer::Refused,
    ask::{Api, Ask, mount},
    binds,
    store::{
        channels, custody, emergencies, people,
        posts::{self, Which},
        tasks,
    },
    zones,
};

/// Mounts them.
pub fn mount_all(api: Api) -> Api {
    let api = mount(api, &home::HEALTH, health);
    mount(api, &home::HOME, home)
}

/// What is due within a week is shown as coming.
const COMING: Millis = Millis::days(7);

/// A contract is prolonged in a town hall in about two weeks; one that ended by oversight is missed within two.
const WINDOW_AHEAD: Millis = Millis::days(14);
const WINDOW_BEHIND: Millis = Millis::days(14);

async fn home(ask: Ask<Nothing>) -> Result<home::Home, Refused> {
    let caller = ask.caller()?;
    let now = ask.app.now();
    let (org, member) = (caller.org(), &caller.member);
    let bench = super::posts::bench(&ask, caller).await?;
    let which = [
        Which::ToDecide(&bench),
        Which::Troubled,
        Which::ToFinish(member),
        Which::Newest(Some(StageName::Approved), None, 20),
        Which::Span { from: now, until: now.plus(COMING), after: None, most: posts::MOST },
    ];
    let mut lists = posts::lists(&ask.app.db, org, &which).await?.into_iter();
    let mut next = || super::posts::within_sight(caller, lists.next().unwrap_or_default());
    let (decide, troubled, finish, place, coming) = (next(), next(), next(), next(), next());
    let when = |act: Act, rows: Vec<PostRow>| if may(caller.role, act) { rows } else { Vec::new() };
    let mut asked = vec![
        channels::query(org),
        tasks::pressing_query(org, member, presses_until(&zones::zone(&caller.organisation.zone, now)?, now)),
        emergencies::pending_query(org),
        people::windows_query(org, now.minus(WINDOW_BEHIND), now.plus(WINDOW_AHEAD)),
        channels::outlooks_query(org, now, now.plus(COMING)),
    ];
    let names = may(caller.role, Act::NameCustodians);
    asked.extend(names.then(|| custody::queries(org)).into_iter().flatten());
    let answers = ask.app.db.many(asked).await?;
    let [channels, tasks, urgent, windows, outlooks, kept @ ..] = answers.as_slice() else {
        return Err(domain::Refusal::Unavailable.into());
    };
    let custody = if names { needs(&custody::read(kept, now)?.all) } else { Vec::new() };
    let (channels, tasks) = (channels::read(channels)?, tasks::pressing(tasks)?);
    let administers = caller.role == Role::Administrator;
    let urgent = match may(caller.role, Act::Emergency) {
        true => emergencies::pending(urgent, member, administers, &bench.people, now)?,
        false => Vec::new(),
    };
    let windows = if may(caller.role, Act::ManagePeople) { people::windows(windows)? } else { Vec::new() };
    let mut recoveries = Vec::new();
    if may(caller.role, Act::ManagePeople) {
        recoveries = super::session::running_recoveries(&ask.app.db, org).await?;
        recoveries.retain(|recovery| recovery.member != *member && !recovery.confirmed);
    }
    let ailing = |channel: &domain::Channel| {
        let soon = channel.health.expires.is_some_and(|end| end < now.plus(COMING));
        let state = channel.health.state;
        (soon || state != HealthState::Working) && state != HealthState::Disconnected
    };
    Ok(home::Home {
        to_decide: when(Act::Decide, decide),
        troubled: when(Act::Publish, troubled),
        to_finish: when(Act::Contribute, finish),
        to_place: when(Act::Publish, place),
        tasks,
        // With what is planned and waits for a decision: there is still time to take it.
        coming: coming.into_iter().filter(|row| matches!(row.stage, StageName::Placed | StageName::InReview)).collect(),
        silent: if may(caller.role, Act::Publish) {
            let silent = |channel: &&domain::Channel| !ailing(channel) && channel.silence(now).is_some();
            channels.iter().filter(silent).cloned().collect()
        } else {
            Vec::new()
        },
        channels: channels.into_iter().filter(ailing).collect(),
        outlooks: channels::outlooks(outlooks)?,
        custody,
        recoveries,
        emergencies: urgent,
        windows,
    })
}

async fn health(ask: Ask<Nothing>) -> Result<home::Vitals, Refused> {
    #[derive(Deserialize)]
    struct Row {
        set_up: u8,
        cron_at: Option<f64>,
        wake_at: Option<f64>,
        overdue: u8,
    }
    let now = ask.app.now();
    let sql = "SELECT EXISTS (SELECT 1 FROM organisation) AS set_up, cron_at, wake_at,
      EXISTS (SELECT 1 FROM act WHERE state = 'waiting' AND due_at < ?1 AND deed <> 'comment' AND (deed <> 'create' OR part = 1)) AS overdue FROM heartbeat WHERE id = 1";
    let late = now.minus(domain::Millis::minutes(2));
    let row: Option<Row> = ask.app.db.first(sql, binds![late]).await?;
    let row = row.ok_or(domain::Refusal::Unavailable)?;
    let moment = |at: Option<f64>| at.map(|at| Moment(at as i64));
    Ok(home::Vitals {
        set_up: row.set_up == 1,
        cron: moment(row.cron_at),
        wake: moment(row.wake_at),
        overdue: row.overdue == 1,
        now,
        version: env!("CARGO_PKG_VERSION").to_owned(),
    })
}
