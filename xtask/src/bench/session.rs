//! A whole session at the desk in a real browser on an old machine: how long it takes until what one did is seen, the longest time
//! in which nothing else could be done, and what is left in memory. Separate from `calendar`, which times a few things one by one.

use anyhow::Result;

use super::{Ground, Row, browser, calendar, load};

/// Milliseconds until the next paint; and growth in percent.
pub fn session(ground: &Ground) -> Result<Vec<Row>> {
    let engine = calendar::town(ground, "bench-session", "'start of month'")?;
    let measured = browser::measured(ground, "session.cjs", engine.origin(), "Working at the desk in Chromium")?;
    drop(engine);
    let number = |name: &str| load::number(&measured, name);
    let grown = |name: &str| load::number(&measured["grown"], name);
    let many = number("many")?;
    Ok(vec![
        Row::new(
            format!("a session of {many} presses and keys, 4 × slower CPU: to the next paint, 98 of 100"),
            number("paint")?,
            "ms",
            100.0,
        ),
        Row::new("the same: longest task", number("task")?, "ms", 200.0),
        Row::new("from its first round to its sixth: memory of scripts grows by", grown("heap")?, "%", 10.0),
        Row::new("the same: memory of the program", grown("program")?, "%", 10.0),
        Row::new(
            "the same: nodes of the page, those that are kept without being shown too",
            grown("nodes")?,
            "%",
            10.0,
        ),
        Row::new("the same: listeners", grown("listeners")?, "%", 10.0),
    ])
}
