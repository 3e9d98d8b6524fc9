//! A picture is heavier, larger, taller or wider than the network takes.

use super::{
    Evidence, Field, Place,
    draft::{Draft, at},
};

pub(super) fn look(draft: &Draft<'_>) -> Vec<(Place, Evidence)> {
    let mut found = Vec::new();
    for channel in draft.channels() {
        let limits = &channel.limits;
        // A story may have any shape; the rule of stories says which one fills the screen.
        let shapes = limits.shapes.filter(|_| !draft.content.is_story_on(channel));
        for (index, picture) in draft.content.pictures.iter().enumerate() {
            let place = || at(Some(channel), None, Field::Picture { index });
            if picture.bytes > limits.picture_bytes {
                let evidence = Evidence::Heavier { limit: limits.picture_bytes.into(), bytes: picture.bytes.into() };
                found.push((place(), evidence));
            }
            let pixels = u64::from(picture.width) * u64::from(picture.height);
            if let Some(most) = limits.picture_pixels.filter(|most| pixels > u64::from(*most)) {
                found.push((place(), Evidence::Over { limit: most.into(), count: pixels }));
            }
            let (width, height) = (picture.width, picture.height);
            if let Some(shapes) = shapes.filter(|shapes| !shapes.take(width, height)) {
                let (tallest, widest) = (shapes.tallest, shapes.widest);
                found.push((place(), Evidence::Shape { size: (width, height), tallest, widest }));
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::super::{Rule, draft::bench};
    use super::*;

    #[test]
    fn bytes_and_pixels_have_each_their_limit() {
        let town = bench::town();
        let mut content = bench::notice();
        content.pictures = vec![bench::picture("La plaza"), bench::picture("El río")];
        content.pictures[1].bytes = 2_000_001;
        let found = town.found(Rule::PictureSize, &content);
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].0.channel, Some(bench::bluesky()));
        assert_eq!(found[0].0.field, Field::Picture { index: 1 });
        assert_eq!(found[0].1, Evidence::Heavier { limit: 2_000_000, bytes: 2_000_001 });
        content.pictures[1].bytes = 1;
        (content.pictures[1].width, content.pictures[1].height) = (u32::MAX, u32::MAX);
        let found = town.found(Rule::PictureSize, &content);
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].0.channel, Some(bench::mastodon()));
    }

    #[test]
    fn what_is_taller_or_wider_than_a_network_takes_is_found_with_its_rule() {
        let town = bench::town_on(crate::Network::Instagram);
        let mut content = bench::notice();
        content.targets = vec![bench::target(bench::whatsapp(), &["es"])];
        content.pictures = vec![bench::picture("La plaza")];
        let mut found = |width, height| {
            (content.pictures[0].width, content.pictures[0].height) = (width, height);
            town.found(Rule::PictureSize, &content).into_iter().map(|(_, evidence)| evidence).collect::<Vec<_>>()
        };
        assert_eq!((found(800, 1_000), found(1_910, 1_000)), (vec![], vec![]));
        let shape = |size| Evidence::Shape { size, tallest: (4, 5), widest: (191, 100) };
        assert_eq!(found(799, 1_000), [shape((799, 1_000))]);
        assert_eq!(found(1_911, 1_000), [shape((1_911, 1_000))]);
    }
}
