//! Builds the desk into `dist/site/desk` and the approver's page into `dist/site/decide`: style sheets into one file each,
//! both programs by one run of Cargo, Trunk for the rest of the desk, each program cut into what is fetched when, then the
//! headers that the files are served with. Separate from the engine because neither needs the other to build.

mod decide;
mod names;
mod pack;
mod split;

use anyhow::{Context, Result, bail};
use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use sha2::{Digest, Sha256};
use std::fs;
use std::path::Path;
use std::process::Command;

use crate::command::step;
use crate::tools::Tools;
use crate::worker::sources;
use crate::{place, site, stamp};

/// Builds both unless nothing that they are made of has changed.
pub fn build(tools: &Tools) -> Result<()> {
    let inputs = ["app", "wire", "words", "domain", "style", "Trunk.toml", "xtask/src/desk.rs", "xtask/src/desk"];
    // The bundled style sheet lies under app/ but is made here.
    let made = place::root().join("app/generated");
    let _ = fs::remove_dir_all(&made);
    let now = stamp::of(&sources(&inputs), &["trunk 0.21.14"])?;
    let file = place::root().join("dist/stamp");
    let site = place::site();
    place::made(made.clone())?;
    if stamp::is(&file, &now) && ["desk", "decide"].iter().all(|page| site.join(page).join("index.html").is_file()) {
        return Ok(());
    }
    let _ = fs::remove_file(&file);

    for name in ["index.css", "decide.css"] {
        let mut css = tools.node.command("lightningcss");
        css.args(["--minify", "--bundle", "--targets", ">= 0.5% and not dead", &format!("style/{name}"), "-o"]);
        css.arg(made.join(if name == "index.css" { "style.css" } else { name }));
        step("Bundling the style sheets", &mut css)?;
    }

    // Both at once: what they share is compiled once, and the second core links the one while the first links the other.
    // Trunk then finds the desk's program as it would have built it.
    let mut cargo = Command::new("cargo");
    cargo.current_dir(place::root()).args(["build", "--release", "--package", "app", "--bins"]);
    step("Compiling the desk and the approver's page", cargo.args(["--target", "wasm32-unknown-unknown"]))?;
    let mut trunk = tools.trunk();
    trunk.args(["build", "--release", "--offline", "--skip-version-check"]);
    step("Building the desk", &mut trunk)?;

    split::split(tools, &site.join("desk"))?;
    decide::build(tools, &site, &made.join("decide.css"))?;
    finish(tools, &site)?;
    fs::write(&file, now).context("cannot keep the stamp of the desk")
}

/// Lays what is offered beside the letters of a keyboard beside the desk: its files carry their hashes in the names that they have.
fn lay_symbols(desk: &Path) -> Result<()> {
    let folder = place::root().join("app/symbols");
    for name in names_in(&folder)?.iter().filter(|name| name.ends_with(".txt")) {
        fs::copy(folder.join(name), desk.join(name)).with_context(|| format!("cannot lay out {name}"))?;
    }
    Ok(())
}

/// Tells the desk's service worker what there is to keep, packs the programs and writes the headers of the files of both.
fn finish(tools: &Tools, site: &Path) -> Result<()> {
    let desk = site.join("desk");
    lay_symbols(&desk)?;
    let page = fs::read_to_string(desk.join("index.html")).context("Trunk made no index.html")?;
    let files = names_in(&desk)?;
    let worker = desk.join("sw.js");
    if worker.is_file() {
        let script = fs::read_to_string(&worker)?;
        let listed: Vec<&String> = files.iter().filter(|file| page.contains(file.as_str())).collect();
        fs::write(&worker, filled(&script, &page, &serde_json::to_string(&listed)?)?)?;
    }
    let decide = site.join("decide");
    let pieces = names_in(&decide)?;
    pack::pack(tools, &desk, &files)?;
    pack::pack(tools, &decide, &pieces)?;
    let text =
        headers("desk", &page, &files)? + &headers("decide", &fs::read_to_string(decide.join("index.html"))?, &pieces)?;
    fs::write(site::desk_headers(), text).context("cannot keep the headers of the desk")?;
    site::lay_out()
}

fn names_in(folder: &Path) -> Result<Vec<String>> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        if entry.file_type()?.is_file() {
            files.push(entry.file_name().to_string_lossy().into_owned());
        }
    }
    files.sort();
    Ok(files)
}

/// The service worker with its two blanks filled: the files that `index.html` names, and an id that is another one
/// after every change of any of them (their names carry hashes, so the page itself is enough to tell).
fn filled(script: &str, page: &str, files: &str) -> Result<String> {
    if !script.contains("__BUILD__") || !script.contains("__FILES__") {
        bail!("a service worker must name __BUILD__ and __FILES__, or it would keep a stale page");
    }
    let mut hash = Sha256::new();
    hash.update(page);
    // Or a change of the script alone would keep the old cache.
    hash.update(script);
    Ok(script.replace("__BUILD__", &stamp::hex(&hash.finalize())[..16]).replace("__FILES__", files))
}

/// What every answer under a scope carries. `page` is the built index.html, `files` the names beside it.
fn headers(scope: &str, page: &str, files: &[String]) -> Result<String> {
    // The wasm is started from an inline script: its hash stands for it, so that no other inline script can run.
    let hashes: String = inline_scripts(page)
        .iter()
        .map(|script| format!(" 'sha256-{}'", BASE64_STANDARD.encode(Sha256::digest(script.as_bytes()))))
        .collect();
    let policy = format!(
        "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'{hashes}; style-src 'self'; img-src 'self' data: blob:; \
         media-src 'self' blob:; connect-src 'self'; font-src 'self'; manifest-src 'self'; worker-src 'self'; \
         object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
    );
    let mut text = format!(
        "/{scope}/*\n  Content-Security-Policy: {policy}\n  X-Content-Type-Options: nosniff\n  \
         Referrer-Policy: same-origin\n  Cross-Origin-Opener-Policy: same-origin\n  \
         Cross-Origin-Resource-Policy: same-origin\n  \
         Permissions-Policy: camera=(), microphone=(), geolocation=(), payment=(), usb=()\n  \
         Strict-Transport-Security: max-age=31536000\n"
    );
    // Cloudflare's own default for assets is "ask again each time"; only names with a hash may be kept for good. By their
    // endings, for there are more files than rules that it reads.
    for ending in HASHED {
        let of_its_kind = |file: &&String| file.ends_with(ending) && !FIXED.contains(&file.as_str());
        if let Some(file) = files.iter().filter(of_its_kind).find(|file| !is_hashed(file)) {
            bail!("{scope}/{file} would be kept for good, and its name does not change with it");
        }
        text +=
            &format!("/{scope}/*{ending}\n  ! Cache-Control\n  Cache-Control: public, max-age=31536000, immutable\n");
    }
    for fixed in FIXED {
        text += &format!("/{scope}/{fixed}\n  ! Cache-Control\n  Cache-Control: no-cache\n");
    }
    Ok(text)
}

/// What ends like this has a hash in its name,
const HASHED: [&str; 4] = [".wasm", ".js", ".css", ".txt"];

/// but for these; the first is the page itself.
const FIXED: [&str; 4] = ["", "sw.js", "push.js", "pictures.js"];

/// The texts of the scripts that stand in the page itself.
fn inline_scripts(page: &str) -> Vec<&str> {
    page.split("<script")
        .skip(1)
        .filter_map(|rest| {
            let (attributes, rest) = rest.split_once('>')?;
            let (script, _) = rest.split_once("</script>")?;
            (!attributes.contains("src=")).then_some(script)
        })
        .collect()
}

/// Whether Trunk put a hash of the content into this file's name: sixteen hexadecimal digits after a hyphen.
fn is_hashed(name: &str) -> bool {
    name.split(['-', '_', '.']).any(|part| part.len() >= 15 && part.bytes().all(|byte| byte.is_ascii_hexdigit()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_policy_names_the_hash_of_the_inline_script_and_of_no_other() {
        let page = "<script src=\"a.js\"></script><script type=\"module\">start()</script>";
        assert_eq!(inline_scripts(page), ["start()"]);
        let text = headers("desk", page, &[]).unwrap();
        let hash = BASE64_STANDARD.encode(Sha256::digest(b"start()"));
        assert!(text.contains(&format!("'wasm-unsafe-eval' 'sha256-{hash}';")));
        assert_eq!(text.matches("sha256-").count(), 1);
        assert!(!text.contains("unsafe-inline"));
    }

    #[test]
    fn only_names_with_a_hash_are_kept_for_good() {
        let files = ["app-0123456789abcdef_bg.wasm", "app-0123456789abcdef.js", "index.html", "sw.js", "icon-192.png"];
        let text = headers("desk", "", &files.map(String::from)).unwrap();
        // What comes later counts: its own rules stand behind those of the endings.
        let (kept, asked) =
            (text.rfind("immutable"), text.find("/desk/sw.js\n  ! Cache-Control\n  Cache-Control: no-cache"));
        assert!(kept.is_some() && kept < asked);
        assert!(text.contains("/desk/\n  ! Cache-Control\n  Cache-Control: no-cache"));
        let error = headers("desk", "", &["late.js".to_owned()]).unwrap_err().to_string();
        assert!(error.starts_with("desk/late.js would be kept for good"), "{error}");
    }

    #[test]
    fn what_is_offered_beside_the_keyboard_is_called_as_the_desk_asks_for_it() {
        let folder = place::root().join("app/symbols");
        let names: Vec<_> = names_in(&folder).unwrap().into_iter().filter(|name| name.ends_with(".txt")).collect();
        let asked = fs::read_to_string(place::root().join("app/src/pages/symbols/files.rs")).unwrap();
        assert_eq!((names.len(), asked.matches(".txt").count()), (2, 2));
        for name in names {
            let hash = stamp::hex(&Sha256::digest(fs::read(folder.join(&name)).unwrap()));
            assert!(name.ends_with(&format!("-{}.txt", &hash[..16])), "{name} is not of its content");
            assert!(asked.contains(&format!("\"{name}\"")), "{name} is not asked for");
        }
    }

    #[test]
    fn the_service_worker_gets_another_id_with_every_other_page() {
        let script = "const build = '__BUILD__', files = __FILES__;";
        let one = filled(script, "page one", "[]").unwrap();
        assert_ne!(one, filled(script, "page two", "[]").unwrap());
        assert!(one.ends_with("files = [];"));
        assert!(filled("const build = 1;", "page", "[]").is_err());
    }
}
