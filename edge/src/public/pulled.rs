//! Pictures, videos, documents and captions for the networks that fetch them: whoever has a signed address gets that one until it is
//! over. Separate from those of notices: nobody but a network is to see these, and nobody is to keep them.

use axum::{
    body::Body,
    http::{HeaderName, HeaderValue, Response},
};
use domain::{
    MediaId, OrganisationId, Refusal,
    pull::{Pull, Pulled},
};
use wire::videos::Kind;

use super::visit::{Trouble, Visit};
use crate::{
    app::App,
    http::{self, documents::Way},
    store::{captions, documents, media, videos},
    vault,
    vault::Secret,
};

/// Where they are.
pub const PATTERN: &str = "/m/{signed}";

/// The last part of the address of a picture, a video or a document, to be given to a network.
///
/// # Errors
/// `Unavailable` without a key.
pub fn signed(app: &App, org: &OrganisationId, media: &MediaId) -> Result<Secret, Refusal> {
    sign(app, org, Pulled::Medium(media.clone()))
}

/// That of captions, by their hash.
///
/// # Errors
/// `Unavailable` without a key.
pub fn signed_captions(app: &App, org: &OrganisationId, hash: &str) -> Result<Secret, Refusal> {
    sign(app, org, Pulled::Captions(hash.to_owned()))
}

fn sign(app: &App, org: &OrganisationId, what: Pulled) -> Result<Secret, Refusal> {
    let pull = Pull::from(org, what, app.now());
    let signature = vault::sign(app, &pull.claim())?;
    Ok(Secret::new(pull.written(&signature)))
}

/// A picture, a document, captions, or a video or a stretch of it. Whatever is wrong with the address, nothing is there.
pub async fn medium(visit: Visit) -> Result<Response<Body>, Trouble> {
    let app = &visit.app;
    let (pull, signature) = Pull::read(&visit.part::<String>("signed")?).ok_or(Trouble::NotFound)?;
    if pull.is_over(app.now()) || !vault::is_signed(app, &pull.claim(), &signature) {
        return Err(Trouble::NotFound);
    }
    let mut response = match &pull.what {
        Pulled::Medium(media) => stored(app, &pull.organisation, media, &visit).await?,
        Pulled::Captions(hash) => {
            let found = captions::find(&app.db, &pull.organisation, hash).await?;
            http::captions::serve(found, (hash, Kind::Vtt), "no-store", &visit.headers)?
        }
    };
    // And not in robots.txt: a network's fetcher may be a robot that reads it.
    let (robots, none) = (HeaderName::from_static("x-robots-tag"), HeaderValue::from_static("noindex, nofollow"));
    response.headers_mut().insert(robots, none);
    Ok(response)
}

/// What has an identity. A picture first: of those most are fetched.
async fn stored(app: &App, org: &OrganisationId, media: &MediaId, visit: &Visit) -> Result<Response<Body>, Trouble> {
    if let Some(found) = media::find(&app.db, org, media).await? {
        return Ok(http::media::serve(app, org, &found, "no-store", &visit.headers).await?);
    }
    if let found @ Some(_) = documents::find(&app.db, org, media).await? {
        return Ok(http::documents::serve(app, found, (Way::Saved, "no-store"), &visit.headers)?);
    }
    let found = videos::find(&app.db, org, media).await?;
    Ok(http::videos::serve(app, found, "no-store", &visit.headers)?)
}
