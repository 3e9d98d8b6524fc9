//! `cargo xtask bench`: measures, prints one table and writes it to `docs/BENCH.md`. Counts and ratios where possible:
//! they say the same on every machine. To add a measure, write a function and name it in [`MEASURES`].

mod bytes;
mod clock;
pub mod faults;
mod growth;
mod load;
mod routes;
mod sql;

use anyhow::{Context, Result, bail};
use pico_args::Arguments;
use std::env;
use std::fmt::Write as _;
use std::fs;
use std::process::Command;
use std::thread;

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
    kind: Kind,
}

type Measure = fn(&Ground) -> Result<Vec<Row>>;

const MEASURES: &[(&str, Measure)] = &[
    ("desk", bytes::desk),
    ("engine", bytes::engine),
    ("public", bytes::public),
    ("queries", routes::queries),
    ("load", load::load),
    ("growth", growth::rows),
    ("clock", clock::clock),
];

/// What `bench` was asked for.
pub struct Options {
    only: Option<String>,
    kind: Kind,
}

impl Options {
    /// Reads the options; `only` is a measure by its name.
    pub fn parse(args: &mut Arguments, only: Option<String>) -> Result<Self> {
        if let Some(name) = only.as_deref().filter(|name| !MEASURES.iter().any(|(measure, _)| measure == name)) {
            let names: Vec<&str> = MEASURES.iter().map(|(name, _)| *name).collect();
            bail!("there is no measure `{name}`; there are: faults, {}", names.join(", "));
        }
        Ok(Self { only, kind: if args.contains("--dev") { Kind::Dev } else { Kind::Rehearsal } })
    }

    fn wants(&self, name: &str) -> bool {
        self.only.as_deref().is_none_or(|only| only == name)
    }
}

/// Measures; answers whether every measure reached what it must. Only a whole run is written down.
pub fn run(options: &Options) -> Result<bool> {
    let tools = tools::for_builds()?;
    let kind = options.kind;
    if options.wants("desk") || options.wants("load") {
        desk::build(&tools)?;
    }
    worker::build(&tools, kind)?;
    if options.wants("engine") {
        worker::build(&tools, Kind::Production)?;
    }
    let data = place::built().join("bench");
    if data.exists() {
        fs::remove_dir_all(&data)?;
    }
    let engine =
        Engine::start(&tools, &engine::Options { kind, port: http::free_port()?, data, cron: false, echo: false })?;
    engine.demo()?;
    let ground = Ground { tools, engine, kind };
    let mut rows = Vec::new();
    for (name, measure) in MEASURES.iter().filter(|(name, _)| options.wants(name)) {
        println!("\n── {name}");
        // One measure that cannot be taken must not hide the others.
        match measure(&ground) {
            Ok(more) => rows.extend(more),
            Err(error) => {
                println!("✗ {name}: {error:#}");
                rows.push(Row::new(format!("{name}: could not be measured"), f64::INFINITY, "", 0.0));
            }
        }
    }
    let text = table(&rows);
    println!("\n{text}");
    if options.only.is_none() {
        let page = page(&text, &machine()?);
        fs::write(place::root().join("docs/BENCH.md"), page).context("cannot write docs/BENCH.md")?;
    }
    Ok(rows.iter().all(Row::holds))
}

/// When and where: what was measured in time means nothing without it.
fn machine() -> Result<String> {
    let commit = quiet("Asking for the commit", Command::new("git").args(["rev-parse", "--short", "HEAD"]))?;
    let date = quiet("Asking for the date", Command::new("date").args(["-u", "+%F %H:%M UTC"]))?;
    let cores = thread::available_parallelism().map_or(0, std::num::NonZero::get);
    let load = fs::read_to_string("/proc/loadavg").unwrap_or_default();
    let load = load.split(' ').next().unwrap_or("unknown");
    Ok(format!(
        "{} on {}, {} with {cores} cores, load {load} at the end",
        commit.trim(),
        date.trim(),
        env::consts::ARCH
    ))
}

fn page(table: &str, machine: &str) -> String {
    format!(
        "# Measures

Written by `cargo xtask bench` at {machine}; not by hand. Bytes, queries and rows are the same on \
         every machine; seconds are this machine's, and longer when it has other work.

{table}"
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
