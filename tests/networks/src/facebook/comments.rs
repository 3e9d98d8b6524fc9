//! What stands below posts, videos and media of Instagram: comments of the account and of others, in the order of each network.

use axum::{
    body::Body,
    extract::{Path, State},
    http::Response,
};
use chrono::{DateTime, SecondsFormat, Utc};
use serde_json::{Value, json};

use super::{Called, Facebook, instagram, link, missing, node, posts::graph_time, refuse, videos};
use crate::world::answer;

/// Characters; third-party figures.
const MOST: [usize; 2] = [8_000, 2_200];

/// Somebody who is not the account.
const NEIGHBOUR: (&str, &str) = ("990000000000001", "vecina_curiosa");

/// A comment.
#[derive(Debug, Clone)]
pub struct Comment {
    id: String,
    below: String,
    /// The page or the account whose it is; nobody's of ours where a neighbour wrote it.
    own: Option<String>,
    words: String,
    at: DateTime<Utc>,
}

impl Facebook {
    /// What readers see below something.
    pub(super) fn below(&self, id: &str) -> Vec<Value> {
        let here = self.comments.iter().filter(|comment| comment.below == id);
        here.map(|one| json!({ "id": one.id, "words": one.words, "own": one.own.is_some() })).collect()
    }

    /// A neighbour says something below whatever is out.
    pub(super) fn neighbour_says(&mut self, words: &str) {
        let posts: Vec<String> = self.posts.iter().map(|post| post.id().to_owned()).collect();
        for below in posts.into_iter().chain(self.instagram.media_ids()) {
            self.say(&below, None, words.to_owned());
        }
    }

    fn say(&mut self, below: &str, own: Option<String>, words: String) -> Comment {
        let number = self.mint();
        let id = match instagram::is_ours(below) {
            true => (17_800_000_000_000_000 + number).to_string(),
            false => format!("{}_{}", below.rsplit('_').next().unwrap_or(below), 500_000_000_000_000 + number),
        };
        let comment = Comment { id, below: below.to_owned(), own, words, at: Utc::now() };
        self.comments.push(comment.clone());
        comment
    }

    /// Whose something is that can be commented on: a page, or an account of Instagram.
    fn owner(&self, id: &str) -> Option<String> {
        if instagram::is_ours(id) {
            return self.instagram.owner(id);
        }
        if videos::is_ours(id) {
            return self.clips.get(id).and_then(|clip| clip.page_of_published());
        }
        self.posts.iter().find(|post| post.id() == id).and_then(|_| id.split('_').next().map(str::to_owned))
    }
}

impl Comment {
    /// Whether it goes with something that is taken down.
    pub fn is_below(&self, id: &str) -> bool {
        self.below == id
    }

    fn whole(&self) -> Value {
        if instagram::is_ours(&self.below) {
            let name = self.own.as_deref().map_or(NEIGHBOUR.1.to_owned(), instagram::user);
            return json!({
                "id": self.id, "text": self.words, "username": name,
                "timestamp": self.at.to_rfc3339_opts(SecondsFormat::Secs, false).replace("+00:00", "+0000"),
                // Told of the account's own alone.
                "user": self.own.as_ref().map(|own| json!({ "id": own })),
            });
        }
        let (id, name) = self.own.as_deref().map_or(NEIGHBOUR, |page| (page, "Ayuntamiento"));
        json!({
            "id": self.id, "message": self.words, "created_time": graph_time(self.at), "from": { "id": id, "name": name },
            "permalink_url": format!("{}/posts/{}?comment_id={}", link(id), self.below, self.id),
        })
    }
}

pub async fn write((State(world), Path(id), uri, headers, body): Called) -> Response<Body> {
    let (asked, id) = node(&world, &uri, &headers, &body, &id).await;
    let mut facebook = world.facebook();
    let Some(owner) = facebook.owner(&id) else { return missing() };
    let is_instagram = instagram::is_ours(&id);
    let allowed = match is_instagram {
        true => facebook.on_account(&asked, &owner, "instagram_manage_comments"),
        false => facebook.on_page(&asked, &owner, "pages_manage_engagement"),
    };
    if let Err(refused) = allowed {
        return refused;
    }
    let words = asked.text("message").to_owned();
    if words.trim().is_empty() || words.encode_utf16().count() > MOST[usize::from(is_instagram)] {
        return refuse(400, 100, None, "The comment is empty or too long");
    }
    let comment = facebook.say(&id, Some(owner), words);
    // Read after it was written, where that is asked for.
    let whole = if asked.text("fields").is_empty() { json!({ "id": comment.id }) } else { asked.of(&comment.whole()) };
    answer(200, whole)
}

pub async fn listed((State(world), Path(id), uri, headers, body): Called) -> Response<Body> {
    let (asked, id) = node(&world, &uri, &headers, &body, &id).await;
    let mut facebook = world.facebook();
    let Some(owner) = facebook.owner(&id) else { return missing() };
    let is_instagram = instagram::is_ours(&id);
    let allowed = match is_instagram {
        true => facebook.on_account(&asked, &owner, "instagram_basic"),
        false => facebook.on_page(&asked, &owner, "pages_read_engagement"),
    };
    if let Err(refused) = allowed {
        return refused;
    }
    if facebook.lag > 0 {
        facebook.lag -= 1;
        return answer(200, json!({ "data": [] }));
    }
    let since = asked.text("since").parse().unwrap_or(i64::MIN);
    let most = if is_instagram { 50 } else { 100 };
    let limit = asked.text("limit").parse().unwrap_or(25).min(most);
    let mut here: Vec<&Comment> = facebook.comments.iter().filter(|one| one.below == id).collect();
    // Instagram gives the newest first, and knows no beginning.
    if is_instagram {
        here.reverse();
    } else {
        here.retain(|one| one.at.timestamp() >= since);
    }
    let data: Vec<Value> = here.into_iter().take(limit).map(|one| asked.of(&one.whole())).collect();
    answer(200, json!({ "data": data }))
}
