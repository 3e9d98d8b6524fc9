//! `cargo xtask bench`: measures, prints one table and writes it to `docs/BENCH.md`. Counts and ratios where possible:
//! they say the same on every machine. To add a measure, write a function and name it in [`MEASURES`].

mod bytes;
mod clock;
mod cpu;
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

/// One or more rows of the table, and how they come about: for whoever doubts a number.
struct Measure {
    name: &'static str,
    how: &'static str,
    take: fn(&Ground) -> Result<Vec<Row>>,
}

const MEASURES: &[Measure] = &[
    Measure {
        name: "load",
        how: "Chromium with its CPU slowed four times, on a line of 1.6 Mbit/s with 150 ms, until the first post of the \
              week can be read: every request that it made by then, and how long it took. A server in between \
              compresses with brotli at level 5, about what Cloudflare does on the fly. The middle one of three visits \
              with nothing stored, and of three second visits.",
        take: load::load,
    },
    Measure {
        name: "queries",
        how: "The isolation journey asks every route of the contract once with success, on a small town, and the engine \
              says what it asked of D1. A round trip is one query or one batch: what a person waits for, and what the \
              target of 6 and 3 is held against. Statements count each of a batch by itself, with the guards that make \
              it fail as a whole and the row of the record: D1 limits them to 50 an invocation.",
        take: routes::queries,
    },
    Measure {
        name: "growth",
        how: "Rows that D1 read for every reading route of the demo town, before and after 100,000 published posts of \
              former years were put into its archive.",
        take: growth::rows,
    },
    Measure {
        name: "cpu",
        how: "CPU time of the runtime's processes (`/proc/PID/stat`) over sequential requests, less the same of a bare \
              worker that sends D1 the very statements of that route, trip by trip. All reading routes with 100 \
              requests each, then the five worst with 1,000.",
        take: cpu::requests,
    },
    Measure {
        name: "clock",
        how: "Publications on the noticeboard: 60 alone, a second apart, then 1,000 in one moment, on a running engine \
              whose cron fires each minute. Lateness is the end of the attempt less the slot.",
        take: clock::clock,
    },
    Measure {
        name: "engine",
        how: "`wrangler check startup` on the production build: the compressed size that would be uploaded, and the \
              active time in the profile of the runtime while it loads the bundle, to the end of its global scope.",
        take: bytes::engine,
    },
    Measure {
        name: "public",
        how: "The first page of the demo town's noticeboard and its style sheet, uncompressed, without pictures.",
        take: bytes::public,
    },
];

/// What `bench` was asked for.
pub struct Options {
    only: Option<String>,
    kind: Kind,
}

impl Options {
    /// Reads the options; `only` is a measure by its name.
    pub fn parse(args: &mut Arguments, only: Option<String>) -> Result<Self> {
        if let Some(name) = only.as_deref().filter(|name| !MEASURES.iter().any(|measure| measure.name == *name)) {
            let names: Vec<&str> = MEASURES.iter().map(|measure| measure.name).collect();
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
    if options.wants("load") {
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
    let engine = Engine::start(
        &tools,
        &engine::Options { kind, port: http::free_port()?, data, cron: false, doors: true, echo: false },
    )?;
    engine.demo()?;
    let ground = Ground { tools, engine, kind };
    let mut rows = Vec::new();
    for Measure { name, take, .. } in MEASURES.iter().filter(|measure| options.wants(measure.name)) {
        println!("\n── {name}");
        // One measure that cannot be taken must not hide the others.
        match take(&ground) {
            Ok(more) => rows.extend(more.into_iter().map(|row| (*name, row))),
            Err(error) => {
                println!("✗ {name}: {error:#}");
                rows.push((name, Row::new("could not be taken", f64::INFINITY, "", 0.0)));
            }
        }
    }
    let text = table(&rows);
    println!("\n{text}");
    if options.only.is_none() {
        write(Some(&measures(&text, &machine()?)), None)?;
    }
    Ok(rows.iter().all(|(_, row)| row.holds()))
}

/// Between the measures and the campaign, each of which replaces its own half of the page.
const CAMPAIGN: &str = "\n## The fault campaign\n";

/// Writes one half of `docs/BENCH.md`, or both; the other half stays as it is.
pub fn write(measures: Option<&str>, campaign: Option<&str>) -> Result<()> {
    let file = place::root().join("docs/BENCH.md");
    let old = fs::read_to_string(&file).unwrap_or_default();
    let (first, second) = old.split_once(CAMPAIGN).unwrap_or((&old, "\nIt has not been run yet.\n"));
    let page = [measures.unwrap_or(first), CAMPAIGN, campaign.unwrap_or(second)].concat();
    fs::write(file, page).context("cannot write docs/BENCH.md")
}

/// When and where: what was measured in time means nothing without it.
pub fn machine() -> Result<String> {
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

fn measures(table: &str, machine: &str) -> String {
    let mut text = format!(
        "# Measures

Written by `cargo xtask bench` at {machine}; not by hand. Bytes, queries and rows are the same on every machine; seconds
are this machine's, and longer when it has other work. `cargo xtask bench NAME` takes one of them alone.

{table}
How each is taken:

"
    );
    for Measure { name, how, .. } in MEASURES {
        let _ = writeln!(text, "- `{name}`: {how}");
    }
    text
}

fn table(rows: &[(&str, Row)]) -> String {
    let mut text = String::from("| | Measure | Value | At most | |\n|---|---|---:|---:|---|\n");
    for (name, row) in rows {
        let mark = if row.holds() { "reached" } else { "**missed**" };
        let _ = writeln!(
            text,
            "| `{name}` | {} | {} {} | {} {} | {mark} |",
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
        let rows = [("queries", Row::new("fine", 6.0, "queries", 6.0)), ("desk", Row::new("fat", 300.04, "KB", 300.0))];
        let text = table(&rows);
        assert!(text.contains("| `queries` | fine | 6 queries | 6 queries | reached |"), "{text}");
        assert!(text.contains("| `desk` | fat | 300.0 KB | 300 KB | **missed** |"), "{text}");
    }

    #[test]
    fn every_measure_says_how_it_is_taken() {
        let text = measures("", "noon");
        for measure in MEASURES {
            assert!(text.contains(&format!("- `{}`: {}", measure.name, measure.how)), "{text}");
            assert!(!measure.how.contains("  "), "{}", measure.how);
        }
    }
}
