//! The poster at YouTube: set before anybody sees the video, once; whatever comes of it, the video goes out, and what came of it is told.

use domain::poster::Given;

use super::*;
use crate::poster::pose;

/// The call that sets it.
const SET: &str = "POST /upload/youtube/v3/thumbnails/set";

fn posed(town: &Town, made: &Channel, text: &str, seed: u32) -> (Content, String) {
    let mut content = filmed(town, made, text, &film(9_000, seed, &[]));
    let hash = pose(&town.author(), &mut content, seed as u8, Some(500));
    (content, hash)
}

fn set(sandbox: &Sandbox) -> usize {
    sandbox.requests(SET).len()
}

#[test]
fn it_is_there_before_the_video_is_seen_set_once_and_replaced_by_a_correction() {
    let (town, sandbox, made) = with_channel(Town::found("Villa de la Portada Roja"));
    let (author, mayor) = (town.author(), town.mayor());
    let (content, hash) = posed(&town, &made, "Con portada.", 141);
    let out = publish(&town, &content);
    assert_eq!(shown(&sandbox)[0]["poster"], json!([hash, 1]));
    let calls = sandbox.requests("P");
    let place = |path: &str| calls.iter().position(|call| call["path"] == path);
    let shows = calls.iter().position(|call| call["path"] == "/youtube/v3/videos" && call["method"] == "PUT");
    assert!(place("/upload/youtube/v3/thumbnails/set") < shows, "{calls:?}");
    assert_eq!(receipt(&out).poster, Some(Given::Kept));

    // Other words leave it alone; another one takes its place; to take it away, a person is needed.
    let done = |state: &ActState| matches!(state, ActState::Done { .. });
    let mut next = content.clone();
    next.texts.values_mut().for_each(|text| "Con la misma portada.".clone_into(text));
    let first = edited(&author, &correct(&author, &mayor, &out, next.clone()), done);
    assert_eq!((set(&sandbox), receipt(&first).poster), (1, Some(Given::Kept)));
    let again = |before: &PostView, content: &Content, is: &dyn Fn(&ActState) -> bool| {
        let (sent, edits) = (correct(&author, &mayor, before, content.clone()), before.publications[0].acts.len());
        eventually("the next edit", || {
            let view = author.read(&sent.post.id);
            (view.publications[0].acts.len() > edits && is(last_act(&view))).then_some(view)
        })
    };
    let other = pose(&author, &mut next, 142, None);
    let second = again(&first, &next, &done);
    assert_eq!((shown(&sandbox)[0]["poster"].clone(), set(&sandbox)), (json!([other, 2]), 2));
    next.video.as_mut().unwrap().poster = None;
    again(&second, &next, &|state| matches!(state, ActState::InHand { .. }));
    assert_eq!((shown(&sandbox)[0]["poster"].clone(), set(&sandbox)), (json!([other, 2]), 2));
}

#[test]
fn a_lost_answer_leaves_one_poster_and_one_video() {
    let (town, sandbox, made) = with_channel(Town::alone("Villa de la Portada Perdida"));
    town.arm("impatient=1");
    let faults = [
        json!({ "on": SET, "then": "drop_after" }),
        json!({ "on": SET, "then": "hang_after" }),
        json!({ "on": SET, "then": "status_after", "status": 503 }),
        json!({ "on": SET, "then": "malformed" }),
        json!({ "on": SET, "then": "drop_before" }),
        // The video was shown, and nobody knows: what came of the poster is not forgotten, and it is not set again.
        json!({ "on": VISIBLE, "then": "drop_after" }),
    ];
    for (place, fault) in faults.into_iter().enumerate() {
        sandbox.arm(&json!([fault]));
        let before = set(&sandbox);
        let (content, hash) = posed(&town, &made, &format!("Número {place}."), 150 + place as u32);
        let out = until_out(&town, &release(&town, &content));
        let there = shown(&sandbox);
        assert_eq!(
            (there.len(), unseen(&sandbox), sandbox.requests(VISIBLE).len()),
            (place + 1, 0, place + 1),
            "{fault}"
        );
        assert_eq!(there[place]["poster"][0], hash, "{fault}");
        assert_eq!(receipt(&out).poster, Some(Given::Kept), "{fault}");
        let calls = if fault["on"] == SET { 2 } else { 1 };
        assert_eq!(set(&sandbox) - before, calls, "{fault}");
    }
}

#[test]
fn a_refused_one_never_fails_the_post_is_told_and_set_by_the_next_correction() {
    let (town, sandbox, made) = with_channel(Town::found("Villa sin Verificar"));
    let (author, mayor) = (town.author(), town.mayor());
    sandbox.set(&json!({ "youtube": { "verified": false } }));
    let (content, hash) = posed(&town, &made, "Sin verificar.", 161);
    let out = publish(&town, &content);
    assert_eq!((shown(&sandbox).len(), set(&sandbox)), (1, 1), "a no is a no: it is not asked again");
    assert_eq!(shown(&sandbox)[0]["poster"], Value::Null);
    let Some(Given::Missed { forbidden, message }) = receipt(&out).poster else { panic!("{:?}", receipt(&out)) };
    assert!(forbidden && message.contains("permissions"), "{message}");

    sandbox.set(&json!({ "youtube": { "verified": true } }));
    let mut next = content.clone();
    next.texts.values_mut().for_each(|text| "Ya verificado.".clone_into(text));
    let sent = correct(&author, &mayor, &out, next);
    let corrected = edited(&author, &sent, |state| matches!(state, ActState::Done { .. }));
    assert_eq!(shown(&sandbox)[0]["poster"], json!([hash, 1]));
    assert_eq!(receipt(&corrected).poster, Some(Given::Kept));
}

#[test]
fn a_network_that_is_away_for_it_is_away_for_it_alone() {
    let (town, sandbox, made) = with_channel(Town::found("Villa de la Portada Ausente"));
    sandbox.arm(&json!([{ "on": SET, "then": "status_before", "status": 503, "times": 2 }]));
    let (content, _) = posed(&town, &made, "Sin portada por ahora.", 171);
    let out = publish(&town, &content);
    assert_eq!((shown(&sandbox).len(), set(&sandbox), shown(&sandbox)[0]["poster"].clone()), (1, 2, Value::Null));
    assert!(matches!(receipt(&out).poster, Some(Given::Missed { forbidden: false, .. })), "{:?}", receipt(&out));
}
