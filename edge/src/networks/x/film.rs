//! A video on its way to X, in pieces, over as many invocations as they take. Nobody sees it before the post that names it: what
//! a lost answer leaves in doubt is sent again, under the same number. How far it is is kept with the act.

use domain::{
    Millis, RenderedVideo,
    delivery::{Container, FailureKind, Outcome, Sent},
    json,
};
use serde_json::Value;

use super::DOOR;
use crate::{
    networks::{
        Errand, Weight,
        containers::{again, keep, preparing},
        film,
        oauth::{Session, is_number},
    },
    outbound::{Answer, Call},
    pause::Pause,
    videos::{Outgoing, Source},
};

/// The bytes of a piece: X takes at most 5 MB (its reference of APPEND), and four of these are a part of the bucket, so that each
/// is read with one call.
const PIECE: u64 = 4 * 1024 * 1024;

/// What a piece spends: reading it, sending it, and renewing the access on the way.
const OF_A_PIECE: u32 = 5;

/// What the rest of an invocation spends once all pieces are there: saying so, how it is, keeping it, the post, and writing down
/// what came of it.
const AFTERWARDS: u32 = 17;

/// How long is waited for X's work within an invocation: what it asks for, if that is not longer.
const PATIENCE: Millis = Millis::seconds(5);

/// How often it is asked within an invocation.
const LOOKS: u32 = 3;

/// Uploads a video, or goes on where an earlier invocation stopped; answers its identity once it can be posted.
pub async fn upload(errand: &Errand<'_>, session: &mut Session<'_>, video: &RenderedVideo) -> Result<String, Outcome> {
    let of = errand.rendition.hash();
    let kept = errand.container.filter(|kept| kept.of == of && kept.whole.is_some() && kept.sent.is_some()).cloned();
    let is_resumed = kept.is_some();
    let mut container = match kept {
        Some(kept) => kept,
        None => begin(errand, session, video, of).await?,
    };
    go_on(errand, session, video, &mut container, is_resumed).await
}

/// What an earlier invocation began may be too old, and X says only that it does not take it.
async fn unless_old<T>(errand: &Errand<'_>, is_resumed: bool, came: Result<T, Outcome>) -> Result<T, Outcome> {
    match came {
        Err(Outcome::Refused { kind, message, .. }) if is_resumed && kind != FailureKind::Forbidden => {
            again(errand, message).await
        }
        came => came,
    }
}

async fn begin(
    errand: &Errand<'_>,
    session: &mut Session<'_>,
    video: &RenderedVideo,
    of: String,
) -> Result<Container, Outcome> {
    let order = json!({
        "media_type": video.mime.mime(), "media_category": "tweet_video", "total_bytes": video.bytes,
    });
    let call = Call::post(session.server.at("/2/media/upload/initialize")).json(&order);
    let begun = session.ask(Weight::Safe, call).await?;
    let id = begun["data"]["id"].as_str().filter(|id| is_number(id)).ok_or_else(not_of_the_interface)?.to_owned();
    let sent = Some(Sent { bytes: 0, is_all: false });
    let container = Container { whole: Some(id), sent, ..Container::begun(errand.app.now(), of) };
    keep(errand, Some(&container)).await?;
    Ok(container)
}

async fn go_on(
    errand: &Errand<'_>,
    session: &mut Session<'_>,
    video: &RenderedVideo,
    container: &mut Container,
    is_resumed: bool,
) -> Result<String, Outcome> {
    let id = container.whole.clone().ok_or_else(not_of_the_interface)?;
    let mut sent = container.sent.unwrap_or(Sent { bytes: 0, is_all: false });
    let began = sent.bytes;
    if began < u64::from(video.bytes) {
        let came = send(errand, session, video, &id, &mut sent).await;
        if sent.bytes > began {
            container.sent = Some(sent);
            keep(errand, Some(container)).await?;
        }
        unless_old(errand, is_resumed, came).await?;
    }
    let mut said = Value::Null;
    if !sent.is_all {
        // Whoever said that it is all may not have heard the answer.
        if is_resumed && began == u64::from(video.bytes) {
            let looked = look(session, &id).await;
            said = unless_old(errand, is_resumed, looked).await?;
        }
        if state(&said).is_none() {
            let address = session.server.at(&format!("/2/media/upload/{id}/finalize"));
            let told = session.ask(Weight::Safe, Call::post(address)).await;
            said = unless_old(errand, is_resumed, told).await?;
        }
        container.sent = Some(Sent { is_all: true, ..sent });
        keep(errand, Some(container)).await?;
        if state(&said).is_none() {
            return Ok(id);
        }
    } else {
        let looked = look(session, &id).await;
        said = unless_old(errand, is_resumed, looked).await?;
    }
    for _ in 0..LOOKS {
        match state(&said) {
            // Where nothing is to be worked on, nothing is said of it.
            Some("succeeded") | None => return Ok(id),
            Some("failed") => {
                keep(errand, None).await?;
                return Err(failed(&said));
            }
            Some("pending" | "in_progress") => {}
            Some(_) => return Err(not_of_the_interface()),
        }
        let seconds = said["data"]["processing_info"]["check_after_secs"].as_i64().unwrap_or(1).max(1);
        if Millis::seconds(seconds) > PATIENCE || !errand.app.ledger().affords(AFTERWARDS - 4) {
            break;
        }
        Pause::of(Millis::seconds(seconds)).await;
        said = look(session, &id).await?;
    }
    match state(&said) {
        Some("succeeded") => Ok(id),
        _ => Err(preparing("X is still working on the video")),
    }
}

/// Sends the pieces that X does not have, as many as fit this invocation.
async fn send(
    errand: &Errand<'_>,
    session: &mut Session<'_>,
    video: &RenderedVideo,
    id: &str,
    sent: &mut Sent,
) -> Result<(), Outcome> {
    let source = film::source(errand, video).await?;
    let total = source.bytes();
    while sent.bytes < total {
        if !errand.app.ledger().affords(OF_A_PIECE + AFTERWARDS) {
            return Err(preparing("the rest of the video does not fit this invocation"));
        }
        let until = total.min(sent.bytes + PIECE);
        let answer = append(errand, session, id, piece(&source, sent.bytes, until)).await?;
        if !answer.is_success() {
            return Err((DOOR.outcome)(Weight::Safe, &answer));
        }
        sent.bytes = until;
    }
    Ok(())
}

fn piece(source: &Source, from: u64, until: u64) -> (u64, Outgoing) {
    (from / PIECE, Outgoing { range: from..until, ..film::bare(source.clone()) })
}

async fn append(
    errand: &Errand<'_>,
    session: &mut Session<'_>,
    id: &str,
    (number, stretch): (u64, Outgoing),
) -> Result<Answer, Outcome> {
    let number = number.to_string();
    let fields = [("segment_index", number.as_str())];
    let (outgoing, mime) = film::around(stretch, &errand.app.secret(), &fields, ("media", "application/octet-stream"));
    let address = session.server.at(&format!("/2/media/upload/{id}/append"));
    session.call(Weight::Safe, Call::post(address).video(outgoing, mime)).await
}

async fn look(session: &mut Session<'_>, id: &str) -> Result<Value, Outcome> {
    let address = session.server.at("/2/media/upload").with("command", "STATUS").with("media_id", id);
    session.ask(Weight::Safe, Call::get(address)).await
}

fn state(said: &Value) -> Option<&str> {
    said["data"]["processing_info"]["state"].as_str()
}

/// X's description has no words for why; its guide has (`error.message`).
fn failed(said: &Value) -> Outcome {
    let why = said["data"]["processing_info"]["error"]["message"].as_str();
    let message = why.map_or_else(|| "X could not work on the video".to_owned(), domain::delivery::short);
    Outcome::Refused { kind: FailureKind::ContentRefused, message, status: 400 }
}

fn not_of_the_interface() -> Outcome {
    Outcome::NotSent { message: "the answer is not of this network's interface".to_owned() }
}

#[cfg(test)]
mod tests {
    use domain::{MediaId, OrganisationId, video};

    use super::*;

    #[test]
    fn pieces_follow_each_other_and_never_cross_a_part_of_the_bucket() {
        let (org, media) = (OrganisationId::from_bits(1), MediaId::from_bits(2));
        let part = |place, bytes| video::Part { place, hash: format!("{place:064x}"), bytes };
        let source = Source { org, media, parts: vec![part(0, video::PART), part(1, 5)] };
        let total = source.bytes();
        let mut seen = Vec::new();
        let mut from = 0;
        while from < total {
            let until = total.min(from + PIECE);
            let (number, outgoing) = piece(&source, from, until);
            seen.push((number, outgoing.range));
            from = until;
        }
        let [first, .., last] = &seen[..] else { panic!("{seen:?}") };
        assert_eq!((seen.len(), first, last), (5, &(0, 0..PIECE), &(4, 4 * PIECE..4 * PIECE + 5)));
        assert_eq!(u64::from(video::PART) % PIECE, 0);
        assert!(PIECE <= 5_000_000 && u64::from(video::MOST_BYTES).div_ceil(PIECE) <= 1_000);
    }

    #[test]
    fn why_x_could_not_work_on_it_is_told_where_it_says_so() {
        let error = json!({ "code": 3, "message": "Unsupported video" });
        let info = json!({ "state": "failed", "error": error });
        let data = json!({ "processing_info": info });
        let said = json!({ "data": data });
        assert_eq!(state(&said), Some("failed"));
        let Outcome::Refused { message, .. } = failed(&said) else { panic!() };
        assert_eq!(message, "Unsupported video");
        let Outcome::Refused { message, .. } = failed(&Value::Null) else { panic!() };
        assert!(message.contains("could not work on the video"));
    }
}
