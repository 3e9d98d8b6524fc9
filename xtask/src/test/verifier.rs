//! The independent verifiers (`tests/verifier`, Python) of receipts and of exports of the record, and the public page's
//! (JavaScript), over the same receipts. Needs no engine: it is the proof that a receipt can be checked without one.

use anyhow::Result;
use std::process::Command;

use super::{Counts, Ground};
use crate::command::{captured, tail};
use crate::place;
use crate::tools::Python;

/// Their own tests, one a receipt or an export.
pub fn verifier(ground: &Ground) -> Result<Counts> {
    let python = Python::find_or_install()?;
    let mut command = Command::new(python.program("python"));
    command
        .current_dir(place::root().join("tests/verifier"))
        // No compiled leftovers in the clone.
        .args(["-B", "-m", "unittest", "test_verify", "test_record"])
        .env("PREGON_NODE", ground.tools.node.program("node"));
    let finished = captured("Receipts before two verifiers", &mut command, true)?;
    let mut counts = counted(&finished.output);
    if !finished.status.success() && counts.failed == 0 {
        counts.failed = 1; // it did not start, or died
    }
    if counts.failed > 0 {
        println!("{}\n(all of it: {})", tail(&finished.output, 200), finished.log.display());
    }
    Ok(counts)
}

/// The sums of `unittest`: "Ran 12 tests in 0.1s", then "OK" or "FAILED (failures=1, errors=2)". One that was skipped
/// has failed: nothing may be skipped unseen.
fn counted(output: &str) -> Counts {
    let mut counts = Counts::default();
    for line in output.lines().map(str::trim) {
        if let Some(rest) = line.strip_prefix("Ran ") {
            counts.passed = rest.split(' ').next().and_then(|number| number.parse().ok()).unwrap_or(0);
        }
        let end = line.strip_prefix("FAILED (").or_else(|| line.strip_prefix("OK ("));
        for pair in end.unwrap_or_default().trim_end_matches(')').split(", ") {
            if let Some((_, number)) = pair.split_once('=') {
                counts.failed += number.parse::<u32>().unwrap_or(1);
            }
        }
        counts.named.extend(line.strip_prefix("FAIL: ").or_else(|| line.strip_prefix("ERROR: ")).map(str::to_owned));
    }
    counts.passed = counts.passed.saturating_sub(counts.failed);
    counts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sums_of_unittest_are_read() {
        assert_eq!(counted("....\nRan 155 tests in 1.1s\n\nOK\n"), Counts { passed: 155, ..Counts::default() });
        let bad = "FAIL: one\nRan 10 tests in 1.1s\n\nFAILED (failures=1, errors=2, skipped=1)\n";
        assert_eq!(counted(bad), Counts { passed: 6, failed: 4, named: vec!["one".to_owned()] });
        assert_eq!(counted("Ran 3 tests in 1.1s\n\nOK (skipped=1)\n"), Counts { passed: 2, failed: 1, named: vec![] });
        assert_eq!(counted("ModuleNotFoundError: no module"), Counts::default());
    }
}
