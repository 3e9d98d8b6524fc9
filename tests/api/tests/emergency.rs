//! Emergencies: drawn beforehand, asked for, agreed to or gone out at once, answered for afterwards or said to be late;
//! and everything that no emergency goes over.

use std::thread;

use api_journeys::{Member, No, Passkey, Site, Town, at, eventually, id, last_act, verifier::verdict};
use domain::{
    Approval, Kind, Millis, Refusal, Role, Stage, StageName,
    delivery::{ActState, Hold, PublicationState},
    emergency::{Afterwards, Before, Owed, Protocol, Said, Second, statement::Setting},
    record::Subject,
};
use serde_json::{Value, json};
use wire::{
    Nothing,
    bylaws::{self, Prepare},
    emergencies::{self, Answer, Ask, Pending},
    organisations, people,
    posts::{self, PostView, Signed},
};

use crate::{
    circuits::{role, standing},
    receipts::{flipped, register, texts, with_passkey},
};

/// Draws a protocol: whoever writes or answers citizens publishes, the mayor's office ratifies within two hours.
pub fn prepare(town: &Town, before: Before) {
    let ratify = if before == Before::Two { vec![] } else { vec![role(Role::Approver)] };
    let publish = vec![role(Role::Author), role(Role::Community), role(Role::Administrator)];
    draw(town, Some(Protocol { publish, ratify, before })).unwrap();
}

fn draw(town: &Town, protocol: Option<Protocol>) -> Result<bylaws::Standing, No> {
    let administrator = town.administrator();
    let version = standing(&administrator).version;
    administrator.ask(&bylaws::PREPARE, &[], &Prepare { version, protocol })
}

pub const ONE: Before = Before::One { within: Millis::hours(2) };

pub fn asking(post: &PostView) -> Ask {
    Ask { version: post.post.version, reason: "Riada en la ribera.".to_owned(), signed: None }
}

pub fn ask(by: &Member, post: &PostView) -> Result<PostView, No> {
    by.ask(&emergencies::ASK, &[id(post)], &asking(post))
}

/// A word, signed by a member's passkey over what they are answered for it.
fn word(town: &Town, (key, who): (&Passkey, &Member), post: &PostView, said: Said, reason: Option<&str>) -> Signed {
    let item = who.ok(&emergencies::NONCE, &[id(post)], &Nothing {});
    let setting = Setting {
        organisation: who.me.organisation.id.clone(),
        post: post.post.id.clone(),
        emergency: post.emergencies.last().map_or(item.emergency, |story| story.emergency.id.clone()),
        content: post.content_hash.clone(),
        form: Before::Two,
        by: who.me.member.clone(),
        role: item.role,
    };
    let statement = setting.write(said, reason, item.nonce, town.now());
    key.sign_word(&statement, &Site::default())
}

/// Asks with a signature, where two publish.
pub fn ask_signed(town: &Town, (key, who): (&Passkey, &Member), post: &PostView) -> PostView {
    let asking = asking(post);
    let signed = Some(word(town, (key, who), post, Said::Ask, Some(&asking.reason)));
    who.ok(&emergencies::ASK, &[id(post)], &Ask { signed, ..asking })
}

pub fn answer(by: &Member, post: &PostView, said: Said, reason: Option<&str>) -> Result<PostView, No> {
    let emergency = post.emergencies.last().unwrap().emergency.id.to_string();
    let answer = Answer { said, reason: reason.map(str::to_owned), signed: None };
    by.ask(&emergencies::ANSWER, &[id(post), &emergency], &answer)
}

fn pending(of: &Member) -> Vec<Pending> {
    of.ok(&emergencies::PENDING, &[], &Nothing {})
}

fn told(town: &Town, to: Role, subject: &str) -> usize {
    let members = town.administrator().ok(&people::MEMBERS, &[], &Nothing {});
    let address = members.into_iter().find(|member| member.role == to).unwrap().email.unwrap();
    town.mails(&address).iter().filter(|mail| mail.subject.contains(subject)).count()
}

fn draft(town: &Town) -> PostView {
    town.author().write(&town.notice("No se acerquen al río: sube muy deprisa."))
}

fn kept(town: &Town, subject: Subject) -> Vec<Value> {
    let chain = crate::record::whole_chain(&town.member(Role::Records), town);
    let bodies = chain.into_iter().filter(|entry| entry.subject == subject).filter_map(|entry| entry.body);
    bodies.map(|body| serde_json::from_str(&body).unwrap()).collect()
}

#[test]
fn without_a_protocol_there_is_no_such_way_and_a_flawed_one_is_not_drawn() {
    let town = Town::found("Villa sin Protocolo");
    let (author, post) = (town.author(), draft(&town));
    assert_eq!((post.urgent, post.emergencies.len()), (None, 0));
    assert_eq!(Refusal::from(ask(&author, &post).unwrap_err()), Refusal::NoProtocol);
    let alone = Protocol { publish: vec![role(Role::Author)], ratify: vec![], before: Before::Two };
    for flawed in [
        alone.clone(),
        Protocol { publish: vec![], ..alone.clone() },
        Protocol { publish: vec![role(Role::Observer), role(Role::Agency)], ..alone.clone() },
        Protocol { before: ONE, ..alone.clone() },
        Protocol { ratify: vec![role(Role::Approver)], before: Before::One { within: Millis::days(4) }, ..alone },
    ] {
        assert_eq!(
            Refusal::from(draw(&town, Some(flawed.clone())).unwrap_err()),
            Refusal::FlawedProtocol,
            "{flawed:?}"
        );
        let now = standing(&author);
        let town = now.bylaws.people(now.colleagues);
        assert!(flawed.gaps(&town).iter().any(domain::emergency::Gap::stops), "the desk says so before");
    }
    assert_eq!(standing(&author).version, 0, "nothing was half written");
    prepare(&town, ONE);
    assert_eq!(author.read(&post.post.id).urgent, Some(ONE));
    // Who is not named does not see it, and cannot.
    assert_eq!(town.mayor().read(&post.post.id).urgent, None);
    assert_eq!(Refusal::from(ask(&town.mayor(), &post).unwrap_err()), Refusal::NotYourTurn);
    let stale = Prepare { version: 0, protocol: None };
    assert_eq!(town.administrator().no(&bylaws::PREPARE, &[], &stale), Refusal::Stale { current: 1 });
    draw(&town, None).unwrap();
    assert_eq!(Refusal::from(ask(&author, &post).unwrap_err()), Refusal::NoProtocol);
    let drawn = kept(&town, Subject::Bylaws);
    assert!(drawn.iter().all(|body| body["what"] == "emergencies_prepared") && drawn.len() == 2);
}

#[test]
fn two_people_publish_at_once_and_the_second_is_told_in_the_moment() {
    let town = Town::found("Villa de la Riada");
    prepare(&town, Before::Two);
    let (author, community) = (town.author(), town.member(Role::Community));
    // From a post in review: the round is over with that.
    let waiting = author.submit(&draft(&town));
    let asked = ask(&author, &waiting).unwrap();
    assert_eq!(asked.post.stage.name(), StageName::InReview, "nothing goes out on one word");
    assert!(asked.publications.is_empty());
    assert!(matches!(asked.emergencies[0].owed, Owed::Second { .. }));
    assert_eq!(told(&town, Role::Community, "URGENTE, hace falta una segunda persona"), 1);
    assert_eq!(told(&town, Role::Author, "URGENTE"), 0);
    assert_eq!((pending(&community).len(), pending(&author).len(), pending(&town.mayor()).len()), (1, 0, 0));
    let home = community.ok(&wire::home::HOME, &[], &Nothing {});
    assert!(home.emergencies[0].mine && home.emergencies[0].post == waiting.post.id);

    assert_eq!(Refusal::from(answer(&author, &asked, Said::Agree, None).unwrap_err()), Refusal::TwoHats);
    assert_eq!(Refusal::from(answer(&town.mayor(), &asked, Said::Agree, None).unwrap_err()), Refusal::NotYourTurn);
    assert_eq!(Refusal::from(answer(&community, &asked, Said::Ratify, None).unwrap_err()), Refusal::WrongStage);
    assert_eq!(Refusal::from(ask(&community, &asked).unwrap_err()), Refusal::Doubled { field: "emergency".to_owned() });
    let agreed = answer(&community, &asked, Said::Agree, None).unwrap();
    let Some(Approval::Emergency { by, second, .. }) = agreed.post.stage.approval() else { panic!("{agreed:?}") };
    assert_eq!((by, second.as_ref()), (&author.me.member, Some(&community.me.member)));
    let out = author.wait_for(&waiting.post.id, PublicationState::Out);
    assert_eq!(out.emergencies[0].owed, Owed::Nothing { late: false });
    assert_eq!(pending(&community), vec![]);
    assert_eq!(Refusal::from(answer(&community, &out, Said::Agree, None).unwrap_err()), Refusal::WrongStage);
    // The decision that was on its way finds the round over.
    assert_eq!(town.mayor().no(&posts::DECIDE, &[id(&out)], &api_journeys::approval(&waiting)), Refusal::WrongStage);
    let said: Vec<Value> = kept(&town, Subject::Emergency).iter().map(|body| body["what"].clone()).collect();
    assert_eq!(said, ["asked", "agree"]);
}

#[test]
fn the_second_may_say_no_and_an_edit_takes_the_question_away() {
    let town = Town::found("Villa Prudente y Clara");
    prepare(&town, Before::Two);
    let (author, community) = (town.author(), town.member(Role::Community));
    let asked = ask(&author, &draft(&town)).unwrap();
    assert_eq!(Refusal::from(answer(&community, &asked, Said::Decline, None).unwrap_err()), Refusal::ReasonWanted);
    let declined = answer(&community, &asked, Said::Decline, Some("No es para tanto.")).unwrap();
    assert_eq!((declined.post.stage.name(), declined.emergencies[0].owed), (StageName::Draft, Owed::Dropped));
    assert!(
        matches!(&declined.emergencies[0].emergency.second, Some(Second::Declined { reason, .. }) if reason == "No es para tanto.")
    );
    assert_eq!(told(&town, Role::Author, "Emergencia contestada"), 1);
    assert_eq!(Refusal::from(answer(&community, &declined, Said::Agree, None).unwrap_err()), Refusal::WrongStage);

    // Asked again, and edited before anybody agreed: the word would be over another content.
    let again = ask(&author, &declined).unwrap();
    let edited = author.edit(&again, &town.notice("No se acerquen al río ni al puente."));
    assert_eq!(pending(&community), vec![]);
    assert!(!edited.emergencies[1].stands && edited.emergencies[1].answerers.is_empty());
    assert_eq!(Refusal::from(answer(&community, &edited, Said::Agree, None).unwrap_err()), Refusal::ApprovalVoid);
    // Whoever wrote in it is not the second word.
    let other = community.edit(&edited, &town.notice("No se acerquen al río ni al puente viejo."));
    let asked = ask(&author, &other).unwrap();
    assert_eq!(Refusal::from(answer(&community, &asked, Said::Agree, None).unwrap_err()), Refusal::OwnPost);
    let out = answer(&town.administrator(), &asked, Said::Agree, None).unwrap();
    assert_eq!(out.post.stage.name(), StageName::Placed);
    author.wait_for(&out.post.id, PublicationState::Out);
}

#[test]
fn one_publishes_at_once_owes_a_ratification_and_gets_it() {
    let town = Town::found("Villa de Guardia");
    prepare(&town, ONE);
    let (author, mayor) = (town.author(), town.mayor());
    // What the rules find is let pass by the act itself, with its reason, and on the record.
    let post = author.write(&town.notice("El río sube. Llamen al 612 345 678 si ven a alguien en la ribera."));
    assert_eq!(author.no(&posts::SUBMIT, &[id(&post)], &at(&post)), Refusal::Blocked);
    let gone = ask(&author, &post).unwrap();
    assert!(gone.waivers.iter().all(|waiver| waiver.reason == "Riada en la ribera." && waiver.by == author.me.member));
    assert!(!gone.waivers.is_empty());
    let out = author.wait_for(&post.post.id, PublicationState::Out);
    assert!(matches!(out.emergencies[0].owed, Owed::Ratification { .. }));
    assert_eq!(out.emergencies[0].answerers, std::slice::from_ref(&mayor.me.member));
    assert_eq!(told(&town, Role::Approver, "URGENTE, por ratificar"), 1);
    assert!(mayor.ok(&wire::home::HOME, &[], &Nothing {}).emergencies[0].mine);
    let counted = |role: Role| town.member(role).me.waiting;
    assert_eq!((counted(Role::Approver), counted(Role::Author)), (1, 0), "it is counted where it is answered");
    assert_eq!(Refusal::from(answer(&author, &out, Said::Ratify, None).unwrap_err()), Refusal::TwoHats);
    assert_eq!(
        Refusal::from(answer(&town.administrator(), &out, Said::Ratify, None).unwrap_err()),
        Refusal::NotYourTurn
    );
    assert_eq!(
        Refusal::from(answer(&town.member(Role::Observer), &out, Said::Ratify, None).unwrap_err()),
        Refusal::NotAllowed { act: domain::Act::Emergency }
    );
    let ratified = answer(&mayor, &out, Said::Ratify, None).unwrap();
    assert_eq!(ratified.emergencies[0].owed, Owed::Nothing { late: false });
    assert_eq!(counted(Role::Approver), 0);
    assert_eq!(told(&town, Role::Author, "Emergencia contestada"), 1);
    assert_eq!(Refusal::from(answer(&mayor, &ratified, Said::Disown, Some("No.")).unwrap_err()), Refusal::WrongStage);
    let waived = kept(&town, Subject::Waiver);
    assert!(waived.iter().all(|body| body["emergency"] == out.emergencies[0].emergency.id.as_str()));
    assert_eq!(waived.len(), gone.waivers.len());
    assert!(kept(&town, Subject::Emergency)[0]["content"]["texts"]["es"].as_str().unwrap().contains("El río sube"));
}

#[test]
fn what_is_disowned_stops_and_is_taken_down_or_corrected() {
    let town = Town::found("Villa Arrepentida");
    prepare(&town, ONE);
    let (author, mayor) = (town.author(), town.mayor());
    ask(&author, &draft(&town)).unwrap();
    let out = eventually("it is out", || {
        let list = author.ok(&posts::LIST, &[], &posts::Query::default());
        let view = author.read(&list.items[0].id);
        view.publications.first().is_some_and(|one| one.state == PublicationState::Out).then_some(view)
    });
    assert_eq!(Refusal::from(answer(&mayor, &out, Said::Disown, Some(" ")).unwrap_err()), Refusal::ReasonWanted);
    let disowned = answer(&mayor, &out, Said::Disown, Some("No había riesgo.")).unwrap();
    assert!(
        matches!(&disowned.emergencies[0].emergency.afterwards, Some(Afterwards::Disowned { reason, .. }) if reason == "No había riesgo.")
    );
    assert_eq!(disowned.publications[0].state, PublicationState::Out, "what is out is out until somebody acts");
    assert_eq!(
        (told(&town, Role::Author, "Emergencia contestada"), told(&town, Role::Administrator, "Emergencia contestada")),
        (1, 1)
    );
    // A correction gets its own ground.
    let content = town.notice("El río está en su nivel de siempre.");
    let correct =
        posts::Correct { version: disowned.post.version, content, reason: "No hubo riada.".to_owned(), checked: None };
    let proposed = author.ok(&posts::CORRECT, &[id(&disowned)], &correct);
    let corrected = mayor.approve(&proposed);
    assert!(matches!(corrected.post.stage.approval(), Some(Approval::Agreed { .. })));
    author.wait_for(&out.post.id, PublicationState::Out);
    let view = author.read(&out.post.id);
    mayor.ok(&posts::TAKE_DOWN, &[id(&view)], &api_journeys::because(&view, "No debió salir."));
    author.wait_for(&out.post.id, PublicationState::TakenDown);
    assert!(author.read(&out.post.id).emergencies[0].emergency.afterwards.is_some(), "the story stays");
}

#[test]
fn the_pause_stops_emergencies_and_only_lifting_it_lets_them_out() {
    let town = Town::found("Villa Detenida");
    prepare(&town, Before::Two);
    let (author, community, administrator) = (town.author(), town.member(Role::Community), town.administrator());
    let pause = || {
        administrator.ok(&organisations::PAUSE, &[], &organisations::PauseAll { reason: "Cuenta robada.".to_owned() })
    };
    let asked = ask(&author, &draft(&town)).unwrap();
    pause();
    let other = draft(&town);
    assert_eq!(Refusal::from(ask(&author, &other).unwrap_err()), Refusal::Paused);
    assert_eq!(Refusal::from(answer(&community, &asked, Said::Agree, None).unwrap_err()), Refusal::Paused);
    assert_eq!(author.read(&asked.post.id).publications.len(), 0);
    administrator.ok(&organisations::RESUME, &[], &Nothing {});
    answer(&community, &asked, Said::Agree, None).unwrap();
    let out = author.wait_for(&asked.post.id, PublicationState::Out);
    // The network's own limits are nobody's to waive.
    prepare(&town, ONE);
    let endless = domain::Content { texts: [].into(), titles: [].into(), ..town.notice("") };
    let empty = author.write(&endless);
    assert_eq!(Refusal::from(ask(&author, &empty).unwrap_err()), Refusal::Blocked);
    assert_eq!(Refusal::from(ask(&author, &out).unwrap_err()), Refusal::WrongStage);
}

#[test]
fn asked_twice_at_once_it_goes_out_once() {
    let town = Town::found("Villa Simultánea en Riesgo");
    prepare(&town, ONE);
    let (author, administrator) = (town.author(), town.administrator());
    for _ in 0..3 {
        let post = draft(&town);
        let answers: Vec<Result<PostView, No>> = thread::scope(|scope| {
            let tasks: Vec<_> =
                [&author, &administrator, &author].map(|by| scope.spawn(|| ask(by, &post))).into_iter().collect();
            tasks.into_iter().map(|task| task.join().unwrap()).collect()
        });
        assert_eq!(answers.iter().filter(|answer| answer.is_ok()).count(), 1, "{answers:?}");
        let out = author.wait_for(&post.post.id, PublicationState::Out);
        assert_eq!((out.publications.len(), out.publications[0].acts.len(), out.emergencies.len()), (1, 1, 1));
    }
    // Two who agree at once are one agreement.
    prepare(&town, Before::Two);
    let community = town.member(Role::Community);
    let asked = ask(&author, &draft(&town)).unwrap();
    let answers: Vec<Result<PostView, No>> = thread::scope(|scope| {
        let tasks: Vec<_> = [&community, &administrator]
            .map(|by| scope.spawn(|| answer(by, &asked, Said::Agree, None)))
            .into_iter()
            .collect();
        tasks.into_iter().map(|task| task.join().unwrap()).collect()
    });
    assert_eq!(answers.iter().filter(|answer| answer.is_ok()).count(), 1, "{answers:?}");
    assert_eq!(author.wait_for(&asked.post.id, PublicationState::Out).publications[0].acts.len(), 1);
}

#[test]
fn where_there_are_passkeys_every_word_is_signed_as_what_it_is() {
    let town = Town::found("Villa Firmada y Urgente");
    prepare(&town, Before::Two);
    let (key, author) = with_passkey(town.author());
    let (other, community) = with_passkey(town.member(Role::Community));
    let post = draft(&town);
    let no = |ask: &Ask| author.no(&emergencies::ASK, &[id(&post)], ask);
    assert_eq!(no(&asking(&post)), Refusal::SignatureWanted);
    let signed = |key: &Passkey, who: &Member, post: &PostView, said: Said, reason: Option<&str>| {
        Some(word(&town, (key, who), post, said, reason))
    };
    let reason = "Riada en la ribera.";
    // Another word, another reason, another key: what was signed is not what is done.
    let malformed = Refusal::Malformed { field: "statement".to_owned() };
    let with = |signed| Ask { signed, ..asking(&post) };
    assert_eq!(no(&with(signed(&key, &author, &post, Said::Agree, Some(reason)))), malformed);
    assert_eq!(no(&with(signed(&key, &author, &post, Said::Ask, Some("Otra cosa.")))), malformed);
    assert_eq!(no(&with(signed(&other, &author, &post, Said::Ask, Some(reason)))), Refusal::BadPasskey);
    // A decision's statement is none of an emergency, whatever it says.
    let (mayor_key, mayor) = with_passkey(town.mayor());
    let waiting = author.submit(&draft(&town));
    let decision = mayor_key.decide(&mayor, &waiting, domain::Choice::Approve, town.now()).signed;
    assert_eq!(no(&with(decision)), malformed);

    let good = with(signed(&key, &author, &post, Said::Ask, Some(reason)));
    let asked = author.ok(&emergencies::ASK, &[id(&post)], &good);
    assert_eq!(asked.emergencies[0].signed, [Said::Ask]);
    let stale = Ask { version: asked.post.version, ..good };
    assert_eq!(author.no(&emergencies::ASK, &[id(&post)], &stale), Refusal::Doubled { field: "emergency".to_owned() });

    let emergency = asked.emergencies[0].emergency.id.to_string();
    let here = [id(&post), emergency.as_str()];
    let say = |signed| Answer { said: Said::Agree, reason: None, signed };
    assert_eq!(community.no(&emergencies::ANSWER, &here, &say(None)), Refusal::SignatureWanted);
    let decline = signed(&other, &community, &asked, Said::Decline, Some("No."));
    assert_eq!(community.no(&emergencies::ANSWER, &here, &say(decline)), malformed);
    let agree = say(signed(&other, &community, &asked, Said::Agree, None));
    let out = community.ok(&emergencies::ANSWER, &here, &agree);
    assert_eq!(out.emergencies[0].signed, [Said::Ask, Said::Agree]);
    assert_eq!(community.no(&emergencies::ANSWER, &here, &agree), Refusal::WrongStage);
    let bodies = kept(&town, Subject::Emergency);
    for body in &bodies {
        let statement = body["signed"]["statement"].as_str().unwrap();
        assert!(statement.contains(&emergency) && body["signed"]["assertion"]["signature"].is_string());
    }
    assert_eq!(bodies.len(), 2);

    // Each word has a receipt that a program judges which shares no line with the engine.
    let receipt = |who: &Member, said: &str| {
        let receipt = who.ok(&emergencies::RECEIPT, &[id(&post), &emergency, said], &Nothing {});
        serde_json::to_value(receipt).unwrap()
    };
    let (ask, agree) = (receipt(&author, "ask"), receipt(&community, "agree"));
    let (register, party) = register(&town);
    for good in [&ask, &agree] {
        verdict(good, &register, &party).unwrap();
        let mut tampered = 0;
        for path in texts(good, String::new()) {
            let mut bad = good.clone();
            let text = bad.pointer_mut(&path).unwrap();
            *text = json!(flipped(text.as_str().unwrap()));
            assert!(verdict(&bad, &register, &party).is_err(), "{path} was changed and not missed");
            tampered += 1;
        }
        assert!(tampered >= 10, "{tampered}");
    }
    assert_eq!((&ask["reason"], &agree["reason"]), (&json!(reason), &Value::Null));
    // Neither word passes for the other, nor for a decision.
    let mut crossed = agree.clone();
    crossed["statement"] = ask["statement"].clone();
    assert!(verdict(&crossed, &register, &party).is_err());
    let mut dressed = agree.clone();
    dressed["format"] = json!("pregon/receipt/1");
    dressed.as_object_mut().unwrap().remove("reason");
    dressed["choice"] = json!({ "decision": "approve" });
    assert!(verdict(&dressed, &register, &party).unwrap_err().contains("statement"));
    for nothing in ["ratify", "approve", "ask%22"] {
        assert_eq!(author.no(&emergencies::RECEIPT, &[id(&post), &emergency, nothing], &Nothing {}), Refusal::NotFound);
    }
}

#[test]
fn the_clock_says_once_what_did_not_come_and_it_stays_late() {
    let town = Town::alone("Villa Sin Respuesta");
    prepare(&town, ONE);
    let author = town.author();
    let gone = ask(&author, &draft(&town)).unwrap();
    author.wait_for(&gone.post.id, PublicationState::Out);
    let strike = |minutes: i64| {
        town.ahead(Millis::minutes(minutes));
        town.tick();
        town.tick();
    };
    strike(119);
    assert_eq!(told(&town, Role::Administrator, "Emergencia sin respuesta"), 0);
    strike(122);
    eventually("it is told", || (told(&town, Role::Administrator, "Emergencia sin respuesta") == 1).then_some(()));
    assert_eq!(told(&town, Role::Author, "Emergencia sin respuesta"), 1);
    strike(300);
    let late = town.author().read(&gone.post.id);
    assert!(matches!(late.emergencies[0].owed, Owed::Overdue { .. }));
    // The administrator sees it, though it is not theirs to give; the mayor's office still can.
    let seen = pending(&town.administrator());
    assert!(!seen[0].mine && matches!(seen[0].owed, Owed::Overdue { .. }));
    let ratified = answer(&town.mayor(), &late, Said::Ratify, None).unwrap();
    assert_eq!(ratified.emergencies[0].owed, Owed::Nothing { late: true });
    assert_eq!(pending(&town.administrator()), vec![]);

    // The second of two is not waited for for ever.
    prepare(&town, Before::Two);
    let author = town.author();
    let asked = ask(&author, &draft(&town)).unwrap();
    strike(300 + 12 * 60 + 5);
    eventually("nobody answered", || (told(&town, Role::Author, "Emergencia sin respuesta") == 2).then_some(()));
    let dropped = town.author().read(&asked.post.id);
    assert_eq!((dropped.emergencies[0].owed, dropped.post.stage.name()), (Owed::Dropped, StageName::Draft));
    let late = answer(&town.member(Role::Community), &dropped, Said::Agree, None);
    assert_eq!(Refusal::from(late.unwrap_err()), Refusal::WrongStage);
    let said: Vec<Value> = kept(&town, Subject::Incident).iter().map(|body| body["what"].clone()).collect();
    assert_eq!(said, ["nobody_ratified_in_time", "nobody_agreed_in_time"]);
    assert_eq!(kept(&town, Subject::Emergency)[1]["late"], true);
}

#[test]
fn what_an_emergency_could_not_send_at_once_is_let_out_within_a_day_and_not_after() {
    let town = Town::alone("Villa sin Red");
    prepare(&town, ONE);
    let (author, administrator) = (town.author(), town.administrator());
    let gone = ask(&author, &draft(&town)).unwrap();
    author.wait_for(&gone.post.id, PublicationState::Out);
    // One that a pause met on its way: it is held, and let out as everything is.
    town.arm("queue_loses=1000");
    let held = ask(&author, &draft(&town)).unwrap();
    administrator.ok(&organisations::PAUSE, &[], &organisations::PauseAll { reason: "Prueba.".to_owned() });
    town.arm("");
    for minutes in [5, 40] {
        town.ahead(Millis::minutes(minutes));
        town.tick();
    }
    administrator.ok(&organisations::RESUME, &[], &Nothing {});
    let view = author.wait_for(&held.post.id, PublicationState::Held);
    assert_eq!(last_act(&view), &ActState::Held { reason: Hold::Late });
    town.ahead(Millis::hours(25));
    let author = town.author();
    assert_eq!(Refusal::from(author.retry(&view.publications[0], "Ahora sí.").unwrap_err()), Refusal::OutsideEnvelope);
    town.ahead(Millis::hours(3));
    town.author().retry(&view.publications[0], "Ahora sí.").unwrap();
    town.author().wait_for(&held.post.id, PublicationState::Out);
}

#[test]
fn a_kind_that_needs_no_approval_and_a_protocol_live_side_by_side() {
    let town = Town::found("Villa de las Dos Vías");
    prepare(&town, ONE);
    let author = town.author();
    let reason = "Los avisos no esperan.".to_owned();
    let declare = organisations::Declare { kind: Kind::Emergency, reason: Some(reason) };
    town.administrator().ok(&organisations::DECLARE, &[], &declare);
    let content = domain::Content { kind: Kind::Emergency, ..town.notice("Aviso por viento.") };
    let declared = author.submit(&author.write(&content));
    assert!(matches!(declared.post.stage, Stage::Approved { approval: Approval::Declared { .. } }));
    assert_eq!(declared.urgent, None, "it is approved already: it is released, not urged");
    let urged = ask(&author, &author.write(&content)).unwrap();
    assert!(matches!(urged.post.stage.approval(), Some(Approval::Emergency { .. })));
}
