//! Stories of a page: a picture or a video that is given first, to be seen by nobody, and that one more call shows for a day. Separate
//! from posts because what was given has an identity, and the page lists its stories by it: so a lost answer is settled by that, and a
//! try after one begins by looking.

use domain::{
    RenderedPicture, RenderedVideo,
    delivery::{Container, Outcome, Receipt, Sighting},
    story,
};
use serde_json::Value;

use super::Page;
use crate::networks::{
    Errand, Weight,
    containers::{self, WAITS, again, keep, preparing, refused, tell},
    listed,
    meta::{self, is_node, not_of_the_interface},
    picture,
};
use crate::pause::Pause;

/// What is read of a story (Meta's guide to page stories, 2026-11).
const FIELDS: &str = "post_id,status,creation_time,media_type,media_id,url";

/// What the rest of an invocation spends once it is ready: looking, keeping that it is told, showing it, its address, and writing down
/// what came of it.
const AFTERWARDS: u32 = 13;

impl Page<'_> {
    /// Shows a story: gives what is to be seen, or goes on with what an earlier try gave; and shows it, once.
    pub(super) async fn story(&self, errand: &Errand<'_>) -> Result<Outcome, Outcome> {
        let of = errand.rendition.hash();
        let kept = errand.container.filter(|kept| kept.of == of && kept.whole.is_some()).cloned();
        let (edge, fields, mut container) = match (&errand.rendition.video, &errand.rendition.pictures[..]) {
            (Some(video), []) => {
                let container = match kept {
                    Some(kept) => kept,
                    None => self.give_film(errand, video, of, "video_stories").await?,
                };
                self.until_uploaded(errand, container.whole.as_deref().unwrap_or_default()).await?;
                ("video_stories", vec![("upload_phase", "finish"), ("video_state", "PUBLISHED")], container)
            }
            (None, [picture]) => {
                let container = match kept {
                    Some(kept) => kept,
                    None => self.give_picture(errand, picture, of).await?,
                };
                ("photo_stories", Vec::new(), container)
            }
            // It was agreed to before there was a rule, or by hand: a story has one thing to see.
            _ => return Ok(Outcome::Handed),
        };
        let id = container.whole.clone().unwrap_or_default();
        // A network that is away is found out here, where a retry is harmless; and so is an earlier try that showed it.
        if let Some(receipt) = self.told(errand, &id).await? {
            return Ok(Outcome::Accepted(receipt));
        }
        let name = if edge == "video_stories" { "video_id" } else { "photo_id" };
        let fields: Vec<(&str, &str)> = fields.into_iter().chain([(name, id.as_str())]).collect();
        tell(errand, &mut container).await?;
        let answer = self.graph.post(Weight::Visible, &[&self.id, "/", edge].concat(), &fields).await?;
        if !answer.is_success() {
            refused(errand, &container, &answer).await;
            return Err(self.graph.outcome(Weight::Visible, &answer));
        }
        let said = answer.json().filter(|said| said["success"] == true).unwrap_or_default();
        let post = node_of(&said["post_id"]).ok_or_else(|| Weight::Visible.of_nonsense(&answer))?;
        // Asked afterwards, and only to be nicer: it may fail without failing the story.
        let told = self.told(errand, &id).await.ok().flatten();
        Ok(Outcome::Accepted(told.unwrap_or_else(|| errand.receipt(post, None, Some(id)))))
    }

    async fn give_picture(&self, errand: &Errand<'_>, one: &RenderedPicture, of: String) -> Result<Container, Outcome> {
        let blob = picture::blob(errand, one).await?;
        let fields = [("published", "false"), ("alt_text_custom", one.alt.as_str())];
        let photo = self.graph.upload(&format!("{}/photos", self.id), &blob, &fields).await?;
        let id = node_of(&photo["id"]).ok_or_else(not_of_the_interface)?;
        self.keep_given(errand, id, of).await
    }

    /// Has a video fetched, to be seen by nobody yet: for a story, or for a reel, by the edge that shows it. Where an answer is lost,
    /// it is done again: the first stays unseen.
    pub(super) async fn give_film(
        &self,
        errand: &Errand<'_>,
        video: &RenderedVideo,
        of: String,
        edge: &str,
    ) -> Result<Container, Outcome> {
        let edge = [&self.id, "/", edge].concat();
        let answer = self.graph.post(Weight::Safe, &edge, &[("upload_phase", "start")]).await?;
        if !answer.is_success() {
            return Err(self.graph.outcome(Weight::Safe, &answer));
        }
        let begun = answer.json().unwrap_or_default();
        let id = node_of(&begun["video_id"]).ok_or_else(not_of_the_interface)?;
        let to = begun["upload_url"].as_str().ok_or_else(not_of_the_interface)?;
        let (address, secret) = containers::address(errand, &video.media)?;
        let answer = self.graph.give(to, &address, &secret).await?;
        if !answer.is_success() {
            return Err(self.graph.outcome(Weight::Safe, &answer));
        }
        self.keep_given(errand, id, of).await
    }

    async fn keep_given(&self, errand: &Errand<'_>, id: String, of: String) -> Result<Container, Outcome> {
        let container = Container { whole: Some(id), ..Container::begun(errand.app.now(), of) };
        keep(errand, Some(&container)).await?;
        Ok(container)
    }

    /// Waits until a video is there, as long as an invocation may.
    async fn until_uploaded(&self, errand: &Errand<'_>, id: &str) -> Result<(), Outcome> {
        for wait in WAITS {
            if wait.0 > 0 {
                Pause::of(wait).await;
            }
            let Some(there) = self.standing(id, "id,status").await? else {
                return again(errand, "what was given is no longer there".to_owned()).await;
            };
            let status = &there["status"];
            match (status["video_status"].as_str(), status["uploading_phase"]["status"].as_str()) {
                (Some("error" | "upload_failed" | "expired"), _) | (_, Some("error")) => {
                    return again(errand, "what was given could not be taken in".to_owned()).await;
                }
                (_, Some("complete")) => return Ok(()),
                _ if errand.app.ledger().affords(AFTERWARDS) => {}
                _ => break,
            }
        }
        Err(preparing("the network is still preparing it"))
    }

    /// Our story among those of the page, by what was given.
    async fn told(&self, errand: &Errand<'_>, given: &str) -> Result<Option<Receipt>, Outcome> {
        let begun = errand.container.map_or(errand.made, |container| container.made.min(errand.made));
        let since = listed::since(begun).to_string();
        let parameters = [("fields", FIELDS), ("since", since.as_str()), ("limit", listed::MOST)];
        let mut found = self.graph.read(&format!("{}/stories", self.id), &parameters).await?;
        let Value::Array(stories) = found["data"].take() else { return Err(not_of_the_interface()) };
        let ours = stories.iter().find(|one| node_of(&one["media_id"]).as_deref() == Some(given));
        Ok(ours.and_then(|one| {
            let id = node_of(&one["post_id"])?;
            Some(errand.receipt(id, meta::address(one, "url"), Some(given.to_owned())))
        }))
    }

    /// Looks whether it is shown. Without what was given, nothing was shown.
    pub(super) async fn find_story(&self, errand: &Errand<'_>) -> Result<Sighting, Outcome> {
        let Some(id) = errand.container.and_then(|container| container.whole.as_deref()) else {
            return Ok(Sighting::NotFound);
        };
        Ok(self.told(errand, id).await?.map_or(Sighting::NotFound, Sighting::Found))
    }
}

/// Whether a story is over by itself. Before, only a person can take it down: the interface has no way.
pub fn is_over(errand: &Errand<'_>) -> bool {
    errand.out.is_some_and(|out| errand.app.now().since(out.at) >= story::LASTS)
}

/// An identity, which the guide writes as a text and as a number.
fn node_of(id: &Value) -> Option<String> {
    let id = id.as_u64().map(|id| id.to_string()).or_else(|| id.as_str().map(ToOwned::to_owned));
    id.filter(|id| is_node(id))
}

#[cfg(test)]
mod tests {
    use domain::json;

    use super::*;

    #[test]
    fn an_identity_is_a_text_or_a_number() {
        assert_eq!(node_of(&json!(1_234_u64)), Some("1234".to_owned()));
        assert_eq!(node_of(&json!("1234_5")), Some("1234_5".to_owned()));
        for other in [json!("a/b"), Value::Null, json!(""), json!(-1)] {
            assert_eq!(node_of(&other), None, "{other}");
        }
    }
}
