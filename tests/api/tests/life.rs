//! The life of a post: written, checked, submitted, decided by somebody else, placed, out, kept.

use api_journeys::{Town, approval, at, because, eventually, id, last_act, new_post};
use domain::{
    Choice, Kind, Language, Millis, Refusal, Stage, StageName,
    approval::TextPlace,
    delivery::{ActState, PublicationState},
    policy::Rule,
};
use wire::{Nothing, posts};

#[test]
fn a_notice_goes_from_the_first_word_to_the_noticeboard_and_leaves_a_receipt() {
    let town = Town::found("Villa de la Nota");
    let (author, mayor) = (town.author(), town.mayor());
    let content = town.notice("Mañana no hay agua en la calle Mayor, de nueve a once.");
    let findings = author.ok(&posts::CHECK, &[], &content);
    assert!(findings.iter().all(|finding| finding.mode != domain::policy::Mode::Block), "{findings:?}");

    let draft = author.write(&content);
    assert_eq!((draft.post.version, draft.post.stage.name()), (1, StageName::Draft));
    let waiting = author.submit(&draft);
    assert_eq!(waiting.post.stage.name(), StageName::InReview);
    assert_eq!(author.no(&posts::RELEASE, &[id(&waiting)], &at(&waiting)), Refusal::NotApproved);
    assert_eq!(
        author.no(&posts::DECIDE, &[id(&waiting)], &approval(&waiting)),
        Refusal::NotAllowed { act: domain::Act::Decide }
    );

    let seen = mayor.read(&draft.post.id);
    let approved = mayor.approve(&seen);
    let Stage::Approved { approval } = &approved.post.stage else { panic!("{:?}", approved.post.stage) };
    assert_eq!(approval.content_hash(), content.hash());

    let placed = author.place(&approved, author.wall(town.now(), Millis::seconds(2)));
    assert_eq!(placed.publications.len(), 1);
    let out = author.wait_for(&draft.post.id, PublicationState::Out);
    assert_eq!(out.post.stage.name(), StageName::Out);
    let ActState::Done { receipt } = last_act(&out) else { panic!("{:?}", last_act(&out)) };
    assert_eq!(receipt.native_id, out.publications[0].id.to_string());
    let act = &out.publications[0].acts[0];
    assert_eq!((act.attempts.len(), act.attempts[0].number), (1, 1));
    assert!(act.attempts[0].started >= act.due && receipt.at >= act.due, "never before its minute");
    assert_eq!(out.decisions.len(), 1);
    assert!(out.names.iter().any(|(member, name)| *member == mayor.me.member && *name == mayor.me.name));
}

#[test]
fn an_author_never_approves_their_own_whatever_their_role() {
    let town = Town::found("Villa de los Cuatro Ojos");
    let (administrator, author, mayor) = (town.administrator(), town.author(), town.mayor());
    let own = administrator.submit(&administrator.write(&town.notice("El mercado abre el sábado.")));
    assert_eq!(administrator.no(&posts::DECIDE, &[id(&own)], &approval(&own)), Refusal::OwnPost);
    // Who submits it for somebody else does not approve it either.
    let other = author.write(&town.notice("La biblioteca cierra el lunes."));
    let submitted = administrator.submit(&other);
    assert_eq!(administrator.no(&posts::DECIDE, &[id(&submitted)], &approval(&submitted)), Refusal::OwnPost);
    assert_eq!(administrator.read(&submitted.post.id).post, submitted.post);
    assert_eq!(mayor.approve(&submitted).post.stage.name(), StageName::Approved);
}

#[test]
fn a_return_says_where_and_why_and_the_next_round_is_another_decision() {
    let town = Town::found("Villa de la Vuelta");
    let (author, mayor) = (town.author(), town.mayor());
    let waiting = author.submit(&author.write(&town.notice("Mañana no hay agua en la calle Mayor.")));
    let back = |comment: &str| posts::Decide {
        content_hash: waiting.content_hash.clone(),
        choice: Choice::Return {
            comment: comment.to_owned(),
            place: Some(TextPlace { language: Language::spanish(), start: 0, end: 7, quote: "Mañana".to_owned() }),
        },
        acting_for: None,
        checked: None,
        signed: None,
    };
    assert_eq!(mayor.no(&posts::DECIDE, &[id(&waiting)], &back("  ")), Refusal::ReasonWanted);
    let returned = mayor.ok(&posts::DECIDE, &[id(&waiting)], &back("¿Mañana o el martes?"));
    let decision = returned.post.stage.returned().unwrap();
    assert!(matches!(&decision.choice, Choice::Return { comment, place: Some(place) }
        if comment == "¿Mañana o el martes?" && place.quote == "Mañana"));

    let edited = author.edit(&returned, &town.notice("El martes no hay agua en la calle Mayor."));
    let again = author.submit(&edited);
    assert_eq!(again.post.rounds, 2);
    // A phone that was in a tunnel still shows the first text.
    assert_eq!(mayor.no(&posts::DECIDE, &[id(&again)], &approval(&waiting)), Refusal::OtherContent);
    let approved = mayor.approve(&again);
    assert_eq!(approved.decisions.len(), 2);
}

#[test]
fn an_edit_after_an_approval_voids_it_and_takes_the_slot_away() {
    let town = Town::found("Villa del Cambio");
    let (author, mayor) = (town.author(), town.mayor());
    let approved = mayor.approve(&author.submit(&author.write(&town.notice("El pleno es el jueves."))));
    let placed = author.place(&approved, author.wall(town.now(), Millis::hours(3)));
    let edited = author.edit(&placed, &town.notice("El pleno es el viernes."));
    assert!(matches!(&edited.post.stage, Stage::Draft { last: Some(round) } if round.ending.is_some()));
    assert_eq!(edited.publications, vec![]);
    assert_eq!(author.no(&posts::RELEASE, &[id(&edited)], &at(&edited)), Refusal::NotApproved);
    // The same content again is no longer approved: the approval was given, and then the text was touched.
    let restored = author.edit(&edited, &placed.post.content);
    assert_eq!(author.no(&posts::RELEASE, &[id(&restored)], &at(&restored)), Refusal::NotApproved);
}

#[test]
fn a_submission_is_taken_back_and_a_draft_is_given_up_with_a_reason() {
    let town = Town::found("Villa del Arrepentimiento");
    let (author, mayor) = (town.author(), town.mayor());
    let waiting = author.submit(&author.write(&town.notice("Hay concierto el domingo.")));
    let draft = author.ok(&posts::WITHDRAW, &[id(&waiting)], &at(&waiting));
    assert!(matches!(&draft.post.stage, Stage::Draft { last: Some(round) } if round.ending.is_some()));
    assert_eq!(mayor.no(&posts::DECIDE, &[id(&draft)], &approval(&draft)), Refusal::WrongStage);
    assert_eq!(author.no(&posts::WITHDRAW, &[id(&draft)], &at(&draft)), Refusal::WrongStage);
    assert_eq!(author.no(&posts::CANCEL, &[id(&draft)], &because(&draft, " ")), Refusal::ReasonWanted);
    let cancelled = author.ok(&posts::CANCEL, &[id(&draft)], &because(&draft, "La banda no viene."));
    assert!(matches!(&cancelled.post.stage, Stage::Cancelled { reason, .. } if reason == "La banda no viene."));
    assert_eq!(author.no(&posts::SUBMIT, &[id(&cancelled)], &at(&cancelled)), Refusal::WrongStage);
    let save = posts::Save { version: cancelled.post.version, content: town.notice("Sí viene.") };
    assert_eq!(author.no(&posts::SAVE, &[id(&cancelled)], &save), Refusal::WrongStage);
}

#[test]
fn a_placed_post_is_moved_unplaced_and_cancelled_without_going_out() {
    let town = Town::found("Villa de la Mudanza");
    let (author, mayor) = (town.author(), town.mayor());
    let approved = mayor.approve(&author.submit(&author.write(&town.notice("La piscina abre el lunes."))));
    let now = town.now();
    let first = author.place(&approved, author.wall(now, Millis::hours(2)));
    let moved = author.place(&first, author.wall(now, Millis::hours(5)));
    assert_eq!(moved.publications.len(), 1, "moved, not doubled");
    assert_eq!(moved.publications[0].acts[0].due, moved.post.stage.slot().unwrap().at);
    let unplaced = author.ok(&posts::UNPLACE, &[id(&moved)], &at(&moved));
    assert_eq!((unplaced.post.stage.name(), unplaced.publications.len()), (StageName::Approved, 0));
    assert_eq!(author.no(&posts::UNPLACE, &[id(&unplaced)], &at(&unplaced)), Refusal::WrongStage);
    let soon = town.now();
    let again = author.place(&unplaced, author.wall(soon, Millis::seconds(15)));
    let cancelled = author.ok(&posts::CANCEL, &[id(&again)], &because(&again, "Aún falta el agua."));
    assert_eq!(cancelled.post.stage.name(), StageName::Cancelled);
    // Its minute passes, with the claim already taken and its message on the way.
    eventually("the minute to pass", || (town.now() > soon.plus(Millis::seconds(17))).then_some(()));
    town.tick();
    let after = author.read(&cancelled.post.id);
    assert_eq!((after.post.stage.name(), after.publications.len()), (StageName::Cancelled, 0));
}

#[test]
fn publish_now_is_out_at_once_and_then_frozen() {
    let town = Town::found("Villa del Ya");
    let (author, mayor) = (town.author(), town.mayor());
    let approved = mayor.approve(&author.submit(&author.write(&town.notice("El puente está cerrado."))));
    author.release(&approved);
    let out = author.wait_for(&approved.post.id, PublicationState::Out);
    let save = posts::Save { version: out.post.version, content: town.notice("El puente está abierto.") };
    assert_eq!(author.no(&posts::SAVE, &[id(&out)], &save), Refusal::WrongStage);
    assert_eq!(author.no(&posts::RELEASE, &[id(&out)], &at(&out)), Refusal::WrongStage, "released again");
    assert_eq!(author.no(&posts::SUBMIT, &[id(&out)], &at(&out)), Refusal::WrongStage, "submitted again");
    assert_eq!(author.no(&posts::CANCEL, &[id(&out)], &because(&out, "Tarde.")), Refusal::WrongStage);
}

#[test]
fn a_change_that_started_from_an_older_version_is_refused_and_says_which_is_there() {
    let town = Town::found("Villa de las Dos Manos");
    let (author, administrator) = (town.author(), town.administrator());
    let first = author.write(&town.notice("Hay pleno."));
    let second = administrator.edit(&first, &town.notice("Hay pleno el jueves."));
    let stale = posts::Save { version: first.post.version, content: town.notice("No hay pleno.") };
    assert_eq!(author.no(&posts::SAVE, &[id(&first)], &stale), Refusal::Stale { current: second.post.version });
    assert_eq!(author.no(&posts::SUBMIT, &[id(&first)], &at(&first)), Refusal::Stale { current: second.post.version });
    assert_eq!(author.read(&first.post.id).post, second.post);
}

#[test]
fn the_same_autosave_twice_changes_nothing_twice() {
    let town = Town::found("Villa del Eco");
    let author = town.author();
    let identity = new_post();
    let save = posts::Save { version: 0, content: town.notice("Cierra el parque.") };
    let first = author.ok(&posts::SAVE, &[identity.as_str()], &save);
    let second = author.ok(&posts::SAVE, &[identity.as_str()], &save);
    assert_eq!((first.post.version, second.post.version), (1, 1));
    let change = posts::Save { version: 1, content: town.notice("Cierra el parque por viento.") };
    let third = author.ok(&posts::SAVE, &[identity.as_str()], &change);
    let fourth = author.ok(&posts::SAVE, &[identity.as_str()], &change);
    assert_eq!((third.post.version, fourth.post.version), (2, 2));
}

#[test]
fn two_who_change_the_same_version_at_once_are_told_apart() {
    let town = Town::found("Villa del Empate");
    let (author, administrator) = (town.author(), town.administrator());
    let draft = author.write(&town.notice("Texto común."));
    let attempts = std::thread::scope(|scope| {
        let tasks: Vec<_> = (0..6)
            .map(|place| {
                let who = if place % 2 == 0 { &author } else { &administrator };
                let content = town.notice(&format!("Texto de la mano {place}."));
                let (draft, save) = (&draft, posts::Save { version: 1, content });
                scope.spawn(move || who.ask(&posts::SAVE, &[id(draft)], &save))
            })
            .collect();
        tasks.into_iter().map(|task| task.join().unwrap()).collect::<Vec<_>>()
    });
    assert_eq!(attempts.iter().filter(|answer| answer.is_ok()).count(), 1);
    assert!(attempts.into_iter().filter_map(Result::err).all(|no| no.fault.refusal == Refusal::Stale { current: 2 }));
    assert_eq!(author.read(&draft.post.id).post.version, 2);
}

#[test]
fn what_blocks_is_said_with_its_evidence_and_can_be_waived_with_a_reason() {
    let town = Town::found("Villa del Reparo");
    let (author, mayor) = (town.author(), town.mayor());
    let draft = author.write(&town.notice("Llama al 612 345 678 para apuntarte."));
    let no = author.ask(&posts::SUBMIT, &[id(&draft)], &at(&draft)).unwrap_err();
    assert_eq!((no.status, &no.fault.refusal), (422, &Refusal::Blocked));
    let finding = no.fault.findings.iter().find(|finding| finding.rule == Rule::PersonalData).unwrap();
    assert!(!format!("{:?}", finding.evidence).contains("612"), "the datum itself is masked");

    let waive = |reason: &str| posts::Waive {
        rule: finding.rule,
        fingerprint: finding.fingerprint(),
        reason: reason.to_owned(),
    };
    assert_eq!(author.no(&posts::WAIVE, &[id(&draft)], &waive("")), Refusal::ReasonWanted);
    let other = posts::Waive { fingerprint: "0".repeat(64), ..waive("Otro.") };
    assert_eq!(author.no(&posts::WAIVE, &[id(&draft)], &other), Refusal::NotFound);
    let waived = author.ok(&posts::WAIVE, &[id(&draft)], &waive("Es el teléfono de la asociación, que lo pide."));
    assert_eq!(waived.waivers.len(), 1);
    let approved = mayor.approve(&author.submit(&waived));
    author.release(&approved);
    author.wait_for(&draft.post.id, PublicationState::Out);
}

#[test]
fn what_the_network_would_refuse_cannot_be_waived() {
    let town = Town::found("Villa del Límite");
    let author = town.author();
    // One family is one character: ten thousand of them fit, one more does not.
    let family = "👨‍👩‍👧";
    let limit = domain::Network::Noticeboard.limits().text as usize;
    let fits = author.ok(&posts::CHECK, &[], &town.notice(&format!("{}{family}", "a".repeat(limit - 1))));
    assert!(fits.iter().all(|finding| finding.rule != Rule::Length));
    let draft = author.write(&town.notice(&format!("{}{family}", "a".repeat(limit))));
    let no = author.ask(&posts::SUBMIT, &[id(&draft)], &at(&draft)).unwrap_err();
    let finding = no.fault.findings.iter().find(|finding| finding.rule == Rule::Length).unwrap();
    let waive = posts::Waive { rule: finding.rule, fingerprint: finding.fingerprint(), reason: "Cabe.".to_owned() };
    assert_eq!(author.no(&posts::WAIVE, &[id(&draft)], &waive), Refusal::NotWaivable);
}

#[test]
fn nothing_is_submitted_without_a_channel() {
    let town = Town::found("Villa Vacía");
    let author = town.author();
    let nowhere = domain::Content { targets: vec![], ..town.notice("¿A quién?") };
    let draft = author.write(&nowhere);
    let refusal = author.no(&posts::SUBMIT, &[id(&draft)], &at(&draft));
    assert!(matches!(refusal, Refusal::Empty | Refusal::Blocked), "{refusal:?}");
}

#[test]
fn lists_show_what_waits_for_whom() {
    let town = Town::found("Villa de la Lista");
    let (author, mayor) = (town.author(), town.mayor());
    let draft = author.write(&town.notice("Borrador."));
    let waiting = author.submit(&author.write(&town.notice("Espera.")));
    let placed = mayor.approve(&author.submit(&author.write(&town.notice("Colocado."))));
    let placed = author.place(&placed, author.wall(town.now(), Millis::days(2)));
    let ids = |rows: Vec<posts::PostRow>| rows.into_iter().map(|row| row.id).collect::<Vec<_>>();

    let mine = mayor.ok(&posts::LIST, &[], &posts::Query { waiting: Some(true), ..Default::default() });
    assert_eq!(ids(mine.items), vec![waiting.post.id.clone()]);
    let own = author.ok(&posts::LIST, &[], &posts::Query { waiting: Some(true), ..Default::default() });
    assert_eq!(ids(own.items), vec![]);
    let drafts = author.ok(&posts::LIST, &[], &posts::Query { stage: Some(StageName::Draft), ..Default::default() });
    assert_eq!(ids(drafts.items), vec![draft.post.id.clone()]);
    let now = town.now();
    let span = |from: i64, until: i64| posts::Query {
        from: Some(now.plus(Millis::days(from)).0),
        until: Some(now.plus(Millis::days(until)).0),
        ..Default::default()
    };
    assert_eq!(ids(author.ok(&posts::LIST, &[], &span(0, 7)).items), vec![placed.post.id.clone()]);
    assert_eq!(ids(author.ok(&posts::LIST, &[], &span(3, 7)).items), vec![]);
    assert!(matches!(author.no(&posts::LIST, &[], &span(0, 63)), Refusal::Malformed { .. }));
    let home = mayor.ok(&wire::home::HOME, &[], &Nothing {});
    assert_eq!(ids(home.to_decide), vec![waiting.post.id.clone()]);
    assert_eq!(ids(author.ok(&wire::home::HOME, &[], &Nothing {}).to_finish), vec![draft.post.id]);
}

#[test]
fn a_long_list_goes_on_where_the_page_ended() {
    let town = Town::found("Villa Larga");
    let author = town.author();
    for number in 0..53 {
        author.write(&town.notice(&format!("Nota número {number}.")));
    }
    let first = author.ok(&posts::LIST, &[], &posts::Query::default());
    assert_eq!(first.items.len(), 50);
    let next = author.ok(&posts::LIST, &[], &posts::Query { cursor: first.next, ..Default::default() });
    assert_eq!((next.items.len(), next.next), (3, None));
}

#[test]
fn a_kind_is_kept_with_its_content() {
    let town = Town::found("Villa de las Clases");
    let author = town.author();
    for kind in Kind::ALL {
        let view = author.write(&domain::Content { kind, ..town.notice("Texto.") });
        assert_eq!(author.read(&view.post.id).post.content.kind, kind);
    }
}
