//! An account of TikTok (Content Posting API, direct post). What is begun has an identity before anything is seen of it, and is
//! asked by that how it stands: a video is seen once its last byte came, and the bytes go on where they stopped. Pictures are
//! fetched by TikTok itself, so there the one call that begins is the one that counts. What is out can neither be corrected nor
//! taken down by the interface.

mod connect;
mod post;

use domain::{
    Millis, Moment, Network as Name, RenderedVideo, Showing,
    delivery::{Container, Deed, FailureKind, Outcome, Receipt, Sighting},
    errors,
    showing::Audience,
};
use serde_json::Value;
use worker::Method;

use super::{
    Errand, Network, Weight,
    containers::{WAITS, again, doubt, keep, preparing},
    film,
    oauth::{Door, Proof, Says, Session},
    unavailable,
};
use crate::{
    faults,
    outbound::{self, Address, Answer, Call},
    pause::Pause,
    public::pulled,
    vault::{self, Sealed, Secret},
    videos::Outgoing,
};
use post::{Chunks, State};

pub use connect::{check, disconnect, finish};

/// An access lasts two hours (a day, on older pages); what renews it brings the next each time. To know whose account it is, and
/// to publish.
pub static DOOR: Door = Door {
    network: Name::Tiktok,
    name: "tiktok",
    interface: "https://open.tiktokapis.com",
    consent: ["https://www.tiktok.com", "/v2/auth/authorize/"],
    grants: ["https://open.tiktokapis.com", "/v2/oauth/token/"],
    scopes: &["user.info.basic", "video.publish"],
    ahead: Millis::minutes(5),
    proof: Proof::S256,
    says: Says::AmongFields("client_key"),
    between: ",",
    besides: &[],
    is_account: post::is_account,
    outcome,
};

/// What is spent once something was sent: asking how it stands, keeping that, and writing it down.
const AFTERWARDS: u32 = 14;

/// An address to which bytes go holds for an hour.
const HOLDS: Millis = Millis::minutes(55);

/// So long bytes are sent in one invocation: an act is over before its lease is.
const SENDS: Millis = Millis::seconds(25);

/// An account of TikTok.
pub struct Tiktok;

fn outcome(weight: Weight, answer: &Answer) -> Outcome {
    // A no in a success is a no.
    let status = if answer.is_success() { 400 } else { answer.status };
    weight.of_error(Name::Tiktok, (status, &answer.code()), answer.words(), None)
}

/// What is in an answer that says yes: also a success has a code in it.
fn taken(weight: Weight, answer: &Answer) -> Result<Value, Outcome> {
    let code = answer.code();
    if !answer.is_success() || !(code.is_empty() || code == "ok") {
        return Err(outcome(weight, answer));
    }
    let mut body = answer.json().ok_or_else(|| weight.of_nonsense(answer))?;
    Ok(body["data"].take())
}

async fn ask(session: &mut Session<'_>, weight: Weight, path: &str, body: &Value) -> Result<Value, Outcome> {
    let to = session.server.at(&["/v2/post/publish", path].concat());
    let answer = session.call(weight, Call::post(to).json(body)).await?;
    taken(weight, &answer)
}

impl Network for Tiktok {
    async fn create(&self, errand: &Errand<'_>) -> Result<Outcome, Outcome> {
        let rendition = errand.rendition;
        // It was agreed to while a person published here: what the interface wants was never said.
        let Some(said) = rendition.showing.filter(|_| rendition.is_pictured()) else { return Ok(Outcome::Handed) };
        let mut session = Session::of(&DOOR, errand).await?;
        let of = rendition.hash();
        let begun = errand.container.filter(|kept| kept.of == of && !kept.children.is_empty());
        match (&rendition.video, begun) {
            (Some(film), Some(begun)) => go_on(errand, &mut session, film, begun).await,
            (None, Some(begun)) => until_out(errand, &mut session, begun).await,
            (film, None) => {
                let creator = allowed(&mut session, errand, said).await?;
                match film {
                    Some(film) => {
                        let (begun, address) = begin(errand, &mut session, film, &creator).await?;
                        send(errand, &mut session, film, (&begun, &address), 0).await
                    }
                    None => pictures_out(errand, &mut session, said, &creator).await,
                }
            }
        }
    }

    /// The interface has no way: `domain::Network::corrects_itself`.
    async fn edit(&self, _: &Errand<'_>) -> Result<Outcome, Outcome> {
        Ok(Outcome::Handed)
    }
    async fn delete(&self, _: &Errand<'_>) -> Result<Outcome, Outcome> {
        Ok(Outcome::Handed)
    }

    async fn look(&self, errand: &Errand<'_>, deed: Deed) -> Result<Sighting, Outcome> {
        let begun = errand.container.filter(|begun| deed == Deed::Create && !begun.children.is_empty());
        let Some(begun) = begun else {
            // Of a video nothing is seen before its last byte, and none was sent before its identity was kept.
            let is_harmless = deed == Deed::Create && errand.rendition.video.is_some();
            return Ok(if is_harmless { Sighting::NotFound } else { Sighting::ForAPerson });
        };
        let mut session = Session::of(&DOOR, errand).await?;
        Ok(match status(&mut session, &begun.children[0]).await? {
            State::Out(id) => {
                Sighting::Found(Receipt { address: address(errand, begun, id), ..receipt(errand, begun) })
            }
            State::Going(bytes) => match &errand.rendition.video {
                // The rest of its bytes is still to be sent.
                Some(film) if bytes < u64::from(film.bytes) => Sighting::NotFound,
                _ => Sighting::Unclear,
            },
            // The next try says why.
            State::Broken(_) => Sighting::NotFound,
        })
    }
}

/// Whose account it is, if it may publish this now. TikTok wants it asked before each post.
async fn allowed(session: &mut Session<'_>, errand: &Errand<'_>, said: Showing) -> Result<Value, Outcome> {
    let creator = ask(session, Weight::Safe, "/creator_info/query/", &domain::json!({})).await?;
    let refused = |message: String| Outcome::Refused { kind: FailureKind::ContentRefused, message, status: 200 };
    let wanted = post::privacy(said.audience);
    let levels = creator["privacy_level_options"].as_array().map(Vec::as_slice).unwrap_or_default();
    if !levels.iter().any(|level| level == wanted) {
        return Err(refused(format!("the account does not offer {wanted}")));
    }
    let most = creator["max_video_post_duration_sec"].as_u64().unwrap_or(u64::MAX);
    match &errand.rendition.video {
        Some(film) if u64::from(film.millis) > most.saturating_mul(1_000) => {
            Err(refused(format!("the account may publish videos of at most {most} s")))
        }
        _ => Ok(creator),
    }
}

/// How something stands that was begun.
async fn status(session: &mut Session<'_>, publication: &str) -> Result<State, Outcome> {
    let body = domain::json!({ "publish_id": publication });
    let said = ask(session, Weight::Safe, "/status/fetch/", &body).await?;
    post::state(&said).ok_or(Outcome::NotSent { message: post::STRANGE.to_owned() })
}

/// Goes on with a video that was begun. It may be out by itself since: how it stands is asked before anything else.
async fn go_on(
    errand: &Errand<'_>,
    session: &mut Session<'_>,
    film: &RenderedVideo,
    begun: &Container,
) -> Result<Outcome, Outcome> {
    match status(session, &begun.children[0]).await.map_err(doubt)? {
        State::Going(bytes) if bytes < u64::from(film.bytes) => {
            match begun.whole.as_deref().and_then(|sealed| open(errand, sealed)) {
                Some(address) => send(errand, session, film, (begun, &address), bytes).await,
                None => again(errand, "where the bytes go is known no more".to_owned()).await,
            }
        }
        _ => until_out(errand, session, begun).await,
    }
}

/// Sends what is missing of a video.
async fn send(
    errand: &Errand<'_>,
    session: &mut Session<'_>,
    film: &RenderedVideo,
    (begun, address): (&Container, &Secret),
    there: u64,
) -> Result<Outcome, Outcome> {
    let began = errand.app.now();
    for range in Chunks::of(film.bytes.into()).from(there) {
        if errand.app.now().since(began) > SENDS {
            return Err(preparing("the rest of the video does not fit this invocation"));
        }
        let source = match film::find(errand, film, AFTERWARDS).await {
            Err(Outcome::NotSent { message }) if range.start > 0 => return Err(preparing(&message)),
            found => found?,
        };
        let said = format!("bytes {}-{}/{}", range.start, range.end - 1, film.bytes);
        let outgoing = Outgoing { range: range.clone(), ..film::bare(source) };
        let to = Address::parse(address.reveal()).map_err(unavailable)?;
        let call = Call::new(Method::Put, to).header("content-range", said).video(outgoing, film.mime.mime());
        // Without our access: whoever has the address may send, and nobody is asked.
        match outbound::send(errand.app, call.hiding(address)).await {
            Ok(answer) if answer.is_success() => {}
            // A known bug, to prove that the campaign finds it: a silence is taken for a no, and another one is begun.
            _ if faults::planted("new_upload") => return again(errand, "the bytes were not taken".to_owned()).await,
            // It holds for an hour. Nothing is seen of what is not whole; whether it is, is asked.
            _ => break,
        }
    }
    match status(session, &begun.children[0]).await.map_err(doubt)? {
        State::Going(bytes) if bytes < u64::from(film.bytes) => {
            if errand.app.now().since(begun.made) > HOLDS {
                return again(errand, "the upload was not whole within its hour".to_owned()).await;
            }
            Err(preparing(&format!("{bytes} of {} bytes are there; the rest follows", film.bytes)))
        }
        _ => until_out(errand, session, begun).await,
    }
}

/// Begins a video; nothing is seen of it before its last byte.
async fn begin(
    errand: &Errand<'_>,
    session: &mut Session<'_>,
    film: &RenderedVideo,
    creator: &Value,
) -> Result<(Container, Secret), Outcome> {
    let body = post::video(errand.rendition, film, creator);
    let said = ask(session, Weight::Safe, "/video/init/", &body).await?;
    let strange = || Outcome::NotSent { message: post::STRANGE.to_owned() };
    let publication = said["publish_id"].as_str().filter(|id| post::is_publication(id)).ok_or_else(strange)?;
    let address = Address::parse(said["upload_url"].as_str().unwrap_or_default()).map_err(|_| strange())?;
    if !post::is_theirs(&address.host()) && address.origin() != session.server.origin() {
        return Err(strange());
    }
    let address = Secret::new(address.as_str());
    let sealed = vault::seal_for(errand.app, errand.act.as_str(), &address).map_err(unavailable)?;
    let whole = Some(domain::json!(sealed).to_string());
    let begun = container(errand, publication, creator, whole);
    keep(errand, Some(&begun)).await?;
    Ok((begun, address))
}

/// What was begun, and by whose name readers know the account.
fn container(errand: &Errand<'_>, publication: &str, creator: &Value, whole: Option<String>) -> Container {
    let name = creator["creator_username"].as_str().filter(|name| post::is_name(name)).map(ToOwned::to_owned);
    let children = [publication.to_owned()].into_iter().chain(name).collect();
    Container { children, whole, ..Container::begun(errand.app.now(), errand.rendition.hash()) }
}

fn open(errand: &Errand<'_>, sealed: &str) -> Option<Secret> {
    let sealed: Sealed = crate::tree::read(sealed).ok()?;
    vault::open_for(errand.app, errand.act.as_str(), &sealed).ok()
}

/// Pictures: TikTok fetches them, and shows them by itself. So a silence here is a doubt, and nothing to ask by.
async fn pictures_out(
    errand: &Errand<'_>,
    session: &mut Session<'_>,
    said: Showing,
    creator: &Value,
) -> Result<Outcome, Outcome> {
    let home = errand.app.setting("ORIGIN").unwrap_or_else(|| errand.setting("home").to_owned());
    let (mut addresses, mut secrets) = (Vec::new(), Vec::new());
    for picture in &errand.rendition.pictures {
        let signed = pulled::signed(errand.app, errand.org, &picture.media).map_err(unavailable)?;
        addresses.push([home.trim_end_matches('/'), "/m/", signed.reveal()].concat());
        secrets.push(signed);
    }
    let body = post::pictures(errand.rendition, said, &addresses, creator);
    let to = session.server.at("/v2/post/publish/content/init/");
    let call = secrets.iter().fold(Call::post(to).json(&body), Call::hiding);
    let answer = session.call(Weight::Visible, call).await?;
    let said = taken(Weight::Visible, &answer)?;
    let publication = said["publish_id"].as_str().filter(|id| post::is_publication(id));
    let publication = publication.ok_or_else(|| Weight::Visible.of_nonsense(&answer))?.to_owned();
    let begun = container(errand, &publication, creator, None);
    keep(errand, Some(&begun)).await.map_err(doubt)?;
    until_out(errand, session, &begun).await
}

/// Waits until it is out, as long as an invocation may. What TikTok still works on comes out by itself, perhaps after somebody there
/// has looked at it: that is looked up.
async fn until_out(errand: &Errand<'_>, session: &mut Session<'_>, begun: &Container) -> Result<Outcome, Outcome> {
    for wait in WAITS {
        if wait > Millis(0) {
            Pause::of(wait).await;
        }
        match status(session, &begun.children[0]).await.map_err(doubt)? {
            State::Out(id) => {
                let receipt = Receipt { address: address(errand, begun, id), ..receipt(errand, begun) };
                return Ok(Outcome::Accepted(receipt));
            }
            State::Going(_) if errand.app.ledger().affords(AFTERWARDS) => {}
            State::Going(_) => break,
            State::Broken(why) => {
                keep(errand, None).await?;
                let class = errors::class(Name::Tiktok, 400, &why);
                let message = format!("TikTok could not take it in: {why}");
                return Err(errors::outcome(class, 400, message, until(errand, &why), false));
            }
        }
    }
    Err(Outcome::NoAnswer { message: "TikTok is still working on it".to_owned(), status: None })
}

/// As many posts as a day may have: it says not when the first of them was.
fn until(errand: &Errand<'_>, why: &str) -> Option<Moment> {
    (why == "spam_risk_too_many_posts").then(|| errand.app.now().plus(Millis::hours(1)))
}

fn receipt(errand: &Errand<'_>, begun: &Container) -> Receipt {
    errand.receipt(begun.children[0].as_str(), None, None)
}

/// The address of a post is known once it is public and TikTok has looked at it; until then it has none.
fn address(errand: &Errand<'_>, begun: &Container, id: Option<String>) -> Option<String> {
    let is_public = errand.rendition.showing.is_some_and(|said| said.audience == Audience::Everybody);
    let kind = if errand.rendition.video.is_some() { "video" } else { "photo" };
    let (name, id) = begun.children.get(1).filter(|_| is_public).zip(id)?;
    Some(format!("https://www.tiktok.com/@{name}/{kind}/{id}"))
}
