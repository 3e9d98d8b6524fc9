//! A script in Chromium that measures something: it is told where the engine is, and says one line of JSON.

use anyhow::{Context, Result};
use serde_json::Value;
use std::env;

use super::Ground;
use crate::command::quiet;
use crate::place;
use crate::tools::chromium;

/// Runs one of the scripts beside this file; `doing` is what is shown while it runs.
pub fn measured(ground: &Ground, script: &str, origin: &str, doing: &str) -> Result<Value> {
    let node = &ground.tools.node;
    let program = chromium::find_or_install(node)?;
    let modules = node.bin().parent().context("the node tools lie nowhere")?.to_owned();
    let mut command = node.command("node");
    command
        .arg(place::root().join("xtask/src/bench").join(script))
        .env("PREGON_URL", origin)
        .env("PLAYWRIGHT", modules.join("playwright"))
        .env("CHROMIUM", program.or_else(|| env::var_os("CHROMIUM").map(Into::into)).unwrap_or_default());
    let said = quiet(doing, &mut command)?;
    // What it says besides is for whoever wants to know what was slow.
    said.lines().for_each(|line| println!("  {line}"));
    let line = said.lines().rfind(|line| line.starts_with('{')).context("the browser said nothing")?;
    Ok(serde_json::from_str(line)?)
}
