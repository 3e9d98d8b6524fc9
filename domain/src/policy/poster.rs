//! Where the poster that was chosen for a video is not shown: whoever counts on it is told before anybody agrees. Where a person
//! publishes by hand, that person sees what the network's own form takes.

use super::{
    Evidence, Field, Misfit, Place,
    draft::{Draft, at},
};
use crate::{poster::Taken, video::takes};

pub(super) fn look(draft: &Draft<'_>) -> Vec<(Place, Evidence)> {
    let Some(poster) = draft.content.video.as_ref().and_then(|video| video.poster.as_ref()) else { return Vec::new() };
    let found = draft.channels().filter(|channel| !channel.assisted).filter_map(|channel| {
        // Where no video is sent, that is said by another rule.
        let taken = takes(channel.network)?.poster;
        let misfit = if taken == Taken::Moment { Misfit::OnlyMoment } else { Misfit::OwnPoster };
        let place = at(Some(channel), None, Field::Video);
        // In a carousel no video has one.
        let is_kept = poster.is_kept(channel.network) && !draft.content.is_carousel_with_video_on(channel);
        (!is_kept).then_some((place, Evidence::Video { misfit }))
    });
    found.collect()
}

#[cfg(test)]
mod tests {
    use super::super::{Mode, Rule, draft::bench};
    use super::*;
    use crate::{ChannelId, MediaId, Network, Poster};

    fn found(network: Network, at: Option<u32>) -> Vec<Evidence> {
        let mut town = bench::town_on(network);
        town.channels[3].assisted = false;
        let mut content = bench::notice();
        content.targets = vec![bench::target(ChannelId::from_bits(4), &["es"])];
        let poster =
            Poster { media: MediaId::from_bits(5), hash: "a".repeat(64), bytes: 9_000, width: 1_280, height: 720, at };
        content.video = Some(bench::video("La banda toca"));
        assert_eq!(town.found(Rule::Poster, &content), [], "nobody chose one");
        content.video.as_mut().unwrap().poster = Some(poster);
        assert!(town.check(&content).iter().all(|one| one.rule != Rule::Poster || one.mode == Mode::Warn));
        let found = town.found(Rule::Poster, &content);
        assert!(found.iter().all(|(place, _)| place.channel == Some(ChannelId::from_bits(4))));
        town.channels[3].assisted = true;
        assert_eq!(town.found(Rule::Poster, &content), [], "whoever publishes by hand sees to it");
        found.into_iter().map(|(_, evidence)| evidence).collect()
    }

    #[test]
    fn where_it_is_not_shown_that_is_said() {
        let of = |misfit| vec![Evidence::Video { misfit }];
        for network in [Network::Bluesky, Network::X, Network::Threads, Network::Linkedin, Network::Tumblr] {
            for at in [None, Some(4_000)] {
                assert_eq!(found(network, at), of(Misfit::OwnPoster), "{network:?}");
            }
        }
        assert_eq!(found(Network::Tiktok, None), of(Misfit::OnlyMoment));
        for (network, at) in [
            (Network::Tiktok, Some(0)),
            (Network::Youtube, None),
            (Network::Mastodon, None),
            (Network::Telegram, None),
            (Network::Website, None),
            (Network::Instagram, None),
            (Network::Facebook, Some(4_000)),
        ] {
            assert_eq!(found(network, at), [], "{network:?}");
        }
    }
}
