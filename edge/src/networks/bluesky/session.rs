//! A session at a Bluesky server. One that a person signed in for is bound to a key and renewed with what it brought (its way
//! in is `connect.rs`); one that was opened with an app password is refreshed when it expires, and opened anew when it
//! cannot be. Separate from the adapter: what is said to the network does not depend on how we are let in.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use domain::{
    ChannelId, Millis, Moment, Network, OrganisationId, Refusal,
    delivery::{FailureKind, Outcome},
    errors::{self, Class},
    json,
};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{
    connect::{self, Asker, Given},
    dpop::{self, Key},
};
use crate::{
    app::App,
    networks::{Account, Weight, renewed, unavailable},
    outbound::{self, Address, Answer, Call},
    vault::{Keyring, Kind, Secret},
};

/// How often an errand renews a session. The second time is for a session that somebody else renewed and that has
/// expired again while we waited.
const MOST_RENEWALS: u32 = 2;

/// A bound access is renewed so long before it ends: a call that is refused under way may have carried a whole video.
const AHEAD: Millis = Millis::minutes(2);

/// Both tokens, as the vault keeps them.
#[derive(Serialize, Deserialize)]
pub struct Tokens {
    /// What opens the account.
    pub access: String,
    /// What brings the next ones.
    pub refresh: String,
    /// What a session of a person who signed in is bound to; absent of an app password's.
    #[serde(default)]
    pub bound: Option<Bound>,
}

/// What an access is bound to, and who renews it.
#[derive(Clone, Serialize, Deserialize)]
pub struct Bound {
    /// The key.
    pub key: Key,
    /// How we are known there.
    pub client: String,
    /// Who gave it.
    pub issuer: String,
    /// Where it is renewed.
    pub grants: String,
    /// Where it is given back.
    pub revokes: Option<String>,
    /// When the access ends.
    pub ends: Moment,
}

impl Bound {
    /// Who asks for it.
    pub fn asker<'a>(&'a self, org: &'a OrganisationId) -> Asker<'a> {
        Asker { org, client: &self.client, issuer: &self.issuer, key: &self.key }
    }
}

impl Tokens {
    fn of(body: &Value) -> Option<Self> {
        let text = |name: &str| body[name].as_str().map(ToOwned::to_owned);
        Some(Self { access: text("accessJwt")?, refresh: text("refreshJwt")?, bound: None })
    }
    /// As the vault keeps them.
    pub fn secret(&self) -> Secret {
        Secret::new(serde_json::to_string(self).unwrap_or_default())
    }
}

/// A session.
pub struct Session<'a> {
    app: &'a App,
    org: &'a OrganisationId,
    channel: &'a ChannelId,
    /// Where sessions are opened and refreshed (`https://bsky.social`).
    server: Address,
    /// Where the account's data lives.
    pub pds: Address,
    /// The account.
    pub did: String,
    password: Option<Secret>,
    tokens: Tokens,
    version: u64,
    renewals: u32,
}

impl<'a> Session<'a> {
    /// Takes the session of a channel from the vault.
    ///
    /// # Errors
    /// An outcome that ends the errand.
    pub async fn open(
        app: &'a App,
        org: &'a OrganisationId,
        channel: &'a ChannelId,
        settings: &Value,
    ) -> Result<Self, Outcome> {
        let keys = Keyring::of(app, org, channel).await.map_err(unavailable)?;
        let closed = || Outcome::Unauthorised {
            message: "no access is stored: connect the channel again".to_owned(),
            status: 401,
        };
        let (tokens, version) = keys.get(Kind::Session).ok_or_else(closed)?;
        let address = |name: &str| Address::parse(settings[name].as_str().unwrap_or_default());
        let server = address("server").map_err(|_| closed())?;
        Ok(Self {
            app,
            org,
            channel,
            pds: address("pds").unwrap_or_else(|_| server.clone()),
            server,
            did: settings["did"].as_str().unwrap_or_default().to_owned(),
            password: keys.get(Kind::AppPassword).map(|(password, _)| password.clone()),
            tokens: crate::tree::read(tokens.reveal()).map_err(|_| closed())?,
            version,
            renewals: 0,
        })
    }

    /// Calls with the access token; an expired one is renewed and the call repeated, which is safe whatever its
    /// weight: a token that is refused changes nothing.
    ///
    /// # Errors
    /// An outcome that ends the errand.
    pub async fn call(&mut self, weight: Weight, call: Call) -> Result<Answer, Outcome> {
        let ends = self.tokens.bound.as_ref().map(|bound| bound.ends);
        if self.renewals == 0 && ends.is_some_and(|ends| ends <= self.app.now().plus(AHEAD)) {
            match self.renew().await {
                // Whoever gives the next one is away or busy; this one serves as long as it lasts.
                Err(_) if ends.is_some_and(|ends| ends > self.app.now()) => {}
                renewed => renewed?,
            }
        }
        loop {
            let (call, access) = (weight.wait(call.clone()), Secret::new(&*self.tokens.access));
            let sent = match &self.tokens.bound {
                Some(bound) => dpop::send(self.app, &bound.key, &access, call).await,
                None => outbound::send(self.app, call.bearer(&access)).await,
            };
            let answer = sent.map_err(|trouble| weight.of_trouble(trouble))?;
            if self.renewals == MOST_RENEWALS || !is_shut_out(&answer) {
                return Ok(answer);
            }
            self.renew().await?;
        }
    }

    /// The same, for a success only.
    ///
    /// # Errors
    /// An outcome that ends the errand.
    pub async fn ask(&mut self, weight: Weight, call: Call) -> Result<Answer, Outcome> {
        let answer = self.call(weight, call).await?;
        if answer.is_success() { Ok(answer) } else { Err(outcome(weight, &answer)) }
    }

    /// Makes sure that the next call is not refused for a formality: it carries so much that it should go once.
    ///
    /// # Errors
    /// An outcome that ends the errand.
    pub async fn ready(&mut self) -> Result<(), Outcome> {
        if self.tokens.bound.is_some() {
            let call = Call::get(self.pds.at("/xrpc/com.atproto.server.getSession"));
            self.ask(Weight::Safe, call).await?;
        }
        Ok(())
    }

    /// However many jobs find the session expired, one renews it and the others take what it brought.
    async fn renew(&mut self) -> Result<(), Outcome> {
        self.renewals += 1;
        // If what was fetched is lost, an app password opens the next session. Of a bound one, what fetched it is spent, and a
        // person has to sign in again.
        let fetch = async || self.fetch_tokens().await.map(|tokens| tokens.secret());
        let (secret, version) = renewed(self.app, self.org, self.channel, self.version, fetch).await?;
        self.tokens = crate::tree::read(secret.reveal()).map_err(|_| nonsense("a session that is no JSON"))?;
        self.version = version.unwrap_or(self.version);
        Ok(())
    }

    async fn fetch_tokens(&self) -> Result<Tokens, Outcome> {
        if let Some(bound) = &self.tokens.bound {
            return self.fetch_bound(bound).await;
        }
        let call = Call::post(self.server.at("/xrpc/com.atproto.server.refreshSession"));
        let call = call.bearer(&Secret::new(self.tokens.refresh.clone()));
        let answer = outbound::send(self.app, call).await.map_err(|trouble| Weight::Safe.of_trouble(trouble))?;
        let body = if is_shut_out(&answer) {
            match &self.password {
                Some(password) => create(self.app, &self.server, &self.did, password).await?,
                None => return Err(outcome(Weight::Safe, &answer)),
            }
        } else if answer.is_success() {
            active(answer)?
        } else {
            return Err(outcome(Weight::Safe, &answer));
        };
        Tokens::of(&body).ok_or_else(|| nonsense("a session without tokens"))
    }
}

impl Session<'_> {
    async fn fetch_bound(&self, bound: &Bound) -> Result<Tokens, Outcome> {
        let refresh = Secret::new(&*self.tokens.refresh);
        let fields = [("grant_type", "refresh_token"), ("refresh_token", refresh.reveal())];
        let address = Address::parse(&bound.grants).map_err(unavailable)?;
        let sent = bound.asker(self.org).ask(self.app, &address, &fields, &refresh).await;
        let answer = sent.map_err(|trouble| Weight::Safe.of_trouble(trouble))?;
        if !answer.is_success() {
            let class = errors::class_of_renewal(Network::Bluesky, answer.status, &answer.code());
            return Err(errors::outcome(class, answer.status, answer.words(), reset(&answer), false));
        }
        let body = answer.json().ok_or_else(|| Weight::Safe.of_nonsense(&answer))?;
        // The account does not change under way (the network's own rule for whoever renews).
        if body["sub"].as_str().is_some_and(|sub| sub != self.did) {
            return Err(nonsense("an access of another account"));
        }
        let given = Given::of(&body, self.app.now()).ok_or_else(|| Weight::Safe.of_nonsense(&answer))?;
        let bound = Bound { ends: given.ends, ..bound.clone() };
        Ok(Tokens { access: given.access, refresh: given.refresh, bound: Some(bound) })
    }
}

/// Opens a session with an app password.
async fn create(app: &App, server: &Address, identifier: &str, password: &Secret) -> Result<Value, Outcome> {
    let body = json!({ "identifier": identifier, "password": password.reveal() });
    let call = Call::post(server.at("/xrpc/com.atproto.server.createSession")).json(&body);
    let answer = outbound::send(app, call).await.map_err(|trouble| Weight::Safe.of_trouble(trouble))?;
    if answer.is_success() { active(answer) } else { Err(outcome(Weight::Safe, &answer)) }
}

/// The body of a session, if the account may act at all.
fn active(answer: Answer) -> Result<Value, Outcome> {
    let body = answer.json().ok_or_else(|| nonsense("a session that is no JSON"))?;
    if body["active"].as_bool() == Some(false) {
        let message = format!("the account is {}", body["status"].as_str().unwrap_or("not active"));
        return Err(Outcome::Refused { kind: FailureKind::Forbidden, message, status: answer.status });
    }
    Ok(body)
}

fn nonsense(message: &str) -> Outcome {
    Outcome::NotSent { message: message.to_owned() }
}

/// Whether the access is to be renewed. Expired tokens are told with HTTP 400 here.
fn is_shut_out(answer: &Answer) -> bool {
    errors::class(Network::Bluesky, answer.status, &answer.code()) == Class::Refresh
}

/// What an answer that is no success comes to.
pub fn outcome(weight: Weight, answer: &Answer) -> Outcome {
    weight.of_answer(Network::Bluesky, answer, reset(answer))
}

/// `RateLimit-Reset` is in seconds since 1970.
fn reset(answer: &Answer) -> Option<Moment> {
    let seconds: i64 = answer.header("ratelimit-reset")?.trim().parse().ok()?;
    Some(Moment(seconds.saturating_mul(1_000)))
}

/// Connects an account; answers it and its secrets.
///
/// # Errors
/// `ForbiddenAddress`; `OtherServer` if it is no Bluesky server; `Malformed` for a password that is not an app password;
/// `NetworkSays` with the server's own words.
pub async fn connect(
    app: &App,
    server: &str,
    identifier: &str,
    password: &Secret,
) -> Result<(Account, Vec<(Kind, Secret)>), Refusal> {
    let other = || Refusal::OtherServer { network: Network::Bluesky };
    let server = Address::typed(server)?.at("/");
    let body = json!({ "identifier": identifier.trim().trim_start_matches('@'), "password": password.reveal() });
    let call = Call::post(server.at("/xrpc/com.atproto.server.createSession")).json(&body);
    let answer = outbound::send(app, call).await?;
    if !answer.is_success() {
        // XRPC always names its error, in one word; other servers say sentences, or nothing.
        let ours = matches!(answer.status, 400 | 401 | 403 | 429) && !answer.code().is_empty();
        return Err(if ours { Refusal::NetworkSays { message: answer.words() } } else { other() });
    }
    let body = answer.json().ok_or_else(other)?;
    let tokens = Tokens::of(&body).ok_or_else(other)?;
    let text = |name: &str| body[name].as_str().map(ToOwned::to_owned).ok_or_else(other);
    let (did, handle) = (text("did")?, text("handle")?);
    if is_full_password(&tokens.access) {
        // It would open everything, and could not be revoked by itself.
        return Err(Refusal::Malformed { field: "app_password".to_owned() });
    }
    if body["active"].as_bool() == Some(false) {
        return Err(Refusal::NetworkSays {
            message: format!("account {}", body["status"].as_str().unwrap_or_default()),
        });
    }
    let pds = match pds_of(&body["didDoc"]) {
        Some(endpoint) => Address::parse(endpoint)?.at("/"),
        None => server.clone(),
    };
    let settings = json!({
        "account": did, "did": did, "handle": handle, "server": server.origin(), "pds": pds.origin(),
    });
    let account = Account {
        address: format!("https://bsky.app/profile/{handle}"),
        handle: format!("@{handle}"),
        name: handle,
        account: did,
        limits: Network::Bluesky.limits(),
        expires: None,
        settings,
    };
    Ok((account, vec![(Kind::Session, tokens.secret()), (Kind::AppPassword, password.clone())]))
}

/// Where the account's data lives, by its own document.
pub fn pds_of(document: &Value) -> Option<&str> {
    let services = document["service"].as_array()?;
    let own = services.iter().find(|service| service["id"].as_str().is_some_and(|id| id.ends_with("#atproto_pds")));
    own?["serviceEndpoint"].as_str()
}

/// A session that the account's own password opened says so in its token.
fn is_full_password(access: &str) -> bool {
    let claims = access.split('.').nth(1).and_then(|claims| URL_SAFE_NO_PAD.decode(claims).ok());
    let claims: Option<Value> = claims.and_then(|claims| serde_json::from_str(str::from_utf8(&claims).ok()?).ok());
    claims.is_some_and(|claims| claims["scope"] == "com.atproto.access")
}

/// Closes a session for good. Best effort: the secrets are destroyed either way.
pub async fn disconnect(app: &App, org: &OrganisationId, settings: &Value, keys: &Keyring) {
    let Some((secret, _)) = keys.get(Kind::Session) else { return };
    let tokens: Option<Tokens> = crate::tree::read(secret.reveal()).ok();
    if let Some(tokens) = tokens.as_ref().filter(|tokens| tokens.bound.is_some()) {
        return connect::give_back(app, org, tokens).await;
    }
    let server = Address::parse(settings["server"].as_str().unwrap_or_default());
    if let (Some(tokens), Ok(server)) = (tokens, server) {
        let call = Call::post(server.at("/xrpc/com.atproto.server.deleteSession"));
        let _ = outbound::send(app, call.bearer(&Secret::new(tokens.refresh))).await;
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn the_account_s_own_password_is_told_from_an_app_password() {
        let token = |claims: &str| format!("e30.{}.sig", URL_SAFE_NO_PAD.encode(claims));
        assert!(is_full_password(&token(r#"{"scope":"com.atproto.access"}"#)));
        assert!(!is_full_password(&token(r#"{"scope":"com.atproto.appPass"}"#)));
        assert!(!is_full_password("opaque"));
    }

    #[test]
    fn a_session_of_before_there_were_bound_ones_is_read() {
        let tokens: Tokens = crate::tree::read(r#"{"access":"a","refresh":"r"}"#).unwrap();
        assert_eq!((&*tokens.access, &*tokens.refresh, tokens.bound.is_none()), ("a", "r", true));
        let again: Tokens = crate::tree::read(tokens.secret().reveal()).unwrap();
        assert!(again.bound.is_none());
    }

    #[test]
    fn a_bound_session_is_read_as_it_was_kept() {
        let kept = r#"{"access":"a","refresh":"r","bound":{"key":{"x":"1","y":"2","d":"3"},"client":"c","issuer":"i",
          "grants":"g","revokes":null,"ends":60000}}"#;
        let tokens: Tokens = crate::tree::read(kept).unwrap();
        let again: Tokens = crate::tree::read(tokens.secret().reveal()).unwrap();
        let bound = again.bound.unwrap();
        assert_eq!((&*bound.client, &*bound.issuer, &*bound.grants, bound.revokes), ("c", "i", "g", None));
        assert_eq!(bound.ends, Moment(60_000));
    }

    #[test]
    fn the_data_server_is_read_from_the_document() {
        let document = json!({ "service": [
            { "id": "#other", "serviceEndpoint": "https://a.es" },
            { "id": "did:plc:x#atproto_pds", "serviceEndpoint": "https://pds.town.es" },
        ] });
        assert_eq!(pds_of(&document), Some("https://pds.town.es"));
        assert_eq!(pds_of(&Value::Null), None);
    }
}
