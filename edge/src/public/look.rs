//! How the pages look: the stylesheet with the organisation's colour, its emblem, and the pictures its notices show.

use axum::{
    body::Body,
    http::{HeaderName, HeaderValue, Response, StatusCode, header},
    response::IntoResponse,
};
use domain::{Colour, MediaId, Organisation, Slug};

use super::{
    site::Site,
    visit::{Trouble, Visit},
};
use crate::{
    http::{self, documents::Way},
    store::{captions, documents, media, videos},
};

const CSS: &str = include_str!("style.css");

/// What only the page that verifies receipts has; it goes with the sheet of pages that are no organisation's.
const VERIFY_CSS: &str = include_str!("verify.css");

/// The stylesheet of pages that are no organisation's.
pub const PLAIN_STYLE: &str = "/public/style.css";

/// Changes with the stylesheet, so that a kept one is never an old one.
const EDITION: u32 = edition(CSS);

/// FNV-1a.
const fn edition(sheet: &str) -> u32 {
    let (bytes, mut hash, mut at) = (sheet.as_bytes(), 0x811c_9dc5_u32, 0);
    while at < bytes.len() {
        hash = (hash ^ bytes[at] as u32).wrapping_mul(0x0100_0193);
        at += 1;
    }
    hash
}

/// The ground of the pages, by day and by night: what the accent must be readable on. As in `style.css`.
const PAPER: &str = "#ffffff";
const NIGHT: &str = "#1b1e24";

fn colour(text: &str) -> Colour {
    Colour::try_from(text.to_owned()).unwrap_or(Colour::DEFAULT)
}

/// The band's colour: white must be readable on it.
pub fn band(organisation: &Organisation) -> Colour {
    // The notice's title and links stand on paper that is a little darker than white.
    organisation.colour.readable_on(&colour(PAPER), 5.5)
}

/// Where the stylesheet of an organisation is, in this edition and colour.
pub fn style_path(organisation: &Organisation) -> String {
    let colour = organisation.colour.to_string();
    format!("/{}/style.css?v={EDITION:08x}{}", organisation.slug, colour.trim_start_matches('#'))
}

fn css(accent: &Colour) -> String {
    let day = accent.readable_on(&colour(PAPER), 5.5);
    let night = accent.readable_on(&colour(NIGHT), 5.5);
    format!(
        "{CSS}:root{{--band:{day};--accent:{day}}}\
         @media screen and (prefers-color-scheme:dark){{:root{{--accent:{night}}}}}"
    )
}

fn forever(kind: &'static str, body: String) -> Response<Body> {
    let own = [(header::CONTENT_TYPE, kind), (header::CACHE_CONTROL, "public, max-age=31536000, immutable")];
    (StatusCode::OK, own, body).into_response()
}

/// `style.css` of an organisation: the sheet and its colour. The address names both, so it may be kept for ever.
pub async fn style(visit: Visit) -> Result<Response<Body>, Trouble> {
    let site = Site::open(&visit).await?;
    Ok(forever("text/css; charset=utf-8", css(&site.organisation.colour)))
}

/// The sheet of pages that are no organisation's.
pub async fn plain_style(visit: Visit) -> Result<Response<Body>, Trouble> {
    Ok(visit.feed("text/css; charset=utf-8", css(&Colour::DEFAULT) + VERIFY_CSS))
}

/// What only the page of approvers outside has; it follows an organisation's sheet.
const OUTSIDE_CSS: &str = include_str!("outside.css");

/// Where it is, in this edition.
pub fn outside_path() -> String {
    format!("/public/outside.css?v={:08x}", edition(OUTSIDE_CSS))
}

/// That sheet.
pub async fn outside_style(_: Visit) -> Result<Response<Body>, Trouble> {
    Ok(forever("text/css; charset=utf-8", OUTSIDE_CSS.to_owned()))
}

/// Where the crest is, or the shield with initials that stands for one.
pub fn emblem(site: &Site) -> String {
    emblem_of(&site.organisation)
}

/// The same, of an organisation.
pub fn emblem_of(organisation: &Organisation) -> String {
    match &organisation.crest {
        Some(crest) => format!("/{}/media/{crest}", organisation.slug),
        None => format!("/{}/icon.svg", organisation.slug),
    }
}

/// A shield in the organisation's colour with the initials of its place. Ours, made here: no stored file is an SVG.
pub async fn icon(visit: Visit) -> Result<Response<Body>, Trouble> {
    let site = Site::open(&visit).await?;
    let band = band(&site.organisation);
    let svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 64 64\">\
         <path d=\"M8 5h48v28c0 14-11 22-24 27C19 55 8 47 8 33z\" fill=\"#fff\"/>\
         <path d=\"M11 8h42v25c0 12-10 19-21 24C21 52 11 45 11 33z\" fill=\"{band}\"/>\
         <path d=\"M11 19h42\" stroke=\"#fff\" stroke-width=\"2\"/>\
         <text x=\"32\" y=\"42\" text-anchor=\"middle\" font-family=\"Georgia,serif\" font-weight=\"700\" \
         font-size=\"19\" fill=\"#fff\">{}</text></svg>",
        super::feeds::xml(&initials(&site.organisation.name))
    );
    let mut response = visit.feed("image/svg+xml", svg);
    let policy = HeaderValue::from_static("default-src 'none'; sandbox");
    response.headers_mut().insert(header::CONTENT_SECURITY_POLICY, policy);
    Ok(response)
}

/// The initials of the last two words that carry a capital: "Ayuntamiento de Villar del Río" is VR.
fn initials(name: &str) -> String {
    let capitals: Vec<char> =
        name.split_whitespace().filter_map(|word| word.chars().next().filter(|c| c.is_uppercase())).collect();
    capitals.iter().skip(capitals.len().saturating_sub(2)).collect()
}

/// A picture that a notice on the board shows, or the crest. Others do not exist for the public.
pub async fn picture(visit: Visit) -> Result<Response<Body>, Trouble> {
    let (slug, id): (Slug, MediaId) = (visit.part("slug")?, visit.part("media")?);
    let found = media::public(&visit.app.db, slug.as_str(), &id).await?;
    let (org, media) = found.ok_or(Trouble::NotFound)?;
    // Not for ever: a notice may be taken down.
    let cache = "public, max-age=3600";
    let mut response = http::media::serve(&visit.app, &org, &media, cache, &visit.headers).await?;
    // Feed readers and social cards show it on pages of their own.
    let corp = HeaderName::from_static("cross-origin-resource-policy");
    response.headers_mut().insert(corp, HeaderValue::from_static("cross-origin"));
    Ok(response)
}

/// A video that a notice on the board shows, or a stretch of it.
pub async fn video(visit: Visit) -> Result<Response<Body>, Trouble> {
    let (slug, id): (Slug, MediaId) = (visit.part("slug")?, visit.part("media")?);
    let found = videos::public(&visit.app.db, slug.as_str(), &id).await?;
    // Not for ever: a notice may be taken down.
    let mut response = http::videos::serve(&visit.app, found, "public, max-age=3600", &visit.headers)?;
    // Feed readers play it on pages of their own.
    let corp = HeaderName::from_static("cross-origin-resource-policy");
    response.headers_mut().insert(corp, HeaderValue::from_static("cross-origin"));
    Ok(response)
}

/// A document that a notice on the board shows, or a stretch of it: readers fetch the first page before the rest.
pub async fn document(visit: Visit) -> Result<Response<Body>, Trouble> {
    let (slug, id): (Slug, MediaId) = (visit.part("slug")?, visit.part("media")?);
    let found = documents::public(&visit.app.db, slug.as_str(), &id).await?;
    // Not for ever: a notice may be taken down.
    Ok(http::documents::serve(&visit.app, found, (Way::Saved, "public, max-age=3600"), &visit.headers)?)
}

/// The captions of a video that a notice on the board shows.
pub async fn captions(visit: Visit) -> Result<Response<Body>, Trouble> {
    let (slug, hash): (Slug, String) = (visit.part("slug")?, visit.part("captions")?);
    let known = domain::captions::is_hash(&hash);
    let found = if known { captions::public(&visit.app.db, slug.as_str(), &hash).await? } else { None };
    // Not for ever: a notice may be taken down.
    Ok(http::captions::serve(found, (&hash, wire::videos::Kind::Vtt), "public, max-age=3600", &visit.headers)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shield_carries_the_initials_of_the_place() {
        assert_eq!(initials("Ayuntamiento de Villar del Río"), "VR");
        assert_eq!(initials("Benirrama"), "B");
        assert_eq!(initials("ayuntamiento"), "");
    }

    #[test]
    fn the_sheet_is_small_and_carries_nothing_from_elsewhere() {
        assert!(CSS.len() < 9_000, "{}", CSS.len());
        for sheet in [CSS, OUTSIDE_CSS] {
            assert!(!sheet.contains("url(") && !sheet.contains("@import"));
        }
    }
}
