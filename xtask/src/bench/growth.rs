//! Rows read must grow with what is shown, not with what is stored: the same routes, before and after 100,000 posts of
//! other years came into the archive.

use anyhow::Result;
use std::fs;

use super::{Ground, Row, routes, sql};
use crate::engine::{self, Engine};
use crate::place;

/// How many posts come into the archive.
const POSTS: u32 = 100_000;

/// A difference of so few rows is no growth, however large its share of a handful.
const FEW: u32 = 5;

/// A look for words goes through 2,000 entries, and once more to say how far it came; names and the head are few.
const MOST_FOR_WORDS: f64 = 4_500.0;

/// The route whose rows grew most, in percent.
pub fn rows(ground: &Ground) -> Result<Vec<Row>> {
    let data = place::built().join("bench-growth");
    if data.exists() {
        fs::remove_dir_all(&data)?;
    }
    let start =
        || -> Result<Engine> { Engine::start(&ground.tools, &engine::Options::rehearsal(ground.kind, data.clone())?) };
    let engine = start()?;
    engine.demo()?;
    let before = routes::read_all(engine.origin())?;
    drop(engine);
    sql::run(&ground.tools, &data, &archive(POSTS, "-31536000000 - i * 60000", "destinations"))?;
    let engine = start()?;
    let after = routes::read_all(engine.origin())?;
    let words = routes::rows_of(engine.origin(), "/api/records/search?text=zanahoria")?;
    drop(engine);
    let growth = |path: &str, rows: u32| {
        let was = before.iter().find(|spent| spent.path == path).map_or(0, |spent| spent.rows);
        if rows <= was + FEW { 0.0 } else { f64::from(rows - was) * 100.0 / f64::from(was.max(1)) }
    };
    let mut grown: Vec<(f64, &str)> =
        after.iter().map(|spent| (growth(&spent.path, spent.rows), spent.path.as_str())).collect();
    grown.sort_by(|one, other| other.0.total_cmp(&one.0));
    for (percent, path) in grown.iter().filter(|(percent, _)| *percent > 10.0) {
        println!("  {path}: {percent:.0} % more rows read with {POSTS} posts in the archive");
    }
    let (worst, path) = grown[0];
    Ok(vec![
        Row::new(
            format!("rows read with {POSTS} posts and entries of the record more, worst growth (`{path}`)"),
            worst,
            "%",
            10.0,
        ),
        Row::new(format!("rows read by one look for words among {POSTS} entries"), words.into(), "", MOST_FOR_WORDS),
    ])
}

/// Copies of a post that is out, of its ledger, its notice and an entry of its record: the `i`-th moved by so many
/// milliseconds (`by`, an expression of `i` and of the post's own `slot_at`), going to `destinations`.
pub fn archive(posts: u32, by: &str, destinations: &str) -> String {
    let back = |column: &str| format!("{column} + moved");
    let id = |table: u32| format!("printf('0{table}%024d', i)");
    let (post, publication, act, attempt, notice, entry) = (id(1), id(2), id(3), id(4), id(2), id(5));
    format!(
        "CREATE TABLE bench_t AS SELECT a.post, a.publication, a.id AS act FROM act a JOIN publication p ON p.id = a.publication
  WHERE a.state = 'done' AND a.deed = 'create' AND p.network = 'noticeboard' LIMIT 1;
CREATE TABLE bench_n AS WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {posts})
  SELECT i, {by} AS moved FROM n, post WHERE post.id = (SELECT post FROM bench_t);
INSERT INTO post (id, org, author, version, rounds, stage, stage_data, content, content_hash, approved_hash, correcting, kind, heading, destinations, slot_at, waivers, created_at, changed_at, changed_by, unworded)
  SELECT {post}, org, author, version, rounds, stage, stage_data, content, content_hash, approved_hash, 0, kind, heading, {destinations}, {}, waivers, {}, {}, changed_by, 0
  FROM post JOIN bench_t ON post.id = bench_t.post, bench_n;
INSERT INTO publication (id, org, post, channel, network, language, created_at)
  SELECT {publication}, org, {post}, channel, network, language, {} FROM publication JOIN bench_t ON publication.id = bench_t.publication, bench_n;
INSERT INTO act (id, org, publication, post, channel, seq, deed, state, data, content_hash, rendition, due_at, ends_at, created_at, fence, tried)
  SELECT {act}, org, {publication}, {post}, channel, seq, deed, state, data, content_hash, rendition, {}, {}, {}, fence, tried
  FROM act JOIN bench_t ON act.id = bench_t.act, bench_n;
INSERT INTO attempt (id, org, act, number, fence, started_at, ended_at, outcome, status, message)
  SELECT {attempt}, org, {act}, number, fence, {}, {}, outcome, status, message FROM attempt JOIN bench_t ON attempt.act = bench_t.act, bench_n
  WHERE number = 1;
INSERT INTO notice (id, org, post, language, rendition, published_at)
  SELECT {notice}, org, {post}, language, rendition, {} FROM notice JOIN bench_t ON notice.id = bench_t.publication, bench_n;
CREATE TABLE bench_r AS SELECT * FROM record WHERE body LIKE '%\"post\"%' LIMIT 1;
INSERT INTO record (id, org, at, subject, body, salt, digest, seq, chain)
  SELECT {entry}, org, {}, subject, json_set(body, '$.post', {post}), salt, hex(zeroblob(32)), 1000000 + i, hex(zeroblob(32)) FROM bench_r, bench_n;
DROP TABLE bench_n; DROP TABLE bench_t; DROP TABLE bench_r;
",
        back("slot_at"),
        back("created_at"),
        back("changed_at"),
        back("created_at"),
        back("due_at"),
        back("ends_at"),
        back("created_at"),
        back("started_at"),
        back("ended_at"),
        back("published_at"),
        back("at"),
    )
}
