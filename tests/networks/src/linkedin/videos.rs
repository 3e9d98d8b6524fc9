//! Videos at LinkedIn: an upload is announced with its size, its bytes go in pieces to the addresses that are given for them, it is
//! told by their tags that these are all, and then it is worked on for a while.

use std::collections::BTreeMap;

use axum::{
    Router,
    body::{Body, Bytes},
    extract::{Path, Query, State},
    http::{HeaderMap, HeaderValue, Response, StatusCode},
    response::IntoResponse,
    routing::{get, post, put},
};
use chrono::Utc;
use serde_json::{Value, json};

use super::{SCOPES, refuse};
use crate::{
    Shared,
    film::Film,
    world::{answer, hash},
};

/// The bytes of a piece.
const PIECE: usize = 4 * 1024 * 1024;

#[derive(Debug, Clone, Default)]
pub struct Video {
    pub owner: String,
    total: usize,
    token: String,
    pieces: BTreeMap<usize, Bytes>,
    /// All of it, once it was told that these are all.
    pub whole: Option<Bytes>,
    /// How often it is still worked on, and whether it can be.
    working: u32,
    is_broken: bool,
}

impl Video {
    /// How it is.
    pub fn state(&self) -> &'static str {
        match self {
            _ if self.whole.is_none() => "WAITING_UPLOAD",
            _ if self.working > 0 => "PROCESSING",
            _ if self.is_broken => "PROCESSING_FAILED",
            _ => "AVAILABLE",
        }
    }

    fn told(&self, origin: &str, id: &str) -> Value {
        let mut told = json!({ "id": id, "owner": self.owner, "status": self.state() });
        match self.state() {
            "AVAILABLE" => told["downloadUrl"] = format!("{origin}/_linkedin_video/{id}").into(),
            "PROCESSING_FAILED" => told["processingFailureReason"] = "The video's codec is not supported".into(),
            _ => {}
        }
        told
    }
}

/// Whether a video is what LinkedIn's guide says.
fn is_taken(bytes: &[u8]) -> bool {
    let Some(film) = Film::read(bytes.to_vec()) else { return false };
    !film.facts.apple
        && (3_000..=1_800_000).contains(&film.facts.millis)
        && (75_000..=500_000_000).contains(&bytes.len())
}

/// The tag of a piece.
fn tag(bytes: &Bytes) -> String {
    format!("/ambry-video/signedId/{}", &hash(bytes)[..24])
}

async fn act(
    State(world): State<Shared>,
    headers: HeaderMap,
    Query(query): Query<BTreeMap<String, String>>,
    body: Bytes,
) -> Response<Body> {
    let body: Value = serde_json::from_slice(&body).unwrap_or_default();
    match query.get("action").map(String::as_str) {
        Some("initializeUpload") => announce(&world, &headers, &body["initializeUploadRequest"]),
        Some("finalizeUpload") => finalize(&world, &headers, &body["finalizeUploadRequest"]),
        _ => refuse(400, "ILLEGAL_ARGUMENT", "there is no such action"),
    }
}

fn announce(world: &Shared, headers: &HeaderMap, said: &Value) -> Response<Body> {
    let owner = said["owner"].as_str().unwrap_or_default().to_owned();
    let mut linkedin = world.linkedin();
    let may = linkedin.let_in(headers, SCOPES[0]).and_then(|()| linkedin.may_write_for(&owner));
    if let Err(refused) = may {
        return refused;
    }
    let total = said["fileSizeBytes"].as_u64().and_then(|bytes| usize::try_from(bytes).ok()).unwrap_or_default();
    if total == 0 || total > 500_000_000 {
        return refuse(400, "ILLEGAL_ARGUMENT", "fileSizeBytes is not allowed");
    }
    let id = format!("urn:li:video:{}", &hash(format!("linkedin video {}", linkedin.mint()))[..20]);
    let token = hash(format!("linkedin token {}", linkedin.mint()));
    let (working, is_broken) = (linkedin.preparing, std::mem::take(&mut linkedin.breaks));
    let piece = |number: usize| {
        let (first, last) = (number * PIECE, total.min((number + 1) * PIECE) - 1);
        let to = format!("{}/dms-uploads/{id}/{number}?token={token}", world.origin);
        json!({ "uploadUrl": to, "firstByte": first, "lastByte": last })
    };
    let pieces: Vec<Value> = (0..total.div_ceil(PIECE)).map(piece).collect();
    let ends = Utc::now().timestamp_millis() + 3_600_000;
    let value = json!({ "video": id, "uploadToken": token, "uploadInstructions": pieces, "uploadUrlsExpireAt": ends });
    linkedin.videos.insert(id, Video { owner, total, token, working, is_broken, ..Video::default() });
    answer(200, json!({ "value": value }))
}

/// Takes a piece. Its address alone lets one in; the same number again is the same piece.
async fn take(
    State(world): State<Shared>,
    headers: HeaderMap,
    Path((id, number)): Path<(String, usize)>,
    Query(query): Query<BTreeMap<String, String>>,
    bytes: Bytes,
) -> Response<Body> {
    let mut linkedin = world.linkedin();
    let Some(video) = linkedin.videos.get_mut(&id).filter(|video| video.whole.is_none()) else {
        return refuse(404, "NOT_FOUND", "no such upload");
    };
    let length = video.total.saturating_sub(number * PIECE).min(PIECE);
    let is_bare = !headers.contains_key("authorization");
    if query.get("token") != Some(&video.token) || length == 0 || bytes.len() != length || !is_bare {
        return refuse(400, "ILLEGAL_ARGUMENT", "that is not the piece of this address");
    }
    let tag = tag(&bytes);
    video.pieces.insert(number, bytes);
    let mut response = StatusCode::OK.into_response();
    if let Ok(tag) = HeaderValue::from_str(&tag) {
        response.headers_mut().insert("etag", tag);
    }
    response
}

fn finalize(world: &Shared, headers: &HeaderMap, said: &Value) -> Response<Body> {
    let mut linkedin = world.linkedin();
    if let Err(refused) = linkedin.let_in(headers, SCOPES[0]) {
        return refused;
    }
    let id = said["video"].as_str().unwrap_or_default();
    let Some(video) = linkedin.videos.get_mut(id).filter(|video| video.whole.is_none()) else {
        return refuse(404, "NOT_FOUND", "no such upload, or it was finalized");
    };
    let tags: Vec<String> = video.pieces.values().map(tag).collect();
    if said["uploadToken"] != video.token.as_str() || said["uploadedPartIds"] != json!(tags) {
        return refuse(400, "ILLEGAL_ARGUMENT", "uploadToken or uploadedPartIds is not of this upload");
    }
    let whole: Vec<u8> = video.pieces.values().flat_map(|piece| piece.iter().copied()).collect();
    if whole.len() != video.total {
        return refuse(400, "ILLEGAL_ARGUMENT", "the pieces do not add up to the video");
    }
    video.is_broken |= !is_taken(&whole);
    video.whole = Some(whole.into());
    video.pieces.clear();
    StatusCode::OK.into_response()
}

async fn one(State(world): State<Shared>, headers: HeaderMap, Path(id): Path<String>) -> Response<Body> {
    let mut linkedin = world.linkedin();
    if let Err(refused) = linkedin.let_in(&headers, SCOPES[0]) {
        return refused;
    }
    match linkedin.videos.get_mut(&id) {
        Some(video) => {
            let told = video.told(&world.origin, &id);
            if video.whole.is_some() {
                video.working = video.working.saturating_sub(1);
            }
            answer(200, told)
        }
        None => refuse(404, "NOT_FOUND", "Could not find entity"),
    }
}

/// A video as it is shown.
pub async fn file(State(world): State<Shared>, Path(id): Path<String>) -> Response<Body> {
    let bytes = world.linkedin().videos.get(&id).and_then(|video| video.whole.clone());
    bytes.map_or_else(|| refuse(404, "NOT_FOUND", "no such file"), IntoResponse::into_response)
}

pub fn routes() -> Router<Shared> {
    Router::new()
        .route("/rest/videos", post(act))
        .route("/rest/videos/{id}", get(one))
        .route("/dms-uploads/{id}/{number}", put(take))
}
