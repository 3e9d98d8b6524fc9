//! What will be deployed: that it has none of the test doors, and that a deployment would be accepted.

use anyhow::Result;
use std::fs;
use std::time::Duration;

use super::{Counts, Ground};
use crate::command::quiet;
use crate::worker::{self, Kind};
use crate::{deploy, desk, http, place};

/// The paths of the test doors, as the contract has them.
const DOORS: &str = "/api/rehearsal/";

/// The routes answer 404 and the binary does not hold their names. The same looks at the rehearsal build must find
/// them: else this test could not fail.
pub fn no_test_doors(ground: &Ground) -> Result<Counts> {
    let mut counts = Counts::default();
    worker::build(&ground.tools, Kind::Rehearsal)?;
    worker::build(&ground.tools, Kind::Production)?;
    counts.check("the rehearsal build holds the doors' paths", holds(Kind::Rehearsal, DOORS)?);
    for word in [DOORS, "x-pregon-spent"] {
        counts.check(&format!("the production build does not hold `{word}`"), !holds(Kind::Production, word)?);
    }
    let contract = fs::read_to_string(place::root().join("wire/src/rehearsal.rs"))?;
    let paths = quoted(&contract, DOORS);
    counts.check("the contract names test doors", !paths.is_empty());
    let engine = ground.engine_of("production", Kind::Production, false)?;
    let health = http::get(&format!("{}/api/health", engine.origin()), Duration::from_secs(10))?;
    counts.check("the production build answers", health.status == 200);
    for path in paths {
        for answer in [
            http::get(&format!("{}{path}", engine.origin()), Duration::from_secs(10))?,
            http::post(engine.origin(), path, Duration::from_secs(10))?,
        ] {
            counts.check(&format!("{path} is not there (answered {})", answer.status), answer.status == 404);
        }
    }
    Ok(counts)
}

/// The whole dry run of a deployment, bundling included.
pub fn dry_run(ground: &Ground) -> Result<Counts> {
    let mut counts = Counts::default();
    desk::build(&ground.tools)?;
    worker::build(&ground.tools, Kind::Production)?;
    let rehearsed = deploy::rehearse(&ground.tools, &deploy::Options::rehearsal());
    if let Err(error) = &rehearsed {
        println!("{error:#}");
    }
    counts.check("the dry run of a deployment succeeds", rehearsed.is_ok());
    let bundle = place::built().join("deploy/bundle/index.js");
    counts.check("the bundle to be uploaded is there", bundle.is_file());
    let mut ask = ground.tools.node.command("wrangler");
    ask.arg("--version");
    counts.check("wrangler is the pinned one", quiet("Asking wrangler", &mut ask)?.contains("4.164.0"));
    Ok(counts)
}

/// Whether any file of a build holds these bytes.
fn holds(kind: Kind, word: &str) -> Result<bool> {
    for entry in fs::read_dir(kind.folder())? {
        let path = entry?.path();
        if path.is_file() && fs::read(&path)?.windows(word.len()).any(|bytes| bytes == word.as_bytes()) {
            return Ok(true);
        }
    }
    Ok(false)
}

/// The string literals of a Rust source that begin with `start`.
fn quoted<'a>(source: &'a str, start: &str) -> Vec<&'a str> {
    source.split('"').skip(1).step_by(2).filter(|text| text.starts_with(start)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_doors_are_read_from_the_contract() {
        let source = "Endpoint::new(Post, \"/api/rehearsal/demo\", A); Endpoint::new(Get, \"/api/health\", A)";
        assert_eq!(quoted(source, DOORS), ["/api/rehearsal/demo"]);
    }
}
