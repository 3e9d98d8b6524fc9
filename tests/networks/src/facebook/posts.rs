//! Pictures and posts of pages.

use std::collections::BTreeMap;

use axum::{
    body::{Body, Bytes},
    extract::{Path, State},
    http::Response,
    response::IntoResponse,
};
use chrono::{DateTime, SecondsFormat, TimeDelta, Utc};
use serde_json::{Value, json};

use super::{APP, Asked, Called, Facebook, instagram, link, missing, node, page_id, refuse, videos};
use crate::{
    Shared,
    world::{answer, error, hash},
};

/// A picture over this is refused (Meta's guide to photos).
const MOST_BYTES: usize = 4_000_000;

/// Characters; a third-party figure.
const MOST_TEXT: usize = 63_206;

/// The same words again within this time are a duplicate.
const DUPLICATE: TimeDelta = TimeDelta::minutes(30);

/// A picture.
#[derive(Debug, Clone)]
pub struct Photo {
    pub(super) page: String,
    mime: String,
    pub(super) content: Bytes,
    alt: String,
    pub(super) is_published: bool,
}

/// A post.
#[derive(Debug, Clone)]
pub struct Post {
    id: String,
    page: String,
    message: String,
    link: Option<String>,
    photos: Vec<String>,
    at: DateTime<Utc>,
    edits: u32,
}

impl Post {
    pub fn id(&self) -> &str {
        &self.id
    }

    /// What readers see.
    pub fn visible(&self, facebook: &Facebook) -> Value {
        let picture = |id: &String| {
            let photo = facebook.photos.get(id)?;
            Some(json!({ "alt": photo.alt, "sha256": hash(&photo.content), "published": photo.is_published }))
        };
        let pictures: Vec<Value> = self.photos.iter().filter_map(picture).collect();
        let Self { id, page, message, link, edits, .. } = self;
        json!({ "id": id, "page": page, "message": message, "link": link, "pictures": pictures, "edits": edits })
    }

    fn whole(&self) -> Value {
        json!({
            "id": self.id, "message": self.message, "created_time": graph_time(self.at), "is_published": true,
            "permalink_url": format!("{}/posts/{}", link(&self.page), self.id),
            "application": { "id": APP.0, "name": "Sandbox" },
        })
    }
}

/// As Graph writes an instant.
pub fn graph_time(at: DateTime<Utc>) -> String {
    at.to_rfc3339_opts(SecondsFormat::Secs, false).replace("+00:00", "+0000")
}

pub async fn upload((State(world), Path(page), uri, headers, body): Called) -> Response<Body> {
    let (asked, page) = node(&world, &uri, &headers, &body, &page).await;
    let mut facebook = world.facebook();
    if let Err(refused) = facebook.on_page(&asked, &page, "pages_manage_posts") {
        return refused;
    }
    let Some((mime, content)) = asked.file.clone().filter(|(_, content)| !content.is_empty()) else {
        return refuse(400, 100, None, "(#100) No photo was given");
    };
    let is_known = ["image/jpeg", "image/png", "image/gif", "image/bmp", "image/tiff"].contains(&mime.as_str());
    if !is_known || content.len() > MOST_BYTES {
        return refuse(400, 324, Some(1_366_046), "Your photos couldn't be uploaded.");
    }
    let is_published = asked.text("published") != "false";
    let id = (200_000_000_000_000 + facebook.mint()).to_string();
    let alt = asked.text("alt_text_custom").to_owned();
    facebook.photos.insert(id.clone(), Photo { page: page.clone(), mime, content, alt, is_published });
    if !is_published {
        return answer(200, json!({ "id": id }));
    }
    let message = asked.text("message").to_owned();
    let post = facebook.publish(page, message, None, vec![id.clone()]);
    answer(200, json!({ "id": id, "post_id": post }))
}

impl Facebook {
    fn publish(&mut self, page: String, message: String, link: Option<String>, photos: Vec<String>) -> String {
        let id = format!("{page}_{}", 300_000_000_000_000 + self.mint());
        for photo in &photos {
            if let Some(photo) = self.photos.get_mut(photo) {
                photo.is_published = true;
            }
        }
        self.posts.push(Post { id: id.clone(), page, message, link, photos, at: Utc::now(), edits: 0 });
        id
    }

    /// The pictures that a call attaches, as a list or one by one.
    fn attached(&self, asked: &Asked, page: &str) -> Result<Vec<String>, Response<Body>> {
        let list = serde_json::from_str::<Vec<Value>>(asked.text("attached_media")).unwrap_or_default();
        let numbered: BTreeMap<usize, Value> = asked
            .parameters
            .iter()
            .filter_map(|(name, value)| {
                let place = name.strip_prefix("attached_media[")?.strip_suffix(']')?.parse().ok()?;
                Some((place, serde_json::from_str(value).ok()?))
            })
            .collect();
        let all = list.into_iter().chain(numbered.into_values());
        all.map(|one| {
            let id = one["media_fbid"].as_str().map(str::to_owned).unwrap_or_default();
            match self.photos.get(&id) {
                Some(photo) if photo.page == page && !photo.is_published => Ok(id),
                _ => Err(refuse(400, 100, None, "Media object could not be attached")),
            }
        })
        .collect()
    }
}

pub async fn create((State(world), Path(page), uri, headers, body): Called) -> Response<Body> {
    let (asked, page) = node(&world, &uri, &headers, &body, &page).await;
    let mut facebook = world.facebook();
    if let Err(refused) = facebook.on_page(&asked, &page, "pages_manage_posts") {
        return refused;
    }
    let photos = match facebook.attached(&asked, &page) {
        Ok(photos) => photos,
        Err(refused) => return refused,
    };
    let message = asked.text("message").to_owned();
    let link = Some(asked.text("link").to_owned()).filter(|link| !link.is_empty());
    if message.is_empty() && link.is_none() && photos.is_empty() {
        return refuse(400, 100, None, "Empty post");
    }
    if message.chars().count() > MOST_TEXT {
        return refuse(400, 100, None, "The message is too long");
    }
    if link.is_some() && !photos.is_empty() {
        return refuse(400, 100, None, "A link cannot go with attached media");
    }
    if link.as_deref().is_some_and(|link| link.contains("unreadable.")) {
        return refuse(400, 1_609_005, None, "The link could not be scraped");
    }
    let again = |post: &&Post| {
        let recent = Utc::now() - post.at < DUPLICATE;
        post.page == page && recent && post.message == message && post.link == link && post.photos == photos
    };
    if facebook.posts.iter().rev().any(|post| again(&post)) {
        return refuse(400, 506, None, "Duplicate status message");
    }
    let id = facebook.publish(page, message, link, photos);
    answer(200, json!({ "id": id }))
}

pub async fn show((State(world), Path(id), uri, headers, body): Called) -> Response<Body> {
    let (asked, id) = node(&world, &uri, &headers, &body, &id).await;
    if instagram::is_ours(&id) {
        return instagram::show(&world, &asked, &id);
    }
    if videos::is_ours(&id) {
        return videos::show(&world, &asked, &id);
    }
    let facebook = world.facebook();
    let page = id.split('_').next().unwrap_or_default().to_owned();
    let photo = facebook.photos.get(&id);
    let owner = photo.map_or(page, |photo| photo.page.clone());
    if let Err(refused) = facebook.on_page(&asked, &owner, "pages_read_engagement") {
        return refused;
    }
    if let Some(photo) = photo {
        let source = format!("{}/photos/{id}", world.origin);
        let whole = json!({
            "id": id, "alt_text_custom": photo.alt, "images": [{ "source": source, "width": 1, "height": 1 }],
        });
        return answer(200, asked.of(&whole));
    }
    if let Some(name) = facebook.pages.iter().find(|name| page_id(name) == id) {
        return answer(200, asked.of(&json!({ "id": id, "name": name, "link": link(&id) })));
    }
    match facebook.posts.iter().find(|post| post.id == id) {
        Some(post) => answer(200, asked.of(&post.whole())),
        None => missing(),
    }
}

pub async fn listed((State(world), Path(page), uri, headers, body): Called) -> Response<Body> {
    let (asked, page) = node(&world, &uri, &headers, &body, &page).await;
    let mut facebook = world.facebook();
    if let Err(refused) = facebook.on_page(&asked, &page, "pages_read_engagement") {
        return refused;
    }
    if facebook.lag > 0 {
        facebook.lag -= 1;
        return answer(200, json!({ "data": [] }));
    }
    let since = asked.text("since").parse().unwrap_or(i64::MIN);
    let limit = asked.text("limit").parse().unwrap_or(25).min(100);
    let posts = facebook.posts.iter().rev().filter(|post| post.page == page && post.at.timestamp() >= since);
    let data: Vec<Value> = posts.take(limit).map(|post| asked.of(&post.whole())).collect();
    answer(200, json!({ "data": data }))
}

pub async fn attachments((State(world), Path(id), uri, headers, body): Called) -> Response<Body> {
    let (asked, id) = node(&world, &uri, &headers, &body, &id).await;
    let facebook = world.facebook();
    let Some(post) = facebook.posts.iter().find(|post| post.id == id) else { return missing() };
    if let Err(refused) = facebook.on_page(&asked, &post.page, "pages_read_engagement") {
        return refused;
    }
    let photo = |id: &String| {
        let source = format!("{}/photos/{id}", world.origin);
        json!({ "type": "photo", "target": { "id": id, "url": source }, "media": { "image": { "src": source } } })
    };
    let photos: Vec<Value> = post.photos.iter().map(photo).collect();
    let data = match (&photos[..], &post.link) {
        ([], None) => Vec::new(),
        ([], Some(link)) => vec![json!({ "type": "share", "unshimmed_url": link })],
        ([one], _) => vec![one.clone()],
        (all, _) => vec![json!({ "type": "album", "subattachments": { "data": all } })],
    };
    answer(200, json!({ "data": data }))
}

pub async fn edit((State(world), Path(id), uri, headers, body): Called) -> Response<Body> {
    let (asked, id) = node(&world, &uri, &headers, &body, &id).await;
    if videos::is_ours(&id) {
        return videos::edit(&world, &asked, &id);
    }
    let mut facebook = world.facebook();
    let page = id.split('_').next().unwrap_or_default().to_owned();
    if let Err(refused) = facebook.on_page(&asked, &page, "pages_manage_posts") {
        return refused;
    }
    let Some(post) = facebook.posts.iter_mut().find(|post| post.id == id) else { return missing() };
    asked.text("message").clone_into(&mut post.message);
    post.edits += 1;
    answer(200, json!({ "success": true }))
}

pub async fn remove((State(world), Path(id), uri, headers, body): Called) -> Response<Body> {
    let (asked, id) = node(&world, &uri, &headers, &body, &id).await;
    if instagram::is_ours(&id) {
        return instagram::remove(&world, &asked, &id);
    }
    if videos::is_ours(&id) {
        return videos::remove(&world, &asked, &id);
    }
    let mut facebook = world.facebook();
    let page = id.split('_').next().unwrap_or_default().to_owned();
    if let Err(refused) = facebook.on_page(&asked, &page, "pages_manage_posts") {
        return refused;
    }
    let before = facebook.posts.len();
    facebook.posts.retain(|post| post.id != id);
    facebook.comments.retain(|comment| !comment.is_below(&id));
    if facebook.posts.len() == before { missing() } else { answer(200, json!({ "success": true })) }
}

pub async fn file(State(world): State<Shared>, Path(id): Path<String>) -> Response<Body> {
    match world.facebook().photos.get(&id) {
        Some(photo) => ([("content-type", photo.mime.clone())], photo.content.clone()).into_response(),
        None => error(404, "Not found"),
    }
}
