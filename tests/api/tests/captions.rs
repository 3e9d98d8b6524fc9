//! Captions of videos: read by the rules, kept as clean words under their own hash, approved with the content, and shown to citizens
//! with the notice. How each network is given them stands beside that network's videos.

use api_journeys::{
    Member, Raw, Town, approval, because, eventually, id, new_post,
    outside::{Sandbox, agree_at, notice_on, publish, sent_on},
    send, send_as,
};
use domain::{
    Content, Language, MediaId, Network, Refusal,
    captions::{Fault, Flaw, IN_PICTURE, Said},
    delivery::{ActState, Deed, PublicationState},
    policy::{Evidence, Misfit, Mode, Rule},
    record::sha256_hex,
};
use serde_json::json;
use wire::{
    Method,
    posts::{self, PostView},
    videos::{self, Captioned},
};

use crate::video::{ALT, Shot, TEN_SECONDS, boxed, brought, film, shot, stored, video};

/// A file as programs of Windows write it, with what is not for readers.
pub const FILE: &str = "\u{FEFF}1\r\n00:00:00,500 --> 00:00:01,000\r\n<i>¡Buenos días!</i>\r\n\r\n2\r\n00:00:01,000 --> 00:00:01,900\r\n\
                        {\\an8}[Suena un pasodoble] & <b onclick=\"alert(1)\">aplausos</b>\r\n";

/// The same, as it is kept, and as SubRip.
pub const VTT: &str = "WEBVTT\n\n00:00:00.500 --> 00:00:01.000\n¡Buenos días!\n\n00:00:01.000 --> 00:00:01.900\n\
                       [Suena un pasodoble] &amp; aplausos\n";
pub const SRT: &str = "1\n00:00:00,500 --> 00:00:01,000\n¡Buenos días!\n\n2\n00:00:01,000 --> 00:00:01,900\n\
                       [Suena un pasodoble] & aplausos\n";

/// Other words.
pub const OTHER: &str = "WEBVTT\n\n00:00.500 --> 00:01.000\n¡Buenas tardes!\n";
pub const OTHER_SRT: &str = "1\n00:00:00,500 --> 00:00:01,000\n¡Buenas tardes!\n";

fn sent(member: &Member, media: &MediaId, file: &[u8]) -> Raw {
    member.raw(Method::Post, &videos::CAPTION.path(&[media.as_str()]), file)
}

/// Brings a file of captions for a video.
pub fn bring(member: &Member, media: &MediaId, file: &str) -> Captioned {
    sent(member, media, file.as_bytes()).read("bringing captions").unwrap()
}

/// Brings a file for the video of a content, and puts it there in Spanish.
pub fn caption(member: &Member, content: &mut Content, file: &str) {
    let video = content.video.as_mut().unwrap();
    let said = bring(member, &video.media, file).said;
    video.captions.insert(Language::spanish(), said);
}

fn refused(member: &Member, media: &MediaId, file: &[u8]) -> Refusal {
    sent(member, media, file).read::<Captioned>("bringing captions").unwrap_err().into()
}

fn hash_of(said: &str) -> String {
    let Some(Said::File(name)) = Said::read(said) else { panic!("{said}") };
    name.hash
}

/// Two seconds with sound.
fn sounding(seed: u32) -> Vec<u8> {
    let header = [&[0; 12][..], &1_000_u32.to_be_bytes(), &2_000_u32.to_be_bytes(), &[0; 80]].concat();
    let one = [0, 1, 0, 0];
    let cells = [one, [0; 4], [0; 4], [0; 4], one, [0; 4], [0; 4], [0; 4], [64, 0, 0, 0]].concat();
    let samples = [
        boxed(b"stsd", &[&[0, 0, 0, 0, 0, 0, 0, 1][..], &boxed(b"mp4a", &[0; 28])].concat()),
        boxed(b"stts", &[0; 16]),
        boxed(b"stsz", &[0; 12]),
        boxed(b"stco", &[0; 12]),
    ];
    let media = [
        boxed(b"mdhd", &header),
        boxed(b"hdlr", &[&[0; 8][..], b"soun", &[0; 13]].concat()),
        boxed(b"minf", &[boxed(b"smhd", &[0; 8]), boxed(b"stbl", &samples.concat())].concat()),
    ];
    let sound = [boxed(b"tkhd", &[&[0; 40][..], &cells, &[0; 8]].concat()), boxed(b"mdia", &media.concat())];
    let shot_of = Shot { millis: 2_000, pictures: 50, size: (64, 36), ..TEN_SECONDS };
    shot(shot_of, 4_000, seed, &boxed(b"trak", &sound.concat()))
}

fn get(path: &str) -> Raw {
    send("GET", path, &[], b"")
}

/// What the rule on captions finds.
fn found(member: &Member, content: &Content) -> Vec<(Mode, Evidence)> {
    let all = member.ok(&posts::CHECK, &[], content).into_iter().filter(|one| one.rule == Rule::Captions);
    all.map(|one| (one.mode, one.evidence)).collect()
}

#[test]
fn a_file_is_read_by_the_rules_and_kept_as_clean_words_under_their_own_hash() {
    let town = Town::found("Villa Subtitulada");
    let author = town.author();
    let mine = stored(&author, &film(4_000, 301, &[]));
    let there = bring(&author, &mine.id, FILE);
    assert_eq!((there.cues, &*there.said), (2, &*format!("{}-{}", sha256_hex(VTT.as_bytes()), VTT.len())));
    assert_eq!(bring(&author, &mine.id, SRT), there, "the same words are the same captions, whatever they came in");
    assert_ne!(bring(&author, &mine.id, OTHER).said, there.said);

    let hash = hash_of(&there.said);
    let path = videos::CAPTIONS.path(&[&hash]);
    let vtt = author.raw(Method::Get, &path, b"");
    assert_eq!((vtt.status, vtt.text(), vtt.header("content-type")), (200, VTT.to_owned(), "text/vtt; charset=utf-8"));
    assert!(vtt.header("content-security-policy").contains("sandbox"));
    let srt = author.raw(Method::Get, &format!("{path}?kind=srt"), b"");
    assert_eq!((srt.text(), srt.header("content-type")), (SRT.to_owned(), "application/x-subrip; charset=utf-8"));
    assert_ne!(srt.header("etag"), vtt.header("etag"));
    let cookie = format!("__Host-pregon={}", author.session);
    let again = send("GET", &path, &[("cookie", &cookie), ("if-none-match", vtt.header("etag"))], b"");
    assert_eq!((again.status, again.body.len()), (304, 0));
    assert_eq!(author.raw(Method::Get, &videos::CAPTIONS.path(&["..%2F..%2Fsecreto"]), b"").status, 404);
    assert_eq!(send_as(None, Method::Get, &path, b"").status, 401);
}

#[test]
fn what_is_no_captions_is_refused_by_name_and_line() {
    let town = Town::found("Villa Mal Subtitulada");
    let author = town.author();
    let mine = stored(&author, &film(4_000, 302, &[]));
    let cue = |times: &str| format!("1\n{times}\nHola\n").into_bytes();
    for (file, flaw, line) in [
        (b"".to_vec(), Flaw::Empty, 1),
        (b"<html><script>alert(1)</script></html>".to_vec(), Flaw::NoTime, 1),
        (b"1\n00:00:00,000 --> 00:00:01,000\nMa\xF1ana\n".to_vec(), Flaw::NotUtf8, 3),
        (b"\xFF\xFE1\0\n\0".to_vec(), Flaw::NotUtf8, 1),
        (cue("0 --> 1"), Flaw::BadTime, 2),
        (cue("00:00:01,000 --> 00:00:00,500"), Flaw::Backwards, 2),
        (cue("00:00:01,000 --> 00:00:09,000"), Flaw::Late, 2),
        (
            [cue("00:00:01,000 --> 00:00:02,000"), b"\n".to_vec(), cue("00:00:00,100 --> 00:00:01,000")].concat(),
            Flaw::Disordered,
            6,
        ),
        (format!("1\n00:00:00,000 --> 00:00:01,000\n{}\n", "a".repeat(501)).into_bytes(), Flaw::TooLong, 2),
    ] {
        let told = Refusal::BadCaptions { fault: Fault { flaw, line } };
        assert_eq!(refused(&author, &mine.id, &file), told, "{}", String::from_utf8_lossy(&file));
    }
    let heavy = [FILE.as_bytes(), &vec![b'\n'; domain::captions::MOST_BYTES]].concat();
    assert!(matches!(refused(&author, &mine.id, &heavy), Refusal::TooLarge { .. }));
    let coming = brought(&author, "sin-acabar.mp4", &film(4_000, 303, &[]));
    assert_eq!(refused(&author, &coming, FILE.as_bytes()), Refusal::WrongState);
}

#[test]
fn a_content_names_only_captions_that_are_its_organisation_s_and_fit_its_video() {
    let town = Town::found("Villa de los Rótulos");
    let other = town.neighbour("Villa sin Rótulos");
    let (author, stranger) = (town.author(), other.author());
    let mine = stored(&author, &film(4_000, 304, &[]));
    assert_eq!(refused(&stranger, &mine.id, FILE.as_bytes()), Refusal::NotFound);
    let said = bring(&author, &mine.id, FILE).said;
    let path = videos::CAPTIONS.path(&[&hash_of(&said)]);
    assert_eq!(stranger.raw(Method::Get, &path, b"").status, 404);
    let no = |member: &Member, town: &Town, media: &videos::Stored, said: &str| -> Refusal {
        let mut content = town.notice("Con rótulos.");
        let mut of = video(media, ALT);
        of.captions.insert(Language::spanish(), said.to_owned());
        content.video = Some(of);
        member.no(&posts::SAVE, &[new_post().as_str()], &posts::Save { version: 0, content })
    };
    let theirs = stored(&stranger, &film(4_000, 305, &[]));
    assert_eq!(no(&stranger, &other, &theirs, &said), Refusal::NotFound, "another's words");
    let (hash, bytes) = said.split_once('-').unwrap();
    let forged = format!("{hash}-{}", bytes.parse::<u32>().unwrap() + 1);
    assert_eq!(no(&author, &town, &mine, &forged), Refusal::NotFound, "another number about the same words");
    let malformed = Refusal::Malformed { field: "video.captions".to_owned() };
    assert_eq!(no(&author, &town, &mine, "https://evil.example/a.vtt"), malformed);
    // Captions of a longer film do not fit a shorter one.
    let long = stored(&author, &shot(TEN_SECONDS, 4_000, 306, &[]));
    let late = bring(&author, &long.id, "WEBVTT\n\n00:08.000 --> 00:09.000\nFin\n").said;
    assert_eq!(no(&author, &town, &mine, &late), Refusal::NotFound);
}

#[test]
fn the_rule_says_where_they_are_missing_and_where_nobody_would_see_them() {
    let town = Town::found("Villa que Oye Mal");
    let sandbox = Sandbox::start();
    let mastodon = agree_at(&town.administrator(), &sandbox.server, sent_on).unwrap();
    let author = town.author();
    let mut silent = town.notice("Sin sonido.");
    silent.video = Some(video(&stored(&author, &film(4_000, 307, &[])), ALT));
    assert_eq!(found(&author, &silent), []);
    let mut content = town.notice("Con sonido.");
    let mine = stored(&author, &sounding(308));
    assert!(mine.facts.sound);
    content.video = Some(video(&mine, ALT));
    assert_eq!(found(&author, &content), [(Mode::Warn, Evidence::Missing)]);
    caption(&author, &mut content, FILE);
    assert_eq!(found(&author, &content), []);
    // Mastodon has no place for them, and the post goes out as it was agreed to.
    let mut abroad = notice_on(&town, &mastodon, "Con sonido, fuera.");
    abroad.video.clone_from(&content.video);
    let unshown = Evidence::Video { misfit: Misfit::Unshown };
    assert_eq!(found(&author, &abroad), [(Mode::Warn, unshown)]);
    publish(&town, &abroad);
    assert_eq!((sandbox.read("ayuntamiento").len(), sandbox.requests("POST /api/v2/media").len()), (1, 1));
    abroad.video.as_mut().unwrap().captions.insert(Language::spanish(), IN_PICTURE.to_owned());
    assert_eq!(found(&author, &abroad), []);
}

#[test]
fn they_are_agreed_to_with_the_video_and_citizens_read_them_as_long_as_the_notice_is_up() {
    let town = Town::found("Villa del Rótulo");
    let (author, mayor) = (town.author(), town.mayor());
    let mut content = town.notice("El pregón, con subtítulos.");
    content.video = Some(video(&stored(&author, &sounding(309)), ALT));
    caption(&author, &mut content, FILE);
    let draft = author.write(&content);
    let submitted = author.submit(&draft);
    // Other words are another content: what was asked for is no longer there to be agreed to.
    let signed = approval(&submitted);
    let mut other = content.clone();
    caption(&author, &mut other, OTHER);
    assert_ne!(other.hash(), content.hash());
    let edited = author.edit(&submitted, &other);
    assert!(mayor.ask(&posts::DECIDE, &[id(&edited)], &signed).is_err());
    let approved = mayor.approve(&author.submit(&author.edit(&edited, &content)));
    let said = content.video.as_ref().unwrap().captions[&Language::spanish()].clone();
    let file = format!("/{}/captions/{}", town.founded.slug, hash_of(&said));
    assert_eq!(get(&file).status, 404, "not before it is out");
    author.release(&approved);
    author.wait_for(&draft.post.id, PublicationState::Out);

    let page = get(&format!("/{}/posts/{}", town.founded.slug, draft.post.id));
    let text = page.text();
    let track = text.split("<track ").nth(1).and_then(|rest| rest.split('>').next()).expect("captions");
    for part in ["kind=\"captions\"", &format!("src=\"{file}\""), "srclang=\"es\"", "default"] {
        assert!(track.contains(part), "{track}");
    }
    assert!(
        text.contains("[Suena un pasodoble] &amp; aplausos") && !text.contains("onclick"),
        "they are there to read, too"
    );
    assert!(page.header("content-security-policy").contains("media-src 'self'"));
    let served = get(&file);
    assert_eq!((served.status, served.text()), (200, VTT.to_owned()));
    let others = format!(
        "/{}/captions/{}",
        town.founded.slug,
        hash_of(&bring(&author, &content.video.as_ref().unwrap().media, OTHER).said)
    );
    assert_eq!(get(&others).status, 404, "what no notice shows is nobody's to read");

    // Corrected: the new words, and no longer the old ones.
    let view = author.read(&draft.post.id);
    let correct = posts::Correct {
        version: view.post.version,
        content: other.clone(),
        reason: "Decía otra cosa.".to_owned(),
        checked: None,
    };
    let proposed = author.ok(&posts::CORRECT, &[id(&view)], &correct);
    mayor.ok(&posts::DECIDE, &[id(&view)], &approval(&proposed));
    eventually("the correction", || {
        let view = author.read(&draft.post.id);
        let last = view.publications[0].acts.last()?;
        (last.deed == Deed::Edit && matches!(last.state, ActState::Done { .. })).then_some(())
    });
    assert_eq!((get(&file).status, get(&others).status), (404, 200));
    let view = author.read(&draft.post.id);
    author.ok(&posts::TAKE_DOWN, &[id(&view)], &because(&view, "Sin permiso."));
    author.wait_for(&draft.post.id, PublicationState::TakenDown);
    assert_eq!(get(&others).status, 404, "taken down with the notice");
}

#[test]
fn at_bluesky_s_own_server_they_hang_at_the_video_in_their_language() {
    let (town, account, made) = crate::bluesky::signed_in("Villa del Subtítulo Azul");
    let (author, mayor) = (town.author(), town.mayor());
    let mut content = notice_on(&town, &made, "El corto, con subtítulos.");
    content.video = Some(video(&stored(&author, &film(9_000, 310, &[])), ALT));
    caption(&author, &mut content, FILE);
    let out = publish(&town, &content);
    let shown = |text: &str| json!([{ "lang": "es", "mime": "text/vtt", "text": text }]);
    assert_eq!(account.posts()[0]["video"]["captions"], shown(VTT));
    api_journeys::covered::read(Network::Bluesky, "captions");
    // Other words in the same record.
    let mut right = content.clone();
    caption(&author, &mut right, OTHER);
    let correct = |out: &PostView, content: &Content| {
        let version = author.read(&out.post.id).post.version;
        let correct =
            posts::Correct { version, content: content.clone(), reason: "Estaban mal.".to_owned(), checked: None };
        let proposed = author.ok(&posts::CORRECT, &[id(out)], &correct);
        mayor.ok(&posts::DECIDE, &[id(out)], &approval(&proposed));
    };
    correct(&out, &right);
    let other = shown("WEBVTT\n\n00:00:00.500 --> 00:00:01.000\n¡Buenas tardes!\n");
    eventually("the other words", || (account.posts()[0]["video"]["captions"] == other).then_some(()));
    assert_eq!(account.posts().len(), 1);
}
