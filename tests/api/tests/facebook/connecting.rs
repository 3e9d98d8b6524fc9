//! How a page is connected, checked, lost and found again; and how a channel changes hands between a person and an access.
//! Separate from what goes out: here is a person in each story, and a network that says no.

use api_journeys::{
    Town, because, eventually, id, last_act,
    outside::{Sandbox, agree_at_network, channel, facebook_app, notice_on, publish, release, sent_on},
    url,
};
use domain::{
    HealthState, Moment, Network, Refusal,
    delivery::{ActState, FailureKind, PublicationState},
};
use serde_json::json;
use wire::{
    Method, Nothing,
    channels::{self, Connect, Connected},
    posts, publications,
};

use super::{PAGE, with_page};

#[test]
fn whoever_connects_agrees_in_their_own_session_and_only_once() {
    let (town, sandbox) = (Town::found("Villa de la Puerta"), Sandbox::start());
    sandbox.stands_for_facebook(&town);
    let administrator = town.administrator();
    let begun = |connect: &Connect| match administrator.ok(&channels::CONNECT, &[], connect) {
        Connected::GoTo { address } => address,
        _ => panic!("without anybody's consent"),
    };
    let gone_to = begun(&facebook_app(None));
    let asked = |name: &str| {
        let query = gone_to.split_once('?').unwrap().1;
        query.split('&').find_map(|pair| pair.strip_prefix(&format!("{name}="))).map(str::to_owned)
    };
    assert_eq!(
        asked("scope").unwrap(),
        "pages_show_list%2Cpages_read_engagement%2Cpages_manage_posts%2Cpages_manage_engagement",
        "no more"
    );
    let state = asked("state").unwrap();
    assert!(state.len() >= 32 && !gone_to.contains(networks_sandbox::APP.1), "{gone_to}");
    let back = sent_on(&gone_to).strip_prefix(url()).unwrap().to_owned();

    let other_town = town.neighbour("Villa Curiosa").administrator();
    let (elsewhere, later) = (town.administrator(), back.clone());
    let wrong = back.replace(&state, "invented");
    for (who, path) in [(&other_town, &back), (&elsewhere, &later), (&administrator, &wrong)] {
        let landed = who.raw(Method::Get, path, b"");
        assert_eq!(landed.header("location"), "/desk/channels?refused=spent_link", "{path}");
    }
    let landed = administrator.raw(Method::Get, &back, b"");
    assert!(landed.header("location").starts_with("/desk/channels?connected="), "{}", landed.header("location"));
    assert_eq!(administrator.raw(Method::Get, &back, b"").header("location"), "/desk/channels?refused=spent_link");

    // A configuration of the app's login says what is asked for; then we do not.
    let mut connect = facebook_app(None);
    if let Connect::Facebook { configuration, .. } = &mut connect {
        *configuration = Some("987".to_owned());
    }
    let configured = begun(&connect);
    assert!(configured.contains("config_id=987") && !configured.contains("scope="), "{configured}");

    for (setting, said) in [
        (json!({ "deny": true }), "declined"),
        (json!({ "deny": false, "declined": ["pages_manage_posts"] }), "missing_permissions"),
        (json!({ "declined": [], "pages": [] }), "no_pages"),
        (json!({ "pages": [PAGE], "tasks": ["ANALYZE"] }), "no_pages"),
    ] {
        sandbox.set(&setting);
        let refused = agree_at_network(&administrator, &facebook_app(None)).unwrap_err();
        assert_eq!(refused, format!("/desk/channels?refused={said}"));
    }
    let mut wrong_secret = facebook_app(None);
    if let Connect::Facebook { app_secret, .. } = &mut wrong_secret {
        "another".clone_into(app_secret);
    }
    let refused = agree_at_network(&administrator, &wrong_secret).unwrap_err();
    assert_eq!(refused, "/desk/channels?refused=network_says");
    for (app_id, field) in [("42/42", "app_id"), ("me", "app_id"), (" ", "app_id")] {
        let (app_id, app_secret) = (app_id.to_owned(), "x".to_owned());
        let connect = Connect::Facebook { app_id, app_secret, configuration: None, channel: None };
        let refused = administrator.no(&channels::CONNECT, &[], &connect);
        assert_eq!(refused, Refusal::Malformed { field: field.to_owned() });
    }
    // Neither the app's secret nor a token reaches the desk.
    let shown = administrator.raw(Method::Get, "/api/channels", b"").text();
    assert!(!shown.contains(networks_sandbox::APP.1) && !shown.contains("token"), "{shown}");
}

#[test]
fn a_token_of_another_app_opens_nothing() {
    let (town, sandbox, made) = with_page(Town::found("Villa de la Aplicación Ajena"));
    let administrator = town.administrator();
    // Whoever can bring a page's token of their own app here would have us publish with what we did not ask for.
    sandbox.set(&json!({ "token_of": "31337" }));
    let refused = agree_at_network(&administrator, &facebook_app(None)).unwrap_err();
    assert_eq!(refused, "/desk/channels?refused=network_says");
    let check = || administrator.ok(&channels::CHECK, &[made.id.as_str()], &Nothing {}).health.state;
    assert_eq!(check(), HealthState::Refused, "nor does one that was swapped later");
    sandbox.set(&json!({ "token_of": "" }));
    assert_eq!(check(), HealthState::Working);
    assert_eq!(agree_at_network(&administrator, &facebook_app(None)).unwrap().id, made.id);
}

#[test]
fn among_several_pages_one_is_chosen_once_and_by_nobody_else() {
    let (town, sandbox) = (Town::found("Villa de las Páginas"), Sandbox::start());
    sandbox.stands_for_facebook(&town);
    sandbox.set(&json!({ "pages": ["Ayuntamiento", "Biblioteca", "Deportes"] }));
    let administrator = town.administrator();
    let to = agree_at_network(&administrator, &facebook_app(None)).unwrap_err();
    let name = to.strip_prefix("/desk/channels?choose=").unwrap_or_else(|| panic!("{to}")).to_owned();
    let offered = administrator.ok(&channels::PAGES, &[&name], &Nothing {});
    let names: Vec<&str> = offered.iter().map(|page| page.name.as_str()).collect();
    assert_eq!(names, ["Ayuntamiento", "Biblioteca", "Deportes"]);
    let shown = administrator.raw(Method::Get, &format!("/api/channels/connections/{name}"), b"").text();
    assert!(!shown.contains("token"), "{shown}");

    let other_town = town.neighbour("Villa Vecina").administrator();
    let elsewhere = town.administrator();
    for who in [&other_town, &elsewhere] {
        assert_eq!(who.no(&channels::PAGES, &[&name], &Nothing {}), Refusal::SpentLink);
    }
    let choose = |page: &str| channels::ChoosePage { page: page.to_owned() };
    let foreign = administrator.no(&channels::CHOOSE, &[&name], &choose("1"));
    assert_eq!(foreign, Refusal::Malformed { field: "page".to_owned() });
    let made = administrator.ok(&channels::CHOOSE, &[&name], &choose(&offered[1].id));
    assert_eq!((&*made.name, made.assisted), ("Biblioteca", false));
    assert_eq!(administrator.no(&channels::CHOOSE, &[&name], &choose(&offered[0].id)), Refusal::SpentLink, "once");
    publish(&town, &notice_on(&town, &made, "Libros nuevos."));
    assert_eq!(sandbox.on_page("posts", "Biblioteca").len(), 1);
    assert_eq!(sandbox.on_page("posts", PAGE).len(), 0);
}

#[test]
fn a_channel_by_hand_becomes_automatic_and_goes_back_with_the_same_history() {
    let (town, sandbox) = (Town::found("Villa que Espera"), Sandbox::start());
    sandbox.stands_for_facebook(&town);
    let (administrator, author, mayor) = (town.administrator(), town.author(), town.mayor());
    let by_hand = administrator.connect_by_hand(Network::Facebook, Some("https://www.facebook.com/villa"));
    assert!(by_hand.assisted);
    // While access is being reviewed, a person publishes.
    let first = release(&town, &notice_on(&town, &by_hand, "A mano."));
    author.wait_for(&first.post.id, PublicationState::InHand);
    let second = release(&town, &notice_on(&town, &by_hand, "También a mano."));
    let second = author.wait_for(&second.post.id, PublicationState::InHand);
    let link = "https://www.facebook.com/villa/posts/1".to_owned();
    let told = publications::Settle::Out { address: link, kit: None };
    author.ok(&publications::SETTLE, &[second.publications[0].id.as_str()], &told);
    let out = author.wait_for(&second.post.id, PublicationState::Out);

    let automatic = agree_at_network(&administrator, &facebook_app(Some(&by_hand.id))).unwrap();
    assert_eq!((&automatic.id, &automatic.name, automatic.assisted), (&by_hand.id, &by_hand.name, false));
    publish(&town, &notice_on(&town, &automatic, "Por sí solo."));
    assert_eq!(sandbox.on_page("posts", PAGE).len(), 1);
    assert_eq!(author.read(&first.post.id).publications[0].state, PublicationState::InHand, "it is still in hand");
    // What went out by hand is taken down by hand: its link is no identity of the interface.
    mayor.ok(&posts::TAKE_DOWN, &[id(&out)], &because(&out, "Se suspende."));
    eventually("the kit to take it down", || {
        let view = author.read(&out.post.id);
        matches!(last_act(&view), ActState::InHand { .. }).then_some(())
    });

    let take_over = Connect::Assisted {
        on: Network::Facebook,
        channel: Some(by_hand.id.clone()),
        name: "Facebook".to_owned(),
        handle: "@villa".to_owned(),
        address: None,
    };
    let Connected::Channel { channel } = administrator.ok(&channels::CONNECT, &[], &take_over) else {
        panic!("a person takes over at once")
    };
    assert_eq!((&channel.id, channel.assisted), (&by_hand.id, true));
    let third = release(&town, &notice_on(&town, &channel, "Otra vez a mano."));
    author.wait_for(&third.post.id, PublicationState::InHand);
    // And the account still knows its channel, without being told which it is.
    let again = agree_at_network(&administrator, &facebook_app(None)).unwrap();
    assert_eq!((&again.id, again.assisted), (&by_hand.id, false));
    assert_eq!(sandbox.on_page("posts", PAGE).len(), 1);

    let foreign = town.neighbour("Villa Ajena").administrator();
    let theirs = foreign.connect_by_hand(Network::Facebook, None);
    sandbox.set(&json!({ "pages": ["Otra"] }));
    let crossed = agree_at_network(&administrator, &facebook_app(Some(&theirs.id))).unwrap_err();
    assert_eq!(crossed, "/desk/channels?refused=not_found", "another town's channel");
}

#[test]
fn a_revoked_access_stops_the_channel_and_a_person_is_told() {
    let (town, sandbox, made) = with_page(Town::found("Villa sin Llave"));
    let (administrator, author) = (town.administrator(), town.author());
    sandbox.set(&json!({ "revoke": true }));
    let post = release(&town, &notice_on(&town, &made, "¿Sale o no sale?"));
    let failed = author.wait_for(&post.post.id, PublicationState::Failed);
    let ActState::Failed { failure } = last_act(&failed) else { panic!("{:?}", last_act(&failed)) };
    assert_eq!(failure.kind, FailureKind::AccessRefused);
    assert!(failure.message.contains("#190"), "{}", failure.message);
    let health = channel(&administrator, made.id.as_str()).health;
    assert_eq!(health.state, HealthState::Refused);
    let home = author.ok(&wire::home::HOME, &[], &Nothing {});
    assert!(home.troubled.iter().any(|row| row.id == post.post.id), "somebody is asked to do something");
    let checked = administrator.ok(&channels::CHECK, &[made.id.as_str()], &Nothing {});
    assert_eq!(checked.health.state, HealthState::Refused);

    let again = agree_at_network(&administrator, &facebook_app(None)).unwrap();
    assert_eq!((again.id, again.health.state), (made.id, HealthState::Working));
    author.retry(&failed.publications[0], "Permiso nuevo.").unwrap();
    author.wait_for(&post.post.id, PublicationState::Out);
    assert_eq!(sandbox.pages_posts().len(), 1);
}

#[test]
fn a_check_proves_the_permissions_without_writing() {
    let (town, sandbox, made) = with_page(Town::found("Villa Comprobada"));
    let administrator = town.administrator();
    let check = || administrator.ok(&channels::CHECK, &[made.id.as_str()], &Nothing {});
    sandbox.set(&json!({ "data_access_ends": 1_900_000_000 }));
    let fine = check();
    assert_eq!((fine.health.state, fine.health.expires), (HealthState::Working, Some(Moment(1_900_000_000_000))));
    sandbox.set(&json!({ "withdraw": "pages_manage_posts" }));
    let refused = check();
    assert_eq!(refused.health.state, HealthState::Refused);
    assert!(refused.health.last_error.unwrap().contains("pages_manage_posts"));
    let wrote =
        |call: &str| sandbox.requests(call).iter().any(|request| !request["path"].as_str().unwrap().contains("oauth"));
    assert!(!wrote("POST") && !wrote("DELETE"), "reads only");
    sandbox.arm(&json!([{ "on": "GET /v25.0/debug_token", "then": "status_before", "status": 503 }]));
    let again = agree_at_network(&administrator, &facebook_app(None));
    assert_eq!(again.unwrap_err(), "/desk/channels?refused=network_says", "nobody knows what the access is worth");
}
