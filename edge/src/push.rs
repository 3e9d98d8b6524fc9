//! Web Push: a notice on its way to one device. The address is the browser's own, which a stranger gave us, so it goes
//! through the one door to such addresses; what is sent is sealed for the device (`push/sealing.rs`) and signed with the
//! organisation's key (`push/vapid.rs`). Separate from `telling`: that decides, this delivers.

mod sealing;
mod vapid;

use domain::{Millis, Moment, OrganisationId, Refusal, json};
use serde_json::Value;
use wire::notices::Delivery;

use crate::{
    answer::Refused,
    app::App,
    organisation_key::{self, OrganisationKey, Purpose},
    outbound::{self, Address, Call, Trouble},
    passkeys::{decode, encode},
    store::telling::Listener,
};

/// The most bytes of a push service's address. The longest in use have about 500.
pub const MOST_ENDPOINT: usize = 2_000;

/// How urgent a push is, as the standard has it: what a sleeping phone is woken for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Urgency {
    /// At once.
    High,
    /// When the device is awake.
    Normal,
}

/// What a device is sent.
#[derive(Debug, Clone)]
pub struct Message {
    /// What it shows; in the words that the organisation allows.
    pub title: String,
    /// The line below.
    pub body: String,
    /// Where it leads, in the desk.
    pub path: String,
    /// What it replaces on the device and at the service: at most 32 characters of base64url.
    pub topic: String,
    /// How urgent.
    pub urgency: Urgency,
}

impl Message {
    fn payload(&self, lang: &str) -> Value {
        json!({ "title": self.title, "body": self.body, "url": self.path, "tag": self.topic, "lang": lang })
    }

    /// How long a service keeps it for a device that is off. What is urgent has gone other ways by then.
    const fn lives(&self) -> Millis {
        match self.urgency {
            Urgency::High => Millis::hours(4),
            Urgency::Normal => Millis::hours(24),
        }
    }
}

/// Sends the pushes of one organisation.
pub struct Sender {
    key: OrganisationKey,
    /// The token for each service, made once an invocation.
    tokens: Vec<(String, String)>,
}

impl Sender {
    /// With the organisation's key; a new one if it has none.
    ///
    /// # Errors
    /// `Unavailable`.
    pub async fn of(app: &App, org: &OrganisationId) -> Result<Self, Refused> {
        Ok(Self { key: organisation_key::for_purpose(app, org, Purpose::Push).await?, tokens: Vec::new() })
    }

    /// The public half, as a browser wants it.
    ///
    /// # Errors
    /// `Unavailable` if the stored key is none.
    pub fn public(&self) -> Result<String, Refusal> {
        Ok(encode(&self.key.point().ok_or(Refusal::Unavailable)?))
    }

    async fn token(&mut self, app: &App, audience: String) -> Result<String, Refusal> {
        if let Some((_, token)) = self.tokens.iter().find(|(known, _)| *known == audience) {
            return Ok(token.clone());
        }
        let subject = app.setting("ORIGIN").unwrap_or_default();
        let token = vapid::token(&self.key, &audience, &subject, app.now()).await?;
        self.tokens.push((audience, token.clone()));
        Ok(token)
    }

    /// Sends to one device, and says what its service made of it.
    pub async fn send(&mut self, app: &App, to: &Listener, message: &Message) -> Delivery {
        match self.try_send(app, to, message).await {
            Ok(delivery) => delivery,
            Err(refusal) => {
                // Neither address nor words.
                worker::console_error!("push {}: {refusal:?}", to.id);
                match refusal {
                    Refusal::Unavailable | Refusal::NetworkSays { .. } => Delivery::Later,
                    _ => Delivery::Refused,
                }
            }
        }
    }

    async fn try_send(&mut self, app: &App, to: &Listener, message: &Message) -> Result<Delivery, Refusal> {
        // Judged again with each push: an address that was stored is still a stranger's.
        let address = Address::parse(&to.endpoint)?;
        let token = self.token(app, address.origin()).await?;
        let (device, secret) = (decode(&to.p256dh)?, decode(&to.auth)?);
        let sealed = sealing::seal(&device, &secret, message.payload(&to.lang).to_string().as_bytes()).await;
        let call = Call::post(address)
            .bytes(sealed.ok_or(Refusal::Unavailable)?)
            .header("content-encoding", "aes128gcm")
            .header("authorization", format!("vapid t={token}, k={}", self.public()?))
            .header("ttl", (message.lives().0 / 1_000).to_string())
            .header("urgency", if message.urgency == Urgency::High { "high" } else { "normal" })
            .header("topic", message.topic.clone());
        match outbound::send(app, call).await {
            Ok(answer) => Ok(judged(answer.status)),
            Err(Trouble::Forbidden) => Err(Refusal::ForbiddenAddress),
            Err(trouble) => Err(trouble.into()),
        }
    }
}

/// What a service means by a status (RFC 8030): the address is gone for good, or it cannot be now, or never.
const fn judged(status: u16) -> Delivery {
    match status {
        200..=299 => Delivery::Taken,
        404 | 410 => Delivery::Gone,
        429 | 500..=599 => Delivery::Later,
        _ => Delivery::Refused,
    }
}

/// Checks what a browser gave, before any of it is stored.
///
/// # Errors
/// `ForbiddenAddress`, `TooLarge`, `Malformed`.
pub async fn check(endpoint: &str, p256dh: &str, auth: &str) -> Result<(), Refusal> {
    let malformed = |field: &str| Refusal::Malformed { field: field.to_owned() };
    if endpoint.len() > MOST_ENDPOINT {
        let (limit, length) = (MOST_ENDPOINT as u64, endpoint.len() as u64);
        return Err(Refusal::TooLarge { field: "endpoint".to_owned(), limit, length });
    }
    Address::parse(endpoint)?;
    let secret = decode(auth).map_err(|_| malformed("auth"))?;
    if secret.len() != 16 {
        return Err(malformed("auth"));
    }
    let key = decode(p256dh).map_err(|_| malformed("p256dh"))?;
    // A point off its curve would make every later sealing fail, or worse.
    sealing::device_key(&key).await.map(drop).ok_or_else(|| malformed("p256dh"))
}

/// How long a push that a service could not take waits for its next try.
pub fn backoff(now: Moment, tried: u32) -> Moment {
    now.plus(Millis::minutes(1 << tried.min(6)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_service_that_is_gone_is_told_from_one_that_is_busy() {
        assert_eq!([200, 201, 202].map(judged), [Delivery::Taken; 3]);
        assert_eq!([404, 410].map(judged), [Delivery::Gone; 2]);
        assert_eq!([429, 500, 503].map(judged), [Delivery::Later; 3]);
        assert_eq!([301, 400, 401, 403, 413].map(judged), [Delivery::Refused; 5]);
    }

    #[test]
    fn tries_lie_further_apart_each_time() {
        let waits = [1, 2, 3].map(|tried| backoff(Moment(0), tried).0 / 60_000);
        assert_eq!(waits, [2, 4, 8]);
    }
}
