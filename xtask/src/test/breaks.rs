//! Looks in an engine's log for what no journey need notice: that its program broke off. A panic, or what the platform throws
//! through the program, ends the instance that all invocations share: the runtime cancels whatever else was under way. What broke
//! may have been a batch of the queue, which comes again, and then all that is seen is another request that "had hung".

use anyhow::{Context, Result};
use std::fs;
use std::path::Path;

use super::Counts;

/// What is said then: by the panic's hook (`worker`), by the script around the program (wasm-bindgen, worker-build) and by the
/// runtime.
const SIGNS: [&str; 7] = [
    "Rust panic: ",
    "Uncaught ",
    "Module terminated",
    "Reinitializing Wasm application",
    "from previous WASM instance",
    "closure invoked recursively or after being dropped",
    "had hung and would never generate a response",
];

/// Looks through the log in an engine's folder.
pub fn look(counts: &mut Counts, data: &Path) -> Result<()> {
    let file = data.join("engine.log");
    let log = fs::read(&file).with_context(|| format!("cannot read {}", file.display()))?;
    let log = String::from_utf8_lossy(&log);
    let found = signs(&log);
    for (number, line) in found.iter().take(10) {
        println!("  ✗ {}:{number}: {line}", file.display());
    }
    let name = data.file_name().unwrap_or_default().to_string_lossy();
    // With the first line: it is said again at the very end, where the others are out of sight.
    let first =
        found.first().map_or_else(String::new, |(_, line)| format!(": {}", line.chars().take(300).collect::<String>()));
    counts.check(&format!("the program of the engine `{name}` never broke off{first}"), found.is_empty());
    Ok(())
}

/// The lines that say so, each with its number.
fn signs(log: &str) -> Vec<(usize, &str)> {
    let lines = log.lines().enumerate().map(|(place, line)| (place + 1, line));
    lines.filter(|(_, line)| SIGNS.iter().any(|sign| line.contains(sign))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_engine_that_broke_off_is_found_by_its_log_and_one_that_refused_is_not() {
        let quiet = "[wrangler:info] PUT /api/posts/7 200 OK (12ms)\n✘ [ERROR] store: the database: rehearsed\n";
        assert!(signs(quiet).is_empty());
        let broken = "✘ [ERROR] Critical Error: Rust panic: panicked at edge/src/app.rs:1:1";
        let cancelled = "Error: The Workers runtime canceled this request because it detected that your Worker's code had hung and \
                         would never generate a response.";
        assert_eq!(signs(&[quiet, broken, "\n", cancelled].concat()), [(3, broken), (4, cancelled)]);
    }

    #[test]
    fn it_counts_against_the_run() {
        let data = std::env::temp_dir().join(format!("pregon-breaks-{}", std::process::id()));
        fs::create_dir_all(&data).unwrap();
        let mut counts = Counts::default();
        assert!(look(&mut counts, &data).is_err(), "without a log nothing is known");
        fs::write(data.join("engine.log"), "all is well\n").unwrap();
        look(&mut counts, &data).unwrap();
        fs::write(data.join("engine.log"), "Reinitializing Wasm application\n").unwrap();
        look(&mut counts, &data).unwrap();
        assert_eq!((counts.passed, counts.failed), (1, 1));
        fs::remove_dir_all(&data).unwrap();
    }
}
