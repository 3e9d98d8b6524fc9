//! As much of Graph as our adapter calls to connect a page, to write on it, with pictures or without, to show a video, a reel or a
//! story, to comment below what is out, to look and to take down.

use domain::Moment;
use serde_json::{Value, json};

use super::{Said, Standing, State, Step, containers::Container, http::Request};

/// The developer app of the campaign.
pub const APP: &str = "77";

/// Whether a request changes what readers see, and what it says: a story names its picture only.
pub fn step(state: &State, request: &Request) -> (Step, String) {
    let path: Vec<&str> = request.path.trim_start_matches("/v25.0/").split('/').collect();
    match (request.method.as_str(), &path[..]) {
        ("POST", ["oauth", ..] | ["1", "photos"]) => (Step::Safe, String::new()),
        ("POST", ["1", "photo_stories"]) => {
            (Step::Story, alt_of(state, &request.field("photo_id")).unwrap_or_default())
        }
        ("POST", [_, "comments"]) => (Step::Comment, request.field("message")),
        ("POST", ["1", "video_reels"]) if request.field("upload_phase") == "finish" => {
            (Step::Video, request.field("description"))
        }
        ("POST", ["1", "videos" | "video_reels"] | ["", "upload", _] | [_, "captions" | "thumbnails"]) => {
            (Step::Upload, String::new())
        }
        ("DELETE", [_]) => (Step::Remove, String::new()),
        ("POST", [id]) if id.contains('_') => (Step::Edit, request.field("message")),
        ("POST", [id]) if is_reworded(state, id, request) => (Step::Edit, request.field("description")),
        ("POST" | "GET", [id]) if film_of(state, id).is_some_and(|film| !film.is_out || request.method == "POST") => {
            let text = film_of(state, id).map(|film| film.text.clone()).unwrap_or_default();
            if request.method == "POST" { (Step::Video, text) } else { (Step::Upload, String::new()) }
        }
        ("POST", _) => (Step::Visible, request.field("message")),
        _ => (Step::Safe, String::new()),
    }
}

/// What a picture shows that was given, to be seen by nobody yet.
fn alt_of(state: &State, photo: &str) -> Option<String> {
    state.containers.iter().find(|one| one.id == photo).map(|one| one.text.clone())
}

/// A video that was given.
fn film_of<'a>(state: &'a State, id: &str) -> Option<&'a Container> {
    state.given(id).filter(|one| one.step == Step::Video)
}

/// Whether a video that is out is given other words.
fn is_reworded(state: &State, id: &str, request: &Request) -> bool {
    film_of(state, id).is_some_and(|film| film.is_out) && !request.field("description").is_empty()
}

/// A video as it stands. One that is to be a reel says nothing of itself (its words come with the order to show it), and comes out by
/// itself a while after that.
fn told(film: &mut Container) -> Value {
    let is_reel = film.text.is_empty() || film.bytes > 0;
    let works = film.waits > 0;
    // Nobody works on a reel before it is to be shown.
    if !is_reel || film.is_out {
        film.waits = film.waits.saturating_sub(1);
    }
    let [video, coming, working, showing] = match (is_reel, film.is_out) {
        (true, false) if film.bytes == 0 => ["uploading", "in_progress", "not_started", "not_started"],
        (true, false) => ["upload_complete", "complete", "not_started", "not_started"],
        _ if works => ["processing", "complete", "in_progress", "not_started"],
        (_, false) => ["ready", "complete", "complete", "not_started"],
        (_, true) => ["ready", "complete", "complete", "complete"],
    };
    let phase = |status: &str| json!({ "status": status });
    json!({
        "id": film.id, "description": film.text, "published": film.is_out,
        "permalink_url": format!("/town/videos/{}/", film.id),
        "status": {
            "video_status": video, "uploading_phase": phase(coming), "processing_phase": phase(working),
            "publishing_phase": phase(showing),
        },
    })
}

fn time(at: Moment) -> String {
    at.to_rfc3339().chars().take(19).chain("+0000".chars()).collect()
}

fn shown(origin: &str, one: &Standing) -> Value {
    json!({
        "id": one.id, "message": one.text, "created_time": time(one.at), "application": { "id": APP },
        "permalink_url": format!("{origin}/town/posts/{}", one.id),
    })
}

fn shown_below(origin: &str, one: &Standing) -> Value {
    json!({
        "id": one.id, "message": one.text, "created_time": time(one.at), "from": { "id": "1", "name": "Town" },
        "permalink_url": format!("{origin}/comments/{}", one.id),
    })
}

/// Answers as the interface says.
pub fn answer(state: &mut State, request: &Request, now: Moment, origin: &str) -> Said {
    let scopes = ["pages_show_list", "pages_read_engagement", "pages_manage_posts"];
    let missing = || (400, json!({ "error": { "message": "Unsupported request", "code": 100, "error_subcode": 33 } }));
    let since: i64 = request.asked("since").parse().unwrap_or(i64::MIN);
    let path: Vec<&str> = request.path.trim_start_matches("/v25.0/").split('/').collect();
    match (request.method.as_str(), &path[..]) {
        ("POST", ["oauth", "access_token"]) => (200, json!({ "access_token": "person", "token_type": "bearer" })),
        ("GET", ["me", "permissions"]) => {
            let granted = scopes.map(|scope| json!({ "permission": scope, "status": "granted" }));
            (200, json!({ "data": granted }))
        }
        ("GET", ["me", "accounts"]) => {
            let name = format!("Town {}", origin.rsplit(':').next().unwrap_or_default());
            let page = json!({ "id": "1", "name": name, "access_token": "page", "tasks": ["CREATE_CONTENT"] });
            (200, json!({ "data": [page] }))
        }
        ("GET", ["debug_token"]) => (200, json!({ "data": { "is_valid": true, "app_id": APP, "scopes": scopes } })),
        ("GET", ["1"]) => (200, json!({ "id": "1" })),
        ("GET", ["1", "published_posts"]) => {
            let posts = state.standing.iter().rev().filter(|one| !matches!(one.step, Step::Story | Step::Video));
            let posts: Vec<Value> = posts.take(100).map(|one| shown(origin, one)).collect();
            (200, json!({ "data": posts }))
        }
        ("GET", ["1", "stories"]) => {
            let told = |one: &Standing| {
                json!({
                    "post_id": one.id, "status": "published", "creation_time": (one.at.0 / 1_000).to_string(),
                    "media_type": "photo", "media_id": one.key, "url": format!("{origin}/stories/{}", one.id),
                })
            };
            let stories = state.standing.iter().rev().filter(|one| one.step == Step::Story);
            let stories: Vec<Value> = stories.filter(|one| one.at.0 / 1_000 >= since).take(100).map(told).collect();
            (200, json!({ "data": stories }))
        }
        ("POST", ["1", "photos"]) => {
            let photo = Container::given(state.mint(), request.part("alt_text_custom"));
            let id = photo.id.clone();
            state.containers.push(photo);
            (200, json!({ "id": id }))
        }
        ("POST", ["1", "photo_stories"]) => {
            let key = request.field("photo_id");
            let Some(text) = alt_of(state, &key) else { return missing() };
            let one = state.put(Standing { key, step: Step::Story, ..Standing::new(text, now) });
            (200, json!({ "success": true, "post_id": one.id }))
        }
        ("POST", ["1", "videos"]) => {
            let id = state.mint();
            let film = Container::film(id.clone(), request.field("description"), state.work());
            state.containers.push(film);
            (200, json!({ "id": id }))
        }
        // How many a day may have is tried elsewhere.
        ("GET", ["1", "video_reels"]) => (200, json!({ "data": [] })),
        ("POST", ["1", "video_reels"]) if request.field("upload_phase") == "start" => {
            let id = state.mint();
            // Facebook is asked for half a minute then, within one invocation: none takes that long.
            let film = Container::film(id.clone(), String::new(), state.work().min(1));
            state.containers.push(film);
            (200, json!({ "video_id": id, "upload_url": format!("{origin}/upload/{id}") }))
        }
        ("POST", ["", "upload", id]) => match state.containers.iter_mut().find(|one| one.id == **id) {
            Some(film) => {
                film.bytes = 1;
                (200, json!({ "success": true }))
            }
            None => missing(),
        },
        ("POST", ["1", "video_reels"]) => {
            show(state, &request.field("video_id"), Some(request.field("description")), now).unwrap_or_else(missing)
        }
        ("POST", [id, "captions" | "thumbnails"]) => match film_of(state, id) {
            Some(_) => (200, json!({ "success": true })),
            None => missing(),
        },
        ("POST", [id]) if is_reworded(state, id, request) => {
            let text = request.field("description");
            let films = state.containers.iter_mut().filter(|film| film.id == **id);
            films.for_each(|film| film.text.clone_from(&text));
            state.correct(|one| one.id == **id, text, now).map_or_else(missing, |_| (200, json!({ "success": true })))
        }
        ("POST", [id]) if film_of(state, id).is_some() => show(state, id, None, now).unwrap_or_else(missing),
        ("GET", [id]) if film_of(state, id).is_some() => {
            let film = state.containers.iter_mut().find(|one| one.id == **id);
            film.map_or_else(missing, |film| (200, told(film)))
        }
        ("GET", [post, "comments"]) => {
            let comments = state.comments_below(post).filter(|one| one.at.0 / 1_000 >= since);
            let comments: Vec<Value> = comments.take(100).map(|one| shown_below(origin, one)).collect();
            (200, json!({ "data": comments }))
        }
        ("POST", [post, "comments"]) => match state.comment(post, request.field("message"), now) {
            Some(one) => (200, json!({ "id": one.id, "permalink_url": format!("{origin}/comments/{}", one.id) })),
            None => missing(),
        },
        ("POST", ["1", "feed"]) => {
            // The name of a post has that of its page in it.
            let id = format!("1_{}", state.mint());
            state.standing.push(Standing { id: id.clone(), ..Standing::new(request.field("message"), now) });
            (200, json!({ "id": id }))
        }
        ("POST", [id]) => {
            let corrected = state.correct(|one| one.id == **id, request.field("message"), now);
            corrected.map_or_else(missing, |_| (200, json!({ "success": true })))
        }
        (method, [id]) => {
            let Some(place) = state.standing.iter().position(|one| one.id == **id) else { return missing() };
            match method {
                "GET" => (200, shown(origin, &state.standing[place])),
                "DELETE" => {
                    state.take_down(id);
                    state.containers.retain(|one| one.id != **id);
                    (200, json!({ "success": true }))
                }
                _ => missing(),
            }
        }
        _ => missing(),
    }
}

/// Shows a video that was given, with the words that come with the order or with those that it has; nothing if it is not there.
fn show(state: &mut State, id: &str, words: Option<String>, now: Moment) -> Option<Said> {
    let film = state.containers.iter_mut().find(|one| one.id == id && one.step == Step::Video)?;
    film.is_out = true;
    if let Some(words) = words {
        film.text = words;
    }
    let film = film.clone();
    state.show(&film, film.text.clone(), now);
    Some((200, json!({ "success": true })))
}
