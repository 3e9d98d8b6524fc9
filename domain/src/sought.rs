//! Posts by their words: by which a post is found, whatever its day, and where they stand in it. Separate from `library`, which
//! cuts words and reads what is typed: there one finds pictures.

use std::{
    collections::{BTreeMap, BTreeSet},
    ops::Range,
};

use serde::{Deserialize, Serialize};

use crate::{
    Language, Millis, Moment,
    library::{Wanted, words_in},
};

/// So many words of posts that had none yet are written down in a day. Each is two rows, and the free plan ends a day of the whole
/// engine at 100,000 rows: an archive, or a sheet of two thousand rows, comes in over some days.
const A_DAY: usize = 20_000;
/// So many of them of what nobody has touched lately: the others are for what is written today.
pub const OF_BEFORE: u32 = 15_000;
/// So long after its last change a post is what somebody works on.
pub const LATELY: Millis = Millis::days(2);

/// How many more words may be written down of a post that has none yet, where so many were today.
pub fn room(today: usize, changed: Moment, now: Moment) -> usize {
    let most = if now.since(changed) < LATELY { A_DAY } else { OF_BEFORE as usize };
    most.saturating_sub(today)
}

/// So many words of a post are looked for. A notice has fifty in a language; the end of a very long text is not found.
const WORDS: usize = 250;
/// So many words are shown before the first that was found, and so many from it on.
const BEFORE: usize = 6;
const BEHIND: usize = 24;
/// What stands between two words is at most a long address.
const PIECE: usize = 300;

/// What a post says, in every language.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Spoken {
    /// Its headings.
    pub titles: BTreeMap<Language, String>,
    /// Its texts.
    pub texts: BTreeMap<Language, String>,
    /// The texts that somebody wrote for one channel.
    pub versions: Vec<(Language, String)>,
}

/// Some words of a text, with those among them that were looked for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Passage {
    /// In which language.
    pub language: Language,
    /// Whether something stands before it.
    pub begun: bool,
    /// Whether something stands behind it.
    pub goes_on: bool,
    /// The words, in order.
    pub pieces: Vec<Piece>,
}

/// A piece of a passage.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Piece {
    /// What stands there.
    pub text: String,
    /// Whether it was looked for.
    pub hit: bool,
}

impl Spoken {
    /// The texts, without the headings.
    fn texts(&self) -> impl Iterator<Item = (&Language, &String)> {
        self.texts.iter().chain(self.versions.iter().map(|(language, text)| (language, text)))
    }

    /// The words by which it is found: those of the headings first, should there be too many.
    pub fn words(&self) -> BTreeSet<String> {
        let mut words = BTreeSet::new();
        for text in self.titles.values().chain(self.texts().map(|(_, text)| text)) {
            for (_, word) in words_in(text) {
                if words.len() == WORDS {
                    return words;
                }
                words.insert(word);
            }
        }
        words
    }

    /// Where what is wanted stands in its texts: in the one that has most of it. Nothing where only the heading has it.
    pub fn passage(&self, wanted: &Wanted) -> Option<Passage> {
        let placed = self.texts().map(|(language, text)| {
            let words: Vec<(Range<usize>, bool)> = words_in(text).map(|(at, word)| (at, wanted.has(&word))).collect();
            (language, text, words)
        });
        // The first of several that have as much.
        let most = placed.reduce(|one, other| if hits(&other.2) > hits(&one.2) { other } else { one })?;
        let (language, text, words) = most;
        let first = words.iter().position(|(_, hit)| *hit)?;
        let (from, until) = (first.saturating_sub(BEFORE), (first + BEHIND).min(words.len()));
        let shown = words.get(from..until)?;
        let begin = if from == 0 { 0 } else { shown.first()?.0.start };
        let end = if until == words.len() { text.len() } else { shown.last()?.0.end };
        let mut pieces = Vec::new();
        let mut push = |range: Range<usize>, hit: bool| {
            let text: String = text.get(range).unwrap_or_default().chars().take(PIECE).collect();
            if !text.is_empty() {
                pieces.push(Piece { text, hit });
            }
        };
        let mut at = begin;
        for (word, _) in shown.iter().filter(|(_, hit)| *hit) {
            push(at..word.start, false);
            push(word.clone(), true);
            at = word.end;
        }
        push(at..end, false);
        Some(Passage { language: language.clone(), begun: begin > 0, goes_on: end < text.len(), pieces })
    }
}

fn hits(words: &[(Range<usize>, bool)]) -> usize {
    words.iter().filter(|(_, hit)| *hit).count()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn spoken(title: &str, es: &str, en: &str) -> Spoken {
        let both = |es: &str, en: &str| {
            BTreeMap::from([(Language::spanish(), es.to_owned()), (Language::english(), en.to_owned())])
        };
        Spoken {
            titles: BTreeMap::from([(Language::spanish(), title.to_owned())]),
            texts: both(es, en),
            versions: vec![],
        }
    }

    fn wanted(typed: &str) -> Wanted {
        Wanted::of(typed, Vec::new())
    }

    fn library() -> Spoken {
        let es =
            "En marzo la biblioteca abre también los sábados por la mañana, de nueve a una, y el préstamo se hace en el
          mostrador de siempre; quien no pueda venir llama antes al teléfono que está en la puerta y en la página.";
        spoken("Biblioteca", es, "In March the library opens on Saturdays too.")
    }

    #[test]
    fn a_post_is_found_by_its_heading_and_by_its_texts_in_every_language_without_accents() {
        let words = library().words();
        for typed in ["BIBLIOTECA marzo ", "sabados", "library march", "mañ", "manana telefono"] {
            assert!(wanted(typed).finds(&words), "{typed}");
        }
        for typed in ["piscina", "biblioteca abril ", "saba "] {
            assert!(!wanted(typed).finds(&words), "{typed}");
        }
    }

    #[test]
    fn the_words_around_are_of_the_text_that_has_most_of_what_is_wanted() {
        let passage = library().passage(&wanted("library saturdays")).unwrap();
        assert_eq!(passage.language, Language::english());
        let hits: Vec<_> = passage.pieces.iter().filter(|piece| piece.hit).map(|piece| piece.text.as_str()).collect();
        assert_eq!(hits, ["library", "Saturdays"]);
        let text: String = passage.pieces.iter().map(|piece| piece.text.as_str()).collect();
        assert_eq!(
            (text.as_str(), passage.begun, passage.goes_on),
            ("In March the library opens on Saturdays too.", false, false)
        );
        // From the middle of a longer one only what stands around.
        let passage = library().passage(&wanted("mostrador ")).unwrap();
        assert!(passage.begun && passage.pieces[1] == Piece { text: "mostrador".to_owned(), hit: true });
        assert!(passage.pieces[0].text.starts_with("el préstamo"), "{:?}", passage.pieces[0]);
        // The heading stands there anyway.
        assert_eq!(spoken("Pleno", "Mañana a las nueve.", "").passage(&wanted("pleno")), None);
    }

    #[test]
    fn a_version_of_one_channel_is_found_too() {
        let mut said = library();
        said.versions.push((Language::spanish(), "Corto: #biblio abre el sábado".to_owned()));
        assert!(wanted("corto biblio ").finds(&said.words()));
        assert_eq!(said.passage(&wanted("corto ")).unwrap().pieces[0], Piece { text: "Corto".to_owned(), hit: true });
    }

    #[test]
    fn an_archive_leaves_room_for_what_is_written_today_and_neither_takes_all_that_a_day_may_cost() {
        let now = Moment(Millis::days(20_000).0);
        let of = |today, days| room(today, now.minus(Millis::days(days)), now);
        assert_eq!((of(0, 400), of(14_900, 2), of(15_000, 2), of(19_000, 400)), (15_000, 100, 0, 0));
        assert_eq!((of(15_000, 1), of(19_999, 0), of(25_000, 0)), (5_000, 1, 0));
    }

    #[test]
    fn no_post_has_more_words_than_are_kept_and_the_heading_goes_first() {
        let long: String = (0..900).map(|n| format!("a{n} ")).collect();
        let words = spoken("Zarzuela", &long, "").words();
        assert_eq!((words.len(), words.contains("zarzuela")), (WORDS, true));
    }

    proptest! {
        #[test]
        fn whatever_is_written_a_passage_is_a_part_of_it_and_has_what_is_wanted(es in "\\PC{0,200}", typed in "\\PC{0,20}") {
            let said = spoken("", &es, "");
            let wanted = wanted(&typed);
            if let Some(passage) = said.passage(&wanted) {
                let text: String = passage.pieces.iter().map(|piece| piece.text.as_str()).collect();
                prop_assert!(es.contains(&text));
                prop_assert!(passage.pieces.iter().any(|piece| piece.hit));
            }
            // Each of its own words finds it.
            for (_, word) in words_in(&es) {
                let own = Wanted { whole: vec![word], begun: None };
                prop_assert!(own.finds(&said.words()));
                prop_assert!(said.passage(&own).is_some());
            }
        }
    }
}
