//! What we call of Threads, by name, from Meta's guides (2026-09-11): there is no description of its own as data, so what is held
//! against it here is less than elsewhere.

use axum::{
    body::{Body, to_bytes},
    extract::{Request, State},
    http::Response,
    middleware::Next,
};

use crate::{
    Shared,
    facebook::{Asked, fields},
    threads::strange,
};

/// Method, path (`*` for an identity), parameters, fields that may be asked for.
const GUIDES: [(&str, &str, &[&str], &[&str]); 12] = [
    ("GET", "/oauth/authorize", &["client_id", "redirect_uri", "scope", "response_type", "state"], &[]),
    ("POST", "/oauth/access_token", &["client_id", "client_secret", "grant_type", "redirect_uri", "code"], &[]),
    ("GET", "/access_token", &["grant_type", "client_secret"], &[]),
    ("GET", "/refresh_access_token", &["grant_type"], &[]),
    ("GET", "/v1.0/me", &["fields"], &["id", "username", "name", "threads_profile_picture_url", "threads_biography"]),
    ("GET", "/v1.0/*", &["fields"], &FIELDS),
    ("DELETE", "/v1.0/*", &[], &[]),
    ("GET", "/v1.0/*/threads", &["fields", "since", "until", "limit"], &FIELDS),
    ("GET", "/v1.0/*/replies", &["fields", "since", "until", "limit"], &FIELDS),
    (
        "POST",
        "/v1.0/*/threads",
        &[
            "media_type",
            "text",
            "image_url",
            "video_url",
            "is_carousel_item",
            "children",
            "alt_text",
            "link_attachment",
            "reply_to_id",
            "reply_control",
            "topic_tag",
        ],
        &[],
    ),
    ("POST", "/v1.0/*/threads_publish", &["creation_id"], &[]),
    ("GET", "/v1.0/*/threads_publishing_limit", &["fields"], &["quota_usage", "config"]),
];

/// Of a post, and of a container.
const FIELDS: [&str; 21] = [
    "id",
    "media_product_type",
    "media_type",
    "media_url",
    "permalink",
    "owner",
    "username",
    "text",
    "timestamp",
    "shortcode",
    "thumbnail_url",
    "children",
    "alt_text",
    "link_attachment_url",
    "is_quote_post",
    "is_reply",
    "replied_to",
    "reply_audience",
    "topic_tag",
    "status",
    "error_message",
];

fn is_at(pattern: &str, path: &str) -> bool {
    let (pattern, path): (Vec<_>, Vec<_>) = (pattern.split('/').collect(), path.split('/').collect());
    pattern.len() == path.len() && pattern.iter().zip(&path).all(|(want, part)| *want == "*" || want == part)
}

/// What is wrong with a call.
fn objections(method: &str, path: &str, asked: &Asked) -> Vec<String> {
    let found = GUIDES.iter().find(|(verb, pattern, ..)| *verb == method && is_at(pattern, path));
    let Some((_, _, known, readable)) = found else { return vec!["there is no such operation".to_owned()] };
    let names = asked.parameters.keys().filter(|name| !known.contains(&name.as_str()));
    let names = names.map(|name| format!("there is no parameter `{name}`"));
    let wanted = fields(asked.text("fields"));
    let wanted = wanted.iter().filter(|field| !readable.contains(&field.as_str()));
    names.chain(wanted.map(|field| format!("there is no field `{field}`"))).collect()
}

/// Stands between every call to Threads and everything else.
pub async fn guard(State(world): State<Shared>, request: Request, next: Next) -> Response<Body> {
    let (head, body) = request.into_parts();
    let bytes = to_bytes(body, 20_000_000).await.unwrap_or_default();
    let asked = Asked::read(&head.uri, &head.headers, &bytes).await;
    let (method, path) = (head.method.to_string(), head.uri.path().trim_end_matches('/').to_owned());
    let found = objections(&method, &path, &asked);
    if !found.is_empty() {
        let message = format!("{method} {path} is not of the interface: {}", found.join("; "));
        world.objections().push(message.clone().into());
        return strange(&message);
    }
    next.run(Request::from_parts(head, Body::from(bytes))).await
}

#[cfg(test)]
mod tests {
    use axum::{
        body::Bytes,
        http::{HeaderMap, Uri},
    };

    use super::*;

    async fn wrong(method: &str, uri: &str) -> usize {
        let uri: Uri = uri.parse().unwrap();
        let asked = Asked::read(&uri, &HeaderMap::new(), &Bytes::new()).await;
        objections(method, uri.path(), &asked).len()
    }

    #[tokio::test]
    async fn what_is_in_no_guide_is_caught() {
        for (method, uri) in [
            ("GET", "/v1.0/me?fields=id,username,name"),
            ("POST", "/v1.0/1/threads?media_type=TEXT&text=a&link_attachment=b"),
            ("GET", "/v1.0/1?fields=status,error_message"),
            ("DELETE", "/v1.0/1"),
        ] {
            assert_eq!(wrong(method, uri).await, 0, "{method} {uri}");
        }
        for (method, uri) in [
            ("GET", "/v1.0/me?fields=id,handle"),
            ("POST", "/v1.0/1/threads?media_type=TEXT&message=a"),
            ("POST", "/v1.0/1"),
            ("GET", "/v2.0/me"),
            ("GET", "/v1.0/1/threads_publish"),
        ] {
            assert_eq!(wrong(method, uri).await, 1, "{method} {uri}");
        }
    }
}
