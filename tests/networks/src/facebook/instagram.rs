//! Professional accounts of Instagram, each linked to a page: containers that are prepared for a while, a quota, media that
//! nobody can change.

use std::collections::BTreeMap;

use axum::{
    body::Body,
    extract::{Path, State},
    http::Response,
    response::IntoResponse,
};
use chrono::{DateTime, SecondsFormat, TimeDelta, Utc};
use serde_json::{Value, json};

use super::{Asked, Called, Facebook, missing, node, refuse};
use crate::{
    Shared,
    film::{self, Film},
    pulled::{Fetched, fetch},
    world::{answer, error},
};

/// What the accounts' sandbox remembers.
#[derive(Debug)]
pub struct Instagram {
    /// The pages that have no account.
    without: Vec<String>,
    containers: BTreeMap<String, Container>,
    media: Vec<Media>,
    /// How often a new container says that it is still in progress.
    preparing: u32,
    /// How often a carousel is refused because its children are not ready.
    late: u32,
    /// The subcode with which the next container breaks.
    breaks: Option<u32>,
    /// How many posts a day may have.
    quota: usize,
    /// The code with which accounts say that they are personal ones now.
    personal: Option<i64>,
}

impl Default for Instagram {
    fn default() -> Self {
        Self {
            without: Vec::new(),
            containers: BTreeMap::new(),
            media: Vec::new(),
            preparing: 0,
            late: 0,
            breaks: None,
            quota: 50,
            personal: None,
        }
    }
}

#[derive(Debug, Clone, PartialEq)]
enum How {
    /// So often still, and then whether it breaks.
    Preparing(u32, Option<u32>),
    Finished,
    Broken(u32),
    Published,
    Expired,
}

#[derive(Debug, Clone)]
struct Container {
    account: String,
    caption: String,
    pictures: Vec<(Fetched, String)>,
    film: Option<Film>,
    /// How many pictures stand before it in a carousel.
    before: usize,
    /// The hash of the reel's poster.
    poster: Option<String>,
    is_child: bool,
    is_story: bool,
    invited: Vec<String>,
    state: How,
}

#[derive(Debug, Clone)]
struct Media {
    id: String,
    account: String,
    caption: String,
    pictures: Vec<(Fetched, String)>,
    film: Option<Film>,
    before: usize,
    is_story: bool,
    invited: Vec<String>,
    poster: Option<String>,
    at: DateTime<Utc>,
}

impl Media {
    fn whole(&self, origin: &str) -> Value {
        let alone = self.pictures.len() == 1 && self.film.is_none();
        let is_film = self.film.is_some() && self.pictures.is_empty();
        json!({
            "id": self.id, "caption": if self.is_story { Value::Null } else { self.caption.as_str().into() }, "timestamp": self.at.to_rfc3339_opts(SecondsFormat::Secs, false).replace("+00:00", "+0000"),
            "permalink": format!("https://www.instagram.com/p/{}/", self.id), "username": user(&self.account),
            "media_type": if is_film { "VIDEO" } else if alone { "IMAGE" } else { "CAROUSEL_ALBUM" },
            "media_product_type": if self.is_story { "STORY" } else if is_film { "REELS" } else { "FEED" },
            "media_url": format!("{origin}/instagram/{}-0", self.id),
            "alt_text": if alone { Value::from(self.pictures[0].1.as_str()) } else { Value::Null },
        })
    }
}

/// The account that is linked to a page.
pub fn account_of(page: &str) -> String {
    format!("17841{page}")
}

/// The name of an account.
pub fn user(account: &str) -> String {
    format!("villa{}", account.chars().rev().take(5).collect::<String>())
}

impl Instagram {
    pub fn set(&mut self, settings: &Value) {
        let number = |name: &str| settings[name].as_u64().and_then(|number| u32::try_from(number).ok());
        self.preparing = number("preparing").unwrap_or(self.preparing);
        self.late = number("late_children").unwrap_or(self.late);
        self.breaks = number("breaks").or(self.breaks.take());
        self.quota = settings["quota"].as_u64().map_or(self.quota, |quota| quota as usize);
        if let Some(code) = settings["personal"].as_i64() {
            self.personal = Some(code).filter(|code| *code != 0);
        }
        if let Some(list) = settings["without_account"].as_array() {
            self.without = list.iter().filter_map(Value::as_str).map(str::to_owned).collect();
        }
        if settings["expire_containers"] == true {
            self.containers.values_mut().for_each(|one| one.state = How::Expired);
        }
        // Whatever came of them.
        if let Some(code) = number("break_containers") {
            self.containers.values_mut().for_each(|one| one.state = How::Broken(code));
        }
    }

    pub fn visible(&self) -> Vec<Value> {
        let pictures = |media: &Media| -> Vec<Value> {
            media.pictures.iter().map(|(one, alt)| json!({ "alt": alt, "sha256": one.hash() })).collect()
        };
        let video = |media: &Media| media.film.as_ref().map(Film::hash);
        let shown = |media: &Media| {
            json!({ "id": media.id, "caption": media.caption, "pictures": pictures(media), "video": video(media),
            "story": media.is_story, "invited": media.invited, "poster": media.poster })
        };
        self.media.iter().map(shown).collect()
    }

    /// Whether a page's account is one that programs may reach.
    pub fn is_linked(&self, page: &str) -> bool {
        self.personal.is_none() && !self.without.iter().any(|one| one == page)
    }

    /// What is said of an account that is a personal one now: in words that programs of others have seen, or as if it were not there.
    pub fn objection(&self) -> Option<Response<Body>> {
        match self.personal? {
            10 => Some(refuse(400, 10, None, "The user is not an Instagram Business")),
            _ => Some(missing()),
        }
    }

    /// Whose something is that is out.
    pub fn owner(&self, id: &str) -> Option<String> {
        self.media.iter().find(|media| media.id == id && !media.is_story).map(|media| media.account.clone())
    }

    /// What is out and can be commented on.
    pub fn media_ids(&self) -> Vec<String> {
        self.media.iter().filter(|media| !media.is_story).map(|media| media.id.clone()).collect()
    }

    fn used(&self, account: &str) -> usize {
        let day = |media: &&Media| media.account == account && Utc::now() - media.at < TimeDelta::hours(24);
        self.media.iter().filter(day).count()
    }
}

/// Whether an identity is of this house; pages' begin otherwise.
pub fn is_ours(id: &str) -> bool {
    ["17841", "179", "180"].iter().any(|begin| id.starts_with(begin))
}

impl Facebook {
    /// The account whose page's access a call carries, if it may do this.
    pub(super) fn on_account(&self, asked: &Asked, account: &str, scope: &str) -> Result<(), Response<Body>> {
        self.lets_in(asked, account, scope)?;
        self.instagram.objection().map_or(Ok(()), Err)
    }

    fn lets_in(&self, asked: &Asked, account: &str, scope: &str) -> Result<(), Response<Body>> {
        if let Some(may) = self.itself.may(asked.token().unwrap_or_default(), scope) {
            let refused = || refuse(403, 10, None, &format!("Application does not have permission for {scope}"));
            return if may { Ok(()) } else { Err(refused()) };
        }
        let page = account.strip_prefix("17841").unwrap_or_default();
        self.on_page(asked, page, scope)
    }
}

/// Why a picture is not taken.
fn objection(picture: &Fetched) -> Option<Response<Body>> {
    let (width, height) = (u64::from(picture.size.0), u64::from(picture.size.1));
    if picture.mime != "image/jpeg" {
        return Some(refuse(400, 9_004, Some(2_207_005), "Only JPEG can be accepted as media"));
    }
    if picture.bytes.len() > 8_000_000 {
        return Some(refuse(400, 36_000, Some(2_207_004), "The image is too large"));
    }
    // 4:5 to 1.91:1.
    if width * 5 < height * 4 || width * 100 > height * 191 {
        return Some(refuse(400, 36_003, Some(2_207_009), "The aspect ratio is not supported"));
    }
    None
}

/// Why a story of a video cannot be prepared.
fn too_long(film: Option<&Film>) -> Option<u32> {
    let fits = |film: &Film| (3_000..=60_000).contains(&film.facts.millis) && film.bytes.len() <= 100_000_000;
    unfit(film).or_else(|| film.is_none_or(|film| !fits(film)).then_some(2_207_026))
}

/// Why a reel cannot be prepared: the code that stands in its container's words. Meta's reference says what it may be; that
/// all of it comes as 2207026 is our guess.
fn unfit(film: Option<&Film>) -> Option<u32> {
    let Some(film) = film else { return Some(2_207_026) };
    let facts = film.facts;
    let fits = [*b"avc1", *b"hvc1", *b"hev1"].contains(&facts.codec)
        && (3_000..=900_000).contains(&facts.millis)
        && (23..=60).contains(&facts.rate())
        && facts.size.0 <= 1_920
        && film.bits() <= 25_000_000;
    match () {
        () if !fits => Some(2_207_026),
        () if film.bytes.len() > 300_000_000 => Some(2_207_004),
        () => None,
    }
}

fn begins(caption: &str, mark: char) -> usize {
    caption.split_whitespace().filter(|word| word.len() > 1 && word.starts_with(mark)).count()
}

pub async fn create((State(world), Path(account), uri, headers, body): Called) -> Response<Body> {
    let (asked, account) = node(&world, &uri, &headers, &body, &account).await;
    if let Err(refused) = world.facebook().on_account(&asked, &account, "instagram_content_publish") {
        return refused;
    }
    let caption = asked.text("caption").to_owned();
    if caption.encode_utf16().count() > 2_200 {
        return refuse(400, 100, Some(2_207_010), "The caption is too long");
    }
    if begins(&caption, '#') > 30 || begins(&caption, '@') > 20 {
        return refuse(400, 100, None, "Too many hashtags or mentions");
    }
    if asked.text("alt_text").chars().count() > 1_000 {
        return refuse(400, 100, None, "The alt text is too long");
    }
    let is_child = asked.text("is_carousel_item") == "true";
    let is_story = asked.text("media_type") == "STORIES";
    let invited: Vec<String> = serde_json::from_str(asked.text("collaborators")).unwrap_or_default();
    if invited.len() > 3 || (!invited.is_empty() && (is_child || is_story)) {
        return refuse(400, 100, None, "Up to three collaborators of a picture, a reel or a carousel");
    }
    if is_story && !(caption.is_empty() && asked.text("alt_text").is_empty() && !is_child) {
        return refuse(400, 100, None, "A story has neither a caption nor an alt text");
    }
    let (mut film, mut flaw, mut poster, mut before) = (None, None, None, 0);
    let pictures = match (asked.text("media_type"), asked.text("image_url")) {
        ("CAROUSEL", "") => {
            let children: Vec<String> = serde_json::from_str(asked.text("children")).unwrap_or_default();
            let mut facebook = world.facebook();
            let instagram = &mut facebook.instagram;
            if instagram.late > 0 {
                instagram.late -= 1;
                return refuse(400, 9_007, Some(2_207_027), "Media ID is not available");
            }
            let child = |id: &String| {
                let found = instagram.containers.get(id).filter(|one| one.is_child && one.account == account);
                found.filter(|one| one.state != How::Expired).cloned()
            };
            let Some(all) = children.iter().map(child).collect::<Option<Vec<_>>>() else {
                return refuse(400, 24, Some(2_207_006), "The requested resource does not exist");
            };
            if !(2..=10).contains(&all.len()) {
                return refuse(400, 36_000, Some(2_207_028), "A carousel has two to ten pictures or videos");
            }
            if all.iter().any(|one| matches!(one.state, How::Preparing(..))) {
                return refuse(400, 9_007, Some(2_207_027), "Media ID is not available");
            }
            before = all.iter().take_while(|one| one.film.is_none()).count();
            film = all.iter().find_map(|one| one.film.clone());
            all.into_iter().flat_map(|one| one.pictures).collect()
        }
        // No reel there: it has neither a cover nor words.
        ("VIDEO", "") if is_child && !asked.text("video_url").is_empty() => {
            if !(asked.text("alt_text").is_empty() && asked.text("cover_url").is_empty()) {
                return refuse(400, 100, None, "A video in a carousel has neither an alt text nor a cover");
            }
            match film::fetch(asked.text("video_url").to_owned()).await {
                Ok(fetched) => {
                    flaw = unfit(fetched.as_ref());
                    film = fetched;
                }
                Err(_) => flaw = Some(2_207_077),
            }
            Vec::new()
        }
        ("" | "IMAGE", address) if !address.is_empty() => match fetch(address.to_owned()).await {
            Ok(picture) => match objection(&picture) {
                Some(refused) => return refused,
                None => vec![(picture, asked.text("alt_text").to_owned())],
            },
            Err(why) => return refuse(400, 9_004, Some(2_207_052), &format!("The media could not be fetched: {why}")),
        },
        ("STORIES", address) if !address.is_empty() => match fetch(address.to_owned()).await {
            Ok(picture) if picture.mime == "image/jpeg" => vec![(picture, String::new())],
            Ok(_) => return refuse(400, 9_004, Some(2_207_005), "Only JPEG can be accepted as media"),
            Err(why) => return refuse(400, 9_004, Some(2_207_052), &format!("The media could not be fetched: {why}")),
        },
        ("STORIES", "") if !asked.text("video_url").is_empty() => {
            match film::fetch(asked.text("video_url").to_owned()).await {
                Ok(fetched) => {
                    flaw = too_long(fetched.as_ref());
                    film = fetched;
                }
                Err(_) => flaw = Some(2_207_077),
            }
            Vec::new()
        }
        // Fetched after the answer, by the real one: what is wrong with it is told by the container.
        ("REELS", "") if !asked.text("video_url").is_empty() && asked.text("alt_text").is_empty() && !is_child => {
            match film::fetch(asked.text("video_url").to_owned()).await {
                Ok(fetched) => {
                    flaw = unfit(fetched.as_ref());
                    film = fetched;
                }
                Err(_) => flaw = Some(2_207_077),
            }
            if !asked.text("cover_url").is_empty() {
                match fetch(asked.text("cover_url").to_owned()).await {
                    Ok(picture) if picture.mime == "image/jpeg" => poster = Some(picture.hash()),
                    Ok(_) => flaw = Some(2_207_005),
                    Err(_) => flaw = Some(2_207_052),
                }
            }
            Vec::new()
        }
        _ => return refuse(400, 100, Some(2_207_023), "A text alone cannot be published"),
    };
    let mut facebook = world.facebook();
    let id = (17_900_000_000_000_000_u64 + facebook.mint()).to_string();
    let instagram = &mut facebook.instagram;
    let state = match instagram.breaks.take() {
        Some(code) => How::Broken(code),
        // A video takes its time always.
        None if film.is_some() || flaw.is_some() => How::Preparing(instagram.preparing.max(1), flaw),
        None if instagram.preparing > 0 && !is_child => How::Preparing(instagram.preparing, None),
        None => How::Finished,
    };
    instagram.containers.insert(
        id.clone(),
        Container { account, caption, pictures, film, before, poster, is_child, is_story, invited, state },
    );
    answer(200, json!({ "id": id }))
}

pub async fn publish((State(world), Path(account), uri, headers, body): Called) -> Response<Body> {
    let (asked, account) = node(&world, &uri, &headers, &body, &account).await;
    let mut facebook = world.facebook();
    if let Err(refused) = facebook.on_account(&asked, &account, "instagram_content_publish") {
        return refused;
    }
    let id = (18_000_000_000_000_000_u64 + facebook.mint()).to_string();
    let instagram = &mut facebook.instagram;
    if instagram.used(&account) >= instagram.quota {
        return refuse(403, 9, Some(2_207_042), "Application request limit reached");
    }
    let found = instagram.containers.get_mut(asked.text("creation_id"));
    let Some(container) = found.filter(|one| one.account == account && !one.is_child) else {
        return refuse(400, 24, Some(2_207_006), "The requested resource does not exist");
    };
    match container.state {
        How::Preparing(..) => return refuse(400, 9_007, Some(2_207_027), "Media ID is not available"),
        How::Expired => return refuse(400, 24, Some(2_207_008), "The media has expired"),
        How::Finished => container.state = How::Published,
        How::Broken(_) | How::Published => return refuse(400, 100, Some(2_207_032), "It cannot be published"),
    }
    let Container { caption, pictures, film, before, poster, is_story, invited, .. } = container.clone();
    let (at, name) = (Utc::now(), id.clone());
    instagram.media.push(Media { id: name, account, caption, pictures, film, before, poster, is_story, invited, at });
    answer(200, json!({ "id": id }))
}

pub async fn listed(called: Called) -> Response<Body> {
    published(called, false).await
}

/// The stories of the last day.
pub async fn stories(called: Called) -> Response<Body> {
    published(called, true).await
}

async fn published((State(world), Path(account), uri, headers, body): Called, stories: bool) -> Response<Body> {
    let (asked, account) = node(&world, &uri, &headers, &body, &account).await;
    let mut facebook = world.facebook();
    if let Err(refused) = facebook.on_account(&asked, &account, "instagram_basic") {
        return refused;
    }
    if facebook.lag > 0 {
        facebook.lag -= 1;
        return answer(200, json!({ "data": [] }));
    }
    let since = asked.text("since").parse().unwrap_or(i64::MIN);
    let limit = asked.text("limit").parse().unwrap_or(25).min(100);
    let all = facebook.instagram.media.iter().rev();
    let all =
        all.filter(|media| media.is_story == stories && (!stories || Utc::now() - media.at < TimeDelta::hours(24)));
    let all = all.filter(|media| media.account == account && media.at.timestamp() >= since).take(limit);
    answer(200, json!({ "data": all.map(|media| asked.of(&media.whole(&world.origin))).collect::<Vec<_>>() }))
}

pub async fn limit((State(world), Path(account), uri, headers, body): Called) -> Response<Body> {
    let (asked, account) = node(&world, &uri, &headers, &body, &account).await;
    let facebook = world.facebook();
    if let Err(refused) = facebook.on_account(&asked, &account, "instagram_content_publish") {
        return refused;
    }
    let instagram = &facebook.instagram;
    let config = json!({ "quota_total": instagram.quota, "quota_duration": 86_400 });
    answer(200, json!({ "data": [{ "quota_usage": instagram.used(&account), "config": config }] }))
}

pub async fn children((State(world), Path(id), uri, headers, body): Called) -> Response<Body> {
    let (asked, id) = node(&world, &uri, &headers, &body, &id).await;
    let facebook = world.facebook();
    let Some(media) = facebook.instagram.media.iter().find(|media| media.id == id) else { return missing() };
    if let Err(refused) = facebook.on_account(&asked, &media.account, "instagram_basic") {
        return refused;
    }
    let child = |(place, (_, alt)): (usize, &(Fetched, String))| {
        let address = format!("{}/instagram/{id}-{place}", world.origin);
        asked.of(&json!({ "id": format!("{id}{place}"), "media_type": "IMAGE", "media_url": address, "alt_text": alt }))
    };
    let mut all: Vec<Value> = media.pictures.iter().enumerate().map(child).collect();
    if media.film.is_some() {
        let address = format!("{}/instagram/{id}-film", world.origin);
        let clip = json!({ "id": format!("{id}99"), "media_type": "VIDEO", "media_url": address });
        all.insert(media.before.min(all.len()), asked.of(&clip));
    }
    answer(200, json!({ "data": all }))
}

/// Who is invited to share something, and has not answered.
pub async fn invited((State(world), Path(id), uri, headers, body): Called) -> Response<Body> {
    let (asked, id) = node(&world, &uri, &headers, &body, &id).await;
    let facebook = world.facebook();
    let Some(media) = facebook.instagram.media.iter().find(|media| media.id == id) else { return missing() };
    if let Err(refused) = facebook.on_account(&asked, &media.account, "instagram_basic") {
        return refused;
    }
    let one = |(place, name): (usize, &String)| json!({ "id": format!("1784{place}"), "username": name, "invite_status": "Pending" });
    answer(200, json!({ "data": media.invited.iter().enumerate().map(one).collect::<Vec<_>>() }))
}

/// An account, a container or a post.
pub fn show(world: &Shared, asked: &Asked, id: &str) -> Response<Body> {
    let mut facebook = world.facebook();
    let owner = |facebook: &Facebook| {
        let instagram = &facebook.instagram;
        let container = instagram.containers.get(id).map(|one| one.account.clone());
        container.or_else(|| instagram.media.iter().find(|one| one.id == id).map(|one| one.account.clone()))
    };
    let account = owner(&facebook).unwrap_or_else(|| id.to_owned());
    if let Err(refused) = facebook.on_account(asked, &account, "instagram_basic") {
        return refused;
    }
    if account == id {
        return answer(200, asked.of(&json!({ "id": id, "name": "", "username": user(id) })));
    }
    if let Some(media) = facebook.instagram.media.iter().find(|media| media.id == id) {
        return answer(200, asked.of(&media.whole(&world.origin)));
    }
    let Some(container) = facebook.instagram.containers.get_mut(id) else { return missing() };
    let (code, why) = match &mut container.state {
        How::Preparing(left, _) if *left > 0 => {
            *left -= 1;
            ("IN_PROGRESS", "In Progress".to_owned())
        }
        How::Preparing(_, Some(code)) => {
            let code = *code;
            container.state = How::Broken(code);
            ("ERROR", format!("Error: Media upload has failed with error code {code}"))
        }
        How::Preparing(..) => {
            container.state = How::Finished;
            ("FINISHED", "Finished".to_owned())
        }
        How::Finished => ("FINISHED", "Finished".to_owned()),
        How::Published => ("PUBLISHED", "Published".to_owned()),
        How::Expired => ("EXPIRED", "Expired".to_owned()),
        How::Broken(code) => ("ERROR", format!("Error: Media upload has failed with error code {code}")),
    };
    answer(200, asked.of(&json!({ "id": id, "status_code": code, "status": why })))
}

pub fn remove(world: &Shared, asked: &Asked, id: &str) -> Response<Body> {
    let mut facebook = world.facebook();
    let found = facebook.instagram.media.iter().find(|media| media.id == id);
    let Some(account) = found.map(|media| media.account.clone()) else { return missing() };
    if let Err(refused) = facebook.on_account(asked, &account, "instagram_manage_contents") {
        return refused;
    }
    facebook.instagram.media.retain(|media| media.id != id);
    facebook.comments.retain(|comment| !comment.is_below(id));
    answer(200, json!({ "success": true, "deleted_id": id }))
}

/// A picture itself.
pub async fn file(State(world): State<Shared>, Path(name): Path<String>) -> Response<Body> {
    let (id, place) = name.split_once('-').unwrap_or_default();
    let facebook = world.facebook();
    let media = facebook.instagram.media.iter().find(|media| media.id == id);
    let film = media.filter(|media| media.pictures.is_empty() || place == "film").and_then(|media| media.film.as_ref());
    let place = place.parse::<usize>().unwrap_or_default();
    if let Some(film) = film {
        return ([("content-type", "video/mp4")], film.bytes.to_vec()).into_response();
    }
    match media.and_then(|media| media.pictures.get(place)) {
        Some((picture, _)) => ([("content-type", picture.mime)], picture.bytes.clone()).into_response(),
        None => error(404, "Not found"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_exactly_at_a_limit_is_taken_and_what_is_beyond_is_not() {
        let picture = |mime, bytes, size| objection(&Fetched { bytes: vec![0; bytes], mime, size }).is_none();
        for size in [(800, 1_000), (1_910, 1_000), (1, 1)] {
            assert!(picture("image/jpeg", 8_000_000, size), "{size:?}");
        }
        for size in [(799, 1_000), (1_911, 1_000)] {
            assert!(!picture("image/jpeg", 1, size), "{size:?}");
        }
        assert!(!picture("image/jpeg", 8_000_001, (1, 1)) && !picture("image/png", 1, (1, 1)));
    }

    #[test]
    fn a_reel_is_taken_as_the_reference_says() {
        let right = film::Facts { apple: false, codec: *b"avc1", size: (1_920, 1), millis: 3_000, pictures: 69 };
        let fits = |bytes, facts| unfit(Some(&Film { bytes: vec![0; bytes].into(), facts })).is_none();
        assert!(fits(9_375_000, right) && !fits(9_375_001, right));
        for (other, is_taken) in [
            (film::Facts { codec: *b"hvc1", ..right }, true),
            (film::Facts { codec: *b"av01", ..right }, false),
            (film::Facts { size: (1_921, 1), ..right }, false),
            (film::Facts { millis: 2_999, ..right }, false),
            (film::Facts { millis: 900_000, pictures: 23 * 900, ..right }, true),
            (film::Facts { millis: 900_001, pictures: 23 * 900, ..right }, false),
            (film::Facts { pictures: 22 * 3, ..right }, false),
            (film::Facts { pictures: 61 * 3, ..right }, false),
        ] {
            assert_eq!(fits(9, other), is_taken, "{other:?}");
        }
        assert_eq!(unfit(None), Some(2_207_026));
    }
}
