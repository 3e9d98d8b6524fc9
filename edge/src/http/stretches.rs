//! Bytes that never change, whole or by the stretch that is asked for (RFC 9110, 13 and 14). Separate from videos and documents:
//! how much of something is answered has nothing to do with what it is.

use axum::{
    body::Body,
    http::{HeaderMap, HeaderName, HeaderValue, Response, StatusCode, header},
    response::IntoResponse,
};
use domain::Refusal;

use super::media::text;
use crate::{
    app::App,
    videos::{self, Source, Streamed},
};

/// Serves the bytes of a source, or a stretch of them, piped by the platform. `hash` is their ETag; `own` is what is said of them
/// besides.
///
/// # Errors
/// `Unavailable` where the bucket does not answer.
pub fn serve(
    app: &App,
    source: &Source,
    hash: &str,
    own: &[(HeaderName, &str)],
    headers: &HeaderMap,
) -> Result<Response<Body>, Refusal> {
    let (tag, bytes) = (format!("\"{hash}\""), source.bytes());
    // A stretch of another version is no stretch of this one.
    let same = text(headers, "if-range").is_none_or(|wanted| wanted == tag);
    let asked = text(headers, "range").filter(|_| same);
    let mut response = if text(headers, "if-none-match").is_some_and(|tags| tags.contains(&tag)) {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        let Some(range) = videos::asked(asked, bytes) else {
            let all = [(header::CONTENT_RANGE, format!("bytes */{bytes}"))];
            return Ok((StatusCode::RANGE_NOT_SATISFIABLE, all).into_response());
        };
        let (status, said) = match &range {
            Some(range) => (
                StatusCode::PARTIAL_CONTENT,
                Some((header::CONTENT_RANGE, format!("bytes {}-{}/{bytes}", range.start, range.end - 1))),
            ),
            None => (StatusCode::OK, None),
        };
        let stream = source.stream(app, range.unwrap_or(0..bytes)).map_err(|error| {
            worker::console_error!("stored bytes: {error}");
            Refusal::Unavailable
        })?;
        let mut response = (status, axum::response::AppendHeaders(said)).into_response();
        response.extensions_mut().insert(Streamed::new(stream));
        response
    };
    let usual = [
        (header::ACCEPT_RANGES, "bytes"),
        (HeaderName::from_static("x-content-type-options"), "nosniff"),
        (header::ETAG, tag.as_str()),
    ];
    for (name, value) in usual.iter().chain(own) {
        if let Ok(value) = HeaderValue::from_str(value) {
            response.headers_mut().insert(name, value);
        }
    }
    Ok(response)
}
