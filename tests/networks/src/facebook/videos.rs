//! Videos of pages: fetched from an address, worked on for a while and seen by nobody, until they are told to be published.

pub mod reels;

use std::collections::BTreeMap;

use axum::{
    body::Body,
    extract::{Path, State},
    http::Response,
    response::IntoResponse,
};
use chrono::{DateTime, Utc};
use serde_json::{Value, json};

use super::{Asked, Called, Facebook, link, missing, node, refuse};
use crate::{
    Shared,
    film::{Film, fetch},
    world::{answer, error, hash},
};

/// A video.
#[derive(Debug, Clone)]
pub struct Clip {
    page: String,
    description: String,
    film: Option<Film>,
    how: How,
    at: DateTime<Utc>,
    edits: u32,
    /// The captions, by locale.
    captions: BTreeMap<String, String>,
    /// The hashes of its posters, the preferred one last.
    posters: Vec<String>,
    is_reel: bool,
}

#[derive(Debug, Clone, PartialEq)]
enum How {
    /// A reel whose bytes are still to be given.
    Begun,
    /// A reel whose bytes are on their way, so often still.
    Coming(u32),
    /// A reel that was told to be shown: worked on so often still, and then the code with which it breaks, if it does.
    Showing(u32, Option<u32>),
    /// So often still, and then the code with which it breaks, if it does.
    Processing(u32, Option<u32>),
    Ready,
    Broken(u32),
    Unfetched,
    Expired,
    Published,
}

/// Whether an identity is of a video: here they begin with a 4, and with a 7 where it is to become a story.
pub fn is_ours(id: &str) -> bool {
    id.starts_with(['4', '7']) && !id.contains('_')
}

impl Clip {
    /// Nothing yet, of a page.
    fn begun(page: String) -> Self {
        Self {
            page,
            description: String::new(),
            film: None,
            how: How::Begun,
            at: Utc::now(),
            edits: 0,
            captions: BTreeMap::new(),
            posters: Vec::new(),
            is_reel: false,
        }
    }

    /// Whose it is, once readers see it.
    pub fn page_of_published(&self) -> Option<String> {
        (self.how == How::Published).then(|| self.page.clone())
    }

    fn whole(&self, id: &str, origin: &str) -> Value {
        let error = |code: &u32| json!([{ "code": code, "message": "The video file that you selected is in a format that we don't support." }]);
        let (word, fetched, worked) = match &self.how {
            How::Begun | How::Coming(1..) => {
                ("uploading", json!({ "status": "in_progress" }), json!({ "status": "not_started" }))
            }
            How::Coming(0) => ("upload_complete", json!({ "status": "complete" }), json!({ "status": "not_started" })),
            How::Showing(..) => ("processing", json!({ "status": "complete" }), json!({ "status": "in_progress" })),
            How::Processing(..) => ("processing", json!({ "status": "complete" }), json!({ "status": "in_progress" })),
            How::Ready | How::Published => ("ready", json!({ "status": "complete" }), json!({ "status": "complete" })),
            How::Expired => ("expired", json!({ "status": "complete" }), json!({ "status": "complete" })),
            How::Broken(code) => {
                ("error", json!({ "status": "complete" }), json!({ "status": "error", "errors": error(code) }))
            }
            How::Unfetched => ("upload_failed", json!({ "status": "error" }), json!({ "status": "not_started" })),
        };
        let is_published = self.how == How::Published;
        let mut shown = json!({ "status": if is_published { "complete" } else { "not_started" } });
        if is_published && self.is_reel {
            shown["publish_status"] = "published".into();
            shown["publish_time"] = self.at.timestamp().into();
        }
        let place = if self.is_reel { format!("/reel/{id}/") } else { format!("/{}/videos/{id}/", self.page) };
        json!({
            "id": id, "description": self.description, "published": is_published,
            "created_time": super::posts::graph_time(self.at),
            // Without a host, as the real one gives it.
            "permalink_url": place,
            "source": format!("{origin}/films/{id}"),
            "status": { "video_status": word, "uploading_phase": fetched, "processing_phase": worked,
                "publishing_phase": shown },
        })
    }

    /// What readers see.
    pub fn visible(&self, id: &str) -> Option<Value> {
        let sha256 = self.film.as_ref().filter(|_| self.how == How::Published)?.hash();
        Some(json!({ "id": id, "page": self.page, "message": self.description, "link": null, "pictures": [],
            "video": sha256, "captions": self.captions, "posters": self.posters, "edits": self.edits,
            "reel": self.is_reel }))
    }
}

/// The code with which a video breaks: what Facebook takes is written nowhere in full, so no more than what everybody plays.
fn unfit(film: Option<&Film>) -> Option<u32> {
    let fits = film.is_some_and(|film| [*b"avc1", *b"hvc1", *b"hev1"].contains(&film.facts.codec));
    (!fits).then_some(1_363_024)
}

pub async fn create((State(world), Path(page), uri, headers, body): Called) -> Response<Body> {
    let (asked, page) = node(&world, &uri, &headers, &body, &page).await;
    if let Err(refused) = world.facebook().on_page(&asked, &page, "pages_manage_posts") {
        return refused;
    }
    let (address, description) = (asked.text("file_url").to_owned(), asked.text("description").to_owned());
    if address.is_empty() {
        return refuse(400, 100, None, "No video file was given");
    }
    let (film, how) = match fetch(address).await {
        Ok(film) => {
            let flaw = unfit(film.as_ref());
            (film, How::Processing(0, flaw))
        }
        Err(_) => (None, How::Unfetched),
    };
    let mut facebook = world.facebook();
    let how = match (how, facebook.video_breaks.take()) {
        (How::Processing(..), Some(code)) => How::Processing(1, Some(code)),
        // It takes its time always.
        (How::Processing(_, flaw), None) => How::Processing(facebook.processing.max(1), flaw),
        (how, _) => how,
    };
    let id = facebook.video_id();
    let is_published = asked.text("published") != "false";
    let how = if is_published && film.is_some() { How::Published } else { how };
    facebook.clips.insert(id.clone(), Clip { description, film, how, ..Clip::begun(page) });
    answer(200, json!({ "id": id }))
}

pub async fn listed((State(world), Path(page), uri, headers, body): Called) -> Response<Body> {
    let (asked, page) = node(&world, &uri, &headers, &body, &page).await;
    let facebook = world.facebook();
    if let Err(refused) = facebook.on_page(&asked, &page, "pages_read_engagement") {
        return refused;
    }
    let is_listed = |clip: &Clip| clip.page == page && clip.how == How::Published && !clip.is_reel;
    let clips = facebook.clips.iter().rev().filter(|(_, clip)| is_listed(clip));
    let data: Vec<Value> = clips.map(|(id, clip)| asked.of(&clip.whole(id, &world.origin))).collect();
    answer(200, json!({ "data": data }))
}

pub fn show(world: &Shared, asked: &Asked, id: &str) -> Response<Body> {
    let mut facebook = world.facebook();
    if let Some((page, status)) = facebook.of_story(id).map(|story| story.asked()) {
        if let Err(refused) = facebook.on_page(asked, &page, "pages_read_engagement") {
            return refused;
        }
        return answer(200, asked.of(&json!({ "id": id, "status": status })));
    }
    let Some(page) = facebook.clips.get(id).map(|clip| clip.page.clone()) else { return missing() };
    if let Err(refused) = facebook.on_page(asked, &page, "pages_read_engagement") {
        return refused;
    }
    let Some(clip) = facebook.clips.get_mut(id) else { return missing() };
    let whole = clip.whole(id, &world.origin);
    clip.how = match clip.how.clone() {
        How::Processing(1, Some(code)) => How::Broken(code),
        How::Processing(1, None) => How::Ready,
        How::Processing(left, flaw) => How::Processing(left.saturating_sub(1), flaw),
        How::Coming(left) => How::Coming(left.saturating_sub(1)),
        How::Showing(0 | 1, Some(code)) => How::Broken(code),
        How::Showing(0 | 1, None) => How::Published,
        How::Showing(left, flaw) => How::Showing(left - 1, flaw),
        how => how,
    };
    answer(200, asked.of(&whole))
}

/// Publishes one, or gives it other words.
pub fn edit(world: &Shared, asked: &Asked, id: &str) -> Response<Body> {
    let mut facebook = world.facebook();
    let Some(page) = facebook.clips.get(id).map(|clip| clip.page.clone()) else { return missing() };
    if let Err(refused) = facebook.on_page(asked, &page, "pages_manage_posts") {
        return refused;
    }
    let Some(clip) = facebook.clips.get_mut(id) else { return missing() };
    match (asked.text("published"), &clip.how) {
        ("", How::Published) => {
            asked.text("description").clone_into(&mut clip.description);
            clip.edits += 1;
        }
        ("true", How::Ready) => (clip.how, clip.at) = (How::Published, Utc::now()),
        ("true", How::Published) => {}
        _ => return refuse(400, 100, None, "The video is not ready"),
    }
    answer(200, json!({ "success": true }))
}

pub fn remove(world: &Shared, asked: &Asked, id: &str) -> Response<Body> {
    let mut facebook = world.facebook();
    let Some(page) = facebook.clips.get(id).map(|clip| clip.page.clone()) else { return missing() };
    if let Err(refused) = facebook.on_page(asked, &page, "pages_manage_posts") {
        return refused;
    }
    facebook.clips.remove(id);
    facebook.comments.retain(|comment| !comment.is_below(id));
    answer(200, json!({ "success": true }))
}

/// The locale in the name of a file of captions: `name.es_ES.srt`.
fn locale(name: &str) -> Option<&str> {
    let locale = name.strip_suffix(".srt")?.rsplit_once('.')?.1;
    let (language, country) = locale.split_once('_')?;
    (language.len() == 2 && country.len() == 2).then_some(locale)
}

/// Takes captions, or takes those of some locales away. The same locale again is replaced.
pub async fn caption((State(world), Path(id), uri, headers, body): Called) -> Response<Body> {
    let (asked, id) = node(&world, &uri, &headers, &body, &id).await;
    let mut facebook = world.facebook();
    let Some(page) = facebook.clips.get(&id).map(|clip| clip.page.clone()) else { return missing() };
    if let Err(refused) = facebook.on_page(&asked, &page, "pages_manage_posts") {
        return refused;
    }
    let Some(clip) = facebook.clips.get_mut(&id) else { return missing() };
    let gone: Vec<String> = serde_json::from_str(asked.text("locales_to_delete")).unwrap_or_default();
    clip.captions.retain(|locale, _| !gone.contains(locale));
    match (&asked.file, locale(&asked.part.1)) {
        (Some((_, bytes)), Some(locale)) => {
            let text = String::from_utf8_lossy(bytes).into_owned();
            if !text.starts_with("1\n00:") || text.contains("WEBVTT") {
                return refuse(400, 387, None, "The captions file is not a valid SubRip file");
            }
            clip.captions.insert(locale.to_owned(), text);
        }
        (None, _) if !gone.is_empty() => {}
        _ => return refuse(400, 385, None, "The name of a captions file is filename.locale.srt"),
    }
    answer(200, json!({ "success": true }))
}

/// Takes a poster, which is shown instead of the others if that is preferred.
pub async fn poster((State(world), Path(id), uri, headers, body): Called) -> Response<Body> {
    let (asked, id) = node(&world, &uri, &headers, &body, &id).await;
    let mut facebook = world.facebook();
    let Some(page) = facebook.clips.get(&id).map(|clip| clip.page.clone()) else { return missing() };
    if let Err(refused) = facebook.on_page(&asked, &page, "pages_manage_posts") {
        return refused;
    }
    let Some(clip) = facebook.clips.get_mut(&id) else { return missing() };
    match &asked.file {
        Some((mime, bytes)) if mime == "image/jpeg" && bytes.starts_with(b"\xff\xd8\xff") => {
            let place = if asked.text("is_preferred") == "true" { clip.posters.len() } else { 0 };
            clip.posters.insert(place, hash(bytes));
            answer(200, json!({ "success": true }))
        }
        _ => refuse(400, 100, None, "The thumbnail is not a picture"),
    }
}

/// The captions of a video, as whoever may see it reads them.
pub async fn captions((State(world), Path(id), uri, headers, body): Called) -> Response<Body> {
    let (asked, id) = node(&world, &uri, &headers, &body, &id).await;
    let facebook = world.facebook();
    let Some(clip) = facebook.clips.get(&id) else { return missing() };
    if let Err(refused) = facebook.on_page(&asked, &clip.page, "pages_read_engagement") {
        return refused;
    }
    let one = |locale: &String| {
        let uri = format!("{}/films/{id}/{locale}", world.origin);
        asked.of(&json!({ "locale": locale, "is_default": false, "is_auto_generated": false, "uri": uri }))
    };
    answer(200, json!({ "data": clip.captions.keys().map(one).collect::<Vec<_>>() }))
}

/// The words themselves: no interface.
pub async fn words(State(world): State<Shared>, Path((id, locale)): Path<(String, String)>) -> Response<Body> {
    let facebook = world.facebook();
    match facebook.clips.get(&id).and_then(|clip| clip.captions.get(&locale)) {
        Some(words) => ([("content-type", "application/x-subrip")], words.clone()).into_response(),
        None => error(404, &format!("{} has no such file", link(&id))),
    }
}

impl Facebook {
    /// The identity of a new video.
    fn video_id(&mut self) -> String {
        (400_000_000_000_000 + self.mint()).to_string()
    }

    /// Lets what was given and not published expire.
    pub(super) fn expire_clips(&mut self) {
        let waiting = self.clips.values_mut().filter(|clip| clip.how != How::Published);
        waiting.for_each(|clip| clip.how = How::Expired);
    }
}

pub async fn file(State(world): State<Shared>, Path(id): Path<String>) -> Response<Body> {
    let facebook = world.facebook();
    match facebook.clips.get(&id).and_then(|clip| clip.film.as_ref()) {
        Some(film) => ([("content-type", "video/mp4")], film.bytes.to_vec()).into_response(),
        None => error(404, &format!("{} has no such file", link(&id))),
    }
}
