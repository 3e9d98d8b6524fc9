//! There is nothing to publish: no text in a language that goes out, or one that shows nothing, and no picture.

use super::{
    Evidence, Field, Place,
    draft::{Destination, Draft, at},
};
use crate::text;

pub(super) fn look(draft: &Draft<'_>) -> Vec<(Place, Evidence)> {
    let content = draft.content;
    if draft.destinations.is_empty() {
        let silent = content.texts.values().all(|text| text::is_blank(text))
            && content.pictures.is_empty()
            && content.video.is_none()
            && content.document.is_none();
        return if silent { vec![(at(None, None, Field::Post), Evidence::Missing)] } else { Vec::new() };
    }
    let mut found: Vec<(Place, Evidence)> = Vec::new();
    for destination in draft.destinations.iter().filter(|destination| is_empty(draft, destination)) {
        // The common text is missing once, however many channels wait for it.
        let channel = destination.edited.then_some(destination.channel);
        let place = at(channel, Some(destination.language), Field::Text);
        if !found.iter().any(|(known, _)| *known == place) {
            found.push((place, Evidence::Missing));
        }
    }
    found
}

/// Whether nothing would be sent there.
pub(super) fn is_empty(draft: &Draft<'_>, destination: &Destination<'_>) -> bool {
    let content = draft.content;
    let bare = content.pictures.is_empty() && content.video.is_none() && content.document.is_none();
    destination.text.is_none() || bare && text::is_blank(&destination.sent())
}

#[cfg(test)]
mod tests {
    use super::super::{Rule, draft::bench};
    use super::*;
    use crate::Language;

    #[test]
    fn a_text_of_invisible_characters_is_empty() {
        let mut content = bench::notice();
        bench::say(&mut content, "es", " \u{200B}\n\u{FEFF}");
        let found = bench::town().found(Rule::Empty, &content);
        assert_eq!(found, [(at(None, Some(&Language::spanish()), Field::Text), Evidence::Missing)]);
    }

    #[test]
    fn a_language_that_goes_out_without_a_text_is_empty() {
        let mut content = bench::notice();
        content.targets.push(bench::target(bench::bluesky(), &["en"]));
        content.pictures = vec![bench::picture("La plaza, llena")];
        let found = bench::town().found(Rule::Empty, &content);
        assert_eq!(found, [(at(None, Some(&Language::english()), Field::Text), Evidence::Missing)]);
    }

    #[test]
    fn a_picture_or_an_address_is_enough() {
        let town = bench::town();
        let mut content = bench::notice();
        bench::say(&mut content, "es", "");
        content.pictures = vec![bench::picture("La plaza, llena")];
        assert_eq!(town.found(Rule::Empty, &content), []);
        content.pictures.clear();
        content.link = Some("https://villar.example".to_owned());
        content.targets = vec![bench::target(bench::mastodon(), &["es"])];
        assert_eq!(town.found(Rule::Empty, &content), []);
    }

    #[test]
    fn a_post_without_channels_is_empty_only_without_words() {
        let town = bench::town();
        let mut content = bench::notice();
        content.targets.clear();
        assert_eq!(town.found(Rule::Empty, &content), []);
        content.texts.clear();
        assert_eq!(town.found(Rule::Empty, &content).len(), 1);
    }
}
