//! LinkedIn's interface as somebody else described it, with what that leaves out or gets wrong. Separate because its
//! deviations are many, and of another kind than Mastodon's: the description was read off examples, one a page.

use std::sync::LazyLock;

use axum::{
    body::{Body, to_bytes},
    extract::{Request, State},
    http::Response,
    middleware::Next,
};
use serde_json::{Map, Value, json};

use super::{Asked, Call, Contract, FORM, fields};
use crate::Shared;

/// The operations that we call; see `tests/networks/contract/README.md`.
const DESCRIPTION: &str = include_str!("../../contract/linkedin.json");

/// What the description gets wrong, or leaves out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Deviation {
    /// A post is changed under its one name.
    OneName,
    /// The posts of an author are found.
    PostsOfAnAuthor,
    /// The pages of a person are found.
    PagesOfAPerson,
    /// Pages are read by who administers them.
    Pages,
    /// A page is found by what its address ends in.
    PageByAddress,
    /// Pictures, several pictures and cards hang below a text.
    Content,
    /// Documents go up as pictures do.
    Documents,
    /// A code and what renews an access are exchanged.
    Grants,
    /// A video is announced, told to be all there, and looked at.
    Videos,
}

/// Every one of them, with its reason.
pub const DEVIATIONS: [(Deviation, &str); 9] = [
    (
        Deviation::OneName,
        "A change is described at `/posts/{shared ID}/{ugcPosts ID}`: two variables of which a caller fills in one. Reading and \
         taking down have one, and LinkedIn's guide to posts has `/rest/posts/{name}` for all three.",
    ),
    (
        Deviation::PostsOfAnAuthor,
        "Of the list only `ids` is described; the finder by author (`q`, `author`, `count`) stands at `/rest/dmaPosts`, which answers \
         the same posts under another permission. `sortBy` is LinkedIn's guide's.",
    ),
    (
        Deviation::PagesOfAPerson,
        "Only the finder by organisation is described. The one by person has `q=roleAssignee`, `state`, `role` and `count` in \
         LinkedIn's guide to access control.",
    ),
    (
        Deviation::Pages,
        "Organisations are described at `/rest/dmaOrganizations`, for whoever takes data out; who administers them reads the \
         same at `/rest/organizations`.",
    ),
    (
        Deviation::PageByAddress,
        "Organisations are described by their numbers alone. The finder by what a page's address ends in has `q=vanityName` and \
         `vanityName` in LinkedIn's guide (Organization Lookup).",
    ),
    (
        Deviation::Content,
        "The one example of a post has a document. `altText`, `multiImage` and `article` are LinkedIn's guides'.",
    ),
    (
        Deviation::Documents,
        "A post with a document is described, and not how one goes up: LinkedIn's guide to documents has the calls of pictures at \
         `/rest/documents`, with `document` for `image` in the answer.",
    ),
    (
        Deviation::Grants,
        "Only the grant of an app alone is described; a person's code, and what renews an access, are exchanged at the same place \
         (RFC 6749, 4.1.3 and 6). The list of fields is closed here.",
    ),
    (
        Deviation::Videos,
        "Of videos the announcement alone is described, by an example with remarks in it, which is no JSON; a video is read at the \
         path of a picture there. `finalizeUpload` and `/rest/videos/{name}` are LinkedIn's guide's (Videos API).",
    ),
];

fn contract() -> &'static Contract {
    static CONTRACT: LazyLock<Contract> =
        LazyLock::new(|| read(&DEVIATIONS.map(|(deviation, _)| deviation)).unwrap_or_else(|why| panic!("{why}")));
    &CONTRACT
}

/// Reads the description, with some deviations.
///
/// # Errors
/// When it is no description.
pub fn read(deviations: &[Deviation]) -> Result<Contract, String> {
    let mut whole: Value = serde_json::from_str(DESCRIPTION).map_err(|error| error.to_string())?;
    deviations.iter().for_each(|deviation| deviation.amend(&mut whole));
    Contract::of(&whole)
}

fn query(name: &str, kind: &str) -> Value {
    json!({ "name": name, "in": "query", "schema": { "type": kind } })
}

fn object(fields: &[(&str, Value)]) -> Value {
    let fields: Map<String, Value> = fields.iter().map(|(name, schema)| ((*name).to_owned(), schema.clone())).collect();
    json!({ "type": "object", "properties": fields, "additionalProperties": false })
}

impl Deviation {
    fn amend(self, whole: &mut Value) {
        let text = json!({ "type": "string" });
        let paths = &mut whole["paths"];
        match self {
            Deviation::OneName => {
                let change = paths["/rest/posts/{shared ID}/{ugcPosts ID}"]["post"].take();
                paths["/rest/posts/{post}"]["post"] = change;
                paths.as_object_mut().map(|paths| paths.remove("/rest/posts/{shared ID}/{ugcPosts ID}"));
            }
            Deviation::PostsOfAnAuthor => {
                let answers = paths["/rest/dmaPosts"]["get"]["responses"].clone();
                let list = &mut paths["/rest/posts"]["get"];
                list["responses"] = answers;
                if let Some(list) = list["parameters"].as_array_mut() {
                    list.extend(["q", "author", "sortBy"].map(|name| query(name, "string")));
                    list.extend(["count", "start"].map(|name| query(name, "integer")));
                }
            }
            Deviation::PagesOfAPerson => {
                if let Some(list) = paths["/rest/organizationAcls"]["get"]["parameters"].as_array_mut() {
                    list.extend(["state", "role"].map(|name| query(name, "string")));
                    list.extend(["count", "start"].map(|name| query(name, "integer")));
                }
            }
            Deviation::Pages => {
                for end in ["", "/{organizationId}"] {
                    let described = paths[&format!("/rest/dmaOrganizations{end}")].take();
                    paths[&format!("/rest/organizations{end}")] = described;
                    paths.as_object_mut().map(|paths| paths.remove(&format!("/rest/dmaOrganizations{end}")));
                }
            }
            Deviation::PageByAddress => {
                let list = paths.pointer_mut("/~1rest~1organizations/get/parameters");
                if let Some(list) = list.and_then(Value::as_array_mut) {
                    list.iter_mut().filter(|one| one["name"] == "ids").for_each(|one| one["required"] = false.into());
                    list.extend(["q", "vanityName"].map(|name| query(name, "string")));
                }
            }
            Deviation::Content => {
                let picture = object(&[("id", text.clone()), ("altText", text.clone())]);
                let several = json!({ "type": "array", "items": picture, "minItems": 2, "maxItems": 20 });
                let card = object(&["source", "title", "description", "thumbnail"].map(|name| (name, text.clone())));
                let post = &mut whole["components"]["schemas"]["CreateDocumentContentRequest"];
                let content = &mut post["properties"]["content"]["properties"];
                content["media"]["properties"]["altText"] = text;
                content["multiImage"] = object(&[("images", several)]);
                content["article"] = card;
            }
            Deviation::Videos => {
                let mut announce = paths["/rest/images"]["post"].clone();
                let one = paths["/rest/images/{image_urn}"].clone();
                let flag = || json!({ "type": "boolean" });
                let begin = object(&[
                    ("owner", text.clone()),
                    ("fileSizeBytes", json!({ "type": "integer", "minimum": 1 })),
                    ("uploadCaptions", flag()),
                    ("uploadThumbnail", flag()),
                ]);
                let tags = json!({ "type": "array", "items": text, "minItems": 1 });
                let end = object(&[("video", text.clone()), ("uploadToken", text.clone()), ("uploadedPartIds", tags)]);
                let either = [("initializeUploadRequest", begin), ("finalizeUploadRequest", end)];
                let either = either.map(|(name, schema)| {
                    let mut whole = object(&[(name, schema)]);
                    whole["required"] = json!([name]);
                    whole
                });
                announce["requestBody"]["content"]["application/json"]["schema"] = json!({ "oneOf": either });
                paths["/rest/videos"]["post"] = announce;
                paths["/rest/videos/{video}"] = one;
            }
            Deviation::Documents => {
                paths["/rest/documents"]["post"] = paths["/rest/images"]["post"].clone();
                let mut one = paths["/rest/images/{image_urn}"]["get"].clone();
                if let Some(named) = one["parameters"].as_array_mut() {
                    named
                        .iter_mut()
                        .filter(|one| one["in"] == "path")
                        .for_each(|one| one["name"] = "document_urn".into());
                }
                paths["/rest/documents/{document_urn}"]["get"] = one;
            }
            Deviation::Grants => {
                let pattern = |kind: &str, more: &[&str]| {
                    let names = ["grant_type", "client_id", "client_secret"].iter().chain(more);
                    let mut schema = object(&names.clone().map(|name| (*name, text.clone())).collect::<Vec<_>>());
                    schema["properties"]["grant_type"] = json!({ "const": kind });
                    schema["required"] = names.copied().collect::<Vec<_>>().into();
                    schema
                };
                let code = pattern("authorization_code", &["code", "redirect_uri"]);
                let next = pattern("refresh_token", &["refresh_token"]);
                let body = &mut paths["/oauth/v2/accessToken"]["post"]["requestBody"]["content"][FORM];
                body["schema"] = json!({ "oneOf": [code, next] });
            }
        }
    }
}

/// Stands between every request and everything else.
pub async fn guard(State(world): State<Shared>, request: Request, next: Next) -> Response<Body> {
    let (head, body) = request.into_parts();
    let bytes = to_bytes(body, 20_000_000).await.unwrap_or_default();
    let (method, path) = (head.method.to_string(), head.uri.path().to_owned());
    let body = fields(&head.headers, &bytes).await;
    let found = contract().objections(&Asked { method: &method, uri: &head.uri, headers: &head.headers, body });
    if !found.is_empty() {
        let message = format!("{} is not of the interface: {}", Call(&method, &path), found.join("; "));
        world.objections().push(message.clone().into());
        return crate::linkedin::refuse(400, "ILLEGAL_ARGUMENT", &message);
    }
    let answer = next.run(Request::from_parts(head, Body::from(bytes))).await;
    let (head, body) = answer.into_parts();
    let bytes = to_bytes(body, 20_000_000).await.unwrap_or_default();
    // A fault's answer is meant to be wrong.
    if head.extensions.get::<crate::faults::Rehearsed>().is_none() {
        let found = contract().of_answer(&method, &path, head.status.as_u16(), &bytes);
        let told = found.iter().map(|why| format!("our answer to {}: {why}", Call(&method, &path)).into());
        world.objections().extend(told);
    }
    Response::from_parts(head, Body::from(bytes))
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderMap;

    use super::*;

    fn said(contract: &Contract, method: &str, uri: &str, body: Option<Value>) -> Vec<String> {
        let mut headers = HeaderMap::new();
        let mime = if uri.starts_with("/oauth/") { FORM } else { "application/json" };
        headers.insert("content-type", mime.parse().unwrap());
        contract.objections(&Asked { method, uri: &uri.parse().unwrap(), headers: &headers, body })
    }

    fn post(content: Value) -> Option<Value> {
        Some(json!({
            "author": "urn:li:organization:1", "commentary": "Hola", "visibility": "PUBLIC",
            "distribution": { "feedDistribution": "MAIN_FEED", "targetEntities": [], "thirdPartyDistributionChannels": [] },
            "content": content, "lifecycleState": "PUBLISHED", "isReshareDisabledByAuthor": false,
        }))
    }

    const POST: &str = "/rest/posts/urn%3Ali%3Ashare%3A1";

    /// What the engine sends, as it sends it, and which deviation it needs.
    fn samples() -> Vec<(Option<Deviation>, &'static str, &'static str, Option<Value>)> {
        let picture = json!({ "id": "urn:li:image:a", "altText": "La plaza" });
        let change = json!({ "patch": { "$set": { "commentary": "Hoy" } } });
        let owner = json!({ "initializeUploadRequest": { "owner": "urn:li:organization:1" } });
        let code = json!({ "grant_type": "authorization_code", "code": "c", "redirect_uri": "https://a.es/b",
            "client_id": "i", "client_secret": "s" });
        let next =
            json!({ "grant_type": "refresh_token", "refresh_token": "r", "client_id": "i", "client_secret": "s" });
        let content = Some(Deviation::Content);
        let begin = json!({ "initializeUploadRequest": { "owner": "urn:li:organization:1", "fileSizeBytes": 76_800,
            "uploadCaptions": false, "uploadThumbnail": false } });
        let end = json!({ "finalizeUploadRequest": { "video": "urn:li:video:a", "uploadToken": "", "uploadedPartIds": ["a"] } });
        vec![
            (content, "POST", "/rest/posts", post(json!({ "media": picture }))),
            (content, "POST", "/rest/posts", post(json!({ "multiImage": { "images": [picture, picture] } }))),
            (content, "POST", "/rest/posts", post(json!({ "article": { "source": "https://a.es", "title": "A" } }))),
            (None, "POST", "/rest/posts", post(json!({ "media": { "id": "urn:li:image:a", "title": "A" } }))),
            (None, "GET", POST, None),
            (None, "DELETE", POST, None),
            (Some(Deviation::OneName), "POST", POST, Some(change)),
            (
                Some(Deviation::PostsOfAnAuthor),
                "GET",
                "/rest/posts?q=author&author=urn%3Ali&count=50&sortBy=CREATED",
                None,
            ),
            (None, "POST", "/rest/images?action=initializeUpload", Some(owner.clone())),
            (Some(Deviation::Documents), "POST", "/rest/documents?action=initializeUpload", Some(owner)),
            (Some(Deviation::Documents), "GET", "/rest/documents/urn%3Ali%3Adocument%3Aa", None),
            (None, "GET", "/rest/images?ids=List(urn%3Ali%3Aimage%3Aa)", None),
            (
                Some(Deviation::PagesOfAPerson),
                "GET",
                "/rest/organizationAcls?q=roleAssignee&state=APPROVED&count=100",
                None,
            ),
            (Some(Deviation::Pages), "GET", "/rest/organizations?ids=List(1,2)", None),
            (Some(Deviation::PageByAddress), "GET", "/rest/organizations?q=vanityName&vanityName=villa-serena", None),
            (Some(Deviation::Grants), "POST", "/oauth/v2/accessToken", Some(code)),
            (Some(Deviation::Grants), "POST", "/oauth/v2/accessToken", Some(next)),
            (Some(Deviation::Videos), "POST", "/rest/videos?action=initializeUpload", Some(begin)),
            (Some(Deviation::Videos), "POST", "/rest/videos?action=finalizeUpload", Some(end)),
            (Some(Deviation::Videos), "GET", "/rest/videos/urn%3Ali%3Avideo%3Aa", None),
        ]
    }

    /// The header that the description of organisations asks for; the samples are not about it.
    fn beyond_headers(found: Vec<String>) -> Vec<String> {
        found.into_iter().filter(|why| !why.starts_with("the header")).collect()
    }

    #[test]
    fn what_we_send_is_of_the_interface_and_every_deviation_is_needed() {
        for (needs, method, uri, body) in samples() {
            assert_eq!(
                beyond_headers(said(contract(), method, uri, body.clone())),
                Vec::<String>::new(),
                "{method} {uri}"
            );
            let Some(needs) = needs else { continue };
            let others = DEVIATIONS.map(|(one, _)| one).into_iter().filter(|one| *one != needs).collect::<Vec<_>>();
            let without = beyond_headers(said(&read(&others).unwrap(), method, uri, body));
            assert!(!without.is_empty(), "{needs:?} is not needed for {method} {uri}");
        }
        for (deviation, _) in DEVIATIONS {
            assert!(samples().iter().any(|(needs, ..)| *needs == Some(deviation)), "nothing needs {deviation:?}");
        }
    }

    #[test]
    fn a_request_that_is_not_of_the_interface_is_caught() {
        let picture = json!({ "id": "urn:li:image:a" });
        let many = vec![picture.clone(); 21];
        let mut odd = post(json!({ "media": picture })).unwrap();
        odd["text"] = "Hola".into();
        for (what, method, uri, body) in [
            ("a field that is not there", "POST", "/rest/posts", Some(odd)),
            ("one picture as several", "POST", "/rest/posts", post(json!({ "multiImage": { "images": [picture] } }))),
            ("too many pictures", "POST", "/rest/posts", post(json!({ "multiImage": { "images": many } }))),
            ("a picture's field that is not there", "POST", "/rest/posts", post(json!({ "media": { "alt": "A" } }))),
            ("another field of a change", "POST", POST, Some(json!({ "patch": { "$set": { "text": "A" } } }))),
            ("no body", "POST", "/rest/posts", None),
            ("another version's path", "POST", "/v2/posts", post(json!({}))),
            ("a parameter that is not there", "GET", "/rest/posts?q=author&limit=3", None),
            ("words for a number", "GET", "/rest/posts?q=author&count=many", None),
            (
                "half a grant",
                "POST",
                "/oauth/v2/accessToken",
                Some(json!({ "grant_type": "authorization_code", "code": "c" })),
            ),
            ("no header", "GET", "/rest/organizations?ids=List(1)", None),
        ] {
            assert!(!said(contract(), method, uri, body).is_empty(), "{what}");
        }
    }

    #[test]
    fn an_answer_that_is_not_of_the_interface_is_caught() {
        let list = |element: Value| json!({ "elements": [element] }).to_string();
        let of = |body: String| contract().of_answer("GET", "/rest/posts", 200, body.as_bytes());
        assert_eq!(
            of(list(json!({ "id": "urn:li:share:1", "visibility": "PUBLIC", "createdAt": 1 }))),
            Vec::<String>::new()
        );
        assert!(!of(list(json!({ "id": 1 }))).is_empty());
        assert!(!of(list(json!({ "visibility": "EVERYBODY" }))).is_empty());
    }
}
