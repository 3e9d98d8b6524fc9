//! Videos on a page. Separate because they take another way: Facebook fetches one from a signed address and works on it unseen,
//! and the call that shows it names it. So a lost answer is settled by its identity, and not by what it says.

use domain::{
    Network as Name, RenderedVideo, captions as rules,
    delivery::{Container, FailureKind, Outcome, Receipt, Sighting},
    errors, json,
    poster::Given,
};
use serde_json::Value;

use super::{Page, address, beside_the_text};
use crate::networks::{
    Errand, Weight, captions,
    containers::{self, WAITS, again, keep, preparing, refused, tell},
    meta::{done, is_node, not_of_the_interface},
    poster,
};
use crate::pause::Pause;

/// What is read of a video.
const FIELDS: &str = "id,published,status,permalink_url";

/// What the rest of an invocation spends once it is ready: keeping that it is told, publishing, its address, and writing down what came
/// of it.
const AFTERWARDS: u32 = 11;

/// What its captions spend: reading them, and sending them.
pub(super) const OF_CAPTIONS: u32 = 2;

/// What Facebook says of a video that it works on (`status.video_status`: Meta's guide to videos, 2026-09-11).
enum Work {
    Going,
    Ready,
    /// It could not be fetched.
    Unfetched(String),
    /// It cannot be worked on: its code and its words.
    Broken(String, String),
    Expired,
}

fn work(status: &Value) -> Option<Work> {
    Some(match status["video_status"].as_str()? {
        "processing" | "uploading" | "upload_complete" => Work::Going,
        "ready" => Work::Ready,
        "upload_failed" => Work::Unfetched(trouble(status).1),
        "error" => {
            let (code, words) = trouble(status);
            Work::Broken(code, words)
        }
        "expired" => Work::Expired,
        _ => return None,
    })
}

/// What went wrong with it, in whichever phase: its code, and Facebook's words.
pub(super) fn trouble(status: &Value) -> (String, String) {
    let errors = ["uploading_phase", "processing_phase", "publishing_phase"]
        .into_iter()
        .flat_map(|phase| status[phase]["errors"].as_array().into_iter().flatten());
    let all: Vec<&Value> = errors.collect();
    let said: Vec<String> = all.iter().map(|error| told(error)).collect();
    let code = all.first().and_then(|error| error["code"].as_i64());
    (code.map(|code| code.to_string()).unwrap_or_default(), domain::delivery::short(&said.join("; ")))
}

fn told(error: &Value) -> String {
    let said = error["message"].as_str().unwrap_or("the video cannot be worked on");
    error["code"].as_i64().map_or_else(|| said.to_owned(), |code| format!("{said} (#{code})"))
}

impl Page<'_> {
    /// Publishes a video: has it fetched, or goes on with what an earlier try had fetched; and shows it, once.
    pub(super) async fn film(&self, errand: &Errand<'_>, video: &RenderedVideo) -> Result<Outcome, Outcome> {
        let of = errand.rendition.hash();
        let kept = errand.container.filter(|kept| kept.of == of && kept.whole.is_some());
        let mut container = match kept {
            Some(kept) => kept.clone(),
            None => self.give(errand, video, of).await?,
        };
        let id = container.whole.clone().unwrap_or_default();
        if let Some(there) = self.until_ready(errand, &id).await? {
            return Ok(Outcome::Accepted(receipt(errand, &id, &there, container.poster)));
        }
        self.captions(errand, video, &id, false).await?;
        poster::give(errand, video, &mut container, async |jpeg| self.poster(&id, jpeg).await).await?;
        tell(errand, &mut container).await?;
        let answer = self.graph.post(Weight::Visible, &id, &[("published", "true")]).await?;
        if !answer.is_success() {
            refused(errand, &container, &answer).await;
        }
        match done(&self.graph, &answer) {
            Err(Outcome::Refused { kind: FailureKind::Gone, message, .. }) => again(errand, message).await,
            Err(outcome) => Err(outcome),
            Ok(()) => {
                let address = self.address(&id).await;
                let given = container.poster;
                let beside = beside_the_text(errand.rendition, given.as_ref());
                let out = errand.receipt(&id, Some(address), Some(beside));
                Ok(Outcome::Accepted(Receipt { poster: given, ..out }))
            }
        }
    }

    /// Has it fetched, to be seen by nobody yet. Where the answer is lost, it is done again: the first stays unseen.
    async fn give(&self, errand: &Errand<'_>, video: &RenderedVideo, of: String) -> Result<Container, Outcome> {
        let (address, secret) = containers::address(errand, &video.media)?;
        let sent = errand.rendition.as_sent(Name::Facebook);
        let fields = [("file_url", address.as_str()), ("description", sent.as_str()), ("published", "false")];
        let answer = self.graph.post_hiding(&format!("{}/videos", self.id), &fields, &[secret]).await?;
        if !answer.is_success() {
            return Err(self.graph.outcome(Weight::Safe, &answer));
        }
        let made = answer.json().unwrap_or_default();
        let id = made["id"].as_str().filter(|id| is_node(id)).ok_or_else(not_of_the_interface)?.to_owned();
        let container = Container { whole: Some(id), ..Container::begun(errand.app.now(), of) };
        keep(errand, Some(&container)).await?;
        Ok(container)
    }

    /// Puts a poster to a video, before all others that it has or that Facebook made.
    pub(super) async fn poster(&self, id: &str, jpeg: &web_sys::Blob) -> Result<(), Outcome> {
        let said = self.graph.upload(&format!("{id}/thumbnails"), jpeg, &[("is_preferred", "true")]).await?;
        if said["success"] == true || said["id"].is_string() { Ok(()) } else { Err(not_of_the_interface()) }
    }

    /// Gives a video its captions, in the language of the rendition: those that stand there are replaced by it, so that a lost answer
    /// is no trouble. `replaced`: others may stand there that are to go.
    pub(super) async fn captions(
        &self,
        errand: &Errand<'_>,
        video: &RenderedVideo,
        id: &str,
        replaced: bool,
    ) -> Result<(), Outcome> {
        let path = format!("{id}/captions");
        let answer = match captions::given(errand, video).await? {
            Some(given) => {
                // The language is read from the name of the file.
                let name = format!("captions.{}.srt", given.called);
                let file = ("captions_file", name.as_str(), "application/x-subrip");
                self.graph.post_file(&path, &errand.app.secret(), file, &given.track.srt()).await?
            }
            None if !replaced => return Ok(()),
            None => {
                let Some(locale) = rules::called(Name::Facebook, &errand.rendition.language) else { return Ok(()) };
                let gone = json!([locale]).to_string();
                self.graph.post(Weight::Safe, &path, &[("locales_to_delete", &gone)]).await?
            }
        };
        if answer.is_success() { Ok(()) } else { Err(self.graph.outcome(Weight::Safe, &answer)) }
    }

    /// Waits until it is ready, as long as an invocation may; what it says if an earlier try has shown it.
    async fn until_ready(&self, errand: &Errand<'_>, id: &str) -> Result<Option<Value>, Outcome> {
        let needed = AFTERWARDS + 3 + captions::spend(errand, OF_CAPTIONS) + poster::spend(errand);
        for wait in WAITS {
            if wait.0 > 0 {
                Pause::of(wait).await;
            }
            let Some(there) = self.standing(id, FIELDS).await? else {
                return again(errand, "what was given is no longer there".to_owned()).await;
            };
            if there["published"] == true {
                return Ok(Some(there));
            }
            match work(&there["status"]).ok_or_else(not_of_the_interface)? {
                Work::Ready => return Ok(None),
                Work::Going if errand.app.ledger().affords(needed) => {}
                Work::Going => break,
                Work::Expired => return again(errand, "what was given has expired".to_owned()).await,
                Work::Unfetched(message) => return again(errand, message).await,
                Work::Broken(code, message) => {
                    keep(errand, None).await?;
                    let class = errors::class(Name::Facebook, 400, &code);
                    return Err(errors::outcome(class, 400, message, None, false));
                }
            }
        }
        Err(preparing("the network is still preparing it"))
    }

    /// Looks whether it is shown. Without one that was given, nothing was shown.
    pub(super) async fn find_film(&self, errand: &Errand<'_>) -> Result<Sighting, Outcome> {
        let Some(id) = errand.container.and_then(|container| container.whole.as_deref()) else {
            return Ok(Sighting::NotFound);
        };
        Ok(match self.standing(id, FIELDS).await? {
            Some(there) if there["published"] == true => {
                let given = errand.container.and_then(|container| container.poster.clone());
                Sighting::Found(receipt(errand, id, &there, given))
            }
            _ => Sighting::NotFound,
        })
    }
}

/// What is out, as it stands.
pub(super) fn receipt(errand: &Errand<'_>, id: &str, there: &Value, given: Option<Given>) -> Receipt {
    let beside = beside_the_text(errand.rendition, given.as_ref());
    Receipt { poster: given, ..errand.receipt(id, Some(address(there, id)), Some(beside)) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn why_it_cannot_be_worked_on_stands_in_the_phase_that_failed() {
        let error = json!({ "code": 1_363_024, "message": "Unsupported video format" });
        let phase = json!({ "status": "error", "errors": vec![error] });
        let status = json!({ "video_status": "error", "processing_phase": phase });
        let Some(Work::Broken(code, words)) = work(&status) else { panic!("{status}") };
        assert_eq!((&*code, &*words), ("1363024", "Unsupported video format (#1363024)"));
        assert!(matches!(work(&json!({ "video_status": "ready" })), Some(Work::Ready)));
        assert!(matches!(work(&json!({ "video_status": "upload_complete" })), Some(Work::Going)));
        assert!(work(&json!({ "video_status": "dancing" })).is_none() && work(&Value::Null).is_none());
    }
}
