//! The hour that somebody wishes for a post before it is agreed, what becomes of it, and where there is still room.
//! Separate from `slot`: a slot is a promise to citizens, a wish is one among colleagues. Nothing goes out at it until
//! everybody agreed who has to, and then only if it is still ahead.

use serde::{Deserialize, Serialize};

use crate::{
    Effect, Kind, MemberId, Millis, Moment, Notice, Slot,
    hours::Calendar,
    mark::{self, Mark},
    record::Subject,
    round::Envelope,
};

/// The hour of a post that is not placed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "plan", deny_unknown_fields)]
pub enum Plan {
    /// Somebody wishes it.
    Wished {
        /// Which.
        slot: Slot,
        /// Who: it is they who publish, when it is placed by itself.
        by: MemberId,
    },
    /// Somebody wished it, and it will not be: another is chosen by a person.
    Missed {
        /// Which.
        slot: Slot,
        /// Who.
        by: MemberId,
        /// Why not.
        why: Missed,
    },
}

/// Why a post does not go out at the hour that was wished for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Missed {
    /// Nobody decided in time, and the circuit lets the hour go then.
    GivenUp,
    /// The hour was over before everybody agreed.
    Passed,
    /// Nobody decided in time, and there was no free hole within the times that are agreed to.
    NoRoom,
    /// Whoever planned it wrote in it or agreed to it, and the organisation keeps that apart from publishing.
    DutiesApart,
    /// Whoever planned it may not publish any more.
    PlannerGone,
    /// Everything was paused when it was agreed to.
    Paused,
    /// The rules or its channels did not let it out when it was agreed to.
    Blocked,
}

impl Plan {
    /// The hour.
    pub const fn slot(&self) -> &Slot {
        match self {
            Plan::Wished { slot, .. } | Plan::Missed { slot, .. } => slot,
        }
    }

    /// Whose wish it is.
    pub const fn by(&self) -> &MemberId {
        match self {
            Plan::Wished { by, .. } | Plan::Missed { by, .. } => by,
        }
    }

    /// The hour, while it is still wished.
    pub const fn wished(&self) -> Option<&Slot> {
        match self {
            Plan::Wished { slot, .. } => Some(slot),
            Plan::Missed { .. } => None,
        }
    }

    /// Why it will not be, if so.
    pub const fn missed(&self) -> Option<Missed> {
        match self {
            Plan::Wished { .. } => None,
            Plan::Missed { why, .. } => Some(*why),
        }
    }

    /// The same wish, given up.
    #[must_use]
    pub fn miss(self, why: Missed) -> Self {
        match self {
            Plan::Wished { slot, by } | Plan::Missed { slot, by, .. } => Plan::Missed { slot, by, why },
        }
    }
}

/// Holes begin at full quarters: what people would choose, and what a week's strip can show.
const QUARTER: i64 = Millis::minutes(15).0;

/// How far two posts of one channel are kept apart by whoever looks for a hole: a slot's usual window. What is late by
/// less than that would come out together with the next.
pub const APART: Millis = Millis::minutes(30);

/// How far ahead a hole is looked for. What finds none in a month is another post by then.
pub const SEARCH: Millis = Millis::days(31);

/// What whoever looks for a hole keeps away from.
#[derive(Debug, Clone, Copy, Default)]
pub struct Room<'a> {
    /// When else something goes out on the same channels, in order.
    pub taken: &'a [Moment],
    /// What stands in the calendar on the days that are looked through: there are days on which not everything is said.
    pub marks: &'a [Mark],
}

/// The next free hole after an instant for a post of a kind: a full quarter of the wall within the working hours, at least [`APART`]
/// from everything that is taken on the same channels, within the times that were agreed to, and on no day that is held
/// ([`mark::is_held`]).
pub fn next_free(
    after: Moment,
    window: Millis,
    (kind, room): (Kind, Room<'_>),
    envelope: &Envelope,
    calendar: Calendar<'_>,
) -> Option<Slot> {
    let (end, taken) = (after.plus(SEARCH), room.taken);
    // One day more than the search: the day that it begins in is cut.
    let days = usize::try_from(SEARCH.0 / Millis::days(1).0 + 1).unwrap_or_default();
    for (start, until) in calendar.stretches(after.plus(Millis(1)), days) {
        // A stretch is of one day.
        if mark::is_held(room.marks, calendar.zone.civil(start).date(), kind) {
            continue;
        }
        let mut at = full_quarter(start, calendar);
        while at < until && at <= end {
            // The last one before it and the first one after it are the only two that can be too near.
            let next = taken.partition_point(|other| *other < at);
            let near = taken[next.saturating_sub(1)..].iter().take(2).find(|other| gap(**other, at) < APART);
            match near {
                Some(other) if *other >= at => at = full_quarter(other.plus(APART), calendar),
                Some(other) => at = full_quarter(other.plus(APART).max(at.plus(Millis(1))), calendar),
                None => {
                    let slot = Slot { civil: calendar.zone.civil(at), zone: calendar.zone.name.clone(), at, window };
                    if envelope.covers(&slot) {
                        return Some(slot);
                    }
                    at = full_quarter(at.plus(Millis(1)), calendar);
                }
            }
        }
    }
    None
}

const fn gap(one: Moment, other: Moment) -> Millis {
    Millis(one.since(other).0.abs())
}

/// The first full quarter on the wall from an instant on. By the wall: there are zones that are a quarter off, and were
/// some that were minutes off.
fn full_quarter(from: Moment, calendar: Calendar<'_>) -> Moment {
    let shown = from.plus(Millis::seconds(calendar.zone.offset_at(from).into())).0;
    from.plus(Millis((QUARTER - shown.rem_euclid(QUARTER)) % QUARTER))
}

/// What is kept and told when an hour is lost.
pub(crate) fn lost(post: &crate::PostId, plan: &Plan, why: Missed, to: Vec<MemberId>) -> Vec<Effect> {
    let slot = plan.slot();
    let body = crate::json!({ "post": post, "what": "hour_lost", "why": why, "slot": slot, "planned_by": plan.by() });
    let to = to.into_iter().chain([plan.by().clone()]).collect();
    let notice = Notice::HourLost { post: post.clone(), to, slot: slot.clone(), why };
    vec![Effect::Keep { subject: Subject::Placement, body }, Effect::Notify(notice)]
}

/// What is kept and told when an hour is changed by itself.
pub(crate) fn moved(post: &crate::PostId, plan: &Plan, slot: &Slot, to: Vec<MemberId>) -> Vec<Effect> {
    let body = crate::json!({
        "post": post, "what": "next_free_hole", "from": plan.slot(), "slot": slot, "planned_by": plan.by(),
    });
    let to = to.into_iter().chain([plan.by().clone()]).collect();
    let notice = Notice::HourMoved { post: post.clone(), to, from: plan.slot().clone(), slot: slot.clone() };
    vec![Effect::Keep { subject: Subject::Placement, body }, Effect::Notify(notice)]
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::{
        hours::{Hours, Shift},
        mark::MarkKind,
        slot::parse_civil,
        zone::{Resolved, bench::madrid},
    };

    fn at(civil: &str) -> Moment {
        match madrid().resolve(parse_civil(civil).unwrap()) {
            Resolved::One(at) => at,
            other => panic!("{other:?}"),
        }
    }

    fn ever() -> Envelope {
        Envelope::Times { from: Moment(0), until: Moment(i64::MAX) }
    }

    fn hole(after: &str, taken: &[&str], envelope: &Envelope) -> Option<String> {
        let (hours, zone) = (Hours::default(), madrid());
        let taken: Vec<Moment> = taken.iter().map(|civil| at(civil)).collect();
        let calendar = Calendar { hours: &hours, zone: &zone };
        let room = Room { taken: &taken, marks: &[] };
        let slot = next_free(at(after), Millis::minutes(30), (Kind::Routine, room), envelope, calendar)?;
        Some(slot.civil.to_string())
    }

    #[test]
    fn on_a_day_of_mourning_there_is_a_hole_only_for_what_people_must_know() {
        let mark = |kind| Mark {
            id: crate::MarkId::from_bits(1),
            version: 1,
            kind,
            text: "Luto oficial".to_owned(),
            first: "2026-06-03".parse().unwrap(),
            last: "2026-06-04".parse().unwrap(),
        };
        let (hours, zone) = (Hours::default(), madrid());
        let calendar = Calendar { hours: &hours, zone: &zone };
        let found = |mark: Mark, kind| {
            let room = Room { taken: &[], marks: &[mark] };
            let slot = next_free(at("2026-06-03T10:07"), Millis(0), (kind, room), &ever(), calendar).unwrap();
            slot.civil.to_string()
        };
        assert_eq!(found(mark(MarkKind::Mourning), Kind::Routine), "2026-06-05 08:00:00");
        assert_eq!(found(mark(MarkKind::Mourning), Kind::Service), "2026-06-03 10:15:00");
        assert_eq!(found(mark(MarkKind::Election), Kind::Routine), "2026-06-03 10:15:00");
    }

    #[test]
    fn the_next_full_quarter_of_working_hours_that_is_not_too_near() {
        // A Wednesday; the town hall is open from eight to three.
        assert_eq!(hole("2026-06-03T10:07", &[], &ever()).unwrap(), "2026-06-03 10:15:00");
        assert_eq!(hole("2026-06-03T10:15", &[], &ever()).unwrap(), "2026-06-03 10:30:00", "after, not at");
        assert_eq!(hole("2026-06-03T10:07", &["2026-06-03T10:30"], &ever()).unwrap(), "2026-06-03 11:00:00");
        let two = ["2026-06-03T10:00", "2026-06-03T11:00"];
        assert_eq!(hole("2026-06-03T10:07", &two, &ever()).unwrap(), "2026-06-03 10:30:00", "just between them");
        assert_eq!(hole("2026-06-03T14:50", &[], &ever()).unwrap(), "2026-06-04 08:00:00", "closed at three");
        assert_eq!(hole("2026-06-05T15:00", &[], &ever()).unwrap(), "2026-06-08 08:00:00", "over the weekend");
    }

    #[test]
    fn outside_the_times_that_were_agreed_to_there_is_no_hole() {
        let until = |civil: &str| Envelope::Times { from: at("2026-06-01T00:00"), until: at(civil) };
        assert_eq!(hole("2026-06-03T14:50", &[], &until("2026-06-03T23:59")), None);
        assert_eq!(hole("2026-06-03T14:30", &[], &until("2026-06-03T14:44")), None);
        assert_eq!(hole("2026-06-03T14:30", &[], &until("2026-06-03T14:45")).unwrap(), "2026-06-03 14:45:00");
        assert_eq!(hole("2026-06-03T10:00", &[], &until("2026-06-01T12:00")), None);
    }

    fn night() -> Hours {
        let whole = vec![Shift { from: 0, until: 1_440 }];
        Hours { week: std::array::from_fn(|_| whole.clone()), ..Hours::default() }
    }

    #[test]
    fn on_the_nights_when_clocks_change_a_hole_is_an_hour_that_exists() {
        let (hours, zone) = (night(), madrid());
        let calendar = Calendar { hours: &hours, zone: &zone };
        let none = (Kind::Routine, Room::default());
        let next = |after: Moment| next_free(after, Millis(0), none, &ever(), calendar).unwrap();
        assert_eq!(next(at("2026-03-29T01:50")).civil.to_string(), "2026-03-29 03:00:00");
        // Twice half past two in October: two different holes, an hour apart.
        let first = next(at("2026-10-25T01:59"));
        assert_eq!(first.civil.to_string(), "2026-10-25 02:00:00");
        let again = (0..4).fold(first.at, |after, _| next(after).at);
        assert_eq!(
            (zone.civil(again).to_string(), again.since(first.at)),
            ("2026-10-25 02:00:00".to_owned(), Millis::hours(1))
        );
    }

    proptest! {
        /// Whatever is taken, and over both nights: it is the first that fits, judged by looking at every quarter.
        #[test]
        fn a_hole_is_the_first_one_that_fits(
            minute in 0_i64..400_000,
            open in any::<bool>(),
            taken in prop::collection::vec(0_i64..3_000, 0..40),
            span in 0_i64..5_000,
        ) {
            let (hours, zone) = (if open { night() } else { Hours::default() }, madrid());
            let calendar = Calendar { hours: &hours, zone: &zone };
            // From February on: both changes of the year are within.
            let after = Moment(1_770_000_000_000).plus(Millis::minutes(minute));
            let mut taken: Vec<Moment> = taken.into_iter().map(|far| after.plus(Millis::minutes(far - 60))).collect();
            taken.sort();
            let envelope = Envelope::Times { from: after.minus(Millis::days(1)), until: after.plus(Millis::minutes(span)) };
            let fits = |at: Moment| {
                at > after
                    && at.since(after).0 <= Millis::minutes(span).0
                    && calendar.is_open(at)
                    && taken.iter().all(|other| gap(*other, at) >= APART)
            };
            // Every quarter of this zone is one of the epoch's.
            let first = after.0.div_euclid(QUARTER) * QUARTER;
            let expected = (0..span / 15 + 2).map(|n| Moment(first + n * QUARTER)).find(|at| fits(*at));
            let room = (Kind::Routine, Room { taken: &taken, marks: &[] });
            let found = next_free(after, Millis::minutes(30), room, &envelope, calendar);
            prop_assert_eq!(found.as_ref().map(|slot| slot.at), expected);
            if let Some(slot) = found {
                prop_assert_eq!(zone.civil(slot.at), slot.civil);
                prop_assert!(envelope.covers(&slot));
            }
        }
    }
}
