//! Cutting a picture by hand: a part of it in whole pixels, free or in a fixed ratio, moved and pulled within its bounds; turned by
//! quarters; drawn smaller. Separate from [`crate::media::cut`], which cuts by itself what a network does not take: here somebody
//! says what is kept, and a mouse, a finger, keys and four numbers come to the same part.

use crate::{
    Focus, Network,
    focus::WHOLE,
    kit,
    media::{Cut, within},
    story,
};

/// The shortest side of what is kept, as long as the picture has so many pixels.
pub const LEAST: u32 = 16;

/// How many pixels across to how many down.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ratio {
    /// Across.
    pub across: u32,
    /// Down.
    pub down: u32,
}

/// Why a network wants a ratio.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wants {
    /// It is the tallest picture that it takes.
    Tallest,
    /// It is the widest one.
    Widest,
    /// It fills the screen, as a story.
    Story,
    /// Pictures are cut to it there.
    Place,
}

impl Ratio {
    /// Those that are offered.
    pub const OFFERED: [Ratio; 5] =
        [Ratio::new(1, 1), Ratio::new(4, 5), Ratio::new(16, 9), Ratio::new(9, 16), Ratio::new(191, 100)];

    /// So many across to so many down; of nothing, one.
    pub const fn new(across: u32, down: u32) -> Self {
        Self { across: if across == 0 { 1 } else { across }, down: if down == 0 { 1 } else { down } }
    }

    /// As it is written: `4:5`, and `1.91:1` for what is told so.
    pub fn name(self) -> String {
        match self.down {
            100 => format!("{}.{:02}:1", self.across / 100, self.across % 100),
            down => format!("{}:{down}", self.across),
        }
    }

    /// Pixels down for so many across, rounded towards the square: what is as tall or as wide as a network takes must not become
    /// more so by a fraction.
    pub fn down(self, across: u32) -> u32 {
        let (wide, high) = (u64::from(self.across), u64::from(self.down));
        let exact = u64::from(across) * high;
        let down = if wide < high { exact / wide } else { exact.div_ceil(wide) };
        u32::try_from(down.max(1)).unwrap_or(u32::MAX)
    }

    /// Pixels across of which no more than so many down come.
    fn across(self, down: u32) -> u32 {
        let across = u64::from(down) * u64::from(self.across) / u64::from(self.down);
        u32::try_from(across.max(1)).unwrap_or(u32::MAX)
    }

    /// As near to so many across as there is room for.
    fn sized(self, across: u32, room: (u32, u32)) -> (u32, u32) {
        let most = room.0.min(self.across(room.1)).max(1);
        let least = LEAST.max(self.across(LEAST)).min(most);
        let across = across.clamp(least, most);
        (across, self.down(across).min(room.1))
    }

    /// Whether it is another one, give or take a hundredth.
    fn is_like(self, (across, down): (u32, u32)) -> bool {
        let (one, other) = (u64::from(self.across) * u64::from(down), u64::from(self.down) * u64::from(across));
        one.abs_diff(other) * 100 <= one
    }

    /// Which networks want it, and why, by the rules that pictures are held against.
    pub fn wanted(self) -> Vec<(Network, Wants)> {
        let mut wanted = Vec::new();
        for network in Network::ALL {
            let shapes = network.limits().shapes;
            let told = [
                (shapes.is_some_and(|shapes| self.is_like(shapes.tallest)), Wants::Tallest),
                (shapes.is_some_and(|shapes| self.is_like(shapes.widest)), Wants::Widest),
                (story::are_told(network) && self.is_like(story::SHAPE), Wants::Story),
                (kit::size(network).is_some_and(|size| self.is_like((size.across, size.down))), Wants::Place),
            ];
            wanted.extend(told.into_iter().filter(|(is_so, _)| *is_so).map(|(_, why)| (network, why)));
        }
        wanted
    }

    /// Whether every network takes a picture of it.
    pub fn is_taken_everywhere(self) -> bool {
        Network::ALL
            .into_iter()
            .all(|network| network.limits().shapes.is_none_or(|shapes| shapes.take(self.across, self.down)))
    }
}

/// A corner.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Corner {
    /// Above, to the left.
    TopLeft,
    /// Above, to the right.
    TopRight,
    /// Below, to the left.
    BottomLeft,
    /// Below, to the right.
    BottomRight,
}

impl Corner {
    /// All of them.
    pub const ALL: [Corner; 4] = [Corner::TopLeft, Corner::TopRight, Corner::BottomLeft, Corner::BottomRight];

    /// As a style sheet and an address call it.
    pub const fn name(self) -> &'static str {
        match self {
            Corner::TopLeft => "top-left",
            Corner::TopRight => "top-right",
            Corner::BottomLeft => "bottom-left",
            Corner::BottomRight => "bottom-right",
        }
    }

    const fn is_left(self) -> bool {
        matches!(self, Corner::TopLeft | Corner::BottomLeft)
    }

    const fn is_top(self) -> bool {
        matches!(self, Corner::TopLeft | Corner::TopRight)
    }
}

/// One of the four numbers of a part.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Measure {
    /// Where it begins, from the left.
    Left,
    /// Where it begins, from above.
    Top,
    /// How wide it is.
    Across,
    /// How high it is.
    Down,
}

impl Measure {
    /// All of them.
    pub const ALL: [Measure; 4] = [Measure::Left, Measure::Top, Measure::Across, Measure::Down];
}

/// A part of a picture, in pixels of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Part {
    /// Where it begins, from the left.
    pub left: u32,
    /// Where it begins, from above.
    pub top: u32,
    /// How wide it is.
    pub across: u32,
    /// How high it is.
    pub down: u32,
}

fn moved(at: u32, by: i64, most: u32) -> u32 {
    u32::try_from(i64::from(at).saturating_add(by).clamp(0, i64::from(most))).unwrap_or(most)
}

impl Part {
    /// All of a picture.
    pub const fn whole((across, down): (u32, u32)) -> Self {
        Self { left: 0, top: 0, across, down }
    }

    /// The same as far as a picture of this size has it, in the ratio.
    pub fn fitted(self, size: (u32, u32), ratio: Option<Ratio>) -> Self {
        let free = |length: u32, side: u32| length.clamp(LEAST.min(side), side);
        let (across, down) = match ratio {
            None => (free(self.across, size.0), free(self.down, size.1)),
            Some(ratio) => ratio.sized(self.across, size),
        };
        Self { left: self.left.min(size.0 - across), top: self.top.min(size.1 - down), across, down }
    }

    /// The largest part in a ratio, with its middle as near to the middle of this one as it can be. Without a ratio, this one.
    pub fn around(self, size: (u32, u32), ratio: Option<Ratio>) -> Self {
        let Some(ratio) = ratio else { return self.fitted(size, None) };
        let (across, down) = ratio.sized(size.0, size);
        let from = |at: u32, length: u32, part: u32, side: u32| {
            let middle = i64::from(at) + i64::from(length) / 2;
            moved(0, middle - i64::from(part) / 2, side - part)
        };
        let left = from(self.left, self.across, across, size.0);
        Self { left, top: from(self.top, self.down, down, size.1), across, down }
    }

    /// Moved by so many pixels, as far as there are any.
    pub fn moved(self, (across, down): (i64, i64), size: (u32, u32)) -> Self {
        let left = moved(self.left, across, size.0.saturating_sub(self.across));
        Self { left, top: moved(self.top, down, size.1.saturating_sub(self.down)), ..self }
    }

    /// A corner of it pulled to a place, which may be beyond the picture; the opposite one stays.
    pub fn pulled(self, corner: Corner, to: (i64, i64), size: (u32, u32), ratio: Option<Ratio>) -> Self {
        // Where the opposite corner is, how much room there is on this side of it, and how much of that is wanted.
        let along = |near: bool, from: u32, length: u32, side: u32, to: i64| {
            let anchor = if near { from + length } else { from };
            let room = if near { anchor } else { side - anchor };
            let wanted = if near { i64::from(anchor) - to } else { to - i64::from(anchor) };
            (anchor, room, moved(0, wanted, room))
        };
        let (anchor_x, room_x, wide) = along(corner.is_left(), self.left, self.across, size.0, to.0);
        let (anchor_y, room_y, high) = along(corner.is_top(), self.top, self.down, size.1, to.1);
        let (across, down) = match ratio {
            None => (wide.max(LEAST.min(room_x)), high.max(LEAST.min(room_y))),
            Some(ratio) => ratio.sized(wide.max(ratio.across(high)), (room_x, room_y)),
        };
        let left = if corner.is_left() { anchor_x - across } else { anchor_x };
        let top = if corner.is_top() { anchor_y - down } else { anchor_y };
        Self { left, top, across, down }
    }

    /// Where a corner of it is.
    pub fn corner(self, corner: Corner) -> (i64, i64) {
        let left = if corner.is_left() { self.left } else { self.left + self.across };
        let top = if corner.is_top() { self.top } else { self.top + self.down };
        (left.into(), top.into())
    }

    /// One of its numbers.
    pub const fn get(self, measure: Measure) -> u32 {
        match measure {
            Measure::Left => self.left,
            Measure::Top => self.top,
            Measure::Across => self.across,
            Measure::Down => self.down,
        }
    }

    /// With another number, as near to it as there is room for.
    pub fn with(self, measure: Measure, value: u32, size: (u32, u32), ratio: Option<Ratio>) -> Self {
        let next = match (measure, ratio) {
            (Measure::Left, _) => Self { left: value, ..self },
            (Measure::Top, _) => Self { top: value, ..self },
            (Measure::Across, _) => Self { across: value, ..self },
            (Measure::Down, None) => Self { down: value, ..self },
            (Measure::Down, Some(ratio)) => Self { across: ratio.across(value), ..self },
        };
        next.fitted(size, ratio)
    }

    /// The same part after the picture, of this size, was turned by a quarter to the right.
    const fn turned(self, (_, height): (u32, u32)) -> Self {
        Self { left: height - self.top - self.down, top: self.left, across: self.down, down: self.across }
    }

    /// The size in which it is drawn, with no side longer than that. It is never drawn larger than it is.
    pub fn drawn(self, ratio: Option<Ratio>, longest: u32) -> (u32, u32) {
        let (across, down) = within((self.across, self.down), longest);
        // What was in a ratio stays in it, but for the one pixel that is rounded.
        ratio.map_or((across, down), |ratio| (across, ratio.down(across).min(self.down)))
    }
}

/// How a picture was turned, by quarters to the right.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Turn {
    /// Not at all.
    #[default]
    Upright,
    /// By one.
    Right,
    /// By two.
    Over,
    /// By three.
    Left,
}

impl Turn {
    /// One quarter more.
    #[must_use]
    pub const fn next(self) -> Self {
        match self {
            Turn::Upright => Turn::Right,
            Turn::Right => Turn::Over,
            Turn::Over => Turn::Left,
            Turn::Left => Turn::Upright,
        }
    }

    /// How many.
    pub const fn quarters(self) -> u32 {
        match self {
            Turn::Upright => 0,
            Turn::Right => 1,
            Turn::Over => 2,
            Turn::Left => 3,
        }
    }

    /// The size of a picture so turned.
    pub const fn size(self, (width, height): (u32, u32)) -> (u32, u32) {
        match self {
            Turn::Upright | Turn::Over => (width, height),
            Turn::Right | Turn::Left => (height, width),
        }
    }

    /// A part after one quarter more, of a picture of this size as it was turned so far.
    pub const fn further(part: Part, size: (u32, u32)) -> Part {
        part.turned(size)
    }

    /// Which part of the picture as it is stored, of this size, a part of the turned one is.
    pub fn back(self, part: Part, size: (u32, u32)) -> Part {
        let (mut part, mut size) = (part, self.size(size));
        for _ in 0..(4 - self.quarters()) % 4 {
            (part, size) = (part.turned(size), (size.1, size.0));
        }
        part
    }
}

/// Where the point that must be seen is in what was turned and cut out of a picture of this size. Nothing where it was cut away.
pub fn focus(before: Option<Focus>, size: (u32, u32), turn: Turn, part: Part) -> Option<Focus> {
    let (mut x, mut y) = Focus::of(Some(before?));
    for _ in 0..turn.quarters() {
        (x, y) = (WHOLE - y, x);
    }
    let size = turn.size(size);
    let is_in = |at: u16, side: u32, from: u32, length: u32| {
        let pixel = u64::from(at) * u64::from(side) / u64::from(WHOLE);
        (u64::from(from)..=u64::from(from) + u64::from(length)).contains(&pixel)
    };
    if !is_in(x, size.0, part.left, part.across) || !is_in(y, size.1, part.top, part.down) {
        return None;
    }
    let all = (part.across, part.down);
    Focus::at(x, y)?.within(size, &Cut { from: (part.left, part.top), part: all, drawn: all })
}

/// A crest is so much of the shorter side: seen on a phone, and not what one sees first.
const CREST: u32 = 6;
/// And so far from the edges.
const MARGIN: u32 = 24;

/// Where a crest of this size is laid: into a corner of what is free, never larger than it is.
pub fn crest(piece: (u32, u32), corner: Corner, free: Part) -> Part {
    let short = free.across.min(free.down);
    let (across, down) = within(piece, (short / CREST).max(1));
    let far = |from: u32, side: u32, length: u32| from + side.saturating_sub(length).saturating_sub(short / MARGIN);
    let left = if corner.is_left() { free.left + short / MARGIN } else { far(free.left, free.across, across) };
    let top = if corner.is_top() { free.top + short / MARGIN } else { far(free.top, free.down, down) };
    Part { left, top, across, down }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const SIZE: (u32, u32) = (1_200, 800);

    #[test]
    fn every_ratio_says_which_networks_want_it_by_their_own_rules() {
        let of = |across, down| Ratio::new(across, down).wanted();
        assert_eq!(of(4, 5), [(Network::Instagram, Wants::Tallest)]);
        assert_eq!(of(191, 100), [(Network::Instagram, Wants::Widest), (Network::Nextdoor, Wants::Place)]);
        assert_eq!(of(9, 16), [(Network::Facebook, Wants::Story), (Network::Instagram, Wants::Story)]);
        assert_eq!(of(16, 9), [(Network::Screen, Wants::Place)]);
        assert_eq!(of(1, 1), []);
        assert!(Ratio::new(1, 1).is_taken_everywhere() && !Ratio::new(9, 16).is_taken_everywhere());
        let names = Ratio::OFFERED.map(Ratio::name);
        assert_eq!(names, ["1:1", "4:5", "16:9", "9:16", "1.91:1"]);
    }

    #[test]
    fn a_ratio_takes_the_largest_part_around_what_was_kept() {
        let square = Part::whole(SIZE).around(SIZE, Some(Ratio::new(1, 1)));
        assert_eq!(square, Part { left: 200, top: 0, across: 800, down: 800 });
        let left = Part { left: 0, top: 0, across: 100, down: 100 }.around(SIZE, Some(Ratio::new(1, 1)));
        assert_eq!(left, Part { left: 0, top: 0, across: 800, down: 800 });
        assert_eq!(square.around(SIZE, None), square);
    }

    #[test]
    fn a_number_is_taken_as_far_as_there_is_room() {
        let part = Part { left: 100, top: 100, across: 300, down: 200 };
        assert_eq!(part.with(Measure::Left, 5_000, SIZE, None).left, 900);
        assert_eq!(part.with(Measure::Across, 5_000, SIZE, None), Part { left: 0, across: 1_200, ..part });
        assert_eq!(part.with(Measure::Down, 0, SIZE, None).down, LEAST);
        let square = part.with(Measure::Down, 240, SIZE, Some(Ratio::new(1, 1)));
        assert_eq!((square.across, square.down), (240, 240));
    }

    #[test]
    fn a_corner_is_pulled_and_the_opposite_one_stays() {
        let part = Part { left: 100, top: 100, across: 300, down: 200 };
        let pulled = part.pulled(Corner::TopLeft, (-50, 150), SIZE, None);
        assert_eq!(pulled, Part { left: 0, top: 150, across: 400, down: 150 });
        let through = part.pulled(Corner::TopLeft, (900, 900), SIZE, None);
        assert_eq!(through, Part { left: 384, top: 284, across: 16, down: 16 }, "it is never turned inside out");
    }

    #[test]
    fn what_is_drawn_smaller_is_still_taken() {
        let instagram = Network::Instagram.limits().shapes.unwrap();
        for ratio in [Ratio::new(4, 5), Ratio::new(191, 100)] {
            let part = Part::whole((1_999, 1_777)).around((1_999, 1_777), Some(ratio));
            for longest in [100, 999, 1_080, 2_048] {
                let (across, down) = part.drawn(Some(ratio), longest);
                assert!(instagram.take(across, down), "{ratio:?} {across} {down}");
            }
        }
        assert_eq!(Part::whole((300, 200)).drawn(None, 2_048), (300, 200), "never larger");
    }

    #[test]
    fn a_quarter_turns_what_is_kept_and_what_must_be_seen() {
        let part = Part { left: 10, top: 20, across: 30, down: 40 };
        let turned = Turn::further(part, (100, 80));
        assert_eq!(turned, Part { left: 20, top: 10, across: 40, down: 30 });
        assert_eq!(Turn::Right.back(turned, (100, 80)), part);
        let corner = Focus::at(0, 0);
        let whole = Turn::Right.size((100, 80));
        assert_eq!(focus(corner, (100, 80), Turn::Right, Part::whole(whole)), Focus::at(1_000, 0));
        assert_eq!(focus(corner, (100, 80), Turn::Upright, part), None, "it was cut away");
        assert_eq!(focus(None, (100, 80), Turn::Upright, part), None);
        let seen = focus(Focus::at(250, 250), (100, 80), Turn::Upright, part);
        assert_eq!(seen, Focus::at(500, 0), "in the middle of what is kept, and at its edge");
    }

    #[test]
    fn a_crest_lies_in_its_corner_of_what_is_free() {
        let free = Part { left: 0, top: 100, across: 600, down: 600 };
        let at = |corner| crest((500, 500), corner, free);
        assert_eq!(at(Corner::TopLeft), Part { left: 25, top: 125, across: 100, down: 100 });
        assert_eq!(at(Corner::BottomRight), Part { left: 475, top: 575, across: 100, down: 100 });
        assert_eq!(crest((40, 20), Corner::TopLeft, free).across, 40, "never larger than it is");
    }

    fn ratios() -> impl Strategy<Value = Option<Ratio>> {
        let offered = (0..Ratio::OFFERED.len()).prop_map(|place| Some(Ratio::OFFERED[place]));
        let any = (1..3_000_u32, 1..3_000_u32).prop_map(|(across, down)| Some(Ratio::new(across, down)));
        prop_oneof![Just(None), offered, any]
    }

    fn is_within(part: Part, size: (u32, u32)) -> bool {
        part.across > 0 && part.down > 0 && part.left + part.across <= size.0 && part.top + part.down <= size.1
    }

    proptest! {
        #[test]
        fn whatever_is_done_stays_within_the_picture(
            size in (1..4_000_u32, 1..4_000_u32),
            ratio in ratios(),
            acts in proptest::collection::vec((0..10_usize, -9_000..9_000_i64, -9_000..9_000_i64), 1..12),
        ) {
            let mut part = Part::whole(size).around(size, ratio);
            for (act, x, y) in acts {
                let before = part;
                part = match act {
                    0..4 => part.pulled(Corner::ALL[act], (x, y), size, ratio),
                    4..8 => part.with(Measure::ALL[act - 4], u32::try_from(x).unwrap_or(0), size, ratio),
                    8 => part.moved((x, y), size),
                    _ => part.around(size, ratio),
                };
                prop_assert!(is_within(part, size), "{:?} of {:?}", part, size);
                if let Some(ratio) = ratio {
                    // But for a ratio that is nearly a line.
                    prop_assert!(part.across == 1 || part.down == ratio.down(part.across), "{:?}", part);
                }
                if act == 8 {
                    prop_assert_eq!((part.across, part.down), (before.across, before.down));
                }
                if act < 4 {
                    let corner = Corner::ALL[act];
                    let across = |part: Part| if corner.is_left() { part.left + part.across } else { part.left };
                    let down = |part: Part| if corner.is_top() { part.top + part.down } else { part.top };
                    prop_assert_eq!((across(part), down(part)), (across(before), down(before)));
                }
            }
        }

        #[test]
        fn turned_and_back_is_the_same_part(size in (1..4_000_u32, 1..4_000_u32), from in (0..4_000_u32, 0..4_000_u32), quarters in 0..4) {
            let part = Part { left: from.0, top: from.1, across: size.0 / 2, down: size.1 / 2 }.fitted(size, None);
            let (mut turn, mut turned, mut now) = (Turn::Upright, part, size);
            for _ in 0..quarters {
                turned = Turn::further(turned, now);
                turn = turn.next();
                now = turn.size(size);
            }
            prop_assert!(is_within(turned, now));
            prop_assert_eq!(turn.back(turned, size), part);
        }

        #[test]
        fn what_is_drawn_is_no_larger_and_has_something(part in (1..5_000_u32, 1..5_000_u32), longest in 1..3_000_u32, ratio in ratios()) {
            let kept = Part::whole(part).around(part, ratio);
            let (across, down) = kept.drawn(ratio, longest);
            prop_assert!(across > 0 && down > 0 && across <= kept.across && down <= kept.down);
        }
    }
}
