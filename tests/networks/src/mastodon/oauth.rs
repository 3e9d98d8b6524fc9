//! Registration and consent. Whoever comes agrees at once, unless the settings say that they refuse.

use std::collections::BTreeMap;

use axum::{
    body::Bytes,
    extract::{Query, State},
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use chrono::Utc;
use serde_json::json;
use sha2::{Digest, Sha256};

use super::fields;
use crate::{
    Shared,
    world::{answer, error, hash},
};

/// A registered program.
#[derive(Debug, Clone)]
pub struct Client {
    secret: String,
    redirect: String,
    scopes: String,
}

/// A code on its way.
#[derive(Debug, Clone)]
pub struct Code {
    client: String,
    account: String,
    redirect: String,
    /// What was agreed to.
    scopes: String,
    challenge: Option<String>,
}

/// Where it says how it lets in (RFC 8414), from 4.3 on.
pub const DOCUMENT: &str = "/.well-known/oauth-authorization-server";

/// What Mastodon 4.6 says there; and, if it is set to, that it says who it is.
pub async fn document(State(world): State<Shared>) -> Response {
    let (mastodon, origin) = (world.mastodon(), &world.origin);
    if mastodon.is_old || mastodon.is_compatible {
        return error(404, "Record not found");
    }
    let at = |path: &str| format!("{origin}{path}");
    let mut body = json!({
        "issuer": at("/"), "authorization_endpoint": at("/oauth/authorize"), "token_endpoint": at("/oauth/token"),
        "revocation_endpoint": at("/oauth/revoke"), "app_registration_endpoint": at("/api/v1/apps"),
        "scopes_supported": ["read", "write", "read:accounts", "read:statuses", "write:statuses", "write:media"],
        "response_types_supported": ["code"], "response_modes_supported": ["query", "fragment", "form_post"],
        "grant_types_supported": ["authorization_code", "client_credentials"],
        "token_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post"],
        "code_challenge_methods_supported": ["S256"], "service_documentation": "https://docs.joinmastodon.org/",
    });
    if mastodon.promises_name {
        body["authorization_response_iss_parameter_supported"] = true.into();
    }
    answer(200, body)
}

pub async fn register(State(world): State<Shared>, headers: HeaderMap, body: Bytes) -> Response {
    let fields = fields(&headers, &body);
    let text = |name: &str| fields[name].as_str().unwrap_or_default().to_owned();
    let (name, scopes) = (text("client_name"), text("scopes"));
    // A list, or one as text: servers take both since 4.3.
    let redirect = fields["redirect_uris"][0].as_str().map_or_else(|| text("redirect_uris"), ToOwned::to_owned);
    if name.is_empty() || redirect.is_empty() {
        return error(422, "Validation failed: Name can't be blank, Redirect URI can't be blank");
    }
    let mut mastodon = world.mastodon();
    if mastodon.is_old && fields["redirect_uris"].is_array() {
        return error(422, "Validation failed: Redirect URI must be an absolute URI.");
    }
    let id = mastodon.mint();
    let client_id = hash(format!("client {id}"));
    world.issued().push(hash(format!("secret {id}")));
    let client = Client { secret: hash(format!("secret {id}")), redirect: redirect.clone(), scopes: scopes.clone() };
    let body = json!({
        "id": id, "name": name, "website": fields["website"], "redirect_uri": redirect, "redirect_uris": [redirect],
        "client_id": client_id, "client_secret": client.secret, "client_secret_expires_at": 0,
        "vapid_key": "sandbox",
        "scopes": scopes.split(' ').collect::<Vec<_>>(),
    });
    mastodon.clients.insert(client_id, client);
    answer(200, body)
}

pub async fn authorise(State(world): State<Shared>, Query(query): Query<BTreeMap<String, String>>) -> Response {
    let part = |name: &str| query.get(name).cloned().unwrap_or_default();
    let mut mastodon = world.mastodon();
    let (client_id, redirect, state) = (part("client_id"), part("redirect_uri"), part("state"));
    if let Some(to) = &mastodon.mixes_up {
        return send_on(&format!("{to}&state={state}"));
    }
    let Some(client) = mastodon.clients.get(&client_id).cloned() else { return error(401, "invalid_client") };
    let asked = part("scope");
    let is_known = asked.split(' ').all(|scope| client.scopes.split(' ').any(|known| known == scope));
    if client.redirect != redirect || part("response_type") != "code" || !is_known {
        return error(400, "invalid_grant");
    }
    if query.contains_key("code_challenge") && part("code_challenge_method") != "S256" {
        return error(400, "invalid_code_challenge_method");
    }
    let name = mastodon.says_name.as_ref().map(|name| format!("&iss={name}")).unwrap_or_default();
    if mastodon.deny {
        return send_on(&format!("{redirect}?error=access_denied&state={state}{name}"));
    }
    let id = mastodon.mint();
    let code = hash(format!("code {id}"));
    let account = mastodon.account.clone();
    let challenge = query.get("code_challenge").cloned();
    let agreed = asked.split(' ').filter(|scope| !mastodon.declined.iter().any(|other| other == scope));
    let scopes = agreed.collect::<Vec<_>>().join(" ");
    let made = Code { client: client_id, account, redirect: redirect.clone(), scopes, challenge };
    mastodon.codes.insert(code.clone(), made);
    send_on(&format!("{redirect}?code={code}&state={state}{name}"))
}

fn send_on(to: &str) -> Response {
    (StatusCode::FOUND, [(header::LOCATION, to.to_owned())]).into_response()
}

pub async fn token(State(world): State<Shared>, headers: HeaderMap, body: Bytes) -> Response {
    let fields = fields(&headers, &body);
    let text = |name: &str| fields[name].as_str().unwrap_or_default();
    let mut mastodon = world.mastodon();
    let known = mastodon.clients.get(text("client_id")).is_some_and(|client| client.secret == text("client_secret"));
    if !known {
        return error(401, "invalid_client");
    }
    // A code is taken once, whatever comes of it.
    let code = mastodon.codes.remove(text("code"));
    let fits = |code: &Code| {
        let proof = URL_SAFE_NO_PAD.encode(Sha256::digest(text("code_verifier").as_bytes()));
        code.client == text("client_id")
            && code.redirect == text("redirect_uri")
            && code.challenge.as_ref().is_none_or(|challenge| *challenge == proof)
    };
    let Some(code) = code.filter(|code| fits(code) && text("grant_type") == "authorization_code") else {
        return error(400, "invalid_grant");
    };
    let id = mastodon.mint();
    let token = hash(format!("token {id}"));
    mastodon.tokens.insert(token.clone(), code.account);
    world.issued().push(token.clone());
    let body = json!({
        "access_token": token, "token_type": "Bearer", "scope": code.scopes, "created_at": Utc::now().timestamp(),
    });
    answer(200, body)
}

pub async fn revoke(State(world): State<Shared>, headers: HeaderMap, body: Bytes) -> Response {
    let fields = fields(&headers, &body);
    let mut mastodon = world.mastodon();
    let known = fields["client_id"].as_str().and_then(|id| mastodon.clients.get(id));
    if known.is_none_or(|client| fields["client_secret"].as_str() != Some(&client.secret)) {
        return error(403, "unauthorized_client");
    }
    if let Some(token) = fields["token"].as_str() {
        mastodon.tokens.remove(token);
    }
    answer(200, json!({}))
}
