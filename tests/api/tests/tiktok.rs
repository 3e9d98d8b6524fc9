//! An account of TikTok, on our sandbox, whose every call and answer is held against what TikTok's pages say, and which a client that
//! is not ours signs in to and posts at too. No server of theirs can be had. What a post says no interface that we are let in to
//! gives back: that is read by hand, and the client reads how it stands.

use api_journeys::{
    Member, Town, because, eventually, id, last_act,
    outside::{Sandbox, agree_at_network, app_of_tiktok, channel, notice_on, publish, release, sent_on, with_file},
};
use domain::{
    Channel, Content, HealthState, Millis, Network, Replies, Showing,
    delivery::{ActState, Deed, Failure, FailureKind, PublicationState, Receipt},
    policy::{Evidence, Misfit, Rule},
    record::sha256_hex,
    replies::Kept,
};
use serde_json::{Value, json};
use wire::{
    Method, Nothing, channels,
    posts::{self, PostView},
};

use crate::{
    media,
    video::{Shot, TEN_SECONDS, film, shot, stored, video},
};

const INIT: &str = "POST /v2/post/publish/video/init/";
const PICTURES: &str = "POST /v2/post/publish/content/init/";
const BYTES: &str = "PUT /_tiktok_upload/";
const TOKEN: &str = "POST /v2/oauth/token/";

const ALT: &str = "La banda toca en la plaza.";

fn with_account(town: Town) -> (Town, Sandbox, Channel) {
    let sandbox = Sandbox::start();
    town.stand_in(Network::Tiktok, &sandbox.server);
    let channel = agree_at_network(&town.administrator(), &app_of_tiktok(None)).unwrap();
    (town, sandbox, channel)
}

fn shown(sandbox: &Sandbox) -> Vec<Value> {
    sandbox.published("tiktok")
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
fn a_video_goes_out_as_it_was_agreed_to_and_is_taken_down_by_hand() {
    let (town, sandbox, made) = with_account(Town::found("Villa del Minuto"));
    assert_eq!((&*made.handle, made.network), ("@villaserena", Network::Tiktok));
    assert_eq!(
        (made.health.state, made.address.as_deref()),
        (HealthState::Working, Some("https://www.tiktok.com/@villaserena"))
    );
    let (author, mayor) = (town.author(), town.mayor());
    let bytes = film(300_000, 131, &[]);
    let mut content = filmed(&town, &made, "Toca el viernes. #Fiestas", &bytes);
    content.link = Some("https://villa.example/banda".to_owned());
    content.targets[0].showing = showing("everybody synthetic paid");
    let out = publish(&town, &content);
    let there = shown(&sandbox)[0].clone();
    assert_eq!(there["text"], "Toca el viernes. #Fiestas\n\nhttps://villa.example/banda");
    assert_eq!((&there["privacy"], &there["sha256"]), (&json!("PUBLIC_TO_EVERYONE"), &json!(sha256_hex(&bytes))));
    assert_eq!(there["cover"], Value::Null, "nobody chose one");
    let declared = ["machine", "paid", "comments", "duets"].map(|name| there[name].clone());
    assert_eq!(declared, [true, true, true, false].map(Value::from));
    assert_eq!(json!(receipt(&out).native_id), there["id"]);
    let address = receipt(&out).address.unwrap();
    assert!(address.starts_with("https://www.tiktok.com/@villaserena/video/74"), "{address}");
    let creator = "POST /v2/post/publish/creator_info/query/";
    assert!(sandbox.requests(creator).len() >= 2, "asked before each post, too");

    // The interface can neither correct nor take down: a person does, with a kit.
    mayor.ok(&posts::TAKE_DOWN, &[id(&out)], &because(&out, "No era."));
    eventually("a person to have it", || {
        let act = author.read(&out.post.id).publications[0].acts.last()?.clone();
        (act.deed == Deed::Delete && matches!(act.state, ActState::InHand { .. })).then_some(())
    });
    assert_eq!(shown(&sandbox).len(), 1);

    // For the account's own eyes: it has no address to read it at. And no comments where the account takes none.
    sandbox.set(&json!({ "tiktok": { "comments": false } }));
    let mut own = filmed(&town, &made, "Solo para nosotros.", &film(4_000, 132, &[]));
    own.targets[0].showing = showing("us");
    let out = publish(&town, &own);
    assert_eq!((receipt(&out).address, &shown(&sandbox)[1]["privacy"]), (None, &json!("SELF_ONLY")));
    assert_eq!(shown(&sandbox)[1]["comments"], false);
}

#[test]
fn of_a_poster_it_is_told_the_moment() {
    let (town, sandbox, made) = with_account(Town::found("Villa del Instante"));
    let author = town.author();
    let mut content = filmed(&town, &made, "Con portada.", &film(5_000, 139, &[]));
    crate::poster::pose(&author, &mut content, 139, Some(1_200));
    publish(&town, &content);
    assert_eq!(shown(&sandbox)[0]["cover"], 1_200);
    // A picture from elsewhere is none of its own: the rule says so, and it goes out without.
    content.texts.values_mut().for_each(|text| "Con otra.".clone_into(text));
    crate::poster::pose(&author, &mut content, 140, None);
    let found = author.ok(&posts::CHECK, &[], &content);
    let told = Evidence::Video { misfit: Misfit::OnlyMoment };
    assert!(found.iter().any(|one| one.rule == Rule::Poster && one.evidence == told), "{found:?}");
    publish(&town, &content);
    assert_eq!(shown(&sandbox)[1]["cover"], Value::Null);
}

#[test]
fn pictures_are_fetched_by_tiktok_from_the_town_s_own_addresses() {
    let (town, sandbox, made) = with_account(Town::found("Villa de las Estampas"));
    let author = town.author();
    let mut content = notice_on(&town, &made, "Tres estampas.");
    content.targets[0].showing = showing("everybody");
    let mut hashes = Vec::new();
    for place in 0..3 {
        let bytes = media::jpeg(40 + place, 30, 9);
        content.pictures.push(media::picture(&media::stored_jpeg(&author, &bytes), "La plaza, llena."));
        hashes.push(sha256_hex(&bytes));
    }
    let out = publish(&town, &content);
    let there = shown(&sandbox)[0].clone();
    assert_eq!(
        (&there["title"], &there["text"], &there["images"]),
        (&json!("Corte de agua"), &json!("Tres estampas."), &json!(hashes))
    );
    assert!(receipt(&out).address.unwrap().contains("/photo/"));
    assert_eq!(sandbox.requests(PICTURES).len(), 1);
    // The domain has to be verified there, and TikTok says so.
    sandbox.set(&json!({ "tiktok": { "owned": false } }));
    let mut again = content.clone();
    again.texts.values_mut().for_each(|text| "Otra vez.".clone_into(text));
    let failure = failed(&author, &release(&town, &again));
    assert_eq!((failure.kind, failure.status), (FailureKind::Forbidden, Some(403)));
    assert!(failure.message.contains("verify"), "{failure:?}");
}

#[test]
fn a_client_that_is_not_ours_makes_both_kinds_here_too_and_reads_how_ours_stands() {
    let (town, sandbox, made) = with_account(Town::found("Villa de la Otra Cámara"));
    let author = town.author();
    let mut content = notice_on(&town, &made, "Dos estampas.");
    content.targets[0].showing = showing("everybody");
    for place in 0..2 {
        let bytes = media::jpeg(50 + place, 30, 9);
        content.pictures.push(media::picture(&media::stored_jpeg(&author, &bytes), "La plaza, llena."));
    }
    let out = publish(&town, &content);
    let ours = shown(&sandbox).remove(0);
    let stands = sandbox.at_tiktok("stands", &ours["id"]).remove(1);
    assert_eq!(stands["status"], "PUBLISH_COMPLETE");
    let number = stands["publicaly_available_post_id"][0].to_string();
    assert!(receipt(&out).address.unwrap().ends_with(&format!("/photo/{number}")), "{stands}");

    let addresses = sandbox.requests(PICTURES)[0]["body"]["source_info"]["photo_images"].clone();
    let bytes = film(9_000, 190, &[]);
    let pictured = sandbox.at_tiktok("pictures", &addresses);
    let filmed = with_file(&bytes, |file| sandbox.at_tiktok("film", &json!(file)));
    let there = shown(&sandbox);
    assert_eq!((&there[1]["id"], &there[1]["text"]), (&pictured[0], &json!("One picture and another.")));
    assert_eq!((&there[1]["images"], there[1]["images"].as_array().unwrap().len()), (&ours["images"], 2));
    assert_eq!((&there[2]["id"], &there[2]["sha256"]), (&filmed[0], &json!(sha256_hex(&bytes))));
    assert!([&pictured, &filmed].iter().all(|one| one[1]["status"] == "PUBLISH_COMPLETE"));
    api_journeys::covered::made(Network::Tiktok, "video, pictures");
}

#[test]
fn what_the_network_wants_said_is_said_before_anybody_agrees() {
    let (town, sandbox, made) = with_account(Town::found("Villa sin Baile"));
    let author = town.author();
    let found = |content: &Content| -> Vec<Evidence> {
        let all = author.ok(&posts::CHECK, &[], content);
        all.into_iter().filter(|one| matches!(one.rule, Rule::Video | Rule::Length)).map(|one| one.evidence).collect()
    };
    let of = |misfit| vec![Evidence::Video { misfit }];
    let mut content = notice_on(&town, &made, "Solo palabras.");
    content.targets[0].showing = showing("everybody");
    assert_eq!(found(&content), of(Misfit::Wanted));
    let mut content = filmed(&town, &made, "Con él.", &film(4_000, 134, &[]));
    content.targets[0].showing = None;
    assert_eq!(found(&content), of(Misfit::Unsaid));
    for nobody in ["link", "us paid"] {
        content.targets[0].showing = showing(nobody);
        assert_eq!(found(&content), of(Misfit::Audience), "{nobody}");
    }
    content.targets[0].showing = showing("everybody");
    let text = "🎉".repeat(1_100);
    content.texts.values_mut().for_each(|whole| whole.clone_from(&text));
    assert_eq!(found(&content), []);
    publish(&town, &content);
    assert_eq!(shown(&sandbox)[0]["text"], json!(text), "exactly the limit goes out");
    content.texts.values_mut().for_each(|whole| whole.push('a'));
    assert_eq!(found(&content), [Evidence::Over { limit: 2_200, count: 2_201 }]);
    // The network says the same to whoever has no such rule.
    let access = sandbox.secrets().into_iter().find(|secret| secret.starts_with("act.")).unwrap();
    let bare = |title: &str| {
        let info = json!({ "title": title, "privacy_level": "PUBLIC_TO_EVERYONE" });
        let source = json!({ "source": "FILE_UPLOAD", "video_size": 9, "chunk_size": 9, "total_chunk_count": 1 });
        let post = json!({ "post_info": info, "source_info": source });
        sandbox.bare(INIT, &[("authorization", &format!("Bearer {access}"))], &post)
    };
    for (end, units) in [("ñ", 1), ("日", 1), ("n\u{303}", 2), ("🎉", 2), ("👨‍👩‍👧‍👦", 11)] {
        let fits = format!("{}{end}", "a".repeat(2_200 - units));
        assert_eq!(bare(&fits).0, 200, "{end}");
        let (status, said) = bare(&format!("a{fits}"));
        assert!(status == 400 && said.contains("too long"), "{end}: {status} {said}");
        content.texts.values_mut().for_each(|whole| whole.clone_from(&fits));
        assert_eq!(found(&content), [], "{end}");
        content.texts.values_mut().for_each(|whole| whole.insert(0, 'a'));
        assert_eq!(found(&content), [Evidence::Over { limit: 2_200, count: 2_201 }], "{end}");
    }
}

#[test]
fn a_lost_answer_is_asked_for_by_its_identity_and_nothing_is_sent_twice() {
    let (town, sandbox, made) = with_account(Town::alone("Villa de la Duda en TikTok"));
    town.arm("impatient=1");
    let faults = [
        (json!({ "on": "PUT /_tiktok_upload/*", "then": "drop_after" }), 1),
        (json!({ "on": "PUT /_tiktok_upload/*", "then": "hang_after" }), 1),
        (json!({ "on": "PUT /_tiktok_upload/*", "then": "status_after", "status": 502 }), 1),
        (json!({ "on": "PUT /_tiktok_upload/*", "then": "drop_before" }), 2),
        (json!({ "on": INIT, "then": "drop_before" }), 1),
        (json!({ "on": "POST /v2/post/publish/status/fetch/", "then": "drop_after", "times": 3 }), 1),
    ];
    for (place, (fault, sent)) in faults.into_iter().enumerate() {
        sandbox.arm(&json!([fault]));
        let before = sandbox.requests(BYTES).len();
        let bytes = film(9_000, 140 + place as u32, &[]);
        until_out(&town, &release(&town, &filmed(&town, &made, &format!("Número {place}."), &bytes)));
        assert_eq!(shown(&sandbox).len(), place + 1, "{fault}");
        assert_eq!(shown(&sandbox)[place]["sha256"], json!(sha256_hex(&bytes)), "{fault}");
        assert_eq!(sandbox.requests(BYTES).len() - before, sent, "{fault}");
    }
    // Of an upload that was begun and never answered nobody sees anything.
    sandbox.arm(&json!([{ "on": INIT, "then": "drop_after" }]));
    until_out(&town, &release(&town, &filmed(&town, &made, "Dos comienzos.", &film(9_000, 147, &[]))));
    assert_eq!(shown(&sandbox).len(), 7);
}

#[test]
fn a_long_video_goes_up_in_pieces_and_on_from_the_border_at_which_an_engine_died() {
    let (town, sandbox, made) = with_account(Town::alone("Villa del Largometraje"));
    // More than TikTok takes in one: two pieces, and what is left over goes with the last one.
    let long = Shot { millis: 120_000, pictures: 3_000, ..TEN_SECONDS };
    let bytes = shot(long, 64_000_100, 180, &[]);
    let content = filmed(&town, &made, "El largometraje.", &bytes);
    // The second does not arrive, and before the engine has written down how far it came, it is dead.
    sandbox.arm(&json!([{ "on": "PUT /_tiktok_upload/*", "then": "drop_before", "skip": 1 }]));
    town.arm("after_send=1");
    let post = release(&town, &content);
    let sent =
        || -> Vec<u64> { sandbox.requests(BYTES).iter().map(|request| request["bytes"].as_u64().unwrap()).collect() };
    let (whole, piece) = (bytes.len() as u64, 32_000_000);
    eventually("two pieces to be sent", || (sent() == [piece, whole - piece]).then_some(()));
    assert_eq!(shown(&sandbox), Vec::<Value>::new(), "nothing is seen of half a video");
    until_out(&town, &post);
    let there = shown(&sandbox);
    assert_eq!((there.len(), &there[0]["sha256"]), (1, &json!(sha256_hex(&bytes))), "byte by byte");
    assert_eq!(sent(), [piece, whole - piece, whole - piece], "what had arrived is not sent again");
    assert_eq!(sandbox.requests(INIT).len(), 1, "begun once");
}

#[test]
fn what_tiktok_works_on_for_long_is_looked_up_until_it_is_out() {
    let (town, sandbox, made) = with_account(Town::alone("Villa de la Moderación"));
    sandbox.set(&json!({ "tiktok": { "working": 7, "nameless": 1 } }));
    let post = release(&town, &filmed(&town, &made, "Con calma.", &film(9_000, 150, &[])));
    town.author().wait_for(&post.post.id, PublicationState::Unknown);
    let out = until_out(&town, &post);
    assert_eq!((receipt(&out).address, shown(&sandbox).len()), (None, 1), "nobody there has looked at it yet");
    // A dead engine leaves the identity behind.
    sandbox.set(&json!({ "tiktok": { "working": 1, "nameless": 0 } }));
    for (place, point) in ["after_send=1", "before_conclude=1"].into_iter().enumerate() {
        town.arm(point);
        until_out(&town, &release(&town, &filmed(&town, &made, point, &film(9_000, 151 + place as u32, &[]))));
        assert_eq!((shown(&sandbox).len(), sandbox.requests(INIT).len()), (place + 2, place + 2), "{point}");
    }
}

#[test]
fn pictures_whose_answer_was_lost_are_a_person_s_to_find() {
    let (town, sandbox, made) = with_account(Town::alone("Villa de la Estampa Perdida"));
    town.arm("impatient=1");
    let author = town.author();
    let mut content = notice_on(&town, &made, "Una estampa.");
    content.targets[0].showing = showing("everybody");
    content.pictures.push(media::picture(&media::stored_jpeg(&author, &media::jpeg(44, 30, 9)), "La plaza, llena."));
    sandbox.arm(&json!([{ "on": PICTURES, "then": "drop_after" }]));
    let post = release(&town, &content);
    author.wait_for(&post.post.id, PublicationState::Unknown);
    town.ahead(Millis::minutes(3));
    eventually("a person to be asked", || {
        town.tick();
        let view = author.read(&post.post.id);
        matches!(last_act(&view), ActState::Unknown { asked: true, .. }).then_some(())
    });
    assert_eq!(sandbox.requests(PICTURES).len(), 1, "never a second time");
}

#[test]
fn each_no_of_tiktok_means_what_the_table_says() {
    let (town, sandbox, made) = with_account(Town::alone("Villa de los Noes de TikTok"));
    let author = town.author();
    let mut seed = 160;
    let mut no = |setting: Value| {
        sandbox.set(&json!({ "tiktok": setting }));
        seed += 1;
        failed(&author, &release(&town, &filmed(&town, &made, "No sale.", &film(4_000, seed, &[]))))
    };
    assert_eq!(no(json!({ "levels": ["SELF_ONLY"] })).kind, FailureKind::ContentRefused, "a private account");
    let levels = ["PUBLIC_TO_EVERYONE", "SELF_ONLY"];
    let short = no(json!({ "levels": levels, "longest": 1 }));
    assert!(short.kind == FailureKind::ContentRefused && short.message.contains("1 s"), "{short:?}");
    let unaudited = no(json!({ "longest": 600, "audited": false }));
    assert_eq!((unaudited.kind, unaudited.status), (FailureKind::Forbidden, Some(403)));
    let broken = no(json!({ "audited": true, "breaks": "frame_rate_check_failed" }));
    assert!(broken.kind == FailureKind::ContentRefused && broken.message.contains("frame_rate"), "{broken:?}");
    // As many as a day may have: it is waited for.
    sandbox.set(&json!({ "tiktok": { "posts_left": 0 } }));
    let post = release(&town, &filmed(&town, &made, "Cuando se pueda.", &film(4_000, 170, &[])));
    author.tried_once(&post.post.id);
    sandbox.set(&json!({ "tiktok": { "posts_left": 15 } }));
    until_out(&town, &post);
    // The access was taken back.
    assert_eq!(no(json!({ "revoke": true })).kind, FailureKind::AccessRefused);
    assert_eq!(shown(&sandbox).len(), 1);
}

#[test]
fn an_account_is_connected_once_renewed_once_and_given_back() {
    let (town, sandbox) = (Town::found("Villa que se Presenta en TikTok"), Sandbox::start());
    town.stand_in(Network::Tiktok, &sandbox.server);
    let administrator = town.administrator();
    let leave = || match administrator.ok(&channels::CONNECT, &[], &app_of_tiktok(None)) {
        channels::Connected::GoTo { address } => address,
        _ => panic!("connected without anybody's consent"),
    };
    let land = |member: &Member, back: &str| {
        let path = back.strip_prefix(api_journeys::url()).unwrap_or_else(|| panic!("sent back to {back}"));
        member.raw(Method::Get, path, b"").header("location").to_owned()
    };
    let address = leave();
    for part in ["client_key=awvillaserena0000", "scope=user.info.basic%2Cvideo.publish&", "code_challenge=", "state="]
    {
        assert!(address.contains(part), "{part}: {address}");
    }
    for (setting, said) in [
        (json!({ "deny": true }), "declined"),
        (json!({ "deny": false, "declined": ["video.publish"] }), "missing_permissions"),
    ] {
        sandbox.set(&json!({ "tiktok": setting }));
        assert_eq!(land(&administrator, &sent_on(&leave())), format!("/desk/channels?refused={said}"));
    }
    sandbox.set(&json!({ "tiktok": { "declined": [] } }));
    let back = sent_on(&leave());
    assert_eq!(land(&town.administrator(), &back), "/desk/channels?refused=spent_link", "another session");
    let crossed = back.replace("/tiktok/return", "/x/return");
    assert_eq!(land(&administrator, &crossed), "/desk/channels?refused=spent_link", "another network's");
    let by_hand = administrator.connect_by_hand(Network::Tiktok, Some("https://www.tiktok.com/@villa"));
    let made = agree_at_network(&administrator, &app_of_tiktok(Some(&by_hand.id))).unwrap();
    assert_eq!((&made.id, made.assisted), (&by_hand.id, false));
    let days = made.health.expires.unwrap().since(town.now());
    assert!((Millis::days(179).0..=Millis::days(180).0).contains(&days.0), "what renews it ends: {days:?}");

    let before = sandbox.requests(TOKEN).len();
    sandbox.set(&json!({ "tiktok": { "expire": true } }));
    let several: Vec<_> = (0..3)
        .map(|place| {
            release(&town, &filmed(&town, &made, &format!("A la vez, {place}."), &film(4_000, 180 + place, &[])))
        })
        .collect();
    for post in &several {
        town.author().wait_for(&post.post.id, PublicationState::Out);
    }
    assert_eq!((sandbox.requests(TOKEN).len() - before, shown(&sandbox).len()), (1, 3), "one renewed it for all");
    let check = || administrator.ok(&channels::CHECK, &[made.id.as_str()], &Nothing {}).health.state;
    assert_eq!(check(), HealthState::Working);
    sandbox.set(&json!({ "tiktok": { "revoke": true } }));
    assert_eq!(check(), HealthState::Refused);
    let again = agree_at_network(&administrator, &app_of_tiktok(Some(&made.id))).unwrap();
    assert_eq!((&again.id, again.health.state), (&made.id, HealthState::Working));
    administrator.ok(&channels::DISCONNECT, &[made.id.as_str()], &Nothing {});
    eventually("the access to be given back", || {
        (!sandbox.requests("POST /v2/oauth/revoke/").is_empty()).then_some(())
    });
    assert_eq!(channel(&administrator, made.id.as_str()).health.state, HealthState::Disconnected);
}

#[test]
fn comments_are_closed_where_nobody_is_to_reply_and_an_account_without_any_says_so() {
    let (town, sandbox, made) = with_account(Town::found("Villa en Silencio en TikTok"));
    let (administrator, author) = (town.administrator(), town.author());
    let found = |content: &Content| -> Vec<Evidence> {
        let all = author.ok(&posts::CHECK, &[], content);
        all.into_iter().filter(|one| one.rule == Rule::Replies).map(|one| one.evidence).collect()
    };
    let mut closed = filmed(&town, &made, "Con pesar.", &film(4_000, 190, &[]));
    closed.replies = Replies::Nobody;
    assert_eq!(found(&closed), [Evidence::Limited { replies: Replies::Nobody }], "it holds there");
    publish(&town, &closed);
    let mut still = notice_on(&town, &made, "Una estampa, con pesar.");
    still.targets[0].showing = showing("everybody");
    still.pictures.push(media::picture(&media::stored_jpeg(&author, &media::jpeg(46, 30, 9)), "La plaza, vacía."));
    still.replies = Replies::Nobody;
    publish(&town, &still);
    let mut some = filmed(&town, &made, "Para algunos.", &film(4_000, 191, &[]));
    some.replies = Replies::Following;
    assert_eq!(found(&some)[1], Evidence::Wider { kept: Kept::Open }, "TikTok knows nothing in between");
    publish(&town, &some);
    let open: Vec<Value> = shown(&sandbox).iter().map(|post| post["comments"].clone()).collect();
    assert_eq!(open, [false, false, true].map(Value::from));

    // The account itself takes none: whoever writes is told, and nobody tries to open them.
    let mut everybody = filmed(&town, &made, "Abierto a todos.", &film(4_000, 192, &[]));
    assert_eq!(found(&everybody), []);
    sandbox.set(&json!({ "tiktok": { "comments": false } }));
    let checked = administrator.ok(&channels::CHECK, &[made.id.as_str()], &Nothing {});
    assert!(checked.limits.comments_closed);
    assert_eq!(found(&everybody), [Evidence::Wider { kept: Kept::Closed }]);
    publish(&town, &everybody);
    assert_eq!(shown(&sandbox)[3]["comments"], false);
    everybody.replies = Replies::Nobody;
    assert_eq!(found(&everybody), [], "nobody is limited who could not reply anyway");
}
