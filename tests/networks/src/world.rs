//! What the sandbox networks remember.

use std::{
    net::SocketAddr,
    sync::{Mutex, MutexGuard, PoisonError},
};

use axum::{
    Json,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::{
    bluesky::Bluesky, facebook::Facebook, faults::Armed, linkedin::Linkedin, mastodon::Mastodon, telegram::Telegram,
    threads::Threads, tiktok::Tiktok, tumblr::Tumblr, website::Website, x::X, youtube::Youtube,
};

/// The networks, what is armed, and what came in.
#[derive(Debug)]
pub struct World {
    /// Where it answers.
    pub origin: String,
    /// Where its Threads answers.
    pub threads_origin: String,
    /// Where Instagram's own login answers, and its interface for whoever came by it.
    pub instagram_origin: String,
    mastodon: Mutex<Mastodon>,
    bluesky: Mutex<Bluesky>,
    facebook: Mutex<Facebook>,
    telegram: Mutex<Telegram>,
    x: Mutex<X>,
    linkedin: Mutex<Linkedin>,
    tumblr: Mutex<Tumblr>,
    website: Mutex<Website>,
    youtube: Mutex<Youtube>,
    tiktok: Mutex<Tiktok>,
    threads: Mutex<Threads>,
    faults: Mutex<Vec<Armed>>,
    requests: Mutex<Vec<Value>>,
    objections: Mutex<Vec<Value>>,
    issued: Mutex<Vec<String>>,
}

impl World {
    /// An empty one.
    pub fn new(address: SocketAddr, threads: SocketAddr, instagram: SocketAddr) -> Self {
        Self {
            origin: format!("http://{address}"),
            threads_origin: format!("http://{threads}"),
            instagram_origin: format!("http://{instagram}"),
            mastodon: Mutex::default(),
            bluesky: Mutex::default(),
            facebook: Mutex::default(),
            telegram: Mutex::default(),
            x: Mutex::default(),
            linkedin: Mutex::default(),
            tumblr: Mutex::default(),
            website: Mutex::default(),
            youtube: Mutex::default(),
            tiktok: Mutex::default(),
            threads: Mutex::default(),
            faults: Mutex::default(),
            requests: Mutex::default(),
            objections: Mutex::default(),
            issued: Mutex::default(),
        }
    }
    pub(crate) fn mastodon(&self) -> MutexGuard<'_, Mastodon> {
        hold(&self.mastodon)
    }
    pub(crate) fn bluesky(&self) -> MutexGuard<'_, Bluesky> {
        hold(&self.bluesky)
    }
    pub(crate) fn facebook(&self) -> MutexGuard<'_, Facebook> {
        hold(&self.facebook)
    }
    pub(crate) fn telegram(&self) -> MutexGuard<'_, Telegram> {
        hold(&self.telegram)
    }
    pub(crate) fn x(&self) -> MutexGuard<'_, X> {
        hold(&self.x)
    }
    pub(crate) fn linkedin(&self) -> MutexGuard<'_, Linkedin> {
        hold(&self.linkedin)
    }
    pub(crate) fn tumblr(&self) -> MutexGuard<'_, Tumblr> {
        hold(&self.tumblr)
    }
    pub(crate) fn website(&self) -> MutexGuard<'_, Website> {
        hold(&self.website)
    }
    pub(crate) fn youtube(&self) -> MutexGuard<'_, Youtube> {
        hold(&self.youtube)
    }
    pub(crate) fn tiktok(&self) -> MutexGuard<'_, Tiktok> {
        hold(&self.tiktok)
    }
    pub(crate) fn threads(&self) -> MutexGuard<'_, Threads> {
        hold(&self.threads)
    }
    pub(crate) fn faults(&self) -> MutexGuard<'_, Vec<Armed>> {
        hold(&self.faults)
    }
    pub(crate) fn requests(&self) -> MutexGuard<'_, Vec<Value>> {
        hold(&self.requests)
    }
    /// Every secret that it gave out: whoever uses it must be able to prove that none came out again.
    pub(crate) fn issued(&self) -> MutexGuard<'_, Vec<String>> {
        hold(&self.issued)
    }
    pub(crate) fn objections(&self) -> MutexGuard<'_, Vec<Value>> {
        hold(&self.objections)
    }
}

/// A dropped connection is a panic on purpose: what it held is still whole.
fn hold<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// A JSON answer with a status.
pub(crate) fn answer(status: u16, body: Value) -> Response {
    (StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR), Json(body)).into_response()
}

/// Mastodon's way to say no.
pub(crate) fn error(status: u16, message: &str) -> Response {
    answer(status, json!({ "error": message }))
}

/// SHA-256 in hexadecimal.
pub(crate) fn hash(bytes: impl AsRef<[u8]>) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}
