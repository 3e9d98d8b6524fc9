//! As much of a Mastodon server as our adapter calls, with a video or without, with or without the `Idempotency-Key`.

use domain::Moment;
use serde_json::{Value, json};

use super::{Said, Standing, State, Step, containers::Container, http::Request};

/// Whether a request changes what readers see, and what it says.
pub fn step(request: &Request) -> (Step, String) {
    if request.path.split('/').nth(3) == Some("media") {
        return (Step::Upload, String::new());
    }
    let is_status = request.path.starts_with("/api/v1/statuses");
    let body = request.json();
    let text = body["status"].as_str().unwrap_or_default().to_owned();
    let step = match request.method.as_str() {
        "POST" if is_status => carried(&body),
        "PUT" if is_status => Step::Edit,
        "DELETE" if is_status => Step::Remove,
        _ => Step::Safe,
    };
    (step, text)
}

/// By what kind of step a status comes.
fn carried(body: &Value) -> Step {
    let is_filmed = body["media_ids"].as_array().is_some_and(|media| !media.is_empty());
    match body["poll"].is_object() {
        // What is more than words hangs at the first.
        _ if body["in_reply_to_id"].is_string() => Step::Part,
        true => Step::Poll,
        false if is_filmed => Step::Video,
        false => Step::Visible,
    }
}

fn shown(origin: &str, one: &Standing) -> Value {
    let text = one.text.replace('&', "&amp;").replace('<', "&lt;").replace('\n', "<br>");
    json!({
        "id": one.id, "uri": format!("{origin}/users/town/statuses/{}", one.id), "url": format!("{origin}/@town/{}", one.id),
        "created_at": one.at.to_rfc3339(), "content": format!("<p>{text}</p>"),
        "in_reply_to_id": Some(&one.above).filter(|above| !above.is_empty()),
        "edited_at": one.edited.map(Moment::to_rfc3339),
    })
}

/// Answers as the interface says.
pub fn answer(state: &mut State, request: &Request, now: Moment, origin: &str, keeps_keys: bool) -> Said {
    let body = request.json();
    let text = || body["status"].as_str().unwrap_or_default().to_owned();
    let missing = || (404, json!({ "error": "Record not found" }));
    let id = request.path.rsplit('/').next().unwrap_or_default();
    match (request.method.as_str(), request.path.as_str()) {
        // Whose software it is decides whether a repeat is harmless: one that ignores keys says so by another name.
        ("GET", "/api/v2/instance") => {
            let (version, source) = match keeps_keys {
                true => ("4.6.0", "https://github.com/mastodon/mastodon"),
                false => ("2.7.2 (compatible; Pleroma 2.5.0)", "https://git.pleroma.social/pleroma/pleroma"),
            };
            (200, json!({ "domain": "localhost", "version": version, "source_url": source, "configuration": {} }))
        }
        ("POST", "/api/v1/apps") => (200, json!({ "client_id": "client", "client_secret": "secret" })),
        ("POST", "/oauth/token") => {
            (200, json!({ "access_token": "token", "token_type": "Bearer", "scope": "read write" }))
        }
        ("GET", "/api/v1/accounts/verify_credentials") => {
            (200, json!({ "id": "1", "username": "town", "display_name": "Town", "url": format!("{origin}/@town") }))
        }
        ("GET", "/api/v1/accounts/1/statuses") => {
            (200, state.standing.iter().rev().take(40).map(|one| shown(origin, one)).collect())
        }
        ("POST", "/api/v2/media") => {
            let id = state.mint();
            let waits = state.work();
            state.containers.push(Container::film(id.clone(), String::new(), waits));
            (if waits > 0 { 202 } else { 200 }, json!({ "id": id, "type": "video" }))
        }
        ("GET", path) if path.starts_with("/api/v1/media/") => {
            let Some(film) = state.containers.iter_mut().find(|one| one.id == id) else { return missing() };
            film.waits = film.waits.saturating_sub(1);
            (if film.waits > 0 { 206 } else { 200 }, json!({ "id": id, "type": "video" }))
        }
        ("POST", "/api/v1/statuses") => {
            let key = request.header("idempotency-key").unwrap_or_default().to_owned();
            let earlier = state.standing.iter().find(|one| keeps_keys && !key.is_empty() && one.key == key).cloned();
            let above = body["in_reply_to_id"].as_str().unwrap_or_default().to_owned();
            let new = Standing { above, key, step: carried(&body), ..Standing::new(text(), now) };
            let one = earlier.unwrap_or_else(|| state.put(new));
            (200, shown(origin, &one))
        }
        (method, path) if path.starts_with("/api/v1/statuses/") => {
            let Some(place) = state.standing.iter().position(|one| one.id == id) else { return missing() };
            match method {
                "PUT" => drop(state.correct(|one| one.id == id, text(), now)),
                "DELETE" => return (200, shown(origin, &state.standing.remove(place))),
                _ => {}
            }
            (200, shown(origin, &state.standing[place]))
        }
        _ => missing(),
    }
}
