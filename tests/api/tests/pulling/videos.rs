//! Videos on the networks that fetch them, Instagram (as reels) and Threads: prepared for minutes and not for seconds, and looked
//! at from one invocation to the next.

use domain::{
    Video,
    policy::{Evidence, Misfit, Rule},
    record::sha256_hex,
    video::PART,
};

use super::*;
use crate::video::{ALT, Shot, TEN_SECONDS, shot, stored, video};

/// A post with a video of ten seconds; and the hash of its bytes.
fn filmed(town: &Town, made: &Channel, text: &str, content: usize, seed: u32) -> (Content, String) {
    let bytes = shot(TEN_SECONDS, content, seed, &[]);
    let mut post = notice_on(town, made, text);
    post.video = Some(video(&stored(&town.author(), &bytes), ALT));
    (post, sha256_hex(&bytes))
}

/// How readers are to see a video: Instagram takes no description of one.
fn shown(house: House, hash: &str) -> Value {
    if house.network == Network::Threads { json!({ "alt": ALT, "sha256": hash }) } else { json!(hash) }
}

/// Ticks, minute after minute, until a post is out.
fn until_out(town: &Town, post: &PostView) -> PostView {
    let author = town.author();
    let mut ahead = 0;
    eventually("the video to be out", || {
        ahead += 1;
        town.ahead(Millis::minutes(ahead));
        town.tick();
        town.settle();
        let view = author.read(&post.post.id);
        (view.publications[0].state == PublicationState::Out).then_some(view)
    })
}

fn it_is_fetched_by_stretches_and_published_once(house: House) {
    let (town, sandbox, made) = house.connected(Town::alone("Villa de la Pantalla"));
    // Two parts of the bucket; and more looks than one invocation makes.
    let (mut content, hash) = filmed(&town, &made, "El vídeo de las fiestas.", PART as usize + 700, 41);
    content.link = Some("https://villa.example/fiestas".to_owned());
    sandbox.set(&json!({ "preparing": 9 }));
    let post = release(&town, &content);
    let waiting = tried_and_waiting(&town.author(), &post, 1);
    assert_eq!(waiting.attempts[0].outcome, Some(Came::Preparing), "{:?}", waiting.attempts[0]);
    assert_eq!((house.published(&sandbox).len(), house.tried(&sandbox)), (0, 0), "nothing is published half done");
    let out = until_out(&town, &post);
    let there = house.published(&sandbox);
    assert_eq!((there.len(), &there[0]["id"]), (1, &json!(native_id(&out))));
    assert_eq!(there[0][house.words], "El vídeo de las fiestas.\n\nhttps://villa.example/fiestas");
    assert_eq!((&there[0]["video"], &there[0]["pictures"]), (&shown(house, &hash), &json!([])), "byte by byte");
    assert_eq!((house.made(&sandbox).len(), house.tried(&sandbox)), (1, 1), "one container, once");

    // The address opens the one video, by stretches, and is nothing to be found.
    let [address] = &addresses(&sandbox)[..] else { panic!("one address") };
    let stretch = abroad("GET", address, &[("range", "bytes=4-7")], b"");
    assert_eq!((stretch.status, stretch.body.as_slice()), (206, &b"ftyp"[..]));
    assert_eq!(stretch.headers["cache-control"], "no-store");
    assert_eq!(stretch.headers["x-robots-tag"], "noindex, nofollow");
    assert_eq!(abroad("GET", &format!("{address}0"), &[], b"").status, 404);
    town.ahead(Millis::minutes(25 * 60 + 30));
    assert_eq!(abroad("GET", address, &[], b"").status, 404, "it is over");
}

fn a_lost_answer_is_looked_up(house: House) {
    let (town, sandbox, made) = house.connected(Town::alone("Villa de la Película Perdida"));
    town.arm("impatient=1");
    let author = town.author();
    // Before anything was made: made again. After it was made and nobody was told: made again, and nobody sees the first.
    let makes = house.visible().replace(house.publishes, house.makes);
    for (place, then) in ["drop_before", "drop_after", "status_after"].into_iter().enumerate() {
        town.ahead(Millis(0));
        sandbox.arm(&json!([{ "on": makes, "then": then, "status": 502 }]));
        let (content, _) = filmed(&town, &made, &format!("Antes, {then}."), 5_000, 50 + place as u32);
        until_out(&town, &release(&town, &content));
        assert_eq!((house.published(&sandbox).len(), house.tried(&sandbox)), (place + 1, place + 1), "{then}");
    }
    // The call that counts: done and not answered.
    for (place, then) in ["drop_after", "hang_after", "status_after"].into_iter().enumerate() {
        town.ahead(Millis(0));
        let calls = house.tried(&sandbox);
        sandbox.arm(&json!([{ "on": house.visible(), "then": then, "status": 502 }]));
        let text = format!("Después, {then}.");
        let (content, hash) = filmed(&town, &made, &text, 5_000, 60 + place as u32);
        let post = release(&town, &content);
        author.wait_for(&post.post.id, PublicationState::Unknown);
        sandbox.set(&json!({ "lag": 1 }));
        look_twice(&town);
        let out = author.wait_for(&post.post.id, PublicationState::Out);
        let mut there = house.published(&sandbox);
        there.retain(|post| post[house.words] == text);
        let [one] = &there[..] else { panic!("{then}: {there:?}") };
        assert_eq!((&one["id"], &one["video"]), (&json!(native_id(&out)), &shown(house, &hash)), "{then}");
        assert_eq!(house.tried(&sandbox), calls + 1, "{then}: once, and only once");
    }
}

fn what_expires_on_the_way_is_made_again(house: House) {
    let (town, sandbox, made) = house.connected(Town::alone("Villa del Celuloide"));
    let author = town.author();
    sandbox.set(&json!({ "preparing": 1_000 }));
    let (content, hash) = filmed(&town, &made, "Caducó a medias.", 5_000, 70);
    let post = release(&town, &content);
    tried_and_waiting(&author, &post, 1);
    sandbox.set(&json!({ "preparing": 0, "expire_containers": true }));
    until_out(&town, &post);
    let there = house.published(&sandbox);
    assert_eq!((there.len(), house.made(&sandbox).len(), house.tried(&sandbox)), (1, 2, 1));
    assert_eq!(there[0]["video"], shown(house, &hash));
}

/// `refused`: a flaw as the network names it; `passing`: one that is worth another try.
fn what_cannot_be_prepared_is_told(house: House, refused: &Value, passing: &Value) {
    let (town, sandbox, made) = house.connected(Town::alone("Villa del Rollo Roto"));
    let author = town.author();
    sandbox.set(&json!({ "breaks": refused }));
    let post = release(&town, &filmed(&town, &made, "Se rompe.", 5_000, 80).0);
    let failed = author.wait_for(&post.post.id, PublicationState::Failed);
    let ActState::Failed { failure } = last_act(&failed) else { panic!("{:?}", last_act(&failed)) };
    assert_eq!(failure.kind, FailureKind::ContentRefused);
    let said = refused.to_string();
    assert!(failure.message.contains(said.trim_matches('"')), "{}", failure.message);
    sandbox.set(&json!({ "breaks": passing }));
    until_out(&town, &release(&town, &filmed(&town, &made, "Y este se repite.", 5_000, 81).0));
    assert_eq!((house.published(&sandbox).len(), house.tried(&sandbox)), (1, 1));
}

/// Every limit, exactly and one beyond: by the rule; and what is exactly there goes out.
fn exactly_the_limit_goes_out(house: House, least: u32, most: u32) {
    let (town, sandbox, made) = house.connected(Town::alone("Villa de los Minutos Justos"));
    let author = town.author();
    let (content, _) = filmed(&town, &made, "Justo.", 5_000, 90);
    let said = |of: &dyn Fn(&mut Video)| {
        let mut content = content.clone();
        of(content.video.as_mut().unwrap());
        let found = author.ok(&posts::CHECK, &[], &content);
        found.into_iter().find(|finding| finding.rule == Rule::Video).map(|finding| finding.evidence)
    };
    assert_eq!(said(&|video| video.millis = most), None);
    assert!(matches!(
        said(&|video| video.millis = most + 1),
        Some(Evidence::Video { misfit: Misfit::Longer { limit, .. } }) if limit == most / 1_000
    ));
    if least > 0 {
        assert_eq!(said(&|video| video.millis = least), None);
        let millis = least - 1;
        let misfit = Misfit::Shorter { limit: least, millis };
        assert_eq!(said(&|video| video.millis = millis), Some(Evidence::Video { misfit }));
    }
    for (rate, fits) in [(22, false), (23, true), (60, true), (61, false)] {
        assert_eq!(said(&|video| video.rate = rate).is_none(), fits, "{rate} pictures a second");
    }
    for (width, fits) in [(1_920, true), (1_921, false)] {
        assert_eq!(said(&|video| video.width = width).is_none(), fits, "{width} across");
    }
    assert_eq!(said(&|video| (video.width, video.height) = (9, 17)), None, "an odd shape is a shape");
    assert!(said(&|video| video.codec = domain::video::Codec::Av1).is_some());
    assert_eq!(said(&|video| video.codec = domain::video::Codec::H265), None);
    // An iPhone's, to the last millisecond of what is taken, at the slowest.
    let exact = Shot { millis: most, pictures: 23 * (most / 1_000), size: (9, 17), entry: *b"hvc1", brand: *b"qt  " };
    let bytes = shot(exact, 5_000, 91, &[]);
    let mut content = notice_on(&town, &made, "Hasta el final.");
    content.video = Some(video(&stored(&author, &bytes), ALT));
    until_out(&town, &release(&town, &content));
    assert_eq!(house.published(&sandbox)[0]["video"], shown(house, &sha256_hex(&bytes)));
}

/// `most`: of how many things a carousel is made.
fn it_goes_first_among_pictures(house: House, most: usize) {
    let (town, sandbox, made) = house.connected(Town::alone("Villa del Carrusel Mezclado"));
    let author = town.author();
    let (mut content, hash) = filmed(&town, &made, "Imágenes y vídeo.", 5_000, 97);
    let album = pictures(&author, &mut content, 2);
    // It is no reel there: it has no poster, and that is said.
    crate::poster::pose(&author, &mut content, 97, Some(2_000));
    let found = author.ok(&posts::CHECK, &[], &content);
    assert!(found.iter().any(|one| one.rule == Rule::Poster), "{found:?}");
    content.video.as_mut().unwrap().poster = None;
    sandbox.set(&json!({ "preparing": 9 }));
    let post = release(&town, &content);
    let waiting = tried_and_waiting(&author, &post, 1);
    assert_eq!(waiting.attempts[0].outcome, Some(Came::Preparing), "{:?}", waiting.attempts[0]);
    assert_eq!((house.made(&sandbox).len(), house.tried(&sandbox)), (3, 0), "no whole before its video is ready");
    until_out(&town, &post);
    assert_eq!((house.made(&sandbox).len(), house.tried(&sandbox)), (4, 1), "no child is made again");
    let there = house.published(&sandbox);
    assert_eq!((there.len(), &there[0]["pictures"], &there[0]["video"]), (1, &json!(album), &shown(house, &hash)));
    // Somebody else's client reads all of it, in its order.
    let read = match house.network {
        Network::Threads => sandbox.on_threads("albums", ""),
        _ => sandbox.on_instagram("albums", PAGE, ""),
    };
    let item = |kind: &str, sha256: &Value| json!({ "kind": kind, "sha256": sha256 });
    let items = [item("VIDEO", &json!(hash)), item("IMAGE", &album[0]["sha256"]), item("IMAGE", &album[1]["sha256"])];
    assert_eq!((&read[0][house.words], &read[0]["items"]), (&json!("Imágenes y vídeo."), &json!(items)));
    api_journeys::covered::read(house.network, "mixed carousel");
    // And makes one of the same, which it reads too.
    sandbox.set(&json!({ "preparing": 1 }));
    let [clip, picture, ..] = &addresses(&sandbox)[..] else { panic!("the video and the pictures") };
    let (theirs, read) = match house.network {
        Network::Threads => (sandbox.on_threads("mixed", clip), sandbox.on_threads("albums", "")),
        _ => {
            let both = format!("{clip} {picture}");
            (sandbox.on_instagram("mixed", PAGE, &both), sandbox.on_instagram("albums", PAGE, ""))
        }
    };
    let kinds: Vec<&Value> = read[0]["items"].as_array().unwrap().iter().map(|one| &one["kind"]).collect();
    assert_eq!(kinds, ["VIDEO", "IMAGE"]);
    assert_eq!((theirs.len(), &read[0][house.words]), (1, &json!("A film and a picture.")));
    assert_eq!(read[0]["items"][0]["sha256"], hash, "the very bytes");
    api_journeys::covered::made(house.network, "mixed carousel");

    // It is one of as many.
    content.pictures = vec![content.pictures[0].clone(); most];
    let (limit, count) = (most as u64, most as u64 + 1);
    let found = author.ok(&posts::CHECK, &[], &content);
    let over = found.iter().find(|one| one.rule == Rule::PictureCount).map(|one| one.evidence.clone());
    assert_eq!(over, Some(Evidence::Over { limit, count }));
}

#[test]
fn a_video_goes_first_in_a_carousel_of_instagram() {
    it_goes_first_among_pictures(INSTAGRAM, 10);
}

#[test]
fn a_video_goes_first_in_a_carousel_of_threads() {
    it_goes_first_among_pictures(THREADS, 20);
}

#[test]
fn a_reel_is_fetched_by_stretches_and_published_once() {
    it_is_fetched_by_stretches_and_published_once(INSTAGRAM);
}

#[test]
fn a_video_for_threads_is_fetched_by_stretches_and_published_once() {
    it_is_fetched_by_stretches_and_published_once(THREADS);
}

#[test]
fn a_reel_s_poster_is_fetched_as_the_reel_is() {
    let (town, sandbox, made) = INSTAGRAM.connected(Town::alone("Villa de la Carátula"));
    let (mut content, hash) = filmed(&town, &made, "Con carátula.", 5_000, 96);
    let poster = crate::poster::pose(&town.author(), &mut content, 96, Some(2_000));
    until_out(&town, &release(&town, &content));
    let there = INSTAGRAM.published(&sandbox);
    assert_eq!((&there[0]["video"], &there[0]["poster"]), (&json!(hash), &json!(poster)));
    assert_eq!(INSTAGRAM.made(&sandbox).len(), 1);
}

#[test]
fn lost_answers_of_reels() {
    a_lost_answer_is_looked_up(INSTAGRAM);
}

#[test]
fn lost_answers_of_videos_for_threads() {
    a_lost_answer_is_looked_up(THREADS);
}

#[test]
fn a_reel_that_expired() {
    what_expires_on_the_way_is_made_again(INSTAGRAM);
}

#[test]
fn a_video_for_threads_that_expired() {
    what_expires_on_the_way_is_made_again(THREADS);
}

#[test]
fn broken_reels() {
    what_cannot_be_prepared_is_told(INSTAGRAM, &json!(2_207_026), &json!(2_207_077));
}

#[test]
fn broken_videos_for_threads() {
    what_cannot_be_prepared_is_told(THREADS, &json!("INVALID_DURATION"), &json!("FAILED_DOWNLOADING_VIDEO"));
}

#[test]
fn limits_of_reels() {
    exactly_the_limit_goes_out(INSTAGRAM, 3_000, 900_000);
}

#[test]
fn limits_of_videos_for_threads() {
    exactly_the_limit_goes_out(THREADS, 0, 300_000);
}

#[test]
fn clients_that_are_not_ours_read_our_videos_and_make_their_own() {
    for house in [INSTAGRAM, THREADS] {
        let (town, sandbox, made) = house.connected(Town::alone("Villa de los Dos Proyectores"));
        let (content, hash) = filmed(&town, &made, "Lo lee otro.", 5_000, 95);
        until_out(&town, &release(&town, &content));
        let address = addresses(&sandbox).remove(0);
        let client = |act: &str| match house.network {
            Network::Threads => sandbox.on_threads(act, &address),
            _ => sandbox.on_instagram(act, PAGE, &address),
        };
        let theirs = client("film");
        let read = client("films");
        let said: Vec<&str> = read.iter().map(|post| post[house.words].as_str().unwrap()).collect();
        assert_eq!(said, ["One video.", "Lo lee otro."]);
        assert_eq!(read[0]["id"], theirs[0]);
        for post in &read {
            assert_eq!(post["sha256"], hash, "the very bytes");
        }
        if house.network == Network::Threads {
            assert_eq!((&read[0]["alt"], &read[1]["alt"]), (&json!("A parade."), &json!(ALT)));
        }
        let kind = if house.network == Network::Instagram { "reel" } else { "video" };
        api_journeys::covered::made(house.network, kind);
        api_journeys::covered::read(house.network, kind);
    }
}
