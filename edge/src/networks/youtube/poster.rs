//! The poster of a video at YouTube (`thumbnails.set`, discovery document of 2026-11-04). Separate because only channels that were
//! verified by telephone may have one: the others are told 403, and their video goes out all the same.
//!
//! It costs 50 of a day's 10,000 units (networks.md §12, 2026-11-23), and takes the place of the one before.

use domain::delivery::Outcome;
use web_sys::Blob;

use super::super::{Weight, oauth::Session};
use crate::outbound::Call;

/// Where it goes.
const UPLOAD: &str = "/upload/youtube/v3/thumbnails/set";

/// Puts a poster to a video.
///
/// # Errors
/// An outcome that says why not.
pub async fn set(session: &mut Session<'_>, id: &str, jpeg: &Blob) -> Result<(), Outcome> {
    let to = session.server.at(UPLOAD).with("videoId", id).with("uploadType", "media");
    session.ask(Weight::Safe, Call::post(to).blob(jpeg.clone(), "image/jpeg")).await.map(|_| ())
}
