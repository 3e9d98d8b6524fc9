//! Facebook pages. There is no handle that makes a repeat harmless, so the one call that makes a post visible is made
//! once: pictures go up unpublished before it, and a silence is looked up on the page, never answered by sending again.

mod reels;
mod stories;
mod videos;

use domain::{
    ChannelId, Guise, Network as Name, OrganisationId, Refusal, Rendition,
    delivery::{Deed, Likeness, Outcome, Receipt, Sighting},
    poster::Given,
};
use serde_json::Value;

use super::{
    Checked, Errand, Network, Weight,
    beside::{self, card, gone},
    captions,
    commenting::Below,
    listed,
    meta::{self, Graph, Trouble, connect, done, is_node, no_access, not_of_the_interface},
    picture, poster,
};
use crate::app::App;

/// How the interface names the parts of a post.
const NAMES: listed::Names = listed::Names { words: "message", at: "created_time", address: "permalink_url" };

/// The same of a video.
const NAMES_OF_VIDEO: listed::Names = listed::Names { words: "description", ..NAMES };

/// Where readers are.
const HOME: &str = "https://www.facebook.com";

/// What the rest of an invocation spends once pictures go up: the post, its address, and writing down what came of it.
const AFTER_PICTURES: u32 = 10;

/// Facebook pages.
pub struct Facebook;

/// A page that we may write on.
struct Page<'a> {
    graph: Graph<'a>,
    id: String,
}

impl<'a> Page<'a> {
    async fn open(app: &'a App, org: &OrganisationId, channel: &ChannelId, settings: &Value) -> Result<Self, Outcome> {
        let graph = meta::by_page(app, Name::Facebook, org, channel, settings).await?;
        let id = settings["account"].as_str().filter(|id| is_node(id)).ok_or_else(no_access)?.to_owned();
        Ok(Self { graph, id })
    }

    async fn of(errand: &Errand<'a>) -> Result<Self, Outcome> {
        Self::open(errand.app, errand.org, errand.channel, errand.settings).await
    }

    /// Uploads the pictures with what they show, to be seen by nobody yet; answers their identities. What a failed try
    /// leaves behind stays unseen.
    async fn photos(&self, errand: &Errand<'_>) -> Result<Vec<String>, Outcome> {
        let pictures = &errand.rendition.pictures;
        let needed = 2 * u32::try_from(pictures.len()).unwrap_or(u32::MAX / 2) + AFTER_PICTURES;
        if !pictures.is_empty() && !errand.app.ledger().affords(needed) {
            let message = "so many pictures do not fit what is left of this invocation".to_owned();
            return Err(Outcome::NotSent { message });
        }
        let mut photos = Vec::new();
        for picture in pictures {
            let blob = picture::blob(errand, picture).await?;
            let fields = [("published", "false"), ("alt_text_custom", picture.alt.as_str())];
            let photo = self.graph.upload(&format!("{}/photos", self.id), &blob, &fields).await?;
            let id = photo["id"].as_str().filter(|id| is_node(id));
            photos.push(id.ok_or_else(not_of_the_interface)?.to_owned());
        }
        Ok(photos)
    }

    /// A post as it stands; `None` if it is gone.
    async fn standing(&self, post: &str, fields: &str) -> Result<Option<Value>, Outcome> {
        self.graph.standing(&self.id, post, fields).await
    }

    /// Looks through what the page published since the act was first tried.
    async fn find(&self, errand: &Errand<'_>) -> Result<Sighting, Outcome> {
        let since = listed::since(errand.made).to_string();
        let parameters = [
            ("fields", "id,message,created_time,permalink_url,application"),
            ("since", since.as_str()),
            ("limit", listed::MOST),
        ];
        let found = self.graph.read(&format!("{}/published_posts", self.id), &parameters).await?;
        let Some(posts) = found["data"].as_array() else { return Ok(Sighting::Unclear) };
        let (sent, taken) = (errand.rendition.as_sent(Name::Facebook), errand.taken(errand.made).await?);
        Ok(match listed::ours(&NAMES, posts, &sent, errand.setting("app"), errand.made, &taken) {
            Likeness::One(post) => receipt(errand, post).map_or(Sighting::Unclear, Sighting::Found),
            Likeness::None => Sighting::NotFound,
            Likeness::Several => Sighting::ForAPerson,
        })
    }

    /// Where everybody can see a post. Asked afterwards, and only to be nicer: it may fail without failing the post.
    async fn address(&self, post: &str) -> String {
        let read = self.graph.read(post, &[("fields", "permalink_url")]).await.unwrap_or_default();
        address(&read, post)
    }
}

impl Network for Facebook {
    async fn create(&self, errand: &Errand<'_>) -> Result<Outcome, Outcome> {
        let page = Page::of(errand).await?;
        if errand.rendition.story {
            return page.story(errand).await;
        }
        if let Some(video) = &errand.rendition.video {
            let is_reel = errand.rendition.guise(Name::Facebook) == Guise::Reel;
            return if is_reel { page.reel(errand, video).await } else { page.film(errand, video).await };
        }
        let photos = page.photos(errand).await?;
        if photos.is_empty() {
            // A safe step first: a network that is away is found out here, where a retry is harmless.
            page.graph.read(&page.id, &[("fields", "id")]).await?;
        }
        let sent = errand.rendition.as_sent(Name::Facebook);
        let attached: Vec<(String, String)> = photos
            .iter()
            .enumerate()
            .map(|(place, photo)| {
                (format!("attached_media[{place}]"), domain::json!({ "media_fbid": photo }).to_string())
            })
            .collect();
        let mut fields = vec![("message", sent.as_str())];
        fields.extend(card(errand.rendition).map(|link| ("link", link)));
        fields.extend(attached.iter().map(|(name, value)| (name.as_str(), value.as_str())));
        let answer = page.graph.post(Weight::Visible, &format!("{}/feed", page.id), &fields).await?;
        if !answer.is_success() {
            // It was told this before, so this call made nothing; perhaps an earlier try of the same act did.
            if Trouble::read(&answer).is_some_and(|trouble| trouble.is_duplicate())
                && let Ok(Sighting::Found(receipt)) = page.find(errand).await
            {
                return Ok(Outcome::Accepted(receipt));
            }
            return Err(page.graph.outcome(Weight::Visible, &answer));
        }
        let id = answer.json().and_then(|body| body["id"].as_str().map(ToOwned::to_owned));
        let id = id.filter(|id| is_node(id)).ok_or_else(|| Weight::Visible.of_nonsense(&answer))?;
        let address = page.address(&id).await;
        Ok(Outcome::Accepted(errand.receipt(id, Some(address), Some(beside_the_text(errand.rendition, None)))))
    }

    /// Only the text can be replaced, and the captions and the poster of a video: for other pictures, or another card, a person is
    /// needed, and to take a poster away.
    async fn edit(&self, errand: &Errand<'_>) -> Result<Outcome, Outcome> {
        // Of a story the interface can change nothing.
        let Some(post) = post_of(errand).filter(|_| !errand.rendition.story) else { return Ok(Outcome::Handed) };
        let mut given = poster::wished(errand);
        let beside = beside_the_text(errand.rendition, given.as_ref());
        let was = errand.out.and_then(|out| out.revision.as_deref()).unwrap_or_default();
        let ((said, posed), (says, poses)) = (poster::parted(was), poster::parted(&beside));
        if captions::film_of(was) != captions::film_of(&beside) || (posed.is_some() && poses.is_none()) {
            return Ok(Outcome::Handed);
        }
        let page = Page::of(errand).await?;
        let there = page.standing(post, "id,permalink_url").await?.ok_or_else(gone)?;
        // Before the text: whatever becomes of that, saying all of it again is saying it once.
        if let Some(video) = errand.rendition.video.as_ref().filter(|_| said != says) {
            page.captions(errand, video, post, true).await?;
        }
        if let Some(video) = errand.rendition.video.as_ref().filter(|_| posed != poses) {
            given = poster::tried(errand, video, async |jpeg| page.poster(post, jpeg).await).await;
        }
        let sent = errand.rendition.as_sent(Name::Facebook);
        let answer = page.graph.post(Weight::Visible, post, &[(names(post).words, &sent)]).await?;
        done(&page.graph, &answer)?;
        let beside = beside_the_text(errand.rendition, given.as_ref());
        let out = errand.receipt(post, Some(address(&there, post)), Some(beside));
        Ok(Outcome::Accepted(Receipt { poster: given, ..out }))
    }

    async fn delete(&self, errand: &Errand<'_>) -> Result<Outcome, Outcome> {
        if errand.rendition.story {
            return Ok(if stories::is_over(errand) { Outcome::Accepted(errand.gone()) } else { Outcome::Handed });
        }
        let Some(post) = post_of(errand) else { return Ok(Outcome::Handed) };
        let page = Page::of(errand).await?;
        if page.standing(post, "id").await?.is_none() {
            return Ok(Outcome::Accepted(errand.gone()));
        }
        let answer = page.graph.delete(post).await?;
        done(&page.graph, &answer)?;
        Ok(Outcome::Accepted(errand.gone()))
    }

    async fn comment(&self, errand: &Errand<'_>) -> Result<Outcome, Outcome> {
        let Some(post) = post_of(errand) else { return Ok(Outcome::Handed) };
        let page = Page::of(errand).await?;
        Below { graph: &page.graph, account: &page.id, post }.write(errand).await
    }

    async fn look(&self, errand: &Errand<'_>, deed: Deed) -> Result<Sighting, Outcome> {
        let is_elsewhere = post_of(errand).is_none() || errand.rendition.story;
        if deed != Deed::Create && is_elsewhere {
            return Ok(Sighting::ForAPerson);
        }
        let page = Page::of(errand).await?;
        let post = match (deed, post_of(errand)) {
            (Deed::Comment, Some(post)) => {
                return Below { graph: &page.graph, account: &page.id, post }.look(errand).await;
            }
            (Deed::Edit | Deed::Delete, Some(post)) => post,
            _ if errand.rendition.story => return page.find_story(errand).await,
            _ if errand.rendition.guise(Name::Facebook) == Guise::Reel => return page.find_reel(errand).await,
            _ if errand.rendition.video.is_some() => return page.find_film(errand).await,
            _ => return page.find(errand).await,
        };
        let names = names(post);
        let there = page.standing(post, &["id", names.words, names.address].join(",")).await?;
        Ok(match (deed, there) {
            (Deed::Delete, None) => Sighting::Found(errand.gone()),
            // Of captions nothing is read: where they were to change, the same words prove nothing.
            (Deed::Edit, Some(there))
                if is_beside_the_same(errand)
                    && listed::says(names, &there, &errand.rendition.as_sent(Name::Facebook)) =>
            {
                receipt(errand, &there).map_or(Sighting::Unclear, Sighting::Found)
            }
            _ => Sighting::NotFound,
        })
    }
}

/// Whether a correction changes nothing of what hangs beside the text of a video.
fn is_beside_the_same(errand: &Errand<'_>) -> bool {
    let was = errand.out.and_then(|out| out.revision.as_deref());
    let wished = poster::wished(errand);
    errand.rendition.video.is_none() || was == Some(&beside_the_text(errand.rendition, wished.as_ref()))
}

fn beside_the_text(rendition: &Rendition, given: Option<&Given>) -> String {
    match &rendition.video {
        // What it shows is told to nobody there.
        Some(video) => {
            let rest = captions::revision(&video.hash.chars().take(16).collect::<String>(), video);
            poster::revision(rest, video, given)
        }
        None => beside::beside_the_text(rendition, None),
    }
}

/// How the parts of what is out are named: a post's identity has its page's in it, a video's has not.
fn names(id: &str) -> &'static listed::Names {
    if id.contains('_') { &NAMES } else { &NAMES_OF_VIDEO }
}

/// The post that is out, if it went out by the interface: what a person published by hand is known by its link, and the
/// interface gives no way from one to the other.
fn post_of<'a>(errand: &Errand<'a>) -> Option<&'a str> {
    errand.out.map(|out| out.native_id.as_str()).filter(|id| is_node(id))
}

fn receipt(errand: &Errand<'_>, post: &Value) -> Option<Receipt> {
    let id = post["id"].as_str().filter(|id| is_node(id))?;
    let given = poster::wished(errand);
    let beside = beside_the_text(errand.rendition, given.as_ref());
    Some(Receipt { poster: given, ..errand.receipt(id, Some(address(post, id)), Some(beside)) })
}

/// Where a post can be seen: where it says itself, or where every post can be found.
fn address(post: &Value, id: &str) -> String {
    // A video's has no host.
    let path = post[NAMES.address].as_str().filter(|said| said.starts_with('/') && !said.starts_with("//"));
    let whole = path.map(|path| format!("{HOME}{path}")).filter(|whole| domain::content::is_web_address(whole));
    whole.or_else(|| meta::address(post, NAMES.address)).unwrap_or_else(|| format!("{HOME}/{id}"))
}

/// Asks whether the access still opens the page and still carries every permission, without writing anything.
///
/// # Errors
/// `Unavailable`.
pub async fn check(app: &App, org: &OrganisationId, channel: &ChannelId, settings: &Value) -> Result<Checked, Refusal> {
    connect::check(app, Name::Facebook, org, channel, settings, "id,name,username,link").await
}

#[cfg(test)]
mod tests {
    use domain::json;

    use super::*;

    #[test]
    fn a_post_by_hand_is_no_node() {
        assert!(is_node("1234_5678"));
        for other in ["", "https://www.facebook.com/villa/posts/1", "1/feed", "me", "1?x"] {
            assert!(!is_node(other), "{other}");
        }
    }

    #[test]
    fn an_address_that_is_none_is_not_believed() {
        let post = |link: &str| json!({ "id": "1_2", "permalink_url": link });
        assert_eq!(address(&post("https://www.facebook.com/p/2"), "1_2"), "https://www.facebook.com/p/2");
        assert_eq!(address(&post("javascript:alert(1)"), "1_2"), "https://www.facebook.com/1_2");
        assert_eq!(address(&post("/villa/videos/7/"), "7"), "https://www.facebook.com/villa/videos/7/");
        assert_eq!(address(&post("//evil.example/7"), "7"), "https://www.facebook.com/7");
    }
}
