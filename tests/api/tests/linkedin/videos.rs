//! Videos at LinkedIn: announced, sent in pieces to the addresses that are given for them, over as many invocations as they take,
//! worked on there, then posted once.

use domain::{
    policy::{Evidence, Misfit},
    record::sha256_hex,
    video::{PART, VideoType},
};
use wire::publications::Came;

use super::*;
use crate::video::{ALT, Shot, TEN_SECONDS, shot, stored, video};

fn of(town: &Town, made: &Channel, text: &str, bytes: &[u8]) -> Content {
    let mut post = notice_on(town, made, text);
    post.video = Some(video(&stored(&town.author(), bytes), ALT));
    post
}

/// A post with a video of two pieces.
fn filmed(town: &Town, made: &Channel, text: &str, seed: u32) -> (Content, String) {
    let bytes = shot(TEN_SECONDS, 4_300_000, seed, &[]);
    (of(town, made, text, &bytes), sha256_hex(&bytes))
}

fn calls(sandbox: &Sandbox, on: &str) -> usize {
    sandbox.requests(on).len()
}

fn outcomes(author: &Member, post: &PostView) -> Vec<Option<Came>> {
    let act = author.read(&post.post.id).publications[0].acts[0].clone();
    act.attempts.iter().map(|attempt| attempt.outcome).collect()
}

/// Ticks, minute after minute, until a post is in a state.
fn until(town: &Town, post: &PostView, state: PublicationState) -> PostView {
    let author = town.author();
    let mut ahead = 0;
    eventually("the video to be done with", || {
        ahead += 1;
        town.ahead(Millis::minutes(ahead));
        town.tick();
        town.settle();
        let view = author.read(&post.post.id);
        let there = view.publications[0].state;
        let over = matches!(there, PublicationState::Failed | PublicationState::Held);
        assert!(!over || there == state, "{:?}", view.publications[0].acts);
        (there == state).then_some(view)
    })
}

#[test]
fn a_long_film_goes_up_over_several_invocations_each_piece_once() {
    let (town, sandbox, made) = with_page(Town::alone("Villa de las Bobinas"));
    let author = town.author();
    // Three parts of the bucket and a little more: thirteen pieces.
    let bytes = shot(Shot { millis: 60_000, pictures: 1_500, ..TEN_SECONDS }, 3 * PART as usize + 700, 141, &[]);
    let mut content = of(&town, &made, "La cabalgata entera.", &bytes);
    content.link = Some("https://villa.example/cabalgata".to_owned());
    sandbox.set(&json!({ "linkedin": { "preparing": 9 } }));
    let post = release(&town, &content);
    let out = until(&town, &post, PublicationState::Out);
    let there = shown(&sandbox);
    assert_eq!((there.len(), &there[0]["id"]), (1, &json!(receipt(&out).native_id)));
    assert_eq!((&there[0]["video"], &there[0]["card"]), (&json!(sha256_hex(&bytes)), &Value::Null), "byte by byte");
    assert_eq!(there[0]["text"], "La cabalgata entera.\n\nhttps://villa.example/cabalgata", "no room for a card");
    assert_eq!((calls(&sandbox, "PUT /dms-uploads/"), made_visible(&sandbox)), (13, 1));
    assert_eq!(calls(&sandbox, "POST /rest/videos"), 2, "announced once, and once told to be all");
    let came = outcomes(&author, &post);
    assert!(came.len() > 2, "it does not fit one invocation: {came:?}");
    assert!(came[..came.len() - 1].iter().all(|one| *one == Some(Came::Preparing)), "no failed try: {came:?}");
}

#[test]
fn a_lost_answer_on_the_way_is_no_second_film_and_one_of_the_post_is_looked_up() {
    let (town, sandbox, made) = with_page(Town::alone("Villa de la Bobina Perdida"));
    town.arm("impatient=1");
    let author = town.author();
    let steps = [
        ("POST /rest/videos", "drop_after"),
        ("PUT /dms-uploads/*", "drop_before"),
        ("PUT /dms-uploads/*", "drop_after"),
        ("PUT /dms-uploads/*", "status_after"),
        ("GET /rest/videos/*", "status_before"),
    ];
    for (place, (on, then)) in steps.into_iter().enumerate() {
        town.ahead(Millis(0));
        sandbox.arm(&json!([{ "on": on, "then": then, "status": 502 }]));
        let (content, hash) = filmed(&town, &made, &format!("Paso {place}."), 150 + place as u32);
        until(&town, &release(&town, &content), PublicationState::Out);
        let there = shown(&sandbox);
        assert_eq!((there.len(), made_visible(&sandbox)), (place + 1, place + 1), "{on} {then}");
        assert_eq!(there[place]["video"], hash, "{on} {then}");
    }
    for (place, then) in ["drop_after", "hang_after", "status_after"].into_iter().enumerate() {
        town.ahead(Millis(0));
        let before = shown(&sandbox).len();
        sandbox.arm(&json!([{ "on": VISIBLE, "then": then, "status": 502 }]));
        let (content, hash) = filmed(&town, &made, &format!("¿Salió la película {place}?"), 170 + place as u32);
        let post = release(&town, &content);
        author.wait_for(&post.post.id, PublicationState::Unknown);
        look_twice(&town);
        let out = author.wait_for(&post.post.id, PublicationState::Out);
        let there = shown(&sandbox);
        assert_eq!((there.len(), json!(receipt(&out).native_id)), (before + 1, there[before]["id"].clone()), "{then}");
        assert_eq!(there[before]["video"], hash, "{then}");
    }
}

#[test]
fn what_linkedin_cannot_work_on_is_told_and_what_expired_goes_up_again() {
    let (town, sandbox, made) = with_page(Town::alone("Villa de la Bobina Rota"));
    let author = town.author();
    sandbox.set(&json!({ "linkedin": { "breaks": true } }));
    let broken = until(&town, &release(&town, &filmed(&town, &made, "Se rompe.", 180).0), PublicationState::Failed);
    let ActState::Failed { failure } = last_act(&broken) else { panic!("{:?}", last_act(&broken)) };
    assert_eq!((failure.kind, &*failure.message), (FailureKind::ContentRefused, "The video's codec is not supported"));
    assert_eq!((shown(&sandbox), made_visible(&sandbox)), (Vec::new(), 0));

    sandbox.set(&json!({ "linkedin": { "preparing": 1_000 } }));
    let (content, hash) = filmed(&town, &made, "Caducó.", 181);
    let post = release(&town, &content);
    eventually("the first try", || outcomes(&author, &post).first().copied().flatten());
    sandbox.set(&json!({ "linkedin": { "preparing": 1, "expire_uploads": true } }));
    let out = until(&town, &post, PublicationState::Out);
    assert_eq!((shown(&sandbox).len(), &shown(&sandbox)[0]["video"]), (1, &json!(hash)));

    // Its words are corrected where they stand; the film stays.
    let mayor = town.mayor();
    let mut right = content.clone();
    right.texts.values_mut().for_each(|text| "Caducó, y volvió.".clone_into(text));
    edited(&author, &correct(&author, &mayor, &out, right), |state| matches!(state, ActState::Done { .. }));
    let now = shown(&sandbox)[0].clone();
    assert_eq!((&now["text"], &now["video"]), (&json!("Caducó, y volvió."), &json!(hash)));
}

#[test]
fn what_linkedin_takes_of_a_film_is_said_by_the_rule() {
    let (town, sandbox, made) = with_page(Town::alone("Villa de los Treinta Minutos"));
    let author = town.author();
    let (content, _) = filmed(&town, &made, "Justo.", 190);
    let said = |of: &dyn Fn(&mut domain::Video)| {
        let mut content = content.clone();
        of(content.video.as_mut().unwrap());
        let found = author.ok(&posts::CHECK, &[], &content);
        found.into_iter().find(|finding| finding.rule == Rule::Video).map(|finding| finding.evidence)
    };
    let misfit = |misfit| Some(Evidence::Video { misfit });
    assert_eq!(said(&|video| video.millis = 1_800_000), None);
    assert_eq!(said(&|video| video.millis = 1_800_001), misfit(Misfit::Longer { limit: 1_800, seconds: 1_801 }));
    assert_eq!(said(&|video| video.millis = 2_999), misfit(Misfit::Shorter { limit: 3_000, millis: 2_999 }));
    assert_eq!(said(&|video| video.bytes = 76_799), misfit(Misfit::Lighter { limit: 76_800, bytes: 76_799 }));
    let apple = misfit(Misfit::Type { mime: VideoType::Quicktime });
    assert_eq!(said(&|video| video.mime = VideoType::Quicktime), apple);
    let exact = Shot { millis: 3_000, pictures: 90, ..TEN_SECONDS };
    let bytes = shot(exact, 80_000, 191, &[]);
    until(&town, &release(&town, &of(&town, &made, "Tres segundos.", &bytes)), PublicationState::Out);
    assert_eq!(shown(&sandbox)[0]["video"], sha256_hex(&bytes));
}

#[test]
fn linkedin_s_own_client_reads_our_film_and_sends_its_own() {
    let (town, sandbox, made) = with_page(Town::alone("Villa del Otro Proyector"));
    let bytes = shot(TEN_SECONDS, 6_000_000, 195, &[]);
    let mut content = of(&town, &made, "La lee otro.", &bytes);
    content.titles.values_mut().for_each(|title| "La banda".clone_into(title));
    until(&town, &release(&town, &content), PublicationState::Out);
    let other = shot(TEN_SECONDS, 9_000_000, 196, &[]);
    let file = std::env::temp_dir().join(format!("pregon-linkedin-{}.mp4", std::process::id()));
    std::fs::write(&file, &other).unwrap();
    let theirs = sandbox.at_linkedin_with("film", &file);
    std::fs::remove_file(&file).unwrap();
    let read = sandbox.at_linkedin("posts");
    assert_eq!((read.len(), &read[0]["id"]), (2, &theirs[0]));
    let of = |bytes: &[u8], title: &str| json!({ "title": title, "sha256": sha256_hex(bytes) });
    assert_eq!((&read[0]["video"], &read[1]["video"]), (&of(&other, "A film"), &of(&bytes, "La banda")));
    api_journeys::covered::made(Network::Linkedin, "video");
    api_journeys::covered::read(Network::Linkedin, "video");
}
