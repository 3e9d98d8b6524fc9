//! An access by consent (OAuth 2.0) to an account of X, a page at LinkedIn, a blog of Tumblr, a channel of YouTube or an account of TikTok,
//! with the organisation's own developer app: how it is kept, shown and renewed. Separate from the adapters: what is said to a network does not
//! depend on how we are let in. Where the networks differ is data ([`Door`]).

pub mod connect;

use base64::{Engine, engine::general_purpose::STANDARD};
use domain::{ChannelId, Millis, Moment, OrganisationId, Refusal, delivery::Outcome};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{Errand, Name, Weight, renewed, unavailable};
use crate::{
    app::App,
    outbound::{self, Address, Answer, Call},
    vault::{Keyring, Kind, Secret},
};

/// How an agreement is tied to us (PKCE).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Proof {
    /// It is not.
    Nothing,
    /// By S256 (RFC 7636).
    S256,
}

/// How the app says which it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Says {
    /// In a header (RFC 6749, 2.3.1).
    InAHeader,
    /// Among the fields, its identity under this name.
    AmongFields(&'static str),
}

impl Says {
    /// What the app's identity is called.
    const fn name(self) -> &'static str {
        match self {
            Says::InAHeader => "client_id",
            Says::AmongFields(name) => name,
        }
    }
}

/// How such a network lets in.
pub struct Door {
    /// Which it is.
    pub network: Name,
    /// Its name in addresses of ours, and with what is kept of a connection on its way.
    pub name: &'static str,
    /// Where programs ask.
    pub interface: &'static str,
    /// Where people agree.
    pub consent: [&'static str; 2],
    /// Where an agreement is exchanged for tokens, and tokens for the next ones.
    pub grants: [&'static str; 2],
    /// What we ask for, and no more.
    pub scopes: &'static [&'static str],
    /// An access is renewed so long before it ends.
    pub ahead: Millis,
    /// How the agreement is tied to us.
    pub proof: Proof,
    /// How the app says which it is.
    pub says: Says,
    /// What stands between two of them where they are asked for.
    pub between: &'static str,
    /// What else the person is asked with.
    pub besides: &'static [(&'static str, &'static str)],
    /// Whether something can be the name of an account: names go into paths.
    pub is_account: fn(&str) -> bool,
    /// What an answer comes to that is no success.
    pub outcome: fn(Weight, &Answer) -> Outcome,
}

impl Door {
    /// Something of the network's; in a rehearsal, something on this machine may stand for it.
    pub fn server(&self, org: &OrganisationId, usual: &str) -> Result<Address, Refusal> {
        #[cfg(feature = "rehearsal")]
        if let Some(other) = crate::rehearsal::stand_in(org, self.network) {
            return Address::parse(&other);
        }
        #[cfg(not(feature = "rehearsal"))]
        let _ = org;
        Address::parse(usual)
    }

    /// A call with fields that says which app it is of.
    pub fn signed(&self, client: &Client, address: Address, fields: &[(&str, &str)]) -> Call {
        let call = match self.says {
            Says::InAHeader => {
                let pair = STANDARD.encode([&*client.id, ":", &*client.secret].concat());
                Call::post(address).form(fields).header("authorization", ["Basic ", &pair].concat())
            }
            Says::AmongFields(name) => {
                let own = [(name, &*client.id), ("client_secret", &*client.secret)];
                Call::post(address).form(&[fields, &own].concat())
            }
        };
        call.hiding(&Secret::new(&*client.secret))
    }

    /// Where tokens are given.
    fn grants(&self, org: &OrganisationId) -> Result<Address, Refusal> {
        let [at, path] = self.grants;
        Ok(self.server(org, at)?.at(path))
    }
}

/// The organisation's developer app.
#[derive(Clone, Serialize, Deserialize)]
pub struct Client {
    /// Its identity.
    pub id: String,
    /// Its secret.
    pub secret: String,
}

impl Client {
    /// The app of a channel.
    pub fn of(keys: &Keyring) -> Option<Self> {
        crate::tree::read(keys.get(Kind::Client)?.0.reveal()).ok()
    }
}

/// The longest that a token is believed to last.
const LONGEST: i64 = 400 * 86_400;

/// The tokens, as the vault keeps them.
#[derive(Clone, Serialize, Deserialize)]
pub struct Tokens {
    access: String,
    /// Brings the next access. X, Tumblr and TikTok give another each time, LinkedIn the same for a year, and only to some apps;
    /// Google gives one once, and names it no more.
    refresh: Option<String>,
    ends: Moment,
    /// When what brings the next access ends, where that is said.
    refresh_ends: Option<Moment>,
}

impl Tokens {
    /// Reads an answer of the token endpoint. `over` is what it renewed.
    pub fn of(body: &Value, now: Moment, over: Option<&Self>) -> Option<Self> {
        let text = |name: &str| body[name].as_str().filter(|text| !text.is_empty()).map(ToOwned::to_owned);
        let ends = |name: &str| Some(now.plus(Millis::seconds(body[name].as_i64()?.clamp(0, LONGEST))));
        let refresh = text("refresh_token").or_else(|| over?.refresh.clone());
        // TikTok's name for it is a shorter one.
        let refresh_ends = ends("refresh_token_expires_in").or_else(|| ends("refresh_expires_in"));
        let refresh_ends = refresh_ends.or_else(|| over?.refresh_ends);
        Some(Self { access: text("access_token")?, refresh, ends: ends("expires_in")?, refresh_ends })
    }
    /// As the vault keeps them.
    pub fn secret(&self) -> Secret {
        Secret::new(serde_json::to_string(self).unwrap_or_default())
    }
    /// What opens the account.
    pub fn access(&self) -> Secret {
        Secret::new(&*self.access)
    }
    /// What brings the next ones.
    pub fn refresh(&self) -> Option<Secret> {
        self.refresh.as_deref().map(Secret::new)
    }
    /// Whether there is something to be renewed: in its last days, what renews an access ends with it.
    fn can_last_longer(&self) -> bool {
        self.refresh.is_some() && self.refresh_ends.is_none_or(|end| end > self.ends)
    }
    /// When a person has to agree again, where that is known.
    pub fn last_until(&self) -> Option<Moment> {
        if self.refresh.is_some() { self.refresh_ends } else { Some(self.ends) }
    }
}

/// An access.
pub struct Session<'a> {
    app: &'a App,
    org: &'a OrganisationId,
    channel: &'a ChannelId,
    door: &'static Door,
    /// Where the interface answers.
    pub server: Address,
    /// The account, by its number or its name.
    pub account: String,
    /// The app that it was given to.
    pub client: Client,
    /// The tokens that stand now.
    pub tokens: Tokens,
    version: u64,
    is_renewed: bool,
    /// Why they could not be renewed, while they serve as they are: as long as this errand lasts.
    unrenewed: Option<Outcome>,
}

impl<'a> Session<'a> {
    /// Takes the access of a channel from the vault.
    ///
    /// # Errors
    /// An outcome that ends the errand.
    pub async fn open(
        door: &'static Door,
        app: &'a App,
        org: &'a OrganisationId,
        channel: &'a ChannelId,
        settings: &Value,
    ) -> Result<Self, Outcome> {
        let keys = Keyring::of(app, org, channel).await.map_err(unavailable)?;
        let closed = || {
            let message = "no access is stored: connect the channel again".to_owned();
            Outcome::Unauthorised { message, status: 401 }
        };
        let (tokens, version) = keys.get(Kind::Session).ok_or_else(closed)?;
        let account = settings["account"].as_str().filter(|id| (door.is_account)(id)).ok_or_else(closed)?.to_owned();
        Ok(Self {
            app,
            org,
            channel,
            door,
            server: door.server(org, door.interface).map_err(unavailable)?,
            account,
            client: Client::of(&keys).ok_or_else(closed)?,
            tokens: crate::tree::read(tokens.reveal()).map_err(|_| closed())?,
            version,
            is_renewed: false,
            unrenewed: None,
        })
    }

    /// The access of an errand.
    ///
    /// # Errors
    /// An outcome that ends the errand.
    pub async fn of(door: &'static Door, errand: &Errand<'a>) -> Result<Self, Outcome> {
        Self::open(door, errand.app, errand.org, errand.channel, errand.settings).await
    }

    /// Calls; an access that has ended is renewed and the call repeated, which is safe whatever its weight: a token that
    /// is refused changes nothing.
    ///
    /// # Errors
    /// An outcome that ends the errand.
    pub async fn call(&mut self, weight: Weight, call: Call) -> Result<Answer, Outcome> {
        let now = self.app.now();
        if !self.is_renewed && self.tokens.can_last_longer() && self.tokens.ends <= now.plus(self.door.ahead) {
            match self.renew().await {
                // What would bring the next one is over, or whoever gives it is away or busy; this one serves as long as it lasts.
                Err(outcome) if self.tokens.ends > now => self.unrenewed = Some(outcome),
                renewed => renewed?,
            }
        }
        loop {
            let sent = outbound::send(self.app, weight.wait(call.clone()).bearer(&self.tokens.access())).await;
            let answer = sent.map_err(|trouble| weight.of_trouble(trouble))?;
            // A renewal whose answer was lost may have ended this one, at whichever call of the errand it is found: what came of that is
            // what came of the call.
            if let Some(outcome) = self.unrenewed.take_if(|_| answer.status == 401) {
                return Err(outcome);
            }
            if answer.status != 401 || self.is_renewed || self.tokens.refresh.is_none() {
                return Ok(answer);
            }
            self.renew().await?;
        }
    }

    /// The JSON of a success.
    ///
    /// # Errors
    /// An outcome that ends the errand.
    pub async fn ask(&mut self, weight: Weight, call: Call) -> Result<Value, Outcome> {
        let answer = self.call(weight, call).await?;
        self.taken(weight, &answer)
    }

    /// The JSON of an answer that is a success.
    ///
    /// # Errors
    /// An outcome that ends the errand.
    pub fn taken(&self, weight: Weight, answer: &Answer) -> Result<Value, Outcome> {
        if !answer.is_success() {
            return Err((self.door.outcome)(weight, answer));
        }
        answer.json().ok_or_else(|| weight.of_nonsense(answer))
    }

    /// However many jobs find it at its end, one renews it and the others take what it brought.
    async fn renew(&mut self) -> Result<(), Outcome> {
        self.is_renewed = true;
        // Where what fetched it is spent, and what was fetched is lost, so is the access.
        let fetch = async || self.fetch_tokens().await.map(|tokens| tokens.secret());
        let (secret, version) = renewed(self.app, self.org, self.channel, self.version, fetch).await?;
        self.tokens = crate::tree::read(secret.reveal()).map_err(|_| unsent("an access that is no JSON"))?;
        self.version = version.unwrap_or(self.version);
        Ok(())
    }

    async fn fetch_tokens(&self) -> Result<Tokens, Outcome> {
        let refresh = self.tokens.refresh().ok_or_else(|| unsent("nothing renews this access"))?;
        let fields = [("grant_type", "refresh_token"), ("refresh_token", refresh.reveal())];
        let address = self.door.grants(self.org).map_err(unavailable)?;
        let call = self.door.signed(&self.client, address, &fields).hiding(&refresh);
        let sent = outbound::send(self.app, call).await;
        let answer = sent.map_err(|trouble| Weight::Safe.of_trouble(trouble))?;
        let body = self.taken(Weight::Safe, &answer)?;
        let tokens = Tokens::of(&body, self.app.now(), Some(&self.tokens));
        tokens.ok_or_else(|| Weight::Safe.of_nonsense(&answer))
    }
}

fn unsent(message: &str) -> Outcome {
    Outcome::NotSent { message: message.to_owned() }
}

/// Identities go into paths: one to nineteen digits (X's `TweetId` and `UserId`, the number in LinkedIn's names).
pub fn is_number(id: &str) -> bool {
    (1..=19).contains(&id.len()) && id.bytes().all(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use domain::json;

    use super::*;

    #[test]
    fn an_identity_cannot_lead_elsewhere() {
        assert!(is_number("1995512345678901234"));
        for id in ["", "me", "1/2", "1?x", "https://x.com/villa/status/1", "12345678901234567890"] {
            assert!(!is_number(id), "{id}");
        }
    }

    #[test]
    fn what_renews_stays_where_the_next_answer_does_not_name_it() {
        let body =
            json!({ "access_token": "a", "expires_in": 60, "refresh_token": "r", "refresh_token_expires_in": 600 });
        let first = Tokens::of(&body, Moment(0), None).unwrap();
        assert_eq!((first.last_until(), first.can_last_longer()), (Some(Moment(600_000)), true));
        let last = json!({ "access_token": "b", "expires_in": 9, "refresh_token": "r", "refresh_token_expires_in": 9 });
        assert!(!Tokens::of(&last, Moment(0), None).unwrap().can_last_longer());
        let next = Tokens::of(&json!({ "access_token": "b", "expires_in": 60 }), Moment(60_000), Some(&first)).unwrap();
        assert_eq!((&*next.access, next.refresh.as_deref(), next.refresh_ends), ("b", Some("r"), first.refresh_ends));
        let alone = Tokens::of(&json!({ "access_token": "c", "expires_in": 60 }), Moment(0), None).unwrap();
        assert_eq!((alone.refresh.as_deref(), alone.last_until()), (None, Some(Moment(60_000))));
    }

    #[test]
    fn tokens_that_were_kept_before_there_was_more_to_keep_are_read() {
        let kept = r#"{"access":"a","refresh":"r","ends":60000}"#;
        let tokens: Tokens = crate::tree::read(kept).unwrap();
        assert_eq!((tokens.refresh.as_deref(), tokens.refresh_ends, tokens.ends), (Some("r"), None, Moment(60_000)));
    }
}
