//! `cargo xtask rotate`: a new sealing key for a deployment on this machine. The engine does the rest by itself: it seals
//! with the first key, opens with all of them, and seals again what stands under an old one. A deployment in a Cloudflare
//! account takes its keys as settings: the deployment guide says which commands.

use anyhow::{Result, bail};
use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use pico_args::Arguments;
use sha2::{Digest, Sha256};
use std::fs;
use std::path::{Path, PathBuf};

use crate::engine::{self, random, write_private};
use crate::{place, stamp};

/// What was asked for.
pub struct Options {
    data: PathBuf,
    /// Whether the old keys are to go.
    finish: bool,
}

impl Options {
    /// Reads the options of `rotate`.
    pub fn parse(args: &mut Arguments) -> Result<Self> {
        let finish = args.contains("--finish");
        Ok(Self { data: args.opt_value_from_str("--data")?.map_or_else(place::data, Ok)?, finish })
    }
}

/// Makes a new key, or lets the old ones go.
pub fn run(options: &Options) -> Result<()> {
    let Options { data, finish } = options;
    if !data.join("sealing-key").is_file() {
        bail!("there is no deployment at {}", data.display());
    }
    // Its settings are read at the start only.
    let _lock = engine::lock(data)?;
    if *finish {
        return let_go(data);
    }
    let former = engine::sealing_key(data)?;
    let keys: Vec<String> = [vec![former], old_keys(data)].concat();
    write_private(&data.join(OLD), &format!("{}\n", keys.join("\n")))?;
    let new = BASE64_STANDARD.encode(random()?);
    write_private(&data.join("sealing-key"), &format!("{new}\n"))?;
    println!("✓ A new sealing key, {}. The former ones still open what they sealed.", key_id(&new));
    println!(
        "  Start the engine: it seals everything again, a little each minute. The page of the channels says how far"
    );
    println!("  it is, and from when on `cargo xtask rotate --finish` may let the former keys go.");
    Ok(())
}

fn let_go(data: &Path) -> Result<()> {
    let keys = old_keys(data);
    if keys.is_empty() {
        bail!("there is no former key");
    }
    let kept = data.join("sealing-keys-retired");
    let before = fs::read_to_string(&kept).unwrap_or_default();
    write_private(&kept, &format!("{before}{}\n", keys.join("\n")))?;
    fs::remove_file(data.join(OLD))?;
    println!("✓ The engine no longer knows {}.", keys.iter().map(|key| key_id(key)).collect::<Vec<_>>().join(", "));
    println!("  They are in {}: keep them with the backups of their time, then remove the file.", kept.display());
    Ok(())
}

/// The file of the keys that only open.
const OLD: &str = "sealing-keys-old";

/// The keys that only open, the last one first.
pub fn old_keys(data: &Path) -> Vec<String> {
    lines(&fs::read_to_string(data.join(OLD)).unwrap_or_default())
}

/// Writes the keys of a restored deployment: the first seals, the others only open.
pub fn write_keys(data: &Path, keys: &[String]) -> Result<()> {
    let Some((first, old)) = keys.split_first() else { bail!("there is no key in the file of the sealing key") };
    write_private(&data.join("sealing-key"), &format!("{first}\n"))?;
    if old.is_empty() { Ok(()) } else { write_private(&data.join(OLD), &format!("{}\n", old.join("\n"))) }
}

/// Keys as files hold them: one a line.
pub fn lines(text: &str) -> Vec<String> {
    text.lines().map(str::trim).filter(|line| !line.is_empty()).map(str::to_owned).collect()
}

/// The name of a key: the first 8 hexadecimal digits of its SHA-256, as the vault writes it beside what it sealed.
pub fn key_id(key: &str) -> String {
    let bytes = BASE64_STANDARD.decode(key.trim()).unwrap_or_default();
    stamp::hex(&Sha256::digest(bytes)).chars().take(8).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rotation_keeps_the_former_keys_until_they_are_let_go() {
        let data = std::env::temp_dir().join(format!("pregon-rotate-{}", std::process::id()));
        let _ = fs::remove_dir_all(&data);
        fs::create_dir_all(&data).unwrap();
        let asked = |finish| Options { data: data.clone(), finish };
        assert!(run(&asked(false)).is_err(), "nothing is there");
        let first = engine::sealing_key(&data).unwrap();
        run(&asked(false)).unwrap();
        let second = engine::sealing_key(&data).unwrap();
        assert_ne!(first, second);
        run(&asked(false)).unwrap();
        assert_eq!(old_keys(&data), [second, first.clone()]);
        run(&asked(true)).unwrap();
        assert!(old_keys(&data).is_empty() && run(&asked(true)).is_err());
        assert!(fs::read_to_string(data.join("sealing-keys-retired")).unwrap().contains(&first), "no key is destroyed");
        fs::remove_dir_all(&data).unwrap();
    }

    #[test]
    fn a_key_is_named_as_the_vault_names_it() {
        // SHA-256 of 32 bytes of 1.
        assert_eq!(key_id("AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE="), "72cd6e84");
    }
}
