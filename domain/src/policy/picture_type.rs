//! A picture is of a type that the network does not take.

use super::{
    Evidence, Field, Place,
    draft::{Draft, at},
};

pub(super) fn look(draft: &Draft<'_>) -> Vec<(Place, Evidence)> {
    let mut found = Vec::new();
    for channel in draft.channels() {
        for (index, picture) in draft.content.pictures.iter().enumerate() {
            if !channel.limits.picture_types.contains(&picture.mime) {
                let evidence = Evidence::Words { words: picture.mime.mime().to_owned() };
                found.push((at(Some(channel), None, Field::Picture { index }), evidence));
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::super::{Rule, draft::bench};
    use crate::PictureType;

    #[test]
    fn webp_is_not_for_everybody() {
        let mut content = bench::notice();
        content.pictures = vec![bench::picture("La plaza")];
        let town = bench::town();
        assert_eq!(town.found(Rule::PictureType, &content), []);
        content.pictures[0].mime = PictureType::Webp;
        let found = town.found(Rule::PictureType, &content);
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].0.channel, Some(bench::whatsapp()));
    }
}
