//! The fault campaign in the time that CI has, and the proof that it can fail: it must find seven bugs that were planted.

use anyhow::Result;
use std::time::{SystemTime, UNIX_EPOCH};

use super::{Counts, Ground};
use crate::bench::faults::{Campaign, run};
use crate::worker::Kind;

/// Each of these breaks one rule of the house; beside it, what the campaign has to say of it where that is one thing alone.
const BUGS: [(&str, &str); 7] = [
    ("bug_no_fence", ""),
    ("bug_retry_timeout", ""),
    ("bug_late_attempt", ""),
    ("bug_new_container", ""),
    ("bug_blind_comment", "first comment: twice"),
    ("bug_new_upload", "at Tiktok: twice"),
    ("bug_stale_edit", "correction: stale"),
];

/// A score of runs that are the same everywhere, a few that are not, and the planted bugs. `bench faults` does the rest.
pub fn faults(ground: &Ground) -> Result<Counts> {
    let mut counts = Counts::default();
    let campaign = |name: &str, seed, runs, kills, planted| Campaign {
        name: name.to_owned(),
        seed,
        runs,
        kills,
        planted,
        least_hits: 0,
        least_publications: 0,
        kind: Kind::Rehearsal,
    };
    let fixed = run(&ground.tools, &campaign("fixed", 20_261_123, 20, 4, None))?;
    counts.check(&format!("a score of fixed runs keep every promise ({})", fixed.last), fixed.kept);
    let seed = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_secs();
    let chance = run(&ground.tools, &campaign("chance", seed, 3, 1, None))?;
    counts.check(&format!("runs of seed {seed} keep every promise ({})", chance.last), chance.kept);
    for (bug, word) in BUGS {
        let planted = run(&ground.tools, &campaign(bug, 7, 60, 0, Some(bug)))?;
        counts.check(&format!("the campaign finds {bug}"), !planted.kept && planted.said.contains(word));
    }
    Ok(counts)
}
