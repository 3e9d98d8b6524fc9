//! Passkeys: the four moves of WebAuthn Level 3 (§7.1, §7.2) that a relying party makes, over a challenge that the
//! caller gives.
//!
//! Why not a library: `webauthn_rp` makes its own challenge, `webauthn-rs` takes one only by way of its serialised
//! state and brings a certificate parser for attestations that we do not ask for. The signature itself is verified by
//! the platform's own Web Crypto: nothing to ship, a fraction of the free plan's 10 ms, and RS256 (older Windows
//! Hello) beside ES256 and Ed25519. What is left is reading two structures, below and in `passkeys/`.
//!
//! Attestation is not asked for and its statement not believed: we make no claim about the make of a device.

mod authenticator;
mod signature;

use axum::http::{HeaderMap, Uri, header};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use domain::Refusal;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::{app::App, tree};
use authenticator::AuthenticatorData;
pub use authenticator::PublicKey;
pub use signature::{described, object, subtle};

/// Algorithms by COSE number, the one we like best first: ES256, Ed25519, RS256.
const ALGORITHMS: [i64; 3] = [-7, -8, -257];

/// How long the browser waits for the person, in milliseconds: as long as the challenge lives.
const PATIENCE: u64 = 300_000;

/// This site, as the browser sees it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Party {
    /// `https://host[:port]`.
    pub origin: String,
    /// The host, or what the setting `RP_ID` says (a domain above it, when several hosts share their passkeys).
    pub id: String,
}

impl Party {
    /// The party that a request came to. The platform delivers only requests to hosts that are ours.
    ///
    /// # Errors
    /// `ForeignRequest` when the request names no host.
    pub fn of(app: &App, uri: &Uri, headers: &HeaderMap) -> Result<Self, Refusal> {
        let named = headers.get(header::HOST).and_then(|value| value.to_str().ok());
        let authority = uri.authority().map(|authority| authority.as_str()).or(named).ok_or(Refusal::ForeignRequest)?;
        let scheme = uri.scheme_str().unwrap_or("https");
        let host = uri.host().or_else(|| authority.split(':').next()).unwrap_or_default();
        let above = app.setting("RP_ID").filter(|above| host == above || host.ends_with(&format!(".{above}")));
        let id = above.unwrap_or_else(|| host.to_owned());
        Ok(Self { origin: format!("{scheme}://{authority}"), id })
    }
}

/// Whom a new passkey is for.
#[derive(Debug, Clone)]
pub struct Holder<'a> {
    /// What the authenticator gives back at each sign-in: the member's identity.
    pub handle: &'a str,
    /// What the browser shows in its list.
    pub name: &'a str,
    /// What the browser's list calls this site.
    pub site: &'a str,
}

/// A credential as it stands in D1.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Passkey {
    /// The credential's own identity, base64url.
    pub id: String,
    /// The key that verifies.
    pub key: PublicKey,
    /// The last counter seen. Most passkeys are synchronised and always say 0.
    pub counter: u32,
    /// Whether it can be copied to other devices of its holder.
    pub synchronised: bool,
    /// How the browser reaches it ("internal", "hybrid", "usb").
    pub transports: Vec<String>,
}

/// What a proof showed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proof {
    /// The counter to keep.
    pub counter: u32,
    /// Whether the counter went back or stood still where it counts: perhaps a copy. Flagged, not refused.
    pub doubtful: bool,
}

/// Options for a new passkey (`PublicKeyCredentialCreationOptionsJSON`).
pub fn ask_for_new(party: &Party, holder: &Holder<'_>, known: &[String], challenge: &[u8; 32]) -> Value {
    let known: Vec<Value> = known.iter().map(|id| json!({ "type": "public-key", "id": id })).collect();
    let algorithms = ALGORITHMS.map(|number| json!({ "type": "public-key", "alg": number }));
    json!({
        "rp": { "id": party.id, "name": holder.site },
        "user": { "id": encode(holder.handle.as_bytes()), "name": holder.name, "displayName": holder.name },
        "challenge": encode(challenge),
        "pubKeyCredParams": algorithms,
        "timeout": PATIENCE,
        "excludeCredentials": known,
        "authenticatorSelection": { "residentKey": "required", "requireResidentKey": true, "userVerification": "required" },
        "attestation": "none",
    })
}

/// Options for a proof (`PublicKeyCredentialRequestOptionsJSON`). `allowed` empty: any passkey that the device has for
/// this site.
pub fn ask_for_proof(party: &Party, allowed: &[String], challenge: &[u8; 32]) -> Value {
    let allowed: Vec<Value> = allowed.iter().map(|id| json!({ "type": "public-key", "id": id })).collect();
    json!({
        "rpId": party.id,
        "challenge": encode(challenge),
        "timeout": PATIENCE,
        "allowCredentials": allowed,
        "userVerification": "required",
    })
}

/// Accepts a new passkey (§7.1): made for this site, on this challenge, with the person verified.
///
/// # Errors
/// `BadPasskey`.
pub async fn accept_new(party: &Party, challenge: &[u8; 32], credential: &Value) -> Result<Passkey, Refusal> {
    let new: NewCredential = read(credential)?;
    check_client(&new.response.client_data, "webauthn.create", party, challenge)?;
    let data = authenticator::of_attestation(&decode(&new.response.attestation)?).ok_or(Refusal::BadPasskey)?;
    check_authenticator(&data, party)?;
    let attested = data.attested.ok_or(Refusal::BadPasskey)?;
    if encode(&attested.id) != new.id || new.id != new.raw_id || new.kind != "public-key" {
        return Err(Refusal::BadPasskey);
    }
    // A key that the platform cannot load would lock its holder out at the first sign-in.
    signature::load(&attested.key).await.ok_or(Refusal::BadPasskey)?;
    let transports = new.response.transports.into_iter().filter(|way| way.len() <= 20).take(8).collect();
    Ok(Passkey { id: new.id, key: attested.key, counter: data.counter, synchronised: data.synchronised, transports })
}

/// The credential and the holder that an assertion names, before anything is believed: to look the key up.
///
/// # Errors
/// `BadPasskey`.
pub fn named_in(credential: &Value) -> Result<(String, Option<String>), Refusal> {
    let given: Assertion = read(credential)?;
    let handle = given.response.handle.filter(|handle| !handle.is_empty()).map(|handle| decode(&handle)).transpose()?;
    let handle = handle.map(String::from_utf8).transpose().map_err(|_| Refusal::BadPasskey)?;
    Ok((given.id, handle))
}

/// Checks a proof (§7.2): signed by this key, for this site, over this challenge, with the person verified.
///
/// # Errors
/// `BadPasskey`.
pub async fn check_proof(
    party: &Party,
    challenge: &[u8; 32],
    credential: &Value,
    passkey: &Passkey,
) -> Result<Proof, Refusal> {
    let given: Assertion = read(credential)?;
    if given.id != passkey.id || given.kind != "public-key" {
        return Err(Refusal::BadPasskey);
    }
    let client = check_client(&given.response.client_data, "webauthn.get", party, challenge)?;
    let bytes = decode(&given.response.authenticator)?;
    let data = AuthenticatorData::parse(&bytes).ok_or(Refusal::BadPasskey)?;
    // What a new credential brings along has no place in a proof, and whoever verifies a receipt would refuse it.
    if data.attested.is_some() {
        return Err(Refusal::BadPasskey);
    }
    check_authenticator(&data, party)?;
    let mut signed = bytes;
    signed.extend_from_slice(&Sha256::digest(&client));
    if !signature::verifies(&passkey.key, &decode(&given.response.signature)?, &signed).await {
        return Err(Refusal::BadPasskey);
    }
    let counts = data.counter != 0 || passkey.counter != 0;
    Ok(Proof { counter: data.counter, doubtful: counts && data.counter <= passkey.counter })
}

/// What of a proof is kept with a decision, to be verified again by anybody.
///
/// # Errors
/// `BadPasskey`.
pub fn kept(credential: &Value) -> Result<wire::posts::Assertion, Refusal> {
    let Assertion { id, response, .. } = read(credential)?;
    Ok(wire::posts::Assertion {
        credential: id,
        authenticator_data: response.authenticator,
        client_data: response.client_data,
        signature: response.signature,
    })
}

/// base64url without padding, the form of every byte string in WebAuthn's JSON.
pub fn encode(bytes: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

/// What [`encode`] wrote.
///
/// # Errors
/// `BadPasskey` if it is something else.
pub fn decode(text: &str) -> Result<Vec<u8>, Refusal> {
    URL_SAFE_NO_PAD.decode(text).map_err(|_| Refusal::BadPasskey)
}

#[derive(Deserialize)]
struct NewCredential {
    id: String,
    #[serde(rename = "rawId")]
    raw_id: String,
    #[serde(rename = "type")]
    kind: String,
    response: NewResponse,
}

#[derive(Deserialize)]
struct NewResponse {
    #[serde(rename = "clientDataJSON")]
    client_data: String,
    #[serde(rename = "attestationObject")]
    attestation: String,
    #[serde(default)]
    transports: Vec<String>,
}

#[derive(Deserialize)]
struct Assertion {
    id: String,
    #[serde(rename = "type")]
    kind: String,
    response: AssertionResponse,
}

#[derive(Deserialize)]
struct AssertionResponse {
    #[serde(rename = "clientDataJSON")]
    client_data: String,
    #[serde(rename = "authenticatorData")]
    authenticator: String,
    signature: String,
    #[serde(rename = "userHandle", default)]
    handle: Option<String>,
}

fn read<T: serde::de::DeserializeOwned>(credential: &Value) -> Result<T, Refusal> {
    tree::read(&credential.to_string()).map_err(|_| Refusal::BadPasskey)
}

/// What the browser says about where and for what it asked. Answers its bytes, which are what was signed.
fn check_client(encoded: &str, kind: &str, party: &Party, challenge: &[u8; 32]) -> Result<Vec<u8>, Refusal> {
    #[derive(Deserialize)]
    struct Client {
        #[serde(rename = "type")]
        kind: String,
        challenge: String,
        origin: String,
        #[serde(rename = "crossOrigin", default)]
        cross_origin: bool,
        #[serde(rename = "topOrigin", default)]
        top_origin: Option<String>,
    }
    let bytes = decode(encoded)?;
    let text = str::from_utf8(&bytes).map_err(|_| Refusal::BadPasskey)?;
    let client: Client = tree::read(text).map_err(|_| Refusal::BadPasskey)?;
    let fits = client.kind == kind
        && client.challenge == encode(challenge)
        && client.origin == party.origin
        && !client.cross_origin
        && client.top_origin.is_none();
    if fits { Ok(bytes) } else { Err(Refusal::BadPasskey) }
}

fn check_authenticator(data: &AuthenticatorData, party: &Party) -> Result<(), Refusal> {
    let ours = data.party_hash == <[u8; 32]>::from(Sha256::digest(party.id.as_bytes()));
    if ours && data.present && data.verified { Ok(()) } else { Err(Refusal::BadPasskey) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn party() -> Party {
        Party { origin: "https://desk.example".to_owned(), id: "desk.example".to_owned() }
    }

    fn client(kind: &str, challenge: &[u8; 32], rest: Value) -> String {
        let mut client = json!({ "type": kind, "challenge": encode(challenge), "origin": "https://desk.example" });
        if let (Some(client), Some(rest)) = (client.as_object_mut(), rest.as_object()) {
            client.extend(rest.clone());
        }
        encode(client.to_string().as_bytes())
    }

    #[test]
    fn what_the_browser_says_must_fit_in_every_part() {
        let ours = [7; 32];
        let check = |kind: &str, challenge: &[u8; 32], rest: Value| {
            check_client(&client(kind, challenge, rest), "webauthn.get", &party(), &ours).is_ok()
        };
        assert!(check("webauthn.get", &ours, json!({})));
        assert!(check("webauthn.get", &ours, json!({ "crossOrigin": false, "extra": "of the future" })));
        assert!(!check("webauthn.create", &ours, json!({})), "another move");
        assert!(!check("webauthn.get", &[8; 32], json!({})), "another challenge");
        assert!(!check("webauthn.get", &ours, json!({ "origin": "https://desk.example.evil" })), "another origin");
        assert!(!check("webauthn.get", &ours, json!({ "origin": "http://desk.example" })), "another scheme");
        assert!(!check("webauthn.get", &ours, json!({ "crossOrigin": true })), "inside a frame");
        assert!(!check("webauthn.get", &ours, json!({ "topOrigin": "https://evil.example" })), "inside a frame");
    }

    #[test]
    fn the_options_ask_for_what_the_checks_want() {
        let holder = Holder { handle: "abc", name: "La alcaldesa", site: "Ayuntamiento" };
        let options = ask_for_new(&party(), &holder, &["Zm9v".to_owned()], &[1; 32]);
        assert_eq!(options["rp"]["id"], "desk.example");
        assert_eq!(options["user"]["id"], encode(b"abc"));
        assert_eq!(options["authenticatorSelection"]["userVerification"], "required");
        assert_eq!(options["excludeCredentials"][0]["id"], "Zm9v");
        assert_eq!(ask_for_proof(&party(), &[], &[1; 32])["challenge"], options["challenge"]);
    }
}
