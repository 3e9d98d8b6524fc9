//! Connecting to a Mastodon server: we register there, the person agrees in their browser, we exchange the code.
//! Separate from the adapter: this is a conversation with a person in it, in two requests of theirs.
//!
//! Anybody may run such a server, and one of them may send the person on to another and so draw out a code that is not for it
//! (mix-up, RFC 9700, 4.4). So each has an address of its own to send them back to, which it alone knows us by; what comes back
//! elsewhere, or in another's name (`issuer`), is sent to nobody.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use domain::{Language, Millis, Network, Refusal, json, record};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use sha2::{Digest, Sha256};

use super::{instance, issuer};
use crate::{
    app::App,
    caller::Caller,
    networks::Account,
    outbound::{self, Address, Call},
    store::secrets::{self, Flow},
    vault::{self, Keyring, Kind, Secret},
};

/// What we ask for, and no more: who we are, our own statuses, writing statuses and pictures.
const SCOPES: &str = "read:accounts read:statuses write:statuses write:media";

/// How long the person has to agree at the network.
const PATIENCE: Millis = Millis::minutes(10);

/// How many digits of the hash of a server's address are its name in ours.
const MARK: usize = 32;

/// Our registration at an instance. Made anew each time that somebody connects: where they come back to is part of it.
#[derive(Serialize, Deserialize)]
struct Client {
    id: String,
    secret: String,
}

/// A connection on its way: what proves that the one who comes back is the one who left, and where they come back from.
#[derive(Serialize, Deserialize)]
struct Way {
    client: Client,
    verifier: String,
    back: String,
    /// Whether the server promises to say who it is.
    promised: bool,
}

/// What a server sends a person back with.
#[derive(Clone, Copy)]
pub struct Came<'a> {
    /// At whose address.
    pub at: &'a str,
    /// Which connection it belongs to.
    pub state: &'a str,
    /// What is exchanged.
    pub code: &'a str,
    /// Who says so, if anybody does.
    pub issuer: Option<&'a str>,
}

/// The name of a server in the address that it sends people back to.
fn mark(server: &Address) -> String {
    let mut mark = record::sha256_hex(server.origin().as_bytes());
    mark.truncate(MARK);
    mark
}

/// Starts: answers the address where the person agrees.
///
/// # Errors
/// `ForbiddenAddress`, `OtherServer`, `NetworkSays`, `Unavailable`.
pub async fn begin(app: &App, caller: &Caller, server: &str, origin: &str) -> Result<String, Refusal> {
    let server = Address::typed(server)?.at("/");
    instance::ask(app, &server).await?;
    let promised = issuer::is_promised(app, &server).await;
    let back = [origin, "/api/channels/mastodon/return/", &mark(&server)].concat();
    let body = register(app, &server, &back, origin).await?;
    let text = |name: &str| body[name].as_str().map(ToOwned::to_owned);
    let (Some(id), Some(secret)) = (text("client_id"), text("client_secret")) else {
        return Err(Refusal::OtherServer { network: Network::Mastodon });
    };
    let (state, verifier) = (app.secret(), app.secret());
    let challenge = URL_SAFE_NO_PAD.encode(Sha256::digest(verifier.as_bytes()));
    // Servers without PKCE ignore the challenge.
    let address = server
        .at("/oauth/authorize")
        .with("response_type", "code")
        .with("client_id", &id)
        .with("redirect_uri", &back)
        .with("scope", SCOPES)
        .with("state", &state)
        .with("code_challenge", &challenge)
        .with("code_challenge_method", "S256");
    let way = Way { client: Client { id, secret }, verifier, back, promised };
    let state_hash = record::sha256_hex(state.as_bytes());
    let way = Secret::new(serde_json::to_string(&way).unwrap_or_default());
    let sealed = vault::seal_for(app, &state_hash, &way)?;
    let flow = Flow { server: server.origin(), sealed };
    let by = (caller.org(), &caller.member, &caller.session);
    let now = app.now();
    secrets::keep_flow(&app.db, &state_hash, by, &flow, now, now.plus(PATIENCE)).await?;
    Ok(address.as_str().to_owned())
}

/// Registers us at an instance. The interface takes a list of addresses to come back to; servers before 4.3, and some
/// compatible ones, take only one as text.
async fn register(app: &App, server: &Address, back: &str, website: &str) -> Result<Value, Refusal> {
    let mut message = String::new();
    for redirect in [json!([back]), json!(back)] {
        let body = json!({ "client_name": "Pregón", "redirect_uris": redirect, "scopes": SCOPES, "website": website });
        let answer = outbound::send(app, Call::post(server.at("/api/v1/apps")).json(&body)).await?;
        if let Some(body) = answer.json().filter(|_| answer.is_success()) {
            return Ok(body);
        }
        message = answer.words();
        if !matches!(answer.status, 400 | 422) {
            break;
        }
    }
    Err(Refusal::NetworkSays { message })
}

/// Finishes: exchanges the code for a token, and asks whose it is.
///
/// # Errors
/// `SpentLink` for a state that is not this session's, is used or has expired; `OtherIssuer` where another server answers than
/// the one that the person was sent to; `MissingPermissions`; `NetworkSays`.
pub async fn finish(app: &App, caller: &Caller, came: Came<'_>) -> Result<(Account, Vec<(Kind, Secret)>), Refusal> {
    let state_hash = record::sha256_hex(came.state.as_bytes());
    let by = (caller.org(), &caller.member, &caller.session);
    let flow = secrets::take_flow(&app.db, &state_hash, by, app.now()).await?.ok_or(Refusal::SpentLink)?;
    let way = vault::open_for(app, &state_hash, &flow.sealed)?;
    let Way { client, verifier, back, promised } = crate::tree::read(way.reveal()).map_err(|_| Refusal::SpentLink)?;
    let server = Address::parse(&flow.server).map_err(|_| Refusal::SpentLink)?;
    // The code may be another server's: this one must not be given it, and nothing is sent anywhere.
    if came.at != mark(&server) || !issuer::is_its(&server, came.issuer, promised) {
        return Err(Refusal::OtherIssuer);
    }
    let call = Call::post(server.at("/oauth/token")).form(&[
        ("grant_type", "authorization_code"),
        ("code", came.code),
        ("client_id", &client.id),
        ("client_secret", &client.secret),
        ("redirect_uri", &back),
        ("code_verifier", &verifier),
        ("scope", SCOPES),
    ]);
    let answer = outbound::send(app, call).await?;
    let body = answer.json().unwrap_or_default();
    let token = body["access_token"].as_str().map(Secret::new);
    let token = token.ok_or_else(|| Refusal::NetworkSays { message: answer.words() })?;
    if !reaches(body["scope"].as_str()) {
        // What nobody will use is given back.
        let later = app.clone();
        app.afterwards(async move { give_back(&later, &server, &client, &token).await });
        return Err(Refusal::MissingPermissions);
    }
    let account = account(app, &server, &token).await?;
    let client = Secret::new(serde_json::to_string(&client).unwrap_or_default());
    Ok((account, vec![(Kind::Token, token), (Kind::Client, client)]))
}

/// Whether what a token may covers all that we ask for. Who grants `write` grants `write:statuses` (the documentation of scopes);
/// a server that says nothing has granted what was asked (RFC 6749, 5.1).
fn reaches(granted: Option<&str>) -> bool {
    let Some(granted) = granted else { return true };
    let granted: Vec<&str> = granted.split_whitespace().collect();
    let covers = |asked: &str| {
        let whole = asked.split_once(':').map_or(asked, |(whole, _)| whole);
        granted.iter().any(|scope| *scope == asked || *scope == whole)
    };
    SCOPES.split(' ').all(covers)
}

async fn account(app: &App, server: &Address, token: &Secret) -> Result<Account, Refusal> {
    let call = Call::get(server.at("/api/v1/accounts/verify_credentials")).bearer(token);
    let answer = outbound::send(app, call).await?;
    let body = answer.json().filter(|_| answer.is_success());
    let Some(body) = body else { return Err(Refusal::NetworkSays { message: answer.words() }) };
    let text = |name: &str| body[name].as_str().unwrap_or_default().to_owned();
    let (id, user) = (text("id"), text("username"));
    if id.is_empty() || user.is_empty() {
        return Err(Refusal::OtherServer { network: Network::Mastodon });
    }
    let instance = instance::ask(app, server).await?;
    let name = text("display_name");
    let account = format!("{}/{id}", server.origin());
    let mut settings = json!({ "account": account, "id": id, "server": server.origin() });
    settings[super::VERSION] = instance.mastodon.into();
    Ok(Account {
        account,
        handle: handle(server, &body),
        name: if name.trim().is_empty() { user } else { name },
        address: text("url"),
        limits: instance.limits,
        expires: None,
        settings,
    })
}

/// `@user@host`, with the host that the account itself names where it differs from the server's.
pub fn handle(server: &Address, account: &Value) -> String {
    let user = account["username"].as_str().unwrap_or_default();
    let profile = account["url"].as_str().and_then(|url| Address::parse(url).ok());
    let host = profile.map_or_else(|| server.host(), |profile| profile.host());
    format!("@{user}@{host}")
}

/// The language as Mastodon takes it: ISO 639, without a region.
pub fn language(language: &Language) -> &str {
    language.primary()
}

/// Gives the token back. Best effort: the secrets are destroyed either way.
pub async fn disconnect(app: &App, settings: &Value, keys: &Keyring) {
    let Ok(server) = Address::parse(settings["server"].as_str().unwrap_or_default()) else { return };
    let (Some((token, _)), Some((client, _))) = (keys.get(Kind::Token), keys.get(Kind::Client)) else { return };
    let Ok(client) = crate::tree::read::<Client>(client.reveal()) else { return };
    give_back(app, &server, &client, token).await;
}

async fn give_back(app: &App, server: &Address, client: &Client, token: &Secret) {
    let fields = [("client_id", &*client.id), ("client_secret", &*client.secret), ("token", token.reveal())];
    let _ = outbound::send(app, Call::post(server.at("/oauth/revoke")).form(&fields)).await;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_registration_that_was_kept_with_more_beside_it_is_read() {
        let kept = r#"{"id":"a","secret":"b","verifier":"","back":""}"#;
        let client: Client = crate::tree::read(kept).unwrap();
        assert_eq!((&*client.id, &*client.secret), ("a", "b"));
    }

    #[test]
    fn an_access_that_may_less_than_was_asked_is_not_enough() {
        assert!(
            reaches(Some(SCOPES)) && reaches(Some("write:media profile write:statuses read:statuses read:accounts"))
        );
        assert!(reaches(Some("read write")) && reaches(Some("read write:statuses write:media follow")), "wider ones");
        assert!(reaches(None), "as it was asked");
        for less in
            ["", "read", "write", "read write:statuses", "read:accounts read:statuses write:statuses", "readwrite"]
        {
            assert!(!reaches(Some(less)), "{less}");
        }
    }

    #[test]
    fn each_server_has_a_name_of_its_own_in_addresses_of_ours() {
        let of = |address: &str| mark(&Address::parse(address).unwrap());
        assert_eq!(of("https://mastodon.social"), of("https://mastodon.social/oauth/authorize?x=1"));
        assert_eq!(of("https://mastodon.social").len(), MARK);
        for other in ["https://mastodon.social:8443", "https://mastodon.social.evil.es", "https://mastodon.online"] {
            assert_ne!(of("https://mastodon.social"), of(other), "{other}");
        }
    }
}
