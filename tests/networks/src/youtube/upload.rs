//! Uploads, as Google's guide to them has it: begun with what is said of the video, sent in stretches, asked how much of it is
//! there. A video is there with its last byte, and not before.

use std::collections::BTreeMap;

use axum::{
    Router,
    body::{Body, Bytes},
    extract::{Query, State},
    http::{HeaderMap, HeaderValue, Response, StatusCode, header},
    response::IntoResponse,
    routing::post,
};
use serde_json::{Value, json};

use super::{Youtube, query, refuse, wrong};
use crate::{
    Shared,
    world::{answer, hash},
};

/// Every stretch but the last one has so many bytes, or several times as many.
const GRAIN: usize = 256 * 1024;

#[derive(Debug, Clone)]
pub struct Upload {
    channel: String,
    said: Value,
    total: usize,
    mime: String,
    bytes: Vec<u8>,
    /// The video that it became.
    made: Option<String>,
}

impl Upload {
    fn stands(&self) -> Response<Body> {
        let mut response = StatusCode::PERMANENT_REDIRECT.into_response();
        if !self.bytes.is_empty()
            && let Ok(range) = HeaderValue::from_str(&format!("bytes=0-{}", self.bytes.len() - 1))
        {
            response.headers_mut().insert(header::RANGE, range);
        }
        response
    }
}

fn text<'a>(headers: &'a HeaderMap, name: &str) -> &'a str {
    headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
}

/// One more for today, if there is one.
fn count(youtube: &mut Youtube) -> Result<(), Response<Body>> {
    if youtube.uploads == 0 {
        return Err(refuse(
            403,
            "quotaExceeded",
            "The request cannot be completed because you have exceeded your quota.",
        ));
    }
    youtube.uploads -= 1;
    Ok(())
}

/// The two parts of a body of the type `multipart/related`: what is said, and the bytes.
pub(super) fn parts(headers: &HeaderMap, body: &[u8]) -> Option<(Value, Bytes)> {
    let boundary = text(headers, "content-type").split("boundary=").nth(1)?.trim_matches('"');
    let line = format!("--{boundary}");
    let at =
        |from: usize, what: &[u8]| body[from..].windows(what.len()).position(|seen| seen == what).map(|at| from + at);
    let first = at(0, b"\r\n\r\n")? + 4;
    let between = at(first, line.as_bytes())?;
    let second = at(between, b"\r\n\r\n")? + 4;
    let end = at(second, format!("\r\n{line}--").as_bytes())?;
    Some((serde_json::from_slice(&body[first..between]).ok()?, Bytes::copy_from_slice(&body[second..end])))
}

/// What a description says of the body of such a call: of one in two parts, its first.
pub(crate) fn said(headers: &HeaderMap, body: &[u8]) -> Option<Value> {
    if text(headers, "content-type").starts_with("multipart/related") {
        return parts(headers, body).map(|(said, _)| said);
    }
    serde_json::from_slice(body).ok()
}

async fn begin(
    State(world): State<Shared>,
    headers: HeaderMap,
    Query(pairs): Query<Vec<(String, String)>>,
    body: Bytes,
) -> Response<Body> {
    let (asked, rest) = query(pairs);
    let mut youtube = world.youtube();
    let channel = match youtube.caller(&headers) {
        Ok(channel) => channel,
        Err(refused) => return refused,
    };
    let Some(said) = said(&headers, &body) else { return refuse(400, "badRequest", "the body is no video") };
    if let Some(refused) = wrong(&said, &asked) {
        return refused;
    }
    if let Err(refused) = count(&mut youtube) {
        return refused;
    }
    match rest.get("uploadType").map(String::as_str) {
        Some("multipart") => {
            let bytes = parts(&headers, &body).map(|(_, bytes)| bytes).unwrap_or_default();
            let id = youtube.made(channel, &said, bytes);
            let video = youtube.find(&id).map(|video| video.told(&asked));
            answer(200, video.unwrap_or_default())
        }
        Some("resumable") => {
            let total = text(&headers, "x-upload-content-length").parse().unwrap_or(0);
            let mime = text(&headers, "x-upload-content-type").to_owned();
            if total == 0 || !mime.starts_with("video/") {
                return refuse(400, "mediaBodyRequired", "The request does not include the video content.");
            }
            let id = hash(format!("youtube upload {}", youtube.mint()));
            world.issued().push(id.clone());
            youtube.going.insert(id.clone(), Upload { channel, said, total, mime, bytes: Vec::new(), made: None });
            let to = format!("{}/upload/youtube/v3/videos?uploadType=resumable&upload_id={id}", world.origin);
            let mut response = StatusCode::OK.into_response();
            if let Ok(to) = HeaderValue::from_str(&to) {
                response.headers_mut().insert(header::LOCATION, to);
            }
            response
        }
        _ => refuse(400, "badRequest", "that is no kind of upload"),
    }
}

/// `bytes 0-41/42`, or `bytes */42`.
fn range(header: &str) -> Option<(Option<(usize, usize)>, usize)> {
    let (stretch, total) = header.strip_prefix("bytes ")?.split_once('/')?;
    let stretch = match stretch {
        "*" => None,
        stretch => {
            let (from, to) = stretch.split_once('-')?;
            Some((from.parse().ok()?, to.parse().ok()?))
        }
    };
    Some((stretch, total.parse().ok()?))
}

/// Takes a stretch; `Err` is the answer. What comes out is whether the connection breaks behind it.
fn take(youtube: &mut Youtube, id: &str, headers: &HeaderMap, body: &[u8]) -> Result<bool, Response<Body>> {
    let swallows = youtube.swallows;
    let wrong = |message: &str| refuse(400, "badRequest", message);
    let Some(upload) = youtube.going.get_mut(id) else { return Err(StatusCode::NOT_FOUND.into_response()) };
    let Some((stretch, total)) = range(text(headers, "content-range")) else { return Err(wrong("no range is said")) };
    if total != upload.total {
        return Err(wrong("the video has another size"));
    }
    let Some((from, to)) = stretch.filter(|_| upload.made.is_none()) else { return Ok(false) };
    if !body.is_empty() && text(headers, "content-type") != upload.mime {
        return Err(wrong("the video is of another type"));
    }
    let is_last = to + 1 == total;
    if from != upload.bytes.len()
        || to < from
        || to - from + 1 != body.len()
        || (!is_last && !body.len().is_multiple_of(GRAIN))
    {
        return Err(wrong("the stretch does not follow on what is there"));
    }
    // What comes before a connection breaks is kept, in whole grains.
    let taken = swallows.map_or(body.len(), |most| body.len().min(most / GRAIN * GRAIN));
    upload.bytes.extend_from_slice(&body[..taken]);
    if upload.bytes.len() == upload.total {
        let (channel, said, bytes) =
            (upload.channel.clone(), upload.said.clone(), Bytes::from(std::mem::take(&mut upload.bytes)));
        let made = youtube.made(channel, &said, bytes);
        if let Some(upload) = youtube.going.get_mut(id) {
            upload.made = Some(made);
        }
    }
    Ok(taken < body.len())
}

async fn send(
    State(world): State<Shared>,
    headers: HeaderMap,
    Query(fields): Query<BTreeMap<String, String>>,
    body: Bytes,
) -> Response<Body> {
    let id = fields.get("upload_id").cloned().unwrap_or_default();
    let broken = {
        let mut youtube = world.youtube();
        // Google asks nobody: whoever has the address may write. Ours sends its access all the same.
        match take(&mut youtube, &id, &headers, &body) {
            Ok(broken) => broken,
            Err(refused) => return refused,
        }
    };
    if broken {
        std::panic::resume_unwind(Box::new("dropped on purpose"));
    }
    let mut youtube = world.youtube();
    let Some(upload) = youtube.going.get(&id).cloned() else { return StatusCode::NOT_FOUND.into_response() };
    let parts = ["snippet", "status"].map(str::to_owned);
    match upload.made.as_deref().map(|made| youtube.find(made).map(|video| video.told(&parts))) {
        None => upload.stands(),
        Some(Some(video)) => answer(200, video),
        // It was deleted since.
        Some(None) => answer(404, json!({})),
    }
}

pub fn routes() -> Router<Shared> {
    Router::new().route("/upload/youtube/v3/videos", post(begin).put(send))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_range_is_read() {
        assert_eq!(range("bytes 0-41/42"), Some((Some((0, 41)), 42)));
        assert_eq!(range("bytes */42"), Some((None, 42)));
        for text in ["", "bytes 0-41", "bytes 0/42", "0-41/42", "bytes a-b/42", "bytes 0-41/*"] {
            assert_eq!(range(text), None, "{text}");
        }
    }

    #[test]
    fn a_body_in_two_parts_is_taken_apart() {
        let mut headers = HeaderMap::new();
        headers.insert("content-type", HeaderValue::from_static("multipart/related; boundary=b"));
        let body = b"--b\r\ncontent-type: application/json\r\n\r\n{\"id\":1}\r\n--b\r\ncontent-type: video/mp4\r\n\r\nab\r\nc\r\n--b--";
        assert_eq!(parts(&headers, body), Some((json!({ "id": 1 }), Bytes::from_static(b"ab\r\nc"))));
        assert_eq!(parts(&headers, b"--b"), None);
    }
}
