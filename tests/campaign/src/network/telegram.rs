//! As much of the Bot API as our adapter calls to connect a channel, to write text in it and to take it down. A bot cannot
//! read its channel, so there is nothing to look with.

use domain::Moment;
use serde_json::{Value, json};

use super::{Said, State, Weight, http::Request};

/// The bot's token.
pub const TOKEN: &str = "77:campaign";

/// The name of the channel at an origin.
pub fn channel(origin: &str) -> String {
    format!("@{}", super::name_at(origin))
}

fn method(request: &Request) -> &str {
    request.path.rsplit('/').next().unwrap_or_default()
}

/// Whether a request changes what readers see, and what it says.
pub fn weight(request: &Request) -> (Weight, String) {
    match method(request) {
        "sendMessage" => (Weight::Visible, request.json()["text"].as_str().unwrap_or_default().to_owned()),
        "deleteMessages" => (Weight::Visible, String::new()),
        _ => (Weight::Safe, String::new()),
    }
}

/// Answers as the interface says.
pub fn answer(state: &mut State, request: &Request, now: Moment, origin: &str) -> Said {
    let body = request.json();
    let good = |result: Value| (200, json!({ "ok": true, "result": result }));
    let chat = json!({ "id": -1_001_234, "type": "channel", "title": "Town", "username": super::name_at(origin) });
    match method(request) {
        "getMe" => good(json!({ "id": 77, "is_bot": true })),
        "getChat" => good(chat),
        "getChatMember" => good(json!({
            "status": "administrator", "can_post_messages": true, "can_edit_messages": true, "can_delete_messages": true,
        })),
        "sendMessage" => {
            let one = state.make(body["text"].as_str().unwrap_or_default().to_owned(), String::new(), now);
            good(json!({ "message_id": number(&one.id), "chat": chat }))
        }
        "deleteMessages" => {
            let gone: Vec<i64> =
                body["message_ids"].as_array().into_iter().flatten().filter_map(Value::as_i64).collect();
            state.standing.retain(|one| !gone.contains(&number(&one.id)));
            good(json!(true))
        }
        _ => (404, json!({ "ok": false, "error_code": 404, "description": "Not Found" })),
    }
}

fn number(id: &str) -> i64 {
    id.parse().unwrap_or_default()
}
