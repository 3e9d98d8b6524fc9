//! How well one colour can be read on another (WCAG 2.2, "contrast ratio" and 1.4.3, 1.4.6, 1.4.11). Separate from the colours
//! of the desk and of a brand, which are kept differently and measured alike.

/// What letters of one colour on another are good for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Legible {
    /// For nothing that has to be read.
    No,
    /// For large letters only, and for signs (AA: 3 to 1).
    Large,
    /// For any letters (AA: 4.5 to 1).
    Yes,
    /// For whoever sees little, too (AAA: 7 to 1).
    Well,
}

impl Legible {
    /// From which ratio on.
    const STEPS: [(Legible, f64); 3] = [(Legible::Well, 7.0), (Legible::Yes, 4.5), (Legible::Large, 3.0)];

    /// Of a ratio.
    pub fn at(ratio: f64) -> Self {
        Self::STEPS.into_iter().find(|(_, least)| ratio >= *least).map_or(Legible::No, |(legible, _)| legible)
    }
}

/// Relative luminance of a colour in sRGB (0 black, 1 white).
pub fn luminance([red, green, blue]: [u8; 3]) -> f64 {
    let linear = |channel: u8| {
        let value = f64::from(channel) / 255.0;
        if value <= 0.040_45 { value / 12.92 } else { ((value + 0.055) / 1.055).powf(2.4) }
    };
    0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue)
}

/// The contrast of two colours (1 to 21).
pub fn ratio(one: [u8; 3], other: [u8; 3]) -> f64 {
    between(luminance(one), luminance(other))
}

/// The contrast of two luminances.
pub fn between(one: f64, other: f64) -> f64 {
    let (one, two) = (one + 0.05, other + 0.05);
    if one > two { one / two } else { two / one }
}

/// A ratio as it is said: whole and tenths, never rounded up, so that what is not enough does not look as if it were.
pub fn said(ratio: f64) -> (u32, u32) {
    // Between 10 and 210 by construction.
    let tenths = (ratio * 10.0).floor() as u32;
    (tenths / 10, tenths % 10)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const BLACK: [u8; 3] = [0; 3];
    const WHITE: [u8; 3] = [255; 3];

    #[test]
    fn black_on_white_is_all_there_is_and_a_colour_on_itself_is_nothing() {
        assert_eq!(said(ratio(BLACK, WHITE)), (21, 0));
        assert_eq!(said(ratio(WHITE, WHITE)), (1, 0));
        assert_eq!(Legible::at(ratio(WHITE, WHITE)), Legible::No);
    }

    #[test]
    fn what_everybody_knows_of_grey_on_white_is_said() {
        // #767676 is the lightest grey that passes, #777777 the first that does not.
        assert_eq!(Legible::at(ratio([0x76; 3], WHITE)), Legible::Yes);
        assert_eq!(Legible::at(ratio([0x77; 3], WHITE)), Legible::Large);
        assert_eq!(said(ratio([0x77; 3], WHITE)), (4, 4), "4.48 is not 4.5");
        assert_eq!(Legible::at(ratio([0x59; 3], WHITE)), Legible::Well);
        assert_eq!(Legible::at(ratio([0xa0; 3], WHITE)), Legible::No);
    }

    #[test]
    fn the_steps_are_those_of_the_guidelines() {
        let steps = [2.99, 3.0, 4.49, 4.5, 6.99, 7.0].map(Legible::at);
        assert_eq!(steps, [Legible::No, Legible::Large, Legible::Large, Legible::Yes, Legible::Yes, Legible::Well]);
    }

    proptest! {
        #[test]
        fn it_is_the_same_both_ways_and_between_one_and_twenty_one(one in any::<[u8; 3]>(), other in any::<[u8; 3]>()) {
            let found = ratio(one, other);
            prop_assert!((1.0..=21.000_001).contains(&found));
            prop_assert!((found - ratio(other, one)).abs() < 1e-9);
        }

        #[test]
        fn what_is_lighter_is_further_from_black(shade in 0_u8..255) {
            prop_assert!(ratio([shade; 3], BLACK) < ratio([shade + 1; 3], BLACK));
        }
    }
}
