//! The text is hard to read: below 55 on the INFLESZ scale in Spanish ("algo difícil", Barrio 2008), below 60 by Flesch
//! in English. Other languages have no index here. Short texts have none either: see `Measures::suffices`.

use super::{
    Evidence, Index,
    draft::{Piece, Seen},
};
use crate::text::reading;

/// The floor of "normal" on the INFLESZ scale, in tenths.
const INFLESZ: i64 = 550;
/// The floor of plain English by Flesch, in tenths.
const FLESCH: i64 = 600;

pub(super) fn look(piece: &Piece<'_>) -> Vec<Seen> {
    let (floor, index, measures) = match piece.language.map(|language| language.primary()) {
        Some("es") => (INFLESZ, Index::Inflesz, reading::spanish(piece.text)),
        Some("en") => (FLESCH, Index::Flesch, reading::english(piece.text)),
        _ => return Vec::new(),
    };
    if !measures.suffices() {
        return Vec::new();
    }
    let reckoned = match index {
        Index::Inflesz => measures.inflesz(),
        Index::Flesch => measures.flesch(),
    };
    let value = (reckoned * 10.0).round() as i64;
    if value >= floor {
        return Vec::new();
    }
    vec![Seen { range: None, evidence: Evidence::Under { floor, value, index } }]
}

#[cfg(test)]
mod tests {
    use super::super::draft::{piece, seen};
    use super::*;
    use crate::Language;

    const HARD: &str = "Se comunica a la ciudadanía que, con motivo de la ejecución de las obras de renovación de la red \
        general de abastecimiento, se procederá a la interrupción temporal del suministro de agua potable en las \
        inmediaciones de la plaza mayor.";

    #[test]
    fn an_edict_is_hard_to_read() {
        let text = format!("{HARD} {HARD}");
        let [(Evidence::Under { floor: 550, value, index: Index::Inflesz }, "")] = seen(look, &text)[..] else {
            panic!("not found")
        };
        assert!((200..400).contains(&value), "{value}");
    }

    #[test]
    fn plain_words_pass() {
        assert_eq!(seen(look, "Mañana no hay agua. Vuelve a las dos. Guarde agua para beber."), []);
    }

    #[test]
    fn a_short_text_has_no_index() {
        assert_eq!(seen(look, "Interrupción extraordinaria del abastecimiento municipal."), []);
    }

    #[test]
    fn a_language_without_an_index_is_left_alone() {
        let basque = "eu".parse::<Language>().unwrap();
        let text = format!("{HARD} {HARD}");
        assert!(look(&piece(&text, &basque)).is_empty());
        assert!(!look(&piece(&text, &Language::spanish())).is_empty());
    }
}
