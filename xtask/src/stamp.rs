//! A stamp is the hash of everything that a build reads. The second start compares stamps and builds nothing.
//! Hashes and not times: a fresh checkout or a change of branch moves every time.

use anyhow::{Context, Result};
use sha2::{Digest, Sha256};
use std::fs;
use std::path::{Path, PathBuf};

/// The hash over all files under `inputs` (files or folders; what does not exist counts as absent) and over `words`,
/// such as versions and features.
pub fn of(inputs: &[PathBuf], words: &[&str]) -> Result<String> {
    let mut hash = Sha256::new();
    for word in words {
        part(&mut hash, word.as_bytes());
    }
    for input in inputs {
        let mut files = Vec::new();
        collect(input, &mut files)?;
        files.sort();
        for file in files {
            part(&mut hash, file.to_string_lossy().as_bytes());
            part(&mut hash, &fs::read(&file).with_context(|| format!("cannot read {}", file.display()))?);
        }
    }
    Ok(hex(&hash.finalize()))
}

/// Whether `file` holds this very stamp.
pub fn is(file: &Path, stamp: &str) -> bool {
    fs::read_to_string(file).is_ok_and(|found| found == stamp)
}

/// Bytes as lower-case hexadecimal.
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The length goes first, so that two files cannot trade bytes across their border unseen.
fn part(hash: &mut Sha256, bytes: &[u8]) {
    hash.update((bytes.len() as u64).to_le_bytes());
    hash.update(bytes);
}

fn collect(path: &Path, files: &mut Vec<PathBuf>) -> Result<()> {
    if path.is_file() {
        files.push(path.to_owned());
    } else if path.is_dir() {
        for entry in fs::read_dir(path)? {
            let entry = entry?;
            // Editors' and tools' own files are no sources.
            if !entry.file_name().to_string_lossy().starts_with('.') {
                collect(&entry.path(), files)?;
            }
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folder(name: &str) -> PathBuf {
        let dir = std::env::temp_dir().join(format!("pregon-stamp-{}-{name}", std::process::id()));
        let _ = fs::remove_dir_all(&dir);
        fs::create_dir_all(&dir).unwrap();
        dir
    }

    #[test]
    fn a_stamp_is_the_same_for_the_same_files_and_another_after_any_change() {
        let dir = folder("change");
        fs::write(dir.join("a.rs"), "one").unwrap();
        fs::write(dir.join("b.rs"), "two").unwrap();
        let inputs = [dir.clone()];
        let before = of(&inputs, &["v1"]).unwrap();
        assert_eq!(before, of(&inputs, &["v1"]).unwrap());
        assert_ne!(before, of(&inputs, &["v2"]).unwrap());
        fs::write(dir.join("b.rs"), "two!").unwrap();
        assert_ne!(before, of(&inputs, &["v1"]).unwrap());
        fs::write(dir.join("b.rs"), "two").unwrap();
        assert_eq!(before, of(&inputs, &["v1"]).unwrap());
        fs::rename(dir.join("b.rs"), dir.join("c.rs")).unwrap();
        assert_ne!(before, of(&inputs, &["v1"]).unwrap());
    }

    #[test]
    fn hidden_files_and_missing_folders_do_not_count() {
        let dir = folder("hidden");
        let inputs = [dir.clone(), dir.join("absent")];
        let before = of(&inputs, &[]).unwrap();
        fs::write(dir.join(".swap"), "noise").unwrap();
        assert_eq!(before, of(&inputs, &[]).unwrap());
    }

    #[test]
    fn hex_keeps_leading_zeros() {
        assert_eq!(hex(&[0, 10, 255]), "000aff");
    }
}
