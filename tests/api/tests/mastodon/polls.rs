//! Polls at Mastodon: asked once, counted from when they went out, kept with their votes when the words beside them are corrected.

use std::collections::BTreeMap;

use domain::{Poll, Replies, policy::Evidence, poll::Misfit};

use super::*;

const QUESTION: &str = "¿Qué fin de semana prefieres para la feria?";

fn asking(town: &Town, made: &Channel, text: &str, answers: &str) -> Content {
    let mut content = notice_on(town, made, text);
    let answers = BTreeMap::from([(Language::spanish(), answers.to_owned())]);
    content.poll = Some(Poll { answers, minutes: 4_320, several: true, hidden: true });
    content
}

fn misfits(author: &Member, content: &Content) -> Vec<Misfit> {
    let found = author.ok(&posts::CHECK, &[], content).into_iter();
    let of = |evidence| match evidence {
        Evidence::Poll { misfit } => misfit,
        other => panic!("{other:?}"),
    };
    found.filter(|finding| finding.rule == Rule::Poll).map(|finding| of(finding.evidence)).collect()
}

#[test]
fn a_poll_is_read_back_as_it_was_agreed_to() {
    let (town, sandbox, made) = town("Villa de la Consulta");
    let mut content = asking(&town, &made, QUESTION, " Primero de mayo \n\nFin de mayo\n");
    content.texts.insert(Language::english(), "Which weekend do you prefer for the fair?".to_owned());
    content.targets[0].languages = vec![Language::spanish(), Language::english()];
    let poll = content.poll.as_mut().unwrap();
    poll.answers.insert(Language::english(), "Early May\nLate May".to_owned());
    publish(&town, &content);
    let statuses = sandbox.read(OWN);
    assert_eq!(statuses.len(), 2, "each language asks by itself");
    for (language, answers) in [("es", ["Primero de mayo", "Fin de mayo"]), ("en", ["Early May", "Late May"])] {
        let status = statuses.iter().find(|status| status["language"] == language).unwrap();
        assert_eq!(status["poll"]["answers"], json!(answers));
        assert_eq!(status["poll"]["votes"], json!([null, null]), "the count is hidden until the end");
        assert_eq!((&status["poll"]["multiple"], &status["poll"]["seconds"]), (&json!(true), &json!(4_320 * 60)));
    }
    api_journeys::covered::read(Network::Mastodon, "poll");
}

#[test]
fn a_poll_whose_answer_was_lost_is_asked_once() {
    let (town, sandbox) = (Town::alone("Villa de la Consulta Perdida"), Sandbox::start());
    let made = agree_at(&town.administrator(), &sandbox.server, sent_on).unwrap();
    sandbox.arm(&json!([{ "on": "POST /api/v1/statuses", "then": "drop_after" }]));
    sandbox.set(&json!({ "lag": 1 }));
    let post = release(&town, &asking(&town, &made, QUESTION, "Sí\nNo"));
    let author = town.author();
    author.wait_for(&post.post.id, PublicationState::Unknown);
    town.ahead(Millis::minutes(2));
    town.tick();
    eventually("the look", || {
        town.tick();
        (author.read(&post.post.id).publications[0].acts[0].attempts.len() == 2).then_some(())
    });
    author.wait_for(&post.post.id, PublicationState::Out);
    let sent = sandbox.requests("POST /api/v1/statuses");
    assert_eq!((sent.len(), &sent[0]["idempotency_key"]), (2, &sent[1]["idempotency_key"]));
    assert_eq!((sandbox.read(OWN).len(), &sandbox.read(OWN)[0]["poll"]["answers"]), (1, &json!(["Sí", "No"])));
}

#[test]
fn words_are_corrected_and_the_votes_stay_but_the_poll_is_not_touched() {
    let (town, sandbox, made) = town("Villa del Recuento");
    let (author, mayor) = (town.author(), town.mayor());
    let content = asking(&town, &made, QUESTION, "Mayo\nJunio");
    let out = publish(&town, &content);
    sandbox.set(&json!({ "votes": [3, 1] }));
    let ends = |sandbox: &Sandbox| sandbox.statuses()[0]["poll"]["seconds"].as_i64().unwrap();
    let before = ends(&sandbox);

    for touch in [
        |poll: &mut Poll| drop(poll.answers.insert(Language::spanish(), "Mayo\nJunio\nJulio".to_owned())),
        |poll: &mut Poll| poll.minutes = 60,
        |poll: &mut Poll| poll.hidden = false,
    ] {
        let mut touched = content.clone();
        touch(touched.poll.as_mut().unwrap());
        let correct = |content| posts::Correct {
            version: out.post.version,
            content,
            reason: "Estaba mal.".to_owned(),
            checked: None,
        };
        assert_eq!(author.no(&posts::CORRECT, &[id(&out)], &correct(touched)), Refusal::OtherPoll);
        let without = Content { poll: None, ..content.clone() };
        assert_eq!(author.no(&posts::CORRECT, &[id(&out)], &correct(without)), Refusal::OtherPoll);
    }

    let mut right = content.clone();
    right.texts.insert(Language::spanish(), "¿Qué mes prefieres para la feria?".to_owned());
    let edited = correct(&author, &mayor, &out, right.clone());
    let now = sandbox.statuses()[0].clone();
    assert_eq!((&now["text"], &now["poll"]["votes"]), (&json!("¿Qué mes prefieres para la feria?"), &json!([3, 1])));
    assert!((ends(&sandbox) - before).abs() <= 2, "it ends when it was to end");

    // Less than Mastodon takes is left of it: to edit it would open it anew, so it is not edited.
    sandbox.set(&json!({ "poll_ends_in": 200 }));
    right.texts.insert(Language::spanish(), "¿Qué mes prefieres?".to_owned());
    let correct =
        posts::Correct {
            version: edited.post.version, content: right, reason: "Más corto.".to_owned(), checked: None
        };
    let proposed = author.ok(&posts::CORRECT, &[id(&edited)], &correct);
    mayor.ok(&posts::DECIDE, &[id(&edited)], &approval(&proposed));
    let failure = eventually("the refusal", || match last_act(&author.read(&edited.post.id)) {
        ActState::Failed { failure } => Some(failure.clone()),
        _ => None,
    });
    assert_eq!(failure.kind, FailureKind::ContentRefused);
    let still = sandbox.statuses()[0].clone();
    assert_eq!((&still["text"], &still["poll"]["votes"]), (&now["text"], &json!([3, 1])), "nothing was sent");
}

#[test]
fn exactly_what_the_instance_takes_goes_out_and_one_more_is_said_before() {
    let (town, sandbox) = (Town::found("Villa de las Cuatro Respuestas"), Sandbox::start());
    let (administrator, author) = (town.administrator(), town.author());
    let made = agree_at(&administrator, &sandbox.server, sent_on).unwrap();
    let letters = |count: usize, most: usize| {
        let lines: Vec<String> = ["a", "b", "c", "d", "e"][..count].iter().map(|one| one.repeat(most)).collect();
        lines.join("\n")
    };
    let with = |count, most| asking(&town, &made, QUESTION, &letters(count, most));
    assert_eq!(misfits(&author, &with(4, 50)), []);
    assert_eq!(misfits(&author, &with(5, 50)), [Misfit::Many { limit: 4, count: 5 }]);
    let long = |place| Misfit::Long { place, limit: 50, count: 51 };
    assert_eq!(misfits(&author, &with(2, 51)), [long(1), long(2)]);
    // The server says the same to whoever has no such rule.
    sandbox.set(&json!({ "reader": OWN }));
    let bare = |count: usize, most: usize, seconds: u32| {
        let options: Vec<String> = letters(count, most).lines().map(str::to_owned).collect();
        let poll = json!({ "options": options, "expires_in": seconds });
        let status = json!({ "status": QUESTION, "visibility": "public", "poll": poll });
        sandbox.bare("POST /api/v1/statuses", &[], &status).0
    };
    assert_eq!((bare(4, 50, 2_629_746), bare(5, 50, 300), bare(2, 51, 300)), (200, 422, 422));
    assert_eq!((bare(2, 1, 300), bare(2, 1, 299), bare(2, 1, 2_629_747)), (200, 422, 422));
    let mut pictured = with(2, 1);
    two_pictures(&author, &mut pictured);
    assert_eq!(misfits(&author, &pictured), [Misfit::Beside]);
    let mut elsewhere = with(2, 1);
    elsewhere.targets.push(domain::Target::new(town.founded.noticeboard.clone(), vec![Language::spanish()]));
    assert_eq!(misfits(&author, &elsewhere), [], "the town's own page tells where one votes");
    elsewhere.targets.remove(0);
    assert_eq!(misfits(&author, &elsewhere), [Misfit::NotTaken], "and somewhere it has to be");
    let mut open = with(2, 1);
    open.poll.as_mut().unwrap().minutes = 43_830;
    assert_eq!(misfits(&author, &open), [Misfit::Later { limit: 43_829 }]);
    open.poll.as_mut().unwrap().minutes = 0;
    assert_eq!(author.no(&posts::CHECK, &[], &open), Refusal::Malformed { field: "poll".to_owned() });
    let draft = author.write(&with(5, 50));
    assert!(author.ask(&posts::SUBMIT, &[id(&draft)], &api_journeys::at(&draft)).is_err(), "nobody agrees to it");

    sandbox.set(&json!({ "polls": { "max_options": 2, "max_characters_per_option": 10, "min_expiration": 300,
        "max_expiration": 3_600 } }));
    administrator.ok(&channels::CHECK, &[made.id.as_str()], &Nothing {});
    let mut own = with(3, 11);
    assert_eq!(misfits(&author, &own).len(), 5, "too long open, too many, and each too long");
    own = with(2, 10);
    own.poll.as_mut().unwrap().minutes = 60;
    assert_eq!(misfits(&author, &own), []);
    own.replies = Replies::Everybody;
    publish(&town, &own);
    assert_eq!(sandbox.read(OWN)[0]["poll"]["seconds"], 3_600);
}

#[test]
fn by_hand_the_poll_stands_in_the_kit() {
    let town = Town::found("Villa de la Consulta a Mano");
    let by_hand = town.administrator().connect_by_hand(Network::Facebook, None);
    let content = asking(&town, &by_hand, QUESTION, "Mayo\nJunio");
    assert_eq!(misfits(&town.author(), &content), []);
    let post = release(&town, &content);
    let author = town.author();
    let waiting = author.wait_for(&post.post.id, PublicationState::InHand);
    let kit = author.ok(&wire::publications::KIT, &[waiting.publications[0].id.as_str()], &Nothing {});
    let poll = kit.rendition.poll.unwrap();
    assert_eq!(
        (poll.answers, poll.minutes, poll.several, poll.hidden),
        (vec!["Mayo".to_owned(), "Junio".to_owned()], 4_320, true, true)
    );
}
