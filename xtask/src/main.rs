//! `cargo xtask`: the only scripts of the project. This file reads the command line; each command is a file of its own.

mod backup;
mod bench;
mod command;
mod config;
mod deploy;
mod desk;
mod engine;
mod http;
mod networks;
mod place;
mod rotate;
mod run;
mod site;
mod stamp;
mod test;
mod tools;
mod worker;

use anyhow::{Result, bail};
use pico_args::Arguments;

const HELP: &str = "\
cargo xtask run [--demo] [--port N] [--data DIR]
    Sets up the tools, builds everything and runs Pregón on this machine. Ctrl-C stops it; what was done stays.
cargo xtask engine [--port N] [--data DIR] [--dev] [--no-cron] [--demo]
    The engine alone, for work on it: serves the desk that was built last. --dev builds faster and runs slower.
cargo xtask test [PART]...
    Everything, from nothing. The last line is `N passed, N failed`.
cargo xtask deploy [--dry-run] [--name NAME] [--domain HOST] [--jurisdiction eu|none] [--sealing-key FILE]
    Creates or updates a deployment in a Cloudflare account. The dry run works offline and says what it would do.
cargo xtask bench [MEASURE] [--dev]
    Measures, and writes docs/BENCH.md; one measure alone replaces its own rows in it.
cargo xtask bench faults [--runs N] [--seed N] [--dev]
    The whole fault campaign: 300 runs, every fault met at least 20 times.
cargo xtask backup FILE [--data DIR | --remote [--name NAME]]
    The database and the media into FILE, the sealing keys of a local deployment apart into FILE.key.
cargo xtask restore FILE [--key FILE.key] [--data DIR | --remote [--name NAME]]
    A backup into a deployment that has nothing yet.
cargo xtask rotate [--data DIR] [--finish]
    A new sealing key for a local deployment that stands still; --finish lets the former keys go.
cargo xtask desk
    Builds the desk alone, into dist/.
cargo xtask tools [--tests]
    Sets up the tools that the builds need (and the tests), and nothing else.
";

fn main() {
    if let Err(error) = start() {
        if command::stopping() {
            // The other thread is still stopping things, and ends the process when it is done.
            loop {
                std::thread::park();
            }
        }
        eprintln!("\n✗ {error:#}");
        std::process::exit(1);
    }
}

fn start() -> Result<()> {
    let mut args = Arguments::from_env();
    if args.contains(["-h", "--help"]) {
        print!("{HELP}");
        return Ok(());
    }
    command::stop_on_ctrl_c()?;
    match args.subcommand()?.as_deref() {
        Some("run") => {
            let options = run::Options::parse(&mut args)?;
            nothing_left(args)?;
            run::run(&options)
        }
        Some("engine") => {
            let options = run::EngineOptions::parse(&mut args)?;
            nothing_left(args)?;
            run::engine(&options)
        }
        Some("test") => {
            let mut only: Vec<String> = args.values_from_str("--only")?;
            while let Some(part) = args.opt_free_from_str()? {
                only.push(part);
            }
            nothing_left(args)?;
            if !test::run(&only)? {
                std::process::exit(1);
            }
            Ok(())
        }
        Some("bench") => {
            let what = args.subcommand()?;
            if what.as_deref() == Some("faults") {
                let campaign = bench::faults::Campaign::whole(&mut args)?;
                nothing_left(args)?;
                return bench::faults::run_whole(&campaign);
            }
            let options = bench::Options::parse(&mut args, what)?;
            nothing_left(args)?;
            if !bench::run(&options)? {
                std::process::exit(1);
            }
            Ok(())
        }
        Some("deploy") => {
            let options = deploy::Options::parse(&mut args)?;
            nothing_left(args)?;
            deploy::run(&options)
        }
        Some("backup") => {
            let options = backup::Options::parse(&mut args)?;
            nothing_left(args)?;
            backup::backup(&tools::for_builds()?, &options)
        }
        Some("restore") => {
            let options = backup::Options::parse(&mut args)?;
            nothing_left(args)?;
            backup::restore(&tools::for_builds()?, &options)
        }
        Some("rotate") => {
            let options = rotate::Options::parse(&mut args)?;
            nothing_left(args)?;
            rotate::run(&options)
        }
        Some("desk") => {
            nothing_left(args)?;
            desk::build(&tools::for_builds()?)
        }
        Some("tools") => {
            let tests = args.contains("--tests");
            nothing_left(args)?;
            let tools = tools::for_builds()?;
            if tests { tools::for_tests(&tools.node) } else { Ok(()) }
        }
        Some(other) => bail!("there is no command `{other}`\n\n{HELP}"),
        None => bail!("which command?\n\n{HELP}"),
    }
}

/// A mistyped option must not be ignored.
fn nothing_left(args: Arguments) -> Result<()> {
    match args.finish().first() {
        Some(extra) => bail!("I do not understand `{}`\n\n{HELP}", extra.to_string_lossy()),
        None => Ok(()),
    }
}
