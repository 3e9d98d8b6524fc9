//! A channel of YouTube, on our sandbox, whose every call and answer is held against Google's own description, and which Google's
//! own client drives too. No server of theirs can be had.

mod captions;
mod connecting;
mod poster;

use api_journeys::{
    Member, Town, because, eventually, id, last_act,
    outside::{Sandbox, agree_at_network, app_of_youtube, notice_on, publish, release},
};
use domain::{
    Channel, Content, HealthState, Millis, Network, Showing,
    delivery::{ActState, Deed, Failure, FailureKind, PublicationState, Receipt},
    policy::{Evidence, Misfit, Rule},
    record::sha256_hex,
};
use serde_json::{Value, json};
use wire::posts::{self, PostView};

use crate::video::{film, stored, video};

/// The call that begins an upload, the one that sends its bytes and asks how it stands, and the one that shows a video.
const BEGIN: &str = "POST /upload/youtube/v3/videos";
const BYTES: &str = "PUT /upload/youtube/v3/videos";
const VISIBLE: &str = "PUT /youtube/v3/videos";
const REMOVE: &str = "DELETE /youtube/v3/videos";

const ALT: &str = "La banda toca en la plaza.";

fn with_channel(town: Town) -> (Town, Sandbox, Channel) {
    let sandbox = Sandbox::start();
    town.stand_in(Network::Youtube, &sandbox.server);
    let channel = agree_at_network(&town.administrator(), &app_of_youtube(None)).unwrap();
    (town, sandbox, channel)
}

fn shown(sandbox: &Sandbox) -> Vec<Value> {
    sandbox.published("youtube")
}

fn unseen(sandbox: &Sandbox) -> usize {
    sandbox.published("youtube_unseen").len()
}

fn showing(text: &str) -> Option<Showing> {
    Some(text.to_owned().try_into().unwrap())
}

/// A notice with a video, for everybody.
fn filmed(town: &Town, made: &Channel, text: &str, bytes: &[u8]) -> Content {
    let mut content = notice_on(town, made, text);
    content.video = Some(video(&stored(&town.author(), bytes), ALT));
    content.targets[0].showing = showing("everybody");
    content
}

fn receipt(post: &PostView) -> Receipt {
    let ActState::Done { receipt } = last_act(post) else { panic!("{:?}", last_act(post)) };
    receipt.clone()
}

fn failed(author: &Member, post: &PostView) -> Failure {
    eventually("the failure", || match last_act(&author.read(&post.post.id)) {
        ActState::Failed { failure } => Some(failure.clone()),
        _ => None,
    })
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

/// Lets minutes go by until a post is out.
fn until_out(town: &Town, post: &PostView) -> PostView {
    let (author, mut minutes) = (town.author(), 0);
    let view = eventually("it to be out", || {
        minutes += 1;
        town.ahead(Millis::minutes(minutes));
        town.tick();
        town.settle();
        let view = author.read(&post.post.id);
        let state = view.publications[0].state;
        assert!(!matches!(state, PublicationState::Failed | PublicationState::Held), "{:?}", view.publications);
        (state == PublicationState::Out).then_some(view)
    });
    town.ahead(Millis(0));
    view
}

#[test]
fn a_video_is_read_back_by_google_s_own_client_corrected_and_taken_down() {
    let (town, sandbox, made) = with_channel(Town::found("Villa del Celuloide"));
    assert_eq!((&*made.handle, &*made.name), ("@villaserena", "Villa Serena"));
    assert_eq!((made.network, made.health.state), (Network::Youtube, HealthState::Working));
    let author = town.author();
    let bytes = film(300_000, 31, &[]);
    let mut content = filmed(&town, &made, "Toca el viernes a las ocho. #Fiestas #Pleno", &bytes);
    content.link = Some("https://villa.example/banda".to_owned());
    content.targets[0].showing = showing("everybody synthetic paid");
    let out = publish(&town, &content);

    let read = sandbox.at_youtube("videos");
    let right = json!({
        "id": receipt(&out).native_id, "title": "Corte de agua", "language": "es", "tags": ["Fiestas", "Pleno"], "category": "22",
        "text": "Toca el viernes a las ocho. #Fiestas #Pleno\n\nhttps://villa.example/banda", "privacy": "public",
        "children": false, "synthetic": true, "paid": true,
    });
    assert_eq!(read.as_slice(), std::slice::from_ref(&right));
    api_journeys::covered::read(Network::Youtube, "video");
    assert_eq!(shown(&sandbox)[0]["sha256"], json!(sha256_hex(&bytes)));
    let address = format!("https://www.youtube.com/watch?v={}", receipt(&out).native_id);
    assert_eq!(receipt(&out).address, Some(address));
    assert_eq!([BEGIN, BYTES, VISIBLE].map(|call| sandbox.requests(call).len()), [1, 1, 1]);
    let begun = sandbox.requests(BEGIN)[0]["body"]["status"]["privacyStatus"].clone();
    assert_eq!(begun, "private", "nobody sees it before it is ready");

    // Words, audience and what is declared are corrected where they stand; another video needs a person.
    let (mut next, mayor) = (content.clone(), town.mayor());
    next.titles.values_mut().for_each(|title| "La banda".clone_into(title));
    next.texts.values_mut().for_each(|text| "Toca el sábado.".clone_into(text));
    next.targets[0].showing = showing("link children");
    let sent = correct(&author, &mayor, &out, next.clone());
    let corrected = edited(&author, &sent, |state| matches!(state, ActState::Done { .. }));
    assert_eq!(receipt(&corrected).native_id, receipt(&out).native_id);
    let now = sandbox.at_youtube("videos")[0].clone();
    assert_eq!(
        (&now["title"], &now["text"]),
        (&json!("La banda"), &json!("Toca el sábado.\n\nhttps://villa.example/banda"))
    );
    assert_eq!([&now["privacy"], &now["category"]], ["unlisted", "22"]);
    assert_eq!([&now["children"], &now["synthetic"], &now["paid"]], [&json!(true), &json!(false), &json!(false)]);
    api_journeys::covered::read(Network::Youtube, "correction");
    next.video = Some(video(&stored(&author, &film(5_000, 32, &[])), ALT));
    let sent = correct(&author, &mayor, &corrected, next);
    edited(&author, &sent, |state| matches!(state, ActState::InHand { .. }));
    assert_eq!(sandbox.at_youtube("videos"), [now], "no half of it was sent");

    let again = publish(&town, &filmed(&town, &made, "Otra.", &film(5_000, 33, &[])));
    mayor.ok(&posts::TAKE_DOWN, &[id(&again)], &because(&again, "No era."));
    author.wait_for(&again.post.id, PublicationState::TakenDown);
    assert_eq!((shown(&sandbox).len(), unseen(&sandbox)), (1, 0));
    assert_eq!(sandbox.at_youtube("videos").len(), 1);
    api_journeys::covered::read(Network::Youtube, "takedown");
}

#[test]
fn google_s_own_client_makes_them_here_too() {
    let sandbox = Sandbox::start();
    let made = sandbox.at_youtube("make");
    let read = sandbox.at_youtube("videos");
    assert_eq!(read.iter().map(|one| &one["id"]).collect::<Vec<_>>(), [&made[0]], "what was taken down is gone");
    assert_eq!((&read[0]["title"], &read[0]["category"]), (&json!("One, changed."), &json!("25")));
    assert_eq!(shown(&sandbox)[0]["sha256"], json!(sha256_hex(b"no film at all")));
    api_journeys::covered::made(Network::Youtube, "video, correction, takedown");
}

#[test]
fn what_the_network_wants_said_is_said_before_anybody_agrees() {
    let (town, sandbox, made) = with_channel(Town::found("Villa sin Estreno"));
    let author = town.author();
    let found = |content: &Content| -> Vec<Evidence> {
        let all = author.ok(&posts::CHECK, &[], content);
        all.into_iter().filter(|one| one.rule == Rule::Video).map(|one| one.evidence).collect()
    };
    let of = |misfit| vec![Evidence::Video { misfit }];
    let mut content = notice_on(&town, &made, "Sin vídeo.");
    content.targets[0].showing = showing("everybody");
    assert_eq!(found(&content), of(Misfit::Wanted));
    let mut content = filmed(&town, &made, "Con él.", &film(4_000, 34, &[]));
    assert_eq!(found(&content), []);
    content.targets[0].showing = None;
    assert_eq!(found(&content), of(Misfit::Unsaid));
    content.targets[0].showing = showing("us");
    content.texts.values_mut().for_each(|text| "De 9 a 11 -> plaza".clone_into(text));
    assert_eq!(found(&content), of(Misfit::Signs));
    // Exactly the limit goes out; one more does not.
    let title = "ñ".repeat(100);
    content.titles.values_mut().for_each(|text| text.clone_from(&title));
    let text = "a".repeat(5_000);
    content.texts.values_mut().for_each(|whole| whole.clone_from(&text));
    content.targets[0].showing = showing("link");
    publish(&town, &content);
    assert_eq!((&shown(&sandbox)[0]["title"], &shown(&sandbox)[0]["text"]), (&json!(title), &json!(text)));
    content.titles.values_mut().for_each(|text| text.push('n'));
    assert_eq!(found(&content), [Evidence::Over { limit: 100, count: 101 }]);
    content.titles.clear();
    content.texts.values_mut().for_each(|text| *text = format!("Pleno\n{}", "ñ".repeat(2_498)));
    let all = author.ok(&posts::CHECK, &[], &content);
    let heavy = Evidence::Heavier { limit: 5_000, bytes: 5_002 };
    assert!(all.iter().any(|one| one.rule == Rule::Length && one.evidence == heavy), "{all:?}");
    // Google's interface says the same to whoever has no such rule.
    let there = shown(&sandbox)[0]["id"].clone();
    let bare = |title: &str, text: &str| {
        let snippet = json!({ "title": title, "description": text, "categoryId": "22" });
        sandbox.bare("PUT /youtube/v3/videos?part=snippet", &[], &json!({ "id": there, "snippet": snippet })).0
    };
    let more = format!("{title}n");
    assert_eq!((bare(&title, &text), bare(&more, &text), bare(&title, &format!("{text}a"))), (200, 400, 400));
    assert_eq!((bare("Pleno", &"ñ".repeat(2_500)), bare("Pleno", &"ñ".repeat(2_501))), (200, 400), "bytes");
    // What only the channel's people see is out, too, once it is ready.
    let mut own = filmed(&town, &made, "Solo para nosotros.", &film(4_000, 35, &[]));
    own.targets[0].showing = showing("us");
    publish(&town, &own);
    assert_eq!((unseen(&sandbox), shown(&sandbox).len()), (1, 1));
}

#[test]
fn an_upload_goes_on_where_it_stopped_over_several_invocations() {
    let (town, sandbox, made) = with_channel(Town::alone("Villa de la Subida Larga"));
    sandbox.set(&json!({ "youtube": { "swallows": 6 * 1024 * 1024, "preparing": 3 } }));
    let bytes = film(16 * 1024 * 1024 + 700, 36, &[]);
    let post = release(&town, &filmed(&town, &made, "Por partes.", &bytes));
    let author = town.author();
    eventually("the first part", || (sandbox.requests(BYTES).len() >= 2).then_some(()));
    assert_eq!((shown(&sandbox).len(), unseen(&sandbox)), (0, 0), "there is no video before its last byte");
    let out = until_out(&town, &post);
    assert_eq!(shown(&sandbox)[0]["sha256"], json!(sha256_hex(&bytes)));
    assert_eq!((sandbox.requests(BEGIN).len(), sandbox.requests(VISIBLE).len()), (1, 1));
    let sent: u64 = sandbox.requests(BYTES).iter().filter_map(|request| request["bytes"].as_u64()).sum();
    let whole = bytes.len() as u64;
    assert!(sent < 2 * whole + 7 * 1024 * 1024, "what is there is not sent again: {sent} of {whole}");
    assert!(author.read(&out.post.id).publications[0].acts[0].attempts.len() > 2, "over several invocations");
}

#[test]
fn a_lost_answer_to_the_bytes_is_asked_for_and_they_are_never_sent_twice() {
    let (town, sandbox, made) = with_channel(Town::alone("Villa de las Respuestas Perdidas"));
    town.arm("impatient=1");
    let faults = [
        json!({ "on": BYTES, "then": "drop_after" }),
        json!({ "on": BYTES, "then": "hang_after" }),
        json!({ "on": BYTES, "then": "status_after", "status": 503 }),
        json!({ "on": BYTES, "then": "malformed" }),
        json!({ "on": BEGIN, "then": "drop_after" }),
        json!({ "on": BEGIN, "then": "status_before", "status": 503 }),
    ];
    for (place, fault) in faults.into_iter().enumerate() {
        sandbox.arm(&json!([fault]));
        let bytes = film(9_000, 40 + place as u32, &[]);
        let before = sandbox.requests(BYTES).iter().filter(|request| request["bytes"] != 0).count();
        let post = release(&town, &filmed(&town, &made, &format!("Número {place}."), &bytes));
        until_out(&town, &post);
        let there = shown(&sandbox);
        assert_eq!((there.len(), unseen(&sandbox)), (place + 1, 0), "{fault}");
        assert_eq!(there[place]["sha256"], json!(sha256_hex(&bytes)), "{fault}");
        let after = sandbox.requests(BYTES).iter().filter(|request| request["bytes"] != 0).count();
        assert_eq!(after - before, 1, "{fault}: sent once");
    }
}

#[test]
fn an_upload_that_google_forgot_is_found_among_the_channel_s_own() {
    let (town, sandbox, made) = with_channel(Town::alone("Villa del Olvido de Google"));
    // All bytes came, no answer did, and nobody could be asked.
    sandbox.arm(&json!([
        { "on": BYTES, "then": "drop_after" },
        { "on": BYTES, "then": "status_before", "status": 503, "times": 2 },
    ]));
    let post = release(&town, &filmed(&town, &made, "Se olvidó.", &film(9_000, 50, &[])));
    eventually("the bytes", || (sandbox.requests(BYTES).len() >= 2).then_some(()));
    sandbox.set(&json!({ "youtube": { "forget": true } }));
    until_out(&town, &post);
    assert_eq!((shown(&sandbox).len(), unseen(&sandbox), sandbox.requests(BEGIN).len()), (1, 0, 1));
    // Forgotten before it came to its end: begun anew.
    sandbox.set(&json!({ "youtube": { "swallows": 0 } }));
    let post = release(&town, &filmed(&town, &made, "Se olvidó antes.", &film(9_000, 51, &[])));
    eventually("the bytes", || (sandbox.requests(BEGIN).len() >= 2).then_some(()));
    std::thread::sleep(std::time::Duration::from_secs(1));
    sandbox.set(&json!({ "youtube": { "forget": true, "swallows": 99_000_000 } }));
    until_out(&town, &post);
    assert_eq!((shown(&sandbox).len(), unseen(&sandbox), sandbox.requests(BEGIN).len()), (2, 0, 3));
}

#[test]
fn a_lost_answer_to_the_one_visible_call_is_looked_up() {
    let (town, sandbox, made) = with_channel(Town::alone("Villa de la Duda en YouTube"));
    town.arm("impatient=1");
    let author = town.author();
    let faults = [
        (json!({ "then": "drop_after" }), 1),
        (json!({ "then": "hang_after" }), 1),
        (json!({ "then": "status_after", "status": 502 }), 1),
        (json!({ "then": "malformed" }), 1),
        // It never came: said again, and nothing is doubled by that.
        (json!({ "then": "drop_before" }), 2),
    ];
    for (place, (mut fault, calls)) in faults.into_iter().enumerate() {
        fault["on"] = VISIBLE.into();
        sandbox.arm(&json!([fault]));
        let before = sandbox.requests(VISIBLE).len();
        let post =
            release(&town, &filmed(&town, &made, &format!("¿Salió el {place}?"), &film(9_000, 60 + place as u32, &[])));
        author.wait_for(&post.post.id, PublicationState::Unknown);
        until_out(&town, &post);
        assert_eq!((shown(&sandbox).len(), unseen(&sandbox)), (place + 1, 0), "{fault}");
        assert_eq!(sandbox.requests(VISIBLE).len() - before, calls, "{fault}");
        assert_eq!(sandbox.requests(BEGIN).len(), place + 1, "{fault}");
    }
}

#[test]
fn a_portal_s_page_is_no_takedown() {
    let (town, sandbox, made) = with_channel(Town::alone("Villa del Portal Cautivo"));
    let author = town.author();
    let out = publish(&town, &filmed(&town, &made, "Se retira.", &film(5_000, 71, &[])));
    // A success with something in it, in place of YouTube's empty one: nothing was done there.
    sandbox.arm(&json!([{ "on": REMOVE, "then": "status_before", "status": 200 }]));
    town.mayor().ok(&posts::TAKE_DOWN, &[id(&out)], &because(&out, "No era."));
    eventually("the doubt", || {
        let act = author.read(&out.post.id).publications[0].acts.last()?.clone();
        (act.deed == Deed::Delete && matches!(act.state, ActState::Unknown { .. })).then_some(())
    });
    assert_eq!(shown(&sandbox).len(), 1);
    for minutes in [20, 40] {
        town.ahead(Millis::minutes(minutes));
        town.tick();
        town.settle();
    }
    author.wait_for(&out.post.id, PublicationState::TakenDown);
    assert_eq!((shown(&sandbox).len(), sandbox.requests(REMOVE).len()), (0, 2));
}

#[test]
fn whoever_comes_after_a_dead_engine_goes_on_with_the_same_video() {
    let (town, sandbox, made) = with_channel(Town::alone("Villa del Motor Muerto"));
    for (place, point) in ["after_send=1", "before_conclude=1", "after_begin=1"].into_iter().enumerate() {
        town.arm(point);
        let post =
            release(&town, &filmed(&town, &made, &format!("Con {point}."), &film(9_000, 70 + place as u32, &[])));
        until_out(&town, &post);
        assert_eq!((shown(&sandbox).len(), unseen(&sandbox)), (place + 1, 0), "{point}");
        assert_eq!(sandbox.requests(BEGIN).len(), place + 1, "{point}");
    }
}

#[test]
fn a_day_that_is_used_up_is_waited_for_by_everything_that_comes_after() {
    let (town, sandbox, made) = with_channel(Town::alone("Villa del Día Gastado"));
    let author = town.author();
    let next = |text: &str, seed| release(&town, &filmed(&town, &made, text, &film(4_000, seed, &[])));
    // The network's next day begins at eight o'clock UTC of its own clock: behind that by more than a window, however late it is.
    town.ahead(Millis::hours(-8));
    // By then the window is over. A person is asked.
    sandbox.set(&json!({ "youtube": { "uploads": 0 } }));
    author.wait_for(&next("Cuando se pueda.", 80).post.id, PublicationState::Held);
    // What comes after asks for nothing that would be refused, though there may be room again.
    sandbox.set(&json!({ "youtube": { "uploads": 100 } }));
    let asked = sandbox.requests(BEGIN).len();
    author.wait_for(&next("Después.", 85).post.id, PublicationState::Held);
    assert_eq!((sandbox.requests(BEGIN).len(), shown(&sandbox).len()), (asked, 0));
}

#[test]
fn each_no_of_youtube_means_what_the_table_says() {
    let (town, sandbox, made) = with_channel(Town::alone("Villa de los Noes de YouTube"));
    let author = town.author();
    // What it cannot take in is the video's fault, and nothing of it stays.
    for (why, seed) in [("codec", 81), ("duplicate", 82)] {
        sandbox.set(&json!({ "youtube": { "breaks": why } }));
        let failure =
            failed(&author, &release(&town, &filmed(&town, &made, "No se entiende.", &film(4_000, seed, &[]))));
        assert_eq!(failure.kind, FailureKind::ContentRefused);
        assert!(failure.message.contains(why), "{failure:?}");
        assert_eq!((shown(&sandbox).len(), unseen(&sandbox)), (0, 0));
    }
    // A project that is not approved: YouTube says yes, and shows nobody anything.
    sandbox.set(&json!({ "youtube": { "approved": false } }));
    let failure = failed(&author, &release(&town, &filmed(&town, &made, "Sin auditar.", &film(4_000, 83, &[]))));
    assert_eq!(failure.kind, FailureKind::Forbidden);
    assert!(failure.message.contains("audit"), "{failure:?}");
    assert_eq!(shown(&sandbox).len(), 0);
    sandbox.set(&json!({ "youtube": { "approved": true } }));
    // The access was taken back.
    sandbox.set(&json!({ "youtube": { "revoke": true } }));
    let failure = failed(&author, &release(&town, &filmed(&town, &made, "Sin acceso.", &film(4_000, 84, &[]))));
    assert_eq!(failure.kind, FailureKind::AccessRefused);
}
