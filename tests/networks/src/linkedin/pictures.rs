//! Pictures and documents at LinkedIn: an upload is announced, its bytes go to an address that is given for it, and then it is prepared
//! for a while.

use std::collections::BTreeMap;

use axum::{
    Router,
    body::{Body, Bytes},
    extract::{Path, Query, State},
    http::{HeaderMap, Response, StatusCode, Uri},
    response::IntoResponse,
    routing::{get, post, put},
};
use chrono::Utc;
use serde_json::{Value, json};

use super::{SCOPES, listed, refuse};
use crate::{
    Shared,
    world::{answer, hash},
};

#[derive(Debug, Clone, Default)]
pub struct Picture {
    pub owner: String,
    pub bytes: Bytes,
    /// How often it is still prepared.
    preparing: u32,
    is_broken: bool,
}

impl Picture {
    /// How it is.
    pub fn state(&self) -> &'static str {
        match self {
            _ if self.bytes.is_empty() => "WAITING_UPLOAD",
            _ if self.is_broken => "PROCESSING_FAILED",
            _ if self.preparing > 0 => "PROCESSING",
            _ => "AVAILABLE",
        }
    }

    fn told(&self, origin: &str, id: &str) -> Value {
        let mut told = json!({ "id": id, "owner": self.owner, "status": self.state() });
        if self.state() == "AVAILABLE" {
            told["downloadUrl"] = format!("{origin}/_linkedin/{id}").into();
        }
        told
    }
}

async fn announce(
    State(world): State<Shared>,
    headers: HeaderMap,
    uri: Uri,
    Query(query): Query<BTreeMap<String, String>>,
    body: Bytes,
) -> Response<Body> {
    let kind = if uri.path() == "/rest/documents" { "document" } else { "image" };
    let body: Value = serde_json::from_slice(&body).unwrap_or_default();
    let owner = body["initializeUploadRequest"]["owner"].as_str().unwrap_or_default().to_owned();
    let mut linkedin = world.linkedin();
    let may = linkedin.let_in(&headers, SCOPES[0]).and_then(|()| linkedin.may_write_for(&owner));
    if let Err(refused) = may {
        return refused;
    }
    if query.get("action").map(String::as_str) != Some("initializeUpload") {
        return refuse(400, "ILLEGAL_ARGUMENT", "there is no such action");
    }
    let id = format!("urn:li:{kind}:{}", &hash(format!("linkedin picture {}", linkedin.mint()))[..20]);
    let (preparing, is_broken) = (linkedin.preparing, std::mem::take(&mut linkedin.breaks));
    linkedin.pictures.insert(id.clone(), Picture { owner, bytes: Bytes::new(), preparing, is_broken });
    let to = format!("{}/dms-uploads/{id}?ca=vector_feedshare", world.origin);
    let ends = Utc::now().timestamp_millis() + 3_600_000;
    let mut value = json!({ "uploadUrl": to, "uploadUrlExpiresAt": ends });
    value[kind] = id.into();
    answer(200, json!({ "value": value }))
}

async fn take(State(world): State<Shared>, headers: HeaderMap, Path(id): Path<String>, bytes: Bytes) -> Response<Body> {
    let mut linkedin = world.linkedin();
    if let Err(refused) = linkedin.access(&headers) {
        return refused;
    }
    let is_picture = bytes.starts_with(b"\x89PNG") || bytes.starts_with(b"\xff\xd8") || bytes.starts_with(b"GIF8");
    let is_document = bytes.starts_with(b"%PDF-") && bytes.len() <= 100_000_000;
    let fits = if id.starts_with("urn:li:document:") { is_document } else { is_picture };
    let Some(picture) = linkedin.pictures.get_mut(&id) else { return refuse(404, "NOT_FOUND", "no such upload") };
    picture.is_broken |= !fits;
    picture.bytes = bytes;
    StatusCode::CREATED.into_response()
}

async fn list(State(world): State<Shared>, headers: HeaderMap, uri: Uri) -> Response<Body> {
    let mut linkedin = world.linkedin();
    if let Err(refused) = linkedin.let_in(&headers, SCOPES[0]) {
        return refused;
    }
    let (mut results, mut statuses, mut errors) = (json!({}), json!({}), json!({}));
    for id in listed(&uri) {
        match linkedin.pictures.get_mut(&id) {
            Some(picture) => {
                results[&id] = picture.told(&world.origin, &id);
                statuses[&id] = 200.into();
                picture.preparing = picture.preparing.saturating_sub(1);
            }
            None => {
                statuses[&id] = 404.into();
                errors[&id] = json!({ "status": 404, "code": "NOT_FOUND", "message": "Could not find entity" });
            }
        }
    }
    answer(200, json!({ "results": results, "statuses": statuses, "errors": errors }))
}

async fn one(State(world): State<Shared>, headers: HeaderMap, Path(id): Path<String>) -> Response<Body> {
    let mut linkedin = world.linkedin();
    if let Err(refused) = linkedin.let_in(&headers, SCOPES[0]) {
        return refused;
    }
    match linkedin.pictures.get_mut(&id) {
        Some(picture) => {
            let told = picture.told(&world.origin, &id);
            picture.preparing = picture.preparing.saturating_sub(1);
            answer(200, told)
        }
        None => refuse(404, "NOT_FOUND", "Could not find entity"),
    }
}

/// A picture as it is shown.
pub async fn file(State(world): State<Shared>, Path(id): Path<String>) -> Response<Body> {
    let bytes = world.linkedin().pictures.get(&id).map(|picture| picture.bytes.clone());
    bytes.map_or_else(|| refuse(404, "NOT_FOUND", "no such file"), IntoResponse::into_response)
}

pub fn routes() -> Router<Shared> {
    Router::new()
        .route("/rest/images", get(list).post(announce))
        .route("/rest/images/{id}", get(one))
        .route("/rest/documents", post(announce))
        .route("/rest/documents/{id}", get(one))
        .route("/dms-uploads/{id}", put(take))
}
