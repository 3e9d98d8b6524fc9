//! The fault campaign (`tests/campaign`) on an engine of its own. The campaign asks for the engine's death with a line
//! on its output; only here is the process known that must die.

use anyhow::{Context, Result, bail};
use pico_args::Arguments;
use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::process::{Command, Stdio};

use crate::command::Group;
use crate::engine::{self, Engine};
use crate::tools::{self, Tools};
use crate::worker::{self, Kind};
use crate::{http, place};

/// A campaign.
pub struct Campaign {
    /// A name for its data.
    pub name: String,
    /// Where its chance starts.
    pub seed: u64,
    /// How many runs.
    pub runs: u64,
    /// How often the engine may be killed.
    pub kills: u32,
    /// A bug to plant.
    pub planted: Option<&'static str>,
    /// How often each fault must have been met.
    pub least_hits: u32,
    /// Which build of the engine.
    pub kind: Kind,
}

impl Campaign {
    /// The whole one: every fault is met at least twenty times.
    pub fn whole(args: &mut Arguments) -> Result<Self> {
        let runs: Option<u64> = args.opt_value_from_str("--runs")?;
        let all = runs.is_none();
        Ok(Self {
            name: "whole".to_owned(),
            seed: args.opt_value_from_str("--seed")?.unwrap_or(1),
            runs: runs.unwrap_or(300),
            kills: 30,
            planted: None,
            least_hits: if all { 20 } else { 0 },
            kind: if args.contains("--dev") { Kind::Dev } else { Kind::Rehearsal },
        })
    }
}

/// What came of a campaign.
pub struct Came {
    /// Whether every promise was kept.
    pub kept: bool,
    /// Its last words.
    pub last: String,
}

/// Runs the whole one.
pub fn run_whole(campaign: &Campaign) -> Result<()> {
    if !run(&tools::for_builds()?, campaign)?.kept {
        bail!("the engine broke a promise");
    }
    Ok(())
}

/// Runs it and shows what it says.
pub fn run(tools: &Tools, campaign: &Campaign) -> Result<Came> {
    worker::build(tools, campaign.kind)?;
    let data = place::built().join("campaign").join(&campaign.name);
    if data.exists() {
        fs::remove_dir_all(&data)?;
    }
    let options = engine::Options { kind: campaign.kind, port: http::free_port()?, data, cron: false, echo: false };
    let mut engine = Engine::start(tools, &options)?;
    let mut command = Command::new("cargo");
    command
        .current_dir(place::root())
        .args(["run", "--locked", "--quiet", "--package", "campaign"])
        .env("PREGON_URL", engine.origin())
        .env("PREGON_SEED", campaign.seed.to_string())
        .env("PREGON_RUNS", campaign.runs.to_string())
        .env("PREGON_KILLS", campaign.kills.to_string())
        .env("PREGON_PLANT", campaign.planted.unwrap_or_default())
        .env("PREGON_LEAST_HITS", campaign.least_hits.to_string())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped());
    let mut group = Group::spawn(&mut command)?;
    let mut said = BufReader::new(group.child.stdout.take().context("the campaign has no output")?).lines();
    let mut back = group.child.stdin.take().context("the campaign has no input")?;
    let mut last = String::new();
    while let Some(line) = said.next().transpose()? {
        if line == "@kill" {
            engine.kill_and_start_again(tools, &options)?;
            writeln!(back, "@up")?;
            continue;
        }
        println!("  {line}");
        last = line;
    }
    match group.child.wait()?.code() {
        Some(0) => Ok(Came { kept: true, last }),
        Some(1) => Ok(Came { kept: false, last }),
        _ => bail!("the campaign broke: {last}"),
    }
}
