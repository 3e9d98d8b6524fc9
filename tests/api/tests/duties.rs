//! Writing, agreeing and publishing kept apart: at every door through which something goes out.

use api_journeys::{Member, Passkey, Town, approval, at, id, last_act};
use domain::{
    Language, Millis, Network, Refusal, Role, StageName, Target,
    circuit::{Duties, Options, Quorum},
    delivery::{ActState, Hold, PublicationState},
    emergency::Said,
};
use wire::{
    Nothing, organisations,
    posts::{self, PostView},
    publications,
};

use crate::{
    circuits::{circuit, draw, everything_through, joined, role, step},
    emergency::{ONE, answer, ask, prepare},
};

/// A town that keeps them apart: the mayor's office agrees, and besides whoever writes there is somebody else who may
/// publish.
fn apart(name: &str) -> (Town, (Passkey, Member)) {
    let town = Town::found(name);
    let options = Options { duties: Duties::Apart, ..Options::default() };
    let seats = [role(Role::Approver), role(Role::Administrator)];
    draw(&town, everything_through(circuit(5, vec![step(1, Quorum::Any, &seats)], options)));
    let other = joined(&town, Role::Author, "La jefa de prensa");
    (town, other)
}

fn approved(town: &Town) -> PostView {
    let author = town.author();
    town.mayor().approve(&author.submit(&author.write(&town.notice("Mañana no hay agua en la calle Mayor."))))
}

#[test]
fn whoever_wrote_or_agreed_neither_places_nor_moves_nor_releases_and_it_is_said_who_may() {
    let (town, (_, other)) = apart("Villa Separada");
    let (author, administrator) = (town.author(), town.administrator());
    let post = approved(&town);
    let mut publishers = post.publishers.clone().unwrap();
    publishers.sort();
    let mut expected = vec![other.me.member.clone(), administrator.me.member.clone()];
    expected.sort();
    assert_eq!(publishers, expected);
    let wall = |hours| author.wall(town.now(), Millis::hours(hours));
    assert_eq!(author.no(&posts::PLACE, &[id(&post)], &api_journeys::slot(&post, wall(3))), Refusal::DutiesApart);
    assert_eq!(author.no(&posts::RELEASE, &[id(&post)], &at(&post)), Refusal::DutiesApart);
    let placed = other.place(&post, wall(3));
    // Moving is placing.
    assert_eq!(author.no(&posts::PLACE, &[id(&placed)], &api_journeys::slot(&placed, wall(4))), Refusal::DutiesApart);
    assert_eq!(author.no(&posts::RELEASE, &[id(&placed)], &at(&placed)), Refusal::DutiesApart);
    let moved = other.place(&placed, wall(4));
    other.release(&moved);
    author.wait_for(&post.post.id, PublicationState::Out);

    // Whoever agreed does not publish, and whoever administers is no exception when they did.
    let written = author.submit(&author.write(&town.notice("Hoy hay mercado.")));
    let agreed = administrator.ok(&posts::DECIDE, &[id(&written)], &approval(&written));
    assert_eq!(administrator.no(&posts::RELEASE, &[id(&agreed)], &at(&agreed)), Refusal::DutiesApart);
    assert_eq!(agreed.publishers, Some(vec![other.me.member.clone()]));
    // Whoever had a hand in it neither.
    let draft = author.write(&town.notice("Hoy no hay mercado."));
    let edited = other.edit(&draft, &town.notice("Hoy no hay mercado en la plaza."));
    let agreed = town.mayor().approve(&author.submit(&edited));
    assert_eq!(other.no(&posts::RELEASE, &[id(&agreed)], &at(&agreed)), Refusal::DutiesApart);
    administrator.release(&agreed);
    author.wait_for(&agreed.post.id, PublicationState::Out);
}

#[test]
fn what_a_pause_held_is_let_out_by_another_hand_too() {
    let (town, (_, other)) = apart("Villa en Pausa y Separada");
    let (author, administrator) = (town.author(), town.administrator());
    let placed = other.place(&approved(&town), author.wall(town.now(), Millis::hours(5)));
    administrator.ok(&organisations::PAUSE, &[], &organisations::PauseAll { reason: "Prueba.".to_owned() });
    administrator.ok(&organisations::RESUME, &[], &Nothing {});
    let held = author.wait_for(&placed.post.id, PublicationState::Held);
    let retry = |who: &Member| who.retry(&held.publications[0], "Ya se puede.");
    assert_eq!(Refusal::from(retry(&author).unwrap_err()), Refusal::DutiesApart);
    assert_eq!(retry(&other).unwrap().publications[0].state, PublicationState::Waiting);
}

#[test]
fn by_hand_is_publishing_and_the_hand_is_anothers() {
    let (town, (_, other)) = apart("Villa a Otra Mano");
    let author = town.author();
    let facebook = town.administrator().connect_by_hand(Network::Facebook, Some("https://www.facebook.com/villa"));
    let target = Target::new(facebook.id, vec![Language::spanish()]);
    let content = domain::Content { targets: vec![target], ..town.notice("Mañana no hay agua.") };
    let agreed = town.mayor().approve(&author.submit(&author.write(&content)));
    other.release(&agreed);
    let view = author.wait_for(&agreed.post.id, PublicationState::InHand);
    let publication = view.publications[0].id.to_string();
    let said = publications::Settle::Out { address: "https://www.facebook.com/villa/posts/1".to_owned(), kit: None };
    assert_eq!(author.no(&publications::SETTLE, &[&publication], &said), Refusal::DutiesApart);
    other.ok(&publications::SETTLE, &[&publication], &said);
}

#[test]
fn a_correction_that_was_agreed_waits_for_another_hand() {
    let (town, (_, other)) = apart("Villa Corregida");
    let (author, mayor) = (town.author(), town.mayor());
    let post = approved(&town);
    other.release(&post);
    let out = author.wait_for(&post.post.id, PublicationState::Out);
    let content = town.notice("Mañana no hay agua en la calle Menor.");
    let correct =
        posts::Correct { version: out.post.version, content, reason: "Era la otra calle.".to_owned(), checked: None };
    let proposed = author.ok(&posts::CORRECT, &[id(&out)], &correct);
    let agreed = mayor.approve(&proposed);
    assert_eq!(agreed.post.stage.name(), StageName::Out);
    assert_eq!(last_act(&agreed), &ActState::Held { reason: Hold::DutiesApart });
    let retry = |who: &Member| who.retry(&agreed.publications[0], "Corregida.");
    assert_eq!(Refusal::from(retry(&author).unwrap_err()), Refusal::DutiesApart);
    assert!(other.ok(&wire::home::HOME, &[], &Nothing {}).troubled.iter().any(|row| row.id == post.post.id));
    retry(&other).unwrap();
    let corrected = author.wait_for(&post.post.id, PublicationState::Out);
    assert!(matches!(last_act(&corrected), ActState::Done { .. }));
    // Taking down waits for nobody.
    author.ok(&posts::TAKE_DOWN, &[id(&corrected)], &api_journeys::because(&corrected, "Ya pasó."));
    author.wait_for(&post.post.id, PublicationState::TakenDown);
}

#[test]
fn an_emergency_does_not_put_them_together() {
    let (town, (_, other)) = apart("Villa Separada y Urgente");
    prepare(&town, ONE);
    let author = town.author();
    let post = author.write(&town.notice("El río sube."));
    assert_eq!(post.urgent, None, "whoever wrote is not offered it");
    assert_eq!(Refusal::from(ask(&author, &post).unwrap_err()), Refusal::DutiesApart);
    let waiting = author.submit(&post);
    assert_eq!(Refusal::from(ask(&author, &waiting).unwrap_err()), Refusal::DutiesApart);
    // Through the test door, where nothing has to be signed.
    let other = Member::sign_in(&other.me.member, true);
    let gone = ask(&other, &waiting).unwrap();
    let out = other.wait_for(&gone.post.id, PublicationState::Out);
    assert_eq!(answer(&town.mayor(), &out, Said::Ratify, None).unwrap().emergencies.len(), 1);
}
