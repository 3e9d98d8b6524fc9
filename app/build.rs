//! Leaves the relocations in the linked desk: `cargo xtask` needs them to cut it into the files of `src/chunks.rs`.

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rustc-link-arg-bin=app=--emit-relocs");
}
