//! A reel: a short upright video that Facebook shows in a place of its own too, with its text, where people find it who do not follow
//! the page. Separate from a story, which has no words and is gone after a day, and from a page's plain video, which may have any shape
//! and length. At Instagram there is nothing to choose: there every video is a reel.
//!
//! All numbers: Meta's guide to reels of pages, as of 2026-07-30.

use crate::{
    Millis, Moment, Network, RenderedVideo,
    story::fills,
    video::{Codec, Takes, takes},
};

/// The reels of a page that apps may publish in a [`DAY`]. Meta asks an app to count them itself.
pub const MOST_A_DAY: usize = 30;

/// The time in which they are counted: it moves on with the clock.
pub const DAY: Millis = Millis::hours(24);

/// The fewest pixels, across and down.
pub const LEAST: (u32, u32) = (540, 960);

/// Whether it is chosen on a network that a video goes out as a reel.
pub const fn are_chosen(network: Network) -> bool {
    matches!(network, Network::Facebook)
}

/// What a network takes of a video as a reel, but for its frame ([`is_framed`], [`is_large`]): 3 to 90 s, 24 to 60 pictures a second;
/// H.264 or H.265, and AV1 too.
pub fn takes_of(network: Network) -> Option<Takes> {
    let whole = takes(network).filter(|_| are_chosen(network))?;
    Some(Takes {
        millis: 90_000,
        least_millis: 3_000,
        rate: 60,
        least_rate: 24,
        codecs: &[Codec::H264, Codec::H265, Codec::Av1],
        ..whole
    })
}

/// Whether a video of this size has the shape of a reel: 9:16, give or take a hundredth, for 608 × 1080 is as near as a video with an
/// even number of pixels comes to it.
pub fn is_framed(width: u32, height: u32) -> bool {
    fills(width, height)
}

/// Whether it has as many pixels as it must.
pub const fn is_large(width: u32, height: u32) -> bool {
    width >= LEAST.0 && height >= LEAST.1
}

impl RenderedVideo {
    /// Whether it could go to a network as a reel, as far as it says of itself. The rule says more, and says it before; but what was
    /// agreed to while a person published by hand was never held against it.
    pub fn fits_a_reel(&self, network: Network) -> bool {
        takes_of(network).is_some_and(|takes| {
            (takes.least_millis..=takes.millis).contains(&self.millis)
                && is_framed(self.width, self.height)
                && is_large(self.width, self.height)
        })
    }
}

/// When one more reel may be published, of the moments of those that there are; nothing if that is now.
pub fn free_at(published: &[Moment], now: Moment) -> Option<Moment> {
    let mut of_the_day: Vec<Moment> = published.iter().copied().filter(|at| at.plus(DAY) > now).collect();
    of_the_day.sort_unstable();
    // As many as leave room for one more have to be a day old.
    let last = of_the_day.len().checked_sub(MOST_A_DAY)?;
    of_the_day.get(last).map(|at| at.plus(DAY))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{MediaId, video::VideoType};

    #[test]
    fn there_is_a_choice_where_a_network_knows_both() {
        for network in Network::ALL {
            assert_eq!(takes_of(network).is_some(), network == Network::Facebook, "{network:?}");
        }
    }

    #[test]
    fn what_fits_is_short_upright_and_large_enough() {
        let fits = |millis, (width, height)| {
            let video = RenderedVideo {
                media: MediaId::from_bits(1),
                hash: String::new(),
                mime: VideoType::Mp4,
                bytes: 1,
                width,
                height,
                millis,
                alt: String::new(),
                captions: None,
                poster: None,
            };
            video.fits_a_reel(Network::Facebook)
        };
        let upright = (1_080, 1_920);
        assert!(fits(3_000, upright) && fits(90_000, upright) && fits(3_000, LEAST) && fits(3_000, (608, 1_080)));
        assert!(!fits(2_999, upright) && !fits(90_001, upright), "exactly the limits");
        assert!(!fits(9_000, (1_920, 1_080)) && !fits(9_000, (1_080, 1_080)) && !fits(9_000, (1_080, 1_890)));
        assert!(!fits(9_000, (539, 960)) && !fits(9_000, (540, 959)) && !fits(9_000, (360, 640)));
    }

    #[test]
    fn the_thirtieth_of_a_day_goes_out_and_the_next_waits_for_the_oldest() {
        let now = Moment(Millis::hours(100).0);
        let ago = |hours| now.minus(Millis::hours(hours));
        let mut all: Vec<Moment> = (0..29).map(|_| ago(1)).collect();
        all.extend([ago(24), ago(30)]);
        assert_eq!(free_at(&all, now), None, "what is a day old counts no more");
        all.insert(0, ago(23));
        assert_eq!(free_at(&all, now), Some(ago(23).plus(DAY)));
        all.push(ago(22));
        assert_eq!(free_at(&all, now), Some(ago(22).plus(DAY)), "two have to go");
        assert_eq!(free_at(&[], now), None);
    }
}
