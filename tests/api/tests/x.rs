//! An account of X, on our sandbox, whose every call and answer is held against X's own description, and which X's own
//! client drives too. No server of theirs can be had.

mod captions;
mod videos;

use api_journeys::{
    Member, Town, because, eventually, id, last_act,
    outside::{Sandbox, agree_at_network, app_of_x, channel, notice_on, publish, release, sent_on},
    tries_again,
};
use domain::{
    Channel, Content, HealthState, Language, Millis, Network, Refusal, Replies, StageName,
    delivery::{ActState, Deed, FailureKind, PublicationState},
    policy::{Evidence, Rule},
    poll::Misfit,
    replies::Kept,
};
use serde_json::{Value, json};
use wire::{Method, Nothing, channels, posts, posts::PostView};

use crate::media;

/// The call that makes a post visible, as the sandbox writes calls down.
const VISIBLE: &str = "POST /2/tweets";

/// The call that renews an access.
const TOKEN: &str = "POST /2/oauth2/token";

fn with_account(town: Town) -> (Town, Sandbox, Channel) {
    let sandbox = Sandbox::start();
    town.stand_in(Network::X, &sandbox.server);
    let channel = agree_at_network(&town.administrator(), &app_of_x(None)).unwrap();
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

fn native_id(post: &PostView) -> String {
    let ActState::Done { receipt } = last_act(post) else { panic!("{:?}", last_act(post)) };
    receipt.native_id.clone()
}

#[test]
fn text_link_and_pictures_are_read_back_by_x_s_own_client_and_taken_down() {
    let (town, sandbox, made) = with_account(Town::found("Villa de la X"));
    assert_eq!((made.network, &*made.handle, made.health.state), (Network::X, "@villaserena", HealthState::Working));
    assert_eq!(made.address.as_deref(), Some("https://x.com/villaserena"));
    let author = town.author();
    publish(&town, &notice_on(&town, &made, "Solo texto: ñ, «comillas», 👍 & <b>."));
    let mut linked = notice_on(&town, &made, "Con enlace.");
    linked.link = Some("https://villa.example/pleno?a=1&b=2".to_owned());
    publish(&town, &linked);
    let mut four = notice_on(&town, &made, "Cuatro imágenes.");
    let album = pictures(&author, &mut four, 4);
    let last = publish(&town, &four);

    let read = sandbox.at_x("posts");
    let said: Vec<&str> = read.iter().map(|post| post["text"].as_str().unwrap()).collect();
    assert!(said[0].starts_with("Cuatro imágenes. https://t.co/"), "{said:?}");
    assert!(said[1].starts_with("Con enlace.\n\nhttps://t.co/"), "{said:?}");
    assert_eq!(said[2], "Solo texto: ñ, «comillas», 👍 &amp; &lt;b&gt;.");
    assert_eq!(read[0]["pictures"], json!(album));
    assert_eq!(sandbox.posts_of_x()[1]["text"], "Con enlace.\n\nhttps://villa.example/pleno?a=1&b=2");
    let ActState::Done { receipt } = last_act(&last) else { panic!("{:?}", last_act(&last)) };
    assert_eq!(json!(receipt.native_id), read[0]["id"]);
    assert_eq!(receipt.address, Some(format!("https://x.com/villaserena/status/{}", receipt.native_id)));

    let administrator = town.administrator();
    town.mayor().ok(&posts::TAKE_DOWN, &[id(&last)], &because(&last, "No era."));
    author.wait_for(&last.post.id, PublicationState::TakenDown);
    assert_eq!(sandbox.at_x("posts").len(), 2);
    api_journeys::covered::read(Network::X, "text, pictures, takedown");
    let check = administrator.ok(&channels::CHECK, &[made.id.as_str()], &Nothing {}).health.state;
    assert_eq!(check, HealthState::Working);
}

#[test]
fn who_may_reply_is_said_with_the_first_post_and_agreed_to() {
    let (town, sandbox, made) = with_account(Town::found("Villa de Luto en X"));
    let (author, mayor) = (town.author(), town.mayor());
    publish(&town, &notice_on(&town, &made, "Abierto a todos."));
    let mut content = notice_on(&town, &made, "Con pesar.\n---\nMañana, duelo oficial.");
    content.replies = Replies::Nobody;
    content.targets.push(town.notice("").targets[0].clone());
    // The choice is told as a limit, and where it does not hold, of each channel.
    let found = |content: &Content| -> Vec<Evidence> {
        let found = author.ok(&posts::CHECK, &[], content).into_iter();
        found.filter(|one| one.rule == Rule::Replies).map(|one| one.evidence).collect()
    };
    let limited = Evidence::Limited { replies: Replies::Nobody };
    assert_eq!(found(&content), std::slice::from_ref(&limited));
    let mut mentioning = content.clone();
    mentioning.texts.insert(Language::spanish(), "Con pesar, de @vecina.".to_owned());
    assert_eq!(found(&mentioning), [limited, Evidence::Wider { kept: Kept::Mentioned }]);

    // It is a part of what is agreed to: opened afterwards, nobody has agreed.
    let mut open = content.clone();
    open.replies = Replies::Everybody;
    let approved = mayor.approve(&author.submit(&author.write(&content)));
    let again = author.edit(&approved, &open);
    assert_ne!(again.content_hash, approved.content_hash);
    assert_eq!(again.post.stage.name(), StageName::Draft);
    let released = author.release(&mayor.approve(&author.submit(&author.edit(&again, &content))));
    let out = eventually("both to be out", || {
        let view = author.read(&released.post.id);
        view.publications.iter().all(|one| one.state == PublicationState::Out).then_some(view)
    });

    let read = sandbox.at_x("posts");
    let replies: Vec<&Value> = read.iter().map(|post| &post["replies"]).collect();
    assert_eq!(
        replies,
        ["everyone", "mentionedUsers", "everyone"],
        "newest first: an answer is bound by what it answers"
    );
    api_journeys::covered::read(Network::X, "replies");
    let calls = sandbox.requests(VISIBLE);
    let sent: Vec<&Value> = calls.iter().map(|call| &call["body"]["reply_settings"]).collect();
    assert_eq!(sent, [&Value::Null, &json!("mentionedUsers"), &Value::Null], "of everybody nothing is said");
    let correct =
        posts::Correct { version: out.post.version, content: open, reason: "Ya no.".to_owned(), checked: None };
    assert_eq!(author.no(&posts::CORRECT, &[id(&out)], &correct), Refusal::OtherReplies);
}

#[test]
fn x_s_own_client_makes_each_kind_here_too() {
    let sandbox = Sandbox::start();
    let made = sandbox.at_x("make");
    let read = sandbox.at_x("posts");
    assert_eq!((&read[1]["id"], &read[0]["id"], &made[2]), (&made[0], &made[1], &json!("Text alone.")));
    assert_eq!(read[0]["pictures"][0]["alt"], "A point.");
    assert_eq!(read.len(), 2, "what was taken down is gone");
    api_journeys::covered::made(Network::X, "text, pictures, takedown");
}

#[test]
fn x_s_own_client_asks_and_makes_a_thread_here_too() {
    let sandbox = Sandbox::start();
    let made = sandbox.at_x("asked");
    let read = sandbox.at_x("posts");
    let ids: Vec<&Value> = read.iter().map(|post| &post["id"]).collect();
    assert_eq!(ids, [&made[2], &made[1], &made[0]]);
    assert_eq!(read[2]["poll"], json!({ "minutes": 60, "answers": ["Yes", "No"] }));
    assert_eq!((&read[1]["replies"], &read[0]["root"]), (&json!("mentionedUsers"), &made[1]), "one conversation");
    api_journeys::covered::made(Network::X, "poll, thread, replies");
}

#[test]
fn an_account_is_connected_by_whoever_left_once_and_with_every_permission() {
    let (town, sandbox) = (Town::found("Villa que se Presenta"), Sandbox::start());
    town.stand_in(Network::X, &sandbox.server);
    let administrator = town.administrator();
    let mut odd = app_of_x(None);
    if let channels::Connect::X { client_id, .. } = &mut odd {
        client_id.push_str(" :");
    }
    assert_eq!(administrator.no(&channels::CONNECT, &[], &odd), Refusal::Malformed { field: "client_id".to_owned() });
    let leave = || match administrator.ok(&channels::CONNECT, &[], &app_of_x(None)) {
        channels::Connected::GoTo { address } => address,
        _ => panic!("connected without anybody's consent"),
    };
    let land = |member: &Member, back: &str| {
        let path = back.strip_prefix(api_journeys::url()).unwrap_or_else(|| panic!("sent back to {back}"));
        member.raw(Method::Get, path, b"").header("location").to_owned()
    };
    let address = leave();
    for part in ["code_challenge_method=S256", "tweet.write", "offline.access", "%2Fapi%2Fchannels%2Fx%2Freturn"] {
        assert!(address.contains(part), "{part}: {address}");
    }
    sandbox.set(&json!({ "x": { "deny": true } }));
    assert_eq!(land(&administrator, &sent_on(&address)), "/desk/channels?refused=declined");
    sandbox.set(&json!({ "x": { "deny": false, "declined": ["media.write"] } }));
    assert_eq!(land(&administrator, &sent_on(&leave())), "/desk/channels?refused=missing_permissions");
    sandbox.set(&json!({ "x": { "declined": [] } }));
    // Another session, a state that nobody gave out, a code that is injected, and the same way twice.
    let back = sent_on(&leave());
    assert_eq!(land(&town.administrator(), &back), "/desk/channels?refused=spent_link", "another session");
    let (ahead, _) = back.split_once("state=").unwrap();
    assert_eq!(land(&administrator, &format!("{ahead}state=guess&code=x")), "/desk/channels?refused=spent_link");
    let injected = sent_on(&leave());
    let (ahead, _) = injected.split_once("code=").unwrap();
    let (_, theirs) = back.split_once("code=").unwrap();
    let landed = land(&administrator, &format!("{ahead}code={theirs}"));
    assert!(landed.ends_with("refused=network_says"), "the proof is not theirs: {landed}");
    let good = sent_on(&leave());
    let landed = land(&administrator, &good);
    let (_, made) = landed.split_once("connected=").unwrap_or_else(|| panic!("{landed}"));
    assert_eq!(land(&administrator, &good), "/desk/channels?refused=spent_link", "twice");

    // By hand and back: one channel, one history; the access is given back.
    let settled = agree_at_network(&administrator, &app_of_x(None)).unwrap();
    assert_eq!(settled.id.as_str(), made, "by its number it is the same channel");
    administrator.ok(&channels::DISCONNECT, &[made], &Nothing {});
    eventually("the access to be given back", || (!sandbox.requests("POST /2/oauth2/revoke").is_empty()).then_some(()));
}

#[test]
fn a_channel_by_hand_becomes_automatic_with_its_name() {
    let (town, sandbox) = (Town::found("Villa a Mano en X"), Sandbox::start());
    town.stand_in(Network::X, &sandbox.server);
    let administrator = town.administrator();
    let by_hand = administrator.connect_by_hand(Network::X, Some("https://x.com/villaserena"));
    assert!(by_hand.assisted);
    let made = agree_at_network(&administrator, &app_of_x(Some(&by_hand.id))).unwrap();
    assert_eq!((made.id, made.name, made.assisted), (by_hand.id, by_hand.name, false));
}

#[test]
fn exactly_the_limit_goes_out_and_one_more_is_refused_by_the_rule_and_by_the_network_alike() {
    let (town, sandbox, made) = with_account(Town::found("Villa Breve"));
    let address = "https://villa.example/una/direccion/bastante/larga/que/cuenta/veintitres";
    let full = format!("{} {address}", "ñ".repeat(280 - 24));
    publish(&town, &notice_on(&town, &made, &full));
    assert_eq!(sandbox.posts_of_x().last().unwrap()["text"], json!(full));
    let author = town.author();
    let blocked = |content: &Content| author.ok(&posts::CHECK, &[], content);
    for over in [format!("ñ{full}"), "日".repeat(141), format!("{} www.villa.es", "a".repeat(257))] {
        let found = blocked(&notice_on(&town, &made, &over));
        assert!(found.iter().any(|finding| finding.rule == Rule::Length), "{found:?}");
    }
    let is_over = |text: &str| blocked(&notice_on(&town, &made, text)).iter().any(|one| one.rule == Rule::Length);
    let bare = |text: &str| sandbox.bare(VISIBLE, &[], &json!({ "text": text })).0;
    let ends = [("ñ", 1), ("日", 2), ("👍🏽", 2), ("🇪🇸", 2), ("👨‍👩‍👧‍👦", 2), (address, 23), ("www.villa.es", 23)];
    for (end, weight) in ends {
        let fits = format!("{} {end}", "a".repeat(279 - weight));
        let over = format!("a{fits}");
        assert_eq!((is_over(&fits), bare(&fits)), (false, 201), "{end}");
        assert_eq!((is_over(&over), bare(&over)), (true, 400), "{end}");
    }
    let mut five = notice_on(&town, &made, "Cinco imágenes.");
    pictures(&author, &mut five, 5);
    let found = blocked(&five);
    assert!(found.iter().any(|finding| finding.rule == Rule::PictureCount), "{found:?}");
    let hanging = |media: &[&str]| json!({ "text": "Imágenes.", "media": { "media_ids": media } });
    assert_eq!(objected(&hanging(&["1", "2", "3", "4"])), 0, "only that they are not there");
    assert_eq!(objected(&hanging(&["1", "2", "3", "4", "5"])), 1);
}

/// How much X's own description has against a post that nothing of ours has looked at.
fn objected(post: &Value) -> usize {
    let sandbox = Sandbox::start().without_judgement();
    sandbox.bare(VISIBLE, &[], post);
    sandbox.objections().len()
}

#[test]
fn an_access_that_ends_is_renewed_once_and_what_renews_it_works_once() {
    let (town, sandbox, made) = with_account(Town::alone("Villa de las Dos Horas"));
    let author = town.author();
    publish(&town, &notice_on(&town, &made, "Con el primero."));
    assert_eq!(sandbox.requests(TOKEN).len(), 1, "the exchange of the code");
    // Ahead of its end, without a call that is refused.
    town.ahead(Millis::minutes(118));
    publish(&town, &notice_on(&town, &made, "Antes de que acabe."));
    assert_eq!((sandbox.requests(TOKEN).len(), sandbox.requests(VISIBLE).len()), (2, 2));
    // Taken back early: one call is refused, and made again.
    sandbox.set(&json!({ "x": { "expire": true } }));
    publish(&town, &notice_on(&town, &made, "Con el tercero."));
    assert_eq!((sandbox.requests(TOKEN).len(), sandbox.posts_of_x().len()), (3, 3));
    // For good: the channel is refused, and says what to do.
    sandbox.set(&json!({ "x": { "revoke": true } }));
    let post = release(&town, &notice_on(&town, &made, "Sin acceso."));
    eventually("the channel to be refused", || {
        let state = channel(&town.administrator(), made.id.as_str()).health.state;
        (state == HealthState::Refused).then_some(())
    });
    assert_eq!(sandbox.posts_of_x().len(), 3);
    // Connected again, it is the same channel, and what waited goes out.
    let again = agree_at_network(&town.administrator(), &app_of_x(Some(&made.id))).unwrap();
    assert_eq!((again.id, again.health.state), (made.id, HealthState::Working));
    assert!(!author.read(&post.post.id).publications.is_empty());
}

#[test]
fn an_access_that_still_works_serves_while_nobody_renews_it() {
    let (town, sandbox, made) = with_account(Town::alone("Villa de la Ventanilla Cerrada"));
    // Four minutes before its end: the next one is asked for, and whoever gives it is away, busy, or hangs up.
    town.ahead(Millis::minutes(116));
    let faults = [
        json!({ "then": "status_before", "status": 503 }),
        json!({ "then": "throttle", "seconds": 900 }),
        json!({ "then": "drop_before" }),
    ];
    for (place, mut fault) in faults.into_iter().enumerate() {
        (fault["on"], fault["times"]) = (TOKEN.into(), 9.into());
        let asked = sandbox.requests(TOKEN).len();
        sandbox.arm(&json!([fault]));
        publish(&town, &notice_on(&town, &made, &format!("Con el que hay, {place}.")));
        assert!(sandbox.requests(TOKEN).len() > asked, "{fault}: it is tried each time");
        assert_eq!(sandbox.posts_of_x().len(), place + 1, "{fault}");
    }
    let waits = |post: &PostView| {
        eventually("a try that is to be repeated", || {
            let act = town.author().read(&post.post.id).publications[0].acts[0].clone();
            (act.attempts.len() == 1 && tries_again(&act)).then_some(())
        });
    };
    // Refused once its picture was taken, at a later call of the errand: what came of the renewal is what came of the post, and it
    // is tried again.
    let mut pictured = notice_on(&town, &made, "Con imagen, cuando abran.");
    pictures(&town.author(), &mut pictured, 1);
    sandbox.arm(&json!([
        { "on": TOKEN, "then": "drop_before", "times": 9 },
        { "on": VISIBLE, "then": "status_before", "status": 401 },
    ]));
    let pictured = release(&town, &pictured);
    waits(&pictured);
    // Taken back as well: the same.
    sandbox.set(&json!({ "x": { "expire": true } }));
    let post = release(&town, &notice_on(&town, &made, "Cuando abran."));
    waits(&post);
    sandbox.arm(&json!([]));
    town.ahead(Millis::minutes(119));
    town.tick();
    for post in [&pictured, &post] {
        town.author().wait_for(&post.post.id, PublicationState::Out);
    }
    assert_eq!(sandbox.posts_of_x().len(), 5);
}

#[test]
fn a_lost_answer_is_looked_up_and_never_sent_again() {
    let (town, sandbox, made) = with_account(Town::alone("Villa de la Duda en X"));
    town.arm("impatient=1");
    let author = town.author();
    let faults = [
        json!({ "then": "drop_after" }),
        json!({ "then": "hang_after" }),
        json!({ "then": "status_after", "status": 502 }),
        json!({ "then": "malformed" }),
    ];
    for (place, mut fault) in faults.into_iter().enumerate() {
        town.ahead(Millis(0));
        fault["on"] = VISIBLE.into();
        let calls = sandbox.requests(VISIBLE).len();
        sandbox.arm(&json!([fault]));
        let mut content = notice_on(&town, &made, &format!("¿Salió el número {place} & medio?"));
        content.link = Some("https://villa.example/a/".to_owned());
        pictures(&author, &mut content, 1);
        let post = release(&town, &content);
        author.wait_for(&post.post.id, PublicationState::Unknown);
        // The list is late: found by the second look.
        sandbox.set(&json!({ "x": { "lag": 1 } }));
        for minutes in [20, 40] {
            town.ahead(Millis::minutes(minutes));
            town.tick();
            town.settle();
        }
        let out = author.wait_for(&post.post.id, PublicationState::Out);
        let there = sandbox.posts_of_x();
        assert_eq!((there.len(), json!(native_id(&out))), (place + 1, there[place]["id"].clone()), "{fault}");
        assert_eq!(sandbox.requests(VISIBLE).len(), calls + 1, "{fault}: once, and only once");
    }
}

#[test]
fn what_never_arrived_is_asked_of_a_person_and_a_lost_takedown_is_looked_up() {
    let (town, sandbox, made) = with_account(Town::alone("Villa que no Llegó a X"));
    town.arm("impatient=1");
    let author = town.author();
    let looks = || {
        for minutes in [20, 40] {
            town.ahead(Millis::minutes(minutes));
            town.tick();
            town.settle();
        }
    };
    sandbox.arm(&json!([{ "on": VISIBLE, "then": "drop_before" }]));
    let lost = release(&town, &notice_on(&town, &made, "No llegó."));
    author.wait_for(&lost.post.id, PublicationState::Unknown);
    looks();
    eventually("a person to be asked", || {
        let view = author.read(&lost.post.id);
        matches!(last_act(&view), ActState::Unknown { asked: true, .. }).then_some(())
    });
    assert_eq!((sandbox.posts_of_x().len(), sandbox.requests(VISIBLE).len()), (0, 1));

    town.ahead(Millis(0));
    let out = publish(&town, &notice_on(&town, &made, "Se retira."));
    sandbox.arm(&json!([{ "on": "DELETE /2/tweets/*", "then": "status_after", "status": 502 }]));
    town.mayor().ok(&posts::TAKE_DOWN, &[id(&out)], &because(&out, "No era."));
    eventually("the doubt", || {
        let act = author.read(&out.post.id).publications[0].acts.last()?.clone();
        (act.deed == Deed::Delete && matches!(act.state, ActState::Unknown { .. })).then_some(())
    });
    looks();
    author.wait_for(&out.post.id, PublicationState::TakenDown);
    assert_eq!(sandbox.requests("DELETE /2/tweets/").len(), 1);
}

#[test]
fn each_no_of_x_means_what_the_table_says() {
    let (town, sandbox, made) = with_account(Town::alone("Villa de los Noes"));
    let author = town.author();
    let failed = |post: &PostView| {
        eventually("the failure", || match last_act(&author.read(&post.post.id)) {
            ActState::Failed { failure } => Some(failure.clone()),
            _ => None,
        })
    };
    // The words of last month stand there: this call made nothing, and nothing of now is ours.
    publish(&town, &notice_on(&town, &made, "Lo de siempre."));
    town.ahead(Millis::minutes(30));
    let again = release(&town, &notice_on(&town, &made, "Lo de siempre."));
    let failure = failed(&again);
    assert_eq!(failure.kind, FailureKind::ContentRefused);
    assert!(failure.message.contains("duplicate"), "{failure:?}");
    town.ahead(Millis(0));

    // It is asked to wait, and waits.
    sandbox.arm(&json!([{ "on": VISIBLE, "then": "throttle", "seconds": 300 }]));
    let before = town.now();
    let post = release(&town, &notice_on(&town, &made, "Cuando se pueda."));
    let waiting = eventually("the first try", || {
        let act = author.read(&post.post.id).publications[0].acts[0].clone();
        (act.attempts.len() == 1 && tries_again(&act)).then_some(act)
    });
    let wait = waiting.due.since(before);
    assert!((Millis::seconds(290).0..Millis::seconds(390).0).contains(&wait.0), "{wait:?}");
    town.ahead(Millis::minutes(6));
    town.tick();
    author.wait_for(&post.post.id, PublicationState::Out);

    // Nobody pays: it fails with X's own words.
    sandbox.set(&json!({ "x": { "credit": false } }));
    let unpaid = failed(&release(&town, &notice_on(&town, &made, "Sin crédito.")));
    assert_eq!((unpaid.kind, unpaid.status), (FailureKind::Forbidden, Some(402)));
    assert!(unpaid.message.contains("credits"), "{unpaid:?}");
}

/// What waits for its turn: until when, and how many are before it.
fn turn(author: &Member, post: &PostView) -> (domain::Moment, u32) {
    eventually("the wait for a turn", || {
        let act = author.read(&post.post.id).publications[0].acts[0].clone();
        act.waits.map(|waits| (waits.until, waits.before))
    })
}

#[test]
fn where_few_are_let_through_nobody_is_refused_and_the_emergency_goes_first() {
    let (town, sandbox, made) = with_account(Town::alone("Villa de la Cola"));
    let author = town.author();
    sandbox.set(&json!({ "x": { "window": 2, "seconds": 600 } }));
    publish(&town, &notice_on(&town, &made, "Quedan una y ninguna más."));
    publish(&town, &notice_on(&town, &made, "Ya no queda ninguna."));
    let over = town.now();
    let first = release(&town, &notice_on(&town, &made, "La primera de la cola."));
    let (until, before) = turn(&author, &first);
    assert_eq!(before, 0);
    assert!((Millis::seconds(480).0..=Millis::seconds(601).0).contains(&until.since(over).0), "{until:?}");
    let second = release(&town, &notice_on(&town, &made, "La segunda."));
    assert_eq!(turn(&author, &second), (until, 1));
    let third = release(&town, &notice_on(&town, &made, "La tercera."));
    // Two in each quarter of an hour: the third waits for the next.
    assert_eq!(turn(&author, &third), (until.plus(Millis::minutes(15)), 2));
    let urgent =
        domain::Content { kind: domain::Kind::Emergency, ..notice_on(&town, &made, "Riada: suban a los pisos altos.") };
    let urgent = release(&town, &urgent);
    assert_eq!(turn(&author, &urgent), (until, 0));
    // Another channel has nothing to do with it.
    publish(&town, &town.notice("En el tablón, a su hora."));
    assert_eq!(sandbox.requests(VISIBLE).len(), 2, "nobody asked for what would be refused");

    sandbox.set(&json!({ "x": { "window": 2, "seconds": 900 } }));
    town.ahead(Millis::minutes(11));
    town.tick();
    author.wait_for(&urgent.post.id, PublicationState::Out);
    author.wait_for(&first.post.id, PublicationState::Out);
    let (later, _) =
        eventually("the second to wait on", || Some(turn(&author, &second)).filter(|(later, _)| *later > until));
    assert_eq!(later, until.plus(Millis::minutes(15)), "the emergency took its place");
    assert_eq!(author.read(&second.post.id).publications[0].state, PublicationState::Waiting);
    sandbox.set(&json!({ "x": { "window": 2, "seconds": 900 } }));
    town.ahead(Millis::minutes(27));
    town.tick();
    for post in [&second, &third] {
        author.wait_for(&post.post.id, PublicationState::Out);
    }
    let said: Vec<_> = sandbox.posts_of_x().iter().map(|post| post["text"].clone()).collect();
    assert_eq!((said.len(), sandbox.requests(VISIBLE).len()), (6, 6), "{said:?}");
}

#[test]
fn a_poll_goes_out_with_its_question_and_what_x_cannot_do_is_said_before() {
    let (town, sandbox, made) = with_account(Town::alone("Villa de la Pregunta"));
    let author = town.author();
    let mut content = notice_on(&town, &made, "¿Abrimos la biblioteca los sábados?");
    let answers = [(Language::spanish(), "Sí, por la mañana\nSí, por la tarde\nNo".to_owned())];
    content.poll = Some(domain::Poll { answers: answers.into(), minutes: 10_080, several: false, hidden: false });
    let misfits = |of: &dyn Fn(&mut domain::Poll)| {
        let mut content = content.clone();
        of(content.poll.as_mut().unwrap());
        let found = author.ok(&posts::CHECK, &[], &content).into_iter();
        found.filter(|finding| finding.rule == Rule::Poll).map(|finding| finding.evidence).collect::<Vec<_>>()
    };
    let misfit = |misfit| vec![Evidence::Poll { misfit }];
    assert_eq!(misfits(&|_| ()), []);
    assert_eq!(misfits(&|poll| poll.minutes = 10_081), misfit(Misfit::Later { limit: 10_080 }));
    assert_eq!(misfits(&|poll| poll.several = true), misfit(Misfit::Several));
    assert_eq!(misfits(&|poll| poll.hidden = true), misfit(Misfit::Shown));
    let long =
        |poll: &mut domain::Poll| drop(poll.answers.insert(Language::spanish(), format!("Sí\n{}", "n".repeat(26))));
    assert_eq!(misfits(&long), misfit(Misfit::Long { place: 2, limit: 25, count: 26 }));
    // X's own description says no to the same, and to no less.
    let (short, long) = ("n".repeat(25), "n".repeat(26));
    for (minutes, answers, against) in [
        (10_080, vec![&*short, "b", "c", "d"], 0),
        (10_081, vec!["a", "b"], 1),
        (10_080, vec!["a", &*long], 1),
        (10_080, vec!["a", "b", "c", "d", "e"], 1),
    ] {
        let poll = json!({ "duration_minutes": minutes, "options": answers });
        assert_eq!(objected(&json!({ "text": "¿Cuándo?", "poll": poll })), against, "{poll}");
    }
    publish(&town, &content);
    let asked = json!({ "minutes": 10_080, "answers": ["Sí, por la mañana", "Sí, por la tarde", "No"] });
    assert_eq!(sandbox.at_x("posts")[0]["poll"], asked);
    api_journeys::covered::read(Network::X, "poll");
    assert_eq!(sandbox.requests(VISIBLE).len(), 1);
}
