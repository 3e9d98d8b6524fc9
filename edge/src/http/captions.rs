//! Handlers of the captions in `wire::videos`: a file comes in, is read by the rules, and what they read of it is kept and shown.
//! Separate from the videos, whose bytes nobody here ever reads.

use axum::{
    body::{Body, Bytes},
    http::{HeaderMap, HeaderName, HeaderValue, Response, StatusCode, header},
    response::IntoResponse,
};
use domain::{
    Refusal,
    captions::{self, MOST_BYTES, MOST_KEPT, Said, is_hash},
};
use wire::videos::{self as contract, Captioned, Kind, Wanted};

use super::media::text;
use crate::{
    answer::{Refused, json},
    ask::{Api, Ask, mount_raw},
    store::{captions as rows, videos},
};

/// Mounts them.
pub fn mount_all(api: Api) -> Api {
    let api = mount_raw(api, &contract::CAPTION, MOST_BYTES, bring);
    mount_raw(api, &contract::CAPTIONS, 0, whole)
}

async fn bring(ask: Ask<Bytes>) -> Result<Response<Body>, Refused> {
    let (app, caller) = (&ask.app, ask.caller()?);
    let kept = videos::find(&app.db, caller.org(), &ask.part("video")?).await?.ok_or(Refusal::NotFound)?;
    let (_, facts) = kept.ended.ok_or(Refusal::WrongState)?;
    let track = captions::read(&ask.body, facts.millis).map_err(|faults| match faults.first() {
        Some(&fault) => Refusal::BadCaptions { fault },
        None => Refusal::Unavailable,
    })?;
    let said = Said::of(&track.vtt());
    let Said::File(name) = &said else { return Err(Refusal::Unavailable.into()) };
    let (there, all) = rows::room(&app.db, caller.org(), name).await?;
    if !there && all + u64::from(name.bytes) > MOST_KEPT {
        return Err(Refusal::StoreFull { limit: MOST_KEPT, kept: all }.into());
    }
    if !there {
        rows::keep(&app.db, caller.org(), (name, &track), &caller.member, app.now()).await?;
    }
    let cues = u32::try_from(track.cues().len()).unwrap_or(u32::MAX);
    Ok(json(StatusCode::OK, &Captioned { said: said.written(), cues }))
}

async fn whole(ask: Ask<Bytes>) -> Result<Response<Body>, Refused> {
    let hash: String = ask.part("captions")?;
    let Wanted { kind } = ask.query()?;
    let found = if is_hash(&hash) { rows::find(&ask.app.db, ask.caller()?.org(), &hash).await? } else { None };
    Ok(serve(found, (&hash, kind), "private, max-age=31536000, immutable", &ask.headers)?)
}

/// Serves captions. They never change, so what names them is their `ETag`.
///
/// # Errors
/// `NotFound` for what is not there; `Unavailable`.
pub fn serve(
    found: Option<String>,
    (hash, kind): (&str, Kind),
    cache: &'static str,
    headers: &HeaderMap,
) -> Result<Response<Body>, Refusal> {
    let vtt = found.ok_or(Refusal::NotFound)?;
    let (mime, body, suffix) = match kind {
        Kind::Vtt => ("text/vtt; charset=utf-8", vtt, "vtt"),
        Kind::Srt => {
            // What is kept was read once: it is read again.
            let track = captions::read(vtt.as_bytes(), u32::MAX).map_err(|_| Refusal::Unavailable)?;
            ("application/x-subrip; charset=utf-8", track.srt(), "srt")
        }
    };
    let tag = format!("\"{hash}.{suffix}\"");
    let mut response = if text(headers, "if-none-match").is_some_and(|tags| tags.contains(&tag)) {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        (StatusCode::OK, body).into_response()
    };
    let own = response.headers_mut();
    own.insert(header::CONTENT_TYPE, HeaderValue::from_static(mime));
    own.insert(header::CACHE_CONTROL, HeaderValue::from_static(cache));
    own.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static("default-src 'none'; sandbox"));
    own.insert(HeaderName::from_static("x-content-type-options"), HeaderValue::from_static("nosniff"));
    if let Ok(tag) = HeaderValue::from_str(&tag) {
        own.insert(header::ETAG, tag);
    }
    Ok(response)
}
