//! The topic of a post, where a network files each under one. Separate from the text's hashtags: it stands beside the words, one on
//! a channel, and whoever agrees agrees to it.

use serde::{Deserialize, Serialize};

use crate::Network;

/// The most characters of a topic at Threads (Meta's guide to posts, 2026-09-11: 1 to 50, no `.` and no `&`).
pub const MOST: usize = 50;

/// A topic that Threads takes.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Topic(String);

impl Topic {
    /// What somebody typed, without the blanks around it and the sign that they are used to; `None` if it is no topic.
    pub fn typed(text: &str) -> Option<Self> {
        text.trim().trim_start_matches('#').trim_start().to_owned().try_into().ok()
    }

    /// Its words.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for Topic {
    type Error = &'static str;
    fn try_from(text: String) -> Result<Self, Self::Error> {
        let length = text.chars().count();
        // One topic has one spelling: what is hashed is what is sent.
        let is_bare = text.trim() == text && !text.starts_with('#');
        let odd = |letter: char| letter.is_control() || matches!(letter, '.' | '&');
        if (1..=MOST).contains(&length) && is_bare && !text.contains(odd) { Ok(Self(text)) } else { Err("topic") }
    }
}

impl From<Topic> for String {
    fn from(topic: Topic) -> Self {
        topic.0
    }
}

/// Whether a network files a post under a topic.
pub const fn is_taken(network: Network) -> bool {
    matches!(network, Network::Threads)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_typed_is_a_topic_or_none() {
        let typed = |text: &str| Topic::typed(text).map(String::from);
        assert_eq!(typed("  #Fiestas de agosto "), Some("Fiestas de agosto".to_owned()));
        assert_eq!(typed(&"ñ".repeat(50)), Some("ñ".repeat(50)));
        for text in ["", "#", " ", &"ñ".repeat(51), "S.O.S", "Agua & luz", "dos\nlíneas"] {
            assert_eq!(typed(text), None, "{text}");
        }
    }

    #[test]
    fn what_is_stored_has_one_spelling() {
        for text in [" Agua", "Agua ", "#Agua"] {
            assert!(Topic::try_from(text.to_owned()).is_err(), "{text}");
        }
        let agua = Topic::typed("Agua").unwrap();
        let written = serde_json::to_string(&agua).unwrap();
        assert_eq!((written.as_str(), serde_json::from_str::<Topic>(&written).unwrap()), ("\"Agua\"", agua));
    }
}
