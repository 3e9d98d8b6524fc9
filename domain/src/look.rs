//! What a picture looks like, in 64 bits: by those the same one is known again after it was saved anew, made smaller or
//! brightened. Separate from `library`, which is about words: here are pixels, and nothing of what they mean.
//!
//! The difference hash (`dHash`, Neal Krawetz 2013): nine by eight shades of grey, and for each whether the one to its right is
//! lighter. Whatever changes all shades alike changes no bit.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// Shades in a row.
pub const ACROSS: usize = 9;
/// Rows.
pub const DOWN: usize = 8;
/// All shades.
pub const SHADES: usize = ACROSS * DOWN;
/// Bits of one band.
const BAND: u32 = 16;
/// Bands of a look: what is within three bits has at least one of four in common, so that an index finds it.
pub const BANDS: usize = 4;
/// Two are said to look alike up to so many different bits of 64. Up to three none is missed ([`Look::bands`]); of what is
/// further away, those are found that have a band in common. The method's author calls more than ten another picture.
pub const ALIKE: u32 = 6;
/// Below so many steps between its darkest and its lightest shade, of 255, a picture has no shape that one could know it by:
/// a page of one colour looks like any other.
const FLAT: u8 = 12;
/// A picture has a shape if so many of its neighbours differ, of 64.
const EDGES: usize = 4;

/// What a picture looks like. Written as 16 hexadecimal digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Look(u64);

impl Look {
    /// Of nine by eight shades, row by row. `None` where there is no shape to know it by.
    pub fn of(shades: &[u8; SHADES]) -> Option<Self> {
        let ends = (u8::MAX, u8::MIN);
        let (darkest, lightest) = shades.iter().fold(ends, |(low, high), shade| (low.min(*shade), high.max(*shade)));
        if lightest.saturating_sub(darkest) < FLAT {
            return None;
        }
        let (mut bits, mut edges) = (0, 0);
        for row in shades.chunks_exact(ACROSS) {
            for pair in row.windows(2) {
                let &[left, right] = pair else { continue };
                bits = (bits << 1) | u64::from(left < right);
                edges += usize::from(left != right);
            }
        }
        (edges >= EDGES).then_some(Self(bits))
    }

    /// Of its 64 bits.
    pub const fn from_bits(bits: u64) -> Self {
        Self(bits)
    }

    /// Its 64 bits.
    pub const fn bits(self) -> u64 {
        self.0
    }

    /// In how many bits of 64 it differs from another.
    pub const fn distance(self, other: Self) -> u32 {
        (self.0 ^ other.0).count_ones()
    }

    /// Whether the two look alike.
    pub const fn is_like(self, other: Self) -> bool {
        self.distance(other) <= ALIKE
    }

    /// Four bands of 16 bits, the lowest first. Three different bits fall into three bands at most: the fourth is the same.
    pub fn bands(self) -> [u16; BANDS] {
        let mut rest = self.0;
        std::array::from_fn(|_| {
            let band = (rest & u64::from(u16::MAX)) as u16;
            rest >>= BAND;
            band
        })
    }

    /// Those of some that look like it, the most alike first, at most `most`.
    pub fn nearest<T>(self, some: impl IntoIterator<Item = (Self, T)>, most: usize) -> Vec<T> {
        let alike = some.into_iter().map(|(other, one)| (self.distance(other), one));
        let mut alike: Vec<(u32, T)> = alike.filter(|(distance, _)| *distance <= ALIKE).collect();
        alike.sort_by_key(|(distance, _)| *distance);
        alike.into_iter().take(most).map(|(_, one)| one).collect()
    }
}

impl fmt::Display for Look {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:016x}", self.0)
    }
}

impl FromStr for Look {
    type Err = &'static str;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let digits = text.len() == 16 && text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
        let bits = digits.then(|| u64::from_str_radix(text, 16).ok()).flatten();
        bits.map(Self).ok_or("16 hexadecimal digits")
    }
}

impl TryFrom<String> for Look {
    type Error = &'static str;
    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl From<Look> for String {
    fn from(look: Look) -> Self {
        look.to_string()
    }
}

/// Nine by eight shades of a drawing: four bytes a pixel (red, green, blue, and one that is not looked at), row by row. Each is the
/// mean of its part of the drawing, so that it does not depend on how a browser makes pictures smaller. `None` if the bytes are
/// not those of such a drawing. The weights of the colours are those of ITU-R BT.601.
pub fn shades(pixels: &[u8], (width, height): (usize, usize)) -> Option<[u8; SHADES]> {
    if width == 0 || height == 0 || pixels.len() != width.checked_mul(height)?.checked_mul(4)? {
        return None;
    }
    // A drawing of less than nine pixels across has each of them in several parts.
    let part = |place: usize, parts: usize, side: usize| {
        let from = place * side / parts;
        from..((place + 1) * side / parts).max(from + 1)
    };
    let mut shades = [0; SHADES];
    for (place, shade) in shades.iter_mut().enumerate() {
        let columns = part(place % ACROSS, ACROSS, width);
        let (mut sum, mut count) = (0_u64, 0_u64);
        for row in part(place / ACROSS, DOWN, height) {
            let line = pixels.get((row * width + columns.start) * 4..(row * width + columns.end) * 4)?;
            for pixel in line.chunks_exact(4) {
                let &[red, green, blue, _] = pixel else { continue };
                sum += u64::from(red) * 299 + u64::from(green) * 587 + u64::from(blue) * 114;
                count += 1_000;
            }
        }
        *shade = u8::try_from(sum.checked_div(count)?).unwrap_or(u8::MAX);
    }
    Some(shades)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Shades whose neighbours differ by four steps or more, or not at all: what is brightened by less than half keeps which of
    /// two is lighter.
    fn shapes() -> impl Strategy<Value = [u8; SHADES]> {
        proptest::collection::vec(10_u8..50, SHADES).prop_map(|steps| {
            let mut shades = [0; SHADES];
            shades.iter_mut().zip(steps).for_each(|(shade, step)| *shade = step * 4);
            shades
        })
    }

    fn looks() -> impl Strategy<Value = Look> {
        any::<u64>().prop_map(Look::from_bits)
    }

    /// A drawing in which every part has its shade.
    fn drawing(shades: &[u8; SHADES], side: usize) -> (Vec<u8>, (usize, usize)) {
        let (width, height) = (ACROSS * side, DOWN * side);
        let place = |pixel: usize| (pixel / width / side) * ACROSS + (pixel % width) / side;
        let pixels = (0..width * height).flat_map(|pixel| {
            let shade = shades[place(pixel)];
            [shade, shade, shade, 255]
        });
        (pixels.collect(), (width, height))
    }

    proptest! {
        #[test]
        fn the_same_shades_look_the_same_and_brighter_ones_too(shades in shapes(), more in 0_u8..50) {
            let look = Look::of(&shades);
            prop_assert_eq!(look, Look::of(&shades));
            prop_assert_eq!(look, Look::of(&shades.map(|shade| shade + more)), "brighter");
            prop_assert_eq!(look, Look::of(&shades.map(|shade| shade - more.min(40))), "darker");
            let half = Look::of(&shades.map(|shade| shade / 2 + 60));
            prop_assert!(half.is_none() || half == look, "with less contrast");
        }

        #[test]
        fn noise_that_turns_few_neighbours_around_leaves_it_alike(shades in shapes(), spots in proptest::collection::vec(0..SHADES, 0..3)) {
            let mut noisy = shades;
            spots.iter().for_each(|spot| noisy[*spot] = 255);
            // Each spot has two neighbours in its row.
            if let (Some(before), Some(after)) = (Look::of(&shades), Look::of(&noisy)) {
                prop_assert!(before.distance(after) <= 2 * spots.len() as u32 && before.is_like(after));
            }
        }

        #[test]
        fn what_is_within_three_bits_has_a_band_in_common(look in looks(), flips in proptest::collection::vec(0_u32..64, 0..=3)) {
            let other = flips.iter().fold(look.bits(), |bits, flip| bits ^ (1 << flip));
            let other = Look::from_bits(other);
            prop_assert!(look.distance(other) <= 3);
            prop_assert!(look.bands().iter().zip(other.bands()).any(|(one, other)| *one == other));
        }

        #[test]
        fn it_is_written_and_read_and_its_bands_are_all_of_it(look in looks()) {
            prop_assert_eq!(look.to_string().parse(), Ok(look));
            let again = look.bands().iter().rev().fold(0, |bits, band| (bits << BAND) | u64::from(*band));
            prop_assert_eq!(Look::from_bits(again), look);
        }

        #[test]
        fn a_drawing_has_the_shades_of_its_parts_at_any_size(shades in shapes(), side in 1_usize..5) {
            let (pixels, size) = drawing(&shades, side);
            prop_assert_eq!(super::shades(&pixels, size), Some(shades));
        }
    }

    #[test]
    fn what_has_no_shape_looks_like_nothing() {
        assert_eq!(Look::of(&[200; SHADES]), None);
        let mut spot = [200; SHADES];
        spot[40] = 0;
        assert_eq!(Look::of(&spot), None, "one spot on a page");
        let mut faint = [200; SHADES];
        faint.iter_mut().step_by(2).for_each(|shade| *shade += FLAT - 1);
        assert_eq!(Look::of(&faint), None, "noise of a scanner");
    }

    #[test]
    fn only_sixteen_digits_are_a_look() {
        for text in ["", "0", "00000000000000000", "000000000000000g", "+000000000000000", "ABCDEF0123456789"] {
            assert!(text.parse::<Look>().is_err(), "{text}");
        }
    }

    #[test]
    fn the_most_alike_come_first_and_what_is_other_does_not() {
        let look = Look::from_bits(0b1111);
        let some = [(0b0011, "two"), (u64::MAX, "other"), (0b1111, "same"), (0b0111, "one")];
        let some = some.map(|(bits, name)| (Look::from_bits(bits), name));
        assert_eq!(look.nearest(some, 2), ["same", "one"]);
        assert_eq!(look.nearest(some, 9), ["same", "one", "two"]);
    }

    #[test]
    fn a_drawing_smaller_than_its_parts_and_one_that_is_none() {
        assert_eq!(shades(&[10, 10, 10, 255], (1, 1)), Some([10; SHADES]));
        assert_eq!(shades(&[0; 16], (2, 3)), None);
        assert_eq!(shades(&[], (0, 0)), None);
        assert_eq!(shades(&[], (usize::MAX, 2)), None);
    }
}
