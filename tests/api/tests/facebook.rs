//! Facebook pages, on our sandbox, whose every call and answer is held against Meta's own description; what came there is
//! read back with Meta's own client. No server of theirs can be had: what it does beyond the description, nobody here has
//! seen.

use api_journeys::{
    Member, Town, because, eventually, id, last_act,
    outside::{Sandbox, agree_at_facebook, channel, facebook_app, notice_on, publish, release, sent_on},
    url,
};
use domain::{
    Channel, Content, HealthState, Millis, Moment, Network, Refusal,
    delivery::{ActState, Deed, FailureKind, PublicationState},
    policy::Rule,
};
use serde_json::{Value, json};
use wire::{
    Method, Nothing,
    channels::{self, Connect, Connected},
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
    let channel = agree_at_facebook(&town.administrator(), &facebook_app(None)).unwrap();
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
}

#[test]
fn whoever_connects_agrees_in_their_own_session_and_only_once() {
    let (town, sandbox) = (Town::found("Villa de la Puerta"), Sandbox::start());
    sandbox.stands_for_facebook(&town);
    let administrator = town.administrator();
    let begun = |connect: &Connect| match administrator.ok(&channels::CONNECT, &[], connect) {
        Connected::GoTo { address } => address,
        Connected::Channel { .. } => panic!("without anybody's consent"),
    };
    let gone_to = begun(&facebook_app(None));
    let asked = |name: &str| {
        let query = gone_to.split_once('?').unwrap().1;
        query.split('&').find_map(|pair| pair.strip_prefix(&format!("{name}="))).map(str::to_owned)
    };
    assert_eq!(asked("scope").unwrap(), "pages_show_list%2Cpages_read_engagement%2Cpages_manage_posts", "no more");
    let state = asked("state").unwrap();
    assert!(state.len() >= 32 && !gone_to.contains(networks_sandbox::APP.1), "{gone_to}");
    let back = sent_on(&gone_to).strip_prefix(url()).unwrap().to_owned();

    let other_town = town.neighbour("Villa Curiosa").administrator();
    let (elsewhere, later) = (town.administrator(), back.clone());
    let wrong = back.replace(&state, "invented");
    for (who, path) in [(&other_town, &back), (&elsewhere, &later), (&administrator, &wrong)] {
        let landed = who.raw(Method::Get, path, b"");
        assert_eq!(landed.header("location"), "/desk/channels?refused=spent_link", "{path}");
    }
    let landed = administrator.raw(Method::Get, &back, b"");
    assert!(landed.header("location").starts_with("/desk/channels?connected="), "{}", landed.header("location"));
    assert_eq!(administrator.raw(Method::Get, &back, b"").header("location"), "/desk/channels?refused=spent_link");

    // A configuration of the app's login says what is asked for; then we do not.
    let mut connect = facebook_app(None);
    if let Connect::Facebook { configuration, .. } = &mut connect {
        *configuration = Some("987".to_owned());
    }
    let configured = begun(&connect);
    assert!(configured.contains("config_id=987") && !configured.contains("scope="), "{configured}");

    for (setting, said) in [
        (json!({ "deny": true }), "declined"),
        (json!({ "deny": false, "declined": ["pages_manage_posts"] }), "missing_permissions"),
        (json!({ "declined": [], "pages": [] }), "no_pages"),
        (json!({ "pages": [PAGE], "tasks": ["ANALYZE"] }), "no_pages"),
    ] {
        sandbox.set(&setting);
        let refused = agree_at_facebook(&administrator, &facebook_app(None)).unwrap_err();
        assert_eq!(refused, format!("/desk/channels?refused={said}"));
    }
    let mut wrong_secret = facebook_app(None);
    if let Connect::Facebook { app_secret, .. } = &mut wrong_secret {
        "another".clone_into(app_secret);
    }
    let refused = agree_at_facebook(&administrator, &wrong_secret).unwrap_err();
    assert_eq!(refused, "/desk/channels?refused=network_says");
    for (app_id, field) in [("42/42", "app_id"), ("me", "app_id"), (" ", "app_id")] {
        let (app_id, app_secret) = (app_id.to_owned(), "x".to_owned());
        let connect = Connect::Facebook { app_id, app_secret, configuration: None, channel: None };
        let refused = administrator.no(&channels::CONNECT, &[], &connect);
        assert_eq!(refused, Refusal::Malformed { field: field.to_owned() });
    }
    // Neither the app's secret nor a token reaches the desk.
    let shown = administrator.raw(Method::Get, "/api/channels", b"").text();
    assert!(!shown.contains(networks_sandbox::APP.1) && !shown.contains("token"), "{shown}");
}

#[test]
fn among_several_pages_one_is_chosen_once_and_by_nobody_else() {
    let (town, sandbox) = (Town::found("Villa de las Páginas"), Sandbox::start());
    sandbox.stands_for_facebook(&town);
    sandbox.set(&json!({ "pages": ["Ayuntamiento", "Biblioteca", "Deportes"] }));
    let administrator = town.administrator();
    let to = agree_at_facebook(&administrator, &facebook_app(None)).unwrap_err();
    let name = to.strip_prefix("/desk/channels?choose=").unwrap_or_else(|| panic!("{to}")).to_owned();
    let offered = administrator.ok(&channels::PAGES, &[&name], &Nothing {});
    let names: Vec<&str> = offered.iter().map(|page| page.name.as_str()).collect();
    assert_eq!(names, ["Ayuntamiento", "Biblioteca", "Deportes"]);
    let shown = administrator.raw(Method::Get, &format!("/api/channels/connections/{name}"), b"").text();
    assert!(!shown.contains("token"), "{shown}");

    let other_town = town.neighbour("Villa Vecina").administrator();
    let elsewhere = town.administrator();
    for who in [&other_town, &elsewhere] {
        assert_eq!(who.no(&channels::PAGES, &[&name], &Nothing {}), Refusal::SpentLink);
    }
    let choose = |page: &str| channels::ChoosePage { page: page.to_owned() };
    let foreign = administrator.no(&channels::CHOOSE, &[&name], &choose("1"));
    assert_eq!(foreign, Refusal::Malformed { field: "page".to_owned() });
    let made = administrator.ok(&channels::CHOOSE, &[&name], &choose(&offered[1].id));
    assert_eq!((&*made.name, made.assisted), ("Biblioteca", false));
    assert_eq!(administrator.no(&channels::CHOOSE, &[&name], &choose(&offered[0].id)), Refusal::SpentLink, "once");
    publish(&town, &notice_on(&town, &made, "Libros nuevos."));
    assert_eq!(sandbox.on_page("posts", "Biblioteca").len(), 1);
    assert_eq!(sandbox.on_page("posts", PAGE).len(), 0);
}

#[test]
fn a_channel_by_hand_becomes_automatic_and_goes_back_with_the_same_history() {
    let (town, sandbox) = (Town::found("Villa que Espera"), Sandbox::start());
    sandbox.stands_for_facebook(&town);
    let (administrator, author, mayor) = (town.administrator(), town.author(), town.mayor());
    let by_hand = administrator.connect_by_hand(Network::Facebook, Some("https://www.facebook.com/villa"));
    assert!(by_hand.assisted);
    // While access is being reviewed, a person publishes.
    let first = release(&town, &notice_on(&town, &by_hand, "A mano."));
    author.wait_for(&first.post.id, PublicationState::InHand);
    let second = release(&town, &notice_on(&town, &by_hand, "También a mano."));
    let second = author.wait_for(&second.post.id, PublicationState::InHand);
    let link = "https://www.facebook.com/villa/posts/1".to_owned();
    let told = publications::Settle::Out { address: link };
    author.ok(&publications::SETTLE, &[second.publications[0].id.as_str()], &told);
    let out = author.wait_for(&second.post.id, PublicationState::Out);

    let automatic = agree_at_facebook(&administrator, &facebook_app(Some(&by_hand.id))).unwrap();
    assert_eq!((&automatic.id, &automatic.name, automatic.assisted), (&by_hand.id, &by_hand.name, false));
    publish(&town, &notice_on(&town, &automatic, "Por sí solo."));
    assert_eq!(sandbox.on_page("posts", PAGE).len(), 1);
    assert_eq!(author.read(&first.post.id).publications[0].state, PublicationState::InHand, "it is still in hand");
    // What went out by hand is taken down by hand: its link is no identity of the interface.
    mayor.ok(&posts::TAKE_DOWN, &[id(&out)], &because(&out, "Se suspende."));
    eventually("the kit to take it down", || {
        let view = author.read(&out.post.id);
        matches!(last_act(&view), ActState::InHand { .. }).then_some(())
    });

    let take_over = Connect::Assisted {
        on: Network::Facebook,
        channel: Some(by_hand.id.clone()),
        name: "Facebook".to_owned(),
        handle: "@villa".to_owned(),
        address: None,
    };
    let Connected::Channel { channel } = administrator.ok(&channels::CONNECT, &[], &take_over) else {
        panic!("a person takes over at once")
    };
    assert_eq!((&channel.id, channel.assisted), (&by_hand.id, true));
    let third = release(&town, &notice_on(&town, &channel, "Otra vez a mano."));
    author.wait_for(&third.post.id, PublicationState::InHand);
    // And the account still knows its channel, without being told which it is.
    let again = agree_at_facebook(&administrator, &facebook_app(None)).unwrap();
    assert_eq!((&again.id, again.assisted), (&by_hand.id, false));
    assert_eq!(sandbox.on_page("posts", PAGE).len(), 1);

    let foreign = town.neighbour("Villa Ajena").administrator();
    let theirs = foreign.connect_by_hand(Network::Facebook, None);
    sandbox.set(&json!({ "pages": ["Otra"] }));
    let crossed = agree_at_facebook(&administrator, &facebook_app(Some(&theirs.id))).unwrap_err();
    assert_eq!(crossed, "/desk/channels?refused=not_found", "another town's channel");
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
    assert_eq!(sandbox.pages_posts(), Vec::<Value>::new());
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
        (987_654, Some(3), FailureKind::ContentRefused),
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
fn a_page_that_asks_to_wait_is_given_what_it_asks() {
    let (town, sandbox, made) = with_page(Town::alone("Villa sin Prisa"));
    sandbox.arm(&json!([{ "on": visible(), "then": "refuse", "code": 80_001, "seconds": 300 }]));
    let before = town.now();
    let post = release(&town, &notice_on(&town, &made, "Cuando se pueda."));
    let author = town.author();
    let waiting = eventually("the first try", || {
        let act = author.read(&post.post.id).publications[0].acts[0].clone();
        (act.attempts.len() == 1 && act.state == ActState::Waiting).then_some(act)
    });
    let wait = waiting.due.since(before);
    assert!((Millis::seconds(298).0..Millis::seconds(330).0).contains(&wait.0), "{wait:?}");
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
    eventually("the first try", || {
        let act = author.read(&post.post.id).publications[0].acts[0].clone();
        (act.attempts.len() == 1 && act.state == ActState::Waiting).then_some(())
    });
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
            std::thread::sleep(std::time::Duration::from_millis(500));
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
        std::thread::sleep(std::time::Duration::from_millis(500));
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
        eventually("the first try", || {
            let act = author.read(&post.post.id).publications[0].acts[0].clone();
            (act.attempts.len() == 1 && act.state == ActState::Waiting).then_some(())
        });
        town.ahead(Millis::minutes(1));
        town.tick();
        author.wait_for(&post.post.id, PublicationState::Out);
        assert_eq!(sandbox.on_page("posts", PAGE)[0]["pictures"], json!(shown), "{fault}");
    }
    assert_eq!((sandbox.pages_posts().len(), sandbox.requests(&visible()).len()), (3, 3));
}

#[test]
fn a_revoked_access_stops_the_channel_and_a_person_is_told() {
    let (town, sandbox, made) = with_page(Town::found("Villa sin Llave"));
    let (administrator, author) = (town.administrator(), town.author());
    sandbox.set(&json!({ "revoke": true }));
    let post = release(&town, &notice_on(&town, &made, "¿Sale o no sale?"));
    let failed = author.wait_for(&post.post.id, PublicationState::Failed);
    let ActState::Failed { failure } = last_act(&failed) else { panic!("{:?}", last_act(&failed)) };
    assert_eq!(failure.kind, FailureKind::AccessRefused);
    assert!(failure.message.contains("#190"), "{}", failure.message);
    let health = channel(&administrator, made.id.as_str()).health;
    assert_eq!(health.state, HealthState::Refused);
    let home = author.ok(&wire::home::HOME, &[], &Nothing {});
    assert!(home.troubled.iter().any(|row| row.id == post.post.id), "somebody is asked to do something");
    let checked = administrator.ok(&channels::CHECK, &[made.id.as_str()], &Nothing {});
    assert_eq!(checked.health.state, HealthState::Refused);

    let again = agree_at_facebook(&administrator, &facebook_app(None)).unwrap();
    assert_eq!((again.id, again.health.state), (made.id, HealthState::Working));
    author.retry(&failed.publications[0], "Permiso nuevo.").unwrap();
    author.wait_for(&post.post.id, PublicationState::Out);
    assert_eq!(sandbox.pages_posts().len(), 1);
}

#[test]
fn a_check_proves_the_permissions_without_writing() {
    let (town, sandbox, made) = with_page(Town::found("Villa Comprobada"));
    let administrator = town.administrator();
    let check = || administrator.ok(&channels::CHECK, &[made.id.as_str()], &Nothing {});
    sandbox.set(&json!({ "data_access_ends": 1_900_000_000 }));
    let fine = check();
    assert_eq!((fine.health.state, fine.health.expires), (HealthState::Working, Some(Moment(1_900_000_000_000))));
    sandbox.set(&json!({ "withdraw": "pages_manage_posts" }));
    let refused = check();
    assert_eq!(refused.health.state, HealthState::Refused);
    assert!(refused.health.last_error.unwrap().contains("pages_manage_posts"));
    let wrote =
        |call: &str| sandbox.requests(call).iter().any(|request| !request["path"].as_str().unwrap().contains("oauth"));
    assert!(!wrote("POST") && !wrote("DELETE"), "reads only");
    sandbox.arm(&json!([{ "on": "GET /v25.0/debug_token", "then": "status_before", "status": 503 }]));
    let again = agree_at_facebook(&administrator, &facebook_app(None));
    assert_eq!(again.unwrap_err(), "/desk/channels?refused=network_says", "nobody knows what the access is worth");
}
