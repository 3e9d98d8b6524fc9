//! Consent and tokens. Whoever comes agrees at once, unless the settings say that they refuse.

use std::collections::BTreeMap;

use axum::{
    body::{Body, Bytes},
    extract::{Query, State},
    http::{HeaderMap, Response, StatusCode, Uri, header},
    response::IntoResponse,
};
use serde_json::json;
use sha2::{Digest, Sha256};

use super::{APP, Asked, CONFIGURED, Facebook, refuse};
use crate::{
    Shared,
    world::{answer, hash},
};

/// A code on its way.
#[derive(Debug, Clone)]
pub struct Code {
    redirect: String,
    scopes: Vec<String>,
}

/// What a token opens: a page, or else whatever its person has.
#[derive(Debug, Clone)]
pub struct Access {
    pub page: Option<String>,
    pub scopes: Vec<String>,
}

impl Facebook {
    /// A new token.
    pub fn open(&mut self, access: Access) -> String {
        let token = hash(format!("facebook token {}", self.mint()));
        self.tokens.insert(token.clone(), access);
        token
    }
}

/// HMAC-SHA256 under the app's secret (RFC 2104), spelled out: the engine's comes from a library.
pub fn proof(token: &str) -> String {
    let mut key = [0_u8; 64];
    key[..APP.1.len()].copy_from_slice(APP.1.as_bytes());
    let padded = |pad: u8| key.map(|byte| byte ^ pad);
    let inner = Sha256::new().chain_update(padded(0x36)).chain_update(token).finalize();
    hash([padded(0x5c).as_slice(), inner.as_slice()].concat())
}

pub async fn authorise(State(world): State<Shared>, Query(query): Query<BTreeMap<String, String>>) -> Response<Body> {
    let part = |name: &str| query.get(name).cloned().unwrap_or_default();
    let (redirect, state) = (part("redirect_uri"), part("state"));
    if part("client_id") != APP.0 || part("response_type") != "code" || redirect.is_empty() {
        return refuse(400, 101, None, "Error validating application. Invalid application ID.");
    }
    let mut facebook = world.facebook();
    if facebook.deny {
        let refused = "error=access_denied&error_code=200&error_description=Permissions+error&error_reason=user_denied";
        return send_on(&format!("{redirect}?{refused}&state={state}"));
    }
    let asked: Vec<String> = match query.get("scope") {
        Some(scope) => scope.split(',').map(str::to_owned).collect(),
        None => CONFIGURED.map(str::to_owned).to_vec(),
    };
    let scopes = asked.into_iter().filter(|scope| !facebook.declined.contains(scope)).collect();
    let code = hash(format!("facebook code {}", facebook.mint()));
    facebook.codes.insert(code.clone(), Code { redirect: redirect.clone(), scopes });
    send_on(&format!("{redirect}?code={code}&state={state}"))
}

fn send_on(to: &str) -> Response<Body> {
    (StatusCode::FOUND, [(header::LOCATION, to.to_owned())]).into_response()
}

pub async fn token(State(world): State<Shared>, uri: Uri, headers: HeaderMap, body: Bytes) -> Response<Body> {
    let asked = Asked::read(&uri, &headers, &body).await;
    if (asked.text("client_id"), asked.text("client_secret")) != APP {
        return refuse(400, 1, None, "Error validating client secret.");
    }
    let mut facebook = world.facebook();
    let access = match asked.text("grant_type") {
        "fb_exchange_token" => facebook.tokens.get(asked.text("fb_exchange_token")).cloned(),
        // A code is taken once, whatever comes of it.
        _ => facebook.codes.remove(asked.text("code")).and_then(|code| {
            (code.redirect == asked.text("redirect_uri")).then_some(Access { page: None, scopes: code.scopes })
        }),
    };
    let Some(access) = access else { return refuse(400, 100, Some(36_007), "Invalid verification code") };
    let token = facebook.open(access);
    answer(200, json!({ "access_token": token, "token_type": "bearer", "expires_in": 5_183_944 }))
}

pub async fn debug(State(world): State<Shared>, uri: Uri, headers: HeaderMap) -> Response<Body> {
    let asked = Asked::read(&uri, &headers, &Bytes::new()).await;
    if asked.token.as_deref() != Some(&format!("{}|{}", APP.0, APP.1)) {
        return refuse(400, 190, None, "Invalid OAuth access token.");
    }
    let facebook = world.facebook();
    let data = match facebook.tokens.get(asked.text("input_token")) {
        Some(access) => json!({
            "app_id": facebook.token_of.as_deref().unwrap_or(APP.0), "type": if access.page.is_some() { "PAGE" } else { "USER" }, "application": "Sandbox",
            "expires_at": 0, "data_access_expires_at": facebook.data_access_ends, "is_valid": true,
            "profile_id": access.page, "scopes": access.scopes, "user_id": "1",
        }),
        None => json!({
            "app_id": APP.0, "is_valid": false, "scopes": [],
            "error": { "code": 190, "message": "The session has been invalidated", "subcode": 460 },
        }),
    };
    answer(200, json!({ "data": data }))
}

pub async fn permissions(State(world): State<Shared>, uri: Uri, headers: HeaderMap) -> Response<Body> {
    let asked = Asked::read(&uri, &headers, &Bytes::new()).await;
    let facebook = world.facebook();
    let granted = match facebook.access(&asked) {
        Ok(access) => access.scopes.iter().map(|scope| (scope, "granted")),
        Err(refused) => return refused,
    };
    let declined = facebook.declined.iter().map(|scope| (scope, "declined"));
    let all = granted.chain(declined).map(|(permission, status)| json!({ "permission": permission, "status": status }));
    answer(200, json!({ "data": all.collect::<Vec<_>>() }))
}
