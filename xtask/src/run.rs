//! `cargo xtask run`: everything that a person on a fresh machine needs, in one command; and `engine`, its faster half.

use anyhow::Result;
use pico_args::Arguments;
use std::path::PathBuf;

use crate::engine::{self, Engine};
use crate::networks::Networks;
use crate::worker::{self, Kind};
use crate::{desk, place, tools};

/// The port unless another is asked for.
const PORT: u16 = 8787;

/// What `run` was asked for.
pub struct Options {
    demo: bool,
    port: u16,
    data: PathBuf,
}

impl Options {
    /// Reads the options of `run`.
    pub fn parse(args: &mut Arguments) -> Result<Self> {
        let demo = args.contains("--demo");
        // The demo's people are nobody: they must never share a database with a real town.
        let data = if demo { place::data()?.with_file_name("pregon-demo") } else { place::data()? };
        Ok(Self { demo, port: port(args)?, data: args.opt_value_from_str("--data")?.unwrap_or(data) })
    }
}

/// Builds, starts, prints the address and stays until Ctrl-C.
pub fn run(options: &Options) -> Result<()> {
    let tools = tools::for_builds()?;
    desk::build(&tools)?;
    worker::build(&tools, Kind::Rehearsal)?;
    // Beside the demo, so that every network can be tried without an account anywhere.
    let networks = if options.demo { Some(Networks::start(options.port.saturating_add(1))?) } else { None };
    println!("→ Starting the engine …");
    let mut engine = Engine::start(
        &tools,
        &engine::Options {
            kind: Kind::Rehearsal,
            port: options.port,
            data: options.data.clone(),
            cron: true,
            doors: options.demo,
            echo: false,
            desk: true,
        },
    )?;
    welcome(&engine, options.demo)?;
    if let Some(networks) = &networks {
        networks.stand_in(&engine)?;
        println!("Networks to try with: {}/\n", networks.origin());
    }
    println!("Data: {}   Stop: Ctrl-C", options.data.display());
    engine.wait()
}

/// What `engine` was asked for.
pub struct EngineOptions {
    kind: Kind,
    cron: bool,
    demo: bool,
    port: u16,
    data: PathBuf,
}

impl EngineOptions {
    /// Reads the options of `engine`.
    pub fn parse(args: &mut Arguments) -> Result<Self> {
        Ok(Self {
            kind: if args.contains("--dev") { Kind::Dev } else { Kind::Rehearsal },
            cron: !args.contains("--no-cron"),
            demo: args.contains("--demo"),
            port: port(args)?,
            data: args.opt_value_from_str("--data")?.unwrap_or(place::built().join("data")),
        })
    }
}

/// The engine alone, talking: for work on it.
pub fn engine(options: &EngineOptions) -> Result<()> {
    let tools = tools::for_builds()?;
    worker::build(&tools, options.kind)?;
    let mut engine = Engine::start(
        &tools,
        &engine::Options {
            kind: options.kind,
            port: options.port,
            data: options.data.clone(),
            cron: options.cron,
            doors: true,
            echo: true,
            desk: true,
        },
    )?;
    welcome(&engine, options.demo)?;
    engine.wait()
}

fn welcome(engine: &Engine, demo: bool) -> Result<()> {
    if demo {
        println!("→ Filling in the demo town …");
        engine.demo()?;
    }
    println!("\nPregón is running at  {}/desk/", engine.origin());
    println!("To approve by phone:  {}/decide/", engine.origin());
    if !engine.is_set_up()? {
        println!("Set-up link (once):   {}", engine.setup_link());
    }
    println!();
    Ok(())
}

fn port(args: &mut Arguments) -> Result<u16> {
    Ok(args.opt_value_from_str("--port")?.unwrap_or(PORT))
}
