//! The clock at work: how late publications are when nothing else happens, and how long a thousand at once take.

use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};
use std::fs;
use std::thread;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use super::{Ground, Row, sql};
use crate::engine::{self, Engine};
use crate::http::Visitor;
use crate::place;

/// Publications with a second of their own.
const ALONE: u32 = 60;

/// Publications that are due in one moment.
const TOGETHER: u32 = 1_000;

/// After the last of the first kind, so that the one does not disturb the other.
const BETWEEN: i64 = 20_000;

/// The post that all others are copies of.
const POST: &str = "00000000000000000000000001";

/// Lateness on an idle engine, and the thousand.
pub fn clock(ground: &Ground) -> Result<Vec<Row>> {
    let data = place::built().join("bench-clock");
    if data.exists() {
        fs::remove_dir_all(&data)?;
    }
    let start = |cron| -> Result<Engine> {
        let options = engine::Options::rehearsal(ground.kind, data.clone())?;
        Engine::start(&ground.tools, &engine::Options { cron, ..options })
    };
    let engine = start(false)?;
    place_one(engine.origin())?;
    drop(engine);
    // Far enough for the engine to start again and for its minute to claim ahead.
    let first = now()? + 100_000;
    let burst = first + i64::from(ALONE) * 1_000 + BETWEEN;
    sql::run(&ground.tools, &data, &copies(first, burst))?;
    let engine = start(true)?;
    let until = burst + 75_000;
    println!("  waiting {} s for {ALONE} publications alone and {TOGETHER} together …", (until - now()?) / 1_000);
    while now()? < until {
        thread::sleep(Duration::from_millis(500));
    }
    let hits = Visitor::new(engine.origin()).must("PUT", "/api/rehearsal/faults", &json!({ "armed": "" }))?;
    let most = hits["heaviest"]["spent"].as_f64().context("the engine does not say what it spent")?;
    drop(engine);
    let done = |due: &str| {
        let sql = format!(
            "SELECT t.ended_at - a.due_at AS late FROM act a JOIN attempt t ON t.act = a.id
             WHERE a.state = 'done' AND a.due_at {due} ORDER BY late"
        );
        sql::read(&ground.tools, &data, &sql).map(|rows| rows.iter().filter_map(|row| row["late"].as_f64()).collect())
    };
    let alone: Vec<f64> = done(&format!("< {burst} AND a.due_at >= {first}"))?;
    let together: Vec<f64> = done(&format!("= {burst}"))?;
    ensure!(alone.len() == ALONE as usize, "only {} of {ALONE} publications went out", alone.len());
    let missing = f64::from(TOGETHER) - together.len() as f64;
    let at = |share: usize| alone[(alone.len() * share / 100).min(alone.len() - 1)] / 1_000.0;
    Ok(vec![
        Row::new("lateness on an idle engine, half of all", at(50), "s", 1.0),
        Row::new("lateness on an idle engine, 99 of 100", at(99), "s", 3.0),
        Row::new("a thousand at once: not out after 75 s", missing, "", 0.0),
        Row::new(
            "a thousand at once: the last is out after",
            together.last().copied().unwrap_or_default() / 1_000.0,
            "s",
            60.0,
        ),
        Row::new("a thousand at once: queries and calls of one invocation, worst", most, "", 50.0),
    ])
}

/// Milliseconds since 1970.
pub fn now() -> Result<i64> {
    Ok(i64::try_from(SystemTime::now().duration_since(UNIX_EPOCH)?.as_millis())?)
}

/// A town with one post that is approved and placed next summer.
fn place_one(origin: &str) -> Result<()> {
    let founded =
        Visitor::new(origin).must("POST", "/api/rehearsal/organisations", &json!({ "name": "Villa de la Prisa" }))?;
    let person = |role: &str| -> Result<Visitor> {
        let members = founded["members"].as_array().context("no members")?;
        let member = members.iter().find(|pair| pair[0] == role).context("no such role")?;
        let mut visitor = Visitor::new(origin);
        visitor.must("POST", "/api/rehearsal/sign-in", &json!({ "member": member[1] }))?;
        Ok(visitor)
    };
    let (mut author, mut approver, mut administrator) =
        (person("author")?, person("approver")?, person("administrator")?);
    let content = json!({
        "kind": "routine", "titles": { "es": "Pleno" }, "texts": { "es": "Mañana por la tarde hay pleno." },
        "targets": [{ "channel": founded["noticeboard"], "languages": ["es"] }],
    });
    let post = format!("/api/posts/{POST}");
    let version = |view: &Value| view["post"]["version"].clone();
    let view = author.must("PUT", &post, &json!({ "version": 0, "content": content }))?;
    let view = author.must("POST", &format!("{post}/submissions"), &json!({ "version": version(&view) }))?;
    let decision = json!({ "content_hash": view["content_hash"], "choice": { "decision": "approve" } });
    let view = approver.must("POST", &format!("{post}/decisions"), &decision)?;
    // 31,556,952 s is a year.
    let year = 1_971 + now()? / 31_556_952_000;
    let slot = json!({ "version": version(&view), "civil": format!("{year}-06-15T10:00:00") });
    administrator.must("PUT", &format!("{post}/slot"), &slot)?;
    Ok(())
}

fn copies(first: i64, burst: i64) -> String {
    let all = ALONE + TOGETHER;
    let id = |table: u32| format!("printf('0{table}%024d', i)");
    let (post, publication, act) = (id(1), id(2), id(3));
    let due = format!("CASE WHEN i <= {ALONE} THEN {first} + (i - 1) * 1000 ELSE {burst} END");
    format!(
        "CREATE TABLE bench_n AS WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {all}) SELECT i FROM n;
INSERT INTO post (id, org, author, version, rounds, stage, stage_data, content, content_hash, approved_hash, correcting, kind, heading, destinations, slot_at, waivers, created_at, changed_at, changed_by, unworded)
  SELECT {post}, org, author, version, rounds, stage, stage_data, content, content_hash, approved_hash, 0, kind, heading, destinations, {due}, waivers, created_at, changed_at, changed_by, 0
  FROM post, bench_n WHERE post.id = '{POST}';
INSERT INTO publication (id, org, post, channel, network, language, created_at)
  SELECT {publication}, org, {post}, channel, network, language, created_at FROM publication, bench_n WHERE post = '{POST}';
INSERT INTO act (id, org, publication, post, channel, seq, deed, state, data, content_hash, rendition, due_at, ends_at, created_at)
  SELECT {act}, org, {publication}, {post}, channel, seq, deed, state, data, content_hash, rendition, {due}, {due} + 1800000, created_at
  FROM act, bench_n WHERE post = '{POST}';
DROP TABLE bench_n;
"
    )
}
