//! Mastodon, on an independent mock where it behaves like the real one, and on our sandbox where it deviates: PKCE,
//! pictures that take their time, edits of everything, limits, servers that break. What goes out is read back with an
//! independent client. All that comes to the sandbox is held against a description of the interface that is not ours.

mod edits;
mod mixed_up;
mod polls;

use std::{
    sync::atomic::{AtomicU32, Ordering},
    time::{SystemTime, UNIX_EPOCH},
};

use api_journeys::{
    Member, Town, abroad, approval, because, eventually, id, last_act,
    outside::{Sandbox, agree_at, channel, client, notice_on, place, publish, release, sent_on},
    url,
};
use domain::{
    Channel, Content, HealthState, Language, Millis, Network, Refusal, Version,
    delivery::{ActState, Deed, FailureKind, PublicationState},
    policy::Rule,
};
use serde_json::{Value, json};
use wire::{
    Method, Nothing,
    channels::{self, Connect, Connected},
    posts::{self, PostView},
};

use crate::media;

/// An account at the independent mock.
struct Account {
    server: String,
    user: String,
    /// A token of a program that only reads back; the engine has its own.
    reader: String,
    id: String,
}

impl Account {
    fn make() -> Self {
        static MADE: AtomicU32 = AtomicU32::new(0);
        let server = place("PREGON_MASTODON_MOCK");
        let run = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_millis() % 1_000_000_000;
        let user = format!("villa_{}_{run}", MADE.fetch_add(1, Ordering::Relaxed));
        let body = json!({ "username": user, "display_name": "Ayuntamiento" }).to_string();
        let headers = [("content-type", "application/json")];
        let raw = abroad("POST", &format!("{server}/api/v1/_mock/dev_user"), &headers, body.as_bytes());
        let made: Value = serde_json::from_slice(&raw.body).unwrap();
        let text = |name: &str| made[name].as_str().unwrap().to_owned();
        Self { reader: text("access_token"), id: text("id"), server, user }
    }

    /// Chooses the account on the page that the mock shows, as a person would.
    fn agree(&self, address: &str) -> String {
        let (server, query) = address.split_once("/oauth/authorize?").unwrap();
        assert_eq!(server, self.server);
        assert_eq!(abroad("GET", address, &[], b"").status, 200);
        let headers = [("content-type", "application/x-www-form-urlencoded")];
        let form = format!("{query}&username={}", self.user);
        let raw = abroad("POST", &format!("{server}/oauth/authorize"), &headers, form.as_bytes());
        assert_eq!(raw.status, 302, "{}", raw.text());
        raw.header("location").to_owned()
    }

    fn connect(&self, administrator: &Member) -> Channel {
        agree_at(administrator, &self.server, |address| self.agree(address)).unwrap()
    }

    fn statuses(&self) -> Vec<Value> {
        let order = json!({ "act": "statuses", "server": self.server, "token": self.reader, "account": self.id });
        client("mastodon-client.mjs", &order).as_array().unwrap().clone()
    }
}

/// A town with a sandbox of its own and a channel there.
fn town(name: &str) -> (Town, Sandbox, Channel) {
    let (town, sandbox) = (Town::found(name), Sandbox::start());
    let channel = agree_at(&town.administrator(), &sandbox.server, sent_on).unwrap();
    (town, sandbox, channel)
}

/// What the sandbox is signed in as, unless it is told otherwise.
const OWN: &str = "ayuntamiento";

fn two_pictures(author: &Member, content: &mut Content) -> [Vec<u8>; 2] {
    let bytes = [media::png(8, 5), media::png(9, 6)];
    for (bytes, alt) in bytes.iter().zip(["La plaza con farolillos.", "El cartel: 3 de agosto."]) {
        content.pictures.push(media::picture(&media::stored(author, bytes), alt));
    }
    bytes
}

fn described(status: &Value) -> Vec<(&str, &str)> {
    let pictures = status["pictures"].as_array().unwrap().iter();
    pictures.map(|one| (one["description"].as_str().unwrap(), one["sha256"].as_str().unwrap())).collect()
}

fn correct(author: &Member, mayor: &Member, post: &PostView, content: Content) -> PostView {
    let correct =
        posts::Correct { version: post.post.version, content, reason: "Estaba mal.".to_owned(), checked: None };
    let proposed = author.ok(&posts::CORRECT, &[id(post)], &correct);
    mayor.ok(&posts::DECIDE, &[id(post)], &approval(&proposed));
    eventually("the edit to be out", || {
        let view = author.read(&post.post.id);
        let last = view.publications[0].acts.last()?;
        (last.deed == Deed::Edit && matches!(last.state, ActState::Done { .. })).then_some(view)
    })
}

#[test]
fn at_an_independent_server_a_post_is_made_edited_and_taken_down() {
    let town = Town::found("Villa del Mastodonte");
    let (account, administrator) = (Account::make(), town.administrator());
    let made = account.connect(&administrator);
    assert!(made.handle.starts_with(&format!("@{}@", account.user)), "{}", made.handle);
    assert_eq!((made.health.state, made.limits.text), (HealthState::Working, 500));
    assert_eq!(account.connect(&administrator).id, made.id, "connected again it is the same channel");

    let (author, mayor) = (town.author(), town.mayor());
    let mut content = notice_on(&town, &made, "Mañana, teatro en la plaza: «La zapatera». #TeatroEnLaCalle");
    let bytes = two_pictures(&author, &mut content);
    content.link = Some("https://villa.example/teatro?a=1&b=2".to_owned());
    content.versions.push(Version {
        channel: made.id.clone(),
        language: Language::spanish(),
        text: "Mañana, teatro en la plaza: «La zapatera». #TeatroEnLaCalle".to_owned(),
        warning: Some("Luces que parpadean".to_owned()),
    });
    let out = publish(&town, &content);
    let statuses = account.statuses();
    let [status] = &statuses[..] else { panic!("{statuses:?}") };
    let text = "Mañana, teatro en la plaza: «La zapatera». #TeatroEnLaCalle\n\nhttps://villa.example/teatro?a=1&b=2";
    assert_eq!((&status["source"], &status["visibility"]), (&json!(text), &json!("public")));
    assert_eq!((&status["language"], &status["spoiler"]), (&json!("es"), &json!("Luces que parpadean")));
    assert_eq!(status["sensitive"], true);
    let hashes = bytes.map(|bytes| domain::record::sha256_hex(&bytes));
    assert_eq!(
        described(status),
        [("La plaza con farolillos.", &*hashes[0]), ("El cartel: 3 de agosto.", &*hashes[1])]
    );
    let ActState::Done { receipt } = last_act(&out) else { panic!("{:?}", last_act(&out)) };
    assert_eq!((json!(receipt.native_id), json!(receipt.address)), (status["id"].clone(), status["url"].clone()));

    content.versions[0].text = "Pasado mañana, teatro en la plaza.".to_owned();
    let edited = correct(&author, &mayor, &out, content);
    let statuses = account.statuses();
    assert_eq!((statuses.len(), &statuses[0]["id"]), (1, &status["id"]), "edited, not made again");
    assert!(statuses[0]["source"].as_str().unwrap().starts_with("Pasado mañana") && statuses[0]["edited"].is_string());

    mayor.ok(&posts::TAKE_DOWN, &[id(&edited)], &because(&edited, "Se suspende."));
    author.wait_for(&edited.post.id, PublicationState::TakenDown);
    assert_eq!(account.statuses(), Vec::<Value>::new());
}

#[test]
fn at_an_independent_server_a_lost_answer_is_found_again_in_its_own_html() {
    let town = Town::alone("Villa de la Duda Lejana");
    let account = Account::make();
    let made = account.connect(&town.administrator());
    let mut content =
        notice_on(&town, &made, "¿Llegó? Corte de agua & gas <hoy> según @obras@villa.example.\n\nMás: #CorteDeAgua");
    content.link = Some("https://villa.example/avisos?a=1&b=2".to_owned());
    town.arm("network_silent_after=1");
    let post = release(&town, &content);
    let author = town.author();
    author.wait_for(&post.post.id, PublicationState::Unknown);
    town.ahead(Millis::minutes(2));
    town.tick();
    let out = author.wait_for(&post.post.id, PublicationState::Out);
    assert_eq!((account.statuses().len(), out.publications[0].acts[0].attempts.len()), (1, 1));
}

#[test]
fn whoever_connects_registers_agrees_and_proves_to_be_the_same() {
    let (town, sandbox) = (Town::found("Villa de las Llaves"), Sandbox::start());
    let administrator = town.administrator();
    let mut gone_to = String::new();
    let made = agree_at(&administrator, &sandbox.server, |address| {
        address.clone_into(&mut gone_to);
        sent_on(address)
    })
    .unwrap();
    let host = sandbox.server.rsplit("//").next().unwrap();
    assert_eq!(made.address, Some(format!("http://{host}/@{OWN}")));
    let asked = |name: &str| {
        let query = gone_to.split_once('?').unwrap().1;
        query.split('&').find_map(|pair| pair.strip_prefix(&format!("{name}="))).unwrap_or_default().to_owned()
    };
    assert_eq!((&*asked("code_challenge_method"), &*asked("response_type")), ("S256", "code"));
    assert!(asked("code_challenge").len() == 43 && asked("state").len() >= 32);
    assert_eq!(asked("scope"), "read%3Aaccounts+read%3Astatuses+write%3Astatuses+write%3Amedia", "and no more");

    // The same answer a second time, or by somebody else, connects nothing.
    let back = |state: &str| format!("/api/channels/mastodon/return/0123456789abcdef?code=x&state={state}");
    let other = Town::neighbour(&town, "Villa Curiosa").administrator();
    let mut second = String::new();
    let connect = Connect::Mastodon { server: sandbox.server.clone() };
    if let Connected::GoTo { address } = administrator.ok(&channels::CONNECT, &[], &connect) {
        second = sent_on(&address).strip_prefix(url()).unwrap().to_owned();
    }
    for (who, path) in [(&administrator, back(&asked("state"))), (&other, second), (&administrator, back("invented"))] {
        let landed = who.raw(Method::Get, &path, b"");
        assert_eq!(landed.header("location"), "/desk/channels?refused=spent_link", "{path}");
    }
    sandbox.set(&json!({ "deny": true }));
    let declined = agree_at(&administrator, &sandbox.server, sent_on).unwrap_err();
    assert_eq!(declined, "/desk/channels?refused=declined");
    // The secrets of the registration never reach the desk.
    let shown = administrator.raw(Method::Get, "/api/channels", b"").text();
    assert!(!shown.contains("secret") && !shown.contains("token"), "{shown}");

    administrator.ok(&channels::DISCONNECT, &[made.id.as_str()], &Nothing {});
    eventually("the token to be given back", || (!sandbox.requests("POST /oauth/revoke").is_empty()).then_some(()));
}

#[test]
fn an_access_that_may_less_than_was_asked_is_refused_and_given_back() {
    let (town, sandbox) = (Town::found("Villa del Permiso a Medias"), Sandbox::start());
    let administrator = town.administrator();
    sandbox.set(&json!({ "declined": ["write:media"] }));
    let refused = agree_at(&administrator, &sandbox.server, sent_on).unwrap_err();
    assert_eq!(refused, "/desk/channels?refused=missing_permissions");
    assert_eq!(administrator.ok(&channels::CHANNELS, &[], &Nothing {}).len(), 1, "only the noticeboard");
    let given_back = || (sandbox.requests("POST /oauth/revoke").len() == 1).then_some(());
    eventually("the token to be given back", given_back);
    sandbox.set(&json!({ "declined": [] }));
    let made = agree_at(&administrator, &sandbox.server, sent_on).unwrap();
    assert_eq!(made.health.state, HealthState::Working);

    // Whoever takes less the next time leaves the channel as it was.
    sandbox.set(&json!({ "declined": ["write:statuses", "read:statuses"] }));
    assert_eq!(agree_at(&administrator, &sandbox.server, sent_on).unwrap_err(), refused);
    assert_eq!(channel(&administrator, made.id.as_str()).health.state, HealthState::Working);
    publish(&town, &notice_on(&town, &made, "La biblioteca abre a las nueve."));
}

#[test]
fn an_older_server_takes_one_address_as_text() {
    let (town, sandbox) = (Town::found("Villa Antigua"), Sandbox::start());
    sandbox.set(&json!({ "old": true }));
    agree_at(&town.administrator(), &sandbox.server, sent_on).unwrap();
    assert_eq!(sandbox.requests("POST /api/v1/apps").len(), 2);
}

#[test]
fn a_status_carries_its_language_its_visibility_and_its_warning() {
    let (town, sandbox, made) = town("Villa de los Avisos");
    let mut content = notice_on(&town, &made, "Volverá el agua a las 11:00.");
    content.texts.insert(Language::english(), "Water will be back at 11:00.".to_owned());
    content.titles.insert(Language::english(), "Water cut".to_owned());
    content.targets[0].languages = vec![Language::spanish(), Language::english()];
    content.versions.push(Version {
        channel: made.id.clone(),
        language: Language::english(),
        text: "Water will be back at 11:00.".to_owned(),
        warning: Some("Water cut".to_owned()),
    });
    publish(&town, &content);
    let statuses = sandbox.read(OWN);
    assert_eq!(statuses.len(), 2, "each language is a status of its own");
    for (language, text, warning) in
        [("es", "Volverá el agua a las 11:00.", ""), ("en", "Water will be back at 11:00.", "Water cut")]
    {
        let status = statuses.iter().find(|status| status["language"] == language).unwrap();
        assert_eq!((&status["source"], &status["spoiler"]), (&json!(text), &json!(warning)));
        assert_eq!((&status["visibility"], &status["sensitive"]), (&json!("public"), &json!(!warning.is_empty())));
    }
    api_journeys::covered::read(Network::Mastodon, "text, warning");
    let keys: Vec<Value> =
        sandbox.requests("POST /api/v1/statuses").iter().map(|request| request["idempotency_key"].clone()).collect();
    assert!(keys.len() == 2 && keys[0] != keys[1] && keys.iter().all(Value::is_string), "{keys:?}");
}

#[test]
fn pictures_that_take_their_time_are_waited_for() {
    let (town, sandbox, made) = town("Villa de la Paciencia");
    sandbox.set(&json!({ "media_polls": 2 }));
    let mut content = notice_on(&town, &made, "Fiestas de agosto.");
    let bytes = two_pictures(&town.author(), &mut content);
    publish(&town, &content);
    let hashes = bytes.map(|bytes| domain::record::sha256_hex(&bytes));
    let statuses = sandbox.read(OWN);
    assert_eq!(
        described(&statuses[0]),
        [("La plaza con farolillos.", &*hashes[0]), ("El cartel: 3 de agosto.", &*hashes[1])]
    );
    api_journeys::covered::read(Network::Mastodon, "pictures");
    assert_eq!(sandbox.requests("POST /api/v2/media").len(), 2);
    assert_eq!(sandbox.requests("GET /api/v1/media/").len(), 6, "206, 206, 200 for each");
    assert_eq!(sandbox.requests("POST /api/v1/statuses").len(), 1, "not before they were ready");
}

#[test]
fn a_correction_replaces_words_pictures_and_warning_and_a_takedown_leaves_nothing() {
    let (town, sandbox, made) = town("Villa Corregida");
    let (author, mayor) = (town.author(), town.mayor());
    let out = publish(&town, &notice_on(&town, &made, "El pleno es el jueves."));
    let before = sandbox.read(OWN).remove(0);
    let mut right = notice_on(&town, &made, "El pleno es el viernes.");
    two_pictures(&author, &mut right);
    right.versions.push(Version {
        channel: made.id.clone(),
        language: Language::spanish(),
        text: "El pleno es el viernes.".to_owned(),
        warning: Some("Cambio de fecha".to_owned()),
    });
    let edited = correct(&author, &mayor, &out, right);
    let statuses = sandbox.read(OWN);
    let [after] = &statuses[..] else { panic!("{statuses:?}") };
    assert_eq!((&after["id"], &after["source"]), (&before["id"], &json!("El pleno es el viernes.")));
    assert_eq!((&after["spoiler"], described(after).len()), (&json!("Cambio de fecha"), 2));
    mayor.ok(&posts::TAKE_DOWN, &[id(&edited)], &because(&edited, "Se suspende."));
    author.wait_for(&edited.post.id, PublicationState::TakenDown);
    assert_eq!(sandbox.read(OWN), Vec::<Value>::new());
    api_journeys::covered::read(Network::Mastodon, "correction, takedown");
}

#[test]
fn an_independent_client_makes_each_kind_here_too() {
    let sandbox = Sandbox::start();
    let film = crate::video::film(9_000, 640, &[]);
    let (made, theirs) = api_journeys::outside::with_file(&film, |file| {
        (sandbox.at_mastodon("make", OWN, file), sandbox.at_mastodon("film", OWN, file))
    });
    let read = sandbox.read(OWN);
    let ids: Vec<&Value> = read.iter().map(|status| &status["id"]).collect();
    assert_eq!(ids, [&theirs[0], &made[3], &made[2], &made[1], &made[0]], "what was taken down is gone");
    assert_eq!(described(&read[0]), [("A film.", &*domain::record::sha256_hex(&film))]);
    assert_eq!((&read[1]["above"], &read[2]["poll"]["answers"]), (&made[1], &json!(["Yes", "No"])));
    assert_eq!(described(&read[3])[0].0, "A point.");
    assert_eq!((&read[4]["source"], &read[4]["spoiler"]), (&json!("Text that was changed."), &json!("A warning")));
    assert_eq!(sandbox.history(OWN, made[0].as_str().unwrap()).len(), 2, "as it was, and as it is");
    let kinds = "text, pictures, video, poll, thread, warning, versions, correction, takedown";
    api_journeys::covered::made(Network::Mastodon, kinds);
}

#[test]
fn a_repeat_under_the_same_key_is_one_status() {
    let town = Town::alone("Villa de la Misma Llave");
    let sandbox = Sandbox::start();
    let made = agree_at(&town.administrator(), &sandbox.server, sent_on).unwrap();
    // It is done and the answer is lost; the list of statuses, where it is looked for, is late.
    sandbox.arm(&json!([{ "on": "POST /api/v1/statuses", "then": "drop_after" }]));
    sandbox.set(&json!({ "lag": 1 }));
    let post = release(&town, &notice_on(&town, &made, "Una sola vez."));
    let author = town.author();
    author.wait_for(&post.post.id, PublicationState::Unknown);
    town.ahead(Millis::minutes(2));
    town.tick();
    eventually("the look", || {
        town.tick();
        (author.read(&post.post.id).publications[0].acts[0].attempts.len() == 2).then_some(())
    });
    let out = author.wait_for(&post.post.id, PublicationState::Out);
    let sent = sandbox.requests("POST /api/v1/statuses");
    assert_eq!((sent.len(), &sent[0]["idempotency_key"]), (2, &sent[1]["idempotency_key"]));
    let statuses = sandbox.read(OWN);
    assert_eq!(statuses.len(), 1);
    let ActState::Done { receipt } = last_act(&out) else { panic!("{:?}", last_act(&out)) };
    assert_eq!(json!(receipt.native_id), statuses[0]["id"]);
}

#[test]
fn the_same_words_of_another_post_are_that_post_s() {
    let town = Town::alone("Villa que se Repite");
    let sandbox = Sandbox::start();
    let made = agree_at(&town.administrator(), &sandbox.server, sent_on).unwrap();
    let content = notice_on(&town, &made, "Mañana no hay recogida de basura.");
    let first = publish(&town, &content);
    // A minute later the same is said again, and never arrives.
    sandbox.arm(&json!([{ "on": "POST /api/v1/statuses", "then": "drop_before" }]));
    let post = release(&town, &content);
    let author = town.author();
    author.wait_for(&post.post.id, PublicationState::Unknown);
    town.ahead(Millis::minutes(2));
    eventually("the second try", || {
        town.tick();
        (author.read(&post.post.id).publications[0].acts[0].attempts.len() == 2).then_some(())
    });
    let second = author.wait_for(&post.post.id, PublicationState::Out);
    let native = |view: &PostView| {
        let ActState::Done { receipt } = last_act(view) else { panic!("{:?}", last_act(view)) };
        receipt.native_id.clone()
    };
    assert!(
        native(&first) != native(&second) && sandbox.read(OWN).len() == 2,
        "a takedown of one would take the other"
    );
}

#[test]
fn where_the_key_is_not_surely_kept_a_person_is_asked_before_there_are_two() {
    let town = Town::alone("Villa sin Llave");
    let sandbox = Sandbox::start();
    sandbox.set(&json!({ "compatible": true }));
    let made = agree_at(&town.administrator(), &sandbox.server, sent_on).unwrap();
    // It is done, the answer is lost, and the list of statuses is late at both looks.
    sandbox.arm(&json!([{ "on": "POST /api/v1/statuses", "then": "drop_after" }]));
    sandbox.set(&json!({ "lag": 2 }));
    let post = release(&town, &notice_on(&town, &made, "Una sola vez, también aquí."));
    let author = town.author();
    author.wait_for(&post.post.id, PublicationState::Unknown);
    crate::pulling::look_twice(&town);
    eventually("a person to be asked", || {
        town.tick();
        let view = author.read(&post.post.id);
        matches!(last_act(&view), ActState::Unknown { asked: true, looks: 2, .. }).then_some(())
    });
    assert_eq!((sandbox.requests("POST /api/v1/statuses").len(), sandbox.read(OWN).len()), (1, 1));
}

#[test]
fn what_a_server_runs_is_learned_by_a_check_and_an_older_one_is_given_time() {
    let town = Town::alone("Villa que Cambia de Programa");
    let sandbox = Sandbox::start();
    sandbox.set(&json!({ "compatible": true }));
    let administrator = town.administrator();
    let made = agree_at(&administrator, &sandbox.server, sent_on).unwrap();
    // Until 4.6.0 a second request is not held back while the first is worked on: the key alone would not do at once.
    sandbox.set(&json!({ "compatible": false, "version": "4.5.7" }));
    administrator.ok(&channels::CHECK, &[made.id.as_str()], &Nothing {});
    sandbox.arm(&json!([{ "on": "POST /api/v1/statuses", "then": "drop_after" }]));
    sandbox.set(&json!({ "lag": 2 }));
    let post = release(&town, &notice_on(&town, &made, "Con calma."));
    let author = town.author();
    author.wait_for(&post.post.id, PublicationState::Unknown);
    town.ahead(Millis::minutes(2));
    let waiting = eventually("the first look", || {
        town.tick();
        let act = author.read(&post.post.id).publications[0].acts[0].clone();
        matches!(act.state, ActState::Unknown { looks: 1, asked: false, .. }).then_some(act)
    });
    let wait = waiting.due.since(waiting.attempts[0].started);
    assert!(wait >= Millis::minutes(17) && waiting.attempts.len() == 1, "{wait:?}");
    town.ahead(Millis::minutes(20));
    eventually("the second try", || {
        town.tick();
        (author.read(&post.post.id).publications[0].acts[0].attempts.len() == 2).then_some(())
    });
    author.wait_for(&post.post.id, PublicationState::Out);
    let sent = sandbox.requests("POST /api/v1/statuses");
    assert_eq!((sent.len(), sandbox.read(OWN).len()), (2, 1), "the same key, and one status");
}

#[test]
fn a_server_that_asks_to_wait_is_given_what_it_asks() {
    let town = Town::alone("Villa Paciente");
    let sandbox = Sandbox::start();
    let made = agree_at(&town.administrator(), &sandbox.server, sent_on).unwrap();
    sandbox.arm(&json!([{ "on": "POST /api/v1/statuses", "then": "throttle", "seconds": 300 }]));
    let before = town.now();
    let post = release(&town, &notice_on(&town, &made, "Sin prisa."));
    let author = town.author();
    let waiting = author.tried_once(&post.post.id);
    let wait = waiting.due.since(before);
    assert!((Millis::seconds(298).0..Millis::seconds(390).0).contains(&wait.0), "{wait:?}");
    town.ahead(Millis::minutes(6));
    town.tick();
    author.wait_for(&post.post.id, PublicationState::Out);
    assert_eq!(sandbox.read(OWN).len(), 1);
}

#[test]
fn what_was_never_tried_is_given_up_with_a_takedown_and_what_was_is_taken_down() {
    let town = Town::alone("Villa que Retira a Tiempo");
    let sandbox = Sandbox::start();
    let made = agree_at(&town.administrator(), &sandbox.server, sent_on).unwrap();
    sandbox.arm(&json!([{ "on": "POST /api/v1/statuses", "then": "throttle", "seconds": 300 }]));
    let (author, mayor) = (town.author(), town.mayor());
    let first = release(&town, &notice_on(&town, &made, "La primera."));
    author.tried_once(&first.post.id);
    // It waits behind the first, and is out elsewhere.
    let mut content = notice_on(&town, &made, "La segunda.");
    content.targets.push(town.notice("").targets[0].clone());
    let second = release(&town, &content);
    let half = eventually("it to be out elsewhere", || {
        let view = author.read(&second.post.id);
        view.publications.iter().any(|one| one.state == PublicationState::Out).then_some(view)
    });
    let here = |view: &PostView| view.publications.iter().find(|one| one.channel == made.id).unwrap().clone();
    assert!(here(&half).acts[0].attempts.is_empty(), "{:?}", here(&half));
    let gone = mayor.ok(&posts::TAKE_DOWN, &[id(&half)], &because(&half, "Se suspende."));
    assert_eq!((here(&gone).state, here(&gone).acts.len()), (PublicationState::Cancelled, 1));
    // What was tried may have been heard.
    let tried = author.read(&first.post.id);
    let leaving = mayor.ok(&posts::TAKE_DOWN, &[id(&tried)], &because(&tried, "Se suspende."));
    assert!(here(&leaving).acts.iter().any(|act| act.deed == Deed::Delete), "{:?}", here(&leaving));
}

#[test]
fn the_instance_s_own_limits_are_the_ones_that_count() {
    let (town, sandbox) = (Town::found("Villa Escueta"), Sandbox::start());
    sandbox.set(&json!({ "max_characters": 40 }));
    let administrator = town.administrator();
    let made = agree_at(&administrator, &sandbox.server, sent_on).unwrap();
    assert_eq!(made.limits.text, 40);
    let author = town.author();
    // An address counts 23 whatever its length: 17 letters are left. A family is one of them.
    let fits = format!("{}👨‍👩‍👧 https://villa.example/una/ruta/bastante/larga", "Corte de agua. ");
    let length = |text: &str| {
        let findings = author.ok(&posts::CHECK, &[], &notice_on(&town, &made, text));
        findings.into_iter().find(|finding| finding.rule == Rule::Length)
    };
    assert_eq!(length(&fits), None);
    assert!(length(&format!("¡{fits}")).is_some(), "one too many");
    publish(&town, &notice_on(&town, &made, &fits));
    assert_eq!(sandbox.read(OWN)[0]["source"], fits);
    assert_eq!((said_there(&sandbox, &fits), said_there(&sandbox, &format!("¡{fits}"))), (200, 422));

    sandbox.set(&json!({ "max_characters": 5_000 }));
    let checked = administrator.ok(&channels::CHECK, &[made.id.as_str()], &Nothing {});
    assert_eq!(checked.limits.text, 5_000);
    assert_eq!(length(&format!("¡{fits}")), None);
}

/// Has somebody else's program say something at the sandbox, with nothing of ours in front of it; answers the status.
fn said_there(sandbox: &Sandbox, text: &str) -> u16 {
    sandbox.set(&json!({ "reader": OWN }));
    sandbox.bare("POST /api/v1/statuses", &[], &json!({ "status": text, "visibility": "public" })).0
}

#[test]
fn five_hundred_characters_go_out_and_one_more_is_refused_by_the_rule_and_by_each_server_alike() {
    let (town, sandbox, made) = town("Villa de las Quinientas Letras");
    let author = town.author();
    let is_over = |text: &str| {
        let findings = author.ok(&posts::CHECK, &[], &notice_on(&town, &made, text));
        findings.iter().any(|finding| finding.rule == Rule::Length)
    };
    let (family, link) = ("👨‍👩‍👧‍👦", "https://villa.example/una/ruta/bastante/larga?con=preguntas");
    let neighbour = "@bomberos@social.example";
    let ends = [("ñ", 1), ("n\u{303}", 1), ("日", 1), ("🇪🇸", 1), (family, 1), (link, 23), (neighbour, 9)];
    for (end, counts) in ends {
        let fits = format!("{} {end}", "a".repeat(499 - counts));
        let over = format!("a{fits}");
        assert_eq!((is_over(&fits), said_there(&sandbox, &fits)), (false, 200), "{end}");
        assert_eq!((is_over(&over), said_there(&sandbox, &over)), (true, 422), "{end}");
    }
    let full = format!("{} {family} {neighbour} {link}", "b".repeat(500 - 1 - 1 - 1 - 9 - 1 - 23));
    assert!(!is_over(&full) && is_over(&format!("b{full}")));
    publish(&town, &notice_on(&town, &made, &full));
    assert_eq!(sandbox.read(OWN)[0]["source"], full);
    // The server that is not ours knows neither addresses nor families: of plain letters it says the same.
    let account = Account::make();
    let bearer = format!("Bearer {}", account.reader);
    let bare = |count: usize| {
        let headers = [("content-type", "application/json"), ("authorization", bearer.as_str())];
        let body = json!({ "status": "a".repeat(count), "visibility": "public" }).to_string();
        abroad("POST", &format!("{}/api/v1/statuses", account.server), &headers, body.as_bytes()).status
    };
    assert_eq!((bare(500), bare(501)), (200, 422));
}

#[test]
fn a_revoked_token_stops_the_channel_until_it_is_connected_again() {
    let (town, sandbox, made) = town("Villa sin Permiso");
    let (administrator, author) = (town.administrator(), town.author());
    sandbox.set(&json!({ "revoke": true }));
    let post = release(&town, &notice_on(&town, &made, "¿Sale o no sale?"));
    let failed = author.wait_for(&post.post.id, PublicationState::Failed);
    let ActState::Failed { failure } = last_act(&failed) else { panic!("{:?}", last_act(&failed)) };
    assert_eq!((failure.kind, &*failure.message), (FailureKind::AccessRefused, "The access token is invalid"));
    let health = channel(&administrator, made.id.as_str()).health;
    assert_eq!(
        (health.state, health.last_error.as_deref()),
        (HealthState::Refused, Some("The access token is invalid"))
    );
    assert_eq!(sandbox.statuses(), Vec::<Value>::new());

    let again = agree_at(&administrator, &sandbox.server, sent_on).unwrap();
    assert_eq!((again.id, again.health.state), (made.id, HealthState::Working));
    author.retry(&failed.publications[0], "Permiso nuevo.").unwrap();
    author.wait_for(&post.post.id, PublicationState::Out);
    assert_eq!(sandbox.read(OWN).len(), 1);
}

#[test]
fn a_server_that_is_not_mastodon_is_refused_by_name() {
    let (town, sandbox) = (Town::found("Villa Equivocada"), Sandbox::start());
    let administrator = town.administrator();
    let refused =
        |server: &str| administrator.no(&channels::CONNECT, &[], &Connect::Mastodon { server: server.to_owned() });
    let other = Refusal::OtherServer { network: Network::Mastodon };
    assert_eq!(refused(&place("PREGON_BLUESKY")), other);
    assert_eq!(refused(url()), other, "the desk's own address");
    sandbox.arm(&json!([{ "on": "GET /api/*", "then": "malformed", "times": 2 }]));
    assert_eq!(refused(&sandbox.server), other, "a page instead of an answer");
    sandbox.arm(&json!([{ "on": "GET /api/v2/instance", "then": "status_before", "status": 503 }]));
    assert!(matches!(refused(&sandbox.server), Refusal::NetworkSays { .. }), "it may be Mastodon, but it is unwell");
    sandbox.arm(&json!([{ "on": "GET /api/v2/instance", "then": "send_on", "to": "https://10.0.0.1/" }]));
    assert_eq!(refused(&sandbox.server), Refusal::ForbiddenAddress, "sent on to an inner address");
    assert_eq!(sandbox.requests("POST /api/v1/apps"), Vec::<Value>::new());
    assert_eq!(administrator.ok(&channels::CHANNELS, &[], &Nothing {}).len(), 1, "only the noticeboard");
}

#[test]
fn a_request_that_is_not_of_the_interface_is_refused_and_told() {
    let sandbox = Sandbox::start().without_judgement();
    let send = |path: &str, body: Value| {
        let headers = [("content-type", "application/json"), ("authorization", "Bearer x")];
        abroad("POST", &format!("{}{path}", sandbox.server), &headers, body.to_string().as_bytes()).status
    };
    assert_eq!(send("/api/v1/statuses", json!({ "status": "Hola", "visibility": "everybody" })), 400);
    assert_eq!(send("/api/v1/statuses", json!({ "text": "Hola" })), 400);
    assert_eq!(send("/api/v1/toots", json!({ "status": "Hola" })), 400);
    // This one is: only its token opens nothing.
    assert_eq!(send("/api/v1/statuses", json!({ "status": "Hola", "visibility": "public" })), 401);
    let objections = sandbox.objections();
    assert_eq!(objections.len(), 3, "{objections:?}");
    assert!(objections[0].as_str().unwrap().contains("visibility"), "{objections:?}");
}
