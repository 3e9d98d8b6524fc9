//! A town's own site: it checks signatures with code of its own, takes a `webhook-id` once, and says whether it took one.

use domain::{Moment, record};
use serde_json::json;

use super::{Said, Standing, State, Step, http::Request};

/// Whether a request changes what readers see, and what it says.
pub fn step(request: &Request) -> (Step, String) {
    let body = request.json();
    let is_post = body["type"].as_str().is_some_and(|kind| kind.starts_with("post.") && kind != "post.lookup");
    let text = body["data"]["text"].as_str().unwrap_or_default().to_owned();
    let step = match is_post {
        true if body["type"] == "post.withdrawn" => Step::Remove,
        true if body["type"] == "post.corrected" => Step::Edit,
        true if body["data"]["video"].is_object() => Step::Video,
        true => Step::Visible,
        false => Step::Safe,
    };
    (step, text)
}

/// Answers as `docs/networks/website.md` says.
pub fn answer(state: &mut State, request: &Request, now: Moment, origin: &str) -> Said {
    let id = request.header("webhook-id").unwrap_or_default().to_owned();
    if !is_signed(&state.secret, request, &id) {
        return (401, json!({ "error": "Bad signature" }));
    }
    let told = request.json();
    let (kind, data) = (told["type"].as_str().unwrap_or_default(), &told["data"]);
    let text = |name: &str| data[name].as_str().unwrap_or_default().to_owned();
    let post = text("id");
    match kind {
        "ping" => (200, json!({ "challenge": data["challenge"] })),
        "post.lookup" => (200, json!({ "taken": state.taken.contains(&text("webhook_id")) })),
        _ if state.taken.contains(&id) => (200, json!({})),
        "post.withdrawn" => {
            state.taken.push(id);
            state.standing.retain(|one| one.key != post);
            (200, json!({}))
        }
        "post.corrected" => {
            state.taken.push(id);
            state.correct(|one| one.key == post, text("text"), now);
            (200, json!({ "address": format!("{origin}/noticias/{post}") }))
        }
        _ => {
            state.taken.push(id);
            state.made += 1;
            let (id, key) = (post.clone(), post.clone());
            state.standing.push(Standing { id, key, step: step(request).0, ..Standing::new(text("text"), now) });
            (200, json!({ "address": format!("{origin}/noticias/{post}") }))
        }
    }
}

/// HMAC-SHA256 (RFC 2104) over identity, second and body, as Standard Webhooks 1.0.0 writes it.
fn is_signed(secret: &str, request: &Request, id: &str) -> bool {
    let header = |name: &str| request.header(name).unwrap_or_default();
    let signed = [id.as_bytes(), b".", header("webhook-timestamp").as_bytes(), b".", &request.body].concat();
    let Some(key) = secret.strip_prefix("whsec_").and_then(from_base64) else { return false };
    let mut block = [0_u8; 64];
    block[..key.len().min(64)].copy_from_slice(&key[..key.len().min(64)]);
    let hash = |pad: u8, text: &[u8]| {
        let padded = [&block.map(|byte| byte ^ pad)[..], text].concat();
        from_hex(&record::sha256_hex(&padded))
    };
    let ours = hash(0x5c, &hash(0x36, &signed));
    let theirs = header("webhook-signature").strip_prefix("v1,").and_then(from_base64);
    theirs.is_some_and(|theirs| theirs == ours)
}

/// Bytes of hexadecimal digits.
pub fn from_hex(text: &str) -> Vec<u8> {
    let digits = text.as_bytes().chunks(2).filter_map(|two| str::from_utf8(two).ok());
    digits.filter_map(|two| u8::from_str_radix(two, 16).ok()).collect()
}

/// Bytes of base64.
pub fn from_base64(text: &str) -> Option<Vec<u8>> {
    const LETTERS: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let (mut bytes, mut held, mut bits) = (Vec::new(), 0_u32, 0_u32);
    for letter in text.trim_end_matches('=').bytes() {
        let value = LETTERS.iter().position(|one| *one == letter)?;
        held = (held << 6) | u32::try_from(value).ok()?;
        bits += 6;
        if bits >= 8 {
            bits -= 8;
            bytes.push((held >> bits) as u8);
        }
    }
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_signature_is_that_of_the_specification() {
        // The example of the reference libraries' tests.
        let signed = |signature: &str| {
            let header = |name: &str, value: &str| (name.to_owned(), value.to_owned());
            let headers = vec![header("webhook-timestamp", "1614265330"), header("webhook-signature", signature)];
            let body = br#"{"test": 2432232314}"#.to_vec();
            let request = Request { method: "POST".into(), path: "/".into(), query: String::new(), headers, body };
            is_signed("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", &request, "msg_p5jXN8AQM9LWM0D4loKWxJek")
        };
        assert!(signed("v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="));
        assert!(!signed("v1,h0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="));
    }

    #[test]
    fn what_is_not_signed_changes_nothing() {
        let mut state = State { secret: "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw".to_owned(), ..State::default() };
        let unsigned = Request {
            method: "POST".into(),
            path: "/".into(),
            query: String::new(),
            headers: Vec::new(),
            body: json!({ "type": "ping", "data": {} }).to_string().into_bytes(),
        };
        assert_eq!(answer(&mut state, &unsigned, Moment(0), "").0, 401);
        assert!(state.standing.is_empty());
    }
}
