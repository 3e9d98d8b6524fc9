//! What we call of Instagram by its own login. How one is let in stands in Meta's guide alone (2026-09-11), so it is held against names
//! from there; the interface itself is that of Meta's description.

use axum::{
    body::{Body, to_bytes},
    extract::{Request, State},
    http::Response,
    middleware::Next,
};

use super::meta;
use crate::{
    Shared,
    facebook::{Asked, fields},
    threads::strange,
};

/// Method, path, parameters.
const GUIDE: [(&str, &str, &[&str]); 5] = [
    ("GET", "/oauth/authorize", &["client_id", "redirect_uri", "scope", "response_type", "state"]),
    ("POST", "/oauth/access_token", &["client_id", "client_secret", "grant_type", "redirect_uri", "code"]),
    ("GET", "/access_token", &["grant_type", "client_secret"]),
    ("GET", "/refresh_access_token", &["grant_type"]),
    ("GET", "/v25.0/me", &["fields"]),
];

/// What may be asked of whom a token opens.
const ME: [&str; 5] = ["id", "user_id", "username", "name", "account_type"];

/// Stands between every call to it and everything else.
pub async fn guard(State(world): State<Shared>, request: Request, next: Next) -> Response<Body> {
    let (head, body) = request.into_parts();
    let bytes = to_bytes(body, 20_000_000).await.unwrap_or_default();
    let asked = Asked::read(&head.uri, &head.headers, &bytes).await;
    let (method, path) = (head.method.to_string(), head.uri.path().trim_end_matches('/').to_owned());
    let known = GUIDE.iter().find(|(verb, place, _)| *verb == method && *place == path);
    let Some((_, _, known)) = known else {
        let request = Request::from_parts(head, Body::from(bytes));
        return match meta::is_graph(&path) {
            true => meta::guard(State(world), request, next).await,
            false => next.run(request).await,
        };
    };
    let names = asked.parameters.keys().filter(|name| !known.contains(&name.as_str()));
    let mut found: Vec<String> = names.map(|name| format!("there is no parameter `{name}`")).collect();
    let wanted = fields(asked.text("fields"));
    found.extend(
        wanted.iter().filter(|field| !ME.contains(&field.as_str())).map(|name| format!("there is no field `{name}`")),
    );
    if !found.is_empty() {
        let message = format!("{method} {path} is not of the interface: {}", found.join("; "));
        world.objections().push(message.clone().into());
        return strange(&message);
    }
    next.run(Request::from_parts(head, Body::from(bytes))).await
}
