//! The request itself. Separate and not generic: it stands in the binary once, whatever the number of endpoints.

use std::{cell::RefCell, future::Future, pin::Pin, rc::Rc};

use domain::Refusal;
use gloo_net::http::{Request, RequestBuilder};
use serde_json::Value;
use web_sys::AbortSignal;
use wire::Method;

use super::{Problem, ahead, query, trouble};

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

/// Sends JSON, or on a `Get` a query, once somebody waits for it.
pub fn json(method: Method, path: String, body: Value) -> Sent {
    Box::pin(asked(method, path, body))
}

async fn asked(method: Method, path: String, body: Value) -> Result<Value, Problem> {
    let request = match method {
        Method::Get => return got(path + &query::from_value(&body)).await,
        Method::Post => dressed(Request::post(&path), PATIENCE_MS).json(&body),
        Method::Put => dressed(Request::put(&path), PATIENCE_MS).json(&body),
        Method::Delete => dressed(Request::delete(&path), PATIENCE_MS).json(&body),
    };
    ahead::forget();
    answer(request).await
}

async fn got(address: String) -> Result<Value, Problem> {
    match ahead::take(&address).await {
        Some(text) => read(&text),
        None => answer(dressed(Request::get(&address), PATIENCE_MS).build()).await,
    }
}

/// Sends bytes.
pub fn bytes(method: Method, path: String, headers: &[(&str, String)], bytes: &[u8]) -> Sent {
    let request = if method == Method::Put { Request::put(&path) } else { Request::post(&path) };
    let request =
        headers.iter().fold(dressed(request, UPLOAD_PATIENCE_MS), |request, (name, value)| request.header(name, value));
    Box::pin(answer(request.body(js_sys::Uint8Array::from(bytes))))
}

/// Reads a text that is no JSON: what else the engine says is not for people.
pub async fn text(address: &str) -> Result<String, Problem> {
    let request = dressed(Request::get(address), PATIENCE_MS).build().map_err(|_| nonsense())?;
    let response = request.send().await.map_err(|_| Problem::Offline)?;
    if !response.ok() {
        return Err(nonsense());
    }
    response.text().await.map_err(|_| Problem::Offline)
}

/// Reads bytes.
pub async fn whole(address: &str) -> Result<Vec<u8>, Problem> {
    let request = dressed(Request::get(address), UPLOAD_PATIENCE_MS).build().map_err(|_| nonsense())?;
    let response = request.send().await.map_err(|_| Problem::Offline)?;
    if response.ok() {
        return response.binary().await.map_err(|_| Problem::Offline);
    }
    let text = response.text().await.map_err(|_| Problem::Offline)?;
    Err(refused(response.status(), &text).await)
}

fn dressed(request: RequestBuilder, patience: u32) -> RequestBuilder {
    let (name, value) = MARK;
    request.header(name, value).abort_signal(Some(&AbortSignal::timeout_with_u32(patience)))
}

async fn answer(request: Result<Request, gloo_net::Error>) -> Result<Value, Problem> {
    let response = request.map_err(|_| nonsense())?.send().await.map_err(|_| Problem::Offline)?;
    let text = response.text().await.map_err(|_| Problem::Offline)?;
    if response.ok() {
        return read(&text);
    }
    Err(refused(response.status(), &text).await)
}

/// What an answer says that is no success.
async fn refused(status: u16, text: &str) -> Problem {
    if status == 401 {
        // Taken out before it is called: the listener may come back here.
        if let Some(act) = SIGNED_OUT.with_borrow(Clone::clone) {
            act();
        }
        return Problem::SignedOut;
    }
    let fault = trouble::bring().await.and_then(|trouble| (trouble.read)(text));
    fault.map_or_else(nonsense, Problem::from)
}

fn read(text: &str) -> Result<Value, Problem> {
    // 204 and the like: an empty answer is `Nothing`.
    serde_json::from_str(if text.is_empty() { "{}" } else { text }).map_err(|_| nonsense())
}

/// An answer that is not of the contract: a proxy's page, an engine of another version.
pub fn nonsense() -> Problem {
    Refusal::Unavailable.into()
}
