//! The pictures of a post, in a real browser on a slow phone: how long a photo takes until it is there, and until the version is
//! that four networks take; and the longest time in which nothing else could be done meanwhile.

use anyhow::Result;

use super::{Ground, Row, browser, load};

/// Seconds, and milliseconds of the longest task; the middle one of five photos.
pub fn pictures(ground: &Ground) -> Result<Vec<Row>> {
    let measured = browser::measured(ground, "pictures.cjs", ground.engine.origin(), "Bringing photos in Chromium")?;
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
