//! A video with sound that somebody who hears nothing could not follow: without captions in a language that it goes out in, or sent
//! where the network shows none beside the picture, or where it takes fewer words. WCAG 2.2, 1.2.2; EN 301 549, 7.1; owed by
//! public bodies for what they publish (Directive 2016/2102, RD 1112/2018). Of a video without sound there is nothing to caption.

use super::{
    Evidence, Field, Misfit, Place,
    draft::{Draft, at},
};
use crate::{
    Language,
    captions::{Said, called},
};

pub(super) fn look(draft: &Draft<'_>) -> Vec<(Place, Evidence)> {
    let Some(video) = draft.content.video.as_ref().filter(|video| video.sound) else { return Vec::new() };
    let mut found = Vec::new();
    let mut missing: Vec<&Language> = Vec::new();
    for destination in &draft.destinations {
        let (channel, language) = (destination.channel, destination.language);
        let evidence = match video.captioned(language) {
            None if missing.contains(&language) => continue,
            None => {
                missing.push(language);
                found.push((at(None, Some(language), Field::Video), Evidence::Missing));
                continue;
            }
            Some(Said::InPicture) => continue,
            // Whoever publishes by hand sees there what the network's own form takes.
            Some(Said::File(_)) if channel.assisted => continue,
            Some(Said::File(name)) => {
                let limit = draft.content.takes_on(channel).and_then(|takes| takes.captions);
                match limit.filter(|_| called(channel.network, language).is_some()) {
                    None => Evidence::Video { misfit: Misfit::Unshown },
                    Some(limit) if name.bytes > limit => {
                        Evidence::Heavier { limit: limit.into(), bytes: name.bytes.into() }
                    }
                    Some(_) => continue,
                }
            }
        };
        found.push((at(Some(channel), Some(language), Field::Video), evidence));
    }
    found
}

#[cfg(test)]
mod tests {
    use super::super::{Mode, Rule, draft::bench};
    use super::*;
    use crate::{ChannelId, Content, Network, captions::IN_PICTURE, video::takes};

    fn file(bytes: u32) -> String {
        format!("{}-{bytes}", "a".repeat(64))
    }

    /// A notice with a video, for one network by its interface, in Spanish and English.
    fn filmed(network: Network, said: &[(&str, &str)]) -> (bench::Town, Content) {
        let mut town = bench::town_on(network);
        town.channels[3].assisted = false;
        let mut content = bench::notice();
        bench::say(&mut content, "en", "No water tomorrow.");
        content.targets = vec![bench::target(ChannelId::from_bits(4), &["es", "en"])];
        let mut video = bench::video("La banda toca");
        video.captions.extend(said.iter().map(|(tag, said)| (tag.parse().unwrap(), (*said).to_owned())));
        content.video = Some(video);
        (town, content)
    }

    fn found(network: Network, said: &[(&str, &str)]) -> Vec<(Option<ChannelId>, String, Evidence)> {
        let (town, content) = filmed(network, said);
        let of = |(place, evidence): (Place, Evidence)| (place.channel, place.language.unwrap().to_string(), evidence);
        town.found(Rule::Captions, &content).into_iter().map(of).collect()
    }

    #[test]
    fn they_are_wanted_once_in_each_language_that_goes_out() {
        let missing = |tag: &str| (None, tag.to_owned(), Evidence::Missing);
        assert_eq!(found(Network::Youtube, &[]), [missing("es"), missing("en")]);
        assert_eq!(found(Network::Youtube, &[("es", &file(900))]), [missing("en")]);
        assert_eq!(found(Network::Youtube, &[("es", &file(900)), ("en", IN_PICTURE), ("ca", "nonsense")]), []);
        let (town, mut content) = filmed(Network::Youtube, &[]);
        content.targets.push(bench::target(bench::noticeboard(), &["es"]));
        assert_eq!(town.found(Rule::Captions, &content).len(), 2, "not once a channel");
    }

    #[test]
    fn a_video_without_sound_wants_none() {
        let (town, mut content) = filmed(Network::Youtube, &[]);
        content.video.as_mut().unwrap().sound = false;
        assert_eq!(town.found(Rule::Captions, &content), []);
        content.video = None;
        assert_eq!(town.found(Rule::Captions, &content), []);
    }

    #[test]
    fn where_none_are_shown_they_have_to_be_in_the_picture() {
        let both = |said: &str| [("es", said.to_owned()), ("en", said.to_owned())];
        for network in Network::ALL.into_iter().filter(|network| takes(*network).is_some()) {
            let said = both(&file(900));
            let found_of = |said: &[(&str, String)]| {
                found(network, &said.iter().map(|(tag, said)| (*tag, said.as_str())).collect::<Vec<_>>())
            };
            let unshown = Evidence::Video { misfit: Misfit::Unshown };
            let has =
                found_of(&said).into_iter().all(|(channel, _, evidence)| channel.is_some() && evidence == unshown);
            let shows = takes(network).unwrap().captions.is_some();
            assert_eq!((found_of(&said).len(), has), (if shows { 0 } else { 2 }, true), "{network:?}");
            assert_eq!(found_of(&both(IN_PICTURE)), [], "{network:?}");
        }
        let shows = |network: Network| takes(network).and_then(|takes| takes.captions).is_some();
        let all: Vec<Network> = Network::ALL.into_iter().filter(|network| shows(*network)).collect();
        assert_eq!(all.len(), 6, "{all:?}");
    }

    #[test]
    fn exactly_the_bytes_that_a_network_takes_and_one_more() {
        let of = |bytes| found(Network::Bluesky, &[("es", &file(bytes)), ("en", IN_PICTURE)]);
        assert_eq!(of(20_000), []);
        let heavier = Evidence::Heavier { limit: 20_000, bytes: 20_001 };
        assert_eq!(of(20_001), [(Some(ChannelId::from_bits(4)), "es".to_owned(), heavier)]);
        assert_eq!(found(Network::Youtube, &[("es", &file(20_001)), ("en", IN_PICTURE)]), []);
    }

    #[test]
    fn a_language_that_a_network_has_no_name_for_cannot_be_given_to_it() {
        let (town, mut content) = filmed(Network::Facebook, &[("ast", &file(900))]);
        bench::say(&mut content, "ast", "Mañana nun hai agua.");
        content.targets = vec![bench::target(ChannelId::from_bits(4), &["ast"])];
        let found = town.found(Rule::Captions, &content);
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].1, Evidence::Video { misfit: Misfit::Unshown });
    }

    #[test]
    fn it_is_said_until_the_organisation_wants_more() {
        let (mut town, content) = filmed(Network::Youtube, &[]);
        let mode = |town: &bench::Town| {
            let all = town.check(&content);
            all.iter().find(|finding| finding.rule == Rule::Captions).map(|finding| finding.mode)
        };
        assert_eq!(mode(&town), Some(Mode::Warn));
        town.rules.0.insert(Rule::Captions, Mode::Block);
        assert_eq!(mode(&town), Some(Mode::Block));
    }
}
