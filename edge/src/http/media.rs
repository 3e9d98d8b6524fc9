//! Handlers of `wire::media`: a picture comes in once, is inspected, stored and shown again.
//! The bucket verifies the hash that the browser reckoned, so the engine's 10 ms are not spent on hashing megabytes.

use axum::{
    body::{Body, Bytes},
    http::{HeaderMap, HeaderName, HeaderValue, Response, StatusCode, header},
    response::IntoResponse,
};
use domain::{MediaId, OrganisationId, Refusal, media::inspect, record};
use js_sys::{Function, Promise, Reflect, Uint8Array};
use wasm_bindgen_futures::JsFuture;
use wire::media::{self, MOST_BYTES, MOST_PIXELS, Stored};
use worker::{
    ResponseBody,
    wasm_bindgen::{JsCast, JsValue},
};

use crate::{
    answer::{Refused, json},
    app::App,
    ask::{Api, Ask, mount_raw, unescape},
    store::{
        StoreError,
        media::{self as rows, Media},
    },
};

/// Mounts them.
pub fn mount_all(api: Api) -> Api {
    let api = mount_raw(api, &media::STORE, MOST_BYTES as usize, store);
    mount_raw(api, &media::PICTURE, 0, picture)
}

async fn store(ask: Ask<Bytes>) -> Result<Response<Body>, Refused> {
    let (app, caller) = (&ask.app, ask.caller()?);
    let org = caller.org();
    let found = inspect(&ask.body, MOST_PIXELS)?;
    if text(&ask.headers, "content-type") != Some(found.mime.mime()) {
        return Err(Refusal::NotAPicture.into());
    }
    let stripped = found.clean.is_some();
    let claimed = text(&ask.headers, "x-pregon-sha256").map(hash_of).transpose()?;
    let bytes = found.clean.unwrap_or_else(|| ask.body.to_vec());
    // A claimed hash is verified by the bucket; one of bytes that we changed is nobody's but ours.
    let hash = match claimed.filter(|_| !stripped) {
        Some(hash) => hash,
        None => sha256(&bytes).await?,
    };
    let answer = |media: Media| {
        let Media { id, hash, mime, bytes, width, height } = media;
        json(StatusCode::OK, &Stored { id, hash, mime, bytes, width, height, stripped })
    };
    if let Some(same) = rows::by_hash(&app.db, org, &hash).await? {
        return Ok(answer(same));
    }
    let media = Media {
        id: MediaId::from_bits(app.bits()),
        hash,
        mime: found.mime,
        bytes: bytes.len() as u32,
        width: found.width,
        height: found.height,
    };
    // The object first: a row without one would promise bytes that are not there; an object without a row is only
    // a little room.
    put(app, org, &media, bytes).await?;
    let name = file_name(&ask.headers);
    match rows::add(&app.db, org, &media, &name, &caller.member, app.now()).await {
        Ok(()) => Ok(answer(media)),
        Err(StoreError::Unique) => {
            // Somebody stored the same bytes meanwhile.
            forget(app, org, &media.id).await;
            let same = rows::by_hash(&app.db, org, &media.hash).await?.ok_or(Refusal::Unavailable)?;
            Ok(answer(same))
        }
        Err(error) => Err(error.into()),
    }
}

async fn picture(ask: Ask<Bytes>) -> Result<Response<Body>, Refused> {
    let org = ask.caller()?.org();
    let media = rows::find(&ask.app.db, org, &ask.part("media")?).await?.ok_or(Refusal::NotFound)?;
    Ok(serve(&ask.app, org, &media, "private, max-age=31536000, immutable", &ask.headers).await?)
}

/// Serves a picture's bytes. They never change, so its hash is its ETag. A picture opened by itself is a page without
/// rights.
///
/// # Errors
/// `NotFound` if the bucket does not have it; `Unavailable`.
pub async fn serve(
    app: &App,
    org: &OrganisationId,
    media: &Media,
    cache: &'static str,
    headers: &HeaderMap,
) -> Result<Response<Body>, Refusal> {
    let tag = format!("\"{}\"", media.hash);
    let mut response = if text(headers, "if-none-match").is_some_and(|tags| tags.contains(&tag)) {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        app.ledger().call();
        let bucket = app.env.bucket("MEDIA").map_err(unavailable)?;
        let object = bucket.get(rows::key(org, &media.id)).execute().await.map_err(unavailable)?;
        let object = object.ok_or(Refusal::NotFound)?;
        let body = object.body().ok_or(Refusal::NotFound)?.response_body().map_err(unavailable)?;
        let ResponseBody::Stream(stream) = body else { return Err(Refusal::Unavailable) };
        Body::new(worker::Body::new(stream)).into_response()
    };
    let own = response.headers_mut();
    own.insert(header::CONTENT_TYPE, HeaderValue::from_static(media.mime.mime()));
    own.insert(header::CONTENT_DISPOSITION, HeaderValue::from_static("inline"));
    own.insert(header::CACHE_CONTROL, HeaderValue::from_static(cache));
    own.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static("default-src 'none'; sandbox"));
    own.insert(HeaderName::from_static("x-content-type-options"), HeaderValue::from_static("nosniff"));
    if let Ok(tag) = HeaderValue::from_str(&tag) {
        own.insert(header::ETAG, tag);
    }
    Ok(response)
}

async fn put(app: &App, org: &OrganisationId, media: &Media, bytes: Vec<u8>) -> Result<(), Refusal> {
    app.ledger().call();
    let bucket = app.env.bucket("MEDIA").map_err(unavailable)?;
    let hash = from_hex(&media.hash).ok_or(Refusal::Malformed { field: "x-pregon-sha256".to_owned() })?;
    match bucket.put(rows::key(org, &media.id), bytes).sha256(hash).execute().await {
        Ok(_) => Ok(()),
        // The bucket's words where the bytes are not those of the hash: "The SHA-256 checksum you specified did not
        // match what we received."
        Err(error) if error.to_string().contains("checksum") => {
            Err(Refusal::Malformed { field: "x-pregon-sha256".to_owned() })
        }
        Err(error) => Err(unavailable(error)),
    }
}

/// Best effort: what stays is unreachable, for no row names it.
async fn forget(app: &App, org: &OrganisationId, media: &MediaId) {
    app.ledger().call();
    if let Ok(bucket) = app.env.bucket("MEDIA") {
        let _ = bucket.delete(rows::key(org, media)).await;
    }
}

fn unavailable(error: worker::Error) -> Refusal {
    worker::console_error!("bucket: {error}");
    Refusal::Unavailable
}

pub(super) fn text<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers.get(name).and_then(|value| value.to_str().ok())
}

pub(super) fn hash_of(text: &str) -> Result<String, Refusal> {
    let fits = text.len() == 64 && text.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b'a'..=b'f'));
    if fits { Ok(text.to_owned()) } else { Err(Refusal::Malformed { field: "x-pregon-sha256".to_owned() }) }
}

pub(super) fn from_hex(text: &str) -> Option<Vec<u8>> {
    (0..text.len() / 2).map(|place| u8::from_str_radix(text.get(place * 2..place * 2 + 2)?, 16).ok()).collect()
}

/// The file's name, without folders and control characters, only ever shown as text.
fn file_name(headers: &HeaderMap) -> String {
    let name = unescape(text(headers, "x-pregon-name").unwrap_or_default());
    let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
    last.chars().filter(|c| !c.is_control()).take(200).collect()
}

/// By the platform's own SHA-256: in wasm, megabytes would take longer than an invocation has.
async fn sha256(bytes: &[u8]) -> Result<String, Refusal> {
    let digest = async || -> Result<Vec<u8>, JsValue> {
        let crypto = Reflect::get(&js_sys::global(), &"crypto".into())?;
        let subtle = Reflect::get(&crypto, &"subtle".into())?;
        let digest: Function = Reflect::get(&subtle, &"digest".into())?.dyn_into()?;
        let promise: Promise = digest.call2(&subtle, &"SHA-256".into(), &Uint8Array::from(bytes))?.dyn_into()?;
        Ok(Uint8Array::new(&JsFuture::from(promise).await?).to_vec())
    };
    let digest = digest().await.map_err(|error| unavailable(error.into()))?;
    Ok(record::to_hex(&digest))
}
