//! Videos at X: sent in pieces over as many invocations as they take, worked on there, then posted once.

use domain::{
    policy::{Evidence, Misfit},
    record::sha256_hex,
    video::{Codec, PART},
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

fn pieces(sandbox: &Sandbox) -> usize {
    let all = sandbox.requests("POST /2/media/upload/");
    all.iter().filter(|request| request["path"].as_str().is_some_and(|path| path.ends_with("/append"))).count()
}

fn begun(sandbox: &Sandbox) -> usize {
    sandbox.requests("POST /2/media/upload/initialize").len()
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
fn a_long_one_goes_up_over_several_invocations_each_piece_once() {
    let (town, sandbox, made) = with_account(Town::alone("Villa de las Piezas"));
    let author = town.author();
    // Three parts of the bucket and a little more: thirteen pieces.
    let bytes = shot(Shot { millis: 60_000, pictures: 1_500, ..TEN_SECONDS }, 3 * PART as usize + 700, 41, &[]);
    let mut content = of(&town, &made, "La cabalgata entera.", &bytes);
    content.link = Some("https://villa.example/cabalgata".to_owned());
    sandbox.set(&json!({ "x": { "working": 9 } }));
    let post = release(&town, &content);
    let out = until(&town, &post, PublicationState::Out);
    let there = sandbox.posts_of_x();
    assert_eq!((there.len(), &there[0]["id"]), (1, &json!(native_id(&out))));
    assert_eq!((&there[0]["video"], &there[0]["pictures"]), (&json!(sha256_hex(&bytes)), &json!([])), "byte by byte");
    assert_eq!(there[0]["text"], "La cabalgata entera.\n\nhttps://villa.example/cabalgata");
    assert_eq!((begun(&sandbox), pieces(&sandbox), sandbox.requests(VISIBLE).len()), (1, 13, 1));
    let came = outcomes(&author, &post);
    assert!(came.len() > 2, "it does not fit one invocation: {came:?}");
    assert!(came[..came.len() - 1].iter().all(|one| *one == Some(Came::Preparing)), "no failed try: {came:?}");
}

#[test]
fn a_lost_answer_of_a_piece_is_sent_again_and_one_of_the_post_is_looked_up() {
    let (town, sandbox, made) = with_account(Town::alone("Villa de la Pieza Perdida"));
    town.arm("impatient=1");
    let author = town.author();
    // Done and not answered where it was to be said that it is all: it is asked, and not said twice.
    let steps = [
        ("POST /2/media/upload/initialize", "drop_after"),
        ("POST /2/media/upload/*/append", "drop_before"),
        ("POST /2/media/upload/*/append", "drop_after"),
        ("POST /2/media/upload/*/append", "status_after"),
        ("POST /2/media/upload/*/finalize", "drop_before"),
        ("POST /2/media/upload/*/finalize", "drop_after"),
        ("GET /2/media/upload", "status_before"),
    ];
    for (place, (on, then)) in steps.into_iter().enumerate() {
        town.ahead(Millis(0));
        sandbox.arm(&json!([{ "on": on, "then": then, "status": 502 }]));
        let (content, hash) = filmed(&town, &made, &format!("Paso {place}."), 50 + place as u32);
        until(&town, &release(&town, &content), PublicationState::Out);
        let there = sandbox.posts_of_x();
        assert_eq!((there.len(), sandbox.requests(VISIBLE).len()), (place + 1, place + 1), "{on} {then}");
        assert_eq!(there[place]["video"], hash, "{on} {then}");
    }

    for (place, then) in ["drop_after", "hang_after", "status_after", "malformed"].into_iter().enumerate() {
        town.ahead(Millis(0));
        let (calls, before) = (sandbox.requests(VISIBLE).len(), sandbox.posts_of_x().len());
        sandbox.arm(&json!([{ "on": VISIBLE, "then": then, "status": 502 }]));
        let (content, hash) = filmed(&town, &made, &format!("¿Salió el vídeo {place}?"), 70 + place as u32);
        let post = release(&town, &content);
        author.wait_for(&post.post.id, PublicationState::Unknown);
        sandbox.set(&json!({ "x": { "lag": 1 } }));
        for minutes in [20, 40] {
            town.ahead(Millis::minutes(minutes));
            town.tick();
            town.settle();
        }
        let out = author.wait_for(&post.post.id, PublicationState::Out);
        let there = sandbox.posts_of_x();
        assert_eq!((there.len(), json!(native_id(&out))), (before + 1, there[before]["id"].clone()), "{then}");
        assert_eq!((&there[before]["video"], sandbox.requests(VISIBLE).len()), (&json!(hash), calls + 1), "{then}");
    }
}

#[test]
fn what_cannot_be_worked_on_is_told_and_what_expired_goes_up_again() {
    let (town, sandbox, made) = with_account(Town::alone("Villa de la Pieza Rota"));
    let author = town.author();
    sandbox.set(&json!({ "x": { "breaks": true } }));
    let failed = until(&town, &release(&town, &filmed(&town, &made, "Se rompe.", 80).0), PublicationState::Failed);
    let ActState::Failed { failure } = last_act(&failed) else { panic!("{:?}", last_act(&failed)) };
    assert_eq!(failure.kind, FailureKind::ContentRefused);
    assert!(failure.message.contains("could not work on the video"), "{}", failure.message);
    assert_eq!((sandbox.posts_of_x(), sandbox.requests(VISIBLE).len()), (Vec::new(), 0));

    sandbox.set(&json!({ "x": { "working": 1_000 } }));
    let (content, hash) = filmed(&town, &made, "Caducó.", 81);
    let post = release(&town, &content);
    eventually("the first try", || outcomes(&author, &post).first().copied().flatten());
    sandbox.set(&json!({ "x": { "working": 1, "expire_uploads": true } }));
    until(&town, &post, PublicationState::Out);
    assert_eq!((&sandbox.posts_of_x()[0]["video"], begun(&sandbox)), (&json!(hash), 3));
    // `invalid-request` of an upload is not `invalid_request` of an access.
    let states = channel(&town.administrator(), made.id.as_str()).health.state;
    assert!(states.may_send(), "a refused piece is no refused channel: {states:?}");
}

#[test]
fn exactly_the_limit_goes_out_and_one_more_is_refused_by_the_rule() {
    let (town, sandbox, made) = with_account(Town::alone("Villa de los Ciento Cuarenta Segundos"));
    let author = town.author();
    let (content, _) = filmed(&town, &made, "Justo.", 90);
    let said = |of: &dyn Fn(&mut domain::Video)| {
        let mut content = content.clone();
        of(content.video.as_mut().unwrap());
        let found = author.ok(&posts::CHECK, &[], &content);
        found.into_iter().find(|finding| finding.rule == Rule::Video).map(|finding| finding.evidence)
    };
    let misfit = |misfit| Some(Evidence::Video { misfit });
    assert_eq!(said(&|video| video.millis = 140_000), None);
    assert_eq!(said(&|video| video.millis = 140_001), misfit(Misfit::Longer { limit: 140, seconds: 141 }));
    assert_eq!(said(&|video| video.millis = 600_000), misfit(Misfit::Longer { limit: 140, seconds: 600 }));
    assert_eq!(said(&|video| video.millis = 500), None);
    assert_eq!(said(&|video| video.millis = 499), misfit(Misfit::Shorter { limit: 500, millis: 499 }));
    assert_eq!(said(&|video| video.rate = 61), misfit(Misfit::Rate { limit: 60, rate: 61 }));
    assert_eq!(said(&|video| video.codec = Codec::H265), misfit(Misfit::Codec { codec: Codec::H265 }));
    assert_eq!(said(&|video| (video.width, video.height) = (9, 17)), None);
    assert_eq!(said(&|video| (video.width, video.height) = (300, 900)), None);
    let odd = said(&|video| (video.width, video.height) = (299, 900));
    assert_eq!(odd, Some(Evidence::Shape { size: (299, 900), tallest: (1, 3), widest: (3, 1) }));
    let exact = Shot { millis: 140_000, pictures: 60 * 140, size: (300, 900), brand: *b"qt  ", ..TEN_SECONDS };
    let bytes = shot(exact, 9_000, 91, &[]);
    until(&town, &release(&town, &of(&town, &made, "Hasta el final.", &bytes)), PublicationState::Out);
    assert_eq!(sandbox.posts_of_x()[0]["video"], sha256_hex(&bytes));
}

#[test]
fn x_s_own_client_reads_ours_and_sends_its_own_in_pieces() {
    let (town, sandbox, made) = with_account(Town::alone("Villa del Otro Cliente"));
    let bytes = shot(TEN_SECONDS, 6_000_000, 95, &[]);
    until(&town, &release(&town, &of(&town, &made, "Lo lee otro.", &bytes)), PublicationState::Out);
    let other = shot(TEN_SECONDS, 9_000_000, 96, &[]);
    let file = std::env::temp_dir().join(format!("pregon-x-{}.mp4", std::process::id()));
    std::fs::write(&file, &other).unwrap();
    let theirs = sandbox.at_x_with("film", &file);
    std::fs::remove_file(&file).unwrap();
    let read = sandbox.at_x_with("films", &file);
    assert_eq!((read.len(), &read[0]["id"]), (2, &theirs[0]));
    assert_eq!((&read[0]["sha256"], &read[1]["sha256"]), (&json!(sha256_hex(&other)), &json!(sha256_hex(&bytes))));
    api_journeys::covered::made(Network::X, "video");
    api_journeys::covered::read(Network::X, "video");
}
