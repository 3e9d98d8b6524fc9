//! What the device keeps, sealed: the way to `app/decide/keep.js`, which the page and its service worker share.
//! Separate because whatever the browser refuses must end here: then nothing is kept, and the page needs a network.

use domain::{MediaId, Moment};
use js_sys::{Array, Function, Promise, Reflect};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;

use crate::api::json;

/// What waits.
pub const WAITING: &str = "waiting";
/// The same, drawn: its name begins like that, so that both are forgotten together.
pub const SHEETS: &str = "waiting.sheets";
/// Decisions that were signed: a name each, in the order of their signing.
pub const OUT: &str = "out.";
/// What was said of a post: a name each.
pub const TALK: &str = "talk.";
/// Pictures.
pub const PICTURE: &str = "picture.";

fn of_window(name: &str) -> Option<JsValue> {
    Reflect::get(&web_sys::window()?.into(), &JsValue::from_str(name)).ok().filter(JsValue::is_object)
}

async fn ask(act: &str, given: &Array) -> Option<JsValue> {
    let keeper = of_window("pregonKeep")?;
    let act: Function = Reflect::get(&keeper, &JsValue::from_str(act)).ok()?.dyn_into().ok()?;
    let promise: Promise = act.apply(&keeper, given).ok()?.dyn_into().ok()?;
    JsFuture::from(promise).await.ok()
}

/// What was kept under [`WAITING`] when the page was opened: it was unsealed while the program was on its way.
pub async fn at_the_start() -> Option<String> {
    let promise: Promise = of_window("pregonKept")?.dyn_into().ok()?;
    JsFuture::from(promise).await.ok()?.as_string()
}

/// Keeps a text under a name until a moment of the device's clock; answers whether it could.
pub async fn keep(name: &str, text: &str, until: Moment) -> bool {
    let given = Array::of3(&name.into(), &text.into(), &JsValue::from_f64(until.0 as f64));
    ask("keep", &given).await.is_some_and(|kept| kept.is_truthy())
}

/// Every text whose name begins like this, with its name, in the order of the names.
pub async fn all(prefix: &str) -> Vec<(String, String)> {
    let found = ask("all", &Array::of1(&prefix.into())).await.and_then(|found| found.as_string());
    found.and_then(|found| json::read(&found)).unwrap_or_default()
}

/// Forgets everything whose name begins like this.
pub async fn forget(prefix: &str) {
    ask("forget", &Array::of1(&prefix.into())).await;
}

/// Forgets everything, and the key that it was sealed with.
pub async fn forget_all() {
    ask("forget", &Array::new()).await;
}

/// Keeps these pictures and no others.
pub async fn pictures(wanted: impl Iterator<Item = &MediaId>) {
    let wanted: Array = wanted.map(|id| JsValue::from_str(id.as_str())).collect();
    ask("pictures", &wanted).await;
}

/// Has the browser send what waits once there is a network, if it can do that without a page.
pub async fn later() {
    ask("later", &Array::new()).await;
}
