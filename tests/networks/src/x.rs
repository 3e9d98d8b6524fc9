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
use unicode_segmentation::UnicodeSegmentation;

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
    uploads: BTreeMap<String, Upload>,
    /// How often a video is still worked on, and whether the next one cannot be.
    working: u32,
    breaks: bool,
    posts: Vec<Post>,
    minted: u64,
    /// So many posts it takes, of how many, and until which second: told in headers. Where it is set, it is counted.
    window: Option<(u64, u64, i64)>,
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
    is_video: bool,
    /// Whether it is a file of captions.
    is_words: bool,
    /// The captions that belong to it, by language.
    captions: BTreeMap<String, String>,
}

/// A video that comes in pieces.
#[derive(Debug, Clone, Default)]
struct Upload {
    total: usize,
    pieces: BTreeMap<u32, Bytes>,
    /// Once it is told that this is all: how often it is still worked on, and whether it can be.
    told: Option<(u32, bool)>,
}

/// The most bytes of a piece.
const MOST_OF_A_PIECE: usize = 5_000_000;

/// Whether a video is what X's guide to media says.
fn is_taken(bytes: &[u8]) -> bool {
    let Some(film) = crate::film::Film::read(bytes.to_vec()) else { return false };
    let facts = film.facts;
    let (width, height) = (u64::from(facts.size.0), u64::from(facts.size.1));
    facts.codec == *b"avc1"
        && (500..=140_000).contains(&facts.millis)
        && facts.rate() <= 60
        && width * 3 >= height
        && width <= height * 3
        && bytes.len() <= 512_000_000
}

#[derive(Debug, Clone)]
struct Post {
    id: String,
    account: String,
    text: String,
    at: String,
    media: Vec<String>,
    /// What it answers, and the first post of that thread.
    above: Option<(String, String)>,
    /// Who may reply.
    replies: String,
    /// The poll, as it was asked for.
    poll: Value,
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
            uploads: BTreeMap::new(),
            working: 1,
            breaks: false,
            posts: Vec::new(),
            minted: 0,
            window: None,
        }
    }
}

impl X {
    /// What readers see, oldest first.
    pub(crate) fn visible(&self) -> Vec<Value> {
        let of = |is_video: bool| move |one: &&Medium| one.is_video == is_video;
        let picture = |id: &String| {
            let found = self.media.get(id).filter(of(false));
            found.map(|one| json!({ "sha256": hash(&one.bytes), "alt": one.alt }))
        };
        let video = |id: &String| self.media.get(id).filter(of(true)).map(|one| hash(&one.bytes));
        let captions = |id: &String| self.media.get(id).filter(of(true)).map(|one| one.captions.clone());
        let shown = self.posts.iter().map(|post| {
            let pictures: Vec<Value> = post.media.iter().filter_map(picture).collect();
            let (captions, video) = (post.media.iter().find_map(captions), post.media.iter().find_map(video));
            let mut shown = json!({ "id": post.id, "account": post.account, "text": post.text, "pictures": pictures,
                "video": video, "captions": captions, "replies": post.replies });
            if post.poll.is_object() {
                shown["poll"] = post.poll.clone();
            }
            if let Some((above, root)) = &post.above {
                (shown["above"], shown["root"]) = (above.as_str().into(), root.as_str().into());
            }
            shown
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
        self.breaks = settings["breaks"].as_bool().unwrap_or(self.breaks);
        if let Some(often) = settings["working"].as_u64() {
            self.working = u32::try_from(often).unwrap_or(u32::MAX);
        }
        if settings["expire_uploads"] == true {
            self.uploads.clear();
        }
        if let Some(lag) = settings["lag"].as_u64() {
            self.lag = u32::try_from(lag).unwrap_or(u32::MAX);
        }
        if let Some(list) = settings["declined"].as_array() {
            self.declined = list.iter().filter_map(Value::as_str).map(str::to_owned).collect();
        }
        if let Some(most) = settings["window"].as_u64() {
            let seconds = settings["seconds"].as_i64().unwrap_or(900);
            self.window = Some((most, most, Utc::now().timestamp() + seconds));
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

    /// An answer to the call that posts, with what it says of how many more it takes.
    fn counted(&self, mut answer: Response<Body>) -> Response<Body> {
        let Some((left, most, until)) = self.window else { return answer };
        let said = [("limit", most.to_string()), ("remaining", left.to_string()), ("reset", until.to_string())];
        for (name, text) in said {
            let name = header::HeaderName::try_from(format!("x-rate-limit-{name}"));
            if let (Ok(name), Ok(text)) = (name, text.parse()) {
                answer.headers_mut().insert(name, text);
            }
        }
        answer
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
            let is_video = post.media.iter().any(|id| self.media.get(id).is_some_and(|one| one.is_video));
            let kind = if is_video { "video" } else { "photo" };
            let long = format!("https://x.com/{}/status/{}/{kind}/1", post.account, post.id);
            text = format!("{text} {short}").trim_start().to_owned();
            urls.push(json!({ "start": 0, "end": short.len(), "url": short, "expanded_url": long,
                "display_url": "pic.x.com/m", "media_key": format!("3_{}", post.media[0]) }));
        }
        let keys: Vec<String> = post.media.iter().map(|id| format!("3_{id}")).collect();
        let root = post.above.as_ref().map_or(&post.id, |(_, root)| root);
        let mut attachments = json!({ "media_keys": keys });
        if post.poll.is_object() {
            attachments["poll_ids"] = json!([post.id]);
        }
        json!({ "id": post.id, "text": text, "created_at": post.at, "edit_history_post_ids": [post.id],
            "conversation_id": root, "reply_settings": post.replies,
            "entities": { "urls": urls }, "attachments": attachments })
    }

    /// The poll below a post as the interface gives it.
    fn poll(post: &Post) -> Option<Value> {
        let said = post.poll["options"].as_array()?.iter();
        let options: Vec<Value> = said
            .zip(1..)
            .map(|(label, position)| json!({ "position": position, "label": label, "votes": 0 }))
            .collect();
        Some(json!({ "id": post.id, "options": options, "duration_minutes": post.poll["duration_minutes"],
            "voting_status": "open" }))
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

/// What X weighs a text at: addresses 23, with a scheme or without, Latin and its neighbours 1, all else 2, and so an emoji of
/// several signs.
fn weight(text: &str) -> usize {
    let of_one = |one: &str| {
        let of = |c: char| if matches!(c as u32, 0..=4351 | 8192..=8205 | 8208..=8223 | 8242..=8247) { 1 } else { 2 };
        let is_emoji = one.chars().any(|c| c >= '\u{1F000}' || matches!(c, '\u{FE0F}' | '\u{20E3}'));
        if is_emoji { 2 } else { one.chars().map(of).sum::<usize>() }
    };
    let of_word = |word: &str| {
        let is_address = ["https://", "http://", "www."].iter().any(|begins| word.starts_with(begins));
        if is_address { 23 } else { word.graphemes(true).map(of_one).sum::<usize>() }
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

/// The picture or the captions of an upload, a part of a form or base64 in JSON; and of which kind it is.
async fn uploaded(request: Request) -> (Bytes, String) {
    let nothing = || (Bytes::new(), String::new());
    let is_json = request.headers().get(header::CONTENT_TYPE).is_some_and(|value| value == "application/json");
    if is_json {
        let Ok(Json(body)) = Json::<Value>::from_request(request, &()).await else { return nothing() };
        let bytes = STANDARD.decode(body["media"].as_str().unwrap_or_default()).unwrap_or_default();
        return (bytes.into(), body["media_category"].as_str().unwrap_or_default().to_owned());
    }
    let Ok(mut form) = Multipart::from_request(request, &()).await else { return nothing() };
    let (mut bytes, mut category) = nothing();
    while let Ok(Some(field)) = form.next_field().await {
        match field.name() {
            Some("media") => bytes = field.bytes().await.unwrap_or_default(),
            Some("media_category") => category = field.text().await.unwrap_or_default(),
            _ => {}
        }
    }
    (bytes, category)
}

async fn upload(State(world): State<Shared>, headers: HeaderMap, request: Request) -> Response<Body> {
    let (bytes, category) = uploaded(request).await;
    let medium = Medium { bytes, is_words: category == "subtitles", ..Medium::default() };
    let mut x = world.x();
    if let Err(refused) = x.caller(&headers, "media.write") {
        return refused;
    }
    if medium.bytes.is_empty() || medium.bytes.len() > 5_000_000 {
        return invalid("media: the size is not allowed");
    }
    if medium.is_words && !medium.bytes.starts_with(b"1\n00:") {
        return invalid("media: that is no SubRip");
    }
    let (id, size) = (x.number(), medium.bytes.len());
    x.media.insert(id.clone(), medium);
    answer(
        200,
        json!({ "data": { "id": id, "media_key": format!("3_{id}"), "size": size, "expires_after_secs": 86_400 } }),
    )
}

/// What is said of a video that is worked on; each look but the first brings it nearer.
fn worked_on(id: &str, upload: &Upload) -> Value {
    let info = upload.told.map(|(left, is_good)| match (left, is_good) {
        (0, true) => json!({ "state": "succeeded", "progress_percent": 100 }),
        (0, false) => json!({ "state": "failed" }),
        _ => json!({ "state": "in_progress", "check_after_secs": 1, "progress_percent": 50 }),
    });
    let mut data = json!({ "id": id, "media_key": format!("7_{id}"), "expires_after_secs": 86_400 });
    if let Some(info) = info {
        data["processing_info"] = info;
    }
    json!({ "data": data })
}

async fn initialize(State(world): State<Shared>, headers: HeaderMap, body: Bytes) -> Response<Body> {
    let body: Value = serde_json::from_slice(&body).unwrap_or_default();
    let mut x = world.x();
    if let Err(refused) = x.caller(&headers, "media.write") {
        return refused;
    }
    let total = body["total_bytes"].as_u64().and_then(|bytes| usize::try_from(bytes).ok()).unwrap_or_default();
    let is_film = body["media_type"].as_str().is_some_and(|mime| ["video/mp4", "video/quicktime"].contains(&mime));
    if body["media_category"] != "tweet_video" || !is_film || total == 0 || total > 512_000_000 {
        return invalid("media_category, media_type or total_bytes is not allowed");
    }
    let id = x.number();
    x.uploads.insert(id.clone(), Upload { total, ..Upload::default() });
    answer(200, json!({ "data": { "id": id, "media_key": format!("7_{id}"), "expires_after_secs": 86_400 } }))
}

/// The number of a piece, and its bytes: parts of a form, or base64 in JSON.
async fn piece(request: Request) -> Option<(u32, Bytes)> {
    if request.headers().get(header::CONTENT_TYPE).is_some_and(|value| value == "application/json") {
        let Json(body) = Json::<Value>::from_request(request, &()).await.ok()?;
        let bytes = STANDARD.decode(body["media"].as_str()?).ok()?;
        return Some((u32::try_from(body["segment_index"].as_u64()?).ok()?, bytes.into()));
    }
    let mut form = Multipart::from_request(request, &()).await.ok()?;
    let (mut number, mut bytes) = (None, None);
    while let Ok(Some(field)) = form.next_field().await {
        match field.name() {
            Some("segment_index") => number = field.text().await.ok()?.parse().ok(),
            Some("media") => bytes = field.bytes().await.ok(),
            _ => {}
        }
    }
    number.zip(bytes)
}

async fn append(
    State(world): State<Shared>,
    Path(id): Path<String>,
    headers: HeaderMap,
    request: Request,
) -> Response<Body> {
    let piece = piece(request).await;
    let mut x = world.x();
    if let Err(refused) = x.caller(&headers, "media.write") {
        return refused;
    }
    let Some(upload) = x.uploads.get_mut(&id).filter(|upload| upload.told.is_none()) else {
        return invalid("the media id is unknown, or has expired");
    };
    match piece {
        Some((number, bytes)) if number < 1_000 && !bytes.is_empty() && bytes.len() <= MOST_OF_A_PIECE => {
            // The same number again is the same piece.
            upload.pieces.insert(number, bytes);
            let ends = Utc::now().timestamp() + 86_400;
            answer(200, json!({ "data": { "expires_at": ends } }))
        }
        _ => invalid("media or segment_index is not allowed"),
    }
}

async fn finalize(State(world): State<Shared>, Path(id): Path<String>, headers: HeaderMap) -> Response<Body> {
    let mut x = world.x();
    if let Err(refused) = x.caller(&headers, "media.write") {
        return refused;
    }
    let (working, breaks) = (x.working, std::mem::take(&mut x.breaks));
    let Some(upload) = x.uploads.get_mut(&id).filter(|upload| upload.told.is_none()) else {
        return invalid("the media id is unknown, or was finalized");
    };
    let numbers: Vec<u32> = upload.pieces.keys().copied().collect();
    let is_whole = numbers.iter().copied().eq(0..numbers.len() as u32);
    let bytes = upload.pieces.values().fold(Vec::with_capacity(upload.total), |mut all, piece| {
        all.extend_from_slice(piece);
        all
    });
    if !is_whole || bytes.len() != upload.total {
        return invalid("segments do not add up to the media");
    }
    let is_good = is_taken(&bytes) && !breaks;
    upload.told = Some((working, is_good));
    let said = worked_on(&id, upload);
    x.media.insert(id, Medium { bytes: bytes.into(), is_video: true, ..Medium::default() });
    answer(200, said)
}

async fn status(
    State(world): State<Shared>,
    headers: HeaderMap,
    Query(query): Query<BTreeMap<String, String>>,
) -> Response<Body> {
    let mut x = world.x();
    if let Err(refused) = x.caller(&headers, "media.write") {
        return refused;
    }
    let id = query.get("media_id").cloned().unwrap_or_default();
    let Some(upload) = x.uploads.get_mut(&id) else { return invalid("the media id is unknown, or has expired") };
    if let Some((left, _)) = &mut upload.told {
        *left = left.saturating_sub(1);
    }
    answer(200, worked_on(&id, upload))
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

/// Puts captions to a video. The same language again is replaced.
async fn subtitle(State(world): State<Shared>, headers: HeaderMap, body: Bytes) -> Response<Body> {
    let body: Value = serde_json::from_slice(&body).unwrap_or_default();
    let mut x = world.x();
    if let Err(refused) = x.caller(&headers, "media.write") {
        return refused;
    }
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let (id, words, language) =
        (text(&body["id"]), text(&body["subtitles"]["id"]), text(&body["subtitles"]["language_code"]));
    let words = x.media.get(&words).filter(|one| one.is_words).map(|one| one.bytes.clone());
    let Some(words) = words else { return invalid("subtitles.id is of no subtitles") };
    let ready = x.uploads.get(&id).and_then(|upload| upload.told).is_some_and(|(left, is_good)| left == 0 && is_good);
    let Some(medium) =
        x.media.get_mut(&id).filter(|one| one.is_video && ready && body["media_category"] == "TweetVideo")
    else {
        return invalid("id is of no video that is ready");
    };
    medium.captions.insert(language, String::from_utf8_lossy(&words).into_owned());
    let associated = json!([body["subtitles"]]);
    answer(
        200,
        json!({ "data": { "id": id, "media_category": "TweetVideo", "associated_subtitles": { "subtitles": associated } } }),
    )
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
    let is_ready = |id: &String| x.uploads.get(id).is_none_or(|upload| upload.told == Some((0, true)));
    if !media.iter().all(|id| x.media.get(id).is_some_and(|one| !one.is_words) && is_ready(id)) {
        return invalid("Your media IDs are invalid.");
    }
    if media.len() > 1 && media.iter().any(|id| x.media[id].is_video) {
        return invalid("A video goes alone.");
    }
    if x.posts.iter().any(|post| post.account == account && post.text == text) {
        return plain(403, "Forbidden", "You are not allowed to create a Tweet with duplicate content.");
    }
    let answered = body["reply"]["in_reply_to_tweet_id"].as_str();
    let answered = answered.map(|id| x.posts.iter().find(|post| post.id == id));
    let above = match answered {
        Some(None) => {
            let message = "You attempted to reply to a Tweet that is deleted or not visible to you.";
            return plain(403, "Forbidden", message);
        }
        Some(Some(post)) => {
            let root = post.above.as_ref().map_or(&post.id, |(_, root)| root);
            Some((post.id.clone(), root.clone()))
        }
        None => None,
    };
    // Who replies below a post is bound by its first (a guide of another client's, 2026-11: not to be said with an answer).
    let replies = body["reply_settings"].as_str();
    if above.is_some() && replies.is_some() {
        return invalid("reply_settings cannot be combined with reply.");
    }
    let replies = replies.unwrap_or("everyone").to_owned();
    // Of how many and how long its own description says what is wrong (`contract`).
    let poll = body["poll"].clone();
    if poll.is_object() && !media.is_empty() {
        return invalid("poll cannot be combined with media.");
    }
    if x.window.is_some_and(|(left, ..)| left == 0) {
        return x.counted(plain(429, "Too Many Requests", "Too Many Requests"));
    }
    x.window = x.window.map(|(left, most, until)| (left - 1, most, until));
    let at = Utc::now().to_rfc3339_opts(SecondsFormat::Millis, true);
    let post = Post { id: x.number(), account, text, at, media, above, replies, poll };
    let data = json!({ "id": post.id, "text": post.text });
    x.posts.push(post);
    x.counted(answer(201, json!({ "data": data })))
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
        let variants = json!([{ "bit_rate": 1, "content_type": "video/mp4", "url": url }]);
        Some(if medium.is_video {
            json!({ "media_key": format!("3_{id}"), "type": "video", "variants": variants })
        } else {
            json!({ "media_key": format!("3_{id}"), "type": "photo", "url": url, "alt_text": medium.alt })
        })
    });
    let data: Vec<Value> = posts.iter().map(|post| x.shown(post)).collect();
    let meta = json!({ "result_count": data.len() });
    let polls: Vec<Value> = posts.iter().filter_map(|post| X::poll(post)).collect();
    let mut includes = json!({ "media": media.collect::<Vec<_>>() });
    if !polls.is_empty() {
        includes["polls"] = polls.into();
    }
    answer(200, json!({ "data": data, "includes": includes, "meta": meta }))
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
        .route("/2/media/upload", post(upload).get(status))
        .route("/2/media/upload/initialize", post(initialize))
        .route("/2/media/upload/{id}/append", post(append))
        .route("/2/media/upload/{id}/finalize", post(finalize))
        .route("/2/media/metadata", post(describe))
        .route("/2/media/subtitles", post(subtitle))
        .route("/2/tweets", post(create))
        .route("/2/tweets/{id}", get(one).delete(take_down))
}

/// Pictures, as readers' programs fetch them.
pub(crate) fn files() -> Router<Shared> {
    Router::new().route("/_x/{id}", get(file))
}
