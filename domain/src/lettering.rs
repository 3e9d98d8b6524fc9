//! Whether there are probably letters in a picture, of a small grid of its greys. A guess that only makes somebody look: what is written in a
//! picture is read by no screen reader and translated by nobody. Separate from `look`, which knows a picture again and asks
//! nothing of what it shows.
//!
//! Letters in a line are strokes of one shade on a ground of another, close together and unevenly: three out of four things that
//! are not letters (leaves, crowds, gradients) have no ground, and the fourth (fences, windows, tiles) is even. Made by hand against
//! 30 drawings, photos and patterns at 320 pixels: letters from 30 to 140 pixels of 1,080 were found, dark and light; of what had
//! none, shelves of books came near, and a wall of leaves was taken for letters. Small letters, slanted ones and handwriting
//! are missed: so a person is always asked, and this never says that there are none.

/// A cell of the grid: as high as a line of letters that can just be read, and twice as wide.
const ACROSS: usize = 16;
const DOWN: usize = 8;
/// So many steps of 255 make a stroke: less is the grain of a photo.
const STROKE: u8 = 48;
/// A ground keeps within so many steps.
const GROUND: usize = 40;
/// So many cells in a row make a line, at the size of the grid, at half and at a quarter: large letters fill fewer.
const RUNS: [usize; 3] = [5, 4, 3];
/// So many lines are letters: one alone is also found on a shelf of books. A real one lies across two rows, or is seen at two sizes.
const LINES: usize = 2;

/// A small version of a picture in greys.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Grid {
    across: usize,
    down: usize,
    shades: Vec<u8>,
}

impl Grid {
    /// Of a drawing: four bytes a pixel (red, green, blue, and one that is not looked at), row by row. `None` if the bytes are not
    /// those of such a drawing. The weights of the colours are those of ITU-R BT.601.
    pub fn of(pixels: &[u8], (across, down): (usize, usize)) -> Option<Self> {
        if across == 0 || down == 0 || pixels.len() != across.checked_mul(down)?.checked_mul(4)? {
            return None;
        }
        let (pixels, _) = pixels.as_chunks::<4>();
        let grey = |[red, green, blue, _]: &[u8; 4]| {
            let sum = u32::from(*red) * 299 + u32::from(*green) * 587 + u32::from(*blue) * 114;
            u8::try_from(sum / 1_000).unwrap_or(u8::MAX)
        };
        Some(Self { across, down, shades: pixels.iter().map(grey).collect() })
    }

    /// Whether there are probably letters in it.
    pub fn has_letters(&self) -> bool {
        let mut lines = self.lines(RUNS[0]);
        let mut smaller = self.half();
        for run in &RUNS[1..] {
            lines += smaller.lines(*run);
            smaller = smaller.half();
        }
        lines >= LINES
    }

    /// Half as large, each shade the mean of four.
    fn half(&self) -> Self {
        let (across, down) = (self.across / 2, self.down / 2);
        let shades = (0..across * down).map(|place| {
            let (x, y) = (place % across * 2, place / across * 2);
            let four = [(x, y), (x + 1, y), (x, y + 1), (x + 1, y + 1)];
            let sum: u32 = four.into_iter().map(|(x, y)| u32::from(self.shade(x, y))).sum();
            u8::try_from(sum / 4).unwrap_or(u8::MAX)
        });
        let shades = shades.collect();
        Self { across, down, shades }
    }

    fn shade(&self, x: usize, y: usize) -> u8 {
        self.shades.get(y * self.across + x).copied().unwrap_or_default()
    }

    /// In how many rows of cells a line of at least so many was found.
    fn lines(&self, least: usize) -> usize {
        let cells = self.across / ACROSS;
        let is_line = |row: &usize| {
            let mut begun = 0;
            // One more than there are ends the last run.
            (0..=cells).any(|cell| {
                if cell < cells && self.is_written(cell, *row) {
                    return false;
                }
                let found = cell - begun >= least && self.is_uneven(begun..cell, *row);
                begun = cell + 1;
                found
            })
        };
        (0..self.down / DOWN).filter(is_line).count()
    }

    /// Whether a cell has strokes of one shade on a ground of another.
    fn is_written(&self, cell: usize, row: usize) -> bool {
        let columns = cell * ACROSS..(cell + 1) * ACROSS;
        let rows = row * DOWN..(row + 1) * DOWN;
        let crossed = rows.clone().filter(|y| self.strokes(columns.clone(), *y).1 >= 3).count();
        if crossed < 3 {
            return false;
        }
        let mut shades = [0_usize; 256];
        for y in rows {
            for x in columns.clone() {
                shades[usize::from(self.shade(x, y))] += 1;
            }
        }
        let all = ACROSS * DOWN;
        let ground = (0..=shades.len() - GROUND).max_by_key(|from| shades[*from..from + GROUND].iter().sum::<usize>());
        let from = ground.unwrap_or_default();
        let (below, above): (usize, usize) = (shades[..from].iter().sum(), shades[from + GROUND..].iter().sum());
        let rest = below + above;
        // Two fifths at least are ground, and nearly all of the rest is darker, or nearly all lighter.
        (all - rest) * 5 >= all * 2 && below.max(above) * 20 >= rest * 17
    }

    /// Where strokes begin that are lighter than what is before them, in a row; and how often it turns lighter or darker.
    fn strokes(&self, columns: std::ops::Range<usize>, y: usize) -> (Vec<usize>, usize) {
        let first = self.shade(columns.start, y);
        let (mut low, mut high, mut rising, mut turns, mut begun) = (first, first, None, 0, Vec::new());
        for x in columns {
            let shade = self.shade(x, y);
            (low, high) = (low.min(shade), high.max(shade));
            if rising != Some(true) && shade - low >= STROKE {
                (rising, high) = (Some(true), shade);
                turns += 1;
                begun.push(x);
            }
            if rising != Some(false) && high - shade >= STROKE {
                (rising, low) = (Some(false), shade);
                turns += 1;
            }
        }
        (begun, turns)
    }

    /// Whether the strokes of a run stand at uneven distances, in two of its rows.
    fn is_uneven(&self, cells: std::ops::Range<usize>, row: usize) -> bool {
        let columns = cells.start * ACROSS..cells.end * ACROSS;
        let uneven = (row * DOWN..(row + 1) * DOWN).filter(|y| {
            let (begun, _) = self.strokes(columns.clone(), *y);
            let mut apart: Vec<usize> = begun.windows(2).map(|pair| pair[1] - pair[0]).collect();
            apart.sort_unstable();
            let Some(middle) = apart.get(apart.len() / 2).copied().filter(|_| apart.len() >= 4) else { return false };
            let even = apart.iter().filter(|one| one.abs_diff(middle) <= 1).count();
            even * 10 <= apart.len() * 7
        });
        uneven.count() >= 2
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const SIZE: (usize, usize) = (320, 240);

    fn drawn(shade: impl Fn(usize, usize) -> u8) -> Grid {
        let (across, down) = SIZE;
        let pixels: Vec<u8> = (0..across * down)
            .flat_map(|place| {
                let shade = shade(place % across, place / across);
                [shade, shade, shade, 255]
            })
            .collect();
        Grid::of(&pixels, SIZE).unwrap()
    }

    /// Letters of 5 × 7 dots, each dot of so many pixels: "CORTE DE AGUA".
    fn is_ink(x: usize, y: usize, dot: usize) -> bool {
        const C: [u8; 7] = [0b01110, 0b10001, 0b10000, 0b10000, 0b10000, 0b10001, 0b01110];
        const O: [u8; 7] = [0b01110, 0b10001, 0b10001, 0b10001, 0b10001, 0b10001, 0b01110];
        const R: [u8; 7] = [0b11110, 0b10001, 0b10001, 0b11110, 0b10100, 0b10010, 0b10001];
        const T: [u8; 7] = [0b11111, 0b00100, 0b00100, 0b00100, 0b00100, 0b00100, 0b00100];
        const E: [u8; 7] = [0b11111, 0b10000, 0b10000, 0b11110, 0b10000, 0b10000, 0b11111];
        const D: [u8; 7] = [0b11110, 0b10001, 0b10001, 0b10001, 0b10001, 0b10001, 0b11110];
        const A: [u8; 7] = [0b01110, 0b10001, 0b10001, 0b11111, 0b10001, 0b10001, 0b10001];
        const G: [u8; 7] = [0b01110, 0b10001, 0b10000, 0b10111, 0b10001, 0b10001, 0b01110];
        const U: [u8; 7] = [0b10001, 0b10001, 0b10001, 0b10001, 0b10001, 0b10001, 0b01110];
        const NONE: [u8; 7] = [0; 7];
        const LINE: [[u8; 7]; 13] = [C, O, R, T, E, NONE, D, E, NONE, A, G, U, A];
        let (Some(x), line) = (x.checked_sub(20), y / (11 * dot)) else { return false };
        let (column, row) = (x / dot, y % (11 * dot) / dot);
        let letter = LINE.get(column / 6).copied().unwrap_or(NONE);
        (1..4).contains(&line)
            && column % 6 < 5
            && letter.get(row).is_some_and(|bits| bits >> (4 - column % 6) & 1 == 1)
    }

    #[test]
    fn lines_of_letters_are_seen_dark_and_light_small_and_large() {
        for dot in [1, 2, 3] {
            assert!(drawn(|x, y| if is_ink(x, y, dot) { 20 } else { 240 }).has_letters(), "dark, {dot}");
            assert!(drawn(|x, y| if is_ink(x, y, dot) { 250 } else { 70 }).has_letters(), "light, {dot}");
        }
    }

    #[test]
    fn what_is_even_or_has_no_ground_is_not_letters() {
        assert!(!drawn(|_, _| 200).has_letters(), "a wall");
        assert!(!drawn(|x, _| (x * 255 / SIZE.0) as u8).has_letters(), "a sky");
        assert!(!drawn(|x, _| if x % 20 < 5 { 40 } else { 200 }).has_letters(), "a fence");
        assert!(!drawn(|x, y| if (x / 8 + y / 8) % 2 == 0 { 30 } else { 230 }).has_letters(), "tiles");
        assert!(!drawn(|x, y| if y % 40 < 22 && x % 30 < 16 { 40 } else { 200 }).has_letters(), "windows");
        // By a generator that is no worse for being short (Knuth, MMIX).
        let noise = |x: usize, y: usize| {
            let seed = ((y * SIZE.0 + x) as u64)
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1_442_695_040_888_963_407);
            (seed.wrapping_mul(seed | 1) >> 33) as u8
        };
        assert!(!drawn(noise).has_letters(), "gravel");
    }

    #[test]
    fn letters_with_little_contrast_are_not_seen_and_nothing_says_that_there_are_none() {
        assert!(!drawn(|x, y| if is_ink(x, y, 2) { 200 } else { 230 }).has_letters());
    }

    #[test]
    fn what_is_no_drawing_is_none() {
        assert_eq!(Grid::of(&[0; 16], (2, 3)), None);
        assert_eq!(Grid::of(&[], (0, 0)), None);
        assert_eq!(Grid::of(&[], (usize::MAX, 2)), None);
        assert!(!Grid::of(&[0; 4], (1, 1)).unwrap().has_letters());
    }

    proptest! {
        #[test]
        fn no_bytes_make_it_stumble_and_one_colour_is_never_letters(
            size in (1..70_usize, 1..40_usize),
            bytes in proptest::collection::vec(any::<u8>(), 70 * 40 * 4),
            shade in any::<u8>(),
        ) {
            let all = size.0 * size.1 * 4;
            // Whatever it says of noise, it says something.
            let _ = Grid::of(&bytes[..all], size).unwrap().has_letters();
            prop_assert!(!Grid::of(&vec![shade; all], size).unwrap().has_letters());
        }
    }
}
