//! Threads: a text that goes out in parts, each an answer to the one before. Once on every network that has them, read back with a
//! client that is not ours; and what becomes of the rest where a part is lost, refused, paused, done by hand or taken down.

use api_journeys::{
    Member, Town, approval, because, eventually, id,
    outside::{Sandbox, agree_at, agree_at_network, app_of_x, notice_on, publish, release, sent_on, threads_app},
    send, tries_again,
};
use domain::{
    Channel, Content, Language, Millis, Network, Refusal, Version,
    delivery::{ActState, Deed, Hold, PublicationState},
    policy::Rule,
    record::Subject,
};
use serde_json::{Value, json};
use wire::{
    Nothing, organisations,
    posts::{self, PostView},
    publications::{self, ActView, Settle, Why},
};

/// The call that makes a post visible at X, as the sandbox writes calls down.
const AT_X: &str = "POST /2/tweets";

/// The same at Mastodon.
const AT_MASTODON: &str = "POST /api/v1/statuses";

const PARTS: [&str; 3] = ["Mañana no hay agua en la calle Mayor.", "El corte es de 8 a 12.", "Perdonen las molestias."];

fn thread() -> String {
    PARTS.join("\n---\n")
}

fn on_x(town: &Town) -> (Sandbox, Channel) {
    let sandbox = Sandbox::start();
    town.stand_in(Network::X, &sandbox.server);
    let channel = agree_at_network(&town.administrator(), &app_of_x(None)).unwrap();
    (sandbox, channel)
}

fn on_mastodon(town: &Town) -> (Sandbox, Channel) {
    let sandbox = Sandbox::start();
    let channel = agree_at(&town.administrator(), &sandbox.server, sent_on).unwrap();
    (sandbox, channel)
}

fn created(post: &PostView) -> Vec<&ActView> {
    post.publications[0].acts.iter().filter(|act| act.deed == Deed::Create).collect()
}

/// How many parts are out, of how many.
fn far(post: &PostView) -> (usize, usize) {
    let far = post.publications[0].progress().unwrap_or_else(|| panic!("no thread: {:?}", post.publications));
    (far.out, far.of)
}

fn native(act: &ActView) -> String {
    let ActState::Done { receipt } = &act.state else { panic!("{act:?}") };
    receipt.native_id.clone()
}

fn texts(posts: &[Value]) -> Vec<&str> {
    posts.iter().filter_map(|post| post["text"].as_str()).collect()
}

/// Each part answers the one before, and the first nothing.
fn is_chain(posts: &[Value]) {
    assert!(posts[0]["above"].is_null(), "{posts:?}");
    for pair in posts.windows(2) {
        assert_eq!(pair[1]["above"], pair[0]["id"], "{posts:?}");
    }
}

/// Each part is an act of its own, tried once, and what it has is in the receipt.
fn each_went_once(out: &PostView, ids: &[String]) {
    let acts = created(out);
    assert_eq!(acts.iter().map(|act| act.part).collect::<Vec<_>>(), [1, 2, 3]);
    assert_eq!(acts.iter().map(|act| native(act)).collect::<Vec<_>>(), ids);
    assert!(acts.iter().all(|act| act.attempts.len() == 1), "{acts:?}");
}

fn ids(posts: &[Value]) -> Vec<String> {
    posts.iter().map(|post| post["id"].as_str().unwrap_or_default().to_owned()).collect()
}

#[test]
fn at_x_each_part_answers_the_last_and_all_of_it_is_taken_down_the_last_first() {
    let town = Town::found("Villa del Hilo");
    let (sandbox, made) = on_x(&town);
    let mut content = notice_on(&town, &made, &thread());
    content.link = Some("https://villa.example/agua".to_owned());
    content.targets.push(town.notice("").targets[0].clone());
    let out = publish(&town, &content);
    let there = sandbox.posts_of_x();
    assert_eq!(texts(&there), [&*format!("{}\n\nhttps://villa.example/agua", PARTS[0]), PARTS[1], PARTS[2]]);
    is_chain(&there);
    let at_x = out.publications.iter().position(|one| one.network == Network::X).unwrap();
    let mut first = out.clone();
    first.publications.swap(0, at_x);
    each_went_once(&first, &ids(&there));
    assert_eq!(sandbox.requests(AT_X).len(), 3);
    // X's own client reads one conversation.
    let read = sandbox.at_x("posts");
    assert!(read.len() == 3 && read.iter().all(|post| post["root"] == there[0]["id"]), "{read:?}");
    api_journeys::covered::read(Network::X, "thread");

    // On the noticeboard they are paragraphs of one notice.
    let page = send("GET", &format!("/{}/posts/{}", town.founded.slug, out.post.id), &[], b"").text();
    assert!(PARTS.iter().all(|part| page.contains(part)) && !page.contains(">---"), "{page}");
    let leads_to = |post: &Value| page.contains(&format!("/status/{}", post["id"].as_str().unwrap()));
    assert_eq!(there.iter().map(leads_to).collect::<Vec<_>>(), [true, false, false], "to where it begins");

    let body = crate::record::whole_chain(&town.author(), &town).into_iter().filter_map(|entry| entry.body);
    let parts = body.filter(|body| body.contains("\"network\":\"x\"") && body.contains("\"parts\":3"));
    assert_eq!(parts.count(), 3, "the record has each part as it went out");

    town.mayor().ok(&posts::TAKE_DOWN, &[id(&out)], &because(&out, "No era."));
    let author = town.author();
    eventually("all of it to be gone", || {
        let view = author.read(&out.post.id);
        view.publications.iter().all(|one| one.state == PublicationState::TakenDown).then_some(())
    });
    assert_eq!(sandbox.posts_of_x(), Vec::<Value>::new());
    let taken: Vec<String> = sandbox
        .requests("DELETE /2/tweets/")
        .iter()
        .map(|request| request["path"].as_str().unwrap().rsplit('/').next().unwrap().to_owned())
        .collect();
    assert_eq!(taken, ids(&there).into_iter().rev().collect::<Vec<_>>());
}

#[test]
fn at_bluesky_s_own_server_each_part_names_the_first_and_the_last_and_a_correction_leaves_the_thread_whole() {
    let (town, account, channel) = crate::bluesky::town("Villa del Hilo Azul");
    let (author, mayor) = (town.author(), town.mayor());
    let content = notice_on(&town, &channel, &thread());
    let out = publish(&town, &content);
    let read = || {
        let mut posts = account.posts();
        posts.sort_by_key(|post| post["key"].as_str().unwrap().to_owned());
        posts
    };
    let there = read();
    assert_eq!(texts(&there), PARTS);
    let refers = |post: &Value| json!({ "uri": post["uri"], "cid": post["cid"] });
    assert!(there[0]["reply"].is_null());
    assert_eq!(there[1]["reply"], json!({ "root": refers(&there[0]), "parent": refers(&there[0]) }));
    assert_eq!(there[2]["reply"], json!({ "root": refers(&there[0]), "parent": refers(&there[1]) }));
    api_journeys::covered::read(Network::Bluesky, "thread");
    let uris: Vec<String> = there.iter().map(|post| post["uri"].as_str().unwrap().to_owned()).collect();
    each_went_once(&out, &uris);

    let correct = |text: &str| posts::Correct {
        version: out.post.version,
        content: notice_on(&town, &channel, text),
        reason: "Era de 9 a 12.".to_owned(),
        checked: None,
    };
    for other in [&PARTS[..2].join("\n---\n"), &[&*thread(), "Uno más."].join("\n---\n"), &PARTS.join("\n\n")] {
        assert_eq!(author.no(&posts::CORRECT, &[id(&out)], &correct(other)), Refusal::OtherParts, "{other}");
    }
    let proposed = author.ok(&posts::CORRECT, &[id(&out)], &correct(&thread().replace("de 8 a 12", "de 9 a 12")));
    mayor.ok(&posts::DECIDE, &[id(&out)], &approval(&proposed));
    let corrected = eventually("the edit to be out", || {
        let view = author.read(&out.post.id);
        let last = view.publications[0].acts.last()?.clone();
        (last.deed == Deed::Edit && matches!(last.state, ActState::Done { .. })).then_some(view)
    });
    let edits = corrected.publications[0].acts.iter().filter(|act| act.deed == Deed::Edit);
    assert_eq!(edits.map(|act| act.part).collect::<Vec<_>>(), [2], "what did not change is left alone");
    let after = read();
    assert_eq!(texts(&after), [PARTS[0], "El corte es de 9 a 12.", PARTS[2]]);
    assert_eq!(after[1]["reply"], there[1]["reply"], "it goes on answering what it answered");
    assert_eq!((&after[0]["cid"], &after[2]["cid"]), (&there[0]["cid"], &there[2]["cid"]));
}

#[test]
fn at_mastodon_each_part_has_a_key_of_its_own_and_the_warning_stands_before_each() {
    let town = Town::found("Villa del Hilo de Mastodonte");
    let (sandbox, made) = on_mastodon(&town);
    let mut content = notice_on(&town, &made, "Otro texto para los demás.");
    content.versions.push(Version {
        channel: made.id.clone(),
        language: Language::spanish(),
        text: thread(),
        warning: Some("Cortes".to_owned()),
    });
    let out = publish(&town, &content);
    let there = sandbox.statuses();
    assert_eq!(texts(&there), PARTS);
    is_chain(&there);
    each_went_once(&out, &ids(&there));
    let mut keys: Vec<String> =
        sandbox.requests(AT_MASTODON).iter().map(|request| request["idempotency_key"].to_string()).collect();
    keys.sort();
    keys.dedup();
    assert_eq!(keys.len(), 3);
    let read = sandbox.read("ayuntamiento");
    assert_eq!(
        read.iter().map(|status| &status["above"]).collect::<Vec<_>>(),
        [&there[1]["id"], &there[0]["id"], &Value::Null]
    );
    assert!(read.iter().all(|status| status["spoiler"] == "Cortes" && status["visibility"] == "public"), "{read:?}");
    api_journeys::covered::read(Network::Mastodon, "thread");
}

#[test]
fn at_threads_the_parts_are_answers_and_do_not_count_as_posts() {
    let town = Town::found("Villa del Hilo en Threads");
    let sandbox = Sandbox::start();
    sandbox.stands_for_threads(&town);
    let made = agree_at_network(&town.administrator(), &threads_app(None)).unwrap();
    // One post may still go today; a thread is one.
    sandbox.set(&json!({ "quota": 1 }));
    let mut content = notice_on(&town, &made, &thread());
    content.link = Some("https://villa.example/agua".to_owned());
    let out = publish(&town, &content);
    let there = sandbox.published("threads");
    assert_eq!(texts(&there), PARTS);
    is_chain(&there);
    assert_eq!((&there[0]["link"], &there[1]["link"]), (&json!("https://villa.example/agua"), &Value::Null));
    each_went_once(&out, &ids(&there));
    assert_eq!(texts(&sandbox.on_threads("posts", "")), [PARTS[0]]);
    let answers = sandbox.on_threads("answers", "");
    assert_eq!(texts(&answers), [PARTS[2], PARTS[1]]);
    assert_eq!(answers[0]["above"], answers[1]["id"]);
    api_journeys::covered::read(Network::Threads, "thread");
}

/// Waits until a state is reached, with the clock struck meanwhile.
fn until(town: &Town, author: &Member, post: &PostView, state: PublicationState) -> PostView {
    eventually("the state", || {
        town.tick();
        let view = author.read(&post.post.id);
        (view.publications[0].state == state).then_some(view)
    })
}

#[test]
fn a_part_whose_answer_was_lost_is_looked_up_and_only_then_the_next_goes_out() {
    let town = Town::alone("Villa del Hilo en Duda");
    let (sandbox, made) = on_x(&town);
    let author = town.author();
    sandbox.arm(&json!([{ "on": AT_X, "then": "drop_after", "skip": 1 }]));
    let post = release(&town, &notice_on(&town, &made, &thread()));
    let doubt = author.wait_for(&post.post.id, PublicationState::Unknown);
    assert_eq!(far(&doubt), (1, 3));
    town.tick();
    assert_eq!(
        created(&author.read(&post.post.id))[2].state,
        ActState::Waiting,
        "nothing answers what may not be there"
    );
    assert_eq!(sandbox.requests(AT_X).len(), 2);
    town.ahead(Millis::minutes(20));
    let out = until(&town, &author, &post, PublicationState::Out);
    let there = sandbox.posts_of_x();
    assert_eq!(texts(&there), PARTS);
    is_chain(&there);
    each_went_once(&out, &ids(&there));
    assert_eq!(sandbox.requests(AT_X).len(), 3, "each once, and only once");
}

#[test]
fn what_is_taken_down_during_a_doubt_is_gone_at_once_and_the_rest_never_comes() {
    let town = Town::alone("Villa que se Arrepiente");
    let (sandbox, made) = on_x(&town);
    let author = town.author();
    sandbox.arm(&json!([{ "on": AT_X, "then": "drop_after", "skip": 1 }]));
    let post = release(&town, &notice_on(&town, &made, &thread()));
    let doubt = author.wait_for(&post.post.id, PublicationState::Unknown);
    town.mayor().ok(&posts::TAKE_DOWN, &[id(&post)], &because(&doubt, "No era."));
    eventually("the first part to be gone", || (texts(&sandbox.posts_of_x()) == [PARTS[1]]).then_some(()));
    town.ahead(Millis::minutes(20));
    let gone = until(&town, &author, &post, PublicationState::TakenDown);
    assert!(matches!(created(&gone)[2].state, ActState::Cancelled { .. }), "{gone:?}");
    let deletes = gone.publications[0].acts.iter().filter(|act| act.deed == Deed::Delete);
    assert_eq!(deletes.map(|act| act.part).collect::<Vec<_>>(), [1, 2], "what was never sent needs no takedown");
    assert_eq!((sandbox.posts_of_x().len(), sandbox.requests(AT_X).len()), (0, 2));
}

#[test]
fn a_part_that_is_refused_stops_the_thread_there_and_a_new_try_goes_on_from_there() {
    let town = Town::found("Villa del Hilo Roto");
    let (sandbox, made) = on_mastodon(&town);
    let author = town.author();
    sandbox.arm(&json!([{ "on": AT_MASTODON, "then": "status_before", "status": 422, "skip": 1 }]));
    let post = release(&town, &notice_on(&town, &made, &thread()));
    let failed = author.wait_for(&post.post.id, PublicationState::Failed);
    assert_eq!(far(&failed), (1, 3));
    assert!(matches!(created(&failed)[1].state, ActState::Failed { .. }), "{failed:?}");
    assert_eq!((&created(&failed)[2].state, sandbox.statuses().len()), (&ActState::Waiting, 1));
    let retried = author.retry(&failed.publications[0], "Ya cabe.").unwrap();
    assert_eq!(created(&retried)[0].attempts.len(), 1, "what is out is not sent again");
    let out = author.wait_for(&post.post.id, PublicationState::Out);
    let there = sandbox.statuses();
    assert_eq!((texts(&there), sandbox.requests(AT_MASTODON).len()), (PARTS.to_vec(), 4));
    is_chain(&there);
    let tries: Vec<usize> = created(&out).iter().map(|act| act.attempts.len()).collect();
    assert_eq!(tries, [1, 2, 1]);
}

#[test]
fn whoever_gives_up_the_rest_is_told_that_it_ends_there_and_may_take_down_what_is_out() {
    let town = Town::found("Villa del Hilo Corto");
    let (sandbox, made) = on_mastodon(&town);
    let author = town.author();
    sandbox.arm(&json!([{ "on": AT_MASTODON, "then": "status_before", "status": 422, "skip": 2 }]));
    let post = release(&town, &notice_on(&town, &made, &[&*thread(), "Y una cuarta parte."].join("\n---\n")));
    let failed = author.wait_for(&post.post.id, PublicationState::Failed);
    assert_eq!(far(&failed), (2, 4));
    let why = Why { reason: "Con dos basta.".to_owned() };
    let left = author.ok(&publications::GIVE_UP, &[failed.publications[0].id.as_str()], &why);
    assert_eq!(left.publications[0].state, PublicationState::Out, "what is out is out");
    let progress = left.publications[0].progress().unwrap();
    assert!(progress.is_cut_short && (progress.out, progress.of) == (2, 4), "{progress:?}");
    assert!(matches!(created(&left)[3].state, ActState::Cancelled { .. }), "it would answer what is not there");
    assert_eq!(texts(&sandbox.statuses()), PARTS[..2].to_vec());
    town.mayor().ok(&posts::TAKE_DOWN, &[id(&left)], &because(&left, "Se suspende."));
    author.wait_for(&post.post.id, PublicationState::TakenDown);
    assert_eq!((sandbox.statuses().len(), sandbox.requests("DELETE /api/v1/statuses/").len()), (0, 2));
}

#[test]
fn a_takedown_that_was_given_up_half_way_says_what_is_still_there_and_can_be_taken_up_again() {
    let town = Town::found("Villa del Hilo a Medias");
    let (sandbox, made) = on_mastodon(&town);
    let (author, mayor) = (town.author(), town.mayor());
    let out = publish(&town, &notice_on(&town, &made, &PARTS[..2].join("\n---\n")));
    let deletes = "DELETE /api/v1/statuses/";
    sandbox.arm(&json!([{ "on": format!("{deletes}*"), "then": "status_before", "status": 422, "skip": 1 }]));
    mayor.ok(&posts::TAKE_DOWN, &[id(&out)], &because(&out, "No era."));
    let failed = author.wait_for(&out.post.id, PublicationState::Failed);
    let why = Why { reason: "Lo haremos luego.".to_owned() };
    let left = author.ok(&publications::GIVE_UP, &[failed.publications[0].id.as_str()], &why);
    assert_eq!((left.publications[0].state, far(&left)), (PublicationState::Out, (1, 2)), "readers see a part of it");
    assert_eq!(texts(&sandbox.statuses()), PARTS[..1].to_vec());
    mayor.ok(&posts::TAKE_DOWN, &[id(&left)], &because(&left, "Sigue ahí."));
    author.wait_for(&out.post.id, PublicationState::TakenDown);
    assert_eq!((sandbox.statuses().len(), sandbox.requests(deletes).len()), (0, 3));
}

#[test]
fn the_rest_that_a_takedown_put_aside_is_asked_about_when_that_is_given_up() {
    let town = Town::found("Villa del Hilo Repensado");
    let (sandbox, made) = on_mastodon(&town);
    let (author, mayor) = (town.author(), town.mayor());
    sandbox.arm(&json!([
        { "on": AT_MASTODON, "then": "status_before", "status": 422, "skip": 1 },
        { "on": "DELETE /api/v1/statuses/*", "then": "status_before", "status": 422 },
    ]));
    let post = release(&town, &notice_on(&town, &made, &thread()));
    let failed = author.wait_for(&post.post.id, PublicationState::Failed);
    mayor.ok(&posts::TAKE_DOWN, &[id(&failed)], &because(&failed, "No era."));
    let stays = eventually("the takedown to fail", || {
        let view = author.read(&post.post.id);
        let last = view.publications[0].acts.last()?;
        (last.deed == Deed::Delete && matches!(last.state, ActState::Failed { .. })).then_some(view)
    });
    let why = Why { reason: "Sí era.".to_owned() };
    let kept = author.ok(&publications::GIVE_UP, &[stays.publications[0].id.as_str()], &why);
    let left = created(&kept)[1..].iter().filter(|act| act.state == ActState::Held { reason: Hold::LeftOut }).count();
    assert_eq!(left, 2);
    assert_eq!((far(&kept), texts(&sandbox.statuses())), ((1, 3), PARTS[..1].to_vec()));
    author.retry(&kept.publications[0], "Que siga.").unwrap();
    author.wait_for(&post.post.id, PublicationState::Out);
    assert_eq!(texts(&sandbox.statuses()), PARTS);
    is_chain(&sandbox.statuses());
}

#[test]
fn what_nobody_knew_of_and_is_to_be_taken_down_is_never_tried_again() {
    let town = Town::alone("Villa del Hilo Dudoso");
    let (sandbox, made) = on_x(&town);
    let author = town.author();
    // The second never arrived, and its answer neither.
    sandbox.arm(&json!([{ "on": AT_X, "then": "drop_before", "skip": 1 }]));
    let post = release(&town, &notice_on(&town, &made, &thread()));
    let doubt = author.wait_for(&post.post.id, PublicationState::Unknown);
    town.mayor().ok(&posts::TAKE_DOWN, &[id(&post)], &because(&doubt, "No era."));
    eventually("the first part to be gone", || sandbox.posts_of_x().is_empty().then_some(()));
    let publication = doubt.publications[0].id.as_str();
    let settled = author.ok(&publications::SETTLE, &[publication], &Settle::NotOut { reason: "No está.".to_owned() });
    assert!(matches!(created(&settled)[1].state, ActState::Cancelled { .. }), "{settled:?}");
    let gone = until(&town, &author, &post, PublicationState::TakenDown);
    assert!(author.retry(&gone.publications[0], "Otra vez.").is_err());
    assert_eq!((sandbox.posts_of_x().len(), sandbox.requests(AT_X).len()), (0, 2));
}

#[test]
fn a_pause_between_two_parts_holds_the_rest_until_somebody_lets_it_out() {
    let town = Town::found("Villa del Hilo en Pausa");
    let (sandbox, made) = on_mastodon(&town);
    let (administrator, author) = (town.administrator(), town.author());
    // The second is asked to wait, longer than anything is claimed ahead.
    sandbox.arm(&json!([{ "on": AT_MASTODON, "then": "throttle", "seconds": 600, "skip": 1 }]));
    let post = release(&town, &notice_on(&town, &made, &thread()));
    eventually("the second part to wait", || {
        let view = author.read(&post.post.id);
        let second = created(&view)[1].clone();
        (second.attempts.len() == 1 && tries_again(&second)).then_some(())
    });
    assert_eq!(author.read(&post.post.id).publications[0].state, PublicationState::Going);
    town.mayor().ok(&organisations::PAUSE, &[], &organisations::PauseAll { reason: "Luto oficial.".to_owned() });
    let held = author.wait_for(&post.post.id, PublicationState::Held);
    for part in &created(&held)[1..] {
        assert_eq!(part.state, ActState::Held { reason: Hold::Paused });
    }
    administrator.ok(&organisations::RESUME, &[], &Nothing {});
    town.tick();
    assert_eq!((far(&author.read(&post.post.id)), sandbox.statuses().len()), ((1, 3), 1), "lifted by nobody yet");
    author.retry(&held.publications[0], "El luto terminó.").unwrap();
    author.wait_for(&post.post.id, PublicationState::Out);
    let there = sandbox.statuses();
    assert_eq!(texts(&there), PARTS);
    is_chain(&there);
}

#[test]
fn by_hand_each_part_has_its_kit_and_says_what_it_answers() {
    let town = Town::found("Villa del Hilo a Mano");
    let (administrator, author) = (town.administrator(), town.author());
    let channel = administrator.connect_by_hand(Network::X, Some("https://x.com/villa"));
    let post = release(&town, &notice_on(&town, &channel, &PARTS[..2].join("\n---\n")));
    let publication = author.wait_for(&post.post.id, PublicationState::InHand).publications[0].id.to_string();
    let kit = || author.ok(&publications::KIT, &[&publication], &Nothing {});
    let first = kit();
    assert_eq!((&*first.text, first.part, first.above), (PARTS[0], Some((1, 2)), None));
    let link = |number: u32| format!("https://x.com/villa/status/{number}");
    author.ok(&publications::SETTLE, &[&publication], &Settle::Out { address: link(1), kit: None });
    let second = eventually("the second kit", || {
        let second = author.wait_for(&post.post.id, PublicationState::InHand);
        matches!(created(&second)[1].state, ActState::InHand { .. }).then(kit)
    });
    assert_eq!((&*second.text, second.part, second.above), (PARTS[1], Some((2, 2)), Some(link(1))));
    author.ok(&publications::SETTLE, &[&publication], &Settle::Out { address: link(2), kit: None });
    let out = author.wait_for(&post.post.id, PublicationState::Out);
    assert_eq!(far(&out), (2, 2));
    let kept = crate::record::whole_chain(&author, &town);
    assert_eq!(kept.iter().filter(|entry| entry.subject == Subject::Publication).count(), 2);
}

#[test]
fn each_part_is_measured_alone_and_no_thread_is_endless() {
    let town = Town::found("Villa que Mide");
    let (_sandbox, made) = on_x(&town);
    let author = town.author();
    let too_long = |text: &str| {
        let found = author.ok(&posts::CHECK, &[], &notice_on(&town, &made, text));
        found.iter().filter(|finding| finding.rule == Rule::Length).count()
    };
    let full = "ñ".repeat(280);
    assert_eq!(too_long(&[&*full, &*full].join("\n---\n")), 0);
    assert_eq!(too_long(&[&*full, &*format!("{full}ñ"), "Fin."].join("\n---\n")), 1);
    assert_eq!(too_long(&[&*full, &*full].join("\n\n")), 1, "without a cut it is one");
    let many = |count: usize| notice_on(&town, &made, &vec!["Una parte."; count].join("\n---\n"));
    let written = author.write(&many(25));
    let refused = author.no(&posts::SAVE, &[id(&written)], &save(&written, many(26)));
    assert_eq!(refused, Refusal::TooLarge { field: "parts".to_owned(), limit: 25, length: 26 });
}

fn save(post: &PostView, content: Content) -> posts::Save {
    posts::Save { version: post.post.version, content }
}
