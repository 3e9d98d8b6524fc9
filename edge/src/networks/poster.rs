//! The poster of a video on its way to a network that takes it by a call of its own. A step by itself: before the call that shows
//! the video, so that readers see no other first; and whatever comes of it, the post goes out. What came of it is written down
//! with what is being prepared, so that whoever goes on does not do it again, and then with the receipt, where a person reads it.
//!
//! Putting it there a second time puts the same one there: a lost answer is no trouble, and is asked for once more.

use domain::{
    Poster, RenderedVideo,
    delivery::{Container, FailureKind, Outcome, short},
    poster::Given,
};
use web_sys::Blob;

use super::{Errand, containers::keep, picture};

/// What it spends: reading it, sending it twice, and keeping what came of it.
const SPENDS: u32 = 4;

/// What it spends once more.
const AGAIN: u32 = 12;

/// The poster that the network is given with a video, if it takes one.
fn of<'a>(errand: &Errand<'_>, video: &'a RenderedVideo) -> Option<&'a Poster> {
    video.poster.as_ref().filter(|poster| poster.is_kept(errand.network))
}

/// What is spent on it of an invocation. Nothing is read for it.
pub fn spend(errand: &Errand<'_>) -> u32 {
    errand.rendition.video.as_ref().and_then(|video| of(errand, video)).map_or(0, |_| SPENDS)
}

/// What has to have come of it for the network to have all that was agreed to.
pub fn wished(errand: &Errand<'_>) -> Option<Given> {
    errand.rendition.video.as_ref().and_then(|video| of(errand, video)).map(|_| Given::Kept)
}

/// Gives it, unless an earlier try did or was told no.
///
/// # Errors
/// `NotSent` if what came of it cannot be kept: then it is done again.
pub async fn give(
    errand: &Errand<'_>,
    video: &RenderedVideo,
    container: &mut Container,
    send: impl AsyncFnMut(&Blob) -> Result<(), Outcome>,
) -> Result<(), Outcome> {
    if container.poster.is_some() {
        return Ok(());
    }
    let Some(given) = tried(errand, video, send).await else { return Ok(()) };
    container.poster = Some(given);
    keep(errand, Some(container)).await
}

/// Gives it, and says what came of it; nothing where there is none.
pub async fn tried(
    errand: &Errand<'_>,
    video: &RenderedVideo,
    mut send: impl AsyncFnMut(&Blob) -> Result<(), Outcome>,
) -> Option<Given> {
    let poster = of(errand, video)?;
    let blob = match picture::poster(errand, poster).await {
        Ok(blob) => blob,
        Err(outcome) => return Some(missed(outcome)),
    };
    let mut came = send(&blob).await;
    if matches!(came, Err(Outcome::NotSent { .. } | Outcome::NoAnswer { .. })) && errand.app.ledger().affords(AGAIN) {
        came = send(&blob).await;
    }
    Some(came.map_or_else(missed, |()| Given::Kept))
}

fn missed(outcome: Outcome) -> Given {
    let forbidden = matches!(outcome, Outcome::Refused { kind: FailureKind::Forbidden, .. });
    let message = match outcome {
        Outcome::NotSent { message }
        | Outcome::Preparing { message }
        | Outcome::Throttled { message, .. }
        | Outcome::NoAnswer { message, .. }
        | Outcome::Unauthorised { message, .. }
        | Outcome::Refused { message, .. } => message,
        Outcome::Accepted(_) | Outcome::Handed => String::new(),
    };
    Given::Missed { forbidden, message: short(&message) }
}

/// What is out, as a fingerprint, with that of the poster behind a plus, if the network has it.
pub fn revision(rest: String, video: &RenderedVideo, given: Option<&Given>) -> String {
    match video.poster.as_ref().filter(|_| given == Some(&Given::Kept)) {
        Some(poster) => [&rest, "+", poster.hash.get(..16).unwrap_or_default()].concat(),
        None => rest,
    }
}

/// The fingerprint without that of the poster, and that of the poster.
pub fn parted(revision: &str) -> (&str, Option<&str>) {
    match revision.split_once('+') {
        Some((rest, poster)) => (rest, Some(poster)),
        None => (revision, None),
    }
}

#[cfg(test)]
mod tests {
    use domain::{MediaId, video::VideoType};

    use super::*;
    use crate::networks::captions;

    #[test]
    fn what_is_out_without_a_poster_keeps_its_fingerprint() {
        let media = MediaId::from_bits(1);
        let poster = Poster { media: media.clone(), hash: "b".repeat(64), bytes: 1, width: 1, height: 1, at: None };
        let video = RenderedVideo {
            media,
            hash: "a".repeat(64),
            mime: VideoType::Mp4,
            bytes: 1,
            width: 1,
            height: 1,
            millis: 1,
            alt: String::new(),
            captions: Some("said".to_owned()),
            poster: Some(poster),
        };
        let rest = captions::revision("f", &video);
        let missed = Given::Missed { forbidden: true, message: String::new() };
        let of = |given| revision(rest.clone(), &video, given);
        assert_eq!((of(None), of(Some(&missed))), (rest.clone(), rest.clone()), "what is not there is tried again");
        let kept = of(Some(&Given::Kept));
        assert_eq!(parted(&kept), (&*rest, Some("bbbbbbbbbbbbbbbb")));
        assert_eq!((parted("f"), captions::film_of(&kept), captions::film_of("f+b")), (("f", None), "f", "f"));
    }

    #[test]
    fn a_no_is_told_with_its_words_and_a_silence_with_ours() {
        let no = Outcome::Refused { kind: FailureKind::Forbidden, message: "verify".to_owned(), status: 403 };
        assert_eq!(missed(no), Given::Missed { forbidden: true, message: "verify".to_owned() });
        let silence = Outcome::NoAnswer { message: "hung up".to_owned(), status: None };
        assert_eq!(missed(silence), Given::Missed { forbidden: false, message: "hung up".to_owned() });
    }
}
