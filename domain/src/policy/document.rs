//! A document that a network does not take: too heavy, too long, beside pictures; one without a name; or a network that takes
//! none. Where a person publishes by hand, they have the file. Limits: `document::takes`.

use super::{
    Apart, Evidence, Field, Place,
    draft::{Draft, at},
};
use crate::{Document, document::takes, text};

pub(super) fn look(draft: &Draft<'_>) -> Vec<(Place, Evidence)> {
    let Some(document) = &draft.content.document else { return Vec::new() };
    let beside = !draft.content.pictures.is_empty() || draft.content.video.is_some();
    let mut found = Vec::new();
    for channel in draft.channels().filter(|channel| !channel.assisted) {
        let evidence = match takes(channel.network) {
            Some(limits) => {
                let (pages, most) = (u64::from(document.pages), u64::from(limits.pages));
                let heavier = Evidence::Heavier { limit: limits.bytes.into(), bytes: document.bytes.into() };
                let all = [
                    (beside && !limits.beside, Evidence::Document { apart: Apart::Beside }),
                    (document.bytes > limits.bytes, heavier),
                    (pages > most, Evidence::Over { limit: most, count: pages }),
                ];
                all.into_iter().filter_map(|(is_so, evidence)| is_so.then_some(evidence)).collect()
            }
            None => vec![Evidence::Document { apart: Apart::NotSent }],
        };
        found.extend(evidence.into_iter().map(|evidence| (at(Some(channel), None, Field::Document), evidence)));
    }
    found.extend(unnamed(draft, document));
    found
}

/// A link without a name leads nowhere that can be told (WCAG 2.2, 2.4.4), and LinkedIn refuses it: each language is told once.
fn unnamed(draft: &Draft<'_>, document: &Document) -> Vec<(Place, Evidence)> {
    let mut found: Vec<(Place, Evidence)> = Vec::new();
    for destination in &draft.destinations {
        let named = document.title.get(destination.language).is_some_and(|title| !text::is_blank(title));
        let place = at(None, Some(destination.language), Field::Document);
        if !named && !found.iter().any(|(known, _)| *known == place) {
            found.push((place, Evidence::Missing));
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::super::{Mode, Rule, draft::bench};
    use super::*;
    use crate::{ChannelId, Language, Network};

    /// What is found of a document on one network, to which it is sent by an interface.
    fn found(network: Network, document: Document, pictures: usize) -> Vec<Evidence> {
        let mut town = bench::town_on(network);
        town.channels[3].assisted = false;
        let mut content = bench::notice();
        content.targets = vec![bench::target(ChannelId::from_bits(4), &["es"])];
        content.pictures = vec![bench::picture("La plaza, llena"); pictures];
        content.document = Some(document);
        town.found(Rule::Document, &content).into_iter().map(|(_, evidence)| evidence).collect()
    }

    #[test]
    fn whoever_takes_none_says_so() {
        let of = |network| found(network, bench::document("Acta"), 0);
        let none = vec![Evidence::Document { apart: Apart::NotSent }];
        for network in [Network::Bluesky, Network::Mastodon, Network::Facebook, Network::Instagram, Network::X] {
            assert_eq!(of(network), none, "{network:?}");
        }
        for network in [Network::Noticeboard, Network::Website, Network::Telegram, Network::Linkedin] {
            assert_eq!(of(network), [], "{network:?}");
        }
        assert!(Rule::Document.is_physical() && Rule::Document.default_mode() == Mode::Block);
    }

    #[test]
    fn one_more_than_the_limit_is_refused() {
        for network in [Network::Telegram, Network::Linkedin] {
            let limits = takes(network).unwrap();
            let pages = limits.pages.min(1_000);
            let fits = Document { bytes: limits.bytes, pages, ..bench::document("Acta") };
            assert_eq!(found(network, fits.clone(), 0), []);
            assert_eq!(found(network, fits.clone(), 1), [Evidence::Document { apart: Apart::Beside }]);
            let heavy = Document { bytes: limits.bytes + 1, ..fits.clone() };
            let (limit, bytes) = (limits.bytes.into(), u64::from(limits.bytes) + 1);
            assert_eq!(found(network, heavy, 0), [Evidence::Heavier { limit, bytes }]);
        }
        let long = Document { pages: 301, ..bench::document("Acta") };
        assert_eq!(found(Network::Linkedin, long.clone(), 0), [Evidence::Over { limit: 300, count: 301 }]);
        assert_eq!(found(Network::Noticeboard, long, 3), [], "the town's own page takes all of it");
    }

    #[test]
    fn it_has_a_name_in_every_language_it_goes_out_in() {
        let (town, mut content) = (bench::town(), bench::notice());
        content.targets = vec![bench::target(bench::noticeboard(), &["es", "en"])];
        bench::say(&mut content, "en", "No water tomorrow.");
        content.document = Some(bench::document("Acta"));
        let missing = |language| vec![(at(None, Some(language), Field::Document), Evidence::Missing)];
        let (es, en) = (Language::spanish(), Language::english());
        assert_eq!(town.found(Rule::Document, &content), missing(&en));
        content.document.iter_mut().for_each(|one| drop(one.title.insert(en.clone(), "Minutes".to_owned())));
        assert_eq!(town.found(Rule::Document, &content), []);
        content.document.iter_mut().for_each(|one| drop(one.title.insert(es.clone(), " \u{200B}".to_owned())));
        assert_eq!(town.found(Rule::Document, &content), missing(&es));
    }

    #[test]
    fn whoever_publishes_by_hand_has_the_file() {
        let (town, mut content) = (bench::town(), bench::notice());
        content.targets = vec![bench::target(bench::whatsapp(), &["es"])];
        content.document = Some(bench::document("Acta"));
        assert_eq!(town.found(Rule::Document, &content), []);
    }
}
