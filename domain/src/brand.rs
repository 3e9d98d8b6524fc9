//! The brand kit: the colours, crests and frames that an organisation keeps at hand for what it draws on its pictures. Separate from
//! the organisation's data: its one accent colour and its crest are the desk's own look; these are what goes on pictures.

use serde::{Deserialize, Serialize};

use crate::{MediaId, Refusal, contrast, text::line};

/// A colour under a name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Colour {
    /// What it is called: "Granate", "Fondo de los avisos".
    pub name: String,
    /// Red, green and blue.
    pub rgb: [u8; 3],
}

impl Colour {
    /// As a form writes it: `#1a2b3c`.
    pub fn hex(&self) -> String {
        let [red, green, blue] = self.rgb;
        format!("#{red:02x}{green:02x}{blue:02x}")
    }
}

/// Reads a colour as people write one: `#1a2b3c` or `#abc`, with the sign or without it.
///
/// # Errors
/// `BadColour`.
pub fn colour(text: &str) -> Result<[u8; 3], Refusal> {
    let text = text.trim();
    let digits = text.strip_prefix('#').unwrap_or(text);
    let digit = |sign: char| sign.to_digit(16).map(|digit| digit as u8).ok_or(Refusal::BadColour);
    let digits = digits.chars().map(digit).collect::<Result<Vec<u8>, _>>()?;
    match digits[..] {
        [red, green, blue] => Ok([red * 17, green * 17, blue * 17]),
        [a, b, c, d, e, f] => Ok([a * 16 + b, c * 16 + d, e * 16 + f]),
        _ => Err(Refusal::BadColour),
    }
}

/// How much of a frame stays free on each side, for what is below it to be seen: thousandths of the side's length (of its height
/// above and below, of its width at the sides).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Kept {
    /// From above.
    pub top: u16,
    /// From the right.
    pub right: u16,
    /// From below.
    pub bottom: u16,
    /// From the left.
    pub left: u16,
}

/// All of a side.
pub const WHOLE: u16 = 1_000;

impl Kept {
    /// Whether anything is left between opposite sides.
    pub const fn leaves_room(self) -> bool {
        let Self { top, right, bottom, left } = self;
        let across = left as u32 + right as u32;
        let down = top as u32 + bottom as u32;
        across < WHOLE as u32 && down < WHOLE as u32
    }
}

/// What a picture of the kit is used as.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "use")]
pub enum Use {
    /// A crest or another sign, laid on a picture.
    Crest,
    /// A frame, laid over all of a picture.
    Frame {
        /// What stays free of it.
        free: Kept,
    },
}

/// A picture of the library that belongs to the kit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Piece {
    /// Which: these very bytes, also where the library has a newer version.
    pub media: MediaId,
    /// What it is called here.
    pub name: String,
    /// As what.
    pub used_as: Use,
}

/// The kit.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Kit {
    /// Its colours, in the order in which they are offered.
    pub colours: Vec<Colour>,
    /// Its crests and frames, in the order in which they are offered.
    pub pieces: Vec<Piece>,
}

/// More colours than this are no brand: a manual of identity has four to twelve.
pub const MOST_COLOURS: usize = 24;
/// More crests and frames than this nobody chooses from.
pub const MOST_PIECES: usize = 24;
/// A name, in bytes.
const NAME: usize = 100;

impl Kit {
    /// As it is kept: names trimmed, each once among its like, within its limits.
    ///
    /// # Errors
    /// `Malformed`, `TooLarge`, `Doubled`, `FrameWithoutRoom`.
    pub fn parse(self) -> Result<Self, Refusal> {
        let most = |field: &str, limit: usize, length: usize| match length > limit {
            true => Err(Refusal::TooLarge { field: field.to_owned(), limit: limit as u64, length: length as u64 }),
            false => Ok(()),
        };
        most("colours", MOST_COLOURS, self.colours.len())?;
        most("pieces", MOST_PIECES, self.pieces.len())?;
        let mut kit = Self::default();
        for colour in self.colours {
            let name = line::name(&colour.name, "name", NAME)?;
            if kit.colours.iter().any(|one| is_same(&one.name, &name)) {
                return Err(Refusal::Doubled { field: "colours".to_owned() });
            }
            kit.colours.push(Colour { name, ..colour });
        }
        for piece in self.pieces {
            let name = line::name(&piece.name, "name", NAME)?;
            if kit.pieces.iter().any(|one| is_same(&one.name, &name)) {
                return Err(Refusal::Doubled { field: "pieces".to_owned() });
            }
            if let Use::Frame { free } = piece.used_as
                && !free.leaves_room()
            {
                return Err(Refusal::FrameWithoutRoom);
            }
            kit.pieces.push(Piece { name, ..piece });
        }
        Ok(kit)
    }
}

fn is_same(one: &str, other: &str) -> bool {
    one.to_lowercase() == other.to_lowercase()
}

/// What can be written with one colour on another (WCAG 2.2, 1.4.3 and 1.4.11).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reads {
    /// Any text.
    Text,
    /// Large text (from 24 pixels, or 18.66 in bold), signs and edges.
    Large,
    /// Neither.
    Hardly,
}

impl Reads {
    /// Of two colours.
    pub fn of(one: [u8; 3], other: [u8; 3]) -> Self {
        match contrast::ratio(one, other) {
            ratio if ratio >= 4.5 => Reads::Text,
            ratio if ratio >= 3.0 => Reads::Large,
            _ => Reads::Hardly,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn named(name: &str, rgb: [u8; 3]) -> Colour {
        Colour { name: name.to_owned(), rgb }
    }

    fn piece(name: &str, used_as: Use) -> Piece {
        Piece { media: MediaId::from_bits(1), name: name.to_owned(), used_as }
    }

    #[test]
    fn a_colour_is_read_as_people_write_one_and_nothing_else_is() {
        for text in ["#1a2b3c", " #1A2B3C ", "1a2b3c"] {
            assert_eq!(colour(text), Ok([0x1a, 0x2b, 0x3c]), "{text}");
        }
        assert_eq!(colour("#abc"), Ok([0xaa, 0xbb, 0xcc]));
        for text in ["", "#", "#12345", "#1234567", "rojo", "#12g456", "#１２３"] {
            assert_eq!(colour(text), Err(Refusal::BadColour), "{text}");
        }
    }

    #[test]
    fn a_kit_is_trimmed_and_each_name_stands_once() {
        let kit = Kit {
            colours: vec![named("  Granate ", [120, 20, 40]), named("Blanco", [255; 3])],
            pieces: vec![piece(" Escudo\n", Use::Crest), piece("Marco", Use::Frame { free: Kept::default() })],
        };
        let kept = kit.parse().unwrap();
        assert_eq!((kept.colours[0].name.as_str(), kept.pieces[0].name.as_str()), ("Granate", "Escudo"));
        let twice = Kit { colours: vec![named("Granate", [1; 3]), named("GRANATE", [2; 3])], ..Kit::default() };
        assert_eq!(twice.parse(), Err(Refusal::Doubled { field: "colours".to_owned() }));
        let twice = Kit { pieces: vec![piece("Escudo", Use::Crest), piece("escudo", Use::Crest)], ..Kit::default() };
        assert_eq!(twice.parse(), Err(Refusal::Doubled { field: "pieces".to_owned() }));
        let nameless = Kit { colours: vec![named(" ", [1; 3])], ..Kit::default() };
        assert_eq!(nameless.parse(), Err(Refusal::Malformed { field: "name".to_owned() }));
    }

    #[test]
    fn a_kit_keeps_the_order_in_which_it_was_written() {
        let colours: Vec<_> = ["Verde", "Azul", "Rojo"].map(|name| named(name, [1; 3])).to_vec();
        let pieces = vec![piece("Marco", Use::Frame { free: Kept::default() }), piece("Escudo", Use::Crest)];
        let kit = Kit { colours, pieces };
        assert_eq!(kit.clone().parse(), Ok(kit));
    }

    #[test]
    fn a_kit_has_limits() {
        let colours = (0..=MOST_COLOURS).map(|n| named(&format!("Color {n}"), [n as u8; 3])).collect();
        let many = Kit { colours, ..Kit::default() };
        assert!(matches!(many.parse(), Err(Refusal::TooLarge { field, .. }) if field == "colours"));
        let pieces = (0..=MOST_PIECES).map(|n| piece(&format!("Pieza {n}"), Use::Crest)).collect();
        let many = Kit { pieces, ..Kit::default() };
        assert!(matches!(many.parse(), Err(Refusal::TooLarge { field, .. }) if field == "pieces"));
    }

    #[test]
    fn a_frame_leaves_room_for_what_it_frames() {
        let frame = |top, right, bottom, left| {
            let free = Kept { top, right, bottom, left };
            Kit { pieces: vec![piece("Marco", Use::Frame { free })], ..Kit::default() }.parse().map(drop)
        };
        assert_eq!(frame(0, 0, 0, 0), Ok(()));
        assert_eq!(frame(499, 100, 500, 899), Ok(()));
        for (top, right, bottom, left) in [(500, 0, 500, 0), (0, 1, 0, 999), (u16::MAX, 0, u16::MAX, 0)] {
            assert_eq!(frame(top, right, bottom, left), Err(Refusal::FrameWithoutRoom));
        }
    }

    #[test]
    fn black_on_white_reads_and_yellow_on_white_does_not() {
        assert_eq!(Reads::of([0; 3], [255; 3]), Reads::Text);
        assert_eq!(Reads::of([0x77; 3], [255; 3]), Reads::Large, "4.48: a hair less than text asks");
        assert_eq!(Reads::of([255, 255, 0], [255; 3]), Reads::Hardly);
        assert!((contrast::ratio([0; 3], [255; 3]) - 21.0).abs() < 1e-9);
    }

    #[test]
    fn it_is_written_as_the_contract_says() {
        let free = Kept { top: 10, right: 20, bottom: 30, left: 40 };
        let kit = Kit { colours: vec![named("Granate", [1, 2, 3])], pieces: vec![piece("Marco", Use::Frame { free })] };
        let text = serde_json::to_string(&kit).unwrap();
        assert!(
            text.contains(r#""rgb":[1,2,3]"#) && text.contains(r#""used_as":{"use":"frame","free":{"top":10"#),
            "{text}"
        );
        assert_eq!(serde_json::from_str::<Kit>(&text).unwrap(), kit);
    }

    proptest! {
        #[test]
        fn what_is_written_as_hex_is_read_again(rgb: [u8; 3]) {
            prop_assert_eq!(colour(&named("Uno", rgb).hex()), Ok(rgb));
        }

        #[test]
        fn contrast_is_the_same_both_ways_and_within_its_scale(one: [u8; 3], other: [u8; 3]) {
            let ratio = contrast::ratio(one, other);
            prop_assert!((1.0..=21.0 + 1e-9).contains(&ratio));
            prop_assert!((ratio - contrast::ratio(other, one)).abs() < 1e-12);
        }
    }
}
