//! Captions at X: uploaded as media of their own, then put to the video that the post will name. Separate from the video's pieces:
//! this is done once it is ready and before the post is made, so nobody sees it without, and what is done again is seen by nobody.

use domain::{RenderedVideo, delivery::Outcome, json};
use words::language_endonym;

use crate::{
    networks::{
        Errand, Weight, captions,
        containers::preparing,
        oauth::{Session, is_number},
    },
    outbound::Call,
};

/// What is spent from here on: reading them, two calls, the post, renewing the access on the way, and writing down what came of it.
const AFTERWARDS: u32 = 14;

/// Gives a video that is ready its captions.
///
/// # Errors
/// An outcome that ends the errand.
pub async fn give(
    errand: &Errand<'_>,
    session: &mut Session<'_>,
    video: &RenderedVideo,
    id: &str,
) -> Result<(), Outcome> {
    // The video is there, and the next invocation finds it so.
    let needed = captions::spend(errand, AFTERWARDS);
    if needed > 0 && !errand.app.ledger().affords(needed) {
        return Err(preparing("the captions do not fit this invocation"));
    }
    let Some(given) = captions::given(errand, video).await? else { return Ok(()) };
    let file = ("media", "captions.srt", "text/srt");
    let fields = [("media_category", "subtitles")];
    let (form, mime) = captions::in_a_form(&errand.app.secret(), &fields, file, &given.track.srt());
    let taken = session.ask(Weight::Safe, Call::post(session.server.at("/2/media/upload")).text(form, mime)).await?;
    let words = taken["data"]["id"].as_str().filter(|id| is_number(id)).ok_or_else(not_of_the_interface)?;
    let name = language_endonym(&errand.rendition.language);
    let track = json!({ "id": words, "language_code": given.called, "display_name": name });
    let order = json!({ "id": id, "media_category": "TweetVideo", "subtitles": track });
    session.ask(Weight::Safe, Call::post(session.server.at("/2/media/subtitles")).json(&order)).await?;
    Ok(())
}

fn not_of_the_interface() -> Outcome {
    Outcome::NotSent { message: "the answer is not of this network's interface".to_owned() }
}
