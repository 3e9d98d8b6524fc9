//! What is offered: read from its file, and found by words. Separate from the panel, which shows it.
//!
//! A line is a symbol, its name and more words; `xtask/src/desk/symbols.mjs` writes them, and says more.

use domain::reply;

/// The tones of the skin, in the order of Unicode: light to dark.
const TONES: [char; 5] = ['\u{1F3FB}', '\u{1F3FC}', '\u{1F3FD}', '\u{1F3FE}', '\u{1F3FF}'];

/// So many are shown of what is found: who sees more types another word.
const MOST: usize = 120;

/// A symbol.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Symbol {
    /// The symbol, with the places where a tone goes.
    pub shape: String,
    /// What it is called.
    pub name: String,
    /// Its name as it is searched.
    called: String,
    /// By what else it is found, in the same way.
    words: String,
}

impl Symbol {
    /// Whether it has tones.
    pub fn is_toned(&self) -> bool {
        self.shape.contains(['~', '^'])
    }

    /// As it is written, in a tone or in none.
    pub fn written(&self, tone: Option<char>) -> String {
        let put = |letter: char| match letter {
            '~' => tone,
            // What makes an emoji of a sign gives way to a tone, which does so too.
            '^' => tone.or(Some('\u{FE0F}')),
            other => Some(other),
        };
        self.shape.chars().filter_map(put).collect()
    }
}

/// A group of symbols.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Group {
    /// Its key.
    pub key: String,
    /// What it is called.
    pub name: String,
    /// The first of them.
    first: usize,
}

/// All of them.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct List {
    /// The symbols, those of a group together.
    pub symbols: Vec<Symbol>,
    /// The groups.
    pub groups: Vec<Group>,
    /// The tones: how each is known here, what it is called, and itself.
    pub tones: Vec<(String, String, char)>,
}

impl List {
    /// Reads a file.
    pub fn read(text: &str) -> Self {
        let mut list = Self::default();
        for line in text.lines() {
            let mut parts = line.split('\t').map(ToOwned::to_owned);
            let (Some(shape), Some(name)) = (parts.next(), parts.next()) else { continue };
            let rest = parts.next().unwrap_or_default();
            match name.strip_prefix('!') {
                Some(key) if shape.is_empty() => {
                    if let Some(tone) = TONES.get(list.tones.len()) {
                        list.tones.push((key.to_owned(), rest, *tone));
                    }
                }
                _ if shape.is_empty() => {
                    list.groups.push(Group { key: name, name: rest, first: list.symbols.len() });
                }
                _ => list.symbols.push(Symbol { called: folded(&name), shape, name, words: rest }),
            }
        }
        list
    }

    /// The places of the symbols of a group.
    pub fn of(&self, key: &str) -> Vec<usize> {
        let Some(place) = self.groups.iter().position(|group| group.key == key) else { return Vec::new() };
        let end = self.groups.get(place + 1).map_or(self.symbols.len(), |next| next.first);
        self.groups.get(place).map(|group| (group.first..end).collect()).unwrap_or_default()
    }

    /// The places of what is found by words, each of them the beginning of one of the symbol's; those whose name has them first. Nothing
    /// where no word was said.
    pub fn found(&self, said: &str) -> Option<Vec<usize>> {
        let said = folded(said);
        let wanted: Vec<&str> = said.split_whitespace().collect();
        if wanted.is_empty() {
            return None;
        }
        let named = |symbol: &Symbol| wanted.iter().all(|word| begins(&symbol.called, word));
        let found =
            |symbol: &Symbol| wanted.iter().all(|word| begins(&symbol.called, word) || begins(&symbol.words, word));
        let (mut first, mut then) = (Vec::new(), Vec::new());
        for (place, symbol) in self.symbols.iter().enumerate() {
            if named(symbol) {
                first.push(place);
            } else if found(symbol) {
                then.push(place);
            }
        }
        first.extend(then);
        first.truncate(MOST);
        Some(first)
    }

    /// The place of a symbol.
    pub fn place(&self, shape: &str) -> Option<usize> {
        self.symbols.iter().position(|symbol| symbol.shape == shape)
    }

    /// A tone by its key.
    pub fn tone(&self, key: &str) -> Option<(&str, char)> {
        self.tones.iter().find(|(one, ..)| one == key).map(|(_, name, tone)| (name.as_str(), *tone))
    }
}

/// As it is searched. Beyond what is folded of a reply, letters of names that a town hall has no reply about, and accents that a
/// keyboard writes behind their letter.
fn folded(text: &str) -> String {
    let plain = |letter: char| match letter {
        '\u{300}'..='\u{36F}' => None,
        'ñ' => Some('n'),
        'ã' | 'å' => Some('a'),
        other => Some(other),
    };
    reply::folded(text).chars().filter_map(plain).collect()
}

/// Whether one of the words of a text begins so.
fn begins(text: &str, word: &str) -> bool {
    text.split(|letter: char| !letter.is_alphanumeric()).any(|one| one.starts_with(word))
}

#[cfg(test)]
mod tests {
    use super::super::files;
    use super::*;

    fn list(name: &str) -> List {
        let file = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("symbols").join(name);
        List::read(&std::fs::read_to_string(file).unwrap())
    }

    fn shapes(list: &List, said: &str) -> Vec<String> {
        list.found(said).unwrap().into_iter().map(|place| list.symbols[place].written(None)).collect()
    }

    #[test]
    fn both_languages_offer_the_same_and_every_symbol_has_a_name() {
        let (es, en) = (list(files::ES), list(files::EN));
        let keys = |list: &List| list.groups.iter().map(|group| group.key.clone()).collect::<Vec<_>>();
        assert_eq!((keys(&es), es.symbols.len(), es.tones.len()), (keys(&en), en.symbols.len(), 5));
        assert!(es.symbols.iter().zip(&en.symbols).all(|(one, other)| one.shape == other.shape));
        for list in [&es, &en] {
            assert!(list.symbols.iter().all(|one| !one.name.trim().is_empty() && !one.shape.is_empty()));
            let grouped: usize = list.groups.iter().map(|group| list.of(&group.key).len()).sum();
            assert_eq!(grouped, list.symbols.len());
            // What was folded when it was written is what is folded when it is searched.
            assert!(list.symbols.iter().all(|one| folded(&one.words) == one.words));
            let foreign = |text: &str| text.chars().any(|letter| !letter.is_ascii() && letter.is_alphabetic());
            assert!(!list.symbols.iter().any(|one| foreign(&one.called)));
        }
        for sign in ["→", "•", "–", "—", "«", "»", "€", "º", "ª", "✓", "½", "…"] {
            assert!(es.of("notices").iter().any(|place| es.symbols[*place].shape == sign), "{sign}");
        }
    }

    #[test]
    fn it_is_found_by_the_beginnings_of_its_words_whatever_their_accents() {
        let (es, en) = (list(files::ES), list(files::EN));
        for said in ["corazón rojo", "CORAZON ROJ", "corazo\u{301}n  rojo", "rojo corazón"] {
            assert!(shapes(&es, said).contains(&"❤️".to_owned()), "{said}");
        }
        assert_eq!(shapes(&es, "viñeta")[0], "•");
        assert!(shapes(&en, "water").contains(&"🚰".to_owned()));
        assert!(shapes(&es, "bandera galicia").is_empty(), "Unicode has none");
        assert_eq!((es.found(" \t"), es.found("zzzz").map(|found| found.len())), (None, Some(0)));
        assert!(es.found("a").is_some_and(|found| found.len() == MOST));
    }

    #[test]
    fn a_tone_goes_where_it_belongs() {
        let es = list(files::ES);
        let of = |emoji: &str| es.symbols.iter().find(|one| one.written(None) == emoji).unwrap();
        let dark = es.tone("dark").map(|(_, tone)| tone);
        assert_eq!(of("👋").written(dark), "👋🏿");
        assert_eq!(of("✌️").written(dark), "✌🏿");
        assert_eq!(of("🧑‍🤝‍🧑").written(dark), "🧑🏿‍🤝‍🧑🏿");
        assert_eq!((of("👋").is_toned(), of("🎉").is_toned(), of("🎉").written(dark)), (true, false, "🎉".to_owned()));
        assert_eq!(es.place("👋~").map(|place| es.symbols[place].written(None)), Some("👋".to_owned()));
        assert_eq!((es.tone("purple"), es.place("👋")), (None, None));
    }
}
