//! Answers: refusal → fault → status, in one place; and the headers that every answer carries.

use std::sync::atomic::Ordering;

use axum::{
    body::Body,
    http::{HeaderName, HeaderValue, Response, StatusCode, header},
    response::IntoResponse,
};
use domain::{Refusal, policy::Finding};
use wire::Fault;

use crate::{app::Ledger, store::StoreError};

/// Why a handler says no. Any `?` on a refusal or a store error ends here.
#[derive(Debug)]
pub struct Refused(pub Fault);

impl Refused {
    /// Blocked, with what was found.
    pub fn blocked(findings: Vec<Finding>) -> Self {
        Self(Fault { refusal: Refusal::Blocked, findings })
    }
}

impl From<Refusal> for Refused {
    // Once, and not at every `?`.
    #[cold]
    #[inline(never)]
    fn from(refusal: Refusal) -> Self {
        Self(refusal.into())
    }
}

impl From<StoreError> for Refused {
    #[cold]
    #[inline(never)]
    fn from(error: StoreError) -> Self {
        Self(Refusal::from(error).into())
    }
}

impl IntoResponse for Refused {
    fn into_response(self) -> Response<Body> {
        let status = StatusCode::from_u16(self.0.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        json(status, &self.0)
    }
}

/// A JSON answer.
pub fn json<T: serde::Serialize>(status: StatusCode, body: &T) -> Response<Body> {
    written(status, serde_json::to_vec(body).unwrap_or_default())
}

/// A JSON answer that is written already.
pub fn written(status: StatusCode, body: Vec<u8>) -> Response<Body> {
    (status, [(header::CONTENT_TYPE, "application/json")], body).into_response()
}

const HARD: [(&str, &str); 5] = [
    ("x-content-type-options", "nosniff"),
    ("referrer-policy", "no-referrer"),
    ("strict-transport-security", "max-age=31536000; includeSubDomains"),
    ("cross-origin-opener-policy", "same-origin"),
    ("cross-origin-resource-policy", "same-origin"),
];

/// Puts the headers that every answer carries, where the handler did not put its own.
pub fn harden(response: &mut Response<Body>, ledger: &Ledger) {
    let headers = response.headers_mut();
    for (name, value) in HARD {
        headers.entry(HeaderName::from_static(name)).or_insert(HeaderValue::from_static(value));
    }
    headers.entry(header::CONTENT_SECURITY_POLICY).or_insert(HeaderValue::from_static(
        "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'",
    ));
    headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    if cfg!(feature = "rehearsal") {
        let spent = format!(
            "queries={};trips={};rows={};calls={}",
            ledger.queries.load(Ordering::Relaxed),
            ledger.trips.load(Ordering::Relaxed),
            ledger.rows.load(Ordering::Relaxed),
            ledger.calls.load(Ordering::Relaxed)
        );
        if let Ok(value) = HeaderValue::from_str(&spent) {
            headers.insert(HeaderName::from_static("x-pregon-spent"), value);
        }
    }
}
