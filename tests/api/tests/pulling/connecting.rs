//! How an account is connected, checked, and changes hands between a person and an access.

use api_journeys::{outside::sent_on, url};
use domain::Refusal;
use wire::{
    Method, Nothing,
    channels::{self, Connected},
};

use super::*;

fn begun(administrator: &Member, connect: &Connect) -> String {
    match administrator.ok(&channels::CONNECT, &[], connect) {
        Connected::GoTo { address } => address,
        _ => panic!("without anybody's consent"),
    }
}

/// Whoever connects agrees in their own session, and only once; and comes back by the network's own way.
fn only_in_its_session(house: House, scopes: &str, secret: &str) {
    let (town, sandbox) = (Town::found("Villa de las Puertas"), Sandbox::start());
    house.stands(&sandbox, &town);
    let administrator = town.administrator();
    let gone_to = begun(&administrator, &house.app());
    let query = gone_to.split_once('?').unwrap().1;
    let asked =
        |name: &str| query.split('&').find_map(|pair| pair.strip_prefix(&format!("{name}="))).map(str::to_owned);
    assert_eq!(asked("scope").unwrap(), scopes, "no more");
    let state = asked("state").unwrap();
    assert!(state.len() >= 32 && !gone_to.contains(secret), "{gone_to}");
    let back = sent_on(&gone_to).strip_prefix(url()).unwrap().to_owned();
    let other_town = town.neighbour("Villa Fisgona").administrator();
    let elsewhere = town.administrator();
    let wrong = back.replace(&state, "invented");
    for (who, path) in [(&other_town, &back), (&elsewhere, &back), (&administrator, &wrong)] {
        let landed = who.raw(Method::Get, path, b"");
        assert_eq!(landed.header("location"), "/desk/channels?refused=spent_link", "{path}");
    }
    let landed = administrator.raw(Method::Get, &back, b"");
    assert!(landed.header("location").starts_with("/desk/channels?connected="), "{}", landed.header("location"));
    assert_eq!(administrator.raw(Method::Get, &back, b"").header("location"), "/desk/channels?refused=spent_link");

    // What was begun for the one network is not finished by the other's way.
    let crossed = sent_on(&begun(&administrator, &house.app())).strip_prefix(url()).unwrap().to_owned();
    let crossed = match house.network {
        Network::Instagram if house.itself => crossed.replace("/instagram/return", "/facebook/return"),
        Network::Threads => crossed.replace("/threads/return", "/facebook/return"),
        _ => crossed.replace("/facebook/return", "/threads/return"),
    };
    assert_eq!(administrator.raw(Method::Get, &crossed, b"").header("location"), "/desk/channels?refused=spent_link");

    sandbox.set(&json!({ "deny": true }));
    let refused = agree_at_network(&administrator, &house.app()).unwrap_err();
    assert_eq!(refused, "/desk/channels?refused=declined");
    let shown = administrator.raw(Method::Get, "/api/channels", b"").text();
    assert!(!shown.contains(secret) && !shown.contains("token"), "{shown}");
}

#[test]
fn an_account_of_instagram_is_connected_in_its_session_only() {
    let scopes = "pages_show_list%2Cpages_read_engagement%2Cinstagram_basic%2Cinstagram_content_publish\
                  %2Cinstagram_manage_contents%2Cinstagram_manage_comments";
    only_in_its_session(INSTAGRAM, scopes, networks_sandbox::APP.1);
}

#[test]
fn an_account_of_instagram_by_its_own_login_is_connected_in_its_session_only() {
    let scopes = "instagram_business_basic%2Cinstagram_business_content_publish%2Cinstagram_business_manage_comments";
    only_in_its_session(ITSELF, scopes, networks_sandbox::INSTAGRAM_APP.1);
}

#[test]
fn a_profile_of_threads_is_connected_in_its_session_only() {
    let scopes = "threads_basic%2Cthreads_content_publish%2Cthreads_delete%2Cthreads_read_replies";
    only_in_its_session(THREADS, scopes, networks_sandbox::THREADS_APP.1);
}

#[test]
fn of_several_pages_those_with_an_account_are_offered() {
    let (town, sandbox) = (Town::found("Villa de las Cuentas"), Sandbox::start());
    sandbox.stands_for_facebook(&town);
    sandbox.set(&json!({ "pages": ["Ayuntamiento", "Biblioteca", "Deportes"], "without_account": ["Biblioteca"] }));
    let administrator = town.administrator();
    let to = agree_at_network(&administrator, &instagram_app(None)).unwrap_err();
    let name = to.strip_prefix("/desk/channels?choose=").unwrap_or_else(|| panic!("{to}")).to_owned();
    let offered = administrator.ok(&channels::PAGES, &[&name], &Nothing {});
    let names: Vec<&str> = offered.iter().map(|page| page.name.as_str()).collect();
    assert_eq!(names, ["Ayuntamiento", "Deportes"]);
    let choose = channels::ChoosePage { page: offered[1].id.clone() };
    let made = administrator.ok(&channels::CHOOSE, &[&name], &choose);
    assert_eq!((made.network, &*made.name, made.assisted), (Network::Instagram, "Deportes", false));
    assert_eq!(administrator.no(&channels::CHOOSE, &[&name], &choose), Refusal::SpentLink, "once");
    for (setting, said) in [
        (json!({ "without_account": ["Ayuntamiento", "Biblioteca", "Deportes"] }), "no_accounts"),
        (json!({ "without_account": [], "tasks": ["ANALYZE"] }), "no_accounts"),
        (json!({ "tasks": ["CREATE_CONTENT"], "declined": ["instagram_manage_contents"] }), "missing_permissions"),
    ] {
        sandbox.set(&setting);
        let refused = agree_at_network(&administrator, &instagram_app(None)).unwrap_err();
        assert_eq!(refused, format!("/desk/channels?refused={said}"));
    }
    // The page itself is another channel of the same access.
    sandbox.set(&json!({ "declined": [], "pages": ["Deportes"] }));
    let page = agree_at_network(&administrator, &api_journeys::outside::facebook_app(None)).unwrap();
    assert_ne!((page.id, page.network), (made.id, made.network));
}

fn a_channel_by_hand_becomes_automatic_and_goes_back(house: House) {
    let (town, sandbox) = (Town::found("Villa que Aguarda"), Sandbox::start());
    house.stands(&sandbox, &town);
    let (administrator, author) = (town.administrator(), town.author());
    let by_hand = administrator.connect_by_hand(house.network, None);
    assert!(by_hand.assisted);
    let first = release(&town, &pictured(&town, &by_hand, "A mano."));
    author.wait_for(&first.post.id, PublicationState::InHand);
    let mut connect = house.app();
    if let Connect::Instagram { channel, .. }
    | Connect::InstagramItself { channel, .. }
    | Connect::Threads { channel, .. } = &mut connect
    {
        *channel = Some(by_hand.id.clone());
    }
    let automatic = agree_at_network(&administrator, &connect).unwrap();
    assert_eq!((&automatic.id, &automatic.name, automatic.assisted), (&by_hand.id, &by_hand.name, false));
    publish(&town, &pictured(&town, &automatic, "Por sí solo."));
    assert_eq!(house.published(&sandbox).len(), 1);
    assert_eq!(author.read(&first.post.id).publications[0].state, PublicationState::InHand, "it is still in hand");
    let take_over = Connect::Assisted {
        on: house.network,
        channel: Some(by_hand.id.clone()),
        name: "Otra vez".to_owned(),
        handle: "@villa".to_owned(),
        address: None,
    };
    let Connected::Channel { channel } = administrator.ok(&channels::CONNECT, &[], &take_over) else {
        panic!("a person takes over at once")
    };
    assert_eq!((&channel.id, channel.assisted), (&by_hand.id, true));
    let third = release(&town, &pictured(&town, &channel, "Otra vez a mano."));
    author.wait_for(&third.post.id, PublicationState::InHand);
    let again = agree_at_network(&administrator, &house.app()).unwrap();
    assert_eq!((again.id, again.assisted), (by_hand.id, false), "the account still knows its channel");
}

#[test]
fn a_person_hands_instagram_over_and_takes_it_back() {
    a_channel_by_hand_becomes_automatic_and_goes_back(INSTAGRAM);
}

#[test]
fn a_person_hands_instagram_over_to_its_own_login_and_takes_it_back() {
    a_channel_by_hand_becomes_automatic_and_goes_back(ITSELF);
}

#[test]
fn a_person_hands_threads_over_and_takes_it_back() {
    a_channel_by_hand_becomes_automatic_and_goes_back(THREADS);
}

#[test]
fn a_check_proves_the_access_without_writing() {
    let (town, sandbox, made) = INSTAGRAM.connected(Town::found("Villa Revisada"));
    let administrator = town.administrator();
    let check = |made: &Channel| administrator.ok(&channels::CHECK, &[made.id.as_str()], &Nothing {});
    sandbox.set(&json!({ "data_access_ends": 1_900_000_000 }));
    let fine = check(&made);
    assert_eq!((fine.health.state, fine.health.expires), (HealthState::Working, Some(Moment(1_900_000_000_000))));
    sandbox.set(&json!({ "withdraw": "instagram_content_publish" }));
    let refused = check(&made);
    assert_eq!(refused.health.state, HealthState::Refused);
    assert!(refused.health.last_error.unwrap().contains("instagram_content_publish"));
    THREADS.stands(&sandbox, &town);
    let profile = agree_at_network(&administrator, &threads_app(None)).unwrap();
    assert_eq!(check(&profile).health.state, HealthState::Working);
    sandbox.set(&json!({ "revoke": true }));
    assert_eq!(check(&profile).health.state, HealthState::Refused);
    assert_eq!((INSTAGRAM.made(&sandbox).len(), THREADS.made(&sandbox).len()), (0, 0), "reads only");
}
