//! Requests as the desk sends them: the right origin, the header that no form can send, one session's cookie.
//! Separate so that a journey can also send what the desk never would.

use std::{
    cell::Cell,
    collections::BTreeMap,
    env,
    hash::{BuildHasher, Hasher, RandomState},
    sync::{
        LazyLock, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use domain::Refusal;
use serde::{Serialize, de::DeserializeOwned};
use ureq::{Agent, http};
use wire::{Fault, Listed, Method};

use crate::secrets;

/// One of the engines, by where it answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Engine(&'static str);

impl Engine {
    /// Those that most journeys share.
    pub(crate) fn all_shared() -> &'static [Self] {
        static ALL: LazyLock<Vec<Engine>> = LazyLock::new(|| named("PREGON_URL"));
        &ALL
    }

    /// The one of them that is this journey's: all towns that it founds beside others are on the same. They take turns, for an
    /// engine answers one request after the other.
    pub(crate) fn shared() -> Self {
        static NEXT: AtomicUsize = AtomicUsize::new(0);
        thread_local! {
            static MINE: Engine = {
                let all = Engine::all_shared();
                all[NEXT.fetch_add(1, Ordering::Relaxed) % all.len()]
            };
        }
        MINE.with(|mine| *mine)
    }

    /// Those whose clocks are moved and whose fault points are armed, each by one journey at a time.
    pub(crate) fn alone() -> Vec<Self> {
        named("PREGON_URL_ALONE")
    }

    /// The one that this thread speaks to; whoever founds no town speaks to the first.
    pub(crate) fn here() -> Self {
        HERE.get().unwrap_or_else(|| Self::all_shared()[0])
    }

    /// From now on this thread speaks to it.
    pub(crate) fn enter(self) {
        HERE.set(Some(self));
    }
}

thread_local! {
    /// A journey is a thread and has one engine; what it sends in threads of its own names it again.
    static HERE: Cell<Option<Engine>> = const { Cell::new(None) };
}

/// The engines that a variable names, with commas between.
fn named(variable: &str) -> Vec<Engine> {
    match env::var(variable) {
        Ok(urls) => {
            let urls: &'static str = urls.leak();
            urls.split(',').map(|url| Engine(url.trim_end_matches('/'))).collect()
        }
        Err(_) => panic!(
            "{variable} is not set: these journeys need a running engine with the test doors, and those that move the \
             clock others. `cargo xtask test api` starts them all; by hand: `cargo xtask engine --port 8795`, then \
             `PREGON_URL=http://localhost:8795 cargo test -p api-journeys`, and for a journey that moves the clock \
             PREGON_URL_ALONE too (each is one or several with commas between; the same, if it is the only journey)."
        ),
    }
}

/// The token of the set-up link of this journey's engine, where whoever runs the suite says those of all that are shared.
pub fn setup_token() -> Option<String> {
    let tokens = env::var("PREGON_SETUP_TOKEN").ok()?;
    let place = Engine::all_shared().iter().position(|one| *one == Engine::here())?;
    tokens.split(',').nth(place).map(str::to_owned)
}

/// Where the engine of this journey answers, without a slash at the end.
pub fn url() -> &'static str {
    Engine::here().0
}

static AGENT: LazyLock<Agent> = LazyLock::new(|| {
    let config = Agent::config_builder().http_status_as_error(false).max_redirects(0);
    config.timeout_global(Some(Duration::from_secs(60))).build().into()
});

/// An answer as it came.
#[derive(Debug, Clone)]
pub struct Raw {
    /// The status.
    pub status: u16,
    /// The headers.
    pub headers: http::HeaderMap,
    /// The body.
    pub body: Vec<u8>,
}

impl Raw {
    /// The body as text.
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// A header, empty if it is not there.
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
    }

    /// The secret of the session cookie that was set.
    pub fn cookie(&self) -> Option<String> {
        let all = self.headers.get_all("set-cookie").iter().filter_map(|value| value.to_str().ok());
        let pairs = all.filter_map(|cookie| cookie.split(';').next()?.split_once('='));
        let secret = pairs.filter(|(name, _)| *name == "__Host-pregon").map(|(_, secret)| secret.to_owned()).next();
        secret.inspect(|secret| {
            if !secret.is_empty() {
                secrets::keep(secret);
            }
        })
    }

    /// What the engine says it spent.
    pub fn spent(&self) -> Option<Spent> {
        let mut numbers =
            self.header("x-pregon-spent").split(';').filter_map(|pair| pair.split_once('=')?.1.parse().ok());
        Some(Spent { queries: numbers.next()?, trips: numbers.next()?, rows: numbers.next()? })
    }

    /// Reads it as the contract says: an answer, or a fault whose status is the one that belongs to it.
    pub fn read<A: DeserializeOwned>(&self, what: &str) -> Answer<A> {
        if (200..300).contains(&self.status) {
            return Ok(serde_json::from_slice(&self.body).unwrap_or_else(|error| {
                panic!("{what} answered what the contract does not say ({error}): {}", self.text())
            }));
        }
        let fault: Fault = serde_json::from_slice(&self.body).unwrap_or_else(|error| {
            panic!("{what} answered {} without a fault ({error}): {}", self.status, self.text())
        });
        assert_eq!(fault.status(), self.status, "{what}: the status of {fault:?}");
        Err(No { status: self.status, fault })
    }
}

/// A no, in the engine's one form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct No {
    /// The status.
    pub status: u16,
    /// Why.
    pub fault: Fault,
}

impl From<No> for Refusal {
    fn from(no: No) -> Self {
        no.fault.refusal
    }
}

/// What an endpoint answers.
pub type Answer<A> = Result<A, No>;

/// What a request spent of the free plan's budget.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Spent {
    /// D1 queries.
    pub queries: u32,
    /// Round trips to D1.
    pub trips: u32,
    /// Rows that D1 read.
    pub rows: u32,
}

static SPENT: Mutex<BTreeMap<(&'static str, &'static str), Spent>> = Mutex::new(BTreeMap::new());

/// The most that each route has spent in any call so far.
pub fn spendings() -> Vec<((&'static str, &'static str), Spent)> {
    SPENT.lock().map(|spent| spent.iter().map(|(route, spent)| (*route, *spent)).collect()).unwrap_or_default()
}

/// Remembers what a route spent.
pub(crate) fn note(route: &Listed, spent: Spent) {
    if let Ok(mut all) = SPENT.lock() {
        let worst = all.entry((verb(route.method), route.pattern)).or_default();
        worst.queries = worst.queries.max(spent.queries);
        worst.trips = worst.trips.max(spent.trips);
        worst.rows = worst.rows.max(spent.rows);
    }
}

/// The method as HTTP writes it.
pub const fn verb(method: Method) -> &'static str {
    match method {
        Method::Get => "GET",
        Method::Post => "POST",
        Method::Put => "PUT",
        Method::Delete => "DELETE",
    }
}

/// Sends exactly this.
pub fn send(verb: &str, path: &str, headers: &[(&str, &str)], body: &[u8]) -> Raw {
    // A server that refuses by the declared length may close while the body is still on its way; a client that writes
    // on then sees a reset instead of the answer. Nothing of such a request was acted on, so it can be sent again.
    let mut tries = 0;
    loop {
        tries += 1;
        match try_to_send(verb, path, headers, body) {
            Ok(raw) => return raw,
            Err(ureq::Error::Io(_)) if tries < 10 && body.len() > 1_000_000 => {}
            Err(error) => panic!("{verb} {path}: {error}"),
        }
    }
}

/// Sends to a server that is not the engine.
pub fn abroad(verb: &str, address: &str, headers: &[(&str, &str)], body: &[u8]) -> Raw {
    fetch(verb, address, headers, body).unwrap_or_else(|error| panic!("{verb} {address}: {error}"))
}

fn try_to_send(verb: &str, path: &str, headers: &[(&str, &str)], body: &[u8]) -> Result<Raw, ureq::Error> {
    let raw = fetch(verb, &format!("{}{path}", url()), headers, body)?;
    secrets::note(verb, path, &raw);
    Ok(raw)
}

fn fetch(verb: &str, address: &str, headers: &[(&str, &str)], body: &[u8]) -> Result<Raw, ureq::Error> {
    let mut request = http::Request::builder().method(verb).uri(address);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let mut answer = if verb == "GET" { AGENT.run(request.body(())?)? } else { AGENT.run(request.body(body)?)? };
    let body = answer.body_mut().with_config().limit(50_000_000).read_to_vec()?;
    Ok(Raw { status: answer.status().as_u16(), headers: answer.headers().clone(), body })
}

/// A network address for each thread, so that journeys side by side do not use up each other's rate limits. Locally the
/// platform believes it; deployed, it writes the true one over it.
pub fn here() -> &'static str {
    thread_local! {
        static ADDRESS: &'static str = {
            let chance = RandomState::new().build_hasher().finish();
            format!("10.{}.{}.{}", chance & 255, (chance >> 8) & 255, (chance >> 16) & 255).leak()
        };
    }
    ADDRESS.with(|address| *address)
}

/// Sends what the desk would, with a session or without.
pub fn send_as(session: Option<&str>, method: Method, path: &str, body: &[u8]) -> Raw {
    let cookie = session.map(|secret| format!("__Host-pregon={secret}"));
    let mut headers = vec![("content-type", "application/json"), ("cf-connecting-ip", here())];
    if method != Method::Get {
        headers.extend([("origin", url()), ("x-pregon", "1")]);
    }
    if let Some(cookie) = &cookie {
        headers.push(("cookie", cookie));
    }
    send(verb(method), path, &headers, body)
}

/// Percent-encoding of everything but what RFC 3986 leaves unreserved.
fn escape(text: &str) -> String {
    let letter = |byte: u8| match byte {
        byte if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) => char::from(byte).to_string(),
        byte => format!("%{byte:02X}"),
    };
    text.bytes().map(letter).collect()
}

/// A request of the contract as path and body: a `GET` carries it in the query string.
pub fn encode<Q: Serialize>(method: Method, path: String, request: &Q) -> (String, Vec<u8>) {
    let value = serde_json::to_value(request).unwrap_or_else(|error| panic!("{path}: {error}"));
    if method != Method::Get {
        return (path, value.to_string().into_bytes());
    }
    let text = |value: &serde_json::Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    let fields = value.as_object().into_iter().flatten().filter(|(_, value)| !value.is_null());
    let pairs = fields.map(|(name, value)| format!("{name}={}", escape(&text(value))));
    let pairs: Vec<String> = pairs.collect();
    let query = pairs.join("&");
    (if query.is_empty() { path } else { format!("{path}?{query}") }, Vec::new())
}
