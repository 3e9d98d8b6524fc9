//! Statuses: made once for an `Idempotency-Key` within the hour, edited, taken down.

use std::collections::BTreeMap;

use axum::{
    body::Bytes,
    extract::{Path, Query, State},
    http::HeaderMap,
    response::Response,
};
use chrono::{DateTime, SecondsFormat, Utc};
use serde_json::{Value, json};
use unicode_segmentation::UnicodeSegmentation;

use super::{Mastodon, Picture, account, account_id, attachment, fields};
use crate::{
    Shared,
    world::{answer, error, hash},
};

/// How long a key is remembered, in seconds.
const KEY_HOLDS: i64 = 3_600;

/// A status.
#[derive(Debug, Clone)]
pub struct Status {
    id: String,
    by: String,
    text: String,
    spoiler: String,
    language: Value,
    visibility: String,
    media: Vec<String>,
    created: DateTime<Utc>,
    edited: Option<DateTime<Utc>>,
    /// What it answers.
    above: Option<String>,
}

impl Status {
    /// What readers would see, with what only the author knows.
    pub fn visible(&self, mastodon: &Mastodon) -> Value {
        let picture = |id: &String| {
            let picture = mastodon.media.get(id)?;
            let (bytes, hash) = (picture.content.len(), hash(&picture.content));
            let mut told = json!({ "id": id, "description": picture.description, "bytes": bytes, "hash": hash });
            let beside = [("focus", &picture.focus), ("thumbnail", &picture.thumbnail)];
            beside.into_iter().filter_map(|(name, said)| Some((name, said.clone()?))).for_each(|(name, said)| {
                told[name] = said.into();
            });
            Some(told)
        };
        let mut shown = json!({
            "id": self.id, "by": self.by, "text": self.text, "spoiler_text": self.spoiler, "language": self.language,
            "visibility": self.visibility, "media": self.media.iter().filter_map(picture).collect::<Vec<_>>(),
            "created_at": written(self.created), "edited_at": self.edited.map(written),
        });
        if let Some(above) = &self.above {
            shown["above"] = above.as_str().into();
        }
        shown
    }

    fn entity(&self, origin: &str, mastodon: &Mastodon) -> Value {
        let media: Vec<Value> = self
            .media
            .iter()
            .filter_map(|id| mastodon.media.get(id).map(|picture| attachment(origin, id, picture)))
            .collect();
        json!({
            "id": self.id, "uri": format!("{origin}/users/{}/statuses/{}", self.by, self.id),
            "url": format!("{origin}/@{}/{}", self.by, self.id), "created_at": written(self.created),
            "edited_at": self.edited.map(written), "account": account(origin, &self.by), "content": html(&self.text),
            "visibility": self.visibility, "sensitive": !self.spoiler.is_empty(), "spoiler_text": self.spoiler,
            "media_attachments": media, "mentions": [], "tags": [], "emojis": [], "language": self.language,
            "reblogs_count": 0, "favourites_count": 0, "replies_count": 0, "in_reply_to_id": self.above,
            "in_reply_to_account_id": self.above.as_ref().map(|_| account_id(&self.by)), "reblog": null, "poll": null, "card": null,
        })
    }
}

fn written(at: DateTime<Utc>) -> String {
    at.to_rfc3339_opts(SecondsFormat::Millis, true)
}

/// Paragraphs, and addresses shortened the way Mastodon does it.
fn html(text: &str) -> String {
    let escaped = text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('\'', "&#39;");
    let word = |word: &str| match word.strip_prefix("https://") {
        Some(rest) => {
            format!(r#"<a href="{word}"><span class="invisible">https://</span><span class="">{rest}</span></a>"#)
        }
        None => word.to_owned(),
    };
    let line = |line: &str| line.split(' ').map(word).collect::<Vec<_>>().join(" ");
    let paragraph = |part: &str| format!("<p>{}</p>", part.lines().map(line).collect::<Vec<_>>().join("<br />"));
    escaped.split("\n\n").map(paragraph).collect()
}

fn length(text: &str) -> usize {
    let word = |word: &str| match word.find("https://") {
        Some(at) => word[..at].graphemes(true).count() + 23,
        None => word.graphemes(true).count(),
    };
    text.split_inclusive(char::is_whitespace).map(word).sum()
}

/// What a status may not be.
fn complaint(mastodon: &Mastodon, by: &str, own: Option<&str>, fields: &Value) -> Option<&'static str> {
    let text = |name: &str| fields[name].as_str().unwrap_or_default();
    let media = media_of(fields);
    if text("status").trim().is_empty() && media.is_empty() {
        return Some("Validation failed: Text can't be blank");
    }
    if length(text("status")) + text("spoiler_text").graphemes(true).count() > mastodon.max_characters {
        return Some("Validation failed: Text character limit of 500 exceeded");
    }
    if media.len() > 4 {
        return Some("Validation failed: Cannot attach more than 4 files");
    }
    let is_video = |id: &String| mastodon.media.get(id).is_some_and(Picture::is_video);
    if media.len() > 1 && media.iter().any(is_video) {
        return Some("Validation failed: Cannot attach a video to a post that already contains images");
    }
    let is_taken = |id: &String| {
        mastodon.statuses.iter().any(|status| own != Some(status.id.as_str()) && status.media.contains(id))
    };
    let is_ready = |id: &String| {
        mastodon.media.get(id).is_some_and(|picture| picture.by == by && picture.polls_left == 0) && !is_taken(id)
    };
    (!media.iter().all(is_ready))
        .then_some("Cannot attach files that have not finished processing. Try again in a moment!")
}

fn media_of(fields: &Value) -> Vec<String> {
    let list = fields["media_ids"].as_array().map(Vec::as_slice).unwrap_or_default();
    list.iter().filter_map(|id| id.as_str().map(ToOwned::to_owned)).collect()
}

pub async fn create(State(world): State<Shared>, headers: HeaderMap, body: Bytes) -> Response {
    let mut mastodon = world.mastodon();
    let by = match mastodon.bearer(&headers) {
        Ok(by) => by,
        Err(refused) => return refused,
    };
    let now = Utc::now();
    let key = headers.get("idempotency-key").and_then(|key| key.to_str().ok()).map(ToOwned::to_owned);
    let place = key.map(|key| (by.clone(), key));
    let known = place.as_ref().and_then(|place| mastodon.keys.get(place)).cloned();
    if let Some((id, _)) = known.filter(|(_, at)| now.timestamp() - at < KEY_HOLDS) {
        let first = mastodon.statuses.iter().find(|status| status.id == id);
        return match first {
            Some(first) => answer(200, first.entity(&world.origin, &mastodon)),
            None => error(404, "Record not found"),
        };
    }
    let fields = fields(&headers, &body);
    if let Some(complaint) = complaint(&mastodon, &by, None, &fields) {
        return error(422, complaint);
    }
    let text = |name: &str| fields[name].as_str().unwrap_or_default().to_owned();
    let above = fields["in_reply_to_id"].as_str().map(ToOwned::to_owned);
    if above.as_ref().is_some_and(|above| !mastodon.statuses.iter().any(|status| status.id == *above)) {
        return error(404, "Record not found");
    }
    let status = Status {
        id: mastodon.mint(),
        by,
        text: text("status"),
        spoiler: text("spoiler_text"),
        language: fields["language"].clone(),
        visibility: text("visibility"),
        media: media_of(&fields),
        created: now,
        edited: None,
        above,
    };
    if let Some(place) = place {
        mastodon.keys.insert(place, (status.id.clone(), now.timestamp()));
    }
    let entity = status.entity(&world.origin, &mastodon);
    mastodon.statuses.push(status);
    answer(200, entity)
}

pub async fn show(State(world): State<Shared>, Path(id): Path<String>) -> Response {
    let mastodon = world.mastodon();
    match mastodon.statuses.iter().find(|status| status.id == id) {
        Some(status) => answer(200, status.entity(&world.origin, &mastodon)),
        None => error(404, "Record not found"),
    }
}

pub async fn edit(State(world): State<Shared>, Path(id): Path<String>, headers: HeaderMap, body: Bytes) -> Response {
    let mut mastodon = world.mastodon();
    let by = match mastodon.bearer(&headers) {
        Ok(by) => by,
        Err(refused) => return refused,
    };
    let fields = fields(&headers, &body);
    if let Some(complaint) = complaint(&mastodon, &by, Some(&id), &fields) {
        return error(422, complaint);
    }
    let Some(place) = mastodon.statuses.iter().position(|status| status.id == id && status.by == by) else {
        return error(404, "Record not found");
    };
    let status = &mut mastodon.statuses[place];
    status.text = fields["status"].as_str().unwrap_or_default().to_owned();
    status.spoiler = fields["spoiler_text"].as_str().unwrap_or_default().to_owned();
    status.language = fields["language"].clone();
    status.media = media_of(&fields);
    status.edited = Some(Utc::now());
    answer(200, mastodon.statuses[place].entity(&world.origin, &mastodon))
}

pub async fn remove(State(world): State<Shared>, Path(id): Path<String>, headers: HeaderMap) -> Response {
    let mut mastodon = world.mastodon();
    let by = match mastodon.bearer(&headers) {
        Ok(by) => by,
        Err(refused) => return refused,
    };
    let Some(place) = mastodon.statuses.iter().position(|status| status.id == id && status.by == by) else {
        return error(404, "Record not found");
    };
    let entity = mastodon.statuses[place].entity(&world.origin, &mastodon);
    mastodon.statuses.remove(place);
    answer(200, entity)
}

/// What only the author may read: the words as they were written.
pub async fn source(State(world): State<Shared>, Path(id): Path<String>, headers: HeaderMap) -> Response {
    let mastodon = world.mastodon();
    let by = match mastodon.bearer(&headers) {
        Ok(by) => by,
        Err(refused) => return refused,
    };
    match mastodon.statuses.iter().find(|status| status.id == id && status.by == by) {
        Some(status) => answer(200, json!({ "id": id, "text": status.text, "spoiler_text": status.spoiler })),
        None => error(404, "Record not found"),
    }
}

pub async fn own(
    State(world): State<Shared>,
    Path(id): Path<String>,
    Query(query): Query<BTreeMap<String, String>>,
) -> Response {
    let mut mastodon = world.mastodon();
    if mastodon.lag > 0 {
        mastodon.lag -= 1;
        return answer(200, json!([]));
    }
    let most = query.get("limit").and_then(|limit| limit.parse().ok()).unwrap_or(20_usize).min(40);
    let own = mastodon.statuses.iter().rev().filter(|status| account_id(&status.by) == id).take(most);
    answer(200, own.map(|status| status.entity(&world.origin, &mastodon)).collect::<Vec<_>>().into())
}
