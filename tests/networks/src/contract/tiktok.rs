//! What TikTok's pages say of the calls that we make, by name and type (Content Posting API, Login Kit, user info; copies of
//! 2026-09-11, tokens of 2026-11-05). Written out by us, for there is no description of it by anybody that a program can read: so it
//! proves less than the others. Every request to the sandbox, and every answer, is held against it; a field that it does not
//! know is refused.

use std::sync::LazyLock;

use axum::{
    body::{Body, to_bytes},
    extract::{Request, State},
    http::Response,
    middleware::Next,
};
use serde_json::{Value, json};

use super::{Asked, Call, Contract, FORM, JSON, fields};
use crate::Shared;

fn object(fields: Value, required: &[&str]) -> Value {
    json!({ "type": "object", "properties": fields, "required": required, "additionalProperties": false })
}

fn description() -> Value {
    let (text, truth, number) =
        (json!({ "type": "string" }), json!({ "type": "boolean" }), json!({ "type": "integer" }));
    let of_type = |mime: &str, schema: Value| json!({ "required": true, "content": { mime: { "schema": schema } } });
    let levels = ["PUBLIC_TO_EVERYONE", "MUTUAL_FOLLOW_FRIENDS", "FOLLOWER_OF_CREATOR", "SELF_ONLY"];
    let level = json!({ "enum": levels });
    let error = object(json!({ "code": text, "message": text, "log_id": text }), &["code", "message", "log_id"]);
    let answers = |data: Value| {
        let whole = object(json!({ "data": data, "error": error }), &["data", "error"]);
        json!({ "200": { "content": { JSON: { "schema": whole } } } })
    };
    let video = object(
        json!({
            "post_info": object(json!({ "title": text, "privacy_level": level, "disable_comment": truth, "disable_duet": truth,
                "disable_stitch": truth, "video_cover_timestamp_ms": number, "brand_content_toggle": truth,
                "brand_organic_toggle": truth, "is_aigc": truth }), &["privacy_level"]),
            "source_info": object(json!({ "source": { "enum": ["FILE_UPLOAD", "PULL_FROM_URL"] }, "video_size": number,
                "chunk_size": number, "total_chunk_count": number, "video_url": text }), &["source"]),
        }),
        &["post_info", "source_info"],
    );
    let pictures = object(
        json!({
            "media_type": { "const": "PHOTO" }, "post_mode": { "enum": ["DIRECT_POST", "MEDIA_UPLOAD"] },
            "post_info": object(json!({ "title": text, "description": text, "privacy_level": level, "disable_comment": truth,
                "auto_add_music": truth, "brand_content_toggle": truth, "brand_organic_toggle": truth }), &["privacy_level"]),
            "source_info": object(json!({ "source": { "const": "PULL_FROM_URL" }, "photo_cover_index": number,
                "photo_images": { "type": "array", "items": text, "minItems": 1, "maxItems": 35 } }),
                &["source", "photo_images", "photo_cover_index"]),
        }),
        &["media_type", "post_mode", "post_info", "source_info"],
    );
    let state = json!({ "enum": ["PROCESSING_UPLOAD", "PROCESSING_DOWNLOAD", "SEND_TO_USER_INBOX", "PUBLISH_COMPLETE", "FAILED"] });
    let stands = json!({ "status": state, "fail_reason": text, "uploaded_bytes": number, "downloaded_bytes": number,
        "publicaly_available_post_id": { "type": "array", "items": number } });
    let creator = json!({ "creator_avatar_url": text, "creator_username": text, "creator_nickname": text, "comment_disabled": truth,
        "privacy_level_options": { "type": "array", "items": level }, "duet_disabled": truth, "stitch_disabled": truth,
        "max_video_post_duration_sec": number });
    let grant = |kind: &str, more: &[&str]| {
        let names = ["grant_type", "client_key", "client_secret"].iter().chain(more);
        let mut schema = object(names.clone().map(|name| ((*name).to_owned(), text.clone())).collect(), &[]);
        schema["properties"]["grant_type"] = json!({ "const": kind });
        schema["required"] = names.copied().collect::<Vec<_>>().into();
        schema
    };
    let grants = json!({ "oneOf": [
        grant("authorization_code", &["code", "redirect_uri", "code_verifier"]),
        grant("refresh_token", &["refresh_token"]),
    ] });
    let revoked = object(
        json!({ "client_key": text, "client_secret": text, "token": text }),
        &["client_key", "client_secret", "token"],
    );
    let signed = json!([{ "user": [] }]);
    let begun = object(json!({ "publish_id": text, "upload_url": text }), &["publish_id"]);
    let named = object(json!({ "publish_id": text }), &["publish_id"]);
    let post = |body: Value, data: Value| json!({ "post": { "security": signed, "requestBody": of_type(JSON, body), "responses": answers(data) } });
    let person = json!({ "type": "object", "properties": { "user": { "type": "object", "required": ["open_id"] } }, "required": ["user"] });
    // TikTok's page names the type of a body and sends none, and so does the client that is not ours; we send an empty object.
    let mut offers = post(object(json!({}), &[]), object(creator, &["privacy_level_options"]));
    offers["post"]["requestBody"]["required"] = json!(false);
    let query = json!([{ "name": "fields", "in": "query", "required": true, "schema": text }]);
    json!({ "components": {}, "paths": {
        "/v2/oauth/token/": { "post": { "requestBody": of_type(FORM, grants) } },
        "/v2/oauth/revoke/": { "post": { "requestBody": of_type(FORM, revoked) } },
        "/v2/user/info/": { "get": { "security": signed, "parameters": query, "responses": answers(person) } },
        "/v2/post/publish/creator_info/query/": offers,
        "/v2/post/publish/video/init/": post(video, begun),
        "/v2/post/publish/content/init/": post(pictures, named.clone()),
        "/v2/post/publish/status/fetch/": post(named, object(stands, &["status"])),
    } })
}

fn contract() -> &'static Contract {
    static CONTRACT: LazyLock<Contract> =
        LazyLock::new(|| Contract::of(&description()).unwrap_or_else(|why| panic!("{why}")));
    &CONTRACT
}

/// Stands between every request and everything else.
pub async fn guard(State(world): State<Shared>, request: Request, next: Next) -> Response<Body> {
    let (head, body) = request.into_parts();
    let bytes = to_bytes(body, 20_000_000).await.unwrap_or_default();
    let (method, path) = (head.method.to_string(), head.uri.path().to_owned());
    let body = fields(&head.headers, &bytes).await;
    let found = contract().objections(&Asked { method: &method, uri: &head.uri, headers: &head.headers, body });
    if !found.is_empty() {
        let message = format!("{} is not of the interface: {}", Call(&method, &path), found.join("; "));
        world.objections().push(message.clone().into());
        return crate::tiktok::refuse(400, "invalid_params", &message);
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
    use axum::http::{HeaderMap, HeaderValue};

    use super::*;

    fn said(uri: &str, body: Value) -> Vec<String> {
        let mut headers = HeaderMap::new();
        let mime = if uri.contains("/oauth/") { FORM } else { JSON };
        headers.insert("content-type", HeaderValue::from_static(mime));
        headers.insert("authorization", HeaderValue::from_static("Bearer t"));
        contract().objections(&Asked {
            method: "POST",
            uri: &uri.parse().unwrap(),
            headers: &headers,
            body: Some(body),
        })
    }

    #[test]
    fn what_we_send_is_of_the_interface_and_what_is_not_is_caught() {
        let video = |level: &str, field: &str| {
            let info = json!({ "title": "Hola", "privacy_level": level, "disable_duet": true, field: true });
            let source = json!({ "source": "FILE_UPLOAD", "video_size": 9, "chunk_size": 9, "total_chunk_count": 1 });
            json!({ "post_info": info, "source_info": source })
        };
        let (init, status) = ("/v2/post/publish/video/init/", "/v2/post/publish/status/fetch/");
        assert_eq!(said(init, video("SELF_ONLY", "is_aigc")), Vec::<String>::new());
        assert_eq!(said(status, json!({ "publish_id": "v" })), Vec::<String>::new());
        assert_eq!(said("/v2/post/publish/creator_info/query/", json!({})), Vec::<String>::new());
        for (what, uri, body) in [
            ("an audience that is not there", init, video("UNLISTED", "is_aigc")),
            ("a field that is not there", init, video("SELF_ONLY", "alt_text")),
            ("no identity", status, json!({})),
            ("half a grant", "/v2/oauth/token/", json!({ "grant_type": "authorization_code", "code": "c" })),
            (
                "another app's name",
                "/v2/oauth/revoke/",
                json!({ "client_id": "a", "client_secret": "b", "token": "t" }),
            ),
        ] {
            assert!(!said(uri, body).is_empty(), "{what}");
        }
        let told = |data: Value| {
            let body = json!({ "data": data, "error": { "code": "ok", "message": "", "log_id": "1" } });
            contract().of_answer("POST", status, 200, body.to_string().as_bytes())
        };
        assert_eq!(told(json!({ "status": "FAILED", "fail_reason": "internal" })), Vec::<String>::new());
        assert!(!told(json!({ "status": "DONE" })).is_empty());
    }
}
