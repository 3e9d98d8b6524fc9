//! As much of a personal data server as our adapter calls to write records, with a video or without; by an app password, or by an
//! access that somebody signed in for (`bound.rs`).

use domain::Moment;
use serde_json::{Value, json};

use super::{Said, Standing, State, Step, http::Request};

/// The account.
pub const DID: &str = "did:plc:townaaaaaaaaaaaaaaaaaaaa";

fn method(request: &Request) -> &str {
    request.path.rsplit('/').next().unwrap_or_default()
}

/// Whether a request changes what readers see, and what it says.
pub fn step(request: &Request) -> (Step, String) {
    match method(request) {
        "com.atproto.repo.putRecord" => {
            let body = request.json();
            let record = &body["record"];
            // What it takes the place of is named.
            let step = if body["swapRecord"].is_string() { Step::Edit } else { carried(record) };
            (step, record["text"].as_str().unwrap_or_default().to_owned())
        }
        "com.atproto.repo.deleteRecord" => (Step::Remove, String::new()),
        "com.atproto.repo.uploadBlob" => (Step::Upload, String::new()),
        _ => (Step::Safe, String::new()),
    }
}

/// By what kind of step a record comes.
fn carried(record: &Value) -> Step {
    match record["reply"].is_object() {
        true => Step::Part,
        false if record["embed"]["$type"] == "app.bsky.embed.video" => Step::Video,
        false => Step::Visible,
    }
}

/// Answers as the interface says.
pub fn answer(state: &mut State, request: &Request, now: Moment) -> Said {
    let body = request.json();
    match method(request) {
        "com.atproto.server.createSession" | "com.atproto.server.refreshSession" => (
            200,
            json!({ "accessJwt": "access", "refreshJwt": "refresh", "did": DID, "handle": "town.test", "active": true }),
        ),
        "com.atproto.identity.resolveHandle" => (200, json!({ "did": DID })),
        "com.atproto.server.getSession" => (200, json!({ "did": DID, "handle": "town.test", "active": true })),
        "com.atproto.repo.putRecord" => {
            let key = body["rkey"].as_str().unwrap_or_default().to_owned();
            let there = state.standing.iter().find(|standing| standing.key == key);
            let said = body["record"].to_string();
            let revision = |revision: u64| json!({ "uri": format!("at://{DID}/app.bsky.feed.post/{key}"), "cid": format!("cid{revision}-{key}") });
            match there {
                Some(_) if body["swapRecord"].is_null() => {
                    (400, json!({ "error": "InvalidSwap", "message": "Record was at another cid" }))
                }
                Some(there) if body["swapRecord"] != format!("cid{}-{key}", there.revision) => {
                    (400, json!({ "error": "InvalidSwap", "message": "Record was at another cid" }))
                }
                Some(there) => {
                    let before = there.revision;
                    let after = state.correct(|one| one.key == key, said, now).map_or(before, |one| one.revision);
                    (200, revision(after))
                }
                None => {
                    let new = Standing { key: key.clone(), step: carried(&body["record"]), ..Standing::new(said, now) };
                    (200, revision(state.put(new).revision))
                }
            }
        }
        "com.atproto.repo.uploadBlob" => {
            let link = format!("bafkrei{:052}", request.body.len());
            let mime = request.header("content-type").unwrap_or("*/*");
            let blob =
                json!({ "$type": "blob", "ref": { "$link": link }, "mimeType": mime, "size": request.body.len() });
            (200, json!({ "blob": blob }))
        }
        "com.atproto.repo.getRecord" => {
            let key = request.asked("rkey");
            match state.standing.iter().find(|standing| standing.key == key) {
                Some(there) => {
                    let value: Value = serde_json::from_str(&there.text).unwrap_or_default();
                    let cid = format!("cid{}-{key}", there.revision);
                    (200, json!({ "uri": format!("at://{DID}/app.bsky.feed.post/{key}"), "cid": cid, "value": value }))
                }
                None => (400, json!({ "error": "RecordNotFound", "message": "Could not locate record" })),
            }
        }
        "com.atproto.repo.deleteRecord" => {
            let key = body["rkey"].as_str().unwrap_or_default();
            state.standing.retain(|standing| standing.key != key);
            (200, json!({}))
        }
        _ => (501, json!({ "error": "MethodNotImplemented", "message": "" })),
    }
}
