//! Signing in at the account's own server, on the network's own one: its pages are walked as its own program in a browser
//! walks them, and it judges every request, proof and word of ours. Separate from what goes out: here is a person in each
//! story.

use std::{
    collections::BTreeMap,
    io::{BufRead, BufReader, Write},
    net::TcpListener,
    sync::{Arc, Mutex},
    thread,
};

use api_journeys::{
    Member, Raw, Town, abroad, because, eventually, last_act,
    outside::{channel, notice_on, place, publish, release},
    url,
};
use domain::{
    Channel, HealthState, Millis, Network, Refusal, Replies,
    delivery::{ActState, FailureKind, PublicationState},
};
use serde_json::{Value, json};
use wire::{
    Method, Nothing,
    channels::{self, Connect, Connected},
};

use super::{Account, Hold, PASSWORD, gates, later};
use crate::media;

/// Where the deployment is seen that a server can reach: see `tests/networks/node/bluesky-server.mjs`.
fn seen_from_outside() -> String {
    url().replace("http://localhost", "https://desk.home.arpa")
}

/// A browser at the server's own pages: cookies, and the headers without which the server lets nobody press anything.
struct Browser {
    origin: String,
    page: String,
    cookies: BTreeMap<String, String>,
    /// What a sign-in for one request alone is known by.
    token: Option<String>,
}

impl Browser {
    /// Goes where the desk sends it.
    fn open(address: &str) -> Self {
        let (scheme, rest) = address.split_once("://").unwrap();
        let origin = format!("{scheme}://{}", rest.split('/').next().unwrap());
        let mut browser = Self { origin, page: address.to_owned(), cookies: BTreeMap::new(), token: None };
        let raw = browser.navigate(address, "cross-site");
        assert_eq!(raw.status, 200, "{address}: {}", raw.text());
        browser
    }

    fn navigate(&mut self, address: &str, from: &str) -> Raw {
        let (cookies, page) = (self.cookies(), self.page.clone());
        let headers = [
            ("cookie", &*cookies),
            ("referer", &*page),
            ("sec-fetch-site", from),
            ("sec-fetch-mode", "navigate"),
            ("sec-fetch-dest", "document"),
        ];
        // Whoever comes from the desk says nothing of where it was.
        let headers: Vec<_> =
            headers.into_iter().filter(|(name, _)| *name != "referer" || from != "cross-site").collect();
        let raw = abroad("GET", address, &headers, b"");
        self.keep(&raw);
        raw
    }

    fn cookies(&self) -> String {
        self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join("; ")
    }

    fn keep(&mut self, raw: &Raw) {
        for cookie in raw.headers.get_all("set-cookie").iter().filter_map(|value| value.to_str().ok()) {
            if let Some((name, value)) = cookie.split(';').next().and_then(|pair| pair.split_once('=')) {
                self.cookies.insert(name.to_owned(), value.to_owned());
            }
        }
    }

    fn press(&mut self, verb: &str, act: &str, body: &Value) -> Value {
        let address = format!("{}/@atproto/oauth-provider/~api/{act}", self.origin);
        let (cookies, csrf) = (self.cookies(), self.cookies.get("csrf-token").cloned().unwrap_or_default());
        let bearer = self.token.as_ref().map(|token| format!("Bearer {token}"));
        let (origin, page) = (self.origin.clone(), self.page.clone());
        let mut headers = vec![
            ("content-type", "application/json"),
            ("cookie", &*cookies),
            ("x-csrf-token", &*csrf),
            ("origin", &*origin),
            ("referer", &*page),
            ("sec-fetch-site", "same-origin"),
            ("sec-fetch-mode", "same-origin"),
        ];
        if let Some(bearer) = &bearer {
            headers.push(("authorization", bearer));
        }
        let raw = abroad(verb, &address, &headers, body.to_string().as_bytes());
        self.keep(&raw);
        assert_eq!(raw.status, 200, "{act}: {}", raw.text());
        serde_json::from_slice(&raw.body).unwrap()
    }

    /// Signs in. `remember`: on this device from now on, and not for this request alone.
    fn sign_in(&mut self, account: &Account, remember: bool) {
        let body = json!({ "locale": "es", "username": account.handle, "password": PASSWORD, "remember": remember });
        let answer = self.press("POST", "sign-in", &body);
        self.token = answer["ephemeralToken"].as_str().map(str::to_owned);
    }

    /// Agrees, and is sent back: to where.
    fn agree(&mut self, account: &Account, scope: Option<&str>) -> String {
        let mut body = json!({ "did": account.did });
        if let Some(scope) = scope {
            body["scope"] = json!(scope);
        }
        let to = self.press("POST", "consent", &body)["url"].as_str().unwrap().to_owned();
        self.sent_back(&to)
    }

    fn decline(&mut self) -> String {
        let to = self.press("POST", "reject", &json!({}))["url"].as_str().unwrap().to_owned();
        self.sent_back(&to)
    }

    fn sent_back(&mut self, to: &str) -> String {
        let raw = self.navigate(to, "same-origin");
        assert_eq!(raw.status, 303, "{to}: {}", raw.text());
        home(raw.header("location"))
    }
}

/// Follows the way back as far as the desk's own address: on this machine a test door leads on from its number to its name, and
/// from outside the name is another one.
fn home(back: &str) -> String {
    if let Some(path) = back.strip_prefix(&*seen_from_outside()) {
        return format!("{}{path}", url());
    }
    let number = url().replace("localhost", "127.0.0.1");
    assert!(back.starts_with(&number), "sent back to {back}");
    let raw = abroad("GET", back, &[], b"");
    assert_eq!(raw.status, 303, "{back}: {}", raw.text());
    raw.header("location").to_owned()
}

/// A town that knows where the server's identities are written down.
fn knows(town: &Town, account: &Account) {
    let raw = abroad("GET", &format!("{}/_directory", account.server), &[], b"");
    let directory: String = serde_json::from_slice(&raw.body).unwrap();
    town.stand_in(Network::Bluesky, &directory);
}

fn by_sign_in(account: &Account) -> Connect {
    Connect::BlueskySignIn { server: account.server.clone(), identifier: format!("@{}", account.handle) }
}

fn leave(administrator: &Member, account: &Account) -> String {
    match administrator.ok(&channels::CONNECT, &[], &by_sign_in(account)) {
        Connected::GoTo { address } => address,
        other => panic!("{other:?}"),
    }
}

fn land(member: &Member, back: &str) -> String {
    let path = back.strip_prefix(url()).unwrap_or_else(|| panic!("sent back to {back}"));
    member.raw(Method::Get, path, b"").header("location").to_owned()
}

/// Where the account's owner is sent back to who signs in and agrees to everything.
fn agreed(administrator: &Member, account: &Account) -> String {
    let mut browser = Browser::open(&leave(administrator, account));
    browser.sign_in(account, false);
    browser.agree(account, None)
}

/// Connects an account by signing in.
pub(super) fn sign_in(town: &Town, account: &Account) -> Channel {
    knows(town, account);
    let administrator = town.administrator();
    let landed = land(&administrator, &agreed(&administrator, account));
    let (_, id) = landed.split_once("connected=").unwrap_or_else(|| panic!("{landed}"));
    channel(&administrator, id)
}

/// How often a path of the server was asked for.
fn calls(account: &Account, call: &str) -> u64 {
    let raw = abroad("GET", &format!("{}/_calls", account.server), &[], b"");
    let calls: Value = serde_json::from_slice(&raw.body).unwrap();
    calls[call].as_u64().unwrap_or_default()
}

/// What answers every request with one of these, by the end of its path; in lies nothing but what is said here.
fn liar(said: &[(&'static str, Value)]) -> (String, Arc<Mutex<Vec<String>>>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    let said: Vec<(&str, String)> =
        said.iter().map(|(end, body)| (*end, body.to_string().replace("SELF", &address))).collect();
    let heard = Arc::new(Mutex::new(Vec::new()));
    let noted = heard.clone();
    thread::spawn(move || {
        for stream in listener.incoming() {
            let Ok(mut stream) = stream else { continue };
            let mut lines = BufReader::new(&stream).lines();
            let Some(Ok(first)) = lines.next() else { continue };
            // To the end of the headers: what has a body is refused unread.
            for line in lines {
                if line.map_or(true, |line| line.is_empty()) {
                    break;
                }
            }
            let path = first.split(' ').nth(1).unwrap_or_default().split('?').next().unwrap_or_default().to_owned();
            let body = said.iter().find(|(end, _)| path.ends_with(end)).map(|(_, body)| body.clone());
            noted.lock().unwrap().push(first);
            let (status, body) = body.map_or(("404 Not Found", "{}".to_owned()), |body| ("200 OK", body));
            let length = body.len();
            let _ = write!(
                stream,
                "HTTP/1.1 {status}\r\ncontent-type: application/json\r\ncontent-length: {length}\r\nconnection: close\r\n\r\n{body}"
            );
        }
    });
    (address, heard)
}

/// A document of an account, as its directory would have it.
fn document(account: &Account, pds: &str) -> Value {
    let service = json!([{ "id": "#atproto_pds", "type": "AtprotoPersonalDataServer", "serviceEndpoint": pds }]);
    json!({ "id": account.did, "alsoKnownAs": [format!("at://{}", account.handle)], "service": service })
}

#[test]
fn an_account_signs_in_at_its_own_server_and_what_it_allows_is_enough_for_what_we_do() {
    let (town, account) = (Town::found("Villa que Entra"), Account::make());
    knows(&town, &account);
    let administrator = town.administrator();
    let address = leave(&administrator, &account);
    assert!(address.contains("/oauth/authorize?") && address.contains("request_uri="), "{address}");
    for said in ["state=", "code_challenge=", "redirect_uri=http", "dpop"] {
        assert!(
            !address.contains(said),
            "it was laid down at the server, and is not sent through a browser: {address}"
        );
    }
    let mut browser = Browser::open(&address);
    browser.sign_in(&account, false);
    let landed = land(&administrator, &browser.agree(&account, None));
    let (_, id) = landed.split_once("connected=").unwrap_or_else(|| panic!("{landed}"));
    let made = channel(&administrator, id);
    assert_eq!(made.handle, format!("@{}", account.handle));
    assert_eq!(made.address, Some(format!("https://bsky.app/profile/{}", account.handle)));
    assert_eq!((made.health.state, made.network), (HealthState::Working, Network::Bluesky));
    let checked = administrator.ok(&channels::CHECK, &[made.id.as_str()], &Nothing {});
    assert_eq!(checked.health.state, HealthState::Working);

    // A picture, who may reply, and both gone again: each wants a permission of its own.
    let author = town.author();
    let bytes = media::png(8, 5);
    let mut content = notice_on(&town, &made, "Entrando por su puerta. #Pleno");
    content.pictures.push(media::picture(&media::stored(&author, &bytes), "La puerta del ayuntamiento."));
    content.replies = Replies::Nobody;
    let out = publish(&town, &content);
    assert_eq!(out.publications[0].acts[0].attempts.len(), 1);
    let posts = account.posts();
    let [post] = &posts[..] else { panic!("{posts:?}") };
    assert_eq!(post["images"][0]["sha256"], domain::record::sha256_hex(&bytes));
    assert_eq!(gates(&account).len(), 1);
    town.mayor().ok(&wire::posts::TAKE_DOWN, &[api_journeys::id(&out)], &because(&out, "Se suspende."));
    author.wait_for(&out.post.id, PublicationState::TakenDown);
    assert_eq!((account.posts(), gates(&account)), (Vec::new(), Vec::new()));
    let told = administrator.raw(Method::Get, "/api/channels", b"").text();
    assert!(!told.contains("token") && !told.contains("\"d\""), "{told}");
}

#[test]
fn only_whoever_left_comes_back_once_and_from_where_they_were_sent() {
    let (town, account) = (Town::found("Villa de la Vuelta"), Account::make());
    knows(&town, &account);
    let administrator = town.administrator();
    let comes = |back: &str| land(&administrator, back);
    let agreed = || agreed(&administrator, &account);
    let spent = "/desk/channels?refused=spent_link";
    let field = |back: &str, name: &str| {
        let (_, rest) = back.split_once(&format!("{name}=")).unwrap_or_else(|| panic!("{back}"));
        rest.split('&').next().unwrap().to_owned()
    };
    let with = |back: &str, name: &str, value: &str| {
        back.replace(&format!("{name}={}", field(back, name)), &format!("{name}={value}"))
    };

    // No is no.
    let mut browser = Browser::open(&leave(&administrator, &account));
    assert_eq!(comes(&browser.decline()), "/desk/channels?refused=declined");

    // Another session of the same person, another town, a state that nobody gave out, another network's way back.
    let back = agreed();
    assert_eq!(land(&town.administrator(), &back), spent, "another session");
    let stranger = town.neighbour("Villa Curiosa del Cielo").administrator();
    assert_eq!(land(&stranger, &back), spent, "another town");
    assert_eq!(comes(&with(&back, "state", "guess")), spent);
    assert_eq!(comes(&back.replace("/bluesky/return", "/mastodon/return/0123456789abcdef")), spent);

    // Another server says that it is from it (mix-up), or nobody says anything: nothing was sent there, and it is over.
    let tokens = calls(&account, "POST /oauth/token");
    for issuer in ["https%3A%2F%2Fevil.example", ""] {
        let back = agreed();
        assert_eq!(comes(&with(&back, "iss", issuer)), "/desk/channels?refused=other_issuer", "{issuer}");
        assert_eq!(comes(&back), spent, "what was tried is over");
    }
    let back = agreed();
    let without = back.split_once('?').map(|(path, query)| {
        let left: Vec<&str> = query.split('&').filter(|pair| !pair.starts_with("iss=")).collect();
        format!("{path}?{}", left.join("&"))
    });
    assert_eq!(comes(&without.unwrap()), "/desk/channels?refused=other_issuer");

    // A code that belongs to another request (injection): another verifier, another key.
    let (mine, theirs) = (agreed(), agreed());
    assert_eq!(comes(&with(&mine, "code", &field(&theirs, "code"))), "/desk/channels?refused=network_says");
    assert_eq!(administrator.ok(&channels::CHANNELS, &[], &Nothing {}).len(), 1, "only the noticeboard");
    // Other journeys are at this server too: it was asked for this one code at least.
    assert!(calls(&account, "POST /oauth/token") > tokens);

    // Once, and then no more.
    let good = agreed();
    let landed = comes(&good);
    assert!(landed.contains("connected="), "{landed}");
    assert_eq!(comes(&good), spent, "twice");
}

#[test]
fn an_access_of_another_account_is_not_taken_and_is_given_back() {
    let (town, account) = (Town::found("Villa de las Dos Cuentas"), Account::make());
    knows(&town, &account);
    let (administrator, neighbour) = (town.administrator(), Account::held(Hold::Neighbour));
    let mut browser = Browser::open(&leave(&administrator, &account));
    // Whoever is at the keyboard has two accounts at this server, and takes the other.
    browser.sign_in(&neighbour, true);
    let before = calls(&account, "POST /oauth/revoke");
    let landed = land(&administrator, &browser.agree(&neighbour, None));
    assert_eq!(landed, "/desk/channels?refused=other_account");
    assert_eq!(administrator.ok(&channels::CHANNELS, &[], &Nothing {}).len(), 1, "only the noticeboard");
    eventually("it to be given back", || (calls(&account, "POST /oauth/revoke") > before).then_some(()));
    eventually("nothing to be left of it", || (sessions(&mut browser, &neighbour).is_empty()).then_some(()));

    // Some of what we do was not allowed.
    let mut browser = Browser::open(&leave(&administrator, &account));
    browser.sign_in(&account, false);
    let landed = land(&administrator, &browser.agree(&account, Some("atproto repo:app.bsky.feed.post")));
    assert_eq!(landed, "/desk/channels?refused=missing_permissions");
}

/// The programs that an account let in, as its owner sees them.
fn sessions(browser: &mut Browser, account: &Account) -> Vec<Value> {
    browser.page = format!("{}/account", browser.origin);
    let did = account.did.replace(':', "%3A");
    browser.press("GET", &format!("oauth-sessions?did={did}"), &Value::Null).as_array().unwrap().clone()
}

#[test]
fn who_lets_in_is_believed_only_by_the_account_s_own_document() {
    let (town, account) = (Town::found("Villa que Desconfía"), Account::make());
    knows(&town, &account);
    let administrator = town.administrator();
    let refused = |server: &str, identifier: &str| {
        let connect = Connect::BlueskySignIn { server: server.to_owned(), identifier: identifier.to_owned() };
        administrator.no(&channels::CONNECT, &[], &connect)
    };
    let (other, malformed) =
        (Refusal::OtherServer { network: Network::Bluesky }, Refusal::Malformed { field: "identifier".to_owned() });
    assert!(matches!(refused(&account.server, "nadie-de-nadie.test"), Refusal::NetworkSays { .. }));
    for odd in ["villa", "did:key:z6Mk", "did:plc:corto", "a b.test", "did:web:10.0.0.1", "https://villa.test/"] {
        assert_eq!(refused(&account.server, odd), malformed, "{odd}");
    }
    assert!(matches!(refused(&account.server, "did:plc:aaaaaaaaaaaaaaaaaaaaaaaa"), Refusal::NetworkSays { .. }));
    assert_eq!(refused(&place("PREGON_MASTODON_MOCK"), &account.handle), other, "no Bluesky server");
    assert_eq!(refused("https://10.0.0.1", &account.handle), Refusal::ForbiddenAddress);
    assert_eq!(refused("https://a.internal", &account.handle), Refusal::ForbiddenAddress);
    assert_eq!(refused(&account.server, "did:web:web.internal"), Refusal::ForbiddenAddress);

    // A server that says of somebody's name that it is another's.
    let (resolver, _) = liar(&[("resolveHandle", json!({ "did": account.did }))]);
    assert_eq!(refused(&resolver, "alcaldia.test"), Refusal::NameUnconfirmed);

    // A data server of before one could sign in there.
    let (pds, _) = liar(&[]);
    let (directory, _) = liar(&[(&*account.did.clone().leak(), document(&account, &pds))]);
    town.stand_in(Network::Bluesky, &directory);
    assert_eq!(refused(&account.server, &account.handle), Refusal::NoSignIn);

    // What the document leads to speaks for another, for two, for something inside, or for nobody.
    let resource = "oauth-protected-resource";
    for (said, refusal) in [
        (json!({ "resource": "https://bsky.social", "authorization_servers": ["SELF"] }), other.clone()),
        (json!({ "resource": "SELF", "authorization_servers": ["SELF", "https://bsky.social"] }), other.clone()),
        (
            json!({ "resource": "SELF", "authorization_servers": ["https://169.254.169.254"] }),
            Refusal::ForbiddenAddress,
        ),
        (json!({ "resource": "SELF", "authorization_servers": ["https://db.internal"] }), Refusal::ForbiddenAddress),
        (json!({ "resource": "SELF", "authorization_servers": ["SELF"] }), Refusal::NoSignIn),
    ] {
        let (pds, heard) = liar(&[(resource, said)]);
        let (directory, _) = liar(&[(&*account.did.clone().leak(), document(&account, &pds))]);
        town.stand_in(Network::Bluesky, &directory);
        assert_eq!(refused(&account.server, &account.handle), refusal);
        assert!(!heard.lock().unwrap().is_empty(), "the server was asked");
    }
    let (directory, _) = liar(&[(&*account.did.clone().leak(), document(&account, "https://169.254.169.254"))]);
    town.stand_in(Network::Bluesky, &directory);
    assert_eq!(refused(&account.server, &account.handle), Refusal::ForbiddenAddress);

    // It names itself as another, or gives no place to lay a request down: no request is made.
    for (name, value, refusal) in [
        ("issuer", json!("https://bsky.social"), other.clone()),
        ("code_challenge_methods_supported", json!(["plain"]), Refusal::NoSignIn),
    ] {
        let mut whole = json!({
            "issuer": "SELF", "authorization_response_iss_parameter_supported": true,
            "client_id_metadata_document_supported": true, "scopes_supported": ["atproto"],
            "response_types_supported": ["code"], "code_challenge_methods_supported": ["S256"],
            "dpop_signing_alg_values_supported": ["ES256"], "authorization_endpoint": "SELF/authorize",
            "token_endpoint": "SELF/token", "pushed_authorization_request_endpoint": "SELF/par",
        });
        whole[name] = value;
        let itself = json!({ "resource": "SELF", "authorization_servers": ["SELF"] });
        let (pds, heard) = liar(&[(resource, itself), ("oauth-authorization-server", whole)]);
        let (directory, _) = liar(&[(&*account.did.clone().leak(), document(&account, &pds))]);
        town.stand_in(Network::Bluesky, &directory);
        assert_eq!(refused(&account.server, &account.handle), refusal, "{name}");
        assert!(!heard.lock().unwrap().iter().any(|line| line.starts_with("POST")), "{name}");
    }

    // The account moves while its owner is away: who let them in is no longer who may.
    knows(&town, &account);
    let back = agreed(&administrator, &account);
    let (pds, _) = liar(&[(resource, json!({ "resource": "SELF", "authorization_servers": ["SELF"] }))]);
    let (directory, _) = liar(&[(&*account.did.clone().leak(), document(&account, &pds))]);
    town.stand_in(Network::Bluesky, &directory);
    assert_eq!(land(&administrator, &back), "/desk/channels?refused=other_bluesky");
    assert_eq!(administrator.ok(&channels::CHANNELS, &[], &Nothing {}).len(), 1, "only the noticeboard");
}

#[test]
fn a_channel_of_an_app_password_becomes_one_that_signs_in_and_goes_back_with_its_history() {
    let (town, account) = (Town::found("Villa de las Dos Puertas"), Account::make());
    let administrator = town.administrator();
    let kept = || administrator.ok(&channels::VAULT, &[], &Nothing {}).keys[0].secrets;
    let first = account.connect(&administrator);
    let out = publish(&town, &notice_on(&town, &first, "Con la contraseña."));
    assert_eq!(kept(), 2, "the session, and the password");
    let signed = sign_in(&town, &account);
    assert_eq!((&signed.id, &signed.name, signed.health.state), (&first.id, &first.name, HealthState::Working));
    assert_eq!(kept(), 1, "the password is destroyed");
    publish(&town, &notice_on(&town, &signed, "Por la puerta."));
    assert_eq!(town.author().read(&out.post.id).publications[0].state, PublicationState::Out);
    // What went out by the one way is taken down by the other.
    town.mayor().ok(&wire::posts::TAKE_DOWN, &[api_journeys::id(&out)], &because(&out, "Se suspende."));
    town.author().wait_for(&out.post.id, PublicationState::TakenDown);
    let given_back = calls(&account, "POST /oauth/revoke");
    let back = account.connect(&administrator);
    assert_eq!((&back.id, kept()), (&first.id, 2));
    eventually("the access to be given back", || (calls(&account, "POST /oauth/revoke") > given_back).then_some(()));
    publish(&town, &notice_on(&town, &back, "Otra vez con la contraseña."));
    assert_eq!(account.posts().len(), 2);
}

#[test]
fn an_access_is_renewed_once_whoever_needs_it_and_by_whoever_can_show_who_it_is() {
    let town = Town::alone("Villa de la Hora");
    let account = Account::alone();
    let administrator = town.administrator();
    town.stand_in(Network::Noticeboard, &seen_from_outside());
    // Nobody's business before somebody asked for an access.
    let path = channels::BLUESKY_CLIENT.path(&[town.founded.organisation.as_str()]);
    assert_eq!(administrator.raw(Method::Get, &path, b"").status, 404);
    let made = sign_in(&town, &account);
    let raw = abroad("GET", &format!("{}{path}", url()), &[], b"");
    let said: Value = serde_json::from_slice(&raw.body).unwrap();
    assert_eq!(said["client_id"], format!("{}{path}", seen_from_outside()));
    assert_eq!(said["token_endpoint_auth_method"], "private_key_jwt");
    let keys = said["jwks"]["keys"].as_array().unwrap();
    assert!(keys.len() == 1 && keys[0]["kid"].is_string() && keys[0].get("d").is_none(), "{keys:?}");

    publish(&town, &notice_on(&town, &made, "Con el primero."));
    let before = calls(&account, "POST /oauth/token");
    // An access lasts an hour. Four posts find it at its end; what renews it works once: whoever uses it twice is taken for a
    // thief by the server, which ends the access for all.
    later(&account, 2);
    town.ahead(Millis::hours(2));
    let several: Vec<_> =
        (0..4).map(|place| release(&town, &notice_on(&town, &made, &format!("A la vez, {place}.")))).collect();
    for post in &several {
        town.author().wait_for(&post.post.id, PublicationState::Out);
    }
    // Its number of two hours ago is another by now: at least one call was for that, and one brought the next access.
    assert!(calls(&account, "POST /oauth/token") >= before + 2);
    let checked = administrator.ok(&channels::CHECK, &[made.id.as_str()], &Nothing {});
    assert_eq!((checked.health.state, account.posts().len()), (HealthState::Working, 5));
    publish(&town, &notice_on(&town, &made, "Con el segundo."));
}

#[test]
fn a_permission_that_was_taken_back_stops_the_channel_until_somebody_signs_in_again() {
    let (town, account) = (Town::found("Villa sin Permiso"), Account::make());
    knows(&town, &account);
    let (administrator, author) = (town.administrator(), town.author());
    let mut browser = Browser::open(&leave(&administrator, &account));
    browser.sign_in(&account, true);
    let landed = land(&administrator, &browser.agree(&account, None));
    let (_, id) = landed.split_once("connected=").unwrap_or_else(|| panic!("{landed}"));
    let made = channel(&administrator, id);
    // Its owner looks at who was let in, and shuts them out.
    let all = sessions(&mut browser, &account);
    let [session] = &all[..] else { panic!("{all:?}") };
    let scope = session["scope"].as_str().unwrap();
    assert!(
        scope.contains("repo:app.bsky.feed.post") && !scope.contains("transition:"),
        "no more than is needed: {scope}"
    );
    let body = json!({ "did": account.did, "tokenId": session["tokenId"] });
    browser.press("POST", "revoke-oauth-session", &body);
    let post = release(&town, &notice_on(&town, &made, "¿Sale o no sale?"));
    let failed = author.wait_for(&post.post.id, PublicationState::Failed);
    let ActState::Failed { failure } = last_act(&failed) else { panic!("{:?}", last_act(&failed)) };
    assert_eq!(failure.kind, FailureKind::AccessRefused);
    assert_eq!(channel(&administrator, made.id.as_str()).health.state, HealthState::Refused);
    let again = sign_in(&town, &account);
    assert_eq!((&again.id, again.health.state), (&made.id, HealthState::Working));
    author.retry(&failed.publications[0], "Hay permiso otra vez.").unwrap();
    author.wait_for(&post.post.id, PublicationState::Out);
    assert_eq!(account.posts().len(), 1);

    // Signed in once more, it gives back what it had: an access that nobody uses lies nowhere.
    let before = calls(&account, "POST /oauth/revoke");
    sign_in(&town, &account);
    eventually("the one of before to be given back", || (calls(&account, "POST /oauth/revoke") > before).then_some(()));

    // Disconnected, it gives the permission back itself.
    let before = sessions(&mut browser, &account).len();
    administrator.ok(&channels::DISCONNECT, &[made.id.as_str()], &Nothing {});
    eventually("the access to be given back", || (sessions(&mut browser, &account).len() < before).then_some(()));
}
