//! Mastodon and compatible servers. The `Idempotency-Key` is the act's identity: for an hour Mastodon answers a
//! repeated create with the first status instead of a second one. Compatible servers mostly do not, so which version of
//! Mastodon a server runs, if it does, is kept with its channel (`domain::repeats`).

mod connect;
mod instance;
mod issuer;
mod plain;

use domain::{
    ChannelId, Millis, Moment, OrganisationId, Refusal, RenderedVideo,
    delivery::{Container, Deed, FailureKind, Likeness, Outcome, Receipt, Sighting},
    edits::Version,
    json,
    poll::RenderedPoll,
};
use serde_json::Value;
use worker::Method;

use super::{Checked, Errand, Network, Weight, film, listed::is_taken, picture, unavailable};
use crate::{
    app::App,
    outbound::{self, Address, Answer, Call},
    pause::Pause,
    store::acts,
    vault::{Keyring, Kind, Secret},
};

pub use connect::{Came, begin, disconnect, finish};

/// How often a picture that the server still works on is asked for, a second apart. A picture takes one or two; what
/// takes longer is tried again later as a whole.
const POLLS: u32 = 5;

/// What the rest of an invocation spends once a video goes up: keeping it, reading how it is, the status, and writing down
/// what came of it.
const AFTER_A_VIDEO: u32 = 17;

/// How far two clocks may differ when a status is compared with an attempt.
const SKEW: Millis = Millis::minutes(5);

/// Under this name the channel keeps the version of Mastodon that its server runs; nothing, where it is another software.
pub const VERSION: &str = "mastodon";

/// Mastodon and compatible servers.
pub struct Mastodon;

/// A server that we may speak to.
struct Client<'a> {
    app: &'a App,
    server: Address,
    token: Secret,
}

impl<'a> Client<'a> {
    async fn open(app: &'a App, org: &OrganisationId, channel: &ChannelId, settings: &Value) -> Result<Self, Outcome> {
        let keys = Keyring::of(app, org, channel).await.map_err(unavailable)?;
        let closed = "no access is stored: connect the channel again";
        let closed = || Outcome::Unauthorised { message: closed.to_owned(), status: 401 };
        let (token, _) = keys.get(Kind::Token).ok_or_else(closed)?;
        let server = Address::parse(settings["server"].as_str().unwrap_or_default()).map_err(|_| closed())?;
        Ok(Self { app, server, token: token.clone() })
    }

    async fn of(errand: &Errand<'a>) -> Result<Self, Outcome> {
        Self::open(errand.app, errand.org, errand.channel, errand.settings).await
    }

    async fn call(&self, weight: Weight, call: Call) -> Result<Answer, Outcome> {
        outbound::send(self.app, weight.wait(call).bearer(&self.token))
            .await
            .map_err(|trouble| weight.of_trouble(trouble))
    }

    /// The JSON of a success.
    async fn ask(&self, weight: Weight, call: Call) -> Result<Value, Outcome> {
        let answer = self.call(weight, call).await?;
        if !answer.is_success() {
            return Err(outcome(weight, &answer));
        }
        answer.json().ok_or_else(|| weight.of_nonsense(&answer))
    }

    /// Uploads the pictures with what they show; answers their identities.
    async fn media(&self, errand: &Errand<'_>) -> Result<Vec<String>, Outcome> {
        if let Some(video) = &errand.rendition.video {
            return Ok(vec![self.film(errand, video).await?]);
        }
        let mut media = Vec::new();
        for picture in &errand.rendition.pictures {
            let blob = picture::blob(errand, picture).await?;
            let unsent = || Outcome::NotSent { message: "a picture could not be made ready".to_owned() };
            let parts = web_sys::FormData::new().map_err(|_| unsent())?;
            parts.append_with_blob_and_filename("file", &blob, "picture").map_err(|_| unsent())?;
            parts.append_with_str("description", &picture.alt).map_err(|_| unsent())?;
            if let Some(focus) = picture.focus {
                parts.append_with_str("focus", &focus.around_the_middle()).map_err(|_| unsent())?;
            }
            let answer = self.call(Weight::Safe, Call::post(self.server.at("/api/v2/media")).parts(parts)).await?;
            if !answer.is_success() {
                return Err(outcome(Weight::Safe, &answer));
            }
            let id = answer.json().and_then(|body| body["id"].as_str().map(ToOwned::to_owned));
            let id = id.filter(|id| is_plain(id)).ok_or_else(|| Weight::Safe.of_nonsense(&answer))?;
            if answer.status == 202 {
                self.await_media(&id).await?;
            }
            media.push(id);
        }
        Ok(media)
    }

    /// Uploads the video with what it shows, or goes on with what an earlier try uploaded: the server works on it for a
    /// while, and it is too much to be sent again for that.
    async fn film(&self, errand: &Errand<'_>, video: &RenderedVideo) -> Result<String, Outcome> {
        let of = errand.rendition.hash();
        let kept = errand.container.filter(|kept| kept.of == of).and_then(|kept| kept.whole.clone());
        if let Some(id) = kept {
            match self.await_media(&id).await {
                Ok(()) => return Ok(id),
                // It was uploaded too long ago, and is no longer there.
                Err(Outcome::Refused { status: 404, .. }) => {}
                Err(outcome) => return Err(still_working(outcome)),
            }
        }
        let poster = match &video.poster {
            Some(poster) => Some(picture::poster_bytes(errand, poster).await?),
            None => None,
        };
        let source = film::find(errand, video, AFTER_A_VIDEO).await?;
        let (boundary, fields) = (errand.app.secret(), [("description", video.alt.as_str())]);
        let mut form = film::in_a_form(source, &boundary, &fields, ("file", video.mime.mime()));
        if let Some(jpeg) = poster {
            form = film::behind_a_picture(form, &boundary, ("thumbnail", &jpeg));
        }
        let (outgoing, mime) = form;
        let call = Call::post(self.server.at("/api/v2/media")).video(outgoing, mime);
        let answer = self.call(Weight::Safe, call).await?;
        if !answer.is_success() {
            return Err(outcome(Weight::Safe, &answer));
        }
        let id = answer.json().and_then(|body| body["id"].as_str().map(ToOwned::to_owned));
        let id = id.filter(|id| is_plain(id)).ok_or_else(|| Weight::Safe.of_nonsense(&answer))?;
        if answer.status == 202 {
            let container = Container { whole: Some(id.clone()), ..Container::begun(errand.app.now(), of) };
            let kept = acts::keep_container(&errand.app.db, errand.org, errand.act, Some(&container)).await;
            kept.map_err(|error| unavailable(error.into()))?;
            self.await_media(&id).await.map_err(still_working)?;
        }
        Ok(id)
    }

    async fn await_media(&self, id: &str) -> Result<(), Outcome> {
        for _ in 0..POLLS {
            Pause::of(Millis::seconds(1)).await;
            let answer = self.call(Weight::Safe, Call::get(self.server.at(&format!("/api/v1/media/{id}")))).await?;
            match answer.status {
                206 => {}
                200 => return Ok(()),
                _ => return Err(outcome(Weight::Safe, &answer)),
            }
        }
        Err(Outcome::NotSent { message: STILL_WORKING.to_owned() })
    }

    fn status(&self, errand: &Errand<'_>, media: &[String]) -> Value {
        let rendition = errand.rendition;
        json!({
            "status": rendition.as_sent(domain::Network::Mastodon),
            "media_ids": media,
            "language": connect::language(&rendition.language),
            "spoiler_text": rendition.warning.as_deref().unwrap_or_default(),
            "sensitive": rendition.warning.is_some(),
        })
    }
}

/// What was uploaded is not ready yet.
const STILL_WORKING: &str = "the server is still working on what it was sent";

/// A video that is not ready is no failed try: nothing has to be sent again.
fn still_working(outcome: Outcome) -> Outcome {
    match outcome {
        Outcome::NotSent { message } if message == STILL_WORKING => Outcome::Preparing { message },
        other => other,
    }
}

impl Network for Mastodon {
    async fn create(&self, errand: &Errand<'_>) -> Result<Outcome, Outcome> {
        let above = errand.parent(id_of)?;
        let client = Client::of(errand).await?;
        let media = client.media(errand).await?;
        if media.is_empty() {
            // A safe step first: a server that is away is found out here, where a retry is harmless.
            let call = Call::get(client.server.at("/api/v1/accounts/verify_credentials"));
            client.ask(Weight::Safe, call).await?;
        }
        let mut status = client.status(errand, &media);
        status["visibility"] = "public".into();
        if let Some(asked) = &errand.rendition.poll {
            status["poll"] = poll(asked, i64::from(asked.minutes) * 60);
        }
        if let Some(above) = above {
            status["in_reply_to_id"] = above.into();
        }
        if media.is_empty()
            && let Some(status) = status.as_object_mut()
        {
            // In the interface, a status is of text or of pictures; an empty list would make it both.
            status.remove("media_ids");
        }
        let call = Call::post(client.server.at("/api/v1/statuses")).json(&status);
        let answer = client.call(Weight::Visible, call.header("idempotency-key", errand.act.as_str())).await?;
        accepted(errand, &answer)
    }

    async fn edit(&self, errand: &Errand<'_>) -> Result<Outcome, Outcome> {
        let path = path_of(errand)?;
        let client = Client::of(errand).await?;
        let there = client.ask(Weight::Safe, Call::get(client.server.at(&path))).await.map_err(gone_if_missing)?;
        // Uploaded anew: which of the old ones show the same, nobody could tell from here.
        let media = client.media(errand).await?;
        let mut status = client.status(errand, &media);
        if let Some(asked) = &errand.rendition.poll {
            // What is not said again is taken away with its votes; the same answers until the same end leave them.
            status["poll"] = poll(asked, left(&there["poll"], errand.app.now())?);
        }
        let call = Call::new(Method::Put, client.server.at(&path)).json(&status);
        let answer = client.call(Weight::Visible, call).await?;
        accepted(errand, &answer)
    }

    async fn delete(&self, errand: &Errand<'_>) -> Result<Outcome, Outcome> {
        let path = path_of(errand)?;
        let client = Client::of(errand).await?;
        let there = client.call(Weight::Safe, Call::get(client.server.at(&path))).await?;
        if is_missing(&there) {
            return Ok(Outcome::Accepted(errand.gone()));
        }
        if !there.is_success() {
            return Err(outcome(Weight::Safe, &there));
        }
        let answer = client.call(Weight::Visible, Call::new(Method::Delete, client.server.at(&path))).await?;
        if is_missing(&answer) {
            return Ok(Outcome::Accepted(errand.gone()));
        }
        if !answer.is_success() {
            return Err(outcome(Weight::Visible, &answer));
        }
        // A success that is not of the interface (a proxy's page) says nothing about the status.
        match answer.json() {
            Some(body) if body.is_object() => Ok(Outcome::Accepted(errand.gone())),
            _ => Err(Weight::Visible.of_nonsense(&answer)),
        }
    }

    async fn look(&self, errand: &Errand<'_>, deed: Deed) -> Result<Sighting, Outcome> {
        let client = Client::of(errand).await?;
        let sent = errand.rendition.as_sent(domain::Network::Mastodon);
        if deed == Deed::Create {
            let address = client.server.at(&format!("/api/v1/accounts/{}/statuses", errand.setting("id")));
            let address = address.with("limit", "40").with("exclude_reblogs", "true");
            let statuses = client.ask(Weight::Safe, Call::get(address)).await?;
            let Some(statuses) = statuses.as_array() else { return Ok(Sighting::Unclear) };
            let above = errand.parent(id_of)?;
            let taken = errand.taken(errand.made).await?;
            return Ok(match ours(statuses, &sent, errand.made, above.as_deref(), &taken) {
                Likeness::One(status) => receipt(errand, status).map_or(Sighting::Unclear, Sighting::Found),
                Likeness::None => Sighting::NotFound,
                Likeness::Several => Sighting::ForAPerson,
            });
        }
        let path = path_of(errand)?;
        let answer = client.call(Weight::Safe, Call::get(client.server.at(&path))).await?;
        let there = answer.json().filter(|_| answer.is_success());
        Ok(match (deed, there) {
            (Deed::Delete, None) if is_missing(&answer) => Sighting::Found(errand.gone()),
            (Deed::Edit, Some(status)) => {
                let edited =
                    status["edited_at"].as_str().and_then(moment).is_some_and(|at| at.plus(SKEW) >= errand.made);
                let says = status["content"].as_str().is_some_and(|html| plain::says(html, &sent));
                match receipt(errand, &status) {
                    Some(receipt) if edited && says => Sighting::Found(receipt),
                    _ => Sighting::NotFound,
                }
            }
            (Deed::Delete, Some(_)) => Sighting::NotFound,
            // Nothing to correct is there: it was taken down, or trying again says so.
            (Deed::Edit, None) if is_missing(&answer) => Sighting::NotFound,
            _ => Sighting::Unclear,
        })
    }
}

/// Every version of a status that readers can see, oldest first. A server that keeps none (one of before 3.5, some compatible ones) says
/// that there is nothing.
///
/// # Errors
/// An outcome, if it could not be asked.
pub async fn history(errand: &Errand<'_>, out: &Receipt) -> Result<Vec<Version>, Outcome> {
    let Some(id) = id_of(out) else { return Ok(Vec::new()) };
    let client = Client::of(errand).await?;
    let address = client.server.at(&format!("/api/v1/statuses/{id}/history"));
    let said = client.ask(Weight::Safe, Call::get(address)).await?;
    Ok(said.as_array().into_iter().flatten().filter_map(version).collect())
}

fn version(said: &Value) -> Option<Version> {
    let warning = said["spoiler_text"].as_str().filter(|warning| !warning.trim().is_empty());
    Some(Version {
        at: moment(said["created_at"].as_str()?)?,
        text: plain::read(said["content"].as_str()?),
        warning: warning.map(ToOwned::to_owned),
    })
}

/// A poll, open for so many seconds from now on.
fn poll(poll: &RenderedPoll, seconds: i64) -> Value {
    json!({
        "options": poll.answers, "expires_in": seconds, "multiple": poll.several, "hide_totals": poll.hidden,
    })
}

/// The least that a poll is open from when it is said, in seconds: Mastodon's default (`PollExpirationValidator`, 4.5).
const LEAST: i64 = 300;

/// How many seconds the poll of a status is still open, as many as let it end when it was to end.
///
/// # Errors
/// `Refused` where that is no longer possible: a correction would open it anew, or wipe its votes.
fn left(there: &Value, now: Moment) -> Result<i64, Outcome> {
    let ends = there["expires_at"].as_str().and_then(moment);
    let millis = ends.map_or(0, |ends| ends.since(now).0);
    // Begun ones too: it ends at most a second later than it was said to.
    let seconds = millis.max(0).saturating_add(999) / 1_000;
    if there["expired"] == true || seconds < LEAST {
        let message = "the poll has ended, or ends within five minutes: to edit the post would open it anew".to_owned();
        return Err(Outcome::Refused { kind: FailureKind::ContentRefused, message, status: 422 });
    }
    Ok(seconds)
}

/// The status of an attempt among those of an account that are no other act's (`taken`); of a part of a thread, among those that
/// answer the part before.
fn ours<'a>(
    statuses: &'a [Value],
    sent: &str,
    made: Moment,
    above: Option<&str>,
    taken: &[String],
) -> Likeness<&'a Value> {
    let answers = |status: &&Value| above.is_none() || status["in_reply_to_id"].as_str() == above;
    let alike =
        statuses.iter().filter(answers).filter(|status| !is_taken(status, taken) && is_ours(status, sent, made));
    Likeness::by_words(alike, sent)
}

/// Whether a status is the one of an attempt: it says the same, and was made then. The same words of last week are
/// another status.
fn is_ours(status: &Value, sent: &str, made: Moment) -> bool {
    let then = status["created_at"].as_str().and_then(moment).is_some_and(|at| at.plus(SKEW) >= made);
    then && status["content"].as_str().is_some_and(|html| plain::says(html, sent))
}

/// An instant as Mastodon writes it.
fn moment(text: &str) -> Option<Moment> {
    chrono::DateTime::parse_from_rfc3339(text).ok().map(|at| Moment(at.timestamp_millis()))
}

/// Identities go into paths: what is more than letters, digits and hyphens is none.
fn is_plain(id: &str) -> bool {
    !id.is_empty()
        && id.len() <= 64
        && id.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'))
}

/// The identity of a status that is out; of one that a person put there, by its link.
fn id_of(out: &Receipt) -> Option<String> {
    let id = out.native_id.split(['?', '#']).next()?.trim_end_matches('/').rsplit('/').next()?;
    is_plain(id).then(|| id.to_owned())
}

/// The path of what is out.
fn path_of(errand: &Errand<'_>) -> Result<String, Outcome> {
    let id = errand.out.map(|out| out.native_id.as_str()).filter(|id| is_plain(id));
    id.map(|id| format!("/api/v1/statuses/{id}")).ok_or_else(gone)
}

const fn is_missing(answer: &Answer) -> bool {
    matches!(answer.status, 404 | 410)
}

fn gone() -> Outcome {
    Outcome::Refused { kind: FailureKind::Gone, message: "the status is no longer there".to_owned(), status: 404 }
}

fn gone_if_missing(outcome: Outcome) -> Outcome {
    match outcome {
        Outcome::Refused { status: 404 | 410, .. } => gone(),
        other => other,
    }
}

/// What an answer that is no success comes to. `X-RateLimit-Reset` is an instant in ISO 8601.
fn outcome(weight: Weight, answer: &Answer) -> Outcome {
    let until = answer.header("x-ratelimit-reset").and_then(|text| moment(text.trim()));
    weight.of_answer(domain::Network::Mastodon, answer, until)
}

fn accepted(errand: &Errand<'_>, answer: &Answer) -> Result<Outcome, Outcome> {
    if !answer.is_success() {
        return Err(outcome(Weight::Visible, answer));
    }
    let receipt = answer.json().and_then(|status| receipt(errand, &status));
    receipt.map(Outcome::Accepted).ok_or_else(|| Weight::Visible.of_nonsense(answer))
}

fn receipt(errand: &Errand<'_>, status: &Value) -> Option<Receipt> {
    let id = status["id"].as_str().filter(|id| is_plain(id))?;
    let address = status["url"].as_str().or_else(|| status["uri"].as_str()).map(ToOwned::to_owned);
    Some(errand.receipt(id, address, None))
}

/// Asks whether the access still works, and what the server allows now.
///
/// # Errors
/// `Unavailable`.
pub async fn check(app: &App, org: &OrganisationId, channel: &ChannelId, settings: &Value) -> Result<Checked, Refusal> {
    let asked = async {
        let client = Client::open(app, org, channel, settings).await?;
        let call = Call::get(client.server.at("/api/v1/accounts/verify_credentials"));
        let account = client.ask(Weight::Safe, call).await?;
        Ok::<_, Outcome>((account, client))
    };
    Ok(match asked.await {
        Ok::<_, Outcome>((account, client)) => {
            let (handle, mut settings) = (connect::handle(&client.server, &account), settings.clone());
            let instance = instance::ask(app, &client.server).await.ok();
            let limits = instance.map(|instance| {
                settings[VERSION] = instance.mastodon.into();
                instance.limits
            });
            Checked::Works { handle, limits, expires: None, settings }
        }
        Err(outcome) => Checked::from(outcome),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const MADE: Moment = Moment(1_795_435_200_000); // 2026-11-23T12:00Z

    #[test]
    fn the_same_words_of_last_week_are_another_status() {
        let status = |at: &str| json!({ "content": "<p>Mañana hay pleno</p>", "created_at": at });
        assert!(is_ours(&status("2026-11-23T12:00:01.000Z"), "Mañana hay pleno", MADE));
        assert!(is_ours(&status("2026-11-23T11:58:00.000Z"), "Mañana hay pleno", MADE), "their clock is behind");
        assert!(!is_ours(&status("2026-11-16T12:00:00.000Z"), "Mañana hay pleno", MADE));
        assert!(!is_ours(&status("2026-11-23T12:00:01.000Z"), "Hoy hay pleno", MADE));
    }

    #[test]
    fn of_two_statuses_or_of_one_without_words_nobody_says_which_is_ours() {
        let status =
            |id: &str, content: &str| json!({ "id": id, "content": content, "created_at": "2026-11-23T12:00:01.000Z" });
        let one = [status("1", "<p>Mañana hay pleno</p>"), status("2", "<p>Otra cosa</p>")];
        assert_eq!(ours(&one, "Mañana hay pleno", MADE, None, &[]), Likeness::One(&one[0]));
        let two = [one[0].clone(), status("3", "<p>Mañana hay pleno</p>")];
        assert_eq!(ours(&two, "Mañana hay pleno", MADE, None, &[]), Likeness::Several);
        assert_eq!(ours(&two, "Mañana hay pleno", MADE, None, &["1".to_owned()]), Likeness::One(&two[1]));
        let wordless = [status("4", "")];
        for sent in ["", "🎉"] {
            assert_eq!(ours(&wordless, sent, MADE, None, &[]), Likeness::Several, "a picture of whomever");
        }
        assert_eq!(ours(&one, "Mañana hay pleno", MADE, Some("9"), &[]), Likeness::None, "no part of the thread");
    }

    #[test]
    fn a_version_is_read_as_readers_see_it() {
        let said = json!({ "created_at": "2026-11-23T12:00:00.000Z", "spoiler_text": "", "content": "<p>Hoy &amp; mañana<br />a las 9</p><p>Pleno</p>" });
        let read = Version { at: MADE, text: "Hoy & mañana\na las 9\n\nPleno".to_owned(), warning: None };
        assert_eq!(version(&said), Some(read));
        assert_eq!(version(&json!({ "content": "<p>Hoy</p>" })), None);
    }

    #[test]
    fn a_poll_ends_when_it_was_to_end_or_is_left_alone() {
        let there = |at: &str, expired: bool| json!({ "expires_at": at, "expired": expired });
        assert_eq!(left(&there("2026-11-23T12:10:00.000Z", false), MADE).ok(), Some(600));
        assert_eq!(left(&there("2026-11-23T12:04:59.001Z", false), MADE).ok(), Some(300));
        for (at, expired) in [
            ("2026-11-23T12:04:59.000Z", false),
            ("2026-11-23T11:00:00.000Z", false),
            ("2026-11-23T12:10:00.000Z", true),
        ] {
            assert!(matches!(left(&there(at, expired), MADE), Err(Outcome::Refused { .. })), "{at}");
        }
        assert!(left(&Value::Null, MADE).is_err(), "it was taken away there: it is not put back without its votes");
    }

    #[test]
    fn an_identity_cannot_lead_elsewhere() {
        assert!(is_plain("115600000000000001") && is_plain("01JD-x"));
        for id in ["", "../accounts", "1?x", "1/2"] {
            assert!(!is_plain(id), "{id}");
        }
    }
}
