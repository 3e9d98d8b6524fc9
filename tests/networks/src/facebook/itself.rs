//! Instagram by its own login, without a page (Meta's guide, 2026-09-11): consent for one account, tokens of an hour and of sixty
//! days that are renewed, and the same interface at an address of its own, but for taking down.

use std::collections::BTreeMap;

use axum::{
    Router,
    body::{Body, Bytes},
    extract::{Query, State},
    http::{HeaderMap, Response, StatusCode, Uri, header},
    response::IntoResponse,
    routing::{get, post},
};
use serde_json::{Value, json};

use super::{Asked, Facebook, VERSION, comments, instagram, page_id, posts, refuse};
use crate::{
    Shared,
    world::{answer, hash},
};

/// The developer app that is known here: its identity and its secret at Instagram.
pub const APP: (&str, &str) = ("616161", "sandbox-instagram-secret");

/// What each permission of this login is called by the other one. There is none for taking down.
const SCOPES: [(&str, &str); 3] = [
    ("instagram_business_basic", "instagram_basic"),
    ("instagram_business_content_publish", "instagram_content_publish"),
    ("instagram_business_manage_comments", "instagram_manage_comments"),
];

/// Tokens and codes of this login.
#[derive(Debug)]
pub struct Itself {
    codes: BTreeMap<String, Code>,
    tokens: BTreeMap<String, Token>,
    lasts: i64,
    /// Whether the answer with a token is the list of one that the guide shows, or that one.
    listed: bool,
}

impl Default for Itself {
    fn default() -> Self {
        Self { codes: BTreeMap::new(), tokens: BTreeMap::new(), lasts: 5_184_000, listed: true }
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

impl Itself {
    pub fn set(&mut self, settings: &Value) {
        self.lasts = settings["token_lasts"].as_i64().unwrap_or(self.lasts);
        self.listed = settings["listed"].as_bool().unwrap_or(self.listed);
        if settings["revoke"] == true {
            self.tokens.clear();
        }
    }

    /// What it gave out that is nobody's to read.
    pub fn secrets(&self) -> impl Iterator<Item = String> {
        self.tokens.keys().cloned().chain([APP.1.to_owned()])
    }

    /// Whether a token is of this login; if it is, whether it may do what the other one calls so.
    pub fn may(&self, token: &str, scope: &str) -> Option<bool> {
        let token = self.tokens.get(token)?;
        let ours = SCOPES.iter().find(|(_, theirs)| *theirs == scope);
        Some(ours.is_some_and(|(ours, _)| token.scopes.iter().any(|there| there == ours)))
    }
}

/// The account of whoever agrees: that of the first page.
fn whose(facebook: &Facebook) -> String {
    super::account_of(&page_id(facebook.pages.first().map_or("", String::as_str)))
}

pub(crate) fn routes() -> Router<Shared> {
    let graph = Router::new()
        .route("/me", get(me))
        .route("/{node}", get(posts::show))
        .route("/{node}/comments", get(comments::listed).post(comments::write))
        .route("/{node}/stories", get(instagram::stories))
        .route("/{node}/media", get(instagram::listed).post(instagram::create))
        .route("/{node}/media_publish", post(instagram::publish))
        .route("/{node}/content_publishing_limit", get(instagram::limit))
        .route("/{node}/children", get(instagram::children));
    Router::new()
        .route("/oauth/authorize", get(authorise))
        .route("/oauth/access_token", post(short))
        .route("/access_token", get(exchange))
        .route("/refresh_access_token", get(refresh))
        .nest(&format!("/{VERSION}"), graph)
}

async fn authorise(State(world): State<Shared>, Query(query): Query<BTreeMap<String, String>>) -> Response<Body> {
    let part = |name: &str| query.get(name).cloned().unwrap_or_default();
    let (redirect, state) = (part("redirect_uri"), part("state"));
    if part("client_id") != APP.0 || part("response_type") != "code" || redirect.is_empty() {
        return refuse(400, 101, None, "Invalid platform app");
    }
    let mut facebook = world.facebook();
    let to = if facebook.deny {
        format!("{redirect}?error=access_denied&error_reason=user_denied&state={state}")
    } else {
        let declined = |scope: &String| !facebook.declined.contains(scope);
        let scopes = part("scope").split(',').map(str::to_owned).filter(declined).collect();
        let code = hash(format!("instagram code {}", facebook.mint()));
        facebook.itself.codes.insert(code.clone(), Code { redirect: redirect.clone(), scopes });
        // A browser keeps what is behind the number sign to itself.
        format!("{redirect}?code={code}&state={state}#_")
    };
    (StatusCode::FOUND, [(header::LOCATION, to)]).into_response()
}

type Called = (State<Shared>, Uri, HeaderMap, Bytes);

async fn short((State(world), uri, headers, body): Called) -> Response<Body> {
    let asked = Asked::read(&uri, &headers, &body).await;
    if (asked.text("client_id"), asked.text("client_secret")) != APP {
        return strange(400, "Error validating client secret.");
    }
    let mut facebook = world.facebook();
    // A code is taken once, whatever comes of it.
    let code = facebook.itself.codes.remove(asked.text("code"));
    let code = code.filter(|code| code.redirect == asked.text("redirect_uri"));
    let Some(code) = code.filter(|_| asked.text("grant_type") == "authorization_code") else {
        return strange(400, "This authorization code has been used");
    };
    let (account, scopes) = (whose(&facebook), code.scopes.clone());
    let token = open(&mut facebook, Token { scopes: code.scopes, lasts: false });
    match facebook.itself.listed {
        true => answer(
            200,
            json!({ "data": [{ "access_token": token, "user_id": account, "permissions": scopes.join(",") }] }),
        ),
        false => answer(
            200,
            json!({ "access_token": token, "user_id": account.parse::<u64>().unwrap_or_default(), "permissions": scopes }),
        ),
    }
}

/// The server of tokens says no in words of its own.
fn strange(status: u16, message: &str) -> Response<Body> {
    answer(status, json!({ "error_type": "OAuthException", "code": status, "error_message": message }))
}

fn open(facebook: &mut Facebook, token: Token) -> String {
    let name = hash(format!("instagram token {}", facebook.mint()));
    facebook.itself.tokens.insert(name.clone(), token);
    name
}

async fn exchange((State(world), uri, headers, body): Called) -> Response<Body> {
    let asked = Asked::read(&uri, &headers, &body).await;
    if asked.text("client_secret") != APP.1 || asked.text("grant_type") != "ig_exchange_token" {
        return refuse(400, 1, None, "Error validating client secret.");
    }
    lasting(&world, &asked, false)
}

async fn refresh((State(world), uri, headers, body): Called) -> Response<Body> {
    let asked = Asked::read(&uri, &headers, &body).await;
    if asked.text("grant_type") != "ig_refresh_token" {
        return refuse(400, 100, None, "Invalid grant_type");
    }
    lasting(&world, &asked, true)
}

fn lasting(world: &Shared, asked: &Asked, of_lasting: bool) -> Response<Body> {
    let mut facebook = world.facebook();
    let name = asked.token().unwrap_or_default().to_owned();
    let Some(token) = facebook.itself.tokens.get(&name).filter(|token| token.lasts == of_lasting).cloned() else {
        return refuse(401, 190, Some(463), "Error validating access token: Session has expired");
    };
    if of_lasting {
        // The one that it replaces serves nobody any more.
        facebook.itself.tokens.remove(&name);
    }
    let (token, lasts) = (open(&mut facebook, Token { lasts: true, ..token }), facebook.itself.lasts);
    answer(200, json!({ "access_token": token, "token_type": "bearer", "expires_in": lasts }))
}

async fn me((State(world), uri, headers, body): Called) -> Response<Body> {
    let asked = Asked::read(&uri, &headers, &body).await;
    let facebook = world.facebook();
    if facebook.itself.may(asked.token().unwrap_or_default(), "instagram_basic") != Some(true) {
        return refuse(401, 190, Some(463), "Error validating access token: Session has expired");
    }
    if let Some(refused) = facebook.instagram.objection() {
        return refused;
    }
    let account = whose(&facebook);
    // `id` is of the app; `user_id` is what the account is called elsewhere.
    answer(200, asked.of(&json!({ "id": "9000000000000001", "user_id": account, "name": "Villa de Luz", "username": instagram::user(&account) })))
}
