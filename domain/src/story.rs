//! A story: one picture or one video, seen for a day and gone. Separate from a post of the same channel: no text is shown with it, nobody
//! comments below it, and what it may be has limits of its own.

use crate::{
    Channel, Content, Guise, Limits, Millis, Network, Rendition, Target, reel,
    video::{Codec, Takes, VideoType, takes},
};

/// How long one is seen (Meta's guides to stories, 2026-09-11).
pub const LASTS: Millis = Millis::hours(24);

/// The shape that fills the screen, across to down; another one is seen between bars, or cut.
pub const SHAPE: (u32, u32) = (9, 16);

/// Whether a network has them, and lets an app publish one.
pub const fn are_told(network: Network) -> bool {
    matches!(network, Network::Facebook | Network::Instagram)
}

/// What a network takes of a video as a story. Instagram: 3 to 60 s, at most 100 MB, otherwise as a reel (networks.md §3.3,
/// 2026-09-11). Facebook: 3 to 60 s, 24 to 60 pictures a second, H.264 or H.265 (guide to page stories, `Limitations`; copy of
/// 2026-11). Neither shows captions beside the picture.
pub fn takes_of(network: Network) -> Option<Takes> {
    let whole = takes(network).filter(|_| are_told(network))?;
    let short =
        Takes { millis: 60_000, least_millis: 3_000, rate: 60, captions: None, beside: false, counted: false, ..whole };
    Some(match network {
        Network::Instagram => Takes { bytes: 100_000_000, ..short },
        _ => Takes {
            least_rate: 24,
            types: &[VideoType::Mp4, VideoType::Quicktime],
            codecs: &[Codec::H264, Codec::H265],
            ..short
        },
    })
}

/// Whether a picture or a video of this size fills the screen, give or take a hundredth.
pub fn fills(width: u32, height: u32) -> bool {
    let (across, down) = (u64::from(width) * u64::from(SHAPE.1), u64::from(height) * u64::from(SHAPE.0));
    across.abs_diff(down) * 100 <= down
}

impl Target {
    /// Whether it goes to a channel of this network as a story.
    pub const fn is_story(&self, network: Network) -> bool {
        self.story && are_told(network)
    }
}

impl Rendition {
    /// Whether it goes to this network as a story.
    pub const fn is_story(&self, network: Network) -> bool {
        self.story && are_told(network)
    }

    /// All that is seen of a story: what hangs below the text, and none of the words.
    pub(crate) fn without_words(&self) -> Rendition {
        Rendition {
            pictures: self.pictures.clone(),
            video: self.video.clone(),
            story: true,
            ..self.alone(String::new())
        }
    }
}

impl Content {
    /// Whether it goes to a channel as a story.
    pub fn is_story_on(&self, channel: &Channel) -> bool {
        self.targets.iter().any(|target| target.channel == channel.id && target.is_story(channel.network))
    }

    /// What a channel takes of the video, as what it goes there.
    pub fn takes_on(&self, channel: &Channel) -> Option<Takes> {
        match self.guise_on(&channel.id, channel.network) {
            Guise::Post => takes(channel.network),
            Guise::Reel => reel::takes_of(channel.network),
            Guise::Story => takes_of(channel.network),
        }
    }

    /// Whether it is a carousel on a channel in which the video is one of as many things as there may be pictures.
    pub fn is_carousel_with_video_on(&self, channel: &Channel) -> bool {
        let is_mixed = self.video.is_some() && !self.pictures.is_empty();
        is_mixed && self.takes_on(channel).is_some_and(|takes| takes.counted)
    }

    /// How many pictures there must be on a channel, where there is no video, and how many there may be.
    pub fn pictures_on(&self, channel: &Channel) -> (u32, u32) {
        let Limits { least_pictures, pictures, .. } = channel.limits;
        if self.is_story_on(channel) { (1, 1) } else { (least_pictures, pictures) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{ChannelId, Language, policy::draft::bench};

    fn told(network: Network) -> (bench::Town, Content) {
        let town = bench::town_on(network);
        let mut content = bench::notice();
        content.targets = vec![Target { story: true, ..bench::target(ChannelId::from_bits(4), &["es"]) }];
        (town, content)
    }

    #[test]
    fn it_is_agreed_to_and_without_it_nothing_is_named_anew() {
        let (_, story) = told(Network::Instagram);
        let mut post = story.clone();
        post.targets[0].story = false;
        assert!(!crate::record::canonical(&post).contains("story"));
        assert_ne!(post.hash(), story.hash());
        assert!(!story.changes_only_words(&post));
    }

    #[test]
    fn no_word_is_shown_with_it_where_there_are_any() {
        let (_, mut content) = told(Network::Instagram);
        content.link = Some("https://villar.example".to_owned());
        content.comments.insert(Language::spanish(), "Más en la web.".to_owned());
        content.pictures = vec![bench::picture("La plaza, llena")];
        let whole = content.rendition(&ChannelId::from_bits(4), &Language::spanish()).unwrap();
        for network in Network::ALL {
            let parts = whole.parts(network);
            let is_story = matches!(network, Network::Facebook | Network::Instagram);
            assert_eq!(parts[0].as_sent(network).is_empty(), is_story, "{network:?}");
            assert_eq!((parts[0].pictures.len(), parts[0].is_story(network)), (1, is_story));
            assert_eq!(whole.first_comment(network), None, "nobody comments below a story");
        }
    }

    #[test]
    fn what_it_may_be_has_limits_of_its_own() {
        for network in Network::ALL {
            assert_eq!(takes_of(network).is_some(), are_told(network), "{network:?}");
        }
        let (town, mut content) = told(Network::Facebook);
        let most = |content: &Content| content.takes_on(&town.channels[3]).map(|takes| takes.millis);
        assert_eq!((most(&content), content.pictures_on(&town.channels[3])), (Some(60_000), (1, 1)));
        content.targets[0].story = false;
        assert_eq!((most(&content), content.pictures_on(&town.channels[3])), (Some(14_400_000), (0, 10)));
    }

    #[test]
    fn what_fills_the_screen_is_nine_to_sixteen() {
        assert!(fills(1_080, 1_920) && fills(540, 960) && fills(1_080, 1_910));
        assert!(!fills(1_080, 1_080) && !fills(1_920, 1_080) && !fills(1_080, 1_890));
    }
}
