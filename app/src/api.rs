//! The desk's only way to the engine: a call names an endpoint of `wire`, and cannot be misread on either side.
//! Separate because every answer must end in one of three things a page can show: what was asked, a fault with its
//! sentence, or "there is no connection".

pub mod ahead;
pub mod json;
pub mod query;
mod send;
pub mod trouble;

use std::{future::Future, sync::Arc};

use domain::{PictureType, Refusal};
use serde::{Serialize, de::DeserializeOwned};
use wire::{Endpoint, Fault, Method};

pub use send::{nonsense, when_signed_out};

/// Why a call has no answer.
#[derive(Debug, Clone, PartialEq)]
pub enum Problem {
    /// The engine said no, and why. Who makes one without the engine asks `trouble::refused`. Shared: to copy each of the
    /// refusals would be four KB of the first load, and a signal that is read copies.
    Fault(Arc<Fault>),
    /// The engine could not be reached, or did not answer in time. Nothing is known of what it did.
    Offline,
    /// The session ended. The frame asks to sign in again; the page and its drafts stay as they are.
    SignedOut,
}

impl From<Fault> for Problem {
    fn from(fault: Fault) -> Self {
        Problem::Fault(Arc::new(fault))
    }
}

impl From<Refusal> for Problem {
    fn from(refusal: Refusal) -> Self {
        Fault::from(refusal).into()
    }
}

impl Problem {
    /// The refusal, if the engine gave one.
    pub fn refusal(&self) -> Option<&Refusal> {
        match self {
            Problem::Fault(fault) => Some(&fault.refusal),
            Problem::SignedOut => Some(&Refusal::SignedOut),
            Problem::Offline => None,
        }
    }
}

/// What a call answers.
pub type Answer<A> = Result<A, Problem>;

/// Calls an endpoint. `parts` fill the `{…}` of its path in order; on a `Get` the body becomes the query string.
///
/// # Errors
/// Every way in which there is no answer; see `Problem`.
pub fn call<Q: Serialize, A: DeserializeOwned>(
    endpoint: &Endpoint<Q, A>,
    parts: &[&str],
    body: &Q,
) -> impl Future<Output = Answer<A>> + use<Q, A> {
    part::<Q, A, A>(endpoint, parts, body)
}

/// As `call`, for who needs only a part of the answer: `P` has some of the fields of `A`. What reads all of a post is a
/// tenth of the first load, and a calendar that moved one needs its version.
///
/// # Errors
/// As `call`.
pub fn part<Q: Serialize, A, P: DeserializeOwned>(
    endpoint: &Endpoint<Q, A>,
    parts: &[&str],
    body: &Q,
) -> impl Future<Output = Answer<P>> + use<Q, A, P> {
    // Only what needs the types is generic, and it reads a tree and not the text: the parser of JSON and the way
    // through the network exist once in the binary, not once a type; and what waits exists once for each answer, not
    // once for each question too. Nothing is sent before somebody waits.
    let body = serde_json::to_value(body).unwrap_or_default();
    picked(send::json(endpoint.method, endpoint.path(parts), body))
}

async fn picked<P: DeserializeOwned>(sent: send::Sent) -> Answer<P> {
    json::pick(sent.await?).ok_or_else(send::nonsense)
}

/// As `call`, for who has the request as JSON already, and needs to know only whether it was a success.
///
/// # Errors
/// As `call`.
pub async fn send<Q, A>(endpoint: &Endpoint<Q, A>, parts: &[&str], body: serde_json::Value) -> Answer<()> {
    send::json(endpoint.method, endpoint.path(parts), body).await.map(drop)
}

/// The address that a `Get` asks.
pub fn address<Q: Serialize, A>(endpoint: &Endpoint<Q, A>, body: &Q) -> String {
    let body = serde_json::to_value(body).unwrap_or_default();
    endpoint.path(&[]) + &query::from_value(&body)
}

/// A query string, as an address of the desk carries it.
pub fn in_query<Q: Serialize>(asked: &Q) -> String {
    query::from_value(&serde_json::to_value(asked).unwrap_or_default())
}

/// Where a picture goes that is stored.
#[derive(Debug, Clone, Copy)]
pub enum Storing<'a> {
    /// Into the library.
    Filed,
    /// Beside it: within a comment.
    Aside,
    /// It was cut from this one, and what is known of that one holds for it.
    CutFrom(&'a domain::MediaId),
}

/// Stores a picture: `bytes` are already stripped and hashed by `platform::pictures`.
///
/// # Errors
/// As `call`.
pub async fn store_picture(
    bytes: &[u8],
    mime: PictureType,
    hash: &str,
    file_name: &str,
    storing: Storing<'_>,
) -> Answer<wire::media::Stored> {
    let place = match storing {
        Storing::Filed => None,
        Storing::Aside => Some(("x-pregon-aside", "1".to_owned())),
        Storing::CutFrom(media) => Some(("x-pregon-of", media.to_string())),
    };
    let headers = [
        ("content-type", mime.mime().to_owned()),
        ("x-pregon-sha256", hash.to_owned()),
        ("x-pregon-name", query::escape(file_name)),
    ];
    let headers: Vec<_> = headers.into_iter().chain(place).collect();
    let tree = send::bytes(Method::Post, wire::media::STORE.path(&[]), &headers, bytes).await?;
    json::pick(tree).ok_or_else(send::nonsense)
}

/// Keeps a small version of a stored picture, with what the picture looks like.
///
/// # Errors
/// As `call`.
pub async fn keep_thumbnail(
    media: &domain::MediaId,
    bytes: &[u8],
    mime: PictureType,
    look: Option<domain::look::Look>,
) -> Answer<()> {
    let look = look.map(|look| ("x-pregon-look", look.to_string()));
    let headers: Vec<_> = [("content-type", mime.mime().to_owned())].into_iter().chain(look).collect();
    let path = wire::media::KEEP_THUMBNAIL.path(&[media.as_str()]);
    send::bytes(Method::Put, path, &headers, bytes).await.map(drop)
}

/// Brings captions for a video: the bytes of the file as it is.
///
/// # Errors
/// As `call`.
pub async fn bring_captions(media: &domain::MediaId, bytes: &[u8]) -> Answer<wire::videos::Captioned> {
    let headers = [("content-type", "application/octet-stream".to_owned())];
    let tree = send::bytes(Method::Post, wire::videos::CAPTION.path(&[media.as_str()]), &headers, bytes).await?;
    json::pick(tree).ok_or_else(send::nonsense)
}

/// Reads captions: clean WebVTT.
///
/// # Errors
/// As `call`.
pub async fn captions(name: &domain::captions::Name) -> Answer<String> {
    send::text(&captions_address(name)).await
}

/// Reads stored bytes that a row of a copy names.
///
/// # Errors
/// As `call`.
pub async fn copied(copy: &domain::RecordId, object: &domain::copy::Object) -> Answer<Vec<u8>> {
    debug_assert!(wire::copies::OBJECT.method == Method::Get);
    send::whole(&wire::copies::OBJECT.path(&[copy.as_str(), &object.media, &object.hash])).await
}

/// Brings rows of a table that a copy has: a list of objects, as text.
///
/// # Errors
/// As `call`.
pub async fn bring_rows(table: &str, rows: &str) -> Answer<()> {
    let headers = [("content-type", "application/json".to_owned())];
    send::bytes(Method::Put, wire::copies::BRING.path(&[table]), &headers, rows.as_bytes()).await.map(drop)
}

/// Brings stored bytes that a copy has.
///
/// # Errors
/// As `call`.
pub async fn bring_object(object: &domain::copy::Object, bytes: &[u8]) -> Answer<()> {
    let headers = [("content-type", "application/octet-stream".to_owned())];
    let path = wire::copies::BRING_OBJECT.path(&[&object.media, &object.hash]);
    send::bytes(Method::Put, path, &headers, bytes).await.map(drop)
}

/// Where the desk plays a stored video from.
pub fn video_address(media: &domain::MediaId) -> String {
    debug_assert!(wire::videos::VIDEO.method == Method::Get);
    wire::videos::VIDEO.path(&[media.as_str()])
}

/// Where the desk opens a stored document from.
pub fn document_address(media: &domain::MediaId) -> String {
    debug_assert!(wire::documents::DOCUMENT.method == Method::Get);
    wire::documents::DOCUMENT.path(&[media.as_str()])
}

/// Where the desk reads captions from.
pub fn captions_address(name: &domain::captions::Name) -> String {
    debug_assert!(wire::videos::CAPTIONS.method == Method::Get);
    wire::videos::CAPTIONS.path(&[&name.hash])
}

/// Where the desk reads a small version of a stored picture from, for lists: the picture itself, where there is none. Never where
/// somebody judges the picture: whoever brought it made both, and only one of them goes out.
pub fn thumbnail_address(media: &domain::MediaId) -> String {
    debug_assert!(wire::media::THUMBNAIL.method == Method::Get);
    wire::media::THUMBNAIL.path(&[media.as_str()])
}

/// Where the desk reads a stored picture from.
pub fn picture_address(media: &domain::MediaId) -> String {
    debug_assert!(wire::media::PICTURE.method == Method::Get);
    wire::media::PICTURE.path(&[media.as_str()])
}
