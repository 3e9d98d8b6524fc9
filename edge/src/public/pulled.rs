//! Pictures and videos for the networks that fetch them: whoever has a signed address gets that one until it is over. Separate
//! from those of notices: nobody but a network is to see these, and nobody is to keep them.

use axum::{
    body::Body,
    http::{HeaderName, HeaderValue, Response},
};
use domain::{MediaId, OrganisationId, Refusal, pull::Pull};

use super::visit::{Trouble, Visit};
use crate::{
    app::App,
    http::{self, documents::Way},
    store::{documents, media, videos},
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
    let pull = Pull::from(org, media, app.now());
    let signature = vault::sign(app, &pull.claim())?;
    Ok(Secret::new(pull.written(&signature)))
}

/// A picture, a document, or a video or a stretch of it. Whatever is wrong with the address, nothing is there.
pub async fn medium(visit: Visit) -> Result<Response<Body>, Trouble> {
    let app = &visit.app;
    let (pull, signature) = Pull::read(&visit.part::<String>("signed")?).ok_or(Trouble::NotFound)?;
    if pull.is_over(app.now()) || !vault::is_signed(app, &pull.claim(), &signature) {
        return Err(Trouble::NotFound);
    }
    let mut response = match media::find(&app.db, &pull.organisation, &pull.media).await? {
        Some(found) => http::media::serve(app, &pull.organisation, &found, "no-store", &visit.headers).await?,
        None => match documents::find(&app.db, &pull.organisation, &pull.media).await? {
            found @ Some(_) => http::documents::serve(app, found, (Way::Saved, "no-store"), &visit.headers)?,
            None => {
                let found = videos::find(&app.db, &pull.organisation, &pull.media).await?;
                http::videos::serve(app, found, "no-store", &visit.headers)?
            }
        },
    };
    // And not in robots.txt: a network's fetcher may be a robot that reads it.
    let (robots, none) = (HeaderName::from_static("x-robots-tag"), HeaderValue::from_static("noindex, nofollow"));
    response.headers_mut().insert(robots, none);
    Ok(response)
}
