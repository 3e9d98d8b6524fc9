//! The page of one post: its languages side by side, its pictures and its event, and plainly what became of it.

use axum::{
    body::Body,
    http::{Response, StatusCode},
};
use domain::{Language, Network, PostId, RenderedVideo, Rendition, captions};
use maud::{Markup, html};
use words::{language_endonym, network_name};

use super::{
    agenda,
    board::{
        captions_path, card_picture, document_path, heading, length, picture_path, poster_path, seen, summary,
        video_path,
    },
    frame::{Page, Section, frame, not_found},
    prose,
    site::Site,
    visit::{Trouble, Visit},
};
use crate::store::{
    self,
    notices::{self, Copy, Languages, Notice},
};

/// The page. `410` once every language was taken down.
pub async fn page(visit: Visit) -> Result<Response<Body>, Trouble> {
    let site = Site::open(&visit).await?;
    let post: PostId = visit.part("post")?;
    let all = notices::of_post(&visit.app.db, &site.organisation.id, &post).await?;
    let up: Languages = all.iter().filter(|notice| notice.withdrawn.is_none()).cloned().collect();
    let changed = all.iter().map(Notice::changed).max();
    let path = format!("posts/{post}");
    let copies =
        if up.is_empty() { Vec::new() } else { notices::copies(&visit.app.db, &site.organisation.id, &post).await? };
    let (status, page, body) = match (site.choose(&up), site.choose(&all)) {
        (Some(notice), _) => {
            let spoken = spoken(&visit, &site, notice).await?;
            let body = whole(&site, notice, &all, &copies, &spoken);
            (StatusCode::OK, about(&site, path, notice), body)
        }
        (None, Some(gone)) => (StatusCode::GONE, tombstone_page(&site, path), tombstone(&site, gone)),
        (None, None) => {
            let page = not_found(site.lang, &site.path(""));
            return Ok(visit.html(StatusCode::NOT_FOUND, page, None));
        }
    };
    Ok(visit.html(status, frame(&page, body), changed))
}

/// What is said in the video of the visitor's language, to be read: whoever has neither sound nor picture has this.
async fn spoken(visit: &Visit, site: &Site, notice: &Notice) -> Result<Vec<String>, Trouble> {
    let Some(name) = notice.rendition.video.as_ref().and_then(RenderedVideo::captioned) else { return Ok(Vec::new()) };
    let found = store::captions::find(&visit.app.db, &site.organisation.id, &name.hash).await?.unwrap_or_default();
    let track = captions::read(found.as_bytes(), u32::MAX);
    Ok(track.map(|track| track.cues().iter().map(|cue| cue.lines.join(" ")).collect()).unwrap_or_default())
}

fn about<'a>(site: &'a Site, path: String, notice: &Notice) -> Page<'a> {
    let rendition = &notice.rendition;
    let section = if rendition.event.is_some() { Section::Agenda } else { Section::Board };
    let image = card_picture(site, rendition);
    Page { site, section, path, title: heading(rendition), description: summary(&rendition.text), image }
}

fn whole(site: &Site, chosen: &Notice, all: &Languages, copies: &[Copy], spoken: &[String]) -> Markup {
    let rendition = &chosen.rendition;
    // The same pictures, or the same video, in every language stand once, with the alt text of the visitor's.
    let media = |rendition: &Rendition| {
        let video = rendition.video.iter().map(|video| video.media.clone());
        rendition.pictures.iter().map(|p| p.media.clone()).chain(video).collect::<Vec<_>>()
    };
    let shared = all.iter().filter(|other| other.withdrawn.is_none()).all(|o| media(&o.rendition) == media(rendition));
    let others = all.iter().filter(|other| other.id != chosen.id);
    let kind = if rendition.event.is_some() { "https://schema.org/Event" } else { "https://schema.org/Article" };
    html! {
        div itemscope itemtype=(kind) {
            @if let Some(event) = &rendition.event { (agenda::facts(site, chosen, event)) }
            div.languages {
                (version(site, chosen, all, true, all.len() > 1, true, spoken))
                @for other in others { (version(site, other, all, false, true, !shared, &[])) }
            }
        }
        (elsewhere(site, copies))
        p.pages { a.button href=(site.path("")) { (site.lang.public_to_board()) } }
    }
}

/// The copies on the networks.
fn elsewhere(site: &Site, copies: &[Copy]) -> Markup {
    let links = copies.iter().filter(|copy| domain::content::is_web_address(&copy.address));
    let links = links.filter_map(|copy| Some((store::name::<Network>(&copy.network).ok()?, &copy.address)));
    html! {
        @if !copies.is_empty() {
            p { (site.lang.public_copies()) ": "
                @for (place, (network, address)) in links.enumerate() {
                    @if place > 0 { " · " }
                    a href=(address) rel="noopener" { (network_name(site.lang, network)) " (" (prose::shown(address)) ")" }
                }
            }
        }
    }
}

/// One language of the post. The visitor's own is the page's heading.
fn version(
    site: &Site,
    notice: &Notice,
    all: &Languages,
    first: bool,
    named: bool,
    own_pictures: bool,
    spoken: &[String],
) -> Markup {
    let (lang, rendition) = (site.lang, &notice.rendition);
    let title = heading(rendition);
    html! {
        article.sheet lang=(rendition.language) dir="auto" {
            @if named { p.tongue { (language_endonym(&rendition.language)) } }
            @if let Some(at) = notice.withdrawn {
                p lang=(lang.tag()) { (lang.public_withdrawn_version(site.written(at))) }
            } @else {
                @if first { h1 itemprop="name" { (title) } } @else { h2 { (title) } }
                p.meta lang=(lang.tag()) {
                    span { (lang.public_published(site.written(notice.published))) }
                    @if let Some(at) = notice.corrected {
                        span.mark { (lang.public_corrected(site.written(at))) }
                    }
                }
                @if own_pictures { (pictures(site, rendition)) (video(site, rendition, all, spoken)) }
                div.text itemprop=[first.then_some("description")] {
                    @if let Some(warning) = &rendition.warning {
                        details { summary { (warning) } (prose::whole(&rendition.text)) }
                    } @else { (prose::whole(&rendition.text)) }
                }
                @if let Some(poll) = &rendition.poll {
                    ul { @for answer in &poll.answers { li { (answer) } } }
                    p.note lang=(lang.tag()) {
                        (lang.public_poll(site.written(domain::poll::ends(notice.published, poll.minutes))))
                    }
                }
                (document(site, rendition))
                @if let Some(link) = rendition.link.as_deref().filter(|link| domain::content::is_web_address(link)) {
                    p lang=(lang.tag()) {
                        (lang.public_address()) ": "
                        a href=(link) rel="noopener" { (prose::shown(link)) }
                    }
                }
            }
        }
    }
}

fn pictures(site: &Site, rendition: &Rendition) -> Markup {
    html! {
        @if !rendition.pictures.is_empty() {
            div.pictures.single[rendition.pictures.len() == 1] {
                @for picture in &rendition.pictures {
                    a href=(picture_path(site, picture)) {
                        img class=[seen(picture.focus)] src=(picture_path(site, picture)) alt=(picture.alt)
                            lang=(rendition.language) itemprop="image" width=(picture.width) height=(picture.height) decoding="async";
                    }
                }
            }
        }
    }
}

/// The document: a link that says what it is called, and of what type, length and size it is.
fn document(site: &Site, rendition: &Rendition) -> Markup {
    html! {
        @if let Some(document) = &rendition.document {
            p.document lang=(site.lang.tag()) {
                a href=(document_path(site, document)) type=(domain::document::MIME) {
                    span lang=(rendition.language) { (document.title) }
                    " (" (words::document_facts(site.lang, document.pages, document.bytes)) ")"
                }
            }
        }
    }
}

/// The captions of a video in every language of the post that is up, its own language first.
fn tracks<'a>(rendition: &'a Rendition, all: &'a Languages) -> Vec<(&'a Language, captions::Name)> {
    let media = rendition.video.as_ref().map(|video| &video.media);
    let others = all.iter().filter(|other| other.withdrawn.is_none()).map(|other| &other.rendition);
    let others = others.filter(|other| other.language != rendition.language);
    let track = |of: &'a Rendition| {
        let video = of.video.as_ref().filter(|video| Some(&video.media) == media)?;
        Some((&of.language, video.captioned()?))
    };
    std::iter::once(rendition).chain(others).filter_map(track).collect()
}

fn video(site: &Site, rendition: &Rendition, all: &Languages, spoken: &[String]) -> Markup {
    html! {
        @if let Some(video) = &rendition.video {
            figure.film itemprop="video" itemscope itemtype="https://schema.org/VideoObject" {
                video controls preload="none" src=(video_path(site, video)) itemprop="contentUrl"
                    poster=[video.poster.as_ref().map(|poster| poster_path(site, poster))]
                    width=(video.width) height=(video.height) aria-label=(video.alt) lang=(rendition.language) {
                    @for (language, name) in tracks(rendition, all) {
                        track kind="captions" src=(captions_path(site, &name)) srclang=(language)
                            label=(language_endonym(language)) default[*language == rendition.language];
                    }
                }
                @if let Some(poster) = &video.poster { meta itemprop="thumbnailUrl" content=(poster_path(site, poster)); }
                figcaption {
                    span lang=(site.lang.tag()) { (site.lang.video_title()) " (" (length(site.lang, video.millis)) "): " }
                    span itemprop="description" { (video.alt) }
                }
                @if !spoken.is_empty() {
                    details {
                        summary lang=(site.lang.tag()) { (site.lang.video_captions_read()) }
                        @for said in spoken { p { (said) } }
                    }
                }
            }
        }
    }
}

fn tombstone_page(site: &Site, path: String) -> Page<'_> {
    let title = site.lang.public_withdrawn_title().to_owned();
    Page { site, section: Section::Board, path, description: title.clone(), title, image: None }
}

fn tombstone(site: &Site, gone: &Notice) -> Markup {
    let lang = site.lang;
    let when = gone.withdrawn.unwrap_or(gone.published);
    html! {
        article.sheet.gone {
            p.mark { (lang.public_withdrawn_mark()) }
            h1 { (lang.public_withdrawn_title()) }
            p { (lang.public_withdrawn_what(site.written(gone.published), site.written(when))) }
            p { (lang.public_withdrawn_next()) }
        }
        p.pages { a.button href=(site.path("")) { (lang.public_to_board()) } }
    }
}
