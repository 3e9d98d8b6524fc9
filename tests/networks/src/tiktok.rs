//! An interface like TikTok's: consent, tokens of which the older stops working, what a creator may do, posts that have an identity
//! before anybody sees them, bytes in stretches, pictures that are fetched from addresses that must be the app's own, and a no
//! inside of a yes.

mod oauth;

use std::collections::BTreeMap;

use axum::{
    Router,
    body::{Body, Bytes},
    extract::{Path, State},
    http::{HeaderMap, Response, StatusCode, header},
    response::IntoResponse,
    routing::{get, post, put},
};
use chrono::Utc;
use serde_json::{Value, json};

use crate::{
    Shared,
    pulled::fetch,
    world::{answer, hash},
};

pub use oauth::APP;

/// What may be asked for.
const SCOPES: [&str; 2] = ["user.info.basic", "video.publish"];

/// Accounts, accesses and posts.
#[derive(Debug)]
pub struct Tiktok {
    /// The name of whoever agrees.
    account: String,
    deny: bool,
    declined: Vec<String>,
    /// How many seconds an access lasts.
    life: i64,
    /// The audiences that the account offers.
    levels: Vec<String>,
    /// How long a video may last, in seconds.
    longest: u64,
    comments: bool,
    /// How often a post is still worked on once all of it is there.
    working: u32,
    /// How often it is out and has no address yet.
    nameless: u32,
    /// Why the next post will not come out.
    breaks: Option<String>,
    /// How many posts are left of today.
    posts_left: usize,
    /// Whether the addresses of pictures are the app's own.
    owned: bool,
    /// Whether the app is audited: what others publish only they themselves may see.
    audited: bool,
    codes: BTreeMap<String, oauth::Code>,
    accesses: BTreeMap<String, oauth::Access>,
    renewals: BTreeMap<String, oauth::Access>,
    gone: Vec<String>,
    posts: Vec<Post>,
    minted: u64,
}

#[derive(Debug, Clone)]
struct Post {
    id: String,
    /// Where its bytes go.
    upload: String,
    account: String,
    info: Value,
    chunk: u64,
    count: u64,
    total: u64,
    bytes: Vec<u8>,
    pictures: Vec<String>,
    working: u32,
    nameless: u32,
    broken: Option<String>,
    is_whole: bool,
}

impl Default for Tiktok {
    fn default() -> Self {
        Self {
            account: "villaserena".to_owned(),
            deny: false,
            declined: Vec::new(),
            life: 7_200,
            levels: ["PUBLIC_TO_EVERYONE", "MUTUAL_FOLLOW_FRIENDS", "SELF_ONLY"].map(str::to_owned).to_vec(),
            longest: 600,
            comments: true,
            working: 1,
            nameless: 0,
            breaks: None,
            posts_left: 15,
            owned: true,
            audited: true,
            codes: BTreeMap::new(),
            accesses: BTreeMap::new(),
            renewals: BTreeMap::new(),
            gone: Vec::new(),
            posts: Vec::new(),
            minted: 0,
        }
    }
}

impl Tiktok {
    /// What came out, oldest first.
    pub(crate) fn visible(&self) -> Vec<Value> {
        let is_out = |post: &&Post| post.is_whole && post.working == 0 && post.broken.is_none();
        let shown = self.posts.iter().filter(is_out).map(|post| {
            let words = if post.pictures.is_empty() { "title" } else { "description" };
            json!({ "id": post.id, "account": post.account, "text": post.info[words], "title": post.info["title"],
                "privacy": post.info["privacy_level"], "machine": post.info["is_aigc"], "paid": post.info["brand_content_toggle"],
                "comments": post.info["disable_comment"] != true, "duets": post.info["disable_duet"] != true,
                "cover": post.info["video_cover_timestamp_ms"], "sha256": hash(&post.bytes), "images": post.pictures })
        });
        shown.collect()
    }

    pub(crate) fn set(&mut self, settings: &Value) {
        let settings = &settings["tiktok"];
        let texts = |name: &str| {
            let list = settings[name].as_array()?;
            Some(list.iter().filter_map(Value::as_str).map(str::to_owned).collect::<Vec<_>>())
        };
        let number = |name: &str| settings[name].as_u64().map(|number| u32::try_from(number).unwrap_or(u32::MAX));
        let truth = |name: &str, now: bool| settings[name].as_bool().unwrap_or(now);
        if let Some(name) = settings["account"].as_str() {
            name.clone_into(&mut self.account);
        }
        self.declined = texts("declined").unwrap_or_else(|| self.declined.clone());
        self.levels = texts("levels").unwrap_or_else(|| self.levels.clone());
        self.deny = truth("deny", self.deny);
        self.comments = truth("comments", self.comments);
        self.owned = truth("owned", self.owned);
        self.audited = truth("audited", self.audited);
        self.life = settings["life"].as_i64().unwrap_or(self.life);
        self.longest = settings["longest"].as_u64().unwrap_or(self.longest);
        self.working = number("working").unwrap_or(self.working);
        self.nameless = number("nameless").unwrap_or(self.nameless);
        self.posts_left = number("posts_left").map_or(self.posts_left, |left| left as usize);
        self.breaks = settings["breaks"].as_str().map(str::to_owned).or(self.breaks.take());
        if settings["expire"] == true || settings["revoke"] == true {
            self.gone.extend(std::mem::take(&mut self.accesses).into_keys());
        }
        if settings["revoke"] == true {
            self.renewals.clear();
        }
    }

    /// What it gave out that is nobody's to read. The address of an upload opens that upload.
    pub(crate) fn secrets(&self) -> impl Iterator<Item = String> {
        let given = self.accesses.keys().chain(self.renewals.keys()).chain(&self.gone).cloned();
        let uploads = self.posts.iter().map(|post| post.upload.clone()).filter(|upload| !upload.is_empty());
        given.chain(uploads).chain([APP.1.to_owned()])
    }

    fn mint(&mut self) -> u64 {
        self.minted += 1;
        self.minted
    }

    /// Whose access a call carries, if it may do that.
    fn caller(&self, headers: &HeaderMap, scope: &str) -> Result<String, Response<Body>> {
        let token = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok()?.strip_prefix("Bearer "));
        let now = Utc::now().timestamp();
        let Some(access) = token.and_then(|token| self.accesses.get(token)).filter(|access| access.ends > now) else {
            return Err(refuse(
                401,
                "access_token_invalid",
                "The access token is invalid or not found in the request.",
            ));
        };
        if !access.scopes.iter().any(|given| given == scope) {
            return Err(refuse(401, "scope_not_authorized", "The user did not authorize the scope required."));
        }
        Ok(access.account.clone())
    }

    /// What is wrong with what is said of a post.
    fn wrong(&self, info: &Value) -> Option<Response<Body>> {
        let level = info["privacy_level"].as_str().unwrap_or_default();
        if !self.levels.iter().any(|one| one == level) {
            return Some(refuse(403, "privacy_level_option_mismatch", "Privacy level option mismatch."));
        }
        if !self.audited && level != "SELF_ONLY" {
            let code = "unaudited_client_can_only_post_to_private_accounts";
            return Some(refuse(403, code, "Please review our integration guidelines."));
        }
        if level == "SELF_ONLY" && info["brand_content_toggle"] == true {
            return Some(invalid("branded content cannot be private"));
        }
        if !self.comments && info["disable_comment"] != true {
            return Some(invalid("the account takes no comments"));
        }
        (self.posts_left == 0).then(|| refuse(403, "spam_risk_too_many_posts", "The daily post cap is reached."))
    }

    fn begin(&mut self, account: String, info: Value) -> Post {
        self.posts_left -= 1;
        let number = self.mint();
        let (working, nameless, broken) = (self.working, self.nameless, self.breaks.take());
        Post {
            id: format!("v_pub~v2-1.{}", 7_400_000_000 + number),
            upload: String::new(),
            account,
            info,
            chunk: 0,
            count: 0,
            total: 0,
            bytes: Vec::new(),
            pictures: Vec::new(),
            working,
            nameless,
            broken,
            is_whole: false,
        }
    }
}

/// Whether a path is of TikTok's interface that is held against its pages.
pub(crate) fn is_described(path: &str) -> bool {
    path.starts_with("/v2/post/publish/") || matches!(path, "/v2/oauth/token/" | "/v2/oauth/revoke/" | "/v2/user/info/")
}

/// Whether a path is of TikTok.
pub(crate) fn is_its(path: &str) -> bool {
    is_described(path) || path == "/v2/auth/authorize/" || path.starts_with("/_tiktok_upload/")
}

fn said(status: u16, code: &str, message: &str, data: Value) -> Response<Body> {
    answer(status, json!({ "data": data, "error": { "code": code, "message": message, "log_id": "2026112900" } }))
}

/// An error as TikTok tells it.
pub(crate) fn refuse(status: u16, code: &str, message: &str) -> Response<Body> {
    said(status, code, message, json!({}))
}

fn invalid(message: &str) -> Response<Body> {
    refuse(400, "invalid_params", message)
}

fn yes(data: Value) -> Response<Body> {
    said(200, "ok", "", data)
}

fn open_id(account: &str) -> String {
    format!("-000{}", &hash(format!("tiktok account {account}"))[..20])
}

async fn person(State(world): State<Shared>, headers: HeaderMap) -> Response<Body> {
    match world.tiktok().caller(&headers, SCOPES[0]) {
        Ok(account) => yes(json!({ "user": { "open_id": open_id(&account), "display_name": "Villa Serena" } })),
        Err(refused) => refused,
    }
}

async fn creator(State(world): State<Shared>, headers: HeaderMap) -> Response<Body> {
    let tiktok = world.tiktok();
    match tiktok.caller(&headers, SCOPES[1]) {
        Ok(account) => yes(json!({
            "creator_avatar_url": "", "creator_username": account, "creator_nickname": "Villa Serena",
            "privacy_level_options": tiktok.levels, "comment_disabled": !tiktok.comments, "duet_disabled": false,
            "stitch_disabled": false, "max_video_post_duration_sec": tiktok.longest,
        })),
        Err(refused) => refused,
    }
}

const MB: u64 = 1_000_000;

/// Whether a video is cut as the guide to uploads says.
fn is_cut(total: u64, chunk: u64, count: u64) -> bool {
    let is_one = count == 1 && chunk == total && total <= 64 * MB;
    let are_several = (5 * MB..=64 * MB).contains(&chunk) && count == total / chunk && (1..=1_000).contains(&count);
    total > 0 && total <= 4_000 * MB && (is_one || are_several)
}

async fn video(State(world): State<Shared>, headers: HeaderMap, body: Bytes) -> Response<Body> {
    let asked: Value = serde_json::from_slice(&body).unwrap_or_default();
    let mut tiktok = world.tiktok();
    let account = match tiktok.caller(&headers, SCOPES[1]) {
        Ok(account) => account,
        Err(refused) => return refused,
    };
    let (info, source) = (&asked["post_info"], &asked["source_info"]);
    if info["title"].as_str().unwrap_or_default().encode_utf16().count() > 2_200 {
        return invalid("the title is too long");
    }
    if let Some(refused) = tiktok.wrong(info) {
        return refused;
    }
    let number = |name: &str| source[name].as_u64().unwrap_or_default();
    let (total, chunk, count) = (number("video_size"), number("chunk_size"), number("total_chunk_count"));
    if source["source"] != "FILE_UPLOAD" || !is_cut(total, chunk, count) {
        return invalid("The chunk size or the total chunk count is invalid.");
    }
    let mut post = tiktok.begin(account, info.clone());
    post.upload = hash(format!("tiktok upload {}", post.id));
    (post.total, post.chunk, post.count) = (total, chunk, count);
    world.issued().push(post.upload.clone());
    let address = format!("{}/_tiktok_upload/{}", world.origin, post.upload);
    let id = post.id.clone();
    tiktok.posts.push(post);
    yes(json!({ "publish_id": id, "upload_url": address }))
}

/// `bytes 0-41/42`.
fn range(headers: &HeaderMap) -> Option<(u64, u64, u64)> {
    let text = headers.get(header::CONTENT_RANGE)?.to_str().ok()?;
    let (stretch, total) = text.strip_prefix("bytes ")?.split_once('/')?;
    let (from, to) = stretch.split_once('-')?;
    Some((from.parse().ok()?, to.parse().ok()?, total.parse().ok()?))
}

async fn bytes(
    State(world): State<Shared>,
    headers: HeaderMap,
    Path(upload): Path<String>,
    body: Bytes,
) -> Response<Body> {
    let mut tiktok = world.tiktok();
    let Some(post) = tiktok.posts.iter_mut().find(|post| post.upload == upload) else {
        return StatusCode::FORBIDDEN.into_response();
    };
    let there = post.bytes.len() as u64;
    let is_video =
        headers.get(header::CONTENT_TYPE).is_some_and(|mime| mime == "video/mp4" || mime == "video/quicktime");
    let Some((from, to, total)) = range(&headers).filter(|_| is_video) else {
        return StatusCode::BAD_REQUEST.into_response();
    };
    let place = there / post.chunk.max(1);
    let end = if place + 1 >= post.count { post.total } else { (place + 1) * post.chunk };
    if total != post.total || from != there || to + 1 != end || body.len() as u64 != end - there {
        return StatusCode::RANGE_NOT_SATISFIABLE.into_response();
    }
    post.bytes.extend_from_slice(&body);
    post.is_whole = end == total;
    if post.is_whole { StatusCode::CREATED.into_response() } else { StatusCode::PARTIAL_CONTENT.into_response() }
}

async fn pictures(State(world): State<Shared>, headers: HeaderMap, body: Bytes) -> Response<Body> {
    let asked: Value = serde_json::from_slice(&body).unwrap_or_default();
    let account = match world.tiktok().caller(&headers, SCOPES[1]) {
        Ok(account) => account,
        Err(refused) => return refused,
    };
    let (info, source) = (asked["post_info"].clone(), &asked["source_info"]);
    let length = |name: &str| info[name].as_str().unwrap_or_default().encode_utf16().count();
    if length("title") > 90 || length("description") > 4_000 {
        return invalid("the words are too long");
    }
    let addresses: Vec<String> =
        source["photo_images"].as_array().into_iter().flatten().filter_map(Value::as_str).map(str::to_owned).collect();
    if asked["media_type"] != "PHOTO" || asked["post_mode"] != "DIRECT_POST" || source["source"] != "PULL_FROM_URL" {
        return invalid("that is no post of pictures");
    }
    if addresses.is_empty() || addresses.len() > 35 {
        return invalid("there are no pictures, or too many");
    }
    if let Some(refused) = world.tiktok().wrong(&info) {
        return refused;
    }
    if !world.tiktok().owned {
        return refuse(403, "url_ownership_unverified", "Please verify the ownership of the domain or the URL prefix.");
    }
    let (mut found, mut why) = (Vec::new(), None);
    for address in addresses {
        match fetch(address).await {
            Ok(picture) if picture.mime == "image/jpeg" => found.push(picture.hash()),
            Ok(_) => why = Some("file_format_check_failed"),
            Err(_) => why = Some("photo_pull_failed"),
        }
    }
    let mut tiktok = world.tiktok();
    let mut post = tiktok.begin(account, info);
    post.broken = post.broken.or_else(|| why.map(str::to_owned));
    (post.pictures, post.is_whole) = (found, true);
    let id = post.id.clone();
    tiktok.posts.push(post);
    yes(json!({ "publish_id": id }))
}

async fn status(State(world): State<Shared>, headers: HeaderMap, body: Bytes) -> Response<Body> {
    let asked: Value = serde_json::from_slice(&body).unwrap_or_default();
    let mut tiktok = world.tiktok();
    let account = match tiktok.caller(&headers, SCOPES[1]) {
        Ok(account) => account,
        Err(refused) => return refused,
    };
    let Some(post) = tiktok.posts.iter_mut().find(|post| post.id == asked["publish_id"] && post.account == account)
    else {
        return refuse(400, "invalid_publish_id", "The publish_id does not exist.");
    };
    let bytes = post.bytes.len();
    if !post.is_whole || post.working > 0 {
        post.working -= u32::from(post.is_whole);
        let word = if post.pictures.is_empty() { "PROCESSING_UPLOAD" } else { "PROCESSING_DOWNLOAD" };
        return yes(json!({ "status": word, "uploaded_bytes": bytes, "downloaded_bytes": 0 }));
    }
    if let Some(why) = &post.broken {
        return yes(json!({ "status": "FAILED", "fail_reason": why, "uploaded_bytes": bytes }));
    }
    let number: u64 = post.id.rsplit('.').next().and_then(|digits| digits.parse().ok()).unwrap_or_default();
    // Nobody has looked at it yet, or it is nobody's to see.
    let is_named = post.nameless == 0 && post.info["privacy_level"] == "PUBLIC_TO_EVERYONE";
    post.nameless = post.nameless.saturating_sub(1);
    let ids: Vec<u64> = is_named.then_some(7_400_000_000_000_000_000 + number).into_iter().collect();
    yes(json!({ "status": "PUBLISH_COMPLETE", "publicaly_available_post_id": ids, "uploaded_bytes": bytes }))
}

pub(crate) fn routes() -> Router<Shared> {
    Router::new()
        .merge(oauth::routes())
        .route("/v2/user/info/", get(person))
        .route("/v2/post/publish/creator_info/query/", post(creator))
        .route("/v2/post/publish/video/init/", post(video))
        .route("/v2/post/publish/content/init/", post(pictures))
        .route("/v2/post/publish/status/fetch/", post(status))
        .route("/_tiktok_upload/{upload}", put(bytes))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_video_is_cut_as_the_guide_says() {
        assert!(is_cut(9_000, 9_000, 1) && is_cut(64 * MB, 64 * MB, 1) && is_cut(100 * MB, 32 * MB, 3));
        assert!(!is_cut(64 * MB + 1, 64 * MB + 1, 1), "more than one takes");
        assert!(!is_cut(100 * MB, 32 * MB, 4), "the rest goes with the last one");
        assert!(!is_cut(100 * MB, 4 * MB, 25) && !is_cut(0, 0, 1));
    }
}
