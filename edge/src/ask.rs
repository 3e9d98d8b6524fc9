//! The one door of the API: every endpoint of `wire` is mounted here, so nobody can forget to ask who is calling,
//! whether the request comes from this site, or whether the body is what it should be.

use std::{borrow::Cow, collections::HashMap, pin::Pin, sync::Arc};

use axum::{
    Router,
    body::{Body, Bytes},
    extract::{FromRequestParts, RawPathParams, State},
    http::{HeaderMap, HeaderValue, Method as HttpMethod, Request, Response, StatusCode, Uri, header, request::Parts},
    response::IntoResponse,
    routing::{MethodFilter, on},
};
use domain::{Refusal, record::Actor};
use futures_util::StreamExt;
use serde::{Serialize, de::DeserializeOwned};
use wire::{Endpoint, Method, Who};
use worker::send::SendFuture;

use crate::{
    answer::{Refused, written},
    app::App,
    caller::{self, Caller},
    tree,
};

/// The most bytes of a JSON body. A content has at most 400,000 (`domain::content`).
const MOST_JSON: usize = 1_000_000;

/// The most bytes of a refused body that are let in and thrown away. A refusal before the body has arrived breaks the
/// connection of a client that is still sending, and the client never reads why; a body longer than this deserves it.
const MOST_DRAINED: usize = 16_000_000;

/// A request that was let in: who asks, for what, with what.
pub struct Ask<Q> {
    /// The invocation.
    pub app: App,
    /// What came in.
    pub body: Q,
    /// The headers.
    pub headers: HeaderMap,
    /// The address.
    pub uri: Uri,
    caller: Option<Caller>,
    parts: HashMap<String, String>,
}

impl<Q> Ask<Q> {
    /// Who asks. On an endpoint for anybody, nobody.
    ///
    /// # Errors
    /// `SignedOut`.
    pub fn caller(&self) -> Result<&Caller, Refusal> {
        self.caller.as_ref().ok_or(Refusal::SignedOut)
    }

    /// On an endpoint for anybody: who asks, if they are signed in.
    ///
    /// # Errors
    /// `Unavailable`.
    pub async fn seek_caller(&self) -> Result<Option<Caller>, Refused> {
        Ok(Caller::find(&self.app, &self.headers).await?)
    }

    /// An identity in the path.
    ///
    /// # Errors
    /// `NotFound` if it is not one.
    pub fn part<T: std::str::FromStr>(&self, name: &str) -> Result<T, Refusal> {
        self.parts.get(name).and_then(|text| text.parse().ok()).ok_or(Refusal::NotFound)
    }
}

impl Ask<Bytes> {
    /// The query, where the answer is not JSON.
    ///
    /// # Errors
    /// `Malformed`, `Doubled`.
    pub fn query<Q: DeserializeOwned>(&self) -> Result<Q, Refusal> {
        let query = from_query(self.uri.query().unwrap_or_default())?;
        serde_json::from_str(&query).map_err(|error| Refusal::Malformed { field: field_of(&error.to_string()) })
    }
}

/// An answer with a cookie or another status.
pub struct Reply<A> {
    /// The body.
    pub body: A,
    /// `Set-Cookie`.
    pub cookie: Option<String>,
}

impl<A> From<A> for Reply<A> {
    fn from(body: A) -> Self {
        Self { body, cookie: None }
    }
}

/// A router of the API.
pub type Api = Router<App>;

/// Mounts an endpoint of the contract: the handler's types are the endpoint's.
pub fn mount<Q, A, R, H, F>(api: Api, endpoint: &Endpoint<Q, A>, handler: H) -> Api
where
    Q: DeserializeOwned + 'static,
    A: Serialize + 'static,
    R: Into<Reply<A>> + 'static,
    H: Fn(Ask<Q>) -> F + Clone + Send + Sync + 'static,
    F: Future<Output = Result<R, Refused>> + 'static,
{
    let method = endpoint.method;
    let handling = move |ask: Ask<Bytes>| -> Handled {
        let (handler, ask) = (handler.clone(), parse::<Q>(ask, method));
        Box::pin(async move {
            let reply: Reply<A> = handler(ask?).await?.into();
            Ok(respond(serde_json::to_vec(&reply.body).unwrap_or_default(), reply.cookie))
        })
    };
    mount_erased(api, endpoint.pattern, endpoint.who, method, MOST_JSON, Arc::new(handling))
}

/// Mounts an endpoint whose request or answer is not JSON (pictures, navigations): the body comes as bytes, at most
/// `most` of them, and the handler makes the response.
pub fn mount_raw<Q, A, H, F>(api: Api, endpoint: &Endpoint<Q, A>, most: usize, handler: H) -> Api
where
    Q: 'static,
    A: 'static,
    H: Fn(Ask<Bytes>) -> F + Clone + Send + Sync + 'static,
    F: Future<Output = Result<Response<Body>, Refused>> + 'static,
{
    let handling = move |ask| -> Handled { Box::pin(handler(ask)) };
    mount_erased(api, endpoint.pattern, endpoint.who, endpoint.method, most, Arc::new(handling))
}

/// What a handler leaves, whatever its types are.
type Handled = Pin<Box<dyn Future<Output = Result<Response<Body>, Refused>>>>;

/// What is done once somebody is let in.
type Handling = Arc<dyn Fn(Ask<Bytes>) -> Handled + Send + Sync>;

/// All of an endpoint that is the same for each: made once, and not anew for the types of a hundred handlers.
fn mount_erased(api: Api, pattern: &str, who: Who, method: Method, most: usize, handling: Handling) -> Api {
    let answering = move |app: App, request: Request<Body>| -> Answered {
        let handling = handling.clone();
        // D1's futures hold JS values; the runtime has one thread.
        Box::pin(SendFuture::new(async move {
            match admit(app, request, who, method, most).await {
                Ok(ask) => handling(ask).await.unwrap_or_else(IntoResponse::into_response),
                Err(refused) => refused.into_response(),
            }
        }))
    };
    route(api, pattern, filter(method), Arc::new(answering))
}

/// What a handler does with a request, whatever its types are.
pub type Answered = Pin<Box<dyn Future<Output = Response<Body>> + Send>>;

/// The one place where axum meets what answers: it would make its layers anew for each type of handler, a kilobyte for
/// each of a hundred routes.
pub fn route(
    api: Api,
    pattern: &str,
    method: MethodFilter,
    answering: Arc<dyn Fn(App, Request<Body>) -> Answered + Send + Sync>,
) -> Api {
    let service = move |State(app): State<App>, request: Request<Body>| answering(app, request);
    api.route(pattern, on(method, service))
}

const fn filter(method: Method) -> MethodFilter {
    match method {
        Method::Get => MethodFilter::GET,
        Method::Post => MethodFilter::POST,
        Method::Put => MethodFilter::PUT,
        Method::Delete => MethodFilter::DELETE,
    }
}

fn respond(body: Vec<u8>, cookie: Option<String>) -> Response<Body> {
    let mut response = written(StatusCode::OK, body);
    if let Some(cookie) = cookie.and_then(|cookie| HeaderValue::from_str(&cookie).ok()) {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
    response
}

/// Who, and from where; only then the body, which is let in to the end even if it is refused.
async fn admit(app: App, request: Request<Body>, who: Who, method: Method, most: usize) -> Result<Ask<Bytes>, Refused> {
    let (mut head, body) = request.into_parts();
    match admit_head(&app, &mut head, who, method, most).await {
        Ok((caller, parts)) => {
            let body = whole(body, most).await?;
            Ok(Ask { app, body, headers: head.headers, uri: head.uri, caller, parts })
        }
        Err(refused) => {
            // How it ends does not matter any more.
            let _ = whole(body, 0).await;
            Err(refused)
        }
    }
}

fn too_large(most: usize, length: u64) -> Refusal {
    Refusal::TooLarge { field: "body".to_owned(), limit: most as u64, length }
}

/// The body, if it arrives whole and has at most `most` bytes.
pub async fn whole(body: Body, most: usize) -> Result<Bytes, Refusal> {
    let mut stream = body.into_data_stream();
    let (mut bytes, mut length) = (Vec::new(), 0);
    while let Some(piece) = stream.next().await {
        let piece = piece.map_err(|_| Refusal::Malformed { field: "body".to_owned() })?;
        length += piece.len();
        if length <= most {
            bytes.extend_from_slice(&piece);
        } else if length > MOST_DRAINED {
            break;
        }
    }
    if length > most { Err(too_large(most, length as u64)) } else { Ok(bytes.into()) }
}

async fn admit_head(
    app: &App,
    head: &mut Parts,
    who: Who,
    method: Method,
    most: usize,
) -> Result<(Option<Caller>, HashMap<String, String>), Refused> {
    if method != Method::Get && !is_from_here(head) {
        return Err(Refusal::ForeignRequest.into());
    }
    app.act_as(Actor::Stranger { device: caller::device(&head.headers) });
    let caller = match who {
        Who::Anybody => None,
        Who::Member | Who::May(_) => {
            let caller = Caller::find(app, &head.headers).await?.ok_or(Refusal::SignedOut)?;
            if let Who::May(act) = who {
                caller.needs(act)?;
            }
            Some(caller)
        }
    };
    let declared: Option<u64> =
        head.headers.get(header::CONTENT_LENGTH).and_then(|value| value.to_str().ok()?.parse().ok());
    if let Some(length) = declared.filter(|length| *length > most as u64) {
        return Err(too_large(most, length).into());
    }
    let params = RawPathParams::from_request_parts(head, &()).await;
    let parts = params.map(|params| params.iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect());
    Ok((caller, parts.unwrap_or_default()))
}

/// A change must come from this very site: the browser's `Origin` must be ours, and a header that no form can send
/// must be there (ASVS 3.5.1–3.5.3).
fn is_from_here(head: &Parts) -> bool {
    let text = |name: &str| head.headers.get(name).and_then(|value| value.to_str().ok());
    let host = head.uri.authority().map(ToString::to_string).or_else(|| text("host").map(str::to_owned));
    let origin = text("origin").and_then(|origin| origin.split_once("://")).map(|(_, host)| host.to_owned());
    debug_assert!(head.method != HttpMethod::GET);
    origin.is_some() && origin == host && text("x-pregon").is_some()
}

fn parse<Q: DeserializeOwned>(ask: Ask<Bytes>, method: Method) -> Result<Ask<Q>, Refusal> {
    let body = tree::admit(&text(&ask, method)?).map_err(malformed)?;
    let Ask { app, headers, uri, caller, parts, .. } = ask;
    Ok(Ask { app, body, headers, uri, caller, parts })
}

/// What came in, as JSON text. A query is made that too: another way to read each type would be code for each type.
fn text(ask: &Ask<Bytes>, method: Method) -> Result<Cow<'_, str>, Refusal> {
    match method {
        Method::Get => Ok(from_query(ask.uri.query().unwrap_or_default())?.into()),
        _ if ask.body.is_empty() => Ok("{}".into()),
        _ => match str::from_utf8(&ask.body) {
            Ok(text) => Ok(text.into()),
            Err(_) => Err(Refusal::Malformed { field: "body".to_owned() }),
        },
    }
}

fn malformed(error: serde_json::Error) -> Refusal {
    Refusal::Malformed { field: field_of(&error.to_string()) }
}

/// The field that serde complains of, if it names one; the rest of its message could quote what came in.
fn field_of(message: &str) -> String {
    let named =
        ["missing field `", "unknown field `", "duplicate field `"].iter().find_map(|start| message.split_once(start));
    let field = named.and_then(|(_, rest)| rest.split('`').next()).filter(|field| field.len() <= 40);
    field.unwrap_or("body").to_owned()
}

fn from_query(query: &str) -> Result<String, Refusal> {
    let mut fields = serde_json::Map::new();
    for pair in query.split('&').filter(|pair| !pair.is_empty()) {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        let value = unescape(value);
        // A query is flat: numbers and booleans are recognised, all else is text.
        let value = match value.parse::<i64>() {
            // "007" and "+34" are text: as numbers they would come back as something else.
            Ok(number) if number.to_string() == value => number.into(),
            _ if value == "true" || value == "false" => (value == "true").into(),
            _ => value.into(),
        };
        if fields.insert(unescape(name), value).is_some() {
            return Err(Refusal::Doubled { field: "query".to_owned() });
        }
    }
    Ok(serde_json::Value::from(fields).to_string())
}

/// Percent-decoding. What does not decode to UTF-8 is replaced, and then refused by whatever parses it.
pub fn unescape(text: &str) -> String {
    let bytes = text.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while let Some(&byte) = bytes.get(at) {
        let hex =
            (byte == b'%').then(|| text.get(at + 1..at + 3).and_then(|two| u8::from_str_radix(two, 16).ok())).flatten();
        match hex {
            Some(value) => {
                out.push(value);
                at += 3;
            }
            None => {
                out.push(if byte == b'+' { b' ' } else { byte });
                at += 1;
            }
        }
    }
    String::from_utf8_lossy(&out).into_owned()
}
