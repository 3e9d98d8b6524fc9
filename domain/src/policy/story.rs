//! What is lost in a story: its text is not shown, nor a document or a poll; and what does not fill the screen is seen between bars or
//! cut.
//!
//! Told, not refused: the text still goes to the other channels, stands in the record and is what a citizen asks for. What the network
//! would refuse (how long, how heavy, how many) the other rules say with its own numbers.

use super::{
    Evidence, Field, Place,
    draft::{Draft, at},
};
use crate::story::{SHAPE, fills};

pub(super) fn look(draft: &Draft<'_>) -> Vec<(Place, Evidence)> {
    let mut found = Vec::new();
    let shape = |size: (u32, u32)| Evidence::Shape { size, tallest: SHAPE, widest: SHAPE };
    for channel in draft.channels().filter(|channel| draft.content.is_story_on(channel)) {
        found.push((at(Some(channel), None, Field::Text), Evidence::Unkept));
        // Where they are sent by us, their own rules refuse both; by hand nothing else says that a story shows neither.
        let (document, poll) = (draft.content.document.is_some(), draft.content.poll.is_some());
        let lost = [(document, Field::Document), (poll, Field::Post)].into_iter().filter(|(is_so, _)| *is_so);
        let lost =
            lost.filter(|_| channel.assisted).map(|(_, field)| (at(Some(channel), None, field), Evidence::Unkept));
        found.extend(lost);
        let pictures = draft.content.pictures.iter().enumerate();
        let pictures = pictures.map(|(index, one)| (Field::Picture { index }, one.width, one.height));
        let video = draft.content.video.iter().map(|video| (Field::Video, video.width, video.height));
        let odd = pictures.chain(video).filter(|(_, width, height)| !fills(*width, *height));
        found.extend(odd.map(|(field, width, height)| (at(Some(channel), None, field), shape((width, height)))));
    }
    found
}

#[cfg(test)]
mod tests {
    use super::super::{Misfit, Mode, Rule, draft::bench};
    use super::*;
    use crate::{Content, Network, Target};

    fn told(network: Network) -> (bench::Town, Content) {
        let mut town = bench::town_on(network);
        town.channels[3].assisted = false;
        let mut content = bench::notice();
        content.targets = vec![Target { story: true, ..bench::target(bench::whatsapp(), &["es"]) }];
        content.pictures = vec![bench::picture("La plaza, llena")];
        (content.pictures[0].width, content.pictures[0].height) = (1_080, 1_920);
        (town, content)
    }

    #[test]
    fn the_text_is_told_to_be_lost_and_a_picture_that_does_not_fill_the_screen() {
        for network in [Network::Facebook, Network::Instagram] {
            let (town, mut content) = told(network);
            let place = |field| at(Some(&town.channels[3]), None, field);
            assert_eq!(town.found(Rule::Story, &content), [(place(Field::Text), Evidence::Unkept)]);
            assert_eq!(town.found(Rule::PictureSize, &content), [], "{network:?}: a feed's shapes are not a story's");
            (content.pictures[0].width, content.pictures[0].height) = (800, 600);
            let shape = Evidence::Shape { size: (800, 600), tallest: SHAPE, widest: SHAPE };
            assert_eq!(town.found(Rule::Story, &content)[1], (place(Field::Picture { index: 0 }), shape));
            assert!(town.check(&content).iter().all(|finding| finding.mode == Mode::Warn));
            content.targets[0].story = false;
            assert_eq!(town.found(Rule::Story, &content), []);
        }
        let (town, content) = told(Network::Bluesky);
        assert_eq!(town.found(Rule::Story, &content), [], "where there are none it is a post");
    }

    #[test]
    fn by_hand_a_document_and_a_poll_are_told_to_be_lost_too() {
        for network in [Network::Facebook, Network::Instagram] {
            let (mut town, mut content) = told(network);
            content.document = Some(bench::document("Acta"));
            content.poll = Some(crate::Poll::begun());
            let fields = |town: &bench::Town, content: &Content| -> Vec<Field> {
                town.found(Rule::Story, content).into_iter().map(|(place, _)| place.field).collect()
            };
            assert_eq!(fields(&town, &content), [Field::Text], "{network:?}: other rules refuse them");
            town.channels[3].assisted = true;
            assert_eq!(fields(&town, &content), [Field::Text, Field::Document, Field::Post], "{network:?}");
            content.targets[0].story = false;
            assert_eq!(fields(&town, &content), []);
        }
    }

    #[test]
    fn what_the_network_would_refuse_is_refused_with_its_number() {
        let (town, mut content) = told(Network::Instagram);
        bench::say(&mut content, "es", &"a".repeat(3_000));
        assert_eq!(town.found(Rule::Length, &content), [], "no text is shown");
        content.pictures.push(bench::picture("El río"));
        let two = town.found(Rule::PictureCount, &content);
        assert_eq!(two[0].1, Evidence::Over { limit: 1, count: 2 });
        content.pictures.clear();
        assert_eq!(town.found(Rule::PictureCount, &content)[0].1, Evidence::Missing);
        let mut long = |millis| {
            content.video = Some(crate::Video { millis, ..bench::video("La banda toca") });
            town.found(Rule::Video, &content).into_iter().map(|(_, evidence)| evidence).collect::<Vec<_>>()
        };
        assert_eq!(long(60_000), []);
        let misfit = Misfit::Longer { limit: 60, seconds: 600 };
        assert_eq!(long(600_000), [Evidence::Video { misfit }]);
        assert_eq!(long(2_999).len(), 1);
    }
}
