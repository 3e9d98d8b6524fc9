//! Captions of videos: listed by video, brought and replaced in two parts, taken away, downloaded as they came. One language and name
//! of a video has one.

use std::collections::BTreeMap;

use axum::{
    Router,
    body::{Body, Bytes},
    extract::{Path, Query, State},
    http::{HeaderMap, Response, StatusCode},
    response::IntoResponse,
    routing::{get, post},
};
use serde_json::{Value, json};

use super::{Youtube, query, refuse, upload::parts};
use crate::{
    Shared,
    world::{answer, hash},
};

/// Where they are brought.
pub const UPLOAD: &str = "/upload/youtube/v3/captions";

#[derive(Debug, Clone)]
pub struct Track {
    pub video: String,
    id: String,
    language: String,
    name: String,
    text: String,
    /// How often it was replaced.
    edits: u32,
}

impl Track {
    fn told(&self) -> Value {
        json!({ "kind": "youtube#caption", "etag": "e", "id": self.id, "snippet": {
            "videoId": self.video, "language": self.language, "name": self.name, "trackKind": "standard",
            "isDraft": false, "isAutoSynced": false, "status": "serving", "lastUpdated": "2026-11-30T00:00:00Z" } })
    }
}

impl Youtube {
    /// What a video has, by language: the words, and how often they were replaced.
    pub(super) fn captions_of(&self, video: &str) -> Value {
        let of = self.captions.iter().filter(|track| track.video == video);
        of.map(|track| (track.language.clone(), json!([track.text, track.edits])))
            .collect::<serde_json::Map<_, _>>()
            .into()
    }

    fn owns(&mut self, title: &str, video: &str) -> bool {
        self.find(video).is_some_and(|video| video.channel == title)
    }
}

fn no_video() -> Response<Body> {
    refuse(404, "videoNotFound", "The video identified by the videoId parameter could not be found.")
}

fn none() -> Response<Body> {
    refuse(404, "captionNotFound", "The caption track could not be found.")
}

async fn list(
    State(world): State<Shared>,
    headers: HeaderMap,
    Query(pairs): Query<Vec<(String, String)>>,
) -> Response<Body> {
    let (mut youtube, (_, rest)) = (world.youtube(), query(pairs));
    let title = match youtube.caller(&headers) {
        Ok(title) => title,
        Err(refused) => return refused,
    };
    let video = rest.get("videoId").cloned().unwrap_or_default();
    if !youtube.owns(&title, &video) {
        return no_video();
    }
    // What it hears by itself stands beside what somebody wrote.
    let heard = json!({ "kind": "youtube#caption", "etag": "e", "id": "heard", "snippet": {
        "videoId": video, "language": "es", "name": "", "trackKind": "ASR", "isDraft": false, "status": "serving" } });
    let ours = youtube.captions.iter().filter(|track| track.video == video).map(Track::told);
    let items: Vec<Value> = std::iter::once(heard).chain(ours).collect();
    answer(200, json!({ "kind": "youtube#captionListResponse", "etag": "e", "items": items }))
}

/// The words of a body in two parts, if they are SubRip.
fn words(headers: &HeaderMap, body: &[u8]) -> Option<(Value, String)> {
    let (said, bytes) = parts(headers, body)?;
    let text = String::from_utf8(bytes.to_vec()).ok()?;
    text.starts_with("1\n00:").then_some((said, text))
}

async fn bring(State(world): State<Shared>, headers: HeaderMap, body: Bytes) -> Response<Body> {
    let mut youtube = world.youtube();
    let title = match youtube.caller(&headers) {
        Ok(title) => title,
        Err(refused) => return refused,
    };
    let Some((said, text)) = words(&headers, &body) else {
        return refuse(400, "contentRequired", "The request does not contain the caption track contents.");
    };
    let field = |name: &str| said["snippet"][name].as_str().map(str::to_owned);
    let (Some(video), Some(language), Some(name)) = (field("videoId"), field("language"), field("name")) else {
        return refuse(400, "invalidMetadata", "The request contains invalid metadata values.");
    };
    if !youtube.owns(&title, &video) {
        return no_video();
    }
    let same = |track: &Track| track.video == video && track.language == language && track.name == name;
    if youtube.captions.iter().any(same) {
        return refuse(409, "captionExists", "The specified video already has a caption track with the given name.");
    }
    let id = format!("c_{}", &hash(format!("youtube captions {}", youtube.mint()))[..12]);
    let track = Track { video, id, language, name, text, edits: 0 };
    let mut told = track.told();
    if let Some(why) = youtube.caption_breaks.take() {
        told["snippet"]["status"] = "failed".into();
        told["snippet"]["failureReason"] = why.into();
        return answer(200, told);
    }
    youtube.captions.push(track);
    answer(200, told)
}

async fn replace(State(world): State<Shared>, headers: HeaderMap, body: Bytes) -> Response<Body> {
    let mut youtube = world.youtube();
    let title = match youtube.caller(&headers) {
        Ok(title) => title,
        Err(refused) => return refused,
    };
    let Some((said, text)) = words(&headers, &body) else {
        return refuse(400, "contentRequired", "The request does not contain the caption track contents.");
    };
    let video = youtube.captions.iter().find(|track| said["id"] == *track.id).map(|track| track.video.clone());
    let Some(video) = video.filter(|video| youtube.owns(&title, video)) else { return none() };
    let Some(track) = youtube.captions.iter_mut().find(|track| track.video == video && said["id"] == *track.id) else {
        return none();
    };
    track.text = text;
    track.edits += 1;
    answer(200, track.told())
}

async fn remove(
    State(world): State<Shared>,
    headers: HeaderMap,
    Query(fields): Query<BTreeMap<String, String>>,
) -> Response<Body> {
    let mut youtube = world.youtube();
    let title = match youtube.caller(&headers) {
        Ok(title) => title,
        Err(refused) => return refused,
    };
    let id = fields.get("id").cloned().unwrap_or_default();
    let video = youtube.captions.iter().find(|track| track.id == id).map(|track| track.video.clone());
    if !video.is_some_and(|video| youtube.owns(&title, &video)) {
        return none();
    }
    youtube.captions.retain(|track| track.id != id);
    StatusCode::NO_CONTENT.into_response()
}

async fn download(State(world): State<Shared>, headers: HeaderMap, Path(id): Path<String>) -> Response<Body> {
    let youtube = world.youtube();
    if let Err(refused) = youtube.caller(&headers) {
        return refused;
    }
    let found = youtube.captions.iter().find(|track| track.id == id);
    found
        .map_or_else(none, |track| ([("content-type", "application/octet-stream")], track.text.clone()).into_response())
}

pub fn routes() -> Router<Shared> {
    Router::new()
        .route("/youtube/v3/captions", get(list).delete(remove))
        .route("/youtube/v3/captions/{id}", get(download))
        .route(UPLOAD, post(bring).put(replace))
}
