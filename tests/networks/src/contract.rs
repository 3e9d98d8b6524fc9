//! Mastodon's interface as somebody else described it, and X's as it describes itself, held against every request that
//! comes to the sandbox and every answer that it gives. Separate from the sandbox: a simulator that only its makers judge proves nothing.
//!
//! A request that is not of the description is refused, and remembered under `GET /_objections`. Where the description
//! itself is wrong, [`DEVIATIONS`] says so, one by one with the reason; nothing else is let through.

pub mod instagram;
pub mod linkedin;
pub mod meta;
pub mod telegram;
pub mod threads;
pub mod tiktok;
pub mod tumblr;
pub mod youtube;

use std::{collections::BTreeMap, fmt, sync::LazyLock};

use axum::{
    body::{Body, Bytes, to_bytes},
    extract::{DefaultBodyLimit, FromRequest, Multipart, Query, Request, State},
    http::{HeaderMap, Response, Uri},
    middleware::Next,
};
use jsonschema::Validator;
use serde_json::{Map, Value, json};

use crate::{Shared, world::error};

/// The operations that we call; see `tests/networks/contract/README.md`.
const DESCRIPTION: &str = include_str!("../contract/mastodon.json");

/// The same of X.
const OF_X: &str = include_str!("../contract/x.json");

/// What the description gets wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Deviation {
    /// A status may have both a text and pictures.
    TextAndPictures,
    /// Tokens are asked for and given back with a form.
    TokenForm,
    /// The value of `Idempotency-Key` is text.
    KeyIsText,
    /// One address to come back to may be given as text.
    RedirectAsText,
}

/// Every one of them, with its reason.
pub const DEVIATIONS: [(Deviation, &str); 4] = [
    (
        Deviation::TextAndPictures,
        "`oneOf` of text, media and poll refuses what the documentation and every client do: text with `media_ids` (\"if \
         provided, `status` becomes optional\"). Read as `anyOf`.",
    ),
    (
        Deviation::TokenForm,
        "Only JSON is listed, but RFC 6749 §3.2 and RFC 7009 §2.1 demand a form at both endpoints; Mastodon and every \
         compatible server take it. The fields of the form are held against the same schema.",
    ),
    (Deviation::KeyIsText, "The header is described as an object; headers are text."),
    (
        Deviation::RedirectAsText,
        "A list is described; servers before 4.3 and some compatible ones take only text, which we send when the list \
         was refused.",
    ),
];

/// What a request may be.
struct Operation {
    method: String,
    /// `None` for a part that stands for anything.
    path: Vec<Option<String>>,
    query: BTreeMap<String, Parameter>,
    headers: BTreeMap<String, Parameter>,
    signed_in: bool,
    body: Option<(bool, BTreeMap<String, Validator>)>,
    answers: BTreeMap<u16, Validator>,
}

struct Parameter {
    required: bool,
    kind: String,
    /// Whether a list is written with commas between.
    has_commas: bool,
    schema: Validator,
}

/// A description, ready to judge.
pub struct Contract {
    operations: Vec<Operation>,
}

/// A request, as far as the description speaks of it.
pub struct Asked<'a> {
    /// The method.
    pub method: &'a str,
    /// Path and query.
    pub uri: &'a Uri,
    /// The headers.
    pub headers: &'a HeaderMap,
    /// The body: JSON, or the fields of a form.
    pub body: Option<Value>,
}

/// The description with every deviation.
fn contract() -> &'static Contract {
    static CONTRACT: LazyLock<Contract> = LazyLock::new(|| {
        Contract::read(&DEVIATIONS.map(|(deviation, _)| deviation)).unwrap_or_else(|why| panic!("{why}"))
    });
    &CONTRACT
}

/// X's description, as it is.
fn of_x() -> &'static Contract {
    static CONTRACT: LazyLock<Contract> = LazyLock::new(|| {
        let whole = serde_json::from_str(OF_X).map_err(|error| error.to_string());
        whole.and_then(|whole| Contract::of(&whole)).unwrap_or_else(|why| panic!("{why}"))
    });
    &CONTRACT
}

impl Contract {
    /// Reads Mastodon's description, with some deviations.
    ///
    /// # Errors
    /// When it is no description.
    pub fn read(deviations: &[Deviation]) -> Result<Self, String> {
        let mut whole: Value = serde_json::from_str(DESCRIPTION).map_err(|error| error.to_string())?;
        deviations.iter().for_each(|deviation| deviation.amend(&mut whole));
        Self::of(&whole)
    }

    fn of(whole: &Value) -> Result<Self, String> {
        let components = whole["components"].clone();
        let mut operations = Vec::new();
        for (path, methods) in whole["paths"].as_object().into_iter().flatten() {
            for (method, said) in methods.as_object().into_iter().flatten() {
                let operation = Operation::read(method, path, said, &components);
                operations.push(operation.map_err(|error| format!("{method} {path}: {error}"))?);
            }
        }
        // What is spelled out comes before what stands for anything.
        operations.sort_by_key(|operation| operation.path.iter().filter(|part| part.is_none()).count());
        Ok(Self { operations })
    }

    fn operation(&self, method: &str, path: &str) -> Option<&Operation> {
        let parts: Vec<&str> = path.trim_start_matches('/').split('/').collect();
        let fits = |operation: &&Operation| {
            operation.method.eq_ignore_ascii_case(method)
                && operation.path.len() == parts.len()
                && operation
                    .path
                    .iter()
                    .zip(&parts)
                    .all(|(said, part)| said.as_deref().is_none_or(|said| said == *part))
        };
        self.operations.iter().find(fits)
    }

    /// What is wrong with a request; empty if nothing is.
    pub fn objections(&self, asked: &Asked<'_>) -> Vec<String> {
        let Some(operation) = self.operation(asked.method, asked.uri.path()) else {
            return vec!["there is no such operation".to_owned()];
        };
        let mut found = operation.of_query(asked.uri);
        found.extend(operation.of_headers(asked.headers));
        found.extend(operation.of_body(asked));
        found
    }

    /// What is wrong with an answer.
    pub fn of_answer(&self, method: &str, path: &str, status: u16, body: &[u8]) -> Vec<String> {
        let schema = self.operation(method, path).and_then(|operation| operation.answers.get(&status));
        let Some(schema) = schema else { return Vec::new() };
        match serde_json::from_slice::<Value>(body) {
            Ok(body) => complaints(schema, &body),
            Err(_) => vec!["the answer is no JSON".to_owned()],
        }
    }
}

impl Deviation {
    fn amend(self, whole: &mut Value) {
        let content = |path: &str| format!("/paths/{}/post/requestBody/content", path.replace('/', "~1"));
        match self {
            Deviation::TextAndPictures => {
                let body = whole.pointer_mut(&format!("{}/application~1json/schema", content("/api/v1/statuses")));
                if let Some(body) = body.and_then(Value::as_object_mut)
                    && let Some(choices) = body.remove("oneOf")
                {
                    body.insert("anyOf".to_owned(), choices);
                }
            }
            Deviation::TokenForm => {
                for path in ["/oauth/token", "/oauth/revoke"] {
                    if let Some(types) = whole.pointer_mut(&content(path)).and_then(Value::as_object_mut) {
                        let json = types.get(JSON).cloned().unwrap_or_default();
                        types.insert(FORM.to_owned(), json);
                    }
                }
            }
            Deviation::KeyIsText => {
                let parameters = whole.pointer_mut("/paths/~1api~1v1~1statuses/post/parameters");
                for parameter in parameters.and_then(Value::as_array_mut).into_iter().flatten() {
                    if parameter["name"] == "Idempotency-Key" {
                        parameter["schema"] = json!({ "type": "string", "minLength": 1 });
                    }
                }
            }
            Deviation::RedirectAsText => {
                let path = format!("{}/application~1json/schema/properties/redirect_uris", content("/api/v1/apps"));
                if let Some(redirects) = whole.pointer_mut(&path) {
                    *redirects = json!({ "anyOf": [redirects.take(), { "type": "string", "format": "uri" }] });
                }
            }
        }
    }
}

const FORM: &str = "application/x-www-form-urlencoded";
const JSON: &str = "application/json";
const PARTS: &str = "multipart/form-data";

/// A schema of the description on its own feet: what it refers to comes along.
fn validator(schema: &Value, components: &Value, is_closed: bool) -> Result<Validator, String> {
    let mut whole = schema.as_object().cloned().unwrap_or_default();
    whole.insert("components".to_owned(), components.clone());
    if is_closed {
        // The description never says so, but a field that it does not know is a slip of ours.
        whole.insert("unevaluatedProperties".to_owned(), false.into());
    }
    let options = jsonschema::draft202012::options().should_validate_formats(true);
    options.build(&Value::Object(whole)).map_err(|error| error.to_string())
}

fn complaints(schema: &Validator, body: &Value) -> Vec<String> {
    schema.iter_errors(body).map(|error| format!("at `{}`: {error}", error.instance_path())).collect()
}

impl Operation {
    fn read(method: &str, path: &str, said: &Value, components: &Value) -> Result<Self, String> {
        let is_open = |part: &str| part.starts_with('{');
        let (mut query, mut headers) = (BTreeMap::new(), BTreeMap::new());
        for parameter in said["parameters"].as_array().into_iter().flatten() {
            let name = parameter["name"].as_str().unwrap_or_default().to_owned();
            let read = Parameter {
                required: parameter["required"] == true,
                kind: parameter["schema"]["type"].as_str().unwrap_or_default().to_owned(),
                has_commas: parameter["explode"] == false,
                schema: validator(&parameter["schema"], components, false)?,
            };
            match parameter["in"].as_str() {
                Some("query") => drop(query.insert(name, read)),
                Some("header") => drop(headers.insert(name.to_ascii_lowercase(), read)),
                _ => {}
            }
        }
        let mut bodies = BTreeMap::new();
        for (mime, body) in said["requestBody"]["content"].as_object().into_iter().flatten() {
            bodies.insert(mime.clone(), validator(&body["schema"], components, true)?);
        }
        let mut answers = BTreeMap::new();
        for (status, answer) in said["responses"].as_object().into_iter().flatten() {
            let schema = &answer["content"][JSON]["schema"];
            if let Ok(status) = status.parse()
                && schema.is_object()
            {
                answers.insert(status, validator(schema, components, false)?);
            }
        }
        Ok(Self {
            method: method.to_owned(),
            path: path.split('/').skip(1).map(|part| (!is_open(part)).then(|| part.to_owned())).collect(),
            query,
            headers,
            signed_in: said["security"].as_array().is_some_and(|ways| !ways.is_empty()),
            body: said.get("requestBody").map(|body| (body["required"] == true, bodies)),
            answers,
        })
    }

    fn of_query(&self, uri: &Uri) -> Vec<String> {
        let Ok(Query(pairs)) = Query::<Vec<(String, String)>>::try_from_uri(uri) else {
            return vec!["the query cannot be read".to_owned()];
        };
        let mut found = Vec::new();
        for (name, value) in &pairs {
            let Some(parameter) = self.query.get(name.trim_end_matches("[]")) else {
                found.push(format!("there is no parameter `{name}`"));
                continue;
            };
            let value = match parameter.kind.as_str() {
                "integer" | "number" | "boolean" => {
                    serde_json::from_str(value).unwrap_or_else(|_| value.as_str().into())
                }
                "array" if parameter.has_commas => json!(value.split(',').collect::<Vec<_>>()),
                "array" => json!([value]),
                _ => value.as_str().into(),
            };
            found.extend(complaints(&parameter.schema, &value).into_iter().map(|why| format!("`{name}` {why}")));
        }
        let is_missing = |name: &str| !pairs.iter().any(|(given, _)| given.trim_end_matches("[]") == name);
        let missing = self.query.iter().filter(|(name, parameter)| parameter.required && is_missing(name));
        found.extend(missing.map(|(name, _)| format!("the parameter `{name}` is missing")));
        found
    }

    fn of_headers(&self, headers: &HeaderMap) -> Vec<String> {
        let mut found = Vec::new();
        let bearer = headers.get("authorization").and_then(|value| value.to_str().ok()?.strip_prefix("Bearer "));
        if self.signed_in && bearer.is_none_or(str::is_empty) {
            found.push("no access token was sent".to_owned());
        }
        for (name, parameter) in &self.headers {
            match headers.get(name).and_then(|value| value.to_str().ok()) {
                Some(value) => found.extend(
                    complaints(&parameter.schema, &value.into()).into_iter().map(|why| format!("`{name}` {why}")),
                ),
                None if parameter.required => found.push(format!("the header `{name}` is missing")),
                None => {}
            }
        }
        found
    }

    fn of_body(&self, asked: &Asked<'_>) -> Vec<String> {
        match (&self.body, &asked.body) {
            (None, None) | (Some((false, _)), None) => Vec::new(),
            (None, Some(_)) => vec!["no body is expected".to_owned()],
            (Some((true, _)), None) => vec!["the body is missing".to_owned()],
            (Some((_, bodies)), Some(body)) => {
                let mime = mime(asked.headers);
                match bodies.get(&mime) {
                    Some(schema) => complaints(schema, body),
                    None => vec![format!("a body of the type `{mime}` is not described")],
                }
            }
        }
    }
}

fn mime(headers: &HeaderMap) -> String {
    let whole = headers.get("content-type").and_then(|value| value.to_str().ok()).unwrap_or_default();
    whole.split(';').next().unwrap_or_default().trim().to_ascii_lowercase()
}

/// The body as the description speaks of it. A file is described as text, whatever its bytes are.
async fn fields(headers: &HeaderMap, bytes: &Bytes) -> Option<Value> {
    if bytes.is_empty() {
        return None;
    }
    match mime(headers).as_str() {
        FORM => {
            let uri = format!("/?{}", String::from_utf8_lossy(bytes)).parse::<Uri>().ok()?;
            let Query(pairs) = Query::<BTreeMap<String, String>>::try_from_uri(&uri).ok()?;
            Some(json!(pairs))
        }
        PARTS => {
            let mut request = Request::new(Body::from(bytes.clone()));
            *request.headers_mut() = headers.clone();
            // What came is all here already.
            DefaultBodyLimit::disable().apply(&mut request);
            let mut form = Multipart::from_request(request, &()).await.ok()?;
            let mut fields = Map::new();
            while let Ok(Some(field)) = form.next_field().await {
                let name = field.name().unwrap_or_default().to_owned();
                let bytes = field.bytes().await.unwrap_or_default();
                let text = String::from_utf8_lossy(&bytes);
                // In a form all is text; X's number of a piece is described as what it means.
                let number = text.parse::<u32>().ok().filter(|_| name == "segment_index").map(Value::from);
                fields.insert(name, number.unwrap_or_else(|| text.as_ref().into()));
            }
            Some(fields.into())
        }
        _ => Some(serde_json::from_slice(bytes).unwrap_or(Value::Null)),
    }
}

/// Stands between every request and everything else; Graph and the Bot API have judges of their own.
pub async fn guard(State(world): State<Shared>, request: Request, next: Next) -> Response<Body> {
    if request.uri().path().starts_with("/xrpc/") {
        return next.run(request).await;
    }
    // The description was cut to what Mastodon's own interface is; this is anybody's (RFC 8414).
    if request.uri().path() == crate::mastodon::oauth::DOCUMENT {
        return next.run(request).await;
    }
    // The contract of a website is ours, and a foreign library judges it.
    if request.uri().path() == crate::website::ENDPOINT {
        return next.run(request).await;
    }
    if crate::telegram::method_of(request.uri().path()).is_some() {
        return telegram::guard(State(world), request, next).await;
    }
    if meta::is_graph(request.uri().path()) {
        return meta::guard(State(world), request, next).await;
    }
    if crate::tiktok::is_described(request.uri().path()) {
        return tiktok::guard(State(world), request, next).await;
    }
    if crate::tiktok::is_its(request.uri().path()) {
        return next.run(request).await;
    }
    if crate::tumblr::is_its(request.uri().path()) {
        if crate::tumblr::is_described(request.uri().path()) {
            return tumblr::guard(State(world), request, next).await;
        }
        return next.run(request).await;
    }
    if crate::youtube::is_described(request.method().as_str(), request.uri().path()) {
        return youtube::guard(State(world), request, next).await;
    }
    if crate::youtube::is_its(request.uri().path()) {
        return next.run(request).await;
    }
    if crate::linkedin::is_described(request.uri().path()) {
        return linkedin::guard(State(world), request, next).await;
    }
    if crate::linkedin::is_its(request.uri().path()) {
        return next.run(request).await;
    }
    // X's description says nothing of how one is let in.
    if crate::x::is_consent(request.uri().path()) {
        return next.run(request).await;
    }
    let is_of_x = crate::x::is_its(request.uri().path());
    let contract = if is_of_x { of_x() } else { contract() };
    let (head, body) = request.into_parts();
    let bytes = to_bytes(body, 20_000_000).await.unwrap_or_default();
    let (method, path) = (head.method.to_string(), head.uri.path().to_owned());
    let body = fields(&head.headers, &bytes).await;
    let asked = Asked { method: &method, uri: &head.uri, headers: &head.headers, body };
    let found = contract.objections(&asked);
    if !found.is_empty() {
        let message = format!("{} is not of the interface: {}", Call(&method, &path), found.join("; "));
        world.objections().push(message.clone().into());
        return if is_of_x { crate::x::invalid(&message) } else { error(400, &message) };
    }
    let answer = next.run(Request::from_parts(head, Body::from(bytes))).await;
    let (head, body) = answer.into_parts();
    let bytes = to_bytes(body, 20_000_000).await.unwrap_or_default();
    // A fault's answer is meant to be wrong.
    if head.extensions.get::<crate::faults::Rehearsed>().is_none() {
        let found = contract.of_answer(&method, &path, head.status.as_u16(), &bytes);
        let told = found.iter().map(|why| format!("our answer to {}: {why}", Call(&method, &path)).into());
        world.objections().extend(told);
    }
    Response::from_parts(head, Body::from(bytes))
}

struct Call<'a>(&'a str, &'a str);

impl fmt::Display for Call<'_> {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(to, "{} {}", self.0, self.1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What the engine sends, as it sends it.
    struct Sample {
        method: &'static str,
        uri: &'static str,
        headers: &'static [(&'static str, &'static str)],
        body: Option<Value>,
    }

    const TOKEN: (&str, &str) = ("authorization", "Bearer t");
    const AS_JSON: (&str, &str) = ("content-type", "application/json");
    const AS_FORM: (&str, &str) = ("content-type", FORM);

    fn objections(contract: &Contract, sample: &Sample) -> Vec<String> {
        let mut headers = HeaderMap::new();
        for (name, value) in sample.headers {
            headers.insert(*name, value.parse().unwrap());
        }
        let uri = sample.uri.parse().unwrap();
        contract.objections(&Asked { method: sample.method, uri: &uri, headers: &headers, body: sample.body.clone() })
    }

    fn status(body: Value) -> Sample {
        let headers = &[TOKEN, AS_JSON, ("idempotency-key", "act")];
        Sample { method: "POST", uri: "/api/v1/statuses", headers, body: Some(body) }
    }

    fn whole() -> Value {
        json!({ "status": "Hola", "media_ids": ["1"], "language": "es", "spoiler_text": "", "sensitive": false, "visibility": "public" })
    }

    fn token() -> Sample {
        let body = json!({
            "grant_type": "authorization_code", "code": "c", "client_id": "i", "client_secret": "s",
            "redirect_uri": "https://a.es/back", "code_verifier": "v", "scope": "read",
        });
        Sample { method: "POST", uri: "/oauth/token", headers: &[AS_FORM], body: Some(body) }
    }

    fn application(redirects: Value) -> Sample {
        let body =
            json!({ "client_name": "P", "redirect_uris": redirects, "scopes": "read", "website": "https://a.es" });
        Sample { method: "POST", uri: "/api/v1/apps", headers: &[AS_JSON], body: Some(body) }
    }

    #[test]
    fn what_we_send_is_of_the_interface() {
        let list = "/api/v1/accounts/1/statuses?limit=40&exclude_reblogs=true";
        let reading = |uri| Sample { method: "GET", uri, headers: &[TOKEN], body: None };
        let samples = [
            status(whole()),
            token(),
            application(json!(["https://a.es/back"])),
            reading(list),
            reading("/api/v1/accounts/verify_credentials"),
            reading("/api/v2/instance"),
            Sample { method: "DELETE", uri: "/api/v1/statuses/1", headers: &[TOKEN], body: None },
        ];
        for sample in samples {
            assert_eq!(objections(contract(), &sample), Vec::<String>::new(), "{} {}", sample.method, sample.uri);
        }
    }

    #[test]
    fn a_request_that_is_not_of_the_interface_is_caught() {
        let without = |name: &str| {
            let mut body = whole();
            body.as_object_mut().unwrap().remove(name);
            body
        };
        let with = |name: &str, value: Value| {
            let mut body = whole();
            body[name] = value;
            body
        };
        let mut nothing = without("status");
        nothing.as_object_mut().unwrap().remove("media_ids");
        let wrong = [
            ("neither text nor pictures", status(nothing)),
            ("a number for a text", status(with("status", json!(3)))),
            ("an identity that is a number", status(with("media_ids", json!([1])))),
            ("a visibility that does not exist", status(with("visibility", json!("everybody")))),
            ("a field that does not exist", status(with("spoiler", json!("x")))),
            ("a text for yes or no", status(with("sensitive", json!("false")))),
            ("no token", Sample { headers: &[AS_JSON, ("idempotency-key", "act")], ..status(whole()) }),
            ("a form where JSON is described", Sample { headers: &[TOKEN, AS_FORM], ..status(whole()) }),
            ("no body", Sample { body: None, ..status(whole()) }),
            ("a method that is not there", Sample { method: "PATCH", ..status(whole()) }),
            ("a path that is not there", Sample { uri: "/api/v1/status", ..status(whole()) }),
            ("a parameter that is not there", Sample { uri: "/api/v1/statuses?visible=1", ..status(whole()) }),
            ("an address that is none", application(json!(["back"]))),
            ("no code", Sample { body: Some(json!({ "grant_type": "authorization_code" })), ..token() }),
            (
                "words for a number",
                Sample { method: "GET", uri: "/api/v1/accounts/1/statuses?limit=many", headers: &[TOKEN], body: None },
            ),
            (
                "a required parameter is missing",
                Sample { method: "GET", uri: "/oauth/authorize?client_id=1", headers: &[], body: None },
            ),
        ];
        let passed: Vec<&str> = wrong
            .iter()
            .filter(|(_, sample)| objections(contract(), sample).is_empty())
            .map(|(what, _)| *what)
            .collect();
        assert_eq!(passed, Vec::<&str>::new());
    }

    #[test]
    fn every_deviation_is_needed() {
        let needs = [
            (Deviation::TextAndPictures, status(whole())),
            (Deviation::TokenForm, token()),
            (Deviation::KeyIsText, status(whole())),
            (Deviation::RedirectAsText, application(json!("https://a.es/back"))),
        ];
        for (deviation, sample) in needs {
            let others: Vec<Deviation> =
                DEVIATIONS.map(|(one, _)| one).into_iter().filter(|one| *one != deviation).collect();
            assert_eq!(objections(contract(), &sample), Vec::<String>::new());
            assert!(!objections(&Contract::read(&others).unwrap(), &sample).is_empty(), "{deviation:?} is not needed");
        }
    }
}
