//! An account of X (API v2, its own description of 2026-08-22). There is no handle that makes a repeated post harmless, so
//! the one call that makes it visible is made once; a silence is looked up in the account's own posts. Nothing is read
//! that need not be: X charges for each reading too.

mod captions;
mod connect;
mod film;
mod listed;

use domain::{
    ChannelId, Millis, Moment, OrganisationId, Refusal, RenderedPicture, Replies,
    delivery::{Deed, FailureKind, Likeness, Outcome, Receipt, Sighting},
    json,
};
use serde_json::Value;
use worker::Method;

use super::{
    Checked, Errand, Name, Network, Weight,
    oauth::{Door, Proof, Says, Session, is_number},
    picture,
};
use crate::{
    app::App,
    outbound::{Answer, Call},
};

pub use connect::{disconnect, finish};

/// An access lasts two hours; what renews it works once, and brings the next. To read and write posts, to know whose account it
/// is, to bring pictures, and to stay.
pub static DOOR: Door = Door {
    network: Name::X,
    name: "x",
    interface: "https://api.x.com",
    consent: ["https://x.com", "/i/oauth2/authorize"],
    grants: ["https://api.x.com", "/2/oauth2/token"],
    scopes: &["tweet.read", "tweet.write", "users.read", "media.write", "offline.access"],
    // A token that ends under way would cost a call, and X charges for calls.
    ahead: Millis::minutes(5),
    proof: Proof::S256,
    says: Says::InAHeader,
    between: " ",
    besides: &[],
    is_account: is_number,
    outcome,
};

/// What the rest of an invocation spends once pictures go up: a renewal, the post, and writing down what came of it.
const AFTER_PICTURES: u32 = 10;

/// An account of X.
pub struct X;

impl Network for X {
    async fn create(&self, errand: &Errand<'_>) -> Result<Outcome, Outcome> {
        let above = errand.parent(number_of)?;
        let mut session = Session::of(&DOOR, errand).await?;
        let media = media(errand, &mut session).await?;
        let mut post = json!({ "text": errand.rendition.as_sent(Name::X) });
        if let Some(above) = above {
            post["reply"] = json!({ "in_reply_to_tweet_id": above });
        }
        if !media.is_empty() {
            post["media"] = json!({ "media_ids": media });
        }
        if let Some(asked) = &errand.rendition.poll {
            post["poll"] = json!({ "options": asked.answers, "duration_minutes": asked.minutes });
        }
        // Of a thread the first part alone carries it (`Rendition::parts`): who replies below it is bound by it.
        if let Some(setting) = errand.rendition.replies.sent(Name::X).and_then(reply_settings) {
            post["reply_settings"] = setting.into();
        }
        // No reading before it, which would find out that X is away: each is charged. What never left is known without.
        let answer = session.call(Weight::Visible, Call::post(session.server.at("/2/tweets")).json(&post)).await?;
        if !answer.is_success() {
            // It was told this before, so this call made nothing; perhaps an earlier try of the same act did.
            if answer.status == 403
                && answer.code().contains("duplicate")
                && let Ok(Sighting::Found(receipt)) = find(errand, &mut session).await
            {
                return Ok(Outcome::Accepted(receipt));
            }
            return Err(outcome(Weight::Visible, &answer));
        }
        let id = answer.json().and_then(|body| body["data"]["id"].as_str().map(ToOwned::to_owned));
        let id = id.filter(|id| is_number(id)).ok_or_else(|| Weight::Visible.of_nonsense(&answer))?;
        Ok(Outcome::Accepted(receipt(errand, &id)))
    }

    async fn edit(&self, _: &Errand<'_>) -> Result<Outcome, Outcome> {
        // `domain::Network::can_edit`: nobody is offered it.
        Ok(Outcome::Handed)
    }
    async fn delete(&self, errand: &Errand<'_>) -> Result<Outcome, Outcome> {
        let Some(id) = post_of(errand) else { return Ok(Outcome::Handed) };
        let mut session = Session::of(&DOOR, errand).await?;
        let call = Call::new(Method::Delete, session.server.at(&format!("/2/tweets/{id}")));
        let answer = session.call(Weight::Visible, call).await?;
        match answer.json() {
            _ if answer.status == 404 => Ok(Outcome::Accepted(errand.gone())),
            _ if !answer.is_success() => Err(outcome(Weight::Visible, &answer)),
            Some(body) if body["data"]["deleted"] == true => Ok(Outcome::Accepted(errand.gone())),
            _ => Err(Weight::Visible.of_nonsense(&answer)),
        }
    }

    async fn look(&self, errand: &Errand<'_>, deed: Deed) -> Result<Sighting, Outcome> {
        match (deed, post_of(errand)) {
            (Deed::Create, _) => find(errand, &mut Session::of(&DOOR, errand).await?).await,
            (Deed::Delete, Some(id)) => {
                let mut session = Session::of(&DOOR, errand).await?;
                let answer =
                    session.call(Weight::Safe, Call::get(session.server.at(&format!("/2/tweets/{id}")))).await?;
                Ok(if is_missing(&answer) {
                    Sighting::Found(errand.gone())
                } else if answer.is_success() {
                    Sighting::NotFound
                } else {
                    Sighting::Unclear
                })
            }
            (Deed::Delete | Deed::Edit | Deed::Comment, _) => Ok(Sighting::ForAPerson),
        }
    }
}

/// Who may reply, as X says it: of everybody it says nothing.
const fn reply_settings(replies: Replies) -> Option<&'static str> {
    match replies {
        Replies::Everybody => None,
        Replies::Following => Some("following"),
        Replies::Mentioned | Replies::Nobody => Some("mentionedUsers"),
    }
}

/// Uploads the video, or the pictures with what they show; answers their identities. What a failed try leaves behind, nobody sees.
async fn media(errand: &Errand<'_>, session: &mut Session<'_>) -> Result<Vec<String>, Outcome> {
    if let Some(video) = &errand.rendition.video {
        let id = film::upload(errand, session, video).await?;
        captions::give(errand, session, video, &id).await?;
        return Ok(vec![id]);
    }
    let pictures = &errand.rendition.pictures;
    let needed = 3 * u32::try_from(pictures.len()).unwrap_or(u32::MAX / 3) + AFTER_PICTURES;
    if !pictures.is_empty() && !errand.app.ledger().affords(needed) {
        let message = "so many pictures do not fit what is left of this invocation".to_owned();
        return Err(Outcome::NotSent { message });
    }
    let mut media = Vec::new();
    for picture in pictures {
        media.push(upload(errand, session, picture).await?);
    }
    Ok(media)
}

async fn upload(errand: &Errand<'_>, session: &mut Session<'_>, picture: &RenderedPicture) -> Result<String, Outcome> {
    let blob = picture::blob(errand, picture).await?;
    let unsent = |_| Outcome::NotSent { message: "a picture could not be made ready".to_owned() };
    let parts = web_sys::FormData::new().map_err(unsent)?;
    parts.append_with_str("media_category", "tweet_image").map_err(unsent)?;
    parts.append_with_blob_and_filename("media", &blob, "picture").map_err(unsent)?;
    let taken = session.ask(Weight::Safe, Call::post(session.server.at("/2/media/upload")).parts(parts)).await?;
    let id = taken["data"]["id"].as_str().filter(|id| is_number(id));
    let message = "the answer is not of this network's interface".to_owned();
    let id = id.ok_or(Outcome::NotSent { message })?.to_owned();
    if !picture.alt.is_empty() {
        let text = json!({ "text": picture.alt });
        let words = json!({ "id": id, "metadata": json!({ "alt_text": text }) });
        session.ask(Weight::Safe, Call::post(session.server.at("/2/media/metadata")).json(&words)).await?;
    }
    Ok(id)
}

/// Looks through the account's latest posts.
async fn find(errand: &Errand<'_>, session: &mut Session<'_>) -> Result<Sighting, Outcome> {
    let address = session.server.at(&format!("/2/users/{}/tweets", session.account));
    let address = address.with("max_results", "20").with("exclude", "retweets").with("post.fields", listed::FIELDS);
    let found = session.ask(Weight::Safe, Call::get(address)).await?;
    let root = errand.above.and_then(|above| number_of(&above.root));
    let (sent, taken) = (errand.rendition.as_sent(Name::X), errand.taken(errand.made).await?);
    Ok(match listed::ours(&found, &sent, errand.made, root.as_deref(), &taken) {
        Likeness::One(id) if is_number(id) => Sighting::Found(receipt(errand, id)),
        Likeness::One(_) => Sighting::Unclear,
        Likeness::None => Sighting::NotFound,
        Likeness::Several => Sighting::ForAPerson,
    })
}

/// The number of a post that is out; of one that a person put there, by its link.
fn number_of(out: &Receipt) -> Option<String> {
    let number = out.native_id.split(['?', '#']).next()?.trim_end_matches('/').rsplit('/').next()?;
    is_number(number).then(|| number.to_owned())
}

fn receipt(errand: &Errand<'_>, id: &str) -> Receipt {
    let address = format!("https://x.com/{}/status/{id}", errand.setting("username"));
    errand.receipt(id, Some(address), None)
}

/// The post that is out, if it went out by the interface: what a person published by hand is known by its link alone.
fn post_of<'a>(errand: &Errand<'a>) -> Option<&'a str> {
    errand.out.map(|out| out.native_id.as_str()).filter(|id| is_number(id))
}

/// A post that is not there is told in a success without data, or with a status.
fn is_missing(answer: &Answer) -> bool {
    let body = answer.json().unwrap_or_default();
    let said = body["errors"][0]["type"].as_str().is_some_and(|kind| kind.ends_with("/resource-not-found"));
    answer.status == 404 || (answer.is_success() && body["data"].is_null() && said)
}

/// What an answer that is no success comes to. `x-rate-limit-reset` is in seconds since 1970.
fn outcome(weight: Weight, answer: &Answer) -> Outcome {
    let reset = answer.header("x-rate-limit-reset").and_then(|text| text.trim().parse::<i64>().ok());
    weight.of_answer(Name::X, answer, reset.map(|seconds| Moment(seconds.saturating_mul(1_000))))
}

fn forbidden(message: &str) -> Outcome {
    Outcome::Refused { kind: FailureKind::Forbidden, message: message.to_owned(), status: 403 }
}

/// Asks whether the access still opens the account. Nothing is posted.
///
/// # Errors
/// `Unavailable`.
pub async fn check(app: &App, org: &OrganisationId, channel: &ChannelId, settings: &Value) -> Result<Checked, Refusal> {
    let asked = async {
        let mut session = Session::open(&DOOR, app, org, channel, settings).await?;
        let me = session.ask(Weight::Safe, Call::get(session.server.at("/2/users/me"))).await?;
        match connect::person(&me) {
            Some(person) if person.id == session.account => Ok(person),
            _ => Err(forbidden("the access opens another account")),
        }
    };
    Ok(match asked.await {
        Ok(person) => {
            let mut settings = settings.clone();
            settings["username"] = person.username.as_str().into();
            Checked::Works { handle: format!("@{}", person.username), limits: None, expires: None, settings }
        }
        Err(outcome) => Checked::from(outcome),
    })
}
