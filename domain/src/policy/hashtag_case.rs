//! A hashtag of several words without a capital at each: a screen reader reads it as one, or spells it.
//! GSA, "Improving the accessibility of social media in government". Without a dictionary nobody knows for sure where
//! a word ends; what is asked is whether it is longer than words are.

use super::draft::{Piece, Seen};
use crate::text::SpanKind;

/// From so many letters on, what is written in one case is likely more than one word …
const LONG: usize = 11;
/// … unless it ends like the long single words that town halls use, and is no longer than those are.
const LONGEST_WORD: usize = 17;
const LONG_ENDINGS: [&str; 32] = [
    "cion", "ción", "ciones", "sion", "sión", "dad", "dades", "miento", "mientos", "ncia", "ncias", "mente", "ismo",
    "ado", "ada", "ados", "adas", "ional", "idos", "idas", "ico", "ica", "ivo", "iva", "ario", "aria", "ble", "tion",
    "ment", "ness", "ity", "ance",
];
/// In capitals two words are written sooner than one: an acronym is short.
const LONG_IN_CAPITALS: usize = 8;

pub(super) fn look(piece: &Piece<'_>) -> Vec<Seen> {
    let tags = piece.spans.iter().filter(|span| span.kind == SpanKind::Hashtag);
    tags.filter(|span| runs_together(span.name(piece.text)))
        .map(|span| Seen::words(piece.text, span.start, span.end))
        .collect()
}

fn runs_together(tag: &str) -> bool {
    // An underscore or a figure parts words too: each stretch of letters is looked at.
    tag.split(|c: char| !c.is_alphabetic() && !matches!(c, '\u{300}'..='\u{36F}' | '·')).any(|part| {
        let letters = part.chars().count();
        let has_lower = part.chars().any(char::is_lowercase);
        let has_inner_capital = part.chars().skip(1).any(char::is_uppercase);
        match (has_lower, has_inner_capital) {
            (true, true) => false,
            (false, true) => letters >= LONG_IN_CAPITALS,
            _ => {
                let lower = part.to_lowercase();
                let like_one_word = LONG_ENDINGS.iter().any(|ending| lower.ends_with(ending));
                holds_an_article(&lower) || letters > LONGEST_WORD || (letters >= LONG && !like_one_word)
            }
        }
    })
}

/// "diadelagua": an article between two words of some length.
fn holds_an_article(lower: &str) -> bool {
    ["dela", "del", "delos", "delas", "ofthe"]
        .iter()
        .any(|article| lower.find(article).is_some_and(|place| place >= 3 && lower.len() >= place + article.len() + 3))
}

#[cfg(test)]
mod tests {
    use super::super::draft::seen;
    use super::*;
    use crate::policy::Evidence;

    #[test]
    fn words_run_together_are_found() {
        for tag in ["#feriamedieval", "#FERIAMEDIEVAL", "#diadelagua", "#fiestaspatronales2026", "#Semanacultural"] {
            let evidence = Evidence::Words { words: tag.to_owned() };
            assert_eq!(seen(look, &format!("Ven a la {tag}.")), [(evidence, tag)], "{tag}");
        }
    }

    #[test]
    fn one_word_or_several_with_capitals_pass() {
        for tag in [
            "#FeriaMedieval",
            "#feriaMedieval",
            "#agua",
            "#AGUA",
            "#Ayuntamiento",
            "#transparencia",
            "#participacion",
            "#sostenibilidad",
            "#feria_medieval",
            "#COVID19",
            "#DíaDelAgua",
            "#Peñíscola",
            "#modelado",
            "#ciudadela",
        ] {
            assert_eq!(seen(look, tag), [], "{tag}");
        }
    }
}
