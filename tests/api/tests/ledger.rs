//! The ledger under bad weather: doubled ticks, lost messages, an engine that dies between any two steps.
//! Nothing goes out twice, nothing is lost, nothing is silent.

use std::thread;

use api_journeys::{Member, Town, eventually, last_act};
use domain::{
    Millis, Moment, PostId,
    delivery::{ActState, PublicationState},
};
use wire::posts::PostView;

fn placed(town: &Town, author: &Member, mayor: &Member, span: Millis, text: &str) -> PostId {
    let waiting = author.submit(&author.write(&town.notice(text)));
    author.place(&mayor.approve(&waiting), author.wall(town.now(), span)).post.id
}

/// Strikes the clock until everything is settled: each stroke a little later, so that leases lapse and looks are due.
pub fn until_settled(town: &Town, author: &Member, post: &PostId, ahead: Millis) -> PostView {
    for minutes in 0..40 {
        town.ahead(Millis(ahead.0 + Millis::minutes(minutes).0));
        town.tick();
        // The queue is real: it needs a moment.
        for _ in 0..8 {
            thread::sleep(std::time::Duration::from_millis(100));
            let view = author.read(post);
            if matches!(
                view.publications[0].state,
                PublicationState::Out | PublicationState::Failed | PublicationState::Held
            ) {
                return view;
            }
        }
    }
    panic!("it never settled: {:?}", author.read(post).publications)
}

#[test]
fn a_storm_of_ticks_sends_each_post_once() {
    let town = Town::alone("Villa de la Tormenta");
    let (author, mayor) = (town.author(), town.mayor());
    let posts: Vec<PostId> =
        (0..12).map(|n| placed(&town, &author, &mayor, Millis::minutes(5), &format!("Aviso {n}."))).collect();
    town.ahead(Millis::minutes(5));
    thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| {
                for _ in 0..4 {
                    town.tick();
                }
            });
        }
    });
    for post in &posts {
        let out = author.wait_for(post, PublicationState::Out);
        let act = &out.publications[0].acts[0];
        assert_eq!((out.publications[0].acts.len(), act.attempts.len()), (1, 1), "{act:?}");
    }
}

#[test]
fn a_post_placed_at_the_same_time_by_two_hands_goes_out_once() {
    let town = Town::found("Villa del Doble Toque");
    let (author, mayor, administrator) = (town.author(), town.mayor(), town.administrator());
    let approved = mayor.approve(&author.submit(&author.write(&town.notice("Se abre el plazo."))));
    let answers = thread::scope(|scope| {
        let hands: Vec<_> = (0..6)
            .map(|n| {
                let (who, approved) = (if n % 2 == 0 { &author } else { &administrator }, &approved);
                scope.spawn(move || {
                    who.ask(&wire::posts::RELEASE, &[api_journeys::id(approved)], &api_journeys::at(approved))
                })
            })
            .collect();
        hands.into_iter().map(|hand| hand.join().unwrap()).collect::<Vec<_>>()
    });
    assert_eq!(answers.iter().filter(|answer| answer.is_ok()).count(), 1);
    let out = author.wait_for(&approved.post.id, PublicationState::Out);
    assert_eq!(out.publications.len(), 1);
    assert_eq!(out.publications[0].acts[0].attempts.len(), 1);
}

#[test]
fn messages_that_the_queue_loses_are_found_again_in_the_database() {
    let town = Town::alone("Villa de la Cola Rota");
    let (author, mayor) = (town.author(), town.mayor());
    let post = placed(&town, &author, &mayor, Millis::minutes(5), "Mensaje perdido.");
    town.arm("queue_loses=1000");
    town.ahead(Millis::minutes(5));
    town.tick();
    let lost = author.read(&post);
    assert!(matches!(last_act(&lost), ActState::Claimed { fence: 1, .. }), "{:?}", last_act(&lost));
    let hits = town.arm("");
    assert!(hits.hits.iter().any(|(name, _, fired)| name == "queue_loses" && *fired > 0));
    town.tick();
    assert!(matches!(last_act(&author.read(&post)), ActState::Claimed { fence: 1, .. }), "the lease still holds");
    let out = until_settled(&town, &author, &post, Millis::minutes(8));
    assert_eq!(out.publications[0].state, PublicationState::Out);
    assert_eq!(out.publications[0].acts[0].attempts.len(), 1);
}

/// Dies once at a point, and says how many attempts it may have taken to be out once.
fn dies_at(point: &str, attempts: &[usize]) {
    let town = Town::alone("Villa del Apagón");
    let (author, mayor) = (town.author(), town.mayor());
    let post = placed(&town, &author, &mayor, Millis::minutes(5), &format!("Muere en {point}."));
    // What counts is that it fired now: other journeys have reached the point before.
    let fired = |hits: &wire::rehearsal::Hits| {
        hits.hits.iter().find(|(name, ..)| name == point).map_or(0, |(_, _, fired)| *fired)
    };
    let before = fired(&town.arm(&format!("{point}=1")));
    town.ahead(Millis::minutes(5));
    town.tick();
    eventually("the point to be hit", || (fired(&town.hits()) > before).then_some(()));
    let settled = until_settled(&town, &author, &post, Millis::minutes(5));
    assert_eq!(settled.publications[0].state, PublicationState::Out, "{:?}", last_act(&settled));
    let tried = settled.publications[0].acts[0].attempts.len();
    assert!(attempts.contains(&tried), "{point}: {tried} attempts, {:?}", settled.publications[0].acts[0].attempts);
    // Two hours later it has still gone out once, and nothing moves any more.
    town.ahead(Millis::hours(2));
    for _ in 0..3 {
        town.tick();
    }
    thread::sleep(std::time::Duration::from_millis(500));
    let later = author.read(&post);
    assert_eq!(later.publications, settled.publications);
}

#[test]
fn an_engine_that_dies_after_the_claim_sends_once() {
    dies_at("after_claim", &[1]);
}

#[test]
fn an_engine_that_dies_before_the_point_of_no_return_sends_once() {
    dies_at("before_begin", &[1]);
}

#[test]
fn an_engine_that_dies_after_the_point_of_no_return_looks_and_sends_once() {
    dies_at("after_begin", &[2]);
}

#[test]
fn an_engine_that_dies_after_sending_looks_before_it_sends_anything_again() {
    dies_at("after_send", &[1, 2]);
}

#[test]
fn an_engine_that_dies_before_it_writes_down_the_answer_looks_first() {
    dies_at("before_conclude", &[1, 2]);
}

#[test]
fn an_unknown_one_is_looked_up_by_hand_too() {
    let town = Town::alone("Villa de la Duda");
    let (author, mayor) = (town.author(), town.mayor());
    let post = placed(&town, &author, &mayor, Millis::minutes(5), "¿Salió?");
    town.arm("after_send=1");
    town.ahead(Millis::minutes(5));
    town.tick();
    eventually("the sending", || matches!(last_act(&author.read(&post)), ActState::Sending { .. }).then_some(()));
    let publication = author.read(&post).publications[0].id.to_string();
    let look = &wire::publications::LOOK;
    assert_eq!(
        author.no(look, &[&publication], &wire::Nothing {}),
        domain::Refusal::WrongState,
        "it may still be on its way"
    );
    // Its lease lapses; nobody but the person looks.
    town.arm("queue_loses=1000");
    town.ahead(Millis::minutes(9));
    town.tick();
    assert!(matches!(last_act(&author.read(&post)), ActState::Unknown { asked: false, .. }));
    town.arm("");
    author.ok(look, &[&publication], &wire::Nothing {});
    let out = author.wait_for(&post, PublicationState::Out);
    let ActState::Done { receipt } = last_act(&out) else { panic!("{:?}", last_act(&out)) };
    assert!(receipt.at > Moment(0));
}

#[test]
fn many_that_are_due_at_once_all_go_out() {
    let town = Town::alone("Villa del Bullicio");
    let (author, mayor) = (town.author(), town.mayor());
    let posts: Vec<PostId> =
        (0..40).map(|n| placed(&town, &author, &mayor, Millis::minutes(5), &format!("Bando {n}."))).collect();
    town.ahead(Millis::minutes(5));
    town.tick();
    for post in &posts {
        let out = author.wait_for(post, PublicationState::Out);
        assert_eq!(out.publications[0].acts[0].attempts.len(), 1);
    }
}
