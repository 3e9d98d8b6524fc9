//! Faults between the network and its handlers: before the deed, or after it and instead of its answer.

use std::time::Duration;

use axum::{
    Json,
    body::{Body, to_bytes},
    extract::{Request, State},
    http::{HeaderValue, Response},
    middleware::Next,
};
use chrono::{SecondsFormat, TimeDelta, Utc};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::{Shared, world::answer};

/// Longer than anybody waits.
const FOR_EVER: Duration = Duration::from_secs(300);

/// What happens instead of an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Then {
    /// Nothing is done, and nothing is ever answered.
    HangBefore,
    /// It is done, and nothing is ever answered.
    HangAfter,
    /// Nothing is done; the connection breaks.
    DropBefore,
    /// It is done; the connection breaks.
    DropAfter,
    /// Nothing is done; this status.
    StatusBefore,
    /// Nothing is done; this status, and the caller's own token in the words: what a careless server does.
    EchoToken,
    /// Nothing is done; Graph's error, and in its words what was sent.
    EchoBody,
    /// It is done; this status.
    StatusAfter,
    /// It is done; a page of HTML.
    Malformed,
    /// Nothing is done; 429 with the networks' own headers, `seconds` from now.
    Throttle,
    /// It is done, after so many `seconds`.
    Slow,
    /// The connection breaks, and it is done so many `seconds` after that.
    Late,
    /// Nothing is done; sends on to `to`.
    SendOn,
    /// Nothing is done; Graph's error with `code` and `subcode`, and for `seconds` the header that asks to wait.
    Refuse,
    /// It is done; Graph's error with `code` and `subcode`.
    RefuseAfter,
}

/// A fault that waits for its request.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Armed {
    /// Method and path, one `*` for whatever stands there.
    on: String,
    then: Then,
    /// How often it fires.
    #[serde(default = "once")]
    times: u32,
    /// How many such calls pass before it fires.
    #[serde(default)]
    skip: u32,
    #[serde(default = "unavailable")]
    status: u16,
    #[serde(default)]
    seconds: u32,
    #[serde(default)]
    to: String,
    #[serde(default)]
    code: i64,
    subcode: Option<i64>,
    #[serde(default)]
    fired: u32,
}

fn once() -> u32 {
    1
}

fn unavailable() -> u16 {
    503
}

impl Armed {
    fn meets(&self, call: &str) -> bool {
        self.fired < self.times
            && match self.on.split_once('*') {
                Some((start, end)) => call.len() >= start.len() && call.starts_with(start) && call.ends_with(end),
                None => call == self.on,
            }
    }
}

/// Replaces what is armed.
pub async fn arm(State(world): State<Shared>, Json(faults): Json<Vec<Armed>>) -> Json<Value> {
    *world.faults() = faults;
    Json(json!({}))
}

/// Tells what fired.
pub async fn fired(State(world): State<Shared>) -> Json<Vec<Armed>> {
    Json(world.faults().clone())
}

/// Marks an answer that a fault made.
#[derive(Debug, Clone, Copy)]
pub struct Rehearsed;

/// Stands between every request and its handler.
pub async fn between(State(world): State<Shared>, request: Request, next: Next) -> Response<Body> {
    let call = format!("{} {}", request.method(), request.uri().path());
    let request = note(&world, request).await;
    let fault = {
        let mut faults = world.faults();
        match faults.iter_mut().find(|fault| fault.meets(&call)) {
            Some(fault) if fault.skip > 0 => {
                fault.skip -= 1;
                None
            }
            Some(fault) => {
                fault.fired += 1;
                Some(fault.clone())
            }
            None => None,
        }
    };
    let Some(fault) = fault else { return next.run(request).await };
    let mut answer = misbehave(&fault, request, next).await;
    answer.extensions_mut().insert(Rehearsed);
    answer
}

async fn misbehave(fault: &Armed, request: Request, next: Next) -> Response<Body> {
    match fault.then {
        Then::HangBefore => {
            tokio::time::sleep(FOR_EVER).await;
            drop_connection()
        }
        Then::HangAfter => {
            next.run(request).await;
            tokio::time::sleep(FOR_EVER).await;
            drop_connection()
        }
        Then::DropBefore => drop_connection(),
        Then::DropAfter => {
            next.run(request).await;
            drop_connection()
        }
        Then::StatusBefore => rehearsed(fault.status),
        Then::EchoToken => {
            let token =
                request.headers().get("authorization").and_then(|value| value.to_str().ok()).unwrap_or_default();
            answer(fault.status, json!({ "error": "InvalidRequest", "message": format!("not with {token}") }))
        }
        Then::EchoBody => {
            let bytes = to_bytes(request.into_body(), 20_000_000).await.unwrap_or_default();
            crate::facebook::refuse(400, fault.code, fault.subcode, &format!("not {}", String::from_utf8_lossy(&bytes)))
        }
        Then::StatusAfter => {
            next.run(request).await;
            rehearsed(fault.status)
        }
        Then::Malformed => {
            next.run(request).await;
            Response::new(Body::from("<!doctype html><title>Maintenance</title>"))
        }
        Then::Throttle => throttled(fault.seconds),
        Then::Slow => {
            tokio::time::sleep(Duration::from_secs(fault.seconds.into())).await;
            next.run(request).await
        }
        Then::Late => {
            let wait = Duration::from_secs(fault.seconds.into());
            tokio::spawn(async move {
                tokio::time::sleep(wait).await;
                next.run(request).await;
            });
            drop_connection()
        }
        Then::SendOn => {
            let mut response = answer(307, json!({}));
            if let Ok(to) = HeaderValue::from_str(&fault.to) {
                response.headers_mut().insert("location", to);
            }
            response
        }
        Then::Refuse => refused(fault),
        Then::RefuseAfter => {
            next.run(request).await;
            refused(fault)
        }
    }
}

/// What Graph says with a code. Its header counts minutes.
fn refused(fault: &Armed) -> Response<Body> {
    let status = if fault.status == unavailable() { 400 } else { fault.status };
    let mut response = crate::facebook::refuse(status, fault.code, fault.subcode, "a rehearsed fault");
    let usage = json!({ "1": [{ "type": "pages", "estimated_time_to_regain_access": fault.seconds / 60 }] });
    if let Ok(usage) = HeaderValue::from_str(&usage.to_string()) {
        response.headers_mut().insert("x-business-use-case-usage", usage);
    }
    response
}

/// Ends the connection without an answer: hyper drops a connection whose task unwinds. No hook is run, so nothing is
/// printed.
fn drop_connection() -> ! {
    std::panic::resume_unwind(Box::new("dropped on purpose"))
}

fn rehearsed(status: u16) -> Response<Body> {
    answer(status, json!({ "error": "Rehearsed", "message": "a rehearsed fault" }))
}

fn throttled(seconds: u32) -> Response<Body> {
    let until = Utc::now() + TimeDelta::seconds(seconds.into());
    let mut response = answer(429, json!({ "error": "RateLimitExceeded", "message": "Too many requests" }));
    let headers = [
        ("x-ratelimit-reset", until.to_rfc3339_opts(SecondsFormat::Micros, true)),
        ("ratelimit-reset", until.timestamp().to_string()),
        ("x-rate-limit-reset", until.timestamp().to_string()),
    ];
    for (name, value) in headers {
        if let Ok(value) = HeaderValue::from_str(&value) {
            response.headers_mut().insert(name, value);
        }
    }
    response
}

/// Writes down what came: method, path, query, headers that say something, and the body where it is text.
async fn note(world: &Shared, request: Request) -> Request {
    let (head, body) = request.into_parts();
    let bytes = to_bytes(body, crate::MOST_BYTES).await.unwrap_or_default();
    let header = |name: &str| head.headers.get(name).and_then(|value| value.to_str().ok());
    let text = std::str::from_utf8(&bytes).ok();
    let body = text.map(|text| serde_json::from_str(text).unwrap_or_else(|_| Value::from(text)));
    let noted = json!({
        "method": head.method.as_str(),
        "path": head.uri.path(),
        "query": head.uri.query(),
        "content_type": header("content-type"),
        "idempotency_key": header("idempotency-key"),
        "authorised": header("authorization").is_some(),
        "bytes": bytes.len(),
        "body": body,
    });
    world.requests().push(noted);
    Request::from_parts(head, Body::from(bytes))
}
