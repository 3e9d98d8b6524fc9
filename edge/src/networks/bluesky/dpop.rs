//! Proofs of possession (DPoP, RFC 9449): each call shows, signed anew, that whoever makes it has the key which the access
//! was given to. The access alone, stolen or written down somewhere, opens nothing. Separate from the session: it knows
//! neither channels nor how an access is renewed.
//!
//! A server may want a number of its own in each proof, and changes it every few minutes. It is told with any answer and
//! remembered for the server, in this process only: what is lost costs one more call, which changed nothing.

use std::sync::Mutex;

use domain::{Moment, Refusal, json};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use sha2::{Digest, Sha256};

use crate::{
    app::App,
    organisation_key,
    outbound::{self, Answer, Call, Trouble},
    passkeys::encode,
    vault::Secret,
};

/// What a server says when it wants its number in the proof (RFC 9449, 8 and 9): in the body, or in the challenge.
const WANTS_NONCE: &str = "use_dpop_nonce";

/// The longest number that is taken for one: the reference server's have 43 letters.
const LONGEST_NONCE: usize = 256;

/// The most servers that are remembered. An organisation has one or two.
const MOST_SERVERS: usize = 64;

/// A key that an access is bound to: the numbers of a JWK. Made for one connection, and nowhere but in the vault.
#[derive(Clone, Serialize, Deserialize)]
pub struct Key {
    x: String,
    y: String,
    d: String,
}

impl Key {
    /// A new one.
    ///
    /// # Errors
    /// `Unavailable` when the platform makes none.
    pub async fn make() -> Result<Self, Refusal> {
        let (_, whole) = organisation_key::generate().await.ok_or(Refusal::Unavailable)?;
        let part = |name: &str| whole[name].as_str().map(ToOwned::to_owned).ok_or(Refusal::Unavailable);
        Ok(Self { x: part("x")?, y: part("y")?, d: part("d")? })
    }

    fn public(&self) -> Value {
        json!({ "kty": "EC", "crv": "P-256", "x": self.x, "y": self.y })
    }

    /// Signs what a token says.
    async fn sign(&self, said: String) -> Option<String> {
        let mut whole = self.public();
        whole["d"] = self.d.as_str().into();
        let signature = organisation_key::signed(&whole, said.as_bytes()).await?;
        Some([said, signature].join("."))
    }
}

/// The thumbprint of a public key (RFC 7638), in base64url: its required members in the order of their names.
pub fn thumbprint(public: &Value) -> String {
    let part = |name: &str| public[name].as_str().unwrap_or_default();
    let (x, y) = (part("x"), part("y"));
    hash(&format!(r#"{{"crv":"P-256","kty":"EC","x":"{x}","y":"{y}"}}"#))
}

/// SHA-256 in base64url: of a key, of an access, of a verifier (PKCE).
pub fn hash(text: &str) -> String {
    encode(&Sha256::digest(text.as_bytes()))
}

/// The two signed parts of a token.
pub fn parts(head: &Value, claims: &Value) -> String {
    [head, claims].map(|part| encode(part.to_string().as_bytes())).join(".")
}

/// What a proof speaks of.
struct Proof<'a> {
    method: &'a str,
    /// With or without its query, which is not spoken of.
    address: &'a str,
    access: Option<&'a Secret>,
    nonce: Option<&'a str>,
    /// Drawn anew for each proof, so that none serves twice.
    id: String,
    at: Moment,
}

impl Proof<'_> {
    fn said(&self, key: &Key) -> String {
        let head = json!({ "typ": "dpop+jwt", "alg": "ES256", "jwk": key.public() });
        let address = self.address.split(['?', '#']).next().unwrap_or_default();
        let mut claims = json!({ "jti": self.id, "htm": self.method, "htu": address, "iat": self.at.0 / 1_000 });
        if let Some(nonce) = self.nonce {
            claims["nonce"] = nonce.into();
        }
        if let Some(access) = self.access {
            claims["ath"] = hash(access.reveal()).into();
        }
        parts(&head, &claims)
    }
}

/// The last number of each server, the one that spoke last at the end.
static NONCES: Mutex<Vec<(String, String)>> = Mutex::new(Vec::new());

fn known(server: &str) -> Option<String> {
    let nonces = NONCES.lock().ok()?;
    nonces.iter().find(|(other, _)| other == server).map(|(_, nonce)| nonce.clone())
}

/// Whether something can be such a number.
fn is_nonce(text: &str) -> bool {
    !text.is_empty() && text.len() <= LONGEST_NONCE && text.bytes().all(|byte| byte.is_ascii_graphic())
}

fn remember(server: &str, nonce: &str) {
    let Ok(mut nonces) = NONCES.lock() else { return };
    if nonces.iter().any(|(other, known)| other == server && known == nonce) {
        return;
    }
    nonces.retain(|(other, _)| other != server);
    if nonces.len() >= MOST_SERVERS {
        nonces.remove(0);
    }
    nonces.push((server.to_owned(), nonce.to_owned()));
}

/// Whether a challenge (`WWW-Authenticate`) asks for the server's number: `DPoP error="use_dpop_nonce", …` (RFC 9449, 9).
fn asks_for_it(challenge: &str) -> bool {
    let mut parts = challenge.split([' ', ',']).filter_map(|part| part.strip_prefix("error="));
    parts.any(|word| word.trim_matches('"') == WANTS_NONCE)
}

/// Whether a call that was refused for its number can be made again: with the one that was told, if the proof had no other. What
/// this proof carried counts and not what the process knows: of two calls that left at once, the first answer tells both.
fn is_again(status: u16, asked: bool, sent: Option<&str>, told: Option<&str>) -> bool {
    matches!(status, 400 | 401) && asked && told.is_some() && told != sent
}

/// Calls once, with a proof. `true` beside the answer: the server refused for the lack of a number that it has now told, so the
/// call changed nothing and can be made again.
///
/// # Errors
/// See [`Trouble`].
pub async fn once(app: &App, key: &Key, access: Option<&Secret>, call: Call) -> Result<(Answer, bool), Trouble> {
    let (server, sent, proof) = {
        let (method, address) = call.target();
        let server = address.origin();
        let nonce = known(&server);
        let (id, at) = (app.secret(), app.now());
        let proof =
            Proof { method: method.as_ref(), address: address.as_str(), access, nonce: nonce.as_deref(), id, at };
        let said = proof.said(key);
        (server, nonce, said)
    };
    let unsigned = || Trouble::NotSent("the platform signs no proof".to_owned());
    let proof = key.sign(proof).await.ok_or_else(unsigned)?;
    // A proof speaks of one address: elsewhere it would show nothing.
    let call = call.staying().header("dpop", proof);
    let call = match access {
        Some(access) => call.header("authorization", format!("DPoP {}", access.reveal())).hiding(access),
        None => call,
    };
    let answer = outbound::send(app, call).await?;
    let told = answer.header("dpop-nonce").filter(|nonce| is_nonce(nonce));
    if let Some(nonce) = &told {
        remember(&server, nonce);
    }
    let is_asked = || {
        let challenge = answer.header("www-authenticate").unwrap_or_default();
        answer.code() == WANTS_NONCE || asks_for_it(&challenge)
    };
    let again = !answer.is_success() && is_again(answer.status, is_asked(), sent.as_deref(), told.as_deref());
    Ok((answer, again))
}

/// Calls with an access; once more where the server only wants its number.
///
/// # Errors
/// See [`Trouble`].
pub async fn send(app: &App, key: &Key, access: &Secret, call: Call) -> Result<Answer, Trouble> {
    let (answer, again) = once(app, key, Some(access), call.clone()).await?;
    if !again {
        return Ok(answer);
    }
    once(app, key, Some(access), call).await.map(|(answer, _)| answer)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::passkeys::decode;

    /// The key of RFC 9449 (figure 2, and its thumbprint in figure 10).
    fn key() -> Key {
        Key {
            x: "l8tFrhx-34tV3hRICRDY9zCkDlpBhF42UQUfWVAWBFs".to_owned(),
            y: "9VE4jf_Ok_o64zbTTlcuNJajHmt6v9TDVrU0CdvGRDA".to_owned(),
            d: "private".to_owned(),
        }
    }

    fn read(part: &str) -> Value {
        serde_json::from_slice(&decode(part).unwrap()).unwrap()
    }

    #[test]
    fn the_thumbprint_of_the_standard_s_own_key_is_the_standard_s() {
        assert_eq!(thumbprint(&key().public()), "0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I");
    }

    #[test]
    fn an_access_is_named_as_the_standard_names_its_own() {
        // RFC 9449, 7.1.
        let access = "Kz~8mXK1EalYznwH-LC-1fBAo.4Ljp~zsPE_NeO.gxU";
        assert_eq!(hash(access), "fUHyO2r2Z3DZ53EsNrWBb0xWXoaNy59IiKCAqksmQEo");
    }

    #[test]
    fn a_verifier_is_shown_as_the_standard_shows_its_own() {
        // RFC 7636, appendix B.
        let verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
        assert_eq!(hash(verifier), "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM");
    }

    #[test]
    fn a_proof_speaks_of_one_call_and_shows_no_private_number() {
        let access = Secret::new("a");
        let proof = Proof {
            method: "POST",
            address: "https://pds.town.es/xrpc/a?b=c#d",
            access: Some(&access),
            nonce: Some("n"),
            id: "1".to_owned(),
            at: Moment(1_562_262_616_789),
        };
        let said = proof.said(&key());
        let (head, claims) = said.split_once('.').unwrap();
        let jwk = key().public();
        assert_eq!(read(head), json!({ "typ": "dpop+jwt", "alg": "ES256", "jwk": jwk }));
        assert_eq!(
            read(claims),
            json!({
                "jti": "1", "htm": "POST", "htu": "https://pds.town.es/xrpc/a", "iat": 1_562_262_616, "nonce": "n",
                "ath": hash("a"),
            })
        );
        let bare = Proof { access: None, nonce: None, id: "2".to_owned(), ..proof }.said(&key());
        let claims = read(bare.split_once('.').unwrap().1);
        assert!(claims.get("ath").is_none() && claims.get("nonce").is_none());
        assert!(!head.contains(&encode(b"private")) && read(head)["jwk"].get("d").is_none());
    }

    #[test]
    fn each_server_has_its_last_number() {
        for (server, nonce) in [("https://one.es", "a"), ("https://two.es", "b"), ("https://one.es", "c")] {
            remember(server, nonce);
        }
        assert_eq!((known("https://one.es").as_deref(), known("https://two.es").as_deref()), (Some("c"), Some("b")));
        assert_eq!(known("https://three.es"), None);
        for odd in [String::new(), "a b".to_owned(), "a\r\nb".to_owned(), "n".repeat(LONGEST_NONCE + 1)] {
            assert!(!is_nonce(&odd), "{odd}");
        }
        assert!(is_nonce(&"n".repeat(LONGEST_NONCE)));
        for other in 0..2 * MOST_SERVERS {
            remember(&format!("https://{other}.es"), "n");
        }
        assert_eq!(NONCES.lock().unwrap().len(), MOST_SERVERS);
    }

    #[test]
    fn of_two_calls_that_left_without_the_number_both_are_made_again() {
        let server = "https://both.es";
        let sent = [known(server), known(server)];
        for sent in sent {
            // The second finds it remembered already, which is no reason to give up.
            remember(server, "n");
            assert!(is_again(401, true, sent.as_deref(), Some("n")));
        }
        assert!(is_again(400, true, Some("old"), Some("n")));
        assert!(!is_again(400, true, Some("n"), Some("n")), "it had the one that is wanted");
        assert!(!is_again(400, true, None, None) && !is_again(400, false, None, Some("n")));
        assert!(!is_again(500, true, None, Some("n")) && !is_again(200, true, None, Some("n")));
    }

    #[test]
    fn the_number_is_asked_for_in_a_challenge_too() {
        // RFC 9449, 9.
        let said = r#"DPoP error="use_dpop_nonce", error_description="Resource server requires nonce in DPoP proof""#;
        assert!(asks_for_it(said) && asks_for_it(r#"Bearer, DPoP algs="ES256",error="use_dpop_nonce""#));
        assert!(!asks_for_it("") && !asks_for_it(r#"DPoP error="invalid_token", algs="ES256""#));
    }
}
