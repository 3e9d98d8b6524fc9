//! More pictures than the network takes, or none where it takes no text alone.

use super::{
    Evidence, Field, Place,
    draft::{Draft, at},
};

pub(super) fn look(draft: &Draft<'_>) -> Vec<(Place, Evidence)> {
    let count = draft.content.pictures.len() as u64;
    draft
        .channels()
        .filter_map(|channel| {
            let (least, most) = draft.content.pictures_on(channel);
            let limit = most.into();
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
