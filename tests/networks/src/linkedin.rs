//! An interface like LinkedIn's: consent of a person who administers pages, a version that must be named, pictures and documents
//! that are prepared for a while, texts in which an unescaped sign ends what is shown, and a no for what was said already.

mod oauth;
mod pictures;
mod videos;

use std::collections::BTreeMap;

use axum::{
    Router,
    body::{Body, Bytes},
    extract::{Path, Query, State},
    http::{HeaderMap, HeaderValue, Response, StatusCode, Uri, header},
    response::IntoResponse,
    routing::get,
};
use chrono::Utc;
use serde_json::{Value, json};

use crate::{
    Shared,
    world::{answer, hash},
};

pub use oauth::APP;

/// What may be asked for.
const SCOPES: [&str; 3] = ["w_organization_social", "r_organization_social", "r_organization_admin"];

/// Pages, accesses, pictures and posts.
#[derive(Debug)]
pub struct Linkedin {
    /// The names of the pages of whoever agrees.
    pages: Vec<String>,
    /// The names of other pages that are there.
    others: Vec<String>,
    /// What they may do there.
    role: String,
    deny: bool,
    declined: Vec<String>,
    /// How often a list of posts is still empty.
    lag: u32,
    /// How many seconds an access lasts.
    life: i64,
    /// Whether an access can be renewed.
    renews: bool,
    /// Posts a day.
    quota: usize,
    /// How often a new picture is still prepared.
    preparing: u32,
    /// Whether the next picture cannot be prepared.
    breaks: bool,
    sunset: Option<String>,
    codes: BTreeMap<String, oauth::Code>,
    accesses: BTreeMap<String, oauth::Access>,
    renewals: BTreeMap<String, oauth::Access>,
    gone: Vec<String>,
    pictures: BTreeMap<String, pictures::Picture>,
    videos: BTreeMap<String, videos::Video>,
    posts: Vec<Post>,
    minted: u64,
}

#[derive(Debug, Clone)]
struct Post {
    id: String,
    author: String,
    commentary: String,
    content: Value,
    at: i64,
    changed: i64,
}

impl Default for Linkedin {
    fn default() -> Self {
        Self {
            pages: vec!["Villa Serena".to_owned()],
            others: Vec::new(),
            role: "ADMINISTRATOR".to_owned(),
            deny: false,
            declined: Vec::new(),
            lag: 0,
            life: 5_184_000,
            renews: true,
            quota: 100,
            preparing: 1,
            breaks: false,
            sunset: None,
            codes: BTreeMap::new(),
            accesses: BTreeMap::new(),
            renewals: BTreeMap::new(),
            gone: Vec::new(),
            pictures: BTreeMap::new(),
            videos: BTreeMap::new(),
            posts: Vec::new(),
            minted: 0,
        }
    }
}

impl Linkedin {
    /// What readers see, oldest first.
    pub(crate) fn visible(&self) -> Vec<Value> {
        let shown = self.posts.iter().map(|post| {
            let mut shown = json!({ "id": post.id, "page": post.author, "text": seen(&post.commentary), "pictures": self.hanging(&post.content),
                "document": self.document(&post.content), "card": post.content["article"], "changed": post.changed != post.at,
                "mentions": self.mentions(&post.commentary) });
            let media = &post.content["media"];
            let film = media["id"].as_str().and_then(|id| self.videos.get(id)).and_then(|video| video.whole.as_ref());
            if let Some(film) = film {
                (shown["video"], shown["title"]) = (hash(film).into(), media["title"].clone());
            }
            shown
        });
        shown.collect()
    }

    fn known(&self) -> impl Iterator<Item = &String> {
        self.pages.iter().chain(&self.others)
    }

    /// Whom a text leads to: each under the very name that it bears. Under another, it is words.
    fn mentions(&self, commentary: &str) -> Vec<String> {
        let is_its = |name: &str, whom: &str| self.known().any(|page| page == name && organisation(page) == whom);
        let named = read(commentary).1.into_iter().filter(|(name, whom)| is_its(name, whom));
        named.map(|(name, _)| name).collect()
    }

    fn hanging(&self, content: &Value) -> Vec<Value> {
        let several = content["multiImage"]["images"].as_array().cloned().unwrap_or_default();
        let one = Some(content["media"].clone()).filter(|one| one.is_object() && !is_document(one));
        let of = |picture: &Value| {
            let there = self.pictures.get(picture["id"].as_str()?)?;
            Some(json!({ "sha256": hash(&there.bytes), "alt": picture["altText"].as_str().unwrap_or_default() }))
        };
        one.iter().chain(&several).filter_map(of).collect()
    }

    fn document(&self, content: &Value) -> Option<Value> {
        let media = Some(&content["media"]).filter(|media| is_document(media))?;
        let there = self.pictures.get(media["id"].as_str()?)?;
        Some(json!({ "sha256": hash(&there.bytes), "title": media["title"] }))
    }

    pub(crate) fn set(&mut self, settings: &Value) {
        let settings = &settings["linkedin"];
        let texts = |name: &str| {
            let list = settings[name].as_array()?;
            Some(list.iter().filter_map(Value::as_str).map(str::to_owned).collect::<Vec<_>>())
        };
        let number = |name: &str| settings[name].as_u64().map(|number| u32::try_from(number).unwrap_or(u32::MAX));
        self.pages = texts("pages").unwrap_or_else(|| self.pages.clone());
        self.others = texts("others").unwrap_or_else(|| self.others.clone());
        self.declined = texts("declined").unwrap_or_else(|| self.declined.clone());
        if let Some(role) = settings["role"].as_str() {
            role.clone_into(&mut self.role);
        }
        self.deny = settings["deny"].as_bool().unwrap_or(self.deny);
        self.renews = settings["renews"].as_bool().unwrap_or(self.renews);
        self.breaks = settings["breaks"].as_bool().unwrap_or(self.breaks);
        self.life = settings["life"].as_i64().unwrap_or(self.life);
        self.lag = number("lag").unwrap_or(self.lag);
        self.preparing = number("preparing").unwrap_or(self.preparing);
        self.quota = number("quota").map_or(self.quota, |quota| quota as usize);
        self.sunset = settings["sunset"].as_str().map(str::to_owned).or(self.sunset.take());
        if let Some(scope) = settings["withdraw"].as_str() {
            for access in self.accesses.values_mut().chain(self.renewals.values_mut()) {
                access.scopes.retain(|there| there != scope);
            }
        }
        if settings["expire_uploads"] == true {
            self.videos.clear();
        }
        if settings["expire"] == true || settings["revoke"] == true {
            self.gone.extend(std::mem::take(&mut self.accesses).into_keys());
        }
        if settings["revoke"] == true {
            self.renewals.clear();
        }
    }

    /// What it gave out that is nobody's to read.
    pub(crate) fn secrets(&self) -> impl Iterator<Item = String> {
        let given = self.accesses.keys().chain(self.renewals.keys()).chain(&self.gone);
        given.cloned().chain([APP.1.to_owned()])
    }

    fn mint(&mut self) -> u64 {
        self.minted += 1;
        self.minted
    }

    /// Whether a call names a version that is answered, carries an access, and that access a permission. The clients of
    /// others come with [`crate::READER`].
    fn let_in(&self, headers: &HeaderMap, scope: &str) -> Result<(), Response<Body>> {
        let said = |name: &str| headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default();
        let version = said("linkedin-version");
        let is_version = version.len() == 6 && ("202601"..="202609").contains(&version);
        if !is_version || self.sunset.as_deref() == Some(version) {
            let message = format!("Requested version {version} is not active");
            return Err(refuse(426, "NONEXISTENT_VERSION", &message));
        }
        if said("x-restli-protocol-version") != "2.0.0" {
            return Err(refuse(400, "ILLEGAL_ARGUMENT", "Unsupported protocol version"));
        }
        let access = self.access(headers)?;
        if access.is_some_and(|access| !access.scopes.iter().any(|given| given == scope)) {
            let message = "Not enough permissions to access this resource";
            return Err(answer(
                403,
                json!({ "status": 403, "serviceErrorCode": 100, "code": "ACCESS_DENIED", "message": message }),
            ));
        }
        Ok(())
    }

    /// The access that a call carries; `None` for a client that is not ours.
    fn access(&self, headers: &HeaderMap) -> Result<Option<&oauth::Access>, Response<Body>> {
        let token = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok()?.strip_prefix("Bearer "));
        let token = token.unwrap_or_default();
        if token == crate::READER {
            return Ok(None);
        }
        let no = |number: u32, code: &str, message: &str| {
            answer(401, json!({ "status": 401, "serviceErrorCode": number, "code": code, "message": message }))
        };
        match self.accesses.get(token) {
            Some(access) if access.ends > Utc::now().timestamp() => Ok(Some(access)),
            Some(_) => Err(no(65_602, "EXPIRED_ACCESS_TOKEN", "The token used in the request has expired")),
            None if self.gone.iter().any(|gone| gone == token) => {
                Err(no(65_601, "REVOKED_ACCESS_TOKEN", "The token used in the request has been revoked by the user"))
            }
            None => Err(no(65_600, "INVALID_ACCESS_TOKEN", "Invalid access token")),
        }
    }

    /// Whether whoever agrees may write for an organisation.
    fn may_write_for(&self, name: &str) -> Result<(), Response<Body>> {
        let writes = matches!(self.role.as_str(), "ADMINISTRATOR" | "CONTENT_ADMINISTRATOR");
        let is_theirs = self.pages.iter().any(|page| organisation(page) == name);
        if writes && is_theirs { Ok(()) } else { Err(refuse(403, "ACCESS_DENIED", "The author is not one of yours")) }
    }
}

/// The number of a page: the same name is the same page.
fn page_id(name: &str) -> String {
    let digits: String =
        hash(format!("linkedin page {name}")).bytes().map(|byte| char::from(b'0' + byte % 10)).collect();
    format!("1{}", &digits[..8])
}

fn organisation(page: &str) -> String {
    format!("urn:li:organization:{}", page_id(page))
}

/// Whether a path is of this interface.
pub(crate) fn is_its(path: &str) -> bool {
    path.starts_with("/rest/") || path.starts_with("/oauth/v2/") || path.starts_with("/dms-uploads/")
}

/// Whether somebody has described what stands at a path: consent, what an access is worth, and where bytes go, nobody
/// has.
pub(crate) fn is_described(path: &str) -> bool {
    path.starts_with("/rest/") || path == "/oauth/v2/accessToken"
}

/// An error as LinkedIn tells it.
pub(crate) fn refuse(status: u16, code: &str, message: &str) -> Response<Body> {
    answer(status, json!({ "status": status, "code": code, "message": message }))
}

/// The same with what was wrong with the request.
fn unprocessable(code: &str, message: &str) -> Response<Body> {
    let wrong = json!({ "inputErrors": [{ "description": message, "input": {}, "code": code }] });
    answer(
        422,
        json!({ "status": 422, "message": message, "errorDetails": wrong,
        "errorDetailType": "com.linkedin.common.error.BadRequest" }),
    )
}

/// What readers see of a text: escapes are taken off, hashtags and whoever is mentioned shown by their names, and at the first
/// sign that is none of these, the rest is lost without a word (seen in production by others, 2026-02-22).
fn seen(commentary: &str) -> String {
    read(commentary).0
}

/// What stands between two signs, without its escapes.
fn between(letters: &mut impl Iterator<Item = char>, (open, close): (char, char)) -> Option<String> {
    let mut inside = String::new();
    let mut letter = letters.next().filter(|letter| *letter == open).and_then(|_| letters.next())?;
    while letter != close {
        inside.push(if letter == '\\' { letters.next()? } else { letter });
        letter = letters.next()?;
    }
    Some(inside)
}

/// The same, with whoever is mentioned in it: each name, and whom it is to lead to.
fn read(commentary: &str) -> (String, Vec<(String, String)>) {
    let (mut out, mut named, mut letters) = (String::new(), Vec::new(), commentary.chars());
    while let Some(letter) = letters.next() {
        match letter {
            '\\' => out.extend(letters.next()),
            '{' => {
                let mut inside = String::new();
                while let Some(letter) = letters.next().filter(|letter| *letter != '}') {
                    inside.push(letter);
                    if letter == '\\' {
                        inside.extend(letters.next());
                    }
                }
                let Some(name) = inside.strip_prefix("hashtag|\\#|") else { return (out, named) };
                out.push('#');
                out.push_str(&name.replace('\\', ""));
            }
            '@' => {
                let name = between(&mut letters, ('[', ']'));
                let Some((name, whom)) = name.and_then(|name| Some((name, between(&mut letters, ('(', ')'))?))) else {
                    return (out, named);
                };
                out.push_str(&name);
                named.push((name, whom));
            }
            '|' | '}' | '[' | ']' | '(' | ')' | '<' | '>' | '#' | '*' | '_' | '~' => return (out, named),
            _ => out.push(letter),
        }
    }
    (out, named)
}

/// Whether what hangs below a text is a document.
fn is_document(media: &Value) -> bool {
    media["id"].as_str().is_some_and(|id| id.starts_with("urn:li:document:"))
}

/// What is wrong with what hangs below a text.
fn wrong_content(linkedin: &Linkedin, author: &str, content: &Value) -> Option<&'static str> {
    let is_picture = |one: &Value| {
        let there = one["id"].as_str().and_then(|id| linkedin.pictures.get(id));
        let alt = one["altText"].as_str().unwrap_or_default();
        !is_document(one)
            && there.is_some_and(|there| there.owner == author && there.state() == "AVAILABLE")
            && alt.chars().count() <= 4_086
    };
    let wrong = "a picture is not there, not ready, or not yours";
    let is_video = |one: &Value| {
        let there = one["id"].as_str().and_then(|id| linkedin.videos.get(id));
        there.is_some_and(|there| there.owner == author && there.state() == "AVAILABLE")
    };
    if content["media"].is_object() && is_video(&content["media"]) {
        return None;
    }
    if is_document(&content["media"]) {
        let media = &content["media"];
        let there = media["id"].as_str().and_then(|id| linkedin.pictures.get(id));
        let is_ready = there.is_some_and(|there| there.owner == author && there.state() == "AVAILABLE");
        let is_titled = media["title"].as_str().is_some_and(|title| !title.trim().is_empty());
        let is_whole = is_ready && is_titled && media["altText"].is_null();
        return (!is_whole).then_some("a document is not there, not ready, not yours, or has no title");
    }
    if content["media"].is_object() {
        return (!is_picture(&content["media"])).then_some(wrong);
    }
    if let Some(images) = content["multiImage"]["images"].as_array() {
        return (!images.iter().all(is_picture)).then_some(wrong);
    }
    let article = &content["article"];
    let is_address = article["source"].as_str().is_some_and(|source| source.starts_with("http"));
    let is_titled = article["title"].as_str().is_some_and(|title| !title.is_empty());
    (article.is_object() && !(is_address && is_titled)).then_some("an article has a source and a title")
}

async fn create(State(world): State<Shared>, headers: HeaderMap, body: Bytes) -> Response<Body> {
    let body: Value = serde_json::from_slice(&body).unwrap_or_default();
    let mut linkedin = world.linkedin();
    let text = |name: &str| body[name].as_str().unwrap_or_default().to_owned();
    let (author, commentary) = (text("author"), text("commentary"));
    let may = linkedin.let_in(&headers, SCOPES[0]).and_then(|()| linkedin.may_write_for(&author));
    if let Err(refused) = may {
        return refused;
    }
    let now = Utc::now().timestamp_millis();
    if linkedin.posts.iter().filter(|post| post.at / 86_400_000 == now / 86_400_000).count() >= linkedin.quota {
        return refuse(
            429,
            "TOO_MANY_REQUESTS",
            "Resource level throttle APPLICATION DAY limit for calls to this resource is reached.",
        );
    }
    let said = seen(&commentary);
    let whole = text("lifecycleState") == "PUBLISHED"
        && text("visibility") == "PUBLIC"
        && body["distribution"]["feedDistribution"] == "MAIN_FEED";
    if !whole || said.encode_utf16().count() > 3_000 || (said.trim().is_empty() && body["content"].is_null()) {
        return unprocessable("INVALID_VALUE_FOR_FIELD", "the post is not whole, empty, or too long");
    }
    if let Some(wrong) = wrong_content(&linkedin, &author, &body["content"]) {
        return unprocessable("INVALID_CONTENT", wrong);
    }
    if let Some(post) = linkedin.posts.iter().find(|post| post.author == author && post.commentary == commentary) {
        return unprocessable("DUPLICATE_POST", &format!("Content is a duplicate of {}", post.id));
    }
    let id = format!("urn:li:share:{}", 7_400_000_000_000_000_000 + linkedin.mint());
    linkedin.posts.push(Post {
        id: id.clone(),
        author,
        commentary,
        content: body["content"].clone(),
        at: now,
        changed: now,
    });
    let mut response = StatusCode::CREATED.into_response();
    if let Ok(id) = HeaderValue::from_str(&id) {
        response.headers_mut().insert("x-restli-id", id);
    }
    response
}

fn told(post: &Post) -> Value {
    json!({ "id": post.id, "author": post.author, "commentary": post.commentary, "content": post.content, "visibility": "PUBLIC",
        "lifecycleState": "PUBLISHED", "createdAt": post.at, "publishedAt": post.at, "lastModifiedAt": post.changed,
        "isReshareDisabledByAuthor": false })
}

/// Which of the methods of Rest.li a call says that it is.
fn is_method(headers: &HeaderMap, method: &str) -> bool {
    headers
        .get("x-restli-method")
        .and_then(|value| value.to_str().ok())
        .is_some_and(|said| said.eq_ignore_ascii_case(method))
}

async fn list(
    State(world): State<Shared>,
    headers: HeaderMap,
    Query(query): Query<BTreeMap<String, String>>,
) -> Response<Body> {
    let mut linkedin = world.linkedin();
    if let Err(refused) = linkedin.let_in(&headers, SCOPES[1]) {
        return refused;
    }
    let part = |name: &str| query.get(name).cloned().unwrap_or_default();
    if !is_method(&headers, "FINDER") || part("q") != "author" {
        return refuse(400, "ILLEGAL_ARGUMENT", "there is no such finder");
    }
    if linkedin.lag > 0 {
        linkedin.lag -= 1;
        return answer(200, json!({ "elements": [], "paging": { "start": 0, "count": 0, "links": [] } }));
    }
    let most = part("count").parse().unwrap_or(10).min(100);
    let author = part("author");
    let found: Vec<Value> =
        linkedin.posts.iter().rev().filter(|post| post.author == author).take(most).map(told).collect();
    let paging = json!({ "start": 0, "count": found.len(), "links": [] });
    answer(200, json!({ "elements": found, "paging": paging }))
}

async fn one(State(world): State<Shared>, headers: HeaderMap, Path(id): Path<String>) -> Response<Body> {
    let linkedin = world.linkedin();
    if let Err(refused) = linkedin.let_in(&headers, SCOPES[1]) {
        return refused;
    }
    match linkedin.posts.iter().find(|post| post.id == id) {
        Some(post) => answer(200, told(post)),
        None => refuse(404, "NOT_FOUND", "Could not find entity"),
    }
}

async fn change(
    State(world): State<Shared>,
    headers: HeaderMap,
    Path(id): Path<String>,
    body: Bytes,
) -> Response<Body> {
    let body: Value = serde_json::from_slice(&body).unwrap_or_default();
    let mut linkedin = world.linkedin();
    if let Err(refused) = linkedin.let_in(&headers, SCOPES[0]) {
        return refused;
    }
    let Some(commentary) =
        body["patch"]["$set"]["commentary"].as_str().filter(|_| is_method(&headers, "PARTIAL_UPDATE"))
    else {
        return refuse(400, "ILLEGAL_ARGUMENT", "nothing is changed");
    };
    let now = Utc::now().timestamp_millis();
    let Some(post) = linkedin.posts.iter_mut().find(|post| post.id == id) else {
        return refuse(404, "NOT_FOUND", "Could not find entity");
    };
    commentary.clone_into(&mut post.commentary);
    post.changed = now.max(post.at + 1);
    StatusCode::NO_CONTENT.into_response()
}

async fn take_down(State(world): State<Shared>, headers: HeaderMap, Path(id): Path<String>) -> Response<Body> {
    let mut linkedin = world.linkedin();
    match linkedin.let_in(&headers, SCOPES[0]) {
        Ok(()) => {
            // It says the same of what is gone already.
            linkedin.posts.retain(|post| post.id != id);
            StatusCode::NO_CONTENT.into_response()
        }
        Err(refused) => refused,
    }
}

async fn roles(
    State(world): State<Shared>,
    headers: HeaderMap,
    Query(query): Query<BTreeMap<String, String>>,
) -> Response<Body> {
    let linkedin = world.linkedin();
    if let Err(refused) = linkedin.let_in(&headers, SCOPES[2]) {
        return refused;
    }
    if query.get("q").map(String::as_str) != Some("roleAssignee") {
        return refuse(400, "ILLEGAL_ARGUMENT", "there is no such finder");
    }
    let role = |page: &String| {
        json!({ "organization": organisation(page), "role": linkedin.role, "state": "APPROVED",
            "roleAssignee": "urn:li:person:villa" })
    };
    let roles: Vec<Value> = linkedin.pages.iter().map(role).collect();
    answer(200, json!({ "elements": roles, "paging": { "start": 0, "count": roles.len(), "links": [] } }))
}

fn shown(page: &str) -> Value {
    let is_of_it = |letter: &char| letter.is_alphanumeric() || *letter == '-';
    let short: String = page.to_lowercase().replace(' ', "-").chars().filter(is_of_it).collect();
    json!({ "id": page_id(page).parse::<u64>().unwrap_or_default(), "localizedName": page, "vanityName": short,
        "organizationType": "GOVERNMENT_AGENCY" })
}

async fn page(State(world): State<Shared>, headers: HeaderMap, Path(id): Path<String>) -> Response<Body> {
    let linkedin = world.linkedin();
    if let Err(refused) = linkedin.let_in(&headers, SCOPES[2]) {
        return refused;
    }
    match linkedin.known().find(|page| page_id(page) == id) {
        Some(page) => answer(200, shown(page)),
        None => refuse(404, "NOT_FOUND", "Could not find entity"),
    }
}

/// The names in `ids=List(…)`, as they stand: what is in a list must not be read before it is taken apart.
fn listed(uri: &Uri) -> Vec<String> {
    let query = uri.query().unwrap_or_default();
    let list = query.split('&').find_map(|pair| pair.strip_prefix("ids=List(")?.strip_suffix(')'));
    list.unwrap_or_default().split(',').filter(|id| !id.is_empty()).map(|id| id.replace("%3A", ":")).collect()
}

async fn pages(
    State(world): State<Shared>,
    headers: HeaderMap,
    Query(query): Query<BTreeMap<String, String>>,
    uri: Uri,
) -> Response<Body> {
    let linkedin = world.linkedin();
    if let Err(refused) = linkedin.let_in(&headers, SCOPES[2]) {
        return refused;
    }
    if query.get("q").map(String::as_str) == Some("vanityName") {
        let short = query.get("vanityName").map(|short| short.to_lowercase()).unwrap_or_default();
        let found: Vec<Value> =
            linkedin.known().map(|page| shown(page)).filter(|page| page["vanityName"] == *short).collect();
        let paging = json!({ "start": 0, "count": found.len(), "links": [] });
        return answer(200, json!({ "elements": found, "paging": paging }));
    }
    let (mut results, mut statuses) = (json!({}), json!({}));
    for id in listed(&uri) {
        if let Some(page) = linkedin.pages.iter().find(|page| page_id(page) == id) {
            results[&id] = shown(page);
            statuses[&id] = 200.into();
        }
    }
    answer(200, json!({ "results": results, "statuses": statuses, "errors": {} }))
}

pub(crate) fn routes() -> Router<Shared> {
    Router::new()
        .merge(oauth::routes())
        .merge(pictures::routes())
        .merge(videos::routes())
        .route("/rest/posts", get(list).post(create))
        .route("/rest/posts/{id}", get(one).post(change).delete(take_down))
        .route("/rest/organizationAcls", get(roles))
        .route("/rest/organizations", get(pages))
        .route("/rest/organizations/{id}", get(page))
}

/// Pictures, as readers' programs fetch them.
pub(crate) fn files() -> Router<Shared> {
    Router::new().route("/_linkedin/{id}", get(pictures::file)).route("/_linkedin_video/{id}", get(videos::file))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_behind_an_unescaped_sign_is_lost() {
        assert_eq!(seen("Pleno \\(a las 9\\), {hashtag|\\#|Fiesta\\_Mayor}."), "Pleno (a las 9), #Fiesta_Mayor.");
        assert_eq!(seen("Pleno (a las 9)"), "Pleno ");
        assert_eq!(seen("Correo: a@b.es"), "Correo: a");
        assert_eq!(seen("Con @[Villa"), "Con ");
    }

    #[test]
    fn a_page_is_mentioned_by_the_very_name_that_it_bears() {
        let linkedin = Linkedin { others: vec!["Aguas (Sur)".to_owned()], ..Linkedin::default() };
        let text = |name: &str| format!("Con @[{name}]({}).", organisation("Aguas (Sur)"));
        let of = |name: &str| (seen(&text(name)), linkedin.mentions(&text(name)));
        assert_eq!(of("Aguas \\(Sur\\)"), ("Con Aguas (Sur).".to_owned(), vec!["Aguas (Sur)".to_owned()]));
        assert_eq!(of("AGUAS \\(Sur\\)"), ("Con AGUAS (Sur).".to_owned(), Vec::new()));
    }

    #[test]
    fn a_list_is_taken_apart_as_it_stands() {
        let uri: Uri = "/rest/images?ids=List(urn%3Ali%3Aimage%3Aa,urn%3Ali%3Aimage%3Ab)".parse().unwrap();
        assert_eq!(listed(&uri), ["urn:li:image:a", "urn:li:image:b"]);
        assert_eq!(listed(&"/rest/images?ids=List%28a%29".parse().unwrap()), Vec::<String>::new());
    }
}
