//! What an app lays over a picture that fills its screen, as data: names, buttons, the field for an answer. Separate from `network`:
//! a limit is what is refused, and this only hides; and what is said here is other people's word, which differs by device and
//! changes without notice.

use crate::{Guise, Network, crop::Part, edits::Source};

/// How much of each side, in thousandths of the picture's height (above and below) or width.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Insets {
    /// From above.
    pub top: u16,
    /// From the right.
    pub right: u16,
    /// From below.
    pub bottom: u16,
    /// From the left.
    pub left: u16,
}

/// What is covered, and who says so.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Covered {
    /// How much of each side.
    pub insets: Insets,
    /// Where that was read.
    pub source: Source,
}

/// Where something is covered, in the order in which the desk offers them. A reel shows a picture as the poster of its video.
pub const PLACES: [(Network, Guise); 5] = [
    (Network::Instagram, Guise::Story),
    (Network::Facebook, Guise::Story),
    (Network::Instagram, Guise::Reel),
    (Network::Facebook, Guise::Reel),
    (Network::Tiktok, Guise::Post),
];

/// What is covered of a picture of nine to sixteen. `None` where nobody told.
pub const fn covered(network: Network, guise: Guise) -> Option<Covered> {
    const fn read(top: u16, right: u16, bottom: u16, left: u16, at: &'static str) -> Option<Covered> {
        let source = Source { at, on: "2026-12-01" };
        Some(Covered { insets: Insets { top, right, bottom, left }, source })
    }
    match (network, guise) {
        // Meta's own guide, of advertisements: 14 % above and 20 % below. Of a story that nobody pays for, nothing is stated.
        (Network::Facebook | Network::Instagram, Guise::Story) => {
            read(140, 0, 200, 0, "facebook.com/business/ads-guide (Stories)")
        }
        // Third parties from here on. Meta's percentages of March 2026, as told there.
        (Network::Facebook | Network::Instagram, Guise::Reel) => read(
            140,
            60,
            350,
            60,
            "behaviour.digital/post/meta-reels-safe-zone-14-top-35-bottom-6-sides-the-2026-official-guide",
        ),
        // 150, 150 and 440 pixels of 1080 × 1920. TikTok itself gives drawings and no numbers.
        (Network::Tiktok, Guise::Post) => read(79, 139, 230, 0, "adfuseai.com/blog/tiktok-ad-sizes-specs-guide"),
        _ => None,
    }
}

impl Insets {
    /// What is left free of a picture of this size. Insets that meet leave a pixel.
    pub fn free(self, (width, height): (u32, u32)) -> Part {
        let of = |inset: u16, side: u32| {
            u32::try_from((u64::from(inset) * u64::from(side)).div_ceil(1_000)).unwrap_or(u32::MAX)
        };
        let along = |before: u16, behind: u16, side: u32| {
            let from = of(before, side).min(side.saturating_sub(1));
            (from, side.saturating_sub(from).saturating_sub(of(behind, side)).max(1))
        };
        let ((left, across), (top, down)) = (along(self.left, self.right, width), along(self.top, self.bottom, height));
        Part { left, top, across, down }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn every_place_has_a_source_and_a_day_and_leaves_most_of_the_picture() {
        for (network, guise) in PLACES {
            let Covered { insets, source } = covered(network, guise).unwrap();
            assert!(source.at.contains('.') && source.on.len() == 10 && source.on.starts_with("20"), "{network:?}");
            assert!(insets.top + insets.bottom < 500 && insets.left + insets.right < 500, "{network:?}");
            assert!(insets.top > 0 && insets.bottom > 0);
        }
        assert_eq!(covered(Network::Bluesky, Guise::Post), None);
    }

    #[test]
    fn a_story_is_free_in_its_middle() {
        let insets = covered(Network::Instagram, Guise::Story).unwrap().insets;
        assert_eq!(insets.free((1_080, 1_920)), Part { left: 0, top: 269, across: 1_080, down: 1_267 });
        assert_eq!(Insets::default().free((10, 20)), Part::whole((10, 20)));
    }

    proptest! {
        #[test]
        fn what_is_free_lies_within(size in (1..5_000_u32, 1..5_000_u32), sides in any::<[u16; 4]>()) {
            let [top, right, bottom, left] = sides.map(|side| side % 1_001);
            let free = Insets { top, right, bottom, left }.free(size);
            prop_assert!(free.across > 0 && free.down > 0);
            prop_assert!(free.left + free.across <= size.0 && free.top + free.down <= size.1);
        }
    }
}
