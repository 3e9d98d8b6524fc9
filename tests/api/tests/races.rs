//! Races on the engine itself: two things at once, many times over, and each time one of them wins wholly.

use std::{collections::BTreeMap, thread};

use api_journeys::{Member, Town, approval, at, because, eventually, id, last_act, slot};
use domain::{
    Choice, Millis, Moment, Refusal, Role, Stage, StageName,
    circuit::{Options, Quorum, Seat, Silence},
    delivery::{ActState, PublicationState},
    plan::{APART, Missed},
};
use wire::{
    bylaws,
    posts::{self, PostView},
};

use crate::{
    circuits::{circuit, decide, decree, draw, everything_through, joined, role, step, submitted},
    planning::{always_open, counted, kept, planned, told, within},
};

/// Both at the same time.
pub fn at_once<A: Send, B: Send>(one: impl FnOnce() -> A + Send, other: impl FnOnce() -> B + Send) -> (A, B) {
    let gate = std::sync::Barrier::new(2);
    let gate = &gate;
    thread::scope(|scope| {
        let first = scope.spawn(move || {
            gate.wait();
            one()
        });
        gate.wait();
        let second = other();
        (first.join().unwrap(), second)
    })
}

/// How often each outcome was met: a race that always goes one way was none.
#[derive(Default)]
struct Outcomes(BTreeMap<&'static str, usize>);

impl Outcomes {
    fn met(&mut self, what: &'static str) {
        *self.0.entry(what).or_default() += 1;
    }

    fn all(&self, name: &str) {
        println!("race {name}: {:?}", self.0);
    }
}

#[test]
fn of_two_who_agree_at_once_where_one_is_needed_one_is_recorded() {
    let town = Town::found("Villa del Empate");
    let seats = [role(Role::Approver), role(Role::Administrator)];
    draw(&town, everything_through(circuit(5, vec![step(1, Quorum::Any, &seats)], Options::default())));
    let (mayor, administrator) = (town.mayor(), town.administrator());
    let mut outcomes = Outcomes::default();
    for n in 0..20 {
        let post = submitted(&town, &format!("Bando {n}."));
        let (one, other) = at_once(|| decide(&mayor, &post), || decide(&administrator, &post));
        let after = town.author().read(&post.post.id);
        assert_eq!((after.post.stage.name(), after.decisions.len()), (StageName::Approved, 1), "{n}");
        assert_eq!([&one, &other].iter().filter(|answer| answer.is_ok()).count(), 1, "{n}");
        for no in [one.as_ref().err(), other.as_ref().err()].into_iter().flatten() {
            let refusal = Refusal::from(no.clone());
            assert!(
                matches!(refusal, Refusal::Stale { .. } | Refusal::WrongStage | Refusal::StepClosed),
                "{refusal:?}"
            );
        }
        outcomes.met(if one.is_ok() { "mayor" } else { "administrator" });
    }
    outcomes.all("one of two");
}

#[test]
fn of_two_who_agree_at_once_where_both_are_needed_both_are_recorded() {
    let town = Town::found("Villa de los Dos");
    let (mayor, administrator) = (town.mayor(), town.administrator());
    let seat = |of: Role| Seat::from(role(of));
    let two = domain::circuit::Step {
        seats: vec![seat(Role::Approver), seat(Role::Administrator), seat(Role::Author)],
        ..step(1, Quorum::AtLeast { count: 2 }, &[])
    };
    draw(&town, everything_through(circuit(5, vec![two], Options::default())));
    for n in 0..12 {
        let post = submitted(&town, &format!("Ordenanza {n}."));
        let answers = at_once(|| decide(&mayor, &post), || decide(&administrator, &post));
        // Whoever was slower by a moment is told so, and says it again.
        for (answer, who) in [(answers.0, &mayor), (answers.1, &administrator)] {
            if let Err(no) = answer {
                assert!(matches!(Refusal::from(no), Refusal::Stale { .. }), "{n}");
                decide(who, &post).unwrap();
            }
        }
        let after = town.author().read(&post.post.id);
        assert_eq!((after.post.stage.name(), after.decisions.len()), (StageName::Approved, 2), "{n}");
    }
}

#[test]
fn an_edit_during_the_approval_wins_or_loses_and_nobody_agrees_to_what_they_did_not_see() {
    let town = Town::found("Villa de la Errata");
    let (author, mayor) = (town.author(), town.mayor());
    let mut outcomes = Outcomes::default();
    for n in 0..30 {
        let post = planned(&town, &author, &format!("El acto es el día {n}."), Millis::hours(3));
        let other = town.notice(&format!("El acto ya no es el día {n}."));
        let save = posts::Save { version: post.post.version, content: other.clone() };
        let (edited, decided) = at_once(|| author.ask(&posts::SAVE, &[id(&post)], &save), || decide(&mayor, &post));
        let after = author.read(&post.post.id);
        assert!(edited.is_ok() != decided.is_ok(), "one of them: {edited:?} {decided:?}");
        if decided.is_ok() {
            outcomes.met("decision");
            assert_eq!((after.post.stage.name(), &after.post.content), (StageName::Placed, &post.post.content), "{n}");
            assert_eq!(after.post.stage.approval().unwrap().content_hash(), post.content_hash);
            assert_eq!((after.publications.len(), after.decisions.len()), (1, 1));
        } else {
            outcomes.met("edit");
            assert_eq!((after.post.stage.name(), &after.post.content), (StageName::Draft, &other), "{n}");
            assert_eq!((after.publications.len(), after.decisions.len()), (0, 0));
        }
    }
    outcomes.all("edit against decision");
}

#[test]
fn a_submission_that_is_taken_back_during_the_approval_is_one_or_the_other() {
    let town = Town::found("Villa del Último Segundo");
    let (author, mayor) = (town.author(), town.mayor());
    let mut outcomes = Outcomes::default();
    for n in 0..30 {
        let post = planned(&town, &author, &format!("Se retira o no, {n}."), Millis::hours(3));
        let back = || author.ask(&posts::WITHDRAW, &[id(&post)], &at(&post));
        let (withdrawn, decided) = at_once(back, || decide(&mayor, &post));
        let after = author.read(&post.post.id);
        assert!(withdrawn.is_ok() != decided.is_ok(), "one of them: {withdrawn:?} {decided:?}");
        let (stage, decisions, publications) =
            (after.post.stage.name(), after.decisions.len(), after.publications.len());
        if decided.is_ok() {
            outcomes.met("decision");
            assert_eq!((stage, decisions, publications), (StageName::Placed, 1, 1), "{n}");
        } else {
            outcomes.met("withdrawal");
            assert_eq!((stage, decisions, publications), (StageName::Draft, 0, 0), "{n}");
        }
    }
    outcomes.all("withdrawal against decision");
}

#[test]
fn of_two_who_move_one_post_at_once_one_moves_it_and_the_other_is_told() {
    let town = Town::found("Villa de las Dos Manos");
    let (author, mayor, administrator) = (town.author(), town.mayor(), town.administrator());
    let now = town.now();
    let mut outcomes = Outcomes::default();
    let mut moved = Vec::new();
    for n in 0..15 {
        let approved =
            mayor.approve(&author.submit(&author.write(&town.notice(&format!("A las tres o a las cuatro, {n}.")))));
        let placed = author.place(&approved, author.wall(now, Millis::hours(2)));
        let to = |hours: i64| slot(&placed, author.wall(now, Millis::hours(hours)));
        let (three, four) = (to(3), to(4));
        let (one, other) = at_once(
            || author.ask(&posts::PLACE, &[id(&placed)], &three),
            || administrator.ask(&posts::PLACE, &[id(&placed)], &four),
        );
        let after = author.read(&placed.post.id);
        let (wanted, answer, no) = match (one, other) {
            (Ok(answer), Err(no)) => (&three, answer, no),
            (Err(no), Ok(answer)) => (&four, answer, no),
            both => panic!("one of them: {both:?}"),
        };
        outcomes.met(if wanted == &three { "author" } else { "administrator" });
        assert!(matches!(Refusal::from(no), Refusal::Stale { .. }), "{n}");
        assert_eq!((after.post.version, answer.post.version), (placed.post.version + 1, after.post.version), "{n}");
        assert_eq!(after.post.stage.slot().map(|slot| slot.civil), Some(wanted.civil), "{n}");
        assert_eq!((after.publications.len(), after.publications[0].acts.len()), (1, 1), "{n}");
        moved.push(after);
    }
    // Where it was placed first, and where one of them moved it.
    let kept = kept(&town);
    assert!(moved.iter().all(|post| counted(&kept, post, "\"slot\":{") == 2), "{kept:#?}");
    outcomes.all("two moves");
}

#[test]
fn what_is_cancelled_in_the_moment_it_is_due_went_out_once_or_never() {
    let town = Town::found("Villa del Freno");
    let (author, mayor) = (town.author(), town.mayor());
    let mut outcomes = Outcomes::default();
    for n in 0..12_i64 {
        let approved = mayor.approve(&author.submit(&author.write(&town.notice(&format!("Sale o no sale, {n}.")))));
        // Claimed with the placing, its message on the way: the cancellation comes about when it arrives.
        let placed = author.place(&approved, author.wall(town.now(), Millis::seconds(2)));
        let due = placed.post.stage.slot().unwrap().at.since(town.now()).0;
        thread::sleep(std::time::Duration::from_millis(u64::try_from(due - 150 + 80 * n).unwrap_or_default()));
        let cancelled = author.ask(&posts::CANCEL, &[id(&placed)], &because(&placed, "No."));
        let settled = |view: &PostView| match &view.post.stage {
            Stage::Cancelled { .. } => true,
            _ => view.publications.first().is_some_and(|one| one.state == PublicationState::Out),
        };
        let after = eventually("it is settled", || Some(author.read(&placed.post.id)).filter(|view| settled(view)));
        match cancelled {
            Ok(_) => {
                outcomes.met("cancelled");
                assert_eq!((after.post.stage.name(), after.publications.len()), (StageName::Cancelled, 0), "{n}");
            }
            Err(no) => {
                outcomes.met("out");
                let refusal = Refusal::from(no);
                assert!(matches!(refusal, Refusal::Stale { .. } | Refusal::WrongStage), "{refusal:?}");
                assert_eq!(after.publications[0].acts[0].attempts.len(), 1, "{n}");
            }
        }
    }
    thread::sleep(std::time::Duration::from_secs(1));
    let board = api_journeys::send("GET", &format!("/{}/feed.json", town.founded.slug), &[], b"").text();
    let shown = board.matches("Sale o no sale").count();
    let out = outcomes.0.get("out").copied().unwrap_or_default();
    assert!(shown >= out && (out > 0 || shown == 0), "{shown} {out}");
    outcomes.all("cancellation against claim");
}

/// Claimed, and stopped at a point of the engine; then taken back: nothing goes out, whatever comes after.
fn taken_back_at(point: &str, name: &str) {
    let town = Town::alone(name);
    let (author, mayor) = (town.author(), town.mayor());
    let ready = |n: usize| planned(&town, &author, &format!("Reclamada {n}."), Millis::minutes(5));
    let placed: Vec<PostView> = (0..4).map(|n| decide(&mayor, &ready(n)).unwrap()).collect();
    town.arm(&format!("{point}=1000"));
    town.ahead(Millis::minutes(5));
    town.tick();
    let claimed = |post: &PostView| matches!(last_act(&author.read(&post.post.id)), ActState::Claimed { .. });
    for post in &placed {
        eventually("the claim", || claimed(post).then_some(()));
    }
    // Some messages have come to the point and died there; some have not come yet.
    thread::sleep(std::time::Duration::from_millis(700));
    let [cancel, edit, unplace, move_on] = &placed[..] else { panic!("four") };
    author.ok(&posts::CANCEL, &[id(cancel)], &because(cancel, "No sale."));
    let voided = author.edit(edit, &town.notice("Otra cosa."));
    assert_eq!(voided.post.stage.name(), StageName::Draft);
    author.ok(&posts::UNPLACE, &[id(unplace)], &at(unplace));
    let moved = author.place(move_on, author.wall(town.now(), Millis::hours(2)));
    town.arm("");
    for minutes in 5..15 {
        town.ahead(Millis::minutes(minutes));
        town.tick();
        thread::sleep(std::time::Duration::from_millis(100));
    }
    for post in [cancel, edit, unplace] {
        let after = author.read(&post.post.id);
        assert_eq!(after.publications, vec![], "{point}: {:?}", after.post.stage.name());
    }
    let waits = author.read(&moved.post.id);
    assert_eq!(
        (waits.publications[0].state, waits.publications[0].acts[0].attempts.len()),
        (PublicationState::Waiting, 0)
    );
    let board = api_journeys::send("GET", &format!("/{}/feed.json", town.founded.slug), &[], b"").text();
    assert!(!board.contains("Reclamada"), "{board}");
}

#[test]
fn what_is_taken_back_after_the_claim_does_not_go_out() {
    taken_back_at("after_claim", "Villa del Reclamo");
}

#[test]
fn what_is_taken_back_before_the_point_of_no_return_does_not_go_out() {
    taken_back_at("before_begin", "Villa del Umbral");
}

/// Who decides at once, against the one clock.
const HANDS: usize = 4;

#[test]
fn a_deadline_and_a_decision_in_the_same_moment_do_not_both_have_the_hour() {
    let town = Town::alone("Villa de la Campana");
    always_open(&town);
    draw(&town, within(60, Silence::Hold, Options::default()));
    let author = town.author();
    let posts: Vec<PostView> =
        (0..32).map(|n| planned(&town, &author, &format!("En el último minuto, {n}."), Millis::minutes(90))).collect();
    // The time of all of them is over, the hour of all of them is still ahead.
    town.ahead(Millis::minutes(61));
    let mayor = town.mayor();
    let (town, mayor, posts) = (&town, &mayor, &posts);
    // The clock takes them in their order, and so do those who decide: they meet.
    let decided: Vec<PostView> = thread::scope(|scope| {
        let clock = scope.spawn(|| {
            for _ in 0..12 {
                town.tick();
            }
        });
        let hands: Vec<_> = (0..HANDS)
            .map(|hand| {
                scope.spawn(move || {
                    let mine = posts.iter().skip(hand).step_by(HANDS);
                    // If the clock was quicker by a moment, the decision is as good as before.
                    let word = |post| {
                        decide(mayor, post).or_else(|no| {
                            assert!(matches!(Refusal::from(no), Refusal::Stale { .. }));
                            decide(mayor, post)
                        })
                    };
                    mine.map(|post| word(post).unwrap()).collect::<Vec<_>>()
                })
            })
            .collect();
        let decided = hands.into_iter().flat_map(|hand| hand.join().unwrap()).collect();
        clock.join().unwrap();
        decided
    });
    let mut outcomes = Outcomes::default();
    let kept = kept(town);
    for after in &decided {
        let post = posts.iter().find(|post| post.post.id == after.post.id).unwrap();
        let (landed, lost) = (counted(&kept, post, "\"landed\":true"), counted(&kept, post, "hour_lost"));
        match &after.post.stage {
            Stage::Placed { slot, .. } => {
                outcomes.met("decision");
                assert_eq!((Some(slot), landed, lost), (post.post.slot(), 1, 0));
                assert_eq!((after.publications.len(), after.post.plan.clone()), (1, None));
            }
            Stage::Approved { .. } => {
                outcomes.met("deadline");
                assert_eq!(after.post.missed().map(|(_, why)| why), Some(Missed::GivenUp));
                assert_eq!((landed, lost, after.publications.len()), (0, 2, 0));
            }
            other => panic!("{other:?}"),
        }
    }
    outcomes.all("deadline against decision");
}

#[test]
fn many_strokes_over_one_deadline_are_one() {
    let town = Town::alone("Villa de las Campanadas");
    always_open(&town);
    draw(&town, within(60, Silence::Replan, Options::default()));
    let author = town.author();
    let posts: Vec<PostView> = (0..4)
        .map(|n| planned(&town, &author, &format!("Una sola vez, {n}."), Millis::minutes(200 + 40 * n)))
        .collect();
    town.ahead(Millis::minutes(61));
    thread::scope(|scope| {
        for _ in 0..6 {
            scope.spawn(|| {
                for _ in 0..5 {
                    town.tick();
                }
            });
        }
    });
    let author = town.author();
    for post in &posts {
        let moved = eventually("another hour", || {
            town.tick();
            Some(author.read(&post.post.id)).filter(|view| view.post.slot() != post.post.slot())
        });
        assert_eq!(moved.post.version, post.post.version + 1, "once");
        assert_eq!((told(&town, post, "next_free_hole"), told(&town, post, "nobody_decided_in_time")), (1, 1));
    }
    apart(posts.iter().filter_map(|post| author.read(&post.post.id).post.slot().map(|slot| slot.at)));
}

/// No two of them nearer than a hole may be.
fn apart(slots: impl Iterator<Item = Moment>) {
    let mut slots: Vec<Moment> = slots.collect();
    slots.sort();
    assert!(slots.windows(2).all(|two| two[1].since(two[0]) >= APART), "{slots:?}");
}

#[test]
fn two_that_land_late_at_once_take_two_holes() {
    let town = Town::alone("Villa de los Huecos");
    always_open(&town);
    draw(&town, within(600, Silence::Replan, Options::default()));
    let author = town.author();
    let posts: Vec<PostView> =
        (0..16).map(|n| planned(&town, &author, &format!("A la vez, {n}."), Millis::minutes(5))).collect();
    town.ahead(Millis::minutes(6));
    let (mayor, again) = (town.mayor(), town.mayor());
    let mut outcomes = Outcomes::default();
    for pair in posts.chunks(2) {
        let [one, other] = pair else { panic!("pairs") };
        let answers = at_once(|| decide(&mayor, one), || decide(&again, other));
        for (answer, post) in [(answers.0, one), (answers.1, other)] {
            match answer {
                Ok(_) => outcomes.met("at once"),
                Err(no) => {
                    outcomes.met("once more");
                    assert!(matches!(Refusal::from(no), Refusal::Stale { .. }));
                    decide(&mayor, post).unwrap();
                }
            }
        }
    }
    let landed: Vec<PostView> = posts.iter().map(|post| author.read(&post.post.id)).collect();
    assert!(landed.iter().all(|post| post.post.stage.name() == StageName::Placed && post.publications.len() == 1));
    apart(landed.iter().filter_map(|post| post.post.stage.slot().map(|slot| slot.at)));
    outcomes.all("two landings");
}

#[test]
fn a_substitute_whose_term_ends_in_the_middle_of_a_round_has_said_what_was_said_and_says_no_more() {
    let town = Town::alone("Villa del Cese");
    let (mayor, administrator) = (town.mayor(), town.administrator());
    let (_, substitute) = joined(&town, Role::Approver, "Quien sustituye");
    let person = |member: &Member| domain::party::Party::Member { member: member.me.member.clone() };
    let steps = vec![step(1, Quorum::Any, &[person(&mayor)]), step(2, Quorum::Any, &[person(&administrator)])];
    draw(&town, everything_through(circuit(5, steps, Options::default())));
    let named = decree(&mayor, &substitute);
    administrator.ok(&bylaws::SUBSTITUTE, &[], &named);
    let posts: Vec<PostView> = (0..10).map(|n| submitted(&town, &format!("Por delegación, {n}."))).collect();
    let substitute = Member::sign_in(&substitute.me.member, false);
    let word = |post: &PostView| posts::Decide { acting_for: Some(mayor.me.member.clone()), ..approval(post) };
    let half = substitute.ok(&posts::DECIDE, &[id(&posts[0])], &word(&posts[0]));
    // The term ends while the others are being decided on.
    let end = domain::delegation::Term::of_days(named.first, named.last, &mayor.me.zone, town.now()).unwrap().until;
    let left = end.since(town.now());
    town.ahead(left.0.checked_sub(700).map(Millis).unwrap());
    let mut outcomes = Outcomes::default();
    let substitute = Member::sign_in(&substitute.me.member, false);
    for post in &posts[1..] {
        match substitute.ask(&posts::DECIDE, &[id(post)], &word(post)) {
            Ok(view) => {
                outcomes.met("in time");
                let at = view.decisions.last().unwrap().decision.at;
                assert!(at < end, "{at:?} is not before {end:?}");
            }
            Err(no) => {
                outcomes.met("over");
                assert_eq!(Refusal::from(no), Refusal::NoDelegation);
                assert!(town.now() >= end);
            }
        }
        thread::sleep(std::time::Duration::from_millis(120));
    }
    assert!(outcomes.0.get("over").is_some_and(|over| *over > 0), "{:?}", outcomes.0);
    // What was said under the decree stands, and the round goes on.
    let whole = decide(&town.administrator(), &half).unwrap();
    assert_eq!((whole.post.stage.name(), whole.decisions.len()), (StageName::Approved, 2));
    assert!(matches!(whole.decisions[0].decision.choice, Choice::Approve));
    outcomes.all("end of term");
}

#[test]
fn a_revocation_during_a_decision_is_before_it_or_after_it() {
    let town = Town::found("Villa de la Revocación");
    let (mayor, administrator) = (town.mayor(), town.administrator());
    let (_, substitute) = joined(&town, Role::Approver, "Teniente");
    let person = domain::party::Party::Member { member: mayor.me.member.clone() };
    draw(&town, everything_through(circuit(5, vec![step(1, Quorum::Any, &[person])], Options::default())));
    let substitute = Member::sign_in(&substitute.me.member, true);
    let mut outcomes = Outcomes::default();
    for n in 0..12_u32 {
        let id_of = domain::DelegationId::from_bits(1_000 + u128::from(n));
        let named = bylaws::Substitute { id: id_of, ..decree(&mayor, &substitute) };
        administrator.ok(&bylaws::SUBSTITUTE, &[], &named);
        let post = submitted(&town, &format!("Delegada o no, {n}."));
        let word = posts::Decide { acting_for: Some(mayor.me.member.clone()), ..approval(&post) };
        let revoke = || administrator.ask(&bylaws::REVOKE, &[named.id.as_str()], &wire::Nothing {});
        let (revoked, decided) = at_once(revoke, || substitute.ask(&posts::DECIDE, &[id(&post)], &word));
        assert!(revoked.is_ok(), "{revoked:?}");
        let after = town.author().read(&post.post.id);
        match decided {
            Ok(_) => {
                outcomes.met("decision");
                assert_eq!((after.post.stage.name(), after.decisions.len()), (StageName::Approved, 1));
            }
            Err(no) => {
                outcomes.met("revocation");
                assert_eq!(Refusal::from(no), Refusal::NoDelegation, "looked at again, with what stands now");
                assert_eq!((after.post.stage.name(), after.decisions.len()), (StageName::InReview, 0));
            }
        }
    }
    outcomes.all("revocation against decision");
}
