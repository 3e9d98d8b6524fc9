//! Captions of a video on a page: given once it is ready and before it is shown, read by Meta's own client, replaced where they stand.

use super::*;
use crate::{
    captions::{FILE, OTHER, OTHER_SRT, SRT, caption},
    video::{ALT, TEN_SECONDS, shot, stored, video},
};

const GIVE: &str = "POST /v25.0/4*/captions";

fn captioned(town: &Town, made: &Channel, text: &str, seed: u32) -> Content {
    let author = town.author();
    let mut post = notice_on(town, made, text);
    post.video = Some(video(&stored(&author, &shot(TEN_SECONDS, 5_000, seed, &[])), ALT));
    caption(&author, &mut post, FILE);
    post
}

/// Calls that change a video, but for those that give it captions; and those.
fn calls(sandbox: &Sandbox) -> (usize, usize) {
    let all = sandbox.requests("POST /v25.0/4");
    let given = all.iter().filter(|call| call["path"].as_str().is_some_and(|path| path.ends_with("/captions"))).count();
    (all.len() - given, given)
}

pub fn until_out(town: &Town, post: &PostView) -> PostView {
    let (author, mut minutes) = (town.author(), 0);
    eventually("the video to be out", || {
        minutes += 1;
        town.ahead(Millis::minutes(minutes));
        town.tick();
        town.settle();
        let view = author.read(&post.post.id);
        let state = view.publications[0].state;
        assert!(!matches!(state, PublicationState::Failed | PublicationState::Held), "{:?}", view.publications);
        (state == PublicationState::Out).then_some(view)
    })
}

#[test]
fn they_are_read_by_meta_s_own_client_replaced_and_taken_away() {
    let (town, sandbox, made) = with_page(Town::alone("Villa del Subtítulo de Página"));
    let (author, mayor) = (town.author(), town.mayor());
    let content = captioned(&town, &made, "Con subtítulos.", 201);
    let out = until_out(&town, &release(&town, &content));
    assert_eq!(calls(&sandbox), (1, 1));
    let read = sandbox.on_page("captions", PAGE);
    assert_eq!(read, [json!({ "video": native_id(&out), "locale": "es_ES", "words": SRT })]);
    api_journeys::covered::read(Network::Facebook, "captions");

    let mut next = content.clone();
    caption(&author, &mut next, OTHER);
    let done = |state: &ActState| matches!(state, ActState::Done { .. });
    let first = edited(&author, &correct(&author, &mayor, &out, next.clone()), done);
    assert_eq!(sandbox.pages_posts()[0]["captions"], json!({ "es_ES": OTHER_SRT }));
    next.video.as_mut().unwrap().captions.clear();
    let sent = correct(&author, &mayor, &first, next);
    eventually("the next edit", || {
        let view = author.read(&sent.post.id);
        let acts = &view.publications[0].acts;
        (acts.len() > first.publications[0].acts.len() && done(last_act(&view))).then_some(())
    });
    assert_eq!(sandbox.pages_posts()[0]["captions"], json!({}));
    assert_eq!(calls(&sandbox), (3, 3), "shown once, and two corrections");
}

#[test]
fn a_lost_answer_is_given_again_and_the_video_shown_once() {
    let (town, sandbox, made) = with_page(Town::alone("Villa del Subtítulo Repetido"));
    town.arm("impatient=1");
    for (place, then) in ["drop_after", "drop_before", "status_after", "status_before"].into_iter().enumerate() {
        town.ahead(Millis(0));
        sandbox.arm(&json!([{ "on": GIVE, "then": then, "status": 502 }]));
        let post = release(&town, &captioned(&town, &made, &format!("Otra vez, {then}."), 210 + place as u32));
        until_out(&town, &post);
        let there = sandbox.pages_posts();
        assert_eq!((there.len(), calls(&sandbox).0), (place + 1, place + 1), "{then}");
        assert!(there.iter().all(|post| post["captions"] == json!({ "es_ES": SRT })), "{then}: {there:?}");
    }
}
