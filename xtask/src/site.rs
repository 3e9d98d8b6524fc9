//! The files that are served as they are, without the engine: the desk, and what the public pages load.
//! Separate from the desk, which need not be built for an engine to run; and outside the engine, whose bytes are counted.

use anyhow::{Context, Result, bail};
use std::fs;
use std::path::{Path, PathBuf};

use crate::place;

/// What the public pages load. Readable as it is written: who doubts the page can read what it runs.
const PUBLIC: [&str; 1] = ["verify.js"];

/// What answers under `/public/` carry, as the engine's own do.
const HEADERS: &str = "/public/*\n  X-Content-Type-Options: nosniff\n  Referrer-Policy: no-referrer\n  \
    Cross-Origin-Opener-Policy: same-origin\n  Cross-Origin-Resource-Policy: cross-origin\n  \
    Access-Control-Allow-Origin: *\n  Strict-Transport-Security: max-age=31536000; includeSubDomains\n  \
    Content-Security-Policy: default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'\n";

/// Where the desk's build leaves the headers of its files.
pub fn desk_headers() -> PathBuf {
    place::root().join("dist/desk-headers")
}

/// Lays them out beside the desk, and writes the headers of both.
pub fn lay_out() -> Result<()> {
    let folder = place::made(place::site().join("public"))?;
    for name in PUBLIC {
        let from = place::root().join("edge/src/public").join(name);
        let text = fs::read_to_string(&from).with_context(|| format!("cannot read {}", from.display()))?;
        put(&folder.join(name), &text)?;
    }
    let desk = fs::read_to_string(desk_headers()).unwrap_or_default();
    put(&place::site().join("_headers"), &within(format!("{HEADERS}{desk}"))?)
}

/// So many rules Cloudflare reads of one file, and none behind them; a line may have so many characters.
/// <https://developers.cloudflare.com/workers/static-assets/headers/>, as of 2026-11.
const MOST_RULES: usize = 100;
const LONGEST_LINE: usize = 2_000;

/// Refuses headers of which some would not be read: pages without their policy look as they always did.
fn within(headers: String) -> Result<String> {
    let rules = headers.lines().filter(|line| line.starts_with('/')).count();
    if rules > MOST_RULES {
        bail!("{rules} rules for the headers of files; Cloudflare reads {MOST_RULES}");
    }
    if let Some(line) = headers.lines().find(|line| line.chars().count() > LONGEST_LINE) {
        bail!("a header is {} characters long; Cloudflare reads {LONGEST_LINE}", line.chars().count());
    }
    Ok(headers)
}

/// Only what is new: an engine that runs meanwhile would load all of them again.
fn put(file: &Path, text: &str) -> Result<()> {
    if fs::read_to_string(file).is_ok_and(|old| old == text) {
        return Ok(());
    }
    fs::write(file, text).with_context(|| format!("cannot write {}", file.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headers_that_would_not_be_read_stop_the_build() {
        let rules = |many: usize| (0..many).map(|one| format!("/{one}\n  A: b\n")).collect::<String>();
        assert!(within(rules(MOST_RULES)).is_ok());
        assert!(within(rules(MOST_RULES + 1)).is_err());
        assert!(within(format!("/\n{}\n", "x".repeat(LONGEST_LINE))).is_ok());
        assert!(within(format!("/\n{}\n", "x".repeat(LONGEST_LINE + 1))).is_err());
    }
}
