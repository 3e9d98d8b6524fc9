//! The plan, campaigns, channels and people, line by line.

use domain::{
    Access, Audience, Campaign, Channel, HealthState, Millis, Pillar, Promise,
    listing::{Column, Datum, Event, Row},
    promise::{Coverage, Progress, month_of},
    window::{View, Window},
};
use wire::{
    people::MemberRow,
    plan::{Plan, Stand},
};
use words::{health, network_name, role_name};

use super::{
    Known,
    known::{column, flag, hidden, languages, on},
};
use crate::state::lang;

/// The columns of how a week and its month stand.
pub fn progress_columns() -> Vec<Column> {
    let lang = lang();
    vec![
        column("kind", lang.leaving_column_kind()),
        column("window", lang.leaving_column_window()),
        column("first", lang.leaving_column_first()),
        column("last", lang.leaving_column_last()),
        column("channel", lang.promise_channel()),
        column("pillar", lang.leaving_is_pillar()),
        column("audience", lang.leaving_is_audience()),
        column("promised", lang.leaving_column_promised()),
        column("out", lang.leaving_column_out()),
        column("placed", lang.leaving_column_placed()),
        column("wished", lang.leaving_column_wished()),
        column("missing", lang.leaving_column_missing()),
        column("posts", lang.leaving_column_posts()),
        hidden("promise"),
    ]
}

/// How the week and the month stand: a line for each promise, and one for each pillar and audience that is spoken of or to.
pub fn progress(known: &Known, week: Window, plan: &Plan) -> Vec<Row> {
    let of = |window: Window, stand: &Stand| {
        let mut rows: Vec<Row> = Vec::new();
        for one in &stand.promises {
            if let Some(promise) = plan.promises.iter().find(|promise| promise.id == one.promise) {
                rows.push(kept(known, window, promise, one));
            }
        }
        rows.extend(spoken_of(known, window, &stand.covers));
        rows
    };
    let mut rows = of(week, &plan.week);
    rows.extend(of(month_of(week), &plan.month));
    rows
}

/// What begins each of these lines.
fn beginning(window: Window, (kind, said): (&str, &str)) -> Vec<Datum> {
    let name = window.name();
    vec![
        Datum::Code(kind.into(), said.to_owned()),
        Datum::Text(name),
        Datum::Day(window.first()),
        Datum::Day(window.last()),
    ]
}

fn kept(known: &Known, window: Window, promise: &Promise, progress: &Progress) -> Row {
    let number = |count: u32| Datum::Number(count.into());
    let mut data = beginning(window, ("promise", lang().leaving_is_promise()));
    data.extend([
        known.channel(&promise.channel),
        known.pillar(promise.pillar.as_ref()),
        known.audience(promise.audience.as_ref()),
        // Where it begins or ends within, it is not measured.
        progress.promised.map_or(Datum::Nothing, number),
        number(progress.out),
        number(progress.placed),
        number(progress.wished),
        progress.promised.map_or(Datum::Nothing, |_| number(progress.missing())),
        number(progress.all()),
        Datum::text(promise.id.as_str()),
    ]);
    data.into()
}

fn spoken_of(known: &Known, window: Window, covers: &Coverage) -> Vec<Row> {
    let lang = lang();
    let row = |what: (&str, &str), pillar: Datum, audience: Datum, count: u32| -> Row {
        let mut data = beginning(window, what);
        data.extend([Datum::Nothing, pillar, audience]);
        data.extend(std::iter::repeat_n(Datum::Nothing, 5));
        data.extend([Datum::Number(count.into()), Datum::Nothing]);
        data.into()
    };
    let (pillar, audience) = (("pillar", lang.leaving_is_pillar()), ("audience", lang.leaving_is_audience()));
    let pillars = covers.pillars.iter().map(|(id, count)| (known.pillar(Some(id)), *count));
    let none = (covers.no_pillar > 0)
        .then(|| (Datum::Code(None::<&str>.into(), lang.promise_no_pillar().to_owned()), covers.no_pillar));
    let mut rows: Vec<Row> = pillars.chain(none).map(|(of, count)| row(pillar, of, Datum::Nothing, count)).collect();
    let audiences = covers.audiences.iter().map(|(id, count)| (known.audience(Some(id)), *count));
    let none = (covers.no_audience > 0)
        .then(|| (Datum::Code(None::<&str>.into(), lang.promise_no_audience().to_owned()), covers.no_audience));
    rows.extend(audiences.chain(none).map(|(of, count)| row(audience, Datum::Nothing, of, count)));
    rows
}

/// The columns of what is promised.
pub fn promise_columns() -> Vec<Column> {
    let lang = lang();
    vec![
        hidden("id"),
        column("channel", lang.promise_channel()),
        column("count", lang.promise_count()),
        column("per", lang.promise_per()),
        column("pillar", lang.leaving_is_pillar()),
        column("audience", lang.leaving_is_audience()),
        column("first", lang.leaving_column_first()),
        column("last", lang.leaving_column_last()),
        hidden("version"),
    ]
}

/// A promise.
pub fn promise(known: &Known, promise: &Promise) -> Row {
    let lang = lang();
    let per = match promise.per {
        domain::promise::Per::Week => lang.promise_per_week(),
        domain::promise::Per::Month => lang.promise_per_month(),
    };
    vec![
        Datum::text(promise.id.as_str()),
        known.channel(&promise.channel),
        Datum::Number(promise.count.into()),
        Datum::code(&promise.per, per),
        known.pillar(promise.pillar.as_ref()),
        known.audience(promise.audience.as_ref()),
        Datum::Day(promise.first),
        on(promise.last),
        Datum::Number(promise.version),
    ]
    .into()
}

/// The columns of audiences.
pub fn audience_columns() -> Vec<Column> {
    let lang = lang();
    vec![
        hidden("id"),
        column("name", lang.leaving_column_name()),
        column("who", lang.audience_who()),
        column("found", lang.audience_found()),
        column("languages", lang.audience_languages()),
        column("needs", lang.audience_needs()),
        column("archived", lang.leaving_column_archived()),
        hidden("version"),
    ]
}

/// An audience.
pub fn audience(audience: &Audience) -> Row {
    vec![
        Datum::text(audience.id.as_str()),
        Datum::text(&audience.name),
        Datum::text(&audience.who),
        Datum::text(&audience.found),
        languages(&audience.languages),
        Datum::text(&audience.needs),
        flag(audience.archived),
        Datum::Number(audience.version),
    ]
    .into()
}

/// The columns of campaigns.
pub fn campaign_columns() -> Vec<Column> {
    let lang = lang();
    vec![
        hidden("id"),
        column("name", lang.leaving_column_name()),
        column("first", lang.leaving_column_first()),
        column("last", lang.leaving_column_last()),
        column("goal", lang.campaign_goal()),
        column("basis", lang.campaign_basis()),
        column("budget", lang.leaving_column_budget()),
        column("archived", lang.leaving_column_archived()),
        hidden("version"),
    ]
}

/// A campaign.
pub fn campaign(campaign: &Campaign) -> Row {
    let data = vec![
        Datum::text(campaign.id.as_str()),
        Datum::text(&campaign.name),
        on(campaign.first),
        on(campaign.last),
        Datum::text(&campaign.goal),
        Datum::text(&campaign.basis),
        campaign.budget.map_or(Datum::Nothing, |euros| Datum::Number(euros.into())),
        flag(campaign.archived),
        Datum::Number(campaign.version),
    ];
    // Of one whose days are half settled, the day that is.
    let days = campaign.first.or(campaign.last).zip(campaign.last.or(campaign.first));
    let event = days.map(|(first, last)| Event::Days {
        uid: ["campaign-", campaign.id.as_str()].concat(),
        first,
        last,
        text: lang().leaving_days_campaign(&campaign.name),
    });
    Row { data, event }
}

/// The columns of pillars.
pub fn pillar_columns() -> Vec<Column> {
    let lang = lang();
    vec![
        hidden("id"),
        column("name", lang.leaving_column_name()),
        column("archived", lang.leaving_column_archived()),
        hidden("version"),
    ]
}

/// A pillar.
pub fn pillar(pillar: &Pillar) -> Row {
    vec![
        Datum::text(pillar.id.as_str()),
        Datum::text(&pillar.name),
        flag(pillar.archived),
        Datum::Number(pillar.version),
    ]
    .into()
}

/// The columns of channels.
pub fn channel_columns() -> Vec<Column> {
    let lang = lang();
    vec![
        hidden("id"),
        column("name", lang.channels_name()),
        column("network", lang.channels_network()),
        column("handle", lang.channels_handle()),
        column("address", lang.channels_address()),
        column("languages", lang.channels_languages()),
        column("way", lang.leaving_column_way()),
        column("health", lang.sharing_column_state()),
        column("last_success", lang.channels_last_success()),
        column("expires", lang.channels_expires()),
        column("last_post", lang.leaving_column_spoke()),
    ]
}

/// A channel, and how it is. What the network said to us is for who looks after it, and stands on its card.
pub fn channel(known: &Known, channel: &Channel) -> Row {
    let lang = lang();
    let (way, said) = if channel.assisted {
        ("by_hand", lang.channels_by_hand())
    } else {
        ("automatic", lang.leaving_is_automatic())
    };
    let state: HealthState = channel.health.state;
    vec![
        Datum::text(channel.id.as_str()),
        Datum::text(&channel.name),
        Datum::code(&channel.network, network_name(lang, channel.network)),
        Datum::text(&channel.handle),
        Datum::text(channel.address.as_deref().unwrap_or_default()),
        languages(&channel.languages),
        Datum::Code(way.into(), said.to_owned()),
        Datum::code(&state, health(lang, state).what),
        known.when(channel.health.last_success),
        known.when(channel.health.expires),
        known.when(channel.voice.published),
    ]
    .into()
}

/// The columns of people.
pub fn person_columns() -> Vec<Column> {
    let lang = lang();
    vec![
        hidden("id"),
        column("name", lang.leaving_column_name()),
        column("role", lang.people_role()),
        column("channels", lang.people_contract_channels()),
        column("first", lang.people_contract_from()),
        column("last", lang.people_contract_until()),
    ]
}

/// Somebody: as what they act, and until when. Neither how they are reached nor how they come in.
pub fn person(known: &Known, row: &MemberRow) -> Row {
    let (channels, first, last) = match &row.access {
        Access::Everywhere => (Datum::Nothing, None, None),
        // What ends at a midnight is written as the day before it.
        Access::Limited { channels, from, until } => {
            (known.channels(channels.iter()), known.day(*from), known.day(until.minus(Millis(1))))
        }
    };
    vec![
        Datum::text(row.id.as_str()),
        Datum::text(&row.name),
        Datum::code(&row.role, role_name(lang(), row.role)),
        channels,
        on(first),
        on(last),
    ]
    .into()
}

/// The week of a day.
pub fn week_of(day: chrono::NaiveDate) -> Window {
    Window::around(View::Week, day)
}
