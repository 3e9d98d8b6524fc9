//! How Google lets in: a person agrees for one channel, the code is exchanged once, with the very address that was named and its
//! proof; what renews an access is given with the first and never again.

use std::collections::BTreeMap;

use axum::{
    Router,
    body::{Body, Bytes},
    extract::{Query, State},
    http::{Response, StatusCode, header},
    response::IntoResponse,
    routing::{get, post},
};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use chrono::Utc;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::{SCOPE, Youtube};
use crate::{
    Shared,
    world::{answer, hash},
};

/// The client that is known here: its identity and its secret.
pub const APP: (&str, &str) = ("123456789012-villa.apps.googleusercontent.com", "GOCSPX-sandbox_secret-of-google");

#[derive(Debug, Clone)]
pub struct Code {
    redirect: String,
    challenge: String,
    channel: String,
    /// Whether what renews it was asked for.
    is_to_last: bool,
}

#[derive(Debug, Clone)]
pub struct Access {
    pub channel: String,
    pub ends: i64,
}

impl Youtube {
    fn open(&mut self, channel: String) -> Value {
        let token = hash(format!("google access {}", self.mint()));
        self.accesses.insert(token.clone(), Access { channel, ends: Utc::now().timestamp() + self.life });
        json!({ "access_token": token, "expires_in": self.life, "token_type": "Bearer", "scope": SCOPE })
    }
}

async fn authorise(State(world): State<Shared>, Query(query): Query<BTreeMap<String, String>>) -> Response<Body> {
    let part = |name: &str| query.get(name).cloned().unwrap_or_default();
    let (redirect, state) = (part("redirect_uri"), part("state"));
    let proven = part("code_challenge_method") == "S256" && !part("code_challenge").is_empty();
    if part("client_id") != APP.0 || part("response_type") != "code" || redirect.is_empty() || !proven {
        return answer(400, json!({ "error": "invalid_request" }));
    }
    let mut youtube = world.youtube();
    if youtube.deny || youtube.declined.iter().any(|scope| scope == SCOPE) {
        return send_on(&format!("{redirect}?error=access_denied&state={state}"));
    }
    if part("scope") != SCOPE {
        return answer(400, json!({ "error": "invalid_scope" }));
    }
    // Without being asked anew, Google names what renews an access once in a lifetime.
    let is_to_last = part("access_type") == "offline" && part("prompt") == "consent";
    let code = format!("4/{}", hash(format!("google code {}", youtube.mint())));
    let (channel, challenge) = (youtube.channel.clone(), part("code_challenge"));
    youtube.codes.insert(code.clone(), Code { redirect: redirect.clone(), challenge, channel, is_to_last });
    let code = code.replace('/', "%2F");
    send_on(&format!("{redirect}?state={state}&code={code}&scope={SCOPE}"))
}

fn send_on(to: &str) -> Response<Body> {
    (StatusCode::FOUND, [(header::LOCATION, to.to_owned())]).into_response()
}

fn form(body: &Bytes) -> Result<BTreeMap<String, String>, Response<Body>> {
    let uri = format!("/?{}", String::from_utf8_lossy(body)).parse().ok();
    let fields = uri.and_then(|uri| Query::<BTreeMap<String, String>>::try_from_uri(&uri).ok());
    let fields = fields.map(|Query(fields)| fields).unwrap_or_default();
    let is = |name: &str, value: &str| fields.get(name).is_some_and(|said| said == value);
    if is("client_id", APP.0) && is("client_secret", APP.1) {
        return Ok(fields);
    }
    Err(answer(
        401,
        json!({ "error": "invalid_client", "error_description": "The provided client secret is invalid." }),
    ))
}

async fn token(State(world): State<Shared>, body: Bytes) -> Response<Body> {
    let fields = match form(&body) {
        Ok(fields) => fields,
        Err(refused) => return refused,
    };
    let text = |name: &str| fields.get(name).map(String::as_str).unwrap_or_default();
    let mut youtube = world.youtube();
    let (channel, is_to_last) = match text("grant_type") {
        "refresh_token" => (youtube.renewals.get(text("refresh_token")).cloned(), false),
        "authorization_code" => {
            let code = youtube.codes.remove(text("code")).filter(|code| {
                let proof = URL_SAFE_NO_PAD.encode(Sha256::digest(text("code_verifier").as_bytes()));
                code.redirect == text("redirect_uri") && code.challenge == proof
            });
            let is_to_last = code.as_ref().is_some_and(|code| code.is_to_last);
            (code.map(|code| code.channel), is_to_last)
        }
        _ => return answer(400, json!({ "error": "unsupported_grant_type" })),
    };
    let Some(channel) = channel else {
        let said = "Token has been expired or revoked.";
        return answer(400, json!({ "error": "invalid_grant", "error_description": said }));
    };
    let mut opened = youtube.open(channel.clone());
    if is_to_last {
        let renewal = format!("1//{}", hash(format!("google renewal {}", youtube.mint())));
        youtube.renewals.insert(renewal.clone(), channel);
        opened["refresh_token"] = renewal.into();
    }
    for name in ["access_token", "refresh_token"] {
        world.issued().extend(opened[name].as_str().map(str::to_owned));
    }
    answer(200, opened)
}

async fn revoke(State(world): State<Shared>, body: Bytes) -> Response<Body> {
    match form(&body) {
        Ok(fields) => {
            let mut youtube = world.youtube();
            match youtube.renewals.remove(fields.get("token").map(String::as_str).unwrap_or_default()) {
                // All that was opened with it goes too.
                Some(channel) => {
                    youtube.accesses.retain(|_, access| access.channel != channel);
                    answer(200, json!({}))
                }
                None => answer(400, json!({ "error": "invalid_token" })),
            }
        }
        Err(refused) => refused,
    }
}

pub fn routes() -> Router<Shared> {
    Router::new().route("/o/oauth2/v2/auth", get(authorise)).route("/token", post(token)).route("/revoke", post(revoke))
}
