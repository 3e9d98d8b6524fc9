//! Looks for every secret that the journeys used in everything that came out: the engine's log, its answers, its
//! database. Separate from the journeys: a journey can only look at what it asked for.

use anyhow::{Context, Result};
use std::collections::{HashMap, HashSet};
use std::fs;
use std::path::{Path, PathBuf};

use super::{Counts, Ground};
use crate::command::quiet;
use crate::engine;

/// How much of a secret the index holds, and the least that a secret may have.
const INDEXED: usize = 8;

/// Where the journeys write what is looked for, and what it is looked for in.
pub struct Watch {
    /// `PREGON_SECRETS`: a secret a line.
    pub secrets: PathBuf,
    /// `PREGON_TRANSCRIPT`: every answer.
    pub transcript: PathBuf,
}

impl Watch {
    /// Empty files in a folder of their own.
    pub fn new(folder: &Path) -> Result<Self> {
        let watch = Self { secrets: folder.join("secrets"), transcript: folder.join("transcript") };
        for file in [&watch.secrets, &watch.transcript] {
            fs::write(file, "").with_context(|| format!("cannot write {}", file.display()))?;
        }
        Ok(watch)
    }

    /// Looks through the answers of all engines, once, and through the log and the database of each. `engines` are their
    /// folders, `own` the secrets of their settings.
    pub fn judge(&self, ground: &Ground, engines: &[PathBuf], own: &[&str]) -> Result<Counts> {
        let mut secrets: HashSet<String> = fs::read_to_string(&self.secrets)?
            .lines()
            .filter(|line| line.len() >= INDEXED)
            .map(str::to_owned)
            .collect();
        let used = secrets.len();
        secrets.extend(own.iter().map(|secret| (*secret).to_owned()));
        let transcript = fs::read(&self.transcript)?;
        let mut counts = Counts::default();
        counts.check("the journeys named their secrets and wrote the answers down", used > 0 && !transcript.is_empty());
        let mut look = |name: &str, output: &[u8]| {
            let leaks = leaks(&secrets, output);
            for leak in leaks.iter().take(20) {
                println!("  ✗ {name} holds a secret: {leak}");
            }
            counts.check(&format!("{name} holds none of {} secrets", secrets.len()), leaks.is_empty());
        };
        look("an answer", &transcript);
        for data in engines {
            look("an engine's log", &fs::read(data.join("engine.log"))?);
            look("a database", database(ground, data)?.as_bytes());
        }
        Ok(counts)
    }
}

/// Every row of an engine, without the outbox: mails carry codes and links to whom they are for.
fn database(ground: &Ground, data: &Path) -> Result<String> {
    let file = data.join("rows.sql");
    let _ = fs::remove_file(&file);
    let mut export = engine::wrangler(&ground.tools, data);
    export.args(["d1", "export", "DB", "--local", "--no-schema", "--skip-confirmation", "--config"]);
    export.arg(data.join("wrangler.json")).arg("--output").arg(&file);
    quiet("Reading every row", &mut export)?;
    let rows = fs::read_to_string(&file)?;
    let is_mail = |row: &&str| row.starts_with("INSERT INTO \"mail\"");
    Ok(rows.split_inclusive(";\n").filter(|row| !is_mail(row)).collect())
}

/// Where a secret stands in an output, each with a few letters around it; and whatever has the shape of a signed token.
fn leaks(secrets: &HashSet<String>, output: &[u8]) -> Vec<String> {
    let mut index: HashMap<&[u8], Vec<&[u8]>> = HashMap::new();
    // Most places are sorted out by their first two bytes.
    let mut begins = vec![false; 1 << 16];
    let pair = |bytes: &[u8]| usize::from(bytes[0]) << 8 | usize::from(bytes[1]);
    for secret in secrets.iter().map(|secret| secret.as_bytes()) {
        index.entry(&secret[..INDEXED]).or_default().push(secret);
        begins[pair(secret)] = true;
    }
    let mut found = Vec::new();
    for at in 0..output.len().saturating_sub(INDEXED - 1) {
        let rest = &output[at..];
        if !begins[pair(rest)] {
            continue;
        }
        let held = index.get(&rest[..INDEXED]).into_iter().flatten().find(|secret| {
            let end = at + secret.len();
            // Eight digits may stand inside of any longer number.
            let is_digits = secret.iter().all(u8::is_ascii_digit);
            let is_inside = || {
                at > 0 && output[at - 1].is_ascii_alphanumeric()
                    || output.get(end).is_some_and(u8::is_ascii_alphanumeric)
            };
            rest.starts_with(secret) && !(is_digits && is_inside())
        });
        if let Some(secret) = held {
            found.push(around(output, at, secret.len()));
        }
    }
    let text = String::from_utf8_lossy(output);
    let word = |letter: char| !(letter.is_ascii_alphanumeric() || "-_.".contains(letter));
    found.extend(text.split(word).filter(|word| is_signed_token(word)).map(|word| word.chars().take(60).collect()));
    found
}

/// A JSON Web Token: three parts in base64url, the first of which begins as a JSON object does.
fn is_signed_token(word: &str) -> bool {
    let parts: Vec<&str> = word.split('.').collect();
    parts.len() == 3 && parts[0].starts_with("eyJ") && parts[1].starts_with("eyJ") && parts[2].len() >= 20
}

fn around(output: &[u8], at: usize, length: usize) -> String {
    let (from, to) = (at.saturating_sub(60), (at + length + 20).min(output.len()));
    String::from_utf8_lossy(&output[from..to]).replace(char::is_control, " ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(output: &str) -> usize {
        let secrets = ["abcd-efgh-ijkl-mnop", "abcd-efgh-other", "48291377"].map(str::to_owned);
        leaks(&secrets.into(), output.as_bytes()).len()
    }

    #[test]
    fn a_planted_secret_is_found_wherever_it_stands() {
        for output in [
            "abcd-efgh-ijkl-mnop",
            "{\"message\":\"Invalid password abcd-efgh-ijkl-mnop\"}",
            "xabcd-efgh-otherx",
            "your code is 48291377.",
        ] {
            assert_eq!(found(output), 1, "{output}");
        }
        assert_eq!(found("48291377 abcd-efgh-other 48291377"), 3);
    }

    #[test]
    fn what_only_begins_like_one_is_none() {
        for output in ["", "abcd", "abcd-efgh-ijkl-mno", "1748291377000", "a48291377"] {
            assert_eq!(found(output), 0, "{output}");
        }
    }

    #[test]
    fn a_signed_token_is_found_that_nobody_named() {
        let token = format!("eyJhbGciOiJFUzI1NiJ9.eyJzdWIiOiJ4In0.{}", "s".repeat(86));
        assert_eq!(found(&format!("Authorization: Bearer {token}\n")), 1);
        assert_eq!(found("eyJhbGciOiJFUzI1NiJ9 and a.b.c"), 0);
    }
}
