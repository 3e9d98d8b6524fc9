//! The calendar of a town that has published for five years, in a real browser on an old machine: how long a person waits
//! for another view, another month, a key in the search; and what a month costs the database.

use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};
use std::fs;

use super::{Ground, Row, browser, growth, load, routes, sql};
use crate::engine::{self, Engine};
use crate::place;

/// Posts of five years.
const POSTS: u32 = 10_000;
/// Of them in the month that is shown.
const SHOWN: u32 = 400;

/// Channels that somebody serves by hand, beside those of the demo town: with them there are as many as [`CHANNELS`].
const BY_HAND: [&str; 7] = ["threads", "linkedin", "x", "tumblr", "youtube", "tiktok", "nextdoor"];
/// Its noticeboard, to which every post goes, and eleven others, of which each goes to two.
const CHANNELS: usize = 12;

/// Milliseconds from the click to the paint, of the middle one of several; and rows read for what is returned.
pub fn calendar(ground: &Ground) -> Result<Vec<Row>> {
    let engine = town(ground, "bench-calendar", "'start of month'")?;
    let measured = browser::measured(ground, "calendar.cjs", engine.origin(), "Using the calendar in Chromium")?;
    let span = measured["span"].as_str().context("no `span`")?;
    let rows = routes::rows_of(engine.origin(), &format!("/api/posts?{span}"))?;
    drop(engine);
    let number = |name: &str| load::number(&measured, name);
    let (posts, publications) = (number("posts")?, number("publications")?);
    ensure!(posts >= f64::from(SHOWN), "the month has {posts} posts only");
    println!("  {rows} rows were read for {posts} posts and {publications} publications");
    let returned = posts + publications;
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
    println!("  founding a town with {CHANNELS} channels");
    let engine = start()?;
    engine.demo()?;
    let mut visitor = routes::administrator(engine.origin())?;
    for (number, on) in BY_HAND.iter().enumerate() {
        let connect = json!({
            "network": "assisted", "on": on, "channel": null, "name": format!("Medida {number}"),
            "handle": format!("@medida_villa{number}"), "address": null,
        });
        visitor.must("POST", "/api/channels", &connect)?;
    }
    let channels = visitor.must("GET", "/api/channels", &Value::Null)?;
    let many = channels.as_array().map_or(0, Vec::len);
    ensure!(many == CHANNELS, "the town has {many} channels and not {CHANNELS}");
    drop(engine);
    println!("  writing {POSTS} posts of five years");
    sql::run(&ground.tools, &data, &five_years(begins))?;
    println!("  starting its engine again");
    start()
}

/// The archive, the shown month among it: each post on three channels, with a publication and an act on each.
fn five_years(begins: &str) -> String {
    let month = format!("CAST(strftime('%s', 'now', {begins}) AS INTEGER) * 1000");
    // Within the month so many hours apart that it is filled; before it, back over five years.
    let within = 29 * 86_400_000 / i64::from(SHOWN);
    let before = 5 * 365 * 86_400_000 / i64::from(POSTS - SHOWN);
    let by = format!(
        "CASE WHEN i <= {SHOWN} THEN {month} + i * {within} ELSE {month} - (i - {SHOWN}) * {before} - 3600000 END - slot_at"
    );
    // The noticeboard is the first of them, and has the act that is copied.
    let others = CHANNELS - 1;
    let two = |post: &str| format!("c.place IN (1 + {post} % {others}, 1 + ({post} + 1) % {others})");
    let destinations = format!(
        "(SELECT json_group_array(json_array(c.id, c.network, 'es')) FROM bench_c c WHERE c.place = 0 OR {})",
        two("i")
    );
    let archive = growth::archive(POSTS, &by, &destinations);
    let of = "CAST(substr(x.post, 3) AS INTEGER)";
    let (two, id) = (two(of), |table: u32| format!("printf('0{table}%02d%022d', c.place, {of})"));
    let (publication, act) = (id(6), id(7));
    format!(
        "CREATE TABLE bench_c AS SELECT id, network, ROW_NUMBER() OVER (ORDER BY network <> 'noticeboard', id) - 1 AS place FROM channel;
{archive}INSERT INTO publication (id, org, post, channel, network, language, created_at)
  SELECT {publication}, x.org, x.post, c.id, c.network, x.language, x.created_at
  FROM publication x JOIN bench_c c ON {two} WHERE x.id GLOB '02000*';
INSERT INTO act (id, org, publication, post, channel, seq, deed, state, data, content_hash, rendition, due_at, ends_at, created_at, fence, tried)
  SELECT {act}, x.org, {publication}, x.post, c.id, x.seq, x.deed, x.state, x.data, x.content_hash, x.rendition, x.due_at, x.ends_at,
    x.created_at, x.fence, x.tried
  FROM act x JOIN bench_c c ON {two} WHERE x.id GLOB '03000*';
DROP TABLE bench_c;
"
    )
}
