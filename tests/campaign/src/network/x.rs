//! As much of X's interface as our adapter calls to connect an account, to write text, to bring a video, to look and to take
//! down. Other than the real one it takes the same words twice: what the engine does wrong is to be seen.

use domain::Moment;
use serde_json::{Value, json};

use super::{Said, Standing, State, Step, containers::Container, http::Request};

/// Whether a request changes what readers see, and what it says.
pub fn step(request: &Request) -> (Step, String) {
    if request.path.starts_with("/2/media/") {
        return (Step::Upload, String::new());
    }
    let is_post = request.path.starts_with("/2/tweets");
    let body = request.json();
    let text = body["text"].as_str().unwrap_or_default().to_owned();
    let step = match request.method.as_str() {
        "DELETE" if is_post => Step::Remove,
        "POST" if is_post => carried(&body),
        _ => Step::Safe,
    };
    (step, text)
}

/// By what kind of step a post comes.
fn carried(body: &Value) -> Step {
    match body["poll"].is_object() {
        // What is more than words hangs at the first.
        _ if body["reply"].is_object() => Step::Part,
        true => Step::Poll,
        false if body["media"].is_object() => Step::Video,
        false => Step::Visible,
    }
}

/// A video that is there, or is still worked on.
fn told(film: &mut Container) -> Value {
    let state = if film.waits > 0 { "in_progress" } else { "succeeded" };
    film.waits = film.waits.saturating_sub(1);
    json!({ "data": { "id": film.id, "processing_info": { "state": state, "check_after_secs": 1 } } })
}

fn shown(one: &Standing) -> Value {
    let text = one.text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
    json!({ "id": one.id, "text": text, "created_at": one.at.to_rfc3339(), "entities": {} })
}

/// Answers as the interface says.
pub fn answer(state: &mut State, request: &Request, now: Moment, origin: &str) -> Said {
    let missing = || {
        let error = json!({ "title": "Not Found Error", "type": "https://api.x.com/2/problems/resource-not-found" });
        (200, json!({ "errors": [error] }))
    };
    let path: Vec<&str> = request.path.trim_start_matches("/2/").split('/').collect();
    match (request.method.as_str(), &path[..]) {
        ("POST", ["oauth2", "token"]) => {
            let scope = "tweet.read tweet.write users.read media.write offline.access";
            let ends = 7_200;
            (200, json!({ "access_token": "access", "refresh_token": "renewal", "expires_in": ends, "scope": scope }))
        }
        ("GET", ["users", "me"]) => {
            (200, json!({ "data": { "id": "1", "username": super::name_at(origin), "name": "Town" } }))
        }
        ("GET", ["users", "1", "tweets"]) => {
            let posts: Vec<Value> = state.standing.iter().rev().take(20).map(shown).collect();
            (200, json!({ "data": posts, "meta": { "result_count": posts.len() } }))
        }
        // Captions are a file of their own, which is put to the video.
        ("POST", ["media", "upload"]) => (200, json!({ "data": { "id": state.mint() } })),
        ("POST", ["media", "subtitles" | "metadata"]) => (200, json!({ "data": {} })),
        ("POST", ["media", "upload", "initialize"]) => {
            let id = state.mint();
            let film = Container::film(id.clone(), String::new(), state.work());
            state.containers.push(film);
            (200, json!({ "data": { "id": id } }))
        }
        ("POST", ["media", "upload", id, edge @ ("append" | "finalize")]) => {
            match state.containers.iter_mut().find(|one| one.id == **id) {
                Some(film) if *edge == "finalize" => (200, told(film)),
                Some(_) => (200, json!({ "data": {} })),
                None => (404, missing().1),
            }
        }
        ("GET", ["media", "upload"]) => {
            let id = request.asked("media_id");
            match state.containers.iter_mut().find(|one| one.id == id) {
                Some(film) => (200, told(film)),
                None => (404, missing().1),
            }
        }
        ("POST", ["tweets"]) => {
            let body = request.json();
            let text = body["text"].as_str().unwrap_or_default().to_owned();
            let one = state.put(Standing { step: carried(&body), ..Standing::new(text, now) });
            (201, json!({ "data": { "id": one.id, "text": one.text } }))
        }
        ("GET", ["tweets", id]) => match state.standing.iter().find(|one| one.id == **id) {
            Some(one) => (200, json!({ "data": shown(one) })),
            None => missing(),
        },
        ("DELETE", ["tweets", id]) => {
            let there = state.standing.len();
            state.standing.retain(|one| one.id != **id);
            match there == state.standing.len() {
                true => (404, missing().1),
                false => (200, json!({ "data": { "deleted": true } })),
            }
        }
        _ => (404, json!({ "title": "Not Found", "type": "about:blank", "status": 404 })),
    }
}
