//! Sealing a push so that only its device can read it (RFC 8291 over RFC 8188, `aes128gcm`). By the platform's Web
//! Crypto alone: it is native, and ten milliseconds are all we have. Every push has a key and a salt of its own.

use domain::json;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::CryptoKey;
use worker::js_sys::{Array, ArrayBuffer, Object, Promise, Reflect, Uint8Array};

use crate::{
    app,
    passkeys::{object, subtle},
};

/// Every push is as long as any other, so that its length says nothing. A service takes 4,096 bytes at least.
const PADDED: usize = 2_048;

/// An uncompressed point of P-256.
const POINT: usize = 65;

/// The record's length, as its head says it: more than one record is never needed.
const RECORD: u32 = 4_096;

async fn waited(promise: Promise) -> Option<JsValue> {
    JsFuture::from(promise).await.ok()
}

async fn bytes(promise: Promise) -> Option<Vec<u8>> {
    let buffer: ArrayBuffer = waited(promise).await?.unchecked_into();
    Some(Uint8Array::new(&buffer).to_vec())
}

fn usages(names: &[&str]) -> JsValue {
    names.iter().map(|name| JsValue::from_str(name)).collect::<Array>().into()
}

/// An algorithm with what JSON cannot say.
fn with(algorithm: &serde_json::Value, parts: &[(&str, &JsValue)]) -> Option<Object> {
    let algorithm = object(algorithm)?;
    for (name, value) in parts {
        Reflect::set(&algorithm, &JsValue::from_str(name), value).ok()?;
    }
    Some(algorithm)
}

fn curve() -> serde_json::Value {
    json!({ "name": "ECDH", "namedCurve": "P-256" })
}

/// A device's public key; nothing if it is no point of the curve.
pub async fn device_key(point: &[u8]) -> Option<CryptoKey> {
    if point.len() != POINT || point.first() != Some(&4) {
        return None;
    }
    let importing = subtle()?.import_key_with_object(
        "raw",
        Uint8Array::from(point).as_ref(),
        &object(&curve())?,
        false,
        &usages(&[]),
    );
    waited(importing.ok()?).await.map(JsCast::unchecked_into)
}

/// HKDF with SHA-256: so many bytes out of a secret.
async fn derived(secret: &[u8], salt: &[u8], info: &[u8], length: u32) -> Option<Vec<u8>> {
    let name = json!({ "name": "HKDF", "hash": "SHA-256" });
    let importing = subtle()?.import_key_with_object(
        "raw",
        Uint8Array::from(secret).as_ref(),
        &object(&name)?,
        false,
        &usages(&["deriveBits"]),
    );
    let key: CryptoKey = waited(importing.ok()?).await?.unchecked_into();
    let (salt, info) = (Uint8Array::from(salt), Uint8Array::from(info));
    let algorithm = with(&name, &[("salt", &salt), ("info", &info)])?;
    bytes(subtle()?.derive_bits_with_object(&algorithm, &key, length * 8).ok()?).await
}

/// Seals a text for a device. Nothing if it does not fit, or the platform does not do it.
pub async fn seal(device: &[u8], secret: &[u8], text: &[u8]) -> Option<Vec<u8>> {
    let theirs = device_key(device).await?;
    let generating = subtle()?.generate_key_with_object(&object(&curve())?, true, &usages(&["deriveBits"])).ok()?;
    let pair = waited(generating).await?;
    let half = |name: &str| Reflect::get(&pair, &JsValue::from_str(name)).ok().map(JsCast::unchecked_into::<CryptoKey>);
    let (private, public) = (half("privateKey")?, half("publicKey")?);
    let ours = bytes(subtle()?.export_key("raw", &public).ok()?).await?;
    let agreeing = with(&json!({ "name": "ECDH" }), &[("public", &theirs)])?;
    let shared = bytes(subtle()?.derive_bits_with_object(&agreeing, &private, 256).ok()?).await?;

    let about = [b"WebPush: info\0", device, &ours].concat();
    let input = derived(&shared, secret, &about, 32).await?;
    let mut salt = [0; 16];
    app::fill(&mut salt);
    let key = derived(&input, &salt, b"Content-Encoding: aes128gcm\0", 16).await?;
    let nonce = derived(&input, &salt, b"Content-Encoding: nonce\0", 12).await?;

    let importing = subtle()?.import_key_with_object(
        "raw",
        Uint8Array::from(key.as_slice()).as_ref(),
        &object(&json!({ "name": "AES-GCM" }))?,
        false,
        &usages(&["encrypt"]),
    );
    let key: CryptoKey = waited(importing.ok()?).await?.unchecked_into();
    let algorithm = with(&json!({ "name": "AES-GCM" }), &[("iv", &Uint8Array::from(nonce.as_slice()))])?;
    let padded = padded(text)?;
    let sealed = bytes(subtle()?.encrypt_with_object_and_u8_array(&algorithm, &key, &padded).ok()?).await?;
    Some([&head(&salt, &ours)[..], &sealed].concat())
}

/// The text, the mark of the last record, and zeros.
fn padded(text: &[u8]) -> Option<Vec<u8>> {
    let mut padded = [text, &[2]].concat();
    if padded.len() > PADDED {
        return None;
    }
    padded.resize(PADDED, 0);
    Some(padded)
}

/// What stands before the sealed record: salt, its length, our public key.
fn head(salt: &[u8; 16], ours: &[u8]) -> Vec<u8> {
    [&salt[..], &RECORD.to_be_bytes(), &[ours.len() as u8], ours].concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_push_has_one_length() {
        let short = padded(b"a").unwrap();
        assert_eq!((short.len(), &short[..3]), (PADDED, &[b'a', 2, 0][..]));
        assert_eq!(padded(&[7; PADDED - 1]).unwrap().len(), PADDED);
        assert_eq!(padded(&[7; PADDED]), None);
    }

    #[test]
    fn the_head_is_what_the_standard_says() {
        let head = head(&[9; 16], &[4; POINT]);
        assert_eq!((head.len(), head[16..20].to_vec(), head[20]), (86, vec![0, 0, 16, 0], 65));
    }
}
