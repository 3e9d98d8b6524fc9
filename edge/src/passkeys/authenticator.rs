//! What an authenticator writes: its data (WebAuthn §6.1) and a key in COSE form (RFC 9053), read byte by byte.
//! Separate from the moves: here nothing is decided, only read; what is not exactly of its form is `None`.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use ciborium::Value;
use serde::{Deserialize, Serialize};

/// A public key of one of our algorithms, in the members of its JSON Web Key (base64url).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "alg")]
pub enum PublicKey {
    /// P-256 with SHA-256.
    Es256 {
        /// First coordinate.
        x: String,
        /// Second coordinate.
        y: String,
    },
    /// Ed25519.
    Ed25519 {
        /// The point.
        x: String,
    },
    /// RSA PKCS#1 v1.5 with SHA-256.
    Rs256 {
        /// The modulus.
        n: String,
        /// The exponent.
        e: String,
    },
}

/// The data that every answer of an authenticator carries.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuthenticatorData {
    /// SHA-256 of the relying party's id.
    pub party_hash: [u8; 32],
    /// Somebody was there.
    pub present: bool,
    /// The device made sure that it is its holder (face, finger, code).
    pub verified: bool,
    /// The passkey can be copied to other devices of its holder.
    pub synchronised: bool,
    /// Grows with each use, or stays 0.
    pub counter: u32,
    /// The new credential, where one was made.
    pub attested: Option<Attested>,
}

/// A new credential.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attested {
    /// Its identity.
    pub id: Vec<u8>,
    /// Its key.
    pub key: PublicKey,
}

const USER_PRESENT: u8 = 0x01;
const USER_VERIFIED: u8 = 0x04;
const BACKUP_ELIGIBLE: u8 = 0x08;
const BACKED_UP: u8 = 0x10;
const ATTESTED: u8 = 0x40;

/// The longest credential identity that WebAuthn allows.
const LONGEST_ID: usize = 1_023;

impl AuthenticatorData {
    /// Reads it.
    pub fn parse(bytes: &[u8]) -> Option<Self> {
        let (party_hash, rest) = bytes.split_first_chunk::<32>()?;
        let (&flags, rest) = rest.split_first()?;
        let (counter, rest) = rest.split_first_chunk::<4>()?;
        let is = |flag: u8| flags & flag != 0;
        if is(BACKED_UP) && !is(BACKUP_ELIGIBLE) {
            return None;
        }
        let attested = if is(ATTESTED) { Some(Attested::parse(rest)?) } else { None };
        Some(Self {
            party_hash: *party_hash,
            present: is(USER_PRESENT),
            verified: is(USER_VERIFIED),
            synchronised: is(BACKUP_ELIGIBLE),
            counter: u32::from_be_bytes(*counter),
            attested,
        })
    }
}

impl Attested {
    /// Reads AAGUID (of no interest), identity and key. Extensions may follow.
    fn parse(bytes: &[u8]) -> Option<Self> {
        let (_aaguid, rest) = bytes.split_first_chunk::<16>()?;
        let (length, rest) = rest.split_first_chunk::<2>()?;
        let length = usize::from(u16::from_be_bytes(*length));
        if length == 0 || length > LONGEST_ID || length > rest.len() {
            return None;
        }
        let (id, key) = rest.split_at(length);
        let key: Value = ciborium::de::from_reader_with_recursion_limit(key, 4).ok()?;
        Some(Self { id: id.to_vec(), key: PublicKey::of_cose(&key)? })
    }
}

impl PublicKey {
    /// Reads a COSE key: exactly the three kinds that we ask for.
    fn of_cose(key: &Value) -> Option<Self> {
        let map = key.as_map()?;
        let member = |label: i64| {
            let mut found = map.iter().filter(|(name, _)| name.as_integer() == Some(label.into()));
            let (_, value) = found.next()?;
            found.next().is_none().then_some(value)
        };
        let number = |label: i64| i64::try_from(member(label)?.as_integer()?).ok();
        let bytes = |label: i64, least: usize, most: usize| {
            let bytes = member(label)?.as_bytes()?;
            (least..=most).contains(&bytes.len()).then(|| URL_SAFE_NO_PAD.encode(bytes))
        };
        match (number(1)?, number(3)?) {
            // kty EC2, alg ES256, crv P-256.
            (2, -7) if number(-1)? == 1 => Some(PublicKey::Es256 { x: bytes(-2, 32, 32)?, y: bytes(-3, 32, 32)? }),
            // kty OKP, alg EdDSA, crv Ed25519.
            (1, -8) if number(-1)? == 6 => Some(PublicKey::Ed25519 { x: bytes(-2, 32, 32)? }),
            // kty RSA, alg RS256: 2048 to 4096 bits, and the one exponent that everybody uses.
            (3, -257) => {
                let (n, e) = (bytes(-1, 256, 512)?, bytes(-2, 3, 3)?);
                (e == "AQAB").then_some(PublicKey::Rs256 { n, e })
            }
            _ => None,
        }
    }
}

/// The authenticator's data out of an attestation object. Its statement is not looked at.
pub fn of_attestation(bytes: &[u8]) -> Option<AuthenticatorData> {
    let object: Value = ciborium::de::from_reader_with_recursion_limit(bytes, 8).ok()?;
    let found = object.as_map()?.iter().find(|(name, _)| name.as_text() == Some("authData"))?;
    AuthenticatorData::parse(found.1.as_bytes()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn es256() -> Value {
        Value::Map(vec![
            (1.into(), 2.into()),
            (3.into(), (-7).into()),
            ((-1).into(), 1.into()),
            ((-2).into(), Value::Bytes(vec![1; 32])),
            ((-3).into(), Value::Bytes(vec![2; 32])),
        ])
    }

    fn data(flags: u8, key: &Value) -> Vec<u8> {
        let mut bytes = vec![9; 32];
        bytes.extend([flags, 0, 0, 1, 2]);
        bytes.extend([0; 16]);
        bytes.extend([0, 4, b'a', b'b', b'c', b'd']);
        ciborium::into_writer(key, &mut bytes).unwrap();
        bytes
    }

    #[test]
    fn a_new_credential_is_read() {
        let read = AuthenticatorData::parse(&data(0x45, &es256())).unwrap();
        assert!(read.present && read.verified && !read.synchronised);
        assert_eq!((read.party_hash, read.counter), ([9; 32], 258));
        let attested = read.attested.unwrap();
        assert_eq!(attested.id, b"abcd");
        assert_eq!(
            attested.key,
            PublicKey::Es256 { x: URL_SAFE_NO_PAD.encode([1; 32]), y: URL_SAFE_NO_PAD.encode([2; 32]) }
        );
    }

    #[test]
    fn every_shorter_form_is_refused() {
        let whole = data(0x45, &es256());
        for length in 0..whole.len() {
            assert_eq!(AuthenticatorData::parse(&whole[..length]), None, "{length}");
        }
    }

    #[test]
    fn a_key_of_another_kind_is_refused() {
        let mut short = es256();
        short.as_map_mut().unwrap()[3].1 = Value::Bytes(vec![1; 31]);
        let mut doubled = es256();
        doubled.as_map_mut().unwrap().push((3.into(), (-7).into()));
        let mut curve = es256();
        curve.as_map_mut().unwrap()[2].1 = 2.into();
        for key in [short, doubled, curve, Value::Null, Value::Map(Vec::new())] {
            assert_eq!(AuthenticatorData::parse(&data(0x45, &key)), None, "{key:?}");
        }
    }

    #[test]
    fn a_backup_of_what_cannot_be_backed_up_is_refused() {
        assert_eq!(AuthenticatorData::parse(&data(0x55, &es256())), None);
        assert!(AuthenticatorData::parse(&data(0x5d, &es256())).unwrap().synchronised);
    }

    #[test]
    fn nested_arrays_do_not_exhaust_the_stack() {
        assert_eq!(of_attestation(&[0x81; 10_000]), None);
    }
}
