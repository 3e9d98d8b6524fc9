//! How TikTok lets in: a person agrees, the code is exchanged once, with the very address that was named and its proof; what renews
//! an access works once and brings the next.

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

use super::{SCOPES, Tiktok, open_id};
use crate::{
    Shared,
    world::{answer, hash},
};

/// The app that is known here: its key and its secret.
pub const APP: (&str, &str) = ("awvillaserena0000", "sandbox-client_secret-of-tiktok");

/// How long an access can be renewed, in seconds.
const HALF_A_YEAR: i64 = 15_552_000;

#[derive(Debug, Clone)]
pub struct Code {
    redirect: String,
    challenge: String,
    access: Access,
}

#[derive(Debug, Clone)]
pub struct Access {
    pub account: String,
    pub scopes: Vec<String>,
    pub ends: i64,
}

impl Tiktok {
    fn open(&mut self, access: Access) -> Value {
        let token = format!("act.{}", hash(format!("tiktok access {}", self.mint())));
        let renewal = format!("rft.{}", hash(format!("tiktok renewal {}", self.mint())));
        let access = Access { ends: Utc::now().timestamp() + self.life, ..access };
        let (id, scope) = (open_id(&access.account), access.scopes.join(","));
        self.accesses.insert(token.clone(), access.clone());
        self.renewals.insert(renewal.clone(), access);
        json!({ "open_id": id, "scope": scope, "access_token": token, "expires_in": self.life, "refresh_token": renewal,
            "refresh_expires_in": HALF_A_YEAR, "token_type": "Bearer" })
    }
}

async fn authorise(State(world): State<Shared>, Query(query): Query<BTreeMap<String, String>>) -> Response<Body> {
    let part = |name: &str| query.get(name).cloned().unwrap_or_default();
    let (redirect, state) = (part("redirect_uri"), part("state"));
    let proven = part("code_challenge_method") == "S256" && !part("code_challenge").is_empty();
    if part("client_key") != APP.0 || part("response_type") != "code" || redirect.is_empty() || !proven {
        return answer(400, json!({ "error": "invalid_request" }));
    }
    let mut tiktok = world.tiktok();
    if tiktok.deny {
        return send_on(&format!("{redirect}?error=access_denied&state={state}"));
    }
    let asked = part("scope");
    if !asked.split(',').all(|scope| SCOPES.contains(&scope)) {
        return send_on(&format!("{redirect}?error=invalid_scope&state={state}"));
    }
    let declined = tiktok.declined.clone();
    let scopes = asked.split(',').filter(|scope| !declined.iter().any(|one| one == scope)).map(str::to_owned).collect();
    let access = Access { account: tiktok.account.clone(), scopes, ends: 0 };
    let code = hash(format!("tiktok code {}", tiktok.mint()));
    tiktok.codes.insert(code.clone(), Code { redirect: redirect.clone(), challenge: part("code_challenge"), access });
    send_on(&format!("{redirect}?code={code}&state={state}&scopes={asked}"))
}

fn send_on(to: &str) -> Response<Body> {
    (StatusCode::FOUND, [(header::LOCATION, to.to_owned())]).into_response()
}

fn form(body: &Bytes) -> Result<BTreeMap<String, String>, Response<Body>> {
    let uri = format!("/?{}", String::from_utf8_lossy(body)).parse().ok();
    let fields = uri.and_then(|uri| Query::<BTreeMap<String, String>>::try_from_uri(&uri).ok());
    let fields = fields.map(|Query(fields)| fields).unwrap_or_default();
    let is = |name: &str, value: &str| fields.get(name).is_some_and(|said| said == value);
    if is("client_key", APP.0) && is("client_secret", APP.1) {
        return Ok(fields);
    }
    Err(no("invalid_client", "Client key or secret is incorrect."))
}

fn no(error: &str, said: &str) -> Response<Body> {
    answer(400, json!({ "error": error, "error_description": said, "log_id": "2026112900" }))
}

async fn token(State(world): State<Shared>, body: Bytes) -> Response<Body> {
    let fields = match form(&body) {
        Ok(fields) => fields,
        Err(refused) => return refused,
    };
    let text = |name: &str| fields.get(name).map(String::as_str).unwrap_or_default();
    let mut tiktok = world.tiktok();
    // A code and a renewal are taken once, whatever comes of it.
    let access = match text("grant_type") {
        "refresh_token" => tiktok.renewals.remove(text("refresh_token")),
        _ => tiktok
            .codes
            .remove(text("code"))
            .filter(|code| {
                let proof = URL_SAFE_NO_PAD.encode(Sha256::digest(text("code_verifier").as_bytes()));
                code.redirect == text("redirect_uri") && code.challenge == proof
            })
            .map(|code| code.access),
    };
    let Some(access) = access else { return no("invalid_grant", "The grant is invalid or expired.") };
    let opened = tiktok.open(access);
    for name in ["access_token", "refresh_token"] {
        world.issued().extend(opened[name].as_str().map(str::to_owned));
    }
    answer(200, opened)
}

async fn revoke(State(world): State<Shared>, body: Bytes) -> Response<Body> {
    match form(&body) {
        Ok(fields) => {
            let mut tiktok = world.tiktok();
            if let Some(access) = tiktok.accesses.remove(fields.get("token").map(String::as_str).unwrap_or_default()) {
                tiktok.renewals.retain(|_, one| one.account != access.account);
            }
            answer(200, json!({}))
        }
        Err(refused) => refused,
    }
}

pub fn routes() -> Router<Shared> {
    Router::new()
        .route("/v2/auth/authorize/", get(authorise))
        .route("/v2/oauth/token/", post(token))
        .route("/v2/oauth/revoke/", post(revoke))
}
