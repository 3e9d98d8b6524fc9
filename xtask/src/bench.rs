//! `cargo xtask bench`: measures, prints one table and writes it to `docs/BENCH.md`. Counts and ratios where possible:
//! they say the same on every machine. To add a measure, write a function and name it in [`MEASURES`].

mod bytes;
mod clock;
pub mod faults;
mod growth;
mod load;
mod routes;
mod sql;

use anyhow::{Context, Result};
use std::fmt::Write as _;
use std::fs;
use std::process::Command;

use crate::command::quiet;
use crate::engine::{self, Engine};
use crate::tools::{self, Tools};
use crate::worker::{self, Kind};
use crate::{desk, http, place};

/// One line of the table.
pub struct Row {
    what: String,
    value: f64,
    unit: &'static str,
    /// The most that it may be.
    most: f64,
}

impl Row {
    fn new(what: impl Into<String>, value: f64, unit: &'static str, most: f64) -> Self {
        Self { what: what.into(), value, unit, most }
    }

    fn holds(&self) -> bool {
        self.value <= self.most
    }
}

/// What a measure may use: an engine with the fictional town.
pub struct Ground {
    tools: Tools,
    engine: Engine,
}

type Measure = fn(&Ground) -> Result<Vec<Row>>;

const MEASURES: &[Measure] =
    &[bytes::desk, bytes::engine, bytes::public, routes::queries, load::load, growth::rows, clock::clock];

/// Measures everything; answers whether every measure reached what it must.
pub fn run() -> Result<bool> {
    let tools = tools::for_builds()?;
    desk::build(&tools)?;
    for kind in [Kind::Rehearsal, Kind::Production] {
        worker::build(&tools, kind)?;
    }
    let data = place::built().join("bench");
    if data.exists() {
        fs::remove_dir_all(&data)?;
    }
    let options = engine::Options { kind: Kind::Rehearsal, port: http::free_port()?, data, cron: false, echo: false };
    let engine = Engine::start(&tools, &options)?;
    engine.demo()?;
    let ground = Ground { tools, engine };
    let mut rows = Vec::new();
    for measure in MEASURES {
        rows.extend(measure(&ground)?);
    }
    let text = table(&rows);
    println!("\n{text}");
    let commit = quiet("Asking for the commit", Command::new("git").args(["rev-parse", "--short", "HEAD"]))?;
    fs::write(place::root().join("docs/BENCH.md"), page(&text, commit.trim())).context("cannot write docs/BENCH.md")?;
    Ok(rows.iter().all(Row::holds))
}

fn page(table: &str, commit: &str) -> String {
    format!(
        "# Measures\n\nWritten by `cargo xtask bench` at {commit}; not by hand. Bytes, queries and rows are the same on \
         every machine.\n\n{table}"
    )
}

fn table(rows: &[Row]) -> String {
    let mut text = String::from("| Measure | Value | At most | |\n|---|---:|---:|---|\n");
    for row in rows {
        let mark = if row.holds() { "✓" } else { "✗" };
        let _ = writeln!(
            text,
            "| {} | {} {} | {} {} | {mark} |",
            row.what,
            short(row.value),
            row.unit,
            short(row.most),
            row.unit
        );
    }
    text
}

/// `3` and not `3.0`, `86.4` and not `86.4310`.
fn short(value: f64) -> String {
    if value.fract() == 0.0 { format!("{value:.0}") } else { format!("{value:.1}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_measure_over_its_limit_is_marked() {
        let rows = [Row::new("fine", 6.0, "queries", 6.0), Row::new("fat", 300.04, "KB", 300.0)];
        let text = table(&rows);
        assert!(text.contains("| fine | 6 queries | 6 queries | ✓ |"), "{text}");
        assert!(text.contains("| fat | 300.0 KB | 300 KB | ✗ |"), "{text}");
    }
}
