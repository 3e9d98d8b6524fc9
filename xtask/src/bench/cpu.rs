//! CPU of the engine: what its processes use for 1,000 requests of a route, less what they use for as many requests of
//! a bare worker that asks the database the same (`bare.mjs`). What is left is ours.

use anyhow::{Context, Result, bail, ensure};
use serde_json::{Value, json};
use std::fs;
use std::path::Path;
use std::process::Command;
use std::thread;
use std::time::Duration;

use super::{Ground, Row, routes};
use crate::command::quiet;
use crate::engine::{self, Engine};
use crate::http::Visitor;
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

/// The two take turns in so many blocks: what else the machine does then weighs on both alike.
const BLOCKS: u32 = 10;

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

/// The engine and the bare worker, each on its own copy of the same data.
struct Pair {
    engine: (Engine, Visitor),
    bare: (Engine, Visitor),
}

/// The worst route, in milliseconds of CPU a request.
pub fn requests(ground: &Ground) -> Result<Vec<Row>> {
    let (data, copy) = (place::built().join("bench-cpu"), place::built().join("bench-cpu-bare"));
    for old in [&data, &copy].into_iter().filter(|old| old.exists()) {
        fs::remove_dir_all(old)?;
    }
    let start = |kind, data: &Path| -> Result<Engine> {
        Engine::start(&ground.tools, &engine::Options::rehearsal(kind, data.to_owned())?)
    };
    let engine = start(ground.kind, &data)?;
    engine.demo()?;
    drop(engine);
    quiet("Copying the database", Command::new("cp").arg("-r").arg(&data).arg(&copy))?;
    let (engine, bare) = (start(ground.kind, &data)?, start(Kind::Bare, &copy)?);
    let (mut visitor, other) = (routes::administrator(engine.origin())?, Visitor::new(bare.origin()));
    let mut costs = Vec::new();
    for spent in routes::read_all(engine.origin())? {
        let trips = asked(&mut visitor, &spent.path)?;
        costs.push(Cost { path: spent.path, trips, engine: 0.0, bare: 0.0 });
    }
    let mut pair = Pair { engine: (engine, visitor), bare: (bare, other) };
    compare(&mut pair, &mut costs, TO_RANK)?;
    costs.truncate(RANKED);
    println!("  {REQUESTS} requests of the {RANKED} worst:");
    compare(&mut pair, &mut costs, REQUESTS)?;
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

/// Measures each route on both, and puts the worst first.
fn compare(pair: &mut Pair, costs: &mut [Cost], requests: u32) -> Result<()> {
    for cost in &mut *costs {
        pair.bare.1.must("PUT", "/asked", &cost.trips)?;
        ask(&mut pair.engine.1, &cost.path, WARM)?;
        ask(&mut pair.bare.1, "/asked", WARM)?;
        // What the warm-up left to do (compiling, collecting) is not to be counted.
        thread::sleep(Duration::from_millis(300));
        (cost.engine, cost.bare) = (0.0, 0.0);
        for _ in 0..BLOCKS {
            cost.engine += used(&mut pair.engine, &cost.path, requests / BLOCKS)?;
            cost.bare += used(&mut pair.bare, "/asked", requests / BLOCKS)?;
        }
        cost.engine /= f64::from(requests);
        cost.bare /= f64::from(requests);
    }
    costs.sort_by(|one, other| other.ours().total_cmp(&one.ours()));
    for cost in costs {
        println!(
            "  {:<50} {:>6.2} ms, bare {:>5.2} ms, ours {:>5.2} ms",
            cost.path,
            cost.engine,
            cost.bare,
            cost.ours()
        );
    }
    Ok(())
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

fn ask(visitor: &mut Visitor, path: &str, times: u32) -> Result<()> {
    for _ in 0..times {
        let answer = visitor.ask("GET", path, &Value::Null)?;
        ensure!(answer.status == 200, "{path} answered {}: {}", answer.status, answer.body);
    }
    Ok(())
}

/// Milliseconds of CPU for so many requests.
fn used((engine, visitor): &mut (Engine, Visitor), path: &str, times: u32) -> Result<f64> {
    let before = ticks(engine)?;
    ask(visitor, path, times)?;
    let used = ticks(engine)?.checked_sub(before).context("the runtime was started anew meanwhile")?;
    Ok(used as f64 * 1_000.0 / TICKS)
}

/// Linux counts a process's CPU time in hundredths of a second.
pub const TICKS: f64 = 100.0;

/// What the engine's runtime has used so far. Wrangler has two processes of it: one in front, which costs the same
/// whoever answers behind it.
pub fn ticks(engine: &Engine) -> Result<u64> {
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
