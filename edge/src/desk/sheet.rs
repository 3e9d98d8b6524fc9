//! The approver's page with what waits drawn into it: who taps a notice on a phone that has kept nothing reads at once what it
//! is about, and the program, which is two hundred kilobytes away, takes over from there. Drawn is what is read first and
//! nothing that can be pressed, of the same elements in the same places as `app/src/decide/item.rs`; a phone that has kept
//! what waits never asks for this page (`app/decide/sw.js`).

use axum::{
    body::Body,
    extract::State,
    http::{HeaderMap, HeaderValue, Request, Response, StatusCode, Uri, header},
};
use domain::{
    Act, Channel, Guise, MemberId, Moment, Organisation, PostId, Rendition, json,
    round::{Envelope, LONGEST_AGREED},
};
use maud::{Markup, html};
use wire::{
    deciding::{Deciding, Waits},
    entry::DECIDE,
};
use words::{Lang, kind_name, language_name, network_name};

use crate::{
    answer::Refused, app::App, ask, caller::Caller, http::posts::deciding, passkeys::Party, public::when, zones,
};

/// Where it goes in the page (`app/decide/index.html`): what stands there without it, up to its end.
const PLACE: (&str, &str) = ("<div id=\"splash\" class=\"alone\">", "</div>");

/// The page is some ten kilobytes; more than this is not it.
const MOST_PAGE: usize = 200_000;

/// The approver's page. Without a post, without a session, or with any trouble, as it was built: then the program says what
/// there is to say.
#[worker::send]
pub async fn page(State(app): State<App>, request: Request<Body>) -> Response<Body> {
    let page = super::file(&app, DECIDE).await;
    let named = request.uri().query().and_then(named);
    let (Some(named), StatusCode::OK) = (named, page.status()) else { return page };
    let Ok(Some(sheet)) = drawn(&app, &named, request.uri(), request.headers()).await else { return page };
    let (mut head, body) = page.into_parts();
    let Ok(bytes) = ask::whole(body, MOST_PAGE).await else { return super::file(&app, DECIDE).await };
    let page = String::from_utf8_lossy(&bytes);
    let placed = put(&page, &sheet.into_string()).unwrap_or_else(|| page.into_owned());
    // It is one person's: no cache may have it, and no tag of the file stands for it.
    for stale in [header::CONTENT_LENGTH, header::ETAG, header::LAST_MODIFIED] {
        head.headers.remove(stale);
    }
    head.headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    Response::from_parts(head, Body::from(placed))
}

/// The post that a notice named (`wire::entry::decide`).
fn named(query: &str) -> Option<PostId> {
    query.split('&').find_map(|pair| pair.strip_prefix("post="))?.parse().ok()
}

/// The page with a sheet in its place, if it has one.
fn put(page: &str, sheet: &str) -> Option<String> {
    let (before, rest) = page.split_once(PLACE.0)?;
    let (_, after) = rest.split_once(PLACE.1)?;
    Some([before, sheet, after].concat())
}

/// What is drawn, if what was named waits for who asks.
async fn drawn(app: &App, post: &PostId, uri: &Uri, headers: &HeaderMap) -> Result<Option<Markup>, Refused> {
    let Some(caller) = Caller::find(app, headers).await? else { return Ok(None) };
    caller.needs(Act::Decide)?;
    let all = deciding::waiting(app, &caller, &Party::of(app, uri, headers)?, Some(post)).await?;
    let waits = all.items.first().filter(|waits| waits.post == *post);
    // Of the device's language nothing is known here: it is the one that the page has until somebody chooses, and the page
    // leaves the sheet away where another was chosen.
    let shown = |waits| Sheet { lang: Lang::default(), organisation: &caller.organisation, all: &all, waits };
    Ok(waits.map(|waits| shown(waits).page()))
}

struct Sheet<'a> {
    lang: Lang,
    organisation: &'a Organisation,
    all: &'a Deciding,
    waits: &'a Waits,
}

impl Sheet<'_> {
    fn page(&self) -> Markup {
        let (l, organisation) = (self.lang, self.organisation);
        let left = self.all.items.len() + self.all.more as usize;
        // No style may stand in the page itself: the script beside it reads them.
        let colours = json!(organisation.colour.on_the_desk());
        html! {
            div #splash data-sheet data-colours=(colours.to_string()) {
                header.frame-head {
                    span.brand {
                        @match &organisation.crest {
                            Some(crest) => img.crest src=(picture(crest)) alt="";,
                            None => span.crest {},
                        }
                        span.brand-name { (organisation.name) }
                    }
                }
                main.page.deciding {
                    header.page-head {
                        h1 { (l.decide_heading()) }
                        p.approvals-left { (l.approvals_left(left)) }
                    }
                    article.decision { (self.item()) }
                }
            }
        }
    }

    fn item(&self) -> Markup {
        let (l, Waits { content, item, correction, .. }) = (self.lang, self.waits);
        let heading = content.heading();
        html! {
            header.decision-head {
                h2 { @if heading.is_empty() { (l.post_untitled()) } @else { (heading) } }
                p.post-facts {
                    span.chip data-hue="info" { (kind_name(l, content.kind)) }
                    span { (l.approvals_by(self.written(item.round.at), self.name(&item.round.by))) }
                }
            }
            div.previews {
                @if !content.replies.is_open() { p.notice data-hue="warn" { (words::replies(l, content.replies)) } }
                @for (id, language) in content.destinations() {
                    @if let Some(channel) = self.all.channels.iter().find(|channel| channel.id == *id) {
                        article.destination {
                            header.destination-head {
                                b { (channel.name) }
                                span.hint { (network_name(l, channel.network)) " · " (language_name(l, language)) }
                            }
                            @if let Some(rendition) = content.rendition(id, language) {
                                @let parts = rendition.parts(channel.network);
                                @for (place, part) in parts.iter().enumerate() {
                                    @if parts.len() > 1 { p.hint { (l.chain_part(place + 1, parts.len())) } }
                                    (said(l, channel, part))
                                }
                                @if let Some(comment) = rendition.first_comment(channel.network) {
                                    p.hint { (l.comment_shown()) }
                                    div.preview-comment lang=(language) { (comment.text) }
                                }
                            }
                        }
                    }
                }
            }
            @if let Some(basis) = &content.basis { p.soft { (words::basis(l, basis)) } }
            section.decide-agree {
                h3 { (l.decide_when()) }
                p { (self.times(correction.is_some())) }
            }
            div.skeleton role="status" { span.unseen { (l.general_loading()) } i {} i {} i {} }
        }
    }

    fn times(&self, correction: bool) -> String {
        let (l, written) = (self.lang, |at| self.written(at));
        match &self.waits.item.round.envelope {
            _ if correction => l.decide_when_now().to_owned(),
            Envelope::Times { from, until } if until.since(*from) <= LONGEST_AGREED => {
                l.decide_when_between(written(*from), written(*until))
            }
            Envelope::Times { .. } => l.decide_when_free().to_owned(),
            Envelope::Series { first, last, .. } => l.decide_when_between(when::day(l, *first), when::day(l, *last)),
        }
    }

    fn written(&self, at: Moment) -> String {
        when::written(self.lang, zones::civil(&self.organisation.zone, at))
    }

    fn name(&self, member: &MemberId) -> &str {
        let found = self.all.names.iter().find(|(id, _)| id == member);
        found.map_or(self.lang.general_unknown(), |(_, name)| name)
    }
}

/// What goes out on one channel, word by word. A video is played once the program is there: of it stands what it shows.
fn said(l: Lang, channel: &Channel, rendition: &Rendition) -> Markup {
    let tag = &rendition.language;
    html! {
        div.preview {
            section {
                article.preview-other {
                    @if let Some(title) = &rendition.title { h3 lang=(tag) { (title) } }
                    @if let Some(warning) = &rendition.warning { p lang=(tag) { strong { (warning) } } }
                    @if rendition.is_story(channel.network) {
                        p.hint { (l.story_shown()) }
                    } @else {
                        div.preview-text lang=(tag) { (rendition.as_sent(channel.network)) }
                    }
                    @if rendition.guise(channel.network) == Guise::Reel { p.hint { (l.reel_shown()) } }
                    @if let Some(poll) = &rendition.poll {
                        ul lang=(tag) { @for answer in &poll.answers { li { (answer) } } }
                        p.hint { (words::poll_terms(l, poll.minutes, poll.several, poll.hidden)) }
                    }
                    @if rendition.pin { p.hint { (l.pin_said()) } }
                    @if let Some(topic) = &rendition.topic { p.hint { (l.topic_said(topic.as_str())) } }
                    @if let Some(all) = &rendition.collaborators { p.hint { (l.collaborators_said(all.written())) } }
                    @if let Some(names) = rendition.mentioned(channel.network) { p.hint { (l.mentions_said(names)) } }
                    @if let Some(video) = &rendition.video {
                        p.hint { b { (l.video_title()) } " " span lang=(tag) { (video.alt) } }
                        @if let Some(poster) = video.poster.as_ref().filter(|one| channel.assisted || one.is_kept(channel.network)) {
                            div.preview-pictures data-count="1" {
                                div.preview-picture {
                                    img src=(picture(&poster.media)) alt=(l.video_poster_title()) width=(poster.width)
                                        height=(poster.height) loading="lazy";
                                }
                            }
                        }
                        @if let Some(said) = rendition.showing { p.hint { (words::showing(l, said).join(" ")) } }
                    }
                    @if let Some(document) = &rendition.document {
                        p.hint {
                            b { (l.document_title()) } " "
                            a href=(wire::documents::DOCUMENT.path(&[document.media.as_str()])) {
                                span lang=(tag) { (document.title) }
                                " (" (words::document_facts(l, document.pages, document.bytes)) ")"
                            }
                        }
                    }
                    @if !rendition.pictures.is_empty() {
                        div.preview-pictures data-count=(rendition.pictures.len().min(4)) {
                            @for one in &rendition.pictures {
                                div.preview-picture {
                                    img src=(picture(&one.media)) alt=(one.alt) width=(one.width) height=(one.height)
                                        loading="lazy";
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}

fn picture(media: &domain::MediaId) -> String {
    wire::media::PICTURE.path(&[media.as_str()])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_page_as_it_is_built_has_a_place_for_it() {
        let page = include_str!("../../../app/decide/index.html");
        let drawn = put(page, "<div id=\"splash\" data-sheet>drawn</div>").unwrap_or_default();
        assert_eq!(drawn.matches("id=\"splash\"").count(), 1);
        assert!(drawn.contains("data-sheet>drawn</div>") && !drawn.contains("entry-mark"));
        assert_eq!(drawn.matches("</script>").count(), page.matches("</script>").count());
    }

    #[test]
    fn what_a_notice_names() {
        let post = PostId::from_bits(7);
        let address = wire::entry::decide(&post);
        let (_, query) = address.split_once('?').unwrap_or_default();
        assert_eq!(named(query), Some(post));
        assert_eq!(named("post=x"), None);
        assert_eq!(named("lang=es"), None);
    }
}
