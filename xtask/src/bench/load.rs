//! The first load of the desk, and of the approver's page, in a real browser, on an old machine and a thin line; and the
//! visit after it.
//! Separate from `bytes`: here the browser says what it asked for, and how long a person waited.

use anyhow::{Context, Result};
use serde_json::Value;
use std::env;

use super::{Ground, Row};
use crate::command::quiet;
use crate::place;
use crate::tools::chromium;

/// Bytes, and seconds until the week can be read: the middle one of three.
pub fn load(ground: &Ground) -> Result<Vec<Row>> {
    let measured = in_chromium(ground, "desk")?;
    let number = |name: &str| number(&measured, name);
    Ok(vec![
        Row::new(
            "first load until the week can be read, every request, brotli",
            number("bytes")? / 1000.0,
            "KB",
            300.0,
        ),
        Row::new(
            "first load, 4 × slower CPU, 1.6 Mbit/s, 150 ms: week can be read after",
            number("first")? / 1000.0,
            "s",
            2.5,
        ),
        Row::new("the same, repeat visit", number("again")? / 1000.0, "s", 1.0),
    ])
}

/// The same of the approver's page, from a notice that was tapped; then the taps, and what the decision costs.
pub fn decide(ground: &Ground) -> Result<Vec<Row>> {
    let measured = in_chromium(ground, "decide")?;
    let number = |name: &str| number(&measured, name);
    let whole = |name: &str| self::number(&measured["whole"], name);
    Ok(vec![
        Row::new(
            "approver's first load until the item can be read, every request, brotli",
            number("bytes")? / 1000.0,
            "KB",
            200.0,
        ),
        Row::new(
            "tapped notice, 4 × slower CPU, 1.6 Mbit/s, 150 ms: the item can be read after",
            number("first")? / 1000.0,
            "s",
            2.0,
        ),
        Row::new("the same, installed", number("again")? / 1000.0, "s", 0.7),
        Row::new("with what is fetched while it is read, all requests", whole("bytes")? / 1000.0, "KB", 400.0),
        Row::new("that is there, and signs, after", whole("time")? / 1000.0, "s", 4.0),
        Row::new("taps from the notice to the signed decision, besides the passkey", number("taps")?, "", 2.0),
        Row::new("D1 round trips of a signed decision, one of them the batch of writes", number("trips")?, "", 5.0),
    ])
}

/// A number of what was measured.
pub fn number(measured: &Value, name: &str) -> Result<f64> {
    measured[name].as_f64().with_context(|| format!("no `{name}`"))
}

fn in_chromium(ground: &Ground, page: &str) -> Result<Value> {
    let node = &ground.tools.node;
    let program = chromium::find_or_install(node)?;
    let modules = node.bin().parent().context("the node tools lie nowhere")?.to_owned();
    let mut command = node.command("node");
    command
        .arg(place::root().join("xtask/src/bench/load.cjs"))
        .env("PAGE", page)
        .env("PREGON_URL", ground.engine.origin())
        .env("PLAYWRIGHT", modules.join("playwright"))
        .env("CHROMIUM", program.or_else(|| env::var_os("CHROMIUM").map(Into::into)).unwrap_or_default());
    let said = quiet("Loading it in Chromium", &mut command)?;
    let line = said.lines().rfind(|line| line.starts_with('{')).context("the browser said nothing")?;
    let measured: Value = serde_json::from_str(line)?;
    for request in measured["requests"].as_array().into_iter().flatten() {
        println!("  {:<60} {:>8} bytes", request[0].as_str().unwrap_or_default(), request[1]);
    }
    // Where the time goes, for whoever wants to shorten it.
    for (visit, steps) in measured["steps"].as_object().into_iter().flatten() {
        println!("\n  {visit}, milliseconds from and until");
        for step in steps.as_array().into_iter().flatten() {
            println!("  {:<60} {:>6} {:>6}", step[0].as_str().unwrap_or_default(), step[1], step[2]);
        }
    }
    Ok(measured)
}
