//! The browser of the journeys: the machine's own Chromium, installed by apt where we may, else Playwright's.
//! Separate because a browser is the one tool that we neither pin nor build.

use anyhow::{Context, Result};
use std::env;
use std::path::PathBuf;
use std::process::Command;

use super::{Node, answers};
use crate::command::step;

/// The path of Chromium; `None` means that Playwright finds its own.
pub fn find_or_install(node: &Node) -> Result<Option<PathBuf>> {
    const NAMES: [&str; 4] = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];
    let found = || {
        let path = env::var_os("PATH").unwrap_or_default();
        env::split_paths(&path).flat_map(|folder| NAMES.map(|name| folder.join(name))).find(|file| file.is_file())
    };
    if let Some(program) = found() {
        return Ok(Some(program));
    }
    if nix::unistd::geteuid().is_root() && answers("apt-get", &["--version"]) {
        let mut update = Command::new("apt-get");
        update.args(["update"]);
        let mut install = Command::new("apt-get");
        install.args(["install", "-y", "--no-install-recommends", "chromium"]).env("DEBIAN_FRONTEND", "noninteractive");
        let installed = step("Refreshing the list of packages", &mut update)
            .and_then(|_| step("Installing Chromium", &mut install));
        if installed.is_ok()
            && let Some(program) = found()
        {
            return Ok(Some(program));
        }
    }
    let mut install = node.command("playwright");
    install.args(["install", "chromium"]);
    step("Fetching Playwright's Chromium", &mut install)
        .context("the browser journeys need Chromium, and it could not be installed: install it and try again")?;
    Ok(None)
}
