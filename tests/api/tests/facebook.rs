//! Facebook pages, on our sandbox, whose every call and answer is held against Meta's own description; what came there is
//! read back with Meta's own client. No server of theirs can be had: what it does beyond the description, nobody here has
//! seen.

mod captions;
mod comments;
mod connecting;
mod poster;
mod reels;
mod stories;
mod videos;

use api_journeys::{
    Member, Town, because, eventually, id, last_act,
    outside::{Sandbox, agree_at_network, channel, facebook_app, notice_on, publish, release},
    tries_again,
};
use domain::{
    Channel, Content, HealthState, Millis, Moment, Network,
    delivery::{ActState, Deed, FailureKind, PublicationState},
    policy::Rule,
    record::Subject,
};
use serde_json::{Value, json};
use wire::{
    posts::{self, PostView},
    publications,
};

use crate::media;

/// The page that the sandbox's person has, unless it is told otherwise.
const PAGE: &str = "Ayuntamiento";

/// The call that makes a post visible, as the sandbox writes calls down.
fn visible() -> String {
    format!("POST /v25.0/{}/feed", page())
}

fn page() -> String {
    networks_sandbox::page_id(PAGE)
}

/// A town with a sandbox of its own that stands for Facebook, and a page there.
fn with_page(town: Town) -> (Town, Sandbox, Channel) {
    let sandbox = Sandbox::start();
    sandbox.stands_for_facebook(&town);
    let channel = agree_at_network(&town.administrator(), &facebook_app(None)).unwrap();
    (town, sandbox, channel)
}

fn pictures(author: &Member, content: &mut Content, count: u32) -> Vec<Value> {
    let picture = |place: u32| {
        let bytes = media::png(8 + place, 5);
        let alt = format!("La plaza, {place}.");
        content.pictures.push(media::picture(&media::stored(author, &bytes), &alt));
        json!({ "alt": alt, "sha256": domain::record::sha256_hex(&bytes) })
    };
    (0..count).map(picture).collect()
}

fn correct(author: &Member, mayor: &Member, post: &PostView, content: Content) -> PostView {
    let correct =
        posts::Correct { version: post.post.version, content, reason: "Estaba mal.".to_owned(), checked: None };
    let proposed = author.ok(&posts::CORRECT, &[id(post)], &correct);
    mayor.ok(&posts::DECIDE, &[id(post)], &api_journeys::approval(&proposed))
}

/// Waits until the last act of a post is an edit in some state.
fn edited(author: &Member, post: &PostView, is: impl Fn(&ActState) -> bool) -> PostView {
    eventually("the edit", || {
        let view = author.read(&post.post.id);
        let last = view.publications[0].acts.last()?;
        (last.deed == Deed::Edit && is(&last.state)).then_some(view)
    })
}

fn native_id(post: &PostView) -> String {
    let ActState::Done { receipt } = last_act(post) else { panic!("{:?}", last_act(post)) };
    receipt.native_id.clone()
}

#[test]
fn text_card_and_pictures_are_read_back_by_meta_s_own_client() {
    let (town, sandbox, made) = with_page(Town::found("Villa de la Página"));
    assert!(!made.assisted);
    assert_eq!((made.network, &*made.handle, made.health.state), (Network::Facebook, PAGE, HealthState::Working));
    assert_eq!(made.health.expires, Some(Moment(4_102_444_800_000)), "when the access to data ends");
    let author = town.author();
    publish(&town, &notice_on(&town, &made, "Solo texto: ñ, «comillas», 👨‍👩‍👧 & <b>."));
    let mut linked = notice_on(&town, &made, "Con enlace.");
    linked.link = Some("https://villa.example/pleno?a=1&b=2".to_owned());
    publish(&town, &linked);
    let mut one = notice_on(&town, &made, "Una imagen.");
    one.link = linked.link.clone();
    let single = pictures(&author, &mut one, 1);
    publish(&town, &one);
    let mut ten = notice_on(&town, &made, "Diez imágenes.");
    let album = pictures(&author, &mut ten, 10);
    let last = publish(&town, &ten);

    let read = sandbox.on_page("posts", PAGE);
    let said: Vec<&str> = read.iter().map(|post| post["message"].as_str().unwrap()).collect();
    let link = "https://villa.example/pleno?a=1&b=2";
    assert_eq!(
        said,
        [
            "Diez imágenes.",
            &format!("Una imagen.\n\n{link}"),
            &format!("Con enlace.\n\n{link}"),
            "Solo texto: ñ, «comillas», 👨‍👩‍👧 & <b>.",
        ]
    );
    assert_eq!((&read[0]["pictures"], &read[1]["pictures"]), (&json!(album), &json!(single)));
    assert_eq!((&read[2]["card"], &read[1]["card"]), (&json!(link), &Value::Null), "pictures leave no room for a card");
    api_journeys::covered::read(Network::Facebook, "text, card, pictures");
    let ActState::Done { receipt } = last_act(&last) else { panic!("{:?}", last_act(&last)) };
    assert_eq!(json!(receipt.native_id), read[0]["id"]);
    assert_eq!(json!(receipt.address), read[0]["permalink_url"]);
    for upload in sandbox.requests(&format!("POST /v25.0/{}/photos", page())) {
        assert_eq!(upload["authorised"], true, "{upload}");
    }
    assert!(
        sandbox
            .pages_posts()
            .iter()
            .all(|post| { post["pictures"].as_array().unwrap().iter().all(|picture| picture["published"] == true) })
    );
}

#[test]
fn meta_s_own_client_makes_each_kind_here_too() {
    let sandbox = Sandbox::start();
    let made = sandbox.on_page("make", PAGE);
    let read = sandbox.on_page("posts", PAGE);
    let said: Vec<&str> = read.iter().map(|post| post["message"].as_str().unwrap()).collect();
    assert_eq!(said, ["3 pictures.", "1 pictures.", "With a card.", "Text alone, corrected."]);
    assert_eq!((&read[3]["id"], &read[0]["id"], made.len()), (&made[0], &made[3], 5));
    assert_eq!(read[0]["pictures"].as_array().unwrap().len(), 3);
    assert_eq!(read[1]["pictures"][0]["alt"], "Picture 0.");
    api_journeys::covered::made(Network::Facebook, "text, card, pictures, correction, takedown");
}

#[test]
fn a_correction_replaces_the_text_and_hands_the_rest_to_a_person() {
    let (town, sandbox, made) = with_page(Town::found("Villa Corregida en su Página"));
    let (author, mayor) = (town.author(), town.mayor());
    let mut content = notice_on(&town, &made, "El pleno es el jueves.");
    let album = pictures(&author, &mut content, 2);
    let out = publish(&town, &content);
    let mut right = content.clone();
    right.texts.values_mut().for_each(|text| "El pleno es el viernes.".clone_into(text));
    let sent = correct(&author, &mayor, &out, right.clone());
    let done = edited(&author, &sent, |state| matches!(state, ActState::Done { .. }));
    let read = sandbox.on_page("posts", PAGE);
    let [post] = &read[..] else { panic!("{read:?}") };
    assert_eq!((&post["message"], &post["pictures"]), (&json!("El pleno es el viernes."), &json!(album)));
    assert_eq!(native_id(&done), native_id(&out), "edited, not made again");
    api_journeys::covered::read(Network::Facebook, "correction");

    let mut fewer = right.clone();
    fewer.pictures.pop();
    let sent = correct(&author, &mayor, &done, fewer);
    let handed = edited(&author, &sent, |state| matches!(state, ActState::InHand { .. }));
    assert_eq!(sandbox.pages_posts()[0]["edits"], 1, "no half of it was sent");
    let told = publications::Settle::NotOut { reason: "Se deja como estaba.".to_owned() };
    let failed = author.ok(&publications::SETTLE, &[handed.publications[0].id.as_str()], &told);
    assert_eq!(failed.publications[0].state, PublicationState::Failed);

    mayor.ok(&posts::TAKE_DOWN, &[id(&failed)], &because(&failed, "Se suspende."));
    author.wait_for(&failed.post.id, PublicationState::TakenDown);
    assert_eq!((sandbox.pages_posts(), sandbox.on_page("posts", PAGE)), (Vec::new(), Vec::new()));
    api_journeys::covered::read(Network::Facebook, "takedown");
}

#[test]
fn what_is_gone_already_is_taken_down_and_cannot_be_corrected() {
    let (town, sandbox, made) = with_page(Town::found("Villa Borrada"));
    let (author, mayor) = (town.author(), town.mayor());
    let content = notice_on(&town, &made, "Lo borra otro.");
    let out = publish(&town, &content);
    let other = publish(&town, &notice_on(&town, &made, "Esto también."));
    // Somebody takes both down on the page itself.
    sandbox.set(&json!({ "page_reader": PAGE }));
    for post in [&out, &other] {
        let address = format!("{}/v25.0/{}", sandbox.server, native_id(post));
        let proof = networks_sandbox::proof(networks_sandbox::READER);
        let address = format!("{address}?access_token={}&appsecret_proof={proof}", networks_sandbox::READER);
        assert_eq!(api_journeys::abroad("DELETE", &address, &[], b"").status, 200);
    }
    let mut right = content.clone();
    right.texts.values_mut().for_each(|text| "Demasiado tarde.".clone_into(text));
    let sent = correct(&author, &mayor, &out, right);
    let failed = edited(&author, &sent, |state| matches!(state, ActState::Failed { .. }));
    let ActState::Failed { failure } = last_act(&failed) else { panic!() };
    assert_eq!(failure.kind, FailureKind::Gone);
    mayor.ok(&posts::TAKE_DOWN, &[id(&other)], &because(&other, "Se suspende."));
    author.wait_for(&other.post.id, PublicationState::TakenDown);
}

#[test]
fn a_text_at_the_limit_goes_out_and_one_letter_more_is_refused_before() {
    let (town, sandbox, made) = with_page(Town::found("Villa Prolija"));
    assert_eq!(made.limits.text, 63_206);
    let author = town.author();
    // The desk's own ceiling is lower: what a town writes by the page is no notice any more.
    let fits = "Corte de agua en la calle Mayor. ".repeat(1_500);
    let length = |content: &Content| {
        let findings = author.ok(&posts::CHECK, &[], content);
        findings.into_iter().find(|finding| finding.rule == Rule::Length)
    };
    let content = notice_on(&town, &made, fits.trim());
    assert_eq!(length(&content), None);
    publish(&town, &content);
    assert_eq!(sandbox.on_page("posts", PAGE)[0]["message"], fits.trim());
    // The network's own is beyond what the desk stores: to whoever has no desk it says no, too.
    let proof = networks_sandbox::proof(networks_sandbox::READER);
    let bare = |count: usize| {
        sandbox.bare(&visible(), &[], &json!({ "message": "ñ".repeat(count), "appsecret_proof": proof })).0
    };
    assert_eq!((bare(63_206), bare(63_207)), (200, 400));
    let mut many = notice_on(&town, &made, "Once imágenes.");
    pictures(&author, &mut many, 11);
    let blocked = author.ok(&posts::CHECK, &[], &many);
    assert!(blocked.iter().any(|finding| finding.rule == Rule::PictureCount), "{blocked:?}");
}

#[test]
fn each_answer_leads_where_its_code_says_and_nothing_comes_out_twice() {
    let (town, sandbox, made) = with_page(Town::found("Villa de los Códigos"));
    let author = town.author();
    for (code, subcode, kind) in [
        (100, None, FailureKind::ContentRefused),
        (1_609_005, None, FailureKind::ContentRefused),
        (368, None, FailureKind::Forbidden),
        (200, None, FailureKind::Forbidden),
        (506, None, FailureKind::ContentRefused),
        (987_654, Some(3), FailureKind::Nonsense),
    ] {
        sandbox.arm(&json!([{ "on": visible(), "then": "refuse", "code": code, "subcode": subcode }]));
        let post = release(&town, &notice_on(&town, &made, &format!("Código {code}.")));
        let failed = author.wait_for(&post.post.id, PublicationState::Failed);
        let ActState::Failed { failure } = last_act(&failed) else { panic!("{:?}", last_act(&failed)) };
        assert_eq!((failure.kind, failure.status), (kind, Some(400)), "{code}");
        assert!(failure.message.contains(&format!("#{code}")), "{}", failure.message);
    }
    assert_eq!(sandbox.pages_posts(), Vec::<Value>::new());
    let states = channel(&town.administrator(), made.id.as_str()).health.state;
    assert!(states.may_send(), "a refused post is no refused channel: {states:?}");
}

#[test]
fn a_page_that_is_gone_is_found_out_by_the_first_post_and_people_hear_of_all_of_them() {
    let (town, sandbox, made) = with_page(Town::alone("Villa sin Página"));
    // It has just worked: by itself nobody would ask for an hour.
    publish(&town, &notice_on(&town, &made, "Todavía está."));
    let gone =
        json!({ "on": format!("GET /v25.0/{}", page()), "then": "refuse", "code": 100, "subcode": 33, "times": 50 });
    sandbox.arm(&json!([gone]));
    let post = release(&town, &notice_on(&town, &made, "Ya no está."));
    let failed = town.author().wait_for(&post.post.id, PublicationState::Failed);
    let ActState::Failed { failure } = last_act(&failed) else { panic!("{:?}", last_act(&failed)) };
    assert_eq!(failure.kind, FailureKind::Gone);
    eventually("the channel to be asked", || {
        town.tick();
        let state = channel(&town.administrator(), made.id.as_str()).health.state;
        (state == HealthState::Refused).then_some(())
    });
    assert_eq!(sandbox.pages_posts().len(), 1);
}

#[test]
fn a_page_that_asks_to_wait_is_given_what_it_asks() {
    let (town, sandbox, made) = with_page(Town::alone("Villa sin Prisa"));
    sandbox.arm(&json!([{ "on": visible(), "then": "refuse", "code": 80_001, "seconds": 300 }]));
    let before = town.now();
    let post = release(&town, &notice_on(&town, &made, "Cuando se pueda."));
    let author = town.author();
    let waiting = author.tried_once(&post.post.id);
    let wait = waiting.due.since(before);
    assert!((Millis::seconds(298).0..Millis::seconds(390).0).contains(&wait.0), "{wait:?}");
    town.ahead(Millis::minutes(6));
    town.tick();
    author.wait_for(&post.post.id, PublicationState::Out);
    assert_eq!(sandbox.pages_posts().len(), 1);
}

#[test]
fn what_it_says_it_was_told_before_is_the_earlier_try() {
    let (town, sandbox, made) = with_page(Town::alone("Villa que se Repite"));
    // It is done, and yet we are asked to wait: the next try is told that these words stand there already.
    sandbox.arm(&json!([{ "on": visible(), "then": "refuse_after", "code": 4 }]));
    let post = release(&town, &notice_on(&town, &made, "Dos veces no."));
    let author = town.author();
    author.tried_once(&post.post.id);
    town.ahead(Millis::seconds(20));
    town.tick();
    let out = author.wait_for(&post.post.id, PublicationState::Out);
    let there = sandbox.pages_posts();
    assert_eq!((there.len(), &there[0]["id"]), (1, &json!(native_id(&out))));
}

#[test]
fn a_lost_answer_is_looked_up_and_never_sent_again() {
    let (town, sandbox, made) = with_page(Town::alone("Villa de la Duda en su Página"));
    town.arm("impatient=1");
    let author = town.author();
    let faults = [
        json!({ "then": "drop_after" }),
        json!({ "then": "hang_after" }),
        json!({ "then": "status_after", "status": 502 }),
        json!({ "then": "malformed" }),
        json!({ "then": "refuse_after", "code": 1 }),
        json!({ "then": "refuse_after", "code": 2, "status": 500 }),
    ];
    for (place, mut fault) in faults.into_iter().enumerate() {
        town.ahead(Millis(0));
        fault["on"] = visible().into();
        let calls = sandbox.requests(&visible()).len();
        sandbox.arm(&json!([fault]));
        let text = format!("¿Salió el número {place}?");
        let post = release(&town, &notice_on(&town, &made, &text));
        author.wait_for(&post.post.id, PublicationState::Unknown);
        // The list is late: found by the second look.
        sandbox.set(&json!({ "lag": 1 }));
        for minutes in [20, 40] {
            town.ahead(Millis::minutes(minutes));
            town.tick();
            town.settle();
        }
        let out = author.wait_for(&post.post.id, PublicationState::Out);
        let there: Vec<Value> = sandbox.pages_posts().into_iter().filter(|post| post["message"] == text).collect();
        let [one] = &there[..] else { panic!("{fault}: {there:?}") };
        assert_eq!(json!(native_id(&out)), one["id"], "{fault}");
        assert_eq!(sandbox.requests(&visible()).len(), calls + 1, "{fault}: once, and only once");
    }
}

#[test]
fn what_cannot_be_proven_is_asked_of_a_person() {
    let (town, sandbox, made) = with_page(Town::alone("Villa de las Dos Dudas"));
    town.arm("impatient=1");
    let author = town.author();
    // It never arrived: looked up twice, then somebody is asked.
    sandbox.arm(&json!([{ "on": visible(), "then": "drop_before" }]));
    let lost = release(&town, &notice_on(&town, &made, "No llegó."));
    author.wait_for(&lost.post.id, PublicationState::Unknown);
    for minutes in [20, 40] {
        town.ahead(Millis::minutes(minutes));
        town.tick();
        town.settle();
    }
    let asked = eventually("a person to be asked", || {
        let view = author.read(&lost.post.id);
        matches!(last_act(&view), ActState::Unknown { asked: true, .. }).then_some(view)
    });
    assert_eq!((sandbox.pages_posts().len(), sandbox.requests(&visible()).len()), (0, 1));
    let told = publications::Settle::NotOut { reason: "No está en la página.".to_owned() };
    author.ok(&publications::SETTLE, &[asked.publications[0].id.as_str()], &told);
}

#[test]
fn what_somebody_saw_is_recorded_as_it_was_sent_whatever_is_agreed_to_by_then() {
    let (town, sandbox, made) = with_page(Town::alone("Villa de lo que se Dijo"));
    town.arm("impatient=1");
    let (author, mayor) = (town.author(), town.mayor());
    sandbox.arm(&json!([{ "on": visible(), "then": "drop_before" }]));
    let lost = release(&town, &notice_on(&town, &made, "El pleno es el jueves."));
    let unknown = author.wait_for(&lost.post.id, PublicationState::Unknown);
    correct(&author, &mayor, &unknown, notice_on(&town, &made, "El pleno es el viernes."));
    let address = "https://www.facebook.com/villa/posts/7".to_owned();
    let seen = publications::Settle::Out { address, kit: None };
    author.ok(&publications::SETTLE, &[unknown.publications[0].id.as_str()], &seen);
    let kept = crate::record::whole_chain(&author, &town);
    let bodies: Vec<String> =
        kept.into_iter().filter(|entry| entry.subject == Subject::Publication).filter_map(|entry| entry.body).collect();
    assert!(bodies.len() == 1 && bodies[0].contains("jueves") && !bodies[0].contains("viernes"), "{bodies:?}");
}

#[test]
fn a_safe_step_that_fails_is_tried_again_and_pictures_are_not_doubled() {
    let (town, sandbox, made) = with_page(Town::alone("Villa de los Pasos"));
    town.arm("impatient=1");
    let author = town.author();
    let photos = format!("POST /v25.0/{}/photos", page());
    for fault in [
        json!({ "on": photos, "then": "drop_after" }),
        json!({ "on": photos, "then": "refuse", "code": 2 }),
        json!({ "on": photos, "then": "status_before", "status": 503 }),
    ] {
        town.ahead(Millis(0));
        sandbox.arm(&json!([fault]));
        let mut content = notice_on(&town, &made, &format!("Con imagen, {}.", sandbox.pages_posts().len()));
        let shown = pictures(&author, &mut content, 2);
        let post = release(&town, &content);
        author.tried_once(&post.post.id);
        town.ahead(Millis::minutes(1));
        town.tick();
        author.wait_for(&post.post.id, PublicationState::Out);
        assert_eq!(sandbox.on_page("posts", PAGE)[0]["pictures"], json!(shown), "{fault}");
    }
    assert_eq!((sandbox.pages_posts().len(), sandbox.requests(&visible()).len()), (3, 3));
}

#[test]
fn as_many_pictures_as_fit_a_post_fit_an_invocation() {
    let (town, sandbox, made) = with_page(Town::alone("Villa de los Álbumes"));
    let author = town.author();
    let waiting: Vec<PostView> = (0..3)
        .map(|place| {
            let mut content = notice_on(&town, &made, &format!("Álbum {place}."));
            pictures(&author, &mut content, 10);
            release(&town, &content)
        })
        .collect();
    // Those that shared an invocation with another were surely not sent, and are tried again by themselves.
    town.ahead(Millis::minutes(1));
    eventually("all of them to be out", || {
        town.tick();
        let is_out = |post: &PostView| author.read(&post.post.id).publications[0].state == PublicationState::Out;
        waiting.iter().all(is_out).then_some(())
    });
    assert_eq!((sandbox.pages_posts().len(), sandbox.requests(&visible()).len()), (3, 3));
}
