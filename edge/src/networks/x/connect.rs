//! Whose account of X an access opens, and giving it back. Separate from the adapter: this is asked once, when a person has
//! agreed.

use domain::{Network, OrganisationId, Refusal, json};
use serde_json::Value;

use super::{
    super::{
        Account, Connection,
        oauth::{Client, Tokens, connect, is_number},
    },
    DOOR,
};
use crate::{
    app::App,
    caller::Caller,
    outbound::{self, Call},
    vault::{Keyring, Kind},
};

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

/// Finishes: exchanges the code for an access, and asks whose it is.
///
/// # Errors
/// As [`connect::exchange`]; X always says what brings the next access, and an app that may not have it is `OtherServer`.
pub async fn finish(app: &App, caller: &Caller, state: &str, code: &str) -> Result<Connection, Refusal> {
    let (way, access) = connect::exchange(app, caller, &DOOR, state, code).await?;
    if way.tokens().and_then(Tokens::refresh).is_none() {
        return Err(Refusal::OtherServer { network: Network::X });
    }
    let server = DOOR.server(caller.org(), DOOR.interface)?;
    let answer = outbound::send(app, Call::get(server.at("/2/users/me")).bearer(&access)).await?;
    let person = answer.json().filter(|_| answer.is_success()).as_ref().and_then(person);
    let person = person.ok_or_else(|| Refusal::NetworkSays { message: answer.words() })?;
    Ok(Connection { network: Network::X, account: account(person), secrets: way.secrets(), onto: way.onto })
}

fn account(person: Person) -> Account {
    let Person { id, username, name } = person;
    Account {
        handle: format!("@{username}"),
        address: format!("https://x.com/{username}"),
        limits: Network::X.limits(),
        expires: None,
        // `server` says that there is an access; where it answers is the same for all.
        settings: json!({ "account": id, "username": username, "server": DOOR.interface }),
        name: if name.trim().is_empty() { username } else { name },
        account: id,
    }
}

/// Gives the access back. Best effort: the secrets are destroyed either way.
pub async fn disconnect(app: &App, org: &OrganisationId, keys: &Keyring) {
    let (Some((tokens, _)), Some(client)) = (keys.get(Kind::Session), Client::of(keys)) else { return };
    let Ok(server) = DOOR.server(org, DOOR.interface) else { return };
    let Some(token) = crate::tree::read::<Tokens>(tokens.reveal()).ok().and_then(|tokens| tokens.refresh()) else {
        return;
    };
    let fields = [("token", token.reveal()), ("token_type_hint", "refresh_token")];
    let call = DOOR.signed(&client, server.at("/2/oauth2/revoke"), &fields).hiding(&token);
    let _ = outbound::send(app, call).await;
}
