//! Posters of videos: one a video, set anew as often as somebody likes, and only by a channel that was verified.

use std::collections::BTreeMap;

use axum::{
    Router,
    body::{Body, Bytes},
    extract::{Query, State},
    http::{HeaderMap, Response},
    routing::post,
};
use serde_json::json;

use super::refuse;
use crate::{
    Shared,
    world::{answer, hash},
};

/// Where they are brought.
pub const UPLOAD: &str = "/upload/youtube/v3/thumbnails/set";

/// The most bytes, as older pages of the documentation have it.
const MOST: usize = 2 * 1024 * 1024;

async fn set(
    State(world): State<Shared>,
    headers: HeaderMap,
    Query(fields): Query<BTreeMap<String, String>>,
    body: Bytes,
) -> Response<Body> {
    let mut youtube = world.youtube();
    let title = match youtube.caller(&headers) {
        Ok(title) => title,
        Err(refused) => return refused,
    };
    let is_jpeg =
        headers.get("content-type").is_some_and(|mime| mime == "image/jpeg") && body.starts_with(b"\xff\xd8\xff");
    if !is_jpeg {
        return refuse(400, "invalidImage", "The provided image content is invalid.");
    }
    if body.len() > MOST {
        return refuse(413, "uploadTooLarge", "The image is too large.");
    }
    if !youtube.verified {
        let message = "The authenticated user doesn't have permissions to upload and set custom video thumbnails.";
        return refuse(403, "forbidden", message);
    }
    let id = fields.get("videoId").cloned().unwrap_or_default();
    let Some(video) = youtube.find(&id).filter(|video| video.channel == title) else {
        return refuse(
            404,
            "videoNotFound",
            "The video that you are trying to insert a thumbnail image for cannot be found.",
        );
    };
    let times = video.poster.as_ref().map_or(0, |(_, times)| *times);
    video.poster = Some((hash(&body), times + 1));
    let picture = json!({ "url": format!("https://i.ytimg.com/vi/{id}/default.jpg"), "width": 120, "height": 90 });
    answer(200, json!({ "kind": "youtube#thumbnailSetResponse", "etag": "e", "items": [{ "default": picture }] }))
}

pub fn routes() -> Router<Shared> {
    Router::new().route(UPLOAD, post(set))
}
