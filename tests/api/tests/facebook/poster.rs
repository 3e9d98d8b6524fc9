//! The poster of a video on a page: put before the others while nobody sees the video; whatever comes of it, the video is shown.

use domain::{delivery::Receipt, poster::Given};

use super::{captions::until_out, *};
use crate::{
    poster::pose,
    video::{ALT, TEN_SECONDS, shot, stored, video},
};

/// The calls that put one.
fn put(sandbox: &Sandbox) -> usize {
    let all = sandbox.requests("POST /v25.0/4");
    all.iter().filter(|call| call["path"].as_str().is_some_and(|path| path.ends_with("/thumbnails"))).count()
}

fn posed(town: &Town, made: &Channel, text: &str, seed: u32) -> (Content, String) {
    let author = town.author();
    let mut post = notice_on(town, made, text);
    post.video = Some(video(&stored(&author, &shot(TEN_SECONDS, 5_000, seed, &[])), ALT));
    let hash = pose(&author, &mut post, seed as u8, None);
    (post, hash)
}

fn receipt(post: &PostView) -> Receipt {
    let ActState::Done { receipt } = last_act(post) else { panic!("{:?}", last_act(post)) };
    receipt.clone()
}

#[test]
fn it_is_put_once_replaced_by_a_correction_and_never_keeps_a_video_back() {
    let (town, sandbox, made) = with_page(Town::alone("Villa de la Portada Azul"));
    let (author, mayor) = (town.author(), town.mayor());
    let (content, hash) = posed(&town, &made, "Con portada.", 221);
    let out = until_out(&town, &release(&town, &content));
    assert_eq!((sandbox.pages_posts()[0]["posters"].clone(), put(&sandbox)), (json!([hash]), 1));
    assert_eq!(receipt(&out).poster, Some(Given::Kept));
    let mut next = content.clone();
    let other = pose(&author, &mut next, 222, Some(4_000));
    let done = |state: &ActState| matches!(state, ActState::Done { .. });
    let corrected = edited(&author, &correct(&author, &mayor, &out, next), done);
    assert_eq!((sandbox.pages_posts()[0]["posters"].clone(), put(&sandbox)), (json!([hash, other]), 2));
    assert_eq!(receipt(&corrected).poster, Some(Given::Kept));

    // A no is told, and asked once; a silence is asked about once more.
    for (then, calls, kept) in [("refuse", 1, false), ("drop_before", 2, true)] {
        sandbox.arm(&json!([{ "on": "POST /v25.0/4*/thumbnails", "then": then, "code": 200 }]));
        let before = put(&sandbox);
        let (content, hash) = posed(&town, &made, &format!("Con {then}."), 230 + calls);
        let out = until_out(&town, &release(&town, &content));
        let there = sandbox.pages_posts().into_iter().find(|post| post["id"] == native_id(&out)).unwrap();
        assert_eq!(there["posters"], if kept { json!([hash]) } else { json!([]) }, "{then}");
        assert_eq!(receipt(&out).poster == Some(Given::Kept), kept, "{then}: {:?}", receipt(&out));
        assert_eq!(put(&sandbox) - before, calls as usize, "{then}");
    }
}
