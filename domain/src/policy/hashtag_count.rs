//! More hashtags than are advised: two, at the end (UK Government Communication Service, by way of Mole Valley).

use super::{
    Evidence,
    draft::{Piece, Seen},
};
use crate::text::SpanKind;

/// The advised number.
const MOST: usize = 2;

pub(super) fn look(piece: &Piece<'_>) -> Vec<Seen> {
    let tags: Vec<_> = piece.spans.iter().filter(|span| span.kind == SpanKind::Hashtag).collect();
    let Some(first_too_many) = tags.get(MOST) else { return Vec::new() };
    let evidence = Evidence::Over { limit: MOST as u64, count: tags.len() as u64 };
    vec![Seen { range: Some((first_too_many.start, first_too_many.end)), evidence }]
}

#[cfg(test)]
mod tests {
    use super::super::draft::seen;
    use super::*;

    #[test]
    fn the_third_is_one_too_many() {
        assert_eq!(seen(look, "Ven #Uno #Dos"), []);
        assert_eq!(seen(look, "Ven #Uno #Dos #Tres #Cuatro"), [(Evidence::Over { limit: 2, count: 4 }, "#Tres")]);
    }
}
