//! Leaves the relocations in both linked programs: `cargo xtask` needs them to cut them into the files of
//! `src/chunks.rs` and of `src/decide/hands.rs`. Not where the unit tests run: there another linker has other words.

use std::env;

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    if env::var("CARGO_CFG_TARGET_ARCH").is_ok_and(|architecture| architecture == "wasm32") {
        for program in ["app", "decide"] {
            println!("cargo::rustc-link-arg-bin={program}=--emit-relocs");
        }
    }
}
