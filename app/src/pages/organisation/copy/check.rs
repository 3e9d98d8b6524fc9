//! A copy, held against what it says of itself, file by file: before it is handed out, and before anything of it is written anywhere.

use domain::copy::{Flaw, MANIFEST, Manifest};
use web_sys::Blob;

use crate::platform::bundle::Reading;

/// Checks all of it; `goes_on` is told how many files of all were, and says whether anybody still waits for it. Nothing where nobody
/// does.
pub async fn check(blob: Blob, goes_on: impl Fn(usize, usize) -> bool) -> Option<Result<(Reading, Manifest), Flaw>> {
    let Some(reading) = Reading::open(blob).await else { return Some(Err(Flaw::Other)) };
    let manifest = match reading.find(MANIFEST) {
        Some(entry) => reading.read(entry).await,
        None => None,
    };
    let manifest = manifest.ok_or(Flaw::Other).and_then(|bytes| Manifest::read(&bytes));
    let manifest = match manifest {
        Ok(manifest) => manifest,
        Err(flaw) => return Some(Err(flaw)),
    };
    if let Err(flaw) = manifest.complete(reading.entries.iter().map(|entry| entry.name.as_str())) {
        return Some(Err(flaw));
    }
    for (place, entry) in reading.entries.iter().enumerate() {
        if !goes_on(place, reading.entries.len()) {
            return None;
        }
        let bytes = reading.read(entry).await.ok_or_else(|| Flaw::Altered { name: entry.name.clone() });
        if let Err(flaw) = bytes.and_then(|bytes| manifest.check(&entry.name, &bytes)) {
            return Some(Err(flaw));
        }
    }
    Some(Ok((reading, manifest)))
}
