//! A blog of Tumblr, on our sandbox, whose every call and answer is held against what Tumblr's documentation says, and
//! which Tumblr's own client drives too. No server of theirs can be had.

use api_journeys::{
    Member, Town, because, eventually, id, last_act,
    outside::{Sandbox, agree_at_network, app_of_tumblr, channel, notice_on, publish, release, sent_on, with_file},
    tries_again,
};
use domain::{
    Channel, Content, HealthState, Millis, Network, Refusal,
    delivery::{ActState, Deed, FailureKind, PublicationState, Receipt},
    policy::{Evidence, Misfit, Rule},
    record::sha256_hex,
    video::PART,
};
use serde_json::{Value, json};
use wire::{
    Method, Nothing, channels,
    posts::{self, PostView},
};

use crate::{
    media,
    video::{ALT, Shot, TEN_SECONDS, film, shot, stored, video},
};

const BLOG: &str = "villaserena";

/// The call that makes a post visible, as faults name it.
const VISIBLE: &str = "POST /v2/blog/villaserena/posts";

/// The call that renews an access.
const TOKEN: &str = "POST /v2/oauth2/token";

fn with_blog(town: Town) -> (Town, Sandbox, Channel) {
    let sandbox = Sandbox::start();
    town.stand_in(Network::Tumblr, &sandbox.server);
    let channel = agree_at_network(&town.administrator(), &app_of_tumblr(None)).unwrap();
    (town, sandbox, channel)
}

fn shown(sandbox: &Sandbox) -> Vec<Value> {
    sandbox.published("tumblr")
}

fn pictures(author: &Member, content: &mut Content, count: u32) -> Vec<Value> {
    let picture = |place: u32| {
        let bytes = media::png(8 + place, 5);
        let alt = format!("La plaza, {place}.");
        content.pictures.push(media::picture(&media::stored(author, &bytes), &alt));
        json!({ "alt": alt, "sha256": sha256_hex(&bytes) })
    };
    (0..count).map(picture).collect()
}

/// A post with a video.
fn filmed(town: &Town, made: &Channel, text: &str, bytes: &[u8]) -> Content {
    let mut content = notice_on(town, made, text);
    content.video = Some(video(&stored(&town.author(), bytes), ALT));
    content
}

fn receipt(post: &PostView) -> Receipt {
    let ActState::Done { receipt } = last_act(post) else { panic!("{:?}", last_act(post)) };
    receipt.clone()
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

fn look_twice(town: &Town) {
    for minutes in [20, 40] {
        town.ahead(Millis::minutes(minutes));
        town.tick();
        town.settle();
    }
}

#[test]
fn each_kind_is_read_back_by_tumblr_s_own_client_corrected_and_taken_down() {
    let (town, sandbox, made) = with_blog(Town::found("Villa del Tumblr"));
    assert_eq!(
        (made.network, &*made.handle, made.health.state),
        (Network::Tumblr, "@villaserena", HealthState::Working)
    );
    assert_eq!(made.address.as_deref(), Some("https://villaserena.tumblr.com/"));
    let author = town.author();
    publish(
        &town,
        &notice_on(&town, &made, "Ñandú 👍🏽 en https://villa.example/a_b.\n\nOtro párrafo, con #Pleno y #Fiesta."),
    );
    let mut linked = notice_on(&town, &made, "Con enlace.");
    linked.link = Some("https://villa.example/pleno?a=1&b=2".to_owned());
    let second = publish(&town, &linked);
    let mut three = notice_on(&town, &made, "Tres imágenes.");
    let album = pictures(&author, &mut three, 3);
    let last = publish(&town, &three);

    let read = sandbox.on_tumblr("posts", BLOG);
    assert_eq!(
        read[2]["text"],
        json!(["Ñandú 👍🏽 en https://villa.example/a_b.", "Otro párrafo, con #Pleno y #Fiesta."])
    );
    assert_eq!(
        (&read[2]["links"], &read[2]["tags"]),
        (&json!(["https://villa.example/a_b"]), &json!(["Pleno", "Fiesta"]))
    );
    let card = json!({ "type": "link", "url": "https://villa.example/pleno?a=1&b=2", "title": "Corte de agua" });
    assert_eq!((&read[1]["card"], &read[0]["pictures"]), (&card, &json!(album)));
    let out = receipt(&last);
    assert_eq!(json!(out.native_id), read[0]["id"]);
    assert_eq!(out.address, Some(format!("https://villaserena.tumblr.com/post/{}", out.native_id)));

    // Its words and tags are corrected where they stand, and its pictures stay; other pictures need a person.
    let (mut right, mayor) = (three.clone(), town.mayor());
    right.texts.values_mut().for_each(|text| "Tres láminas. #Plaza".clone_into(text));
    let sent = correct(&author, &mayor, &last, right.clone());
    let corrected = edited(&author, &sent, |state| matches!(state, ActState::Done { .. }));
    assert_eq!(receipt(&corrected).native_id, out.native_id, "corrected, not made again");
    let now = sandbox.on_tumblr("posts", BLOG)[0].clone();
    assert_eq!((&now["text"], &now["tags"]), (&json!(["Tres láminas. #Plaza"]), &json!(["Plaza"])));
    assert_eq!((&now["pictures"], sandbox.requests(VISIBLE).len()), (&json!(album), 3));
    right.pictures.pop();
    let sent = correct(&author, &mayor, &corrected, right);
    edited(&author, &sent, |state| matches!(state, ActState::InHand { .. }));
    assert_eq!(sandbox.on_tumblr("posts", BLOG)[0], now, "no half of it was sent");

    mayor.ok(&posts::TAKE_DOWN, &[id(&second)], &because(&second, "No era."));
    author.wait_for(&second.post.id, PublicationState::TakenDown);
    assert_eq!(sandbox.on_tumblr("posts", BLOG).len(), 2);
    api_journeys::covered::read(Network::Tumblr, "text, card, pictures, correction, takedown");
    let check = town.administrator().ok(&channels::CHECK, &[made.id.as_str()], &Nothing {});
    assert_eq!(check.health.state, HealthState::Working);
    sandbox.set(&json!({ "tumblr": { "blogs": ["otro"] } }));
    let check = town.administrator().ok(&channels::CHECK, &[made.id.as_str()], &Nothing {});
    assert_eq!(check.health.state, HealthState::Refused, "the blog is no longer one of theirs");
}

#[test]
fn tumblr_s_own_client_makes_each_kind_here_too() {
    let sandbox = Sandbox::start();
    let made = sandbox.on_tumblr("make", BLOG);
    let read = sandbox.on_tumblr("posts", BLOG);
    let ids: Vec<&Value> = read.iter().map(|post| &post["id"]).collect();
    assert_eq!(ids, [&made[2], &made[1], &made[0]], "what was taken down is gone");
    assert_eq!(read[2]["text"], json!(["Text that was changed."]));
    assert_eq!((&read[1]["pictures"][0]["alt"], &read[0]["card"]["title"]), (&json!("A point."), &json!("Town")));
    api_journeys::covered::made(Network::Tumblr, "text, card, pictures, correction, takedown");
}

#[test]
fn a_blog_is_connected_by_whoever_left_once_and_chosen_among_several() {
    let (town, sandbox) = (Town::found("Villa que se Presenta en Tumblr"), Sandbox::start());
    town.stand_in(Network::Tumblr, &sandbox.server);
    let administrator = town.administrator();
    let leave = || match administrator.ok(&channels::CONNECT, &[], &app_of_tumblr(None)) {
        channels::Connected::GoTo { address } => address,
        _ => panic!("connected without anybody's consent"),
    };
    let land = |member: &Member, back: &str| {
        let path = back.strip_prefix(api_journeys::url()).unwrap_or_else(|| panic!("sent back to {back}"));
        member.raw(Method::Get, path, b"").header("location").to_owned()
    };
    let address = leave();
    for part in ["scope=write+offline_access&", "%2Fapi%2Fchannels%2Ftumblr%2Freturn", "state="] {
        assert!(address.contains(part), "{part}: {address}");
    }
    for (setting, said) in [
        (json!({ "deny": true }), "declined"),
        (json!({ "deny": false, "declined": ["offline_access"] }), "missing_permissions"),
        (json!({ "declined": [], "blogs": [] }), "no_pages"),
    ] {
        sandbox.set(&json!({ "tumblr": setting }));
        assert_eq!(land(&administrator, &sent_on(&leave())), format!("/desk/channels?refused={said}"));
    }
    sandbox.set(&json!({ "tumblr": { "blogs": [BLOG, "empleo-villa"] } }));
    let back = sent_on(&leave());
    assert_eq!(land(&town.administrator(), &back), "/desk/channels?refused=spent_link", "another session");
    let (ahead, _) = back.split_once("code=").unwrap();
    assert_eq!(land(&administrator, &format!("{ahead}code=x&state=guess")), "/desk/channels?refused=spent_link");
    let good = sent_on(&leave());
    let landed = land(&administrator, &good);
    let name = landed.strip_prefix("/desk/channels?choose=").unwrap_or_else(|| panic!("{landed}"));
    assert_eq!(land(&administrator, &good), "/desk/channels?refused=spent_link", "twice");
    let offered = administrator.ok(&channels::PAGES, &[name], &Nothing {});
    assert_eq!(
        offered.iter().map(|page| page.name.as_str()).collect::<Vec<_>>(),
        ["Blog villaserena", "Blog empleo-villa"]
    );
    let choose = |page: &str| channels::ChoosePage { page: page.to_owned() };
    assert_eq!(town.administrator().no(&channels::CHOOSE, &[name], &choose(BLOG)), Refusal::SpentLink);
    let foreign = administrator.no(&channels::CHOOSE, &[name], &choose("ajeno"));
    assert_eq!(foreign, Refusal::Malformed { field: "page".to_owned() });
    let made = administrator.ok(&channels::CHOOSE, &[name], &choose("empleo-villa"));
    assert_eq!((&*made.handle, made.assisted), ("@empleo-villa", false));
    assert_eq!(administrator.no(&channels::CHOOSE, &[name], &choose(BLOG)), Refusal::SpentLink, "once");
    publish(&town, &notice_on(&town, &made, "Plazas nuevas."));
    assert_eq!(shown(&sandbox)[0]["blog"], "empleo-villa");
    let by_hand = administrator.connect_by_hand(Network::Tumblr, Some("https://villaserena.tumblr.com/"));
    sandbox.set(&json!({ "tumblr": { "blogs": [BLOG] } }));
    let automatic = agree_at_network(&administrator, &app_of_tumblr(Some(&by_hand.id))).unwrap();
    assert_eq!((automatic.id, automatic.name, automatic.assisted), (by_hand.id, by_hand.name, false));
}

#[test]
fn an_access_that_ends_is_renewed_once_and_what_renews_it_works_once() {
    let (town, sandbox, made) = with_blog(Town::alone("Villa de los Cuarenta y Dos Minutos"));
    publish(&town, &notice_on(&town, &made, "Con el primero."));
    assert_eq!(sandbox.requests(TOKEN).len(), 1, "the exchange of the code");
    town.ahead(Millis::minutes(39));
    publish(&town, &notice_on(&town, &made, "Antes de que acabe."));
    assert_eq!(sandbox.requests(TOKEN).len(), 2);
    // Taken back early: whoever comes first renews it, the others take what that brought, and nothing is sent twice.
    sandbox.set(&json!({ "tumblr": { "expire": true } }));
    let several: Vec<_> =
        (0..3).map(|place| release(&town, &notice_on(&town, &made, &format!("A la vez, {place}.")))).collect();
    for post in &several {
        town.author().wait_for(&post.post.id, PublicationState::Out);
    }
    assert_eq!((sandbox.requests(TOKEN).len(), shown(&sandbox).len(), sandbox.requests(VISIBLE).len()), (3, 5, 5));
    sandbox.set(&json!({ "tumblr": { "revoke": true } }));
    release(&town, &notice_on(&town, &made, "Sin acceso."));
    eventually("the channel to be refused", || {
        let state = channel(&town.administrator(), made.id.as_str()).health.state;
        (state == HealthState::Refused).then_some(())
    });
    let again = agree_at_network(&town.administrator(), &app_of_tumblr(Some(&made.id))).unwrap();
    assert_eq!((again.id, again.health.state, shown(&sandbox).len()), (made.id, HealthState::Working, 5));
}

#[test]
fn a_lost_answer_is_looked_up_and_never_sent_again() {
    let (town, sandbox, made) = with_blog(Town::alone("Villa de la Duda en Tumblr"));
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
        sandbox.arm(&json!([fault]));
        let mut content = notice_on(&town, &made, &format!("¿Salió el número {place}?\n\nCon una lámina."));
        pictures(&author, &mut content, 1);
        let post = release(&town, &content);
        author.wait_for(&post.post.id, PublicationState::Unknown);
        sandbox.set(&json!({ "tumblr": { "lag": 1 } }));
        look_twice(&town);
        let out = author.wait_for(&post.post.id, PublicationState::Out);
        let there = shown(&sandbox);
        assert_eq!((there.len(), json!(receipt(&out).native_id)), (place + 1, there[place]["id"].clone()), "{fault}");
        assert_eq!(sandbox.requests(VISIBLE).len(), place + 1, "{fault}: once, and only once");
    }
    // What never arrived is asked of a person; a takedown whose answer was lost is looked up.
    town.ahead(Millis(0));
    sandbox.arm(&json!([{ "on": VISIBLE, "then": "drop_before" }]));
    let lost = release(&town, &notice_on(&town, &made, "No llegó."));
    author.wait_for(&lost.post.id, PublicationState::Unknown);
    look_twice(&town);
    eventually("a person to be asked", || {
        let view = author.read(&lost.post.id);
        matches!(last_act(&view), ActState::Unknown { asked: true, .. }).then_some(())
    });
    assert_eq!((shown(&sandbox).len(), sandbox.requests(VISIBLE).len()), (4, 5));
    town.ahead(Millis(0));
    let out = publish(&town, &notice_on(&town, &made, "Se retira."));
    sandbox.arm(&json!([{ "on": "POST /v2/blog/villaserena/post/delete", "then": "status_after", "status": 502 }]));
    town.mayor().ok(&posts::TAKE_DOWN, &[id(&out)], &because(&out, "No era."));
    eventually("the doubt", || {
        let act = author.read(&out.post.id).publications[0].acts.last()?.clone();
        (act.deed == Deed::Delete && matches!(act.state, ActState::Unknown { .. })).then_some(())
    });
    look_twice(&town);
    author.wait_for(&out.post.id, PublicationState::TakenDown);
    assert_eq!(sandbox.requests("POST /v2/blog/villaserena/post/delete").len(), 1);
}

#[test]
fn a_video_goes_up_with_its_post_and_tumblr_s_own_client_reads_it_and_brings_its_own() {
    let (town, sandbox, made) = with_blog(Town::found("Villa del Corto en Tumblr"));
    let (author, mayor) = (town.author(), town.mayor());
    // Two parts of the bucket, in one call.
    let bytes = film(PART as usize + 700, 601, &[]);
    let mut content = filmed(&town, &made, "El corto de la escuela. #Cine", &bytes);
    content.link = Some("https://villa.example/corto".to_owned());
    let out = publish(&town, &content);
    assert_eq!(sandbox.requests(VISIBLE).len(), 1);
    let read = sandbox.on_tumblr("posts", BLOG);
    let there = json!([{ "type": "video/mp4", "provider": "tumblr", "sha256": sha256_hex(&bytes) }]);
    assert_eq!((read.len(), &read[0]["videos"]), (1, &there), "byte by byte");
    assert_eq!(read[0]["text"], json!(["El corto de la escuela. #Cine", "https://villa.example/corto"]));
    assert_eq!(
        (&read[0]["tags"], &read[0]["card"]),
        (&json!(["Cine"]), &Value::Null),
        "a video leaves no room for a card"
    );

    // The words are corrected, and the video stays; another one needs a person.
    let mut right = content.clone();
    right.texts.values_mut().for_each(|text| "El corto del instituto.".clone_into(text));
    let sent = correct(&author, &mayor, &out, right.clone());
    let corrected = edited(&author, &sent, |state| matches!(state, ActState::Done { .. }));
    assert_eq!(receipt(&corrected).native_id, receipt(&out).native_id);
    let now = sandbox.on_tumblr("posts", BLOG);
    assert_eq!((now.len(), &now[0]["videos"], &now[0]["text"][0]), (1, &there, &json!("El corto del instituto.")));
    right.video = Some(video(&stored(&author, &film(5_000, 602, &[])), ALT));
    let sent = correct(&author, &mayor, &corrected, right);
    let handed = edited(&author, &sent, |state| matches!(state, ActState::InHand { .. }));
    assert_eq!(sandbox.on_tumblr("posts", BLOG), now, "no half of it was sent");

    let other = shot(TEN_SECONDS, 9_000, 603, &[]);
    let theirs = with_file(&other, |file| sandbox.on_tumblr_with("film", BLOG, file));
    let read = sandbox.on_tumblr("posts", BLOG);
    assert_eq!((read.len(), &read[0]["id"]), (2, &theirs[0]));
    assert_eq!(read[0]["videos"][0]["sha256"], sha256_hex(&other));
    api_journeys::covered::made(Network::Tumblr, "video");
    api_journeys::covered::read(Network::Tumblr, "video");

    mayor.ok(&posts::TAKE_DOWN, &[id(&handed)], &because(&handed, "No era."));
    author.wait_for(&handed.post.id, PublicationState::TakenDown);
    let left = sandbox.on_tumblr("posts", BLOG);
    assert_eq!((left.len(), &left[0]["id"]), (1, &theirs[0]));
}

#[test]
fn a_lost_answer_to_a_video_is_looked_up_and_none_goes_up_twice() {
    let (town, sandbox, made) = with_blog(Town::alone("Villa del Corto Perdido"));
    town.arm("impatient=1");
    let author = town.author();
    for (place, mut fault) in [json!({ "then": "drop_after" }), json!({ "then": "malformed" })].into_iter().enumerate()
    {
        town.ahead(Millis(0));
        fault["on"] = VISIBLE.into();
        sandbox.arm(&json!([fault]));
        let bytes = film(6_000, 610 + place as u32, &[]);
        let post = release(&town, &filmed(&town, &made, &format!("¿Salió el corto {place}?"), &bytes));
        author.wait_for(&post.post.id, PublicationState::Unknown);
        look_twice(&town);
        let out = author.wait_for(&post.post.id, PublicationState::Out);
        let there = shown(&sandbox);
        assert_eq!((there.len(), &there[place]["video"]), (place + 1, &json!(sha256_hex(&bytes))), "{fault}");
        assert_eq!(json!(receipt(&out).native_id), there[place]["id"]);
        assert_eq!(sandbox.requests(VISIBLE).len(), place + 1, "{fault}: once, and only once");
    }
    // A server that is away before anything was sent: harmless, and tried again.
    town.ahead(Millis(0));
    sandbox.arm(&json!([{ "on": "GET /v2/user/info", "then": "status_before", "status": 503 }]));
    let post = release(&town, &filmed(&town, &made, "A la segunda.", &film(6_000, 615, &[])));
    author.tried_once(&post.post.id);
    town.ahead(Millis::minutes(1));
    town.tick();
    author.wait_for(&post.post.id, PublicationState::Out);
    assert_eq!((shown(&sandbox).len(), sandbox.requests(VISIBLE).len()), (3, 3));
}

#[test]
fn a_video_waits_for_an_earlier_one_and_for_another_day_and_the_rule_knows_the_longest() {
    let (town, sandbox, made) = with_blog(Town::alone("Villa de los Veinte Vídeos"));
    let author = town.author();
    let waits = |text: &str, seed: u32, mend: &Value| {
        town.ahead(Millis(0));
        let post = release(&town, &filmed(&town, &made, text, &film(5_000, seed, &[])));
        eventually("a try", || {
            let act = author.read(&post.post.id).publications[0].acts[0].clone();
            (tries_again(&act)).then_some(())
        });
        // What is no video does not wait with it.
        publish(&town, &notice_on(&town, &made, &format!("Sin vídeo, {seed}.")));
        sandbox.set(mend);
        town.ahead(Millis::minutes(6));
        town.tick();
        author.wait_for(&post.post.id, PublicationState::Out);
    };
    sandbox.set(&json!({ "tumblr": { "transcoding": 1 } }));
    waits("Detrás de otro.", 620, &json!({}));
    sandbox.set(&json!({ "tumblr": { "videos": 1 } }));
    waits("Cuando se pueda.", 621, &json!({ "tumblr": { "videos": 20 } }));
    let there: Vec<bool> = shown(&sandbox).iter().map(|post| post["video"].is_string()).collect();
    assert_eq!(there, [false, true, false, true]);

    town.ahead(Millis(0));
    let found = |millis: u32, seed: u32| {
        let bytes = shot(Shot { millis, ..TEN_SECONDS }, 4_000, seed, &[]);
        let found = author.ok(&posts::CHECK, &[], &filmed(&town, &made, "Largo.", &bytes));
        found.into_iter().filter(|one| one.rule == Rule::Video).map(|one| one.evidence).collect::<Vec<_>>()
    };
    assert_eq!(found(600_000, 622), []);
    let longer = Misfit::Longer { limit: 600, seconds: 601 };
    assert_eq!(found(600_001, 623), [Evidence::Video { misfit: longer }]);
}

#[test]
fn limits_hold_and_each_no_means_what_the_table_says() {
    let (town, sandbox, made) = with_blog(Town::alone("Villa de los Noes de Tumblr"));
    let author = town.author();
    let full = "ñ".repeat(4_096);
    publish(&town, &notice_on(&town, &made, &full));
    assert_eq!(shown(&sandbox)[0]["text"], json!(full));
    let mut over = notice_on(&town, &made, &format!("{full}a"));
    pictures(&author, &mut over, 11);
    let found = author.ok(&posts::CHECK, &[], &over);
    for rule in [Rule::Length, Rule::PictureCount] {
        assert!(found.iter().any(|finding| finding.rule == rule), "{rule:?}: {found:?}");
    }
    // To whoever has no rules Tumblr says no, too, of what its own specification limits.
    let bare = |text: &str, pictures: usize, tags: usize| {
        let media = json!([{ "type": "image/png", "url": "https://villa.example/a.png", "width": 8, "height": 5 }]);
        let mut content = vec![json!({ "type": "image", "media": media }); pictures];
        content.push(json!({ "type": "text", "text": text }));
        let tags: Vec<String> = (0..tags).map(|place| format!("a{place}")).collect();
        let by = format!("OAuth oauth_token=\"{}\"", networks_sandbox::READER);
        let post = json!({ "content": content, "tags": tags.join(",") });
        sandbox.bare(VISIBLE, &[("authorization", by.as_str()), ("user-agent", "Another")], &post).0
    };
    assert_eq!((bare(&full, 30, 30), bare(&format!("{full}a"), 0, 0)), (201, 400));
    assert_eq!((bare("Treinta y una.", 31, 0), bare("Treinta y una.", 0, 31)), (400, 400));
    let tagged = |count: usize| {
        let tags: String = (0..count).map(|place| format!("#Fiesta{place} ")).collect();
        let found = author.ok(&posts::CHECK, &[], &notice_on(&town, &made, &format!("{tags}Mañana.")));
        found.iter().any(|finding| finding.rule == Rule::Length)
    };
    assert!(!tagged(30) && tagged(31));
    // As many posts as a day may have: it waits, and tries again.
    sandbox.set(&json!({ "tumblr": { "quota": 1 } }));
    let post = release(&town, &notice_on(&town, &made, "Cuando se pueda."));
    eventually("a try", || {
        let act = author.read(&post.post.id).publications[0].acts[0].clone();
        (tries_again(&act)).then_some(())
    });
    sandbox.set(&json!({ "tumblr": { "quota": 250 } }));
    town.ahead(Millis::minutes(6));
    town.tick();
    author.wait_for(&post.post.id, PublicationState::Out);
    town.ahead(Millis(0));
    // The blog is gone: the post has failed, in words that say so, and nothing more is sent.
    sandbox.set(&json!({ "tumblr": { "blogs": ["otro"] } }));
    let post = release(&town, &notice_on(&town, &made, "Sin blog."));
    let failure = eventually("the failure", || match last_act(&author.read(&post.post.id)) {
        ActState::Failed { failure } => Some(failure.clone()),
        _ => None,
    });
    assert_eq!((failure.kind, failure.status, failure.message.as_str()), (FailureKind::Gone, Some(404), "Not Found"));
}
