//! As much of Graph as our adapter calls to connect a page, to write text on it, to look and to take down.

use domain::Moment;
use serde_json::{Value, json};

use super::{Said, Standing, State, Weight, http::Request};

/// The developer app of the campaign.
pub const APP: &str = "77";

/// Whether a request changes what readers see, and what it says.
pub fn weight(request: &Request) -> (Weight, String) {
    let is_post = !request.path.contains("/oauth/") && matches!(request.method.as_str(), "POST" | "DELETE");
    (if is_post { Weight::Visible } else { Weight::Safe }, request.field("message"))
}

fn shown(origin: &str, one: &Standing) -> Value {
    let at: String = one.at.to_rfc3339().chars().take(19).chain("+0000".chars()).collect();
    json!({
        "id": one.id, "message": one.text, "created_time": at, "application": { "id": APP },
        "permalink_url": format!("{origin}/town/posts/{}", one.id),
    })
}

/// Answers as the interface says.
pub fn answer(state: &mut State, request: &Request, now: Moment, origin: &str) -> Said {
    let scopes = ["pages_show_list", "pages_read_engagement", "pages_manage_posts"];
    let missing = || (400, json!({ "error": { "message": "Unsupported request", "code": 100, "error_subcode": 33 } }));
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
            let posts: Vec<Value> = state.standing.iter().rev().take(100).map(|one| shown(origin, one)).collect();
            (200, json!({ "data": posts }))
        }
        ("POST", ["1", "feed"]) => {
            let one = state.make(request.field("message"), String::new(), now);
            (200, json!({ "id": one.id }))
        }
        (method, [id]) => {
            let Some(place) = state.standing.iter().position(|one| one.id == **id) else { return missing() };
            match method {
                "GET" => (200, shown(origin, &state.standing[place])),
                "DELETE" => {
                    state.standing.remove(place);
                    (200, json!({ "success": true }))
                }
                _ => missing(),
            }
        }
        _ => missing(),
    }
}
