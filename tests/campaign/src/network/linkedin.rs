//! As much of LinkedIn's interface as our adapter calls to connect a page, to write on it, with a document, a video or neither, to
//! look and to take down.

use domain::Moment;
use serde_json::{Value, json};

use super::{Header, Said, Standing, State, Step, containers::Container, http::Request};

/// Whether a request changes what readers see, and what it says.
pub fn step(request: &Request) -> (Step, String) {
    if request.path.starts_with("/rest/videos") || request.path.starts_with("/upload/film/") {
        return (Step::Upload, String::new());
    }
    let (is_post, is_one) = (request.path == "/rest/posts", request.path.starts_with("/rest/posts/"));
    let body = request.json();
    let step = match request.method.as_str() {
        "POST" if is_post => carried(&body),
        "POST" if is_one => Step::Edit,
        "DELETE" if is_one => Step::Remove,
        _ => Step::Safe,
    };
    let said = if step == Step::Edit { replaced(&body) } else { &body["commentary"] };
    (step, said.as_str().unwrap_or_default().to_owned())
}

/// What takes the place of the words of a post.
fn replaced(body: &Value) -> &Value {
    &body["patch"]["$set"]["commentary"]
}

/// By what kind of step a post comes.
fn carried(body: &Value) -> Step {
    let hangs = body["content"]["media"]["id"].as_str().unwrap_or_default();
    match hangs.starts_with(DOCUMENT) {
        true => Step::Document,
        false if hangs.starts_with(FILM) => Step::Video,
        false => Step::Visible,
    }
}

/// How the name of a document begins.
const DOCUMENT: &str = "urn:li:document:";

/// How the name of a video begins.
const FILM: &str = "urn:li:video:";

/// What pictures are called.
const PICTURE: &str = "urn:li:image:";

fn name(id: &str) -> String {
    format!("urn:li:share:{id}")
}

fn shown(one: &Standing) -> Value {
    json!({ "id": name(&one.id), "commentary": one.text, "publishedAt": one.at.0, "lifecycleState": "PUBLISHED" })
}

/// A video is announced: it comes in two pieces, each to an address of its own.
fn announced(state: &mut State, request: &Request, origin: &str) -> Value {
    let id = format!("{FILM}{}", state.mint());
    let film = Container::film(id.clone(), String::new(), state.work());
    state.containers.push(film);
    let total = request.json()["initializeUploadRequest"]["fileSizeBytes"].as_u64().unwrap_or_default();
    let piece = |from: u64, until: u64| {
        let to = format!("{origin}/upload/film/{}/{from}", state.made);
        json!({ "uploadUrl": to, "firstByte": from, "lastByte": until.saturating_sub(1) })
    };
    let pieces = [piece(0, total / 2), piece(total / 2, total)];
    json!({ "value": { "video": id, "uploadToken": "", "uploadInstructions": pieces } })
}

/// Answers as the interface says, with what a new post is called, or a piece of a video: that stands in a header.
pub fn answer(state: &mut State, request: &Request, now: Moment, origin: &str) -> (Said, Option<Header>) {
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
        ("POST", ["rest", "images"]) => {
            let image = format!("{PICTURE}{}", state.mint());
            let to = format!("{origin}/upload/{}", state.made);
            (200, json!({ "value": { "image": image, "uploadUrl": to } }))
        }
        ("GET", ["rest", "images"]) => {
            let asked = request.asked("ids");
            let names = asked.trim_start_matches("List(").trim_end_matches(')').split(',');
            let ready = names.map(|name| (name.to_owned(), json!({ "status": "AVAILABLE" })));
            (200, json!({ "results": ready.collect::<serde_json::Map<_, _>>() }))
        }
        ("PUT", ["upload", _]) => (201, Value::Null),
        ("POST", ["rest", "videos"]) if request.asked("action") == "initializeUpload" => {
            (200, announced(state, request, origin))
        }
        ("PUT", ["upload", "film", _, piece]) => return ((200, Value::Null), Some(("etag", format!("\"{piece}\"")))),
        ("POST", ["rest", "videos"]) => {
            let order = &request.json()["finalizeUploadRequest"];
            match state.containers.iter_mut().find(|one| order["video"] == *one.id) {
                Some(film) => {
                    film.is_out = true;
                    (200, Value::Null)
                }
                None => missing(),
            }
        }
        ("GET", ["rest", "videos", id]) => match state.containers.iter_mut().find(|one| one.id == **id) {
            Some(film) if !film.is_out => (200, json!({ "id": id, "status": "WAITING_UPLOAD" })),
            Some(film) => {
                let status = if film.waits > 0 { "PROCESSING" } else { "AVAILABLE" };
                film.waits = film.waits.saturating_sub(1);
                (200, json!({ "id": id, "status": status }))
            }
            None => missing(),
        },
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
            return ((201, Value::Null), Some(("x-restli-id", name(&one.id))));
        }
        (method, ["rest", "posts", id]) => {
            let Some(place) = state.standing.iter().position(|one| name(&one.id) == **id) else {
                return (missing(), None);
            };
            match method {
                "GET" => (200, shown(&state.standing[place])),
                "POST" => {
                    let text = replaced(&request.json()).as_str().unwrap_or_default().to_owned();
                    state.correct(|one| name(&one.id) == **id, text, now);
                    (204, Value::Null)
                }
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
