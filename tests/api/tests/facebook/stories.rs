//! Stories of a page: given first and shown by one call, so that a lost answer is settled by what was given; seen for a day, without a
//! word; and taken down by a person, for the interface has no way.

use domain::{
    policy::{Evidence, Misfit},
    record::sha256_hex,
};

use super::*;
use crate::{
    pulling::look_twice,
    video::{ALT, Shot, TEN_SECONDS, shot, stored, video},
};

fn told(town: &Town, made: &Channel, text: &str) -> Content {
    let mut content = notice_on(town, made, text);
    content.targets[0].story = true;
    content
}

/// A story of a picture; and the hash of its bytes.
fn pictured(town: &Town, made: &Channel, text: &str, seed: u32) -> (Content, String) {
    let mut content = told(town, made, text);
    let bytes = media::png(9 + seed, 16);
    content.pictures.push(media::picture(&media::stored(&town.author(), &bytes), "La plaza."));
    (content, sha256_hex(&bytes))
}

fn shown(sandbox: &Sandbox) -> Vec<Value> {
    sandbox.published("stories")
}

/// The calls that show one.
fn tried(sandbox: &Sandbox, edge: &str) -> usize {
    sandbox.requests(&format!("POST /v25.0/{}/{edge}", page())).len()
}

#[test]
fn a_picture_and_a_video_are_shown_for_a_day_without_a_word() {
    let (town, sandbox, made) = with_page(Town::alone("Villa de las Historias"));
    let (author, mayor) = (town.author(), town.mayor());
    let (mut content, hash) = pictured(&town, &made, "Esto no se ve.", 0);
    content.comments.insert(domain::Language::spanish(), "Ni esto.".to_owned());
    let out = publish(&town, &content);
    let there = shown(&sandbox);
    assert_eq!((there.len(), &there[0]["sha256"], &there[0]["video"]), (1, &json!(hash), &json!(false)));
    assert_eq!(sandbox.pages_posts(), Vec::<Value>::new(), "no post");
    assert_eq!(out.publications[0].acts.len(), 1, "nobody comments below a story");
    let ActState::Done { receipt } = last_act(&out) else { panic!("{:?}", last_act(&out)) };
    let listed = sandbox.on_page("stories", PAGE);
    assert_eq!(json!(receipt.native_id), listed[0]["post_id"]);
    assert_eq!(json!(receipt.address), listed[0]["url"]);
    assert_eq!(listed[0]["media_type"], "photo");
    api_journeys::covered::read(Network::Facebook, "story");
    let kept = crate::record::whole_chain(&author, &town);
    let until = format!("\"seen_until\":{}", receipt.at.plus(Millis::hours(24)).0);
    assert!(kept.iter().any(|entry| entry.body.as_deref().is_some_and(|body| body.contains(&until))), "{until}");

    let bytes = shot(TEN_SECONDS, 9_000, 61, &[]);
    let mut film = told(&town, &made, "Un vídeo.");
    film.video = Some(video(&stored(&author, &bytes), ALT));
    publish(&town, &film);
    let there = shown(&sandbox);
    assert_eq!((there.len(), &there[1]["sha256"]), (2, &json!(sha256_hex(&bytes))));
    assert_eq!((tried(&sandbox, "photo_stories"), tried(&sandbox, "video_stories")), (1, 2), "begun, and shown");

    // Within its day a person takes it down; after it there is nothing left.
    mayor.ok(&posts::TAKE_DOWN, &[id(&out)], &because(&out, "No era."));
    eventually("a person to have it", || {
        matches!(last_act(&author.read(&out.post.id)), ActState::InHand { .. }).then_some(())
    });
    let (content, _) = pictured(&town, &made, "Mañana ya no está.", 1);
    let later = publish(&town, &content);
    town.ahead(Millis::hours(25));
    // Whoever was signed in is not any more.
    town.mayor().ok(&posts::TAKE_DOWN, &[id(&later)], &because(&later, "Ya pasó."));
    town.author().wait_for(&later.post.id, PublicationState::TakenDown);
}

#[test]
fn a_lost_answer_is_settled_by_what_was_given_and_nothing_is_shown_twice() {
    let (town, sandbox, made) = with_page(Town::alone("Villa de la Historia Perdida"));
    town.arm("impatient=1");
    let author = town.author();
    let visible = format!("POST /v25.0/{}/photo_stories", page());
    for (place, then) in ["drop_after", "hang_after", "malformed"].into_iter().enumerate() {
        town.ahead(Millis(0));
        sandbox.arm(&json!([{ "on": visible, "then": then }]));
        let (content, hash) = pictured(&town, &made, "¿Salió?", 2 + place as u32);
        let post = release(&town, &content);
        author.wait_for(&post.post.id, PublicationState::Unknown);
        sandbox.set(&json!({ "lag": 1 }));
        look_twice(&town);
        author.wait_for(&post.post.id, PublicationState::Out);
        assert_eq!((shown(&sandbox).len(), &shown(&sandbox)[place]["sha256"]), (place + 1, &json!(hash)), "{then}");
        assert_eq!(tried(&sandbox, "photo_stories"), place + 1, "{then}: once, and only once");
    }
    // It is done, and yet we are asked to wait: the next try begins by looking.
    town.ahead(Millis(0));
    sandbox.arm(&json!([{ "on": visible, "then": "refuse_after", "code": 4 }]));
    let (content, _) = pictured(&town, &made, "Dos veces no.", 5);
    let post = release(&town, &content);
    eventually("the first try", || {
        let act = author.read(&post.post.id).publications[0].acts[0].clone();
        (act.attempts.len() == 1 && tries_again(&act)).then_some(())
    });
    town.ahead(Millis::minutes(1));
    town.tick();
    author.wait_for(&post.post.id, PublicationState::Out);
    assert_eq!((shown(&sandbox).len(), tried(&sandbox, "photo_stories")), (4, 4));
    // The same, and its window is over before the next try: whoever lets it out by hand has no second one shown.
    town.ahead(Millis(0));
    sandbox.arm(&json!([{ "on": visible, "then": "refuse_after", "code": 4 }]));
    let (content, _) = pictured(&town, &made, "Tarde, y una vez.", 6);
    let post = release(&town, &content);
    author.tried_once(&post.post.id);
    author.let_out_late(&town, &post.post.id);
    assert_eq!((shown(&sandbox).len(), tried(&sandbox, "photo_stories")), (5, 5));
}

#[test]
fn what_is_no_story_is_refused_with_the_network_s_number() {
    let (town, sandbox, made) = with_page(Town::found("Villa de la Historia Interminable"));
    let author = town.author();
    let found = |content: &Content, rule: Rule| -> Vec<Evidence> {
        let all = author.ok(&posts::CHECK, &[], content);
        all.into_iter().filter(|one| one.rule == rule).map(|one| one.evidence).collect()
    };
    let mut content = told(&town, &made, "Nada que ver.");
    assert_eq!(found(&content, Rule::PictureCount), [Evidence::Missing]);
    pictures(&author, &mut content, 2);
    assert_eq!(found(&content, Rule::PictureCount), [Evidence::Over { limit: 1, count: 2 }]);
    assert_eq!(found(&content, Rule::Story)[0], Evidence::Unkept, "the text is not shown");
    content.pictures.clear();
    let of = |millis: u32| shot(Shot { millis, pictures: millis / 40, ..TEN_SECONDS }, 9_000, 70, &[]);
    content.video = Some(video(&stored(&author, &of(600_000)), ALT));
    let misfit = Misfit::Longer { limit: 60, seconds: 600 };
    assert_eq!(found(&content, Rule::Video), [Evidence::Video { misfit }], "ten minutes");
    content.video = Some(video(&stored(&author, &of(60_000)), ALT));
    assert_eq!(found(&content, Rule::Video), []);
    publish(&town, &content);
    assert_eq!(shown(&sandbox).len(), 1, "exactly the limit goes out");
}
