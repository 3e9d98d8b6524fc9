//! The point of a picture that must be seen of it wherever it is cut: in a version for a network, in a list, in an app. Separate
//! from the picture's bytes: who chooses another point changes what is agreed to, and not one pixel.

use serde::{Deserialize, Serialize};

use crate::media::Cut;

/// The far side of a picture, across and down.
pub const WHOLE: u16 = 1_000;
/// The middle: where nobody chose a point.
pub const MIDDLE: u16 = 500;

/// A point of a picture, in thousandths from the left and from above; never its middle, which has no other spelling than none.
/// Written as `x,y`: a text, because the approver's page has a reader of texts already.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Focus {
    x: u16,
    y: u16,
}

impl Focus {
    /// The point; nothing for the middle. What is beyond a side is on it.
    pub fn at(x: u16, y: u16) -> Option<Self> {
        let (x, y) = (x.min(WHOLE), y.min(WHOLE));
        ((x, y) != (MIDDLE, MIDDLE)).then_some(Self { x, y })
    }

    /// From the left and from above; the middle where none was chosen.
    pub fn of(chosen: Option<Self>) -> (u16, u16) {
        chosen.map_or((MIDDLE, MIDDLE), |focus| (focus.x, focus.y))
    }

    /// The same point in what was cut out of a picture of a size: as near as it is there.
    pub fn within(self, (width, height): (u32, u32), cut: &Cut) -> Option<Self> {
        let along = |at: u16, side: u32, from: u32, part: u32| {
            let pixel = (u64::from(at) * u64::from(side) / u64::from(WHOLE)).saturating_sub(from.into());
            let at = pixel.min(part.into()) * u64::from(WHOLE) / u64::from(part.max(1));
            u16::try_from(at).unwrap_or(WHOLE)
        };
        let x = along(self.x, width, cut.from.0, cut.part.0);
        Self::at(x, along(self.y, height, cut.from.1, cut.part.1))
    }

    /// As Mastodon takes it (`focus` of its media, documentation of 2026-08): from -1 to 1, the middle 0, left and below negative.
    pub fn around_the_middle(self) -> String {
        let part = |at: i32| format!("{}{}.{:03}", if at < 0 { "-" } else { "" }, at.abs() / 500, at.abs() % 500 * 2);
        let (x, y) = (i32::from(self.x), i32::from(self.y));
        [part(x - 500), part(500 - y)].join(",")
    }

    /// In tenths, rounded: where a style sheet has no more than so many places, because a page allows no style of its own.
    pub fn tenths(self) -> (u16, u16) {
        ((self.x + 50) / 100, (self.y + 50) / 100)
    }
}

impl TryFrom<String> for Focus {
    type Error = &'static str;
    fn try_from(text: String) -> Result<Self, Self::Error> {
        let (x, y) = text.split_once(',').ok_or("focus")?;
        let number = |text: &str| text.parse::<u16>().ok().filter(|number| *number <= WHOLE);
        let found = number(x).zip(number(y)).and_then(|(x, y)| Self::at(x, y));
        // One point has one spelling.
        found.filter(|focus| String::from(*focus) == text).ok_or("focus")
    }
}

impl From<Focus> for String {
    fn from(focus: Focus) -> String {
        format!("{},{}", focus.x, focus.y)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::{Shapes, media::cut};

    fn focus(x: u16, y: u16) -> Focus {
        Focus::at(x, y).unwrap()
    }

    #[test]
    fn a_point_has_one_spelling_and_the_middle_none() {
        assert_eq!(Focus::at(500, 500), None);
        assert_eq!(Focus::at(9_999, 0), Focus::at(1_000, 0), "what is beyond a side is on it");
        assert_eq!(serde_json::to_string(&focus(0, 1_000)).unwrap(), "\"0,1000\"");
        for text in ["500,500", "1001,0", "0,1001", "-1,0", "1,", ",1", "1", "", "01,2", "1,2,3", "1, 2", "+1,2"] {
            assert_eq!(Focus::try_from(text.to_owned()), Err("focus"), "{text}");
        }
    }

    #[test]
    fn mastodon_counts_from_the_middle_and_upwards() {
        let said = |x, y| focus(x, y).around_the_middle();
        assert_eq!(said(0, 0), "-1.000,1.000");
        assert_eq!(said(1_000, 1_000), "1.000,-1.000");
        assert_eq!((said(500, 250), said(499, 501)), ("0.000,0.500".into(), "-0.002,-0.002".into()));
    }

    #[test]
    fn a_style_sheet_has_eleven_places() {
        assert_eq!(focus(0, 1_000).tenths(), (0, 10));
        assert_eq!(focus(449, 450).tenths(), (4, 5));
    }

    proptest! {
        #[test]
        fn what_is_written_is_read_again(x in 0..=1_000_u16, y in 0..=1_000_u16) {
            if let Some(focus) = Focus::at(x, y) {
                prop_assert_eq!(Focus::try_from(String::from(focus)), Ok(focus));
                prop_assert_eq!(Focus::of(Some(focus)), (x, y));
                let (across, down) = focus.tenths();
                prop_assert!(across <= 10 && down <= 10);
            }
        }

        #[test]
        fn what_must_be_seen_is_in_the_cut_and_where_it_was_there(
            size in (1..5_000_u32, 1..5_000_u32),
            (x, y) in (0..=1_000_u16, 0..=1_000_u16),
        ) {
            let shapes = Some(Shapes { tallest: (4, 5), widest: (191, 100), across: 1_440 });
            let chosen = Focus::at(x, y);
            let cut = cut(size, shapes, chosen);
            let pixel = |at: u16, side: u32| u64::from(at) * u64::from(side) / 1_000;
            for (at, side, from, part) in [(x, size.0, cut.from.0, cut.part.0), (y, size.1, cut.from.1, cut.part.1)] {
                prop_assert!(from + part <= side);
                let (at, from, part) = (pixel(at, side), u64::from(from), u64::from(part));
                prop_assert!((from..=from + part).contains(&at), "{} of {}: {:?}", at, side, cut);
            }
            // Of what was cut, it is the same point, but for what is rounded.
            let (then_x, then_y) = Focus::of(chosen.and_then(|focus| focus.within(size, &cut)));
            for (at, then, side, from, part) in
                [(x, then_x, size.0, cut.from.0, cut.part.0), (y, then_y, size.1, cut.from.1, cut.part.1)]
            {
                let again = pixel(then, part) + u64::from(from);
                let apart = again.abs_diff(pixel(at, side));
                prop_assert!(chosen.is_none() || apart <= u64::from(part) / 1_000 + 2, "{} {}", again, apart);
            }
        }
    }
}
