//! As much of TikTok's interface as our adapter calls to connect an account and to publish a video on it: what is begun has an
//! identity, and is seen with its last byte. Nothing is taken down there by the interface.

use domain::Moment;
use serde_json::{Value, json};

use super::{Said, Standing, State, Step, containers::Container, http::Request, stretch};

/// Whether a request changes what readers see, and what it says: the bytes name what was begun only.
pub fn step(state: &State, request: &Request) -> (Step, String) {
    let path: Vec<&str> = request.path.trim_matches('/').split('/').collect();
    match (request.method.as_str(), &path[..]) {
        ("PUT", ["upload", id]) => (Step::Video, state.given(id).map(|begun| begun.text.clone()).unwrap_or_default()),
        ("POST", ["v2", "post", "publish", "video" | "status", ..]) => (Step::Upload, String::new()),
        _ => (Step::Safe, String::new()),
    }
}

/// A yes, which has a code in it too.
fn said(data: Value) -> Said {
    (200, json!({ "data": data, "error": { "code": "ok", "message": "", "log_id": "1" } }))
}

fn refused(status: u16, code: &str) -> Said {
    (status, json!({ "data": {}, "error": { "code": code, "message": "Not found", "log_id": "1" } }))
}

/// How far it is that was begun.
fn told(state: &mut State, id: &str) -> Said {
    let out = state.standing.iter().find(|one| one.key == id).map(|one| one.id.clone());
    let Some(begun) = state.containers.iter_mut().find(|one| one.id == id) else {
        return refused(400, "invalid_publish_id");
    };
    let works = begun.waits > 0;
    match out {
        Some(_) if works => {
            begun.waits -= 1;
            said(json!({ "status": "PROCESSING_UPLOAD", "uploaded_bytes": begun.bytes }))
        }
        Some(out) => said(json!({ "status": "PUBLISH_COMPLETE", "publicaly_available_post_id": [out] })),
        None => said(json!({ "status": "PROCESSING_UPLOAD", "uploaded_bytes": begun.bytes })),
    }
}

/// Answers as the interface says.
pub fn answer(state: &mut State, request: &Request, now: Moment, origin: &str) -> Said {
    let path: Vec<&str> = request.path.trim_matches('/').split('/').collect();
    match (request.method.as_str(), &path[..]) {
        ("POST", ["v2", "oauth", "token"]) => {
            let [access, renewal] = [7_200, 31_536_000];
            let tokens = json!({
                "access_token": "access", "refresh_token": "renewal", "expires_in": access,
                "refresh_expires_in": renewal, "open_id": "town", "scope": "user.info.basic,video.publish",
                "token_type": "Bearer",
            });
            (200, tokens)
        }
        ("GET", ["v2", "user", "info"]) => said(json!({ "user": { "open_id": "town", "display_name": "Town" } })),
        ("POST", ["v2", "post", "publish", "creator_info", "query"]) => said(json!({
            "creator_username": super::name_at(origin), "privacy_level_options": ["PUBLIC_TO_EVERYONE", "SELF_ONLY"],
            "comment_disabled": false, "max_video_post_duration_sec": 600,
        })),
        ("POST", ["v2", "post", "publish", "video", "init"]) => {
            state.made += 1;
            let id = format!("v_pub_file-{}", state.made);
            let text = request.json()["post_info"]["title"].as_str().unwrap_or_default().to_owned();
            let begun = Container::film(id.clone(), text, state.work());
            state.containers.push(begun);
            said(json!({ "publish_id": id, "upload_url": format!("{origin}/upload/{id}") }))
        }
        ("POST", ["v2", "post", "publish", "content", "init"]) => {
            state.made += 1;
            let id = format!("p_pub_url-{}", state.made);
            let text = request.json()["post_info"]["description"].as_str().unwrap_or_default().to_owned();
            let begun = Container::given(id.clone(), text.clone());
            state.containers.push(begun);
            state.put(Standing { key: id.clone(), ..Standing::new(text, now) });
            said(json!({ "publish_id": id }))
        }
        ("POST", ["v2", "post", "publish", "status", "fetch"]) => {
            told(state, request.json()["publish_id"].as_str().unwrap_or_default())
        }
        ("PUT", ["upload", id]) => {
            let Some(begun) = state.containers.iter_mut().find(|one| one.id == **id) else {
                return refused(404, "upload_not_found");
            };
            let Some((_, last, total)) = stretch(request).filter(|(from, ..)| *from == begun.bytes) else {
                return refused(416, "range_invalid");
            };
            begun.bytes = last + 1;
            if begun.bytes < total {
                return (206, Value::Null);
            }
            let text = begun.text.clone();
            state.put(Standing { key: (*id).to_owned(), step: Step::Video, ..Standing::new(text, now) });
            (201, Value::Null)
        }
        _ => refused(404, "not_found"),
    }
}
