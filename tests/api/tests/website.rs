//! The town's own website, by webhook. Every signature is judged by the reference library of Standard Webhooks, which is not ours,
//! and the site is ours: what a town has stands in its own house.

use api_journeys::{
    Member, Town, because, eventually, id, last_act,
    outside::{Sandbox, channel, notice_on, publish, release},
    secrets,
};
use domain::{
    Channel, Content, Event, HealthState, Millis, Network, Refusal,
    delivery::{ActState, FailureKind, PublicationState},
    record::sha256_hex,
    video::PART,
};
use networks_sandbox::WEBSITE;
use serde_json::{Value, json};
use wire::{
    Method, Nothing,
    channels::{self, Connect, Connected},
    posts::{self, PostView},
};

use crate::{
    captions::{FILE, OTHER, VTT, caption},
    media,
    poster::pose,
    video::{ALT, film, stored, video},
};

fn at(address: &str, onto: Option<&Channel>) -> Connect {
    let channel = onto.map(|channel| channel.id.clone());
    Connect::Website { address: address.to_owned(), name: "Web municipal".to_owned(), channel }
}

/// The first step: the name of the connection, and the secret.
fn begin(administrator: &Member, connect: &Connect) -> (String, String) {
    match administrator.ok(&channels::CONNECT, &[], connect) {
        Connected::ToProve { connection, secret } => {
            secrets::keep(&secret);
            (connection, secret)
        }
        other => panic!("connected without a proof: {other:?}"),
    }
}

fn endpoint(sandbox: &Sandbox) -> String {
    [&*sandbox.server, WEBSITE].concat()
}

fn connected_to(administrator: &Member, sandbox: &Sandbox, onto: Option<&Channel>) -> (Channel, String) {
    let (connection, secret) = begin(administrator, &at(&endpoint(sandbox), onto));
    sandbox.set(&json!({ "website": { "secrets": [secret] } }));
    (administrator.ok(&channels::PROVE, &[&connection], &Nothing {}), secret)
}

fn connected(town: Town) -> (Town, Sandbox, Channel, String) {
    let sandbox = Sandbox::start();
    let (made, secret) = connected_to(&town.administrator(), &sandbox, None);
    (town, sandbox, made, secret)
}

fn behaves(sandbox: &Sandbox, how: &Value) {
    sandbox.set(&json!({ "website": how }));
}

fn pages(sandbox: &Sandbox) -> Vec<Value> {
    sandbox.published("website")
}

fn saying(content: &Content, text: &str) -> Content {
    let mut content = content.clone();
    content.texts.values_mut().for_each(|old| text.clone_into(old));
    content
}

fn correct(town: &Town, post: &PostView, content: Content) -> PostView {
    let author = town.author();
    let correct =
        posts::Correct { version: post.post.version, content, reason: "Estaba mal.".to_owned(), checked: None };
    let proposed = author.ok(&posts::CORRECT, &[id(post)], &correct);
    town.mayor().ok(&posts::DECIDE, &[id(post)], &api_journeys::approval(&proposed));
    eventually("the correction to be out", || {
        let view = author.read(&post.post.id);
        let acts = &view.publications[0].acts;
        (acts.len() == 2 && matches!(acts[1].state, ActState::Done { .. })).then_some(view)
    })
}

/// Of a kind, what came, as the library that is not ours reads it.
fn verified(sandbox: &Sandbox, secret: &str, kind: &str) -> Vec<Value> {
    let read = sandbox.by_library("verify", secret, &sandbox.webhooks());
    assert!(read.iter().all(|one| one["refused"].is_null()), "{read:?}");
    read.into_iter().filter(|one| one["type"] == kind).collect()
}

#[test]
fn a_library_that_is_not_ours_finds_the_site_it_knows() {
    let sandbox = Sandbox::start();
    let secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
    behaves(&sandbox, &json!({ "secrets": [secret] }));
    let post = |kind: &str, text: &str| json!({ "type": kind, "timestamp": "2026-11-29T10:00:00Z", "data": { "id": "1", "text": text } });
    let told = |id: &str, told: Value| json!({ "id": id, "told": told });
    let sent = [
        told("a", post("post.published", "Primero.")),
        told("a", post("post.published", "Otra vez.")),
        told("b", post("post.corrected", "Corregido.")),
    ];
    let said = sandbox.by_library("send", secret, &sent);
    assert!(said.iter().all(|one| one["status"] == 200), "{said:?}");
    assert_eq!((pages(&sandbox).len(), &pages(&sandbox)[0]["text"]), (1, &json!("Corregido.")));
    let other = sandbox.by_library("send", "whsec_b3RybyBzZWNyZXRvIGRlIG90cmEgY2FzYQ==", &sent[..1]);
    assert_eq!(other[0]["status"], 401);
    api_journeys::covered::made(Network::Website, "text, correction");
}

#[test]
fn a_site_is_connected_once_it_has_proven_that_it_has_the_secret_and_checks_it() {
    let (town, sandbox) = (Town::found("Villa con Web"), Sandbox::start());
    let administrator = town.administrator();
    for inward in ["http://villaserena.es/x", "https://10.0.0.1/", "https://intranet/", "https://a:b@villaserena.es"] {
        assert_eq!(administrator.no(&channels::CONNECT, &[], &at(inward, None)), Refusal::ForbiddenAddress, "{inward}");
    }
    let (connection, secret) = begin(&administrator, &at(&endpoint(&sandbox), None));
    let prove = || administrator.no(&channels::PROVE, &[&connection], &Nothing {});
    // The secret is not in the site yet.
    assert_eq!(prove(), Refusal::NetworkSays { message: "Bad signature".to_owned() });
    behaves(&sandbox, &json!({ "secrets": [secret], "challenge": "another" }));
    assert_eq!(prove(), Refusal::NoChallenge);
    behaves(&sandbox, &json!({ "challenge": null, "careless": true }));
    assert_eq!(prove(), Refusal::TakesAnything);
    behaves(&sandbox, &json!({ "careless": false }));
    sandbox.arm(&json!([{ "on": format!("POST {WEBSITE}"), "then": "send_on", "to": "https://10.0.0.1/" }]));
    assert!(matches!(prove(), Refusal::NetworkSays { .. }), "sent on to an inner address");
    sandbox.arm(&json!([]));

    // What is on its way is of the session that began it.
    let stranger = Town::found("Villa Ajena").administrator();
    assert_eq!(stranger.no(&channels::PROVE, &[&connection], &Nothing {}), Refusal::SpentLink);
    assert_eq!(administrator.no(&channels::PAGES, &[&connection], &Nothing {}), Refusal::SpentLink);
    let made = administrator.ok(&channels::PROVE, &[&connection], &Nothing {});
    assert_eq!((made.network, &*made.name), (Network::Website, "Web municipal"));
    assert_eq!(sandbox.server.split("//").last(), Some(&*made.handle));
    assert_eq!(prove(), Refusal::SpentLink, "once");
    let no = stranger.no(&channels::CONNECT, &[], &at(&endpoint(&sandbox), Some(&made)));
    assert_eq!(no, Refusal::NotFound, "another's channel");

    let check = || administrator.ok(&channels::CHECK, &[made.id.as_str()], &Nothing {}).health.state;
    assert_eq!(check(), HealthState::Working);
    behaves(&sandbox, &json!({ "status": 410 }));
    assert_eq!(check(), HealthState::Refused);
    behaves(&sandbox, &json!({ "status": null }));
    assert_eq!(check(), HealthState::Working);
    assert_eq!(pages(&sandbox), Vec::<Value>::new(), "nothing was published to find out");
    let shown = administrator.raw(Method::Get, "/api/channels", b"").text();
    assert!(!shown.contains("whsec_") && !shown.contains(&secret), "{shown}");

    // Again: the same channel, another secret, and the old one opens nothing.
    let (again, fresh) = connected_to(&administrator, &sandbox, Some(&made));
    assert_eq!((&again.id, fresh == secret), (&made.id, false));
    publish(&town, &notice_on(&town, &made, "Con el secreto nuevo."));
    assert_eq!(pages(&sandbox).len(), 1);
}

#[test]
fn a_post_is_a_page_with_all_that_belongs_to_it_is_corrected_and_withdrawn() {
    let (town, sandbox, made, secret) = connected(Town::found("Villa que Publica en su Web"));
    let author = town.author();
    let mut content = notice_on(&town, &made, "Ñ, «comillas», 👨‍👩‍👧, <b>sin marcas</b> & tal cual.");
    content.link = Some("https://villa.example/pleno".to_owned());
    content.titles = content.texts.keys().map(|tag| (tag.clone(), "Pleno".to_owned())).collect();
    content.event = Some(Event {
        start: town.now().plus(Millis::hours(48)),
        end: None,
        place: "Casa consistorial".to_owned(),
        cancelled: false,
    });
    let bytes = media::png(8, 5);
    content.pictures.push(media::picture(&media::stored(&author, &bytes), "La plaza, vacía."));
    let out = publish(&town, &content);
    let publication = out.publications[0].id.clone();
    let ActState::Done { receipt } = last_act(&out) else { panic!("{:?}", last_act(&out)) };
    let page = format!("{}/noticias/{publication}", sandbox.server);
    assert_eq!(receipt.address.as_deref(), Some(&*page));

    let told = verified(&sandbox, &secret, "post.published").remove(0)["data"].clone();
    assert_eq!(told["id"], publication.as_str());
    assert_eq!((&told["title"], &told["language"]), (&json!("Pleno"), &json!("es")));
    assert_eq!(told["text"], "Ñ, «comillas», 👨‍👩‍👧, <b>sin marcas</b> & tal cual.");
    assert_eq!(told["link"], "https://villa.example/pleno");
    assert_eq!((&told["event"]["place"], &told["event"]["end"]), (&json!("Casa consistorial"), &Value::Null));
    assert_eq!(told["organisation"], "Villa que Publica en su Web");
    assert_eq!(told["hash"].as_str().map(str::len), Some(64));
    let picture = &told["pictures"][0];
    assert_eq!((&picture["alt"], &picture["width"]), (&json!("La plaza, vacía."), &json!(8)));
    assert_eq!(picture["sha256"], sha256_hex(&bytes));
    let fetched = api_journeys::abroad("GET", picture["address"].as_str().unwrap(), &[], b"");
    assert_eq!((fetched.status, &fetched.body), (200, &bytes), "the site gets the very picture");
    api_journeys::covered::read(Network::Website, "text, card, event, pictures");

    // It names an address that is not its own: the one that is known stays.
    behaves(&sandbox, &json!({ "address": "https://elsewhere.es/phishing" }));
    let corrected = correct(&town, &out, saying(&content, "El pleno es el viernes."));
    let ActState::Done { receipt } = last_act(&corrected) else { panic!("{:?}", last_act(&corrected)) };
    assert_eq!(receipt.address.as_deref(), Some(&*page));
    assert_eq!(verified(&sandbox, &secret, "post.corrected").len(), 1);
    let seen = pages(&sandbox);
    assert_eq!((seen.len(), &seen[0]["text"]), (1, &json!("El pleno es el viernes.")));

    town.mayor().ok(&posts::TAKE_DOWN, &[id(&corrected)], &because(&corrected, "Se suspende."));
    author.wait_for(&corrected.post.id, PublicationState::TakenDown);
    assert_eq!(pages(&sandbox), Vec::<Value>::new());
    let withdrawn = verified(&sandbox, &secret, "post.withdrawn");
    assert_eq!((withdrawn.len(), &withdrawn[0]["data"]["id"]), (1, &json!(publication)));
    assert!(withdrawn[0]["data"]["text"].is_null());
    api_journeys::covered::read(Network::Website, "correction, takedown");
    let refused = sandbox.by_library("verify", "whsec_b3RybyBzZWNyZXRvIGRlIG90cmEgY2FzYQ==", &sandbox.webhooks());
    assert!(refused.iter().all(|one| one["refused"].is_string()), "with another secret none holds");
}

#[test]
fn a_video_is_told_with_its_captions_and_its_poster_and_the_site_fetches_the_very_bytes() {
    let (town, sandbox, made, secret) = connected(Town::found("Villa con Cine en su Web"));
    let author = town.author();
    // Two parts, and a picture beside it.
    let bytes = film(PART as usize + 700, 501, &[]);
    let mut content = notice_on(&town, &made, "El pregón, en vídeo.");
    content.video = Some(video(&stored(&author, &bytes), ALT));
    content.pictures.push(media::picture(&media::stored(&author, &media::png(8, 5)), "La plaza, llena."));
    caption(&author, &mut content, FILE);
    let poster = pose(&author, &mut content, 9, Some(1_000));
    let out = publish(&town, &content);

    let told = verified(&sandbox, &secret, "post.published").remove(0)["data"].clone();
    let film = &told["video"];
    assert_eq!((&film["alt"], &film["type"], &film["bytes"]), (&json!(ALT), &json!("video/mp4"), &json!(bytes.len())));
    assert_eq!((&film["width"], &film["height"], &film["milliseconds"]), (&json!(64), &json!(36), &json!(2_000)));
    assert_eq!(told["pictures"].as_array().map(Vec::len), Some(1));
    // It is fetched by stretches, each of which is what was told of it.
    let address = film["address"].as_str().unwrap();
    let mut from = 0;
    for part in film["parts"].as_array().unwrap() {
        let to = from + part["bytes"].as_u64().unwrap() as usize;
        let range = format!("bytes={from}-{}", to - 1);
        let stretch = api_journeys::abroad("GET", address, &[("range", &range)], b"");
        assert_eq!((stretch.status, stretch.header("content-type")), (206, "video/mp4"));
        assert!(stretch.body == bytes[from..to] && part["sha256"] == sha256_hex(&stretch.body), "{range}");
        from = to;
    }
    assert_eq!((from, film["parts"].as_array().map(Vec::len)), (bytes.len(), Some(2)));
    let fetched = |of: &Value| api_journeys::abroad("GET", of["address"].as_str().unwrap(), &[], b"");
    let posed = fetched(&film["poster"]);
    assert_eq!((posed.status, &film["poster"]["sha256"]), (200, &json!(poster)));
    assert_eq!(sha256_hex(&posed.body), poster);
    let words = &film["captions"];
    assert_eq!((&words["language"], &words["type"]), (&json!("es"), &json!("text/vtt")));
    let read = fetched(words);
    assert_eq!((read.status, read.text(), &words["sha256"]), (200, VTT.to_owned(), &json!(sha256_hex(VTT.as_bytes()))));
    assert_eq!((read.header("cache-control"), read.header("x-robots-tag")), ("no-store", "noindex, nofollow"));
    api_journeys::covered::read(Network::Website, "video, captions");

    // Other words: told whole, with an address of their own. What names other captions opens nothing.
    let mut right = saying(&content, "El pregón, en vídeo y bien escrito.");
    caption(&author, &mut right, OTHER);
    let corrected = correct(&town, &out, right.clone());
    let next = verified(&sandbox, &secret, "post.corrected").remove(0)["data"]["video"].clone();
    assert_eq!((&next["parts"], &next["bytes"]), (&film["parts"], &film["bytes"]), "the same video");
    let (old, new) = (words["sha256"].as_str().unwrap(), next["captions"]["sha256"].as_str().unwrap());
    assert_ne!(old, new);
    assert!(fetched(&next["captions"]).text().contains("¡Buenas tardes!"));
    let forged = words["address"].as_str().unwrap().replace(old, new);
    assert_eq!(api_journeys::abroad("GET", &forged, &[], b"").status, 404, "signed for the other");
    let seen = pages(&sandbox);
    assert_eq!((seen.len(), &seen[0]["video"]["captions"]["sha256"]), (1, &json!(new)));
    // Without it: a page that has no video.
    let bare = Content { video: None, ..right };
    let version = author.read(&corrected.post.id).post.version;
    let reason = "El vídeo no era.".to_owned();
    let proposed = author.ok(
        &posts::CORRECT,
        &[id(&corrected)],
        &posts::Correct { version, content: bare, reason, checked: None },
    );
    town.mayor().ok(&posts::DECIDE, &[id(&corrected)], &api_journeys::approval(&proposed));
    eventually("a page without a video", || pages(&sandbox)[0]["video"].is_null().then_some(()));
}

#[test]
fn each_no_of_a_site_leads_where_it_must() {
    let (town, sandbox, made, _) = connected(Town::found("Villa de los Noes en Web"));
    let (administrator, author) = (town.administrator(), town.author());
    let failed = |text: &str| {
        let post = release(&town, &notice_on(&town, &made, text));
        let failed = author.wait_for(&post.post.id, PublicationState::Failed);
        let ActState::Failed { failure } = last_act(&failed) else { panic!("{:?}", last_act(&failed)) };
        (failure.kind, failure.message.clone())
    };
    let state = || channel(&administrator, made.id.as_str()).health.state;
    behaves(&sandbox, &json!({ "error": "Falta la sección." }));
    assert_eq!(failed("¿Con sección?"), (FailureKind::ContentRefused, "Falta la sección.".to_owned()));
    behaves(&sandbox, &json!({ "error": { "message": "Ni así." } }));
    assert_eq!(failed("¿Y así?"), (FailureKind::ContentRefused, "Ni así.".to_owned()));
    behaves(&sandbox, &json!({ "error": null, "status": 422 }));
    assert_eq!(failed("¿Y esto?"), (FailureKind::ContentRefused, "The site says no.".to_owned()));
    assert_eq!(state(), HealthState::Working);
    // An answer without a word is a success.
    behaves(&sandbox, &json!({ "status": null, "mute": true }));
    let out = publish(&town, &notice_on(&town, &made, "Sin palabras."));
    let ActState::Done { receipt } = last_act(&out) else { panic!("{:?}", last_act(&out)) };
    assert_eq!((&receipt.address, pages(&sandbox).len()), (&None, 1));
    behaves(&sandbox, &json!({ "mute": false, "secrets": [] }));
    assert_eq!(failed("¿Con otro secreto?"), (FailureKind::AccessRefused, "Bad signature".to_owned()));
    assert_eq!(state(), HealthState::Refused);
}

/// Until an act that was in doubt is out.
fn settled(town: &Town, post: &PostView) -> PostView {
    let author = town.author();
    author.wait_for(&post.post.id, PublicationState::Unknown);
    town.ahead(Millis::minutes(1));
    eventually("it to be out", || {
        town.tick();
        let view = author.read(&post.post.id);
        (view.publications[0].state == PublicationState::Out).then_some(view)
    })
}

#[test]
fn whatever_becomes_of_an_answer_there_is_one_page_and_no_other() {
    let (town, sandbox, made, _) = connected(Town::alone("Villa de la Duda en su Web"));
    town.arm("impatient=1");
    let visible = format!("POST {WEBSITE}");
    // The first call of each act is the ping; the fault is for the second.
    let doubts = [
        json!({ "then": "status_after", "status": 502 }),
        json!({ "then": "drop_after" }),
        json!({ "then": "hang_after" }),
        json!({ "then": "malformed" }),
        json!({ "then": "drop_before" }),
        json!({ "then": "status_before", "status": 500 }),
    ];
    for (place, mut fault) in doubts.into_iter().enumerate() {
        town.ahead(Millis(0));
        fault["on"] = visible.clone().into();
        let spared = json!({ "on": visible, "then": "slow", "seconds": 0 });
        sandbox.arm(&json!([spared, fault]));
        let post = release(&town, &notice_on(&town, &made, &format!("¿Llegó el número {place}?")));
        settled(&town, &post);
        let seen = pages(&sandbox);
        assert_eq!((seen.len(), &seen[place]["times"]), (place + 1, &json!(1)), "{fault}");
    }
    for how in ["huge", "endless"] {
        town.ahead(Millis(0));
        let before = pages(&sandbox).len();
        behaves(&sandbox, &json!({ "flood": how }));
        let post = release(&town, &notice_on(&town, &made, &format!("Y calla: {how}.")));
        town.author().wait_for(&post.post.id, PublicationState::Unknown);
        behaves(&sandbox, &json!({ "flood": null }));
        settled(&town, &post);
        let seen = pages(&sandbox);
        assert_eq!((seen.len(), &seen[before]["times"]), (before + 1, &json!(1)), "{how}");
    }
    // Every try of an act has the same identity, and the library that is not ours takes each.
    let ids = |webhook: &Value| webhook["webhook-id"].as_str().unwrap().to_owned();
    let acts = sandbox
        .webhooks()
        .iter()
        .filter(|one| one["body"].as_str().unwrap().contains("post.published"))
        .map(ids)
        .collect::<Vec<_>>();
    let mut once = acts.clone();
    once.sort();
    once.dedup();
    assert_eq!(once.len(), 8, "one for each act");
    let last = sandbox.webhooks().pop().unwrap();
    assert!(!last["webhook-id"].as_str().unwrap().contains('.'), "it could be read in two ways");
}

#[test]
fn a_site_that_knows_nothing_of_look_ups_is_never_told_twice() {
    let (town, sandbox, made, _) = connected(Town::alone("Villa de la Web Olvidadiza"));
    town.arm("impatient=1");
    behaves(&sandbox, &json!({ "forgetful": true }));
    let visible = format!("POST {WEBSITE}");
    sandbox.arm(&json!([
        { "on": visible, "then": "slow", "seconds": 0 },
        { "on": visible, "then": "status_after", "status": 502 },
    ]));
    let post = release(&town, &notice_on(&town, &made, "¿Llegó?"));
    let author = town.author();
    author.wait_for(&post.post.id, PublicationState::Unknown);
    let told =
        || sandbox.webhooks().iter().filter(|one| one["body"].as_str().unwrap().contains("post.published")).count();
    for minutes in [1, 2] {
        town.ahead(Millis::minutes(minutes));
        town.tick();
        eventually("another look", || {
            let looks =
                sandbox.webhooks().iter().filter(|one| one["body"].as_str().unwrap().contains("post.lookup")).count();
            (looks as i64 >= minutes).then_some(())
        });
    }
    assert_eq!((told(), pages(&sandbox).len()), (1, 1));
    let view = author.read(&post.post.id);
    assert!(matches!(last_act(&view), ActState::Unknown { .. }), "{:?}", last_act(&view));
}

#[test]
fn a_site_that_is_away_or_asks_to_wait_is_told_later() {
    let (town, sandbox, made, _) = connected(Town::alone("Villa de la Web en Obras"));
    town.arm("impatient=1");
    let author = town.author();
    let first_try = |post: &PostView| author.tried_once(&post.post.id);
    sandbox.arm(&json!([{ "on": format!("POST {WEBSITE}"), "then": "status_before", "status": 503 }]));
    let post = release(&town, &notice_on(&town, &made, "A la segunda."));
    first_try(&post);
    town.ahead(Millis::minutes(1));
    town.tick();
    author.wait_for(&post.post.id, PublicationState::Out);
    town.ahead(Millis(0));
    let before = town.now();
    behaves(&sandbox, &json!({ "status": 429, "wait": 120 }));
    let post = release(&town, &notice_on(&town, &made, "Cuando se pueda."));
    let wait = first_try(&post).due.since(before);
    assert!((Millis::seconds(118).0..Millis::seconds(210).0).contains(&wait.0), "{wait:?}");
    behaves(&sandbox, &json!({ "status": null, "wait": null }));
    town.ahead(Millis::minutes(3));
    town.tick();
    author.wait_for(&post.post.id, PublicationState::Out);
    assert_eq!(pages(&sandbox).len(), 2);
}
