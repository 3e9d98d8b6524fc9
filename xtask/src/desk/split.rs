//! Cuts a linked program into its files: what everybody needs, and what is fetched later. The borders are in
//! `app/src/chunks.rs` for the desk and in `app/src/decide/hands.rs` for the approver's page. Separate from the rest of
//! the build because Trunk knows nothing of it: Trunk makes the page and one program, and here that program is replaced by
//! its pieces.

use anyhow::{Context, Result, anyhow, bail};
use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use sha2::{Digest, Sha256, Sha384};
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::thread;
use std::time::Instant;

use super::names;
use crate::command::{quiet, seconds, step};
use crate::tools::Tools;
use crate::{place, stamp};

/// Files by the names that the tools gave them, each with the name that it is served by.
pub type Files = BTreeMap<String, (String, Vec<u8>)>;

/// The script of a program: the module of wasm-bindgen, and the one that fetches the pieces, in one. Each imports the other.
pub fn script_of(program: &str) -> String {
    format!("{program}.js")
}

/// The piece that everybody needs.
pub fn first_of(program: &str) -> String {
    format!("{program}_bg.wasm")
}

/// Cuts a program that Cargo has linked, and makes all of it small.
pub fn cut(tools: &Tools, program: &str) -> Result<Files> {
    let work = place::built().join("split").join(program);
    if work.exists() {
        fs::remove_dir_all(&work)?;
    }
    let (cut, bound) = (place::made(work.join("cut"))?, place::made(work.join("bound"))?);
    let linked = place::target().join(format!("wasm32-unknown-unknown/release/{program}.wasm"));

    let mut command = tools.wasm_split();
    command.args(["--out-name", program]).arg(&linked).arg(&cut);
    step(&format!("Cutting `{program}` into what is fetched when"), &mut command)?;
    gather(tools, &cut)?;
    let whole = cut.join(format!("{program}.wasm"));
    let mut command = tools.wasm_bindgen();
    // The pieces find what they share by the linker's own exports.
    command.args(["--target", "web", "--no-typescript", "--keep-lld-exports", "--out-name", program, "--out-dir"]);
    quiet(&format!("Binding `{program}`"), command.arg(&bound).arg(&whole))?;
    fs::remove_file(whole)?;
    let script = bundled(tools, &work, program)?;
    let first = fs::read(bound.join(first_of(program)))?;
    let (first, script) = names::shortened(&first, &script, &format!("./{program}_bg.js"))?;

    let mut files = BTreeMap::from([(script_of(program), script.into_bytes())]);
    let mut pieces: Vec<(String, Vec<u8>)> = read(&cut)?;
    pieces.retain(|(name, _)| name.ends_with(".wasm"));
    pieces.push((first_of(program), first));
    println!("→ Making `{program}` small …");
    let began = Instant::now();
    files.extend(all_optimised(tools, &work, pieces)?);
    let first = files.get(&first_of(program)).map_or(0, Vec::len);
    if first > LARGEST {
        bail!("the first piece of `{program}` has {first} bytes; are there too many groups in app/src/chunks.rs?");
    }
    println!("✓ Making `{program}` small ({})", seconds(began.elapsed()));
    named(files, program)
}

/// Puts the pieces of the desk in the place of the program that Trunk left in `desk`.
pub fn split(tools: &Tools, desk: &Path) -> Result<()> {
    let files = cut(tools, "app")?;
    let page = desk.join("index.html");
    let mut text = fs::read_to_string(&page).context("Trunk made no index.html")?;
    let places = [("rel=\"modulepreload\" href=\"", script_of("app")), ("rel=\"preload\" href=\"", first_of("app"))];
    for (place, kind) in places {
        let old = preloaded(&text, place)?;
        let (new, bytes) = &files[&kind];
        fs::remove_file(desk.join(&old.name)).with_context(|| format!("Trunk did not leave {}", old.name))?;
        text = text.replace(&old.name, new).replace(&old.integrity, &integrity(bytes));
    }
    fs::write(&page, text)?;
    for (name, bytes) in files.values() {
        fs::write(desk.join(name), bytes)?;
    }
    Ok(())
}

/// A piece of more bytes than this, as it is cut, is a file of its own.
const SMALL: u64 = 16_384;
/// What is gathered.
const GATHERED: &str = "chunk_small";
/// What a piece may use, as it is merged.
const USED: [&str; 7] = [
    "bulk-memory",
    "extended-const",
    "multivalue",
    "mutable-globals",
    "nontrapping-float-to-int",
    "reference-types",
    "sign-ext",
];

/// Makes one file of all small pieces. The tool makes a file of what two groups of pages share, one for each set of groups: some
/// 250, most of them of a few hundred bytes, of which a page asks for 150. In one they are fewer bytes than what the first page
/// alone needs of them, because they are packed together.
fn gather(tools: &Tools, cut: &Path) -> Result<()> {
    let mut small = Vec::new();
    for entry in fs::read_dir(cut)? {
        let entry = entry?;
        let name = entry.file_name().to_string_lossy().into_owned();
        if let Some(stem) = name.strip_suffix(".wasm").filter(|stem| stem.starts_with("chunk_"))
            && entry.metadata()?.len() < SMALL
        {
            small.push(stem.to_owned());
        }
    }
    small.sort();
    let [first, _, ..] = &small[..] else { return Ok(()) };
    let file = |stem: &str| cut.join(format!("{stem}.wasm"));
    let base = file("base");
    let mut command = tools.node.command("node");
    command.arg(place::root().join("xtask/src/desk/gather.mjs")).arg(file(first)).arg(&base);
    quiet("Reading what the pieces share", &mut command)?;
    let mut command = tools.node.command("wasm-merge");
    command.args(USED.map(|feature| format!("--enable-{feature}"))).arg(&base).arg("__wasm_split");
    for stem in &small {
        command.arg(file(stem)).arg(stem);
    }
    quiet("Gathering the small pieces", command.arg("-o").arg(file(GATHERED)))?;
    let script = cut.join("__wasm_split.js");
    let text = fetched_once(&fs::read_to_string(&script)?, &small)?;
    for stem in &small {
        fs::remove_file(file(stem))?;
    }
    fs::remove_file(base)?;
    fs::write(&script, text).context("cannot write what fetches the pieces")
}

/// How the tool that cuts begins to fetch a piece, before its address,
const FETCHES: &str = "() => {\n    const src = fetch(";
/// and how it ends, after it.
const STARTS: &str = ");\n    return async (imports) => (WebAssembly.instantiateStreaming(src, imports));\n}\n";

/// The script that fetches the pieces, where those that were gathered are one: whoever needs any of them names the one, once, and
/// none of them is left. How a piece is fetched is written once too.
fn fetched_once(script: &str, small: &[String]) -> Result<String> {
    let (runtime, pieces) = script.split_at(script.find("const __chunk_").context("no piece is fetched")?);
    let mut pieces = pieces.to_owned();
    for stem in small {
        let load =
            format!("const __{stem} = makeLoad({FETCHES}new URL(\"./{stem}.wasm\", import.meta.url){STARTS}, []);\n");
        if pieces.matches(&load).count() != 1 {
            bail!("{stem} is not fetched as it was: has the tool that cuts changed?");
        }
        pieces = pieces.replace(&load, "");
    }
    let is_small = |name: &str| name.strip_prefix("__").is_some_and(|stem| small.iter().any(|small| small == stem));
    let lines = pieces.lines().map(|line| match line.strip_prefix(", [").and_then(|rest| rest.strip_suffix("]));")) {
        Some(list) => format!(", [{}]));", named_once(list, is_small)),
        None => line.to_owned(),
    });
    let pieces = lines.collect::<Vec<_>>().join("\n");
    let left = pieces.split(|letter: char| !letter.is_ascii_alphanumeric() && letter != '_').any(is_small);
    if left || pieces.matches(FETCHES).count() != pieces.matches(STARTS).count() {
        bail!("the pieces are not fetched as they were: has the tool that cuts changed?");
    }
    let pieces = pieces.replace(FETCHES, "fetched(").replace(STARTS, ")");
    Ok(format!(
        "{runtime}const fetched = (address) => () => {{\n    const src = fetch(address);\n    \
         return async (imports) => (WebAssembly.instantiateStreaming(src, imports));\n}};\n\
         const __{GATHERED} = makeLoad(() => {{\n    \
         const src = fetch(new URL(\"./{GATHERED}.wasm\", import.meta.url));\n    \
         return async (imports) => (WebAssembly.instantiateStreaming(src, {{ shared: imports.__wasm_split }}));\n}}, \
         []);\n{pieces}\n"
    ))
}

/// A list of what is needed, with what is gathered named once and first.
fn named_once(list: &str, is_small: impl Fn(&str) -> bool) -> String {
    let gathered = format!("__{GATHERED}");
    let (small, mut large): (Vec<&str>, Vec<&str>) = list.split(", ").partition(|name| is_small(name));
    if !small.is_empty() {
        large.insert(0, &gathered);
    }
    large.join(", ")
}

fn read(folder: &Path) -> Result<Vec<(String, Vec<u8>)>> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        files.push((entry.file_name().to_string_lossy().into_owned(), fs::read(entry.path())?));
    }
    Ok(files)
}

/// The two scripts as one small file, without what wasm-bindgen writes for whoever else would use this program.
fn bundled(tools: &Tools, work: &Path, program: &str) -> Result<String> {
    let entry = work.join("bound/entry.js");
    fs::copy(work.join("cut/__wasm_split.js"), work.join("bound/__wasm_split.js"))?;
    fs::write(&entry, format!("export {{ default }} from './{program}.js';"))?;
    let mut command = tools.node.command("esbuild");
    // wasm-bindgen names a module once for each thing that it takes from it; esbuild would warn of each.
    command.args(["--bundle", "--minify", "--format=esm", "--log-level=error"]).arg(&entry);
    quiet(&format!("Making the script of `{program}` small"), &mut command)
}

/// The most bytes of the first piece, small and not packed. The tool that cuts moves the texts of each page to its file unless
/// there are so many files that what stands between them does not fit; then all texts of all pages are in the first load, and it
/// says so where nobody looks.
const LARGEST: usize = 1_000_000;

/// Every piece made small: the first, which is half of all, by wasm-opt itself, and beside it all others by one program.
fn all_optimised(tools: &Tools, work: &Path, pieces: Vec<(String, Vec<u8>)>) -> Result<Vec<(String, Vec<u8>)>> {
    let [before, after] = ["before", "after"].map(|when| place::made(work.join(when)));
    let (before, after) = (before?, after?);
    for (name, bytes) in &pieces {
        fs::write(before.join(name), bytes)?;
    }
    let is_first = |name: &str| name.ends_with("_bg.wasm");
    thread::scope(|scope| {
        let first = scope.spawn(|| {
            let named = pieces.iter().filter(|(name, _)| is_first(name));
            named.into_iter().try_for_each(|(name, _)| optimised(tools, &before.join(name), &after.join(name)))
        });
        let mut command = tools.node.command("node");
        command.arg(place::root().join("xtask/src/desk/small.mjs"));
        for (name, _) in pieces.iter().filter(|(name, _)| !is_first(name)) {
            command.args([before.join(name), after.join(name)]);
        }
        quiet("Making the pieces small", &mut command)?;
        first.join().map_err(|_| anyhow!("a thread died"))?
    })?;
    let small = |(name, _): (String, Vec<u8>)| {
        let bytes = fs::read(after.join(&name)).with_context(|| format!("nothing was made of {name}"))?;
        Ok((name, bytes))
    };
    pieces.into_iter().map(small).collect()
}

/// A program as small as wasm-opt makes it.
fn optimised(tools: &Tools, from: &Path, to: &Path) -> Result<()> {
    let mut command = tools.node.command("wasm-opt");
    // A piece has no list of what it uses; the features are those of Rust's own wasm32 target.
    for feature in ["bulk-memory", "mutable-globals", "nontrapping-float-to-int", "reference-types", "sign-ext"] {
        command.arg(format!("--enable-{feature}"));
    }
    // As for the engine (`worker.rs`). The stack lies below the data: nothing is addressed in the first kilobyte.
    command.args(["--enable-multivalue", "--enable-extended-const", "--merge-similar-functions"]);
    command.args(["--low-memory-unused", "-Oz"]).arg(from).arg("-o").arg(to);
    quiet("Making the first piece small", &mut command).map(drop)
}

/// Gives every file a name that changes with any of them: they are of one build or they do not fit together.
fn named(files: BTreeMap<String, Vec<u8>>, program: &str) -> Result<Files> {
    for needed in [script_of(program), first_of(program)] {
        if !files.contains_key(&needed) {
            bail!("`{program}` was cut, but {needed} is missing");
        }
    }
    let mut hash = Sha256::new();
    for (name, bytes) in &files {
        hash.update(name);
        hash.update(bytes);
    }
    let hash = stamp::hex(&hash.finalize())[..16].to_owned();
    let names: BTreeMap<String, String> = files.keys().map(|name| (name.clone(), with_hash(name, &hash))).collect();
    let mut out = BTreeMap::new();
    for (name, mut bytes) in files {
        if name.ends_with(".js") {
            let mut text = String::from_utf8(bytes).with_context(|| format!("{name} is not text"))?;
            for (old, new) in &names {
                // Not every mention: the program asks for its imports by the old name.
                for before in ["new URL(\"./", "new URL(\""] {
                    text = text.replace(&format!("{before}{old}\""), &format!("{before}{new}\""));
                }
            }
            bytes = text.into_bytes();
        }
        let new = names[&name].clone();
        out.insert(name, (new, bytes));
    }
    Ok(out)
}

/// `chunk_3.wasm` → `chunk_3-0123456789abcdef.wasm`.
fn with_hash(name: &str, hash: &str) -> String {
    let (stem, kind) = name.rsplit_once('.').unwrap_or((name, ""));
    format!("{}-{hash}.{kind}", stem.trim_start_matches('_'))
}

/// A file that Trunk's page asks for before its script runs.
#[derive(Debug, PartialEq, Eq)]
struct Preloaded {
    name: String,
    integrity: String,
}

fn preloaded(page: &str, place: &str) -> Result<Preloaded> {
    let after = |text: &str, mark: &str| -> Option<String> {
        Some(text.split_once(mark)?.1.split_once('"')?.0.trim_start_matches("/desk/").to_owned())
    };
    let rest = page.split_once(place).map(|(_, rest)| format!("{place}{rest}")).unwrap_or_default();
    let (name, integrity) = (after(&rest, place), after(&rest, "integrity=\""));
    match (name, integrity) {
        (Some(name), Some(integrity)) => Ok(Preloaded { name, integrity }),
        _ => bail!("the page that Trunk made preloads nothing at `{place}`: has Trunk changed?"),
    }
}

/// What a browser compares a file with (Subresource Integrity, W3C).
fn integrity(bytes: &[u8]) -> String {
    format!("sha384-{}", BASE64_STANDARD.encode(Sha384::digest(bytes)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_trunk_preloads_is_found_with_its_integrity() {
        let page = "<link rel=\"modulepreload\" href=\"/desk/app-1.js\" crossorigin=\"anonymous\" integrity=\"sha384-a\">\
                    <link rel=\"preload\" href=\"/desk/app-1_bg.wasm\" integrity=\"sha384-b\" as=\"fetch\">";
        let found = preloaded(page, "rel=\"preload\" href=\"").unwrap();
        assert_eq!(found, Preloaded { name: "app-1_bg.wasm".to_owned(), integrity: "sha384-b".to_owned() });
        assert!(preloaded("<html></html>", "rel=\"preload\" href=\"").is_err());
    }

    /// As the tool that cuts writes it, of pieces and of groups with what each needs.
    fn loader(pieces: &[&str], groups: &[(&str, &str)]) -> String {
        let fetch = |file: &str| format!("{FETCHES}new URL(\"./{file}.wasm\", import.meta.url){STARTS}");
        let mut out = "function makeLoad(fetcher, deps) {\n}\n/* home, post */\n".to_owned();
        for piece in pieces {
            out += &format!("const __{piece} = makeLoad({}, []);\n/* post */\n", fetch(piece));
        }
        for (group, needs) in groups {
            let load = fetch(&format!("split_{group}"));
            out += &format!("export const __wasm_split_load_{group} = wrapAsyncCb(makeLoad({load}, [{needs}]));\n");
        }
        out
    }

    #[test]
    fn what_is_gathered_is_needed_once_by_whoever_needs_any_of_it() {
        let groups =
            [("home", "__chunk_1, __chunk_2, __chunk_12"), ("post", "__chunk_12"), ("own", ""), ("all", "__chunk_2")];
        let script = loader(&["chunk_1", "chunk_2", "chunk_12"], &groups);
        let text = fetched_once(&script, &["chunk_1".to_owned(), "chunk_2".to_owned()]).unwrap();
        let piece = |name: &str| format!("makeLoad(fetched(new URL(\"./{name}.wasm\", import.meta.url)), [");
        let expected =
            [("home", "__chunk_small, __chunk_12"), ("post", "__chunk_12"), ("own", ""), ("all", "__chunk_small")];
        for (group, needs) in expected {
            let load = piece(&format!("split_{group}"));
            assert!(text.contains(&format!("load_{group} = wrapAsyncCb({load}{needs}]));\n")), "{group}: {text}");
        }
        assert!(text.contains(&format!("const __chunk_12 = {}]);\n", piece("chunk_12"))), "{text}");
        assert!(!text.contains("__chunk_1,") && !text.contains("chunk_2"), "{text}");
        // Once for all, and once for the gathered, which is given something else; before whoever uses it.
        assert_eq!(text.matches("= fetch(").count(), 2);
        let place = |word: &str| text.find(word).unwrap();
        assert!(place("const fetched") < place("const __chunk_small"));
        assert!(place("const __chunk_small") < place("const __chunk_12"));
        assert!(text.starts_with("function makeLoad(fetcher, deps) {\n}\n"));
    }

    #[test]
    fn a_script_that_is_written_otherwise_stops_the_build() {
        let script = loader(&["chunk_1", "chunk_2"], &[("home", "__chunk_1, __chunk_2")]);
        let small = ["chunk_1".to_owned(), "chunk_2".to_owned()];
        assert!(fetched_once(&script, &small).is_ok());
        assert!(fetched_once(&script, &["chunk_3".to_owned()]).is_err());
        assert!(fetched_once(&script.replace("const src", "let src"), &small).is_err());
        // Somebody would still name what is gone.
        assert!(fetched_once(&(script.clone() + "export const more = __chunk_1;\n"), &small).is_err());
        assert!(fetched_once(&script.replace(", [__chunk_1", ", [\n__chunk_1"), &small).is_err());
        assert!(fetched_once("function makeLoad() {}", &small).is_err());
    }

    #[test]
    fn the_pieces_carry_one_hash_and_are_asked_for_by_it() {
        let file = |name: &str, text: &str| (name.to_owned(), text.as_bytes().to_vec());
        let files = BTreeMap::from([
            file("app.js", "new URL(\"app_bg.wasm\",import.meta.url);new URL(\"./chunk_1.wasm\",import.meta.url)"),
            file("app_bg.wasm", "program"),
            file("chunk_1.wasm", "piece"),
        ]);
        let out = named(files.clone(), "app").unwrap();
        let text = |name: &str| String::from_utf8(out[name].1.clone()).unwrap();
        for name in ["app_bg.wasm", "chunk_1.wasm"] {
            assert!(text("app.js").contains(&out[name].0), "{name} is not named: {}", text("app.js"));
        }
        let mut other = files;
        other.insert("chunk_1.wasm".to_owned(), b"another".to_vec());
        assert_ne!(named(other, "app").unwrap()["app.js"].0, out["app.js"].0);
        assert!(named(BTreeMap::new(), "app").is_err());
    }
}
