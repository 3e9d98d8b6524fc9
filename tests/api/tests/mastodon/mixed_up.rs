//! Mix-up (RFC 9700, 4.4): one server sends the person on to another, and so draws out a code that is not for it. Played through
//! with an honest server and a hostile one, each a sandbox of its own.

use api_journeys::outside::app_of_x;

use super::*;

const OTHER: &str = "/desk/channels?refused=other_issuer";
const SPENT: &str = "/desk/channels?refused=spent_link";

/// Where an administrator is sent to agree.
fn leave(administrator: &Member, connect: &Connect) -> String {
    match administrator.ok(&channels::CONNECT, &[], connect) {
        Connected::GoTo { address } => address,
        other => panic!("{other:?}"),
    }
}

fn at(sandbox: &Sandbox) -> Connect {
    Connect::Mastodon { server: sandbox.server.clone() }
}

/// Where a way back ends in the desk.
fn land(administrator: &Member, back: &str) -> String {
    let path = back.strip_prefix(url()).unwrap_or_else(|| panic!("sent back to {back}"));
    administrator.raw(Method::Get, path, b"").header("location").to_owned()
}

/// An address without a field of its query; and what was in it.
fn without(address: &str, name: &str) -> (String, String) {
    let (path, query) = address.split_once('?').unwrap();
    let is_it = |pair: &&str| pair.split_once('=').is_some_and(|(found, _)| found == name);
    let (taken, left): (Vec<&str>, Vec<&str>) = query.split('&').partition(is_it);
    (format!("{path}?{}", left.join("&")), taken[0].split_once('=').unwrap().1.to_owned())
}

#[test]
fn a_code_that_a_hostile_server_drew_out_of_an_honest_one_is_given_to_nobody() {
    let (town, honest, hostile) = (Town::found("Villa del Engaño"), Sandbox::start(), Sandbox::start());
    let administrator = town.administrator();
    // How this deployment is known at the honest server, whoever begins to connect there is told.
    let spy = Town::neighbour(&town, "Villa Espía").administrator();
    let (lure, _) = without(&leave(&spy, &at(&honest)), "state");
    hostile.set(&json!({ "mixes_up": lure }));
    let drawn = sent_on(&leave(&administrator, &at(&hostile)));
    assert!(drawn.starts_with(&honest.server), "{drawn}");
    let back = sent_on(&drawn);
    assert!(back.contains("code="), "the honest server gave one: {back}");
    assert_eq!(land(&administrator, &back), OTHER);
    assert_eq!(land(&administrator, &back), SPENT, "what was tried is over");

    // The honest server sends nobody to where the hostile one is answered.
    let (_, own) = without(&leave(&administrator, &at(&hostile)), "redirect_uri");
    let (bare, theirs) = without(&lure, "redirect_uri");
    assert_ne!(own, theirs);
    hostile.set(&json!({ "mixes_up": format!("{bare}&redirect_uri={own}") }));
    let drawn = sent_on(&leave(&administrator, &at(&hostile)));
    assert_eq!(abroad("GET", &drawn, &[], b"").status, 400);

    // Unless it has registered that address there itself; then the honest one's name is in the answer, if it gives one.
    let redirect = own.replace("%3A", ":").replace("%2F", "/");
    let (_, scopes) = without(&lure, "scope");
    let app = json!({
        "client_name": "Pregón", "redirect_uris": [redirect], "website": "https://evil.example",
        "scopes": scopes.replace("%3A", ":").replace('+', " "),
    });
    let headers = [("content-type", "application/json")];
    let raw = abroad("POST", &format!("{}/api/v1/apps", honest.server), &headers, app.to_string().as_bytes());
    let made: Value = serde_json::from_slice(&raw.body).unwrap();
    let (bare, _) = without(&bare, "client_id");
    let client = made["client_id"].as_str().unwrap();
    hostile.set(&json!({ "mixes_up": format!("{bare}&redirect_uri={own}&client_id={client}") }));
    honest.set(&json!({ "promises_name": true, "says_name": format!("{}/", honest.server) }));
    let back = sent_on(&sent_on(&leave(&administrator, &at(&hostile))));
    assert!(back.contains("code="), "{back}");
    assert_eq!(land(&administrator, &back), OTHER);

    for sandbox in [&honest, &hostile] {
        assert_eq!(sandbox.requests("POST /oauth/token"), Vec::<Value>::new(), "nobody was given a code");
    }
    assert_eq!(administrator.ok(&channels::CHANNELS, &[], &Nothing {}).len(), 1, "only the noticeboard");
}

#[test]
fn a_server_that_promises_its_name_is_believed_with_it_alone() {
    let (town, sandbox) = (Town::found("Villa del Buen Nombre"), Sandbox::start());
    let administrator = town.administrator();
    let agree = || agree_at(&administrator, &sandbox.server, sent_on);
    let own = format!("{}/", sandbox.server);
    sandbox.set(&json!({ "promises_name": true, "says_name": own }));
    let made = agree().unwrap();
    for said in ["nothing", "", "https://evil.example/", &*format!("{own}other")] {
        sandbox.set(&json!({ "says_name": said }));
        assert_eq!(agree().unwrap_err(), OTHER, "{said}");
    }
    assert_eq!(sandbox.requests("POST /oauth/token").len(), 1);

    // Mastodon's own promises nothing, and says nothing: the address that it sends people back to is its own. A name is held
    // against it all the same.
    sandbox.set(&json!({ "promises_name": false, "says_name": "nothing" }));
    assert_eq!(agree().unwrap().id, made.id, "connected again it is the same channel");
    sandbox.set(&json!({ "says_name": "https://evil.example/" }));
    assert_eq!(agree().unwrap_err(), OTHER);
    // Who has no such document, or cannot give it now, promises nothing either.
    sandbox.set(&json!({ "says_name": "nothing" }));
    sandbox.arm(&json!([{ "on": "GET /.well-known/*", "then": "status_before", "status": 503 }]));
    assert_eq!(agree().unwrap().id, made.id);
    sandbox.arm(&json!([{ "on": "GET /.well-known/*", "then": "malformed" }]));
    assert_eq!(agree().unwrap().id, made.id);
}

#[test]
fn what_comes_back_at_another_network_s_address_is_nobody_s() {
    let (town, sandbox) = (Town::found("Villa de las Puertas Cambiadas"), Sandbox::start());
    let administrator = town.administrator();
    town.stand_in(Network::X, &sandbox.server);
    let own = leave(&administrator, &at(&sandbox));
    let (_, redirect) = without(&own, "redirect_uri");
    let mastodon = redirect.replace("%3A", ":").replace("%2F", "/");
    for to in
        ["linkedin/return", "tumblr/return", "youtube/return", "tiktok/return", "facebook/return", "threads/return"]
    {
        let back = sent_on(&leave(&administrator, &app_of_x(None)));
        assert_eq!(land(&administrator, &back.replace("x/return", to)), SPENT, "{to}");
    }
    let back = sent_on(&leave(&administrator, &app_of_x(None)));
    let (_, query) = back.split_once('?').unwrap();
    assert_eq!(land(&administrator, &format!("{mastodon}?{query}")), SPENT);
    let back = sent_on(&own);
    let (_, query) = back.split_once('?').unwrap();
    assert_eq!(land(&administrator, &format!("{}/api/channels/x/return?{query}", url())), SPENT);
    for token in ["POST /2/oauth2/token", "POST /oauth/token", "POST /oauth"] {
        assert_eq!(sandbox.requests(token), Vec::<Value>::new());
    }
}
