//! What the clients that are not ours made on the networks and read there, as the journeys told it while they ran. A table, so that
//! nobody has to believe a list in a document.

use anyhow::{Context, Result};
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use super::Counts;

/// Where the journeys write it: `PREGON_COVERED`, a line each of network, kind, client and what it did.
pub struct Covered {
    /// The file.
    pub file: PathBuf,
}

impl Covered {
    /// An empty file in a folder.
    pub fn new(folder: &Path) -> Result<Self> {
        let file = folder.join("covered");
        fs::write(&file, "").with_context(|| format!("cannot write {}", file.display()))?;
        Ok(Self { file })
    }

    /// Prints it. That nobody told anything is a failure: then nothing was read by anybody else.
    pub fn print(&self) -> Result<Counts> {
        let told = fs::read_to_string(&self.file)?;
        println!("\nMade on a network, and ours read there, by a client that is not ours:\n{}", table(&told));
        let mut counts = Counts::default();
        counts.check("clients that are not ours made and read something", !told.is_empty());
        Ok(counts)
    }
}

/// The lines by network, then by kind, each once.
fn table(told: &str) -> String {
    let mut rows: BTreeMap<(&str, &str, &str), (bool, bool)> = BTreeMap::new();
    for line in told.lines() {
        let mut parts = line.split('\t');
        let (Some(network), Some(kind), Some(client)) = (parts.next(), parts.next(), parts.next()) else { continue };
        let row = rows.entry((network, kind, client)).or_default();
        match parts.next() {
            Some("made") => row.0 = true,
            Some("read") => row.1 = true,
            _ => {}
        }
    }
    let mut text = format!("{:<10} {:<14} {:<20} made  read\n", "network", "kind", "client");
    for ((network, kind, client), (made, read)) in rows {
        let mark = |is: bool| if is { "yes" } else { "-" };
        text += &format!("{network:<10} {kind:<14} {client:<20} {:<5} {}\n", mark(made), mark(read));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_kind_stands_once_with_both_that_was_done() {
        let told = "X\tvideo\txdk\tread\nBluesky\ttext\t@atproto/api\tread\nX\tvideo\txdk\tmade\nX\tpoll\txdk\tmade\nX\tpoll\txdk\tmade\n";
        let lines: Vec<String> =
            table(told).lines().map(|line| line.split_whitespace().collect::<Vec<_>>().join(" ")).collect();
        assert_eq!(
            lines,
            [
                "network kind client made read",
                "Bluesky text @atproto/api - yes",
                "X poll xdk yes -",
                "X video xdk yes yes",
            ]
        );
    }
}
