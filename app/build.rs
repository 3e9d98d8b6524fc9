//! Leaves the relocations in the linked program: `cargo xtask` needs them to cut it into the files of `src/chunks.rs`.

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rustc-link-arg-bins=--emit-relocs");
}
