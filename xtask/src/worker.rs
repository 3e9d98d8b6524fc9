//! Builds the engine: the crate `edge`, made a worker. Three kinds of it exist, each with a folder of its own, so that
//! a test of the production build cannot change the engine that somebody is running.

use anyhow::{Context, Result};
use std::fs;
use std::path::PathBuf;

use crate::command::step;
use crate::tools::Tools;
use crate::{place, stamp};

/// What the engine is built for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Quick to build, slow to run, with the test doors: for work on the engine.
    Dev,
    /// As it will be deployed, plus the test doors, and not made small: what `run` and the journeys use. Nobody uploads
    /// it, and making it small takes as long as compiling it.
    Rehearsal,
    /// As it will be deployed.
    Production,
    /// No engine: a script that asks the database what it is told, to see what the runtime alone costs. Never built.
    Bare,
}

impl Kind {
    fn name(self) -> &'static str {
        match self {
            Kind::Dev => "dev",
            Kind::Rehearsal => "rehearsal",
            Kind::Production => "production",
            Kind::Bare => "bare",
        }
    }

    fn arguments(self) -> &'static [&'static str] {
        match self {
            Kind::Dev => &["--dev", "--features", "rehearsal"],
            Kind::Rehearsal => &["--release", "--features", "rehearsal"],
            Kind::Production | Kind::Bare => &["--release"],
        }
    }

    /// The folder that worker-build fills.
    pub fn folder(self) -> PathBuf {
        place::built().join(format!("engine-{}", self.name()))
    }

    /// The script that wrangler is given.
    pub fn script(self) -> PathBuf {
        match self {
            Kind::Bare => place::root().join("xtask/src/bench/bare.mjs"),
            _ => self.folder().join("index.js"),
        }
    }
}

/// Builds the engine unless nothing that it is made of has changed.
pub fn build(tools: &Tools, kind: Kind) -> Result<()> {
    let inputs = ["edge/src", "edge/build.rs", "edge/Cargo.toml", "wire", "words", "domain"];
    let now = stamp::of(&sources(&inputs), &[kind.name(), "worker-build 0.8.7"])?;
    let file = place::built().join(format!("engine-{}.stamp", kind.name()));
    if stamp::is(&file, &now) && kind.script().is_file() {
        return Ok(());
    }
    let _ = fs::remove_file(&file);
    let mut command = tools.worker_build();
    // The folder first: worker-build hands everything after the first argument that it does not know to Cargo.
    command.arg("--out-dir").arg(kind.folder()).args(kind.arguments());
    step(&format!("Building the engine ({})", kind.name()), &mut command)?;
    if kind == Kind::Production {
        shrink(tools, kind)?;
    }
    fs::write(&file, now).context("cannot keep the stamp of the engine")
}

/// Only what rustc and wasm-bindgen write, named one by one: `--all-features` would let wasm-opt write what no runtime
/// reads yet.
const FEATURES: [&str; 7] = [
    "mutable-globals",
    "sign-ext",
    "nontrapping-float-to-int",
    "bulk-memory",
    "multivalue",
    "reference-types",
    "exception-handling",
];

/// Makes it smaller and drops the names of its functions. What a panic says names its file and line without them.
fn shrink(tools: &Tools, kind: Kind) -> Result<()> {
    let (whole, small) = (kind.folder().join("index_bg.wasm"), kind.folder().join("small.wasm"));
    let mut command = tools.node.command("wasm-opt");
    // First what is alike is made one (types differ more often than what is done with them), then the rest made small:
    // twice, because the first time uncovers more. Below the first kilobyte lies the end of the stack and nothing that
    // is addressed, so sums with small constants may move into the instructions that use them.
    command
        .args(["--merge-similar-functions", "--low-memory-unused", "-Oz", "-Oz"])
        .args(FEATURES.map(|feature| format!("--enable-{feature}")));
    step(&format!("Shrinking the engine ({})", kind.name()), command.arg(&whole).arg("-o").arg(&small))?;
    fs::rename(small, whole).context("cannot put the smaller engine in its place")
}

/// Paths in the clone, and the files that every build reads.
pub fn sources(inputs: &[&str]) -> Vec<PathBuf> {
    let shared = ["Cargo.toml", "Cargo.lock", "rust-toolchain.toml", ".cargo/config.toml", "package-lock.json"];
    inputs.iter().chain(&shared).map(|path| place::root().join(path)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_engine_is_built_without_the_tables_of_unicode() {
        let lock = fs::read_to_string(place::root().join("Cargo.lock")).unwrap();
        let adapter = lock.split("[[package]]").find(|package| package.contains("name = \"idna_adapter\"\n"));
        // Any later one is 100 KB of the engine: `cargo update -p idna_adapter --precise 1.0.0` (docs/DESIGN.md).
        assert!(adapter.is_some_and(|package| package.contains("version = \"1.0.0\"")), "{adapter:?}");
    }
}
