//! Graph's nodes as Meta describes them itself, held against every call that comes to the sandbox and every answer that it
//! gives: the names and types of parameters, the names and types of fields.
//!
//! What the description does not have is let through one by one, each with where it stands instead (`BESIDE`); consent
//! and tokens are no nodes, and go by Meta's guides alone (`GUIDES`).

use std::{collections::BTreeMap, sync::LazyLock};

use axum::{
    body::{Body, to_bytes},
    extract::{Request, State},
    http::Response,
    middleware::Next,
};
use serde::Deserialize;
use serde_json::Value;

use crate::{
    Shared,
    facebook::{Asked, VERSION, fields, refuse},
};

/// The operations that we call; see `tests/networks/contract/README.md`.
const DESCRIPTION: &str = include_str!("../../contract/meta.json");

/// Parameters that may go with any call: Meta's guides to Graph (fields, paging, secure calls) of 2026-09-11.
const ANYWHERE: [&str; 5] = ["fields", "appsecret_proof", "limit", "since", "summary"];

/// What a node's description leaves out: node, operation (or `fields`), name, type, and where it stands instead.
const BESIDE: [(&str, &str, &str, &str, &str); 5] = [
    ("Page", "POST photos", "source", "file", "Meta's guide to pages' photos: the file itself, as a part of a form"),
    ("Page", "fields", "tasks", "list<string>", "Meta's guide to pages: of `/me/accounts`"),
    (
        "AdVideo",
        "fields",
        "video_id",
        "string",
        "Meta's guide to reels of pages, 2026-07-30: what beginning one answers",
    ),
    ("AdVideo", "fields", "upload_url", "string", "the same"),
    ("PagePost", "fields", "attachments", "list", "the description has it as an edge; Graph expands edges as fields"),
];

/// What is no node: method, path, parameters. Meta's guides to Facebook Login and to access tokens, of 2026-09-11.
const GUIDES: [(&str, &str, &[&str]); 6] = [
    ("GET", "dialog/oauth", &["client_id", "redirect_uri", "state", "scope", "config_id", "response_type"]),
    (
        "POST",
        "oauth/access_token",
        &["client_id", "client_secret", "redirect_uri", "code", "grant_type", "fb_exchange_token"],
    ),
    ("GET", "debug_token", &["input_token"]),
    ("GET", "me/permissions", &[]),
    ("GET", "PagePost/attachments", &[]),
    // Meta's reference of IG Container (2026-09-11); its descriptions have no such node.
    ("GET", "IGContainer/", &[]),
];

#[derive(Debug, Deserialize)]
struct Node {
    fields: BTreeMap<String, String>,
    operations: BTreeMap<String, Operation>,
}

#[derive(Debug, Deserialize)]
struct Operation {
    returns: String,
    params: BTreeMap<String, String>,
}

/// The nodes by name, with what stands beside their description.
fn nodes() -> &'static BTreeMap<String, Node> {
    static NODES: LazyLock<BTreeMap<String, Node>> = LazyLock::new(|| read(&BESIDE));
    &NODES
}

fn read(beside: &[(&str, &str, &str, &str, &str)]) -> BTreeMap<String, Node> {
    let mut nodes: BTreeMap<String, Node> = serde_json::from_str(DESCRIPTION).unwrap_or_else(|why| panic!("{why}"));
    for (node, place, name, kind, _) in beside {
        let Some(node) = nodes.get_mut(*node) else { continue };
        let names = match *place {
            "fields" => &mut node.fields,
            operation => match node.operations.get_mut(operation) {
                Some(operation) => &mut operation.params,
                None => continue,
            },
        };
        names.insert((*name).to_owned(), (*kind).to_owned());
    }
    nodes
}

/// A call, as far as it can be judged.
struct Call<'a> {
    method: &'a str,
    /// Behind the version.
    path: &'a str,
    parameters: &'a BTreeMap<String, String>,
    /// What the part with a file is called, if there is one.
    file: Option<&'a str>,
}

/// Which node an identity is of. Here a post's names its page, a picture's begins with a 2, and a video's with a 4,
/// or with a 7 where it becomes a story; of Instagram, an account's
/// with 17841, a container's with 179, a post's with 180.
fn kind(id: &str) -> &'static str {
    match id {
        _ if id.starts_with("17841") => "IGUser",
        _ if id.starts_with("179") => "IGContainer",
        _ if id.starts_with("180") => "IGMedia",
        _ if id.contains('_') => "PagePost",
        _ if id.starts_with('2') => "Photo",
        _ if id.starts_with(['4', '7']) => "AdVideo",
        _ => "Page",
    }
}

/// Whether a value is of a type of the description. Types that we never send are taken as they are.
fn fits(kind: &str, value: &Value) -> bool {
    let text = value.as_str();
    match kind {
        "string" | "datetime" => text.is_some(),
        "bool" => value.is_boolean() || matches!(text, Some("true" | "false" | "1" | "0")),
        "unsigned int" | "int" => value.is_u64() || text.is_some_and(|text| text.parse::<u64>().is_ok()),
        kind if kind.starts_with("list") => {
            let told = text.and_then(|text| serde_json::from_str::<Value>(text).ok());
            told.as_ref().or(Some(value)).is_some_and(|value| value.is_array() || value.is_object())
        }
        _ => true,
    }
}

impl Call<'_> {
    /// What is wrong with it.
    fn objections(&self, nodes: &BTreeMap<String, Node>) -> Vec<String> {
        let names = match self.guide() {
            Some(known) => known.iter().map(|name| ((*name).to_owned(), "string".to_owned())).collect(),
            None => match self.operation(nodes) {
                Some(operation) => operation.params.clone(),
                None if (self.method, self.path) == ("GET", "me/accounts") => BTreeMap::new(),
                None => return vec!["there is no such operation".to_owned()],
            },
        };
        let mut found = Vec::new();
        for (name, value) in self.parameters {
            let name = name.split('[').next().unwrap_or_default();
            match names.get(name) {
                Some(kind) if fits(kind, &value.as_str().into()) => {}
                Some(kind) => found.push(format!("`{name}` is no {kind}: {value}")),
                None if ANYWHERE.contains(&name) => {}
                None => found.push(format!("there is no parameter `{name}`")),
            }
        }
        if self.file.is_some_and(|name| names.get(name).is_none_or(|kind| kind != "file")) {
            found.push("no file is expected".to_owned());
        }
        let asked = fields(self.parameters.get("fields").map(String::as_str).unwrap_or_default());
        if let Some(node) = nodes.get(self.returns(nodes)) {
            let unknown = asked.iter().filter(|field| !node.fields.contains_key(*field));
            found.extend(unknown.map(|field| format!("there is no field `{field}`")));
        }
        found
    }

    /// The parameters of what is no node.
    fn guide(&self) -> Option<&'static [&'static str]> {
        let (first, edge) = self.path.split_once('/').unwrap_or((self.path, ""));
        let on_node = format!("{}/{edge}", kind(first));
        let is_it = |known: &str| known == self.path || known == on_node;
        GUIDES.iter().find(|(method, known, _)| *method == self.method && is_it(known)).map(|(.., known)| *known)
    }

    fn operation<'n>(&self, nodes: &'n BTreeMap<String, Node>) -> Option<&'n Operation> {
        let (node, edge) = self.path.split_once('/').unwrap_or((self.path, ""));
        nodes.get(kind(node))?.operations.get(format!("{} {edge}", self.method).trim())
    }

    /// The node that an answer is of, or a list of.
    fn returns<'n>(&self, nodes: &'n BTreeMap<String, Node>) -> &'n str {
        match self.operation(nodes) {
            _ if self.guide().is_some() => "",
            Some(operation) => &operation.returns,
            None if self.path == "me/accounts" => "Page",
            None => "",
        }
    }

    /// What is wrong with an answer that is a success.
    fn of_answer(&self, nodes: &BTreeMap<String, Node>, answer: &Value) -> Vec<String> {
        let Some(node) = nodes.get(self.returns(nodes)) else { return Vec::new() };
        let one = |whole: &Value| {
            let fields = whole.as_object().into_iter().flatten();
            let wrong = fields.filter(|(name, value)| match node.fields.get(*name) {
                Some(kind) => !fits(kind, value),
                // Writing answers whether it succeeded; a published picture also names its post.
                None => !(self.method == "POST" && matches!(name.as_str(), "success" | "post_id")),
            });
            wrong.map(|(name, value)| format!("`{name}` is not described so: {value}")).collect::<Vec<_>>()
        };
        match answer["data"].as_array() {
            Some(list) => list.iter().flat_map(one).collect(),
            None => one(answer),
        }
    }
}

/// Stands between every call to Graph and everything else.
pub async fn guard(State(world): State<Shared>, request: Request, next: Next) -> Response<Body> {
    let (head, body) = request.into_parts();
    let bytes = to_bytes(body, 20_000_000).await.unwrap_or_default();
    let (method, path) = (head.method.to_string(), head.uri.path().to_owned());
    let asked = Asked::read(&head.uri, &head.headers, &bytes).await;
    // Meta's own client puts a slash behind.
    let behind = path.strip_prefix(&format!("/{VERSION}/")).map(|behind| behind.trim_end_matches('/'));
    let call = Call {
        method: &method,
        path: behind.unwrap_or_default(),
        parameters: &asked.parameters,
        file: asked.file.as_ref().map(|_| asked.part.0.as_str()),
    };
    let found = match behind {
        Some(_) => call.objections(nodes()),
        None => vec!["another version is described".to_owned()],
    };
    if !found.is_empty() {
        let message = format!("{method} {path} is not of the interface: {}", found.join("; "));
        world.objections().push(message.clone().into());
        return refuse(400, 100, None, &message);
    }
    let answer = next.run(Request::from_parts(head, Body::from(bytes))).await;
    let (head, body) = answer.into_parts();
    let bytes = to_bytes(body, 20_000_000).await.unwrap_or_default();
    if head.status.is_success() && head.extensions.get::<crate::faults::Rehearsed>().is_none() {
        let answer = serde_json::from_slice(&bytes).unwrap_or_default();
        let found = call.of_answer(nodes(), &answer);
        let told = found.iter().map(|why| format!("our answer to {method} {path}: {why}").into());
        world.objections().extend(told);
    }
    Response::from_parts(head, Body::from(bytes))
}

/// Whether a path is one of Graph's: all of them begin with a version.
pub fn is_graph(path: &str) -> bool {
    let version = path.trim_start_matches('/').split('/').next().unwrap_or_default();
    version.strip_prefix('v').is_some_and(|number| number.ends_with(".0") && number.trim_end_matches(".0") != number)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn objections(method: &str, path: &str, parameters: &[(&str, &str)], file: bool) -> Vec<String> {
        judged(nodes(), method, path, parameters, file)
    }

    #[test]
    fn a_file_is_taken_under_the_name_that_is_described() {
        let none = BTreeMap::new();
        let said =
            |name| Call { method: "POST", path: "4/captions", parameters: &none, file: Some(name) }.objections(nodes());
        assert_eq!(said("captions_file"), Vec::<String>::new());
        assert!(!said("source").is_empty());
    }

    fn judged(
        nodes: &BTreeMap<String, Node>,
        method: &str,
        path: &str,
        parameters: &[(&str, &str)],
        file: bool,
    ) -> Vec<String> {
        let parameters = parameters.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        Call { method, path, parameters: &parameters, file: file.then_some("source") }.objections(nodes)
    }

    const PHOTO: (&str, &str) = ("published", "false");

    #[test]
    fn what_we_send_is_described() {
        let text = [("message", "Hola"), ("link", "https://a.es"), ("appsecret_proof", "00")];
        let attached = [("message", "Hola"), ("attached_media[0]", r#"{"media_fbid":"2"}"#)];
        let fields =
            [("fields", "id,message,created_time,permalink_url,application"), ("since", "1"), ("limit", "100")];
        for (method, path, parameters, file) in [
            ("POST", "1/feed", &text[..], false),
            ("POST", "1/feed", &attached[..], false),
            ("POST", "1/photos", &[PHOTO, ("alt_text_custom", "La plaza.")][..], true),
            ("GET", "1/published_posts", &fields[..], false),
            ("GET", "1", &[("fields", "id,name,username,link")][..], false),
            ("GET", "1_2", &[("fields", "id,permalink_url,message")][..], false),
            ("POST", "1_2", &[("message", "Hola")][..], false),
            ("DELETE", "1_2", &[][..], false),
            ("GET", "me/accounts", &[("fields", "id,name,access_token,tasks"), ("limit", "100")][..], false),
            ("GET", "debug_token", &[("input_token", "t")][..], false),
            ("GET", "me/accounts", &[("fields", "id,tasks,instagram_business_account{id,name,username}")][..], false),
            (
                "POST",
                "17841/media",
                &[("image_url", "https://a.es/m/x"), ("caption", "Hola"), ("alt_text", "a")][..],
                false,
            ),
            ("POST", "17841/media", &[("media_type", "CAROUSEL"), ("children", r#"["1","2"]"#)][..], false),
            ("GET", "1791", &[("fields", "status_code,status")][..], false),
            ("POST", "17841/media_publish", &[("creation_id", "1791")][..], false),
            ("GET", "17841/content_publishing_limit", &[("fields", "quota_usage,config")][..], false),
            ("GET", "17841/media", &[("fields", "id,caption,timestamp,permalink"), ("since", "1")][..], false),
            ("DELETE", "1801", &[][..], false),
            (
                "POST",
                "17841/media",
                &[("media_type", "REELS"), ("video_url", "https://a.es/m/x"), ("share_to_feed", "true")][..],
                false,
            ),
            (
                "POST",
                "17841/media",
                &[("media_type", "REELS"), ("video_url", "https://a.es/m/x"), ("cover_url", "https://a.es/m/y")][..],
                false,
            ),
            ("POST", "4/thumbnails", &[("is_preferred", "true")][..], true),
            ("POST", "4/captions", &[("locales_to_delete", "[\"es_ES\"]")][..], false),
            ("GET", "4/captions", &[("fields", "locale,uri")][..], false),
            ("POST", "1/videos", &[("file_url", "https://a.es/m/x"), ("description", "Hola"), PHOTO][..], false),
            ("GET", "4", &[("fields", "id,published,status,permalink_url,description")][..], false),
            ("POST", "4", &[("published", "true")][..], false),
            ("POST", "4", &[("description", "Hola")][..], false),
            ("DELETE", "4", &[][..], false),
            ("POST", "1_2/comments", &[("message", "Hola"), ("fields", "id,permalink_url")][..], false),
            (
                "GET",
                "4/comments",
                &[("fields", "id,message,created_time,permalink_url,from"), ("filter", "toplevel")][..],
                false,
            ),
            ("POST", "1801/comments", &[("message", "Hola")][..], false),
            ("GET", "1801/comments", &[("fields", "id,text,timestamp,username,user"), ("limit", "50")][..], false),
            ("GET", "1801/collaborators", &[][..], false),
            ("POST", "1/photo_stories", &[("photo_id", "2")][..], false),
            ("POST", "1/video_stories", &[("upload_phase", "start")][..], false),
            (
                "POST",
                "1/video_stories",
                &[("upload_phase", "finish"), ("video_id", "7"), ("video_state", "PUBLISHED")][..],
                false,
            ),
            ("GET", "1/stories", &[("fields", "post_id,media_id,url"), ("since", "1")][..], false),
            ("GET", "7", &[("fields", "id,status")][..], false),
            ("POST", "1/video_reels", &[("upload_phase", "start")][..], false),
            (
                "POST",
                "1/video_reels",
                &[("upload_phase", "finish"), ("video_id", "4"), ("video_state", "PUBLISHED"), ("description", "a")][..],
                false,
            ),
            ("GET", "1/video_reels", &[("fields", "id,created_time"), ("since", "1"), ("limit", "100")][..], false),
            ("POST", "17841/media", &[("media_type", "STORIES"), ("image_url", "https://a.es/m/x")][..], false),
            ("POST", "17841/media", &[("image_url", "https://a.es/m/x"), ("collaborators", r#"["una"]"#)][..], false),
            ("GET", "17841/stories", &[("fields", "id,caption,timestamp,permalink")][..], false),
        ] {
            assert_eq!(objections(method, path, parameters, file), Vec::<String>::new(), "{method} {path}");
        }
    }

    #[test]
    fn what_is_not_described_is_caught() {
        for (what, method, path, parameters, file) in [
            ("a parameter that is not there", "POST", "1/feed", &[("text", "Hola")][..], false),
            ("words for yes or no", "POST", "1/photos", &[("published", "later")][..], true),
            ("words for a list", "POST", "1/feed", &[("attached_media[0]", "2")][..], false),
            ("a file where none is taken", "POST", "1/feed", &[("message", "Hola")][..], true),
            ("a field that is not there", "GET", "1_2", &[("fields", "id,text")][..], false),
            ("an edge that is not there", "POST", "1/posts", &[("message", "Hola")][..], false),
            ("a method that is not there", "DELETE", "1/feed", &[][..], false),
            ("a picture for a container by another name", "POST", "17841/media", &[("url", "https://a.es")][..], false),
            ("words for a list of children", "POST", "17841/media", &[("children", "1,2")][..], false),
            ("no number for a container", "POST", "17841/media_publish", &[("creation_id", "x")][..], false),
            ("an edit of what is published", "POST", "1801", &[("caption", "Hola")][..], false),
            ("a video by another name", "POST", "1/videos", &[("video_url", "https://a.es")][..], false),
            ("words for whether a video is seen", "POST", "4", &[("published", "now")][..], false),
            ("words for a list of guests", "POST", "17841/media", &[("collaborators", "una,otra")][..], false),
            ("a comment by another name", "POST", "1_2/comments", &[("words", "Hola")][..], false),
            ("a reel by an address", "POST", "1/video_reels", &[("file_url", "https://a.es/m/x")][..], false),
            ("a story by another name", "POST", "1/photo_stories", &[("media_fbid", "2")][..], false),
            ("a parameter of no guide", "GET", "debug_token", &[("token", "t")][..], false),
        ] {
            assert!(!objections(method, path, parameters, file).is_empty(), "{what}");
        }
    }

    #[test]
    fn an_answer_that_is_not_described_is_caught() {
        let parameters = BTreeMap::new();
        let call = |method, path| Call { method, path, parameters: &parameters, file: None };
        let said = |call: Call<'_>, answer: Value| call.of_answer(nodes(), &answer).len();
        assert_eq!(said(call("GET", "1_2"), json!({ "id": "1_2", "is_published": true })), 0);
        assert_eq!(said(call("POST", "1/feed"), json!({ "id": "1_2" })), 0);
        assert_eq!(said(call("POST", "1_2"), json!({ "success": true })), 0);
        assert_eq!(said(call("GET", "1_2"), json!({ "id": 12 })), 1, "a number for a text");
        assert_eq!(said(call("GET", "1_2"), json!({ "id": "1_2", "text": "x" })), 1, "a field that is not there");
        assert_eq!(said(call("GET", "1/published_posts"), json!({ "data": [{ "message": 1 }] })), 1);
    }

    #[test]
    fn all_that_stands_beside_the_description_is_needed() {
        let needs = [
            ("source", "POST", "1/photos", &[PHOTO][..], true),
            ("tasks", "GET", "me/accounts", &[("fields", "tasks")][..], false),
            ("attachments", "GET", "1_2", &[("fields", "attachments{type}")][..], false),
        ];
        let without = |name: &str| {
            let others: Vec<_> = BESIDE.into_iter().filter(|(.., one, _, _)| *one != name).collect();
            read(&others)
        };
        for (name, method, path, parameters, file) in needs {
            assert!(objections(method, path, parameters, file).is_empty(), "{name}");
            assert!(!judged(&without(name), method, path, parameters, file).is_empty(), "{name} is not needed");
        }
        let none = BTreeMap::new();
        let begun = json!({ "video_id": "4", "upload_url": "https://a.es" });
        let call = || Call { method: "POST", path: "1/video_reels", parameters: &none, file: None };
        assert_eq!(call().of_answer(nodes(), &begun), Vec::<String>::new());
        for name in ["video_id", "upload_url"] {
            assert_eq!(call().of_answer(&without(name), &begun).len(), 1, "{name} is not needed");
        }
    }
}
