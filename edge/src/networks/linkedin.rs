//! A page of an organisation at LinkedIn (Rest.li interface, versioned). There is no handle that makes a repeated post
//! harmless, so the one call that makes it visible is made once; a silence is looked up among the page's own posts.
//! Pictures, a video or a document go up before it, over several invocations if they are many or long: nobody sees them yet.

mod connect;
mod film;
mod mentions;
mod papers;
mod posts;

use domain::{
    Millis, Network as Name, RenderedPicture, Rendition,
    delivery::{Container, Deed, FailureKind, Likeness, Outcome, Receipt, Sighting},
    json,
    text::little,
    watch,
};
use serde_json::Value;
use worker::Method;

use super::{
    Errand, Network, Weight,
    beside::{beside_the_text, card, gone},
    containers::{WAITS, again, keep, preparing},
    listed,
    oauth::{Door, Proof, Says, Session, is_number},
    picture,
};
use crate::{
    outbound::{Address, Answer, Call},
    pause::Pause,
};
use posts::{address, is_post, of_picture, organisation, shown};

pub use connect::{check, finish};
pub use mentions::seek;

/// The version that is spoken. From its end on it is answered with 426, which the channel's page says ahead. What we call has been
/// the same in every version since 202401.
const VERSION: &str = watch::LINKEDIN.0;

/// An access lasts sixty days. What renews it lasts a year from the first, and is given only to apps that LinkedIn
/// approved for it. To publish, correct and take down; to read what the page published; to see which pages there are, and
/// by which role.
pub static DOOR: Door = Door {
    network: Name::Linkedin,
    name: "linkedin",
    interface: "https://api.linkedin.com",
    consent: ["https://www.linkedin.com", "/oauth/v2/authorization"],
    grants: ["https://www.linkedin.com", "/oauth/v2/accessToken"],
    scopes: &["w_organization_social", "r_organization_social", "r_organization_admin"],
    ahead: Millis::hours(24),
    // A proof is taken from programs on a phone or a desk alone, and on request (`/oauth/native-pkce/authorization`).
    proof: Proof::Nothing,
    says: Says::AmongFields("client_id"),
    between: " ",
    besides: &[],
    is_account: is_number,
    outcome,
};

/// How many pictures go up in one invocation: an act with so many is over before its lease is, whatever each call takes.
const AT_ONCE: usize = 4;

/// What the rest of an invocation spends once a picture goes up: the picture, keeping it, reading how they are, the post,
/// and writing down what came of it.
const AFTERWARDS: u32 = 22;

/// By then the bytes of a picture have come, if they ever do: how it is may be told later than they came.
const ARRIVES: Millis = Millis::minutes(10);

/// How many posts are looked through.
const LOOKED_THROUGH: &str = "50";

/// A page at LinkedIn.
pub struct Linkedin;

/// A call in the version that we speak.
fn call(method: Method, address: Address) -> Call {
    Call::new(method, address).header("linkedin-version", VERSION).header("x-restli-protocol-version", "2.0.0")
}

fn get(address: Address) -> Call {
    call(Method::Get, address)
}

fn at(session: &Session<'_>, post: &str) -> Address {
    session.server.at(&["/rest/posts/", &escaped(post)].concat())
}

/// A name as it stands in a path or a list: its colons are signs of the interface's own.
fn escaped(urn: &str) -> String {
    urn.replace(':', "%3A")
}

/// What an answer that is no success comes to. It never says until when to wait.
fn outcome(weight: Weight, answer: &Answer) -> Outcome {
    weight.of_answer(Name::Linkedin, answer, None)
}

impl Network for Linkedin {
    async fn create(&self, errand: &Errand<'_>) -> Result<Outcome, Outcome> {
        let mut session = Session::of(&DOOR, errand).await?;
        let film = match &errand.rendition.video {
            Some(video) => Some(film::upload(errand, &mut session, video).await?),
            None => None,
        };
        let hanging = match &errand.rendition.document {
            Some(document) => vec![papers::ready(errand, &mut session, document).await?],
            None => pictures(errand, &mut session).await?,
        };
        if hanging.is_empty() && film.is_none() {
            // A safe step first: a network that is away is found out here, where a retry is harmless.
            let page = session.server.at(&["/rest/organizations/", &session.account].concat());
            session.ask(Weight::Safe, get(page)).await?;
        }
        let words = mentions::words(errand, &mut session, "").await?;
        let mut post = posts::post(&session.account, &words.text, errand.rendition, &hanging);
        if let Some(film) = &film {
            post["content"] = posts::film(film, errand.rendition);
        }
        let to = session.server.at("/rest/posts");
        let answer = session.call(Weight::Visible, call(Method::Post, to).json(&post)).await?;
        if !answer.is_success() {
            // It was told this before, so this call made nothing; perhaps an earlier try of the same act did.
            if answer.code() == "DUPLICATE_POST"
                && let Ok(Sighting::Found(receipt)) = find(errand, &mut session).await
            {
                return Ok(Outcome::Accepted(receipt));
            }
            return Err(outcome(Weight::Visible, &answer));
        }
        // The body is empty; what it is called stands in a header.
        let id = answer.header("x-restli-id").filter(|id| is_post(id));
        let id = id.ok_or_else(|| Weight::Visible.of_nonsense(&answer))?;
        Ok(Outcome::Accepted(Receipt { unmentioned: words.missed, ..receipt(errand, &id) }))
    }

    /// Only the words can be replaced: for other pictures, or another card, a person is needed.
    async fn edit(&self, errand: &Errand<'_>) -> Result<Outcome, Outcome> {
        let Some(post) = post_of(errand) else { return Ok(Outcome::Handed) };
        if errand.out.is_none_or(|out| out.revision.as_ref() != Some(&revision(errand.rendition))) {
            return Ok(Outcome::Handed);
        }
        let mut session = Session::of(&DOOR, errand).await?;
        let there = standing(&mut session, post).await?.ok_or_else(gone)?;
        let words = mentions::words(errand, &mut session, commentary(&there)).await?;
        let set = json!({ "$set": json!({ "commentary": words.text }) });
        let call = call(Method::Post, at(&session, post)).header("x-restli-method", "PARTIAL_UPDATE");
        let answer = session.call(Weight::Visible, call.json(&json!({ "patch": set }))).await?;
        if !answer.is_success() {
            return Err(outcome(Weight::Visible, &answer));
        }
        if !answer.is_empty() {
            return Err(Weight::Visible.of_nonsense(&answer));
        }
        Ok(Outcome::Accepted(Receipt { unmentioned: words.missed, ..receipt(errand, post) }))
    }

    async fn delete(&self, errand: &Errand<'_>) -> Result<Outcome, Outcome> {
        let Some(post) = post_of(errand) else { return Ok(Outcome::Handed) };
        let mut session = Session::of(&DOOR, errand).await?;
        if standing(&mut session, post).await?.is_some() {
            let to = at(&session, post);
            let answer = session.call(Weight::Visible, call(Method::Delete, to)).await?;
            match answer.status {
                404 => {}
                _ if !answer.is_success() => return Err(outcome(Weight::Visible, &answer)),
                // It is said with 204. A page of HTML with 200 is a proxy's, and nobody knows what was done.
                _ if !answer.is_empty() => return Err(Weight::Visible.of_nonsense(&answer)),
                _ => {}
            }
        }
        Ok(Outcome::Accepted(errand.gone()))
    }

    async fn look(&self, errand: &Errand<'_>, deed: Deed) -> Result<Sighting, Outcome> {
        let post = match (deed, post_of(errand)) {
            (Deed::Create, _) => return find(errand, &mut Session::of(&DOOR, errand).await?).await,
            (_, None) => return Ok(Sighting::ForAPerson),
            (_, Some(post)) => post,
        };
        let mut session = Session::of(&DOOR, errand).await?;
        Ok(match (deed, standing(&mut session, post).await?) {
            (Deed::Delete, None) => Sighting::Found(errand.gone()),
            (Deed::Edit, Some(there)) if says(&shown(&there), errand.rendition) => {
                // The same words may lead elsewhere.
                let words = mentions::words(errand, &mut session, commentary(&there)).await?;
                if little::mentioned(commentary(&there)) == little::mentioned(&words.text) {
                    Sighting::Found(Receipt { unmentioned: words.missed, ..receipt(errand, post) })
                } else {
                    Sighting::NotFound
                }
            }
            _ => Sighting::NotFound,
        })
    }
}

/// What the rest of an invocation spends once a picture or a document goes up.
fn afterwards(errand: &Errand<'_>) -> u32 {
    AFTERWARDS + mentions::spend(errand)
}

/// The pictures of a post, ready to be shown: each by LinkedIn's own name for it. Goes on where an earlier try stopped.
async fn pictures(errand: &Errand<'_>, session: &mut Session<'_>) -> Result<Vec<String>, Outcome> {
    let pictures = &errand.rendition.pictures;
    if pictures.is_empty() {
        return Ok(Vec::new());
    }
    let of = errand.rendition.hash();
    let kept = errand.container.filter(|kept| kept.of == of).cloned();
    let mut container = kept.unwrap_or_else(|| Container::begun(errand.app.now(), of));
    let before = container.children.len();
    let mut ended = None;
    for (place, picture) in pictures.iter().enumerate().skip(before) {
        if place - before == AT_ONCE || !errand.app.ledger().affords(afterwards(errand)) {
            ended = Some(preparing("the rest of the pictures does not fit this invocation"));
            break;
        }
        match upload(errand, session, picture).await {
            Ok(id) => container.children.push(id),
            Err(outcome) => {
                ended = Some(outcome);
                break;
            }
        }
    }
    if container.children.len() > before {
        keep(errand, Some(&container)).await?;
    }
    if let Some(ended) = ended {
        return Err(ended);
    }
    until_ready(errand, session, &container).await?;
    Ok(container.children)
}

async fn upload(errand: &Errand<'_>, session: &mut Session<'_>, picture: &RenderedPicture) -> Result<String, Outcome> {
    let blob = picture::blob(errand, picture).await?;
    let wanted = json!({ "initializeUploadRequest": json!({ "owner": organisation(&session.account) }) });
    let to = session.server.at("/rest/images?action=initializeUpload");
    let said = session.ask(Weight::Safe, call(Method::Post, to).json(&wanted)).await?;
    let strange = || Outcome::NotSent { message: posts::STRANGE.to_owned() };
    let id = said["value"]["image"].as_str().filter(|id| of_picture(id)).ok_or_else(strange)?.to_owned();
    let to = Address::parse(said["value"]["uploadUrl"].as_str().unwrap_or_default()).map_err(|_| strange())?;
    // Our access goes with it, so it goes to nobody else.
    if !posts::is_theirs(&to.host()) && to.origin() != session.server.origin() {
        return Err(strange());
    }
    let answer = session.call(Weight::Safe, Call::new(Method::Put, to).blob(blob, picture.mime.mime())).await?;
    if answer.is_success() { Ok(id) } else { Err(outcome(Weight::Safe, &answer)) }
}

/// Waits until every picture can be shown, as long as an invocation may.
async fn until_ready(errand: &Errand<'_>, session: &mut Session<'_>, container: &Container) -> Result<(), Outcome> {
    let pictures = &container.children;
    let is_old = errand.app.now() > container.made.plus(ARRIVES);
    let names: Vec<String> = pictures.iter().map(|id| escaped(id)).collect();
    let list = session.server.at(&["/rest/images?ids=List(", &names.join(","), ")"].concat());
    for wait in WAITS {
        if wait > Millis(0) {
            Pause::of(wait).await;
        }
        let said = session.ask(Weight::Safe, get(list.clone())).await?;
        let states: Vec<&str> = pictures.iter().map(|id| posts::state(&said["results"], id, &escaped(id))).collect();
        if states.contains(&"PROCESSING_FAILED") {
            keep(errand, None).await?;
            let message = "a picture could not be taken in".to_owned();
            return Err(Outcome::Refused { kind: FailureKind::ContentRefused, message, status: 200 });
        }
        // One of them is known no more, or its bytes never came: they go up again.
        if states.iter().any(|state| state.is_empty() || (is_old && *state == "WAITING_UPLOAD")) {
            return again(errand, "a picture did not stay".to_owned()).await;
        }
        if states.iter().all(|state| *state == "AVAILABLE") {
            return Ok(());
        }
    }
    Err(preparing("the network is still preparing the pictures"))
}

/// A post as it stands; `None` if it is gone.
async fn standing(session: &mut Session<'_>, post: &str) -> Result<Option<Value>, Outcome> {
    let answer = session.call(Weight::Safe, get(at(session, post))).await?;
    if answer.status == 404 { Ok(None) } else { session.taken(Weight::Safe, &answer).map(Some) }
}

/// Looks through the page's latest posts.
async fn find(errand: &Errand<'_>, session: &mut Session<'_>) -> Result<Sighting, Outcome> {
    let list = session.server.at("/rest/posts").with("q", "author").with("author", &organisation(&session.account));
    let list = list.with("count", LOOKED_THROUGH).with("sortBy", "CREATED");
    let said = session.ask(Weight::Safe, get(list).header("x-restli-method", "FINDER")).await?;
    let Some(all) = said["elements"].as_array() else { return Ok(Sighting::Unclear) };
    let found: Vec<Value> = all.iter().map(shown).collect();
    let (sent, taken) = (errand.rendition.as_sent(Name::Linkedin), errand.taken(errand.made).await?);
    Ok(match listed::ours(&posts::NAMES, &found, &sent, "", errand.made, &taken) {
        Likeness::One(post) => match post["id"].as_str().filter(|id| is_post(id)) {
            Some(id) => {
                let there = all.iter().find(|one| one["id"] == id).map_or("", commentary);
                Sighting::Found(Receipt { unmentioned: mentions::missing(errand, there), ..receipt(errand, id) })
            }
            None => Sighting::Unclear,
        },
        Likeness::None => Sighting::NotFound,
        Likeness::Several => Sighting::ForAPerson,
    })
}

/// The words of a post as LinkedIn gives them back.
fn commentary(post: &Value) -> &str {
    post["commentary"].as_str().unwrap_or_default()
}

fn says(post: &Value, rendition: &Rendition) -> bool {
    listed::says(&posts::NAMES, post, &rendition.as_sent(Name::Linkedin))
}

fn receipt(errand: &Errand<'_>, id: &str) -> Receipt {
    errand.receipt(id, Some(address(id)), Some(revision(errand.rendition)))
}

/// What cannot be replaced, as a fingerprint.
fn revision(rendition: &Rendition) -> String {
    if let Some(video) = &rendition.video {
        return posts::revision_of_film(video, rendition);
    }
    beside_the_text(rendition, card(rendition).map(|link| posts::title(rendition, link)))
}

/// The post that is out, if it went out by the interface: what a person published by hand is known by its link alone.
fn post_of<'a>(errand: &Errand<'a>) -> Option<&'a str> {
    errand.out.map(|out| out.native_id.as_str()).filter(|id| is_post(id))
}
