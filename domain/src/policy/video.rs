//! A video that a network does not take: too heavy, too long, of another kind, without what the network wants said with it; or
//! a network that takes nothing else, or is paper. Where a person publishes by hand, the network's own app says what it takes. Limits: `video::takes`.

use super::{
    Evidence, Field, Misfit, Place,
    draft::{Draft, at},
};
use crate::{Channel, Network, Video, showing, video::Takes};

pub(super) fn look(draft: &Draft<'_>) -> Vec<(Place, Evidence)> {
    let beside = !draft.content.pictures.is_empty();
    let mut found = Vec::new();
    // What a reel may be has a rule of its own.
    // By hand a person finds a way, but on paper nothing moves.
    let is_whole = |channel: &&Channel| {
        (!channel.assisted || channel.network == Network::Paper) && !draft.content.is_reel_on(channel)
    };
    for channel in draft.channels().filter(is_whole) {
        let mut evidence = match (&draft.content.video, draft.content.takes_on(channel)) {
            (Some(video), Some(limits)) => misfits(video, beside, limits, channel),
            // Every network that something is sent to takes one; without limits there is only what is done by hand.
            (Some(_), None) => vec![of(Misfit::Paper)],
            (None, Some(limits)) if limits.always && !(beside && channel.limits.pictures > 0) => {
                vec![of(Misfit::Wanted)]
            }
            (None, _) => Vec::new(),
        };
        evidence.extend(unsaid(draft, channel).map(of));
        found.extend(evidence.into_iter().map(|evidence| (at(Some(channel), None, Field::Video), evidence)));
    }
    found.extend(titles(draft));
    found
}

const fn of(misfit: Misfit) -> Evidence {
    Evidence::Video { misfit }
}

/// What is not said of how it is shown.
fn unsaid(draft: &Draft<'_>, channel: &Channel) -> Option<Misfit> {
    let target = draft.content.targets.iter().find(|target| target.channel == channel.id)?;
    match target.showing {
        _ if !showing::is_asked(channel.network) => None,
        None => Some(Misfit::Unsaid),
        Some(said) => (!showing::is_known(channel.network, said)).then_some(Misfit::Audience),
    }
}

/// What is wrong with the title and the description where a video has them.
fn titles(draft: &Draft<'_>) -> Vec<(Place, Evidence)> {
    let mut found = Vec::new();
    let destinations = draft.destinations.iter().filter(|one| one.channel.network == Network::Youtube);
    for destination in destinations.filter(|destination| !destination.channel.assisted) {
        let whole = draft.content.rendition(&destination.channel.id, destination.language);
        let first = whole.and_then(|whole| whole.parts(Network::Youtube).into_iter().next());
        let Some(rendition) = first else { continue };
        let title = showing::title(&rendition);
        let field = if rendition.title.is_some() { Field::Title } else { Field::Text };
        let place = |field| at(Some(destination.channel), Some(destination.language), field);
        let count = showing::units(&title);
        if count > showing::TITLE {
            let (limit, count) = (showing::TITLE as u64, count as u64);
            found.push((place(field), Evidence::Over { limit, count }));
        } else if title.is_empty() {
            found.push((place(Field::Title), Evidence::Missing));
        }
        let odd = [(field, title), (Field::Text, destination.sent().into_owned())];
        // A title that is the beginning of the text has the same signs.
        if let Some((field, _)) = odd.iter().find(|(_, text)| showing::has_odd_signs(text)) {
            found.push((place(*field), of(Misfit::Signs)));
        }
    }
    found
}

/// What a video is that a channel does not take. `beside`: there are pictures, too.
pub(super) fn misfits(video: &Video, beside: bool, limits: Takes, channel: &Channel) -> Vec<Evidence> {
    // A server that says its own number is believed.
    let most = channel.limits.video_bytes.map_or(limits.bytes, |own| own.min(crate::video::MOST_BYTES));
    let pixels = u64::from(video.width) * u64::from(video.height);
    let (limit, seconds) = (limits.millis / 1_000, video.millis.div_ceil(1_000));
    let heavier = Evidence::Heavier { limit: most.into(), bytes: video.bytes.into() };
    let (width, millis, rate) = (video.width, video.millis, video.rate);
    // In thousands a second, as many as there are in all of it: eight times the bytes a millisecond.
    let kilobits = (u64::from(video.bytes) * 8).div_ceil(u64::from(millis.max(1)));
    let kilobits = u32::try_from(kilobits).unwrap_or(u32::MAX);
    let odd = limits.shapes.filter(|shapes| !shapes.take(width, video.height));
    let shape = odd.map(|shapes| {
        let (tallest, widest) = (shapes.tallest, shapes.widest);
        Evidence::Shape { size: (width, video.height), tallest, widest }
    });
    let all = [
        (beside && !limits.beside, of(Misfit::Beside)),
        (video.bytes > most, heavier),
        (video.bytes < limits.least_bytes, of(Misfit::Lighter { limit: limits.least_bytes, bytes: video.bytes })),
        (millis > limits.millis, of(Misfit::Longer { limit, seconds })),
        (millis < limits.least_millis, of(Misfit::Shorter { limit: limits.least_millis, millis })),
        (!limits.types.contains(&video.mime), of(Misfit::Type { mime: video.mime })),
        (!limits.codecs.contains(&video.codec), of(Misfit::Codec { codec: video.codec })),
        (pixels > limits.pixels, of(Misfit::Pixels { limit: limits.pixels, pixels })),
        (width > limits.across, of(Misfit::Across { limit: limits.across, width })),
        (rate > limits.rate, of(Misfit::Rate { limit: limits.rate, rate })),
        (rate < limits.least_rate, of(Misfit::Slower { limit: limits.least_rate, rate })),
        (kilobits > limits.bits / 1_000, of(Misfit::Denser { limit: limits.bits / 1_000, kilobits })),
    ];
    all.into_iter().filter_map(|(is_so, evidence)| is_so.then_some(evidence)).chain(shape).collect()
}

#[cfg(test)]
mod tests {
    use super::super::{Rule, draft::bench};
    use super::*;
    use crate::{
        ChannelId, Network, Showing,
        showing::Audience,
        video::{Codec, VideoType, takes},
    };

    /// For everybody, and nothing else to declare.
    const PLAIN: Showing = Showing { audience: Audience::Everybody, children: false, synthetic: false, paid: false };

    /// A notice for one network alone, to which it is sent by an interface.
    fn bound_for(network: Network) -> (bench::Town, crate::Content) {
        let mut town = bench::town_on(network);
        town.channels[3].assisted = false;
        let mut content = bench::notice();
        content.targets = vec![bench::target(ChannelId::from_bits(4), &["es"])];
        content.targets[0].showing = showing::is_asked(network).then_some(PLAIN);
        (town, content)
    }

    /// What is found of a video on one network.
    fn found(network: Network, video: Video, pictures: usize) -> Vec<Evidence> {
        let (town, mut content) = bound_for(network);
        content.pictures = vec![bench::picture("La plaza, llena"); pictures];
        content.video = Some(video);
        of_all(&town, &content)
    }

    fn of_all(town: &bench::Town, content: &crate::Content) -> Vec<Evidence> {
        town.found(Rule::Video, content).into_iter().map(|(_, evidence)| evidence).collect()
    }

    fn of(misfit: Misfit) -> Vec<Evidence> {
        vec![Evidence::Video { misfit }]
    }

    #[test]
    fn where_nothing_but_videos_is_taken_there_must_be_one() {
        let (town, mut content) = bound_for(Network::Youtube);
        assert_eq!(of_all(&town, &content), of(Misfit::Wanted));
        content.video = Some(bench::video("La banda toca"));
        assert_eq!(of_all(&town, &content), []);
        content.video = None;
        content.targets = vec![bench::target(ChannelId::from_bits(2), &["es"])];
        assert_eq!(of_all(&town, &content), [], "elsewhere a text will do");
        let (town, mut content) = bound_for(Network::Tiktok);
        assert_eq!(of_all(&town, &content), of(Misfit::Wanted));
        content.pictures = vec![bench::picture("La plaza, llena")];
        assert_eq!(of_all(&town, &content), [], "pictures will do");
        for (said, found) in [("link", of(Misfit::Audience)), ("us paid", of(Misfit::Audience)), ("us", Vec::new())] {
            content.targets[0].showing = said.to_owned().try_into().ok();
            assert_eq!(of_all(&town, &content), found, "{said}");
        }
    }

    #[test]
    fn how_it_is_shown_is_said_where_the_network_wants_it_said() {
        let (town, mut content) = bound_for(Network::Youtube);
        content.video = Some(bench::video("La banda toca"));
        content.targets[0].showing = None;
        assert_eq!(of_all(&town, &content), of(Misfit::Unsaid));
        for audience in Audience::ALL {
            content.targets[0].showing = Some(Showing { audience, ..PLAIN });
            assert_eq!(of_all(&town, &content), [], "{audience:?}");
        }
        let mut by_hand = bench::town_on(Network::Youtube);
        by_hand.channels[3].assisted = true;
        content.targets[0].showing = None;
        assert_eq!(of_all(&by_hand, &content), [], "whoever publishes it is asked there");
    }

    #[test]
    fn a_title_fits_and_has_no_sign_that_is_refused() {
        let (town, mut content) = bound_for(Network::Youtube);
        content.video = Some(bench::video("La banda toca"));
        let spanish = crate::Language::spanish();
        let mut titled = |title: &str, text: &str| {
            content.titles.insert(spanish.clone(), title.to_owned());
            content.texts.insert(spanish.clone(), text.to_owned());
            of_all(&town, &content)
        };
        assert_eq!(titled(&"ñ".repeat(100), "Hoy."), []);
        assert_eq!(titled(&"ñ".repeat(101), "Hoy."), [Evidence::Over { limit: 100, count: 101 }]);
        assert_eq!(titled(&"🎉".repeat(51), "Hoy."), [Evidence::Over { limit: 100, count: 102 }]);
        assert_eq!(titled("", &"a".repeat(101)), [Evidence::Over { limit: 100, count: 101 }], "one word");
        assert_eq!(titled("", &"aa ".repeat(100)), [], "cut between two words");
        assert_eq!(titled("1 < 2", "Hoy."), of(Misfit::Signs));
        assert_eq!(titled("Pleno", "De 9 a 11 ->"), of(Misfit::Signs));
        assert_eq!(titled("", ""), [Evidence::Missing]);
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
            if let Some(bytes) = limits.least_bytes.checked_sub(1) {
                let exact = Video { bytes: limits.least_bytes, ..fits.clone() };
                assert_eq!(found(network, exact, 0), [], "{network:?}");
                let misfit = Misfit::Lighter { limit: limits.least_bytes, bytes };
                assert_eq!(found(network, Video { bytes, ..fits.clone() }, 0), of(misfit), "{network:?}");
            }
            if limits.millis < u32::MAX {
                let (limit, seconds) = (limits.millis / 1_000, limits.millis / 1_000 + 1);
                let long = Video { millis: limits.millis + 1, ..fits.clone() };
                assert_eq!(found(network, long, 0), of(Misfit::Longer { limit, seconds }), "{network:?}");
            }
            if let Some(millis) = limits.least_millis.checked_sub(1) {
                let little = Video { bytes: limits.least_bytes.max(1_000), ..fits.clone() };
                let exact = Video { millis: limits.least_millis, ..little.clone() };
                assert_eq!(found(network, exact, 0), [], "{network:?}");
                let misfit = Misfit::Shorter { limit: limits.least_millis, millis };
                assert_eq!(found(network, Video { millis, ..little }, 0), of(misfit), "{network:?}");
            }
            if let Some(width) = limits.across.checked_add(1) {
                assert_eq!(found(network, Video { width: limits.across, ..fits.clone() }, 0), [], "{network:?}");
                let misfit = Misfit::Across { limit: limits.across, width };
                assert_eq!(found(network, Video { width, ..fits.clone() }, 0), of(misfit), "{network:?}");
            }
            if let Some(rate) = limits.least_rate.checked_sub(1) {
                assert_eq!(found(network, Video { rate: limits.least_rate, ..fits.clone() }, 0), [], "{network:?}");
                let misfit = Misfit::Slower { limit: limits.least_rate, rate };
                assert_eq!(found(network, Video { rate, ..fits.clone() }, 0), of(misfit), "{network:?}");
            }
            if limits.bits < u32::MAX {
                let bytes = limits.bits / 8 * 10;
                let exact = Video { bytes, millis: 10_000, ..fits.clone() };
                assert_eq!(found(network, exact.clone(), 0), [], "{network:?}");
                let limit = limits.bits / 1_000;
                let misfit = Misfit::Denser { limit, kilobits: limit + 1 };
                assert_eq!(found(network, Video { bytes: bytes + 1, ..exact }, 0), of(misfit), "{network:?}");
            }
            if let Some(shapes) = limits.shapes {
                let [(across, down), (wide, low)] = [shapes.tallest, shapes.widest];
                let of_size = |width, height| found(network, Video { width, height, ..fits.clone() }, 0);
                assert_eq!(
                    (of_size(across * 9, down * 9), of_size(wide * 9, low * 9)),
                    (vec![], vec![]),
                    "{network:?}"
                );
                let (tallest, widest) = (shapes.tallest, shapes.widest);
                let odd = |size| vec![Evidence::Shape { size, tallest, widest }];
                for (width, height) in [(across * 9, down * 9 + 1), (wide * 9 + 1, low * 9)] {
                    assert_eq!(of_size(width, height), odd((width, height)), "{network:?}");
                }
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
    fn by_hand_a_person_finds_a_way_but_on_paper_nothing_moves() {
        // What nothing is sent to is done by hand alone: no other network is without limits.
        let by_hand =
            [Network::Whatsapp, Network::Nextdoor, Network::Parler, Network::Screen, Network::Paper, Network::Other];
        let none: Vec<_> = Network::ALL.into_iter().filter(|network| takes(*network).is_none()).collect();
        assert!(none.iter().all(|network| by_hand.contains(network)), "{none:?}");
        let mut content = bench::notice();
        content.targets = vec![bench::target(bench::whatsapp(), &["es"])];
        content.video = Some(bench::video("La banda toca"));
        assert_eq!(bench::town().found(Rule::Video, &content), []);
        assert_eq!(bench::town_on(Network::Screen).found(Rule::Video, &content), []);
        let printed = bench::town_on(Network::Paper).found(Rule::Video, &content);
        assert_eq!(printed.into_iter().map(|(_, evidence)| evidence).collect::<Vec<_>>(), of(Misfit::Paper));
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
