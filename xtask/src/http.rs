//! The few requests that xtask sends to the engine on this machine.

use anyhow::{Context, Result};
use serde_json::Value;
use std::net::TcpListener;
use std::time::Duration;
use ureq::http::{HeaderMap, Request};
use ureq::{Agent, AsSendBody};

/// The header that no form of another site can send; the engine wants it on every change.
const OURS: &str = "x-pregon";

/// An answer of whatever status.
pub struct Answer {
    /// The HTTP status.
    pub status: u16,
    /// The body, as text.
    pub body: String,
    headers: HeaderMap,
}

impl Answer {
    /// The body as JSON.
    pub fn json(&self) -> Result<Value> {
        serde_json::from_str(&self.body).with_context(|| format!("not JSON: {}", self.body))
    }

    /// A header, or nothing.
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
    }
}

/// `GET`, where a status is an answer and not an error.
pub fn get(url: &str, patience: Duration) -> Result<Answer> {
    send(Request::get(url), patience, ())
}

/// `POST` without a body, as the desk sends it: the engine refuses any other.
pub fn post(origin: &str, path: &str, patience: Duration) -> Result<Answer> {
    send(Request::post(format!("{origin}{path}")).header("Origin", origin).header(OURS, "1"), patience, "")
}

/// Somebody who asks the engine's API, with the cookie that it last gave them.
pub struct Visitor {
    origin: String,
    cookie: String,
}

impl Visitor {
    /// Nobody yet.
    pub fn new(origin: &str) -> Self {
        Self { origin: origin.to_owned(), cookie: String::new() }
    }

    /// Sends a request, with a JSON body unless it is `Null`.
    pub fn ask(&mut self, method: &str, path: &str, body: &Value) -> Result<Answer> {
        let request = Request::builder()
            .method(method)
            .uri(format!("{}{path}", self.origin))
            .header("Origin", &self.origin)
            .header(OURS, "1")
            .header("Cookie", &self.cookie);
        let answer = if method == "GET" {
            send(request, Duration::from_secs(120), ())?
        } else if body.is_null() {
            send(request, Duration::from_secs(120), "")?
        } else {
            send(request.header("Content-Type", "application/json"), Duration::from_secs(120), body.to_string())?
        };
        if let Some((cookie, _)) = answer.header("set-cookie").split_once(';') {
            self.cookie = cookie.to_owned();
        }
        Ok(answer)
    }

    /// The same, where anything but success is an error.
    pub fn must(&mut self, method: &str, path: &str, body: &Value) -> Result<Value> {
        let answer = self.ask(method, path, body)?;
        anyhow::ensure!((200..300).contains(&answer.status), "{method} {path}: {} {}", answer.status, answer.body);
        if answer.body.is_empty() { Ok(Value::Null) } else { answer.json() }
    }
}

/// A port that is free now.
pub fn free_port() -> Result<u16> {
    Ok(TcpListener::bind("127.0.0.1:0")?.local_addr()?.port())
}

/// Whether nobody listens on `port`.
pub fn is_free(port: u16) -> bool {
    TcpListener::bind(("127.0.0.1", port)).is_ok()
}

fn send(request: ureq::http::request::Builder, patience: Duration, body: impl AsSendBody) -> Result<Answer> {
    let agent: Agent =
        Agent::config_builder().http_status_as_error(false).timeout_global(Some(patience)).build().into();
    let mut response = agent.run(request.body(body).context("a request that cannot be written")?)?;
    let body = response.body_mut().with_config().lossy_utf8(true).read_to_string()?;
    Ok(Answer { status: response.status().as_u16(), body, headers: response.headers().clone() })
}
