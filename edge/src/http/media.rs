//! Handlers of `wire::media`: a picture comes in once, is inspected, stored and shown again.
//! The bucket verifies the hash that the browser reckoned, so the engine's 10 ms are not spent on hashing megabytes.

use std::collections::BTreeMap;

use axum::{
    body::{Body, Bytes},
    http::{HeaderMap, HeaderName, HeaderValue, Response, StatusCode, header},
    response::IntoResponse,
};
use domain::{
    MediaId, OrganisationId, PictureType, Refusal,
    look::Look,
    media::{Inspected, THUMBNAIL_BYTES, inspect, is_thumbnail},
    record,
    text::hidden,
};
use js_sys::{Function, Promise, Reflect, Uint8Array};
use wasm_bindgen_futures::JsFuture;
use wire::{
    Nothing,
    media::{self, MOST_BYTES, MOST_PIXELS, Stored},
};
use worker::{
    ResponseBody,
    wasm_bindgen::{JsCast, JsValue},
};

use crate::{
    answer::{Refused, json},
    app::App,
    ask::{Api, Ask, mount_raw, unescape},
    store::{
        StoreError, Unit, library,
        media::{self as rows, Media},
        proposals,
        thumbnails::{self, Pictured, Thumbnail},
    },
    videos::Streamed,
};

/// Mounts them.
pub fn mount_all(api: Api) -> Api {
    let api = mount_raw(api, &media::STORE, MOST_BYTES as usize, store);
    let api = mount_raw(api, &media::PICTURE, 0, picture);
    let api = mount_raw(api, &media::KEEP_THUMBNAIL, THUMBNAIL_BYTES, keep_thumbnail);
    mount_raw(api, &media::THUMBNAIL, 0, thumbnail)
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
    let answer = |media: Media, alt| {
        let Media { id, hash, mime, bytes, width, height } = media;
        json(StatusCode::OK, &Stored { id, hash, mime, bytes, width, height, stripped, alt })
    };
    let name = file_name(&ask.headers);
    let aside = ask.headers.contains_key("x-pregon-aside");
    let made_of: Option<MediaId> = text(&ask.headers, "x-pregon-of").and_then(|text| text.parse().ok());
    let filed = |unit: &mut Unit, Media { id: media, hash, .. }: &Media| {
        if !aside {
            let (made_of, by, at) = (made_of.as_ref(), &caller.member, app.now());
            library::file(unit, org, &library::New { media, hash, video: false, file_name: &name, made_of, by, at });
        }
    };
    if let Some(same) = rows::by_hash(&app.db, org, &hash).await? {
        let mut unit = Unit::new();
        // It may have stood in a comment only.
        filed(&mut unit, &same);
        match app.db.commit(unit).await {
            Ok(_) => {
                let alt = library::alt_of(&app.db, org, &same.id).await?;
                return Ok(answer(same, alt));
            }
            // Somebody deleted it a moment ago: it is stored anew.
            Err(StoreError::Guard) => {}
            Err(error) => return Err(error.into()),
        }
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
    put(app, rows::key(org, &media.id), &media.hash, bytes).await?;
    let mut unit = Unit::new();
    rows::add(&mut unit, org, &media, &name, &caller.member, app.now());
    filed(&mut unit, &media);
    match app.db.commit(unit).await {
        Ok(_) => Ok(answer(media, BTreeMap::new())),
        Err(StoreError::Unique) => {
            // Somebody stored the same bytes meanwhile.
            forget(app, org, &media.id).await;
            let same = rows::by_hash(&app.db, org, &media.hash).await?.ok_or(Refusal::Unavailable)?;
            Ok(answer(same, BTreeMap::new()))
        }
        Err(error) => Err(error.into()),
    }
}

async fn picture(ask: Ask<Bytes>) -> Result<Response<Body>, Refused> {
    let org = ask.caller()?.org();
    let media = rows::find(&ask.app.db, org, &ask.part("media")?).await?.ok_or(Refusal::NotFound)?;
    Ok(serve(&ask.app, org, &media, "private, max-age=31536000, immutable", &ask.headers).await?)
}

/// A thumbnail never changes; a picture that stands in for one is asked for again sooner.
const THUMBNAIL_CACHE: &str = "private, max-age=31536000, immutable";
const STAND_IN_CACHE: &str = "private, max-age=600";

/// Keeps the first thumbnail of a picture, for whoever brought it: nobody gives another's picture a face. The row comes first, so
/// that of two that come at once one is kept and the other is not written over it; as long as its object is not there, the picture
/// is shown.
async fn keep_thumbnail(ask: Ask<Bytes>) -> Result<Response<Body>, Refused> {
    let (app, caller) = (&ask.app, ask.caller()?);
    let org = caller.org();
    let found = thumbnails::find(&app.db, org, &ask.part("media")?).await?;
    let Pictured { media, thumbnail, .. } = found.filter(|found| found.by == caller.member).ok_or(Refusal::NotFound)?;
    let look = text(&ask.headers, "x-pregon-look").map(str::parse::<Look>).transpose();
    let look = look.map_err(|_| Refusal::Malformed { field: "x-pregon-look".to_owned() })?;
    let small = inspect(&ask.body, MOST_PIXELS)?;
    let fits = is_thumbnail((media.width, media.height), (small.width, small.height));
    if text(&ask.headers, "content-type") != Some(small.mime.mime()) || !fits {
        return Err(Refusal::NotAPicture.into());
    }
    let bytes = small.clean.unwrap_or_else(|| ask.body.to_vec());
    let sent = Thumbnail { hash: sha256(&bytes).await?, mime: small.mime };
    let takes = match &thumbnail {
        // Sent again: the time before may have been cut off between the two.
        Some(kept) => kept.hash == sent.hash,
        None => thumbnails::keep(&app.db, org, &media.id, (&sent, bytes.len() as u32), look, app.now()).await?,
    };
    if takes && let Err(refusal) = put(app, thumbnails::key(org, &media.id), &sent.hash, bytes).await {
        if thumbnail.is_none() {
            thumbnails::forget(&app.db, org, &media.id).await?;
        }
        return Err(refusal.into());
    }
    Ok(json(StatusCode::OK, &Nothing {}))
}

async fn thumbnail(ask: Ask<Bytes>) -> Result<Response<Body>, Refused> {
    let (app, org) = (&ask.app, ask.caller()?.org());
    let Pictured { media, thumbnail, .. } =
        thumbnails::find(&app.db, org, &ask.part("media")?).await?.ok_or(Refusal::NotFound)?;
    if let Some(Thumbnail { hash, mime }) = thumbnail {
        let key = thumbnails::key(org, &media.id);
        match object(app, key, (&hash, mime), THUMBNAIL_CACHE, &ask.headers).await {
            Err(Refusal::NotFound) => {}
            served => return Ok(served?),
        }
    }
    Ok(serve(app, org, &media, STAND_IN_CACHE, &ask.headers).await?)
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
    object(app, rows::key(org, &media.id), (&media.hash, media.mime), cache, headers).await
}

async fn object(
    app: &App,
    key: String,
    (hash, mime): (&str, PictureType),
    cache: &'static str,
    headers: &HeaderMap,
) -> Result<Response<Body>, Refusal> {
    let tag = format!("\"{hash}\"");
    let mut response = if text(headers, "if-none-match").is_some_and(|tags| tags.contains(&tag)) {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        app.ledger().call();
        let bucket = app.env.bucket("MEDIA").map_err(unavailable)?;
        let object = bucket.get(key).execute().await.map_err(unavailable)?;
        let object = object.ok_or(Refusal::NotFound)?;
        let body = object.body().ok_or(Refusal::NotFound)?.response_body().map_err(unavailable)?;
        let ResponseBody::Stream(stream) = body else { return Err(Refusal::Unavailable) };
        // As it is: through our memory it would be copied on its way, and what whoever reads leaves unread would be let go of by the
        // garbage collector, outside of every invocation, where the platform's streams throw (`wasm-streams` lets go of its reader).
        let mut response = Body::empty().into_response();
        response.extensions_mut().insert(Streamed::new(stream));
        response
    };
    let own = response.headers_mut();
    own.insert(header::CONTENT_TYPE, HeaderValue::from_static(mime.mime()));
    own.insert(header::CONTENT_DISPOSITION, HeaderValue::from_static("inline"));
    own.insert(header::CACHE_CONTROL, HeaderValue::from_static(cache));
    own.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static("default-src 'none'; sandbox"));
    own.insert(HeaderName::from_static("x-content-type-options"), HeaderValue::from_static("nosniff"));
    if let Ok(tag) = HeaderValue::from_str(&tag) {
        own.insert(header::ETAG, tag);
    }
    Ok(response)
}

/// Puts bytes into the bucket, which holds them against their hash.
///
/// # Errors
/// `Malformed` if they are others; `Unavailable`.
pub async fn put(app: &App, key: String, hash: &str, bytes: Vec<u8>) -> Result<(), Refusal> {
    app.ledger().call();
    let bucket = app.env.bucket("MEDIA").map_err(unavailable)?;
    let hash = from_hex(hash).ok_or(Refusal::Malformed { field: "x-pregon-sha256".to_owned() })?;
    match bucket.put(key, bytes).sha256(hash).execute().await {
        Ok(_) => Ok(()),
        // The bucket's words where the bytes are not those of the hash: "The SHA-256 checksum you specified did not
        // match what we received."
        Err(error) if error.to_string().contains("checksum") => {
            Err(Refusal::Malformed { field: "x-pregon-sha256".to_owned() })
        }
        Err(error) => Err(unavailable(error)),
    }
}

/// Stores a picture of somebody who has no account, without a row among the organisation's pictures: that is written by
/// whoever takes it up. Until then it is a loose one, and that is written before the object is. What the file hides (where it
/// was taken) is left out as for everybody.
///
/// # Errors
/// `Unavailable`.
pub async fn take_in(app: &App, org: &OrganisationId, file: &[u8], found: Inspected) -> Result<Media, Refusal> {
    let bytes = found.clean.unwrap_or_else(|| file.to_vec());
    let hash = sha256(&bytes).await?;
    let (id, length) = (MediaId::from_bits(app.bits()), bytes.len() as u32);
    let media = Media { id, hash, mime: found.mime, bytes: length, width: found.width, height: found.height };
    let mut unit = Unit::new();
    proposals::loosen_photo(&mut unit, org, &media.id, app.now());
    app.db.commit(unit).await?;
    put(app, rows::key(org, &media.id), &media.hash, bytes).await?;
    Ok(media)
}

/// Erases a picture and its thumbnail, if there is one. Best effort: what stays is unreachable, for no row names it. Answers
/// whether they are gone.
pub async fn forget(app: &App, org: &OrganisationId, media: &MediaId) -> bool {
    app.ledger().call();
    match app.env.bucket("MEDIA") {
        Ok(bucket) => bucket.delete_multiple(vec![rows::key(org, media), thumbnails::key(org, media)]).await.is_ok(),
        Err(_) => false,
    }
}

/// Lets a loose photo go: the object, and only then the row that says where it is. What fails here is left to the sweep.
pub async fn let_go(app: &App, org: &OrganisationId, media: &MediaId) -> bool {
    let mut unit = Unit::new();
    proposals::bind_photo(&mut unit, org, media);
    forget(app, org, media).await && app.db.commit(unit).await.is_ok()
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

/// The file's name, without folders and what hides, only ever shown as text.
pub(super) fn file_name(headers: &HeaderMap) -> String {
    let name = unescape(text(headers, "x-pregon-name").unwrap_or_default());
    let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
    hidden::shown(last, 200)
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
