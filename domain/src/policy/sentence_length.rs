//! A sentence too long to follow: more than 25 words (UK Government Communication Service).

use super::{
    Evidence,
    draft::{Piece, Seen},
};
use crate::text::reading::sentences;

/// The advised number of words.
const MOST: usize = 25;

pub(super) fn look(piece: &Piece<'_>) -> Vec<Seen> {
    sentences(piece.text)
        .into_iter()
        .filter(|sentence| sentence.words.len() > MOST)
        .map(|sentence| Seen {
            range: Some((sentence.part.start, sentence.part.end)),
            evidence: Evidence::Over { limit: MOST as u64, count: sentence.words.len() as u64 },
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::super::draft::seen;
    use super::*;

    #[test]
    fn the_twenty_sixth_word_is_one_too_many() {
        let long = |words: usize| "palabra ".repeat(words).trim_end().to_owned() + ".";
        assert_eq!(seen(look, &format!("Hola. {}", long(25))), []);
        let sentence = long(26);
        let text = format!("Hola. {sentence} Adiós.");
        assert_eq!(seen(look, &text), [(Evidence::Over { limit: 25, count: 26 }, sentence.as_str())]);
    }

    #[test]
    fn a_list_is_no_sentence() {
        assert_eq!(seen(look, &"una cosa y otra\n".repeat(20)), []);
    }
}
