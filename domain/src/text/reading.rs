//! Sentences, words and the readability indices.
//! Separate because reading is not counting: addresses, mentions and hashtags are no words of a sentence here.

use super::{SpanKind, spans, syllables};

/// A stretch of text by its bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Part {
    /// Its first byte.
    pub start: usize,
    /// The byte after its last.
    pub end: usize,
}

impl Part {
    /// The stretch itself.
    pub fn of<'a>(&self, text: &'a str) -> &'a str {
        &text[self.start..self.end]
    }
}

/// A sentence: where it stands and its words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sentence {
    /// From its first word to its last mark.
    pub part: Part,
    /// Its words, without punctuation around them.
    pub words: Vec<Part>,
}

/// Written short with a dot, in the languages of the desk: no sentence ends there.
const SHORT: [&str; 44] = [
    "av", "avda", "pza", "plza", "pl", "c", "ctra", "urb", "sr", "sra", "srta", "sres", "d", "dª", "dña", "dr", "dra",
    "art", "arts", "núm", "num", "n", "nº", "tel", "tfno", "telf", "tlf", "pág", "págs", "aprox", "máx", "mín", "ud",
    "uds", "ej", "excmo", "excma", "ilmo", "ilma", "st", "mr", "mrs", "ms", "rd",
];

/// The sentences of a text, in order. A line break ends one: a notice is often a list.
pub fn sentences(text: &str) -> Vec<Sentence> {
    let mut sentences = Vec::new();
    let mut words: Vec<Part> = Vec::new();
    let mut start = None;
    let mut end = 0;
    let skipped = spans(text);
    let mut close = |start: &mut Option<usize>, end: usize, words: &mut Vec<Part>| {
        if let Some(start) = start.take().filter(|_| !words.is_empty()) {
            sentences.push(Sentence { part: Part { start, end }, words: std::mem::take(words) });
        }
        words.clear();
    };
    let mut tokens = tokens(text).peekable();
    while let Some(token) = tokens.next() {
        let whole = token.of(text);
        // A tag in the middle is read as a word; an address or a run of tags at the end is not.
        let in_span = skipped.iter().any(|span| span.start < token.end && token.start < span.end);
        if !in_span && let Some(word) = word_in(text, token) {
            start.get_or_insert(token.start);
            words.push(word);
        }
        if start.is_some() {
            end = token.end;
        }
        let next = tokens.peek();
        let gap = next.map_or("", |next| &text[token.end..next.start]);
        if next.is_none_or(|next| gap.contains(['\n', '\u{2029}']) || ends(whole, next.of(text))) {
            close(&mut start, end, &mut words);
        }
    }
    sentences
}

/// Whether a sentence ends between two tokens of one line.
fn ends(token: &str, next: &str) -> bool {
    let bare = token.trim_end_matches(['"', '\'', '»', '”', '’', ')', ']']);
    if bare.ends_with(['!', '?', '…']) {
        return next.chars().next().is_some_and(|c| !c.is_lowercase());
    }
    let Some(word) = bare.strip_suffix('.') else { return false };
    let word = word.trim_start_matches(['(', '¿', '¡', '«', '"', '“']).to_lowercase();
    let is_initial = word.chars().count() == 1 && word.chars().all(char::is_alphabetic);
    let starts_low = next.chars().next().is_some_and(char::is_lowercase);
    !(starts_low || is_initial || SHORT.contains(&word.as_str()))
}

/// What stands between blanks.
fn tokens(text: &str) -> impl Iterator<Item = Part> {
    let base = text.as_ptr() as usize;
    text.split_whitespace().map(move |token| {
        // The distance within one string.
        let start = token.as_ptr() as usize - base;
        Part { start, end: start + token.len() }
    })
}

fn word_in(text: &str, token: Part) -> Option<Part> {
    let whole = token.of(text);
    let inner = whole.trim_matches(|c: char| !super::spans::is_word(c));
    let start = token.start + (inner.as_ptr() as usize - whole.as_ptr() as usize);
    (!inner.is_empty()).then_some(Part { start, end: start + inner.len() })
}

/// What the indices are reckoned from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Measures {
    /// Sentences with at least one word.
    pub sentences: u32,
    /// Words, figures among them.
    pub words: u32,
    /// Syllables; a figure counts as one, as the usual tools have it.
    pub syllables: u32,
}

impl Measures {
    /// Of sentences, with the syllables counted by `count`.
    pub fn of(text: &str, sentences: &[Sentence], count: impl Fn(&str) -> u32) -> Self {
        let mut measures = Measures::default();
        for sentence in sentences {
            measures.sentences += 1;
            for word in &sentence.words {
                measures.words += 1;
                measures.syllables += count(word.of(text)).max(1);
            }
        }
        measures
    }

    /// Whether there is enough text for an index to mean something: three sentences or forty words. Below that one
    /// long word moves it by ten points.
    pub const fn suffices(&self) -> bool {
        self.sentences >= 3 || self.words >= 40
    }

    fn ratios(&self) -> (f64, f64) {
        let words = f64::from(self.words.max(1));
        (f64::from(self.syllables) / words, words / f64::from(self.sentences.max(1)))
    }

    /// Fernández-Huerta's reading ease, with Law's correction (syllables per word and words per sentence).
    pub fn fernandez_huerta(&self) -> f64 {
        let (syllables, words) = self.ratios();
        206.84 - 60.0 * syllables - 1.02 * words
    }

    /// Szigriszt-Pazos' perspicuity, read on the INFLESZ scale.
    pub fn inflesz(&self) -> f64 {
        let (syllables, words) = self.ratios();
        206.835 - 62.3 * syllables - words
    }

    /// Flesch's reading ease.
    pub fn flesch(&self) -> f64 {
        let (syllables, words) = self.ratios();
        206.835 - 84.6 * syllables - 1.015 * words
    }
}

/// The measures of a Spanish text.
pub fn spanish(text: &str) -> Measures {
    Measures::of(text, &sentences(text), syllables::spanish)
}

/// The measures of an English text.
pub fn english(text: &str) -> Measures {
    Measures::of(text, &sentences(text), syllables::english)
}

/// The words of a text outside of links, with their bytes: what rules on words walk through.
pub fn words(text: &str) -> Vec<Part> {
    let links: Vec<_> = spans(text).into_iter().filter(|span| span.kind == SpanKind::Link).collect();
    tokens(text)
        .filter(|token| !links.iter().any(|span| span.start < token.end && token.start < span.end))
        .filter_map(|token| word_in(text, token))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn split(text: &str) -> Vec<&str> {
        sentences(text).iter().map(|sentence| sentence.part.of(text)).collect()
    }

    #[test]
    fn sentences_end_at_marks_and_lines() {
        assert_eq!(
            split("Mañana no hay agua. ¿Hasta cuándo? ¡Hasta las 14.30 h!\nGracias"),
            ["Mañana no hay agua.", "¿Hasta cuándo?", "¡Hasta las 14.30 h!", "Gracias"]
        );
        assert_eq!(split("«Basta.» Dijo… y se fue"), ["«Basta.»", "Dijo… y se fue"]);
    }

    #[test]
    fn a_short_form_ends_no_sentence() {
        let text = "Corte en Av. Constitución, núm. 3, y c. Mayor. Llame al tel. 900 000 000.";
        assert_eq!(split(text).len(), 2);
        assert_eq!(split("Firma D. Alcalde de la villa.").len(), 1);
    }

    #[test]
    fn addresses_and_tags_are_no_words() {
        let text = "Más en https://town.example/a #Fiestas @town";
        assert_eq!(sentences(text)[0].words.len(), 2);
        assert_eq!(split("Ven.\n\nhttps://town.example #Fiestas #Villa"), ["Ven."]);
    }

    #[test]
    fn the_formulas_are_those_of_their_authors() {
        // 100 words, 5 sentences, 200 syllables: reckoned by hand.
        let measures = Measures { sentences: 5, words: 100, syllables: 200 };
        assert!((measures.fernandez_huerta() - 66.44).abs() < 1e-9);
        assert!((measures.inflesz() - 62.235).abs() < 1e-9);
        assert!((measures.flesch() - 17.335).abs() < 1e-9);
    }

    proptest! {
        #[test]
        fn words_stand_inside_their_sentence(text in "([a-zñ]{1,8}|[.?!…,] ?|\n| |#a|https://a.es|🎉|\\PC){0,40}") {
            let mut done = 0;
            for sentence in sentences(&text) {
                prop_assert!(sentence.part.start >= done && !sentence.words.is_empty());
                done = sentence.part.end;
                for word in &sentence.words {
                    prop_assert!(word.start >= sentence.part.start && word.end <= sentence.part.end);
                    prop_assert!(!word.of(&text).is_empty());
                }
            }
        }
    }
}
