//! As much of the Bot API as our adapter calls to connect a channel, to write in it, with a document, a video or neither, to pin and
//! to take down. A bot cannot read its channel, so there is nothing to look with but the newest message that is pinned.

use domain::Moment;
use serde_json::{Value, json};

use super::{Said, Standing, State, Step, http::Request};

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
pub fn step(request: &Request) -> (Step, String) {
    match method(request) {
        "sendMessage" => (Step::Visible, request.json()["text"].as_str().unwrap_or_default().to_owned()),
        "sendDocument" => (Step::Document, request.part("caption")),
        "sendVideo" => (Step::Video, request.part("caption")),
        "pinChatMessage" => (Step::Pin, String::new()),
        "editMessageText" => (Step::Edit, request.json()["text"].as_str().unwrap_or_default().to_owned()),
        "editMessageCaption" => (Step::Edit, request.json()["caption"].as_str().unwrap_or_default().to_owned()),
        "deleteMessages" => (Step::Remove, String::new()),
        _ => (Step::Safe, String::new()),
    }
}

/// Answers as the interface says.
pub fn answer(state: &mut State, request: &Request, now: Moment, origin: &str) -> Said {
    let body = request.json();
    let good = |result: Value| (200, json!({ "ok": true, "result": result }));
    let chat = json!({ "id": -1_001_234, "type": "channel", "title": "Town", "username": super::name_at(origin) });
    match method(request) {
        "getMe" => good(json!({ "id": 77, "is_bot": true })),
        "getChat" => {
            let mut full = chat;
            let pinned = state.standing.iter().filter(|one| state.pinned.contains(&one.id)).map(|one| number(&one.id));
            if let Some(newest) = pinned.max() {
                full["pinned_message"] = json!({ "message_id": newest });
            }
            good(full)
        }
        "getChatMember" => good(json!({
            "status": "administrator", "can_post_messages": true, "can_edit_messages": true, "can_delete_messages": true,
        })),
        "sendMessage" => {
            let one = state.make(body["text"].as_str().unwrap_or_default().to_owned(), String::new(), now);
            good(json!({ "message_id": number(&one.id), "chat": chat }))
        }
        kind @ ("sendDocument" | "sendVideo") => {
            let step = if kind == "sendVideo" { Step::Video } else { Step::Document };
            let one = state.put(Standing { step, ..Standing::new(request.part("caption"), now) });
            good(json!({ "message_id": number(&one.id), "chat": chat }))
        }
        kind @ ("sendPhoto" | "sendMediaGroup") => {
            let text = request.part(if kind == "sendPhoto" { "caption" } else { "media" });
            let many = text.matches("attach://").count().max(1);
            let made: Vec<Value> = (0..many)
                .map(
                    |_| json!({ "message_id": number(&state.make(text.clone(), String::new(), now).id), "chat": chat }),
                )
                .collect();
            good(if kind == "sendPhoto" { made[0].clone() } else { made.into() })
        }
        kind @ ("editMessageText" | "editMessageCaption") => {
            let field = if kind == "editMessageText" { "text" } else { "caption" };
            let (message, text) = (body["message_id"].to_string(), body[field].as_str().unwrap_or_default());
            let no = |said: &str| (400, json!({ "ok": false, "error_code": 400, "description": said }));
            match state.standing.iter().find(|one| one.id == message).map(|one| one.text == text) {
                None => no("Bad Request: message to edit not found"),
                Some(true) => no("Bad Request: message is not modified"),
                Some(false) => {
                    state.correct(|one| one.id == message, text.to_owned(), now);
                    good(json!({ "message_id": number(&message), "chat": chat }))
                }
            }
        }
        "pinChatMessage" => {
            let message = body["message_id"].to_string();
            if !state.standing.iter().any(|one| one.id == message) {
                let said = "Bad Request: message to pin not found";
                return (400, json!({ "ok": false, "error_code": 400, "description": said }));
            }
            state.pinned.push(message);
            good(json!(true))
        }
        "unpinChatMessage" => {
            let message = body["message_id"].to_string();
            state.pinned.retain(|one| *one != message);
            good(json!(true))
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
