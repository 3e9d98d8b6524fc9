//! Captions at YouTube: there before anybody sees the video, downloaded by Google's own client, replaced and taken away where they
//! stand, and never doubled.

use super::*;
use crate::captions::{FILE, OTHER, OTHER_SRT, SRT, caption};

/// The calls that give them, replace them, list them (and, as the client does, download them).
const GIVE: &str = "POST /upload/youtube/v3/captions";
const REPLACE: &str = "PUT /upload/youtube/v3/captions";
const LIST: &str = "GET /youtube/v3/captions";

fn lists(sandbox: &Sandbox) -> usize {
    sandbox.requests(LIST).iter().filter(|call| call["path"] == "/youtube/v3/captions").count()
}

fn captioned(town: &Town, made: &Channel, text: &str, seed: u32) -> Content {
    let mut content = filmed(town, made, text, &film(9_000, seed, &[]));
    caption(&town.author(), &mut content, FILE);
    content
}

fn words(sandbox: &Sandbox) -> Vec<Value> {
    sandbox.at_youtube("captions").iter().map(|one| json!([one["language"], one["name"], one["words"]])).collect()
}

#[test]
fn they_are_there_before_the_video_is_seen_and_google_s_own_client_downloads_them() {
    let (town, sandbox, made) = with_channel(Town::found("Villa del Subtítulo Rojo"));
    let (author, mayor) = (town.author(), town.mayor());
    let content = captioned(&town, &made, "Con subtítulos.", 101);
    let out = publish(&town, &content);
    assert_eq!(words(&sandbox), [json!(["es", "", SRT])]);
    api_journeys::covered::read(Network::Youtube, "captions");
    let calls = sandbox.requests("P");
    let place =
        |path: &str, method: &str| calls.iter().position(|call| call["path"] == path && call["method"] == method);
    assert!(place("/upload/youtube/v3/captions", "POST") < place("/youtube/v3/videos", "PUT"), "{calls:?}");
    assert_eq!((sandbox.requests(GIVE).len(), lists(&sandbox)), (1, 2), "ours and the client's");

    // Other words for the text leave the captions alone; other captions are put in their place; none take them away.
    let mut next = content.clone();
    next.texts.values_mut().for_each(|text| "Con los mismos subtítulos.".clone_into(text));
    let done = |state: &ActState| matches!(state, ActState::Done { .. });
    let first = edited(&author, &correct(&author, &mayor, &out, next.clone()), done);
    assert_eq!((lists(&sandbox), sandbox.requests(REPLACE).len()), (2, 0));
    caption(&author, &mut next, OTHER);
    let edits = |view: &PostView| view.publications[0].acts.len();
    let again = |before: &PostView, content: &Content| {
        let sent = correct(&author, &mayor, before, content.clone());
        eventually("the next edit", || {
            let view = author.read(&sent.post.id);
            (edits(&view) > edits(before) && done(last_act(&view))).then_some(view)
        })
    };
    let second = again(&first, &next);
    assert_eq!((words(&sandbox), sandbox.requests(GIVE).len()), (vec![json!(["es", "", OTHER_SRT])], 1));
    next.video.as_mut().unwrap().captions.clear();
    again(&second, &next);
    assert_eq!((words(&sandbox), shown(&sandbox).len()), (Vec::new(), 1));
}

#[test]
fn google_s_own_client_brings_and_replaces_them_here_too() {
    let sandbox = Sandbox::start();
    let made = sandbox.at_youtube("caption");
    let theirs = "1\n00:00:00,500 --> 00:00:01,000\nBy another program.\n";
    let right = json!({ "video": made[0], "language": "es", "name": "", "words": theirs });
    assert_eq!(sandbox.at_youtube("captions"), [right]);
    assert_eq!(shown(&sandbox)[0]["captions"], json!({ "es": [theirs, 1] }));
    api_journeys::covered::made(Network::Youtube, "captions");
}

#[test]
fn a_lost_answer_never_doubles_them_nor_shows_the_video_twice() {
    let (town, sandbox, made) = with_channel(Town::alone("Villa del Subtítulo Perdido"));
    town.arm("impatient=1");
    let faults = [
        (GIVE, json!({ "then": "drop_after" }), 1),
        (GIVE, json!({ "then": "hang_after" }), 1),
        (GIVE, json!({ "then": "status_after", "status": 503 }), 1),
        (GIVE, json!({ "then": "malformed" }), 1),
        (GIVE, json!({ "then": "drop_before" }), 2),
        (LIST, json!({ "then": "status_before", "status": 503 }), 1),
    ];
    for (place, (on, mut fault, calls)) in faults.into_iter().enumerate() {
        fault["on"] = on.into();
        sandbox.arm(&json!([fault]));
        let before = sandbox.requests(GIVE).len();
        let post = release(&town, &captioned(&town, &made, &format!("Número {place}."), 110 + place as u32));
        until_out(&town, &post);
        let there = shown(&sandbox);
        assert_eq!(
            (there.len(), unseen(&sandbox), sandbox.requests(VISIBLE).len()),
            (place + 1, 0, place + 1),
            "{fault}"
        );
        assert_eq!(there[place]["captions"], json!({ "es": [SRT, 0] }), "{fault}");
        assert_eq!(sandbox.requests(GIVE).len() - before, calls, "{fault}");
    }
}

#[test]
fn what_youtube_cannot_take_in_is_told_and_the_video_stays_unseen() {
    let (town, sandbox, made) = with_channel(Town::found("Villa del Subtítulo Roto"));
    sandbox.set(&json!({ "youtube": { "caption_breaks": "unknownFormat" } }));
    let failure = failed(&town.author(), &release(&town, &captioned(&town, &made, "Rotos.", 120)));
    assert_eq!(failure.kind, FailureKind::ContentRefused);
    assert!(failure.message.contains("captions") && failure.message.contains("unknownFormat"), "{failure:?}");
    assert_eq!((shown(&sandbox).len(), unseen(&sandbox), sandbox.requests(VISIBLE).len()), (0, 1, 0));
}
