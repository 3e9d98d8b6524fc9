//! What one invocation of the queue spends at most, over all that can be published anywhere: the networks of the fault campaign,
//! which behave here, each given the most that it takes.

use anyhow::{Context, Result, ensure};
use std::fs;
use std::process::Command;

use super::{Ground, Row};
use crate::command::step;
use crate::engine::{self, Engine};
use crate::place;

/// Of the 50 that a free plan gives an invocation, so many may be spent: what is left is for what nobody thought of.
const MOST: f64 = 45.0;

/// Queries and calls of the dearest invocation; and what did not come out, for then nothing is known of it.
pub fn queue(ground: &Ground) -> Result<Vec<Row>> {
    let data = place::built().join("bench-queue");
    if data.exists() {
        fs::remove_dir_all(&data)?;
    }
    let options = engine::Options::rehearsal(ground.kind, data)?;
    let engine = Engine::start(&ground.tools, &options)?;
    let mut command = Command::new("cargo");
    command
        .current_dir(place::root())
        .args(["run", "--locked", "--quiet", "--package", "campaign"])
        .env("PREGON_URL", engine.origin())
        .env("PREGON_HEAVY", "1");
    let said = step("Giving each network the most that it takes", &mut command)?;
    drop(engine);
    let mut all: Vec<(u32, &str)> = said.lines().filter_map(spent).collect();
    let missing: Vec<&str> = said.lines().filter_map(|line| line.strip_prefix("@missing ")).collect();
    ensure!(all.len() >= 30, "only {} kinds of posts were tried", all.len());
    all.sort();
    for (spent, what) in &all {
        println!("  {spent:>3}  {what}");
    }
    for what in &missing {
        println!("✗ not out, or not taken down: {what}");
    }
    let (most, what) = all.last().copied().context("nothing was spent")?;
    let what = what.split(':').next().unwrap_or_default();
    Ok(vec![
        Row::new(
            format!(
                "queries and calls of one invocation of the queue, worst of {} kinds of posts (`{what}`)",
                all.len()
            ),
            most.into(),
            "",
            MOST,
        ),
        Row::new("of these kinds: not out, or not taken down", missing.len() as f64, "", 0.0),
    ])
}

/// `@spent 31 Pictures at Instagram: deliver 31`: how much, and what on.
fn spent(line: &str) -> Option<(u32, &str)> {
    let (count, what) = line.strip_prefix("@spent ")?.split_once(' ')?;
    Some((count.parse().ok()?, what))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_spent_is_read() {
        assert_eq!(spent("@spent 31 Parts at X: deliver 31"), Some((31, "Parts at X: deliver 31")));
        assert_eq!(spent("@missing Parts at X: no"), None);
        assert_eq!(spent("→ something else"), None);
    }
}
