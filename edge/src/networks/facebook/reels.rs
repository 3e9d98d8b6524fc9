//! Reels of a page. Separate from its videos because they take another way: given as a story's video is, and the call that is to show
//! one only begins it. Facebook works on the video after that and shows it by itself, once it is through. So what became of it is asked
//! of the video, which has an identity from the first call on, and which that one call names: nothing is ever shown twice.

use domain::{
    Millis, Moment, Network as Name, RenderedVideo,
    delivery::{Container, Failure, FailureKind, Outcome, Sighting},
    errors, reel,
};
use serde_json::Value;

use super::{
    NAMES, Page,
    videos::{OF_CAPTIONS, receipt, trouble},
};
use crate::networks::{
    Errand, Weight, captions,
    containers::{WAITS, again, doubt, keep, preparing, refused, tell},
    listed,
    meta::not_of_the_interface,
    poster,
};
use crate::pause::Pause;

/// The edge that begins one, shows it, and lists them.
const EDGE: &str = "video_reels";

/// What is read of one.
const FIELDS: &str = "id,status,permalink_url";

/// What the rest of an invocation spends once it is there: counting the day's, keeping that it is told, telling it, one look, and
/// writing down what came of it.
const AFTERWARDS: u32 = 15;

/// What writing down spends.
const WRITING: u32 = 8;

/// How long is waited between two looks once it was told: an act is over before its lease is. Longer ones are looked up later.
const SHOWS: [Millis; 5] = [Millis(0), Millis::seconds(2), Millis::seconds(4), Millis::seconds(6), Millis::seconds(8)];

/// How far a reel is (`status`: Meta's guide to reels of pages, 2026-07-30).
#[derive(Debug, PartialEq, Eq)]
enum Stage {
    /// Its bytes are on their way.
    Coming,
    /// They are there.
    Given,
    /// Facebook works on it.
    Going,
    /// Everybody sees it.
    Out,
    /// It could not be fetched.
    Unfetched(String),
    /// It cannot be worked on: its code and its words.
    Broken(String, String),
    Expired,
}

fn stage(status: &Value) -> Option<Stage> {
    let of = |phase: &str| status[phase]["status"].as_str().unwrap_or_default();
    let phases = ["uploading_phase", "processing_phase", "publishing_phase"].map(of);
    // A draft is complete too, and says that it is one.
    let published = status["publishing_phase"]["publish_status"].as_str().is_none_or(|said| said == "published");
    Some(match (status["video_status"].as_str()?, phases) {
        ("expired", _) => Stage::Expired,
        ("upload_failed", _) | (_, ["error", ..]) => Stage::Unfetched(trouble(status).1),
        ("error", _) | (_, [_, "error", _] | [.., "error"]) => {
            let (code, words) = trouble(status);
            Stage::Broken(code, words)
        }
        ("uploading" | "upload_complete" | "processing" | "ready", phases) => match phases {
            [.., "complete"] if published => Stage::Out,
            [_, "in_progress" | "complete", _] | [.., "in_progress"] => Stage::Going,
            ["complete", ..] => Stage::Given,
            _ => Stage::Coming,
        },
        _ => return None,
    })
}

impl Page<'_> {
    /// Publishes a video as a reel: has it fetched, or goes on with what an earlier try had fetched; and tells Facebook to show it, once.
    pub(super) async fn reel(&self, errand: &Errand<'_>, video: &RenderedVideo) -> Result<Outcome, Outcome> {
        if !video.fits_a_reel(Name::Facebook) {
            // It was agreed to while a person published here.
            return Ok(Outcome::Handed);
        }
        let of = errand.rendition.hash();
        let kept = errand.container.filter(|kept| kept.of == of && kept.whole.is_some());
        let mut container = match kept {
            Some(kept) => kept.clone(),
            None => self.give_film(errand, video, of, EDGE).await?,
        };
        let id = container.whole.clone().unwrap_or_default();
        match self.until_given(errand, &container, &id).await? {
            (Stage::Out, there) => return Ok(Outcome::Accepted(receipt(errand, &id, &there, container.poster))),
            // An earlier try was told no, and it goes on all the same: so that one was heard.
            (Stage::Going, _) if container.told => return self.until_shown(errand, &container, &id).await,
            _ => {}
        }
        self.captions(errand, video, &id, false).await?;
        poster::give(errand, video, &mut container, async |jpeg| self.poster(&id, jpeg).await).await?;
        self.room(errand, &id).await?;
        tell(errand, &mut container).await?;
        let sent = errand.rendition.as_sent(Name::Facebook);
        let fields = [
            ("upload_phase", "finish"),
            ("video_id", id.as_str()),
            ("video_state", "PUBLISHED"),
            ("description", sent.as_str()),
        ];
        let answer = self.graph.post(Weight::Visible, &[&self.id, "/", EDGE].concat(), &fields).await?;
        if !answer.is_success() {
            refused(errand, &container, &answer).await;
            return Err(self.graph.outcome(Weight::Visible, &answer));
        }
        if answer.json().is_none_or(|said| said["success"] != true) {
            return Err(Weight::Visible.of_nonsense(&answer));
        }
        self.until_shown(errand, &container, &id).await
    }

    /// Waits until its bytes are there, as long as an invocation may; how far it is, and what it says of itself.
    async fn until_given(
        &self,
        errand: &Errand<'_>,
        container: &Container,
        id: &str,
    ) -> Result<(Stage, Value), Outcome> {
        let needed = AFTERWARDS + captions::spend(errand, OF_CAPTIONS) + poster::spend(errand);
        // Once it was told, it may come out while nobody can ask.
        let unheard = |outcome| if container.told { doubt(outcome) } else { outcome };
        for wait in WAITS {
            if wait.0 > 0 {
                Pause::of(wait).await;
            }
            let Some(there) = self.standing(id, FIELDS).await.map_err(unheard)? else {
                return again(errand, "what was given is no longer there".to_owned()).await;
            };
            match stage(&there["status"]).ok_or_else(not_of_the_interface).map_err(unheard)? {
                Stage::Coming if errand.app.ledger().affords(needed) => {}
                Stage::Coming => break,
                // It is there, and another act left too little of this invocation for the rest.
                Stage::Given if !errand.app.ledger().affords(needed) => break,
                Stage::Going if !container.told && !errand.app.ledger().affords(needed) => break,
                Stage::Expired => return again(errand, "what was given has expired".to_owned()).await,
                Stage::Unfetched(message) => return again(errand, message).await,
                Stage::Broken(code, message) => return Err(broken(errand, &code, message).await?),
                stage => return Ok((stage, there)),
            }
        }
        Err(preparing("the network is still preparing it"))
    }

    /// Waits until it is out, as long as an invocation may. What Facebook still works on comes out by itself: that is looked up.
    async fn until_shown(&self, errand: &Errand<'_>, container: &Container, id: &str) -> Result<Outcome, Outcome> {
        for wait in SHOWS {
            if wait.0 > 0 {
                Pause::of(wait).await;
            }
            let there = self.standing(id, FIELDS).await.map_err(doubt)?.unwrap_or_default();
            match stage(&there["status"]) {
                Some(Stage::Out) => {
                    return Ok(Outcome::Accepted(receipt(errand, id, &there, container.poster.clone())));
                }
                Some(Stage::Broken(code, message)) => {
                    return Err(broken(errand, &code, message).await.map_err(doubt)?);
                }
                _ if errand.app.ledger().affords(WRITING) => {}
                _ => break,
            }
        }
        Err(Outcome::NoAnswer { message: "Facebook is still working on it".to_owned(), status: None })
    }

    /// Whether the page may publish one more, read before it is tried: no guide says with which code it is refused then.
    async fn room(&self, errand: &Errand<'_>, id: &str) -> Result<(), Outcome> {
        let now = errand.app.now();
        let since = listed::since(now.minus(reel::DAY)).to_string();
        let parameters = [("fields", "id,created_time"), ("since", since.as_str()), ("limit", listed::MOST)];
        let found = self.graph.read(&[&self.id, "/", EDGE].concat(), &parameters).await?;
        let reels = found["data"].as_array().ok_or_else(not_of_the_interface)?;
        let others = reels.iter().filter(|one| one["id"].as_str() != Some(id));
        let moments: Vec<Moment> = others.filter_map(|one| listed::at(&NAMES, one)).collect();
        match reel::free_at(&moments, now) {
            None => Ok(()),
            Some(until) => {
                let most = reel::MOST_A_DAY;
                let message = format!("the page has published the {most} reels that a day may have");
                Err(Outcome::Throttled { until: Some(until), alone: true, message })
            }
        }
    }

    /// Looks whether it is shown. Without one that was given, nothing was shown.
    pub(super) async fn find_reel(&self, errand: &Errand<'_>) -> Result<Sighting, Outcome> {
        let kept = errand.container.and_then(|container| Some((container, container.whole.as_deref()?)));
        let Some((container, id)) = kept else { return Ok(Sighting::NotFound) };
        let Some(there) = self.standing(id, FIELDS).await? else { return Ok(Sighting::NotFound) };
        Ok(match stage(&there["status"]) {
            Some(Stage::Out) => Sighting::Found(receipt(errand, id, &there, container.poster.clone())),
            // It comes out by itself yet.
            Some(Stage::Going) if container.told => Sighting::Unclear,
            Some(Stage::Broken(code, message)) => Sighting::Refused(failure(&code, message)),
            None => Sighting::Unclear,
            Some(_) => Sighting::NotFound,
        })
    }
}

/// What it comes to that it cannot be worked on: nobody will see it, and what was given is worth nothing.
async fn broken(errand: &Errand<'_>, code: &str, message: String) -> Result<Outcome, Outcome> {
    keep(errand, None).await?;
    let class = errors::class(Name::Facebook, 400, code);
    Ok(errors::outcome(class, 400, message, None, false))
}

/// The same where it is heard by a look: nothing is tried again by itself then, whatever the code means.
fn failure(code: &str, message: String) -> Failure {
    let class = errors::class(Name::Facebook, 400, code);
    let kind = match errors::outcome(class, 400, String::new(), None, false) {
        Outcome::Refused { kind, .. } => kind,
        _ => FailureKind::Unreachable,
    };
    Failure { kind, message, status: Some(400) }
}

#[cfg(test)]
mod tests {
    use domain::json;

    use super::*;

    fn said(video: &str, [uploading, processing, publishing]: [&str; 3]) -> Value {
        json!({
            "video_status": video, "uploading_phase": json!({ "status": uploading }),
            "processing_phase": json!({ "status": processing }), "publishing_phase": json!({ "status": publishing }),
        })
    }

    #[test]
    fn how_far_it_is_stands_in_its_phases() {
        for (video, phases, expected) in [
            ("uploading", ["in_progress", "not_started", "not_started"], Stage::Coming),
            ("upload_complete", ["complete", "not_started", "not_started"], Stage::Given),
            ("processing", ["complete", "not_started", "not_started"], Stage::Given),
            ("processing", ["complete", "in_progress", "not_started"], Stage::Going),
            ("ready", ["complete", "complete", "not_started"], Stage::Going),
            ("ready", ["complete", "complete", "in_progress"], Stage::Going),
            ("ready", ["complete", "complete", "complete"], Stage::Out),
            ("expired", ["complete", "complete", "complete"], Stage::Expired),
            ("upload_failed", ["error", "not_started", "not_started"], Stage::Unfetched(String::new())),
            ("error", ["complete", "error", "not_started"], Stage::Broken(String::new(), String::new())),
            ("processing", ["complete", "complete", "error"], Stage::Broken(String::new(), String::new())),
        ] {
            assert_eq!(stage(&said(video, phases)), Some(expected), "{video} {phases:?}");
        }
        assert_eq!((stage(&said("dancing", ["", "", ""])), stage(&Value::Null)), (None, None));
    }

    #[test]
    fn a_draft_is_not_out() {
        let phases = |publishing: Value| {
            let complete = json!({ "status": "complete" });
            json!({ "video_status": "ready", "uploading_phase": complete.clone(), "processing_phase": complete,
                "publishing_phase": publishing })
        };
        let of = |word: &str| stage(&phases(json!({ "status": "complete", "publish_status": word })));
        assert_eq!(
            (of("published"), of("draft"), of("scheduled")),
            (Some(Stage::Out), Some(Stage::Going), Some(Stage::Going))
        );
    }

    #[test]
    fn why_it_cannot_be_worked_on_is_told_with_its_code() {
        let errors = vec![json!({ "code": 1_363_024, "message": "Unsupported video format" })];
        let phase = json!({ "status": "error", "errors": errors });
        let status = json!({ "video_status": "error", "processing_phase": phase });
        let expected = Stage::Broken("1363024".to_owned(), "Unsupported video format (#1363024)".to_owned());
        assert_eq!(stage(&status), Some(expected));
    }
}
