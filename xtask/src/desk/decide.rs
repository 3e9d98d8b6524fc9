//! Builds the approver's page into `dist/site/decide` from a program that Cargo has linked: bound, made small, and laid
//! out with its page, its service worker and its style. Separate from Trunk, which makes one page; and not cut into
//! pieces: it has one page, and where there is no coverage nothing can be fetched.

use anyhow::{Context, Result, bail};
use sha2::{Digest, Sha256};
use std::fs;
use std::path::Path;

use super::{filled, names, split};
use crate::command::quiet;
use crate::tools::Tools;
use crate::{place, stamp};

/// Where what is written by hand lies.
const SOURCE: &str = "app/decide";

/// Builds it. `style` is its bundled style sheet.
pub fn build(tools: &Tools, site: &Path, style: &Path) -> Result<()> {
    let work = place::built().join("decide");
    if work.exists() {
        fs::remove_dir_all(&work)?;
    }
    let bound = place::made(work.join("bound"))?;
    let linked = place::target().join("wasm32-unknown-unknown/release/decide.wasm");
    let mut command = tools.wasm_bindgen();
    command.args(["--target", "web", "--no-typescript", "--out-name", "decide", "--out-dir"]);
    quiet("Binding the approver's page", command.arg(&bound).arg(linked))?;
    let entry = work.join("entry.js");
    fs::write(&entry, "export { default } from './bound/decide.js';")?;
    let mut command = tools.node.command("esbuild");
    command.args(["--bundle", "--minify", "--format=esm", "--log-level=error"]).arg(&entry);
    let script = quiet("Making its script small", &mut command)?;
    let (program, script) = names::shortened(&fs::read(bound.join("decide_bg.wasm"))?, &script, "./decide_bg.js")?;
    let program = split::optimised(tools, &work, "decide", &program)?;

    let folder = site.join("decide");
    if folder.exists() {
        fs::remove_dir_all(&folder)?;
    }
    let folder = place::made(folder)?;
    let source = |name: &str| {
        let file = place::root().join(SOURCE).join(name);
        fs::read_to_string(&file).with_context(|| format!("cannot read {}", file.display()))
    };
    let mut page = source("index.html")?;
    let mut files = Vec::new();
    for (blank, kind, bytes) in [
        ("__PROGRAM__", "wasm", program),
        ("__SCRIPT__", "js", script.into_bytes()),
        ("__STYLE__", "css", fs::read(style)?),
    ] {
        let name = format!("decide-{}.{kind}", &stamp::hex(&Sha256::digest(&bytes))[..16]);
        page = replaced(&page, blank, &format!("/decide/{name}"))?;
        fs::write(folder.join(&name), bytes)?;
        files.push(name);
    }
    let keep = small(tools, &source("keep.js")?, &work)?;
    let page = replaced(&page, KEEP, &keep)?;
    fs::write(folder.join("manifest.webmanifest"), source("manifest.webmanifest")?)?;
    files.push("manifest.webmanifest".to_owned());
    let worker = replaced(&source("sw.js")?, KEEP, &keep)?;
    fs::write(folder.join("sw.js"), filled(&worker, &page, &serde_json::to_string(&files)?)?)?;
    fs::write(folder.join("index.html"), page).context("cannot write the approver's page")
}

/// Where what both the page and its service worker need is written in. A statement that does nothing, so that both are
/// scripts as they stand.
const KEEP: &str = "\"__KEEP__\";";

fn replaced(text: &str, blank: &str, by: &str) -> Result<String> {
    if !text.contains(blank) {
        bail!("{SOURCE} does not say where {blank} goes");
    }
    Ok(text.replace(blank, by))
}

/// A script without what only its readers need.
fn small(tools: &Tools, script: &str, work: &Path) -> Result<String> {
    let file = work.join("keep.js");
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
        }
    }
}
