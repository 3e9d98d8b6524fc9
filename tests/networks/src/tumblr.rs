//! An interface like Tumblr's: posts in blocks with pictures or a video beside them in one form, accesses that end soon and what
//! renews them works once, ceilings of a day. Who comes with a signature of OAuth 1 is a client that is not ours.

use std::collections::BTreeMap;

use axum::{
    Router,
    body::{Body, Bytes},
    extract::{FromRequest, Multipart, Path, Query, Request, State},
    http::{HeaderMap, Response, StatusCode, header},
    response::IntoResponse,
    routing::{get, post},
};
use chrono::Utc;
use serde_json::{Value, json};

use crate::{
    Shared,
    film::Film,
    world::{answer, hash},
};

/// The app that is known here: its key and its secret.
pub const APP: (&str, &str) = ("sandboxConsumerKeyOfTumblr", "sandbox-consumer-secret-of-tumblr");

/// Blogs, accesses and posts.
#[derive(Debug)]
pub struct Tumblr {
    /// The names of the blogs to which whoever agrees may post.
    blogs: Vec<String>,
    deny: bool,
    declined: Vec<String>,
    /// How often a list of posts is still empty.
    lag: u32,
    /// Posts a day.
    quota: usize,
    /// Videos a day.
    film_quota: usize,
    /// How many videos are refused, because an earlier one is still worked on.
    transcoding: u32,
    codes: BTreeMap<String, (String, Vec<String>)>,
    accesses: BTreeMap<String, Vec<String>>,
    renewals: BTreeMap<String, Vec<String>>,
    pictures: BTreeMap<String, Bytes>,
    films: BTreeMap<String, Film>,
    posts: Vec<Post>,
    minted: u64,
}

#[derive(Debug, Clone)]
struct Post {
    id: String,
    blog: String,
    content: Vec<Value>,
    tags: String,
    at: i64,
}

impl Default for Tumblr {
    fn default() -> Self {
        Self {
            blogs: vec!["villaserena".to_owned()],
            deny: false,
            declined: Vec::new(),
            lag: 0,
            quota: 250,
            film_quota: 20,
            transcoding: 0,
            codes: BTreeMap::new(),
            accesses: BTreeMap::new(),
            renewals: BTreeMap::new(),
            pictures: BTreeMap::new(),
            films: BTreeMap::new(),
            posts: Vec::new(),
            minted: 0,
        }
    }
}

impl Tumblr {
    /// What readers see, oldest first.
    pub(crate) fn visible(&self) -> Vec<Value> {
        let shown = self.posts.iter().map(|post| {
            let of = |kind: &'static str| post.content.iter().filter(move |block| block["type"] == kind);
            let words: Vec<&str> = of("text").filter_map(|block| block["text"].as_str()).collect();
            let picture = |block: &Value| {
                let bytes = self.pictures.get(block["media"][0]["url"].as_str()?.rsplit('/').next()?)?;
                Some(json!({ "sha256": hash(bytes), "alt": block["alt_text"].as_str().unwrap_or_default() }))
            };
            let pictures: Vec<Value> = of("image").filter_map(picture).collect();
            let film = |block: &Value| {
                Some(self.films.get(block["media"]["url"].as_str()?.rsplit('/').next()?)?.hash())
            };
            json!({ "id": post.id, "blog": post.blog, "text": words.join("\n\n"), "tags": post.tags, "pictures": pictures,
                "card": of("link").next(), "video": of("video").next().and_then(film) })
        });
        shown.collect()
    }

    pub(crate) fn set(&mut self, settings: &Value) {
        let settings = &settings["tumblr"];
        let texts = |name: &str| {
            let list = settings[name].as_array()?;
            Some(list.iter().filter_map(Value::as_str).map(str::to_owned).collect::<Vec<_>>())
        };
        self.blogs = texts("blogs").unwrap_or_else(|| self.blogs.clone());
        self.declined = texts("declined").unwrap_or_else(|| self.declined.clone());
        self.deny = settings["deny"].as_bool().unwrap_or(self.deny);
        let number = |name: &str| settings[name].as_u64().map(|number| u32::try_from(number).unwrap_or(u32::MAX));
        self.lag = number("lag").unwrap_or(self.lag);
        self.quota = number("quota").map_or(self.quota, |quota| quota as usize);
        self.film_quota = number("videos").map_or(self.film_quota, |quota| quota as usize);
        self.transcoding = number("transcoding").unwrap_or(self.transcoding);
        if settings["expire"] == true || settings["revoke"] == true {
            self.accesses.clear();
        }
        if settings["revoke"] == true {
            self.renewals.clear();
        }
    }

    /// What it gave out that is nobody's to read.
    pub(crate) fn secrets(&self) -> impl Iterator<Item = String> {
        self.accesses.keys().chain(self.renewals.keys()).cloned().chain([APP.1.to_owned()])
    }

    fn mint(&mut self) -> u64 {
        self.minted += 1;
        self.minted
    }

    fn open(&mut self, scopes: Vec<String>) -> Value {
        let token = hash(format!("tumblr access {}", self.mint()));
        let renewal = hash(format!("tumblr renewal {}", self.mint()));
        let scope = scopes.join(" ");
        self.accesses.insert(token.clone(), scopes.clone());
        self.renewals.insert(renewal.clone(), scopes);
        json!({ "access_token": token, "expires_in": 2_520, "id_token": false, "refresh_token": renewal, "scope": scope,
            "token_type": "bearer" })
    }

    /// Whether a call may go on: an access, or the signature of a client that is not ours.
    fn let_in(&self, headers: &HeaderMap, scope: &str) -> Result<(), Response<Body>> {
        let said = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok()).unwrap_or_default();
        if headers.get(header::USER_AGENT).is_none() {
            return Err(refuse(403, "Forbidden", None));
        }
        if said.starts_with("OAuth ") && said.contains(crate::READER) {
            return Ok(());
        }
        let scopes = said.strip_prefix("Bearer ").and_then(|token| self.accesses.get(token));
        match scopes {
            Some(scopes) if scopes.iter().any(|given| given == scope) => Ok(()),
            Some(_) => Err(refuse(403, "Forbidden", None)),
            None => Err(refuse(401, "Unauthorized", Some((1_016, "Unable to authorize")))),
        }
    }

    fn writes_to(&self, blog: &str) -> Result<(), Response<Body>> {
        if self.blogs.iter().any(|name| name == blog) { Ok(()) } else { Err(refuse(404, "Not Found", None)) }
    }
}

/// Whether a path is of this interface.
pub(crate) fn is_its(path: &str) -> bool {
    path.starts_with("/v2/blog/")
        || path.starts_with("/v2/user/")
        || path == "/v2/oauth2/token"
        || path == "/oauth2/authorize"
}

/// Whether Tumblr's documentation is held against what stands at a path.
pub(crate) fn is_described(path: &str) -> bool {
    path.starts_with("/v2/")
}

/// An error as Tumblr tells it.
pub(crate) fn refuse(status: u16, said: &str, error: Option<(i64, &str)>) -> Response<Body> {
    let errors: Vec<Value> = error.iter().map(|(code, title)| json!({ "title": title, "code": code })).collect();
    answer(status, json!({ "meta": { "status": status, "msg": said }, "response": [], "errors": errors }))
}

fn given(status: u16, said: &str, response: Value) -> Response<Body> {
    answer(status, json!({ "meta": { "status": status, "msg": said }, "response": response }))
}

async fn authorise(State(world): State<Shared>, Query(query): Query<BTreeMap<String, String>>) -> Response<Body> {
    let part = |name: &str| query.get(name).cloned().unwrap_or_default();
    let (redirect, state) = (part("redirect_uri"), part("state"));
    if part("client_id") != APP.0 || part("response_type") != "code" || redirect.is_empty() || state.is_empty() {
        return answer(400, json!({ "error": "invalid_request" }));
    }
    let mut tumblr = world.tumblr();
    let to = if tumblr.deny {
        format!("{redirect}?error=access_denied&state={state}")
    } else {
        let asked = part("scope");
        let scopes =
            asked.split(' ').filter(|scope| !tumblr.declined.iter().any(|one| one == scope)).map(str::to_owned);
        let scopes = scopes.collect();
        let code = hash(format!("tumblr code {}", tumblr.mint()));
        tumblr.codes.insert(code.clone(), (redirect.clone(), scopes));
        format!("{redirect}?code={code}&state={state}#_=_")
    };
    (StatusCode::FOUND, [(header::LOCATION, to)]).into_response()
}

async fn token(State(world): State<Shared>, body: Bytes) -> Response<Body> {
    let uri = format!("/?{}", String::from_utf8_lossy(&body)).parse().ok();
    let fields = uri.and_then(|uri| Query::<BTreeMap<String, String>>::try_from_uri(&uri).ok());
    let fields = fields.map(|Query(fields)| fields).unwrap_or_default();
    let text = |name: &str| fields.get(name).map(String::as_str).unwrap_or_default();
    if (text("client_id"), text("client_secret")) != APP {
        return answer(
            401,
            json!({ "error": "invalid_client", "error_description": "The client credentials are invalid" }),
        );
    }
    let mut tumblr = world.tumblr();
    // A code and a renewal are taken once, whatever comes of it.
    let scopes = match text("grant_type") {
        "refresh_token" => tumblr.renewals.remove(text("refresh_token")),
        _ => tumblr
            .codes
            .remove(text("code"))
            .filter(|(redirect, _)| redirect == text("redirect_uri"))
            .map(|(_, scopes)| scopes),
    };
    let Some(scopes) = scopes else {
        return answer(400, json!({ "error": "invalid_grant", "error_description": "Invalid refresh token or code" }));
    };
    let opened = tumblr.open(scopes);
    for name in ["access_token", "refresh_token"] {
        world.issued().extend(opened[name].as_str().map(str::to_owned));
    }
    answer(200, opened)
}

async fn user(State(world): State<Shared>, headers: HeaderMap) -> Response<Body> {
    let tumblr = world.tumblr();
    if let Err(refused) = tumblr.let_in(&headers, "write") {
        return refused;
    }
    let blog = |name: &String| {
        json!({ "name": name, "title": format!("Blog {name}"), "url": format!("https://{name}.tumblr.com/"), "primary": true,
            "type": "public" })
    };
    let blogs: Vec<Value> = tumblr.blogs.iter().map(blog).collect();
    given(200, "OK", json!({ "user": { "name": "villa", "blogs": blogs } }))
}

/// The body of a post, with the pictures by the names that its blocks say: JSON, or a form whose first part is that.
async fn whole(request: Request) -> (Value, BTreeMap<String, Bytes>) {
    let is_form = request
        .headers()
        .get(header::CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .is_some_and(|mime| mime.starts_with("multipart/form-data"));
    let (mut body, mut files) = (Value::Null, BTreeMap::new());
    if is_form {
        let Ok(mut form) = Multipart::from_request(request, &()).await else { return (body, files) };
        while let Ok(Some(field)) = form.next_field().await {
            let name = field.name().unwrap_or_default().to_owned();
            let bytes = field.bytes().await.unwrap_or_default();
            if body.is_null() && name == "json" {
                body = serde_json::from_slice(&bytes).unwrap_or_default();
            } else {
                files.insert(name, bytes);
            }
        }
    } else if let Ok(bytes) = Bytes::from_request(request, &()).await {
        body = serde_json::from_slice(&bytes).unwrap_or_default();
    }
    (body, files)
}

/// A status, a number and words.
type No = (u16, i64, &'static str);

const fn wrong(said: &'static str) -> No {
    (400, 8_001, said)
}

/// The blocks as they are kept, or what is wrong with them.
fn blocks(tumblr: &mut Tumblr, origin: &str, body: &Value, files: &BTreeMap<String, Bytes>) -> Result<Vec<Value>, No> {
    let mut kept = Vec::new();
    for block in body["content"].as_array().ok_or(wrong("'content' must be an array"))? {
        let mut block = block.clone();
        match block["type"].as_str() {
            Some("text") => {
                let text = block["text"].as_str().ok_or(wrong("a text block has a text"))?;
                let length = text.chars().count();
                let fits = |range: &Value| {
                    let (start, end) = (range["start"].as_u64(), range["end"].as_u64());
                    start.zip(end).is_some_and(|(start, end)| start < end && end <= length as u64)
                };
                let ranges = block["formatting"].as_array().cloned().unwrap_or_default();
                if length > 4_096 || !ranges.iter().all(fits) {
                    return Err(wrong("a text block is too long, or formatted beyond its end"));
                }
            }
            Some("image") => {
                if block["alt_text"].as_str().unwrap_or_default().chars().count() > 4_096 {
                    return Err(wrong("an alt text is too long"));
                }
                // The size that it was sent as, or those that it was given back with.
                let sent = if block["media"].is_array() { block["media"][0].clone() } else { block["media"].clone() };
                if let Some(name) = sent["identifier"].as_str() {
                    let bytes =
                        files.get(name).filter(|bytes| !bytes.is_empty()).ok_or(wrong("a picture is missing"))?;
                    let id = format!("{}.png", tumblr.mint());
                    tumblr.pictures.insert(id.clone(), bytes.clone());
                    let size = |name: &str, usual: u64| sent[name].as_u64().unwrap_or(usual);
                    let kind = sent["type"].as_str().unwrap_or("image/png");
                    let media = json!({ "type": kind, "url": format!("{origin}/_tumblr/{id}"),
                        "width": size("width", 540), "height": size("height", 405) });
                    block["media"] = json!([media]);
                } else if sent["url"].as_str().is_none() {
                    return Err(wrong("a picture is missing"));
                }
            }
            Some("video") => {
                let sent = block["media"].clone();
                if let Some(name) = sent["identifier"].as_str() {
                    let bytes = files.get(name).ok_or(wrong("a video is missing"))?;
                    block = uploaded(tumblr, origin, bytes)?;
                } else if sent["url"].as_str().is_none() {
                    return Err(wrong("a video is missing"));
                }
            }
            Some("link") => {
                block["url"].as_str().filter(|url| url.starts_with("http")).ok_or(wrong("a link block has a url"))?;
            }
            _ => return Err(wrong("a block is of no known type")),
        }
        kept.push(block);
    }
    if kept.iter().filter(|block| block["type"] == "image").count() > 30 {
        return Err(wrong("a post has at most thirty pictures"));
    }
    if body["tags"].as_str().unwrap_or_default().split(',').count() > 30 {
        return Err(wrong("a post has at most thirty tags"));
    }
    match kept.iter().filter(|block| block["type"] == "video").count() {
        _ if kept.is_empty() => Err(wrong("a post has content")),
        0 | 1 => Ok(kept),
        _ => Err(wrong("a post has one video of its own")),
    }
}

/// The block of a video that is brought.
fn uploaded(tumblr: &mut Tumblr, origin: &str, bytes: &Bytes) -> Result<Value, No> {
    if tumblr.transcoding > 0 {
        tumblr.transcoding -= 1;
        return Err((403, 8_010, "Another video is still transcoding"));
    }
    if tumblr.films.len() >= tumblr.film_quota {
        return Err((403, 8_011, "You have reached your daily limit of videos"));
    }
    let plays = |film: &Film| !film.facts.apple && film.facts.codec == *b"avc1" && film.facts.millis <= 600_000;
    let film =
        Film::read(bytes.to_vec()).filter(plays).ok_or((400, 8_005, "The video is of no format that is taken"))?;
    let id = format!("{}.mp4", tumblr.mint());
    let (url, (width, height)) = (format!("{origin}/_tumblr/{id}"), film.facts.size);
    tumblr.films.insert(id, film);
    let poster = json!({ "type": "image/jpeg", "url": format!("{url}.jpg"), "width": width, "height": height });
    let media = json!({ "type": "video/mp4", "url": url, "width": width, "height": height });
    Ok(json!({ "type": "video", "provider": "tumblr", "media": media, "poster": [poster] }))
}

async fn create(
    State(world): State<Shared>,
    headers: HeaderMap,
    Path(blog): Path<String>,
    request: Request,
) -> Response<Body> {
    let (body, files) = whole(request).await;
    let mut tumblr = world.tumblr();
    let may = tumblr.let_in(&headers, "write").and_then(|()| tumblr.writes_to(&blog));
    if let Err(refused) = may {
        return refused;
    }
    let now = Utc::now().timestamp();
    if tumblr.posts.iter().filter(|post| post.at / 86_400 == now / 86_400).count() >= tumblr.quota {
        return refuse(403, "Forbidden", Some((8_023, "You have reached your daily posting limit")));
    }
    match blocks(&mut tumblr, &world.origin, &body, &files) {
        Ok(content) => {
            let id = (770_000_000_000_000_000 + tumblr.mint()).to_string();
            let tags = body["tags"].as_str().unwrap_or_default().to_owned();
            tumblr.posts.push(Post { id: id.clone(), blog, content, tags, at: now });
            given(201, "Created", json!({ "id": id }))
        }
        Err(no) => refused(no),
    }
}

fn refused((status, code, said): No) -> Response<Body> {
    refuse(status, if status == 403 { "Forbidden" } else { "Bad Request" }, Some((code, said)))
}

fn told(post: &Post) -> Value {
    let tags: Vec<&str> = post.tags.split(',').filter(|tag| !tag.is_empty()).collect();
    json!({ "object_type": "post", "type": "blocks", "id": post.id, "id_string": post.id, "blog_name": post.blog,
        "post_url": format!("https://{}.tumblr.com/post/{}", post.blog, post.id), "timestamp": post.at, "tags": tags,
        "state": "published", "content": post.content, "layout": [], "trail": [] })
}

async fn list(
    State(world): State<Shared>,
    headers: HeaderMap,
    Path(blog): Path<String>,
    Query(query): Query<BTreeMap<String, String>>,
) -> Response<Body> {
    let mut tumblr = world.tumblr();
    if let Err(refused) = tumblr.let_in(&headers, "write") {
        return refused;
    }
    let most = query.get("limit").and_then(|limit| limit.parse().ok()).unwrap_or(20).min(20);
    let is_late = tumblr.lag > 0;
    tumblr.lag = tumblr.lag.saturating_sub(1);
    let found = tumblr.posts.iter().rev().filter(|post| post.blog == blog && !is_late).take(most).map(told);
    let found: Vec<Value> = found.collect();
    given(200, "OK", json!({ "blog": { "name": blog }, "posts": found, "total_posts": found.len() }))
}

async fn one(
    State(world): State<Shared>,
    headers: HeaderMap,
    Path((blog, id)): Path<(String, String)>,
) -> Response<Body> {
    let tumblr = world.tumblr();
    if let Err(refused) = tumblr.let_in(&headers, "write") {
        return refused;
    }
    match tumblr.posts.iter().find(|post| post.blog == blog && post.id == id) {
        Some(post) => given(200, "OK", told(post)),
        None => refuse(404, "Not Found", None),
    }
}

async fn change(
    State(world): State<Shared>,
    headers: HeaderMap,
    Path((blog, id)): Path<(String, String)>,
    request: Request,
) -> Response<Body> {
    let (body, files) = whole(request).await;
    let mut tumblr = world.tumblr();
    let may = tumblr.let_in(&headers, "write").and_then(|()| tumblr.writes_to(&blog));
    if let Err(refused) = may {
        return refused;
    }
    let content = match blocks(&mut tumblr, &world.origin, &body, &files) {
        Ok(content) => content,
        Err(no) => return refused(no),
    };
    let Some(post) = tumblr.posts.iter_mut().find(|post| post.blog == blog && post.id == id) else {
        return refuse(404, "Not Found", None);
    };
    post.content = content;
    body["tags"].as_str().unwrap_or_default().clone_into(&mut post.tags);
    given(200, "OK", json!({ "id": id }))
}

async fn take_down(
    State(world): State<Shared>,
    headers: HeaderMap,
    Path(blog): Path<String>,
    body: Bytes,
) -> Response<Body> {
    let mut tumblr = world.tumblr();
    let may = tumblr.let_in(&headers, "write").and_then(|()| tumblr.writes_to(&blog));
    if let Err(refused) = may {
        return refused;
    }
    // A form, or JSON.
    let text = String::from_utf8_lossy(&body);
    let said = serde_json::from_str::<Value>(&text).ok().and_then(|body| body["id"].as_str().map(str::to_owned));
    let id = said
        .or_else(|| text.split('&').find_map(|pair| pair.strip_prefix("id=")).map(str::to_owned))
        .unwrap_or_default();
    let before = tumblr.posts.len();
    tumblr.posts.retain(|post| post.blog != blog || post.id != id);
    if tumblr.posts.len() == before { refuse(404, "Not Found", None) } else { given(200, "OK", json!([])) }
}

async fn file(State(world): State<Shared>, Path(id): Path<String>) -> Response<Body> {
    let tumblr = world.tumblr();
    let film = || tumblr.films.get(&id).map(|film| Bytes::from(film.bytes.to_vec()));
    let bytes = tumblr.pictures.get(&id).cloned().or_else(film);
    bytes.map_or_else(|| refuse(404, "Not Found", None), IntoResponse::into_response)
}

pub(crate) fn routes() -> Router<Shared> {
    Router::new()
        .route("/oauth2/authorize", get(authorise))
        .route("/v2/oauth2/token", post(token))
        .route("/v2/user/info", get(user))
        .route("/v2/blog/{blog}/posts", get(list).post(create))
        .route("/v2/blog/{blog}/posts/{id}", get(one).put(change))
        .route("/v2/blog/{blog}/post/delete", post(take_down))
}

/// Pictures and videos, as readers' programs fetch them.
pub(crate) fn files() -> Router<Shared> {
    Router::new().route("/_tumblr/{id}", get(file))
}
