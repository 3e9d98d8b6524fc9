//! How a video is shown where a network wants that said with it: who sees it, and what whoever publishes declares. Separate
//! from the video: the same one is shown otherwise on each channel, and what is declared is agreed to like a word.

use serde::{Deserialize, Serialize};

use crate::{Network, Rendition};

/// Who sees it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Audience {
    /// Everybody, and the network tells people of it.
    Everybody,
    /// Whoever has its address.
    Link,
    /// Whoever looks after the account.
    Us,
}

impl Audience {
    /// Every audience.
    pub const ALL: [Audience; 3] = [Audience::Everybody, Audience::Link, Audience::Us];

    /// As it is written.
    pub const fn word(self) -> &'static str {
        match self {
            Audience::Everybody => "everybody",
            Audience::Link => "link",
            Audience::Us => "us",
        }
    }
}

/// What is said with a video. Written as a few words and not as an object: the approver's page reads texts anyway, and a
/// reader of an object and of each enum would be bytes of its first load.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Showing {
    /// Who sees it.
    pub audience: Audience,
    /// Whether it is made for children: the law of several countries wants that said (COPPA), and the network then takes
    /// comments and advertising away.
    pub children: bool,
    /// Whether it shows, as if real, what was made or changed by a machine.
    pub synthetic: bool,
    /// Whether somebody else paid for it, or for something in it.
    pub paid: bool,
}

impl TryFrom<String> for Showing {
    type Error = &'static str;
    fn try_from(text: String) -> Result<Self, Self::Error> {
        let mut words = text.split(' ');
        let audience = words.next().and_then(|word| Audience::ALL.into_iter().find(|one| one.word() == word));
        let mut showing = Self { audience: audience.ok_or("showing")?, children: false, synthetic: false, paid: false };
        for word in words {
            match word {
                "children" => showing.children = true,
                "synthetic" => showing.synthetic = true,
                "paid" => showing.paid = true,
                _ => return Err("showing"),
            }
        }
        // One value has one spelling: what is hashed is what is read.
        if String::from(showing) == text { Ok(showing) } else { Err("showing") }
    }
}

impl From<Showing> for String {
    fn from(showing: Showing) -> Self {
        let mut text = showing.audience.word().to_owned();
        let said = [(showing.children, " children"), (showing.synthetic, " synthetic"), (showing.paid, " paid")];
        said.into_iter().filter(|(is_so, _)| *is_so).for_each(|(_, word)| text.push_str(word));
        text
    }
}

/// Whether a network wants this said with what goes there.
pub const fn is_asked(network: Network) -> bool {
    matches!(network, Network::Youtube | Network::Tiktok)
}

/// The audiences that a network knows.
pub const fn audiences(network: Network) -> &'static [Audience] {
    match network {
        Network::Youtube => &Audience::ALL,
        Network::Tiktok => &[Audience::Everybody, Audience::Us],
        _ => &[],
    }
}

/// Whether a network wants to know if a video is made for children.
pub const fn is_asked_of_children(network: Network) -> bool {
    matches!(network, Network::Youtube)
}

/// Whether a network can show it to those people alone. TikTok shows nothing that is paid for to the account alone (its guide to
/// commercial content, 2026-09-11).
pub fn is_known(network: Network, said: Showing) -> bool {
    let is_hidden_money = network == Network::Tiktok && said.paid && said.audience == Audience::Us;
    audiences(network).contains(&said.audience) && !is_hidden_money
}

/// The longest title of a video on YouTube, in UTF-16: 100 characters (networks.md §12, third party and Google's own page of
/// advertising, 2026-11-23), and how they are counted is not said.
pub const TITLE: usize = 100;

/// The title of a video: the heading of the post, or else the beginning of its text, as much as fits.
pub fn title(rendition: &Rendition) -> String {
    match &rendition.title {
        Some(title) => title.trim().to_owned(),
        None => beginning(&rendition.text),
    }
}

/// The first line of a text that says something, cut between two words.
fn beginning(text: &str) -> String {
    let line = text.lines().map(str::trim).find(|line| !line.is_empty()).unwrap_or_default();
    if units(line) <= TITLE {
        return line.to_owned();
    }
    let (mut end, mut length) = (0, 0);
    for (place, letter) in line.char_indices() {
        length += letter.len_utf16();
        if length >= TITLE {
            break;
        }
        if letter.is_whitespace() {
            end = place;
        }
    }
    if end == 0 {
        // A word that is longer than a title: somebody should write one.
        return line.to_owned();
    }
    let cut = line[..end].trim_end_matches(|letter: char| letter.is_whitespace() || ",;:.–-".contains(letter));
    [cut, "…"].concat()
}

/// How long a title is.
pub fn units(title: &str) -> usize {
    title.encode_utf16().count()
}

/// Whether a title or a description has signs in it that YouTube refuses (`<` and `>`).
pub fn has_odd_signs(text: &str) -> bool {
    text.contains(['<', '>'])
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn it_is_written_in_words_and_has_one_spelling() {
        let all = Showing { audience: Audience::Link, children: true, synthetic: true, paid: true };
        assert_eq!(String::from(all), "link children synthetic paid");
        for text in ["", "children", "link paid children", "link  paid", "link paid ", "everybody everybody", "Link"] {
            assert!(Showing::try_from(text.to_owned()).is_err(), "{text}");
        }
    }

    #[test]
    fn a_title_is_the_beginning_of_a_text_that_has_none() {
        assert_eq!(beginning("\n  Obras en la plaza.  \nMás abajo."), "Obras en la plaza.");
        assert_eq!(beginning(" \n"), "");
        let exact = format!("{} {}", "a".repeat(49), "b".repeat(50));
        assert_eq!((beginning(&exact), units(&exact)), (exact.clone(), TITLE));
        assert_eq!(beginning(&format!("{exact}c")), format!("{}…", "a".repeat(49)));
        assert_eq!(beginning(&format!("Pleno, {}", "b".repeat(120))), "Pleno…");
        assert_eq!(beginning(&"a".repeat(120)).len(), 120, "the rule says so");
    }

    proptest! {
        #[test]
        fn every_value_is_read_as_it_was_written(audience in 0..3_usize, children: bool, synthetic: bool, paid: bool) {
            let showing = Showing { audience: Audience::ALL[audience], children, synthetic, paid };
            prop_assert_eq!(Showing::try_from(String::from(showing)), Ok(showing));
        }

        #[test]
        fn a_beginning_with_blanks_in_it_fits(words in prop::collection::vec("[a-zñ🎉]{1,30}", 0..40)) {
            let found = beginning(&words.join(" "));
            prop_assert!(units(&found) <= TITLE, "{}", found);
        }
    }
}
