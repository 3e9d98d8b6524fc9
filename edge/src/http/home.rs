//! The home page, and the engine's health.

use std::ops::Range;

use chrono::Days;
use domain::{
    Access, Act, Channel, HealthState, Millis, Moment, Network, Role, StageName,
    beginning::Begun,
    custody::needs,
    hours, may,
    promise::progress,
    task::presses_until,
    window::{View, Window},
};
use serde::Deserialize;
use wire::{
    Nothing,
    home::{self, EndingKind},
    posts::PostRow,
};

use crate::{
    answer::Refused,
    ask::{Api, Ask, mount},
    binds,
    caller::Caller,
    store::{
        Answer, Bind,
        beginning::{self, Beginning},
        channels, custody, emergencies, ending, people, plan,
        posts::{self, Bench, Which},
        proposals, tasks,
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

/// A consent is renewed, a licence paid and a text looked through in about two weeks.
const ENDING_AHEAD: Days = Days::new(14);

/// What of that kind ends is told to who keeps it.
fn keeps(caller: &Caller) -> Vec<EndingKind> {
    let kept = |kind: &EndingKind| match kind {
        EndingKind::Consent | EndingKind::Licence => may(caller.role, Act::KeepConsents),
        EndingKind::Template => may(caller.role, Act::ManageOrganisation),
        EndingKind::Reply => may(caller.role, Act::Write) && caller.access == Access::Everywhere,
    };
    let kinds = [EndingKind::Consent, EndingKind::Licence, EndingKind::Template, EndingKind::Reply];
    kinds.into_iter().filter(kept).collect()
}

/// The first steps of whoever can take them to the end; nothing once they are taken.
fn first(caller: &Caller, channels: &[Channel], bench: &Bench, beginning: &Beginning) -> Option<home::First> {
    let people = bench.people.colleagues.iter().map(|colleague| colleague.role);
    let roles: Vec<Role> = people.chain(beginning.invited.iter().copied()).collect();
    let begun = Begun { written: beginning.written, channels, roles: &roles, bylaws: &bench.bylaws };
    let steps = begun.steps(caller.role);
    let noticeboard = channels.iter().find(|channel| channel.network == Network::Noticeboard)?.id.clone();
    (!steps.is_empty()).then_some(home::First { noticeboard, steps })
}

/// What is asked for besides, in the same trip, and where its answers stand.
#[derive(Default)]
struct Besides {
    queries: Vec<(String, Vec<Bind>)>,
}

impl Besides {
    fn ask(&mut self, wanted: bool, queries: impl FnOnce() -> Vec<(String, Vec<Bind>)>) -> Range<usize> {
        let from = self.queries.len();
        if wanted {
            self.queries.extend(queries());
        }
        from..self.queries.len()
    }
}

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
        Which::Span { from: now, until: now.plus(COMING), after: None, most: posts::MOST, compared: false },
    ];
    let mut lists = posts::lists(&ask.app.db, org, &which).await?.into_iter();
    let mut next = || super::posts::within_sight(caller, lists.next().unwrap_or_default());
    let (decide, troubled, finish, place, coming) = (next(), next(), next(), next(), next());
    let when = |act: Act, rows: Vec<PostRow>| if may(caller.role, act) { rows } else { Vec::new() };
    let zone = zones::zone(&caller.organisation.zone, now)?;
    let mut asked = vec![
        channels::query(org),
        tasks::pressing_query(org, member, presses_until(&zone, now)),
        emergencies::pending_query(org),
        people::windows_query(org, now.minus(WINDOW_BEHIND), now.plus(WINDOW_AHEAD)),
        channels::outlooks_query(org, now, now.plus(COMING)),
    ];
    let today = zone.civil(now).date();
    let (week, last) = (Window::around(View::Week, today), (today + ENDING_AHEAD).to_string());
    let (from, until) = (hours::midnight(week.first(), &zone), hours::midnight(week.last() + Days::new(1), &zone));
    let mut besides = Besides::default();
    let kept = besides.ask(may(caller.role, Act::NameCustodians), || custody::queries(org).into());
    let promised = besides.ask(may(caller.role, Act::Write), || plan::missing_queries(org, from, until).into());
    let proposed = besides.ask(may(caller.role, Act::Share), || vec![proposals::count_query(org)]);
    let ends = ending::query(org, &keeps(caller), &today.to_string(), &last);
    let ends = besides.ask(ends.is_some(), || ends.into_iter().collect());
    let untold =
        besides.ask(caller.role == Role::Translator, || vec![posts::untold_query(org, &caller.organisation.languages)]);
    let begun = besides.ask(may(caller.role, Act::Publish), || vec![beginning::query(org, now)]);
    asked.extend(besides.queries);
    let answers = ask.app.db.many(asked).await?;
    let [channels, tasks, urgent, windows, outlooks, besides @ ..] = answers.as_slice() else {
        return Err(domain::Refusal::Unavailable.into());
    };
    let of = |range: Range<usize>| besides.get(range).filter(|answers| !answers.is_empty());
    let one = |range: Range<usize>| of(range).and_then(<[Answer]>::first);
    let custody = of(kept).map(|kept| custody::read(kept, now)).transpose()?;
    let missing: u32 = match of(promised) {
        Some(answers) => {
            let (mut promises, sayings, _) = plan::read_stand(answers)?;
            promises.retain(|promise| caller.access.reaches(&promise.channel));
            progress(&promises, &sayings, week, &zone).iter().map(domain::promise::Progress::missing).sum()
        }
        None => 0,
    };
    let mut to_translate = one(untold).map(posts::untold).transpose()?.unwrap_or_default();
    to_translate.retain(|one| caller.sees(one.row.going.iter().map(|going| &going.channel)));
    let (channels, tasks) = (channels::read(channels)?, tasks::pressing(tasks)?);
    let beginning = one(begun).map(beginning::read).transpose()?;
    let first = beginning.and_then(|beginning| first(caller, &channels, &bench, &beginning));
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
    let ailing = |channel: &Channel| {
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
            let silent = |channel: &&Channel| !ailing(channel) && channel.silence(now).is_some();
            channels.iter().filter(silent).cloned().collect()
        } else {
            Vec::new()
        },
        channels: channels.into_iter().filter(ailing).collect(),
        outlooks: channels::outlooks(outlooks)?,
        custody: custody.map(|kept| needs(&kept.all)).unwrap_or_default(),
        recoveries,
        emergencies: urgent,
        windows,
        to_translate,
        proposals: one(proposed).map(proposals::counted).transpose()?.unwrap_or_default(),
        ending: one(ends).map(ending::read).transpose()?.unwrap_or_default(),
        missing,
        first,
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
