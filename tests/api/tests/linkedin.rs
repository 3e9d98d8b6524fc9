//! A page at LinkedIn, on our sandbox, whose every call and answer is held against a description that is not ours, and
//! which LinkedIn's own client drives too. No server of theirs can be had.

mod connecting;
mod mentions;
mod videos;

use api_journeys::{
    Member, Town, because, eventually, id, last_act,
    outside::{Sandbox, agree_at_network, app_of_linkedin, notice_on, publish, release},
    tries_again,
};
use domain::{
    Channel, Content, HealthState, Millis, Network, Refusal,
    delivery::{ActState, Deed, Failure, FailureKind, PublicationState, Receipt},
    policy::Rule,
};
use serde_json::{Value, json};
use wire::posts::{self, PostView};

use crate::media;

/// The call that makes a post visible, as faults and requests name it.
const VISIBLE: &str = "POST /rest/posts";

/// A post by its name, as faults name it.
const ONE: &str = "/rest/posts/urn*";

fn with_page(town: Town) -> (Town, Sandbox, Channel) {
    let sandbox = Sandbox::start();
    town.stand_in(Network::Linkedin, &sandbox.server);
    let channel = agree_at_network(&town.administrator(), &app_of_linkedin(None)).unwrap();
    (town, sandbox, channel)
}

/// How often something was to be made visible: a change goes to the same place, and further.
fn made_visible(sandbox: &Sandbox) -> usize {
    sandbox.requests(VISIBLE).iter().filter(|request| request["path"] == "/rest/posts").count()
}

fn shown(sandbox: &Sandbox) -> Vec<Value> {
    sandbox.published("linkedin")
}

fn pictures(author: &Member, content: &mut Content, count: u32) -> Vec<Value> {
    let picture = |place: u32| {
        let bytes = media::png(8 + place, 5);
        let alt = format!("La plaza (número {place}).");
        content.pictures.push(media::picture(&media::stored(author, &bytes), &alt));
        json!({ "alt": alt, "sha256": domain::record::sha256_hex(&bytes) })
    };
    (0..count).map(picture).collect()
}

fn receipt(post: &PostView) -> Receipt {
    let ActState::Done { receipt } = last_act(post) else { panic!("{:?}", last_act(post)) };
    receipt.clone()
}

fn failed(author: &Member, post: &PostView) -> Failure {
    eventually("the failure", || match last_act(&author.read(&post.post.id)) {
        ActState::Failed { failure } => Some(failure.clone()),
        _ => None,
    })
}

fn correct(author: &Member, mayor: &Member, post: &PostView, content: Content) -> PostView {
    let correct =
        posts::Correct { version: post.post.version, content, reason: "Estaba mal.".to_owned(), checked: None };
    let proposed = author.ok(&posts::CORRECT, &[id(post)], &correct);
    mayor.ok(&posts::DECIDE, &[id(post)], &api_journeys::approval(&proposed))
}

/// Waits until the last act of a post is an edit in some state.
fn edited(author: &Member, post: &PostView, is: impl Fn(&ActState) -> bool) -> PostView {
    eventually("the edit", || {
        let view = author.read(&post.post.id);
        let last = view.publications[0].acts.last()?;
        (last.deed == Deed::Edit && is(&last.state)).then_some(view)
    })
}

/// Twice the time after which a doubt is looked up.
fn look_twice(town: &Town) {
    for minutes in [20, 40] {
        town.ahead(Millis::minutes(minutes));
        town.tick();
        town.settle();
    }
}

#[test]
fn each_kind_is_read_back_by_linkedin_s_own_client_corrected_and_taken_down() {
    let (town, sandbox, made) = with_page(Town::found("Villa de los Oficios"));
    assert_eq!((made.network, &*made.handle), (Network::Linkedin, "company/villa-serena"));
    assert_eq!((&*made.name, made.health.state), ("Villa Serena", HealthState::Working));
    assert_eq!(made.address.as_deref(), Some("https://www.linkedin.com/company/villa-serena/"));
    let author = town.author();
    let odd =
        "Oferta (plaza n.º 3) [bases]: 50 % <neto> {anual} a_b*c~d | escriba a rrhh@villa.es \\ #Empleo_Público 👍";
    publish(&town, &notice_on(&town, &made, odd));
    let mut linked = notice_on(&town, &made, "Con enlace.");
    linked.link = Some("https://villa.example/pleno?a=1&b=2".to_owned());
    let second = publish(&town, &linked);
    let mut one = notice_on(&town, &made, "Una imagen.");
    let plate = pictures(&author, &mut one, 1);
    one.link = Some("https://villa.example/plaza".to_owned());
    publish(&town, &one);
    let mut three = notice_on(&town, &made, "Tres imágenes.");
    let album = pictures(&author, &mut three, 3);
    let last = publish(&town, &three);

    let there = shown(&sandbox);
    assert_eq!(there[0]["text"], json!(odd), "every sign of its own stands for itself");
    assert_eq!(there[2]["text"], "Una imagen.\n\nhttps://villa.example/plaza", "pictures leave no room for a card");
    let read = sandbox.at_linkedin("posts");
    assert!(read[3]["commentary"].as_str().unwrap().contains("{hashtag|\\#|Empleo\\_Público}"), "{read:?}");
    assert_eq!(read[2]["card"], json!({ "source": "https://villa.example/pleno?a=1&b=2", "title": "Corte de agua" }));
    assert_eq!((&read[1]["pictures"], &read[0]["pictures"]), (&json!(plate), &json!(album)));
    let out = receipt(&last);
    assert_eq!(json!(out.native_id), read[0]["id"]);
    assert_eq!(out.address, Some(format!("https://www.linkedin.com/feed/update/{}/", out.native_id)));

    // Its words are corrected where they stand; other pictures need a person.
    let (mut right, mayor) = (three.clone(), town.mayor());
    right.texts.values_mut().for_each(|text| "Tres imágenes (corregido).".clone_into(text));
    let sent = correct(&author, &mayor, &last, right.clone());
    let corrected = edited(&author, &sent, |state| matches!(state, ActState::Done { .. }));
    assert_eq!(receipt(&corrected).native_id, out.native_id, "corrected, not made again");
    let now = shown(&sandbox)[3].clone();
    assert_eq!((&now["text"], &now["pictures"]), (&json!("Tres imágenes (corregido)."), &json!(album)));
    assert_eq!(made_visible(&sandbox), 4);
    assert_eq!(sandbox.at_linkedin("posts")[0]["commentary"], "Tres imágenes \\(corregido\\).");
    api_journeys::covered::read(Network::Linkedin, "correction");
    right.pictures.pop();
    let sent = correct(&author, &mayor, &corrected, right);
    edited(&author, &sent, |state| matches!(state, ActState::InHand { .. }));
    assert_eq!(shown(&sandbox)[3], now, "no half of it was sent");

    mayor.ok(&posts::TAKE_DOWN, &[id(&second)], &because(&second, "No era."));
    author.wait_for(&second.post.id, PublicationState::TakenDown);
    assert_eq!(sandbox.at_linkedin("posts").len(), 3);
    api_journeys::covered::read(Network::Linkedin, "text, card, pictures, takedown");
}

#[test]
fn linkedin_s_own_client_makes_each_kind_here_too() {
    let sandbox = Sandbox::start();
    let made = sandbox.at_linkedin("make");
    let read = sandbox.at_linkedin("posts");
    let ids: Vec<&Value> = read.iter().map(|post| &post["id"]).collect();
    assert_eq!(ids, [&made[2], &made[1], &made[0]], "what was taken down is gone");
    assert_eq!(read[2]["commentary"], "Text that was changed.");
    assert_eq!((&read[1]["pictures"][0]["alt"], &read[0]["card"]["title"]), (&json!("A point."), &json!("Town")));
    api_journeys::covered::made(Network::Linkedin, "text, card, pictures, correction, takedown");
}

#[test]
fn twenty_pictures_go_up_over_several_invocations_each_once() {
    let (town, sandbox, made) = with_page(Town::alone("Villa de las Veinte Láminas"));
    sandbox.set(&json!({ "linkedin": { "preparing": 2 } }));
    let author = town.author();
    let mut content = notice_on(&town, &made, "Veinte láminas.");
    let album = pictures(&author, &mut content, 20);
    let post = release(&town, &content);
    for minutes in 1..8 {
        let out = || author.read(&post.post.id).publications[0].state == PublicationState::Out;
        if out() {
            break;
        }
        std::thread::sleep(std::time::Duration::from_millis(1_500));
        town.ahead(Millis::minutes(2 * minutes));
        town.tick();
    }
    author.wait_for(&post.post.id, PublicationState::Out);
    assert_eq!(sandbox.requests("POST /rest/images").len(), 20);
    assert_eq!((shown(&sandbox)[0]["pictures"].clone(), made_visible(&sandbox)), (json!(album), 1));
    let attempts = author.read(&post.post.id).publications[0].acts[0].attempts.len();
    assert!(attempts > 1, "it did not fit one invocation");
}

#[test]
fn exactly_the_limit_goes_out_and_one_more_is_refused_by_the_rule_and_by_the_network_alike() {
    let (town, sandbox, made) = with_page(Town::found("Villa de las Tres Mil Letras"));
    let full = "ñ".repeat(3_000);
    publish(&town, &notice_on(&town, &made, &full));
    assert_eq!(shown(&sandbox)[0]["text"], json!(full));
    let author = town.author();
    let found = author.ok(&posts::CHECK, &[], &notice_on(&town, &made, &format!("{full}a")));
    assert!(found.iter().any(|finding| finding.rule == Rule::Length), "{found:?}");
    let is_over = |text: &str| {
        let found = author.ok(&posts::CHECK, &[], &notice_on(&town, &made, text));
        found.iter().any(|finding| finding.rule == Rule::Length)
    };
    let page = shown(&sandbox)[0]["page"].clone();
    let bare = |text: &str| {
        let headers = [("linkedin-version", "202609"), ("x-restli-protocol-version", "2.0.0")];
        let distribution = json!({ "feedDistribution": "MAIN_FEED", "targetEntities": [],
            "thirdPartyDistributionChannels": [] });
        let post = json!({ "author": page, "commentary": text, "visibility": "PUBLIC", "distribution": distribution,
            "lifecycleState": "PUBLISHED", "isReshareDisabledByAuthor": false });
        sandbox.bare(VISIBLE, &headers, &post).0
    };
    // As UTF-16 has them: how LinkedIn counts is not said, and this is the strictest.
    for (end, units) in [("日", 1), ("n\u{303}", 2), ("🎉", 2), ("🇪🇸", 4), ("👨‍👩‍👧‍👦", 11)] {
        let fits = format!("{}{end}", "a".repeat(3_000 - units));
        let over = format!("a{fits}");
        assert_eq!((is_over(&fits), bare(&fits)), (false, 201), "{end}");
        assert_eq!((is_over(&over), bare(&over)), (true, 422), "{end}");
    }
    let mut many = notice_on(&town, &made, "Veintiuna.");
    pictures(&author, &mut many, 21);
    let more = author.no(&posts::CHECK, &[], &many);
    assert_eq!(more, Refusal::TooLarge { field: "pictures".to_owned(), limit: 20, length: 21 }, "no post has more");
}

#[test]
fn a_lost_answer_is_looked_up_and_never_sent_again() {
    let (town, sandbox, made) = with_page(Town::alone("Villa de la Duda en LinkedIn"));
    town.arm("impatient=1");
    let author = town.author();
    let faults = [
        json!({ "then": "drop_after" }),
        json!({ "then": "hang_after" }),
        json!({ "then": "status_after", "status": 502 }),
        json!({ "then": "malformed" }),
    ];
    for (place, mut fault) in faults.into_iter().enumerate() {
        town.ahead(Millis(0));
        fault["on"] = VISIBLE.into();
        sandbox.arm(&json!([fault]));
        let mut content = notice_on(&town, &made, &format!("¿Salió el número {place} (y medio)? #Duda"));
        content.link = Some("https://villa.example/a/".to_owned());
        let post = release(&town, &content);
        author.wait_for(&post.post.id, PublicationState::Unknown);
        // The list is late: found by the second look.
        sandbox.set(&json!({ "linkedin": { "lag": 1 } }));
        look_twice(&town);
        let out = author.wait_for(&post.post.id, PublicationState::Out);
        let there = shown(&sandbox);
        assert_eq!((there.len(), json!(receipt(&out).native_id)), (place + 1, there[place]["id"].clone()), "{fault}");
        assert_eq!(made_visible(&sandbox), place + 1, "{fault}: once, and only once");
    }
}

#[test]
fn what_never_arrived_is_asked_of_a_person_and_lost_answers_to_changes_are_looked_up() {
    let (town, sandbox, made) = with_page(Town::alone("Villa que no Llegó a LinkedIn"));
    town.arm("impatient=1");
    let author = town.author();
    sandbox.arm(&json!([{ "on": VISIBLE, "then": "drop_before" }]));
    let lost = release(&town, &notice_on(&town, &made, "No llegó."));
    author.wait_for(&lost.post.id, PublicationState::Unknown);
    look_twice(&town);
    eventually("a person to be asked", || {
        let view = author.read(&lost.post.id);
        matches!(last_act(&view), ActState::Unknown { asked: true, .. }).then_some(())
    });
    assert_eq!((shown(&sandbox).len(), made_visible(&sandbox)), (0, 1));

    town.ahead(Millis(0));
    let mut content = notice_on(&town, &made, "Se corrige.");
    let out = publish(&town, &content);
    content.texts.values_mut().for_each(|text| "Corregido.".clone_into(text));
    sandbox.arm(&json!([{ "on": format!("POST {ONE}"), "then": "drop_after" }]));
    correct(&author, &town.mayor(), &out, content);
    let doubted = |deed: Deed| {
        eventually("the doubt", || {
            let act = author.read(&out.post.id).publications[0].acts.last()?.clone();
            (act.deed == deed && matches!(act.state, ActState::Unknown { .. })).then_some(())
        });
    };
    doubted(Deed::Edit);
    look_twice(&town);
    author.wait_for(&out.post.id, PublicationState::Out);
    assert_eq!(
        (shown(&sandbox)[0]["text"].clone(), sandbox.requests("POST /rest/posts/").len()),
        (json!("Corregido."), 1)
    );

    town.ahead(Millis(0));
    sandbox.arm(&json!([{ "on": format!("DELETE {ONE}"), "then": "status_after", "status": 502 }]));
    let out = author.read(&out.post.id);
    town.mayor().ok(&posts::TAKE_DOWN, &[id(&out)], &because(&out, "No era."));
    doubted(Deed::Delete);
    look_twice(&town);
    author.wait_for(&out.post.id, PublicationState::TakenDown);
    assert_eq!(sandbox.requests("DELETE /rest/posts/").len(), 1);
}

#[test]
fn each_no_of_linkedin_means_what_the_table_says() {
    let (town, sandbox, made) = with_page(Town::alone("Villa de los Noes de LinkedIn"));
    let author = town.author();
    // The words of last month stand there: this call made nothing, and nothing of now is ours.
    publish(&town, &notice_on(&town, &made, "Lo de siempre."));
    town.ahead(Millis::minutes(30));
    let failure = failed(&author, &release(&town, &notice_on(&town, &made, "Lo de siempre.")));
    assert_eq!((failure.kind, failure.status), (FailureKind::ContentRefused, Some(422)));
    assert!(failure.message.contains("duplicate"), "{failure:?}");
    town.ahead(Millis(0));

    // As many posts as a day may have: it waits, and tries again.
    sandbox.set(&json!({ "linkedin": { "quota": 1 } }));
    let post = release(&town, &notice_on(&town, &made, "Cuando se pueda."));
    author.tried_once(&post.post.id);
    sandbox.set(&json!({ "linkedin": { "quota": 100 } }));
    town.ahead(Millis::minutes(6));
    town.tick();
    author.wait_for(&post.post.id, PublicationState::Out);
    town.ahead(Millis(0));

    // A picture that it cannot take in is the picture's fault, and nothing was shown.
    sandbox.set(&json!({ "linkedin": { "breaks": true } }));
    let mut pictured = notice_on(&town, &made, "Con una lámina.");
    pictures(&author, &mut pictured, 1);
    assert_eq!(failed(&author, &release(&town, &pictured)).kind, FailureKind::ContentRefused);

    // A version that is over is nobody's fault here, and its words say so.
    sandbox.set(&json!({ "linkedin": { "sunset": "202609" } }));
    let over = failed(&author, &release(&town, &notice_on(&town, &made, "Con otra versión.")));
    assert_eq!((over.kind, over.status), (FailureKind::Nonsense, Some(426)));
    assert!(over.message.contains("202609"), "{over:?}");
    assert_eq!(shown(&sandbox).len(), 2);
}
