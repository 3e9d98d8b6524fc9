//! A profile of Threads: consent for one profile, tokens of an hour and of sixty days that are renewed, containers, a quota.
//! It answers at an address of its own (`World::threads_origin`).

use std::collections::BTreeMap;

use axum::{
    Router,
    body::{Body, Bytes},
    extract::{Path, Query, State},
    http::{HeaderMap, Response, StatusCode, Uri, header},
    response::IntoResponse,
    routing::{get, post},
};
use chrono::{DateTime, SecondsFormat, TimeDelta, Utc};
use serde_json::{Value, json};

use crate::{
    Shared,
    facebook::{Asked, fields, refuse},
    film::{self, Film},
    pulled::{Fetched, fetch},
    world::{answer, error, hash},
};

/// The developer app that is known here: its identity and its secret.
pub const THREADS_APP: (&str, &str) = ("535353", "sandbox-threads-secret");

/// The profile of whoever agrees: its identity and its name.
pub const PROFILE: (&str, &str) = ("26500000000000001", "villadehilos");

/// Whom a post lets reply, everybody first.
const REPLIES: [&str; 5] =
    ["everyone", "accounts_you_follow", "mentioned_only", "parent_post_author_only", "followers_only"];

const SCOPES: [&str; 4] = ["threads_basic", "threads_content_publish", "threads_delete", "threads_read_replies"];

/// The profile, tokens, containers and posts.
#[derive(Debug)]
pub struct Threads {
    deny: bool,
    declined: Vec<String>,
    codes: BTreeMap<String, Code>,
    tokens: BTreeMap<String, Token>,
    containers: BTreeMap<String, Container>,
    posts: Vec<Post>,
    preparing: u32,
    late: u32,
    breaks: Option<String>,
    quota: usize,
    lag: u32,
    lasts: i64,
    minted: u64,
}

impl Default for Threads {
    fn default() -> Self {
        Self {
            deny: false,
            declined: Vec::new(),
            codes: BTreeMap::new(),
            tokens: BTreeMap::new(),
            containers: BTreeMap::new(),
            posts: Vec::new(),
            preparing: 0,
            late: 0,
            breaks: None,
            quota: 250,
            lag: 0,
            lasts: 5_184_000,
            minted: 0,
        }
    }
}

#[derive(Debug)]
struct Code {
    redirect: String,
    scopes: Vec<String>,
}

#[derive(Debug, Clone)]
struct Token {
    scopes: Vec<String>,
    lasts: bool,
}

#[derive(Debug, Clone, PartialEq)]
enum How {
    /// So often still, and then why it breaks, if it does.
    Preparing(u32, Option<&'static str>),
    Finished,
    Broken(String),
    Published,
    Expired,
}

#[derive(Debug, Clone)]
struct Container {
    text: String,
    link: Option<String>,
    pictures: Vec<(Fetched, String)>,
    film: Option<(Film, String)>,
    /// How many pictures stand before it in a carousel.
    before: usize,
    is_child: bool,
    /// What it answers.
    above: Option<String>,
    /// Who may reply, if that was said.
    replies: Option<String>,
    topic: Option<String>,
    how: How,
}

#[derive(Debug)]
struct Post {
    id: String,
    text: String,
    link: Option<String>,
    pictures: Vec<(Fetched, String)>,
    film: Option<(Film, String)>,
    /// How many pictures stand before it in a carousel.
    before: usize,
    above: Option<String>,
    replies: Option<String>,
    topic: Option<String>,
    at: DateTime<Utc>,
}

impl Post {
    fn whole(&self, origin: &str) -> Value {
        let kind = match (self.pictures.len(), self.film.is_some()) {
            (0, true) => "VIDEO",
            (0, false) => "TEXT_POST",
            (1, false) => "IMAGE",
            _ => "CAROUSEL_ALBUM",
        };
        let children: Vec<Value> = self.children(origin).iter().map(|child| json!({ "id": child["id"] })).collect();
        json!({
            "id": self.id, "text": self.text, "media_type": kind, "username": PROFILE.1, "link_attachment_url": self.link,
            "timestamp": self.at.to_rfc3339_opts(SecondsFormat::Secs, false).replace("+00:00", "+0000"),
            "permalink": format!("https://www.threads.com/@{}/post/{}", PROFILE.1, self.id),
            "alt_text": self.pictures.first().filter(|_| self.pictures.len() == 1).map(|(_, alt)| alt)
                .or(self.film.as_ref().map(|(_, alt)| alt)),
            "media_url": self.film.as_ref().map(|_| format!("{origin}/films/{}", self.id)),
            "is_reply": self.above.is_some(), "replied_to": self.above.as_ref().map(|above| json!({ "id": above })),
            "topic_tag": self.topic, "children": (kind == "CAROUSEL_ALBUM").then(|| json!({ "data": children })),
            "reply_audience": self.replies.as_deref().unwrap_or(REPLIES[0]).to_uppercase(),
        })
    }
}

impl Post {
    /// What it is made of, in its order.
    fn children(&self, origin: &str) -> Vec<Value> {
        let one = |(place, (_, alt)): (usize, &(Fetched, String))| {
            let address = format!("{origin}/pictures/{}/{place}", self.id);
            json!({ "id": format!("{}{place:02}", self.id), "media_type": "IMAGE", "media_url": address, "alt_text": alt })
        };
        let mut all: Vec<Value> = self.pictures.iter().enumerate().map(one).collect();
        if let Some((_, alt)) = &self.film {
            let address = format!("{origin}/films/{}", self.id);
            let clip =
                json!({ "id": format!("{}99", self.id), "media_type": "VIDEO", "media_url": address, "alt_text": alt });
            all.insert(self.before.min(all.len()), clip);
        }
        all
    }
}

impl Threads {
    pub(crate) fn set(&mut self, settings: &Value) {
        let number = |name: &str| settings[name].as_u64().and_then(|number| u32::try_from(number).ok());
        self.deny = settings["deny"].as_bool().unwrap_or(self.deny);
        self.preparing = number("preparing").unwrap_or(self.preparing);
        self.late = number("late_children").unwrap_or(self.late);
        self.lag = number("lag").unwrap_or(self.lag);
        let why = settings["breaks"].as_str().map(str::to_owned).or(number("breaks").map(|code| code.to_string()));
        self.breaks = why.or(self.breaks.take());
        self.quota = settings["quota"].as_u64().map_or(self.quota, |quota| quota as usize);
        self.lasts = settings["token_lasts"].as_i64().unwrap_or(self.lasts);
        if let Some(list) = settings["declined"].as_array() {
            self.declined = list.iter().filter_map(Value::as_str).map(str::to_owned).collect();
        }
        if settings["expire_containers"] == true {
            self.containers.values_mut().for_each(|one| one.how = How::Expired);
        }
        // Whatever came of them.
        if let Some(code) = number("break_containers") {
            self.containers.values_mut().for_each(|one| one.how = How::Broken(code.to_string()));
        }
        if settings["revoke"] == true {
            self.tokens.clear();
        }
        if settings["page_reader"].is_string() {
            let scopes = SCOPES.map(str::to_owned).to_vec();
            self.tokens.insert(crate::READER.to_owned(), Token { scopes, lasts: true });
        }
    }

    pub(crate) fn visible(&self) -> Vec<Value> {
        let pictures = |post: &Post| -> Vec<Value> {
            post.pictures.iter().map(|(one, alt)| json!({ "alt": alt, "sha256": one.hash() })).collect()
        };
        let video = |post: &Post| post.film.as_ref().map(|(film, alt)| json!({ "alt": alt, "sha256": film.hash() }));
        let shown = |post: &Post| {
            let mut shown = json!({ "id": post.id, "text": post.text, "link": post.link, "pictures": pictures(post),
                "video": video(post), "replies": post.replies, "topic": post.topic });
            if let Some(above) = &post.above {
                shown["above"] = above.as_str().into();
            }
            shown
        };
        self.posts.iter().map(shown).collect()
    }

    /// What it gave out that is nobody's to read.
    pub(crate) fn secrets(&self) -> impl Iterator<Item = String> {
        self.tokens.keys().filter(|token| *token != crate::READER).cloned().chain([THREADS_APP.1.to_owned()])
    }

    fn mint(&mut self) -> u64 {
        self.minted += 1;
        self.minted
    }

    fn open(&mut self, token: Token) -> String {
        let name = hash(format!("threads token {}", self.mint()));
        self.tokens.insert(name.clone(), token);
        name
    }

    fn may(&self, asked: &Asked, scope: &str) -> Result<(), Response<Body>> {
        let Some(token) = self.tokens.get(asked.token().unwrap_or_default()) else {
            return Err(refuse(401, 190, Some(463), "Error validating access token: Session has expired"));
        };
        match token.scopes.iter().any(|there| there == scope) {
            true => Ok(()),
            false => Err(refuse(403, 10, None, &format!("Application does not have permission for {scope}"))),
        }
    }

    /// Answers are counted apart.
    fn used(&self) -> usize {
        self.posts
            .iter()
            .filter(|post| post.above.is_none())
            .filter(|post| Utc::now() - post.at < TimeDelta::hours(24))
            .count()
    }
}

/// Letters count one, emoji their bytes.
fn length(text: &str) -> usize {
    use unicode_segmentation::UnicodeSegmentation;
    // Flags, and signs that are made an emoji, are some, too.
    let paints = |c: char| c >= '\u{1F000}' || matches!(c, '\u{2600}'..='\u{27BF}' | '\u{FE0F}' | '\u{20E3}');
    let weight = |one: &str| if one.chars().any(paints) { one.len() } else { one.chars().count() };
    text.graphemes(true).map(weight).sum()
}

/// Of a whole node, its identity and what is asked for.
fn of(asked: &Asked, whole: &Value) -> Value {
    let wanted = fields(asked.text("fields"));
    let kept = whole.as_object().into_iter().flatten();
    let kept = kept.filter(|(name, value)| *name == "id" || (wanted.contains(name) && !value.is_null()));
    Value::Object(kept.map(|(name, value)| (name.clone(), value.clone())).collect())
}

pub(crate) fn routes() -> Router<Shared> {
    Router::new()
        .route("/oauth/authorize", get(authorise))
        .route("/oauth/access_token", post(short))
        .route("/access_token", get(exchange))
        .route("/refresh_access_token", get(refresh))
        .route("/v1.0/{node}", get(show).delete(remove))
        .route("/v1.0/{node}/threads", get(listed).post(create))
        .route("/v1.0/{node}/replies", get(answers))
        .route("/v1.0/{node}/threads_publish", post(publish))
        .route("/v1.0/{node}/threads_publishing_limit", get(limit))
}

/// The pictures themselves: no interface.
pub(crate) fn files() -> Router<Shared> {
    Router::new()
        .route("/sample.png", get(|| async { ([("content-type", "image/png")], SAMPLE) }))
        .route("/films/{id}", get(film))
        .route("/pictures/{id}/{place}", get(picture))
}

async fn picture(State(world): State<Shared>, Path((id, place)): Path<(String, usize)>) -> Response<Body> {
    let threads = world.threads();
    let found = threads.posts.iter().find(|post| post.id == id).and_then(|post| post.pictures.get(place));
    match found {
        Some((picture, _)) => ([("content-type", picture.mime)], picture.bytes.clone()).into_response(),
        None => error(404, "Not found"),
    }
}

async fn film(State(world): State<Shared>, Path(id): Path<String>) -> Response<Body> {
    let threads = world.threads();
    let film = threads.posts.iter().find(|post| post.id == id).and_then(|post| post.film.as_ref());
    match film {
        Some((film, _)) => ([("content-type", "video/mp4")], film.bytes.to_vec()).into_response(),
        None => error(404, "Not found"),
    }
}

/// Why a video cannot be prepared, in Meta's words for it (its page on what goes wrong with a video, 2026-11-29).
fn unfit(film: Option<&Film>) -> Option<&'static str> {
    let Some(film) = film else { return Some("FAILED_PROCESSING_VIDEO") };
    let facts = film.facts;
    let (width, height) = (u64::from(facts.size.0), u64::from(facts.size.1));
    match () {
        () if ![*b"avc1", *b"hvc1", *b"hev1"].contains(&facts.codec) || width > 1_920 => {
            Some("FAILED_PROCESSING_VIDEO")
        }
        () if facts.millis == 0 || facts.millis > 300_000 => Some("INVALID_DURATION"),
        () if !(23..=60).contains(&facts.rate()) => Some("INVALID_FRAME_RATE"),
        () if width > height * 10 || height > width * 100 => Some("INVALID_ASPEC_RATIO"),
        () if film.bits() > 100_000_000 => Some("INVALID_BIT_RATE"),
        () => None,
    }
}

/// A picture of one white point.
const SAMPLE: &[u8] = &[
    0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 0x0d, 0x49, 0x48, 0x44, 0x52, 0, 0, 0, 1, 0, 0, 0, 1, 8,
    0, 0, 0, 0, 0x3a, 0x7e, 0x9b, 0x55, 0, 0, 0, 0x0a, 0x49, 0x44, 0x41, 0x54, 0x78, 0x9c, 0x63, 0xf8, 0x0f, 0, 1, 1,
    1, 0, 0xb1, 0x38, 0xf6, 0x14, 0, 0, 0, 0, 0x49, 0x45, 0x4e, 0x44, 0xae, 0x42, 0x60, 0x82,
];

async fn authorise(State(world): State<Shared>, Query(query): Query<BTreeMap<String, String>>) -> Response<Body> {
    let part = |name: &str| query.get(name).cloned().unwrap_or_default();
    let (redirect, state) = (part("redirect_uri"), part("state"));
    if part("client_id") != THREADS_APP.0 || part("response_type") != "code" || redirect.is_empty() {
        return refuse(400, 101, None, "Invalid client_id");
    }
    let mut threads = world.threads();
    let to = if threads.deny {
        format!("{redirect}?error=access_denied&error_code=200&state={state}")
    } else {
        let scopes =
            part("scope").split(',').map(str::to_owned).filter(|one| !threads.declined.contains(one)).collect();
        let code = hash(format!("threads code {}", threads.mint()));
        threads.codes.insert(code.clone(), Code { redirect: redirect.clone(), scopes });
        // A browser keeps what is behind the number sign to itself.
        format!("{redirect}?code={code}&state={state}#_")
    };
    (StatusCode::FOUND, [(header::LOCATION, to)]).into_response()
}

type Called = (State<Shared>, Uri, HeaderMap, Bytes);
type CalledAt = (State<Shared>, Path<String>, Uri, HeaderMap, Bytes);

async fn short((State(world), uri, headers, body): Called) -> Response<Body> {
    let asked = Asked::read(&uri, &headers, &body).await;
    if (asked.text("client_id"), asked.text("client_secret")) != THREADS_APP {
        return refuse(400, 1, None, "Error validating client secret.");
    }
    let mut threads = world.threads();
    // A code is taken once, whatever comes of it.
    let code = threads.codes.remove(asked.text("code")).filter(|code| code.redirect == asked.text("redirect_uri"));
    let Some(code) = code.filter(|_| asked.text("grant_type") == "authorization_code") else {
        return refuse(400, 100, None, "This authorization code has been used or is invalid");
    };
    let token = threads.open(Token { scopes: code.scopes, lasts: false });
    answer(200, json!({ "access_token": token, "user_id": PROFILE.0.parse::<u64>().unwrap_or_default() }))
}

async fn exchange((State(world), uri, headers, body): Called) -> Response<Body> {
    let asked = Asked::read(&uri, &headers, &body).await;
    if asked.text("client_secret") != THREADS_APP.1 || asked.text("grant_type") != "th_exchange_token" {
        return refuse(400, 1, None, "Error validating client secret.");
    }
    lasting(&world, &asked, false)
}

async fn refresh((State(world), uri, headers, body): Called) -> Response<Body> {
    let asked = Asked::read(&uri, &headers, &body).await;
    if asked.text("grant_type") != "th_refresh_token" {
        return refuse(400, 100, None, "Invalid grant_type");
    }
    lasting(&world, &asked, true)
}

fn lasting(world: &Shared, asked: &Asked, of_lasting: bool) -> Response<Body> {
    let mut threads = world.threads();
    let name = asked.token().unwrap_or_default().to_owned();
    let Some(token) = threads.tokens.get(&name).filter(|token| token.lasts == of_lasting).cloned() else {
        return refuse(401, 190, Some(463), "Error validating access token: Session has expired");
    };
    if of_lasting {
        // The one that it replaces serves nobody any more.
        threads.tokens.remove(&name);
    }
    let token = threads.open(Token { lasts: true, ..token });
    answer(200, json!({ "access_token": token, "token_type": "bearer", "expires_in": threads.lasts }))
}

async fn show((State(world), Path(id), uri, headers, body): CalledAt) -> Response<Body> {
    let asked = Asked::read(&uri, &headers, &body).await;
    let mut threads = world.threads();
    if let Err(refused) = threads.may(&asked, "threads_basic") {
        return refused;
    }
    if id == "me" || id == PROFILE.0 {
        let whole = json!({ "id": PROFILE.0, "username": PROFILE.1, "name": "Villa de Hilos" });
        return answer(200, of(&asked, &whole));
    }
    if let Some(post) = threads.posts.iter().find(|post| post.id == id) {
        return answer(200, of(&asked, &post.whole(&world.threads_origin)));
    }
    let child = threads.posts.iter().flat_map(|post| post.children(&world.threads_origin)).find(|one| one["id"] == *id);
    if let Some(child) = child {
        return answer(200, of(&asked, &child));
    }
    let Some(container) = threads.containers.get_mut(&id) else { return missing() };
    let (status, why) = match &mut container.how {
        How::Preparing(left, _) if *left > 0 => {
            *left -= 1;
            ("IN_PROGRESS", None)
        }
        How::Preparing(_, Some(why)) => {
            let why = *why;
            container.how = How::Broken(why.to_owned());
            ("ERROR", Some(why.to_owned()))
        }
        How::Preparing(..) => {
            container.how = How::Finished;
            ("FINISHED", None)
        }
        How::Finished => ("FINISHED", None),
        How::Published => ("PUBLISHED", None),
        How::Expired => ("EXPIRED", None),
        How::Broken(why) => ("ERROR", Some(why.clone())),
    };
    answer(200, of(&asked, &json!({ "id": id, "status": status, "error_message": why })))
}

fn missing() -> Response<Body> {
    refuse(400, 100, Some(33), "Unsupported get request. Object does not exist")
}

fn is_profile(id: &str) -> bool {
    id == "me" || id == PROFILE.0
}

async fn listed(called: CalledAt) -> Response<Body> {
    list(called, "threads_basic", false).await
}

async fn answers(called: CalledAt) -> Response<Body> {
    list(called, "threads_read_replies", true).await
}

/// What the profile published lately: posts, or answers.
async fn list(
    (State(world), Path(id), uri, headers, body): CalledAt,
    scope: &str,
    are_answers: bool,
) -> Response<Body> {
    let asked = Asked::read(&uri, &headers, &body).await;
    let mut threads = world.threads();
    if let Err(refused) = threads.may(&asked, scope) {
        return refused;
    }
    if !is_profile(&id) {
        return missing();
    }
    if threads.lag > 0 {
        threads.lag -= 1;
        return answer(200, json!({ "data": [] }));
    }
    let since = asked.text("since").parse().unwrap_or(i64::MIN);
    let limit = asked.text("limit").parse().unwrap_or(25).min(100);
    let posts = threads.posts.iter().rev().filter(|post| post.above.is_some() == are_answers);
    let posts = posts.filter(|post| post.at.timestamp() >= since).take(limit);
    answer(200, json!({ "data": posts.map(|post| of(&asked, &post.whole(&world.threads_origin))).collect::<Vec<_>>() }))
}

async fn limit((State(world), Path(_), uri, headers, body): CalledAt) -> Response<Body> {
    let asked = Asked::read(&uri, &headers, &body).await;
    let threads = world.threads();
    if let Err(refused) = threads.may(&asked, "threads_content_publish") {
        return refused;
    }
    let config = json!({ "quota_total": threads.quota, "quota_duration": 86_400 });
    answer(200, json!({ "data": [{ "quota_usage": threads.used(), "config": config }] }))
}

async fn create((State(world), Path(id), uri, headers, body): CalledAt) -> Response<Body> {
    let asked = Asked::read(&uri, &headers, &body).await;
    if let Err(refused) = world.threads().may(&asked, "threads_content_publish") {
        return refused;
    }
    let text = asked.text("text").to_owned();
    let link = Some(asked.text("link_attachment").to_owned()).filter(|link| !link.is_empty());
    let links = text.split_whitespace().filter(|word| word.starts_with("http"));
    let links: std::collections::BTreeSet<&str> = links.chain(link.as_deref()).collect();
    if !is_profile(&id) {
        return missing();
    }
    if length(&text) > 500 {
        return refuse(400, 100, None, "Param text must be at most 500 characters long.");
    }
    if links.len() > 5 {
        return refuse(400, 100, None, "THREADS_API__LINK_LIMIT_EXCEEDED");
    }
    let is_child = asked.text("is_carousel_item") == "true";
    let (mut film, mut flaw, mut before) = (None, None, 0);
    let pictures = match asked.text("media_type") {
        "TEXT" if !text.is_empty() && asked.text("image_url").is_empty() => Vec::new(),
        "IMAGE" => match fetch(asked.text("image_url").to_owned()).await {
            Ok(picture) => {
                let (width, height) = (u64::from(picture.size.0), u64::from(picture.size.1));
                if picture.bytes.len() > 8_000_000 || width > height * 10 || height > width * 10 {
                    return refuse(400, 100, None, "The image is too large, too wide or too tall");
                }
                vec![(picture, asked.text("alt_text").to_owned())]
            }
            Err(why) => return refuse(400, 100, None, &format!("The media could not be fetched: {why}")),
        },
        "CAROUSEL" => {
            let mut threads = world.threads();
            if threads.late > 0 {
                threads.late -= 1;
                return refuse(400, 9_007, Some(2_207_027), "Media ID is not available");
            }
            let child =
                |id: &str| threads.containers.get(id).filter(|one| one.is_child && one.how != How::Expired).cloned();
            let Some(all) = asked.text("children").split(',').map(child).collect::<Option<Vec<_>>>() else {
                return refuse(400, 24, Some(4_279_009), "The requested resource does not exist");
            };
            if !(2..=20).contains(&all.len()) {
                return refuse(400, 100, None, "A carousel has two to twenty pictures or videos");
            }
            if all.iter().any(|one| matches!(one.how, How::Preparing(..))) {
                return refuse(400, 9_007, Some(2_207_027), "Media ID is not available");
            }
            before = all.iter().take_while(|one| one.film.is_none()).count();
            film = all.iter().find_map(|one| one.film.clone());
            all.into_iter().flat_map(|one| one.pictures).collect()
        }
        "VIDEO" if !asked.text("video_url").is_empty() => {
            match film::fetch(asked.text("video_url").to_owned()).await {
                Ok(fetched) => {
                    flaw = unfit(fetched.as_ref());
                    film = fetched.map(|film| (film, asked.text("alt_text").to_owned()));
                }
                Err(_) => flaw = Some("FAILED_DOWNLOADING_VIDEO"),
            }
            Vec::new()
        }
        _ => return refuse(400, 100, None, "Param media_type must be one of {TEXT, IMAGE, VIDEO, CAROUSEL}"),
    };
    if asked.text("alt_text").chars().count() > 1_000 {
        return refuse(400, 100, None, "Param alt_text must be at most 1000 characters long.");
    }
    if link.is_some() && asked.text("media_type") != "TEXT" {
        return refuse(400, 100, None, "A link attachment goes with a text alone");
    }
    let replies = Some(asked.text("reply_control").to_owned()).filter(|who| !who.is_empty());
    if replies.as_deref().is_some_and(|who| is_child || !REPLIES.contains(&who)) {
        return refuse(
            400,
            100,
            None,
            "Param reply_control must be one of {EVERYONE, ACCOUNTS_YOU_FOLLOW, MENTIONED_ONLY, PARENT_POST_AUTHOR_ONLY, FOLLOWERS_ONLY}",
        );
    }
    let topic = asked.parameters.get("topic_tag").map(|_| asked.text("topic_tag").to_owned());
    let is_topic = |topic: &str| (1..=50).contains(&topic.chars().count()) && !topic.contains(['.', '&']) && !is_child;
    if topic.as_deref().is_some_and(|topic| !is_topic(topic)) {
        return refuse(
            400,
            100,
            None,
            "Param topic_tag must be 1-50 characters long and contain no periods or ampersands",
        );
    }
    let mut threads = world.threads();
    let above = Some(asked.text("reply_to_id").to_owned()).filter(|above| !above.is_empty());
    if above.as_ref().is_some_and(|above| !threads.posts.iter().any(|post| post.id == *above)) {
        return missing();
    }
    let id = (17_800_000_000_000_000_u64 + threads.mint()).to_string();
    let how = match threads.breaks.take() {
        Some(why) => How::Broken(why),
        // A video takes its time always.
        None if film.is_some() || flaw.is_some() => How::Preparing(threads.preparing.max(1), flaw),
        None if threads.preparing > 0 && !is_child => How::Preparing(threads.preparing, None),
        None => How::Finished,
    };
    threads
        .containers
        .insert(id.clone(), Container { text, link, pictures, film, before, is_child, above, replies, topic, how });
    answer(200, json!({ "id": id }))
}

async fn publish((State(world), Path(_), uri, headers, body): CalledAt) -> Response<Body> {
    let asked = Asked::read(&uri, &headers, &body).await;
    let mut threads = world.threads();
    if let Err(refused) = threads.may(&asked, "threads_content_publish") {
        return refused;
    }
    let answers = threads.containers.get(asked.text("creation_id")).is_some_and(|one| one.above.is_some());
    if !answers && threads.used() >= threads.quota {
        return refuse(400, 9, Some(2_207_042), "Application request limit reached");
    }
    let id = (18_100_000_000_000_000_u64 + threads.mint()).to_string();
    let found = threads.containers.get_mut(asked.text("creation_id"));
    let Some(container) = found.filter(|one| !one.is_child) else {
        return refuse(400, 24, Some(4_279_009), "The requested resource does not exist");
    };
    match container.how {
        How::Preparing(..) => return refuse(400, 9_007, Some(2_207_027), "Media ID is not available"),
        How::Expired => return refuse(400, 24, Some(4_279_009), "The requested resource does not exist"),
        How::Broken(_) | How::Published => return refuse(400, 100, None, "It cannot be published"),
        How::Finished => container.how = How::Published,
    }
    let Container { text, link, pictures, film, before, above, replies, topic, .. } = container.clone();
    let (name, at) = (id.clone(), Utc::now());
    threads.posts.push(Post { id: name, text, link, pictures, film, before, above, replies, topic, at });
    answer(200, json!({ "id": id }))
}

async fn remove((State(world), Path(id), uri, headers, body): CalledAt) -> Response<Body> {
    let asked = Asked::read(&uri, &headers, &body).await;
    let mut threads = world.threads();
    if let Err(refused) = threads.may(&asked, "threads_delete") {
        return refused;
    }
    let before = threads.posts.len();
    threads.posts.retain(|post| post.id != id);
    if threads.posts.len() == before { missing() } else { answer(200, json!({ "success": true, "deleted_id": id })) }
}

/// What is not there at all.
pub(crate) fn strange(message: &str) -> Response<Body> {
    error(400, message)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_exactly_at_a_limit_is_taken_and_what_is_beyond_is_named() {
        let right = film::Facts { apple: true, codec: *b"hvc1", size: (10, 1), millis: 300_000, pictures: 23 * 300 };
        let why = |facts| unfit(Some(&Film { bytes: vec![0; 9].into(), facts }));
        assert_eq!(why(right), None);
        for (other, name) in [
            (film::Facts { millis: 300_001, ..right }, "INVALID_DURATION"),
            (film::Facts { pictures: 22 * 300, ..right }, "INVALID_FRAME_RATE"),
            (film::Facts { size: (11, 1), ..right }, "INVALID_ASPEC_RATIO"),
            (film::Facts { size: (1, 101), ..right }, "INVALID_ASPEC_RATIO"),
            (film::Facts { codec: *b"av01", ..right }, "FAILED_PROCESSING_VIDEO"),
            (film::Facts { size: (1_921, 1_000), ..right }, "FAILED_PROCESSING_VIDEO"),
        ] {
            assert_eq!(why(other), Some(name), "{other:?}");
        }
        let dense =
            Film { bytes: vec![0; 12_600_000].into(), facts: film::Facts { millis: 1_000, pictures: 25, ..right } };
        assert_eq!((unfit(Some(&dense)), unfit(None)), (Some("INVALID_BIT_RATE"), Some("FAILED_PROCESSING_VIDEO")));
    }
}
