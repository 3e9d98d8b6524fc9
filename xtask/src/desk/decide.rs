//! Builds the approver's page into `dist/site/decide` from a program that Cargo has linked: cut and made small, and laid
//! out with its page, its service worker and its style. Separate from Trunk, which makes one page.

use anyhow::{Context, Result, bail};
use sha2::{Digest, Sha256};
use std::fs;
use std::path::Path;

use super::{filled, split};
use crate::command::quiet;
use crate::tools::Tools;
use crate::{place, stamp};

/// Where what is written by hand lies.
const SOURCE: &str = "app/decide";
/// The program.
const PROGRAM: &str = "decide";

/// Builds it. `style` is its bundled style sheet.
pub fn build(tools: &Tools, site: &Path, style: &Path) -> Result<()> {
    let pieces = split::cut(tools, PROGRAM)?;
    let folder = site.join("decide");
    if folder.exists() {
        fs::remove_dir_all(&folder)?;
    }
    let folder = place::made(folder)?;
    let source = |name: &str| {
        let file = place::root().join(SOURCE).join(name);
        fs::read_to_string(&file).with_context(|| format!("cannot read {}", file.display()))
    };
    let style = fs::read(style)?;
    let style = (format!("decide-{}.css", &stamp::hex(&Sha256::digest(&style))[..16]), style);
    let mut page = source("index.html")?;
    for (blank, (name, _)) in [
        ("__PROGRAM__", &pieces[&split::first_of(PROGRAM)]),
        ("__SCRIPT__", &pieces[&split::script_of(PROGRAM)]),
        ("__STYLE__", &style),
    ] {
        page = replaced(&page, blank, &format!("/decide/{name}"))?;
    }
    // All of it is kept, also what is fetched later: where there is no coverage nothing can be fetched.
    let mut files = vec!["manifest.webmanifest".to_owned()];
    for (name, bytes) in pieces.into_values().chain([style]) {
        fs::write(folder.join(&name), bytes)?;
        files.push(name);
    }
    let keep = small(tools, &source("keep.js")?)?;
    let page = replaced(&page, KEEP, &keep)?;
    let page = replaced(&page, SHEET, &small(tools, &source("sheet.js")?)?)?;
    fs::write(folder.join("manifest.webmanifest"), source("manifest.webmanifest")?)?;
    let worker = replaced(&source("sw.js")?, KEEP, &keep)?;
    fs::write(folder.join("sw.js"), filled(&worker, &page, &serde_json::to_string(&files)?)?)?;
    fs::write(folder.join("index.html"), page).context("cannot write the approver's page")
}

/// Where what both the page and its service worker need is written in. A statement that does nothing, so that both are
/// scripts as they stand.
const KEEP: &str = "\"__KEEP__\";";

/// Where what shows a sheet is written into the page.
const SHEET: &str = "\"__SHEET__\";";

fn replaced(text: &str, blank: &str, by: &str) -> Result<String> {
    if !text.contains(blank) {
        bail!("{SOURCE} does not say where {blank} goes");
    }
    Ok(text.replace(blank, by))
}

/// A script without what only its readers need.
fn small(tools: &Tools, script: &str) -> Result<String> {
    let file = place::made(place::built().join("split").join(PROGRAM))?.join("part.js");
    fs::write(&file, script)?;
    let mut command = tools.node.command("esbuild");
    command.args(["--minify", "--log-level=error"]).arg(&file);
    quiet("Making what is kept small", &mut command)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_blank_that_nobody_left_stops_the_build() {
        assert_eq!(replaced("a __B__ c __B__", "__B__", "b").unwrap(), "a b c b");
        assert!(replaced("a c", "__B__", "b").is_err());
    }

    #[test]
    fn what_is_kept_has_its_place_in_the_page_and_in_the_worker() {
        for name in ["index.html", "sw.js"] {
            let text = fs::read_to_string(place::root().join(SOURCE).join(name)).unwrap();
            assert_eq!(text.matches(KEEP).count(), 1, "{name}");
            assert_eq!(text.matches(SHEET).count(), usize::from(name == "index.html"), "{name}");
        }
    }
}
