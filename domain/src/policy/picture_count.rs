//! More pictures than the network takes, or none where it takes no text alone. In a carousel a video is one of as many.

use super::{
    Evidence, Field, Place,
    draft::{Draft, at},
};

pub(super) fn look(draft: &Draft<'_>) -> Vec<(Place, Evidence)> {
    let pictures = draft.content.pictures.len() as u64;
    draft
        .channels()
        .filter_map(|channel| {
            let (least, most) = draft.content.pictures_on(channel);
            let limit = most.into();
            let count = pictures + u64::from(draft.content.is_carousel_with_video_on(channel));
            let evidence = match () {
                () if count > limit => Evidence::Over { limit, count },
                // A video is something to see, too.
                () if count < least.into() && draft.content.video.is_none() => Evidence::Missing,
                () => return None,
            };
            Some((at(Some(channel), None, Field::Post), evidence))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::super::{Rule, draft::bench};
    use super::*;

    #[test]
    fn a_text_alone_does_not_go_where_a_picture_must_be() {
        let town = bench::town_on(crate::Network::Instagram);
        let mut content = bench::notice();
        content.targets = vec![bench::target(bench::whatsapp(), &["es"])];
        let found = town.found(Rule::PictureCount, &content);
        assert_eq!(found.len(), 1);
        assert_eq!((&found[0].0.channel, &found[0].1), (&Some(bench::whatsapp()), &Evidence::Missing));
        let mut fits = |count| {
            content.pictures = vec![bench::picture("La plaza, llena"); count];
            town.found(Rule::PictureCount, &content).is_empty()
        };
        assert!(fits(1) && fits(10) && !fits(11) && !fits(0));
        content.video = Some(bench::video("La banda toca"));
        content.pictures.clear();
        assert_eq!(town.found(Rule::PictureCount, &content), []);
    }

    #[test]
    fn in_a_carousel_a_video_is_one_of_as_many() {
        for (network, most) in [(crate::Network::Instagram, 10), (crate::Network::Threads, 20)] {
            let town = bench::town_on(network);
            let mut content = bench::notice();
            content.targets = vec![bench::target(bench::whatsapp(), &["es"])];
            content.video = Some(bench::video("La banda toca"));
            let mut found = |count| {
                content.pictures = vec![bench::picture("La plaza, llena"); count];
                town.found(Rule::PictureCount, &content).into_iter().map(|(_, evidence)| evidence).collect::<Vec<_>>()
            };
            assert_eq!(found(most - 1), [], "{network:?}");
            let count = most as u64 + 1;
            assert_eq!(found(most), [Evidence::Over { limit: most as u64, count }], "{network:?}");
        }
        // Ours has room for both.
        let mut content = bench::notice();
        content.video = Some(bench::video("La banda toca"));
        content.pictures = vec![bench::picture("La plaza, llena"); 4];
        let found = bench::town().found(Rule::PictureCount, &content);
        assert!(found.iter().all(|(_, evidence)| *evidence == Evidence::Over { limit: 1, count: 4 }), "{found:?}");
    }

    #[test]
    fn each_network_takes_its_own_number() {
        let mut content = bench::notice();
        content.pictures = vec![bench::picture("La plaza, llena"); 5];
        let found = bench::town().found(Rule::PictureCount, &content);
        let over: Vec<_> = found.into_iter().map(|(place, evidence)| (place.channel.unwrap(), evidence)).collect();
        let over_by = |limit| Evidence::Over { limit, count: 5 };
        assert_eq!(
            over,
            [(bench::bluesky(), over_by(4)), (bench::mastodon(), over_by(4)), (bench::whatsapp(), over_by(1))]
        );
    }
}
