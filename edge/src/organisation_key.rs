//! The organisation's own keys. One signs whose passkey is whose, and its public half stands in the register; one signs
//! its pushes to devices; one says at Bluesky servers that it is us who ask. Made when first needed, never changed: receipts
//! of years ago are verified with the first, devices listen to the second only, and an access is bound to the third. ECDSA
//! P-256 of the platform's Web Crypto; the private half is sealed by the vault.

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
    passkeys::{decode, encode, object, subtle},
    store::{Bind, StoreError, json as parse},
    vault::{self, Sealed, Secret},
};

/// A key that can sign.
pub struct OrganisationKey {
    /// The public half (JWK: `kty`, `crv`, `x`, `y`).
    pub public: Value,
    private: Value,
}

/// What a key is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// Signs enrolments.
    Decisions,
    /// Signs pushes.
    Push,
    /// Signs who asks for an access (RFC 7523).
    Client,
}

impl Purpose {
    const fn table(self) -> &'static str {
        match self {
            Purpose::Decisions => "organisation_key",
            Purpose::Push => "push_key",
            Purpose::Client => "client_key",
        }
    }

    /// The associated data of its seal: it opens in no other place.
    fn place(self, org: &OrganisationId) -> String {
        match self {
            Purpose::Decisions => format!("{org}/decision_key"),
            Purpose::Push => format!("{org}/push_key"),
            Purpose::Client => format!("{org}/client_key"),
        }
    }
}

/// The key that signs enrolments; a new one if the organisation has none.
///
/// # Errors
/// `Unavailable` without a sealing key, or when the database or the platform does not answer.
pub async fn of(app: &App, org: &OrganisationId) -> Result<OrganisationKey, Refused> {
    for_purpose(app, org, Purpose::Decisions).await
}

/// The organisation's key for a purpose; a new one if it has none.
///
/// # Errors
/// As [`of`].
pub async fn for_purpose(app: &App, org: &OrganisationId, purpose: Purpose) -> Result<OrganisationKey, Refused> {
    let (table, place) = (purpose.table(), purpose.place(org));
    let stored = format!("SELECT public, sealed FROM {table} WHERE org = ?1");
    #[derive(Deserialize)]
    struct Row {
        public: String,
        sealed: String,
    }
    let mut row: Option<Row> = app.db.first(&stored, binds![org]).await?;
    if row.is_none() {
        let (public, private) = generate().await.ok_or(Refusal::Unavailable)?;
        let sealed = vault::seal_for(app, &place, &Secret::new(private.to_string()))?;
        // Two who need it first at once: the one that is there stays, and both sign with it.
        let sql = format!(
            "INSERT INTO {table} (org, public, sealed, created_at) VALUES (?1, ?2, ?3, ?4) ON CONFLICT (org) DO NOTHING"
        );
        let insert = binds![org, Bind::json(&public), Bind::json(&sealed), app.now()];
        let answers = app.db.many(vec![(sql, insert), (stored, binds![org])]).await?;
        let rows: Vec<Row> = answers.last().map(|answer| answer.results()).transpose()?.unwrap_or_default();
        row = rows.into_iter().next();
    }
    let row = row.ok_or(Refusal::Unavailable)?;
    let sealed: Sealed = parse(&row.sealed)?;
    let private = vault::open_for(app, &place, &sealed)?;
    Ok(OrganisationKey { public: parse(&row.public)?, private: parse(private.reveal())? })
}

/// The public half of the organisation's key for a purpose, if it has one: nothing is made, so anybody may ask.
///
/// # Errors
/// `Down`, `Row`.
pub async fn public(app: &App, org: &OrganisationId, purpose: Purpose) -> Result<Option<Value>, StoreError> {
    #[derive(Deserialize)]
    struct Row {
        public: String,
    }
    let sql = format!("SELECT public FROM {} WHERE org = ?1", purpose.table());
    let row: Option<Row> = app.db.first(&sql, binds![org]).await?;
    row.map(|row| parse(&row.public)).transpose()
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
        signed(&self.private, data).await.ok_or(Refusal::Unavailable)
    }

    /// The public half as an uncompressed point: `4 ‖ x ‖ y`.
    pub fn point(&self) -> Option<Vec<u8>> {
        let part = |name: &str| decode(self.public.get(name)?.as_str()?).ok().filter(|bytes| bytes.len() == 32);
        Some([vec![4], part("x")?, part("y")?].concat())
    }
}

/// Signs with a private key (JWK): `r ‖ s` in base64url. Nothing, if the platform does not.
pub async fn signed(private: &Value, data: &[u8]) -> Option<String> {
    let algorithm = object(&algorithm())?;
    let usages = Array::of1(&JsValue::from_str("sign"));
    let loading = subtle()?.import_key_with_object("jwk", &object(private)?, &algorithm, false, &usages).ok()?;
    let key: CryptoKey = JsFuture::from(loading).await.ok()?.unchecked_into();
    let signing = subtle()?.sign_with_object_and_u8_array(&algorithm, &key, data).ok()?;
    let bytes: ArrayBuffer = JsFuture::from(signing).await.ok()?.unchecked_into();
    Some(encode(&Uint8Array::new(&bytes).to_vec()))
}

/// A new key: its public half and the whole.
pub async fn generate() -> Option<(Value, Value)> {
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
