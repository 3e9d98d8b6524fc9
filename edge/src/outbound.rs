//! The one door to addresses that came from a person: a server that somebody typed, and whatever it sends us on to.
//! Separate so that no adapter can forget a rule: HTTPS, a public name, no credentials in the address, redirects
//! followed by hand, a cap on time and on bytes. It uses the platform's own `fetch`: on wasm, reqwest has no redirect
//! policy.
//!
//! A name that resolves to an inner address is stopped by the platform: Workers reach the public internet only.

use std::{borrow::Cow, pin::pin};

use domain::{Millis, Refusal, budget, delivery, errors};
use futures_util::{
    StreamExt,
    future::{Either, select},
};
use serde_json::Value;
use worker::{
    AbortController, AbortSignal, Fetch, Headers, Method, Request, RequestInit, RequestRedirect, Response,
    ResponseBody, Url, js_sys::Uint8Array, wasm_bindgen::JsValue,
};

use crate::{app::App, pause::Pause, vault::Secret, videos::Outgoing};

/// The most bytes of an answer that are read. The largest we want (forty statuses of Mastodon) has about 300 KB.
const MOST_BYTES: usize = 1_000_000;

/// How long a reading or a preparation is waited for. Shorter than for the call that counts, so that an act with four
/// pictures is over before its lease is.
const SHORT_PATIENCE: Millis = Millis::seconds(15);

/// How long a video may take to be sent. With what is done before and behind it, an act is over before its lease is.
const FOR_A_VIDEO: Millis = Millis::seconds(80);

/// How often we are sent on.
const MOST_REDIRECTS: u32 = 3;

/// An address that may be called.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Address(Url);

impl Address {
    /// Takes a server's address as a person writes it: the scheme may be missing.
    ///
    /// # Errors
    /// `ForbiddenAddress`.
    pub fn typed(text: &str) -> Result<Self, Refusal> {
        let text = text.trim();
        if text.contains("://") { Self::parse(text) } else { Self::parse(&format!("https://{text}")) }
    }

    /// Takes an address.
    ///
    /// # Errors
    /// `ForbiddenAddress` for what is not HTTPS, has credentials, or names no public host.
    pub fn parse(text: &str) -> Result<Self, Refusal> {
        let url = Url::parse(&in_ascii(text)?).map_err(|_| Refusal::ForbiddenAddress)?;
        if may_be_called(&url) { Ok(Self(url)) } else { Err(Refusal::ForbiddenAddress) }
    }

    /// A path of this server (and a query, if it carries one).
    pub fn at(&self, path: &str) -> Self {
        let mut url = self.0.clone();
        let (path, query) = path.split_once('?').map_or((path, None), |(path, query)| (path, Some(query)));
        url.set_path(path);
        url.set_query(query);
        url.set_fragment(None);
        Self(url)
    }

    /// Where a link leads that stands on a page at this address.
    ///
    /// # Errors
    /// `ForbiddenAddress`.
    pub fn join(&self, link: &str) -> Result<Self, Refusal> {
        let url = self.0.join(link).map_err(|_| Refusal::ForbiddenAddress)?;
        Self::parse(url.as_str())
    }

    /// Adds a pair to the query.
    pub fn with(mut self, name: &str, value: &str) -> Self {
        self.0.query_pairs_mut().append_pair(name, value);
        self
    }

    /// Scheme, host and port: `https://mastodon.example`.
    pub fn origin(&self) -> String {
        self.0.origin().ascii_serialization()
    }

    /// Host, and port if it is not the usual one.
    pub fn host(&self) -> String {
        let origin = self.origin();
        origin.split_once("://").map(|(_, host)| host.to_owned()).unwrap_or(origin)
    }

    /// All of it.
    pub fn as_str(&self) -> &str {
        self.0.as_str()
    }
}

/// A name with letters beyond ASCII as the network knows it (`xn--…`). By the platform's own parser, which carries the
/// tables of Unicode anyway; ours is built without them (Cargo.lock has `idna_adapter` at 1.0.0, which refuses such a
/// name), for they would be a twentieth of the engine's bytes.
fn in_ascii(text: &str) -> Result<Cow<'_, str>, Refusal> {
    if text.is_ascii() {
        return Ok(Cow::Borrowed(text));
    }
    web_sys::Url::new(text).map(|url| url.href().into()).map_err(|_| Refusal::ForbiddenAddress)
}

fn may_be_called(url: &Url) -> bool {
    let Some(host) = url.host_str() else { return false };
    let open = url.username().is_empty() && url.password().is_none();
    let at_home = cfg!(feature = "rehearsal") && is_loopback(host) && matches!(url.scheme(), "http" | "https");
    open && (at_home || (url.scheme() == "https" && is_public_name(host)))
}

/// The sandbox networks and the local servers of a rehearsal.
fn is_loopback(host: &str) -> bool {
    matches!(host, "localhost" | "127.0.0.1" | "[::1]")
}

/// The last labels of names that only exist inside a network, or nowhere (RFC 6761, 6762, 8375, ICANN's reservation
/// of `.internal`, and what routers and offices use).
const INNER: [&str; 14] = [
    "localhost",
    "local",
    "internal",
    "intranet",
    "private",
    "corp",
    "home",
    "lan",
    "localdomain",
    "arpa",
    "invalid",
    "test",
    "example",
    "onion",
];

/// Whether a host is a name of the public internet: no address in digits, no single label, none of [`INNER`].
fn is_public_name(host: &str) -> bool {
    // `Url` has already turned `127.1`, `0x7f000001` and `2130706433` into four numbers.
    let literal = host.starts_with('[') || host.parse::<std::net::Ipv4Addr>().is_ok();
    let name = host.trim_end_matches('.').to_ascii_lowercase();
    let last = name.rsplit_once('.').map(|(_, last)| last.to_owned());
    !literal && last.is_some_and(|last| !INNER.contains(&last.as_str()) && !last.bytes().all(|b| b.is_ascii_digit()))
}

/// What goes with a call.
#[derive(Debug, Clone)]
enum Payload {
    Nothing,
    Json(String),
    Form(String),
    /// A `Blob`: handed to the platform as it is, so that its bytes never pass through our memory.
    Blob(web_sys::Blob, &'static str),
    /// A video, with the type of all of it: a stream that is opened anew for each request.
    Stream(Outgoing, String),
    /// Few bytes.
    Bytes(Vec<u8>),
    /// A text, with its type.
    Text(String, String),
    /// A form with files; the platform writes the type with its boundary.
    Parts(web_sys::FormData),
}

/// A call.
#[derive(Debug, Clone)]
pub struct Call {
    method: Method,
    address: Address,
    bearer: Option<Secret>,
    /// What stands in the address or the payload and is nobody's to read.
    hidden: Vec<Secret>,
    headers: Vec<(&'static str, String)>,
    payload: Payload,
    patience: Millis,
    /// Whether it is the call that makes something visible.
    counts: bool,
    /// Whether it stays where it was sent, wherever it is sent on to.
    stays: bool,
}

impl Call {
    /// A call without a payload.
    pub fn new(method: Method, address: Address) -> Self {
        Self {
            method,
            address,
            bearer: None,
            hidden: Vec::new(),
            headers: Vec::new(),
            payload: Payload::Nothing,
            patience: SHORT_PATIENCE,
            counts: false,
            stays: false,
        }
    }
    /// Reads.
    pub fn get(address: Address) -> Self {
        Self::new(Method::Get, address)
    }
    /// Sends.
    pub fn post(address: Address) -> Self {
        Self::new(Method::Post, address)
    }
    /// With JSON.
    pub fn json(mut self, value: &Value) -> Self {
        self.payload = Payload::Json(value.to_string());
        self
    }
    /// With a form.
    pub fn form(mut self, fields: &[(&str, &str)]) -> Self {
        let mut form = worker::url::form_urlencoded::Serializer::new(String::new());
        fields.iter().for_each(|(name, value)| {
            form.append_pair(name, value);
        });
        self.payload = Payload::Form(form.finish());
        self
    }
    /// With bytes.
    pub fn blob(mut self, blob: web_sys::Blob, mime: &'static str) -> Self {
        self.payload = Payload::Blob(blob, mime);
        self
    }
    /// With a video, which takes its time.
    pub fn video(mut self, outgoing: Outgoing, mime: impl Into<String>) -> Self {
        self.payload = Payload::Stream(outgoing, mime.into());
        self.patience = FOR_A_VIDEO;
        self
    }
    /// With few bytes of no type.
    pub fn bytes(mut self, bytes: Vec<u8>) -> Self {
        self.payload = Payload::Bytes(bytes);
        self
    }
    /// With a text of some type.
    pub fn text(mut self, text: String, mime: impl Into<String>) -> Self {
        self.payload = Payload::Text(text, mime.into());
        self
    }
    /// With a form that has files.
    pub fn parts(mut self, parts: web_sys::FormData) -> Self {
        self.payload = Payload::Parts(parts);
        self
    }
    /// With an access token.
    pub fn bearer(mut self, token: &Secret) -> Self {
        self.bearer = Some(token.clone());
        self
    }
    /// With an access token, as Meta's uploads want it said.
    pub fn with_oauth(mut self, token: &Secret) -> Self {
        self.hidden.push(token.clone());
        self.headers.push(("authorization", format!("OAuth {}", token.reveal())));
        self
    }
    /// With a secret that stands in the address or the payload already: it is taken out of whatever is said of the call.
    pub fn hiding(mut self, secret: &Secret) -> Self {
        self.hidden.push(secret.clone());
        self
    }
    /// Waited for as long as the call that makes something visible deserves.
    pub fn patiently(mut self) -> Self {
        self.patience = self.patience.max(delivery::PATIENCE);
        self.counts = true;
        self
    }
    /// Waited for no longer than this: nothing depends on it.
    pub fn briefly(mut self, patience: Millis) -> Self {
        self.patience = self.patience.min(patience);
        self
    }
    /// Not sent on: what is found elsewhere speaks for elsewhere.
    pub fn staying(mut self) -> Self {
        self.stays = true;
        self
    }
    /// Where it goes, and how: what a proof of possession speaks of.
    pub fn target(&self) -> (&Method, &Address) {
        (&self.method, &self.address)
    }
    /// With a header.
    pub fn header(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.headers.push((name, value.into()));
        self
    }

    fn secrets(&self) -> Vec<Secret> {
        self.bearer.iter().chain(&self.hidden).cloned().collect()
    }

    /// The platform's words for what broke. They name hosts at most, never a header or a body.
    fn words(&self, error: &worker::Error) -> String {
        delivery::short(&kept(&error.to_string(), &self.secrets()))
    }

    fn request(&self, app: &App) -> worker::Result<Request> {
        let headers = Headers::new();
        headers.set("accept", "application/json")?;
        headers.set("user-agent", "Pregon")?;
        for (name, value) in &self.headers {
            headers.set(name, value)?;
        }
        if let Some(token) = &self.bearer {
            headers.set("authorization", &format!("Bearer {}", token.reveal()))?;
        }
        let mut init = RequestInit::new();
        init.with_method(self.method.clone()).with_redirect(RequestRedirect::Manual);
        let (mime, body) = match &self.payload {
            Payload::Nothing => (None, None),
            Payload::Json(text) => (Some("application/json"), Some(JsValue::from_str(text))),
            Payload::Form(text) => (Some("application/x-www-form-urlencoded"), Some(JsValue::from_str(text))),
            Payload::Blob(blob, mime) => (Some(*mime), Some(JsValue::from(blob))),
            Payload::Stream(outgoing, mime) => (Some(mime.as_str()), Some(outgoing.open(app)?.into())),
            Payload::Bytes(bytes) => {
                (Some("application/octet-stream"), Some(Uint8Array::from(bytes.as_slice()).into()))
            }
            Payload::Text(text, mime) => (Some(mime.as_str()), Some(JsValue::from_str(text))),
            Payload::Parts(parts) => (None, Some(JsValue::from(parts))),
        };
        if let Some(mime) = mime {
            headers.set("content-type", mime)?;
        }
        init.with_headers(headers).with_body(body);
        Request::new_with_init(self.address.as_str(), &init)
    }

    /// The call that follows from being sent on. Credentials stay with the origin they were meant for; so does
    /// whatever is not a mere reading, for its payload may carry a password.
    fn sent_on(mut self, to: Address) -> Result<Self, Trouble> {
        let same = to.origin() == self.address.origin();
        if self.method != Method::Get && !same {
            return Err(Trouble::Forbidden);
        }
        if !same {
            // They go nowhere else, but who sends us on may have written them into where to: they are taken out of what is said of it.
            self.hidden.extend(self.bearer.take());
            // What one would like to read is no secret: without it we would ask a page for JSON.
            self.headers.retain(|(name, _)| *name == "accept");
        }
        self.address = to;
        Ok(self)
    }
}

/// What may be kept of a text that somebody answered.
fn kept(text: &str, secrets: &[Secret]) -> String {
    errors::kept(text, &secrets.iter().map(Secret::reveal).collect::<Vec<_>>())
}

/// What came back.
#[derive(Debug)]
pub struct Answer {
    /// The status.
    pub status: u16,
    at: Address,
    headers: Headers,
    body: Vec<u8>,
    secrets: Vec<Secret>,
}

/// The most bytes of an answer that the ledger looks at: what is longer is a list or a page, and no error.
const MOST_HEARD: usize = 16_000;

/// An answer for the ledger. Neither read nor shortened before somebody keeps it: most are followed by another.
#[derive(Clone)]
pub struct Heard {
    /// The status.
    pub status: u16,
    body: Vec<u8>,
    secrets: Vec<Secret>,
}

impl Heard {
    /// What it is, for the ledger: the network's own code, and the answer without secrets.
    pub fn told(&self) -> (String, String) {
        let body = String::from_utf8_lossy(&self.body);
        let code = crate::tree::read(&body).map(|body| errors::code(&body)).unwrap_or_default();
        (code, kept(&body, &self.secrets))
    }
}

impl Answer {
    fn heard(&self) -> Heard {
        let body = if self.body.len() > MOST_HEARD { Vec::new() } else { self.body.clone() };
        Heard { status: self.status, body, secrets: self.secrets.clone() }
    }
    /// The network's own code; see [`errors::code`].
    pub fn code(&self) -> String {
        self.json().map(|body| errors::code(&body)).unwrap_or_default()
    }
    /// Where it came from, once all that sent on was followed.
    pub const fn at(&self) -> &Address {
        &self.at
    }
    /// The body.
    pub fn bytes(&self) -> &[u8] {
        &self.body
    }
    /// A header.
    pub fn header(&self, name: &str) -> Option<String> {
        self.headers.get(name).ok().flatten()
    }
    /// The body as JSON, if it is.
    pub fn json(&self) -> Option<Value> {
        crate::tree::read(str::from_utf8(&self.body).ok()?).ok()
    }
    /// The body as text; what is no UTF-8 in it is replaced.
    pub fn text(&self) -> Cow<'_, str> {
        String::from_utf8_lossy(&self.body)
    }
    /// Whether it came without a word.
    pub fn is_empty(&self) -> bool {
        self.body.iter().all(u8::is_ascii_whitespace)
    }
    /// Whether it is a success.
    pub const fn is_success(&self) -> bool {
        matches!(self.status, 200..=299)
    }
    /// A text of it as it may be told: without what is nobody's to read.
    pub fn told(&self, text: &str) -> String {
        delivery::short(&kept(text, &self.secrets))
    }
    /// A few of its words, for people: fields of an error body, else the status alone. Never a whole page of HTML.
    pub fn words(&self) -> String {
        let json = self.json().unwrap_or_default();
        let fields = ["message", "error_description", "description", "detail", "error"];
        // Google's stand inside of the error.
        let inside = json["error"]["message"].as_str();
        let found = fields.iter().find_map(|field| json[*field].as_str()).or(inside);
        let words = found.map_or_else(|| format!("HTTP {}", self.status), ToOwned::to_owned);
        self.told(&words)
    }
}

/// Why nothing came back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Trouble {
    /// The address, or one we were sent on to, may not be called. Nothing was sent there.
    Forbidden,
    /// The call could not even be made. Nothing was sent.
    NotSent(String),
    /// It may have arrived. The platform says the same of a refused connection and of one that broke later, so this
    /// is what is said when in doubt.
    NoAnswer(String),
    /// It arrived, and the answer is longer than is read.
    TooLong,
}

/// What is said of an answer that is too long.
pub fn too_long() -> String {
    format!("an answer of more than {MOST_BYTES} bytes")
}

impl From<Trouble> for Refusal {
    fn from(trouble: Trouble) -> Self {
        match trouble {
            Trouble::Forbidden => Refusal::ForbiddenAddress,
            Trouble::NotSent(message) | Trouble::NoAnswer(message) => Refusal::NetworkSays { message },
            Trouble::TooLong => Refusal::NetworkSays { message: too_long() },
        }
    }
}

/// Calls, waits as long as the call says, reads at most [`MOST_BYTES`].
///
/// # Errors
/// See [`Trouble`].
pub async fn send(app: &App, call: Call) -> Result<Answer, Trouble> {
    let controller = AbortController::default();
    let signal = controller.signal();
    let (patience, counts) = (call.patience, call.counts);
    #[cfg(feature = "rehearsal")]
    let patience = crate::rehearsal::patience(patience);
    app.hear(None);
    let work = pin!(follow(app, call, &signal));
    match select(work, Pause::of(patience)).await {
        Either::Left((done, _)) => {
            match &done {
                Ok(answer) => {
                    app.hear(Some(answer.heard()));
                    // Of the call that counts alone: a network counts each kind of call by itself.
                    if counts {
                        let said = |name: &'static str| Some((name, answer.header(name)?));
                        app.note_spoken(budget::HEADERS.into_iter().filter_map(said).collect());
                    }
                }
                // What is left of an answer that is too long is not read.
                Err(_) => controller.abort(),
            }
            done
        }
        Either::Right(_) => {
            controller.abort();
            Err(Trouble::NoAnswer(format!("no answer within {} s", patience.0 / 1_000)))
        }
    }
}

async fn follow(app: &App, mut call: Call, signal: &AbortSignal) -> Result<Answer, Trouble> {
    for _ in 0..=MOST_REDIRECTS {
        let request = call.request(app).map_err(|error| Trouble::NotSent(call.words(&error)))?;
        app.ledger().call();
        let answered = Fetch::Request(request).send_with_signal(signal).await;
        let mut response = answered.map_err(|error| Trouble::NoAnswer(call.words(&error)))?;
        // 301 to 303 turn what is sent into a reading: then the answer as it is says more than the page they lead to.
        let onwards = match (response.status_code(), &call.method) {
            _ if call.stays => None,
            (307 | 308, _) | (301..=303, Method::Get) => response.headers().get("location").ok().flatten(),
            _ => None,
        };
        let Some(location) = onwards else {
            let status = response.status_code();
            let body = read(&mut response).await?;
            let (headers, secrets) = (response.headers().clone(), call.secrets());
            return Ok(Answer { status, at: call.address, headers, body, secrets });
        };
        let to = call.address.join(&location).map_err(|_| Trouble::Forbidden)?;
        call = call.sent_on(to)?;
    }
    Err(Trouble::NoAnswer(format!("sent on more than {MOST_REDIRECTS} times")))
}

async fn read(response: &mut Response) -> Result<Vec<u8>, Trouble> {
    if !matches!(response.body(), ResponseBody::Stream(_)) {
        return response.bytes().await.map_err(|error| Trouble::NoAnswer(words(&error)));
    }
    let mut stream = response.stream().map_err(|error| Trouble::NoAnswer(words(&error)))?;
    let mut body = Vec::new();
    while let Some(chunk) = stream.next().await {
        let chunk = chunk.map_err(|error| Trouble::NoAnswer(words(&error)))?;
        if body.len() + chunk.len() > MOST_BYTES {
            return Err(Trouble::TooLong);
        }
        body.extend(chunk);
    }
    Ok(body)
}

/// The platform's words for what broke. They name hosts at most, never a header or a body.
fn words(error: &worker::Error) -> String {
    delivery::short(&error.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is_open(text: &str) -> bool {
        Address::typed(text).is_ok()
    }

    #[test]
    fn a_public_name_over_https_may_be_called() {
        for text in
            ["https://bsky.social", "mastodon.social", "https://social.town.es:8443/x", "https://xn--pea-8ma.es"]
        {
            assert!(is_open(text), "{text}");
        }
    }

    #[test]
    fn literal_and_inner_addresses_may_not() {
        for text in [
            "https://10.0.0.1",
            "https://10.0.0.1.",
            "https://169.254.169.254/latest",
            "https://0xa.1",
            "https://167772161",
            "https://[fe80::1]",
            "https://[::ffff:10.0.0.1]",
            "https://intranet",
            "https://printer.local",
            "https://db.internal",
            "https://router.home.arpa",
            "https://a.localhost",
            "https://server.lan.",
            "https://",
            "https://.",
            "",
        ] {
            assert!(!is_open(text), "{text}");
        }
    }

    #[test]
    fn nothing_but_https_and_no_credentials() {
        for text in [
            "http://mastodon.social",
            "ftp://mastodon.social",
            "https://me:secret@mastodon.social",
            "https://me@a.es",
            "javascript:alert(1)",
        ] {
            assert!(!is_open(text), "{text}");
        }
    }

    #[test]
    fn loopback_is_for_rehearsals_only() {
        for text in ["http://127.0.0.1:2583", "http://localhost:2583", "http://[::1]:1"] {
            assert_eq!(is_open(text), cfg!(feature = "rehearsal"), "{text}");
        }
        assert!(!is_open("http://127.0.0.2"));
    }

    #[test]
    fn being_sent_on_drops_the_credentials_and_never_carries_a_payload_elsewhere() {
        let from = Address::parse("https://a.es/x").unwrap();
        let to = Address::parse("https://b.es/x").unwrap();
        let call =
            Call::get(from.clone()).bearer(&Secret::new("of-a")).header("idempotency-key", "k").header("accept", "a");
        let on = call.clone().sent_on(to.clone()).unwrap();
        assert!(on.bearer.is_none() && on.headers == [("accept", "a".to_owned())]);
        assert_eq!(kept("/x?to=of-a", &on.secrets()), "/x?to=•••", "nor is it told where it was sent on to");
        assert!(call.sent_on(from.at("/y")).unwrap().bearer.is_some());
        assert_eq!(Call::post(from).sent_on(to).unwrap_err(), Trouble::Forbidden);
    }

    #[test]
    fn a_link_of_a_page_leads_on_from_it_and_never_inside() {
        let page = Address::parse("https://a.es/news/one?x=1").unwrap();
        let leads = |link: &str| page.join(link).map(|to| to.as_str().to_owned());
        assert_eq!(leads("../photo.jpg").as_deref(), Ok("https://a.es/photo.jpg"));
        assert_eq!(leads("//b.es/c").as_deref(), Ok("https://b.es/c"));
        for link in ["https://10.0.0.1/", "http://b.es/", "//intranet/", "javascript:alert(1)", "data:text/html,a"] {
            assert_eq!(leads(link), Err(Refusal::ForbiddenAddress), "{link}");
        }
    }

    #[test]
    fn a_path_replaces_path_and_query() {
        let server = Address::parse("https://a.es/old?x=1#y").unwrap();
        assert_eq!(
            server.at("/api/v1/apps?b=2").with("c", "ñ &").as_str(),
            "https://a.es/api/v1/apps?b=2&c=%C3%B1+%26"
        );
        assert_eq!((server.origin(), server.host()), ("https://a.es".to_owned(), "a.es".to_owned()));
    }
}
