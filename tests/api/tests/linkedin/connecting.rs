//! How a page is connected, chosen among several, checked, lost and found again, and how its access is renewed. Separate
//! from what goes out: here is a person in each story.

use api_journeys::{
    Member, Town, eventually,
    outside::{Sandbox, agree_at_network, app_of_linkedin, channel, notice_on, publish, release, sent_on},
};
use domain::{
    HealthState, Millis, Network, Refusal,
    delivery::{FailureKind, PublicationState},
};
use serde_json::json;
use wire::{Method, Nothing, channels};

use super::{failed, made_visible, shown, with_page};

/// The call that renews an access.
const TOKEN: &str = "POST /oauth/v2/accessToken";

fn leave(administrator: &Member) -> String {
    match administrator.ok(&channels::CONNECT, &[], &app_of_linkedin(None)) {
        channels::Connected::GoTo { address } => address,
        _ => panic!("connected without anybody's consent"),
    }
}

fn land(member: &Member, back: &str) -> String {
    let path = back.strip_prefix(api_journeys::url()).unwrap_or_else(|| panic!("sent back to {back}"));
    member.raw(Method::Get, path, b"").header("location").to_owned()
}

#[test]
fn a_page_is_connected_by_whoever_left_once_and_with_every_permission() {
    let (town, sandbox) = (Town::found("Villa que se Presenta en LinkedIn"), Sandbox::start());
    town.stand_in(Network::Linkedin, &sandbox.server);
    let administrator = town.administrator();
    let mut odd = app_of_linkedin(None);
    if let channels::Connect::Linkedin { client_id, .. } = &mut odd {
        client_id.push_str(" :");
    }
    assert_eq!(administrator.no(&channels::CONNECT, &[], &odd), Refusal::Malformed { field: "client_id".to_owned() });
    let address = leave(&administrator);
    let scopes = "scope=w_organization_social+r_organization_social+r_organization_admin&";
    for part in [scopes, "response_type=code", "%2Fapi%2Fchannels%2Flinkedin%2Freturn", "state="] {
        assert!(address.contains(part), "{part}: {address}");
    }
    assert!(!address.contains("code_challenge"), "LinkedIn takes no proof from a server");
    for (setting, said) in [
        (json!({ "deny": true }), "declined"),
        (json!({ "deny": false, "declined": ["w_organization_social"] }), "missing_permissions"),
        (json!({ "declined": [], "pages": [] }), "no_pages"),
        (json!({ "pages": ["Villa Serena"], "role": "ANALYST" }), "no_pages"),
    ] {
        sandbox.set(&json!({ "linkedin": setting }));
        assert_eq!(land(&administrator, &sent_on(&leave(&administrator))), format!("/desk/channels?refused={said}"));
    }
    sandbox.set(&json!({ "linkedin": { "role": "CONTENT_ADMINISTRATOR" } }));
    // Another session, another town, a state that nobody gave out, another network's way back, and the same way twice.
    let back = sent_on(&leave(&administrator));
    assert_eq!(land(&town.administrator(), &back), "/desk/channels?refused=spent_link", "another session");
    let stranger = town.neighbour("Villa Curiosa de LinkedIn").administrator();
    assert_eq!(land(&stranger, &back), "/desk/channels?refused=spent_link", "another town");
    let (ahead, _) = back.split_once("code=").unwrap();
    assert_eq!(land(&administrator, &format!("{ahead}code=x&state=guess")), "/desk/channels?refused=spent_link");
    let crossed = back.replace("/linkedin/return", "/x/return");
    assert_eq!(land(&administrator, &crossed), "/desk/channels?refused=spent_link", "another network's");
    let good = sent_on(&leave(&administrator));
    let landed = land(&administrator, &good);
    let (_, made) = landed.split_once("connected=").unwrap_or_else(|| panic!("{landed}"));
    assert_eq!(land(&administrator, &good), "/desk/channels?refused=spent_link", "twice");
    // A code that was used opens nothing.
    let used = good.split_once("code=").unwrap().1.split_once('&').unwrap().0.to_owned();
    let next = sent_on(&leave(&administrator));
    let (ahead, behind) = next.split_once("code=").unwrap();
    let (_, state) = behind.split_once('&').unwrap();
    let landed = land(&administrator, &format!("{ahead}code={used}&{state}"));
    assert_eq!(landed, "/desk/channels?refused=network_says");
    let mut wrong = app_of_linkedin(None);
    if let channels::Connect::Linkedin { client_secret, .. } = &mut wrong {
        "another".clone_into(client_secret);
    }
    assert_eq!(agree_at_network(&administrator, &wrong).unwrap_err(), "/desk/channels?refused=network_says");
    let settled = agree_at_network(&administrator, &app_of_linkedin(None)).unwrap();
    assert_eq!(settled.id.as_str(), made, "by its number it is the same channel");
    let told = administrator.raw(Method::Get, "/api/channels", b"").text();
    assert!(!told.contains(networks_sandbox::LINKEDIN_APP.1) && !told.contains("token"), "{told}");
}

#[test]
fn among_several_pages_one_is_chosen_once_and_by_nobody_else() {
    let (town, sandbox) = (Town::found("Villa de las Páginas en LinkedIn"), Sandbox::start());
    town.stand_in(Network::Linkedin, &sandbox.server);
    sandbox.set(&json!({ "linkedin": { "pages": ["Ayuntamiento", "Agencia de Empleo"] } }));
    let administrator = town.administrator();
    let to = agree_at_network(&administrator, &app_of_linkedin(None)).unwrap_err();
    let name = to.strip_prefix("/desk/channels?choose=").unwrap_or_else(|| panic!("{to}")).to_owned();
    let offered = administrator.ok(&channels::PAGES, &[&name], &Nothing {});
    let names: Vec<&str> = offered.iter().map(|page| page.name.as_str()).collect();
    assert_eq!(names, ["Ayuntamiento", "Agencia de Empleo"]);
    let told = administrator.raw(Method::Get, &format!("/api/channels/connections/{name}"), b"").text();
    assert!(!told.contains("token") && !told.contains("secret"), "{told}");
    let stranger = town.neighbour("Villa Vecina de LinkedIn").administrator();
    for who in [&stranger, &town.administrator()] {
        assert_eq!(who.no(&channels::PAGES, &[&name], &Nothing {}), Refusal::SpentLink);
        let choose = channels::ChoosePage { page: offered[0].id.clone() };
        assert_eq!(who.no(&channels::CHOOSE, &[&name], &choose), Refusal::SpentLink);
    }
    let choose = |page: &str| channels::ChoosePage { page: page.to_owned() };
    let foreign = administrator.no(&channels::CHOOSE, &[&name], &choose("1"));
    assert_eq!(foreign, Refusal::Malformed { field: "page".to_owned() });
    let made = administrator.ok(&channels::CHOOSE, &[&name], &choose(&offered[1].id));
    assert_eq!((&*made.name, &*made.handle), ("Agencia de Empleo", "company/agencia-de-empleo"));
    assert_eq!(administrator.no(&channels::CHOOSE, &[&name], &choose(&offered[0].id)), Refusal::SpentLink, "once");
    publish(&town, &notice_on(&town, &made, "Plazas nuevas."));
    let author = shown(&sandbox)[0]["page"].as_str().unwrap().to_owned();
    assert_eq!(author, format!("urn:li:organization:{}", offered[1].id));
}

#[test]
fn a_channel_by_hand_becomes_automatic_and_goes_back_with_its_history() {
    let (town, sandbox) = (Town::found("Villa a Mano en LinkedIn"), Sandbox::start());
    town.stand_in(Network::Linkedin, &sandbox.server);
    let (administrator, author) = (town.administrator(), town.author());
    let by_hand = administrator.connect_by_hand(Network::Linkedin, Some("https://www.linkedin.com/company/villa/"));
    assert!(by_hand.assisted);
    let first = release(&town, &notice_on(&town, &by_hand, "A mano."));
    author.wait_for(&first.post.id, PublicationState::InHand);
    let made = agree_at_network(&administrator, &app_of_linkedin(Some(&by_hand.id))).unwrap();
    assert_eq!((&made.id, &made.name, made.assisted), (&by_hand.id, &by_hand.name, false));
    publish(&town, &notice_on(&town, &made, "Por sí solo."));
    assert_eq!(shown(&sandbox).len(), 1);
    assert_eq!(author.read(&first.post.id).publications[0].state, PublicationState::InHand, "it is still in hand");
    administrator.ok(&channels::DISCONNECT, &[made.id.as_str()], &Nothing {});
    let again = agree_at_network(&administrator, &app_of_linkedin(None)).unwrap();
    assert_eq!((again.id, again.health.state), (made.id, HealthState::Working));
}

#[test]
fn an_access_is_renewed_ahead_and_once_whoever_needs_it() {
    let (town, sandbox, made) = with_page(Town::alone("Villa de los Sesenta Días"));
    let year = made.health.expires.unwrap().since(town.now());
    assert!((Millis::hours(24 * 364).0..=Millis::hours(24 * 365).0).contains(&year.0), "what renews it ends: {year:?}");
    publish(&town, &notice_on(&town, &made, "Con el primero."));
    assert_eq!(sandbox.requests(TOKEN).len(), 1, "the exchange of the code");
    // Taken back early: whoever comes first renews it, the others take what that brought.
    sandbox.set(&json!({ "linkedin": { "expire": true } }));
    let several: Vec<_> =
        (0..4).map(|place| release(&town, &notice_on(&town, &made, &format!("A la vez, {place}.")))).collect();
    for post in &several {
        town.author().wait_for(&post.post.id, PublicationState::Out);
    }
    assert_eq!((sandbox.requests(TOKEN).len(), shown(&sandbox).len()), (2, 5));
    assert_eq!(made_visible(&sandbox), 5, "the safe step found it out");
    // Ahead of its end, without a call that is refused.
    town.ahead(Millis::hours(24 * 59 + 12));
    let refused = |sandbox: &Sandbox| sandbox.requests("GET /rest/organizations/").len();
    let before = refused(&sandbox);
    publish(&town, &notice_on(&town, &made, "Antes de que acabe."));
    assert_eq!(sandbox.requests(TOKEN).len(), 3);
    // The clock may have asked by itself meanwhile: two months have gone by.
    assert!((before + 1..=before + 2).contains(&refused(&sandbox)), "a call was refused first");
    // For good: the channel is refused, and says what to do.
    town.ahead(Millis(0));
    sandbox.set(&json!({ "linkedin": { "revoke": true } }));
    let post = release(&town, &notice_on(&town, &made, "Sin acceso."));
    assert_eq!(failed(&town.author(), &post).kind, FailureKind::AccessRefused);
    eventually("the channel to be refused", || {
        let state = channel(&town.administrator(), made.id.as_str()).health.state;
        (state == HealthState::Refused).then_some(())
    });
    let again = agree_at_network(&town.administrator(), &app_of_linkedin(Some(&made.id))).unwrap();
    assert_eq!((again.id, again.health.state), (made.id, HealthState::Working));
    assert_eq!(shown(&sandbox).len(), 6);
}

#[test]
fn an_access_that_cannot_be_renewed_says_when_it_ends_and_then_asks_for_a_person() {
    let (town, sandbox) = (Town::alone("Villa sin Renovación"), Sandbox::start());
    town.stand_in(Network::Linkedin, &sandbox.server);
    sandbox.set(&json!({ "linkedin": { "renews": false } }));
    let made = agree_at_network(&town.administrator(), &app_of_linkedin(None)).unwrap();
    let days = made.health.expires.unwrap().since(town.now());
    assert!((Millis::hours(24 * 59).0..=Millis::hours(24 * 60).0).contains(&days.0), "{days:?}");
    // In its last hours it still serves: there is nothing to renew it with.
    town.ahead(Millis::hours(24 * 59 + 12));
    publish(&town, &notice_on(&town, &made, "El último día."));
    assert_eq!(sandbox.requests(TOKEN).len(), 1);
    town.ahead(Millis(0));
    sandbox.set(&json!({ "linkedin": { "expire": true } }));
    let post = release(&town, &notice_on(&town, &made, "Pasado el plazo."));
    assert_eq!(failed(&town.author(), &post).kind, FailureKind::AccessRefused);
    assert_eq!((sandbox.requests(TOKEN).len(), shown(&sandbox).len()), (1, 1));
}

#[test]
fn a_check_proves_role_and_permissions_without_writing() {
    let (town, sandbox, made) = with_page(Town::found("Villa Comprobada en LinkedIn"));
    let administrator = town.administrator();
    let check = || administrator.ok(&channels::CHECK, &[made.id.as_str()], &Nothing {}).health;
    assert_eq!(check().state, HealthState::Working);
    sandbox.set(&json!({ "linkedin": { "role": "ANALYST" } }));
    let refused = check();
    assert_eq!(refused.state, HealthState::Refused);
    assert!(refused.last_error.unwrap().contains("no longer publish"));
    sandbox.set(&json!({ "linkedin": { "role": "ADMINISTRATOR" } }));
    assert_eq!(check().state, HealthState::Working);
    sandbox.set(&json!({ "linkedin": { "withdraw": "w_organization_social" } }));
    let refused = check();
    assert_eq!(refused.state, HealthState::Refused);
    assert!(refused.last_error.unwrap().contains("w_organization_social"));
    assert_eq!(sandbox.requests("POST /rest/").len() + sandbox.requests("DELETE /rest/").len(), 0, "reads only");
    sandbox.arm(&json!([{ "on": "GET /rest/organizationAcls", "then": "status_before", "status": 503 }]));
    assert_eq!(check().state, HealthState::Refused, "nobody knows better");
}
