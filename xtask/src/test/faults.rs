//! The fault campaign in the time that CI has, and the proof that it can fail: it must find eight bugs that were planted.

use anyhow::Result;
use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};
use std::thread;
use std::time::{SystemTime, UNIX_EPOCH};

use super::{Counts, Ground, breaks};
use crate::bench::faults::{Came, Campaign, run};
use crate::place;
use crate::tools::Tools;
use crate::worker::Kind;

/// Campaigns side by side, each with its engine: one alone keeps a core half busy.
const AT_ONCE: usize = 2;

/// Each of these breaks one rule of the house; beside it, what the campaign has to say of it where that is one thing alone.
const BUGS: [(&str, &str); 8] = [
    ("bug_no_fence", ""),
    ("bug_retry_timeout", ""),
    ("bug_late_attempt", ""),
    ("bug_new_container", ""),
    ("bug_blind_comment", "first comment: twice"),
    ("bug_new_upload", "at Tiktok: twice"),
    ("bug_stale_edit", "correction: stale"),
    ("bug_believes_refusal", "twice: on the network"),
];

/// A score of runs that are the same everywhere, a few that are not, and the planted bugs. `bench faults` does the rest.
pub fn faults(ground: &Ground) -> Result<Counts> {
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
    let seed = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_secs();
    let mut all = vec![campaign("fixed", 20_261_123, 20, 4, None), campaign("chance", seed, 3, 1, None)];
    all.extend(BUGS.map(|(bug, _)| campaign(bug, 7, 60, 0, Some(bug))));
    let mut came = side_by_side(&ground.tools, &all)?.into_iter();
    let mut counts = Counts::default();
    let told =
        ["a score of fixed runs keep every promise".to_owned(), format!("runs of seed {seed} keep every promise")];
    for (told, came) in told.iter().zip(&mut came) {
        counts.check(&format!("{told} ({})", came.last), came.kept);
    }
    for ((bug, word), came) in BUGS.iter().zip(came) {
        counts.check(&format!("the campaign finds {bug}"), !came.kept && came.said.contains(word));
    }
    for campaign in &all {
        breaks::look(&mut counts, &place::built().join("campaign").join(&campaign.name))?;
    }
    Ok(counts)
}

/// Runs campaigns, [`AT_ONCE`] of them at a time, and answers what came of each in their order.
fn side_by_side(tools: &Tools, all: &[Campaign]) -> Result<Vec<Came>> {
    let (waiting, came) = (Mutex::new(all.iter().enumerate()), Mutex::new(BTreeMap::new()));
    let next = || waiting.lock().unwrap_or_else(PoisonError::into_inner).next();
    thread::scope(|scope| {
        for _ in 0..AT_ONCE {
            scope.spawn(|| {
                while let Some((place, one)) = next() {
                    let ended = run(tools, one);
                    came.lock().unwrap_or_else(PoisonError::into_inner).insert(place, ended);
                }
            });
        }
    });
    came.into_inner().unwrap_or_else(PoisonError::into_inner).into_values().collect()
}
