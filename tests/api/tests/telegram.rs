//! A channel of Telegram, on our sandbox, whose every call and answer is held against a description of the Bot API that is
//! not ours, and which a client that is not ours drives too. No server of theirs can be had.

use api_journeys::{
    Member, Town, approval, because, eventually, id, last_act,
    outside::{Sandbox, channel, notice_on, other_client, publish, release, with_file},
    secrets,
};
use domain::{
    Channel, Content, HealthState, Millis, Network, Refusal,
    delivery::{ActState, Deed, FailureKind, PublicationState},
    pin::{Pin, State},
    policy::Rule,
};
use networks_sandbox::{BOT, CHANNEL};
use serde_json::{Value, json};
use wire::{
    Method, Nothing,
    channels::{self, Connect, Connected},
    organisations,
    posts::{self, PostView},
    publications,
};

use crate::media;

/// The number of the channel, as text.
const CHAT: &str = "-1001234567890";

fn of(sandbox: &Sandbox, channel: &str, token: &str) -> Connect {
    Connect::Telegram { server: sandbox.server.clone(), channel: channel.to_owned(), bot_token: token.to_owned() }
}

pub fn connect(administrator: &Member, sandbox: &Sandbox) -> Channel {
    secrets::keep(BOT);
    match administrator.ok(&channels::CONNECT, &[], &of(sandbox, &format!("@{CHANNEL}"), BOT)) {
        Connected::Channel { channel } => *channel,
        other => panic!("a bot agrees by itself, and yet {other:?}"),
    }
}

fn connected(town: Town) -> (Town, Sandbox, Channel) {
    let sandbox = Sandbox::start();
    let made = connect(&town.administrator(), &sandbox);
    (town, sandbox, made)
}

fn visible(method: &str) -> String {
    format!("POST /bot{BOT}/{method}")
}

fn pictures(author: &Member, content: &mut Content, count: u32) -> Vec<String> {
    let picture = |place: u32| {
        let bytes = media::png(8 + place, 5);
        content.pictures.push(media::picture(&media::stored(author, &bytes), &format!("La plaza, {place}.")));
        domain::record::sha256_hex(&bytes)
    };
    (0..count).map(picture).collect()
}

pub fn correct(town: &Town, post: &PostView, content: Content) -> PostView {
    let (author, mayor) = (town.author(), town.mayor());
    let correct =
        posts::Correct { version: post.post.version, content, reason: "Estaba mal.".to_owned(), checked: None };
    let proposed = author.ok(&posts::CORRECT, &[id(post)], &correct);
    mayor.ok(&posts::DECIDE, &[id(post)], &approval(&proposed));
    eventually("the edit to be over", || {
        let view = author.read(&post.post.id);
        let last = view.publications[0].acts.last()?;
        let over = matches!(last.state, ActState::Done { .. } | ActState::InHand { .. } | ActState::Failed { .. });
        (last.deed == Deed::Edit && over).then_some(view)
    })
}

fn saying(content: &Content, text: &str) -> Content {
    let mut content = content.clone();
    content.texts.values_mut().for_each(|old| text.clone_into(old));
    content
}

#[test]
fn a_client_that_is_not_ours_finds_the_interface_it_knows() {
    let sandbox = Sandbox::start();
    let film = crate::video::shot(crate::video::TEN_SECONDS, 9_000, 650, &[]);
    let left = with_file(&film, |file| {
        let chat = format!("@{CHANNEL}");
        let order = json!({ "act": "make", "server": sandbox.server, "token": BOT, "chat": chat, "film": file });
        other_client("telegram", &order)
    });
    let seen = sandbox.messages();
    let said: Vec<&str> = seen.iter().map(|one| one["text"].as_str().unwrap()).collect();
    assert_eq!(said, ["Text alone, corrected.", "One picture, corrected.", "first", "A document.", "A video."]);
    assert_eq!((seen[2]["pictures"].as_array().unwrap().len(), left.as_array().unwrap().len()), (2, 6));
    let video = &seen[4]["video"];
    assert_eq!((&video["sha256"], &video["duration"]), (&json!(domain::record::sha256_hex(&film)), &json!(10)));
    assert!(video["cover"].is_string(), "with a poster: {video}");
    assert_eq!((&seen[3]["document"]["name"], &seen[3]["pinned"]), (&json!("acta.pdf"), &json!(true)));
    assert_eq!(seen[0]["pinned"], false);
    let kinds = "text, pictures, video, document, pin, correction, takedown";
    api_journeys::covered::made(Network::Telegram, kinds);
}

#[test]
fn a_bot_is_connected_if_it_may_do_what_we_do_and_nothing_is_posted_to_find_out() {
    let (town, sandbox) = (Town::found("Villa del Bot"), Sandbox::start());
    let administrator = town.administrator();
    let refused = |connect: &Connect| administrator.no(&channels::CONNECT, &[], connect);
    for (channel, token, field) in [
        ("una conversación", BOT, "channel"),
        ("https://t.me/+AbCdEf", BOT, "channel"),
        ("../getMe", BOT, "channel"),
        (CHANNEL, "no es un token", "bot_token"),
        (CHANNEL, "1:a/../getMe", "bot_token"),
    ] {
        assert_eq!(refused(&of(&sandbox, channel, token)), Refusal::Malformed { field: field.to_owned() }, "{channel}");
    }
    let said = |refusal: Refusal| match refusal {
        Refusal::NetworkSays { message } => message,
        other => panic!("{other:?}"),
    };
    assert_eq!(said(refused(&of(&sandbox, CHANNEL, "1:another"))), "Unauthorized");
    assert_eq!(said(refused(&of(&sandbox, "otra_villa", BOT))), "Bad Request: chat not found");
    for right in ["may_post", "may_edit", "may_delete"] {
        sandbox.set(&json!({ "telegram": { right: false } }));
        assert_eq!(
            refused(&of(&sandbox, CHANNEL, BOT)),
            Refusal::LacksRights { network: Network::Telegram },
            "{right}"
        );
        sandbox.set(&json!({ "telegram": { right: true } }));
    }
    sandbox.set(&json!({ "telegram": { "member": false } }));
    assert!(said(refused(&of(&sandbox, CHANNEL, BOT))).contains("not a member"));
    sandbox.set(&json!({ "telegram": { "member": true } }));

    let made = connect(&administrator, &sandbox);
    assert_eq!((made.network, &*made.handle, &*made.name), (Network::Telegram, "@villaserena", "Villaserena informa"));
    assert_eq!(made.address.as_deref(), Some("https://t.me/villaserena"));
    let again = administrator.ok(&channels::CONNECT, &[], &of(&sandbox, CHAT, BOT));
    let Connected::Channel { channel: again } = again else { panic!() };
    assert_eq!(again.id, made.id, "by its number it is the same channel");
    let check = || administrator.ok(&channels::CHECK, &[made.id.as_str()], &Nothing {}).health.state;
    assert_eq!(check(), HealthState::Working);
    sandbox.set(&json!({ "telegram": { "may_delete": false } }));
    assert_eq!(check(), HealthState::Refused);
    assert_eq!(sandbox.messages(), Vec::<Value>::new(), "nothing was posted");
    let shown = administrator.raw(Method::Get, "/api/channels", b"").text();
    assert!(!shown.contains("sandbox-bot"), "{shown}");
}

#[test]
fn text_a_photo_and_an_album_are_one_message_each() {
    let (town, sandbox, made) = connected(Town::found("Villa que Informa"));
    let author = town.author();
    let text = "Ñ, «comillas», 👨‍👩‍👧, <b>sin marcas</b> & _tal cual_.";
    let out = publish(&town, &notice_on(&town, &made, text));
    let ActState::Done { receipt } = last_act(&out) else { panic!("{:?}", last_act(&out)) };
    assert_eq!(receipt.address.as_deref(), Some("https://t.me/villaserena/7"));
    let mut one = notice_on(&town, &made, "Una imagen.");
    one.link = Some("https://villa.example/pleno".to_owned());
    let single = pictures(&author, &mut one, 1);
    publish(&town, &one);
    let mut ten = notice_on(&town, &made, "Diez imágenes.");
    let album = pictures(&author, &mut ten, 10);
    publish(&town, &ten);
    let seen = sandbox.messages();
    let said: Vec<&str> = seen.iter().map(|one| one["text"].as_str().unwrap()).collect();
    assert_eq!(said, [text, "Una imagen.\n\nhttps://villa.example/pleno", "Diez imágenes."]);
    assert_eq!((&seen[1]["pictures"], &seen[2]["pictures"]), (&json!(single), &json!(album)));
    let read = sandbox.in_telegram(&(7..=18).collect::<Vec<i64>>());
    assert_eq!((&read[0], &read[1]["text"], &read[1]["pictured"]), (&Value::Null, &json!(text), &json!(false)));
    assert_eq!((&read[2]["text"], &read[3]["text"]), (&seen[1]["text"], &json!("Diez imágenes.")));
    assert!(read[2]["album"].is_null() && read[2]["pictured"] == true, "{read:?}");
    let whole = |one: &Value| one["album"].is_string() && one["album"] == read[3]["album"] && one["pictured"] == true;
    assert!(read[3..].len() == 10 && read[3..].iter().all(whole), "{read:?}");
    api_journeys::covered::read(Network::Telegram, "text, pictures");
    // A private channel is for its members: its address is by number.
    sandbox.set(&json!({ "telegram": { "public": false } }));
    let out = publish(&town, &notice_on(&town, &made, "Para quien ya está."));
    let ActState::Done { receipt } = last_act(&out) else { panic!("{:?}", last_act(&out)) };
    assert_eq!(receipt.address.as_deref(), Some("https://t.me/c/1234567890/19"));
}

#[test]
fn texts_are_corrected_pictures_are_handed_over_and_albums_go_whole() {
    let (town, sandbox, made) = connected(Town::found("Villa que Rectifica"));
    let (author, mayor) = (town.author(), town.mayor());
    let plain = notice_on(&town, &made, "El pleno es el jueves.");
    let first = correct(&town, &publish(&town, &plain), saying(&plain, "El pleno es el viernes."));
    let mut album = notice_on(&town, &made, "Obras.");
    pictures(&author, &mut album, 3);
    let second = correct(&town, &publish(&town, &album), saying(&album, "Obras en la plaza."));
    let said: Vec<Value> = sandbox.messages().iter().map(|one| one["text"].clone()).collect();
    assert_eq!(said, ["El pleno es el viernes.", "Obras en la plaza."]);
    let read = sandbox.in_telegram(&[7, 8]);
    assert_eq!(read[1..].iter().map(|one| one["text"].clone()).collect::<Vec<_>>(), said);

    let mut fewer = saying(&album, "Obras en la plaza.");
    fewer.pictures.pop();
    let handed = correct(&town, &second, fewer);
    assert!(matches!(last_act(&handed), ActState::InHand { .. }), "{:?}", last_act(&handed));
    assert_eq!(sandbox.messages()[1]["pictures"].as_array().unwrap().len(), 3, "no half of it was done");
    let told = publications::Settle::NotOut { reason: "Se deja como estaba.".to_owned() };
    let left = author.ok(&publications::SETTLE, &[handed.publications[0].id.as_str()], &told);

    for post in [&first, &left] {
        mayor.ok(&posts::TAKE_DOWN, &[id(post)], &because(post, "Se suspende."));
        author.wait_for(&post.post.id, PublicationState::TakenDown);
    }
    assert_eq!(sandbox.messages(), Vec::<Value>::new(), "an album goes with all of its messages");
    assert!(sandbox.in_telegram(&[7, 8, 9, 10]).iter().all(Value::is_null), "nor is there anything to be read");
    api_journeys::covered::read(Network::Telegram, "correction, takedown");
}

#[test]
fn a_text_at_the_limit_goes_out_and_one_unit_more_is_refused_by_the_rule_and_by_the_network_alike() {
    let (town, sandbox, made) = connected(Town::found("Villa al Límite"));
    let author = town.author();
    let too_long = |content: &Content| {
        let found = author.ok(&posts::CHECK, &[], content);
        found.iter().any(|finding| finding.rule == Rule::Length)
    };
    let sent = |method: &str, mut body: Value| {
        body["chat_id"] = CHAT.into();
        sandbox.bare(&visible(method), &[], &body).0
    };
    // The last letter is two units.
    let fits = format!("{}👍", "a ".repeat(2_047));
    let over = format!("a{fits}");
    let content = notice_on(&town, &made, &fits);
    assert!(!too_long(&content) && too_long(&saying(&content, &over)));
    publish(&town, &content);
    assert_eq!(sandbox.messages()[0]["text"], fits);
    assert_eq!(sent("sendMessage", json!({ "text": over })), 400);
    // What one counts is its UTF-16, of one sign or of seven.
    for (end, units) in [("日", 1), ("n\u{303}", 2), ("🇪🇸", 4), ("👨‍👩‍👧‍👦", 11)] {
        let fits = format!("{}{end}", "c".repeat(4_096 - units));
        let over = format!("c{fits}");
        assert!(!too_long(&saying(&content, &fits)) && too_long(&saying(&content, &over)), "{end}");
        let answers = [fits, over].map(|text| sent("sendMessage", json!({ "text": text })));
        assert_eq!(answers, [200, 400], "{end}");
    }
    // Beside a picture there is room for a quarter of it.
    let mut caption = notice_on(&town, &made, &format!("{}👍", "b ".repeat(511)));
    pictures(&author, &mut caption, 1);
    assert!(!too_long(&caption) && too_long(&saying(&caption, &"b".repeat(1_025))));
    publish(&town, &caption);
    let message = sandbox.messages().last().unwrap()["id"].clone();
    let changed = |text: String| sent("editMessageCaption", json!({ "message_id": message, "caption": text }));
    assert_eq!((changed("c".repeat(1_024)), changed("c".repeat(1_025))), (200, 400));
    // An album has ten, and no more.
    let mut album = notice_on(&town, &made, "Once imágenes.");
    pictures(&author, &mut album, 10);
    let is_too_many = |content: &Content| {
        let found = author.ok(&posts::CHECK, &[], content);
        found.iter().any(|finding| finding.rule == Rule::PictureCount)
    };
    assert!(!is_too_many(&album));
    album.pictures.push(album.pictures[0].clone());
    assert!(is_too_many(&album));
}

#[test]
fn each_no_leads_where_it_must() {
    let (town, sandbox, made) = connected(Town::found("Villa de los Noes"));
    let (administrator, author) = (town.administrator(), town.author());
    let failed = |text: &str| {
        let post = release(&town, &notice_on(&town, &made, text));
        let failed = author.wait_for(&post.post.id, PublicationState::Failed);
        let ActState::Failed { failure } = last_act(&failed) else { panic!("{:?}", last_act(&failed)) };
        (failure.kind, failure.message.clone(), failed.clone())
    };
    let state = || channel(&administrator, made.id.as_str()).health.state;
    sandbox.set(&json!({ "telegram": { "may_post": false } }));
    let (kind, message, stopped) = failed("¿Con permiso?");
    assert_eq!(kind, FailureKind::Forbidden);
    assert!(message.contains("not enough rights"), "{message}");
    let home = author.ok(&wire::home::HOME, &[], &Nothing {});
    assert!(home.troubled.iter().any(|row| row.id == stopped.post.id), "somebody is asked to do something");
    sandbox.set(&json!({ "telegram": { "may_post": true } }));
    connect(&administrator, &sandbox);
    author.retry(&stopped.publications[0], "Ya tiene permiso.").unwrap();
    author.wait_for(&stopped.post.id, PublicationState::Out);

    sandbox.set(&json!({ "telegram": { "live": false } }));
    let (kind, message, _) = failed("¿Con el token anulado?");
    assert_eq!((kind, &*message, state()), (FailureKind::AccessRefused, "Unauthorized", HealthState::Refused));
    assert_eq!(sandbox.messages().len(), 1);
}

#[test]
fn a_no_in_words_that_nobody_knows_is_not_the_text_s_fault() {
    let (town, sandbox, made) = connected(Town::found("Villa de las Palabras Nuevas"));
    let author = town.author();
    let no = |method: &str| {
        sandbox.arm(&json!([{ "on": visible(method), "then": "status_before", "status": 400 }]));
    };
    // Of the channel, before anything is sent.
    no("getChat");
    let post = release(&town, &notice_on(&town, &made, "¿Existe el canal?"));
    let failed = author.wait_for(&post.post.id, PublicationState::Failed);
    let ActState::Failed { failure } = last_act(&failed) else { panic!("{:?}", last_act(&failed)) };
    assert_eq!((failure.kind, &*failure.message), (FailureKind::Nonsense, "a rehearsed fault"));
    // Of a correction: it may say that the message stands there so already, and nothing can be read back.
    let out = publish(&town, &notice_on(&town, &made, "El pleno es el jueves."));
    no("editMessageText");
    let correct = posts::Correct {
        version: out.post.version,
        content: notice_on(&town, &made, "El pleno es el viernes."),
        reason: "Estaba mal.".to_owned(),
        checked: None,
    };
    let proposed = author.ok(&posts::CORRECT, &[id(&out)], &correct);
    town.mayor().ok(&posts::DECIDE, &[id(&out)], &approval(&proposed));
    let doubt = author.wait_for(&out.post.id, PublicationState::Unknown);
    let act = doubt.publications[0].acts.last().unwrap();
    assert!(act.deed == Deed::Edit && matches!(act.state, ActState::Unknown { .. }), "{act:?}");
    assert_eq!(sandbox.requests(&visible("editMessageText")).len(), 1);
}

#[test]
fn a_lost_answer_is_asked_of_a_person_at_once_and_never_sent_again() {
    let (town, sandbox, made) = connected(Town::alone("Villa de la Duda en Telegram"));
    town.arm("impatient=1");
    let author = town.author();
    let lost = [
        (json!({ "then": "drop_after" }), 1),
        (json!({ "then": "status_after", "status": 502 }), 2),
        (json!({ "then": "malformed" }), 3),
        (json!({ "then": "drop_before" }), 3),
    ];
    for (place, (mut fault, there)) in lost.into_iter().enumerate() {
        town.ahead(Millis(0));
        fault["on"] = visible("sendMessage").into();
        sandbox.arm(&json!([fault]));
        let post = release(&town, &notice_on(&town, &made, &format!("¿Salió el número {place}?")));
        author.wait_for(&post.post.id, PublicationState::Unknown);
        town.ahead(Millis::minutes(20));
        town.tick();
        let asked = eventually("a person to be asked", || {
            let view = author.read(&post.post.id);
            matches!(last_act(&view), ActState::Unknown { asked: true, .. }).then_some(view)
        });
        assert_eq!(sandbox.messages().len(), there, "{fault}");
        assert_eq!(sandbox.requests(&visible("sendMessage")).len(), place + 1, "{fault}: once, and only once");
        let told = publications::Settle::Out { address: format!("https://t.me/{CHANNEL}/{}", 7 + place), kit: None };
        author.ok(&publications::SETTLE, &[asked.publications[0].id.as_str()], &told);
        author.wait_for(&post.post.id, PublicationState::Out);
    }
}

#[test]
fn what_fails_before_anything_is_visible_is_tried_again_and_a_wait_is_kept() {
    let (town, sandbox, made) = connected(Town::alone("Villa de la Espera en Telegram"));
    town.arm("impatient=1");
    let author = town.author();
    let first_try = |post: &PostView| author.tried_once(&post.post.id);
    for fault in [json!({ "then": "status_before", "status": 503 }), json!({ "then": "drop_before" })] {
        town.ahead(Millis(0));
        let mut fault = fault;
        fault["on"] = visible("getChat").into();
        sandbox.arm(&json!([fault]));
        let post = release(&town, &notice_on(&town, &made, "A la segunda."));
        first_try(&post);
        town.ahead(Millis::minutes(1));
        town.tick();
        author.wait_for(&post.post.id, PublicationState::Out);
    }
    town.ahead(Millis(0));
    let before = town.now();
    sandbox.set(&json!({ "telegram": { "wait": 300 } }));
    let post = release(&town, &notice_on(&town, &made, "Cuando se pueda."));
    let wait = first_try(&post).due.since(before);
    assert!((Millis::seconds(298).0..Millis::seconds(390).0).contains(&wait.0), "{wait:?}");
    sandbox.set(&json!({ "telegram": { "wait": 0 } }));
    town.ahead(Millis::minutes(6));
    town.tick();
    author.wait_for(&post.post.id, PublicationState::Out);
    assert_eq!(sandbox.messages().len(), 3);
}

/// What became of pinning a post.
fn pin_of(author: &Member, post: &PostView) -> Option<Pin> {
    author.read(&post.post.id).publications[0].pin.clone()
}

fn settled(author: &Member, post: &PostView) -> Pin {
    eventually("the pin", || pin_of(author, post).filter(|pin| pin.state != State::Waiting))
}

/// A notice that is to be pinned.
fn to_pin(town: &Town, channel: &Channel, text: &str) -> Content {
    let mut content = notice_on(town, channel, text);
    content.targets[0].pin = true;
    content
}

#[test]
fn what_is_to_be_pinned_is_once_it_is_out_and_no_more_when_it_is_taken_down() {
    let (town, sandbox, made) = connected(Town::found("Villa de la Chincheta"));
    let (author, mayor) = (town.author(), town.mayor());
    let plain = publish(&town, &notice_on(&town, &made, "Sin fijar."));
    assert_eq!(pin_of(&author, &plain), None);
    let first = publish(&town, &to_pin(&town, &made, "Corte de agua."));
    assert_eq!(settled(&author, &first).state, State::Done);
    let heads = || sandbox.messages().iter().map(|one| one["pinned"] == true).collect::<Vec<_>>();
    assert_eq!(heads(), [false, true]);
    let asked = sandbox.requests(&visible("pinChatMessage"));
    assert_eq!(asked.len(), 1);
    assert_eq!(sandbox.in_telegram(&[])[0]["text"], "Corte de agua.", "at the head of the channel");
    api_journeys::covered::read(Network::Telegram, "pin");
    // Whether it is pinned is no matter of a correction: it is out.
    let content = notice_on(&town, &made, "Corte de agua, mañana.");
    let reason = "Faltaba el día.".to_owned();
    let correct = posts::Correct { version: author.read(&first.post.id).post.version, content, reason, checked: None };
    let refused = author.no(&posts::CORRECT, &[id(&first)], &correct);
    assert_eq!(refused, Refusal::Malformed { field: "targets".to_owned() });

    mayor.ok(&posts::TAKE_DOWN, &[id(&first)], &because(&author.read(&first.post.id), "Ya hay agua."));
    author.wait_for(&first.post.id, PublicationState::TakenDown);
    assert_eq!((heads(), sandbox.requests(&visible("unpinChatMessage")).len()), (vec![false], 1));
    assert_eq!(pin_of(&author, &first), None);
}

#[test]
fn a_pin_that_is_refused_is_told_and_the_post_stays_out() {
    let (town, sandbox, made) = connected(Town::found("Villa sin Chinchetas"));
    let author = town.author();
    sandbox.set(&json!({ "telegram": { "unpinnable": 1 } }));
    let out = publish(&town, &to_pin(&town, &made, "Pleno el jueves."));
    let pin = settled(&author, &out);
    assert_eq!(pin.state, State::Failed);
    assert!(pin.message.contains("not enough rights"), "{}", pin.message);
    let view = author.read(&out.post.id);
    assert_eq!((view.publications[0].state, view.publications[0].acts.len()), (PublicationState::Out, 1));
    assert_eq!(sandbox.messages().len(), 1);
}

#[test]
fn a_pin_whose_answer_is_lost_is_looked_up_before_it_is_tried_again() {
    let (town, sandbox, made) = connected(Town::alone("Villa de la Chincheta Dudosa"));
    town.arm("impatient=1");
    let author = town.author();
    for (place, (then, calls)) in [("drop_after", 1), ("drop_before", 2)].into_iter().enumerate() {
        town.ahead(Millis(0));
        let before = sandbox.requests(&visible("pinChatMessage")).len();
        sandbox.arm(&json!([{ "on": visible("pinChatMessage"), "then": then }]));
        let out = publish(&town, &to_pin(&town, &made, &format!("¿Fijada la {place}?")));
        eventually("the first try", || (sandbox.requests(&visible("pinChatMessage")).len() > before).then_some(()));
        let mut ahead = 0;
        let pin = eventually("the pin", || {
            ahead += 1;
            town.ahead(Millis::minutes(ahead));
            town.tick();
            town.settle();
            pin_of(&author, &out).filter(|pin| pin.state != State::Waiting)
        });
        assert_eq!(pin.state, State::Done, "{then}: {}", pin.message);
        assert_eq!(sandbox.requests(&visible("pinChatMessage")).len() - before, calls, "{then}");
        assert_eq!(sandbox.requests(&visible("sendMessage")).len(), place + 1, "the post is not sent again");
    }
}

#[test]
fn what_a_person_says_is_out_is_pinned_all_the_same() {
    let (town, sandbox, made) = connected(Town::alone("Villa de la Chincheta a Mano"));
    town.arm("impatient=1");
    let author = town.author();
    // Once with a link that says what the message is called, once with one that does not lead to it.
    for (place, state) in [State::Done, State::Failed].into_iter().enumerate() {
        town.ahead(Millis(0));
        sandbox.arm(&json!([{ "on": visible("sendMessage"), "then": "drop_after" }]));
        let post = release(&town, &to_pin(&town, &made, &format!("¿Salió y se fijó? {place}")));
        author.wait_for(&post.post.id, PublicationState::Unknown);
        town.ahead(Millis::minutes(20));
        town.tick();
        let asked = eventually("a person to be asked", || {
            let view = author.read(&post.post.id);
            matches!(last_act(&view), ActState::Unknown { asked: true, .. }).then_some(view)
        });
        let message = match state {
            State::Done => sandbox.messages()[place]["id"].to_string(),
            _ => "999999".to_owned(),
        };
        let told = publications::Settle::Out { address: format!("https://t.me/{CHANNEL}/{message}"), kit: None };
        author.ok(&publications::SETTLE, &[asked.publications[0].id.as_str()], &told);
        let pin = eventually("the pin", || {
            town.tick();
            pin_of(&author, &post).filter(|pin| pin.state != State::Waiting)
        });
        assert_eq!(pin.state, state, "{}", pin.message);
        assert_eq!(author.read(&post.post.id).publications[0].state, PublicationState::Out);
    }
    assert_eq!(sandbox.messages()[0]["pinned"], true);
    let kept = crate::record::whole_chain(&author, &town);
    for what in ["pinned", "not_pinned"] {
        let named = format!("\"what\":\"{what}\"");
        let told = kept.iter().filter(|entry| entry.body.as_deref().is_some_and(|body| body.contains(&named)));
        assert_eq!(told.count(), 1, "{what}");
    }
}

#[test]
fn nothing_is_pinned_while_everything_is_paused() {
    let (town, sandbox, made) = connected(Town::alone("Villa de la Chincheta en Pausa"));
    town.arm("impatient=1");
    let (author, administrator) = (town.author(), town.administrator());
    sandbox.arm(&json!([{ "on": visible("pinChatMessage"), "then": "drop_before" }]));
    let out = publish(&town, &to_pin(&town, &made, "Se fijará cuando se pueda."));
    let tried = || sandbox.requests(&visible("pinChatMessage")).len();
    eventually("the first try", || (tried() == 1).then_some(()));
    let pause = organisations::PauseAll { reason: "Cuenta robada.".to_owned() };
    administrator.ok(&organisations::PAUSE, &[], &pause);
    for minutes in 3..6 {
        town.ahead(Millis::minutes(minutes));
        town.tick();
        std::thread::sleep(std::time::Duration::from_millis(300));
    }
    assert_eq!((tried(), pin_of(&author, &out).map(|pin| pin.state)), (1, Some(State::Waiting)));
    administrator.ok(&organisations::RESUME, &[], &Nothing {});
    let pin = eventually("the pin", || {
        town.tick();
        pin_of(&author, &out).filter(|pin| pin.state != State::Waiting)
    });
    assert_eq!((pin.state, tried()), (State::Done, 2));
}
