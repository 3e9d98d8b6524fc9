//! Videos: brought in parts that the bucket verifies, taken up again, looked at, shown by stretches; and sent to the networks
//! whose interface takes them, to be read back there by clients that are not ours.

use std::collections::BTreeMap;

use api_journeys::{
    Member, No, Raw, Town, approval, at, because, eventually, id, last_act,
    outside::{Sandbox, agree_at, agree_at_network, app_of_tumblr, notice_on, publish, release, sent_on},
    send, send_as, url,
};
use domain::{
    Content, Language, MediaId, Millis, Network, Refusal, Video,
    delivery::{ActState, Deed, PublicationState},
    policy::{Evidence, Misfit, Rule},
    record::sha256_hex,
    video::{Flaw, MOST_BYTES, PART, Part, identity, length},
};
use serde_json::{Value, json};
use wire::{
    Method, Nothing, posts,
    videos::{self, Begin, Coming, Stored},
};

/// A box of ISO/IEC 14496-12.
pub fn boxed(name: &[u8; 4], body: &[u8]) -> Vec<u8> {
    [&u32::try_from(body.len() + 8).unwrap().to_be_bytes()[..], name, body].concat()
}

/// What a made-up film is.
#[derive(Debug, Clone, Copy)]
pub struct Shot {
    /// How long it lasts, in milliseconds.
    pub millis: u32,
    /// Pictures in it.
    pub pictures: u32,
    /// Pixels across and down.
    pub size: (u16, u16),
    /// The name of how its picture is coded.
    pub entry: [u8; 4],
    /// Whose file it is.
    pub brand: [u8; 4],
}

/// Ten seconds that every network takes.
pub const TEN_SECONDS: Shot =
    Shot { millis: 10_000, pictures: 250, size: (640, 360), entry: *b"avc1", brand: *b"isom" };

/// A file with everything that a look at it wants to see, and content that nobody could play: two seconds of 64 × 36 pixels,
/// and `content` bytes that follow from `seed`. `extra` stands in its index.
pub fn film(content: usize, seed: u32, extra: &[u8]) -> Vec<u8> {
    shot(Shot { millis: 2_000, pictures: 50, size: (64, 36), ..TEN_SECONDS }, content, seed, extra)
}

/// The same, of another film.
pub fn shot(shot: Shot, content: usize, seed: u32, extra: &[u8]) -> Vec<u8> {
    let header = [&[0; 12][..], &1_000_u32.to_be_bytes(), &shot.millis.to_be_bytes(), &[0; 80]].concat();
    let one = [0, 1, 0, 0];
    let cells = [one, [0; 4], [0; 4], [0; 4], one, [0; 4], [0; 4], [0; 4], [64, 0, 0, 0]].concat();
    let entry = [&[0; 24][..], &shot.size.0.to_be_bytes(), &shot.size.1.to_be_bytes(), &[0; 50]].concat();
    let samples = [
        boxed(b"stsd", &[&[0, 0, 0, 0, 0, 0, 0, 1][..], &boxed(&shot.entry, &entry)].concat()),
        boxed(b"stts", &[0; 16]),
        boxed(b"stsz", &[&[0; 8][..], &shot.pictures.to_be_bytes()].concat()),
        boxed(b"stco", &[0; 12]),
    ];
    let media = [
        boxed(b"mdhd", &header),
        boxed(b"hdlr", &[&[0; 8][..], b"vide", &[0; 13]].concat()),
        boxed(b"minf", &[boxed(b"vmhd", &[0; 12]), boxed(b"stbl", &samples.concat())].concat()),
    ];
    let track = [boxed(b"tkhd", &[&[0; 40][..], &cells, &[0; 8]].concat()), boxed(b"mdia", &media.concat())];
    let index = [boxed(b"mvhd", &header), boxed(b"trak", &track.concat()), extra.to_vec()];
    let mut number = seed;
    let bytes: Vec<u8> = std::iter::repeat_with(|| {
        number = number.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (number >> 24) as u8
    })
    .take(content)
    .collect();
    [
        boxed(b"ftyp", &[&shot.brand[..], &[0; 4], &shot.brand].concat()),
        boxed(b"moov", &index.concat()),
        boxed(b"mdat", &bytes),
    ]
    .concat()
}

/// A film of two parts, the second a short one.
fn two_parts(seed: u32) -> Vec<u8> {
    film(PART as usize + 700, seed, &[])
}

/// Begins to bring one.
pub fn begin(member: &Member, name: &str, bytes: u64) -> Result<Coming, No> {
    member.ask(&videos::BEGIN, &[], &Begin { name: name.to_owned(), bytes })
}

/// The bytes of a part.
fn cut(bytes: &[u8], place: u32) -> &[u8] {
    let from = place as usize * PART as usize;
    &bytes[from..bytes.len().min(from + PART as usize)]
}

fn put(member: &Member, video: &MediaId, place: u32, hash: &str, bytes: &[u8]) -> Raw {
    let cookie = format!("__Host-pregon={}", member.session);
    let headers = [
        ("origin", url()),
        ("x-pregon", "1"),
        ("cookie", &*cookie),
        ("content-type", "application/octet-stream"),
        ("x-pregon-sha256", hash),
    ];
    send("PUT", &videos::PART.path(&[video.as_str(), &place.to_string()]), &headers, bytes)
}

fn parts_of(bytes: &[u8]) -> Vec<Part> {
    let part = |place| {
        let bytes = cut(bytes, place);
        Part { place, hash: sha256_hex(bytes), bytes: bytes.len() as u32 }
    };
    (0..domain::video::count(bytes.len() as u32)).map(part).collect()
}

fn finish(member: &Member, video: &MediaId) -> Result<Stored, No> {
    member.ask(&videos::FINISH, &[video.as_str()], &Nothing {})
}

/// Brings a film as far as its end.
pub fn brought(member: &Member, name: &str, bytes: &[u8]) -> MediaId {
    let coming = begin(member, name, bytes.len() as u64).unwrap();
    for part in parts_of(bytes) {
        let raw = put(member, &coming.id, part.place, &part.hash, cut(bytes, part.place));
        assert_eq!(raw.status, 200, "{}", raw.text());
    }
    coming.id
}

/// Brings and ends it.
pub fn stored(member: &Member, bytes: &[u8]) -> Stored {
    let name = format!("film-{}.mp4", &sha256_hex(bytes)[..8]);
    finish(member, &brought(member, &name, bytes)).unwrap()
}

/// A stored video as it stands in a content.
pub fn video(stored: &Stored, alt: &str) -> Video {
    let Stored { id, hash, bytes, facts } = stored.clone();
    Video {
        media: id,
        hash,
        mime: facts.mime,
        codec: facts.codec,
        bytes,
        width: facts.width,
        height: facts.height,
        millis: facts.millis,
        rate: facts.rate,
        sound: facts.sound,
        file_name: "fiestas.mp4".to_owned(),
        alt: BTreeMap::from([(Language::spanish(), alt.to_owned())]),
        captions: BTreeMap::new(),
        poster: None,
    }
}

pub const ALT: &str = "La banda toca un pasodoble en la plaza; al final, aplausos.";

fn get(path: &str, headers: &[(&str, &str)]) -> Raw {
    send("GET", path, headers, b"")
}

fn range(member: &Member, path: &str, asked: &str) -> Raw {
    let cookie = format!("__Host-pregon={}", member.session);
    get(path, &[("cookie", &cookie), ("range", asked)])
}

#[test]
fn a_video_is_brought_in_parts_taken_up_again_and_shown_by_stretches() {
    let town = Town::found("Villa de la Película");
    let author = town.author();
    let bytes = two_parts(1);
    let parts = parts_of(&bytes);
    let first = begin(&author, "fiestas.mp4", bytes.len() as u64).unwrap();
    assert_eq!((first.bytes as usize, first.parts.as_slice()), (bytes.len(), &[][..]));
    assert_eq!(put(&author, &first.id, 1, &parts[1].hash, cut(&bytes, 1)).status, 200);
    assert_eq!(finish(&author, &first.id).unwrap_err().fault.refusal, Refusal::WrongState, "a part is missing");
    // The connection broke; whoever comes back is told what is there.
    let again = begin(&author, "fiestas.mp4", bytes.len() as u64).unwrap();
    assert_eq!((&again.id, again.parts.as_slice()), (&first.id, &parts[1..]));
    assert_eq!(author.ok(&videos::PARTS, &[first.id.as_str()], &Nothing {}), again);
    assert_eq!(put(&author, &first.id, 1, &parts[1].hash, cut(&bytes, 1)).status, 200, "twice is once");
    assert_eq!(put(&author, &first.id, 0, &parts[0].hash, cut(&bytes, 0)).status, 200);
    let ended = finish(&author, &first.id).unwrap();
    assert_eq!((ended.bytes as usize, &ended.hash), (bytes.len(), &identity(&parts)));
    let facts = ended.facts;
    assert_eq!((facts.width, facts.height, facts.millis, facts.rate, facts.sound), (64, 36, 2_000, 25, false));
    assert_eq!(finish(&author, &first.id).unwrap(), ended, "an answer that was lost");

    let path = videos::VIDEO.path(&[first.id.as_str()]);
    let whole = author.raw(Method::Get, &path, b"");
    assert_eq!((whole.status, whole.body.len(), sha256_hex(&whole.body)), (200, bytes.len(), sha256_hex(&bytes)));
    assert_eq!((whole.header("accept-ranges"), whole.header("content-type")), ("bytes", "video/mp4"));
    assert_eq!(whole.header("content-length"), bytes.len().to_string());
    assert!(whole.header("content-security-policy").contains("sandbox"));
    let (middle, last) = (PART as usize, bytes.len() - 1);
    for (asked, from, to) in [
        ("bytes=0-9".to_owned(), 0, 9),
        (format!("bytes={}-{}", middle - 5, middle + 5), middle - 5, middle + 5),
        (format!("bytes={}-", last - 20), last - 20, last),
        ("bytes=-7".to_owned(), last - 6, last),
    ] {
        let stretch = range(&author, &path, &asked);
        assert_eq!((stretch.status, stretch.body.as_slice()), (206, &bytes[from..=to]), "{asked}");
        assert_eq!(stretch.header("content-range"), format!("bytes {from}-{to}/{}", bytes.len()));
    }
    let beyond = range(&author, &path, &format!("bytes={}-", bytes.len()));
    assert_eq!((beyond.status, beyond.header("content-range")), (416, &*format!("bytes */{}", bytes.len())));
    let cookie = format!("__Host-pregon={}", author.session);
    let tag = whole.header("etag");
    assert_eq!(get(&path, &[("cookie", &cookie), ("if-none-match", tag)]).status, 304);
    let other = get(&path, &[("cookie", &cookie), ("range", "bytes=0-9"), ("if-range", "\"another\"")]);
    assert_eq!((other.status, other.body.len()), (200, bytes.len()), "a stretch of another version is none of this");

    // The same film under another name is the same video, and what was brought for it goes.
    let twin = brought(&author, "otra vez.mp4", &bytes);
    assert_ne!(twin, first.id);
    assert_eq!(finish(&author, &twin).unwrap(), ended);
    assert_eq!(author.no(&videos::PARTS, &[twin.as_str()], &Nothing {}), Refusal::NotFound);
}

#[test]
fn a_part_is_what_its_hash_says_and_is_never_replaced() {
    let town = Town::found("Villa de las Partes");
    let author = town.author();
    let bytes = film(5_000, 2, &[]);
    let right = sha256_hex(&bytes);
    let coming = begin(&author, "a.mp4", bytes.len() as u64).unwrap();
    let refused = |hash: &str, place: u32, body: &[u8]| -> Refusal {
        put(&author, &coming.id, place, hash, body).read::<Nothing>("putting").unwrap_err().into()
    };
    let otherwise = Refusal::Malformed { field: "x-pregon-sha256".to_owned() };
    assert_eq!(refused(&sha256_hex(b"other bytes"), 0, &bytes), otherwise, "the bucket reckons it");
    assert_eq!(refused("zz", 0, &bytes), otherwise);
    let mut swapped = bytes.clone();
    swapped[3_000] ^= 1;
    assert_eq!(refused(&right, 0, &swapped), otherwise);
    let body = Refusal::Malformed { field: "body".to_owned() };
    assert_eq!(refused(&sha256_hex(&bytes[1..]), 0, &bytes[1..]), body, "one byte less than was said");
    assert_eq!(refused(&right, 1, &bytes), Refusal::NotFound, "there is one part");
    assert_eq!(author.ok(&videos::PARTS, &[coming.id.as_str()], &Nothing {}).parts, []);
    assert_eq!(put(&author, &coming.id, 0, &right, &bytes).status, 200);
    let other = film(5_000, 3, &[]);
    assert_eq!(refused(&sha256_hex(&other), 0, &other), Refusal::WrongState);
    assert_eq!(finish(&author, &coming.id).unwrap().hash, identity(&parts_of(&bytes)));
    assert_eq!(refused(&right, 0, &bytes), Refusal::WrongState, "it is ended");
    assert_eq!(author.no(&videos::GIVE_UP, &[coming.id.as_str()], &Nothing {}), Refusal::WrongState);
}

#[test]
fn what_is_no_video_or_tells_too_much_is_refused_by_name_and_early() {
    let town = Town::found("Villa Reservada");
    let author = town.author();
    let position = boxed(b"udta", &boxed(b"\xa9xyz", b"\0\x12\x15\xc7+42.8800-008.5400/"));
    let whole = film(3_000, 4, &[]);
    let fragments = [whole.clone(), boxed(b"moof", &[])].concat();
    let sensor = boxed(b"trak", &boxed(b"mdia", &[]));
    for (name, bytes, flaw) in [
        ("a.mp4", b"<html><script>alert(1)</script></html>".to_vec(), Flaw::NotAVideo),
        ("b.mp4", film(3_000, 5, &position), Flaw::Telling),
        ("c.mp4", fragments, Flaw::Fragments),
        ("d.mp4", whole[..whole.len() - 1].to_vec(), Flaw::Broken),
        ("e.mp4", film(3_000, 6, &sensor), Flaw::Broken),
    ] {
        let video = brought(&author, name, &bytes);
        let no: Refusal = finish(&author, &video).unwrap_err().into();
        assert_eq!(no, Refusal::BadVideo { flaw }, "{name}");
        assert_eq!(author.no(&videos::PARTS, &[video.as_str()], &Nothing {}), Refusal::NotFound, "it does not stay");
    }
    let early = |bytes| -> Refusal { begin(&author, "largo.mp4", bytes).unwrap_err().into() };
    let limit = u64::from(MOST_BYTES);
    assert_eq!(early(limit + 1), Refusal::VideoTooLarge { limit, bytes: limit + 1 });
    assert_eq!(early(u64::MAX), Refusal::VideoTooLarge { limit, bytes: u64::MAX });
    assert_eq!(early(0), Refusal::BadVideo { flaw: Flaw::NotAVideo });
    // What is begun counts: fourteen of the longest are more than is kept for one organisation.
    let kept = (0..14).find_map(|n| match begin(&author, &format!("{n}.mp4"), limit) {
        Ok(_) => None,
        Err(no) => Some((n, Refusal::from(no))),
    });
    let (begun, no) = kept.expect("the store is not endless");
    assert_eq!((begun, no), (13, Refusal::StoreFull { limit: domain::video::MOST_KEPT, kept: 13 * limit }));
    let coming = begin(&author, "0.mp4", limit).unwrap();
    author.ok(&videos::GIVE_UP, &[coming.id.as_str()], &Nothing {});
    begin(&author, "otro.mp4", limit).unwrap();
}

#[test]
fn another_organisation_sees_nothing_of_it() {
    let town = Town::found("Villa del Cine");
    let other = town.neighbour("Villa Mirona");
    let (author, stranger) = (town.author(), other.author());
    let bytes = film(4_000, 7, &[]);
    let coming = begin(&author, "a.mp4", bytes.len() as u64).unwrap();
    assert_ne!(begin(&stranger, "a.mp4", bytes.len() as u64).unwrap().id, coming.id);
    let part = sha256_hex(&bytes);
    assert_eq!(put(&stranger, &coming.id, 0, &part, &bytes).status, 404);
    assert_eq!(put(&author, &coming.id, 0, &part, &bytes).status, 200);
    let mine = finish(&author, &coming.id).unwrap();
    assert_eq!(stranger.raw(Method::Get, &videos::VIDEO.path(&[mine.id.as_str()]), b"").status, 404);
    assert_eq!(send_as(None, Method::Get, &videos::VIDEO.path(&[mine.id.as_str()]), b"").status, 401);
    let mut content = other.notice("Una película ajena.");
    content.video = Some(video(&mine, ALT));
    let save = posts::Save { version: 0, content };
    assert_eq!(stranger.no(&posts::SAVE, &[api_journeys::new_post().as_str()], &save), Refusal::NotFound);
    // Other numbers about the same video are not the organisation's video.
    let mut forged = town.notice("Una película falsa.");
    forged.video = Some(Video { millis: 1, ..video(&mine, ALT) });
    let save = posts::Save { version: 0, content: forged };
    assert_eq!(author.no(&posts::SAVE, &[api_journeys::new_post().as_str()], &save), Refusal::NotFound);
}

#[test]
fn on_the_noticeboard_it_plays_without_a_script_as_long_as_the_notice_is_up() {
    let town = Town::found("Villa del Pregón");
    let (author, mayor) = (town.author(), town.mayor());
    let bytes = two_parts(8);
    let mine = stored(&author, &bytes);
    let mut content = town.notice("El pregón de las fiestas.");
    content.video = Some(video(&mine, ""));
    let draft = author.write(&content);
    let no = author.ask(&posts::SUBMIT, &[id(&draft)], &at(&draft)).unwrap_err();
    assert!(no.fault.findings.iter().any(|finding| finding.rule == Rule::AltText), "{:?}", no.fault.findings);
    content.video = Some(video(&mine, ALT));
    let file = format!("/{}/video/{}", town.founded.slug, mine.id);
    let approved = mayor.approve(&author.submit(&author.edit(&draft, &content)));
    assert_eq!(get(&file, &[]).status, 404, "not before it is out");
    author.release(&approved);
    author.wait_for(&draft.post.id, PublicationState::Out);

    let page = get(&format!("/{}/posts/{}", town.founded.slug, draft.post.id), &[]);
    let text = page.text();
    let tag = text.split("<video ").nth(1).and_then(|rest| rest.split('>').next()).expect("a player");
    for part in ["controls", "preload=\"none\"", &format!("src=\"{file}\""), &format!("aria-label=\"{ALT}\"")] {
        assert!(tag.contains(part), "{tag}");
    }
    assert!(text.matches(ALT).count() >= 2 && !text.contains("<script"), "it is there to read, too");
    assert!(page.header("content-security-policy").contains("media-src 'self'"));
    let all = get(&file, &[]);
    assert_eq!((all.status, sha256_hex(&all.body)), (200, sha256_hex(&bytes)));
    let stretch = get(&file, &[("range", "bytes=4-7")]);
    assert_eq!((stretch.status, stretch.body.as_slice()), (206, &b"ftyp"[..]));
    let feed: Value = serde_json::from_slice(&get(&format!("/{}/feed.json", town.founded.slug), &[]).body).unwrap();
    let attached = &feed["items"][0]["attachments"][0];
    assert!(attached["url"].as_str().unwrap().ends_with(&file), "{feed}");
    assert_eq!((&attached["mime_type"], &attached["duration_in_seconds"]), (&json!("video/mp4"), &json!(2)));
    let board = get(&format!("/{}/", town.founded.slug), &[]).text();
    assert!(board.contains("0 min 2 s") && !board.contains("<video"));

    let view = author.read(&draft.post.id);
    author.ok(&posts::TAKE_DOWN, &[id(&view)], &because(&view, "Sin permiso."));
    author.wait_for(&draft.post.id, PublicationState::TakenDown);
    assert_eq!(get(&file, &[]).status, 404, "taken down with the notice");
}

/// The same content with another text.
fn saying(content: &Content, text: &str) -> Content {
    let mut content = content.clone();
    content.texts.values_mut().for_each(|old| text.clone_into(old));
    content
}

#[test]
fn at_mastodon_it_is_uploaded_once_however_long_the_server_works_on_it() {
    let town = Town::alone("Villa del Estreno");
    let sandbox = Sandbox::start();
    let made = agree_at(&town.administrator(), &sandbox.server, sent_on).unwrap();
    assert_eq!(made.limits.video_bytes, Some(103_809_024));
    let author = town.author();
    let bytes = two_parts(9);
    let mut content = notice_on(&town, &made, "El estreno del viernes.");
    content.video = Some(video(&stored(&author, &bytes), ALT));
    // More looks than one invocation takes.
    sandbox.set(&json!({ "media_polls": 8 }));
    let post = release(&town, &content);
    let mut ahead = 0;
    eventually("it to be out", || {
        ahead += 1;
        town.ahead(Millis::minutes(ahead));
        town.tick();
        town.settle();
        (author.read(&post.post.id).publications[0].state == PublicationState::Out).then_some(())
    });
    let statuses = sandbox.read("ayuntamiento");
    let [status] = &statuses[..] else { panic!("{statuses:?}") };
    let shown = json!([{ "type": "video", "description": ALT, "ok": true, "sha256": sha256_hex(&bytes) }]);
    assert_eq!((&status["pictures"], &status["source"]), (&shown, &json!("El estreno del viernes.")));
    api_journeys::covered::read(Network::Mastodon, "video");
    assert_eq!(sandbox.requests("POST /api/v2/media").len(), 1, "not sent again because it takes its time");
    assert_eq!(sandbox.requests("POST /api/v1/statuses").len(), 1, "not before it was ready");
}

#[test]
fn at_mastodon_a_server_that_fails_is_tried_again_and_one_that_forgot_is_sent_it_anew() {
    let town = Town::alone("Villa del Reestreno");
    let sandbox = Sandbox::start();
    let made = agree_at(&town.administrator(), &sandbox.server, sent_on).unwrap();
    let author = town.author();
    let bytes = film(9_000, 10, &[]);
    let mut content = notice_on(&town, &made, "Otra vez el viernes.");
    content.video = Some(video(&stored(&author, &bytes), ALT));
    sandbox.set(&json!({ "media_polls": 1 }));
    sandbox.arm(&json!([
        { "on": "POST /api/v2/media", "then": "status_before", "status": 503 },
        { "on": "GET /api/v1/media/*", "then": "status_before", "status": 503 },
        { "on": "GET /api/v1/media/*", "then": "status_before", "status": 404 },
    ]));
    let post = release(&town, &content);
    let mut ahead = 0;
    eventually("it to be out", || {
        ahead += 1;
        town.ahead(Millis::minutes(ahead));
        town.tick();
        town.settle();
        (author.read(&post.post.id).publications[0].state == PublicationState::Out).then_some(())
    });
    let statuses = sandbox.read("ayuntamiento");
    assert_eq!((statuses.len(), &statuses[0]["pictures"][0]["sha256"]), (1, &json!(sha256_hex(&bytes))));
    assert_eq!(sandbox.requests("POST /api/v2/media").len(), 3, "refused, lost, and taken");
}

#[test]
fn at_bluesky_s_own_server_its_own_client_finds_the_very_bytes() {
    let (town, account, made) = crate::bluesky::town("Villa del Cortometraje");
    let author = town.author();
    let bytes = two_parts(11);
    let mut content = notice_on(&town, &made, "El cortometraje de la escuela.");
    content.link = Some("https://villa.example/corto".to_owned());
    content.video = Some(video(&stored(&author, &bytes), ALT));
    let out = publish(&town, &content);
    let posts = account.posts();
    let [post] = &posts[..] else { panic!("{posts:?}") };
    let shown = json!({
        "alt": ALT, "aspectRatio": { "width": 64, "height": 36 }, "mime": "video/mp4", "sha256": sha256_hex(&bytes),
    });
    assert_eq!((&post["video"], &post["valid"], &post["images"]), (&shown, &json!(true), &json!([])));
    api_journeys::covered::read(Network::Bluesky, "video");
    assert_eq!(post["text"], "El cortometraje de la escuela.\n\nhttps://villa.example/corto");

    let right = saying(&content, "El cortometraje del instituto.");
    let correct = posts::Correct {
        version: out.post.version,
        content: right,
        reason: "No era la escuela.".to_owned(),
        checked: None,
    };
    let proposed = author.ok(&posts::CORRECT, &[id(&out)], &correct);
    town.mayor().ok(&posts::DECIDE, &[id(&out)], &approval(&proposed));
    eventually("the edit to be out", || {
        let view = author.read(&out.post.id);
        let last = view.publications[0].acts.last()?;
        (last.deed == Deed::Edit && matches!(last.state, ActState::Done { .. })).then_some(())
    });
    let posts = account.posts();
    assert_eq!((posts.len(), &posts[0]["video"]), (1, &shown));
    assert!(posts[0]["text"].as_str().unwrap().starts_with("El cortometraje del instituto."));
}

#[test]
fn to_telegram_it_goes_with_its_caption_which_can_be_corrected() {
    let town = Town::alone("Villa de la Emisión");
    let sandbox = Sandbox::start();
    let made = crate::telegram::connect(&town.administrator(), &sandbox);
    let author = town.author();
    let bytes = two_parts(12);
    let mut content = notice_on(&town, &made, "La emisión de las ocho.");
    content.video = Some(video(&stored(&author, &bytes), ALT));
    let out = publish(&town, &content);
    let messages = sandbox.messages();
    let [message] = &messages[..] else { panic!("{messages:?}") };
    let shown = json!({ "sha256": sha256_hex(&bytes), "width": 64, "height": 36, "duration": 2, "streaming": true });
    assert_eq!((&message["text"], &message["video"]), (&json!("La emisión de las ocho."), &shown));

    let edited = crate::telegram::correct(&town, &out, saying(&content, "La emisión de las nueve."));
    assert!(matches!(last_act(&edited), ActState::Done { .. }), "{:?}", last_act(&edited));
    let messages = sandbox.messages();
    assert_eq!((&messages[0]["text"], &messages[0]["video"]), (&json!("La emisión de las nueve."), &shown));
    let read = sandbox.in_telegram(&[messages[0]["id"].as_i64().unwrap()]).remove(1);
    assert_eq!((&read["text"], &read["video"]), (&json!("La emisión de las nueve."), &json!([64, 36, 2])));
    api_journeys::covered::read(Network::Telegram, "video");
    // Another video is another message: a person is needed.
    let mut other = saying(&content, "La emisión de las diez.");
    other.video = Some(video(&stored(&author, &film(6_000, 13, &[])), ALT));
    let handed = crate::telegram::correct(&town, &edited, other);
    assert!(matches!(last_act(&handed), ActState::InHand { .. }), "{:?}", last_act(&handed));
    assert_eq!(sandbox.messages()[0]["video"], shown, "no half of it was done");
}

#[test]
fn a_text_without_its_video_never_goes_where_it_is_not_sent() {
    let town = Town::found("Villa sin Cine");
    let (author, administrator) = (town.author(), town.administrator());
    let by_hand = administrator.connect_by_hand(Network::Tumblr, None);
    let mut content = notice_on(&town, &by_hand, "Con película y cartel.");
    content.video = Some(video(&stored(&author, &film(5_000, 14, &[])), ALT));
    content
        .pictures
        .push(crate::media::picture(&crate::media::stored(&author, &crate::media::png(6, 4)), "El cartel."));
    // By hand: a person publishes it, with the kit.
    let post = release(&town, &content);
    author.wait_for(&post.post.id, PublicationState::InHand);
    // By an interface: not both, and it is said before anybody agrees to it.
    let sandbox = Sandbox::start();
    town.stand_in(Network::Tumblr, &sandbox.server);
    let page = agree_at_network(&administrator, &app_of_tumblr(Some(&by_hand.id))).unwrap();
    assert_eq!((&page.id, page.assisted), (&by_hand.id, false));
    let draft = author.write(&content);
    let no = author.ask(&posts::SUBMIT, &[id(&draft)], &at(&draft)).unwrap_err();
    let beside = Evidence::Video { misfit: Misfit::Beside };
    let found = no.fault.findings.iter().any(|one| one.rule == Rule::Video && one.evidence == beside);
    assert!(found, "{:?}", no.fault.findings);
    // What was agreed to while it was by hand stays with a person, and nothing goes to the page.
    let view = author.read(&post.post.id);
    assert_eq!(view.publications[0].state, PublicationState::InHand);
    assert_eq!(sandbox.published("tumblr"), Vec::<Value>::new());
}

#[test]
fn what_was_begun_and_never_ended_is_cleaned_up_after_two_days() {
    let town = Town::alone("Villa del Olvido");
    let author = town.author();
    let bytes = film(2_000, 15, &[]);
    let kept = stored(&author, &bytes);
    let coming = begin(&author, "olvidado.mp4", 5_000).unwrap();
    town.ahead(Millis::days(1));
    town.tick();
    // Sessions end meanwhile.
    let author = town.author();
    assert_eq!(author.ok(&videos::PARTS, &[coming.id.as_str()], &Nothing {}).id, coming.id);
    town.ahead(Millis::days(4));
    let author = town.author();
    eventually("the sweep", || {
        town.tick();
        author.ask(&videos::PARTS, &[coming.id.as_str()], &Nothing {}).is_err().then_some(())
    });
    let whole = author.raw(Method::Get, &videos::VIDEO.path(&[kept.id.as_str()]), b"");
    assert_eq!((whole.status, whole.body), (200, bytes), "what is ended stays");
    assert_eq!(length(5_000, 0), Some(5_000));
}
