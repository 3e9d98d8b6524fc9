//! The noticeboard: what is up, newest first, with the coming events beside it.

use axum::{
    body::Body,
    http::{Response, StatusCode, header},
    response::IntoResponse,
};
use domain::{Moment, PublicationId, Rendition, Slug};
use maud::{Markup, html};
use words::language_endonym;

use super::{
    agenda,
    frame::{Page, Section, empty, frame},
    prose,
    site::Site,
    visit::{Trouble, Visit},
};
use crate::store::notices::{self, Cursor, Languages, Notice};

/// Posts on a page.
const PAGE: usize = 12;
/// Coming events beside the board.
const ASIDE: u32 = 4;
/// Characters of a notice on the board; the rest is on its own page.
const EXCERPT: usize = 360;

/// `/{slug}` is `/{slug}/`: relative addresses and counters should know one.
pub async fn canonical(visit: Visit) -> Result<Response<Body>, Trouble> {
    let slug: Slug = visit.part("slug")?;
    Ok((StatusCode::PERMANENT_REDIRECT, [(header::LOCATION, format!("/{slug}/"))]).into_response())
}

/// The board.
pub async fn page(visit: Visit) -> Result<Response<Body>, Trouble> {
    let site = Site::open(&visit).await?;
    let (db, org, lang) = (&visit.app.db, &site.organisation.id, site.lang);
    let before = visit.query("before").map(|text| cursor(&text).ok_or(Trouble::NotFound)).transpose()?;
    let mut posts = notices::page(db, org, before.as_ref(), PAGE as u32 + 1).await?;
    let more = posts.len() > PAGE;
    posts.truncate(PAGE);
    let first_page = before.is_none();
    let events = if first_page { notices::upcoming(db, org, site.now, ASIDE).await? } else { Vec::new() };
    let older = posts
        .last()
        .filter(|_| more)
        .and_then(|post| listed(post))
        .map(|notice| site.path_with("", "before", &format!("{}-{}", notice.published.0, notice.id)));
    let body = html! {
        div.head {
            h1 { (lang.public_board()) }
            p.lead { (lang.public_board_lead()) }
        }
        div.board.has-aside[!events.is_empty()] {
            div.notices {
                @for post in &posts { (card(&site, post)) }
                @if posts.is_empty() && first_page { (empty(lang.public_no_notices(), lang.public_no_notices_next())) }
                @if posts.is_empty() && !first_page { (empty(lang.public_no_older(), lang.public_to_board())) }
                nav.pages {
                    @if !first_page { a.button href=(site.path("")) { (lang.public_newest()) } }
                    @if let Some(older) = older { a.button href=(older) rel="next" { (lang.public_older()) } }
                }
            }
            @if !events.is_empty() {
                aside aria-labelledby="coming" {
                    h2 #coming { (lang.public_upcoming()) }
                    @for post in &events { (agenda::line(&site, post, true)) }
                    p { a href=(site.path("events")) { (lang.public_all_events()) } }
                }
            }
        }
    };
    let image =
        posts.iter().filter_map(|post| site.choose(post)).find_map(|notice| card_picture(&site, &notice.rendition));
    let page = Page {
        site: &site,
        section: Section::Board,
        path: String::new(),
        title: lang.public_board().to_owned(),
        description: lang.public_board_lead().to_owned(),
        image,
    };
    Ok(visit.html(StatusCode::OK, frame(&page, body), None))
}

/// The path and alt text of a rendition's first picture; without one, of its video's poster.
pub fn card_picture(site: &Site, rendition: &Rendition) -> Option<(String, String)> {
    let poster = |video: &domain::RenderedVideo| Some((poster_path(site, video.poster.as_ref()?), video.alt.clone()));
    match rendition.pictures.first() {
        Some(picture) => Some((picture_path(site, picture), picture.alt.clone())),
        None => rendition.video.as_ref().and_then(poster),
    }
}

/// The classes under which the style sheet keeps in sight what must be seen of a picture that is cut: in tenths, for the page
/// allows no style of its own.
pub fn seen(focus: Option<domain::Focus>) -> Option<String> {
    let (across, down) = focus?.tenths();
    Some(format!("x{across} y{down}"))
}

/// Where a video's poster is for the public.
pub fn poster_path(site: &Site, poster: &domain::Poster) -> String {
    format!("/{}/media/{}", site.organisation.slug, poster.media)
}

/// Where a picture is for the public.
pub fn picture_path(site: &Site, picture: &domain::RenderedPicture) -> String {
    format!("/{}/media/{}", site.organisation.slug, picture.media)
}

/// Where a video is for the public.
pub fn video_path(site: &Site, video: &domain::RenderedVideo) -> String {
    format!("/{}/video/{}", site.organisation.slug, video.media)
}

/// Where a document is for the public.
pub fn document_path(site: &Site, document: &domain::RenderedDocument) -> String {
    format!("/{}/documents/{}", site.organisation.slug, document.media)
}

/// Where captions are for the public.
pub fn captions_path(site: &Site, captions: &domain::captions::Name) -> String {
    format!("/{}/captions/{}", site.organisation.slug, captions.hash)
}

/// How long a video lasts, begun seconds too.
pub fn length(lang: words::Lang, millis: u32) -> String {
    let seconds = millis.div_ceil(1_000);
    lang.video_length(seconds / 60, seconds % 60)
}

/// The name of a notice: its title, or the beginning of its text.
pub fn heading(rendition: &Rendition) -> String {
    let title = rendition.title.as_deref().map(str::trim).filter(|title| !title.is_empty());
    let line = || rendition.text.trim().lines().next().unwrap_or_default();
    let full = title.unwrap_or_else(line);
    if full.chars().count() <= 90 { full.to_owned() } else { full.chars().take(89).chain(['…']).collect() }
}

/// A text in one line for descriptions.
pub fn summary(text: &str) -> String {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if line.chars().count() <= 200 { line } else { line.chars().take(199).chain(['…']).collect() }
}

/// The notice by which a post is listed: the first of its languages that went up.
fn listed(post: &Languages) -> Option<&Notice> {
    post.iter().min_by_key(|notice| (notice.published, notice.id.clone()))
}

fn cursor(text: &str) -> Option<Cursor> {
    let (at, id) = text.split_once('-')?;
    Some((Moment(at.parse().ok()?), id.parse::<PublicationId>().ok()?))
}

/// The video with its poster, where no picture stands for the notice.
fn posed(rendition: &Rendition) -> Option<(&domain::RenderedVideo, &domain::Poster)> {
    let video = rendition.video.as_ref().filter(|_| rendition.pictures.is_empty())?;
    Some((video, video.poster.as_ref()?))
}

fn card(site: &Site, post: &Languages) -> Markup {
    let Some(notice) = site.choose(post) else { return html! {} };
    let (lang, rendition) = (site.lang, &notice.rendition);
    let path = site.path(&format!("posts/{}", notice.post));
    let (text, more) = prose::beginning(&rendition.text, EXCERPT);
    let others: Vec<_> = post.iter().filter(|other| other.id != notice.id).collect();
    html! {
        article.notice {
            @if let Some(event) = &rendition.event { (site.leaf(event.start)) }
            div.words lang=(rendition.language) dir="auto" {
                @match &rendition.title {
                    Some(title) => h2 { a href=(path) { (title) } },
                    None => h2.when { a href=(path) { (site.written(notice.published)) } },
                }
                @if let Some(event) = &rendition.event { (agenda::facts_in_line(site, event)) }
                @if let Some(warning) = &rendition.warning {
                    details { summary { (warning) } (text) }
                } @else { (text) }
            }
            @if let Some(picture) = rendition.pictures.first() {
                a.picture href=(path) {
                    img class=[seen(picture.focus)] src=(picture_path(site, picture)) alt=(picture.alt)
                        lang=(rendition.language) width=(picture.width) height=(picture.height) loading="lazy" decoding="async";
                    @if rendition.pictures.len() > 1 { span.more { "+" (rendition.pictures.len() - 1) } }
                }
            }
            @if let Some((video, poster)) = posed(rendition) {
                a.picture href=(path) {
                    img src=(poster_path(site, poster)) alt=(video.alt) lang=(rendition.language)
                        width=(poster.width) height=(poster.height) loading="lazy" decoding="async";
                }
            }
            @if let Some(video) = &rendition.video {
                p { a.mark href=(path) { "▶ " (lang.video_title()) " (" (length(lang, video.millis)) ")" } }
            }
            @if let Some(document) = &rendition.document {
                p { a.mark href=(document_path(site, document)) type="application/pdf" {
                    span lang=(rendition.language) { (document.title) }
                    " (" (words::document_facts(lang, document.pages, document.bytes)) ")"
                } }
            }
            p.meta {
                @if rendition.title.is_some() { (site.time(notice.published)) }
                @if let Some(at) = notice.corrected { span.mark title=(lang.public_corrected(site.written(at))) { (lang.public_corrected_mark()) } }
                @if !others.is_empty() {
                    span {
                        (lang.public_also_in()) ": "
                        @for other in &others {
                            @let language = &other.rendition.language;
                            a href={ "/" (site.organisation.slug) "/posts/" (notice.post) "?lang=" (language) }
                                lang=(language) hreflang=(language) { (language_endonym(language)) }
                            " "
                        }
                    }
                }
                @if more || rendition.link.is_some() || rendition.pictures.len() > 1 || rendition.video.is_some() {
                    a.on href=(path) aria-label={ (lang.public_read_more()) ": " (heading(rendition)) } { (lang.public_read_more()) }
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_is_a_moment_and_a_publication() {
        let id = PublicationId::from_bits(7);
        assert_eq!(cursor(&format!("12-{id}")), Some((Moment(12), id)));
        assert_eq!(cursor("12"), None);
        assert_eq!(cursor("12-' OR 1"), None);
    }
}
