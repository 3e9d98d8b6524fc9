//! An authenticator in software: makes passkeys and proves them as a browser would, and as an attacker might.
//! Separate because it is the one part of the client that knows WebAuthn's bytes.

use domain::{
    Ballot, Choice, Moment,
    emergency::Statement as Word,
    statement::{Statement, challenge_together},
};
use p256::ecdsa::{Signature, SigningKey, signature::Signer};
use serde_json::{Value, json};
use wire::{
    Nothing,
    posts::{self, Decide, Item, PostView, Seat, Signed},
    session::{self, Answer as Proof, Challenge, Enrol, EnrolBy, Enrolled, Me},
};

use crate::{
    http::{Answer, encode as request, send_as, url},
    member::Member,
};

/// A passkey on a device.
#[derive(Clone)]
pub struct Passkey {
    key: SigningKey,
    id: Vec<u8>,
    holder: String,
    counter: u32,
}

/// What the browser tells the site about where it is; an attacker tells something else.
#[derive(Debug, Clone)]
pub struct Site {
    /// `https://host`.
    pub origin: String,
    /// The relying party's id.
    pub party: String,
    /// Whether the device made sure who its holder is.
    pub verified: bool,
}

impl Default for Site {
    fn default() -> Self {
        let host = url().split("://").nth(1).and_then(|rest| rest.split(':').next()).unwrap_or_default();
        Self { origin: url().to_owned(), party: host.to_owned(), verified: true }
    }
}

const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/// base64url without padding.
fn base64(bytes: &[u8]) -> String {
    let mut out = String::new();
    for chunk in bytes.chunks(3) {
        let three = chunk.iter().chain(&[0, 0]).take(3).fold(0_usize, |bits, byte| (bits << 8) | usize::from(*byte));
        out.extend((0..=chunk.len()).map(|place| char::from(ALPHABET[(three >> (18 - 6 * place)) & 63])));
    }
    out
}

fn sha256(bytes: &[u8]) -> Vec<u8> {
    let hex = domain::record::sha256_hex(bytes);
    (0..32).filter_map(|place| u8::from_str_radix(hex.get(2 * place..2 * place + 2)?, 16).ok()).collect()
}

fn client_data(kind: &str, challenge: &Value, site: &Site) -> Vec<u8> {
    json!({ "type": kind, "challenge": challenge, "origin": site.origin, "crossOrigin": false })
        .to_string()
        .into_bytes()
}

impl Passkey {
    /// Makes one for the options of an enrolment; answers it with the credential to send.
    pub fn make(options: &Value, site: &Site) -> (Self, Value) {
        let seed = sha256(crate::new_post().as_str().as_bytes());
        let key = SigningKey::from_slice(&seed).unwrap_or_else(|error| panic!("no key: {error}"));
        let holder = options["user"]["id"].as_str().unwrap_or_default().to_owned();
        let passkey = Self { key, id: sha256(&seed)[..20].to_vec(), holder, counter: 0 };
        let client = client_data("webauthn.create", &options["challenge"], site);
        let point = passkey.key.verifying_key().to_encoded_point(false);
        let coordinates = point.x().zip(point.y());
        let (x, y) = coordinates.unwrap_or_else(|| panic!("a key without coordinates"));
        // A COSE key: {1: 2 (EC2), 3: -7 (ES256), -1: 1 (P-256), -2: x, -3: y}.
        let cose =
            [&[0xa5, 0x01, 0x02, 0x03, 0x26, 0x20, 0x01, 0x21, 0x58, 0x20][..], x, &[0x22, 0x58, 0x20], y].concat();
        let mut data = passkey.authenticator_data(site, 0x40);
        data.extend([0; 16]);
        data.extend((passkey.id.len() as u16).to_be_bytes());
        data.extend(&passkey.id);
        data.extend(cose);
        // {"fmt": "none", "attStmt": {}, "authData": data}, in the order that CBOR asks for.
        let mut attestation = b"\xa3\x63fmt\x64none\x67attStmt\xa0\x68authData\x58".to_vec();
        attestation.push(data.len() as u8);
        attestation.extend(data);
        let credential = json!({
            "id": base64(&passkey.id), "rawId": base64(&passkey.id), "type": "public-key",
            "authenticatorAttachment": "platform", "clientExtensionResults": {},
            "response": {
                "clientDataJSON": base64(&client), "attestationObject": base64(&attestation), "transports": ["internal"],
            },
        });
        (passkey, credential)
    }

    fn authenticator_data(&self, site: &Site, flags: u8) -> Vec<u8> {
        let mut data = sha256(site.party.as_bytes());
        data.push(0x01 | if site.verified { 0x04 } else { 0 } | flags);
        data.extend(self.counter.to_be_bytes());
        data
    }

    /// The proof for the options of a sign-in.
    pub fn prove(&self, options: &Value, site: &Site) -> Value {
        let client = client_data("webauthn.get", &options["challenge"], site);
        let data = self.authenticator_data(site, 0);
        let signature: Signature = self.key.sign(&[data.clone(), sha256(&client)].concat());
        json!({
            "id": base64(&self.id), "rawId": base64(&self.id), "type": "public-key", "clientExtensionResults": {},
            "response": {
                "clientDataJSON": base64(&client), "authenticatorData": base64(&data),
                "signature": base64(signature.to_der().as_bytes()), "userHandle": self.holder,
            },
        })
    }

    /// The statement that a member signs who decides on what they were shown, by a clock that says `at`.
    pub fn statement(member: &Member, item: &Item, choice: &Choice, at: Moment) -> Statement {
        let me = &member.me;
        let Seat { step, acting_for, sitting } =
            item.seats.first().cloned().unwrap_or_else(|| panic!("{} cannot decide", me.name));
        let (content_hash, by) = (item.round.content_hash.clone(), me.member.clone().into());
        let ballot = Ballot { by, acting_for, step, content_hash, choice: choice.clone() };
        let (organisation, nonce) = (&me.organisation.id, item.nonce.clone());
        let statement = Statement::write(organisation, &item.round, &ballot, sitting, nonce, at);
        statement.unwrap_or_else(|refusal| panic!("nothing to sign: {refusal:?}"))
    }

    /// Signs a statement as a browser would.
    pub fn sign(&self, statement: &Statement, site: &Site) -> Signed {
        let options = json!({ "challenge": base64(&statement.challenge()) });
        Signed { statement: statement.canonical(), credential: self.prove(&options, site), together: Vec::new() }
    }

    /// Signs several statements with one press, as a browser would.
    pub fn sign_together(&self, statements: &[Statement], site: &Site) -> Vec<Signed> {
        let texts: Vec<String> = statements.iter().map(Statement::canonical).collect();
        let together: Vec<String> = texts.iter().map(|text| domain::attestation::digest(text)).collect();
        let options = json!({ "challenge": base64(&challenge_together(&together)) });
        let credential = self.prove(&options, site);
        let signed = |statement| Signed { statement, credential: credential.clone(), together: together.clone() };
        texts.into_iter().map(signed).collect()
    }

    /// Signs a word in an emergency as a browser would.
    pub fn sign_word(&self, statement: &Word, site: &Site) -> Signed {
        let options = json!({ "challenge": base64(&statement.challenge()) });
        Signed { statement: statement.canonical(), credential: self.prove(&options, site), together: Vec::new() }
    }

    /// The signed decision of a member on what they were shown, ready to be sent.
    pub fn decide(&self, member: &Member, post: &PostView, choice: Choice, at: Moment) -> Decide {
        let item = member.ok(&posts::NONCE, &[crate::id(post)], &Nothing {});
        let statement = Self::statement(member, &item, &choice, at);
        let signed = Some(self.sign(&statement, &Site::default()));
        Decide { content_hash: post.content_hash.clone(), choice, acting_for: None, checked: None, signed }
    }

    /// Uses the passkey so many times elsewhere: its counter goes on.
    pub const fn count(&mut self, to: u32) {
        self.counter = to;
    }

    /// Asks to enrol on a ground.
    pub fn ask(session: Option<&str>, ground: &EnrolBy) -> Answer<Challenge> {
        let (path, body) = request(session::ENROL_OPTIONS.method, session::ENROL_OPTIONS.path(&[]), ground);
        send_as(session, session::ENROL_OPTIONS.method, &path, &body).read("asking to enrol")
    }

    /// Answers the challenge of an enrolment.
    pub fn answer(session: Option<&str>, asked: &Challenge, credential: Value) -> Answer<(Enrolled, Option<String>)> {
        let enrol = Enrol { challenge: asked.challenge.clone(), credential, label: "El portátil".to_owned() };
        let (path, body) = request(session::ENROL.method, session::ENROL.path(&[]), &enrol);
        let raw = send_as(session, session::ENROL.method, &path, &body);
        let cookie = raw.cookie();
        Ok((raw.read("enrolling")?, cookie))
    }

    /// Enrols on a ground, from asking to being signed in.
    pub fn enrol(session: Option<&str>, ground: &EnrolBy) -> Answer<(Self, Enrolled, Option<String>)> {
        let asked = Self::ask(session, ground)?;
        let (passkey, credential) = Self::make(&asked.options, &Site::default());
        let (enrolled, cookie) = Self::answer(session, &asked, credential)?;
        Ok((passkey, enrolled, cookie))
    }

    /// Asks for a challenge to sign in.
    pub fn challenge() -> Challenge {
        let (path, body) = request(session::SIGN_IN_OPTIONS.method, session::SIGN_IN_OPTIONS.path(&[]), &Nothing {});
        let answer = send_as(None, session::SIGN_IN_OPTIONS.method, &path, &body).read("asking to sign in");
        answer.unwrap_or_else(|no| panic!("no challenge: {no:?}"))
    }

    /// Signs in with a proof.
    pub fn sign_in_with(asked: &Challenge, credential: Value) -> Answer<Member> {
        let proof = Proof { challenge: asked.challenge.clone(), credential };
        let (path, body) = request(session::SIGN_IN.method, session::SIGN_IN.path(&[]), &proof);
        let raw = send_as(None, session::SIGN_IN.method, &path, &body);
        let me: Me = raw.read("signing in")?;
        Ok(Member::with(me, raw.cookie().unwrap_or_default()))
    }

    /// Signs in.
    pub fn sign_in(&self) -> Answer<Member> {
        let asked = Self::challenge();
        Self::sign_in_with(&asked, self.prove(&asked.options, &Site::default()))
    }
}
