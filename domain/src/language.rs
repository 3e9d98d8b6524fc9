//! The language of a text: a short BCP 47 tag.
//! Separate from the languages of the desk (`words::Lang`): a town may publish in a language the desk does not speak.

use serde::{Deserialize, Serialize};

/// A language tag: two or three letters, optionally `-` and a region or script (`es`, `ca`, `pt-br`). Lower case.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Language(String);

/// Why a text is not a language tag.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NotALanguage;

impl std::fmt::Display for NotALanguage {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("not a language tag")
    }
}

impl Language {
    /// Spanish, the language a new organisation starts with.
    pub fn spanish() -> Self {
        Self("es".to_owned())
    }
    /// English.
    pub fn english() -> Self {
        Self("en".to_owned())
    }
    /// The tag.
    pub fn as_str(&self) -> &str {
        &self.0
    }
    /// The part before the first hyphen: what readability and hyphenation depend on.
    pub fn primary(&self) -> &str {
        self.0.split('-').next().unwrap_or(&self.0)
    }
}

impl TryFrom<String> for Language {
    type Error = NotALanguage;
    fn try_from(text: String) -> Result<Self, NotALanguage> {
        let text = text.to_ascii_lowercase();
        let mut parts = text.split('-');
        let primary = parts.next().unwrap_or_default();
        let primary_fits = (2..=3).contains(&primary.len()) && primary.bytes().all(|b| b.is_ascii_lowercase());
        let rest_fits =
            parts.all(|part| (2..=8).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_alphanumeric()));
        if primary_fits && rest_fits && text.len() <= 16 { Ok(Self(text)) } else { Err(NotALanguage) }
    }
}

impl From<Language> for String {
    fn from(language: Language) -> String {
        language.0
    }
}

impl std::fmt::Display for Language {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::str::FromStr for Language {
    type Err = NotALanguage;
    fn from_str(text: &str) -> Result<Self, NotALanguage> {
        Self::try_from(text.to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_are_folded_to_lower_case() {
        assert_eq!("pt-BR".parse::<Language>().map(|tag| tag.to_string()), Ok("pt-br".to_owned()));
    }

    #[test]
    fn what_is_no_tag_is_refused() {
        for text in ["", "e", "español", "es_ES", "es-", "a-very-long-language-tag"] {
            assert!(text.parse::<Language>().is_err(), "{text}");
        }
    }
}
