//! A push service and a browser that listens to it, both of our own and neither with a line of the engine's: the service
//! answers what it is told to and keeps what came; the browser opens it with its own keys (RFC 8291, RFC 8188), and checks
//! who sent it (RFC 8292).

use std::{
    collections::{BTreeMap, VecDeque},
    io::{BufRead, BufReader, Read, Write},
    net::{TcpListener, TcpStream},
    sync::{Arc, Mutex, PoisonError},
    thread,
};

use aes_gcm::{Aes128Gcm, KeyInit, Nonce, aead::Aead};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use hkdf::Hkdf;
use p256::{
    PublicKey, SecretKey,
    ecdh::diffie_hellman,
    ecdsa::{Signature, VerifyingKey, signature::Verifier},
    elliptic_curve::sec1::ToEncodedPoint,
};
use serde_json::Value;
use sha2::Sha256;
use wire::notices::Subscribe;

use crate::new_post;

/// A push as it came to the service.
#[derive(Debug, Clone)]
pub struct Pushed {
    /// The path: which device.
    pub path: String,
    /// The headers, by their names in lower case.
    pub headers: BTreeMap<String, String>,
    /// What is sealed.
    pub body: Vec<u8>,
}

impl Pushed {
    /// A header, empty if it is not there.
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map(String::as_str).unwrap_or_default()
    }
}

#[derive(Default)]
struct State {
    came: Vec<Pushed>,
    answers: VecDeque<u16>,
}

/// A push service on this machine.
#[derive(Clone)]
pub struct Service {
    address: String,
    state: Arc<Mutex<State>>,
}

impl Service {
    /// Starts one; it lives as long as the process.
    pub fn start() -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap_or_else(|error| panic!("no port: {error}"));
        let address = listener.local_addr().unwrap_or_else(|error| panic!("no address: {error}"));
        let service = Self { address: format!("http://{address}"), state: Arc::default() };
        let own = service.clone();
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                own.serve(stream);
            }
        });
        service
    }

    fn serve(&self, stream: TcpStream) {
        // A client that goes away halfway has sent nothing that counts.
        if let Some((pushed, mut stream)) = read(stream) {
            let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
            let status = state.answers.pop_front().unwrap_or(201);
            state.came.push(pushed);
            drop(state);
            let _ = write!(stream, "HTTP/1.1 {status} Said\r\ncontent-length: 0\r\nconnection: close\r\n\r\n");
        }
    }

    /// Its origin.
    pub fn origin(&self) -> &str {
        &self.address
    }

    /// The next answers, one each; afterwards 201 again.
    pub fn answer(&self, statuses: &[u16]) {
        self.state.lock().unwrap_or_else(PoisonError::into_inner).answers = statuses.iter().copied().collect();
    }

    /// What came, the oldest first.
    pub fn came(&self) -> Vec<Pushed> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner).came.clone()
    }
}

fn read(stream: TcpStream) -> Option<(Pushed, TcpStream)> {
    let mut reader = BufReader::new(stream);
    let mut line = String::new();
    reader.read_line(&mut line).ok()?;
    let path = line.split(' ').nth(1)?.to_owned();
    assert!(line.starts_with("POST "), "a push is a POST: {line}");
    let mut headers = BTreeMap::new();
    loop {
        let mut line = String::new();
        reader.read_line(&mut line).ok()?;
        let Some((name, value)) = line.trim_end().split_once(':') else { break };
        headers.insert(name.to_ascii_lowercase(), value.trim().to_owned());
    }
    let length = headers.get("content-length").and_then(|length| length.parse().ok());
    let mut body = vec![0; length.unwrap_or_else(|| panic!("a push without a length: {headers:?}"))];
    reader.read_exact(&mut body).ok()?;
    Some((Pushed { path, headers, body }, reader.into_inner()))
}

/// A browser with a subscription.
pub struct Browser {
    key: SecretKey,
    auth: [u8; 16],
    /// Where it is pushed to.
    pub endpoint: String,
}

impl Browser {
    /// Subscribes at a service.
    pub fn at(service: &Service) -> Self {
        Self::with(&format!("{}/device/{}", service.origin(), new_post()))
    }

    /// A browser with any address.
    pub fn with(endpoint: &str) -> Self {
        // 128 bits of chance, twice, are a scalar of the curve but once in 2^32 ages.
        let seed = format!("{}{}", new_post(), new_post());
        let bytes = p256::FieldBytes::clone_from_slice(&seed.as_bytes()[..32]);
        let key = SecretKey::from_bytes(&bytes).unwrap_or_else(|error| panic!("no key: {error}"));
        let mut auth = [0; 16];
        auth.copy_from_slice(&seed.as_bytes()[36..52]);
        Self { key, auth, endpoint: endpoint.to_owned() }
    }

    fn point(&self) -> Vec<u8> {
        self.key.public_key().to_encoded_point(false).as_bytes().to_vec()
    }

    /// What the desk sends of it.
    pub fn subscription(&self, label: &str) -> Subscribe {
        Subscribe {
            endpoint: self.endpoint.clone(),
            p256dh: URL_SAFE_NO_PAD.encode(self.point()),
            auth: URL_SAFE_NO_PAD.encode(self.auth),
            label: label.to_owned(),
            lang: "es".to_owned(),
        }
    }

    /// Opens a push, as a browser would before it wakes its worker.
    pub fn open(&self, pushed: &Pushed) -> Value {
        assert_eq!(pushed.header("content-encoding"), "aes128gcm");
        let (salt, rest) = pushed.body.split_at(16);
        let (length, rest) = rest.split_at(4);
        let record = u32::from_be_bytes([length[0], length[1], length[2], length[3]]) as usize;
        let (theirs, sealed) = rest[1..].split_at(usize::from(rest[0]));
        assert!(sealed.len() <= record, "more than one record");
        let sender = PublicKey::from_sec1_bytes(theirs).unwrap_or_else(|error| panic!("no key of a sender: {error}"));
        let shared = diffie_hellman(self.key.to_nonzero_scalar(), sender.as_affine());
        let about = [b"WebPush: info\0", self.point().as_slice(), theirs].concat();
        let input = expand(&Hkdf::new(Some(&self.auth), shared.raw_secret_bytes()), &about, 32);
        let keys = Hkdf::new(Some(salt), &input);
        let key = expand(&keys, b"Content-Encoding: aes128gcm\0", 16);
        let nonce = expand(&keys, b"Content-Encoding: nonce\0", 12);
        let cipher = Aes128Gcm::new_from_slice(&key).unwrap_or_else(|error| panic!("no cipher: {error}"));
        let opened = cipher.decrypt(Nonce::from_slice(&nonce), sealed);
        let opened = opened.unwrap_or_else(|_| panic!("it does not open with the subscription's own keys"));
        let end = opened.iter().rposition(|byte| *byte != 0).unwrap_or_default();
        assert_eq!(opened[end], 2, "the last record ends with its mark");
        serde_json::from_slice(&opened[..end]).unwrap_or_else(|error| panic!("no JSON: {error}"))
    }
}

fn expand(keys: &Hkdf<Sha256>, about: &[u8], length: usize) -> Vec<u8> {
    let mut out = vec![0; length];
    keys.expand(about, &mut out).unwrap_or_else(|error| panic!("too long: {error}"));
    out
}

/// The claims of a push's token, once its signature was found to be that of `key` (as a browser is given it).
pub fn claims(pushed: &Pushed, key: &str) -> Value {
    let said = pushed.header("authorization").strip_prefix("vapid ").unwrap_or_else(|| panic!("no token"));
    let part = |name: &str| {
        let parts = said.split(',').map(str::trim);
        parts.filter_map(|part| part.split_once('=')).find(|(own, _)| *own == name).map(|(_, value)| value.to_owned())
    };
    let (token, sender) = (part("t").unwrap_or_default(), part("k").unwrap_or_default());
    assert_eq!(sender, key, "signed with another key than the browser subscribed under");
    let decoded = |text: &str| URL_SAFE_NO_PAD.decode(text).unwrap_or_else(|error| panic!("{text}: {error}"));
    let verifier = VerifyingKey::from_sec1_bytes(&decoded(&sender)).unwrap_or_else(|error| panic!("no key: {error}"));
    let (signed, signature) = token.rsplit_once('.').unwrap_or_else(|| panic!("no token: {token}"));
    let signature = Signature::from_slice(&decoded(signature)).unwrap_or_else(|error| panic!("no signature: {error}"));
    verifier.verify(signed.as_bytes(), &signature).unwrap_or_else(|error| panic!("a bad signature: {error}"));
    let (head, body) = signed.split_once('.').unwrap_or_else(|| panic!("no claims: {signed}"));
    let json = |text: &str| -> Value { serde_json::from_slice(&decoded(text)).unwrap_or_default() };
    assert_eq!(json(head), serde_json::json!({ "typ": "JWT", "alg": "ES256" }));
    json(body)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The example of RFC 8291, section 5: what opens pushes here opens the standard's.
    #[test]
    fn the_standards_own_example_opens() {
        let decoded = |text: &str| URL_SAFE_NO_PAD.decode(text).unwrap();
        let key = SecretKey::from_slice(&decoded("q1dXpw3UpT5VOmu_cf_v6ih07Aems3njxI-JWgLcM94")).unwrap();
        let auth = decoded("BTBZMqHH6r4Tts7J_aSIgg").try_into().unwrap();
        let browser = Browser { key, auth, endpoint: String::new() };
        let body = decoded(
            "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A_yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN",
        );
        let (salt, rest) = body.split_at(16);
        let (theirs, sealed) = rest[5..].split_at(65);
        let sender = PublicKey::from_sec1_bytes(theirs).unwrap();
        let shared = diffie_hellman(browser.key.to_nonzero_scalar(), sender.as_affine());
        let about = [b"WebPush: info\0", browser.point().as_slice(), theirs].concat();
        let input = expand(&Hkdf::new(Some(&browser.auth), shared.raw_secret_bytes()), &about, 32);
        let keys = Hkdf::new(Some(salt), &input);
        let (key, nonce) =
            (expand(&keys, b"Content-Encoding: aes128gcm\0", 16), expand(&keys, b"Content-Encoding: nonce\0", 12));
        let opened = Aes128Gcm::new_from_slice(&key).unwrap().decrypt(Nonce::from_slice(&nonce), sealed).unwrap();
        assert_eq!(opened, b"When I grow up, I want to be a watermelon\x02");
    }
}
