//! More emoji than are advised, or the same one again: each is read aloud by its name, every time.
//! At most three, never repeated (NC Digital Commons; UK Government Communication Service by way of Mole Valley).

use super::{
    Evidence,
    draft::{Piece, Seen, shorten},
};
use crate::text::emoji::{emoji, plain};

/// The advised number.
const MOST: usize = 3;

pub(super) fn look(piece: &Piece<'_>) -> Vec<Seen> {
    let mut found = Vec::new();
    let mut known: Vec<String> = Vec::new();
    let mut repeated = false;
    for (count, (start, one)) in emoji(piece.text).enumerate() {
        let end = start + one.len();
        if count == MOST {
            let all = emoji(piece.text).count();
            let evidence = Evidence::Over { limit: MOST as u64, count: all as u64 };
            found.push(Seen { range: Some((start, end)), evidence });
        }
        let picture = plain(one);
        if known.contains(&picture) {
            if !repeated {
                found.push(Seen { range: Some((start, end)), evidence: Evidence::Repeated { words: shorten(one) } });
            }
            repeated = true;
        } else if known.len() <= MOST {
            known.push(picture);
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::super::draft::seen;
    use super::*;

    #[test]
    fn a_family_and_a_flag_are_one_each() {
        assert_eq!(seen(look, "Fiesta 👨‍👩‍👧‍👦 🇪🇸 👍🏽"), []);
    }

    #[test]
    fn the_fourth_is_one_too_many() {
        assert_eq!(seen(look, "🎉 🎊 🥳 🎈 🎆"), [(Evidence::Over { limit: 3, count: 5 }, "🎈")]);
    }

    #[test]
    fn the_same_again_is_said_once_whatever_its_skin() {
        let repeated = Evidence::Repeated { words: "👍🏿".to_owned() };
        assert_eq!(seen(look, "👍 y 👍🏿 y 👍"), [(repeated, "👍🏿")]);
    }
}
