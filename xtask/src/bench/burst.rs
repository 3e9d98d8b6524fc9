//! Ten thousand publications over twelve networks that are due within an hour: the networks of the fault campaign, which
//! behave here, and count on their side. The hour is shortened, so that what is asked of the engine is denser than it would be.

use anyhow::{Context, Result, bail, ensure};
use serde_json::json;
use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::process::{Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use super::{Ground, Row, clock::now, sql};
use crate::command::Group;
use crate::engine::{self, Engine};
use crate::http::Visitor;
use crate::worker::Kind;
use crate::{http, place};

/// Networks, each with as many publications as there are copies.
const NETWORKS: u32 = 12;

/// How much of it: posts, and how much shorter than an hour it is.
#[derive(Clone, Copy)]
struct Size {
    posts: u32,
    shorter: u32,
}

/// Together they are ten thousand.
const WHOLE: Size = Size { posts: 834, shorter: 4 };

/// For work on the engine, whose build is slow: whether all of it still works.
const SOME: Size = Size { posts: 60, shorter: 20 };

/// How long is waited for the last ones.
const PATIENCE: Duration = Duration::from_secs(600);

/// Lateness, losses, doubles and what one invocation spends.
pub fn burst(ground: &Ground) -> Result<Vec<Row>> {
    let data = place::built().join("bench-burst");
    if data.exists() {
        fs::remove_dir_all(&data)?;
    }
    let port = http::free_port()?;
    let size = if ground.kind == Kind::Dev { SOME } else { WHOLE };
    let (posts, all) = (size.posts, f64::from(size.posts * NETWORKS));
    let start = |cron| -> Result<Engine> {
        let options = engine::Options::rehearsal(ground.kind, data.clone())?;
        Engine::start(&ground.tools, &engine::Options { port, cron, ..options })
    };
    let engine = start(false)?;
    let mut command = Command::new("cargo");
    command
        .current_dir(place::root())
        .args(["run", "--locked", "--quiet", "--package", "campaign"])
        .env("PREGON_URL", engine.origin())
        .env("PREGON_BURST", "1")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped());
    let mut group = Group::spawn(&mut command)?;
    let mut said = BufReader::new(group.child.stdout.take().context("the networks have no output")?).lines();
    let mut to = group.child.stdin.take().context("the networks have no input")?;
    let mut until = |start: &str| -> Result<String> {
        while let Some(line) = said.next().transpose()? {
            if let Some(rest) = line.strip_prefix(start) {
                return Ok(rest.trim().to_owned());
            }
            println!("  {line}");
        }
        bail!("the networks ended before they said {start}")
    };
    let planned = until("@planned")?;
    let (plain, pictured) = planned.split_once(' ').context("two posts were to be planned")?;
    drop(engine);
    // Far enough for the engine to start again and for its minute to claim ahead.
    let first = now()? + 120_000;
    let span = i64::from(3_600 / size.shorter) * 1_000;
    let laid = [copies(plain, 1, first, size), copies(pictured, 2, first, size)].concat();
    sql::run(&ground.tools, &data, &laid)?;
    let engine = start(true)?;
    writeln!(to, "@up")?;
    until("@ready")?;
    ensure!(now()? < first, "the engine took too long to start");
    println!("  waiting {} s for {} publications …", (first + span - now()?) / 1_000, posts * NETWORKS);
    while now()? < first + span {
        thread::sleep(Duration::from_millis(500));
    }
    let began = Instant::now();
    let mut visitor = Visitor::new(engine.origin());
    while began.elapsed() < PATIENCE {
        let work = visitor.must("GET", "/api/rehearsal/work", &json!(null))?;
        if work["due"] == 0 && work["busy"] == 0 && began.elapsed() > Duration::from_secs(70) {
            break;
        }
        thread::sleep(Duration::from_secs(2));
    }
    let hits = visitor.must("PUT", "/api/rehearsal/faults", &json!({ "armed": "" }))?;
    let most = hits["heaviest"]["spent"].as_f64().context("the engine does not say what it spent")?;
    drop(engine);
    writeln!(to, "@count {posts}")?;
    let counted = until("@counted")?;
    let (lost, twice) = counted.split_once(' ').context("two numbers were to be counted")?;
    let read = |what: &str| {
        let of = format!("p.slot_at >= {first} AND p.slot_at <= {}", first + span);
        let rows = sql::read(&ground.tools, &data, &what.replace("{of}", &of))?;
        rows.first().and_then(|row| row["value"].as_f64()).with_context(|| format!("nothing was read: {what}"))
    };
    let out = read("SELECT COUNT(*) AS value FROM act a JOIN post p ON p.id = a.post WHERE a.state = 'done' AND {of}")?;
    let board = read("SELECT COUNT(*) AS value FROM notice n JOIN post p ON p.id = n.post WHERE {of}")?;
    let late = "SELECT MAX(t.ended_at - p.slot_at) / 1000.0 AS value FROM attempt t JOIN act a ON a.id = t.act
      JOIN post p ON p.id = a.post WHERE t.outcome = 'accepted' AND {of}";
    let tries = read(
        "SELECT COUNT(*) AS value FROM attempt t JOIN act a ON a.id = t.act JOIN post p ON p.id = a.post WHERE {of}",
    )?;
    let of = format!("{all} in {} min", 60 / size.shorter);
    Ok(vec![
        Row::new(format!("{of} over {NETWORKS} networks: not out"), all - out, "", 0.0),
        Row::new("the same, counted on the networks: lost", lost.parse::<f64>()? + f64::from(posts) - board, "", 0.0),
        Row::new("the same, counted on the networks: twice", twice.parse()?, "", 0.0),
        Row::new("the same: tries beyond one each", tries - all, "", 0.0),
        Row::new("the same: worst lateness", read(late)?, "s", 60.0),
        Row::new("the same: queries and calls of one invocation, worst", most, "", 45.0),
    ])
}

/// Copies of a post, each with its publications and acts, on whole minutes of the shortened hour.
fn copies(post: &str, series: u32, first: i64, size: Size) -> String {
    let Size { posts, shorter } = size;
    let (span, minute) = (i64::from(3_600 / shorter) * 1_000, i64::from(60 / shorter) * 1_000);
    let id = |table: u32| format!("printf('{series}{table}%04d', i)");
    let post_id = format!("{} || substr('{post}', 7)", id(1));
    let [publication, act] = [2, 3].map(|table| format!("{} || substr(x.id, 7)", id(table)));
    let due = format!("({first} + (i - 1) * {span} / {posts} / {minute} * {minute})");
    let of_publication = format!("{} || substr(x.publication, 7)", id(2));
    let marked = |column: &str| format!("replace({column}, 'BURST00000', printf('BURST%05d', i))");
    let (rendition, content) = (marked("x.rendition"), marked("x.content"));
    format!(
        "CREATE TABLE bench_n AS WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {posts}) SELECT i FROM n;
INSERT INTO post (id, org, author, version, rounds, stage, stage_data, content, content_hash, approved_hash, correcting, kind, heading, destinations, slot_at, waivers, created_at, changed_at, changed_by, unworded)
  SELECT {post_id}, x.org, author, version, rounds, stage, stage_data, {content}, content_hash, approved_hash, 0, kind, heading, destinations, {due}, waivers, created_at, changed_at, changed_by, 0
  FROM post x, bench_n WHERE x.id = '{post}';
INSERT INTO publication (id, org, post, channel, network, language, created_at)
  SELECT {publication}, x.org, {post_id}, channel, network, language, created_at FROM publication x, bench_n WHERE x.post = '{post}';
INSERT INTO act (id, org, publication, post, channel, seq, deed, state, data, content_hash, rendition, rendition_hash, due_at, ends_at, created_at)
  SELECT {act}, x.org, {of_publication}, {post_id}, x.channel, seq, deed, state, data, content_hash, {rendition}, rendition_hash, {due}, {due} + 1800000, x.created_at
  FROM act x, bench_n WHERE x.post = '{post}';
DROP TABLE bench_n;
"
    )
}
