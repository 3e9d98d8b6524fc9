//! Videos on a page: given to be fetched, worked on unseen, shown by one call that names them; so a lost answer is settled by what
//! the video itself says.

use domain::{
    policy::{Evidence, Misfit},
    record::sha256_hex,
    video::{Codec, PART},
};
use wire::publications::Came;

use super::*;
use crate::{
    pulling::addresses,
    video::{ALT, TEN_SECONDS, shot, stored, video},
};

/// A post with a video; and the hash of its bytes.
fn filmed(town: &Town, made: &Channel, text: &str, content: usize, seed: u32) -> (Content, String) {
    let bytes = shot(TEN_SECONDS, content, seed, &[]);
    let mut post = notice_on(town, made, text);
    post.video = Some(video(&stored(&town.author(), &bytes), ALT));
    (post, sha256_hex(&bytes))
}

/// The calls that show a video, or change its words.
fn shows(sandbox: &Sandbox) -> usize {
    sandbox.requests("POST /v25.0/4").len()
}

fn given(sandbox: &Sandbox) -> usize {
    sandbox.requests(&format!("POST /v25.0/{}/videos", page())).len()
}

fn first_try(author: &Member, post: &PostView) -> Option<Came> {
    eventually("the first try", || {
        let act = author.read(&post.post.id).publications[0].acts[0].clone();
        let over = act.attempts.len() > 1 || (act.attempts.len() == 1 && tries_again(&act));
        over.then(|| act.attempts[0].outcome)
    })
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

#[test]
fn a_video_is_shown_once_it_is_ready_corrected_taken_down_and_read_by_meta_s_own_client() {
    let (town, sandbox, made) = with_page(Town::alone("Villa del Noticiario"));
    let (author, mayor) = (town.author(), town.mayor());
    let (mut content, hash) = filmed(&town, &made, "El noticiario: ñ & <b>.", PART as usize + 700, 41);
    content.link = Some("https://villa.example/noticiario".to_owned());
    // More looks than one invocation makes.
    sandbox.set(&json!({ "preparing": 9 }));
    let post = release(&town, &content);
    assert_eq!(first_try(&author, &post), Some(Came::Preparing));
    assert_eq!((sandbox.pages_posts(), shows(&sandbox)), (Vec::new(), 0), "nobody sees it before it is ready");
    let out = until_out(&town, &post);
    let there = sandbox.pages_posts();
    assert_eq!((there.len(), &there[0]["id"], &there[0]["video"]), (1, &json!(native_id(&out)), &json!(hash)));
    assert_eq!(there[0]["message"], "El noticiario: ñ & <b>.\n\nhttps://villa.example/noticiario");
    assert_eq!((given(&sandbox), shows(&sandbox)), (1, 1), "once");
    let ActState::Done { receipt } = last_act(&out) else { panic!() };
    let address = format!("https://www.facebook.com/{}/videos/{}/", page(), receipt.native_id);
    assert_eq!(receipt.address, Some(address));

    // Its words can be corrected; another video is another post, which a person makes.
    let mut right = content.clone();
    right.texts.values_mut().for_each(|text| "El noticiario de hoy.".clone_into(text));
    let sent = correct(&author, &mayor, &out, right.clone());
    let done = edited(&author, &sent, |state| matches!(state, ActState::Done { .. }));
    assert_eq!(native_id(&done), native_id(&out));
    let there = sandbox.pages_posts();
    assert_eq!(there[0]["message"], "El noticiario de hoy.\n\nhttps://villa.example/noticiario");
    let mut other = right.clone();
    other.video = filmed(&town, &made, "", 5_000, 42).0.video;
    let sent = correct(&author, &mayor, &done, other);
    let handed = edited(&author, &sent, |state| matches!(state, ActState::InHand { .. }));
    assert_eq!(sandbox.pages_posts()[0]["edits"], 1, "no half of it was sent");
    let told = publications::Settle::NotOut { reason: "Se deja como estaba.".to_owned() };
    let failed = author.ok(&publications::SETTLE, &[handed.publications[0].id.as_str()], &told);

    // A client that is not ours reads it, and makes one of its own.
    let signed = addresses(&sandbox).remove(0);
    let theirs = sandbox.with_film("film", PAGE, &signed);
    let read = sandbox.with_film("films", PAGE, "");
    assert_eq!((read.len(), &read[0]["id"], &read[1]["id"]), (2, &theirs[0], &json!(native_id(&out))));
    assert_eq!((&read[0]["sha256"], &read[1]["sha256"]), (&json!(hash), &json!(hash)));
    assert_eq!(read[0]["description"], "One video, corrected.");
    api_journeys::covered::made(Network::Facebook, "video, correction");
    api_journeys::covered::read(Network::Facebook, "video");
    let (captioned, read) = (sandbox.on_page("caption", PAGE), sandbox.on_page("captions", PAGE));
    assert_eq!((captioned.len(), read.len()), (2, 2), "both are the page's own");
    let theirs = "1\n00:00:00,500 --> 00:00:01,000\nBy another program.\n";
    assert!(read.iter().all(|one| one["locale"] == "es_ES" && one["words"] == theirs), "{read:?}");
    let told = sandbox.with_film("story", PAGE, &signed);
    let (read, there) = (sandbox.on_page("stories", PAGE), sandbox.published("stories"));
    assert_eq!((read.len(), &read[0]["media_id"], &read[0]["media_type"]), (2, &told[0], &json!("video")));
    assert_eq!((&read[1]["media_type"], &there[1]["sha256"]), (&json!("photo"), &json!(hash)));
    api_journeys::covered::made(Network::Facebook, "captions, story");

    mayor.ok(&posts::TAKE_DOWN, &[id(&failed)], &because(&failed, "Se suspende."));
    author.wait_for(&failed.post.id, PublicationState::TakenDown);
    assert_eq!(sandbox.pages_posts().len(), 1, "theirs stays");
}

#[test]
fn a_lost_answer_is_settled_by_the_video_itself() {
    let (town, sandbox, made) = with_page(Town::alone("Villa de la Bobina Perdida"));
    town.arm("impatient=1");
    let author = town.author();
    // While it was given: given again, and nobody sees the first.
    for (place, then) in ["drop_before", "drop_after", "status_after"].into_iter().enumerate() {
        town.ahead(Millis(0));
        sandbox.arm(&json!([{ "on": format!("POST /v25.0/{}/videos", page()), "then": then, "status": 502 }]));
        until_out(
            &town,
            &release(&town, &filmed(&town, &made, &format!("Antes, {then}."), 5_000, 50 + place as u32).0),
        );
        assert_eq!((sandbox.pages_posts().len(), shows(&sandbox)), (place + 1, place + 1), "{then}");
    }
    // While it was shown: looked up, whatever else stands there with the same words.
    for (place, then) in ["drop_after", "hang_after", "status_after", "malformed"].into_iter().enumerate() {
        town.ahead(Millis(0));
        let calls = shows(&sandbox);
        sandbox.arm(&json!([{ "on": "POST /v25.0/4*", "then": then, "status": 502 }]));
        let (content, hash) = filmed(&town, &made, "Siempre lo mismo.", 5_000, 60 + place as u32);
        let post = release(&town, &content);
        author.wait_for(&post.post.id, PublicationState::Unknown);
        for minutes in [20, 40] {
            town.ahead(Millis::minutes(minutes));
            town.tick();
            town.settle();
        }
        let out = author.wait_for(&post.post.id, PublicationState::Out);
        let mut there = sandbox.pages_posts();
        there.retain(|post| post["id"] == native_id(&out));
        let [one] = &there[..] else { panic!("{then}: {there:?}") };
        assert_eq!((&one["video"], shows(&sandbox)), (&json!(hash), calls + 1), "{then}: once, and only once");
    }
    // It never arrived: a person is asked, and whoever says that it is not out and wants it out has it given anew.
    town.ahead(Millis(0));
    sandbox.arm(&json!([{ "on": "POST /v25.0/4*", "then": "drop_before" }]));
    let lost = release(&town, &filmed(&town, &made, "No llegó.", 5_000, 70).0);
    author.wait_for(&lost.post.id, PublicationState::Unknown);
    for minutes in [20, 40] {
        town.ahead(Millis::minutes(minutes));
        town.tick();
        town.settle();
    }
    let asked = eventually("a person to be asked", || {
        let view = author.read(&lost.post.id);
        matches!(last_act(&view), ActState::Unknown { asked: true, .. }).then_some(view)
    });
    let (before, made) = (sandbox.pages_posts().len(), given(&sandbox));
    let told = publications::Settle::NotOut { reason: "No está en la página.".to_owned() };
    let failed = author.ok(&publications::SETTLE, &[asked.publications[0].id.as_str()], &told);
    author.retry(&failed.publications[0], "Otra vez.").unwrap();
    author.wait_for(&lost.post.id, PublicationState::Out);
    assert_eq!((sandbox.pages_posts().len(), given(&sandbox)), (before + 1, made + 1));
}

#[test]
fn what_cannot_be_worked_on_is_told_and_what_expired_is_given_again() {
    let (town, sandbox, made) = with_page(Town::alone("Villa de la Bobina Rota"));
    let author = town.author();
    sandbox.set(&json!({ "video_breaks": 1_363_024 }));
    let post = release(&town, &filmed(&town, &made, "Se rompe.", 5_000, 80).0);
    let failed = author.wait_for(&post.post.id, PublicationState::Failed);
    let ActState::Failed { failure } = last_act(&failed) else { panic!("{:?}", last_act(&failed)) };
    assert_eq!(failure.kind, FailureKind::ContentRefused);
    assert!(failure.message.contains("format that we don't support. (#1363024)"), "{}", failure.message);
    assert_eq!((sandbox.pages_posts(), shows(&sandbox)), (Vec::new(), 0));

    sandbox.set(&json!({ "preparing": 1_000 }));
    let (content, hash) = filmed(&town, &made, "Caducó.", 5_000, 81);
    let post = release(&town, &content);
    first_try(&author, &post);
    sandbox.set(&json!({ "preparing": 0, "expire_containers": true }));
    until_out(&town, &post);
    assert_eq!((sandbox.pages_posts()[0]["video"].clone(), given(&sandbox), shows(&sandbox)), (json!(hash), 3, 1));
}

#[test]
fn exactly_the_limit_is_taken_and_what_does_not_go_there_is_refused_before() {
    let (town, _sandbox, made) = with_page(Town::found("Villa del Largometraje"));
    let author = town.author();
    let (content, _) = filmed(&town, &made, "Justo.", 5_000, 90);
    let said = |of: &dyn Fn(&mut domain::Video)| {
        let mut content = content.clone();
        of(content.video.as_mut().unwrap());
        let found = author.ok(&posts::CHECK, &[], &content);
        found.into_iter().find(|finding| finding.rule == Rule::Video).map(|finding| finding.evidence)
    };
    assert_eq!(said(&|video| video.millis = 14_400_000), None);
    let misfit = Misfit::Longer { limit: 14_400, seconds: 14_401 };
    assert_eq!(said(&|video| video.millis = 14_400_001), Some(Evidence::Video { misfit }));
    let misfit = Misfit::Codec { codec: Codec::H265 };
    assert_eq!(said(&|video| video.codec = Codec::H265), Some(Evidence::Video { misfit }));
    assert_eq!(said(&|video| (video.width, video.height) = (9, 17)), None);
}

#[test]
fn what_was_shown_though_it_was_refused_is_not_given_anew() {
    let (town, sandbox, made) = with_page(Town::alone("Villa de la Bobina Negada"));
    town.arm("impatient=1");
    let (author, mayor) = (town.author(), town.mayor());
    let refused = |text: &str, seed: u32| {
        town.ahead(Millis(0));
        sandbox.arm(&json!([{ "on": "POST /v25.0/4*", "then": "refuse_after", "code": 4 }]));
        let (content, _) = filmed(&town, &made, text, 5_000, seed);
        let post = release(&town, &content);
        first_try(&author, &post);
        (content, author.read(&post.post.id))
    };
    // Corrected while it waits for the next try: the one that is out says the new words.
    let (mut content, waiting) = refused("La banda toca el jueves.", 71);
    content.texts.values_mut().for_each(|text| "La banda toca el viernes.".clone_into(text));
    correct(&author, &mayor, &waiting, content);
    eventually("the correction", || {
        town.tick();
        let view = author.read(&waiting.post.id);
        let last = view.publications[0].acts.last()?;
        (last.deed == Deed::Edit && matches!(last.state, ActState::Done { .. })).then_some(())
    });
    let there = sandbox.pages_posts();
    assert_eq!((given(&sandbox), there.len()), (1, 1), "{there:?}");
    assert_eq!(there[0]["message"], "La banda toca el viernes.");

    // Let out by hand once its window is over: known to be out.
    let (_, waiting) = refused("El coro canta el sábado.", 72);
    author.let_out_late(&town, &waiting.post.id);
    assert_eq!((given(&sandbox), sandbox.pages_posts().len()), (2, 2));
}
