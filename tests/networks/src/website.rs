//! A town's own website that takes webhooks: it checks signatures with code of its own, takes each `webhook-id` once, and keeps
//! what readers would see.

use std::{collections::BTreeMap, convert::Infallible, time::Duration};

use axum::{
    Json, Router,
    body::{Body, Bytes},
    extract::State,
    http::{HeaderMap, Response},
    routing::{get, post},
};
use base64::{Engine, engine::general_purpose::STANDARD};
use chrono::Utc;
use futures_util::stream;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::{Shared, world::answer};

/// Where it takes webhooks.
pub const ENDPOINT: &str = "/pregon.php";

/// The site and its readers' pages.
#[derive(Debug, Default)]
pub struct Website {
    /// Both are taken while one follows the other.
    secrets: Vec<String>,
    /// Whether it takes what is signed by whomever.
    careless: bool,
    /// What it gives back instead of the challenge.
    challenge: Option<String>,
    /// What it says is wrong, with 200.
    error: Option<Value>,
    /// What it answers, and with which status, whatever comes.
    status: Option<u16>,
    wait: Option<i64>,
    /// Where it says that readers find it, instead of where they do.
    address: Option<String>,
    /// Whether it says nothing at all with its 200.
    mute: bool,
    /// Whether it knows nothing of look-ups.
    forgetful: bool,
    /// `huge` or `endless`: how it answers.
    flood: Option<String>,
    taken: Vec<String>,
    pages: BTreeMap<String, Value>,
    order: Vec<String>,
    came: Vec<Value>,
}

impl Website {
    /// What readers see, oldest first. What was withdrawn is gone.
    pub(crate) fn visible(&self) -> Vec<Value> {
        self.order
            .iter()
            .filter_map(|id| self.pages.get(id))
            .filter(|page| page["withdrawn"] != true)
            .cloned()
            .collect()
    }

    pub(crate) fn secrets(&self) -> Vec<String> {
        self.secrets.clone()
    }

    pub(crate) fn set(&mut self, settings: &Value) {
        let Some(told) = settings["website"].as_object() else { return };
        for (name, value) in told {
            let text = || value.as_str().map(ToOwned::to_owned);
            match name.as_str() {
                "secrets" => {
                    self.secrets =
                        value.as_array().into_iter().flatten().filter_map(Value::as_str).map(Into::into).collect();
                }
                "careless" => self.careless = value == true,
                "mute" => self.mute = value == true,
                "forgetful" => self.forgetful = value == true,
                "challenge" => self.challenge = text(),
                "error" => self.error = Some(value.clone()).filter(|value| !value.is_null()),
                "status" => self.status = value.as_u64().and_then(|status| u16::try_from(status).ok()),
                "wait" => self.wait = value.as_i64(),
                "address" => self.address = text(),
                "flood" => self.flood = text(),
                _ => {}
            }
        }
    }

    fn is_signed(&self, id: &str, at: &str, signatures: &str, body: &[u8]) -> bool {
        let signed = [id.as_bytes(), b".", at.as_bytes(), b".", body].concat();
        let ours = self.secrets.iter().filter_map(|secret| {
            let key = STANDARD.decode(secret.strip_prefix("whsec_")?).ok()?;
            Some(format!("v1,{}", STANDARD.encode(hmac(&key, &signed))))
        });
        let ours: Vec<String> = ours.collect();
        signatures.split(' ').any(|signature| ours.iter().any(|one| one == signature))
    }

    fn take(&mut self, origin: &str, id: &str, told: &Value) -> Value {
        let data = &told["data"];
        let post = data["id"].as_str().unwrap_or_default().to_owned();
        let address = || self.address.clone().unwrap_or_else(|| format!("{origin}/noticias/{post}"));
        match told["type"].as_str().unwrap_or_default() {
            "ping" => {
                json!({ "challenge": self.challenge.clone().map_or_else(|| data["challenge"].clone(), Value::from) })
            }
            "post.lookup" if self.forgetful => json!({}),
            "post.lookup" => {
                let taken = data["webhook_id"].as_str().is_some_and(|id| self.taken.iter().any(|one| one == id));
                if taken { json!({ "taken": true, "address": address() }) } else { json!({ "taken": false }) }
            }
            _ if self.taken.iter().any(|one| one == id) => json!({ "address": address() }),
            kind @ ("post.published" | "post.corrected" | "post.withdrawn") => {
                let address = address();
                let page = self.pages.entry(post.clone()).or_insert_with(|| json!({ "withdrawn": false, "times": 0 }));
                // What was withdrawn never comes back.
                if kind == "post.withdrawn" {
                    page["withdrawn"] = true.into();
                } else if page["withdrawn"] != true {
                    let times = page["times"].as_i64().unwrap_or_default() + 1;
                    *page = data.clone();
                    page["withdrawn"] = false.into();
                    page["times"] = times.into();
                }
                if !self.order.contains(&post) {
                    self.order.push(post);
                }
                self.taken.push(id.to_owned());
                json!({ "address": address })
            }
            _ => json!({}),
        }
    }
}

/// RFC 2104 over SHA-256, written out here so that the engine's own is not judged by itself.
fn hmac(key: &[u8], text: &[u8]) -> [u8; 32] {
    let mut block = [0_u8; 64];
    if key.len() > block.len() {
        block[..32].copy_from_slice(&Sha256::digest(key));
    } else {
        block[..key.len()].copy_from_slice(key);
    }
    let inner = Sha256::new().chain_update(block.map(|byte| byte ^ 0x36)).chain_update(text).finalize();
    Sha256::new().chain_update(block.map(|byte| byte ^ 0x5c)).chain_update(inner).finalize().into()
}

pub(crate) fn routes() -> Router<Shared> {
    Router::new().route(ENDPOINT, post(called))
}

/// Its own door: every webhook that it let in, with its very bytes, for a foreign library to judge.
pub(crate) fn files() -> Router<Shared> {
    Router::new().route("/_webhooks", get(came))
}

async fn came(State(world): State<Shared>) -> Json<Vec<Value>> {
    Json(world.website().came.clone())
}

async fn called(State(world): State<Shared>, headers: HeaderMap, bytes: Bytes) -> Response<Body> {
    let header = |name: &str| headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let (id, at, signature) = (header("webhook-id"), header("webhook-timestamp"), header("webhook-signature"));
    let mut site = world.website();
    let drift = at.parse::<i64>().map_or(i64::MAX, |at| (Utc::now().timestamp() - at).saturating_abs());
    if !site.careless && (drift > 300 || !site.is_signed(id, at, signature, &bytes)) {
        return answer(401, json!({ "error": "Bad signature" }));
    }
    site.came.push(json!({
        "webhook-id": id, "webhook-timestamp": at, "webhook-signature": signature,
        "body": String::from_utf8_lossy(&bytes),
    }));
    let Ok(told) = serde_json::from_slice::<Value>(&bytes) else { return answer(400, json!({ "error": "No JSON" })) };
    let is_ping = told["type"] == "ping";
    if let Some(status) = site.status.filter(|status| *status == 410 || !is_ping) {
        let mut refused = answer(status, json!({ "message": "The site says no." }));
        if let Some(wait) = site.wait.and_then(|wait| wait.to_string().parse().ok()) {
            refused.headers_mut().insert("retry-after", wait);
        }
        return refused;
    }
    match site.flood.as_deref().filter(|_| !is_ping) {
        Some("huge") => {
            site.take(&world.origin, id, &told);
            return Response::new(Body::from(vec![b' '; 50_000_000]));
        }
        Some("endless") => {
            site.take(&world.origin, id, &told);
            return Response::new(endless());
        }
        _ => {}
    }
    if let Some(error) = site.error.clone().filter(|_| !is_ping) {
        return answer(200, json!({ "error": error }));
    }
    let said = site.take(&world.origin, id, &told);
    if site.mute && !is_ping { Response::new(Body::empty()) } else { answer(200, said) }
}

/// An answer of one blank every fifth of a second, for ever.
fn endless() -> Body {
    Body::from_stream(stream::unfold((), |()| async {
        tokio::time::sleep(Duration::from_millis(200)).await;
        Some((Ok::<_, Infallible>(Bytes::from_static(b" ")), ()))
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_hash_is_that_of_rfc_4231() {
        let told: String =
            hmac(b"Jefe", b"what do ya want for nothing?").iter().map(|byte| format!("{byte:02x}")).collect();
        assert_eq!(told, "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
    }
}
