//! A channel of YouTube (Data API v3, discovery document of 2026-11-04). A video goes up unseen, by an upload that is gone on
//! with where it stopped, in whichever invocation; YouTube prepares it; then one more call names it and says who sees it.
//! Naming it twice is naming it once, so nothing here is ever doubled, and what is not ready is never seen.

mod captions;
mod connect;
mod poster;
mod upload;
mod video;

use domain::{
    Millis, Moment, Network as Name, RenderedVideo,
    delivery::{Container, Deed, FailureKind, Likeness, Outcome, Receipt, Sighting},
    json,
    poster::Given,
    record,
};
use serde_json::Value;
use worker::Method;

use super::{
    Errand, Network, Weight,
    beside::gone,
    captions::{film_of, revision as with_captions, spend},
    containers::{WAITS, again, keep, preparing},
    film, listed,
    oauth::{Door, Proof, Says, Session},
    poster as posters,
};
use crate::{
    outbound::{Address, Answer, Call},
    pause::Pause,
};
use upload::{Stands, Upload};
use video::{State, is_video};

pub use connect::{check, disconnect, finish};

/// An access lasts an hour; what renews it is given once, with the consent that is asked for anew, and stays the same. One
/// permission covers all that is done here (discovery document, `auth.oauth2.scopes` of each call).
pub static DOOR: Door = Door {
    network: Name::Youtube,
    name: "youtube",
    interface: "https://www.googleapis.com",
    consent: ["https://accounts.google.com", "/o/oauth2/v2/auth"],
    grants: ["https://oauth2.googleapis.com", "/token"],
    scopes: &["https://www.googleapis.com/auth/youtube.force-ssl"],
    ahead: Millis::minutes(5),
    proof: Proof::S256,
    says: Says::AmongFields("client_id"),
    between: " ",
    besides: &[("access_type", "offline"), ("prompt", "consent")],
    is_account: video::is_channel,
    outcome,
};

/// What is spent once the bytes are sent: asking how the upload stands, keeping what came of it, and writing it down.
const AFTER_BYTES: u32 = 14;

/// What is spent once a video may be ready: reading it, naming it, and writing down what came of it.
const AFTERWARDS: u32 = 14;

/// What its captions spend: reading them, looking for them there, and sending them.
const OF_CAPTIONS: u32 = 3;

/// How many videos are looked through; the most that are given at once.
const LOOKED_THROUGH: &str = "50";

/// A channel of YouTube.
pub struct Youtube;

fn at(session: &Session<'_>, path: &str) -> Address {
    session.server.at(&["/youtube/v3", path].concat())
}

/// What an answer that is no success comes to. What a day may have is given anew at midnight in California: at eight o'clock
/// UTC that is over in winter and in summer.
fn outcome(weight: Weight, answer: &Answer) -> Outcome {
    let is_spent = matches!(answer.code().as_str(), "quotaExceeded" | "dailyLimitExceeded");
    let at = answer.header("date").and_then(|text| chrono::DateTime::parse_from_rfc2822(&text).ok());
    let at = at.filter(|_| is_spent).map(|at| Moment(at.timestamp_millis()));
    weight.of_answer(Name::Youtube, answer, at.map(next_day))
}

/// The next eight o'clock UTC.
fn next_day(now: Moment) -> Moment {
    const DAY: i64 = 24 * 3_600_000;
    const EIGHT: i64 = 8 * 3_600_000;
    Moment((now.0 - EIGHT).div_euclid(DAY) * DAY + DAY + EIGHT)
}

impl Network for Youtube {
    async fn create(&self, errand: &Errand<'_>) -> Result<Outcome, Outcome> {
        let rendition = errand.rendition;
        // It was agreed to while a person published here: what the interface wants was never said.
        let (Some(film), Some(_)) = (&rendition.video, rendition.showing) else { return Ok(Outcome::Handed) };
        let mut session = Session::of(&DOOR, errand).await?;
        let mut made = uploaded(errand, &mut session, film).await?;
        let id = made.children.first().cloned().unwrap_or_default();
        let there = until_ready(errand, &mut session, &id).await?;
        captions::see_to(errand, &mut session, (film, &id), false).await?;
        posters::give(errand, film, &mut made, async |jpeg| poster::set(&mut session, &id, jpeg).await).await?;
        show(errand, &mut session, &id, &there, made.poster).await
    }

    /// Words, captions, the poster, audience and what is declared can be replaced; for another video a person is needed, and to
    /// take a poster away.
    async fn edit(&self, errand: &Errand<'_>) -> Result<Outcome, Outcome> {
        let Some(id) = video_of(errand) else { return Ok(Outcome::Handed) };
        let mut given = posters::wished(errand);
        let was = errand.out.and_then(|out| out.revision.clone()).unwrap_or_default();
        let is = revision(errand, given.as_ref()).unwrap_or_default();
        let ((said, posed), (says, poses)) = (posters::parted(&was), posters::parted(&is));
        let same = film_of(&was) == film_of(&is) && (posed.is_none() || poses.is_some());
        let Some(film) = errand.rendition.video.as_ref().filter(|_| same && errand.rendition.showing.is_some()) else {
            return Ok(Outcome::Handed);
        };
        let mut session = Session::of(&DOOR, errand).await?;
        let there = standing(&mut session, id).await?.ok_or_else(gone)?;
        // Before the words: whatever becomes of those, saying all of it again is saying it once.
        if said != says {
            captions::see_to(errand, &mut session, (film, id), true).await?;
        }
        if posed != poses {
            given = posters::tried(errand, film, async |jpeg| poster::set(&mut session, id, jpeg).await).await;
        }
        let whole = video::corrected(&there, errand.rendition);
        let to = at(&session, "/videos").with("part", video::PARTS);
        let answer = session.call(Weight::Visible, Call::new(Method::Put, to).json(&whole)).await?;
        let said = session.taken(Weight::Visible, &answer)?;
        if !video::is_shown_to(&said, errand.rendition) {
            return Err(locked());
        }
        Ok(Outcome::Accepted(receipt(errand, id, given)))
    }

    async fn delete(&self, errand: &Errand<'_>) -> Result<Outcome, Outcome> {
        let Some(id) = video_of(errand) else { return Ok(Outcome::Handed) };
        let mut session = Session::of(&DOOR, errand).await?;
        if standing(&mut session, id).await?.is_some() {
            let call = Call::new(Method::Delete, at(&session, "/videos").with("id", id));
            removed(Weight::Visible, &session.call(Weight::Visible, call).await?)?;
        }
        Ok(Outcome::Accepted(errand.gone()))
    }

    /// Nothing is seen before its identity was kept and it was named by that: so what is out is known without a search.
    async fn look(&self, errand: &Errand<'_>, deed: Deed) -> Result<Sighting, Outcome> {
        let made = errand.container.and_then(|container| container.children.first()).map(String::as_str);
        let id = match (deed, video_of(errand)) {
            (Deed::Create, _) => match made {
                Some(id) => id,
                None => return Ok(Sighting::NotFound),
            },
            (_, Some(id)) => id,
            (_, None) => return Ok(Sighting::ForAPerson),
        };
        let there = standing(&mut Session::of(&DOOR, errand).await?, id).await?;
        let wished = posters::wished(errand);
        Ok(match (deed, there) {
            (Deed::Delete, None) => Sighting::Found(errand.gone()),
            (Deed::Create, Some(there))
                if video::state(&there) == State::Ready && video::is_shown_to(&there, errand.rendition) =>
            {
                Sighting::Found(receipt(errand, id, errand.container.and_then(|made| made.poster.clone())))
            }
            // Of captions and the poster nothing is read: where they were to change, it is done once more, which changes nothing
            // that is done.
            (Deed::Edit, Some(there))
                if errand.out.is_some_and(|out| out.revision == revision(errand, wished.as_ref()))
                    && video::says(&there, errand.rendition)
                    && video::is_shown_to(&there, errand.rendition) =>
            {
                Sighting::Found(receipt(errand, id, wished))
            }
            _ => Sighting::NotFound,
        })
    }
}

/// What was made, with the identity of the video, once all of it is there. Goes on where an earlier try stopped.
async fn uploaded(errand: &Errand<'_>, session: &mut Session<'_>, film: &RenderedVideo) -> Result<Container, Outcome> {
    let of = errand.rendition.hash();
    let kept = errand.container.filter(|kept| kept.of == of).cloned();
    let mut container = kept.unwrap_or_else(|| Container::begun(errand.app.now(), of));
    if !container.children.is_empty() {
        return Ok(container);
    }
    let id = match container.whole.as_deref() {
        None => begun(errand, session, film, &mut container).await?,
        Some(sealed) => match Upload::open(errand, sealed) {
            None => found_or_begun(errand, session, film, &mut container).await?,
            Some(upload) => match upload.stands(session, film.bytes).await? {
                Stands::Whole(id) => id,
                Stands::At(from) => send(errand, session, film, &upload, from).await?,
                // It was forgotten, as after a week.
                Stands::Gone => found_or_begun(errand, session, film, &mut container).await?,
            },
        },
    };
    container.children = vec![id];
    // From here on the video is what is gone on with: before it is named, so that it is never looked for.
    keep(errand, Some(&container)).await?;
    Ok(container)
}

async fn begun(
    errand: &Errand<'_>,
    session: &mut Session<'_>,
    film: &RenderedVideo,
    container: &mut Container,
) -> Result<String, Outcome> {
    let upload = Upload::begin(errand, session, film).await?;
    container.whole = Some(upload.sealed(errand)?);
    // Before the first byte: whoever goes on goes on with this one.
    keep(errand, Some(container)).await?;
    send(errand, session, film, &upload, 0).await
}

/// Nobody knows any more whether an upload came to its end. Nobody saw anything of it, so another does no harm; but one that
/// is there already is taken.
async fn found_or_begun(
    errand: &Errand<'_>,
    session: &mut Session<'_>,
    film: &RenderedVideo,
    container: &mut Container,
) -> Result<String, Outcome> {
    match find(errand, session, container.made).await? {
        Some(id) => Ok(id),
        None => begun(errand, session, film, container).await,
    }
}

/// Sends what is missing. Whatever comes of it, how it stands is asked, never guessed.
async fn send(
    errand: &Errand<'_>,
    session: &mut Session<'_>,
    film: &RenderedVideo,
    upload: &Upload,
    from: u64,
) -> Result<String, Outcome> {
    let source = film::find(errand, film, AFTER_BYTES).await?;
    let stands = match upload.send(session, source, from, film.mime.mime()).await {
        Ok(stands) => stands,
        Err(Outcome::NotSent { .. }) => upload.stands(session, film.bytes).await?,
        Err(outcome) => return Err(outcome),
    };
    match stands {
        Stands::Whole(id) => Ok(id),
        Stands::At(bytes) => Err(preparing(&format!("{bytes} of {} bytes are there; the rest follows", film.bytes))),
        Stands::Gone => Err(Outcome::NotSent { message: "the upload was forgotten under way".to_owned() }),
    }
}

/// Waits until the video can be watched, as long as an invocation may; answers it as it stands.
async fn until_ready(errand: &Errand<'_>, session: &mut Session<'_>, id: &str) -> Result<Value, Outcome> {
    for wait in WAITS {
        if wait > Millis(0) {
            Pause::of(wait).await;
        }
        if !errand.app.ledger().affords(AFTERWARDS + spend(errand, OF_CAPTIONS) + posters::spend(errand)) {
            break;
        }
        let Some(there) = standing(session, id).await? else {
            return again(errand, "the video was taken away before it was shown".to_owned()).await;
        };
        match video::state(&there) {
            State::Ready => return Ok(there),
            State::Going => {}
            State::Broken(why) => {
                keep(errand, None).await?;
                // Nobody saw it, and nobody will. If this fails, it stays where only the channel's people see it.
                let call = Call::new(Method::Delete, at(session, "/videos").with("id", id));
                let _ = session.call(Weight::Safe, call).await;
                let message = format!("YouTube could not take the video in: {why}");
                return Err(Outcome::Refused { kind: FailureKind::ContentRefused, message, status: 200 });
            }
        }
    }
    Err(preparing("YouTube is still preparing the video"))
}

/// Names it: from here on it is seen by whom it is meant for.
async fn show(
    errand: &Errand<'_>,
    session: &mut Session<'_>,
    id: &str,
    there: &Value,
    given: Option<Given>,
) -> Result<Outcome, Outcome> {
    if !video::is_shown_to(there, errand.rendition) {
        let to = at(session, "/videos").with("part", "status");
        let call = Call::new(Method::Put, to).json(&video::shown(there, errand.rendition));
        let answer = session.call(Weight::Visible, call).await?;
        let said = session.taken(Weight::Visible, &answer)?;
        if !video::is_shown_to(&said, errand.rendition) {
            return Err(locked());
        }
    }
    Ok(Outcome::Accepted(receipt(errand, id, given)))
}

/// Projects that YouTube has not approved are answered as if all were well, and the video stays where it was.
fn locked() -> Outcome {
    let message = "YouTube keeps the video private: it has not approved the project (compliance audit)".to_owned();
    Outcome::Refused { kind: FailureKind::Forbidden, message, status: 200 }
}

/// What an answer to taking something away comes to: it is gone, or was before. It is said with 204 and nothing (discovery document,
/// no `response`): a page of HTML with 200 is a proxy's, and nobody knows what was done.
fn removed(weight: Weight, answer: &Answer) -> Result<(), Outcome> {
    match answer.status {
        404 => Ok(()),
        _ if !answer.is_success() => Err(outcome(weight, answer)),
        _ if !answer.is_empty() => Err(weight.of_nonsense(answer)),
        _ => Ok(()),
    }
}

/// A video as it stands; `None` if it is gone.
async fn standing(session: &mut Session<'_>, id: &str) -> Result<Option<Value>, Outcome> {
    let list = at(session, "/videos").with("part", video::PARTS).with("id", id);
    let mut said = session.ask(Weight::Safe, Call::get(list)).await?;
    match said["items"].as_array_mut() {
        Some(items) => Ok(items.iter_mut().find(|one| one["id"] == *id).map(Value::take)),
        None => Err(Outcome::NotSent { message: video::STRANGE.to_owned() }),
    }
}

/// Looks for a video of ours among those that the channel uploaded since a moment: by its title, its description and its
/// time. A mark in it would be seen by readers (tags), or is not given back.
async fn find(errand: &Errand<'_>, session: &mut Session<'_>, made: Moment) -> Result<Option<String>, Outcome> {
    let channel = at(session, "/channels").with("part", "contentDetails").with("mine", "true");
    let said = session.ask(Weight::Safe, Call::get(channel)).await?;
    let Some(uploads) = said["items"][0]["contentDetails"]["relatedPlaylists"]["uploads"].as_str() else {
        return Err(Outcome::NotSent { message: video::STRANGE.to_owned() });
    };
    let list = at(session, "/playlistItems").with("part", "snippet").with("playlistId", uploads);
    let said = session.ask(Weight::Safe, Call::get(list.with("maxResults", LOOKED_THROUGH))).await?;
    let items = said["items"].as_array().map(Vec::as_slice).unwrap_or_default();
    let found: Vec<Value> = items.iter().map(video::listed).collect();
    let (words, taken) = (video::words(errand.rendition), errand.taken(made).await?);
    Ok(match listed::ours(&video::NAMES, &found, &words, "", made, &taken) {
        Likeness::One(one) => one["id"].as_str().filter(|id| is_video(id)).map(ToOwned::to_owned),
        // Which of several, nobody can tell: one more that nobody sees is better than one that is shown and is another's.
        Likeness::None | Likeness::Several => None,
    })
}

fn receipt(errand: &Errand<'_>, id: &str, given: Option<Given>) -> Receipt {
    let address = ["https://www.youtube.com/watch?v=", id].concat();
    let revision = revision(errand, given.as_ref());
    Receipt { poster: given, ..errand.receipt(id, Some(address), revision) }
}

/// What is out besides its words, as a fingerprint: the video, which cannot be replaced, its captions, and its poster.
fn revision(errand: &Errand<'_>, given: Option<&Given>) -> Option<String> {
    let film = errand.rendition.video.as_ref()?;
    let name: String = record::sha256_hex(json!(film.hash).to_string().as_bytes()).chars().take(16).collect();
    Some(posters::revision(with_captions(&name, film), film, given))
}

/// The video that is out, if it went out by the interface: what a person published by hand is known by its link alone.
fn video_of<'a>(errand: &Errand<'a>) -> Option<&'a str> {
    errand.out.map(|out| out.native_id.as_str()).filter(|id| is_video(id))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn another_day_begins_when_it_has_begun_in_california_too() {
        let at = |text: &str| Moment(chrono::DateTime::parse_from_rfc3339(text).unwrap().timestamp_millis());
        for (now, then) in [
            ("2026-11-29T14:00:00Z", "2026-11-30T08:00:00Z"),
            ("2026-11-30T07:59:59Z", "2026-11-30T08:00:00Z"),
            ("2026-11-30T08:00:00Z", "2026-12-01T08:00:00Z"),
        ] {
            assert_eq!(next_day(at(now)), at(then), "{now}");
        }
    }
}
