//! A video that is not what the network takes as a reel: too short or too long, not upright, too small, too slow, coded otherwise.
//!
//! Refused, and with a rule of its own: as a post the same video may go out, so the choice is the author's, between another file and
//! another way. Where a person publishes by hand, the network's own app says what it takes. Numbers: [`crate::reel`].

use super::{
    Evidence, Field, Misfit, Place,
    draft::{Draft, at},
    video::misfits,
};
use crate::{
    reel::{LEAST, is_framed, is_large},
    story::SHAPE,
};

pub(super) fn look(draft: &Draft<'_>) -> Vec<(Place, Evidence)> {
    let Some(video) = &draft.content.video else { return Vec::new() };
    let (size, beside) = ((video.width, video.height), !draft.content.pictures.is_empty());
    let shape = (!is_framed(size.0, size.1)).then_some(Evidence::Shape { size, tallest: SHAPE, widest: SHAPE });
    let misfit = Misfit::Smaller { limit: LEAST, size };
    let small = (!is_large(size.0, size.1)).then_some(Evidence::Video { misfit });
    let mut found = Vec::new();
    for channel in draft.channels().filter(|channel| !channel.assisted && draft.content.is_reel_on(channel)) {
        let Some(limits) = draft.content.takes_on(channel) else { continue };
        let all = misfits(video, beside, limits, channel).into_iter().chain(shape.clone()).chain(small.clone());
        found.extend(all.map(|evidence| (at(Some(channel), None, Field::Video), evidence)));
    }
    found
}

#[cfg(test)]
mod tests {
    use super::super::{Mode, Rule, draft::bench};
    use super::*;
    use crate::{Content, Guise, Network, Video, video::Codec};

    /// A notice with an upright video of half a minute, for one network by its interface.
    fn reeled(network: Network) -> (bench::Town, Content) {
        let mut town = bench::town_on(network);
        town.channels[3].assisted = false;
        let mut content = bench::notice();
        content.targets = vec![bench::target(bench::whatsapp(), &["es"])];
        content.targets[0].go_as(Guise::Reel);
        content.video = Some(Video { width: 1_080, height: 1_920, ..bench::video("La banda toca") });
        (town, content)
    }

    fn of_all(town: &bench::Town, content: &Content) -> Vec<Evidence> {
        town.found(Rule::Reel, content).into_iter().map(|(_, evidence)| evidence).collect()
    }

    #[test]
    fn exactly_the_network_s_numbers_are_taken() {
        let (town, content) = reeled(Network::Facebook);
        let found = |of: &dyn Fn(&mut Video)| {
            let mut content = content.clone();
            of(content.video.as_mut().unwrap());
            assert_eq!(town.found(Rule::Video, &content), [], "told once, by the rule of reels");
            of_all(&town, &content)
        };
        let one = |misfit| vec![Evidence::Video { misfit }];
        assert_eq!(found(&|_| ()), []);
        assert_eq!((found(&|video| video.millis = 3_000), found(&|video| video.millis = 90_000)), (vec![], vec![]));
        let shorter = Misfit::Shorter { limit: 3_000, millis: 2_999 };
        assert_eq!(found(&|video| video.millis = 2_999), one(shorter));
        assert_eq!(found(&|video| video.millis = 90_001), one(Misfit::Longer { limit: 90, seconds: 91 }));
        assert_eq!((found(&|video| video.rate = 24), found(&|video| video.rate = 60)), (vec![], vec![]));
        assert_eq!(found(&|video| video.rate = 23), one(Misfit::Slower { limit: 24, rate: 23 }));
        assert_eq!(found(&|video| video.rate = 61), one(Misfit::Rate { limit: 60, rate: 61 }));
        assert_eq!(found(&|video| video.codec = Codec::H265), [], "as a post it would not be taken");
        let sized = |width, height| found(&|video| (video.width, video.height) = (width, height));
        assert_eq!(sized(540, 960), []);
        let small = |size| Misfit::Smaller { limit: (540, 960), size };
        assert_eq!(sized(538, 956), one(small((538, 956))));
        let odd = |size| Evidence::Shape { size, tallest: (9, 16), widest: (9, 16) };
        assert_eq!(sized(1_920, 1_080), [odd((1_920, 1_080))]);
        let both = [odd((640, 360)), Evidence::Video { misfit: small((640, 360)) }];
        assert_eq!(sized(640, 360), both);
        let mut town = reeled(Network::Facebook).0;
        town.rules.0.insert(Rule::Reel, Mode::Off);
        let mut long = content.clone();
        long.video.as_mut().unwrap().millis = 90_001;
        assert!(
            town.check(&long).iter().any(|one| (one.rule, one.mode) == (Rule::Reel, Mode::Block)),
            "nobody waives it"
        );
    }

    #[test]
    fn as_a_post_or_by_hand_or_elsewhere_it_says_nothing() {
        let (mut town, mut content) = reeled(Network::Facebook);
        content.video.as_mut().unwrap().millis = 600_000;
        assert_eq!(of_all(&town, &content).len(), 1);
        town.channels[3].assisted = true;
        assert_eq!(of_all(&town, &content), []);
        town.channels[3].assisted = false;
        content.targets[0].go_as(Guise::Post);
        assert_eq!((of_all(&town, &content), town.found(Rule::Video, &content)), (vec![], vec![]));
        let (town, mut content) = reeled(Network::Instagram);
        content.video.as_mut().unwrap().millis = 600_000;
        assert_eq!(of_all(&town, &content), [], "there every video is one, and the rule of videos says what it may be");
    }

    #[test]
    fn pictures_beside_it_are_refused_once() {
        let (town, mut content) = reeled(Network::Facebook);
        content.pictures = vec![bench::picture("La plaza, llena")];
        assert_eq!(of_all(&town, &content), [Evidence::Video { misfit: Misfit::Beside }]);
        assert_eq!(town.found(Rule::Video, &content), []);
    }
}
