//! How the files of `app/symbols` are called. Written by `xtask/src/desk/symbols.mjs`: a name changes with what is in its file.

/// What is offered in Spanish.
pub const ES: &str = "symbols-es-fda2b996feed9a62.txt";
/// What is offered in English.
pub const EN: &str = "symbols-en-05f8ccae503862e5.txt";
