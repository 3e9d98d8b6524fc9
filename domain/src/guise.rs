//! As what a post goes to a channel: an ordinary post, a reel, a story. Separate from the two others because it is one choice of three,
//! however it is kept: stories were agreed to before there were reels, so each stands by a word of its own, and old hashes hold.

use crate::{Channel, ChannelId, Content, Network, Rendition, Target, reel, story};

/// As what a post goes to a channel.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Guise {
    /// As any post.
    Post,
    /// Its video as a reel ([`crate::reel`]).
    Reel,
    /// As a story ([`crate::story`]).
    Story,
}

impl Guise {
    /// What was chosen, of the two words that are kept of it. Content that says both is refused where it comes in.
    const fn of(story: bool, reel: bool) -> Self {
        match (story, reel) {
            (true, _) => Guise::Story,
            (false, true) => Guise::Reel,
            (false, false) => Guise::Post,
        }
    }

    /// What becomes of the choice on a network: where there is no such thing, or no video to make a reel of, it is a post.
    const fn on(self, network: Network, is_filmed: bool) -> Self {
        match self {
            Guise::Reel if reel::are_chosen(network) && is_filmed => Guise::Reel,
            Guise::Story if story::are_told(network) => Guise::Story,
            _ => Guise::Post,
        }
    }
}

impl Target {
    /// As what it was chosen to go, whatever the network has.
    pub const fn guise(&self) -> Guise {
        Guise::of(self.story, self.reel)
    }

    /// Chooses as what it goes.
    pub const fn go_as(&mut self, guise: Guise) {
        self.story = matches!(guise, Guise::Story);
        self.reel = matches!(guise, Guise::Reel);
    }
}

impl Rendition {
    /// As what it goes to this network.
    pub const fn guise(&self, network: Network) -> Guise {
        Guise::of(self.story, self.reel).on(network, self.video.is_some())
    }
}

impl Content {
    /// As what it goes to a channel of a network.
    pub fn guise_on(&self, channel: &ChannelId, network: Network) -> Guise {
        let target = self.targets.iter().find(|target| target.channel == *channel);
        target.map_or(Guise::Post, Target::guise).on(network, self.video.is_some())
    }

    /// Whether its video goes to a channel as a reel.
    pub fn is_reel_on(&self, channel: &Channel) -> bool {
        self.guise_on(&channel.id, channel.network) == Guise::Reel
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Refusal, policy::draft::bench};

    /// A notice for one channel of a network.
    fn going(guise: Guise, is_filmed: bool) -> Content {
        let mut content = bench::notice();
        content.targets = vec![bench::target(ChannelId::from_bits(4), &["es"])];
        content.targets[0].go_as(guise);
        content.video = is_filmed.then(|| crate::Video { hash: "a".repeat(64), ..bench::video("La banda toca") });
        content
    }

    #[test]
    fn each_network_has_what_it_has_and_the_rest_goes_as_a_post() {
        for network in Network::ALL {
            for guise in [Guise::Post, Guise::Reel, Guise::Story] {
                for is_filmed in [false, true] {
                    let content = going(guise, is_filmed);
                    let whole = content.rendition(&content.targets[0].channel, &crate::Language::spanish()).unwrap();
                    let expected = match (guise, network) {
                        (Guise::Reel, Network::Facebook) if is_filmed => Guise::Reel,
                        (Guise::Story, Network::Facebook | Network::Instagram) => Guise::Story,
                        _ => Guise::Post,
                    };
                    let seen = [whole.guise(network), content.guise_on(&content.targets[0].channel, network)];
                    assert_eq!(seen, [expected; 2], "{network:?} {guise:?} {is_filmed}");
                    assert_eq!(whole.is_story(network), expected == Guise::Story);
                    assert_eq!(whole.reel, guise == Guise::Reel && is_filmed, "without a video none is spoken of");
                }
            }
        }
        assert_eq!(going(Guise::Reel, true).guise_on(&ChannelId::from_bits(9), Network::Facebook), Guise::Post);
    }

    #[test]
    fn it_is_agreed_to_and_of_a_post_nothing_is_named_anew() {
        let all = [Guise::Post, Guise::Reel, Guise::Story].map(|guise| going(guise, true));
        let written = all.each_ref().map(crate::record::canonical);
        assert!(!written[0].contains("reel") && !written[0].contains("story") && !written[2].contains("reel"));
        let [post, reel, story] = all.each_ref().map(Content::hash);
        assert!(post != reel && reel != story && post != story);
        assert!(!all[0].changes_only_words(&all[1]), "a translator does not choose it");
        assert_eq!(all[1].clone().parse(), Ok(all[1].clone()));
    }

    #[test]
    fn of_two_at_once_there_is_no_content() {
        let mut both = going(Guise::Story, true);
        both.targets[0].reel = true;
        assert_eq!(both.parse(), Err(Refusal::Malformed { field: "targets.reel".to_owned() }));
    }
}
