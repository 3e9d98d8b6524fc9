//! The few requests that xtask sends to the engine on this machine.

use anyhow::{Context, Result};
use serde_json::Value;
use std::net::TcpListener;
use std::time::Duration;
use ureq::Agent;

/// An answer of whatever status.
pub struct Answer {
    /// The HTTP status.
    pub status: u16,
    /// The body, as text.
    pub body: String,
}

impl Answer {
    /// The body as JSON.
    pub fn json(&self) -> Result<Value> {
        serde_json::from_str(&self.body).with_context(|| format!("not JSON: {}", self.body))
    }
}

/// `GET`, where a status is an answer and not an error.
pub fn get(url: &str, patience: Duration) -> Result<Answer> {
    let mut response = agent(patience).get(url).call()?;
    Ok(Answer { status: response.status().as_u16(), body: response.body_mut().read_to_string()? })
}

/// `POST` without a body, from the origin that the engine itself serves: it refuses any other.
pub fn post(origin: &str, path: &str, patience: Duration) -> Result<Answer> {
    let mut response = agent(patience).post(format!("{origin}{path}")).header("Origin", origin).send_empty()?;
    Ok(Answer { status: response.status().as_u16(), body: response.body_mut().read_to_string()? })
}

/// A port that is free now.
pub fn free_port() -> Result<u16> {
    Ok(TcpListener::bind("127.0.0.1:0")?.local_addr()?.port())
}

/// Whether nobody listens on `port`.
pub fn is_free(port: u16) -> bool {
    TcpListener::bind(("127.0.0.1", port)).is_ok()
}

fn agent(patience: Duration) -> Agent {
    Agent::config_builder().http_status_as_error(false).timeout_global(Some(patience)).build().into()
}
