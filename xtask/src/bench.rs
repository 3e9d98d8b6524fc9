//! `cargo xtask bench`: measures, prints one table and writes it to `docs/BENCH.md`. Counts and ratios where possible:
//! they say the same on every machine. To add a measure, write a function and name it in [`MEASURES`]. One that is taken
//! alone replaces its own rows: each row says when it was taken, and of which commit.

mod browser;
mod burst;
mod bytes;
mod calendar;
mod circuits;
mod clock;
mod cost;
mod cpu;
mod drag;
pub mod faults;
mod growth;
mod library;
mod load;
mod pictures;
mod queue;
mod routes;
mod session;
mod sql;
mod typing;

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
use crate::{desk, place};

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

    fn line(&self, name: &str, taken: &str) -> String {
        let Self { what, unit, .. } = self;
        let mark = if self.holds() { "reached" } else { "**missed**" };
        format!("| `{name}` | {what} | {} {unit} | {} {unit} | {mark} | {taken} |", short(self.value), short(self.most))
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
              week can be read, which is when the browser has painted it: every request that it made by then, and how long it took. The programs are \
              sent as they were packed (brotli 11); a server in between compresses the rest at level 5, about what Cloudflare does on the fly. The middle one of three visits \
              with nothing stored, and of three second visits.",
        take: load::load,
    },
    Measure {
        name: "decide",
        how: "As `load`, of the approver's page: from a notice that was tapped, on a new phone and on one that has the page \
              installed, until the post that it names can be read; and until what is fetched meanwhile, which says what \
              the rules found and signs, is there too. Then the taps of a script that decides on it with a passkey, and \
              what the engine says that this request asked of D1.",
        take: load::decide,
    },
    Measure {
        name: "calendar",
        how: "A town with 10,000 published posts of five years, 400 of them in the month that is shown, each with a publication on \
              three of twelve channels; Chromium with its CPU slowed four times, no slow line. From the click to the frame that \
              paints it, there and back again seven times, so that what is shown is at hand but for the first; the middle one. The \
              longest task of any key in the search; and what the engine says that the month's list read of D1, for each post and \
              each publication in its answer.",
        take: calendar::calendar,
    },
    Measure {
        name: "session",
        how: "The town of `calendar`, with twelve channels, in Chromium with its CPU slowed four times, no slow line. A script does what a \
              busy person does in ten minutes, without the pauses in which they think: six rounds of some seventy presses and keys \
              through every view of the calendar, its search and filters, notes, a post and back, the composer, approvals, the \
              library, tasks and home. To the next paint as the browser counts it (`event`, in steps of 8 ms; of 400 the ninth \
              slowest), and the longest task (`longtask`). Memory, nodes and listeners by the browser's own count, after \
              what is not needed any more was thrown away, where the first round ends and where the last does: six rounds stand for \
              an hour.",
        take: session::session,
    },
    Measure {
        name: "typing",
        how: "Chromium with its CPU slowed four times, no slow line; a post for Facebook, Threads, LinkedIn and X in two languages, of \
              400 characters in each, with what rules look for. 200 keys, one each 60 ms, at the end of the text: of each the time from \
              the letter's event until the page's thread has done what it brings about, and that of the frame that paints it; not the \
              time in between, in which nothing is done.",
        take: typing::typing,
    },
    Measure {
        name: "drag",
        how: "The town of `calendar`, with its full month around the week that is shown, which is the next; Chromium with its CPU slowed \
              four times, no slow line. A card is dragged from Tuesday to Sunday and back to Thursday in 60 moves, and the other way \
              round, seven times: of each move what the page's thread does about it, and the frame that paints it; how far frames are \
              apart; the longest task. From letting go to the frame that says that it is saved, the middle one.",
        take: drag::drag,
    },
    Measure {
        name: "pictures",
        how: "Chromium as a phone, its CPU slowed four times, no slow line; a post for Instagram, Threads, Facebook and LinkedIn. A photo \
              of 3000 × 4000 points is chosen, and then the version asked for that all four take: from the file being chosen to \
              the frame that shows it, and from the press to the frame without the warning; drawn, written, hashed, stored. The \
              middle one of five photos; the longest task of the page's own thread in all five. Slowed is that thread: what runs \
              beside it runs as fast as the machine.",
        take: pictures::pictures,
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
        name: "library",
        how: "20,000 pictures in the library of the demo town, each found by some sixteen words and marks, as the engine would have \
              written them. Ten looks (the first page of all, words that are begun, whole, common, rare and in none, tags and folders), \
              each asked three times: from the request to the whole answer on this machine, the middle one; and what the engine \
              says that it asked of D1.",
        take: library::library,
    },
    Measure {
        name: "cpu",
        how: "CPU time of the runtime's processes (`/proc/PID/stat`) over sequential requests, less the same of a bare \
              worker that sends D1 the very statements of that route, trip by trip; the two take turns in ten blocks. \
              All reading routes with 100 requests each, then the five worst with 1,000.",
        take: cpu::requests,
    },
    Measure {
        name: "circuits",
        how: "In the engine, through a test door that asks no database: 500 posts in two languages on three channels, for \
              each its facts, the circuit by 50 rules (most reach the last ten), the round opened with its hash, and who \
              of 30 people can move it. CPU time of the runtime over 20 such requests, less the same of 20 empty ones.",
        take: circuits::bulk,
    },
    Measure {
        name: "clock",
        how: "Publications on the noticeboard: 60 alone, a second apart, then 1,000 in one moment, on a running engine \
              whose cron fires each minute. Lateness is the end of the attempt less the slot.",
        take: clock::clock,
    },
    Measure {
        name: "burst",
        how: "10,008 publications of 834 posts, of different words, each due on eleven networks that speak over HTTP (those of the fault \
              campaign that show more than videos, behaving) and the noticeboard, in a quarter of an hour: four times as dense as an hour. Posts are \
              due on whole minutes of that shortened hour, so 168 publications at once. Counted on the networks' side. Lateness is the \
              end of the attempt that was accepted less the slot.",
        take: burst::burst,
    },
    Measure {
        name: "queue",
        how: "Each of the thirteen networks of the fault campaign, which behave here, is given the most that it takes of everything: pictures, \
              parts of a thread (eight), a video with captions and a poster, the same as a reel, a document, a poll, a story, with a first \
              comment and at the head of the channel where there is such a thing; one post at a time, which is then taken down. \
              Queries and calls together of the dearest invocation that any of it took, as the engine counts them.",
        take: queue::queue,
    },
    Measure {
        name: "cost",
        how: "A working day of a town of 5,000 on a running engine that counts requests, rows, messages and bytes: six posts \
              on ten channels done whole, on sandbox networks; what repeats done twenty times and multiplied. What open \
              desks ask by themselves stands by itself too: ten people, two before each of five pages, who see half of the eight hours \
              and do something all of that time. The table is `docs/COST.md`.",
        take: cost::day,
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

/// Those that look at the desk, or at the approver's page, in a browser: they are built first.
const BROWSED: [&str; 7] = ["load", "decide", "calendar", "session", "typing", "drag", "pictures"];

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

/// Measures; answers whether every measure reached what it must.
pub fn run(options: &Options) -> Result<bool> {
    let tools = tools::for_builds()?;
    let kind = options.kind;
    if BROWSED.iter().any(|name| options.wants(name)) {
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
    let engine = Engine::start(&tools, &engine::Options::rehearsal(kind, data)?)?;
    engine.demo()?;
    let ground = Ground { tools, engine, kind };
    let (mut lines, mut all) = (Vec::new(), true);
    for Measure { name, take, .. } in MEASURES.iter().filter(|measure| options.wants(measure.name)) {
        println!("\n── {name}");
        // One measure that cannot be taken must not hide the others.
        let rows = take(&ground).unwrap_or_else(|error| {
            println!("✗ {name}: {error:#}");
            vec![Row::new("could not be taken", f64::INFINITY, "", 0.0)]
        });
        let taken = machine()?;
        all &= rows.iter().all(Row::holds);
        lines.extend(rows.iter().map(|row| row.line(name, &taken)));
    }
    println!("\n{HEAD}\n{}", lines.join("\n"));
    // A build for work on the engine is slow and large: its numbers are for whoever works on it.
    if kind == Kind::Rehearsal {
        let file = place::root().join("docs/BENCH.md");
        let old = fs::read_to_string(&file).unwrap_or_default();
        write(Some(&measures(&merged(&old, &lines))), None)?;
    }
    Ok(all)
}

/// The lines of the table: new ones, and where a measure was not taken, what the page says of it so far.
fn merged(page: &str, new: &[String]) -> Vec<String> {
    let mut lines = Vec::new();
    for Measure { name, .. } in MEASURES {
        let start = format!("| `{name}` |");
        let fresh: Vec<String> = new.iter().filter(|line| line.starts_with(&start)).cloned().collect();
        if fresh.is_empty() {
            lines.extend(page.lines().filter(|line| line.starts_with(&start)).map(str::to_owned));
        } else {
            lines.extend(fresh);
        }
    }
    lines
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
    Ok(format!("{}, {}, {} with {cores} cores, load {load}", commit.trim(), date.trim(), env::consts::ARCH))
}

const HEAD: &str = "| | Measure | Value | At most | | Taken |\n|---|---|---:|---:|---|---|";

fn measures(lines: &[String]) -> String {
    let mut text = format!(
        "# Measures

Written by `cargo xtask bench`, not by hand; `cargo xtask bench NAME` takes one measure and replaces its rows. Bytes,
queries and rows are the same on every machine. Seconds are those of the machine that took them, and longer when it had
other work: the load says how many programs wanted a core.

{HEAD}
{}

How each is taken:

",
        lines.join("\n")
    );
    for Measure { name, how, .. } in MEASURES {
        let _ = writeln!(text, "- `{name}`: {how}");
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
        let line = |value, most, unit| Row::new("it", value, unit, most).line("clock", "noon");
        assert_eq!(line(6.0, 6.0, "s"), "| `clock` | it | 6 s | 6 s | reached | noon |");
        assert_eq!(line(300.04, 300.0, "KB"), "| `clock` | it | 300.0 KB | 300 KB | **missed** | noon |");
    }

    #[test]
    fn every_measure_says_how_it_is_taken() {
        let text = measures(&[]);
        for measure in MEASURES {
            assert!(text.contains(&format!("- `{}`: {}", measure.name, measure.how)), "{text}");
            assert!(!measure.how.contains("  "), "{}", measure.how);
        }
    }

    #[test]
    fn one_measure_alone_replaces_its_own_rows() {
        let row = |name, what| Row::new(what, 1.0, "s", 1.0).line(name, "noon");
        let page = measures(&[row("clock", "old"), row("cpu", "kept")]);
        let lines = merged(&page, &[row("clock", "new"), row("clock", "newer")]);
        assert_eq!(lines, [row("cpu", "kept"), row("clock", "new"), row("clock", "newer")]);
    }
}
