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
    poll: Option<Poll>,
    /// How it was before it was edited, oldest first.
    versions: Vec<Version>,
}

/// A poll below a status.
#[derive(Debug, Clone, PartialEq)]
struct Poll {
    id: String,
    options: Vec<String>,
    votes: Vec<u64>,
    ends: DateTime<Utc>,
    multiple: bool,
    hidden: bool,
}

/// A status as it was, and since when.
#[derive(Debug, Clone)]
struct Version {
    text: String,
    spoiler: String,
    media: Vec<String>,
    options: Option<Vec<String>>,
    at: DateTime<Utc>,
}

impl Poll {
    fn entity(&self) -> Value {
        let is_over = self.ends <= Utc::now();
        let shown = is_over || !self.hidden;
        let options = self.options.iter().zip(&self.votes);
        let options: Vec<Value> =
            options.map(|(title, votes)| json!({ "title": title, "votes_count": shown.then_some(votes) })).collect();
        json!({
            "id": self.id, "expires_at": written(self.ends), "expired": is_over, "multiple": self.multiple,
            "votes_count": self.votes.iter().sum::<u64>(), "voters_count": null, "options": options, "emojis": [],
        })
    }
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
        if let Some(poll) = &self.poll {
            let seconds = (poll.ends - self.created).num_seconds();
            shown["poll"] = json!({ "options": poll.options, "votes": poll.votes, "multiple": poll.multiple,
                "hide_totals": poll.hidden, "seconds": seconds });
        }
        shown
    }

    /// As it is now.
    fn version(&self) -> Version {
        Version {
            text: self.text.clone(),
            spoiler: self.spoiler.clone(),
            media: self.media.clone(),
            options: self.poll.as_ref().map(|poll| poll.options.clone()),
            at: self.edited.unwrap_or(self.created),
        }
    }

    /// Somebody votes.
    pub fn vote(&mut self, votes: &[u64]) {
        if let Some(poll) = &mut self.poll {
            poll.votes.iter_mut().zip(votes).for_each(|(there, more)| *there += more);
        }
    }

    /// The time goes by for its poll.
    pub fn end_poll_in(&mut self, seconds: i64) {
        if let Some(poll) = &mut self.poll {
            poll.ends = Utc::now() + chrono::Duration::seconds(seconds);
        }
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
            "in_reply_to_account_id": self.above.as_ref().map(|_| account_id(&self.by)), "reblog": null, "card": null,
            "poll": self.poll.as_ref().map(Poll::entity),
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

/// An address is 23, and of somebody at another server only the name counts (`StatusLengthValidator`).
fn length(text: &str) -> usize {
    let of_host = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-');
    let word = |word: &str| {
        let counts = |text: &str| text.graphemes(true).count();
        if let Some(at) = word.find("https://") {
            return counts(&word[..at]) + 23;
        }
        match word.strip_prefix('@').and_then(|name| name.split_once('@')) {
            Some((name, host)) => 1 + counts(name) + counts(host.trim_start_matches(of_host)),
            None => counts(word),
        }
    };
    text.split_inclusive(char::is_whitespace).map(word).sum()
}

/// What a status may not be.
fn complaint(mastodon: &Mastodon, by: &str, own: Option<&str>, fields: &Value) -> Option<&'static str> {
    let text = |name: &str| fields[name].as_str().unwrap_or_default();
    let media = media_of(fields);
    if let Some(complaint) = complaint_of_poll(fields, !media.is_empty()) {
        return Some(complaint);
    }
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

/// What a poll may not be (`PollOptionsValidator`, `PollExpirationValidator`).
fn complaint_of_poll(fields: &Value, is_pictured: bool) -> Option<&'static str> {
    let poll = fields["poll"].as_object()?;
    let options: Vec<&str> = poll.get("options")?.as_array()?.iter().filter_map(Value::as_str).collect();
    let seconds = poll.get("expires_in").and_then(Value::as_i64).unwrap_or_default();
    let is_long = |option: &&str| option.graphemes(true).count() > 50;
    let is_twice = options.iter().enumerate().any(|(place, option)| options[..place].contains(option));
    let all = [
        (is_pictured, "Validation failed: Cannot attach media to a status with a poll"),
        (options.len() < 2, "Validation failed: Options must have more than one item"),
        (options.len() > 4, "Validation failed: Options can't contain more than 4 items"),
        (options.iter().any(is_long), "Validation failed: Options can't be longer than 50 characters each"),
        (is_twice, "Validation failed: Options contain duplicate items"),
        (seconds < 300, "Validation failed: Expires at is too soon"),
        (seconds > 2_629_746, "Validation failed: Expires at is too far into the future"),
    ];
    all.into_iter().find_map(|(is_so, why)| is_so.then_some(why))
}

/// The poll that is asked for. Of one that stands there the votes are kept if its answers are the same; one that is not said again
/// goes (`UpdateStatusService`).
fn poll_of(fields: &Value, before: Option<&Poll>, id: String) -> Option<Poll> {
    let said = fields["poll"].as_object()?;
    let options: Vec<String> =
        said.get("options")?.as_array()?.iter().filter_map(|option| option.as_str().map(ToOwned::to_owned)).collect();
    let is = |name: &str| said.get(name) == Some(&Value::Bool(true));
    let ends = Utc::now() + chrono::Duration::seconds(said.get("expires_in")?.as_i64()?);
    let kept = before.filter(|poll| poll.options == options && poll.multiple == is("multiple"));
    let votes = kept.map_or_else(|| vec![0; options.len()], |poll| poll.votes.clone());
    let id = before.map_or(id, |poll| poll.id.clone());
    Some(Poll { id, options, votes, ends, multiple: is("multiple"), hidden: is("hide_totals") })
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
    let place = key.filter(|_| !mastodon.is_compatible).map(|key| (by.clone(), key));
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
    let poll = mastodon.mint();
    let status = Status {
        id: mastodon.mint(),
        poll: poll_of(&fields, None, poll),
        versions: Vec::new(),
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
    let poll = mastodon.mint();
    let status = &mut mastodon.statuses[place];
    status.versions.push(status.version());
    status.poll = poll_of(&fields, status.poll.as_ref(), poll);
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

/// Every version there was of a status, oldest first, to be read by whoever reads the status.
pub async fn history(State(world): State<Shared>, Path(id): Path<String>) -> Response {
    let mastodon = world.mastodon();
    if mastodon.keeps_nothing {
        return error(404, "Record not found");
    }
    let Some(status) = mastodon.statuses.iter().find(|status| status.id == id) else {
        return error(404, "Record not found");
    };
    let entity = |version: &Version| {
        let media = version.media.iter().filter_map(|id| Some(attachment(&world.origin, id, mastodon.media.get(id)?)));
        let options = |options: &Vec<String>| {
            let options: Vec<Value> = options.iter().map(|title| json!({ "title": title })).collect();
            json!({ "options": options })
        };
        let mut entity = json!({
            "account": account(&world.origin, &status.by), "content": html(&version.text), "created_at": written(version.at),
            "emojis": [], "media_attachments": media.collect::<Vec<_>>(), "sensitive": !version.spoiler.is_empty(),
            "spoiler_text": version.spoiler,
        });
        if let Some(said) = &version.options {
            entity["poll"] = options(said);
        }
        entity
    };
    let versions: Vec<Value> = status.versions.iter().chain([&status.version()]).map(entity).collect();
    answer(200, versions.into())
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
