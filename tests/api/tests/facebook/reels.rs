//! Reels of a page: begun, given to be fetched, told to be shown by one call that names them, and out by themselves after it; so a lost
//! answer is settled by what the video itself says.

use domain::{
    Guise, Refusal,
    delivery::Hold,
    policy::{Evidence, Misfit},
    record::sha256_hex,
};
use wire::publications::Came;

use super::{captions::until_out, *};
use crate::{
    captions::{FILE, SRT, caption},
    pulling::{addresses, look_twice},
    video::{ALT, Shot, TEN_SECONDS, shot, stored, video},
};

/// A file as small as a reel may be.
fn upright(millis: u32, seed: u32) -> Vec<u8> {
    shot(Shot { millis, pictures: millis / 40, size: (540, 960), ..TEN_SECONDS }, 5_000, seed, &[])
}

/// A post whose video goes as a reel; and the hash of its bytes.
fn reeled(town: &Town, made: &Channel, text: &str, seed: u32) -> (Content, String) {
    let bytes = upright(10_000, seed);
    let mut post = notice_on(town, made, text);
    post.video = Some(video(&stored(&town.author(), &bytes), ALT));
    post.targets[0].go_as(Guise::Reel);
    (post, sha256_hex(&bytes))
}

fn edge() -> String {
    format!("POST /v25.0/{}/video_reels", page())
}

/// The calls of a phase: `start` begins one, `finish` is to show it.
fn calls(sandbox: &Sandbox, phase: &str) -> usize {
    let said = format!("upload_phase={phase}");
    let is_it = |call: &&Value| call["body"].as_str().is_some_and(|body| body.contains(&said));
    sandbox.requests(&edge()).iter().filter(is_it).count()
}

/// What readers see of a post.
fn seen(sandbox: &Sandbox, post: &PostView) -> Value {
    let mut there = sandbox.pages_posts();
    there.retain(|one| one["id"] == native_id(post));
    let [one] = &there[..] else { panic!("{there:?}") };
    one.clone()
}

#[test]
fn a_reel_is_shown_once_corrected_taken_down_and_read_by_meta_s_own_client() {
    let (town, sandbox, made) = with_page(Town::alone("Villa del Reel"));
    let (author, mayor) = (town.author(), town.mayor());
    // As long as nobody chooses, a video goes as it always did.
    let (mut plain, plain_hash) = reeled(&town, &made, "Como siempre.", 300);
    plain.targets[0].go_as(Guise::Post);
    let plain = until_out(&town, &release(&town, &plain));
    assert_eq!((calls(&sandbox, "start"), seen(&sandbox, &plain)["reel"].clone()), (0, json!(false)));

    let (mut content, hash) = reeled(&town, &made, "La banda: ñ & <b>.", 301);
    content.link = Some("https://villa.example/banda".to_owned());
    caption(&author, &mut content, FILE);
    // More looks at its upload than one invocation makes.
    sandbox.set(&json!({ "preparing": 9 }));
    town.ahead(Millis(0));
    let post = release(&town, &content);
    let first = eventually("the first try", || {
        let act = author.read(&post.post.id).publications[0].acts[0].clone();
        // The next one may have come before anybody looked.
        let over = act.attempts.len() > 1 || (act.attempts.len() == 1 && tries_again(&act));
        over.then_some(act)
    });
    assert_eq!(first.attempts[0].outcome, Some(Came::Preparing), "{:?}", first.attempts[0]);
    assert_eq!((calls(&sandbox, "finish"), sandbox.pages_posts().len()), (0, 1), "nobody sees it before it is there");
    sandbox.set(&json!({ "preparing": 1 }));
    let out = until_out(&town, &post);
    let there = seen(&sandbox, &out);
    assert_eq!((&there["video"], &there["reel"]), (&json!(hash), &json!(true)));
    assert_eq!(there["message"], "La banda: ñ & <b>.\n\nhttps://villa.example/banda");
    assert_eq!(there["captions"], json!({ "es_ES": SRT }), "given before it was shown");
    assert_eq!((calls(&sandbox, "start"), calls(&sandbox, "finish")), (1, 1), "once");
    let ActState::Done { receipt } = last_act(&out) else { panic!("{:?}", last_act(&out)) };
    assert_eq!(receipt.address, Some(format!("https://www.facebook.com/reel/{}/", receipt.native_id)));

    // Its words can be corrected; what it is cannot.
    let mut right = content.clone();
    right.texts.values_mut().for_each(|text| "La banda, hoy.".clone_into(text));
    let sent = correct(&author, &mayor, &out, right.clone());
    let done = edited(&author, &sent, |state| matches!(state, ActState::Done { .. }));
    assert_eq!(native_id(&done), native_id(&out));
    assert_eq!(seen(&sandbox, &done)["message"], "La banda, hoy.\n\nhttps://villa.example/banda");
    let mut other = right;
    other.targets[0].go_as(Guise::Post);
    let version = done.post.version;
    let asked = posts::Correct { version, content: other, reason: "Mejor así.".to_owned(), checked: None };
    let no = author.ask(&posts::CORRECT, &[id(&done)], &asked).unwrap_err();
    assert_eq!(no.fault.refusal, Refusal::Malformed { field: "targets".to_owned() });

    // A client that is not ours makes one of its own, and reads both; a plain video is none.
    let signed = addresses(&sandbox).remove(0);
    let theirs = sandbox.with_film("reel", PAGE, &signed);
    let read = sandbox.with_film("reels", PAGE, "");
    assert_eq!((read.len(), &read[0]["id"], &read[1]["id"]), (2, &theirs[0], &json!(native_id(&done))));
    assert_eq!((&read[0]["sha256"], &read[1]["sha256"]), (&json!(plain_hash), &json!(hash)));
    assert_eq!(read[0]["description"], "One reel, corrected.");
    api_journeys::covered::made(Network::Facebook, "reel, correction");
    api_journeys::covered::read(Network::Facebook, "reel");
    assert_eq!(sandbox.with_film("films", PAGE, "").len(), 1);

    mayor.ok(&posts::TAKE_DOWN, &[id(&done)], &because(&done, "Se suspende."));
    author.wait_for(&done.post.id, PublicationState::TakenDown);
    assert_eq!(sandbox.pages_posts().len(), 2, "the others stay");
}

#[test]
fn a_lost_answer_is_settled_by_the_video_itself_and_nothing_is_shown_twice() {
    let (town, sandbox, made) = with_page(Town::alone("Villa del Reel Perdido"));
    town.arm("impatient=1");
    let author = town.author();
    // While it was begun or given: begun again, and nobody sees the first.
    let upload = "POST /video-upload/*".to_owned();
    for (place, (on, then)) in
        [(edge(), "drop_after"), (edge(), "status_after"), (upload, "drop_after")].iter().enumerate()
    {
        town.ahead(Millis(0));
        sandbox.arm(&json!([{ "on": on, "then": then, "status": 502 }]));
        let (content, _) = reeled(&town, &made, &format!("Antes, {place}."), 310 + place as u32);
        until_out(&town, &release(&town, &content));
        assert_eq!((sandbox.pages_posts().len(), calls(&sandbox, "finish")), (place + 1, place + 1), "{on}: {then}");
    }
    // While it was told to be shown: looked up in the video, whatever else stands there with the same words. Facebook still works on
    // it at the first look.
    sandbox.set(&json!({ "preparing": 1 }));
    for (place, then) in ["drop_after", "hang_after", "status_after", "malformed"].into_iter().enumerate() {
        town.ahead(Millis(0));
        let before = calls(&sandbox, "finish");
        // The first such call begins it.
        sandbox.arm(&json!([{ "on": edge(), "then": then, "skip": 1, "status": 502 }]));
        let (content, hash) = reeled(&town, &made, "Siempre lo mismo.", 320 + place as u32);
        let post = release(&town, &content);
        author.wait_for(&post.post.id, PublicationState::Unknown);
        look_twice(&town);
        let out = author.wait_for(&post.post.id, PublicationState::Out);
        assert_eq!(seen(&sandbox, &out)["video"], json!(hash), "{then}");
        assert_eq!(calls(&sandbox, "finish"), before + 1, "{then}: once, and only once");
    }
    // It is done, and yet we are asked to wait: the next try begins by looking.
    sandbox.set(&json!({ "preparing": 0 }));
    town.ahead(Millis(0));
    let before = (calls(&sandbox, "start"), calls(&sandbox, "finish"));
    sandbox.arm(&json!([{ "on": edge(), "then": "refuse_after", "code": 4, "skip": 1 }]));
    let post = release(&town, &reeled(&town, &made, "Dos veces no.", 330).0);
    eventually("the first try", || {
        let act = author.read(&post.post.id).publications[0].acts[0].clone();
        (act.attempts.len() == 1 && tries_again(&act)).then_some(())
    });
    town.ahead(Millis::minutes(1));
    town.tick();
    author.wait_for(&post.post.id, PublicationState::Out);
    assert_eq!((calls(&sandbox, "start"), calls(&sandbox, "finish")), (before.0 + 1, before.1 + 1));
    // The same, and its window is over before the next try: whoever lets it out by hand has no second one shown.
    town.ahead(Millis(0));
    let (there, before) = (sandbox.pages_posts().len(), (calls(&sandbox, "start"), calls(&sandbox, "finish")));
    sandbox.arm(&json!([{ "on": edge(), "then": "refuse_after", "code": 4, "skip": 1 }]));
    let post = release(&town, &reeled(&town, &made, "Tarde, y una vez.", 332).0);
    eventually("the first try", || {
        let act = author.read(&post.post.id).publications[0].acts[0].clone();
        (act.attempts.len() == 1 && tries_again(&act)).then_some(())
    });
    town.ahead(Millis::minutes(65));
    town.tick();
    let held = author.wait_for(&post.post.id, PublicationState::Held);
    author.retry(&held.publications[0], "Que salga.").unwrap();
    author.wait_for(&post.post.id, PublicationState::Out);
    assert_eq!((calls(&sandbox, "start"), calls(&sandbox, "finish")), (before.0 + 1, before.1 + 1));
    assert_eq!(sandbox.pages_posts().len(), there + 1, "the one that was shown");
    // It breaks after nobody waited for it any more: Facebook says no and why, and nobody has to find that out. Tried again, it is
    // given anew.
    town.ahead(Millis(0));
    let (there, begun) = (sandbox.pages_posts().len(), calls(&sandbox, "start"));
    sandbox.set(&json!({ "video_breaks": 1_363_024 }));
    sandbox.arm(&json!([{ "on": edge(), "then": "drop_after", "skip": 1 }]));
    let post = release(&town, &reeled(&town, &made, "Se rompe después.", 333).0);
    author.wait_for(&post.post.id, PublicationState::Unknown);
    look_twice(&town);
    let failed = author.wait_for(&post.post.id, PublicationState::Failed);
    let ActState::Failed { failure } = last_act(&failed) else { panic!("{:?}", last_act(&failed)) };
    assert_eq!(failure.kind, FailureKind::ContentRefused);
    let attempt = &failed.publications[0].acts[0].attempts[0];
    assert_eq!(attempt.outcome, Some(Came::Refused), "{attempt:?}");
    assert!(attempt.message == failure.message && failure.message.contains("(#1363024)"), "{}", failure.message);
    assert_eq!(sandbox.pages_posts().len(), there);
    author.retry(&failed.publications[0], "Otra vez.").unwrap();
    author.wait_for(&post.post.id, PublicationState::Out);
    assert_eq!((sandbox.pages_posts().len(), calls(&sandbox, "start")), (there + 1, begun + 2));
    // It never arrived: a person is asked, and whoever says that it is not out and wants it out has it given anew.
    town.ahead(Millis(0));
    sandbox.arm(&json!([{ "on": edge(), "then": "drop_before", "skip": 1 }]));
    let lost = release(&town, &reeled(&town, &made, "No llegó.", 331).0);
    author.wait_for(&lost.post.id, PublicationState::Unknown);
    look_twice(&town);
    let asked = eventually("a person to be asked", || {
        let view = author.read(&lost.post.id);
        matches!(last_act(&view), ActState::Unknown { asked: true, .. }).then_some(view)
    });
    let (there, begun) = (sandbox.pages_posts().len(), calls(&sandbox, "start"));
    let told = publications::Settle::NotOut { reason: "No está en la página.".to_owned() };
    let failed = author.ok(&publications::SETTLE, &[asked.publications[0].id.as_str()], &told);
    author.retry(&failed.publications[0], "Otra vez.").unwrap();
    author.wait_for(&lost.post.id, PublicationState::Out);
    assert_eq!((sandbox.pages_posts().len(), calls(&sandbox, "start")), (there + 1, begun + 1));
}

#[test]
fn exactly_the_limits_are_taken_and_what_facebook_does_not_show_is_told() {
    let (town, sandbox, made) = with_page(Town::found("Villa del Reel Largo"));
    let author = town.author();
    let (content, _) = reeled(&town, &made, "Justo.", 340);
    let said = |guise: Guise, of: &dyn Fn(&mut domain::Video)| -> Vec<Evidence> {
        let mut content = content.clone();
        content.targets[0].go_as(guise);
        of(content.video.as_mut().unwrap());
        let found = author.ok(&posts::CHECK, &[], &content);
        let blocks = found.into_iter().filter(|one| matches!(one.rule, Rule::Reel | Rule::Video));
        blocks.map(|finding| finding.evidence).collect()
    };
    let misfit = |misfit| vec![Evidence::Video { misfit }];
    let reel = |of: &dyn Fn(&mut domain::Video)| said(Guise::Reel, of);
    assert_eq!((reel(&|_| ()), reel(&|video| video.millis = 3_000)), (vec![], vec![]));
    assert_eq!(reel(&|video| video.millis = 90_001), misfit(Misfit::Longer { limit: 90, seconds: 91 }));
    assert_eq!(reel(&|video| video.millis = 2_999), misfit(Misfit::Shorter { limit: 3_000, millis: 2_999 }));
    let smaller = Misfit::Smaller { limit: (540, 960), size: (538, 956) };
    assert_eq!(reel(&|video| (video.width, video.height) = (538, 956)), misfit(smaller));
    let shape = Evidence::Shape { size: (1_920, 1_080), tallest: (9, 16), widest: (9, 16) };
    assert_eq!(reel(&|video| (video.width, video.height) = (1_920, 1_080)), [shape]);
    assert_eq!(said(Guise::Post, &|video| video.millis = 90_001), [], "as a post it goes out");

    let mut longest = content.clone();
    longest.video = Some(video(&stored(&author, &upright(90_000, 341)), ALT));
    let out = publish(&town, &longest);
    assert_eq!(seen(&sandbox, &out)["reel"], json!(true));

    // It takes it in, and cannot work on it: nobody sees anything.
    sandbox.set(&json!({ "video_breaks": 1_363_024 }));
    let post = release(&town, &reeled(&town, &made, "Se rompe.", 342).0);
    let failed = author.wait_for(&post.post.id, PublicationState::Failed);
    let ActState::Failed { failure } = last_act(&failed) else { panic!("{:?}", last_act(&failed)) };
    assert_eq!(failure.kind, FailureKind::ContentRefused);
    assert!(failure.message.contains("(#1363024)"), "{}", failure.message);
    assert_eq!((sandbox.pages_posts().len(), calls(&sandbox, "finish")), (1, 2));

    // A day has thirty: counted before one more is tried. A place is free tomorrow, and its window is over by then.
    sandbox.set(&json!({ "reels": 29 }));
    let post = release(&town, &reeled(&town, &made, "Uno de más.", 343).0);
    let held = author.wait_for(&post.post.id, PublicationState::Held);
    assert_eq!(*last_act(&held), ActState::Held { reason: Hold::Late });
    let attempt = &held.publications[0].acts[0].attempts[0];
    assert_eq!(attempt.outcome, Some(Came::Throttled), "{attempt:?}");
    assert!(attempt.message.contains("30 reels"), "{}", attempt.message);
    assert_eq!(calls(&sandbox, "finish"), 2, "it was not told");
    // The day is full of reels and of nothing else: a post of the same page does not wait for it.
    publish(&town, &notice_on(&town, &made, "El pleno, a su hora."));
}

/// Waits until the last act of a post is a correction that is out, whatever has to be looked up before it.
fn until_corrected(town: &Town, post: &PostView) -> PostView {
    let author = town.author();
    eventually("the correction", || {
        town.tick();
        let view = author.read(&post.post.id);
        let last = view.publications[0].acts.last()?;
        (last.deed == Deed::Edit && matches!(last.state, ActState::Done { .. })).then_some(view)
    })
}

#[test]
fn what_was_told_and_is_corrected_or_taken_down_before_anybody_knows_is_shown_once() {
    let (town, sandbox, made) = with_page(Town::alone("Villa del Reel Corregido"));
    town.arm("impatient=1");
    let (author, mayor) = (town.author(), town.mayor());
    // Facebook is told to show it, says no, and shows it all the same.
    let told = |text: &str, seed: u32, then: &str| {
        town.ahead(Millis(0));
        sandbox.arm(&json!([{ "on": edge(), "then": then, "code": 4, "skip": 1 }]));
        let (content, _) = reeled(&town, &made, text, seed);
        let post = release(&town, &content);
        author.tried_once(&post.post.id);
        (content, author.read(&post.post.id))
    };
    let right = |content: &Content, text: &str| {
        let mut right = content.clone();
        right.texts.values_mut().for_each(|old| text.clone_into(old));
        right
    };
    let (content, waiting) = told("La feria es el jueves.", 350, "refuse_after");
    correct(&author, &mayor, &waiting, right(&content, "La feria es el viernes."));
    let done = until_corrected(&town, &waiting);
    assert_eq!((calls(&sandbox, "start"), calls(&sandbox, "finish"), sandbox.pages_posts().len()), (1, 1, 1));
    assert_eq!(seen(&sandbox, &done)["message"], "La feria es el viernes.");

    // The same where it was held meanwhile, and somebody would have let it out.
    let (content, waiting) = told("La feria es a las nueve.", 351, "refuse_after");
    town.ahead(Millis::minutes(65));
    town.tick();
    let held = author.wait_for(&waiting.post.id, PublicationState::Held);
    correct(&author, &mayor, &held, right(&content, "La feria es a las diez."));
    let _ = author.retry(&held.publications[0], "Que salga.");
    let done = until_corrected(&town, &waiting);
    assert_eq!((calls(&sandbox, "start"), calls(&sandbox, "finish"), sandbox.pages_posts().len()), (2, 2, 2));
    assert_eq!(seen(&sandbox, &done)["message"], "La feria es a las diez.");

    // Taken down before anybody knows that it is out, it does not stay there.
    let (_, waiting) = told("La feria no es.", 352, "refuse_after");
    mayor.ok(&posts::TAKE_DOWN, &[id(&waiting)], &because(&waiting, "Se suspende."));
    eventually("it to be taken down", || {
        town.tick();
        let view = author.read(&waiting.post.id);
        (view.publications[0].state == PublicationState::TakenDown).then_some(())
    });
    assert_eq!((calls(&sandbox, "finish"), sandbox.pages_posts().len()), (3, 2));

    // The no was one: a person says so, and what goes out then is what is agreed to now, once.
    let (content, waiting) = told("La feria es en la plaza.", 353, "refuse");
    correct(&author, &mayor, &waiting, right(&content, "La feria es en el parque."));
    look_twice(&town);
    let asked = eventually("a person to be asked", || {
        let view = author.read(&waiting.post.id);
        matches!(view.publications[0].acts[0].state, ActState::Unknown { asked: true, .. }).then_some(view)
    });
    let told = publications::Settle::NotOut { reason: "No está en la página.".to_owned() };
    let failed = author.ok(&publications::SETTLE, &[asked.publications[0].id.as_str()], &told);
    author.retry(&failed.publications[0], "Otra vez.").unwrap();
    author.wait_for(&waiting.post.id, PublicationState::Out);
    let there = sandbox.pages_posts();
    let says = |text: &str| there.iter().filter(|one| one["message"] == text).count();
    assert_eq!((there.len(), says("La feria es en la plaza."), says("La feria es en el parque.")), (3, 0, 1));
}
