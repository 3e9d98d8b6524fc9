//! The document of a post at LinkedIn: announced, sent as a stream to the address that is given for it, and asked for until it can
//! be shown. Separate from the pictures, of which there may be many; nobody sees either before the post.

use domain::{
    Millis, RenderedDocument,
    delivery::{Container, FailureKind, Outcome},
    document::MIME,
    json,
};
use worker::Method;

use super::{ARRIVES, Errand, Session, Weight, afterwards, again, call, escaped, get, keep, outcome, posts, preparing};
use crate::{
    networks::{containers::WAITS, paper},
    outbound::{Address, Call},
    pause::Pause,
};

/// What the network calls the document, once it can be shown. Goes on where an earlier try stopped.
pub(super) async fn ready(
    errand: &Errand<'_>,
    session: &mut Session<'_>,
    document: &RenderedDocument,
) -> Result<String, Outcome> {
    let of = errand.rendition.hash();
    let kept = errand.container.filter(|kept| kept.of == of && !kept.children.is_empty()).cloned();
    let container = match kept {
        Some(kept) => kept,
        None => {
            let child = upload(errand, session, document).await?;
            let container = Container { children: vec![child], ..Container::begun(errand.app.now(), of) };
            keep(errand, Some(&container)).await?;
            container
        }
    };
    until_ready(errand, session, &container).await
}

async fn upload(
    errand: &Errand<'_>,
    session: &mut Session<'_>,
    document: &RenderedDocument,
) -> Result<String, Outcome> {
    let source = paper::find(errand, document, afterwards(errand)).await?;
    let wanted = json!({ "initializeUploadRequest": json!({ "owner": posts::organisation(&session.account) }) });
    let to = session.server.at("/rest/documents?action=initializeUpload");
    let said = session.ask(Weight::Safe, call(Method::Post, to).json(&wanted)).await?;
    let strange = || Outcome::NotSent { message: posts::STRANGE.to_owned() };
    let id = said["value"]["document"].as_str().filter(|id| posts::of_document(id)).ok_or_else(strange)?.to_owned();
    let to = Address::parse(said["value"]["uploadUrl"].as_str().unwrap_or_default()).map_err(|_| strange())?;
    // Our access goes with it, so it goes to nobody else.
    if !posts::is_theirs(&to.host()) && to.origin() != session.server.origin() {
        return Err(strange());
    }
    let put = Call::new(Method::Put, to).video(crate::networks::film::bare(source), MIME);
    let answer = session.call(Weight::Safe, put).await?;
    if answer.is_success() { Ok(id) } else { Err(outcome(Weight::Safe, &answer)) }
}

/// Waits until the document can be shown, as long as an invocation may.
async fn until_ready(errand: &Errand<'_>, session: &mut Session<'_>, container: &Container) -> Result<String, Outcome> {
    let id = container.children.first().cloned().unwrap_or_default();
    let is_old = errand.app.now() > container.made.plus(ARRIVES);
    let one = session.server.at(&["/rest/documents/", &escaped(&id)].concat());
    for wait in WAITS {
        if wait > Millis(0) {
            Pause::of(wait).await;
        }
        let answer = session.call(Weight::Safe, get(one.clone())).await?;
        if answer.status == 404 {
            return again(errand, "the document did not stay".to_owned()).await;
        }
        match session.taken(Weight::Safe, &answer)?["status"].as_str().unwrap_or_default() {
            "AVAILABLE" => return Ok(id),
            "PROCESSING_FAILED" => {
                keep(errand, None).await?;
                let message = "the document could not be taken in".to_owned();
                return Err(Outcome::Refused { kind: FailureKind::ContentRefused, message, status: 200 });
            }
            // Its bytes never came: they go up again.
            "WAITING_UPLOAD" if is_old => return again(errand, "the document did not stay".to_owned()).await,
            _ => {}
        }
    }
    Err(preparing("the network is still preparing the document"))
}
