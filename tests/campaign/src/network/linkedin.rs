//! As much of LinkedIn's interface as our adapter calls to connect a page, to write on it, with a document or without, to look and to
//! take down.

use domain::Moment;
use serde_json::{Value, json};

use super::{Said, Standing, State, Step, containers::Container, http::Request};

/// Whether a request changes what readers see, and what it says.
pub fn step(request: &Request) -> (Step, String) {
    let is_post = request.path.starts_with("/rest/posts") && request.method != "GET";
    let body = request.json();
    let text = body["commentary"].as_str().unwrap_or_default().to_owned();
    (if is_post { carried(&body) } else { Step::Safe }, text)
}

/// By what kind of step a post comes.
fn carried(body: &Value) -> Step {
    let hangs = body["content"]["media"]["id"].as_str().unwrap_or_default();
    if hangs.starts_with(DOCUMENT) { Step::Document } else { Step::Visible }
}

/// How the name of a document begins.
const DOCUMENT: &str = "urn:li:document:";

fn name(id: &str) -> String {
    format!("urn:li:share:{id}")
}

fn shown(one: &Standing) -> Value {
    json!({ "id": name(&one.id), "commentary": one.text, "publishedAt": one.at.0, "lifecycleState": "PUBLISHED" })
}

/// Answers as the interface says, with what a new post is called: it stands in a header.
pub fn answer(state: &mut State, request: &Request, now: Moment, origin: &str) -> (Said, Option<String>) {
    let scopes = "w_organization_social,r_organization_social,r_organization_admin";
    let missing = || (404, json!({ "status": 404, "code": "NOT_FOUND", "message": "Could not find entity" }));
    let page = json!({ "id": 1, "localizedName": "Town", "vanityName": super::name_at(origin) });
    let path = request.path.replace("%3A", ":");
    let path: Vec<&str> = path.trim_start_matches('/').split('/').collect();
    let said = match (request.method.as_str(), &path[..]) {
        ("POST", ["oauth", "v2", "accessToken"]) => {
            let [access, renewal] = [5_184_000, 31_536_000];
            let tokens = json!({
                "access_token": "access", "expires_in": access, "refresh_token": "renewal",
                "refresh_token_expires_in": renewal, "scope": scopes,
            });
            (200, tokens)
        }
        ("POST", ["oauth", "v2", "introspectToken"]) => (200, json!({ "active": true, "scope": scopes })),
        ("GET", ["rest", "organizationAcls"]) => {
            let role = json!({ "organization": "urn:li:organization:1", "role": "ADMINISTRATOR", "state": "APPROVED" });
            (200, json!({ "elements": [role] }))
        }
        ("GET", ["rest", "organizations"]) => (200, json!({ "results": { "1": page } })),
        ("GET", ["rest", "organizations", "1"]) => (200, page),
        ("POST", ["rest", "documents"]) => {
            let id = format!("{DOCUMENT}{}", state.mint());
            // Every third takes its time.
            let waits = u32::from(state.made.is_multiple_of(3));
            let mut container = Container::given(id.clone(), String::new());
            container.waits = waits;
            state.containers.push(container);
            let to = format!("{origin}/upload/{}", state.made);
            (200, json!({ "value": { "document": id, "uploadUrl": to } }))
        }
        ("PUT", ["upload", _]) => (201, Value::Null),
        ("GET", ["rest", "documents", id]) => match state.containers.iter_mut().find(|one| one.id == **id) {
            Some(document) => {
                let status = if document.waits > 0 { "PROCESSING" } else { "AVAILABLE" };
                document.waits = document.waits.saturating_sub(1);
                (200, json!({ "id": id, "status": status }))
            }
            None => missing(),
        },
        ("GET", ["rest", "posts"]) => {
            let posts: Vec<Value> = state.standing.iter().rev().take(50).map(shown).collect();
            (200, json!({ "elements": posts }))
        }
        ("POST", ["rest", "posts"]) => {
            let body = request.json();
            let text = body["commentary"].as_str().unwrap_or_default().to_owned();
            let one = state.put(Standing { step: carried(&body), ..Standing::new(text, now) });
            return ((201, Value::Null), Some(name(&one.id)));
        }
        (method, ["rest", "posts", id]) => {
            let Some(place) = state.standing.iter().position(|one| name(&one.id) == **id) else {
                return (missing(), None);
            };
            match method {
                "GET" => (200, shown(&state.standing[place])),
                "DELETE" => {
                    state.standing.remove(place);
                    (204, Value::Null)
                }
                _ => missing(),
            }
        }
        _ => missing(),
    };
    (said, None)
}
