//! A citizen's request and its answer: what was asked, in which language, and what the browser has already.
//! Separate from `ask`: here is no caller, and every answer may be kept and asked for again.

use std::{collections::HashMap, pin::Pin, sync::Arc};

use axum::{
    body::Body,
    extract::{FromRequestParts, RawPathParams, State},
    http::{HeaderMap, HeaderName, HeaderValue, Request, Response, StatusCode, Uri, header},
    response::IntoResponse,
    routing::MethodFilter,
};
use chrono::{Datelike, Timelike};
use domain::{Moment, Refusal, record};
use maud::Markup;
use words::Lang;
use worker::send::SendFuture;

use super::frame;
use crate::{
    answer::Refused,
    app::App,
    ask::{Answered, Api, route, unescape},
    store::StoreError,
};

/// What was asked.
pub struct Visit {
    /// The invocation.
    pub app: App,
    /// The headers.
    pub headers: HeaderMap,
    /// The address.
    pub uri: Uri,
    parts: HashMap<String, String>,
}

/// Why there is no page.
#[derive(Debug)]
pub enum Trouble {
    /// There is no such thing.
    NotFound,
    /// A part of the engine cannot be reached for a moment.
    Down,
}

impl From<StoreError> for Trouble {
    fn from(error: StoreError) -> Self {
        worker::console_error!("public: {error}");
        Trouble::Down
    }
}

impl From<Refusal> for Trouble {
    fn from(refusal: Refusal) -> Self {
        if refusal == Refusal::NotFound { Trouble::NotFound } else { Trouble::Down }
    }
}

/// Mounts a page.
pub fn mount<H, F>(api: Api, pattern: &str, handler: H) -> Api
where
    H: Fn(Visit) -> F + Clone + Send + Sync + 'static,
    F: Future<Output = Result<Response<Body>, Trouble>> + 'static,
{
    mount_erased(api, pattern, Arc::new(move |visit| -> Handled { Box::pin(handler(visit)) }))
}

/// What a page's handler leaves.
type Handled = Pin<Box<dyn Future<Output = Result<Response<Body>, Trouble>>>>;

/// All that is the same for each page, made once.
fn mount_erased(api: Api, pattern: &str, handling: Arc<dyn Fn(Visit) -> Handled + Send + Sync>) -> Api {
    let answering = move |app: App, request: Request<Body>| -> Answered {
        let handling = handling.clone();
        Box::pin(SendFuture::new(async move {
            let visit = Visit::of(app, request).await;
            let lang = visit.lang();
            handling(visit).await.unwrap_or_else(|trouble| stumble(lang, &trouble))
        }))
    };
    route(api, pattern, MethodFilter::GET, Arc::new(answering))
}

/// What answers when no route does: programs are told in JSON, people on a page.
pub async fn nothing_there(State(_app): State<App>, headers: HeaderMap, uri: Uri) -> Response<Body> {
    if uri.path().starts_with("/api/") {
        return Refused::from(Refusal::NotFound).into_response();
    }
    stumble(spoken(&headers), &Trouble::NotFound)
}

fn stumble(lang: Lang, trouble: &Trouble) -> Response<Body> {
    let (status, page) = match trouble {
        Trouble::NotFound => (StatusCode::NOT_FOUND, frame::not_found(lang, "/")),
        Trouble::Down => (StatusCode::SERVICE_UNAVAILABLE, frame::unavailable(lang)),
    };
    let mut response = (status, page.into_string()).into_response();
    dress_html(response.headers_mut());
    if status == StatusCode::SERVICE_UNAVAILABLE {
        response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from_static("60"));
    }
    response
}

/// The language of our own words that a browser prefers.
pub fn spoken(headers: &HeaderMap) -> Lang {
    preferred(headers).into_iter().find_map(|tag| Lang::of_tag(&tag)).unwrap_or_default()
}

/// The tags of `Accept-Language`, the most wanted first.
pub fn preferred(headers: &HeaderMap) -> Vec<String> {
    let text = headers.get(header::ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let mut wanted: Vec<(u32, String)> = text
        .split(',')
        .take(20)
        .filter_map(|one| {
            let (tag, weight) =
                one.split_once(";q=").map_or((one, 1_000), |(tag, q)| (tag, thousandths(q.trim()).unwrap_or(0)));
            (weight > 0).then(|| (weight, tag.trim().to_ascii_lowercase()))
        })
        .collect();
    wanted.sort_by(|(one, _), (other, _)| other.cmp(one));
    wanted.into_iter().map(|(_, tag)| tag).collect()
}

/// A weight: 0 to 1 with at most three decimals (RFC 9110, 12.4.2), in thousandths. By hand, because reading any float
/// whatever takes tables of ten kilobytes.
fn thousandths(weight: &str) -> Option<u32> {
    let (whole, decimals) = weight.split_once('.').unwrap_or((weight, ""));
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if !digits(whole) || !digits(decimals) || decimals.len() > 3 {
        return None;
    }
    let whole: u32 = whole.parse().ok().filter(|whole| *whole <= 1)?;
    let decimals: u32 = format!("{decimals:0<3}").parse().ok()?;
    Some((whole * 1_000 + decimals).min(1_000))
}

impl Visit {
    async fn of(app: App, request: Request<Body>) -> Self {
        let (mut head, _) = request.into_parts();
        let params = RawPathParams::from_request_parts(&mut head, &()).await;
        let parts =
            params.map(|params| params.iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect());
        Self { app, headers: head.headers, uri: head.uri, parts: parts.unwrap_or_default() }
    }

    /// The language of our own words, before the organisation is known.
    pub fn lang(&self) -> Lang {
        self.query("lang").and_then(|tag| Lang::of_tag(&tag)).unwrap_or_else(|| spoken(&self.headers))
    }

    /// A part of the path.
    ///
    /// # Errors
    /// `NotFound` if it is not of its form.
    pub fn part<T: TryFrom<String>>(&self, name: &str) -> Result<T, Trouble> {
        let text = self.parts.get(name).cloned().unwrap_or_default();
        T::try_from(text).map_err(|_| Trouble::NotFound)
    }

    /// A field of the query.
    pub fn query(&self, name: &str) -> Option<String> {
        let pairs = self.uri.query().unwrap_or_default().split('&');
        pairs.filter_map(|pair| pair.split_once('=')).find(|(key, _)| *key == name).map(|(_, value)| unescape(value))
    }

    /// `https://host`, as the visitor wrote it.
    pub fn origin(&self) -> String {
        let host = self.uri.authority().map(ToString::to_string);
        let host = host.or_else(|| Some(self.headers.get(header::HOST)?.to_str().ok()?.to_owned()));
        format!("{}://{}", self.uri.scheme_str().unwrap_or("https"), host.unwrap_or_default())
    }

    /// Answers a page.
    pub fn html(&self, status: StatusCode, page: Markup, changed: Option<Moment>) -> Response<Body> {
        let mut response = self.answer(status, "text/html; charset=utf-8", page.into_string(), changed);
        dress_html(response.headers_mut());
        response
    }

    /// Answers a feed or a list: what may be read from anywhere.
    pub fn feed(&self, kind: &'static str, body: String) -> Response<Body> {
        let mut response = self.answer(StatusCode::OK, kind, body, None);
        let headers = response.headers_mut();
        headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
        headers.insert(CORP, HeaderValue::from_static("cross-origin"));
        response
    }

    /// Answers a body under a strong tag made from its own bytes; or that nothing changed. `changed` is given only
    /// where it can never go back (a list goes back when its newest entry is taken down).
    fn answer(&self, status: StatusCode, kind: &'static str, body: String, changed: Option<Moment>) -> Response<Body> {
        let tag = format!("\"{}\"", &record::sha256_hex(body.as_bytes())[..32]);
        let stands = status == StatusCode::OK && self.has(&tag, changed);
        let mut response =
            if stands { StatusCode::NOT_MODIFIED.into_response() } else { (status, body).into_response() };
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("public, max-age=60"));
        headers.insert(header::VARY, HeaderValue::from_static("Accept-Language"));
        if let Ok(tag) = HeaderValue::from_str(&tag) {
            headers.insert(header::ETAG, tag);
        }
        if let Some(date) = changed.and_then(|at| HeaderValue::from_str(&http_date(at)).ok()) {
            headers.insert(header::LAST_MODIFIED, date);
        }
        response
    }

    /// Whether the visitor has it already (RFC 9110, 13.2.2: the tag goes before the date).
    pub fn has(&self, tag: &str, changed: Option<Moment>) -> bool {
        let text = |name| self.headers.get(name).and_then(|value: &HeaderValue| value.to_str().ok());
        if let Some(tags) = text(header::IF_NONE_MATCH) {
            return tags.split(',').any(|one| matches!(one.trim(), "*") || one.trim().trim_start_matches("W/") == tag);
        }
        let since = text(header::IF_MODIFIED_SINCE).and_then(from_http_date);
        // The header has whole seconds.
        changed.zip(since).is_some_and(|(changed, since)| changed.0 / 1_000 <= since.0 / 1_000)
    }
}

const CORP: HeaderName = HeaderName::from_static("cross-origin-resource-policy");

fn dress_html(headers: &mut HeaderMap) {
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8"));
    // Nothing runs, nothing comes from elsewhere, nothing is sent anywhere.
    let policy = "default-src 'none'; img-src 'self'; media-src 'self'; style-src 'self'; base-uri 'none'; form-action 'none'; \
      frame-ancestors 'none'";
    headers.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(policy));
}

const DAYS: [&str; 7] = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];
const MONTHS: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/// By hand, and not by a pattern: reading patterns is code that nothing else here needs.
fn http_date(at: Moment) -> String {
    let at = chrono::DateTime::from_timestamp_millis(at.0).unwrap_or_default();
    let (day, month) = (DAYS[at.weekday().num_days_from_monday() as usize], MONTHS[at.month0() as usize]);
    let (hour, minute, second) = (at.hour(), at.minute(), at.second());
    format!("{day}, {:02} {month} {} {hour:02}:{minute:02}:{second:02} GMT", at.day(), at.year())
}

fn from_http_date(text: &str) -> Option<Moment> {
    let mut words = text.strip_suffix(" GMT")?.split(' ').skip(1);
    let day = words.next()?.parse().ok()?;
    let month = words.next()?;
    let month = MONTHS.iter().position(|name| *name == month)? as u32 + 1;
    let date = chrono::NaiveDate::from_ymd_opt(words.next()?.parse().ok()?, month, day)?;
    let mut time = words.next()?.split(':').map(|part| part.parse::<u32>().ok());
    let at = date.and_hms_opt(time.next()??, time.next()??, time.next()??)?;
    Some(Moment(at.and_utc().timestamp_millis()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_most_wanted_language_comes_first() {
        let mut headers = HeaderMap::new();
        headers.insert(header::ACCEPT_LANGUAGE, HeaderValue::from_static("en;q=0.5, ca-ES, es;q=0.8, de;q=0"));
        assert_eq!(preferred(&headers), ["ca-es", "es", "en"]);
        assert_eq!(spoken(&headers), Lang::Es);
    }

    #[test]
    fn a_weight_has_at_most_three_decimals() {
        for (text, weight) in [("1", 1_000), ("0", 0), ("0.5", 500), ("0.", 0), ("1.000", 1_000), ("0.123", 123)] {
            assert_eq!(thousandths(text), Some(weight), "{text}");
        }
        for text in ["", ".5", "2", "0.1234", "-1", "+1", "0.+1", "1e0", "NaN", "99999999999"] {
            assert_eq!(thousandths(text), None, "{text}");
        }
    }

    #[test]
    fn a_date_of_http_goes_there_and_back() {
        let at = Moment(1_785_000_000_000);
        assert_eq!(http_date(at), "Sat, 25 Jul 2026 17:20:00 GMT");
        assert_eq!(from_http_date(&http_date(at)), Some(at));
        assert_eq!(from_http_date("yesterday"), None);
    }
}
