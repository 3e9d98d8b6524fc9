//! Posts as they stand in a list, whichever: the calendar's view, what was found, what waits.

use domain::{
    Moment,
    json::value,
    listing::{Column, Datum, Event, Row},
};
use wire::posts::PostRow;
use words::{kind_name, network_name, stage_name};

use super::{
    Known,
    known::{column, hidden},
};
use crate::{platform::page, routes, state::lang};

/// The columns.
pub fn columns() -> Vec<Column> {
    let lang = lang();
    vec![
        hidden("id"),
        column("day", lang.sharing_column_day()),
        column("hour", lang.sharing_column_hour()),
        column("heading", lang.sharing_column_heading()),
        column("stage", lang.sharing_column_state()),
        column("networks", lang.sharing_column_networks()),
        column("channels", lang.sharing_column_channels()),
        column("campaign", lang.sharing_column_campaign()),
        column("address", lang.sharing_column_address()),
        column("kind", lang.leaving_column_kind()),
        column("pillar", lang.leaving_is_pillar()),
        column("audience", lang.leaving_is_audience()),
        column("changed", lang.leaving_column_changed()),
        hidden("at"),
        hidden("version"),
    ]
}

/// What it is called.
pub fn heading(row: &PostRow) -> &str {
    if row.heading.is_empty() { lang().post_untitled() } else { &row.heading }
}

/// Where the desk shows it.
pub fn address(row: &PostRow) -> String {
    [page::origin(), routes::post(&row.id)].concat()
}

/// The networks, each once.
fn networks(row: &PostRow) -> Datum {
    let mut all = Vec::new();
    for going in &row.going {
        let one = (value(&going.network), network_name(lang(), going.network).to_owned());
        if !all.contains(&one) {
            all.push(one);
        }
    }
    Datum::Codes(all)
}

/// Where it stands in a calendar, if it has an hour.
pub fn event(row: &PostRow) -> Option<Event> {
    Some(Event::Post {
        id: row.id.to_string(),
        version: row.version,
        changed: row.changed,
        at: row.slot?,
        stage: row.stage,
        heading: heading(row).to_owned(),
        beside: [stage_name(lang(), row.stage), "\n", &networks(row).cell().text()].concat(),
        address: address(row),
    })
}

/// A line.
pub fn row(known: &Known, row: &PostRow) -> Row {
    let lang = lang();
    let [day, hour] = known.apart(row.slot);
    let data = vec![
        Datum::text(row.id.as_str()),
        day,
        hour,
        // Of what has no title a program reads none.
        Datum::Code(row.heading.as_str().into(), heading(row).to_owned()),
        Datum::code(&row.stage, stage_name(lang, row.stage)),
        networks(row),
        known.channels(row.going.iter().map(|going| &going.channel)),
        known.campaign(row.campaign.as_ref()),
        Datum::Text(address(row)),
        Datum::code(&row.kind, kind_name(lang, row.kind)),
        known.pillar(row.pillar.as_ref()),
        known.audience(row.audience.as_ref()),
        known.when(Some(row.changed)),
        Datum::Code(value(&row.slot.map(Moment::to_rfc3339)), String::new()),
        Datum::Number(row.version),
    ];
    Row { data, event: event(row) }
}
