//! First comments: written below a post once it is out, by a step of their own. Never doubled, and never what makes a post a failure.

use domain::{
    Language, Refusal,
    delivery::Hold,
    policy::{Evidence, Field},
};
use wire::{
    Nothing,
    publications::{ActView, Came, KIT, SETTLE, Settle},
};

use super::*;
use crate::pulling::look_twice;

const COMMENT: &str = "Toda la información: https://villa.example/agua";

fn commented(town: &Town, made: &Channel, text: &str) -> Content {
    let mut content = notice_on(town, made, text);
    content.comments.insert(Language::spanish(), COMMENT.to_owned());
    content
}

fn comment_of(post: &PostView) -> ActView {
    post.publications[0].acts.iter().find(|act| act.deed == Deed::Comment).unwrap().clone()
}

/// Waits until the comment of a post is in some state. The post is out all the while.
fn until(author: &Member, post: &PostView, is: impl Fn(&ActState) -> bool) -> PostView {
    eventually("the comment", || {
        let view = author.read(&post.post.id);
        is(&comment_of(&view).state).then_some(view)
    })
}

fn done(state: &ActState) -> bool {
    matches!(state, ActState::Done { .. })
}

/// The calls that write a comment.
fn tried(sandbox: &Sandbox) -> usize {
    let calls = sandbox.requests("POST /v25.0/");
    calls.iter().filter(|call| call["path"].as_str().is_some_and(|path| path.ends_with("/comments"))).count()
}

/// What the page itself wrote below the last post.
fn own(sandbox: &Sandbox) -> Vec<Value> {
    let last = sandbox.pages_posts().pop().unwrap_or_default();
    let all = last["comments"].as_array().cloned().unwrap_or_default();
    all.into_iter().filter(|one| one["own"] == true).collect()
}

#[test]
fn it_goes_out_by_itself_and_is_read_back_by_meta_s_own_client() {
    let (town, sandbox, made) = with_page(Town::found("Villa que Comenta"));
    let (author, mayor) = (town.author(), town.mayor());
    let mut content = commented(&town, &made, "Mañana no hay agua.");
    pictures(&author, &mut content, 1);
    let out = publish(&town, &content);
    let out = until(&author, &out, done);
    let read = sandbox.on_page("comments", PAGE);
    let [one] = &read[..] else { panic!("{read:?}") };
    assert_eq!((&one["words"], &one["by"]), (&json!(COMMENT), &json!(page())));
    let [create, comment] = &out.publications[0].acts[..] else { panic!("{:?}", out.publications) };
    assert_eq!(
        (create.deed, create.attempts.len(), comment.attempts.len()),
        (Deed::Create, 1, 1),
        "each its own attempt"
    );
    assert_ne!(create.attempts[0].sent, comment.attempts[0].sent);
    let ActState::Done { receipt } = &comment.state else { panic!() };
    assert_eq!(json!(receipt.native_id), one["id"]);
    api_journeys::covered::read(Network::Facebook, "comment");
    assert!(receipt.address.as_deref().is_some_and(|address| address.contains("comment_id")), "{receipt:?}");
    assert_eq!(sandbox.on_page("posts", PAGE)[0]["message"], "Mañana no hay agua.", "no part of the post");
    let kept = crate::record::whole_chain(&author, &town);
    let told = |entry: &&domain::record::Entry| {
        entry.body.as_deref().is_some_and(|body| body.contains("\"deed\":\"comment\""))
    };
    assert_eq!(kept.iter().filter(told).count(), 1);

    // A correction changes the post, and not what stands below it.
    let mut right = content.clone();
    right.texts.values_mut().for_each(|text| "Hoy no hay agua.".clone_into(text));
    right.comments.insert(Language::spanish(), "Otra cosa.".to_owned());
    let proposed = posts::Correct {
        version: out.post.version,
        content: right.clone(),
        reason: "Es hoy.".to_owned(),
        checked: None,
    };
    assert_eq!(author.no(&posts::CORRECT, &[id(&out)], &proposed), Refusal::OtherComment);
    right.comments.clone_from(&content.comments);
    let sent = correct(&author, &mayor, &out, right);
    let fixed = edited(&author, &sent, done);
    assert_eq!((own(&sandbox).len(), tried(&sandbox)), (1, 1));

    // It goes with the post that it stands below.
    mayor.ok(&posts::TAKE_DOWN, &[id(&fixed)], &because(&fixed, "Se suspende."));
    author.wait_for(&fixed.post.id, PublicationState::TakenDown);
    assert_eq!((sandbox.pages_posts(), sandbox.on_page("comments", PAGE)), (Vec::new(), Vec::new()));
}

#[test]
fn meta_s_own_client_writes_one_here_too() {
    let sandbox = Sandbox::start();
    sandbox.on_page("make", PAGE);
    let made = sandbox.on_page("comment", PAGE);
    let read = sandbox.on_page("comments", PAGE);
    assert_eq!((made.len(), read.len()), (4, 4));
    assert!(read.iter().all(|one| made.contains(&one["id"]) && one["words"] == "By the page itself."), "{read:?}");
    api_journeys::covered::made(Network::Facebook, "comment");
}

#[test]
fn a_lost_answer_is_looked_up_below_the_post_and_never_sent_again() {
    let (town, sandbox, made) = with_page(Town::alone("Villa del Comentario Perdido"));
    town.arm("impatient=1");
    let author = town.author();
    let faults = [
        json!({ "then": "drop_after" }),
        json!({ "then": "hang_after" }),
        json!({ "then": "status_after", "status": 502 }),
        json!({ "then": "malformed" }),
        json!({ "then": "refuse_after", "code": 2, "status": 500 }),
    ];
    for (place, mut fault) in faults.into_iter().enumerate() {
        town.ahead(Millis(0));
        fault["on"] = "POST /v25.0/*/comments".into();
        let calls = tried(&sandbox);
        sandbox.arm(&json!([fault]));
        let post = release(&town, &commented(&town, &made, &format!("Aviso número {place}.")));
        let unknown = until(&author, &post, |state| matches!(state, ActState::Unknown { .. }));
        assert_eq!(unknown.publications[0].state, PublicationState::Out, "{fault}: the post is out all the same");
        // Somebody says the very same below it: that is not ours.
        sandbox.set(&json!({ "neighbour": COMMENT }));
        look_twice(&town);
        until(&author, &post, done);
        assert_eq!((own(&sandbox).len(), tried(&sandbox)), (1, calls + 1), "{fault}: once, and only once");
    }
}

#[test]
fn whoever_is_wrong_about_what_they_saw_does_not_double_it() {
    let (town, sandbox, made) = with_page(Town::alone("Villa que Mira Mal"));
    town.arm("impatient=1");
    let author = town.author();
    for (then, standing) in [("drop_after", 1), ("drop_before", 0)] {
        town.ahead(Millis(0));
        let calls = tried(&sandbox);
        sandbox.arm(&json!([{ "on": "POST /v25.0/*/comments", "then": then }]));
        let post = release(&town, &commented(&town, &made, &format!("Con duda: {then}.")));
        until(&author, &post, |state| matches!(state, ActState::Unknown { .. }));
        // The network shows it late, later than anybody looks.
        sandbox.set(&json!({ "lag": 2 }));
        look_twice(&town);
        let asked = until(&author, &post, |state| matches!(state, ActState::Unknown { asked: true, .. }));
        assert_eq!((own(&sandbox).len(), tried(&sandbox)), (standing, calls + 1), "{then}");
        let told = Settle::NotOut { reason: "No lo veo.".to_owned() };
        let failed = author.ok(&SETTLE, &[asked.publications[0].id.as_str()], &told);
        assert_eq!(failed.publications[0].state, PublicationState::Out, "what failed is the comment alone");
        author.retry(&failed.publications[0], "Otra vez.").unwrap();
        until(&author, &post, done);
        assert_eq!(own(&sandbox).len(), 1, "{then}: it is looked for before it is sent");
        assert_eq!(tried(&sandbox), calls + 2 - standing, "{then}");
    }
}

#[test]
fn what_may_not_be_written_leaves_the_post_out_and_a_next_step() {
    let (town, sandbox) = (Town::found("Villa sin Permiso de Comentar"), Sandbox::start());
    sandbox.stands_for_facebook(&town);
    let (administrator, author) = (town.administrator(), town.author());
    // Whoever agrees keeps that to themselves: the page is connected all the same.
    sandbox.set(&json!({ "declined": ["pages_manage_engagement"] }));
    let made = agree_at_network(&administrator, &facebook_app(None)).unwrap();
    assert_eq!(made.health.state, HealthState::Working);
    let post = release(&town, &commented(&town, &made, "Sale igual."));
    let failed = until(&author, &post, |state| matches!(state, ActState::Failed { .. }));
    let ActState::Failed { failure } = &comment_of(&failed).state else { panic!() };
    assert_eq!((failure.kind, failure.status), (FailureKind::Forbidden, Some(403)));
    assert!(failure.message.contains("pages_manage_engagement"), "{failure:?}");
    assert_eq!(failed.publications[0].state, PublicationState::Out);
    let home = author.ok(&wire::home::HOME, &[], &Nothing {});
    assert!(home.troubled.iter().any(|row| row.id == post.post.id), "and yet somebody is asked");
    assert!(channel(&administrator, made.id.as_str()).health.state.may_send());

    sandbox.set(&json!({ "declined": [] }));
    agree_at_network(&administrator, &facebook_app(None)).unwrap();
    author.retry(&failed.publications[0], "Ahora sí.").unwrap();
    until(&author, &post, done);
    assert_eq!(own(&sandbox).len(), 1);

    // Or it is left out.
    sandbox.arm(&json!([{ "on": "POST /v25.0/*/comments", "then": "refuse", "code": 368 }]));
    let post = release(&town, &commented(&town, &made, "Sin comentario."));
    let failed = until(&author, &post, |state| matches!(state, ActState::Failed { .. }));
    let why = publications::Why { reason: "No hace falta.".to_owned() };
    let left = author.ok(&publications::GIVE_UP, &[failed.publications[0].id.as_str()], &why);
    assert!(matches!(comment_of(&left).state, ActState::Cancelled { .. }));
    assert_eq!((left.publications[0].state, own(&sandbox).len()), (PublicationState::Out, 0));
}

#[test]
fn a_post_that_is_not_out_is_not_commented_on_and_one_taken_down_is_not_asked_about() {
    let (town, sandbox, made) = with_page(Town::alone("Villa de la Publicación que Falla"));
    town.arm("impatient=1");
    let (author, mayor) = (town.author(), town.mayor());
    sandbox.arm(&json!([{ "on": visible(), "then": "refuse", "code": 100 }]));
    let post = release(&town, &commented(&town, &made, "No sale."));
    let failed = author.wait_for(&post.post.id, PublicationState::Failed);
    assert_eq!((comment_of(&failed).state, tried(&sandbox)), (ActState::Waiting, 0));
    // Its window ends, and nobody is asked about a comment of what is not out.
    town.ahead(Millis::hours(6));
    town.tick();
    assert_eq!(comment_of(&author.read(&post.post.id)).state, ActState::Waiting);
    town.ahead(Millis(0));
    let why = publications::Why { reason: "Ya no hace falta.".to_owned() };
    let left = author.ok(&publications::GIVE_UP, &[failed.publications[0].id.as_str()], &why);
    assert!(matches!(comment_of(&left).state, ActState::Cancelled { .. }), "with what it would stand below");

    sandbox.arm(&json!([{ "on": "POST /v25.0/*/comments", "then": "drop_before" }]));
    let post = release(&town, &commented(&town, &made, "Sale y se retira."));
    let unknown = until(&author, &post, |state| matches!(state, ActState::Unknown { .. }));
    assert_eq!(comment_of(&unknown).attempts[0].outcome, Some(Came::NoAnswer));
    mayor.ok(&posts::TAKE_DOWN, &[id(&unknown)], &because(&unknown, "Se suspende."));
    let gone = author.wait_for(&post.post.id, PublicationState::TakenDown);
    assert!(matches!(comment_of(&gone).state, ActState::Cancelled { .. }), "there is nothing to look for");
}

#[test]
fn one_that_a_takedown_put_aside_is_asked_about_when_that_is_given_up() {
    let (town, sandbox, made) = with_page(Town::alone("Villa que se Queda sin Comentario"));
    let (author, mayor) = (town.author(), town.mayor());
    sandbox.arm(&json!([
        { "on": "POST /v25.0/*/comments", "then": "refuse", "code": 100 },
        { "on": "DELETE /v25.0/*", "then": "refuse", "code": 100 },
    ]));
    let post = release(&town, &commented(&town, &made, "Mañana no hay agua."));
    let failed = until(&author, &post, |state| matches!(state, ActState::Failed { .. }));
    mayor.ok(&posts::TAKE_DOWN, &[id(&failed)], &because(&failed, "Se suspende."));
    let stays = author.wait_for(&post.post.id, PublicationState::Failed);
    assert!(matches!(comment_of(&stays).state, ActState::Cancelled { .. }));
    let why = publications::Why { reason: "No se suspende.".to_owned() };
    let kept = author.ok(&publications::GIVE_UP, &[stays.publications[0].id.as_str()], &why);
    assert_eq!(comment_of(&kept).state, ActState::Held { reason: Hold::LeftOut });
    author.retry(&kept.publications[0], "Que salga.").unwrap();
    until(&author, &post, done);
    assert_eq!((own(&sandbox).len(), sandbox.pages_posts().len()), (1, 1));
}

#[test]
fn by_hand_it_has_a_kit_of_its_own_once_the_post_is_there() {
    let town = Town::found("Villa que Comenta a Mano");
    let (administrator, author) = (town.administrator(), town.author());
    let made = administrator.connect_by_hand(Network::Facebook, Some("https://www.facebook.com/villa"));
    let post = release(&town, &commented(&town, &made, "Mañana no hay agua."));
    let handed = author.wait_for(&post.post.id, PublicationState::InHand);
    let publication = handed.publications[0].id.to_string();
    let kit = author.ok(&KIT, &[&publication], &Nothing {});
    assert_eq!((&*kit.text, kit.is_comment, kit.comment.as_deref()), ("Mañana no hay agua.", false, Some(COMMENT)));
    let link = "https://www.facebook.com/villa/posts/123";
    author.ok(&SETTLE, &[&publication], &Settle::Out { address: link.to_owned(), kit: Some(kit.hash) });
    let handed = until(&author, &post, |state| matches!(state, ActState::InHand { .. }));
    assert_eq!(handed.publications[0].state, PublicationState::Out, "the post is");
    let kit = author.ok(&KIT, &[&publication], &Nothing {});
    assert_eq!((&*kit.text, kit.is_comment, kit.above.as_deref()), (COMMENT, true, Some(link)));
    assert_eq!((kit.comment, kit.part), (None, None));
    let link = "https://www.facebook.com/villa/posts/123?comment_id=9";
    let out = author.ok(&SETTLE, &[&publication], &Settle::Out { address: link.to_owned(), kit: Some(kit.hash) });
    assert!(done(&comment_of(&out).state));
    assert_eq!(out.publications[0].state, PublicationState::Out);
}

#[test]
fn what_is_too_long_is_refused_before_and_where_it_is_lost_is_told() {
    let (town, sandbox, made) = with_page(Town::found("Villa de los Comentarios Largos"));
    let author = town.author();
    let board = town.notice("").targets[0].channel.clone();
    let mut content = notice_on(&town, &made, "Con un comentario muy largo.");
    content.targets.push(domain::Target::new(board.clone(), vec![Language::spanish()]));
    let mut found = |comment: &str| {
        content.comments.insert(Language::spanish(), comment.to_owned());
        let all = author.ok(&posts::CHECK, &[], &content);
        let of = |rule| {
            all.iter()
                .filter(|one| one.rule == rule)
                .map(|one| (one.place.clone(), one.evidence.clone()))
                .collect::<Vec<_>>()
        };
        (of(Rule::Length), of(Rule::Comment), content.clone())
    };
    let longest = "Corte de agua. ".repeat(533) + "Fin..";
    assert_eq!(longest.len(), 8_000);
    let (length, comment, fits) = found(&longest);
    assert_eq!(length, []);
    let [(place, Evidence::Unkept)] = &comment[..] else { panic!("{comment:?}") };
    assert_eq!((&place.channel, place.field), (&Some(board), Field::Comment), "the board has no comments");
    let (length, ..) = found(&[&*longest, "a"].concat());
    assert_eq!((length.len(), &length[0].1), (1, &Evidence::Over { limit: 8_000, count: 8_001 }));
    let out = publish(&town, &fits);
    eventually("the comment", || {
        let view = author.read(&out.post.id);
        view.publications
            .iter()
            .flat_map(|one| &one.acts)
            .any(|act| act.deed == Deed::Comment && done(&act.state))
            .then_some(())
    });
    assert_eq!(own(&sandbox)[0]["words"], json!(longest), "exactly the limit goes out");
}

#[test]
fn a_correction_meanwhile_covers_a_comment_that_is_still_to_come() {
    let (town, sandbox, made) = with_page(Town::alone("Villa que Corrige Antes"));
    let (author, mayor) = (town.author(), town.mayor());
    sandbox.arm(&json!([{ "on": "POST /v25.0/*/comments", "then": "refuse", "code": 80_001, "seconds": 300 }]));
    let content = commented(&town, &made, "Mañana no hay agua.");
    let post = release(&town, &content);
    let waiting = eventually("the first try", || {
        let view = author.read(&post.post.id);
        let comment = comment_of(&view);
        (comment.attempts.len() == 1 && tries_again(&comment)).then_some(view)
    });
    let mut right = content;
    right.texts.values_mut().for_each(|text| "Hoy no hay agua.".clone_into(text));
    correct(&author, &mayor, &waiting, right);
    town.ahead(Millis::minutes(6));
    let said = eventually("the comment", || {
        town.tick();
        let view = author.read(&post.post.id);
        done(&comment_of(&view).state).then_some(view)
    });
    edited(&author, &said, done);
    assert_eq!((own(&sandbox).len(), tried(&sandbox)), (1, 2));
}
