//! `cargo xtask test`: everything, from nothing. Each part starts what it needs and answers how many tests passed and
//! failed; the last line adds them up. To add a part, write a function and name it in [`PARTS`].

mod breaks;
mod covered;
mod drill;
mod faults;
mod journeys;
mod leaks;
mod production;
mod verifier;

use anyhow::{Result, bail};
use std::fmt;
use std::fs;
use std::ops::AddAssign;
use std::process::Command;
use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant};

use crate::command::{self, captured, seconds, tail};
use crate::engine::{self, Engine};
use crate::tools::{self, Tools};
use crate::worker::{self, Kind};
use crate::{desk, http, place};

/// One part of the proof.
struct Part {
    name: &'static str,
    what: &'static str,
    /// What must be built before it begins.
    needs: &'static [Need],
    /// Whether it looks at the clock: then nothing is built beside it.
    timed: bool,
    run: fn(&Ground) -> Result<Counts>,
}

/// What takes minutes to build.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Need {
    Engine(Kind),
    Desk,
}

const REHEARSAL: Need = Need::Engine(Kind::Rehearsal);
const PRODUCTION: Need = Need::Engine(Kind::Production);

/// In this order: what is quick comes first, and what can run beside a build before what cannot.
const PARTS: &[Part] = &[
    Part {
        name: "units",
        what: "rules, words, contract, sandbox networks and these tools",
        needs: &[],
        timed: false,
        run: units,
    },
    Part {
        name: "verifier",
        what: "receipts of decisions, good and tampered, before two verifiers",
        needs: &[],
        timed: false,
        run: verifier::verifier,
    },
    // The campaign owns the engine's clock and waits for work, not for seconds, and its engines have no desk: it runs while that
    // is built.
    Part {
        name: "faults",
        what: "the fault campaign, short, and eight planted bugs that it must find",
        needs: &[REHEARSAL],
        timed: false,
        run: faults::faults,
    },
    Part {
        name: "api",
        what: "journeys over HTTP on a local engine",
        needs: &[REHEARSAL],
        timed: true,
        run: journeys::api,
    },
    Part {
        name: "browser",
        what: "journeys in Chromium on a local engine",
        needs: &[REHEARSAL, Need::Desk],
        timed: true,
        run: journeys::browser,
    },
    Part {
        name: "backup",
        what: "a deployment saved, and restored into nothing",
        needs: &[REHEARSAL],
        timed: true,
        run: drill::backup_and_restore,
    },
    Part {
        name: "production",
        what: "the build to be deployed has no test door",
        needs: &[REHEARSAL, PRODUCTION],
        timed: true,
        run: production::no_test_doors,
    },
    Part {
        name: "deploy",
        what: "a deployment rehearsed without a network",
        needs: &[Need::Desk, PRODUCTION],
        timed: true,
        run: production::dry_run,
    },
];

/// How many tests passed and failed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    passed: u32,
    failed: u32,
    /// Those that failed, said once more at the end: the part's own output is thousands of lines above.
    named: Vec<String>,
}

impl Counts {
    /// One check of our own.
    fn check(&mut self, what: &str, holds: bool) {
        if holds {
            self.passed += 1;
        } else {
            println!("  ✗ {what}");
            self.failed += 1;
            self.named.push(what.to_owned());
        }
    }
}

impl AddAssign for Counts {
    fn add_assign(&mut self, other: Self) {
        self.passed += other.passed;
        self.failed += other.failed;
        self.named.extend(other.named);
    }
}

/// The closing line, which CI reads.
impl fmt::Display for Counts {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(to, "{} passed, {} failed", self.passed, self.failed)
    }
}

/// What every part may use.
struct Ground {
    tools: Tools,
}

impl Ground {
    /// A fresh engine with the test doors and no data. Journeys that move the clock call the tick themselves; for the
    /// others `cron` fires it each minute.
    fn engine(&self, name: &str, cron: bool) -> Result<Engine> {
        self.engine_of(name, Kind::Rehearsal, cron)
    }

    fn engine_of(&self, name: &str, kind: Kind, cron: bool) -> Result<Engine> {
        worker::build(&self.tools, kind)?;
        let data = place::built().join("test").join(name);
        if data.exists() {
            fs::remove_dir_all(&data)?;
        }
        Engine::start(&self.tools, &engine::Options { cron, ..engine::Options::rehearsal(kind, data)? })
    }
}

/// Runs every part, or the named ones, and answers whether all of it passed.
pub fn run(only: &[String]) -> Result<bool> {
    for name in only {
        if !PARTS.iter().any(|part| part.name == name) {
            let names: Vec<&str> = PARTS.iter().map(|part| part.name).collect();
            bail!("there is no part `{name}`; there are: {}", names.join(", "));
        }
    }
    let ground = Ground { tools: tools::for_builds()? };
    let parts: Vec<&Part> =
        PARTS.iter().filter(|part| only.is_empty() || only.iter().any(|name| name == part.name)).collect();
    let rows = thread::scope(|scope| {
        // Beside the parts that do not mind: much of a build keeps one core busy, and so does much of those parts.
        let (done, built) = mpsc::channel();
        let (tools, all) = (&ground.tools, &parts);
        scope.spawn(move || build(tools, all, &done));
        let (mut there, mut idle) = (Vec::new(), true);
        let mut rows = Vec::new();
        for part in &parts {
            println!("\n── {}: {}", part.name, part.what);
            let began = Instant::now();
            if idle && !part.needs.is_empty() {
                idle = false;
                // The other core has this to do while it waits.
                if parts.iter().any(|part| part.name == "api") {
                    let _ = journeys::compile();
                }
            }
            if part.timed {
                there.extend(&built);
            }
            while !part.needs.iter().all(|need| there.contains(need)) {
                let Ok(need) = built.recv() else { break };
                there.push(need);
            }
            let counts = judged(part.name, (part.run)(&ground));
            println!("── {}: {counts} ({})", part.name, seconds(began.elapsed()));
            rows.push((*part, counts, began.elapsed()));
        }
        rows
    });
    let mut sum = Counts::default();
    println!("\n{}", table(&rows));
    for (part, counts, _) in rows {
        counts.named.iter().for_each(|name| println!("✗ {}: {name}", part.name));
        sum += counts;
    }
    println!("{sum}");
    Ok(sum.failed == 0)
}

/// Builds what the parts need, and says of each when it is there. An error is for the part that needs it: it builds what is
/// not there, and fails by name.
fn build(tools: &Tools, parts: &[&Part], done: &mpsc::Sender<Need>) {
    for need in [REHEARSAL, Need::Desk, PRODUCTION] {
        if parts.iter().any(|part| part.needs.contains(&need)) {
            let _ = match need {
                Need::Engine(kind) => worker::build(tools, kind),
                Need::Desk => desk::build(tools),
            };
            let _ = done.send(need);
        }
    }
}

/// An error is a failure, and so is a part in which nothing was tested: it means that its tests were not found.
fn judged(name: &str, result: Result<Counts>) -> Counts {
    match result {
        Ok(counts) if counts == Counts::default() => {
            println!("✗ {name}: no test ran");
            Counts { failed: 1, named: vec!["no test ran".to_owned()], ..Counts::default() }
        }
        Ok(counts) => counts,
        Err(error) => {
            println!("✗ {name}: {error:#}");
            Counts { failed: 1, named: vec![error.to_string()], ..Counts::default() }
        }
    }
}

fn table(rows: &[(&Part, Counts, Duration)]) -> String {
    let mut text = format!("{:<12} {:>7} {:>7}   time\n", "part", "passed", "failed");
    for (part, counts, time) in rows {
        text += &format!("{:<12} {:>7} {:>7}   {}\n", part.name, counts.passed, counts.failed, seconds(*time));
    }
    text
}

/// Everything that needs no engine.
fn units(_: &Ground) -> Result<Counts> {
    let mut command = Command::new("cargo");
    command.current_dir(place::root()).args(["test", "--locked", "--no-fail-fast"]);
    for package in ["domain", "words", "wire", "edge", "xtask", "networks-sandbox", "campaign"] {
        command.args(["--package", package]);
    }
    let mut counts = cargo_test("Unit tests", &mut command)?;
    // By itself: beside the others it would ask all that they share for other features, and build them twice.
    let mut desk = Command::new("cargo");
    desk.current_dir(place::root()).args(["test", "--locked", "--no-fail-fast", "--package", "app", "--lib", "--bins"]);
    counts += cargo_test("Unit tests of the desk", &mut desk)?;
    Ok(counts)
}

/// Runs `cargo test …` and counts. Its output is shown if anything failed.
fn cargo_test(title: &str, command: &mut Command) -> Result<Counts> {
    let finished = captured(title, command, true)?;
    let mut counts = counted(&finished.output);
    if !finished.status.success() && counts.failed == 0 {
        counts.failed = 1; // it did not even compile, or died
    }
    if counts.failed > 0 {
        println!("{}\n(all of it: {})", tail(&finished.output, 200), finished.log.display());
    }
    Ok(counts)
}

/// Adds up libtest's closing lines. An ignored test counts as failed: nothing may be skipped unseen.
fn counted(output: &str) -> Counts {
    let mut counts = Counts::default();
    for line in output.lines().filter_map(|line| line.trim().strip_prefix("test result: ")) {
        for (number, what) in line.split(['.', ';']).filter_map(|piece| piece.trim().split_once(' ')) {
            let number = number.parse().unwrap_or(0);
            match what {
                "passed" => counts.passed += number,
                "failed" | "ignored" => counts.failed += number,
                _ => {}
            }
        }
    }
    let failed = |line: &str| line.trim().strip_prefix("test ")?.strip_suffix(" ... FAILED").map(str::to_owned);
    counts.named.extend(output.lines().filter_map(failed));
    counts
}

/// A background server of a part; stopped when dropped.
fn server(title: &str, command: &mut Command, ready: &str) -> Result<command::Group> {
    let log = place::made(place::built().join("log"))?.join(format!("{}.log", title.replace(' ', "-").to_lowercase()));
    let file = fs::File::create(&log)?;
    command.stdin(std::process::Stdio::null()).stdout(file.try_clone()?).stderr(file);
    let mut group = command::Group::spawn(command)?;
    let began = Instant::now();
    loop {
        let said = fs::read_to_string(&log).unwrap_or_default();
        if let Ok(answer) = http::get(ready, Duration::from_secs(2))
            && answer.status < 500
        {
            return Ok(group);
        }
        if let Some(status) = group.child.try_wait()? {
            bail!("{title} ended ({status}):\n{}", tail(&said, 60));
        }
        if began.elapsed() > Duration::from_secs(60) {
            bail!("{title} does not answer at {ready}:\n{}", tail(&said, 60));
        }
        std::thread::sleep(Duration::from_millis(100));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_counts_of_every_binary_are_added_up() {
        let output = "test result: ok. 18 passed; 0 failed; 0 ignored; 0 measured; 3 filtered out; finished in 0.06s\n\
                      noise\ntest a::b ... FAILED\ntest result: FAILED. 2 passed; 1 failed; 0 ignored; 0 measured; 0 filtered out; finished in 1.2s";
        assert_eq!(counted(output), Counts { passed: 20, failed: 1, named: vec!["a::b".to_owned()] });
    }

    #[test]
    fn an_ignored_test_is_a_failure() {
        let output = "test result: ok. 1 passed; 0 failed; 2 ignored; 0 measured; 0 filtered out; finished in 0.00s";
        assert_eq!(counted(output), Counts { passed: 1, failed: 2, named: vec![] });
    }

    #[test]
    fn a_part_without_tests_and_a_part_that_breaks_are_failures() {
        let three = Counts { passed: 3, ..Counts::default() };
        assert_eq!(judged("part", Ok(Counts::default())).failed, 1);
        assert_eq!(judged("part", Err(anyhow::anyhow!("no browser"))).failed, 1);
        assert_eq!(judged("part", Ok(three.clone())), three);
    }

    #[test]
    fn the_closing_line_is_what_ci_reads() {
        assert_eq!(Counts { passed: 412, ..Counts::default() }.to_string(), "412 passed, 0 failed");
    }
}
