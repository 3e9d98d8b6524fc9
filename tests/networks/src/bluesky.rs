//! A Bluesky-like server (XRPC): sessions that expire on command, records with `swapRecord`, blobs by their content.

use std::collections::BTreeMap;

use axum::{
    Json, Router,
    body::Bytes,
    extract::{Query, State},
    http::{HeaderMap, StatusCode},
    response::Response,
    routing::{get, post},
};
use serde_json::{Value, json};
use unicode_segmentation::UnicodeSegmentation;

use crate::{
    Shared,
    world::{answer, hash},
};

/// The app password of every account. Any handle has an account as soon as somebody signs in with it.
pub const PASSWORD: &str = "sand-boxx-pass-word";

/// Accounts, sessions and repositories.
#[derive(Debug, Default)]
pub struct Bluesky {
    /// DID by handle.
    accounts: BTreeMap<String, String>,
    /// Tokens: whose they are, whether they still open anything, whether they are for refreshing.
    tokens: BTreeMap<String, Token>,
    minted: u64,
    /// Records by DID, collection and key.
    records: BTreeMap<(String, String, String), Value>,
    is_revoked: bool,
}

#[derive(Debug, Clone)]
struct Token {
    did: String,
    expired: bool,
    refreshes: bool,
}

impl Bluesky {
    pub(crate) fn visible(&self) -> Vec<Value> {
        let row = |((did, _, key), value): (&(String, String, String), &Value)| json!({ "uri": uri(did, key), "did": did, "record": value });
        self.records.iter().map(row).collect()
    }

    pub(crate) fn set(&mut self, settings: &Value) {
        let expire = settings["expire"].as_str();
        for token in self.tokens.values_mut() {
            token.expired |= expire == Some("all") || (expire == Some("access") && !token.refreshes);
        }
        if let Some(revoke) = settings["revoke"].as_bool() {
            self.is_revoked = revoke;
        }
    }

    fn account(&mut self, identifier: &str) -> (String, String) {
        let known = self.accounts.iter().find(|(handle, did)| *handle == identifier || *did == identifier);
        if let Some((handle, did)) = known {
            return (handle.clone(), did.clone());
        }
        let did = format!("did:plc:{}", &hash(identifier)[..24]);
        self.accounts.insert(identifier.to_owned(), did.clone());
        (identifier.to_owned(), did)
    }

    fn session(&mut self, origin: &str, handle: &str, did: &str) -> Value {
        let mut mint = |refreshes: bool| {
            self.minted += 1;
            let token = format!("sandbox-{}-{}", self.minted, if refreshes { "refresh" } else { "access" });
            self.tokens.insert(token.clone(), Token { did: did.to_owned(), expired: false, refreshes });
            token
        };
        let (access, refresh) = (mint(false), mint(true));
        json!({
            "accessJwt": access, "refreshJwt": refresh, "handle": handle, "did": did, "active": true,
            "didDoc": { "id": did, "service": [
                { "id": "#atproto_pds", "type": "AtprotoPersonalDataServer", "serviceEndpoint": origin },
            ] },
        })
    }

    /// Whose token it is.
    fn bearer(&self, headers: &HeaderMap, refreshes: bool) -> Result<String, Response> {
        let header = headers.get("authorization").and_then(|value| value.to_str().ok());
        let Some(token) = header.and_then(|value| value.strip_prefix("Bearer ")) else {
            return Err(xrpc(401, "AuthMissing", "Authentication Required"));
        };
        match self.tokens.get(token) {
            Some(token) if token.refreshes != refreshes => Err(xrpc(400, "InvalidToken", "Bad token scope")),
            Some(token) if token.expired => Err(xrpc(400, "ExpiredToken", "Token has expired")),
            Some(token) => Ok(token.did.clone()),
            None => Err(xrpc(400, "InvalidToken", "Token could not be verified")),
        }
    }

    fn handle_of(&self, did: &str) -> String {
        self.accounts.iter().find(|(_, known)| *known == did).map(|(handle, _)| handle.clone()).unwrap_or_default()
    }

    /// Like the real one: a record over another needs no swap, a wrong swap writes nothing.
    fn put(&mut self, did: &str, body: &Value) -> Response {
        let text = |name: &str| body[name].as_str().unwrap_or_default().to_owned();
        let (repo, collection, key) = (text("repo"), text("collection"), text("rkey"));
        if repo != did {
            return xrpc(403, "Forbidden", "Not this account's repository");
        }
        if let Some(complaint) = complaint(&collection, &key, &body["record"]) {
            return xrpc(400, "InvalidRequest", &complaint);
        }
        // The real one takes any reference that is well formed; one that leads nowhere would be a bug of ours.
        let leads = |to: &Value| {
            let key = to["uri"].as_str().and_then(|uri| uri.rsplit('/').next()).unwrap_or_default().to_owned();
            self.records.get(&(did.to_owned(), collection.clone(), key)).is_some_and(|there| to["cid"] == *cid(there))
        };
        let reply = &body["record"]["reply"];
        let holds = reply.is_null() || (leads(&reply["root"]) && leads(&reply["parent"]));
        if !holds {
            return xrpc(400, "InvalidRequest", "reply: a reference leads nowhere");
        }
        let place = (repo, collection, key);
        let before = self.records.get(&place).map(cid);
        let swap_holds = match body.get("swapRecord") {
            None => true,
            Some(Value::Null) => before.is_none(),
            Some(swap) => swap.as_str() == before.as_deref(),
        };
        if !swap_holds {
            return xrpc(400, "InvalidSwap", "Record was at another revision");
        }
        let uri = uri(did, &place.2);
        let cid = cid(&body["record"]);
        self.records.insert(place, body["record"].clone());
        answer(200, json!({ "uri": uri, "cid": cid, "validationStatus": "valid" }))
    }
}

fn uri(did: &str, key: &str) -> String {
    format!("at://{did}/app.bsky.feed.post/{key}")
}

fn cid(record: &Value) -> String {
    format!("bafyrei{}", &hash(record.to_string())[..52])
}

/// What the lexicon of posts minds.
fn complaint(collection: &str, key: &str, record: &Value) -> Option<String> {
    let is_tid = key.len() == 13 && key.bytes().all(|byte| b"234567abcdefghijklmnopqrstuvwxyz".contains(&byte));
    if collection != "app.bsky.feed.post" || record["$type"] != collection {
        return Some("Invalid $type".to_owned());
    }
    if !is_tid {
        return Some("Invalid record key: not a TID".to_owned());
    }
    let Some(text) = record["text"].as_str() else { return Some("Record must have the property \"text\"".to_owned()) };
    if text.len() > 3_000 {
        return Some(format!("string too big (maximum 3000, got {}) at $.text", text.len()));
    }
    let graphemes = text.graphemes(true).count();
    if graphemes > 300 {
        return Some(format!("grapheme too big (maximum 300, got {graphemes}) at $.text"));
    }
    let lists = [("$.langs", &record["langs"], 3), ("$.embed.images", &record["embed"]["images"], 4)];
    for (place, list, most) in lists {
        let there = list.as_array().map_or(0, Vec::len);
        if there > most {
            return Some(format!("array too big (maximum {most}, got {there}) at {place}"));
        }
    }
    let created = record["createdAt"].as_str().and_then(|at| chrono::DateTime::parse_from_rfc3339(at).ok());
    if created.is_none() {
        return Some("Invalid datetime at $.createdAt".to_owned());
    }
    let bytes = text.len() as u64;
    let facets = record["facets"].as_array().map(Vec::as_slice).unwrap_or_default();
    let is_inside = |facet: &Value| {
        let at = |name: &str| facet["index"][name].as_u64().unwrap_or(u64::MAX);
        at("byteStart") < at("byteEnd") && at("byteEnd") <= bytes
    };
    (!facets.iter().all(is_inside)).then(|| "Invalid facet".to_owned())
}

fn xrpc(status: u16, error: &str, message: &str) -> Response {
    answer(status, json!({ "error": error, "message": message }))
}

pub(crate) fn routes() -> Router<Shared> {
    Router::new()
        .route("/xrpc/com.atproto.server.createSession", post(create_session))
        .route("/xrpc/com.atproto.server.refreshSession", post(refresh_session))
        .route("/xrpc/com.atproto.server.deleteSession", post(delete_session))
        .route("/xrpc/com.atproto.server.getSession", get(get_session))
        .route("/xrpc/com.atproto.identity.resolveHandle", get(resolve_handle))
        .route("/xrpc/com.atproto.repo.uploadBlob", post(upload_blob))
        .route("/xrpc/com.atproto.repo.putRecord", post(put_record))
        .route("/xrpc/com.atproto.repo.getRecord", get(get_record))
        .route("/xrpc/com.atproto.repo.deleteRecord", post(delete_record))
}

async fn create_session(State(world): State<Shared>, Json(body): Json<Value>) -> Response {
    let mut bluesky = world.bluesky();
    if bluesky.is_revoked || body["password"] != PASSWORD {
        return xrpc(401, "AuthenticationRequired", "Invalid identifier or password");
    }
    let (handle, did) = bluesky.account(body["identifier"].as_str().unwrap_or_default());
    opened(&world, bluesky.session(&world.origin, &handle, &did))
}

async fn refresh_session(State(world): State<Shared>, headers: HeaderMap) -> Response {
    let mut bluesky = world.bluesky();
    match bluesky.bearer(&headers, true) {
        Ok(did) => {
            let handle = bluesky.handle_of(&did);
            opened(&world, bluesky.session(&world.origin, &handle, &did))
        }
        Err(refused) => refused,
    }
}

fn opened(world: &Shared, session: Value) -> Response {
    let tokens = ["accessJwt", "refreshJwt"].into_iter().filter_map(|name| session[name].as_str());
    world.issued().extend(tokens.map(str::to_owned));
    answer(200, session)
}

async fn delete_session(State(world): State<Shared>, headers: HeaderMap) -> Response {
    let mut bluesky = world.bluesky();
    match bluesky.bearer(&headers, true) {
        Ok(did) => {
            bluesky.tokens.retain(|_, token| token.did != did);
            answer(200, json!({}))
        }
        Err(refused) => refused,
    }
}

async fn get_session(State(world): State<Shared>, headers: HeaderMap) -> Response {
    let bluesky = world.bluesky();
    match bluesky.bearer(&headers, false) {
        Ok(did) => answer(200, json!({ "handle": bluesky.handle_of(&did), "did": did, "active": true })),
        Err(refused) => refused,
    }
}

async fn resolve_handle(State(world): State<Shared>, Query(query): Query<BTreeMap<String, String>>) -> Response {
    match query.get("handle").and_then(|handle| world.bluesky().accounts.get(handle).cloned()) {
        Some(did) => answer(200, json!({ "did": did })),
        None => xrpc(400, "InvalidRequest", "Unable to resolve handle"),
    }
}

async fn upload_blob(State(world): State<Shared>, headers: HeaderMap, bytes: Bytes) -> Response {
    if let Err(refused) = world.bluesky().bearer(&headers, false) {
        return refused;
    }
    let mime = headers.get("content-type").and_then(|value| value.to_str().ok()).unwrap_or("*/*");
    if bytes.is_empty() || bytes.len() > 2_000_000 {
        return xrpc(StatusCode::PAYLOAD_TOO_LARGE.as_u16(), "BlobTooLarge", "This file is too large");
    }
    let link = format!("bafkrei{}", &hash(&bytes)[..52]);
    let blob = json!({ "$type": "blob", "ref": { "$link": link }, "mimeType": mime, "size": bytes.len() });
    answer(200, json!({ "blob": blob }))
}

async fn put_record(State(world): State<Shared>, headers: HeaderMap, Json(body): Json<Value>) -> Response {
    let mut bluesky = world.bluesky();
    match bluesky.bearer(&headers, false) {
        Ok(did) => bluesky.put(&did, &body),
        Err(refused) => refused,
    }
}

async fn get_record(State(world): State<Shared>, Query(query): Query<BTreeMap<String, String>>) -> Response {
    let part = |name: &str| query.get(name).cloned().unwrap_or_default();
    let place = (part("repo"), part("collection"), part("rkey"));
    match world.bluesky().records.get(&place) {
        Some(record) => answer(200, json!({ "uri": uri(&place.0, &place.2), "cid": cid(record), "value": record })),
        None => xrpc(400, "RecordNotFound", "Could not locate record"),
    }
}

async fn delete_record(State(world): State<Shared>, headers: HeaderMap, Json(body): Json<Value>) -> Response {
    let mut bluesky = world.bluesky();
    let did = match bluesky.bearer(&headers, false) {
        Ok(did) => did,
        Err(refused) => return refused,
    };
    let part = |name: &str| body[name].as_str().unwrap_or_default().to_owned();
    if part("repo") != did {
        return xrpc(403, "Forbidden", "Not this account's repository");
    }
    bluesky.records.remove(&(did, part("collection"), part("rkey")));
    answer(200, json!({}))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn exactly_what_the_real_one_takes_is_taken_and_one_more_is_not() {
        let says = |record: &Value| complaint("app.bsky.feed.post", "3n3minva5a22y", record);
        let post = |text: &str| json!({ "$type": "app.bsky.feed.post", "text": text, "createdAt": "2026-01-01T00:00:00.000Z" });
        let family = "👨\u{200D}👩\u{200D}👧\u{200D}👦";
        for (fits, over) in [
            ("🇪🇸".repeat(300), "🇪🇸".repeat(301)),
            ("o\u{323}\u{308}".repeat(300), "o\u{323}\u{308}".repeat(301)),
            (family.repeat(120), format!("{}a", family.repeat(120))),
        ] {
            assert_eq!(says(&post(&fits)), None);
            assert!(says(&post(&over)).is_some_and(|why| why.contains("too big")), "{over}");
        }
        for (most, list) in [(3, "langs"), (4, "images")] {
            let with = |count: usize| {
                let (mut post, all) = (post("Hola."), json!(vec!["es"; count]));
                match list {
                    "langs" => post[list] = all,
                    _ => post["embed"] = json!({ "images": all }),
                }
                says(&post)
            };
            assert_eq!((with(most), with(most + 1).is_some()), (None, true), "{list}");
        }
    }
}
