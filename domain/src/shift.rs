//! Several posts moved by one command: a whole campaign by some days, two that change places. All of them or none.
//! Separate from `post`, which moves one: what may move is asked there, of each; here is only where each would stand.

use chrono::{Days, NaiveDateTime};
use serde::{Deserialize, Serialize};

use crate::{
    MemberId, Millis, Moment, Post, PostId, Refusal, Slot, Stage, Step,
    clash::Clash,
    hours::Calendar,
    mark::{self, Mark},
    slot::Fold,
    zone::{Resolved, Zone},
};

/// So many posts by one command. Each is read whole, held against the rules and written in one batch, within the 10 ms and
/// the 50 queries that an invocation has for nothing.
pub const MOST: usize = 20;

/// So many days at most, either way: further is another campaign.
pub const FAR: i32 = 366;

/// Who moves, and when.
#[derive(Debug, Clone, Copy)]
pub struct Hand<'a> {
    /// Who.
    pub by: &'a MemberId,
    /// On which clock.
    pub zone: &'a Zone,
    /// How late what is placed may still go out.
    pub window: Millis,
    /// What time it is.
    pub now: Moment,
    /// Whether everything is paused.
    pub paused: bool,
}

/// A post, and where its clock is to stand.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Wanted {
    /// Which.
    pub post: PostId,
    /// The version that was seen.
    pub version: u64,
    /// What the wall is to show.
    pub civil: NaiveDateTime,
    /// Which of two times is meant, where there are two.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fold: Option<Fold>,
}

impl Wanted {
    /// Exactly where an instant is: the way back.
    pub fn at(post: PostId, version: u64, at: Moment, zone: &Zone) -> Self {
        let civil = zone.civil(at);
        let fold = match zone.resolve(civil) {
            Resolved::Fold { first, .. } if first == at => Some(Fold::First),
            Resolved::Fold { .. } => Some(Fold::Second),
            _ => None,
        };
        Self { post, version, civil, fold }
    }

    /// So many days on, at the hour that the wall shows: over a night when clocks change it stays the hour that people
    /// read. `None` where the calendar ends.
    pub fn by_days(post: PostId, version: u64, at: Moment, days: i32, zone: &Zone) -> Option<Self> {
        let (civil, step) = (zone.civil(at), Days::new(days.unsigned_abs().into()));
        let civil = if days < 0 { civil.checked_sub_days(step) } else { civil.checked_add_days(step) }?;
        // Whoever stays within one night stands at the same of the two hours.
        let same = (days == 0).then(|| Self::at(post.clone(), version, at, zone).fold).flatten();
        Some(Self { post, version, civil, fold: same })
    }
}

/// A post where it stands: which, its version, and when it goes out.
pub type Standing = (PostId, u64, Moment);

/// Two posts, each with the hour of the other.
pub fn swap(one: Standing, other: Standing, zone: &Zone) -> [Wanted; 2] {
    let hours = (one.2, other.2);
    [Wanted::at(one.0, one.1, hours.1, zone), Wanted::at(other.0, other.1, hours.0, zone)]
}

/// Whether so many days can be moved by.
///
/// # Errors
/// `Malformed` for none, or for more than [`FAR`].
pub fn parse_days(days: i32) -> Result<i32, Refusal> {
    let fits = days != 0 && (-FAR..=FAR).contains(&days);
    if fits { Ok(days) } else { Err(Refusal::Malformed { field: "days".to_owned() }) }
}

/// Whether a command names posts, each once, and not more than [`MOST`].
///
/// # Errors
/// `Malformed`, `TooLarge`, `Doubled`.
pub fn parse(wanted: &[Wanted]) -> Result<(), Refusal> {
    let field = || "posts".to_owned();
    if wanted.is_empty() {
        return Err(Refusal::Malformed { field: field() });
    }
    if wanted.len() > MOST {
        return Err(Refusal::TooLarge { field: field(), limit: MOST as u64, length: wanted.len() as u64 });
    }
    let doubled = wanted.iter().enumerate().any(|(place, one)| wanted[..place].iter().any(|two| two.post == one.post));
    if doubled { Err(Refusal::Doubled { field: field() }) } else { Ok(()) }
}

/// Moves one post to where it is wanted, by the rule by which a single one is moved: what is agreed keeps its approval as
/// long as the hour is among those that were agreed to, and is refused else; what is not agreed yet gets another wish.
/// `busy` is whether something of it is on its way already.
///
/// # Errors
/// `Stale`; `WrongStage` for what is out, cancelled or on its way, or has no hour; what `Slot::place`, `Post::place` and
/// `Post::wish` refuse.
pub fn put(post: &Post, wanted: &Wanted, busy: bool, hand: Hand<'_>) -> Result<Step, Refusal> {
    if post.version != wanted.version {
        return Err(Refusal::Stale { current: post.version });
    }
    if busy || post.slot().is_none() || matches!(post.stage, Stage::Out { .. } | Stage::Cancelled { .. }) {
        return Err(Refusal::WrongStage);
    }
    let slot = Slot::place(wanted.civil, wanted.fold, hand.zone, hand.window, hand.now)?;
    match post.stage {
        Stage::Draft { .. } | Stage::InReview { .. } => post.clone().wish(slot, hand.by, hand.zone),
        _ => post.clone().place(slot, hand.by, hand.paused),
    }
}

/// Refuses a day on which not everything is said, where many are moved by so many days and nobody names the day of each.
///
/// # Errors
/// `DayHeld`.
pub fn lands(step: &Step, marks: &[Mark]) -> Result<(), Refusal> {
    let held = |slot: &Slot| mark::is_held(marks, slot.civil.date(), step.post.content.kind);
    if step.post.slot().is_some_and(held) { Err(Refusal::DayHeld) } else { Ok(()) }
}

/// What whoever moves a post should know of where it comes to stand. None of it stops anything.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "minds")]
pub enum Mind {
    /// Something else goes out on the same channel within half an hour.
    Near {
        /// Its heading.
        heading: String,
    },
    /// Another of the same heading goes out within two days.
    Again {
        /// When.
        at: Moment,
    },
    /// Another of another heading says the same within two days.
    Same {
        /// Its heading.
        heading: String,
        /// When.
        at: Moment,
    },
    /// Nobody works then.
    Closed,
    /// The times that were agreed to end before its window does: late it may go out only until then.
    Short {
        /// Until when.
        until: Moment,
    },
}

impl Mind {
    /// What is to be minded where it clashes with another, of this heading and at this hour. Nothing of who else speaks of the same: a
    /// campaign moves as one, and a series is of one.
    pub fn of(how: Clash, heading: &str, at: Moment) -> Option<Self> {
        match how {
            Clash::Near => Some(Self::Near { heading: heading.to_owned() }),
            Clash::Again => Some(Self::Again { at }),
            Clash::Same => Some(Self::Same { heading: heading.to_owned(), at }),
            Clash::Topic => None,
        }
    }
}

/// What is to be minded of an hour by itself.
pub fn minds(step: &Step, calendar: Calendar<'_>) -> Vec<Mind> {
    let Some(slot) = step.post.slot() else { return Vec::new() };
    let closed = (!calendar.is_open(slot.at)).then_some(Mind::Closed);
    let until = step.post.stage.approval().map(|approval| approval.latest(slot));
    let short = until.filter(|until| *until < slot.ends()).map(|until| Mind::Short { until });
    closed.into_iter().chain(short).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::zone::bench::madrid;
    use crate::{Approval, Content, Kind, slot::parse_civil};

    /// 2026-03-01T00:00Z.
    const NOW: Moment = Moment(1_772_323_200_000);
    const WINDOW: Millis = Millis::minutes(30);

    fn at(civil: &str) -> Moment {
        match madrid().resolve(parse_civil(civil).unwrap()) {
            Resolved::One(at) => at,
            other => panic!("{other:?}"),
        }
    }

    fn by() -> MemberId {
        MemberId::from_bits(1)
    }

    fn hand<'a>(by: &'a MemberId, zone: &'a Zone) -> Hand<'a> {
        Hand { by, zone, window: WINDOW, now: NOW, paused: false }
    }

    /// A draft that is wished for an instant.
    fn wished(n: u128, at: Moment) -> Post {
        let zone = madrid();
        let slot = Slot { civil: zone.civil(at), zone: zone.name.clone(), at, window: WINDOW };
        Post::new(PostId::from_bits(n), by(), Content::default()).wish(slot, &by(), &zone).unwrap().post
    }

    /// The same, agreed and placed.
    fn placed(n: u128, at: Moment) -> Post {
        let post = wished(n, at);
        let (content_hash, kind, reason) = (post.content.hash(), Kind::Service, "Obras".to_owned());
        let approval = Approval::Declared { content_hash, kind, by: by(), reason, at: NOW };
        let slot = post.slot().unwrap().clone();
        Post { stage: Stage::Placed { approval, slot }, plan: None, ..post }
    }

    fn moved(post: &Post, days: i32) -> Result<Step, Refusal> {
        let (zone, by) = (madrid(), by());
        let from = post.slot().unwrap().at;
        let wanted = Wanted::by_days(post.id.clone(), post.version, from, days, &zone).unwrap();
        put(post, &wanted, false, hand(&by, &zone))
    }

    #[test]
    fn a_campaign_does_not_land_on_a_day_of_mourning() {
        let marks = [Mark {
            id: crate::MarkId::from_bits(1),
            version: 1,
            kind: mark::MarkKind::Mourning,
            text: "Luto oficial".to_owned(),
            first: "2026-04-02".parse().unwrap(),
            last: "2026-04-03".parse().unwrap(),
        }];
        let post = wished(1, at("2026-04-01T10:00"));
        let landed = |days| lands(&moved(&post, days).unwrap(), &marks);
        assert_eq!((landed(1), landed(2), landed(3)), (Err(Refusal::DayHeld), Err(Refusal::DayHeld), Ok(())));
        let must = Post { content: Content { kind: Kind::Service, ..Content::default() }, ..post.clone() };
        assert_eq!(lands(&moved(&must, 1).unwrap(), &marks), Ok(()), "what people must know is said");
    }

    #[test]
    fn a_day_on_is_the_same_hour_of_the_wall_though_the_night_be_short() {
        let post = placed(1, at("2026-03-28T10:00"));
        let step = moved(&post, 1).unwrap();
        let slot = step.post.slot().unwrap();
        assert_eq!(slot.civil, parse_civil("2026-03-29T10:00").unwrap());
        assert_eq!(slot.at.since(at("2026-03-28T10:00")), Millis::hours(23));
        assert!(matches!(step.post.stage, Stage::Placed { .. }), "its approval stands");
    }

    #[test]
    fn an_hour_that_is_not_there_or_is_there_twice_is_not_guessed() {
        assert!(matches!(moved(&placed(1, at("2026-03-28T02:30")), 1), Err(Refusal::InAGap { .. })));
        assert!(matches!(moved(&placed(1, at("2026-10-24T02:30")), 1), Err(Refusal::InAFold { .. })));
    }

    #[test]
    fn what_is_out_on_its_way_past_or_changed_since_stays() {
        let (zone, by) = (madrid(), by());
        let post = placed(1, at("2026-04-01T10:00"));
        let Stage::Placed { approval, slot } = post.stage.clone() else { panic!() };
        let out = Post { stage: Stage::Out { approval, slot, correction: None }, ..post.clone() };
        assert_eq!(moved(&out, 1), Err(Refusal::WrongStage));
        assert_eq!(moved(&post, -40), Err(Refusal::InThePast));
        let wanted = Wanted::at(post.id.clone(), post.version, at("2026-04-02T10:00"), &zone);
        assert_eq!(put(&post, &wanted, true, hand(&by, &zone)), Err(Refusal::WrongStage));
        let stale = Wanted { version: 9, ..wanted.clone() };
        assert_eq!(put(&post, &stale, false, hand(&by, &zone)), Err(Refusal::Stale { current: post.version }));
        let paused = Hand { paused: true, ..hand(&by, &zone) };
        assert_eq!(put(&post, &wanted, false, paused), Err(Refusal::Paused));
        let without = Post { plan: None, ..wished(2, at("2026-04-01T10:00")) };
        let wanted = Wanted { post: without.id.clone(), version: without.version, ..wanted };
        assert_eq!(put(&without, &wanted, false, hand(&by, &zone)), Err(Refusal::WrongStage), "it has no hour to move");
    }

    #[test]
    fn an_approval_over_another_content_lets_nothing_move() {
        let post = placed(1, at("2026-04-01T10:00"));
        let Stage::Placed { approval: Approval::Declared { kind, by, reason, at, .. }, slot } = post.stage.clone()
        else {
            panic!()
        };
        let approval = Approval::Declared { content_hash: "another".to_owned(), kind, by, reason, at };
        let void = Post { stage: Stage::Placed { approval, slot }, ..post };
        assert_eq!(moved(&void, 1), Err(Refusal::ApprovalVoid));
    }

    #[test]
    fn two_change_places_to_the_instant_also_in_the_hour_that_is_there_twice() {
        let zone = madrid();
        let Resolved::Fold { second, .. } = zone.resolve(parse_civil("2026-10-25T02:30").unwrap()) else { panic!() };
        let (one, other) = (placed(1, second), placed(2, at("2026-06-01T10:00")));
        let of = |post: &Post| (post.id.clone(), post.version, post.slot().unwrap().at);
        let by = by();
        let after = swap(of(&one), of(&other), &zone);
        let put =
            |post: &Post, wanted: &Wanted| put(post, wanted, false, hand(&by, &zone)).unwrap().post.slot().unwrap().at;
        assert_eq!((put(&one, &after[0]), put(&other, &after[1])), (at("2026-06-01T10:00"), second));
    }

    #[test]
    fn a_command_names_some_posts_each_once() {
        let wanted = |n: u128| Wanted::at(PostId::from_bits(n), 1, NOW, &madrid());
        assert_eq!(parse(&[]), Err(Refusal::Malformed { field: "posts".to_owned() }));
        assert_eq!(parse(&[wanted(1), wanted(2), wanted(1)]), Err(Refusal::Doubled { field: "posts".to_owned() }));
        let many: Vec<_> = (0..=MOST as u128).map(wanted).collect();
        assert!(matches!(parse(&many), Err(Refusal::TooLarge { limit: 20, length: 21, .. })));
        assert_eq!(parse(&many[1..]), Ok(()));
        for days in [0, 367, -367, i32::MIN] {
            assert!(parse_days(days).is_err(), "{days}");
        }
        assert_eq!((parse_days(366), parse_days(-366)), (Ok(366), Ok(-366)));
    }

    proptest! {
        #[test]
        fn there_and_back_again_is_where_it_was(minutes in 0_i64..150_000, days in -300..300_i32, agreed in any::<bool>()) {
            let from = NOW.plus(Millis::days(300)).plus(Millis::minutes(minutes));
            let post = if agreed { placed(1, from) } else { wished(1, from) };
            match moved(&post, days) {
                Ok(step) => {
                    let (before, after) = (post.slot().unwrap(), step.post.slot().unwrap());
                    prop_assert_eq!(before.civil.time(), after.civil.time());
                    prop_assert_eq!((after.civil.date() - before.civil.date()).num_days(), i64::from(days));
                    // The way back is by the instant: it is never asked about.
                    let (zone, by) = (madrid(), by());
                    let back = Wanted::at(post.id.clone(), step.post.version, from, &zone);
                    let back = put(&step.post, &back, false, hand(&by, &zone)).unwrap();
                    prop_assert_eq!(back.post.slot().unwrap().at, from);
                    prop_assert_eq!(back.post.stage.name(), post.stage.name());
                }
                Err(Refusal::InAGap { .. } | Refusal::InAFold { .. }) => {}
                Err(other) => prop_assert!(false, "{:?}", other),
            }
        }
    }
}
