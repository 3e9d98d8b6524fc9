//! A blog of Tumblr (NPF, its format of blocks). There is no handle that makes a repeated post harmless, so the one call
//! that makes it visible is made once, pictures or video and all; a silence is looked up among the blog's own posts.

mod blocks;

use domain::{
    ChannelId, Millis, Network as Name, OrganisationId, Refusal, Rendition,
    delivery::{Deed, FailureKind, Likeness, Outcome, Receipt, Sighting},
};
use serde_json::Value;
use worker::Method;

use super::{
    Checked, Errand, Finished, Network, Weight,
    beside::{beside_the_text, card, gone},
    film, listed,
    oauth::{
        Door, Proof, Says, Session,
        connect::{self, Offered},
        is_number,
    },
    picture,
};
use crate::{
    app::App,
    caller::Caller,
    outbound::{self, Address, Answer, Call},
};

/// An access lasts 42 minutes; what renews it works once, and brings the next. To publish, correct and take down, and to
/// know whose blog it is; and to stay.
pub static DOOR: Door = Door {
    network: Name::Tumblr,
    name: "tumblr",
    interface: "https://api.tumblr.com",
    consent: ["https://www.tumblr.com", "/oauth2/authorize"],
    grants: ["https://api.tumblr.com", "/v2/oauth2/token"],
    scopes: &["write", "offline_access"],
    ahead: Millis::minutes(5),
    proof: Proof::Nothing,
    says: Says::AmongFields("client_id"),
    between: " ",
    besides: &[],
    is_account: is_blog,
    outcome,
};

/// What the rest of an invocation spends once pictures are fetched, or besides reading a video: a renewal, the post, and writing
/// down what came of it.
const AFTER_MEDIA: u32 = 10;

/// A blog of Tumblr.
pub struct Tumblr;

/// Short names: letters, digits and dashes.
fn is_blog(name: &str) -> bool {
    (1..=32).contains(&name.len()) && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
}

fn at(session: &Session<'_>, path: &str) -> Address {
    session.server.at(&["/v2/blog/", &session.account, path].concat())
}

fn outcome(weight: Weight, answer: &Answer) -> Outcome {
    weight.of_answer(Name::Tumblr, answer, None)
}

/// What it says was wrong stands in a title of its own.
fn refused(weight: Weight, answer: &Answer) -> Outcome {
    let mut outcome = outcome(weight, answer);
    if let Outcome::Throttled { alone, .. } = &mut outcome {
        // An earlier video that is still worked on, and a day that is full of videos: words and pictures need not wait for those.
        *alone = matches!(&*answer.code(), "8010" | "8011");
    }
    let body = answer.json().unwrap_or_default();
    let said = body["errors"][0]["detail"].as_str().or_else(|| body["errors"][0]["title"].as_str());
    if let Some(said) = said.or_else(|| body["meta"]["msg"].as_str())
        && let Outcome::Refused { message, .. }
        | Outcome::Throttled { message, .. }
        | Outcome::Unauthorised { message, .. }
        | Outcome::NotSent { message }
        | Outcome::NoAnswer { message, .. } = &mut outcome
    {
        *message = answer.told(said);
    }
    outcome
}

impl Network for Tumblr {
    async fn create(&self, errand: &Errand<'_>) -> Result<Outcome, Outcome> {
        let mut session = Session::of(&DOOR, errand).await?;
        let pictures = pictures(errand).await?;
        let film = match &errand.rendition.video {
            Some(video) => Some((film::find(errand, video, AFTER_MEDIA).await?, video.mime.mime())),
            None => None,
        };
        // A safe step first: a network that is away, and an access that has ended, are found out where it does no harm.
        blogs(&mut session).await?;
        let mut content = blocks::text(&errand.rendition.as_sent(Name::Tumblr));
        content.extend(blocks::beside(errand.rendition));
        let whole = blocks::post(content, errand.rendition);
        let call = Call::post(at(&session, "/posts"));
        let call = match film {
            Some((source, mime)) => {
                let (post, boundary) = (whole.to_string(), errand.app.secret());
                let (form, mime) = film::in_a_form(source, &boundary, &[("json", &*post)], (blocks::FILM, mime));
                call.video(form, mime)
            }
            None if pictures.is_empty() => call.json(&whole),
            None => call.parts(parts(&whole, &pictures)?),
        };
        let answer = session.call(Weight::Visible, call).await?;
        let id = made(&answer)?;
        Ok(Outcome::Accepted(receipt(errand, &session, &id)))
    }

    /// Only the words can be replaced, and the tags with them: what hangs below them is given back as it stands.
    async fn edit(&self, errand: &Errand<'_>) -> Result<Outcome, Outcome> {
        let Some(post) = post_of(errand) else { return Ok(Outcome::Handed) };
        if errand.out.is_none_or(|out| out.revision.as_ref() != Some(&revision(errand.rendition))) {
            return Ok(Outcome::Handed);
        }
        let mut session = Session::of(&DOOR, errand).await?;
        let there = standing(&mut session, post).await?.ok_or_else(gone)?;
        let mut content = blocks::text(&errand.rendition.as_sent(Name::Tumblr));
        let all = there["content"].as_array().cloned().unwrap_or_default();
        content.extend(all.into_iter().filter(|block| block["type"] != "text"));
        let whole = blocks::post(content, errand.rendition);
        let to = at(&session, &["/posts/", post].concat());
        let answer = session.call(Weight::Visible, Call::new(Method::Put, to).json(&whole)).await?;
        made(&answer)?;
        Ok(Outcome::Accepted(receipt(errand, &session, post)))
    }

    async fn delete(&self, errand: &Errand<'_>) -> Result<Outcome, Outcome> {
        let Some(post) = post_of(errand) else { return Ok(Outcome::Handed) };
        let mut session = Session::of(&DOOR, errand).await?;
        if standing(&mut session, post).await?.is_some() {
            let call = Call::post(at(&session, "/post/delete")).form(&[("id", post)]);
            let answer = session.call(Weight::Visible, call).await?;
            match answer.json() {
                _ if answer.status == 404 => {}
                _ if !answer.is_success() => return Err(refused(Weight::Visible, &answer)),
                Some(said) if said["meta"]["status"].as_i64().is_some_and(|status| (200..300).contains(&status)) => {}
                // A page of HTML with 200 is a proxy's, and nobody knows what was done.
                _ => return Err(Weight::Visible.of_nonsense(&answer)),
            }
        }
        Ok(Outcome::Accepted(errand.gone()))
    }

    async fn look(&self, errand: &Errand<'_>, deed: Deed) -> Result<Sighting, Outcome> {
        let mut session = Session::of(&DOOR, errand).await?;
        let post = match (deed, post_of(errand)) {
            (Deed::Create, _) => return find(errand, &mut session).await,
            (_, None) => return Ok(Sighting::ForAPerson),
            (_, Some(post)) => post,
        };
        let there = standing(&mut session, post).await?;
        let sent = errand.rendition.as_sent(Name::Tumblr);
        Ok(match (deed, there) {
            (Deed::Delete, None) => Sighting::Found(errand.gone()),
            (Deed::Edit, Some(there)) if listed::says(&blocks::NAMES, &blocks::shown(&there), &sent) => {
                Sighting::Found(receipt(errand, &session, post))
            }
            _ => Sighting::NotFound,
        })
    }
}

/// The pictures, as the bucket has them.
async fn pictures(errand: &Errand<'_>) -> Result<Vec<web_sys::Blob>, Outcome> {
    let pictures = &errand.rendition.pictures;
    let needed = u32::try_from(pictures.len()).unwrap_or(u32::MAX / 2) + AFTER_MEDIA;
    if !pictures.is_empty() && !errand.app.ledger().affords(needed) {
        let message = "so many pictures do not fit what is left of this invocation".to_owned();
        return Err(Outcome::NotSent { message });
    }
    let mut blobs = Vec::new();
    for picture in pictures {
        blobs.push(picture::blob(errand, picture).await?);
    }
    Ok(blobs)
}

/// A post with its pictures: the first part is the post, and each block says under which name its picture comes.
fn parts(whole: &Value, pictures: &[web_sys::Blob]) -> Result<web_sys::FormData, Outcome> {
    let unsent = |_| Outcome::NotSent { message: "a picture could not be made ready".to_owned() };
    let parts = web_sys::FormData::new().map_err(unsent)?;
    parts.append_with_str("json", &whole.to_string()).map_err(unsent)?;
    for (place, picture) in pictures.iter().enumerate() {
        parts.append_with_blob_and_filename(&blocks::part(place), picture, "picture").map_err(unsent)?;
    }
    Ok(parts)
}

/// What a post is called that was made or changed.
fn made(answer: &Answer) -> Result<String, Outcome> {
    if !answer.is_success() {
        return Err(refused(Weight::Visible, answer));
    }
    let body = answer.json().unwrap_or_default();
    let id = body["response"]["id"].as_str().filter(|id| is_number(id));
    id.map(ToOwned::to_owned).ok_or_else(|| Weight::Visible.of_nonsense(answer))
}

/// A post as it stands; `None` if it is gone.
async fn standing(session: &mut Session<'_>, post: &str) -> Result<Option<Value>, Outcome> {
    let answer = session.call(Weight::Safe, Call::get(at(session, &["/posts/", post].concat()))).await?;
    match answer.status {
        404 => Ok(None),
        _ if !answer.is_success() => Err(refused(Weight::Safe, &answer)),
        _ => Ok(Some(session.taken(Weight::Safe, &answer)?["response"].take())),
    }
}

/// Looks through the blog's latest posts.
async fn find(errand: &Errand<'_>, session: &mut Session<'_>) -> Result<Sighting, Outcome> {
    let list = at(session, "/posts").with("npf", "true").with("limit", "20");
    let said = session.ask(Weight::Safe, Call::get(list)).await?;
    let Some(found) = said["response"]["posts"].as_array() else { return Ok(Sighting::Unclear) };
    let found: Vec<Value> = found.iter().map(blocks::shown).collect();
    let (sent, taken) = (errand.rendition.as_sent(Name::Tumblr), errand.taken(errand.made).await?);
    Ok(match listed::ours(&blocks::NAMES, &found, &sent, "", errand.made, &taken) {
        Likeness::One(post) => match post["id"].as_str().filter(|id| is_number(id)) {
            Some(id) => Sighting::Found(receipt(errand, session, id)),
            None => Sighting::Unclear,
        },
        Likeness::None => Sighting::NotFound,
        Likeness::Several => Sighting::ForAPerson,
    })
}

fn receipt(errand: &Errand<'_>, session: &Session<'_>, id: &str) -> Receipt {
    let address = format!("https://{}.tumblr.com/post/{id}", session.account);
    errand.receipt(id, Some(address), Some(revision(errand.rendition)))
}

/// What cannot be replaced, as a fingerprint. Beside a video nothing hangs, and its description stays with us.
fn revision(rendition: &Rendition) -> String {
    if let Some(video) = &rendition.video {
        return video.hash.chars().take(16).collect();
    }
    beside_the_text(rendition, card(rendition).map(|link| blocks::title(rendition, link)))
}

/// The post that is out, if it went out by the interface: what a person published by hand is known by its link alone.
fn post_of<'a>(errand: &Errand<'a>) -> Option<&'a str> {
    errand.out.map(|out| out.native_id.as_str()).filter(|id| is_number(id))
}

/// The blogs to which an access may post.
async fn blogs(session: &mut Session<'_>) -> Result<Vec<Offered>, Outcome> {
    let answer = session.call(Weight::Safe, Call::get(session.server.at("/v2/user/info"))).await?;
    if !answer.is_success() {
        return Err(refused(Weight::Safe, &answer));
    }
    Ok(offered(&session.taken(Weight::Safe, &answer)?))
}

fn offered(said: &Value) -> Vec<Offered> {
    let blog = |blog: &Value| {
        let name = blog["name"].as_str().filter(|name| is_blog(name))?;
        let title = blog["title"].as_str().filter(|title| !title.trim().is_empty()).unwrap_or(name);
        let address = format!("https://{name}.tumblr.com/");
        let handle = format!("@{name}");
        Some(Offered { id: name.to_owned(), name: title.to_owned(), handle, address, comments_closed: false })
    };
    said["response"]["user"]["blogs"].as_array().into_iter().flatten().filter_map(blog).collect()
}

/// Finishes: exchanges the code for an access, and asks to which blogs it may post.
///
/// # Errors
/// As [`connect::exchange`]; `NoPages`.
pub async fn finish(app: &App, caller: &Caller, state: &str, code: &str) -> Result<Finished, Refusal> {
    let (mut way, access) = connect::exchange(app, caller, &DOOR, state, code).await?;
    let server = DOOR.server(caller.org(), DOOR.interface)?;
    let answer = outbound::send(app, Call::get(server.at("/v2/user/info")).bearer(&access)).await?;
    let body = answer.json().filter(|_| answer.is_success());
    let body = body.ok_or_else(|| Refusal::NetworkSays { message: answer.words() })?;
    way.offered = offered(&body);
    connect::offer(app, caller, &DOOR, way).await
}

/// Asks whether the access still may post to the blog: Tumblr lists those to which it may. Nothing is posted.
///
/// # Errors
/// `Unavailable`.
pub async fn check(app: &App, org: &OrganisationId, channel: &ChannelId, settings: &Value) -> Result<Checked, Refusal> {
    let asked = async {
        let mut session = Session::open(&DOOR, app, org, channel, settings).await?;
        let found = blogs(&mut session).await?;
        let ours = found.into_iter().find(|blog| blog.id == session.account);
        ours.map(|blog| blog.handle).ok_or_else(|| {
            let message = "the access may no longer post to the blog".to_owned();
            Outcome::Refused { kind: FailureKind::Forbidden, message, status: 403 }
        })
    };
    Ok(match asked.await {
        Ok(handle) => Checked::Works { handle, limits: None, expires: None, settings: settings.clone() },
        Err(outcome) => Checked::from(outcome),
    })
}

#[cfg(test)]
mod tests {
    use domain::json;

    use super::*;

    #[test]
    fn a_name_cannot_lead_elsewhere() {
        assert!(is_blog("villa-serena"));
        for name in ["", "villa/posts", "villa.tumblr.com", "../villa", "villa?a"] {
            assert!(!is_blog(name), "{name}");
        }
    }

    #[test]
    fn blogs_are_offered_by_their_titles() {
        let blogs = json!([
            json!({ "name": "villaserena", "title": "Villa Serena", "primary": true }),
            json!({ "name": "empleo-villa", "title": " " }),
            json!({ "name": "a/b", "title": "Otro" }),
        ]);
        let user = json!({ "blogs": blogs });
        let found = offered(&json!({ "response": json!({ "user": user }) }));
        let names: Vec<(&str, &str)> = found.iter().map(|blog| (&*blog.id, &*blog.name)).collect();
        assert_eq!(names, [("villaserena", "Villa Serena"), ("empleo-villa", "empleo-villa")]);
    }
}
