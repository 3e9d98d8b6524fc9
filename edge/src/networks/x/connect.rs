//! Connecting an account of X: the organisation's own developer app asks, a person agrees in their browser, we exchange the
//! code. Separate from the adapter: this is a conversation with a person in it, in two requests of theirs.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use domain::{ChannelId, Millis, Network, OrganisationId, Refusal, json, record};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use sha2::{Digest, Sha256};

use super::{
    super::Account,
    DIALOG, INTERFACE, is_number, server,
    session::{Client, Tokens},
};
use crate::{
    app::App,
    caller::Caller,
    outbound::{self, Call},
    store::secrets::{self, Flow},
    vault::{self, Keyring, Kind, Secret},
};

/// What we ask for, and no more: to read and write posts, to know whose account it is, to bring pictures, and to stay.
const SCOPES: [&str; 5] = ["tweet.read", "tweet.write", "users.read", "media.write", "offline.access"];

/// How long the person has to agree at the network.
const PATIENCE: Millis = Millis::minutes(10);

/// What an administrator brings.
pub struct Asked<'a> {
    /// The app.
    pub client_id: &'a str,
    /// Its secret.
    pub client_secret: Secret,
    /// The channel that becomes automatic, if it is there.
    pub onto: Option<ChannelId>,
}

/// What a connection is done with.
pub struct Connection {
    /// The account.
    pub account: Account,
    /// What goes to the vault.
    pub secrets: Vec<(Kind, Secret)>,
    /// The channel that becomes automatic, if one was named.
    pub onto: Option<ChannelId>,
}

/// A connection on its way: what proves that the one who comes back is the one who left.
#[derive(Serialize, Deserialize)]
struct Way {
    client: Client,
    verifier: String,
    back: String,
    onto: Option<ChannelId>,
}

/// Whose account it is.
pub struct Person {
    /// By its number.
    pub id: String,
    /// As readers write it, without the sign.
    pub username: String,
    name: String,
}

/// Reads an answer that speaks of an account.
pub fn person(body: &Value) -> Option<Person> {
    let text = |name: &str| body["data"][name].as_str().map(ToOwned::to_owned);
    // `UserName`: at most fifteen letters, digits and underscores.
    let is_name = |name: &String| {
        (1..=15).contains(&name.len()) && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
    };
    Some(Person {
        id: text("id").filter(|id| is_number(id))?,
        username: text("username").filter(is_name)?,
        name: text("name").unwrap_or_default(),
    })
}

type By<'a> = (&'a OrganisationId, &'a domain::MemberId, &'a domain::SessionId);

fn by(caller: &Caller) -> By<'_> {
    (caller.org(), &caller.member, &caller.session)
}

/// Starts: answers the address where the person agrees.
///
/// # Errors
/// `Malformed` for what is no app, `Unavailable`.
pub async fn begin(app: &App, caller: &Caller, asked: Asked<'_>, origin: &str) -> Result<String, Refusal> {
    // What X gives out is letters in base64; nothing else belongs into the header that proves the app.
    let is_plain = |text: &str| text.bytes().all(|byte| byte.is_ascii_graphic() && byte != b':');
    for (field, text) in [("client_id", asked.client_id), ("client_secret", asked.client_secret.reveal())] {
        if !is_plain(text) {
            return Err(Refusal::Malformed { field: field.to_owned() });
        }
    }
    let (state, verifier) = (app.secret(), app.secret());
    let challenge = URL_SAFE_NO_PAD.encode(Sha256::digest(verifier.as_bytes()));
    let back = format!("{origin}/api/channels/x/return");
    let address = server(caller.org(), DIALOG)?
        .at("/i/oauth2/authorize")
        .with("response_type", "code")
        .with("client_id", asked.client_id)
        .with("redirect_uri", &back)
        .with("scope", &SCOPES.join(" "))
        .with("state", &state)
        .with("code_challenge", &challenge)
        .with("code_challenge_method", "S256");
    let client = Client { id: asked.client_id.to_owned(), secret: asked.client_secret.reveal().to_owned() };
    let way = serde_json::to_string(&Way { client, verifier, back, onto: asked.onto }).unwrap_or_default();
    let hash = record::sha256_hex(state.as_bytes());
    let flow = Flow { server: "x".to_owned(), sealed: vault::seal_for(app, &hash, &Secret::new(way))? };
    let now = app.now();
    secrets::keep_flow(&app.db, &hash, by(caller), &flow, now, now.plus(PATIENCE)).await?;
    Ok(address.as_str().to_owned())
}

/// Finishes: exchanges the code for an access, and asks whose it is.
///
/// # Errors
/// `SpentLink` for a state that is not this session's, is used or has expired; `MissingPermissions`; `NetworkSays`.
pub async fn finish(app: &App, caller: &Caller, state: &str, code: &str) -> Result<Connection, Refusal> {
    let hash = record::sha256_hex(state.as_bytes());
    let flow = secrets::take_flow(&app.db, &hash, by(caller), app.now()).await?;
    let flow = flow.filter(|flow| flow.server == "x").ok_or(Refusal::SpentLink)?;
    let way = vault::open_for(app, &hash, &flow.sealed)?;
    let way: Way = crate::tree::read(way.reveal()).map_err(|_| Refusal::SpentLink)?;
    let server = server(caller.org(), INTERFACE)?;
    let fields = [
        ("grant_type", "authorization_code"),
        ("code", code),
        ("redirect_uri", &*way.back),
        ("code_verifier", &*way.verifier),
    ];
    let call = way.client.signed(Call::post(server.at("/2/oauth2/token")).form(&fields));
    let answer = outbound::send(app, call).await?;
    let body = answer.json().filter(|_| answer.is_success());
    let body = body.ok_or_else(|| Refusal::NetworkSays { message: answer.words() })?;
    // What the person unticked, or what the app may not ask for, is not in it.
    let granted: Vec<&str> = body["scope"].as_str().unwrap_or_default().split(' ').collect();
    if !SCOPES.iter().all(|scope| granted.contains(scope)) {
        return Err(Refusal::MissingPermissions);
    }
    let tokens = Tokens::of(&body, app.now()).ok_or(Refusal::OtherServer { network: Network::X })?;
    let answer = outbound::send(app, Call::get(server.at("/2/users/me")).bearer(&tokens.access())).await?;
    let person = answer.json().filter(|_| answer.is_success()).as_ref().and_then(person);
    let person = person.ok_or_else(|| Refusal::NetworkSays { message: answer.words() })?;
    let client = Secret::new(serde_json::to_string(&way.client).unwrap_or_default());
    Ok(Connection {
        account: account(person),
        secrets: vec![(Kind::Session, tokens.secret()), (Kind::Client, client)],
        onto: way.onto,
    })
}

fn account(person: Person) -> Account {
    let Person { id, username, name } = person;
    Account {
        handle: format!("@{username}"),
        address: format!("https://x.com/{username}"),
        limits: Network::X.limits(),
        expires: None,
        // `server` says that there is an access; where it answers is the same for all.
        settings: json!({ "account": id, "username": username, "server": INTERFACE }),
        name: if name.trim().is_empty() { username } else { name },
        account: id,
    }
}

/// Gives the access back. Best effort: the secrets are destroyed either way.
pub async fn disconnect(app: &App, org: &OrganisationId, keys: &Keyring) {
    let (Some((tokens, _)), Some(client)) = (keys.get(Kind::Session), Client::of(keys)) else { return };
    let (Ok(tokens), Ok(server)) = (crate::tree::read::<Tokens>(tokens.reveal()), server(org, INTERFACE)) else {
        return;
    };
    let token = tokens.refresh();
    let fields = [("token", token.reveal()), ("token_type_hint", "refresh_token")];
    let _ = outbound::send(app, client.signed(Call::post(server.at("/2/oauth2/revoke")).form(&fields))).await;
}
