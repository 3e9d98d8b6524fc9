//! More links than are advised: one, so that whoever reads knows what to do next (UK Government Communication Service
//! by way of Mole Valley). The address that goes with the post is one of them.

use super::{
    Evidence,
    draft::{Piece, Seen},
};
use crate::text::{self, SpanKind};

/// The advised number.
const MOST: usize = 1;

pub(super) fn look(piece: &Piece<'_>) -> Vec<Seen> {
    let links: Vec<_> = piece.spans.iter().filter(|span| span.kind == SpanKind::Link).collect();
    let beside = usize::from(piece.link.is_some_and(|link| !text::carries(piece.text, link)));
    let count = links.len() + beside;
    if count <= MOST {
        return Vec::new();
    }
    let range = links.get(MOST - beside).map(|span| (span.start, span.end));
    vec![Seen { range, evidence: Evidence::Over { limit: MOST as u64, count: count as u64 } }]
}

#[cfg(test)]
mod tests {
    use super::super::draft::{piece, seen};
    use super::*;
    use crate::Language;

    #[test]
    fn the_second_is_one_too_many() {
        assert_eq!(seen(look, "Bases: https://a.es"), []);
        assert_eq!(seen(look, "https://a.es https://b.es"), [(Evidence::Over { limit: 1, count: 2 }, "https://b.es")]);
    }

    #[test]
    fn the_address_that_goes_with_it_counts_unless_it_is_the_same() {
        let language = Language::spanish();
        let mut piece = piece("Bases: https://a.es", &language);
        piece.link = Some("https://a.es/");
        assert!(look(&piece).is_empty());
        piece.link = Some("https://b.es/");
        let found = look(&piece);
        assert_eq!(found[0].range, Some((7, 19)));
        assert_eq!(found[0].evidence, Evidence::Over { limit: 1, count: 2 });
    }
}
