//! Finds or installs every tool, each under the user's cache in a folder that carries its version, so that a fresh
//! clone on the same machine builds none of them again. The versions are pinned here and nowhere else.

pub mod chromium;
mod node;
mod python;

pub use node::Node;
pub use python::Python;

use anyhow::{Context, Result, bail};
use std::env;
use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::command::{self, quiet};
use crate::place;

/// A program from crates.io.
struct Tool {
    /// The folder in the cache is `name-version`.
    name: &'static str,
    package: &'static str,
    version: &'static str,
    program: &'static str,
    /// Extra arguments to `cargo install`.
    arguments: &'static [&'static str],
}

const TRUNK: Tool = Tool {
    name: "trunk",
    package: "trunk",
    version: "0.21.14",
    program: "trunk",
    // The default features want OpenSSL's headers; offline as we call it, it needs no TLS at all.
    arguments: &["--locked", "--no-default-features", "--features", "rustls"],
};

/// Must be the version of the library in Cargo.lock: the two speak a private format. A test compares them.
/// Not `--locked`: its lock file names a crate that was withdrawn.
const WASM_BINDGEN: Tool = Tool {
    name: "wasm-bindgen",
    package: "wasm-bindgen-cli",
    version: "0.2.130",
    program: "wasm-bindgen",
    arguments: &[],
};

/// Must be the version of `wasm_split_helpers` in Cargo.lock, for the same reason.
const WASM_SPLIT: Tool = Tool {
    name: "wasm-split",
    package: "wasm_split_cli_support",
    version: "0.2.3",
    program: "wasm-split-cli",
    arguments: &["--locked", "--features", "build-binary"],
};

const WORKER_BUILD: Tool = Tool {
    name: "worker-build",
    package: "worker-build",
    version: "0.8.7",
    program: "worker-build",
    arguments: &["--locked"],
};

/// What the builds need, found.
pub struct Tools {
    trunk: PathBuf,
    wasm_bindgen: PathBuf,
    wasm_split: PathBuf,
    worker_build: PathBuf,
    /// Wrangler and the other tools that are Node programs.
    pub node: Node,
}

impl Tools {
    /// Trunk, with every program that it calls first in PATH.
    pub fn trunk(&self) -> Command {
        let mut command = Command::new(&self.trunk);
        command.current_dir(place::root()).env("PATH", self.path()).env("NO_COLOR", "true");
        command
    }

    /// wasm-bindgen by itself, for the program that Trunk has linked and xtask has cut.
    pub fn wasm_bindgen(&self) -> Command {
        Command::new(&self.wasm_bindgen)
    }

    /// What cuts a linked program into pieces.
    pub fn wasm_split(&self) -> Command {
        Command::new(&self.wasm_split)
    }

    /// worker-build, told where its programs are so that it downloads none.
    pub fn worker_build(&self) -> Command {
        let mut command = Command::new(&self.worker_build);
        command
            .current_dir(place::root().join("edge"))
            .env("PATH", self.path())
            .env("WASM_BINDGEN_BIN", &self.wasm_bindgen)
            .env("WASM_OPT_BIN", self.node.program("wasm-opt"))
            .env("ESBUILD_BIN", self.node.program("esbuild"));
        command
    }

    fn path(&self) -> OsString {
        path_with([self.wasm_bindgen.parent(), Some(&self.node.bin())].into_iter().flatten())
    }
}

/// Sets up all that building and running need.
pub fn for_builds() -> Result<Tools> {
    wasm_target()?;
    Ok(Tools {
        trunk: TRUNK.find_or_install()?,
        wasm_bindgen: WASM_BINDGEN.find_or_install()?,
        wasm_split: WASM_SPLIT.find_or_install()?,
        worker_build: WORKER_BUILD.find_or_install()?,
        node: Node::find_or_install()?,
    })
}

/// Sets up what only the tests need, so that a slow network is met before they start.
pub fn for_tests(node: &Node) -> Result<()> {
    network_servers(node, &Python::find_or_install()?)?;
    chromium::find_or_install(node).map(drop)
}

/// The real Bluesky server and the networks' own clients, compiled where need be: their `node_modules`. The scripts in
/// `tests/networks/node` find it beside themselves.
pub fn network_servers(node: &Node, python: &Python) -> Result<PathBuf> {
    let source = place::root().join("tests/networks/node");
    let (path, headers) = (node.path(), python.node_headers()?);
    let environment = [("PATH", path.as_ref()), ("npm_config_nodedir", headers.as_os_str())];
    let modules = node::install(&source, "network-servers", &environment)?;
    node::link(&modules, &source.join("node_modules"))?;
    Ok(modules)
}

/// PATH with some folders put before it.
pub fn path_with<'a>(first: impl Iterator<Item = &'a Path>) -> OsString {
    let old = env::var_os("PATH").unwrap_or_default();
    let all: Vec<PathBuf> = first.map(Path::to_owned).chain(env::split_paths(&old)).collect();
    env::join_paths(all).unwrap_or(old)
}

impl Tool {
    fn find_or_install(&self) -> Result<PathBuf> {
        let folder = place::cache()?.join("tools").join(format!("{}-{}", self.name, self.version));
        let program = folder.join("bin").join(self.program);
        if program.is_file() {
            return Ok(program);
        }
        place::made(folder.clone())?;
        if !self.fetch_binary(&folder) {
            self.build_source(&folder)?;
        }
        if !program.is_file() {
            bail!("{} was installed but {} is not there", self.package, program.display());
        }
        Ok(program)
    }

    /// Minutes faster, where `cargo binstall` is present and the download is reachable.
    fn fetch_binary(&self, folder: &Path) -> bool {
        if !answers("cargo", &["binstall", "-V"]) {
            return false;
        }
        let mut command = Command::new("cargo");
        command
            .args(["binstall", "--no-confirm", "--disable-strategies", "compile", "--root"])
            .arg(folder)
            .arg(format!("{}@{}", self.package, self.version));
        let title = format!("Fetching {} {}", self.package, self.version);
        match command::step(&title, &mut command) {
            Ok(_) => true,
            Err(_) => {
                println!("  no published binary to be had: building it");
                false
            }
        }
    }

    fn build_source(&self, folder: &Path) -> Result<()> {
        let build = place::made(place::cache()?.join("build").join(self.name))?;
        let mut command = Command::new("cargo");
        command
            .args(["install", self.package, "--version", self.version, "--root"])
            .arg(folder)
            .args(self.arguments)
            // Outside the clone, or its `.cargo/config.toml` and profile would speak too.
            .current_dir(place::cache()?)
            .env("CARGO_TARGET_DIR", &build)
            .env_remove("RUSTFLAGS")
            // Trunk's own release profile takes 20 minutes; a tool that waits for compilers need not be optimised.
            .env("CARGO_PROFILE_RELEASE_LTO", "off")
            .env("CARGO_PROFILE_RELEASE_CODEGEN_UNITS", "16")
            .env("CARGO_PROFILE_RELEASE_OPT_LEVEL", "1")
            .env("CARGO_PROFILE_RELEASE_DEBUG", "0");
        let title = format!("Building {} {} (some minutes, once)", self.package, self.version);
        command::step(&title, &mut command)?;
        fs::remove_dir_all(&build).context("cannot clear the tool's build folder")
    }
}

/// The standard library for wasm32, which a fresh toolchain lacks.
fn wasm_target() -> Result<()> {
    const TARGET: &str = "wasm32-unknown-unknown";
    let mut ask = Command::new("rustc");
    ask.args(["--print", "target-libdir", "--target", TARGET]).current_dir(place::root());
    let folder = quiet("Asking rustc for its wasm32 library", &mut ask)?;
    if Path::new(folder.trim()).is_dir() {
        return Ok(());
    }
    let mut add = Command::new("rustup");
    add.args(["target", "add", TARGET]).current_dir(place::root());
    command::step("Adding the wasm32 target", &mut add)
        .context("the wasm32 target is missing and rustup could not add it (https://rustup.rs)")?;
    Ok(())
}

/// Whether a program is there and answers with success.
pub fn answers(program: impl AsRef<std::ffi::OsStr>, arguments: &[&str]) -> bool {
    Command::new(program)
        .args(arguments)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .is_ok_and(|status| status.success())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tools_that_bind_and_cut_have_the_versions_of_their_libraries() {
        let lock = fs::read_to_string(place::root().join("Cargo.lock")).unwrap();
        for (library, tool) in [("wasm-bindgen", WASM_BINDGEN), ("wasm_split_helpers", WASM_SPLIT)] {
            let name = format!("name = \"{library}\"\n");
            let library = lock.split("[[package]]").find(|package| package.contains(&name)).unwrap();
            assert!(library.contains(&format!("version = \"{}\"", tool.version)), "{library}");
        }
    }

    #[test]
    fn trunk_is_told_the_same_versions() {
        let settings = fs::read_to_string(place::root().join("Trunk.toml")).unwrap();
        assert!(settings.contains(&format!("wasm_bindgen = \"{}\"", WASM_BINDGEN.version)));
        let package = fs::read_to_string(place::root().join("package.json")).unwrap();
        assert!(settings.contains("wasm_opt = \"version_132\"") && package.contains("\"binaryen\": \"132."));
    }

    #[test]
    fn our_folders_come_first_in_path() {
        let path = path_with([Path::new("/first"), Path::new("/second")].into_iter());
        assert!(path.to_string_lossy().starts_with("/first:/second:"));
    }
}
