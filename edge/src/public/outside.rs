//! The page of an approver outside the house: no account, no script, any device. Whoever comes with a link is told that a
//! code goes to the mailbox that it was sent to; only with the code they see what waits for them.
//!
//! Separate from the other public pages, which anybody may read and keep, and from the API: here is no member. A link that
//! is only followed (mail scanners do) changes nothing, tells nothing of the post, and is no opening.

mod changes;
mod checklist;
mod deciding;
mod door;
pub(super) mod frame;
mod paper;
mod thread;

use std::{collections::HashMap, pin::Pin, sync::Arc};

use axum::{
    body::Body,
    extract::{FromRequestParts, RawPathParams},
    http::{HeaderMap, HeaderName, HeaderValue, Request, Response, StatusCode, Uri, header},
    response::IntoResponse,
    routing::MethodFilter,
};
use domain::{
    Content, Moment, Stage,
    outside::{Standing, VISIT},
    record::{Actor, sha256_hex},
};
use maud::Markup;
use words::Lang;
use worker::send::SendFuture;

use super::visit::{Trouble, spoken};
use crate::{
    app::App,
    ask::{self, Answered, Api, route, unescape},
    caller, clock, codes,
    store::{
        outside::{self as store, Door, lang},
        posts::{self, Bench, Whole},
    },
    zones,
};

/// Mounts it.
pub fn mount_all(api: Api) -> Api {
    let (get, post) = (MethodFilter::GET, MethodFilter::POST);
    let api = mount(api, "/review/{token}", get, paper::page);
    let api = mount(api, "/review/{token}/code", get, door::page);
    let api = mount(api, "/review/{token}/code", post, door::send);
    let api = mount(api, "/review/{token}/open", post, door::open);
    let api = mount(api, "/review/{token}/close", post, door::close);
    let api = mount(api, "/review/{token}/media/{media}", get, paper::picture);
    let api = mount(api, "/review/{token}/captions/{captions}", get, paper::captions);
    let api = mount(api, "/review/{token}/decision", get, deciding::page);
    let api = mount(api, "/review/{token}/decision", post, deciding::ask);
    let api = mount(api, "/review/{token}/confirmation", post, deciding::confirm);
    let api = mount(api, "/review/{token}/comments", post, thread::say);
    mount(api, "/review/{token}/receipt", get, deciding::receipt)
}

/// The cookie of a visit, before the link's identity: several links may be open side by side, and none opens another.
const COOKIE: &str = "__Host-pregon-review-";

/// A form of this page is a comment of at most 1,900 letters of up to four bytes, each of which may be written as three.
const MOST_FORM: usize = 32_000;

/// More cookies of ours than anybody has links open.
const MOST_VISITS: usize = 20;

/// What came in.
pub struct Call {
    app: App,
    headers: HeaderMap,
    uri: Uri,
    parts: HashMap<String, String>,
    form: HashMap<String, String>,
}

/// What a handler leaves.
type Handled = Pin<Box<dyn Future<Output = Result<Response<Body>, Trouble>>>>;

fn mount<H, F>(api: Api, pattern: &str, method: MethodFilter, handler: H) -> Api
where
    H: Fn(Call) -> F + Clone + Send + Sync + 'static,
    F: Future<Output = Result<Response<Body>, Trouble>> + 'static,
{
    mount_erased(api, pattern, method, Arc::new(move |call| -> Handled { Box::pin(handler(call)) }))
}

fn mount_erased(
    api: Api,
    pattern: &str,
    method: MethodFilter,
    handling: Arc<dyn Fn(Call) -> Handled + Send + Sync>,
) -> Api {
    let acts = method == MethodFilter::POST;
    let answering = move |app: App, request: Request<Body>| -> Answered {
        let handling = handling.clone();
        Box::pin(SendFuture::new(async move {
            let lang = spoken(request.headers());
            let answer = match Call::of(app, request, acts).await {
                Some(call) => handling(call).await,
                None => Ok(dressed(StatusCode::FORBIDDEN, frame::foreign(lang))),
            };
            answer.unwrap_or_else(|trouble| match trouble {
                Trouble::NotFound => dressed(StatusCode::NOT_FOUND, frame::unknown(lang)),
                Trouble::Down => dressed(StatusCode::SERVICE_UNAVAILABLE, super::frame::unavailable(lang)),
            })
        }))
    };
    route(api, pattern, method, Arc::new(answering))
}

impl Call {
    /// Nothing if a form came from elsewhere, or is none of this page.
    async fn of(app: App, request: Request<Body>, acts: bool) -> Option<Self> {
        let (mut head, body) = request.into_parts();
        let params = RawPathParams::from_request_parts(&mut head, &()).await;
        let parts =
            params.map(|params| params.iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect());
        let body = ask::whole(body, if acts { MOST_FORM } else { 0 }).await;
        let mut form = HashMap::new();
        if acts {
            if !is_from_here(&head.headers, &head.uri) {
                return None;
            }
            let body = body.ok()?;
            let pairs = str::from_utf8(&body).ok()?.split('&').filter_map(|pair| pair.split_once('='));
            form.extend(pairs.map(|(name, value)| (unescape(name), unescape(value))));
        }
        Some(Self { app, headers: head.headers, uri: head.uri, parts: parts.unwrap_or_default(), form })
    }

    fn token(&self) -> &str {
        self.parts.get("token").map_or("", String::as_str)
    }

    fn field(&self, name: &str) -> &str {
        self.form.get(name).map_or("", String::as_str)
    }

    /// Whether the form was written on a page that knew this secret.
    fn knows(&self, secret: &str) -> bool {
        self.field("csrf") == codes::csrf(secret)
    }

    /// The secrets of visits that came along.
    fn visits(&self) -> Vec<String> {
        let all = self.headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
        let pairs = all.flat_map(|value| value.split(';')).filter_map(|pair| pair.trim().split_once('='));
        let ours = pairs.filter(|(name, _)| name.starts_with(COOKIE));
        ours.map(|(_, secret)| secret.to_owned()).take(MOST_VISITS).collect()
    }
}

/// A form is taken from this very site only: browsers say where it stood.
pub fn is_from_here(headers: &HeaderMap, uri: &Uri) -> bool {
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    let host = uri.authority().map(ToString::to_string).or_else(|| text("host").map(str::to_owned));
    let origin = text("origin").and_then(|origin| origin.split_once("://")).map(|(_, host)| host.to_owned());
    origin.is_some() && origin == host
}

/// Whoever came, with all that is known of their link.
pub struct Guest {
    call: Call,
    door: Door,
    whole: Whole,
    bench: Bench,
    standing: Standing,
    lang: Lang,
    /// The secret of their visit, if they were let in.
    visit: Option<String>,
}

impl Guest {
    /// Two trips. Nothing is written.
    async fn at(call: Call) -> Result<Self, Trouble> {
        let secrets = call.visits();
        let hashes: Vec<String> = secrets.iter().map(|secret| sha256_hex(secret.as_bytes())).collect();
        let door = store::door(&call.app, call.token(), &hashes).await?.ok_or(Trouble::NotFound)?;
        clock::mind_the_beat(&call.app, door.beat);
        let (org, at) = (&door.organisation.id, call.app.now());
        let whole = posts::whole(&call.app.db, org, &door.post, at).await?.ok_or(Trouble::NotFound)?;
        let zone = zones::zone(&door.organisation.zone, at)?;
        let (bylaws, people) = (whole.bylaws.clone(), whole.people.clone());
        let bench = Bench { member: whole.stored.post.author.clone(), at, bylaws, people, zone };
        let standing = door.link.standing(&whole.stored.post, bench.now());
        let visit = door.session.as_ref().and_then(|session| {
            let place = hashes.iter().position(|hash| hash == session)?;
            secrets.get(place).cloned()
        });
        let lang = lang(&door.link.language);
        Ok(Self { call, door, whole, bench, standing, lang, visit })
    }

    /// The same, for a form that only who is in can send.
    async fn inside(call: Call) -> Result<Result<(Self, String), Response<Body>>, Trouble> {
        let guest = Self::at(call).await?;
        let Some(visit) = guest.visit.clone().filter(|_| guest.standing.opens()) else {
            // The hour is over, or the link is worth nothing any more: the first page says which.
            return Ok(Err(guest.to("")));
        };
        if guest.call.knows(&visit) {
            guest.acts();
            Ok(Ok((guest, visit)))
        } else {
            Ok(Err(dressed(StatusCode::FORBIDDEN, frame::foreign(guest.lang))))
        }
    }

    /// Says that whoever holds this link acts, with the code that came to their mailbox: what the record keeps names them.
    fn acts(&self) {
        let (mailbox, device) = (self.door.link.mailbox.clone(), caller::device(&self.call.headers));
        self.call.app.act_as(Actor::Outside { mailbox, device, how: "mail_code".to_owned() });
    }

    /// Where a page of this link is.
    fn path(&self, page: &str) -> String {
        let token = self.call.token();
        if page.is_empty() { format!("/review/{token}") } else { format!("/review/{token}/{page}") }
    }

    /// Goes on to another page: what was sent is not sent again when somebody loads it anew.
    fn to(&self, page: &str) -> Response<Body> {
        let mut response = (StatusCode::SEE_OTHER, [(header::LOCATION, self.path(page))]).into_response();
        dress(response.headers_mut());
        response
    }

    fn page(&self, status: StatusCode, title: &str, body: Markup) -> Response<Body> {
        dressed(status, frame::page(&self.door.organisation, self.lang, title, body))
    }

    /// What is decided on: the correction if one waits, else the content. Nothing if it is not the link's any more.
    fn content(&self) -> Option<&Content> {
        let content = match &self.whole.stored.post.stage {
            Stage::Out { correction: Some(correction), .. } => &correction.content,
            _ => &self.whole.stored.post.content,
        };
        (content.hash() == self.door.link.content_hash).then_some(content)
    }

    /// A moment as the town's clock shows it.
    fn written(&self, at: Moment) -> String {
        super::when::written(self.lang, zones::civil(&self.door.organisation.zone, at))
    }

    fn set_cookie(&self, secret: &str) -> String {
        let name = format!("{COOKIE}{}", self.door.link.id);
        format!("{name}={secret}; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age={}", VISIT.0 / 1_000)
    }

    fn clear_cookie(&self) -> String {
        format!("{COOKIE}{}=; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age=0", self.door.link.id)
    }
}

fn with_cookie(mut response: Response<Body>, cookie: &str) -> Response<Body> {
    if let Ok(cookie) = HeaderValue::from_str(cookie) {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
    response
}

/// A page that nobody keeps, with the policy of these pages.
pub fn dressed(status: StatusCode, page: Markup) -> Response<Body> {
    let mut response = (status, page.into_string()).into_response();
    dress(response.headers_mut());
    response
}

/// No script, nothing from elsewhere, forms to this site only, in nobody's frame, kept by nobody. The referrer goes to this
/// site only: without it a browser says of no form where it stood.
fn dress(headers: &mut HeaderMap) {
    let policy = "default-src 'none'; img-src 'self'; media-src 'self'; style-src 'self'; form-action 'self'; base-uri 'none'; \
      frame-ancestors 'none'";
    let own = [
        (header::CONTENT_TYPE, "text/html; charset=utf-8"),
        (header::CONTENT_SECURITY_POLICY, policy),
        (header::CACHE_CONTROL, "no-store"),
        (header::REFERRER_POLICY, "same-origin"),
        (HeaderName::from_static("x-robots-tag"), "noindex, nofollow"),
    ];
    for (name, value) in own {
        headers.insert(name, HeaderValue::from_static(value));
    }
}
