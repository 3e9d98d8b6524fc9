//! A card dragged over a full week, in a real browser on an old machine: whether it stays under the pointer, and how long it takes
//! until it is said that it stands where it was let go. What the compositor does by itself is not seen from here: the page's own
//! thread is, which has to answer each move.

use anyhow::Result;

use super::{Ground, Row, browser, calendar, load};

/// Milliseconds: of a move, between frames, of a task, from letting go to the word.
pub fn drag(ground: &Ground) -> Result<Vec<Row>> {
    // The week after this one, whatever day it is, lies within the month that is filled.
    let engine = calendar::town(ground, "bench-drag", "'start of day', '-14 days'")?;
    let measured = browser::measured(ground, "drag.cjs", engine.origin(), "Dragging in Chromium")?;
    drop(engine);
    let number = |name: &str| load::number(&measured, name);
    let cards = number("cards")?;
    Ok(vec![
        Row::new(
            format!(
                "a card dragged over a week of {cards} posts, 4 × slower CPU: a move's work and its frame's, 98 of 100"
            ),
            number("move")?,
            "ms",
            16.0,
        ),
        Row::new("the same: from frame to frame, 98 of 100", number("apart")?, "ms", 17.0),
        Row::new("the same: longest task of more than 50 ms", number("task")?, "ms", 50.0),
        Row::new("from letting go to the word that it is saved", number("drop")?, "ms", 300.0),
    ])
}
