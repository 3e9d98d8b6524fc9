//! Two posts that get in each other's way: on one channel within half an hour, or saying the same within two days.
//! Separate from `policy`, which judges one post by itself: this is of no content, and it stops nothing. Who plans sees it.

use std::collections::HashMap;
use std::hash::Hash;

use crate::{Millis, Moment, plan::APART};

/// How two posts get in each other's way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Clash {
    /// Something else goes out on the same channel within [`APART`].
    Near,
    /// Another says the same on the same channel within [`SAME`].
    Again,
}

/// Who reads the same twice in two days thinks it a mistake; a weekly market is another matter.
pub const SAME: Millis = Millis::days(2);

/// A post as it is planned: when, where, and its heading.
#[derive(Debug, Clone)]
pub struct Planned<'a, C> {
    /// When it goes out.
    pub at: Moment,
    /// On which channels and in which languages: the same in another language is no repetition.
    pub on: Vec<C>,
    /// What it is called.
    pub heading: &'a str,
}

/// From when until when posts must be known, for those of a span to be told all that they clash with: with the days around
/// it a week tells what its month tells.
pub fn reach((from, until): (Moment, Moment)) -> (Moment, Moment) {
    (from.minus(SAME), until.plus(SAME))
}

/// For each post what it clashes with first, if with any: how, and with which of them. `planned` may be in any order; of
/// two that clash each names the other or one that is nearer to it.
pub fn clashes<C: Eq + Hash>(planned: &[Planned<'_, C>]) -> Vec<Option<(Clash, usize)>> {
    let mut found: Vec<Option<(Clash, Millis, usize)>> = vec![None; planned.len()];
    // A calendar is in order already, and what is not finds its place: a sort is 3 KB of the first load.
    let mut order = Vec::with_capacity(planned.len());
    for place in 0..planned.len() {
        let at = order.partition_point(|other: &usize| planned[*other].at <= planned[place].at);
        order.insert(at, place);
    }
    // The last that was seen: on each channel, and on each channel under each heading. What clashes at all clashes with
    // its neighbour there.
    let (mut near, mut again) = (HashMap::new(), HashMap::new());
    for place in order {
        let one = &planned[place];
        for on in &one.on {
            let same = (!one.heading.is_empty()).then(|| again.insert((on, one.heading), place)).flatten();
            for (how, before, apart) in [(Clash::Near, near.insert(on, place), APART), (Clash::Again, same, SAME)] {
                // A channel that is named twice by one post is no clash.
                let Some(before) = before.filter(|before| *before != place) else { continue };
                let gap = Millis(one.at.since(planned[before].at).0);
                if gap.0 < apart.0 {
                    keep(&mut found[place], (how, gap, before));
                    keep(&mut found[before], (how, gap, place));
                }
            }
        }
    }
    found.into_iter().map(|clash| clash.map(|(how, _, with)| (how, with))).collect()
}

/// The worse counts: what is said twice, then what is nearer.
fn keep(stands: &mut Option<(Clash, Millis, usize)>, new: (Clash, Millis, usize)) {
    let rank = |(how, gap, _): &(Clash, Millis, usize)| (*how != Clash::Again, gap.0);
    if stands.as_ref().is_none_or(|stands| rank(&new) < rank(stands)) {
        *stands = Some(new);
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn planned(minute: i64, on: &[u8], heading: &'static str) -> Planned<'static, u8> {
        Planned { at: Moment(0).plus(Millis::minutes(minute)), on: on.to_vec(), heading }
    }

    #[test]
    fn what_is_near_on_one_channel_clashes_and_elsewhere_does_not() {
        let all = [planned(0, &[1], "a"), planned(29, &[1, 2], "b"), planned(59, &[1], "c"), planned(30, &[3], "d")];
        assert_eq!(clashes(&all), [Some((Clash::Near, 1)), Some((Clash::Near, 0)), None, None]);
        assert_eq!(clashes(&[planned(0, &[1, 1], "a")]), [None]);
    }

    #[test]
    fn the_same_heading_within_two_days_is_said_twice() {
        let day = 24 * 60;
        let all = [
            planned(0, &[1], "Corte de agua"),
            planned(2 * day - 1, &[1], "Corte de agua"),
            planned(4 * day, &[1], "Corte de agua"),
        ];
        assert_eq!(clashes(&all), [Some((Clash::Again, 1)), Some((Clash::Again, 0)), None]);
        assert_eq!(
            clashes(&[planned(0, &[1], ""), planned(60, &[1], "")]),
            [None, None],
            "what has no name says nothing twice"
        );
        // Said twice counts more than being near.
        let both = [planned(0, &[1], "a"), planned(5, &[1], "b"), planned(10, &[1], "a")];
        assert_eq!(clashes(&both)[0], Some((Clash::Again, 2)));
    }

    #[test]
    fn what_clashes_over_midnight_is_told_by_the_week_as_by_its_month() {
        use crate::window::{View, Window};
        use crate::zone::bench::madrid;

        let sunday = chrono::NaiveDate::from_ymd_opt(2026, 6, 14).unwrap();
        let midnight = Window::around(View::Week, sunday).span(&madrid()).1;
        let beside =
            |minutes: i64, heading| Planned { at: midnight.plus(Millis::minutes(minutes)), on: vec![1], heading };
        let all = [beside(-10, "Verbena"), beside(10, "Bando"), beside(2 * 24 * 60 - 11, "Verbena")];
        let told = |view, day| {
            let (from, until) = Window::around(view, day).span(&madrid());
            let (first, last) = reach((from, until));
            let known: Vec<_> = all.iter().filter(|one| one.at >= first && one.at < last).cloned().collect();
            let found = clashes(&known).into_iter().zip(&known);
            let shown = found.filter(|(_, one)| one.at >= from && one.at < until);
            shown.map(|(clash, one)| (one.at, clash.map(|(how, with)| (how, known[with].at)))).collect::<Vec<_>>()
        };
        let (week, next) = (told(View::Week, sunday), told(View::Week, sunday + chrono::Days::new(1)));
        assert_eq!(week, [(all[0].at, Some((Clash::Again, all[2].at)))]);
        assert_eq!([week, next].concat(), told(View::Month, sunday));
    }

    proptest! {
        #[test]
        fn exactly_what_clashes_with_something_is_found(
            all in proptest::collection::vec((0..6_000_i64, proptest::collection::vec(0..4_u8, 1..3), 0..4_usize), 0..40),
        ) {
            const HEADINGS: [&str; 4] = ["", "a", "b", "c"];
            let all: Vec<_> = all.iter().map(|(at, on, heading)| planned(*at, on, HEADINGS[*heading])).collect();
            let found = clashes(&all);
            for (place, one) in all.iter().enumerate() {
                let of = |how: Clash, with: usize| {
                    let other = &all[with];
                    let gap = one.at.since(other.at).0.abs();
                    let shares = with != place && one.on.iter().any(|on| other.on.contains(on));
                    shares && match how {
                        Clash::Near => gap < APART.0,
                        Clash::Again => gap < SAME.0 && one.heading == other.heading && !one.heading.is_empty(),
                    }
                };
                let any = |how: Clash| (0..all.len()).any(|with| of(how, with));
                match found[place] {
                    Some((how, with)) => prop_assert!(of(how, with) && (how == Clash::Again || !any(Clash::Again))),
                    None => prop_assert!(!any(Clash::Near) && !any(Clash::Again)),
                }
            }
        }
    }
}
