//! What the view shows, as a file: for a spreadsheet, for a calendar program, for another program. Separate from the
//! dialog that offers it: made of what is drawn, and of nothing else.

use domain::{
    Moment,
    ics::{Noted, Sheet},
    listing, slot,
    workbook::Cell,
};
use leptos::prelude::*;
use serde_json::{Value, json};
use wire::posts::PostRow;
use words::mark_kind_name;

use super::super::Board;
use crate::{
    pages::{
        handing::{self, hand_out},
        leaving::{Format, Known, posts},
    },
    platform::hand,
    state::{lang, session},
};

/// Offers what is shown as a file.
///
/// # Errors
/// In the reader's language, why there is none.
pub async fn export(board: Board, format: Format, known: &Known) -> Result<(), &'static str> {
    let (lang, rows) = (lang(), drawn(board));
    let name = ["pregon-", &board.window.get_untracked().name()].concat();
    let text = match format {
        Format::Csv | Format::Xlsx => {
            let form = if format == Format::Csv { handing::Form::Text } else { handing::Form::Workbook };
            return hand_out(&name, lang.calendar_title(), table(&rows, known).into_iter(), form).await;
        }
        Format::Ics => as_ics(board, &rows),
        Format::Json => as_json(board, &rows),
    };
    if hand::download(&[&name, format.end()].concat(), &text) { Ok(()) } else { Err(lang.sharing_file_failed()) }
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

/// For a spreadsheet: a line for each, below the names of the columns. As of any list of posts.
fn table(rows: &[PostRow], known: &Known) -> Vec<Vec<Cell>> {
    let columns = posts::columns();
    let line = |row: &PostRow| listing::line(&columns, &posts::row(known, row));
    std::iter::once(listing::head(&columns)).chain(rows.iter().map(line)).collect()
}

fn as_ics(board: Board, rows: &[PostRow]) -> String {
    let lang = lang();
    let mut sheet = Sheet::new("View", lang.calendar_title());
    for event in rows.iter().filter_map(posts::event) {
        listing::enter(&mut sheet, &event);
    }
    let window = board.window.get_untracked();
    let (mut days, begins) = (window.days(), window.first());
    let first = days.next().unwrap_or(begins);
    let last = days.last().unwrap_or(first);
    let organisation = session().me.with_untracked(|me| me.as_ref().map(|me| me.organisation.id.to_string()));
    let organisation = organisation.unwrap_or_default();
    board.seen.with_untracked(|marks| {
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
            "address": posts::address(row),
        })
    };
    let window = board.window.get_untracked();
    let file = json!({
        "format": "pregon/calendar/1",
        "view": window.view.name(),
        "window": window.name(),
        "zone": board.zone.with_value(|zone| zone.name.clone()),
        "posts": rows.iter().map(post).collect::<Vec<Value>>(),
        "marks": board.seen.with_untracked(|marks| json!(marks)),
    });
    file.to_string() + "\n"
}
