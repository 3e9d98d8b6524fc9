//! How LinkedIn lets in: a person agrees, the code is exchanged once and with the very address that was named, an access
//! lasts sixty days, and what renews it, for apps that may, a year from the first.

use std::collections::BTreeMap;

use axum::{
    Router,
    body::{Body, Bytes},
    extract::{Query, State},
    http::{Response, StatusCode, header},
    response::IntoResponse,
    routing::{get, post},
};
use chrono::Utc;
use serde_json::{Value, json};

use super::{Linkedin, SCOPES};
use crate::{
    Shared,
    world::{answer, hash},
};

/// The developer app that is known here: its client and its secret.
pub const APP: (&str, &str) = ("86sandboxvilla", "WPL_AP1.sandbox-client_secret.of-linkedin==");

/// How long an access can be renewed, in seconds.
const A_YEAR: i64 = 31_536_000;

#[derive(Debug, Clone)]
pub struct Code {
    redirect: String,
    access: Access,
}

#[derive(Debug, Clone)]
pub struct Access {
    pub scopes: Vec<String>,
    pub ends: i64,
    /// When it can be renewed no more.
    renewable: i64,
}

impl Linkedin {
    /// An access, with what renews it: a new one, or the one that was used.
    fn open(&mut self, access: Access, renewal: Option<&str>) -> Value {
        let now = Utc::now().timestamp();
        let token = hash(format!("linkedin access {}", self.mint()));
        let access = Access { ends: now + self.life, ..access };
        self.accesses.insert(token.clone(), access.clone());
        let mut given = json!({ "access_token": token, "expires_in": self.life, "token_type": "Bearer",
            "scope": access.scopes.join(",") });
        if self.renews {
            let renewal = renewal.map_or_else(|| hash(format!("linkedin renewal {}", self.mint())), str::to_owned);
            given["refresh_token"] = renewal.clone().into();
            given["refresh_token_expires_in"] = (access.renewable - now).into();
            self.renewals.insert(renewal, access);
        }
        given
    }
}

async fn authorise(State(world): State<Shared>, Query(query): Query<BTreeMap<String, String>>) -> Response<Body> {
    let part = |name: &str| query.get(name).cloned().unwrap_or_default();
    let (redirect, state) = (part("redirect_uri"), part("state"));
    if part("client_id") != APP.0 || part("response_type") != "code" || redirect.is_empty() {
        return answer(400, json!({ "error": "invalid_request" }));
    }
    let mut linkedin = world.linkedin();
    if linkedin.deny {
        return send_on(&format!("{redirect}?error=user_cancelled_authorize&state={state}"));
    }
    let asked = part("scope");
    if !asked.split(' ').all(|scope| SCOPES.contains(&scope)) {
        return send_on(&format!("{redirect}?error=unauthorized_scope_error&state={state}"));
    }
    let declined = linkedin.declined.clone();
    let scopes = asked.split(' ').filter(|scope| !declined.iter().any(|one| one == scope)).map(str::to_owned).collect();
    let access = Access { scopes, ends: 0, renewable: Utc::now().timestamp() + A_YEAR };
    let code = hash(format!("linkedin code {}", linkedin.mint()));
    linkedin.codes.insert(code.clone(), Code { redirect: redirect.clone(), access });
    send_on(&format!("{redirect}?code={code}&state={state}"))
}

fn send_on(to: &str) -> Response<Body> {
    (StatusCode::FOUND, [(header::LOCATION, to.to_owned())]).into_response()
}

/// The fields of a form, if they say of which app it is.
fn form(body: &Bytes) -> Result<BTreeMap<String, String>, Response<Body>> {
    let uri = format!("/?{}", String::from_utf8_lossy(body)).parse().ok();
    let fields = uri.and_then(|uri| Query::<BTreeMap<String, String>>::try_from_uri(&uri).ok());
    let fields = fields.map(|Query(fields)| fields).unwrap_or_default();
    let is = |name: &str, value: &str| fields.get(name).is_some_and(|said| said == value);
    if is("client_id", APP.0) && is("client_secret", APP.1) {
        return Ok(fields);
    }
    Err(answer(401, json!({ "error": "invalid_client", "error_description": "Client authentication failed" })))
}

async fn token(State(world): State<Shared>, body: Bytes) -> Response<Body> {
    let fields = match form(&body) {
        Ok(fields) => fields,
        Err(refused) => return refused,
    };
    let text = |name: &str| fields.get(name).map(String::as_str).unwrap_or_default();
    let mut linkedin = world.linkedin();
    let now = Utc::now().timestamp();
    let (access, renewal) = match text("grant_type") {
        "refresh_token" => {
            let there = linkedin.renewals.get(text("refresh_token")).cloned();
            (there.filter(|access| access.renewable > now), Some(text("refresh_token")))
        }
        // A code is taken once, whatever comes of it.
        _ => (
            linkedin
                .codes
                .remove(text("code"))
                .filter(|code| code.redirect == text("redirect_uri"))
                .map(|code| code.access),
            None,
        ),
    };
    let Some(access) = access else {
        let said = "The provided authorization grant or refresh token is invalid, expired or revoked.";
        return answer(400, json!({ "error": "invalid_request", "error_description": said }));
    };
    let opened = linkedin.open(access, renewal);
    for name in ["access_token", "refresh_token"] {
        world.issued().extend(opened[name].as_str().map(str::to_owned));
    }
    answer(200, opened)
}

async fn introspect(State(world): State<Shared>, body: Bytes) -> Response<Body> {
    let fields = match form(&body) {
        Ok(fields) => fields,
        Err(refused) => return refused,
    };
    let linkedin = world.linkedin();
    let now = Utc::now().timestamp();
    match fields.get("token").and_then(|token| linkedin.accesses.get(token)).filter(|access| access.ends > now) {
        Some(access) => answer(
            200,
            json!({ "active": true, "client_id": APP.0, "status": "active", "scope": access.scopes.join(","),
                "expires_at": access.ends, "auth_type": "3L" }),
        ),
        None => answer(200, json!({ "active": false, "status": "revoked" })),
    }
}

pub fn routes() -> Router<Shared> {
    Router::new()
        .route("/oauth/v2/authorization", get(authorise))
        .route("/oauth/v2/accessToken", post(token))
        .route("/oauth/v2/introspectToken", post(introspect))
}
