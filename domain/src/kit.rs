//! What whoever publishes by hand is given where a place has a size, a pace or a paper of its own, as data. Separate from `network`:
//! nothing of it is asked of a post, it is how the kit is made ready.

use crate::{
    Focus, Moment, Network, Rendition, Shapes,
    edits::Source,
    media::{Cut, cut},
    text,
};

/// The size in which a place shows a picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Size {
    /// Pixels across.
    pub across: u32,
    /// Pixels down.
    pub down: u32,
    /// Who says so.
    pub source: Source,
}

/// The size to which the kit cuts pictures. `None` where none is stated: they are given as they are.
pub const fn size(network: Network) -> Option<Size> {
    match network {
        // The shape is what makers of such content are told; of that shape, the pixels of the commonest screen are our choice.
        Network::Screen => {
            let source = Source { at: "service.alaska.edu/TDClient/36/Portal/KB/ArticleDet?ID=1276", on: "2026-12-01" };
            Some(Size { across: 1_920, down: 1_080, source })
        }
        // Of what is advertised there; of a post that nobody pays for, nothing is stated.
        Network::Nextdoor => {
            let source = Source { at: "about.nextdoor.com/sp-guidelines", on: "2026-12-01" };
            Some(Size { across: 1_200, down: 628, source })
        }
        _ => None,
    }
}

impl Size {
    /// What is kept of a picture: exactly this shape, with what must be seen of it, drawn in exactly this size.
    pub fn cut(self, picture: (u32, u32), focus: Option<Focus>) -> Cut {
        let exact = (self.across, self.down);
        let shapes = Shapes { tallest: exact, widest: exact, across: self.across };
        Cut { drawn: exact, ..cut(picture, Some(shapes), focus) }
    }

    /// Whether a picture has fewer pixels than are shown, and looks blurred there.
    pub fn is_coarse(self, picture: (u32, u32)) -> bool {
        self.cut(picture, None).part.0 < self.across
    }
}

/// How many characters are read in a second, by whoever reads slowly: UNE 153010:2012 (subtitles, 15 a second; general knowledge,
/// 2026-12-01).
const PACE: u32 = 15;

/// How many seconds a screen is looked at: what is not read in ten is too much (service.alaska.edu, as above).
pub const GLANCE: u32 = 10;

/// How many seconds it takes to read what a screen shows, its heading too. `None` where whoever reads takes their time.
pub fn seconds(rendition: &Rendition, network: Network) -> Option<u32> {
    if network != Network::Screen {
        return None;
    }
    let heading = rendition.title.as_deref().map_or(0, text::graphemes);
    Some(heading.saturating_add(text::graphemes(&rendition.as_sent(network))).div_ceil(PACE))
}

/// Dots to the inch of a picture that is printed well (what printers ask for; general knowledge, 2026-12-01).
const DOTS: u64 = 300;

/// How large a picture can be printed well, in millimetres across and down.
pub fn printed((width, height): (u32, u32)) -> (u32, u32) {
    // An inch is 25.4 mm.
    let side = |dots: u32| u32::try_from(u64::from(dots) * 254 / (DOTS * 10)).unwrap_or(u32::MAX);
    (side(width), side(height))
}

/// When what hangs somewhere is over, as far as the post says: with its event, else nobody knows.
pub fn over(rendition: &Rendition) -> Option<Moment> {
    rendition.event.as_ref().map(|event| event.end.unwrap_or(event.start))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::{ChannelId, Content, Event, Language, policy::draft::bench};

    fn whole(text: &str, title: Option<&str>) -> Rendition {
        let mut content = bench::notice();
        bench::say(&mut content, "es", text);
        let title = title.map(str::to_owned);
        Rendition { title, ..content.rendition(&ChannelId::from_bits(4), &Language::spanish()).unwrap() }
    }

    #[test]
    fn a_picture_is_cut_to_the_screen_around_what_must_be_seen() {
        let screen = size(Network::Screen).unwrap();
        let middle = screen.cut((2_048, 1_536), None);
        assert_eq!((middle.part, middle.from, middle.drawn), ((2_048, 1_152), (0, 192), (1_920, 1_080)));
        let above = screen.cut((2_048, 1_536), Focus::at(500, 0));
        assert_eq!((above.part, above.from, above.drawn), ((2_048, 1_152), (0, 0), (1_920, 1_080)));
        // Upright: a band of it.
        let band = screen.cut((900, 1_600), None);
        assert_eq!((band.part, band.drawn), ((900, 506), (1_920, 1_080)));
        assert!(screen.is_coarse((900, 1_600)) && screen.is_coarse((1_919, 1_080)));
        assert!(!screen.is_coarse((1_920, 1_080)) && !screen.is_coarse((2_048, 1_536)));
    }

    #[test]
    fn every_size_has_a_source_and_a_day_and_is_of_a_place_by_hand() {
        for network in Network::ALL {
            let Some(Size { across, down, source }) = size(network) else { continue };
            assert!(network.may_be_assisted() && across > 0 && down > 0, "{network:?}");
            assert!(source.at.contains('.') && source.on.len() == 10 && source.on.starts_with("20"), "{network:?}");
        }
    }

    #[test]
    fn what_a_screen_shows_is_read_so_fast_and_its_heading_too() {
        let of = |text: &str, title| seconds(&whole(text, title), Network::Screen);
        assert_eq!(of(&"a".repeat(150), None), Some(GLANCE));
        assert_eq!(of(&"a".repeat(151), None), Some(11));
        assert_eq!(of(&"a".repeat(140), Some("Sin agua hoy")), Some(11), "152 characters");
        assert_eq!(seconds(&whole("Hoy no hay agua.", None), Network::Paper), None);
        let most = Network::Screen.limits().text;
        assert_eq!(of(&"a".repeat(most as usize), None), Some(2 * GLANCE), "the ceiling is twice the advice");
    }

    #[test]
    fn a_picture_is_printed_at_three_hundred_dots_to_the_inch() {
        assert_eq!(printed((300, 600)), (25, 50));
        assert_eq!(printed((2_048, 1_365)), (173, 115));
        assert_eq!(printed((u32::MAX, 1)).1, 0);
    }

    #[test]
    fn what_hangs_is_over_with_its_event() {
        let mut shown = whole("El sábado, mercado.", None);
        assert_eq!(over(&shown), None);
        let event = Event { start: Moment(10), end: None, place: "Plaza".to_owned(), cancelled: false };
        shown.event = Some(event.clone());
        assert_eq!(over(&shown), Some(Moment(10)));
        shown.event = Some(Event { end: Some(Moment(20)), ..event });
        assert_eq!(over(&shown), Some(Moment(20)));
    }

    #[test]
    fn an_address_on_a_screen_or_on_paper_stays_short_and_is_read() {
        let mut content = Content { link: Some("https://villar.example".to_owned()), ..bench::notice() };
        content.utm = crate::Utm::try_from("villar.example".to_owned()).ok();
        let whole = content.rendition(&ChannelId::from_bits(4), &Language::spanish()).unwrap();
        for network in [Network::Screen, Network::Paper] {
            let sent = whole.parts(network)[0].as_sent(network);
            assert!(sent.ends_with("\n\nhttps://villar.example"), "{sent}");
        }
    }

    proptest! {
        /// Whatever the picture and its point, what is kept lies within it.
        #[test]
        fn what_is_kept_lies_within_the_picture(width in 1..9_000_u32, height in 1..9_000_u32) {
            for network in Network::ALL {
                let Some(size) = size(network) else { continue };
                let kept = size.cut((width, height), None);
                prop_assert!(kept.from.0 + kept.part.0 <= width && kept.from.1 + kept.part.1 <= height);
                prop_assert_eq!(kept.drawn, (size.across, size.down));
            }
        }
    }
}
