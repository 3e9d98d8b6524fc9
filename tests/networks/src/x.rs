//! An interface like X's: consent with a proof, accesses that end and what renews them works once, posts in which addresses
//! are shortened, and a no for what was said already.

use std::collections::BTreeMap;

use axum::{
    Json, Router,
    body::{Body, Bytes},
    extract::{FromRequest, Multipart, Path, Query, Request, State},
    http::{HeaderMap, Response, StatusCode, header},
    response::IntoResponse,
    routing::{get, post},
};
use base64::{
    Engine,
    engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD},
};
use chrono::{SecondsFormat, Utc};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::{
    Shared,
    world::{answer, hash},
};

/// The developer app that is known here: its client and its secret.
pub const APP: (&str, &str) = ("VmlsbGFTZXJlbmE6MTpjaQ", "sandbox-client_secret-of-x");

/// Accounts, accesses, pictures and posts.
#[derive(Debug)]
pub struct X {
    /// The name of whoever agrees.
    account: String,
    deny: bool,
    declined: Vec<String>,
    /// How often a list of posts is still empty.
    lag: u32,
    credit: bool,
    /// How many seconds an access lasts.
    life: i64,
    codes: BTreeMap<String, Code>,
    accesses: BTreeMap<String, Access>,
    renewals: BTreeMap<String, Access>,
    media: BTreeMap<String, Medium>,
    posts: Vec<Post>,
    minted: u64,
}

#[derive(Debug, Clone)]
struct Code {
    redirect: String,
    challenge: String,
    access: Access,
}

#[derive(Debug, Clone)]
struct Access {
    account: String,
    scopes: Vec<String>,
}

#[derive(Debug, Clone, Default)]
struct Medium {
    bytes: Bytes,
    alt: String,
}

#[derive(Debug, Clone)]
struct Post {
    id: String,
    account: String,
    text: String,
    at: String,
    media: Vec<String>,
}

impl Default for X {
    fn default() -> Self {
        Self {
            account: "villaserena".to_owned(),
            deny: false,
            declined: Vec::new(),
            lag: 0,
            credit: true,
            life: 7_200,
            codes: BTreeMap::new(),
            accesses: BTreeMap::new(),
            renewals: BTreeMap::new(),
            media: BTreeMap::new(),
            posts: Vec::new(),
            minted: 0,
        }
    }
}

impl X {
    /// What readers see, oldest first.
    pub(crate) fn visible(&self) -> Vec<Value> {
        let picture = |id: &String| self.media.get(id).map(|one| json!({ "sha256": hash(&one.bytes), "alt": one.alt }));
        let shown = self.posts.iter().map(|post| {
            let pictures: Vec<Value> = post.media.iter().filter_map(picture).collect();
            json!({ "id": post.id, "account": post.account, "text": post.text, "pictures": pictures })
        });
        shown.collect()
    }

    pub(crate) fn set(&mut self, settings: &Value) {
        let settings = &settings["x"];
        if let Some(name) = settings["account"].as_str() {
            name.clone_into(&mut self.account);
        }
        self.deny = settings["deny"].as_bool().unwrap_or(self.deny);
        self.credit = settings["credit"].as_bool().unwrap_or(self.credit);
        self.life = settings["life"].as_i64().unwrap_or(self.life);
        if let Some(lag) = settings["lag"].as_u64() {
            self.lag = u32::try_from(lag).unwrap_or(u32::MAX);
        }
        if let Some(list) = settings["declined"].as_array() {
            self.declined = list.iter().filter_map(Value::as_str).map(str::to_owned).collect();
        }
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

    fn number(&mut self) -> String {
        (1_995_512_345_678_900_000 + self.mint()).to_string()
    }

    /// Both tokens, as the token endpoint gives them.
    fn open(&mut self, access: Access) -> Value {
        let (token, renewal) = (hash(format!("x access {}", self.mint())), hash(format!("x renewal {}", self.mint())));
        let scope = access.scopes.join(" ");
        self.accesses.insert(token.clone(), access.clone());
        self.renewals.insert(renewal.clone(), access);
        json!({ "token_type": "bearer", "expires_in": self.life, "access_token": token, "refresh_token": renewal, "scope": scope })
    }

    /// Whose access a call carries, if it may do that. The clients of others come with [`crate::READER`].
    fn caller(&self, headers: &HeaderMap, scope: &str) -> Result<String, Response<Body>> {
        let token = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok()?.strip_prefix("Bearer "));
        let token = token.unwrap_or_default();
        if token == crate::READER {
            return Ok(self.account.clone());
        }
        let Some(access) = self.accesses.get(token) else {
            return Err(plain(401, "Unauthorized", "Unauthorized"));
        };
        if !access.scopes.iter().any(|given| given == scope) {
            return Err(plain(403, "Forbidden", "You are not permitted to perform this action."));
        }
        if !self.credit {
            return Err(plain(
                402,
                "CreditsDepleted",
                "Your enrolled account does not have any credits to fulfill this request.",
            ));
        }
        Ok(access.account.clone())
    }

    /// A post as the interface gives it: signs escaped, addresses shortened, and one more for the pictures.
    fn shown(&self, post: &Post) -> Value {
        let escaped = post.text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
        let (mut words, mut urls) = (Vec::new(), Vec::new());
        for word in escaped.split(' ') {
            let lines: Vec<String> = word.split('\n').map(|word| shortened(word, &mut urls)).collect();
            words.push(lines.join("\n"));
        }
        let mut text = words.join(" ");
        if !post.media.is_empty() {
            let short = format!("https://t.co/m{}", post.id);
            let long = format!("https://x.com/{}/status/{}/photo/1", post.account, post.id);
            text = format!("{text} {short}").trim_start().to_owned();
            urls.push(json!({ "start": 0, "end": short.len(), "url": short, "expanded_url": long,
                "display_url": "pic.x.com/m", "media_key": format!("3_{}", post.media[0]) }));
        }
        let keys: Vec<String> = post.media.iter().map(|id| format!("3_{id}")).collect();
        json!({ "id": post.id, "text": text, "created_at": post.at, "edit_history_post_ids": [post.id],
            "entities": { "urls": urls }, "attachments": { "media_keys": keys } })
    }
}

fn shortened(word: &str, urls: &mut Vec<Value>) -> String {
    if !word.starts_with("https://") && !word.starts_with("http://") {
        return word.to_owned();
    }
    let short = format!("https://t.co/{}", urls.len());
    let long = word.replace("&amp;", "&");
    urls.push(json!({ "start": 0, "end": short.len(), "url": short, "expanded_url": long, "display_url": long }));
    short
}

/// The number of an account: the same name is the same account.
fn account_id(name: &str) -> String {
    let digits: String = hash(format!("x account {name}")).bytes().map(|byte| char::from(b'0' + byte % 10)).collect();
    format!("1{}", &digits[..17])
}

/// Whether a path is of X's interface.
pub(crate) fn is_its(path: &str) -> bool {
    path.starts_with("/2/")
}

/// Whether a path is of how one is let in.
pub(crate) fn is_consent(path: &str) -> bool {
    path.starts_with("/2/oauth2/") || path.starts_with("/i/oauth2/")
}

/// A problem that has a name (RFC 9457).
fn problem(status: u16, name: &str, detail: &str) -> Response<Body> {
    let kind = format!("https://api.x.com/2/problems/{name}");
    answer(status, json!({ "title": name, "detail": detail, "type": kind, "status": status }))
}

/// A problem that has none.
fn plain(status: u16, title: &str, detail: &str) -> Response<Body> {
    answer(status, json!({ "title": title, "detail": detail, "type": "about:blank", "status": status }))
}

/// What is not of the interface.
pub(crate) fn invalid(detail: &str) -> Response<Body> {
    problem(400, "invalid-request", detail)
}

/// What X weighs a text at: addresses 23, Latin and its neighbours 1, all else 2. Emoji of several signs are not known here.
fn weight(text: &str) -> usize {
    let of_word = |word: &str| {
        let is_address = word.starts_with("https://") || word.starts_with("http://");
        let of = |c: char| if matches!(c as u32, 0..=4351 | 8192..=8205 | 8208..=8223 | 8242..=8247) { 1 } else { 2 };
        if is_address { 23 } else { word.chars().map(of).sum::<usize>() }
    };
    text.split(char::is_whitespace).map(of_word).sum::<usize>() + text.chars().filter(|c| c.is_whitespace()).count()
}

async fn authorise(State(world): State<Shared>, Query(query): Query<BTreeMap<String, String>>) -> Response<Body> {
    let part = |name: &str| query.get(name).cloned().unwrap_or_default();
    let (redirect, state) = (part("redirect_uri"), part("state"));
    let proven = part("code_challenge_method") == "S256" && !part("code_challenge").is_empty();
    if part("client_id") != APP.0 || part("response_type") != "code" || redirect.is_empty() || !proven {
        return invalid("Something went wrong. You weren't able to give access to the App.");
    }
    let mut x = world.x();
    if x.deny {
        return send_on(&format!("{redirect}?error=access_denied&state={state}"));
    }
    let asked = part("scope");
    let scopes =
        asked.split(' ').filter(|scope| !x.declined.iter().any(|one| one == scope)).map(str::to_owned).collect();
    let access = Access { account: x.account.clone(), scopes };
    let code = hash(format!("x code {}", x.mint()));
    x.codes.insert(code.clone(), Code { redirect: redirect.clone(), challenge: part("code_challenge"), access });
    send_on(&format!("{redirect}?state={state}&code={code}"))
}

fn send_on(to: &str) -> Response<Body> {
    (StatusCode::FOUND, [(header::LOCATION, to.to_owned())]).into_response()
}

/// The fields of a form, if the call says of which app it is (RFC 6749, 2.3.1).
fn form(headers: &HeaderMap, body: &Bytes) -> Result<BTreeMap<String, String>, Response<Body>> {
    let signed = format!("Basic {}", STANDARD.encode(format!("{}:{}", APP.0, APP.1)));
    if headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok()) != Some(&signed) {
        return Err(answer(
            401,
            json!({ "error": "unauthorized_client", "error_description": "Missing valid authorization header" }),
        ));
    }
    let uri = format!("/?{}", String::from_utf8_lossy(body)).parse().ok();
    let fields = uri.and_then(|uri| Query::<BTreeMap<String, String>>::try_from_uri(&uri).ok());
    fields.map(|Query(fields)| fields).ok_or_else(|| answer(400, json!({ "error": "invalid_request" })))
}

async fn token(State(world): State<Shared>, headers: HeaderMap, body: Bytes) -> Response<Body> {
    let fields = match form(&headers, &body) {
        Ok(fields) => fields,
        Err(refused) => return refused,
    };
    let text = |name: &str| fields.get(name).map(String::as_str).unwrap_or_default();
    let mut x = world.x();
    // A code and a renewal are taken once, whatever comes of it.
    let access = match text("grant_type") {
        "refresh_token" => x.renewals.remove(text("refresh_token")),
        _ => x
            .codes
            .remove(text("code"))
            .filter(|code| {
                let proof = URL_SAFE_NO_PAD.encode(Sha256::digest(text("code_verifier").as_bytes()));
                code.redirect == text("redirect_uri") && code.challenge == proof
            })
            .map(|code| code.access),
    };
    let Some(access) = access else {
        return answer(
            400,
            json!({ "error": "invalid_grant", "error_description": "Value passed for the token was invalid." }),
        );
    };
    let opened = x.open(access);
    for name in ["access_token", "refresh_token"] {
        world.issued().extend(opened[name].as_str().map(str::to_owned));
    }
    answer(200, opened)
}

async fn revoke(State(world): State<Shared>, headers: HeaderMap, body: Bytes) -> Response<Body> {
    match form(&headers, &body) {
        Ok(fields) => {
            let token = fields.get("token").cloned().unwrap_or_default();
            let mut x = world.x();
            x.renewals.remove(&token);
            x.accesses.remove(&token);
            answer(200, json!({ "revoked": true }))
        }
        Err(refused) => refused,
    }
}

async fn me(State(world): State<Shared>, headers: HeaderMap) -> Response<Body> {
    match world.x().caller(&headers, "users.read") {
        Ok(name) => {
            answer(200, json!({ "data": { "id": account_id(&name), "username": name, "name": "Villaserena" } }))
        }
        Err(refused) => refused,
    }
}

/// The picture of an upload: a part of a form, or base64 in JSON.
async fn uploaded(request: Request) -> Bytes {
    let is_json = request.headers().get(header::CONTENT_TYPE).is_some_and(|value| value == "application/json");
    if is_json {
        let Ok(Json(body)) = Json::<Value>::from_request(request, &()).await else { return Bytes::new() };
        return STANDARD.decode(body["media"].as_str().unwrap_or_default()).unwrap_or_default().into();
    }
    let Ok(mut form) = Multipart::from_request(request, &()).await else { return Bytes::new() };
    while let Ok(Some(field)) = form.next_field().await {
        if field.name() == Some("media") {
            return field.bytes().await.unwrap_or_default();
        }
    }
    Bytes::new()
}

async fn upload(State(world): State<Shared>, headers: HeaderMap, request: Request) -> Response<Body> {
    let medium = Medium { bytes: uploaded(request).await, alt: String::new() };
    let mut x = world.x();
    if let Err(refused) = x.caller(&headers, "media.write") {
        return refused;
    }
    if medium.bytes.is_empty() || medium.bytes.len() > 5_000_000 {
        return invalid("media: the size is not allowed");
    }
    let (id, size) = (x.number(), medium.bytes.len());
    x.media.insert(id.clone(), medium);
    answer(
        200,
        json!({ "data": { "id": id, "media_key": format!("3_{id}"), "size": size, "expires_after_secs": 86_400 } }),
    )
}

async fn describe(State(world): State<Shared>, headers: HeaderMap, body: Bytes) -> Response<Body> {
    let body: Value = serde_json::from_slice(&body).unwrap_or_default();
    let mut x = world.x();
    if let Err(refused) = x.caller(&headers, "media.write") {
        return refused;
    }
    let alt = body["metadata"]["alt_text"]["text"].as_str().unwrap_or_default().to_owned();
    let id = body["id"].as_str().unwrap_or_default();
    if alt.chars().count() > 1_000 {
        return invalid("alt_text: at most 1000 characters");
    }
    let Some(medium) = x.media.get_mut(id) else { return problem(404, "resource-not-found", "no such media") };
    medium.alt.clone_from(&alt);
    answer(200, json!({ "data": { "id": id, "associated_metadata": { "alt_text": { "text": alt } } } }))
}

async fn create(State(world): State<Shared>, headers: HeaderMap, body: Bytes) -> Response<Body> {
    let body: Value = serde_json::from_slice(&body).unwrap_or_default();
    let mut x = world.x();
    let account = match x.caller(&headers, "tweet.write") {
        Ok(account) => account,
        Err(refused) => return refused,
    };
    let text = body["text"].as_str().unwrap_or_default().to_owned();
    let media: Vec<String> = body["media"]["media_ids"]
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
        .map(str::to_owned)
        .collect();
    if weight(&text) > 280 || (text.trim().is_empty() && media.is_empty()) {
        return invalid("The Tweet exceeds the number of allowed characters, or is empty.");
    }
    if !media.iter().all(|id| x.media.contains_key(id)) {
        return invalid("Your media IDs are invalid.");
    }
    if x.posts.iter().any(|post| post.account == account && post.text == text) {
        return plain(403, "Forbidden", "You are not allowed to create a Tweet with duplicate content.");
    }
    let post =
        Post { id: x.number(), account, text, at: Utc::now().to_rfc3339_opts(SecondsFormat::Millis, true), media };
    let data = json!({ "id": post.id, "text": post.text });
    x.posts.push(post);
    answer(201, json!({ "data": data }))
}

async fn one(State(world): State<Shared>, headers: HeaderMap, Path(id): Path<String>) -> Response<Body> {
    let x = world.x();
    if let Err(refused) = x.caller(&headers, "tweet.read") {
        return refused;
    }
    match x.posts.iter().find(|post| post.id == id) {
        Some(post) => answer(200, json!({ "data": x.shown(post) })),
        // A success without data, as X tells it.
        None => answer(
            200,
            json!({ "errors": [{ "title": "Not Found Error", "detail": "Could not find tweet.",
            "type": "https://api.x.com/2/problems/resource-not-found", "resource_type": "tweet", "resource_id": id,
            "parameter": "id", "value": id }] }),
        ),
    }
}

async fn take_down(State(world): State<Shared>, headers: HeaderMap, Path(id): Path<String>) -> Response<Body> {
    let mut x = world.x();
    match x.caller(&headers, "tweet.write") {
        Ok(account) => {
            // X says so of what is gone already, too.
            x.posts.retain(|post| post.id != id || post.account != account);
            answer(200, json!({ "data": { "deleted": true } }))
        }
        Err(refused) => refused,
    }
}

async fn list(State(world): State<Shared>, headers: HeaderMap, Path(id): Path<String>) -> Response<Body> {
    let mut x = world.x();
    if let Err(refused) = x.caller(&headers, "tweet.read") {
        return refused;
    }
    if x.lag > 0 {
        x.lag -= 1;
        return answer(200, json!({ "meta": { "result_count": 0 } }));
    }
    let posts: Vec<&Post> = x.posts.iter().rev().filter(|post| account_id(&post.account) == id).take(20).collect();
    if posts.is_empty() {
        return answer(200, json!({ "meta": { "result_count": 0 } }));
    }
    let media = posts.iter().flat_map(|post| &post.media).filter_map(|id| {
        let medium = x.media.get(id)?;
        let url = format!("{}/_x/{id}", world.origin);
        Some(json!({ "media_key": format!("3_{id}"), "type": "photo", "url": url, "alt_text": medium.alt }))
    });
    let data: Vec<Value> = posts.iter().map(|post| x.shown(post)).collect();
    let meta = json!({ "result_count": data.len() });
    answer(200, json!({ "data": data, "includes": { "media": media.collect::<Vec<_>>() }, "meta": meta }))
}

async fn file(State(world): State<Shared>, Path(id): Path<String>) -> Response<Body> {
    let bytes = world.x().media.get(&id).map(|medium| medium.bytes.clone());
    bytes.map_or_else(|| problem(404, "resource-not-found", "no such file"), IntoResponse::into_response)
}

pub(crate) fn routes() -> Router<Shared> {
    Router::new()
        .route("/i/oauth2/authorize", get(authorise))
        .route("/2/oauth2/token", post(token))
        .route("/2/oauth2/revoke", post(revoke))
        .route("/2/users/me", get(me))
        .route("/2/users/{id}/tweets", get(list))
        .route("/2/media/upload", post(upload))
        .route("/2/media/metadata", post(describe))
        .route("/2/tweets", post(create))
        .route("/2/tweets/{id}", get(one).delete(take_down))
}

/// Pictures, as readers' programs fetch them.
pub(crate) fn files() -> Router<Shared> {
    Router::new().route("/_x/{id}", get(file))
}
