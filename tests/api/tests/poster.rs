//! The poster of a video and the focal point of a picture: a part of what is agreed to, shown to citizens and sent to the networks that
//! take them. How YouTube and a page of Facebook are given a poster stands beside their videos: there it is a step by itself.

use api_journeys::{
    Member, Raw, Town, approval, because, eventually, id, last_act, new_post,
    outside::{Sandbox, agree_at, agree_at_network, app_of_x, notice_on, publish, sent_on},
    send,
};
use domain::{
    Content, Focus, Network, Poster, Refusal, Role,
    delivery::{ActState, PublicationState},
    policy::{Evidence, Misfit, Rule},
};
use serde_json::{Value, json};
use wire::{Nothing, library, posts};

use crate::{
    media::{jpeg, picture, png, stored as stored_picture, stored_jpeg},
    video::{ALT, film, stored, video},
};

/// Stores a poster, another for each shade; with the moment that it shows, if it is one.
pub fn poster(member: &Member, shade: u8, at: Option<u32>) -> Poster {
    let kept = stored_jpeg(member, &jpeg(64, 36, shade));
    Poster { media: kept.id, hash: kept.hash, bytes: kept.bytes, width: kept.width, height: kept.height, at }
}

/// Stores one and puts it to the video of a content; answers its hash.
pub fn pose(member: &Member, content: &mut Content, shade: u8, at: Option<u32>) -> String {
    let poster = poster(member, shade, at);
    let hash = poster.hash.clone();
    content.video.as_mut().unwrap().poster = Some(poster);
    hash
}

fn get(path: &str) -> Raw {
    send("GET", path, &[], b"")
}

fn filmed(town: &Town, text: &str, seed: u32) -> Content {
    let mut content = town.notice(text);
    content.video = Some(video(&stored(&town.author(), &film(4_000, seed, &[])), ALT));
    content
}

#[test]
fn a_content_names_only_a_poster_that_is_its_organisation_s_as_it_was_stored() {
    let town = Town::found("Villa de la Portada");
    let other = town.neighbour("Villa sin Portada");
    let (author, stranger) = (town.author(), other.author());
    let content = filmed(&town, "Con portada.", 401);
    let no = |poster: Poster| -> Refusal {
        let mut content = content.clone();
        content.video.as_mut().unwrap().poster = Some(poster);
        author.no(&posts::SAVE, &[new_post().as_str()], &posts::Save { version: 0, content })
    };
    let mine = poster(&author, 1, Some(2_000));
    assert_eq!(no(poster(&stranger, 2, None)), Refusal::NotFound, "another's");
    assert_eq!(no(Poster { width: 65, ..mine.clone() }), Refusal::NotFound, "another size");
    assert_eq!(no(Poster { hash: "0".repeat(64), ..mine.clone() }), Refusal::NotFound, "other bytes");
    let malformed = Refusal::Malformed { field: "video.poster".to_owned() };
    assert_eq!(no(Poster { at: Some(2_001), ..mine.clone() }), malformed, "behind the end of the video");
    let kept = stored_picture(&author, &png(6, 4));
    let drawn = Poster { media: kept.id, hash: kept.hash, bytes: kept.bytes, width: 6, height: 4, at: None };
    assert_eq!(no(drawn), Refusal::NotFound, "a PNG: not every network would take it");

    let mut right = content;
    right.video.as_mut().unwrap().poster = Some(mine.clone());
    let draft = author.write(&right);
    assert_eq!(author.read(&draft.post.id).post.content, right);
    // Nobody deletes it from under the post.
    let records = town.member(Role::Records);
    let delete = || records.ask(&library::DELETE, &[mine.media.as_str()], &Nothing {});
    assert!(matches!(delete().map_err(Refusal::from), Err(Refusal::AssetInUse { .. })));
    right.video.as_mut().unwrap().poster = None;
    author.edit(&draft, &right);
    delete().unwrap();
}

#[test]
fn it_is_agreed_to_with_the_video_and_citizens_see_it_as_long_as_the_notice_is_up() {
    let town = Town::found("Villa del Cartel");
    let (author, mayor) = (town.author(), town.mayor());
    let mut content = filmed(&town, "El pregón, con portada.", 402);
    let bare = content.clone();
    pose(&author, &mut content, 3, Some(1_000));
    assert_ne!(content.hash(), bare.hash());
    let submitted = author.submit(&author.write(&content));
    let signed = approval(&submitted);
    let edited = author.edit(&submitted, &bare);
    assert!(mayor.ask(&posts::DECIDE, &[id(&edited)], &signed).is_err(), "without it, it is another content");
    let approved = mayor.approve(&author.submit(&author.edit(&edited, &content)));
    let poster = content.video.as_ref().unwrap().poster.clone().unwrap();
    let file = format!("/{}/media/{}", town.founded.slug, poster.media);
    assert_eq!(get(&file).status, 404, "not before it is out");
    author.release(&approved);
    author.wait_for(&approved.post.id, PublicationState::Out);
    let page = get(&format!("/{}/posts/{}", town.founded.slug, approved.post.id)).text();
    let player = page.split("<video ").nth(1).and_then(|rest| rest.split('>').next()).expect("a video");
    assert!(player.contains(&format!("poster=\"{file}\"")), "{player}");
    assert!(page.contains("og:image") && page.contains(&poster.media.to_string()));
    let board = get(&format!("/{}/", town.founded.slug)).text();
    assert!(board.contains(&format!("src=\"{file}\"")), "in the list, too");
    let served = get(&file);
    assert_eq!((served.status, served.header("content-type")), (200, "image/jpeg"));
    let view = author.read(&approved.post.id);
    author.ok(&posts::TAKE_DOWN, &[id(&view)], &because(&view, "Ya pasó."));
    author.wait_for(&approved.post.id, PublicationState::TakenDown);
    assert_eq!(get(&file).status, 404, "taken down with the notice");
}

#[test]
fn what_must_be_seen_of_a_picture_is_said_to_mastodon_and_kept_in_sight_on_the_board() {
    let town = Town::found("Villa del Encuadre");
    let sandbox = Sandbox::start();
    let mastodon = agree_at(&town.administrator(), &sandbox.server, sent_on).unwrap();
    let author = town.author();
    let mut content = notice_on(&town, &mastodon, "La alcaldesa, a la izquierda.");
    let kept = [png(12, 5), png(13, 5)].map(|bytes| stored_picture(&author, &bytes));
    content.pictures = kept.iter().map(|kept| picture(kept, "La alcaldesa.")).collect();
    content.pictures[0].focus = Focus::at(100, 250);
    content.targets.extend(town.notice("").targets);
    publish(&town, &content);
    let there = sandbox.published("mastodon");
    let media = there[0]["media"].as_array().unwrap();
    assert_eq!((&media[0]["focus"], &media[1]["focus"]), (&json!("-0.800,0.500"), &Value::Null));
    eventually("the notice", || {
        let board = get(&format!("/{}/", town.founded.slug)).text();
        board.contains("class=\"x1 y3\"").then_some(())
    });

    let draft = author.write(&content);
    let body = serde_json::to_value(posts::Save { version: draft.post.version, content }).unwrap();
    for odd in ["500,500", "1001,0", "a,b", ""] {
        let mut body = body.clone();
        body["content"]["pictures"][0]["focus"] = odd.into();
        let path = posts::SAVE.path(&[id(&draft)]);
        let raw = author.raw(posts::SAVE.method, &path, body.to_string().as_bytes());
        assert!((400..500).contains(&raw.status), "{odd}: {} {}", raw.status, raw.text());
    }
}

#[test]
fn mastodon_and_telegram_are_sent_it_with_the_video() {
    let town = Town::found("Villa del Estreno");
    let sandbox = Sandbox::start();
    let author = town.author();
    let mastodon = agree_at(&town.administrator(), &sandbox.server, sent_on).unwrap();
    let telegram = crate::telegram::connect(&town.administrator(), &sandbox);
    let mut content = filmed(&town, "El estreno.", 403);
    let hash = pose(&author, &mut content, 4, None);
    let on = |channel| Content { targets: notice_on(&town, channel, "").targets, ..content.clone() };
    publish(&town, &on(&mastodon));
    assert_eq!(sandbox.published("mastodon")[0]["media"][0]["thumbnail"], hash);
    let out = publish(&town, &on(&telegram));
    assert_eq!(sandbox.messages()[0]["video"]["cover"], hash);
    // A message's cover cannot be exchanged: a person is needed, and nothing of the correction is sent.
    let mut next = on(&telegram);
    pose(&author, &mut next, 5, None);
    let handed = crate::telegram::correct(&town, &out, next);
    assert!(matches!(last_act(&handed), ActState::InHand { .. }), "{:?}", last_act(&handed));
    assert_eq!(sandbox.messages()[0]["video"]["cover"], hash);
}

#[test]
fn the_rule_says_where_another_one_is_shown() {
    let town = Town::found("Villa sin Cartelera");
    let (author, administrator) = (town.author(), town.administrator());
    let by_hand = administrator.connect_by_hand(Network::X, None);
    let mut content = filmed(&town, "Sin cartel.", 404);
    content.targets = notice_on(&town, &by_hand, "").targets;
    pose(&author, &mut content, 6, Some(500));
    let found = |content: &Content| -> Vec<Evidence> {
        let all = author.ok(&posts::CHECK, &[], content).into_iter();
        all.filter(|one| one.rule == Rule::Poster).map(|one| one.evidence).collect()
    };
    assert_eq!(found(&content), [], "whoever publishes by hand sees to it");
    let sandbox = Sandbox::start();
    town.stand_in(Network::X, &sandbox.server);
    let made = agree_at_network(&administrator, &app_of_x(Some(&by_hand.id))).unwrap();
    assert_eq!((&made.id, made.assisted), (&by_hand.id, false));
    assert_eq!(found(&content), [Evidence::Video { misfit: Misfit::OwnPoster }]);
}
