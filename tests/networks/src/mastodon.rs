//! A Mastodon-like server: registration, OAuth with PKCE, pictures and videos that take their time, statuses with an
//! `Idempotency-Key`.

pub(crate) mod oauth;
mod statuses;

use std::collections::BTreeMap;

use axum::{
    Router,
    body::Bytes,
    extract::{Multipart, Path, State},
    http::HeaderMap,
    response::{IntoResponse, Response},
    routing::{get, post},
};
use serde_json::{Value, json};

use crate::{
    Shared,
    world::{answer, error, hash},
};

/// The token of a program that reads along; opened for an account by the setting `reader`.
pub const READER: &str = "sandbox-reader";

/// Registrations, tokens, pictures and statuses.
#[derive(Debug)]
pub struct Mastodon {
    /// Who is signed in in the browser of whoever agrees.
    account: String,
    deny: bool,
    /// What whoever agrees does not agree to.
    declined: Vec<String>,
    media_polls: u32,
    max_characters: usize,
    /// How often the list of an account's statuses is still empty: servers with several databases are late at times.
    lag: u32,
    /// Whether it is of before 4.3.
    is_old: bool,
    /// The version that it names, where it is not Mastodon's own of today.
    version: Option<String>,
    /// Whether it is a compatible server: it says so, and ignores `Idempotency-Key`.
    is_compatible: bool,
    /// Whether it says nothing of earlier versions, as servers of before 3.5 and some compatible ones do.
    keeps_nothing: bool,
    /// What it says of polls, where that is not Mastodon's default.
    polls: Option<Value>,
    /// Whether it promises to say who it is when it sends somebody back (RFC 9207), which Mastodon does not yet.
    promises_name: bool,
    /// What it says that it is; nothing where it says nothing.
    says_name: Option<String>,
    /// The address, up to the state, to which it sends whoever comes to agree: a hostile one, that wants another server's code.
    mixes_up: Option<String>,
    clients: BTreeMap<String, oauth::Client>,
    codes: BTreeMap<String, oauth::Code>,
    /// Account by token.
    tokens: BTreeMap<String, String>,
    media: BTreeMap<String, Picture>,
    statuses: Vec<statuses::Status>,
    /// Status by account and key, and when.
    keys: BTreeMap<(String, String), (String, i64)>,
    minted: u64,
}

#[derive(Debug, Clone)]
struct Picture {
    by: String,
    description: String,
    mime: String,
    content: Bytes,
    /// What must be seen of it where it is cut, as it came.
    focus: Option<String>,
    /// The hash of the picture that stands in the place of a video.
    thumbnail: Option<String>,
    polls_left: u32,
}

impl Picture {
    fn is_video(&self) -> bool {
        self.mime.starts_with("video/")
    }
}

impl Default for Mastodon {
    fn default() -> Self {
        Self {
            account: "ayuntamiento".to_owned(),
            deny: false,
            declined: Vec::new(),
            media_polls: 0,
            max_characters: 500,
            lag: 0,
            is_old: false,
            version: None,
            is_compatible: false,
            keeps_nothing: false,
            polls: None,
            promises_name: false,
            says_name: None,
            mixes_up: None,
            clients: BTreeMap::new(),
            codes: BTreeMap::new(),
            tokens: BTreeMap::new(),
            media: BTreeMap::new(),
            statuses: Vec::new(),
            keys: BTreeMap::new(),
            minted: 0,
        }
    }
}

impl Mastodon {
    pub(crate) fn visible(&self) -> Vec<Value> {
        self.statuses.iter().map(|status| status.visible(self)).collect()
    }

    pub(crate) fn set(&mut self, settings: &Value) {
        if let Some(account) = settings["account"].as_str() {
            account.clone_into(&mut self.account);
        }
        if let Some(deny) = settings["deny"].as_bool() {
            self.deny = deny;
        }
        if let Some(declined) = settings["declined"].as_array() {
            self.declined = declined.iter().filter_map(Value::as_str).map(str::to_owned).collect();
        }
        if let Some(polls) = settings["media_polls"].as_u64() {
            self.media_polls = u32::try_from(polls).unwrap_or(u32::MAX);
        }
        if let Some(most) = settings["max_characters"].as_u64() {
            self.max_characters = usize::try_from(most).unwrap_or(usize::MAX);
        }
        if let Some(lag) = settings["lag"].as_u64() {
            self.lag = u32::try_from(lag).unwrap_or(u32::MAX);
        }
        if let Some(old) = settings["old"].as_bool() {
            self.is_old = old;
        }
        if let Some(version) = settings["version"].as_str() {
            self.version = Some(version.to_owned());
        }
        if let Some(compatible) = settings["compatible"].as_bool() {
            self.is_compatible = compatible;
        }
        if let Some(nothing) = settings["keeps_nothing"].as_bool() {
            self.keeps_nothing = nothing;
        }
        if let Some(promises) = settings["promises_name"].as_bool() {
            self.promises_name = promises;
        }
        if let Some(name) = settings["says_name"].as_str() {
            self.says_name = Some(name.to_owned()).filter(|name| name != "nothing");
        }
        if let Some(to) = settings["mixes_up"].as_str() {
            self.mixes_up = Some(to.to_owned());
        }
        if settings["polls"].is_object() {
            self.polls = Some(settings["polls"].clone());
        }
        if let (Some(status), Some(votes)) = (self.statuses.last_mut(), settings["votes"].as_array()) {
            status.vote(&votes.iter().filter_map(Value::as_u64).collect::<Vec<_>>());
        }
        if let (Some(status), Some(seconds)) = (self.statuses.last_mut(), settings["poll_ends_in"].as_i64()) {
            status.end_poll_in(seconds);
        }
        if let Some(reader) = settings["reader"].as_str() {
            self.tokens.insert(READER.to_owned(), reader.to_owned());
        }
        if settings["revoke"] == true {
            self.tokens.clear();
        }
    }

    /// What it says of its software: the version, and where the source is.
    fn software(&self) -> (&str, &'static str) {
        if self.is_compatible {
            return ("2.7.2 (compatible; Pleroma 2.5.0)", "https://git.pleroma.social/pleroma/pleroma");
        }
        (self.version.as_deref().unwrap_or("4.6.0"), "https://github.com/mastodon/mastodon")
    }

    /// A number that grows, as identities here do.
    fn mint(&mut self) -> String {
        self.minted += 1;
        (115_600_000_000_000_000 + self.minted).to_string()
    }

    /// Whose token it is.
    fn bearer(&self, headers: &HeaderMap) -> Result<String, Response> {
        let header = headers.get("authorization").and_then(|value| value.to_str().ok());
        let token = header.and_then(|value| value.strip_prefix("Bearer "));
        let account = token.and_then(|token| self.tokens.get(token)).cloned();
        account.ok_or_else(|| error(401, "The access token is invalid"))
    }
}

/// An account's identity: the same for the same name.
fn account_id(name: &str) -> String {
    let digits = u64::from_str_radix(&hash(name)[..12], 16).unwrap_or_default();
    (109_000_000_000_000_000 + digits).to_string()
}

fn account(origin: &str, name: &str) -> Value {
    json!({
        "id": account_id(name), "username": name, "acct": name, "display_name": "", "locked": false, "bot": false,
        "discoverable": true, "group": false, "created_at": "2026-01-01T00:00:00.000Z", "note": "",
        "url": format!("{origin}/@{name}"), "uri": format!("{origin}/users/{name}"),
        "avatar": format!("{origin}/avatar.png"), "avatar_static": format!("{origin}/avatar.png"),
        "header": format!("{origin}/header.png"), "header_static": format!("{origin}/header.png"),
        "followers_count": 0, "following_count": 0, "statuses_count": 0, "last_status_at": null,
        "indexable": true, "emojis": [], "fields": [], "roles": [],
    })
}

/// The account with what only its owner is told.
fn own_account(origin: &str, name: &str) -> Value {
    let mut own = account(origin, name);
    own["source"] = json!({
        "fields": [], "follow_requests_count": 0, "indexable": true, "note": "", "privacy": "public",
        "sensitive": false, "language": null,
    });
    own["role"] = json!({ "id": "-99", "name": "", "color": "", "highlighted": false, "permissions": "0" });
    own
}

/// What a request says, as JSON or as a form: the real one takes both.
fn fields(headers: &HeaderMap, body: &Bytes) -> Value {
    let mime = headers.get("content-type").and_then(|value| value.to_str().ok()).unwrap_or_default();
    if mime.starts_with("application/json") {
        return serde_json::from_slice(body).unwrap_or_default();
    }
    let request = axum::http::Request::builder().uri(format!("/?{}", String::from_utf8_lossy(body))).body(());
    let pairs = request.ok().and_then(|request| {
        axum::extract::Query::<BTreeMap<String, String>>::try_from_uri(request.uri()).ok().map(|query| query.0)
    });
    json!(pairs.unwrap_or_default())
}

pub(crate) fn routes() -> Router<Shared> {
    Router::new()
        .route("/api/v1/apps", post(oauth::register))
        .route(oauth::DOCUMENT, get(oauth::document))
        .route("/oauth/authorize", get(oauth::authorise))
        .route("/oauth/token", post(oauth::token))
        .route("/oauth/revoke", post(oauth::revoke))
        .route("/api/v1/accounts/verify_credentials", get(verify))
        .route("/api/v2/instance", get(instance))
        .route("/api/v1/instance", get(old_instance))
        .route("/api/v2/media", post(upload))
        .route("/api/v1/media/{id}", get(picture))
        .route("/api/v1/statuses", post(statuses::create))
        .route("/api/v1/statuses/{id}", get(statuses::show).put(statuses::edit).delete(statuses::remove))
        .route("/api/v1/statuses/{id}/source", get(statuses::source))
        .route("/api/v1/statuses/{id}/history", get(statuses::history))
        .route("/api/v1/accounts/{id}/statuses", get(statuses::own))
}

/// What is no interface: the pictures themselves.
pub(crate) fn files() -> Router<Shared> {
    Router::new().route("/media/{id}", get(file))
}

async fn file(State(world): State<Shared>, Path(id): Path<String>) -> Response {
    match world.mastodon().media.get(&id).filter(|picture| picture.polls_left == 0) {
        Some(picture) => ([("content-type", picture.mime.clone())], picture.content.clone()).into_response(),
        None => error(404, "Record not found"),
    }
}

async fn verify(State(world): State<Shared>, headers: HeaderMap) -> Response {
    match world.mastodon().bearer(&headers) {
        Ok(name) => answer(200, own_account(&world.origin, &name)),
        Err(refused) => refused,
    }
}

fn configuration(mastodon: &Mastodon) -> Value {
    let polls = mastodon.polls.clone().unwrap_or_else(|| {
        json!({ "max_options": 4, "max_characters_per_option": 50, "min_expiration": 300, "max_expiration": 2_629_746 })
    });
    json!({
        "accounts": { "max_featured_tags": 10, "max_pinned_statuses": 5 },
        "statuses": { "max_characters": mastodon.max_characters, "max_media_attachments": 4, "characters_reserved_per_url": 23 },
        "media_attachments": {
            "supported_mime_types": ["image/jpeg", "image/png", "image/gif", "image/webp", "video/mp4"],
            "description_limit": 1_500, "image_size_limit": 16_777_216, "image_matrix_limit": 33_177_600,
            "video_size_limit": 103_809_024, "video_frame_rate_limit": 120, "video_matrix_limit": 8_294_400,
        },
        "polls": polls,
        "translation": { "enabled": false },
        "urls": { "streaming": "wss://sandbox.example" },
    })
}

async fn instance(State(world): State<Shared>) -> Response {
    let (mastodon, origin) = (world.mastodon(), &world.origin);
    let (configuration, (version, source)) = (configuration(&mastodon), mastodon.software());
    let picture = format!("{origin}/thumbnail.png");
    let body = json!({
        "domain": "sandbox.example", "title": "Sandbox", "version": version, "description": "", "source_url": source,
        "languages": ["es"], "configuration": configuration, "rules": [], "api_versions": { "mastodon": 10 },
        "contact": { "email": "nobody@sandbox.example", "account": null }, "thumbnail": { "url": picture },
        "icon": [{ "src": picture, "size": "36x36" }], "usage": { "users": { "active_month": 1 } },
        "registrations": { "enabled": false, "approval_required": false, "reason_required": false, "message": null, "url": null },
    });
    answer(200, body)
}

/// The first generation of it.
async fn old_instance(State(world): State<Shared>) -> Response {
    let mastodon = world.mastodon();
    let (configuration, (version, _)) = (configuration(&mastodon), mastodon.software());
    let body = json!({
        "uri": "sandbox.example", "title": "Sandbox", "version": version, "configuration": configuration,
        "approval_required": false, "description": "", "short_description": "", "email": "nobody@sandbox.example",
        "invites_enabled": false, "languages": ["es"], "registrations": false, "rules": [],
        "stats": { "domain_count": 1, "status_count": 0, "user_count": 1 },
        "urls": { "streaming_api": "wss://sandbox.example" },
    });
    answer(200, body)
}

async fn upload(State(world): State<Shared>, headers: HeaderMap, mut form: Multipart) -> Response {
    let by = match world.mastodon().bearer(&headers) {
        Ok(by) => by,
        Err(refused) => return refused,
    };
    let (mut file, mut description, mut focus, mut thumbnail) = (None, String::new(), None, None);
    while let Ok(Some(field)) = form.next_field().await {
        let name = field.name().unwrap_or_default().to_owned();
        let mime = field.content_type().unwrap_or_default().to_owned();
        let Ok(bytes) = field.bytes().await else { return error(400, "broken form") };
        match name.as_str() {
            "file" => file = Some((mime, bytes)),
            "description" => description = String::from_utf8_lossy(&bytes).into_owned(),
            "focus" => focus = Some(String::from_utf8_lossy(&bytes).into_owned()),
            "thumbnail" => thumbnail = Some((mime, hash(&bytes))),
            _ => {}
        }
    }
    let Some((mime, bytes)) = file.filter(|(_, bytes)| !bytes.is_empty()) else {
        return error(422, "Validation failed: File can't be blank");
    };
    if !mime.starts_with("image/") && mime != "video/mp4" {
        return error(422, "Validation failed: File content type is invalid");
    }
    if thumbnail.as_ref().is_some_and(|(mime, _)| !mime.starts_with("image/")) {
        return error(422, "Validation failed: Thumbnail content type is invalid");
    }
    let is_place = |focus: &String| {
        let (x, y) = focus.split_once(',').unwrap_or_default();
        [x, y].iter().all(|at| at.parse::<f32>().is_ok_and(|at| (-1.0..=1.0).contains(&at)))
    };
    if focus.as_ref().is_some_and(|focus| !is_place(focus)) {
        return error(422, "Validation failed: Focus is invalid");
    }
    let thumbnail = thumbnail.map(|(_, hash)| hash);
    let mut mastodon = world.mastodon();
    let (id, polls_left) = (mastodon.mint(), mastodon.media_polls);
    let picture = Picture { by, description, mime, content: bytes, focus, thumbnail, polls_left };
    let body = attachment(&world.origin, &id, &picture);
    mastodon.media.insert(id, picture);
    answer(if polls_left > 0 { 202 } else { 200 }, body)
}

async fn picture(State(world): State<Shared>, headers: HeaderMap, Path(id): Path<String>) -> Response {
    let mut mastodon = world.mastodon();
    let by = match mastodon.bearer(&headers) {
        Ok(by) => by,
        Err(refused) => return refused,
    };
    let Some(picture) = mastodon.media.get_mut(&id).filter(|picture| picture.by == by) else {
        return error(404, "Record not found");
    };
    let waits = picture.polls_left > 0;
    if waits {
        picture.polls_left -= 1;
    }
    answer(if waits { 206 } else { 200 }, attachment(&world.origin, &id, picture))
}

fn attachment(origin: &str, id: &str, picture: &Picture) -> Value {
    let url = (picture.polls_left == 0).then(|| format!("{origin}/media/{id}"));
    json!({
        "id": id, "type": if picture.is_video() { "video" } else { "image" }, "url": url, "preview_url": url, "remote_url": null, "meta": {},
        "description": picture.description, "blurhash": null,
    })
}
