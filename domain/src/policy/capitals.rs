//! Words in capitals: slower to read for everybody, shouted or spelt by a screen reader. Acronyms are what they are.
//! UC Berkeley, "Social media accessibility basics".

use super::draft::{Piece, Seen};
use crate::text::reading::{Part, words};

/// A word in capitals of fewer letters is likely an acronym.
const LONG: usize = 4;
/// So many long ones in a row are no acronyms any more …
const ROW: usize = 2;
/// … nor are three words in a row with so many letters together ("OJO CON EL AGUA").
const LETTERS: usize = 10;

pub(super) fn look(piece: &Piece<'_>) -> Vec<Seen> {
    let text = piece.text;
    let mut found = Vec::new();
    let mut run = Run::default();
    for word in words(text) {
        let (letters, style) = style(word.of(text));
        let tagged = text[..word.start].ends_with(['#', '@', '＃']);
        if style == Style::Mixed || tagged || run.is_parted_from(word, text) {
            run.close(text, &mut found);
        }
        match style {
            Style::Capitals if !tagged => run.take(word, letters),
            Style::Alternating if !tagged => found.push(Seen::words(text, word.start, word.end)),
            _ => {}
        }
    }
    run.close(text, &mut found);
    found
}

#[derive(Default)]
struct Run {
    first: Option<usize>,
    end: usize,
    words: usize,
    long: usize,
    letters: usize,
}

impl Run {
    fn take(&mut self, word: Part, letters: usize) {
        self.first.get_or_insert(word.start);
        self.end = word.end;
        self.words += 1;
        self.long += usize::from(letters >= LONG);
        self.letters += letters;
    }

    /// A comma or a bracket parts a list of acronyms.
    fn is_parted_from(&self, word: Part, text: &str) -> bool {
        self.first.is_some() && text[self.end..word.start].contains([',', ';', '(', ')', '/', '·', '•', '\n'])
    }

    fn close(&mut self, text: &str, found: &mut Vec<Seen>) {
        let run = std::mem::take(self);
        if let Some(first) = run.first.filter(|_| run.long >= ROW || (run.words >= 3 && run.letters >= LETTERS)) {
            found.push(Seen::words(text, first, run.end));
        }
    }
}

#[derive(PartialEq, Eq)]
enum Style {
    Capitals,
    Alternating,
    /// Figures only: "CORTE 2026 AGUA" is one shout.
    Figures,
    Mixed,
}

fn style(word: &str) -> (usize, Style) {
    let letters = word.chars().filter(|c| c.is_alphabetic()).count();
    let low = word.chars().filter(|c| c.is_lowercase()).count();
    let high = word.chars().filter(|c| c.is_uppercase()).count();
    let rises = word.chars().zip(word.chars().skip(1)).filter(|(one, next)| one.is_lowercase() && next.is_uppercase());
    let style = match (low, high) {
        (0, 0) if letters == 0 => Style::Figures,
        (0, 1..) => Style::Capitals,
        _ if rises.count() >= 3 && letters >= 6 => Style::Alternating,
        _ => Style::Mixed,
    };
    (letters, style)
}

#[cfg(test)]
mod tests {
    use super::super::draft::seen;
    use super::*;

    fn shouted(text: &str) -> Vec<&str> {
        seen(look, text).into_iter().map(|(_, words)| words).collect()
    }

    #[test]
    fn several_words_in_capitals_are_found_as_one() {
        assert_eq!(shouted("Aviso: CORTE DE AGUA mañana"), ["CORTE DE AGUA"]);
        assert_eq!(shouted("¡ÚLTIMA HORA! PLENO EL LUNES 3"), ["ÚLTIMA HORA! PLENO EL LUNES"]);
        assert_eq!(shouted("OJO CON EL AGUA"), ["OJO CON EL AGUA"]);
        assert_eq!(shouted("PlEnO oRdInArIo"), ["PlEnO oRdInArIo"].map(|text| &text[6..]));
    }

    #[test]
    fn acronyms_and_one_word_pass() {
        for text in [
            "La OTAN y la UNESCO",
            "IBI, IVTM, IAE, ICIO",
            "URGENTE: mañana no hay agua",
            "#FERIA #FIESTA",
            "DNI o NIE",
            "COVID-19 y RSU",
            "Ayuntamiento de Villar",
            "@AYTO_VILLAR @POLICIA",
            "https://a.es/LARGA/RUTA",
            "",
            "123 456",
        ] {
            assert_eq!(shouted(text), [""; 0], "{text}");
        }
    }
}
