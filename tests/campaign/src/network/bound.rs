//! Signing in at a Bluesky server, as far as our adapter does it (atproto.com/specs/oauth: PAR, PKCE, DPoP): a request that is laid
//! down, a code, an access that is bound to a key and ends soon, a number of the server's that each proof carries and that changes, and
//! what brings the next access, once. A call that is refused for its proof or its access was never heard: it changes nothing, draws no
//! fault and counts nowhere. Signatures are not looked at; the network's own server does that in the journeys.

use std::collections::BTreeSet;

use domain::{Millis, Moment, record};
use serde_json::{Value, json};

use super::{Header, Said, bluesky::DID, http::Request, website};

/// How long an access lasts.
const LASTS: Millis = Millis::minutes(10);

/// After so many calls there is another number; the one before is still taken.
const CALLS: u64 = 12;

/// The most proofs that are remembered: none serves twice.
const PROOFS: usize = 50_000;

/// A request that was laid down, until it is agreed to.
#[derive(Debug)]
struct Asked {
    name: String,
    state: String,
    scope: String,
    challenge: String,
    code: String,
    key: Value,
}

/// An access, and what brings the next one.
#[derive(Debug)]
struct Given {
    access: String,
    refresh: String,
    scope: String,
    key: Value,
    ends: Moment,
}

/// What such a server knows.
#[derive(Debug, Default)]
pub struct Bound {
    asked: Option<Asked>,
    given: Option<Given>,
    /// What brought an access already.
    spent: Vec<String>,
    proofs: BTreeSet<String>,
    made: u64,
    calls: u64,
    counts: Counts,
}

/// What is told of it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counts {
    /// How often an access was renewed.
    pub renewed: u64,
    /// How often a proof lacked the number.
    pub demanded: u64,
    /// How often something was to bring an access that had brought one already: two renewed it, or what it brought was lost.
    pub again: u64,
}

/// What a proof says: its head, and its claims.
struct Proof {
    head: Value,
    claims: Value,
}

impl Proof {
    fn read(request: &Request) -> Option<Self> {
        let mut parts = request.header("dpop")?.split('.');
        let mut part = || {
            let text = parts.next()?.replace('-', "+").replace('_', "/");
            serde_json::from_slice(&website::from_base64(&text)?).ok()
        };
        Some(Self { head: part()?, claims: part()? })
    }

    /// Whether it speaks of this very call.
    fn is_of(&self, request: &Request, origin: &str) -> bool {
        self.head["typ"] == "dpop+jwt"
            && self.head["jwk"].is_object()
            && self.claims["htm"] == *request.method
            && self.claims["htu"] == format!("{origin}{}", request.path)
    }
}

fn said(status: u16, code: &str) -> Said {
    (status, json!({ "error": code, "error_description": code, "message": code }))
}

/// SHA-256 in base64url.
fn hash(text: &str) -> String {
    encode(&website::from_hex(&record::sha256_hex(text.as_bytes())))
}

fn encode(bytes: &[u8]) -> String {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    let letters = bytes.chunks(3).flat_map(|three| {
        let held = three.iter().fold(0_u32, |held, byte| (held << 8) | u32::from(*byte)) << (8 * (3 - three.len()));
        (0..=three.len()).map(move |place| char::from(LETTERS[(held >> (18 - 6 * place)) as usize & 63]))
    });
    letters.collect()
}

impl Bound {
    /// What is told of it.
    pub const fn counts(&self) -> Counts {
        self.counts
    }

    /// The access of now opens nothing any more, before its time.
    pub fn expire(&mut self) {
        if let Some(given) = &mut self.given {
            given.ends = Moment(0);
        }
    }

    fn number(&self, back: u64) -> String {
        format!("number{}", (self.calls / CALLS).saturating_sub(back))
    }

    /// What stands in each answer to somebody with a proof.
    pub fn header(&self, request: &Request) -> Option<Header> {
        request.header("dpop").map(|_| ("dpop-nonce", self.number(0)))
    }

    /// Why a call is not even heard, if it is not.
    pub fn refuses(&mut self, request: &Request, origin: &str, now: Moment) -> Option<(Said, Vec<Header>)> {
        let is_asking = request.path.starts_with("/oauth/");
        if request.header("dpop").is_none() {
            return is_asking.then(|| (said(400, "invalid_dpop_proof"), Vec::new()));
        }
        self.calls += 1;
        let status = if is_asking { 400 } else { 401 };
        let number = ("dpop-nonce", self.number(0));
        let no = |code: &str| {
            let challenge = ("www-authenticate", format!("DPoP error=\"{code}\""));
            Some((said(status, code), vec![number.clone(), challenge]))
        };
        let Some(proof) = Proof::read(request).filter(|proof| proof.is_of(request, origin)) else {
            return no("invalid_dpop_proof");
        };
        if self.proofs.len() > PROOFS {
            self.proofs.clear();
        }
        if !self.proofs.insert(proof.claims["jti"].to_string()) {
            return no("invalid_dpop_proof");
        }
        let nonce = &proof.claims["nonce"];
        if *nonce != self.number(0) && *nonce != self.number(1) {
            self.counts.demanded += 1;
            return no("use_dpop_nonce");
        }
        if is_asking {
            return None;
        }
        let access = request.header("authorization").and_then(|said| said.strip_prefix("DPoP ")).unwrap_or_default();
        let opens = |given: &Given| {
            let is_its = given.access == access && given.key == proof.head["jwk"];
            is_its && now < given.ends && proof.claims["ath"] == hash(access)
        };
        if self.given.as_ref().is_some_and(opens) { None } else { no("invalid_token") }
    }

    /// Whoever is sent to agree does: what they are sent back with.
    pub fn agreed(&self, address: &str, origin: &str) -> Option<String> {
        let asked = self.asked.as_ref()?;
        let is_its = address.replace("%3A", ":").ends_with(&format!("request_uri={}", asked.name));
        is_its.then(|| format!("code={}&state={}&iss={origin}", asked.code, asked.state))
    }

    /// Answers what is of signing in; nothing to anything else.
    pub fn answer(&mut self, request: &Request, origin: &str, now: Moment) -> Option<Said> {
        let at = |path: &str| format!("{origin}{path}");
        Some(match (request.method.as_str(), &*request.path.replace("%3A", ":")) {
            ("GET", "/.well-known/oauth-protected-resource") => {
                (200, json!({ "resource": origin, "authorization_servers": [origin] }))
            }
            ("GET", "/.well-known/oauth-authorization-server") => {
                let body = json!({
                    "issuer": origin, "authorization_endpoint": at("/oauth/authorize"),
                    "token_endpoint": at("/oauth/token"), "revocation_endpoint": at("/oauth/revoke"),
                    "pushed_authorization_request_endpoint": at("/oauth/par"),
                    "authorization_response_iss_parameter_supported": true,
                    "client_id_metadata_document_supported": true, "scopes_supported": ["atproto"],
                    "response_types_supported": ["code"], "code_challenge_methods_supported": ["S256"],
                    "dpop_signing_alg_values_supported": ["ES256"],
                });
                (200, body)
            }
            ("GET", path) if path.strip_prefix('/') == Some(DID) => {
                let service = json!({
                    "id": "#atproto_pds", "type": "AtprotoPersonalDataServer", "serviceEndpoint": origin,
                });
                (200, json!({ "id": DID, "alsoKnownAs": ["at://town.test"], "service": [service] }))
            }
            ("POST", "/oauth/par") => self.lay_down(request),
            ("POST", "/oauth/token") => self.give(request, now),
            ("POST", "/oauth/revoke") => {
                let token = request.field("token");
                drop(self.given.take_if(|given| given.refresh == token));
                (200, json!({}))
            }
            _ => return None,
        })
    }

    fn lay_down(&mut self, request: &Request) -> Said {
        let Some(proof) = Proof::read(request) else { return said(400, "invalid_dpop_proof") };
        self.made += 1;
        let asked = Asked {
            name: format!("urn:request:{}", self.made),
            state: request.field("state"),
            scope: request.field("scope"),
            challenge: request.field("code_challenge"),
            code: format!("code{}", self.made),
            key: proof.head["jwk"].clone(),
        };
        let answer = json!({ "request_uri": asked.name, "expires_in": 299 });
        self.asked = Some(asked);
        (201, answer)
    }

    /// Gives an access for a code, or for what brings one: each serves once, and only with the key that it is bound to.
    fn give(&mut self, request: &Request, now: Moment) -> Said {
        let Some(proof) = Proof::read(request) else { return said(400, "invalid_dpop_proof") };
        let key = &proof.head["jwk"];
        let scope = if request.field("grant_type") == "authorization_code" {
            let (code, verifier) = (request.field("code"), hash(&request.field("code_verifier")));
            let asked = self.asked.take().filter(|asked| asked.code == code);
            asked.filter(|asked| asked.challenge == verifier && asked.key == *key).map(|asked| asked.scope)
        } else {
            let refresh = request.field("refresh_token");
            self.counts.again += u64::from(self.spent.contains(&refresh));
            let given = self.given.take_if(|given| given.refresh == refresh && given.key == *key);
            self.counts.renewed += u64::from(given.is_some());
            self.spent.extend(given.as_ref().map(|given| given.refresh.clone()));
            given.map(|given| given.scope)
        };
        let Some(scope) = scope else { return said(400, "invalid_grant") };
        self.made += 1;
        let (access, refresh) = (format!("access{}", self.made), format!("refresh{}", self.made));
        let answer = json!({
            "access_token": access, "refresh_token": refresh, "token_type": "DPoP", "expires_in": LASTS.0 / 1_000,
            "sub": DID, "scope": scope,
        });
        self.given = Some(Given { access, refresh, scope, key: key.clone(), ends: now.plus(LASTS) });
        (200, answer)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOST: &str = "http://localhost:1";

    fn called(method: &str, path: &str, claims: Value, fields: &str) -> Request {
        let head = json!({ "typ": "dpop+jwt", "jwk": { "x": "1" } });
        let proof = [head, claims].map(|part| encode(part.to_string().as_bytes())).join(".");
        let headers = vec![("dpop".to_owned(), proof), ("authorization".to_owned(), "DPoP access2".to_owned())];
        let body = fields.as_bytes().to_vec();
        Request { method: method.to_owned(), path: path.to_owned(), query: String::new(), headers, body }
    }

    fn claims(method: &str, path: &str, id: u32, nonce: &str) -> Value {
        let address = format!("{HOST}{path}");
        json!({ "htm": method, "htu": address, "jti": id, "nonce": nonce, "ath": hash("access2") })
    }

    #[test]
    fn what_is_hashed_is_written_as_the_standard_writes_it() {
        // RFC 7636, appendix B.
        let verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
        assert_eq!(hash(verifier), "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM");
    }

    #[test]
    fn an_access_opens_with_its_key_and_the_number_and_is_renewed_once() {
        let mut bound = Bound::default();
        let par = called("POST", "/oauth/par", claims("POST", "/oauth/par", 1, "number0"), "state=s&scope=atproto");
        assert!(bound.refuses(&par, HOST, Moment(0)).is_none());
        assert_eq!(bound.answer(&par, HOST, Moment(0)).map(|said| said.0), Some(201));
        assert_eq!(
            bound.agreed("x?request_uri=urn%3Arequest%3A1", HOST),
            Some(format!("code=code1&state=s&iss={HOST}"))
        );
        if let Some(asked) = &mut bound.asked {
            asked.challenge = hash("v");
        }
        let grant = |fields: &str| called("POST", "/oauth/token", Value::Null, fields);
        let code = grant("grant_type=authorization_code&code=code1&code_verifier=v");
        assert_eq!((bound.give(&code, Moment(0)).0, bound.give(&code, Moment(0)).0), (200, 400));

        let read = |id, nonce| called("GET", "/xrpc/a", claims("GET", "/xrpc/a", id, nonce), "");
        let code_of =
            |refused: Option<(Said, Vec<Header>)>| refused.map(|((status, body), _)| (status, body["error"].clone()));
        assert_eq!(code_of(bound.refuses(&read(2, "other"), HOST, Moment(1))), Some((401, "use_dpop_nonce".into())));
        assert_eq!(code_of(bound.refuses(&read(3, "number0"), HOST, Moment(1))), None);
        let twice = code_of(bound.refuses(&read(3, "number0"), HOST, Moment(1)));
        assert_eq!(twice, Some((401, "invalid_dpop_proof".into())));
        let ended = code_of(bound.refuses(&read(4, "number0"), HOST, Moment(LASTS.0)));
        assert_eq!(ended, Some((401, "invalid_token".into())));

        let renew = grant("grant_type=refresh_token&refresh_token=refresh2");
        assert_eq!((bound.give(&renew, Moment(0)).0, bound.give(&renew, Moment(0)).0), (200, 400));
        assert_eq!(bound.counts(), Counts { renewed: 1, demanded: 1, again: 1 });
    }
}
