//! The fault campaign: an engine, networks that misbehave, chance, and a count on the networks' side.
//! Lost 0, twice 0, silent 0, of posts, videos, stories and first comments; of what was corrected, the words that were agreed to last or
//! somebody who knows; and no invocation over the free plan's budget. Started by
//! `cargo xtask bench faults` and by `cargo xtask test`, which own the engine; and by `cargo xtask bench burst` and `cargo xtask
//! bench queue`, for which the networks behave.

mod burst;
mod chance;
mod engine;
mod film;
mod heavy;
mod network;
mod run;
mod town;
mod verdict;

use std::{collections::BTreeMap, env, process::ExitCode, time::Instant};

use anyhow::{Context, Result};
use wire::rehearsal::Heaviest;

use network::{Kind, Met};
use run::{Hits, Plan};

/// Queries and calls that the free plan allows an invocation.
const MOST_SPENT: u64 = 50;

fn number(name: &str, usual: u64) -> Result<u64> {
    env::var(name).map_or(Ok(usual), |text| text.parse().with_context(|| format!("{name} is no number")))
}

fn main() -> ExitCode {
    match campaign() {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            println!("the campaign could not be run: {error:#}");
            ExitCode::from(2)
        }
    }
}

/// Runs it; answers whether every promise was kept.
fn campaign() -> Result<bool> {
    let origin = env::var("PREGON_URL").context("PREGON_URL says where the engine is")?;
    if env::var_os("PREGON_BURST").is_some() {
        return burst::burst(origin);
    }
    if env::var_os("PREGON_HEAVY").is_some() {
        return heavy::heavy(origin);
    }
    let plan = Plan {
        seed: number("PREGON_SEED", 1)?,
        runs: number("PREGON_RUNS", 40)?,
        kills: u32::try_from(number("PREGON_KILLS", 0)?)?,
        planted: env::var("PREGON_PLANT").ok().filter(|bug| !bug.is_empty()),
    };
    let least = number("PREGON_LEAST_HITS", 0)?;
    let least_publications = number("PREGON_LEAST_PUBLICATIONS", 0)?;
    println!(
        "seed {}, {} runs, at most {} kills{}",
        plan.seed,
        plan.runs,
        plan.kills,
        match &plan.planted {
            Some(bug) => format!(", with {bug} planted"),
            None => String::new(),
        }
    );
    let began = Instant::now();
    let town = town::Town::found(engine::Engine::at(origin))?;
    let mut hits = Hits::default();
    let mut states: BTreeMap<String, u32> = BTreeMap::new();
    let (mut publications, mut broken, mut heavy) = (0_u64, 0, 0);
    let mut heaviest = Heaviest::default();
    for number in 0..plan.runs {
        let found = run::run(&town, &plan, number, &mut hits).with_context(|| format!("run {number}"))?;
        publications += u64::from(found.publications);
        for (state, count) in found.states {
            *states.entry(state).or_default() += count;
        }
        for violation in &found.broken {
            println!("✗ run {number}: {violation}");
        }
        broken += found.broken.len();
        if found.heaviest.spent > MOST_SPENT {
            println!("✗ run {number}: an invocation spent {}: {}", found.heaviest.spent, found.heaviest.work);
            heavy += 1;
        }
        if found.heaviest.spent > heaviest.spent {
            heaviest = found.heaviest;
        }
        if plan.planted.is_some() && broken > 0 {
            break;
        }
        if number % 20 == 19 {
            println!(
                "… {} of {} runs, {broken} broken promises, {} s",
                number + 1,
                plan.runs,
                began.elapsed().as_secs()
            );
        }
    }
    let all = hits.all(&town)?;
    println!("\n{:<40} {:>6}", "fault", "hits");
    for (name, count) in &all {
        println!("{name:<40} {count:>6}");
    }
    let by_network = run::at_networks(&town);
    println!("\n{}", table(&by_network));
    println!("\n{:<40} {:>6}", "publications came to", "");
    for (state, count) in &states {
        println!("{state:<40} {count:>6}");
    }
    println!(
        "\n{:<40} {:>6}  of {MOST_SPENT}, by {}",
        "queries and calls of an invocation, worst", heaviest.spent, heaviest.work
    );
    // What few networks have is met as often as their share of all networks.
    let shares: BTreeMap<String, u64> = by_network.iter().map(|(met, by)| (met.to_string(), by.len() as u64)).collect();
    let needed = |name: &str| shares.get(name).map_or(least, |share| (least * share).div_ceil(Kind::ALL.len() as u64));
    let rare: Vec<&String> = all.iter().filter(|(name, count)| **count < needed(name)).map(|(name, _)| name).collect();
    if !rare.is_empty() {
        println!("✗ hit fewer than {least} times, or than their share of that: {rare:?}");
    }
    // Where each must be met so often, it must be met everywhere.
    let never = by_network.iter().flat_map(|(met, by)| by.iter().map(move |(kind, count)| (met, kind, count)));
    let never: Vec<String> =
        never.filter(|cell| least > 0 && *cell.2 == 0).map(|(met, kind, _)| format!("{met} at {kind:?}")).collect();
    if !never.is_empty() {
        println!("✗ never met: {never:?}");
    }
    let few = publications < least_publications;
    if few {
        println!("✗ fewer than {least_publications} publications");
    }
    println!("\n{publications} publications, {broken} broken promises, {} s", began.elapsed().as_secs());
    // A planted bug is found by what it breaks, not by what it costs.
    let is_within = heavy == 0 || plan.planted.is_some();
    Ok(broken == 0 && is_within && rare.is_empty() && never.is_empty() && !few)
}

/// What each network did wrong, and how often; where it cannot, nothing stands.
fn table(by_network: &[(Met, Vec<(Kind, u64)>)]) -> String {
    let mut text = format!("{:<40}", "fault at");
    Kind::ALL.iter().for_each(|kind| text.push_str(&format!("{:>11}", format!("{kind:?}"))));
    for (met, by) in by_network {
        let count = |kind: &Kind| by.iter().find(|(of, _)| of == kind).map(|(_, count)| count.to_string());
        let row: String = Kind::ALL.iter().map(|kind| format!("{:>11}", count(kind).unwrap_or_default())).collect();
        text.push_str(format!("\n{:<40}{row}", met.to_string()).trim_end());
    }
    text
}
