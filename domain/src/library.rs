//! The library: what is said of a stored picture or video, and by which words it is found again.
//! Separate from `media` and `video`, which look into the files: here is what people say of them.

use std::{
    collections::{BTreeMap, BTreeSet},
    ops::Range,
};

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::{
    Language, MediaId, Refusal,
    consent::{Consent, Shows},
    matter::fold,
    text::line,
};

/// Under which terms the organisation has it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Default)]
#[serde(rename_all = "snake_case")]
pub enum Licence {
    /// Nobody has said.
    #[default]
    Unsaid,
    /// It was made in the house.
    Own,
    /// Creative Commons CC0, or in the public domain.
    Free,
    /// Creative Commons Attribution.
    CcBy,
    /// Attribution, share alike.
    CcBySa,
    /// Attribution, no derivatives.
    CcByNd,
    /// Attribution, not commercial.
    CcByNc,
    /// Bought from an agency or a photographer.
    Bought,
    /// Given by whoever made it.
    Given,
}

impl Licence {
    /// Every licence, in the order in which a form offers them.
    pub const ALL: [Licence; 9] = [
        Licence::Unsaid,
        Licence::Own,
        Licence::Given,
        Licence::Bought,
        Licence::Free,
        Licence::CcBy,
        Licence::CcBySa,
        Licence::CcByNd,
        Licence::CcByNc,
    ];
}

/// What is said of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Default)]
pub struct Said {
    /// What it is called here.
    pub name: String,
    /// What it shows, by language: written once, offered wherever it is used.
    pub alt: BTreeMap<Language, String>,
    /// Tags, in lower case.
    pub tags: Vec<String>,
    /// The folder it is in; empty for none.
    pub folder: String,
    /// Who made it.
    pub author: String,
    /// Under which terms.
    pub licence: Licence,
    /// The last day of those terms, if they end.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<NaiveDate>,
    /// What else is to be minded when it is used.
    pub note: String,
    /// Whether people can be recognised.
    pub shows: Shows,
}

/// An asset: a stored picture or video with what is said of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Asset {
    /// The stored object.
    pub media: MediaId,
    /// Counts its changes, those of its consents too.
    pub version: u64,
    /// What is said of it.
    pub said: Said,
}

/// A name, an author, a folder, in bytes.
const NAME: usize = 200;
/// A tag, in bytes.
const TAG: usize = 50;
/// More tags than this find nothing.
const TAGS: usize = 20;
/// A note, in bytes.
const NOTE: usize = 2_000;
/// An alt text, in bytes: more than any network takes.
const ALT: usize = 4_000;
/// Alt texts in more languages than this nobody writes.
const ALTS: usize = 10;
/// What is longer is no word that anybody types.
const WORD: usize = 32;
/// So many words of an asset are looked for; the rest of a long alt text is not.
const WORDS: usize = 120;
/// Who types more than this has found it already.
const WANTED: usize = 6;

fn too_large(field: &str, limit: usize, length: usize) -> Refusal {
    Refusal::TooLarge { field: field.to_owned(), limit: limit as u64, length: length as u64 }
}

impl Said {
    /// As it is kept: trimmed, within its limits, each tag once.
    ///
    /// # Errors
    /// `Malformed`, `TooLarge`.
    pub fn parse(self) -> Result<Self, Refusal> {
        let name = line::name(&self.name, "name", NAME)?;
        let mut tags = Vec::new();
        for tag in &self.tags {
            let tag = line::line(tag, "tags", TAG)?.to_lowercase();
            if !tag.is_empty() && !tags.contains(&tag) {
                tags.push(tag);
            }
        }
        if tags.len() > TAGS {
            return Err(too_large("tags", TAGS, tags.len()));
        }
        let mut alt = BTreeMap::new();
        for (language, text) in self.alt {
            let text = text.trim().to_owned();
            if text.len() > ALT {
                return Err(too_large("alt", ALT, text.len()));
            }
            if !text.is_empty() {
                alt.insert(language, text);
            }
        }
        if alt.len() > ALTS {
            return Err(too_large("alt", ALTS, alt.len()));
        }
        let note = self.note.trim().to_owned();
        if note.len() > NOTE {
            return Err(too_large("note", NOTE, note.len()));
        }
        let folder = line::line(&self.folder, "folder", NAME)?;
        let author = line::line(&self.author, "author", NAME)?;
        Ok(Self { name, alt, tags, folder, author, note, ..self })
    }
}

impl Asset {
    /// Takes what is said of it now. `keeps` is whether whoever says it keeps the consents: that nobody is seen in what was
    /// said to show people lets everything out that they hold back, and so does a licence that ends later. Where somebody
    /// consented, or took it back, nobody unsays that they are seen: a form that was read before would switch them all off.
    ///
    /// # Errors
    /// What `Said::parse` refuses; `Stale`, `ConsentsGuarded`.
    pub fn describe(&self, version: u64, wanted: Said, keeps: bool, consents: &[Consent]) -> Result<Self, Refusal> {
        let said = wanted.parse()?;
        // The same form, sent twice.
        if said == self.said {
            return Ok(self.clone());
        }
        if version != self.version {
            return Err(Refusal::Stale { current: self.version });
        }
        let unseen = self.said.shows == Shows::Persons && said.shows != Shows::Persons;
        let longer = self.said.until.is_some_and(|before| said.until.is_none_or(|until| until > before));
        let unsaid = unseen && said.shows == Shows::Unsaid && !consents.is_empty();
        if unsaid || (!keeps && (unseen || longer)) {
            return Err(Refusal::ConsentsGuarded);
        }
        Ok(Self { media: self.media.clone(), version: version + 1, said })
    }

    /// The words by which it is found: those of its name, alt texts, tags and author, and its marks.
    pub fn words(&self) -> BTreeSet<String> {
        let said = &self.said;
        let texts = [&said.name, &said.author].into_iter().chain(&said.tags).chain(said.alt.values());
        let mut words = BTreeSet::new();
        for text in texts {
            for word in words_of(text) {
                if words.len() < WORDS {
                    words.insert(word);
                }
            }
        }
        words.extend(said.tags.iter().map(|tag| Mark::Tag(tag.clone()).word()));
        if !said.folder.is_empty() {
            words.insert(Mark::Folder(said.folder.clone()).word());
        }
        if said.alt.is_empty() {
            words.insert(Mark::NoAlt.word());
        }
        if said.shows == Shows::Persons {
            words.insert(Mark::Persons.word());
        }
        words
    }
}

/// What one can sift by. Each stands among the words, behind a sign that no word has: one index finds both.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Mark {
    /// It has this tag.
    Tag(String),
    /// It is in this folder.
    Folder(String),
    /// Nobody has written what it shows.
    NoAlt,
    /// It shows people who have to consent.
    Persons,
}

/// The sign before a tag.
pub const TAG_SIGN: char = '#';
/// The sign before a folder.
pub const FOLDER_SIGN: char = '/';

impl Mark {
    /// As it stands among the words.
    pub fn word(&self) -> String {
        match self {
            Mark::Tag(tag) => format!("{TAG_SIGN}{}", tag.to_lowercase()),
            Mark::Folder(folder) => format!("{FOLDER_SIGN}{folder}"),
            Mark::NoAlt => "!alt".to_owned(),
            Mark::Persons => "!persons".to_owned(),
        }
    }
}

/// The words of a text, folded: lower case, without accents, from two letters on.
fn words_of(text: &str) -> Vec<String> {
    words_in(text).map(|(_, word)| word).collect()
}

/// The same, each with the bytes where it stands.
pub(crate) fn words_in(text: &str) -> impl Iterator<Item = (Range<usize>, String)> {
    let gap = |c: char| !c.is_alphanumeric() && !('\u{300}'..='\u{36F}').contains(&c);
    let mut end = 0;
    text.split_inclusive(gap).filter_map(move |piece| {
        let start = end;
        end += piece.len();
        let word = piece.trim_end_matches(gap);
        let mut folded = String::new();
        word.chars().for_each(|c| fold(c, &mut folded));
        let folded: String = folded.chars().take(WORD).collect();
        folded.chars().nth(1).is_some().then(|| (start..start + word.len(), folded))
    })
}

/// What is looked for: whole words, and the beginning of one more, which is still being typed.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Wanted {
    /// Whole words and marks, the one that says most first.
    pub whole: Vec<String>,
    /// The beginning of a word.
    pub begun: Option<String>,
}

impl Wanted {
    /// Reads what somebody typed, and what they sift by.
    pub fn of(text: &str, marks: Vec<Mark>) -> Self {
        let mut words = words_of(text);
        words.truncate(WANTED);
        // A sign behind it says that the last word is whole.
        let begun = if text.ends_with(|c: char| c.is_alphanumeric()) { words.pop() } else { None };
        // The longest word is the rarest, as a rule; a mark is on many.
        words.sort_by_key(|word| std::cmp::Reverse(word.len()));
        words.extend(marks.iter().map(Mark::word));
        words.dedup();
        Self { whole: words, begun }
    }

    /// Whether everything is wanted.
    pub fn is_all(&self) -> bool {
        self.whole.is_empty() && self.begun.is_none()
    }

    /// Whether a word is one of those that are wanted.
    pub fn has(&self, word: &str) -> bool {
        self.whole.iter().any(|whole| whole == word)
            || self.begun.as_ref().is_some_and(|begun| word.starts_with(begun.as_str()))
    }

    /// Whether an asset with these words is one of those that are wanted: what the engine's queries say, for the tests.
    pub fn finds(&self, words: &BTreeSet<String>) -> bool {
        self.whole.iter().all(|word| words.contains(word))
            && self.begun.as_ref().is_none_or(|begun| words.iter().any(|word| word.starts_with(begun.as_str())))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        ConsentId,
        consent::{Age, Giver, Scope},
    };

    fn said(name: &str) -> Said {
        Said { name: name.to_owned(), ..Said::default() }
    }

    fn asset(said: Said) -> Asset {
        Asset { media: MediaId::from_bits(1), version: 1, said }
    }

    fn fair() -> Asset {
        asset(Said {
            alt: BTreeMap::from([(Language::spanish(), "La plaza Mayor, llena de puestos".to_owned())]),
            tags: vec!["feria".to_owned(), "año nuevo".to_owned()],
            folder: "Fiestas 2026".to_owned(),
            author: "José Ñíguez".to_owned(),
            ..said("Cartel_feria.png")
        })
    }

    #[test]
    fn it_is_found_by_name_alt_text_tag_and_author_without_accents_or_case() {
        let words = fair().words();
        for typed in ["cartel", "PLAZA", "jose niguez", "Ñiguez", "mayor pue", "feria plaza", "nuevo", "pla"] {
            assert!(Wanted::of(typed, vec![]).finds(&words), "{typed}");
        }
        for typed in ["piscina", "plazas ", "pla ", "feria piscina", "fiestas"] {
            assert!(!Wanted::of(typed, vec![]).finds(&words), "{typed}");
        }
    }

    #[test]
    fn what_is_typed_is_no_mark_and_a_mark_is_no_word() {
        let words = fair().words();
        assert!(Wanted::of("", vec![Mark::Tag("Año Nuevo".to_owned())]).finds(&words));
        assert!(Wanted::of("plaza", vec![Mark::Folder("Fiestas 2026".to_owned())]).finds(&words));
        assert!(!Wanted::of("", vec![Mark::Folder("Fiestas".to_owned())]).finds(&words));
        assert!(!Wanted::of("!alt", vec![Mark::Tag("plaza".to_owned())]).finds(&words));
        assert_eq!(Wanted::of("#feria", vec![]).begun.as_deref(), Some("feria"));
        assert!(!words.contains("!alt") && !words.contains("!persons"));
        assert!(asset(said("Escudo")).words().contains("!alt"));
        assert!(asset(Said { shows: Shows::Persons, ..said("Coro") }).words().contains("!persons"));
    }

    #[test]
    fn nothing_typed_wants_everything() {
        for typed in ["", "  ", "a", "—"] {
            assert!(Wanted::of(typed, vec![]).is_all(), "{typed:?}");
        }
    }

    #[test]
    fn hostile_words_are_cut_and_never_many() {
        let long = asset(said(&"palabra ".repeat(25)));
        assert_eq!(long.words().iter().filter(|word| !word.starts_with('!')).count(), 1);
        let many: String = (0..1_000).map(|n| format!("w{n} ")).collect();
        let alt = BTreeMap::from([(Language::spanish(), many)]);
        assert!(asset(Said { alt, ..said("Lista") }).words().len() <= WORDS + 2);
        assert_eq!(words_of(&"a".repeat(100)), ["a".repeat(WORD)]);
        assert!(Wanted::of(&"uno dos tres ".repeat(9), vec![]).whole.len() <= WANTED);
    }

    #[test]
    fn what_is_kept_is_trimmed_and_each_tag_stands_once() {
        let alt =
            BTreeMap::from([(Language::spanish(), "  ".to_owned()), (Language::english(), " Square ".to_owned())]);
        let tags = ["Feria", " feria ", "", "Plaza  Mayor"].map(str::to_owned).to_vec();
        let kept = Said { alt, tags, ..said("  Cartel   de la feria ") }.parse().unwrap();
        assert_eq!(kept.name, "Cartel de la feria");
        assert_eq!(kept.tags, ["feria", "plaza mayor"]);
        assert_eq!(kept.alt, BTreeMap::from([(Language::english(), "Square".to_owned())]));
    }

    #[test]
    fn a_name_is_wanted_and_nothing_is_longer_than_it_helps() {
        assert_eq!(said(" ").parse(), Err(Refusal::Malformed { field: "name".to_owned() }));
        let hides = |field: &str| Err(Refusal::Malformed { field: field.to_owned() });
        assert_eq!(said("al\u{202E}revés").parse(), hides("name"));
        assert_eq!(Said { tags: vec!["fe\u{202E}ria".to_owned()], ..said("a") }.parse(), hides("tags"));
        assert_eq!(Said { folder: "\u{2066}a".to_owned(), ..said("a") }.parse(), hides("folder"));
        assert_eq!(Said { author: "a\u{202E}b".to_owned(), ..said("a") }.parse(), hides("author"));
        assert!(matches!(said(&"a".repeat(NAME + 1)).parse(), Err(Refusal::TooLarge { .. })));
        let tags = (0..=TAGS).map(|n| format!("t{n}")).collect();
        assert!(matches!(Said { tags, ..said("a") }.parse(), Err(Refusal::TooLarge { .. })));
        assert!(matches!(Said { note: "a".repeat(NOTE + 1), ..said("a") }.parse(), Err(Refusal::TooLarge { .. })));
    }

    #[test]
    fn two_do_not_write_over_each_other_and_the_same_form_twice_is_one() {
        let before = asset(said("Uno"));
        let after = before.describe(1, said("Dos"), false, &[]).unwrap();
        assert_eq!(after.version, 2);
        assert_eq!(after.describe(1, said("Dos"), false, &[]), Ok(after.clone()));
        assert_eq!(after.describe(1, said("Tres"), false, &[]), Err(Refusal::Stale { current: 2 }));
    }

    #[test]
    fn that_people_are_seen_anybody_may_say_and_that_nobody_is_only_who_keeps_the_consents() {
        let persons = Said { shows: Shows::Persons, ..said("Coro") };
        let marked = asset(said("Coro")).describe(1, persons, false, &[]).unwrap();
        assert_eq!(marked.describe(2, said("Coro"), false, &[]), Err(Refusal::ConsentsGuarded));
        assert!(marked.describe(2, said("Coro"), true, &[]).is_ok());
    }

    #[test]
    fn where_a_consent_stands_nobody_unsays_that_people_are_seen_but_who_keeps_them_may_say_that_nobody_is() {
        let marked = asset(Said { shows: Shows::Persons, ..said("Coro") });
        let consents = [Consent {
            id: ConsentId::from_bits(1),
            version: 1,
            who: "Ana".to_owned(),
            age: Age::Adult,
            giver: Giver::Themselves,
            scope: Scope::Any,
            campaign: None,
            first: "2026-01-01".parse().unwrap(),
            last: "2026-12-31".parse().unwrap(),
            proof: "REG-2026-14".to_owned(),
            withdrawn: None,
        }];
        assert_eq!(marked.describe(1, said("Coro"), true, &consents), Err(Refusal::ConsentsGuarded));
        let nobody = Said { shows: Shows::Nobody, ..said("Coro") };
        assert!(marked.describe(1, nobody, true, &consents).is_ok());
    }

    #[test]
    fn that_a_licence_ends_anybody_may_say_and_that_it_ends_later_only_who_keeps_the_consents() {
        let until = |day: Option<&str>| Said { until: day.map(|day| day.parse().unwrap()), ..said("Cartel") };
        let ends = asset(until(None)).describe(1, until(Some("2026-06-30")), false, &[]).unwrap();
        assert!(ends.describe(2, until(Some("2026-05-31")), false, &[]).is_ok(), "earlier");
        for later in [until(Some("2026-07-01")), until(None)] {
            assert_eq!(ends.describe(2, later.clone(), false, &[]), Err(Refusal::ConsentsGuarded));
            assert!(ends.describe(2, later, true, &[]).is_ok());
        }
    }
}
