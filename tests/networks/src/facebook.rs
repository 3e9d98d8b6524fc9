//! A Graph-like interface for Facebook pages and the accounts of Instagram that are linked to them: consent, tokens that can be inspected, pictures that are seen by nobody until
//! a post shows them, posts that cannot be told apart from another of the same words.

mod comments;
mod instagram;
pub mod itself;
mod oauth;
mod posts;
mod stories;
mod videos;

use std::collections::BTreeMap;

use axum::{
    Router,
    body::{Body, Bytes},
    extract::{FromRequest, Multipart, Path, Query, Request, State},
    http::{HeaderMap, Response, Uri},
    routing::get,
};
use serde_json::{Map, Value, json};

use crate::{Shared, world::answer};

pub use instagram::account_of;
pub use oauth::proof;

/// The developer app that is known here: its identity and its secret.
pub const APP: (&str, &str) = ("424242", "sandbox-app-secret");

/// The permissions that are given if nobody says which are asked for, as a configuration of its login would.
const CONFIGURED: [&str; 3] = ["pages_show_list", "pages_read_engagement", "pages_manage_posts"];

/// The permissions of whoever reads and writes with another's program.
const ALL: [&str; 8] = [
    "pages_show_list",
    "pages_read_engagement",
    "pages_manage_posts",
    "pages_manage_engagement",
    "instagram_manage_comments",
    "instagram_basic",
    "instagram_content_publish",
    "instagram_manage_contents",
];

/// Pages, tokens, pictures and posts.
#[derive(Debug)]
pub struct Facebook {
    deny: bool,
    /// The names of the pages that the person who agrees has.
    pages: Vec<String>,
    /// What they may do on them.
    tasks: Vec<String>,
    /// The permissions that they untick.
    declined: Vec<String>,
    /// How often the list of a page's posts is still empty.
    lag: u32,
    /// When the access to data ends, in seconds since 1970.
    data_access_ends: i64,
    /// Of which app it says that tokens are, where that is another than asks.
    token_of: Option<String>,
    codes: BTreeMap<String, oauth::Code>,
    tokens: BTreeMap<String, oauth::Access>,
    itself: itself::Itself,
    photos: BTreeMap<String, posts::Photo>,
    posts: Vec<posts::Post>,
    clips: BTreeMap<String, videos::Clip>,
    comments: Vec<comments::Comment>,
    stories: Vec<stories::Story>,
    /// How often a new video is still worked on, and the code with which the next one breaks.
    processing: u32,
    video_breaks: Option<u32>,
    instagram: instagram::Instagram,
    minted: u64,
}

impl Default for Facebook {
    fn default() -> Self {
        Self {
            deny: false,
            pages: vec!["Ayuntamiento".to_owned()],
            tasks: ["ANALYZE", "MODERATE", "CREATE_CONTENT"].map(str::to_owned).to_vec(),
            declined: Vec::new(),
            lag: 0,
            data_access_ends: 4_102_444_800, // 2100
            token_of: None,
            codes: BTreeMap::new(),
            tokens: BTreeMap::new(),
            photos: BTreeMap::new(),
            posts: Vec::new(),
            clips: BTreeMap::new(),
            comments: Vec::new(),
            stories: Vec::new(),
            processing: 0,
            video_breaks: None,
            instagram: instagram::Instagram::default(),
            itself: itself::Itself::default(),
            minted: 0,
        }
    }
}

impl Facebook {
    pub(crate) fn visible(&self) -> Vec<Value> {
        let clips = self.clips.iter().filter_map(|(id, clip)| clip.visible(id));
        let all = self.posts.iter().map(|post| post.visible(self)).chain(clips);
        all.map(|one| self.commented(one)).collect()
    }

    pub(crate) fn visible_on_instagram(&self) -> Vec<Value> {
        self.instagram.visible().into_iter().map(|one| self.commented(one)).collect()
    }

    fn commented(&self, mut shown: Value) -> Value {
        shown["comments"] = self.below(shown["id"].as_str().unwrap_or_default()).into();
        shown
    }

    pub(crate) fn set(&mut self, settings: &Value) {
        let texts = |name: &str| {
            let list = settings[name].as_array()?;
            Some(list.iter().filter_map(Value::as_str).map(str::to_owned).collect::<Vec<_>>())
        };
        self.instagram.set(settings);
        self.itself.set(settings);
        if let Some(deny) = settings["deny"].as_bool() {
            self.deny = deny;
        }
        let number = |name: &str| settings[name].as_u64().and_then(|number| u32::try_from(number).ok());
        self.processing = number("preparing").unwrap_or(self.processing);
        self.video_breaks = number("video_breaks").or(self.video_breaks.take());
        if let Some(count) = settings["reels"].as_u64() {
            let pages: Vec<String> = self.pages().map(|(id, _)| id).collect();
            pages.first().into_iter().for_each(|page| self.publish_reels(page, count));
        }
        if settings["expire_containers"] == true {
            self.expire_clips();
        }
        if let Some(lag) = settings["lag"].as_u64() {
            self.lag = u32::try_from(lag).unwrap_or(u32::MAX);
        }
        if let Some(ends) = settings["data_access_ends"].as_i64() {
            self.data_access_ends = ends;
        }
        if let Some(app) = settings["token_of"].as_str() {
            self.token_of = Some(app.to_owned()).filter(|app| !app.is_empty());
        }
        self.pages = texts("pages").unwrap_or_else(|| std::mem::take(&mut self.pages));
        self.tasks = texts("tasks").unwrap_or_else(|| std::mem::take(&mut self.tasks));
        self.declined = texts("declined").unwrap_or_else(|| std::mem::take(&mut self.declined));
        if let Some(name) = settings["page_reader"].as_str() {
            let access = oauth::Access { page: Some(page_id(name)), scopes: ALL.map(str::to_owned).to_vec() };
            self.tokens.insert(crate::READER.to_owned(), access);
        }
        if settings["revoke"] == true {
            self.tokens.clear();
        }
        if let Some(words) = settings["neighbour"].as_str() {
            self.neighbour_says(words);
        }
        if let Some(lost) = settings["withdraw"].as_str() {
            self.tokens.values_mut().for_each(|access| access.scopes.retain(|scope| scope != lost));
        }
    }

    /// What it gave out that is nobody's to read.
    pub(crate) fn secrets(&self) -> impl Iterator<Item = String> {
        self.tokens
            .keys()
            .filter(|token| *token != crate::READER)
            .cloned()
            .chain([APP.1.to_owned()])
            .chain(self.itself.secrets())
    }

    fn mint(&mut self) -> u64 {
        self.minted += 1;
        self.minted
    }

    /// The pages, each with its identity and its name. The same name is the same page.
    fn pages(&self) -> impl Iterator<Item = (String, &String)> {
        self.pages.iter().map(|name| (page_id(name), name))
    }

    /// The access that a call carries, and its proof.
    fn access(&self, asked: &Asked) -> Result<&oauth::Access, Response<Body>> {
        let token = asked.token.as_deref().unwrap_or_default();
        let Some(access) = self.tokens.get(token) else {
            return Err(refuse(401, 190, Some(467), "Error validating access token: The session is invalid"));
        };
        if asked.text("appsecret_proof") != oauth::proof(token) {
            return Err(refuse(400, 100, None, "Invalid appsecret_proof provided in the API argument"));
        }
        Ok(access)
    }

    /// The page whose access a call carries, if it may do this.
    fn on_page(&self, asked: &Asked, page: &str, scope: &str) -> Result<(), Response<Body>> {
        let access = self.access(asked)?;
        if access.page.as_deref() != Some(page) {
            return Err(missing());
        }
        if access.scopes.iter().any(|there| there == scope) {
            return Ok(());
        }
        Err(refuse(403, 200, None, &format!("Requires {scope} permission to manage the object")))
    }
}

/// A page's identity.
pub fn page_id(name: &str) -> String {
    let digits = u64::from_str_radix(&crate::world::hash(name)[..8], 16).unwrap_or_default();
    (100_000_000_000_000 + digits).to_string()
}

/// What a call brings: the parameters of its query and of its body, whichever form that has, as the real one takes them.
pub(crate) struct Asked {
    /// The parameters, without the token.
    pub parameters: BTreeMap<String, String>,
    /// The file that came: type and bytes.
    pub file: Option<(String, Bytes)>,
    /// What the part with the file is called, and the file itself.
    pub part: (String, String),
    token: Option<String>,
}

impl Asked {
    /// Reads a call.
    pub async fn read(uri: &Uri, headers: &HeaderMap, bytes: &Bytes) -> Self {
        let Query(mut parameters) = Query::<BTreeMap<String, String>>::try_from_uri(uri).unwrap_or_default();
        let (mut file, mut part) = (None, Default::default());
        let mime = headers.get("content-type").and_then(|value| value.to_str().ok()).unwrap_or_default();
        if mime.starts_with("multipart/form-data") {
            let mut request = Request::new(Body::from(bytes.clone()));
            *request.headers_mut() = headers.clone();
            if let Ok(mut form) = Multipart::from_request(request, &()).await {
                while let Ok(Some(field)) = form.next_field().await {
                    let name = field.name().unwrap_or_default().to_owned();
                    let mime = field.content_type().map(str::to_owned);
                    let called = field.file_name().map(str::to_owned);
                    let bytes = field.bytes().await.unwrap_or_default();
                    if let Some(called) = called {
                        part = (name, called);
                        file = Some((mime.unwrap_or_default(), bytes));
                    } else {
                        parameters.insert(name, String::from_utf8_lossy(&bytes).into_owned());
                    }
                }
            }
        } else if mime.starts_with("application/json") {
            let body: Map<String, Value> = serde_json::from_slice(bytes).unwrap_or_default();
            let plain = |value: Value| value.as_str().map(str::to_owned).unwrap_or_else(|| value.to_string());
            parameters.extend(body.into_iter().map(|(name, value)| (name, plain(value))));
        } else if let Ok(uri) = format!("/?{}", String::from_utf8_lossy(bytes)).parse::<Uri>() {
            let fields = Query::<BTreeMap<String, String>>::try_from_uri(&uri);
            parameters.extend(fields.map(|Query(fields)| fields).unwrap_or_default());
        }
        let header = headers.get("authorization").and_then(|value| value.to_str().ok());
        let header = header.and_then(|value| value.strip_prefix("Bearer ").or(value.strip_prefix("OAuth ")));
        let token = parameters.remove("access_token").or_else(|| header.map(str::to_owned));
        Self { parameters, file, part, token }
    }

    /// The token that came along.
    pub fn token(&self) -> Option<&str> {
        self.token.as_deref()
    }

    pub fn text(&self, name: &str) -> &str {
        self.parameters.get(name).map(String::as_str).unwrap_or_default()
    }

    /// The fields that are asked for, without those of fields.
    fn fields(&self) -> Vec<String> {
        fields(self.text("fields"))
    }

    /// Of a whole node, its identity and what is asked for.
    fn of(&self, whole: &Value) -> Value {
        let fields = self.fields();
        let usual = || ["name", "message", "created_time"].map(str::to_owned).to_vec();
        let fields = if fields.is_empty() { usual() } else { fields };
        let kept = whole.as_object().into_iter().flatten();
        let kept = kept.filter(|(name, value)| *name == "id" || (fields.contains(name) && !value.is_null()));
        Value::Object(kept.map(|(name, value)| (name.clone(), value.clone())).collect())
    }
}

/// The names in a list of fields, without what is asked of fields themselves.
pub(crate) fn fields(text: &str) -> Vec<String> {
    let (mut depth, mut plain) = (0, String::new());
    for letter in text.chars() {
        match letter {
            '{' | '(' => depth += 1,
            '}' | ')' => depth -= 1,
            _ if depth == 0 => plain.push(letter),
            _ => {}
        }
    }
    plain.split(',').map(|name| name.trim().to_owned()).filter(|name| !name.is_empty()).collect()
}

/// Graph's way to say no.
pub(crate) fn refuse(status: u16, code: i64, subcode: Option<i64>, message: &str) -> Response<Body> {
    let mut error = json!({
        "message": format!("(#{code}) {message}"), "type": "OAuthException", "code": code, "is_transient": false,
        "fbtrace_id": "sandbox",
    });
    if let Some(subcode) = subcode {
        error["error_subcode"] = subcode.into();
    }
    answer(status, json!({ "error": error }))
}

fn missing() -> Response<Body> {
    let message = "Unsupported request. The object does not exist, cannot be loaded due to missing permissions, or does \
                   not support this operation";
    refuse(400, 100, Some(33), message)
}

/// The version that is spoken here.
pub const VERSION: &str = "v25.0";

pub(crate) fn routes() -> Router<Shared> {
    let graph = Router::new()
        .route("/dialog/oauth", get(oauth::authorise))
        .route("/oauth/access_token", get(oauth::token).post(oauth::token))
        .route("/debug_token", get(oauth::debug))
        .route("/me/permissions", get(oauth::permissions))
        .route("/me/accounts", get(accounts))
        .route("/{node}", get(posts::show).post(posts::edit).delete(posts::remove))
        .route("/{node}/", get(posts::show).post(posts::edit).delete(posts::remove))
        .route("/{node}/feed", axum::routing::post(posts::create))
        .route("/{node}/photos", axum::routing::post(posts::upload))
        .route("/{node}/published_posts", get(posts::listed))
        .route("/{node}/videos", get(videos::listed).post(videos::create))
        .route("/{node}/video_reels", get(videos::reels::listed).post(videos::reels::create))
        .route("/{node}/captions", get(videos::captions).post(videos::caption))
        .route("/{node}/thumbnails", axum::routing::post(videos::poster))
        .route("/{node}/attachments", get(posts::attachments))
        .route("/{node}/comments", get(comments::listed).post(comments::write))
        .route("/{node}/photo_stories", axum::routing::post(stories::picture))
        .route("/{node}/video_stories", axum::routing::post(stories::video))
        .route("/{node}/stories", get(told))
        .route("/{node}/media", get(instagram::listed).post(instagram::create))
        .route("/{node}/media_publish", axum::routing::post(instagram::publish))
        .route("/{node}/content_publishing_limit", get(instagram::limit))
        .route("/{node}/children", get(instagram::children))
        .route("/{node}/collaborators", get(instagram::invited));
    Router::new().nest(&format!("/{VERSION}"), graph)
}

/// The pictures themselves: no interface.
pub(crate) fn files() -> Router<Shared> {
    Router::new()
        .route("/photos/{id}", get(posts::file))
        .route("/films/{id}", get(videos::file))
        .route("/films/{id}/{locale}", get(videos::words))
        .route("/instagram/{name}", get(instagram::file))
        .route(&format!("/video-upload/{VERSION}/{{media}}"), axum::routing::post(stories::upload))
}

async fn accounts(State(world): State<Shared>, uri: Uri, headers: HeaderMap) -> Response<Body> {
    let asked = Asked::read(&uri, &headers, &Bytes::new()).await;
    let mut facebook = world.facebook();
    let scopes = match facebook.access(&asked) {
        Ok(access) if access.page.is_none() => access.scopes.clone(),
        Ok(_) => return missing(),
        Err(refused) => return refused,
    };
    let pages: Vec<(String, String)> = facebook.pages().map(|(id, name)| (id, name.clone())).collect();
    let tasks = facebook.tasks.clone();
    let mut data = Vec::new();
    for (id, name) in pages {
        let token = facebook.open(oauth::Access { page: Some(id.clone()), scopes: scopes.clone() });
        let mut whole = json!({ "id": id, "name": name, "access_token": token, "tasks": tasks, "link": link(&id) });
        if facebook.instagram.is_linked(&name) {
            let account = account_of(&id);
            whole["instagram_business_account"] =
                json!({ "id": account, "username": instagram::user(&account), "name": name });
        }
        data.push(asked.of(&whole));
    }
    answer(200, json!({ "data": data, "paging": { "cursors": { "before": "a", "after": "b" } } }))
}

/// The stories of a page, or of an account of Instagram.
async fn told(called: Called) -> Response<Body> {
    let Path(node) = &called.1;
    if instagram::is_ours(node) { instagram::stories(called).await } else { stories::listed(called).await }
}

fn link(page: &str) -> String {
    format!("https://www.facebook.com/{page}")
}

async fn node(world: &Shared, uri: &Uri, headers: &HeaderMap, bytes: &Bytes, node: &str) -> (Asked, String) {
    let asked = Asked::read(uri, headers, bytes).await;
    // `me` is whoever the token is of.
    let me = || {
        let facebook = world.facebook();
        facebook.access(&asked).ok().and_then(|access| access.page.clone())
    };
    let node = if node == "me" { me().unwrap_or_default() } else { node.to_owned() };
    (asked, node)
}

type Called = (State<Shared>, Path<String>, Uri, HeaderMap, Bytes);
