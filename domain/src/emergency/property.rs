//! Whatever people do in whatever order: nothing goes out in an emergency without the words that the protocol asks
//! for, over exactly its content, by people who are not one person; and what was asked goes out once.

use std::collections::BTreeSet;

use chrono::NaiveDateTime;
use proptest::prelude::*;

use super::{Before, Emergency, Owed, Protocol, Request};
use crate::{
    Approval, Content, EmergencyId, Millis, Moment, Post, PostId, Refusal, Role, Slot, Stage,
    circuit::Duties,
    party::Party,
    round::tests::{content, member, named, people, role},
};

#[derive(Debug, Clone)]
enum Move {
    Edit(u8, u8),
    Ask(u8),
    Join(u8),
    Decline(u8),
    Urge,
    Answer(u8, bool),
    Wait(i64),
}

fn moves() -> impl Strategy<Value = Vec<Move>> {
    let one = prop_oneof![
        (0..2_u8, 1..7_u8).prop_map(|(text, by)| Move::Edit(text, by)),
        (1..7_u8).prop_map(Move::Ask),
        (1..7_u8).prop_map(Move::Join),
        (1..7_u8).prop_map(Move::Decline),
        Just(Move::Urge),
        (1..7_u8, any::<bool>()).prop_map(|(by, yes)| Move::Answer(by, yes)),
        (0..30_000_000_i64).prop_map(Move::Wait),
    ];
    prop::collection::vec(one, 0..40)
}

fn party() -> impl Strategy<Value = Party> {
    prop_oneof![
        (1..7_u8).prop_map(|n| named(n.into())),
        prop::sample::select(vec![Role::Author, Role::Approver, Role::Administrator, Role::Observer]).prop_map(role),
    ]
}

fn protocol() -> impl Strategy<Value = Protocol> {
    let before = prop_oneof![Just(Before::Two), (1..20_000_000_i64).prop_map(|ms| Before::One { within: Millis(ms) })];
    (prop::collection::vec(party(), 0..4), prop::collection::vec(party(), 0..4), before)
        .prop_map(|(publish, ratify, before)| Protocol { publish, ratify, before })
}

fn by(n: u8) -> crate::MemberId {
    member(n.into())
}

fn slot(at: Moment) -> Slot {
    Slot { civil: NaiveDateTime::default(), zone: "UTC".to_owned(), at, window: Millis::minutes(30) }
}

proptest! {
    #[test]
    fn nothing_goes_out_without_the_words_and_nothing_goes_out_twice(
        protocol in protocol(), apart in any::<bool>(), moves in moves(),
    ) {
        let town = people();
        // A protocol that may be saved is one that somebody can follow.
        let sound = protocol.clone().parse(&town);
        if sound.is_ok() {
            let (first, others) = (protocol.publishers(&town), protocol.others(&town));
            prop_assert!(first.iter().all(|one| others.iter().any(|other| other != one)));
        }
        let Ok(protocol) = sound else { return Ok(()) };
        let duties = if apart { Duties::Apart } else { Duties::Shared };
        let mut post = Post::new(PostId::from_bits(1), member(1), content(0, 0));
        let (mut now, mut asked, mut out) = (Moment(0), None::<Emergency>, 0);
        for act in moves {
            let before = asked.clone();
            match act {
                Move::Wait(ms) => now = now.plus(Millis(ms)),
                Move::Edit(n, who) => {
                    if let Ok(step) = post.clone().edit(content(n, 0), &by(who), now) {
                        post = step.post;
                    }
                }
                Move::Ask(who) => {
                    let hands = post.hands.clone();
                    let id = EmergencyId::from_bits(1);
                    let request = Request { id, post: &post.id, content: &post.content, hands, duties, reason: "Riada" };
                    if asked.is_none() {
                        asked = Emergency::ask(&protocol, request, &by(who), &town, now).ok();
                    }
                }
                Move::Join(who) => {
                    let hash = post.content.hash();
                    asked = asked.and_then(|one| one.join(&hash, &by(who), &town, now).ok()).or(before);
                }
                Move::Decline(who) => {
                    asked = asked.and_then(|one| one.decline(&by(who), "no", &town, now).ok()).or(before);
                }
                Move::Answer(who, yes) => {
                    let no = (!yes).then_some("no");
                    asked = asked.and_then(|one| one.answer(&by(who), no, &town, now).ok()).or(before);
                }
                Move::Urge => {
                    let Some(emergency) = &asked else { continue };
                    if let Ok(step) = post.clone().urge(emergency, slot(now), false) {
                        post = step.post;
                        out += 1;
                        judge(&post, emergency, &protocol)?;
                        post = post.leave().unwrap().post;
                    }
                }
            }
            if let Some(emergency) = &asked {
                let owed = emergency.owed(now);
                let waits = matches!(owed, Owed::Second { .. } | Owed::Ratification { .. } | Owed::Overdue { .. });
                let can = emergency.answerers(&town, now);
                prop_assert!(waits || can.is_empty());
                prop_assert!(!can.contains(&emergency.first.by) && can.is_disjoint(&emergency.hands));
                prop_assert!(emergency.strikes(now).is_none_or(|at| at > now));
            }
        }
        prop_assert!(out <= 1, "it went out {} times", out);
    }
}

/// The judge of its own: reads what was written down, and asks no rule.
fn judge(post: &Post, emergency: &Emergency, protocol: &Protocol) -> Result<(), TestCaseError> {
    let Stage::Placed { approval, .. } = &post.stage else {
        return Err(TestCaseError::fail("not placed"));
    };
    let Approval::Emergency { content_hash, by, second, hands, .. } = approval else {
        return Err(TestCaseError::fail("another ground"));
    };
    prop_assert_eq!(content_hash, &Content::hash(&post.content));
    prop_assert_eq!(by, &emergency.first.by);
    let words = BTreeSet::from_iter(std::iter::once(by).chain(second));
    match protocol.before {
        Before::Two => {
            prop_assert_eq!(words.len(), 2, "two people");
            prop_assert!(second.as_ref().is_some_and(|second| !hands.contains(second)));
        }
        Before::One { .. } => prop_assert_eq!(words.len(), 1),
    }
    prop_assert!(emergency.duties == Duties::Shared || !hands.contains(by));
    let much_later = slot(Moment(i64::MAX >> 2));
    prop_assert_eq!(approval.lets(content_hash, &much_later, by), Err(Refusal::OutsideEnvelope));
    Ok(())
}
