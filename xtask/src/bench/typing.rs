//! Typing in the composer, in a real browser on an old machine: whether a letter is there before the next one comes, with every
//! version counted and every rule asked at each of them.

use anyhow::Result;

use super::{Ground, Row, browser, load};

/// Milliseconds of work of a key, half of them and nearly all.
pub fn typing(ground: &Ground) -> Result<Vec<Row>> {
    let measured = browser::measured(ground, "typing.cjs", ground.engine.origin(), "Typing in Chromium")?;
    let number = |name: &str| load::number(&measured, name);
    let what = "a key in the composer, 8 versions and every rule, 4 × slower CPU: its work and that of its frame";
    Ok(vec![
        Row::new(format!("{what}, half of all"), number("half")?, "ms", 16.0),
        Row::new("the same, 98 of 100", number("most")?, "ms", 16.0),
    ])
}
