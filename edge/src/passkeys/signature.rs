//! Signatures, verified by the platform's Web Crypto. Separate because it is the only part that needs the platform.

use domain::json;
use js_sys::{Array, Object, Reflect};
use serde_json::Value;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Crypto, CryptoKey, SubtleCrypto};

use super::PublicKey;

/// The key as JSON Web Key, and how Web Crypto names its algorithm.
pub fn described(key: &PublicKey) -> (Value, Value) {
    match key {
        PublicKey::Es256 { x, y } => (
            json!({ "kty": "EC", "crv": "P-256", "x": x, "y": y }),
            json!({ "name": "ECDSA", "namedCurve": "P-256", "hash": "SHA-256" }),
        ),
        PublicKey::Ed25519 { x } => (json!({ "kty": "OKP", "crv": "Ed25519", "x": x }), json!({ "name": "Ed25519" })),
        PublicKey::Rs256 { n, e } => {
            (json!({ "kty": "RSA", "n": n, "e": e }), json!({ "name": "RSASSA-PKCS1-v1_5", "hash": "SHA-256" }))
        }
    }
}

/// A JSON value as the platform's own object.
pub fn object(value: &Value) -> Option<Object> {
    js_sys::JSON::parse(&value.to_string()).ok()?.dyn_into().ok()
}

/// The platform's Web Crypto.
pub fn subtle() -> Option<SubtleCrypto> {
    let crypto = Reflect::get(&js_sys::global(), &JsValue::from_str("crypto")).ok()?;
    // `dyn_into` asks by `instanceof`, which the worker's global scope may answer otherwise than a window's.
    Some(crypto.unchecked_into::<Crypto>().subtle())
}

/// Loads a key; nothing if the platform does not take it (a point off its curve).
pub async fn load(key: &PublicKey) -> Option<CryptoKey> {
    let (web_key, algorithm) = described(key);
    let usages = Array::of1(&JsValue::from_str("verify"));
    let loading = subtle()?.import_key_with_object("jwk", &object(&web_key)?, &object(&algorithm)?, false, &usages);
    JsFuture::from(loading.ok()?).await.ok().map(JsCast::unchecked_into)
}

/// Whether a signature over `data` is of this key.
pub async fn verifies(key: &PublicKey, signature: &[u8], data: &[u8]) -> bool {
    verified(key, signature, data).await == Some(true)
}

async fn verified(key: &PublicKey, signature: &[u8], data: &[u8]) -> Option<bool> {
    let loaded = load(key).await?;
    let signature = match key {
        PublicKey::Es256 { .. } => plain(signature)?.to_vec(),
        _ => signature.to_vec(),
    };
    let algorithm = object(&described(key).1)?;
    let verifying =
        subtle()?.verify_with_object_and_u8_array_and_u8_array(&algorithm, &loaded, &signature, data).ok()?;
    JsFuture::from(verifying).await.ok()?.as_bool()
}

/// An ECDSA signature from its ASN.1 form (`SEQUENCE { r, s }`), which authenticators write, to `r ‖ s`, which Web
/// Crypto wants. DER only: one form for each signature.
fn plain(der: &[u8]) -> Option<[u8; 64]> {
    let [0x30, length, body @ ..] = der else { return None };
    if usize::from(*length) != body.len() {
        return None;
    }
    let (r, rest) = integer(body)?;
    let (s, rest) = integer(rest)?;
    if !rest.is_empty() {
        return None;
    }
    let mut both = [0; 64];
    both[..32].copy_from_slice(&r);
    both[32..].copy_from_slice(&s);
    Some(both)
}

fn integer(bytes: &[u8]) -> Option<([u8; 32], &[u8])> {
    let [0x02, length, rest @ ..] = bytes else { return None };
    let (digits, rest) = rest.split_at_checked(usize::from(*length))?;
    let digits = match digits {
        // A zero in front only where the first bit would make it negative.
        [0, first, ..] if first & 0x80 != 0 => &digits[1..],
        [0, ..] => return None,
        [first, ..] if first & 0x80 == 0 => digits,
        _ => return None,
    };
    let mut padded = [0; 32];
    padded.get_mut(32_usize.checked_sub(digits.len())?..)?.copy_from_slice(digits);
    Some((padded, rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn der(r: &[u8], s: &[u8]) -> Vec<u8> {
        let body = [&[2, r.len() as u8], r, &[2, s.len() as u8], s].concat();
        [&[0x30, body.len() as u8], body.as_slice()].concat()
    }

    #[test]
    fn both_numbers_are_padded_to_their_width() {
        let mut high = vec![0_u8, 0x80];
        high.extend([5; 31]);
        let both = plain(&der(&[1], &high)).unwrap();
        assert_eq!((both[31], both[0], both[32], both[63]), (1, 0, 0x80, 5));
    }

    #[test]
    fn other_forms_of_the_same_numbers_are_refused() {
        let good = der(&[1], &[2]);
        let mut trailing = good.clone();
        trailing.push(0);
        let mut longer = der(&[1], &[2]);
        longer.extend([2, 1, 3]);
        longer[1] += 3;
        let refused = [
            der(&[0, 1], &[2]),
            der(&[0x80], &[2]),
            der(&[], &[2]),
            der(&[0], &[2]),
            der(&[1; 33], &[2]),
            trailing,
            longer,
        ];
        assert!(plain(&good).is_some());
        for bad in refused {
            assert_eq!(plain(&bad), None, "{bad:?}");
        }
    }
}
