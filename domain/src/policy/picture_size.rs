//! A picture is heavier or larger than the network takes.

use super::{
    Evidence, Field, Place,
    draft::{Draft, at},
};

pub(super) fn look(draft: &Draft<'_>) -> Vec<(Place, Evidence)> {
    let mut found = Vec::new();
    for channel in draft.channels() {
        let limits = &channel.limits;
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
}
