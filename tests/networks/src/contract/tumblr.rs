//! What Tumblr's documentation says of the calls that we make, by name and type (tumblr/docs, `api.md` and `npf-spec.md`,
//! at `708be10` of 2024-10-18). Written out by us, for there is no description of it by anybody that a program can read:
//! so it proves less than the others. Every request to the sandbox, and every answer, is held against it; a field that it
//! does not know is refused.

use std::sync::LazyLock;

use axum::{
    body::{Body, Bytes, to_bytes},
    extract::{DefaultBodyLimit, FromRequest, Multipart, Request, State},
    http::{HeaderMap, Response},
    middleware::Next,
};
use serde_json::{Value, json};

use super::{Asked, Call, Contract, FORM, PARTS, fields, mime};
use crate::Shared;

fn object(fields: Value, required: &[&str]) -> Value {
    json!({ "type": "object", "properties": fields, "required": required, "additionalProperties": false })
}

/// The blocks that we write, and get back.
fn block() -> Value {
    let (text, number) = (json!({ "type": "string" }), json!({ "type": "integer" }));
    let media =
        object(json!({ "type": text, "identifier": text, "url": text, "width": number, "height": number }), &[]);
    let range = object(
        json!({ "start": number, "end": number, "type": { "const": "link" }, "url": text }),
        &["start", "end", "type", "url"],
    );
    let words = object(
        json!({ "type": { "const": "text" }, "text": text, "formatting": { "type": "array", "items": range } }),
        &["type", "text"],
    );
    let pictures = json!({ "anyOf": [{ "type": "array", "items": media, "minItems": 1 }, media] });
    let image =
        object(json!({ "type": { "const": "image" }, "media": pictures, "alt_text": text }), &["type", "media"]);
    let link = object(json!({ "type": { "const": "link" }, "url": text, "title": text }), &["type", "url"]);
    let posters = json!({ "type": "array", "items": media });
    let video = object(
        json!({ "type": { "const": "video" }, "media": media, "provider": text, "poster": posters }),
        &["type", "media"],
    );
    json!({ "oneOf": [words, image, link, video] })
}

fn post() -> Value {
    let blocks = json!({ "type": "array", "items": block(), "maxItems": 1_000 });
    let state = json!({ "enum": ["published", "queue", "draft", "private", "unapproved"] });
    object(json!({ "content": blocks, "state": state, "tags": { "type": "string" } }), &["content"])
}

fn answers(status: &str, response: Value) -> Value {
    let meta = object(json!({ "status": { "type": "integer" }, "msg": { "type": "string" } }), &["status", "msg"]);
    let schema = json!({ "type": "object", "properties": { "meta": meta, "response": response }, "required": ["meta", "response"] });
    json!({ status: { "content": { "application/json": { "schema": schema } } } })
}

fn description() -> Value {
    let text = json!({ "type": "string" });
    let of_type = |mime: &str, schema: &Value| json!({ "required": true, "content": { mime: { "schema": schema } } });
    let named = json!({ "type": "object", "properties": { "id": text }, "required": ["id"] });
    let there = json!({ "type": "object", "required": ["content"], "properties": { "id_string": text, "timestamp": { "type": "integer" },
        "content": { "type": "array", "items": block() } } });
    let blogs = json!({ "type": "array", "items": { "type": "object", "required": ["name", "title", "url"] } });
    let user =
        json!({ "type": "object", "properties": { "user": { "type": "object", "properties": { "blogs": blogs } } } });
    let list = json!({ "type": "object", "properties": { "posts": { "type": "array", "items": there } }, "required": ["posts"] });
    let query = |name: &str, kind: &str| json!({ "name": name, "in": "query", "schema": { "type": kind } });
    let grant = |kind: &str, field: &str, more: Value| {
        let mut fields =
            json!({ "grant_type": { "const": kind }, "client_id": text, "client_secret": text, field: text });
        fields
            .as_object_mut()
            .into_iter()
            .for_each(|fields| fields.extend(more.as_object().cloned().unwrap_or_default()));
        object(fields, &["grant_type", "client_id", "client_secret", field])
    };
    let grants = json!({ "oneOf": [
        grant("authorization_code", "code", json!({ "redirect_uri": text })),
        grant("refresh_token", "refresh_token", json!({})),
    ] });
    let body = of_type("application/json", &post());
    let mut deletion = of_type(FORM, &object(json!({ "id": text }), &["id"]));
    deletion["content"]["application/json"] = deletion["content"][FORM].clone();
    json!({ "components": {}, "paths": {
        "/v2/oauth2/token": { "post": { "requestBody": of_type(FORM, &grants) } },
        "/v2/user/info": { "get": { "responses": answers("200", user) } },
        "/v2/blog/{blog}/posts": {
            "get": {
                "parameters": [query("npf", "boolean"), query("limit", "integer"), query("offset", "integer"), query("api_key", "string")],
                "responses": answers("200", list),
            },
            "post": { "requestBody": body, "responses": answers("201", named.clone()) },
        },
        "/v2/blog/{blog}/posts/{id}": {
            "get": { "parameters": [query("post_format", "string")], "responses": answers("200", there) },
            "put": { "requestBody": body, "responses": answers("200", named) },
        },
        "/v2/blog/{blog}/post/delete": { "post": { "requestBody": deletion } },
    } })
}

fn contract() -> &'static Contract {
    static CONTRACT: LazyLock<Contract> =
        LazyLock::new(|| Contract::of(&description()).unwrap_or_else(|why| panic!("{why}")));
    &CONTRACT
}

/// A post that comes in a form: its part of that name, as if it had come alone. The others are pictures, or a video. The
/// documentation puts it first; Tumblr's own client does not.
async fn part_of_the_post(headers: &HeaderMap, bytes: &Bytes) -> Option<Value> {
    let mut request = Request::new(Body::from(bytes.clone()));
    *request.headers_mut() = headers.clone();
    DefaultBodyLimit::disable().apply(&mut request);
    let mut form = Multipart::from_request(request, &()).await.ok()?;
    while let Some(field) = form.next_field().await.ok()? {
        if field.name() == Some("json") {
            return serde_json::from_slice(&field.bytes().await.ok()?).ok();
        }
    }
    None
}

/// Stands between every request and everything else.
pub async fn guard(State(world): State<Shared>, request: Request, next: Next) -> Response<Body> {
    let (head, body) = request.into_parts();
    let bytes = to_bytes(body, 20_000_000).await.unwrap_or_default();
    let (method, path) = (head.method.to_string(), head.uri.path().to_owned());
    let mut headers = head.headers.clone();
    let body = if mime(&head.headers) == PARTS {
        headers.insert("content-type", axum::http::HeaderValue::from_static("application/json"));
        part_of_the_post(&head.headers, &bytes).await
    } else {
        fields(&head.headers, &bytes).await
    };
    let found = contract().objections(&Asked { method: &method, uri: &head.uri, headers: &headers, body });
    if !found.is_empty() {
        let message = format!("{} is not of the interface: {}", Call(&method, &path), found.join("; "));
        world.objections().push(message.clone().into());
        return crate::tumblr::refuse(400, "Bad Request", Some((8_001, &message)));
    }
    let answer = next.run(Request::from_parts(head, Body::from(bytes))).await;
    let (head, body) = answer.into_parts();
    let bytes = to_bytes(body, 20_000_000).await.unwrap_or_default();
    // A fault's answer is meant to be wrong.
    if head.extensions.get::<crate::faults::Rehearsed>().is_none() {
        let found = contract().of_answer(&method, &path, head.status.as_u16(), &bytes);
        let told = found.iter().map(|why| format!("our answer to {}: {why}", Call(&method, &path)).into());
        world.objections().extend(told);
    }
    Response::from_parts(head, Body::from(bytes))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(method: &str, uri: &str, body: Option<Value>) -> Vec<String> {
        let mut headers = HeaderMap::new();
        let is_form = uri.ends_with("/token") || uri.ends_with("/delete");
        headers.insert("content-type", if is_form { FORM } else { "application/json" }.parse().unwrap());
        contract().objections(&Asked { method, uri: &uri.parse().unwrap(), headers: &headers, body })
    }

    fn with(block: Value) -> Option<Value> {
        Some(json!({ "content": [block], "state": "published", "tags": "Pleno" }))
    }

    #[test]
    fn what_we_send_is_of_the_interface_and_what_is_not_is_caught() {
        let link = json!({ "type": "link", "start": 0, "end": 3, "url": "https://a.es" });
        let media = json!({ "type": "image/png", "identifier": "picture-0", "width": 1, "height": 1 });
        let film = json!({ "type": "video/mp4", "identifier": "video", "width": 64, "height": 36 });
        let posts = "/v2/blog/villa/posts";
        for (method, uri, body) in [
            ("POST", posts, with(json!({ "type": "text", "text": "Hola", "formatting": [link] }))),
            ("POST", posts, with(json!({ "type": "image", "media": [media], "alt_text": "La plaza" }))),
            ("POST", posts, with(json!({ "type": "video", "media": film }))),
            ("PUT", "/v2/blog/villa/posts/1", with(json!({ "type": "link", "url": "https://a.es", "title": "A" }))),
            ("GET", "/v2/blog/villa/posts?npf=true&limit=20", None),
            ("GET", "/v2/user/info", None),
            ("POST", "/v2/blog/villa/post/delete", Some(json!({ "id": "1" }))),
            (
                "POST",
                "/v2/oauth2/token",
                Some(json!({ "grant_type": "refresh_token", "refresh_token": "r", "client_id": "i",
                "client_secret": "s" })),
            ),
        ] {
            assert_eq!(said(method, uri, body), Vec::<String>::new(), "{method} {uri}");
        }
        for (what, method, uri, body) in [
            ("a block of no type", "POST", posts, with(json!({ "text": "Hola" }))),
            ("a field that is not there", "POST", posts, with(json!({ "type": "text", "text": "Hola", "alt": "" }))),
            ("a video of several media", "POST", posts, with(json!({ "type": "video", "media": [film] }))),
            ("tags as a list", "POST", posts, Some(json!({ "content": [], "tags": ["Pleno"] }))),
            ("a parameter that is not there", "GET", "/v2/blog/villa/posts?count=3", None),
            (
                "half a grant",
                "POST",
                "/v2/oauth2/token",
                Some(json!({ "grant_type": "authorization_code", "code": "c" })),
            ),
            ("a path that is not there", "DELETE", "/v2/blog/villa/posts/1", None),
        ] {
            assert!(!said(method, uri, body).is_empty(), "{what}");
        }
        let told =
            contract().of_answer("POST", posts, 201, br#"{"meta":{"status":201,"msg":"Created"},"response":{"id":1}}"#);
        assert!(!told.is_empty(), "a name that is a number");
    }
}
