//! The organisation's own website or CMS, by webhook (Standard Webhooks 1.0.0, <https://www.standardwebhooks.com>): JSON that is
//! signed with a secret of this channel alone. The `webhook-id` is the act's identity, the same at every try, and a site takes an
//! id once; what it was told is looked up by asking it for that id. What the site promises is `docs/networks/website.md`.

mod connect;

use base64::{Engine, engine::general_purpose::STANDARD};
use domain::{
    ChannelId, MediaId, Millis, Moment, Network as Name, OrganisationId, Poster, Refusal, RenderedPicture,
    RenderedVideo, captions,
    delivery::{Deed, Outcome, Receipt, Sighting},
    json,
};
use hmac::{Hmac, KeyInit, Mac};
use serde_json::Value;
use sha2::Sha256;

use super::{Checked, Errand, Network, Weight, film, unavailable};
use crate::{
    app::App,
    outbound::{self, Address, Answer, Call},
    public::pulled,
    store::organisations,
    vault::{Keyring, Kind, Secret},
};

pub use connect::{begin, prove};

/// How a secret begins, by the specification; base64 follows.
const PREFIX: &str = "whsec_";

/// The organisation's own website.
pub struct Website;

/// A site that we may speak to.
struct Site<'a> {
    app: &'a App,
    endpoint: Address,
    secret: Secret,
}

impl<'a> Site<'a> {
    async fn open(app: &'a App, org: &OrganisationId, channel: &ChannelId, settings: &Value) -> Result<Self, Outcome> {
        let keys = Keyring::of(app, org, channel).await.map_err(unavailable)?;
        let closed = "no access is stored: connect the channel again";
        let closed = || Outcome::Unauthorised { message: closed.to_owned(), status: 401 };
        let (secret, _) = keys.get(Kind::Token).ok_or_else(closed)?;
        let endpoint = Address::parse(settings["account"].as_str().unwrap_or_default()).map_err(|_| closed())?;
        Ok(Self { app, endpoint, secret: secret.clone() })
    }

    async fn of(errand: &Errand<'a>) -> Result<Self, Outcome> {
        Self::open(errand.app, errand.org, errand.channel, errand.settings).await
    }

    /// Tells the site something; answers what it said, null if nothing.
    async fn tell(&self, weight: Weight, id: &str, message: &Value, hidden: &[Secret]) -> Result<Value, Outcome> {
        let at = self.app.now().0 / 1_000;
        let signature = signature(&self.secret, id, at, &message.to_string()).ok_or_else(no_key)?;
        let call = Call::post(self.endpoint.clone()).json(message).hiding(&self.secret);
        let call = call.header("webhook-id", id).header("webhook-timestamp", at.to_string());
        let call = hidden.iter().fold(call.header("webhook-signature", signature), Call::hiding);
        let sent = outbound::send(self.app, weight.wait(call)).await;
        let answer = sent.map_err(|trouble| weight.of_trouble(trouble))?;
        if !answer.is_success() {
            return Err(self.refused(weight, answer.status, &answer, answer.words()));
        }
        if answer.is_empty() {
            return Ok(Value::Null);
        }
        // A page of HTML with 200 is a maintenance page as likely as not: it proves nothing.
        let said = answer.json().filter(Value::is_object).ok_or_else(|| weight.of_nonsense(&answer))?;
        match &said["error"] {
            Value::Null | Value::Bool(false) => Ok(said),
            error => {
                let words = error.as_str().or_else(|| error["message"].as_str());
                let words = words.map_or_else(|| answer.words(), |words| answer.told(words));
                // By the contract as explicit as a 422, and read as one: of a 2xx alone the table says nothing.
                Err(self.refused(weight, 422, &answer, words))
            }
        }
    }

    fn refused(&self, weight: Weight, status: u16, answer: &Answer, words: String) -> Outcome {
        let seconds = answer.header("retry-after").and_then(|text| text.trim().parse::<i64>().ok());
        let until = seconds.map(|seconds| self.app.now().plus(Millis::seconds(seconds.clamp(1, 86_400))));
        weight.of_error(Name::Website, (status, &answer.code()), words, until)
    }

    /// Whether the site gives back what it is given.
    async fn answers(&self) -> Result<bool, Outcome> {
        let challenge = self.app.secret();
        let ping = message("ping", self.app.now(), json!({ "challenge": challenge }));
        let said = self.tell(Weight::Safe, &["ping_", &self.app.salt()].concat(), &ping, &[]).await?;
        Ok(said["challenge"] == challenge)
    }

    /// Where readers find it, if the site says so and the address is its own.
    fn address(&self, said: &Value) -> Option<String> {
        let plain = |address: &Address| address.host().trim_start_matches("www.").to_owned();
        let found = Address::parse(said["address"].as_str()?).ok()?;
        (plain(&found) == plain(&self.endpoint)).then(|| found.as_str().to_owned())
    }

    fn receipt(&self, errand: &Errand<'_>, said: &Value) -> Receipt {
        let before = errand.out.and_then(|out| out.address.clone());
        errand.receipt(errand.publication.as_str(), self.address(said).or(before), None)
    }
}

/// HMAC-SHA256 over identity, second and body, as the specification writes it.
fn signature(secret: &Secret, id: &str, at: i64, body: &str) -> Option<String> {
    let key = STANDARD.decode(secret.reveal().strip_prefix(PREFIX)?).ok()?;
    let mac = Hmac::<Sha256>::new_from_slice(&key).ok()?.chain_update([id, ".", &at.to_string(), ".", body].concat());
    Some(["v1,", &STANDARD.encode(mac.finalize().into_bytes())].concat())
}

fn no_key() -> Outcome {
    Outcome::Unauthorised { message: "what is stored is no secret of a webhook".to_owned(), status: 401 }
}

fn message(kind: &str, at: Moment, data: Value) -> Value {
    json!({ "type": kind, "timestamp": at.to_rfc3339(), "data": data })
}

/// What a site is told of a publication, and the parts of it that are nobody else's to read.
async fn whole(errand: &Errand<'_>) -> Result<(Value, Vec<Secret>), Outcome> {
    let Errand { rendition, .. } = *errand;
    let mut hidden = Vec::new();
    let mut pictures = Vec::new();
    for picture in &rendition.pictures {
        let (shown, signed) = picture_of(errand, picture)?;
        pictures.push(shown);
        hidden.push(signed);
    }
    let document = match &rendition.document {
        Some(document) => {
            let (address, signed) = pulled_from(errand, &document.media)?;
            hidden.push(signed);
            json!({
                "address": address, "title": document.title, "type": domain::document::MIME, "bytes": document.bytes,
                "pages": document.pages, "sha256": document.hash,
            })
        }
        None => Value::Null,
    };
    let video = match &rendition.video {
        Some(video) => video_of(errand, video, &mut hidden).await?,
        None => Value::Null,
    };
    let event = rendition.event.as_ref().map(|event| {
        let end = event.end.map(Moment::to_rfc3339);
        json!({
            "start": event.start.to_rfc3339(), "end": end, "place": event.place, "cancelled": event.cancelled,
        })
    });
    let mut data = named(errand).await?;
    for (name, value) in [
        ("title", json!(rendition.title)),
        ("text", json!(rendition.as_sent(Name::Website))),
        ("warning", json!(rendition.warning)),
        ("link", json!(rendition.link)),
        ("event", json!(event)),
        ("pictures", json!(pictures)),
        ("video", video),
        ("document", document),
        ("hash", json!(rendition.hash())),
    ] {
        data[name] = value;
    }
    Ok((data, hidden))
}

/// Which publication it is, and whose.
async fn named(errand: &Errand<'_>) -> Result<Value, Outcome> {
    let found = organisations::read(&errand.app.db, errand.org).await;
    let whose = found.ok().flatten().ok_or_else(|| unavailable(Refusal::Unavailable))?;
    Ok(json!({
        "id": errand.publication, "post": errand.post, "language": errand.rendition.language, "organisation": whose.name,
    }))
}

/// Where a medium can be fetched for a while, and the part of that address that is nobody else's to read.
fn pulled_from(errand: &Errand<'_>, media: &MediaId) -> Result<(String, Secret), Outcome> {
    Ok(at_home(errand, pulled::signed(errand.app, errand.org, media).map_err(unavailable)?))
}

/// The address with a signed last part.
fn at_home(errand: &Errand<'_>, signed: Secret) -> (String, Secret) {
    let home = errand.app.setting("ORIGIN").unwrap_or_else(|| errand.setting("home").to_owned());
    ([home.trim_end_matches('/'), "/m/", signed.reveal()].concat(), signed)
}

/// A video, with its captions and its poster. Its parts are told with their hashes, in order: they are what the bucket verified, and a
/// site that fetches by stretches knows of each whether it has it. Nobody here ever reckoned the hash of the whole.
async fn video_of(errand: &Errand<'_>, video: &RenderedVideo, hidden: &mut Vec<Secret>) -> Result<Value, Outcome> {
    let source = film::source(errand, video).await?;
    let parts: Vec<Value> =
        source.parts.iter().map(|part| json!({ "bytes": part.bytes, "sha256": part.hash })).collect();
    let (address, signed) = pulled_from(errand, &video.media)?;
    hidden.push(signed);
    let language = &errand.rendition.language;
    let named = video.captioned();
    let given = named.and_then(|name| captions::given(Name::Website, language, &name).map(|called| (name, called)));
    let captions = match given {
        Some((name, called)) => {
            let signed = pulled::signed_captions(errand.app, errand.org, &name.hash).map_err(unavailable)?;
            let (address, signed) = at_home(errand, signed);
            hidden.push(signed);
            json!({
                "address": address, "language": called, "type": "text/vtt", "bytes": name.bytes, "sha256": name.hash,
            })
        }
        None => Value::Null,
    };
    let poster = match video.poster.as_ref().filter(|poster| poster.is_kept(Name::Website)) {
        Some(Poster { media, hash, bytes, width, height, .. }) => {
            let (address, signed) = pulled_from(errand, media)?;
            hidden.push(signed);
            json!({
                "address": address, "type": "image/jpeg", "bytes": *bytes, "width": *width, "height": *height, "sha256": hash,
            })
        }
        None => Value::Null,
    };
    Ok(json!({
        "address": address, "alt": video.alt, "type": video.mime.mime(), "bytes": video.bytes, "width": video.width,
        "height": video.height, "milliseconds": video.millis, "parts": parts, "captions": captions, "poster": poster,
    }))
}

fn picture_of(errand: &Errand<'_>, picture: &RenderedPicture) -> Result<(Value, Secret), Outcome> {
    let (address, signed) = pulled_from(errand, &picture.media)?;
    let shown = json!({
        "address": address, "alt": picture.alt,
        "type": picture.mime, "bytes": picture.bytes, "width": picture.width, "height": picture.height,
        "sha256": picture.hash,
    });
    Ok((shown, signed))
}

/// Tells the site of an act, once it is known to be there: that it is away is found out where it does no harm.
async fn act(errand: &Errand<'_>, kind: &str, (data, hidden): (Value, Vec<Secret>)) -> Result<Receipt, Outcome> {
    let site = Site::of(errand).await?;
    if !site.answers().await? {
        return Err(Outcome::NotSent { message: NO_CHALLENGE.to_owned() });
    }
    let told = message(kind, errand.made, data);
    let said = site.tell(Weight::Visible, errand.act.as_str(), &told, &hidden).await?;
    Ok(site.receipt(errand, &said))
}

const NO_CHALLENGE: &str = "the site does not give the challenge back";

impl Network for Website {
    async fn create(&self, errand: &Errand<'_>) -> Result<Outcome, Outcome> {
        act(errand, "post.published", whole(errand).await?).await.map(Outcome::Accepted)
    }

    async fn edit(&self, errand: &Errand<'_>) -> Result<Outcome, Outcome> {
        act(errand, "post.corrected", whole(errand).await?).await.map(Outcome::Accepted)
    }

    async fn delete(&self, errand: &Errand<'_>) -> Result<Outcome, Outcome> {
        act(errand, "post.withdrawn", (named(errand).await?, Vec::new())).await?;
        Ok(Outcome::Accepted(errand.gone()))
    }

    /// Asks the site whether it took the act. Only where it says itself that it did not is it told again.
    async fn look(&self, errand: &Errand<'_>, deed: Deed) -> Result<Sighting, Outcome> {
        let site = Site::of(errand).await?;
        let asked = json!({ "webhook_id": errand.act, "id": errand.publication });
        let asked = message("post.lookup", errand.app.now(), asked);
        let said = site.tell(Weight::Safe, &["look_", &errand.app.salt()].concat(), &asked, &[]).await?;
        Ok(match (said["taken"].as_bool(), deed) {
            (Some(true), Deed::Delete) => Sighting::Found(errand.gone()),
            (Some(true), _) => Sighting::Found(site.receipt(errand, &said)),
            (Some(false), _) => Sighting::NotFound,
            (None, _) => Sighting::Unclear,
        })
    }
}

/// Asks whether the site still gives back what it is given. Nothing is published.
///
/// # Errors
/// `Unavailable`.
pub async fn check(app: &App, org: &OrganisationId, channel: &ChannelId, settings: &Value) -> Result<Checked, Refusal> {
    let asked = async { Site::open(app, org, channel, settings).await?.answers().await };
    Ok(match asked.await {
        Ok(true) => Checked::Works {
            handle: connect::handle(settings["account"].as_str().unwrap_or_default()),
            limits: None,
            expires: None,
            settings: settings.clone(),
        },
        Ok(false) => Checked::Refused { message: NO_CHALLENGE.to_owned() },
        Err(outcome) => Checked::from(outcome),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_signature_is_that_of_the_specification() {
        // The example of the reference libraries' tests.
        let secret = Secret::new("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw");
        let (id, body) = ("msg_p5jXN8AQM9LWM0D4loKWxJek", r#"{"test": 2432232314}"#);
        let signed = signature(&secret, id, 1_614_265_330, body);
        assert_eq!(signed.as_deref(), Some("v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="));
        assert_ne!(signature(&secret, id, 1_614_265_331, body), signed);
        for none in ["MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "whsec_no base64", ""] {
            assert_eq!(signature(&Secret::new(none), id, 1, body), None, "{none}");
        }
    }
}
