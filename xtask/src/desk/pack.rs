//! Packs what is fetched most, once and as well as Brotli can: Cloudflare packs on the way, quickly and an eighth worse, and
//! every visitor would pay that for ever. Separate because the engine serves these files (`edge/src/desk.rs`), not the platform.

use anyhow::Result;
use std::path::Path;

use super::{HASHED, is_hashed};
use crate::command::step;
use crate::place;
use crate::tools::Tools;

/// Packs those files of a folder that carry a hash in their names: the others may change under the engine's promise that
/// they never do.
pub fn pack(tools: &Tools, folder: &Path, names: &[String]) -> Result<()> {
    let packed = names.iter().filter(|name| HASHED.iter().any(|ending| name.ends_with(ending)) && is_hashed(name));
    let mut command = tools.node.command("node");
    command.arg(place::root().join("xtask/src/desk/pack.cjs")).args(packed.map(|name| folder.join(name)));
    step("Packing the programs", &mut command).map(drop)
}
