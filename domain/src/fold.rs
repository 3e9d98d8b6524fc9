//! How much of a text a network shows before whoever reads it has to open it, as data, and where that cuts. Separate from `network`: a
//! limit is what is refused, a fold is only what few people read; and what is said here is other people's word, which differs by
//! device and changes without notice.

use unicode_segmentation::UnicodeSegmentation;

use crate::{Guise, Network, Rendition, edits::Source};

/// What is seen at first, about: on a telephone, where most people read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Fold {
    /// So many characters.
    pub characters: u32,
    /// So many lines of those that somebody broke; 0 where that is not said.
    pub lines: u32,
    /// Who says so.
    pub source: Source,
}

/// The fold of a network. `None` where it shows all that it takes, or where nobody told: of Mastodon only a height is known (706 pixels of
/// its web page), of Threads and WhatsApp one third party's word against another's.
pub const fn fold(network: Network) -> Option<Fold> {
    const fn read(characters: u32, lines: u32, at: &'static str, on: &'static str) -> Option<Fold> {
        Some(Fold { characters, lines, source: Source { at, on } })
    }
    match network {
        // Instagram's own help: three lines; 125 characters are advised to whoever wants all of it seen.
        Network::Instagram => read(125, 3, "help.instagram.com/1643471055915254", "2026-12-01"),
        // Third parties from here on. On a screen as wide as a desk, some 477 and some 210.
        Network::Facebook => read(125, 0, "socialk.it/fr/tools/facebook-character-counter", "2026-12-01"),
        Network::Linkedin => read(140, 3, "posttruncate.com/en/platform-limits, nasrtech.dev", "2026-12-01"),
        Network::Youtube => read(100, 0, "videodescriptions.com/how-to-write-youtube-description", "2026-12-01"),
        Network::Tiktok => read(150, 0, "toolshake.xyz/tool/caption-character-counter", "2026-04-18"),
        // Nextdoor's own specification, of advertisements.
        Network::Nextdoor => read(90, 0, "about.nextdoor.com/sp-guidelines", "2026-12-01"),
        _ => None,
    }
}

impl Fold {
    /// The byte from which on a text is behind the fold: at the end of a word, or of the line that is the last to be seen. `None` if all of it
    /// is seen.
    pub fn cut(self, text: &str) -> Option<usize> {
        let text = text.trim_end();
        let mut lines = text.char_indices().filter(|(_, one)| *one == '\n').map(|(place, _)| place);
        let by_lines = self.lines.checked_sub(1).and_then(|most| lines.nth(most as usize));
        let by_characters = text.grapheme_indices(true).nth(self.characters as usize).map(|(place, _)| place);
        let by_characters = by_characters.map(|place| at_word(text, place));
        match (by_lines, by_characters) {
            (Some(one), Some(other)) => Some(one.min(other)),
            (one, other) => one.or(other),
        }
    }
}

/// The end of the last whole word before a place; the place itself where one word is all there is.
fn at_word(text: &str, place: usize) -> usize {
    let (before, behind) = text.split_at(place);
    let whole = match behind.starts_with(char::is_whitespace) {
        true => before,
        false => &before[..before.rfind(char::is_whitespace).unwrap_or_default()],
    };
    let end = whole.trim_end().len();
    if end == 0 { place } else { end }
}

impl Rendition {
    /// Where a text that is sent to a network is folded there. A story shows none, and of a reel nobody told.
    pub fn folds(&self, network: Network, sent: &str) -> Option<usize> {
        if self.guise(network) != Guise::Post {
            return None;
        }
        fold(network)?.cut(sent)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn of(characters: u32, lines: u32) -> Fold {
        Fold { characters, lines, source: Source { at: "", on: "" } }
    }

    #[test]
    fn every_fold_has_a_source_and_a_day_and_is_less_than_is_taken() {
        for network in Network::ALL {
            let Some(Fold { characters, source, .. }) = fold(network) else { continue };
            assert!(characters > 0 && characters < network.limits().text, "{network:?}");
            assert!(source.at.contains('.') && source.on.len() == 10 && source.on.starts_with("20"), "{network:?}");
        }
        assert_eq!(fold(Network::Bluesky), None, "it shows all that it takes");
    }

    #[test]
    fn a_text_is_folded_at_a_word_and_not_before_it_has_to_be() {
        let text = "Mañana no hay agua en la calle Mayor.";
        assert_eq!(of(37, 0).cut(text), None);
        assert_eq!(of(36, 0).cut(text).map(|end| &text[..end]), Some("Mañana no hay agua en la calle"));
        assert_eq!(of(18, 0).cut(text).map(|end| &text[..end]), Some("Mañana no hay agua"), "a word that just fits");
        assert_eq!(of(19, 0).cut(text).map(|end| &text[..end]), Some("Mañana no hay agua"));
        assert_eq!(of(4, 0).cut("https://villa.example/agua"), Some(4), "one long word");
        assert_eq!(of(37, 0).cut(&[text, "\n\n"].concat()), None, "blanks at the end hide nothing");
        let families = "👨‍👩‍👧 👨‍👩‍👧";
        assert_eq!(of(2, 0).cut(families).map(|end| &families[..end]), Some("👨‍👩‍👧"));
    }

    #[test]
    fn a_line_that_somebody_broke_counts_where_lines_do() {
        let text = "Uno\nDos\nTres\nCuatro";
        assert_eq!(of(100, 3).cut(text).map(|end| &text[..end]), Some("Uno\nDos\nTres"));
        assert_eq!(of(100, 4).cut(text), None);
        assert_eq!(of(100, 0).cut(text), None);
        assert_eq!(of(5, 3).cut(text).map(|end| &text[..end]), Some("Uno"));
    }

    #[test]
    fn what_goes_as_a_story_or_a_reel_is_not_said_to_be_folded() {
        use crate::{Language, policy::draft::bench};
        let mut content = bench::notice();
        content.targets = vec![bench::target(bench::whatsapp(), &["es"])];
        content.video = Some(bench::video("La banda toca"));
        let text = "agua ".repeat(60);
        let folds = |content: &crate::Content| {
            let whole = content.rendition(&bench::whatsapp(), &Language::spanish()).unwrap();
            whole.folds(Network::Facebook, &text)
        };
        assert_eq!(folds(&content), Some(124));
        content.targets[0].reel = true;
        assert_eq!(folds(&content), None);
    }

    proptest! {
        /// Wherever it is cut, that is within the text, between two characters, and something is seen and something is not.
        #[test]
        fn a_fold_lies_within_the_text(text in "[a-zñ\u{301}👍🏽 \n]{0,60}", characters in 1..40_u32, lines in 0..5_u32) {
            if let Some(end) = of(characters, lines).cut(&text) {
                prop_assert!(text.is_char_boundary(end) && end < text.trim_end().len());
                prop_assert!(text[..end].graphemes(true).count() <= characters as usize);
            }
        }
    }
}
