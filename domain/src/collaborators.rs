//! The accounts that a post on Instagram is invited to be shared with: each sees an invitation, and once it is accepted the post
//! stands on its profile too. Separate from the text: nobody is invited by a word in it, and whoever agrees sees who is.

use serde::{Deserialize, Serialize};

use crate::Network;

/// The most accounts (Meta's reference of IG User Media, 2026-09-11: `collaborators`, at most 3; of a picture, a reel or a carousel).
pub const MOST: usize = 3;

/// The most characters of a name of Instagram (third-party figure; letters, digits, `_` and `.`).
const LONGEST: usize = 30;

/// One to three names, each once, in the order in which they were typed. Written as one text with blanks between them, as
/// [`crate::Topic`], because the approver's page reads texts anyway.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Collaborators(String);

impl Collaborators {
    /// What somebody typed, with whatever stands between the names and the sign before them; `None` if it is not one to three of them.
    pub fn typed(text: &str) -> Option<Self> {
        let names = text.split([' ', ',', ';', '\n', '\t']).map(|name| name.trim_start_matches('@').to_lowercase());
        let names: Vec<String> = names.filter(|name| !name.is_empty()).collect();
        names.join(" ").try_into().ok()
    }

    /// The names.
    pub fn names(&self) -> Vec<&str> {
        self.0.split(' ').collect()
    }

    /// As people write them: `@una, @otra`.
    pub fn written(&self) -> String {
        self.names().into_iter().map(|name| ["@", name].concat()).collect::<Vec<_>>().join(", ")
    }
}

/// Whether Instagram could have given somebody this name.
fn is_name(name: &str) -> bool {
    let of_letters = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b"._".contains(&byte);
    (1..=LONGEST).contains(&name.len()) && name.bytes().all(of_letters)
}

impl TryFrom<String> for Collaborators {
    type Error = &'static str;
    fn try_from(text: String) -> Result<Self, Self::Error> {
        let names: Vec<&str> = text.split(' ').collect();
        let once = names.iter().enumerate().all(|(place, name)| !names[..place].contains(name));
        // One list has one spelling: what is hashed is what is sent.
        let fits = names.len() <= MOST && once && names.iter().all(|name| is_name(name));
        if fits { Ok(Self(text)) } else { Err("collaborators") }
    }
}

impl From<Collaborators> for String {
    fn from(all: Collaborators) -> Self {
        all.0
    }
}

/// Whether a network invites other accounts to share a post.
pub const fn are_taken(network: Network) -> bool {
    matches!(network, Network::Instagram)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_typed_is_one_to_three_names_or_none() {
        let typed = |text: &str| Collaborators::typed(text).map(String::from);
        assert_eq!(typed(" @Villa.Vecina, mancomunidad_sur "), Some("villa.vecina mancomunidad_sur".to_owned()));
        assert_eq!(typed("a b c"), Some("a b c".to_owned()));
        assert_eq!(typed(&"a".repeat(30)), Some("a".repeat(30)));
        for text in ["", "@", "a b c d", "a A", "villa-vecina", "ñ", "a/b", &"a".repeat(31)] {
            assert_eq!(typed(text), None, "{text}");
        }
        assert_eq!(Collaborators::typed("una otra").unwrap().written(), "@una, @otra");
    }

    #[test]
    fn what_is_stored_has_one_spelling() {
        for text in ["", " una", "una ", "una  otra", "@una", "Una", "una,otra", "una una"] {
            assert!(Collaborators::try_from(text.to_owned()).is_err(), "{text}");
        }
        let una = Collaborators::typed("una").unwrap();
        let written = serde_json::to_string(&una).unwrap();
        assert_eq!((written.as_str(), serde_json::from_str::<Collaborators>(&written).unwrap()), ("\"una\"", una));
    }
}
