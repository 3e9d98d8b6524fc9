//! Time: nights when clocks change, the past, the far future, what comes too late, and what is paused.

use api_journeys::{Member, Town, at, id, last_act};
use chrono::NaiveDateTime;
use domain::{
    Millis, Refusal, StageName,
    delivery::{ActState, Hold, PublicationState},
    record::Subject,
    slot::Fold,
};
use wire::{Nothing, posts, posts::PostView};

fn civil(text: &str) -> NaiveDateTime {
    text.parse().unwrap()
}

fn approved(town: &Town, text: &str) -> (Member, PostView) {
    let (author, mayor) = (town.author(), town.mayor());
    let waiting = author.submit(&author.write(&town.notice(text)));
    let approved = mayor.approve(&waiting);
    (author, approved)
}

fn at_civil(post: &PostView, civil: NaiveDateTime, fold: Option<Fold>) -> posts::Place {
    posts::Place { version: post.post.version, civil, fold }
}

#[test]
fn an_hour_that_does_not_exist_is_refused_with_its_neighbours() {
    let town = Town::found("Villa sin las dos y media");
    let (author, post) = approved(&town, "El reloj se adelanta.");
    let (change, missing) = author.night(true);
    let refusal = author.no(&posts::PLACE, &[id(&post)], &at_civil(&post, missing, None));
    let Refusal::InAGap { before, after } = refusal else { panic!("{refusal:?}") };
    // Everywhere in the Union at 01:00 UTC: at that instant Madrid's wall goes from 02:00 to 03:00.
    assert_eq!(after, change);
    assert!(after.to_rfc3339().ends_with("T01:00:00.000Z"), "{}", after.to_rfc3339());
    assert_eq!(before, after.minus(Millis::minutes(1)));
    let placed = author.place(&post, missing.date().and_hms_opt(3, 0, 0).unwrap());
    assert_eq!(placed.post.stage.slot().unwrap().at, after);
    author.ok(&posts::UNPLACE, &[id(&placed)], &at(&placed));
}

#[test]
fn an_hour_that_is_twice_is_asked_and_then_taken() {
    let town = Town::found("Villa de las dos dos y media");
    let (author, post) = approved(&town, "El reloj se atrasa.");
    let (change, twice) = author.night(false);
    let refusal = author.no(&posts::PLACE, &[id(&post)], &at_civil(&post, twice, None));
    let Refusal::InAFold { first, second } = refusal else { panic!("{refusal:?}") };
    assert_eq!(second.since(first), Millis::hours(1));
    assert!(first < change && change < second, "{change:?}");
    let mut now = post;
    for (fold, instant) in [(Fold::First, first), (Fold::Second, second)] {
        now = author.ok(&posts::PLACE, &[id(&now)], &at_civil(&now, twice, Some(fold)));
        assert_eq!(now.post.stage.slot().unwrap().at, instant);
        assert_eq!(now.publications[0].acts[0].due, instant);
    }
    author.ok(&posts::UNPLACE, &[id(&now)], &at(&now));
}

#[test]
fn the_past_and_2099_are_refused_and_the_minute_that_just_passed_is_now() {
    let town = Town::found("Villa del Calendario");
    let (author, post) = approved(&town, "Hoy es hoy.");
    let now = town.now();
    for (when, refusal) in [
        (author.wall(now, Millis::minutes(-2)), Refusal::InThePast),
        (civil("2019-03-31T02:30:00"), Refusal::InThePast),
        (civil("2099-01-01T10:00:00"), Refusal::TooFar),
    ] {
        assert_eq!(author.no(&posts::PLACE, &[id(&post)], &at_civil(&post, when, None)), refusal, "{when}");
    }
    let unchanged = author.read(&post.post.id);
    assert_eq!((unchanged.post.version, unchanged.post.stage.name()), (post.post.version, StageName::Approved));
    author.place(&post, author.wall(now, Millis::seconds(-20)));
    author.wait_for(&post.post.id, PublicationState::Out);
}

#[test]
fn it_goes_out_at_its_minute_by_the_clock_alone() {
    let town = Town::alone("Villa del Minuto");
    let (author, post) = approved(&town, "A las diez, limpieza.");
    let placed = author.place(&post, author.wall(town.now(), Millis::minutes(10)));
    town.tick();
    assert_eq!(author.read(&placed.post.id).publications[0].state, PublicationState::Waiting, "not before");
    town.ahead(Millis::minutes(10));
    town.tick();
    let out = author.wait_for(&placed.post.id, PublicationState::Out);
    let act = &out.publications[0].acts[0];
    assert!(act.attempts[0].started >= act.due);
}

#[test]
fn what_comes_too_late_is_held_and_goes_out_only_by_a_persons_hand() {
    let town = Town::alone("Villa Dormida");
    let (author, post) = approved(&town, "A las diez, corte de luz.");
    let placed = author.place(&post, author.wall(town.now(), Millis::minutes(5)));
    // The engine was off for an hour; the window is half an hour.
    town.ahead(Millis::minutes(65));
    town.tick();
    let held = author.wait_for(&placed.post.id, PublicationState::Held);
    assert_eq!(last_act(&held), &ActState::Held { reason: Hold::Late });
    assert_eq!(held.publications[0].acts[0].attempts.len(), 0);
    town.tick();
    assert_eq!(author.read(&placed.post.id).publications[0].state, PublicationState::Held, "never by itself");
    let home = author.ok(&wire::home::HOME, &[], &Nothing {});
    assert!(home.troubled.iter().any(|row| row.id == placed.post.id), "it is shown to whoever can help");

    let publication = &held.publications[0];
    assert_eq!(author.retry(publication, " ").unwrap_err().fault.refusal, Refusal::ReasonWanted);
    author.retry(publication, "El corte sigue en pie.").unwrap();
    let out = author.wait_for(&placed.post.id, PublicationState::Out);
    assert_eq!(out.publications[0].acts[0].attempts.len(), 1);
    assert_eq!(author.retry(publication, "Otra vez.").unwrap_err().fault.refusal, Refusal::WrongState);
    let kept = crate::record::whole_chain(&author, &town);
    assert!(kept.iter().any(|entry| entry.subject == Subject::Incident));
    assert!(kept.iter().any(|entry| entry.body.as_deref().is_some_and(|body| body.contains("El corte sigue en pie."))));
}

#[test]
fn a_held_publication_is_given_up_with_a_reason() {
    let town = Town::alone("Villa que Renuncia");
    let (author, post) = approved(&town, "A las diez, misa.");
    let placed = author.place(&post, author.wall(town.now(), Millis::minutes(5)));
    town.ahead(Millis::minutes(65));
    town.tick();
    let held = author.wait_for(&placed.post.id, PublicationState::Held);
    let why = wire::publications::Why { reason: "Ya pasó.".to_owned() };
    let publication = held.publications[0].id.to_string();
    let given_up = author.ok(&wire::publications::GIVE_UP, &[&publication], &why);
    assert_eq!(given_up.publications[0].state, PublicationState::Cancelled);
    assert_eq!(author.no(&wire::publications::GIVE_UP, &[&publication], &why), Refusal::WrongState);
    town.tick();
    assert_eq!(author.read(&placed.post.id).publications[0].acts[0].attempts.len(), 0);
}

#[test]
fn an_agency_loses_access_the_moment_its_contract_ends() {
    let town = Town::alone("Villa del Contrato");
    let agency = town.member(domain::Role::Agency);
    let domain::Access::Limited { until, .. } = agency.me.access else { panic!("unlimited") };
    let left = until.since(town.now());
    // A session lasts thirty days at most, so it signs in anew, a minute before the end and at the end.
    town.ahead(Millis(left.0 - 60_000));
    let last = Member::sign_in(&agency.me.member, false);
    last.write(&town.notice("Último trabajo."));
    town.ahead(Millis(left.0 + 1_000));
    assert_eq!(last.no(&posts::LIST, &[], &posts::Query::default()), Refusal::SignedOut);
    let again = Member::try_sign_in(&agency.me.member, false);
    assert!(again.is_err_and(|no| no.status == 401 || no.status == 403), "the door is shut");
}

#[test]
fn a_session_ends_after_its_idle_hours_and_at_its_absolute_end() {
    let town = Town::alone("Villa de las Sesiones");
    let author = town.author();
    town.ahead(Millis::hours(11));
    author.ok(&posts::LIST, &[], &posts::Query::default());
    town.ahead(Millis::hours(22));
    author.ok(&posts::LIST, &[], &posts::Query::default());
    town.ahead(Millis::hours(35));
    assert_eq!(author.no(&posts::LIST, &[], &posts::Query::default()), Refusal::SignedOut);
    // Used every ten hours it lives on, but not past thirty days.
    let busy = Member::sign_in(&author.me.member, false);
    for tens in 1..72 {
        town.ahead(Millis::hours(35 + 10 * tens));
        busy.ok(&posts::LIST, &[], &posts::Query::default());
    }
    town.ahead(Millis::hours(35 + 24 * 30));
    assert_eq!(busy.no(&posts::LIST, &[], &posts::Query::default()), Refusal::SignedOut);
}
