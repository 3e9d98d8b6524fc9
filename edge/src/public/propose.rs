//! The page by which the house's own people propose: a line, a name and an address if they like, one photo. No account, no
//! script, any phone; whoever has the link may use it, and sees nothing of the organisation but whose it is.
//!
//! Separate from the approver's page: here nothing is read and nothing decided, so there is no visit and no code. What keeps
//! it from being abused are the link, which can be taken back and ends, and how often one may send.

mod form;

use std::{pin::Pin, sync::Arc};

use axum::{
    body::Body,
    extract::{FromRequestParts, RawPathParams},
    http::{HeaderMap, Request, Response, StatusCode, Uri, header},
    response::IntoResponse,
    routing::MethodFilter,
};
use domain::{
    Moment, Organisation, ProposalId, Refusal,
    media::inspect,
    proposal::{KEPT, LINE, Link, Said},
};
use futures_util::StreamExt;
use maud::{Markup, html};
use wire::media::MOST_PIXELS;
use words::{Lang, Sentence};
use worker::send::SendFuture;

use super::{
    frame::plain,
    outside::{
        dressed,
        frame::{self, Parts, sheet},
        is_from_here,
    },
    visit::{Trouble, spoken},
    when,
};
use crate::{
    app::App,
    ask::{self, Answered, Api, route, unescape},
    codes,
    http::media as pictures,
    mail,
    store::{StoreError, Unit, proposals as store, throttle},
    zones,
};
use form::Form;

/// Where it is.
const PAGE: &str = "/propose/{secret}";

/// What stands around the photo in a form: the line, the name, the address, each in three bytes a letter.
const MOST_WORDS: usize = 16_000;

/// The path of a link.
pub fn path(secret: &str) -> String {
    PAGE.replace("{secret}", secret)
}

/// Mounts it.
pub fn mount_all(api: Api) -> Api {
    let api = mount(api, MethodFilter::GET);
    mount(api, MethodFilter::POST)
}

type Handled = Pin<Box<dyn Future<Output = Result<Response<Body>, Trouble>>>>;

fn mount(api: Api, method: MethodFilter) -> Api {
    let sends = method == MethodFilter::POST;
    let answering = move |app: App, request: Request<Body>| -> Answered {
        Box::pin(SendFuture::new(async move {
            let lang = spoken(request.headers());
            let (call, body) = Call::of(app, request).await;
            let handled: Handled = if sends { Box::pin(send(call, body)) } else { Box::pin(page(call)) };
            handled.await.unwrap_or_else(|trouble| match trouble {
                Trouble::NotFound => dressed(StatusCode::NOT_FOUND, closed(lang)),
                Trouble::Down => dressed(StatusCode::SERVICE_UNAVAILABLE, super::frame::unavailable(lang)),
            })
        }))
    };
    route(api, PAGE, method, Arc::new(answering))
}

/// What came in.
struct Call {
    app: App,
    headers: HeaderMap,
    uri: Uri,
    secret: String,
    lang: Lang,
}

impl Call {
    async fn of(app: App, request: Request<Body>) -> (Self, Body) {
        let (mut head, body) = request.into_parts();
        let params = RawPathParams::from_request_parts(&mut head, &()).await;
        let secret = params
            .ok()
            .and_then(|params| params.iter().find(|(name, _)| *name == "secret").map(|(_, value)| value.to_owned()));
        let pairs = head.uri.query().unwrap_or_default().split('&').filter_map(|pair| pair.split_once('='));
        let asked = pairs.filter(|(name, _)| *name == "lang").find_map(|(_, tag)| Lang::of_tag(&unescape(tag)));
        let lang = asked.unwrap_or_else(|| spoken(&head.headers));
        (Self { app, headers: head.headers, uri: head.uri, secret: secret.unwrap_or_default(), lang }, body)
    }

    /// The link and whose it is, while anything can be proposed by it.
    async fn open(&self) -> Result<(Link, Organisation), Trouble> {
        let found = store::of_secret(&self.app.db, &self.secret).await?;
        found.filter(|(link, _)| link.is_open(self.app.now())).ok_or(Trouble::NotFound)
    }
}

/// For a link that is none, or none any more. Which of the two is nobody's business.
fn closed(lang: Lang) -> Markup {
    plain(lang, lang.propose_closed_what(), html! { p { (lang.propose_closed_next()) } })
}

/// What stands in the fields.
#[derive(Default)]
struct Typed {
    line: String,
    name: String,
    email: String,
}

async fn page(call: Call) -> Result<Response<Body>, Trouble> {
    let (link, organisation) = call.open().await?;
    let sent = call.uri.query().is_some_and(|query| query.split('&').any(|pair| pair == "sent=1"));
    let paper = Paper { call: &call, link: &link, organisation: &organisation };
    Ok(if sent { paper.thanks() } else { paper.form(StatusCode::OK, &Typed::default(), None) })
}

/// From where, and by which link; only then the body, which is let in to the end even if it is refused.
async fn send(call: Call, body: Body) -> Result<Response<Body>, Trouble> {
    let admitted = if is_from_here(&call.headers, &call.uri) { Some(call.open().await) } else { None };
    let Some(Ok((link, organisation))) = admitted else {
        // How it ends does not matter any more.
        let _ = ask::whole(body, 0).await;
        return match admitted {
            Some(Err(trouble)) => Err(trouble),
            _ => Ok(dressed(StatusCode::FORBIDDEN, frame::foreign(call.lang))),
        };
    };
    let paper = Paper { call: &call, link: &link, organisation: &organisation };
    let no = |typed: &Typed, refusal: &Refusal| {
        let status = match refusal {
            Refusal::TooMany { .. } => StatusCode::TOO_MANY_REQUESTS,
            Refusal::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
            _ => StatusCode::UNPROCESSABLE_ENTITY,
        };
        Ok(paper.form(status, typed, Some(&words::refusal(call.lang, refusal))))
    };
    let Some((body, cut)) = beginning(body, wire::texts::MOST_PHOTO as usize + MOST_WORDS).await else {
        return no(&Typed::default(), &Refusal::Malformed { field: "text".to_owned() });
    };
    let kind = call.headers.get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    let Some(form) = Form::read(kind, &body, cut) else {
        return no(&Typed::default(), &Refusal::Malformed { field: "text".to_owned() });
    };
    let typed = Typed { line: form.field("line"), name: form.field("name"), email: form.field("email") };
    if form.field("csrf") != codes::csrf(&call.secret) {
        return Ok(dressed(StatusCode::FORBIDDEN, frame::foreign(call.lang)));
    }
    if cut {
        let (limit, length) = (wire::texts::MOST_PHOTO, wire::texts::MOST_PHOTO + 1);
        return no(&typed, &Refusal::TooLarge { field: "pictures".to_owned(), limit, length });
    }
    let photo = form.file.map(|file| inspect(file, MOST_PIXELS).map(|found| (file, found))).transpose();
    let (said, photo) = match (Said::parse(&typed.line, &typed.name, &typed.email), photo) {
        (Ok(said), Ok(photo)) => (said, photo),
        (Err(refusal), _) | (_, Err(refusal)) => return no(&typed, &refusal),
    };
    // Only what could be taken counts: a typing error uses up nothing of what a whole town hall shares.
    let app = &call.app;
    for (limit, who) in
        [(throttle::PROPOSALS_FROM, throttle::address(&call.headers)), (throttle::PROPOSALS, link.id.as_str())]
    {
        if let Err(refused) = throttle::count(app, limit, who).await {
            return no(&typed, &refused.0.refusal);
        }
    }
    // A town without a mail provider tells nobody anything: an address would lie there for nothing.
    let said = Said { mailbox: said.mailbox.filter(|_| mail::is_there(app)), ..said };
    let photo = match photo {
        None => None,
        Some((file, found)) => match pictures::take_in(app, &organisation.id, file, found).await {
            Ok(photo) => Some(photo),
            Err(refusal) => return no(&typed, &refusal),
        },
    };
    let (id, now) = (ProposalId::from_bits(app.bits()), app.now());
    let mut unit = Unit::new();
    store::propose(&mut unit, (&organisation.id, &link), (&id, &said), photo.as_ref(), call.lang, now);
    match app.db.commit(unit).await {
        Ok(_) => Ok(paper.on_with_it()),
        Err(error) => {
            if !matches!(error, StoreError::Guard) {
                // Perhaps it was written: if it was not, the sweep finds the photo.
                return Err(error.into());
            }
            if let Some(photo) = &photo {
                pictures::let_go(app, &organisation.id, &photo.id).await;
            }
            // The link was taken back a moment ago; or so much waits that nobody reads it, and what was typed stays before
            // them.
            call.open().await?;
            let full =
                Sentence { what: call.lang.propose_full_what().into(), next: call.lang.propose_full_next().into() };
            Ok(paper.form(StatusCode::SERVICE_UNAVAILABLE, &typed, Some(&full)))
        }
    }
}

/// The beginning of a body, of at most so many bytes, and whether it was cut there: what was typed stands before the photo,
/// and is not lost with one that is too large. Nothing if it broke off.
async fn beginning(body: Body, most: usize) -> Option<(Vec<u8>, bool)> {
    let mut stream = body.into_data_stream();
    let mut bytes = Vec::new();
    while let Some(piece) = stream.next().await {
        let piece = piece.ok()?;
        let room = most - bytes.len();
        bytes.extend_from_slice(piece.get(..room).unwrap_or(&piece));
        if piece.len() > room {
            let _ = ask::whole(Body::from_stream(stream), 0).await;
            return Some((bytes, true));
        }
    }
    Some((bytes, false))
}

/// The page.
struct Paper<'a> {
    call: &'a Call,
    link: &'a Link,
    organisation: &'a Organisation,
}

impl Paper<'_> {
    fn at(&self, more: &str) -> String {
        [path(&self.call.secret).as_str(), "?lang=", self.call.lang.tag(), more].concat()
    }

    fn written(&self, at: Moment) -> String {
        when::day(self.call.lang, zones::civil(&self.organisation.zone, at).date())
    }

    fn shown(&self, status: StatusCode, title: &str, body: Markup) -> Response<Body> {
        let lang = self.call.lang;
        let tongues = html! {
            nav.tongues aria-label=(lang.public_languages()) {
                @for one in Lang::ALL {
                    a href=([path(&self.call.secret).as_str(), "?lang=", one.tag()].concat()) lang=(one.tag())
                        hreflang=(one.tag()) aria-current=[(one == lang).then_some("true")] { (one.name()) }
                }
            }
        };
        let foot = lang.propose_foot(self.written(self.link.expires));
        let parts = Parts { kind: "review propose", beside: tongues, foot: &foot };
        dressed(status, sheet(self.organisation, lang, title, &parts, body))
    }

    fn form(&self, status: StatusCode, typed: &Typed, refusal: Option<&Sentence>) -> Response<Body> {
        let lang = self.call.lang;
        let title = lang.propose_title();
        let wrong = refusal.is_some().then_some("alert");
        let body = html! {
            h1 { (title) }
            @if let Some(refusal) = refusal { (frame::alert(refusal)) }
            p.lead { (lang.propose_lead(&self.organisation.name)) }
            form method="post" action=(self.at("")) enctype="multipart/form-data" {
                input type="hidden" name="csrf" value=(codes::csrf(&self.call.secret));
                p {
                    label for="line" { (lang.propose_line()) }
                    span.hint id="line-hint" { (lang.propose_line_hint()) }
                    textarea id="line" name="line" rows="4" required maxlength=(LINE / 2)
                        aria-describedby=(["line-hint", wrong.unwrap_or_default()].join(" ").trim_end()) { (typed.line) }
                }
                p {
                    label for="name" { (lang.propose_name()) " " span.hint { (lang.general_optional()) } }
                    input.input id="name" name="name" maxlength="60" autocomplete="name" value=(typed.name);
                }
                @if mail::is_there(&self.call.app) {
                    p {
                        label for="email" { (lang.propose_email()) " " span.hint { (lang.general_optional()) } }
                        span.hint id="email-hint" { (lang.propose_email_hint()) }
                        input.input id="email" name="email" type="email" maxlength="254" autocomplete="email"
                            aria-describedby="email-hint" value=(typed.email);
                    }
                }
                p {
                    label for="photo" { (lang.propose_photo()) " " span.hint { (lang.general_optional()) } }
                    span.hint id="photo-hint" { (lang.propose_photo_hint(wire::texts::MOST_PHOTO / 1_000_000)) }
                    // The last field: nobody then looks through its bytes for the next one.
                    input.input id="photo" name="photo" type="file" accept="image/jpeg,image/png,image/webp"
                        aria-describedby="photo-hint";
                }
                button.button.strong { (lang.propose_send()) }
            }
            p.hint { (lang.propose_privacy(KEPT.0 / 86_400_000, &self.organisation.name)) }
        };
        self.shown(status, title, body)
    }

    /// Goes on to the thanks: what was sent is not sent again when somebody loads the page anew.
    fn on_with_it(&self) -> Response<Body> {
        let mut response = dressed(StatusCode::SEE_OTHER, html! {});
        if let Ok(place) = self.at("&sent=1").parse() {
            response.headers_mut().insert(header::LOCATION, place);
        }
        response.into_response()
    }

    fn thanks(&self) -> Response<Body> {
        let lang = self.call.lang;
        let title = lang.propose_sent_title();
        let body = html! {
            h1 { (title) }
            p.lead role="status" { (lang.propose_sent_text(&self.organisation.name)) }
            p { a.button href=(self.at("")) { (lang.propose_again()) } }
        };
        self.shown(StatusCode::OK, title, body)
    }
}
