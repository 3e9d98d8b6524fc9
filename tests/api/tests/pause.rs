//! The stop that stops, and the declarations by which a kind needs no approval.

use api_journeys::{Town, at, id, last_act};
use domain::{
    Approval, Kind, Millis, Refusal, Role, Stage, StageName,
    delivery::{ActState, Hold, PublicationState},
    record::Subject,
};
use wire::{Nothing, organisations, posts};

fn pause(reason: &str) -> organisations::PauseAll {
    organisations::PauseAll { reason: reason.to_owned() }
}

#[test]
fn a_pause_holds_what_is_placed_blocks_what_is_new_and_is_lifted_post_by_post() {
    let town = Town::found("Villa de Luto");
    let (administrator, author, mayor) = (town.administrator(), town.author(), town.mayor());
    let mut approved: Vec<_> =
        (0..3).map(|n| mayor.approve(&author.submit(&author.write(&town.notice(&format!("Fiesta {n}.")))))).collect();
    let soon = author.place(&approved.remove(0), author.wall(town.now(), Millis::hours(2)));
    // Claimed already, its message on the way.
    let imminent = author.place(&approved.remove(0), author.wall(town.now(), Millis::seconds(40)));
    assert_eq!(author.no(&organisations::PAUSE, &[], &pause(" ")), Refusal::ReasonWanted);
    let paused = mayor.ok(&organisations::PAUSE, &[], &pause("Luto oficial."));
    assert_eq!(paused.pause.unwrap().reason, "Luto oficial.");

    let waiting = approved.remove(0);
    assert_eq!(author.no(&posts::RELEASE, &[id(&waiting)], &at(&waiting)), Refusal::Paused);
    let slot = api_journeys::slot(&waiting, author.wall(town.now(), Millis::hours(1)));
    assert_eq!(author.no(&posts::PLACE, &[id(&waiting)], &slot), Refusal::Paused);
    for post in [&soon, &imminent] {
        let held = author.wait_for(&post.post.id, PublicationState::Held);
        assert_eq!(last_act(&held), &ActState::Held { reason: Hold::Paused });
        assert_eq!(held.publications[0].acts[0].attempts.len(), 0, "nothing was sent");
        assert_eq!(author.retry(&held.publications[0], "Que salga.").unwrap_err().fault.refusal, Refusal::Paused);
    }
    assert_eq!(author.no(&organisations::RESUME, &[], &Nothing {}), Refusal::NotAllowed { act: domain::Act::Resume });
    assert_eq!(administrator.ok(&organisations::RESUME, &[], &Nothing {}).pause, None);
    town.tick();
    for post in [&soon, &imminent] {
        assert_eq!(author.read(&post.post.id).publications[0].state, PublicationState::Held, "lifted by nobody yet");
    }
    author.retry(&author.read(&imminent.post.id).publications[0], "El luto terminó.").unwrap();
    author.wait_for(&imminent.post.id, PublicationState::Out);
    assert_eq!(author.read(&soon.post.id).publications[0].state, PublicationState::Held);
    // What is to come keeps its hour.
    let released = author.retry(&author.read(&soon.post.id).publications[0], "También.").unwrap();
    assert_eq!(released.publications[0].state, PublicationState::Waiting);
    assert_eq!(released.publications[0].acts[0].due, soon.publications[0].acts[0].due);
    let kept = crate::record::whole_chain(&author, &town);
    assert_eq!(kept.iter().filter(|entry| entry.subject == Subject::Pause).count(), 2);
}

#[test]
fn a_pause_does_not_stop_a_takedown() {
    let town = Town::found("Villa en Pausa");
    let (author, mayor) = (town.author(), town.mayor());
    let approved = mayor.approve(&author.submit(&author.write(&town.notice("Un bando."))));
    author.release(&approved);
    let out = author.wait_for(&approved.post.id, PublicationState::Out);
    mayor.ok(&organisations::PAUSE, &[], &pause("Emergencia."));
    mayor.ok(&posts::TAKE_DOWN, &[id(&out)], &api_journeys::because(&out, "Alarma."));
    author.wait_for(&out.post.id, PublicationState::TakenDown);
}

#[test]
fn a_declared_kind_needs_no_approval_and_the_record_says_so() {
    let town = Town::found("Villa de Una Sola");
    let (administrator, author) = (town.administrator(), town.author());
    let declare =
        |reason: Option<&str>| organisations::Declare { kind: Kind::Service, reason: reason.map(str::to_owned) };
    assert_eq!(
        author.no(&organisations::DECLARE, &[], &declare(Some("Prisa."))),
        Refusal::NotAllowed { act: domain::Act::ManageOrganisation }
    );
    assert_eq!(administrator.no(&organisations::DECLARE, &[], &declare(Some(" "))), Refusal::ReasonWanted);
    let reason = "Los cortes se avisan en el acto: solo hay una técnica.";
    administrator.ok(&organisations::DECLARE, &[], &declare(Some(reason)));

    let content = domain::Content { kind: Kind::Service, ..town.notice("Corte de agua ahora.") };
    let submitted = author.submit(&author.write(&content));
    let Stage::Approved { approval: Approval::Declared { by, reason: stated, .. } } = &submitted.post.stage else {
        panic!("{:?}", submitted.post.stage)
    };
    assert_eq!((by, stated.as_str()), (&administrator.me.member, reason));
    assert_eq!(submitted.decisions, vec![]);
    author.release(&submitted);
    author.wait_for(&submitted.post.id, PublicationState::Out);
    // Another kind still waits for somebody.
    let sensitive = domain::Content { kind: Kind::Sensitive, ..town.notice("Un asunto delicado.") };
    assert_eq!(author.submit(&author.write(&sensitive)).post.stage.name(), StageName::InReview);
    let kept = crate::record::whole_chain(&author, &town);
    let told = |subject: Subject| {
        kept.iter()
            .filter(|entry| entry.subject == subject && entry.body.as_deref().is_some_and(|body| body.contains(reason)))
            .count()
    };
    assert_eq!((told(Subject::Declaration), told(Subject::Decision)), (1, 1));

    administrator.ok(&organisations::DECLARE, &[], &declare(None));
    assert_eq!(author.submit(&author.write(&content)).post.stage.name(), StageName::InReview);
}

#[test]
fn two_who_change_the_organisation_at_once_are_told_apart() {
    let town = Town::found("Villa Reformada");
    let administrator = town.administrator();
    let now = administrator.ok(&organisations::ORGANISATION, &[], &Nothing {});
    let change = |name: &str| organisations::ChangeOrganisation {
        version: now.version,
        name: name.to_owned(),
        kind: now.kind,
        zone: "Atlantic/Canary".to_owned(),
        languages: now.languages.clone(),
        colour: now.colour.clone(),
        crest: None,
    };
    let changed = administrator.ok(&organisations::CHANGE, &[], &change("Villa Reformada del Mar"));
    assert_eq!(changed.name, "Villa Reformada del Mar");
    assert_eq!(
        administrator.no(&organisations::CHANGE, &[], &change("Otra")),
        Refusal::Stale { current: changed.version }
    );
    let nowhere = organisations::ChangeOrganisation {
        version: changed.version,
        zone: "Marte/Olimpo".to_owned(),
        ..change("Otra")
    };
    assert_eq!(administrator.no(&organisations::CHANGE, &[], &nowhere), Refusal::UnknownZone);
    let stolen = organisations::ChangeOrganisation {
        version: changed.version,
        crest: Some(crate::media::stored(&town.neighbour("Villa del Escudo").author(), &crate::media::png(9, 9)).id),
        ..change("Otra")
    };
    assert_eq!(administrator.no(&organisations::CHANGE, &[], &stolen), Refusal::NotFound);
    assert_eq!(administrator.ok(&organisations::ORGANISATION, &[], &Nothing {}), changed);
}

#[test]
fn a_policy_names_only_people_of_the_house_and_the_rules_obey_it() {
    let town = Town::found("Villa de las Normas");
    let other = town.neighbour("Villa de Enfrente");
    let (administrator, author) = (town.administrator(), town.author());
    let now = administrator.ok(&organisations::ORGANISATION, &[], &Nothing {});
    let policy = |alert: Vec<domain::MemberId>, window: Millis| organisations::ChangePolicy {
        version: now.version,
        rules: domain::policy::RuleSet([(domain::policy::Rule::Capitals, domain::policy::Mode::Block)].into()),
        window,
        alert,
        duty: vec![],
    };
    let stranger = other.administrator().me.member.clone();
    let refusal = administrator.no(&organisations::CHANGE_POLICY, &[], &policy(vec![stranger], Millis::hours(1)));
    assert_eq!(refusal, Refusal::Malformed { field: "alert".to_owned() });
    for window in [Millis(0), Millis::days(2)] {
        let refusal = administrator.no(&organisations::CHANGE_POLICY, &[], &policy(vec![], window));
        assert_eq!(refusal, Refusal::Malformed { field: "window".to_owned() });
    }
    administrator.ok(&organisations::CHANGE_POLICY, &[], &policy(vec![author.me.member.clone()], Millis::hours(1)));
    let shouting = author.write(&town.notice("ATENCIÓN VECINOS: MAÑANA NO HABRÁ AGUA EN TODO EL PUEBLO."));
    assert_eq!(author.no(&posts::SUBMIT, &[id(&shouting)], &at(&shouting)), Refusal::Blocked);
    assert_eq!(
        town.member(Role::Observer).no(&organisations::CHANGE_POLICY, &[], &policy(vec![], Millis::hours(1))),
        Refusal::NotAllowed { act: domain::Act::ManageOrganisation }
    );
}
