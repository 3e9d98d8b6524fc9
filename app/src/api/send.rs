//! The request itself. Separate and not generic: it stands in the binary once, whatever the number of endpoints.

use std::{cell::RefCell, future::Future, pin::Pin, rc::Rc};

use domain::Refusal;
use gloo_net::http::{Request, RequestBuilder};
use serde_json::Value;
use web_sys::AbortSignal;
use wire::{Fault, Method};

use super::{Problem, json, query};

/// The engine takes no request that changes something without it: a form on a foreign page cannot send this header.
const MARK: (&str, &str) = ("x-pregon", "1");
/// Longer than the slowest honest answer of the engine (it waits 30 s for a network).
const PATIENCE_MS: u32 = 40_000;
/// A picture of 10 MB over a slow mobile line.
const UPLOAD_PATIENCE_MS: u32 = 180_000;

/// A request under way. Boxed: every call waits for the same future.
pub type Sent = Pin<Box<dyn Future<Output = Result<Value, Problem>>>>;

type Listener = Rc<dyn Fn()>;

thread_local! {
    static SIGNED_OUT: RefCell<Option<Listener>> = const { RefCell::new(None) };
}

/// What the frame does when an answer says that the session ended. Replaces what was there.
pub fn when_signed_out(act: impl Fn() + 'static) {
    SIGNED_OUT.with_borrow_mut(|slot| *slot = Some(Rc::new(act)));
}

/// Sends JSON, or on a `Get` a query.
pub fn json(method: Method, path: String, body: Value) -> Sent {
    let request = match method {
        Method::Get => dressed(Request::get(&format!("{path}{}", query::from_value(&body))), PATIENCE_MS).build(),
        Method::Post => dressed(Request::post(&path), PATIENCE_MS).json(&body),
        Method::Put => dressed(Request::put(&path), PATIENCE_MS).json(&body),
        Method::Delete => dressed(Request::delete(&path), PATIENCE_MS).json(&body),
    };
    Box::pin(answer(request))
}

/// Sends bytes.
pub fn bytes(path: String, headers: &[(&str, String)], bytes: &[u8]) -> Sent {
    let request = headers
        .iter()
        .fold(dressed(Request::post(&path), UPLOAD_PATIENCE_MS), |request, (name, value)| request.header(name, value));
    Box::pin(answer(request.body(js_sys::Uint8Array::from(bytes))))
}

fn dressed(request: RequestBuilder, patience: u32) -> RequestBuilder {
    let (name, value) = MARK;
    request.header(name, value).abort_signal(Some(&AbortSignal::timeout_with_u32(patience)))
}

async fn answer(request: Result<Request, gloo_net::Error>) -> Result<Value, Problem> {
    let response = request.map_err(|_| nonsense())?.send().await.map_err(|_| Problem::Offline)?;
    let text = response.text().await.map_err(|_| Problem::Offline)?;
    if response.ok() {
        // 204 and the like: an empty answer is `Nothing`.
        return serde_json::from_str(if text.is_empty() { "{}" } else { &text }).map_err(|_| nonsense());
    }
    if response.status() == 401 {
        // Taken out before it is called: the listener may come back here.
        if let Some(act) = SIGNED_OUT.with_borrow(Clone::clone) {
            act();
        }
        return Err(Problem::SignedOut);
    }
    Err(json::read::<Fault>(&text).map_or_else(nonsense, Problem::Fault))
}

/// An answer that is not of the contract: a proxy's page, an engine of another version.
pub fn nonsense() -> Problem {
    Problem::Fault(Fault::from(Refusal::Unavailable))
}
