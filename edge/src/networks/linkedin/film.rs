//! A video on its way to LinkedIn, in pieces, over as many invocations as they take (its Videos API, read 2026-11-23). It is
//! announced, and LinkedIn says which bytes go to which address; it is told which pieces came, by the tag of each; it works on it;
//! then a post may name it. Nobody sees it before: what a lost answer leaves in doubt is sent again to the same address.
//!
//! How far it is is kept with the act: `whole` is LinkedIn's name of it, the first of `children` what was said of where the
//! pieces go, sealed, for whoever has these addresses may write the video; behind it the tags of the pieces that came.

use domain::{
    Millis, RenderedVideo,
    delivery::{Container, FailureKind, Outcome, Sent, short},
    json,
};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use worker::Method;

use super::{call, escaped, get, mentions, posts};
use crate::{
    networks::{
        Errand, Weight,
        containers::{WAITS, again, keep, preparing},
        film,
        oauth::Session,
        unavailable,
    },
    outbound::{self, Address, Call},
    pause::Pause,
    vault::{self, Sealed, Secret},
    videos::{Outgoing, Source},
};

/// What a piece spends: sending it, and reading it, from two parts of the bucket if LinkedIn cuts otherwise than in 4 MB.
const OF_A_PIECE: u32 = 3;

/// What the rest of an invocation spends once all pieces are there: saying so, how it is, keeping it, the post, and writing down
/// what came of it. Whoever is mentioned is looked up on top of that.
const AFTERWARDS: u32 = 20;

/// The most pieces: of the longest video that is kept, in 4 MB (LinkedIn's guide), and room for smaller ones.
const MOST_PIECES: usize = 300;

/// By then it has begun to work on it, if it ever does.
const ARRIVES: Millis = Millis::minutes(10);

/// Where the pieces go.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Instructions {
    /// What is given back when they are all there. It may be empty.
    token: String,
    pieces: Vec<Piece>,
}

/// Which bytes go to an address. The last one is beyond them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Piece {
    from: u64,
    until: u64,
    address: String,
}

impl Instructions {
    /// What LinkedIn says, if the pieces follow each other and are all of the video.
    fn read(said: &Value, total: u64) -> Option<Self> {
        let pieces: Option<Vec<Piece>> = said["uploadInstructions"].as_array()?.iter().map(piece).collect();
        let pieces = pieces?;
        let mut next = 0;
        for piece in &pieces {
            if piece.from != next || piece.until <= piece.from {
                return None;
            }
            next = piece.until;
        }
        let token = said["uploadToken"].as_str().unwrap_or_default().to_owned();
        (next == total && pieces.len() <= MOST_PIECES).then_some(Self { token, pieces })
    }

    fn sealed(&self, errand: &Errand<'_>) -> Result<String, Outcome> {
        let secret = Secret::new(json!(self).to_string());
        let sealed = vault::seal_for(errand.app, errand.act.as_str(), &secret).map_err(unavailable)?;
        Ok(json!(sealed).to_string())
    }

    /// What was kept; `None` if it does not open any more.
    fn open(errand: &Errand<'_>, container: &Container) -> Option<Self> {
        let sealed: Sealed = crate::tree::read(container.children.first()?).ok()?;
        let secret = vault::open_for(errand.app, errand.act.as_str(), &sealed).ok()?;
        crate::tree::read(secret.reveal()).ok()
    }
}

fn piece(said: &Value) -> Option<Piece> {
    let (from, last) = (said["firstByte"].as_u64()?, said["lastByte"].as_u64()?);
    Some(Piece { from, until: last.checked_add(1)?, address: said["uploadUrl"].as_str()?.to_owned() })
}

/// Uploads a video, or goes on where an earlier invocation stopped; answers its name once it can be posted.
///
/// # Errors
/// An outcome that ends the errand.
pub async fn upload(errand: &Errand<'_>, session: &mut Session<'_>, video: &RenderedVideo) -> Result<String, Outcome> {
    let of = errand.rendition.hash();
    let kept = errand.container.filter(|kept| kept.of == of && kept.whole.is_some() && kept.sent.is_some()).cloned();
    let opened = kept.and_then(|kept| Some((Instructions::open(errand, &kept)?, kept)));
    let is_resumed = opened.is_some();
    let (instructions, mut container) = match opened {
        Some(opened) => opened,
        None => begin(errand, session, video, of).await?,
    };
    let id = container.whole.clone().ok_or_else(strange)?;
    let came = container.children.len();
    let mut is_told = container.sent.is_some_and(|sent| sent.is_all);
    if !is_told {
        let sent = send(errand, session, video, &instructions, &mut container).await;
        // What was forgotten meanwhile stays so.
        if container.whole.is_some() && container.children.len() > came {
            keep(errand, Some(&container)).await?;
        }
        sent?;
        // Whoever said that these are all may not have heard the answer.
        if is_resumed && came > instructions.pieces.len() {
            let said = look(session, &id).await?;
            is_told = said.as_ref().is_some_and(|said| said["status"] != "WAITING_UPLOAD");
        }
        if !is_told {
            finalize(errand, session, &id, &instructions, &container).await?;
        }
        container.sent = container.sent.map(|sent| Sent { is_all: true, ..sent });
        keep(errand, Some(&container)).await?;
    }
    until_ready(errand, session, &container, &id).await?;
    Ok(id)
}

/// Announces it.
async fn begin(
    errand: &Errand<'_>,
    session: &mut Session<'_>,
    video: &RenderedVideo,
    of: String,
) -> Result<(Instructions, Container), Outcome> {
    // LinkedIn takes captions too, by another address that is asked for here: they are not sent yet (`video::takes`).
    let wanted = json!({
        "owner": posts::organisation(&session.account), "fileSizeBytes": video.bytes,
        "uploadCaptions": false, "uploadThumbnail": false,
    });
    let to = session.server.at("/rest/videos?action=initializeUpload");
    let order = call(Method::Post, to).json(&json!({ "initializeUploadRequest": wanted }));
    let said = session.ask(Weight::Safe, order).await?;
    let id = said["value"]["video"].as_str().filter(|id| posts::of_video(id)).ok_or_else(strange)?.to_owned();
    let instructions = Instructions::read(&said["value"], video.bytes.into()).ok_or_else(strange)?;
    let container = Container {
        children: vec![instructions.sealed(errand)?],
        whole: Some(id),
        sent: Some(Sent { bytes: 0, is_all: false }),
        ..Container::begun(errand.app.now(), of)
    };
    keep(errand, Some(&container)).await?;
    Ok((instructions, container))
}

/// Sends the pieces that did not come yet, as many as fit this invocation. Where their addresses are too old, all of it is forgotten,
/// and `container` is of nothing any more.
async fn send(
    errand: &Errand<'_>,
    session: &Session<'_>,
    video: &RenderedVideo,
    instructions: &Instructions,
    container: &mut Container,
) -> Result<(), Outcome> {
    let there = container.children.len() - 1;
    if there >= instructions.pieces.len() {
        return Ok(());
    }
    let source = film::source(errand, video).await?;
    for piece in instructions.pieces.iter().skip(there) {
        if !errand.app.ledger().affords(OF_A_PIECE + AFTERWARDS + mentions::spend(errand)) {
            return Err(preparing("the rest of the video does not fit this invocation"));
        }
        let Some(tag) = put(errand, session, &source, piece).await? else {
            container.whole = None;
            return again(errand, "what was announced is no longer taken".to_owned()).await;
        };
        container.children.push(tag);
        container.sent = Some(Sent { bytes: piece.until, is_all: false });
    }
    Ok(())
}

/// Sends a piece; answers its tag, or nothing if its address is too old. The address alone lets one in, so our access does not go
/// with it.
async fn put(
    errand: &Errand<'_>,
    session: &Session<'_>,
    source: &Source,
    piece: &Piece,
) -> Result<Option<String>, Outcome> {
    let to = Address::parse(&piece.address).map_err(|_| strange())?;
    if !posts::is_theirs(&to.host()) && to.origin() != session.server.origin() {
        return Err(strange());
    }
    let outgoing = Outgoing { range: piece.from..piece.until, ..film::bare(source.clone()) };
    let sent = Call::new(Method::Put, to).video(outgoing, "application/octet-stream");
    let sent = sent.hiding(&Secret::new(&*piece.address));
    let answer = outbound::send(errand.app, sent).await.map_err(|trouble| Weight::Safe.of_trouble(trouble))?;
    match answer.status {
        200..=299 => answer.header("etag").filter(|tag| is_tag(tag)).ok_or_else(strange).map(Some),
        429 | 500..=599 => Err(Outcome::NotSent { message: "a piece of the video was not taken".to_owned() }),
        // An address that is too old says no, each in its own way.
        _ => Ok(None),
    }
}

/// Whether a text is one that is given back in a list of them.
fn is_tag(tag: &str) -> bool {
    (1..=200).contains(&tag.len()) && tag.bytes().all(|byte| byte.is_ascii_graphic())
}

/// Says that these are all of them.
async fn finalize(
    errand: &Errand<'_>,
    session: &mut Session<'_>,
    id: &str,
    instructions: &Instructions,
    container: &Container,
) -> Result<(), Outcome> {
    let tags = container.children.get(1..).unwrap_or_default();
    let wanted = json!({ "video": id, "uploadToken": instructions.token, "uploadedPartIds": tags });
    let to = session.server.at("/rest/videos?action=finalizeUpload");
    let answer =
        session.call(Weight::Safe, call(Method::Post, to).json(&json!({ "finalizeUploadRequest": wanted }))).await?;
    match answer.status {
        200..=299 => Ok(()),
        400 | 404 | 410 | 422 => again(errand, answer.words()).await,
        _ => Err(super::outcome(Weight::Safe, &answer)),
    }
}

/// How it is; `None` if it is known no more.
async fn look(session: &mut Session<'_>, id: &str) -> Result<Option<Value>, Outcome> {
    let address = session.server.at(&["/rest/videos/", &escaped(id)].concat());
    let answer = session.call(Weight::Safe, get(address)).await?;
    if answer.status == 404 { Ok(None) } else { session.taken(Weight::Safe, &answer).map(Some) }
}

/// Waits until it can be posted, as long as an invocation may.
async fn until_ready(
    errand: &Errand<'_>,
    session: &mut Session<'_>,
    container: &Container,
    id: &str,
) -> Result<(), Outcome> {
    let is_old = errand.app.now() > container.made.plus(ARRIVES);
    for wait in WAITS {
        if wait > Millis(0) {
            Pause::of(wait).await;
        }
        let Some(said) = look(session, id).await? else {
            return again(errand, "what was sent is no longer there".to_owned()).await;
        };
        match said["status"].as_str().unwrap_or_default() {
            "AVAILABLE" => return Ok(()),
            "PROCESSING_FAILED" => {
                keep(errand, None).await?;
                return Err(failed(&said));
            }
            "WAITING_UPLOAD" if is_old => return again(errand, "the video did not stay".to_owned()).await,
            "PROCESSING" | "WAITING_UPLOAD"
                if errand.app.ledger().affords(AFTERWARDS - 4 + mentions::spend(errand)) => {}
            "PROCESSING" | "WAITING_UPLOAD" => break,
            _ => return Err(strange()),
        }
    }
    Err(preparing("LinkedIn is still working on the video"))
}

fn failed(said: &Value) -> Outcome {
    let why = said["processingFailureReason"].as_str().filter(|why| !why.trim().is_empty());
    let message = why.map_or_else(|| "LinkedIn could not work on the video".to_owned(), short);
    Outcome::Refused { kind: FailureKind::ContentRefused, message, status: 200 }
}

fn strange() -> Outcome {
    Outcome::NotSent { message: posts::STRANGE.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(pieces: &[(u64, u64)]) -> Value {
        let piece = |(first, last): &(u64, u64)| json!({ "uploadUrl": "https://www.linkedin.com/dms-uploads/a", "firstByte": first, "lastByte": last });
        let pieces: Vec<Value> = pieces.iter().map(piece).collect();
        json!({ "uploadToken": "", "uploadInstructions": pieces })
    }

    #[test]
    fn pieces_follow_each_other_and_are_all_of_it() {
        let read = |pieces: &[(u64, u64)], total| Instructions::read(&said(pieces), total);
        let two = read(&[(0, 4_194_303), (4_194_304, 5_000_000)], 5_000_001).unwrap();
        assert_eq!((two.pieces[0].until, two.pieces[1].from, two.pieces[1].until), (4_194_304, 4_194_304, 5_000_001));
        for (pieces, total) in [
            (&[(0, 9), (11, 19)][..], 20),
            (&[(0, 9), (9, 19)], 20),
            (&[(0, 9)], 20),
            (&[(0, 19)], 10),
            (&[(1, 9)], 10),
            (&[(0, u64::MAX)], 10),
            (&[], 10),
        ] {
            assert_eq!(read(pieces, total), None, "{pieces:?}");
        }
        assert_eq!(Instructions::read(&json!({ "uploadInstructions": "all" }), 1), None);
    }

    #[test]
    fn a_tag_is_a_word() {
        assert!(is_tag("\"/ambry-video/signedId/AQKK\"") && !is_tag("") && !is_tag("a b") && !is_tag("a\nb"));
    }

    #[test]
    fn why_it_could_not_be_worked_on_is_told_where_linkedin_says_so() {
        let Outcome::Refused { message, .. } = failed(&json!({ "processingFailureReason": "Codec" })) else { panic!() };
        assert_eq!(message, "Codec");
        let Outcome::Refused { message, .. } = failed(&Value::Null) else { panic!() };
        assert!(message.contains("could not work on the video"));
    }
}
