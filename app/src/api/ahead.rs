//! What was asked before the desk was there. A script in `index.html` asks for the first answers while the program is
//! still on its way; a request takes its answer here if it is there. Separate because of its border: the names below
//! stand in that script too.

use js_sys::{Object, Promise, Reflect};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;

use crate::platform::{storage, time};

/// Where the script leaves what it asked, by address; and since when, under `since`.
const AHEAD: &str = "pregonAhead";
/// What to ask for in the calendar of this week: until when, then the addresses. Nothing in it says who was here.
const WEEK: &str = "pregon.week";
/// Who waited longer for the program asks anew: an answer is no news after that.
const FRESH_MS: i64 = 10_000;

fn all() -> Option<JsValue> {
    let all = Reflect::get(&web_sys::window()?.into(), &JsValue::from_str(AHEAD)).ok()?;
    all.is_object().then_some(all)
}

/// The text of an answer that was asked ahead and was a success. Each is given once.
pub async fn take(address: &str) -> Option<String> {
    let (all, name) = (all()?, JsValue::from_str(address));
    let promise: Promise = Reflect::get(&all, &name).ok()?.dyn_into().ok()?;
    Reflect::delete_property(all.unchecked_ref::<Object>(), &name).ok()?;
    let since = Reflect::get(&all, &JsValue::from_str("since")).ok()?.as_f64()?;
    // Whole milliseconds: far below 2^53.
    if time::device_now() - since as i64 > FRESH_MS {
        return None;
    }
    JsFuture::from(promise).await.ok()?.as_string()
}

/// Forgets what was asked ahead: something is about to change.
pub fn forget() {
    if let Some(window) = web_sys::window() {
        // The worst is an answer of the last ten seconds.
        let _ = Reflect::delete_property(window.unchecked_ref::<Object>(), &JsValue::from_str(AHEAD));
    }
}

/// Has these addresses asked ahead when the calendar is opened next, until a moment of the device's clock.
pub fn next_week(until: i64, addresses: &[String]) {
    storage::keep(WEEK, &[&[until.to_string()], addresses].concat().join(" "));
}

/// Has nothing but the session asked ahead.
pub fn forget_week() {
    storage::forget(WEEK);
}
