//! Captions at X: uploaded, put to the video once it is ready, and only then the post.

use super::*;
use crate::{
    captions::{FILE, SRT, caption},
    video::{ALT, TEN_SECONDS, shot, stored, video},
};

const GIVE: &str = "POST /2/media/subtitles";

fn captioned(town: &Town, made: &Channel, text: &str, seed: u32) -> Content {
    let author = town.author();
    let mut post = notice_on(town, made, text);
    post.video = Some(video(&stored(&author, &shot(TEN_SECONDS, 9_000, seed, &[])), ALT));
    caption(&author, &mut post, FILE);
    post
}

fn until_out(town: &Town, post: &PostView) {
    let (author, mut minutes) = (town.author(), 0);
    eventually("the video to be out", || {
        minutes += 1;
        town.ahead(Millis::minutes(minutes));
        town.tick();
        town.settle();
        let view = author.read(&post.post.id);
        let state = view.publications[0].state;
        assert!(!matches!(state, PublicationState::Failed | PublicationState::Held), "{:?}", view.publications);
        (state == PublicationState::Out).then_some(())
    });
}

#[test]
fn they_belong_to_the_video_before_it_is_posted_whatever_answer_is_lost() {
    let (town, sandbox, made) = with_account(Town::alone("Villa del Subtítulo de la X"));
    town.arm("impatient=1");
    let faults = [
        ("POST /nothing", "drop_after"),
        (GIVE, "drop_after"),
        (GIVE, "drop_before"),
        (GIVE, "status_after"),
        ("POST /2/media/upload", "drop_after"),
    ];
    for (place, (on, then)) in faults.into_iter().enumerate() {
        town.ahead(Millis(0));
        sandbox.arm(&json!([{ "on": on, "then": then, "status": 502 }]));
        until_out(&town, &release(&town, &captioned(&town, &made, &format!("Paso {place}."), 220 + place as u32)));
        let there = sandbox.posts_of_x();
        assert_eq!((there.len(), sandbox.requests(VISIBLE).len()), (place + 1, place + 1), "{on} {then}");
        assert!(there.iter().all(|post| post["captions"] == json!({ "ES": SRT })), "{on} {then}: {there:?}");
    }
    assert!(sandbox.requests(GIVE).len() >= 5);
}
