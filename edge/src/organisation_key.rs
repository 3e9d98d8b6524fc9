//! The organisation's own key: it signs whose passkey is whose, and its public half stands in the register. Made when it
//! is first needed, never changed: receipts of years ago are verified with it. ECDSA P-256 of the platform's Web
//! Crypto; the private half is sealed by the vault.

use domain::{OrganisationId, Refusal, json};
use serde::Deserialize;
use serde_json::Value;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::CryptoKey;
use worker::js_sys::{Array, ArrayBuffer, JSON, Reflect, Uint8Array};

use crate::{
    answer::Refused,
    app::App,
    binds,
    passkeys::{encode, object, subtle},
    store::{Bind, json as parse},
    vault::{self, Sealed, Secret},
};

/// A key that can sign.
pub struct OrganisationKey {
    /// The public half (JWK: `kty`, `crv`, `x`, `y`).
    pub public: Value,
    private: Value,
}

/// The associated data of its seal: it opens in no other place.
fn place(org: &OrganisationId) -> String {
    format!("{org}/decision_key")
}

/// The organisation's key; a new one if it has none.
///
/// # Errors
/// `Unavailable` without a sealing key, or when the database or the platform does not answer.
pub async fn of(app: &App, org: &OrganisationId) -> Result<OrganisationKey, Refused> {
    const STORED: &str = "SELECT public, sealed FROM organisation_key WHERE org = ?1";
    #[derive(Deserialize)]
    struct Row {
        public: String,
        sealed: String,
    }
    let mut row: Option<Row> = app.db.first(STORED, binds![org]).await?;
    if row.is_none() {
        let (public, private) = generate().await.ok_or(Refusal::Unavailable)?;
        let sealed = vault::seal_for(app, &place(org), &Secret::new(private.to_string()))?;
        // Two who need it first at once: the one that is there stays, and both sign with it.
        let sql = "INSERT INTO organisation_key (org, public, sealed, created_at) VALUES (?1, ?2, ?3, ?4)
          ON CONFLICT (org) DO NOTHING";
        let insert = binds![org, Bind::json(&public), Bind::json(&sealed), app.now()];
        let answers = app.db.many(vec![(sql.to_owned(), insert), (STORED.to_owned(), binds![org])]).await?;
        let rows: Vec<Row> = answers.last().map(|answer| answer.results()).transpose()?.unwrap_or_default();
        row = rows.into_iter().next();
    }
    let row = row.ok_or(Refusal::Unavailable)?;
    let sealed: Sealed = parse(&row.sealed)?;
    let private = vault::open_for(app, &place(org), &sealed)?;
    Ok(OrganisationKey { public: parse(&row.public)?, private: parse(private.reveal())? })
}

fn algorithm() -> Value {
    json!({ "name": "ECDSA", "namedCurve": "P-256", "hash": "SHA-256" })
}

impl OrganisationKey {
    /// Signs: `r ‖ s` in base64url.
    ///
    /// # Errors
    /// `Unavailable` when the platform does not.
    pub async fn sign(&self, data: &[u8]) -> Result<String, Refusal> {
        let signature = self.signature(data).await.ok_or(Refusal::Unavailable)?;
        Ok(encode(&signature))
    }

    async fn signature(&self, data: &[u8]) -> Option<Vec<u8>> {
        let algorithm = object(&algorithm())?;
        let usages = Array::of1(&JsValue::from_str("sign"));
        let loading =
            subtle()?.import_key_with_object("jwk", &object(&self.private)?, &algorithm, false, &usages).ok()?;
        let key: CryptoKey = JsFuture::from(loading).await.ok()?.unchecked_into();
        let signing = subtle()?.sign_with_object_and_u8_array(&algorithm, &key, data).ok()?;
        let bytes: ArrayBuffer = JsFuture::from(signing).await.ok()?.unchecked_into();
        Some(Uint8Array::new(&bytes).to_vec())
    }
}

/// A new key: its public half and the whole.
async fn generate() -> Option<(Value, Value)> {
    let usages = Array::of2(&JsValue::from_str("sign"), &JsValue::from_str("verify"));
    let generating = subtle()?.generate_key_with_object(&object(&algorithm())?, true, &usages).ok()?;
    let pair = JsFuture::from(generating).await.ok()?;
    let private: CryptoKey = Reflect::get(&pair, &JsValue::from_str("privateKey")).ok()?.unchecked_into();
    let exported = JsFuture::from(subtle()?.export_key("jwk", &private).ok()?).await.ok()?;
    let whole: Value = serde_json::from_str(&String::from(JSON::stringify(&exported).ok()?)).ok()?;
    let part = |name: &str| whole.get(name).cloned();
    let (x, y, d) = (part("x")?, part("y")?, part("d")?);
    let public = json!({ "kty": "EC", "crv": "P-256", "x": x, "y": y });
    Some((public, json!({ "kty": "EC", "crv": "P-256", "x": x, "y": y, "d": d })))
}
