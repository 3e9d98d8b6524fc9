//! CPU of the engine: what its processes use for 1,000 requests of a route, less what they use for as many requests of
//! a bare worker that asks the database the same (`bare.mjs`). What is left is ours.

use anyhow::{Context, Result, bail, ensure};
use serde_json::{Value, json};
use std::fs;
use std::thread;
use std::time::Duration;

use super::{Ground, Row, routes};
use crate::engine::{self, Engine};
use crate::http::{self, Visitor};
use crate::place;
use crate::worker::Kind;

/// As many as the target is set for.
const REQUESTS: u32 = 1_000;

/// So many are enough to see which routes are worth a thousand.
const TO_RANK: u32 = 100;

/// How many routes are.
const RANKED: usize = 5;

/// So many are not counted: the runtime compiles what it meets for the first time.
const WARM: u32 = 30;

/// A route, and what one request of it costs.
struct Cost {
    path: String,
    trips: Value,
    engine: f64,
    bare: f64,
}

impl Cost {
    fn ours(&self) -> f64 {
        self.engine - self.bare
    }
}

/// The worst route, in milliseconds of CPU a request.
pub fn requests(ground: &Ground) -> Result<Vec<Row>> {
    let data = place::built().join("bench-cpu");
    if data.exists() {
        fs::remove_dir_all(&data)?;
    }
    let start = |kind| -> Result<Engine> {
        let (port, data) = (http::free_port()?, data.clone());
        Engine::start(&ground.tools, &engine::Options { kind, port, data, cron: false, doors: true, echo: false })
    };
    let engine = start(ground.kind)?;
    engine.demo()?;
    let mut visitor = routes::administrator(engine.origin())?;
    let mut costs = Vec::new();
    for spent in routes::read_all(engine.origin())? {
        let trips = asked(&mut visitor, &spent.path)?;
        let engine = measure(&engine, &mut visitor, &spent.path, TO_RANK)?;
        costs.push(Cost { path: spent.path, trips, engine, bare: 0.0 });
    }
    drop(engine);
    let bare = start(Kind::Bare)?;
    in_bare(&bare, &mut costs, TO_RANK)?;
    drop(bare);
    costs.sort_by(|one, other| other.ours().total_cmp(&one.ours()));
    for cost in &costs {
        println!(
            "  {:<32} {:>5.1} ms, bare {:>4.1} ms, ours {:>4.1} ms",
            cost.path,
            cost.engine,
            cost.bare,
            cost.ours()
        );
    }
    costs.truncate(RANKED);
    let engine = start(ground.kind)?;
    let mut visitor = routes::administrator(engine.origin())?;
    for cost in &mut costs {
        cost.engine = measure(&engine, &mut visitor, &cost.path, REQUESTS)?;
    }
    drop(engine);
    let bare = start(Kind::Bare)?;
    in_bare(&bare, &mut costs, REQUESTS)?;
    drop(bare);
    costs.sort_by(|one, other| other.ours().total_cmp(&one.ours()));
    println!("  {REQUESTS} requests of the {RANKED} worst:");
    for cost in &costs {
        println!(
            "  {:<32} {:>5.2} ms, bare {:>4.2} ms, ours {:>4.2} ms",
            cost.path,
            cost.engine,
            cost.bare,
            cost.ours()
        );
    }
    let worst = costs.first().context("no route was measured")?;
    Ok(vec![Row::new(
        format!(
            "CPU a request less that of a bare worker, {REQUESTS} requests, worst reading route (`{}`)",
            worst.path
        ),
        worst.ours(),
        "ms",
        5.0,
    )])
}

/// What a request of this route asks the database, in JSON. The second one: the first may write that the session was
/// used.
fn asked(visitor: &mut Visitor, path: &str) -> Result<Value> {
    visitor.ask("GET", path, &Value::Null)?;
    visitor.must("PUT", "/api/rehearsal/faults", &json!({ "armed": "statements=1" }))?;
    visitor.must("GET", "/api/rehearsal/statements", &Value::Null)?;
    visitor.ask("GET", path, &Value::Null)?;
    let trips = visitor.must("GET", "/api/rehearsal/statements", &Value::Null)?;
    visitor.must("PUT", "/api/rehearsal/faults", &json!({ "armed": "" }))?;
    Ok(trips)
}

fn in_bare(bare: &Engine, costs: &mut [Cost], requests: u32) -> Result<()> {
    let mut visitor = Visitor::new(bare.origin());
    for cost in costs {
        visitor.must("PUT", "/asked", &cost.trips)?;
        cost.bare = measure(bare, &mut visitor, "/asked", requests)?;
    }
    Ok(())
}

/// Milliseconds of CPU a request.
fn measure(engine: &Engine, visitor: &mut Visitor, path: &str, requests: u32) -> Result<f64> {
    let mut ask = |times: u32| -> Result<()> {
        for _ in 0..times {
            let answer = visitor.ask("GET", path, &Value::Null)?;
            ensure!(answer.status == 200, "{path} answered {}: {}", answer.status, answer.body);
        }
        Ok(())
    };
    ask(WARM)?;
    // What the warm-up left to do (compiling, collecting) is not to be counted.
    thread::sleep(Duration::from_millis(200));
    let before = ticks(engine)?;
    ask(requests)?;
    let used = ticks(engine)?.checked_sub(before).context("the runtime was started anew meanwhile")?;
    Ok(used as f64 * 1_000.0 / TICKS / f64::from(requests))
}

/// Linux counts a process's CPU time in hundredths of a second.
const TICKS: f64 = 100.0;

/// What the engine's runtime has used so far. Wrangler has two processes of it: one in front, which costs the same
/// whoever answers behind it.
fn ticks(engine: &Engine) -> Result<u64> {
    let mut sum = None;
    for entry in fs::read_dir("/proc").context("CPU time is read from /proc, which only Linux has")? {
        let stat = fs::read_to_string(entry?.path().join("stat")).unwrap_or_default();
        if let Some((group, used)) = workerd(&stat)
            && group == engine.group()
        {
            *sum.get_or_insert(0) += used;
        }
    }
    match sum {
        Some(sum) => Ok(sum),
        None => bail!("no process of the runtime is to be seen in /proc"),
    }
}

/// The group and the used time of a line of `/proc/PID/stat`, if it is the runtime's. The name stands in parentheses
/// and may hold spaces; after it come state, parent, group, and as the twelfth and thirteenth the times.
fn workerd(stat: &str) -> Option<(u32, u64)> {
    let (name, rest) = stat.split_once('(')?.1.rsplit_once(") ")?;
    let fields: Vec<&str> = rest.split(' ').collect();
    let time = |place: usize| fields.get(place)?.parse::<u64>().ok();
    name.starts_with("workerd").then_some((fields.get(2)?.parse().ok()?, time(11)? + time(12)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_runtime_is_told_from_other_processes() {
        let stat = "4711 (workerd) S 4700 4690 4690 0 -1 4194304 5 0 0 0 120 30 0 0 20 0 9 0 8 1 2";
        assert_eq!(workerd(stat), Some((4690, 150)));
        assert_eq!(workerd(&stat.replace("workerd", "node (x) y")), None);
        assert_eq!(workerd(""), None);
    }
}
