//! Leaves the relocations in both linked programs: `cargo xtask` needs them to cut them into the files of
//! `src/chunks.rs` and of `src/decide/hands.rs`.

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    for program in ["app", "decide"] {
        println!("cargo::rustc-link-arg-bin={program}=--emit-relocs");
    }
}
