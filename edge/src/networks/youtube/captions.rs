//! Captions of a video at YouTube (`captions`, discovery document of 2026-11-04). Separate because they are resources of their own:
//! given while nobody sees the video yet, found again by their language, and replaced where they stand.
//!
//! What they cost of a day's 10,000 units: 50 to list, 400 to insert, 450 to update (networks.md §12, 2026-11-23). A day that is
//! spent is waited for, as with everything else here: the video is not shown without what was agreed to.

use domain::{
    RenderedVideo,
    captions::Track,
    delivery::{FailureKind, Outcome},
    json,
};
use serde_json::Value;
use worker::Method;

use super::{
    super::{Errand, Weight, captions, oauth::Session},
    at, video,
};
use crate::outbound::Call;

/// Where the words go.
const UPLOAD: &str = "/upload/youtube/v3/captions";

/// Sees to it that a video has the captions of the rendition. `replaced`: those that stand there are others, or are to go.
///
/// # Errors
/// An outcome that ends the errand. Nothing here is doubled by being done again.
pub async fn see_to(
    errand: &Errand<'_>,
    session: &mut Session<'_>,
    (film, id): (&RenderedVideo, &str),
    replaced: bool,
) -> Result<(), Outcome> {
    let given = captions::given(errand, film).await?;
    if given.is_none() && !replaced {
        return Ok(());
    }
    let language = errand.rendition.language.as_str();
    let there = standing(session, id, language).await?;
    match (given, there) {
        (None, None) => Ok(()),
        (None, Some((track, _))) => {
            let call = Call::new(Method::Delete, at(session, "/captions").with("id", &track));
            super::removed(Weight::Safe, &session.call(Weight::Safe, call).await?)
        }
        // An earlier try gave them, and its answer was lost.
        (Some(_), Some((_, false))) if !replaced => Ok(()),
        (Some(given), Some((track, _))) => {
            let snippet = json!({ "isDraft": false });
            let said = json!({ "id": track, "snippet": snippet });
            send(errand, session, Method::Put, (&said, &given.track)).await
        }
        (Some(given), None) => {
            // Without a name, players show that of the language.
            let snippet = json!({ "videoId": id, "language": given.called, "name": "", "isDraft": false });
            let said = json!({ "snippet": snippet });
            send(errand, session, Method::Post, (&said, &given.track)).await
        }
    }
}

/// Those that somebody wrote in a language, and whether they could not be taken in: what YouTube heard by itself is not ours to
/// replace.
async fn standing(session: &mut Session<'_>, id: &str, language: &str) -> Result<Option<(String, bool)>, Outcome> {
    let list = at(session, "/captions").with("part", "snippet").with("videoId", id);
    let said = session.ask(Weight::Safe, Call::get(list)).await?;
    let Some(items) = said["items"].as_array() else {
        return Err(Outcome::NotSent { message: video::STRANGE.to_owned() });
    };
    let ours = items.iter().find(|one| is_written(&one["snippet"], language));
    Ok(ours.and_then(|one| Some((one["id"].as_str()?.to_owned(), one["snippet"]["status"] == "failed"))))
}

fn is_written(snippet: &Value, language: &str) -> bool {
    let same = snippet["language"].as_str().is_some_and(|there| there.eq_ignore_ascii_case(language));
    same && snippet["trackKind"] != "ASR"
}

/// Sends what is said of them and the words, in two parts.
async fn send(
    errand: &Errand<'_>,
    session: &mut Session<'_>,
    method: Method,
    (said, track): (&Value, &Track),
) -> Result<(), Outcome> {
    let boundary = errand.app.secret();
    let to = session.server.at(UPLOAD).with("uploadType", "multipart").with("part", "snippet");
    let mime = format!("multipart/related; boundary={boundary}");
    let call = Call::new(method, to).text(related(&boundary, said, &track.srt()), mime);
    let answer = session.call(Weight::Safe, call).await?;
    // They stand there although the list did not have them yet: an earlier try gave them.
    if answer.status == 409 && answer.code() == "captionExists" {
        return Ok(());
    }
    let told = session.taken(Weight::Safe, &answer)?;
    match told["snippet"]["failureReason"].as_str() {
        None => Ok(()),
        Some(why) => {
            let message = format!("YouTube could not take the captions in: {why}");
            Err(Outcome::Refused { kind: FailureKind::ContentRefused, message, status: 200 })
        }
    }
}

fn related(boundary: &str, said: &Value, srt: &str) -> String {
    format!(
        "--{boundary}\r\nContent-Type: application/json; charset=UTF-8\r\n\r\n{said}\r\n\
         --{boundary}\r\nContent-Type: application/octet-stream\r\n\r\n{srt}\r\n--{boundary}--"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_youtube_heard_by_itself_is_nobody_s_writing() {
        let of = |kind: &str, language: &str| is_written(&json!({ "trackKind": kind, "language": language }), "es");
        assert!(of("standard", "es") && of("standard", "ES"));
        assert!(!of("ASR", "es") && !of("standard", "ca"));
    }

    #[test]
    fn two_parts_stand_between_boundaries() {
        let whole = related("B", &json!({ "id": "x" }), "1\n");
        assert!(whole.starts_with("--B\r\n") && whole.ends_with("\r\n1\n\r\n--B--"), "{whole}");
        assert_eq!(whole.matches("--B").count(), 3);
    }
}
