//! The tools that are Node programs: one installation in the cache for each state of the lock file, with a link to it
//! in the clone, so that editors and tests find their modules. Separate because npm has rules of its own.

use anyhow::{Context, Result, bail};
use std::ffi::OsStr;
use std::fs;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::path_with;
use crate::command::{quiet, step};
use crate::{place, stamp};

/// The oldest Node that wrangler runs on.
const OLDEST: (u32, u32) = (22, 12);

/// One installation of `package-lock.json`.
pub struct Node {
    modules: PathBuf,
}

impl Node {
    /// The installation for this clone's lock file.
    pub fn find_or_install() -> Result<Self> {
        let modules = install(place::root(), "node", &[])?;
        link(&modules, &place::root().join("node_modules"))?;
        let node = Self { modules };
        node.check_version()?;
        Ok(node)
    }

    /// The folder of its programs.
    pub fn bin(&self) -> PathBuf {
        self.modules.join(".bin")
    }

    /// One of its programs.
    pub fn program(&self, name: &str) -> PathBuf {
        self.bin().join(name)
    }

    /// A command for one of its programs, with the right Node first in PATH.
    pub fn command(&self, name: &str) -> Command {
        let mut command = Command::new(self.program(name));
        command.current_dir(place::root()).env("PATH", self.path());
        command
    }

    /// PATH with its programs first.
    pub fn path(&self) -> std::ffi::OsString {
        path_with([self.bin().as_path()].into_iter())
    }

    /// Linux gets Node from the lock file; elsewhere the machine's own must be new enough.
    fn check_version(&self) -> Result<()> {
        let mut ask = Command::new("node");
        ask.arg("--version").env("PATH", self.path());
        let answer = quiet("Asking Node for its version", &mut ask)?;
        match version(&answer) {
            Some(found) if found >= OLDEST => Ok(()),
            _ => bail!("the local engine needs Node {}.{} or newer; found {}", OLDEST.0, OLDEST.1, answer.trim()),
        }
    }
}

/// Installs the lock file in `source` into the cache; answers its `node_modules`. What was installed once for the
/// same lock file is used again. `environment` is for packages that compile.
pub fn install(source: &Path, name: &str, environment: &[(&str, &OsStr)]) -> Result<PathBuf> {
    let files = ["package.json", "package-lock.json", ".npmrc"];
    let settings = place::root().join(".npmrc");
    let inputs = [source.join("package.json"), source.join("package-lock.json"), settings];
    // The names and not the paths: every clone shares one installation.
    let contents = inputs.iter().map(|file| fs::read_to_string(file).unwrap_or_default()).collect::<Vec<_>>();
    let key = stamp::of(&[], &contents.iter().map(String::as_str).collect::<Vec<_>>())?;
    let folder = place::made(place::cache()?.join("tools").join(format!("{name}-{}", &key[..12])))?;
    let modules = folder.join("node_modules");
    let done = folder.join("installed");
    // Two clones may come at the same time: the second waits and finds the work done.
    let lock = fs::File::create(folder.join("lock"))?;
    lock.lock().context("cannot lock the folder of the Node tools")?;
    if stamp::is(&done, &key) {
        return Ok(modules);
    }
    if !super::answers("npm", &["--version"]) {
        bail!("npm is missing: install Node {} or newer (https://nodejs.org)", OLDEST.0);
    }
    for (from, file) in inputs.iter().zip(files) {
        if from.exists() {
            fs::copy(from, folder.join(file)).with_context(|| format!("cannot copy {}", from.display()))?;
        }
    }
    let mut npm = Command::new("npm");
    // Not `npm ci`: it refuses a lock file written where a package for another system (the local engine's, for macOS)
    // could not be had. What the lock file does name is pinned here as well, and the copy in the cache is ours to amend.
    npm.args(["install", "--no-audit", "--no-fund"]).current_dir(&folder);
    for (variable, value) in environment {
        npm.env(variable, value);
    }
    step(&format!("Installing the Node packages: {name}"), &mut npm)?;
    fs::write(&done, &key)?;
    Ok(modules)
}

/// `node_modules` in the clone points to the installation. A real folder there is somebody's own: it stays.
pub fn link(modules: &Path, link: &Path) -> Result<()> {
    match fs::read_link(link) {
        Ok(to) if to == modules => return Ok(()),
        Ok(_) => fs::remove_file(link)?,
        Err(_) if link.exists() => return Ok(()),
        Err(_) => {}
    }
    symlink(modules, link).context("cannot link node_modules")
}

fn version(answer: &str) -> Option<(u32, u32)> {
    let mut numbers = answer.trim().strip_prefix('v')?.split('.');
    Some((numbers.next()?.parse().ok()?, numbers.next()?.parse().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn node_versions_compare_as_numbers() {
        assert_eq!(version("v24.21.0\n"), Some((24, 21)));
        assert!(version("v22.9.0") < Some(OLDEST));
        assert!(version("v100.0.0") > Some(OLDEST));
        assert_eq!(version("nonsense"), None);
    }

    #[test]
    fn the_lock_file_names_no_registry() {
        let lock = fs::read_to_string(place::root().join("package-lock.json")).unwrap();
        assert!(!lock.contains("\"resolved\""));
    }
}
