//! YouTube's interface as Google's discovery document describes it, without any deviation. Separate because videos come in two
//! parts or not at all: of the first part the document speaks, of the bytes it does not.

use std::sync::LazyLock;

use axum::{
    body::{Body, to_bytes},
    extract::{Request, State},
    http::{HeaderValue, Response},
    middleware::Next,
};

use super::{Asked, Call, Contract, JSON};
use crate::Shared;

/// The operations that we call; see `tests/networks/contract/README.md`.
const DESCRIPTION: &str = include_str!("../../contract/youtube.json");

fn contract() -> &'static Contract {
    static CONTRACT: LazyLock<Contract> = LazyLock::new(|| {
        let whole = serde_json::from_str(DESCRIPTION).map_err(|error| error.to_string());
        whole.and_then(|whole| Contract::of(&whole)).unwrap_or_else(|why| panic!("{why}"))
    });
    &CONTRACT
}

/// Stands between every request and everything else.
pub async fn guard(State(world): State<Shared>, request: Request, next: Next) -> Response<Body> {
    let (head, body) = request.into_parts();
    let bytes = to_bytes(body, 20_000_000).await.unwrap_or_default();
    let (method, path) = (head.method.to_string(), head.uri.path().to_owned());
    let said = crate::youtube::said(&head.headers, &bytes);
    let mut headers = head.headers.clone();
    headers.insert("content-type", HeaderValue::from_static(JSON));
    let found = contract().objections(&Asked { method: &method, uri: &head.uri, headers: &headers, body: said });
    if !found.is_empty() {
        let message = format!("{} is not of the interface: {}", Call(&method, &path), found.join("; "));
        world.objections().push(message.clone().into());
        return crate::youtube::refuse(400, "badRequest", &message);
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
    use axum::http::HeaderMap;
    use serde_json::{Value, json};

    use super::*;

    fn said(method: &str, uri: &str, body: Option<Value>) -> Vec<String> {
        let mut headers = HeaderMap::new();
        headers.insert("content-type", HeaderValue::from_static(JSON));
        headers.insert("authorization", HeaderValue::from_static("Bearer t"));
        contract().objections(&Asked { method, uri: &uri.parse().unwrap(), headers: &headers, body })
    }

    const PARTS: &str = "part=snippet,status,paidProductPlacementDetails";

    fn video() -> Value {
        json!({
            "snippet": { "title": "La banda", "description": "Hoy.", "defaultLanguage": "es", "categoryId": "22", "tags": ["Fiesta"] },
            "status": { "privacyStatus": "private", "selfDeclaredMadeForKids": false, "containsSyntheticMedia": false },
            "paidProductPlacementDetails": { "hasPaidProductPlacement": false },
        })
    }

    #[test]
    fn what_we_send_is_of_the_interface_and_what_is_not_is_caught() {
        let upload = format!("/upload/youtube/v3/videos?uploadType=resumable&{PARTS}");
        let captions = "/upload/youtube/v3/captions?uploadType=multipart&part=snippet";
        let words = json!({ "videoId": "dQw4w9WgXcQ", "language": "es", "name": "", "isDraft": false });
        let mut named = video();
        named["id"] = "dQw4w9WgXcQ".into();
        for (method, uri, body) in [
            ("POST", upload.as_str(), Some(video())),
            ("PUT", "/youtube/v3/videos?part=snippet,status", Some(named)),
            ("GET", "/youtube/v3/videos?part=snippet,status&id=dQw4w9WgXcQ", None),
            ("DELETE", "/youtube/v3/videos?id=dQw4w9WgXcQ", None),
            ("GET", "/youtube/v3/captions?part=snippet&videoId=dQw4w9WgXcQ", None),
            ("POST", captions, Some(json!({ "snippet": words }))),
            ("PUT", captions, Some(json!({ "id": "c_1", "snippet": { "isDraft": false } }))),
            ("DELETE", "/youtube/v3/captions?id=c_1", None),
            ("POST", "/upload/youtube/v3/thumbnails/set?videoId=dQw4w9WgXcQ&uploadType=media", None),
            ("GET", "/youtube/v3/channels?part=snippet&mine=true", None),
            ("GET", "/youtube/v3/playlistItems?part=snippet&playlistId=UU1&maxResults=50", None),
        ] {
            assert_eq!(said(method, uri, body), Vec::<String>::new(), "{method} {uri}");
        }
        let with = |part: &str, name: &str, value: Value| {
            let mut odd = video();
            odd[part][name] = value;
            Some(odd)
        };
        for (what, method, uri, body) in [
            (
                "an audience that is not there",
                "POST",
                upload.as_str(),
                with("status", "privacyStatus", "friends".into()),
            ),
            ("a field that is not there", "POST", &upload, with("snippet", "language", "es".into())),
            ("a yes as text", "POST", &upload, with("status", "selfDeclaredMadeForKids", "no".into())),
            ("no body", "POST", &upload, None),
            ("no part", "POST", "/upload/youtube/v3/videos?uploadType=resumable", Some(video())),
            ("a parameter that is not there", "GET", "/youtube/v3/videos?part=snippet&ids=a", None),
            ("more than are given", "GET", "/youtube/v3/playlistItems?part=snippet&playlistId=UU1&maxResults=51", None),
            ("captions of no video", "GET", "/youtube/v3/captions?part=snippet", None),
            ("captions with a field of their own", "POST", captions, Some(json!({ "snippet": { "lang": "es" } }))),
            ("nothing named", "DELETE", "/youtube/v3/videos", None),
            ("a poster of no video", "POST", "/upload/youtube/v3/thumbnails/set?uploadType=media", None),
        ] {
            assert!(!said(method, uri, body).is_empty(), "{what}");
        }
    }

    #[test]
    fn an_answer_that_is_not_of_the_interface_is_caught() {
        let of = |item: Value| {
            contract().of_answer("GET", "/youtube/v3/videos", 200, json!({ "items": [item] }).to_string().as_bytes())
        };
        assert_eq!(of(json!({ "id": "a", "status": { "uploadStatus": "processed" } })), Vec::<String>::new());
        assert!(!of(json!({ "status": { "uploadStatus": "done" } })).is_empty());
        assert!(!of(json!({ "snippet": { "publishedAt": "yesterday" } })).is_empty());
        assert!(!of(json!({ "alt": "La plaza" })).is_empty());
    }
}
