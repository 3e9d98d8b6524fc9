//! A script in Chromium that measures something: it is told where the engine is, and says one line of JSON. What it says besides
//! is shown while it runs, so that whoever waits sees where it is.

use anyhow::{Context, Result, bail};
use serde_json::Value;
use std::env;
use std::process::Stdio;
use std::sync::mpsc::{self, RecvTimeoutError};
use std::time::{Duration, Instant};

use super::Ground;
use crate::command::{Group, follow, seconds};
use crate::place;
use crate::tools::chromium;

/// The longest takes about seven minutes, and each ends itself after fifteen (`desk.cjs`): this is for one that cannot even do that.
const LONGEST: Duration = Duration::from_secs(17 * 60);

/// How often it is looked whether it still runs.
const LOOK: Duration = Duration::from_millis(200);

/// Runs one of the scripts beside this file; `doing` is what is shown when it begins.
pub fn measured(ground: &Ground, script: &str, origin: &str, doing: &str) -> Result<Value> {
    let node = &ground.tools.node;
    let program = chromium::find_or_install(node)?;
    let modules = node.bin().parent().context("the node tools lie nowhere")?.to_owned();
    let mut command = node.command("node");
    command
        .arg(place::root().join("xtask/src/bench").join(script))
        .env("PREGON_URL", origin)
        .env("PLAYWRIGHT", modules.join("playwright"))
        .env("CHROMIUM", program.or_else(|| env::var_os("CHROMIUM").map(Into::into)).unwrap_or_default())
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    println!("→ {doing} …");
    let began = Instant::now();
    let mut group = Group::spawn(&mut command)?;
    let (say, said) = mpsc::channel();
    if let Some(stream) = group.child.stdout.take() {
        let say = say.clone();
        follow(stream, move |line| {
            let _ = say.send(line.to_owned());
        });
    }
    if let Some(stream) = group.child.stderr.take() {
        follow(stream, move |line| {
            let _ = say.send(line.to_owned());
        });
    }
    let mut found = None;
    loop {
        match said.recv_timeout(LOOK) {
            Ok(line) => {
                println!("  {line}");
                if line.starts_with('{') {
                    found = Some(line);
                }
            }
            Err(RecvTimeoutError::Disconnected) => break,
            // A browser that it left behind may hold what it speaks into: then nobody says that it has ended.
            Err(RecvTimeoutError::Timeout) if group.child.try_wait()?.is_some() => break,
            Err(RecvTimeoutError::Timeout) if began.elapsed() > LONGEST => {
                bail!("{doing}: no end after {}; what it did last stands above", seconds(began.elapsed()));
            }
            Err(RecvTimeoutError::Timeout) => {}
        }
    }
    let status = group.child.wait()?;
    if !status.success() {
        bail!("{doing}: {status}; why stands above");
    }
    println!("✓ {doing} ({})", seconds(began.elapsed()));
    Ok(serde_json::from_str(&found.context("the browser said nothing")?)?)
}
