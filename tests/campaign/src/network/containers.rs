//! As much of Instagram and of Threads as our adapters call: what is given to them is a container, which they prepare, and
//! which one more call makes visible. Two networks, for their names differ; one file, for nothing else does.

use domain::{
    Moment, Network as Name,
    pull::{Pull, Pulled},
};
use serde_json::{Value, json};

use super::{Said, Standing, State, Step, facebook, http::Request};

/// The account.
const ACCOUNT: &str = "17841";

/// What a network was given before it is shown.
#[derive(Debug, Clone)]
pub struct Container {
    /// What the network calls it.
    pub id: String,
    /// What it says, or is known by.
    pub text: String,
    /// How often it still says that it is not ready.
    pub waits: u32,
    /// By which kind of step it is shown.
    pub step: Step,
    /// How many of its bytes came, where they are sent.
    pub bytes: u64,
    /// Whether it was said that this is all of it, or that it is to be shown.
    pub is_out: bool,
    /// When it was begun, where that is told.
    pub at: Moment,
    /// What it will answer.
    above: String,
}

impl Container {
    /// Given, and ready.
    pub const fn given(id: String, text: String) -> Self {
        Self { id, text, waits: 0, step: Step::Visible, bytes: 0, is_out: false, at: Moment(0), above: String::new() }
    }

    /// A video that is given, and worked on for a while.
    pub fn film(id: String, text: String, waits: u32) -> Self {
        Self { waits, step: Step::Video, ..Self::given(id, text) }
    }
}

/// How the two name things.
pub struct House {
    makes: &'static str,
    publishes: &'static str,
    quota: &'static str,
    words: &'static str,
    state: [&'static str; 2],
}

const INSTAGRAM: House = House {
    makes: "media",
    publishes: "media_publish",
    quota: "content_publishing_limit",
    words: "caption",
    state: ["status_code", "status"],
};

const THREADS: House = House {
    makes: "threads",
    publishes: "threads_publish",
    quota: "threads_publishing_limit",
    words: "text",
    state: ["status", "error_message"],
};

impl House {
    /// Of a network.
    pub const fn of(network: Name) -> &'static Self {
        match network {
            Name::Threads => &THREADS,
            _ => &INSTAGRAM,
        }
    }

    /// Whether a request changes what readers see, and what it says: a publication names its container only.
    pub fn step(&self, state: &State, request: &Request) -> (Step, String) {
        match (request.method.as_str(), request.path.rsplit('/').next().unwrap_or_default()) {
            ("POST", node) if node == self.publishes => {
                let id = request.field("creation_id");
                let container = state.containers.iter().find(|one| one.id == id);
                container.map_or((Step::Visible, String::new()), |one| (one.step, one.text.clone()))
            }
            ("POST", "comments") => (Step::Comment, request.field("message")),
            ("DELETE", _) => (Step::Remove, String::new()),
            ("POST", node) if node == self.makes && is_film(request) => (Step::Upload, String::new()),
            ("GET", id) if state.given(id).is_some_and(|one| one.step == Step::Video) => (Step::Upload, String::new()),
            _ => (Step::Safe, String::new()),
        }
    }

    fn shown(&self, one: &Standing) -> Value {
        let at: String = one.at.to_rfc3339().chars().take(19).chain("+0000".chars()).collect();
        let mut shown = json!({ "id": one.id, "timestamp": at, "permalink": format!("https://town.es/{}", one.id) });
        // Of a story no word is shown.
        if one.step != Step::Story {
            shown[self.words] = one.text.as_str().into();
        }
        if !one.above.is_empty() {
            shown["replied_to"] = json!({ "id": one.above });
        }
        shown
    }

    /// Answers as the interface says.
    pub fn answer(&self, state: &mut State, request: &Request, now: Moment, origin: &str) -> Said {
        let missing = || {
            let error = json!({ "message": "Unsupported request", "code": 100, "error_subcode": 33 });
            (400, json!({ "error": error }))
        };
        let refused = |message: &str| (400, json!({ "error": { "message": message, "code": 100 } }));
        let account = json!({ "id": ACCOUNT, "username": super::name_at(origin), "name": "Town" });
        let path = request.path.trim_start_matches("/v25.0/").trim_start_matches("/v1.0/").trim_start_matches('/');
        let path: Vec<&str> = path.split('/').collect();
        match (request.method.as_str(), &path[..]) {
            (_, ["oauth", "access_token"]) => (200, json!({ "access_token": "person", "token_type": "bearer" })),
            ("GET", ["access_token" | "refresh_access_token"]) => {
                (200, json!({ "access_token": "lasting", "expires_in": 5_184_000 }))
            }
            ("GET", ["me", "permissions"]) => {
                let granted = SCOPES.map(|scope| json!({ "permission": scope, "status": "granted" }));
                (200, json!({ "data": granted }))
            }
            ("GET", ["me", "accounts"]) => {
                let tasks = ["CREATE_CONTENT"];
                let page =
                    json!({ "id": "1", "access_token": "page", "tasks": tasks, "instagram_business_account": account });
                (200, json!({ "data": [page] }))
            }
            ("GET", ["debug_token"]) => {
                (200, json!({ "data": { "is_valid": true, "app_id": facebook::APP, "scopes": SCOPES } }))
            }
            ("GET", ["me"] | [ACCOUNT]) => (200, account),
            ("GET", [ACCOUNT, edge]) if *edge == self.quota => {
                let config = json!({ "quota_total": 10_000, "quota_duration": 86_400 });
                (200, json!({ "data": [{ "quota_usage": 1, "config": config }] }))
            }
            ("GET", [ACCOUNT, edge]) if *edge == self.makes || matches!(*edge, "replies" | "stories") => {
                let (answers, stories) = (*edge == "replies", *edge == "stories");
                let since: i64 = request.asked("since").parse().unwrap_or(i64::MIN);
                let is_listed =
                    |one: &&Standing| one.above.is_empty() != answers && (one.step == Step::Story) == stories;
                let posts = state.standing.iter().rev().filter(is_listed);
                let posts = posts.filter(|one| one.at.0 / 1_000 >= since).take(100);
                (200, json!({ "data": posts.map(|one| self.shown(one)).collect::<Vec<_>>() }))
            }
            ("POST", [ACCOUNT, edge]) if *edge == self.makes => {
                state.made += 1;
                let id = format!("{}", 17_900_000_000_000_000 + state.made);
                // Every third takes its time, and a video perhaps longer.
                let (waits, above) = (u32::from(state.made.is_multiple_of(3)), request.field("reply_to_id"));
                let (step, text, waits) = match request.field("media_type").as_str() {
                    "STORIES" => (Step::Story, shown_at(&request.field("image_url")), waits),
                    _ if !above.is_empty() => (Step::Part, request.field(self.words), waits),
                    _ if is_film(request) => (Step::Video, request.field(self.words), state.work()),
                    _ => (Step::Visible, request.field(self.words), waits),
                };
                state.containers.push(Container { waits, above, step, ..Container::given(id.clone(), text) });
                (200, json!({ "id": id }))
            }
            ("POST", [ACCOUNT, edge]) if *edge == self.publishes => {
                let id = request.field("creation_id");
                let Some(container) = state.containers.iter_mut().find(|one| one.id == id) else { return missing() };
                if container.is_out || container.waits > 0 {
                    return refused("It cannot be published");
                }
                container.is_out = true;
                let (text, above, step) = (container.text.clone(), container.above.clone(), container.step);
                let one = state.put(Standing { above, step, key: id, ..Standing::new(text, now) });
                (200, json!({ "id": one.id }))
            }
            ("GET", [post, "comments"]) => {
                let told = |one: &Standing| {
                    let mut told = self.shown(one);
                    told["text"] = one.text.as_str().into();
                    (told["username"], told["user"]) = (account["username"].clone(), json!({ "id": ACCOUNT }));
                    told
                };
                // The newest first, fifty at most.
                let comments: Vec<Value> = state.comments_below(post).rev().take(50).map(told).collect();
                (200, json!({ "data": comments }))
            }
            ("POST", [post, "comments"]) => match state.comment(post, request.field("message"), now) {
                Some(one) => (200, json!({ "id": one.id })),
                None => missing(),
            },
            ("GET", [id]) => {
                if let Some(one) = state.standing.iter().find(|one| one.id == **id) {
                    return (200, self.shown(one));
                }
                let Some(container) = state.containers.iter_mut().find(|one| one.id == **id) else { return missing() };
                let how = match (container.is_out, container.waits) {
                    (true, _) => "PUBLISHED",
                    (false, 0) => "FINISHED",
                    _ => "IN_PROGRESS",
                };
                container.waits = container.waits.saturating_sub(1);
                let mut said = json!({ "id": id });
                said[self.state[0]] = how.into();
                (200, said)
            }
            ("DELETE", [id]) => match state.take_down(id) {
                true => (200, json!({ "success": true })),
                false => missing(),
            },
            _ => missing(),
        }
    }
}

/// Whether a container is to be made of a video.
fn is_film(request: &Request) -> bool {
    matches!(request.field("media_type").as_str(), "REELS" | "VIDEO")
}

/// Which picture is fetched from an address of ours: of a story nothing else is told.
fn shown_at(address: &str) -> String {
    let signed = address.rsplit('/').next().and_then(Pull::read);
    match signed.map(|(pull, _)| pull.what) {
        Some(Pulled::Medium(media)) => media.to_string(),
        Some(Pulled::Captions(_)) | None => String::new(),
    }
}

/// What a person agrees to at either.
const SCOPES: [&str; 5] = [
    "pages_show_list",
    "pages_read_engagement",
    "instagram_basic",
    "instagram_content_publish",
    "instagram_manage_contents",
];
