//! As much of Graph as our adapter calls to connect a page, to write on it, with pictures or without, to show a story, to comment
//! below what is out, to look and to take down.

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
        ("POST" | "DELETE", _) => (Step::Visible, request.field("message")),
        _ => (Step::Safe, String::new()),
    }
}

/// What a picture shows that was given, to be seen by nobody yet.
fn alt_of(state: &State, photo: &str) -> Option<String> {
    state.containers.iter().find(|one| one.id == photo).map(|one| one.text.clone())
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
            let posts = state.standing.iter().rev().filter(|one| one.step != Step::Story);
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
            let one = state.make(request.field("message"), String::new(), now);
            (200, json!({ "id": one.id }))
        }
        (method, [id]) => {
            let Some(place) = state.standing.iter().position(|one| one.id == **id) else { return missing() };
            match method {
                "GET" => (200, shown(origin, &state.standing[place])),
                "DELETE" => {
                    state.take_down(id);
                    (200, json!({ "success": true }))
                }
                _ => missing(),
            }
        }
        _ => missing(),
    }
}
