//! The calendar of a town that has published for five years, in a real browser on an old machine: how long a person waits
//! for another view, another month, a key in the search; and what a month costs the database.

use anyhow::{Context, Result};
use std::fs;

use super::{Ground, Row, browser, growth, load, routes, sql};
use crate::engine::{self, Engine};
use crate::place;

/// Posts of five years.
const POSTS: u32 = 10_000;
/// Of them in the month that is shown.
const SHOWN: u32 = 400;

/// Milliseconds from the click to the paint, of the middle one of several; and rows read for what is returned.
pub fn calendar(ground: &Ground) -> Result<Vec<Row>> {
    let engine = town(ground, "bench-calendar", "'start of month'")?;
    let measured = browser::measured(ground, "calendar.cjs", engine.origin(), "Using the calendar in Chromium")?;
    let span = measured["span"].as_str().context("no `span`")?;
    let rows = routes::rows_of(engine.origin(), &format!("/api/posts?{span}"))?;
    drop(engine);
    let number = |name: &str| load::number(&measured, name);
    let returned = number("posts")? + number("publications")?;
    Ok(vec![
        Row::new(format!("month of {SHOWN} posts: from the click to the paint"), number("month")?, "ms", 150.0),
        Row::new("the same, week", number("week")?, "ms", 150.0),
        Row::new("the same, list", number("list")?, "ms", 150.0),
        Row::new("to the next month, with its posts at hand", number("next")?, "ms", 100.0),
        Row::new("a key in the search, longest task", number("key")?, "ms", 200.0),
        Row::new("rows read for each post and publication of a month", f64::from(rows) / returned, "", 3.0),
    ])
}

/// The demo town with five years of posts, on a running engine; the shown month begins at a moment (what SQLite makes of `now`).
pub fn town(ground: &Ground, name: &str, begins: &str) -> Result<Engine> {
    let data = place::built().join(name);
    if data.exists() {
        fs::remove_dir_all(&data)?;
    }
    let start =
        || -> Result<Engine> { Engine::start(&ground.tools, &engine::Options::rehearsal(ground.kind, data.clone())?) };
    let engine = start()?;
    engine.demo()?;
    drop(engine);
    sql::run(&ground.tools, &data, &five_years(begins))?;
    start()
}

/// The archive, the shown month among it, each post on three of twelve networks.
fn five_years(begins: &str) -> String {
    let month = format!("CAST(strftime('%s', 'now', {begins}) AS INTEGER) * 1000");
    // Within the month so many hours apart that it is filled; before it, back over five years.
    let within = 29 * 86_400_000 / i64::from(SHOWN);
    let before = 5 * 365 * 86_400_000 / i64::from(POSTS - SHOWN);
    let by = format!(
        "CASE WHEN i <= {SHOWN} THEN {month} + i * {within} ELSE {month} - (i - {SHOWN}) * {before} - 3600000 END - slot_at"
    );
    let three = |names: [&str; 3]| {
        let goes = names.map(|name| format!("json_array(json_extract(destinations, '$[0][0]'), '{name}', 'es')"));
        format!("json_array({})", goes.join(", "))
    };
    let destinations = format!(
        "CASE i % 4 WHEN 0 THEN {} WHEN 1 THEN {} WHEN 2 THEN {} ELSE {} END",
        three(["noticeboard", "facebook", "x"]),
        three(["bluesky", "mastodon", "telegram"]),
        three(["instagram", "threads", "linkedin"]),
        three(["tumblr", "website", "whatsapp"]),
    );
    growth::archive(POSTS, &by, &destinations)
}
