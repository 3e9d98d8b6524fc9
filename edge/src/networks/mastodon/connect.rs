//! Connecting to a Mastodon server: we register there, the person agrees in their browser, we exchange the code.
//! Separate from the adapter: this is a conversation with a person in it, in two requests of theirs.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use domain::{Language, Millis, Network, Refusal, json, record};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use sha2::{Digest, Sha256};

use super::instance;
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

/// Our registration at an instance, and what proves that the one who comes back is the one who left.
#[derive(Serialize, Deserialize)]
struct Client {
    id: String,
    secret: String,
    #[serde(default)]
    verifier: String,
    #[serde(default)]
    back: String,
}

/// Starts: answers the address where the person agrees.
///
/// # Errors
/// `ForbiddenAddress`, `OtherServer`, `NetworkSays`, `Unavailable`.
pub async fn begin(app: &App, caller: &Caller, server: &str, origin: &str) -> Result<String, Refusal> {
    let server = Address::typed(server)?.at("/");
    instance::ask(app, &server).await?;
    let back = format!("{origin}/api/channels/mastodon/return");
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
    let client = serde_json::to_string(&Client { id, secret, verifier, back }).unwrap_or_default();
    let state_hash = record::sha256_hex(state.as_bytes());
    let sealed = vault::seal_for(app, &state_hash, &Secret::new(client))?;
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
/// `SpentLink` for a state that is not this session's, is used or has expired; `NetworkSays`.
pub async fn finish(
    app: &App,
    caller: &Caller,
    state: &str,
    code: &str,
) -> Result<(Account, Vec<(Kind, Secret)>), Refusal> {
    let state_hash = record::sha256_hex(state.as_bytes());
    let by = (caller.org(), &caller.member, &caller.session);
    let flow = secrets::take_flow(&app.db, &state_hash, by, app.now()).await?.ok_or(Refusal::SpentLink)?;
    let client = vault::open_for(app, &state_hash, &flow.sealed)?;
    let client: Client = crate::tree::read(client.reveal()).map_err(|_| Refusal::SpentLink)?;
    let server = Address::parse(&flow.server)?;
    let call = Call::post(server.at("/oauth/token")).form(&[
        ("grant_type", "authorization_code"),
        ("code", code),
        ("client_id", &client.id),
        ("client_secret", &client.secret),
        ("redirect_uri", &client.back),
        ("code_verifier", &client.verifier),
        ("scope", SCOPES),
    ]);
    let answer = outbound::send(app, call).await?;
    let token = answer.json().and_then(|body| body["access_token"].as_str().map(Secret::new));
    let token = token.ok_or_else(|| Refusal::NetworkSays { message: answer.words() })?;
    let account = account(app, &server, &token).await?;
    let client = Client { verifier: String::new(), back: String::new(), ..client };
    let client = Secret::new(serde_json::to_string(&client).unwrap_or_default());
    Ok((account, vec![(Kind::Token, token), (Kind::Client, client)]))
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
    let fields = [("client_id", &*client.id), ("client_secret", &*client.secret), ("token", token.reveal())];
    let _ = outbound::send(app, Call::post(server.at("/oauth/revoke")).form(&fields)).await;
}
