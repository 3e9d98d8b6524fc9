//! The Bot API as somebody else described it, held against every call that comes to the sandbox and every answer that it
//! gives: the names, the types and the presence of fields. What is newer than the description is let through by name
//! (`LATER`).

use std::{collections::BTreeMap, sync::LazyLock};

use axum::{
    body::{Body, to_bytes},
    extract::{Request, State},
    http::Response,
    middleware::Next,
};
use serde::Deserialize;
use serde_json::{Map, Value};

use crate::{
    Shared,
    telegram::{Asked, method_of, refuse},
};

/// The methods that we call; see `tests/networks/contract/README.md`.
const DESCRIPTION: &str = include_str!("../../contract/telegram.json");

/// Fields of types that came after the description: type, name, kind, and where it stands.
const LATER: [(&str, &str, &str, &str); 1] = [(
    "ChatMemberAdministrator",
    "can_send_welcome_messages",
    "Boolean",
    "Bot API 10.3; the client that is not ours (aiogram 3.31.0) wants it",
)];

/// A description.
#[derive(Debug, Deserialize)]
struct Contract {
    methods: BTreeMap<String, Method>,
    types: BTreeMap<String, Fields>,
}

#[derive(Debug, Deserialize)]
struct Method {
    returns: Vec<String>,
    fields: Fields,
}

type Fields = BTreeMap<String, Field>;

#[derive(Debug, Deserialize)]
struct Field {
    types: Vec<String>,
    required: bool,
}

fn contract() -> &'static Contract {
    static CONTRACT: LazyLock<Contract> = LazyLock::new(|| {
        let mut contract: Contract = serde_json::from_str(DESCRIPTION).unwrap_or_else(|why| panic!("{why}"));
        for (of, name, kind, _) in LATER {
            let field = Field { types: vec![kind.to_owned()], required: false };
            if let Some(fields) = contract.types.get_mut(of) {
                // One that is described by now is to be taken out of the list.
                assert!(fields.insert(name.to_owned(), field).is_none(), "{of}.{name} is described");
            }
        }
        contract
    });
    &CONTRACT
}

impl Contract {
    /// Whether a value is of one of some types. Forms carry everything as text, a list as JSON in it.
    fn fits(&self, types: &[String], value: &Value, in_form: bool) -> bool {
        types.iter().any(|kind| self.is_a(kind, value, in_form))
    }

    fn is_a(&self, kind: &str, value: &Value, in_form: bool) -> bool {
        let text = value.as_str().filter(|_| in_form);
        if let Some(of) = kind.strip_prefix("Array of ") {
            let told = text.and_then(|text| serde_json::from_str::<Value>(text).ok());
            let list = told.as_ref().unwrap_or(value).as_array();
            return list.is_some_and(|list| list.iter().all(|one| self.is_a(of, one, false)));
        }
        match kind {
            "String" => value.is_string(),
            "Integer" => value.is_i64() || text.is_some_and(|text| text.parse::<i64>().is_ok()),
            "Boolean" => value.is_boolean() || matches!(text, Some("true" | "false")),
            // The file itself: it came apart from the fields.
            "InputFile" => false,
            kind => match self.types.get(kind) {
                Some(fields) => value.as_object().is_some_and(|object| self.of(fields, object, false).is_empty()),
                // What we neither send nor answer.
                None => value.is_object() || value.is_array(),
            },
        }
    }

    /// What is wrong with an object of some fields.
    fn of(&self, fields: &Fields, object: &Map<String, Value>, in_form: bool) -> Vec<String> {
        let unknown = object.keys().filter(|name| !fields.contains_key(*name));
        let mut found: Vec<String> = unknown.map(|name| format!("there is no field `{name}`")).collect();
        for (name, field) in fields {
            match object.get(name) {
                None if field.required => found.push(format!("`{name}` is missing")),
                Some(value) if !self.fits(&field.types, value, in_form) => {
                    found.push(format!("`{name}` is no {}: {value}", field.types.join(" or ")));
                }
                _ => {}
            }
        }
        found
    }

    fn objections(&self, method: &str, asked: &Asked) -> Vec<String> {
        let Some(described) = self.methods.get(method) else { return vec!["there is no such method".to_owned()] };
        let mut fields = asked.fields.clone();
        let mut found = Vec::new();
        for name in asked.files.keys() {
            match described.fields.get(name) {
                Some(field) if field.types.iter().any(|kind| kind == "InputFile") => {
                    // It stands for itself; what is left is looked at without it.
                    fields.insert(name.clone(), Value::from("a file"));
                }
                _ if asked.attaches(name) => {}
                _ => found.push(format!("no file `{name}` is expected")),
            }
        }
        found.extend(self.of(&described.fields, &fields, asked.in_form));
        found
    }

    fn of_answer(&self, method: &str, result: &Value) -> Vec<String> {
        let Some(described) = self.methods.get(method) else { return Vec::new() };
        let kinds: Vec<String> =
            described.returns.iter().map(|kind| kind.replace("ChatMember", "ChatMemberAdministrator")).collect();
        let kinds =
            if result["status"].is_string() && result["status"] != "administrator" { Vec::new() } else { kinds };
        if kinds.is_empty() || self.fits(&kinds, result, false) {
            return Vec::new();
        }
        vec![format!("it is no {}: {result}", kinds.join(" or "))]
    }
}

/// Stands between every call of the Bot API and its handler.
pub async fn guard(State(world): State<Shared>, request: Request, next: Next) -> Response<Body> {
    let (head, body) = request.into_parts();
    let bytes = to_bytes(body, 60_000_000).await.unwrap_or_default();
    let method = method_of(head.uri.path()).unwrap_or_default().to_owned();
    let asked = Asked::read(&head.headers, &bytes).await;
    let found = contract().objections(&method, &asked);
    if !found.is_empty() {
        let message = format!("{method} is not of the interface: {}", found.join("; "));
        world.objections().push(message.clone().into());
        return refuse(400, &message);
    }
    let answer = next.run(Request::from_parts(head, Body::from(bytes))).await;
    let (head, body) = answer.into_parts();
    let bytes = to_bytes(body, 20_000_000).await.unwrap_or_default();
    if head.status.is_success() && head.extensions.get::<crate::faults::Rehearsed>().is_none() {
        let answer: Value = serde_json::from_slice(&bytes).unwrap_or_default();
        let found = contract().of_answer(&method, &answer["result"]);
        world.objections().extend(found.iter().map(|why| format!("our answer to {method}: {why}").into()));
    }
    Response::from_parts(head, Body::from(bytes))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn judged(method: &str, fields: Value, files: &[&str]) -> Vec<String> {
        let asked = Asked::of(fields, files);
        contract().objections(method, &asked)
    }

    #[test]
    fn what_we_send_is_described() {
        let none: &[&str] = &[];
        for (method, fields, files) in [
            ("getMe", json!({}), none),
            ("getChat", json!({ "chat_id": "@villa" }), none),
            ("getChatMember", json!({ "chat_id": "-1001", "user_id": 7 }), none),
            ("sendMessage", json!({ "chat_id": "-1001", "text": "Hola" }), none),
            ("sendPhoto", json!({ "chat_id": "-1001", "caption": "Hola" }), &["photo"]),
            (
                "sendVideo",
                json!({ "chat_id": "-1001", "caption": "Hola", "width": "64", "supports_streaming": "true" }),
                &["video"],
            ),
            (
                "sendMediaGroup",
                json!({ "chat_id": "-1001", "media": r#"[{"type":"photo","media":"attach://photo0"}]"# }),
                &["photo0"],
            ),
            ("editMessageText", json!({ "chat_id": "-1001", "message_id": 7, "text": "Hola" }), none),
            ("deleteMessages", json!({ "chat_id": "-1001", "message_ids": [7, 8] }), none),
        ] {
            assert_eq!(judged(method, fields, files), Vec::<String>::new(), "{method}");
        }
    }

    #[test]
    fn what_is_not_described_is_caught() {
        let none: &[&str] = &[];
        for (what, method, fields, files) in [
            ("a method that is not there", "sendText", json!({ "chat_id": 1, "text": "a" }), none),
            ("a field that is not there", "sendMessage", json!({ "chat_id": 1, "text": "a", "title": "b" }), none),
            ("a field that is missing", "sendMessage", json!({ "chat_id": 1 }), none),
            ("words for a number", "getChatMember", json!({ "chat_id": 1, "user_id": "somebody" }), none),
            ("no list", "deleteMessages", json!({ "chat_id": 1, "message_ids": 7 }), none),
            ("a file that nothing names", "sendMediaGroup", json!({ "chat_id": 1, "media": "[]" }), &["photo0"]),
            ("words for a width", "sendVideo", json!({ "chat_id": 1, "width": "wide" }), &["video"]),
            ("a file where none is taken", "sendMessage", json!({ "chat_id": 1, "text": "a" }), &["photo"]),
        ] {
            assert!(!judged(method, fields, files).is_empty(), "{what}");
        }
    }

    #[test]
    fn an_answer_that_is_not_described_is_caught() {
        let chat = json!({ "id": -1_001, "type": "channel", "title": "Villa" });
        let wrong = |method: &str, result: Value| contract().of_answer(method, &result).len();
        let message = json!({ "message_id": 7, "date": 1, "chat": chat, "text": "Hola" });
        assert_eq!(wrong("sendMessage", message.clone()), 0);
        assert_eq!(wrong("sendMediaGroup", json!([message.clone()])), 0);
        assert_eq!(wrong("sendMediaGroup", message), 1, "one for many");
        assert_eq!(
            wrong("sendMessage", json!({ "message_id": "7", "date": 1, "chat": chat })),
            1,
            "a text for a number"
        );
        assert_eq!(wrong("sendMessage", json!({ "message_id": 7, "date": 1 })), 1, "without its chat");
        assert_eq!(wrong("deleteMessages", json!(true)), 0);
    }
}
