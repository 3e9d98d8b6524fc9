//! The pictures of a post, in a real browser on a slow phone: how long a photo takes until it is there, and until the version is
//! that four networks take; and the longest time in which nothing else could be done meanwhile.

use anyhow::{Context, Result};
use serde_json::Value;
use std::env;

use super::{Ground, Row, load};
use crate::command::quiet;
use crate::place;
use crate::tools::chromium;

/// Seconds, and milliseconds of the longest task; the middle one of five photos.
pub fn pictures(ground: &Ground) -> Result<Vec<Row>> {
    let measured = in_chromium(ground)?;
    let number = |name: &str| load::number(&measured, name);
    let what = "a photo of 12 megapixels, 4 × slower CPU";
    Ok(vec![
        Row::new(
            format!("{what}: brought, and a version made that four networks take"),
            number("whole")? / 1000.0,
            "s",
            3.0,
        ),
        Row::new("of that, until the photo itself is there", number("brought")? / 1000.0, "s", 3.0),
        Row::new("of that, the version", number("fitted")? / 1000.0, "s", 3.0),
        Row::new("longest task meanwhile, of all five photos", number("task")?, "ms", 200.0),
    ])
}

fn in_chromium(ground: &Ground) -> Result<Value> {
    let node = &ground.tools.node;
    let program = chromium::find_or_install(node)?;
    let modules = node.bin().parent().context("the node tools lie nowhere")?.to_owned();
    let mut command = node.command("node");
    command
        .arg(place::root().join("xtask/src/bench/pictures.cjs"))
        .env("PREGON_URL", ground.engine.origin())
        .env("PLAYWRIGHT", modules.join("playwright"))
        .env("CHROMIUM", program.or_else(|| env::var_os("CHROMIUM").map(Into::into)).unwrap_or_default());
    let said = quiet("Bringing photos in Chromium", &mut command)?;
    let line = said.lines().rfind(|line| line.starts_with('{')).context("the browser said nothing")?;
    println!("  {line}");
    Ok(serde_json::from_str(line)?)
}
