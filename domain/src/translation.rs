//! Translations, and what they were made from: the words that a translation's source had when somebody last wrote in the
//! translation, where it has others since. Beside the content and not in it: nothing of it is said to anybody, so nobody agrees to it.
//!
//! Only what has changed is kept, so of nearly all posts there is nothing to keep.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::{Content, Language, text};

/// What the source of a translation said.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Original {
    /// The language of the source.
    pub language: Language,
    /// Its heading.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub title: String,
    /// Its text.
    pub text: String,
}

impl Original {
    /// What a content says in a language.
    pub fn of(content: &Content, language: &Language) -> Self {
        let (title, text) = words(content, language);
        Self { language: language.clone(), title: title.to_owned(), text: text.to_owned() }
    }

    fn words(&self) -> (&str, &str) {
        (&self.title, &self.text)
    }
}

/// The heading and the common text in a language, without the blanks around them: those are nothing to translate.
fn words<'a>(content: &'a Content, language: &Language) -> (&'a str, &'a str) {
    let of = |words: &'a BTreeMap<Language, String>| words.get(language).map_or("", |text| text.trim());
    (of(&content.titles), of(&content.texts))
}

fn is_written(content: &Content, language: &Language) -> bool {
    content.texts.get(language).is_some_and(|text| !text::is_blank(text))
}

/// The language that the others are translated from: the organisation's first that has a text, else the first that has one.
pub fn source<'a>(content: &'a Content, languages: &'a [Language]) -> Option<&'a Language> {
    languages.iter().chain(content.texts.keys()).find(|language| is_written(content, language))
}

/// The translations whose source has changed since somebody last wrote in them, each with what the source said then.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Behind(BTreeMap<Language, Original>);

impl Behind {
    /// Whether every translation is up to date.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The same once `before` has become `after`. `languages` are the organisation's.
    pub fn followed(&self, before: &Content, after: &Content, languages: &[Language]) -> Self {
        let one = |language: &Language| Some((language.clone(), self.kept(language, before, after, languages)?));
        Self(after.texts.keys().filter_map(one).collect())
    }

    /// The same of one translation, if it is to be told: of a source that says nothing any more there is nothing to look at.
    pub fn lag(
        &self,
        language: &Language,
        before: &Content,
        after: &Content,
        languages: &[Language],
    ) -> Option<Original> {
        self.kept(language, before, after, languages).filter(|original| is_written(after, &original.language))
    }

    /// The same once somebody has looked at a translation and says that it is up to date.
    #[must_use]
    pub fn without(&self, language: &Language) -> Self {
        let mut behind = self.clone();
        behind.0.remove(language);
        behind
    }

    /// What is kept of a language. A source that is taken away for a moment (cut, and put back elsewhere) is the source still.
    fn kept(&self, language: &Language, before: &Content, after: &Content, languages: &[Language]) -> Option<Original> {
        if !is_written(after, language) || words(before, language) != words(after, language) {
            return None;
        }
        if let Some(kept) = self.0.get(language) {
            return Some(kept).filter(|kept| kept.words() != words(after, &kept.language)).cloned();
        }
        let from = source(before, languages).filter(|from| *from != language)?;
        (words(before, from) != words(after, from)).then(|| Original::of(before, from))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn tag(tag: &str) -> Language {
        tag.parse().unwrap()
    }

    fn saying(words: &[(&str, &str)]) -> Content {
        let texts = words.iter().map(|(language, text)| (tag(language), (*text).to_owned()));
        Content { texts: texts.collect(), ..Content::default() }
    }

    fn organisation() -> [Language; 3] {
        ["es", "ca", "en"].map(tag)
    }

    /// What is told of a language after some contents, one after the other.
    fn told(language: &str, contents: &[Content]) -> Option<String> {
        let languages = organisation();
        let mut behind = Behind::default();
        for pair in contents.windows(2) {
            behind = behind.followed(&pair[0], &pair[1], &languages);
        }
        let last = contents.last().unwrap();
        behind.lag(&tag(language), last, last, &languages).map(|original| original.text)
    }

    #[test]
    fn a_source_that_changes_leaves_its_translations_behind_until_they_are_written() {
        let first = saying(&[("es", "Uno"), ("ca", "Un"), ("en", "One")]);
        let changed = saying(&[("es", "Dos"), ("ca", "Un"), ("en", "One")]);
        let again = saying(&[("es", "Tres"), ("ca", "Un"), ("en", "One")]);
        let written = saying(&[("es", "Tres"), ("ca", "Tres"), ("en", "One")]);
        assert_eq!(told("ca", &[first.clone(), changed.clone()]).as_deref(), Some("Uno"));
        let all = [first.clone(), changed.clone(), again, written];
        assert_eq!(told("en", &all).as_deref(), Some("Uno"), "what it was made from, and not the step between");
        assert_eq!(told("ca", &all), None);
        assert_eq!(told("es", &all), None, "the source is behind nothing");
        assert_eq!(told("ca", &[first.clone(), changed, first]), None, "it says again what it said");
    }

    #[test]
    fn a_heading_is_translated_too_and_blanks_are_not() {
        let languages = organisation();
        let before = saying(&[("es", "Uno"), ("ca", "Un")]);
        let mut after = saying(&[("es", " Uno\n"), ("ca", "Un")]);
        assert!(Behind::default().followed(&before, &after, &languages).is_empty());
        after.titles.insert(tag("es"), "Agua".to_owned());
        let behind = Behind::default().followed(&before, &after, &languages);
        let original = behind.lag(&tag("ca"), &after, &after, &languages).unwrap();
        assert_eq!((original.title.as_str(), original.text.as_str()), ("", "Uno"));
        let mut titled = after.clone();
        titled.titles.insert(tag("ca"), "Aigua".to_owned());
        assert!(behind.followed(&after, &titled, &languages).is_empty());
    }

    #[test]
    fn who_writes_the_main_language_last_leaves_nobody_behind() {
        // There was nothing that the Catalan text could be a translation of.
        let contents = [saying(&[("ca", "Un")]), saying(&[("es", "Uno"), ("ca", "Un")])];
        assert_eq!(told("ca", &contents), None);
        let more = [&contents[..], &[saying(&[("es", "Uno y medio"), ("ca", "Un")])][..]].concat();
        assert_eq!(told("ca", &more).as_deref(), Some("Uno"));
    }

    #[test]
    fn a_source_that_is_cut_for_a_moment_is_the_source_still() {
        let (whole, cut) =
            (saying(&[("es", "Uno"), ("ca", "Un"), ("en", "One")]), saying(&[("ca", "Un"), ("en", "One")]));
        let other = saying(&[("es", "Dos"), ("ca", "Un"), ("en", "One")]);
        assert_eq!(told("en", &[whole.clone(), cut.clone()]), None, "there is nothing to look at");
        assert_eq!(told("en", &[whole.clone(), cut.clone(), whole.clone()]), None);
        assert_eq!(told("en", &[whole, cut, other]).as_deref(), Some("Uno"));
    }

    #[test]
    fn who_has_looked_says_so_and_only_of_their_language() {
        let languages = organisation();
        let before = saying(&[("es", "Uno"), ("ca", "Un"), ("en", "One")]);
        let after = saying(&[("es", "Dos"), ("ca", "Un"), ("en", "One")]);
        let behind = Behind::default().followed(&before, &after, &languages).without(&tag("ca"));
        assert_eq!(behind.lag(&tag("ca"), &after, &after, &languages), None);
        assert!(behind.lag(&tag("en"), &after, &after, &languages).is_some());
        // From then on it counts from what was looked at.
        let third = saying(&[("es", "Tres"), ("ca", "Un"), ("en", "One")]);
        let original = behind.followed(&after, &third, &languages).lag(&tag("ca"), &third, &third, &languages);
        assert_eq!(original.map(|original| original.text).as_deref(), Some("Dos"));
        let written = serde_json::to_string(&behind).unwrap();
        assert_eq!(written, r#"{"en":{"language":"es","text":"Uno"}}"#);
        assert_eq!(serde_json::from_str::<Behind>(&written).unwrap(), behind);
    }

    fn any_content() -> impl Strategy<Value = Content> {
        let text = prop::option::of(prop::sample::select(vec!["Uno", "Dos", " Dos ", " "]));
        [text.clone(), text.clone(), text].prop_map(|texts| {
            let said = organisation().into_iter().zip(texts);
            let texts = said.filter_map(|(language, text)| Some((language, text?.to_owned()))).collect();
            Content { texts, ..Content::default() }
        })
    }

    proptest! {
        #[test]
        fn what_the_desk_tells_before_it_is_stored_is_what_is_told_after(
            first in any_content(), second in any_content(), third in any_content(),
        ) {
            let languages = organisation();
            let stored = Behind::default().followed(&first, &second, &languages);
            let after = stored.followed(&second, &third, &languages);
            for language in &languages {
                let typed = stored.lag(language, &second, &third, &languages);
                prop_assert_eq!(typed, after.lag(language, &third, &third, &languages));
            }
        }

        #[test]
        fn whoever_has_just_written_is_behind_nothing(
            first in any_content(), second in any_content(), third in any_content(),
        ) {
            let languages = organisation();
            let behind = Behind::default().followed(&first, &second, &languages);
            for language in &languages {
                let mut written = third.clone();
                written.texts.insert(language.clone(), "Otra cosa".to_owned());
                let after = behind.followed(&second, &written, &languages);
                prop_assert_eq!(after.lag(language, &written, &written, &languages), None);
            }
        }

        #[test]
        fn what_is_kept_is_what_has_changed(contents in prop::collection::vec(any_content(), 2..6)) {
            let languages = organisation();
            let mut behind = Behind::default();
            for pair in contents.windows(2) {
                behind = behind.followed(&pair[0], &pair[1], &languages);
                for (language, original) in &behind.0 {
                    prop_assert_ne!(&original.language, language);
                    prop_assert_ne!(original.words(), words(&pair[1], &original.language));
                    prop_assert!(is_written(&pair[1], language));
                }
            }
        }
    }
}
