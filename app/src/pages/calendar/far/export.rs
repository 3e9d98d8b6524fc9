//! What the view shows, as a file: for a spreadsheet, for a calendar program, for another program. Separate from the
//! dialog that offers it: made of what is drawn, and of nothing else.

use domain::{
    Campaign, Channel, Moment,
    ics::{Noted, Planned, Sheet},
    slot,
    workbook::Cell,
};
use leptos::prelude::*;
use serde_json::{Value, json};
use wire::posts::PostRow;
use words::{Lang, campaign_name, mark_kind_name, network_name, stage_name};

use super::super::Board;
use crate::{
    pages::handing::{self, hand_out},
    parts::arrange,
    platform::{hand, page},
    routes,
    state::{lang, session},
};

/// A form of file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// For a spreadsheet, as text.
    Csv,
    /// For a spreadsheet, as a workbook.
    Xlsx,
    /// For a calendar program.
    Ics,
    /// For another program.
    Json,
}

/// Names that a row does not carry.
#[derive(Debug, Clone, Default)]
pub struct Names {
    /// The channels.
    pub channels: Vec<Channel>,
    /// The campaigns.
    pub campaigns: Vec<Campaign>,
}

/// Offers what is shown as a file.
///
/// # Errors
/// In the reader's language, why there is none.
pub async fn export(board: Board, format: Format, names: &Names) -> Result<(), &'static str> {
    let (lang, rows) = (lang(), drawn(board));
    let name = ["pregon-", &board.window.get_untracked().name()].concat();
    let (end, text) = match format {
        Format::Csv | Format::Xlsx => {
            let form = if format == Format::Csv { handing::Form::Text } else { handing::Form::Workbook };
            let lines = table(board, &rows, names);
            return hand_out(&name, lang.calendar_title(), lines.into_iter(), form).await;
        }
        Format::Ics => (".ics", as_ics(board, &rows)),
        Format::Json => (".json", as_json(board, &rows)),
    };
    if hand::download(&[&name, end].concat(), &text) { Ok(()) } else { Err(lang.sharing_file_failed()) }
}

/// The posts that are drawn, in order.
pub fn drawn(board: Board) -> Vec<PostRow> {
    board.shown.with_untracked(|shown| {
        let of = board
            .zone
            .with_value(|zone| board.window.get_untracked().by_day(zone, shown.rows.iter().map(|row| row.slot)));
        of.iter().flat_map(|(_, of)| of).filter_map(|place| shown.rows.get(*place)).cloned().collect()
    })
}

fn civil(board: Board, at: Option<Moment>) -> String {
    at.map(|at| board.zone.with_value(|zone| slot::civil_text(zone.civil(at)))).unwrap_or_default()
}

fn heading(lang: Lang, row: &PostRow) -> &str {
    if row.heading.is_empty() { lang.post_untitled() } else { &row.heading }
}

fn address(row: &PostRow) -> String {
    [page::origin(), routes::post(&row.id)].concat()
}

/// Each of these once, with commas between.
fn listed<'a>(all: impl Iterator<Item = &'a str>) -> String {
    let mut all: Vec<&str> = all.collect();
    arrange(&mut all, |name| *name);
    all.dedup();
    all.join(", ")
}

fn networks(lang: Lang, row: &PostRow) -> String {
    listed(row.going.iter().map(|going| network_name(lang, going.network)))
}

/// For a spreadsheet: a line for each, below the names of the columns.
fn table(board: Board, rows: &[PostRow], names: &Names) -> Vec<Vec<Cell>> {
    let lang = lang();
    let head = [
        lang.sharing_column_day(),
        lang.sharing_column_hour(),
        lang.sharing_column_heading(),
        lang.sharing_column_state(),
        lang.sharing_column_networks(),
        lang.sharing_column_channels(),
        lang.sharing_column_campaign(),
        lang.sharing_column_address(),
    ];
    let line = |row: &PostRow| {
        let when = row.slot.map(|at| board.zone.with_value(|zone| zone.civil(at)));
        let none = || Cell::from("");
        let channels = row.going.iter().filter_map(|going| {
            names.channels.iter().find(|channel| channel.id == going.channel).map(|channel| channel.name.as_str())
        });
        let campaign = names.campaigns.iter().find(|one| row.campaign.as_ref() == Some(&one.id));
        vec![
            when.map_or_else(none, |when| Cell::Day(when.date())),
            when.map_or_else(none, |when| Cell::Hour(when.time())),
            heading(lang, row).into(),
            stage_name(lang, row.stage).into(),
            networks(lang, row).into(),
            listed(channels).into(),
            campaign.map(|one| campaign_name(lang, one)).unwrap_or_default().into(),
            address(row).into(),
        ]
    };
    std::iter::once(head.map(Cell::from).to_vec()).chain(rows.iter().map(line)).collect()
}

fn as_ics(board: Board, rows: &[PostRow]) -> String {
    let lang = lang();
    let mut sheet = Sheet::new("View", lang.calendar_title());
    for row in rows {
        let Some(at) = row.slot else { continue };
        sheet.post(&Planned {
            id: row.id.as_str(),
            version: row.version,
            changed: row.changed,
            at,
            stage: row.stage,
            heading: heading(lang, row),
            beside: &[stage_name(lang, row.stage), "\n", &networks(lang, row)].concat(),
            address: Some(&address(row)),
        });
    }
    let window = board.window.get_untracked();
    let (mut days, begins) = (window.days(), window.first());
    let first = days.next().unwrap_or(begins);
    let last = days.last().unwrap_or(first);
    let organisation = session().me.with_untracked(|me| me.as_ref().map(|me| me.organisation.id.to_string()));
    let organisation = organisation.unwrap_or_default();
    board.marks.with_untracked(|marks| {
        for mark in marks.marks.iter().filter(|mark| mark.first <= last && mark.last >= first) {
            let text = [mark_kind_name(lang, mark.kind), ": ", &mark.text].concat();
            let uid = ["mark-", mark.id.as_str()].concat();
            sheet.days(&Noted { uid: &uid, changed: Moment(0), first: mark.first, last: mark.last, text: &text });
        }
        for day in marks.holidays.range(first..=last) {
            let uid = ["holiday-", &day.to_string(), "-", &organisation].concat();
            let text = lang.calendar_holiday();
            sheet.days(&Noted { uid: &uid, changed: Moment(0), first: *day, last: *day, text });
        }
    });
    sheet.end()
}

fn as_json(board: Board, rows: &[PostRow]) -> String {
    let post = |row: &PostRow| {
        let going = row.going.iter().map(|going| {
            json!({ "network": going.network, "channel": going.channel, "language": going.language, "state": going.state })
        });
        json!({
            "id": row.id,
            "version": row.version,
            "heading": row.heading,
            "kind": row.kind,
            "stage": row.stage,
            "at": row.slot.map(Moment::to_rfc3339),
            "civil": civil(board, row.slot),
            "campaign": row.campaign,
            "pillar": row.pillar,
            "audience": row.audience,
            "message": row.message,
            "going": going.collect::<Vec<Value>>(),
            "address": address(row),
        })
    };
    let window = board.window.get_untracked();
    let file = json!({
        "format": "pregon/calendar/1",
        "view": window.view.name(),
        "window": window.name(),
        "zone": board.zone.with_value(|zone| zone.name.clone()),
        "posts": rows.iter().map(post).collect::<Vec<Value>>(),
        "marks": board.marks.with_untracked(|marks| json!(marks)),
    });
    file.to_string() + "\n"
}
