//! An interface like YouTube's: consent with a proof that is renewed for ever, uploads that are gone on with, videos that are
//! prepared for a while, parts that are replaced as a whole, and projects whose videos stay private.

mod captions;
mod oauth;
mod poster;
mod upload;

use std::collections::BTreeMap;

use axum::{
    Router,
    body::{Body, Bytes},
    extract::{Query, State},
    http::{HeaderMap, Response, StatusCode, header},
    response::IntoResponse,
    routing::get,
};
use chrono::{SecondsFormat, Utc};
use serde_json::{Value, json};

use crate::{
    Shared,
    world::{answer, hash},
};

pub use oauth::APP;
pub(crate) use upload::said;

/// The one permission that covers all that is asked here.
const SCOPE: &str = "https://www.googleapis.com/auth/youtube.force-ssl";

/// Channels, accesses, uploads and videos.
#[derive(Debug)]
pub struct Youtube {
    /// The title of the channel of whoever agrees; empty: they have none.
    channel: String,
    deny: bool,
    declined: Vec<String>,
    /// How many seconds an access lasts.
    life: i64,
    /// How often a new video is still prepared.
    preparing: u32,
    /// Why the next video cannot be prepared.
    breaks: Option<String>,
    /// Whether the project is approved: what others upload stays private.
    approved: bool,
    /// How many videos a day may have, and how often a video may be changed.
    uploads: usize,
    changes: usize,
    /// The most bytes that are taken at once: then the connection breaks.
    swallows: Option<usize>,
    codes: BTreeMap<String, oauth::Code>,
    accesses: BTreeMap<String, oauth::Access>,
    renewals: BTreeMap<String, String>,
    gone: Vec<String>,
    going: BTreeMap<String, upload::Upload>,
    videos: Vec<Video>,
    captions: Vec<captions::Track>,
    /// Why the next captions cannot be taken in.
    caption_breaks: Option<String>,
    /// Whether the channel was verified by telephone: others may have no poster of their own.
    verified: bool,
    minted: u64,
}

#[derive(Debug, Clone)]
struct Video {
    id: String,
    channel: String,
    snippet: Value,
    status: Value,
    paid: Value,
    at: String,
    /// How often it is still prepared.
    preparing: u32,
    broken: Option<String>,
    bytes: Bytes,
    /// The hash of its poster, and how often one was set.
    poster: Option<(String, u32)>,
}

impl Default for Youtube {
    fn default() -> Self {
        Self {
            channel: "Villa Serena".to_owned(),
            deny: false,
            declined: Vec::new(),
            life: 3_600,
            preparing: 1,
            breaks: None,
            approved: true,
            uploads: 100,
            changes: 200,
            swallows: None,
            codes: BTreeMap::new(),
            accesses: BTreeMap::new(),
            renewals: BTreeMap::new(),
            gone: Vec::new(),
            going: BTreeMap::new(),
            videos: Vec::new(),
            captions: Vec::new(),
            caption_breaks: None,
            verified: true,
            minted: 0,
        }
    }
}

impl Youtube {
    /// What readers see, and whoever has the address, oldest first; or what only the channel's people see.
    pub(crate) fn visible(&self, unseen: bool) -> Vec<Value> {
        let is_it = |video: &&Video| (video.status["privacyStatus"] == "private") == unseen;
        let shown = self.videos.iter().filter(is_it).map(|video| {
            json!({ "id": video.id, "channel": video.channel, "title": video.snippet["title"], "text": video.snippet["description"],
                "tags": video.snippet["tags"], "category": video.snippet["categoryId"], "language": video.snippet["defaultLanguage"],
                "privacy": video.status["privacyStatus"], "children": video.status["selfDeclaredMadeForKids"],
                "synthetic": video.status["containsSyntheticMedia"], "paid": video.paid["hasPaidProductPlacement"],
                "sha256": hash(&video.bytes), "captions": self.captions_of(&video.id), "poster": video.poster })
        });
        shown.collect()
    }

    pub(crate) fn set(&mut self, settings: &Value) {
        let settings = &settings["youtube"];
        if let Some(name) = settings["channel"].as_str() {
            name.clone_into(&mut self.channel);
        }
        if let Some(list) = settings["declined"].as_array() {
            self.declined = list.iter().filter_map(Value::as_str).map(str::to_owned).collect();
        }
        let number = |name: &str| settings[name].as_u64().map(|number| usize::try_from(number).unwrap_or(usize::MAX));
        self.deny = settings["deny"].as_bool().unwrap_or(self.deny);
        self.verified = settings["verified"].as_bool().unwrap_or(self.verified);
        self.approved = settings["approved"].as_bool().unwrap_or(self.approved);
        self.life = settings["life"].as_i64().unwrap_or(self.life);
        self.uploads = number("uploads").unwrap_or(self.uploads);
        self.changes = number("changes").unwrap_or(self.changes);
        self.preparing = number("preparing").map_or(self.preparing, |often| u32::try_from(often).unwrap_or(u32::MAX));
        self.breaks = settings["breaks"].as_str().map(str::to_owned).or(self.breaks.take());
        self.caption_breaks = settings["caption_breaks"].as_str().map(str::to_owned).or(self.caption_breaks.take());
        self.swallows = if settings["swallows"].is_null() { self.swallows } else { number("swallows") };
        if settings["forget"] == true {
            self.going.clear();
        }
        if settings["expire"] == true || settings["revoke"] == true {
            self.gone.extend(std::mem::take(&mut self.accesses).into_keys());
        }
        if settings["revoke"] == true {
            self.renewals.clear();
        }
    }

    /// What it gave out that is nobody's to read. The address of an upload opens that upload.
    pub(crate) fn secrets(&self) -> impl Iterator<Item = String> {
        let given = self.accesses.keys().chain(self.renewals.keys()).chain(&self.gone).chain(self.going.keys());
        given.cloned().chain([APP.1.to_owned()])
    }

    fn mint(&mut self) -> u64 {
        self.minted += 1;
        self.minted
    }

    /// Whose access a call carries. The clients of others come with [`crate::READER`].
    fn caller(&self, headers: &HeaderMap) -> Result<String, Response<Body>> {
        let token = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok()?.strip_prefix("Bearer "));
        let token = token.unwrap_or_default();
        if token == crate::READER {
            return Ok(self.channel.clone());
        }
        let now = Utc::now().timestamp();
        let access = self.accesses.get(token).filter(|access| access.ends > now);
        access.map(|access| access.channel.clone()).ok_or_else(|| {
            refuse(401, "authError", "Request had invalid authentication credentials. Expected OAuth 2 access token.")
        })
    }

    /// A video that is all there.
    fn made(&mut self, channel: String, said: &Value, bytes: Bytes) -> String {
        let digits = hash(format!("youtube video {}", self.mint()));
        let id = format!("v_{}", &digits[..9]);
        let mut status = said["status"].clone();
        if !self.approved {
            status["privacyStatus"] = "private".into();
        }
        let (preparing, broken) = (self.preparing, self.breaks.take());
        let at = Utc::now().to_rfc3339_opts(SecondsFormat::Secs, true);
        let (snippet, paid) = (said["snippet"].clone(), said["paidProductPlacementDetails"].clone());
        self.videos.push(Video {
            id: id.clone(),
            channel,
            snippet,
            status,
            paid,
            at,
            preparing,
            broken,
            bytes,
            poster: None,
        });
        id
    }

    fn find(&mut self, id: &str) -> Option<&mut Video> {
        self.videos.iter_mut().find(|video| video.id == id)
    }
}

impl Video {
    /// As the interface gives it: the parts that were asked for.
    fn told(&self, parts: &[String]) -> Value {
        let mut whole = json!({ "kind": "youtube#video", "etag": "e", "id": self.id });
        let has = |part: &str| parts.iter().any(|asked| asked == part);
        if has("snippet") {
            whole["snippet"] = self.snippet.clone();
            whole["snippet"]["publishedAt"] = self.at.clone().into();
            whole["snippet"]["channelId"] = channel_id(&self.channel).into();
            whole["snippet"]["channelTitle"] = self.channel.clone().into();
        }
        if has("status") {
            whole["status"] = self.status.clone();
            let (word, why) = match (self.preparing, &self.broken) {
                (1.., _) => ("uploaded", None),
                (0, None) => ("processed", None),
                (0, Some(why)) if ["duplicate", "length", "copyright"].contains(&why.as_str()) => {
                    ("rejected", Some("rejectionReason"))
                }
                (0, Some(_)) => ("failed", Some("failureReason")),
            };
            whole["status"]["uploadStatus"] = word.into();
            if let Some(field) = why {
                whole["status"][field] = self.broken.clone().into();
            }
        }
        if has("paidProductPlacementDetails") {
            whole["paidProductPlacementDetails"] = self.paid.clone();
        }
        whole
    }
}

/// Whether a path is of the interface that is described.
pub(crate) fn is_described(method: &str, path: &str) -> bool {
    let uploads =
        path == captions::UPLOAD || path == poster::UPLOAD || (path == "/upload/youtube/v3/videos" && method == "POST");
    uploads || path.starts_with("/youtube/v3/")
}

/// Whether a path is of YouTube or of how Google lets in.
pub(crate) fn is_its(path: &str) -> bool {
    matches!(
        path,
        "/token" | "/revoke" | "/o/oauth2/v2/auth" | "/upload/youtube/v3/videos" | captions::UPLOAD | poster::UPLOAD
    ) || path.starts_with("/youtube/v3/")
}

/// An error as Google tells it.
pub(crate) fn refuse(status: u16, reason: &str, message: &str) -> Response<Body> {
    let one = json!({ "message": message, "domain": "youtube.sandbox", "reason": reason });
    answer(status, json!({ "error": { "code": status, "message": message, "errors": [one] } }))
}

/// The name of a channel: the same title is the same channel.
fn channel_id(title: &str) -> String {
    format!("UC{}", &hash(format!("youtube channel {title}"))[..22])
}

fn uploads_of(channel: &str) -> String {
    channel_id(channel).replacen("UC", "UU", 1)
}

/// A query, whose parts are repeated or have commas between.
fn query(pairs: Vec<(String, String)>) -> (Vec<String>, BTreeMap<String, String>) {
    let (parts, rest): (Vec<_>, Vec<_>) = pairs.into_iter().partition(|(name, _)| name == "part");
    let parts = parts.iter().flat_map(|(_, value)| value.split(',')).map(str::to_owned).collect();
    (parts, rest.into_iter().collect())
}

/// What is wrong with what is said of a video.
fn wrong(said: &Value, parts: &[String]) -> Option<Response<Body>> {
    let has = |part: &str| parts.iter().any(|asked| asked == part);
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    if parts.iter().any(|part| said[part.as_str()].is_null()) {
        return Some(refuse(400, "unexpectedPart", "a part is named that the request does not have"));
    }
    if has("snippet") {
        let (title, description) = (text(&said["snippet"]["title"]), text(&said["snippet"]["description"]));
        if title.trim().is_empty() || title.encode_utf16().count() > 100 || title.contains(['<', '>']) {
            return Some(refuse(
                400,
                "invalidTitle",
                "The request metadata specifies an invalid or empty video title.",
            ));
        }
        if description.len() > 5_000 || description.contains(['<', '>']) {
            return Some(refuse(
                400,
                "invalidDescription",
                "The request metadata specifies an invalid video description.",
            ));
        }
        let tags = said["snippet"]["tags"].as_array().cloned().unwrap_or_default();
        if tags.iter().map(|tag| text(tag).chars().count() + 1).sum::<usize>() > 500 {
            return Some(refuse(400, "invalidTags", "The request metadata specifies invalid video keywords."));
        }
        if !text(&said["snippet"]["categoryId"]).parse::<u8>().is_ok_and(|category| category > 0) {
            return Some(refuse(
                400,
                "invalidCategoryId",
                "The snippet.categoryId property specifies an invalid category ID.",
            ));
        }
    }
    let is_known = ["public", "unlisted", "private"].contains(&&*text(&said["status"]["privacyStatus"]));
    (has("status") && !is_known).then(|| refuse(400, "invalidVideoMetadata", "The request metadata is invalid."))
}

async fn channels(
    State(world): State<Shared>,
    headers: HeaderMap,
    Query(pairs): Query<Vec<(String, String)>>,
) -> Response<Body> {
    let (youtube, (parts, rest)) = (world.youtube(), query(pairs));
    let title = match youtube.caller(&headers) {
        Ok(title) => title,
        Err(refused) => return refused,
    };
    if rest.get("mine").map(String::as_str) != Some("true") {
        return refuse(400, "missingRequiredParameter", "No filter selected.");
    }
    // A person without a channel is answered no list at all.
    if title.is_empty() {
        return answer(
            200,
            json!({ "kind": "youtube#channelListResponse", "etag": "e", "pageInfo": { "totalResults": 0, "resultsPerPage": 5 } }),
        );
    }
    let mut one = json!({ "kind": "youtube#channel", "etag": "e", "id": channel_id(&title) });
    if parts.iter().any(|part| part == "snippet") {
        let handle = format!("@{}", title.to_lowercase().replace(' ', ""));
        one["snippet"] =
            json!({ "title": title, "description": "", "customUrl": handle, "publishedAt": "2020-01-01T00:00:00Z" });
    }
    if parts.iter().any(|part| part == "contentDetails") {
        one["contentDetails"] = json!({ "relatedPlaylists": { "likes": "", "uploads": uploads_of(&title) } });
    }
    let page = json!({ "totalResults": 1, "resultsPerPage": 5 });
    answer(200, json!({ "kind": "youtube#channelListResponse", "etag": "e", "pageInfo": page, "items": [one] }))
}

async fn uploads(
    State(world): State<Shared>,
    headers: HeaderMap,
    Query(pairs): Query<Vec<(String, String)>>,
) -> Response<Body> {
    let (youtube, (_, rest)) = (world.youtube(), query(pairs));
    let title = match youtube.caller(&headers) {
        Ok(title) => title,
        Err(refused) => return refused,
    };
    let wanted = rest.get("playlistId").cloned().unwrap_or_default();
    if wanted != uploads_of(&title) {
        return refuse(
            404,
            "playlistNotFound",
            "The playlist identified with the request's playlistId parameter cannot be found.",
        );
    }
    let most = rest.get("maxResults").and_then(|text| text.parse().ok()).unwrap_or(5);
    let item = |video: &Video| {
        json!({ "kind": "youtube#playlistItem", "etag": "e", "id": format!("p{}", video.id), "snippet": {
            "title": video.snippet["title"], "description": video.snippet["description"], "publishedAt": video.at,
            "channelId": channel_id(&title), "playlistId": wanted, "position": 0,
            "resourceId": { "kind": "youtube#video", "videoId": video.id } } })
    };
    let ours = youtube.videos.iter().rev().filter(|video| video.channel == title);
    let items: Vec<Value> = ours.take(most).map(item).collect();
    let page = json!({ "totalResults": items.len(), "resultsPerPage": most });
    answer(200, json!({ "kind": "youtube#playlistItemListResponse", "etag": "e", "pageInfo": page, "items": items }))
}

async fn list(
    State(world): State<Shared>,
    headers: HeaderMap,
    Query(pairs): Query<Vec<(String, String)>>,
) -> Response<Body> {
    let (mut youtube, (parts, _)) = (world.youtube(), query(pairs.clone()));
    let title = match youtube.caller(&headers) {
        Ok(title) => title,
        Err(refused) => return refused,
    };
    let named = pairs.iter().filter(|(name, _)| name == "id").flat_map(|(_, value)| value.split(','));
    let mut items = Vec::new();
    for id in named {
        // Who has no part in the channel does not see what is private.
        let Some(video) =
            youtube.find(id).filter(|video| video.channel == title || video.status["privacyStatus"] != "private")
        else {
            continue;
        };
        items.push(video.told(&parts));
        video.preparing = video.preparing.saturating_sub(1);
    }
    let page = json!({ "totalResults": items.len(), "resultsPerPage": items.len() });
    answer(200, json!({ "kind": "youtube#videoListResponse", "etag": "e", "pageInfo": page, "items": items }))
}

async fn change(
    State(world): State<Shared>,
    headers: HeaderMap,
    Query(pairs): Query<Vec<(String, String)>>,
    body: Bytes,
) -> Response<Body> {
    let said: Value = serde_json::from_slice(&body).unwrap_or_default();
    let (mut youtube, (parts, _)) = (world.youtube(), query(pairs));
    let title = match youtube.caller(&headers) {
        Ok(title) => title,
        Err(refused) => return refused,
    };
    if youtube.changes == 0 {
        return refuse(403, "quotaExceeded", "The request cannot be completed because you have exceeded your quota.");
    }
    if let Some(refused) = wrong(&said, &parts) {
        return refused;
    }
    youtube.changes -= 1;
    let approved = youtube.approved;
    let id = said["id"].as_str().unwrap_or_default().to_owned();
    let Some(video) = youtube.find(&id) else {
        return refuse(404, "videoNotFound", "The video that you are trying to update cannot be found.");
    };
    if video.channel != title {
        return refuse(403, "forbidden", "The request is not properly authorized.");
    }
    // A part is replaced as a whole: what it does not say is set back.
    for part in &parts {
        match part.as_str() {
            "snippet" => video.snippet = said["snippet"].clone(),
            "status" => {
                video.status = said["status"].clone();
                if !approved {
                    video.status["privacyStatus"] = "private".into();
                }
            }
            "paidProductPlacementDetails" => video.paid = said["paidProductPlacementDetails"].clone(),
            _ => return refuse(400, "unexpectedPart", "that part cannot be changed here"),
        }
    }
    answer(200, video.told(&parts))
}

async fn take_down(
    State(world): State<Shared>,
    headers: HeaderMap,
    Query(pairs): Query<Vec<(String, String)>>,
) -> Response<Body> {
    let (mut youtube, (_, rest)) = (world.youtube(), query(pairs));
    let title = match youtube.caller(&headers) {
        Ok(title) => title,
        Err(refused) => return refused,
    };
    let id = rest.get("id").cloned().unwrap_or_default();
    match youtube.find(&id).map(|video| video.channel == title) {
        None => refuse(404, "videoNotFound", "The video that you are trying to delete cannot be found."),
        Some(false) => refuse(403, "forbidden", "The video that you are trying to delete cannot be deleted."),
        Some(true) => {
            youtube.videos.retain(|video| video.id != id);
            youtube.captions.retain(|track| track.video != id);
            StatusCode::NO_CONTENT.into_response()
        }
    }
}

pub(crate) fn routes() -> Router<Shared> {
    Router::new()
        .merge(oauth::routes())
        .merge(upload::routes())
        .merge(captions::routes())
        .merge(poster::routes())
        .route("/youtube/v3/channels", get(channels))
        .route("/youtube/v3/playlistItems", get(uploads))
        .route("/youtube/v3/videos", get(list).put(change).delete(take_down))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn exactly_the_limit_is_taken_and_one_more_is_not() {
        let parts = ["snippet", "status"].map(str::to_owned);
        let status_of = |title: &str, description: &str, tags: &[&str]| {
            let snippet = json!({ "title": title, "description": description, "tags": tags, "categoryId": "22" });
            let said = json!({ "snippet": snippet, "status": { "privacyStatus": "private" } });
            wrong(&said, &parts).map_or(200, |refused| refused.status().as_u16())
        };
        let (title, text, tag) = ("ñ".repeat(100), "a".repeat(5_000), "t".repeat(499));
        assert_eq!(status_of(&title, &text, &[&tag]), 200);
        assert_eq!(status_of(&[&*title, "n"].concat(), &text, &[]), 400);
        assert_eq!(status_of(&"🎉".repeat(51), &text, &[]), 400);
        assert_eq!(status_of(&title, &[&*text, "a"].concat(), &[]), 400);
        assert_eq!(status_of(&title, &"ñ".repeat(2_501), &[]), 400, "bytes, not letters");
        assert_eq!(status_of(&title, &text, &[&tag, "u"]), 400);
        assert_eq!((status_of("a < b", "", &[]), status_of("a", "->", &[]), status_of(" ", "", &[])), (400, 400, 400));
    }
}
