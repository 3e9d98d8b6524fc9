//! Passkeys, in and out as the JSON of WebAuthn Level 3: the browser does the base64 itself.
//! Separate because it is reached by name and not by binding: the bindings for it are still marked unstable.

use js_sys::{Function, JSON, Object, Promise, Reflect};
use serde_json::Value;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;

use super::hand::base64url;

/// Why there is no passkey.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NoPasskey {
    /// This browser is too old, or the page is not on a safe address.
    Unsupported,
    /// The person closed the browser's question, or let it pass.
    Dismissed,
    /// This device has one already.
    Already,
    /// The browser refused for another reason (an address that is not the one of the passkey).
    Refused,
}

/// Makes a passkey on this device.
///
/// # Errors
/// See `NoPasskey`.
pub async fn create(options: &Value) -> Result<Value, NoPasskey> {
    ask("create", "parseCreationOptionsFromJSON", options).await
}

/// Answers a challenge with a passkey that is there.
///
/// # Errors
/// See `NoPasskey`.
pub async fn get(options: &Value) -> Result<Value, NoPasskey> {
    ask("get", "parseRequestOptionsFromJSON", options).await
}

/// Options over another challenge: one that only the desk can reckon.
pub fn over(mut options: Value, challenge: &[u8; 32]) -> Value {
    options["challenge"] = base64url(challenge).into();
    options
}

/// Whether this browser can.
pub fn is_supported() -> bool {
    static_method("parseCreationOptionsFromJSON").is_some()
}

fn field(object: &JsValue, name: &str) -> Option<JsValue> {
    Reflect::get(object, &JsValue::from_str(name)).ok().filter(|value| !value.is_undefined() && !value.is_null())
}

fn static_method(name: &str) -> Option<(JsValue, Function)> {
    let class = field(&web_sys::window()?.into(), "PublicKeyCredential")?;
    let method = field(&class, name)?.dyn_into().ok()?;
    Some((class, method))
}

async fn ask(act: &str, parse: &str, options: &Value) -> Result<Value, NoPasskey> {
    let promise = start(act, parse, options).ok_or(NoPasskey::Unsupported)?;
    let credential = JsFuture::from(promise?).await.map_err(|error| why(&error))?;
    as_json(&credential).ok_or(NoPasskey::Unsupported)
}

fn start(act: &str, parse: &str, options: &Value) -> Option<Result<Promise, NoPasskey>> {
    // Some engines wrap the options as they would be handed to `navigator.credentials`.
    let options = options.get("publicKey").unwrap_or(options);
    let (class, parse) = static_method(parse)?;
    let json = JSON::parse(&options.to_string()).ok()?;
    let public_key = match parse.call1(&class, &json) {
        Ok(public_key) => public_key,
        Err(error) => return Some(Err(why(&error))),
    };
    let request = Object::new();
    Reflect::set(&request, &JsValue::from_str("publicKey"), &public_key).ok()?;
    let credentials = field(&web_sys::window()?.navigator().into(), "credentials")?;
    let act: Function = field(&credentials, act)?.dyn_into().ok()?;
    Some(act.call1(&credentials, &request).map_err(|error| why(&error)).map(Promise::from))
}

fn as_json(credential: &JsValue) -> Option<Value> {
    let to_json: Function = field(credential, "toJSON")?.dyn_into().ok()?;
    let object = to_json.call0(credential).ok()?;
    let text = JSON::stringify(&object).ok()?.as_string()?;
    serde_json::from_str(&text).ok()
}

fn why(error: &JsValue) -> NoPasskey {
    match field(error, "name").and_then(|name| name.as_string()).as_deref() {
        Some("NotAllowedError" | "AbortError") => NoPasskey::Dismissed,
        Some("InvalidStateError") => NoPasskey::Already,
        Some("NotSupportedError") => NoPasskey::Unsupported,
        _ => NoPasskey::Refused,
    }
}
