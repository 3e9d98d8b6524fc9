//! As much of YouTube's interface as our adapter calls to connect a channel, to bring a video with its captions and its poster, to
//! show it, to look and to take down. Of some uploads half of the bytes arrive at first.

use domain::Moment;
use serde_json::{Value, json};

use super::{Header, Said, State, Step, containers::Container, http::Request, stretch};

/// The channel.
const CHANNEL: &str = "UCtown000000000000000000";

/// Where a video is sent.
const UPLOAD: &str = "/upload/youtube/v3/videos";

/// Whether a request changes what readers see, and what it says: what shows a video names it only.
pub fn step(state: &State, request: &Request) -> (Step, String) {
    match (request.method.as_str(), request.path.as_str()) {
        ("PUT", "/youtube/v3/videos") => {
            let body = request.json();
            // What only shows it says nothing of its words.
            if body["snippet"].is_object() {
                return (Step::Edit, body["snippet"]["description"].as_str().unwrap_or_default().to_owned());
            }
            let film = state.given(body["id"].as_str().unwrap_or_default());
            (Step::Video, film.map(description).unwrap_or_default())
        }
        ("DELETE", "/youtube/v3/videos") => (Step::Remove, String::new()),
        (_, path) if path.starts_with("/upload/") || path == "/youtube/v3/captions" => (Step::Upload, String::new()),
        _ => (Step::Safe, String::new()),
    }
}

/// What was said of a video when its upload was begun.
fn said_of(film: &Container) -> Value {
    serde_json::from_str(&film.text).unwrap_or_default()
}

fn description(film: &Container) -> String {
    said_of(film)["snippet"]["description"].as_str().unwrap_or_default().to_owned()
}

/// A video that is whole, as it stands.
fn told(state: &mut State, id: &str) -> Option<Value> {
    let is_seen = state.standing.iter().any(|one| one.id == id);
    let film = state.containers.iter_mut().find(|one| one.id == id && one.is_out)?;
    let status = json!({
        "privacyStatus": if is_seen { "public" } else { "private" },
        "uploadStatus": if film.waits > 0 { "uploaded" } else { "processed" },
    });
    film.waits = film.waits.saturating_sub(1);
    Some(json!({ "id": film.id, "snippet": said_of(film)["snippet"], "status": status }))
}

/// Takes a stretch of a video, or says how much of it is there.
fn taken(state: &mut State, request: &Request) -> (Said, Option<Header>) {
    let id = request.asked("upload_id");
    let Some(film) = state.containers.iter_mut().find(|one| one.id == id) else {
        return ((404, Value::Null), None);
    };
    if let Some((from, last, total)) = stretch(request)
        && from == film.bytes
        && !film.is_out
    {
        // Of one upload in five the line breaks halfway, once.
        let breaks = from == 0 && film.id.ends_with(['0', '5']);
        film.bytes = if breaks { total / 2 } else { last + 1 };
        film.is_out = film.bytes == total;
    }
    if film.is_out {
        return ((200, json!({ "id": film.id })), None);
    }
    let there = film.bytes.checked_sub(1).map(|last| ("range", format!("bytes=0-{last}")));
    ((308, Value::Null), there)
}

/// What the channel has, seen or not, the newest first.
fn listed(state: &State) -> Value {
    let item = |film: &Container| {
        let snippet = &said_of(film)["snippet"];
        json!({ "snippet": {
            "title": snippet["title"], "description": snippet["description"], "publishedAt": film.at.to_rfc3339(),
            "resourceId": { "videoId": film.id },
        } })
    };
    let whole = state.containers.iter().rev().filter(|film| film.is_out);
    whole.take(50).map(item).collect()
}

/// Answers as the interface says, with where an upload goes or how much of it is there: that stands in a header.
pub fn answer(state: &mut State, request: &Request, now: Moment, origin: &str) -> (Said, Option<Header>) {
    let missing = || {
        let error = json!({ "code": 404, "message": "Not found", "errors": [{ "reason": "videoNotFound" }] });
        (404, json!({ "error": error }))
    };
    let said = match (request.method.as_str(), request.path.as_str()) {
        ("POST", "/token") => {
            let scope = "https://www.googleapis.com/auth/youtube.force-ssl";
            let ends = 3_600;
            (200, json!({ "access_token": "access", "refresh_token": "renewal", "expires_in": ends, "scope": scope }))
        }
        ("GET", "/youtube/v3/channels") => {
            let snippet = json!({ "title": "Town", "customUrl": format!("@{}", super::name_at(origin)) });
            let lists = json!({ "relatedPlaylists": { "uploads": "UUtown" } });
            (200, json!({ "items": [{ "id": CHANNEL, "snippet": snippet, "contentDetails": lists }] }))
        }
        ("GET", "/youtube/v3/playlistItems") => (200, json!({ "items": listed(state) })),
        ("POST", UPLOAD) => {
            state.made += 1;
            let id = format!("v{:010}", state.made);
            let said = String::from_utf8_lossy(&request.body).into_owned();
            let mut film = Container::film(id.clone(), said, state.work());
            film.at = now;
            state.containers.push(film);
            return ((200, Value::Null), Some(("location", format!("{origin}{UPLOAD}?upload_id={id}"))));
        }
        ("PUT", UPLOAD) => return taken(state, request),
        ("GET", "/youtube/v3/captions") => (200, json!({ "items": [] })),
        ("POST", "/upload/youtube/v3/captions") => (200, json!({ "id": "captions", "snippet": {} })),
        ("POST", "/upload/youtube/v3/thumbnails/set") => (200, json!({ "items": [{}] })),
        ("GET", "/youtube/v3/videos") => {
            let items: Vec<Value> = told(state, &request.asked("id")).into_iter().collect();
            (200, json!({ "items": items }))
        }
        ("PUT", "/youtube/v3/videos") => {
            let body = request.json();
            let id = body["id"].as_str().unwrap_or_default().to_owned();
            let film = state.containers.iter_mut().find(|film| film.id == id && film.is_out);
            match film {
                Some(film) if body["snippet"].is_object() => {
                    film.text = body.to_string();
                    let answer = json!({ "id": id, "snippet": body["snippet"], "status": body["status"] });
                    let text = description(film);
                    state.correct(|one| one.id == id, text, now);
                    (200, answer)
                }
                Some(film) => {
                    let (film, text) = (film.clone(), description(film));
                    state.show(&film, text, now);
                    (200, json!({ "id": film.id, "status": body["status"] }))
                }
                None => missing(),
            }
        }
        ("DELETE", "/youtube/v3/videos") => {
            let (id, there) = (request.asked("id"), state.containers.len());
            state.take_down(&id);
            state.containers.retain(|one| one.id != id);
            if there == state.containers.len() { missing() } else { (204, Value::Null) }
        }
        _ => missing(),
    };
    (said, None)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sent(state: &mut State, range: &str) -> (u16, Option<Header>) {
        let headers = vec![("content-range".to_owned(), range.to_owned())];
        let query = format!("upload_id={}", state.containers[0].id);
        let request = Request { method: "PUT".into(), path: UPLOAD.into(), query, headers, body: Vec::new() };
        let ((status, _), header) = answer(state, &request, Moment(0), "");
        (status, header)
    }

    #[test]
    fn an_upload_that_broke_says_where_and_is_gone_on_with_from_there() {
        let mut state = State::default();
        state.containers.push(Container::film("v0000000005".to_owned(), String::new(), 0));
        assert_eq!(sent(&mut state, "bytes */10"), (308, None));
        let there = Some(("range", "bytes=0-4".to_owned()));
        assert_eq!(sent(&mut state, "bytes 0-9/10"), (308, there.clone()));
        assert_eq!(sent(&mut state, "bytes 0-9/10"), (308, there), "what does not follow is not taken");
        assert_eq!(sent(&mut state, "bytes 5-9/10"), (200, None));
        assert_eq!(sent(&mut state, "bytes */10"), (200, None));
    }
}
