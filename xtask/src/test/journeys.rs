//! The journeys: whole stories through the real doors, over HTTP and in a browser, each kind on a fresh engine.

use anyhow::{Context, Result};
use serde_json::Value;
use std::fs;
use std::path::Path;
use std::process::Command;

use super::{Counts, Ground, breaks, cargo_test, covered::Covered, leaks::Watch, server};
use crate::command::{captured, step, tail};
use crate::engine::{Engine, sealing_key};
use crate::networks::Networks;
use crate::tools::{self, Python, chromium};
use crate::{desk, http, place};

/// Journeys side by side. Each waits most of its time: for the queue, for a network's pace, for one of the engines below. With ten,
/// two cores were so busy that what is due at once was not out in a minute.
const SIDE_BY_SIDE: &str = "6";

/// Engines that journeys share. Each answers one request after the other: on a single one, six journeys had each request wait for
/// others three quarters of its time.
const SHARED: [&str; 2] = ["api", "api-too"];

/// Engines for the journeys that move the clock, each by one at a time. An engine takes about 600 MB, and half a minute of a core
/// until its program is compiled.
const ALONE: [&str; 3] = ["api-alone", "api-alone-two", "api-alone-three"];

/// Rust journeys (`tests/api`), with a real Bluesky server and an independent Mastodon mock beside the engines: those that
/// journeys share, and those for whoever moves the clock, so that few wait for another. Their environment says
/// where: `PREGON_URL`, `PREGON_URL_ALONE`, `PREGON_SETUP_TOKEN`, `PREGON_BLUESKY`, `PREGON_MASTODON_MOCK`; which
/// Node runs the networks' own clients that read back: `PREGON_NODE`; and which Python the independent verifier of
/// receipts and other clients: `PREGON_PYTHON`. A journey that misses one of them fails. The
/// sandbox networks are started by the journeys themselves, each its own. What they name as secret (`PREGON_SECRETS`) is
/// then looked for in all that came out (`PREGON_TRANSCRIPT`, the log, the database); what clients that are not ours made and
/// read (`PREGON_COVERED`) is printed.
pub fn api(ground: &Ground) -> Result<Counts> {
    let node = &ground.tools.node;
    let python = Python::find_or_install()?;
    tools::network_servers(node, &python)?;
    let started = |names: &[&str]| names.iter().map(|name| ground.engine(name, false)).collect::<Result<Vec<_>>>();
    let (shared, alone) = (started(&SHARED)?, started(&ALONE)?);
    let told = |engines: &[Engine], what: fn(&Engine) -> &str| engines.iter().map(what).collect::<Vec<_>>().join(",");

    let (bluesky, port) = local()?;
    let mut start = node.command("node");
    start
        .arg(place::root().join("tests/networks/node/bluesky-server.mjs"))
        .env("PORT", port)
        .env("DATA", fresh("bluesky")?);
    let _bluesky = server("The Bluesky server", &mut start, &format!("{bluesky}/xrpc/_health"))?;

    let (mastodon, port) = local()?;
    let mut start = Command::new(python.program("mastodon_mock"));
    start.args(["serve", "--in-memory", "--port", &port]).current_dir(fresh("mastodon")?);
    let _mastodon = server("The Mastodon mock", &mut start, &format!("{mastodon}/api/v2/instance"))?;

    let data = place::built().join("test/api");
    let watch = Watch::new(&data)?;
    let covered = Covered::new(&data)?;
    let mut command = Command::new("cargo");
    command
        .current_dir(place::root())
        .args(["test", "--locked", "--no-fail-fast", "--package", "api-journeys", "--", "--test-threads", SIDE_BY_SIDE])
        .env("PREGON_URL", told(&shared, Engine::origin))
        .env("PREGON_URL_ALONE", told(&alone, Engine::origin))
        .env("PREGON_SETUP_TOKEN", told(&shared, Engine::setup_token))
        .env("PREGON_BLUESKY", bluesky)
        .env("PREGON_MASTODON_MOCK", mastodon)
        .env("PREGON_NODE", node.program("node"))
        .env("PREGON_PYTHON", python.program("python"))
        .env("PREGON_SECRETS", &watch.secrets)
        .env("PREGON_TRANSCRIPT", &watch.transcript)
        .env("PREGON_COVERED", &covered.file);
    let mut counts = cargo_test("Journeys over HTTP", &mut command)?;
    let folder = |name: &str| place::built().join("test").join(name);
    let engines: Vec<_> = SHARED.into_iter().chain(ALONE).map(folder).collect();
    let keys = engines.iter().map(|data| sealing_key(data)).collect::<Result<Vec<_>>>()?;
    let tokens = shared.iter().chain(&alone).map(Engine::setup_token);
    let own: Vec<&str> = keys.iter().map(|key| &**key).chain(tokens).collect();
    counts += watch.judge(ground, &engines, &own)?;
    for data in &engines {
        breaks::look(&mut counts, data)?;
    }
    counts += covered.print()?;
    Ok(counts)
}

/// Compiles those of [`api`], to be run later.
pub fn compile() -> Result<()> {
    let mut command = Command::new("cargo");
    command.current_dir(place::root()).args(["test", "--locked", "--no-run", "--package", "api-journeys"]);
    step("Compiling the journeys over HTTP", &mut command).map(drop)
}

/// The address of a server to be started, and its port.
fn local() -> Result<(String, String)> {
    let port = http::free_port()?;
    Ok((format!("http://127.0.0.1:{port}"), port.to_string()))
}

/// Browser journeys (`tests/browser`, Playwright).
pub fn browser(ground: &Ground) -> Result<Counts> {
    let node = &ground.tools.node;
    let chromium = chromium::find_or_install(node)?;
    desk::build(&ground.tools)?;
    let networks = Networks::start(http::free_port()?)?;
    let engine = ground.engine("browser", true)?;
    let report = place::made(place::built().join("test"))?.join("browser.json");
    let _ = fs::remove_file(&report);
    let mut command = node.command("playwright");
    command
        .current_dir(place::root().join("tests/browser"))
        .args(["test", "--reporter", "line,json"])
        .env("PLAYWRIGHT_JSON_OUTPUT_NAME", &report)
        .env("PREGON_URL", engine.origin())
        .env("PREGON_NETWORKS", networks.origin())
        .env("PREGON_SETUP_TOKEN", engine.setup_token());
    if let Some(program) = chromium {
        command.env("CHROMIUM", program);
    }
    let finished = captured("Journeys in the browser", &mut command, true)?;
    let mut counts = read_report(&report).with_context(|| tail(&finished.output, 80))?;
    if counts.failed > 0 {
        println!("{}\n(all of it: {})", tail(&finished.output, 200), finished.log.display());
    }
    breaks::look(&mut counts, &place::built().join("test/browser"))?;
    Ok(counts)
}

/// Playwright's own sums. A test that passed only on a second try is a failure, and so is one that was skipped.
fn read_report(report: &Path) -> Result<Counts> {
    let text = fs::read_to_string(report).context("Playwright wrote no report")?;
    let report: Value = serde_json::from_str(&text)?;
    let stat = |name: &str| report["stats"][name].as_u64().unwrap_or(0) as u32;
    // Errors outside of tests: a file that does not load, a server that is not there.
    let errors = report["errors"].as_array().map_or(0, Vec::len) as u32;
    let mut named = vec![];
    report["suites"].as_array().into_iter().flatten().for_each(|suite| bad(suite, &mut named));
    let failed = stat("unexpected") + stat("flaky") + stat("skipped") + errors;
    Ok(Counts { passed: stat("expected"), failed, named })
}

/// The titles of what did not go as expected in a suite of the report, and in those that it holds.
fn bad(suite: &Value, named: &mut Vec<String>) {
    let of = |name: &str| suite[name].as_array().into_iter().flatten();
    for spec in of("specs") {
        let is_expected = |test: &Value| test["status"] == "expected";
        if !spec["tests"].as_array().is_some_and(|tests| tests.iter().all(is_expected)) {
            named.push(format!("{}: {}", spec["file"].as_str().unwrap_or("?"), spec["title"].as_str().unwrap_or("?")));
        }
    }
    of("suites").for_each(|inner| bad(inner, named));
}

/// An empty folder for a server's data.
fn fresh(name: &str) -> Result<std::path::PathBuf> {
    let folder = place::built().join("test").join(name);
    if folder.exists() {
        fs::remove_dir_all(&folder)?;
    }
    place::made(folder)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn flaky_skipped_and_unloadable_browser_tests_are_failures() {
        let file = std::env::temp_dir().join(format!("pregon-report-{}.json", std::process::id()));
        fs::write(&file, r#"{"stats":{"expected":7,"unexpected":1,"flaky":1,"skipped":2},"errors":[{}],"suites":[{"suites":[{"specs":[
            {"file":"a.spec.ts","title":"one","tests":[{"status":"expected"}]},
            {"file":"a.spec.ts","title":"two","tests":[{"status":"flaky"}]}]}]}]}"#).unwrap();
        let named = vec!["a.spec.ts: two".to_owned()];
        assert_eq!(read_report(&file).unwrap(), Counts { passed: 7, failed: 5, named });
        fs::remove_file(&file).unwrap();
        assert!(read_report(&file).is_err());
    }
}
