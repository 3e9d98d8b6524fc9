//! Notices on this device: whether its browser can, asking for leave, and the subscription.
//! Separate because it is reached by name and not by binding, and because every step may be refused by the browser, each
//! for a reason of its own that the page has to say.

use domain::record;
use js_sys::{Function, Object, Promise, Reflect, Uint8Array};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;

use super::worker;

/// Notices are for the desk's own worker: it stands on every device where somebody signed in.
const DESK: &str = "/desk/";

/// What this browser can.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Support {
    /// It can.
    Ready,
    /// It can once the desk is installed on the home screen (iPhone, iPad).
    Installed,
    /// It cannot.
    Missing,
}

/// Why this device does not listen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NoPush {
    /// The browser blocks notices of this site.
    Denied,
    /// The browser's question was closed without an answer.
    Dismissed,
    /// The browser's push service did not play its part.
    Failed,
}

/// What the browser gives to whoever may push to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Given {
    /// The push service's address.
    pub endpoint: String,
    /// The browser's public key.
    pub p256dh: String,
    /// Its secret.
    pub auth: String,
}

fn field(object: &JsValue, name: &str) -> Option<JsValue> {
    Reflect::get(object, &JsValue::from_str(name)).ok().filter(|value| !value.is_undefined() && !value.is_null())
}

fn text(object: &JsValue, name: &str) -> Option<String> {
    field(object, name)?.as_string()
}

/// Calls a method by its name and waits for what it promises.
async fn asked(object: &JsValue, name: &str, with: &[&JsValue]) -> Result<JsValue, JsValue> {
    let method: Function = field(object, name).ok_or(JsValue::NULL)?.dyn_into()?;
    let promise = match with {
        [one] => method.call1(object, one)?,
        _ => method.call0(object)?,
    };
    JsFuture::from(Promise::resolve(&promise)).await
}

/// Whether this browser can.
pub fn support() -> Support {
    let Some(window) = web_sys::window() else { return Support::Missing };
    let agent = window.navigator().user_agent().unwrap_or_default();
    let has = |name: &str| field(&window, name).is_some();
    let worker = field(&window.navigator(), "serviceWorker").is_some();
    if worker && has("PushManager") && has("Notification") {
        Support::Ready
    } else if agent.contains("iPhone") || agent.contains("iPad") {
        Support::Installed
    } else {
        Support::Missing
    }
}

/// The address of this browser's subscription as the list knows it, if it has one.
pub async fn own() -> Option<String> {
    let subscription = standing(&worker::ready(DESK).await?).await?;
    Some(record::sha256_hex(text(&subscription, "endpoint")?.as_bytes()))
}

async fn standing(registration: &JsValue) -> Option<JsValue> {
    let manager = field(registration, "pushManager")?;
    asked(&manager, "getSubscription", &[]).await.ok().filter(|found| !found.is_null() && !found.is_undefined())
}

/// Asks the person for leave, and the browser for a subscription under the organisation's key. Only on a click: a browser
/// that is asked unbidden refuses for good.
///
/// # Errors
/// See `NoPush`.
pub async fn subscribe(key: &str) -> Result<Given, NoPush> {
    let window = web_sys::window().ok_or(NoPush::Failed)?;
    let notification = field(&window, "Notification").ok_or(NoPush::Failed)?;
    let answer = asked(&notification, "requestPermission", &[]).await.map_err(|_| NoPush::Failed)?;
    match answer.as_string().as_deref() {
        Some("granted") => {}
        Some("denied") => return Err(NoPush::Denied),
        _ => return Err(NoPush::Dismissed),
    }
    let registration = worker::ready(DESK).await.ok_or(NoPush::Failed)?;
    let manager = field(&registration, "pushManager").ok_or(NoPush::Failed)?;
    let options = options(key).ok_or(NoPush::Failed)?;
    let subscription = match asked(&manager, "subscribe", &[&options]).await {
        Ok(subscription) => subscription,
        Err(_) => {
            // A subscription under another organisation's key is in the way.
            forget().await;
            asked(&manager, "subscribe", &[&options]).await.map_err(|_| NoPush::Failed)?
        }
    };
    given(&subscription).ok_or(NoPush::Failed)
}

fn options(key: &str) -> Option<JsValue> {
    let base64 = key.replace('-', "+").replace('_', "/");
    let letters = web_sys::window()?.atob(&base64).ok()?;
    let bytes: Vec<u8> = letters.chars().map(|letter| letter as u8).collect();
    let options = Object::new();
    let set = |name: &str, value: &JsValue| Reflect::set(&options, &JsValue::from_str(name), value).ok();
    set("userVisibleOnly", &JsValue::TRUE)?;
    set("applicationServerKey", &Uint8Array::from(bytes.as_slice()))?;
    Some(options.into())
}

fn given(subscription: &JsValue) -> Option<Given> {
    let write: Function = field(subscription, "toJSON")?.dyn_into().ok()?;
    let written = write.call0(subscription).ok()?;
    let keys = field(&written, "keys")?;
    Some(Given { endpoint: text(&written, "endpoint")?, p256dh: text(&keys, "p256dh")?, auth: text(&keys, "auth")? })
}

/// Ends this browser's subscription, if it has one.
pub async fn forget() {
    if let Some(registration) = worker::ready(DESK).await
        && let Some(subscription) = standing(&registration).await
    {
        // What the browser does not end by itself, the engine has forgotten all the same.
        let _ = asked(&subscription, "unsubscribe", &[]).await;
    }
}
