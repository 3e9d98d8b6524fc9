//! Where everything lies: the clone, its build output, the user's cache (tools) and the user's data (lasting state).
//! Separate so that no other file asks the environment for a path.

use anyhow::{Context, Result};
use std::env;
use std::fs;
use std::path::{Path, PathBuf};

/// The root of the clone.
pub fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap_or(Path::new("."))
}

/// Cargo's target directory, where everything that a build can make again lies.
pub fn target() -> PathBuf {
    match env::var_os("CARGO_TARGET_DIR") {
        Some(dir) => root().join(dir),
        None => root().join("target"),
    }
}

/// A folder for what xtask itself builds.
pub fn built() -> PathBuf {
    target().join("pregon")
}

/// The files that the engine serves as they are; the desk is under `desk/` in it.
pub fn site() -> PathBuf {
    root().join("dist/site")
}

/// `~/.cache/pregon` or its like: tools by name and version, shared by every clone.
pub fn cache() -> Result<PathBuf> {
    made(user_dir("XDG_CACHE_HOME", ".cache")?.join("pregon"))
}

/// `~/.local/share/pregon` or its like: what a local engine remembers between two starts.
pub fn data() -> Result<PathBuf> {
    Ok(user_dir("XDG_DATA_HOME", ".local/share")?.join("pregon"))
}

/// Makes the folder, with its parents, and hands it back.
pub fn made(dir: PathBuf) -> Result<PathBuf> {
    fs::create_dir_all(&dir).with_context(|| format!("cannot make the folder {}", dir.display()))?;
    Ok(dir)
}

/// The XDG rule: a relative path in the variable is to be ignored.
fn user_dir(variable: &str, under_home: &str) -> Result<PathBuf> {
    match env::var_os(variable).map(PathBuf::from) {
        Some(dir) if dir.is_absolute() => Ok(dir),
        _ => Ok(PathBuf::from(env::var_os("HOME").context("HOME is not set")?).join(under_home)),
    }
}
