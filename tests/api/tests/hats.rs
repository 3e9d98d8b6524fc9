//! One person is one person: whatever their role, however they come in, and whoever acts for whom.

use api_journeys::{Member, Passkey, Town, approval, id};
use domain::{
    Choice, Refusal, Role, StageName,
    circuit::{Hats, Options, Quorum, Seat, Step},
};
use wire::{
    Nothing, bylaws, people,
    posts::{self, Decide, PostView},
};

use crate::circuits::{circuit, decree, draw, everything_through, joined, member, role, step};

fn no(who: &Member, post: &PostView) -> Refusal {
    who.no(&posts::DECIDE, &[id(post)], &approval(post))
}

#[test]
fn an_administrator_never_approves_what_they_wrote_submitted_or_touched() {
    let town = Town::found("Villa de la Secretaria");
    let (administrator, author) = (town.administrator(), town.author());
    // Written and submitted.
    let own = administrator.submit(&administrator.write(&town.notice("Hoy hay pleno.")));
    assert_eq!(no(&administrator, &own), Refusal::OwnPost);
    assert_eq!(administrator.no(&posts::NONCE, &[id(&own)], &Nothing {}), Refusal::OwnPost);
    // Another's, submitted by them.
    let submitted = administrator.submit(&author.write(&town.notice("Mañana hay pleno.")));
    assert_eq!(no(&administrator, &submitted), Refusal::OwnPost);
    // Another's, in which they changed a word, submitted by its author.
    let draft = author.write(&town.notice("El jueves hay pleno."));
    let touched = author.submit(&administrator.edit(&draft, &town.notice("El viernes hay pleno.")));
    assert_eq!(no(&administrator, &touched), Refusal::OwnPost);
    // Taken back and submitted again by another: a hand stays a hand.
    let back = author.ok(&posts::WITHDRAW, &[id(&touched)], &api_journeys::at(&touched));
    let again = author.submit(&back);
    assert_eq!(no(&administrator, &again), Refusal::OwnPost);
    // A change of role is no change of person.
    let change = people::ChangeMember {
        name: "La exsecretaria".to_owned(),
        email: None,
        role: Role::Approver,
        access: domain::Access::Everywhere,
    };
    let second = joined(&town, Role::Administrator, "El interventor").1;
    second.ok(&people::CHANGE_MEMBER, &[administrator.me.member.as_str()], &change);
    let approver = Member::sign_in(&administrator.me.member, true);
    assert_eq!(no(&approver, &again), Refusal::OwnPost);
    // A correction of what went out counts its hands too.
    let out = town.mayor().approve(&again);
    author.release(&out);
    author.wait_for(&out.post.id, domain::delivery::PublicationState::Out);
    let view = author.read(&out.post.id);
    let correct = posts::Correct {
        version: view.post.version,
        content: town.notice("El viernes hay pleno a las diez."),
        reason: "Faltaba la hora.".to_owned(),
        checked: None,
    };
    let proposed = author.ok(&posts::CORRECT, &[id(&view)], &correct);
    assert_eq!(no(&approver, &proposed), Refusal::OwnPost);
    assert!(town.mayor().approve(&proposed).post.stage.name() == StageName::Out);
}

fn two_steps() -> Vec<Step> {
    let seat = |places| Seat { places, ..Seat::from(role(Role::Approver)) };
    let first = Step { seats: vec![seat(2)], ..step(1, Quorum::Any, &[]) };
    vec![first, step(2, Quorum::Any, &[role(Role::Approver), role(Role::Administrator)])]
}

#[test]
fn nobody_decides_twice_in_two_hats_unless_the_circuit_says_so() {
    let town = Town::found("Villa de los Sombreros");
    let (mayor, author) = (town.mayor(), town.author());
    let submit = || author.submit(&author.write(&town.notice("Se abre la piscina.")));
    let options = Options { hats: Hats::OnceARound, ..Options::default() };
    draw(&town, everything_through(circuit(5, two_steps(), options)));
    let half = mayor.approve(&submit());
    assert_eq!(half.post.stage.name(), StageName::InReview);
    assert_eq!(no(&mayor, &half), Refusal::TwoHats);
    // Not by another device either: it is the person that counts.
    let (_, same) = crate::receipts::with_passkey(town.mayor());
    assert_eq!(same.no(&posts::NONCE, &[id(&half)], &Nothing {}), Refusal::TwoHats);
    assert_eq!(town.administrator().approve(&half).post.stage.name(), StageName::Approved);

    let options = Options { hats: Hats::OnceAStep, ..Options::default() };
    draw(&town, everything_through(circuit(5, two_steps(), options)));
    let whole = mayor.approve(&mayor.approve(&submit()));
    assert_eq!((whole.post.stage.name(), whole.decisions.len()), (StageName::Approved, 2));
}

#[test]
fn somebody_and_their_substitute_are_one_word() {
    let town = Town::found("Villa del Suplente");
    let mayor = town.mayor();
    let (key, substitute) = joined(&town, Role::Approver, "La teniente de alcalde");
    let (third_key, third) = joined(&town, Role::Approver, "El concejal de obras");
    // All three must agree, each once.
    let seats = [member(&mayor), member(&substitute), member(&third)];
    draw(&town, everything_through(circuit(5, vec![step(1, Quorum::All, &seats)], Options::default())));
    town.administrator().ok(&bylaws::SUBSTITUTE, &[], &decree(&mayor, &substitute));
    let author = town.author();
    let submit = || author.submit(&author.write(&town.notice("Se convoca el pleno.")));
    let for_mayor = |post: &PostView| {
        // The seat in which they act for the mayor is the second that is offered, or the only one left.
        let item = substitute.ok(&posts::NONCE, &[id(post)], &Nothing {});
        let seat = item.seats.iter().position(|seat| seat.acting_for.as_ref() == Some(&mayor.me.member)).unwrap();
        let item = posts::Item { seats: vec![item.seats[seat].clone()], ..item };
        let statement = Passkey::statement(&substitute, &item, &Choice::Approve, town.now());
        let signed = Some(key.sign(&statement, &api_journeys::Site::default()));
        let acting_for = Some(mayor.me.member.clone());
        Decide { content_hash: post.content_hash.clone(), choice: Choice::Approve, acting_for, checked: None, signed }
    };
    // The substitute for the mayor: neither of the two has another word in the round.
    let post = submit();
    let spoken = substitute.ok(&posts::DECIDE, &[id(&post)], &for_mayor(&post));
    assert_eq!(no(&mayor, &spoken), Refusal::TwoHats);
    assert_eq!(substitute.no(&posts::NONCE, &[id(&spoken)], &Nothing {}), Refusal::TwoHats);
    let stuck =
        third.ok(&posts::DECIDE, &[id(&spoken)], &third_key.decide(&third, &spoken, Choice::Approve, town.now()));
    assert_eq!(stuck.post.stage.name(), StageName::InReview, "two people are not three");

    // The mayor in person: then the substitute has only their own word.
    let post = submit();
    let spoken = mayor.approve(&post);
    let seats = substitute.ok(&posts::NONCE, &[id(&spoken)], &Nothing {}).seats;
    assert!(seats.iter().all(|seat| seat.acting_for.is_none()) && seats.len() == 1);
    let spoken =
        substitute.ok(&posts::DECIDE, &[id(&spoken)], &key.decide(&substitute, &spoken, Choice::Approve, town.now()));
    let whole =
        third.ok(&posts::DECIDE, &[id(&spoken)], &third_key.decide(&third, &spoken, Choice::Approve, town.now()));
    assert_eq!(whole.post.stage.name(), StageName::Approved);

    // Whoever wrote has no substitute either.
    town.administrator().ok(
        &people::CHANGE_MEMBER,
        &[mayor.me.member.as_str()],
        &people::ChangeMember {
            name: "La alcaldesa".to_owned(),
            email: None,
            role: Role::Administrator,
            access: domain::Access::Everywhere,
        },
    );
    let mayor = Member::sign_in(&mayor.me.member, true);
    let own = mayor.submit(&mayor.write(&town.notice("Mi saludo de fiestas.")));
    let item = substitute.ok(&posts::NONCE, &[id(&own)], &Nothing {});
    assert!(item.seats.iter().all(|seat| seat.acting_for.is_none()), "nobody approves for whoever wrote");
}
