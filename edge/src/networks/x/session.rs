//! An access to an account of X: two hours long, renewed with a token that works once. Separate from the adapter: what is
//! said to the network does not depend on how we are let in.

use base64::{Engine, engine::general_purpose::STANDARD};
use domain::{ChannelId, Millis, Moment, OrganisationId, delivery::Outcome};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{Errand, INTERFACE, outcome, server};
use crate::{
    app::App,
    networks::{Weight, renewed, unavailable},
    outbound::{self, Address, Answer, Call},
    vault::{Keyring, Kind, Secret},
};

/// Renewed so long before it ends: a token that ends under way would cost a call, and X charges for calls.
const AHEAD: Millis = Millis::minutes(5);

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

    /// A call that says which app it is of (RFC 6749, 2.3.1).
    pub fn signed(&self, call: Call) -> Call {
        let pair = format!("{}:{}", self.id, self.secret);
        call.header("authorization", format!("Basic {}", STANDARD.encode(pair))).hiding(&Secret::new(&*self.secret))
    }
}

/// Both tokens, as the vault keeps them.
#[derive(Serialize, Deserialize)]
pub struct Tokens {
    access: String,
    /// It works once: whoever uses it gets the next.
    refresh: String,
    ends: Moment,
}

impl Tokens {
    /// Reads an answer of the token endpoint.
    pub fn of(body: &Value, now: Moment) -> Option<Self> {
        let text = |name: &str| body[name].as_str().map(ToOwned::to_owned);
        let seconds = body["expires_in"].as_i64()?.clamp(0, 86_400);
        Some(Self {
            access: text("access_token")?,
            refresh: text("refresh_token")?,
            ends: now.plus(Millis::seconds(seconds)),
        })
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
    pub fn refresh(&self) -> Secret {
        Secret::new(&*self.refresh)
    }
}

/// An access.
pub struct Session<'a> {
    app: &'a App,
    org: &'a OrganisationId,
    channel: &'a ChannelId,
    /// Where the interface answers.
    pub server: Address,
    /// The account, by its number.
    pub account: String,
    client: Client,
    tokens: Tokens,
    version: u64,
    is_renewed: bool,
}

impl<'a> Session<'a> {
    /// Takes the access of a channel from the vault.
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
        let closed = || {
            let message = "no access is stored: connect the channel again".to_owned();
            Outcome::Unauthorised { message, status: 401 }
        };
        let (tokens, version) = keys.get(Kind::Session).ok_or_else(closed)?;
        let account = settings["account"].as_str().filter(|id| super::is_number(id)).ok_or_else(closed)?.to_owned();
        Ok(Self {
            app,
            org,
            channel,
            server: server(org, INTERFACE).map_err(unavailable)?,
            account,
            client: Client::of(&keys).ok_or_else(closed)?,
            tokens: crate::tree::read(tokens.reveal()).map_err(|_| closed())?,
            version,
            is_renewed: false,
        })
    }

    /// The access of an errand.
    ///
    /// # Errors
    /// An outcome that ends the errand.
    pub async fn of(errand: &Errand<'a>) -> Result<Self, Outcome> {
        Self::open(errand.app, errand.org, errand.channel, errand.settings).await
    }

    /// Calls; an access that has ended is renewed and the call repeated, which is safe whatever its weight: a token that is
    /// refused changes nothing.
    ///
    /// # Errors
    /// An outcome that ends the errand.
    pub async fn call(&mut self, weight: Weight, call: Call) -> Result<Answer, Outcome> {
        if !self.is_renewed && self.tokens.ends <= self.app.now().plus(AHEAD) {
            self.renew().await?;
        }
        loop {
            let sent = outbound::send(self.app, weight.wait(call.clone()).bearer(&self.tokens.access())).await;
            let answer = sent.map_err(|trouble| weight.of_trouble(trouble))?;
            if answer.status != 401 || self.is_renewed {
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
        if !answer.is_success() {
            return Err(outcome(weight, &answer));
        }
        answer.json().ok_or_else(|| weight.of_nonsense(&answer))
    }

    /// However many jobs find it at its end, one renews it and the others take what it brought.
    async fn renew(&mut self) -> Result<(), Outcome> {
        self.is_renewed = true;
        // If what was fetched is lost, so is the access: what fetched it is spent.
        let fetch = async || self.fetch_tokens().await.map(|tokens| tokens.secret());
        let (secret, version) = renewed(self.app, self.org, self.channel, self.version, fetch).await?;
        self.tokens = crate::tree::read(secret.reveal()).map_err(|_| unsent("an access that is no JSON"))?;
        self.version = version.unwrap_or(self.version);
        Ok(())
    }

    async fn fetch_tokens(&self) -> Result<Tokens, Outcome> {
        let fields = [("grant_type", "refresh_token"), ("refresh_token", &*self.tokens.refresh)];
        let call = Call::post(self.server.at("/2/oauth2/token")).form(&fields);
        let sent = outbound::send(self.app, self.client.signed(call)).await;
        let answer = sent.map_err(|trouble| Weight::Safe.of_trouble(trouble))?;
        if !answer.is_success() {
            return Err(outcome(Weight::Safe, &answer));
        }
        let tokens = answer.json().and_then(|body| Tokens::of(&body, self.app.now()));
        tokens.ok_or_else(|| Weight::Safe.of_nonsense(&answer))
    }
}

fn unsent(message: &str) -> Outcome {
    Outcome::NotSent { message: message.to_owned() }
}
