//! Stories of pages: a picture or a video that was given before, and that is shown for a day. What was shown once is not shown again.

use axum::{
    body::Body,
    extract::{Path, State},
    http::{HeaderMap, Response},
};
use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Value, json};

use super::{Called, Facebook, missing, node, refuse};
use crate::{
    Shared,
    film::{Film, fetch},
    world::{answer, hash},
};

/// How long one is seen.
const LASTS: TimeDelta = TimeDelta::hours(24);

/// A story, or a video that is to become one.
#[derive(Debug, Clone)]
pub struct Story {
    page: String,
    /// The picture or the video.
    media: String,
    film: Option<Film>,
    /// How often the upload is not whole yet.
    uploading: u32,
    is_fetched: bool,
    /// Its identity, and since when it is seen.
    shown: Option<(u64, DateTime<Utc>)>,
}

impl Story {
    fn whole(&self) -> Option<Value> {
        let (post, at) = self.shown.filter(|(_, at)| Utc::now() - *at < LASTS)?;
        Some(json!({
            "post_id": post.to_string(), "status": "PUBLISHED", "creation_time": at.timestamp().to_string(),
            "media_type": if self.film.is_some() { "video" } else { "photo" }, "media_id": self.media,
            "url": format!("https://www.facebook.com/stories/{}/{post}", self.page),
        }))
    }

    /// Whose it is, and how far it is, which is further each time.
    pub(super) fn asked(&mut self) -> (String, Value) {
        let told = self.status();
        self.uploading = self.uploading.saturating_sub(1);
        (self.page.clone(), told)
    }

    fn status(&self) -> Value {
        let up = if self.is_fetched && self.uploading == 0 { "complete" } else { "in_progress" };
        json!({ "video_status": if up == "complete" { "processing" } else { "uploading" }, "uploading_phase": { "status": up },
            "processing_phase": { "status": "not_started" }, "publishing_phase": { "status": "not_started" } })
    }
}

impl Facebook {
    /// What readers see.
    pub(crate) fn visible_stories(&self) -> Vec<Value> {
        let seen = |story: &Story| {
            let whole = story.whole()?;
            let photo = self.photos.get(&story.media).map(|photo| hash(&photo.content));
            let sha256 = story.film.as_ref().map(Film::hash).or(photo);
            Some(json!({ "id": whole["post_id"], "page": story.page, "media": story.media, "sha256": sha256,
                "video": story.film.is_some() }))
        };
        self.stories.iter().filter_map(seen).collect()
    }

    /// The page of a video that is to become a story.
    pub(super) fn of_story(&mut self, media: &str) -> Option<&mut Story> {
        self.stories.iter_mut().find(|story| story.media == media)
    }
}

/// The identity of a story: a number without a page before it.
fn number(facebook: &mut Facebook) -> u64 {
    600_000_000_000_000 + facebook.mint()
}

pub async fn picture((State(world), Path(page), uri, headers, body): Called) -> Response<Body> {
    let (asked, page) = node(&world, &uri, &headers, &body, &page).await;
    let mut facebook = world.facebook();
    if let Err(refused) = facebook.on_page(&asked, &page, "pages_manage_posts") {
        return refused;
    }
    let media = asked.text("photo_id").to_owned();
    let is_given = facebook.photos.get(&media).is_some_and(|photo| photo.page == page && !photo.is_published);
    if !is_given {
        return refuse(400, 100, None, "The photo is not there, or was published before");
    }
    let post = number(&mut facebook);
    if let Some(photo) = facebook.photos.get_mut(&media) {
        photo.is_published = true;
    }
    let shown = Some((post, Utc::now()));
    facebook.stories.push(Story { page, media, film: None, uploading: 0, is_fetched: true, shown });
    answer(200, json!({ "success": true, "post_id": post.to_string() }))
}

pub async fn video((State(world), Path(page), uri, headers, body): Called) -> Response<Body> {
    let (asked, page) = node(&world, &uri, &headers, &body, &page).await;
    let mut facebook = world.facebook();
    if let Err(refused) = facebook.on_page(&asked, &page, "pages_manage_posts") {
        return refused;
    }
    match asked.text("upload_phase") {
        "start" => {
            let media = (700_000_000_000_000 + facebook.mint()).to_string();
            let uploading = facebook.processing;
            let story = Story { page, media: media.clone(), film: None, uploading, is_fetched: false, shown: None };
            facebook.stories.push(story);
            let address = format!("{}/video-upload/{}/{media}", world.origin, super::VERSION);
            answer(200, json!({ "video_id": media, "upload_url": address }))
        }
        "finish" => {
            let post = number(&mut facebook);
            let media = asked.text("video_id").to_owned();
            let Some(story) = facebook.of_story(&media).filter(|story| story.page == page) else { return missing() };
            if !story.is_fetched || story.uploading > 0 || story.shown.is_some() {
                return refuse(400, 100, None, "The video is not there yet, or is published already");
            }
            let fits = story.film.as_ref().is_some_and(|film| (3_000..=60_000).contains(&film.facts.millis));
            if !fits {
                return refuse(400, 100, Some(1_363_024), "A story lasts from 3 to 60 seconds");
            }
            story.shown = Some((post, Utc::now()));
            answer(200, json!({ "success": true, "post_id": post }))
        }
        _ => refuse(400, 100, None, "Param upload_phase must be one of {START, FINISH}"),
    }
}

/// Where a video goes, for a story or for a reel: fetched from an address that stands in a header, with the token in another. No
/// interface of Graph.
pub async fn upload(State(world): State<Shared>, Path(media): Path<String>, headers: HeaderMap) -> Response<Body> {
    let header = |name: &str| headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default().to_owned();
    let token = header("authorization").strip_prefix("OAuth ").map(str::to_owned);
    let is_known = token.is_some_and(|token| world.facebook().tokens.contains_key(&token));
    if !is_known || header("file_url").is_empty() {
        return refuse(401, 190, None, "Invalid OAuth access token.");
    }
    let film = fetch(header("file_url")).await;
    let mut facebook = world.facebook();
    let is_there = match facebook.of_story(&media) {
        Some(story) => {
            story.is_fetched = film.is_ok();
            story.film = film.unwrap_or_default();
            Some(story.is_fetched)
        }
        None => facebook.take_reel(&media, film),
    };
    match is_there {
        Some(true) => answer(200, json!({ "success": true })),
        Some(false) => refuse(400, 100, None, "The file could not be fetched"),
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
    let told = facebook.stories.iter().rev().filter(|story| story.page == page);
    let told = told.filter(|story| story.shown.is_some_and(|(_, at)| at.timestamp() >= since));
    let data: Vec<Value> = told.filter_map(Story::whole).collect();
    answer(200, json!({ "data": data }))
}
