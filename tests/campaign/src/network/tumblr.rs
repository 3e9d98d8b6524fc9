//! As much of Tumblr's interface as our adapter calls to connect a blog, to write text on it, with a video or without, to look and to
//! take down.

use domain::Moment;
use serde_json::{Value, json};

use super::{Said, Standing, State, Step, http::Request};

/// Whether a request changes what readers see, and what it says.
pub fn step(request: &Request) -> (Step, String) {
    let is_post = request.path.starts_with("/v2/blog/") && request.method != "GET";
    let blocks = blocks(request);
    let step = match is_post {
        true if request.path.ends_with("/post/delete") => Step::Remove,
        true if request.method == "PUT" => Step::Edit,
        true if blocks.iter().any(|block| block["type"] == "video") => Step::Video,
        true => Step::Visible,
        false => Step::Safe,
    };
    (step, words(&blocks))
}

/// The blocks of a post: of a body that is one, or of the part of a form that is.
fn blocks(request: &Request) -> Vec<Value> {
    let body = match request.json() {
        Value::Null => serde_json::from_str(&request.part("json")).unwrap_or_default(),
        body => body,
    };
    body["content"].as_array().cloned().unwrap_or_default()
}

/// The paragraphs of a post.
fn words(blocks: &[Value]) -> String {
    blocks.iter().filter_map(|block| block["text"].as_str()).collect::<Vec<_>>().join("\n\n")
}

fn shown(one: &Standing) -> Value {
    let blocks: Vec<Value> = one.text.split("\n\n").map(|text| json!({ "type": "text", "text": text })).collect();
    json!({ "id_string": one.id, "content": blocks, "timestamp": one.at.0 / 1_000 })
}

fn said(status: u16, response: Value) -> Said {
    (status, json!({ "meta": { "status": status, "msg": "Said" }, "response": response }))
}

/// Answers as the interface says.
pub fn answer(state: &mut State, request: &Request, now: Moment, origin: &str) -> Said {
    let missing = || said(404, json!([]));
    let path: Vec<&str> = request.path.trim_start_matches("/v2/").split('/').collect();
    match (request.method.as_str(), &path[..]) {
        ("POST", ["oauth2", "token"]) => {
            let (ends, scope) = (2_520, "write offline_access");
            (200, json!({ "access_token": "access", "refresh_token": "renewal", "expires_in": ends, "scope": scope }))
        }
        ("GET", ["user", "info"]) => {
            let blog = json!({ "name": super::name_at(origin), "title": "Town" });
            said(200, json!({ "user": { "blogs": [blog] } }))
        }
        ("GET", ["blog", _, "posts"]) => {
            let posts: Vec<Value> = state.standing.iter().rev().take(20).map(shown).collect();
            said(200, json!({ "posts": posts }))
        }
        ("POST", ["blog", _, "posts"]) => {
            let (step, text) = step(request);
            let one = state.put(Standing { step, ..Standing::new(text, now) });
            said(201, json!({ "id": one.id }))
        }
        ("GET", ["blog", _, "posts", id]) => match state.standing.iter().find(|one| one.id == **id) {
            Some(one) => said(200, shown(one)),
            None => missing(),
        },
        ("PUT", ["blog", _, "posts", id]) => match state.correct(|one| one.id == **id, step(request).1, now) {
            Some(_) => said(200, json!({ "id": id })),
            None => missing(),
        },
        ("POST", ["blog", _, "post", "delete"]) => {
            let (id, there) = (request.field("id"), state.standing.len());
            state.standing.retain(|one| one.id != id);
            if there == state.standing.len() { missing() } else { said(200, json!({ "id": id })) }
        }
        _ => missing(),
    }
}
