//! A video that a network does not take: too heavy, too long, of another kind; or a network to which none are sent yet.
//! Where a person publishes by hand, the network's own app says what it takes. Limits: `video::takes`.

use super::{
    Evidence, Field, Misfit, Place,
    draft::{Draft, at},
};
use crate::{
    Channel, Video,
    video::{Takes, takes},
};

pub(super) fn look(draft: &Draft<'_>) -> Vec<(Place, Evidence)> {
    let Some(video) = &draft.content.video else { return Vec::new() };
    let beside = !draft.content.pictures.is_empty();
    let mut found = Vec::new();
    for channel in draft.channels().filter(|channel| !channel.assisted) {
        let evidence = match takes(channel.network) {
            Some(limits) => misfits(video, beside, limits, channel),
            None => vec![Evidence::Video { misfit: Misfit::NotSent }],
        };
        found.extend(evidence.into_iter().map(|evidence| (at(Some(channel), None, Field::Video), evidence)));
    }
    found
}

fn misfits(video: &Video, beside: bool, limits: Takes, channel: &Channel) -> Vec<Evidence> {
    // A server that says its own number is believed.
    let most = channel.limits.video_bytes.map_or(limits.bytes, |own| own.min(crate::video::MOST_BYTES));
    let pixels = u64::from(video.width) * u64::from(video.height);
    let (limit, seconds) = (limits.millis / 1_000, video.millis.div_ceil(1_000));
    let heavier = Evidence::Heavier { limit: most.into(), bytes: video.bytes.into() };
    let of = |misfit| Evidence::Video { misfit };
    let all = [
        (beside && !limits.beside, of(Misfit::Beside)),
        (video.bytes > most, heavier),
        (video.millis > limits.millis, of(Misfit::Longer { limit, seconds })),
        (!limits.types.contains(&video.mime), of(Misfit::Type { mime: video.mime })),
        (!limits.codecs.contains(&video.codec), of(Misfit::Codec { codec: video.codec })),
        (pixels > limits.pixels, of(Misfit::Pixels { limit: limits.pixels, pixels })),
        (video.rate > limits.rate, of(Misfit::Rate { limit: limits.rate, rate: video.rate })),
    ];
    all.into_iter().filter_map(|(is_so, evidence)| is_so.then_some(evidence)).collect()
}

#[cfg(test)]
mod tests {
    use super::super::{Rule, draft::bench};
    use super::*;
    use crate::{
        ChannelId, Network,
        video::{Codec, VideoType},
    };

    /// What is found of a video on one network, to which one is sent by an interface.
    fn found(network: Network, video: Video, pictures: usize) -> Vec<Evidence> {
        let mut town = bench::town_on(network);
        town.channels[3].assisted = false;
        let mut content = bench::notice();
        content.targets = vec![bench::target(ChannelId::from_bits(4), &["es"])];
        content.pictures = vec![bench::picture("La plaza, llena"); pictures];
        content.video = Some(video);
        town.found(Rule::Video, &content).into_iter().map(|(_, evidence)| evidence).collect()
    }

    fn of(misfit: Misfit) -> Vec<Evidence> {
        vec![Evidence::Video { misfit }]
    }

    #[test]
    fn one_more_than_the_limit_is_refused() {
        let taking: Vec<(Network, Takes)> =
            Network::ALL.into_iter().filter_map(|network| Some((network, takes(network)?))).collect();
        assert!(taking.len() >= 4);
        for (network, limits) in taking {
            let fits = Video { bytes: limits.bytes, millis: limits.millis, ..bench::video("La banda toca") };
            assert_eq!(found(network, fits.clone(), 0), [], "{network:?}");
            let (limit, bytes) = (limits.bytes.into(), u64::from(limits.bytes) + 1);
            let heavy = Video { bytes: limits.bytes + 1, ..fits.clone() };
            assert_eq!(found(network, heavy, 0), [Evidence::Heavier { limit, bytes }], "{network:?}");
            if limits.millis < u32::MAX {
                let (limit, seconds) = (limits.millis / 1_000, limits.millis / 1_000 + 1);
                let long = Video { millis: limits.millis + 1, ..fits.clone() };
                assert_eq!(found(network, long, 0), of(Misfit::Longer { limit, seconds }), "{network:?}");
            }
            if limits.pixels < u64::MAX {
                let (limit, width) = (limits.pixels, (limits.pixels / 2_160) as u32);
                let exact = Video { width, height: 2_160, ..fits.clone() };
                assert_eq!(found(network, exact.clone(), 0), [], "{network:?}");
                let pixels = u64::from(width + 1) * 2_160;
                let large = Video { width: width + 1, ..exact };
                assert_eq!(found(network, large, 0), of(Misfit::Pixels { limit, pixels }), "{network:?}");
            }
            if limits.rate < u32::MAX {
                assert_eq!(found(network, Video { rate: limits.rate, ..fits.clone() }, 0), [], "{network:?}");
                let quick = Video { rate: limits.rate + 1, ..fits.clone() };
                let misfit = Misfit::Rate { limit: limits.rate, rate: limits.rate + 1 };
                assert_eq!(found(network, quick, 0), of(misfit), "{network:?}");
            }
            let beside = found(network, fits, 1);
            assert_eq!(beside, if limits.beside { Vec::new() } else { of(Misfit::Beside) }, "{network:?}");
        }
    }

    #[test]
    fn a_network_takes_its_own_kinds() {
        let apple = Video { mime: VideoType::Quicktime, ..bench::video("La banda toca") };
        assert_eq!(found(Network::Bluesky, apple.clone(), 0), of(Misfit::Type { mime: VideoType::Quicktime }));
        assert_eq!(found(Network::Mastodon, apple, 0), []);
        let newer = Video { codec: Codec::H265, ..bench::video("La banda toca") };
        assert_eq!(found(Network::Noticeboard, newer.clone(), 0), of(Misfit::Codec { codec: Codec::H265 }));
        assert_eq!(found(Network::Mastodon, newer, 0), []);
    }

    #[test]
    fn where_none_are_sent_yet_it_is_said_unless_a_person_publishes_by_hand() {
        for network in Network::ALL.into_iter().filter(|network| takes(*network).is_none()) {
            assert_eq!(found(network, bench::video("La banda toca"), 0), of(Misfit::NotSent), "{network:?}");
        }
        let mut content = bench::notice();
        content.targets = vec![bench::target(bench::whatsapp(), &["es"])];
        content.video = Some(bench::video("La banda toca"));
        assert_eq!(bench::town().found(Rule::Video, &content), []);
    }

    #[test]
    fn a_server_s_own_number_is_believed() {
        let mut town = bench::town();
        town.channels[2].limits.video_bytes = Some(1_000_000);
        let mut content = bench::notice();
        content.targets = vec![bench::target(bench::mastodon(), &["es"])];
        let mut heavy = |bytes| {
            content.video = Some(Video { bytes, ..bench::video("La banda toca") });
            town.found(Rule::Video, &content).len()
        };
        assert_eq!((heavy(1_000_000), heavy(1_000_001)), (0, 1));
    }
}
